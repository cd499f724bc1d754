package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

var contractColumns = []sheet.Column{
	{Name: "party", Headings: []string{"对方", "承包人", "承包方", "承租人", "承租方", "乙方", "承包户", "经营者", "对方名称", "合作方", "承包人姓名"}, Required: true,
		Called: true},
	{Name: "thing", Headings: []string{"标的名称", "资源名称", "资产名称", "承包标的", "租赁标的", "地块名称", "名称", "承包地点", "标的物", "坐落", "项目名称"}, Required: true},
	{Name: "asset", Headings: []string{"标的", "资源类型", "资源种类", "资源类别", "资产类型", "资产类别", "资产种类", "类别", "地类", "标的种类", "标的类型"}, Word: true},
	{Name: "keeper", Headings: []string{"账", "所有权人", "发包方", "出租方", "甲方"}, Called: true},
	{Name: "kind", Headings: []string{"种类", "合同种类", "合同类型", "经营方式", "方式", "承包方式"}, Word: true},
	{Name: "number", Headings: []string{"合同编号", "合同号", "合同编码", "合同代码", "合同文号"}},
	{Name: "from_day", Headings: crossed("从哪天起", "起始 开始 生效 起算 起"), Required: true, Date: true, Instead: []string{"term"}},
	{Name: "to_day", Headings: crossed("到哪天为止", "终止 到期 截止 结束 届满 止 终"), Required: true, Date: true, Instead: []string{"term"}},
	{Name: "term", Headings: []string{"期限", "承包期限", "合同期限", "租赁期限", "承包期", "租期", "起止日期", "合同起止日期", "起止时间", "合同起止时间", "承包起止时间", "承包起止日期",
		"起止年限"}},
	{Name: "area", Headings: []string{"面积", "亩数", "承包面积", "面积(亩)", "租赁面积"}, Number: true, Unit: sheet.Mu},
	{Name: "rent", Headings: []string{"每年", "年租金", "年承包费", "每年(元)", "年承包金", "承包费", "租金", "年金额", "每年金额", "年租金(元)"}, Number: true,
		Unit: sheet.Yuan},
	{Name: "pay", Headings: []string{"多久付一次", "付款方式", "缴费方式", "交费方式", "缴纳方式", "支付方式", "收款方式"}, Word: true},
	{Name: "first_due", Headings: []string{"第一次付款日", "首次付款日", "首次缴费日", "缴费日期"}, Date: true},
	{Name: "rise", Headings: []string{"涨幅", "递增", "递增方式"}},
	{Name: "in_kind", Headings: []string{"交实物", "实物"}},
	{Name: "deposit", Headings: []string{"押金", "保证金", "押金(元)", "定金"}, Number: true, Unit: sheet.Yuan},
	{Name: "resolution", Headings: []string{"决议编号", "决议", "会议决议"}},
	{Name: "item", Headings: []string{"收款记什么项目", "收支项目", "科目"}, Word: true},
	{Name: "note", Headings: []string{"说明", "备注"}, Free: true},
	{Name: "aside", Headings: []string{"序号", "编号", "村", "签字", "签名", "合计", "今年租金(元)", "今年每亩(元)", "状况", "应收合计(元)", "已收合计(元)", "减免(元)",
		"欠缴(元)", "最早欠缴日",
		"欠缴天数", "下一笔应收日",
		"下一笔应收(元)", "要过问的", "日志号"}, Aside: true},
}

// crossed are the headings of a day of a contract, the first as the ledger calls it: what stands before and behind the words that say
// which.
func crossed(own, words string) []string {
	list := []string{own}
	for _, word := range strings.Fields(words) {
		for _, before := range strings.Fields("- 合同 承包 租赁 合作 发包 流转") {
			for _, behind := range strings.Fields("日期 日 时间 年月日 年月 -") {
				if heading := strings.ReplaceAll(before+word+behind, "-", ""); len(heading) > len("起") || before == "-" {
					list = append(list, heading)
				}
			}
		}
	}
	return list
}

