package sheet

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
)

// The records of BIFF8 that are read, by the numbers of [MS-XLS] 2.3. Libraries that read the format leave out formulas' results, hidden
// rows and merged cells: what they do not read would be dropped in silence.
const (
	recFormula    = 0x0006
	recEOF        = 0x000a
	recDateMode   = 0x0022
	recFilePass   = 0x002f
	recContinue   = 0x003c
	recColInfo    = 0x007d
	recBoundSheet = 0x0085
	recMulRk      = 0x00bd
	recRString    = 0x00d6
	recXF         = 0x00e0
	recMerged     = 0x00e5
	recSST        = 0x00fc
	recLabelSST   = 0x00fd
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRow        = 0x0208
	recRK         = 0x027e
	recFormat     = 0x041e
	recBOF        = 0x0809
)

var errXLS = wrong(0, "这不是完好的 XLS 文件;请在电子表格里另存为 XLSX 再上传")

// xls is an opened workbook of the older kind.
type xls struct {
	stream  []byte
	at      []int // where the sheets begin
	strings []string
	formats map[int]string
	xfs     []int // of each style, the number of its format
	read    map[int]numberFormat
	date    func(float64) (string, bool)
}

// openXLS opens a workbook of the older kind. What a broken one makes the reader stumble over is told as an error.
func openXLS(content []byte) (b *Book, err error) {
	defer caught(&err)
	doc, err := mscfb.New(bytes.NewReader(content))
	if err != nil {
		return nil, errXLS
	}
	var stream []byte
	for range maxParts {
		entry, err := doc.Next()
		if err != nil {
			break
		}
		switch entry.Name {
		case "Workbook":
			if stream, err = io.ReadAll(io.LimitReader(entry, int64(len(content)))); err != nil {
				return nil, errXLS
			}
		case "Book":
			if stream == nil {
				err = wrong(0, "这是很旧的 XLS 文件(Excel 5.0/95 或更早);请在电子表格里打开,另存为 XLSX 再上传")
			}
		case "EncryptedPackage", "EncryptionInfo":
			err = errPassword
		case "WordDocument":
			err = wrong(0, "这是 Word 文档,不是表格;请把里面的表格复制到电子表格里,存成 XLSX 再上传")
		case "PowerPoint Document":
			err = wrong(0, "这是演示文稿,不是表格;请上传 XLSX 或 CSV 文件")
		}
		if err != nil {
			return nil, err
		}
	}
	if stream == nil {
		return nil, errXLS
	}
	x := &xls{stream: stream, formats: map[int]string{}, read: map[int]numberFormat{}, date: date1900}
	b = &Book{}
	if err := x.globals(b); err != nil {
		return nil, err
	}
	b.read = func(i int, left *budget) (g *grid, err error) {
		defer caught(&err)
		return x.sheet(i, left)
	}
	for i := range b.Sheets {
		g, err := x.sheet(i, newBudget())
		if err != nil {
			return nil, err
		}
		b.Sheets[i].Empty = len(g.lines) == 0
	}
	return b, nil
}

var errPassword = wrong(0, "这个工作簿有打开密码;请在电子表格里去掉密码,另存再上传")

// caught turns a panic over a broken file into what people can do about it.
func caught(err *error) {
	if recover() != nil {
		*err = errXLS
	}
}

// biff is one record of the stream, and where the next begins.
type biff struct {
	id   int
	data []byte
	next int
}

func (x *xls) record(at int) (r biff, err error) {
	if at < 0 || at+4 > len(x.stream) {
		return r, errXLS
	}
	n := int(binary.LittleEndian.Uint16(x.stream[at+2:]))
	if r.next = at + 4 + n; r.next > len(x.stream) {
		return r, errXLS
	}
	return biff{int(binary.LittleEndian.Uint16(x.stream[at:])), x.stream[at+4 : r.next], r.next}, nil
}

// u16 and u32 read numbers of a record; what is cut off is a broken file.
func (r biff) u16(at int) int { return int(binary.LittleEndian.Uint16(r.data[at:])) }
func (r biff) u32(at int) int { return int(binary.LittleEndian.Uint32(r.data[at:])) }

// globals reads what concerns all sheets.
func (x *xls) globals(b *Book) error {
	for at, first := 0, true; ; first = false {
		r, err := x.record(at)
		if err != nil {
			return err
		}
		at = r.next
		switch r.id {
		case recBOF:
			if first && r.u16(0) != 0x0600 {
				return wrong(0, "这是很旧的 XLS 文件(Excel 5.0/95 或更早);请在电子表格里打开,另存为 XLSX 再上传")
			}
		case recFilePass:
			return errPassword
		case recDateMode:
			if r.u16(0) == 1 {
				x.date, b.from1904 = date1904, true
			}
		case recFormat:
			x.formats[r.u16(0)], _ = x.text(r.data[2:], 2)
		case recXF:
			x.xfs = append(x.xfs, r.u16(2))
		case recBoundSheet:
			if r.data[5] == 0 { // others are charts and macros
				name, _ := x.text(r.data[6:], 1)
				b.Sheets = append(b.Sheets, Sheet{Name: name, Hidden: r.data[4]&3 != 0})
				x.at = append(x.at, r.u32(0))
			}
		case recSST:
			if at, err = x.shared(r, at); err != nil {
				return err
			}
		case recEOF:
			if len(b.Sheets) == 0 {
				return wrong(0, "文件是空的")
			}
			return nil
		}
	}
}

