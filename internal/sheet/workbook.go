package sheet

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// workbook writes a sheet row by row: the heading row stays in sight and is printed on each page, ID numbers and codes are text, amounts
// are numbers.
type workbook struct {
	w      io.Writer
	file   *excelize.File
	out    *excelize.StreamWriter
	styles map[cellKind]int
	head   int
	sum    map[cellKind]int
	wide   []float64 // widths of the columns, in characters
	first  [][]Cell  // rows held back until the widths are known
	rows   int
	above  int    // rows above the headings
	dir    string // where the library puts what does not fit into memory
}

// hide takes the names from the files that the library has opened, where the system allows it: what a large sheet holds must not outlive a
// program that is killed.
func (b *workbook) hide() {
	list, _ := os.ReadDir(b.dir)
	for _, f := range list {
		_ = os.Remove(filepath.Join(b.dir, f.Name()))
	}
}

// done throws away what the library holds.
func (b *workbook) done() {
	b.file.Close()
	os.RemoveAll(b.dir)
}

// hiddenEvery is after how many rows new files lose their names.
const hiddenEvery = 64

const sheetName = "Sheet1"

// widthRows is how many rows decide how wide the columns are.
const widthRows = 100

func newWorkbook(w io.Writer, above [][]Cell, headings []string) (*workbook, error) {
	dir, err := os.MkdirTemp("", "xlsx-")
	if err != nil {
		return nil, err
	}
	b := &workbook{w: w, file: excelize.NewFile(excelize.Options{TmpDir: dir}), styles: map[cellKind]int{}, sum: map[cellKind]int{}, dir: dir}
	if err := b.prepare(); err != nil {
		b.done()
		return nil, err
	}
	b.wide = make([]float64, len(headings))
	b.above, b.first = len(above), append(slices.Clone(above), Texts(headings...))
	return b, nil
}

// prepare makes the styles and begins the sheet.
func (b *workbook) prepare() (err error) {
	text, amount := "@", "#,##0.00"
	formats := map[cellKind]*string{textCell: &text, dateCell: &text, faultyCell: &text, amountCell: &amount, numberCell: nil}
	bold := &excelize.Font{Bold: true}
	for _, kind := range slices.Sorted(maps.Keys(formats)) { // the same rows always give the same bytes
		format := formats[kind]
		style := &excelize.Style{CustomNumFmt: format}
		if kind == faultyCell {
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F8C9BD"}}
		}
		if b.styles[kind], err = b.file.NewStyle(style); err != nil {
			return err
		}
		if b.sum[kind], err = b.file.NewStyle(&excelize.Style{CustomNumFmt: format, Font: bold,
			Border: []excelize.Border{{Type: "top", Style: 1, Color: "000000"}}}); err != nil {
			return err
		}
	}
	if b.head, err = b.file.NewStyle(&excelize.Style{Font: bold, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3EFE7"}}}); err != nil {
		return err
	}
	b.out, err = b.file.NewStreamWriter(sheetName)
	return err
}

func (b *workbook) row(cells []Cell) error {
	if b.first == nil {
		return b.write(cells, b.styles)
	}
	if b.first = append(b.first, cells); len(b.first) > widthRows {
		return b.begin()
	}
	return nil
}

// begin writes the rows that were held back, once they have decided the widths.
func (b *workbook) begin() error {
	for _, cells := range b.first[b.above:] {
		for i, c := range cells {
			if i < len(b.wide) {
				n := utf8.RuneCountInString(c.text)
				b.wide[i] = min(max(b.wide[i], float64(n+(len(c.text)-n)/2+2)), 60) // a Chinese character takes the room of two
			}
		}
	}
	for i, width := range b.wide {
		if err := b.out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := b.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: b.above + 1, TopLeftCell: "A" + strconv.Itoa(b.above+2),
		ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	first := b.first
	b.first = nil
	head := map[cellKind]int{textCell: b.head}
	for i, cells := range first {
		styles := b.styles
		if i == b.above {
			styles = head
		}
		if err := b.write(cells, styles); err != nil {
			return err
		}
	}
	return nil
}

func (b *workbook) write(cells []Cell, styles map[cellKind]int) error {
	if b.rows++; b.rows%hiddenEvery == 0 {
		b.hide()
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		var value any = c.text
		if c.kind == numberCell || c.kind == amountCell {
			// The file holds the shortest decimal that reads back as this number: for the at most 15 digits of our amounts the digits that came in.
			if n, err := strconv.ParseFloat(c.text, 64); err == nil {
				value = n
			}
		}
		if c.text == "" {
			value = nil
		}
		values[i] = excelize.Cell{StyleID: styles[c.kind], Formula: c.formula, Value: value}
	}
	return b.out.SetRow("A"+strconv.Itoa(b.rows), values)
}

func (b *workbook) total(cells []Cell) error {
	if b.first != nil {
		if err := b.begin(); err != nil {
			return err
		}
	}
	return b.write(cells, b.sum)
}

func (b *workbook) abort() {
	if b != nil {
		b.done()
	}
}

func (b *workbook) close() error {
	defer b.done()
	if b.first != nil {
		if err := b.begin(); err != nil {
			return err
		}
	}
	if err := b.out.Flush(); err != nil {
		return err
	}
	last, err := excelize.ColumnNumberToName(max(1, len(b.wide)))
	if err != nil {
		return err
	}
	for _, d := range [][2]string{{"_xlnm.Print_Area", fmt.Sprintf("$A$1:$%s$%d", last, b.rows)},
		{"_xlnm.Print_Titles", fmt.Sprintf("$1:$%d", b.above+1)}} {
		if err := b.file.SetDefinedName(&excelize.DefinedName{Name: d[0], RefersTo: sheetName + "!" + d[1], Scope: sheetName}); err != nil {
			return err
		}
	}
	fit, a4, wide, one, any := true, 9, "landscape", 1, 0
	if err := b.file.SetSheetProps(sheetName, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(sheetName, &excelize.PageLayoutOptions{Size: &a4, Orientation: &wide, FitToWidth: &one,
		FitToHeight: &any}); err != nil {
		return err
	}
	return b.file.Write(b.w)
}
