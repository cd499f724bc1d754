package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

// shared is an engine that several ledgers append to, as those of several machines would.
type shared struct {
	mu      sync.Mutex
	chains  map[string][][]byte
	claimed map[string]bool
	behind  int // how often it refused
}

func (e *shared) Append(_ *store.Tx, runs []*journal.Run) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, run := range runs {
		if uint64(len(e.chains[run.Chain])) != run.After || slices.ContainsFunc(run.Claims, func(c string) bool { return e.claimed[c] }) {
			e.behind++
			return journal.ErrBehind
		}
	}
	for _, run := range runs {
		e.chains[run.Chain] = append(e.chains[run.Chain], run.Records...)
		for _, c := range run.Claims {
			e.claimed[c] = true
		}
	}
	return nil
}

func (e *shared) Read(_ store.Reader, chain string, from uint64) iter.Seq2[uint64, []byte] {
	e.mu.Lock()
	defer e.mu.Unlock()
	records := e.chains[chain]
	return func(yield func(uint64, []byte) bool) {
		for i := from; i <= uint64(len(records)); i++ {
			if !yield(i, records[i-1]) {
				return
			}
		}
	}
}

func (e *shared) All(r store.Reader, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, chain := range slices.Sorted(maps.Keys(e.Ends(r))) {
			for seq, b := range e.Read(r, chain, 1) {
				if key := chain + journal.SeqKey(seq); key >= from && !yield(key, b) {
					return
				}
			}
		}
	}
}

func (e *shared) Ends(store.Reader) map[string]uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	ends := map[string]uint64{}
	for chain, records := range e.chains {
		ends[chain] = uint64(len(records))
	}
	return ends
}

func (e *shared) Stage(store.Store, [][]byte) error { return errors.New("nothing long is posted here") }

func (e *shared) Take(*store.Tx, int) [][]byte { return nil }

func (e *shared) Unstage(store.Store) error { return nil }

