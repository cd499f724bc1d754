package income

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// Due is a sum that a contract makes due.
type Due struct {
	Date     journal.Date
	From, To journal.Date // what it is for; "" of a sum that was agreed by itself
	Amount   money.Yuan
	Paid     money.Yuan // of it, received
	Remitted money.Yuan // of it, let off
}

// Open is what is still to be received.
func (d Due) Open() money.Yuan { return d.Amount - d.Paid - d.Remitted }

// Late tells whether something of it is open, and should have come before a day.
func (d Due) Late(day journal.Date) bool { return d.Open() > 0 && d.Date < day }

// Long tells whether it is for more than a year: who books it says for which time it is.
func (d Due) Long() bool { return d.From != "" && d.To >= d.From.PlusYears(1) }

// In is what of the open sum counts in a year, received in it: all of it, or where it is for more than a year the year's part.
func (d Due) In(year int) (part money.Yuan) {
	if !d.Long() {
		return d.Open()
	}
	on := max(d.Date, journal.YearBegin(year))
	Income{Date: on, From: d.From, To: d.To, Amount: d.Open()}.byTime(func(y int, sum money.Yuan) {
		if y == year {
			part = sum
		}
	})
	return part
}

// Dues are all sums that a contract makes due, in the order of their days. What was received is held against the oldest first (民法典
// art. 560). Of an ended contract only what falls into its time is due.
func (c Contract) Dues() (list []Due) {
	for i, t := range c.Terms {
		last := t.To
		if i+1 < len(c.Terms) {
			last = min(last, c.Terms[i+1].From.Plus(-1))
		}
		if c.Ended != "" {
			last = min(last, c.Ended)
		}
		list = append(list, t.dues(last)...)
	}
	slices.SortStableFunc(list, func(a, b Due) int { return cmp.Compare(a.Date, b.Date) })
	received, remitted := max(0, c.Received), c.Remitted
	for i := range list {
		list[i].Paid = min(received, list[i].Amount)
		list[i].Remitted = min(remitted, list[i].Amount-list[i].Paid)
		received, remitted = received-list[i].Paid, remitted-list[i].Remitted
	}
	return list
}

// Owed is what of all that is due is open, be it due already or later on.
func (c Contract) Owed() (sum money.Yuan) {
	for _, d := range c.Dues() {
		sum += d.Open()
	}
	return sum
}

// Ahead is what was received beyond all that is due.
func (c Contract) Ahead() money.Yuan {
	rest := c.Received
	for _, d := range c.Dues() {
		rest -= d.Paid
	}
	return max(0, rest)
}

// RentsAfter are the rents that the terms bring after a day, each with the day on which it begins.
func (t Terms) RentsAfter(day journal.Date) (list []RentStep) {
	rent := t.RentOn(day)
	for _, s := range t.spells(t.behind(t.To)) {
		if now := t.RentOn(s.from); s.from > day && now != rent {
			rent = now
			list = append(list, RentStep{s.from, rent})
		}
	}
	return list
}

// Sums are what the terms make due in all their time.
func (t Terms) Sums() []Due { return t.dues(t.To) }

// dues are what terms make due, where they hold to a day.
func (t Terms) dues(last journal.Date) (list []Due) {
	if last < t.From {
		return nil
	}
	if len(t.Dues) > 0 {
		for _, d := range t.Dues {
			if last == t.To || d.Date <= last {
				list = append(list, Due{Date: d.Date, Amount: d.Amount})
			}
		}
		return list
	}
	behind := t.behind(t.To)
	for k := 0; ; k++ {
		from, next := t.From.PlusMonths(k*t.Months()), t.From.PlusMonths((k+1)*t.Months())
		if from >= behind || next <= from { // the calendar ends
			break
		}
		if t.Once {
			next = behind
		}
		due := from
		if t.First != "" {
			due = t.First.PlusMonths(k * t.Months())
		}
		list = append(list, Due{Date: due, From: from, To: min(next, behind).Plus(-1)})
		if t.Once {
			break
		}
	}
	spells, at := t.spells(behind), 0 // both lie one behind the other
	for _, s := range spells {
		for at+1 < len(list) && list[at].To < s.from {
			at++
		}
		s.divide(t.From, list[at:])
	}
	if last < t.To {
		list = cut(list, spells, last.Plus(1))
	}
	return slices.DeleteFunc(list, func(d Due) bool { return d.Amount == 0 })
}

// cut leaves of dues what is for the time before a day: those of times that were over stay as they were agreed, of the one that the day
// falls into there is the part before it.
func cut(list []Due, spells []spell, behind journal.Date) []Due {
	for i, d := range list {
		if d.To < behind {
			continue
		}
		if d.From >= behind {
			return list[:i]
		}
		whole := d.To.Plus(1)
		if d.Long() { // of several years each by itself: the rent may rise
			list[i].Amount = 0
			for _, s := range spells {
				if s.from >= d.From && s.from < behind {
					list[i].Amount += partOf(s.sum, s.from, s.behind, min(s.behind, behind))
				}
			}
		} else {
			list[i].Amount = partOf(d.Amount, d.From, whole, behind)
		}
		list[i].To = behind.Plus(-1)
		return list[:i+1]
	}
	return list
}

