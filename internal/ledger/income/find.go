package income

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Wanted says which lines of a book are looked for. What is empty narrows nothing.
type Wanted struct {
	Item     string
	Text     string // in the party, the voucher or the note, or the line's number
	From, To journal.Date
	Amount   money.Yuan // on either side: a reversal has the line's own amount below zero
	Voucher  string     // whole
	Party    string     // whole
}

// WantedNames are the names by which pages and exports ask for lines.
var WantedNames = []string{"item", "q", "from", "to", "amount", "voucher", "party"}

// ReadWanted reads what is looked for, asked for by WantedNames, in a year's book. Days are read beside the year's last, amounts as they
// are typed; its errors say what cannot be read.
func ReadWanted(year int, ask func(name string) string) (w Wanted, err error) {
	var f journal.Faults
	w = Wanted{Item: ask("item"), Text: strings.ToLower(ident.Plain(strings.TrimSpace(ask("q")))), Voucher: ask("voucher"),
		Party: ask("party")}
	for _, x := range []struct {
		name string
		to   *journal.Date
	}{{"from", &w.From}, {"to", &w.To}} {
		if text := ask(x.name); text != "" {
			if *x.to, err = journal.DateNear(text, journal.YearEnd(year)); err != nil {
				f.Invalid(x.name, text, "“%s”不是日期;请写成 2025-12-09", text)
			}
		}
	}
	if text := ask("amount"); text != "" {
		if w.Amount, err = money.Reckon(text); err != nil || w.Amount == 0 {
			f.Invalid("amount", text, "“%s”不是金额", text)
		}
	}
	return w, f.Err()
}

// Any tells whether anything is looked for.
func (w Wanted) Any() bool { return w != Wanted{} }

// Has tells whether a line is looked for.
func (w Wanted) Has(i Income) bool {
	said := func(text string) bool { return strings.Contains(strings.ToLower(ident.Plain(text)), w.Text) }
	return (w.Item == "" || i.Item == w.Item) && (w.Voucher == "" || i.Voucher == w.Voucher) &&
		(w.Party == "" || ident.Name(i.Party) == ident.Name(w.Party)) &&
		(w.From == "" || i.Date >= w.From) && (w.To == "" || i.Date <= w.To) &&
		(w.Amount == 0 || i.Amount == w.Amount || i.Amount == -w.Amount) &&
		(w.Text == "" || said(i.Party) || said(i.Voucher) || said(i.Note) || LineNumber(i.ID) == w.Text ||
			strings.TrimLeft(LineNumber(i.ID), "0") == w.Text)
}

// Latest lists a book's lines of a year that are looked for, those booked last first.
func Latest(v *journal.View, book string, year int, w Wanted) ([]Income, error) {
	list, err := Incomes(v, book, year, w.Item)
	list = slices.DeleteFunc(list, func(i Income) bool { return !w.Has(i) })
	slices.Reverse(list)
	return list, err
}

// backwards goes through a book's lines of a year, those booked last first.
func backwards(r store.Reader, book string, year int) iter.Seq[Income] {
	return func(yield func(Income) bool) {
		t, _ := totals.Get(r, journal.YearID.Dated(book, year))
		for n := t.Last; n > 0; n-- {
			if line, ok := incomes.Get(r, LineOf(book, year, n)); ok && !yield(line) {
				return
			}
		}
	}
}

// partyLines is how far back parties are looked for, in lines of a year.
const partyLines = 2000

// Parties are with whom a book has had to do in a year and the one before, at most so many, the latest first.
func Parties(v *journal.View, book string, year, most int) (names []string, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{"": true}
	for _, y := range []int{year, year - 1} {
		n := 0
		for i := range backwards(books, book, y) {
			if n++; n > partyLines || len(names) == most {
				break
			}
			if !seen[i.Party] && i.Payout == "" {
				seen[i.Party] = true
				names = append(names, i.Party)
			}
		}
	}
	return names, nil
}

// Entered lists the lines of a book, of any year, that were booked on a day or later, the latest first.
func Entered(v *journal.View, book string, on journal.Date) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	for _, y := range Years(v, book) {
		for i := range backwards(books, book, y) {
			j, err := v.JournalEntry(journal.PlaceOf(book).Chain(), i.Entry)
			if err != nil {
				return nil, err
			}
			if journal.DateOf(j.Time()) < on { // lines of a year are numbered as they are booked
				break
			}
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b Income) int { return cmp.Compare(b.Entry, a.Entry) })
	return list, nil
}

// doubtSame asks about a line that is just like one that stands already.
func doubtSame(c *journal.Checking, e *RecordIncome) {
	key := func(on journal.Date, sum money.Yuan, party, voucher, item string) string {
		if party+voucher != "" { // else there is little to tell two lines apart by
			item = ""
		}
		return item + "\x00" + string(on) + "\x00" + sum.String() + "\x00" + ident.Name(party) + "\x00" + ident.Clean(voucher)
	}
	year := journal.YearID.Dated(e.Book, e.Date.Year())
	same := journal.Once(c, "lines of "+year, func() map[string]string { // with those of the posting, as they come
		list := map[string]string{}
		for _, i := range incomes.Scan(c, year) {
			if i.Stands() {
				list[key(i.Date, i.Amount, i.Party, i.Voucher, i.Item)] = i.ID
			}
		}
		return list
	})
	mine := key(e.Date, e.Amount, e.Party, e.Voucher, cmp.Or(e.Under, e.Item))
	if id := same[mine]; id != "" && id != e.ID {
		c.Doubt("amount", e.Amount, "已经有一笔日期、金额、对方和凭证都一样的(第 %s 号);不是同一笔才再记", LineNumber(id))
	}
	same[mine] = e.ID
}
