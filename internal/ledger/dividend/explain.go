package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// Explanation is the arithmetic of what one component gives one holder, in sentences.
type Explanation struct {
	Component plan.Component
	Class     register.ShareClass // the zero class where the component is over none or all
	Lines     []*journal.Error    // texts with their arguments, to be said in the reader's language
	Amount    money.Yuan
}

// DaysOf says whose days a plan counts, where one of its components does.
func DaysOf(v *journal.View, d plan.Distribution) (journal.Label, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return "", err
	}
	switch p := planningOf(books, d); {
	case p.rules < shareRules:
		return "(按持有天数折算)", nil
	case p.copied.OwnDays:
		return "(按各户自己的天数折算,中途转出的也得)", nil
	}
	return "(按股份的天数折算,随股份转移)", nil
}

// InWords tells a component's rule; class is the zero class where it is over all or none, counted what days are counted.
func InWords(c plan.Component, class register.ShareClass, counted journal.Label) *journal.Error {
	var over any = class.Name
	if class.Name == "" {
		over = journal.Label("全部股份")
	}
	days := journal.Label("")
	if c.Days {
		days = counted
	}
	switch c.Rule {
	case plan.PoolOver:
		return journal.Say("资金池 %s 元,按%s分%s", c.Pool.Grouped(), over, days)
	case plan.Guarantee:
		return journal.Say("%s每%s保底 %s 元%s", class.Name, class.Unit.Label(), c.Rate.String(), days)
	case plan.GuaranteePercent:
		return journal.Say("%s按入股额的 %s%% 保底%s", class.Name, c.Rate.String(), days)
	case plan.Excess:
		return journal.Say("超出保底的部分:成员 %s%%(按%s分%s)、集体 %s%%、管理人员 %s%%", c.Members.String(), over, days, c.Collective.String(),
			c.Managers.String())
	case plan.Patronage:
		return patronageInWords(c)
	case plan.ByAccount:
		return journal.Say("资金池 %s 元,按成员账户(出资额、公积金份额、补助份额)分", c.Pool.Grouped())
	case plan.FixedSum:
		if c.Mark != "" {
			return c.MarkInWords()
		}
		return journal.Say("选定的 %s 户每户 %s 元", strconv.Itoa(len(c.Holders)), c.Rate.String())
	}
	return journal.Say("%s每%s %s 元%s", class.Name, class.Unit.Label(), c.Rate.String(), days)
}

// patronageInWords tells by what trade a component gives back, and to whom.
func patronageInWords(c plan.Component) *journal.Error {
	by, of, who := journal.Label("交易额"), any(journal.Label("全部产品")), any(journal.Label("当年的成员"))
	if c.Measure == plan.MeasureVolume {
		by = "交易量"
	}
	if c.Product != "" {
		of = c.Product
	}
	if from, to := c.MemberThrough(); from != to {
		who = journal.Say("%s 到 %s 都是成员的", string(from), string(to))
	} else if to != "" {
		who = journal.Say("%s 是成员的", string(to))
	}
	unit := any(journal.Label("单位"))
	if c.Unit != "" {
		unit = c.Unit
	}
	switch {
	case c.Product == "" && c.MemberTo+c.MemberFrom == "" && c.Pooled():
		return journal.Say("返还 %s 元,按成员与本社的%s分", c.Pool.Grouped(), by)
	case c.Pooled():
		return journal.Say("%s:返还 %s 元,按%s分给%s", of, c.Pool.Grouped(), by, who)
	case c.Measure == plan.MeasureVolume:
		return journal.Say("%s:每%s返还 %s 元,给%s", of, unit, c.Rate.String(), who)
	}
	return journal.Say("%s:返还交易额的 %s%%,给%s", of, c.Rate.String(), who)
}

