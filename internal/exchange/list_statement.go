package exchange

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "statement", Title: "收益及收益分配表", English: "statements of gains and their distribution", Region: true, Years: OneYear,
	Headings: []string{"村", "账编号", "账", "年度", "行", "项目", "金额(元)", "行次", "科目编号", "上年金额(元)", "表号", "编制单位", "依据", "备注"},
	Note:     "一行一项;各村自己的账和有自己的账的主体 / a row an item, of the villages' books and of entities with one of their own",
	Rows: func(q Asked, out *Rows) error {
		entities, _, err := register.Entities(q.View, q.Place, "", journal.MaxEntries)
		if err != nil {
			return err
		}
		own := map[region.Code][]register.Entity{}
		for _, e := range entities {
			if e.Book() == e.ID {
				own[e.Village()] = append(own[e.Village()], e)
			}
		}
		for _, d := range office.Divisions(q.View, q.Place, region.Village) {
			if !d.Code.HasCollective() {
				continue
			}
			if err := writeStatement(q, string(d.Code), collective, out); err != nil {
				return err
			}
			for _, e := range own[d.Code] {
				if err := writeStatement(q, e.ID, e.Name, out); err != nil {
					return err
				}
			}
		}
		return nil
	},
})

// writeStatement writes the statement of one book, a row a line of its form.
func writeStatement(q Asked, book, name string, out *Rows) error {
	x, err := income.SheetOf(q.View, book, q.Year)
	if err != nil {
		return err
	}
	by := preparedBy(q.View, book)
	for i, l := range x.Rows {
		out.Row(village(q.View, book), words(book), words(name), whole(q.Year), whole(i+1), words(l.Text), yuan(l.Now), lineNumber(x.Form, l),
			codeCell(l.Account), yuan(l.Before), words(x.Form.Table), words(by), words(x.Form.Source), words(rowNote(x.Form, l)))
	}
	return nil
}

// lineNumber is a line's 行次, nothing on forms that have none.
func lineNumber(f income.Form, l income.Row) sheet.Cell {
	if f.Table == "" {
		return words("")
	}
	return some(l.Number)
}

// codeCell is a 科目编号, a number where it is one.
func codeCell(code string) sheet.Cell {
	if n, err := strconv.Atoi(code); err == nil {
		return some(n)
	}
	return words(code)
}

// rowNote tells why a line stands there that the form does not have.
func rowNote(f income.Form, l income.Row) string {
	switch {
	case l.Past:
		return "上年报表的项目"
	case l.Old:
		return "已按旧表记"
	case l.Corrected != 0:
		return "其中更正以前年度 " + l.Corrected.String()
	case f.Unchecked:
		return "格式尚未与原文核对"
	}
	return ""
}

// preparedBy is the 编制单位 of a book: the entity, or the village's own organisation by its name.
func preparedBy(v *journal.View, book string) string {
	name, err := register.KeeperOf(v, book)
	if err != nil {
		return ""
	}
	return name
}

var _ = describe(List{
	Name: "statement_form", Title: "收益及收益分配表(报送格式)", English: "a book's statement as its form prints it", Region: true,
	Of: journal.EntityID, File: "收益及收益分配表", Years: OneYear,
	Headings: []string{"项目", "行次", "科目编号", "本年金额", "上年金额"},
	Note:     "一本账一张,有表号、编制单位、单位、签字 / one book, with its head and signatures",
	Above: func(q Asked) ([][]sheet.Cell, error) {
		book, err := q.book()
		if err != nil {
			return nil, err
		}
		f, err := income.FormOf(q.View, book, q.Year)
		return formHead(q, f.Title, f.Table, preparedBy(q.View, book)), err
	},
	Rows: func(q Asked, out *Rows) error {
		book, err := q.book()
		if err != nil {
			return err
		}
		x, err := income.SheetOf(q.View, book, q.Year)
		if err != nil {
			return err
		}
		for _, l := range x.Rows {
			text := l.Text
			if l.Sign != "" {
				text = l.Sign + ":" + text
			}
			if note := rowNote(income.Form{}, l); note != "" {
				text += "(" + note + ")"
			}
			out.Row(words(text), lineNumber(x.Form, l), codeCell(l.Account), yuan(l.Now), yuan(l.Before))
		}
		if x.Form.Unchecked {
			out.Row(words("格式尚未与" + x.Form.Source + "原文核对"))
		}
		signatures(out)
		return nil
	},
})

// book is the one book that is asked for: an entity's, or a village's own.
func (q Asked) book() (string, error) {
	if q.Of != "" {
		e, err := register.EntityOf(q.View, q.Of)
		return e.Book(), err
	}
	if q.Place.Level() != region.Village {
		return "", journal.Wrong("", string(q.Place), "请选一个村;镇、县的用一行一项的表")
	}
	return string(q.Place), nil
}

// formHead is what stands above an official form: its title, number, who prepared it, year and unit.
func formHead(q Asked, title, table, by string) [][]sheet.Cell {
	return [][]sheet.Cell{
		sheet.Texts(title, "", "", "", table),
		sheet.Texts("编制单位:"+by, "", strconv.Itoa(q.Year)+" 年", "", "单位:元"),
	}
}

// signatures is what stands under an official form.
func signatures(out *Rows) {
	out.Row(sheet.Texts("单位负责人:", "", "会计负责人:", "", "制表人:")...)
}

var _ = describe(List{
	Name: "funds", Title: "专项资金", English: "money that is no income", Region: true, Years: OneYear,
	Headings: []string{"序号", "编号", "村", "账", "日期", "来源", "科目", "金额(元)", "对方", "凭证号", "说明", "决议", "冲销", "被冲销", "更正自收支", "记账人", "日志号"},
	Note:     "土地补偿费、出让和处置收入、捐赠、形成资产的补助;不是收益 / no income, never distributable",
	Rows: func(q Asked, out *Rows) error {
		return income.EachFund(q.View, q.Place, q.Year, func(l income.FundLine) error {
			out.Row(words(l.ID), village(q.View, l.ID), words(preparedBy(q.View, l.Book())), day(l.Date), label(l.Source.Label()),
				label(l.Account.Label()), yuan(l.Amount), words(l.Party), words(l.Voucher), words(l.Note), words(l.Resolution),
				words(l.Reverses), words(l.ReversedBy), words(l.Income), words(l.By), serial(l.Entry))
			return nil
		})
	},
})

var _ = describe(List{
	Name: "suspects", Title: "疑似不是收益的收支", English: "lines that look as if they were no income", Region: true,
	Headings: []string{"序号", "编号", "村", "账", "日期", "项目", "金额(元)", "对方", "凭证号", "说明", "可能是", "因为写着", "当年已分红"},
	Note:     "按对方和说明里的字找,是不是由会计判断 / by words of payer and note; the accountant decides",
	Rows: func(q Asked, out *Rows) error {
		list, err := income.Suspects(q.View, q.Place)
		for _, s := range list {
			item, _ := income.ItemNamed(s.Item)
			shared := ""
			if s.Shared {
				shared = "是"
			}
			out.Row(words(s.ID), village(q.View, s.ID), words(preparedBy(q.View, s.Book())), day(s.Date), label(item.Label), yuan(s.Amount),
				words(s.Party), words(s.Voucher), words(s.Note), label(s.Source.Label()), words(s.Word), words(shared))
		}
		return err
	},
})
