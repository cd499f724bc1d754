// Package exchange knows the files that come in and go out: which columns each has, and which entries or queries they stand for.
package exchange

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

// Label names what a row comes to, in Chinese.
func (s RowState) Label() journal.Label {
	return map[RowState]journal.Label{New: "要记", Known: "已有", Passed: "略过", Bad: "有错", Pending: "待定"}[s]
}

// Tone is its colour.
func (s RowState) Tone() string {
	return map[RowState]string{New: "info", Known: "good", Bad: "bad"}[s]
}

// Wrong tells whether the row has to be mended.
func (s RowState) Wrong() bool { return s == Bad }

// RowState tells what a row of a file comes to.
type RowState byte

// The states.
const (
	New     RowState = iota // it will be recorded
	Known                   // what it says stands in the books already
	Passed                  // a sum or a line without data: passed over
	Bad                     // it is refused
	Pending                 // nobody can tell before a person has said what the columns are
)

// Upload is a file turned into entries, with the way back from a refused entry to its row and column.
type Upload struct {
	Purpose Purpose
	Table   *sheet.Table   // nil for a file of entries
	Layout  sheet.Layout   // what a person has said of it
	Words   []Word         // words that nobody knows, and what they could mean
	Settled []Word         // those that somebody has said the meaning of
	Entries int            // how many entries the file makes, as the books stood when it was planned
	States  []RowState     // of the table's rows
	Faults  journal.Faults // what is wrong: Row is the file's row, Field the heading of the column
	Doubts  journal.Faults // what can be right and should be looked at again, in the same words
	Rows    int            // data rows of the file

	file    *sheet.Book
	columns []sheet.Column // that the file may have
	left    map[int]bool   // rows that somebody has said are no data, by their numbers
	guessed string         // the heading that nobody has said the meaning of, and that can mean one thing only
	layout  string         // the digest of its headings as it came, by which what is said of them is remembered
	heading map[string]string
	named   map[string]string // what rows before have said: of divisions the names, of shareholders the rows of ID numbers
	end     uint64            // of the village's journal when the file was planned
	have    map[string]int    // how often the books have what a row may say; see same
	facts   []facts           // of the table's rows, as the books stood
	counts  []uint8           // of the table's rows: how many entries each makes
	entries []journal.Entry   // of a file of entries
	line    []int             // of each of these, the line it came from; of a day's results, the first
	settled [][]int           // of a bank's results by day, the line of each
	roster  roster            // of a file with a row for every person
}

// facts are what the books said about a row when it was planned. Its entries are made from the row and these alone, each time anew: a long
// file's entries need not be in memory all at once.
type facts struct {
	holder string // who the row is about, "" for somebody who is not on the register yet
	at     string // the class or the book that the row names
	item   string // of income and expense: what the row names, by its code where the form has it
	list   bool   // whether the household's members are listed for the first time
	skip   uint64 // bits of what the books have already: of the file's columns, or of the names in a row of divisions
}

// Read reads a file for a purpose, laid out as a person has said, and plans what it records.
func Read(r io.Reader, v *journal.View, p Purpose, layout sheet.Layout) (*Upload, error) {
	book, err := sheet.Open(r)
	if err != nil {
		return nil, fileError(err)
	}
	u := &Upload{Purpose: p, file: book}
	return u, u.Arrange(v, layout)
}

// Arrange reads the file's cells anew as a person says that they are laid out, and plans what it records. What has been mended stays.
func (u *Upload) Arrange(v *journal.View, layout sheet.Layout) error {
	_, columns, err := u.Purpose.list(v)
	if err != nil {
		return err
	}
	table, err := u.file.Table(columns, layout)
	if err != nil {
		return fileError(err)
	}
	if len(table.Columns) > maxColumns {
		return &journal.Error{Code: journal.Invalid, Field: "file", Text: "表格有 %s 列,最多 %s 列",
			Args: []any{strconv.Itoa(len(table.Columns)), strconv.Itoa(maxColumns)}}
	}
	if u.layout == "" { // what is said of a file changes which of its lines are headings: it is known by them as it comes
		plain := table
		if len(layout.Columns)+len(layout.Sheets) > 0 {
			if t, err := u.file.Table(columns, sheet.Layout{}); err == nil {
				plain = t
			}
		}
		u.layout = plain.Layout()
		if with, ok := u.recall(v, layout); ok {
			return u.Arrange(v, with)
		}
	}
	if said := table.Heading["reason"]; u.Purpose.Kind == Results && table.Heading["state"] == "" && said != "" { // 返回信息 alone
		with := layout.With()
		with.Columns[said] = "state"
		u.guessed = said
		if table, err = u.file.Table(columns, with); err != nil {
			return fileError(err)
		}
	}
	if !slices.Equal(u.Layout.Sheets, layout.Sheets) {
		u.left = nil // rows of another sheet
	}
	u.columns, u.Layout, u.Table, u.Rows, u.heading = columns, layout, table, len(table.Rows), table.Heading
	return u.Plan(v)
}

