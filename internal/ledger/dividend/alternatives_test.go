package dividend_test

import (
	"fmt"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Drafts of a year stand side by side: what each costs, what is left, what the median household and each kind of holder gets. The newest
// five are shown; last year's plan is what they are drafted from.
func TestAlternatives(t *testing.T) {
	b := booktest.New(t)
	entity, class, land, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 4) // 1 2 3 4 shares
	for _, year := range []string{"2024", "2025"} {
		b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(year + "-05-01"),
			Amount: yuan("500")})
	}
	draft := func(year int, parts ...plan.Component) string {
		return b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: year, RecordDate: journal.YearEnd(year), Resolution: "1",
			Components: parts})[0]
	}
	rate := func(of, n string) plan.Component {
		return plan.Component{Class: of, Rule: plan.RatePerUnit, Rate: booktest.Rate(n)}
	}
	last := draft(2024, rate(class, "10"), plan.Component{Class: land, Rule: plan.PoolOver, Pool: yuan("33.33")})
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: last})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: last})
	compared := func() (said string) {
		b.See("yixian", func(v *journal.View) {
			list, more, err := dividend.Alternatives(v, entity, 2025)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				k := x.Of(register.Household)
				said += fmt.Sprintf("%s left %s, %d: %s gets %s, %s–%s %s; ", x.Due, x.Left, x.Holders, x.Typical.Name, x.Typical.Due, k.Least, k.Most,
					x.Of(register.Outside).Sum)
				if x.Problem != nil {
					said += x.Problem.Error()
				}
			}
			said += fmt.Sprint(more)
		})
		return said
	}
	draft(2025, rate(class, "10"))
	// of four households the lower of the two in the middle; 866.67 may be given out
	if got, want := compared(), "100.00 left 766.67, 4: 测试户00001 gets 20.00, 10.00–40.00 0.00; 0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	outside := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside, Name: "测试外人"})[0]
	fifth := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 20))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: outside, Quantity: booktest.Units("100"), Date: "2025-03-01"},
		&register.IssueShares{Class: class, Holder: fifth, Quantity: booktest.Units("9"), Date: "2025-03-01"})
	// a fifth household makes the third the median; who comes from outside does not count
	if got, want := compared(), "1190.00 left -323.33, 6: 测试户00002 gets 30.00, 10.00–90.00 1000.00; 0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var model plan.Distribution
	b.See("yixian", func(v *journal.View) {
		var err error
		if model, err = dividend.Model(v, entity, 2025); err != nil || model.ID != last {
			t.Errorf("drafted from %s, %v", model.ID, err)
		}
	})
	scaled := dividend.Scaled(model, 2025, booktest.Rate("110.5"))
	if scaled[0].Rate != booktest.Rate("11.05") || scaled[1].Pool != yuan("36.83") || model.Components[1].Pool != yuan("33.33") {
		t.Errorf("%+v", scaled)
	}
	for range 5 {
		draft(2025, scaled...)
	}
	b.See("yixian", func(v *journal.View) {
		list, more, err := dividend.Alternatives(v, entity, 2025)
		if err != nil || len(list) != dividend.MaxAlternatives || more != 1 || list[4].Plan.ID != entity+"D202506" {
			t.Errorf("%d side by side, %d more: %v", len(list), more, err)
		}
	})
}
