package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// formulaStart are the characters that make a spreadsheet run a cell as a formula when it begins with one.
const formulaStart = "=+-@\t\r"

// Writer writes a CSV file for spreadsheets: UTF-8 with a byte order mark, lines ended by CR LF.
type Writer struct {
	out *csv.Writer
	err error
}

// NewWriter begins a file with its headings.
func NewWriter(w io.Writer, headings ...string) *Writer {
	_, err := io.WriteString(w, "\ufeff")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	s := &Writer{out, err}
	s.Row(Texts(headings...)...)
	return s
}

// Cell is a cell that is safe in a spreadsheet.
type Cell string

// Text is a cell that shows a text as it is: one that a spreadsheet would run as a formula gets an apostrophe before it, one that it would
// take for a number and round (an ID or card number) or strip of zeros (a code) gets a tab behind it, which keeps it a text.
func Text(s string) Cell {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if s == "" {
		return ""
	}
	if strings.ContainsRune(formulaStart, rune(s[0])) {
		return Cell("'" + s)
	}
	if looksNumeric(s) {
		return Cell(s + "\t")
	}
	return Cell(s)
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

// Number is a cell that a spreadsheet may calculate with. It must come from a number's own String.
func Number(s string) Cell { return Cell(s) }

// Date is a cell with a date that a spreadsheet may read as one.
func Date(s string) Cell { return Cell(s) }

// Texts makes a text cell of each string.
func Texts(s ...string) (cells []Cell) {
	for _, t := range s {
		cells = append(cells, Text(t))
	}
	return cells
}

// Row writes one row.
func (w *Writer) Row(cells ...Cell) {
	if w.err != nil {
		return
	}
	record := make([]string, len(cells))
	for i, c := range cells {
		record[i] = string(c)
	}
	w.err = w.out.Write(record)
}

// Close writes out what is left and returns the first error.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	w.out.Flush()
	return w.out.Error()
}
