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
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/funds/:book", fundList),
	post("/funds/:book/receive", fundReceive),
	post("/funds/:book/use", fundUse),
	post("/funds/:book/reverse", fundReverse),
	get("/suspects/:place", suspectList),
	get("/income/:book/move/:id", incomeMoveForm),
	post("/income/:book/move/:id", incomeMove),
)

func fundList(r *request) error { return r.showFunds(http.StatusOK, forms{}) }

// fundsPage is what the page funds shows.
type fundsPage struct {
	Name     string
	Book     string
	Place    region.Code
	Year     int
	Years    []int
	Standing []income.Standing
	Taken    money.Yuan // of the land compensation, by plans
	Plans    []planRow
	Lines    []fundRow
	Suspects []income.Suspect
	Sources  []option
	Accounts []option
	Uses     []option // where money that is used goes
	Forms    forms
	May      acts
	Grants   bool // of a cooperative: what it was given is quantified to its members' accounts
}

// fundRow is a fund line with whether it can be taken back.
type fundRow struct {
	income.FundLine
	Undo bool
}

var _ = page[fundsPage]("funds")

// showFunds shows what a book has that is no income, with the forms that add to it and use it.
func (r *request) showFunds(code int, typed forms) error {
	book := r.Param("book")
	place := placeOf(book)
	return r.show(code, "funds", "income", place, func(v *journal.View, fr *frame) (any, error) {
		if _, err := bookName(r, v, book); err != nil {
			return nil, err
		}
		body := fundsPage{Book: book, Place: place, Year: cmp.Or(r.yearShown(), v.Today().Year()), Forms: typed}
		var err error
		if body.Name, err = register.KeeperOf(v, book); err != nil {
			return nil, err
		}
		body.Years = bookYears(v, book, body.Year)
		if body.Standing, body.Taken, err = income.Standings(v, book); err != nil {
			return nil, err
		}
		if err := r.fundRows(v, &body); err != nil {
			return nil, err
		}
		kind, err := income.BodyFor(v, book)
		if err != nil {
			return nil, err
		}
		body.Sources, body.Accounts, body.Grants = r.fundSources(kind), r.fundAccounts(), kind == income.SpecialisedBody
		body.Uses = []option{{Label: r.say.T("支出")}}
		if kind == income.CollectiveBody {
			body.Uses = append(body.Uses, option{Value: string(income.ReserveAccount), Label: r.say.T("形成资产,转公积公益金")})
		}
		if body.May, err = r.may(v, map[string]any{"book": book}, "ReceiveFund", "UseFund"); err != nil {
			return nil, err
		}
		_, closed := office.Closed(v, place, body.Year)
		for _, kind := range []string{"ReceiveFund", "UseFund"} {
			typed.start(kind, "date", string(dateIn(body.Year, v.Today(), closed)))
		}
		fr.Title = r.say.T("%s 专项资金", body.Name)
		return body, nil
	})
}

// fundRows adds the year's lines, what plans give out of them, and the lines of income that look as if they belonged here.
func (r *request) fundRows(v *journal.View, body *fundsPage) error {
	lines, err := income.Funds(v, body.Book, body.Year)
	if err != nil {
		return err
	}
	for _, l := range lines {
		may, err := r.may(v, map[string]any{"line": l.ID}, "ReverseFund")
		if err != nil {
			return err
		}
		body.Lines = append(body.Lines, fundRow{l, l.Reverses == "" && l.ReversedBy == "" && !l.Quantified && may.Can("ReverseFund")})
	}
	plans, err := dividend.Distributions(v, body.Place, 0, func(d plan.Distribution) bool {
		return d.Book == body.Book && d.Fund != "" && d.Committed()
	})
	if err != nil {
		return err
	}
	body.Plans = planRows(v, plans)
	all, err := income.Suspects(v, body.Place)
	for _, s := range all {
		if s.Book() == body.Book {
			body.Suspects = append(body.Suspects, s)
		}
	}
	return err
}

// fundSources are what a body may book apart.
func (r *request) fundSources(body income.Body) (list []option) {
	for _, s := range income.SourcesOf(body) {
		list = append(list, option{Value: string(s), Label: r.say.T(string(s.Label()))})
	}
	return list
}

// fundAccounts are where it may stand, the usual one where none is chosen.
func (r *request) fundAccounts() []option {
	list := []option{{Label: r.say.T("按来源")}}
	for _, a := range []income.Account{income.ReserveAccount, income.PayableAccount} {
		list = append(list, option{Value: string(a), Label: r.say.T(string(a.Label()))})
	}
	return list
}

