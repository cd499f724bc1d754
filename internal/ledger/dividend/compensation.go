package dividend

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// resolvedOn is what the resolution of a plan has to be on: land compensation is decided by the whole members' assembly alone
// (农村集体经济组织法 art. 26(10), 28).
func resolvedOn(fund string) resolution.Subject {
	if fund != "" {
		return resolution.Compensation
	}
	return resolution.Distribution
}

// fundRules are the ways to give out money that stands apart: none that looks at a gain, a contribution or trade.
var fundRules = []plan.Rule{plan.RatePerUnit, plan.PoolOver, plan.FixedSum}

// checkFund refuses a plan of other money than land compensation, of another body than a collective, or by the rules of a year's gain.
func checkFund(f *journal.Faults, entity register.Entity, fund string, interim bool, list []plan.Component) {
	switch {
	case fund != string(income.LandCompensation):
		f.Invalid("fund_of", fund, "只有土地补偿费(land_compensation)可以另作方案分配,别的专项资金不能分")
	case !entity.Kind.Collective():
		f.Invalid("fund_of", fund, "土地补偿费由农村集体经济组织分配,%s是%s", entity.Name, entity.Kind.Label())
	}
	if interim {
		f.Invalid("interim", interim, "土地补偿费的分配不分初次、二次")
	}
	for i, part := range list {
		if !slices.Contains(fundRules, part.Rule) {
			f.Invalid("components."+strconv.Itoa(i)+".rule", part.Rule, "分配土地补偿费用不上“%s”;可以按股(亩)定额、按股分总额或每户定额", part.Rule.Label())
		}
	}
}

// free is what a plan may still give out, with what it gives out itself where it is committed: of its year's gain, or of the fund that it
// is of.
func free(r store.Reader, d plan.Distribution) money.Yuan {
	if d.Fund == "" {
		return income.StatementIn(r, d.Book, d.Year).Distributable
	}
	left, _ := income.FundLeft(r, d.Book, income.Source(d.Fund))
	return left
}

// short is what the books are missing of what a committed plan gives out, 0 where it is covered.
func short(r store.Reader, d plan.Distribution) money.Yuan {
	if d.Fund == "" {
		return income.StatementIn(r, d.Book, d.Year).Short()
	}
	return max(0, -free(r, d))
}

// checkEnough refuses a plan that comes to more than may be given out.
func checkEnough(c *journal.Checking, d plan.Distribution, due money.Yuan) error {
	has := free(c, d)
	switch {
	case due <= has:
		return nil
	case d.Fund != "":
		return journal.Clash("components", due, "方案合计 %s 元,%s还有 %s 元,多出 %s 元", due.Grouped(), income.Source(d.Fund).Label(), has.Grouped(),
			(due - has).Grouped())
	}
	return journal.Clash("components", due, "方案合计 %s 元,%s 年可分配 %s 元,多出 %s 元;请减少分配或核对收支",
		due.Grouped(), strconv.Itoa(d.Year), has.Grouped(), (due - has).Grouped())
}

// Free is what a plan may still give out, to whoever may read its books.
func Free(v *journal.View, d plan.Distribution) (money.Yuan, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return 0, err
	}
	return free(books, d), nil
}
