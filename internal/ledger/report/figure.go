package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Unit is what a figure counts in, which is how it is printed.
type Unit string

// The units.
const (
	Number Unit = ""     // villages, households, persons, payouts
	Yuan   Unit = "yuan" // N is in 分
	Mu     Unit = "mu"   // N is in ten-thousandths of a 亩
)

// Sign is the unit's name, "" for what is only counted.
func (u Unit) Sign() string { return map[Unit]string{Yuan: "元", Mu: "亩"}[u] }

// Text prints a figure of the unit.
func (u Unit) Text(n int64) string {
	switch u {
	case Yuan:
		return money.Yuan(n).Grouped()
	case Mu:
		return money.Quantity(n).Grouped()
	}
	return strings.TrimSuffix(money.Yuan(n*100).Grouped(), ".00")
}

// Figure is something that a place comes to. Tables, comparisons and questions read its description; to add one is to describe it.
type Figure struct {
	Name  string // in addresses
	Label journal.Label
	Unit  Unit
	Worse int                  // 1 where more of it is worse, -1 where less is, 0 where neither is
	Flow  bool                 // whether quarters have it, too
	page  func(Summary) string // the page of the rows that make it; nil where there is none
	of    func(Summary) int64
}

// Called names the figure; a policy's measure as its own texts do.
func (f Figure) Called(p income.Policy, mixed bool) journal.Label {
	if f.Name == "measure" && !mixed {
		return p.Named()
	}
	return f.Label
}

// Of is what a place comes to.
func (f Figure) Of(s Summary) int64 { return f.of(s) }

// Item is the item that the figure is of, "" of others.
func (f Figure) Item() string {
	if _, ok := income.ItemNamed(f.Name); ok {
		return f.Name
	}
	return ""
}

// Page is the address of the rows that make a place's figure, "" where there is none.
func (f Figure) Page(s Summary) string {
	if f.page == nil || s.Seat {
		return ""
	}
	return f.page(s)
}

// Tone says of a change whether it is for the worse or the better, "" where it is neither.
func (f Figure) Tone(change int64) string {
	switch n := change * int64(f.Worse); {
	case n > 0:
		return "worse"
	case n < 0:
		return "better"
	}
	return ""
}

// on leads to a page of a place and year; quarters have none.
func on(path, more string) func(Summary) string {
	return func(s Summary) string {
		if s.Period.Quarter() != 0 {
			return ""
		}
		return path + string(s.Place.Code) + more + "?year=" + strconv.Itoa(s.Year)
	}
}

// booked leads to the books, of a quarter with the lines of its days; of one item where it is not "".
func booked(item string) func(Summary) string {
	if item != "" {
		item = "&item=" + item
	}
	return func(s Summary) string {
		page := "/income/" + string(s.Place.Code) + "?year="
		switch {
		case s.Period.Quarter() == 0 || !s.OfVillage():
			return page + string(s.Period) + item
		}
		return page + strconv.Itoa(s.Year) + item + "&from=" + string(s.Period.First()) + "&to=" + string(s.Period.Last())
	}
}

// shown is a page that shows some of what it has.
func shown(page func(Summary) string, show string) func(Summary) string {
	return func(s Summary) string {
		if at := page(s); at != "" {
			return at + "&" + show
		}
		return ""
	}
}

var (
	villagesOf  = on("/shells/", "")
	plansOf     = on("/distributions/", "")
	holdersOf   = on("/transformation/", "/shareholders")
	broughtInto = on("/contributions/", "")
	approved    = shown(plansOf, "show=approved")
	failed      = shown(plansOf, "show=failed")
)

func entitiesOf(s Summary) string { return "/entities/" + string(s.Place.Code) }

