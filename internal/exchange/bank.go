package exchange

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

// BankFormat is how a bank wants its file of payouts: data, not code, so that an office can add its own bank's.
type BankFormat struct {
	Name      string      `json:"name"`
	Encoding  string      `json:"encoding"`  // utf-8, gb18030 or xlsx
	Separator string      `json:"separator"` // of the two that are text
	Headings  bool        `json:"headings"`  // whether the first line names the columns
	Header    []string    `json:"header"`    // values of a line before the columns, or none
	Columns   [][2]string `json:"columns"`   // heading and value
	Trailer   []string    `json:"trailer"`   // values of a line behind the rows, or none
}

//go:embed bankformats.json
var bankFormats []byte

// BankFormats are the formats that come with the program.
func BankFormats() []BankFormat {
	list, err := ReadBankFormats(bankFormats)
	if err != nil {
		panic(err) // they are part of the program
	}
	return list
}

// The values that columns, header and trailer may have.
var (
	rowValues = []string{"line", "name", "card", "amount", "fen", "bank", "purpose"}
	sumValues = []string{"batch", "date", "count", "sum", "sum_fen"}
)

// ReadBankFormats reads a list of formats, and refuses one that cannot be written.
func ReadBankFormats(text []byte) (list []BankFormat, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&list); err != nil {
		return nil, &journal.Error{Code: journal.Invalid, Text: "银行格式文件不是完好的 JSON:%s", Args: []any{err.Error()}}
	}
	for _, f := range list {
		wrong := func(what string) error {
			return &journal.Error{Code: journal.Invalid, Text: "银行格式“%s”不对:%s", Args: []any{f.Name, what}}
		}
		switch {
		case f.Name == "" || len(f.Columns) == 0:
			return nil, wrong("name, columns")
		case !slices.Contains([]string{"utf-8", "gb18030", "xlsx"}, f.Encoding):
			return nil, wrong("encoding " + f.Encoding)
		case f.Encoding != "xlsx" && utf8.RuneCountInString(f.Separator) != 1:
			return nil, wrong("separator " + f.Separator)
		case f.Encoding == "xlsx" && len(f.Header)+len(f.Trailer) > 0:
			return nil, wrong("header, trailer")
		}
		for _, c := range f.Columns {
			if !slices.Contains(rowValues, c[1]) {
				return nil, wrong("columns " + c[1])
			}
		}
		for _, v := range append(slices.Clone(f.Header), f.Trailer...) {
			if !slices.Contains(sumValues, v) {
				return nil, wrong("header, trailer " + v)
			}
		}
	}
	return list, nil
}

// File is what kind of file the format makes.
func (f BankFormat) File() sheet.Format {
	switch f.Encoding {
	case "xlsx":
		return sheet.XLSX
	case "gb18030":
		return sheet.GB18030
	}
	return sheet.Raw
}

// WriteBatch writes a batch as a bank wants it. Card numbers are whole where the leave covers the distribution.
func WriteBatch(w io.Writer, v *journal.View, id string, f BankFormat, leave register.Revealed) error {
	b, err := dividend.BatchOf(v, id)
	if err != nil {
		return err
	}
	if b.Recalled != "" { // its payouts may lie in another batch
		return &journal.Error{Code: journal.Conflict, Field: "batch", Value: id, Text: "批次 %s 已经撤回,不能再报给银行", Args: []any{id}}
	}
	d, err := dividend.Distribution(v, b.Distribution())
	if err != nil {
		return err
	}
	sums := map[string]string{"batch": b.ID, "date": string(b.Date), "count": strconv.Itoa(b.Count), "sum": b.Sum.String(),
		"sum_fen": strconv.FormatInt(int64(b.Sum), 10)}
	row := func(l dividend.NumberedLine) map[string]string {
		return map[string]string{
			"line": strconv.Itoa(l.Number), "name": l.Name, "card": l.CardNo, "amount": l.Amount.String(),
			"fen":  strconv.FormatInt(int64(l.Amount), 10),
			"bank": l.Bank, "purpose": string(d.Called()) + " " + b.ID,
		}
	}
	to := sheet.To{W: w, Format: f.File(), Plain: true}
	if f.Separator != "" {
		to.Separator, _ = utf8.DecodeRuneInString(f.Separator)
	}
	var heads []string
	if f.Headings || to.Format == sheet.XLSX {
		for _, c := range f.Columns {
			heads = append(heads, c[0])
		}
	}
	sumsOf := func(names []string) (cells []string) {
		for _, n := range names {
			cells = append(cells, sums[n])
		}
		return cells
	}
	first := sumsOf(f.Header)
	if len(first) == 0 {
		first, heads = heads, nil
	}
	out := sheet.NewWriter(to, first...)
	defer out.Abort()
	out.Row(sheet.Texts(heads...)...)
	err = dividend.EachBatchLine(v, id, leave, func(l dividend.NumberedLine) error {
		values := row(l)
		var cells []sheet.Cell
		for _, c := range f.Columns {
			switch text := values[c[1]]; c[1] {
			case "amount":
				cells = append(cells, sheet.Amount(text))
			case "line", "fen":
				cells = append(cells, sheet.Number(text))
			default:
				cells = append(cells, sheet.Text(text))
			}
		}
		out.Row(cells...)
		return nil
	})
	if err != nil {
		return err
	}
	out.Row(sheet.Texts(sumsOf(f.Trailer)...)...)
	return out.Close()
}

