package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// HoldPayouts holds payouts back: they are in dispute, or their holder has died.
type HoldPayouts struct {
	Distribution string   `cbor:"1,keyasint" json:"distribution"`
	Holders      []string `cbor:"2,keyasint" json:"holders"`
	Reason       string   `cbor:"3,keyasint" json:"reason"`
}

var _ = journal.Register(&HoldPayouts{}, journal.Kind{
	Label: "暂缓发放", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *HoldPayouts) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *HoldPayouts) Subject() string { return e.Distribution }

func (e *HoldPayouts) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明暂缓的原因,例如 户主去世、权属有争议")
	}
	checkPayouts(c, &f, d, e.Holders, Due, Failed)
	return f.Err()
}

func (e *HoldPayouts) Apply(a *journal.Applying) {
	settle(a, e.Distribution, e.Holders, Payout{State: Held, Reason: e.Reason}, nil)
}

// Heir is who a held payout goes to, and how much of it.
type Heir struct {
	Holder string     `cbor:"1,keyasint" json:"holder"`
	Amount money.Yuan `cbor:"2,keyasint" json:"amount"`
	// Tax and Deducted are what of Amount is not paid out.
	Tax      money.Yuan `cbor:"3,keyasint,omitempty" json:"-"`
	Deducted money.Yuan `cbor:"4,keyasint,omitempty" json:"-"`
}

// ReleasePayout lets a held payout be paid: to its holder, or divided among heirs.
type ReleasePayout struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Holder       string `cbor:"2,keyasint" json:"holder"`
	Heirs        []Heir `cbor:"3,keyasint,omitempty" json:"heirs"`
	Reason       string `cbor:"4,keyasint" json:"reason"`
}

var _ = journal.Register(&ReleasePayout{}, journal.Kind{
	Label: "解除暂缓", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"heirs.amount": "留空仍付本户",
	},
})

// Place is the entity's village.
func (e *ReleasePayout) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReleasePayout) Subject() string { return e.Distribution }

func (e *ReleasePayout) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明解除暂缓的依据,例如 继承公证书编号")
	}
	p, ok := payouts.Get(c, d.ID+e.Holder)
	if !ok {
		f.Add(journal.NotFound, "holder", e.Holder, "这次分红没有股东 %s", e.Holder)
		return f
	}
	if p.State != Held {
		s, _ := register.ShareholderTable.Get(c, p.Holder)
		f.Add(journal.Conflict, "holder", e.Holder, "%s 的款是“%s”,不能这样做", s.Name, p.State.Label())
	}
	var sum money.Yuan
	for i, h := range e.Heirs {
		at := "heirs." + strconv.Itoa(i) + "."
		register.CheckHolderOf(c, &f, d.Village(), at+"holder", h.Holder)
		if h.Amount <= 0 {
			f.Invalid(at+"amount", h.Amount, "金额 %s 必须大于 0", h.Amount.String())
		}
		if h.Holder == p.Holder {
			f.Invalid(at+"holder", h.Holder, "继承人不能是本户;仍付给本户的,继承人留空")
		}
		for _, other := range e.Heirs[:i] {
			if other.Holder == h.Holder {
				f.Invalid(at+"holder", h.Holder, "股东 %s 写了两次", h.Holder)
			}
		}
		sum += h.Amount
	}
	if len(e.Heirs) > 0 && sum != p.Due {
		f.Invalid("heirs", sum, "各继承人合计 %s 元,应当等于 %s 元", sum.Grouped(), p.Due.Grouped())
	}
	if len(f) == 0 && len(e.Heirs) > 0 {
		return e.charge(c, d, p)
	}
	return f.Err()
}

// charge divides among heirs what of the sum is not paid out: tax as each of them is taxed, deductions by their parts.
func (e *ReleasePayout) charge(c *journal.Checking, d plan.Distribution, p Payout) (err error) {
	x := chargingOf(c, c.Open, d)
	var weights []money.Weight
	for i, h := range e.Heirs {
		if p.Tax > 0 {
			s, _ := register.ShareholderTable.Get(c, h.Holder)
			if e.Heirs[i].Tax, _, err = x.tax(s, h.Amount, false); err != nil {
				return err
			}
		}
		weights = append(weights, money.Weight{Key: h.Holder, Amount: money.Quantity(h.Amount - e.Heirs[i].Tax)})
	}
	var left money.Yuan // each heir's tax is rounded on its own: it may leave less than there is to deduct
	for _, w := range weights {
		left += money.Yuan(w.Amount)
	}
	if deducted := min(p.Deducted, left); deducted > 0 {
		return e.deduct(deducted, weights)
	}
	return nil
}