// Figures are all there are, besides one for each item.
var Figures = []Figure{
	{Name: "villages", Label: "村", of: func(s Summary) int64 { return int64(s.Villages) }, page: shown(villagesOf, "show=all")},
	{Name: "recorded", Label: "有账的村", Worse: -1, of: func(s Summary) int64 { return int64(s.Recorded) },
		page: shown(villagesOf, "show=recorded")},
	{Name: "reformed", Label: "有经营主体的村", Worse: -1, of: func(s Summary) int64 { return int64(s.Reformed) },
		page: entitiesOf},
	{Name: "shells", Label: "空壳村", Worse: 1, of: func(s Summary) int64 { return int64(s.Shells) }, page: shown(villagesOf, "show=shells")},
	{Name: "measure", Label: "按标准算的收益", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return int64(s.Measure) },
		page: shown(villagesOf, "show=all")},
	{Name: "income", Label: "总收入", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Income) },
		page: booked("")},
	{Name: "expense", Label: "总支出", Unit: Yuan, Worse: 1, Flow: true, of: func(s Summary) int64 { return int64(s.Expense) },
		page: booked("")},
	{Name: "operating_gain", Label: "经营收益", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Operating) },
		page: booked("")},
	{Name: "members", Label: "成员|集体的", of: func(s Summary) int64 { return int64(s.Members) },
		page: entitiesOf},
	{Name: "shareholders", Label: "股东", Worse: -1, of: func(s Summary) int64 { return int64(s.Shareholders) },
		page: holdersOf},
	{Name: "households", Label: "农户|股东", Worse: -1, of: func(s Summary) int64 { return int64(s.Households) },
		page: shown(holdersOf, "kind=household")},
	{Name: "people", Label: "户内人数", of: func(s Summary) int64 { return int64(s.People) },
		page: holdersOf},
	{Name: "capital", Label: "入股作价", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Capital) },
		page: broughtInto},
	{Name: "area", Label: "入股面积", Unit: Mu, of: func(s Summary) int64 { return int64(s.Area) }, page: broughtInto},
	{Name: "per_household", Label: "户均已付分红", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return each(s.Paid, s.Shareholders) },
		page: approved},
	{Name: "per_person", Label: "人均经营收益", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return each(s.Operating, s.People) },
		page: booked("")},
	{Name: "due", Label: "应付分红", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return int64(s.Due) }, page: approved},
	{Name: "paid", Label: "已付|分红", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Paid) },
		page: approved},
	{Name: "failed", Label: "失败|付款", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Failed) }, page: failed},
	{Name: "failures", Label: "失败笔数", Worse: 1, of: func(s Summary) int64 { return int64(s.FailCount) }, page: failed},
	{Name: "held", Label: "暂缓|付款", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Held) }, page: approved},
	{Name: "outstanding", Label: "待付|付款", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Outstanding()) },
		page: approved},
}

// each divides a sum among so many, rounded down to the 分; nothing among none.
func each(sum money.Yuan, by int) int64 {
	if by == 0 {
		return 0
	}
	return int64(sum) / int64(by)
}

// itemFigure is what a place's books come to under an item.
func itemFigure(it income.Item) Figure {
	f := Figure{Name: it.Code, Label: it.Label, Unit: Yuan, Worse: -1, Flow: true, page: booked(it.Code),
		of: func(s Summary) int64 { return int64(s.Books.Items[it.Code]) }}
	if it.Expense {
		f.Worse = 1
	}
	return f
}

// FigureNamed is the figure with a name, and whether there is one.
func FigureNamed(name string) (Figure, bool) {
	if it, ok := income.ItemNamed(name); ok {
		return itemFigure(it), true
	}
	if i := slices.IndexFunc(Figures, func(f Figure) bool { return f.Name == name }); i >= 0 {
		return Figures[i], true
	}
	return Figure{}, false
}

// Group is a choice of figures that are looked at together.
type Group struct {
	Name    string
	Label   journal.Label
	figures []string // names; none for those of the items that a report has sums of
}

// Groups are all there are, the one that is shown first in front.
var Groups = []Group{
	{"shells", "空壳与收益", []string{"villages", "shells", "measure", "shareholders", "due", "paid", "failed", "outstanding"}},
	{"items", "收支项目", nil},
	{"holders", "成员与股东", []string{"recorded", "reformed", "members", "shareholders", "households", "people", "capital", "area", "per_person"}},
	{"payouts", "分红|发放", []string{"due", "paid", "failed", "failures", "held", "outstanding", "per_household"}},
}

