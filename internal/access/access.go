// Package access lets people in: passwords, sign-in, and sessions kept in the store.
package access

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// AddAccount opens an account with a password, which its person has to change at the first sign-in; with keep it stays, for scripts.
func AddAccount(l *journal.Ledger, by journal.Actor, name string, role journal.Role, place region.Code, password string, keep bool) error {
	of, err := whose(l, name, place)
	if err != nil {
		return err
	}
	hash, err := Hash(password, of)
	if err != nil {
		return err
	}
	_, err = l.Post(by, journal.Posting{Entries: []journal.Entry{&office.AddAccount{Name: name, Role: role, Region: place, Hash: hash,
		First: !keep}}})
	return err
}

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
