// Package dividend takes a plan from its draft to its last payout: figures, the law's checks, review, display, batches, holds; trade and
// member accounts; and explains every sum.
package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// maxComponents is the most parts one distribution may have.
const maxComponents = 12

// proposal is what draft and revision have in common.
type proposal struct {
	RecordDate journal.Date
	Components []plan.Component
	Fund       string
	Interim    bool
	Tax        withheld
}

func (p *proposal) Check(c *journal.Checking, f *journal.Faults, entity register.Entity, year int) {
	p.checkParts(c, f, entity.ID, year)
	p.Tax.check(c, f, entity.ID)
	if checkMembersOnly(c, f, entity, year, p.Fund, p.Components); p.Fund != "" {
		checkFund(f, entity, p.Fund, p.Interim, p.Components)
	}
}

func (p *proposal) checkParts(c *journal.Checking, f *journal.Faults, entity string, year int) {
	switch {
	case p.RecordDate == "":
		f.Invalid("record_date", "", "请填写登记日,例如 2025-11-30")
	case p.RecordDate.Year() < year || p.RecordDate.Year() > year+1:
		f.Invalid("record_date", p.RecordDate, "登记日 %s 不在 %s 年或次年", string(p.RecordDate), strconv.Itoa(year))
	}
	if len(p.Components) == 0 {
		f.Invalid("components", "", "至少要有一个分配项目")
	}
	if len(p.Components) > maxComponents {
		f.Invalid("components", len(p.Components), "分配项目最多 %s 个", strconv.Itoa(maxComponents))
		return
	}
	for i := range p.Components {
		check(&p.Components[i], c, f, "components."+strconv.Itoa(i)+".", entity)
	}
	for i, part := range p.Components {
		if part.Rule == plan.Excess && slices.ContainsFunc(p.Components[:i], func(o plan.Component) bool { return o.Rule == plan.Excess }) {
			f.Invalid("components."+strconv.Itoa(i)+".rule", part.Rule, "超出保底的部分只能有一项")
		}
	}
}

// check refuses a component that lacks what its rule needs, and empties what its rule has no use for.
func check(p *plan.Component, c *journal.Checking, f *journal.Faults, at, entity string) {
	if !slices.Contains(plan.Rules(), p.Rule) {
		f.Invalid(at+"rule", p.Rule, "没有“%s”这种分法", string(p.Rule))
		return
	}
	overClass := p.Rule.Classed() || p.Rule == plan.PoolOver || p.Rule == plan.Excess
	switch {
	case !overClass:
		if p.Class = ""; p.Days {
			f.Invalid(at+"days", p.Rule, "“%s”不看持有的股份,不能按持有天数折算", p.Rule.Label())
		}
	case p.Class != "":
		if class, ok := register.ClassTable.Get(c, p.Class); !ok || class.Entity() != entity {
			f.Invalid(at+"class", p.Class, "这个经营主体没有编号为 %s 的股份", p.Class)
		}
	case p.Rule.Classed():
		f.Invalid(at+"class", "", "请选一种股份,或把这一行的金额清空")
	}
	switch {
	case p.Rule == plan.Patronage:
		checkPatronagePart(p, f, at)
	case p.Pooled():
		if p.Rate = 0; p.Pool < 0 || p.Pool == 0 && p.Rule != plan.Excess {
			f.Invalid(at+"pool", p.Pool, "资金池必须大于 0")
		}
	default:
		if p.Pool = 0; p.Rate <= 0 {
			f.Invalid(at+"rate", p.Rate, "每股(亩)金额必须大于 0")
		}
	}
	if p.Rule != plan.FixedSum {
		p.Mark, p.Holders = "", nil
	} else {
		checkChosen(p, c, f, at, entity)
	}
	if p.Class == "" && (p.Rule == plan.PoolOver || p.Rule == plan.Excess) {
		doubtUnits(c, at, entity)
	}
	if p.Rule != plan.Patronage {
		p.Measure, p.Product, p.Unit, p.MemberFrom, p.MemberTo = "", "", "", "", ""
	}
	if p.Rule != plan.Excess {
		p.Members, p.Collective, p.Managers, p.ToCollective, p.ToManagers = 0, 0, 0, "", nil
		return
	}
	checkSplit(p, c, f, at, entity)
}

