package exchange

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

var shareholderColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "农户姓名", "姓名", "股东", "股东姓名", "名称", "股东名称", "成员姓名"}, Required: true, Called: true},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码", "证件号", "公民身份号码", "居民身份证号", "户主身份证号", "户主身份证号码", "户主身份证", "统一社会信用代码"},
		Required: true, Proof: personID},
	{Name: "people", Headings: []string{"家庭人数", "人口", "人数", "家庭人口", "人口数", "户籍人口", "家庭人口数", "户内人数", "家庭成员数", "户内成员数", "家庭总人口", "总人口"},
		Number: true,
		Unit:   sheet.People},
	{Name: "members", Headings: []string{"家庭成员", "成员"}},
	{Name: "relation", Headings: []string{"与户主关系", "与户主的关系", "家庭关系", "关系"}, Word: true},
	{Name: "member", Headings: []string{"姓名", "成员姓名", "家庭成员姓名"}, Called: true, Beside: []string{"户主", "户主姓名"}},
	{Name: "phone", Headings: []string{"电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式"}},
	{Name: "bank", Headings: []string{"开户行", "开户银行", "银行", "银行名称", "开户银行名称", "开户行名称", "银行卡开户行"}, Called: true},
	{Name: "card", Headings: []string{"银行卡号", "卡号", "银行卡", "社保卡号", "社会保障卡号", "借记卡号", "银行卡卡号"}, Proof: ident.BankCard},
	{Name: "account", Headings: []string{"账号", "银行账号", "银行账户", "收款账号", "一卡通账号", "一卡通", "一卡通号", "一折通", "一折通账号", "一折通号", "存折", "存折号",
		"存折账号", "帐号", "银行帐号", "收款帐号", "对公账号", "对公账户", "单位账号", "单位账户", "结算账号", "结算账户", "惠农一卡通账号", "惠农卡号", "开户账号", "农商行账号", "信用社账号", "银行存折账号",
		"收款卡号"}, Proof: unproved},
	{Name: "account_kind", Headings: []string{"账户类别", "账户类型", "账号类别", "账号类型"}, Word: true},
	{Name: "account_name", Headings: []string{"账户名称", "银行账户名称", "银行户名", "账户名", "开户名", "收款户名", "户名", "开户人", "持卡人", "账户姓名", "收款人", "银行卡开户名",
		"开户人姓名", "持卡人姓名"}},
	{Name: "branch", Headings: []string{"开户网点", "网点", "开户支行", "支行"}},
	{Name: "id_kind", Headings: []string{"证件类型", "证件种类", "证件类别"}, Word: true},
	{Name: "marks", Headings: []string{"标记", "户别", "类别", "农户类别", "农户类型", "贫困属性", "户属性"}, Called: true},
	{Name: "kind", Headings: []string{"股东类型", "类型", "股东类别"}, Word: true},
	{Name: "date", Headings: []string{"配股日期", "日期", "入股日期"}, Date: true},
	{Name: "village", Headings: []string{"村", "村名", "所在村", "行政村", "所属村", "村别", "村(社区)"}},
	{Name: "id", Headings: []string{"股东编号"}},
	{Name: "household", Headings: []string{"户号", "户编号", "户编码", "家庭编号", "户籍号", "户籍编号", "户主编号", "农户编号", "农户编码"}},
	{Name: "group", Headings: []string{"组", "组别", "村民小组", "小组", "所属村民小组", "村组", "所在组", "生产队", "屯"}},
	{Name: "total", Headings: []string{"合计", "总股数", "股数合计", "合计股数", "股份合计", "总计", "小计", "股权合计", "总股份", "股份总数", "合计股份", "持股合计", "持股总数"},
		Number: true,
		Unit:   sheet.Counted},
	{Name: "aside", Headings: append([]string{"备注"}, asideColumns...), Aside: true},
}

// asideColumns are the headings of columns that every list of people may have and an import passes over.
var asideColumns = []string{"序号", "编号", "县", "县区", "乡镇", "股权证号", "股权证编号", "性别", "年龄", "民族",
	"出生日期", "出生年月", "住址", "家庭住址", "户籍地址", "地址", "签名", "签字", "签章", "原因", "签字盖章",
	"签名盖章", "户主签字", "户主签名", "领取人签字", "领款人签字", "本人签字", "确认签字", "手印", "按手印", "指纹", "盖章", "文化程度", "学历", "政治面貌", "婚姻状况", "健康状况", "职业", "籍贯",
	"户口性质", "户口类型", "户籍性质", "身份", "是否在世", "劳动力", "经办人", "经手人", "审核人", "填表人", "照片", "邮编", "微信", "微信号", "省", "市", "街道", "自然村", "自然屯", "门牌号",
	"序 号", "行号"}

