package server

import (
	"net/http"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/warnings/:place", warningList),
	post("/warnings/:place", warningAside),
)

// warningsPage is what the page warnings shows.
type warningsPage struct {
	Place   region.Code
	Village bool
	Counts  []report.WarningCount
	Asides  int
	Shown   string // a sort; "aside" what was set aside; "" all
	Sort    *office.Warning
	Bound   string // of the sort, as it stands for the place
	List    []warningRow
	Count   int
	Next    string
	May     acts
	Chosen  *report.Warning // that is being set aside
	Form    *form
	Query   string
}

// warningRow is a warning with the village's name.
type warningRow struct {
	report.Warning
	Village string
	Key     string
}

var _ = page[warningsPage]("warnings")

// keyOfWarning says in an address which warning is meant.
func keyOfWarning(w report.Warning) string { return w.Name + "." + w.Of }

func warningList(r *request) error { return r.showWarnings(http.StatusOK, nil) }

// showWarnings shows what somebody should look into in a place, with the form that sets one of them aside.
func (r *request) showWarnings(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "warnings", "warnings", place, func(v *journal.View, fr *frame) (any, error) {
		body := warningsPage{Place: place, Village: place.Level() == region.Village, Shown: r.Query("show")}
		fr.Title = r.say.T("需要过问")
		all, err := report.Warnings(v, place, true)
		if err != nil {
			return nil, err
		}
		set := r.Query("set")
		if f != nil {
			set = f.Get("warning") + "." + f.Get("of")
		}
		var now []report.Warning
		for i, w := range all {
			if keyOfWarning(w) == set {
				body.Chosen = &all[i]
			}
			if w.Hidden {
				body.Asides++
			} else {
				now = append(now, w)
			}
		}
		body.Counts = report.CountOf(now)
		if body.Sort = office.WarningNamed(body.Shown); body.Sort != nil && body.Sort.Bound != nil {
			value, err := office.InForce(v, place, body.Sort.Bound)
			if err != nil {
				return nil, err
			}
			body.Bound = r.say.T(string(body.Sort.Bound.Said(value)))
		}
		body.Query = queryOf("show", body.Shown)
		if err := r.warningRows(v, &body, all); err != nil {
			return nil, err
		}
		if body.May, err = r.may(v, map[string]any{"of": string(place)}, "SetWarningAside"); err != nil {
			return nil, err
		}
		if body.Form = f; f == nil {
			body.Form = newForm("until", string(v.Today().PlusMonths(1)))
		}
		body.Form.of("SetWarningAside")
		return body, nil
	})
}

// warningRows adds the page's rows.
func (r *request) warningRows(v *journal.View, body *warningsPage, all []report.Warning) error {
	after := r.Query("after")
	for _, w := range all {
		if body.Shown == "aside" != w.Hidden || body.Sort != nil && w.Warning != body.Sort {
			continue
		}
		body.Count++
		if key := keyOfWarning(w); after != "" {
			if key == after {
				after = ""
			}
			continue
		} else if len(body.List) == linesPerView {
			body.Next = body.List[linesPerView-1].Key
			continue
		}
		row := warningRow{Warning: w, Key: keyOfWarning(w)}
		if !body.Village {
			row.Village = v.Called(string(w.Village))
		}
		body.List = append(body.List, row)
	}
	return nil
}

// warningAside sets a warning aside until a day.
func warningAside(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := map[string]any{"warning": values.Get("warning"), "of": values.Get("of"), "until": r.typedDay(values, "until", ""),
		"reason": strings.TrimSpace(values.Get("reason"))}
	if of := values.Get("of"); placeOf(of) == "" || !placeOf(r.Param("place")).Contains(placeOf(of)) {
		return errNoPage
	}
	if _, err := r.post("SetWarningAside", f, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showWarnings(status[journal.CodeOf(err)], again(values, err, "until", "reason"))
	}
	return r.done("/warnings/"+r.Param("place"), "aside")
}
