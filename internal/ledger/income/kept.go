package income

import (
	"iter"
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

// What the books of a place's collectives come to is kept, by item and with how many lines. Of a year it is each line's part of it, as its
// statement counts it; of a quarter what was dated in it, whatever it is for.
var (
	placeSums = sums.NewFlow("i")
	partySums = sums.NewFlow("p") // of years, by who paid or was paid
	lines     = sums.CountPlaces("lines")
)

// Before an item's code in the name of a figure stands what of it the figure is: what corrects earlier years, what must be added for every
// sum to count in the year in which it came in, and what is in books besides the villages' own; or several of these, in this order.
const (
	othersMark    = "+"
	movedMark     = "~"
	correctedMark = "-"
)

// addTo is what a line adds to the sums of its place.
func (i Income) addTo(r store.Reader, _ string, to *sums.Adding) {
	book := i.Book()
	if !ofCollective(r, book) {
		return
	}
	place, party := journal.PlaceOf(book), ident.Name(i.Party)
	marks := []string{""}
	if !journal.VillageID.Is(book) {
		marks = append(marks, othersMark)
	}
	add := func(year int, mark, item string, n money.Yuan, corrects bool) {
		for _, m := range marks {
			to.Flow(placeSums, place, sums.YearOf(year), m+mark+item, int64(n))
			if corrects {
				to.Flow(placeSums, place, sums.YearOf(year), m+mark+correctedMark+item, int64(n))
			}
		}
	}
	for _, p := range i.parts() {
		add(p.Year, "", p.Item, p.Amount, p.Of != 0)
		add(p.Year, "", lines, 1, false)
		to.Part(partySums, place, party, sums.YearOf(p.Year), p.Item, int64(p.Amount))
		if p.Of != 0 {
			to.Part(partySums, place, party, sums.YearOf(p.Year), correctedMark+p.Item, int64(p.Amount))
		}
	}
	i.asReceived(func(year int, item string, n money.Yuan, corrects bool) { add(year, movedMark, item, n, corrects) },
		func(year int, item string, n money.Yuan) { add(year, movedMark+correctedMark, item, n, false) })
	quarter := sums.QuarterOf(i.Date)
	to.Flow(placeSums, place, quarter, i.Item, int64(i.Amount))
	to.Flow(placeSums, place, quarter, lines, 1)
}

// asReceived tells what must be added to the kept sums for all of a line to count in the year in which it came in: what else of these
// corrects earlier years, too.
func (i Income) asReceived(add func(year int, item string, n money.Yuan, corrects bool),
	corrects func(year int, item string, n money.Yuan)) {
	year := i.Date.Year()
	late := i.Reverses != "" && LineYear(i.Reverses) < year || i.Moved && // all of it corrects the year in which the sum came in
		slices.ContainsFunc(i.parts(), func(p YearPart) bool { return p.Of != 0 })
	for _, p := range i.parts() {
		if p.Year != year {
			add(p.Year, p.Item, -p.Amount, p.Of != 0)
			add(year, i.Item, p.Amount, late)
		} else if late && p.Of == 0 {
			corrects(year, p.Item, p.Amount)
		}
	}
}

// ofCollective tells whether a book is that of a collective: the village's, or that of another collective which has its own.
func ofCollective(r store.Reader, book string) bool {
	if journal.VillageID.Is(book) {
		return true
	}
	e, _ := register.EntityTable.Get(r, book)
	return e.Kind.Collective() && e.Book() == e.ID
}

// PlaceSums is what the books of a place's collectives come to in a period.
type PlaceSums struct {
	BookYear
	Others             BookYear // of it, in books besides the villages' own
	moved, movedOthers BookYear // what must be added for every sum to count when it came in
	lines, othersLines int
	Recorded           int    // villages with a collective that have any line
	Changed            uint64 // number of the record of the county's chain that last changed it
}

// Kept tells whether any book has a line; of the village's own alone, where that is asked.
func (s PlaceSums) Kept(alone bool) bool {
	if alone {
		return s.lines > s.othersLines
	}
	return s.lines > 0
}

// Stands tells whether any book has a line and they do not all take each other back; of the village's own alone, where that is asked.
func (s PlaceSums) Stands(alone bool) bool {
	if alone && s.othersLines > 0 {
		return s.Kept(true) && !s.BookYear.less(s.Others).nothing()
	}
	return s.Kept(false) && !s.nothing()
}

// nothing tells whether every item comes to nothing.
func (b BookYear) nothing() bool {
	for _, n := range b.Items {
		if n != 0 {
			return false
		}
	}
	return true
}

// Several tells whether any book has a line that is not a village's own.
func (s PlaceSums) Several() bool { return s.othersLines > 0 }

// As are the sums as a policy counts them.
func (s PlaceSums) As(p Policy) BookYear {
	sum := s.BookYear
	if p.Received && !s.moved.empty() {
		sum = sum.And(s.moved)
	}
	if p.Alone && s.othersLines > 0 {
		sum = sum.less(s.Others)
		if p.Received {
			sum = sum.less(s.movedOthers)
		}
	}
	return sum
}

// And are the sums of two places together.
func (s PlaceSums) And(o PlaceSums) PlaceSums {
	return PlaceSums{s.BookYear.And(o.BookYear), s.Others.And(o.Others), s.moved.And(o.moved), s.movedOthers.And(o.movedOthers),
		s.lines + o.lines, s.othersLines + o.othersLines, s.Recorded + o.Recorded, 0}
}

func (b BookYear) empty() bool { return len(b.Items)+len(b.Corrected) == 0 }

func (b BookYear) less(o BookYear) BookYear {
	minus := BookYear{Items: map[string]money.Yuan{}, Corrected: map[string]money.Yuan{}}
	for item, n := range o.Items {
		minus.Items[item] = -n
	}
	for item, n := range o.Corrected {
		minus.Corrected[item] = -n
	}
	return b.And(minus)
}

func (b *BookYear) set(name string, n money.Yuan) {
	item, corrected := strings.CutPrefix(name, correctedMark)
	to := &b.Items
	if corrected {
		to = &b.Corrected
	}
	if *to == nil {
		*to = map[string]money.Yuan{}
	}
	(*to)[item] = n
}

func sumsOf(row sums.Row) (s PlaceSums) {
	s.Changed = row.Last
	for _, f := range row.Figures {
		name, others := strings.CutPrefix(f.Name, othersMark)
		name, moved := strings.CutPrefix(name, movedMark)
		n := money.Yuan(f.N)
		switch {
		case name == sums.Places(lines):
			s.Recorded = int(n)
		case name == lines && others:
			s.othersLines = int(n)
		case name == lines:
			s.lines = int(n)
		case others && moved:
			s.movedOthers.set(name, n)
		case others:
			s.Others.set(name, n)
		case moved:
			s.moved.set(name, n)
		default:
			s.set(name, n)
		}
	}
	return s
}

// SumsIn is what the collectives' books of a place come to in a period, with all places in it: of a county, its townships and villages. A
// larger region is the sum of its counties.
func SumsIn(r store.Reader, place region.Code, period sums.Period) PlaceSums {
	return sumsOf(placeSums.Of(r, place, period))
}

// OwnSumsIn is what of a township's is its own collective's.
func OwnSumsIn(r store.Reader, place region.Code, period sums.Period) PlaceSums {
	return sumsOf(placeSums.OwnOf(r, place, period))
}

// BookIn is what one book comes to in a period, as SumsIn counts it.
func BookIn(r store.Reader, book string, period sums.Period) (sum BookYear) {
	if period.Quarter() == 0 {
		sum, _ = totals.Get(r, journal.YearID.Dated(book, period.Year()))
		return sum
	}
	sum.Items = map[string]money.Yuan{}
	for _, line := range incomes.Scan(r, journal.YearID.Dated(book, period.Year())) {
		if period.First() <= line.Date && line.Date <= period.Last() {
			sum.Items[line.Item] += line.Amount
		}
	}
	return sum
}

// PartyInBook is what one party paid into one book in a year, and was paid out of it.
func PartyInBook(r store.Reader, book, party string, year int) BookYear {
	for _, p := range PartiesInBook(r, book, year) {
		if p.Name == party {
			return p.BookYear
		}
	}
	return BookYear{}
}

// EachSums yields the sums of a place within a county and of every place in it, that has any of a period.
func EachSums(r store.Reader, place region.Code, period sums.Period) iter.Seq2[region.Code, PlaceSums] {
	return func(yield func(region.Code, PlaceSums) bool) {
		for at, row := range placeSums.Scan(r, place, period) {
			if !yield(at, sumsOf(row)) {
				return
			}
		}
	}
}

// ChangedIn is the number of the record that last changed the sums of a county in a period, 0 where it has none.
func ChangedIn(r store.Reader, county region.Code, period sums.Period) uint64 {
	return placeSums.Of(r, county, period).Last
}

// FirstIn is the first year of which the books of a county's collectives have anything that stands, 0 where they have nothing.
func FirstIn(r store.Reader, county region.Code) int {
	for year := range placeSums.Years(r, county) {
		if SumsIn(r, county, sums.YearOf(year)).Stands(false) {
			return year
		}
	}
	return 0
}

// PartySum is what one party paid or was paid.
type PartySum struct {
	Name string // "" of lines that name nobody
	BookYear
}

// PartySums lists what each party paid to the collectives of a place within a county in a year, and was paid by them, by their names.
func PartySums(r store.Reader, place region.Code, year int) []PartySum {
	return partiesOf(partySums.Parts(r, place, sums.YearOf(year)))
}

// OwnPartySums are what of a township's are its own collective's.
func OwnPartySums(r store.Reader, place region.Code, year int) []PartySum {
	return partiesOf(partySums.OwnParts(r, place, sums.YearOf(year)))
}

func partiesOf(rows iter.Seq2[string, sums.Row]) (list []PartySum) {
	for name, row := range rows {
		list = append(list, PartySum{strings.Clone(name), sumsOf(row).BookYear})
	}
	return list
}

// PartiesInBook lists what each party paid into one book in a year, and was paid out of it.
func PartiesInBook(r store.Reader, book string, year int) (list []PartySum) {
	at := map[string]int{}
	for line := range linesOf(r, book, year) {
		for _, p := range line.parts() {
			if p.Year != year {
				continue
			}
			name := ident.Name(line.Party)
			i, known := at[name]
			if !known {
				i, at[name] = len(list), len(list)
				list = append(list, PartySum{name, BookYear{Items: map[string]money.Yuan{}, Corrected: map[string]money.Yuan{}}})
			}
			list[i].Items[p.Item] += p.Amount
			if p.Of != 0 {
				list[i].Corrected[p.Item] += p.Amount
			}
		}
	}
	return list
}

// PartyIn is what one party paid to the collectives of a place within a county in a year, and was paid by them.
func PartyIn(r store.Reader, place region.Code, party string, year int) BookYear {
	return sumsOf(partySums.PartOf(r, place, party, sums.YearOf(year))).BookYear
}
