package income

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Income is one line of income or expense in a book.
type Income struct {
	ID         string       `cbor:"1,keyasint"`
	Item       string       `cbor:"2,keyasint"`
	Date       journal.Date `cbor:"3,keyasint"`
	Amount     money.Yuan   `cbor:"4,keyasint"` // negative in a reversal
	Party      string       `cbor:"5,keyasint,omitempty"`
	Voucher    string       `cbor:"6,keyasint,omitempty"`
	Note       string       `cbor:"7,keyasint,omitempty"`
	Reverses   string       `cbor:"8,keyasint,omitempty"` // id of the line this one takes back
	ReversedBy string       `cbor:"9,keyasint,omitempty"`
	By         string       `cbor:"10,keyasint,omitempty"`
	Entry      uint64       `cbor:"11,keyasint"`
	Years      int          `cbor:"12,keyasint,omitempty"` // of a lump sum: how many years it is for, from its date's on
	Payout     string       `cbor:"13,keyasint,omitempty"` // of a dividend on collective shares: distribution and holder
	// Parts says how the amount belongs to years and items; absent, as the first rule divides it.
	Parts []YearPart `cbor:"14,keyasint,omitempty"`
	Moved bool       `cbor:"15,keyasint,omitempty"` // it takes another line away to where that belongs, or is there what was taken away
	// Nature is what it is for what is let out, where that was said.
	Nature Nature `cbor:"16,keyasint,omitempty"`
	// Paid is the day on which it was paid, where that year is closed and the line stands in the first open one.
	Paid journal.Date `cbor:"17,keyasint,omitempty"`
	// Contract is the one that it was received by.
	Contract string `cbor:"18,keyasint,omitempty"`
	// From and To are what a sum is for, where that was said by days.
	From journal.Date `cbor:"19,keyasint,omitempty"`
	To   journal.Date `cbor:"20,keyasint,omitempty"`
}

// Book is the village or entity whose book the line stands in.
func (i Income) Book() string { return BookOf(i.ID) }

// BookOf is the book that a line stands in, given by its id.
func BookOf(id string) string { return journal.YearID.Parent(journal.LineID.Parent(id)) }

// LineNumber is the number of a line, given by its id, in its book and year.
func LineNumber(id string) string { return journal.LineID.Digits(id) }

// LineYear is the year of a line given by its id.
func LineYear(id string) int { return journal.YearID.Year(journal.LineID.Parent(id)) }

// BookYear is what a book's lines of one year add up to.
type BookYear struct {
	Last  int                   `cbor:"1,keyasint"` // number of the last line
	Items map[string]money.Yuan `cbor:"2,keyasint"` // by item code
	// Corrected is what of Items corrects earlier years, by item code: no part of this year's own measure.
	Corrected map[string]money.Yuan `cbor:"3,keyasint,omitempty"`
}

var (
	incomes = sums.Folded("income", func(r store.Reader, key string, i Income, to *sums.Adding) { i.addTo(r, key, to) })
	totals  = journal.Folded[BookYear]("total")    // book and year
	spreads = journal.Folded[money.Yuan]("spread") // book, year and id of a line of another year → what of it belongs to this one
)

// TotalTable holds what the lines of a book add up to, by YearID.
var TotalTable = totals.Readable()

// YearPart is what of a line belongs to a year, under the item that the year's form has for it.
type YearPart struct {
	_      struct{} `cbor:",toarray"`
	Year   int
	Item   string
	Amount money.Yuan
	Of     int // the earlier year that it corrects, or 0
}

// equally divides a line's amount over the years it is for, the odd 分 to the first ones, and asks what becomes of each part.
func (i Income) equally(part func(year int, amount money.Yuan)) {
	years := max(i.Years, 1)
	sum, sign := i.Amount, money.Yuan(1)
	if sum < 0 {
		sum, sign = -sum, -1
	}
	first := i.Date.Year()
	if i.Reverses != "" {
		first = LineYear(i.Reverses)
	}
	for k := range years {
		amount := sum / money.Yuan(years)
		if money.Yuan(k) < sum%money.Yuan(years) {
			amount++
		}
		part(first+k, sign*amount)
	}
}

