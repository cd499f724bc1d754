// Package sums keeps what places come to, by year and quarter, as entries are posted: for each village, and for the township and county
// above it. It knows that there are figures, not what they mean.
package sums

import (
	"cmp"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Period is a calendar year, 2025, a quarter of one, 2025Q3, or its first two or three quarters together, 2025Q1-3.
type Period string

// YearOf is a year as a period.
func YearOf(year int) Period { return Period(journal.Number(year, 4)) }

// QuarterOf is the quarter that a day lies in.
func QuarterOf(d journal.Date) Period {
	if len(d) < len("2025-01") {
		return ""
	}
	month, _ := strconv.Atoi(string(d[5:7]))
	return Period(string(d[:4]) + "Q" + strconv.Itoa((month+2)/3))
}

// ParsePeriod reads a period that somebody asks for, and tells whether it is one.
func ParsePeriod(text string) (Period, bool) { return Period(text), periods.MatchString(text) }

var periods = regexp.MustCompile(`^[0-9]{4}(Q[1-4]|Q1-[23])?$`)

// Year is the year of the period.
func (p Period) Year() int {
	year, _ := strconv.Atoi(string(p[:min(4, len(p))]))
	return year
}

// Quarter is the number of the quarter, of several the last, 0 of a year.
func (p Period) Quarter() int {
	if len(p) < len("2025Q1") {
		return 0
	}
	return int(p[len(p)-1] - '0')
}

// Several tells whether it is several quarters.
func (p Period) Several() bool { return len(p) > len("2025Q1") }

// Quarters are those that it consists of, or the year alone.
func (p Period) Quarters() []Period {
	if !p.Several() {
		return []Period{p}
	}
	var list []Period
	for q := 1; q <= p.Quarter(); q++ {
		list = append(list, p[:5]+Period(strconv.Itoa(q)))
	}
	return list
}

// FirstQuarters are so many quarters of a year from its beginning, one to three.
func FirstQuarters(year, n int) Period {
	if n <= 1 {
		return YearOf(year) + "Q1"
	}
	return YearOf(year) + "Q1-" + Period(strconv.Itoa(min(n, 3)))
}

// Has tells whether a day lies in it.
func (p Period) Has(d journal.Date) bool { return p.First() <= d && d <= p.Last() }

// In is the same part of another year.
func (p Period) In(year int) Period { return YearOf(year) + p[min(4, len(p)):] }

// Before is the same part of the year before.
func (p Period) Before() Period { return p.In(p.Year() - 1) }

// Previous is the period just before it: the quarter, or the year.
func (p Period) Previous() Period {
	if p.Several() {
		return p.Before()
	}
	if q := p.Quarter(); q > 1 {
		return p[:5] + Period(strconv.Itoa(q-1))
	} else if q == 1 {
		return YearOf(p.Year()-1) + "Q4"
	}
	return p.Before()
}

// First is the first day of the period.
func (p Period) First() journal.Date {
	begins := [...]string{"-01-01", "-01-01", "-04-01", "-07-01", "-10-01"}
	return journal.Date(string(p[:4]) + begins[p.Quarters()[0].Quarter()])
}

// Last is the last day of the period.
func (p Period) Last() journal.Date {
	ends := [...]string{"-12-31", "-03-31", "-06-30", "-09-30", "-12-31"}
	return journal.Date(string(p[:4]) + ends[p.Quarter()])
}

// Row is what a place comes to, figure by figure; one that is nothing is not there. Of a flow it is what happened in the period, of a stock
// by what it changed in each year: at a year's end there is all that happened until then.
type Row struct {
	_       struct{} `cbor:",toarray"`
	Last    uint64   // number of the record of the county's chain that last changed it
	Figures []Figure // in the order of their names and years
}

// Figure is one of a row. Year is 0 in a flow.
type Figure struct {
	_    struct{} `cbor:",toarray"`
	Name string
	Year int
	N    int64
}

func (f Figure) compare(o Figure) int {
	return cmp.Or(strings.Compare(f.Name, o.Name), cmp.Compare(f.Year, o.Year))
}

// Of is what a figure of a flow comes to.
func (r Row) Of(name string) int64 { return r.At(name, 0) }

// At is what a figure of a stock comes to at the end of a year.
func (r Row) At(name string, year int) (sum int64) {
	for _, f := range r.Figures {
		if f.Name == name && f.Year <= year {
			sum += f.N
		}
	}
	return sum
}

// add changes a figure by n.
func (r *Row) add(by Figure) {
	i, found := slices.BinarySearchFunc(r.Figures, by, Figure.compare)
	switch {
	case !found:
		r.Figures = slices.Insert(r.Figures, i, by)
	case r.Figures[i].N+by.N == 0:
		r.Figures = slices.Delete(r.Figures, i, i+1)
	default:
		r.Figures[i].N += by.N
	}
}

var (
	flowTable  = journal.Folded[Row]("flow")
	stockTable = journal.Folded[Row]("stock")
	letters    = map[string]bool{}
)

func init() {
	journal.NewIn(4, string(flowTable))
	journal.NewIn(4, string(stockTable))
	journal.NewIn(5, string(flowTable)) // other payouts are counted
}

// Flow is a group of figures of what happens in a period: income, payments. Its letter stands in keys.
type Flow string

// NewFlow makes a group. Two of one letter refuse to start.
func NewFlow(letter string) Flow {
	taken(letter)
	return Flow(letter)
}

// Stock is a group of figures of what there is at a year's end: shareholders, capital.
type Stock string

// NewStock makes a group. Two of one letter refuse to start.
func NewStock(letter string) Stock {
	taken(letter)
	return Stock(letter)
}

func taken(letter string) {
	if len(letter) != 1 || letters[letter] {
		panic("two groups of sums are called " + letter)
	}
	letters[letter] = true
}

// Places is the figure of how many villages with a collective have any of another figure: it is kept with that.
func Places(of string) string { return "villages:" + of }

// front is what the keys of a group's rows of one county and period begin with.
func (f Flow) front(place region.Code, period Period) string {
	return place.Chain() + string(f) + string(period)
}

// Of is what a place within a county comes to in a period.
func (f Flow) Of(r store.Reader, place region.Code, period Period) Row {
	return f.sum(r, place, period, string(place))
}

// sum adds up what stands under a key in each quarter of a period.
func (f Flow) sum(r store.Reader, place region.Code, period Period, key string) (sum Row) {
	if !period.Several() {
		sum, _ = flowTable.Get(r, f.front(place, period)+key)
		return sum
	}
	for _, part := range period.Quarters() {
		row, _ := flowTable.Get(r, f.front(place, part)+key)
		sum.and(row)
	}
	return sum
}

// and adds another row's figures, but for how many villages have any: of several quarters these are some other number.
func (r *Row) and(o Row) {
	r.Last = max(r.Last, o.Last)
	for _, f := range o.Figures {
		if !strings.HasPrefix(f.Name, Places("")) {
			r.add(f)
		}
	}
}

// OwnOf is what of a township's or county's row is its own and no village's.
func (f Flow) OwnOf(r store.Reader, place region.Code, period Period) Row {
	return f.sum(r, place, period, string(place)+own)
}

// Years yields the years of which a county has any row, in their order.
func (f Flow) Years(r store.Reader, county region.Code) iter.Seq[int] {
	front := county.Chain() + string(f)
	return func(yield func(int) bool) {
		for from := front; from != ""; {
			at := 0
			for k := range r.Scan(string(flowTable), from, store.PrefixEnd(front)) {
				at = Period(k[len(front):]).Year()
				break
			}
			if at == 0 || !yield(at) {
				return
			}
			from = front + string(YearOf(at+1))
		}
	}
}

// Scan yields the rows of a place within a county and of the places in it, in the order of their codes.
func (f Flow) Scan(r store.Reader, place region.Code, period Period) iter.Seq2[region.Code, Row] {
	front := f.front(place, period)
	return func(yield func(region.Code, Row) bool) {
		for k, row := range flowTable.Scan(r, front+place.Prefix()) {
			if at := k[len(front):]; len(at) == len(place) && !yield(region.Code(at), row) {
				return
			}
		}
	}
}

// Parts yields the rows that stand under a place by a name, as payers do, in the order of their names.
func (f Flow) Parts(r store.Reader, place region.Code, period Period) iter.Seq2[string, Row] {
	return f.parts(r, place, period, string(place)+under)
}

// OwnParts yields what of a township's or county's rows by names is its own and no village's.
func (f Flow) OwnParts(r store.Reader, place region.Code, period Period) iter.Seq2[string, Row] {
	return f.parts(r, place, period, string(place)+own+under)
}

func (f Flow) parts(r store.Reader, place region.Code, period Period, key string) iter.Seq2[string, Row] {
	if period.Several() {
		all := map[string]Row{}
		for _, part := range period.Quarters() {
			for name, row := range f.parts(r, place, part, key) {
				sum := all[name]
				sum.and(row)
				all[strings.Clone(name)] = sum
			}
		}
		return func(yield func(string, Row) bool) {
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if !yield(name, all[name]) {
					return
				}
			}
		}
	}
	front := f.front(place, period) + key
	return func(yield func(string, Row) bool) {
		for k, row := range flowTable.Scan(r, front) {
			if !yield(k[len(front):], row) {
				return
			}
		}
	}
}

