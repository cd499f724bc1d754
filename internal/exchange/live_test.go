package exchange_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// Every formula of a plan's workbook, worked out by another program, gives the figures of the plan, and they add up; what the formulas do
// not give are odd 分.
func TestLiveWorkbooks(t *testing.T) {
	s, key := demotest.Open(t)
	l, err := journal.Open(s, key, (&demo.Clock{}).Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); s.Close() })
	rules := map[plan.Rule]bool{}
	plans := 0
	if err := l.Read(journal.Console, func(v *journal.View) error {
		for _, place := range []string{"210727102216", "210727102213", "210727102"} {
			list, err := dividend.Distributions(v, region.MustParse(place), 2025, plan.Distribution.InForce)
			if err != nil {
				return err
			}
			for _, d := range list {
				if plans++; plans > 12 {
					break
				}
				for _, c := range d.Components {
					rules[c.Rule] = true
				}
				worked(t, v, d)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if plans < 2 || len(rules) < 2 {
		t.Errorf("only %d plans with %v were tried", plans, rules)
	}
}

// worked works a plan's workbook out and compares it with the plan.
func worked(t *testing.T, v *journal.View, d plan.Distribution) {
	var b bytes.Buffer
	if err := exchange.WriteLive(sheet.To{W: &b, Format: sheet.XLSX}, v, d.ID, func(e *journal.Error) string { return e.Said() }); err != nil {
		t.Fatalf("%s: %v", d.ID, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _, err := dividend.Payouts(v, d.ID, "", 10_000, func(p dividend.Payout) bool { return p.From == "" })
	if err != nil {
		t.Fatal(err)
	}
	value := func(row, column int) decimal.Decimal {
		text, err := f.CalcCellValue("Sheet1", sheet.ColumnName(column)+fmt.Sprint(row), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		n, err := decimal.NewFromString(text)
		if err != nil {
			t.Fatalf("%s, row %d, column %d: %q", d.ID, row, column, text)
		}
		return n.Round(2)
	}
	first, due := len(d.Components)+4, 3+3*len(d.Components)+1
	sum := decimal.Zero
	for i, p := range rows[:min(len(rows), 40)] {
		if got := value(first+i, due); !got.Equal(p.Due.Decimal()) {
			t.Errorf("%s, %s: the workbook gives %s, the plan %s", d.ID, p.Holder, got, p.Due)
		}
		if got := value(first+i, due+3); !got.Equal(p.Net().Decimal()) {
			t.Errorf("%s, %s: net %s, the plan %s", d.ID, p.Holder, got, p.Net())
		}
		for k, c := range d.Components {
			odd := value(first+i, 3+3*k+2)
			if c.Rule != plan.Excess && c.Rule != plan.Patronage && (odd.Abs().GreaterThan(decimal.New(1, -2))) {
				t.Errorf("%s, %s, component %d: the formula leaves %s", d.ID, p.Holder, k+1, odd)
			}
		}
	}
	for k, c := range d.Components {
		want := strings.ReplaceAll(c.Weighed(d.Totals[k].Weight), ",", "")
		if got := value(3+k, 2); len(rows) < 300 && want != "" && !got.Equal(decimal.RequireFromString(want).Round(2)) {
			t.Errorf("%s, component %d: weights of %s, on the page %s", d.ID, k+1, got, want)
		}
	}
	for _, p := range rows {
		sum = sum.Add(p.Due.Decimal())
	}
	if got := value(first+len(rows), due); len(rows) < 300 && !got.Equal(sum) {
		t.Errorf("%s: the sum is %s, the plan's %s", d.ID, got, sum)
	}
}
