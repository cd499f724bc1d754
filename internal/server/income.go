package server

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/income/:book", incomeList),
	get("/reading", readAs),
	post("/income/:book", incomeRecord),
	get("/income/:book/reverse/:id", incomeReverseForm),
	post("/income/:book/reverse/:id", incomeReverse),
	post("/income/:book/rebook/:id", incomeRebook),
)

// maxLines is the most things that one list of choices has; linesPerView the lines of a book that one page shows.
const (
	maxLines     = 500
	linesPerView = 100
)

// incomeList shows a book with the form that adds to it; of a place larger than a village, what the villages' books come to.
func incomeList(r *request) error {
	return r.showBook(http.StatusOK, nil)
}

// incomePage is what the page income shows.
type incomePage struct {
	Book            string
	Name            string
	Place           region.Code
	Year            int
	Lines           []incomeRow
	Count           int // of the lines that are looked for
	Next            string
	Received, Spent money.Yuan  // of these
	Gain            money.Yuan  // of these, what makes the operating gain
	Spreads         bool        // whether the year's statement has other sums: of what is for several years
	InYear          *money.Yuan // of the one item that is looked for what belongs to the year, where that is not the lines' sum
	Wanted          income.Wanted
	Query           string // what is looked for, as exports ask for it
	Find            *form
	S               income.Statement
	Spread          []income.SpreadLine
	Form            *form
	Items           []option
	Every           []option // the items of all years, to look for
	LetOut          bool     // whether the year's form asks what comes in for what is let out
	Natures         []option
	May             acts
	Closed          bool
	Years           []int
	Verdict         *income.Verdict  // of a village's own book, in a year that is over
	Expected        *report.Expected // in the year that runs
	Bar             expectedBar
	Books           []option
	Own             bool // whether the book is the village's own
	Parties         []party
	Day             dayOfBook
}

// party is with whom a book has had to do, and the item that it has for it.
type party struct{ Name, Item string }

// dayOfBook is what was booked on the day it is: the latest lines with what they come to, and the sums of all.
type dayOfBook struct {
	Lines           []dayLine
	Count           int
	Received, Spent money.Yuan
	More            int
}

type dayLine struct {
	income.Income
	Sum money.Yuan // received less spent, from the day's first line to this
}

// The most lines of a day that are shown; the most parties that are offered.
const (
	shownDayLines = 20
	maxParties    = 100
)

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
		body := incomePage{Book: book, Own: journal.IsRegion(book), Name: name, Place: place, Year: r.entryYear(v, f), Natures: r.natures()}
		fr.Title = r.say.T("%s收支", name)
		var err error
		if body.May, err = r.may(v, map[string]any{"book": book}, "RecordIncome"); err != nil {
			return nil, err
		}
		if err = r.entering(v, &body, f); err == nil {
			err = r.looking(v, &body)
		}
		if err != nil {
			return nil, err
		}
		if body.S, err = income.StatementOf(v, book, body.Year); err != nil {
			return nil, err
		}
		if body.Spread, err = income.Spread(v, book, body.Year); err != nil {
			return nil, err
		}
		body.spread()
		body.Years = bookYears(v, book, body.Year)
		if journal.IsRegion(book) {
			if err := body.judge(v); err != nil {
				return nil, err
			}
		}
		body.Books, err = r.booksOf(v, place)
		return body, err
	})
}

// judge adds how the village stands by its policy.
func (b *incomePage) judge(v *journal.View) error {
	if b.Year == v.Today().Year() {
		e, err := report.ExpectedOf(v, b.Place)
		b.Expected, b.Bar = &e, barOf(e)
		return err
	}
	verdict, err := report.VerdictOf(v, b.Place, b.Year)
	b.Verdict = &verdict
	return err
}

// entryYear is the year that a book opens on: the one that is asked for, that of a date just typed, or the calendar's.
func (r *request) entryYear(v *journal.View, f *form) int {
	if year := r.year(); year != 0 {
		return year
	}
	if f != nil {
		if d, err := journal.DateNear(f.Get("date"), journal.Date(f.Get("near"))); err == nil && d.Year() >= 1949 && d <= v.Today() {
			return d.Year()
		}
	}
	return v.Today().Year()
}

