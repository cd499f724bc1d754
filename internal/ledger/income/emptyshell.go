package income

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// Policy says when a village counts as an empty shell (空壳村).
type Policy struct {
	Threshold money.Yuan // 经营收益 below it makes an empty shell
}

// DefaultPolicy counts a village as an empty shell while its collective's net operating income (经营收益) of the year is under
// 50,000 yuan: none, or the lowest of the groups of the Ministry's statistics. Subsidies and windfalls do not count.
var DefaultPolicy = Policy{Threshold: 50_000_00}

// Tiers are the lower bounds in yuan of the groups above the empty shells: the statistics of village collectives group them so.
var Tiers = []money.Yuan{50_000_00, 100_000_00, 500_000_00, 1_000_000_00}

// Verdict is whether a village was an empty shell in a year, and why.
type Verdict struct {
	Year      int
	Operating money.Yuan
	Subsidy   money.Yuan
	Recorded  bool // whether its book has any line of the year
	Shell     bool
	Open      bool // nothing recorded yet in a year that is not over: no verdict
	Tier      int  // 0 for an empty shell, then 1 to 5 upwards by Tiers
	Short     money.Yuan
	Corrected money.Yuan // of the year's operating gain, what corrects earlier years: left out
	Policy    Policy
}

// Judge applies the policy to a year's sums.
func (p Policy) Judge(s Statement, recorded bool, thisYear int) Verdict {
	v := Verdict{Year: s.Year, Operating: s.Measure, Subsidy: s.Subsidy, Recorded: recorded, Policy: p,
		Corrected: operating(s.Corrected)}
	if !recorded && s.Year >= thisYear {
		v.Open = true
		return v
	}
	if s.Measure < p.Threshold {
		v.Shell, v.Short = true, p.Threshold-s.Measure
		return v
	}
	v.Tier = 1
	for _, bound := range Tiers {
		if s.Measure >= bound {
			v.Tier++
		}
	}
	return v
}

// Reason tells the verdict in a sentence.
func (v Verdict) Reason() *journal.Error {
	say := func(text string, args ...any) *journal.Error { return &journal.Error{Text: text, Args: args} }
	switch {
	case v.Open:
		return say("本年还没有收支记录")
	case !v.Recorded:
		return say("全年没有任何收支记录")
	case v.Shell && v.Subsidy > 0:
		return say("经营收益 %s 元,不足 %s 元,还差 %s 元;补助 %s 元不计入", v.Operating.Grouped(), v.Policy.Threshold.Grouped(), v.Short.Grouped(),
			v.Subsidy.Grouped())
	case v.Shell:
		return say("经营收益 %s 元,不足 %s 元,还差 %s 元", v.Operating.Grouped(), v.Policy.Threshold.Grouped(), v.Short.Grouped())
	}
	return say("经营收益 %s 元,达到 %s 元", v.Operating.Grouped(), v.Policy.Threshold.Grouped())
}
