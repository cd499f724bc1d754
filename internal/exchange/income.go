package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

var incomeColumns = []sheet.Column{
	{Name: "date", Headings: []string{"日期", "记账日期", "发生日期"}, Required: true, Date: true},
	{Name: "item", Headings: []string{"项目", "科目", "收支项目"}, Required: true},
	{Name: "amount", Headings: []string{"金额", "发生额"}, Required: true, Number: true},
	{Name: "party", Headings: []string{"对方", "对方单位", "付款人", "收款人"}},
	{Name: "voucher", Headings: []string{"凭证号", "凭证"}},
	{Name: "years", Headings: []string{"年数", "几年的"}},
	{Name: "note", Headings: []string{"说明", "摘要", "备注"}},
	{Name: "aside", Headings: []string{"序号", "签字", "签名", "签章", "经手人", "原因"}, Aside: true},
}

func incomeFacts(u *Upload, v *journal.View, _ sheet.Row) facts {
	if e, err := register.EntityOf(v, u.Purpose.Entity); err == nil {
		return facts{at: e.Book()}
	}
	return facts{at: string(u.Purpose.Village)}
}

func incomeRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"book": f.at}
	for i, column := range u.Table.Columns {
		if !sheet.IsAside(column) {
			of[column] = row.Cells[i]
		}
	}
	for _, it := range income.Items {
		if of["item"] == string(it.Label) {
			of["item"] = it.Code
		}
	}
	return []fields{{"RecordIncome", of}}
}
