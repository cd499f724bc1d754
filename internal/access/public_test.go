package access_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/access"
)

// However many certificates strangers try, the door forgets none of its own wrong passwords.
func TestPublicTriesKeepTheDoorShut(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if _, err := door.SignIn(t.Context(), "person", "wrong", "there"); !errors.Is(err, access.ErrWrong) {
			t.Fatal(err)
		}
	}
	for i := range 6000 { // two rows each
		now = now.Add(time.Millisecond)
		if err := door.Check("certificate "+strconv.Itoa(i), "address "+strconv.Itoa(i)); err != nil {
			t.Fatalf("number %d: %v", i, err)
		}
	}
	if _, err := door.SignIn(t.Context(), "person", "wrong", "there"); !errors.Is(err, access.ErrWait) {
		t.Errorf("the ninth wrong password after strangers' tries: %v", err)
	}
}

// A certificate is tried six times a day, whoever tries; the right end takes its tries back.
func TestCertificateTries(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	tries := func() (n int) {
		for i := range 20 {
			if door.Check("certificate", "address "+strconv.Itoa(i)) == nil {
				n++
			}
		}
		return n
	}
	if n := tries(); n != 6 {
		t.Errorf("%d tries in a day", n)
	}
	if again, err := access.NewDoor(l); err != nil || !errors.Is(again.Check("certificate", "elsewhere"), access.ErrWait) {
		t.Errorf("a restart forgives: %v", err)
	}
	if err := door.Checked("certificate"); err != nil {
		t.Fatal(err)
	}
	if n := tries(); n != 6 {
		t.Errorf("%d tries after the right end", n)
	}
	now = now.Add(25 * time.Hour)
	if n := tries(); n != 6 {
		t.Errorf("%d tries the next day", n)
	}
}
