package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// BankFile is what goes to a bank for a batch: one file, or several where the bank takes only so many payouts in one.
type BankFile struct {
	Names  []string
	Lines  [][]BankLine   // of each file, as they are written
	Doubts journal.Faults // characters that the encoding does not have

	format dividend.BankFormat
}

// BankLine is one line of a bank's file.
type BankLine struct {
	Fields []string
	Text   string // the whole line as it is written
	Bytes  int    // how many it takes, without its end
	Payout bool   // whether it is a payout's; else a heading, a header or a trailer
	kinds  []string
}

// MakeBankFile lays a batch out as a bank wants it. Card and ID numbers are whole where the leave covers the distribution. A value that
// does not fit is refused with its line: nothing is cut but the purpose, which is words.
func MakeBankFile(v *journal.View, id string, f dividend.BankFormat, leave register.Revealed) (*BankFile, error) {
	b, err := dividend.BatchOf(v, id)
	if err != nil {
		return nil, err
	}
	if b.Recalled != "" { // its payouts may lie in another batch
		return nil, &journal.Error{Code: journal.Conflict, Field: "batch", Value: id, Text: "批次 %s 已经撤回,不能再报给银行", Args: []any{id}}
	}
	d, err := dividend.Distribution(v, b.Distribution())
	if err != nil {
		return nil, err
	}
	e, err := register.EntityOf(v, d.Entity)
	if err != nil {
		return nil, err
	}
	m := &bankMaker{format: f, file: &BankFile{format: f}, batch: b, plan: d, entity: e.Name}
	pays := func(distribution string) bool { return distribution == b.Distribution() }
	err = dividend.EachBatchLine(v, id, leave, func(l dividend.NumberedLine) error {
		m.lines = append(m.lines, l)
		m.numbers = append(m.numbers, register.Full(v, l.Holder, leave, pays).ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	m.make()
	if len(m.faults) > 0 {
		return nil, m.faults[:min(len(m.faults), journal.MaxFaults)]
	}
	return m.file, nil
}

// bankMaker lays out a batch.
type bankMaker struct {
	format  dividend.BankFormat
	file    *BankFile
	batch   dividend.Batch
	plan    plan.Distribution
	entity  string
	lines   []dividend.NumberedLine
	numbers []string // ID numbers of the lines' holders
	faults  journal.Faults
}

// make lays out the files one after the other.
func (m *bankMaker) make() {
	size := m.format.Rows
	if size == 0 {
		size = max(len(m.lines), 1)
	}
	for first := 0; first < max(len(m.lines), 1); first += size {
		lines := m.lines[first:min(first+size, len(m.lines))]
		n := len(m.file.Names) + 1
		var sum money.Yuan
		for _, l := range lines {
			sum += l.Amount
		}
		values := m.common()
		values["batch"], values["count"], values["n"] = m.batch.ID, strconv.Itoa(len(lines)), strconv.Itoa(n)
		values["sum"], values["sum_fen"] = sum.String(), strconv.FormatInt(int64(sum), 10)
		var out []BankLine
		if len(m.format.Header) > 0 {
			out = append(out, m.line(0, m.format.Header, values))
		}
		if m.format.Headings || m.format.Encoding == "xlsx" {
			heads := make([]dividend.BankField, len(m.format.Columns))
			for i, c := range m.format.Columns {
				heads[i] = dividend.BankField{Fixed: c.Heading, Width: c.Width}
			}
			out = append(out, m.line(0, heads, nil))
		}
		for i, l := range lines {
			x := m.line(l.Number, m.format.Columns, m.row(l, m.numbers[first+i]))
			x.Payout = true
			out = append(out, x)
		}
		if len(m.format.Trailer) > 0 {
			out = append(out, m.line(0, m.format.Trailer, values))
		}
		m.file.Lines = append(m.file.Lines, out)
		m.file.Names = append(m.file.Names, m.name(values, size < len(m.lines)))
	}
}

// common are the values of the file as a whole that each line may have, too.
func (m *bankMaker) common() map[string]string {
	f := m.format
	return map[string]string{"date": string(m.batch.Date), "date8": strings.ReplaceAll(string(m.batch.Date), "-", ""), "payer": f.Payer,
		"payer_name": f.PayerName, "agreement": f.Agreement, "purpose": m.purpose("")}
}

// purpose is what the people who are paid read at their bank: whose money it is, of which year, what for. With a front that is cut to fit.
func (m *bankMaker) purpose(front string) string {
	if front == "" {
		front = shortEntity(m.entity)
	}
	return front + strconv.Itoa(m.plan.Year) + m.year() + string(m.plan.Called())
}

func (m *bankMaker) year() string { return string(yearWord) }

// yearWord stands behind a year's number.
const yearWord journal.Label = "年"

// shortEntity is an entity's name as people say it: 育新果蔬合作社 for 育新果蔬专业合作社.
func shortEntity(name string) string {
	for _, long := range strings.Fields(longWords) {
		name = strings.Replace(name, long, "", 1)
	}
	return name
}

// longWords are left out of an entity's name where people say it.
const longWords = "农民专业 专业 有限责任"

// row are the values of a payout.
func (m *bankMaker) row(l dividend.NumberedLine, idNo string) map[string]string {
	values := m.common()
	values["line"], values["name"], values["card"] = strconv.Itoa(l.Number), l.Name, l.CardNo
	values["amount"], values["fen"] = l.Amount.String(), strconv.FormatInt(int64(l.Amount), 10)
	values["bank"], values["id_no"], values["branch"] = l.Bank, idNo, l.Holder.Branch
	kind := l.Holder.AccountKind()
	values["account_kind"] = strconv.Itoa(max(slices.Index([]ident.AccountKind{ident.Card, ident.Passbook, ident.Unit}, kind), 0))
	values["own"] = "1"
	if m.format.Own != "" && !strings.Contains(l.Bank, m.format.Own) {
		values["own"] = "0"
	}
	values["branch_code"] = code(l.Holder.Branch)
	return values
}

// code is the number of a branch in the payment systems, where its name has it: 12 digits.
func code(branch string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, branch)
	if len(digits) != 12 {
		return ""
	}
	return digits
}

// line lays out a line; number is that of its payout, 0 for another.
func (m *bankMaker) line(number int, fields []dividend.BankField, values map[string]string) BankLine {
	var x BankLine
	for _, f := range fields {
		text := f.Fixed
		switch {
		case f.Value == "fixed":
		case (f.Value == "account_kind" || f.Value == "own") && f.Fixed != "":
			words := strings.Split(f.Fixed, "/")
			at, _ := strconv.Atoi(values[f.Value])
			if f.Value == "own" { // yes/no
				at = 1 - at
			}
			text = words[min(at, len(words)-1)]
		case f.Value != "":
			text = values[f.Value]
		}
		if f.Value == "purpose" {
			text = m.cut(text, min2(f.Limit, f.Width))
		}
		x.Fields = append(x.Fields, m.fit(number, f, m.printable(number, text)))
		x.kinds = append(x.kinds, f.Value)
	}
	x.Text = m.joined(number, x.Fields)
	x.Bytes = m.size(x.Text)
	return x
}

// min2 is the smaller of two bounds, of which 0 is none.
func min2(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// cut shortens a purpose to so many bytes: the name in front of it is cut, what it is stays.
func (m *bankMaker) cut(text string, limit int) string {
	front := []rune(shortEntity(m.entity))
	for limit > 0 && m.size(text) > limit && len(front) > 1 {
		front = front[:len(front)-1]
		text = m.purpose(string(front))
	}
	for limit > 0 && m.size(text) > limit && text != "" {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	}
	return text
}

// printable writes what the encoding does not have as a question mark, as banks do, and says so.
func (m *bankMaker) printable(number int, text string) string {
	if m.format.Encoding != "gbk" {
		return text
	}
	missing := ""
	text = strings.Map(func(r rune) rune {
		if _, err := simplifiedchinese.GBK.NewEncoder().String(string(r)); err != nil {
			missing += string(r)
			return '?'
		}
		return r
	}, text)
	if missing != "" {
		m.file.Doubts = append(m.file.Doubts, &journal.Error{Code: journal.Doubtful, Row: number,
			Text: "这种编码没有“%s”字,写成了问号;银行要是退回,请换能写它的格式", Args: []any{missing}})
	}
	return text
}

// fit fills a field up to its width, and refuses one that is longer than it may be.
func (m *bankMaker) fit(number int, f dividend.BankField, text string) string {
	n := m.size(text)
	if limit := min2(f.Limit, f.Width); limit > 0 && n > limit {
		m.refuse(number, f, "“%s”有 %s 个字节,银行格式里最多 %s 个", text, strconv.Itoa(n), strconv.Itoa(limit))
		return text
	}
	fill := f.Fill
	if fill == "" {
		fill = " "
	}
	if pad := strings.Repeat(fill, max(f.Width-n, 0)); f.Right {
		text = pad + text
	} else {
		text += pad
	}
	return text
}

func (m *bankMaker) refuse(number int, f dividend.BankField, text string, args ...any) {
	m.faults = append(m.faults, &journal.Error{Code: journal.Conflict, Row: number, Field: f.Heading, Text: text, Args: args})
}

// joined is a line of a text file. Where fields are bare, one with the separator in it is refused.
func (m *bankMaker) joined(number int, fields []string) string {
	sep := m.format.Between()
	if m.format.Encoding == "xlsx" {
		sep = "\t"
	}
	if sep == "" || m.format.Bare {
		for i, text := range fields {
			if sep != "" && strings.Contains(text, sep) {
				m.refuse(number, m.format.Columns[min(i, len(m.format.Columns)-1)], "“%s”里有分隔符“%s”", text, sep)
			}
		}
		return strings.Join(fields, sep)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, _ = utf8.DecodeRuneInString(sep)
	_ = w.Write(fields) // into memory
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// size is how many bytes a text takes in the file.
func (m *bankMaker) size(text string) int {
	if m.format.Encoding == "utf-8" || m.format.Encoding == "xlsx" {
		return len(text)
	}
	return len(m.file.encoded(text))
}

// encoded writes a text in the file's encoding.
func (f *BankFile) encoded(text string) []byte {
	var e encoding.Encoding
	switch f.format.Encoding {
	case "gb18030":
		e = simplifiedchinese.GB18030
	case "gbk":
		e = simplifiedchinese.GBK
	default:
		return []byte(text)
	}
	b, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		return []byte(text)
	}
	return b
}

// name is a file's name: by the format's pattern, or the batch's number.
func (m *bankMaker) name(values map[string]string, several bool) string {
	pattern := m.format.File
	if pattern == "" {
		pattern = "{batch}"
	}
	if several && !strings.Contains(pattern, "{n}") {
		front, end := pattern, ""
		if i := strings.LastIndex(pattern, "."); i > 0 {
			front, end = pattern[:i], pattern[i:]
		}
		pattern = front + "-{n}" + end
	}
	values["bank"], values["entity"] = m.batch.Bank, m.entity
	for key, value := range values {
		pattern = strings.ReplaceAll(pattern, "{"+key+"}", value)
	}
	pattern = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, pattern)
	if !strings.Contains(pattern, ".") {
		pattern += "." + BankExtension(m.format)
	}
	return pattern
}

// Type is the media type of the files.
func (f *BankFile) Type() string {
	if f.format.Encoding == "xlsx" {
		return sheet.XLSX.Type()
	}
	return "text/plain; charset=" + f.format.Encoding
}

// Write writes one of the files.
func (f *BankFile) Write(w io.Writer, i int) error {
	if f.format.Encoding == "xlsx" {
		return f.workbook(w, i)
	}
	end := "\r\n"
	if f.format.LineEnd == "lf" {
		end = "\n"
	}
	for _, l := range f.Lines[i] {
		if _, err := w.Write(append(f.encoded(l.Text), end...)); err != nil {
			return err
		}
	}
	return nil
}

// workbook writes a file as a workbook: numbers that banks read as such, and texts.
func (f *BankFile) workbook(w io.Writer, i int) error {
	lines := f.Lines[i]
	out := sheet.NewWriter(sheet.To{W: w, Format: sheet.XLSX, Plain: true}, lines[0].Fields...)
	defer out.Abort()
	for _, l := range lines[1:] {
		var cells []sheet.Cell
		for k, text := range l.Fields {
			switch l.kinds[k] {
			case "amount":
				cells = append(cells, sheet.Amount(text))
			case "line", "fen":
				cells = append(cells, sheet.Number(text))
			default:
				cells = append(cells, sheet.Text(text))
			}
		}
		out.Row(cells...)
	}
	return out.Close()
}

// Name is the name of what is sent: of the one file, or of the archive of several.
func (f *BankFile) Name() string {
	if len(f.Names) == 1 {
		return f.Names[0]
	}
	return strings.TrimSuffix(f.Names[0], "."+BankExtension(f.format)) + ".zip"
}

// Send writes the one file, or an archive of several.
func (f *BankFile) Send(w io.Writer) error {
	if len(f.Names) == 1 {
		return f.Write(w, 0)
	}
	z := zip.NewWriter(w)
	for i, name := range f.Names {
		part, err := z.Create(name)
		if err != nil {
			return err
		}
		if err := f.Write(part, i); err != nil {
			return err
		}
	}
	return z.Close()
}

// FormatsFor lists the formats that a place may use: those that it and the places around it keep, then others.
func FormatsFor(v *journal.View, place region.Code, others []dividend.BankFormat) (list []dividend.BankFormat, err error) {
	kept, err := dividend.BankFormats(v, place)
	for _, k := range kept {
		list = append(list, k.BankFormat)
	}
	return append(list, others...), err
}
