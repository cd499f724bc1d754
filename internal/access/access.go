// Package access lets people in: passwords, sign-in, and sessions kept in the store.
package access

import (
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
)

// MinPassword is the least number of characters of a password.
const MinPassword = 8

// hashing is as RFC 9106 recommends where memory is scarce: 64 MiB, three passes.
var hashing = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// AddAccount opens an account with a password.
func AddAccount(l *ledger.Ledger, by ledger.Actor, name string, role ledger.Role, place region.Code, password string) error {
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	_, err = l.Post(by, ledger.Posting{Entries: []ledger.Entry{&ledger.AddAccount{Name: name, Role: role, Region: place, Hash: hash}}})
	return err
}

// SetPassword replaces an account's password.
func SetPassword(l *ledger.Ledger, by ledger.Actor, name, password string) error {
	of, err := l.Actor(name)
	if err != nil {
		return err
	}
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	_, err = l.Post(by, ledger.Posting{Entries: []ledger.Entry{&ledger.SetPassword{Account: name, Home: of.Region, Hash: hash}}})
	return err
}

// Hash returns the argon2id hash of a password; Invalid when it is shorter than MinPassword.
func Hash(password string) (string, error) {
	if utf8.RuneCountInString(password) < MinPassword {
		return "", &ledger.Error{Code: ledger.Invalid, Field: "password", Text: "密码至少要 8 个字符"}
	}
	return argon2id.CreateHash(password, hashing)
}

// What sign-in may refuse.
var (
	ErrWrong = errors.New("account or password is wrong")
	ErrWait  = errors.New("too many wrong passwords")
)

// After so many wrong passwords in a row an account must wait before the next try is looked at.
const (
	maxWrong = 8
	pause    = 5 * time.Minute
)

// Door checks passwords. It slows down guessing, account by account, and lets only a few hashes be worked out at once, since each
// takes 64 MiB.
type Door struct {
	ledger *ledger.Ledger
	slots  chan struct{}
	dummy  string
	mu     sync.Mutex
	wrong  map[string]attempts
}

type attempts struct {
	count int
	last  time.Time
}

// NewDoor makes a door to a ledger.
func NewDoor(l *ledger.Ledger) (*Door, error) {
	dummy, err := Hash("no account has this password")
	return &Door{ledger: l, slots: make(chan struct{}, 2), dummy: dummy, wrong: map[string]attempts{}}, err
}

// mustWait tells whether an account has had too many wrong passwords lately; after the pause they are forgotten.
func (d *Door) mustWait(name string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	tries := d.wrong[name]
	if now.Sub(tries.last) >= pause {
		delete(d.wrong, name)
		return false
	}
	return tries.count >= maxWrong
}

// SignIn returns the actor whose account and password are given; ErrWrong, or ErrWait after too many wrong tries. A name that
// does not exist takes as long as a wrong password.
func (d *Door) SignIn(name, password string) (ledger.Actor, error) {
	now := d.ledger.Now()
	if d.mustWait(name, now) {
		return ledger.Actor{}, ErrWait
	}
	hash, err := d.ledger.PasswordHash(name)
	if err != nil {
		return ledger.Actor{}, err
	}
	known := hash != ""
	if !known {
		hash = d.dummy
	}
	d.slots <- struct{}{}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	<-d.slots
	if err != nil {
		return ledger.Actor{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !known || !match {
		if len(d.wrong) > 10_000 { // made-up names must not fill the memory
			clear(d.wrong)
		}
		d.wrong[name] = attempts{d.wrong[name].count + 1, now}
		return ledger.Actor{}, ErrWrong
	}
	delete(d.wrong, name)
	return d.ledger.Actor(name)
}
