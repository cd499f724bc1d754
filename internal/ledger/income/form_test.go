package income_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// officials of the county and the city set forms.
func setForm(change func(*income.SetForm)) *income.SetForm {
	e := &income.SetForm{Region: "210727000000", Body: income.CollectiveBody, From: 2024, Table: "村会02表", Title: "收益及收益分配表",
		Source: "财会〔2023〕14号", Lines: []income.FormLine{
			{Number: 1, Text: "经营收入", Fills: "operating"}, {Number: 2, Sign: "加", Text: "补助收入", Fills: "subsidy"},
			{Number: 3, Sign: "减", Text: "管理费用", Fills: "management"},
			{Number: 4, Text: "经营收益", Fills: "operating_gain", Formula: "1+2-3"},
			{Number: 5, Text: "净收益", Fills: "gain", Formula: "4"}, {Number: 6, Text: "年初未分配收益", Fills: "opening"},
			{Number: 7, Text: "年末未分配收益", Fills: "closing", Formula: "5+6"},
		}}
	if change != nil {
		change(e)
	}
	return e
}

func sheetOf(t *testing.T, b *booktest.Books, book string, year int) (x income.Sheet) {
	t.Helper()
	b.See("yixian", func(v *journal.View) {
		var err error
		if x, err = income.SheetOf(v, book, year); err != nil {
			t.Fatal(err)
		}
	})
	return x
}

func rowOf(x income.Sheet, text string) (found income.Row) {
	for _, row := range x.Rows {
		if row.Text == text && found.Text == "" {
			found = row
		}
	}
	return found
}

// The forms of a generation that has been out do not change: years closed under it are printed by them for ever.
func TestFormsOfAGenerationStay(t *testing.T) {
	b, err := os.ReadFile("forms.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := ""
	for line := range strings.Lines(string(b)) {
		if !strings.HasPrefix(line, "#") {
			rows += line
		}
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(rows))); sum != "897d9ccf26bffdbbfec0dd098675039e66ed08221d5fa0da368a99a644da87ce" {
		t.Errorf("forms.csv has changed: %s", sum)
	}
}

// What a form has no line for counts once into each total that it belongs to, however that is worked out.
func TestWhatAFormLacksCountsOnce(t *testing.T) {
	line := func(n int, fills, formula string) income.FormLine {
		return income.FormLine{Number: n, Text: fills + formula, Fills: fills, Formula: formula}
	}
	begin := []income.FormLine{line(1, "operating", ""), line(2, "operating_cost", "")}
	end := []income.FormLine{line(5, "opening", ""), line(6, "closing", "4+5")}
	for name, middle := range map[string][]income.FormLine{
		"the gain follows from the operating gain": {line(3, "operating_gain", "1-2"), line(4, "gain", "3")},
		"the gain stands beside it":                {line(3, "operating_gain", "1-2"), line(4, "gain", "1-2")},
		"the gain counts it twice and once back":   {line(3, "operating_gain", "1-2"), line(4, "gain", "3+3-1+2")},
		"the gain stands above it":                 {line(4, "gain", "1-2"), line(3, "operating_gain", "1-2")},
		"there is no operating gain":               {line(4, "gain", "1-2")},
	} {
		t.Run(name, func(t *testing.T) {
			f := income.Form{Lines: slices.Concat(begin, middle, end)}
			seen := 0
			for _, row := range f.Fill(map[string]money.Yuan{"operating": 1000, "operating_cost": 100, "management": 30, "subsidy": 7,
				"members": 50}, nil) {
				want := map[string]money.Yuan{"operating_gain": 870, "gain": 877, "closing": 827}
				if sum, ok := want[row.Fills]; ok && row.Now != sum {
					t.Errorf("%s is %s, want %s", row.Fills, row.Now, sum)
				}
				if row.Old {
					seen++
				}
			}
			if seen != 3 {
				t.Errorf("%d lines of their own, want 3", seen)
			}
		})
	}
}

