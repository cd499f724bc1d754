package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
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
	Full  journal.Label // what it is called where nothing around it says what it is of; "" where that is Label
	Unit  Unit
	Worse int                  // 1 where more of it is worse, -1 where less is, 0 where neither is
	Flow  bool                 // whether quarters have it, too
	By    journal.Label        // of a share what it is divided by
	Each  bool                 // an average: what parts of a place have do not add up to what it has
	page  func(Summary) string // the page of what makes it in a village, or in any place
	books bool                 // whether it is made by the lines of books
	below bool                 // of larger places the rows are what each place below has
	own   bool                 // of villages, too, what each of their collectives has
	of    func(Summary) int64
}

// Called names the figure; a policy's measure as its own texts do.
func (f Figure) Called(p income.Policy, mixed bool) journal.Label {
	if name, _, _ := strings.Cut(f.Name, shareSign); name == "measure" && !mixed {
		return p.Named()
	}
	return f.Label
}

// In names the figure of a period: of a part of a year what there is at a year's end is what has come to it.
func (f Figure) In(period sums.Period, p income.Policy, mixed bool) journal.Label {
	if f.Name == "capital" && period.Quarter() != 0 {
		return "新增入股作价"
	}
	return f.Called(p, mixed)
}

// Shares are what sums of money can be divided by: the households that hold shares at the year's end, the persons in them.
var Shares = []Share{
	{"household", "户均", func(s Summary) int { return s.Households }},
	{"person", "人均", func(s Summary) int { return s.People }},
}

// Share is what sums of money are divided by.
type Share struct {
	Name  string
	Label journal.Label
	by    func(Summary) int
}

// ShareNamed is the share with a name, nil where there is none of it: sums stay whole.
func ShareNamed(name string) *Share {
	if i := slices.IndexFunc(Shares, func(s Share) bool { return s.Name == name }); i >= 0 {
		return &Shares[i]
	}
	return nil
}

// shareSign stands between a figure's name and that of the share.
const shareSign = "@"

// Per is a sum of money divided, rounded towards nothing to the 分; it leads where the sum does. What is no sum of money stays as it is.
func (f Figure) Per(s *Share) Figure {
	if s == nil || f.Unit != Yuan || f.Each {
		return f
	}
	whole := f.of
	f.Name, f.By, f.Each, f.of = f.Name+shareSign+s.Name, s.Label, true, func(x Summary) int64 { return each(money.Yuan(whole(x)), s.by(x)) }
	return f
}

