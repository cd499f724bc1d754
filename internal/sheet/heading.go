package sheet

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
)

// Head is one column of a file, as it has been understood.
type Head struct {
	Text    string // the heading as it stands, of two levels with a blank between
	Letter  string // the column's letters in the spreadsheet
	Sheet   string // where several are read
	Column  string // what it is; "" where nobody knows, Leave where it is passed over
	Unit    string // what its numbers are written in, "" where nothing says so
	Factor  string // what they are multiplied by, "" for 1
	Filled  int    // rows that have something in it
	Example string // the first of these
	Hidden  bool   // people do not see it when they open the file
	Fault   *Error // why it cannot be used as it stands
	Said    bool   // a person has said what it is
}

// ByLetter is what a column without a heading goes by.
func ByLetter(letter string) string { return letter + columnWords }

const columnWords = " 列"

// Open tells whether somebody has to say what a column is: it has something in it, and nobody knows what.
func (h Head) Open() bool { return h.Column == "" && h.Filled > 0 }

// Aside tells whether a column is passed over, by a person's word or because every list has such columns.
func (h Head) Aside() bool { return h.Column == Leave || IsAside(h.Column) }

// maxTitles is how many lines may stand above the headings: a title, who made the list and when, what it counts.
const maxTitles = 30

// headings are where a sheet names its columns.
type headings struct {
	from, to int        // lines of the grid
	parts    [][]string // of each column: what its levels say, the uppermost first
	above    []string   // of each column: what a line above groups it under
}

// text is a column's heading as it stands.
func (h *headings) text(i int) string { return strings.Join(h.parts[i], " ") }

// matcher tells which column a heading is.
type matcher struct {
	columns   []Column
	byHeading map[string]string
	layout    Layout
	required  map[string]bool
}

func newMatcher(columns []Column, layout Layout) *matcher {
	m := &matcher{columns: columns, byHeading: map[string]string{}, layout: layout, required: map[string]bool{}}
	for _, c := range columns {
		m.required[c.Name] = c.Required
	}
	return m
}

// among makes the matcher know which headings stand beside each other: some mean something else in company. A heading that has brackets of
// its own is known without them, too, where no other is the same then.
func (m *matcher) among(heads []string) {
	clear(m.byHeading)
	short := map[string]string{}
	for _, c := range m.columns {
		if len(c.Beside) > 0 && !slices.ContainsFunc(c.Beside, func(h string) bool {
			return slices.ContainsFunc(heads, func(other string) bool { return fold(other) == fold(h) })
		}) {
			continue
		}
		for _, h := range append(slices.Clone(c.Headings), c.Name) {
			name, key, bare := c.Name, whole(h), fold(h)
			if c.Aside {
				name = aside + bare
			}
			m.byHeading[key] = name
			if other, taken := short[bare]; bare != key {
				if short[bare] = name; taken && other != name {
					short[bare] = ""
				}
			}
		}
	}
	for bare, name := range short {
		if _, taken := m.byHeading[bare]; !taken && name != "" {
			m.byHeading[bare] = name
		}
	}
}

// named finds a column by one text.
func (m *matcher) named(text string) (name string, u unit, ok bool) {
	if fold(text) == "" {
		return "", u, false
	}
	bare, u := inHeading(text)
	tries := []string{text, bare}
	if short, wan, found := behind(bare); found && u.none() {
		tries = append(tries, short)
		u = wan
		if name, known := m.byHeading[fold(bare)]; known {
			return name, unit{}, true
		}
	}
	for _, t := range tries {
		for _, key := range []string{whole(t), fold(t)} {
			if name, ok = m.byHeading[key]; ok {
				return name, u, true
			}
		}
	}
	return "", u, false
}

