package server

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/resolutions/:place", resolutionList),
	post("/resolutions/:place", resolutionRecord),
	get("/resolution/:id", resolutionShow),
)

// resolutionNumber is what a page shows of a resolution that an entry names.
func resolutionNumber(text string) string {
	if journal.ResolutionID.Is(text) {
		return resolution.NumberOf(text)
	}
	return text
}

// resolutionLink is the page of a recorded resolution, "" where an entry has a number only.
func resolutionLink(text string) string {
	if journal.ResolutionID.Is(text) {
		return journal.ResolutionID.Page(text)
	}
	return ""
}

// resolutionsPage is what the page resolutions shows.
type resolutionsPage struct {
	Place    region.Code
	Of       string // those of one organisation, "" for all
	List     []resolutionRow
	Form     *form
	May      acts
	Bodies   []option
	Subjects []option
	Who      []option // whose resolution it may be
}

// resolutionRow is a resolution as lists show it.
type resolutionRow struct {
	resolution.Resolution
	Who      string
	Findings int // how often it falls short of the law
}

var _ = page[resolutionsPage]("resolutions")

func resolutionList(r *request) error {
	return r.showResolutions(http.StatusOK, newForm("of", r.Query("of")))
}

func (r *request) showResolutions(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "resolutions", "resolutions", place, func(v *journal.View, fr *frame) (any, error) {
		body := resolutionsPage{Place: place, Of: r.Query("of"), Form: f.of("RecordResolution"), Bodies: labelled(r, resolution.Bodies()),
			Subjects: labelled(r, resolution.Subjects())}
		list, err := resolution.In(v, place, maxLines)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			if body.Of != "" && x.Of() != body.Of {
				continue
			}
			found, err := resolution.FindingsOf(v, x)
			if err != nil {
				return nil, err
			}
			body.List = append(body.List, resolutionRow{x, x.By(v), len(found)})
		}
		if place.Level() >= region.Township {
			if body.May, err = r.may(v, map[string]any{"of": string(place)}, "RecordResolution"); err != nil {
				return nil, err
			}
			d, err := office.DivisionOf(v, place)
			if err != nil {
				return nil, err
			}
			entities, _, err := register.Entities(v, place, "", maxLines)
			if err != nil {
				return nil, err
			}
			if place.Level() == region.Village {
				body.Who = []option{{Value: string(place), Label: r.say.T("%s的集体", d.Short())}}
			}
			for _, e := range entities {
				if e.Dissolved == "" && e.Village() == place {
					body.Who = append(body.Who, option{Value: e.ID, Label: e.Name})
				}
			}
		}
		fr.Title = r.say.T("决议")
		return body, nil
	})
}

func resolutionRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["subjects"] = strings.Join(values["subjects"], ",")
	receipt, err := r.post("RecordResolution", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showResolutions(status[journal.CodeOf(err)], again(values, err, append(typedNames(values), "subjects", "body")...))
	}
	return r.done("/resolution/"+url.PathEscape(receipt.IDs[0]), "resolved")
}

// resolutionPage is what the page resolution shows.
type resolutionPage struct {
	R        resolution.Resolution
	Who      string
	Findings journal.Faults
	Papers   int
	Resting  []restingRow
	Chain    string
}

// restingRow is an entry that names the resolution.
type restingRow struct {
	Seq   uint64
	Kind  journal.Label
	Page  string
	About string
}

var _ = page[resolutionPage]("resolution")

func resolutionShow(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "resolution", "resolutions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		x, err := resolution.ByID(v, id)
		if err != nil {
			return nil, err
		}
		body := resolutionPage{R: x, Who: x.By(v), Chain: x.Village().Chain()}
		if body.Findings, err = resolution.FindingsOf(v, x); err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		body.Papers = len(papers)
		resting, err := resolution.RestingOn(v, id)
		if err != nil {
			return nil, err
		}
		for _, seq := range resting[:min(len(resting), maxLines)] {
			j, err := v.JournalEntry(body.Chain, seq)
			if err != nil {
				return nil, err
			}
			subject := j.Entry.Subject()
			body.Resting = append(body.Resting, restingRow{seq, journal.KindLabel(journal.KindOf(j.Entry)), journal.PageAbout(j.Entry),
				cmp.Or(v.Called(subject), subject)})
		}
		fr.Title = r.say.T("决议 %s", x.Called())
		return body, nil
	})
}
