package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "setup", Title: "股权设置登记表", English: "the share classes of an entity", Of: journal.EntityID, File: "股权设置登记表", Dated: true,
	Headings: []string{"序号", "经营主体", "股份", "种类", "总数", "单位", "占同单位(%)", "持有户数", "人数", "其中集体持有", "每股价格(元)", "不得转让", "停止配股", "设立决议", "日志号"},
	Rows: func(q Asked, out *Rows) error {
		e, err := register.EntityOf(q.View, q.Of)
		if err != nil {
			return err
		}
		list, err := register.SetupOf(q.View, q.Of, q.On)
		for _, x := range list {
			bound, price := "", words("")
			if x.Class.Bound {
				bound = "是"
			}
			if x.Class.Price != 0 {
				price = sheet.Number(x.Class.Price.String())
			}
			out.Row(words(e.Name), words(x.Class.Name), label(x.Class.Kind.Label()), quantity(x.Quantity), label(x.Class.Unit.Label()),
				sheet.Number(x.Part.StringFixed(2)), whole(x.Holders), whole(x.People), quantity(x.Collective), price, words(bound),
				day(x.Class.Closed), words(resolution.Said(q.View, x.Resolution)), serial(x.Class.Entry))
		}
		return err
	},
})

var _ = describe(List{
	Name: "land", Title: "入股土地分类表", English: "land put in, by kind", Region: true, Of: journal.EntityID, Dated: true,
	Headings: []string{"序号", "村", "经营主体", "地类", "笔数", "面积(亩)", "作价(元)"},
	Note:     "按 GB/T 21010 归类,只有在期的 / by the groups of GB/T 21010, what is in on that day",
	Rows: func(q Asked, out *Rows) error {
		list, err := register.LandByKind(q.View, q.place(), q.On)
		if err != nil {
			return err
		}
		var area money.Quantity
		var value money.Yuan
		names := map[string]string{}
		for _, s := range list {
			if names[s.Entity] == "" {
				e, err := register.EntityOf(q.View, s.Entity)
				if err != nil {
					return err
				}
				names[s.Entity] = e.Name
			}
			area, value = area+s.Area, value+s.Value
			out.Row(village(q.View, s.Entity), words(names[s.Entity]), label(s.Filed), whole(s.Count), quantity(s.Area), yuan(s.Value))
		}
		out.Sum(map[string]sheet.Cell{"面积(亩)": quantity(area), "作价(元)": yuan(value)})
		return nil
	},
})
