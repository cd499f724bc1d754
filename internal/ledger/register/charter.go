package register

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// ChangeCharter sets what an entity's charter says about its register. What is left empty is set to nothing: no freeze, no paid withdrawal.
type ChangeCharter struct {
	Entity        string       `cbor:"1,keyasint" json:"entity"`
	FrozenFrom    journal.Date `cbor:"2,keyasint,omitempty" json:"frozen_from"`    // from this day on no shares are added or taken away
	WithdrawalCap money.Rate   `cbor:"3,keyasint,omitempty" json:"withdrawal_cap"` // per cent of a class that may be withdrawn in a year
	Resolution    string       `cbor:"4,keyasint" json:"resolution"`
	// DisclosureDays is how long a plan is disclosed before it may be paid; 7 where it is empty.
	DisclosureDays journal.Days `cbor:"5,keyasint,omitempty" json:"disclosure_days"`
	// LeaveNotice is how many months before a year's end a member of a specialised cooperative says that it leaves; the law's where it is 0.
	// LeaveYears is over how many years what it gets is paid; at once where it is 0.
	LeaveNotice int `cbor:"6,keyasint,omitempty" json:"leave_notice,omitempty"`
	LeaveYears  int `cbor:"7,keyasint,omitempty" json:"leave_years,omitempty"`
	// OwnDays says that plans by days count each holder's own days, not those of the shares, and pay those who left for theirs.
	OwnDays bool `cbor:"8,keyasint,omitempty" json:"own_days,omitempty"`
}

var _ = journal.Register(&ChangeCharter{}, journal.Kind{
	Label: "修改章程", Roles: []journal.Role{journal.Accountant},
	Note: "留空即取消 / empty takes the setting away",
	Hints: map[string]string{
		"disclosure_days": "分红公示天数,留空为 7",
		"leave_notice":    "退社提前几个月,留空按法律:3,企业和单位 6",
		"leave_years":     "退社结算分几年付,留空为一次付清",
		"own_days":        "true 则按天数分的各算各户自己的天数,中途转出的也按天数得",
	},
})

// DisclosureFor is for how many days the entity's plans are disclosed before they may be paid.
func (e Entity) DisclosureFor() int { return e.DisclosureDays.Or(disclosureDays) }

// disclosureDays is how long a plan is disclosed where the charter says nothing: what villages commonly do.
const disclosureDays = 7

// Place is the entity's village.
func (e *ChangeCharter) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *ChangeCharter) Subject() string { return e.Entity }

