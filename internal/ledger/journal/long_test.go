package journal_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// stopping is a store on whose disk nothing can be written after so many transactions.
type stopping struct {
	store.Store
	left int
}

var errStopped = errors.New("the power failed")

func (s *stopping) Update(f func(*store.Tx) error) error {
	if s.left--; s.left < 0 {
		return errStopped
	}
	return s.Store.Update(f)
}

// A posting too long for one transaction is all there or not at all, whichever of its transactions is the last that reaches the disk; sent
// again, it is there once. One bad entry keeps all of it out.
func TestLongPostings(t *testing.T) {
	const count = 2_500 // three bites
	defer journal.ShortBites(1_000)()
	lines := func(bad int) journal.Posting {
		var source iter.Seq[journal.Entry] = func(yield func(journal.Entry) bool) {
			for i := range count {
				e := &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1"), Note: fmt.Sprint(i)}
				if i == bad {
					e.Item = "gold"
				}
				if !yield(e) {
					return
				}
			}
		}
		return journal.Posting{Source: source, Count: count, Request: fmt.Sprint("file ", bad)}
	}
	for _, stop := range []int{0, 2, 3, 5, 100} { // nothing, some staged, all staged, some journalled, everything
		b := booktest.New(t)
		who := b.As("kj-yuxin")
		b.Ledger.Close()
		key, err := seal.Load(b.Path + ".key")
		if err != nil {
			t.Fatal(err)
		}
		s := &stopping{b.Store(), 100}
		l, err := journal.Open(s, key, b.Clock)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Post(who, lines(count-1)); !booktest.CodeIs(err, journal.Invalid) || journal.All(err)[0].Row != count {
			t.Fatalf("a bad last entry: %v", err)
		}
		s.left = stop
		_, err = l.Post(who, lines(-1))
		s.left = 100 // the disk is back: whatever is taken now must not meet what was staged
		_, short := l.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, Request: "short"})
		if short != nil || l.Stuck() {
			t.Fatalf("the disk is back: %v", short)
		}
		const own = 1
		l.Close()
		finished := err == nil
		if !finished && !booktest.CodeIs(err, journal.Unavailable) {
			t.Fatal(err)
		}
		// The machine starts again.
		l, err = journal.Open(b.Store(), key, b.Clock)
		if err != nil {
			t.Fatal(err)
		}
		b.Ledger = l
		if n, _ := b.Lines(); n != own && n != count+own || finished && n != count+own {
			t.Errorf("stopped after %d transactions: %d of %d lines are there", stop, n, count)
		}
		b.Verified()
		r, err := b.Post(who, lines(-1))
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := b.Lines(); n != count+own || len(r.Ranges) != 1 || r.Ranges[0].Last-r.Ranges[0].First+1 != count {
			t.Errorf("stopped after %d transactions and sent again: %d lines, receipt %+v", stop, n, r.Ranges)
		}
		b.Verified()
		if stop == 100 && !finished {
			t.Error("never finished")
		}
		b.Ledger.Close()
	}
}
