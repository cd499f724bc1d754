package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

const town = "210727102000"

// reported is a report of a place and period beside the one before.
func reported(b *booktest.Books, place region.Code, period sums.Period) (r *report.Report) {
	b.Helper()
	b.See("yixian", func(v *journal.View) {
		var err error
		if r, err = report.Beside(v, place, period, period.Before()); err != nil {
			b.Fatal(err)
		}
	})
	return r
}

// rowsAddUp checks that the rows of every figure of a place come to it.
func rowsAddUp(b *booktest.Books, place region.Code, period sums.Period) {
	b.Helper()
	b.See("yixian", func(v *journal.View) {
		r, err := report.Beside(v, place, period, period.Before())
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range report.Figures {
			if f.Each || period.Quarter() != 0 && !f.Flow {
				continue
			}
			var sum int64
			rows, twice := r.Rows(f)
			for _, row := range rows {
				sum += row.N
			}
			once := f.Name == "shareholders" || f.Name == "households" || f.Name == "people"
			if len(rows) > 0 && sum-twice[0] != f.Of(r.Summary) || twice[0] < 0 || twice[0] > 0 && !once {
				b.Errorf("%s %s, %s: rows come to %d, of them %d twice; it is %d", place, period, f.Name, sum, twice, f.Of(r.Summary))
			}
		}
	})
}

// township has a collective of its own with one household, whose shares may end; and books besides in a village.
func township(t *testing.T, until journal.Date) *booktest.Books {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "kj-zhen", Role: journal.Accountant, Region: town, Hash: "h"})
	of := b.Record("kj-zhen", &register.RegisterEntity{Village: town, Name: "镇集体", Kind: register.TownshipCollective})[0]
	group := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "三组", Kind: register.GroupCollective,
		Group: "三组"})[0]
	holder := b.Record("kj-zhen", booktest.Household(town, 50))[0]
	class := b.Record("kj-zhen", &register.OpenShareClass{Entity: of, Kind: register.PopulationShare, Unit: register.ShareUnit})[0]
	b.Record("kj-zhen", &register.IssueShares{Class: class, Holder: holder, Quantity: 10_000, Date: "2025-01-01"})
	if until != "" {
		b.Record("kj-zhen", &register.EndHolding{Class: class, Holder: holder, Quantity: 10_000, Until: until, Resolution: "r"})
	}
	for _, line := range []*income.RecordIncome{
		{Book: of, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("100000"), Party: "甲"},
		{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("7"), Party: "甲"},
		{Book: group, Item: "operating", Date: "2025-06-02", Amount: booktest.Yuan("50"), Party: "甲"},
	} {
		b.Record("kj-zhen", line)
	}
	return b
}

// A township's own collective is a row beside its villages', in years and quarters, with all that it is part of.
func TestRowsOfTownships(t *testing.T) {
	b := township(t, "")
	of := string(town) + "E001"
	id := b.Record("kj-zhen", &dividend.DraftDistribution{Entity: of, Year: 2025, RecordDate: "2025-12-31", Resolution: "2026-07",
		Components: []plan.Component{{Class: of + "C01", Rule: plan.PoolOver, Pool: booktest.Yuan("300")}}})[0]
	b.Record("kj-zhen", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Record("kj-zhen", &dividend.DiscloseDistribution{Distribution: id, From: journal.DateOf(b.Time)})
	b.Time = b.Time.AddDate(0, 0, 8)
	b.Record("kj-zhen", &dividend.ConfirmPayouts{Distribution: id, Date: journal.DateOf(b.Time), Holders: []string{town + "H00001"}})
	for _, place := range []region.Code{booktest.Yuxin, town, county} {
		for _, period := range []sums.Period{"2025", "2026", "2025Q2", "2026Q1"} {
			rowsAddUp(b, place, period)
		}
	}
	r := reported(b, town, "2026Q1")
	if own := r.Children[len(r.Children)-1]; !own.Seat || own.Paid != booktest.Yuan("300") || r.Paid != own.Paid {
		t.Errorf("the quarter's payments: %s of %s", own.Paid, r.Paid)
	}
	b.Time = b.Time.AddDate(0, 2, 0)
	if !slices.Contains(ownWarnings(b), "unclosed") { // its own year has lines
		t.Error("the township is not asked to close its year")
	}
	b.See("yixian", func(v *journal.View) {
		rows, sum, err := report.PartyRows(v, booktest.Yuxin, "甲", 2025, 2024)
		if err != nil || len(rows) != 2 || sum.Paid != booktest.Yuan(
			"57") || rows[0].Paid != booktest.Yuan("7") || rows[1].Paid != booktest.Yuan("50") {
			t.Errorf("by book %+v, %+v, %v", rows, sum, err)
		}
	})
}

// A township's collective without a line of its own is not asked to close what its villages have booked.
func TestUnclosedIsItsOwn(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "kj-zhen", Role: journal.Accountant, Region: town, Hash: "h"})
	b.Record("kj-zhen", &register.RegisterEntity{Village: town, Name: "镇集体", Kind: register.TownshipCollective})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("100000")})
	b.Time = b.Time.AddDate(0, 2, 0)
	if slices.Contains(ownWarnings(b), "unclosed") {
		t.Error("a township without any line is asked to close its year")
	}
}

