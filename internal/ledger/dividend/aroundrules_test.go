package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// unchanged fails the test where a submitted plan's figures, worked out anew, are not what was frozen.
func unchanged(t *testing.T, b *booktest.Books) {
	t.Helper()
	if _, _, err := dividend.Refigure(b.Store(), func(d dividend.Difference) { t.Errorf("%v", d) }); err != nil {
		t.Fatal(err)
	}
}

// approved takes a plan of a pool as far as it can be paid.
func approved(b *booktest.Books, entity, class, pool string) string {
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: yuan(pool)}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	return id
}

// What lies in the reserve is not voided away, and a plan that is void deducts nothing from the next one.
func TestVoidPlansLeaveNothing(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, h := drafted(b, register.StockCooperative)
	id := approved(b, entity, class, "100")
	today := journal.DateOf(b.Time)
	b.Record("kj-yuxin", &dividend.ReserveUnclaimed{Distribution: id, Holders: h, Date: today, Resolution: "9"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.VoidDistribution{Distribution: id, Reason: "x"})
	early := &dividend.ConfirmPayouts{Distribution: id, Date: today.Plus(-1), Holders: h[:1]}
	b.Refuses("kj-yuxin", journal.Invalid, "date", early) // before it went to the reserve
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: h, Reason: "x"},
		&dividend.ConfirmPayouts{Distribution: id, Date: today, All: true},
		&dividend.CorrectPayout{Distribution: id, Holder: h[2], Right: yuan("10"), Date: today, Reason: "x"},
		&dividend.CorrectPayout{Distribution: id, Holder: h[0], Right: yuan("56.67"), Date: today, Reason: "x"},
		&dividend.ReversePayouts{Distribution: id, Holders: h, Reason: "x"},
		&dividend.VoidDistribution{Distribution: id, Reason: "x"})
	next := approved(b, entity, class, "100")
	b.See("yixian", func(v *journal.View) {
		for _, x := range h {
			if p, _ := dividend.PayoutOf(v, next, x); p.Adjust != 0 {
				t.Errorf("%s is adjusted by %s for a plan that is void", x, p.Adjust)
			}
		}
	})
	b.Verified()
}

// Nothing is deducted from what stays in the book, and a correction reaches nobody who had nothing to do with the plan.
func TestCorrectionsReachWhoIsPaid(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, h := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	own := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Collective, Name: "育新村集体"})[0]
	outsider := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside, Name: "外来的"})[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: own, Quantity: booktest.Units("6"), Date: "2024-01-02"},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: yuan("10000")})
	id := approved(b, entity, class, "1200")
	today := journal.DateOf(b.Time)
	right := func(holder, sum string) *dividend.CorrectPayout {
		return &dividend.CorrectPayout{Distribution: id, Holder: holder, Right: yuan(sum), Date: today, Reason: "x"}
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: today, All: true}, right(h[0], "700"), right(own, "600"),
		right(own, "0"))
	b.Refuses("kj-yuxin", journal.Conflict, "holder", right(outsider, "200"))
	next := approved(b, entity, class, "1000")
	b.See("yixian", func(v *journal.View) {
		if p, _ := dividend.PayoutOf(v, next, own); p.Due != 0 || p.Kept != yuan("500") || p.Adjust != 0 {
			t.Errorf("the collective's own payout is %s, kept %s, adjusted %s", p.Due, p.Kept, p.Adjust)
		}
	})
	b.Verified()
}