// text reads a string of so many bytes of length: 1 or 2. It returns how much of the data it took.
func (x *xls) text(data []byte, size int) (string, int) {
	n := int(data[0])
	if size == 2 {
		n = int(binary.LittleEndian.Uint16(data))
	}
	flags := data[size]
	at := size + 1
	if flags&8 != 0 {
		at += 2
	}
	if flags&4 != 0 {
		at += 4
	}
	return chars(data[at:], n, flags&1 != 0), at + n*(1+int(flags&1))
}

// chars reads characters of one byte (the lower half of UTF-16) or two.
func chars(data []byte, n int, wide bool) string {
	units := make([]uint16, n)
	for i := range units {
		if wide {
			units[i] = binary.LittleEndian.Uint16(data[2*i:])
		} else {
			units[i] = uint16(data[i])
		}
	}
	return string(utf16.Decode(units))
}

// pieces reads through a record and those that continue it.
type pieces struct {
	x    *xls
	data []byte
	next int // where the record behind begins
	left int // bytes of text that may still be read
}

// more goes on to the continuing record; io.EOF where there is none.
func (p *pieces) more() error {
	r, err := p.x.record(p.next)
	if err != nil || r.id != recContinue {
		return io.EOF
	}
	p.data, p.next = r.data, r.next
	return nil
}

func (p *pieces) bytes(n int) ([]byte, error) {
	var out []byte
	for n > 0 {
		if len(p.data) == 0 {
			if err := p.more(); err != nil {
				return nil, err
			}
		}
		take := min(n, len(p.data))
		out, p.data, n = append(out, p.data[:take]...), p.data[take:], n-take
	}
	return out, nil
}

// pass leaves bytes out.
func (p *pieces) pass(n int) error {
	for n > 0 {
		if len(p.data) == 0 {
			if err := p.more(); err != nil {
				return err
			}
		}
		take := min(n, len(p.data))
		p.data, n = p.data[take:], n-take
	}
	return nil
}

// text reads one shared string. Where its characters go on in the next record, that says anew how wide they are.
func (p *pieces) text() (string, error) {
	head, err := p.bytes(3)
	if err != nil {
		return "", err
	}
	n, flags := int(binary.LittleEndian.Uint16(head)), head[2]
	behind := 0
	if flags&8 != 0 {
		b, err := p.bytes(2)
		if err != nil {
			return "", err
		}
		behind += 4 * int(binary.LittleEndian.Uint16(b))
	}
	if flags&4 != 0 {
		b, err := p.bytes(4)
		if err != nil {
			return "", err
		}
		behind += int(binary.LittleEndian.Uint32(b))
	}
	if p.left -= 2*n + 16; p.left < 0 {
		return "", wrong(0, "文件里的内容太多,请分成几个文件")
	}
	var b strings.Builder
	for wide := flags&1 != 0; n > 0; {
		if len(p.data) == 0 {
			if err := p.more(); err != nil {
				return "", err
			}
			wide = p.data[0]&1 != 0
			p.data = p.data[1:]
		}
		size := 1
		if wide {
			size = 2
		}
		take := min(n, len(p.data)/size)
		if take == 0 {
			return "", errXLS
		}
		b.WriteString(chars(p.data, take, wide))
		p.data, n = p.data[take*size:], n-take
	}
	return b.String(), p.pass(behind)
}

// shared reads the strings that cells share, and returns where the records go on.
func (x *xls) shared(r biff, next int) (int, error) {
	p := &pieces{x: x, data: r.data[8:], next: next, left: maxText}
	for count := r.u32(4); count > 0; count-- {
		s, err := p.text()
		if err == io.EOF { // fewer than it says
			break
		}
		if err != nil {
			return 0, err
		}
		x.strings = append(x.strings, s)
	}
	return p.next, nil
}

// format is how a style shows its number.
func (x *xls) format(style int) numberFormat {
	if style < 0 || style >= len(x.xfs) {
		return numberFormat{kind: numeric}
	}
	id := x.xfs[style]
	f, ok := x.read[id]
	if !ok {
		f = readFormat(id, x.formats[id])
		x.read[id] = f
	}
	return f
}

func (x *xls) number(f float64, style int) cell {
	return x.format(style).cell(strconv.FormatFloat(f, 'G', -1, 64), x.date)
}

