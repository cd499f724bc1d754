package report_test

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

const county, city region.Code = "210727000000", "210700000000"

// said is a verdict in a word.
func said(v income.Verdict) string {
	switch {
	case v.Unknown:
		return "unknown"
	case v.Open:
		return "runs, short of " + v.Short.String()
	case v.Shell:
		return "shell"
	}
	return "above"
}

func verdictOf(b *booktest.Books, village region.Code, year int) (v income.Verdict) {
	b.Helper()
	b.See("yixian", func(view *journal.View) {
		var err error
		if v, err = report.VerdictOf(view, village, year); err != nil {
			b.Fatal(err)
		}
	})
	return v
}

// What nobody recorded is no verdict, a year that runs has none, and what an office says holds for the years that it names.
func TestPolicies(t *testing.T) {
	line := func(item, date, amount string, years int) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: item, Date: journal.Date(date), Amount: booktest.Yuan(amount), Years: years}
	}
	policy := func(from int, bound string, change func(*income.SetPolicy)) *income.SetPolicy {
		p := &income.SetPolicy{Region: county, From: from, Measure: income.Net(), Bound: booktest.Yuan(bound), Reason: "补定"}
		if change != nil {
			change(p)
		}
		return p
	}
	for _, c := range []struct {
		name  string
		lines []*income.RecordIncome
		group string // what a group's collective has earned in 2025
		set   []*income.SetPolicy
		want  map[int]string
	}{
		{name: "nothing recorded", want: map[int]string{2024: "unknown", 2025: "unknown", 2026: "unknown"}},
		{name: "silence counts from a year on", set: []*income.SetPolicy{policy(2025, "50000", func(p *income.SetPolicy) { p.Silent = 2025 })},
			want: map[int]string{2024: "unknown", 2025: "shell", 2026: "runs, short of 50000.00"}},
		{name: "a group's book alone, where the village's own counts", group: "60000",
			set: []*income.SetPolicy{policy(2025, "50000", func(p *income.SetPolicy) { p.Alone = true })}, want: map[int]string{2025: "unknown"}},
		{name: "a group's book counts", group: "60000", want: map[int]string{2025: "above"}},
		{name: "begun, and silent since", lines: []*income.RecordIncome{line("operating", "2023-05-01", "60000", 0)},
			want: map[int]string{2022: "unknown", 2023: "above", 2024: "shell", 2026: "runs, short of 50000.00"}},
		{name: "a year that runs", lines: []*income.RecordIncome{line("operating", "2026-02-01", "20000", 0)},
			want: map[int]string{2025: "unknown", 2026: "runs, short of 30000.00"}},
		{name: "gross, by its own office", lines: []*income.RecordIncome{line("operating", "2025-05-01", "60000", 0),
			line("management", "2025-05-01", "30000", 0)},
			set:  []*income.SetPolicy{policy(2025, "50000", func(p *income.SetPolicy) { p.Measure = income.Gross() })},
			want: map[int]string{2025: "above"}},
		{name: "the bound itself", lines: []*income.RecordIncome{line("operating", "2025-05-01", "50000", 0)},
			want: map[int]string{2025: "above"}},
		{name: "the bound itself is not enough", lines: []*income.RecordIncome{line("operating", "2025-05-01", "50000", 0)},
			set: []*income.SetPolicy{policy(2025, "50000", func(p *income.SetPolicy) { p.Above = true })}, want: map[int]string{2025: "shell"}},
		{name: "rent for two years is spread", lines: []*income.RecordIncome{line("operating", "2024-05-01", "90000", 2)},
			want: map[int]string{2024: "shell", 2025: "shell"}},
		{name: "rent for two years counts when it comes in", lines: []*income.RecordIncome{line("operating", "2024-05-01", "90000", 2)},
			set:  []*income.SetPolicy{policy(2020, "50000", func(p *income.SetPolicy) { p.Received = true })},
			want: map[int]string{2024: "above", 2025: "shell"}},
		{name: "a bound that rises", lines: []*income.RecordIncome{line("operating", "2023-05-01", "60000", 0),
			line("operating", "2024-05-01", "60000", 0),
			line("operating", "2025-05-01", "100000", 0)},
			set:  []*income.SetPolicy{policy(2018, "50000", nil), policy(2026, "200000", nil)},
			want: map[int]string{2023: "above", 2024: "above", 2025: "above", 2026: "runs, short of 200000.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			for _, l := range c.lines {
				b.Record("kj-yuxin", l)
			}
			if c.group != "" {
				id := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "育新村一组", Founded: "2020-01-01",
					Kind: register.GroupCollective, Group: "一组"})[0]
				b.Record("kj-yuxin", &income.RecordIncome{Book: id, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan(c.group)})
			}
			for _, p := range c.set {
				b.Record("yixian", p)
			}
			for year, want := range c.want {
				if got := said(verdictOf(b, booktest.Yuxin, year)); got != want {
					t.Errorf("%d: %s, want %s", year, got, want)
				}
			}
			b.Verified()
		})
	}
}

