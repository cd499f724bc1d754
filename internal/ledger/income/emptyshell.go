package income

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// Verdict is whether a village was an empty shell in a year, and why. There is none of a year that runs, nor of a village that has not
// begun to keep its book here: nothing recorded is not nothing earned.
type Verdict struct {
	Year      int
	Measure   money.Yuan // what the policy counts of the year
	Subsidy   money.Yuan
	Recorded  bool // whether the year has any line
	Unknown   bool // nothing was recorded in it or before: no verdict
	Open      bool // the year runs: no verdict
	Shell     bool
	Tier      int        // of a verdict: the policy's, from 0
	Short     money.Yuan // what is missing to the bound
	Corrected money.Yuan // of the year's lines, what corrects earlier years: left out
	Policy    Policy
}

// Judge applies the policy to what a village's books add up to in a year. begun tells whether anything is recorded of that year or one
// before.
func (p Policy) Judge(year int, sums BookYear, recorded, begun bool, thisYear int) Verdict {
	v := Verdict{Year: year, Measure: p.Of(sums), Subsidy: sums.Items["subsidy"] - sums.Corrected["subsidy"], Recorded: recorded, Policy: p,
		Corrected: p.Of(BookYear{Items: sums.Corrected})}
	if !p.Reached(v.Measure) {
		v.Short = p.Bound - v.Measure
	}
	switch {
	case !begun && (p.Silent == 0 || year < p.Silent):
		v.Unknown = true
	case year >= thisYear:
		v.Open = true
	default:
		v.Shell, v.Tier = !p.Reached(v.Measure), p.TierOf(v.Measure)
	}
	return v
}

// Reason tells the verdict in a sentence, or why there is none.
func (v Verdict) Reason() *journal.Error {
	say := func(text string, args ...any) *journal.Error { return &journal.Error{Text: text, Args: args} }
	name, have, bound, short := v.Policy.Named(), v.Measure.Grouped(), v.Policy.Bound.Grouped(), v.Short.Grouped()
	reached := v.Policy.Reached(v.Measure)
	switch {
	case v.Unknown:
		return say("还没有录入过收支,不作判定")
	case v.Open && !v.Recorded:
		return say("进行中,本年还没有收支记录;到 %s 元还差 %s 元", bound, short)
	case v.Open && !reached && v.Short == 0:
		return say("进行中,%s已有 %s 元,要高于 %s 元才算", name, have, bound)
	case v.Open && !reached:
		return say("进行中,%s已有 %s 元,到 %s 元还差 %s 元", name, have, bound, short)
	case v.Open:
		return say("进行中,%s已有 %s 元,过了 %s 元", name, have, bound)
	case !v.Recorded:
		return say("全年没有任何收支记录")
	case v.Shell && v.Short == 0:
		return say("%s %s 元,要高于 %s 元才算", name, have, bound)
	case v.Shell && v.Subsidy > 0 && !v.Policy.Counts("subsidy"):
		return say("%s %s 元,不足 %s 元,还差 %s 元;补助 %s 元不计入", name, have, bound, short, v.Subsidy.Grouped())
	case v.Shell:
		return say("%s %s 元,不足 %s 元,还差 %s 元", name, have, bound, short)
	}
	return say("%s %s 元,达到 %s 元", name, have, bound)
}
