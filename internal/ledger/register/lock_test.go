package register_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Numbers of who holds nothing any more are locked: nobody sees them or finds anybody by them, nothing is done with the shareholder, and
// one number still stands on the register once. Unlocked, all is as before. While they are needed they are not locked.
func TestLockedNumbers(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &register.LockNumbers{Holder: holders[0], Reason: "x"}) // holds shares
	gone := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 40))[0]
	lock := &register.LockNumbers{Holder: gone, Reason: "早已退出"}
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &register.LockNumbers{Holder: gone})
	b.Refuses("kj-yuxin", journal.NotFound, "holder", &register.LockNumbers{Holder: booktest.Yuxin + "H09999", Reason: "x"})
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &register.UnlockNumbers{Holder: gone, Reason: "x"})
	member := b.Record("kj-yuxin", &register.ConfirmMember{Collective: entity, Name: "测试户00040", IDNo: booktest.ResidentID(40),
		Date: "2020-01-01"})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "holder", lock) // a member
	b.Record("kj-yuxin", &register.LoseMembership{Member: member, Date: "2025-01-01", Cause: "death"}, lock)
	look := func(locked bool) {
		t.Helper()
		b.See("kj-yuxin", func(v *journal.View) {
			s, _ := register.ShareholderOf(v, gone)
			if n := register.Masked(v, s); locked != (n.ID == ident.Mask("?")) || locked != (n.Card == ident.Mask("?")) {
				t.Errorf("locked %v: the page shows %+v", locked, n)
			}
			for _, text := range []string{booktest.ResidentID(40), booktest.ResidentID(40)[12:]} {
				list, _, err := register.FindShareholders(v, booktest.Yuxin, text, "", 9)
				if err != nil || len(list) == 0 == !locked {
					t.Errorf("locked %v: %s finds %v, %v", locked, text, list, err)
				}
			}
		})
	}
	look(true)
	for what, e := range map[string]journal.Entry{
		"holder": &register.ChangeBankCard{Holder: gone, Card: booktest.CardNo(41), Bank: "农商银行"},
		"of":     &register.RevealNumbers{Of: gone, Reason: "x"},
		"id_no":  booktest.Household(booktest.Yuxin, 40), // registered already
	} {
		b.Refuses("kj-yuxin", journal.Conflict, what, e)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &register.CorrectShareholder{Holder: gone, Phone: "13800000001", Reason: "x"})
	issue := &register.IssueShares{Class: class, Holder: gone, Quantity: booktest.Units("1"), Date: "2026-01-01"}
	b.Refuses("kj-yuxin", journal.Conflict, "holder", issue)
	b.Refuses("kj-yuxin", journal.Conflict, "holder", lock) // again
	b.Refuses("kj-yuxin", journal.Conflict, "household", &register.ConfirmMember{Collective: entity, Name: "测试员", Household: gone,
		IDNo: booktest.ResidentID(41), Date: "2026-01-01"})
	b.Verified()
	b.Record("kj-yuxin", &register.UnlockNumbers{Holder: gone, Reason: "重新入股"}, issue)
	look(false)
	b.Verified()
}