// GroupNamed is the group with a name that a report shows: the first where there is none of it, of a quarter that of what flows.
func GroupNamed(name string, r *Report) Group {
	if i := slices.IndexFunc(Groups, func(g Group) bool { return g.Name == name }); i >= 0 {
		return Groups[i]
	}
	if r.Period.Quarter() != 0 {
		return Groups[1]
	}
	return Groups[0]
}

// Figures are those of the group that a report shows: of a quarter those that quarters have.
func (g Group) Figures(r *Report) (list []Figure) {
	names := g.figures
	if names == nil {
		names = []string{"income", "expense", "operating_gain"}
		for _, it := range income.Items {
			if r.Books.Items[it.Code] != 0 || r.With.Books.Items[it.Code] != 0 {
				names = append(names, it.Code)
			}
		}
	}
	for _, name := range names {
		if f, ok := FigureNamed(name); ok && (f.Flow || r.Period.Quarter() == 0) {
			list = append(list, f)
		}
	}
	return list
}

// Sort puts the places next below a report's into the order of a figure, "shells", or of how it changed, "shells.change", the worst first;
// with - before it the other way round. What is unknown changes nothing.
func (r *Report) Sort(by string) {
	name, reverse := strings.CutPrefix(by, "-")
	name, change := strings.CutSuffix(name, ".change")
	f, ok := FigureNamed(name)
	if !ok {
		return
	}
	key := func(c Compared) int64 {
		n := f.Of(c.Summary)
		if change {
			n -= f.Of(c.With)
		}
		if f.Worse >= 0 {
			n = -n
		}
		if reverse {
			n = -n
		}
		return n
	}
	slices.SortStableFunc(r.Children, func(a, b Compared) int {
		switch x, y := key(a), key(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// Years is what a place came to in each of several years.
type Years struct {
	Summary
	Figures []int64
}

// Matrix is what the places next below a report's, and it itself, last, came to by a figure in the five years up to its own.
func (r *Report) Matrix(f Figure) (years []int, rows []Years) {
	for year := r.Year - 4; year <= r.Year; year++ {
		years = append(years, year)
	}
	row := func(s Summary, of func(year int) Summary) {
		x := Years{Summary: s}
		for _, year := range years {
			x.Figures = append(x.Figures, f.Of(of(year)))
		}
		rows = append(rows, x)
	}
	for _, c := range r.Children {
		if c.Seat {
			row(c.Summary, func(year int) Summary { return r.judge.ownSummary(c.Place, yearPeriod(year)) })
		} else {
			row(c.Summary, func(year int) Summary { return r.judge.summary(c.Place, yearPeriod(year)) })
		}
	}
	row(r.Summary, func(year int) Summary { return r.judge.summary(r.Place, yearPeriod(year)) })
	return years, rows
}

// YearBooks is what the books of a place's collectives came to in a year, and the verdict of a village.
type YearBooks struct {
	Year    int
	Items   map[string]money.Yuan
	Verdict income.Verdict
}

// Past is what the books of the report's place came to in so many years up to its own, from the first with any record.
func (r *Report) Past(years int) (list []YearBooks) {
	j, place := r.judge, r.Place.Code
	for year := max(j.firstYear(place), r.Year-years+1); year <= r.Year; year++ {
		y := YearBooks{Year: year, Items: map[string]money.Yuan{}}
		for _, at := range keptOf(j.View, place) {
			for item, n := range income.SumsIn(j.books, at, yearPeriod(year)).Items {
				y.Items[item] += n
			}
		}
		if place.Level() == region.Village {
			y.Verdict = j.verdict(place, year)
		}
		list = append(list, y)
	}
	return list
}

// OfVillage tells whether the summary is of one village, which has a verdict of its own.
func (s Summary) OfVillage() bool { return s.Place.Code.Level() == region.Village }
