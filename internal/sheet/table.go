package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ident"
)

// Table makes a table of a book for the columns that a list may have. What the file does not say, and a person has to, stands in the table:
// its Heads, Choose, Hidden, Missing.
func (b *Book) Table(columns []Column, layout Layout) (*Table, error) {
	t := &Table{Heading: map[string]string{}, columns: map[string]Column{}, faults: map[int][]*Error{}, layout: layout}
	m := newMatcher(columns, layout)
	for _, c := range columns {
		t.columns[c.Name] = c
	}
	chosen, err := t.choose(b, m)
	if err != nil {
		return nil, err
	}
	for _, p := range chosen {
		m.matchPart(t, p)
	}
	for _, c := range columns {
		if c.Required && !slices.ContainsFunc(append([]string{c.Name}, c.Instead...), func(name string) bool { return t.Heading[name] != "" }) {
			t.Missing = append(t.Missing, c.Headings[0])
		}
	}
	for i, p := range t.parts {
		t.rows(m, p, i)
	}
	if len(t.Rows) > MaxRows {
		return nil, wrong(0, "一个文件最多 %s 行,请分成几个文件", itoa(MaxRows))
	}
	if len(t.Rows) == 0 {
		return nil, wrong(0, "文件只有表头,没有数据行")
	}
	t.look()
	return t, nil
}

// choose reads the sheets that are meant: those that a person named, or those that people see and that have the headings.
func (t *Table) choose(b *Book, m *matcher) ([]*part, error) {
	left := newBudget()
	filled := b.filled()
	if len(filled) == 0 {
		return nil, wrong(0, "文件是空的")
	}
	type candidate struct {
		*part
		sure bool
	}
	var seen, sure []candidate
	for _, i := range filled {
		s := b.Sheets[i]
		named := slices.Contains(m.layout.Sheets, s.Name) || slices.Contains(m.layout.Sheets, AllSheets) && !s.Hidden
		if len(m.layout.Sheets) > 0 && !named || len(m.layout.Sheets) == 0 && s.Hidden {
			t.Unread = append(t.Unread, s)
			continue
		}
		g, err := b.grid(i, left)
		if err != nil {
			return nil, err
		}
		h, known := m.headings(g)
		if h == nil {
			continue
		}
		c := candidate{&part{sheet: i, name: s.Name, grid: g, head: h, date: b.date()}, known}
		if seen = append(seen, c); known {
			sure = append(sure, c)
		}
	}
	switch {
	case len(m.layout.Sheets) > 0 && len(seen) == 0:
		return nil, wrong(0, "工作簿里没有名为“%s”的表;有 %s", strings.Join(m.layout.Sheets, "、"), strings.Join(b.names(), "、"))
	case len(seen) == 0:
		return nil, wrong(0, "工作簿里看得见的表都是空的;藏起来的表有 %s,要读它请先取消隐藏", strings.Join(b.names(), "、"))
	case len(m.layout.Sheets) > 0:
		sure = seen
	case len(sure) == 0:
		sure = seen[:1]
	}
	var list []*part
	for _, c := range sure {
		list = append(list, c.part)
		t.Sheets = append(t.Sheets, c.name)
	}
	for _, c := range seen {
		if !slices.Contains(list, c.part) {
			t.Unread = append(t.Unread, b.Sheets[c.sheet])
		}
	}
	t.Choose = len(list) > 1 && len(m.layout.Sheets) == 0
	t.Sure = !slices.ContainsFunc(sure, func(c candidate) bool { return !c.sure })
	t.parts = list
	return list, nil
}

// names lists the sheets that have something in them.
func (b *Book) names() (list []string) {
	for _, i := range b.filled() {
		list = append(list, b.Sheets[i].Name)
	}
	return list
}

func (b *Book) date() func(float64) (string, bool) {
	if b.from1904 {
		return date1904
	}
	return date1900
}