// ownWarnings are the names of those about the township's own collective.
func ownWarnings(b *booktest.Books) (names []string) {
	b.See("yixian", func(v *journal.View) {
		list, err := report.Warnings(v, town, false)
		if err != nil {
			b.Fatal(err)
		}
		for _, w := range list {
			if w.Village == town {
				names = append(names, w.Name)
			}
		}
	})
	return names
}

// Shares that end on a day to come count until then, in the township's own row as in the sum; so it does in who holds most.
func TestRowsOfTerms(t *testing.T) {
	b := township(t, "2026-06-30")
	rowsAddUp(b, town, "2026")
	if r := reported(b, town, "2026"); r.Shareholders != 1 || r.Twice != 0 {
		t.Errorf("%d shareholders, %d twice", r.Shareholders, r.Twice)
	}
	b.See("yixian", func(v *journal.View) {
		if list, err := report.ConcentrationsOf(v,
			town); err != nil || len(list) != 1 || list[0].Holders != 1 || list[0].Largest[0].Part() != 10000 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// A household that is registered in two villages, or in two counties, is one in every count of a place that holds both.
func TestCountedOnce(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "kj-yuan", Role: journal.Accountant, Region: booktest.Faraway, Hash: "h"})
	b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Cooperative("kj-kaizhou", booktest.Kaizhou, 1)
	b.Cooperative("kj-yuan", booktest.Faraway, 1)
	if err := b.Read(journal.Console, func(v *journal.View) error {
		for _, place := range []region.Code{booktest.Yuxin, booktest.Faraway, county, "210726000000", "210700000000"} {
			r, err := report.ReportOf(v, place, 2025)
			if err != nil {
				return err
			}
			x, err := report.TransformationOf(v, place, 2025)
			if err != nil {
				return err
			}
			c, err := report.ConcentrationsOf(v, place)
			if err != nil {
				return err
			}
			if want := x.Shareholders.Now; want == 0 || r.Shareholders != want || c[0].Holders != want {
				t.Errorf("%s: %d shareholders, %d hold most, the transformation says %d", place, r.Shareholders, c[0].Holders, want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// A plan that was voided is in no sum of payouts, and what took its place is.
func TestVoidedPlansAreInNoSum(t *testing.T) {
	b := booktest.New(t)
	coop, population, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("100000")})
	plans := func(resolution string) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-12-31", Resolution: resolution,
			Components: []plan.Component{{Class: population, Rule: plan.PoolOver, Pool: booktest.Yuan("300")}}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
		return id
	}
	check := func(when string) {
		b.See("yixian", func(v *journal.View) {
			_, _, all, err := report.GivenTo(v, booktest.Yuxin, 2025)
			if err != nil {
				t.Fatal(err)
			}
			if r := reported(b, booktest.Yuxin, "2025"); all.Now.Due != r.Due || all.Now.DueCount != r.DueCount {
				t.Errorf("%s: by kind %s, by plan %s", when, all.Now.Due, r.Due)
			}
		})
	}
	first := plans("2026-07")
	check("approved")
	b.Record("kj-yuxin", &dividend.VoidDistribution{Distribution: first, Reason: "x"})
	check("voided")
	plans("2026-08")
	check("approved again")
}

// Who paid last year and pays no more is among the parties, so that both years add up.
func TestPartiesOfBothYears(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-06-01", Amount: booktest.Yuan("100"),
		Party: "甲"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1"),
		Party: "乙"})
	b.See("yixian", func(v *journal.View) {
		list, err := report.AllParties(v, booktest.Yuxin, 2025)
		if err != nil || len(list) != 2 || list[0].Name != "乙" || list[1].PaidBefore != booktest.Yuan("100") || list[1].Paid != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// What somebody asks a report of is read, or refused with how to write it; nothing makes the program work for ever.
func TestAsked(t *testing.T) {
	b := booktest.New(t) // today is 2026-03-01
	for _, c := range []struct{ text, beside, period, with, fault string }{
		{"", "", "2025", "2024", ""},
		{"2025", "2023", "2025", "2023", ""},
		{"2025", "2025", "2025", "2024", ""},
		{"2025Q3", "", "2025Q3", "2024Q3", ""},
		{"2025Q3", "2025Q2", "2025Q3", "2025Q2", ""},
		{"2025Q3", "2023", "2025Q3", "2023Q3", ""},
		{"2025", "2023Q1", "2025", "2023", ""},
		{"2026Q1", "", "2026Q1", "2025Q1", ""},
		{"2026Q2", "", "", "", "还没有开始"},
		{"2025", "99999999", "", "", "请写成"},
		{"2025", "9999", "", "", "年度 9999 不对"},
		{"02025", "", "", "", "请写成"},
		{"+202", "", "", "", "请写成"},
		{"2025Q5", "", "", "", "请写成"},
		{"1900", "", "", "", "年度 1900 不对"},
	} {
		b.See("yixian", func(v *journal.View) {
			period, with, err := report.Asked(v, county, c.text, c.beside)
			if c.fault != "" {
				refusedAs(t, c.text+" beside "+c.beside, err, c.fault)
				return
			}
			if err != nil || string(period) != c.period || string(with) != c.with {
				t.Errorf("%q beside %q: %s, %s, %v", c.text, c.beside, period, with, err)
			}
			if _, err := report.Beside(v, county, period, with); err != nil {
				t.Error(err)
			}
		})
	}
	b.See("yixian", func(v *journal.View) {
		_, err := report.Beside(v, county, "2025", "9999")
		refusedAs(t, "beside 9999", err, "年度 9999 不对")
	})
}

// refusedAs checks that something is refused in some words.
func refusedAs(t *testing.T, what string, err error, words string) {
	t.Helper()
	if journal.CodeOf(err) != journal.Invalid || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want “%s”", what, err, words)
	}
}

// What is remembered of the registers is remembered until an entry that may change them: no other does.
func TestWhatChangesRegisters(t *testing.T) {
	b := booktest.New(t)
	held := func() (all string) {
		b.See("yixian", func(v *journal.View) {
			books, err := v.At(region.Code("210727000000"))
			if err != nil {
				t.Fatal(err)
			}
			for k, m := range register.MovementTable.Scan(books, "") {
				all += fmt.Sprint(k, m)
			}
			for k, q := range register.HoldingTable.Scan(books, "") {
				all += fmt.Sprint(k, q)
			}
			for k, s := range register.ShareholderTable.Scan(books, "") {
				all += fmt.Sprint(k, s)
			}
			for k, c := range register.ClassTable.Scan(books, "") {
				all += fmt.Sprint(k, c)
			}
			for k, e := range register.EntityTable.Scan(books, "") {
				all += fmt.Sprint(k, e)
			}
			for k, c := range register.ContributionTable.Scan(books, "") {
				all += fmt.Sprint(k, c)
			}
		})
		return all
	}
	others, before := 0, held()
	for _, s := range booktest.Samples() {
		b.Record(s.Account, s.Entry)
		after := held()
		if kind := journal.KindOf(s.Entry); !report.ChangesRegisters(kind) {
			if others++; after != before {
				t.Errorf("%s changes the registers", kind)
			}
		}
		before = after
	}
	if others < 60 {
		t.Errorf("only %d entries change nothing", others)
	}
}