// Explain works out again, from the frozen weights or from the books of a draft, how a holder's amounts come about. The
// figures are those of the distribution: what Explain finds otherwise would be an error of the ledger.
func Explain(v *journal.View, d plan.Distribution, holder string) (list []Explanation, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, err
	}
	var all []Figure
	sums := d.Totals
	if d.Totals != nil {
		rows, _, err := Payouts(v, d.ID, "", 2*maxHolders, func(p Payout) bool { return p.From == "" })
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all = append(all, Figure{Holder: p.Holder, Parts: p.Parts})
		}
	} else if all, sums, _, err = Preview(v, d); err != nil {
		return nil, err
	}
	p := planningOf(books, d)
	own, ok := slices.BinarySearchFunc(all, holder, func(f Figure, h string) int { return cmp.Compare(f.Holder, h) })
	if !ok {
		return nil, nil
	}
	for i, c := range d.Components {
		mine := all[own].Parts[i]
		if mine.Amount == 0 && mine.Weight == 0 {
			continue
		}
		c = c.Told(v.Who())
		e := Explanation{Component: c, Amount: mine.Amount}
		if c.Class != "" {
			if e.Class, err = register.ShareClassOf(v, c.Class); err != nil {
				return nil, err
			}
		}
		if mine.Weight > 0 {
			if c.Pooled() {
				e.Lines, err = explainPool(d, c, sums[i], all, i, mine, holder)
			} else {
				e.Lines = p.explainRate(c, e.Class, mine)
			}
			if err != nil {
				return nil, err
			}
		}
		if c.Rule == plan.Excess {
			_, collective, managers, _ := c.SplitExcess(sums[i].Excess, p.rules)
			e.Lines = append([]*journal.Error{c.ExcessInWords(sums[i], p.rules)}, e.Lines...)
			if holder == c.ToCollective && c.Collective > 0 {
				e.Lines = append(e.Lines, journal.Say("集体的一份 %s 元", collective.Grouped()))
			}
			if slices.Contains(c.ToManagers, holder) {
				sum, n := managers, len(c.ToManagers)
				share := mine.Extra
				if holder == c.ToCollective {
					share -= collective
				}
				e.Lines = append(e.Lines, journal.Say("管理人员的 %s 元 ÷ %s 人 = %s 元 → %s 元(除不尽的分按股东编号先后各补 1 分)", sum.Grouped(), strconv.Itoa(n),
					sum.Decimal().DivRound(decimal.NewFromInt(int64(n)), 6).String(), share.Grouped()))
			}
		}
		list = append(list, e)
	}
	if mine, _ := payouts.Get(books, d.ID+holder); mine.Kept != 0 {
		list = append(list, Explanation{Amount: -mine.Kept,
			Lines: []*journal.Error{journal.Say("集体自己的股:%s 元留在本账未分配,不付", mine.Kept.Grouped())}})
	}
	if lines, err := explainSettling(v, d, holder); err != nil {
		return nil, err
	} else if len(lines) > 0 {
		list = append(list, Explanation{Lines: lines, Amount: adjustments(d.Settling)[holder]})
	}
	if mine, ok := payouts.Get(books, d.ID+holder); ok {
		if lines := explainCharges(d, mine); len(lines) > 0 {
			list = append(list, Explanation{Lines: lines, Amount: mine.Net() - mine.Due})
		}
	}
	return list, nil
}

// Arithmetic is what one component of a plan is worked out by: a pool that is divided over all weights, or so much for each unit of weight.
type Arithmetic struct {
	Component plan.Component
	Words     *journal.Error  // the rule in words
	Pool      money.Yuan      // of a component that divides one
	Factor    decimal.Decimal // yuan for a unit of weight; zero where a pool is divided
}

// ArithmeticOf is what a submitted plan's components are worked out by, in their order.
func ArithmeticOf(v *journal.View, d plan.Distribution) (list []Arithmetic, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, err
	}
	counted, err := DaysOf(v, d)
	if err != nil {
		return nil, err
	}
	p := planningOf(books, d)
	for i, c := range d.Components {
		var class register.ShareClass
		if c.Class != "" {
			if class, err = register.ShareClassOf(v, c.Class); err != nil {
				return nil, err
			}
		}
		c = c.Told(v.Who())
		a := Arithmetic{Component: c, Words: InWords(c, class, counted)}
		if c.Pooled() && i < len(d.Totals) {
			a.Pool = d.Totals[i].Pool
		} else if !c.Pooled() {
			sum, days := p.times(c, claim{weight: oneUnit})
			a.Factor = sum.DivRound(decimal.NewFromInt(days), 16)
		}
		list = append(list, a)
	}
	return list, nil
}

// oneUnit is a unit of weight.
const oneUnit money.Quantity = 10_000

