package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

// leastRoom is how little room on the disk makes a server say that it is not ready, in bytes.
const leastRoom = 64 << 20

// checks are what a server needs of its machine.
func (o *options) checks(b *books) []server.Check {
	return []server.Check{{Name: "disk", Do: o.diskTakes}, {Name: "key", Do: func() error { return o.keyStays(b.key) }}}
}

// diskTakes writes a little, and looks at the room that is left.
func (o *options) diskTakes() error {
	f, err := os.CreateTemp("", "ready-") // in the data folder
	if err != nil {
		return err
	}
	_, err = f.WriteString("ready")
	if err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name())); err != nil {
		return err
	}
	room, err := store.Room(o.data)
	if err == nil && room < leastRoom {
		err = fmt.Errorf("only %d bytes are free", room)
	}
	return err
}

// keyStays looks whether the key would be there at the next start.
func (o *options) keyStays(key *seal.Key) error {
	if o.keyCommand != "" {
		return nil // asking for it may need a person
	}
	there, err := seal.Load(o.keyFile())
	if err == nil && there.Text() != key.Text() {
		err = errors.New("the key file has another key")
	}
	return err
}
