package ledger

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Rule is how a component of a distribution is worked out.
type Rule string

// The rules.
const (
	RatePerUnit Rule = "rate" // a fixed sum per share or 亩, each holder's amount rounded half up to the 分
	PoolOver    Rule = "pool" // a sum divided over all units, by largest remainder

	Guarantee        Rule = "guarantee"         // 保底: a guaranteed sum per share or 亩
	GuaranteePercent Rule = "guarantee_percent" // 保底: a percentage of what the holder contributed
	Excess           Rule = "excess"            // what is left above the guarantees, split among members, collective and managers
	Patronage        Rule = "patronage"         // a sum divided by the members' trade with the cooperative
	ByAccount        Rule = "account"           // a sum divided by the members' accounts: capital, reserves, subsidies
	FixedSum         Rule = "fixed"             // a fixed sum for each chosen household
)

// Label names the rule in Chinese.
func (r Rule) Label() Label {
	switch r {
	case RatePerUnit:
		return "定额"
	case PoolOver:
		return "资金池"
	case Guarantee:
		return "保底"
	case GuaranteePercent:
		return "按入股额保底"
	case Excess:
		return "超出保底的部分"
	case Patronage:
		return "按交易量(额)返还"
	case ByAccount:
		return "按成员账户"
	case FixedSum:
		return "每户定额"
	}
	return Label(r)
}

// Rules lists all rules.
func Rules() []Rule {
	return []Rule{RatePerUnit, PoolOver, Guarantee, GuaranteePercent, Excess, Patronage, ByAccount, FixedSum}
}

// pooled rules divide one sum over all weights; the others give each holder a sum of its own.
func (r Rule) pooled() bool { return r == PoolOver || r == Excess || r == Patronage || r == ByAccount }

// guarantee rules come before any share of an excess.
func (r Rule) guarantee() bool { return r == Guarantee || r == GuaranteePercent }

// classed rules are about a share class; a pool or an excess may be over all classes of the entity.
func (r Rule) classed() bool { return r == RatePerUnit || r.guarantee() }

// readsAll tells whether a component's figures follow from the registers of all classes of the entity.
func (p Component) readsAll() bool {
	return p.Class == "" && (p.Rule == PoolOver || p.Rule == Excess || p.Rule == ByAccount || p.Rule == FixedSum && p.Mark != "")
}

// Component is one part of a distribution: who takes part, by what, and the sum.
type Component struct {
	Class string     `cbor:"1,keyasint,omitempty" json:"class"` // "" for all classes, or where the rule is about none
	Rule  Rule       `cbor:"2,keyasint" json:"rule"`
	Rate  money.Rate `cbor:"3,keyasint,omitempty" json:"rate"` // yuan per unit or household; per cent of the contribution
	// Pool is the sum that is divided; of an excess what the guarantees are taken from; where it is 0, all that may be
	// distributed, less the plan's other components.
	Pool money.Yuan `cbor:"4,keyasint,omitempty" json:"pool"`
	// Days weighs each holding by the days it was held in the plan's year, up to the record date.
	Days    bool     `cbor:"5,keyasint,omitempty" json:"days"`
	Mark    string   `cbor:"6,keyasint,omitempty" json:"mark"`       // of a fixed sum: whose households it is for
	Holders []string `cbor:"7,keyasint,omitempty" json:"recipients"` // of a fixed sum: the households by name, where no mark chooses them
	Measure Measure  `cbor:"8,keyasint,omitempty" json:"measure"`    // of patronage: amount (yuan) or volume
	// Members, Collective and Managers are the percentages of an excess, 100 together; ToCollective and ToManagers who gets the latter two.
	Members      money.Rate `cbor:"9,keyasint,omitempty" json:"members"`
	Collective   money.Rate `cbor:"10,keyasint,omitempty" json:"collective"`
	Managers     money.Rate `cbor:"11,keyasint,omitempty" json:"managers"`
	ToCollective string     `cbor:"12,keyasint,omitempty" json:"to_collective"`
	ToManagers   []string   `cbor:"13,keyasint,omitempty" json:"to_managers"`
}

// maxComponents is the most parts one distribution may have.
const maxComponents = 12

// State is where a distribution stands in its life.
type State string

// The states. What is paid is told by the sums, not by a state of its own.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Approved  State = "approved"
	Voided    State = "voided"
	Closed    State = "closed" // everything has been paid and the plan is put away
)

