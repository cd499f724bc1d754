package dividend

import (
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// patronagePercent is how much of the distributable surplus of a specialised cooperative goes back to the members by their trade, at least
// (农民专业合作社法 art. 44).
const patronagePercent = 60

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
// all
// is what could be distributed of the year before any plan, given what the plans come to.
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
