package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

// The public pages need no sign-in. They are read as a visitor to one county, and show only what the queries for visitors give: nothing
// where the county has not opened them.
var _ = on(
	get("/public", publicCounties).forAnybody(),
	get("/public/:place", publicPlace).forAnybody(),
	get("/public/:place/plan/:id", publicPlan).forAnybody(),
	post("/public/:place/plan/:id/mine", publicMine).forAnybody(),
	post("/public/:place/plan/:id/object", publicObject).forAnybody(),
	get("/public/:place/statement/:book", publicStatement).forAnybody(),
)

// publicSize is how many lines a public page has: it is read on old phones and slow lines.
const publicSize = 60

// visit makes the reader a visitor to a place's county, whoever has signed in here; no larger place has public pages.
func (r *request) visit(place region.Code) error {
	if place == "" || place.Level() < region.County {
		return errNoPage
	}
	r.who, r.duties = journal.Visitor(place.Cut(region.County)), nil
	return nil
}

// publicRow is a place with how many plans it shows.
type publicRow struct {
	office.Division
	Town  string
	Plans int
	Now   int // those that lie open or are on display today
}

// publicPlacesPage is what the page publicplaces shows.
type publicPlacesPage struct {
	Place office.Division
	Up    []office.Division
	List  []publicRow
}

var _ = page[publicPlacesPage]("publicplaces")

func publicCounties(r *request) error {
	r.who, r.duties = journal.Visitor(region.Country), nil
	var list []office.Division
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		list, err = dividend.PublicCounties(v)
		return err
	}); err != nil {
		return err
	}
	if len(list) == 1 {
		return r.done("/public/"+string(list[0].Code), "")
	}
	return r.show(http.StatusOK, "publicplaces", "", "", func(_ *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("分红公开")
		body := publicPlacesPage{}
		for _, d := range list {
			body.List = append(body.List, publicRow{Division: d})
		}
		return body, nil
	})
}

// publicVillagePage is what the page publicvillage shows.
type publicVillagePage struct {
	Place office.Division
	Up    []office.Division
	Plans []planRow
	Years []publicYear
	Today journal.Date
	No    string // the certificate that led here
}

// publicYear is a statement that members may read and copy (农村集体经济组织法 art. 13).
type publicYear struct {
	Book, Name string
	Year       int
}

var _ = page[publicVillagePage]("publicvillage")

// publicPlace shows a county's or township's villages that have something public, or a village's plans and statements.
func publicPlace(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	if err := r.visit(place); err != nil {
		return err
	}
	if place.Level() == region.Village {
		return r.publicVillage(place)
	}
	return r.show(http.StatusOK, "publicplaces", "", "", func(v *journal.View, f *frame) (any, error) {
		plans, err := dividend.PublicPlans(v, place)
		if err != nil {
			return nil, err
		}
		rows := map[region.Code]*publicRow{}
		body := publicPlacesPage{Up: publicUp(v, place)}
		if body.Place, err = office.DivisionOf(v, place); err != nil {
			return nil, err
		}
		for _, d := range plans {
			row := rows[d.Village()]
			if row == nil {
				row = &publicRow{}
				if row.Division, err = office.DivisionOf(v, d.Village()); err != nil {
					return nil, err
				}
				town, err := office.DivisionOf(v, d.Village().Cut(region.Township))
				if err != nil {
					return nil, err
				}
				row.Town, rows[d.Village()] = town.Short(), row
			}
			row.Plans++
			if d.Open != nil && d.From == "" || d.OnDisplay(v.Today()) {
				row.Now++
			}
		}
		for _, d := range office.Seats(v, place) {
			if row := rows[d.Code]; row != nil {
				body.List = append(body.List, *row)
			}
		}
		f.Title = r.say.T("%s 分红公开", body.Place.Short())
		return body, nil
	})
}

// publicUp are the places above one, as far as they have public pages.
func publicUp(v *journal.View, place region.Code) (list []office.Division) {
	for _, d := range office.Path(v, place) {
		if d.Code.Level() >= region.County && d.Code != place {
			list = append(list, d)
		}
	}
	return list
}

