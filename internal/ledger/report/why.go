package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

// Why is what a figure of a place changed by between two years, taken apart: by item, by who paid, by kind of holder, by place. The parts
// of each kind add up to the change.
type Why struct {
	Compared
	Figure    Figure
	Now, Then int64
	Items     []Part  // of sums of the books
	Parties   []Party // the largest, and the rest together, last
	Kinds     []Part  // of sums of payouts
	Places    []Place // next below, the worst first
	Villages  []Place // of a place with places between it and them: those that changed most for the worse and for the better
	Turned    []Turned
	Years     []int // of the places' figures
	Trend     []int64
	Policies  [2]income.Policy // by which each year's measure counts, the one beside first
	Mixed     bool             // places below have policies of their own
	Worsened  int              // of the villages, those for which it is worse
	All       int              // of the villages, those with a figure in either year
	Merged    []income.Item    // items of which one year's table has no more than what they went into
}

// Change is by what the figure changed.
func (w Why) Change() int64 { return w.Now - w.Then }

// Called names the figure.
func (w Why) Called() journal.Label { return w.Figure.Called(w.Policies[1], w.Mixed) }

// Others tells whether the two years are measured by different policies, so that what changed is the measure, too.
func (w Why) Others() bool {
	a, b := w.Policies[0], w.Policies[1]
	return w.Figure.Name == "measure" && (a.Received != b.Received || a.Alone != b.Alone || !slices.Equal(a.Measure, b.Measure))
}

// Part is one of the things that make a figure.
type Part struct {
	Label     journal.Label
	Name      string // the item's, or the kind's
	Now, Then int64
	Less      bool // it makes the figure less
}

// Change is by what the part changes the figure.
func (p Part) Change() int64 {
	if p.Less {
		return p.Then - p.Now
	}
	return p.Now - p.Then
}

// Party is who paid to a place's collectives, or was paid by them, as the figure counts it.
type Party struct {
	Name      string // "" for lines that name nobody
	Others    int    // of the rest: how many they are
	Now, Then int64
	Villages  int // in which it changed
	Contracts []income.ContractState
}

// Change is by what the party changes the figure.
func (p Party) Change() int64 { return p.Now - p.Then }

// Rest tells whether it is all the others together.
func (p Party) Rest() bool { return p.Others > 0 }

// Place is a place with its figure of several years, the last two of which are compared, and what changed it most.
type Place struct {
	Compared
	Figures []int64
	By      []Part // the two items that changed it most
	Now     income.Verdict
	Then    income.Verdict
}

// Change is by what the place's figure changed.
func (p Place) Change() int64 { return p.Figures[len(p.Figures)-1] - p.Figures[len(p.Figures)-2] }

// Slipped tells whether the village became an empty shell.
func (p Place) Slipped() bool { return p.Now.Shell && !p.Then.Shell && !p.Then.Unknown }

// Turned is a village that became an empty shell, or is none any more.
type Turned struct {
	Place     office.Division
	Now, Then income.Verdict
}

// The most parties and villages that an answer names, and the years that it goes back.
const (
	whyYears      = 4
	shownParties  = 5
	shownVillages = 8
	// shownContracts is in how many villages a party's contracts are looked for: of one that is everywhere they explain nothing.
	shownContracts = 3
)

// Why takes apart what a figure of the report's place changed by between its two years.
func (r *Report) Why(f Figure) (*Why, error) {
	j, place, year, with := r.judge, r.Place.Code, r.Year, r.With.Year
	w := &Why{Compared: r.Compared, Figure: f, Now: f.Of(r.Summary), Then: f.Of(r.With)}
	w.Mixed = r.Mixed
	w.Policies = [2]income.Policy{j.policy(place, with), j.policy(place, year)}
	for y := max(year, with) - whyYears; y < max(year, with); y++ {
		if y != with && y != year {
			w.Years = append(w.Years, y)
		}
	}
	w.Years = append(w.Years, with, year)
	for _, y := range w.Years {
		w.Trend = append(w.Trend, f.Of(j.summary(r.Place, yearPeriod(y))))
	}
	if f.Each {
		w.places(r) // what makes an average does not add up to it
		return w, nil
	}
	if w.counts(j) != nil {
		w.Items = w.parts(j, r.Place.Code)
		if err := w.parties(j); err != nil {
			return nil, err
		}
	}
	w.merged()
	w.kinds(j)
	w.places(r)
	w.villages(j)
	return w, nil
}

