package dividend_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// held is a company of 育新村 that the collectives of four villages hold in parts of 1, 2, 3 and 4: its own, one of its township, one of
// another township, and one of another county; with a plan of 1,000.01 yuan that may be paid.
type held struct {
	*booktest.Books
	plan     string
	villages []string
	holders  []string
}

func jointly(t *testing.T) held {
	b := booktest.New(t)
	x := held{Books: b, villages: []string{booktest.Yuxin, booktest.Kaizhou, booktest.Elsewhere, booktest.Faraway}}
	accounts := []journal.Entry{}
	for name, place := range map[string]string{"kj-elsewhere": booktest.Elsewhere, "kj-faraway": booktest.Faraway} {
		accounts = append(accounts, &office.AddAccount{Name: name, Role: journal.Accountant, Region: region.MustParse(place), Hash: "h"})
	}
	accounts = append(accounts, &office.AddAccount{Name: "sh-heishan", Role: journal.Reviewer, Region: region.MustParse("210726001"),
		Hash: "h"})
	if _, err := b.Post(journal.Console, journal.Posting{Entries: accounts}); err != nil {
		t.Fatal(err)
	}
	code := ident.CompleteCreditCode("N2210727MF0000005")
	b.Record("kj-elsewhere", &register.RegisterEntity{Village: booktest.Elsewhere, Name: "关帝庙村股份经济合作社", Kind: register.StockCooperative,
		CreditCode: code})
	entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "大地公司", Kind: register.Enterprise})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("1")})[0]
	for i, holder := range []*register.RegisterShareholder{{Kind: register.Collective, Name: "本村集体"},
		{Kind: register.Collective, Name: "开州村集体", CollectiveOf: booktest.Kaizhou}, // said
		{Kind: register.Company, Name: "关帝庙村股份经济合作社", IDNo: code},                  // by its credit code
		{Kind: register.Outside, Name: "远村集体", CollectiveOf: booktest.Faraway}} {
		holder.Village = booktest.Yuxin
		h := b.Record("kj-yuxin", holder)[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units(string(rune('1' + i))), Date: "2024-01-01"})
		x.holders = append(x.holders, h)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2025-05-01", Amount: yuan("5000")})
	x.plan = b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: yuan("1000.01")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: x.plan})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: x.plan})
	b.Disclosed(x.plan)
	return x
}

// earned is what a village's book has as income from investment in a year.
func (x held) earned(village string, year int) (sum, measure money.Yuan) {
	if err := x.Read(journal.Console, func(v *journal.View) error {
		s, err := income.StatementOf(v, village, year)
		sum, measure = s.Items["investment"], income.DefaultPolicy.Of(income.BookYear{Items: s.Items, Corrected: s.Corrected})
		return err
	}); err != nil {
		x.Fatal(err)
	}
	return sum, measure
}

// readsOut fails the test where the last entry of the far village's chain is of another kind, or has a field without a Chinese name.
func (x held) readsOut(kind string) {
	x.Helper()
	if err := x.Read(journal.Console, func(v *journal.View) error {
		list, _, err := v.Journal("210726000000", "", 1)
		if err != nil || len(list) == 0 || list[0].Kind != kind {
			x.Errorf("the last entry is %v, %v", list, err)
			return nil
		}
		for _, p := range report.Particulars(v, list[0].Entry) {
			if p.Name[0] < 0x80 {
				x.Errorf("%s has a field %s", kind, p.Name)
			}
		}
		return nil
	}); err != nil {
		x.Fatal(err)
	}
}

// What a company pays to the collectives that hold it becomes the income of each village, wherever it is, to the 分; taken back, it is gone
// there too; and the books agree, chain by chain and with each other.
func TestDividendsOfOtherVillagesBecomeTheirIncome(t *testing.T) {
	x := jointly(t)
	today := journal.DateOf(x.Time)
	x.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: x.plan, Date: today, All: true})
	var all money.Yuan
	for i, want := range []string{"100", "200", "300", "400.01"} {
		got, measure := x.earned(x.villages[i], 2026)
		if all += got; got != yuan(want) || measure != got {
			t.Errorf("%s earned %s, %s by the policy's measure; want %s", x.villages[i], got, measure, want)
		}
	}
	if all != yuan("1000.01") {
		t.Errorf("the parts come to %s", all)
	}
	x.Verified()
	x.readsOut("ReceiveDividend")
	// who keeps the book there cannot take it back alone, and nobody books it by itself
	f := x.Refuses("kj-faraway", journal.Conflict, "income", &income.ReverseIncome{Income: booktest.Faraway + "Y2026N00001", Reason: "x"})
	if !booktest.HasText(f, x.plan) {
		t.Errorf("refused without the plan: %v", f)
	}
	for _, e := range []journal.Entry{&dividend.ReceiveDividend{Line: booktest.Yuxin + "Y2026N00009", Item: "investment", Date: today,
		Amount: 1},
		&dividend.TakeBackDividend{Line: booktest.Yuxin + "Y2026N00009"}} {
		x.Refuses("kj-yuxin", journal.Forbidden, "", e)
	}
	receipt, err := x.Post(x.As("kj-faraway"), journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: booktest.Faraway,
		Item: "investment", Date: today, Amount: yuan("400.01")}}, DryRun: true})
	if err != nil || !strings.Contains(receipt.Doubts.Error(), "自动记的") {
		t.Errorf("booked twice without a question: %v %v", receipt.Doubts, err)
	}
	x.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: x.plan, Holders: []string{x.holders[1], x.holders[3]}, Reason: "退票"})
	x.readsOut("TakeBackDividend")
	for i, want := range []string{"100", "0", "300", "0"} {
		if got, _ := x.earned(x.villages[i], 2026); got != yuan(want) {
			t.Errorf("taken back, %s has %s, want %s", x.villages[i], got, want)
		}
	}
	x.Verified()
	// paid again, by a bank's answer
	x.Record("kj-yuxin", &register.ChangeBankCard{Holder: x.holders[3], Bank: "农商银行", Account: "2021-0011-2233", Branch: "黑山支行"})
	x.Record("kj-yuxin", &dividend.MakeBatch{Distribution: x.plan, Date: today})
	x.Record("kj-yuxin", &dividend.SettleBatch{Batch: x.plan + "T01", Date: today,
		Results: []dividend.BatchResult{{Line: 1, State: dividend.Paid}}})
	if got, _ := x.earned(booktest.Faraway, 2026); got != yuan("400.01") {
		t.Errorf("paid by the bank, the far village has %s", got)
	}
	x.Verified()
}

