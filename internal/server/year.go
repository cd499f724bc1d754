package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
)

var _ = on(
	get("/year/:place/close", yearForm),
	post("/year/:place/close", yearClose),
	post("/year/:place/reopen", yearReopen),
)

// yearPage is what the page year shows: what to see before a year is closed, or how a closed one is opened again.
type yearPage struct {
	Name   string
	C      report.Closing
	Form   *form
	Reopen *form
	Closed *journal.Stamp
	Later  []int // closed years that open with it
	May    acts
}

var _ = page[yearPage]("year")

func yearForm(r *request) error { return r.showYear(http.StatusOK, forms{}) }

// showYear shows what of a village's year waits for somebody, before it is closed.
func (r *request) showYear(code int, typed forms) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	year := r.year()
	if year == 0 {
		year, _ = strconv.Atoi(r.PostForm("year"))
	}
	return r.show(code, "year", "summary", place, func(v *journal.View, f *frame) (any, error) {
		body := yearPage{Form: typed.Of("CloseYear"), Reopen: typed.Of("ReopenYear")}
		var err error
		if body.C, err = report.ClosingOf(v, place, year); err != nil {
			return nil, err
		}
		if body.May, err = r.may(v, map[string]any{"village": string(place), "year": strconv.Itoa(year)}, "CloseYear", "ReopenYear"); err != nil {
			return nil, err
		}
		if stamp, closed := office.Closed(v, place, year); closed {
			body.Closed = &stamp
			if body.Later, err = office.ClosedAfter(v, place, year); err != nil {
				return nil, err
			}
		}
		body.Name = v.Called(string(place))
		f.Title = r.say.T("%s %s 年结账", body.Name, strconv.Itoa(year))
		return body, nil
	})
}

func yearClose(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	place, year := r.Param("place"), values.Get("year")
	about := map[string]any{"village": place, "year": year}
	if err := r.mustNow("CloseYear", about); err != nil {
		return err
	}
	if values.Get("seen") != "true" {
		fault := &journal.Error{Code: journal.Invalid, Field: "seen", Text: "结账以后这一年和以前各年不能再记账;请看过下面各项,打上勾再结"}
		return r.refuse(change{kind: "CloseYear", show: r.showYear}, values, fault)
	}
	return r.change(change{kind: "CloseYear", fields: about, show: r.showYear,
		to:   "/summary/" + place + "?year=" + year,
		done: "closed"})
}

func yearReopen(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	place, year := r.Param("place"), values.Get("year")
	later := []any{}
	for _, y := range values["later"] {
		later = append(later, y)
	}
	return r.change(change{kind: "ReopenYear", fields: map[string]any{"village": place, "year": year, "later": later,
		"reason": values.Get("reason")},
		names: []string{"reason"}, show: r.showYear, to: "/summary/" + place + "?year=" + year, done: "reopened"})
}