// personID is the check of a person's number whose kind nothing says.
func personID(s string) error { return ident.PersonID("", s) }

// unproved is the check of numbers that have none.
func unproved(string) error { return nil }

// oddName is what is in a person's name and no name has: marks of what could not be printed, remarks, several names.
var oddName = regexp.MustCompile(`[?□■▯〓�*()()、,;/]`)

var phoneFront = regexp.MustCompile(`^(\+|00)?86[- ]?(1\d{2})|^\((\d{3,4})\)`)

// phoneOf writes a phone number without the country before a mobile one, and without brackets around an area's.
func phoneOf(cell string) string { return phoneFront.ReplaceAllString(cell, "$2$3") }

// shareholderFacts finds out whether somebody is on the register already, and which shares of the row the books have.
func shareholderFacts(u *Upload, v *journal.View, row sheet.Row) (f facts) {
	if u.elsewhere(v, row) {
		return f
	}
	number, name := ident.Clean(u.Table.Get(row, "id_no")), ident.Name(u.Table.Get(row, "name"))
	if odd := oddName.FindString(name); odd != "" && (u.Table.Get(row, "kind") == "" ||
		holderKind(u.Table.Get(row, "kind")) == string(register.Household)) {
		u.doubt(row, "name", "姓名里有“%s”;请核对是不是打不出的字,或写在姓名里的说明", odd)
	}
	if holder := ident.Name(u.Table.Get(row, "account_name")); holder != "" && holder != name {
		u.doubt(row, "account_name", "账户名称是%s,不是%s;户名不符银行会退回,请核对", holder, name)
	}
	var known register.Shareholder
	found := false
	if first := u.named[number]; number != "" && first != "" {
		u.wrong(row, journal.Conflict, "id_no", "身份证号与第 %s 行重复", first)
		return f
	}
	u.named[number] = u.Table.Place(row.Number)
	if number != "" {
		known, found = register.Registered(v, u.Purpose.Village, number)
		// they may have no number; their name must do
	} else if kind := holderKind(u.Table.Get(row, "kind")); name != "" && slices.Contains(organisations, kind) {
		id, err := register.ResolveHolder(v, u.Purpose.Village, name)
		if err == nil {
			known, err = register.ShareholderOf(v, id)
			found = err == nil
		} else if journal.CodeOf(err) == journal.Conflict {
			u.wrong(row, journal.Conflict, "name", "本村有几个“%s”;请填写身份证号或信用代码", name)
			return f
		}
	}
	if !found {
		nameless(u, row, f)
		return f
	}
	if !known.Called(name) {
		u.wrong(row, journal.Conflict, "name", "这个身份证号登记的是%s,不是%s", known.Name, name)
	}
	f.holder = known.ID
	f.list = u.differs(v, row, known)
	for i, column := range u.Table.Columns {
		if class, ok := strings.CutPrefix(column, "class:"); ok && isZero(row.Cells[i]) {
			if has, err := register.HeldNow(v, class, known.ID); err == nil && has != 0 {
				u.wrong(row, journal.Conflict, column, "%s持有 %s,文件写的是 0;要改请用转让、退出或调整", known.Name, has.String())
			}
		}
	}
	for _, c := range sharesOf(u, row) {
		has, err := register.HeldNow(v, c.class, known.ID)
		want, wrong := money.ParseQuantity(row.Cells[c.at])
		switch {
		case err != nil || wrong != nil:
		case want == has:
			f.skip |= 1 << c.at
		case has == 0:
			if events, err := register.HoldingEvents(v, c.class, known.ID); err == nil && len(events) > 0 {
				u.wrong(row, journal.Conflict, u.Table.Columns[c.at], "%s曾有这种股,现在没有了;要再配请用“给已登记的股东配股”", known.Name)
			}
		default:
			u.wrong(row, journal.Conflict, u.Table.Columns[c.at], "%s已持有 %s,文件写的是 %s;要再配请用“给已登记的股东配股”,要改请用转让或调整", known.Name, has.String(),
				row.Cells[c.at])
		}
	}
	return f
}

