package exchange

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

// dateHeadingWords are what banks write above the day on which they paid.
var dateHeadingWords = []string{"入账日期", "付款日期", "发放日期", "支付日期", "记账日期", "到账日期", "交易日期", "处理日期", "日期"}

// matchedColumns are the columns of results that say which line a row is, and what became of it.
var matchedColumns = []sheet.Column{
	{Name: "line", Headings: []string{"序号", "行号", "编号", "明细序号", "明细编号", "批内序号", "明细号", "顺序号", "序列号", "笔数序号"}, Number: true},
	{Name: "name", Headings: []string{"户名", "姓名", "收款人", "收款单位", "账户名称", "帐户名称", "账户名", "客户姓名", "客户名称", "收款人户名", "收款人姓名", "收款人名称", "收款户名",
		"收款方户名",
		"收款方名称",
		"对方户名", "入账户名", "账户户名", "持卡人", "持卡人姓名"}},
	{Name: "card", Headings: []string{"账号", "帐号", "卡号", "银行卡号", "银行账号", "收款账号", "收款帐号", "收款人账号", "收款人帐号", "收款人账户", "收款方账号", "收款账户", "收款卡号",
		"账户", "对方账号",
		"入账账号", "卡号/账号", "账号/卡号", "客户账号", "收款人账号/卡号", "卡/折号", "卡折号", "收款账号/卡号"}},
	{Name: "amount", Headings: []string{"金额", "交易金额", "发放金额", "代发金额", "付款金额", "转账金额", "发生额", "实发金额", "入账金额", "收款金额", "实付金额", "应发金额",
		"实际发放金额", "分红金额", "实际金额", "应付金额"},
		Number: true,
		Unit:   sheet.Yuan},
	{Name: "state", Headings: []string{"结果", "状态", "处理结果", "交易状态", "处理状态", "交易结果", "发放结果", "发放状态", "代发结果", "代发状态", "付款状态", "付款结果", "转账状态",
		"转账结果", "入账状态", "入账结果",
		"成功标志", "是否成功", "处理标志", "返回状态", "明细状态", "回盘状态", "回盘结果", "记账状态", "支付状态", "支付结果", "银行处理结果", "返回结果", "处理情况", "入账标志", "执行结果", "业务状态",
		"指令状态", "回单状态", "是否发放成功",
		"发放情况", "代发情况", "支付情况", "划款结果", "打款结果", "银行反馈", "反馈结果"}, Word: true, Required: true},
	{Name: "reason", Headings: []string{"失败原因", "原因", "备注", "错误信息", "摘要", "返回信息", "处理信息", "回执信息", "响应信息", "错误原因", "失败信息", "错误描述", "返回描述",
		"退票原因", "退汇原因", "原因说明",
		"失败说明", "附言"}, Free: true},
	{Name: "date", Headings: dateHeadingWords, Date: true},
	{Name: "currency", Headings: []string{"币种", "币别", "货币", "币种类型", "交易币种"}},
	{Name: "batch", Headings: []string{"批次号", "批次", "批次编号", "批号"}},
}

// resultColumns are the columns that a bank's result file may have.
var resultColumns = append(matchedColumns, sheet.Column{Name: "aside", Headings: append(besides(matchedColumns), "手续费",
	"交易时间", "处理时间", "时间", "流水号", "交易流水号", "核心流水号", "业务流水号", "凭证号", "文件名", "机构号", "机构", "行号名称", "证件类型", "返回码", "响应码", "错误码", "返回代码", "失败代码",
	"操作员", "柜员号", "业务类型", "业务种类", "交易类型", "单位编号", "客户号", "手机号", "签章", "签名"), Aside: true})

// matchedBy are the columns of results by which a row finds its line: what files that go out have, too.
var matchedBy = []string{"line", "name", "card", "amount"}