// maxColumns is the most columns a file may have: the bits of facts.skip.
const maxColumns = 64

// fileError turns what the sheet says of a file into a refusal.
func fileError(err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return &journal.Error{Code: journal.Invalid, Field: "file", Text: e.Text, Args: e.Args}
	}
	return err
}

// Plan works out the entries from the table as the books stand now. What is there already is left out.
func (u *Upload) Plan(v *journal.View) error {
	l := lists[u.Purpose.Kind]
	n := len(u.Table.Rows)
	if u.Purpose.Village != "" {
		u.end = v.End(u.Purpose.Village)
	}
	u.named, u.have = map[string]string{}, map[string]int{}
	u.Entries, u.Faults, u.Doubts, u.States, u.facts, u.counts = 0, nil, nil, make([]RowState, n), make([]facts, n), make([]uint8, n)
	u.Words, u.Settled = nil, nil
	if u.ask() {
		for i := range u.States {
			u.States[i] = Pending
		}
		return nil
	}
	u.unknownWords(v, l)
	u.unitsApart()
	if u.Purpose.Kind == Results {
		return u.planResults(v)
	}
	u.group(l)
	sums := u.newRunning()
	for i := range u.Table.Rows {
		row := u.whole(i)
		if u.passed(row, l) {
			if u.States[i] = Passed; sums.check(u, row) {
				u.States[i] = Bad
			}
			continue
		}
		sums.add(u, u.Table.Rows[i])
		faults := len(u.Faults)
		u.cells(i)
		u.across(u.Table.Rows[i])
		if u.roster.head != nil && u.roster.head[i] != alone { // recorded with its household
			if len(u.Faults) > faults || u.roster.head[i] == lost {
				u.States[i] = Bad
			} else {
				u.States[i] = u.States[u.roster.head[i]]
			}
			continue
		}
		if len(u.Faults) == faults {
			u.facts[i] = l.facts(u, v, row)
		}
		if len(u.Faults) == faults {
			for _, fields := range l.row(u, row, u.facts[i]) {
				e, err := journal.Decode(fields.kind, fields.fields)
				if err != nil {
					u.refuse(row.Number, fields, err)
				} else if !u.same(v, row, e) {
					u.counts[i]++
				}
			}
		}
		switch {
		case len(u.Faults) > faults:
			u.States[i] = Bad
		case u.counts[i] == 0 && u.Purpose.Kind == Holdings && len(sharesOf(u, row)) == 0:
			u.States[i] = Passed
		case u.counts[i] == 0:
			u.States[i] = Known
		}
		u.Entries += int(u.counts[i])
	}
	if !slices.ContainsFunc(u.States, func(s RowState) bool { return s != Passed }) {
		return &journal.Error{Code: journal.Invalid, Field: "file", Text: "文件里没有要记的内容"}
	}
	return nil
}

// fields are an entry's kind and its fields, before it is decoded.
type fields struct {
	kind   string
	fields map[string]any
}

// refuse notes why an entry of a row could not be decoded.
func (u *Upload) refuse(row int, of fields, err error) {
	class, _ := of.fields["class"].(string)
	for _, f := range journal.All(err) {
		f.Row = row
		u.name(f, of.kind, class)
		u.Faults = append(u.Faults, f)
	}
}

// each yields the file's entries, those that can be decoded, with the file's row each comes from.
func (u *Upload) each(yield func(line int, e journal.Entry) bool) {
	for i, e := range u.entries {
		if !yield(u.line[min(i, len(u.line)-1)], e) {
			return
		}
	}
	if u.Table == nil || len(u.entries) > 0 {
		return
	}
	l := lists[u.Purpose.Kind]
	for i := range u.Table.Rows {
		if u.counts[i] == 0 {
			continue
		}
		row := u.whole(i)
		for _, of := range l.row(u, row, u.facts[i]) {
			if e, err := journal.Decode(of.kind, of.fields); err == nil && !yield(row.Number, e) {
				return
			}
		}
	}
}

