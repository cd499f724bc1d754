package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
)

var _ = on(
	get("/registered/:place", registeredShow),
	post("/registered/:place/review", registerReview),
	post("/registered/:place/answer", registerAnswer),
)

// registeredPage is what the page registered shows: what has changed a village's register and waits for the township.
type registeredPage struct {
	Place   office.Division
	U       register.Unreviewed
	Changes []registerChange
	More    int // changes that are not listed
	Through uint64
	Forms   forms
	May     acts
	By      string // who has found the last ones right
}

// registerChange is a record that changed a register.
type registerChange struct {
	J      *journal.JournalEntry
	By     string
	About  string // what the subject is called
	Page   string
	Fields []report.Particular
}

// shownChanges is how many changes one page lists; they are looked at bite by bite.
const shownChanges = 60

var _ = page[registeredPage]("registered")

func registeredShow(r *request) error { return r.showRegistered(http.StatusOK, forms{}) }

func (r *request) showRegistered(code int, typed forms) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "registered", "shareholders", place, func(v *journal.View, f *frame) (any, error) {
		body := registeredPage{Forms: typed}
		var err error
		if body.Place, err = office.DivisionOf(v, place); err != nil {
			return nil, err
		}
		if body.U, err = register.UnreviewedOf(v, place); err != nil {
			return nil, err
		}
		shown := body.U.Waiting[:min(len(body.U.Waiting), shownChanges)]
		body.More = len(body.U.Waiting) - len(shown)
		for _, seq := range shown {
			j, err := v.JournalEntry(place.Chain(), seq)
			if err != nil {
				return nil, err
			}
			body.Changes = append(body.Changes, registerChange{J: j, By: v.Signed(j.By, j.Time()), About: v.Called(j.Entry.Subject()),
				Page: journal.PageAbout(j.Entry), Fields: report.Particulars(v, j.Entry)})
			body.Through = seq
		}
		body.By = v.By(body.U.By)
		about := map[string]any{"village": string(place), "through": strconv.FormatUint(body.Through, 10)}
		if body.May, err = r.may(v, about, "ReviewRegister"); err != nil {
			return nil, err
		}
		answers, err := r.may(v, map[string]any{"village": string(place)}, "AnswerReview")
		if err != nil {
			return nil, err
		}
		body.May["AnswerReview"] = answers["AnswerReview"]
		f.Title = r.say.T("%s 登记复核", body.Place.Short())
		return body, nil
	})
}

func registerReview(r *request) error {
	return r.change(r.aboutRegistered("ReviewRegister", "register-reviewed", "through", "question"))
}

func registerAnswer(r *request) error {
	return r.change(r.aboutRegistered("AnswerReview", "review-answered", "answer"))
}

func (r *request) aboutRegistered(kind, done string, names ...string) change {
	place := r.Param("place")
	return change{kind: kind, about: map[string]any{"village": place}, names: names, to: "/registered/" + place, done: done,
		show: r.showRegistered}
}
