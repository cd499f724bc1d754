package dividend

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// ownLot is a part of a holding: shares that have been in since one day, and what was put in for them. Days are the shares' own: they go
// along in every movement between holders, the oldest first, and end when shares are taken back. So the weights of a class do not depend on
// who held it when. (From the second rules of figures on; by the first, each holder had days of its own.)
type ownLot struct {
	since journal.Date
	units money.Quantity
	value money.Yuan // what was contributed for them, where the class has no price
}

// lotsOf works out the lots of each holder of a class at the end of a day.
func lotsOf(r store.Reader, class register.ShareClass, on journal.Date) map[string][]ownLot {
	contributed := map[uint64]money.Yuan{}
	for _, b := range register.ContributionTable.Scan(r, journal.ContributionID.Front(class.Entity())) {
		if b.Class == class.ID && b.Reversed == 0 {
			contributed[b.Entry] = b.Value
		}
	}
	l := lotBook{}
	events := stakeEvents(r, class, on)
	for len(events) > 0 {
		n := 1
		for n < len(events) && events[n].At.Day() == events[0].At.Day() {
			n++
		}
		l.day(events[:n], contributed)
		events = events[n:]
	}
	return l
}

// lotBook holds each holder's lots, the oldest first.
type lotBook map[string][]ownLot

// day follows the entries of one day in the order of their records. One that moves on what another of the day brings only later waits for
// it: a day is judged by its end.
func (l lotBook) day(events []stakeEvent, contributed map[uint64]money.Yuan) {
	var waiting [][]stakeEvent
	for len(events) > 0 {
		n := 1
		for n < len(events) && events[n].At.Entry() == events[0].At.Entry() {
			n++
		}
		waiting, events = append(waiting, events[:n]), events[n:]
	}
	for len(waiting) > 0 {
		next := max(0, slices.IndexFunc(waiting, l.covers))
		l.entry(waiting[next], contributed[waiting[next][0].At.Entry()])
		waiting = slices.Delete(waiting, next, next+1)
	}
}

// covers tells whether what an entry takes from holders is there.
func (l lotBook) covers(events []stakeEvent) bool {
	for _, e := range events {
		if e.Quantity < 0 && l.units(e.Holder) < -e.Quantity {
			return false
		}
	}
	return true
}

func (l lotBook) units(holder string) (sum money.Quantity) {
	for _, lot := range l[holder] {
		sum += lot.units
	}
	return sum
}

// between tells whether a movement hands shares on from holder to holder.
func between(m register.Movement) bool {
	return m.Cause == "TransferShares" || m.Cause == "DivideEstate"
}

// entry follows one entry: what it takes goes to who gets shares by it, or out of the class.
func (l lotBook) entry(events []stakeEvent, contributed money.Yuan) {
	var moved []ownLot
	var arrivals []stakeEvent
	for _, e := range events {
		if e.Quantity < 0 {
			moved = append(moved, l.take(e.Holder, -e.Quantity)...)
		} else if e.Quantity > 0 {
			arrivals = append(arrivals, e)
		}
	}
	slices.SortFunc(arrivals, func(a, b stakeEvent) int { return cmp.Compare(a.Holder, b.Holder) })
	pool := lotBook{"": moved}
	for _, e := range arrivals {
		if between(e.Movement) {
			l.put(e.Holder, pool.take("", e.Quantity)...)
			continue
		}
		l.put(e.Holder, ownLot{since: e.At.Date(), units: e.Quantity, value: contributed})
	}
}

// take takes so many shares from a holder, the oldest first; a part of a lot takes its part of the value along.
func (l lotBook) take(holder string, units money.Quantity) (taken []ownLot) {
	for units > 0 && len(l[holder]) > 0 {
		lot := &l[holder][0]
		if lot.units > units {
			part := ownLot{since: lot.since, units: units, value: proportion(lot.value, units, lot.units)}
			lot.units, lot.value, units = lot.units-units, lot.value-part.value, 0
			return append(taken, part)
		}
		taken, units = append(taken, *lot), units-lot.units
		l[holder] = l[holder][1:]
	}
	return taken
}

// put adds lots to a holder's, in the order of their days.
func (l lotBook) put(holder string, lots ...ownLot) {
	l[holder] = append(l[holder], lots...)
	slices.SortStableFunc(l[holder], func(a, b ownLot) int { return cmp.Compare(a.since, b.since) })
}

// dayWeight is what the lots weigh in a period: units × days, and value × days in 分.
func dayWeight(lots []ownLot, class register.ShareClass, from, to journal.Date) (units money.Quantity, value money.Yuan) {
	for _, lot := range lots {
		if first := max(lot.since, from); first <= to {
			days := to.DayNumber() - first.DayNumber() + 1
			units += lot.units * money.Quantity(days)
			value += lot.value * money.Yuan(days)
		}
	}
	if class.Price != 0 {
		value = money.FromDecimal(class.Price.Decimal().Mul(units.Decimal()))
	}
	return units, value
}

// Rules are the numbers of the rules that figures are worked out by. A submission carries its number; what it does not carry was worked out
// by the first. The code of every number stays: old plans are worked out and explained by theirs.
const (
	firstRules = 1
	// shareRules count the days of the shares, split an excess by largest remainder, leave out a part of it where the percentages do not come
	// to 100, keep unlike units apart, and take the law's 60 % of the year's surplus, rounded up.
	shareRules = 2
	// tradeRules take what a first round gave by trade off once: in the first part of the year's first final plan that settles the same trade.
	tradeRules  = 3
	latestRules = tradeRules
)

// rulesOf are the rules that a plan's figures are worked out by.
func rulesOf(d plan.Distribution) int {
	if !d.Committed() && d.State != plan.Voided {
		return latestRules
	}
	return max(firstRules, d.Rules)
}
