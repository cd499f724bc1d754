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

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	room "github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/seal/sealtest"
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
	if _, _, err := o.backed().WriteCounty(o.Context(), yixian, &to, nil, key, o.TempDir()); err != nil {
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
	c, err := backup.OpenCounty(bytes.NewReader(file), nil, dir)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	into, err := store.Open(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { into.Close() })
	a := backup.Arriving{From: from, Into: into, Names: journal.Naming{Other: other, Same: same}, Suite: key.Suite(), Now: b.Time,
		Progress: func(backup.Step, int64, int64) {}}
	if err := from.View(func(r store.Reader) error {
		clashes, err := a.Names.Decide(r, &c.County)
		if err == nil && len(clashes) > 0 {
			err = fmt.Errorf("asked about %v", clashes)
		}
		return err
	}); err != nil {
		return nil, err
	}
	if err := c.Into(a); err != nil {
		return nil, err
	}
	if _, err := backup.Verify(into, dir, nil); err != nil {
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
		"an account that was never there": func(c *backup.CountyFile) { c.Guests[0].Stood[0][0].At += 1e12 },
		"an account without a duty":       func(c *backup.CountyFile) { c.Guests[0].Stood[0][0].Duties = nil },
		"an account without a past":       func(c *backup.CountyFile) { c.Guests[0].Stood = nil },
		"nobody of higher offices":        func(c *backup.CountyFile) { c.Guests = nil },
		"a region without a name":         func(c *backup.CountyFile) { c.Names = nil },
		"a region that is not around it":  func(c *backup.CountyFile) { c.Above[0] = "210800000000" },
		"a paper by no digest":            func(c *backup.CountyFile) { c.Papers[0].Digest = "../../x" },
		"none of its papers":              func(c *backup.CountyFile) { c.Papers = nil },
		"another name for an account": func(c *backup.CountyFile) {
			c.Called = []journal.Renamed{{Name: "kj-yuxin", Upto: c.Seq, As: "admin"}}
		},
		"another county": func(c *backup.CountyFile) { c.Chain = "210726" },
	} {
		if _, err := moved(t, repacked(t, file, spoil), map[string]string{"admin": "admin-yi"}, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Records that somebody has put behind the county's, chained as they should be, reach no account of the books that the county comes into.
func TestForgedRecordsReachNoOtherAccount(t *testing.T) {
	o := newOffice(t)
	file := o.packed()
	for name, e := range map[string]journal.Entry{
		"a duty for an account of the city": &room.SetAccount{Account: "admin", Home: booktest.Yuxin,
			More: []journal.Duty{{Role: journal.Administrator, Region: "210700000000"}}},
		"the end of an account of the city": &room.CloseAccount{Account: "admin", Home: booktest.Yuxin},
		"an account that is nowhere":        &room.CloseAccount{Account: "ghost", Home: booktest.Yuxin},
		"an account of the city, again":     &room.AddAccount{Name: "admin", Role: journal.Accountant, Region: booktest.Yuxin},
		"an account of the county, again":   &room.AddAccount{Name: "yixian", Role: journal.Official, Region: yixian},
	} {
		if _, err := moved(t, appended(t, file, e), nil, nil); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := moved(t, appended(t, file, &room.CloseAccount{Account: "yixian", Home: yixian}), nil, nil); err != nil {
		t.Errorf("one that is in order: %v", err)
	}
}

// appended is a county's file with a record more, of the machine's console.
func appended(t *testing.T, file []byte, e journal.Entry) []byte {
	t.Helper()
	var hash string
	var seq uint64
	return remade(t, file, func(c *backup.CountyFile) {
		if hash != "" {
			c.Seq, c.Hash = seq, hash
		}
	}, func(records []byte) []byte {
		var last []byte
		for from := cbor.NewDecoder(bytes.NewReader(records)); ; seq++ {
			var b []byte
			if err := from.Decode(&b); err != nil {
				break
			}
			last = b
		}
		seq++
		prev := sealtest.Suite().Hash(last)
		stored := store.Encode(journal.Record{Seq: seq, Prev: prev[:], At: time.Date(2026, 5, 1, 0, 0, 0, 0, journal.Beijing).UnixMilli(),
			Role: journal.Administrator, Kind: journal.KindOf(e), Place: e.Place(), Body: store.Encode(e)})
		hash = fmt.Sprintf("%x", sealtest.Suite().Hash(stored))
		return append(bytes.Clone(records), store.Encode(stored)...)
	})
}

// repacked is a county's file that tells something else of itself; all sums are right.
func repacked(t *testing.T, file []byte, spoil func(*backup.CountyFile)) []byte {
	t.Helper()
	return remade(t, file, spoil, func(records []byte) []byte { return records })
}

// remade is a county's file with other records, and what is said of them: its sums are right.
func remade(t *testing.T, file []byte, spoil func(*backup.CountyFile), records func([]byte) []byte) []byte {
	t.Helper()
	small, err := zstd.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	type packed struct {
		name    string
		content []byte
	}
	var all []packed
	for from := tar.NewReader(small); ; {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		content, wrong := io.ReadAll(from)
		if err = errors.Join(err, wrong); err != nil {
			t.Fatal(err)
		}
		all = append(all, packed{h.Name, content})
	}
	for i, p := range all {
		if p.name == "records/000001" {
			all[i].content = records(p.content)
		}
	}
	var c backup.CountyFile
	err = json.Unmarshal(all[0].content, &c)
	spoil(&c)
	sums := map[string]string{}
	var out bytes.Buffer
	squeezed, wrong := zstd.NewWriter(&out)
	to := tar.NewWriter(squeezed)
	err = errors.Join(err, wrong)
	for i, p := range all {
		switch i {
		case 0:
			p.content, wrong = json.Marshal(c)
		case len(all) - 1:
			p.content, wrong = json.Marshal(sums)
		}
		sums[p.name] = fmt.Sprintf("%x", sha256.Sum256(p.content))
		err = errors.Join(err, wrong, to.WriteHeader(&tar.Header{Name: p.name, Size: int64(len(p.content)), Mode: 0o600}))
		_, wrong = to.Write(p.content)
		err = errors.Join(err, wrong)
	}
	if err := errors.Join(err, to.Close(), squeezed.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
