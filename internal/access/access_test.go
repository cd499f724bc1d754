package access_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func open(t *testing.T, now *time.Time) *ledger.Ledger {
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
	l, err := ledger.Open(s, key, func() time.Time { return *now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); s.Close() })
	return l
}

func TestSignIn(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccount(l, ledger.Console, "admin", ledger.Administrator, region.Country, "short"); ledger.CodeOf(err) != ledger.Invalid {
		t.Errorf("a short password: %v", err)
	}
	if err := access.AddAccount(l, ledger.Console, "admin", ledger.Administrator, region.Country, "correct horse"); err != nil {
		t.Fatal(err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	who, err := door.SignIn("admin", "correct horse")
	if err != nil || who.Role != ledger.Administrator {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := door.SignIn("nobody", "correct horse"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("an unknown account: %v", err)
	}
	for range 8 {
		if _, err := door.SignIn("admin", "wrong"); !errors.Is(err, access.ErrWrong) {
			t.Errorf("a wrong password: %v", err)
		}
	}
	if _, err := door.SignIn("admin", "correct horse"); !errors.Is(err, access.ErrWait) {
		t.Errorf("after eight wrong passwords even the right one must wait: %v", err)
	}
	now = now.Add(6 * time.Minute)
	if err := access.SetPassword(l, who, "admin", "another horse"); err != nil {
		t.Fatal(err)
	}
	if _, err := door.SignIn("admin", "correct horse"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if _, err := door.SignIn("admin", "another horse"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestSessionsOutliveTheProcess(t *testing.T) {
	now := time.Now()
	l := open(t, &now)
	first, second := access.Sessions(l.Store(), false), access.Sessions(l.Store(), false)
	if err := first.Store.Commit("token", []byte("who"), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if data, ok, err := second.Store.Find("token"); string(data) != "who" || !ok || err != nil {
		t.Errorf("%q, %v, %v", data, ok, err)
	}
	if err := first.Store.Commit("old", []byte("x"), now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := second.Store.Find("old"); ok {
		t.Error("a session past its end still lets in")
	}
	if err := first.Store.Delete("token"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := second.Store.Find("token"); ok {
		t.Error("a deleted session still lets in")
	}
}
