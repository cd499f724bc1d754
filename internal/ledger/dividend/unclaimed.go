package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// PayableFrom is the first day on which a plan in force could be paid: the day after its days on display; of one that older programs let be
// paid without display, that of its approval; "" while it waits for display.
func PayableFrom(d plan.Distribution) journal.Date {
	if d.From != "" {
		return d.Until.Plus(1)
	}
	for _, s := range d.Steps {
		if s.State == plan.Approved && d.PaidCount+d.FailCount+d.SentCount > 0 {
			return journal.DateOf(s.Time())
		}
	}
	return ""
}

// unpaid tells whether a payout of a plan in force has not been paid and does not lie with a bank.
func (p Payout) unpaid() bool {
	switch p.State {
	case Due, Failed, Held, Reserved:
		return p.Net() > 0
	}
	return false
}

// Unclaimed is what somebody is due and has not got, with its age.
type Unclaimed struct {
	Plan   plan.Distribution
	Payout Payout
	Holder register.Shareholder
	Since  journal.Date // the first day on which it could be paid
	Days   int          // from that day to today
}

// UnclaimedIn goes through what the plans in force of a region have not been able to pay for so many days, in order of the plans and
// holders. What lies in the reserve is among it: the claim is kept.
func UnclaimedIn(v *journal.View, place region.Code, days int, f func(Unclaimed) error) error {
	plans, err := Distributions(v, place, 0, func(d plan.Distribution) bool {
		return d.InForce() && d.Due > d.Paid && PayableFrom(d) != "" && v.Today().DayNumber()-PayableFrom(d).DayNumber() >= days
	})
	if err != nil {
		return err
	}
	for _, d := range plans {
		var list []Payout
		if _, err := EachPayout(v, d.ID, func(p Payout) {
			if p.unpaid() {
				list = append(list, p)
			}
		}); err != nil {
			return err
		}
		since := PayableFrom(d)
		for _, p := range list {
			s, err := ShareholderOf(v, d, p.Holder)
			if err != nil {
				return err
			}
			if err := f(Unclaimed{Plan: d, Payout: p, Holder: s, Since: since, Days: v.Today().DayNumber() - since.DayNumber()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReserveUnclaimed takes what could not be paid into the reserve, by resolution. The claim is kept: it is paid out of the reserve whenever
// its holder comes.
type ReserveUnclaimed struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	Holders      []string     `cbor:"2,keyasint" json:"holders"`
	Date         journal.Date `cbor:"3,keyasint" json:"date"`
	Resolution   string       `cbor:"4,keyasint" json:"resolution"`
	Fund         string       `cbor:"5,keyasint" json:"-"` // the line of the reserve
	Amount       money.Yuan   `cbor:"6,keyasint" json:"-"`
}

var _ = journal.Register(&ReserveUnclaimed{}, journal.Kind{
	Label: "未领分红转公积金", Roles: []journal.Role{journal.Accountant},
	Note: "按决议;领款的权利不变,以后来领照付 / by resolution; the claim is kept and paid whenever its holder comes",
})

// Place is the entity's village.
func (e *ReserveUnclaimed) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReserveUnclaimed) Subject() string { return e.Distribution }

func (e *ReserveUnclaimed) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	switch body := income.BodyOf(c, d.Book); {
	case d.Fund != "":
		f.Add(journal.Conflict, "distribution", d.ID, "土地补偿费的未领款留在专项资金里,不转公积公益金")
	case body != income.CollectiveBody && body != income.SpecialisedBody:
		f.Add(journal.Conflict, "distribution", d.ID, "%s的账里没有公积金,未领的款一直挂着待付", body.Label())
	}
	checkPayoutDate(c, &f, d, e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "未领的分红要按决议才能转公积金;请写决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, d.Entity, resolution.Fund)
	checkPayouts(c, &f, d, e.Holders, Due, Failed) // what is held back waits for its heirs, or for what is in dispute
	if len(f) > 0 {
		return f
	}
	e.Amount = 0
	for _, ref := range e.Holders {
		p, _ := payouts.Get(c, d.ID+ref)
		e.Amount += p.Due
	}
	e.Fund, err = income.NextFund(c, d.Book, e.Date.Year(), 1)
	return err
}

func (e *ReserveUnclaimed) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	settle(a, e.Distribution, e.Holders, Payout{State: Reserved, Date: e.Date}, nil)
	bookUnclaimed(a, e.Distribution, e.Fund, e.Date, e.Amount, e.Resolution)
}

// bookUnclaimed puts into the reserve, or with a sum below zero takes out of it, what belongs to those who have not come.
func bookUnclaimed(a *journal.Applying, distribution, id string, on journal.Date, sum money.Yuan, resolution string) {
	income.BookFund(a, income.FundLine{ID: id, Source: income.UnclaimedDividend, Account: income.ReserveAccount, Date: on, Amount: sum,
		Note: distribution, Resolution: resolution, Plan: distribution})
}

// fromReserve is what leaves the reserve with payouts: they are paid, or due again.
type fromReserve struct {
	Fund   string       `cbor:"1,keyasint"`
	Date   journal.Date `cbor:"2,keyasint"`
	Amount money.Yuan   `cbor:"3,keyasint"`
}

// outOfReserve works out what leaves the reserve with payouts on a day, nil where nothing does.
func outOfReserve(c *journal.Checking, d plan.Distribution, refs []string, on journal.Date) (*fromReserve, error) {
	var x fromReserve
	for _, ref := range refs {
		if p, _ := payouts.Get(c, d.ID+ref); p.State == Reserved {
			x.Amount += p.Due
			x.Date = max(x.Date, p.Date)
		}
	}
	if x.Amount == 0 {
		return nil, nil
	}
	var f journal.Faults
	if on != "" && on < x.Date {
		f.Invalid("date", on, "日期 %s 早于转到公积金的 %s", string(on), string(x.Date))
		return nil, f
	}
	x.Date = max(x.Date, on)
	if income.CheckBookDate(c, &f, d.Village(), "date", x.Date); len(f) > 0 {
		return nil, f
	}
	var err error
	x.Fund, err = income.NextFund(c, d.Book, x.Date.Year(), 1)
	return &x, err
}

func (x *fromReserve) apply(a *journal.Applying, distribution string) {
	if x != nil {
		bookUnclaimed(a, distribution, x.Fund, x.Date, -x.Amount, "")
	}
}

// checkClosed refuses to pay anything of a plan that has been put away but what lies in the reserve.
func checkClosed(c *journal.Checking, f *journal.Faults, d plan.Distribution, refs []string) {
	for i, ref := range refs {
		if p, _ := payouts.Get(c, d.ID+ref); p.State != Reserved {
			f.Add(journal.Conflict, "holders."+strconv.Itoa(i), ref, "方案已经办结,只有转到公积金的还能付")
			return
		}
	}
}

// unclaimedIn is what came into the reserve after a day up to another one of what was not claimed, less what was paid since.
func unclaimedIn(r store.Reader, book string, after, upTo journal.Date) (sum money.Yuan) {
	for _, l := range income.FundsIn(r, book, income.ReserveAccount) {
		if l.Source == income.UnclaimedDividend && l.Date > after && l.Date <= upTo {
			sum += l.Amount
		}
	}
	return sum
}
