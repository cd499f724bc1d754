package exchange

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "payouts", Title: "分红发放明细", English: "payouts", Region: true, Of: journal.DistributionID, File: "发放明细", Years: OneYear,
	Filters: []string{"show"},
	Headings: []string{"序号", "方案编号", "经营主体", "年度", "股东编号", "户主", "身份证号", "股权证号", "股份", "应付(元)", "开户行", "银行卡号",
		"付款方式", "状态", "办理日期", "原因", "继承自", "方案状态", "代扣税(元)", "扣款(元)", "扣款原因", "实付(元)"},
	Note: "股份:各项股数与金额;开户行、银行卡号:报过盘的是报盘时的;付款方式:批次编号,或直接付;一个地区的只有审核通过的方案 / " +
		"bank and card are those it was sent to; of a region only approved distributions",
	Whole: func(q Asked) (ids []string, err error) {
		plans, err := paid(q)
		for _, d := range plans {
			ids = append(ids, d.ID)
		}
		return ids, err
	},
	Rows: func(q Asked, out *Rows) error {
		plans, err := paid(q)
		if err != nil {
			return err
		}
		var due money.Yuan
		for _, d := range plans {
			sum, err := writePayouts(q, d, out)
			if err != nil {
				return err
			}
			due += sum
		}
		out.Sum(map[string]sheet.Cell{"股份": words(due.Capitals()), "应付(元)": yuan(due)})
		return nil
	},
})

// paid lists the distributions that payouts are asked of: one, or those of a region that have been approved.
func paid(q Asked) ([]plan.Distribution, error) {
	if q.Of == "" {
		return dividend.Distributions(q.View, q.Place, q.Year, plan.Distribution.InForce)
	}
	d, err := dividend.Distribution(q.View, q.Of)
	return []plan.Distribution{d}, err
}

// writePayouts writes the payouts of a distribution and returns their sum. Numbers are whole where the leave covers them.
func writePayouts(q Asked, d plan.Distribution, out *Rows) (due money.Yuan, err error) {
	v, leave := q.View, q.Leave[d.ID]
	entity, err := register.EntityOf(v, d.Entity)
	if err != nil {
		return 0, err
	}
	shares, err := shareText(v, d)
	if err != nil {
		return 0, err
	}
	err = eachPage(func(after string) (string, error) {
		rows, next, err := dividend.Payouts(q.View, d.ID, after, pageRows, func(p dividend.Payout) bool { return p.Shown(q.Filter["show"]) })
		for _, p := range rows {
			s, err := dividend.ShareholderOf(v, d, p.Holder)
			if err != nil {
				return "", err
			}
			numbers, way := dividend.Full(v, s, leave), dividend.WayOf(v, p, s, leave)
			from := ""
			if p.From != "" {
				dead, err := dividend.ShareholderOf(v, d, p.Left())
				if err != nil {
					return "", err
				}
				from = dead.Name
			}
			due += p.Due
			out.Row(words(d.ID), words(entity.Name), whole(d.Year), words(s.ID), words(s.Name), words(numbers.ID), words(s.Certificate()),
				words(shares(p)), yuan(p.Due), words(way.Bank), words(way.Card), words(paidBy(p, way)), label(p.State.Label()), day(p.Date),
				words(reasonOf(p)), words(from), label(d.Label()), yuan(p.Tax), yuan(p.Deducted), words(p.Because), yuan(p.Net()))
		}
		return next, err
	})
	return due, err
}

// paidBy tells how a payout went: in which bank batch, or directly.
func paidBy(p dividend.Payout, way dividend.Way) string {
	switch {
	case way.Batch != "":
		return way.Batch
	case p.State == dividend.Paid:
		return "直接付"
	}
	return ""
}

// reasonOf is why a payout failed, is held, or waits again.
func reasonOf(p dividend.Payout) string {
	if p.State != dividend.Paid {
		return p.Reason
	}
	return ""
}

// shareText tells what a payout is for: 人口股 3 股 定额 960.00 元;土地股 7.23 亩 资金池 392.02 元;按交易量(额)返还 120.00 元.
func shareText(v *journal.View, d plan.Distribution) (func(dividend.Payout) string, error) {
	var list []register.ShareClass
	for _, c := range d.Components {
		class := register.ShareClass{}
		if c.Class != "" {
			var err error
			if class, err = register.ShareClassOf(v, c.Class); err != nil {
				return nil, err
			}
		}
		list = append(list, class)
	}
	return func(p dividend.Payout) string {
		if p.From != "" {
			return "继承 " + p.From
		}
		var parts []string
		for i, part := range p.Parts {
			switch {
			case part.Amount == 0 && part.Quantity == 0:
			case list[i].ID != "":
				unit, rule := string(list[i].Unit.Label()), string(d.Components[i].Rule.Label())
				parts = append(parts, strings.Join([]string{list[i].Name, part.Quantity.String(), unit, rule, part.Amount.String(), "元"}, " "))
			default:
				parts = append(parts, string(d.Components[i].Rule.Label())+" "+part.Amount.String()+" 元")
			}
		}
		return strings.Join(parts, ";")
	}, nil
}
