package dividend_test

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// Histories that went wrong once: entries in order; a line that begins with "rev> " is the reviewer's.
//
//go:embed testdata/history/*.jsonl
var histories embed.FS

// play posts a history and returns what the last entry was refused with; every other one must be taken.
func play(t *testing.T, b *booktest.Books, name string) (last error) {
	t.Helper()
	content, err := histories.ReadFile(path.Join("testdata/history", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		if last != nil {
			t.Fatalf("line %d: %v", n-1, last)
		}
		text, reviewer := strings.CutPrefix(lines.Text(), "rev> ")
		if strings.TrimSpace(text) == "" {
			continue
		}
		var fields map[string]any
		from := json.NewDecoder(strings.NewReader(text))
		from.UseNumber()
		if err := from.Decode(&fields); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		kind := fields["entry"].(string)
		delete(fields, "entry")
		e, err := journal.Decode(kind, fields)
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		account := "kj-yuxin"
		if reviewer {
			account = "sh-qilihe"
		}
		_, last = b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{e}})
	}
	return last
}

// What a submitted plan stands on is not changed under it: the last entry of each history is refused, naming the plan.
func TestNothingUnderAFrozenFigureMoves(t *testing.T) {
	for name, says := range map[string]string{
		"accounts": "210727102216E001D202501", "membership": "210727102216E001D202501", "first-after": "210727102216E001D202501",
		"first-void": "210727102216E001D202502", "guarantee-void": "210727102216E001D202502",
	} {
		t.Run(name, func(t *testing.T) {
			b := booktest.New(t)
			all := journal.All(play(t, b, name))
			if len(all) == 0 || all[0].Code != journal.Conflict || !booktest.HasText(all[0], says) {
				t.Errorf("refused with %v", all)
			}
			b.Verified()
		})
	}
}

// dues are what the holders of a plan get, by the last digits of their ids.
func dues(t *testing.T, b *booktest.Books, id string) string {
	t.Helper()
	var words []string
	b.See("yixian", func(v *journal.View) {
		list, _, err := dividend.Payouts(v, id, "", 100, func(dividend.Payout) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			words = append(words, p.Holder[len(p.Holder)-1:]+" "+p.Due.String())
		}
	})
	return strings.Join(words, ", ")
}

// What the field's examples come to by the rules of today.
func TestFiguresOfHistories(t *testing.T) {
	for name, want := range map[string]string{
		"days":         "2 10000.00, 3 10100.00", // days go along with the shares
		"excess-small": "",
	} {
		t.Run(name, func(t *testing.T) {
			b := booktest.New(t)
			if err := play(t, b, name); err != nil {
				t.Fatal(err)
			}
			if got := dues(t, b, booktest.Yuxin+"E001D202501"); want != "" && got != want {
				t.Errorf("paid %s, want %s", got, want)
			} else {
				t.Log(got)
			}
			b.Verified()
		})
	}
}

// At least sixty per cent, rounded up, of the year's surplus goes back by trade (农民专业合作社法 art. 44); what was brought forward counts as far
// as it is given out.
func TestSixtyPercentOfTheYear(t *testing.T) {
	b := booktest.New(t)
	all := journal.All(play(t, b, "art44"))
	if len(all) == 0 || all[0].Field != "components" || !booktest.HasText(all[0], "至少返还 60.02 元") {
		t.Errorf("60.01 of 100.02: %v", all)
	}
	for _, c := range []struct {
		name, opening, gain, byTrade, rest string
		taken                              bool
	}{
		{"exactly", "0", "100", "60.00", "40.00", true},
		{"of 100.04", "0", "100.04", "60.03", "40.01", true},
		{"of 100.04, a 分 less", "0", "100.04", "60.02", "40.02", false},
		{"the brought-forward stays", "900", "100", "60.00", "40.00", true},
		{"of it 100 is used", "900", "100", "120.00", "80.00", true},
		{"of it 100 is used, a 分 less by trade", "900", "100", "119.99", "80.01", false},
		{"a loss was made good first", "-50", "150", "60.00", "40.00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, _, _, holders := b.Farm(register.SpecialisedCooperative, c.gain)
			b.Record("kj-yuxin", &income.BringForward{Book: entity, Year: 2025, Amount: booktest.Yuan(c.opening)},
				&dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-03-01", Amount: booktest.Yuan("100")})
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "1",
				Components: []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan(c.byTrade)},
					{Rule: plan.ByAccount, Pool: booktest.Yuan(c.rest)}}})[0]
			_, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}})
			if (err == nil) != c.taken {
				t.Errorf("taken %v: %v", err == nil, err)
			}
		})
	}
}