// besides are the headings of banks' files that no column of a list takes: it passes over theirs.
func besides(list []sheet.Column) []string {
	taken := map[string]bool{}
	for _, c := range list {
		for _, h := range c.Headings {
			taken[h] = true
		}
	}
	var rest []string
	for _, value := range slices.Sorted(maps.Keys(bankHeadingWords)) {
		for _, h := range bankHeadingWords[value] {
			if !taken[h] {
				rest = append(rest, h)
			}
		}
	}
	return rest
}

// ResultColumns are the columns that a bank's result file may have.
func ResultColumns() []sheet.Column { return resultColumns }

// The words by which banks say that a payment was made, was not, or is not decided yet. Codes stand alone in their cell.
var (
	paidCodes      = strings.Fields("00 000 0000 000000 ok y yes paid success succ s 是 √ ✓")
	failedCodes    = strings.Fields("fail failed failure f n no 否 ×")
	undecidedWords = strings.Fields("处理中 待 未处理 受理 提交 接收 在途 排队 审核 不明 未知 未决 可疑 预约 正在 预计 次日")
	failedWords    = strings.Fields("失败 不成功 未成功 没有成功 没成功 非成功 未入账 " +
		"未发放 未支付 未付 未发 未转账 未到账 不能入账 无法入账 未能入账 不予入账 不到账 退票 退汇 退回 拒绝 拒付 止付 冻结 销户 注销 不符 " +
		"不存在 无此 有误 错误 异常 不一致 不正确 挂失 长期不动 超限 作废 撤销 冲正")
	// A word is one of payment where all its parts are known, and one of them says that it is done.
	paidWord = regexp.MustCompile(`^(\d{1,8}[-:]?)?(交易|支付|处理|发放|代发|代付|入账|付款|转账|汇款|划款|打款|放款|记账` +
		`|账务|批量|业务|核心|跨行|本行|实时|全部|款项|资金|结果|状态|指令|明细|已|:)*` +
		`(成功|已入账|入账|入账完成|到账|完成|完毕|付讫|付清|已付|已付款|已发|已发放|已支付|已转账|已代发)(了|[。.!])?$`)
)

// succeeded are the ways to say that something did not succeed.
var succeeded = regexp.MustCompile(`(未|不|没有|没|非)成功`)

// What stands in a word of something done, and at the end of one of something under way.
const (
	doneWords   = "成功"
	inHandWords = "中"
)

// stateOf reads how a bank says what became of a payment: "" where it says nothing that is clear.
func stateOf(text string) (state dividend.PayoutState, undecided bool) {
	word := strings.ToLower(strings.Join(strings.Fields(text), ""))
	word = strings.NewReplacer("(", "", ")", "", "“", "", "”", "", "\"", "").Replace(word)
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(word, w) })
	}
	switch {
	case slices.Contains(paidCodes, word):
		return dividend.Paid, false
	case slices.Contains(failedCodes, word):
		return dividend.Failed, false
	case has(failedWords) && (has(undecidedWords) || strings.HasSuffix(word, inHandWords)):
		return "", true
	case has(failedWords) && strings.Contains(succeeded.ReplaceAllString(word, ""), doneWords):
		return "", false
	case has(failedWords):
		return dividend.Failed, false
	case paidWord.MatchString(word):
		return dividend.Paid, false
	case has(undecidedWords) || strings.HasSuffix(word, inHandWords):
		return "", true
	}
	return "", false
}

var resultWords = map[string]vocabulary{"state": {
	known: func(_ *Upload, _ *journal.View, word string) bool {
		state, undecided := stateOf(word)
		return state != "" || undecided
	},
	choices: func(*Upload, *journal.View) []string { return []string{"成功", "失败"} },
}}