// Distribution is a plan to give out a year's gain, and how far it has come. Its sums always add up: Due is Paid, Failed and what
// is outstanding together.
type Distribution struct {
	ID         string           `cbor:"1,keyasint"`
	Entity     string           `cbor:"2,keyasint"`
	Book       string           `cbor:"3,keyasint"` // the book whose gain is given out
	Year       int              `cbor:"4,keyasint"`
	RecordDate Date             `cbor:"5,keyasint"`
	Resolution string           `cbor:"6,keyasint,omitempty"`
	Components []Component      `cbor:"7,keyasint"`
	State      State            `cbor:"8,keyasint"`
	Totals     []ComponentTotal `cbor:"9,keyasint,omitempty"` // frozen at submission
	Due        money.Yuan       `cbor:"10,keyasint,omitempty"`
	Holders    int              `cbor:"11,keyasint,omitempty"`
	Paid       money.Yuan       `cbor:"12,keyasint,omitempty"`
	PaidCount  int              `cbor:"13,keyasint,omitempty"`
	Failed     money.Yuan       `cbor:"14,keyasint,omitempty"`
	FailCount  int              `cbor:"15,keyasint,omitempty"`
	Steps      []Step           `cbor:"16,keyasint,omitempty"`
	Held       money.Yuan       `cbor:"17,keyasint,omitempty"`
	HeldCount  int              `cbor:"18,keyasint,omitempty"`
	Sent       money.Yuan       `cbor:"19,keyasint,omitempty"` // of what is outstanding: sums that lie with a bank
	SentCount  int              `cbor:"20,keyasint,omitempty"`
	CarryOdd   bool             `cbor:"21,keyasint,omitempty"` // the odd 分 of pools are carried forward instead of apportioned
	Interim    bool             `cbor:"22,keyasint,omitempty"` // 初次分红: a first round, before the books close
	From       Date             `cbor:"23,keyasint,omitempty"` // disclosed from this day
	Until      Date             `cbor:"24,keyasint,omitempty"` // to this one, both inclusive
	Objections []Objection      `cbor:"25,keyasint,omitempty"`
	Batches    int              `cbor:"26,keyasint,omitempty"` // number of the last bank batch
	Days       int              `cbor:"27,keyasint,omitempty"` // how long it is to be disclosed: the charter's days when it was submitted
}

// Step is one thing that happened to a distribution.
type Step struct {
	_ struct{} `cbor:",toarray"`
	Stamp
	State  State
	Reason string
}

// Village is the place of the distributing entity.
func (d Distribution) Village() region.Code { return placeOf(d.ID) }

// Outstanding is what is due and neither paid, failed nor held.
func (d Distribution) Outstanding() money.Yuan { return d.Due - d.Paid - d.Failed - d.Held }

// OutstandingCount is the number of payouts neither paid, failed nor held.
func (d Distribution) OutstandingCount() int {
	return d.Holders - d.PaidCount - d.FailCount - d.HeldCount
}

// DueCount is the number of payouts that wait to be paid and do not lie with a bank.
func (d Distribution) DueCount() int { return d.OutstandingCount() - d.SentCount }

// InForce tells whether the distribution has been approved: its sums are due.
func (d Distribution) InForce() bool { return d.State == Approved || d.State == Closed }

// Settled tells whether everything due has been paid.
func (d Distribution) Settled() bool { return d.InForce() && d.Paid == d.Due }

// committed distributions take from what is distributable.
func (d Distribution) committed() bool { return d.State == Submitted || d.InForce() }

// Label names where the distribution stands, in Chinese.
func (d Distribution) Label() Label {
	switch {
	case d.State == Draft:
		return "草稿"
	case d.State == Submitted:
		return "待审核"
	case d.State == Returned:
		return "已退回"
	case d.State == Voided:
		return "已作废"
	case d.State == Closed:
		return "已办结"
	case d.Settled():
		return "结清"
	case d.PaidCount+d.FailCount+d.SentCount > 0:
		return "发放中"
	case d.From == "":
		return "待公示"
	}
	return "已公示,待发放"
}

var distributions = store.Table[Distribution]("distribution")

// plan is what draft and revision have in common.
type plan struct {
	RecordDate Date
	Components []Component
}

func (p *plan) check(c *checking, f *Faults, entity string, year int) {
	switch {
	case p.RecordDate == "":
		f.invalid("record_date", "", "请填写登记日,例如 2025-11-30")
	case p.RecordDate.Year() < year || p.RecordDate.Year() > year+1:
		f.invalid("record_date", p.RecordDate, "登记日 %s 不在 %s 年或次年", string(p.RecordDate), strconv.Itoa(year))
	}
	if len(p.Components) == 0 {
		f.invalid("components", "", "至少要有一个分配项目")
	}
	if len(p.Components) > maxComponents {
		f.invalid("components", len(p.Components), "分配项目最多 %s 个", strconv.Itoa(maxComponents))
		return
	}
	for i := range p.Components {
		p.Components[i].check(c, f, "components."+strconv.Itoa(i)+".", entity)
	}
	for i, part := range p.Components {
		if part.Rule == Excess && slices.ContainsFunc(p.Components[:i], func(o Component) bool { return o.Rule == Excess }) {
			f.invalid("components."+strconv.Itoa(i)+".rule", part.Rule, "超出保底的部分只能有一项")
		}
	}
}

