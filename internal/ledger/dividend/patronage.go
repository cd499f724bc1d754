package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// patronagePercent is how much of the distributable surplus of a specialised cooperative goes back to the members by their trade, at least
// (农民专业合作社法 art. 44).
const patronagePercent = 60

// checkPatronagePart refuses a part by trade that says neither or both of a sum to divide and a rate, a rate by volume without its product,
// and members of days that are in the wrong order. A product has its rate or part, and its unit.
func checkPatronagePart(p *plan.Component, f *journal.Faults, at string) {
	switch p.Measure {
	case "":
		p.Measure = plan.MeasureAmount
	case plan.MeasureAmount, plan.MeasureVolume:
	default:
		f.Invalid(at+"measure", p.Measure, "按交易额写 amount,按交易量写 volume")
	}
	switch {
	case p.Rate != 0 && p.Pool != 0:
		f.Invalid(at+"rate", p.Rate, "要么写总额,要么写每单位多少元(或交易额的百分数),不能两样都写")
	case p.Rate < 0:
		f.Invalid(at+"rate", p.Rate, "每股(亩)金额必须大于 0")
	case p.Pool <= 0 && p.Rate == 0:
		f.Invalid(at+"pool", p.Pool, "资金池必须大于 0")
	case p.Rate > 0 && p.Measure == plan.MeasureVolume && p.Product == "":
		f.Invalid(at+"product", "", "按交易量每单位返还的,请写是哪种产品")
	case p.Rate > 100_000_000 && p.Measure == plan.MeasureAmount:
		f.Invalid(at+"rate", p.Rate, "交易额的百分数 %s 不能大于 100", p.Rate.String())
	}
	if p.Unit != "" && (p.Product == "" || p.Measure != plan.MeasureVolume) {
		f.Invalid(at+"product_unit", p.Unit, "单位只在按一种产品的交易量返还时写")
	}
	if p.MemberFrom != "" && p.MemberTo != "" && p.MemberFrom > p.MemberTo {
		f.Invalid(at+"member_to", p.MemberTo, "日期 %s 早于 %s", string(p.MemberTo), string(p.MemberFrom))
	}
}

// checkMemberDays refuses to work out who is a member on a day that has not come.
func checkMemberDays(c *journal.Checking, d plan.Distribution) error {
	for i, p := range d.Components {
		if _, to := p.MemberThrough(); to > c.Today() {
			return journal.Clash("components."+strconv.Itoa(i)+".member_to", to, "到 %s 还是不是成员,要到那天才知道;请到那天再提交", string(to))
		}
	}
	return nil
}

// checkPatronage refuses a plan of a specialised cooperative that gives back too little by trade: due is what it comes to, free what may be
// distributed of the year besides it and the other committed plans. The rounds of the year that count are added to it. A first round,
// before the books close, need not give back its own part by trade, but must leave enough for it.
func checkPatronage(c *journal.Checking, d plan.Distribution, totals []plan.ComponentTotal, due, free money.Yuan,
	counts func(plan.Distribution) bool) error {
	entity, err := register.EntityOfIn(c, d.Entity)
	if err != nil || entity.Kind != register.SpecialisedCooperative {
		return err
	}
	surplus, byTrade := free+due, patronageOf(d.Components, totals)
	for _, other := range plan.DistributionTable.Scan(c, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID == d.ID || !other.Committed() {
			continue
		}
		if surplus += other.Due; counts(other) {
			byTrade += patronageOf(other.Components, other.Totals)
		}
	}
	least := surplus.Percent(patronagePercent * 1_000_000)
	if rulesOf(d) >= shareRules {
		surplus = yearsSurplus(c, d, surplus, surplus-free)
		least = percentUp(surplus, patronagePercent)
	}
	switch {
	case d.Interim && byTrade+free < least:
		return journal.Clash("components", byTrade, "农民专业合作社法第四十四条:按成员交易量(额)返还的不得低于可分配盈余的百分之六十;可分配盈余 %s 元,至少返还 %s 元,这次分掉以后最多还能返还 %s 元",
			surplus.Grouped(), least.Grouped(), (byTrade + free).Grouped())
	case !d.Interim && byTrade < least:
		return journal.Clash("components", byTrade, "农民专业合作社法第四十四条:按成员交易量(额)返还的不得低于可分配盈余的百分之六十;可分配盈余 %s 元,至少返还 %s 元,方案里是 %s 元",
			surplus.Grouped(), least.Grouped(), byTrade.Grouped())
	}
	return nil
}

// yearsSurplus is what the law's part is of: the year's surplus after losses and reserve, with what of the brought-forward is given out;
// all is what could be distributed of the year before any plan, given what the plans come to.
func yearsSurplus(c *journal.Checking, d plan.Distribution, all, given money.Yuan) money.Yuan {
	s := income.StatementIn(c, d.Book, d.Year)
	forward := max(0, s.Opening) // a loss brought forward has lessened what can be distributed
	return min(all, max(all-forward, given))
}

// percentUp is a whole percentage of a sum, rounded up to the 分.
func percentUp(sum money.Yuan, percent int64) money.Yuan {
	return (sum*money.Yuan(percent) + 99) / 100
}

// patronageOf adds up what a plan gives back by trade.
func patronageOf(list []plan.Component, totals []plan.ComponentTotal) (sum money.Yuan) {
	for i, c := range list {
		if c.Rule == plan.Patronage {
			sum += totals[i].Amount
		}
	}
	return sum
}
