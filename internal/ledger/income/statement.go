package income

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Line is one item of a statement with its sum.
type Line struct {
	Item   Item
	Amount money.Yuan
}

// Statement is a book's gain of one year and what of it may be distributed.
type Statement struct {
	Book          string
	Year          int
	Lines         []Line     // every item of the year's form, zeros included
	Operating     money.Yuan // 经营收益
	Subsidy       money.Yuan // 补助收入
	Income        money.Yuan
	Expense       money.Yuan
	Gain          money.Yuan // 本年收益: income less expense
	Opening       money.Yuan // 年初未分配收益, negative for losses of earlier years
	Charter       money.Yuan // 公积公益金 as the charter's percentage gives it, of what of the gain is left after earlier losses
	Reserve       money.Yuan // 公积公益金 set aside: Charter, or more by resolution
	Welfare       money.Yuan // 福利费 set aside by resolution, before 2024
	Distributed   money.Yuan // distributions of the year, from their submission on
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

// Sums adds up a year's items by the form of the year.
func (b BookYear) Sums(year int) (s Statement) {
	s.Year = year
	for _, it := range ItemsOf(year) {
		amount := b.Items[it.Code]
		s.Lines = append(s.Lines, Line{it, amount})
		signed := amount
		if it.Expense {
			s.Expense += amount
			signed = -amount
		} else {
			s.Income += amount
		}
		if it.Code == "subsidy" {
			s.Subsidy = amount
		}
		s.Gain += signed
	}
	s.Operating = b.Operating(year)
	return s
}

// Operating is the year's 经营收益 alone.
func (b BookYear) Operating(year int) (sum money.Yuan) {
	for _, it := range Items {
		switch {
		case !it.Operating || year < it.From || year > it.To:
		case it.Expense:
			sum -= b.Items[it.Code]
		default:
			sum += b.Items[it.Code]
		}
	}
	return sum
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
	spent := map[int]money.Yuan{}
	for _, d := range plan.DistributionTable.Scan(r, bookID) {
		if d.Committed() && d.Book == bookID {
			spent[d.Year] += d.Due
			first = min(first, d.Year)
			upTo = max(upTo, d.Year)
		}
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
	var carried money.Yuan
	for y := first; y <= upTo; y++ {
		s, ok := byYear[y]
		if !ok {
			s = BookYear{}.Sums(y)
		}
		if y == brought.Year {
			carried += brought.Amount
		}
		s.Book, s.Opening, s.Distributed = bookID, carried, spent[y]
		if left := min(s.Gain, s.Opening+s.Gain); left > 0 {
			s.Charter = left.Percent(owner.ReserveIn(y))
		}
		aside, _ := setAsides.Get(r, journal.YearID.Dated(bookID, y))
		if s.Reserve, s.Welfare = s.Charter, aside.Welfare; aside.ByHand {
			s.Reserve = max(s.Charter, aside.Reserve) // never less than the charter, however the gain has changed since
		}
		s.Closing = s.Opening + s.Gain - s.Reserve - s.Welfare - s.Distributed
		s.Distributable = s.Closing
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

// statement returns one year's statement of a book.
func StatementIn(r store.Reader, bookID string, year int) Statement {
	id := bookID
	if journal.VillageID.Is(bookID) {
		t, _ := register.TallyTable.Get(r, bookID)
		id = t.Stock
	}
	owner, _ := register.EntityTable.Get(r, id)
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

// CheckYear refuses years that no book can have.
func CheckYear(v *journal.View, year int) error {
	if year < 1949 || year > v.Today().Year()+1 {
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

// Of returns the sum of an item, 0 where the year's form does not have it.
func (s Statement) Of(item string) money.Yuan {
	for _, l := range s.Lines {
		if l.Item.Code == item {
			return l.Amount
		}
	}
	return 0
}

// BeforeDistribution is 可分配收益: the year's gain and what was brought forward, before anything is set aside or given out.
func (s Statement) BeforeDistribution() money.Yuan { return s.Opening + s.Gain }
