package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// Kind is a kind of file that comes in.
type Kind string

// The kinds.
const (
	Divisions     Kind = "divisions"     // names of a region, a row a village
	Shareholders  Kind = "shareholders"  // the register: who is on it, and how many shares each has
	Holdings      Kind = "holdings"      // more shares for shareholders who are on the register
	Contributions Kind = "contributions" // what was put in, and the shares for it
	Income        Kind = "income"        // lines of income and expense
	Trade         Kind = "trade"         // what members traded with the cooperative
)

// VillageKinds lists the kinds that are about one village.
func VillageKinds() []Kind { return []Kind{Shareholders, Holdings, Contributions, Income, Trade} }

// Label names the kind in Chinese.
func (k Kind) Label() ledger.Label {
	switch k {
	case Shareholders:
		return "登记股东,有股份列的同时配股"
	case Holdings:
		return "给已登记的股东配股"
	case Contributions:
		return "记入股"
	case Income:
		return "记收支"
	case Trade:
		return "记成员交易"
	}
	return ledger.Label(k)
}

// Purpose says what the rows of a file are for.
type Purpose struct {
	Kind       Kind
	Village    region.Code
	Entity     string // whose shares the rows are about; for income whose book, the village's own where it is ""
	Date       string // business date of what has none in its row
	Resolution string
	City       string // of divisions: the city's name, where the file leaves it out
	Repeat     bool   // record also what the books have already in the same words
}

// list is how the rows of a kind of file are read.
type list struct {
	columns []sheet.Column
	keys    []string // a row without any of these or of the required columns has nothing to say
	// facts asks the books about a row, and notes what in it does not fit them.
	facts func(u *Upload, v *ledger.View, row sheet.Row) facts
	// row makes the row's entries, from the row and the facts alone.
	row func(u *Upload, row sheet.Row, f facts) []fields
}

var lists map[Kind]*list

func init() {
	lists = map[Kind]*list{
		Divisions:     {columns: divisionColumns, facts: divisionFacts, row: divisionRow},
		Shareholders:  {columns: shareholderColumns, facts: shareholderFacts, row: shareholderRow},
		Holdings:      {columns: shareholderColumns, keys: []string{"id_no"}, facts: holdingFacts, row: holdingRow},
		Contributions: {columns: contributionColumns, keys: []string{"name", "id_no"}, facts: contributionFacts, row: contributionRow},
		Trade:         {columns: tradeColumns, keys: []string{"name", "id_no", "amount", "volume"}, facts: tradeFacts, row: tradeRow},
		Income:        {columns: incomeColumns, facts: incomeFacts, row: incomeRow},
	}
}

// Columns are the columns that a file of a kind may have. Files of shareholders and holdings may have others headed with the names of share classes.
func Columns(k Kind) []sheet.Column {
	if l := lists[k]; l != nil {
		return l.columns
	}
	return nil
}

// list returns how the purpose's rows are read, and who claims headings that are no column's.
func (p Purpose) list(v *ledger.View) (*list, func(string) (string, bool), error) {
	l, ok := lists[p.Kind]
	if !ok {
		return nil, nil, &ledger.Error{Code: ledger.Invalid, Field: "kind", Value: string(p.Kind), Text: "没有“%s”这种文件", Args: []any{string(p.Kind)}}
	}
	var classes []ledger.ShareClass
	if p.Entity != "" && p.Kind != Income && p.Kind != Trade {
		var err error
		if classes, err = v.ShareClasses(p.Entity); err != nil {
			return nil, nil, err
		}
		if len(p.Entity) < 12 || p.Entity[:12] != string(p.Village) || len(classes) == 0 {
			return nil, nil, &ledger.Error{Code: ledger.NotFound, Field: "entity", Value: p.Entity, Text: "本村没有编号为 %s 而且设立了股份的经营主体", Args: []any{p.Entity}}
		}
	}
	if p.Entity == "" && (p.Kind == Holdings || p.Kind == Contributions || p.Kind == Trade) {
		return nil, nil, &ledger.Error{Code: ledger.Invalid, Field: "entity", Text: "请选经营主体(命令里用 --entity)"}
	}
	if p.Kind == Contributions || p.Kind == Income || p.Kind == Trade {
		return l, nil, nil
	}
	return l, func(heading string) (string, bool) {
		for _, c := range classes {
			if sheet.SameHeading(heading, c.Name) || sheet.SameHeading(heading, c.Name+"("+string(c.Unit.Label())+")") {
				return "class:" + c.ID, true
			}
		}
		return "", false
	}, nil
}

