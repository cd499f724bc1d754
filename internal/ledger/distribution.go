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
)

// Rules lists all rules.
func Rules() []Rule { return []Rule{RatePerUnit, PoolOver} }

// Label names the rule in Chinese.
func (r Rule) Label() Label {
	switch r {
	case RatePerUnit:
		return "定额"
	case PoolOver:
		return "浮动"
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

// Part is what one component gives one holder.
type Part struct {
	_        struct{} `cbor:",toarray"`
	Quantity money.Quantity
	Amount   money.Yuan
}

// Figure is what one holder is to get: a part for each component, in the components' order.
type Figure struct {
	_      struct{} `cbor:",toarray"`
	Holder string
	Parts  []Part
}

// Due is the sum of the parts.
func (f Figure) Due() (sum money.Yuan) {
	for _, p := range f.Parts {
		sum += p.Amount
	}
	return sum
}

// ComponentTotal is what a component comes to: all units that take part, and the sum.
type ComponentTotal struct {
	_       struct{} `cbor:",toarray"`
	Units   money.Quantity
	Amount  money.Yuan
	Holders int
	Odd     int // the odd 分 that a pool left after every exact share was cut down, given to the largest remainders
}

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
		if class, ok := classes.Get(c, part.Class); !ok || class.Entity() != entity {
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
	entity, ok := entities.Get(c, e.Entity)
	if !ok {
		return notFound("entity", e.Entity, "没有编号为 %s 的经营主体", e.Entity)
	}
	if e.Year < 1949 || e.Year > c.today().Year() {
		f.invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
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
	var err error
	e.ID, _, err = giveNumber(e.ID, front, distributionShape, 2, last, distributions.Has(c, e.ID))
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

// SubmitDistribution sends a plan for review. It freezes the figures: what every holder is to get, as the register stood at the
// end of the record date. Later movements do not change them.
type SubmitDistribution struct {
	Distribution string           `cbor:"1,keyasint" json:"distribution"`
	Figures      []Figure         `cbor:"2,keyasint" json:"-"`
	Totals       []ComponentTotal `cbor:"3,keyasint" json:"-"`
	Due          money.Yuan       `cbor:"4,keyasint" json:"-"`
}

// Place is the entity's village.
func (e *SubmitDistribution) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *SubmitDistribution) Subject() string { return e.Distribution }

func (e *SubmitDistribution) roles() []Role { return []Role{Accountant} }

func (e *SubmitDistribution) check(c *checking) error {
	d, err := inState(c, e.Distribution, Draft)
	if err != nil {
		return err
	}
	if d.RecordDate > c.today() {
		return conflict("record_date", d.RecordDate, "登记日 %s 还没有到,股东名册还会变;请到那天以后提交", string(d.RecordDate))
	}
	if e.Figures, e.Totals, err = figures(c, d); err != nil {
		return err
	}
	e.Due = 0
	for _, t := range e.Totals {
		e.Due += t.Amount
	}
	if s := statement(c, d.Book, d.Year); e.Due > s.Distributable {
		return conflict("components", e.Due, "方案合计 %s 元,%s 年可分配 %s 元,多出 %s 元;请减少分配或核对收支",
			e.Due.Grouped(), strconv.Itoa(d.Year), s.Distributable.Grouped(), (e.Due - s.Distributable).Grouped())
	}
	return nil
}

func (e *SubmitDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	d.State, d.Totals, d.Due, d.Holders = Submitted, e.Totals, e.Due, len(e.Figures)
	d.Steps = append(d.Steps, Step{Stamp: a.stamp(), State: Submitted})
	var sum money.Yuan
	for _, f := range e.Figures {
		due := f.Due()
		sum += due
		payouts.Put(a.Tx, d.ID+f.Holder, Payout{Holder: f.Holder, Parts: f.Parts, Due: due})
	}
	if sum != e.Due {
		panic("distribution " + d.ID + ": payouts add up to " + sum.String() + ", not to " + e.Due.String())
	}
	distributions.Put(a.Tx, d.ID, d)
}

// figures works out what every holder gets under a plan, in order of the holders' ids.
func figures(r store.Reader, d Distribution) ([]Figure, []ComponentTotal, error) {
	var list []Figure
	totals := make([]ComponentTotal, len(d.Components))
	for i, part := range d.Components {
		at := "components." + strconv.Itoa(i) + "."
		stakes := registerOf(r, part.Class, d.RecordDate)
		stakes = slices.DeleteFunc(stakes, func(s stake) bool { return s.quantity == 0 })
		if len(stakes) == 0 {
			return nil, nil, conflict(at+"class", part.Class, "登记日 %s 没有人持有 %s 的股份", string(d.RecordDate), part.Class)
		}
		amounts := make([]money.Yuan, len(stakes))
		t := &totals[i]
		t.Holders = len(stakes)
		switch part.Rule {
		case RatePerUnit:
			for k, s := range stakes {
				amounts[k], _ = part.Rate.Times(s.quantity)
				t.Amount += amounts[k]
			}
		case PoolOver:
			weights := make([]money.Weight, len(stakes))
			for k, s := range stakes {
				weights[k] = money.Weight{Key: s.holder, Amount: s.quantity}
			}
			parts, err := money.Apportion(part.Pool, weights)
			if err != nil {
				return nil, nil, conflict(at+"pool", part.Pool, "资金池 %s 元分不下去:总股数为 0 或太大", part.Pool.Grouped())
			}
			for k, p := range parts {
				amounts[k] = p.Amount
				if p.Odd {
					t.Odd++
				}
			}
			t.Amount = part.Pool
		}
		for _, s := range stakes {
			t.Units += s.quantity
		}
		list = mergeFigures(list, stakes, amounts, i, len(d.Components))
	}
	return list, totals, nil
}

// mergeFigures adds a component's amounts to figures; both are in order of the holders' ids.
func mergeFigures(list []Figure, stakes []stake, amounts []money.Yuan, component, components int) []Figure {
	backing := make([]Part, 0, len(stakes)*components)
	merged := make([]Figure, 0, max(len(list), len(stakes)))
	k := 0
	for _, f := range list {
		for k < len(stakes) && stakes[k].holder < f.Holder {
			merged, backing = appendFigure(merged, backing, stakes[k], amounts[k], component, components)
			k++
		}
		if k < len(stakes) && stakes[k].holder == f.Holder {
			f.Parts[component] = Part{Quantity: stakes[k].quantity, Amount: amounts[k]}
			k++
		}
		merged = append(merged, f)
	}
	for ; k < len(stakes); k++ {
		merged, backing = appendFigure(merged, backing, stakes[k], amounts[k], component, components)
	}
	return merged
}

// appendFigure makes a new holder's figure; its parts lie in one backing array with all others, which is large enough.
func appendFigure(list []Figure, backing []Part, s stake, amount money.Yuan, component, components int) ([]Figure, []Part) {
	n := len(backing)
	backing = backing[:n+components]
	parts := backing[n : n+components : n+components]
	parts[component] = Part{Quantity: s.quantity, Amount: amount}
	return append(list, Figure{Holder: s.holder, Parts: parts}), backing
}

// ReturnDistribution sends a submitted plan back with a reason. Its figures are thrown away.
type ReturnDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Reason       string `cbor:"2,keyasint" json:"reason"`
}

// Place is the entity's village.
func (e *ReturnDistribution) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReturnDistribution) Subject() string { return e.Distribution }

func (e *ReturnDistribution) roles() []Role { return []Role{Reviewer} }

func (e *ReturnDistribution) check(c *checking) error {
	if e.Reason == "" {
		return invalid("reason", "", "请写明退回的原因")
	}
	_, err := inState(c, e.Distribution, Submitted)
	return err
}

func (e *ReturnDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	var keys []string
	for k := range payouts.Scan(a, d.ID) {
		keys = append(keys, k)
	}
	for _, k := range keys {
		payouts.Delete(a.Tx, k)
	}
	d.State, d.Totals, d.Due, d.Holders = Returned, nil, 0, 0
	d.Steps = append(d.Steps, Step{Stamp: a.stamp(), State: Returned, Reason: e.Reason})
	distributions.Put(a.Tx, d.ID, d)
}

// ApproveDistribution lets a submitted plan be paid. Whoever submitted it cannot approve it.
type ApproveDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
}

