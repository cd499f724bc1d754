// Package sheet brings rows in from CSV files and workbooks and out to them: encodings, heading aliases, and cells that a spreadsheet shows
// as they are.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/sanbian/ledger/internal/ident"
)

// Column is a column a file may have: the name code knows it by, and the headings people write above it.
type Column struct {
	Name     string
	Headings []string // the first is the one to show
	Required bool
	Date     bool     // holds dates: a spreadsheet stores those as the number of days since 1899-12-30
	Number   bool     // holds numbers: a unit or a currency sign beside one is left out
	Aside    bool     // for people only: a file may have several, each named by its heading; see IsAside
	Beside   []string // the column is meant only in files that have one of these headings too; there its headings are no other column's
}

const aside = "aside:"

// IsAside tells whether a column of a table is there for people only.
func IsAside(column string) bool { return strings.HasPrefix(column, aside) }

// Row is one row of a file: its line as a spreadsheet numbers it (the heading is 1), and its cells in the order of the table's columns.
// Cells are trimmed, and full-width digits and letters narrowed.
type Row struct {
	Number int
	Cells  []string
}

// Table is a file that has been read.
type Table struct {
	Rows    []Row
	Columns []string          // names of the columns found, in the file's order
	Heading map[string]string // the heading each of them stood under

	dates   map[string]bool // the columns that hold dates
	numbers map[string]bool // the columns that hold numbers
}

// Set changes a cell, read as a file's cells are.
func (t *Table) Set(row, column int, text string) {
	t.Rows[row].Cells[column] = t.read(t.Columns[column], clean(text))
}

// read reads a clean cell of a column.
func (t *Table) read(column, cell string) string {
	switch {
	case t.dates[column]:
		return dateOf(cell)
	case t.numbers[column]:
		return numberOf(cell)
	}
	return cell
}

// Get returns a row's cell in a column, "" where the file has no such column.
func (t *Table) Get(row Row, column string) string {
	if i := slices.Index(t.Columns, column); i >= 0 {
		return row.Cells[i]
	}
	return ""
}

// IsNumber tells whether a column holds numbers.
func (t *Table) IsNumber(column string) bool { return t.numbers[column] }

// MaxRows is the most rows a file may have.
const MaxRows = 100_000

// Error says what is wrong with a file as a whole.
type Error struct {
	Row  int // 0 when it is not about one
	Text string
	Args []any
}

func (e *Error) Error() string { return fmt.Sprintf(e.Text, e.Args...) }

func wrong(row int, text string, args ...any) error { return &Error{row, text, args} }

// Read reads a workbook (XLSX, its first sheet) or a CSV file in UTF-8 (with or without a byte order mark), UTF-16 or GB18030, separated by
// commas, semicolons, tabs or upright strokes. A heading no column claims is offered to other, which may give it a name and holds numbers;
// those it does not want either are refused.
func Read(r io.Reader, columns []Column, other func(heading string) (name string, ok bool)) (*Table, error) {
	in := bufio.NewReader(r)
	b := &builder{table: &Table{Heading: map[string]string{}, dates: map[string]bool{}, numbers: map[string]bool{}}, columns: columns,
		other: other}
	for _, c := range columns {
		b.table.dates[c.Name], b.table.numbers[c.Name] = c.Date, c.Number
	}
	var err error
	start, _ := in.Peek(8)
	switch text := string(start); {
	case strings.HasPrefix(text, "PK\x03\x04"):
		err = readXLSX(in, b.add)
	case strings.HasPrefix(text, "\xd0\xcf\x11\xe0"):
		err = wrong(0, "这是旧式的 XLS 文件;请在电子表格里另存为 XLSX 再上传")
	case strings.HasPrefix(text, "%PDF") || strings.HasPrefix(text, "\x89PNG") || strings.HasPrefix(text, "\xff\xd8\xff"):
		err = wrong(0, "这是扫描件或图片,不是表格;请上传 XLSX 或 CSV 文件")
	default:
		err = readCSV(in, b.add)
	}
	if err != nil {
		return nil, err
	}
	return b.finish()
}

