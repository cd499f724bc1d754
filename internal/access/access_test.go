package access_test

import (
	"context"
	"errors"
	"github.com/pquerna/otp/totp"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

func open(t *testing.T, now *time.Time) *journal.Ledger {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	key, err := sealtest.Create(path + ".key")
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

// newcomer is an administrator to be.
func newcomer(name, password string) []access.Newcomer {
	account := office.AddAccount{Name: name, Role: journal.Administrator, Region: region.Country}
	return []access.Newcomer{{Password: password, AddAccount: account}}
}

func TestSignIn(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccounts(l, journal.Console, newcomer("admin", "short"), "", true); journal.CodeOf(err) != journal.Invalid {
		t.Errorf("a short password: %v", err)
	}
	if err := access.AddAccounts(l, journal.Console, newcomer("admin", "correct horse"), "", true); err != nil {
		t.Fatal(err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	c, err := door.SignIn(t.Context(), "admin", "correct horse", "here")
	if err != nil || c.Actor.Role != journal.Administrator {
		t.Errorf("%+v, %v", c.Actor, err)
	}
	if _, err := door.SignIn(t.Context(), "nobody", "correct horse", "here"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("an unknown account: %v", err)
	}
	// Guessing many at once is no way around the count.
	var wg sync.WaitGroup
	var wrong, wait atomic.Int32
	for range 30 {
		wg.Go(func() {
			for {
				switch _, err := door.SignIn(t.Context(), "admin", "wrong", "here"); {
				case errors.Is(err, access.ErrWrong):
					wrong.Add(1)
					return
				case errors.Is(err, access.ErrWait):
					wait.Add(1)
					return
				case !errors.Is(err, access.ErrBusy): // is told to come back
					t.Error(err)
					return
				}
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 8 || wait.Load() != 22 {
		t.Errorf("of 30 wrong passwords at once %d were looked at and %d told to wait", wrong.Load(), wait.Load())
	}
	again, err := access.NewDoor(l) // a restart forgives nobody
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.SignIn(t.Context(), "admin", "correct horse", "here"); !errors.Is(err, access.ErrWait) {
		t.Errorf("started again the door lets in: %v", err)
	}
	if _, err := door.SignIn(t.Context(), "admin", "correct horse", "here"); !errors.Is(err, access.ErrWait) {
		t.Errorf("after eight wrong passwords even the right one must wait: %v", err)
	}
	if _, err := door.SignIn(t.Context(), "admin", "correct horse", "elsewhere"); err != nil {
		t.Errorf("guessing here keeps out the person there: %v", err)
	}
	now = now.Add(6 * time.Minute)
	if err := access.SetPassword(l, c.Actor, "admin", "another horse", false); err != nil {
		t.Fatal(err)
	}
	if _, err := door.SignIn(t.Context(), "admin", "correct horse", "here"); !errors.Is(err, access.ErrWrong) {
		t.Errorf("the old password: %v", err)
	}
	if _, err := door.SignIn(t.Context(), "admin", "another horse", "here"); err != nil {
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

// Who guesses at many accounts from one address, or at one account from many addresses, has to wait; the account's person does not, where
// it has signed in before.
func TestDoorSlowsAccountsAndAddresses(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccounts(l, journal.Console, newcomer("person", "correct horse"), "", true); err != nil {
		t.Fatal(err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := door.SignIn(t.Context(), "person", "correct horse", "home"); err != nil {
		t.Fatal(err)
	}
	looked := 0
	for i := range 70 {
		if _, err := door.SignIn(t.Context(), "nobody"+strconv.Itoa(i), "wrong", "crowd"); errors.Is(err, access.ErrWrong) {
			looked++
		}
	}
	if looked != 60 {
		t.Errorf("%d guesses of one address were looked at", looked)
	}
	if _, err := door.SignIn(t.Context(), "person", "correct horse", "crowd"); !errors.Is(err, access.ErrWait) {
		t.Errorf("from that address: %v", err)
	}
	looked = 0
	for i := range 110 {
		if _, err := door.SignIn(t.Context(), "person", "wrong", "address "+strconv.Itoa(i)); errors.Is(err, access.ErrWrong) {
			looked++
		}
	}
	if looked != 100 {
		t.Errorf("%d guesses at one account were looked at", looked)
	}
	if _, err := door.SignIn(t.Context(), "person", "correct horse", "a new place"); !errors.Is(err, access.ErrWait) {
		t.Errorf("from a new address: %v", err)
	}
	if _, err := door.SignIn(t.Context(), "person", "correct horse", "home"); err != nil {
		t.Errorf("others' guesses keep the person out at home: %v", err)
	}
	now = now.Add(2 * time.Hour)
	if _, err := door.SignIn(t.Context(), "person", "correct horse", "a new place"); err != nil {
		t.Errorf("two hours later: %v", err)
	}
}

// Few wait at the door, of one address fewer still; who has left is not looked at, and is not counted.
func TestDoorIsNotCrowded(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccounts(l, journal.Console, newcomer("person", "correct horse"), "", true); err != nil {
		t.Fatal(err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	free := door.Occupy() // nobody's hash is worked out for now
	const crowd, wait = 40, 6
	answers := make(chan error, crowd+1)
	for i := range crowd {
		go func() {
			_, err := door.SignIn(t.Context(), "stranger"+strconv.Itoa(i), "wrong", "crowd")
			answers <- err
		}()
	}
	for range crowd - wait {
		if err := <-answers; !errors.Is(err, access.ErrBusy) {
			t.Errorf("one of a crowd is told %v", err)
		}
	}
	own := make(chan error)
	go func() {
		_, err := door.SignIn(t.Context(), "person", "correct horse", "home")
		own <- err
	}()
	free()
	if err := <-own; err != nil {
		t.Errorf("beside a crowd: %v", err)
	}
	for range wait {
		if err := <-answers; !errors.Is(err, access.ErrWrong) {
			t.Errorf("one who waited is told %v", err)
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	for range 20 {
		switch _, err := door.SignIn(left, "person", "wrong", "gone"); {
		case errors.Is(err, context.Canceled), errors.Is(err, access.ErrWrong): // a free slot is taken all the same
		case errors.Is(err, access.ErrWait):
		default:
			t.Fatalf("who has left: %v", err)
		}
	}
}

// Names and passwords of any length are taken for wrong ones, and nothing of them is kept.
func TestDoorKeepsNothingLong(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"", "a\x00b", strings.Repeat("甲", 33), strings.Repeat("x", 1<<20)} {
		if _, err := door.SignIn(t.Context(), name, strings.Repeat("y", 1<<20), "here"+strconv.Itoa(i)); !errors.Is(err, access.ErrWrong) {
			t.Errorf("%.10q: %v", name, err)
		}
	}
	if err := l.Store().View(func(r store.Reader) error {
		for key := range r.Scan("door", "", "") {
			if len(key) > 200 {
				t.Errorf("a key of %d bytes is kept", len(key))
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What whoever guesses tries first is no password; neither is what says the account or its place.
func TestPasswords(t *testing.T) {
	of := access.Whose{Account: "kj-yuxin", Places: []string{"锦州市", "义县", "育新村"}}
	for _, bad := range []string{"short", "12345678", "password", "Password1!", "        ", "88888888", "11112222", "19801212", "13800138000",
		"qwertyuiop",
		"1qaz2wsx", "woaini1314", "woaini520", "5201314520", "a123456789", "aa123456", "admin123", "Admin@2026", "wang1234", "zhangsan88",
		"qq123456",
		"kjyuxin1", "kj-yuxin2026", "jinzhou123", "yixian2026", "yuxincun1", "义县2026年12月", "锦州市12345", "sanbian1", "sanbian2026", "iloveyou1",
		"!!!!!!!!",
		strings.Repeat("x", 129)} {
		if err := access.CheckPassword(bad, of); journal.CodeOf(err) != journal.Invalid {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"correct horse", "sanbian-demo", "玉米地里有三只鸡", "r7Gq-t2Lm", "dongjie laowang de yu", "2026年玉米收了三千斤",
		"kuaiji-yumi-83"} {
		if err := access.CheckPassword(good, of); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// The second step takes each one-time code once, within half a minute of its time; each recovery code once, also after a restart; and slows
// whoever guesses.
func TestSecondStep(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l := open(t, &now)
	if err := access.AddAccounts(l, journal.Console, newcomer("person", "correct horse"), "", true); err != nil {
		t.Fatal(err)
	}
	who, err := l.Actor("person")
	if err != nil {
		t.Fatal(err)
	}
	secret, address, err := access.SecretFor("person", "")
	if err != nil || !strings.HasPrefix(address, "otpauth://totp/") {
		t.Fatal(address, err)
	}
	if same, _, err := access.SecretFor("person", secret); err != nil || same != secret {
		t.Errorf("shown again it is another secret: %v", err)
	}
	code := func(at time.Time) string {
		c, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if _, err := access.SetSecond(l, who, secret, "000000"); !errors.Is(err, access.ErrCode) {
		t.Errorf("set without a code: %v", err)
	}
	recovery, err := access.SetSecond(l, who, secret, code(now)[:3]+" "+code(now)[3:])
	if err != nil || len(recovery) != 8 {
		t.Fatal(recovery, err)
	}
	door, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	c, err := door.SignIn(t.Context(), "person", "correct horse", "here")
	if err != nil || c.Second != secret {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name, code string
		want       error
	}{
		{"of a minute ago", code(now.Add(-61 * time.Second)), access.ErrCode},
		{"a clock half a minute slow", code(now.Add(-30 * time.Second)), nil},
		{"now", code(now), nil},
		{"once more", code(now), access.ErrCode},
		{"nothing", "", access.ErrCode},
		{"a recovery code", strings.ToUpper(recovery[0]), nil},
		{"the same", recovery[0], access.ErrCode},
		{"another, without its line", strings.ReplaceAll(recovery[1], "-", " "), nil},
	} {
		if err := door.Second(c, step.code); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
	}
	again, err := access.NewDoor(l)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Second(c, recovery[0]); !errors.Is(err, access.ErrCode) {
		t.Errorf("started again a recovery code is good once more: %v", err)
	}
	for range 8 {
		_ = again.Second(c, "123456")
	}
	if err := again.Second(c, recovery[2]); !errors.Is(err, access.ErrWait) {
		t.Errorf("guessing goes on: %v", err)
	}
	now = now.Add(6 * time.Minute)
	if err := again.Second(c, code(now)); err != nil {
		t.Errorf("six minutes later: %v", err)
	}
}
