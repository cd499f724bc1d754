package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// stakes goes through the classes of a region and tells of each who held shares at the end of a year and of the one before, and how many.
// Shares of an entity that was dissolved by then are none. The end of the year that runs is today.
func stakes(books store.Reader, place region.Code, year int, today journal.Date,
	tell func(class string, holders map[string]atEnd, sum ClassSum)) {
	end, endBefore := strconv.Itoa(year)+"9999", strconv.Itoa(year-1)+"9999"
	if year == today.Year() {
		end = today.Key()
	}
	class, holder := "", ""
	var holders map[string]atEnd
	var sum ClassSum
	var q, qBefore money.Quantity
	var dissolved string // key of the day on which the class's entity was, "" while it stands
	endHolder := func() {
		var at atEnd
		if q > 0 {
			at |= now
		}
		if qBefore > 0 {
			at |= before
		}
		if at != 0 {
			holders[holder] |= at
		}
		sum.Issued, sum.IssuedBefore = sum.Issued+q, sum.IssuedBefore+qBefore
		q, qBefore = 0, 0
	}
	for k, m := range register.MovementTable.Scan(books, place.Prefix()) {
		at := register.MovementKey(k)
		if c, _ := journal.ClassID.Cut(k); c != class || at.Holder() != holder {
			if class != "" {
				endHolder()
			}
			if c != class {
				if class != "" {
					tell(class, holders, sum)
				}
				class, holders, sum = c, map[string]atEnd{}, ClassSum{}
				e, _ := register.EntityTable.Get(books, journal.EntityID.In(c))
				dissolved = e.Dissolved.Key()
			}
			holder = at.Holder()
		}
		if day := at.Day(); day <= end && (dissolved == "" || dissolved > end) {
			q += m.Quantity
		}
		if day := at.Day(); day <= endBefore && (dissolved == "" || dissolved > endBefore) {
			qBefore += m.Quantity
		}
	}
	if class != "" {
		endHolder()
		tell(class, holders, sum)
	}
}

// Stakeholder is one registration as the transformation of a region counts: at which of the two years' ends there were shares, and what of
// the shareholder and the persons of the household no earlier line has counted.
type Stakeholder struct {
	register.Shareholder
	Now, Before bool
	Holders     Counted // 0 where an earlier line has the same number
	Persons     Counted
	Listed      int  // as many persons as the household is registered with, where it is counted as a shareholder of the place
	Away        bool // registered elsewhere: it holds shares here, and is a shareholder of the place where it is registered
}

// StakeSums is what the lines of stakeholders come to at the year's end: shareholders of the place and who is in their households, as
// summaries count them, and those that are registered elsewhere.
type StakeSums struct {
	Lines, Here, Listed, Away int
}

// Stakeholders lists whom the transformation of a region and year counts, of one kind when it is not "": up to limit lines from the from-th
// on, and what all of them come to. What the lines count adds up to the transformation's figures.
func Stakeholders(v *journal.View, place region.Code, year int, kind register.HolderKind, from, limit int) (list []Stakeholder,
	sums StakeSums, err error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, sums, err
	}
	t := newTransformation(at, year)
	var away []string
	stakes(books, place, year, v.Today(), func(_ string, holders map[string]atEnd, _ ClassSum) {
		for h, at := range holders {
			if t.holders[h] == 0 && !place.Contains(journal.PlaceOf(h)) {
				away = append(away, h)
			}
			t.holders[h] |= at
		}
	})
	line := func(s register.Shareholder) {
		at := t.holders[s.ID]
		holders, persons := t.count(s)
		if at == 0 || kind != "" && s.Kind != kind {
			return
		}
		x := Stakeholder{Shareholder: s, Now: at&now != 0, Before: at&before != 0, Holders: holders, Persons: persons,
			Away: !place.Contains(s.Village())}
		switch {
		case x.Away:
			sums.Away += holders.Now
		case holders.Now > 0:
			x.Listed = s.People
			sums.Here, sums.Listed = sums.Here+1, sums.Listed+s.People
		}
		if sums.Lines++; sums.Lines > from && len(list) < limit {
			list = append(list, x)
		}
	}
	for _, s := range register.ShareholderTable.Scan(books, place.Prefix()) {
		line(s)
	}
	slices.Sort(away)
	for _, h := range away {
		s, _ := register.ShareholderTable.Get(books, h)
		line(s)
	}
	return list, sums, nil
}

// ClassStake is one share class as the transformation of a region counts it.
type ClassStake struct {
	register.ShareClass
	Issued, IssuedBefore   money.Quantity // at the end of the year and of the year before
	Capital, CapitalBefore money.Yuan     // contributed for it
}

// ClassStakes lists the share classes that make up one of a transformation's sums, by id: those of a kind and unit that had shares out, or
// capital, at either year's end.
func ClassStakes(v *journal.View, place region.Code, year int, kind register.ClassKind, unit register.Unit) ([]ClassStake, error) {
	books, _, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	byID := map[string]*ClassStake{}
	for id, c := range register.ClassTable.Scan(books, place.Prefix()) {
		if c.Kind == kind && c.Unit == unit {
			byID[id] = &ClassStake{ShareClass: c}
		}
	}
	for _, b := range register.ContributionTable.Scan(books, place.Prefix()) {
		if c := byID[b.Class]; c != nil && b.Reversed == 0 && b.Date.Year() <= year {
			if c.Capital += b.Value; b.Date.Year() < year {
				c.CapitalBefore += b.Value
			}
		}
	}
	stakes(books, place, year, v.Today(), func(class string, _ map[string]atEnd, sum ClassSum) {
		if c := byID[class]; c != nil {
			c.Issued, c.IssuedBefore = sum.Issued, sum.IssuedBefore
		}
	})
	var list []ClassStake
	for _, c := range byID {
		if c.Issued != 0 || c.IssuedBefore != 0 || c.Capital != 0 || c.CapitalBefore != 0 {
			list = append(list, *c)
		}
	}
	slices.SortFunc(list, func(a, b ClassStake) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}
