package exchange

import (
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/sheet"
)

var contributionColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "股东", "股东姓名", "股东名称", "入股人", "谁入股"}},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码", "户主身份证号", "户主身份证号码"}},
	{Name: "kind", Headings: []string{"种类", "入股种类", "入股方式", "入股类型", "资源种类", "资源类型", "资源类别", "资金来源"}, Required: true},
	{Name: "area", Headings: []string{"面积", "亩数", "入股面积", "入股亩数", "土地面积"}, Number: true},
	{Name: "value", Headings: []string{"作价", "金额", "作价或金额", "入股金额", "作价金额", "评估价", "评估价值", "评估值", "折价", "折价金额", "出资额"}, Required: true, Number: true},
	{Name: "class", Headings: []string{"股份", "股份名称", "股种", "股权类型", "股份类型"}},
	{Name: "shares", Headings: []string{"配股数", "股数", "股份数", "股份数量", "折股数", "折股", "数量"}, Required: true, Number: true},
	{Name: "date", Headings: []string{"日期", "入股日期", "入股时间"}, Date: true},
	{Name: "certificate", Headings: []string{"权证号", "权证编号", "证书编号", "土地证号", "承包证号", "土地承包经营权证号"}},
	{Name: "from", Headings: []string{"期限起", "起始日", "起始日期", "开始日期"}, Date: true},
	{Name: "until", Headings: []string{"期限到", "期限止", "到期日", "到期日期", "截止日期", "终止日期"}, Date: true},
	{Name: "resolution", Headings: []string{"决议编号", "决议"}},
	{Name: "note", Headings: []string{"说明", "备注"}},
	{Name: "aside", Headings: append([]string{"股东编号", "村", "村名"}, asideColumns...), Aside: true},
}

// whoOf finds the shareholder that a row names by ID number, certificate or name; "" with a fault noted when there is none.
func whoOf(u *Upload, v *ledger.View, row sheet.Row) string {
	name, who := ident.Name(u.Table.Get(row, "name")), u.Table.Get(row, "id_no")
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
		if cell := row.Cells[i]; cell != "" && !sheet.IsAside(column) && !slices.Contains([]string{"name", "id_no", "class"}, column) {
			of[column] = cell
		}
	}
	if word, ok := of["kind"].(string); ok {
		of["kind"] = contributionKind(word)
	}
	of["holder"], of["class"] = f.holder, f.at
	return []fields{{"RecordContribution", of}}
}

// called are other words by which lists name what was put in.
var called = map[string]ledger.ContributionKind{
	"土地": ledger.Farmland, "承包地": ledger.Farmland, "耕地承包经营权": ledger.Farmland, "土地经营权": ledger.Farmland, "旱地": ledger.Farmland, "水田": ledger.Farmland, "水浇地": ledger.Farmland,
	"山林": ledger.Forest, "林权": ledger.Forest, "鱼塘": ledger.Pond, "坑塘": ledger.Pond, "水塘": ledger.Pond, "池塘": ledger.Pond, "水库": ledger.Pond,
	"房屋": ledger.House, "闲置农房": ledger.House, "农房": ledger.House, "现金": ledger.OwnFunds, "资金": ledger.OwnFunds, "自筹资金": ledger.OwnFunds, "自有资金": ledger.OwnFunds,
	"农户自筹": ledger.OwnFunds, "扶贫资金": ledger.ReliefFunds, "衔接资金": ledger.ReliefFunds, "财政扶持资金": ledger.FiscalFunds, "集体资金": ledger.VillageFunds, "劳务": ledger.Labour,
	"劳动力": ledger.Labour, "技术入股": ledger.Technology,
}

// contributionKind reads a kind by its code, its Chinese label, or another word for it; what it does not know it returns as it is.
func contributionKind(word string) string {
	for _, k := range ledger.ContributionKinds() {
		if word == string(k.Label()) || word == string(k.Label())+"入股" {
			return string(k)
		}
	}
	if k, ok := called[word]; ok {
		return string(k)
	}
	return word
}