// Each of the program's forms is one that an office could set: its formulas say what the ledger works out.
func TestOwnFormsAreForms(t *testing.T) {
	b := booktest.New(t)
	for _, f := range income.OwnForms() {
		e := &income.SetForm{Region: "210727000000", Body: f.Body, From: max(f.From, 1949), To: f.To, Table: f.Table, Title: f.Title,
			Source: "试", Lines: f.Lines}
		if f.To == income.LastYear {
			e.To = 0
		}
		b.Record("yixian", e)
	}
	b.Verified()
}

// A specialised cooperative has lines of its own, and no subsidies among them; enterprises a plain list.
func TestBodiesHaveTheirItems(t *testing.T) {
	b := booktest.New(t)
	book := map[register.EntityKind]string{}
	for _, kind := range []register.EntityKind{register.SpecialisedCooperative, register.Enterprise, register.FamilyFarm,
		register.GroupCollective} {
		e := &register.RegisterEntity{Village: booktest.Yuxin, Name: string(kind.Label()), Kind: kind, Founded: "2015-01-01"}
		if kind == register.GroupCollective {
			e.Group = "三组"
		}
		book[kind] = b.Record("kj-yuxin", e)[0]
	}
	for _, c := range []struct {
		kind  register.EntityKind
		item  string
		date  journal.Date
		taken bool
	}{
		{register.SpecialisedCooperative, "finance_cost", "2025-05-01", true},
		{register.SpecialisedCooperative, "subsidy", "2025-05-01", false},
		{register.SpecialisedCooperative, "public_welfare", "2025-05-01", false},
		{register.SpecialisedCooperative, "taxes", "2023-05-01", true},
		{register.SpecialisedCooperative, "taxes", "2022-05-01", false},
		{register.Enterprise, "subsidy", "2025-05-01", true},
		{register.FamilyFarm, "finance_cost", "2020-05-01", true},
		{register.FamilyFarm, "public_welfare", "2025-05-01", false},
		{register.GroupCollective, "public_welfare", "2025-05-01", true},
		{register.GroupCollective, "public_welfare", "2023-05-01", false},
		{register.GroupCollective, "tax_refund", "2023-05-01", true},
		{register.GroupCollective, "tax_refund", "2024-05-01", false},
		{register.GroupCollective, "finance_cost", "2025-05-01", false},
	} {
		e := &income.RecordIncome{Book: book[c.kind], Item: c.item, Date: c.date, Amount: booktest.Yuan("10")}
		if c.taken {
			b.Record("kj-yuxin", e)
		} else {
			b.Refuses("kj-yuxin", journal.Invalid, "item", e)
		}
	}
	x := sheetOf(t, b, book[register.SpecialisedCooperative], 2025)
	if x.Form.Table != "会农社02表" || rowOf(x, "财务费用").Now != booktest.Yuan("10") || rowOf(x, "本年盈余").Now != booktest.Yuan("-10") {
		t.Errorf("%+v", x.Rows)
	}
	b.Verified()
}

// What is let out is rent, and operating income, or a profit handed up, and from investment; before 2024 it is a line of its own.
func TestWhatIsLetOut(t *testing.T) {
	b := booktest.New(t)
	book := func(nature income.Nature, date journal.Date, years int) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: "contracting", Nature: nature, Date: date, Amount: booktest.Yuan("90"),
			Years: years}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "nature", book("", "2024-05-01", 0))
	b.Refuses("kj-yuxin", journal.Invalid, "nature", book("gift", "2024-05-01", 0))
	b.Refuses("kj-yuxin", journal.Invalid, "nature", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Nature: income.Rent,
		Date: "2024-05-01", Amount: booktest.Yuan("90")})
	b.Record("kj-yuxin", book(income.Rent, "2024-05-01", 0), book(income.HandedUp, "2024-06-01", 0), book(income.HandedUp, "2022-05-01", 3),
		book("", "2023-05-01", 0))
	for year, want := range map[int]map[string]string{
		2022: {"contracting": "30"}, 2023: {"contracting": "120"}, 2024: {"operating": "90", "investment": "120", "contracting": "0"},
	} {
		x := sheetOf(t, b, booktest.Yuxin, year)
		for item, sum := range want {
			if got := x.Now.Items[item]; got != booktest.Yuan(sum) {
				t.Errorf("%d %s: %s, want %s", year, item, got, sum)
			}
		}
	}
	b.Verified()
}

