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

// PartyRow is what one party paid to the collectives of a place in a year and in another, and was paid by them.
type PartyRow struct {
	Place            office.Division
	Book             string // whose lines make it; "" of a village with several
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

// PartyRows are what a party, by its name, paid and was paid in a year and in another beside it: in each village of a place, or in each
// book of a village, and in all of them. They add up.
func PartyRows(v *journal.View, place region.Code, name string, year, with int) (rows []PartyRow, sum PartyRow, err error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, sum, err
	}
	sum.Place = at
	name = ident.Name(name)
	put := func(d office.Division, book string, now, before income.BookYear) {
		if len(now.Items)+len(before.Items) == 0 {
			return
		}
		row := PartyRow{Place: d, Book: book}
		row.add(now, before)
		sum.add(now, before)
		rows = append(rows, row)
	}
	var visit func(d office.Division)
	visit = func(d office.Division) {
		var now, before income.BookYear
		if d.Code.Level() >= region.County {
			now, before = income.PartyIn(books, d.Code, name, year), income.PartyIn(books, d.Code, name, with)
			if len(now.Items)+len(before.Items) == 0 {
				return
			}
		}
		switch d.Code.Level() {
		case region.Village:
			if place == d.Code {
				for _, b := range booksOf(books, d) {
					put(b.Place, b.Book, income.PartyInBook(books, b.Book, name, year), income.PartyInBook(books, b.Book, name, with))
				}
			} else if all := booksOf(books, d); len(all) == 1 {
				put(d, all[0].Book, now, before)
			} else {
				put(d, "", now, before)
			}
		case region.Township:
			for _, b := range booksOf(books, d) {
				put(b.Place, b.Book, income.PartyInBook(books, b.Book, name, year), income.PartyInBook(books, b.Book, name, with))
			}
		}
		for _, below := range office.Children(v, d.Code) {
			visit(below)
		}
	}
	visit(at)
	return rows, sum, nil
}

// LargestLine is the line with the most money that came into a book of the report's place in its year and stands, and whether there is one.
func (r *Report) LargestLine() (line income.Income, found bool, err error) {
	j := r.judge
	for _, at := range keptOf(j.View, r.Place.Code) {
		of := j.largestLine(at, r.Year, "")
		if of.err != nil {
			return line, false, of.err
		}
		if of.line.Amount > line.Amount {
			line, found = of.line, true
		}
	}
	return line, found, nil
}

// largestLine looks through a place's books of a year, once for as long as its sums are the same. A line that was taken back in another
// year changes those of that year alone: it is looked for again without it.
func (j *judging) largestLine(at region.Code, year int, without string) largestLine {
	of := journal.Memo(j.View, "largest line "+journal.YearID.Dated(string(at), year)+without, income.ChangedIn(j.books, at, yearPeriod(year)),
		func() (of largestLine) {
			for _, d := range office.Seats(j.View, at) {
				for _, b := range booksOf(j.books, d) {
					if of.err = of.read(j.View, b.Book, year); of.err != nil {
						return of
					}
				}
			}
			return of
		})
	if now, _ := income.LineIn(j.books, of.line.ID); of.err == nil && now.ReversedBy != "" {
		return j.largestLine(at, year, of.line.ID)
	}
	return of
}

// largestLine is what is remembered of a place: shared, nobody changes it.
type largestLine struct {
	line income.Income
	err  error
}

// read looks through a book's year.
func (of *largestLine) read(v *journal.View, book string, year int) error {
	lines, err := income.Incomes(v, book, year, "")
	for _, l := range lines {
		if it, _ := income.ItemNamed(l.Item); !it.Expense && l.Stands() && l.Amount > of.line.Amount {
			of.line = l
		}
	}
	return err
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
	for name := range then { // who pays no more
		if _, ok := now[name]; !ok {
			now[name] = income.BookYear{}
		}
	}
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
