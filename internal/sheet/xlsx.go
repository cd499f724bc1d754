package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// The bounds of what is unpacked, looked at before it is: how large one part of a workbook may become, from which size on it may not be
// more than so many times what it is packed, and how far two tags in it may be apart.
const (
	maxPart    = 256 << 20
	ratioFrom  = 4 << 20
	maxRatio   = 100
	maxBetween = 8 * maxCell
	maxParts   = 10_000
)

var errWorkbook = wrong(0, "这不是完好的 XLSX 文件;请在电子表格里重新保存再上传")

// xlsx is an opened workbook. Only the parts that are needed are unpacked.
type xlsx struct {
	parts   map[string]*zip.File
	sheets  []string // part names
	strings []string // shared by the cells
	loaded  bool     // whether they have been read
	formats []numberFormat
	date    func(serial float64) (string, bool)
}

// openXLSX opens a workbook: what sheets it has, and how it counts days.
func openXLSX(content []byte) (*Book, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errWorkbook
	}
	if len(z.File) > maxParts {
		return nil, wrong(0, "这个压缩包里有 %s 个文件,不是表格", itoa(len(z.File)))
	}
	x := &xlsx{parts: map[string]*zip.File{}, date: date1900}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"))
		if x.parts[name] == nil { // the first, as spreadsheets take it
			x.parts[name] = f
		}
	}
	main, err := x.main()
	if err != nil {
		return nil, err
	}
	b, err := x.workbook(main)
	if err != nil {
		return nil, err
	}
	if err := x.styles(path.Dir(main) + "/styles.xml"); err != nil {
		return nil, err
	}
	shared := path.Dir(main) + "/sharedstrings.xml"
	b.read = func(i int, left *budget) (*grid, error) {
		if err := x.readStrings(shared); err != nil {
			return nil, err
		}
		return x.sheet(i, left)
	}
	for i := range b.Sheets {
		empty, err := x.empty(i)
		if err != nil {
			return nil, err
		}
		b.Sheets[i].Empty = empty
	}
	return b, nil
}

// main finds the part that describes the workbook, and tells what the file is where it has none.
func (x *xlsx) main() (string, error) {
	for _, other := range []struct{ part, text string }{
		{"ofd.xml", "这是 OFD 版式文件,不是表格;请上传 XLSX 或 CSV 文件"},
		{"word/document.xml", "这是 Word 文档,不是表格;请把里面的表格复制到电子表格里,存成 XLSX 再上传"},
		{"ppt/presentation.xml", "这是演示文稿,不是表格;请上传 XLSX 或 CSV 文件"},
		{"xl/workbook.bin", "这是二进制的 XLSB 文件;请在电子表格里另存为 XLSX 再上传"},
		{"index/document.iwa", "这是 Numbers 表格;请导出为 XLSX 再上传"},
	} {
		if x.parts[other.part] != nil {
			return "", wrong(0, other.text)
		}
	}
	if f := x.parts["mimetype"]; f != nil {
		if what, err := x.text(f, 200); err == nil && strings.Contains(what, "opendocument.spreadsheet") {
			return "", wrong(0, "这是 OpenDocument 表格(ODS);请在电子表格里另存为 XLSX 再上传")
		} else if err == nil && strings.Contains(what, "opendocument") {
			return "", wrong(0, "这是 OpenDocument 文档,不是表格;请上传 XLSX 或 CSV 文件")
		}
	}
	main := "xl/workbook.xml"
	if x.parts["_rels/.rels"] != nil {
		if err := x.each("_rels/.rels", func(m *markup) error {
			if string(m.name) == "Relationship" && strings.HasSuffix(m.attr("Type"), "/officeDocument") {
				main = partName("", m.attr("Target"))
			}
			return nil
		}); err != nil {
			return "", err
		}
	}
	if x.parts[main] == nil {
		if x.parts["xl/workbook.xml"] == nil && x.parts["[content_types].xml"] == nil {
			return "", wrong(0, "这是压缩包;请解压以后上传里面的表格")
		}
		return "", errWorkbook
	}
	return main, nil
}

