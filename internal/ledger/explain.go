package ledger

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/money"
)

// Explanation is the arithmetic of what one component gives one holder, in sentences.
type Explanation struct {
	Component Component
	Class     ShareClass // the zero class where the component is over none or all
	Lines     []*Error   // texts with their arguments, to be said in the reader's language
	Amount    money.Yuan
}

// InWords tells a component's rule; class is the zero class where it is over all or none.
func (c Component) InWords(class ShareClass) *Error {
	var over any = class.Name
	if class.Name == "" {
		over = Label("全部股份")
	}
	days := Label("")
	if c.Days {
		days = "(按持有天数折算)"
	}
	switch c.Rule {
	case PoolOver:
		return say("资金池 %s 元,按%s分%s", c.Pool.Grouped(), over, days)
	case Guarantee:
		return say("%s每%s保底 %s 元%s", class.Name, class.Unit.Label(), c.Rate.String(), days)
	case GuaranteePercent:
		return say("%s按入股额的 %s%% 保底%s", class.Name, c.Rate.String(), days)
	case Excess:
		return say("超出保底的部分:成员 %s%%(按%s分%s)、集体 %s%%、管理人员 %s%%", c.Members.String(), over, days, c.Collective.String(), c.Managers.String())
	case Patronage:
		by := Label("交易额")
		if c.Measure == MeasureVolume {
			by = "交易量"
		}
		return say("返还 %s 元,按成员与本社的%s分", c.Pool.Grouped(), by)
	case ByAccount:
		return say("资金池 %s 元,按成员账户(出资额、公积金份额、补助份额)分", c.Pool.Grouped())
	case FixedSum:
		if c.Mark != "" {
			return say("标记“%s”的户每户 %s 元", c.Mark, c.Rate.String())
		}
		return say("选定的 %s 户每户 %s 元", strconv.Itoa(len(c.Holders)), c.Rate.String())
	}
	return say("%s每%s %s 元%s", class.Name, class.Unit.Label(), c.Rate.String(), days)
}

// ExcessInWords tells how an excess came about and was split.
func (c Component) ExcessInWords(t ComponentTotal) *Error {
	managers, collective := t.Excess.Percent(c.Managers), t.Excess.Percent(c.Collective)
	return say("%s 元 − 已分 %s 元 = 超出 %s 元:成员 %s 元、集体 %s 元、管理人员 %s 元", t.Base.Grouped(), (t.Base - t.Excess).Grouped(), t.Excess.Grouped(),
		(t.Excess - managers - collective).Grouped(), collective.Grouped(), managers.Grouped())
}

func say(text string, args ...any) *Error { return &Error{Text: text, Args: args} }

// Explain works out again, from the frozen weights or from the books of a draft, how a holder's amounts come about. The
// figures are those of the distribution: what Explain finds otherwise would be an error of the ledger.
func (v *View) Explain(d Distribution, holder string) (list []Explanation, err error) {
	var all []Figure
	sums := d.Totals
	if d.Totals != nil {
		rows, _, err := v.Payouts(d.ID, "", 2*maxHolders, func(p Payout) bool { return p.From == "" })
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all = append(all, Figure{Holder: p.Holder, Parts: p.Parts})
		}
	} else if all, sums, _, err = v.Preview(d); err != nil {
		return nil, err
	}
	from, to := periodOf(d)
	p := &planning{Reader: v, d: d, period: to.dayNumber() - from.dayNumber() + 1}
	own, ok := slices.BinarySearchFunc(all, holder, func(f Figure, h string) int { return cmp.Compare(f.Holder, h) })
	if !ok {
		return nil, nil
	}
	for i, c := range d.Components {
		mine := all[own].Parts[i]
		if mine.Amount == 0 && mine.Weight == 0 {
			continue
		}
		e := Explanation{Component: c, Amount: mine.Amount}
		if c.Class != "" {
			if e.Class, err = v.ShareClass(c.Class); err != nil {
				return nil, err
			}
		}
		if mine.Weight > 0 {
			if c.Rule.pooled() {
				e.Lines, err = explainPool(d, c, sums[i], all, i, mine, holder)
			} else {
				e.Lines = p.explainRate(c, e.Class, mine)
			}
			if err != nil {
				return nil, err
			}
		}
		if c.Rule == Excess {
			e.Lines = append([]*Error{c.ExcessInWords(sums[i])}, e.Lines...)
			if holder == c.ToCollective && c.Collective > 0 {
				e.Lines = append(e.Lines, say("集体的一份 %s 元", sums[i].Excess.Percent(c.Collective).Grouped()))
			}
			if slices.Contains(c.ToManagers, holder) {
				sum, n := sums[i].Excess.Percent(c.Managers), len(c.ToManagers)
				share := mine.Extra
				if holder == c.ToCollective {
					share -= sums[i].Excess.Percent(c.Collective)
				}
				e.Lines = append(e.Lines, say("管理人员的 %s 元 ÷ %s 人 = %s 元 → %s 元(除不尽的分按股东编号先后各补 1 分)", sum.Grouped(), strconv.Itoa(n),
					sum.Decimal().DivRound(decimal.NewFromInt(int64(n)), 6).String(), share.Grouped()))
			}
		}
		list = append(list, e)
	}
	return list, nil
}

