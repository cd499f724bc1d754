// Package report adds up what the other rooms know: summary, transformation, what an entry says. It reads all and writes nothing.
package report

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Summary is what a region comes to in a year: shareholders, members and capital at its end, of a year that runs as they are now.
type Summary struct {
	Place      office.Division
	Year       int
	Period     sums.Period // the year, or a quarter: of that only what flows, by the day on which it was booked, put in or paid
	Villages   int         // villages with a collective; urban communities are not counted
	Recorded   int         // of them, those whose books have any line of the year
	Shells     int
	Unrecorded int // villages that have not begun to keep their book here
	Running    int // villages in a year that runs: no verdict yet
	Measure    money.Yuan
	register.HolderSums
	Books     income.BookYear // of the collectives, by item
	Income    money.Yuan
	Expense   money.Yuan
	Operating money.Yuan // 经营收益
	Subsidy   money.Yuan
	plan.Sums
	Given      plan.Sums      // of these, what households get
	OtherBooks bool           // whether other books than the villages' own are in it
	Verdict    income.Verdict // of a village
	Seat       bool           // the row of a township's own collective
	Collective string         // the id of that
}

// YearCount is the number of empty shells of one year that is over, of villages of which nothing is known, and of those of each tier.
type YearCount struct {
	Year, Shells, Unknown int
	Tiers                 [income.MaxTiers]int
	Alike                 bool // whether it is judged by the same tiers as the report's year
}

// Compared is what a region comes to in a year, beside another year.
type Compared struct {
	Summary
	With Summary
}

// Report is a region's summary beside that of another year, those of the places next below it, and its villages.
type Report struct {
	Compared
	Children []Compared  // townships of a county, villages of a township, and a township's own collective: it is in no village's sum
	Villages []*Judged   // with a collective
	Trend    []YearCount // every year that is over, from the first with any record
	Policy   income.Policy
	Mixed    bool // places below have policies of their own
	Twice    int  // shareholders whom several of the places below count, and the place once

	judge *judging
}

// ReportOf is a region's report of a year beside the year before.
func ReportOf(v *journal.View, place region.Code, year int) (*Report, error) {
	return Beside(v, place, yearPeriod(year), yearPeriod(year-1))
}

func yearPeriod(year int) sums.Period { return sums.YearOf(year) }

// Beside is a region's report of a year or quarter beside any other.
func Beside(v *journal.View, place region.Code, period, with sums.Period) (*Report, error) {
	year := period.Year()
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	for field, p := range map[string]sums.Period{"year": period, "with": with} {
		if err := checkPeriod(v, field, p); err != nil {
			return nil, err
		}
	}
	j := judgingOf(v, books)
	r := &Report{Villages: j.villages(place, year), Trend: j.trend(place), Policy: j.policy(place, year), Mixed: j.mixed(place, year),
		judge: j}
	for i := range r.Trend {
		r.Trend[i].Alike = slices.Equal(j.policy(place, r.Trend[i].Year).Tiers, r.Policy.Tiers)
	}
	r.Compared = j.compared(at, period, with)
	for _, d := range office.Children(v, place) {
		r.Children = append(r.Children, j.compared(d, period, with))
	}
	if own, ok := j.ownSummary(place, period); ok {
		before, _ := j.ownSummary(place, with)
		r.Children = append(r.Children, Compared{own, before})
	}
	for _, c := range r.Children {
		r.Twice += c.Shareholders
	}
	if r.Twice -= r.Shareholders; len(r.Children) == 0 {
		r.Twice = 0
	}
	return r, nil
}

// Unfinished is the one of the report's two years that is not over, 0 where both are, and of quarters.
func (r *Report) Unfinished() int {
	if last := max(r.Year, r.With.Year); r.Period.Quarter() == 0 && last >= r.judge.thisYear {
		return last
	}
	return 0
}

// Outside is the operating gain in the report's year that is no village's: of townships' own collectives.
func (r *Report) Outside() (sum money.Yuan) {
	for _, d := range office.Divisions(r.judge.View, r.Place.Code, region.Township) {
		sum += income.OwnSumsIn(r.judge.books, d.Code, r.Period).Sums(r.Year).Operating
	}
	return sum
}

// EachVillage yields the summary of every place of a report that keeps a register: villages, then townships' own collectives.
func (r *Report) EachVillage() iter.Seq[Summary] {
	return func(yield func(Summary) bool) {
		var seats []Summary
		for _, d := range office.Seats(r.judge.View, r.Place.Code) {
			if d.Code.Level() < region.Village {
				if own, ok := r.judge.ownSummary(d.Code, r.Period); ok {
					seats = append(seats, own)
				}
			} else if !yield(r.judge.summary(d, r.Period)) {
				return
			}
		}
		for _, s := range seats {
			if !yield(s) {
				return
			}
		}
	}
}

func (j *judging) compared(at office.Division, period, with sums.Period) Compared {
	return Compared{j.summary(at, period), j.summary(at, with)}
}

