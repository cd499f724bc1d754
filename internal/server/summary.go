package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/summary/:place", summary),
	get("/shells/:place", shells),
	get("/year/:place/close", yearForm),
	post("/year/:place/close", yearClose),
	post("/year/:place/reopen", yearReopen),
)

// yearsUpTo lists the years a summary can be asked for, newest first.
func yearsUpTo(trend []report.YearCount, today journal.Date, chosen int) []int {
	years := []int{today.Year(), chosen}
	for _, y := range trend {
		years = append(years, y.Year)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	slices.Reverse(years)
	return years
}

// report reads a region's report of the year asked for, or the latest.
func (r *request) report(v *journal.View, place region.Code) (*report.Report, error) {
	year := r.year()
	if year == 0 {
		year = report.LatestYear(v, place)
	}
	return report.ReportOf(v, place, year)
}

// summaryPage is what the page summary shows.
type summaryPage struct {
	R         *report.Report
	Years     []int
	Village   bool
	Last      int
	Base      int // and of the policy's base line
	Wall      []wallRow
	Bars      chart
	MayClose  bool
	Statement *income.Sheet // of a village
	Entities  []register.Entity
	Plans     []planRow
	Warned    []report.WarningCount // today, of a place larger than a village
	Closed    *journal.Stamp        // nil while the year is open
	// Collectives are those of a village that has several, each with its book.
	Collectives []collectiveRow
}

// collectiveRow is one of the collectives whose books make a village's figure.
type collectiveRow struct {
	Name, Book string
	Operating  money.Yuan
}

var _ = page[summaryPage]("summary")

func summary(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "summary", "summary", place, func(v *journal.View, f *frame) (any, error) {
		sums, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年汇总", sums.Place.Short(), strconv.Itoa(sums.Year))
		body := summaryPage{
			R: sums, Years: yearsUpTo(sums.Trend, v.Today(), sums.Year), Village: place.Level() == region.Village,
			Last: shellsIn(sums, sums.Year-1), Base: shellsIn(sums, sums.Policy.Base), Wall: wall(v, sums), Bars: bars(sums.Trend, sums.Year),
		}
		if place.Level() == region.Village {
			if err := villageBody(v, place, sums, &body); err != nil {
				return nil, err
			}
			may, err := r.may(v, map[string]any{"village": string(place), "year": strconv.Itoa(sums.Year)}, "CloseYear")
			if err != nil {
				return nil, err
			}
			body.MayClose = may.Can("CloseYear")
			return body, nil
		}
		warned, err := sums.Warnings(v)
		if err != nil {
			return nil, err
		}
		body.Warned = report.CountOf(warned)
		return body, nil
	})
}

// shellsIn is the count of empty shells of a year, -1 when there is none.
func shellsIn(r *report.Report, year int) int {
	for _, y := range r.Trend {
		if y.Year == year {
			return y.Shells
		}
	}
	return -1
}

// villageBody adds what only a village's summary shows: its statement, entities and distributions.
func villageBody(v *journal.View, place region.Code, sums *report.Report, body *summaryPage) error {
	s, err := income.SheetOf(v, string(place), sums.Year)
	if err != nil {
		return err
	}
	entities, _, err := register.Entities(v, place, "", pageSize)
	if err != nil {
		return err
	}
	plans, err := dividend.Distributions(v, place, sums.Year, nil)
	if err != nil {
		return err
	}
	stamp, closed := office.Closed(v, place, sums.Year)
	body.Statement, body.Entities, body.Plans = &s, entities, planRows(v, plans)
	for _, e := range entities {
		if !e.Kind.Collective() || e.Book() != e.ID {
			continue
		}
		own, err := income.StatementOf(v, e.ID, sums.Year)
		if err != nil {
			return err
		}
		if body.Collectives == nil {
			body.Collectives = []collectiveRow{{sums.Place.Short(), string(place), s.Now.Operating}}
		}
		body.Collectives = append(body.Collectives, collectiveRow{e.Name, e.ID, own.Operating})
	}
	if closed {
		body.Closed = &stamp
	}
	return nil
}

// wallRow is a township's row of the village wall.
type wallRow struct {
	Town     office.Division
	Villages []report.Judged
}

// wall lays the villages out by the places next below the region.
func wall(v *journal.View, r *report.Report) (rows []wallRow) {
	if r.Place.Code.Level() >= region.Village {
		return nil
	}
	for _, child := range r.Children {
		row := wallRow{Town: child.Place}
		for _, s := range r.Villages {
			if child.Place.Code.Contains(s.Place.Code) {
				row.Villages = append(row.Villages, s)
			}
		}
		if len(row.Villages) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// bar is one bar of the chart of empty shells by year, in the units of its drawing.
type bar struct {
	Year, Shells      int
	X, Y, Height, Mid int
	Now               bool
}

// chart is the drawing: 100 high above the line, 52 wide a year.
type chart struct {
	Bars  []bar
	Width int
}

func bars(trend []report.YearCount, year int) chart {
	const step, wide, high = 52, 34, 110
	most := 1
	for _, y := range trend {
		most = max(most, y.Shells)
	}
	if len(trend) > 10 {
		trend = trend[len(trend)-10:]
	}
	c := chart{Width: max(1, len(trend)) * step}
	for i, y := range trend {
		h := y.Shells * high / most
		c.Bars = append(c.Bars, bar{Year: y.Year, Shells: y.Shells, X: i*step + (step-wide)/2, Y: 24 + high - h, Height: h, Mid: i*step + step/2,
			Now: y.Year == year})
	}
	return c
}

// shellsPage is what the page shells shows.
type shellsPage struct {
	R     *report.Report
	List  []report.Judged
	Towns map[region.Code]string
	Years []int
}

var _ = page[shellsPage]("shells")

func shells(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "shells", "shells", place, func(v *journal.View, f *frame) (any, error) {
		sums, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年空壳村", sums.Place.Short(), strconv.Itoa(sums.Year))
		var list []report.Judged
		for _, s := range sums.Villages {
			if s.Verdict.Shell {
				list = append(list, s)
			}
		}
		towns := map[region.Code]string{}
		for _, s := range list {
			if d, err := office.DivisionOf(v, s.Place.Code.Parent()); err == nil {
				towns[s.Place.Code] = d.Name
			}
		}
		return shellsPage{
			R: sums, List: list, Towns: towns, Years: yearsUpTo(sums.Trend, v.Today(), sums.Year),
		}, nil
	})
}

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
