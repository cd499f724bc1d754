package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/statement/:book", statementShow),
	post("/statement/:book/aside", setAside),
	post("/statement/:book/opening", bringForward),
)

func statementShow(r *request) error { return r.showStatement(http.StatusOK, forms{}) }

// statementPage is what the page statement shows.
type statementPage struct {
	Name   string
	Book   string
	Place  region.Code
	S      income.Statement
	Before income.Statement
	Lines  []statementLine
	Years  []int
	Plans  []planRow
	Forms  forms
	May    acts
	Funds  []option
	Today  journal.Date
}

var _ = page[statementPage]("statement")

// showStatement shows a book's statement of gains and their distribution (收益及收益分配表) for a year, and the forms that set parts of the gain
// aside.
func (r *request) showStatement(code int, typed forms) error {
	book := r.Param("book")
	place := placeOf(book)
	return r.show(code, "statement", "income", place, func(v *journal.View, fr *frame) (any, error) {
		name, err := bookName(r, v, book)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			year, _ = strconv.Atoi(r.PostForm("year"))
		}
		if year == 0 {
			year = r.bookYear(v, book, nil)
		}
		s, err := income.StatementOf(v, book, year)
		if err != nil {
			return nil, err
		}
		before, err := income.StatementOf(v, book, year-1)
		if err != nil {
			return nil, err
		}
		plans, err := dividend.Distributions(v, place, year, func(d plan.Distribution) bool {
			return d.Book == book && d.Committed()
		})
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"book": book}, "SetAside", "BringForward")
		if err != nil {
			return nil, err
		}
		// The year before may have stood under another form: what only that one has is a line of its own, or the column would not add up.
		var lines []statementLine
		for _, it := range income.Items {
			line := statementLine{Item: it, Now: s.Of(it.Code), Before: before.Of(it.Code), Has: it.From <= year && year <= it.To}
			if line.Has || line.Before != 0 {
				lines = append(lines, line)
			}
		}
		fr.Title = r.say.T("%s %s 年收益及收益分配表", name, strconv.Itoa(year))
		return statementPage{
			Name: name, Book: book, Place: place, S: s, Before: before, Lines: lines, Years: bookYears(v, book, year),
			Plans: planRows(v, plans), Forms: typed, May: may,
			Funds: []option{{Value: "reserve", Label: r.say.T("公积公益金")}, {Value: "welfare", Label: r.say.T("福利费")}}, Today: v.Today(),
		}, nil
	})
}

// statementLine is an item of a statement beside that of the year before.
type statementLine struct {
	Item        income.Item
	Now, Before money.Yuan
	Has         bool // whether the year's form has the item
}

// bookName tells whose book it is.
func bookName(r *request, v *journal.View, book string) (string, error) {
	if journal.VillageID.Is(book) {
		if placeOf(book) == "" {
			return "", &journal.Error{Code: journal.NotFound, Text: "没有编号为 %s 的账", Args: []any{book}}
		}
		return r.say.T("村集体"), nil
	}
	e, err := register.EntityOf(v, book)
	if err == nil && e.Book() != e.ID {
		err = &elsewhere{"/statement/" + e.Book()}
	}
	return e.Name, err
}

func setAside(r *request) error { return r.changeStatement("SetAside", "fund", "amount", "resolution") }

func bringForward(r *request) error { return r.changeStatement("BringForward", "amount") }

// changeStatement posts one of the forms of a statement's page; names are its fields.
func (r *request) changeStatement(kind string, names ...string) error {
	book := r.Param("book")
	return r.change(change{
		kind: kind, about: map[string]any{"book": book}, names: names, show: r.showStatement,
		to: "/statement/" + book + "?year=" + r.PostForm("year"), done: "set-aside",
	})
}
