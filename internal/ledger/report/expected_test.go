package report_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
)

// What a running year may still come to: received, overdue, due later, and what last year had after the same day; none of it twice. Today
// is 2026-03-01.
func TestExpected(t *testing.T) {
	b := booktest.New(t)
	line := func(item, date, amount, party string) {
		b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: item, Date: journal.Date(date), Amount: booktest.Yuan(amount),
			Party: party})
	}
	contract := func(thing, party, first, rent string, every int) string {
		return b.Record("kj-yuxin", &income.RecordContract{Book: booktest.Yuxin, Kind: income.Lease, Asset: income.Building, Thing: thing,
			Party: party,
			From:  "2026-01-01", To: "2035-12-31", Rent: booktest.Yuan(rent), First: journal.Date(first), Every: every})[0]
	}
	line("operating", "2025-02-01", "5000", "")       // before the same day
	line("operating", "2025-09-01", "3000", "卖菜")     // after it
	line("operating", "2025-09-02", "8000", "门市租户")   // of one with a contract
	line("management", "2025-10-01", "1200", "村委会日常") // goes out
	wrong := b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-01-10",
		Amount: booktest.Yuan("5000"),
		Party:  "记错的"})[0]
	b.Record("kj-yuxin", &income.ReverseIncome{Income: wrong, Date: "2025-09-10", Reason: "x"}) // comes again as little as what it takes back
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-09-11", Amount: booktest.Yuan("6000"),
		Party: "一次付三年的", From: "2025-09-11", To: "2025-12-31", Note: "只到年底的照样算"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-09-11", Amount: booktest.Yuan("9000"),
		Party: "一次付三年的", Years: 3})
	line("subsidy", "2025-10-01", "90000", "县财政局")          // counts nowhere
	paid := contract("门市", "门市租户", "2026-01-15", "8000", 6) // 4,000 in January, 4,000 in July
	contract("仓库", "仓库租户", "2026-02-01", "600", 12)         // overdue
	contract("老校舍", "校舍租户", "2026-06-01", "1000", 60)       // five years at once: 1,000 belong to this one
	line("operating", "2026-02-20", "700", "卖菜")
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-01-15", Amount: booktest.Yuan("4000"),
		Contract: paid})
	for _, c := range []struct {
		name                           string
		policy                         *income.SetPolicy
		measure, overdue, ahead, usual string
		sum, lacks                     string
	}{
		{"net, each year its part", nil, "7700", "600", "5000", "7800", "21100", "28900"},
		{"gross, as it comes in", &income.SetPolicy{Region: county, From: 2026, Measure: income.Gross(), Bound: booktest.Yuan("15000"),
			Received: true},
			"4700", "600", "9000", "9000", "23300", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.policy != nil {
				b.Record("yixian", c.policy)
			}
			b.See("kj-yuxin", func(v *journal.View) {
				e, err := report.ExpectedOf(v, booktest.Yuxin)
				if err != nil || e.Measure != booktest.Yuan(c.measure) || e.Overdue != booktest.Yuan(c.overdue) || e.Ahead != booktest.Yuan(c.ahead) ||
					e.Usual != booktest.Yuan(c.usual) || e.Sum != booktest.Yuan(c.sum) || e.Lacks != booktest.Yuan(c.lacks) {
					t.Errorf("%s overdue %s ahead %s usual %s sum %s lacks %s (%v)\n%+v", e.Measure, e.Overdue, e.Ahead, e.Usual, e.Sum, e.Lacks, err,
						e.Dues)
				}
			})
		})
	}
}