// summary adds up what a place comes to from what is kept of the counties it consists of, or of itself.
func (j *judging) summary(at office.Division, period sums.Period) Summary {
	year := period.Year()
	s := Summary{Place: at, Year: year, Period: period}
	var books income.PlaceSums
	for _, place := range keptOf(j.View, at.Code) {
		books = books.And(income.SumsIn(j.books, place, period))
		if period.Quarter() != 0 {
			s.Capital += register.CapitalIn(j.books, place, period)
			s.Sums = s.Sums.And(dividend.PaidIn(j.books, place, period))
			continue
		}
		s.HolderSums = s.HolderSums.And(register.SumsIn(j.books, place, year, j.coming(place, year)))
		s.Sums = s.Sums.And(plan.SumsIn(j.books, place, year))
		s.Given = s.Given.And(dividend.GivenIn(j.books, place, period))
	}
	s.fill(books)
	if period.Quarter() != 0 {
		s.OtherBooks = s.OfVillage() && len(booksOf(j.books, at)) > 1
		if period.Several() {
			s.Recorded = j.recordedIn(at.Code, period)
		}
		return s
	}
	if at.Code.Level() < region.County {
		s.HolderSums = s.HolderSums.And(register.CountedOnce(j.View, j.books, counties(j.View, at.Code), year,
			func(county region.Code) register.Coming { return j.coming(county, year) }))
	}
	t := j.tally(at.Code, year)
	s.Villages, s.Measure, s.Unrecorded, s.Running, s.Shells = t.villages, t.measure, t.Unknown, t.running, t.Shells
	if t.villages == 1 && s.OfVillage() {
		s.Verdict = j.verdict(at.Code, year)
	}
	return s
}

// recordedIn counts the villages with a collective that have any line in several quarters.
func (j *judging) recordedIn(place region.Code, period sums.Period) int {
	villages := map[region.Code]bool{}
	for _, at := range keptOf(j.View, place) {
		for _, quarter := range period.Quarters() {
			for code, s := range income.EachSums(j.books, at, quarter) {
				if code.HasCollective() && s.Kept(false) {
					villages[region.Code(strings.Clone(string(code)))] = true
				}
			}
		}
	}
	return len(villages)
}

// ownSummary is what a township's own collective comes to, named as that is, and whether it has one.
func (j *judging) ownSummary(place region.Code, period sums.Period) (s Summary, ok bool) {
	if place.Level() != region.Township {
		return s, false
	}
	year := period.Year()
	s = Summary{Year: year, Period: period, Seat: true}
	for id, e := range register.EntityTable.Scan(j.books, journal.EntityID.Front(string(place))) {
		s.Place, s.Collective = office.Division{Code: place, Name: e.Name}, strings.Clone(id)
		break
	}
	if s.Collective == "" {
		return s, false
	}
	s.fill(income.OwnSumsIn(j.books, place, period))
	if period.Quarter() != 0 {
		s.Capital, s.Sums = register.OwnCapitalIn(j.books, place, period), dividend.OwnPaidIn(j.books, place, period)
		return s, true
	}
	s.HolderSums, s.Sums = register.OwnSumsIn(j.books, place, year, j.coming(place, year)), plan.OwnSumsIn(j.books, place, year)
	s.Given = dividend.OwnGivenIn(j.books, place, period)
	return s, true
}

// again is what a place, or a township's own collective, came to in another year.
func (j *judging) again(of Summary, year int) Summary {
	if of.Seat {
		s, _ := j.ownSummary(of.Place.Code, yearPeriod(year))
		return s
	}
	return j.summary(of.Place, yearPeriod(year))
}

func (s *Summary) fill(books income.PlaceSums) {
	s.Books, s.Recorded, s.OtherBooks = books.BookYear, books.Recorded, books.Several()
	sums := books.Sums(s.Year)
	s.Income, s.Expense, s.Operating, s.Subsidy = sums.Income, sums.Expense, sums.Operating, sums.Subsidy
}

// reportable refuses places and years that nothing can be reported of; it gives the tables and the place.
func reportable(v *journal.View, place region.Code, year int) (books store.Reader, at office.Division, err error) {
	if books, err = v.At(place); err != nil {
		return nil, at, err
	}
	if err = income.CheckYear(v, year); err != nil {
		return nil, at, err
	}
	at, err = office.DivisionOf(v, place)
	return books, at, err
}

// collectives finds the collectives of a region that have a book of their own, and the townships that have one.
func collectives(books store.Reader, place region.Code) (seats map[region.Code]string, own map[string]bool) {
	seats, own = map[region.Code]string{}, map[string]bool{}
	for id, e := range register.EntityTable.Scan(books, place.Prefix()) {
		if e.Kind.Collective() && e.Book() == id {
			own[id] = true
		}
		if e.Kind == register.TownshipCollective {
			seats[e.Village()] = e.Name
		}
	}
	return seats, own
}

// LatestYear is the year that a region's summary opens with: the latest in which at least half of the villages that keep a book
// have recorded anything; the year before this one where nobody has.
func LatestYear(v *journal.View, place region.Code) int {
	books, err := v.At(place)
	if err != nil {
		return v.Today().Year() - 1
	}
	most, lines := 0, map[int]int{} // the most villages that any year has
	for _, at := range keptOf(v, place) {
		first := income.FirstIn(books, at)
		for year := first; first > 0 && year <= v.Today().Year(); year++ {
			s := income.SumsIn(books, at, yearPeriod(year))
			if n := s.Recorded; n > 0 || s.Kept(false) { // a community's, or a township's own
				lines[year] += max(n, 1)
			}
		}
	}
	for _, n := range lines {
		most = max(most, n)
	}
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(lines))) {
		if 2*lines[year] >= most {
			return year
		}
	}
	return v.Today().Year() - 1
}