// name gives a refusal the heading of the column that it is about.
func (u *Upload) name(f *journal.Error, kind, class string) {
	if len(u.heading) == 0 { // a file of entries: their fields as they are, components.1.rate
		return
	}
	u.member(f)
	if kind == "IssueShares" && f.Field == "quantity" {
		f.Field = "class:" + class
	}
	if column, _, ok := strings.Cut(f.Field, "."); ok { // members.0.id_no
		f.Field = column
	}
	f.Field = u.headed(f.Field)
}

// headed returns the heading of a column: the file's, or where the file leaves the column out what one would call it.
func (u *Upload) headed(column string) string {
	if h, ok := u.heading[column]; ok {
		return h
	}
	for _, c := range u.columns {
		if c.Name == column {
			return c.Headings[0]
		}
	}
	return column
}

// wrong notes that a cell cannot be used.
func (u *Upload) wrong(row sheet.Row, code journal.Code, column, text string, args ...any) {
	f := &journal.Error{Code: code, Row: row.Number, Field: column, Value: u.Table.Get(row, column), Text: text, Args: args}
	f.Field = u.headed(column)
	u.Faults = append(u.Faults, f)
}

// doubt notes that a cell can be right and should be looked at again.
func (u *Upload) doubt(row sheet.Row, column, text string, args ...any) {
	u.Doubts = append(u.Doubts, &journal.Error{Code: journal.Doubtful, Row: row.Number, Field: u.headed(column),
		Value: u.Table.Get(row, column),
		Text:  text, Args: args})
}

// Posted returns what the same rows became when the account posted them before, and whether it has.
func (u *Upload) Posted(l *journal.Ledger, who journal.Actor) (r journal.Receipt, ok bool, err error) {
	if u.Table == nil || u.Purpose.Village == "" {
		return r, false, nil
	}
	err = l.Read(who, func(v *journal.View) error {
		for _, request := range u.RequestKeys(l) {
			if r, ok = v.Posted(u.Purpose.Village, request); ok {
				break
			}
		}
		return nil
	})
	return r, ok, err
}

// Post posts the entries by the first of some request keys, all or nothing; by another they may have been posted before. Refusals name
// the file's row and the heading of the column; they stay in Faults, too.
func (u *Upload) Post(l *journal.Ledger, who journal.Actor, requests []string, dryRun bool, progress *atomic.Int64) (journal.Receipt,
	error) {
	var receipt journal.Receipt
	if !dryRun {
		if r, ok, err := u.Posted(l, who); err != nil || ok && slices.Equal(requests, u.RequestKeys(l)) {
			return r, err
		}
	}
	faults := slices.Clone(u.Faults)
	if u.Entries > 0 {
		p := journal.Posting{Entries: u.entries, Request: requests[0], Older: requests[1:], DryRun: dryRun || len(faults) > 0,
			Progress: progress}
		if len(u.entries) == 0 {
			p.Count, p.Source = u.Entries, func(yield func(journal.Entry) bool) {
				u.each(func(_ int, e journal.Entry) bool { return yield(e) })
			}
		}
		var err error
		receipt, err = l.Post(who, p)
		refused := journal.All(err)
		if err != nil && len(refused) == 0 {
			return receipt, err
		}
		u.place(refused)
		faults = append(faults, refused...)
		u.place(receipt.Doubts)
		u.Doubts = append(u.Doubts, receipt.Doubts...)
		slices.SortStableFunc(u.Doubts, func(a, b *journal.Error) int { return a.Row - b.Row })
	}
	if len(faults) == 0 {
		return receipt, nil
	}
	faults = withoutEchoes(faults, u.heading)
	slices.SortStableFunc(faults, func(a, b *journal.Error) int { return a.Row - b.Row })
	u.Faults = faults[:min(len(faults), journal.MaxFaults)]
	if u.Table != nil {
		for _, f := range u.Faults {
			if i, ok := u.index(f.Row); ok {
				u.States[i] = Bad
			}
		}
	}
	return journal.Receipt{}, u.Faults
}

// place gives refusals of entries the file's row and column.
func (u *Upload) place(refused journal.Faults) {
	by := map[int]journal.Faults{}
	for _, f := range refused {
		by[max(f.Row, 1)] = append(by[max(f.Row, 1)], f)
	}
	n := 0
	u.each(func(line int, e journal.Entry) bool {
		n++
		for _, f := range by[n] {
			class := ""
			if issue, ok := e.(*register.IssueShares); ok {
				class = issue.Class
			}
			f.Row = line
			if u.Purpose.Kind == Results { // the one entry of a day's rows: results.3.state
				if parts := strings.Split(f.Field, "."); len(parts) == 3 {
					at, _ := strconv.Atoi(parts[1])
					f.Row, f.Field = u.settled[n-1][at], parts[2]
				} else {
					f.Row = 0
				}
			}
			u.name(f, journal.KindOf(e), class)
		}
		delete(by, n)
		return len(by) > 0
	})
}