// entering adds the form that records a line, begun from the line just recorded, with whom the book has to do and what was booked today.
func (r *request) entering(v *journal.View, body *incomePage, f *form) (err error) {
	if _, body.Closed = office.Closed(v, body.Place, body.Year); body.Closed || !body.May.Has("RecordIncome") {
		return nil
	}
	if f == nil {
		f = newForm("date", string(dateIn(body.Year, v.Today(), false)))
		if last, err := income.IncomeOf(v, r.Query("entered")); err == nil && last.Book() == body.Book {
			f = newForm("date", string(last.Date), "item", last.Item, "nature", string(last.Nature), "voucher", following(last.Voucher))
			f.Next = "amount"
		}
		f.Values.Set("near", f.Get("date"))
		f.Next = cmp.Or(f.Next, "date")
	}
	for _, name := range lineFields {
		if f.Faults[name] != nil {
			f.Next = cmp.Or(f.Next, name)
		}
	}
	body.Form = f.of("RecordIncome")
	if body.Items, err = r.itemOptions(v, body.Book, body.Year); err != nil {
		return err
	}
	if body.LetOut = letOut(body.Items); !body.LetOut {
		f.aside("nature")
	}
	names, err := income.Parties(v, body.Book, body.Year, maxParties)
	if err != nil {
		return err
	}
	for _, name := range names {
		body.Parties = append(body.Parties, party{name, income.ItemOf(v, body.Book, name)})
	}
	lines, err := income.Entered(v, body.Book, v.Today())
	if err != nil {
		return err
	}
	var sum money.Yuan
	body.Day.Count, body.Day.More = len(lines), max(0, len(lines)-shownDayLines)
	for _, l := range slices.Backward(lines) {
		if it, _ := income.ItemNamed(l.Item); it.Expense {
			body.Day.Spent, sum = body.Day.Spent+l.Amount, sum-l.Amount
		} else {
			body.Day.Received, sum = body.Day.Received+l.Amount, sum+l.Amount
		}
		body.Day.Lines = append(body.Day.Lines, dayLine{l, sum})
	}
	slices.Reverse(body.Day.Lines)
	body.Day.Lines = body.Day.Lines[:min(len(lines), shownDayLines)]
	return nil
}

// looking adds the lines that are looked for, a page of them.
func (r *request) looking(v *journal.View, body *incomePage) (err error) {
	body.Find = newForm()
	query := []any{"year", body.Year, "book", body.Book}
	for _, name := range income.WantedNames {
		body.Find.Values.Set(name, r.Query(name))
		query = append(query, name, r.Query(name))
	}
	body.Query = queryOf(query...)
	body.Every = []option{{Label: r.say.T("全部项目")}}
	for _, it := range income.Items {
		body.Every = append(body.Every, option{Value: it.Code, Label: r.say.T(string(it.Label))})
	}
	var lines []income.Income
	if body.Wanted, err = income.ReadWanted(body.Year, r.Query); err == nil {
		lines, err = income.Latest(v, body.Book, body.Year, body.Wanted)
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		for _, e := range journal.All(err) {
			body.Find.Faults[e.Field] = e
		}
		return nil
	}
	body.Count = len(lines)
	for _, l := range lines {
		if it, _ := income.ItemNamed(l.Item); it.Expense {
			body.Spent += l.Amount
		} else {
			body.Received += l.Amount
		}
		for _, term := range income.Net() {
			if term.Item == l.Item && term.Minus {
				body.Gain -= l.Amount
			} else if term.Item == l.Item {
				body.Gain += l.Amount
			}
		}
		body.Spreads = body.Spreads || l.Years > 1 || l.From != ""
	}
	if at := slices.IndexFunc(lines, func(l income.Income) bool { return l.ID == r.Query("at") }); at >= 0 { // the page that has it
		lines = lines[at/linesPerView*linesPerView:]
	} else if after := r.Query("after"); after != "" {
		lines = lines[slices.IndexFunc(lines, func(l income.Income) bool { return l.ID == after })+1:]
	}
	if len(lines) > linesPerView {
		lines = lines[:linesPerView]
		body.Next = lines[linesPerView-1].ID
	}
	body.Lines, err = r.incomeRows(v, lines)
	return err
}

// following is the number of the voucher after another: its last digits, one more.
func following(voucher string) string {
	end := strings.LastIndexAny(voucher, "0123456789") + 1
	begin := len(strings.TrimRight(voucher[:end], "0123456789"))
	n, err := strconv.Atoi(voucher[begin:end])
	if err != nil {
		return voucher
	}
	return voucher[:begin] + journal.Number(n+1, end-begin) + voucher[end:]
}

// incomeRow is a line of a book as its page shows it.
type incomeRow struct {
	income.Income
	Undo   bool // whether it can be reversed
	Move   bool // or moved to where it belongs
	Papers int  // scanned papers
	Rule   bool // whether its party may be given an item
}

