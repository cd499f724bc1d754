package report_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
)

// A village living on subsidies is an empty shell, and the sums of a report are those of its villages and of the entries behind them.
func TestReport(t *testing.T) {
	b := booktest.New(t)
	b.Cooperative("kj-yuxin", booktest.Yuxin, 4)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "subsidy", Date: "2025-06-01", Amount: booktest.Yuan("900000")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("49999.99")})
	b.Record("kj-kaizhou", &income.RecordIncome{Book: booktest.Kaizhou, Item: "operating", Date: "2025-06-01",
		Amount: booktest.Yuan("60000.02")},
		&income.RecordIncome{Book: booktest.Kaizhou, Item: "management", Date: "2025-06-01", Amount: booktest.Yuan("0.02")})
	b.See("yixian", func(v *journal.View) {
		r, err := report.ReportOf(v, "210727000000", 2025)
		if err != nil {
			t.Fatal(err)
		}
		if r.Summary.Villages != 3 || r.Shells != 1 || r.Unrecorded != 1 || r.Operating != booktest.Yuan("109999.99") ||
			r.Subsidy != booktest.Yuan("900000") ||
			r.Shareholders != 4 || r.People != 1+2+3+4 {
			t.Errorf("%+v", r.Summary)
		}
		var children, lines money.Yuan
		for _, c := range r.Children {
			children += c.Operating
		}
		if err := income.EachIncome(v, "210727000000", 2025, func(l income.Income) error {
			it, _ := income.ItemNamed(l.Item)
			switch {
			case it.Operating && it.Expense:
				lines -= l.Amount
			case it.Operating:
				lines += l.Amount
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if children != r.Operating || lines != r.Operating {
			t.Errorf("townships %s, entries %s, county %s", children, lines, r.Operating)
		}
		for _, s := range r.Villages {
			if s.Place.Code == booktest.Yuxin && (!s.Verdict.Shell || !booktest.HasText(s.Verdict.Reason(), "补助 900,000.00 元不计入")) {
				t.Errorf("the village on subsidies: %v", s.Verdict.Reason())
			}
		}
	})
}
