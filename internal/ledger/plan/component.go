package plan

import (
	"cmp"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/shopspring/decimal"
)

// Rule is how a component of a distribution is worked out.
type Rule string

// Percent tells whether the rule counts in per cent of what was contributed.
func (r Rule) Percent() bool { return r == GuaranteePercent }

// ByTrade tells whether the rule gives back by trade.
func (r Rule) ByTrade() bool { return r == Patronage }

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
func (r Rule) Label() journal.Label {
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
	return journal.Label(r)
}

// Rules lists all rules.
func Rules() []Rule {
	return []Rule{RatePerUnit, PoolOver, Guarantee, GuaranteePercent, Excess, Patronage, ByAccount, FixedSum}
}

// Pooled components divide one sum over all weights; the others give each holder a sum of its own.
func (c Component) Pooled() bool {
	switch c.Rule {
	case PoolOver, Excess, ByAccount:
		return true
	case Patronage:
		return c.Rate == 0
	}
	return false
}

// Guarantee rules come before any share of an excess.
func (r Rule) Guarantee() bool { return r == Guarantee || r == GuaranteePercent }

// Classed rules are about a share class; a pool or an excess may be over all classes of the entity.
func (r Rule) Classed() bool { return r == RatePerUnit || r.Guarantee() }

// ReadsAll tells whether a component's figures follow from the registers of all classes of the entity.
func (p Component) ReadsAll() bool {
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
	// Product is the one product that patronage is given back for, "" for all; Unit what its volume is counted in. Patronage with a rate gives
	// so many yuan for a unit of the volume, or so many per cent of the amount.
	Product string `cbor:"14,keyasint,omitempty" json:"product,omitempty"`
	Unit    string `cbor:"15,keyasint,omitempty" json:"product_unit,omitempty"`
	// MemberFrom and MemberTo say whom patronage is for: who was a member from the one day to the other, on the one alone where only one is
	// given, in the plan's year where none is.
	MemberFrom journal.Date `cbor:"16,keyasint,omitempty" json:"member_from,omitempty"`
	MemberTo   journal.Date `cbor:"17,keyasint,omitempty" json:"member_to,omitempty"`
}

// MemberThrough is the time through which patronage asks for membership; "" where it asks for none.
func (c Component) MemberThrough() (from, to journal.Date) {
	return cmp.Or(c.MemberFrom, c.MemberTo), cmp.Or(c.MemberTo, c.MemberFrom)
}

// Later is the component with the days that it asks membership of so many years later: of a plan that is done again.
func (c Component) Later(years int) Component {
	if c.MemberFrom != "" {
		c.MemberFrom = c.MemberFrom.PlusYears(years)
	}
	if c.MemberTo != "" {
		c.MemberTo = c.MemberTo.PlusYears(years)
	}
	return c
}

// SameTrade tells whether two components give back by the same trade: a final round counts what a first one gave.
func (c Component) SameTrade(o Component) bool {
	return c.Rule == Patronage && o.Rule == Patronage && c.Measure == o.Measure && c.Product == o.Product
}

// Measure is what of a member's trade counts.
type Measure string

// The measures.
const (
	MeasureAmount Measure = "amount" // 交易额, yuan
	MeasureVolume Measure = "volume" // 交易量, in the product's unit
)

// ComponentTotal is what a component comes to: all units that take part, and the sum.
type ComponentTotal struct {
	_       struct{} `cbor:",toarray"`
	Units   money.Quantity
	Weight  money.Quantity
	Pool    money.Yuan // what was divided over the weights: the pool, with what a first round gave of it; or the members' share of an excess
	Amount  money.Yuan
	Holders int
	Odd     int // the odd 分 that a pool left after every exact share was cut down: given to the largest remainders, or carried forward
	Excess  money.Yuan
	Base    money.Yuan // of an excess: what the guarantees were taken from
}

