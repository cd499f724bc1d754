package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Expected is what a village's running year may still come to by its policy's measure: what contracts make due, and what came and went last
// year after the same day. Nothing of it is received.
type Expected struct {
	income.Verdict                // of what was received so far
	Overdue        money.Yuan     // of contracts: what should have come by now
	Ahead          money.Yuan     // what is still to become due this year
	Dues           []ExpectedDue  // these, by their days
	Usual          money.Yuan     // as last year, with what goes out below zero
	Items          []ExpectedItem // these, by item
	Sum            money.Yuan     // all together, with what was received
	Lacks          money.Yuan     // what is missing to the bound even so
}

// ExpectedDue is what of a contract is expected in the year.
type ExpectedDue struct {
	Contract income.Contract
	Due      income.Due
	Counts   money.Yuan // what of it belongs to the year
	Late     bool
}

// ExpectedItem is what an item had last year after the same day, without what contracts bring.
type ExpectedItem struct {
	Item   string
	Amount money.Yuan // below zero where the measure takes it away
}

// shownDues is how many dues a page names one by one.
const shownDues = 30

// First are the dues that a page names, the oldest.
func (e Expected) First() []ExpectedDue { return e.Dues[:min(len(e.Dues), shownDues)] }

// Rest is how many others there are.
func (e Expected) Rest() int { return len(e.Dues) - len(e.First()) }

// RestSum is what the others come to.
func (e Expected) RestSum() (sum money.Yuan) {
	for _, d := range e.Dues[len(e.First()):] {
		sum += d.Counts
	}
	return sum
}

// Reached tells whether the bound is reached with what is expected.
func (e Expected) Reached() bool { return e.Policy.Reached(e.Sum) }

// ExpectedOf is what a village's running year may still come to.
func ExpectedOf(v *journal.View, village region.Code) (e Expected, err error) {
	today := v.Today()
	year := today.Year()
	books, err := v.At(village)
	if err != nil {
		return e, err
	}
	judge := judgingOf(v, books)
	e.Verdict = judge.verdict(village, year)
	counted := []string{string(village)}
	if !e.Policy.Alone {
		_, own := collectives(books, village)
		counted = append(counted, slices.Sorted(maps.Keys(own))...)
	}
	parties := map[string]bool{} // with a contract: what comes from them is the contracts'
	if err = income.EachContract(v, string(village), func(k income.Contract) error {
		if k.Void != "" || !slices.Contains(counted, k.Book()) {
			return nil
		}
		parties[ident.Name(k.Party)] = true
		item, _, err := income.ReceiptItem(v, k, year)
		if err == nil && e.Policy.Counts(item) {
			e.due(k, today)
		}
		return err
	}); err != nil {
		return e, err
	}
	slices.SortStableFunc(e.Dues, func(a, b ExpectedDue) int { return cmp.Compare(a.Due.Date, b.Due.Date) })
	if err = e.usual(v, village, counted, parties); err != nil {
		return e, err
	}
	e.Sum = e.Measure + e.Overdue + e.Ahead + e.Usual
	if !e.Reached() {
		e.Lacks = e.Policy.Bound - e.Sum
	}
	return e, nil
}

// due adds what a contract makes due by the end of the year and has not brought.
func (e *Expected) due(k income.Contract, today journal.Date) {
	for _, d := range k.Dues() {
		if d.Open() <= 0 || d.Date > journal.YearEnd(today.Year()) {
			continue
		}
		x := ExpectedDue{Contract: k, Due: d, Counts: d.Open(), Late: d.Late(today)}
		if !e.Policy.Received {
			x.Counts = d.In(today.Year())
		}
		if x.Late {
			e.Overdue += x.Counts
		} else {
			e.Ahead += x.Counts
		}
		e.Dues = append(e.Dues, x)
	}
}

// usual adds what the books had last year after the same day, besides what comes from those with contracts.
func (e *Expected) usual(v *journal.View, village region.Code, books []string, parties map[string]bool) error {
	last := v.Today().Year() - 1
	same := v.Today().PlusYears(-1)
	sums := map[string]money.Yuan{}
	for _, book := range books {
		lines, err := income.Incomes(v, book, last, "")
		if err != nil {
			return err
		}
		for _, i := range lines {
			if i.Date > same && i.Contract == "" && !parties[ident.Name(i.Party)] && i.Plain() {
				sums[i.Item] += i.Amount
			}
		}
	}
	form, err := income.FormOf(v, string(village), v.Today().Year())
	if err != nil {
		return err
	}
	for _, t := range e.Policy.Measure {
		amount := sums[t.Item]
		if t.Minus {
			amount = -amount
		}
		if amount != 0 && form.Has(t.Item) {
			e.Items = append(e.Items, ExpectedItem{t.Item, amount})
			e.Usual += amount
		}
	}
	return nil
}
