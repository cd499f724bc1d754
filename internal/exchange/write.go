package exchange

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// The headings of the files that go out, in order. README.md describes each.
var (
	PayoutHeadings = []string{"序号", "方案编号", "经营主体", "年度", "股东编号", "户主", "身份证号", "股权证号", "股份", "应付(元)", "开户行", "银行卡号",
		"付款方式", "状态", "办理日期", "原因", "继承自", "方案状态"}
	ShareholderHeadings  = []string{"序号", "股东编号", "村", "股东类型", "户主", "身份证号", "家庭人数", "家庭成员", "电话", "开户行", "银行卡号", "标记", "股权证号"}
	HoldingHeadings      = []string{"序号", "村", "经营主体编号", "经营主体", "股份编号", "股份", "股东编号", "户主", "股权证号", "数量", "单位"}
	RegisterHeadings     = []string{"序号", "截至日", "经营主体", "股份", "股东编号", "户主", "身份证号", "家庭成员", "股权证号", "数量", "其中质押", "单位", "最近变动", "变动原因", "经办"}
	IncomeHeadings       = []string{"序号", "编号", "村", "账", "日期", "收支", "项目", "金额(元)", "对方", "凭证号", "说明", "冲销", "被冲销", "记账人", "日志号"}
	EntityHeadings       = []string{"序号", "村", "经营主体编号", "经营主体", "类型", "统一社会信用代码", "成立日期", "负责人", "公积公益金(%)", "注销日期"}
	ContributionHeadings = []string{"序号", "编号", "村", "经营主体", "股东编号", "户主", "种类", "面积(亩)", "作价或金额(元)", "股份", "配股数", "日期", "权证号", "期限起",
		"期限到", "决议编号", "说明", "冲销(日志号)", "日志号"}
	TransformationHeadings = []string{"区划代码", "地区", "年度", "组", "项", "单位", "年末", "上年末", "作价或金额(元)", "上年末作价或金额(元)", "笔数"}
	PlanHeadings           = []string{"序号", "方案编号", "村", "经营主体", "年度", "登记日", "决议编号", "状态", "户数", "应付(元)", "已付(元)", "失败(元)", "暂缓(元)", "待付(元)"}
	StatementHeadings      = []string{"村", "账编号", "账", "年度", "行", "项目", "金额(元)"}
	MemberHeadings         = []string{"序号", "股东编号", "户主", "股权证号", "出资额(元)", "公积金份额(元)", "补助份额(元)", "合计(元)", "年度", "交易量", "交易额(元)"}
	TradeHeadings          = []string{"序号", "股东编号", "户主", "股权证号", "日期", "品名", "交易量", "交易额(元)", "冲减原因", "日志号"}
	JournalHeadings        = []string{"日志", "号", "地区代码", "地区", "分录", "内容", "谁", "角色", "何时记入", "SHA-256"}
	SummaryHeadings        = []string{"区划代码", "县", "乡镇", "村", "年度", "空壳村", "判定理由", "股东(户)", "人口", "总收入(元)", "总支出(元)", "经营收益(元)",
		"补助收入(元)", "应付分红(元)", "已付(元)", "失败(元)", "失败笔数", "暂缓(元)", "待付(元)"}
)

// Lists are the files that a region's books go out as; numbers in them are masked.
var Lists = map[string]func(to sheet.To, v *journal.View, place region.Code, year int) error{
	"shareholders": func(to sheet.To, v *journal.View, place region.Code, _ int) error {
		return WriteShareholders(to, v, place, register.Revealed{})
	},
	"holdings": func(to sheet.To, v *journal.View, place region.Code, _ int) error {
		list, _, err := register.Entities(v, place, "", journal.MaxEntries)
		if err != nil {
			return err
		}
		return WriteHoldings(to, v, list)
	},
	"entities": func(to sheet.To, v *journal.View, place region.Code, _ int) error {
		return WriteEntities(to, v, place)
	},
	"contributions": func(to sheet.To, v *journal.View, place region.Code, year int) error {
		return WriteContributions(to, v, string(place), year)
	},
	"transformation": WriteTransformation,
	"payouts": func(to sheet.To, v *journal.View, place region.Code, year int) error {
		list, err := dividend.Distributions(v, place, year, plan.Distribution.InForce)
		if err != nil {
			return err
		}
		return WritePayouts(to, v, list, func(plan.Distribution) register.Revealed { return register.Revealed{} })
	},
	"distributions": WritePlans,
	"journal": func(to sheet.To, v *journal.View, place region.Code, _ int) error {
		return WriteJournal(to, v, place)
	},
	"statement": WriteStatements,
	"income":    WriteIncome,
	"summary":   WriteSummary,
}