// index finds a row of the table by its number in the file.
func (u *Upload) index(number int) (int, bool) {
	rows := u.Table.Rows
	i := sort.Search(len(rows), func(i int) bool { return rows[i].Number >= number })
	return i, i < len(rows) && rows[i].Number == number
}

// withoutEchoes leaves out that a row's shares found no holder where the row is refused for something else too: its own registration was,
// and that says it all.
func withoutEchoes(faults journal.Faults, heading map[string]string) journal.Faults {
	echo := func(f *journal.Error) bool {
		return f.Code == journal.NotFound && (f.Field == "id_no" || f.Field == heading["id_no"])
	}
	refused := map[int]bool{}
	for _, f := range faults {
		if !echo(f) {
			refused[f.Row] = true
		}
	}
	return slices.DeleteFunc(faults, func(f *journal.Error) bool { return echo(f) && refused[f.Row] })
}

// Count is how many rows are in a state.
func (u *Upload) Count(s RowState) (n int) {
	for _, state := range u.States {
		if state == s {
			n++
		}
	}
	return n
}

// RequestKeys are those under which a table is posted, or may have been: planned twice on the same books, the same new rows for the same
// purpose give the same keys, by whichever way they come. So what is sent twice at once is posted once; what is sent again later finds
// its rows in the books.
func (u *Upload) RequestKeys(l *journal.Ledger) []string {
	var cells [][]string
	for i, row := range u.Table.Rows {
		if u.States[i] == New { // what the books have already is not posted with it; what was reversed since is posted anew
			cells = append(cells, row.Cells)
		}
	}
	text, err := json.Marshal([]any{u.Purpose, u.Table.Columns, cells, u.end})
	if err != nil {
		panic(err) // plain structs
	}
	return l.RequestKeys(text)
}

// Mend changes a cell of the table. Plan says what it comes to.
func (u *Upload) Mend(row, column int, text string) {
	if row >= 0 && row < len(u.Table.Rows) && column >= 0 && column < len(u.Table.Columns) {
		u.Table.Set(row, column, text)
	}
}

// LeaveOut takes a row for no data, because somebody says so. Plan says what the others come to.
func (u *Upload) LeaveOut(row int) {
	if row >= 0 && row < len(u.Table.Rows) {
		if u.left == nil {
			u.left = map[int]bool{}
		}
		u.left[u.Table.Rows[row].Number] = true
	}
}

// FaultsOf returns what is wrong with a row: by the place of the column, and of the row as a whole at -1.
func (u *Upload) FaultsOf(row int) map[int]*journal.Error { return u.of(u.Faults, row) }

// DoubtsOf returns what should be looked at again in a row, as FaultsOf does.
func (u *Upload) DoubtsOf(row int) map[int]*journal.Error { return u.of(u.Doubts, row) }

func (u *Upload) of(list journal.Faults, row int) map[int]*journal.Error {
	faults := map[int]*journal.Error{}
	number := u.Table.Rows[row].Number
	from := sort.Search(len(list), func(i int) bool { return list[i].Row >= number })
	for _, f := range list[from:] {
		if f.Row != number {
			break
		}
		at := slices.IndexFunc(u.Table.Columns, func(c string) bool { return u.heading[c] == f.Field })
		if faults[at] == nil {
			faults[at] = f
		}
	}
	return faults
}

// WriteMarked writes the file as it came with a column of reasons behind; cells that are wrong are marked.
func (u *Upload) WriteMarked(to sheet.To, say func(*journal.Error) string) error {
	var heads []string
	for _, c := range u.Table.Columns {
		heads = append(heads, u.heading[c])
	}
	out := sheet.NewWriter(to, append(heads, "原因")...)
	defer out.Abort()
	for i, row := range u.Table.Rows {
		faults := u.FaultsOf(i)
		cells := sheet.Texts(row.Cells...)
		var reasons []string
		for at := -1; at < len(row.Cells); at++ {
			f := faults[at]
			if f == nil {
				continue
			}
			if at >= 0 {
				cells[at] = sheet.Faulty(row.Cells[at])
			}
			reasons = append(reasons, say(f))
		}
		out.Row(append(cells, sheet.Text(strings.Join(reasons, ";")))...)
	}
	return out.Close()
}