// The percentages of an excess need not come to 100: what is given out is their part of it cut down to the 分, and the rest stays.
func TestExcessThatStays(t *testing.T) {
	for _, c := range []struct {
		excess              money.Yuan
		members, coll, mgmt string
		want                [4]money.Yuan
	}{
		{5, "40", "30", "30", [4]money.Yuan{2, 2, 1, 0}},
		{15, "40", "30", "30", [4]money.Yuan{6, 5, 4, 0}},
		{105, "40", "30", "30", [4]money.Yuan{42, 32, 31, 0}},
		{100, "50", "30", "0", [4]money.Yuan{50, 30, 0, 20}},
		{99, "50", "30", "0", [4]money.Yuan{49, 30, 0, 20}}, // 79.2 → 79: 49.375 and 29.625
		{1, "40", "0", "0", [4]money.Yuan{0, 0, 0, 1}},
	} {
		p := plan.Component{Members: booktest.Rate(c.members), Collective: booktest.Rate(c.coll), Managers: booktest.Rate(c.mgmt)}
		members, coll, mgmt, kept := p.SplitExcess(c.excess, 2)
		if got := [4]money.Yuan{members, coll, mgmt, kept}; got != c.want {
			t.Errorf("%s of %s/%s/%s: %v, want %v", c.excess, c.members, c.coll, c.mgmt, got, c.want)
		}
	}
}

// A dividend on collective shares that was paid in December comes back in January, its year closed: the reversal has a day of its own.
func TestMoneyComesBackInTheNextYear(t *testing.T) {
	b := booktest.New(t)
	entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "公司", Kind: register.Enterprise,
		Founded: "2019-01-01"})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CollectiveShare, Unit: register.ShareUnit})[0]
	village := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Collective, Name: "育新村集体"})[0]
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, DisclosureDays: "0", Resolution: "1"},
		&register.IssueShares{Class: class, Holder: village, Quantity: booktest.Units("10"), Date: "2020-01-01"},
		&income.RecordIncome{Book: entity, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "1",
		Components: []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("50")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Record("kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: "2026-03-01"})
	b.Time = time.Date(2026, 12, 20, 9, 0, 0, 0, journal.Beijing)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-12-20", All: true})
	b.Time = time.Date(2027, 1, 8, 9, 0, 0, 0, journal.Beijing)
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2026})
	back := func(date journal.Date) *dividend.ReversePayouts {
		return &dividend.ReversePayouts{Distribution: id, Holders: []string{village}, Reason: "银行退回", Date: date}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", back(""))
	b.Refuses("kj-yuxin", journal.Conflict, "date", back("2026-12-31"))
	b.Refuses("kj-yuxin", journal.Invalid, "date", back("2026-12-19"))
	b.Record("kj-yuxin", back("2027-01-08"))
	b.See("yixian", func(v *journal.View) {
		for year, want := range map[int]string{2026: "500", 2027: "-500"} {
			s, err := income.StatementOf(v, booktest.Yuxin, year)
			if err != nil || s.Gain != booktest.Yuan(want) {
				t.Errorf("the village's gain of %d is %s, %v", year, s.Gain, err)
			}
		}
	})
	b.Verified()
}
