// Package sheet brings rows in from CSV files and workbooks and out to them: encodings, headings and units as people write them, cells as
// their programs stored them, and cells that a spreadsheet shows as they are.
package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
)

// Column is a column a file may have: the name code knows it by, and the headings people write above it.
type Column struct {
	Name     string
	Headings []string // the first is the one to show
	Required bool
	Instead  []string           // the columns any of which does, too, where the column is required
	Date     bool               // holds days
	Number   bool               // holds numbers
	Unit     string             // what its numbers count: Yuan, Mu, Shares, People, Years; "" where the books say it
	Signed   bool               // its numbers may be below zero
	Called   bool               // holds names: never a bare number
	Word     bool               // holds one of a few words: blanks in it mean nothing
	Free     bool               // holds whatever people note: a day or a number, too
	Proof    func(string) error // of long numbers: it tells whose last digits are lost
	Aside    bool               // for people only: a file may have several, each named by its heading; see IsAside
	Beside   []string           // the column is meant only where one of these headings is, too; there its headings are no other column's
}

const aside = "aside:"

// IsAside tells whether a column of a table is there for people only.
func IsAside(column string) bool { return strings.HasPrefix(column, aside) }

// Layout is what a person has said of a file that the file does not say itself.
type Layout struct {
	Sheets  []string                     `json:"sheets,omitempty"`  // the sheets to read, by name; none: the one that has the headings
	Hidden  string                       `json:"hidden,omitempty"`  // what to do with what is hidden: ReadHidden or SkipHidden; "" asks
	Columns map[string]string            `json:"columns,omitempty"` // headings as they stand, and the columns that they are; Leave for none
	Words   map[string]map[string]string `json:"words,omitempty"`   // of columns: words, and what they mean
}

// With is a copy that may be put to.
func (l Layout) With() Layout {
	l.Columns = maps.Clone(l.Columns)
	if l.Columns == nil {
		l.Columns = map[string]string{}
	}
	words := map[string]map[string]string{}
	for column, list := range l.Words {
		words[column] = maps.Clone(list)
	}
	l.Words = words
	return l
}

// Means puts what a word of a column means.
func (l Layout) Means(column, word, meaning string) {
	if l.Words[column] == nil {
		l.Words[column] = map[string]string{}
	}
	l.Words[column][word] = meaning
}

// What to do with what is hidden, and with a column that is to be passed over.
const (
	ReadHidden = "read"
	SkipHidden = "skip"
	Leave      = "-"
)

// AllSheets names every sheet that people see.
const AllSheets = "*"

// Row is one row of a file: its number, and its cells in the order of the table's columns. Cells are clean: see Table.
type Row struct {
	Number int // the line as a spreadsheet numbers it, the heading often being 1; see Table.Where for files of several sheets
	Cells  []string
	Run    bool   // its cells have run together into one
	Under  string // the title of the group that it stands under, "" where there is none
}

// Table is a file that has been read. Its cells are in one spelling; days are written 2026-03-05, numbers plain and in the unit that their
// column counts.
type Table struct {
	Rows    []Row
	Columns []string          // names of the columns found, in the file's order
	Heading map[string]string // the heading each of them stood under
	Heads   []Head            // every column of the file, as it was understood
	Passed  []Passed          // lines of the file that are no data
	Sheets  []string          // those that were read
	Unread  []Sheet           // those that have something in them and were not
	Choose  bool              // several sheets have the headings, and nobody has said which are meant
	Hidden  int               // rows and columns of data that people do not see, where nobody has said what to do with them
	Veiled  int               // those rows and columns, whatever somebody has said of them
	Sure    bool              // the headings have been found; else they are a guess
	Missing []string          // required columns that no heading names, by their first heading
	Loose   []string          // units that the file says and that no column can be turned from
	Idle    []string          // units that the file says and no column needs

	columns map[string]Column
	parts   []*part
	faults  map[int][]*Error
	layout  Layout
}

// Passed is a line that is no data.
type Passed struct {
	Number int
	Text   string // the beginning of what it says
	Why    string // what it is, in Chinese
}