// byTime divides a line's amount over the calendar years that it is for: by months where they are whole months, else by days. What is for
// years before the line's own belongs to that; there is a part of that year, be it nothing.
func (i Income) byTime(part func(year int, amount money.Yuan)) {
	behind := Terms{From: i.From, To: i.To}.behind(i.To)
	own := i.Date.Year()
	var dues []Due
	for year := i.From.Year(); year <= behind.Plus(-1).Year(); year++ {
		dues = append(dues, Due{From: max(i.From, journal.YearBegin(year)), To: min(behind.Plus(-1), journal.YearEnd(year))})
	}
	spell{i.From, behind, i.Amount}.divide(i.From, dues)
	sums := map[int]money.Yuan{own: 0}
	for _, d := range dues {
		sums[max(own, d.From.Year())] += d.Amount
	}
	for _, year := range slices.Sorted(maps.Keys(sums)) {
		part(year, sums[year])
	}
}

// firstParts divides a line by the first rule, which entries without parts of their own keep for ever. A reversal takes back in its own
// year what lies in earlier ones.
func (i Income) firstParts() (list []YearPart) {
	i.equally(func(year int, amount money.Yuan) {
		p := YearPart{Year: max(year, i.Date.Year()), Item: i.Item, Amount: amount}
		if item, _ := ItemNamed(i.Item); p.Year > item.To {
			p.Item = item.Successor
		}
		if n := len(list); n > 0 && list[n-1].Year == p.Year {
			list[n-1].Amount += p.Amount
		} else {
			list = append(list, p)
		}
	})
	return list
}

// parts is how the line belongs to years and items.
func (i Income) parts() []YearPart {
	if i.Parts != nil {
		return i.Parts
	}
	return i.firstParts()
}

// divided divides a line by the forms as they stand: what is decided is written into its entry, where the first rule would have it
// otherwise.
func (i Income) divided(forms *bookForms) (list []YearPart) {
	divide := i.equally
	if i.From != "" {
		divide = i.byTime
	}
	divide(func(year int, amount money.Yuan) {
		list = append(list, YearPart{Year: year, Item: itemIn(forms.in(year), i.Item, i.Nature), Amount: amount})
	})
	if slices.Equal(list, i.firstParts()) {
		return nil
	}
	return list
}

// undone is what takes a line back on a day: what lies in earlier years is taken back in that day's year, and said to correct them.
func (i Income) undone(r store.Reader, on journal.Date) (list []YearPart) {
	for _, p := range i.parts() {
		back := YearPart{Year: p.Year, Item: p.Item, Amount: -p.Amount, Of: p.Of}
		if p.Year < on.Year() {
			back.Year, back.Of = on.Year(), cmp.Or(p.Of, p.Year)
			back.Item = itemIn(formIn(r, i.Book(), back.Year), p.Item, i.Nature)
		}
		same := func(o YearPart) bool { return o.Year == back.Year && o.Item == back.Item && o.Of == back.Of }
		if at := slices.IndexFunc(list, same); at >= 0 {
			list[at].Amount += back.Amount
		} else {
			list = append(list, back)
		}
	}
	return list
}

// itemIn is the item that a form has for one of another form: rent for land let out is operating income since 2024, what is handed up of a
// profit is from investment (财会〔2023〕14号). One that nothing took the place of stays what it is.
func itemIn(f Form, code string, nature Nature) string {
	item, _ := ItemNamed(code)
	switch next := item.Successor; {
	case f.Has(code):
	case code == contracting && nature == HandedUp && f.Has("investment"):
		return "investment"
	case next != "" && f.Has(next):
		return next
	}
	return code
}

// contracting is the item of what comes in for what is let out or handed up (发包及上交收入).
const contracting = "contracting"

// Nature is what a sum that comes in for what is let out is: rent, or a profit handed up.
type Nature string

// The natures.
const (
	Rent     Nature = "rent"
	HandedUp Nature = "profit"
)

// Stands tells whether the line neither takes another back nor was taken back itself.
func (i Income) Stands() bool { return i.Reverses == "" && i.ReversedBy == "" }

// Plain tells whether the line stands, and is all of its own year: what may come again in the next. A reversal, what it takes back, a
// correction and a sum for several years are not.
func (i Income) Plain() bool {
	parts := i.parts()
	return i.Stands() && len(parts) == 1 && parts[0].Year == i.Date.Year() && parts[0].Of == 0
}

