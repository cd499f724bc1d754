package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

// PayLeaving notes that an installment of what a leaving member gets has been paid.
type PayLeaving struct {
	Entity      string       `cbor:"1,keyasint" json:"entity"`
	Holder      string       `cbor:"2,keyasint" json:"holder"`
	Installment int          `cbor:"3,keyasint" json:"installment"` // from 1
	Date        journal.Date `cbor:"4,keyasint" json:"date"`
}

var _ = journal.Register(&PayLeaving{}, journal.Kind{
	Label: "退社付款", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.(*PayLeaving).Entity },
	Hints: map[string]string{
		"installment": "第几期,从 1 数",
	},
})

// Place is the village of the cooperative.
func (e *PayLeaving) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the member's id.
func (e *PayLeaving) Subject() string { return e.Holder }

func (e *PayLeaving) Check(c *journal.Checking) error {
	if _, err := register.EntityOfIn(c, e.Entity); err != nil {
		return err
	}
	l, ok := leavingOf(c, e.Entity, e.Holder)
	if !ok || l.Settled == nil {
		return journal.Clash("holder", e.Holder, "%s的退社还没有结算", nameOf(c, e.Holder))
	}
	n := len(l.Settled.Installments)
	if e.Installment < 1 || e.Installment > n {
		return journal.Missing("installment", e.Installment, "没有第 %s 期,共 %s 期", strconv.Itoa(e.Installment), strconv.Itoa(n))
	}
	var f journal.Faults
	i := l.Settled.Installments[e.Installment-1]
	if i.Paid != "" {
		f.Add(journal.Conflict, "installment", e.Installment, "第 %s 期已于 %s 付了", strconv.Itoa(e.Installment), string(i.Paid))
	}
	if journal.CheckDate(c, &f, "date", e.Date); e.Date != "" && e.Date < l.Settled.Date {
		f.Invalid("date", e.Date, "日期 %s 早于结算的 %s", string(e.Date), string(l.Settled.Date))
	} else if e.Date != "" && e.Date < i.Due {
		c.Doubt("date", e.Date, "第 %s 期到 %s 才到期", strconv.Itoa(e.Installment), string(i.Due))
	}
	return f.Err()
}

func (e *PayLeaving) Apply(a *journal.Applying) {
	l, _ := leavingOf(a, e.Entity, e.Holder)
	l.Last = a.Seq
	i := &l.Settled.Installments[e.Installment-1]
	i.Paid, i.Entry = e.Date, a.Seq
	leavings.Put(a.Tx, l.key(), l)
}

// ReverseLeaving takes back the last step of a member's leaving, named by its number in the journal: a payment, the settlement, the
// application.
type ReverseLeaving struct {
	Entity string `cbor:"1,keyasint" json:"entity"`
	Holder string `cbor:"2,keyasint" json:"holder"`
	Step   int    `cbor:"3,keyasint" json:"step"`
	Reason string `cbor:"4,keyasint" json:"reason"`
	Before uint64 `cbor:"5,keyasint" json:"-"` // the step that is the last one then
}

var _ = journal.Register(&ReverseLeaving{}, journal.Kind{
	Label: "冲销退社的一步", Holdings: true, Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.(*ReverseLeaving).Entity },
	Hints: map[string]string{
		"step": "最后那一步的日志号:付款、结算或申请",
	},
})

// Place is the village of the cooperative.
func (e *ReverseLeaving) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the member's id.
func (e *ReverseLeaving) Subject() string { return e.Holder }

func (e *ReverseLeaving) Check(c *journal.Checking) error {
	if _, err := register.EntityOfIn(c, e.Entity); err != nil {
		return err
	}
	l, ok := leavingOf(c, e.Entity, e.Holder)
	if !ok {
		return journal.Missing("holder", e.Holder, "%s没有申请退社", nameOf(c, e.Holder))
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	if uint64(max(0, e.Step)) != l.Last {
		f.Add(journal.Conflict, "step", e.Step, "只能冲销最后一步,第 %s 号", strconv.FormatUint(l.Last, 10))
	}
	if l.Settled != nil && l.Settled.Entry == l.Last {
		plan.Guard(c, &f, "step", e.Step, plan.Accounts, e.Entity, l.Settled.Date)
		plan.Guard(c, &f, "step", e.Step, plan.Balances, e.Entity, l.Settled.Date)
		register.GuardMembers(c, &f, "step", e.Step, e.Entity, l.Settled.Date, l.Settled.lots(e.Holder, 1)...)
		if l.Settled.Borne {
			income.CheckBookDate(c, &f, e.Place(), "step", l.Settled.Date)
		}
		if name := leftSince(c, e.Entity, l.Settled.Entry); name != "" { // with a part of what stayed
			f.Add(journal.Conflict, "step", e.Step, "这以后%s也已经退社结算;请先冲销那一次", name)
		}
	}
	e.Before = l.before()
	return f.Err()
}

// before is the step before the last one.
func (l Leaving) before() uint64 {
	if l.Settled == nil || l.Settled.Entry == l.Last {
		return l.Entry
	}
	last := l.Settled.Entry
	for _, i := range l.Settled.Installments {
		if i.Entry != l.Last {
			last = max(last, i.Entry)
		}
	}
	return last
}

func (e *ReverseLeaving) Apply(a *journal.Applying) {
	l, _ := leavingOf(a, e.Entity, e.Holder)
	switch s := l.Settled; {
	case s == nil:
		l.Void = a.Seq
	case s.Entry == l.Last:
		for _, out := range s.Out {
			register.Restore(a, out.Class, e.Holder, s.Date, out.Quantity, s.Entry)
		}
		s.book(a, l, -1, s.Date)
		l.Settled = nil
	default:
		for n := range s.Installments {
			if i := &s.Installments[n]; i.Entry == l.Last {
				i.Paid, i.Entry = "", 0
			}
		}
	}
	l.Last = e.Before
	leavings.Put(a.Tx, l.key(), l)
}
