package server

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/statement/:book", statementShow),
	post("/statement/:book/aside", setAside),
	post("/statement/:book/opening", bringForward),
	post("/statement/:book/cover", coverLoss),
	post("/statement/:book/uncover", reverseCover),
)

func statementShow(r *request) error { return r.showStatement(http.StatusOK, forms{}) }

// statementPage is what the page statement shows.
type statementPage struct {
	Name     string // whose book it is: 编制单位
	Book     string
	Place    region.Code
	X        income.Sheet
	Years    []int
	Plans    []usedPlan
	Releases []releaseRow
	Forms    forms
	May      acts
	Funds    []option
	List     string // the export of this one book's form
	At       string
	Equity   bool // whether there is a statement of changes of members' equity
	Today    journal.Date
}

// usedPlan is a plan with what it gives out, by the lines of the statement.
type usedPlan struct {
	plan.Distribution
	Uses plan.Uses
}

// releaseRow is what of the reserve made good losses.
type releaseRow struct {
	income.Release
	Undo bool
}

var _ = page[statementPage]("statement")

// showStatement shows a book's statement of gains and their distribution (收益及收益分配表) for a year on the form of its body, and the forms
// that set parts of the gain aside or make good losses.
func (r *request) showStatement(code int, typed forms) error {
	book := r.Param("book")
	place := placeOf(book)
	return r.show(code, "statement", "income", place, func(v *journal.View, fr *frame) (any, error) {
		name, err := bookName(r, v, book)
		if err != nil {
			return nil, err
		}
		year := r.yearShown()
		if year == 0 {
			year = r.bookYear(v, book, nil)
		}
		body := statementPage{Book: book, Place: place, Years: bookYears(v, book, year), Forms: typed, List: "statement_form", At: book,
			Today: v.Today()}
		if body.X, err = income.SheetOf(v, book, year); err != nil {
			return nil, err
		}
		if body.Name, err = register.KeeperOf(v, book); err != nil {
			return nil, err
		}
		plans, err := dividend.Distributions(v, place, year, func(d plan.Distribution) bool {
			return d.Book == book && d.Committed() && d.Fund == ""
		})
		if err != nil {
			return nil, err
		}
		for _, d := range plans {
			uses, err := income.UsesOf(v, d)
			if err != nil {
				return nil, err
			}
			body.Plans = append(body.Plans, usedPlan{d, uses})
		}
		if body.Releases, err = r.releaseRows(v, book, year); err != nil {
			return nil, err
		}
		if body.May, err = r.may(v, map[string]any{"book": book}, "SetAside", "BringForward", "CoverLoss"); err != nil {
			return nil, err
		}
		body.Equity = body.X.Form.Body == income.SpecialisedBody
		body.Funds = []option{{Value: "reserve", Label: r.say.T("公积公益金")}}
		if body.X.Form.Has("welfare") {
			body.Funds = append(body.Funds, option{Value: "welfare", Label: r.say.T("福利费")})
		}
		_, closed := office.Closed(v, place, year)
		typed.start("CoverLoss", "date", string(dateIn(year, v.Today(), closed)))
		fr.Title = r.say.T("%s %s 年%s", name, strconv.Itoa(year), r.say.T(body.X.Form.Title))
		return body, nil
	})
}

// releaseRows lists what made good losses of a year, with whether it can be taken back.
func (r *request) releaseRows(v *journal.View, book string, year int) (rows []releaseRow, err error) {
	list, err := income.Releases(v, book, year)
	for _, x := range list {
		may, err := r.may(v, map[string]any{"book": book, "cover": strconv.FormatUint(x.Entry, 10)}, "ReverseCover")
		if err != nil {
			return nil, err
		}
		rows = append(rows, releaseRow{x, x.Reverses == 0 && may.Can("ReverseCover")})
	}
	return rows, err
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

func coverLoss(r *request) error {
	return r.changeStatement("CoverLoss", "date", "amount", "resolution")
}

func reverseCover(r *request) error { return r.changeStatement("ReverseCover", "cover", "reason") }

// changeStatement posts one of the forms of a statement's page; names are its fields.
func (r *request) changeStatement(kind string, names ...string) error {
	book := r.Param("book")
	return r.change(change{
		kind: kind, about: map[string]any{"book": book}, names: names, show: r.showStatement,
		to:   "/statement/" + book + "?year=" + r.yearPosted(),
		done: "set-aside",
	})
}

// yearShown is the year that a page of a book is asked for, or that the form just refused is about; 0 where neither says one.
func (r *request) yearShown() int {
	year := r.year()
	if year == 0 {
		year, _ = strconv.Atoi(r.PostForm("year"))
	}
	if d, err := journal.ParseDate(r.PostForm("date")); year == 0 && err == nil {
		year = d.Year()
	}
	return year
}

// yearPosted is the year that a form on such a page has just changed: that of its date, or the one it names.
func (r *request) yearPosted() string {
	if d, err := journal.ParseDate(r.PostForm("date")); err == nil {
		return strconv.Itoa(d.Year())
	}
	return cmp.Or(r.PostForm("year"), r.Query("year"))
}
