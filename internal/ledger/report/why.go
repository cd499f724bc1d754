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
	Parties   []Party // the largest, the rest together, and last what is no party's
	Kinds     []Part  // of sums of payouts
	Places    []Place // next below, the worst first
	Twice     []int64 // year by year, what several of the places count and the place counts once; nil where that is nothing
	Villages  []Place // of a place with places between it and them: those that changed most for the worse and for the better
	Turned    []Turned
	Years     []int // of the places' figures, in their order, the two that are compared among them
	Trend     []int64
	Policies  [2]income.Policy // by which each year's measure counts, the one beside first
	Mixed     bool             // places below have policies of their own
	Worsened  int              // of the villages, those for which it is worse
	All       int              // of the villages, those with a figure in either year
	Worst     *Place           // of the villages, the one for which it is worst
	Otherwise bool             // the two years are measured by different policies, so that what changed is the measure, too
	Merged    []income.Item    // items of which one year's table has no more than what they went into
}

// Change is by what the figure changed.
func (w Why) Change() int64 { return w.Now - w.Then }

// Called names the figure.
func (w Why) Called() journal.Label { return w.Figure.Called(w.Policies[1], w.Mixed) }

// CalledFully names the figure where nothing around it says what it is of.
func (w Why) CalledFully() journal.Label { return w.Figure.CalledFully(w.Policies[1], w.Mixed) }

// otherwise tells whether two policies measure differently.
func otherwise(a, b income.Policy) bool {
	return a.Received != b.Received || a.Alone != b.Alone || !slices.Equal(a.Measure, b.Measure)
}

// Others tells whether any village's two years are measured by different policies. Quarters are measured by none.
func (r *Report) Others() bool {
	return r.Period.Quarter() == 0 && slices.ContainsFunc(keptOf(r.judge.View, r.Place.Code), func(at region.Code) bool {
		return otherwise(r.judge.policy(at, r.Year), r.judge.policy(at, r.With.Year))
	})
}

// ShowsTurned tells whether the figure has to do with who became an empty shell.
func (w Why) ShowsTurned() bool { return w.measured() || w.Figure.Name == "shells" }

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
	Beyond    bool   // what the figure counts otherwise than by who paid: sums that a policy counts when they came in, or of one book alone
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
	Figures []int64 // year by year
	Is, Was int64   // the two that are compared
	By      []Part  // the two items that changed it most
	Now     income.Verdict
	Then    income.Verdict
}

// Change is by what the place's figure changed.
func (p Place) Change() int64 { return p.Is - p.Was }

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
	w.Mixed, w.Otherwise = r.Mixed, w.measured() && r.Others()
	w.Policies = [2]income.Policy{j.policy(place, with), j.policy(place, year)}
	for y := max(year, with) - whyYears; y <= max(year, with); y++ {
		w.Years = append(w.Years, y)
	}
	if with < w.Years[0] || year < w.Years[0] {
		w.Years[0] = min(year, with)
	}
	for _, y := range w.Years {
		w.Trend = append(w.Trend, f.Of(j.summary(r.Place, yearPeriod(y))))
	}
	if f.Each {
		w.places(r) // what makes an average does not add up to it
		return w, nil
	}
	if w.OfBooks() {
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
	if w.Figure.Each || len(w.Places) == 0 {
		return
	}
	twice := make([]int64, len(w.Years))
	for i, n := range w.Trend {
		twice[i] = -n
		for _, p := range w.Places {
			twice[i] += p.Figures[i]
		}
	}
	if slices.ContainsFunc(twice, func(n int64) bool { return n != 0 }) {
		w.Twice = twice
	}
}

// TwiceIn is what several of the places count in the two years that are compared.
func (w Why) TwiceIn() (now, then int64) {
	if w.Twice == nil {
		return 0, 0
	}
	return w.Twice[slices.Index(w.Years, w.Year)], w.Twice[slices.Index(w.Years, w.With.Year)]
}

// TwiceChange is by what the change of what is counted once makes the place's change less than the sum of those below.
func (w Why) TwiceChange() int64 {
	if w.Twice == nil {
		return 0
	}
	now, then := w.TwiceIn()
	return now - then
}

// OfBooks tells whether the figure is made by the lines of books.
func (w *Why) OfBooks() bool { return w.Figure.Name == "measure" || w.Figure.books }

// measured tells whether the figure is what the villages' own policies count.
func (w *Why) measured() bool { return w.Figure.Name == "measure" }

// counts is what the figure counts of a place's books in a year, with its signs.
func (w *Why) counts(j *judging, place region.Code, year int) (list []income.Term) {
	name := w.Figure.Name
	switch {
	case w.measured():
		return j.policy(place, year).Measure
	case name == "operating_gain":
		return income.Net()
	}
	for _, it := range income.Items {
		if it.Code == name || name == "income" && !it.Expense || name == "expense" && it.Expense {
			list = append(list, income.Term{Item: it.Code})
		}
	}
	return list
}

// counted is what the books of places come to that are counted alike.
type counted struct {
	terms []income.Term
	sum   income.BookYear
}

