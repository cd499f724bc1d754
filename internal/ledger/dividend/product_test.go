package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// orchard is a specialised cooperative whose members trade apples by 斤 and pears by 箱: the first 100 斤 and 1 箱, the second 300 斤 for
// 333.33 yuan, the third joined on 1 July and left on 10 February.
func orchard(b *booktest.Books) (entity string, holders []string) {
	entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果品合作社", Kind: register.SpecialisedCooperative})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.YuanUnit,
		Price: booktest.Rate("1")})[0]
	for n := range 3 {
		h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, n))[0]
		on := journal.Date("2024-01-01")
		if n == 2 {
			on = "2025-07-01"
		}
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units("100"), Date: on})
		holders = append(holders, h)
	}
	trade := func(n int, product, unit, volume, amount string) *dividend.RecordTrade {
		return &dividend.RecordTrade{Entity: entity, Holder: holders[n], Date: "2025-08-01", Product: product, Unit: unit,
			Volume: booktest.Units(volume), Amount: yuan(amount)}
	}
	b.Record("kj-yuxin", trade(0, "苹果", "斤", "100", "100"), trade(0, "梨", "箱", "1", "60"), trade(1, "苹果", "斤", "300", "333.33"),
		trade(2, "苹果", "斤", "50.5", "60"),
		&register.TransferShares{Class: class, From: holders[2], To: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("100")}},
			Date: "2026-02-10", Cause: register.Gift},
		&income.RecordIncome{Book: entity, Item: "operating", Date: "2025-12-01", Amount: yuan("100")})
	return entity, holders
}

// Each product has its rate or part and its unit, and counts those who were members from a day on to the meeting.
func TestPatronageByProduct(t *testing.T) {
	apples := plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "苹果", Unit: "斤", Rate: booktest.Rate("0.2")}
	with := func(c plan.Component, change func(*plan.Component)) plan.Component {
		change(&c)
		return c
	}
	for _, c := range []struct {
		name string
		part plan.Component
		want string // of the three, or the field of the refusal
	}{
		{"a rate for a 斤 of one product", apples, "20.00 60.00 10.10"},
		{"a part divided by one product's volume", with(apples, func(c *plan.Component) { c.Rate, c.Pool = 0, yuan("90.10") }),
			"20.00 60.00 10.10"},
		{"a percentage of all products' amount, rounded half up", plan.Component{Rule: plan.Patronage, Rate: booktest.Rate("15")},
			"24.00 50.00 9.00"},
		{"a percentage of one product's", plan.Component{Rule: plan.Patronage, Product: "梨", Rate: booktest.Rate("100")}, "60.00 0.00 0.00"},
		{"who was a member on 30 June", with(apples, func(c *plan.Component) { c.MemberFrom = "2025-06-30" }), "20.00 60.00 0.00"},
		{"who was one on 1 July", with(apples, func(c *plan.Component) { c.MemberFrom = "2025-07-01" }), "20.00 60.00 10.10"},
		{"and to a meeting the day before he left", with(apples, func(c *plan.Component) {
			c.MemberFrom, c.MemberTo = "2025-07-01", "2026-02-09"
		}), "20.00 60.00 10.10"},
		{"to a meeting on the day he left", with(apples, func(c *plan.Component) { c.MemberTo = "2026-02-10" }), "20.00 60.00 10.10"},
		{"to a meeting the day after", with(apples, func(c *plan.Component) { c.MemberTo = "2026-02-11" }), "20.00 60.00 0.00"},
		{"to a meeting that is still to come", with(apples, func(c *plan.Component) { c.MemberTo = "2026-03-02" }), "components.0.member_to"},
		{"days in the wrong order", with(apples, func(c *plan.Component) { c.MemberFrom, c.MemberTo = "2026-02-09", "2026-02-08" }),
			"components.0.member_to"},
		{"in another unit", with(apples, func(c *plan.Component) { c.Unit = "公斤" }), "components.0.product_unit"},
		{"a unit without a product", plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Unit: "斤", Pool: yuan("1")},
			"components.0.product_unit"},
		{"volumes in two units together", plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Pool: yuan("90")},
			"components.0.product"},
		{"a rate for a unit of everything", plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Rate: booktest.Rate("1")},
			"components.0.product"},
		{"both a rate and a part", with(apples, func(c *plan.Component) { c.Pool = yuan("1") }), "components.0.rate"},
		{"neither", with(apples, func(c *plan.Component) { c.Rate = 0 }), "components.0.pool"},
		{"more than all of the amount", plan.Component{Rule: plan.Patronage, Rate: booktest.Rate("100.01")}, "components.0.rate"},
		{"a product that nobody traded", with(apples, func(c *plan.Component) { c.Product = "桃" }), "components.0.product"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, holders := orchard(b)
			receipt, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.DraftDistribution{Entity: entity, Year: 2025,
				RecordDate: "2025-12-31", Resolution: "1", Components: []plan.Component{c.part}}}})
			if err == nil {
				_, err = b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: receipt.IDs[0]}}})
			}
			if all := journal.All(err); len(all) > 0 {
				if all[0].Field != c.want {
					t.Errorf("refused at %s: %v; want %s", all[0].Field, all[0], c.want)
				}
				return
			}
			b.See("yixian", func(v *journal.View) {
				got := ""
				for _, h := range holders {
					p, _ := dividend.PayoutOf(v, receipt.IDs[0], h)
					got += " " + p.Due.String()
					list, err := dividend.Explain(v, mustPlan(v, receipt.IDs[0]), h)
					if err != nil || p.Due > 0 && len(list) == 0 {
						t.Errorf("%s is not explained: %v", h, err)
					}
				}
				if got != " "+c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
			})
			b.Verified()
		})
	}
}