// CalledFully names the figure where nothing around it says what it is of.
func (f Figure) CalledFully(p income.Policy, mixed bool) journal.Label {
	if f.Full != "" {
		return f.Full
	}
	return f.Called(p, mixed)
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

// Page is the address of the rows that make a place's figure.
func (f Figure) Page(s Summary) string {
	switch {
	case s.Seat && f.books && s.Collective != "":
		return bookOf(s.Collective, s.Period, f.Item())
	case s.Seat:
		return entitiesOf(s)
	case f.own || f.below && !s.OfVillage():
		name, _, _ := strings.Cut(f.Name, shareSign)
		return "/rows/" + string(s.Place.Code) + "?figure=" + name + "&year=" + string(s.Period)
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

// on leads to a page of a place and its year or quarter.
func on(path, more string) func(Summary) string {
	return func(s Summary) string { return path + string(s.Place.Code) + more + "?year=" + string(s.Period) }
}

// bookOf is the page of a book, of a quarter with the lines of its days; of one item where it is not "".
func bookOf(book string, period sums.Period, item string) string {
	page := "/income/" + book + "?year=" + strconv.Itoa(period.Year())
	if item != "" {
		page += "&item=" + item
	}
	if period.Quarter() != 0 {
		page += "&from=" + string(period.First()) + "&to=" + string(period.Last())
	}
	return page
}

// booked leads to the books: of a village that has several to what each of them has.
func booked(figure, item string) func(Summary) string {
	return func(s Summary) string {
		switch {
		case !s.OfVillage() && item != "":
			return "/income/" + string(s.Place.Code) + "?year=" + string(s.Period) + "&item=" + item
		case !s.OfVillage():
			return "/income/" + string(s.Place.Code) + "?year=" + string(s.Period)
		case s.OtherBooks:
			return "/rows/" + string(s.Place.Code) + "?figure=" + figure + "&year=" + string(s.Period)
		}
		return bookOf(string(s.Place.Code), s.Period, item)
	}
}

// payouts leads to the payouts in a state, one by one: of a year's plans, or made in a quarter.
func payouts(state string) func(Summary) string {
	return func(s Summary) string {
		in := "&year="
		if s.Period.Quarter() != 0 {
			in = "&quarter="
		}
		return "/payees/" + string(s.Place.Code) + "?show=" + state + in + string(s.Period)
	}
}

// shown is a page that shows some of what it has.
func shown(page func(Summary) string, show string) func(Summary) string {
	return func(s Summary) string { return page(s) + "&" + show }
}

var (
	villagesOf  = on("/shells/", "")
	plansOf     = on("/distributions/", "")
	holdersOf   = on("/transformation/", "/shareholders")
	broughtInto = on("/contributions/", "")
	approved    = shown(plansOf, "show=approved")
	givenTo     = on("/given/", "")
)

func entitiesOf(s Summary) string { return "/entities/" + string(s.Place.Code) }

// Figures are all there are, besides one for each item.
var Figures = []Figure{
	{Name: "villages", Label: "村", of: func(s Summary) int64 { return int64(s.Villages) }, page: shown(villagesOf, "show=all")},
	{Name: "recorded", Label: "有账的村", Worse: -1, of: func(s Summary) int64 { return int64(s.Recorded) },
		page: booked("income", ""), below: true},
	{Name: "reformed", Label: "有经营主体的村", Worse: -1, of: func(s Summary) int64 { return int64(s.Reformed) },
		page: entitiesOf, below: true},
	{Name: "shells", Label: "空壳村", Worse: 1, of: func(s Summary) int64 { return int64(s.Shells) }, page: shown(villagesOf, "show=shells")},
	{Name: "measure", Label: "按标准算的收益", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return int64(s.Measure) },
		page: shown(villagesOf, "show=all")},
	{Name: "income", Label: "总收入", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Income) },
		page: booked("income", ""), books: true},
	{Name: "expense", Label: "总支出", Unit: Yuan, Worse: 1, Flow: true, of: func(s Summary) int64 { return int64(s.Expense) },
		page: booked("expense", ""), books: true},
	{Name: "operating_gain", Label: "经营收益", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Operating) },
		page: booked("operating_gain", ""), books: true},
	{Name: "members", Label: "成员|集体的", of: func(s Summary) int64 { return int64(s.Members) },
		page: entitiesOf, below: true, own: true},
	{Name: "shareholders", Label: "股东", Worse: -1, of: func(s Summary) int64 { return int64(s.Shareholders) },
		page: holdersOf, below: true},
	{Name: "households", Label: "农户|股东", Worse: -1, of: func(s Summary) int64 { return int64(s.Households) },
		page: shown(holdersOf, "kind=household"), below: true},
	{Name: "people", Label: "户内人数", of: func(s Summary) int64 { return int64(s.People) },
		page: holdersOf, below: true},
	{Name: "capital", Label: "入股作价", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Capital) },
		page: broughtInto},
	{Name: "area", Label: "入股面积", Unit: Mu, of: func(s Summary) int64 { return int64(s.Area) }, page: broughtInto},
	{Name: "per_household", Label: "户均已付分红", Unit: Yuan, Worse: -1, Each: true,
		of: func(s Summary) int64 { return each(s.Given.Paid, s.Households) }, page: givenTo},
	{Name: "per_person", Label: "人均已付分红", Unit: Yuan, Worse: -1, Each: true,
		of: func(s Summary) int64 { return each(s.Given.Paid, s.People) }, page: givenTo},
	{Name: "due", Label: "应付分红", Unit: Yuan, Worse: -1, of: func(s Summary) int64 { return int64(s.Due) }, page: approved},
	{Name: "paid", Label: "已付|分红", Full: "已付分红", Unit: Yuan, Worse: -1, Flow: true, of: func(s Summary) int64 { return int64(s.Paid) },
		page: payouts("paid")},
	{Name: "failed", Label: "失败|付款", Full: "付款失败的钱", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Failed) },
		page: payouts("failed")},
	{Name: "failures", Label: "失败笔数", Full: "付款失败的笔数", Worse: 1, of: func(s Summary) int64 { return int64(s.FailCount) },
		page: payouts("failed")},
	{Name: "held", Label: "暂缓|付款", Full: "暂缓的分红", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Held) },
		page: payouts("held")},
	{Name: "outstanding", Label: "待付|付款", Full: "待付的分红", Unit: Yuan, Worse: 1, of: func(s Summary) int64 { return int64(s.Outstanding()) },
		page: payouts("outstanding")},
}

