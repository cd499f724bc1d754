package report_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

// warned are the names of the warnings about a place.
func warned(b *booktest.Books, place region.Code) string {
	var names []string
	b.See("yixian", func(v *journal.View) {
		list, err := report.Warnings(v, place, false)
		if err != nil {
			b.Fatal(err)
		}
		for _, w := range list {
			names = append(names, w.Name)
		}
	})
	return strings.Join(names, " ")
}

// What a village's years come to warns of it, at its bound and not before. Today is 2026-03-01; the last year that is over is 2025.
func TestWarningsOfYears(t *testing.T) {
	type line struct{ date, amount, party string }
	for _, c := range []struct {
		name  string
		lines []line
		then  []journal.Entry // by the county
		want  string
	}{
		{"above the bound for two years, of two payers", []line{{"2024-05-01", "60000", "甲"}, {"2025-05-01", "30000", "甲"},
			{"2025-06-01", "30000", "乙"}},
			nil, ""},
		{"slipped back", []line{{"2024-05-01", "50000", "甲"}, {"2025-05-01", "24999.99", "甲"}, {"2025-06-01", "25000", "甲"}}, nil,
			"slipped one_payer"},
		{"at the bound", []line{{"2024-05-01", "50000", "甲"}, {"2025-05-01", "50000", "甲"}}, nil, "one_payer"},
		{"below for the second year", []line{{"2024-05-01", "49999", "甲"}, {"2025-05-01", "49999", "甲"}}, nil, "second one_payer"},
		{"below for the first", []line{{"2025-05-01", "49999", "甲"}}, nil, "one_payer"},
		{"below for the second, the county asks for three", []line{{"2024-05-01", "49999", "甲"}, {"2025-05-01", "49999", "甲"}},
			[]journal.Entry{&office.ChangeSetting{Region: county, Setting: "warn_shell_years", Value: "3", From: "2026-01-01", Reason: "x"}},
			"one_payer"},
		{"only the bound rose", []line{{"2024-05-01", "60000", "甲"}, {"2025-05-01", "60000", "甲"}},
			[]journal.Entry{&income.SetPolicy{Region: county, From: 2025, Measure: income.Net(), Bound: booktest.Yuan("70000"), Reason: "x"}},
			"slipped one_payer"},
		{"half from one is not over half", []line{{"2024-05-01", "60000", "甲"}, {"2025-05-01", "40000", "甲"}, {"2025-05-01", "40000", "乙"}},
			nil, ""},
		{"over half from who paid nothing before", []line{{"2024-05-01", "60000", "甲"}, {"2025-05-01", "30000", "甲"},
			{"2025-05-01", "20000", "乙"},
			{"2025-06-01", "20000", "丙"}}, nil, "one_off"},
		{"far above what the book knows", []line{{"2024-05-01", "30000", "甲"}, {"2024-06-01", "30000", "乙"}, {"2025-05-01", "30000", "甲"},
			{"2025-05-01", "30000", "乙"}, {"2026-02-01", "150000.01", "甲"}}, nil, "large"},
		{"begun this year", []line{{"2026-02-01", "100", "甲"}}, nil, ""},
		{"never begun, where silence counts", nil, []journal.Entry{&income.SetPolicy{Region: county, From: 2023, Measure: income.Net(),
			Bound: booktest.Yuan("50000"), Silent: 2023, Reason: "x"}}, "second"},
		{"five times as much", []line{{"2024-05-01", "30000", "甲"}, {"2024-06-01", "30000", "乙"}, {"2025-05-01", "30000", "甲"},
			{"2025-05-01", "30000", "乙"}, {"2026-02-01", "150000", "甲"}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			for i, l := range c.lines {
				b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(l.date),
					Amount: booktest.Yuan(l.amount),
					Party:  l.party, Voucher: strconv.Itoa(i)})
			}
			for _, e := range c.then {
				b.Record("yixian", e)
			}
			b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
			if got := warned(b, booktest.Yuxin); got != c.want {
				t.Errorf("warned of %q, want %q", got, c.want)
			}
		})
	}
}

