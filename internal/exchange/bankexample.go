package exchange

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

// Example is a file of a bank's that shows how it wants its files: the format that it was taken for, and the lines that it shows.
type Example struct {
	Format dividend.BankFormat
	Lines  [][]string // the first of them, taken apart
	widths []int      // of its fields, where nothing separates them
}

// maxExample is how many lines of an example are looked at.
const maxExample = 500

// bankHeadingWords are what banks write above the columns of their files, in those that go out and those that come back, by the values that
// we have for them. What results are matchedColumns by stands with their columns.
var bankHeadingWords = map[string][]string{
	"bank":         {"开户行", "开户银行", "收款银行", "收款行", "收款行名", "收款行名称", "收款人开户行", "银行"},
	"branch":       {"开户网点", "网点", "支行", "开户支行", "收款行网点"},
	"branch_code":  {"行号", "联行号", "收款行行号", "开户行行号", "支付行号"},
	"id_no":        {"身份证号", "证件号码", "证件号", "身份证号码", "收款人证件号"},
	"purpose":      {"用途", "摘要", "附言", "备注", "资金用途", "款项用途"},
	"account_kind": {"账户类型", "账户类别", "账号类型", "卡折标志", "账户种类"},
	"own":          {"行内外标志", "是否本行", "本行标志", "行别", "跨行标志", "行内行外"},
	"payer":        {"付款账号", "付款人账号", "付款帐号", "付款账户"}, "payer_name": {"付款户名", "付款人户名", "付款人名称"},
	"agreement": {"协议号", "协议编号", "合约号", "签约编号"}, "date": dateHeadingWords,
}

// ReadExample finds out from a bank's example how it wants its files. What it cannot tell a person says; nothing of the example is kept but
// fixed texts that stand in every line.
//
// Fields that nothing separates are taken apart by their widths in bytes, as the bank's description has them: "4 30 19 12".
func ReadExample(content []byte, widths string) (*Example, error) {
	x := &Example{Format: dividend.BankFormat{Encoding: "utf-8"}}
	if bytes.HasPrefix(content, []byte("PK")) || bytes.HasPrefix(content, []byte("\xd0\xcf")) {
		book, err := sheet.Open(bytes.NewReader(content))
		if err != nil {
			return nil, fileError(err)
		}
		if x.Lines, err = book.Lines(maxExample); err != nil {
			return nil, fileError(err)
		}
		x.Format.Encoding, x.Format.Headings = "xlsx", true
	} else if err := x.text(content, widths); err != nil {
		return nil, err
	}
	if len(x.Lines) == 0 {
		return nil, &journal.Error{Code: journal.Invalid, Field: "file", Text: "文件是空的"}
	}
	x.guess()
	return x, nil
}

// text takes a text file apart: its encoding, the ends of its lines, what separates the fields.
func (x *Example) text(content []byte, widths string) error {
	f := &x.Format
	if !utf8.Valid(content) {
		f.Encoding = "gbk"
	}
	content, err := sheet.Decode(content)
	if err != nil {
		return fileError(err)
	}
	if !bytes.Contains(content, []byte("\r\n")) {
		f.LineEnd = "lf"
	}
	var lines []string
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" && len(lines) < maxExample {
			lines = append(lines, line)
		}
	}
	if strings.TrimSpace(widths) != "" {
		return x.cut(lines, widths)
	}
	best := 0
	for _, sep := range []string{"|", "\t", ",", ";", "^", "~", "!", "#", "&", "@"} {
		n := 0
		for _, l := range lines {
			n += min(strings.Count(l, sep), 1)
		}
		if n > best {
			best, f.Separator = n, sep
		}
	}
	if best < len(lines) && best < 2 {
		return &journal.Error{Code: journal.Invalid, Field: "file", Text: "看不出各格是用什么分开的;各格定宽的,请照银行的说明填每格几个字节"}
	}
	between := f.Separator
	if between == "\t" {
		f.Separator = dividend.Tab
	}
	f.Bare = !bytes.Contains(content, []byte(`"`))
	for _, l := range lines {
		cells := strings.Split(l, between)
		for i := range cells {
			cells[i] = strings.Trim(cells[i], `"`)
		}
		x.Lines = append(x.Lines, cells)
	}
	return nil
}

// maxWidth is the most bytes of a field.
const maxWidth = 1000

