package ledger

import (
	"strconv"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// PayoutState is how far a payout has come.
type PayoutState string

// The states.
const (
	Due    PayoutState = ""
	Paid   PayoutState = "paid"
	Failed PayoutState = "failed"
)

// Label names the state in Chinese.
func (s PayoutState) Label() Label {
	switch s {
	case Paid:
		return "已付"
	case Failed:
		return "失败"
	}
	return "待付"
}

// Payout is what one holder gets of one distribution.
type Payout struct {
	Holder string      `cbor:"1,keyasint"`
	Parts  []Part      `cbor:"2,keyasint"`
	Due    money.Yuan  `cbor:"3,keyasint"`
	State  PayoutState `cbor:"4,keyasint,omitempty"`
	Date   Date        `cbor:"5,keyasint,omitempty"` // when it was paid or failed
	Reason string      `cbor:"6,keyasint,omitempty"` // why it failed
	Entry  uint64      `cbor:"7,keyasint,omitempty"` // the entry that last changed it
}

var payouts = store.Table[Payout]("payout") // distribution and holder

// maxHolders is the most holders one entry may name, and one distribution may pay.
const maxHolders = 200_000

// ConfirmPayouts notes that payouts of an approved distribution were paid: chosen holders', or all that are due. A failed one is paid by
// naming its holder.
type ConfirmPayouts struct {
	Distribution string   `cbor:"1,keyasint" json:"distribution"`
	Date         Date     `cbor:"2,keyasint" json:"date"`
	Holders      []string `cbor:"3,keyasint" json:"holders"`
	All          bool     `cbor:"-" json:"all"`
}

// Place is the entity's village.
func (e *ConfirmPayouts) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ConfirmPayouts) Subject() string { return e.Distribution }

func (e *ConfirmPayouts) roles() []Role { return []Role{Accountant} }

func (e *ConfirmPayouts) check(c *checking) error {
	d, err := inState(c, e.Distribution, Approved)
	if err != nil {
		return err
	}
	var f Faults
	checkPayoutDate(c, &f, d, e.Date)
	if e.All {
		e.Holders = nil
		for _, p := range payouts.Scan(c, d.ID) {
			if p.State == Due {
				e.Holders = append(e.Holders, p.Holder)
			}
		}
		if len(e.Holders) == 0 {
			f.add(Conflict, "holders", "", "没有待付的款项")
		}
		return f.err()
	}
	checkPayouts(c, &f, d, e.Holders, func(p Payout) bool { return p.State != Paid }, "%s 的款已经付过,不能再付")
	return f.err()
}

// checkPayoutDate refuses a date before the approval, in the future or in a closed year.
func checkPayoutDate(c *checking, f *Faults, d Distribution, on Date) {
	checkBookDate(c, f, d.Village(), "date", on)
	if approved := DateOf(d.Steps[len(d.Steps)-1].Time()); on != "" && on < approved {
		f.invalid("date", on, "日期 %s 早于审核通过的 %s", string(on), string(approved))
	}
}

// checkPayouts refuses holders who are named twice, get nothing of the distribution, or whose payout does not fit.
func checkPayouts(c *checking, f *Faults, d Distribution, holders []string, fits func(Payout) bool, text string) {
	if len(holders) == 0 {
		f.invalid("holders", "", "请至少选一户")
	}
	if len(holders) > maxHolders {
		f.invalid("holders", len(holders), "一次最多 %s 户", strconv.Itoa(maxHolders))
		return
	}
	seen := make(map[string]bool, len(holders))
	for i, h := range holders {
		at := "holders." + strconv.Itoa(i)
		p, ok := payouts.Get(c, d.ID+h)
		switch {
		case !ok:
			f.add(NotFound, at, h, "这次分红没有股东 %s", h)
		case seen[h]:
			f.invalid(at, h, "股东 %s 写了两次", h)
		case !fits(p):
			f.add(Conflict, at, h, text, h)
		}
		seen[h] = true
	}
}

func (e *ConfirmPayouts) apply(a *applying) {
	settle(a, e.Distribution, e.Holders, Payout{State: Paid, Date: e.Date})
}

// FailPayouts notes that the bank could not pay some payouts, and why.
type FailPayouts struct {
	Distribution string   `cbor:"1,keyasint" json:"distribution"`
	Date         Date     `cbor:"2,keyasint" json:"date"`
	Holders      []string `cbor:"3,keyasint" json:"holders"`
	Reason       string   `cbor:"4,keyasint" json:"reason"`
}

