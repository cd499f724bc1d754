package sheet

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Book is a file that has been opened. Its sheets are read when a table is made of them.
type Book struct {
	Sheets []Sheet

	read  func(i int, budget *budget) (*grid, error)
	grids map[int]*grid // those that have been read

	from1904 bool // days are counted from 1904
}

// Sheet is one sheet of a workbook; a text file has one without a name.
type Sheet struct {
	Name   string
	Hidden bool // people do not see it when they open the workbook
	Empty  bool
}

// grid is what a sheet holds: its lines, and where cells have been made one.
type grid struct {
	lines  []line
	merged []area
	hidden map[int]bool // columns that people do not see
	text   bool         // from a text file, where anybody may have cut a line at a comma
}

// line is one line of a grid, as spreadsheets number them from 1. Empty cells at its end are left out.
type line struct {
	number int
	cells  []cell
	hidden bool
}

// area is a rectangle of cells, of line numbers and columns from 0, ends included.
type area struct{ top, left, bottom, right int }

// cell is one cell as its program stored it.
type cell struct {
	text string
	kind cellIs
}

// cellIs is what a program says that a cell holds.
type cellIs byte

const (
	textual  cellIs = iota // a text, or whatever a text file has
	numeric                // a number, exact to 15 digits
	dated                  // a number shown as a day; the text is that day
	percent                // a number shown by the hundred
	boolean                // TRUE or FALSE
	failed                 // the error of a formula
	unsolved               // a formula that no program has worked out
	typed                  // by a person, in the unit that the column counts
	hollow                 // a formula that gave an empty text, or was not worked out: the older workbooks do not tell
)

// The most that a file may hold. Cells of people's files are far below; what is above is no list of people.
const (
	MaxRows    = 100_000 // rows of data
	maxLines   = 1 << 20 // lines of a sheet, as spreadsheets have
	maxColumns = 256
	maxCells   = 4_000_000
	maxText    = 128 << 20 // bytes of all cells
	maxCell    = 32_767    // bytes of one, as many as a spreadsheet lets one type characters
)

// budget is what is left of these for the sheets of a file.
type budget struct{ rows, cells, text int }

func newBudget() *budget { return &budget{MaxRows + maxAbove, maxCells, maxText} }

// maxAbove is how many lines that are no data a full file may have besides.
const maxAbove = 10_000

// spend takes a line off what is left, and says what is too much. It writes the line's texts in one spelling.
func (b *budget) spend(l line) error {
	if len(l.cells) > maxColumns {
		return wrong(l.number, "第 %s 行有 %s 格,一行最多 %s 格;请把表格之外的内容删掉", itoa(l.number), itoa(len(l.cells)), itoa(maxColumns))
	}
	b.rows--
	b.cells -= len(l.cells)
	for i := range l.cells {
		c := &l.cells[i]
		raw := c.text
		if c.kind == textual && c.text != "" && len(c.text) <= maxCell {
			if c.text = clean(c.text); severalNumbers.MatchString(c.text) && strings.ContainsAny(strings.TrimSpace(raw), "\r\n") {
				c.text = strings.ReplaceAll(c.text, " ", " / ") // two numbers, one below the other, are none
			}
		}
		if b.text -= len(c.text); len(c.text) > maxCell {
			return wrong(l.number, "第 %s 行 %s 列的一格有 %s 个字节,最多 %s 个", itoa(l.number), ColumnName(i), itoa(len(c.text)), itoa(maxCell))
		}
	}
	switch {
	case b.rows < 0:
		return wrong(0, "一个文件最多 %s 行,请分成几个文件", itoa(MaxRows))
	case b.cells < 0 || b.text < 0:
		return wrong(0, "文件里的内容太多,请分成几个文件")
	}
	return nil
}

var severalNumbers = regexp.MustCompile(`^[-\d., ]+$`)

// ColumnName is a column by its letters, as spreadsheets show it: A, B, …, AA.
func ColumnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// Open opens a workbook (XLSX or the older XLS) or a CSV file in UTF-8 (with or without a byte order mark), UTF-16 or GB18030, separated by
// commas, semicolons, tabs or upright strokes. Whatever else carries such a name is told for what it is.
func Open(r io.Reader) (*Book, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	switch what, err := kindOf(content); {
	case err != nil:
		return nil, err
	case what == kindXLSX:
		return openXLSX(content)
	case what == kindXLS:
		return openXLS(content)
	}
	g, err := readCSV(content)
	if err != nil {
		return nil, err
	}
	b := &Book{Sheets: []Sheet{{}}, read: func(int, *budget) (*grid, error) { return g, nil }}
	return b, nil
}

// grid reads a sheet, once.
func (b *Book) grid(i int, left *budget) (*grid, error) {
	if g := b.grids[i]; g != nil {
		return g, nil
	}
	g, err := b.read(i, left)
	if err != nil {
		return nil, err
	}
	if b.grids == nil {
		b.grids = map[int]*grid{}
	}
	b.grids[i] = g
	return g, nil
}

// filled lists the sheets that are not empty.
func (b *Book) filled() (list []int) {
	for i, s := range b.Sheets {
		if !s.Empty {
			list = append(list, i)
		}
	}
	return list
}

// The kinds of files that can be read.
const (
	kindCSV = iota
	kindXLSX
	kindXLS
)