// merged finds the items that went into others between the two years.
func (w *Why) merged() {
	early, late := min(w.Year, w.With.Year), max(w.Year, w.With.Year)
	of := func(code string) bool {
		return slices.ContainsFunc(w.Items, func(p Part) bool { return p.Name == code })
	}
	for _, it := range income.Items {
		if it.Successor != "" && early <= it.To && it.To < late && (of(it.Code) || of(it.Successor)) {
			w.Merged = append(w.Merged, it)
		}
	}
}

// places are those next below, with the figure.
func (w *Why) places(r *Report) {
	for _, c := range r.Children {
		if p := w.place(r.judge, c); slices.ContainsFunc(p.Figures, func(n int64) bool { return n != 0 }) {
			w.Places = append(w.Places, p)
		}
	}
	w.worstFirst(w.Places)
}

// counts is what a figure of the books counts, with its signs, in a year; nil of others.
func (w *Why) counts(j *judging) func(year int) []income.Term {
	all := func(which func(income.Item) bool) func(int) []income.Term {
		var list []income.Term
		for _, it := range income.Items {
			if which(it) {
				list = append(list, income.Term{Item: it.Code})
			}
		}
		return func(int) []income.Term { return list }
	}
	switch name := w.Figure.Name; {
	case name == "measure":
		return func(year int) []income.Term { return j.policy(w.Place.Code, year).Measure }
	case name == "operating_gain":
		return func(int) []income.Term { return income.Net() }
	case name == "income":
		return all(func(it income.Item) bool { return !it.Expense })
	case name == "expense":
		return all(func(it income.Item) bool { return it.Expense })
	case w.Figure.Item() != "":
		return all(func(it income.Item) bool { return it.Code == name })
	}
	return nil
}

// books is what a place's books come to in a year, as the figure counts: the measure of its villages, others of all its collectives.
func (w *Why) books(j *judging, place region.Code, year int) (sum income.BookYear) {
	if w.Figure.Name == "measure" {
		for _, village := range j.villages(place, year) {
			sum = sum.And(j.sumsOf(village.Place.Code, year, j.policy(village.Place.Code, year)))
		}
		for item, n := range sum.Corrected {
			sum.Items[item] -= n
		}
		return sum
	}
	for _, at := range keptOf(j.View, place) {
		sum = sum.And(income.SumsIn(j.books, at, yearPeriod(year)).BookYear)
	}
	return sum
}

// parts are the items that a place's figure is made of in either year.
func (w *Why) parts(j *judging, place region.Code) (list []Part) {
	counts := w.counts(j)
	now, then := w.books(j, place, w.Year), w.books(j, place, w.With.Year)
	add := func(terms []income.Term, of income.BookYear, to func(*Part, int64)) {
		for _, t := range terms {
			i := slices.IndexFunc(list, func(p Part) bool { return p.Name == t.Item && p.Less == t.Minus })
			if i < 0 {
				if of.Items[t.Item] == 0 {
					continue
				}
				it, _ := income.ItemNamed(t.Item)
				list = append(list, Part{Label: it.Label, Name: t.Item, Less: t.Minus})
				i = len(list) - 1
			}
			to(&list[i], int64(of.Items[t.Item]))
		}
	}
	add(counts(w.With.Year), then, func(p *Part, n int64) { p.Then += n })
	add(counts(w.Year), now, func(p *Part, n int64) { p.Now += n })
	slices.SortStableFunc(list, func(a, b Part) int { return cmp.Compare(size(b.Change()), size(a.Change())) })
	return list
}

func size(n int64) int64 { return max(n, -n) }

// partiesOf is what each party paid or was paid in a year in a county, or in a place in one: shared, nobody changes it.
func (j *judging) partiesOf(place region.Code, year int) []income.PartySum {
	return journal.Memo(j.View, "parties "+journal.YearID.Dated(string(place), year), income.ChangedIn(j.books, place, yearPeriod(year)),
		func() []income.PartySum { return income.PartySums(j.books, place, year) })
}

// partySums are what the parties of a place paid and were paid in a year, by their names.
func (j *judging) partySums(place region.Code, year int) map[string]income.BookYear {
	list := map[string]income.BookYear{}
	for _, at := range keptOf(j.View, place) {
		for _, p := range j.partiesOf(at, year) {
			if had, ok := list[p.Name]; ok {
				list[p.Name] = had.And(p.BookYear)
			} else {
				list[p.Name] = p.BookYear
			}
		}
	}
	return list
}

