package access

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/sanbian/ledger/internal/store"
)

// SessionLife is how long a sign-in lasts: a working day.
const SessionLife = 12 * time.Hour

// session is a signed-in person's data under the hash of the cookie's token.
type session struct {
	_    struct{} `cbor:",toarray"`
	Data []byte
	Ends int64 // Unix seconds
}

var sessions = store.Table[session]("session")

// Sessions keeps who is signed in, in the store: a restart signs nobody out. The cookie holds a random token, the store its hash.
func Sessions(s store.Store, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = SessionLife
	m.HashTokenInStore = true
	m.Cookie.Name = "sanbian"
	m.Cookie.SameSite = http.SameSiteStrictMode
	m.Cookie.Secure = secure
	m.Store = sessionStore{s}
	return m
}

type sessionStore struct{ store.Store }

func (s sessionStore) Find(token string) (data []byte, found bool, err error) {
	err = s.View(func(r store.Reader) error {
		v, ok := sessions.Get(r, token)
		if ok && time.Now().Unix() < v.Ends {
			data, found = v.Data, true
		}
		return nil
	})
	return data, found, err
}

func (s sessionStore) Commit(token string, data []byte, ends time.Time) error {
	return s.Update(func(tx *store.Tx) error {
		now := time.Now().Unix()
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

func (s sessionStore) Delete(token string) error {
	return s.Update(func(tx *store.Tx) error {
		sessions.Delete(tx, token)
		return nil
	})
}