// find tells which column the levels of a heading mean: what a person has said of it, else the lowest level, all of them together, or the
// upper where the lower is a unit.
func (m *matcher) find(parts []string, above string) (name string, u unit, said, ok bool) {
	whole := strings.Join(parts, " ")
	if to, known := m.layout.Columns[whole]; known && whole != "" {
		_, u = inHeading(whole)
		return to, u, true, true
	}
	last := len(parts) - 1
	if last < 0 {
		return "", u, false, false
	}
	if last > 0 {
		if own, isUnit := readUnit(strings.Trim(parts[last], "()")); isUnit {
			if name, _, said, ok := m.find(parts[:last], above); ok {
				return name, own, said, true
			}
		}
		if name, u, ok = m.named(strings.Join(parts, "")); ok {
			return name, u, false, true
		}
	}
	if name, u, ok = m.named(parts[last]); ok {
		if u.none() && last > 0 { // 金额(万元) over 本年, 上年
			_, u = inHeading(parts[last-1])
		}
		return name, u, false, true
	}
	if above != "" {
		if name, u, ok = m.named(above + parts[last]); ok {
			return name, u, false, true
		}
	}
	return "", u, false, false
}

// texts are the texts of a line's cells.
func texts(l line) []string {
	list := make([]string, len(l.cells))
	for i, c := range l.cells {
		list[i] = c.text
	}
	return list
}

// filled is how many of a line's cells have something in them.
func (l line) filled() (n int) {
	for _, c := range l.cells {
		if c.text != "" || c.kind == unsolved {
			n++
		}
	}
	return n
}

func filled(list []string) (n int) {
	for _, s := range list {
		if s != "" {
			n++
		}
	}
	return n
}

// headings finds the line that names a sheet's columns: the first with the heading of a required column, of those the one that names most.
// sure is false where no line has one, and a guess has been made: the first line of several texts.
func (m *matcher) headings(g *grid) (h *headings, sure bool) {
	at, best := -1, 0
	seen := 0
	guess := -1
	for i, l := range g.lines {
		list := texts(l)
		n := filled(list)
		if n == 0 {
			continue
		}
		if seen++; seen > maxTitles {
			break
		}
		m.among(list)
		known, required := 0, false
		for _, text := range list {
			if name, _, said, ok := m.find([]string{text}, ""); ok && text != "" {
				if known++; m.required[name] || said && name != Leave {
					required = true
				}
			}
		}
		if required && known > best {
			at, best = i, known
		}
		if guess < 0 && n >= 2 && !slices.ContainsFunc(l.cells, func(c cell) bool { return c.kind != textual }) &&
			len(unitsSaid(strings.Join(list, " "))) == 0 {
			guess = i
		}
	}
	sure = at >= 0
	if !sure {
		if at = guess; at < 0 && len(g.lines) > 0 {
			at = 0
		}
	}
	if at < 0 {
		return nil, false
	}
	if !sure && slices.ContainsFunc(texts(g.lines[at]), func(text string) bool { _, is := exact(text); return is || ident.HasNumber(text) }) {
		return &headings{}, false // data from the first line on: a person says what its columns are, by their letters
	}
	return m.levels(g, at), sure
}

// levels takes the lines below the headings with them that go on naming the columns, and the groups above.
func (m *matcher) levels(g *grid, at int) *headings {
	top := texts(g.lines[at])
	h := &headings{from: at, to: at + 1}
	width := len(top)
	for _, l := range g.lines[at:min(at+3, len(g.lines))] {
		width = max(width, len(l.cells))
	}
	if at > 0 {
		width = max(width, len(g.lines[at-1].cells))
	}
	top = append(top, make([]string, width-len(top))...)
	h.parts, h.above = make([][]string, width), make([]string, width)
	for i, text := range top {
		if text != "" {
			h.parts[i] = []string{text}
		}
	}
	m.among(top)
	for h.to < len(g.lines) && h.to-h.from < 4 && m.lower(g, h, texts(g.lines[h.to])) {
		h.to++
	}
	if at > 0 { // groups above, and headings that reach down from there
		over := texts(g.lines[at-1])
		label := ""
		if filled(over) >= 2 {
			for i := range h.parts {
				if i < len(over) && over[i] != "" {
					label = over[i]
					if len(h.parts[i]) == 0 {
						h.parts[i] = []string{label}
					}
				}
				h.above[i] = label
			}
		}
	}
	for len(h.parts) > 0 && len(h.parts[len(h.parts)-1]) == 0 {
		h.parts = h.parts[:len(h.parts)-1]
	}
	all := make([]string, 0, len(h.parts))
	for _, p := range h.parts {
		if len(p) > 0 {
			all = append(all, p[len(p)-1])
		}
	}
	m.among(all)
	return h
}