// parties finds who changed the figure most. The rest has what counts otherwise than by parties, too, as sums that count when they came in.
func (w *Why) parties(j *judging) error {
	counts := w.counts(j)
	of := func(b income.BookYear, year int) (sum int64) {
		for _, t := range counts(year) {
			n := int64(b.Items[t.Item])
			if w.Figure.Name == "measure" {
				n -= int64(b.Corrected[t.Item])
			}
			if t.Minus {
				n = -n
			}
			sum += n
		}
		return sum
	}
	all := map[string]Party{}
	for name, b := range j.partySums(w.Place.Code, w.With.Year) {
		all[name] = Party{Name: name, Then: of(b, w.With.Year)}
	}
	for name, b := range j.partySums(w.Place.Code, w.Year) {
		p := all[name]
		p.Name, p.Now = name, of(b, w.Year)
		all[name] = p
	}
	list := slices.Collect(maps.Values(all))
	list = slices.DeleteFunc(list, func(p Party) bool { return p.Now == 0 && p.Then == 0 })
	slices.SortFunc(list, func(a, b Party) int {
		return cmp.Or(cmp.Compare(size(b.Change()), size(a.Change())), cmp.Compare(a.Name, b.Name))
	})
	rest := Party{Now: w.Now, Then: w.Then, Others: max(0, len(list)-shownParties)}
	w.Parties = list[:min(len(list), shownParties)]
	for i := range w.Parties {
		p := &w.Parties[i]
		if rest.Now, rest.Then = rest.Now-p.Now, rest.Then-p.Then; p.Name == "" {
			continue
		}
		if err := w.contracts(j, p); err != nil {
			return err
		}
	}
	if rest.Now != 0 || rest.Then != 0 {
		rest.Others = max(1, rest.Others)
		w.Parties = append(w.Parties, rest)
	}
	return nil
}

// contracts finds in which villages a party changed, and its contracts there that ended since, or are overdue.
func (w *Why) contracts(j *judging, p *Party) error {
	for _, village := range w.villagesOf(j, w.Place.Code, p.Name) {
		if p.Villages++; p.Villages > shownContracts {
			p.Contracts = nil
			continue
		}
		states, err := income.ContractStates(j.View, string(village))
		if err != nil {
			return err
		}
		for _, s := range states {
			if ident.Name(s.Party) == p.Name && s.Void == "" && (s.Overdue > 0 ||
				s.Until() >= journal.YearBegin(w.With.Year) && s.Until() <= journal.YearEnd(w.Year)) {
				p.Contracts = append(p.Contracts, s)
			}
		}
	}
	return nil
}

// villagesOf are the villages of a place in which what a party paid or was paid differs.
func (w *Why) villagesOf(j *judging, place region.Code, party string) (list []region.Code) {
	if place.Level() >= region.County {
		a, b := income.PartyIn(j.books, place, party, w.Year), income.PartyIn(j.books, place, party, w.With.Year)
		if maps.Equal(a.Items, b.Items) && maps.Equal(a.Corrected, b.Corrected) {
			return nil
		}
		if place.Level() == region.Village {
			return []region.Code{place}
		}
	}
	for _, d := range office.Children(j.View, place) {
		list = append(list, w.villagesOf(j, d.Code, party)...)
	}
	return list
}

// kinds takes sums of payouts apart by what their holders are.
func (w *Why) kinds(j *judging) {
	of := map[string]func(dividend.PayoutSum) int64{
		"due": func(s dividend.PayoutSum) int64 { return int64(s.Due) }, "paid": func(s dividend.PayoutSum) int64 { return int64(s.Paid) },
		"failed": func(s dividend.PayoutSum) int64 { return int64(s.Failed) }, "held": func(s dividend.PayoutSum) int64 { return int64(s.Held) },
		"failures":    func(s dividend.PayoutSum) int64 { return int64(s.FailCount) },
		"outstanding": func(s dividend.PayoutSum) int64 { return int64(s.Outstanding()) },
	}[w.Figure.Name]
	if of == nil {
		return
	}
	now, then := j.payouts(w.Place.Code, yearPeriod(w.Year)), j.payouts(w.Place.Code, yearPeriod(w.With.Year))
	for _, kind := range register.HolderKinds() {
		p := Part{Label: kind.Label(), Name: string(kind)}
		for _, s := range now {
			if s.Kind == kind {
				p.Now += of(s)
			}
		}
		for _, s := range then {
			if s.Kind == kind {
				p.Then += of(s)
			}
		}
		if p.Now != 0 || p.Then != 0 {
			w.Kinds = append(w.Kinds, p)
		}
	}
}

