package witness_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/witness"
)

func line(b *booktest.Books, amount string) {
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan(amount)})
}

func made(b *booktest.Books) witness.Seal {
	b.Helper()
	key, err := seal.Load(b.Path + ".key")
	if err != nil {
		b.Fatal(err)
	}
	var s witness.Seal
	if err := b.Store().View(func(r store.Reader) (err error) { s, err = witness.Make(r, key, b.Time); return err }); err != nil {
		b.Fatal(err)
	}
	return s
}

func compare(b *booktest.Books, s witness.Seal) error {
	return b.Store().View(func(r store.Reader) error { return s.Compare(r, "") })
}

// A seal holds for the books as they grow, and not for books whose history was written anew, however well it verifies; what was noted of
// the ends without a signature serves as well. Nothing of a seal's text can be changed.
func TestSeals(t *testing.T) {
	b := booktest.New(t)
	line(b, "1")
	line(b, "2")
	s := made(b)
	read, err := witness.Read(s.Text())
	if err != nil || !read.IsSigned() || read.Text() != s.Text() {
		t.Fatalf("%v", err)
	}
	noted, err := witness.Read("some words before\n" + s.Text()[strings.Index(s.Text(), "\n\n")+2:])
	if err != nil || noted.IsSigned() {
		t.Fatalf("%v", err)
	}
	line(b, "3")
	forged := b.Forged(func(_ *journal.Record, e journal.Entry) {
		if x, ok := e.(*income.RecordIncome); ok && x.Amount == booktest.Yuan("1") {
			x.Amount = booktest.Yuan("9")
		}
	})
	forged.Verified() // whoever has the file chains and folds it all anew
	for _, s := range []witness.Seal{read, noted} {
		if err := compare(b, s); err != nil {
			t.Errorf("the books that it is of: %v", err)
		}
		var found *journal.Finding
		if err := compare(forged, s); !errors.As(err, &found) || found.Chain != "210727" {
			t.Errorf("books that were written anew: %v", err)
		}
		if err := compare(booktest.New(t), s); !errors.As(err, &found) {
			t.Errorf("books that were cut: %v", err)
		}
	}
	text := s.Text()
	for at := range len(text) {
		changed := text[:at] + "7" + text[at+1:]
		if text[at] == '7' {
			changed = text[:at] + "8" + text[at+1:]
		}
		if s, err := witness.Read(changed); err == nil && s.IsSigned() {
			t.Fatalf("changed at %d: %q", at, changed[max(0, at-20):at+10])
		}
	}
	for _, text := range []string{"", "sanbian-seal 1\n", text + "210727 1 " + strings.Repeat("0", 64) + "\n", text + "x\n",
		text[:len(text)-1],
		strings.Replace(text, "\n\n", "\n", 1)} {
		if s, err := witness.Read(text); err == nil && s.IsSigned() {
			t.Errorf("%.40q is a seal", text)
		}
	}
	if other := made(booktest.New(t)); other.Signature.Signed([]byte(s.Text())) == nil {
		t.Error("a signature of something else")
	}
}

// Each day has its seal, made when it is due or when the machine is on again; a folder that cannot be written to is no reason to stop.
func TestDaily(t *testing.T) {
	b := booktest.New(t)
	key, err := seal.Load(b.Path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, journal.Beijing)
	folder := witness.Folder(filepath.Join(t.TempDir(), "seals"))
	d := witness.Daily{Store: b.Store(), Key: key, Folder: folder, TimeOfDay: journal.TimeOfDay{Hour: 17, Min: 30},
		Now: func() time.Time { return now }}
	count := func(want int) {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		minute, ended := make(chan time.Time), make(chan bool)
		go func() { d.Run(ctx, minute); close(ended) }()
		minute <- now // taken when it has looked once
		stop()
		<-ended
		if list, err := folder.List(); err != nil || len(list) != want {
			t.Errorf("at %s: %v, %v; want %d", now, list, err, want)
		}
	}
	count(1) // the first at once
	now = time.Date(2026, 3, 2, 17, 29, 0, 0, journal.Beijing)
	count(1)
	now = time.Date(2026, 3, 2, 17, 31, 0, 0, journal.Beijing)
	count(2)
	now = time.Date(2026, 3, 3, 17, 29, 0, 0, journal.Beijing)
	count(2)
	now = time.Date(2026, 3, 6, 8, 0, 0, 0, journal.Beijing) // a long weekend
	count(3)
	list, _ := folder.List()
	s, err := folder.Read(list[0])
	if err != nil || !s.Made.Equal(now) || !key.Own(s.Signature) || !witness.MadeAt(list[0]).Equal(now) {
		t.Errorf("%v: %+v", err, s)
	}
	for _, name := range []string{"", "../x", "20260306T000000Z.txt.bak", "19990101T000000Z.txt"} {
		if _, err := folder.Read(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
