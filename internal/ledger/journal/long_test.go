package journal_test

import (
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// stopping is a store on whose disk nothing can be written after so many transactions.
type stopping struct {
	store.Store
	left atomic.Int64
}

func newStopping(s store.Store, left int64) *stopping {
	stop := &stopping{Store: s}
	stop.left.Store(left)
	return stop
}

var errStopped = errors.New("the power failed")

func (s *stopping) Update(f func(*store.Tx) error) error {
	if s.left.Add(-1) < 0 {
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
		s := newStopping(b.Store(), 100)
		l, err := journal.Open(s, key, b.Clock)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Post(who, lines(count-1)); !booktest.CodeIs(err, journal.Invalid) || journal.All(err)[0].Row != count {
			t.Fatalf("a bad last entry: %v", err)
		}
		s.left.Store(int64(stop))
		_, err = l.Post(who, lines(-1))
		s.left.Store(int64(100)) // the disk is back: whatever is taken now must not meet what was staged
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

// gated yields lines of a village, and waits in the middle of them until the gate opens; it is gone through twice, the second time to be
// checked.
type gated struct {
	count        int
	inside, gate chan bool
	middles      int // how often it came to its middle
}

func (g *gated) lines(yield func(journal.Entry) bool) {
	for i := range g.count {
		if i == g.count/2 {
			if g.middles++; g.middles == 2 { // the first time its places were looked up
				g.inside <- true
				<-g.gate
			}
		}
		if !yield(&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1"),
			Note: fmt.Sprint(i)}) {
			return
		}
	}
}

// While a long posting is checked and journalled, others post about other villages; who posts about the same one, or about what lies
// above it, waits, and is told when that takes too long. The long one stays whole, its numbers unbroken.
func TestOthersTakeTurns(t *testing.T) {
	defer journal.ShortBites(100)()
	b := booktest.New(t)
	g := &gated{count: 500, inside: make(chan bool), gate: make(chan bool)}
	long := journal.Posting{Source: g.lines, Count: g.count, Request: "long"}
	type answer struct {
		journal.Receipt
		err error
	}
	post := func(account string, p journal.Posting) chan answer {
		done := make(chan answer, 1)
		who := b.As(account)
		go func() {
			r, err := b.Ledger.Post(who, p)
			done <- answer{r, err}
		}()
		return done
	}
	short := func(book, note string) journal.Posting {
		return journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: book, Item: "operating", Date: "2026-02-01",
			Amount: booktest.Yuan("2"), Note: note}}}
	}
	first := post("kj-yuxin", long)
	<-g.inside
	same := post("kj-yuxin", short(booktest.Yuxin, "same"))
	above := post("sh-qilihe", journal.Posting{Entries: []journal.Entry{&office.CloseYear{Village: booktest.Yuxin, Year: 2024}}})
	if a := <-post("kj-kaizhou", short(booktest.Kaizhou, "other")); a.err != nil { // behind the two in the queue, perhaps
		t.Fatal(a.err)
	}
	if a := <-post("kj-kaizhou", short(booktest.Kaizhou, "other again")); a.err != nil { // behind them for certain, once more
		t.Fatal(a.err)
	}
	select {
	case a := <-same:
		t.Errorf("did not wait: %v", a.err)
	case a := <-above:
		t.Errorf("did not wait: %v", a.err)
	default:
	}
	back := journal.Impatient()
	if a := <-post("kj-yuxin", short(booktest.Yuxin, "told")); !booktest.CodeIs(a.err, journal.Unavailable) {
		t.Errorf("not told: %v", a.err)
	}
	back()
	close(g.gate)
	a := <-first
	if a.err != nil || a.Count() != uint64(g.count) {
		t.Fatalf("%v, %d entries", a.err, a.Count())
	}
	<-same
	<-above
	again, err := b.Post(b.As("kj-yuxin"), long)
	if err != nil || !again.Again || again.Count() != uint64(g.count) {
		t.Errorf("sent again: %v, %d entries, %v", err, again.Count(), again.Again)
	}
	if n, _ := b.Lines(); n < g.count {
		t.Errorf("%d lines", n)
	}
	b.Verified()
}

// What is posted between the bites of a long posting stands between its records, which are told in as many runs.
func TestTurnsBetweenBites(t *testing.T) {
	defer journal.ShortBites(20)()
	b := booktest.New(t)
	const count = 800
	posted := make(chan int)
	stop := make(chan bool)
	who := b.As("kj-kaizhou")
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				posted <- n
				return
			default:
			}
			if _, err := b.Ledger.Post(who, journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: booktest.Kaizhou,
				Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("2"), Note: fmt.Sprint(n)}}}); err != nil {
				t.Error(err)
			}
			n++
		}
	}()
	var source iter.Seq[journal.Entry] = func(yield func(journal.Entry) bool) {
		for i := range count {
			if !yield(&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1"),
				Note: fmt.Sprint(i)}) {
				return
			}
		}
	}
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Source: source, Count: count, Request: "long"})
	close(stop)
	between := <-posted
	if err != nil || r.Count() != count || len(r.Ranges) < 2 || between < 2 {
		t.Errorf("%v: %d entries in %d runs, %d others between", err, r.Count(), len(r.Ranges), between)
	}
	if n, _ := b.Lines(); n != count {
		t.Errorf("%d lines", n)
	}
	b.Verified()
}

// Long postings that wait for one that a full disk stops are all answered, and so is whoever posts when there is room again.
func TestLongPostingsBehindAFullDisk(t *testing.T) {
	defer journal.ShortBites(100)()
	b := booktest.New(t)
	b.Ledger.Close()
	key, err := seal.Load(b.Path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	s := newStopping(b.Store(), 1000)
	l, err := journal.Open(s, key, b.Clock)
	if err != nil {
		t.Fatal(err)
	}
	who := b.As("kj-yuxin")
	g := &gated{count: 500, inside: make(chan bool), gate: make(chan bool)}
	done := make(chan error, 3)
	go func() {
		_, err := l.Post(who, journal.Posting{Source: g.lines, Count: g.count, Request: "first"})
		done <- err
	}()
	<-g.inside
	for n := range 2 {
		waiting := &gated{count: 500, middles: 2}
		go func() {
			_, err := l.Post(who, journal.Posting{Source: waiting.lines, Count: waiting.count, Request: fmt.Sprint("waiting ", n)})
			done <- err
		}()
	}
	if _, err := l.Post(b.As("kj-kaizhou"), journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: booktest.Kaizhou,
		Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("2")}}}); err != nil {
		t.Fatal(err)
	}
	s.left.Store(int64(6 + 1)) // all of the first is staged and promised; its bites are not
	close(g.gate)
	for range 3 {
		if err := <-done; err == nil || !booktest.CodeIs(err, journal.Unavailable) {
			t.Errorf("on a full disk: %v", err)
		}
	}
	l.Close()
}