// doubtUnits asks about a component over all classes that adds shares to 亩.
func doubtUnits(c *journal.Checking, at, entity string) {
	var first register.ShareClass
	for _, class := range register.ClassTable.Scan(c, journal.ClassID.Front(entity)) {
		if first.ID == "" {
			first = class
		}
		if class.Unit != first.Unit && class.Unit != register.YuanUnit && first.Unit != register.YuanUnit {
			c.Doubt(at+"class", "", "全部股份里%s按%s计、%s按%s计,合在一起分就是一%s顶一%s;不是这个意思的请一种股份写一项", first.Name, first.Unit.Label(), class.Name,
				class.Unit.Label(), first.Unit.Label(), class.Unit.Label())
			return
		}
	}
}

// checkChosen refuses a fixed sum for nobody, or for somebody who is no shareholder.
func checkChosen(p *plan.Component, c *journal.Checking, f *journal.Faults, at, entity string) {
	if (p.Mark == "") == (len(p.Holders) == 0) {
		f.Invalid(at+"mark", p.Mark, "每户定额要写明给哪种标记的户,或列出股东,两者选一")
	}
	for i, h := range p.Holders {
		register.CheckHolderOf(c, f, journal.PlaceOf(entity), at+"recipients."+strconv.Itoa(i), h)
		if slices.Contains(p.Holders[:i], h) {
			f.Invalid(at+"recipients."+strconv.Itoa(i), h, "股东 %s 写了两次", h)
		}
	}
}

// checkSplit refuses percentages that come to more than 100, and parts that go to nobody.
func checkSplit(p *plan.Component, c *journal.Checking, f *journal.Faults, at, entity string) {
	const whole = 100_000_000
	if p.Members < 0 || p.Collective < 0 || p.Managers < 0 || p.Members+p.Collective+p.Managers > whole {
		f.Invalid(at+"members", p.Members, "成员、集体、管理人员的百分数相加不能大于 100;不到 100 的,余下的留着不分")
	}
	if p.Members == 0 {
		f.Invalid(at+"members", p.Members, "成员的百分数必须大于 0")
	}
	if p.Collective > 0 && p.ToCollective == "" {
		f.Invalid(at+"to_collective", "", "请写明集体是哪个股东")
	} else if p.Collective > 0 {
		register.CheckHolderOf(c, f, journal.PlaceOf(entity), at+"to_collective", p.ToCollective)
		if s, ok := register.ShareholderTable.Get(c, p.ToCollective); ok && s.Kind != register.Collective {
			f.Add(journal.Conflict, at+"to_collective", s.Name, "%s不是村集体;集体的一份要给登记为村集体的股东", s.Name)
		}
	} else {
		p.ToCollective = ""
	}
	if p.Managers == 0 {
		p.ToManagers = nil
	} else if len(p.ToManagers) == 0 {
		f.Invalid(at+"to_managers", "", "请写明管理人员")
	}
	for i, h := range p.ToManagers {
		register.CheckHolderOf(c, f, journal.PlaceOf(entity), at+"to_managers", h)
		if slices.Contains(p.ToManagers[:i], h) {
			f.Invalid(at+"to_managers", h, "股东 %s 写了两次", h)
		}
	}
}