// planResults reads a bank's result file for a batch. Every row must be a line of the batch: by its number, or by the card where it has
// none; name, card and amount must agree where the file has them.
func (u *Upload) planResults(v *journal.View) error {
	batch := u.Purpose.Batch
	b, err := dividend.BatchOf(v, batch)
	if err != nil {
		return err
	}
	if err := v.Permits(&dividend.SettleBatch{Batch: b.ID}); err != nil { // matching card numbers tells something about them
		return err
	}
	var lines []dividend.NumberedLine
	if err := dividend.EachBatchLine(v, batch, register.Revealed{},
		func(l dividend.NumberedLine) error { lines = append(lines, l); return nil }); err != nil {
		return err
	}
	on, err := journal.ParseDate(u.Purpose.Date)
	if err != nil {
		return &journal.Error{Code: journal.Invalid, Field: "date", Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{u.Purpose.Date}}
	}
	u.entries, u.line, u.settled, u.Entries = nil, nil, nil, 0
	days := map[journal.Date]int{} // where each day's entry is
	if len(u.Table.Rows) > 0 && !slices.ContainsFunc([]string{"name", "card", "amount"},
		func(c string) bool { return slices.Contains(u.Table.Columns, c) }) {
		u.doubt(u.Table.Rows[0], "", "只有序号和结果,没有户名、账号或金额可以核对;请看清这就是这一批的结果")
	}
	var sum money.Yuan // of the rows so far
	for i, row := range u.Table.Rows {
		if u.total(row, sum) {
			u.States[i] = Passed
			continue
		}
		faults := len(u.Faults)
		u.cells(i)
		var result dividend.BatchResult
		if len(u.Faults) == faults {
			result = u.result(v, row, lines)
		}
		if result.Line > 0 {
			sum += lines[result.Line-1].Amount
		}
		switch {
		case len(u.Faults) > faults:
			u.States[i] = Bad
		case lines[result.Line-1].State == result.State:
			u.States[i] = Known // recorded before
		default:
			day := on
			if said, err := journal.ParseDate(u.Table.Get(row, "date")); err == nil && said != on {
				if _, found := days[said]; !found {
					u.doubt(row, "date", "银行写的日期是 %s,填的付款日期是 %s;照银行写的记", string(said), string(on))
				}
				day = said
			}
			at, found := days[day]
			if !found {
				at, days[day] = len(u.entries), len(u.entries)
				u.entries, u.line = append(u.entries, &dividend.SettleBatch{Batch: batch, Date: day}), append(u.line, row.Number)
				u.settled = append(u.settled, nil)
			}
			e := u.entries[at].(*dividend.SettleBatch)
			e.Results, u.settled[at] = append(e.Results, result), append(u.settled[at], row.Number)
		}
	}
	u.Entries = len(u.entries)
	return nil
}

// total tells whether a row is not about a line of the batch: a sum of those before it, which must be theirs where it says one, or a line
// for people.
func (u *Upload) total(row sheet.Row, sum money.Yuan) bool {
	if u.left[row.Number] {
		return true
	}
	get := func(column string) string { return u.Table.Get(row, column) }
	if get("state") != "" && (get("line") != "" || get("card") != "") && !isSum(get("line")) { // it says what became of a line
		return false
	}
	first := firstCell(row)
	if get("state") == "" && lineTag.MatchString(first) { // H and T of a file without headings
		return true
	}
	if !isSum(first) && !begins(first, countWords) && !begins(first, signedWords) && !ended(first) {
		return get("line") == "" && get("card") == "" && get("state") == "" && get("name") == "" && get("amount") == ""
	}
	if text := get("amount"); text != "" && begins(first, "合计 总计") {
		if said, err := money.ParseYuan(text); err != nil || said != sum {
			u.wrong(row, journal.Conflict, "amount", "%s 写的是 %s,前面各行报盘的合计是 %s 元", first, text, sum.String())
		}
	}
	return true
}

// lineTag is what a line before or behind the payouts begins with.
var lineTag = regexp.MustCompile(`^(?i)(h|t|f|e|hd|tr|head|header|tail|trailer|end)$`)

