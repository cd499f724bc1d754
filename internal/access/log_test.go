package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

func logged(t *testing.T, l *access.Log, who journal.Actor, w access.Wanted) (list []access.Record) {
	t.Helper()
	for before := uint64(0); ; {
		page, next, err := l.Read(who, w, before, 3)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, page...)
		if before = next; next == 0 {
			return list
		}
	}
}

var city = journal.Actor{Account: "shenji", Role: journal.Auditor, Region: "210700000000"}

// What is logged is read by the auditor of its region alone, and by what is looked for.
func TestLogIsRead(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	ledger := open(t, &now)
	l := access.LogOf(ledger, ledger.Now, 0)
	for i, e := range []access.Entry{
		{Doing: access.SignedIn, Account: "kj", Region: "210727102216", From: "10.0.0.1"},
		{Doing: access.NotLetIn, From: "10.0.0.2", Result: "账号或密码不对"},
		{Doing: access.Exported, Account: "xian", Region: "210727000000", Object: "a.csv"},
		{Doing: access.SignedIn, Account: "other", Region: "210102001001"},
	} {
		now = now.Add(time.Duration(i) * 24 * time.Hour)
		if err := l.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if list := logged(t, l, city, access.Wanted{}); len(list) != 3 || list[0].Entry.Object != "a.csv" || list[2].Entry.Account != "kj" {
		t.Errorf("%+v", list)
	}
	for name, w := range map[string]access.Wanted{"by doing": {Doing: access.SignedIn}, "by account": {Account: "kj"},
		"by day": {To: "2026-03-01"}} {
		if list := logged(t, l, city, w); len(list) != 1 || list[0].Entry.Account != "kj" {
			t.Errorf("%s: %+v", name, list)
		}
	}
	for _, role := range journal.Roles() {
		_, _, err := l.Read(journal.Actor{Account: "x", Role: role, Region: "210700000000"}, access.Wanted{}, 0, 9)
		if (journal.CodeOf(err) == journal.Forbidden) != (role != journal.Auditor) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// Of many alike the first are kept one by one, and how many more there were.
func TestLogIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	ledger := open(t, &now)
	l := access.LogOf(ledger, ledger.Now, 0)
	stranger := access.Entry{Doing: access.NotLetIn, From: "10.0.0.2"}
	for range 100 {
		if err := l.Add(stranger); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(time.Minute)
	if err := l.Add(stranger); err != nil {
		t.Fatal(err)
	}
	if list := logged(t, l, city, access.Wanted{}); len(list) != 6 || list[0].Alike != 95 {
		t.Errorf("%d records, the last stands for %d more", len(list), list[0].Alike)
	}
}

// Records are kept for half a year at least, and go when they are older; the chain holds before and after, and what somebody changes,
// takes out or puts in behind the program's back is found.
func TestLogIsChained(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	ledger := open(t, &now)
	l := access.LogOf(ledger, ledger.Now, time.Hour) // less than the law asks is not heard
	add := func(n int) {
		for range n {
			now = now.Add(time.Hour)
			if err := l.Add(access.Entry{Doing: access.SignedIn, Account: "kj", Region: "210727102216", Object: now.String()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	verified := func(want int) {
		t.Helper()
		if n, err := access.VerifyLog(ledger.Store()); err != nil || n != want {
			t.Errorf("%d records, want %d: %v", n, want, err)
		}
	}
	add(30)
	verified(30)
	now = now.Add(180 * 24 * time.Hour)
	add(1)
	verified(31)
	now = now.Add(10 * 24 * time.Hour)
	add(1)
	verified(2)
	if list := logged(t, l, city, access.Wanted{}); len(list) != 2 || list[0].Number != 32 {
		t.Errorf("%+v", list)
	}
	add(5)
	for name, change := range map[string]func(tx *store.Tx, key string, b []byte){
		"another text": func(tx *store.Tx, key string, b []byte) {
			tx.Put("log", key, append(b[:len(b)-60:len(b)-60], flipped(b[len(b)-60:])...))
		},
		"one taken out": func(tx *store.Tx, key string, _ []byte) { tx.Delete("log", key) },
	} {
		undo := errors.New("undo")
		err := ledger.Store().Update(func(tx *store.Tx) error {
			at := 0
			for key, b := range tx.Scan("log", "", "") {
				if at++; at == 4 {
					change(tx, string([]byte(key)), append([]byte(nil), b...))
					break
				}
			}
			if _, err := access.VerifyLog(inside{ledger.Store(), tx}); err == nil {
				t.Errorf("%s is not found", name)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
	}
	verified(7)
}

// flipped changes a bit.
func flipped(b []byte) []byte {
	b = append([]byte(nil), b...)
	b[0] ^= 1
	return b
}

// inside reads a store as a transaction has left it.
type inside struct {
	store.Store
	tx *store.Tx
}

func (i inside) View(f func(r store.Reader) error) error { return f(i.tx) }
