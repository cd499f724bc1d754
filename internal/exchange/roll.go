package exchange

import (
	"cmp"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

var rollColumns = []sheet.Column{
	{Name: "name", Headings: []string{"姓名", "成员姓名", "成员"}, Required: true, Called: true},
	{Name: "id_no", Headings: []string{"身份证号", "证件号码", "证件号", "身份证", "身份证号码", "公民身份号码", "居民身份证号"}, Proof: personID, Required: true},
	{Name: "id_kind", Headings: []string{"证件类型", "证件种类", "证件类别"}, Word: true},
	{Name: "householder", Headings: []string{"户主", "户主姓名", "户主身份证号", "所在户"}},
	{Name: "relation", Headings: []string{"与户主关系", "与户主的关系", "家庭关系", "关系"}, Word: true},
	{Name: "date", Headings: []string{"确认日期", "确认时间", "日期", "确认年月日"}, Date: true},
	{Name: "how", Headings: []string{"确认方式", "确认原因", "取得方式", "怎样确认"}, Word: true},
	{Name: "resolution", Headings: []string{"确认决议", "决议编号", "决议"}},
	{Name: "lost", Headings: []string{"丧失日期"}, Date: true},
	{Name: "aside", Headings: append([]string{"备注", "村", "村名", "组", "组别", "村民小组", "小组", "户号", "户编号", "集体", "丧失原因", "权利保留到", "成员编号"},
		asideColumns...), Aside: true},
}

var rollWords = map[string]vocabulary{"how": listed(howWords), "id_kind": listed(paperWords)}

// howWords are the words by which lists say how somebody became a member.
var howWords = map[string]string{
	string(register.AtFirst): "初始确认 原始取得 初始 首次确认", string(register.ByBirth): "成员生育 生育 出生 新生儿 法定取得",
	string(register.Adopted): "成员收养 收养", string(register.Married): "结婚 婚嫁 嫁入 入赘 婚姻",
	string(register.Resettled): "政策性移民 移民 移民迁入", string(register.Otherwise): "章程规定的其他情形 其他 申请取得 加入",
}

// rollFacts finds the household that a row names, and passes over who is a member already, or no more.
func rollFacts(u *Upload, v *journal.View, row sheet.Row) (f facts) {
	get := func(column string) string { return u.Table.Get(row, column) }
	number := ident.Clean(get("id_no"))
	if first := u.named[number]; number != "" && first != "" {
		u.wrong(row, journal.Conflict, "id_no", "身份证号与第 %s 行重复", first)
		return f
	}
	u.named[number] = cmp.Or(u.named[number], u.Table.Place(row.Number))
	if get("lost") != "" {
		u.wrong(row, journal.Invalid, "lost", "上传只确认成员;已经丧失的请在成员页记丧失,这一行请去掉")
		return f
	}
	if m, ok := register.MemberNumbered(v, u.Purpose.Entity, number); ok {
		if ident.Name(m.Name) != ident.Name(get("name")) {
			u.wrong(row, journal.Conflict, "name", "这个身份证号登记的是%s,不是%s", m.Name, get("name"))
		}
		f.list = true // is a member
		return f
	}
	if who := get("householder"); who != "" {
		holder, err := register.ResolveHolder(v, u.Purpose.Village, who)
		if err != nil {
			u.doubt(row, "householder", "本村没有找到“%s”这一户,先不挂户", who)
		}
		f.holder = holder
	}
	return f
}

// rollRow confirms who is no member yet.
func rollRow(u *Upload, row sheet.Row, f facts) []fields {
	if f.list {
		return nil
	}
	get := func(column string) string { return u.Table.Get(row, column) }
	return []fields{{"ConfirmMember", map[string]any{
		"collective": u.Purpose.Entity, "name": get("name"), "id_no": get("id_no"), "id_kind": meant("id_kind", get("id_kind")),
		"household": f.holder, "relation": get("relation"), "date": u.dateOf(row), "how": wordFor(get("how"), howWords),
		"resolution": cmp.Or(get("resolution"), u.Purpose.Resolution),
	}}}
}
