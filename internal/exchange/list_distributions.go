package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "distributions", Title: "分红方案", English: "distributions", Region: true, Years: AnyYear,
	Filters: []string{"show"},
	Headings: []string{"序号", "方案编号", "村", "经营主体", "年度", "登记日", "决议编号", "状态", "户数", "应付(元)", "已付(元)", "失败(元)", "暂缓(元)", "待付(元)", "分的是什么",
		"其中转为出资(元)", "代扣税(元)", "扣款(元)", "暂缓里转公积金(元)", "会前公开"},
	Rows: func(q Asked, out *Rows) error {
		plans, err := dividend.Distributions(q.View, q.Place, q.Year, func(d plan.Distribution) bool { return d.Shown(q.Filter["show"]) })
		if err != nil {
			return err
		}
		var sum plan.Sums
		for _, d := range plans {
			e, err := register.EntityOf(q.View, d.Entity)
			if err != nil {
				return err
			}
			sum = sum.And(d.Sums())
			out.Row(words(d.ID), village(q.View, e.ID), words(e.Name), whole(d.Year), day(d.RecordDate),
				words(resolution.Said(q.View, d.Resolution)),
				label(d.Label()), whole(d.Holders), yuan(d.Due), yuan(d.Paid), yuan(d.Failed), yuan(d.Held), yuan(d.Outstanding()), words(givenOut(d)),
				yuan(d.Capital), yuan(d.Tax), yuan(d.Deducted), yuan(d.Reserved), day(openFrom(d)))
		}
		out.Sum(map[string]sheet.Cell{
			"状态": words("已审核的"), "户数": whole(sum.DueCount), "应付(元)": yuan(sum.Due), "已付(元)": yuan(sum.Paid),
			"失败(元)": yuan(sum.Failed), "暂缓(元)": yuan(sum.Held), "待付(元)": yuan(sum.Outstanding()),
		})
		return nil
	},
})

// openFrom is the day from which a plan lay open before the meeting, "" where it did not.
func openFrom(d plan.Distribution) journal.Date {
	if d.Open == nil {
		return ""
	}
	return d.Open.From
}

// givenOut is what a plan gives out.
func givenOut(d plan.Distribution) string {
	if d.Fund == "" {
		return "当年收益"
	}
	return string(income.Source(d.Fund).Label())
}