// behind is the day after the last for which rent is due. Terms that are written from a day to the same day of a later year are for whole
// years.
func (t Terms) behind(last journal.Date) journal.Date {
	if _, whole := monthsBetween(t.From, last); whole && last == t.To && last > t.From {
		return last
	}
	return last.Plus(1)
}

// Months is after how many it is due again.
func (t Terms) Months() int {
	return cmp.Or(t.Every, 12)
}

// risen is a rent after its rise, worked out from the rounded rent before.
func (t Terms) risen(rent money.Yuan) money.Yuan {
	return min(rent+t.RiseBy+rent.Percent(t.Rise), money.MaxYuan)
}

// spell is a time of which the rent is agreed as one sum: a year of the contract, or what of one lies on one side of a step.
type spell struct {
	from, behind journal.Date
	sum          money.Yuan
}

// spells are the years of the terms up to a day, each cut where the rent changes. What is not a whole year has its part: by months where
// it is whole months, else by days, rounded to the 分.
func (t Terms) spells(behind journal.Date) (list []spell) {
	rent, step := t.Rent, 0
	for y := 0; ; y++ {
		from, next := t.From.PlusMonths(12*y), t.From.PlusMonths(12*(y+1))
		if from >= behind || next <= from {
			return list
		}
		if y > 0 && t.RiseYears > 0 && y%t.RiseYears == 0 {
			rent = t.risen(rent)
		}
		whole := next.DayNumber() - from.DayNumber()
		for from < min(next, behind) {
			for step < len(t.Steps) && t.Steps[step].From <= from {
				rent = t.Steps[step].Rent
				step++
			}
			to := min(next, behind)
			if step < len(t.Steps) {
				to = min(to, t.Steps[step].From)
			}
			list = append(list, spell{from, to, t.yearPart(rent, from, to, whole)})
			from = to
		}
	}
}

// yearPart is what of a year's rent belongs to a part of a year of the contract.
func (t Terms) yearPart(rent money.Yuan, from, behind journal.Date, days int) money.Yuan {
	a, okA := monthsBetween(t.From, from)
	if b, okB := monthsBetween(t.From, behind); okA && okB {
		return share(rent, b-a, 12)
	}
	return share(rent, behind.DayNumber()-from.DayNumber(), days)
}

// partOf is what of a sum for a time belongs to the part of it before a day: by months where both are whole months, else by days.
func partOf(sum money.Yuan, from, whole, behind journal.Date) money.Yuan {
	all, okA := monthsBetween(from, whole)
	if part, okB := monthsBetween(from, behind); okA && okB {
		return share(sum, part, all)
	}
	return share(sum, behind.DayNumber()-from.DayNumber(), whole.DayNumber()-from.DayNumber())
}

// share is so many of so many parts of a sum, rounded half up to the 分.
func share(sum money.Yuan, part, all int) money.Yuan {
	if part == all {
		return sum
	}
	return money.Quotient(sum.Decimal().Mul(decimal.NewFromInt(int64(part))), int64(all))
}

// divide adds a spell's sum to the dues whose time it lies in, which follow each other: by months where all their parts of it are whole
// months, else by days.
func (s spell) divide(anchor journal.Date, dues []Due) {
	if len(dues) > 0 && dues[0].From <= s.from && dues[0].To >= s.behind.Plus(-1) {
		dues[0].Amount += s.sum
		return
	}
	var parts []int
	var weights []money.Weight
	byMonth := true
	for pass := range 2 {
		parts, weights = nil, nil
		for i, d := range dues {
			if d.From >= s.behind {
				break
			}
			from, behind := max(s.from, d.From), s.behind
			if d.To < s.behind { // which lies behind the spell's last day
				behind = d.To.Plus(1)
			}
			if from >= behind {
				continue
			}
			n := behind.DayNumber() - from.DayNumber()
			a, okA := monthsBetween(anchor, from)
			if b, okB := monthsBetween(anchor, behind); pass == 0 {
				byMonth = byMonth && okA && okB
				n = b - a
			}
			parts, weights = append(parts, i), append(weights, money.Weight{Key: journal.Number(i, 6), Amount: money.Quantity(n)})
		}
		if byMonth {
			break
		}
	}
	shares, err := money.Apportion(s.sum, weights)
	if err != nil {
		return // of nothing
	}
	for i, at := range parts {
		dues[at].Amount += shares[i].Amount
	}
}

// monthsBetween counts the months from a day to another, and whether they are whole: counted from the first day, so that those from a 31st
// on stay whole.
func monthsBetween(from, to journal.Date) (months int, whole bool) {
	y, m := to.Year()-from.Year(), to.Month()-from.Month()
	months = 12*y + m
	return months, from.PlusMonths(months) == to
}
