package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(get("/shells/:place", shells))

// shellsPage is what the page shells shows: the villages of a place by their verdicts.
type shellsPage struct {
	R      *report.Report
	List   []report.Judged
	Towns  map[region.Code]string
	Years  []int
	Shown  shownVillages
	Tabs   []shownVillages
	Counts map[string]int
	Next   string
}

// shownVillages is a choice of villages.
type shownVillages struct {
	Name string
	Text journal.Label
	fits func(report.Judged) bool
}

// villageChoices are all there are.
var villageChoices = []shownVillages{
	{"shells", "空壳村", func(x report.Judged) bool { return x.Verdict.Shell }},
	{"near", "离标准最近的空壳村", func(x report.Judged) bool { return x.Verdict.Shell }},
	{"recorded", "有账的村", func(x report.Judged) bool { return x.Verdict.Recorded }},
	{"silent", "这一年没有账的村", func(x report.Judged) bool { return !x.Verdict.Recorded }},
	{"unrecorded", "未录入|村", func(x report.Judged) bool { return x.Verdict.Unknown }},
	{"all", "全部|村", func(report.Judged) bool { return true }},
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
		body := shellsPage{R: sums, Towns: map[region.Code]string{}, Years: yearsUpTo(sums.Trend, v.Today(), sums.Year), Tabs: villageChoices,
			Shown: villageChoices[0], Counts: map[string]int{}}
		for _, c := range villageChoices {
			if c.Name == r.Query("show") {
				body.Shown = c
			}
			for _, x := range sums.Villages {
				if c.fits(x) {
					body.Counts[c.Name]++
				}
			}
		}
		var list []report.Judged
		for _, x := range sums.Villages {
			if body.Shown.fits(x) {
				list = append(list, x)
			}
		}
		if body.Shown.Name == "near" {
			slices.SortStableFunc(list, func(a, b report.Judged) int { return int(a.Verdict.Short - b.Verdict.Short) })
		}
		body.List, body.Next = cutList(list, r.Query("after"))
		for _, x := range body.List {
			if d, err := office.DivisionOf(v, x.Place.Code.Parent()); err == nil {
				body.Towns[x.Place.Code] = d.Name
			}
		}
		f.Title = r.say.T("%s %s 年%s", sums.Place.Short(), strconv.Itoa(sums.Year), r.say.T(string(body.Shown.Text)))
		return body, nil
	})
}
