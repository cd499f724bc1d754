package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "withholding", Title: "代扣个人所得税明细", English: "tax withheld", Region: true, Of: journal.DistributionID, File: "代扣税", Years: OneYear,
	Headings: []string{"序号", "方案编号", "经营主体", "纳税人姓名", "证件类型", "证件号码", "所得项目", "收入额(元)", "税率(%)", "应扣税额(元)", "支付日期", "申报截止",
		"户主", "股东编号", "状态"},
	Note: "一个方案的全部,一个地区的是这一年付出去的;扣下的税记在应交税费,付款次月 15 日前申报缴纳 / of a plan all, of a region what was paid in the year",
	Whole: func(q Asked) (ids []string, err error) {
		plans, err := dividend.Taxing(q.View, q.Place, q.Of)
		for _, d := range plans {
			ids = append(ids, d.ID)
		}
		return ids, err
	},
	Rows: func(q Asked, out *Rows) error {
		plans, err := dividend.Taxing(q.View, q.Place, q.Of)
		if err != nil {
			return err
		}
		year := q.Year
		if q.Of != "" {
			year = 0
		}
		var income, tax money.Yuan
		if err := dividend.Withheld(q.View, plans, year, q.Leave, func(l dividend.TaxLine) error {
			e, err := register.EntityOf(q.View, l.Plan.Entity)
			if err != nil {
				return err
			}
			income, tax = income+l.Income, tax+l.Tax
			out.Row(words(l.Plan.ID), words(e.Name), words(l.Name), label(register.PaperLabel(l.Paper)), words(l.ID),
				label(dividend.WithholdingItem),
				yuan(l.Income), sheet.Number(l.Plan.Withholding.Rate.String()), yuan(l.Tax), day(l.PaidOn()), day(l.Until()), words(l.Holder.Name),
				words(l.Holder.ID), label(l.Payout.State.Label()))
			return nil
		}); err != nil {
			return err
		}
		out.Sum(map[string]sheet.Cell{"收入额(元)": yuan(income), "应扣税额(元)": yuan(tax)})
		return nil
	},
})