// PartOf is the row that stands under a place by a name.
func (f Flow) PartOf(r store.Reader, place region.Code, part string, period Period) Row {
	return f.sum(r, place, period, string(place)+under+part)
}

// OwnPartOf is what of a township's or county's row by a name is its own and no village's.
func (f Flow) OwnPartOf(r store.Reader, place region.Code, part string, period Period) Row {
	return f.sum(r, place, period, string(place)+own+under+part)
}

// own and under stand behind a place's code in keys.
const own, under = "*", "/"

// Of is what a place within a county has come to by the ends of years.
func (s Stock) Of(r store.Reader, place region.Code) Row {
	c, _ := stockTable.Get(r, string(place)+string(s))
	return c
}

// ChangedIn is the number of the record that last changed a place's row, 0 where there is none. It says nothing of what was changed:
// whoever may not see the place may know it.
func (s Stock) ChangedIn(v *journal.View, place region.Code) uint64 {
	row, _ := stocks.Get(v, string(place)+string(s))
	return row.Last
}

var stocks = journal.CommonOf(stockTable.Readable())

// OwnOf is what of a township's or county's figures is its own and no village's.
func (s Stock) OwnOf(r store.Reader, place region.Code) Row {
	c, _ := stockTable.Get(r, string(place)+string(s)+own)
	return c
}

