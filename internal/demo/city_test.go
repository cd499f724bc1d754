package demo_test

import (
	"path/filepath"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

// The city that was reported: 214 empty shells, then none, by the policy that it states: 50,000 yuan received for operations in the year
// are enough. By the statistics' net gain, and where a sum for several years counts in each, they would not all be gone. The books of 2018
// on are filled in here, with two households to a cooperative; the command fills all.
func TestCityFrom214ToNone(t *testing.T) {
	size := demo.CitySize{Cooperatives: demo.WholeCity.Cooperatives, Households: 2, FirstYear: 2018}
	l, _ := filled(t, filepath.Join(t.TempDir(), "city.db"), "2026-11-01", func(l *journal.Ledger, clock *demo.Clock) error {
		return demo.FillCity(l, clock, size, func(string) {})
	})
	who, err := l.Actor("jinzhou")
	if err != nil {
		t.Fatal(err)
	}
	city := region.MustParse("2107")
	if err := l.Read(who, func(v *journal.View) error {
		r, err := report.ReportOf(v, city, 2025)
		if err != nil {
			return err
		}
		var got []int
		for _, y := range r.Trend {
			got = append(got, y.Shells)
		}
		if want := []int{214, 121, 38, 11, 3, 0, 0, 0}; len(got) != len(want) {
			t.Errorf("empty shells by year: %v", got)
		} else {
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%d empty shells in %d, not %d", got[i], 2018+i, want[i])
				}
			}
		}
		if r.Shells != 0 || r.Reformed != 1093 || r.Shareholders != 2*1093 || r.Policy.Base != 2018 || r.Unrecorded != r.Summary.Villages-1102 {
			t.Errorf("in 2025: %d shells, %d with a cooperative, %d shareholders, base %d, %d of %d not recorded", r.Shells, r.Reformed,
				r.Shareholders, r.Policy.Base, r.Unrecorded, r.Summary.Villages)
		}
		if r.Income.String() != "332234670.00" { // the same city each time
			t.Errorf("the income of 2025 is %s", r.Income)
		}
		if r.DueCount != 2*1093 || r.FailCount == 0 || r.PaidCount <= r.DueCount*9/10 || r.Outstanding() == 0 || r.With.DueCount == 0 {
			t.Errorf("payouts of 2025: %+v", r.Sums)
		}
		p := income.DefaultPolicy
		p.Region = city
		trials, err := report.Try(v, city, p)
		if err != nil || len(trials) == 0 || trials[0].Then == 0 {
			t.Errorf("by the statistics' measure: %+v %v", trials, err)
		}
		states, err := income.ContractStates(v, string(city))
		if err != nil || len(states) < 1102 || states[0].Received == 0 {
			t.Errorf("%d contracts (%v)", len(states), err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
