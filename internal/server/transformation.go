package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/transformation/:place", transformation),
	get("/transformation/:place/shareholders", stakeholders),
	get("/transformation/:place/classes", classStakes),
)

// asOf is the place and the year of a page about the three transformations, and the years to choose from.
type asOf struct {
	Place region.Code
	Year  int
	Years []int
	// Running says that the year is not over: what stands at its end is what there is today.
	Running bool
}

// transformationPage is what the page transformation shows.
type transformationPage struct {
	asOf
	T           *report.Transformation
	HolderKinds []register.HolderKind
	LastYear    int
}

// stakeholdersPage is what the page stakeholders shows.
type stakeholdersPage struct {
	asOf
	List  []report.Stakeholder
	Sums  report.StakeSums
	Kind  register.HolderKind
	Next  string
	Names map[region.Code]string
}

// classStakesPage is what the page class_stakes shows.
type classStakesPage struct {
	asOf
	List     []report.ClassStake
	Total    int
	Sum      report.ClassStake
	Kind     register.ClassKind
	Unit     register.Unit
	Entities map[string]string
	On       journal.Date
	Next     string
}

var (
	_ = page[transformationPage]("transformation")
	_ = page[stakeholdersPage]("stakeholders")
	_ = page[classStakesPage]("class_stakes")
)

// transformation shows how resources became assets, funds share capital and farmers shareholders, in a region by the end of a year.
func transformation(r *request) error {
	return r.showTransformation("transformation", func(v *journal.View, f *frame, at asOf) (any, error) {
		place, year := at.Place, at.Year
		t, err := report.TransformationOf(v, place, year)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年三变情况", t.Place.Short(), strconv.Itoa(year))
		return transformationPage{at, t, register.HolderKinds(), year - 1}, nil
	})
}

// stakeholders lists the shareholders whom a transformation counts.
func stakeholders(r *request) error {
	return r.showTransformation("stakeholders", func(v *journal.View, f *frame, at asOf) (any, error) {
		place, year := at.Place, at.Year
		kind := register.HolderKind(r.Query("kind"))
		if kind != "" && !slices.Contains(register.HolderKinds(), kind) {
			return nil, errNoPage
		}
		from := r.offset()
		list, sums, err := report.Stakeholders(v, place, year, kind, from, pageSize)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s 年末的股东", strconv.Itoa(year))
		return stakeholdersPage{at, list, sums, kind, nextOffset(from, sums.Lines), villagesOf(v, list)}, nil
	})
}

// classStakes lists the share classes that make up a transformation's sum of shares.
func classStakes(r *request) error {
	return r.showTransformation("class_stakes", func(v *journal.View, f *frame, at asOf) (any, error) {
		place, year := at.Place, at.Year
		kind, unit := register.ClassKind(r.Query("kind")), register.Unit(r.Query("unit"))
		if !slices.Contains(register.ClassKinds(), kind) {
			return nil, errNoPage
		}
		list, err := report.ClassStakes(v, place, year, kind, unit)
		if err != nil {
			return nil, err
		}
		sum := report.ClassStake{}
		for _, c := range list {
			sum.Issued, sum.IssuedBefore = sum.Issued+c.Issued, sum.IssuedBefore+c.IssuedBefore
			sum.Capital, sum.CapitalBefore = sum.Capital+c.Capital, sum.CapitalBefore+c.CapitalBefore
		}
		from, total := min(r.offset(), len(list)), len(list)
		list = list[from:min(from+pageSize, total)]
		entities := map[string]string{}
		for _, c := range list {
			e, err := register.EntityOf(v, c.Entity())
			if err != nil {
				return nil, err
			}
			entities[c.Entity()] = e.Name
		}
		f.Title = r.say.T("%s 年末的股份", strconv.Itoa(year))
		return classStakesPage{at, list, total, sum, kind, unit, entities, min(journal.YearEnd(year), v.Today()), nextOffset(from, total)}, nil
	})
}

// showTransformation shows one of the pages of a region's three transformations, of the year asked for.
func (r *request) showTransformation(page string, body func(*journal.View, *frame, asOf) (any, error)) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, page, "transformation", place, func(v *journal.View, f *frame) (any, error) {
		at := asOf{Place: place, Year: r.year()}
		if at.Year == 0 {
			at.Year = v.Today().Year()
		}
		for y := v.Today().Year(); y > v.Today().Year()-8; y-- {
			at.Years = append(at.Years, y)
		}
		at.Running = at.Year >= v.Today().Year()
		return body(v, f, at)
	})
}

// offset is how many lines of a list come before the page; 0 when the address says nothing sensible.
func (r *request) offset() int {
	n, err := strconv.Atoi(r.Query("after"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// nextOffset is where the next page of a list begins, "" when there is none.
func nextOffset(from, total int) string {
	if from+pageSize >= total {
		return ""
	}
	return strconv.Itoa(from + pageSize)
}
