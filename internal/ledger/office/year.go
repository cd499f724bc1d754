package office

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ClosedYears holds the years a village has closed: village and year → who closed it.
var closedYears = journal.Folded[journal.Stamp]("closed")

// ClosedYearTable holds the years that villages have closed, by YearID.
var ClosedYearTable = closedYears.Readable()

// closedForms holds under which generation of the program's forms a year was closed.
var closedForms = journal.Folded[int]("closed_forms")

// generation of the forms that statements are printed by: the first had one form for all bodies, the second has one for each.
const generation = 2

// CloseYear closes a village's books of a year and of all before it: no entry is dated in them any more.
type CloseYear struct {
	Village region.Code `cbor:"1,keyasint" json:"village"`
	Year    int         `cbor:"2,keyasint" json:"year"`
	Forms   int         `cbor:"3,keyasint,omitempty" json:"-"` // the generation of forms it is closed under; absent for the first
}

var _ = journal.Register(&CloseYear{}, journal.Kind{
	Label: "年度结账", Roles: []journal.Role{journal.Reviewer}, Personal: true,
})

// Place is the village.
func (e *CloseYear) Place() region.Code { return e.Village }

// Subject is the village and the year.
func (e *CloseYear) Subject() string { return journal.YearID.Dated(string(e.Village), e.Year) }

func (e *CloseYear) Check(c *journal.Checking) error {
	var f journal.Faults
	if e.Village == "" || e.Village.Level() != region.Township { // a township closes the books of its own collective
		CheckVillage(c, &f, "village", e.Village)
	} else if !divisions.Has(c, string(e.Village)) {
		f.Invalid("village", e.Village, "区划表里没有 %s", string(e.Village))
	}
	if e.Year < FirstYear || e.Year >= c.Today().Year() {
		f.Invalid("year", e.Year, "%s 年还不能结账;只能结已经过完的年度", strconv.Itoa(e.Year))
	}
	if _, closed := ClosedFrom(c, e.Village, e.Year); closed {
		f.Add(journal.Conflict, "year", e.Year, "%s 年已经结账", strconv.Itoa(e.Year))
	}
	e.Forms = generation
	return f.Err()
}

func (e *CloseYear) Apply(a *journal.Applying) {
	closedYears.Put(a.Tx, e.Subject(), a.Stamp())
	if e.Forms != 0 {
		closedForms.Put(a.Tx, e.Subject(), e.Forms)
	}
}

// Closing is when a year was closed, and under which generation of forms: 0 for the first.
type Closing struct {
	journal.Stamp
	Forms int
}

// ClosedUnder tells what closed a village's year, and whether it is closed at all.
func ClosedUnder(r store.Reader, village region.Code, year int) (by Closing, closed bool) {
	at, closed := ClosedFrom(r, village, year)
	if !closed {
		return by, false
	}
	key := journal.YearID.Dated(string(village), at)
	by.Stamp, _ = closedYears.Get(r, key)
	by.Forms, _ = closedForms.Get(r, key)
	return by, true
}

// ClosedFrom returns the first closed year from a year on: what changes a year changes what every later one brings forward.
func ClosedFrom(r store.Reader, village region.Code, year int) (int, bool) {
	for k := range closedYears.Range(r, journal.YearID.Dated(string(village), year), store.PrefixEnd(journal.YearID.Front(string(village)))) {
		return journal.YearID.Year(k), true
	}
	return 0, false
}

// LastClosedOf returns the last year that a village has closed, and whether it has closed any.
func LastClosedOf(r store.Reader, village region.Code) (year int, ok bool) {
	for k := range closedYears.Range(r, journal.YearID.Front(string(village)), store.PrefixEnd(journal.YearID.Front(string(village)))) {
		year, ok = journal.YearID.Year(k), true
	}
	return year, ok
}

// Closed tells whether a village has closed a year, and who did, to whoever may read its books.
func Closed(v *journal.View, village region.Code, year int) (journal.Stamp, bool) {
	books, err := v.At(village)
	if err != nil {
		return journal.Stamp{}, false
	}
	at, ok := ClosedFrom(books, village, year)
	if !ok {
		return journal.Stamp{}, false
	}
	return closedYears.Get(books, journal.YearID.Dated(string(village), at))
}
