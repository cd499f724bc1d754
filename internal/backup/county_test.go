package backup_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	room "github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

const yixian = "210727000000"

// packed is the county's file as the office's books give it.
func (o *office) packed() []byte {
	o.Helper()
	key, err := seal.Load(o.Path + ".key")
	if err != nil {
		o.Fatal(err)
	}
	var to target
	if _, _, err := o.backed().WriteCounty(o.Context(), yixian, &to, nil, key); err != nil {
		o.Fatal(err)
	}
	return to.Bytes()
}

// moved are the books of another ledger, which has a city and no county yet, with the county in them.
func moved(t *testing.T, file []byte, other map[string]string, same map[string]bool) (*booktest.Books, error) {
	t.Helper()
	key, err := seal.New(seal.International)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	from, err := store.Open(filepath.Join(dir, "from"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	b := &booktest.Books{TB: t, Path: filepath.Join(dir, "into"), Time: time.Date(2026, 6, 1, 9, 0, 0, 0, journal.Beijing)}
	l, err := journal.Open(from, key, b.Clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&room.NameDivision{Code: "210700000000", Name: "锦州市"},
		&room.AddAccount{Name: "admin", Role: journal.Administrator, Region: "210700000000", Hash: "h", Person: "另一个人"},
	}}); err != nil {
		t.Fatal(err)
	}
	l.Close()
	b.Time = b.Time.Add(time.Hour)
	c, err := backup.OpenCounty(bytes.NewReader(file), nil)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	into, err := store.Open(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { into.Close() })
	if _, err := c.Into(backup.Arriving{From: from, Into: into, Other: other, Same: same, Suite: key.Suite(), Now: b.Time, Tmp: dir,
		Progress: func(backup.Step, int64, int64) {}}); err != nil {
		return nil, err
	}
	if b.Ledger, err = journal.Open(into, key, b.Clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Ledger.Close)
	return b, nil
}

// A moment before a county came has none of it, though its records are older; a record of it cannot be asked for there. One after it has
// all.
func TestRestoreAroundTheComingOfACounty(t *testing.T) {
	o := newOffice(t)
	o.line("1")
	b, err := moved(t, o.packed(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	came := b.Time
	b.Time = b.Time.Add(time.Hour)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("7")})
	at, err := backup.OpenPlace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k, err := backup.NewKeeper(backup.Books{Store: b.Store(), Files: o.files, Now: b.Clock}, backup.Plan{At: at},
		t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := k.Archive(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := backup.Backups(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	again := func(r backup.Restoring) (backup.Restored, error) {
		f, err := at.Get(t.Context(), list[0].Name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r.From, r.Place = f, at
		return restore(t, r)
	}
	chains := func(done backup.Restored) (names []string) {
		for _, c := range done.Verified.Chains {
			names = append(names, c.Chain)
		}
		return names
	}
	done, err := again(backup.Restoring{Until: came.Add(-time.Minute)})
	if got := strings.Join(chains(done), " "); err != nil || got != "210700" {
		t.Errorf("before it came: %s, %v", got, err)
	}
	done, err = again(backup.Restoring{Until: came.Add(time.Minute)})
	if got := strings.Join(chains(done), " "); err != nil || got != "000000 210700 210727" {
		t.Errorf("after it came: %s, %v", got, err)
	}
	if _, err = again(backup.Restoring{Chain: "210727", Seq: 3}); !errors.Is(err, backup.ErrNoRecord) {
		t.Errorf("a record from before it came: %v", err)
	}
	if done, err = again(backup.Restoring{}); err != nil || !sameEnds(done.Verified.Chains, b.Verified().Chains) {
		t.Errorf("to the end: %v", err)
	}
}

func sameEnds(a, b []journal.ChainEnd) bool {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// Who signed the county's records as an account of a higher office is known where it goes, under a name that may be somebody else's there.
func TestAccountsOfHigherOfficesGoAlong(t *testing.T) {
	o := newOffice(t)
	o.Time = o.Time.Add(time.Minute)
	if _, err := o.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&room.SetAccount{Account: "admin", Home: "210700000000",
		Person: "原来的人"}}}); err != nil {
		t.Fatal(err)
	}
	o.Time = o.Time.Add(time.Minute)
	o.Record("admin", &room.CloseAccount{Account: "kj-kaizhou", Home: booktest.Kaizhou})
	file := o.packed()
	last := func(b *booktest.Books) (account, signed string) {
		t.Helper()
		if err := b.Read(journal.Console, func(v *journal.View) error {
			j, err := v.JournalEntry("210727", v.End(yixian))
			if err != nil {
				return err
			}
			account, signed = j.By, v.Signed(j.By, j.Time())
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return account, signed
	}
	b, err := moved(t, file, map[string]string{"admin": "admin-yi"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if account, signed := last(b); account != "admin-yi" || signed != "原来的人" {
		t.Errorf("under another name: %s, %s", account, signed)
	}
	if b, err = moved(t, file, nil, map[string]bool{"admin": true}); err != nil {
		t.Fatal(err)
	}
	if account, signed := last(b); account != "admin" || signed != "另一个人" {
		t.Errorf("the same person: %s, %s", account, signed)
	}

	// A file whose records are not all there, or that speaks of others' accounts wrongly, is no county.
	for name, spoil := range map[string]func(c *backup.CountyFile){
		"an end that is not its own":      func(c *backup.CountyFile) { c.Hash = strings.Repeat("0", 64) },
		"more records than it has":        func(c *backup.CountyFile) { c.Seq++ },
		"fewer records than it has":       func(c *backup.CountyFile) { c.Seq-- },
		"an account that was never there": func(c *backup.CountyFile) { c.Guests[0].Stood[0].At += 1e12 },
		"an account without a duty":       func(c *backup.CountyFile) { c.Guests[0].Stood[0].Duties = nil },
		"another county":                  func(c *backup.CountyFile) { c.Chain = "210726" },
	} {
		if _, err := moved(t, repacked(t, file, spoil), map[string]string{"admin": "admin-yi"}, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// repacked is a county's file that tells something else of itself; all sums are right.
func repacked(t *testing.T, file []byte, spoil func(*backup.CountyFile)) []byte {
	t.Helper()
	small, err := zstd.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	var out bytes.Buffer
	packed, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	from, to, sums := tar.NewReader(small), tar.NewWriter(packed), map[string]string{}
	for {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		content, wrong := io.ReadAll(from)
		if err = errors.Join(err, wrong); err != nil {
			t.Fatal(err)
		}
		switch h.Name {
		case "county.json":
			var c backup.CountyFile
			err = json.Unmarshal(content, &c)
			spoil(&c)
			content, wrong = json.Marshal(c)
		case "sums.json":
			content, wrong = json.Marshal(sums)
		}
		sums[h.Name] = fmt.Sprintf("%x", sha256.Sum256(content))
		h.Size = int64(len(content))
		err = errors.Join(err, wrong, to.WriteHeader(h))
		if _, wrong = to.Write(content); errors.Join(err, wrong) != nil {
			t.Fatal(err, wrong)
		}
	}
	if err := errors.Join(to.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
