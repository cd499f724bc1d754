package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/sheet/:place", meetingSheet),
	get("/statistics/:place", statistics),
	get("/yearreport/:place", yearReport),
)

// sheetPage is what the page sheet shows: a place's year on one sheet, for a meeting.
type sheetPage struct {
	R        *report.Report
	Figures  []comparisonCell
	Pictures pictures
	Worse    []report.JudgedTwice
	Better   []report.JudgedTwice
	Warned   []report.WarningCount
	Printed  journal.Date
	Towns    map[region.Code]string
	Outside  money.Yuan // of the operating gain, what is no village's
}

var _ = page[sheetPage]("sheet")

// sheetFigures are those of a meeting's sheet.
var sheetFigures = []string{"villages", "shells", "recorded", "reformed", "measure", "income", "shareholders", "people", "capital", "due",
	"paid",
	"outstanding"}

// sheetVillages is how many villages a sheet names on either side.
const sheetVillages = 6

func meetingSheet(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "sheet", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s汇总", of.Place.Short(), r.called(of.Period))
		return r.sheetOf(v, of)
	})
}

// sheetOf puts together what a sheet shows.
func (r *request) sheetOf(v *journal.View, of *report.Report) (body sheetPage, err error) {
	body = sheetPage{R: of, Pictures: r.pictures(of), Printed: v.Today(),
		Outside: of.Outside(),
		Towns:   map[region.Code]string{}}
	for _, name := range sheetFigures {
		figure, _ := report.FigureNamed(name)
		cell := cellOf(figure, of.Compared)
		cell.Label, cell.Unit = figure.Called(of.Policy, of.Mixed), figure.Unit.Sign()
		body.Figures = append(body.Figures, cell)
	}
	worse, better := of.Chosen(report.VillageChoiceNamed("worse")), of.Chosen(report.VillageChoiceNamed("better"))
	body.Worse, body.Better = worse[:min(len(worse), sheetVillages)], better[:min(len(better), sheetVillages)]
	for _, x := range append(slices.Clone(body.Worse), body.Better...) {
		body.Towns[x.Place.Code] = placeIn(v, x.Place.Code.Parent(), of.Place.Code)
	}
	body.Warned, _, err = of.Warnings(v)
	return body, err
}

// statisticsPage is what the page statistics shows.
type statisticsPage struct {
	Running bool // the year is not over
	S       *report.Statistics
	Years   []int
}

var _ = page[statisticsPage]("statistics")

func statistics(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "statistics", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		s, err := report.StatisticsOf(v, place, of.Year)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年村集体经济组织收益分配统计表", of.Place.Short(), strconv.Itoa(of.Year))
		return statisticsPage{Running: of.Year >= v.Today().Year(), S: s, Years: yearsUpTo(of.Trend, v.Today(), of.Year)}, nil
	})
}

// yearReportPage is what the page yearreport shows: a place's year as one set of papers.
type yearReportPage struct {
	sheetPage
	Years        []int
	Tables       []comparison
	Shells       []report.JudgedTwice
	Kinds, Marks []report.Given
	All          report.Given
	Payers       []report.Party
	Payees       []report.Party
	S            *report.Statistics
}

var _ = page[yearReportPage]("yearreport")

func yearReport(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "yearreport", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		body := yearReportPage{Years: yearsUpTo(of.Trend, v.Today(), of.Year), Shells: of.Chosen(report.VillageChoiceNamed("shells"))}
		if body.sheetPage, err = r.sheetOf(v, of); err != nil {
			return nil, err
		}
		for _, g := range report.Groups {
			t := comparison{Group: g}
			for _, figure := range g.Figures(of) {
				t.Columns = append(t.Columns, column{Figure: figure, Called: figure.Called(of.Policy, of.Mixed)})
			}
			t.fill(of, of.Children)
			body.Tables = append(body.Tables, t)
		}
		if body.Kinds, body.Marks, body.All, err = report.GivenTo(v, place, of.Year); err != nil {
			return nil, err
		}
		body.Payers, body.Payees = of.Parties()
		body.S, err = report.StatisticsOf(v, place, of.Year)
		f.Title = r.say.T("%s %s 年度报告", of.Place.Short(), strconv.Itoa(of.Year))
		return body, err
	})
}