// A past year keeps its policy: it is replaced only by name and with a reason, and the nearer office's holds.
func TestPoliciesOfThePast(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "jinzhou", Role: journal.Official, Region: city, Hash: "hash of jinzhou"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("60000")})
	set := func(place region.Code, from int, bound string) *income.SetPolicy {
		return &income.SetPolicy{Region: place, From: from, Measure: income.Net(), Bound: booktest.Yuan(bound)}
	}
	late := func(p *income.SetPolicy) *income.SetPolicy { p.Reason = "补定"; return p }
	judged := func(year int, want string) {
		t.Helper()
		if got := said(verdictOf(b, booktest.Yuxin, year)); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
	b.Refuses("jinzhou", journal.Invalid, "reason", set(city, 2025, "80000"))
	b.Record("yixian", late(set(county, 2024, "50000")))
	judged(2025, "above")
	b.Record("jinzhou", late(set(city, 2020, "80000"))) // the county has its own
	judged(2025, "above")
	b.Refuses("yixian", journal.Conflict, "from_year", late(set(county, 2022, "40000"))) // judged by the city's
	b.Refuses("yixian", journal.Conflict, "from_year", late(set(county, 2019, "40000"))) // it would hold for 2020, too
	b.Refuses("yixian", journal.Conflict, "replaces", set(county, 2024, "70000"))
	b.Refuses("yixian", journal.Conflict, "replaces", set(county, 2025, "70000"))
	b.Record("yixian", set(county, 2026, "90000")) // the year runs: it has no verdict yet
	judged(2025, "above")
	again := set(county, 2025, "70000")
	again.Replaces = 2024
	b.Refuses("yixian", journal.Invalid, "reason", again)
	again.Reason = "县里的文件写的是 7 万"
	b.Record("yixian", again)
	judged(2025, "shell")
	again = set(county, 2025, "70000")
	again.Replaces, again.Reason = 2024, "x"
	b.Refuses("yixian", journal.Conflict, "replaces", again)
	for name, wrong := range map[string]*income.SetPolicy{
		"bound":     set(county, 2027, "0"),
		"from_year": set(county, 2028, "1"),
		"measure":   {Region: county, From: 2027, Bound: 1, Measure: []income.Term{{Item: "x"}}},
		"tiers": {Region: county, From: 2027, Bound: 1, Measure: income.Net(),
			Tiers: []income.Tier{{Name: "a", From: 5}, {Name: "b", From: 5}}},
	} {
		b.Refuses("yixian", journal.Invalid, name, wrong)
	}
	b.Refuses("kj-yuxin", journal.Forbidden, "", set(county, 2027, "1"))
	b.Refuses("yixian", journal.Forbidden, "", set(city, 2027, "1"))
	end := &income.SetPolicy{Region: county, From: 2027, End: true}
	b.Record("yixian", end)
	b.See("yixian", func(v *journal.View) {
		books, err := v.At(county)
		if err != nil || income.PolicyIn(books, booktest.Yuxin, 2027).Region != city || income.PolicyIn(books, booktest.Yuxin,
			2026).Region != county {
			t.Errorf("after the county has ended its own: %v", err)
		}
	})
	b.Refuses("yixian", journal.Conflict, "end", &income.SetPolicy{Region: county, From: 2027, End: true})
	b.See("jinzhou", func(v *journal.View) { // what another office has set, a trial of the city's does not change
		trials, err := report.Try(v, city, income.Policy{Region: city, Measure: income.Gross(), Bound: 1})
		if err != nil || len(trials) != 1 || trials[0].Now != 1 || trials[0].Then != 1 {
			t.Errorf("the city's trial: %+v %v", trials, err)
		}
	})
	b.See("yixian", func(v *journal.View) {
		list, err := income.PoliciesOf(v, county)
		said := ""
		for _, p := range list {
			said += strconv.Itoa(p.From) + " " + p.Bound.String() + " "
		}
		if want := "2027 80000.00 2026 90000.00 2025 70000.00 2024 50000.00 2020 80000.00 1949 50000.00 "; err != nil || said != want {
			t.Errorf("%s, want %s", said, want)
		}
		trials, err := report.Try(v, county, income.Policy{Region: county, Measure: income.Gross(), Bound: booktest.Yuan("60000")})
		if err != nil || len(trials) != 1 || trials[0].Now != 1 || trials[0].Then != 0 || len(trials[0].Changes) != 1 ||
			trials[0].Changes[0].Village != booktest.Yuxin {
			t.Errorf("the trial: %+v %v", trials, err)
		}
	})
	b.Verified()
}