// monthOnly reads 2024年1月, 2024.1, and 2024年.
var monthOnly = regexp.MustCompile(`^(\d{4})\s*(?:年|[./-])\s*(?:(\d{1,2})\s*月?(?:份|底|初)?)?$`)

// contractDay is a day as lists write it; of a month or a year alone its first day, or its last. What is no day stays.
func contractDay(text string, last bool) string {
	text = strings.TrimSpace(text)
	if m := monthOnly.FindStringSubmatch(text); m != nil {
		month, _ := strconv.Atoi(m[2])
		switch {
		case m[2] == "" && last:
			month = 12
		case m[2] == "":
			month = 1
		}
		first := journal.Date(m[1] + "-" + journal.Number(month, 2) + "-01")
		if last {
			return string(first.PlusMonths(1).Plus(-1))
		}
		return string(first)
	}
	if len(text) > 4 && strings.Trim(text[:4], "0123456789") == "" {
		if d, err := journal.DateNear(text, "2000-01-01"); err == nil {
			return string(d)
		}
	}
	return text
}

// termDays are the two days in 2021.1.1-2030.12.31, 2021年1月1日至2030年12月31日(10年), 2021.1-2030.12.
func termDays(text string) (from, to string, ok bool) {
	if at := strings.IndexAny(text, "((,,"); at > 0 {
		text = text[:at]
	}
	for _, between := range betweenWords {
		parts := strings.Split(text, between)
		if half := len(parts) / 2; len(parts) > 1 && len(parts)%2 == 0 {
			from, to = contractDay(strings.Join(parts[:half], between), false), contractDay(strings.Join(parts[half:], between), true)
			_, err := journal.ParseDate(from)
			if _, err2 := journal.ParseDate(to); err == nil && err2 == nil {
				return from, to, true
			}
		}
	}
	return "", "", false
}

// betweenWords stand between two days.
var betweenWords = []string{"至", "到", "~", "~", "——", "—", "--", "-"}

// assetWords are other words by which lists name what is let.
var assetWords = map[string]income.Asset{
	"机动地": income.Farmland, "耕地": income.Farmland, "农用地": income.Farmland, "旱田": income.Farmland, "水田": income.Farmland,
	"旱地": income.Farmland, "土地": income.Farmland,
	"水浇地": income.Farmland, "大棚": income.Farmland, "果园": income.Woodland, "荒山": income.Waste, "荒沟": income.Waste, "荒丘": income.Waste,
	"荒滩": income.Waste, "荒地": income.Waste, "四荒": income.Waste, "山林": income.Woodland, "山场": income.Woodland, "林场": income.Woodland,
	"草原": income.Grassland, "草场": income.Grassland, "鱼塘": income.Water, "水库": income.Water, "池塘": income.Water, "坑塘": income.Water,
	"水塘": income.Water,
	"塘坝": income.Water, "房屋": income.Building, "厂房": income.Building, "门市": income.Building, "门市房": income.Building, "校舍": income.Building,
	"村部": income.Building, "仓库": income.Building, "房产": income.Building, "设备": income.Equipment, "机械": income.Equipment,
	"农机": income.Equipment,
	"股份": income.Shares,
}

// kindWords are other words by which lists name a contract.
var kindWords = map[string]income.ContractKind{
	"发包": income.Letting, "家庭承包": income.Letting, "招标承包": income.Letting, "其他方式承包": income.Letting, "出租": income.Lease, "租": income.Lease,
	"合作": income.Joint, "联营": income.Joint, "合股经营": income.Joint, "入股": income.Stake, "参股": income.Stake, "分红": income.Stake,
}

func assetCode(word string) string {
	for _, a := range income.Assets() {
		if word == string(a.Label()) {
			return string(a)
		}
	}
	if a, ok := assetWords[word]; ok {
		return string(a)
	}
	return word
}

func kindCode(word string) string {
	for _, k := range income.ContractKinds() {
		if word == string(k.Label()) {
			return string(k)
		}
	}
	if k, ok := kindWords[word]; ok {
		return string(k)
	}
	return word
}

