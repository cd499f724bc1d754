package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// From a death on nothing goes to the dead's account: plans and batches name it, a line already sent stays and takes the bank's answer,
// what
// failed is held for the heirs. No frozen figure changes.
func TestTheDeadAreNotPaid(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000") // four who hold
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	day := journal.DateOf(b.Time)
	var due []dividend.Payout
	payouts := func() (list []dividend.Payout) {
		b.See("kj-yuxin", func(v *journal.View) {
			list, _, _ = dividend.Payouts(v, id, "", 10, func(dividend.Payout) bool { return true })
		})
		return list
	}
	due = payouts()
	// The first dies before the batch, with a householder who follows; the second after it, as do the third's whole household.
	b.Record("kj-yuxin", &register.RecordDeath{Holder: holders[0], Date: "2024-02-10", Head: "测试新户主", HeadIDNo: booktest.ResidentID(905)})
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.MakeBatch{Distribution: id, Date: day}}})
	if err != nil || len(r.Doubts) != 1 || !booktest.HasText(r.Doubts[0], "不报银行") {
		t.Fatalf("%v %v", r.Doubts, err)
	}
	batch := r.IDs[0]
	for _, h := range holders[1:3] {
		b.Record("kj-yuxin", &register.RecordDeath{Holder: h, Date: day})
	}
	lines, marked := map[string]int{}, 0
	b.See("kj-yuxin", func(v *journal.View) {
		if err := dividend.EachBatchLine(v, batch, register.Revealed{}, func(l dividend.NumberedLine) error {
			if lines[l.Ref] = l.Number; l.Late != nil {
				marked++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if can, err := dividend.SendableOf(v, id); err != nil || len(can.Late) != 3 || can.NoCard != 0 {
			t.Errorf("the plan names %d dead, %v", len(can.Late), err)
		}
	})
	if _, sent := lines[holders[0]]; sent || len(lines) != 3 || marked != 2 {
		t.Fatalf("in the batch: %v, %d marked", lines, marked)
	}
	r, err = b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SettleBatch{Batch: batch, Date: day,
		Results: []dividend.BatchResult{{Line: lines[holders[1]], State: dividend.Paid},
			{Line: lines[holders[2]], State: dividend.Failed, Reason: "账户已销"}, {Line: lines[holders[3]], State: dividend.Paid}}}}})
	if err != nil || len(r.Doubts) != 2 {
		t.Fatalf("the result names %v, %v", r.Doubts, err)
	}
	for i, want := range []dividend.PayoutState{dividend.Due, dividend.Paid, dividend.Held, dividend.Paid} {
		if p := payouts()[i]; p.State != want || p.Due != due[i].Due {
			t.Errorf("payout %d is %s %s, want %s %s", i, p.State, p.Due, want, due[i].Due)
		}
	}
	// The household that goes on is paid to its new account; the single dead's money goes to heirs.
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: holders[0], Bank: "农商银行", Card: booktest.CardNo(606)})
	b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: day})
	b.Record("kj-yuxin", &dividend.ReleasePayout{Distribution: id, Holder: holders[2], Reason: "公证书",
		Heirs: []dividend.Heir{{Holder: holders[3], Amount: due[2].Due}}})
	b.Verified()
}

// What has fallen to heirs cannot be marked as paid to the dead.
func TestMarkedAsPaidAfterADeath(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2")}}})[0]
	b.Record("kj-yuxin", &register.RecordDeath{Holder: holders[0], Date: "2026-01-10"})
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}})
	if err != nil || len(r.Doubts) != 1 {
		t.Fatalf("the plan names %v, %v", r.Doubts, err)
	}
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	day := journal.DateOf(b.Time)
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: day, All: true})
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: day, Holders: holders[1:]},
		&dividend.HoldPayouts{Distribution: id, Holders: holders[:1], Reason: "户主去世"})
}