// each divides a sum among so many, rounded towards nothing to the 分; nothing among none.
func each(sum money.Yuan, by int) int64 {
	if by == 0 {
		return 0
	}
	return int64(sum) / int64(by)
}

// itemFigure is what a place's books come to under an item.
func itemFigure(it income.Item) Figure {
	f := Figure{Name: it.Code, Label: it.Label, Unit: Yuan, Worse: -1, Flow: true, page: booked(it.Code, it.Code), books: true,
		of: func(s Summary) int64 { return int64(s.Books.Items[it.Code]) }}
	if it.Expense {
		f.Worse = 1
	}
	return f
}

// FigureNamed is the figure with a name, and whether there is one.
func FigureNamed(name string) (Figure, bool) {
	if name, share, ok := strings.Cut(name, shareSign); ok {
		f, known := FigureNamed(name)
		s := ShareNamed(share)
		return f.Per(s), known && s != nil
	}
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
	{"holders", "成员与股东", []string{"recorded", "reformed", "members", "shareholders", "households", "people", "capital", "area"}},
	{"payouts", "分红|发放", []string{"due", "paid", "failed", "failures", "held", "outstanding", "per_household", "per_person"}},
}

// FiveYears is the choice that shows one figure over five years in place of a group.
const FiveYears = "years"

// GroupNamed is the group with a name that a report shows: the first where there is none of it, that of what flows of a quarter that has
// next to nothing of it.
func GroupNamed(name string, r *Report) Group {
	i := max(0, slices.IndexFunc(Groups, func(g Group) bool { return g.Name == name }))
	if r.Period.Quarter() != 0 && len(Groups[i].Figures(r)) < 2 {
		return Groups[1]
	}
	return Groups[i]
}

// Shared are the sums of money of the group, divided, where they are asked for so.
func (g Group) Shared(r *Report, s *Share) (list []Figure) {
	if s == nil {
		return g.Figures(r)
	}
	for _, f := range g.Figures(r) {
		if f.Unit == Yuan && !f.Each {
			list = append(list, f.Per(s))
		}
	}
	return list
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
		if r.Period.Quarter() != 0 { // what else flows
			names = append(names, "capital", "paid")
		}
	}
	for _, name := range names {
		if f, ok := FigureNamed(name); ok && (f.Flow || r.Period.Quarter() == 0) {
			list = append(list, f)
		}
	}
	return list
}

// Sorted are the places next below a report's in the order of a figure, "shells", or of how it changed, "shells.change", the worst first;
// with - before it the other way round; of what is unknown in their own.
func (r *Report) Sorted(by string) []Compared {
	name, reverse := strings.CutPrefix(by, "-")
	name, change := strings.CutSuffix(name, ".change")
	f, ok := FigureNamed(name)
	if !ok {
		return r.Children
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
	list := slices.Clone(r.Children)
	slices.SortStableFunc(list, func(a, b Compared) int { return cmp.Compare(key(a), key(b)) })
	return list
}

// Years is what a place came to in each of several years.
type Years struct {
	Summary
	Summaries []Summary
	Figures   []int64 // of them
}

// Matrix is what the places next below a report's, and it itself, last, came to by a figure in the five years up to its own.
func (r *Report) Matrix(f Figure) (years []int, rows []Years) {
	for year := r.Year - 4; year <= r.Year; year++ {
		years = append(years, year)
	}
	row := func(s Summary, of func(year int) Summary) {
		x := Years{Summary: s}
		for _, year := range years {
			in := of(year)
			x.Summaries, x.Figures = append(x.Summaries, in), append(x.Figures, f.Of(in))
		}
		rows = append(rows, x)
	}
	for _, c := range r.Children {
		row(c.Summary, func(year int) Summary { return r.judge.again(c.Summary, year) })
	}
	row(r.Summary, func(year int) Summary { return r.judge.again(r.Summary, year) })
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
