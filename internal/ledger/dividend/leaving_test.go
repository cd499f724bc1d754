package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Months of notice are calendar months back from the year's last day; exactly three, of bodies six, are enough. A charter may ask for more.
func TestNoticeOfLeaving(t *testing.T) {
	person, body := register.Shareholder{Kind: register.Household}, register.Shareholder{Kind: register.Company}
	for _, c := range []struct {
		name    string
		who     register.Shareholder
		charter int
		notice  journal.Date
		want    int
	}{
		{"three months exactly", person, 0, "2025-09-30", 2025},
		{"a day late", person, 0, "2025-10-01", 2026},
		{"six months exactly", body, 0, "2025-06-30", 2025},
		{"a body a day late", body, 0, "2025-07-01", 2026},
		{"a charter of four", person, 4, "2025-08-31", 2025},
		{"a charter of four, a day late", person, 4, "2025-09-01", 2026},
		{"a charter of four shortens nothing for a body", body, 4, "2025-07-01", 2026},
		{"a charter of twelve", person, 12, "2025-01-01", 2026},
		{"a charter of ten, to the end of a short month", person, 10, "2024-02-29", 2024},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (register.Entity{LeaveNotice: c.charter}).LeavesAt(c.who, c.notice); got != c.want {
				t.Errorf("leaves at the end of %d, want %d", got, c.want)
			}
		})
	}
}

// cooperative is a specialised cooperative with three members of 100, 200 and 300 shares of 10 yuan, reserve shares of 60, 120 and 180 and
// 30
// of a grant each, whose year 2025 closes with a loss.
func leavingBooks(t *testing.T, b *booktest.Books, loss string) (entity, class string, holders []string) {
	t.Helper()
	entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬合作社", Kind: register.SpecialisedCooperative,
		Founded: "2020-01-01"})[0]
	class = b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("10")})[0]
	for i, q := range []string{"100", "200", "300"} {
		h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 300+i))[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units(q), Date: "2022-01-01"})
		holders = append(holders, h)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2023-05-01", Amount: booktest.Yuan("3600")},
		&register.ChangeReserve{Entity: entity, Reserve: booktest.Rate("10"), From: 2023, Resolution: "1"})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2023})
	b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2024-02-01", Resolution: "1"},
		&dividend.QuantifySubsidy{Entity: entity, Date: "2024-03-01", Amount: booktest.Yuan("90"), Source: "县农业农村局"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "management", Date: "2025-05-01", Amount: booktest.Yuan(loss)})
	return entity, class, holders
}