// check refuses a component that lacks what its rule needs, and empties what its rule has no use for.
func (p *Component) check(c *checking, f *Faults, at, entity string) {
	if !slices.Contains(Rules(), p.Rule) {
		f.invalid(at+"rule", p.Rule, "没有“%s”这种分法", string(p.Rule))
		return
	}
	overClass := p.Rule.classed() || p.Rule == PoolOver || p.Rule == Excess
	switch {
	case !overClass:
		if p.Class = ""; p.Days {
			f.invalid(at+"days", p.Rule, "“%s”不看持有的股份,不能按持有天数折算", p.Rule.Label())
		}
	case p.Class != "":
		if class, ok := classes.Get(c, p.Class); !ok || class.Entity() != entity {
			f.invalid(at+"class", p.Class, "这个经营主体没有编号为 %s 的股份", p.Class)
		}
	case p.Rule.classed():
		f.invalid(at+"class", "", "请选一种股份,或把这一行的金额清空")
	}
	if p.Rule.pooled() {
		if p.Rate = 0; p.Pool < 0 || p.Pool == 0 && p.Rule != Excess {
			f.invalid(at+"pool", p.Pool, "资金池必须大于 0")
		}
	} else if p.Pool = 0; p.Rate <= 0 {
		f.invalid(at+"rate", p.Rate, "每股(亩)金额必须大于 0")
	}
	if p.Rule != FixedSum {
		p.Mark, p.Holders = "", nil
	} else {
		p.checkChosen(c, f, at, entity)
	}
	if p.Rule != Patronage {
		p.Measure = ""
	} else if p.Measure == "" {
		p.Measure = MeasureAmount
	} else if p.Measure != MeasureAmount && p.Measure != MeasureVolume {
		f.invalid(at+"measure", p.Measure, "按交易额写 amount,按交易量写 volume")
	}
	if p.Rule != Excess {
		p.Members, p.Collective, p.Managers, p.ToCollective, p.ToManagers = 0, 0, 0, "", nil
		return
	}
	p.checkSplit(c, f, at, entity)
}

// checkChosen refuses a fixed sum for nobody, or for somebody who is no shareholder.
func (p *Component) checkChosen(c *checking, f *Faults, at, entity string) {
	if (p.Mark == "") == (len(p.Holders) == 0) {
		f.invalid(at+"mark", p.Mark, "每户定额要写明给哪种标记的户,或列出股东,两者选一")
	}
	for i, h := range p.Holders {
		checkHolderOf(c, f, placeOf(entity), at+"recipients."+strconv.Itoa(i), h)
		if slices.Contains(p.Holders[:i], h) {
			f.invalid(at+"recipients."+strconv.Itoa(i), h, "股东 %s 写了两次", h)
		}
	}
}

// checkSplit refuses percentages that do not come to 100, and parts that go to nobody.
func (p *Component) checkSplit(c *checking, f *Faults, at, entity string) {
	const whole = 100_000_000
	if p.Members < 0 || p.Collective < 0 || p.Managers < 0 || p.Members+p.Collective+p.Managers != whole {
		f.invalid(at+"members", p.Members, "成员、集体、管理人员的百分数相加要等于 100")
	}
	if p.Members == 0 {
		f.invalid(at+"members", p.Members, "成员的百分数必须大于 0")
	}
	if p.Collective > 0 && p.ToCollective == "" {
		f.invalid(at+"to_collective", "", "请写明集体是哪个股东")
	} else if p.Collective > 0 {
		checkHolderOf(c, f, placeOf(entity), at+"to_collective", p.ToCollective)
		if s, ok := shareholders.Get(c, p.ToCollective); ok && s.Kind != Collective {
			f.add(Conflict, at+"to_collective", s.Name, "%s不是村集体;集体的一份要给登记为村集体的股东", s.Name)
		}
	} else {
		p.ToCollective = ""
	}
	if p.Managers == 0 {
		p.ToManagers = nil
	} else if len(p.ToManagers) == 0 {
		f.invalid(at+"to_managers", "", "请写明管理人员")
	}
	for i, h := range p.ToManagers {
		checkHolderOf(c, f, placeOf(entity), at+"to_managers", h)
		if slices.Contains(p.ToManagers[:i], h) {
			f.invalid(at+"to_managers", h, "股东 %s 写了两次", h)
		}
	}
}

