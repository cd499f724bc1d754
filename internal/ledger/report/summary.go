// Package report adds up what the other rooms know: summary, transformation, what an entry says. It reads all and writes nothing.
package report

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Summary is what a region comes to in a year. Shareholders are counted as they are now; everything else is the year's.
type Summary struct {
	Place        office.Division
	Year         int
	Villages     int // villages with a collective; urban communities are not counted
	Shells       int
	Unrecorded   int // villages that have not begun to keep their book here
	Running      int // villages in a year that runs: no verdict yet
	Reformed     int // villages with at least one entity
	Shareholders int
	People       int
	Income       money.Yuan // of the village collectives
	Expense      money.Yuan
	Operating    money.Yuan // 经营收益 of the village collectives
	Subsidy      money.Yuan
	Due          money.Yuan // of approved distributions
	DueCount     int
	Paid         money.Yuan
	PaidCount    int
	Failed       money.Yuan
	FailCount    int
	Held         money.Yuan // in dispute, or waiting for heirs
	HeldCount    int
	Apart        money.Yuan     // land compensation given out by approved plans: no dividend
	Waiting      int            // distributions waiting for approval
	Verdict      income.Verdict // of a village
	Seat         bool           // the row of a township's own collective
}

// Outstanding is what is due and neither paid, failed nor held.
func (s Summary) Outstanding() money.Yuan { return s.Due - s.Paid - s.Failed - s.Held }

func (s *Summary) add(o Summary) {
	s.Villages += o.Villages
	s.Shells += o.Shells
	s.Unrecorded += o.Unrecorded
	s.Running += o.Running
	s.Reformed += o.Reformed
	s.Shareholders += o.Shareholders
	s.People += o.People
	s.Income += o.Income
	s.Expense += o.Expense
	s.Operating += o.Operating
	s.Subsidy += o.Subsidy
	s.Due += o.Due
	s.DueCount += o.DueCount
	s.Paid += o.Paid
	s.PaidCount += o.PaidCount
	s.Failed += o.Failed
	s.FailCount += o.FailCount
	s.Held += o.Held
	s.HeldCount += o.HeldCount
	s.Apart += o.Apart
	s.Waiting += o.Waiting
}

// YearCount is the number of empty shells of one year that is over.
type YearCount struct {
	Year, Shells int
}

// Report is a region's summary, those of the places next below it, and of every village in it.
type Report struct {
	Summary
	Children []Summary // townships of a county, villages of a township; empty for a village
	Seats    []Summary // townships with a collective of their own: it is in no village's sum and stands in a row of its own
	Villages []Summary
	Trend    []YearCount   // empty shells of every year that is over, from the first year with any record
	Policy   income.Policy // of the place in the year
	Mixed    bool          // places below have policies of their own

	judged *judging
}

// Report sums up a region for a year: a range scan over the villages' counts, the books' yearly sums, and the distributions.
func ReportOf(v *journal.View, place region.Code, year int) (*Report, error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	r := &Report{Summary: Summary{Place: at, Year: year}}
	index := map[region.Code]int{}
	for _, d := range office.Divisions(v, place, region.Village) {
		s := Summary{Place: d, Year: year}
		if d.Code.HasCollective() {
			s.Villages = 1
		}
		index[d.Code] = len(r.Villages)
		r.Villages = append(r.Villages, s)
	}
	j := judgingOf(v, books, place)
	for code, name := range j.seats {
		r.Seats = append(r.Seats, Summary{Place: office.Division{Code: code, Name: name}, Year: year, Seat: true})
	}
	slices.SortFunc(r.Seats, func(a, b Summary) int { return cmp.Compare(a.Place.Code, b.Place.Code) })
	village := func(key string) *Summary {
		of, _ := journal.VillageID.Cut(key)
		if i, ok := index[region.Code(of)]; ok {
			return &r.Villages[i]
		}
		if i := slices.IndexFunc(r.Seats, func(s Summary) bool { return string(s.Place.Code) == of }); i >= 0 {
			return &r.Seats[i]
		}
		return &Summary{}
	}
	for key, t := range register.TallyTable.Scan(books, place.Prefix()) {
		s := village(key)
		s.Shareholders, s.People = t.Holders, t.People
		if t.Entities > 0 && s.Villages == 1 {
			s.Reformed = 1
		}
	}
	uncounted, err := register.Uncounted(v, place)
	if err != nil {
		return nil, err
	}
	for home, n := range uncounted {
		s := village(string(home))
		s.Shareholders, s.People = s.Shareholders+n[0], s.People+n[1]
	}
	r.judged = j
	j.addUp(year, village)
	for i := range r.Villages {
		s := &r.Villages[i]
		if s.Villages == 0 {
			continue
		}
		s.Verdict = j.verdict(s.Place.Code, year)
		switch {
		case s.Verdict.Unknown:
			s.Unrecorded = 1
		case s.Verdict.Open:
			s.Running = 1
		}
		if s.Verdict.Shell {
			s.Shells = 1
		}
	}
	for _, d := range plan.DistributionTable.Scan(books, place.Prefix()) {
		if d.Year != year {
			continue
		}
		s := village(d.ID)
		s.Plan(d)
	}
	r.total(v)
	r.Trend, r.Policy, r.Mixed = j.trend(r.Villages), j.policy(place, year), j.mixed(place, r.Villages, year)
	return r, nil
}