// scale is what a column's numbers are multiplied by: nothing for 1.
type scale struct {
	by    decimal.Decimal
	is    bool
	plain bool // the numbers are in the column's own unit, or nothing says in which
}

// matchPart tells what each column of a sheet is, and in which unit its numbers are.
func (m *matcher) matchPart(t *Table, p *part) {
	g, h := p.grid, p.head
	var named []string
	for i := range h.parts {
		if len(h.parts[i]) > 0 {
			named = append(named, h.parts[i][len(h.parts[i])-1])
		}
	}
	m.among(named)
	said := p.unitsOutside()
	p.at = make([]int, len(t.Columns))
	p.scale = make([]scale, len(t.Columns))
	for i := range p.at {
		p.at[i] = -1
	}
	width := len(h.parts)
	for _, l := range g.lines[h.to:] {
		width = max(width, len(l.cells))
	}
	h.parts = append(h.parts, make([][]string, width-len(h.parts))...)
	h.above = append(h.above, make([]string, max(0, width-len(h.above)))...)
	for i := range h.parts {
		head := Head{Text: h.text(i), Letter: ColumnName(i), Hidden: g.hidden[i]}
		if len(t.parts) > 1 {
			head.Sheet = p.name
		}
		name, u, byHand, ok := m.find(h.parts[i], h.above[i])
		lettered := head.Text + " (" + head.Letter + ")" // a heading that stands there twice goes by its letter, too
		if to, said := m.layout.Columns[lettered]; said && head.Text != "" {
			head.Text, name, byHand, ok = lettered, to, true, true
		}
		if to, said := m.layout.Columns[ByLetter(head.Letter)]; said && head.Text == "" {
			head.Text, name, byHand, ok = ByLetter(head.Letter), to, true, true
		}
		if ident.HasNumber(head.Text) {
			ok, byHand = false, false
			head.Fault = &Error{Text: "“%s”是号码,不是表头;请在表上加一行表头再传", Args: []any{short(head.Text)}}
		}
		column, known := t.columns[name]
		if byHand && name != Leave && !known {
			ok = false // what it was is no column of this list
		}
		place := slices.Index(t.Columns, name)
		switch {
		case head.Hidden && m.layout.Hidden == SkipHidden:
			head.Column = Leave
		case !ok:
		case name == Leave:
			head.Column, head.Said = name, byHand
		case place >= 0 && p.at[place] >= 0:
			if head.Column = name; !IsAside(name) { // two columns to sign are no harm
				head.Column = ""
				head.Fault = &Error{Text: "表头“%s”和“%s”是同一列;请选一个略过", Args: []any{t.Heading[name], head.Text}}
				if head.Text == t.Heading[name] {
					head.Text = lettered
				}
			}
		default:
			head.Column, head.Said = name, byHand
			place = t.column(p, name, head.Text, i)
			if column.Number && column.Unit == "" && u.none() {
				u = volumeIn(head.Text)
			}
			if column.Number {
				p.scale[place], head.Unit, head.Factor, head.Fault = scaleOf(column, ofLand(column, head.Text, u), said)
			}
		}
		if (head.Column == "" || head.Column == Leave) && head.Text != "" {
			t.column(p, aside+"#"+head.Text, head.Text, i)
		}
		p.heads = append(p.heads, len(t.Heads))
		t.Heads = append(t.Heads, head)
	}
	t.unmet(said)
}

// unmet notes the units of the lines outside that no column takes: they must not be lost.
func (t *Table) unmet(said []unit) {
	for _, u := range said {
		taken := slices.ContainsFunc(t.Columns, func(name string) bool { return takes(t.columns[name], u) })
		switch plain := u.factor.Equal(decimal.NewFromInt(1)); {
		case taken || u.base == "":
		case plain && !slices.Contains(t.Idle, u.text):
			t.Idle = append(t.Idle, u.text)
		case !plain && !slices.Contains(t.Loose, u.text):
			t.Loose = append(t.Loose, u.text)
		}
	}
}