// A form that an office sets is checked as a whole: what it works out must be what the ledger works out.
func TestSetForm(t *testing.T) {
	b := booktest.New(t)
	line := func(i int, change func(*income.FormLine)) func(*income.SetForm) {
		return func(e *income.SetForm) { change(&e.Lines[i]) }
	}
	for _, c := range []struct {
		name, field string
		change      func(*income.SetForm)
	}{
		{"a village has no office", "region", func(e *income.SetForm) { e.Region = booktest.Yuxin }},
		{"a body that there is none of", "body", func(e *income.SetForm) { e.Body = "church" }},
		{"years the wrong way round", "to_year", func(e *income.SetForm) { e.To = 2020 }},
		{"no title", "title", func(e *income.SetForm) { e.Title = "" }},
		{"no source", "source", func(e *income.SetForm) { e.Source = "" }},
		{"a number twice", "lines.1.number", line(1, func(l *income.FormLine) { l.Number = 1 })},
		{"a line without text", "lines.1.text", line(1, func(l *income.FormLine) { l.Text = "" })},
		{"a sign that is none", "lines.1.sign", line(1, func(l *income.FormLine) { l.Sign = "乘" })},
		{"an item that there is none of", "lines.1.fills", line(1, func(l *income.FormLine) { l.Fills = "lottery" })},
		{"an item twice", "lines.1.fills", line(1, func(l *income.FormLine) { l.Fills = "operating" })},
		{"a line that nothing fills", "lines.1.fills", line(1, func(l *income.FormLine) { l.Fills = "" })},
		{"a formula that is none", "lines.3.formula", line(3, func(l *income.FormLine) { l.Formula = "1*2" })},
		{"a formula of a line below", "lines.3.formula", line(3, func(l *income.FormLine) { l.Formula = "1+5" })},
		{"a total that there is none of", "lines.3.fills", line(3, func(l *income.FormLine) { l.Fills = "grand_total" })},
		{"no line of the year's gain", "lines", line(4, func(l *income.FormLine) { l.Fills = "" })},
		{"a gain that forgets the cost", "lines.4.formula", line(3, func(l *income.FormLine) { l.Formula = "1+2" })},
		{"a gain that adds the cost", "lines.4.formula", line(3, func(l *income.FormLine) { l.Formula = "1+2+3" })},
		{"a balance without the opening", "lines.6.formula", line(6, func(l *income.FormLine) { l.Formula = "5" })},
		{"what is distributable without the gain", "lines.5.formula", func(e *income.SetForm) {
			e.Lines = slices.Insert(e.Lines, 6, income.FormLine{Number: 8, Text: "可分配收益", Fills: "distributable", Formula: "6"})
			e.Lines[5], e.Lines[6] = e.Lines[6], e.Lines[5]
		}},
		{"two numbers with a space between", "lines.3.formula", line(3, func(l *income.FormLine) { l.Formula = "1 2" })},
		{"no lines", "lines", func(e *income.SetForm) { e.Lines = nil }},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("yixian", journal.Invalid, c.field, setForm(c.change)) })
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "other_income", Date: "2024-05-01", Amount: booktest.Yuan("7")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "subsidy", Date: "2024-05-01", Amount: booktest.Yuan("5")})
	b.Record("yixian", setForm(nil))
	x := sheetOf(t, b, booktest.Yuxin, 2024)
	if got := rowOf(x, "经营收益").Now; got != booktest.Yuan("5") {
		t.Errorf("the county's operating gain has %s of subsidies", got)
	}
	if measured(x.Now) != 0 {
		t.Errorf("the policy's measure follows the form: %s", measured(x.Now))
	}
	old := rowOf(x, "其他收入")
	if !old.Old || old.Now != booktest.Yuan("7") || rowOf(x, "净收益").Now != booktest.Yuan("12") || rowOf(x, "年末未分配收益").Now != x.Now.Closing {
		t.Errorf("a line that the new form lacks: %+v, of %+v", old, x.Rows)
	}
	b.Refuses("kj-yuxin", journal.Invalid, "item", &income.RecordIncome{Book: booktest.Yuxin, Item: "other_income", Date: "2024-06-01",
		Amount: booktest.Yuan("7")})
	b.Verified()
}