func fundReceive(r *request) error {
	return r.changeFunds("ReceiveFund", "source", "account", "date", "amount", "party", "voucher", "note")
}

func fundUse(r *request) error {
	return r.changeFunds("UseFund", "source", "account", "to_account", "date", "amount", "party", "voucher", "note", "resolution")
}

func fundReverse(r *request) error { return r.changeFunds("ReverseFund", "date", "reason") }

// changeFunds posts one of the forms of the page; names are its fields.
func (r *request) changeFunds(kind string, names ...string) error {
	book := r.Param("book")
	about := map[string]any{"book": book}
	if kind == "ReverseFund" {
		about = map[string]any{"line": r.PostForm("line")}
	}
	return r.change(change{kind: kind, about: about, names: names, show: r.showFunds, to: "/funds/" + book + "?year=" + r.yearPosted(),
		done: "recorded"})
}

// suspectsPage is what the page suspects shows.
type suspectsPage struct {
	Place region.Code
	Lines []suspectRow
	More  int
	Sum   money.Yuan
}

// suspectRow is a line that looks as if it were no income, with whose book it is in.
type suspectRow struct {
	income.Suspect
	Keeper string
	Move   bool
}

var _ = page[suspectsPage]("suspects")

// suspectList shows the lines of a region's books that look as if they were no income.
func suspectList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "suspects", "income", place, func(v *journal.View, fr *frame) (any, error) {
		all, err := income.Suspects(v, place)
		if err != nil {
			return nil, err
		}
		body := suspectsPage{Place: place, More: max(0, len(all)-maxLines)}
		for i, s := range all {
			if body.Sum += s.Amount; i >= maxLines {
				continue
			}
			keeper, err := register.KeeperOf(v, s.Book())
			if err != nil {
				return nil, err
			}
			body.Lines = append(body.Lines, suspectRow{s, keeper, r.who.May("MoveIncome")})
		}
		fr.Title = r.say.T("疑似不是收益的收支")
		return body, nil
	})
}

func incomeMoveForm(r *request) error { return r.showIncomeMove(http.StatusOK, nil) }

// incomeMovePage is what the page income_move shows.
type incomeMovePage struct {
	Line     income.Income
	Form     *form
	Sources  []option
	Accounts []option
	Items    []option
	Grants   bool
	May      bool
}

var _ = page[incomeMovePage]("income_move")

// showIncomeMove shows a line that is to be moved to where it belongs, with the form that does it.
func (r *request) showIncomeMove(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "income_move", "income", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		line, err := income.IncomeOf(v, id)
		if err != nil {
			return nil, err
		}
		date := line.Date
		if _, closed := office.Closed(v, placeOf(id), line.Date.Year()); closed {
			date = v.Today()
		}
		kind, err := income.BodyFor(v, line.Book())
		if err != nil {
			return nil, err
		}
		form, err := income.FormFor(v, placeOf(id), kind, date.Year())
		if err != nil {
			return nil, err
		}
		source, _, _ := income.SuspectIn(line.Item, line.Party, line.Note)
		if f == nil {
			f = newForm("date", string(date), "source", string(source))
		}
		f.of("MoveIncome")
		body := incomeMovePage{Line: line, Form: f, Accounts: r.fundAccounts(), Grants: kind == income.SpecialisedBody,
			May: r.who.May("MoveIncome")}
		was, _ := income.ItemNamed(line.Item)
		none := option{Label: r.say.T("不移到这里")}
		body.Items = []option{none}
		for _, it := range form.Items() {
			if it.Expense == was.Expense && it.Code != line.Item {
				body.Items = append(body.Items, option{Value: it.Code, Label: r.say.T(string(it.Label))})
			}
		}
		if !was.Expense {
			body.Sources = append([]option{none}, r.fundSources(kind)...)
		}
		fr.Title = r.say.T("更正一笔收支")
		return body, nil
	})
}

func incomeMove(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["income"] = r.Param("id")
	if _, err := r.post("MoveIncome", f, values.Get(requestKey)); err != nil {
		if !refused(err) || journal.CodeOf(err) == journal.NotFound {
			return err
		}
		return r.showIncomeMove(status[journal.CodeOf(err)], again(values, err, "source", "account", "item", "date", "reason"))
	}
	if on, _ := journal.ParseDate(values.Get("date")); values.Get("source") != "" {
		return r.done("/funds/"+income.Income{ID: r.Param("id")}.Book()+"?year="+strconv.Itoa(on.Year()), "corrected-line")
	}
	return r.done(lineLink(r.Param("id")), "corrected-line")
}
