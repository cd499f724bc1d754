// Package report adds up what the other rooms know: summary, transformation, what an entry says. It reads all and writes nothing.
package report

import (
	"iter"
	"maps"
	"slices"

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
	Verdict income.Verdict // of a village
	Seat    bool           // the row of a township's own collective
}

// YearCount is the number of empty shells of one year that is over, of villages of which nothing is known, and of those of each tier.
type YearCount struct {
	Year, Shells, Unknown int
	Tiers                 [income.MaxTiers]int
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
	j := judgingOf(v, books)
	r := &Report{Villages: j.villages(place, year), Trend: j.trend(place), Policy: j.policy(place, year), Mixed: j.mixed(place, year),
		judge: j}
	r.Compared = j.compared(at, period, with)
	for _, d := range office.Children(v, place) {
		r.Children = append(r.Children, j.compared(d, period, with))
	}
	if seat, ok := j.seat(place); ok {
		r.Children = append(r.Children, Compared{j.ownSummary(seat, period), j.ownSummary(seat, with)})
	}
	for _, c := range r.Children {
		r.Twice += c.Shareholders
	}
	if r.Twice -= r.Shareholders; len(r.Children) == 0 {
		r.Twice = 0
	}
	return r, nil
}

// EachVillage yields the summary of every place of a report that keeps a register: villages, then townships' own collectives.
func (r *Report) EachVillage() iter.Seq[Summary] {
	return func(yield func(Summary) bool) {
		var seats []Summary
		for _, d := range office.Seats(r.judge.View, r.Place.Code) {
			if d.Code.Level() < region.Village {
				if seat, ok := r.judge.seat(d.Code); ok {
					seats = append(seats, r.judge.ownSummary(seat, r.Period))
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

// seat is a township's own collective, named as it is, and whether it has one.
func (j *judging) seat(place region.Code) (office.Division, bool) {
	if place.Level() != region.Township {
		return office.Division{}, false
	}
	for _, e := range register.EntityTable.Scan(j.books, journal.EntityID.Front(string(place))) {
		return office.Division{Code: place, Name: e.Name}, true
	}
	return office.Division{}, false
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
			for _, paid := range dividend.PayoutSums(j.books, place, period) {
				if paid.Mark == "" {
					s.Sums = s.Sums.And(paid.Sums)
				}
			}
			continue
		}
		s.HolderSums = s.HolderSums.And(register.SumsIn(j.books, place, year)[0])
		s.Sums = s.Sums.And(plan.SumsIn(j.books, place, year))
	}
	s.fill(books)
	if period.Quarter() != 0 {
		return s
	}
	if year == j.thisYear {
		for home, more := range register.Uncounted(j.books, at.Code, j.Today()) {
			if at.Code.Contains(home) {
				s.HolderSums = s.HolderSums.And(more)
			}
		}
	}
	t := j.tally(at.Code, year)
	s.Villages, s.Measure, s.Unrecorded, s.Running, s.Shells = t.villages, t.measure, t.Unknown, t.running, t.Shells
	if t.villages == 1 && s.OfVillage() {
		s.Verdict = j.verdict(at.Code, year)
	}
	return s
}

// ownSummary is what a township's own collective comes to.
func (j *judging) ownSummary(seat office.Division, period sums.Period) Summary {
	year := period.Year()
	s := Summary{Place: seat, Year: year, Period: period, Seat: true}
	s.fill(income.OwnSumsIn(j.books, seat.Code, period))
	if period.Quarter() == 0 {
		s.HolderSums, s.Sums = register.OwnSumsIn(j.books, seat.Code, year)[0], plan.OwnSumsIn(j.books, seat.Code, year)
	}
	return s
}

func (s *Summary) fill(books income.PlaceSums) {
	s.Books, s.Recorded = books.BookYear, books.Recorded
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
