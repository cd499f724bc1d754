package register

import (
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// changes are what somebody's shares of an entity, of all its classes together, became more or less by, by day. Members of a specialised
// cooperative are those who hold any.
type changes map[journal.Date]money.Quantity

// changesOf are the changes of an entity's holders; of one where it is not "".
func changesOf(r store.Reader, entity, holder string) map[string]changes {
	all := map[string]changes{}
	for id := range classes.Scan(r, journal.ClassID.Front(entity)) {
		for k, m := range movements.Scan(r, id+holder) {
			at := MovementKey(k)
			of := all[at.Holder()]
			if of == nil {
				of = changes{}
				all[at.Holder()] = of
			}
			of[at.Date()] += m.Quantity
		}
	}
	return all
}

// held tells whether any shares were held on some day of a period, and whether they were on every one. Who gives away the last of them on a
// day is a member on it, and no more from the next one on.
func (x changes) held(from, to journal.Date) (some, always bool) {
	var held money.Quantity
	always = true
	judge := func(member bool) { some, always = some || member, always && member }
	next := from // the first day that has not been judged
	for _, day := range slices.Sorted(maps.Keys(x)) {
		if day > to {
			break
		}
		if day < from {
			held += x[day]
			continue
		}
		if next < day {
			judge(held > 0)
		}
		before := held
		held += x[day]
		judge(before > 0 || held > 0)
		next = day.Plus(1)
	}
	if next <= to {
		judge(held > 0)
	}
	return some, always
}

// counts tells whether somebody with these changes is one of those a component by trade is for, in a period.
func (x changes) counts(part plan.Component, from, to journal.Date) bool {
	if some, _ := x.held(from, to); !some {
		return false
	}
	if from, to = part.MemberThrough(); to == "" {
		return true
	}
	_, always := x.held(from, to)
	return always
}

// MembersFor are those whom a component by trade is for, in a period.
func MembersFor(r store.Reader, entity string, part plan.Component, from, to journal.Date) map[string]bool {
	members := map[string]bool{}
	for holder, x := range changesOf(r, entity, "") {
		if x.counts(part, from, to) {
			members[holder] = true
		}
	}
	return members
}

// HoldersOn tells of everybody who ever held any of an entity's shares whether they do at the end of a day.
func HoldersOn(r store.Reader, entity string, on journal.Date) map[string]bool {
	held := map[string]money.Quantity{}
	for id := range classes.Scan(r, journal.ClassID.Front(entity)) {
		for k, m := range movements.Scan(r, id) {
			at := MovementKey(k)
			if held[at.Holder()] += 0; at.Date() <= on {
				held[at.Holder()] += m.Quantity
			}
		}
	}
	holders := make(map[string]bool, len(held))
	for holder, q := range held {
		holders[holder] = q > 0
	}
	return holders
}

// changesMembers tells whether a movement of somebody's shares changes whom a plan's components by trade are for.
func changesMembers(r store.Reader, d plan.Distribution, holder string, by money.Quantity, on journal.Date) bool {
	from, to := d.Period()
	now := changesOf(r, d.Entity, holder)[holder]
	then := changes{}
	maps.Copy(then, now)
	then[on] += by
	return slices.ContainsFunc(d.Components, func(part plan.Component) bool {
		return part.Rule == plan.Patronage && now.counts(part, from, to) != then.counts(part, from, to)
	})
}
