package income

import (
	"maps"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// What the books of a place's collectives come to is kept: by item, with what corrects earlier years beside it, and with how many lines.
// Of a year it is each line's part of it, as its statement counts it; of a quarter what was dated in it, whatever it is for.
var (
	placeSums = sums.NewFlow("i")
	partySums = sums.NewFlow("p") // of years, by who paid or was paid
	lines     = sums.CountPlaces("lines")
)

// correctedMark stands before an item in the name of the figure of what of it corrects earlier years.
const correctedMark = "-"

// addTo is what a line adds to the sums of its place.
func (i Income) addTo(r store.Reader, _ string, to *sums.Adding) {
	book := i.Book()
	if !ofCollective(r, book) {
		return
	}
	place, party := journal.PlaceOf(book), ident.Name(i.Party)
	for _, p := range i.parts() {
		year := sums.YearOf(p.Year)
		to.Flow(placeSums, place, year, p.Item, int64(p.Amount))
		to.Flow(placeSums, place, year, lines, 1)
		to.Part(partySums, place, party, year, p.Item, int64(p.Amount))
		if p.Of != 0 {
			to.Flow(placeSums, place, year, correctedMark+p.Item, int64(p.Amount))
			to.Part(partySums, place, party, year, correctedMark+p.Item, int64(p.Amount))
		}
	}
	quarter := sums.QuarterOf(i.Date)
	to.Flow(placeSums, place, quarter, i.Item, int64(i.Amount))
	to.Flow(placeSums, place, quarter, lines, 1)
}

// ofCollective tells whether a book is that of a collective: the village's, or that of another collective which has its own.
func ofCollective(r store.Reader, book string) bool {
	if journal.VillageID.Is(book) {
		return true
	}
	e, _ := register.EntityTable.Get(r, book)
	return e.Kind.Collective() && e.Book() == e.ID
}

// PlaceSums is what the books of a place's collectives come to.
type PlaceSums struct {
	BookYear
	Recorded int    // villages with a collective that have any line
	Changed  uint64 // number of the record of the county's chain that last changed it
}

func sumsOf(row sums.Row) PlaceSums {
	s := PlaceSums{BookYear: BookYear{Items: map[string]money.Yuan{}}, Recorded: int(row.Of(sums.Places(lines))), Changed: row.Last}
	for _, f := range row.Figures {
		name, n := f.Name, f.N
		if item, corrected := strings.CutPrefix(name, correctedMark); corrected {
			if s.Corrected == nil {
				s.Corrected = map[string]money.Yuan{}
			}
			s.Corrected[item] = money.Yuan(n)
		} else if name != lines && name != sums.Places(lines) {
			s.Items[name] = money.Yuan(n)
		}
	}
	return s
}

// SumsOf is what the collectives' books of a place come to in a period, with all places in it: of a county, its townships and villages. A
// larger region is the sum of its counties.
func SumsOf(v *journal.View, place region.Code, period sums.Period) (PlaceSums, error) {
	books, err := v.At(place)
	if err != nil {
		return PlaceSums{}, err
	}
	return sumsOf(placeSums.Of(books, place, period)), nil
}

// OwnSumsOf is what of a township's is its own collective's.
func OwnSumsOf(v *journal.View, place region.Code, period sums.Period) (PlaceSums, error) {
	books, err := v.At(place)
	if err != nil {
		return PlaceSums{}, err
	}
	return sumsOf(placeSums.OwnOf(books, place, period)), nil
}

// EachSums calls f for a place within a county and every place in it, that has any sums of a period.
func EachSums(v *journal.View, place region.Code, period sums.Period, f func(region.Code, PlaceSums)) error {
	books, err := v.At(place)
	if err != nil {
		return err
	}
	for at, row := range placeSums.Scan(books, place, period) {
		f(at, sumsOf(row))
	}
	return nil
}

// PartySum is what one party paid or was paid.
type PartySum struct {
	Name string // "" of lines that name nobody
	BookYear
}

// PartySums lists what each party paid to the collectives of a place within a county in a year, and was paid by them, by their names.
func PartySums(v *journal.View, place region.Code, year int) (list []PartySum, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for name, row := range partySums.Parts(books, place, sums.YearOf(year)) {
		list = append(list, PartySum{strings.Clone(name), sumsOf(row).BookYear})
	}
	return list, nil
}

// ItemCodes are the items that have a sum, in the order of the list of items.
func (b BookYear) ItemCodes() (list []string) {
	all := slices.Collect(maps.Keys(b.Items))
	for _, it := range Items {
		if slices.Contains(all, it.Code) {
			list = append(list, it.Code)
		}
	}
	return list
}