func readCSV(r io.Reader, add func(line int, cells []string) error) error {
	text, err := decode(r)
	if err != nil {
		return err
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	in.Comma = separator(text)
	inside := 0 // line ends inside cells so far: a spreadsheet counts rows, not lines
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				return wrong(p.StartLine-inside, "第 %s 行不是完整的 CSV:引号没有配对", fmt.Sprint(p.StartLine-inside))
			}
			return err
		}
		line, _ := in.FieldPos(0)
		line -= inside
		for _, cell := range cells {
			inside += strings.Count(cell, "\n")
		}
		if err := add(line, cells); err != nil {
			return err
		}
	}
}

// builder makes a table of a file's lines as they come.
type builder struct {
	table   *Table
	columns []Column
	other   func(string) (string, bool)
	names   []string // of the columns, once the headings have been found
	titles  []title
}

// add takes one line: a title above the headings, the headings, or a row.
func (b *builder) add(line int, cells []string) (err error) {
	for i := range cells {
		cells[i] = clean(cells[i])
	}
	if strings.Join(cells, "") == "" {
		return nil
	}
	if b.names == nil {
		head := isHead(cells, b.columns)
		if !head && len(b.titles) < maxTitles {
			b.titles = append(b.titles, title{line, cells})
			return nil
		}
		if !head { // none of the first lines is: what is wrong with the first says most
			line, cells = b.titles[0].line, b.titles[0].cells
		}
		b.names, err = b.table.head(line, cells, b.columns, b.other)
		return err
	}
	if len(b.table.Rows) == MaxRows {
		return wrong(0, "一个文件最多 %s 行,请分成几个文件", fmt.Sprint(MaxRows))
	}
	row := Row{Number: line, Cells: make([]string, len(b.table.Columns))}
	at := 0
	for i, name := range b.names {
		if i >= len(cells) {
			break
		}
		if name != "" {
			row.Cells[at] = b.table.read(name, cells[i])
			at++
		} else if cells[i] != "" {
			return tooMany(line, cells[i])
		}
	}
	for i := len(b.names); i < len(cells); i++ {
		if cells[i] != "" {
			return tooMany(line, cells[i])
		}
	}
	b.table.Rows = append(b.table.Rows, row)
	return nil
}

func tooMany(line int, cell string) error {
	return wrong(line, "第 %s 行比表头多出一格“%s”", fmt.Sprint(line), cell)
}