// rk reads a number that is packed into 30 bits: a whole one, or the upper half of a fraction, by the hundred where it says so.
func rk(v uint32) float64 {
	f := float64(int32(v) >> 2)
	if v&2 == 0 {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// errorTexts are the errors of formulas by their numbers, by [MS-XLS] 2.5.10.
var errorTexts = map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!",
	0x2a: "#N/A"}

func boolOrError(value, isError byte) cell {
	switch {
	case isError == 1:
		return cell{errorTexts[value], failed}
	case value == 1:
		return cell{"TRUE", boolean}
	}
	return cell{"FALSE", boolean}
}

// sheet reads a sheet.
func (x *xls) sheet(i int, left *budget) (*grid, error) {
	s := &xlsSheet{x: x, grid: &grid{hidden: map[int]bool{}}, rows: map[int][]cell{}, hidden: map[int]bool{}, last: -1}
	for at, depth := x.at[i], 0; ; {
		r, err := x.record(at)
		if err != nil {
			return nil, err
		}
		at = r.next
		switch {
		case r.id == recBOF:
			depth++ // charts stand inside
		case r.id == recEOF:
			if depth--; depth <= 0 {
				return s.grid, s.grid.assemble(s.rows, s.hidden, s.last, left)
			}
		case depth == 1:
			if at, err = s.take(r); err != nil {
				return nil, err
			}
		}
	}
}

// xlsSheet is a sheet while it is read.
type xlsSheet struct {
	x           *xls
	grid        *grid
	rows        map[int][]cell
	hidden      map[int]bool // rows
	last        int          // row with a cell
	cells       int
	waits       bool // for the text of the formula in this cell:
	row, column int
}

func (s *xlsSheet) put(row, column int, c cell) error {
	if s.cells++; s.cells > maxCells {
		return wrong(0, "文件里的内容太多,请分成几个文件")
	}
	l := s.rows[row]
	for len(l) <= column && column < maxColumns {
		l = append(l, cell{})
	}
	l[column] = c
	s.rows[row], s.last = l, max(s.last, row)
	return nil
}

// take reads one record of a sheet, and returns where the next begins.
func (s *xlsSheet) take(r biff) (next int, err error) {
	switch r.id {
	case recRow:
		s.hidden[r.u16(0)] = r.u16(12)&0x20 != 0
	case recColInfo:
		for c := r.u16(0); c <= min(r.u16(2), maxColumns) && r.u16(8)&1 != 0; c++ {
			s.grid.hidden[c] = true
		}
	case recMerged:
		for k := range r.u16(0) {
			o := 2 + 8*k
			s.grid.merged = append(s.grid.merged, area{r.u16(o) + 1, r.u16(o + 4), r.u16(o+2) + 1, r.u16(o + 6)})
		}
	case recString:
		if s.waits {
			s.waits = false
			p := &pieces{x: s.x, data: r.data, next: r.next, left: maxText}
			text, err := p.text()
			if err != nil {
				return 0, errXLS
			}
			return p.next, s.put(s.row, s.column, cell{text, textual})
		}
	case recMulRk:
		for k, column := 4, r.u16(2); k+6 <= len(r.data)-2; k, column = k+6, column+1 {
			if err := s.put(r.u16(0), column, s.x.number(rk(uint32(r.u32(k+2))), r.u16(k))); err != nil {
				return 0, err
			}
		}
	case recLabelSST, recLabel, recRString, recNumber, recRK, recBoolErr, recFormula:
		s.row, s.column = r.u16(0), r.u16(2)
		var c cell
		if c, s.waits, err = s.x.cell(r); err != nil {
			return 0, err
		}
		return r.next, s.put(s.row, s.column, c)
	}
	return r.next, nil
}

// cell reads a record of one cell; text tells that what the formula gave stands in the record behind.
func (x *xls) cell(r biff) (c cell, text bool, err error) {
	style := r.u16(4)
	switch r.id {
	case recLabelSST:
		n := r.u32(6)
		if n >= len(x.strings) {
			return c, false, errXLS
		}
		return cell{x.strings[n], textual}, false, nil
	case recLabel, recRString:
		s, _ := x.text(r.data[6:], 2)
		return cell{s, textual}, false, nil
	case recNumber:
		return x.number(math.Float64frombits(binary.LittleEndian.Uint64(r.data[6:])), style), false, nil
	case recRK:
		return x.number(rk(uint32(r.u32(6))), style), false, nil
	case recBoolErr:
		return boolOrError(r.data[6], r.data[7]), false, nil
	}
	if r.u16(12) != 0xffff { // of a formula, the number that it gave
		return x.number(math.Float64frombits(binary.LittleEndian.Uint64(r.data[6:])), style), false, nil
	}
	switch r.data[6] {
	case 0:
		return cell{}, true, nil
	case 1, 2:
		return boolOrError(r.data[8], r.data[6]-1), false, nil
	}
	return cell{"", hollow}, false, nil
}

// assemble puts the rows in their order.
func (g *grid) assemble(rows map[int][]cell, hidden map[int]bool, last int, left *budget) error {
	for n := 0; n <= last; n++ {
		l := line{number: n + 1, cells: trimmed(rows[n]), hidden: hidden[n]}
		if len(l.cells) == 0 {
			continue
		}
		if err := left.spend(l); err != nil {
			return err
		}
		g.lines = append(g.lines, l)
	}
	return nil
}
