package report

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// JudgedTwice is a village with its verdicts of a year and of another.
type JudgedTwice struct {
	*Judged
	With *income.Verdict
	kept bool // whether any of its books has a line of the year
}

// Change is by how much the measure of the year is more, or less.
func (j JudgedTwice) Change() money.Yuan { return j.Verdict.Measure - j.With.Measure }

// JudgedTwice lists the villages of the report beside the other year.
func (r *Report) JudgedTwice() (list []JudgedTwice) {
	with := r.judge.villages(r.Place.Code, r.With.Year)
	for i, x := range r.Villages {
		list = append(list, JudgedTwice{x, &with[i].Verdict, r.judge.kept(x.Place.Code, r.Year)})
	}
	return list
}

// VillageChoice is a choice of a report's villages: pages and exports narrow to it.
type VillageChoice struct {
	Name  string
	Label journal.Label
	fits  func(JudgedTwice) bool
	// order puts the villages into an order of their own; nil for that of their codes.
	order func(a, b JudgedTwice) int
}

// VillageChoices are all there are.
var VillageChoices = []VillageChoice{
	{"shells", "空壳村", func(x JudgedTwice) bool { return x.Verdict.Shell }, nil},
	{"near", "离标准最近的村", func(x JudgedTwice) bool { return x.Verdict.Shell || x.Verdict.Open && x.Verdict.Short > 0 }, byShort},
	{"worse", "变差的村", func(x JudgedTwice) bool { return x.Change() < 0 }, byChange},
	{"better", "变好的村", func(x JudgedTwice) bool { return x.Change() > 0 },
		func(a, b JudgedTwice) int { return byChange(b, a) }},
	{"changed", "变化最大的村", func(x JudgedTwice) bool { return x.Change() != 0 }, func(a, b JudgedTwice) int {
		return cmp.Compare(size(int64(b.Change())), size(int64(a.Change())))
	}},
	{"recorded", "有账的村", func(x JudgedTwice) bool { return x.kept }, nil},
	{"silent", "这一年没有账的村", func(x JudgedTwice) bool { return !x.kept }, nil},
	{"unrecorded", "未录入|村", func(x JudgedTwice) bool { return x.Verdict.Unknown }, nil},
	{"all", "全部|村", func(JudgedTwice) bool { return true }, nil},
}

func byShort(a, b JudgedTwice) int { return cmp.Compare(a.Verdict.Short, b.Verdict.Short) }

func byChange(a, b JudgedTwice) int { return cmp.Compare(a.Change(), b.Change()) }

// VillageChoiceNamed is the choice with a name, the first where there is none of it.
func VillageChoiceNamed(name string) VillageChoice {
	if i := slices.IndexFunc(VillageChoices, func(c VillageChoice) bool { return c.Name == name }); i >= 0 {
		return VillageChoices[i]
	}
	return VillageChoices[0]
}

// Chosen are the villages of a report that are of a choice, in its order.
func (r *Report) Chosen(c VillageChoice) []JudgedTwice { return c.Of(r.JudgedTwice()) }

// Fits tells whether a village is of the choice.
func (c VillageChoice) Fits(x JudgedTwice) bool { return c.fits(x) }

// Of are those of a list that are of the choice, in its order.
func (c VillageChoice) Of(all []JudgedTwice) (list []JudgedTwice) {
	for _, x := range all {
		if c.fits(x) {
			list = append(list, x)
		}
	}
	if c.order != nil {
		slices.SortStableFunc(list, c.order)
	}
	return list
}