// In is what of the line a year counts by a measure, without what corrects earlier years.
func (i Income) In(year int, p Policy) (sum money.Yuan) {
	for _, part := range i.parts() {
		if part.Year == year && part.Of == 0 && p.Counts(part.Item) {
			sum += part.Amount
		}
	}
	return sum
}

// Book puts a line into its book and into the sums of its year.
func Book(a *journal.Applying, line Income) {
	incomes.Put(a, line.ID, line)
	if line.Reverses == "" {
		credit(a, line, 1)
	}
	for _, p := range line.parts() {
		key := journal.YearID.Dated(line.Book(), p.Year)
		t, _ := totals.Get(a, key)
		if t.Items == nil {
			t.Items = map[string]money.Yuan{}
		}
		t.Items[p.Item] += p.Amount
		if p.Of != 0 {
			if t.Corrected == nil {
				t.Corrected = map[string]money.Yuan{}
			}
			t.Corrected[p.Item] += p.Amount
		}
		if p.Year == line.Date.Year() {
			t.Last = max(t.Last, journal.LineID.Number(line.ID))
		} else {
			part, _ := spreads.Get(a, key+line.ID)
			spreads.Put(a.Tx, key+line.ID, part+p.Amount)
		}
		totals.Put(a.Tx, key, t)
	}
}

// LineIn is a line of a book, and whether there is one of that id.
func LineIn(r store.Reader, id string) (Income, bool) { return incomes.Get(r, id) }

// LineOf is the id of a line of a book in a year by its number.
func LineOf(book string, year, number int) string {
	return journal.LineID.ID(journal.LineID.Front(journal.YearID.Dated(book, year)), number)
}

// SpreadLine is what of another year's lump sum belongs to a year.
type SpreadLine struct {
	Income
	Part money.Yuan
}

// Spread lists the lines of other years of which a part belongs to a year of a book.
func Spread(v *journal.View, book string, year int) (list []SpreadLine, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	key := journal.YearID.Dated(book, year)
	for k, part := range spreads.Scan(books, key) {
		line, _ := incomes.Get(books, strings.TrimPrefix(k, key))
		list = append(list, SpreadLine{line, part})
	}
	return list, nil
}

// markReversed notes on a line which other takes it back, and returns it.
func markReversed(a *journal.Applying, id, by string) Income {
	line, _ := incomes.Get(a, id)
	credit(a, line, -1)
	line.ReversedBy = by
	incomes.Put(a, id, line)
	return line
}

// Incomes lists a book's lines of a year, in the order they were booked; only those of one item when it is not "".
func Incomes(v *journal.View, book string, year int, item string) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	for _, line := range incomes.Scan(books, journal.YearID.Dated(book, year)) {
		if item == "" || line.Item == item {
			list = append(list, line)
		}
	}
	return list, nil
}

// AnyStands tells whether a book has a line, or a part of another year's, in a year that was not taken back.
func AnyStands(r store.Reader, book string, year int) bool {
	for line := range linesOf(r, book, year) {
		if line.Stands() {
			return true
		}
	}
	return false
}

// linesOf yields a book's lines of a year, and those of other years of which a part belongs to it.
func linesOf(r store.Reader, book string, year int) iter.Seq[Income] {
	key := journal.YearID.Dated(book, year)
	return func(yield func(Income) bool) {
		for _, line := range incomes.Scan(r, key) {
			if !yield(line) {
				return
			}
		}
		for k := range spreads.Scan(r, key) {
			if line, _ := incomes.Get(r, k[len(key):]); !yield(line) {
				return
			}
		}
	}
}

// EachIncome calls f for every line of a year in a region: villages in code order, their own book first, then their entities'.
func EachIncome(v *journal.View, place region.Code, year int, f func(Income) error) error {
	books, err := v.At(place)
	if err != nil {
		return err
	}
	for _, line := range incomes.Scan(books, place.Prefix()) {
		if line.Date.Year() == year {
			if err := f(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// IncomeOf returns a line by its id.
func IncomeOf(v *journal.View, id string) (Income, error) {
	return journal.Find(v, incomes.Readable(), id, journal.Missing("income", id, "没有编号为 %s 的收支", id))
}

func init() {
	journal.NamedBy(journal.LineID, incomes.Table, func(store.Reader, Income) string { return "" })
}