// DraftDistribution begins a distribution of an entity's gain of a year.
type DraftDistribution struct {
	ID         string           `cbor:"1,keyasint" json:"id"`
	Entity     string           `cbor:"2,keyasint" json:"entity"`
	Year       int              `cbor:"3,keyasint" json:"year"`
	RecordDate journal.Date     `cbor:"4,keyasint" json:"record_date"`
	Resolution string           `cbor:"5,keyasint,omitempty" json:"resolution"`
	Components []plan.Component `cbor:"6,keyasint" json:"components"`
	Book       string           `cbor:"7,keyasint" json:"-"`
	CarryOdd   bool             `cbor:"8,keyasint,omitempty" json:"carry_odd"`
	Interim    bool             `cbor:"9,keyasint,omitempty" json:"interim"`
	// Fund gives out money that stands apart instead of the year's gain: land_compensation, by a resolution of the whole members' assembly.
	Fund string `cbor:"10,keyasint,omitempty" json:"fund_of,omitempty"`
	// TaxRate withholds so many per cent of each payment to whom TaxOf says; see plan.Withholding.
	TaxRate     money.Rate `cbor:"11,keyasint,omitempty" json:"tax_rate,omitempty"`
	TaxOf       plan.TaxOf `cbor:"12,keyasint,omitempty" json:"tax_of,omitempty"`
	TaxHolders  []string   `cbor:"13,keyasint,omitempty" json:"tax_holders,omitempty"`
	TaxByPerson bool       `cbor:"14,keyasint,omitempty" json:"tax_by_person,omitempty"`
}

var _ = journal.Register(&DraftDistribution{}, journal.Kind{
	Label: "起草分红", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"components.class":       "股份,pool 和 excess 留空为全部",
		"components.rule":        "rate/pool/guarantee/guarantee_percent/excess/patronage/account/fixed",
		"components.rate":        "每股(亩、户)元或百分数",
		"components.days":        "true 按持有天数",
		"components.recipients":  "fixed 给哪些户",
		"components.measure":     "patronage 按 amount 或 volume",
		"components.managers":    "excess 的百分数",
		"components.to_managers": "集体、管理人员是哪些股东",
		"carry_odd":              "true 则余数结转",
		"interim":                "true 为初次分红",
		"tax_rate":               "代扣个人所得税的百分数,留空不扣",
		"tax_of":                 "留空为全部农户和个人;nonmember 集体的非成员;named 列出的",
		"tax_holders":            "named 时列出股东",
		"tax_by_person":          "true 则按户内每人一份分别计税",
		"fund_of":                "land_compensation 为分配土地补偿费,不动当年收益;要成员大会的决议",
	},
})

// Place is the entity's village.
func (e *DraftDistribution) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the distribution's id.
func (e *DraftDistribution) Subject() string { return e.ID }

func (e *DraftDistribution) Check(c *journal.Checking) error {
	var f journal.Faults
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	if e.Year < 1949 || e.Year > c.Today().Year() {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
	register.CheckActive(&f, entity, c.Today())
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolvedOn(e.Fund))
	p := proposal{e.RecordDate, e.Components, e.Fund, e.Interim, withheld{e.TaxRate, e.TaxOf, e.TaxHolders, e.TaxByPerson}}
	if p.Check(c, &f, entity, e.Year); len(f) > 0 {
		return f
	}
	e.Book = entity.Book()
	last := 0
	front := journal.DistributionID.Dated(e.Entity, e.Year)
	for id := range plan.DistributionTable.Scan(c, front) {
		last = journal.DistributionID.Number(id)
	}
	e.ID, err = journal.DistributionID.Give(e.ID, front, last, func(id string) bool { return plan.DistributionTable.Has(c, id) })
	return err
}

func (e *DraftDistribution) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	plan.Keep(a, plan.Distribution{
		ID: e.ID, Entity: e.Entity, Book: e.Book, Year: e.Year, RecordDate: e.RecordDate, Resolution: e.Resolution,
		Components: e.Components, CarryOdd: e.CarryOdd, Interim: e.Interim, Fund: e.Fund, State: plan.Draft,
		Withholding: withheld{e.TaxRate, e.TaxOf, e.TaxHolders, e.TaxByPerson}.rule(),
		Steps:       []plan.Step{{Stamp: a.Stamp(), State: plan.Draft}},
	})
}