// OfVillage tells whether the summary is of one village, which has a verdict of its own.
func (s Summary) OfVillage() bool { return s.Place.Code.Level() == region.Village }

// Plan adds a distribution: that it waits, or what is due by it and how far it has come. What gives out land compensation is no dividend,
// and a sum of its own.
func (s *Summary) Plan(d plan.Distribution) {
	if d.Waits() {
		s.Waiting++
	}
	if !d.InForce() {
		return
	}
	if d.Fund != "" { // no dividend
		s.Apart += d.Due
		return
	}
	s.Due, s.DueCount = s.Due+d.Due, s.DueCount+d.Holders
	s.Paid, s.PaidCount = s.Paid+d.Paid, s.PaidCount+d.PaidCount
	s.Failed, s.FailCount = s.Failed+d.Failed, s.FailCount+d.FailCount
	s.Held, s.HeldCount = s.Held+d.Held, s.HeldCount+d.HeldCount
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

// total adds the villages up to the places next below the region, and to the region itself.
func (r *Report) total(v *journal.View) {
	for _, d := range office.Children(v, r.Place.Code) {
		sum := Summary{Place: d, Year: r.Year}
		for _, s := range r.Villages {
			if d.Code.Contains(s.Place.Code) {
				sum.add(s)
				if d.Code == s.Place.Code {
					sum.Verdict = s.Verdict
				}
			}
		}
		for _, s := range r.Seats {
			if d.Code == s.Place.Code {
				sum.add(s)
			}
		}
		r.Children = append(r.Children, sum)
	}
	if r.Place.Code.Level() == region.Township {
		r.Children = append(r.Children, r.Seats...)
	}
	for _, s := range r.Seats {
		r.Summary.add(s)
	}
	for _, s := range r.Villages {
		r.Summary.add(s)
		if r.Place.Code == s.Place.Code {
			r.Summary.Verdict = s.Verdict
		}
	}
}

// LatestYear is the year that a region's summary opens with: the latest in which at least half of the villages that keep a book
// have recorded anything; the year before this one where nobody has.
func LatestYear(v *journal.View, place region.Code) int {
	books, err := v.At(place)
	if err != nil {
		return v.Today().Year() - 1
	}
	_, own := collectives(books, place)
	keeping, lines := map[string]bool{}, map[int]map[string]bool{}
	for key := range income.TotalTable.Scan(books, place.Prefix()) {
		book, y := journal.YearID.Parent(key), journal.YearID.Year(key)
		if (journal.VillageID.Is(book) || own[book]) && y <= v.Today().Year() {
			at, _ := journal.VillageID.Cut(key)
			if keeping[at] = true; lines[y] == nil {
				lines[y] = map[string]bool{}
			}
			lines[y][at] = true
		}
	}
	latest := 0
	for y, at := range lines {
		if 2*len(at) >= len(keeping) {
			latest = max(latest, y)
		}
	}
	if latest == 0 {
		return v.Today().Year() - 1
	}
	return latest
}

// PaidOrFailed is what is paid or failed.
func (s Summary) PaidOrFailed() money.Yuan { return s.Paid + s.Failed }