// part is what a sheet adds to a table.
type part struct {
	sheet   int
	name    string
	grid    *grid
	head    *headings
	first   int   // of its rows, in the table
	lines   []int // of each of its rows: the line of the grid
	at      []int // of each column of the table: the column of the grid, or -1
	scale   []scale
	heads   []int // of each column of the grid: its place in the table's Heads
	date    func(float64) (string, bool)
	mergers map[[2]int]string
	near    bool // whether the line that is looked at stands right below headings
}

// Error says what is wrong with a file: as a whole, with a row, or with a cell.
type Error struct {
	Row    int    // 0 when it is not about one
	Column string // the name of the column where it is about a cell
	Value  string // of that cell
	Text   string
	Args   []any
}

func (e *Error) Error() string { return fmt.Sprintf(e.Text, e.Args...) }

func wrong(row int, text string, args ...any) error { return &Error{Row: row, Text: text, Args: args} }

func itoa(n int) string { return strconv.Itoa(n) }

// sheetRows is how far the numbers of rows of one sheet are from those of the next, in a file of which several are read.
const sheetRows = 1 << 21

// Where tells the sheet and the line of a row: the sheet is "" where one alone is read.
func (t *Table) Where(number int) (sheet string, line int) {
	if len(t.parts) < 2 {
		return "", number
	}
	return t.parts[min(number/sheetRows, len(t.parts)-1)].name, number % sheetRows
}

// Place names a row as people find it: its line, with the sheet's name where several are read.
func (t *Table) Place(number int) string {
	sheet, line := t.Where(number)
	if sheet == "" {
		return itoa(line)
	}
	return itoa(line) + "(" + sheet + ")"
}

// Get returns a row's cell in a column, "" where the file has no such column.
func (t *Table) Get(row Row, column string) string {
	if i := slices.Index(t.Columns, column); i >= 0 {
		return row.Cells[i]
	}
	return ""
}

// IsNumber tells whether a column holds numbers.
func (t *Table) IsNumber(column string) bool { return t.columns[column].Number }

// Unit is what a heading says that its column's numbers are written in, "" where nothing says it.
func (t *Table) Unit(column string) string {
	for _, h := range t.Heads {
		if h.Column == column {
			return h.Unit
		}
	}
	return ""
}

// Layout is a digest of the headings, in their order: the files of one sender have it in common.
func (t *Table) Layout() string {
	h := sha256.New()
	for _, head := range t.Heads {
		if head.Sheet == t.Heads[0].Sheet && head.Text != "" {
			h.Write([]byte(whole(head.Text) + "\x00"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// Counts is the unit that a column's numbers are turned into, "" where they stay as the file has them.
func (t *Table) Counts(column string) string {
	for _, h := range t.Heads {
		if h.Column == column && h.Factor != "" {
			return t.columns[column].Unit
		}
	}
	return ""
}

// Release lets go of what the file held: the table can be read on, and not be changed any more.
func (t *Table) Release() {
	for _, p := range t.parts {
		p.grid, p.mergers = nil, nil
	}
}

// Faults are the cells that cannot be used, of a row of the table.
func (t *Table) Faults(row int) []*Error { return t.faults[row] }

// Set changes a cell of a row to what a person types: its numbers are in the unit that the column counts, as the table shows them.
func (t *Table) Set(row, column int, text string) {
	p := t.partOf(row)
	at := p.at[column]
	if at < 0 || text == t.Rows[row].Cells[column] { // a cell that comes back as it was stays what it is
		return
	}
	l := &p.grid.lines[p.lines[row-p.first]]
	for len(l.cells) <= at {
		l.cells = append(slices.Clip(l.cells), cell{})
	}
	l.cells[at] = cell{clean(text), typed}
	delete(p.mergers, [2]int{l.number, at})
	t.fill(row)
}

func (t *Table) partOf(row int) *part {
	i := len(t.parts) - 1
	for i > 0 && t.parts[i].first > row {
		i--
	}
	return t.parts[i]
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
