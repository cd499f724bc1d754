package journal

import (
	"slices"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// signers is what verify has seen of accounts: what each was for, and since when. An account stands in its home's chain and acts in
// others', which are gone through one after another: what cannot be said of a record yet is asked again at the end.
type signers struct {
	of    map[string][]Stood // in order
	later []signature
}

// Stood is what an account was for from a time on.
type Stood struct {
	_      struct{} `cbor:",toarray"`
	At     int64    // Unix milliseconds
	Duties []Duty   // none while it was closed
	Home   region.Code
	Entry  uint64 // the record of its chain that made it so
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
	if by.rec.Body = nil; may(s.of[rec.By], by) {
		return
	}
	g, _ := guestOf(tx, chain, rec)
	if !slices.ContainsFunc(g.Stood, func(stood []Stood) bool { return may(stood, by) }) {
		s.later = append(s.later, by)
	}
}

// note remembers what an account is for after a record.
func (s *signers) note(tx *store.Tx, rec *Record, name string) {
	a, ok := accounts.Get(tx, name)
	if !ok {
		return
	}
	now := Stood{At: rec.At, Home: a.Region, Entry: rec.Seq}
	if !a.Closed {
		now.Duties = a.Duties()
	}
	known := s.of[name]
	if n := len(known); n == 0 || !slices.Equal(known[n-1].Duties, now.Duties) {
		s.of[name] = append(known, now)
	}
}

// may tells whether an account that was for something could post a record at its time. Times of chains agree but for what a clock may have
// been set back.
func may(known []Stood, by signature) bool {
	slack := maxBack.Milliseconds()
	for i, x := range known {
		if x.At > by.rec.At+slack || i+1 < len(known) && known[i+1].At < by.rec.At-slack {
			continue
		}
		if by.own && x.Home == by.rec.Place && len(x.Duties) > 0 {
			return true
		}
		if slices.ContainsFunc(x.Duties, func(d Duty) bool { return d.Role == by.rec.Role && d.Region.Contains(by.rec.Place) }) {
			return true
		}
	}
	return false
}

// stranger is the first record, by the end, whose account could not have posted it.
func (s *signers) stranger() *Finding {
	for _, by := range s.later {
		if !may(s.of[by.rec.By], by) {
			return &Finding{Chain: by.chain, Seq: by.rec.Seq, Reason: "says that it was posted by " + by.rec.By + " as " + string(by.rec.Role) +
				" of " + string(by.rec.Place) + ", which the account was not then"}
		}
	}
	return nil
}
