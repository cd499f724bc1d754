package exchange

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "unclaimed", Title: "没有领的分红", English: "unclaimed dividends", Region: true, Years: NoYear,
	Filters:  []string{"days"},
	Headings: []string{"序号", "村", "方案编号", "经营主体", "年度", "股东编号", "户主", "应付(元)", "状态", "从哪天起可以领", "天数", "原因", "代扣税(元)", "扣款(元)", "实付(元)"},
	Note:     "审核过的方案里还没有付出去的,转到公积金的也在内;天数从可以发放那天算起 / what plans in force have not paid, with its age",
	Rows: func(q Asked, out *Rows) error {
		var sum, net money.Yuan
		if err := dividend.UnclaimedIn(q.View, q.Place, daysOf(q.Filter["days"]), func(u dividend.Unclaimed) error {
			e, err := register.EntityOf(q.View, u.Plan.Entity)
			if err != nil {
				return err
			}
			sum, net = sum+u.Payout.Due, net+u.Payout.Net()
			out.Row(village(q.View, e.ID), words(u.Plan.ID), words(e.Name), whole(u.Plan.Year), words(u.Holder.ID), words(u.Holder.Name),
				yuan(u.Payout.Due), label(u.Payout.State.Label()), day(u.Since), whole(u.Days), words(u.Payout.Reason),
				yuan(u.Payout.Tax), yuan(u.Payout.Deducted), yuan(u.Payout.Net()))
			return nil
		}); err != nil {
			return err
		}
		out.Sum(map[string]sheet.Cell{"应付(元)": yuan(sum), "实付(元)": yuan(net)})
		return nil
	},
})

// daysOf reads how many days a payout is old at least; 0 where nothing is asked.
func daysOf(text string) int {
	n, _ := strconv.Atoi(text)
	return max(n, 0)
}
