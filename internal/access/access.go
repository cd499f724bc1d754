// Package access lets people in: passwords, sign-in, and sessions kept in the store.
package access

import (
	"crypto/rand"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

// Newcomer is an account to open, with its password.
type Newcomer struct {
	office.AddAccount
	Password string
}

// AddAccounts opens accounts together, all or none. Their people have to change the passwords at the first sign-in; with keep they stay,
// for scripts.
func AddAccounts(l *journal.Ledger, by journal.Actor, list []Newcomer, request string, keep bool) error {
	p := journal.Posting{Request: request}
	for _, a := range list {
		of, err := whose(l, a.Name, a.Region)
		if err != nil {
			return err
		}
		e := a.AddAccount
		if e.Hash, err = Hash(a.Password, of); err != nil {
			return err
		}
		e.First = !keep
		p.Entries = append(p.Entries, &e)
	}
	_, err := l.Post(by, p)
	return err
}

// MadePassword is a password that nobody chose: twelve small letters and digits, none of which is taken for another.
func MadePassword() string { return strings.ToLower(rand.Text()[:12]) }

// SetPassword replaces an account's password. One that somebody else has set is to be changed at the next sign-in; with keep it stays.
func SetPassword(l *journal.Ledger, by journal.Actor, name, password string, keep bool) error {
	account, err := l.Actor(name)
	if err != nil {
		return err
	}
	of, err := whose(l, name, account.Region)
	if err != nil {
		return err
	}
	hash, err := Hash(password, of)
	if err != nil {
		return err
	}
	_, err = l.Post(by, journal.Posting{Entries: []journal.Entry{&office.SetPassword{Account: name, Home: account.Region, Hash: hash,
		First: !keep && name != by.Account}}})
	return err
}
