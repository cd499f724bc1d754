package report

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// judging holds what the villages of a region are judged by: what their books add up to, year by year, and the policies. The kept sums say
// no verdict; it is made anew whenever somebody looks.
type judging struct {
	books    store.Reader
	prefix   string
	thisYear int
	own      map[string]bool        // collectives with a book of their own
	seats    map[region.Code]string // townships with a collective of their own, and what it is called
	sums     map[region.Code]map[int]villageYear
	first    map[region.Code]int // the first year with a line in any book
	begun    map[region.Code]int // the first year with a line in the village's own
	policies map[string]income.Policy
	received map[string][]movedSums // by village and year
	instead  *income.Policy         // the one policy that is tried on all years
}

// movedSums is what a book's sums of a year lack, or have too much, for every sum to count when it came in.
type movedSums struct {
	village bool
	income.BookYear
}

// villageYear are a village's sums of a year: those of its own book, and those of its other collectives.
type villageYear struct {
	own, others income.BookYear
	kept        bool // whether the village's own book has lines
}

// judgingOf adds up the collectives' books of a region.
func judgingOf(v *journal.View, books store.Reader, place region.Code) *judging {
	seats, own := collectives(books, place)
	j := &judging{books: books, prefix: place.Prefix(), thisYear: v.Today().Year(), own: own, seats: seats,
		sums:  map[region.Code]map[int]villageYear{},
		first: map[region.Code]int{}, begun: map[region.Code]int{}, policies: map[string]income.Policy{}}
	for key, b := range income.TotalTable.Scan(books, j.prefix) {
		book, year := journal.YearID.Parent(key), journal.YearID.Year(key)
		village, code := journal.VillageID.Is(book), journal.PlaceOf(book)
		if !village && !own[book] || year > j.thisYear { // what a lump sum is spread over may lie ahead
			continue
		}
		if j.sums[code] == nil {
			j.sums[code] = map[int]villageYear{}
		}
		x := j.sums[code][year]
		if village {
			x.own, x.kept = x.own.And(b), true
			if first := j.begun[code]; first == 0 || year < first {
				j.begun[code] = year
			}
		} else {
			x.others = x.others.And(b)
		}
		j.sums[code][year] = x
		if first := j.first[code]; first == 0 || year < first {
			j.first[code] = year
		}
	}
	return j
}

// addUp puts the sums of a year into the villages' summaries.
func (j *judging) addUp(year int, village func(string) *Summary) {
	for code, years := range j.sums {
		x := years[year]
		s, sums := village(string(code)), x.own.And(x.others).Sums(year)
		s.Income, s.Expense, s.Operating, s.Subsidy = sums.Income, sums.Expense, sums.Operating, sums.Subsidy
	}
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

// mixed tells whether the villages of the region are judged by several policies in a year.
func (j *judging) mixed(place region.Code, villages []Summary, year int) bool {
	for _, s := range villages {
		a, b := j.policy(s.Place.Code, year), j.policy(place, year)
		if a.Region != b.Region || a.From != b.From {
			return true
		}
	}
	return false
}

// verdict judges a village in a year.
func (j *judging) verdict(code region.Code, year int) income.Verdict {
	p := j.policy(code, year)
	x, recorded := j.sums[code][year]
	first := j.first[code]
	if p.Alone {
		recorded, first = x.kept, j.begun[code]
	}
	return p.Judge(year, j.sumsOf(code, year, p), recorded, first != 0 && first <= year, j.thisYear)
}

// sumsOf are a village's sums of a year as a policy counts them.
func (j *judging) sumsOf(code region.Code, year int, p income.Policy) income.BookYear {
	x := j.sums[code][year]
	sums := x.own
	if !p.Alone {
		sums = sums.And(x.others)
	}
	if p.Received {
		for _, moved := range j.receivedIn(code, year) {
			if moved.village || !p.Alone {
				sums = sums.And(moved.BookYear)
			}
		}
	}
	return sums
}

// receivedIn is what a village's books of a year lack, or have too much, for every sum to count when it came in.
func (j *judging) receivedIn(code region.Code, year int) []movedSums {
	if j.received == nil {
		j.received = map[string][]movedSums{}
		for key, b := range income.Received(j.books, j.prefix) {
			book := journal.YearID.Parent(key)
			if village := journal.VillageID.Is(book); village || j.own[book] {
				at := journal.YearID.Dated(string(journal.PlaceOf(book)), journal.YearID.Year(key))
				j.received[at] = append(j.received[at], movedSums{village, b})
			}
		}
	}
	return j.received[journal.YearID.Dated(string(code), year)]
}

// trend counts the empty shells of every year that is over, from the first that can be judged.
func (j *judging) trend(villages []Summary) (list []YearCount) {
	first := j.thisYear
	for _, year := range j.first {
		first = min(first, year)
	}
	for _, s := range villages { // silence may count before
		if silent := j.policy(s.Place.Code, j.thisYear-1).Silent; silent != 0 {
			first = min(first, silent)
		}
	}
	for year := first; year < j.thisYear; year++ {
		count := YearCount{Year: year}
		for _, s := range villages {
			if s.Villages == 1 && j.verdict(s.Place.Code, year).Shell {
				count.Shells++
			}
		}
		list = append(list, count)
	}
	return list
}

// VerdictOf judges a village in a year, all its collectives together.
func VerdictOf(v *journal.View, village region.Code, year int) (income.Verdict, error) {
	books, err := v.At(village)
	if err != nil {
		return income.Verdict{}, err
	}
	return judgingOf(v, books, village).verdict(village, year), nil
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
	r, err := ReportOf(v, place, v.Today().Year())
	if err != nil {
		return nil, err
	}
	now := r.judged
	then := *now
	then.instead = &p
	var list []Trial
	for _, y := range slices.Backward(r.Trend) {
		t := Trial{Year: y.Year, Now: y.Shells}
		for _, s := range r.Villages {
			if s.Villages == 0 {
				continue
			}
			a, b := now.verdict(s.Place.Code, y.Year), then.verdict(s.Place.Code, y.Year)
			if b.Shell {
				t.Then++
			}
			if a.Shell != b.Shell || a.Unknown != b.Unknown {
				t.Changes = append(t.Changes, Change{s.Place.Code, a, b})
			}
		}
		list = append(list, t)
	}
	return list, nil
}