func (r *request) publicVillage(place region.Code) error {
	return r.show(http.StatusOK, "publicvillage", "", "", func(v *journal.View, f *frame) (any, error) {
		plans, err := dividend.PublicPlans(v, place)
		if err != nil {
			return nil, err
		}
		body := publicVillagePage{Up: publicUp(v, place), Plans: planRows(v, plans), Today: v.Today(), No: r.Query("no")}
		if body.Place, err = office.DivisionOf(v, place); err != nil {
			return nil, err
		}
		books, err := r.booksOf(v, place)
		if err != nil {
			return nil, err
		}
		for _, b := range books {
			years := income.Years(v, b.Value)
			slices.Reverse(years)
			for _, year := range years {
				if _, closed := office.Closed(v, place, year); closed {
					body.Years = append(body.Years, publicYear{b.Value, b.Label, year})
				}
			}
		}
		f.Title = r.say.T("%s 分红公开", body.Place.Short())
		return body, nil
	})
}

// publicPlanPage is what the page publicplan shows.
type publicPlanPage struct {
	D      plan.Distribution
	Name   string
	Place  office.Division
	Up     []office.Division
	Parts  []planPart
	Lines  []dividend.PublicLine
	First  int // number of the first line
	Next   int // number of the first line of the next page, 0 on the last
	Today  journal.Date
	Mine   *dividend.PublicLine // the line of who has shown a certificate
	Why    []dividend.Explanation
	Own    *form
	Object *form
	Taken  int // the number of the objection that was just left
}

var _ = page[publicPlanPage]("publicplan")

func publicPlan(r *request) error {
	left, _ := strconv.Atoi(r.Query("left"))
	return r.showPublicPlan(http.StatusOK, newForm("no", r.Query("no")), newForm("no", r.Query("no")), "", left)
}

// showPublicPlan shows a plan to anybody, with the line of a holder who has shown a certificate; taken is an objection that was just left.
func (r *request) showPublicPlan(code int, own, object *form, holder string, taken int) error {
	id := r.Param("id")
	if err := r.visit(placeOf(id)); err != nil {
		return err
	}
	return r.show(code, "publicplan", "", "", func(v *journal.View, f *frame) (any, error) {
		d, err := dividend.PublicPlan(v, id)
		if err != nil {
			return nil, err
		}
		if string(d.Village()) != r.Param("place") {
			return nil, errNoPage
		}
		e, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return nil, err
		}
		body := publicPlanPage{D: d, Name: e.Name, Up: publicUp(v, d.Village()), Today: v.Today(), Own: own, Object: object,
			Taken: taken}
		if body.Place, err = office.DivisionOf(v, d.Village()); err != nil {
			return nil, err
		}
		shown := d
		if d.Totals == nil { // as it lies open, whatever the draft has become since
			shown.Components = d.Open.Components
		}
		if body.Parts, err = partsOf(v, shown); err != nil {
			return nil, err
		}
		from, _ := strconv.Atoi(r.Query("from"))
		body.First = max(1, from)
		if body.Lines, err = dividend.PublicLines(v, d, body.First-1, publicSize+1); err != nil {
			return nil, err
		}
		if len(body.Lines) > publicSize {
			body.Lines, body.Next = body.Lines[:publicSize], body.First+publicSize
		}
		if holder != "" {
			line, err := dividend.PublicLineOf(v, d, holder)
			if err != nil {
				return nil, err
			}
			body.Mine = &line
			if d.Totals != nil { // of what only lies open nothing more is known than its parts
				if body.Why, err = dividend.Explain(v, d, holder); err != nil {
					return nil, err
				}
			}
		}
		f.Title = r.say.T("%s %s 年%s", e.Name, strconv.Itoa(d.Year), d.Called())
		return body, nil
	})
}

// holderShown is whose certificate was shown, by its number and the end of the ID number. Tries are counted before they are looked at.
func (r *request) holderShown(values url.Values) (string, error) {
	number, from := register.CertificateNumber(values.Get("no")), r.ClientIP() // counted as it is looked for, however it is typed
	if err := r.s.door.Check(number, from); err != nil {
		return "", slowed(err)
	}
	id, err := register.OwnCertificate(r.s.ledger, placeOf(r.Param("id")), number, values.Get("end"))
	if err != nil {
		r.noted(access.LookedUp, r.Param("id"), err.Error())
		return "", err
	}
	if err := r.s.door.Checked(number); err != nil {
		return "", err
	}
	r.noted(access.LookedUp, r.Param("id"), "")
	return id, nil
}