// countWords are the words by which a bank's line of counts, or of its own business, begins.
const countWords = "成功 失败 总笔数 总金额 笔数 共计 汇总 批次 文件 打印 查询 银行 尾部 说明 制单 柜员 操作 注"

// ended tells whether a cell begins the last line of a file of a program's.
func ended(cell string) bool {
	return strings.Trim(cell, "-=*_ ") == "" && cell != "" || slices.Contains(strings.Fields("end eof total sum"), strings.ToLower(cell))
}

// unprinted tells whether a name is another as a bank writes it that cannot print all of its characters, or masks some: one mark or several
// stand for one or several that are not in GB/T 2312, which every system has, or for the dot in a name; stars stand for any.
func unprinted(printed, name string) bool {
	marked := func(r rune) bool { return strings.ContainsRune("?□■▯〓○●�*", r) }
	rare := func(r rune) bool {
		b, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
		return r == '·' || err != nil || len(b) == 2 && (b[0] < 0xa1 || b[0] > 0xf7 || b[1] < 0xa1)
	}
	if strings.Contains(printed, "*") && strings.Trim(printed, "*") != "" {
		parts := strings.FieldsFunc(printed, func(r rune) bool { return r == '*' })
		return len([]rune(printed)) == len([]rune(name)) && (printed[0] == '*' || strings.HasPrefix(name, parts[0])) &&
			(printed[len(printed)-1] == '*' || strings.HasSuffix(name, parts[len(parts)-1]))
	}
	return strings.ReplaceAll(name, "·", "") == printed || strings.ContainsFunc(printed, marked) &&
		masked(printed, func(r rune) bool { return marked(r) || rare(r) }) == masked(name, rare)
}