// ReviseDistribution changes a plan that has not been submitted or has come back.
type ReviseDistribution struct {
	Distribution string           `cbor:"1,keyasint" json:"distribution"`
	RecordDate   journal.Date     `cbor:"2,keyasint" json:"record_date"`
	Resolution   string           `cbor:"3,keyasint,omitempty" json:"resolution"`
	Components   []plan.Component `cbor:"4,keyasint" json:"components"`
	CarryOdd     bool             `cbor:"5,keyasint,omitempty" json:"carry_odd"`
	Interim      bool             `cbor:"6,keyasint,omitempty" json:"interim"`
	// TaxRate and the others are as in DraftDistribution.
	TaxRate     money.Rate `cbor:"7,keyasint,omitempty" json:"tax_rate,omitempty"`
	TaxOf       plan.TaxOf `cbor:"8,keyasint,omitempty" json:"tax_of,omitempty"`
	TaxHolders  []string   `cbor:"9,keyasint,omitempty" json:"tax_holders,omitempty"`
	TaxByPerson bool       `cbor:"10,keyasint,omitempty" json:"tax_by_person,omitempty"`
	Seen        int        `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&ReviseDistribution{}, journal.Kind{
	Label: "修改分红", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *ReviseDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReviseDistribution) Subject() string { return e.Distribution }

func (e *ReviseDistribution) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Draft, plan.Returned)
	if err != nil {
		return err
	}
	var f journal.Faults
	resolution.Name(c, &f, &e.Resolution, d.Entity, resolvedOn(d.Fund))
	entity, _ := register.EntityTable.Get(c, d.Entity)
	p := proposal{e.RecordDate, e.Components, d.Fund, e.Interim, withheld{e.TaxRate, e.TaxOf, e.TaxHolders, e.TaxByPerson}}
	p.Check(c, &f, entity, d.Year)
	return f.Err()
}

func (e *ReviseDistribution) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.RecordDate, d.Resolution, d.Components, d.State = e.RecordDate, e.Resolution, e.Components, plan.Draft
	d.CarryOdd, d.Interim = e.CarryOdd, e.Interim
	d.Withholding = withheld{e.TaxRate, e.TaxOf, e.TaxHolders, e.TaxByPerson}.rule()
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Draft})
	plan.Keep(a, d)
}

// inState returns a distribution that stands where an entry needs it.
func inState(c *journal.Checking, id string, states ...plan.State) (plan.Distribution, error) {
	d, ok := plan.DistributionTable.Get(c, id)
	if !ok {
		return d, journal.Missing("distribution", id, "没有编号为 %s 的分红方案", id)
	}
	if !slices.Contains(states, d.State) {
		return d, journal.Clash("distribution", id, "方案 %s 现在是“%s”,不能这样做", id, d.Label())
	}
	return d, nil
}

// seenInState is inState for whoever acts on a plan as a whole, and says which step of it they have seen last, by its journal number: one
// that has changed since is to be looked at again. 0 says nothing, as older entries do.
func seenInState(c *journal.Checking, id string, seen int, states ...plan.State) (plan.Distribution, error) {
	d, err := inState(c, id, states...)
	if err == nil && seen != 0 && uint64(seen) != d.LastStep() {
		err = journal.Clash("seen", id, "方案在您打开以后改过,请重新看过再做")
	}
	return d, err
}

// Distribution returns a distribution by its id.
func Distribution(v *journal.View, id string) (plan.Distribution, error) {
	d, err := journal.Find(v, plan.DistributionTable, id, journal.Missing("distribution", id, "没有编号为 %s 的分红方案", id))
	if books, e := v.At(journal.PlaceOf(id)); err == nil && e == nil && d.Committed() && d.Rules < shareRules {
		for _, p := range payouts.Scan(books, id) { // older programs did not count them
			if p.isNothing() && p.From == "" {
				d.Nothing++
			}
		}
	}
	return d, err
}

// Distributions lists the distributions of a region, newest year first; of one year when it is not 0; those that fit.
func Distributions(v *journal.View, place region.Code, year int, fits func(plan.Distribution) bool) (list []plan.Distribution, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for _, d := range plan.DistributionTable.Scan(books, place.Prefix()) {
		if (year == 0 || d.Year == year) && (fits == nil || fits(d)) {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b plan.Distribution) int { return cmp.Compare(b.Year, a.Year) })
	return list, nil
}
