package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/contributions/:place", contributionList),
	post("/contributions/:place", contributionRecord),
)

// landFields are the fields of the form that are about land alone.
var landFields = []string{"contract", "plot", "whole_area", "certificate_until", "land_kind"}

func contributionList(r *request) error { return r.showContributions(http.StatusOK, nil) }

// contributionsPage is what the page contributions shows.
type contributionsPage struct {
	List    []register.Contribution
	Next    string
	Sum     report.Transformed
	Names   map[string]string
	Kind    register.ContributionKind
	Period  sums.Period
	Place   region.Code
	At      string
	May     acts
	E       *register.Entity // nil for a region
	Classes []option
	Form    *form
	Kinds   []option
	Lands   []register.LandKind
	Land    bool // whether the part of the form about land is open
}

var _ = page[contributionsPage]("contributions")

// showContributions lists what was put into an entity, or into all entities of a place; for an entity with the form that adds to it.
func (r *request) showContributions(code int, f *form) error {
	at := r.Param("place")
	place := placeOf(at)
	whole := journal.IsRegion(at)
	if place == "" {
		return &journal.Error{Code: journal.NotFound, Text: "地区代码 %s 不对", Args: []any{at}}
	}
	if whole {
		at = string(place)
	}
	return r.show(code, "contributions", "transformation", place, func(v *journal.View, fr *frame) (any, error) {
		period := sums.YearOf(v.Today().Year())
		if r.Query("year") != "" {
			var err error
			if period, _, err = report.Asked(v, place, r.Query("year"), ""); err != nil {
				return nil, err
			}
		}
		kind := register.ContributionKind(r.Query("kind"))
		if kind != "" && !slices.Contains(register.ContributionKinds(), kind) {
			return nil, errNoPage
		}
		list, next, err := register.Contributions(v, at, period, kind, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		names := map[string]string{}
		for _, b := range list {
			e, err := register.EntityOf(v, b.Entity())
			if err != nil {
				return nil, err
			}
			c, err := register.ShareClassOf(v, b.Class)
			if err != nil {
				return nil, err
			}
			s, err := register.HolderOf(v, c, b.Holder)
			if err != nil {
				return nil, err
			}
			names[b.Entity()], names[b.Class], names[b.Holder] = e.Name, c.Name, s.Name
		}
		sum, err := report.ContributionSum(v, at, period, kind)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("入股")
		body := contributionsPage{List: list, Next: next, Sum: sum, Names: names, Kind: kind, Period: period, Place: place, At: at,
			May: acts{}}
		if !whole {
			e, err := register.EntityOf(v, at)
			if err != nil {
				return nil, err
			}
			classes, err := register.ShareClasses(v, at)
			if err != nil {
				return nil, err
			}
			var choices []option
			for _, c := range classes {
				choices = append(choices, option{Value: c.ID, Label: c.Name})
			}
			if f == nil {
				f = newForm("date", string(v.Today()))
			}
			f.of("RecordContribution")
			body.E, body.Classes, body.Form, body.Kinds = &e, choices, f, r.contributionKinds()
			body.Lands = register.LandKinds
			for _, name := range landFields {
				body.Land = body.Land || f.Get(name) != "" || f.Faults[name] != nil
			}
			if body.May, err = r.may(v, map[string]any{"class": journal.ClassID.Front(at)}, "RecordContribution"); err != nil {
				return nil, err
			}
		}
		return body, nil
	})
}

func (r *request) contributionKinds() (list []option) {
	for _, k := range register.ContributionKinds() {
		list = append(list, option{Value: string(k), Label: r.say.T(string(k.Label())), Group: r.say.T(string(k.Group()))})
	}
	return list
}

func contributionRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	delete(f, "who")
	var holder string
	err = r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		holder, err = register.ResolveHolder(v, placeOf(r.Param("place")), values.Get("who"))
		return err
	})
	if err == nil && !strings.HasPrefix(values.Get("class"), r.Param("place")+"C") {
		err = &journal.Error{Code: journal.Invalid, Field: "class", Text: "请选这个经营主体的一种股份"}
	}
	if err == nil {
		f["holder"] = holder
		_, err = r.post("RecordContribution", f, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		err = backToForm(err, map[string]string{"holder": "who"})
		return r.showContributions(status[journal.CodeOf(err)], again(values, err, slices.Concat([]string{"class", "who", "kind", "area", "value",
			"shares", "certificate", "from", "until", "date", "resolution", "note"}, landFields)...))
	}
	return r.done("/contributions/"+r.Param("place"), "contributed")
}
