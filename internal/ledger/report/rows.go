package report

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Row is what one of the places below has of a figure, or one of the books of a village: rows add up to the place's own, with Twice.
type Row struct {
	Place office.Division // of a book with the name of whose it is
	Book  string          // "" of a place
	N     int64
	Then  int64 // in what stands beside
	Page  string
}

// Rows are what makes a figure of the report's place: what each place below has, or of a village that has several books each of them. Those
// that have nothing are left out. twice is what several of the rows count and the place counts once, in the year and in what stands beside.
func (r *Report) Rows(f Figure) (rows []Row, twice [2]int64) {
	put := func(row Row) {
		if row.N != 0 || row.Then != 0 {
			rows = append(rows, row)
		}
		twice[0], twice[1] = twice[0]+row.N, twice[1]+row.Then
	}
	if r.OfVillage() && f.books {
		for _, b := range booksOf(r.judge.books, r.Place) {
			of := func(p Summary) int64 {
				s := Summary{Place: b.Place, Year: p.Year, Period: p.Period}
				s.fill(income.PlaceSums{BookYear: income.BookIn(r.judge.books, b.Book, p.Period)})
				return f.Of(s)
			}
			put(Row{Place: b.Place, Book: b.Book, N: of(r.Summary), Then: of(r.With), Page: bookOf(b.Book, r.Period, f.Item())})
		}
	}
	if r.OfVillage() && f.Name == "members" {
		for _, c := range register.RollSizes(r.judge.books, r.Place.Code, journal.YearEnd(r.Year), journal.YearEnd(r.With.Year)) {
			put(Row{Place: office.Division{Code: r.Place.Code, Name: c.Name}, N: int64(c.Members[0]), Then: int64(c.Members[1]),
				Page: "/roll/" + c.Collective + "?on=" + string(min(journal.YearEnd(r.Year), r.judge.Today()))})
		}
	}
	for _, c := range r.Children {
		put(Row{Place: c.Place, N: f.Of(c.Summary), Then: f.Of(c.With), Page: f.Page(c.Summary)})
	}
	if len(rows) == 0 || f.Each {
		return rows, [2]int64{}
	}
	return rows, [2]int64{twice[0] - f.Of(r.Summary), twice[1] - f.Of(r.With)}
}

// book is one of a village's, or of a township's own collective.
type book struct {
	Place office.Division // with the name of whose it is
	Book  string
}

// booksOf are the books of a village's collectives, its own first, or of a township's own collective.
func booksOf(r store.Reader, at office.Division) (list []book) {
	if at.Code.Level() == region.Village {
		list = append(list, book{at, string(at.Code)})
	}
	for id, e := range register.EntityTable.Scan(r, journal.EntityID.Front(string(at.Code))) {
		if e.Kind.Collective() && e.Book() == id {
			list = append(list, book{office.Division{Code: at.Code, Name: e.Name}, strings.Clone(id)})
		}
	}
	return list
}
