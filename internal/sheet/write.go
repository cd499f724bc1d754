package sheet

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// Format is what kind of file goes out.
type Format string

// The formats. All but Raw are safe in a spreadsheet: nothing runs as a formula, no long number is rounded.
const (
	CSV     Format = "csv"     // UTF-8 with a byte order mark
	GB18030 Format = "gb18030" // CSV in the encoding that older Chinese programs expect
	XLSX    Format = "xlsx"
	Raw     Format = "raw" // CSV in UTF-8 without byte order mark or guards, for programs
)

// Formats lists all formats.
func Formats() []Format { return []Format{CSV, GB18030, XLSX, Raw} }

// Extension is what names of files of the format end with.
func (f Format) Extension() string {
	if f == XLSX {
		return "xlsx"
	}
	return "csv"
}

// Type is the format's media type.
func (f Format) Type() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case GB18030:
		return "text/csv; charset=gb18030"
	}
	return "text/csv; charset=utf-8"
}

// To is where a file goes, and as what.
type To struct {
	W         io.Writer
	Format    Format
	Separator rune     // of the cells of a text file; 0 for a comma
	Plain     bool     // leaves out the byte order mark and the guards, in any encoding, as Raw does
	Above     [][]Cell // rows above the headings, as official forms have
}

// rows is a kind of file that rows are written to.
type rows interface {
	row(cells []Cell) error
	total(cells []Cell) error
	close() error
	abort() // gives up what has been written so far
}

// Writer writes rows under headings to a file.
type Writer struct {
	out  rows
	err  error
	done bool
}

// NewWriter begins a file with its headings.
func NewWriter(to To, headings ...string) *Writer {
	if to.Format == XLSX {
		out, err := newWorkbook(to.W, to.Above, headings)
		return &Writer{out: out, err: err}
	}
	out, err := newText(to)
	w := &Writer{out: out, err: err}
	for _, cells := range to.Above {
		w.Row(cells...)
	}
	w.Row(Texts(headings...)...) // none where there are no headings
	return w
}

// Row writes one row, none where there are no cells.
func (w *Writer) Row(cells ...Cell) {
	if w.err == nil && len(cells) > 0 {
		w.err = w.out.row(cells)
	}
}

// Total writes a last row of sums. Text files have none: programs read those, and a sum would be one row too many.
func (w *Writer) Total(cells ...Cell) {
	if w.err == nil {
		w.err = w.out.total(cells)
	}
}

// Close writes out what is left and returns the first error.
func (w *Writer) Close() error {
	if w.done = true; w.err != nil {
		w.out.abort()
		return w.err
	}
	return w.out.close()
}

// Abort gives up a file that has not been closed: nothing of it stays behind. After Close it does nothing.
func (w *Writer) Abort() {
	if !w.done {
		w.done = true
		w.out.abort()
	}
}

// Cell is one cell: a text, or a number that a spreadsheet may calculate with.
type Cell struct {
	text    string
	kind    cellKind
	formula string // what a workbook works the number out by
}

type cellKind byte

const (
	textCell cellKind = iota
	dateCell
	numberCell
	amountCell
	faultyCell
)

// Text is a cell that shows a text as it is.
func Text(s string) Cell {
	return Cell{text: strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)}
}

// Number is a cell that a spreadsheet may calculate with. It must come from a number's own String.
func Number(s string) Cell { return Cell{text: s, kind: numberCell} }

// Amount is a number that is a sum of money, in yuan.
func Amount(s string) Cell { return Cell{text: s, kind: amountCell} }

// Date is a cell with a date.
func Date(s string) Cell { return Cell{text: s, kind: dateCell} }

// Formula is an amount that a workbook works out itself; in other files it is the amount alone.
func Formula(amount, formula string) Cell { return Cell{amount, amountCell, formula} }

// Faulty is a text cell that is marked as wrong where the format can mark.
func Faulty(s string) Cell {
	c := Text(s)
	c.kind = faultyCell
	return c
}

// Texts makes a text cell of each string.
func Texts(s ...string) (cells []Cell) {
	for _, t := range s {
		cells = append(cells, Text(t))
	}
	return cells
}

// text writes the formats of CSV; lines end with CR LF.
type text struct {
	out    *csv.Writer
	closer io.Closer
	plain  bool
}

func newText(to To) (*text, error) {
	t := &text{plain: to.Plain || to.Format == Raw}
	w := to.W
	var err error
	if to.Format == GB18030 {
		in := transform.NewWriter(w, encoding.ReplaceUnsupported(simplifiedchinese.GB18030.NewEncoder()))
		t.closer, w = in, in
	}
	if to.Format == CSV && !to.Plain {
		_, err = io.WriteString(w, "\ufeff")
	}
	t.out = csv.NewWriter(w)
	t.out.UseCRLF = true
	if to.Separator != 0 {
		t.out.Comma = to.Separator
	}
	return t, err
}

func (t *text) row(cells []Cell) error {
	record := make([]string, len(cells))
	for i, c := range cells {
		record[i] = c.text
		if !t.plain && (c.kind == textCell || c.kind == faultyCell) {
			record[i] = guarded(c.text)
		}
	}
	return t.out.Write(record)
}

func (t *text) total([]Cell) error { return nil }

func (t *text) abort() {}

func (t *text) close() error {
	t.out.Flush()
	if err := t.out.Error(); err != nil || t.closer == nil {
		return err
	}
	return t.closer.Close()
}

// formulaStart are the characters that make a spreadsheet run a cell as a formula when it begins with one.
const formulaStart = "=+-@\t\r"

// guarded keeps a text as it is in a spreadsheet that opens a CSV file: one that it would run as a formula gets an apostrophe before it,
// one that it would take for a number and round (an ID or card number) or strip of zeros (a code) gets a tab behind it.
func guarded(s string) string {
	switch {
	case s == "":
		return ""
	case strings.ContainsRune(formulaStart, rune(s[0])):
		return "'" + s
	case looksNumeric(s):
		return s + "\t"
	}
	return s
}

// looksNumeric tells whether a spreadsheet could read the text as a number or a date.
func looksNumeric(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(".,-/: eExX", r):
		default:
			return false
		}
	}
	return digits > 0
}

// Decimal is the number that a cell holds, where it holds one.
func (c Cell) Decimal() (decimal.Decimal, bool) {
	if c.kind != numberCell && c.kind != amountCell {
		return decimal.Decimal{}, false
	}
	return exact(c.text)
}
