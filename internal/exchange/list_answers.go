package exchange

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// plain is a label without what tells it from others that read the same.
func plain(l journal.Label) string {
	text, _, _ := strings.Cut(string(l), "|")
	return text
}

func bare(l journal.Label) sheet.Cell { return words(plain(l)) }

// in prints a figure of a unit.
func in(u report.Unit, n int64) sheet.Cell {
	if u == report.Yuan {
		return sheet.Amount(strings.ReplaceAll(u.Text(n), ",", ""))
	}
	return sheet.Number(strings.ReplaceAll(u.Text(n), ",", ""))
}

// asked reads the period that a list is of: its year, or the quarter that a filter names.
func asked(q Asked) (sums.Period, error) {
	period, _, err := report.Asked(q.View, q.Place, periodOf(q), "")
	return period, err
}

func periodOf(q Asked) string {
	if text := q.Filter["period"]; text != "" {
		return text
	}
	return string(sums.YearOf(q.Year))
}

// beside reads the report that a list is of: of its year or the quarter that a filter names, beside another.
func beside(q Asked) (*report.Report, error) {
	period, with, err := report.Asked(q.View, q.Place, periodOf(q), q.Filter["with"])
	if err != nil {
		return nil, err
	}
	return report.Beside(q.View, q.Place, period, with)
}

var _ = describe(List{
	Name: "compared", Title: "汇总对照,一行一数", English: "summary beside another year, a row a figure", Region: true, Years: OneYear,
	Filters:  []string{"period", "with", "show", "sort", "figure", "per"},
	Headings: []string{"区划代码", "地区", "指标", "单位", "时段", "数值", "对照时段", "对照数值", "增减"},
	Note: "下级各地区,最后是本地区;period 和 with 可写 2025、2025Q3 或 2025Q1-3;" +
		"show 写 years 是一个 figure 五年逐年;per 写 household 是户均、person 是人均 / places below, the place itself last",
	Rows: func(q Asked, out *Rows) error {
		r, err := beside(q)
		if err != nil {
			return err
		}
		row := func(at office.Division, f report.Figure, period, with sums.Period, now, then int64) {
			out.Row(words(string(at.Code)), words(at.Name), words(string(f.By)+plain(f.Called(r.Policy, r.Mixed))), words(f.Unit.Sign()),
				words(string(period)),
				in(f.Unit, now), words(string(with)), in(f.Unit, then), in(f.Unit, now-then))
		}
		if q.Filter["show"] == report.FiveYears && r.Period.Quarter() == 0 {
			f, err := report.FigureAsked(q.Filter["figure"])
			if err != nil {
				return err
			}
			years, rows := r.Matrix(f)
			for _, x := range rows {
				for i := 1; i < len(years); i++ {
					row(x.Place, f, sums.YearOf(years[i]), sums.YearOf(years[i-1]), x.Figures[i], x.Figures[i-1])
				}
			}
			return nil
		}
		share := report.ShareNamed(q.Filter["per"])
		if r.Period.Quarter() != 0 {
			share = nil
		}
		for _, c := range append(r.Sorted(q.Filter["sort"]), r.Compared) {
			for _, f := range report.GroupNamed(q.Filter["show"], r).Shared(r, share) {
				row(c.Place, f, c.Period, c.With.Period, f.Of(c.Summary), f.Of(c.With))
			}
		}
		return nil
	},
})

