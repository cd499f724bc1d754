package access_test

import (
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func open(t *testing.T, now *time.Time) *journal.Ledger {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	key, err := seal.Create(path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	l, err := journal.Open(s, key, func() time.Time { return *now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); s.Close() })
	return l
}

func TestSignIn(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccount(l, journal.Console, "admin", journal.Administrator, region.Country,
		"short"); journal.CodeOf(err) != journal.Invalid {
		t.Errorf("a short password: %v", err)
	}
	if err := access.AddAccount(l, journal.Console, "admin", journal.Administrator, region.Country, "correct horse"); err != nil {
		t.Fatal(err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	c, err := door.SignIn("admin", "correct horse", "here")
	if err != nil || c.Actor.Role != journal.Administrator {
		t.Errorf("%+v, %v", c.Actor, err)
	}
	if _, err := door.SignIn("nobody", "correct horse", "here"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("an unknown account: %v", err)
	}
	// Guessing many at once is no way around the count.
	var wg sync.WaitGroup
	var wrong, wait atomic.Int32
	for range 30 {
		wg.Go(func() {
			switch _, err := door.SignIn("admin", "wrong", "here"); {
			case errors.Is(err, access.ErrWrong):
				wrong.Add(1)
			case errors.Is(err, access.ErrWait):
				wait.Add(1)
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 8 || wait.Load() != 22 {
		t.Errorf("of 30 wrong passwords at once %d were looked at and %d told to wait", wrong.Load(), wait.Load())
	}
	if _, err := door.SignIn("admin", "correct horse", "here"); !errors.Is(err, access.ErrWait) {
		t.Errorf("after eight wrong passwords even the right one must wait: %v", err)
	}
	if _, err := door.SignIn("admin", "correct horse", "elsewhere"); err != nil {
		t.Errorf("guessing here keeps out the person there: %v", err)
	}
	now = now.Add(6 * time.Minute)
	if err := access.SetPassword(l, c.Actor, "admin", "another horse"); err != nil {
		t.Fatal(err)
	}
	if _, err := door.SignIn("admin", "correct horse", "here"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if _, err := door.SignIn("admin", "another horse", "here"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestSessionsOutliveTheProcess(t *testing.T) {
	now := time.Now()
	l := open(t, &now)
	clock := func() time.Time { return now }
	first, second := access.Sessions{Store: l.Store(), Clock: clock}, access.Sessions{Store: l.Store(), Clock: clock}
	if err := first.Commit("token", []byte("who"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if data, ok, err := second.Find("token"); string(data) != "who" || !ok || err != nil {
		t.Errorf("%q, %v, %v", data, ok, err)
	}
	if err := first.Commit("old", []byte("x"), now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Minute)
	if _, ok, _ := second.Find("old"); ok {
		t.Error("a session past its end still lets in")
	}
	if err := first.Delete("token"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := second.Find("token"); ok {
		t.Error("a deleted session still lets in")
	}
}