// EntityLists writes the lists of one entity and year, by name.
var EntityLists = map[string]func(to sheet.To, v *journal.View, entity string, year int) error{
	"members": WriteMembers, "trade": WriteTrade, "contributions": WriteContributions,
}

// pageRows is how many records an export reads at a time.
const pageRows = 1000

// WritePayouts writes the payouts of distributions, a row a payout. Numbers are whole where the leave covers them.
func WritePayouts(to sheet.To, v *journal.View, list []plan.Distribution, leave func(plan.Distribution) register.Revealed) error {
	out := sheet.NewWriter(to, PayoutHeadings...)
	defer out.Abort()
	n := 0
	var due money.Yuan
	for _, d := range list {
		entity, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return err
		}
		shares, err := shareText(v, d)
		if err != nil {
			return err
		}
		may := leave(d)
		err = eachPage(func(after string) (string, error) {
			rows, next, err := dividend.Payouts(v, d.ID, after, pageRows, func(dividend.Payout) bool { return true })
			for _, p := range rows {
				s, err := dividend.ShareholderOf(v, d, p.Holder)
				if err != nil {
					return "", err
				}
				numbers, way := dividend.Full(v, s, may), dividend.WayOf(v, p, s, may)
				from := ""
				if p.From != "" {
					dead, err := dividend.ShareholderOf(v, d, p.Left())
					if err != nil {
						return "", err
					}
					from = dead.Name
				}
				n++
				due += p.Due
				out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(d.ID), sheet.Text(entity.Name), sheet.Number(strconv.Itoa(d.Year)), sheet.Text(s.ID),
					sheet.Text(s.Name), sheet.Text(numbers.ID), sheet.Text(s.Certificate()), sheet.Text(shares(p)), sheet.Amount(p.Due.String()),
					sheet.Text(way.Bank), sheet.Text(way.Card), sheet.Text(paidBy(p, way)), sheet.Text(string(p.State.Label())),
					sheet.Date(string(p.Date)), sheet.Text(reasonOf(p)),
					sheet.Text(from), sheet.Text(string(d.Label())))
			}
			return next, err
		})
		if err != nil {
			return err
		}
	}
	out.Total(sheet.Text("合计"), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""),
		sheet.Text(""), sheet.Text(due.Capitals()), sheet.Amount(due.String()))
	return out.Close()
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

// WriteShareholders writes a region's register of shareholders. Its rows can be read back.
func WriteShareholders(to sheet.To, v *journal.View, place region.Code, leave register.Revealed) error {
	out := sheet.NewWriter(to, ShareholderHeadings...)
	defer out.Abort()
	n := 0
	err := eachPage(func(after string) (string, error) {
		rows, next, err := register.FindShareholders(v, place, "", after, pageRows)
		for _, s := range rows {
			numbers := dividend.Full(v, s, leave)
			n++
			out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(s.ID), sheet.Text(villageName(v, s.Village())), sheet.Text(string(s.Kind.Label())),
				sheet.Text(s.Name),
				sheet.Text(numbers.ID), sheet.Number(strconv.Itoa(s.People)), sheet.Text(register.MembersInWords(register.MaskedMembers(v, s, leave))),
				sheet.Text(numbers.Phone), sheet.Text(s.Bank), sheet.Text(numbers.Card),
				sheet.Text(strings.Join(s.Marks, "、")), sheet.Text(s.Certificate()))
		}
		return next, err
	})
	if err != nil {
		return err
	}
	return out.Close()
}

func villageName(v *journal.View, code region.Code) string {
	d, err := office.DivisionOf(v, code)
	if err != nil {
		return string(code)
	}
	return d.Short()
}