// books is what a place's books come to in a year, as the figure counts: the measure of its villages, county by county, since each may have
// a policy of its own; others of all its collectives.
func (w *Why) books(j *judging, place region.Code, year int) (list []counted) {
	for _, at := range keptOf(j.View, place) {
		c := counted{terms: w.counts(j, at, year)}
		if w.measured() {
			for _, village := range j.villages(at, year) {
				c.sum = c.sum.And(j.sumsOf(village.Place.Code, year, j.policy(village.Place.Code, year)))
			}
			for item, n := range c.sum.Corrected {
				c.sum.Items[item] -= n
			}
		} else {
			c.sum = income.SumsIn(j.books, at, yearPeriod(year)).BookYear
		}
		list = append(list, c)
	}
	return list
}

// parts are the items that a place's figure is made of in either year, those that changed it most in front.
func (w *Why) parts(j *judging, place region.Code) (list []Part) {
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
	for _, c := range w.books(j, place, w.With.Year) {
		add(c.terms, c.sum, func(p *Part, n int64) { p.Then += n })
	}
	for _, c := range w.books(j, place, w.Year) {
		add(c.terms, c.sum, func(p *Part, n int64) { p.Now += n })
	}
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

// bySigns adds up what a party's sums make of the figure.
func (w *Why) bySigns(terms []income.Term, b income.BookYear) (sum int64) {
	for _, t := range terms {
		n := int64(b.Items[t.Item])
		if w.measured() {
			n -= int64(b.Corrected[t.Item])
		}
		if t.Minus {
			n = -n
		}
		sum += n
	}
	return sum
}

// eachParty tells what the figure counts of each party in a year, part by part: of the measure without what is no village's.
func (w *Why) eachParty(j *judging, year int, tell func(name string, n int64)) {
	for _, at := range keptOf(j.View, w.Place.Code) {
		terms := w.counts(j, at, year)
		add := func(list []income.PartySum, sign int64) {
			for _, p := range list {
				tell(p.Name, sign*w.bySigns(terms, p.BookYear))
			}
		}
		add(j.partiesOf(at, year), 1)
		if !w.measured() {
			continue
		}
		for _, d := range office.Divisions(j.View, at, region.Township) {
			if income.OwnSumsIn(j.books, d.Code, yearPeriod(year)).Kept(false) {
				add(income.OwnPartySums(j.books, d.Code, year), -1)
			}
		}
		alone := j.policy(at, year).Alone
		for code, s := range j.in(at, year).all() {
			switch {
			case code.Level() != region.Village || !at.Contains(code):
			case !code.HasCollective():
				add(j.partiesOf(code, year), -1)
			case alone && s.Several(): // the village's own book is what counts
				for _, b := range booksOf(j.books, office.Division{Code: code})[1:] {
					add(income.PartiesInBook(j.books, b.Book, year), -1)
				}
			}
		}
	}
}

// parties finds who changed the figure most.
func (w *Why) parties(j *judging) error {
	all := map[string]*Party{}
	of := func(name string) *Party {
		if all[name] == nil {
			all[name] = &Party{Name: name}
		}
		return all[name]
	}
	w.eachParty(j, w.With.Year, func(name string, n int64) { of(name).Then += n })
	w.eachParty(j, w.Year, func(name string, n int64) { of(name).Now += n })
	var list []Party
	beyond := Party{Beyond: true, Now: w.Now, Then: w.Then}
	for _, p := range all {
		if beyond.Now, beyond.Then = beyond.Now-p.Now, beyond.Then-p.Then; p.Now != 0 || p.Then != 0 {
			list = append(list, *p)
		}
	}
	slices.SortFunc(list, func(a, b Party) int {
		return cmp.Or(cmp.Compare(size(b.Change()), size(a.Change())), cmp.Compare(a.Name, b.Name))
	})
	rest := Party{}
	if len(list) > shownParties+1 {
		for _, p := range list[shownParties:] {
			rest.Others, rest.Now, rest.Then = rest.Others+1, rest.Now+p.Now, rest.Then+p.Then
		}
		list = list[:shownParties]
	}
	w.Parties = list
	for i := range w.Parties {
		if p := &w.Parties[i]; p.Name != "" {
			if err := w.contracts(j, p); err != nil {
				return err
			}
		}
	}
	for _, p := range []Party{rest, beyond} {
		if p.Now != 0 || p.Then != 0 {
			w.Parties = append(w.Parties, p)
		}
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
	p := Place{Compared: c, Now: c.Verdict, Then: c.With.Verdict, Is: w.Figure.Of(c.Summary), Was: w.Figure.Of(c.With)}
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
	if w.OfBooks() && !c.Seat {
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
		if !w.measured() {
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
	if len(list) > 0 {
		worst := slices.MinFunc(list, func(a, b change) int {
			if w.Figure.Worse > 0 {
				a, b = b, a
			}
			return cmp.Compare(a.by, b.by)
		})
		if w.Figure.Tone(worst.by) == "worse" && w.All > 1 {
			p := w.place(j, j.compared(worst.at, yearPeriod(w.Year), yearPeriod(w.With.Year)))
			w.Worst = &p
		}
	}
	if direct {
		return
	}
	slices.SortStableFunc(list, func(a, b change) int { return cmp.Compare(size(b.by), size(a.by)) })
	list = slices.DeleteFunc(list, func(c change) bool { return c.by == 0 })
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
