package office

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ReopenYear opens a year that a village has closed, and every later one with it: what changes a year changes what they bring forward. They
// are named, all of them. Years before stay closed.
type ReopenYear struct {
	Village region.Code `cbor:"1,keyasint" json:"village"`
	Year    int         `cbor:"2,keyasint" json:"year"`
	Later   []int       `cbor:"3,keyasint,omitempty" json:"later"` // the later years that are opened with it
	Reason  string      `cbor:"4,keyasint" json:"reason"`
}

var _ = journal.Register(&ReopenYear{}, journal.Kind{
	Label: "重开年度", Roles: []journal.Role{journal.Official},
	Note: "以后已结账的年度一起打开,要逐个写明 / the later years that are closed open with it, and are named",
	Hints: map[string]string{
		"later": "一起打开的以后各年,逐个写明",
	},
})

// Place is the village.
func (e *ReopenYear) Place() region.Code { return e.Village }

// Subject is the village and the year.
func (e *ReopenYear) Subject() string { return journal.YearID.Dated(string(e.Village), e.Year) }

func (e *ReopenYear) Check(c *journal.Checking) error {
	var f journal.Faults
	last, closed := LastClosedOf(c, e.Village)
	if !closed || e.Year > last {
		f.Add(journal.Conflict, "year", e.Year, "%s 年没有结账", strconv.Itoa(e.Year))
		return f
	}
	if e.Year < FirstYear {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
		return f
	}
	switch later := LaterClosed(c, e.Village, e.Year); {
	case slices.Equal(e.Later, later):
	case len(later) == 0:
		f.Add(journal.Conflict, "later", e.Later, "%s 年以后没有结账的年度,不用一起重开", strconv.Itoa(e.Year))
	default:
		f.Add(journal.Conflict, "later", e.Later, "重开 %s 年,以后已结账的年度要一起重开,请逐个确认:%s", strconv.Itoa(e.Year), yearsSaid(later))
	}
	if strings.TrimSpace(e.Reason) == "" {
		f.Invalid("reason", "", "请写明为什么重开")
	}
	return f.Err()
}

// FirstYear is the first that a book can have.
const FirstYear = 1949

// yearsSaid lists years in words.
func yearsSaid(years []int) string {
	list := make([]string, len(years))
	for i, y := range years {
		list[i] = strconv.Itoa(y)
	}
	return strings.Join(list, "、")
}

// LaterClosed are the closed years behind one.
func LaterClosed(r store.Reader, village region.Code, year int) (list []int) {
	last, closed := LastClosedOf(r, village)
	for y := max(year, FirstYear-1) + 1; closed && y <= last; y++ {
		list = append(list, y)
	}
	return list
}

// ClosedAfter are the closed years of a village behind one, to whoever may read its books.
func ClosedAfter(v *journal.View, village region.Code, year int) ([]int, error) {
	books, err := v.At(village)
	if err != nil {
		return nil, err
	}
	return LaterClosed(books, village, year), nil
}

func (e *ReopenYear) Apply(a *journal.Applying) {
	before := journal.YearID.Dated(string(e.Village), e.Year-1)
	by, earlier := ClosedUnder(a, e.Village, e.Year-1)
	var open []string
	for k := range closedYears.Range(a, journal.YearID.Dated(string(e.Village), e.Year),
		store.PrefixEnd(journal.YearID.Front(string(e.Village)))) {
		open = append(open, k)
	}
	for _, k := range open {
		closedYears.Delete(a.Tx, k)
		closedForms.Delete(a.Tx, k)
	}
	if _, closed := ClosedFrom(a, e.Village, e.Year-1); earlier && !closed { // what closed it closed a later year with it
		closedYears.Put(a.Tx, before, by.Stamp)
		if by.Forms != 0 {
			closedForms.Put(a.Tx, before, by.Forms)
		}
	}
}