// partName is the name of the part that another in a folder points to.
func partName(folder, target string) string {
	if strings.HasPrefix(target, "/") {
		folder = ""
	}
	return strings.TrimPrefix(strings.ToLower(path.Join(folder, target)), "/")
}

// workbook reads the list of sheets.
func (x *xlsx) workbook(main string) (*Book, error) {
	folder := path.Dir(main)
	targets := map[string]string{}
	rels := folder + "/_rels/" + path.Base(main) + ".rels"
	if err := x.each(rels, func(m *markup) error {
		if string(m.name) == "Relationship" && strings.HasSuffix(m.attr("Type"), "/worksheet") {
			targets[m.attr("Id")] = partName(folder, m.attr("Target"))
		}
		return nil
	}); err != nil {
		return nil, err
	}
	b := &Book{}
	err := x.each(main, func(m *markup) error {
		switch string(m.name) {
		case "workbookPr":
			if isTrue(m.attr("date1904")) {
				x.date, b.from1904 = date1904, true
			}
		case "sheet":
			if target := targets[m.attr("id")]; target != "" { // others are charts
				b.Sheets = append(b.Sheets, Sheet{Name: m.attr("name"), Hidden: m.attr("state") != "" && m.attr("state") != "visible"})
				x.sheets = append(x.sheets, target)
			}
		}
		return nil
	})
	if err == nil && len(b.Sheets) == 0 {
		err = wrong(0, "文件是空的")
	}
	return b, err
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// styles reads how cells show their numbers.
func (x *xlsx) styles(name string) error {
	if x.parts[name] == nil {
		return nil
	}
	custom, inside := map[int]string{}, false
	return x.each(name, func(m *markup) error {
		switch string(m.name) {
		case "numFmt":
			id, _ := strconv.Atoi(m.attr("numFmtId"))
			custom[id] = m.attr("formatCode")
		case "cellStyleXfs", "cellStyles", "dxfs":
			inside = false
		case "cellXfs":
			inside = true
		case "xf":
			if inside && len(x.formats) < 1<<16 {
				id, _ := strconv.Atoi(m.attr("numFmtId"))
				x.formats = append(x.formats, readFormat(id, custom[id]))
			}
		}
		return nil
	})
}

// open unpacks a part, within its bounds.
func (x *xlsx) open(f *zip.File) (io.ReadCloser, error) {
	size, packed := f.UncompressedSize64, f.CompressedSize64
	if size > maxPart || size > ratioFrom && size/maxRatio > packed {
		return nil, wrong(0, "这个 XLSX 文件里的 %s 解开有 %s MB,太大了;请把表格之外的内容删掉,另存再上传", path.Base(f.Name),
			strconv.FormatUint(size>>20, 10))
	}
	r, err := f.Open()
	if err != nil {
		return nil, errWorkbook
	}
	return &bounded{ReadCloser: r, left: int64(size)}, nil
}

// bounded reads a part of markup that is no larger than it said, and in which no text is longer than a cell may be.
type bounded struct {
	io.ReadCloser
	left    int64
	between int // bytes since the last tag began
}

var errTooLong = wrong(0, "这个 XLSX 文件里有一格太长;请把表格之外的内容删掉,另存再上传")

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errWorkbook
	}
	for rest := p[:n]; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			b.between += len(rest)
		} else {
			b.between += i
		}
		if b.between > maxBetween {
			return 0, errTooLong
		}
		if i < 0 {
			return n, err
		}
		b.between, rest = 0, rest[i+1:]
	}
}

// text reads the beginning of a part that is no markup.
func (x *xlsx) text(f *zip.File, most int64) (string, error) {
	r, err := x.open(f)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most))
	return string(b), err
}

// errEnough ends the reading of a part before its end.
var errEnough = errors.New("enough")

