package exchange

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

// vocabulary is the ledger's own words of a column.
type vocabulary struct {
	// known tells whether a word is one of them, or is read as one.
	known func(u *Upload, v *journal.View, word string) bool
	// choices are those that a word may be given the meaning of.
	choices func(u *Upload, v *journal.View) []string
}

// Word is a word of a file that nobody knows.
type Word struct {
	Column, Heading string
	Text            string
	Rows            int    // how many have it
	Means           string // what somebody has said that it is
	Choices         []string
}

// Key tells the word from the same word in another column.
func (w Word) Key() string { return w.Column + "\x00" + w.Text }

// maxWords is how many unknown words of a file are asked about at once.
const maxWords = 50

// unknownWords collects the words that the ledger does not know, in the columns that have words of its own.
func (u *Upload) unknownWords(v *journal.View, l *list) {
	for at, column := range u.Table.Columns {
		w, ok := l.words[column]
		if !ok {
			continue
		}
		for _, word := range sortedKeys(u.Layout.Words[column]) {
			u.Settled = append(u.Settled, Word{Column: column, Heading: u.heading[column], Text: word, Means: u.Layout.Words[column][word],
				Choices: w.choices(u, v)})
		}
		index := map[string]int{} // of words in the list, or -1 of those that are known
		for i, row := range u.Table.Rows {
			word := row.Cells[at]
			if word == "" || len(u.Table.Faults(i)) > 0 || u.passed(row, l) {
				continue
			}
			n, seen := index[word]
			if !seen {
				if n = -1; !w.known(u, v, word) && len(u.Words) < maxWords {
					n = len(u.Words)
					u.Words = append(u.Words, Word{Column: column, Heading: u.heading[column], Text: word, Choices: w.choices(u, v)})
				}
				index[word] = n
			}
			if n >= 0 {
				u.Words[n].Rows++
			}
		}
	}
}

// ask refuses what only a person can say: which sheets are meant, what to do with what is hidden, what columns are. It tells whether the
// rows cannot be read before.
func (u *Upload) ask() (before bool) {
	t := u.Table
	refuse := func(field, text string, args ...any) {
		e := &journal.Error{Code: journal.Invalid, Field: field, Text: text, Args: args}
		if !slices.ContainsFunc(u.Faults, func(o *journal.Error) bool { return o.Row == 0 && o.Said() == e.Said() }) { // each sheet asks the same
			u.Faults = append(u.Faults, e)
		}
	}
	if t.Choose {
		refuse("file", "工作簿里有 %s 张表都有这样的表头:%s;请选要读哪几张", journal.Number(len(t.Sheets), 1), strings.Join(t.Sheets, "、"))
	}
	if t.Hidden > 0 {
		refuse("file", "表里有 %s 处藏起来的行或列;请选照样读还是不读", journal.Number(t.Hidden, 1))
	}
	for _, u := range t.Loose {
		refuse("file", "表上写着单位“%s”,没有一列是用它的;请把它写进那一列的表头,或去掉", u)
	}
	for _, h := range t.Heads {
		switch {
		case h.Column == sheet.Leave:
		case h.Fault != nil:
			refuse(h.Text, h.Fault.Text, h.Fault.Args...)
		case h.Open() && u.Purpose.Kind == Results: // what tells the line is compared with what was sent: the rest is the bank's own
		case h.Open() && h.Text == sheet.ByLetter(h.Letter):
			refuse("file", "%s 列没有表头,有 %s 行有内容;请说它是哪一列,或略过", h.Letter, journal.Number(h.Filled, 1))
		case h.Open() && u.Purpose.Kind == Shareholders && u.Purpose.Entity == "" && strings.Contains(h.Text, "股"):
			refuse("file", "“%s”像是股份,可没有选按哪个主体配股;要记股份请重新上传并选主体,只登记股东请略过这一列", h.Text)
		case h.Open():
			refuse("file", "不认识表头“%s”;请说它是哪一列,或略过", h.Text)
		}
	}
	if len(t.Missing) == 0 {
		return false
	}
	if !t.Sure && len(u.Layout.Columns) == 0 {
		u.Faults = nil // the line is no heading: what its cells say is no question
		refuse("file", "没有找到表头;表头一行要有“%s”", t.Missing[0])
	}
	for _, missing := range t.Missing {
		refuse("file", "缺少“%s”一列", missing)
	}
	return true
}

// Asks tells whether a person has to say something of the file before it can be posted.
func (u *Upload) Asks() bool {
	return slices.ContainsFunc(u.Faults, func(f *journal.Error) bool { return f.Row == 0 }) && u.Table != nil
}

// Known are the headings that the file could have.
func (u *Upload) Known() []string { return headings(u.columns) }

// headings are the headings that a list shows to choose from.
func headings(columns []sheet.Column) (list []string) {
	for _, c := range columns {
		if !c.Aside && c.Beside == nil {
			list = append(list, c.Headings[0])
		}
	}
	return list
}

// cells refuses the cells of a row that cannot be used.
func (u *Upload) cells(i int) {
	for _, e := range u.Table.Faults(i) {
		u.Faults = append(u.Faults, &journal.Error{Code: journal.Invalid, Row: e.Row, Field: u.headed(e.Column), Value: e.Value, Text: e.Text,
			Args: e.Args})
	}
}

// Fields are the columns that a heading of the file may be said to be: those that no other heading of its sheet is.
func (u *Upload) Fields(of sheet.Head) (list []sheet.Column) {
	for _, c := range u.columns {
		if !c.Aside && !slices.ContainsFunc(u.Table.Heads, func(h sheet.Head) bool { return h.Sheet == of.Sheet && h.Column == c.Name }) {
			list = append(list, c)
		}
	}
	return list
}

// Field finds a column of the file by its name or by one of its headings; sheet.Leave for "-".
func (u *Upload) Field(text string) (string, bool) {
	if text == sheet.Leave {
		return sheet.Leave, true
	}
	for _, c := range u.columns {
		if !c.Aside && (c.Name == text || slices.ContainsFunc(c.Headings, func(h string) bool { return sheet.SameHeading(h, text) })) {
			return c.Name, true
		}
	}
	return "", false
}

// maxCandidates is how many people of one name are offered to choose from.
const maxCandidates = 20

// Candidates lists the shareholders whom a name in a column can mean, where it means several.
func (u *Upload) Candidates(v *journal.View, column int, name string) (list []register.Shareholder) {
	if at := u.Table.Columns[column]; at != "name" && at != "householder" || u.Purpose.Kind == Shareholders || u.Purpose.Kind == Results {
		return nil
	}
	found, _, err := register.FindShareholders(v, u.Purpose.Village, name, "", maxCandidates)
	if err != nil {
		return nil
	}
	if list = slices.DeleteFunc(found, func(s register.Shareholder) bool { return !s.Called(name) }); len(list) < 2 {
		return nil
	}
	return list
}