// A closed year keeps the form it was closed under: what an office sets later changes nothing there; the city's form gives way to the
// county's.
func TestClosedYearKeepsItsForm(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-05-01", Amount: booktest.Yuan("7")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("7")})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Time = b.Time.AddDate(0, 0, 1)
	b.Record("admin", &office.AddAccount{Name: "jinzhou", Role: journal.Official, Region: "210700000000", Hash: "h"})
	b.Record("jinzhou", setForm(func(e *income.SetForm) { e.Region, e.Title = "210700000000", "市的表" }))
	if x := sheetOf(t, b, booktest.Yuxin, 2025); x.Form.Title != "市的表" {
		t.Errorf("2025 is on %q", x.Form.Title)
	}
	b.Record("yixian", setForm(func(e *income.SetForm) { e.Title = "县的表" }))
	if x := sheetOf(t, b, booktest.Yuxin, 2025); x.Form.Title != "县的表" {
		t.Errorf("2025 is on %q", x.Form.Title)
	}
	if x := sheetOf(t, b, booktest.Yuxin, 2024); x.Form.Title != "收益及收益分配表" || x.Form.Name != "collective_2024" {
		t.Errorf("2024, closed before, is on %q", x.Form.Title)
	}
	b.Verified()
}

// What is taken back or moved in a later year is shown there, as correction, and is no part of that year's measure.
func TestCorrectionsOfEarlierYears(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-05-01", Amount: booktest.Yuan("60000")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("60000")})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Record("kj-yuxin", &income.ReverseIncome{Income: booktest.Yuxin + "Y2024N00001", Date: "2025-06-01", Reason: "记错"})
	x := sheetOf(t, b, booktest.Yuxin, 2025)
	if row := rowOf(x, "经营收入"); row.Now != 0 || row.Corrected != booktest.Yuan("-60000") {
		t.Errorf("%+v", row)
	}
	if measured(x.Now) != booktest.Yuan("60000") {
		t.Errorf("the measure of 2025 is %s", measured(x.Now))
	}
	if y := sheetOf(t, b, booktest.Yuxin, 2024); y.Now.Gain != booktest.Yuan("60000") {
		t.Errorf("the closed year changed: %s", y.Now.Gain)
	}
	b.Verified()
}