// WriteHoldings writes what every shareholder of a region's entities holds now, or of one entity.
func WriteHoldings(to sheet.To, v *journal.View, list []register.Entity) error {
	out := sheet.NewWriter(to, HoldingHeadings...)
	defer out.Abort()
	n := 0
	for _, e := range list {
		classes, err := register.ShareClasses(v, e.ID)
		if err != nil {
			return err
		}
		for _, c := range classes {
			err := eachPage(func(after string) (string, error) {
				rows, next, err := register.Holders(v, c.ID, after, pageRows)
				for _, h := range rows {
					s, err := register.HolderOf(v, c, h.Holder)
					if err != nil {
						return "", err
					}
					n++
					out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(villageName(v, e.Village())), sheet.Text(e.ID), sheet.Text(e.Name), sheet.Text(c.ID),
						sheet.Text(c.Name), sheet.Text(s.ID), sheet.Text(s.Name), sheet.Text(s.Certificate()), sheet.Number(h.Quantity.String()),
						sheet.Text(string(c.Unit.Label())))
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
func WriteRegister(to sheet.To, v *journal.View, class string, on journal.Date) error {
	c, e, err := register.ClassAndEntity(v, class)
	if err != nil {
		return err
	}
	list, err := register.RegisterOn(v, class, on)
	if err != nil {
		return err
	}
	pledged, err := register.PledgedOn(v, class, on)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(to, RegisterHeadings...)
	defer out.Abort()
	for i, h := range list {
		s, err := register.HolderOf(v, c, h.Holder)
		if err != nil {
			return err
		}
		j, err := v.JournalEntry(e.Village().Chain(), h.Entry)
		if err != nil {
			return err
		}
		out.Row(sheet.Number(strconv.Itoa(i+1)), sheet.Date(string(on)), sheet.Text(e.Name), sheet.Text(c.Name), sheet.Text(s.ID),
			sheet.Text(s.Name),
			sheet.Text(register.Masked(v, s).ID), sheet.Text(s.Relatives()), sheet.Text(s.Certificate()), sheet.Number(h.Quantity.String()),
			sheet.Number(pledged[h.Holder].String()), sheet.Text(string(c.Unit.Label())),
			sheet.Date(string(h.Since)), sheet.Text(string(h.CauseLabel())), sheet.Text(j.By))
	}
	return out.Close()
}

// WriteIncome writes a region's lines of income and expense of a year: of the villages' books and the entities'.
func WriteIncome(to sheet.To, v *journal.View, place region.Code, year int) error {
	out := sheet.NewWriter(to, IncomeHeadings...)
	defer out.Abort()
	n := 0
	names := map[string]string{}
	err := income.EachIncome(v, place, year, func(line income.Income) error {
		book := line.Book()
		if names[book] == "" {
			names[book] = "村集体"
			if len(book) > 12 {
				e, err := register.EntityOf(v, book)
				if err != nil {
					return err
				}
				names[book] = e.Name
			}
		}
		item, _ := income.ItemNamed(line.Item)
		side := "收入"
		if item.Expense {
			side = "支出"
		}
		n++
		out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(line.ID), sheet.Text(villageName(v, region.Code(book[:12]))), sheet.Text(names[book]),
			sheet.Date(string(line.Date)), sheet.Text(side), sheet.Text(string(item.Label)), sheet.Amount(line.Amount.String()),
			sheet.Text(line.Party),
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
func WriteSummary(to sheet.To, v *journal.View, place region.Code, year int) error {
	r, err := report.ReportOf(v, place, year)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(to, SummaryHeadings...)
	defer out.Abort()
	name := func(code region.Code) string {
		d, err := office.DivisionOf(v, code)
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
		out.Row(sheet.Text(string(code)), sheet.Text(name(code.Cut(region.County))), sheet.Text(name(code.Cut(region.Township))),
			sheet.Text(s.Place.Short()),
			sheet.Number(strconv.Itoa(year)), sheet.Text(shell), sheet.Text(reason), sheet.Number(strconv.Itoa(s.Shareholders)),
			sheet.Number(strconv.Itoa(s.People)),
			sheet.Amount(s.Income.String()), sheet.Amount(s.Expense.String()), sheet.Amount(s.Operating.String()), sheet.Amount(s.Subsidy.String()),
			sheet.Amount(s.Due.String()), sheet.Amount(s.Paid.String()), sheet.Amount(s.Failed.String()), sheet.Number(strconv.Itoa(s.FailCount)),
			sheet.Amount(s.Held.String()), sheet.Amount(s.Outstanding().String()))
	}
	return out.Close()
}

// WriteJournal writes the records about places in a region, newest first: what each entry says in words, and its digest.
func WriteJournal(to sheet.To, v *journal.View, place region.Code) error {
	out := sheet.NewWriter(to, JournalHeadings...)
	defer out.Abort()
	names := map[region.Code]string{}
	err := eachPage(func(after string) (string, error) {
		rows, next, err := v.Journal(place, after, pageRows)
		for _, j := range rows {
			if _, known := names[j.Place]; !known {
				d, _ := office.DivisionOf(v, j.Place)
				names[j.Place] = d.Short()
			}
			said := []rune(wordsOf(report.Particulars(v, j.Entry)))
			if len(said) > maxSaid {
				said = append(said[:maxSaid], '…')
			}
			out.Row(sheet.Text(j.Chain), sheet.Number(strconv.FormatUint(j.Seq, 10)), sheet.Text(string(j.Place)), sheet.Text(names[j.Place]),
				sheet.Text(string(journal.KindLabel(j.Kind))),
				sheet.Text(string(said)), sheet.Text(j.By), sheet.Text(string(j.Role.Label())), sheet.Text(j.Time().Format(time.DateTime)),
				sheet.Text(j.Hash))
		}
		return next, err
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// maxSaid is how many characters of an entry a cell takes: a list that is longer has a page and a file of its own.
const maxSaid = 2000

// wordsOf tells particulars in one line: 股份 人口股(…C01);日期 2025-12-09.
func wordsOf(list []report.Particular) string {
	var words []string
	for _, p := range list {
		text := cmp.Or(string(p.Word), p.Value)
		switch {
		case p.Box:
			text = "••••••"
		case p.Rows != nil:
			var rows []string
			for _, r := range p.Rows {
				rows = append(rows, wordsOf(r))
			}
			if p.More > 0 {
				rows = append(rows, "…")
			}
			text = "[" + strings.Join(rows, "][") + "]"
		case p.ID != "" && text != "":
			text += "(" + p.ID + ")"
		case p.ID != "":
			text = p.ID
		}
		words = append(words, strings.TrimSpace(string(p.Name)+" "+text))
	}
	return strings.Join(words, ";")
}

// WriteEntities writes the entities of a region.
func WriteEntities(to sheet.To, v *journal.View, place region.Code) error {
	out := sheet.NewWriter(to, EntityHeadings...)
	defer out.Abort()
	n := 0
	err := eachPage(func(after string) (string, error) {
		rows, next, err := register.Entities(v, place, after, pageRows)
		for _, e := range rows {
			n++
			out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(villageName(v, e.Village())), sheet.Text(e.ID), sheet.Text(e.Name),
				sheet.Text(string(e.Kind.Label())),
				sheet.Text(e.CreditCode), sheet.Date(string(e.Founded)), sheet.Text(e.Representative),
				sheet.Number(e.ReserveIn(v.Today().Year()).String()), sheet.Date(string(e.Dissolved)))
		}
		return next, err
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// WriteContributions writes what was put into the entities of a region up to the end of a year, those taken back too.
func WriteContributions(to sheet.To, v *journal.View, place string, year int) error {
	out := sheet.NewWriter(to, ContributionHeadings...)
	defer out.Abort()
	n := 0
	var area money.Quantity
	var value money.Yuan
	err := eachPage(func(after string) (string, error) {
		rows, next, err := register.Contributions(v, place, year, "", after, pageRows)
		for _, b := range rows {
			c, e, err := register.ClassAndEntity(v, b.Class)
			if err != nil {
				return "", err
			}
			s, err := register.HolderOf(v, c, b.Holder)
			if err != nil {
				return "", err
			}
			reversed := ""
			if b.Reversed != 0 {
				reversed = strconv.FormatUint(b.Reversed, 10)
			} else {
				area, value = area+b.Area, value+b.Value
			}
			n++
			out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(b.ID), sheet.Text(villageName(v, e.Village())), sheet.Text(e.Name), sheet.Text(s.ID),
				sheet.Text(s.Name),
				sheet.Text(string(b.Kind.Label())), sheet.Number(b.Area.String()), sheet.Amount(b.Value.String()), sheet.Text(c.Name),
				sheet.Number(b.Shares.String()),
				sheet.Date(string(b.Date)), sheet.Text(b.Certificate), sheet.Date(string(b.From)), sheet.Date(string(b.Until)),
				sheet.Text(b.Resolution), sheet.Text(b.Note),
				sheet.Number(reversed), sheet.Number(strconv.FormatUint(b.Entry, 10)))
		}
		return next, err
	})
	if err != nil {
		return err
	}
	out.Total(sheet.Text("合计"), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text("(冲销的不计)"),
		sheet.Number(area.String()), sheet.Amount(value.String()))
	return out.Close()
}

// WriteTransformation writes the transformation view of a region and of the places next below it, a row a figure.
func WriteTransformation(to sheet.To, v *journal.View, place region.Code, year int) error {
	t, err := report.TransformationOf(v, place, year)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(to, TransformationHeadings...)
	defer out.Abort()
	for _, t := range append([]*report.Transformation{t}, t.Children...) {
		row := func(group, item, unit, now, before, value, valueBefore string, count int) {
			n := ""
			if count >= 0 {
				n = strconv.Itoa(count)
			}
			out.Row(sheet.Text(string(t.Place.Code)), sheet.Text(t.Place.Short()), sheet.Number(strconv.Itoa(year)), sheet.Text(group),
				sheet.Text(item), sheet.Text(unit),
				sheet.Number(now), sheet.Number(before), sheet.Amount(value), sheet.Amount(valueBefore), sheet.Number(n))
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
	return out.Close()
}

// WritePlans writes the distributions of a region, of one year when it is not 0.
func WritePlans(to sheet.To, v *journal.View, place region.Code, year int) error {
	list, err := dividend.Distributions(v, place, year, nil)
	if err != nil {
		return err
	}
	out := sheet.NewWriter(to, PlanHeadings...)
	defer out.Abort()
	var sum report.Summary
	for i, d := range list {
		e, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return err
		}
		if d.InForce() {
			sum.Held += d.Held
			sum.Due, sum.Paid, sum.Failed, sum.DueCount = sum.Due+d.Due, sum.Paid+d.Paid, sum.Failed+d.Failed, sum.DueCount+d.Holders
		}
		out.Row(sheet.Number(strconv.Itoa(i+1)), sheet.Text(d.ID), sheet.Text(villageName(v, e.Village())), sheet.Text(e.Name),
			sheet.Number(strconv.Itoa(d.Year)),
			sheet.Date(string(d.RecordDate)), sheet.Text(d.Resolution), sheet.Text(string(d.Label())), sheet.Number(strconv.Itoa(d.Holders)),
			sheet.Amount(d.Due.String()),
			sheet.Amount(d.Paid.String()), sheet.Amount(d.Failed.String()), sheet.Amount(d.Held.String()), sheet.Amount(d.Outstanding().String()))
	}
	out.Total(sheet.Text("合计"), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""),
		sheet.Text("已审核的"), sheet.Number(strconv.Itoa(sum.DueCount)),
		sheet.Amount(sum.Due.String()), sheet.Amount(sum.Paid.String()), sheet.Amount(sum.Failed.String()), sheet.Amount(sum.Held.String()),
		sheet.Amount(sum.Outstanding().String()))
	return out.Close()
}

// WriteStatements writes the statement of gains and their distribution of every book of a region for a year, a row an item: the villages'
// own books and those of entities with one of their own.
func WriteStatements(to sheet.To, v *journal.View, place region.Code, year int) error {
	out := sheet.NewWriter(to, StatementHeadings...)
	defer out.Abort()
	write := func(book, name string) error {
		s, err := income.StatementOf(v, book, year)
		if err != nil {
			return err
		}
		n := 0
		row := func(item string, amount money.Yuan) {
			n++
			out.Row(sheet.Text(villageName(v, region.Code(book[:12]))), sheet.Text(book), sheet.Text(name), sheet.Number(strconv.Itoa(year)),
				sheet.Number(strconv.Itoa(n)),
				sheet.Text(item), sheet.Amount(amount.String()))
		}
		for _, l := range s.Lines {
			row(string(l.Item.Label), l.Amount)
		}
		row("经营收益", s.Operating)
		row("本年收益", s.Gain)
		row("年初未分配收益", s.Opening)
		row("可分配收益", s.BeforeDistribution())
		row("提取公积公益金", s.Reserve)
		row("提取福利费", s.Welfare)
		row("分红", s.Distributed)
		row("年末未分配收益", s.Closing)
		return nil
	}
	entities, _, err := register.Entities(v, place, "", journal.MaxEntries)
	if err != nil {
		return err
	}
	own := map[region.Code][]register.Entity{}
	for _, e := range entities {
		if e.Book() == e.ID {
			own[e.Village()] = append(own[e.Village()], e)
		}
	}
	for _, d := range office.Divisions(v, place, region.Village) {
		if !d.Code.HasCollective() {
			continue
		}
		if err := write(string(d.Code), "村集体"); err != nil {
			return err
		}
		for _, e := range own[d.Code] {
			if err := write(e.ID, e.Name); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// WriteTrade writes an entity's trade of a year, a row a line; trade with non-members has no name.
func WriteTrade(to sheet.To, v *journal.View, entity string, year int) error {
	out := sheet.NewWriter(to, TradeHeadings...)
	defer out.Abort()
	n := 0
	var volume money.Quantity
	var amount money.Yuan
	if err := eachPage(func(after string) (string, error) {
		list, next, err := dividend.Trades(v, entity, year, "", after, pageRows)
		for _, t := range list {
			var s register.Shareholder
			certificate := ""
			if t.Holder != "" {
				if s, err = register.MemberOf(v, entity, t.Holder); err != nil {
					return "", err
				}
				certificate = s.Certificate()
			}
			n, volume, amount = n+1, volume+t.Volume, amount+t.Amount
			out.Row(sheet.Number(strconv.Itoa(n)), sheet.Text(t.Holder), sheet.Text(s.Name), sheet.Text(certificate), sheet.Date(string(t.Date)),
				sheet.Text(t.Product),
				sheet.Number(t.Volume.String()), sheet.Amount(t.Amount.String()), sheet.Text(t.Reason), sheet.Number(strconv.FormatUint(t.Entry, 10)))
		}
		return next, err
	}); err != nil {
		return err
	}
	out.Total(sheet.Text("合计"), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Text(""), sheet.Number(volume.String()),
		sheet.Amount(amount.String()))
	return out.Close()
}

// WriteMembers writes the accounts of an entity's members at the end of a year, and the year's trade.
func WriteMembers(to sheet.To, v *journal.View, entity string, year int) error {
	on := min(journal.YearEnd(year), v.Today())
	accounts, err := dividend.MemberAccounts(v, entity, on)
	if err != nil {
		return err
	}
	volume, amount := map[string]money.Quantity{}, map[string]money.Yuan{}
	trade, _, err := dividend.Trades(v, entity, year, "", "", journal.MaxEntries)
	if err != nil {
		return err
	}
	for _, t := range trade {
		volume[t.Holder], amount[t.Holder] = volume[t.Holder]+t.Volume, amount[t.Holder]+t.Amount
	}
	out := sheet.NewWriter(to, MemberHeadings...)
	defer out.Abort()
	for i, m := range accounts {
		s, err := register.MemberOf(v, entity, m.Holder)
		if err != nil {
			return err
		}
		out.Row(sheet.Number(strconv.Itoa(i+1)), sheet.Text(s.ID), sheet.Text(s.Name), sheet.Text(s.Certificate()),
			sheet.Amount(m.Capital.String()), sheet.Amount(m.Reserve.String()),
			sheet.Amount(m.Subsidy.String()), sheet.Amount(m.Balance().String()), sheet.Number(strconv.Itoa(year)),
			sheet.Number(volume[m.Holder].String()), sheet.Amount(amount[m.Holder].String()))
	}
	return out.Close()
}