// starts are the first bytes of files that carry a spreadsheet's name and are none, and what to do about each.
var starts = []struct{ start, text string }{
	{"%PDF", "这是 PDF,不是表格;请上传 XLSX 或 CSV 文件"},
	{"\x89PNG", pictureText}, {"\xff\xd8\xff", pictureText}, {"GIF8", pictureText}, {"BM", pictureText}, {"RIFF", pictureText},
	{"II*\x00", pictureText}, {"MM\x00*", pictureText},
	{"Rar!", "这是压缩包;请解压以后上传里面的表格"}, {"7z\xbc\xaf", "这是压缩包;请解压以后上传里面的表格"},
	{"\x1f\x8b", "这是压缩包;请解压以后上传里面的表格"},
	{"{\\rtf", "这是文字文档(RTF),不是表格;请把里面的表格复制到电子表格里,存成 XLSX 再上传"},
	{"SQLite format 3", "这是数据库文件,不是表格;请从那个程序里导出 XLSX 或 CSV"},
	{"\x00\x01\x00\x00Standard ", "这是数据库文件,不是表格;请从那个程序里导出 XLSX 或 CSV"},
	{"ID;P", "这是旧的 SYLK 文件;请在电子表格里打开,另存为 XLSX 再上传"},
}

const pictureText = "这是扫描件或图片,不是表格;请上传 XLSX 或 CSV 文件"

// marks are what files of markup have in their beginnings, and what to do about each.
var marks = []struct{ mark, text string }{
	{"urn:schemas-microsoft-com:office:spreadsheet", "这是 XML 表格(2003 版),不是 XLSX;请在电子表格里打开,另存为 XLSX 再上传"},
	{"office:document", "这是 OpenDocument 的 XML 文件;请在电子表格里打开,另存为 XLSX 再上传"},
	{"mime-version:", "这是单个网页文件(MHTML);请在电子表格里打开,另存为 XLSX 再上传"},
	{"<html", htmlText}, {"<!doctype html", htmlText}, {"<table", htmlText}, {"<body", htmlText}, {"<meta", htmlText}, {"<style", htmlText},
	{"<?xml", "这是 XML 文件,不是表格;请在电子表格里打开,另存为 XLSX 再上传"},
	{"<tr", htmlText}, {"<head", htmlText}, {"<div", htmlText},
}

const htmlText = "这是网页(HTML)存成的表格,不是 XLSX;请在电子表格里打开,另存为 XLSX 再上传"

// kindOf tells what a file is by its first bytes.
func kindOf(content []byte) (int, error) {
	switch {
	case len(content) == 0:
		return 0, wrong(0, "文件是空的")
	case bytes.HasPrefix(content, []byte("PK\x03\x04")) || bytes.HasPrefix(content, []byte("PK\x05\x06")):
		return kindXLSX, nil
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return kindXLS, nil
	case bytes.HasPrefix(content, []byte("\x09\x08\x10\x00\x00\x06")) || bytes.HasPrefix(content, []byte("\x09\x08\x08\x00\x00\x05")) ||
		bytes.HasPrefix(content, []byte("\x09\x04\x06\x00\x00\x00")) || bytes.HasPrefix(content, []byte("\x09\x02\x06\x00\x00\x00")):
		return 0, wrong(0, "这是很旧的 XLS 文件(Excel 5.0/95 或更早);请在电子表格里打开,另存为 XLSX 再上传")
	}
	for _, s := range starts {
		if bytes.HasPrefix(content, []byte(s.start)) && !(s.start == "BM" && printable(content)) {
			return 0, wrong(0, s.text)
		}
	}
	// markup may be in UTF-16, and begin with blanks or comments
	head := strings.ToLower(string(bytes.ReplaceAll(content[:min(len(content), 4096)], []byte{0}, nil)))
	text := head
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"} { // ToLower has made these of them, too
		text = strings.TrimPrefix(strings.TrimPrefix(text, mark), strings.ToLower(mark))
	}
	text = strings.TrimLeft(text, " \t\r\n")
	if strings.HasPrefix(text, "<") || strings.HasPrefix(text, "mime-version:") {
		for _, m := range marks {
			if strings.Contains(text, m.mark) {
				return 0, wrong(0, m.text)
			}
		}
	}
	if len(text) > 1 && (text[0] == '{' || text[0] == '[') && strings.ContainsAny(text[1:2], "{[\"\r\n \t") && strings.Contains(text, "\":") {
		return 0, wrong(0, "这是 JSON 文件,不是表格;请上传 XLSX 或 CSV 文件")
	}
	return kindCSV, nil
}

// printable tells whether a file begins like a text.
func printable(content []byte) bool {
	return !slices.ContainsFunc(content[:min(len(content), 64)],
		func(b byte) bool { return b < ' ' && !strings.ContainsRune("\t\r\n", rune(b)) })
}

// Lines are the first lines of the first sheet that has something in it, taken apart and not looked at further.
func (b *Book) Lines(most int) (list [][]string, err error) {
	filled := b.filled()
	if len(filled) == 0 {
		return nil, nil
	}
	g, err := b.grid(filled[0], newBudget())
	if err != nil {
		return nil, err
	}
	for _, l := range g.lines[:min(most, len(g.lines))] {
		list = append(list, texts(l))
	}
	return list, nil
}