// SplitExcess divides an excess by the percentages. By the first rules, whose percentages come to 100, each part is rounded half up and the
// members get what is left. Later what is given out is the percentages' part of the excess cut down to the 分, split by largest remainder,
// ties to the members, then the collective; what the percentages leave out is kept.
func (c Component) SplitExcess(excess money.Yuan, rules int) (members, collective, managers, kept money.Yuan) {
	if rules < 2 {
		managers, collective = excess.Percent(c.Managers), excess.Percent(c.Collective)
		return excess - managers - collective, collective, managers, 0
	}
	const whole = 100_000_000
	all := c.Members + c.Collective + c.Managers
	out := money.Yuan(decimal.NewFromInt(int64(excess)).Mul(decimal.NewFromInt(int64(all))).Div(decimal.NewFromInt(whole)).Floor().IntPart())
	parts, err := money.Apportion(out, []money.Weight{{Key: "1", Amount: money.Quantity(c.Members)},
		{Key: "2", Amount: money.Quantity(c.Collective)}, {Key: "3", Amount: money.Quantity(c.Managers)}})
	if err != nil {
		return 0, 0, 0, excess
	}
	return parts[0].Amount, parts[1].Amount, parts[2].Amount, excess - out
}

// ExcessInWords tells how an excess came about and was split.
func (c Component) ExcessInWords(t ComponentTotal, rules int) *journal.Error {
	members, collective, managers, kept := c.SplitExcess(t.Excess, rules)
	if kept > 0 {
		return journal.Say("%s 元 − 已分 %s 元 = 超出 %s 元:成员 %s 元、集体 %s 元、管理人员 %s 元,留下 %s 元", t.Base.Grouped(),
			(t.Base - t.Excess).Grouped(), t.Excess.Grouped(), members.Grouped(), collective.Grouped(), managers.Grouped(), kept.Grouped())
	}
	return journal.Say("%s 元 − 已分 %s 元 = 超出 %s 元:成员 %s 元、集体 %s 元、管理人员 %s 元", t.Base.Grouped(), (t.Base - t.Excess).Grouped(),
		t.Excess.Grouped(), members.Grouped(), collective.Grouped(), managers.Grouped())
}

// Counted tells what the weights of a pool count, where that is not plain.
func (c Component) Counted() journal.Label {
	switch {
	case c.Days:
		return "(股数 × 天数)"
	case c.Rule == Patronage && c.Measure == MeasureVolume && c.Product == "":
		return "(交易量)"
	case c.Rule == Patronage && c.Measure == MeasureVolume:
		return "(这种产品的交易量)"
	case c.Rule == Patronage && c.Product != "":
		return "(这种产品的交易额)"
	case c.Rule == Patronage:
		return "(交易额)"
	case c.Rule == ByAccount:
		return "(账户余额)"
	}
	return ""
}

// WeighsYuan tells whether the weights of a component are yuan, in 分; else they are units, or units × days, in ten-thousandths.
func (c Component) WeighsYuan() bool {
	return c.Rule == GuaranteePercent || c.Rule == ByAccount || c.Rule == Patronage && c.Measure != MeasureVolume
}

// Weighed prints a weight of a component in what it counts: units, units × days, or yuan.
func (c Component) Weighed(w money.Quantity) string {
	if c.WeighsYuan() {
		return money.Yuan(w).Grouped()
	}
	return w.Grouped()
}

// hiddenMark stands in the place of a mark that the reader's work does not need.
const hiddenMark = "*"

// Told is the component as an actor may read it: which households are marked as in need is sensitive (个人信息保护法 art. 28).
func (c Component) Told(who journal.Actor) Component {
	if c.Mark != "" && !who.NeedsMarks() {
		c.Mark = hiddenMark
	}
	return c
}

// MarkInWords tells what a fixed sum for marked households is.
func (c Component) MarkInWords() *journal.Error {
	if c.Mark == hiddenMark {
		return journal.Say("有某种标记的户每户 %s 元", c.Rate.String())
	}
	return journal.Say("标记“%s”的户每户 %s 元", c.Mark, c.Rate.String())
}