// Place is the entity's village.
func (e *ApproveDistribution) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ApproveDistribution) Subject() string { return e.Distribution }

func (e *ApproveDistribution) roles() []Role { return []Role{Reviewer} }

func (e *ApproveDistribution) check(c *checking) error {
	d, err := inState(c, e.Distribution, Submitted)
	if err != nil {
		return err
	}
	if d.Steps[len(d.Steps)-1].By == c.who.Account {
		return forbidden("提交人不能审核自己提交的方案")
	}
	// The books may have changed since: income reversed, another plan submitted.
	if s := statement(c, d.Book, d.Year); s.Distributable < 0 {
		return conflict("distribution", d.ID, "提交以后收支有变,%s 年可分配的已不够,差 %s 元;请退回",
			strconv.Itoa(d.Year), (-s.Distributable).Grouped())
	}
	return nil
}

func (e *ApproveDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	d.State = Approved
	d.Steps = append(d.Steps, Step{Stamp: a.stamp(), State: Approved})
	distributions.Put(a.Tx, d.ID, d)
}

// VoidDistribution gives up a plan that has not been submitted or has come back.
type VoidDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Reason       string `cbor:"2,keyasint" json:"reason"`
}

// Place is the entity's village.
func (e *VoidDistribution) Place() region.Code { return placeOf(e.Distribution) }

// Subject is the distribution's id.
func (e *VoidDistribution) Subject() string { return e.Distribution }

func (e *VoidDistribution) roles() []Role { return []Role{Accountant} }

func (e *VoidDistribution) check(c *checking) error {
	if e.Reason == "" {
		return invalid("reason", "", "请写明作废的原因")
	}
	_, err := inState(c, e.Distribution, Draft, Returned)
	return err
}

func (e *VoidDistribution) apply(a *applying) {
	d, _ := distributions.Get(a, e.Distribution)
	d.State = Voided
	d.Steps = append(d.Steps, Step{Stamp: a.stamp(), State: Voided, Reason: e.Reason})
	distributions.Put(a.Tx, d.ID, d)
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

// Preview works out a draft's figures as they would be frozen now, and their sum.
func (v *View) Preview(d Distribution) (list []Figure, totals []ComponentTotal, due money.Yuan, err error) {
	if err := v.within(d.Village()); err != nil {
		return nil, nil, 0, err
	}
	list, totals, err = figures(v, d)
	for _, t := range totals {
		due += t.Amount
	}
	return list, totals, due, err
}

// PaidOrFailed is what is no longer outstanding.
func (d Distribution) PaidOrFailed() money.Yuan { return d.Paid + d.Failed }
