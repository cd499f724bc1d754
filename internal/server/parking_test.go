package server

import (
	"strconv"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Files that nobody has looked at for a while keep nobody else's out; those that somebody works with stay.
func TestForgottenUploadsMakeRoom(t *testing.T) {
	const large = 16 // files that take all the room
	var p parking
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	waiting := func(account string) *parked { // read and checked, with something to record
		f := &parked{id: account, who: journal.Actor{Account: account}, at: now, stage: ready, upload: &exchange.Upload{Entries: 1}}
		f.weight.Store(parkedBytes / large)
		return f
	}
	var all []*parked
	for i := range large {
		f := waiting("kj-" + strconv.Itoa(i/maxParkedEach))
		f.id = strconv.Itoa(i)
		if err := p.put(f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	if err := p.put(waiting("new")); journal.CodeOf(err) != journal.Unavailable {
		t.Errorf("beside sixteen that have just come: %v", err)
	}
	now = now.Add(10 * time.Minute)
	if _, err := p.take("0", "kj-0", now); err != nil { // its person is still at it
		t.Fatal(err)
	}
	now = now.Add(6 * time.Minute)
	for i := range maxParkedEach {
		if err := p.put(waiting("new")); err != nil {
			t.Errorf("number %d where fifteen are forgotten: %v", i+1, err)
		}
	}
	if err := p.put(waiting("new")); journal.CodeOf(err) != journal.Conflict {
		t.Errorf("one more of the same account: %v", err)
	}
	if _, err := p.take("0", "kj-0", now); err != nil {
		t.Errorf("what somebody works with is gone: %v", err)
	}
	if _, err := p.take(all[1].id, "kj-0", now); journal.CodeOf(err) != journal.NotFound {
		t.Errorf("what was forgotten for longest is still there: %v", err)
	}
	if len(p.list) > large {
		t.Errorf("%d wait", len(p.list))
	}
}

// Small files that nobody comes back to take nobody's room: a city's accountants have three each.
func TestSmallUploadsOfACity(t *testing.T) {
	var p parking
	for i := range 1000 {
		f := &parked{id: strconv.Itoa(i), who: journal.Actor{Account: "kj-" + strconv.Itoa(i/maxParkedEach)}, stage: ready,
			at: time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing), upload: &exchange.Upload{Entries: 1}}
		f.weighs(0, 100)
		if err := p.put(f); err != nil {
			t.Fatalf("number %d: %v", i+1, err)
		}
	}
}

// No more is taken in at once than there is room for, by all and by each; what is given back can be taken again.
func TestBudget(t *testing.T) {
	b := &budget{all: 100, each: 60}
	for i, c := range []struct {
		account string
		bytes   int64
		ok      bool
	}{{"a", 60, true}, {"a", 1, false}, {"b", 41, false}, {"b", 40, true}, {"c", 1, false}} {
		if ok := b.take(c.account, c.bytes); ok != c.ok {
			t.Errorf("%d: %s takes %d: %v", i, c.account, c.bytes, ok)
		}
	}
	b.give("a", 60)
	if !b.take("c", 60) || b.take("a", 1) {
		t.Error("what was given back is not there, or more than it")
	}
}