// Who is a member is guarded over all classes together: neither an estate nor leaving, which take out several at once, nor what undoes it
// changes whom a submitted plan counts.
func TestMembersAreGuardedOverAllClasses(t *testing.T) {
	for _, how := range []string{"estate", "leaving", "undone"} {
		t.Run(how, func(t *testing.T) {
			b := booktest.New(t)
			entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果品合作社",
				Kind: register.SpecialisedCooperative})[0]
			var h []string
			for n := range 2 {
				h = append(h, b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, n))...)
			}
			for _, name := range []string{"甲股", "乙股"} {
				class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Name: name, Kind: register.CashShare, Unit: register.YuanUnit,
					Price: booktest.Rate("1")})[0]
				for _, x := range h {
					b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: x, Quantity: booktest.Units("100"), Date: "2024-01-01"})
				}
			}
			for _, x := range h {
				b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: x, Date: "2025-08-01", Amount: yuan("100")})
			}
			b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2025-12-01", Amount: yuan("100")})
			if how != "estate" {
				b.Record("kj-yuxin", &dividend.ApplyToLeave{Entity: entity, Holder: h[0], Date: "2025-02-01"})
				b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
			}
			leave := &dividend.SettleLeaving{Entity: entity, Holder: h[0], Date: "2026-02-10", Resolution: "1"}
			step := 0
			if how == "undone" {
				receipt, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{leave}})
				if err != nil {
					t.Fatal(err)
				}
				step = int(receipt.Ranges[0].First)
			}
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
				Components: []plan.Component{{Rule: plan.Patronage, Pool: yuan("90"), MemberTo: "2026-02-20"}}})[0]
			b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
			switch how {
			case "estate":
				late := &register.RecordDeath{Holder: h[0], Date: "2026-02-01"}
				b.Record("kj-yuxin", late)
				b.Refuses("kj-yuxin", journal.Conflict, "date", &register.DivideEstate{Holder: h[0], Date: "2026-02-10", Basis: "x",
					Heirs: []register.HeirPart{{Holder: h[1], Part: "1"}}})
			case "leaving":
				b.Refuses("kj-yuxin", journal.Conflict, "date", leave)
			case "undone":
				b.Refuses("kj-yuxin", journal.Conflict, "step", &dividend.ReverseLeaving{Entity: entity, Holder: h[0], Step: step, Reason: "x"})
			}
			unchanged(t, b)
		})
	}
}

// A unit that is said after a plan was submitted changes nothing of it; a wrong unit can be put right once all of it is taken back; and
// what a first round gave is taken off once, whatever parts and plans settle the year.
func TestTradeIsSettledOnce(t *testing.T) {
	b := booktest.New(t)
	entity, h := orchard(b)
	draft := func(interim bool, parts ...plan.Component) string {
		on := journal.Date("2025-12-31")
		if interim {
			on = "2025-08-31"
		}
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: on, Resolution: "1", Interim: interim,
			Components: parts})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	gets := func(id string) (due string) {
		b.See("yixian", func(v *journal.View) {
			p, _ := dividend.PayoutOf(v, id, h[1])
			due = p.Due.String()
		})
		return due
	}
	apples := plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "苹果", Rate: booktest.Rate("0.05")}
	draft(true, apples) // 15.00 to the second, for 300 斤
	apples.Rate = booktest.Rate("0.15")
	again := apples
	again.Rate, again.MemberFrom = booktest.Rate("0.01"), "2025-01-01"
	if got := gets(draft(false, apples, again)); got != "33.00" { // 45 less 15, and 3
		t.Errorf("the first final round gives %s", got)
	}
	again.Rate = booktest.Rate("0.02")
	if got := gets(draft(false, again)); got != "6.00" {
		t.Errorf("the second gives %s", got)
	}
	b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Date: "2025-09-01", Product: "桃", Unit: "箱", Volume: booktest.Units("5")})
	b.Refuses("kj-yuxin", journal.Conflict, "product_unit", &dividend.RecordTrade{Entity: entity, Date: "2025-09-01", Product: "桃", Unit: "斤",
		Volume: booktest.Units("50")})
	b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Date: "2025-09-01", Product: "桃", Volume: booktest.Units("-5"), Reason: "单位写错"},
		&dividend.RecordTrade{Entity: entity, Date: "2025-09-01", Product: "桃", Unit: "斤", Volume: booktest.Units("50")})
	unchanged(t, b)
	b.Verified()
}

// Numbers of somebody who is owed anything are not locked; once all has been paid they are.
func TestNumbersOfTheOwedStay(t *testing.T) {
	b := booktest.New(t)
	entity, class, land, h := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: yuan("1000")})
	id := approved(b, entity, class, "100")
	today := journal.DateOf(b.Time)
	for _, of := range []string{class, land} {
		b.Record("kj-yuxin", &register.TransferShares{Class: of, From: h[0], To: []register.Lot{{Holder: h[1], Quantity: booktest.Units("1")}},
			Date: today, Cause: register.Gift})
	}
	lock := &register.LockNumbers{Holder: h[0], Reason: "已退出"}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "holder", lock); !booktest.HasText(e, "应付") {
		t.Errorf("%v", e)
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: today, All: true}, lock)
	b.Verified()
}