// dateOf turns a spreadsheet's number of a day into the date it shows.
func dateOf(cell string) string {
	// 2026-01-05 00:00:00
	if day, time, ok := strings.Cut(strings.Replace(cell, "T", " ", 1), " "); ok && strings.Trim(time, "0123456789:.") == "" &&
		strings.Contains(time, ":") {
		return day
	}
	whole, _, _ := strings.Cut(cell, ".") // a time of day behind the day
	days, err := strconv.Atoi(whole)
	if err != nil || days < firstDay || days > lastDay {
		return cell
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// units are what people write behind a number, in cells whose headings say it already.
var units = []string{"公斤", "千克", "斤", "口人", "人", "口", "户", "亩", "元", "股", "份"}

// numberOf takes away the unit and the currency sign beside a number.
func numberOf(cell string) string {
	if strings.Contains(" - -- — —— / 无 ", " "+cell+" ") { // nothing, as people write it
		return ""
	}
	bare := strings.TrimLeft(cell, "¥ ")
	for _, unit := range units {
		if before, ok := strings.CutSuffix(bare, unit); ok {
			bare = strings.TrimSpace(before)
			break
		}
	}
	if strings.Trim(bare, "0123456789.,-+ ") == "" && bare != "" {
		return bare
	}
	return cell
}

// Numbers from 1927 to 2064 are days; eight digits (20251209) are a date as people write it.
const firstDay, lastDay = 10_000, 60_000

func (b *builder) finish() (*Table, error) {
	if b.names == nil && len(b.titles) > 0 {
		if _, err := b.table.head(b.titles[0].line, b.titles[0].cells, b.columns, b.other); err != nil {
			return nil, err
		}
	}
	if b.names == nil {
		return nil, wrong(0, "文件是空的")
	}
	if len(b.table.Rows) == 0 {
		return nil, wrong(0, "文件只有表头,没有数据行")
	}
	return b.table, nil
}

// maxTitles is how many lines may stand above the headings: a title, who made the list and when.
const maxTitles = 4

// title is a line above the headings.
type title struct {
	line  int
	cells []string
}

// isHead tells whether a line has the heading of a required column: what stands above it is a title.
func isHead(cells []string, columns []Column) bool {
	for _, c := range columns {
		for _, h := range append(c.Headings, c.Name) {
			if c.Required && slices.ContainsFunc(cells, func(cell string) bool { return fold(cell) == fold(h) }) {
				return true
			}
		}
	}
	return false
}

// head matches headings to columns.
func (t *Table) head(line int, cells []string, columns []Column, other func(string) (string, bool)) (names []string, err error) {
	has := func(heading string) bool {
		return slices.ContainsFunc(cells, func(cell string) bool { return fold(cell) == fold(heading) })
	}
	byHeading := map[string]string{}
	for _, c := range columns {
		if len(c.Beside) > 0 && !slices.ContainsFunc(c.Beside, has) {
			continue
		}
		for _, h := range append(slices.Clone(c.Headings), c.Name) {
			if byHeading[fold(h)] = c.Name; c.Aside {
				byHeading[fold(h)] = aside + fold(h)
			}
		}
	}
	for _, h := range cells {
		name, ok := byHeading[fold(h)]
		if !ok && other != nil {
			if name, ok = other(h); ok {
				t.numbers[name] = true
			}
		}
		switch {
		case h == "":
			name = ""
		case !ok:
			return nil, wrong(line, "不认识表头“%s”;可用的表头:%s", h, strings.Join(headings(columns), "、"))
		case t.Heading[name] != "":
			return nil, wrong(line, "表头“%s”和“%s”是同一列", t.Heading[name], h)
		default:
			t.Heading[name] = h
			t.Columns = append(t.Columns, name)
		}
		names = append(names, name)
	}
	for _, c := range columns {
		if c.Required && t.Heading[c.Name] == "" {
			return nil, wrong(line, "缺少“%s”一列", c.Headings[0])
		}
	}
	return names, nil
}

func headings(columns []Column) (list []string) {
	for _, c := range columns {
		if !c.Aside && c.Beside == nil {
			list = append(list, c.Headings[0])
		}
	}
	return list
}

// SameHeading tells whether two headings are the same but for blanks, width and case.
func SameHeading(a, b string) bool {
	blank := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(ident.Narrow(s)), "")) }
	return blank(a) == blank(b)
}

// fold makes headings comparable: without spaces, brackets with units, and case.
func fold(h string) string {
	h = strings.ToLower(strings.Join(strings.Fields(h), ""))
	if before, _, ok := strings.Cut(h, "("); ok && before != "" {
		h = before
	}
	return strings.Trim(h, ":*")
}

// clean writes a cell in one spelling and takes away what people and programs leave around it: blanks, the tab behind long numbers, what
// keeps a number text.
func clean(cell string) string {
	cell = ident.OneLine(cell)
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formulaStart, rune(cell[1])) { // as our own files guard it
		return cell[1:]
	}
	return ident.Unwrapped(cell)
}

// separator finds what the lines are separated by: what stands most often in the first ones, where a title may be.
func separator(text []byte) rune {
	at := 0
	for range maxTitles + 1 {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			at = len(text)
			break
		}
		at += i + 1
	}
	head := text[:at]
	best, count := ',', bytes.Count(head, []byte(","))
	for _, sep := range []rune{'\t', ';', '|'} {
		if n := bytes.Count(head, []byte(string(sep))); n > count {
			best, count = sep, n
		}
	}
	return best
}

// decode turns UTF-8, UTF-8 with a byte order mark, or GB18030 into UTF-8.
func decode(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(bufio.NewReader(r))
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) { // what spreadsheets call Unicode text
		if b, _, err = transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder(), b); err != nil {
			return nil, wrong(0, "文件的编码既不是 UTF-8 也不是 GB18030,或者不是文本文件")
		}
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !bytes.Contains(b, []byte("\n")) { // the line ends of old programs
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	if utf8.Valid(b) {
		return b, nil
	}
	out, _, err := transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), b)
	if err == nil && bytes.ContainsRune(out, utf8.RuneError) {
		out, err = withPrivate(b)
	}
	if err != nil {
		return nil, wrong(0, "文件的编码既不是 UTF-8 也不是 GB18030,或者不是文本文件")
	}
	return out, nil
}