var divisionColumns = []sheet.Column{ // those of the National Bureau of Statistics' list
	{Name: "code", Headings: []string{"区划代码", "代码", "统计用区划代码"}, Required: true},
	{Name: "name", Headings: []string{"名称", "村", "单位名称"}, Required: true},
	{Name: "township_code", Headings: []string{"乡镇代码"}, Required: true},
	{Name: "township", Headings: []string{"乡镇", "乡镇名称"}, Required: true},
	{Name: "county_code", Headings: []string{"县代码", "县区代码"}, Required: true},
	{Name: "county", Headings: []string{"县", "县区", "县名称"}, Required: true},
	{Name: "city_code", Headings: []string{"市代码"}},
	{Name: "city", Headings: []string{"市", "市名称"}},
}

// divisionNames are the codes and names that a row of divisions gives: of the city, the county, the township and the village.
func divisionNames(u *Upload, row sheet.Row) (names [4][2]string) {
	get := func(column string) string { return u.Table.Get(row, column) }
	city, code := get("city"), get("city_code")
	if city == "" {
		city = u.Purpose.City
	}
	if code == "" && len(get("code")) >= 4 {
		code = get("code")[:4]
	}
	if city != "" {
		names[0] = [2]string{code, city}
	}
	names[1], names[2], names[3] = [2]string{get("county_code"), get("county")}, [2]string{get("township_code"), get("township")}, [2]string{get("code"), get("name")}
	return names
}

// divisionFacts passes over names that the file has given before: every village's row names its township again.
func divisionFacts(u *Upload, _ *ledger.View, row sheet.Row) (f facts) {
	for i, n := range divisionNames(u, row) {
		switch old, ok := u.named[n[0]]; {
		case n[1] == "" && i == 0:
			f.skip |= 1 << i
		case ok && old != n[1]:
			u.wrong(row, ledger.Invalid, "code", "%s 在文件里有两个名称:%s、%s", n[0], old, n[1])
		case ok:
			f.skip |= 1 << i
		}
		u.named[n[0]] = n[1]
	}
	return f
}

func divisionRow(u *Upload, row sheet.Row, f facts) (list []fields) {
	for i, n := range divisionNames(u, row) {
		if f.skip&(1<<i) == 0 {
			list = append(list, fields{"NameDivision", map[string]any{"code": n[0], "name": n[1]}})
		}
	}
	return list
}

var shareholderColumns = []sheet.Column{
	{Name: "name", Headings: []string{"户主", "户主姓名", "姓名", "股东", "名称", "股东名称", "成员姓名"}, Required: true},
	{Name: "id_no", Headings: []string{"身份证号", "身份证", "身份证号码", "证件号码", "公民身份号码", "户主身份证号"}, Required: true},
	{Name: "people", Headings: []string{"家庭人数", "人口", "人数", "家庭人口"}},
	{Name: "members", Headings: []string{"家庭成员", "成员"}},
	{Name: "phone", Headings: []string{"电话", "联系电话", "手机", "手机号"}},
	{Name: "bank", Headings: []string{"开户行", "开户银行", "银行"}},
	{Name: "card", Headings: []string{"银行卡号", "卡号", "银行账号", "账号", "一卡通账号"}},
	{Name: "marks", Headings: []string{"标记", "户别", "类别"}},
	{Name: "kind", Headings: []string{"股东类型", "类型"}},
	{Name: "no", Headings: []string{"序号"}},
	{Name: "id", Headings: []string{"股东编号", "编号"}},
	{Name: "village", Headings: []string{"村"}},
	{Name: "certificate", Headings: []string{"股权证号"}},
	{Name: "remark", Headings: []string{"备注", "签名", "签字", "原因"}},
}

// ownColumns are columns that an import passes over: the ledger gives these out itself, or they are for people only.
var ownColumns = []string{"no", "id", "village", "certificate", "remark"}

var scientific = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)