// explainPool tells a holder's share of a pool: the exact share, the rounding, the odd 分 and the rank of the remainder that decides who
// gets them.
func explainPool(d plan.Distribution, c plan.Component, t plan.ComponentTotal, all []Figure, i int, mine Part,
	holder string) ([]*journal.Error, error) {
	var weights []money.Weight
	at := -1
	for _, f := range all {
		if f.Parts[i].Weight == 0 {
			continue
		}
		if f.Holder == holder {
			at = len(weights)
		}
		weights = append(weights, money.Weight{Key: f.Holder, Amount: f.Parts[i].Weight})
	}
	parts, err := money.Apportion(t.Pool, weights)
	if err != nil {
		return nil, err
	}
	x := parts[at]
	own, total := c.Weighed(weights[at].Amount), c.Weighed(t.Weight)
	lines := []*journal.Error{journal.Say("资金池 %s 元 × 本户 %s ÷ 全体 %s = %s 元%s", t.Pool.Grouped(), own, total,
		money.ExactShare(t.Pool, weights[at].Amount, t.Weight).String(), c.Counted())}
	switch {
	case x.Rank == 0:
		lines = append(lines, journal.Say("正好到分,没有余数 → %s 元", x.Amount.Grouped()))
	case d.CarryOdd:
		lines = append(lines, journal.Say("取到分 %s 元;各户舍去的余数合计 %s 分,结转下年,不分给任何户", x.Floor.Grouped(), strconv.Itoa(t.Odd)))
	default:
		lines = append(lines, journal.Say("先取到分 %s;余数在 %s 户中排第 %s(余数相同的按股东编号),尾差 %s 分按余数从大到小各补 1 分 → %s 元",
			x.Floor.Grouped(), strconv.Itoa(len(weights)), strconv.Itoa(x.Rank), strconv.Itoa(t.Odd), x.Amount.Grouped()))
	}
	whole := x.Amount
	if d.CarryOdd {
		whole = x.Floor
	}
	if before := whole - (mine.Amount - mine.Extra); before > 0 {
		lines = append(lines, journal.Say("全年应返还 %s 元 − 初次已返还 %s 元 = %s 元", whole.Grouped(), before.Grouped(),
			(mine.Amount-mine.Extra).Grouped()))
	}
	return lines, nil
}

// explainRate tells a sum that each holder gets alone.
func (p *planning) explainRate(c plan.Component, class register.ShareClass, mine Part) []*journal.Error {
	sum, days := p.times(c, claim{weight: mine.Weight})
	exact := sum.DivRound(decimal.NewFromInt(days), 16).String()
	amount := (mine.Amount - mine.Extra).Grouped()
	own := c.Weighed(mine.Weight)
	switch {
	case c.Rule == plan.FixedSum && c.Mark != "":
		return []*journal.Error{c.MarkInWords()}
	case c.Rule == plan.FixedSum:
		return []*journal.Error{journal.Say("选定的户每户 %s 元", c.Rate.String())}
	case c.Rule == plan.Patronage:
		return p.explainTrade(c, own, exact, mine)
	case c.Rule == plan.GuaranteePercent && c.Days:
		return []*journal.Error{journal.Say("入股额 × 天数 %s × %s%% ÷ %s 天 = %s 元 → %s 元", own, c.Rate.String(), strconv.Itoa(p.period), exact,
			amount)}
	case c.Rule == plan.GuaranteePercent:
		return []*journal.Error{journal.Say("入股额 %s × %s%% = %s 元 → %s 元", own, c.Rate.String(), exact, amount)}
	case c.Days:
		return []*journal.Error{journal.Say("股数 × 天数 %s × %s 元 ÷ %s 天 = %s 元 → %s 元", own, c.Rate.String(), strconv.Itoa(p.period), exact,
			amount)}
	}
	return []*journal.Error{journal.Say("%s × %s 元 = %s 元 → %s 元", mine.Quantity.Grouped(), c.Rate.String(), exact, amount)}
}

// explainTrade tells what a rate by trade gives, less what a first round gave already.
func (p *planning) explainTrade(c plan.Component, own, exact string, mine Part) (lines []*journal.Error) {
	sum, _ := p.times(c, claim{weight: mine.Weight})
	whole := money.Quotient(sum, 1)
	if c.Measure == plan.MeasureVolume {
		lines = append(lines, journal.Say("交易量 %s%s × %s 元 = %s 元 → %s 元", own, c.Unit, c.Rate.String(), exact, whole.Grouped()))
	} else {
		lines = append(lines, journal.Say("交易额 %s × %s%% = %s 元 → %s 元", own, c.Rate.String(), exact, whole.Grouped()))
	}
	if before := whole - mine.Amount; before > 0 {
		lines = append(lines, journal.Say("全年应返还 %s 元 − 初次已返还 %s 元 = %s 元", whole.Grouped(), before.Grouped(), mine.Amount.Grouped()))
	}
	return lines
}
