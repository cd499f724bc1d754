package dividend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// What looks odd about a plan is listed, each of its sort, and has to be answered before the plan is submitted.
func TestOddities(t *testing.T) {
	b := booktest.New(t)
	entity, class, land, h := b.Cooperative("kj-yuxin", booktest.Yuxin, 9) // 1 2 3 4 5 1 2 3 4 shares
	book := func(year string, sum string) {
		b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(year + "-05-01"),
			Amount: yuan(sum)})
	}
	book("2024", "250")
	rate := func(n string) []plan.Component {
		return []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate(n)}}
	}
	move := func(from, to int, n, on string) {
		b.Record("kj-yuxin", &register.TransferShares{Class: class, From: h[from],
			To:   []register.Lot{{Holder: h[to], Quantity: booktest.Units(n)}},
			Date: journal.Date(on), Cause: register.Gift})
	}
	move(5, 0, "1", "2024-01-01") // 2 2 3 4 5 0 2 3 4
	last := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2024, RecordDate: "2024-12-31", Resolution: "1",
		Components: rate("10")})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: last})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: last})
	book("2025", "1000")
	move(0, 5, "1", "2025-01-10") // the sixth is new: 1 2 3 4 5 1 2 3 4
	move(7, 6, "3", "2025-02-01") // the eighth has none, the seventh 5
	move(8, 4, "4", "2026-01-15") // the ninth has left since
	b.Record("kj-yuxin", &register.TransferShares{Class: land, From: h[8],
		To:   []register.Lot{{Holder: h[4], Quantity: booktest.Units("2.08")}},
		Date: "2026-01-15", Cause: register.Gift})
	move(1, 2, "0.0001", "2025-03-01")
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: h[1], Bank: "农业银行", Card: booktest.CardNo(0)}) // the first household's
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: rate("15")})[0]
	list := func() string {
		var said []string
		b.See("yixian", func(v *journal.View) {
			figures, _, _, err := dividend.Preview(v, mustPlan(v, id))
			if err != nil {
				t.Fatal(err)
			}
			now := map[string]money.Yuan{}
			for _, x := range figures {
				now[x.Holder] = x.Due()
			}
			odd, doubts, err := dividend.Oddities(v, mustPlan(v, id), now)
			if err != nil || len(doubts) != len(odd) {
				t.Fatalf("%v: %d doubts about %d oddities", err, len(doubts), len(odd))
			}
			for _, o := range odd {
				_, n, _ := strings.Cut(o.Holder, "H0000")
				said = append(said, fmt.Sprintf("%s %s", o.Sort, n))
			}
		})
		return strings.Join(said, ", ")
	}
	// last year 20 20 30 40 50 – 20 30 40, now 15 30 45 60 75 15 75 – 60: exactly half as much again is not above the bound
	if got := list(); got != "left 9, twice 2, change 7, new 6, gone 8" {
		t.Errorf("%s", got)
	}
	b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "odd_change", Value: "49", From: "2026-01-01", Reason: "1"})
	if got := list(); got != "left 9, twice 2, change 2, change 3, change 4, change 5, change 7, change 9, new 6, gone 8" {
		t.Errorf("%s", got)
	}
	careful := journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}, Careful: true}
	_, err := b.Post(b.As("kj-yuxin"), careful)
	all := journal.All(err)
	if len(all) != 11 || all[0].Field != "resolution" {
		t.Fatalf("asked %d times: %v", len(all), err)
	}
	for _, f := range append(all[:1:1], all[2:]...) {
		careful.Heard = append(careful.Heard, f.Said())
	}
	if _, err := b.Post(b.As("kj-yuxin"), careful); len(journal.All(err)) != 1 {
		t.Errorf("one is not answered: %v", err)
	}
	careful.Heard = append(careful.Heard, all[1].Said())
	if _, err := b.Post(b.As("kj-yuxin"), careful); err != nil {
		t.Error(err)
	}
}

// Many of a sort are answered together, by how many there are and some of their names.
func TestManyOdditiesAreAnsweredTogether(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 0)
	for n := range 12 {
		family := booktest.Household(booktest.Yuxin, n)
		family.Card, family.Bank = "", ""
		h := b.Record("kj-yuxin", family)[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units("1"), Date: "2024-01-01"})
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: yuan("100")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: yuan("100")}}})[0]
	_, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}},
		Careful: true})
	if all := journal.All(err); len(all) != 2 || !strings.Contains(all[1].Error(), "没有登记账号:12 户") {
		t.Errorf("%v", err)
	}
}
