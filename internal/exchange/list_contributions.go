package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "contributions", Title: "入股", English: "contributions", Region: true, Of: journal.EntityID, Years: OneYear,
	Filters: []string{"kind", "period"},
	Headings: []string{"序号", "编号", "村", "经营主体", "股东编号", "户主", "种类", "面积(亩)", "作价或金额(元)", "股份", "配股数", "日期", "权证号", "期限起",
		"期限到", "决议编号", "说明", "冲销(日志号)", "日志号", "承包合同编码", "地块编码", "整块面积(亩)", "权证到期", "地类", "地类归类"},
	Note: "到年末为止,冲销了的也在;period 写 2025Q3 这样的季度就只有那一季的 / up to the year's end, those taken back too; of a quarter what came in it",
	Rows: func(q Asked, out *Rows) error {
		var area money.Quantity
		var value money.Yuan
		of, err := asked(q)
		if err != nil {
			return err
		}
		err = eachPage(func(after string) (string, error) {
			rows, next, err := register.Contributions(q.View, q.place(), of, register.ContributionKind(q.Filter["kind"]), after, pageRows)
			for _, b := range rows {
				c, e, err := register.ClassAndEntity(q.View, b.Class)
				if err != nil {
					return "", err
				}
				s, err := register.HolderOf(q.View, c, b.Holder)
				if err != nil {
					return "", err
				}
				reversed := sheet.Number("")
				if b.Reversed != 0 {
					reversed = serial(b.Reversed)
				} else {
					area, value = area+b.Area, value+b.Value
				}
				out.Row(words(b.ID), village(q.View, e.ID), words(e.Name), words(s.ID), words(s.Name), label(b.Kind.Label()), quantity(b.Area),
					yuan(b.Value), words(c.Name), quantity(b.Shares), day(b.Date), words(b.Certificate), day(b.From), day(b.Until),
					words(resolution.Said(q.View, b.Resolution)), words(b.Note), reversed, serial(b.Entry),
					words(b.Contract), words(b.Plot), someQuantity(b.Whole), day(b.Term), label(b.LandName()), label(b.Filed()))
			}
			return next, err
		})
		out.Sum(map[string]sheet.Cell{"种类": words("(冲销的不计)"), "面积(亩)": quantity(area), "作价或金额(元)": yuan(value)})
		return err
	},
})