// An old line is moved out of income in an open year, and nothing of it can be given out; the closed year stays.
func TestMoveIncome(t *testing.T) {
	b := booktest.New(t)
	book := func(item string, date journal.Date, amount, note string) string {
		return b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: item, Date: date, Amount: booktest.Yuan(amount),
			Note: note})[0]
	}
	land, gift, cost := book("other_income", "2024-05-01", "1000", "高铁征地补偿款"), book("other_income", "2025-05-01", "300", "乡贤捐款"),
		book("other_expense", "2025-05-02", "40", "")
	rent := book("operating", "2025-05-03", "500", "房租")
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.See("yixian", func(v *journal.View) {
		list, err := income.Suspects(v, "210727000000")
		if err != nil || len(list) != 2 || list[0].ID != land || list[0].Source != income.LandCompensation || list[1].Source != income.Donated {
			t.Errorf("suspects: %+v %v", list, err)
		}
	})
	move := func(change func(*income.MoveIncome)) *income.MoveIncome {
		e := &income.MoveIncome{Income: land, Date: "2025-06-01", Source: income.LandCompensation, Reason: "不是收益"}
		change(e)
		return e
	}
	for _, c := range []struct {
		name   string
		code   journal.Code
		field  string
		change func(*income.MoveIncome)
	}{
		{"a line that is not there", journal.NotFound, "income", func(e *income.MoveIncome) { e.Income = booktest.Yuxin + "Y2024N00009" }},
		{"to nowhere", journal.Invalid, "source", func(e *income.MoveIncome) { e.Source = "" }},
		{"to two places", journal.Invalid, "source", func(e *income.MoveIncome) { e.Item = "subsidy" }},
		{"without a reason", journal.Invalid, "reason", func(e *income.MoveIncome) { e.Reason = "" }},
		{"in a closed year", journal.Conflict, "date", func(e *income.MoveIncome) { e.Date = "2024-06-01" }},
		{"before the line", journal.Invalid, "date", func(e *income.MoveIncome) { e.Date = "2024-04-01" }},
		{"as an opening balance", journal.Invalid, "source", func(e *income.MoveIncome) { e.Source = income.OpeningReserve }},
		{"into an account that it may not stand in", journal.Invalid, "account",
			func(e *income.MoveIncome) { e.Account = income.SpecialAccount }},
		{"an expense into a fund", journal.Invalid, "source", func(e *income.MoveIncome) { e.Income = cost }},
		{"an expense among the income", journal.Invalid, "item", func(e *income.MoveIncome) { e.Income, e.Source, e.Item = cost, "", "subsidy" }},
		{"to where it is", journal.Invalid, "item", func(e *income.MoveIncome) { e.Source, e.Item = "", "other_income" }},
		{"to an item that the form lacks", journal.Invalid, "item", func(e *income.MoveIncome) { e.Source, e.Item = "", "contracting" }},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, move(c.change)) })
	}
	b.Record("kj-yuxin", move(func(*income.MoveIncome) {}))
	b.Refuses("kj-yuxin", journal.Conflict, "income", move(func(*income.MoveIncome) {}))
	b.Refuses("kj-yuxin", journal.Conflict, "income", &income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00004", Reason: "x"})
	b.Record("kj-yuxin", &income.MoveIncome{Income: gift, Date: "2025-06-01", Source: income.Donated, Reason: "捐款"},
		&income.MoveIncome{Income: rent, Date: "2025-06-01", Item: "investment", Reason: "是分红"})
	x := sheetOf(t, b, booktest.Yuxin, 2025)
	other := rowOf(x, "其他收入")
	if other.Now != booktest.Yuan("-1000") || other.Corrected != booktest.Yuan("-1000") || rowOf(x, "投资收益").Now != booktest.Yuan("500") ||
		rowOf(x, "经营收入").Now != 0 || x.Before.Gain != booktest.Yuan("1000") {
		t.Errorf("%+v", x.Rows)
	}
	b.See("yixian", func(v *journal.View) {
		list, taken, err := income.Standings(v, booktest.Yuxin)
		if err != nil || taken != 0 || len(list) != 2 || list[0].Sum != booktest.Yuan("1000") || list[1].Sum != booktest.Yuan("300") {
			t.Errorf("%+v %v", list, err)
		}
		if left, _ := income.Suspects(v, "210727000000"); len(left) != 0 {
			t.Errorf("still suspected: %+v", left)
		}
	})
	b.Verified()
}