func mustPlan(v *journal.View, id string) plan.Distribution {
	d, err := dividend.Distribution(v, id)
	if err != nil {
		panic(err)
	}
	return d
}

// A product has one unit in a year; what a first round gave of a rate is part of the year's; and who was a member to the meeting is not
// changed under a submitted plan.
func TestProductsKeepTheirUnitAndTheirMembers(t *testing.T) {
	b := booktest.New(t)
	entity, holders := orchard(b)
	kilos := &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-09-01", Product: "苹果", Unit: "公斤",
		Volume: booktest.Units("5")}
	b.Refuses("kj-yuxin", journal.Conflict, "product_unit", kilos)
	kilos.Date = "2026-01-05" // another year
	b.Record("kj-yuxin", kilos)
	part := plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "苹果", Rate: booktest.Rate("0.1")}
	draft := func(rate string, on journal.Date, interim bool) string {
		c := part
		c.Rate, c.MemberTo = booktest.Rate(rate), "2026-02-09"
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: on, Resolution: "1", Interim: interim,
			Components: []plan.Component{c}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	draft("0.05", "2025-10-31", true)
	final := draft("0.2", "2025-12-31", false)
	b.See("yixian", func(v *journal.View) {
		if p, _ := dividend.PayoutOf(v, final, holders[1]); p.Due != yuan("45") { // 60.00 less 15.00
			t.Errorf("the second gets %s", p.Due)
		}
	})
	class := journal.ClassID.ID(journal.ClassID.Front(entity), 1)
	early := &register.TransferShares{Class: class, From: holders[1],
		To:   []register.Lot{{Holder: holders[0], Quantity: booktest.Units("100")}},
		Date: "2026-02-08", Cause: register.Gift}
	if f := b.Refuses("kj-yuxin", journal.Conflict, "date", early); !booktest.HasText(f, final) && !booktest.HasText(f, "D2025") {
		t.Errorf("refused without the plan: %v", f)
	}
	early.Date = "2026-02-09" // still a member on the day of the meeting
	b.Record("kj-yuxin", early)
	b.Verified()
}