// each calls a function for every element of a part.
func (x *xlsx) each(name string, f func(*markup) error) error {
	file := x.parts[name]
	if file == nil {
		return errWorkbook
	}
	r, err := x.open(file)
	if err != nil {
		return err
	}
	defer r.Close()
	m := newMarkup(r)
	for {
		if _, err = m.next(); err == nil && m.kind == startTag {
			err = f(m)
		}
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, errEnough):
			return nil
		case err != nil:
			return asFile(err)
		}
	}
}

// asFile turns what the libraries say of a broken file into what people can do about it.
func asFile(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return errWorkbook
}

// content reads the text inside an element up to its end: of the elements named text alone where it names them, and nothing of those that
// tell how to say it.
func content(m *markup, element, text string) (string, error) {
	var all strings.Builder
	within, skip := text == "", 0
	if m.close { // <v/>
		_, err := m.next()
		return "", err
	}
	for {
		piece, err := m.next()
		if err != nil {
			return "", ended(err)
		}
		switch m.kind {
		case startTag:
			switch string(m.name) {
			case "rPh":
				skip++
			case text:
				within = true
			}
		case endTag:
			switch string(m.name) {
			case element:
				return escapes(all.String()), nil
			case "rPh":
				skip--
			case text:
				within = false
			}
		case charData:
			if within && skip == 0 {
				if all.Write(piece); all.Len() > maxCell {
					return "", errTooLong
				}
			}
		}
	}
}

var escape = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// escapes writes the characters that a workbook spells as _x000D_, by ECMA-376 part 1, 22.4.2.4.
func escapes(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escape.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 {
			return code
		}
		return string(rune(n))
	})
}

// ended makes the end of a part in the middle of an element a fault.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readStrings reads the texts that cells share.
func (x *xlsx) readStrings(name string) error {
	if x.loaded || x.parts[name] == nil {
		return nil
	}
	x.loaded = true
	left := maxText
	return x.each(name, func(m *markup) error {
		if string(m.name) != "si" {
			return nil
		}
		s, err := content(m, "si", "t")
		if left -= len(s) + 16; left < 0 {
			return wrong(0, "文件里的内容太多,请分成几个文件")
		}
		x.strings = append(x.strings, s)
		return err
	})
}

// empty tells whether a sheet has no cell with something in it, by its first ones.
func (x *xlsx) empty(i int) (bool, error) {
	empty, seen := true, 0
	err := x.each(x.sheets[i], func(m *markup) error {
		switch string(m.name) {
		case "v", "t", "f":
			empty = false
			return errEnough
		case "c":
			if seen++; seen > maxCells {
				return wrong(0, "文件里的内容太多,请分成几个文件")
			}
		}
		return nil
	})
	return empty, err
}

