package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
)

// checkCapital refuses to make capital of what a plan gives: only in a specialised cooperative, by resolution, into the account of one who
// is a member (农民专业合作社法 art. 44 ¶3). Who shares by accounts later stands on it.
func (e *ConfirmPayouts) checkCapital(c *journal.Checking, f *journal.Faults, d plan.Distribution) {
	entity, _ := register.EntityTable.Get(c, d.Entity)
	if entity.Kind != register.SpecialisedCooperative {
		f.Invalid("capital", e.Capital, "只有农民专业合作社能把盈余转为成员出资,%s是%s", entity.Name, entity.Kind.Label())
		return
	}
	if e.Resolution == "" {
		e.Resolution = d.Resolution
	}
	resolution.Name(c, f, &e.Resolution, d.Entity, resolution.Distribution)
	for i, ref := range e.Holders {
		p, ok := payouts.Get(c, d.ID+ref)
		if ok && p.Tax+p.Deducted > 0 {
			f.Add(journal.Conflict, "holders."+strconv.Itoa(i), ref, "%s的款里有代扣税 %s 元、扣款 %s 元,不能整笔转为出资", nameOf(c, p.Holder), p.Tax.Grouped(),
				p.Deducted.Grouped())
		}
		if at := "holders." + strconv.Itoa(i); ok && (p.From != "" || !isMember(c, d.Entity, p.Holder)) {
			f.Add(journal.Conflict, at, ref, "%s现在不是成员,没有成员账户,只能付钱", nameOf(c, p.Holder))
		}
	}
	plan.Guard(c, f, "date", e.Date, plan.Accounts, d.Entity, e.Date)
}

// checkTurnedBack refuses to take back that a payout became capital where a plan shares by the accounts, or its member has been settled
// since.
func checkTurnedBack(c *journal.Checking, f *journal.Faults, d plan.Distribution, i int, p Payout, on journal.Date) {
	at := "holders." + strconv.Itoa(i)
	if on != "" && on < p.Date {
		f.Invalid("date", on, "日期 %s 早于付款的 %s", string(on), string(p.Date))
		return
	}
	if l, ok := leavingOf(c, d.Entity, p.Holder); ok && l.Settled != nil {
		f.Add(journal.Conflict, at, p.Ref(), "%s已经退社结算,转成的出资已经退还;请先冲销那次结算", nameOf(c, p.Holder))
	}
	if on == "" {
		on = p.Date
	}
	income.CheckBookDate(c, f, d.Village(), at, on)
	plan.Guard(c, f, at, p.Ref(), plan.Accounts, d.Entity, on)
}

// turn writes a payout that became capital into the member's account and the plan's sums; with -1 it takes that back.
func turn(a *journal.Applying, d *plan.Distribution, p Payout, sign money.Yuan, on journal.Date) {
	d.Capital += sign * p.Due
	d.CapitalTrade += sign * byTrade(*d, p)
	line := AccountLine{Capital: true, Year: d.Year, Date: on, Amount: sign * p.Due, Source: d.ID, Entry: a.Seq}
	if sign < 0 {
		line.Reverses = p.Entry
	}
	accountLines.Put(a.Tx, d.Entity+p.Holder+journal.SeqKey(a.Seq), line)
}

// byTrade is what of a payout a plan gives back by trade.
func byTrade(d plan.Distribution, p Payout) (sum money.Yuan) {
	for i, c := range d.Components {
		if c.Rule == plan.Patronage {
			sum += p.Part(i).Amount
		}
	}
	return min(sum, p.Due)
}