// Where the other village has closed the year of the payment, its line stands on the first open day, says when it was paid, and is no part
// of that year's own measure.
func TestAClosedYearElsewhereTakesNothing(t *testing.T) {
	x := jointly(t)
	paid := journal.DateOf(x.Time)
	x.Time = x.Time.AddDate(1, 0, 0)
	x.Record("sh-heishan", &office.CloseYear{Village: booktest.Faraway, Year: 2026})
	x.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: x.plan, Date: paid, All: true})
	if got, _ := x.earned(booktest.Faraway, 2026); got != 0 {
		t.Errorf("the closed year has %s", got)
	}
	if got, measure := x.earned(booktest.Faraway, 2027); got != yuan("400.01") || measure != 0 {
		t.Errorf("the open year has %s, %s by its measure", got, measure)
	}
	if got, _ := x.earned(booktest.Kaizhou, 2026); got != yuan("200") {
		t.Errorf("who has closed nothing has %s", got)
	}
	if err := x.Read(journal.Console, func(v *journal.View) error {
		books, err := v.At(booktest.Faraway)
		line, _ := income.LineIn(books, booktest.Faraway+"Y2027N00001")
		if line.Date != "2027-01-01" || line.Paid != paid || line.Payout != x.plan+x.holders[3] {
			t.Errorf("%+v", line)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	x.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: x.plan, Holders: []string{x.holders[3]}, Date: "2027-02-01", Reason: "退票"})
	if got, measure := x.earned(booktest.Faraway, 2027); got != 0 || measure != 0 {
		t.Errorf("taken back, the open year has %s, %s by its measure", got, measure)
	}
	x.Verified()
}

// A payment whose line is missing in the other village's chain, or stands there with another sum, is found by verify, and named; a county's
// chain kept on its own says nothing of the others'.
func TestVerifyComparesBothChains(t *testing.T) {
	last := func(x held, chain string) string {
		var end uint64
		if err := x.Read(journal.Console, func(v *journal.View) error { end = v.End(region.Code(chain + "000000")); return nil }); err != nil {
			t.Fatal(err)
		}
		return chain + journal.SeqKey(end)
	}
	for _, c := range []struct {
		name   string
		tamper func(x held, tx *store.Tx)
		says   string // "" where nothing is found in the chains themselves
	}{
		{"the line is cut off", func(x held, tx *store.Tx) { tx.Delete("journal", last(x, "210726")) }, "journal 210727"},
		{"the line has another sum", func(x held, tx *store.Tx) {
			key := last(x, "210726")
			record := bytes.Replace(tx.Get("journal", key), store.Encode(yuan("400.01")), store.Encode(yuan("400.02")), 1)
			tx.Put("journal", key, record)
		}, "was brought about by no entry of 210727"},
		{"the other county is not there", func(x held, tx *store.Tx) {
			var keys []string
			for k := range tx.Scan("journal", "210726", store.PrefixEnd("210726")) {
				keys = append(keys, k)
			}
			for _, k := range keys {
				tx.Delete("journal", k)
			}
		}, "table"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := jointly(t)
			x.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: x.plan, Date: journal.DateOf(x.Time), All: true})
			if err := x.Store().Update(func(tx *store.Tx) error { c.tamper(x, tx); return nil }); err != nil {
				t.Fatal(err)
			}
			if _, err := booktest.Verify(x.Books); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("verify says %v, want %s", err, c.says)
			}
		})
	}
}

// Where the receiving village's county is kept in another ledger, payments and what takes them back are entered all the same, with a doubt
// that says who has to be told; nothing follows, and no chain begins.
func TestPaymentsToACountyThatIsElsewhere(t *testing.T) {
	x := jointly(t)
	today := journal.DateOf(x.Time)
	x.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: x.plan, Date: today, Holders: x.holders[3:]})
	if _, err := x.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.HandOverCounty{County: "210726000000",
		To: "黑山县"}}}); err != nil {
		t.Fatal(err)
	}
	earned := func() money.Yuan { sum, _ := x.earned(booktest.Faraway, 2026); return sum }
	for i, e := range []journal.Entry{
		&dividend.ReversePayouts{Distribution: x.plan, Holders: x.holders[3:], Reason: "退票"},
		&dividend.ConfirmPayouts{Distribution: x.plan, Date: today, All: true},
		&dividend.ReversePayouts{Distribution: x.plan, Holders: x.holders[2:], Reason: "又退"},
	} {
		r, err := x.Post(x.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
		if doubted := r.Doubts.Error(); err != nil || i != 2 && !strings.Contains(doubted, "的账不在这里") {
			t.Errorf("step %d: %v, %s", i, err, doubted)
		}
		if got := earned(); got != yuan("400.01") {
			t.Errorf("step %d: the far village has %s", i, got)
		}
	}
	if got, _ := x.earned(booktest.Elsewhere, 2026); got != 0 {
		t.Errorf("what stayed here has %s", got)
	}
	x.Verified()
}
