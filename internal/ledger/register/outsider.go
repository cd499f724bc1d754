package register

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Outsiders tells of the holders of a collective's shares on a day who is no member (非成员): whoever comes from outside, another
// organisation, and a household of whose people somebody was a member and nobody is any more or has kept rights. Heirs are none: what they
// inherited stays theirs. Of a household that the list of members does not name nothing is known.
func Outsiders(r store.Reader, open seal.Opener, collective string, on journal.Date) func(Shareholder) bool {
	was, is := map[string]bool{}, map[string]bool{}
	for _, m := range memberships.Scan(r, journal.MembershipID.Front(collective)) {
		switch {
		case m.Household == "" || m.Void != 0:
		case m.On(on), m.Until != "" && on <= m.Until, m.Cause == deathCause: // what the dead held waits for their heirs
			is[m.Household] = true
		case m.Lost != "":
			was[m.Household] = true
		}
	}
	all := CollectivesOf(r, open)
	own, _ := entities.Get(r, collective)
	return func(s Shareholder) bool {
		switch {
		case !s.Kind.Personal() && all.BookOf(s) == own.Book():
			return false
		case s.Kind.Personal() && (is[s.ID] || !was[s.ID]):
			return false
		}
		return s.Kind == Company || s.Kind == Collective || !inherited(r, collective, s.ID) // organisations inherit nothing
	}
}

// inherited tells whether all that a holder ever got of an entity's shares was inherited.
func inherited(r store.Reader, entity, holder string) bool {
	some := false
	for id := range classes.Scan(r, journal.ClassID.Front(entity)) {
		for _, m := range movements.Scan(r, id+holder) {
			if m.Quantity > 0 && m.Why != Inheritance {
				return false
			}
			some = some || m.Quantity > 0
		}
	}
	return some
}