// cut takes lines apart by the widths of their fields. A line of another length stays whole: it stands before or behind the payouts.
func (x *Example) cut(lines []string, widths string) error {
	fault := func(text string, args ...any) error {
		return &journal.Error{Code: journal.Invalid, Field: "widths", Value: widths, Text: text, Args: args}
	}
	sum := 0
	for _, text := range strings.FieldsFunc(widths, func(r rune) bool { return strings.ContainsRune(" ,、;+\t", r) }) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxWidth {
			return fault("“%s”不是宽度;请写每格几个字节,如 4 30 19 12", text)
		}
		x.widths, sum = append(x.widths, n), sum+n
	}
	fits := 0
	for _, l := range lines {
		coded := x.coded(l)
		if len(coded) != sum {
			x.Lines = append(x.Lines, []string{l})
			continue
		}
		fits++
		var cells []string
		for _, n := range x.widths {
			cell, rest := coded[:n], coded[n:]
			if x.Format.Encoding == "gbk" {
				plain, err := simplifiedchinese.GBK.NewDecoder().String(cell)
				if err != nil || strings.ContainsRune(plain, utf8.RuneError) {
					return fault("照这些宽度,“%s”中间有一个字被切开;请核对每格的字节数", l)
				}
				cell = plain
			}
			if !utf8.ValidString(cell) {
				return fault("照这些宽度,“%s”中间有一个字被切开;请核对每格的字节数", l)
			}
			cells, coded = append(cells, cell), rest
		}
		x.Lines = append(x.Lines, cells)
	}
	if fits == 0 && len(lines) > 0 {
		return fault("各格加起来 %s 个字节,例子的行是 %s 个字节;请核对", strconv.Itoa(sum), strconv.Itoa(len(x.coded(lines[len(lines)/2]))))
	}
	return nil
}

// coded is a text in the example's own encoding.
func (x *Example) coded(s string) string {
	if x.Format.Encoding == "gbk" {
		s, _ = simplifiedchinese.GBK.NewEncoder().String(s) // what GBK has no code for is shorter or longer; the person sees it
	}
	return s
}

// guess tells what each line and column is.
func (x *Example) guess() {
	f := &x.Format
	counts := map[int]int{}
	for _, l := range x.Lines {
		counts[len(l)]++
	}
	width := 0
	for n, c := range counts {
		if c > counts[width] || c == counts[width] && n > width {
			width = n
		}
	}
	rows := x.Lines
	header, trailer := []string(nil), []string(nil)
	if len(rows) > 2 && (len(rows[0]) != width || tagged(rows[0], rows[1:])) {
		header, rows = rows[0], rows[1:]
	}
	if n := len(rows); n > 2 && (len(rows[n-1]) != width || tagged(rows[n-1], rows[:n-1])) {
		trailer, rows = rows[n-1], rows[:n-1]
	}
	var heads []string
	if named(rows[0]) {
		heads, rows, f.Headings = rows[0], rows[1:], true
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(l []string) bool { return len(l) != width })
	for i := range width {
		c := dividend.BankField{}
		if i < len(heads) {
			c.Heading = strings.TrimSpace(heads[i])
		}
		var values []string
		for _, r := range rows {
			values = append(values, r[i])
		}
		x.column(i, &c, values)
		f.Columns = append(f.Columns, c)
	}
	f.Header, f.Trailer = sumFields(header, rows), sumFields(trailer, rows)
	if f.Encoding == "xlsx" {
		f.Header, f.Trailer = nil, nil
	}
}

// tagged tells whether a line begins with another letter than all the others begin with: H, D, T.
func tagged(line []string, others [][]string) bool {
	tag := strings.TrimSpace(line[0])
	if len(tag) == 0 || len(tag) > 2 || len(others) == 0 {
		return false
	}
	first := strings.TrimSpace(others[0][0])
	if len(first) == 0 || len(first) > 2 || first == tag || !letters.MatchString(tag) {
		return false
	}
	return true
}

var (
	letters    = regexp.MustCompile(`^[A-Za-z]+$`)
	accounts   = regexp.MustCompile(`^\d[\d* ]{10,30}$`)
	dayOnly    = regexp.MustCompile(`^20\d{2}-?[01]\d-?[0-3]\d$`)
	wholes     = regexp.MustCompile(`^\d+$`)
	decimals   = regexp.MustCompile(`^[\d,]+\.\d{2}$`)
	branchCode = regexp.MustCompile(`^\d{12}$`) // a bank's number in the payment system
	hanName    = regexp.MustCompile(`^\p{Han}[\p{Han}·]{1,14}$`)
	bankName   = regexp.MustCompile(`银行|信用社|邮政|农商|信用联社`)
	bankWord   = regexp.MustCompile(`分红|款|费|补|工资|代发|收益|股金`)
)

// named tells whether a line names columns: one of banks' headings at least, and no number.
func named(line []string) bool {
	known := 0
	for _, cell := range line {
		if _, ok := headed(cell); ok {
			known++
		}
		if accounts.MatchString(strings.TrimSpace(cell)) {
			return false
		}
	}
	return known > 0
}

// headed is the value that a bank's heading means.
func headed(heading string) (string, bool) {
	bare, _, _ := strings.Cut(strings.NewReplacer("(", "(", "*", "", " ", "").Replace(strings.TrimSpace(heading)), "(")
	for value, headings := range bankHeadingWords {
		if slices.Contains(headings, bare) {
			return value, true
		}
	}
	for _, column := range resultColumns {
		switch {
		case !slices.Contains(matchedBy, column.Name) || !slices.Contains(column.Headings, bare):
		case column.Name == "amount" && strings.Contains(heading, "分)"):
			return "fen", true
		default:
			return column.Name, true
		}
	}
	return "", false
}

