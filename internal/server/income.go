package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/income/:book", incomeList),
	post("/income/:book", incomeRecord),
	get("/income/:book/reverse/:id", incomeReverseForm),
	post("/income/:book/reverse/:id", incomeReverse),
)

// maxLines is the most lines of a book that one page shows.
const maxLines = 500

// incomeList shows a book with the form that adds to it; of a place larger than a village, what the villages' books come to.
func incomeList(r *request) error {
	return r.showBook(http.StatusOK, nil)
}

// incomePage is what the page income shows.
type incomePage struct {
	Book    string
	Name    string
	Place   region.Code
	Year    int
	Lines   []incomeRow
	More    int
	Sum     money.Yuan
	Item    string
	S       income.Statement
	Spread  []income.SpreadLine
	Form    *form
	Items   []option
	Natures []option
	May     acts
	Closed  bool
	Years   []int
	Verdict *income.Verdict // of a village's own book
	Books   []option
	Own     bool // whether the book is the village's own
	// Collective tells whether it is a rural collective's, which lets out land.
	Collective bool
}

var _ = page[incomePage]("income")

func (r *request) showBook(code int, f *form) error {
	book := r.Param("book")
	place := placeOf(book)
	if place == "" {
		return &journal.Error{Code: journal.NotFound, Text: "没有编号为 %s 的账", Args: []any{book}}
	}
	if journal.IsRegion(book) && place.Level() < region.Village {
		return r.showBooks(place)
	}
	return r.show(code, "income", "income", place, func(v *journal.View, fr *frame) (any, error) {
		name := r.say.T("村集体")
		if !journal.IsRegion(book) {
			e, err := register.EntityOf(v, book)
			if err != nil {
				return nil, err
			}
			if e.Book() != e.ID { // a stock cooperative's lines are the village's
				return nil, &elsewhere{"/income/" + e.Book()}
			}
			name = e.Name
		}
		year := r.year()
		if year == 0 {
			year = r.bookYear(v, book, f)
		}
		lines, err := income.Incomes(v, book, year, r.Query("item"))
		if err != nil {
			return nil, err
		}
		s, err := income.StatementOf(v, book, year)
		if err != nil {
			return nil, err
		}
		spread, err := income.Spread(v, book, year)
		if err != nil {
			return nil, err
		}
		var sum money.Yuan
		for _, l := range lines {
			sum += l.Amount
		}
		slices.Reverse(lines)
		more := max(0, len(lines)-maxLines)
		lines = lines[:len(lines)-more]
		may, err := r.may(v, map[string]any{"book": book}, "RecordIncome")
		if err != nil {
			return nil, err
		}
		rows, err := r.incomeRows(v, lines)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s收支", name)
		_, closed := office.Closed(v, place, year)
		if f == nil {
			f = newForm("date", string(dateIn(year, v.Today(), closed)))
		}
		f.of("RecordIncome")
		body := incomePage{
			Book: book, Own: journal.IsRegion(book), Name: name, Place: place, Year: year, Lines: rows, More: more, Sum: sum,
			Item: r.Query("item"), S: s,
			Spread: spread, Form: f,
			Natures: r.natures(), May: may, Closed: closed, Years: bookYears(v, book, year),
		}
		if journal.IsRegion(book) {
			verdict := income.DefaultPolicy.Judge(s, slices.Contains(income.Years(v, book), year), v.Today().Year())
			body.Verdict = &verdict
		}
		if body.Items, err = r.itemOptions(v, book); err != nil {
			return nil, err
		}
		body.Collective = slices.ContainsFunc(body.Items, func(o option) bool { return o.Value == "contracting" })
		if body.Books, err = r.booksOf(v, place); err != nil {
			return nil, err
		}
		return body, nil
	})
}

// incomeRow is a line of a book as its page shows it.
type incomeRow struct {
	income.Income
	Undo bool // whether it can be reversed
	Move bool // or moved to where it belongs
}

func (r *request) incomeRows(v *journal.View, lines []income.Income) (rows []incomeRow, err error) {
	for _, l := range lines {
		may, err := r.may(v, map[string]any{"income": l.ID}, "ReverseIncome", "MoveIncome")
		if err != nil {
			return nil, err
		}
		rows = append(rows, incomeRow{l, may.Can("ReverseIncome"), may.Can("MoveIncome")})
	}
	return rows, nil
}

// bookYear is the year a book opens with: that of the date just typed, or the latest with lines.
func (r *request) bookYear(v *journal.View, book string, f *form) int {
	if f != nil {
		if d, err := journal.ParseDate(f.Get("date")); err == nil && d.Year() >= 1949 && d <= v.Today() {
			return d.Year()
		}
	}
	if years := income.Years(v, book); len(years) > 0 {
		return years[len(years)-1]
	}
	return v.Today().Year()
}

