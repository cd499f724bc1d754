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
	var p parking
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	waiting := func(account string) *parked { // read and checked, with something to record
		f := &parked{id: account, who: journal.Actor{Account: account}, at: now, stage: ready, upload: &exchange.Upload{Entries: 1}}
		return f
	}
	var all []*parked
	for i := range maxParked {
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
	if len(p.list) > maxParked {
		t.Errorf("%d wait", len(p.list))
	}
}
