package income

import (
	"maps"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Statement is a book's gain of one year and what of it may be distributed.
type Statement struct {
	Book          string
	Year          int
	Items         map[string]money.Yuan // by item code
	Corrected     map[string]money.Yuan // what of Items corrects earlier years
	Operating     money.Yuan            // 经营收益
	Subsidy       money.Yuan            // 补助收入
	Income        money.Yuan
	Expense       money.Yuan
	Gain          money.Yuan // 本年收益: income less expense
	Opening       money.Yuan // 年初未分配收益, negative for losses of earlier years
	Released      money.Yuan // 其他转入: what of the reserve made good losses, as far as it holds; and what members who left bore of them
	Booked        money.Yuan // what was taken out of the reserve for it: more, where the loss or what was set aside has shrunk since
	Borne         money.Yuan // what members who left bore
	Opened        money.Yuan // what was in the reserve when the ledger took over the book, where it is booked in this year
	Held          money.Yuan // what the reserve holds of gains at the year's end
	Charter       money.Yuan // 公积公益金 as the charter's percentage gives it, of what of the gain is left after earlier losses
	Reserve       money.Yuan // 公积公益金 set aside: Charter, or more by resolution
	Welfare       money.Yuan // 福利费 set aside by resolution, before 2024
	Uses          plan.Uses  // what the distributions of the year are for, from their submission on
	Distributed   money.Yuan // all of them
	Distributable money.Yuan // what may still be distributed of the year
	Closing       money.Yuan // 年末未分配收益
}

// Short is what the year is missing of what it has distributed, 0 where that is covered. What a later year loses does not undo what was
// resolved before.
func (s Statement) Short() money.Yuan {
	if s.Distributed == 0 {
		return 0
	}
	return max(0, -s.Closing)
}

// Sums adds up a year's items.
func (b BookYear) Sums(year int) (s Statement) {
	s.Year, s.Items, s.Corrected = year, b.Items, b.Corrected
	for _, it := range Items {
		amount := b.Items[it.Code]
		if it.Expense {
			s.Expense += amount
		} else {
			s.Income += amount
		}
	}
	s.Subsidy, s.Gain = b.Items["subsidy"], s.Income-s.Expense
	s.Operating = operating(b.Items)
	return s
}

// operating adds up the items of net operating gain. It is a formula of its own, whatever the form of the year prints as 经营收益.
func operating(items map[string]money.Yuan) (sum money.Yuan) {
	for _, it := range Items {
		if it.Operating {
			sum += money.Yuan(it.signed()) * items[it.Code]
		}
	}
	return sum
}

// Figures are the sums that fill a form: items, and what is worked out.
func (s Statement) Figures() map[string]money.Yuan {
	list := map[string]money.Yuan{
		openingFigure: s.Opening, releasedFigure: s.Released, reserveFigure: s.Reserve, welfareFigure: s.Welfare, outsideFigure: s.Uses.Outside,
		membersFigure: s.Uses.Members, otherFigure: s.Uses.Other, returnedFigure: s.Uses.Returned, capitalFigure: s.Uses.Capital,
	}
	maps.Copy(list, s.Items)
	return list
}

// statements works out a book's statements from its first year to a year, each brought forward into the next: losses of earlier
// years are made good first, then the reserve is set aside, the rest and what was brought forward is distributable
// (农村集体经济组织法 art. 42; 农民专业合作社法 art. 42-44).
func statements(r store.Reader, bookID string, owner register.Entity, upTo int) []Statement {
	byYear := map[int]Statement{}
	first := upTo
	for k, b := range totals.Range(r, journal.YearID.Front(bookID), store.PrefixEnd(journal.YearID.Front(bookID))) {
		y := journal.YearID.Year(k)
		s := b.Sums(y)
		byYear[y] = s
		first = min(first, y)
	}
	spent := map[int]plan.Uses{}
	for _, d := range plan.DistributionTable.Scan(r, bookID) {
		if d.Committed() && d.Book == bookID && d.Fund == "" {
			spent[d.Year] = spent[d.Year].And(usesOf(r, d))
			first = min(first, d.Year)
			upTo = max(upTo, d.Year)
		}
	}
	released, borne := releasesByYear(r, bookID)
	for y := range released {
		first = min(first, y)
	}
	for y := range borne {
		first = min(first, y)
	}
	opened := openingReserves(r, bookID)
	for y := range opened {
		first = min(first, y)
	}
	brought, _ := openings.Get(r, bookID)
	if brought.Year != 0 {
		first = min(first, brought.Year)
	}
	lastClosed, closed := office.LastClosedOf(r, journal.PlaceOf(bookID))
	if closed {
		upTo = max(upTo, lastClosed)
	}
	var list []Statement
	var carried, held money.Yuan // what is undistributed, and what the reserve holds
	for y := first; y <= upTo; y++ {
		s, ok := byYear[y]
		if !ok {
			s = BookYear{}.Sums(y)
		}
		if y == brought.Year {
			carried += brought.Amount
		}
		held, s.Opened = held+opened[y], opened[y]
		s.Book, s.Opening, s.Booked, s.Borne, s.Uses = bookID, carried, released[y], borne[y], spent[y]
		s.Released = s.Borne
		s.Released += max(min(s.Booked, held, s.Uncovered()), 0) // no more than there is a loss, and the reserve holds
		s.Distributed = s.Uses.Sum()
		if left := min(s.Gain, s.Opening+s.Released+s.Gain); left > 0 {
			s.Charter = left.Percent(owner.ReserveIn(y))
		}
		aside, _ := setAsides.Get(r, journal.YearID.Dated(bookID, y))
		if s.Reserve, s.Welfare = s.Charter, aside.Welfare; aside.ByHand {
			s.Reserve = max(s.Charter, aside.Reserve) // never less than the charter, however the gain has changed since
		}
		s.Closing = s.BeforeDistribution() - s.Reserve - s.Welfare - s.Distributed
		held += s.Reserve - (s.Released - s.Borne)
		s.Distributable, s.Held = s.Closing, held
		carried = s.Closing
		list = append(list, s)
	}
	// What a later year has given out of the carried balance cannot be given out again for an earlier one, nor what a later closed year has
	// lost.
	gone := false
	for i := len(list) - 1; i > 0; i-- {
		if gone = gone || list[i].Distributed > 0 || closed && list[i].Year <= lastClosed; gone {
			list[i-1].Distributable = min(list[i-1].Distributable, list[i].Distributable)
		}
	}
	return list
}

// OwnerOf is the entity whose book it is: of a village's own, its stock cooperative; none where there is none.
func OwnerOf(r store.Reader, bookID string) register.Entity {
	id := bookID
	if journal.VillageID.Is(bookID) {
		t, _ := register.TallyTable.Get(r, bookID)
		id = t.Stock
	}
	owner, _ := register.EntityTable.Get(r, id)
	return owner
}

// StatementIn is one year's statement of a book.
func StatementIn(r store.Reader, bookID string, year int) Statement {
	owner := OwnerOf(r, bookID)
	for _, s := range statements(r, bookID, owner, year) {
		if s.Year == year {
			return s
		}
	}
	return BookYear{}.Sums(year)
}

// StatementOf returns the statement of a village's or an entity's book for a year.
func StatementOf(v *journal.View, bookID string, year int) (Statement, error) {
	books, err := v.At(journal.PlaceOf(bookID))
	if err != nil {
		return Statement{}, err
	}
	if err := CheckYear(v, year); err != nil {
		return Statement{}, err
	}
	s := StatementIn(books, bookID, year)
	s.Book = bookID
	return s, nil
}

// Sheet is a book's statement as the form of its body and year prints it, with the year before beside it.
type Sheet struct {
	Form        Form
	Now, Before Statement
	Rows        []Row
}

// SheetOf is the statement of a book's year on its form.
func SheetOf(v *journal.View, bookID string, year int) (x Sheet, err error) {
	if x.Now, err = StatementOf(v, bookID, year); err != nil {
		return x, err
	}
	if x.Before, err = StatementOf(v, bookID, year-1); err != nil {
		return x, err
	}
	x.Form, err = FormOf(v, bookID, year)
	x.Rows = x.Form.Fill(x.Now.Figures(), x.Before.Figures())
	for i, row := range x.Rows {
		for _, code := range row.Codes() {
			x.Rows[i].Corrected += x.Now.Corrected[code]
		}
	}
	return x, err
}

// CheckYear refuses years that no book can have.
func CheckYear(v *journal.View, year int) error {
	if year < FirstYear || year > v.Today().Year()+1 {
		return journal.Wrong("year", year, "年度 %s 不对", strconv.Itoa(year))
	}
	return nil
}

// Years lists the years in which a book has lines, oldest first; none to whoever may not read it.
func Years(v *journal.View, bookID string) (years []int) {
	books, err := v.At(journal.PlaceOf(bookID))
	if err != nil {
		return nil
	}
	for k := range totals.Range(books, journal.YearID.Front(bookID), store.PrefixEnd(journal.YearID.Front(bookID))) {
		if y := journal.YearID.Year(k); y <= v.Today().Year() { // what a lump sum is spread over may lie ahead
			years = append(years, y)
		}
	}
	return years
}

// BeforeDistribution is 可分配收益: the year's gain, what was brought forward and what made good losses, before anything is set aside or given
// out.
func (s Statement) BeforeDistribution() money.Yuan { return s.Opening + s.Released + s.Gain }
