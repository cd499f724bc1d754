package exchange

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/sheet"
)

var contributionColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "股东", "入股人", "谁入股"}},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码"}},
	{Name: "kind", Headings: []string{"种类", "入股种类", "资源种类", "资金来源"}, Required: true},
	{Name: "area", Headings: []string{"面积", "亩数", "入股面积"}},
	{Name: "value", Headings: []string{"作价", "金额", "作价或金额", "入股金额"}, Required: true},
	{Name: "class", Headings: []string{"股份", "股份名称", "股种"}},
	{Name: "shares", Headings: []string{"配股数", "股数", "数量"}, Required: true},
	{Name: "date", Headings: []string{"日期", "入股日期"}, Date: true},
	{Name: "certificate", Headings: []string{"权证号", "土地证号"}},
	{Name: "from", Headings: []string{"期限起", "起始日"}, Date: true},
	{Name: "until", Headings: []string{"期限到", "期限止", "到期日"}, Date: true},
	{Name: "resolution", Headings: []string{"决议编号", "决议"}},
	{Name: "note", Headings: []string{"说明", "备注"}},
	{Name: "no", Headings: []string{"序号"}},
	{Name: "remark", Headings: []string{"原因", "签字", "签名"}},
}

// whoOf finds the shareholder that a row names by ID number, certificate or name; "" with a fault noted when there is none.
func whoOf(u *Upload, v *ledger.View, row sheet.Row) string {
	name, who := u.Table.Get(row, "name"), u.Table.Get(row, "id_no")
	if who == "" {
		who = name
	}
	holder, err := v.ResolveHolder(u.Purpose.Village, who)
	if err != nil {
		for _, e := range ledger.All(err) {
			u.wrong(row, e.Code, "name", e.Text, e.Args...)
		}
		return ""
	}
	if s, err := v.Shareholder(holder); err == nil && name != "" && s.Name != name && s.Certificate() != name {
		u.wrong(row, ledger.Conflict, "name", "这个身份证号登记的是%s,不是%s", s.Name, name)
	}
	return holder
}

// contributionFacts finds who contributes, and the class of the entity that is meant.
func contributionFacts(u *Upload, v *ledger.View, row sheet.Row) (f facts) {
	get := func(column string) string { return u.Table.Get(row, column) }
	if f.holder = whoOf(u, v, row); f.holder == "" {
		return f
	}
	classes, err := v.ShareClasses(u.Purpose.Entity)
	if err != nil {
		return f
	}
	for _, c := range classes {
		if sheet.SameHeading(get("class"), c.Name) || get("class") == c.ID || get("class") == "" && len(classes) == 1 {
			f.at = c.ID
		}
	}
	if f.at == "" {
		u.wrong(row, ledger.NotFound, "class", "这个经营主体没有名为“%s”的股份", get("class"))
	}
	return f
}

func contributionRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"date": u.Purpose.Date, "resolution": u.Purpose.Resolution}
	for i, column := range u.Table.Columns {
		if cell := row.Cells[i]; cell != "" && !slices.Contains([]string{"name", "id_no", "class", "no", "remark"}, column) {
			of[column] = cell
		}
	}
	for _, k := range ledger.ContributionKinds() {
		if of["kind"] == string(k.Label()) {
			of["kind"] = string(k)
		}
	}
	of["holder"], of["class"] = f.holder, f.at
	return []fields{{"RecordContribution", of}}
}