// Adding collects what a change adds to sums, and what it takes away.
type Adding struct{ rows []adding }

// adding is one row's part of it.
type adding struct {
	group, sub string
	stock      bool
	place      region.Code
	period     Period
	figures    []Figure
	touched    bool
}

// Flow adds to what a place comes to in a period.
func (a *Adding) Flow(f Flow, place region.Code, period Period, name string, n int64) {
	a.row(string(f), "", false, place, period).add(name, 0, n)
}

// Part adds to what stands under a place by a name.
func (a *Adding) Part(f Flow, place region.Code, part string, period Period, name string, n int64) {
	a.row(string(f), under+part, false, place, period).add(name, 0, n)
}

// Touch has a place's row of a stock say by which record it last changed, also where no figure does.
func (a *Adding) Touch(s Stock, place region.Code) {
	a.row(string(s), "", true, place, "").touched = true
}

// Stock adds to what a place has come to from the end of a year on.
func (a *Adding) Stock(s Stock, place region.Code, year int, name string, n int64) {
	a.row(string(s), "", true, place, "").add(name, year, n)
}

func (a *Adding) row(group, sub string, stock bool, place region.Code, period Period) *adding {
	for i := range a.rows {
		x := &a.rows[i]
		if x.group == group && x.sub == sub && x.place == place && x.period == period {
			return x
		}
	}
	a.rows = append(a.rows, adding{group: group, sub: sub, stock: stock, place: place, period: period})
	return &a.rows[len(a.rows)-1]
}

func (x *adding) add(name string, year int, n int64) {
	for i := range x.figures {
		if f := &x.figures[i]; f.Name == name && f.Year == year {
			f.N += n
			return
		}
	}
	x.figures = append(x.figures, Figure{Name: name, Year: year, N: n})
}

// negate makes of what was added what is taken away.
func (a *Adding) negate() {
	for i := range a.rows {
		for k := range a.rows[i].figures {
			a.rows[i].figures[k].N *= -1
		}
	}
}

// apply writes what has changed: of each place, and of those above it in its county.
func (a *Adding) apply(to *journal.Applying) {
	for _, x := range a.rows {
		x.figures = slices.DeleteFunc(x.figures, func(f Figure) bool { return f.N == 0 })
		if len(x.figures) > 0 || x.touched {
			x.keep(to)
		}
	}
}

// levels are the places whose sums a place's are part of, itself first, as they stand in keys.
func (x *adding) levels() (list []string) {
	if x.place.Level() < region.Village {
		list = append(list, string(x.place)+own)
	}
	for level := x.place.Level(); level >= region.County; level-- {
		list = append(list, string(x.place.Cut(level)))
	}
	return list
}

func (x *adding) keep(to *journal.Applying) {
	var places []Figure
	for i, at := range x.levels() {
		table, key := flowTable, Flow(x.group).front(x.place, x.period)+at+x.sub
		if x.stock {
			table, key = stockTable, at[:len(x.place)]+x.group+at[len(x.place):]
		}
		row, _ := table.Get(to, key)
		row.Last = to.Seq
		for _, f := range x.figures {
			if i == 0 && presences[f.Name] && x.sub == "" && x.place.HasCollective() {
				places = append(places, row.stepped(f)...)
			}
			row.add(f)
		}
		for _, f := range places {
			row.add(f)
		}
		table.Put(to.Tx, key, row)
	}
}

// stepped is how a change of a village's figure changes from when to when the village has any of it.
func (r Row) stepped(by Figure) (list []Figure) {
	had, has := 0, 0 // as counted so far, of the year before
	for _, year := range r.years(by) {
		before := r.At(by.Name, year)
		after := before
		if year >= by.Year {
			after += by.N
		}
		nowHad, nowHas := some(before), some(after)
		if n := (nowHas - has) - (nowHad - had); n != 0 {
			list = append(list, Figure{Name: Places(by.Name), Year: year, N: int64(n)})
		}
		had, has = nowHad, nowHas
	}
	return list
}

// years are those in which a figure changes, with one more change.
func (r Row) years(by Figure) []int {
	list := []int{by.Year}
	for _, f := range r.Figures {
		if f.Name == by.Name {
			list = append(list, f.Year)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func some(n int64) int {
	if n > 0 {
		return 1
	}
	return 0
}

var presences = map[string]bool{}

// CountPlaces has the villages with a collective counted that have any of a figure: see Places.
func CountPlaces(name string) string {
	presences[name] = true
	return name
}
