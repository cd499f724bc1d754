package ledger

import (
	"strconv"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// closedYears holds the years a village has closed: village and year → who closed it.
var closedYears = store.Table[Stamp]("closed")

// CloseYear closes a village's books of a year and of all before it: no entry is dated in them any more.
type CloseYear struct {
	Village region.Code `cbor:"1,keyasint" json:"village"`
	Year    int         `cbor:"2,keyasint" json:"year"`
}

// Place is the village.
func (e *CloseYear) Place() region.Code { return e.Village }

// Subject is the village and the year.
func (e *CloseYear) Subject() string { return string(e.Village) + yearKey(e.Year) }

func (e *CloseYear) roles() []Role { return []Role{Reviewer} }

func (e *CloseYear) check(c *checking) error {
	var f Faults
	checkVillage(c, &f, "village", e.Village)
	if e.Year < 1949 || e.Year >= c.today().Year() {
		f.invalid("year", e.Year, "%s 年还不能结账;只能结已经过完的年度", strconv.Itoa(e.Year))
	}
	if _, closed := closedFrom(c, e.Village, e.Year); closed {
		f.add(Conflict, "year", e.Year, "%s 年已经结账", strconv.Itoa(e.Year))
	}
	return f.err()
}

func (e *CloseYear) apply(a *applying) { closedYears.Put(a.Tx, e.Subject(), a.stamp()) }

// closedFrom returns the first closed year from a year on: what changes a year changes what every later one brings forward.
func closedFrom(r store.Reader, village region.Code, year int) (int, bool) {
	for k := range closedYears.Range(r, string(village)+yearKey(year), store.PrefixEnd(string(village)+"Y")) {
		return tail(k, 4), true
	}
	return 0, false
}

// lastClosedOf returns the last year that a village has closed, and whether it has closed any.
func lastClosedOf(r store.Reader, village region.Code) (year int, ok bool) {
	for k := range closedYears.Range(r, string(village)+"Y", store.PrefixEnd(string(village)+"Y")) {
		year, ok = tail(k, 4), true
	}
	return year, ok
}

// Closed tells whether a village has closed a year, and who did.
func (v *View) Closed(village region.Code, year int) (Stamp, bool) {
	at, ok := closedFrom(v, village, year)
	if !ok {
		return Stamp{}, false
	}
	return closedYears.Get(v, string(village)+yearKey(at))
}