// explainPool tells a holder's share of a pool: the exact share, the rounding, the odd 分 and the rank of the remainder that decides who gets them.
func explainPool(d Distribution, c Component, t ComponentTotal, all []Figure, i int, mine Part, holder string) ([]*Error, error) {
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
	own, total := c.weighed(weights[at].Amount), c.weighed(t.Weight)
	lines := []*Error{say("资金池 %s 元 × 本户 %s ÷ 全体 %s = %s 元%s", t.Pool.Grouped(), own, total, money.ExactShare(t.Pool, weights[at].Amount, t.Weight).String(), c.counted())}
	switch {
	case x.Rank == 0:
		lines = append(lines, say("正好到分,没有余数 → %s 元", x.Amount.Grouped()))
	case d.CarryOdd:
		lines = append(lines, say("取到分 %s 元;各户舍去的余数合计 %s 分,结转下年,不分给任何户", x.Floor.Grouped(), strconv.Itoa(t.Odd)))
	default:
		lines = append(lines, say("先取到分 %s;余数在 %s 户中排第 %s(余数相同的按股东编号),尾差 %s 分按余数从大到小各补 1 分 → %s 元",
			x.Floor.Grouped(), strconv.Itoa(len(weights)), strconv.Itoa(x.Rank), strconv.Itoa(t.Odd), x.Amount.Grouped()))
	}
	whole := x.Amount
	if d.CarryOdd {
		whole = x.Floor
	}
	if before := whole - (mine.Amount - mine.Extra); before > 0 {
		lines = append(lines, say("全年应返还 %s 元 − 初次已返还 %s 元 = %s 元", whole.Grouped(), before.Grouped(), (mine.Amount-mine.Extra).Grouped()))
	}
	return lines, nil
}

// explainRate tells a sum that each holder gets alone.
func (p *planning) explainRate(c Component, class ShareClass, mine Part) []*Error {
	sum, days := p.times(c, claim{weight: mine.Weight})
	exact := sum.DivRound(decimal.NewFromInt(days), 16).String()
	amount := (mine.Amount - mine.Extra).Grouped()
	own := c.weighed(mine.Weight)
	switch {
	case c.Rule == FixedSum && c.Mark != "":
		return []*Error{say("标记“%s”的户每户 %s 元", c.Mark, c.Rate.String())}
	case c.Rule == FixedSum:
		return []*Error{say("选定的户每户 %s 元", c.Rate.String())}
	case c.Rule == GuaranteePercent && c.Days:
		return []*Error{say("入股额 × 天数 %s × %s%% ÷ %s 天 = %s 元 → %s 元", own, c.Rate.String(), strconv.Itoa(p.period), exact, amount)}
	case c.Rule == GuaranteePercent:
		return []*Error{say("入股额 %s × %s%% = %s 元 → %s 元", own, c.Rate.String(), exact, amount)}
	case c.Days:
		return []*Error{say("股数 × 天数 %s × %s 元 ÷ %s 天 = %s 元 → %s 元", own, c.Rate.String(), strconv.Itoa(p.period), exact, amount)}
	}
	return []*Error{say("%s × %s 元 = %s 元 → %s 元", mine.Quantity.Grouped(), c.Rate.String(), exact, amount)}
}

// counted tells what the weights of a pool count, where that is not plain.
func (c Component) counted() Label {
	switch {
	case c.Days:
		return "(股数 × 天数)"
	case c.Rule == Patronage && c.Measure == MeasureVolume:
		return "(交易量)"
	case c.Rule == Patronage:
		return "(交易额)"
	case c.Rule == ByAccount:
		return "(账户余额)"
	}
	return ""
}

// weighed prints a weight of a component in what it counts: units, units × days, or yuan.
func (c Component) weighed(w money.Quantity) string {
	if c.Rule == GuaranteePercent || c.Rule == ByAccount || c.Rule == Patronage && c.Measure != MeasureVolume {
		return money.Yuan(w).Grouped()
	}
	return w.Grouped()
}