// takes tells whether what a line outside the table says of units can be about a column.
func takes(c Column, u unit) bool {
	return c.Number && (u.base == c.Unit || u.base == Shares && c.Unit == Counted || u.base == "" && c.Unit == Yuan || u.base == Kilos &&
		c.Unit == "")
}

// column gives a part's column a place in the table.
func (t *Table) column(p *part, name, heading string, at int) int {
	place := slices.Index(t.Columns, name)
	if place < 0 {
		place = len(t.Columns)
		t.Columns = append(t.Columns, name)
		t.Heading[name] = heading
		if IsAside(name) {
			t.columns[name] = Column{Name: name, Aside: true}
		}
		for _, other := range t.parts {
			if other.at != nil {
				other.at, other.scale = append(other.at, -1), append(other.scale, scale{})
			}
		}
	}
	p.at[place] = at
	return place
}

// unitsOutside are the units that the lines outside a sheet's table say, its name among them.
func (p *part) unitsOutside() (list []unit) {
	add := func(text string) {
		list = append(list, unitsSaid(text)...)
	}
	add(p.name)
	for i, l := range p.grid.lines {
		if i >= p.head.from && i < p.head.to {
			continue
		}
		if i >= p.head.to && l.filled() > 2 { // a row of data says what its cells say
			continue
		}
		cells := texts(l)
		if whole := strings.Join(cells, " "); sayUnits.MatchString(whole) {
			add(whole)
			for _, text := range cells {
				if _, ok := readUnit(text); ok && filled(cells) > 1 {
					add(text)
				}
			}
		}
	}
	return list
}

// scaleOf works out what a column's numbers are multiplied by: what its heading says, else what the lines outside say.
func scaleOf(c Column, u unit, said []unit) (s scale, shown, factor string, fault *Error) {
	if u.none() {
		for _, o := range said {
			if !takes(c, o) {
				continue
			}
			if !u.none() && !u.factor.Equal(o.factor) {
				return s, "", "", &Error{Text: "表上写了两种单位:%s、%s;请在这一列的表头里写明是哪一种", Args: []any{u.text, o.text}}
			}
			u = o
		}
	}
	if u.none() {
		return scale{plain: true}, "", "", nil
	}
	same := u.base == c.Unit || u.base == "" || u.base == Shares && (c.Unit == Mu || c.Unit == Yuan) ||
		c.Unit == Counted && (u.base == Shares || u.base == Mu || u.base == Yuan)
	switch {
	case c.Unit == "":
		return s, u.text, "", nil // the books know in what it is counted
	case u.factor.IsZero() && u.base != c.Unit || !same:
		return s, u.text, "", &Error{Text: "单位是%s,这一列要的是%s;请换算好再传,或把表头里的单位改过来", Args: []any{u.text, c.Unit}}
	case u.factor.IsZero():
		return s, u.text, "", &Error{Text: "单位%s不能换算成%s;请换算好再传", Args: []any{u.text, c.Unit}}
	case u.factor.Equal(decimal.NewFromInt(1)):
		return s, u.text, "", nil
	}
	return scale{by: u.factor, is: true}, u.text, u.factor.String(), nil
}