func (e *ChangeCharter) Check(c *journal.Checking) error {
	entity, err := EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	CheckActive(&f, entity, c.Today())
	if e.WithdrawalCap < 0 || e.WithdrawalCap > 100_000_000 {
		f.Invalid("withdrawal_cap", e.WithdrawalCap, "有偿退出上限 %s 不在 0 到 100 之间", e.WithdrawalCap.String())
	}
	if e.LeaveNotice != 0 && (e.LeaveNotice < leaveNotice || e.LeaveNotice > 12) {
		f.Invalid("leave_notice", e.LeaveNotice, "退社提前 %s 个月不在 %s 到 12 之间:章程只能比法律更长", strconv.Itoa(e.LeaveNotice), strconv.Itoa(leaveNotice))
	}
	if e.LeaveYears < 0 || e.LeaveYears > maxLeaveYears {
		f.Invalid("leave_years", e.LeaveYears, "退社结算分 %s 年付,不在 1 到 %s 之间", strconv.Itoa(e.LeaveYears), strconv.Itoa(maxLeaveYears))
	}
	if (e.LeaveNotice != 0 || e.LeaveYears != 0) && entity.Kind != SpecialisedCooperative {
		f.Invalid("leave_notice", e.LeaveNotice, "只有农民专业合作社有退社的规定")
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "修改章程要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Charter)
	return f.Err()
}

func (e *ChangeCharter) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	entity, _ := entities.Get(a, e.Entity)
	entity.FrozenFrom, entity.WithdrawalCap, entity.DisclosureDays = e.FrozenFrom, e.WithdrawalCap, e.DisclosureDays
	entity.LeaveNotice, entity.LeaveYears, entity.OwnDays = e.LeaveNotice, e.LeaveYears, e.OwnDays
	entities.Put(a, e.Entity, entity)
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

// floor is the least percentage that a collective sets aside, above what its charter says.
var floor = office.Describe(office.Setting{
	Name: "reserve_floor", Label: "公积公益金最低比例", Default: "",
	Hint:  "集体经济组织每年至少提取本年收益的百分之几,例如 30;留空就是按各自的章程。低于它的章程比例不让记,低于它的方案不让提交",
	Wrong: office.WrongPercent,
})

func checkReserve(c *journal.Checking, f *journal.Faults, kind EntityKind, id string, rate money.Rate) {
	least := floor.PercentOn(c, journal.PlaceOf(id), c.Today())
	switch {
	case rate < 0 || rate > 100_000_000:
		f.Invalid("reserve", rate, "公积公益金比例 %s 不在 0 到 100 之间", rate.String())
	case kind.Collective() && rate < least:
		f.Add(journal.Conflict, "reserve", rate, "公积公益金比例 %s%% 低于县里规定的 %s%%", rate.String(), least.String())
	}
}

// CheckReserveFloor refuses to give out a year's gain of a collective whose charter sets less of it aside than the county wants.
func CheckReserveFloor(c *journal.Checking, f *journal.Faults, e Entity, year int) {
	if least := floor.PercentOn(c, e.Village(), c.Today()); e.Kind.Collective() && e.ReserveIn(year) < least {
		f.Add(journal.Conflict, "entity", e.ID, "%s %s 年提取公积公益金 %s%%,低于县里规定的 %s%%;请先修改公积公益金比例", e.Name, strconv.Itoa(year),
			e.ReserveIn(year).String(), least.String())
	}
}

// reserveFrom is the first year whose gain the charter's reserve is taken from: that of the founding, but none that the village has closed
// and none that has been distributed, for a late registration must not change finished statements.
func reserveFrom(c *journal.Checking, e *RegisterEntity) int {
	from := e.Founded.Year()
	for key := range office.ClosedYearTable.Scan(c, string(e.Village)) {
		from = max(from, journal.YearID.Year(key)+1)
	}
	if (e.Kind == StockCooperative || e.Kind == VillageCollective) && !e.OwnBook {
		for _, d := range plan.DistributionTable.Scan(c, string(e.Village)) {
			if d.Book == string(e.Village) && d.Committed() && d.Fund == "" {
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

var _ = journal.Register(&ChangeReserve{}, journal.Kind{
	Label: "修改公积公益金比例", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"from_year": "从哪一年起,只能是没有结账、没有提交分红的年度",
	},
})

// Place is the entity's village.
func (e *ChangeReserve) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *ChangeReserve) Subject() string { return e.Entity }

func (e *ChangeReserve) Check(c *journal.Checking) error {
	entity, err := EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	CheckActive(&f, entity, c.Today())
	checkReserve(c, &f, entity.Kind, e.Entity, e.Reserve)
	if first, last := max(1949, entity.Founded.Year()), c.Today().Year()+1; e.From < first || e.From > last {
		f.Invalid("from_year", e.From, "年度 %s 不在 %s 到 %s 之间", strconv.Itoa(e.From), strconv.Itoa(first), strconv.Itoa(last))
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "修改章程要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Charter)
	if len(f) > 0 {
		return f
	}
	for key := range office.ClosedYearTable.Scan(c, string(entity.Village())) {
		if year := journal.YearID.Year(key); year >= e.From {
			return journal.Clash("from_year", e.From, "%s 年已结账,比例不能从 %s 年起改", strconv.Itoa(year), strconv.Itoa(e.From))
		}
	}
	plan.Guard(c, &f, "from_year", e.From, plan.Funds, entity.Book(), journal.YearEnd(e.From))
	return f.Err()
}

func (e *ChangeReserve) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	entity, _ := entities.Get(a, e.Entity)
	entity.Reserves = append(slices.DeleteFunc(entity.Reserves, func(r Reserve) bool { return r.From >= e.From }),
		Reserve{From: e.From, Rate: e.Reserve})
	entities.Put(a, e.Entity, entity)
}

// DissolveEntity ends an entity: from a day on it opens no classes, issues no shares and drafts no distributions. Its books and register
// stay.
type DissolveEntity struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Resolution string       `cbor:"3,keyasint" json:"resolution"`
}

var _ = journal.Register(&DissolveEntity{}, journal.Kind{
	Label: "注销经营主体", Roles: []journal.Role{journal.Accountant},
	Note: "注销,账和名册保留 / its books and register stay",
})

// Place is the entity's village.
func (e *DissolveEntity) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *DissolveEntity) Subject() string { return e.Entity }

func (e *DissolveEntity) Check(c *journal.Checking) error {
	entity, err := EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	CheckActive(&f, entity, c.Today())
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "注销要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Merger)
	if last := max(lastMovement(c, journal.ClassID.Front(e.Entity), c.Today()), entity.Founded); e.Date != "" && e.Date < last {
		f.Invalid("date", e.Date, "日期 %s 早于它成立或最后一次股份变动的 %s", string(e.Date), string(last))
	}
	for _, p := range pledges.Scan(c, journal.ClassID.Front(e.Entity)) {
		if p.Until == "" {
			s, _ := shareholders.Get(c, p.Holder)
			f.Add(journal.Conflict, "entity", e.Entity, "%s的股份还质押给%s,不能注销;请先解除", s.Name, p.Pledgee)
		}
	}
	for _, d := range plan.DistributionTable.Scan(c, journal.DistributionID.Front(e.Entity)) {
		if d.State == plan.Submitted || d.State == plan.Approved && !d.Settled() {
			f.Add(journal.Conflict, "entity", e.Entity, "分红 %s 还没有结清,不能注销", d.ID)
		}
	}
	return f.Err()
}

func (e *DissolveEntity) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	entity, _ := entities.Get(a, e.Entity)
	entity.Dissolved = e.Date
	entities.Put(a, e.Entity, entity)
	recount(a, e.Entity)
}

// ReverseDissolution takes back a dissolution that was entered wrongly.
type ReverseDissolution struct {
	Entity string `cbor:"1,keyasint" json:"entity"`
	Reason string `cbor:"2,keyasint" json:"reason"`
}

var _ = journal.Register(&ReverseDissolution{}, journal.Kind{
	Label: "冲销注销", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"reason": "注销记错的冲销 / of one entered wrongly",
	},
})

// Place is the entity's village.
func (e *ReverseDissolution) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *ReverseDissolution) Subject() string { return e.Entity }

func (e *ReverseDissolution) Check(c *journal.Checking) error {
	entity, err := EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	if entity.Dissolved == "" {
		f.Add(journal.Conflict, "entity", e.Entity, "%s没有注销", entity.Name)
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	return f.Err()
}

func (e *ReverseDissolution) Apply(a *journal.Applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.Dissolved = ""
	entities.Put(a, e.Entity, entity)
	recount(a, e.Entity)
}

// CheckActive refuses what a dissolved entity can no longer do.
func CheckActive(f *journal.Faults, e Entity, on journal.Date) {
	if e.Dissolved != "" && on >= e.Dissolved {
		f.Add(journal.Conflict, "entity", e.ID, "%s已于 %s 注销", e.Name, string(e.Dissolved))
	}
}
