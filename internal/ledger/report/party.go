package report

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// PartyRow is what one party paid to the collectives of a place in a year and the one before, and was paid by them.
type PartyRow struct {
	Place            office.Division
	Paid, PaidBefore money.Yuan
	Got, GotBefore   money.Yuan
}

func (r *PartyRow) add(now, before income.BookYear) {
	for _, it := range income.Items {
		if n, was := now.Items[it.Code], before.Items[it.Code]; it.Expense {
			r.Got, r.GotBefore = r.Got+n, r.GotBefore+was
		} else {
			r.Paid, r.PaidBefore = r.Paid+n, r.PaidBefore+was
		}
	}
}

// PartyRows are what a party, by its name, paid and was paid in a year in each village of a place, and in all of them. They add up.
func PartyRows(v *journal.View, place region.Code, name string, year int) (rows []PartyRow, sum PartyRow, err error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, sum, err
	}
	sum.Place = at
	name = ident.Name(name)
	var visit func(d office.Division)
	visit = func(d office.Division) {
		if d.Code.Level() >= region.County {
			now, before := income.PartyIn(books, d.Code, name, year), income.PartyIn(books, d.Code, name, year-1)
			if len(now.Items)+len(before.Items) == 0 {
				return
			}
			own := now
			if d.Code.Level() == region.Township {
				own, before = income.OwnPartyIn(books, d.Code, name, year), income.OwnPartyIn(books, d.Code, name, year-1)
			}
			if row := (PartyRow{Place: d}); d.Code.Level() >= region.Township && len(own.Items)+len(before.Items) > 0 {
				row.add(own, before)
				sum.add(own, before)
				rows = append(rows, row)
			}
		}
		for _, below := range office.Children(v, d.Code) {
			visit(below)
		}
	}
	visit(at)
	return rows, sum, nil
}

// PartySums is what a party paid to a place's collectives in a year and the one before, and was paid by them.
type PartySums struct {
	Name string // "" of lines that name nobody
	PartyRow
}

// AllParties are those of a place's collectives in a year, who paid most first.
func AllParties(v *journal.View, place region.Code, year int) (list []PartySums, err error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	j := judgingOf(v, books)
	now, then := j.partySums(place, year), j.partySums(place, year-1)
	for name, b := range now {
		p := PartySums{Name: name, PartyRow: PartyRow{Place: at}}
		p.add(b, then[name])
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b PartySums) int {
		return cmp.Or(cmp.Compare(b.Paid, a.Paid), cmp.Compare(b.Got, a.Got), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}