// differs refuses cells that say something else of a registered shareholder than the books: a list registers and issues, it does not
// correct. It tells whether the row lists the members of a household of whom the books know the number only.
func (u *Upload) differs(v *journal.View, row sheet.Row, known register.Shareholder) (list bool) {
	of := map[string]any{}
	for i, column := range u.Table.Columns {
		switch column {
		case "phone":
			of[column] = phoneOf(row.Cells[i])
		case "people", "bank", "card", "account", "branch", "marks":
			of[column] = row.Cells[i]
		case "kind", "account_kind":
			of[column] = meant(column, row.Cells[i])
		}
	}
	switch members := u.membersOf(row); {
	case len(members) == 0:
	case len(known.Members) > 0:
		of["members"] = members
	case known.People != len(members)+1:
		u.wrong(row, journal.Conflict, cmp.Or(relationColumn(u), "members"), "%s登记的是 %s 人,文件列出的连户主是 %s 人;请先在股东页更正人数", known.Name,
			strconv.Itoa(known.People), strconv.Itoa(len(members)+1))
	default:
		list = true
	}
	e, err := journal.Decode("RegisterShareholder", of)
	if err != nil {
		u.refuse(row.Number, fields{"RegisterShareholder", of}, err)
		return false
	}
	for _, column := range register.Differs(v, known, e.(*register.RegisterShareholder)) {
		if column == "members" && u.isRoster() { // no column of the file
			column = cmp.Or(relationColumn(u), "member")
		}
		u.wrong(row, journal.Conflict, column, "%s登记的不是这个;要改请在股东页更正或更换,不改就把这一格清空", known.Name)
	}
	return list
}

// shareholderRow registers who is not on the register yet, and issues the shares that the class columns say and the holder does not have
// yet.
func shareholderRow(u *Upload, row sheet.Row, f facts) (list []fields) {
	if f.holder == "" {
		of := map[string]any{"village": string(u.Purpose.Village)}
		for i, column := range u.Table.Columns {
			switch {
			case column == "phone":
				of[column] = phoneOf(row.Cells[i])
			case column == "kind" || column == "account_kind" || column == "id_kind":
				of[column] = meant(column, row.Cells[i])
			case !slices.Contains([]string{"members", "relation", "member", "date", "village", "id", "account_name", "household", "group", "total"},
				column) &&
				!sheet.IsAside(column) &&
				!strings.HasPrefix(column, "class:"):
				of[column] = row.Cells[i]
			}
		}
		if members := u.membersOf(row); len(members) > 0 {
			of["members"] = members
		}
		list = append(list, fields{"RegisterShareholder", of})
	}
	if f.list {
		list = append(list, fields{"ListMembers", map[string]any{"holder": f.holder, "members": u.membersOf(row)}})
	}
	return append(list, issues(u, row, f)...)
}

// organisations are the kinds of holders that may have no number.
var organisations = []string{string(register.Collective), string(register.Company), string(register.Outside)}

// dateOf is the business date of a row's shares: its own, or the file's.
func (u *Upload) dateOf(row sheet.Row) string {
	return cmp.Or(u.Table.Get(row, "date"), u.Purpose.Date)
}

// holdingFacts passes over issues that the books have already: of the same shares on the same day.
func holdingFacts(u *Upload, v *journal.View, row sheet.Row) (f facts) {
	if u.elsewhere(v, row) {
		return f
	}
	if !slices.ContainsFunc(u.Table.Columns, func(c string) bool { return strings.HasPrefix(c, "class:") }) {
		u.wrong(row, journal.Invalid, "name", "没有一列是股份的名称,不知道要配什么股")
	}
	nameless(u, row, f)
	known, ok := register.Registered(v, u.Purpose.Village, u.Table.Get(row, "id_no"))
	if name := ident.Name(u.Table.Get(row, "name")); ok && !known.Called(name) {
		u.wrong(row, journal.Conflict, "name", "这个身份证号登记的是%s,不是%s", known.Name, name)
		return f
	}
	if !ok || u.Purpose.Repeat {
		return f
	}
	for _, c := range sharesOf(u, row) {
		want, err := money.ParseQuantity(row.Cells[c.at])
		if err != nil {
			continue
		}
		on, _ := journal.ParseDate(u.dateOf(row))
		key := c.class + known.ID + want.String() + string(on)
		if _, loaded := u.have["loaded "+c.class+known.ID]; !loaded {
			u.have["loaded "+c.class+known.ID] = 1
			events, _ := register.HoldingEvents(v, c.class, known.ID)
			reversed := map[uint64]bool{}
			for _, e := range events {
				reversed[e.Reverses] = true
			}
			for _, e := range events {
				if e.Cause == "IssueShares" && !reversed[e.Entry] {
					u.have[c.class+known.ID+e.Quantity.String()+string(e.Date)]++
				}
			}
		}
		if u.have[key] > 0 {
			u.have[key]--
			f.skip |= 1 << c.at
		}
	}
	return f
}

// holdingRow issues more shares to somebody on the register.
func holdingRow(u *Upload, row sheet.Row, f facts) []fields { return issues(u, row, f) }

// sharesOf lists the class columns in which a row has shares: the column's place, and the class.
func sharesOf(u *Upload, row sheet.Row) (list []columnOfShares) {
	for i, column := range u.Table.Columns {
		if class, ok := strings.CutPrefix(column, "class:"); ok && row.Cells[i] != "" && !isZero(row.Cells[i]) {
			list = append(list, columnOfShares{i, class})
		}
	}
	return list
}