var resultColumns = []sheet.Column{
	{Name: "line", Headings: []string{"序号", "行号", "编号", "明细序号"}},
	{Name: "name", Headings: []string{"户名", "姓名", "收款人", "账户名称"}},
	{Name: "card", Headings: []string{"账号", "卡号", "银行卡号", "收款账号"}},
	{Name: "amount", Headings: []string{"金额", "交易金额", "发放金额"}, Number: true},
	{Name: "state", Headings: []string{"结果", "状态", "处理结果", "交易状态", "处理状态"}, Required: true},
	{Name: "reason", Headings: []string{"失败原因", "原因", "备注", "错误信息", "摘要"}},
	{Name: "bank", Headings: []string{"开户行"}},
	{Name: "purpose", Headings: []string{"用途"}},
}

// ResultColumns are the columns that a bank's result file may have.
func ResultColumns() []sheet.Column { return resultColumns }

// The words by which banks say that a payment was made, or was not.
const (
	paidWords   = " 成功 已付 支付成功 交易成功 处理成功 发放成功 已入账 入账成功 00 000 0000 success ok y paid "
	failedWords = " 失败 未付 支付失败 交易失败 处理失败 发放失败 退票 退汇 拒绝 不成功 fail failed n "
)

// ReadResults reads a bank's result file for a batch. Every row must be a line of the batch: by its number, or by the card where it has
// none; name, card and amount must agree where the file has them.
func ReadResults(r io.Reader, v *journal.View, batch string, on journal.Date) (*Upload, error) {
	if b, err := dividend.BatchOf(v, batch); err != nil {
		return nil, err
	} else if err := v.Permits(&dividend.SettleBatch{Batch: b.ID}); err != nil { // matching card numbers tells something about them
		return nil, err
	}
	table, err := sheet.Read(r, resultColumns, nil)
	if err != nil {
		return nil, fileError(err)
	}
	var lines []dividend.NumberedLine
	if err := dividend.EachBatchLine(v, batch, register.Revealed{},
		func(l dividend.NumberedLine) error { lines = append(lines, l); return nil }); err != nil {
		return nil, err
	}
	u := &Upload{Table: table, Rows: len(table.Rows), heading: table.Heading, results: true}
	e := &dividend.SettleBatch{Batch: batch, Date: on}
	var sum money.Yuan // of the rows so far
	for _, row := range table.Rows {
		if u.total(row, sum) {
			continue
		}
		result, ok := u.result(v, row, lines)
		if result.Line > 0 {
			sum += lines[result.Line-1].Amount
		}
		if ok && lines[result.Line-1].State == result.State {
			continue // recorded before
		}
		if ok {
			e.Results, u.line = append(e.Results, result), append(u.line, row.Number)
		}
	}
	u.Table = nil
	if len(u.Faults) > 0 {
		return u, nil
	}
	if len(e.Results) == 0 {
		return u, nil
	}
	u.entries, u.Entries = []journal.Entry{e}, 1
	return u, nil
}