// A member who leaves stays one until the account is settled after the books close; it is paid capital and reserve share less its part of
// the losses, over years where the charter says so; its part of grants stays with the others. Every step is taken back by naming it.
func TestLeaving(t *testing.T) {
	b := booktest.New(t)
	entity, class, holders := leavingBooks(t, b, "3906.30") // 3,240 brought forward: a loss of 666.30
	me := holders[0]
	b.Refuses("kj-yuxin", journal.Invalid, "leave_notice", &register.ChangeCharter{Entity: entity, LeaveNotice: 2, Resolution: "1"})
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, LeaveYears: 3, Resolution: "1"})
	apply := &dividend.ApplyToLeave{Entity: entity, Holder: me, Date: "2025-09-30", Reason: "进城"}
	stranger := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 399))[0]
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &dividend.ApplyToLeave{Entity: entity, Holder: stranger, Date: "2025-09-30"})
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &dividend.SettleLeaving{Entity: entity, Holder: me, Date: "2026-02-01"})
	applied := postOf(t, b, apply)
	b.Refuses("kj-yuxin", journal.Conflict, "holder", apply)
	settle := func(date journal.Date) *dividend.SettleLeaving {
		return &dividend.SettleLeaving{Entity: entity, Holder: me, Date: date}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "date", settle("2025-12-31"))
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date", settle("2026-02-01")); !booktest.HasText(e, "还没有结账") {
		t.Error(e)
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024}, &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	accounts := func(on journal.Date) map[string]dividend.MemberAccount {
		byHolder := map[string]dividend.MemberAccount{}
		b.See("kj-yuxin", func(v *journal.View) {
			list, _ := dividend.MemberAccounts(v, entity, on)
			for _, m := range list {
				byHolder[m.Holder] = m
			}
		})
		return byHolder
	}
	before := accounts("2026-02-01")
	if m := before[me]; m.Capital != booktest.Yuan("1000") || m.Reserve != booktest.Yuan("60") || m.Subsidy != booktest.Yuan("30") {
		t.Fatalf("the account before: %+v", m)
	}
	settled := postOf(t, b, settle("2026-02-01"))
	leaving := func() (l dividend.Leaving) {
		b.See("kj-yuxin", func(v *journal.View) { l, _, _ = dividend.LeavingOf(v, entity, me) })
		return l
	}
	s := leaving().Settled
	// 666.30 by 1,060 : 2,120 : 3,180 is 111.05 : 222.10 : 333.15.
	if s.Loss != booktest.Yuan("111.05") || s.Paid != booktest.Yuan("948.95") || len(s.Installments) != 3 ||
		s.Installments[0].Amount != booktest.Yuan("316.32") || s.Installments[2].Amount != booktest.Yuan("316.31") ||
		s.Installments[2].Due != "2028-02-01" {
		t.Fatalf("settled: %+v", s)
	}
	after := accounts("2026-02-01")
	if _, in := after[me]; in || after[holders[1]].Subsidy != booktest.Yuan("45") || after[holders[2]].Subsidy != booktest.Yuan("45") ||
		after[holders[1]].Reserve != booktest.Yuan("120") {
		t.Errorf("the accounts after: %+v", after)
	}
	if a := accounts("2026-01-31"); a[me] != before[me] {
		t.Errorf("a day before it is %+v", a[me])
	}
	pay := func(n int, date journal.Date) *dividend.PayLeaving {
		return &dividend.PayLeaving{Entity: entity, Holder: me, Installment: n, Date: date}
	}
	b.Refuses("kj-yuxin", journal.NotFound, "installment", pay(4, "2026-02-02"))
	b.Refuses("kj-yuxin", journal.Invalid, "date", pay(1, "2026-01-31"))
	paid := postOf(t, b, pay(1, "2026-02-02"))
	b.Refuses("kj-yuxin", journal.Conflict, "installment", pay(1, "2026-02-02"))
	b.Refuses("kj-yuxin", journal.Conflict, "movement", &register.ReverseMovement{Class: class, Holder: me, Movement: settled, Reason: "x"})
	back := func(step int) *dividend.ReverseLeaving {
		return &dividend.ReverseLeaving{Entity: entity, Holder: me, Step: step, Reason: "记错"}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "step", back(settled))
	b.Record("kj-yuxin", back(paid))
	if leaving().Settled.PaidSum() != 0 {
		t.Error("the payment stands")
	}
	b.Record("kj-yuxin", back(settled))
	if again := accounts("2026-02-01"); again[me] != before[me] || again[holders[1]] != before[holders[1]] {
		t.Errorf("after the reversal: %+v", again)
	}
	b.Record("kj-yuxin", back(applied))
	b.See("kj-yuxin", func(v *journal.View) {
		if _, open, _ := dividend.LeavingOf(v, entity, me); open {
			t.Error("the notice stands")
		}
	})
	b.Record("kj-yuxin", apply, settle("2026-02-01"))
	b.Verified()
}

// Without losses everything paid in and the reserve share come back at once; losses above the account leave nothing to pay, and no debt.
func TestLeavingByTheLosses(t *testing.T) {
	for _, c := range []struct{ name, spent, loss, paid string }{
		{"none", "100", "0", "1060"},
		{"all of it", "99999", "16126.5", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, _, holders := leavingBooks(t, b, c.spent)
			b.Record("kj-yuxin", &dividend.ApplyToLeave{Entity: entity, Holder: holders[0], Date: "2025-09-30"})
			b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024}, &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
			b.Record("kj-yuxin", &dividend.SettleLeaving{Entity: entity, Holder: holders[0], Date: "2026-01-01"})
			b.See("kj-yuxin", func(v *journal.View) {
				l, _, _ := dividend.LeavingOf(v, entity, holders[0])
				if l.Settled.Loss != booktest.Yuan(c.loss) || l.Settled.Paid != booktest.Yuan(c.paid) {
					t.Errorf("settled: %+v", l.Settled)
				}
			})
			b.Verified()
		})
	}
}

// postOf records an entry and returns its number in the journal.
func postOf(t *testing.T, b *booktest.Books, e journal.Entry) int {
	t.Helper()
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
	if err != nil {
		t.Fatalf("%T: %v", e, err)
	}
	return int(r.Ranges[0].First)
}