func (r *request) incomeRows(v *journal.View, lines []income.Income) (rows []incomeRow, err error) {
	for _, l := range lines {
		may, err := r.may(v, map[string]any{"income": l.ID}, "ReverseIncome", "MoveIncome")
		if err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, l.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, incomeRow{l, may.Can("ReverseIncome"), may.Can("MoveIncome"), len(papers), l.Party != "" && r.who.May("RulePayer")})
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

// itemOptions are the items to book under by the form of a book and year, income first.
func (r *request) itemOptions(v *journal.View, book string, year int) (list []option, err error) {
	form, err := income.FormOf(v, book, year)
	groups := []string{r.say.T("收入"), r.say.T("支出")}
	for _, it := range form.Items() {
		group := groups[0]
		if it.Expense {
			group = groups[1]
		}
		list = append(list, option{Value: it.Code, Label: r.say.T(string(it.Label)), Group: group})
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
	Item  string // shown besides, "" for none
	// From and To are the days of a quarter, "" of a year.
	From, To journal.Date
}

var _ = page[incomeRegionPage]("income_region")

// showBooks shows what the books of a township's or county's villages come to.
func (r *request) showBooks(place region.Code) error {
	return r.show(http.StatusOK, "income_region", "income", place, func(v *journal.View, f *frame) (any, error) {
		report, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s集体收支", report.Place.Short(), r.called(report.Period))
		body := incomeRegionPage{R: report, Years: yearsUpTo(report.Trend, v.Today(), report.Year)}
		if _, ok := income.ItemNamed(r.Query("item")); ok {
			body.Item = r.Query("item")
		}
		if report.Period.Quarter() != 0 {
			body.From, body.To = report.Period.First(), report.Period.Last()
		}
		return body, nil
	})
}

// spread leaves, of what other years' sums bring to the year, the item that is looked for, and says what that comes to.
func (b *incomePage) spread() {
	item := b.Wanted.Item
	if item == "" || b.Wanted != (income.Wanted{Item: item}) {
		return
	}
	b.Spread = slices.DeleteFunc(b.Spread, func(l income.SpreadLine) bool { return l.Item != item })
	if b.Spreads || len(b.Spread) > 0 {
		sum := b.S.Items[item]
		b.InYear = &sum
	}
}

// bookPage is the page of the lines that make what a place's books come to, under one item or under all.
func bookPage(s report.Summary, item string) string {
	f, ok := report.FigureNamed(item)
	if !ok {
		f, _ = report.FigureNamed("income")
	}
	return f.Page(s)
}

// lineFields are the fields of a line in its form.
var lineFields = []string{"item", "nature", "date", "amount", "party", "voucher", "years", "note", "for_from", "for_to"}

func incomeRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	receipt, err := r.post("RecordIncome", r.typedLine(values, ""), values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showBook(status[journal.CodeOf(err)], again(values, err, lineFields...))
	}
	return r.done(lineLink(receipt.IDs[0])+"&entered="+receipt.IDs[0], "recorded")
}

// typedLine is a line as it is typed at a desk: its day beside the one before, its amount worked out. What cannot be read stays, to be
// refused.
func (r *request) typedLine(values url.Values, front string) map[string]any {
	f := map[string]any{}
	for name, value := range fields(values) {
		if bare, ok := strings.CutPrefix(name, front); ok && bare != "near" {
			f[bare] = value
		}
	}
	f["book"] = r.Param("book")
	f["date"] = r.typedDay(values, front+"date", front+"near")
	f["amount"] = typedSum(values, front+"amount")
	return f
}

// typedDay is a day as it is typed beside another, or today; what cannot be read stays.
func (r *request) typedDay(values url.Values, name, beside string) string {
	near := journal.Date(values.Get(beside))
	if _, err := journal.ParseDate(string(near)); err != nil {
		near = journal.DateOf(r.now())
	}
	if on, err := journal.DateNear(values.Get(name), near); err == nil {
		return string(on)
	}
	return values.Get(name)
}

// readAs says how what is being typed into a line's form will be read: a day, or an amount; nothing where it cannot be.
func readAs(r *request) error {
	said := ""
	if text := r.Query("date"); text != "" {
		if on, err := journal.DateNear(text, journal.Date(r.Query("near"))); err == nil {
			said = string(on)
		}
	} else if sum, err := money.Reckon(r.Query("amount")); err == nil {
		said = r.say.T("%s 元", sum.Grouped())
	}
	r.Header("Cache-Control", "no-store")
	r.String(http.StatusOK, "%s", said)
	return nil
}

// lineLink is the page of the book and year that a line stands in.
func lineLink(id string) string {
	return "/income/" + income.BookOf(id) + "?year=" + strconv.Itoa(income.LineYear(id)) + "&at=" + id
}

func incomeReverseForm(r *request) error { return r.showReverse(http.StatusOK, forms{}) }

// incomeReversePage is what the page income_reverse shows.
type incomeReversePage struct {
	Line    income.Income
	Form    *form // that takes the line back
	Again   *form // that takes it back and books it again; the fields of the new line begin with "new."
	Items   []option
	Natures []option
	LetOut  bool
	May     bool
}

// newLine is what the fields of the new line begin with, where a line is booked again.
const newLine = "new."

var _ = page[incomeReversePage]("income_reverse")

func (r *request) showReverse(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "income_reverse", "income", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		line, err := income.IncomeOf(v, id)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("冲销")
		date, again := line.Date, line.Date
		if _, closed := office.Closed(v, placeOf(id), line.Date.Year()); closed {
			date, again = v.Today(), "" // in which year it belongs now somebody must say
		}
		typed.start("ReverseIncome", "date", string(date))
		years := ""
		if line.Years > 0 {
			years = strconv.Itoa(line.Years)
		}
		typed.start("RecordIncome", "date", string(date), newLine+"date", string(again), newLine+"near", string(date), newLine+"item", line.Item,
			newLine+"nature", string(line.Nature), newLine+"amount", line.Amount.String(), newLine+"party", line.Party, newLine+"voucher",
			line.Voucher,
			newLine+"years", years, newLine+"note", line.Note, newLine+"contract", line.Contract, newLine+"for_from", string(line.From),
			newLine+"for_to", string(line.To))
		body := incomeReversePage{Line: line, Form: typed.Of("ReverseIncome"), Again: typed.Of("RecordIncome"), Natures: r.natures(),
			May: r.who.May("ReverseIncome")}
		on, err := journal.DateNear(body.Again.Get(newLine+"date"), journal.Date(body.Again.Get(newLine+"near")))
		if err != nil {
			on = date
		}
		body.Items, err = r.itemOptions(v, line.Book(), on.Year())
		if body.LetOut = letOut(body.Items); !body.LetOut {
			body.Again.aside(newLine + "nature")
		}
		if item := body.Again.Get(newLine + "item"); !slices.ContainsFunc(body.Items, func(o option) bool { return o.Value == item }) {
			body.Items = append([]option{{Label: r.say.T("请选")}}, body.Items...) // the year's form has no such item
		}
		return body, err
	})
}

