package income_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// Losses of earlier years are made good first, the reserve comes out of what is left, and what a later year has given out cannot be given
// out again for an earlier one.
func TestStatement(t *testing.T) {
	b := booktest.New(t)
	coop := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "公司", Kind: register.Enterprise,
		Reserve: booktest.Rate("10")})[0]
	for _, l := range []struct{ item, date, amount string }{
		{"operating", "2022-05-01", "100"}, {"operating_cost", "2022-05-01", "400"}, {"operating", "2023-05-01", "200"},
		{"operating", "2024-05-01", "1000"},
	} {
		b.Record("kj-yuxin", &income.RecordIncome{Book: coop, Item: l.item, Date: journal.Date(l.date), Amount: booktest.Yuan(l.amount)})
	}
	b.See("yixian", func(v *journal.View) {
		for _, c := range []struct {
			year                                  int
			opening, gain, reserve, distributable string
		}{
			{2022, "0", "-300", "0", "-300"}, {2023, "-300", "200", "0", "-100"}, {2024, "-100", "1000", "90", "810"},
			{2025, "810", "0", "0", "810"},
		} {
			s, err := income.StatementOf(v, coop, c.year)
			if err != nil || s.Opening != booktest.Yuan(c.opening) || s.Gain != booktest.Yuan(c.gain) || s.Reserve != booktest.Yuan(c.reserve) ||
				s.Distributable != booktest.Yuan(c.distributable) {
				t.Errorf("%d: opening %s gain %s reserve %s distributable %s, %v; want %+v", c.year, s.Opening, s.Gain, s.Reserve, s.Distributable,
					err, c)
			}
		}
	})
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holder := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: holder, Quantity: booktest.Units("1"), Date: "2022-01-01"})
	give := func(year int, sum string) string {
		return b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: year, RecordDate: journal.Date(fmt.Sprintf("%d-12-31", year)),
			Resolution: "2025-07", Components: []plan.Component{
				{Class: class, Rule: plan.PoolOver, Pool: booktest.Yuan(sum)}}})[0]
	}
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: give(2025, "800")})
	b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: give(2024, "10.01")})
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: give(2024, "10")})
	b.Verified()
}

// The older form's exam table in testdata: each result the table names comes out of its items.
func TestStatementExam(t *testing.T) {
	f, err := os.Open("../../money/testdata/distribution.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var given, want map[string]string
	for _, r := range rows {
		if r[0] == "townships-statement" {
			given, want = pairs(r[2]), pairs(r[3])
		}
	}
	if len(given) == 0 {
		t.Fatal("the exam table is gone")
	}
	b := booktest.New(t)
	coop := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "三组经济合作社", Kind: register.GroupCollective,
		Group: "三组", Founded: "2010-01-01"})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holder := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: holder, Quantity: booktest.Units("1"), Date: "2011-01-01"},
		&income.BringForward{Book: coop, Year: 2012, Amount: booktest.Yuan(given["年初未分配收益"])})
	for _, it := range income.Items {
		if given[string(it.Label)] == "" {
			continue
		}
		b.Record("kj-yuxin", &income.RecordIncome{Book: coop, Item: it.Code, Date: "2012-12-31", Amount: booktest.Yuan(given[string(it.Label)])})
	}
	b.Record("kj-yuxin", &income.SetAside{Book: coop, Year: 2012, Fund: income.ReserveFund, Amount: booktest.Yuan(given["公积公益金"]),
		Resolution: "2012-1"},
		&income.SetAside{Book: coop, Year: 2012, Fund: income.WelfareFund, Amount: booktest.Yuan(given["福利费"]), Resolution: "2012-1"},
		&dividend.DraftDistribution{Entity: coop, Year: 2012, RecordDate: "2012-12-31", Resolution: "2025-07",
			Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: booktest.Yuan(given["农户分配"])}}},
		&dividend.SubmitDistribution{Distribution: coop + "D201201"})
	b.Refuses("kj-yuxin", journal.Conflict, "year", &income.SetAside{Book: coop, Year: 2012, Fund: income.ReserveFund,
		Amount:     booktest.Yuan("8"),
		Resolution: "2012-2"})
	b.Refuses("kj-yuxin", journal.Conflict, "year", &income.BringForward{Book: coop, Year: 2012, Amount: booktest.Yuan("16")})
	b.See("yixian", func(v *journal.View) {
		s, _ := income.StatementOf(v, coop, 2012)
		for name, got := range map[string]money.Yuan{"总收入": s.Income, "总支出": s.Expense, "经营收益": s.Operating, "本年收益": s.Gain,
			"可分配收益": s.BeforeDistribution(), "年末未分配收益": s.Closing} {
			if got != booktest.Yuan(want[name]) {
				t.Errorf("%s is %s, the table says %s", name, got, want[name])
			}
		}
		x, err := income.SheetOf(v, coop, 2012)
		if err != nil || x.Form.Table != "村会02表" {
			t.Fatalf("%v, on form %q", err, x.Form.Table)
		}
		printed := map[int]string{1: "68", 2: "35", 3: "5", 6: "45", 7: "35", 10: "28", 11: "0", 12: "30", 13: "42", 16: "45", 20: "55", 21: "55",
			22: "15", 23: "0", 26: "70", 27: "7", 28: "7", 29: "0", 30: "20", 31: "0", 35: "36"}
		for _, row := range x.Rows {
			if row.Old || row.Now != booktest.Yuan(printed[row.Number]) {
				t.Errorf("line %d %s is %s, want %s", row.Number, row.Text, row.Now, printed[row.Number])
			}
			delete(printed, row.Number)
		}
		if len(printed) > 0 {
			t.Errorf("no lines %v", printed)
		}
	})
}

func pairs(s string) map[string]string {
	m := map[string]string{}
	for _, p := range strings.Split(s, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(p), " "); ok {
			m[name] = value
		}
	}
	return m
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name      string
		operating string
		recorded  bool
		year      int
		shell     bool
		tier      int
		reason    string
	}{
		{"nothing recorded in a year that is over", "0", false, 2025, true, 0, "没有任何收支记录"},
		{"nothing recorded yet this year", "0", false, 2026, false, 0, "还没有收支记录;到 50,000.00 元还差 50,000.00 元"},
		{"some recorded this year", "20000", true, 2026, false, 0, "已有 20,000.00 元,到 50,000.00 元还差 30,000.00 元"},
		{"enough recorded this year", "60000", true, 2026, false, 0, "已有 60,000.00 元,过了 50,000.00 元"},
		{"a loss", "-10", true, 2025, true, 0, "还差 50,010.00 元"},
		{"one 分 short", "49999.99", true, 2025, true, 1, "还差 0.01 元"},
		{"exactly the threshold", "50000", true, 2025, false, 2, "达到 50,000.00 元"},
		{"100,000", "100000", true, 2025, false, 3, "达到"},
		{"half a million", "500000", true, 2025, false, 4, "达到"},
		{"a million", "1000000", true, 2025, false, 5, "达到"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := income.DefaultPolicy.Judge(c.year, income.BookYear{Items: map[string]money.Yuan{"operating": booktest.Yuan(c.operating)}},
				c.recorded, true, 2026)
			if v.Shell != c.shell || v.Tier != c.tier || !booktest.HasText(v.Reason(), c.reason) {
				t.Errorf("%+v: %v", v, v.Reason())
			}
		})
	}
}
