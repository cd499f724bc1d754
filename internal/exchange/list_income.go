package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = describe(List{
	Name: "income", Title: "收支", English: "income and expense", Region: true, Years: OneYear,
	Headings: []string{"序号", "编号", "村", "账", "日期", "收支", "项目", "金额(元)", "对方", "凭证号", "说明", "冲销", "被冲销", "记账人", "日志号"},
	Note:     "冲销:它冲销的编号;被冲销:冲销它的编号 / the line it reverses, the line that reverses it",
	Rows: func(q Asked, out *Rows) error {
		names := map[string]string{}
		return income.EachIncome(q.View, q.Place, q.Year, func(line income.Income) error {
			book := line.Book()
			if names[book] == "" {
				names[book] = collective
				if !journal.VillageID.Is(book) {
					e, err := register.EntityOf(q.View, book)
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
			out.Row(words(line.ID), village(q.View, book), words(names[book]), day(line.Date), words(side), label(item.Label),
				yuan(line.Amount), words(line.Party), words(line.Voucher), words(line.Note), words(line.Reverses), words(line.ReversedBy),
				words(line.By), serial(line.Entry))
			return nil
		})
	},
})

// collective names a village's own book.
const collective = "村集体"

var _ = describe(List{
	Name: "statement", Title: "收益及收益分配表", English: "statements of gains and their distribution", Region: true, Years: OneYear,
	Headings: []string{"村", "账编号", "账", "年度", "行", "项目", "金额(元)"},
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

// writeStatement writes the statement of one book, a row an item.
func writeStatement(q Asked, book, name string, out *Rows) error {
	s, err := income.StatementOf(q.View, book, q.Year)
	if err != nil {
		return err
	}
	n := 0
	row := func(item string, amount money.Yuan) {
		n++
		out.Row(village(q.View, book), words(book), words(name), whole(q.Year), whole(n), words(item), yuan(amount))
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