// slowed says that somebody has tried too often.
func slowed(err error) error {
	if errors.Is(err, access.ErrWait) {
		return &journal.Error{Code: journal.Unavailable, Text: "试得太多了;请过一会儿再来,或到村里查"}
	}
	return err
}

// publicMine shows a holder the own line, with how it was worked out.
func publicMine(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	holder, err := r.holderShown(values)
	if err == nil {
		err = r.showPublicPlan(http.StatusOK, newForm("no", values.Get("no")), newForm("no", values.Get("no")), holder, 0)
	}
	if ofForm(err) {
		values.Del("end")
		return r.showPublicPlan(status[journal.CodeOf(err)], again(values, err, "no", "end"), newForm(), "", 0)
	}
	return err
}

// ofForm tells whether a refusal is about what was typed, not about a page that is not there.
func ofForm(err error) bool {
	all := journal.All(err)
	return len(all) > 0 && refused(err) && (all[0].Code != journal.NotFound || all[0].Field == "no" || all[0].Field == "end")
}

// publicObject takes an objection: of a holder where a certificate is shown, of a stranger else.
func publicObject(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	fields := map[string]any{"distribution": id, "by": values.Get("by"), "text": values.Get("text")}
	refuse := func(err error) error {
		if !ofForm(err) {
			return err
		}
		values.Del("end")
		return r.showPublicPlan(status[journal.CodeOf(err)], newForm(), again(values, err, "no", "end", "by", "text"), "", 0)
	}
	if err := r.visit(placeOf(id)); err != nil {
		return err
	}
	if values.Get("no") != "" || values.Get("end") != "" {
		holder, err := r.holderShown(values)
		if err != nil {
			return refuse(err)
		}
		fields["holder"] = holder
	}
	if err := r.s.door.Object(id, r.ClientIP()); err != nil {
		return refuse(slowed(err))
	}
	if _, err := r.post("LeaveObjection", fields, values.Get(requestKey)); err != nil {
		return refuse(err)
	}
	r.noted(access.Objected, id, "")
	var count int
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		d, err := dividend.PublicPlan(v, id)
		count = len(d.Objections)
		return err
	}); err != nil {
		return err
	}
	r.Redirect(http.StatusSeeOther, "/public/"+r.Param("place")+"/plan/"+id+"?left="+strconv.Itoa(count)+"#objections")
	return nil
}

// publicStatementPage is what the page publicstatement shows.
type publicStatementPage struct {
	Place office.Division
	Up    []office.Division
	Name  string
	X     income.Sheet
	Today journal.Date
}

var _ = page[publicStatementPage]("publicstatement")

// publicStatement shows a closed year's statement of a book, to read, print and copy.
func publicStatement(r *request) error {
	book := r.Param("book")
	place := placeOf(book)
	if err := r.visit(place); err != nil {
		return err
	}
	return r.show(http.StatusOK, "publicstatement", "", "", func(v *journal.View, f *frame) (any, error) {
		if _, err := dividend.PublicPlans(v, place); err != nil {
			return nil, err
		}
		books, err := r.booksOf(v, place)
		if err != nil {
			return nil, err
		}
		known := slices.ContainsFunc(books, func(o option) bool { return o.Value == book })
		if _, closed := office.Closed(v, place, r.year()); !closed || !known || string(place) != r.Param("place") {
			return nil, errNoPage
		}
		body := publicStatementPage{Up: publicUp(v, place), Today: v.Today()}
		if body.Place, err = office.DivisionOf(v, place); err != nil {
			return nil, err
		}
		if body.X, err = income.SheetOf(v, book, r.year()); err != nil {
			return nil, err
		}
		if body.Name, err = register.KeeperOf(v, book); err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s 年%s", body.Name, strconv.Itoa(r.year()), r.say.T(body.X.Form.Title))
		return body, nil
	})
}