// rounded refuses a row with a number that a spreadsheet has already turned into 2.10727E+17 or 210727196001010000: its last digits are gone for good.
func (u *Upload) rounded(row sheet.Row) (found bool) {
	for _, c := range []struct {
		name  string
		check func(string) error
	}{{"id_no", ident.ResidentID}, {"card", ident.BankCard}} {
		cell := u.Table.Get(row, c.name)
		if scientific.MatchString(cell) || len(cell) >= 18 && strings.HasSuffix(cell, "000") && c.check(cell) != nil {
			found = true
			u.wrong(row, ledger.Invalid, c.name, "%s 被电子表格当成数字,末几位已经丢了;请把这一列设为文本,照证件重新填写", cell)
		}
	}
	return found
}

// shareholderFacts finds out whether somebody is on the register already, and which shares of the row the books have.
func shareholderFacts(u *Upload, v *ledger.View, row sheet.Row) (f facts) {
	number, name := ident.Clean(u.Table.Get(row, "id_no")), u.Table.Get(row, "name")
	var known ledger.Shareholder
	found := false
	if first := u.named[number]; number != "" && first != "" {
		u.wrong(row, ledger.Conflict, "id_no", "身份证号与第 %s 行重复", first)
		return f
	}
	u.named[number] = strconv.Itoa(row.Number)
	if number != "" {
		known, found = v.Registered(u.Purpose.Village, number)
	} else if kind := holderKind(u.Table.Get(row, "kind")); name != "" && slices.Contains(organisations, kind) { // they may have no number; their name must do
		if id, err := v.ResolveHolder(u.Purpose.Village, name); err == nil {
			known, err = v.Shareholder(id)
			found = err == nil
		}
	}
	if !found {
		nameless(u, row, f)
		return f
	}
	if known.Name != name {
		u.wrong(row, ledger.Conflict, "name", "这个身份证号登记的是%s,不是%s", known.Name, name)
	}
	f.holder = known.ID
	u.differs(v, row, known)
	for i, column := range u.Table.Columns {
		if class, ok := strings.CutPrefix(column, "class:"); ok && isZero(row.Cells[i]) {
			if has, err := v.HeldNow(class, known.ID); err == nil && has != 0 {
				u.wrong(row, ledger.Conflict, column, "%s持有 %s,文件写的是 0;要改请用转让、退出或调整", known.Name, has.String())
			}
		}
	}
	for _, c := range sharesOf(u, row) {
		has, err := v.HeldNow(c.class, known.ID)
		want, wrong := money.ParseQuantity(row.Cells[c.at])
		switch {
		case err != nil || wrong != nil:
		case want == has:
			f.skip |= 1 << c.at
		case has == 0:
			if events, err := v.HoldingEvents(c.class, known.ID); err == nil && len(events) > 0 {
				u.wrong(row, ledger.Conflict, u.Table.Columns[c.at], "%s曾有这种股,现在没有了;要再配请用“给已登记的股东配股”", known.Name)
			}
		default:
			u.wrong(row, ledger.Conflict, u.Table.Columns[c.at], "%s已持有 %s,文件写的是 %s;要再配请用“给已登记的股东配股”,要改请用转让或调整", known.Name, has.String(), row.Cells[c.at])
		}
	}
	return f
}

// differs refuses cells that say something else of a registered shareholder than the books: a list registers and issues, it does not correct.
func (u *Upload) differs(v *ledger.View, row sheet.Row, known ledger.Shareholder) {
	of := map[string]any{}
	for i, column := range u.Table.Columns {
		switch column {
		case "people", "phone", "bank", "card", "marks":
			of[column] = row.Cells[i]
		case "kind":
			of[column] = holderKind(row.Cells[i])
		case "members":
			of[column] = readMembers(row.Cells[i])
		}
	}
	e, err := ledger.Decode("RegisterShareholder", of)
	if err != nil {
		u.refuse(row.Number, fields{"RegisterShareholder", of}, err)
		return
	}
	for _, column := range v.Differs(known, e.(*ledger.RegisterShareholder)) {
		u.wrong(row, ledger.Conflict, column, "%s登记的不是这个;要改请在股东页更正或更换,不改就把这一格清空", known.Name)
	}
}