// Where silence counts from a year on, the years before the first line are in the trend.
func TestSilentYearsAreCounted(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("60000")})
	b.Record("yixian", &income.SetPolicy{Region: county, From: 2020, Measure: income.Net(), Bound: booktest.Yuan("50000"), Silent: 2022,
		Reason: "x"})
	b.See("yixian", func(v *journal.View) {
		r, err := report.ReportOf(v, county, 2023)
		if err != nil || len(r.Trend) != 4 || r.Trend[0].Year != 2022 || r.Trend[0].Shells != 3 || r.Shells != 3 ||
			r.Trend[3].Year != 2025 || r.Trend[3].Shells != 2 || r.Trend[3].Tiers[0] != 2 {
			t.Errorf("%+v %v", r.Trend, err)
		}
	})
}

// Kept totals are the totals worked out anew, for any history of lines, sums for several years or months, reversals, moves, closings,
// reopenings and policies: what a verdict counts is the sum of the lines that it says it counts.
func TestVerdictsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		defer b.Close()
		var lines []entered
		items := []string{"operating", "investment", "subsidy", "management", "operating_cost", "other_expense"}
		closed := 2023 // the last year that is
		for range rapid.IntRange(1, 8).Draw(rt, "lines") {
			switch rapid.IntRange(0, 5).Draw(rt, "before") {
			case 0:
				if closed < 2025 {
					closed++
					b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: closed})
				}
			case 1:
				if closed > 2023 {
					reopen := &office.ReopenYear{Village: booktest.Yuxin, Year: 2024, Reason: "x"}
					for y := 2025; y <= closed; y++ {
						reopen.Later = append(reopen.Later, y)
					}
					b.Record("yixian", reopen)
					closed = 2023
				}
			}
			x := entered{item: rapid.SampledFrom(items).Draw(rt, "item"), year: rapid.IntRange(closed+1, 2026).Draw(rt, "year"),
				amount: money.Yuan(rapid.Int64Range(1, 90_000_00).Draw(rt, "amount"))}
			if it, _ := income.ItemNamed(x.item); !it.Expense {
				if x.years = rapid.IntRange(0, 4).Draw(rt, "years"); x.years == 0 {
					x.months = rapid.IntRange(0, 30).Draw(rt, "months")
				}
			}
			e := &income.RecordIncome{Book: booktest.Yuxin, Item: x.item, Date: journal.Date(strconv.Itoa(x.year) + "-02-01"), Amount: x.amount,
				Years: x.years}
			if x.months > 0 {
				e.From, e.To = e.Date, e.Date.PlusMonths(x.months).Plus(-1)
			}
			x.id = b.Record("kj-yuxin", e)[0]
			lines = append(lines, x)
			old := &lines[rapid.IntRange(0, len(lines)-1).Draw(rt, "of")] // years may have been closed since
			if old.reversedYear != 0 || old.movedYear != 0 {
				continue
			}
			switch rapid.IntRange(0, 4).Draw(rt, "after") {
			case 0:
				old.reversedYear = rapid.IntRange(max(old.year, closed+1), 2026).Draw(rt, "in")
				b.Record("kj-yuxin", &income.ReverseIncome{Income: old.id, Date: journal.Date(strconv.Itoa(old.reversedYear) + "-02-20"), Reason: "x"})
			case 1:
				to := map[string]string{"operating": "investment", "investment": "subsidy", "subsidy": "operating", "management": "operating_cost",
					"operating_cost": "other_expense", "other_expense": "management"}[old.item]
				old.movedYear, old.movedTo = rapid.IntRange(max(old.year, closed+1), 2026).Draw(rt, "moved in"), to
				b.Record("kj-yuxin", &income.MoveIncome{Income: old.id, Item: to, Date: journal.Date(strconv.Itoa(old.movedYear) + "-02-20"),
					Reason: "x"})
			}
		}
		received := rapid.Bool().Draw(rt, "received")
		measure := rapid.SampledFrom([][]income.Term{income.Net(), income.Gross(),
			{{Item: "subsidy"}, {Item: "management", Minus: true}}}).Draw(rt, "measure")
		b.Record("yixian", &income.SetPolicy{Region: county, From: 2020, Measure: measure, Bound: 1, Received: received, Reason: "x"})
		for year := 2024; year <= 2026; year++ {
			var want money.Yuan
			for _, x := range lines {
				for _, term := range measure {
					part := x.counted(term.Item, year, received)
					if term.Minus {
						part = -part
					}
					want += part
				}
			}
			if got := verdictOf(b, booktest.Yuxin, year); got.Measure != want {
				rt.Fatalf("%d, received %v, %v: %s, the lines come to %s\n%+v", year, received, measure, got.Measure, want, lines)
			}
		}
	})
}

