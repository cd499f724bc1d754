package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(get("/shells/:place", shells))

// shellsPage is what the page shells shows: the villages of a place by their verdicts.
type shellsPage struct {
	R            *report.Report
	List         []report.JudgedTwice
	Towns        map[region.Code]string
	Years        []int
	Shown        report.VillageChoice
	Tabs         []report.VillageChoice
	Counts       map[string]int
	Next         string
	Sum, SumWith money.Yuan // of the measure, of the villages shown and those on further pages
	Same         string     // of a year that runs, the summary of what is over of it
}

var _ = page[shellsPage]("shells")

func shells(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "shells", "shells", place, func(v *journal.View, f *frame) (any, error) {
		sums, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		body := shellsPage{R: sums, Towns: map[region.Code]string{}, Years: yearsUpTo(sums.Trend, v.Today(), sums.Year),
			Tabs:  report.VillageChoices,
			Shown: report.VillageChoiceNamed(r.Query("show")), Counts: map[string]int{}}
		all := sums.JudgedTwice()
		for _, x := range all {
			for _, c := range report.VillageChoices {
				if c.Fits(x) {
					body.Counts[c.Name]++
				}
			}
		}
		list := body.Shown.Of(all)
		body.Same = samePart(v, sums)
		for _, x := range list {
			body.Sum, body.SumWith = body.Sum+x.Verdict.Measure, body.SumWith+x.With.Measure
		}
		body.List, body.Next = cutList(list, r.Query("after"))
		for _, x := range body.List {
			body.Towns[x.Place.Code] = placeIn(v, x.Place.Code.Parent(), place)
		}
		f.Title = r.say.T("%s %s 年%s", sums.Place.Short(), strconv.Itoa(sums.Year), r.say.T(string(body.Shown.Label)))
		return body, nil
	})
}