// shareholderRow registers who is not on the register yet, and issues the shares that the class columns say and the holder does not have yet.
func shareholderRow(u *Upload, row sheet.Row, f facts) (list []fields) {
	if f.holder == "" {
		of := map[string]any{"village": string(u.Purpose.Village)}
		for i, column := range u.Table.Columns {
			switch {
			case column == "kind":
				of[column] = holderKind(row.Cells[i])
			case column == "members":
				of[column] = readMembers(row.Cells[i])
			case !slices.Contains(ownColumns, column) && !strings.HasPrefix(column, "class:"):
				of[column] = row.Cells[i]
			}
		}
		list = append(list, fields{"RegisterShareholder", of})
	}
	return append(list, issues(u, row, f)...)
}

// organisations are the kinds of holders that may have no number.
var organisations = []string{string(ledger.Collective), string(ledger.Company), string(ledger.Outside)}

// holdingFacts passes over issues that the books have already, of the same shares on whichever day: the list has no dates of its own.
func holdingFacts(u *Upload, v *ledger.View, row sheet.Row) (f facts) {
	if !slices.ContainsFunc(u.Table.Columns, func(c string) bool { return strings.HasPrefix(c, "class:") }) {
		u.wrong(row, ledger.Invalid, "name", "没有一列是股份的名称,不知道要配什么股")
	}
	nameless(u, row, f)
	known, ok := v.Registered(u.Purpose.Village, u.Table.Get(row, "id_no"))
	if name := u.Table.Get(row, "name"); ok && known.Name != name {
		u.wrong(row, ledger.Conflict, "name", "这个身份证号登记的是%s,不是%s", known.Name, name)
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
		key := c.class + known.ID + want.String()
		if _, loaded := u.have["loaded "+c.class+known.ID]; !loaded {
			u.have["loaded "+c.class+known.ID] = 1
			events, _ := v.HoldingEvents(c.class, known.ID)
			reversed := map[uint64]bool{}
			for _, e := range events {
				reversed[e.Reverses] = true
			}
			for _, e := range events {
				if e.Cause == "IssueShares" && !reversed[e.Entry] {
					u.have[c.class+known.ID+e.Quantity.String()]++
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
		u.wrong(row, ledger.Invalid, "id_no", "要配股的行必须有身份证号或信用代码,才知道是谁")
	}
}

// issues makes the issues of the shares that a row has and the books do not.
func issues(u *Upload, row sheet.Row, f facts) (list []fields) {
	number := u.Table.Get(row, "id_no")
	for _, c := range sharesOf(u, row) {
		if f.skip&(1<<c.at) == 0 {
			of := map[string]any{"class": c.class, "id_no": number, "name": u.Table.Get(row, "name"), "quantity": row.Cells[c.at], "date": u.Purpose.Date, "resolution": u.Purpose.Resolution}
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

// holderKind reads a kind by its code or its Chinese label.
func holderKind(cell string) string {
	for _, k := range ledger.HolderKinds() {
		if cell == string(k.Label()) || cell == "户" && k == ledger.Household {
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

var incomeColumns = []sheet.Column{
	{Name: "date", Headings: []string{"日期", "记账日期"}, Required: true, Date: true},
	{Name: "item", Headings: []string{"项目", "科目", "收支项目"}, Required: true},
	{Name: "amount", Headings: []string{"金额"}, Required: true},
	{Name: "party", Headings: []string{"对方", "对方单位", "付款人", "收款人"}},
	{Name: "voucher", Headings: []string{"凭证号", "凭证"}},
	{Name: "years", Headings: []string{"年数", "几年的"}},
	{Name: "note", Headings: []string{"说明", "摘要", "备注"}},
	{Name: "no", Headings: []string{"序号"}},
	{Name: "remark", Headings: []string{"原因"}},
}

func incomeFacts(u *Upload, v *ledger.View, _ sheet.Row) facts {
	if e, err := v.Entity(u.Purpose.Entity); err == nil {
		return facts{at: e.Book()}
	}
	return facts{at: string(u.Purpose.Village)}
}

func incomeRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"book": f.at}
	for i, column := range u.Table.Columns {
		if !slices.Contains([]string{"no", "remark"}, column) {
			of[column] = row.Cells[i]
		}
	}
	for _, it := range ledger.Items {
		if of["item"] == string(it.Label) {
			of["item"] = it.Code
		}
	}
	return []fields{{"RecordIncome", of}}
}

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