// masked writes a name with one question mark for all characters of a kind that stand together.
func masked(name string, out func(rune) bool) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if out(r) {
			r = '?'
		}
		if r != '?' || last != '?' {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// result matches a row to a line of the batch, and notes what of it does not agree.
func (u *Upload) result(v *journal.View, row sheet.Row, lines []dividend.NumberedLine) (result dividend.BatchResult) {
	get := func(column string) string { return u.Table.Get(row, column) }
	var line *dividend.NumberedLine
	if text := get("line"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(lines) {
			line = &lines[n-1]
		} else {
			u.wrong(row, journal.NotFound, "line", "这一批没有第 %s 行", text)
			return result
		}
	} else if get("card") == "" {
		u.wrong(row, journal.Invalid, "line", "缺少序号或账号,不知道是哪一行")
		return result
	} else {
		for i := range lines {
			if get("card") == "" || !dividend.MatchCard(v, lines[i].BatchLine, get("card")) {
				continue
			}
			if line != nil {
				u.wrong(row, journal.Conflict, "card", "这一批有几行是账号 %s;请在文件里写明序号", get("card"))
				return result
			}
			line = &lines[i]
		}
		if line == nil {
			u.wrong(row, journal.NotFound, "card", "这一批没有账号为“%s”的行", get("card"))
			return result
		}
	}
	line = u.renumbered(v, row, line, lines)
	u.agrees(v, row, line)
	if text := get("currency"); text != "" && !slices.Contains(strings.Fields(yuanWords), strings.ToLower(text)) {
		u.wrong(row, journal.Conflict, "currency", "币种是%s,报盘的是人民币", text)
	}
	if text := get("date"); text != "" {
		if _, err := journal.ParseDate(text); err != nil {
			u.wrong(row, journal.Invalid, "date", "“%s”不是日期;请写成 2025-12-09", text)
		}
	}
	if text := get("batch"); journal.BatchID.Is(text) && text != u.Purpose.Batch {
		u.wrong(row, journal.Conflict, "batch", "这一行是批次 %s 的,这里是 %s", text, u.Purpose.Batch)
	}
	result = dividend.BatchResult{Line: line.Number, Reason: get("reason")}
	state, undecided := stateOf(get("state"))
	switch {
	case get("state") == "":
		u.wrong(row, journal.Invalid, "state", "缺少结果;请写成功或失败,银行还没有答复的行请去掉")
	case undecided:
		u.wrong(row, journal.Invalid, "state", "“%s”还不是最后的结果;请等银行答复,或把这一行去掉", get("state"))
	case state == dividend.Paid && contradicts(get("reason")):
		u.wrong(row, journal.Conflict, "reason", "结果写的是%s,说明里却写着%s;请问银行是付了没有", get("state"), get("reason"))
	case state == dividend.Paid:
		result.State, result.Reason = state, ""
	case state == dividend.Failed:
		if result.State = state; result.Reason == "" {
			result.Reason = get("state")
		}
	default:
		u.wrong(row, journal.Invalid, "state", "不认识结果“%s”;请写成功或失败", get("state"))
	}
	return result
}

// yuanWords are how banks say that a payment is in yuan.
const yuanWords = "人民币 rmb cny 156 01 001 元 人民币元 cny-人民币 人民币(cny) 本币"

// contradicts tells whether what is said of a payment that was made says that it was not.
func contradicts(reason string) bool {
	state, _ := stateOf(reason)
	return state == dividend.Failed
}

// renumbered finds the line that a row means where the bank numbers its lines itself: the number is another's, and account, name and amount
// are all of one line.
func (u *Upload) renumbered(v *journal.View, row sheet.Row, line *dividend.NumberedLine,
	lines []dividend.NumberedLine) *dividend.NumberedLine {
	get := func(column string) string { return u.Table.Get(row, column) }
	card := get("card")
	if card == "" || dividend.MatchCard(v, line.BatchLine, card) {
		return line
	}
	var found *dividend.NumberedLine
	for i := range lines {
		sum, err := money.ParseYuan(get("amount"))
		if ident.Name(lines[i].Name) != ident.Name(get("name")) || err != nil || sum != lines[i].Amount ||
			!dividend.MatchCard(v, lines[i].BatchLine, card) {
			continue
		}
		if found != nil {
			return line
		}
		found = &lines[i]
	}
	if found == nil {
		return line
	}
	u.doubt(row, "line", "序号 %s 是银行自己编的;按户名、账号、金额,这是第 %s 行", get("line"), strconv.Itoa(found.Number))
	return found
}

// agrees notes where a row says something else than was sent to the bank. A name that the bank could not print is taken where all else that
// the row says agrees.
func (u *Upload) agrees(v *journal.View, row sheet.Row, line *dividend.NumberedLine) {
	get := func(column string) string { return u.Table.Get(row, column) }
	faults := len(u.Faults)
	by := []string{}
	if get("line") == strconv.Itoa(line.Number) {
		by = append(by, "序号")
	}
	if card := get("card"); card != "" {
		if by = append(by, "账号"); !dividend.MatchCard(v, line.BatchLine, card) {
			u.wrong(row, journal.Conflict, "card", "第 %s 行报盘的不是账号 %s", strconv.Itoa(line.Number), card)
		}
	}
	if text := get("amount"); text != "" {
		by = append(by, "金额")
		if sum, err := money.ParseYuan(text); err != nil || sum != line.Amount {
			u.wrong(row, journal.Conflict, "amount", "金额 %s 与报盘的 %s 不符", text, line.Amount.String())
		}
	}
	name, sent := ident.Name(get("name")), ident.Name(line.Name)
	switch {
	case name == "" || name == sent:
	case unprinted(name, sent) && len(u.Faults) == faults:
		u.doubt(row, "name", "银行打不出“%s”里的字,写成了“%s”;%s都对,照收", line.Name, name, strings.Join(by, "、"))
	default:
		u.wrong(row, journal.Conflict, "name", "报盘时户名是%s,不是%s", line.Name, name)
	}
}
