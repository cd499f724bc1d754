package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/forms/:place", formList),
	get("/forms/:place/edit", formEdit),
	post("/forms/:place/edit", formSet),
)

// formsPage is what the page forms shows.
type formsPage struct {
	Place region.Code
	Forms []income.Form // in force: of each body the years' forms
	Set   []setFormRow  // what this office has set
	May   acts
}

// setFormRow is a form that an office has set.
type setFormRow struct {
	income.Form
	Stamp journal.Stamp
}

var _ = page[formsPage]("forms")

// formList shows the forms of statements in force for a place, and what its office has set.
func formList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "forms", "forms", place, func(v *journal.View, fr *frame) (any, error) {
		body := formsPage{Place: place}
		if body.Forms, err = income.FormsInForce(v, place); err != nil {
			return nil, err
		}
		list, stamps, err := income.SetForms(v, place)
		if err != nil {
			return nil, err
		}
		for i, f := range list {
			body.Set = append(body.Set, setFormRow{f, stamps[i]})
		}
		body.May, err = r.may(v, map[string]any{"region": string(place)}, "SetForm")
		fr.Title = r.say.T("报表格式")
		return body, err
	})
}

// formEditPage is what the page form_edit shows.
type formEditPage struct {
	Place  region.Code
	Body   income.Body
	Year   int
	Form   *form
	Rows   []int
	Codes  []option // what may fill a line
	Totals []option
	Checks []option // whether it was compared with the rule's text
}

var _ = page[formEditPage]("form_edit")

func formEdit(r *request) error { return r.showFormEdit(http.StatusOK, nil) }

// formColumns are the columns of a line as they are typed.
var formColumns = []string{"number", "sign", "text", "fills", "formula", "account"}

// spareLines is how many empty lines a form offers.
const spareLines = 3

// showFormEdit shows the form of a kind of body in a year to be put right: line by line.
func (r *request) showFormEdit(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	body, year := income.Body(r.Query("body")), r.year()
	return r.show(code, "form_edit", "forms", place, func(v *journal.View, fr *frame) (any, error) {
		if err := r.must(v, "SetForm", map[string]any{"region": string(place), "body": string(body)}); err != nil {
			return nil, err
		}
		if !slices.Contains(income.Bodies(), body) {
			return nil, errNoPage
		}
		if year == 0 {
			year = v.Today().Year()
		}
		form, err := income.FormFor(v, place, body, year)
		if err != nil {
			return nil, err
		}
		if f == nil {
			f = startForm(form)
		}
		f.of("SetForm")
		rows := 0
		for f.Values.Has("text." + strconv.Itoa(rows)) {
			rows++
		}
		x := formEditPage{Place: place, Body: body, Year: year, Form: f, Rows: count(rows + spareLines)}
		for _, it := range income.Items {
			x.Codes = append(x.Codes, option{Value: it.Code, Label: r.say.T(string(it.Label))})
		}
		for _, one := range income.Figures {
			x.Codes = append(x.Codes, option{Value: one.Code, Label: r.say.T(string(one.Label))})
		}
		for _, one := range income.Totals {
			x.Totals = append(x.Totals, option{Value: one.Code, Label: r.say.T(string(one.Label))})
		}
		x.Checks = []option{{Label: r.say.T("已与原文核对")}, {Value: "true", Label: r.say.T("尚未与原文核对")}}
		fr.Title = r.say.T("更正报表格式")
		return x, nil
	})
}

// startForm is a form as it could have been typed.
func startForm(x income.Form) *form {
	to := ""
	if x.To < income.LastYear {
		to = strconv.Itoa(x.To)
	}
	f := newForm("from_year", strconv.Itoa(max(x.From, income.FirstYear)), "to_year", to, "table", x.Table, "title", x.Title, "source",
		x.Source)
	if x.Unchecked {
		f.Values.Set("unchecked", "true")
	}
	for i, l := range x.Lines {
		at := "." + strconv.Itoa(i)
		for name, text := range map[string]string{"number": strconv.Itoa(l.Number), "sign": l.Sign, "text": l.Text, "fills": l.Fills,
			"formula": l.Formula, "account": l.Account} {
			f.Values.Set(name+at, text)
		}
	}
	return f
}

// formFields turns what was typed into the fields of the entry; a line without text, number and what fills it is left out. back leads from
// the entry's fields to the form's.
func formFields(values url.Values) (f map[string]any, back map[string]string) {
	f, back = map[string]any{}, map[string]string{}
	for _, name := range []string{"from_year", "to_year", "table", "title", "source", "unchecked"} {
		f[name], back[name] = strings.TrimSpace(values.Get(name)), name
	}
	lines := []any{}
	for i := 0; values.Has("text." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		line, some := map[string]any{}, ""
		for _, name := range formColumns {
			text := strings.TrimSpace(values.Get(name + at))
			line[name], some = text, some+text
		}
		if some == "" {
			continue
		}
		for _, name := range formColumns {
			back["lines."+strconv.Itoa(len(lines))+"."+name] = name + at
		}
		lines = append(lines, line)
	}
	f["lines"] = lines
	return f, back
}

func formSet(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f, back := formFields(values)
	f["region"], f["body"] = r.Param("place"), r.Query("body")
	if _, err := r.post("SetForm", f, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		names := []string{}
		for _, name := range back {
			names = append(names, name)
		}
		return r.showFormEdit(status[journal.CodeOf(err)], again(values, backToForm(err, back), names...))
	}
	return r.done("/forms/"+r.Param("place"), "set")
}
