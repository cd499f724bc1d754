package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

var _ = describe(List{
	Name: "income", Title: "收支", English: "income and expense", Region: true, Years: OneYear,
	Filters: append([]string{"book"}, income.WantedNames...),
	Headings: []string{"序号", "编号", "村", "账", "日期", "收支", "项目", "金额(元)", "对方", "凭证号", "说明", "冲销", "被冲销", "记账人", "日志号", "科目编号", "更正", "年数",
		"所属时段从", "所属时段到", "合同"},
	Note: "冲销:它冲销的编号;被冲销:冲销它的编号 / the line it reverses, the line that reverses it",
	Rows: func(q Asked, out *Rows) error {
		names, forms := map[string]string{}, map[string]income.Form{}
		wanted, err := income.ReadWanted(q.Year, func(name string) string { return q.Filter[name] })
		if err != nil {
			return err
		}
		return income.EachIncome(q.View, q.Place, q.Year, func(line income.Income) error {
			book := line.Book()
			if only := q.Filter["book"]; only != "" && only != book || !wanted.Has(line) {
				return nil
			}
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
			key := journal.YearID.Dated(book, line.Date.Year())
			if _, ok := forms[key]; !ok {
				form, err := income.FormOf(q.View, book, line.Date.Year())
				if err != nil {
					return err
				}
				forms[key] = form
			}
			item, _ := income.ItemNamed(line.Item)
			side := "收入"
			if item.Expense {
				side = "支出"
			}
			out.Row(words(line.ID), village(q.View, book), words(names[book]), day(line.Date), words(side), label(item.Label),
				yuan(line.Amount), words(line.Party), words(line.Voucher), words(line.Note), words(line.Reverses), words(line.ReversedBy),
				words(line.By), serial(line.Entry), codeCell(forms[key].AccountOf(line.Item)), words(movedNote(line)),
				some(line.Years), day(line.From), day(line.To), words(line.Contract))
			return nil
		})
	},
})

// collective names a village's own book.
const collective = "村集体"

// movedNote tells whether a line was moved out of its item, or into it.
func movedNote(line income.Income) string {
	switch {
	case line.Moved && line.Reverses != "":
		return "更正移出"
	case line.Moved:
		return "更正移入"
	}
	return ""
}
