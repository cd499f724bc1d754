package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

var _ = on(
	get("/alternatives/:id", alternativesShow),
	post("/alternatives/:id", alternativesDraft),
)

// alternativesPage is what the page alternatives shows: an entity's drafts of a year side by side, before its assembly.
type alternativesPage struct {
	E     register.Entity
	Year  int
	Years []int
	List  []alternativeColumn
	More  int // drafts that are not shown
	Last  *alternativeColumn
	Kinds []register.HolderKind // of holders who get something in any of them
	Form  *form
	Room  []int // for so many more
	May   acts
}

// alternativeColumn is a draft, or last year's plan, with its rules in words.
type alternativeColumn struct {
	dividend.Alternative
	Parts []planPart
}

var _ = page[alternativesPage]("alternatives")

func alternativesShow(r *request) error { return r.showAlternatives(http.StatusOK, nil) }

// showAlternatives compares an entity's drafts of a year, with the form that drafts some from last year's plan.
func (r *request) showAlternatives(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "alternatives", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		body := alternativesPage{Form: f}
		var err error
		if body.E, err = register.EntityOf(v, id); err != nil {
			return nil, err
		}
		if body.Year = r.year(); body.Year == 0 {
			body.Year = r.bookYear(v, body.E.Book(), f)
			if last, err := dividend.DraftYear(v, id); err != nil {
				return nil, err
			} else if last != 0 {
				body.Year = last
			}
		}
		if err := income.CheckYear(v, body.Year); err != nil {
			return nil, err
		}
		body.Years = bookYears(v, body.E.Book(), body.Year)
		list, more, err := dividend.Alternatives(v, id, body.Year)
		if err != nil {
			return nil, err
		}
		body.More = more
		for _, x := range list {
			parts, err := partsOf(v, x.Plan)
			if err != nil {
				return nil, err
			}
			body.List = append(body.List, alternativeColumn{x, parts})
		}
		if body.Last, err = lastColumn(v, id, body.Year); err != nil {
			return nil, err
		}
		for _, kind := range register.HolderKinds() {
			if slices.ContainsFunc(body.List, func(x alternativeColumn) bool { return x.Of(kind).Holders > 0 }) {
				body.Kinds = append(body.Kinds, kind)
			}
		}
		if body.May, err = r.may(v, map[string]any{"entity": id}, "DraftDistribution"); err != nil {
			return nil, err
		}
		if room := dividend.MaxAlternatives - len(list) - more; body.Last != nil && room > 0 {
			body.Room = count(room)
		}
		if body.Form == nil {
			body.Form = newForm("record_date", string(min(journal.YearEnd(body.Year), v.Today())), "percent.0", "90", "percent.1", "100",
				"percent.2", "110")
		}
		body.Form.of("DraftDistribution")
		fr.Title = r.say.T("%s 方案比较", body.E.Name)
		return body, nil
	})
}

// lastColumn is the plan that alternatives are drafted from, nil where there is none.
func lastColumn(v *journal.View, entity string, year int) (*alternativeColumn, error) {
	model, err := dividend.Model(v, entity, year)
	if err != nil || model.ID == "" {
		return nil, err
	}
	x := alternativeColumn{}
	if x.Alternative, err = dividend.AlternativeOf(v, model); err != nil {
		return nil, err
	}
	x.Parts, err = partsOf(v, model)
	return &x, err
}

// alternativesDraft drafts alternatives from the last plan, each at so many per cent of its sums and rates.
func alternativesDraft(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id, year := r.Param("id"), r.year()
	var model plan.Distribution
	room := 0
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		if err := r.must(v, "DraftDistribution", map[string]any{"entity": id}); err != nil {
			return err
		}
		if err := income.CheckYear(v, year); err != nil {
			return err
		}
		list, more, err := dividend.Alternatives(v, id, year)
		if err != nil {
			return err
		}
		room = dividend.MaxAlternatives - len(list) - more
		model, err = dividend.Model(v, id, year)
		return err
	}); err != nil {
		return err
	}
	var faults journal.Faults
	var entries []journal.Entry
	date, wrong := journal.ParseDate(values.Get("record_date"))
	if wrong != nil {
		faults.Invalid("record_date", values.Get("record_date"), "“%s”不是日期;请写成 2025-12-09", values.Get("record_date"))
	}
	for i := range dividend.MaxAlternatives {
		name := "percent." + strconv.Itoa(i)
		text := strings.TrimSpace(values.Get(name))
		if text == "" {
			continue
		}
		percent, err := money.ParseRate(strings.TrimRight(text, "%\uff05"))
		if err != nil || percent <= 0 || percent > 1000_000_000 {
			faults.Invalid(name, text, "“%s”不是 0 到 1000 之间的百分数;例如 100", text)
			continue
		}
		e := &dividend.DraftDistribution{Entity: id, Year: year, RecordDate: date, Components: dividend.Scaled(model, year, percent),
			CarryOdd: model.CarryOdd, Interim: model.Interim}
		if w := model.Withholding; w != nil {
			e.TaxRate, e.TaxOf, e.TaxHolders, e.TaxByPerson = w.Rate, w.Of, w.Holders, w.ByPerson
		}
		entries = append(entries, e)
	}
	if len(entries) > room {
		faults.Invalid("percent."+strconv.Itoa(max(room, 0)), len(entries), "最多并排 %s 个,还能起草 %s 个", strconv.Itoa(dividend.MaxAlternatives),
			strconv.Itoa(max(room, 0)))
	}
	if len(entries) == 0 && len(faults) == 0 {
		faults.Invalid("percent.0", "", "请至少写一个百分数")
	}
	if len(faults) == 0 {
		if _, err = r.s.ledger.Post(r.who, r.posting(entries, values.Get(requestKey))); err == nil {
			return r.done("/alternatives/"+id+"?year="+strconv.Itoa(year), "drafted")
		}
	} else {
		err = faults
	}
	if !refused(err) {
		return err
	}
	names := []string{"record_date"}
	for i := range dividend.MaxAlternatives {
		names = append(names, "percent."+strconv.Itoa(i))
	}
	return r.showAlternatives(status[journal.CodeOf(err)], again(values, err, names...))
}