// rows makes the rows of a sheet.
func (t *Table) rows(m *matcher, p *part, order int) {
	p.first = len(t.Rows)
	p.mergers = p.grid.fills()
	own := map[string]bool{} // what the headings and the titles say: pages say it again
	for _, l := range p.grid.lines[:p.head.to] {
		for _, text := range texts(l) {
			if text != "" {
				own[text] = true
			}
		}
	}
	number := func(l line) int {
		if len(t.parts) > 1 {
			return order*sheetRows + l.number
		}
		return l.number
	}
	under := ""
	pass := func(l line, why string) {
		t.Passed = append(t.Passed, Passed{number(l), short(strings.Join(slices.DeleteFunc(texts(l), func(s string) bool { return s == "" }),
			" ")), why})
	}
	for _, l := range p.grid.lines[:p.head.from] {
		pass(l, "标题")
	}
	p.near = true
	for i := p.head.to; i < len(p.grid.lines); i++ {
		l := p.grid.lines[i]
		if l.filled() == 0 {
			continue
		}
		if l.hidden {
			t.Veiled++
		}
		if l.hidden && m.layout.Hidden == SkipHidden {
			pass(l, "隐藏的行")
			continue
		}
		if why := p.noData(l, own); why != "" {
			if pass(l, why); why == groupWhy {
				under = strings.Join(texts(l), "")
			}
			p.near = why != groupWhy
			continue
		}
		p.near = false
		run := l.filled() == 1 && len(p.head.parts) > 2 && slices.ContainsFunc(l.cells,
			func(c cell) bool { return together(c.text, len(p.head.parts)) })
		t.Rows = append(t.Rows, Row{Number: number(l), Run: run, Under: under})
		p.lines = append(p.lines, i)
		for at, c := range l.cells {
			if c.text == "" && c.kind == textual || at >= len(p.heads) {
				continue
			}
			h := &t.Heads[p.heads[at]]
			if h.Filled++; h.Filled == 1 {
				h.Example = short(c.text)
			}
		}
	}
}

// short is the beginning of a text.
func short(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

var (
	groupTitle = regexp.MustCompile(`^[(]?第?[一二三四五六七八九十百\d]{1,3}[)]?(村民小组|小组|村民组|组|生产队|大队|队|屯|片区|片|社|部分|批|页)([^,,。]*)$|` +
		`^(\d{4}年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月份?$|^(\d{4}年)?第?[一二三四]季度$|` +
		`^[\p{Han}\d]{1,12}(村民小组|小组|村民组|生产队|自然村|自然屯|屯|组|队)$`)
	numbered = regexp.MustCompile(`^[((]?[一二三四五六七八九十]{1,3}[))]?[、..]|^[((][一二三四五六七八九十\d]{1,2}[))]`)
	noDigit  = regexp.MustCompile(`^\D+$`)
	blanked  = regexp.MustCompile(`^[-—―–=_*.…\s]+$`)
	remark   = regexp.MustCompile(`^(注|说明|备注|附注|填表|填报|制表|审核|复核|打印|单位|日期|时间|截至|截止|[((]?以上|[((]?以下|本页|本表|第.{1,4}页|共.{1,4}页|※|\*|★)`)
	marking  = regexp.MustCompile(`^(甲|乙|丙|丁|戊|己|庚|[A-Z]|[一二三四五六七八九十]|栏次|行次|序号|[((]?\d{1,2}[))]?|[①-⑳]|\d{1,2}=[\d+\-×*/÷()]+)$`)
)

// noData tells why a line is no row of data; "" where it is one. What could be somebody's name alone stays a row, to be refused.
func (p *part) noData(l line, own map[string]bool) string {
	n := l.filled()
	all := func(is func(text string) bool) bool {
		return !slices.ContainsFunc(l.cells, func(c cell) bool { return c.text != "" && !is(c.text) })
	}
	switch {
	case (n > 1 || len(p.head.parts) == 1) && all(func(text string) bool { return own[text] }):
		return "又一次表头"
	case n > 2 && p.near && all(marking.MatchString) && (rising(l.cells) || all(noDigit.MatchString)):
		return "栏次"
	case n > 0 && all(unitAlone) && (n > 1 || p.head.to > 0 && l.number == p.grid.lines[p.head.to-1].number+1):
		return "单位"
	case n > 1 && all(blanked.MatchString):
		return "注"
	}
	first := slices.IndexFunc(l.cells, func(c cell) bool { return c.text != "" })
	if first < 0 || len(p.head.parts) < 2 {
		return ""
	}
	only := l.cells[first].text
	if n > 1 && !all(func(text string) bool { return text == only }) {
		return ""
	}
	if together(only, len(p.head.parts)) {
		return ""
	}
	switch {
	case own[only]:
		return "又一次标题"
	case groupTitle.MatchString(only), numbered.MatchString(only):
		return groupWhy
	case blanked.MatchString(only), readDate(only) != only, remark.MatchString(only), strings.ContainsAny(only, ":。;"),
		utf8.RuneCountInString(only) > 20:
		return "注"
	case p.grid.spans(l.number, first) > 1 && !strings.ContainsAny(only, "0123456789"):
		return groupWhy
	}
	return ""
}

// together tells whether a line's one cell has in it what should stand in several: numbers of people, or as many parts as there are
// columns.
func together(text string, columns int) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",,;;\t|、 ", r) })
	return longDigits.MatchString(text) && !strings.Contains(text, ":") || len(parts) >= max(columns-1, 3)
}

