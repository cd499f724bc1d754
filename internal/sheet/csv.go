package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// readCSV reads a text file. Its lines are numbered as a spreadsheet numbers the rows: a line end inside a cell begins no row.
func readCSV(content []byte) (*grid, error) {
	text, err := Decode(content)
	if err != nil {
		return nil, err
	}
	sep := separator(text)
	if err := tooWide(text, byte(sep)); err != nil {
		return nil, err
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	in.Comma = sep
	g, left := &grid{text: true}, newBudget()
	width := 0  // cells of the widest line so far
	inside := 0 // line ends inside cells so far: a spreadsheet counts rows, not lines
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			var p *csv.ParseError
			if errors.As(err, &p) {
				return nil, wrong(p.StartLine-inside, "第 %s 行不是完整的 CSV:引号没有配对", itoa(p.StartLine-inside))
			}
			return nil, err
		}
		at, _ := in.FieldPos(0)
		width = max(width, len(record))
		if swallowed(record, sep, width) {
			return nil, wrong(at-inside, "第 %s 行有一格里夹着后面的行:引号没有配对", itoa(at-inside))
		}
		l := line{number: at - inside, cells: make([]cell, len(record))}
		for i, text := range record {
			inside += strings.Count(text, "\n")
			l.cells[i].text = text
		}
		if l.cells = trimmed(l.cells); len(l.cells) == 0 {
			continue
		}
		if err := left.spend(l); err != nil {
			return nil, err
		}
		g.lines = append(g.lines, l)
	}
}

// swallowed tells whether a cell of a line has whole lines of the file in it.
func swallowed(record []string, sep rune, width int) bool {
	return width > 1 && slices.ContainsFunc(record, func(cell string) bool {
		_, behind, many := strings.Cut(cell, "\n")
		if !many {
			return false
		}
		for line := range strings.Lines(behind) {
			if strings.Count(line, string(sep)) >= max(width-1, 2) {
				return true
			}
		}
		return false
	})
}

// trimmed leaves out the empty cells at the end of a line.
func trimmed(cells []cell) []cell {
	for len(cells) > 0 && (cells[len(cells)-1].kind == textual || cells[len(cells)-1].kind == hollow) &&
		strings.TrimSpace(cells[len(cells)-1].text) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// tooWide refuses a line of far too many cells before they are taken apart.
func tooWide(text []byte, sep byte) error {
	number := 0
	for l := range bytes.Lines(text) {
		number++
		if n := bytes.Count(l, []byte{sep}); n > 64*maxColumns {
			return wrong(number, "第 %s 行有 %s 格,一行最多 %s 格;请把表格之外的内容删掉", itoa(number), itoa(n+1), itoa(maxColumns))
		}
		if len(l) > maxColumns*maxCell {
			return wrong(number, "第 %s 行有 %s 个字节,太长;请把表格之外的内容删掉", itoa(number), itoa(len(l)))
		}
	}
	return nil
}

// separator finds what the lines are separated by: what stands most often in the first ones, where titles may be.
func separator(text []byte) rune {
	at := 0
	for range maxTitles {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			at = len(text)
			break
		}
		at += i + 1
	}
	head := text[:at]
	best, count := ',', bytes.Count(head, []byte(","))
	beside := bytes.Count(head, []byte("\t,")) + bytes.Count(head, []byte("\t\n")) + bytes.Count(head, []byte("\t\r")) // behind numbers
	for _, sep := range []rune{'\t', ';', '|'} {
		n := bytes.Count(head, []byte(string(sep)))
		if sep == '\t' && beside > 1 {
			n -= beside
		}
		if n > count {
			best, count = sep, n
		}
	}
	return best
}

// Decode turns UTF-8, UTF-8 with a byte order mark, UTF-16 with one, or GB18030 into UTF-8.
func Decode(b []byte) ([]byte, error) {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) { // what spreadsheets call Unicode text
		var err error
		if b, _, err = transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder(), b); err != nil {
			return nil, errEncoding
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
		return nil, errEncoding
	}
	return out, nil
}

var errEncoding = wrong(0, "文件的编码既不是 UTF-8 也不是 GB18030,或者不是文本文件")