// payWords are after how many months it is paid again, by the words of lists; 0 for all at once.
var payWords = map[string]int{"每年": 12, "年付": 12, "一年一付": 12, "按年": 12, "每年一次": 12, "一年一交": 12, "每年一付": 12, "每年一交": 12, "上打租": 12,
	"年初一次性缴纳": 12, "每年年初": 12, "年交": 12, "每半年": 6, "半年付": 6, "半年一付": 6, "半年一交": 6, "每半年一付": 6,
	"按半年": 6,
	"每季":  3, "季付": 3, "按季": 3, "按季度": 3, "季度": 3, "每季度": 3, "一季一付": 3, "每月": 1, "月付": 1, "按月": 1, "每月一付": 1, "一月一付": 1, "每两年": 24,
	"两年一付": 24, "每三年": 36, "三年一付": 36,
	"每五年":  60,
	"五年一付": 60, "一次付清": 0, "一次性": 0, "一次性付清": 0, "一次交清": 0, "一次性交清": 0, "一次性缴纳": 0, "一次缴清": 0}

// termWords is what lists write of terms besides the ways to pay that most have.
var termWords = map[string]string{"every": "每 %d 个月", "rise": "每 %d 年涨 %s%%", "riseBy": "每 %d 年涨 %s 元",
	"changed": "变更过", "dues": "逐笔约定", "steps": "各时段不同"}

// everyMonths reads "每 18 个月".
var everyMonths = regexp.MustCompile(`^每?\s*(\d{1,3})\s*个月(?:一付|付一次)?$`)

// payWord is how often terms are paid, as lists write it and read it again.
//
// What one row cannot say (terms that were changed, sums agreed one by one, later rents) it calls by a word that is read by nobody: such a
// contract does not come back as another one.
func payWord(k income.Contract, t income.Terms) string {
	switch {
	case len(k.Terms) > 1:
		return termWords["changed"]
	case len(t.Dues) > 0:
		return termWords["dues"]
	}
	for _, p := range income.Pays {
		if p.Once == t.Once && (t.Once || p.Every == t.Months()) {
			return string(p.Label)
		}
	}
	return fmt.Sprintf(termWords["every"], t.Months())
}

// riseWord is how terms rise, as lists write it: 每 5 年涨 5%; riseText reads it again.
func riseWord(t income.Terms) string {
	switch {
	case len(t.Steps) > 0:
		return termWords["steps"]
	case t.Rise != 0:
		return fmt.Sprintf(termWords["rise"], t.RiseYears, t.Rise)
	case t.RiseBy != 0:
		return fmt.Sprintf(termWords["riseBy"], t.RiseYears, t.RiseBy)
	}
	return ""
}

var riseText = regexp.MustCompile(`^每\s*(\d{0,3})\s*年(?:涨|递增|增加)?\s*([\d.]+)\s*(%|元)$`)

// assetOf is what a row is about: as it says, or as the thing's name tells.
func assetOf(said, thing string) string {
	if said != "" {
		return assetCode(said)
	}
	longest, asset := "", ""
	for word, a := range assetWords {
		if strings.Contains(thing, word) && (len(word) > len(longest) || len(word) == len(longest) && word < longest) {
			longest, asset = word, string(a)
		}
	}
	return asset
}

// keptBy is the book that a row names: the village's own, or that of one of its entities; "" where the village has none of that name.
func keptBy(u *Upload, v *journal.View, name string) string {
	if own, err := register.KeeperOf(v, string(u.Purpose.Village)); err == nil && (name == own || name == collective) {
		return string(u.Purpose.Village)
	}
	entities, _, _ := register.Entities(v, u.Purpose.Village, "", journal.MaxEntries) // whoever may not read them is refused by the posting
	for _, e := range entities {
		if e.Name == name {
			return e.Book()
		}
	}
	return ""
}