// lower takes a line below the headings as their next level, if it is one: all its cells are units, or stand under groups of several
// columns or headings that say nothing by themselves, and one of them at least names a column.
func (m *matcher) lower(g *grid, h *headings, list []string) bool {
	if len(list) > len(h.parts) {
		return false
	}
	groups := h.groups(len(list))
	n, units, known, merged := 0, 0, 0, false
	for i, text := range list {
		if text == "" {
			continue
		}
		if n++; unitAlone(text) {
			units++
			continue
		}
		if g.lines[h.to].cells[i].kind != textual || !wordy(text) {
			return false
		}
		span := g.spans(g.lines[h.to-1].number, i)
		under := len(h.parts[i]) == 0 && groups[i] != "" || span > 1 || // goes on to the right
			span == 0 && i+1 < len(list) && list[i+1] != "" && len(h.parts[i+1]) == 0
		_, _, _, names := m.find([]string{text}, groups[i])
		if !under {
			if _, _, _, own := m.find(h.parts[i], ""); own || !names {
				return false // a row of data under a heading that is known
			}
		}
		if names {
			known++
		}
		merged = merged || span > 1
	}
	if n == 0 || n == units && n < min(2, len(h.parts)) || n > units && known == 0 && !merged {
		return false
	}
	for i, text := range list {
		if text != "" {
			if len(h.parts[i]) == 0 && groups[i] != "" {
				h.parts[i] = []string{groups[i]}
			}
			h.parts[i] = append(slices.Clip(h.parts[i]), text)
		}
	}
	return true
}

// groups are, of the first columns, the heading that each stands under: its own, or the one to the left that goes on over empty ones.
func (h *headings) groups(n int) []string {
	list, group := make([]string, n), ""
	for i := range list {
		if len(h.parts[i]) > 0 {
			group = h.text(i)
		}
		list[i] = group
	}
	return list
}

// unitAlone tells whether a cell is a unit, or a remark in brackets.
func unitAlone(text string) bool {
	_, ok := readUnit(strings.Trim(text, "()"))
	return ok || strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")
}

// spans is how many columns the merged cell at a line and column takes; 1 where it is merged down alone, 0 where nothing is merged.
func (g *grid) spans(number, column int) int {
	for _, a := range g.merged {
		if a.top <= number && number <= a.bottom && a.left <= column && column <= a.right {
			return a.right - a.left + 1
		}
	}
	return 0
}

// wordy tells whether a text has a letter: a heading does.
func wordy(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x2e80 })
}

// SameHeading tells whether two headings are the same but for blanks, width and case.
func SameHeading(a, b string) bool {
	blank := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(ident.Narrow(s)), "")) }
	return blank(a) == blank(b)
}

// whole makes headings comparable: without spaces, case, and the ways to write brackets.
func whole(h string) string {
	return strings.Trim(closing.Replace(strings.ToLower(strings.Join(strings.Fields(ident.Narrow(h)), ""))), ":*")
}

// fold is whole without what stands in brackets.
func fold(h string) string {
	h = whole(h)
	if before, _, ok := strings.Cut(h, "("); ok && before != "" {
		h = before
	}
	return strings.Trim(h, ":*")
}
