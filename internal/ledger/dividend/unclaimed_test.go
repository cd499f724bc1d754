package dividend_test

import (
	"fmt"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// What could not be paid has an age from the day on which it could have been; it goes to the reserve by resolution alone, where it stays
// theirs, whatever the plan has come to: a year later, the plan put away and the year closed, it is paid out of the reserve.
func TestUnclaimedIsNeverLost(t *testing.T) {
	b := booktest.New(t)
	_, _, id, h := drafted(b, register.StockCooperative) // 16.67, 33.33 and 50.00
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id, Resolution: "1"})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		if err := dividend.UnclaimedIn(v, "210727000000", 0, func(u dividend.Unclaimed) error {
			t.Errorf("what waits for display is not unclaimed: %s", u.Payout.Holder)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
	b.Disclosed(id) // 2026-03-01 to 03-07; today is 03-09
	ages := func(days int) (said string) {
		b.See("yixian", func(v *journal.View) {
			if err := dividend.UnclaimedIn(v, "210727000000", days, func(u dividend.Unclaimed) error {
				said += fmt.Sprintf("%s %s since %s %d; ", u.Payout.Due, u.Payout.State, u.Since, u.Days)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
		return said
	}
	if got := ages(0); got != "16.67  since 2026-03-08 1; 33.33  since 2026-03-08 1; 50.00  since 2026-03-08 1; " {
		t.Errorf("%s", got)
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: h[2:]},
		&dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: h[:1], Reason: "销户"},
		&dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: h[1:2], Reason: "人不在"})
	b.Time = b.Time.AddDate(0, 0, 28) // the thirtieth day is 2026-04-07
	if got := ages(30); got != "" {
		t.Errorf("after 29 days: %s", got)
	}
	b.Time = b.Time.AddDate(0, 0, 1)
	if got := ages(30); got != "16.67 failed since 2026-03-08 30; 33.33 failed since 2026-03-08 30; " {
		t.Errorf("after 30 days: %s", got)
	}
	today := journal.DateOf(b.Time)
	reserve := &dividend.ReserveUnclaimed{Distribution: id, Holders: h[:2], Date: today}
	b.Refuses("kj-yuxin", journal.Invalid, "resolution", reserve)
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0",
		&dividend.ReserveUnclaimed{Distribution: id, Holders: h[2:], Date: today, Resolution: "9"})
	reserve.Resolution = "9"
	before := statementOf(b, booktest.Yuxin, 2026)
	b.Record("kj-yuxin", reserve)
	inReserve := func() (sum string) {
		b.See("yixian", func(v *journal.View) {
			list, _, err := income.Standings(v, booktest.Yuxin)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				sum += fmt.Sprintf("%s %s %s; ", s.Source, s.Account, s.Sum)
			}
		})
		return sum
	}
	if got := inReserve(); got != "unclaimed reserve 50.00; " {
		t.Errorf("the reserve has %s", got)
	}
	if after := statementOf(b, booktest.Yuxin, 2026); after.Gain != before.Gain || after.Distributable != before.Distributable ||
		after.Held != before.Held {
		t.Errorf("what nobody came for is no gain, and makes good no loss: %+v, before %+v", after, before)
	}
	fund := booktest.Yuxin + "F20260001"
	b.Refuses("kj-yuxin", journal.Conflict, "line", &income.ReverseFund{Line: fund, Reason: "x"})
	b.Refuses("kj-yuxin", journal.Invalid, "source", &income.UseFund{Book: booktest.Yuxin, Source: income.UnclaimedDividend,
		Account: income.ReserveAccount, Date: today, Amount: 1, Note: "x", Resolution: "9"})
	b.Record("kj-yuxin", &dividend.CloseDistribution{Distribution: id})
	b.Time = b.Time.AddDate(1, 0, 0)
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2026})
	if got := ages(365); got != "16.67 reserved since 2026-03-08 395; 33.33 reserved since 2026-03-08 395; " {
		t.Errorf("a year later: %s", got)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0",
		&dividend.ConfirmPayouts{Distribution: id, Date: journal.DateOf(b.Time), Holders: h[2:]})
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: journal.DateOf(b.Time), Holders: h[:1]})
	if got := inReserve(); got != "unclaimed reserve 33.33; " {
		t.Errorf("one has come, the reserve has %s", got)
	}
	// the other one wants it by his bank: it is due again, of a plan that goes on
	b.Refuses("kj-yuxin", journal.Conflict, "date", &dividend.ReversePayouts{Distribution: id, Holders: h[1:2],
		Reason: "来领"}) // 2026 is closed
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: h[1:2], Reason: "来领", Date: journal.DateOf(b.Time)},
		&dividend.MakeBatch{Distribution: id, Date: journal.DateOf(b.Time)},
		&dividend.SettleBatch{Batch: id + "T01", Date: journal.DateOf(b.Time), Results: []dividend.BatchResult{{Line: 1, State: dividend.Paid}}},
		&dividend.CloseDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		if d := mustPlan(v, id); d.Paid != yuan("100") || d.Held != 0 || d.Reserved != 0 || d.State != plan.Closed {
			t.Errorf("%+v", d)
		}
	})
	if got := inReserve() + ages(0); got != "" {
		t.Errorf("all have come: %s", got)
	}
	b.Verified()
}

// A body without a reserve keeps what nobody came for as due, and land compensation stays in its fund.
func TestUnclaimedWithoutAReserve(t *testing.T) {
	b := booktest.New(t)
	class, h := company(b)
	id := draftTaxed(b, class, "10", dividend.DraftDistribution{})
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.ReserveUnclaimed{Distribution: id, Holders: h[:1],
		Date: journal.DateOf(b.Time), Resolution: "1"})
}