// column tells what a column holds, by its heading and by what stands in it, and how wide it is.
func (x *Example) column(at int, c *dividend.BankField, values []string) {
	same := len(values) > 1 && !slices.ContainsFunc(values, func(v string) bool { return v != values[0] })
	all := func(is func(string) bool) bool {
		return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !is(strings.TrimSpace(v)) })
	}
	value, ok := headed(c.Heading)
	switch {
	case ok:
		c.Value = value
	case all(bankName.MatchString):
		c.Value = "bank"
	case all(bankWord.MatchString):
		c.Value = "purpose"
	case all(func(v string) bool { return ident.PersonID("", v) == nil }):
		c.Value = "id_no"
	case same && branchCode.MatchString(strings.TrimSpace(values[0])):
		c.Value = "branch_code"
	case same && len(strings.TrimSpace(values[0])) <= 12 && !dayOnly.MatchString(strings.TrimSpace(values[0])):
		c.Value, c.Fixed = "fixed", kept(strings.TrimSpace(values[0]))
	case same && accounts.MatchString(strings.TrimSpace(values[0])):
		c.Value, x.Format.Payer = "payer", strings.TrimSpace(values[0])
	case all(func(v string) bool {
		return strings.HasPrefix(v, "00") && len(v) == len(values[0]) && wholes.MatchString(v)
	}):
		if c.Value = "fen"; counted(values) {
			c.Value = "line"
		}
	case all(accounts.MatchString):
		c.Value = "card"
	case all(decimals.MatchString):
		c.Value = "amount"
	case all(dayOnly.MatchString):
		if c.Value = "date8"; strings.Contains(values[0], "-") {
			c.Value = "date"
		}
	case all(hanName.MatchString):
		c.Value = "name"
	case counted(values):
		c.Value = "line"
	case all(func(v string) bool { _, err := strconv.Atoi(v); return err == nil }):
		c.Value = "fen"
	default:
		c.Value = "fixed"
	}
	x.width(at, c, values)
}

// counted tells whether a column numbers its lines.
func counted(values []string) bool {
	for i, v := range values {
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err != nil || n != i+1 {
			return false
		}
	}
	return len(values) > 0
}

// width finds out whether a column's values are filled up to one width.
func (x *Example) width(at int, c *dividend.BankField, values []string) {
	if len(values) < 2 && x.widths == nil || x.Format.Encoding == "xlsx" {
		return
	}
	if len(values) == 0 {
		c.Width = x.widths[at]
		return
	}
	size, filled, zeros := -1, false, true
	for _, v := range values {
		n := len(x.coded(v))
		if size >= 0 && n != size {
			return
		}
		size = n
		filled = filled || v != strings.TrimSpace(v)
		zeros = zeros && strings.HasPrefix(v, "0") && (x.widths != nil || !decimals.MatchString(v))
	}
	switch {
	case zeros && slices.Contains([]string{"line", "fen", "amount"}, c.Value):
		c.Width, c.Fill, c.Right = size, "0", true
	case filled || x.widths != nil:
		c.Width, c.Right = size, strings.HasPrefix(values[0], " ")
	}
}

// sumFields tells what stands in a line before or behind the payouts.
func sumFields(line []string, rows [][]string) (list []dividend.BankField) {
	for _, cell := range line {
		text := strings.TrimSpace(cell)
		f := dividend.BankField{Value: "fixed", Fixed: kept(text)}
		sum, err := money.ParseYuan(text)
		switch n, notWhole := strconv.Atoi(text); {
		case notWhole == nil && n == len(rows):
			f = dividend.BankField{Value: "count"}
		case dayOnly.MatchString(text):
			if f = (dividend.BankField{Value: "date8"}); strings.Contains(text, "-") {
				f.Value = "date"
			}
		case accounts.MatchString(text):
			f = dividend.BankField{Value: "payer"}
		case err == nil && decimals.MatchString(text) && sum > 0 && summed(rows, sum):
			f = dividend.BankField{Value: "sum"}
		case notWhole == nil && n > len(rows) && summed(rows, money.Yuan(n)):
			f = dividend.BankField{Value: "sum_fen"}
		}
		list = append(list, f)
	}
	return list
}

// summed tells whether a sum is that of a column of the lines, written in yuan or in 分.
func summed(rows [][]string, sum money.Yuan) bool {
	columns := 0
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	for at := range columns {
		var yuan, fen money.Yuan
		for _, r := range rows {
			if at < len(r) {
				text := strings.TrimLeft(strings.TrimSpace(r[at]), "0")
				y, _ := money.ParseYuan(strings.ReplaceAll(text, ",", ""))
				n, _ := strconv.ParseInt(text, 10, 64)
				yuan, fen = yuan+y, fen+money.Yuan(n)
			}
		}
		if sum == yuan || sum == fen {
			return true
		}
	}
	return false
}

// kept is a fixed text of an example that may be kept: no name and no number of anybody's.
func kept(text string) string {
	if ident.HasNumber(text) || hanName.MatchString(text) && utf8.RuneCountInString(text) < 5 &&
		!slices.Contains(strings.Fields(yuanWords), text) {
		return ""
	}
	return text
}
