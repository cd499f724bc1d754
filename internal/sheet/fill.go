package sheet

import (
	"regexp"
	"slices"
	"strings"
)

// fill reads a row's cells anew.
func (t *Table) fill(row int) {
	p := t.partOf(row)
	l := p.grid.lines[p.lines[row-p.first]]
	r := &t.Rows[row]
	r.Cells = make([]string, len(t.Columns))
	delete(t.faults, row)
	fault := func(column, value, text string, args ...any) {
		t.faults[row] = append(t.faults[row], &Error{Row: r.Number, Column: column, Value: value, Text: text, Args: args})
	}
	if p.grid.text {
		t.shifted(p, l, fault)
	}
	for i, column := range t.Columns {
		at := p.at[i]
		if at < 0 {
			continue
		}
		var c cell
		if at < len(l.cells) {
			c = l.cells[at]
		}
		if c.text == "" && c.kind == textual && len(p.mergers) > 0 && !t.columns[column].Number {
			c.text = p.mergers[[2]int{l.number, at}]
		}
		text, e := t.read(p, i, c)
		if e != nil && !slices.ContainsFunc(t.faults[row], func(before *Error) bool { return before.Column == column }) {
			fault(column, c.text, e.Text, e.Args...)
		}
		r.Cells[i] = text
	}
	for at, c := range l.cells {
		if at < len(p.heads) && t.Heads[p.heads[at]].Column == outside && (c.kind != textual || c.text != "") {
			fault("", c.text, "比表头多出一格“%s”(%s 列);是不是有一格里的逗号没有加引号,后面的格都错开了?", c.text, ColumnName(at))
		}
	}
	if r.Run {
		fault("", "", "这一行没有分成格;请检查分隔的符号,分好再传")
	}
}

// read reads a clean cell of a column: a day, a number in the column's own unit, a text, or what it means by what a person has said of it.
func (t *Table) read(p *part, i int, c cell) (string, *Error) {
	column := t.columns[t.Columns[i]]
	if column.Aside {
		return c.text, nil
	}
	switch c.kind {
	case failed:
		return c.text, &Error{Text: "是公式的错误值 %s;请在表格里改好再传", Args: []any{c.text}}
	case hollow:
		if !column.Number && !column.Date {
			return "", nil
		}
		fallthrough
	case unsolved:
		return "", &Error{Text: "是没有算出结果的公式;请在电子表格里打开,另存以后再传"}
	case boolean:
		return c.text, &Error{Text: "%s 不是这一列要的;请改成文字或数", Args: []any{c.text}}
	}
	if c.text == "" {
		return "", nil
	}
	if broken.MatchString(c.text) {
		return c.text, &Error{Text: "“%s”是表格里出错的格子;请在表格里改好再传", Args: []any{c.text}}
	}
	switch {
	case column.Date:
		day := dateIn(c, p.date)
		if c.kind == percent || c.kind == dated && day == c.text && !strings.Contains(day, "-") {
			return c.text, &Error{Text: "“%s”不是日期;请写成 2025-12-09", Args: []any{c.text}}
		}
		return day, nil
	case column.Number:
		return t.number(p, i, column, c)
	case column.Free:
		return c.text, nil
	case c.kind == dated:
		return c.text, &Error{Text: "电子表格把这一格当成了日期 %s;请把这一列设为文本,照原样重新填写", Args: []any{c.text}}
	case c.kind == numeric && tooLong(c.text):
		return c.text, digitsLost(c.text)
	}
	if to, ok := t.layout.Words[column.Name][c.text]; ok {
		return to, nil
	}
	if column.Word {
		c.text = strings.Join(strings.Fields(c.text), "")
	}
	switch {
	case strings.Contains(nothingWords, " "+c.text+" "):
		return "", nil
	case column.Called && noName.MatchString(c.text):
		return c.text, &Error{Text: "“%s”不是名称;请改成名称,没有就留空", Args: []any{c.text}}
	case largeNumber.MatchString(c.text) || column.Proof != nil && rounded(c.text, column.Proof):
		return c.text, digitsLost(c.text)
	}
	return c.text, nil
}

// rounded tells whether a number of many digits has been a quantity once, before it came as a text: 2.10727E+5, 210727196001010000.
func rounded(text string, proof func(string) error) bool {
	return anyPower.MatchString(text) || lastLost.MatchString(text) && proof(text) != nil
}