// total tells whether a row is not about a line of the batch: a sum of those before it, which must be theirs where it says one, or a line
// for people.
func (u *Upload) total(row sheet.Row, sum money.Yuan) bool {
	get := func(column string) string { return u.Table.Get(row, column) }
	first := firstCell(row)
	if !isSum(first) && !begins(first, signed) {
		return false
	}
	if text := get("amount"); text != "" && begins(first, "合计 总计") {
		if said, err := u.amount(text); err != nil || said != sum {
			u.wrong(row, journal.Conflict, "amount", "%s 写的是 %s,前面各行报盘的合计是 %s 元", first, text, sum.String())
		}
	}
	return true
}

// amount reads an amount as the file's heading counts it: in yuan, or in 分.
func (u *Upload) amount(text string) (money.Yuan, error) {
	if strings.Contains(u.heading["amount"], "分)") {
		n, err := strconv.ParseInt(text, 10, 64)
		return money.Yuan(n), err
	}
	return money.ParseYuan(text)
}

// unprinted tells whether a name is another as a bank writes it that cannot print all of its characters: one mark or several stand for one
// or several that are not in GB/T 2312, which every system has, and the rest is the same.
func unprinted(printed, name string) bool {
	marked := func(r rune) bool { return strings.ContainsRune("?□■�", r) }
	rare := func(r rune) bool {
		b, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
		return err != nil || len(b) == 2 && (b[0] < 0xa1 || b[0] > 0xf7 || b[1] < 0xa1)
	}
	return strings.ContainsFunc(printed, marked) &&
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

// result matches a row to a line of the batch.
func (u *Upload) result(v *journal.View, row sheet.Row, lines []dividend.NumberedLine) (result dividend.BatchResult, ok bool) {
	get := func(column string) string { return u.Table.Get(row, column) }
	before := len(u.Faults)
	var line *dividend.NumberedLine
	if text := get("line"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(lines) {
			line = &lines[n-1]
		} else {
			u.wrong(row, journal.NotFound, "line", "这一批没有第 %s 行", text)
			return result, false
		}
	} else if get("card") == "" {
		u.wrong(row, journal.Invalid, "line", "缺少序号或账号,不知道是哪一行")
		return result, false
	} else {
		for i := range lines {
			if get("card") == "" || !dividend.MatchCard(v, lines[i].BatchLine, get("card")) {
				continue
			}
			if line != nil {
				u.wrong(row, journal.Conflict, "card", "这一批有几行是账号 %s;请在文件里写明序号", get("card"))
				return result, false
			}
			line = &lines[i]
		}
		if line == nil {
			u.wrong(row, journal.NotFound, "card", "这一批没有账号为“%s”的行", get("card"))
			return result, false
		}
	}
	if name, sent := ident.Name(get("name")), ident.Name(line.Name); name != "" && name != sent {
		sum, err := u.amount(get("amount"))
		if unprinted(name, sent) && get("line") != "" && get("card") != "" && err == nil && sum == line.Amount {
			u.doubt(row, "name", "银行打不出“%s”里的字,写成了“%s”;序号、账号、金额都对,照收", line.Name, name)
		} else {
			u.wrong(row, journal.Conflict, "name", "报盘时户名是%s,不是%s", line.Name, name)
		}
	}
	if card := get("card"); card != "" && !dividend.MatchCard(v, line.BatchLine, card) {
		u.wrong(row, journal.Conflict, "card", "第 %s 行报盘的不是账号 %s", strconv.Itoa(line.Number), card)
	}
	if text := get("amount"); text != "" {
		if sum, err := u.amount(text); err != nil || sum != line.Amount {
			u.wrong(row, journal.Conflict, "amount", "金额 %s 与报盘的 %s 不符", text, line.Amount.String())
		}
	}
	result = dividend.BatchResult{Line: line.Number, Reason: get("reason")}
	switch word := " " + strings.ToLower(get("state")) + " "; {
	case get("state") == "":
		u.wrong(row, journal.Invalid, "state", "缺少结果;请写成功或失败,银行还没有答复的行请去掉")
	case strings.Contains(paidWords, word):
		result.State, result.Reason = dividend.Paid, ""
	case strings.Contains(failedWords, word):
		if result.State = dividend.Failed; result.Reason == "" {
			result.Reason = get("state")
		}
	default:
		u.wrong(row, journal.Invalid, "state", "不认识结果“%s”;请写成功或失败", get("state"))
	}
	return result, len(u.Faults) == before
}