func isZero(cell string) bool {
	q, err := money.ParseQuantity(cell)
	return err == nil && q == 0
}

type columnOfShares struct {
	at    int
	class string
}

// nameless refuses shares for somebody whom neither a number nor the register tells.
func nameless(u *Upload, row sheet.Row, f facts) {
	if f.holder == "" && u.Table.Get(row, "id_no") == "" && len(sharesOf(u, row)) > 0 {
		u.wrong(row, journal.Invalid, "id_no", "要配股的行必须有身份证号或信用代码,才知道是谁")
	}
}

// issues makes the issues of the shares that a row has and the books do not.
func issues(u *Upload, row sheet.Row, f facts) (list []fields) {
	number := u.Table.Get(row, "id_no")
	for _, c := range sharesOf(u, row) {
		if f.skip&(1<<c.at) == 0 {
			of := map[string]any{"class": c.class, "id_no": number, "name": u.Table.Get(row, "name"), "quantity": row.Cells[c.at],
				"date": u.dateOf(row), "resolution": u.Purpose.Resolution}
			if number == "" {
				of["holder"] = f.holder
			}
			if u.Purpose.Kind == Shareholders { // the list says what there is in all: another upload may have been quicker
				of["first"] = true
			}
			list = append(list, fields{"IssueShares", of})
		}
	}
	return list
}

var shareholderWords = map[string]vocabulary{
	"kind": {
		known: func(_ *Upload, _ *journal.View, word string) bool {
			return slices.Contains(register.HolderKinds(), register.HolderKind(holderKind(word)))
		},
		choices: func(*Upload, *journal.View) []string { return labels(register.HolderKinds()) },
	},
	"account_kind": listed(accountWords), "id_kind": listed(paperWords),
}

// listed is a vocabulary of codes and the words for each.
func listed(of map[string]string) vocabulary {
	return vocabulary{
		known: func(_ *Upload, _ *journal.View, word string) bool { return of[wordFor(word, of)] != "" },
		choices: func(*Upload, *journal.View) (list []string) {
			for _, code := range slices.Sorted(maps.Keys(of)) {
				first, _, _ := strings.Cut(of[code], " ")
				list = append(list, first)
			}
			return list
		},
	}
}

// meant reads a kind of holder, account or paper by its code or one of its Chinese names; what is none of them stays as it is.
func meant(column, cell string) string {
	switch column {
	case "account_kind":
		return wordFor(cell, accountWords)
	case "id_kind":
		return wordFor(cell, paperWords)
	}
	return holderKind(cell)
}

// accountWords and paperWords are the words by which lists say what kind of account or paper a number is of.
var (
	accountWords = map[string]string{
		string(ident.Card):     "银行卡 借记卡 储蓄卡 卡 社保卡 惠农卡 一卡通",
		string(ident.Passbook): "存折 活期存折 一折通 折",
		string(ident.Unit):     "单位账户 对公账户 对公 单位账号 对公账号 基本户 基本存款账户 一般户 一般存款账户 结算账户 单位结算账户",
	}
	paperWords = map[string]string{
		string(ident.ResidentCard):      "居民身份证 身份证 二代身份证 第二代身份证 二代证 户口簿 户口本 临时身份证 中华人民共和国居民身份证 01 111",
		string(ident.ResidencePermit):   "港澳台居民居住证 居住证 港澳居民居住证 台湾居民居住证 港澳台居住证",
		string(ident.PermanentResident): "外国人永久居留身份证 外国人永久居留证 永久居留证 永居证 外国人永居证 五星卡",
		string(ident.Passport):          "护照 普通护照 外国护照 中国护照",
	}
)

func wordFor(cell string, words map[string]string) string {
	for code, list := range words {
		if slices.Contains(strings.Fields(list), cell) {
			return code
		}
	}
	return cell
}

// holderKind reads a kind by its code or its Chinese label.
func holderKind(cell string) string {
	for _, k := range register.HolderKinds() {
		if cell == string(k.Label()) || cell == "户" && k == register.Household {
			return string(k)
		}
	}
	return cell
}

// readMembers reads 李四(妻)、王五(子 210727…): names, in brackets the relation and the ID number.
func readMembers(cell string) (list []any) {
	for _, word := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、,,;;\n", r) }) {
		name, rest, _ := strings.Cut(strings.TrimSpace(word), "(")
		m := map[string]any{"name": name}
		for _, part := range strings.Fields(strings.TrimSuffix(rest, ")")) {
			if strings.ContainsAny(part, "0123456789") {
				m["id_no"] = part
			} else {
				m["relation"] = part
			}
		}
		list = append(list, m)
	}
	return list
}
