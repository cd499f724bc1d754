package plan

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// Ground is something that a plan's figures stand on, up to a day. Nothing may change it while the plan stands: Guard refuses what would.
type Ground struct {
	_     struct{} `cbor:",toarray"`
	What  Base
	Of    string
	Until journal.Date // "" where it is no matter of days
}

// Base is a sort of grounds. Who changes something of the sort asks Guard first; there is no other list of cases.
type Base string

// The sorts.
const (
	Balances   Base = "balances"   // of a class: who held how much, and since when
	Membership Base = "membership" // of an entity: who held any of its shares in the plan's year
	Traded     Base = "traded"     // with an entity
	Accounts   Base = "accounts"   // of an entity's members: what was quantified to them
	Round      Base = "round"      // another plan of the year
	Funds      Base = "funds"      // of a book: its opening, what is set aside, the charter's reserve
	Apart      Base = "apart"      // money that stands apart, of a plan that gives it out: what would take it away is refused by its balance
)

// Grounds tells what a plan stands on: what it noted when it was submitted; of plans of older programs what their parts say.
func (d Distribution) Grounds(r store.Reader) []Ground {
	if len(d.StandsOn) > 0 {
		return d.StandsOn
	}
	submitted := uint64(0)
	for _, s := range d.Steps {
		if s.State == Submitted {
			submitted = s.Entry
		}
	}
	return GroundsOf(r, d, func(other Distribution) bool {
		return other.Committed() && slices.ContainsFunc(other.Steps, func(s Step) bool { return s.State == Submitted && s.Entry < submitted })
	})
}

// GroundsOf works out what a plan stands on; standing tells which other plans it takes into account.
func GroundsOf(r store.Reader, d Distribution, standing func(Distribution) bool) []Ground {
	list := d.ofParts()
	for _, other := range DistributionTable.Scan(r, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID != d.ID && standing(other) && d.TakesIn(other) {
			list = append(list, Ground{What: Round, Of: other.ID})
		}
	}
	return list
}

// ofParts are the grounds that follow from a plan's parts alone: all but the other rounds.
func (d Distribution) ofParts() (list []Ground) {
	add := func(what Base, of string, until journal.Date) {
		if g := (Ground{What: what, Of: of, Until: until}); !slices.Contains(list, g) {
			list = append(list, g)
		}
	}
	if d.Fund == "" {
		add(Funds, d.Book, journal.YearEnd(d.Year))
	} else {
		add(Apart, d.Book, "")
	}
	for _, p := range d.Components {
		switch {
		case p.Rule == ByAccount:
			add(Accounts, d.Entity, d.RecordDate)
			add(Balances, d.Entity, d.RecordDate)
		case p.Rule == Patronage:
			until := journal.YearEnd(d.Year)
			if d.Interim {
				until = min(until, d.RecordDate)
			}
			add(Traded, d.Entity, until)
			_, to := d.Period()
			add(Membership, d.Entity, max(to, p.MemberTo, p.MemberFrom))
		case p.ReadsAll():
			add(Balances, d.Entity, d.RecordDate)
		case p.Class != "":
			add(Balances, p.Class, d.RecordDate)
		}
	}
	return list
}

// Period is the part of a plan's year that its holders' days and members count in: its first day to the record date, or to its last day.
func (d Distribution) Period() (from, to journal.Date) {
	return journal.Date(journal.Number(d.Year, 4) + "-01-01"), min(d.RecordDate, journal.YearEnd(d.Year))
}

// Precedes tells whether a plan has to be submitted before another one of its year: a first round before the final one that counts it,
// guarantees before the final excess over them.
func (d Distribution) Precedes(other Distribution) bool {
	return !other.Interim && slices.ContainsFunc(other.Components, func(o Component) bool {
		return slices.ContainsFunc(d.Components, func(p Component) bool {
			return d.Interim && p.SameTrade(o) || p.Rule.Guarantee() && o.Rule == Excess
		})
	})
}

// TakesIn tells whether a plan's figures follow from those of another one of its year: a final round from what first ones gave back by the
// same measure, an excess over a fixed sum from the guarantees and excesses before it.
func (d Distribution) TakesIn(other Distribution) bool {
	for _, p := range d.Components {
		for _, o := range other.Components {
			switch {
			case !d.Interim && p.SameTrade(o), // a first round, or the final one that has settled it
				p.Rule == Excess && (o.Rule.Guarantee() || o.Rule == Excess):
				return true
			}
		}
	}
	return false
}

// Undercutting lists the plans that stand on something that is to change from a day on. Of a class the balances of its entity's classes
// together stand for it, too.
func Undercutting(r store.Reader, what Base, of string, on journal.Date) (list []Distribution) {
	entity := of
	if what != Funds {
		entity = journal.EntityID.In(of)
	}
	prefix := journal.DistributionID.Front(entity)
	if what == Funds {
		prefix = string(journal.PlaceOf(of))
	}
	for _, d := range DistributionTable.Scan(r, prefix) {
		if !d.Committed() {
			continue
		}
		grounds := d.StandsOn
		if len(grounds) == 0 && what != Round { // of an older program: every movement asks, and need not look for its rounds
			grounds = d.ofParts()
		} else if len(grounds) == 0 {
			grounds = d.Grounds(r)
		}
		if slices.ContainsFunc(grounds, func(g Ground) bool {
			same := g.Of == of || g.Of == entity || of == entity && journal.EntityID.In(g.Of) == entity
			return g.What == what && same && (g.Until == "" || on <= g.Until)
		}) {
			list = append(list, d)
		}
	}
	return list
}

// Guard refuses a change, from a day on, of something that a submitted plan stands on, in the words of a conflict at a field.
func Guard(r store.Reader, f *journal.Faults, field string, value any, what Base, of string, on journal.Date) {
	if list := Undercutting(r, what, of, on); len(list) > 0 {
		Refuse(r, f, field, value, list[0], what, on)
	}
}

// Refuse refuses a change of what a plan stands on, from a day on, naming the plan.
func Refuse(r store.Reader, f *journal.Faults, field string, value any, d Distribution, what Base, on journal.Date) {
	args := []any{journal.Call(r, d.ID), strconv.Itoa(d.Year), d.ID}
	text := ""
	switch what {
	case Balances:
		text = "%s %s 年分红(%s)已经提交或审核,它按登记日的名册算;%s 的变动会改变它"
	case Membership:
		text = "%s %s 年分红(%s)已经提交或审核,它只返还给那一年的成员;%s 的变动会改变谁是成员"
	case Traded:
		text = "%s %s 年分红(%s)已经提交或审核,它按成员的交易返还;%s 的交易不能再改"
	case Accounts:
		text = "%s %s 年分红(%s)已经提交或审核,它按成员账户分;%s 的量化会改变它"
	case Round:
		text = "%s %s 年分红(%s)已经提交或审核,它是接着这一次算的;请先作废它"
	case Funds:
		text = "%s %s 年分红(%s)已经按现在的可分配数提交或审核,不能再改"
	}
	if what != Round && what != Funds {
		args = append(args, string(on))
	}
	f.Add(journal.Conflict, field, value, text, args...)
}
