package exchange

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/sheet"
)

var tradeColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "成员", "股东"}},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码"}},
	{Name: "date", Headings: []string{"日期", "交易日期"}, Date: true},
	{Name: "product", Headings: []string{"品名", "产品", "品种"}},
	{Name: "volume", Headings: []string{"交易量", "数量", "重量"}},
	{Name: "amount", Headings: []string{"交易额", "金额"}, Required: true},
	{Name: "reason", Headings: []string{"冲减原因", "退货原因"}},
	{Name: "no", Headings: []string{"序号"}},
	{Name: "remark", Headings: []string{"备注", "签字", "签名", "原因"}},
}

// tradeFacts finds the member; a row without a name is trade with non-members.
func tradeFacts(u *Upload, v *ledger.View, row sheet.Row) (f facts) {
	if u.Table.Get(row, "name") != "" || u.Table.Get(row, "id_no") != "" {
		f.holder = whoOf(u, v, row)
	}
	return f
}

func tradeRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"entity": u.Purpose.Entity, "holder": f.holder, "date": u.Purpose.Date}
	for i, column := range u.Table.Columns {
		if cell := row.Cells[i]; cell != "" && !slices.Contains([]string{"name", "id_no", "no", "remark"}, column) {
			of[column] = cell
		}
	}
	return []fields{{"RecordTrade", of}}
}
