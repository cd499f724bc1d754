package ledger_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

// Every mistake can be put right by an entry that names it, and counts and sums follow.
func TestMistakesAreReversed(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("5000")})

	// Shares issued to the wrong household.
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&register.IssueShares{Class: population,
		Holder: holders[0], Quantity: booktest.Units("7"), Date: "2025-01-01"}}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := int(r.Ranges[0].First)
	b.Record("kj-yuxin", &register.ReverseMovement{Class: population, Holder: holders[0], Movement: wrong, Reason: "写错户"})
	b.Refuses("kj-yuxin", journal.Conflict, "movement", &register.ReverseMovement{Class: population, Holder: holders[0], Movement: wrong,
		Reason: "又"})
	b.See("kj-yuxin", func(v *journal.View) {
		hold, _ := register.HoldingsOf(v, holders[0])
		c, _ := register.ShareClassOf(v, population)
		events, _ := register.HoldingEvents(v, population, holders[0])
		if hold[0].Quantity != booktest.Units("1") || c.Issued != booktest.Units("3") || len(events) != 3 || events[2].Reverses != uint64(wrong) {
			t.Errorf("holds %s of %s, events %+v", hold[0].Quantity, c.Issued, events)
		}
	})

	// A household whose only shares are taken back is no shareholder any more, but its history stays.
	events := func() []register.HoldingEvent {
		var list []register.HoldingEvent
		b.See("kj-yuxin", func(v *journal.View) {
			hold, _ := register.HoldingsOf(v, holders[1])
			for _, h := range hold {
				e, _ := register.HoldingEvents(v, h.Class.ID, holders[1])
				list = append(list, e...)
			}
		})
		return list
	}
	for _, e := range events() {
		b.Record("kj-yuxin", &register.ReverseMovement{Class: e.Class.ID, Holder: holders[1], Movement: int(e.Entry), Reason: "不是本村人"})
	}
	if n := len(events()); n != 4 {
		t.Errorf("%d events are left of four", n)
	}
	b.See("yixian", func(v *journal.View) {
		sums, _ := report.ReportOf(v, region.Code(booktest.Yuxin), 2025)
		if sums.Shareholders != 1 || sums.People != 1 {
			t.Errorf("%d shareholders, %d people", sums.Shareholders, sums.People)
		}
	})

	// A household registered with the wrong number and size.
	b.Record("kj-yuxin", &register.CorrectShareholder{Holder: holders[0], IDNo: booktest.ResidentID(900), People: 6, Reason: "身份证抄错"})
	b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 0)) // the number that was wrong is free again
	b.Record("kj-yuxin", &register.CorrectShareholder{Holder: holders[0], Marks: []string{"脱贫户"}, Reason: "认定"},
		&register.CorrectShareholder{Holder: holders[0], Clear: []string{"marks", "phone"}, Reason: "取消"})
	b.Refuses("kj-yuxin", journal.Invalid, "clear", &register.CorrectShareholder{Holder: holders[0], Clear: []string{"name"}, Reason: "取消"})
	b.See("kj-yuxin", func(v *journal.View) {
		if s, _ := register.ShareholderOf(v, holders[0]); len(s.Marks) != 0 || register.Masked(v, s).Phone != "" {
			t.Errorf("marks %v and phone %q are not cleared", s.Marks, register.Masked(v, s).Phone)
		}
	})
	b.See("yixian", func(v *journal.View) {
		if sums, _ := report.ReportOf(v, region.Code(booktest.Yuxin), 2025); sums.People != 6 {
			t.Errorf("%d people", sums.People)
		}
		if list, _, _ := register.FindShareholders(v, region.Code(booktest.Yuxin), booktest.ResidentID(900), "", 9); len(list) != 1 ||
			list[0].ID != holders[0] {
			t.Errorf("found by the right number: %+v", list)
		}
	})

	// A payout marked paid that the bank sent back.
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("100")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "银行退回"})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "又"})
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, id); d.Paid != 0 || d.PaidCount != 0 || d.Outstanding() != d.Due {
			t.Errorf("after the reversal: %+v", d)
		}
	})
	b.Record("kj-yuxin", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:1], Reason: "卡已注销"})

	// A line under an item that the form of the open years no longer has.
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "contracting", Date: "2023-06-01", Amount: booktest.Yuan("300")})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2023})
	b.Record("kj-yuxin", &income.ReverseIncome{Income: booktest.Yuxin + "Y2023N00001", Date: "2026-01-05", Reason: "重复"})
	b.See("yixian", func(v *journal.View) {
		if s, _ := income.StatementOf(v, booktest.Yuxin, 2026); s.Operating != booktest.Yuan("-300") {
			t.Errorf("operating income after the reversal %s", s.Operating)
		}
	})
	b.Verified()
}