// payouts are what payouts of a place come to in a period, by kind of holder and by mark.
func (j *judging) payouts(place region.Code, period sums.Period) (list []dividend.PayoutSum) {
	for _, at := range keptOf(j.View, place) {
		for _, s := range dividend.PayoutSums(j.books, at, period) {
			same := func(o dividend.PayoutSum) bool { return o.Kind == s.Kind && o.Mark == s.Mark }
			if i := slices.IndexFunc(list, same); i >= 0 {
				list[i].Sums = list[i].Sums.And(s.Sums)
				for band, n := range s.Bands {
					list[i].Bands[band] += n
				}
			} else {
				list = append(list, s)
			}
		}
	}
	return list
}

// place is a place's figure over the years, with what changed it most.
func (w *Why) place(j *judging, c Compared) Place {
	p := Place{Compared: c, Now: c.Verdict, Then: c.With.Verdict}
	for _, year := range w.Years {
		s := c.Summary
		switch year {
		case w.Year:
		case w.With.Year:
			s = c.With
		default:
			s = j.again(s, year)
		}
		p.Figures = append(p.Figures, w.Figure.Of(s))
	}
	if w.counts(j) != nil && !c.Seat {
		p.By = w.parts(j, c.Place.Code)
		p.By = slices.DeleteFunc(p.By[:min(2, len(p.By))], func(p Part) bool { return p.Change() == 0 })
	}
	return p
}

// worstFirst puts places into the order of how they changed.
func (w *Why) worstFirst(list []Place) {
	slices.SortStableFunc(list, func(a, b Place) int {
		if w.Figure.Worse > 0 {
			a, b = b, a
		}
		return cmp.Compare(a.Change(), b.Change())
	})
}

// villages finds those that changed most by the figure, and those that turned.
func (w *Why) villages(j *judging) {
	now, then := j.villages(w.Place.Code, w.Year), j.villages(w.Place.Code, w.With.Year)
	direct := w.Place.Code.Level() >= region.Township
	type change struct {
		at office.Division
		by int64
	}
	var list []change
	for i, a := range now {
		b := then[i]
		if a.Verdict.Shell != b.Verdict.Shell && !a.Verdict.Unknown && !b.Verdict.Unknown {
			w.Turned = append(w.Turned, Turned{a.Place, a.Verdict, b.Verdict})
		}
		n, was := int64(a.Verdict.Measure), int64(b.Verdict.Measure)
		if w.Figure.Name != "measure" {
			n, was = w.Figure.Of(j.summary(a.Place, yearPeriod(w.Year))), w.Figure.Of(j.summary(a.Place, yearPeriod(w.With.Year)))
		}
		if n == 0 && was == 0 {
			continue
		}
		w.All++
		if w.Figure.Tone(n-was) == "worse" {
			w.Worsened++
		}
		list = append(list, change{a.Place, n - was})
	}
	if direct {
		return
	}
	slices.SortStableFunc(list, func(a, b change) int { return cmp.Compare(size(b.by), size(a.by)) })
	for _, c := range list[:min(len(list), shownVillages)] {
		w.Villages = append(w.Villages, w.place(j, j.compared(c.at, yearPeriod(w.Year), yearPeriod(w.With.Year))))
	}
	w.worstFirst(w.Villages)
}

// payers are who paid a place's collectives most in a year, and whom they paid most.
type payers struct{ paid, got []Party }

// Parties are who paid the collectives of a report's place most, and whom they paid most, with what it was in the year beside:
// each as a sum of all items.
func (r *Report) Parties() (paid, got []Party) {
	j, version := r.judge, ""
	for _, county := range counties(j.View, r.Place.Code) {
		for _, period := range []sums.Period{r.Period, r.With.Period} {
			version += journal.SeqKey(income.ChangedIn(j.books, county, yearPeriod(period.Year())))
		}
	}
	key := "payers " + string(r.Place.Code) + string(r.Period) + string(r.With.Period)
	of := journal.Memo(j.View, key, version, func() payers {
		now, then := j.partySums(r.Place.Code, r.Year), j.partySums(r.Place.Code, r.With.Year)
		return payers{largest(now, then, false), largest(now, then, true)}
	})
	return of.paid, of.got
}

// largest are the parties with the largest sums of income, or of expense.
func largest(now, then map[string]income.BookYear, expense bool) (list []Party) {
	sum := func(b income.BookYear) (n int64) {
		for _, it := range income.Items {
			if it.Expense == expense {
				n += int64(b.Items[it.Code])
			}
		}
		return n
	}
	for name, b := range now {
		if n := sum(b); n > 0 && name != "" {
			list = append(list, Party{Name: name, Now: n, Then: sum(then[name])})
		}
	}
	slices.SortFunc(list, func(a, b Party) int { return cmp.Or(cmp.Compare(b.Now, a.Now), cmp.Compare(a.Name, b.Name)) })
	return list[:min(len(list), shownVillages)]
}
