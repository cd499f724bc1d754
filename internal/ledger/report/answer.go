package report

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Given is what payouts to holders of one kind, or with one mark, came to in a year and in the one before.
type Given struct {
	Kind      register.HolderKind // "" of a mark
	Mark      string
	Now, Then plan.Sums
	Bands     [len(dividend.Bands)]int // of a kind, payouts of the year by their amounts
	Today     int                      // households with the mark today, of those that held shares at the year's end
}

// Change is by how much more, or less, is due.
func (g Given) Change() money.Yuan { return g.Now.Due - g.Then.Due }

// GivenTo is what the payouts of a place came to in a year, beside the one before: by kind of holder, which add up to all; and by mark,
// which do not, since a household may have several or none.
func GivenTo(v *journal.View, place region.Code, year int) (kinds, marks []Given, all Given, err error) {
	books, _, err := reportable(v, place, year)
	if err != nil {
		return nil, nil, all, err
	}
	j := judgingOf(v, books)
	put := func(s dividend.PayoutSum, to func(*Given)) {
		list := &kinds
		if s.Mark != "" {
			list = &marks
		}
		i := slices.IndexFunc(*list, func(g Given) bool { return g.Kind == s.Kind && g.Mark == s.Mark })
		if i < 0 {
			*list = append(*list, Given{Kind: s.Kind, Mark: s.Mark})
			i = len(*list) - 1
		}
		to(&(*list)[i])
	}
	for _, s := range j.payouts(place, sums.YearOf(year)) {
		put(s, func(g *Given) { g.Now, g.Bands = s.Sums, s.Bands })
	}
	for _, s := range j.payouts(place, sums.YearOf(year-1)) {
		put(s, func(g *Given) { g.Then = s.Sums })
	}
	for _, at := range keptOf(v, place) {
		for mark, n := range register.MarkedIn(books, at, year, j.coming(at, year)) {
			put(dividend.PayoutSum{Mark: mark}, func(g *Given) { g.Today += n })
		}
	}
	if place.Level() < region.County {
		coming := func(county region.Code) register.Coming { return j.coming(county, year) }
		for mark, n := range register.MarkedAcross(v, books, counties(v, place), year, coming) {
			put(dividend.PayoutSum{Mark: mark}, func(g *Given) { g.Today -= n })
		}
	}
	if !v.Who().NeedsMarks() {
		marks = nil
	}
	for _, g := range kinds {
		all.Now, all.Then = all.Now.And(g.Now), all.Then.And(g.Then)
	}
	slices.SortFunc(kinds, func(a, b Given) int {
		return cmp.Compare(slices.Index(register.HolderKinds(), a.Kind), slices.Index(register.HolderKinds(), b.Kind))
	})
	slices.SortFunc(marks, func(a, b Given) int { return cmp.Or(cmp.Compare(b.Now.Due, a.Now.Due), cmp.Compare(a.Mark, b.Mark)) })
	return kinds, marks, all, nil
}

// PayoutsWanted is how many payouts of a place are looked for, and what they come to, from what is kept of them: by kind of holder or by
// mark. Of both together nothing is kept; known tells.
func PayoutsWanted(v *journal.View, place region.Code, w dividend.WantedPayouts) (count int, sum money.Yuan, known bool, err error) {
	books, err := v.At(place)
	if err != nil {
		return 0, 0, false, err
	}
	if err := w.Check(v); err != nil || w.Mark != "" && w.Kind != "" {
		return 0, 0, false, err
	}
	j, periods := judgingOf(v, books), []sums.Period{w.Paid}
	switch {
	case w.Paid != "":
	case w.Year != 0:
		periods = []sums.Period{sums.YearOf(w.Year)}
	default:
		periods = nil
		for year := dividend.OldestPlans; year <= v.Today().Year(); year++ {
			periods = append(periods, sums.YearOf(year))
		}
	}
	for _, period := range periods {
		for _, s := range j.payouts(place, period) {
			if s.Mark != w.Mark || w.Kind != "" && s.Kind != w.Kind {
				continue
			}
			n, more := w.Of(s.Sums)
			count, sum = count+n, sum+more
		}
	}
	return count, sum, true, nil
}

// Failed are the payouts of a place that failed and are not paid: how many, and for how many days the oldest has; -1 where they are more
// than are put into the order of their age.
type Failed struct{ Count, Days int }

// FailedIn is that of a place, worked out once for as long as nothing is entered about plans and holders.
func FailedIn(v *journal.View, place region.Code) (f Failed, err error) {
	wanted := dividend.WantedPayouts{Show: "failed"}
	count, _, _, err := PayoutsWanted(v, place, wanted)
	if err != nil || count == 0 {
		return f, err
	}
	version, err := versionOf(v, place, "payouts", func(kind string) bool { return !booksAlone(kind) })
	if err != nil {
		return f, err
	}
	type oldest struct {
		Failed
		err error
	}
	of := journal.Memo(v, "failed "+string(place), version, func() oldest {
		rows, next, err := dividend.PayoutRows(v, place, wanted, "", 0, true)
		if err != nil || next != "" || len(rows) == 0 {
			return oldest{Failed{count, -1}, err}
		}
		return oldest{Failed{count, rows[0].Days}, nil}
	})
	return of.Failed, of.err
}

// booksAlone tells whether entries of a kind are about books, papers and resolutions alone.
func booksAlone(kind string) bool {
	switch journal.RoomOf(kind) {
	case "income", "paper", "resolution":
		return true
	}
	return false
}

// Marks are the marks that payouts of a place had in any of the last ten years, or that its households have today.
func Marks(v *journal.View, place region.Code) (marks []string, err error) {
	year := v.Today().Year()
	for y := year; y > year-10; y-- {
		_, list, _, err := GivenTo(v, place, y)
		if err != nil {
			return nil, err
		}
		for _, g := range list {
			if !slices.Contains(marks, g.Mark) {
				marks = append(marks, g.Mark)
			}
		}
	}
	slices.Sort(marks)
	return marks, nil
}