func contractFacts(u *Upload, v *journal.View, row sheet.Row) facts {
	f := facts{at: u.book(v)}
	get := func(column string) string { return u.Table.Get(row, column) }
	if name := get("keeper"); name != "" {
		at, known := u.named["book of "+name]
		if !known {
			at = keptBy(u, v, name)
			u.named["book of "+name] = at
		}
		if at != "" {
			f.at = at
		} else if u.heading["keeper"] == "账" {
			u.wrong(row, journal.NotFound, "keeper", "本村没有“%s”的账", name)
		}
	}
	if assetOf(get("asset"), get("thing")) == "" {
		u.wrong(row, journal.Invalid, "asset", "看不出“%s”是哪一种标的;请加“标的”一列,写耕地、四荒地、水面、房屋厂房等", get("thing"))
	}
	if word := get("pay"); word != "" && !isPay(word) {
		u.wrong(row, journal.Invalid, "pay", "“%s”看不懂;请写每年、每半年、每季、每月、每 18 个月或一次付清", word)
	}
	if word := get("rise"); word != "" && !riseText.MatchString(word) {
		u.wrong(row, journal.Invalid, "rise", "“%s”看不懂;请写成 每 5 年涨 5%% 或 每 3 年涨 200 元", word)
	}
	if word := get("term"); word != "" {
		if _, _, ok := termDays(word); !ok {
			u.wrong(row, journal.Invalid, "term", "“%s”里看不出从哪天到哪天;请写成 2021-01-01 至 2030-12-31", word)
		}
	}
	if word := get("item"); word != "" {
		f.item = itemCode(v, f.at, word, v.Today())
	}
	return f
}

func isPay(word string) bool {
	_, ok := payWords[word]
	return ok || everyMonths.MatchString(word)
}

func contractRow(u *Upload, row sheet.Row, f facts) []fields {
	of := map[string]any{"book": f.at}
	for i, column := range u.Table.Columns {
		if cell := row.Cells[i]; cell != "" && !sheet.IsAside(column) {
			of[column] = cell
		}
	}
	text := func(name string) string { s, _ := of[name].(string); return s }
	of["asset"] = assetOf(text("asset"), text("thing"))
	delete(of, "keeper")
	if of["kind"] = kindCode(text("kind")); text("kind") == "" {
		of["kind"] = string(income.Letting)
		if a := income.Asset(text("asset")); a == income.Building || a == income.Equipment {
			of["kind"] = string(income.Lease)
		} else if a == income.Shares {
			of["kind"] = string(income.Stake)
		}
	}
	if f.item != "" {
		of["item"] = f.item
	}
	if months, ok := payWords[text("pay")]; ok && months == 0 {
		of["once"] = "true"
	} else if ok {
		of["every"] = strconv.Itoa(months)
	} else if m := everyMonths.FindStringSubmatch(text("pay")); m != nil {
		of["every"] = m[1]
	}
	delete(of, "pay")
	from, to, _ := termDays(text("term"))
	for name, day := range map[string]string{"from_day": from, "to_day": to} {
		if text(name) != "" {
			of[name] = contractDay(text(name), name == "to_day")
		} else if day != "" {
			of[name] = day
		}
	}
	delete(of, "term")
	if m := riseText.FindStringSubmatch(text("rise")); m != nil {
		delete(of, "rise")
		of["rise_years"] = strings.TrimLeft(m[1], "0")
		if of["rise_years"] == "" {
			of["rise_years"] = "1"
		}
		of[map[bool]string{true: "rise", false: "rise_by"}[m[3] == "%"]] = m[2]
	}
	return []fields{{"RecordContract", of}}
}

var contractWords = map[string]vocabulary{
	"asset": {
		known: func(_ *Upload, _ *journal.View, word string) bool {
			return slices.Contains(income.Assets(), income.Asset(assetCode(word)))
		},
		choices: func(*Upload, *journal.View) []string { return labels(income.Assets()) },
	},
	"kind": {
		known: func(_ *Upload, _ *journal.View, word string) bool {
			return slices.Contains(income.ContractKinds(), income.ContractKind(kindCode(word)))
		},
		choices: func(*Upload, *journal.View) []string { return labels(income.ContractKinds()) },
	},
	"pay": {
		known: func(_ *Upload, _ *journal.View, word string) bool { return isPay(word) },
		choices: func(*Upload, *journal.View) []string {
			return []string{"每年", "每半年", "每季", "每月", "每两年", "每三年", "每五年", "一次付清"}
		},
	},
	"item": incomeWords["item"],
}