// What time brings warns from its day on: silence, a year that is not closed, a contract, a plan that nobody looks at, a dividend that is
// not paid. Set aside, a warning comes again on its day.
func TestWarningsOfTime(t *testing.T) {
	b := booktest.New(t)
	day := func(d string) {
		on, err := time.ParseInLocation("2006-01-02", d, journal.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		b.Time = on.Add(9 * time.Hour)
	}
	is := func(d, want string) {
		t.Helper()
		day(d)
		if got := warned(b, booktest.Yuxin); got != want {
			t.Errorf("on %s warned of %q, want %q", d, got, want)
		}
	}
	coop, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	for i, party := range []string{"甲", "乙"} {
		for year := 2024; year <= 2025; year++ {
			b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(strconv.Itoa(year) + "-05-01"),
				Amount: booktest.Yuan("40000"), Party: party, Voucher: strconv.Itoa(i)})
		}
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	contract := b.Record("kj-yuxin", &income.RecordContract{Book: booktest.Yuxin, Kind: income.Lease, Asset: income.Building, Thing: "门市",
		Party: "甲",
		From:  "2026-03-10", To: "2027-03-09", Rent: booktest.Yuan("1000")})[0]
	is("2026-03-10", "")
	is("2026-03-11", "contract_overdue")
	is("2026-03-31", "contract_overdue")
	is("2026-04-01", "contract_overdue unclosed")
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	is("2026-04-02", "contract_overdue")
	b.Record("kj-yuxin", &office.SetWarningAside{Warning: "contract_overdue", Of: contract, Until: "2026-06-01", Reason: "已催"})
	is("2026-05-31", "")
	if got := warned(b, county); got != "contract_overdue" { // what a village sets aside its county still sees
		t.Errorf("the county is warned of %q", got)
	}
	is("2026-06-01", "contract_overdue")
	b.Refuses("kj-yuxin", journal.Invalid, "until", &office.SetWarningAside{Warning: "unclosed", Of: booktest.Yuxin + "Y2025",
		Until:  "2026-06-01",
		Reason: "x"})
	b.Refuses("kj-yuxin", journal.Invalid, "warning", &office.SetWarningAside{Warning: "x", Of: contract, Until: "2026-07-01", Reason: "x"})
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &office.SetWarningAside{Warning: "silent", Of: booktest.Yuxin, Until: "2026-07-01"})
	b.Refuses("kj-yuxin", journal.NotFound, "of", &office.SetWarningAside{Warning: "contract_overdue", Of: booktest.Yuxin + "K0009",
		Until: "2026-07-01", Reason: "x"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-06-01", Amount: booktest.Yuan("1000"),
		Party:    "甲",
		Contract: contract})
	is("2026-06-01", "")
	is("2026-07-30", "") // the third quarter is 29 days old: the second is looked at, in which something was entered
	is("2026-07-31", "silent")
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-12-31", Resolution: "2026-07",
		Components: []plan.Component{{Class: population, Rule: plan.PoolOver, Pool: booktest.Yuan("300")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	is("2026-08-06", "")
	is("2026-08-07", "waiting")
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	is("2026-08-13", "")
	is("2026-08-14", "waiting")
	b.Record("kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: "2026-08-14"})
	b.Record("kj-yuxin", &dividend.RaiseObjection{Distribution: id, By: "测试村民", Date: "2026-08-14", Text: "少了"})
	is("2026-08-16", "")
	is("2026-08-17", "objection")
	b.Record("kj-yuxin", &dividend.AnswerObjection{Distribution: id, Objection: 1, Answer: "已核对"})
	var payable journal.Date
	b.See("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, id)
		payable = d.Until.Plus(1)
	})
	is(string(payable.Plus(29)), "")
	is(string(payable.Plus(30)), "unpaid")
	b.Record("kj-yuxin", &dividend.FailPayouts{Distribution: id, Date: payable.Plus(30), Holders: holders[:1], Reason: "户名不符"})
	is(string(payable.Plus(30)), "failed unpaid")
	b.Verified()
}

// A city's warnings are those of its counties, each once; so are a county's those of its townships.
func TestWarningsAddUp(t *testing.T) {
	begun := func() *booktest.Books { // what one look finds another may recall: lists and counts come of books of their own
		b := booktest.New(t)
		for account, village := range map[string]string{"kj-yuxin": booktest.Yuxin, "kj-kaizhou": booktest.Kaizhou} {
			b.Record(account, &income.RecordIncome{Book: village, Item: "operating", Date: "2024-06-01", Amount: booktest.Yuan("100")})
		}
		return b
	}
	counting, listing := begun(), begun()
	see := func(b *booktest.Books, f func(v *journal.View) error) {
		if err := b.Read(journal.Console, f); err != nil {
			t.Fatal(err)
		}
	}
	var sums []int
	for _, places := range [][]region.Code{{"210700000000"}, {"210727000000", "210726000000"},
		{"210727102000", "210727002000", "210726001000"}} {
		all := 0
		for _, place := range places {
			n, listed := 0, 0
			see(counting, func(v *journal.View) error {
				r, err := report.ReportOf(v, place, 2025)
				if err != nil {
					return err
				}
				counted, _, err := r.Warnings(v)
				for _, c := range counted {
					n += c.Count
				}
				return err
			})
			see(listing, func(v *journal.View) error {
				list, err := report.Warnings(v, place, false)
				listed = len(list)
				return err
			})
			if n != listed {
				t.Errorf("%s: the summary counts %d, %d are listed", place, n, listed)
			}
			all += n
		}
		sums = append(sums, all)
	}
	if sums[0] == 0 || sums[0] != sums[1] || sums[0] != sums[2] {
		t.Errorf("the city has %d warnings, its counties %d, their townships %d", sums[0], sums[1], sums[2])
	}
}

// While many villages are entered into, a summary may show some as they were; never as they were longer ago than it says.
func TestWarningsAreNotOld(t *testing.T) {
	b := booktest.New(t)
	var villages []string
	for i := range 40 {
		code := "210727102" + strconv.Itoa(230+i)
		villages = append(villages, code)
		b.Record("admin", &office.NameDivision{Code: region.Code(code), Name: "村" + strconv.Itoa(i) + "民委员会"})
	}
	b.Record("admin", &office.AddAccount{Name: "kj-zhen", Role: journal.Accountant, Region: "210727102000", Hash: "h"})
	look := func() (old int) {
		b.See("yixian", func(v *journal.View) {
			r, err := report.ReportOf(v, county, 2025)
			if err != nil {
				t.Fatal(err)
			}
			if _, old, err = r.Warnings(v); err != nil {
				t.Fatal(err)
			}
		})
		return old
	}
	enter := func() {
		for _, v := range villages {
			b.Record("kj-zhen", &income.RecordIncome{Book: v, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("10"), Party: "甲"})
		}
	}
	look()
	for _, step := range []struct {
		name string
		wait time.Duration
		old  bool
	}{{"at once", 0, true}, {"half a minute later", 30 * time.Second, true}, {"an hour after the last look", time.Hour, false}} {
		enter()
		b.Time = b.Time.Add(step.wait)
		if old := look(); (old > 0) != step.old {
			t.Errorf("%s: %d villages are as they were", step.name, old)
		}
		b.Time = b.Time.Add(2 * time.Minute)
		if old := look(); old != 0 {
			t.Errorf("%s, and two minutes later: %d villages are as they were", step.name, old)
		}
	}
}
