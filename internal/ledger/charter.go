package ledger

import (
	"errors"
	"slices"
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

// Reserve is the percentage of a year's gain that the charter sets aside as 公积公益金, and the first year it is taken from.
type Reserve struct {
	_    struct{} `cbor:",toarray"`
	From int
	Rate money.Rate // per cent
}

// ReserveIn is the percentage of a year's gain that the entity's charter sets aside as 公积公益金.
func (e Entity) ReserveIn(year int) (rate money.Rate) {
	for _, r := range e.Reserves {
		if r.From <= year {
			rate = r.Rate
		}
	}
	return rate
}

func checkReserve(f *Faults, rate money.Rate) {
	if rate < 0 || rate > 100_000_000 {
		f.invalid("reserve", rate, "公积公益金比例 %s 不在 0 到 100 之间", rate.String())
	}
}

// reserveFrom is the first year whose gain the charter's reserve is taken from: that of the founding, but none that the village has closed and none
// that has been distributed, for a late registration must not change finished statements.
func (c *checking) reserveFrom(e *RegisterEntity) int {
	from := e.Founded.Year()
	for key := range closedYears.Scan(c, string(e.Village)) {
		from = max(from, tail(key, 4)+1)
	}
	if e.Kind == StockCooperative {
		for _, d := range distributions.Scan(c, string(e.Village)) {
			if d.Book == string(e.Village) && d.committed() {
				from = max(from, d.Year+1)
			}
		}
	}
	return from
}

// ChangeReserve changes the percentage that the charter sets aside, from a year on that is neither closed nor distributed.
type ChangeReserve struct {
	Entity     string     `cbor:"1,keyasint" json:"entity"`
	Reserve    money.Rate `cbor:"2,keyasint,omitempty" json:"reserve"` // per cent of a year's gain
	From       int        `cbor:"3,keyasint" json:"from_year"`
	Resolution string     `cbor:"4,keyasint" json:"resolution"`
}

// Place is the entity's village.
func (e *ChangeReserve) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *ChangeReserve) Subject() string { return e.Entity }

func (e *ChangeReserve) roles() []Role { return []Role{Accountant} }

func (e *ChangeReserve) check(c *checking) error {
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	var f Faults
	checkActive(&f, entity, c.today())
	checkReserve(&f, e.Reserve)
	if first, last := max(1949, entity.Founded.Year()), c.today().Year()+1; e.From < first || e.From > last {
		f.invalid("from_year", e.From, "年度 %s 不在 %s 到 %s 之间", strconv.Itoa(e.From), strconv.Itoa(first), strconv.Itoa(last))
	}
	if e.Resolution == "" {
		f.invalid("resolution", "", "修改章程要写明决议编号")
	}
	if len(f) > 0 {
		return f
	}
	for key := range closedYears.Scan(c, string(entity.Village())) {
		if year := tail(key, 4); year >= e.From {
			return conflict("from_year", e.From, "%s 年已结账,比例不能从 %s 年起改", strconv.Itoa(year), strconv.Itoa(e.From))
		}
	}
	for _, d := range distributions.Scan(c, string(entity.Village())) {
		if d.Book == entity.Book() && d.committed() && d.Year >= e.From {
			return conflict("from_year", e.From, "%s 年的分红 %s 已提交,比例不能从 %s 年起改", strconv.Itoa(d.Year), d.ID, strconv.Itoa(e.From))
		}
	}
	return nil
}

func (e *ChangeReserve) apply(a *applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.Reserves = append(slices.DeleteFunc(entity.Reserves, func(r Reserve) bool { return r.From >= e.From }), Reserve{From: e.From, Rate: e.Reserve})
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
	for _, p := range pledges.Scan(c, e.Entity+"C") {
		if p.Until == "" {
			s, _ := shareholders.Get(c, p.Holder)
			f.add(Conflict, "entity", e.Entity, "%s的股份还质押给%s,不能注销;请先解除", s.Name, p.Pledgee)
		}
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

// ReverseDissolution takes back a dissolution that was entered wrongly.
type ReverseDissolution struct {
	Entity string `cbor:"1,keyasint" json:"entity"`
	Reason string `cbor:"2,keyasint" json:"reason"`
}

// Place is the entity's village.
func (e *ReverseDissolution) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *ReverseDissolution) Subject() string { return e.Entity }

func (e *ReverseDissolution) roles() []Role { return []Role{Accountant} }

func (e *ReverseDissolution) check(c *checking) error {
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	var f Faults
	if entity.Dissolved == "" {
		f.add(Conflict, "entity", e.Entity, "%s没有注销", entity.Name)
	}
	if e.Reason == "" {
		f.invalid("reason", "", "请写明冲销的原因")
	}
	return f.err()
}

func (e *ReverseDissolution) apply(a *applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.Dissolved = ""
	entities.Put(a.Tx, e.Entity, entity)
}

// checkActive refuses what a dissolved entity can no longer do.
func checkActive(f *Faults, e Entity, on Date) {
	if e.Dissolved != "" && on >= e.Dissolved {
		f.add(Conflict, "entity", e.ID, "%s已于 %s 注销", e.Name, string(e.Dissolved))
	}
}
