package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// A seal finds history that was written anew by somebody with the file and without the key, also where verify alone is content; nobody
// else's seal is taken for the books' own.
func TestRewrittenHistory(t *testing.T) {
	s := newShell(t)
	s.begin()
	line := func(s *shell, amount string) {
		s.must(`{"entry":"RecordIncome","book":"`+village+`","item":"operating","date":"2025-12-01","amount":"`+amount+`","voucher":"`+
			amount+`"}`, "post", "--account", "kj")
	}
	before := filepath.Join(t.TempDir(), "before")
	s.must("", "backup", before)
	line(s, "100.00")
	line(s, "200.00")
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	text := s.must("", "seal", "make")
	sealed, noted := file("seal", text), file("noted", s.must("", "verify"))
	line(s, "300.00")
	if out := s.must("", "verify", "--seal", sealed, "--seal", noted); !strings.Contains(out, "与 3 张封条相符") { // one lies in the folder
		t.Error(out)
	}
	public := regexp.MustCompile(`公钥 (\S+)`).FindStringSubmatch(s.must("", "seal", "check", sealed))
	s.must("", "seal", "check", sealed, "--public", public[1])
	s.fails("另一把公钥签的", "", "seal", "check", sealed, "--public", "AAAA")
	s.fails("签名不对", "", "seal", "check", file("changed", strings.Replace(text, "210727 ", "210726 ", 1)))
	s.fails("没有签名", "", "seal", "check", noted)
	s.fails("不是封条", "", "verify", "--seal", file("text", "nothing at all\n"))

	// Somebody brings the books back as they were, and records something else in the place of what there was: as good as chaining them anew.
	forged := newShell(t)
	forged.must("", "restore", before)
	if err := os.WriteFile(forged.data+".key", s.read(s.data+".key"), 0o600); err != nil {
		t.Fatal(err)
	}
	forged.fails("日志在那以后被改写过", "", "verify", "--seal", sealed) // cut
	line(forged, "1.00")
	line(forged, "2.00")
	line(forged, "3.00")
	forged.must("", "verify")
	forged.fails("日志在那以后被改写过", "", "verify", "--seal", sealed)
	forged.fails("日志在那以后被改写过", "", "verify", "--seal", noted)

	other := newShell(t)
	other.begin()
	stranger := file("stranger", other.must("", "seal", "make"))
	s.fails("不是这本账的密钥签的", "", "verify", "--seal", stranger)
	if err := os.Remove(s.data + ".key"); err != nil {
		t.Fatal(err)
	}
	if out := s.must("", "verify", "--seal", sealed); !strings.Contains(out, "请把封条的公钥与印出来的对照:"+public[1]) {
		t.Error(out)
	}
}

// A clock more than a year past the last entry is asked about once, with today's date; a demonstration is left alone.
func TestClockIsAskedAbout(t *testing.T) {
	s := newShell(t)
	s.begin()
	later := time.Now().AddDate(1, 0, 2)
	open := func(o *options, now time.Time) error {
		o.data, o.process = s.data, true
		b, err := o.open(false, func() time.Time { return now })
		if err != nil {
			return err
		}
		return b.close()
	}
	if err := open(&options{}, time.Now().AddDate(0, 11, 0)); err != nil {
		t.Error(err)
	}
	today := later.In(journal.Beijing).Format(time.DateOnly)
	for _, clock := range []string{"", "2020-01-01"} {
		if err := open(&options{clock: clock}, later); err == nil || !strings.Contains(err.Error(), "--clock "+today) {
			t.Errorf("%q: %v", clock, err)
		}
	}
	for _, clock := range []string{today, ""} { // asked once
		if err := open(&options{clock: clock}, later.Add(time.Minute)); err != nil {
			t.Errorf("%q: %v", clock, err)
		}
	}
	s.must("", "verify")
	if err := open(&options{}, later.AddDate(1, 1, 0)); err == nil {
		t.Error("another year is not asked about")
	}
	s.data = filepath.Join(t.TempDir(), "demo")
	demotest.Folder(t, s.data, "sanbian.db")
	if err := open(&options{}, later.AddDate(5, 0, 0)); err != nil {
		t.Errorf("a demonstration: %v", err)
	}
}