// dateIn is the date a form starts with: the last day of an earlier year that is still open, or today.
func dateIn(year int, today journal.Date, closed bool) journal.Date {
	if year == today.Year() || closed {
		return today
	}
	return journal.YearEnd(year)
}

func bookYears(v *journal.View, book string, year int) []int {
	years := append(income.Years(v, book), year, v.Today().Year())
	slices.Sort(years)
	years = slices.Compact(years)
	slices.Reverse(years)
	return years
}

// booksOf lists the books of a village: its own, and those of entities with one of their own.
func (r *request) booksOf(v *journal.View, place region.Code) (list []option, err error) {
	list = append(list, option{Value: string(place), Label: r.say.T("村集体")})
	entities, _, err := register.Entities(v, place, "", maxLines)
	for _, e := range entities {
		if e.Book() == e.ID {
			list = append(list, option{Value: e.ID, Label: e.Name})
		}
	}
	return list, err
}

// itemOptions are the items to book under by the forms of the book, income first. An item of another year's form is refused when it is
// posted.
func (r *request) itemOptions(v *journal.View, book string) (list []option, err error) {
	groups := []string{r.say.T("收入"), r.say.T("支出")}
	thisYear := v.Today().Year()
	terms, err := income.Terms(v, book, thisYear)
	for _, it := range terms {
		group := groups[0]
		if it.Expense {
			group = groups[1]
		}
		label := r.say.T(string(it.Label))
		switch {
		case it.Code == "contracting":
			label = r.say.T("发包及上交收入(2024 年起写明性质)")
		case it.Last < thisYear:
			label = r.say.T("%s(%s 年及以前)", it.Label, strconv.Itoa(it.Last))
		case it.First > terms[0].First:
			label = r.say.T("%s(%s 年起)", it.Label, strconv.Itoa(it.First))
		}
		list = append(list, option{Value: it.Code, Label: label, Group: group})
	}
	slices.SortStableFunc(list, func(a, b option) int { return slices.Index(groups, a.Group) - slices.Index(groups, b.Group) })
	return list, err
}

// natures are what a sum for what is let out may be.
func (r *request) natures() []option {
	return []option{{Label: r.say.T("不是发包收入")}, {Value: string(income.Rent), Label: r.say.T("租金,记入经营收入")},
		{Value: string(income.HandedUp), Label: r.say.T("上交的利润,记入投资收益")}}
}

// incomeRegionPage is what the page income_region shows.
type incomeRegionPage struct {
	R     *report.Report
	Years []int
}

var _ = page[incomeRegionPage]("income_region")

// showBooks shows what the books of a township's or county's villages come to.
func (r *request) showBooks(place region.Code) error {
	return r.show(http.StatusOK, "income_region", "income", place, func(v *journal.View, f *frame) (any, error) {
		report, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年集体收支", report.Place.Short(), strconv.Itoa(report.Year))
		return incomeRegionPage{R: report, Years: yearsUpTo(report.Trend, v.Today(), report.Year)}, nil
	})
}

func incomeRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["book"] = r.Param("book")
	receipt, err := r.post("RecordIncome", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showBook(status[journal.CodeOf(err)], again(values, err, "item", "nature", "date", "amount", "party", "voucher", "years",
			"note"))
	}
	return r.done(lineLink(receipt.IDs[0]), "recorded")
}

// lineLink is the page of the book and year that a line stands in.
func lineLink(id string) string {
	return "/income/" + income.Income{ID: id}.Book() + "?year=" + strconv.Itoa(income.LineYear(id))
}

func incomeReverseForm(r *request) error { return r.showReverse(http.StatusOK, nil) }

// incomeReversePage is what the page income_reverse shows.
type incomeReversePage struct {
	Line income.Income
	Form *form
	May  bool
}

var _ = page[incomeReversePage]("income_reverse")

func (r *request) showReverse(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "income_reverse", "income", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		line, err := income.IncomeOf(v, id)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("冲销")
		if f == nil {
			date := line.Date
			if _, closed := office.Closed(v, placeOf(id), line.Date.Year()); closed {
				date = v.Today()
			}
			f = newForm("date", string(date))
		}
		f.of("ReverseIncome")
		return incomeReversePage{Line: line, Form: f, May: r.who.May("ReverseIncome")}, nil
	})
}

// placeOf is the village at the front of an id, or the region itself, for crumbs; "" when there is none.
func placeOf(id string) region.Code { return journal.RegionOf(id) }

func incomeReverse(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["income"] = r.Param("id")
	receipt, err := r.post("ReverseIncome", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) || journal.CodeOf(err) == journal.NotFound {
			return err
		}
		return r.showReverse(status[journal.CodeOf(err)], again(values, err, "date", "reason"))
	}
	return r.done(lineLink(receipt.IDs[0]), "reversed")
}
