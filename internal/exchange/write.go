package exchange

import (
	"io"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// The headings of the files that go out, in order. README.md describes each.
var (
	PayoutHeadings = []string{"序号", "方案编号", "经营主体", "年度", "股东编号", "户主", "身份证号", "股权证号", "股份", "应付(元)", "开户行", "银行卡号",
		"状态", "办理日期", "失败原因"}
	ShareholderHeadings = []string{"序号", "股东编号", "村", "股东类型", "户主", "身份证号", "家庭人数", "电话", "开户行", "银行卡号", "标记", "股权证号"}
	HoldingHeadings     = []string{"序号", "村", "经营主体编号", "经营主体", "股份编号", "股份", "股东编号", "户主", "股权证号", "数量", "单位"}
	RegisterHeadings    = []string{"序号", "截至日", "经营主体", "股份", "股东编号", "户主", "股权证号", "数量", "单位"}
	IncomeHeadings      = []string{"序号", "编号", "村", "账", "日期", "收支", "项目", "金额(元)", "对方", "凭证号", "说明", "冲销", "被冲销", "记账人", "日志号"}
	SummaryHeadings     = []string{"区划代码", "县", "乡镇", "村", "年度", "空壳村", "判定理由", "股东(户)", "人口", "总收入(元)", "总支出(元)", "经营收益(元)",
		"补助收入(元)", "应付分红(元)", "已付(元)", "失败(元)", "失败笔数", "待付(元)"}
)

// pageRows is how many records an export reads at a time.
const pageRows = 1000

// WritePayouts writes the payouts of distributions, a row a payout. Numbers are whole where the leave covers them.
func WritePayouts(w io.Writer, v *ledger.View, list []ledger.Distribution, leave func(ledger.Distribution) ledger.Revealed) error {
	out := sheet.NewWriter(w, PayoutHeadings...)
	n := 0
	for _, d := range list {
		entity, err := v.Entity(d.Entity)
		if err != nil {
			return err
		}
		shares, err := shareText(v, d)
		if err != nil {
			return err
		}
		may := leave(d)
		err = eachPage(func(after string) (string, error) {
			rows, next, err := v.Payouts(d.ID, after, pageRows, func(ledger.Payout) bool { return true })
			for _, p := range rows {
				s, err := v.ShareholderOf(d, p.Holder)
				if err != nil {
					return "", err
				}
				numbers := v.Full(s, may)
				n++
				out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(d.ID), sheet.Text(entity.Name), sheet.Number(strconv.Itoa(d.Year)), sheet.Text(s.ID),
					sheet.Text(s.Name), sheet.Text(numbers.ID), sheet.Text(s.Certificate()), sheet.Text(shares(p)), sheet.Number(p.Due.String()),
					sheet.Text(s.Bank), sheet.Text(numbers.Card), sheet.Text(string(p.State.Label())), sheet.Date(string(p.Date)), sheet.Text(p.Reason))
			}
			return next, err
		})
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// shareText tells what a payout is for: 人口股 3 股 960.00 元;土地股 7.23 亩 392.02 元.
func shareText(v *ledger.View, d ledger.Distribution) (func(ledger.Payout) string, error) {
	var list []ledger.ShareClass
	for _, c := range d.Components {
		class, err := v.ShareClass(c.Class)
		if err != nil {
			return nil, err
		}
		list = append(list, class)
	}
	return func(p ledger.Payout) string {
		var parts []string
		for i, part := range p.Parts {
			if part.Quantity != 0 {
				parts = append(parts, list[i].Name+" "+part.Quantity.String()+" "+string(list[i].Unit.Label())+" "+part.Amount.String()+" 元")
			}
		}
		return strings.Join(parts, ";")
	}, nil
}

// eachPage calls f with the place to go on from until there is no next.
func eachPage(f func(after string) (next string, err error)) error {
	after := ""
	for {
		next, err := f(after)
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// WriteShareholders writes a region's register of shareholders. Its rows can be read back by ReadShareholders.
func WriteShareholders(w io.Writer, v *ledger.View, place region.Code, leave ledger.Revealed) error {
	out := sheet.NewWriter(w, ShareholderHeadings...)
	n := 0
	err := eachPage(func(after string) (string, error) {
		rows, next, err := v.FindShareholders(place, "", after, pageRows)
		for _, s := range rows {
			numbers := v.Full(s, leave)
			n++
			out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(s.ID), sheet.Text(villageName(v, s.Village())), sheet.Text(string(s.Kind.Label())), sheet.Text(s.Name),
				sheet.Text(numbers.ID), sheet.Number(strconv.Itoa(s.People)), sheet.Text(numbers.Phone), sheet.Text(s.Bank), sheet.Text(numbers.Card),
				sheet.Text(strings.Join(s.Marks, "、")), sheet.Text(s.Certificate()))
		}
		return next, err
	})
	if err != nil {
		return err
	}
	return out.Close()
}

func villageName(v *ledger.View, code region.Code) string {
	d, err := v.Division(code)
	if err != nil {
		return string(code)
	}
	return d.Short()
}

// WriteHoldings writes what every shareholder of a region's entities holds now, or of one entity.
func WriteHoldings(w io.Writer, v *ledger.View, list []ledger.Entity) error {
	out := sheet.NewWriter(w, HoldingHeadings...)
	n := 0
	for _, e := range list {
		classes, err := v.ShareClasses(e.ID)
		if err != nil {
			return err
		}
		for _, c := range classes {
			err := eachPage(func(after string) (string, error) {
				rows, next, err := v.Holders(c.ID, after, pageRows)
				for _, h := range rows {
					s, err := v.HolderOf(c, h.Holder)
					if err != nil {
						return "", err
					}
					n++
					out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(villageName(v, e.Village())), sheet.Text(e.ID), sheet.Text(e.Name), sheet.Text(c.ID),
						sheet.Text(c.Name), sheet.Text(s.ID), sheet.Text(s.Name), sheet.Text(s.Certificate()), sheet.Number(h.Quantity.String()), sheet.Text(string(c.Unit.Label())))
				}
				return next, err
			})
			if err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// WriteRegister writes a class's register as it stood at the end of a day.
func WriteRegister(w io.Writer, v *ledger.View, class string, on ledger.Date) error {
	c, e, err := v.ClassAndEntity(class)
	if err != nil {
		return err
	}
	list, err := v.RegisterOn(class, on)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(w, RegisterHeadings...)
	for i, h := range list {
		s, err := v.HolderOf(c, h.Holder)
		if err != nil {
			return err
		}
		out.Row(sheet.Number(strconv.Itoa(i+1)), sheet.Date(string(on)), sheet.Text(e.Name), sheet.Text(c.Name), sheet.Text(s.ID), sheet.Text(s.Name),
			sheet.Text(s.Certificate()), sheet.Number(h.Quantity.String()), sheet.Text(string(c.Unit.Label())))
	}
	return out.Close()
}

// WriteIncome writes a region's lines of income and expense of a year: of the villages' books and the entities'.
func WriteIncome(w io.Writer, v *ledger.View, place region.Code, year int) error {
	out := sheet.NewWriter(w, IncomeHeadings...)
	n := 0
	names := map[string]string{}
	err := v.EachIncome(place, year, func(line ledger.Income) error {
		book := line.Book()
		if names[book] == "" {
			names[book] = "村集体"
			if len(book) > 12 {
				e, err := v.Entity(book)
				if err != nil {
					return err
				}
				names[book] = e.Name
			}
		}
		item, _ := ledger.ItemNamed(line.Item)
		side := "收入"
		if item.Expense {
			side = "支出"
		}
		n++
		out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(line.ID), sheet.Text(villageName(v, region.Code(book[:12]))), sheet.Text(names[book]),
			sheet.Date(string(line.Date)), sheet.Text(side), sheet.Text(string(item.Label)), sheet.Number(line.Amount.String()), sheet.Text(line.Party),
			sheet.Text(line.Voucher), sheet.Text(line.Note), sheet.Text(line.Reverses), sheet.Text(line.ReversedBy), sheet.Text(line.By),
			sheet.Number(strconv.FormatUint(line.Entry, 10)))
		return nil
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// WriteSummary writes a region's summary of a year, a row a village.
func WriteSummary(w io.Writer, v *ledger.View, place region.Code, year int) error {
	r, err := v.Report(place, year)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(w, SummaryHeadings...)
	name := func(code region.Code) string {
		d, err := v.Division(code)
		if err != nil {
			return ""
		}
		return d.Name
	}
	for _, s := range r.Villages {
		code := s.Place.Code
		shell, reason := "", ""
		if s.Villages == 1 {
			reason = s.Verdict.Reason().Error()
			switch {
			case s.Verdict.Shell:
				shell = "是"
			case !s.Verdict.Open:
				shell = "否"
			}
		}
		out.Row(sheet.Text(string(code)), sheet.Text(name(code.Cut(region.County))), sheet.Text(name(code.Cut(region.Township))), sheet.Text(s.Place.Short()),
			sheet.Number(strconv.Itoa(year)), sheet.Text(shell), sheet.Text(reason), sheet.Number(strconv.Itoa(s.Shareholders)), sheet.Number(strconv.Itoa(s.People)),
			sheet.Number(s.Income.String()), sheet.Number(s.Expense.String()), sheet.Number(s.Operating.String()), sheet.Number(s.Subsidy.String()),
			sheet.Number(s.Due.String()), sheet.Number(s.Paid.String()), sheet.Number(s.Failed.String()), sheet.Number(strconv.Itoa(s.FailCount)),
			sheet.Number(s.Outstanding().String()))
	}
	return out.Close()
}
