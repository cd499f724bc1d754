package exchange

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// List is a list that goes out as a file. Pages, the command, the reference and the tests read its description; to add one is to describe
// it.
type List struct {
	Name           string // in addresses and commands
	Title, English string
	Region         bool          // whether it is of a region
	Of             *journal.Form // of one such thing it is, besides a region or instead of one; nil for none
	File           string        // begins the name of the file of one such thing
	Years          Years
	Dated          bool     // whether it is as of the end of a day
	Headings       []string // a first one of 序号 numbers the rows by itself
	Note           string   // what whoever reads the file should know
	Filters        []string // what its rows can be narrowed by, as the pages that show it narrow theirs
	// Whole lists the ids whose numbers an accountant may take out whole, which the journal notes; nil where there are no numbers.
	Whole func(Asked) ([]string, error)
	Rows  func(Asked, *Rows) error
	// Above are rows above the headings: what an official form has at its head; nil for none.
	Above func(Asked) ([][]sheet.Cell, error)
}

// Years tells what a year means to a list.
type Years int

// The meanings.
const (
	NoYear  Years = iota
	OneYear       // the latest where none is asked for
	AnyYear       // all where none is asked for
)

// Asked is what is asked of a list.
type Asked struct {
	*journal.View
	Place region.Code // of a list of a region
	Of    string      // the thing it is of, "" for a region
	Year  int
	On    journal.Date
	// Filter narrows the rows as a page does, by the names of the list's filters.
	Filter map[string]string
	Leave  map[string]register.Revealed // to see whole numbers, by what it is for
}

// place is the region the rows are of, as the front of their ids.
func (q Asked) place() string {
	if q.Of != "" {
		return q.Of
	}
	return string(q.Place)
}

// Complete fills in the year and the day that are meant where none is asked for.
func (l List) Complete(q *Asked) {
	if l.Years == OneYear && q.Year == 0 {
		place := q.Place
		if q.Of != "" {
			place = journal.PlaceOf(q.Of)
		}
		q.Year = report.LatestYear(q.View, place)
	}
	if l.Dated && q.On == "" {
		q.On = q.Today()
	}
}

// Narrow takes the filters that the list knows from those that are asked for.
func (l List) Narrow(q *Asked, asked func(name string) string) {
	q.Filter = map[string]string{}
	for _, name := range l.Filters {
		if value := asked(name); value != "" {
			q.Filter[name] = value
		}
	}
}

// FileName is what the file is called, without an extension.
func (l List) FileName(q Asked) string {
	if q.Of != "" && l.File != "" {
		name := l.File + "-" + q.Of
		if l.Dated {
			name += "-" + string(q.On)
		}
		return name
	}
	name := q.Of
	if name == "" {
		name = q.Place.Prefix()
	}
	if l.Years != NoYear && q.Year != 0 {
		name += "-" + strconv.Itoa(q.Year)
	}
	return name + "-" + l.Name
}

// Write writes the list. Refused or failed, nothing of a workbook is left behind; of a text file what was written before.
func (l List) Write(to sheet.To, q Asked) error {
	if l.Dated && q.On > q.Today() {
		return journal.Wrong("on", q.On, "日期 %s 还没有到;今天是 %s", string(q.On), string(q.Today()))
	}
	if err := l.check(q); err != nil {
		return err
	}
	if l.Above != nil {
		var err error
		if to.Above, err = l.Above(q); err != nil {
			return err
		}
	}
	out := &Rows{Writer: sheet.NewWriter(to, l.Headings...), headings: l.Headings}
	defer out.Abort()
	if err := l.Rows(q, out); err != nil {
		return err
	}
	return out.Close()
}

// check refuses what there is no list of: another sort of thing, one that is not there, a place that is not on the map, a year that no book
// can have.
func (l List) check(q Asked) error {
	if q.Year != 0 && l.Years != NoYear {
		if err := income.CheckYear(q.View, q.Year); err != nil {
			return err
		}
	}
	if q.Of == "" {
		_, err := office.DivisionOf(q.View, q.Place)
		return err
	}
	if l.Of == nil || !l.Of.Is(q.Of) {
		return journal.Missing("", q.Of, "没有这个编号")
	}
	if entity := journal.EntityID.In(q.Of); entity != "" {
		_, err := register.EntityOf(q.View, entity)
		return err
	}
	return nil
}

// Rows takes the rows of a list.
type Rows struct {
	*sheet.Writer
	headings []string
	n        int
}

// Row writes a row, behind its number where rows have one.
func (r *Rows) Row(cells ...sheet.Cell) {
	if r.n++; r.headings[0] == numbered {
		cells = append([]sheet.Cell{whole(r.n)}, cells...)
	}
	r.Writer.Row(cells...)
}

// Sum writes the last row: sums and remarks, by their headings.
func (r *Rows) Sum(under map[string]sheet.Cell) {
	cells := sheet.Texts("合计")
	last := 1
	for i, h := range r.headings[1:] {
		cell, given := under[h]
		if cells = append(cells, cell); given {
			last = i + 2
		}
	}
	r.Total(cells[:last]...)
}

// numbered is the heading over the numbers of rows.
const numbered = "序号"

var goingOut []List

// describe makes a list known. Two of one name refuse to start.
func describe(l List) List {
	if _, ok := ListNamed(l.Name); ok {
		panic("two lists are called " + l.Name)
	}
	goingOut = append(goingOut, l)
	return l
}

// Lists are all lists that go out, by name.
func Lists() []List {
	return slices.SortedFunc(slices.Values(goingOut), func(a, b List) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

// ListNamed finds a list by its name.
func ListNamed(name string) (List, bool) {
	i := slices.IndexFunc(goingOut, func(l List) bool { return l.Name == name })
	if i < 0 {
		return List{}, false
	}
	return goingOut[i], true
}

// Cells of the sorts that lists have.
func words(s string) sheet.Cell            { return sheet.Text(s) }
func label(l journal.Label) sheet.Cell     { return sheet.Text(string(l)) }
func whole(n int) sheet.Cell               { return sheet.Number(strconv.Itoa(n)) }
func serial(n uint64) sheet.Cell           { return sheet.Number(strconv.FormatUint(n, 10)) }
func quantity(q money.Quantity) sheet.Cell { return sheet.Number(q.String()) }
func yuan(y money.Yuan) sheet.Cell         { return sheet.Amount(y.String()) }
func day(d journal.Date) sheet.Cell        { return sheet.Date(string(d)) }

// some is a number, nothing where none was given.
func some(n int) sheet.Cell {
	if n == 0 {
		return words("")
	}
	return sheet.Number(strconv.Itoa(n))
}

// someQuantity is a quantity, nothing where none was given.
func someQuantity(q money.Quantity) sheet.Cell {
	if q == 0 {
		return words("")
	}
	return quantity(q)
}

// village is the name of the village at the front of an id.
func village(v *journal.View, id string) sheet.Cell {
	code := journal.PlaceOf(id)
	d, err := office.DivisionOf(v, code)
	if err != nil {
		return words(string(code))
	}
	return words(d.Short())
}

// pageRows is how many records an export reads at a time.
const pageRows = 1000

// eachPage calls f with the place to go on from until there is no next.
func eachPage(f func(after string) (next string, err error)) error {
	after := ""
	for {
		next, err := f(after)
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}
