// Package access lets people in: passwords, sign-in, and sessions kept in the store.
package access

import (
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// MinPassword is the least number of characters of a password.
const MinPassword = 8

// hashing is as RFC 9106 recommends where memory is scarce: 64 MiB, three passes.
var hashing = &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// AddAccount opens an account with a password.
func AddAccount(l *journal.Ledger, by journal.Actor, name string, role journal.Role, place region.Code, password string) error {
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	_, err = l.Post(by, journal.Posting{Entries: []journal.Entry{&office.AddAccount{Name: name, Role: role, Region: place, Hash: hash}}})
	return err
}

// SetPassword replaces an account's password.
func SetPassword(l *journal.Ledger, by journal.Actor, name, password string) error {
	of, err := l.Actor(name)
	if err != nil {
		return err
	}
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	_, err = l.Post(by, journal.Posting{Entries: []journal.Entry{&office.SetPassword{Account: name, Home: of.Region, Hash: hash}}})
	return err
}

// Hash returns the argon2id hash of a password; Invalid when it is shorter than MinPassword.
func Hash(password string) (string, error) {
	if utf8.RuneCountInString(password) < MinPassword {
		return "", &journal.Error{Code: journal.Invalid, Field: "password", Text: "密码至少要 8 个字符"}
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
	maxNames = 10_000
)

// Door checks passwords. It slows down guessing, account by account and place by place, and lets only a few hashes be worked out at once,
// since each takes 64 MiB.
type Door struct {
	ledger *journal.Ledger
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
func NewDoor(l *journal.Ledger) (*Door, error) {
	dummy, err := Hash("no account has this password")
	return &Door{ledger: l, slots: make(chan struct{}, 2), dummy: dummy, wrong: map[string]attempts{}}, err
}

// try counts an attempt before it is looked at, so that many at once cannot slip through; it tells whether there were too many.
func (d *Door) try(who string, now time.Time) (ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.wrong) > maxNames { // made-up names must not fill the memory
		for name, tries := range d.wrong {
			if now.Sub(tries.last) >= pause {
				delete(d.wrong, name)
			}
		}
	}
	tries := d.wrong[who]
	if now.Sub(tries.last) >= pause {
		tries.count = 0
	}
	if tries.count >= maxWrong {
		return false
	}
	d.wrong[who] = attempts{tries.count + 1, now}
	return true
}

// SignIn returns the credential of the account whose name and password are given; ErrWrong, or ErrWait after too many wrong tries from the
// same place: somebody who guesses elsewhere keeps nobody out. A name that does not exist takes as long as a wrong password.
func (d *Door) SignIn(name, password, from string) (journal.Credential, error) {
	now := d.ledger.Now()
	who := name + "\x00" + from
	if !d.try(who, now) {
		return journal.Credential{}, ErrWait
	}
	c, err := d.ledger.Credential(name)
	known := err == nil
	if !known && journal.CodeOf(err) != journal.Forbidden {
		return journal.Credential{}, err
	}
	if !known {
		c.Hash = d.dummy
	}
	d.slots <- struct{}{}
	match, err := argon2id.ComparePasswordAndHash(password, c.Hash)
	<-d.slots
	if err != nil {
		return journal.Credential{}, err
	}
	if !known || !match {
		return journal.Credential{}, ErrWrong
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.wrong, who)
	return c, nil
}