// Place is the entity's village.
func (e *FailPayouts) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *FailPayouts) Subject() string { return e.Distribution }

func (e *FailPayouts) roles() []Role { return []Role{Accountant} }

func (e *FailPayouts) check(c *checking) error {
	d, err := inState(c, e.Distribution, Approved)
	if err != nil {
		return err
	}
	var f Faults
	checkPayoutDate(c, &f, d, e.Date)
	if e.Reason == "" {
		f.invalid("reason", "", "请写明失败的原因,例如 户名不符")
	}
	checkPayouts(c, &f, d, e.Holders, func(p Payout) bool { return p.State == Due }, "%s 的款不是待付,不能记为失败")
	return f.err()
}

func (e *FailPayouts) apply(a *applying) {
	settle(a, e.Distribution, e.Holders, Payout{State: Failed, Date: e.Date, Reason: e.Reason})
}

// ReversePayouts takes back that payouts were paid or failed: they are due again. It names the payouts by their holders; the journal keeps what was
// taken back.
type ReversePayouts struct {
	Distribution string   `cbor:"1,keyasint" json:"distribution"`
	Holders      []string `cbor:"2,keyasint" json:"holders"`
	Reason       string   `cbor:"3,keyasint" json:"reason"`
}

// Place is the entity's village.
func (e *ReversePayouts) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReversePayouts) Subject() string { return e.Distribution }

func (e *ReversePayouts) roles() []Role { return []Role{Accountant} }

func (e *ReversePayouts) check(c *checking) error {
	d, err := inState(c, e.Distribution, Approved)
	if err != nil {
		return err
	}
	var f Faults
	if e.Reason == "" {
		f.invalid("reason", "", "请写明冲销的原因")
	}
	checkPayouts(c, &f, d, e.Holders, func(p Payout) bool { return p.State != Due }, "%s 的款还是待付,没有可冲销的")
	return f.err()
}

func (e *ReversePayouts) apply(a *applying) {
	settle(a, e.Distribution, e.Holders, Payout{State: Due, Reason: e.Reason})
}

// settle moves payouts to another state and keeps the distribution's sums with them.
func settle(a *applying, id string, holders []string, to Payout) {
	d, _ := distributions.Get(a, id)
	for _, h := range holders {
		p, _ := payouts.Get(a, id+h)
		switch p.State {
		case Paid:
			d.Paid, d.PaidCount = d.Paid-p.Due, d.PaidCount-1
		case Failed:
			d.Failed, d.FailCount = d.Failed-p.Due, d.FailCount-1
		}
		p.State, p.Date, p.Reason, p.Entry = to.State, to.Date, to.Reason, a.seq
		switch p.State {
		case Paid:
			d.Paid, d.PaidCount = d.Paid+p.Due, d.PaidCount+1
		case Failed:
			d.Failed, d.FailCount = d.Failed+p.Due, d.FailCount+1
		}
		payouts.Put(a.Tx, id+h, p)
	}
	if d.Outstanding() < 0 {
		panic("distribution " + id + ": more paid and failed than due")
	}
	distributions.Put(a.Tx, id, d)
}

// Payouts lists a distribution's payouts that fit, in order of the holders' ids, up to limit, from after on.
func (v *View) Payouts(distribution, after string, limit int, fits func(Payout) bool) (list []Payout, next string, err error) {
	if err := v.within(placeOf(distribution)); err != nil {
		return nil, "", err
	}
	if after != "" {
		after = distribution + after
	}
	list, next, err = page(v, payouts, distribution, after, limit, fits)
	if next != "" {
		next = next[len(distribution):]
	}
	return list, next, err
}

// ReceivedPayout is a payout with the distribution it belongs to.
type ReceivedPayout struct {
	Distribution Distribution
	Payout
}

// Received lists a shareholder's payouts from the distributions of the entities that the shareholder holds shares of.
func (v *View) Received(holder string) (list []ReceivedPayout, err error) {
	hold, err := v.HoldingsOf(holder)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, h := range hold {
		entity := h.Class.Entity()
		if seen[entity] {
			continue
		}
		seen[entity] = true
		for _, d := range distributions.Scan(v, entity+"D") {
			if p, ok := payouts.Get(v, d.ID+holder); ok {
				list = append(list, ReceivedPayout{d, p})
			}
		}
	}
	return list, nil
}
