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
	"github.com/sanbian/ledger/internal/money"
)

// A plan goes from draft to settled, its sums add up at every step, and nobody does what is another's.
func TestDistributionLife(t *testing.T) {
	b := booktest.New(t)
	entity, population, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 7)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("5000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{
			{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("100.01")},
			{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("400")}}})[0]
	if e := b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id}); !booktest.HasText(e, "多出") {
		t.Errorf("more than distributable: %v", e)
	}
	parts := []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("100.01")},
		{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("32.005")}}
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2025-07", Components: parts})
	// A movement on the record date counts, one on the day after does not.
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2025-11-30"},
		&register.IssueShares{Class: population, Holder: holders[1], Quantity: booktest.Units("1"), Date: "2025-12-01"})
	var before []dividend.Figure
	b.See("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, id)
		before, _, _, _ = dividend.Preview(v, d)
	})
	if got := before[0].Parts[1].Quantity; got != booktest.Units("2") {
		t.Errorf("the first holder takes part with %s population shares", got)
	}
	if got := before[1].Parts[1].Quantity; got != booktest.Units("2") {
		t.Errorf("the second holder takes part with %s population shares", got)
	}
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30",
		Resolution: "2025-07", Components: parts})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-01", All: true})
	b.Refuses("kj-yuxin", journal.Conflict, "date", &register.IssueShares{Class: land, Holder: holders[0], Quantity: booktest.Units("1"),
		Date: "2025-11-30"})
	b.Record("kj-yuxin", &register.IssueShares{Class: land, Holder: holders[0], Quantity: booktest.Units("100"), Date: "2025-12-01"})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	check := func(paid, failed int) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			d, _ := dividend.Distribution(v, id)
			list, _, _ := dividend.Payouts(v, id, "", 100, func(dividend.Payout) bool { return true })
			var due, p, f money.Yuan
			for i, line := range list {
				due += line.Due
				switch line.State {
				case dividend.Paid:
					p += line.Due
				case dividend.Failed:
					f += line.Due
				}
				if fmt.Sprint(line.Parts) != fmt.Sprint(before[i].Parts) {
					t.Errorf("%s was to get %v and gets %v", line.Holder, before[i].Parts, line.Parts)
				}
				why, err := dividend.Explain(v, d, line.Holder)
				if err != nil {
					t.Fatal(err)
				}
				for k, w := range why {
					if w.Amount != line.Parts[k].Amount {
						t.Errorf("%s gets %s, explained as %+v", line.Holder, line.Parts[k].Amount, w)
					}
				}
			}
			if due != d.Due || p != d.Paid || f != d.Failed || d.Paid+d.Failed+d.Outstanding() != d.Due || d.PaidCount != paid ||
				d.FailCount != failed {
				t.Errorf("due %s paid %s failed %s; the plan says %+v", due, p, f, d)
			}
		})
	}
	check(0, 0)
	b.Record("kj-yuxin", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2], Reason: "户名不符"})
	check(0, 2)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	check(5, 2)
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4]})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4],
		Reason: "晚了"})
	b.Refuses("kj-yuxin", journal.Invalid, "holders.1", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09",
		Holders: []string{holders[0], holders[0]}})
	b.Refuses("kj-yuxin", journal.NotFound, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09",
		Holders: []string{booktest.Yuxin + "H00099"}})
	b.Refuses("kj-yuxin", journal.Conflict, "date", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-07", Holders: holders[:1]})
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2]})
	check(7, 0)
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, id); !d.Settled() || d.Label() != "结清" {
			t.Errorf("all is paid, but the plan is %s", d.Label())
		}
		if s, _ := income.StatementOf(v, booktest.Yuxin, 2025); s.Distributable != booktest.Yuan("5000")-s.Distributed || s.Distributed == 0 {
			t.Errorf("distributed %s, still distributable %s", s.Distributed, s.Distributable)
		}
	})
	b.Verified()
}
