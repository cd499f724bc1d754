package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

var _ = on(
	get("/income/:book/payer/:id", payerForm),
	post("/income/:book/payer/:id", payerSet),
)

// payerPage is what the page payer shows: the item of a line's party, and which lines it would move.
type payerPage struct {
	Line    income.Income
	Now     string // the item that the book has for the party already
	Form    *form
	Items   []option
	Misfits []income.Income
	More    bool
	Rules   []income.PayerRule // of the book
	May     acts
}

var _ = page[payerPage]("payer")

// maxMoved is the most lines that are moved with one rule.
const maxMoved = 200

func payerForm(r *request) error { return r.showPayer(http.StatusOK, nil) }

// showPayer shows under which item a line's party is to be booked, and the lines that stand elsewhere.
func (r *request) showPayer(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "payer", "income", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		line, err := income.IncomeOf(v, id)
		if err != nil {
			return nil, err
		}
		body := payerPage{Line: line, Now: income.ItemOf(v, line.Book(), line.Party), Form: f}
		if body.May, err = r.may(v, map[string]any{"book": line.Book(), "party": line.Party, "item": line.Item}, "RulePayer"); err != nil {
			return nil, err
		}
		item := line.Item
		if f != nil {
			item = f.Get("item")
		} else {
			if asked := r.Query("item"); asked != "" {
				item = asked
			}
			body.Form = newForm("item", item)
		}
		body.Form.of("RulePayer")
		was, _ := income.ItemNamed(line.Item)
		items, err := r.itemOptions(v, line.Book(), v.Today().Year())
		for _, o := range items {
			if it, _ := income.ItemNamed(o.Value); it.Expense == was.Expense {
				body.Items = append(body.Items, o)
			}
		}
		if err != nil {
			return nil, err
		}
		if line.Party != "" {
			if body.Misfits, err = income.Misfits(v, line.Book(), line.Party, item, maxMoved+1); err != nil {
				return nil, err
			}
		}
		if body.More = len(body.Misfits) > maxMoved; body.More {
			body.Misfits = body.Misfits[:maxMoved]
		}
		body.Rules, err = income.PayerRules(v, line.Book())
		fr.Title = r.say.T("对方记什么项目")
		return body, err
	})
}

// payerSet sets the rule, or ends it, and moves the lines that were ticked, all together or nothing.
func payerSet(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	var line income.Income
	lines := map[string]income.Income{}
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		if line, err = income.IncomeOf(v, r.Param("id")); err != nil {
			return err
		}
		for _, id := range values["line"] {
			if lines[id], err = income.IncomeOf(v, id); err != nil {
				return err
			}
			if lines[id].Book() != line.Book() || ident.Name(lines[id].Party) != ident.Name(line.Party) {
				return &journal.Error{Code: journal.Invalid, Field: "line", Value: id, Text: "第 %s 号不是这个对方的", Args: []any{income.LineNumber(id)}}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	item := values.Get("item")
	if values.Get("end") != "" {
		item = ""
	}
	list := []typedEntry{{"RulePayer", map[string]any{"book": line.Book(), "party": line.Party, "item": item}}}
	it, _ := income.ItemNamed(item)
	for _, id := range values["line"] {
		if item == "" || len(list) > maxMoved {
			break
		}
		list = append(list, typedEntry{"MoveIncome", map[string]any{"income": id, "item": item, "date": string(lines[id].Date),
			"reason": line.Party + " → " + string(it.Label)}}) // in the language of the books
	}
	if _, err := r.postTogether(list, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showPayer(status[journal.CodeOf(err)], again(values, err, "item", "party"))
	}
	return r.done(lineLink(line.ID), "ruled")
}
