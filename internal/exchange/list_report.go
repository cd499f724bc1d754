package exchange

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "summary", Title: "汇总,一村一行", English: "summary, a row a village", Region: true, Years: OneYear,
	Headings: []string{"区划代码", "县", "乡镇", "村", "年度", "空壳村", "判定理由", "股东(户)", "人口", "总收入(元)", "总支出(元)", "经营收益(元)",
		"补助收入(元)", "应付分红(元)", "已付(元)", "失败(元)", "失败笔数", "暂缓(元)", "待付(元)"},
	Rows: func(q Asked, out *Rows) error {
		r, err := report.ReportOf(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		name := func(code region.Code) sheet.Cell {
			d, err := office.DivisionOf(q.View, code)
			if err != nil {
				return words("")
			}
			return words(d.Name)
		}
		for s := range r.EachVillage() { // a township's own collective stands in a row of its own
			code := s.Place.Code
			shell, reason := "", ""
			if s.Villages == 1 {
				reason = s.Verdict.Reason().Error()
				switch {
				case s.Verdict.Shell:
					shell = "是"
				case !s.Verdict.Open && !s.Verdict.Unknown:
					shell = "否"
				}
			}
			out.Row(words(string(code)), name(code.Cut(region.County)), name(code.Cut(region.Township)), words(s.Place.Short()), whole(q.Year),
				words(shell), words(reason), whole(s.Shareholders), whole(s.People), yuan(s.Income), yuan(s.Expense), yuan(s.Operating),
				yuan(s.Subsidy), yuan(s.Due), yuan(s.Paid), yuan(s.Failed), whole(s.FailCount), yuan(s.Held), yuan(s.Outstanding()))
		}
		return nil
	},
})

var _ = describe(List{
	Name: "transformation", Title: "三变情况", English: "the transformation view", Region: true, Years: OneYear,
	Headings: []string{"区划代码", "地区", "年度", "组", "项", "单位", "年末", "上年末", "作价或金额(元)", "上年末作价或金额(元)", "笔数"},
	Note:     "本地区和下级各地区,一行一数 / of the region and each place below it, a row a figure",
	Rows: func(q Asked, out *Rows) error {
		t, err := report.TransformationOf(q.View, q.Place, q.Year)
		if err != nil {
			return err
		}
		for _, t := range append([]*report.Transformation{t}, t.Children...) {
			writeTransformation(t, q.Year, out)
		}
		return nil
	},
})

// writeTransformation writes the figures of one place.
func writeTransformation(t *report.Transformation, year int, out *Rows) {
	row := func(group, item, unit, now, before, value, valueBefore string, count int) {
		n := ""
		if count >= 0 {
			n = strconv.Itoa(count)
		}
		out.Row(words(string(t.Place.Code)), words(t.Place.Short()), whole(year), words(group), words(item), words(unit), sheet.Number(now),
			sheet.Number(before), sheet.Amount(value), sheet.Amount(valueBefore), sheet.Number(n))
	}
	for _, k := range t.Kinds {
		unit, now, before := "", "", ""
		if k.Kind.Landed() {
			unit, now, before = "亩", k.Area.String(), k.AreaBefore.String()
		}
		row(string(k.Kind.Group()), string(k.Kind.Label()), unit, now, before, k.Value.String(), k.Before.String(), k.Count)
	}
	for _, k := range register.HolderKinds() {
		n := t.Holders[k]
		row("农民变股东", string(k.Label()), "户", strconv.Itoa(n.Now), strconv.Itoa(n.Before), "", "", -1)
	}
	row("农民变股东", "股东", "户", strconv.Itoa(t.Shareholders.Now), strconv.Itoa(t.Shareholders.Before), "", "", -1)
	row("农民变股东", "股东", "人", strconv.Itoa(t.People.Now), strconv.Itoa(t.People.Before), "", "", -1)
	for _, c := range t.Classes {
		row("股份", string(c.Kind.Label()), string(c.Unit.Label()), c.Issued.String(), c.IssuedBefore.String(), c.Capital.String(),
			c.CapitalBefore.String(), c.Count)
	}
}