// What is no income stands apart: it raises no gain, goes out only for its purpose, and not twice.
func TestFunds(t *testing.T) {
	b := booktest.New(t)
	farm := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "农场", Kind: register.FamilyFarm})[0]
	coop := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.SpecialisedCooperative})[0]
	receive := func(book string, s income.Source, in income.Account, amount string) *income.ReceiveFund {
		return &income.ReceiveFund{Book: book, Source: s, Account: in, Date: "2025-05-01", Amount: booktest.Yuan(amount)}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "source", receive(booktest.Yuxin, "lottery", "", "1"))
	b.Refuses("kj-yuxin", journal.Invalid, "source", receive(farm, income.StateFunds, "", "1"))
	b.Refuses("kj-yuxin", journal.Invalid, "source", receive(coop, income.LandCompensation, "", "1"))
	b.Refuses("kj-yuxin", journal.Invalid, "account", receive(booktest.Yuxin, income.Donated, income.SpecialAccount, "1"))
	b.Refuses("kj-yuxin", journal.Invalid, "amount", receive(booktest.Yuxin, income.Donated, "", "-1"))
	b.Refuses("kj-yuxin", journal.Invalid, "amount", receive(booktest.Yuxin, income.Donated, "", "0"))
	b.Record("kj-yuxin", receive(booktest.Yuxin, income.LandCompensation, "", "1000"), receive(booktest.Yuxin, income.StateFunds, "", "400"),
		receive(coop, income.StateFunds, "", "70"))
	use := func(s income.Source, in, to income.Account, amount, resolution string) *income.UseFund {
		return &income.UseFund{Book: booktest.Yuxin, Source: s, Account: in, To: to, Date: "2025-06-01", Amount: booktest.Yuan(amount),
			Note:       "修渠",
			Resolution: resolution}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "amount", use(income.StateFunds, income.PayableAccount, "", "400.01", ""))
	b.Refuses("kj-yuxin", journal.Conflict, "amount", use(income.StateFunds, income.PayableAccount, income.ReserveAccount, "400.01", ""))
	b.Refuses("kj-yuxin", journal.Invalid, "resolution", use(income.LandCompensation, income.ReserveAccount, "", "1", ""))
	b.Refuses("kj-yuxin", journal.Invalid, "to_account", use(income.LandCompensation, income.ReserveAccount, income.PayableAccount, "1", "1"))
	b.Refuses("kj-yuxin", journal.Invalid, "source", use(income.OpeningReserve, income.ReserveAccount, "", "1", "1"))
	out := b.Record("kj-yuxin", use(income.StateFunds, income.PayableAccount, income.ReserveAccount, "300", ""),
		use(income.StateFunds, income.PayableAccount, "", "100", ""))
	standing := func() map[income.Account]string {
		sums := map[income.Account]string{}
		b.See("yixian", func(v *journal.View) {
			list, _, _ := income.Standings(v, booktest.Yuxin)
			for _, s := range list {
				if s.Source == income.StateFunds {
					sums[s.Account] = s.Sum.String()
				}
			}
			if s, _ := income.StatementOf(v, booktest.Yuxin, 2025); s.Gain != 0 || s.Distributable != 0 {
				t.Errorf("it counts as a gain of %s", s.Gain)
			}
		})
		return sums
	}
	if got := standing(); got[income.ReserveAccount] != "300.00" || got[income.PayableAccount] != "" {
		t.Errorf("stands %v", got)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "line", &income.ReverseFund{Line: booktest.Yuxin + "F20250002",
		Reason: "记错"}) // what was used of it
	b.Record("kj-yuxin", &income.ReverseFund{Line: out[0], Reason: "没有验收"})
	if got := standing(); got[income.ReserveAccount] != "" || got[income.PayableAccount] != "300.00" {
		t.Errorf("after the reversal stands %v", got)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "line", &income.ReverseFund{Line: out[0], Reason: "又"})
	b.Refuses("kj-yuxin", journal.NotFound, "line", &income.ReverseFund{Line: booktest.Yuxin + "F20250099", Reason: "x"})
	b.Verified()
}

// The specialised cooperative's form has the printed lines: numbers, formulas, and what is set aside before what is distributable.
func TestCooperativesForm(t *testing.T) {
	i := slices.IndexFunc(income.OwnForms(), func(f income.Form) bool { return f.Name == "specialised_2023" })
	figures := map[string]money.Yuan{"operating": 1000, "investment": 200, "operating_cost": 500, "taxes": 20, "management": 100,
		"finance_cost": 30,
		"other_income": 70, "other_expense": 40, "income_tax": 58, "opening": 100, "released": 8, "reserve": 52, "returned": 330, "members": 90,
		"capital": 60}
	printed := map[int]money.Yuan{1: 1000, 2: 200, 3: 500, 4: 20, 5: 100, 6: 30, 7: 550, 8: 70, 9: 40, 10: 580, 11: 58, 12: 522, 13: 100,
		14: 8,
		15: 52, 16: 578, 17: 330, 18: 90, 19: 60, 20: 98}
	for _, row := range income.OwnForms()[i].Fill(figures, nil) {
		if want, ok := printed[row.Number]; !ok || row.Now != want || row.Old {
			t.Errorf("line %d %s is %s, want %s", row.Number, row.Text, row.Now, want)
		}
		delete(printed, row.Number)
	}
	if len(printed) > 0 {
		t.Errorf("no lines %v", printed)
	}
}

// measured is what the program's own policy counts of a statement.
func measured(s income.Statement) money.Yuan {
	return income.DefaultPolicy.Of(income.BookYear{Items: s.Items, Corrected: s.Corrected})
}
