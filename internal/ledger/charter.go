package ledger

import (
	"errors"
	"strconv"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// ChangeCharter sets what an entity's charter says about its register. What is left empty is set to nothing: no freeze, no paid withdrawal.
type ChangeCharter struct {
	Entity        string     `cbor:"1,keyasint" json:"entity"`
	FrozenFrom    Date       `cbor:"2,keyasint,omitempty" json:"frozen_from"`    // from this day on no shares are added or taken away
	WithdrawalCap money.Rate `cbor:"3,keyasint,omitempty" json:"withdrawal_cap"` // per cent of a class that may be withdrawn in a year
	Resolution    string     `cbor:"4,keyasint" json:"resolution"`
	// DisclosureDays is how long a plan is disclosed before it may be paid; 7 where it is empty.
	DisclosureDays Days `cbor:"5,keyasint,omitempty" json:"disclosure_days"`
}

// Days is a number of days that may be left open, "".
type Days string

// UnmarshalText reads a whole number of at most three digits.
func (d *Days) UnmarshalText(b []byte) error {
	if n, err := strconv.Atoi(string(b)); err != nil || n < 0 || n > 365 {
		return errDays
	}
	*d = Days(b)
	return nil
}

var errDays = errors.New("not a number of days")

// or is the number of days, or another where it was left open.
func (d Days) or(other int) int {
	if n, err := strconv.Atoi(string(d)); err == nil {
		return n
	}
	return other
}

// DisclosureFor is for how many days the entity's plans are disclosed before they may be paid.
func (e Entity) DisclosureFor() int { return e.DisclosureDays.or(disclosureDays) }

// disclosureDays is how long a plan is disclosed where the charter says nothing: what villages commonly do.
const disclosureDays = 7

// Place is the entity's village.
func (e *ChangeCharter) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *ChangeCharter) Subject() string { return e.Entity }

func (e *ChangeCharter) roles() []Role { return []Role{Accountant} }

func (e *ChangeCharter) check(c *checking) error {
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	var f Faults
	checkActive(&f, entity, c.today())
	if e.WithdrawalCap < 0 || e.WithdrawalCap > 100_000_000 {
		f.invalid("withdrawal_cap", e.WithdrawalCap, "有偿退出上限 %s 不在 0 到 100 之间", e.WithdrawalCap.String())
	}
	if e.Resolution == "" {
		f.invalid("resolution", "", "修改章程要写明决议编号")
	}
	return f.err()
}

func (e *ChangeCharter) apply(a *applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.FrozenFrom, entity.WithdrawalCap, entity.DisclosureDays = e.FrozenFrom, e.WithdrawalCap, e.DisclosureDays
	entities.Put(a.Tx, e.Entity, entity)
}

// DissolveEntity ends an entity: from a day on it opens no classes, issues no shares and drafts no distributions. Its books and register stay.
type DissolveEntity struct {
	Entity     string `cbor:"1,keyasint" json:"entity"`
	Date       Date   `cbor:"2,keyasint" json:"date"`
	Resolution string `cbor:"3,keyasint" json:"resolution"`
}

// Place is the entity's village.
func (e *DissolveEntity) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *DissolveEntity) Subject() string { return e.Entity }

func (e *DissolveEntity) roles() []Role { return []Role{Accountant} }

func (e *DissolveEntity) check(c *checking) error {
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	var f Faults
	checkActive(&f, entity, c.today())
	checkDate(c, &f, "date", e.Date)
	if e.Resolution == "" {
		f.invalid("resolution", "", "注销要写明决议编号")
	}
	if last := max(lastMovement(c, e.Entity+"C"), entity.Founded); e.Date != "" && e.Date < last {
		f.invalid("date", e.Date, "日期 %s 早于它成立或最后一次股份变动的 %s", string(e.Date), string(last))
	}
	for _, d := range distributions.Scan(c, e.Entity+"D") {
		if d.State == Submitted || d.State == Approved && !d.Settled() {
			f.add(Conflict, "entity", e.Entity, "分红 %s 还没有结清,不能注销", d.ID)
		}
	}
	return f.err()
}

func (e *DissolveEntity) apply(a *applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.Dissolved = e.Date
	entities.Put(a.Tx, e.Entity, entity)
}

// checkActive refuses what a dissolved entity can no longer do.
func checkActive(f *Faults, e Entity, on Date) {
	if e.Dissolved != "" && on >= e.Dissolved {
		f.add(Conflict, "entity", e.ID, "%s已于 %s 注销", e.Name, string(e.Dissolved))
	}
}