// letOut tells whether a year's form asks what comes in for what is let out.
func letOut(items []option) bool {
	return slices.ContainsFunc(items, func(o option) bool { return o.Value == "contracting" })
}

// incomeRebook takes a line back and books it again as it should have been, both or neither.
func incomeRebook(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	names := []string{"date", "reason"}
	for _, name := range lineFields {
		names = append(names, newLine+name)
	}
	refuse := func(err error) error {
		if !refused(err) || journal.CodeOf(err) == journal.NotFound {
			return err
		}
		return r.showReverse(status[journal.CodeOf(err)], forms{"RecordIncome": again(values, err, names...)})
	}
	back := map[string]any{"income": r.Param("id"), "date": r.typedDay(values, "date", newLine+"near"), "reason": values.Get("reason")}
	line := r.typedLine(values, newLine)
	if journal.LineID.Is(r.Param("id")) {
		line["book"] = income.BookOf(r.Param("id"))
	}
	p := r.posting(nil, values.Get(requestKey))
	var faults journal.Faults
	for i, t := range []typedEntry{{"ReverseIncome", back}, {"RecordIncome", line}} {
		e, err := journal.Decode(t.kind, t.fields)
		for _, f := range journal.All(err) {
			f.Row = i + 1
			faults = append(faults, f)
		}
		p.Entries = append(p.Entries, e)
	}
	var receipt journal.Receipt
	if err = faults.Err(); err == nil {
		receipt, err = r.s.ledger.Post(r.who, p)
	}
	all := journal.All(err)
	for _, f := range all {
		if f.Row == 2 && f.Field != "" && f.Code != journal.Doubtful {
			f.Field = newLine + f.Field
		}
		f.Row = 0
	}
	if len(all) > 0 {
		return refuse(all)
	}
	if err != nil {
		return err
	}
	return r.done(lineLink(receipt.IDs[1]), "rebooked")
}

// placeOf is the village at the front of an id, or the region itself, for crumbs; "" when there is none.
func placeOf(id string) region.Code { return journal.RegionOf(id) }

func incomeReverse(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["income"], f["date"] = r.Param("id"), r.typedDay(values, "date", "near")
	delete(f, "near")
	receipt, err := r.post("ReverseIncome", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) || journal.CodeOf(err) == journal.NotFound {
			return err
		}
		return r.showReverse(status[journal.CodeOf(err)], forms{"ReverseIncome": again(values, err, "date", "reason")})
	}
	return r.done(lineLink(receipt.IDs[0]), "reversed")
}