// sheet reads a sheet.
func (x *xlsx) sheet(i int, left *budget) (*grid, error) {
	g := &grid{hidden: map[int]bool{}}
	l, at := line{}, 0
	flush := func() error {
		if l.cells = trimmed(l.cells); len(l.cells) == 0 {
			return nil
		}
		err := left.spend(l)
		g.lines = append(g.lines, l)
		return err
	}
	err := x.each(x.sheets[i], func(m *markup) error {
		switch string(m.name) {
		case "col":
			from, _ := strconv.Atoi(m.attr("min"))
			to, _ := strconv.Atoi(m.attr("max"))
			for c := max(from, 1); c <= min(to, maxColumns) && isTrue(m.attr("hidden")); c++ {
				g.hidden[c-1] = true
			}
		case "row":
			if err := flush(); err != nil {
				return err
			}
			number := l.number + 1
			if n, err := strconv.Atoi(m.attr("r")); err == nil {
				number = n
			}
			if number <= l.number || number > maxLines {
				return errWorkbook
			}
			l, at = line{number: number, hidden: isTrue(m.attr("hidden"))}, 0
		case "c":
			if r := m.attr("r"); r != "" {
				at = columnOf(r)
			}
			c, err := x.cell(m)
			if err != nil {
				return err
			}
			if c.kind != textual || c.text != "" {
				if at < 0 || at >= maxColumns {
					return wrong(l.number, "第 %s 行 %s 列有内容,一张表最多 %s 列;请把表格之外的内容删掉", itoa(l.number), ColumnName(at), itoa(maxColumns))
				}
				if at >= cap(l.cells) && len(g.lines) > 0 {
					l.cells = append(make([]cell, 0, max(at+1, len(g.lines[len(g.lines)-1].cells))), l.cells...)
				}
				for len(l.cells) <= at {
					l.cells = append(l.cells, cell{})
				}
				l.cells[at] = c
			}
			at++
		case "mergeCell":
			if a, ok := areaOf(m.attr("ref")); ok && len(g.merged) < MaxRows {
				g.merged = append(g.merged, a)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g, flush()
}

// columnOf is the column of a reference such as AB12, from 0; -1 for none.
func columnOf(ref string) int {
	n := 0
	for i := range len(ref) {
		c := ref[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || n > maxLines {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// areaOf reads A2:C3.
func areaOf(ref string) (a area, ok bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return a, false
	}
	row := func(ref string) int {
		n, _ := strconv.Atoi(strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return n
	}
	return area{row(from), columnOf(from), row(to), columnOf(to)}, true
}

// cell reads one cell up to its end.
func (x *xlsx) cell(m *markup) (c cell, err error) {
	kind, style := m.attr("t"), m.attr("s")
	formula, valued := false, false
	for {
		if _, err := m.next(); err != nil {
			return c, ended(err)
		}
		switch {
		case m.kind == startTag:
			switch string(m.name) {
			case "f":
				formula = true
			case "v":
				valued = true
				c.text, err = content(m, "v", "")
			case "is":
				c.text, err = content(m, "is", "t")
			}
			if err != nil {
				return c, err
			}
		case m.kind == endTag && string(m.name) == "c":
			return x.typed(c.text, kind, style, formula && (!valued || c.text == "" && kind != "str"))
		}
	}
}

// typed makes a cell of what is written for it: the value, its type and its style.
func (x *xlsx) typed(value, kind, style string, unworked bool) (cell, error) {
	if unworked {
		return cell{"", unsolved}, nil
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if value == "" {
			return cell{}, nil
		}
		if err != nil || n < 0 || n >= len(x.strings) {
			return cell{}, errWorkbook
		}
		return cell{x.strings[n], textual}, nil
	case "str", "inlineStr":
		return cell{value, textual}, nil
	case "e":
		return cell{value, failed}, nil
	case "b":
		if value == "1" || value == "true" {
			return cell{"TRUE", boolean}, nil
		}
		return cell{"FALSE", boolean}, nil
	case "d":
		return cell{readDate(value), dated}, nil
	}
	if value == "" {
		return cell{}, nil
	}
	var f numberFormat
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(x.formats) {
		f = x.formats[n]
	}
	return f.cell(value, x.date), nil
}

// shownDigits is how many digits of a number a spreadsheet shows and lets people type.
const shownDigits = 15

// plainNumber writes a stored number in full, without the noise of the binary fraction it is stored as: 1.23456785E7 is 12345678.5, and
// 392.01600000000002 what a person typed or computed as 392.016. A number out of all bounds stays as it is.
func plainNumber(value string) string {
	value = strings.TrimSpace(value)
	if len(value) <= shownDigits && !strings.ContainsAny(value, "eE+") && !strings.HasSuffix(value, ".0") {
		return value
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.Abs(f) >= 1e21 || f != 0 && math.Abs(f) < 1e-9 {
		return value
	}
	d, err := decimal.NewFromString(value)
	if err != nil {
		return value
	}
	if over := d.NumDigits() - shownDigits; over > 0 && d.Exponent() < 0 {
		d = d.Round(max(-d.Exponent()-int32(over), 0))
	}
	return d.String()
}
