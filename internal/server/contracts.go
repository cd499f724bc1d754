package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(get("/contracts/:place", contractList))

// contractsPage is what the page contracts shows.
type contractsPage struct {
	contractSums
	Place    region.Code
	Year     int
	Village  bool
	Average  money.Yuan // a year for each 亩, 0 where nothing is counted so
	Checks   []checkCount
	Shown    string
	Towns    []contractsOf
	List     []contractRow
	Count    int
	Next     string
	Find     *form
	Query    string
	Expected *report.Expected // of a village
	Bar      expectedBar
	Calendar calendar
	May      acts
}

// contractSums are what contracts come to.
type contractSums struct {
	Running   int        // in force
	Concerned int        // that checks have found something about
	Due       money.Yuan // this year
	Paid      money.Yuan // of it
	Overdue   money.Yuan // of any year
}

// add adds a contract.
func (c *contractSums) add(s income.ContractState) {
	due, paid := s.DueIn(s.Day.Year())
	c.Due, c.Paid, c.Overdue = c.Due+due, c.Paid+paid, c.Overdue+s.Overdue
	if s.Running() {
		c.Running++
	}
	if len(s.Concerns) > 0 {
		c.Concerned++
	}
}

// checkCount is a check with how many contracts it has found something about.
type checkCount struct {
	income.ContractCheck
	Count int
}

// contractsOf are the contracts of a place next below.
type contractsOf struct {
	contractSums
	Place region.Code
	Name  string
}

// contractRow is a contract in the list, with the form that books what is due of it.
type contractRow struct {
	income.ContractState
	Village string // its name, in the list of a larger place
	Receive *form  // nil where nothing is due soon, or the reader may not
	Renew   bool   // ends soon, and the reader may prolong it
}

var _ = page[contractsPage]("contracts")

// soonDue is how many days before its day a sum may be booked from the list.
const soonDue = 31

func contractList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "contracts", "contracts", place, func(v *journal.View, fr *frame) (any, error) {
		body := contractsPage{Place: place, Year: v.Today().Year(), Village: place.Level() == region.Village, Shown: r.Query("show")}
		fr.Title = r.say.T("合同|多份")
		all, err := income.ContractStates(v, string(place))
		if err != nil {
			return nil, err
		}
		body.sum(all, r)
		if body.Village {
			if err := r.contractsOfVillage(v, &body, all); err != nil {
				return nil, err
			}
		} else {
			body.byPlace(v, all)
		}
		wanted := r.wantedContracts()
		body.Find = newForm("q", r.Query("q"), "show", body.Shown)
		body.Query = queryOf("q", r.Query("q"), "show", body.Shown)
		all = slices.DeleteFunc(all, func(s income.ContractState) bool { return !wanted.Has(s) })
		body.Count = len(all)
		if after := r.Query("after"); after != "" {
			at, found := slices.BinarySearchFunc(all, after, func(s income.ContractState, id string) int { return strings.Compare(s.ID, id) })
			if found {
				at++
			}
			all = all[at:]
		}
		if len(all) > linesPerView {
			all = all[:linesPerView]
			body.Next = all[linesPerView-1].ID
		}
		for _, s := range all {
			row := contractRow{ContractState: s}
			if !body.Village {
				row.Village = v.Called(string(placeOf(s.ID)))
			}
			if r.who.May("RecordIncome") && s.Next != nil && s.Next.Date <= s.Day.Plus(soonDue) {
				row.Receive = newForm(receiptOf(s, s.Day)...)
			}
			row.Renew = r.who.May("ChangeContract") && s.Has("expiring")
			body.List = append(body.List, row)
		}
		return body, nil
	})
}

// wantedContracts is what the address asks for.
func (r *request) wantedContracts() income.WantedContracts {
	return income.WantedContracts{Show: r.Query("show"), Text: r.Query("q")}
}

// sum adds up the contracts, and counts what the checks found.
func (b *contractsPage) sum(all []income.ContractState, r *request) {
	b.Average = income.Average(all)
	for _, c := range income.ContractChecks {
		b.Checks = append(b.Checks, checkCount{ContractCheck: c})
	}
	for _, s := range all {
		b.add(s)
		for i, c := range b.Checks {
			if s.Has(c.Name) {
				b.Checks[i].Count++
			}
		}
	}
	b.Checks = slices.DeleteFunc(b.Checks, func(c checkCount) bool { return c.Count == 0 && c.Name != r.Query("show") })
}

// byPlace adds up the contracts of the places next below.
func (b *contractsPage) byPlace(v *journal.View, all []income.ContractState) {
	for _, d := range office.Children(v, b.Place) {
		at := contractsOf{Place: d.Code, Name: d.Short()}
		for _, s := range all {
			if d.Code.Contains(placeOf(s.ID)) {
				at.add(s)
			}
		}
		b.Towns = append(b.Towns, at)
	}
}

// contractsOfVillage adds what a village's own page has: what the year is expected to come to, and its calendar.
func (r *request) contractsOfVillage(v *journal.View, body *contractsPage, all []income.ContractState) (err error) {
	if body.May, err = r.may(v, map[string]any{"book": string(body.Place)}, "RecordContract"); err != nil {
		return err
	}
	e, err := report.ExpectedOf(v, body.Place)
	if err != nil {
		return err
	}
	body.Expected, body.Bar = &e, barOf(e)
	body.Calendar = calendarOf(all, v.Today(), r.say.T)
	return nil
}

// expectedBar are the parts of the bar that shows how far a village's year has come to its bound, in per cent of the whole.
type expectedBar struct{ Received, Overdue, Ahead, Bound string }

func barOf(e report.Expected) expectedBar {
	received := max(0, e.Measure)
	whole := max(e.Policy.Bound, received+e.Overdue+e.Ahead)
	return expectedBar{percent(received, whole), percent(received+e.Overdue, whole), percent(received+e.Overdue+e.Ahead, whole),
		percent(e.Policy.Bound, whole)}
}
