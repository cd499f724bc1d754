package report

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// judging judges villages by what their books add up to, year by year, and by the policies. The kept sums say no verdict: it is made from
// them whenever somebody looks, and made anew where either has changed.
type judging struct {
	*journal.View
	books    store.Reader
	thisYear int
	years    map[string]*yearBooks
	first    map[region.Code]int // the first year with any line, by county; 0 for none
	policies map[string]income.Policy
	instead  *income.Policy // the one policy that is tried on all years
	comings  map[region.Code]register.Coming
}

// yearBooks is what the collectives' books of a county come to in a year: of its villages, and of its townships with theirs.
type yearBooks struct {
	year   int
	before *yearBooks
	sums   map[region.Code]income.PlaceSums
}

// judgingOf judges the villages that a view may see, and no others are asked about.
func judgingOf(v *journal.View, books store.Reader) *judging {
	return &judging{View: v, books: books, thisYear: v.Today().Year(), years: map[string]*yearBooks{}, first: map[region.Code]int{},
		policies: map[string]income.Policy{}, comings: map[region.Code]register.Coming{}}
}

// coming is what is to come of a place's county's shareholders, where a year is the one that runs; nil of others.
func (j *judging) coming(place region.Code, year int) register.Coming {
	if year != j.thisYear {
		return nil
	}
	county := place.Cut(region.County)
	c, ok := j.comings[county]
	if !ok {
		c = register.ComingIn(j.books, county, j.Today())
		j.comings[county] = c
	}
	return c
}

// in is what the books of a place's county come to in a year; nil before the first year that there can be.
func (j *judging) in(place region.Code, year int) *yearBooks {
	county := place.Cut(region.County)
	first, ok := j.first[county]
	if !ok {
		first = income.FirstIn(j.books, county)
		j.first[county] = first
	}
	if first == 0 || year < first {
		return nil
	}
	key := "books " + journal.YearID.Dated(string(county), year)
	if y, ok := j.years[key]; ok {
		return y
	}
	before, period := j.in(county, year-1), sums.YearOf(year)
	type version struct {
		before  *yearBooks
		changed uint64
	}
	y := journal.Memo(j.View, key, version{before, income.ChangedIn(j.books, county, period)}, func() *yearBooks {
		y := &yearBooks{year: year, before: before, sums: map[region.Code]income.PlaceSums{}}
		for code, s := range income.EachSums(j.books, county, period) {
			y.sums[code] = s
		}
		return y
	})
	j.years[key] = y
	return y
}

// all yields the places with any line, in no order.
func (y *yearBooks) all() iter.Seq2[region.Code, income.PlaceSums] {
	if y == nil {
		return func(func(region.Code, income.PlaceSums) bool) {}
	}
	return maps.All(y.sums)
}

// begun tells whether a village's books have a line that stands of a year or one before; its own alone, where that is asked. A line in a
// wrong year that was taken back, in whatever year, begins nothing for the years that follow.
func (j *judging) begun(village region.Code, year int, alone bool) bool {
	for y := j.in(village, year); y != nil; y = y.before {
		if s, ok := y.sums[village]; ok && s.Stands(alone) && (y.year == year || j.standing(village, y.year, alone)) {
			return true
		}
	}
	return false
}

// standing tells whether a village's books of a year have a line that was not taken back.
func (j *judging) standing(village region.Code, year int, alone bool) bool {
	books := []book{{Book: string(village)}}
	if !alone {
		books = booksOf(j.books, office.Division{Code: village})
	}
	return slices.ContainsFunc(books, func(b book) bool { return income.AnyStands(j.books, b.Book, year) })
}

// policy is the one that judges a village in a year.
func (j *judging) policy(code region.Code, year int) income.Policy {
	key := journal.YearID.Dated(string(code.Cut(region.County)), year)
	p, ok := j.policies[key]
	if !ok {
		p = income.PolicyIn(j.books, code, year)
		j.policies[key] = p
	}
	if j.instead != nil && (p.Region == "" || p.Region.Level() <= j.instead.Region.Level()) { // a nearer office's own would hold as before
		return *j.instead
	}
	return p
}

// mixed tells whether the villages of a place are judged by several policies in a year.
func (j *judging) mixed(place region.Code, year int) bool {
	for _, county := range counties(j.View, place) {
		a, b := j.policy(county, year), j.policy(place, year)
		if a.Region != b.Region || a.From != b.From {
			return true
		}
	}
	return false
}

// verdict judges a village in a year.
func (j *judging) verdict(code region.Code, year int) income.Verdict {
	p, y := j.policy(code, year), j.in(code, year)
	var s income.PlaceSums
	if y != nil {
		s = y.sums[code]
	}
	return p.Judge(year, s.As(p), s.Kept(p.Alone), j.begun(code, year, p.Alone), j.thisYear)
}

// sumsOf are a village's sums of a year as a policy counts them.
func (j *judging) sumsOf(code region.Code, year int, p income.Policy) income.BookYear {
	if y := j.in(code, year); y != nil {
		return y.sums[code].As(p)
	}
	return income.BookYear{}
}

// kept tells whether any of a village's books has a line of a year, or a township's own.
func (j *judging) kept(code region.Code, year int) bool {
	if code.Level() < region.Village {
		return income.OwnSumsIn(j.books, code, yearPeriod(year)).Kept(false)
	}
	y := j.in(code, year)
	return y != nil && y.sums[code].Kept(false)
}

// Judged is a village with its verdict of a year.
type Judged struct {
	Place   office.Division
	Verdict income.Verdict
}