// DraftDistribution begins a distribution of an entity's gain of a year.
type DraftDistribution struct {
	ID         string      `cbor:"1,keyasint" json:"id"`
	Entity     string      `cbor:"2,keyasint" json:"entity"`
	Year       int         `cbor:"3,keyasint" json:"year"`
	RecordDate Date        `cbor:"4,keyasint" json:"record_date"`
	Resolution string      `cbor:"5,keyasint,omitempty" json:"resolution"`
	Components []Component `cbor:"6,keyasint" json:"components"`
	Book       string      `cbor:"7,keyasint" json:"-"`
	CarryOdd   bool        `cbor:"8,keyasint,omitempty" json:"carry_odd"`
	Interim    bool        `cbor:"9,keyasint,omitempty" json:"interim"`
}

// Place is the entity's village.
func (e *DraftDistribution) Place() region.Code { return placeOf(e.Entity) }

// Subject is the distribution's id.
func (e *DraftDistribution) Subject() string { return e.ID }

func (e *DraftDistribution) roles() []Role { return []Role{Accountant} }

func (e *DraftDistribution) check(c *checking) error {
	var f Faults
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	if e.Year < 1949 || e.Year > c.today().Year() {
		f.invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
	checkActive(&f, entity, c.today())
	p := plan{e.RecordDate, e.Components}
	if p.check(c, &f, e.Entity, e.Year); len(f) > 0 {
		return f
	}
	e.Book = entity.Book()
	last := 0
	front := e.Entity + "D" + strconv.Itoa(e.Year)
	for id := range distributions.Scan(c, front) {
		last = tail(id, 2)
	}
	e.ID, err = giveNumber(e.ID, front, distributionShape, 2, last, func(id string) bool { return distributions.Has(c, id) })
	return err
}

func (e *DraftDistribution) apply(a *applying) {
	distributions.Put(a.Tx, e.ID, Distribution{
		ID: e.ID, Entity: e.Entity, Book: e.Book, Year: e.Year, RecordDate: e.RecordDate, Resolution: e.Resolution,
		Components: e.Components, CarryOdd: e.CarryOdd, Interim: e.Interim, State: Draft, Steps: []Step{{Stamp: a.stamp(), State: Draft}},
	})
}

// ReviseDistribution changes a plan that has not been submitted or has come back.
type ReviseDistribution struct {
	Distribution string      `cbor:"1,keyasint" json:"distribution"`
	RecordDate   Date        `cbor:"2,keyasint" json:"record_date"`
	Resolution   string      `cbor:"3,keyasint,omitempty" json:"resolution"`
	Components   []Component `cbor:"4,keyasint" json:"components"`
	CarryOdd     bool        `cbor:"5,keyasint,omitempty" json:"carry_odd"`
	Interim      bool        `cbor:"6,keyasint,omitempty" json:"interim"`
}

// Place is the entity's village.
func (e *ReviseDistribution) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReviseDistribution) Subject() string { return e.Distribution }

func (e *ReviseDistribution) roles() []Role { return []Role{Accountant} }

func (e *ReviseDistribution) check(c *checking) error {
	d, err := inState(c, e.Distribution, Draft, Returned)
	if err != nil {
		return err
	}
	var f Faults
	p := plan{e.RecordDate, e.Components}
	p.check(c, &f, d.Entity, d.Year)
	return f.err()
}

func (e *ReviseDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	d.RecordDate, d.Resolution, d.Components, d.State = e.RecordDate, e.Resolution, e.Components, Draft
	d.CarryOdd, d.Interim = e.CarryOdd, e.Interim
	d.Steps = append(d.Steps, Step{Stamp: a.stamp(), State: Draft})
	distributions.Put(a.Tx, d.ID, d)
}

// inState returns a distribution that stands where an entry needs it.
func inState(c *checking, id string, states ...State) (Distribution, error) {
	d, ok := distributions.Get(c, id)
	if !ok {
		return d, notFound("distribution", id, "没有编号为 %s 的分红方案", id)
	}
	if !slices.Contains(states, d.State) {
		return d, conflict("distribution", id, "方案 %s 现在是“%s”,不能这样做", id, d.Label())
	}
	return d, nil
}

// Distribution returns a distribution by its id.
func (v *View) Distribution(id string) (Distribution, error) {
	d, ok := distributions.Get(v, id)
	if !ok {
		return d, notFound("distribution", id, "没有编号为 %s 的分红方案", id)
	}
	return d, v.within(d.Village())
}

// Distributions lists the distributions of a region, newest year first; of one year when it is not 0; those that fit.
func (v *View) Distributions(place region.Code, year int, fits func(Distribution) bool) (list []Distribution, err error) {
	if err := v.within(place); err != nil {
		return nil, err
	}
	for _, d := range distributions.Scan(v, place.Prefix()) {
		if (year == 0 || d.Year == year) && (fits == nil || fits(d)) {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b Distribution) int { return cmp.Compare(b.Year, a.Year) })
	return list, nil
}

// PaidOrFailed is what is paid or failed.
func (d Distribution) PaidOrFailed() money.Yuan { return d.Paid + d.Failed }
