package access

import (
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// session is a signed-in person's data under the hash of the cookie's token.
type session struct {
	_    struct{} `cbor:",toarray"`
	Data []byte
	Ends int64 // Unix seconds
}

var sessions = store.Table[session]("session")

// Sessions keeps who is signed in, in the store: a restart signs nobody out. It has the methods that the session library asks of a store;
// tokens come hashed.
type Sessions struct {
	Store store.Store
	Clock func() time.Time
}

// SessionsOf keeps the sessions of the people of a ledger in its store, by a clock.
func SessionsOf(l *journal.Ledger, clock func() time.Time) Sessions {
	return Sessions{l.Store(), clock}
}

// Find returns a session's data, unless it has ended.
func (s Sessions) Find(token string) (data []byte, found bool, err error) {
	err = s.Store.View(func(r store.Reader) error {
		v, ok := sessions.Get(r, token)
		if ok && s.Clock().Unix() < v.Ends {
			data, found = v.Data, true
		}
		return nil
	})
	return data, found, err
}

// Commit keeps a session until it ends, and forgets those that have ended.
func (s Sessions) Commit(token string, data []byte, ends time.Time) error {
	return s.Store.Update(func(tx *store.Tx) error {
		now := s.Clock().Unix()
		var over []string
		for k, v := range sessions.Scan(tx, "") {
			if v.Ends <= now {
				over = append(over, k)
			}
		}
		for _, k := range over {
			sessions.Delete(tx, k)
		}
		sessions.Put(tx, token, session{Data: data, Ends: ends.Unix()})
		return nil
	})
}

// Delete ends a session.
func (s Sessions) Delete(token string) error {
	return s.Store.Update(func(tx *store.Tx) error {
		sessions.Delete(tx, token)
		return nil
	})
}