// Two ledgers that append to the same chains refuse nothing that either would take, take nothing twice, and fold the same tables, byte for
// byte, whoever posted what. A name that both give out in different chains is given out once.
func TestTwoLedgersOverOneJournal(t *testing.T) {
	e := &shared{chains: map[string][][]byte{}, claimed: map[string]bool{}}
	dir := t.TempDir()
	key, err := sealtest.Create(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	var stores [2]store.Store
	var ledgers [2]*journal.Ledger
	open := func(i int) {
		if stores[i], err = store.Open(filepath.Join(dir, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { stores[i].Close() })
		clock := func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing) }
		if ledgers[i], err = journal.OpenOver(e, stores[i], key, clock); err != nil {
			t.Fatal(err)
		}
	}
	open(0)
	setup := []journal.Entry{}
	for _, d := range [][2]string{
		{"2107", "锦州市"}, {"210727", "义县"}, {"210726", "黑山县"}, {"210727102", "七里河镇"}, {booktest.Yuxin, "育新村"},
	} {
		setup = append(setup, &office.NameDivision{Code: region.MustParse(d[0]), Name: d[1]})
	}
	setup = append(setup, &office.AddAccount{Name: "kj", Role: journal.Accountant, Region: booktest.Yuxin, Hash: "h"})
	if _, err := ledgers[0].Post(journal.Console, journal.Posting{Entries: setup}); err != nil {
		t.Fatal(err)
	}
	open(1) // folds what is there
	const each = 60
	var group sync.WaitGroup
	for i, l := range ledgers {
		for n := range each {
			group.Go(func() {
				line := &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: 1, Note: fmt.Sprint(i, " ", n)}
				who := journal.Actor{Account: "kj", Role: journal.Accountant, Region: booktest.Yuxin}
				if _, err := l.Post(who, journal.Posting{Entries: []journal.Entry{line}, Request: fmt.Sprint(i, n)}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Go(func() {
			at := []region.Code{"210726000000", "210727000000"}[i]
			_, err := l.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
				&office.AddAccount{Name: "one", Role: journal.Official, Region: at, Hash: "h"}}})
			if err != nil && !booktest.CodeIs(err, journal.Conflict) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := len(e.chains["210727"]) + len(e.chains["210726"]) + len(e.chains["210700"]); n != len(setup)+2*each+1 {
		t.Errorf("%d records, want %d", n, len(setup)+2*each+1)
	}
	for i, l := range ledgers { // opening again folds what the other posted last
		l.Close()
		if l, err = journal.OpenOver(e, stores[i], key, time.Now); err != nil {
			t.Fatal(err)
		}
		scratch, err := store.OpenScratch(filepath.Join(dir, fmt.Sprint("scratch", i)))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := journal.VerifyOver(e, stores[i], scratch, key); err != nil || n.Records != len(setup)+2*each+1 {
			t.Errorf("verify: %+v, %v", n, err)
		}
		scratch.Close()
		if err := l.Read(journal.Console, func(v *journal.View) error { _, err := v.JournalEntry("210727", 3); return err }); err != nil {
			t.Error(err)
		}
		l.Close()
	}
	dump := func(s store.Store) (text []byte) {
		if err := s.View(func(r store.Reader) error {
			for _, table := range journal.Tables() {
				for k, v := range r.Scan(table, "", "") {
					text = fmt.Appendf(text, "%s %q %x\n", table, k, v)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if a, b := dump(stores[0]), dump(stores[1]); !bytes.Equal(a, b) || len(a) == 0 {
		t.Errorf("the tables differ:\n%s\n%s", a, b)
	}
}

// What is posted stays as it was given: a check fills what it decides into a copy, so that the same posting can be tried, and posted,
// again.
func TestPostingLeavesWhatItIsGiven(t *testing.T) {
	b := booktest.New(t)
	for i, s := range booktest.Samples() {
		given := booktest.Samples()[i].Entry
		if _, err := b.Post(b.As(s.Account), journal.Posting{Entries: []journal.Entry{s.Entry}, DryRun: true}); err != nil {
			t.Fatalf("%s: %v", journal.KindOf(given), err)
		}
		b.Record(s.Account, s.Entry)
		if !reflect.DeepEqual(s.Entry, given) {
			t.Errorf("%s was changed:\n%+v\n%+v", journal.KindOf(given), s.Entry, given)
		}
	}
}

// A record is never from before its predecessor: a clock set back a little takes the predecessor's time, for the record and its check; one
// set back further is refused, and what comes after is taken again when the clock is right.
func TestTimeDoesNotGoBack(t *testing.T) {
	b := booktest.New(t)
	b.Time = time.Date(2026, 3, 2, 0, 2, 0, 0, journal.Beijing)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-03-02", Amount: 1})
	last := b.Time
	b.Time = last.Add(-5 * time.Minute) // the day before
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-03-02", Amount: 2})
	b.Time = last.Add(-5*time.Minute - time.Millisecond)
	e := b.Refuses("kj-yuxin", journal.Unavailable, "",
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-03-01", Amount: 3})
	if !strings.Contains(e.Error(), "2026-03-02 00:02:00") {
		t.Errorf("%v", e)
	}
	b.Time = last.Add(time.Second)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-03-02", Amount: 4})
	b.See("yixian", func(v *journal.View) {
		list, _, err := v.Journal(booktest.Yuxin, "", 3)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []time.Time{last.Add(time.Second), last, last} {
			if !list[i].Time().Equal(want) {
				t.Errorf("record %d is of %s, want %s", list[i].Seq, list[i].Time(), want)
			}
		}
	})
	b.Verified()
}

// A ledger whose clock is behind takes the time of what another machine has just appended, also when it only learns of that by being
// refused.
func TestTimeAfterAnothersRecord(t *testing.T) {
	e := &shared{chains: map[string][][]byte{}, claimed: map[string]bool{}}
	dir := t.TempDir()
	key, err := sealtest.Create(filepath.Join(dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	nine := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	var ledgers [2]*journal.Ledger
	for i := range ledgers {
		s, err := store.Open(filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		clock := func() time.Time { return nine.Add(time.Duration(i) * 3 * time.Minute) }
		if ledgers[i], err = journal.OpenOver(e, s, key, clock); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ledgers[i].Close(); s.Close() })
	}
	for i, who := range []int{0, 1, 0, 0, 1} {
		name := &office.NameDivision{Code: region.MustParse(fmt.Sprintf("2107%02d", 20+i)), Name: "县"}
		if i == 0 {
			name = &office.NameDivision{Code: region.MustParse("2107"), Name: "锦州市"}
		}
		if _, err := ledgers[who].Post(journal.Console, journal.Posting{Entries: []journal.Entry{
			name, &office.NameDivision{Code: region.MustParse("2107"), Name: fmt.Sprint("市", i)}}}); err != nil {
			t.Fatal(err)
		}
	}
	last := int64(0)
	for _, b := range e.chains["210700"] {
		var rec journal.Record
		if err := store.Decode(b, &rec); err != nil {
			t.Fatal(err)
		}
		if rec.At < last {
			t.Errorf("record %d is from before its predecessor", rec.Seq)
		}
		last = rec.At
	}
	if last != nine.Add(3*time.Minute).UnixMilli() || e.behind == 0 {
		t.Errorf("the last is of %s; refused %d times", time.UnixMilli(last), e.behind)
	}
}
