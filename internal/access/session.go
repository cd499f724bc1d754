package access

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// session is a signed-in person's data under the hash of the cookie's token.
type session struct {
	_    struct{} `cbor:",toarray"`
	Data []byte
	Ends int64 // Unix seconds
}

func init() { journal.Beside(string(sessions), string(doorTable)) }

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

// Where a session keeps what the program must know of it.
const (
	AccountKey = "account" // the name of the account that signed in
	SinceKey   = "since"   // the entry that set its password
	NumberKey  = "number"  // of the session, by which its person names it
	BeganKey   = "began"   // Unix seconds
	RoleKey    = "role"    // the duty that its person chose last
	RegionKey  = "region"  // where that is done
	SeenKey    = "seen"    // Unix seconds, of the last request, at most SeenEvery ago
	FromKey    = "from"    // the address that it was begun from
	AgentKey   = "agent"   // the browser that it was begun with
)

// SeenEvery is how often it is written down that a session is still used.
const SeenEvery = time.Minute

// Session is a place where somebody is signed in.
type Session struct {
	Number, From, Agent string
	Began, Seen         time.Time
}

// Of lists where an account is signed in, the last used first. idle is how long nothing may be asked before a session is over, 0 for ever.
func (s Sessions) Of(account string, idle time.Duration) (list []Session, err error) {
	err = s.each(func(_ string, ends time.Time, values map[string]any) {
		x := sessionOf(values)
		if values[AccountKey] == account && s.Clock().Before(ends) && (idle == 0 || s.Clock().Sub(x.Seen) < idle) {
			list = append(list, x)
		}
	})
	slices.SortFunc(list, func(a, b Session) int { return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Number, b.Number)) })
	return list, err
}

// End ends an account's session of a number, or all of its sessions where the number is "".
func (s Sessions) End(account, number string) error {
	var over []string
	if err := s.each(func(token string, _ time.Time, values map[string]any) {
		if values[AccountKey] == account && (number == "" || values[NumberKey] == number) {
			over = append(over, token)
		}
	}); err != nil {
		return err
	}
	return s.Store.Update(func(tx *store.Tx) error {
		for _, token := range over {
			sessions.Delete(tx, token)
		}
		return nil
	})
}

// each goes through all sessions; one that cannot be read is nobody's.
func (s Sessions) each(f func(token string, ends time.Time, values map[string]any)) error {
	return s.Store.View(func(r store.Reader) error {
		for token, row := range sessions.Scan(r, "") {
			if _, values, err := (scs.GobCodec{}).Decode(row.Data); err == nil {
				f(strings.Clone(token), time.Unix(row.Ends, 0), values) // keys are the store's own, and gone with the look at it
			}
		}
		return nil
	})
}

func sessionOf(values map[string]any) (x Session) {
	text := func(key string) string { t, _ := values[key].(string); return t }
	at := func(key string) time.Time { n, _ := values[key].(int64); return time.Unix(n, 0) }
	return Session{Number: text(NumberKey), From: text(FromKey), Agent: text(AgentKey), Began: at(BeganKey), Seen: at(SeenKey)}
}
