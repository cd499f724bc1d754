package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// What a paid plan gave wrongly is put right by the next ones: a deduction makes no payout negative and what exceeds it stays open, others
// get
// no more added than was deducted; a plan that is given up gives back what it took.
func TestCorrectionsThroughTheNextPlan(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "100000") // 10, 20, 30, 40 shares
	plans := 0
	submit := func(rate string) string {
		plans++
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "1",
			Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate(rate)}}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	first := submit("10") // 100, 200, 300, 400
	right := func(holder int, sum string) *dividend.CorrectPayout {
		return &dividend.CorrectPayout{Distribution: first, Holder: holders[holder], Right: booktest.Yuan(sum), Date: journal.DateOf(b.Time),
			Reason: "股数登记错了"}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", right(0, "60")) // not approved
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: first})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", right(0, "60")) // nothing is paid: void it
	b.Disclosed(first)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: first, Date: journal.DateOf(b.Time), All: true})
	b.Refuses("kj-yuxin", journal.Conflict, "right", right(0, "100"))
	b.Refuses("kj-yuxin", journal.Invalid, "right", right(0, "-1"))
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &dividend.CorrectPayout{Distribution: first, Holder: holders[0],
		Date: journal.DateOf(b.Time)})
	b.Record("kj-yuxin", right(0, "60"), right(1, "230"), right(2, "350")) // −40, +30, +50
	b.Refuses("kj-yuxin", journal.Conflict, "right", right(0, "60"))       // it is that by now

	const before = "1 25.00, 2 50.00, 3 75.00, 4 100.00"
	second := submit("2.5") // of 25 all is deducted; 25 are added to the second
	if got := dues(t, b, second); got != "1 0.00, 2 75.00, 3 75.00, 4 100.00" {
		t.Errorf("the second gives %s, not corrected %s", got, before)
	}
	b.Record("kj-yuxin", &dividend.VoidDistribution{Distribution: second, Reason: "不分了"})
	second = submit("2.5")
	if got := dues(t, b, second); got != "1 0.00, 2 75.00, 3 75.00, 4 100.00" {
		t.Errorf("submitted again it gives %s", got)
	}
	b.See("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, second)
		why, err := dividend.Explain(v, d, holders[0])
		if err != nil || len(why) != 2 || !booktest.HasText(why[1].Lines[0], "这次算 -25.00 元") || !booktest.HasText(why[1].Lines[0], first) {
			t.Errorf("explained as %v, %v", why, err)
		}
		if d.Due != booktest.Yuan("250") || d.Nothing != 1 {
			t.Errorf("the plan comes to %s, %d of nothing", d.Due, d.Nothing)
		}
	})
	third := submit("2") // of 20 the last 15 are deducted: 5 to the second, 10 to the third
	if got := dues(t, b, third); got != "1 5.00, 2 45.00, 3 70.00, 4 80.00" {
		t.Errorf("the third gives %s", got)
	}
	b.See("yixian", func(v *journal.View) {
		list, err := dividend.Corrections(v, entity, first)
		if err != nil || len(list) != 3 || list[0].Left != 0 || list[1].Left != 0 || list[2].Left != booktest.Yuan("40") {
			t.Errorf("open: %+v, %v", list, err)
		}
	})
	if _, _, err := dividend.Refigure(b.Store(), func(d dividend.Difference) { t.Error(d) }); err != nil {
		t.Error(err)
	}
	b.Verified()
}
