package exchange

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/sheet"
)

var _ = describe(List{
	Name: "contracts", Title: "合同", English: "contracts", Region: true, Filters: []string{"show", "q"},
	Headings: []string{"序号", "编号", "村", "账", "合同编号", "种类", "标的", "标的名称", "对方", "从哪天起", "到哪天为止", "面积(亩)", "每年(元)", "多久付一次", "第一次付款日", "涨幅",
		"交实物",
		"押金(元)", "决议编号", "收款记什么项目", "状况", "今年租金(元)", "今年每亩(元)", "应收合计(元)", "已收合计(元)", "减免(元)", "欠缴(元)", "最早欠缴日", "欠缴天数", "下一笔应收日", "下一笔应收(元)",
		"要过问的",
		"说明", "日志号"},
	Note: "每年(元)是约定开始时的,今年的在后面;欠缴和要过问的按导出那天算 / a year's sum is that at the beginning of the terms; overdue as of the day of the export",
	Rows: func(q Asked, out *Rows) error {
		states, err := income.ContractStates(q.View, string(q.Place))
		if err != nil {
			return err
		}
		wanted := income.WantedContracts{Show: q.Filter["show"], Text: q.Filter["q"]}
		names := map[string]string{}
		for _, s := range states {
			if !wanted.Has(s) {
				continue
			}
			book := s.Book()
			if names[book] == "" {
				if names[book], err = register.KeeperOf(q.View, book); err != nil {
					return err
				}
			}
			out.Row(contractCells(q, s, names[book])...)
		}
		return nil
	},
})

// contractCells are the cells of a contract.
func contractCells(q Asked, s income.ContractState, keeper string) []sheet.Cell {
	late, next, open := words(""), words(""), words("")
	due := s.Received + s.Remitted - s.Ahead() + s.Owed()
	if s.Overdue > 0 {
		late = whole(s.Late())
	}
	if s.Next != nil {
		next, open = day(s.Next.Date), yuan(s.Next.Open())
	}
	var concerns []string
	for _, c := range s.Concerns {
		concerns = append(concerns, c.Said.Said())
	}
	perMu := words("")
	if s.PerMu > 0 {
		perMu = yuan(s.PerMu)
	}
	number := s.Terms.Resolution
	if journal.ResolutionID.Is(number) {
		number = resolution.NumberOf(number)
	}
	item, _ := income.ItemNamed(s.Item)
	return []sheet.Cell{words(s.ID), village(q.View, s.ID), words(keeper), words(s.Number), label(s.Kind.Label()), label(s.Asset.Label()),
		words(s.Thing), words(s.Party), day(s.Contract.Terms[0].From), day(s.Until()), someQuantity(s.Terms.Area), yuan(s.Terms.Rent),
		words(payWord(s.Contract, s.Terms)), day(s.Terms.First), words(riseWord(s.Terms)), words(s.Terms.InKind), yuan(s.Terms.Deposit),
		words(number), label(item.Label), label(s.State().Label), yuan(s.Rent), perMu, yuan(due), yuan(s.Received), yuan(s.Remitted),
		yuan(s.Overdue),
		day(s.Since), late, next,
		open, words(strings.Join(concerns, ";")), words(s.Note),
		serial(s.Entry)}
}