// deduct divides a deduction among heirs by what tax leaves them.
func (e *ReleasePayout) deduct(sum money.Yuan, weights []money.Weight) error {
	parts, err := money.Apportion(sum, weights)
	for i, part := range parts {
		e.Heirs[i].Deducted = part.Amount
	}
	return err
}

func (e *ReleasePayout) Apply(a *journal.Applying) {
	if len(e.Heirs) == 0 {
		settle(a, e.Distribution, []string{e.Holder}, Payout{State: Due, Reason: e.Reason}, nil)
		return
	}
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	p, _ := payouts.Get(a, d.ID+e.Holder)
	count(&d, p, -1)
	d.Tax, d.Deducted = d.Tax-p.Tax, d.Deducted-p.Deducted
	because := p.Because
	p.State, p.Passed, p.Due, p.Reason, p.Entry = Passed, p.Due, 0, e.Reason, a.Seq
	p.Tax, p.Deducted, p.Because, p.Payees = 0, 0, "", nil
	for _, h := range e.Heirs {
		p.PassedOff += h.Tax + h.Deducted
	}
	payouts.Put(a, d.ID+p.Ref(), p)
	d.Holders += len(e.Heirs) - 1
	for _, h := range e.Heirs {
		share := Payout{Holder: h.Holder, From: p.Ref(), Due: h.Amount, Reason: e.Reason, Entry: a.Seq, Tax: h.Tax, Deducted: h.Deducted,
			Of: p.Of, Marks: p.Marks}
		if d.Tax, d.Deducted = d.Tax+h.Tax, d.Deducted+h.Deducted; h.Deducted > 0 {
			share.Because = because
		}
		payouts.Put(a, d.ID+share.Ref(), share)
	}
	plan.Keep(a, d)
}

// isLate tells whether a shareholder's account is that of somebody who has died.
func isLate(r store.Reader, holder string) bool {
	s, _ := register.ShareholderTable.Get(r, holder)
	return s.Late != nil
}

// checkLate refuses to pay what has fallen to heirs, and asks about what was paid to a household whose account is still the dead's.
func checkLate(c *journal.Checking, f *journal.Faults, d plan.Distribution, refs []string, on journal.Date) {
	for i, ref := range refs {
		p, _ := payouts.Get(c, d.ID+ref)
		s, _ := register.ShareholderTable.Get(c, p.Holder)
		if s.Late == nil || on < s.Late.Date {
			continue
		}
		at := "holders." + strconv.Itoa(i)
		switch {
		case p.State == Reserved:
			f.Add(journal.Conflict, at, s.Name, "%s已于 %s 死亡,款由继承人领取:请先从公积金冲销转回待付,再暂缓,解除时写明继承人", s.Late.Name, string(s.Late.Date))
		case s.Late.Estate:
			f.Add(journal.Conflict, at, s.Name, "%s已于 %s 死亡,款由继承人领取:请先暂缓,解除时写明继承人", s.Late.Name, string(s.Late.Date))
		default:
			c.Doubt(at, s.Name, "%s户的账号还是死者%s(%s)的;现金或别的账号付了的才记为已付", s.Name, s.Late.Name, string(s.Late.Date))
		}
	}
}

// doubtLate asks about money that is due to somebody who has died: the account takes no payment.
func doubtLate(c *journal.Checking, s register.Shareholder, due money.Yuan) {
	if s.Late != nil && due > 0 {
		said := late(s.Late, due.Grouped())
		c.Doubt("distribution", s.Name, said.Text, said.Args...)
	}
}

// late tells of money that is due to somebody who has died.
func late(of *register.Late, due string) *journal.Error {
	return journal.Say("%s已于 %s 死亡,应付 %s 元不报银行:换新户主的账号,或暂缓给继承人", of.Name, string(of.Date), due)
}