// judgedYear are the villages of a county that have a collective, in code order, with what their verdicts of a year come to. Shared, nobody
// changes it.
type judgedYear struct {
	list  []*Judged
	tally tally
}

// tally counts verdicts.
type tally struct {
	YearCount
	villages, running int
	measure           money.Yuan
}

func (t *tally) add(v *income.Verdict) {
	t.villages++
	t.measure += v.Measure
	switch {
	case v.Unknown:
		t.Unknown++
	case v.Open:
		t.running++
	case v.Shell:
		t.Shells++
		fallthrough
	default:
		t.Tiers[v.Tier]++
	}
}

func (t *tally) and(o tally) {
	t.villages, t.running, t.measure = t.villages+o.villages, t.running+o.running, t.measure+o.measure
	t.Shells, t.Unknown = t.Shells+o.Shells, t.Unknown+o.Unknown
	for i, n := range o.Tiers {
		t.Tiers[i] += n
	}
}

func (j *judging) judged(county region.Code, year int) *judgedYear {
	make := func() *judgedYear {
		of := &judgedYear{}
		for _, d := range office.Divisions(j.View, county, region.Village) {
			if d.Code.HasCollective() {
				x := &Judged{d, j.verdict(d.Code, year)}
				of.list = append(of.list, x)
				of.tally.add(&x.Verdict)
			}
		}
		return of
	}
	if j.instead != nil {
		return make()
	}
	type version struct {
		books    *yearBooks
		by       region.Code
		policy   uint64
		onMap    uint64
		thisYear int
	}
	p := j.policy(county, year)
	return journal.Memo(j.View, "judged "+journal.YearID.Dated(string(county), year),
		version{j.in(county, year), p.Region, p.Stamp.Entry, office.MapChanged(j.View, county), j.thisYear}, make)
}

// villages are those of a place, with their verdicts of a year, in code order. Nobody changes what is shared of them.
func (j *judging) villages(place region.Code, year int) (list []*Judged) {
	for _, county := range counties(j.View, place) {
		of := j.judged(county, year).list
		if place.Level() <= region.County {
			list = append(list, of...)
			continue
		}
		from, _ := slices.BinarySearchFunc(of, place, func(x *Judged, code region.Code) int {
			return strings.Compare(string(x.Place.Code), string(code))
		})
		for from < len(of) && place.Contains(of[from].Place.Code) {
			list, from = append(list, of[from]), from+1
		}
	}
	return list
}

// tally counts the verdicts of a place's villages in a year.
func (j *judging) tally(place region.Code, year int) (t tally) {
	if place.Level() > region.County {
		for _, x := range j.villages(place, year) {
			t.add(&x.Verdict)
		}
	} else {
		for _, county := range counties(j.View, place) {
			t.and(j.judged(county, year).tally)
		}
	}
	t.Year = year
	return t
}

// counties are those that a place consists of, or the one that it lies in.
func counties(v *journal.View, place region.Code) (list []region.Code) {
	if place.Level() >= region.County {
		return []region.Code{place.Cut(region.County)}
	}
	for _, d := range office.Divisions(v, place, region.County) {
		list = append(list, d.Code)
	}
	return list
}

// keptOf are the places whose kept sums a place comes to: itself within a county, else the counties that it consists of.
func keptOf(v *journal.View, place region.Code) []region.Code {
	if place.Level() >= region.County {
		return []region.Code{place}
	}
	return counties(v, place)
}

// firstYear is the first year of which any book of a place has a line, or in which silence counts; this year where there is none.
func (j *judging) firstYear(place region.Code) int {
	first := j.thisYear
	for _, county := range counties(j.View, place) {
		if p := j.policy(county, j.thisYear-1); p.Silent != 0 {
			first = min(first, p.Silent)
		}
		for year := max(income.FirstIn(j.books, county), income.FirstYear); year < first; year++ {
			for code, s := range j.in(county, year).all() {
				if place.Contains(code) && s.Stands(false) {
					first = year
				}
			}
		}
	}
	return first
}

// trend counts the empty shells of every year that is over, from the first that can be judged.
func (j *judging) trend(place region.Code) (list []YearCount) {
	for year := j.firstYear(place); year < j.thisYear; year++ {
		list = append(list, j.tally(place, year).YearCount)
	}
	return list
}

// VerdictOf judges a village in a year, all its collectives together.
func VerdictOf(v *journal.View, village region.Code, year int) (income.Verdict, error) {
	books, err := v.At(village)
	if err != nil {
		return income.Verdict{}, err
	}
	return judgingOf(v, books).verdict(village, year), nil
}

// Trial is what a policy would have made of a year that is over, beside what judged it.
type Trial struct {
	Year      int
	Now, Then int // empty shells
	Changes   []Change
}

// Change is a village that another policy would judge otherwise.
type Change struct {
	Village   region.Code
	Now, Then income.Verdict
}

// Try judges all years that are over by one policy, without setting it: the latest first.
func Try(v *journal.View, place region.Code, p income.Policy) ([]Trial, error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	now, then := judgingOf(v, books), judgingOf(v, books)
	then.instead = &p
	var list []Trial
	for _, y := range slices.Backward(now.trend(place)) {
		t := Trial{Year: y.Year, Now: y.Shells}
		tried := then.villages(place, y.Year)
		for i, village := range now.villages(place, y.Year) {
			a, b := village.Verdict, tried[i].Verdict
			if b.Shell {
				t.Then++
			}
			if a.Shell != b.Shell || a.Unknown != b.Unknown {
				t.Changes = append(t.Changes, Change{village.Place.Code, a, b})
			}
		}
		list = append(list, t)
	}
	return list, nil
}
