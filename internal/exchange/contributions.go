package exchange

import (
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

var contributionColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "股东", "股东姓名", "股东名称", "入股人", "谁入股", "成员姓名", "成员", "社员姓名"}, Called: true},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码", "户主身份证号", "户主身份证号码"}, Proof: personID},
	{Name: "kind", Headings: []string{"种类", "入股种类", "入股方式", "入股类型", "资源种类", "资源类型", "资源类别", "资金来源", "出资方式", "出资类型"}, Word: true,
		Required: true},
	{Name: "area", Headings: []string{"面积", "亩数", "入股面积", "入股亩数", "土地面积"}, Number: true, Unit: sheet.Mu},
	{Name: "value", Headings: []string{"作价", "金额", "作价或金额", "入股金额", "作价金额", "评估价", "评估价值", "评估值", "折价", "折价金额", "出资额"}, Required: true,
		Number: true, Unit: sheet.Yuan},
	{Name: "class", Headings: []string{"股份", "股份名称", "股种", "股权类型", "股份类型"}, Word: true},
	{Name: "shares", Headings: []string{"配股数", "股数", "股份数", "股份数量", "折股数", "折股", "数量"}, Required: true, Number: true, Unit: sheet.Counted},
	{Name: "date", Headings: []string{"日期", "入股日期", "入股时间", "出资日期", "出资时间"}, Date: true},
	{Name: "certificate", Headings: []string{"权证号", "权证编号", "证书编号", "土地证号", "承包证号", "土地承包经营权证号"}},
	{Name: "contract", Headings: []string{"承包合同编码", "合同编码", "合同代码", "承包合同代码", "承包合同编号"}},
	{Name: "plot", Headings: []string{"地块编码", "地块代码", "承包地块编码", "地块编号"}},
	{Name: "whole_area", Headings: []string{"整块面积", "地块面积", "权证面积", "确权面积", "合同面积"}, Number: true, Unit: sheet.Mu},
	{Name: "certificate_until", Headings: []string{"权证到期", "权证到期日", "承包期限到", "承包期止"}, Date: true},
	{Name: "land_kind", Headings: []string{"地类", "土地类型", "地类名称", "地类代码", "土地利用类型", "土地利用现状"}},
	{Name: "from", Headings: []string{"期限起", "起始日", "起始日期", "开始日期"}, Date: true},
	{Name: "until", Headings: []string{"期限到", "期限止", "到期日", "到期日期", "截止日期", "终止日期"}, Date: true},
	{Name: "resolution", Headings: []string{"决议编号", "决议"}},
	{Name: "note", Headings: []string{"说明", "备注"}, Free: true},
	{Name: "aside", Headings: append([]string{"股东编号", "村", "村名", "组", "组别", "村民小组", "小组", "户号", "户编号", "合计"}, asideColumns...), Aside: true},
}

// whoOf finds the shareholder that a row names by ID number, certificate or name; "" with a fault noted when there is none.
func whoOf(u *Upload, v *journal.View, row sheet.Row) string {
	name, who := ident.Name(u.Table.Get(row, "name")), u.Table.Get(row, "id_no")
	if who == "" {
		who = name
	}
	holder, err := register.ResolveHolder(v, u.Purpose.Village, who)
	if err != nil {
		for _, e := range journal.All(err) {
			u.wrong(row, e.Code, "name", e.Text, e.Args...)
		}
		return ""
	}
	if s, err := register.ShareholderOf(v, holder); err == nil && name != "" && !s.Called(name) && s.Certificate() != name {
		u.wrong(row, journal.Conflict, "name", "这个身份证号登记的是%s,不是%s", s.Name, name)
	}
	return holder
}

// contributionFacts finds who contributes, and the class of the entity that is meant.
func contributionFacts(u *Upload, v *journal.View, row sheet.Row) (f facts) {
	get := func(column string) string { return u.Table.Get(row, column) }
	if f.holder = whoOf(u, v, row); f.holder == "" {
		return f
	}
	classes, err := register.ShareClasses(v, u.Purpose.Entity)
	if err != nil {
		return f
	}
	for _, c := range classes {
		if sheet.SameHeading(get("class"), c.Name) || get("class") == c.ID || get("class") == "" && len(classes) == 1 {
			f.at = c.ID
		}
	}
	if f.at == "" {
		u.wrong(row, journal.NotFound, "class", "这个经营主体没有名为“%s”的股份", get("class"))
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

var contributionWords = map[string]vocabulary{
	"kind": {
		known: func(_ *Upload, _ *journal.View, word string) bool {
			return slices.Contains(register.ContributionKinds(), register.ContributionKind(contributionKind(word)))
		},
		choices: func(*Upload, *journal.View) []string { return labels(register.ContributionKinds()) },
	},
	"class": {
		known: func(u *Upload, v *journal.View, word string) bool {
			classes, _ := register.ShareClasses(v, u.Purpose.Entity)
			return slices.ContainsFunc(classes, func(c register.ShareClass) bool { return sheet.SameHeading(word, c.Name) || word == c.ID })
		},
		choices: func(u *Upload, v *journal.View) (list []string) {
			classes, _ := register.ShareClasses(v, u.Purpose.Entity)
			for _, c := range classes {
				list = append(list, c.Name)
			}
			return list
		},
	},
}

// labels are the names of the values of a kind.
func labels[T interface{ Label() journal.Label }](values []T) (list []string) {
	for _, x := range values {
		list = append(list, string(x.Label()))
	}
	return list
}

// called are other words by which lists name what was put in.
var called = map[string]register.ContributionKind{
	"土地": register.Farmland, "承包地": register.Farmland, "耕地承包经营权": register.Farmland, "土地经营权": register.Farmland, "旱地": register.Farmland,
	"水田": register.Farmland, "水浇地": register.Farmland,
	"山林": register.Forest, "林权": register.Forest, "鱼塘": register.Pond, "坑塘": register.Pond, "水塘": register.Pond, "池塘": register.Pond,
	"水库": register.Pond,
	"房屋": register.House, "闲置农房": register.House, "农房": register.House, "现金": register.OwnFunds, "资金": register.OwnFunds,
	"自筹资金": register.OwnFunds, "自有资金": register.OwnFunds,
	"农户自筹": register.OwnFunds, "扶贫资金": register.ReliefFunds, "衔接资金": register.ReliefFunds, "财政扶持资金": register.FiscalFunds,
	"集体资金": register.VillageFunds, "劳务": register.Labour,
	"劳动力": register.Labour, "技术入股": register.Technology,
}

// contributionKind reads a kind by its code, its Chinese label, or another word for it; what it does not know it returns as it is.
func contributionKind(word string) string {
	for _, k := range register.ContributionKinds() {
		if word == string(k.Label()) || word == string(k.Label())+"入股" {
			return string(k)
		}
	}
	if k, ok := called[word]; ok {
		return string(k)
	}
	return word
}
