package exchange

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/sheet"
)

var tradeColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "成员", "成员姓名", "社员", "社员姓名", "股东", "股东姓名"}, Called: true},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "户主身份证号"}, Proof: personID},
	{Name: "date", Headings: []string{"日期", "交易日期", "交售日期", "交易时间", "交售时间"}, Date: true},
	{Name: "product", Headings: []string{"品名", "产品", "产品名称", "品种", "农产品"}, Called: true},
	{Name: "volume", Headings: []string{"交易量", "数量", "重量", "交售量", "斤数"}, Number: true, Signed: true},
	{Name: "product_unit", Headings: []string{"单位", "交易量单位", "计量单位"}},
	{Name: "amount", Headings: []string{"交易额", "金额", "交易金额", "交售金额", "总价", "货款"}, Required: true, Number: true, Unit: sheet.Yuan,
		Signed: true},
	{Name: "reason", Headings: []string{"冲减原因", "退货原因"}, Free: true},
	{Name: "aside", Headings: append([]string{"单价", "备注", "股东编号", "村", "村名", "合计", "组", "组别", "户号", "小组", "村民小组"}, asideColumns...),
		Aside: true},
}

// tradeFacts finds the member; a row without a name is trade with non-members.
func tradeFacts(u *Upload, v *journal.View, row sheet.Row) (f facts) {
	if u.Table.Get(row, "name") != "" || u.Table.Get(row, "id_no") != "" {
		f.holder = whoOf(u, v, row)
	} else if u.heading["name"] != "" && u.named["trade"] != "" { // it can be the member's above, in a list with merged cells
		u.doubt(row, "name", "没有写是谁的,当作与非成员的交易;是第 %s 行那个人的请补上", u.named["trade"])
	}
	if u.Table.Get(row, "name") != "" {
		u.named["trade"] = u.Table.Place(row.Number)
	}
	if said, own := u.Table.Unit("volume"), u.Table.Get(row, "product_unit"); said != "" && own != "" && said != own {
		u.wrong(row, journal.Conflict, "product_unit", "表头写的单位是%s,这一格是%s", said, own)
	}
	return f
}

func tradeRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"entity": u.Purpose.Entity, "holder": f.holder, "date": u.Purpose.Date}
	for i, column := range u.Table.Columns {
		if cell := row.Cells[i]; cell != "" && column != "name" && column != "id_no" && !sheet.IsAside(column) {
			of[column] = cell
		}
	}
	if _, ok := of["product_unit"]; !ok && of["volume"] != nil {
		if unit := u.Table.Unit("volume"); unit != "" {
			of["product_unit"] = unit
		}
	}
	return []fields{{"RecordTrade", of}}
}
