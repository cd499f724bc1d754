package exchange

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var incomeColumns = []sheet.Column{
	{Name: "date", Headings: []string{"日期", "记账日期", "发生日期", "时间", "业务日期"}, Required: true, Date: true},
	{Name: "item", Headings: []string{"项目", "科目", "收支项目", "科目编号", "会计科目"}, Word: true, Required: true},
	{Name: "nature", Headings: []string{"发包性质", "发包收入的性质", "性质"}, Word: true},
	{Name: "amount", Headings: []string{"金额", "发生额"}, Required: true, Instead: []string{"received", "spent"}, Number: true, Unit: sheet.Yuan},
	{Name: "received", Headings: []string{"收入金额", "收入", "收入额", "收方", "收款金额", "收入(元)"}, Number: true, Unit: sheet.Yuan},
	{Name: "spent", Headings: []string{"支出金额", "支出", "支出额", "付方", "付款金额", "支出(元)"}, Number: true, Unit: sheet.Yuan},
	{Name: "party", Headings: []string{"对方", "对方单位", "付款人", "收款人", "付款单位", "收款单位", "往来单位", "对方名称"}, Called: true},
	{Name: "voucher", Headings: []string{"凭证号", "凭证", "凭证字号", "凭证编号"}},
	{Name: "years", Headings: []string{"年数", "几年的"}, Number: true, Unit: sheet.Years},
	{Name: "for_from", Headings: []string{"所属时段从", "所属期起", "租期起", "费用起始日"}, Date: true},
	{Name: "for_to", Headings: []string{"所属时段到", "所属期止", "租期止", "费用终止日"}, Date: true},
	{Name: "note", Headings: []string{"说明", "摘要", "备注", "用途"}, Free: true},
	{Name: "aside", Headings: []string{"序号", "签字", "签名", "签章", "经手人", "原因", "余额", "结余", "结存"}, Aside: true},
}

func incomeFacts(u *Upload, v *journal.View, row sheet.Row) facts {
	f := facts{at: u.book(v)}
	var date journal.Date
	for i, column := range u.Table.Columns {
		switch column {
		case "item":
			f.item = row.Cells[i]
		case "date":
			date, _ = journal.ParseDate(row.Cells[i])
		}
	}
	if f.item == "" {
		f.item = income.ItemOf(v, f.at, u.Table.Get(row, "party"))
	}
	f.item = itemCode(v, f.at, f.item, date)
	sides(u, row, f.item)
	return f
}

// sides holds a book of two columns, for what comes in and what goes out, to one amount a row, on the side of its item.
func sides(u *Upload, row sheet.Row, code string) {
	received, spent := u.Table.Get(row, "received"), u.Table.Get(row, "spent")
	if received == "" && spent == "" {
		return
	}
	at := slices.IndexFunc(income.Items, func(it income.Item) bool { return it.Code == code })
	switch {
	case u.Table.Get(row, "amount") != "" || received != "" && spent != "" && !zero(received) && !zero(spent):
		u.wrong(row, journal.Invalid, "spent", "这一行写了不止一个金额;一行记一笔收入或一笔支出,请分成两行")
	case at < 0:
	case income.Items[at].Expense && !zero(received):
		u.wrong(row, journal.Conflict, "received", "“%s”是支出,金额却写在收入一列", income.Items[at].Label)
	case !income.Items[at].Expense && !zero(spent):
		u.wrong(row, journal.Conflict, "spent", "“%s”是收入,金额却写在支出一列", income.Items[at].Label)
	}
}

// zero tells whether a cell of an amount says nothing.
func zero(cell string) bool {
	sum, err := money.ParseYuan(cell)
	return cell == "" || err == nil && sum == 0
}

var incomeWords = map[string]vocabulary{"item": {
	known: func(u *Upload, v *journal.View, word string) bool {
		code := itemCode(v, u.book(v), word, v.Today())
		return slices.ContainsFunc(income.Items, func(it income.Item) bool { return it.Code == code })
	},
	choices: func(*Upload, *journal.View) (list []string) {
		for _, it := range income.Items {
			list = append(list, string(it.Label))
		}
		return list
	},
}}

// natureWords are what people call what comes in for what is let out.
var natureWords = map[string]string{"租金": string(income.Rent), "承包金": string(income.Rent), "利润": string(income.HandedUp),
	"上交利润": string(income.HandedUp), "上交的利润": string(income.HandedUp)}

// itemCode is the item that a text names: by its label, or by the account code or the text of a line on the form of a day's year; the text
// itself where it is none of these.
func itemCode(v *journal.View, book, text string, on journal.Date) string {
	for _, it := range income.Items {
		if text == string(it.Label) {
			return it.Code
		}
	}
	form, err := income.FormOf(v, book, on.Year())
	if err != nil {
		return text
	}
	return cmp.Or(form.ItemAt(text), text)
}

func incomeRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"book": f.at}
	for i, column := range u.Table.Columns {
		switch cell := row.Cells[i]; {
		case column == "received" || column == "spent":
			if !zero(cell) {
				of["amount"] = cell
			}
		case !sheet.IsAside(column):
			of[column] = cell
		}
	}
	of["item"] = f.item
	if text, ok := of["nature"].(string); ok {
		of["nature"] = natureWords[text]
		if natureWords[text] == "" {
			of["nature"] = text
		}
	}
	return []fields{{"RecordIncome", of}}
}