// entered is a line as a test knows it.
type entered struct {
	id, item     string
	year, years  int
	months       int // that it is for, from February of its year on; 0 where that is not said
	amount       money.Yuan
	reversedYear int // 0 where it stands
	movedYear    int // 0 where it was not moved
	movedTo      string
}

// counted is what of the line a year counts under an item: its part, or all of it when it came in. Taken back or moved in a later year it
// stays as it was in the years that were over by then: what takes it back corrects them, and is no loss of its own year.
func (x entered) counted(item string, year int, received bool) money.Yuan {
	years := max(x.years, 1)
	var weights []money.Weight // the months of each year that it is for
	for left, have := x.months, 11; left > 0; left, have = left-have, 12 {
		weights = append(weights, money.Weight{Key: strconv.Itoa(len(weights)), Amount: money.Quantity(min(left, have))})
	}
	years = max(years, len(weights))
	if received {
		years = 1
	}
	is := x.item
	if x.movedYear != 0 && year >= x.movedYear {
		is = x.movedTo
	}
	if is != item || year < x.year || year >= x.year+years || x.reversedYear != 0 && year >= x.reversedYear {
		return 0
	}
	if weights != nil && !received {
		parts, err := money.Apportion(x.amount, weights)
		if err != nil {
			panic(err)
		}
		return parts[year-x.year].Amount
	}
	part := x.amount / money.Yuan(years)
	if money.Yuan(year-x.year) < x.amount%money.Yuan(years) {
		part++
	}
	return part
}