var (
	// broken is what a spreadsheet shows of a formula that went wrong, of a number too wide for its cell, and a formula as it was typed.
	broken = regexp.MustCompile(`^(#(REF|VALUE|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN)!|#N/A|#NAME\?|#DIV/0!|` +
		`#GETTING_DATA|#{3,}|Err:\d+|=([VHX]?LOOKUP|IF|IFERROR|SUM|INDEX|TEXT|ROUND|CONCATENATE|MID|LEFT|RIGHT)\(.*)$`)
	// noName is what programs write where there is no name.
	noName      = regexp.MustCompile(`(?i)^(true|false|null|nan|none|nil|undefined|n/a|-?\d+(\.\d+)?)$`)
	largeNumber = regexp.MustCompile(`^[-+]?\d(\.\d+)?[eE]\+?\d{2}$`)
	anyPower    = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)
	lastLost    = regexp.MustCompile(`^\d{15,}000$`)
)

// digitsLost is said of a long number that a spreadsheet took for a quantity.
func digitsLost(text string) *Error {
	return &Error{Text: "%s 被电子表格当成了数字,它只记得住 15 位,后面几位已经不可信;请把这一列设为文本,照证件重新填写", Args: []any{text}}
}

// tooLong tells whether a number has more digits than a spreadsheet keeps.
func tooLong(text string) bool {
	digits := strings.TrimLeft(strings.TrimPrefix(text, "-"), "0")
	return len(digits) > shownDigits && strings.Trim(digits, "0123456789") == "" || strings.ContainsAny(text, "eE")
}

// number reads a cell of numbers, into the unit that the column counts.
func (t *Table) number(p *part, i int, column Column, c cell) (string, *Error) {
	switch c.kind {
	case dated:
		return c.text, &Error{Text: "电子表格把这一格当成了日期 %s;请把这一列设为数值,重新填写", Args: []any{c.text}}
	case percent:
		return c.text, &Error{Text: "这一格是百分数 %s,不是数;请换算好再填", Args: []any{c.text}}
	}
	cell := c.text
	if column.Unit == Mu || column.Unit == Counted {
		cell = inMu(cell)
	}
	text, u, fault := numberIn(cell)
	if fault != nil {
		return c.text, fault
	}
	d, is := exact(text)
	if !is {
		return text, nil
	}
	s := p.scale[i]
	if c.kind == typed {
		s = scale{plain: true}
	}
	if !u.none() {
		own, _, _, wrong := scaleOf(column, ofLand(column, t.Heading[column.Name], u), nil)
		switch {
		case wrong != nil:
			return c.text, wrong
		case column.Unit == "" && u.text != t.Unit(column.Name):
			return c.text, &Error{Text: "“%s”带着单位;请把单位写在表头里,或写在“单位”一列", Args: []any{c.text}}
		case own.is && s.is && !own.by.Equal(s.by), !own.is && s.is, own.is && !s.is && !s.plain:
			return c.text, &Error{Text: "“%s”的单位与表头的不同;请改成一样的", Args: []any{c.text}}
		}
		if own.is {
			s = own
		}
	}
	if s.is {
		d = d.Mul(s.by)
		text = d.String()
	}
	if (column.Unit == People || column.Unit == Years || column.Unit == "") && d.IsInteger() { // 2.0, as programs write a whole number
		text = d.String()
	}
	if d.IsNegative() && !column.Signed {
		shown := d.String()
		if column.Unit == Yuan {
			shown = d.StringFixed(2)
		}
		return text, &Error{Text: "“%s”是负数 %s;这里只记正数,记错的账请用冲销", Args: []any{c.text, shown}}
	}
	return text, nil
}

var (
	beforeComma = regexp.MustCompile(`^[-¥]?\d{1,3}$`)
	afterComma  = regexp.MustCompile(`^\d{3}(\.\d{1,2})?元?$`)
	remarks     = regexp.MustCompile(`备注|说明|摘要`)
	someThree   = regexp.MustCompile(`^\d{3}$`)
)

// shifted notes cells of a text file that look like the second half of a number cut at its comma. Three digits alone can be a voucher's
// number, or a row's: they are pointed out where the column is no name.
func (t *Table) shifted(p *part, l line, fault func(column, value, text string, args ...any)) {
	for i, name := range t.Columns {
		at := p.at[i]
		if at < 0 || at+1 >= len(l.cells) || !t.columns[name].Number || !beforeComma.MatchString(strings.TrimSpace(l.cells[at].text)) {
			continue
		}
		text := l.cells[at+1].text
		next := slices.Index(p.at, at+1)
		if !afterComma.MatchString(text) || next < 0 || t.columns[t.Columns[next]].Number ||
			someThree.MatchString(text) && !t.columns[t.Columns[next]].Called && !t.columns[t.Columns[next]].Free &&
				!remarks.MatchString(t.Heading[t.Columns[next]]) {
			continue
		}
		fault(t.Columns[next], text, "“%s”不像这一列的,像是 %s,%s 被逗号切开了;请去掉千分位的逗号,或给这个数加引号", text, strings.TrimSpace(l.cells[at].text), text)
	}
}
