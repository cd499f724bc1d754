package exchange

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

// shownLines is how many lines that were passed over are told one by one.
const shownLines = 5

// Understood tells in sentences how the file was read: sheets, units, columns and lines that were passed over.
func (u *Upload) Understood() (list journal.Faults) {
	t := u.Table
	if t == nil {
		return nil
	}
	say := func(text string, args ...any) {
		e := &journal.Error{Code: journal.Doubtful, Text: text, Args: args}
		if !slices.ContainsFunc(list, func(o *journal.Error) bool { return o.Said() == e.Said() }) { // each sheet says the same
			list = append(list, e)
		}
	}
	if len(t.Unread) > 0 || len(t.Sheets) > 1 {
		say("读的是这几张表:%s", strings.Join(t.Sheets, "、"))
	}
	for _, s := range t.Unread {
		if s.Hidden {
			say("没有读的表:%s(藏起来的)", s.Name)
		} else {
			say("没有读的表:%s", s.Name)
		}
	}
	for _, unit := range t.Idle {
		say("表上写着单位“%s”,没有一列要用它", unit)
	}
	if t.Veiled > 0 && u.Layout.Hidden == sheet.ReadHidden {
		say("%s 处藏起来的行或列也读了", journal.Number(t.Veiled, 1))
	}
	var aside, said []string
	for _, h := range t.Heads {
		at := h.Text
		if slices.ContainsFunc(t.Heads, func(o sheet.Head) bool { return o.Column == h.Column && o.Unit != h.Unit }) {
			at = strings.TrimSpace(h.Sheet + " " + at) // not each sheet says the same
		}
		switch {
		case h.Text == "" || h.Fault != nil:
		case h.Factor != "":
			say("“%s”的单位是%s,每个数乘以 %s", at, h.Unit, h.Factor)
		case h.Unit != "":
			say("“%s”的单位是%s", at, h.Unit)
		}
		switch {
		case h.Text == "":
		case h.Aside() && !slices.Contains(aside, h.Text):
			aside = append(aside, h.Text)
		case h.Said && !h.Aside() && h.Text != u.guessed:
			if to := h.Text + " → " + u.Called(h.Column); !slices.Contains(said, to) {
				said = append(said, to)
			}
		case h.Column == "" && !slices.Contains(aside, h.Text) && (h.Filled == 0 || u.Purpose.Kind == Results) && h.Fault == nil:
			aside = append(aside, h.Text)
		}
	}
	if len(said) > 0 {
		say("您说过的列:%s", strings.Join(said, "、"))
	}
	if len(aside) > 0 {
		say("略过的列:%s", strings.Join(aside, "、"))
	}
	for _, column := range t.Columns {
		for _, word := range sortedKeys(u.Layout.Words[column]) {
			say("“%s”当作%s", word, u.Layout.Words[column][word])
		}
	}
	for i, p := range t.Passed {
		if i == shownLines {
			say("另外还略过了 %s 行不是数据的", journal.Number(len(t.Passed)-i, 1))
			break
		}
		say("略过第 %s 行(%s):%s", t.Place(p.Number), journal.Label(p.Why), p.Text)
	}
	return list
}

// unitsApart points out a sheet that says no unit where another, read with it, says 万元.
func (u *Upload) unitsApart() {
	for _, h := range u.Table.Heads {
		for _, o := range u.Table.Heads {
			if h.Column == "" || h.Aside() || o.Column != h.Column || o.Sheet == h.Sheet || h.Factor == "" || o.Unit != "" {
				continue
			}
			at := slices.IndexFunc(u.Table.Rows, func(r sheet.Row) bool { name, _ := u.Table.Where(r.Number); return name == o.Sheet })
			if at >= 0 {
				u.doubt(u.Table.Rows[at], o.Column, "“%s”写的是%s,“%s”没有写单位,照%s读;请核对", h.Sheet, h.Unit, o.Sheet, u.unitOf(o.Column))
			}
		}
	}
}

// unitOf is what a column's numbers count.
func (u *Upload) unitOf(column string) string {
	for _, c := range u.columns {
		if c.Name == column {
			return c.Unit
		}
	}
	return ""
}

// Page is the address of the page about what the file records.
func (u *Upload) Page(v *journal.View) string {
	switch p := u.Purpose; p.Kind {
	case Contributions:
		return "/contributions/" + p.Entity
	case Income:
		return "/income/" + u.book(v)
	case Trade:
		return "/members/" + p.Entity
	case Roll:
		return "/roll/" + p.Entity
	case Results:
		return "/batch/" + p.Batch
	case Holdings:
		return "/entity/" + p.Entity
	default:
		return "/shareholders/" + string(p.Village)
	}
}

// book is where lines of income are recorded.
func (u *Upload) book(v *journal.View) string {
	if e, err := register.EntityOf(v, u.Purpose.Entity); err == nil {
		return e.Book()
	}
	return string(u.Purpose.Village)
}

// Called is what a column is shown as: its first heading.
func (u *Upload) Called(column string) string {
	for _, c := range u.columns {
		if c.Name == column {
			return c.Headings[0]
		}
	}
	return column
}

func sortedKeys(m map[string]string) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// With is a layout with what a person has just said put to it: of headings the columns, by name or heading, and of words what they mean.
func (u *Upload) With(layout sheet.Layout, columns, words map[string]string) (sheet.Layout, error) {
	said := layout.With()
	for _, heading := range sortedKeys(columns) {
		column, ok := u.Field(columns[heading])
		if !ok {
			return layout, &journal.Error{Code: journal.Invalid, Field: heading, Value: columns[heading], Text: "没有“%s”这一列;可用的列:%s",
				Args: []any{columns[heading], strings.Join(headings(u.columns), "、")}}
		}
		if slices.ContainsFunc(u.Table.Heads, func(h sheet.Head) bool { return h.Letter == heading && h.Text == sheet.ByLetter(heading) }) {
			heading = sheet.ByLetter(heading)
		}
		said.Columns[heading] = column
	}
	for _, word := range sortedKeys(words) {
		for _, w := range slices.Concat(u.Words, u.Settled) {
			if word != w.Text && word != w.Key() {
				continue
			}
			if !slices.Contains(w.Choices, words[word]) {
				if word == w.Text && slices.ContainsFunc(u.Words,
					func(o Word) bool { return o.Text == word && slices.Contains(o.Choices, words[word]) }) {
					continue // it is another column's
				}
				return layout, &journal.Error{Code: journal.Invalid, Field: w.Heading, Value: words[word], Text: "“%s”不能当作“%s”;可以是 %s",
					Args: []any{w.Text, words[word], strings.Join(w.Choices, "、")}}
			}
			said.Means(w.Column, w.Text, words[word])
		}
	}
	return said, nil
}

// Placed gives refusals and doubts the lines of the file's sheets: with the sheet's name before the column's where several are read.
func (u *Upload) Placed(list journal.Faults) (placed journal.Faults) {
	for _, f := range list {
		if u.Table == nil || f.Row == 0 {
			placed = append(placed, f)
			continue
		}
		g := *f
		name, line := u.Table.Where(f.Row)
		if g.Row = line; name != "" {
			g.Field = strings.TrimSpace(name + " " + g.Field)
		}
		placed = append(placed, &g)
	}
	return placed
}