var _ = describe(List{
	Name: "trend", Title: "逐年,一行一数", English: "year by year, a row a figure", Region: true, Years: OneYear,
	Headings: []string{"区划代码", "地区", "年度", "组", "项", "单位", "数值"},
	Note:     "图上画的各年数:空壳村、各档的村、收支各项;到所选年度为止 / what the pictures show, up to the year asked for",
	Rows: func(q Asked, out *Rows) error {
		r, err := report.ReportOf(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		row := func(year int, group string, item sheet.Cell, unit string, n sheet.Cell) {
			out.Row(words(string(r.Place.Code)), words(r.Place.Name), whole(year), words(group), item, words(unit), n)
		}
		for _, y := range r.Trend {
			if r.OfVillage() || y.Year > r.Year { // a village has verdicts
				continue
			}
			row(y.Year, "空壳村", words("空壳村"), "个", whole(y.Shells))
			row(y.Year, "空壳村", words("未录入"), "个", whole(y.Unknown))
			for i, tier := range r.Policy.Tiers {
				if y.Alike && !r.Mixed {
					row(y.Year, "各档的村", words(tier.Name), "个", whole(y.Tiers[i]))
				}
			}
		}
		for _, y := range r.Past(r.Year) {
			for _, it := range income.Items {
				if n := y.Items[it.Code]; n != 0 {
					row(y.Year, "收支", bare(it.Label), "元", yuan(n))
				}
			}
			if r.OfVillage() {
				row(y.Year, "判定", bare(r.Policy.Named()), "元", yuan(y.Verdict.Measure))
			}
		}
		return nil
	},
})

var _ = describe(List{
	Name: "villages", Title: "村名单", English: "villages by their verdicts", Region: true, Years: OneYear, Filters: []string{"with", "show"},
	Headings: []string{"序号", "区划代码", "乡镇", "村", "年度", "判定", "按标准算的收益(元)", "对照年度", "对照收益(元)", "增减(元)", "还差(元)", "理由"},
	Note:     "show 可写 shells、near、worse、better、changed、recorded、silent、unrecorded、all,不写是 shells",
	Rows: func(q Asked, out *Rows) error {
		r, err := beside(q)
		if err != nil {
			return err
		}
		for _, x := range r.Chosen(report.VillageChoiceNamed(q.Filter["show"])) {
			v := x.Verdict
			said := "达标"
			switch {
			case v.Unknown:
				said = "未录入"
			case v.Open:
				said = "进行中"
			case v.Shell:
				said = "空壳"
			}
			town, _ := office.DivisionOf(q.View, x.Place.Code.Parent())
			out.Row(words(string(x.Place.Code)), words(town.Name), words(x.Place.Short()), whole(r.Year), words(said), yuan(v.Measure),
				whole(r.With.Year), yuan(x.With.Measure), yuan(x.Change()), yuan(v.Short), words(v.Reason().Error()))
		}
		return nil
	},
})

var _ = describe(List{
	Name: "why", Title: "增减的原因", English: "why a figure changed", Region: true, Years: OneYear, Filters: []string{"with", "figure"},
	Headings: []string{"按什么", "名称", "单位", "对照年度", "对照数值", "年度", "数值", "对结果的增减"},
	Note:     "figure 是哪一项,不写是按标准算的收益;项目、对方、股东种类、地区各自相加等于合计;变化最大的村只列几个 / rows of one sort add up",
	Rows: func(q Asked, out *Rows) error {
		r, err := beside(q)
		if err != nil {
			return err
		}
		f, err := report.FigureAsked(q.Filter["figure"])
		if err != nil {
			return err
		}
		w, err := r.Why(f)
		if err != nil {
			return err
		}
		row := func(by, name string, then, now, change int64) {
			out.Row(words(by), words(name), words(f.Unit.Sign()), whole(w.With.Year), in(f.Unit, then), whole(w.Year), in(f.Unit, now),
				in(f.Unit, change))
		}
		for _, p := range w.Items {
			name := plain(p.Label)
			if p.Less {
				name += "(减项)"
			}
			row("项目", name, p.Then, p.Now, p.Change())
		}
		for _, p := range w.Parties {
			name := p.Name
			switch {
			case p.Rest():
				name = "其余对方"
			case p.Beyond:
				name = "按标准不分对方的部分"
			}
			row("对方", name, p.Then, p.Now, p.Change())
		}
		for _, p := range w.Kinds {
			row("股东种类", plain(p.Label), p.Then, p.Now, p.Change())
		}
		last := func(by string, list []report.Place) {
			for _, p := range list {
				row(by, p.Place.Name, p.Was, p.Is, p.Change())
			}
		}
		last("地区", w.Places)
		if now, then := w.TwiceIn(); w.Twice != nil {
			row("地区", "几处都登记的,只计一次", -then, -now, -w.TwiceChange())
		}
		row("合计", plain(w.Called()), w.Then, w.Now, w.Change())
		last("变化最大的村", w.Villages)
		return nil
	},
})

var _ = describe(List{
	Name: "given", Title: "分红给了谁", English: "payouts by kind of holder and by mark", Region: true, Years: OneYear,
	Headings: []string{"按什么", "名称", "年度", "现在有标记的户", "笔数", "应付(元)", "上年应付(元)", "已付(元)", "失败(元)", "暂缓(元)", "待付(元)"},
	Note:     "股东种类各行相加等于合计;标记以方案审核时为准,各行不相加",
	Rows: func(q Asked, out *Rows) error {
		kinds, marks, all, err := report.GivenTo(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		row := func(by, name string, today sheet.Cell, g report.Given) {
			out.Row(words(by), words(name), whole(q.Year), today, whole(g.Now.DueCount), yuan(g.Now.Due), yuan(g.Then.Due), yuan(g.Now.Paid),
				yuan(g.Now.Failed), yuan(g.Now.Held), yuan(g.Now.Outstanding()))
		}
		for _, g := range kinds {
			row("股东种类", plain(g.Kind.Label()), words(""), g)
		}
		row("合计", "", words(""), all)
		for _, g := range marks {
			row("标记", g.Mark, whole(g.Today), g)
		}
		return nil
	},
})

var _ = describe(List{
	Name: "payees", Title: "分红付款,逐人", English: "payouts, one by one", Region: true, Years: AnyYear, Filters: []string{"show", "kind", "mark",
		"quarter"},
	Headings: []string{"序号", "村", "股东编号", "股东", "股东种类", "标记", "经营主体", "年度", "金额(元)", "状态", "原因", "从哪天起", "天数"},
	Note:     "show 可写 failed、outstanding、held、paid,不写是全部;失败和暂缓的最早的排在前面;quarter 写 2026Q1 就只有那一季付的",
	Rows: func(q Asked, out *Rows) error {
		w := dividend.WantedPayouts{Year: q.Year, Show: q.Filter["show"], Kind: register.HolderKind(q.Filter["kind"]), Mark: q.Filter["mark"]}
		if text := q.Filter["quarter"]; text != "" {
			var err error
			if w.Paid, err = report.AskedPart(q.View, text); err != nil {
				return err
			}
		}
		if err := w.Check(q.View); err != nil {
			return err
		}
		names, after := map[string]string{}, ""
		for {
			aged := (w.Show == "failed" || w.Show == "held") && after == ""
			list, next, err := dividend.PayoutRows(q.View, q.Place, w, after, journal.MaxEntries, aged)
			if err != nil {
				return err
			}
			for _, p := range list {
				name, ok := names[p.Plan.Entity]
				if !ok {
					e, err := register.EntityOf(q.View, p.Plan.Entity)
					if err != nil {
						return err
					}
					name = e.Name
					names[e.ID] = name
				}
				days := words("")
				if p.Since != "" {
					days = whole(p.Days)
				}
				out.Row(village(q.View, p.Plan.ID), words(p.Payout.Holder), words(p.Holder.Name), label(p.Of.Label()),
					words(strings.Join(p.Marks, "、")), words(name), whole(p.Plan.Year), yuan(p.Due), label(p.State.Label()), words(p.Reason),
					day(p.Since), days)
			}
			if after = next; after == "" {
				return nil
			}
		}
	},
})

var _ = describe(List{
	Name: "largest", Title: "谁持股最多", English: "who holds most", Region: true,
	Headings: []string{"股份单位", "名次", "股东编号", "股东", "种类", "持有", "持股的经营主体数", "持有最多的经营主体", "在那里持有", "占它的(%)"},
	Note:     "不同单位的股份不相加;每种单位前 50 名",
	Rows: func(q Asked, out *Rows) error {
		list, err := report.ConcentrationsOf(q.View, q.Place)
		if err != nil {
			return err
		}
		for _, c := range list {
			for i, l := range c.Largest {
				e, err := register.EntityOf(q.View, l.Entity)
				if err != nil {
					return err
				}
				out.Row(label(c.Unit.Label()), whole(i+1), words(l.Holder), words(l.Name), label(l.Kind.Label()), quantity(l.Quantity),
					whole(l.Entities), words(e.Name), quantity(l.Most), sheet.Number(money.Yuan(l.Part()).String()))
			}
		}
		return nil
	},
})

var _ = describe(List{
	Name: "silent", Title: "各村录入情况", English: "villages by the quarters in which anything was entered", Region: true,
	Filters:  []string{"quarter", "show"},
	Headings: []string{"序号", "区划代码", "乡镇", "村", "季度", "有没有录入"},
	Note:     "一村一季度一行;quarter 写 2026Q1 这样的季度,不写是本季度;show 写 all 则有录入的村也列",
	Rows: func(q Asked, out *Rows) error {
		last, err := report.AskedQuarter(q.View, q.Filter["quarter"])
		if err != nil {
			return err
		}
		quarters, list, err := report.EnteredIn(q.View, q.Place, last, report.ShownQuarters, q.Filter["show"] != "all")
		if err != nil {
			return err
		}
		for _, x := range list {
			town, _ := office.DivisionOf(q.View, x.Place.Code.Cut(region.Township))
			for i, entered := range x.In {
				said := "没有"
				if entered {
					said = "有"
				}
				out.Row(words(string(x.Place.Code)), words(town.Name), words(x.Place.Short()), words(string(quarters[i])), words(said))
			}
		}
		return nil
	},
})

var _ = describe(List{
	Name: "parties", Title: "往来的对方", English: "whom collectives got money from and paid", Region: true, Years: OneYear,
	Headings: []string{"序号", "对方", "年度", "付给集体(元)", "上年(元)", "从集体收(元)", "上年收(元)"},
	Rows: func(q Asked, out *Rows) error {
		list, err := report.AllParties(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		for _, p := range list {
			out.Row(words(p.Name), whole(q.Year), yuan(p.Paid), yuan(p.PaidBefore), yuan(p.Got), yuan(p.GotBefore))
		}
		return nil
	},
})

var _ = describe(List{
	Name: "statistics", Title: "村集体经济组织收益分配统计表", English: "the statistics of village collectives, by line", Region: true, Years: OneYear,
	Headings: []string{"行次", "指标", "单位", "数值", "关系和说明", "数值(万元)"},
	Note:     "行次按 2008 年版(国统制[2008]27号);万元数逐行四舍五入,合计行由它们加减;小组的集体并入村,乡镇级的不在内",
	Rows: func(q Asked, out *Rows) error {
		s, err := report.StatisticsOf(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		for _, l := range s.Lines {
			unit, n, wan := "个村", in(l.Unit, l.N), words("")
			if l.Unit == report.Yuan {
				unit, wan = l.Unit.Sign(), in(report.Yuan, l.Wan)
			}
			if l.Blank {
				n, wan = words(""), words("")
			}
			note := l.Formula()
			if note != "" && l.Note != "" {
				note += ";"
			}
			out.Row(words(l.Line), label(l.Text), words(unit), n, words(note+string(l.Note)), wan)
		}
		return nil
	},
})

var _ = describe(List{
	Name: "collectives", Title: "集体经济组织年度情况", English: "collectives at the end of a year", Region: true, Years: OneYear,
	Headings: []string{"序号", "区划代码", "村", "编号", "名称", "统一社会信用代码", "层级", "年度", "年末成员(人)", "总收入(元)", "总支出(元)", "经营收益(元)", "本年收益(元)",
		"年初未分配(元)", "其他转入(元)", "提取公积公益金(元)", "成员分配(元)", "年末未分配(元)", "年末有效合同(份)", "其中面积(亩)", "现有专项资金(元)"},
	Note: "全国平台年度清查要的资产负债、土地分类账里没有;有的只是这些 / what the yearly count asks for and these books hold: no assets",
	Rows: func(q Asked, out *Rows) error {
		list, err := report.CollectivesOf(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		for _, c := range list {
			var funds money.Yuan
			for _, f := range c.Funds {
				funds += f.Sum
			}
			s := c.Statement
			out.Row(words(string(c.Entity.Village())), village(q.View, c.Entity.ID), words(c.Entity.ID), words(c.Entity.Name),
				words(c.Entity.CreditCode), label(c.Entity.Kind.Label()), whole(q.Year), whole(c.Members), yuan(s.Income), yuan(s.Expense),
				yuan(s.Operating), yuan(s.Gain), yuan(s.Opening), yuan(s.Released), yuan(s.Reserve), yuan(s.Distributed), yuan(s.Closing),
				whole(c.Contracts), quantity(c.Let), yuan(funds))
		}
		return nil
	},
})
