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
	}
	return Label(r)
}

// Component is one part of a distribution: a class, and a rate per unit or a pool for all units of it.
type Component struct {
	Class string     `cbor:"1,keyasint" json:"class"`
	Rule  Rule       `cbor:"2,keyasint" json:"rule"`
	Rate  money.Rate `cbor:"3,keyasint,omitempty" json:"rate"` // yuan per unit
	Pool  money.Yuan `cbor:"4,keyasint,omitempty" json:"pool"`
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

// Outstanding is what is due and neither paid nor failed.
func (d Distribution) Outstanding() money.Yuan { return d.Due - d.Paid - d.Failed }

// OutstandingCount is the number of payouts neither paid nor failed.
func (d Distribution) OutstandingCount() int { return d.Holders - d.PaidCount - d.FailCount }

// Settled tells whether everything due has been paid.
func (d Distribution) Settled() bool { return d.State == Approved && d.Paid == d.Due }

// committed distributions take from what is distributable.
func (d Distribution) committed() bool { return d.State == Submitted || d.State == Approved }

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
	case d.Settled():
		return "结清"
	case d.PaidCount+d.FailCount > 0:
		return "发放中"
	}
	return "待发放"
}

var distributions = store.Table[Distribution]("distribution")

// plan is what draft and revision have in common.
type plan struct {
	RecordDate Date        `cbor:"1,keyasint" json:"record_date"`
	Resolution string      `cbor:"2,keyasint,omitempty" json:"resolution"`
	Components []Component `cbor:"3,keyasint" json:"components"`
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
	for i, part := range p.Components {
		at := "components." + strconv.Itoa(i) + "."
		if part.Class == "" {
			f.invalid(at+"class", "", "请选一种股份,或把这一行的金额清空")
		} else if class, ok := classes.Get(c, part.Class); !ok || class.Entity() != entity {
			f.invalid(at+"class", part.Class, "这个经营主体没有编号为 %s 的股份", part.Class)
		}
		switch part.Rule {
		case RatePerUnit:
			if part.Rate <= 0 {
				f.invalid(at+"rate", part.Rate, "每股(亩)金额必须大于 0")
			}
			p.Components[i].Pool = 0
		case PoolOver:
			if part.Pool <= 0 {
				f.invalid(at+"pool", part.Pool, "资金池必须大于 0")
			}
			p.Components[i].Rate = 0
		default:
			f.invalid(at+"rule", part.Rule, "没有“%s”这种分法;可用 rate(每股定额)或 pool(资金池)", string(part.Rule))
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
	p := plan{e.RecordDate, e.Resolution, e.Components}
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
		Components: e.Components, State: Draft, Steps: []Step{{Stamp: a.stamp(), State: Draft}},
	})
}

// ReviseDistribution changes a plan that has not been submitted or has come back.
type ReviseDistribution struct {
	Distribution string      `cbor:"1,keyasint" json:"distribution"`
	RecordDate   Date        `cbor:"2,keyasint" json:"record_date"`
	Resolution   string      `cbor:"3,keyasint,omitempty" json:"resolution"`
	Components   []Component `cbor:"4,keyasint" json:"components"`
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
	p := plan{e.RecordDate, e.Resolution, e.Components}
	p.check(c, &f, d.Entity, d.Year)
	return f.err()
}

func (e *ReviseDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	d.RecordDate, d.Resolution, d.Components, d.State = e.RecordDate, e.Resolution, e.Components, Draft
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

// PaidOrFailed is what is no longer outstanding.
func (d Distribution) PaidOrFailed() money.Yuan { return d.Paid + d.Failed }
