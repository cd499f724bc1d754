package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/land/:place", landShow),
	get("/entity/:id/setup", setupShow),
)

// landPage is what the page land shows.
type landPage struct {
	At    string
	Title string
	On    string
	Rows  []landRow
	Sums  []landRow // by group, over all
	Sum   landRow
	Today journal.Date
}

// landRow is the land of an entity, or of all, under one group.
type landRow struct {
	register.LandSum
	Name  string
	Place string
}

var _ = page[landPage]("land")

// landShow shows the land that is in, by the groups under which the county has it filed, of a region or of an entity.
func landShow(r *request) error {
	at := r.Param("place")
	place := placeOf(at)
	if place == "" {
		return &journal.Error{Code: journal.NotFound, Text: "地区代码 %s 不对", Args: []any{at}}
	}
	whole := journal.IsRegion(at)
	return r.show(http.StatusOK, "land", "transformation", place, func(v *journal.View, fr *frame) (any, error) {
		on, err := r.dayAsked(v)
		if err != nil {
			return nil, err
		}
		body := landPage{At: at, On: string(on), Today: v.Today()}
		if whole {
			d, err := office.DivisionOf(v, place)
			if err != nil {
				return nil, err
			}
			at, body.Title = string(place), d.Name
		} else {
			e, err := register.EntityOf(v, at)
			if err != nil {
				return nil, err
			}
			body.Title = e.Name
		}
		list, err := register.LandByKind(v, at, on)
		if err != nil {
			return nil, err
		}
		if err := body.fill(v, list, place.Level() == region.Village); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("入股土地分类表")
		return body, nil
	})
}

// fill adds the rows up.
func (b *landPage) fill(v *journal.View, list []register.LandSum, village bool) error {
	sums := map[journal.Label]*landRow{}
	for _, s := range list {
		row := landRow{LandSum: s}
		e, err := register.EntityOf(v, s.Entity)
		if err != nil {
			return err
		}
		if row.Name = e.Name; !village {
			d, err := office.DivisionOf(v, e.Village())
			if err != nil {
				return err
			}
			row.Place = d.Short()
		}
		b.Rows = append(b.Rows, row)
		sum := sums[s.Filed]
		if sum == nil {
			sum = &landRow{LandSum: register.LandSum{Filed: s.Filed}}
			sums[s.Filed] = sum
		}
		for _, to := range []*landRow{sum, &b.Sum} {
			to.Count, to.Area, to.Value = to.Count+s.Count, to.Area+s.Area, to.Value+s.Value
		}
	}
	for _, filed := range register.LandGroups {
		if sums[filed] != nil {
			b.Sums = append(b.Sums, *sums[filed])
		}
	}
	return nil
}

// setupPage is what the page setup shows.
type setupPage struct {
	E     register.Entity
	On    string
	Rows  []register.ClassSetup
	Today journal.Date
}

var _ = page[setupPage]("setup")

// setupShow shows an entity's share classes for printing, as they are registered (股权设置登记表).
func setupShow(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "setup", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		on, err := r.dayAsked(v)
		if err != nil {
			return nil, err
		}
		rows, err := register.SetupOf(v, id, on)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("股权设置登记表")
		return setupPage{E: e, On: string(on), Rows: rows, Today: v.Today()}, nil
	})
}