var longDigits = regexp.MustCompile(`\d{12}`)

// groupWhy is why the title of a group is no data.
const groupWhy = "分组标题"

// rising tells whether the numbers among a line's cells, two at least, go up from left to right: the columns are numbered.
func rising(cells []cell) bool {
	count, last := 0, 0
	for _, c := range cells {
		n, err := strconv.Atoi(strings.Trim(c.text, "()"))
		if err != nil {
			continue
		}
		if count++; count > 1 && n != last+1 {
			return false
		}
		last = n
	}
	return count > 1
}

// fills are the texts that merged cells say for the lines below their first: a day over the lines of that day, a household's number over
// its people.
func (g *grid) fills() map[[2]int]string {
	list := map[[2]int]string{}
	byNumber := map[int]int{}
	for _, a := range g.merged {
		if a.bottom <= a.top || a.right != a.left || a.bottom-a.top > 500 {
			continue
		}
		if len(byNumber) == 0 {
			for i, l := range g.lines {
				byNumber[l.number] = i
			}
		}
		i, ok := byNumber[a.top]
		if !ok || a.left < 0 || a.left >= len(g.lines[i].cells) || len(list) > maxCells {
			continue
		}
		c := g.lines[i].cells[a.left]
		if c.kind != textual && c.kind != dated {
			continue
		}
		for n := a.top + 1; n <= a.bottom; n++ {
			list[[2]int{n, a.left}] = c.text
		}
	}
	return list
}

// look reads every cell of the table, once it is known which columns it has.
func (t *Table) look() {
	for _, p := range t.parts {
		rows := len(p.lines)
		for i := range p.heads {
			h := &t.Heads[p.heads[i]]
			if h.Column == Leave {
				continue
			}
			if h.Text == "" && p.head.to > 0 && (rows < 3 ||
				h.Filled*2 <= rows) { // cells that stand outside the table: of lines cut in the wrong place
				h.Column = outside
			} else if h.Text == "" {
				h.Text = ByLetter(h.Letter)
				t.column(p, aside+"#"+h.Text, h.Text, i)
				if to, ok := t.layout.Columns[h.Text]; ok && to == Leave {
					h.Column, h.Said = to, true
				}
			}
		}
	}
	for i := range t.Rows {
		t.fill(i)
	}
	data := 0
	for _, p := range t.parts {
		for _, at := range p.lines {
			if p.grid.lines[at].hidden {
				data++
			}
		}
	}
	for _, h := range t.Heads {
		if h.Hidden && h.Filled > 0 && h.Column != "" && (!h.Aside() || t.layout.Hidden == SkipHidden) {
			t.Veiled++
			data++
		}
	}
	if t.layout.Hidden == "" {
		t.Hidden = data
	}
}

// outside is the column of cells that no heading stands above.
const outside = "outside"

// IsGroupTitle tells whether a text names a part of a village, as titles of groups in lists do: 第一组, 三组, 东屯.
func IsGroupTitle(text string) bool { return groupTitle.MatchString(text) }
