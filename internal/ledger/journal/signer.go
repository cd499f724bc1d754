package journal

import (
	"slices"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// signers is what verify has seen of accounts: what each was for, and since when. An account stands in its home's chain and acts in
// others', which are gone through one after another: what cannot be said of a record yet is asked again at the end.
type signers struct {
	of    map[string][]standing // in order
	later []signature
}

// standing is what an account was for from a time on.
type standing struct {
	at     int64 // Unix milliseconds
	duties []Duty
	home   region.Code
}

// signature is by whom a record says that it was posted.
type signature struct {
	chain string
	rec   Record // without its body
	own   bool   // about the account itself, and of a kind for everybody's own
}

// see notes what a record makes of an account, and looks at who posted it. The tables are as the record has left them.
func (s *signers) see(tx *store.Tx, chain string, rec *Record, e Entry) {
	kind := kinds[rec.Kind]
	if kind.Own || slices.Contains(kind.Roles, Administrator) {
		s.note(tx, rec, e.Subject())
	}
	if rec.By == "" || kind.Follows {
		return
	}
	by := signature{chain: chain, rec: *rec, own: kind.Own && e.Subject() == rec.By}
	if by.rec.Body = nil; !s.may(by) {
		s.later = append(s.later, by)
	}
}

// note remembers what an account is for after a record.
func (s *signers) note(tx *store.Tx, rec *Record, name string) {
	a, ok := accounts.Get(tx, name)
	if !ok {
		return
	}
	now := standing{at: rec.At, home: a.Region}
	if !a.Closed {
		now.duties = a.Duties()
	}
	known := s.of[name]
	if n := len(known); n == 0 || !slices.Equal(known[n-1].duties, now.duties) {
		s.of[name] = append(known, now)
	}
}

// may tells whether an account could post a record at its time. Times of chains agree but for what a clock may have been set back.
func (s *signers) may(by signature) bool {
	slack := maxBack.Milliseconds()
	known := s.of[by.rec.By]
	for i, x := range known {
		if x.at > by.rec.At+slack || i+1 < len(known) && known[i+1].at < by.rec.At-slack {
			continue
		}
		if by.own && x.home == by.rec.Place && len(x.duties) > 0 {
			return true
		}
		if slices.ContainsFunc(x.duties, func(d Duty) bool { return d.Role == by.rec.Role && d.Region.Contains(by.rec.Place) }) {
			return true
		}
	}
	return false
}

// stranger is the first record, by the end, whose account could not have posted it.
func (s *signers) stranger() *Finding {
	for _, by := range s.later {
		if !s.may(by) {
			return &Finding{Chain: by.chain, Seq: by.rec.Seq, Reason: "says that it was posted by " + by.rec.By + " as " + string(by.rec.Role) +
				" of " + string(by.rec.Place) + ", which the account was not then"}
		}
	}
	return nil
}
