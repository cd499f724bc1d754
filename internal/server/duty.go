package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/villages", villageBoard),
	get("/today/:place", today),
)

// placed are the parameters of addresses that name a place, or something in one.
var placed = []string{"place", "id", "book", "entity", "chain"}

// dutyHere is the duty that a page is about: the one that was chosen last, where it reaches the place that the address names; else one that
// does. Whoever keeps a township's villages acts in one of them at a time. The choice lasts as long as the session.
func (r *request) dutyHere() journal.Duty {
	ctx := r.Request.Context()
	last := journal.Duty{Role: journal.Role(r.s.sessions.GetString(ctx, access.RoleKey)),
		Region: region.Code(r.s.sessions.GetString(ctx, access.RegionKey))}
	var at region.Code
	for _, name := range placed {
		if at = placeOf(r.Param(name)); at != "" {
			break
		}
	}
	now := journal.DutyAt(r.duties, last, journal.Role(r.Query("as")), at)
	if at != "" && now != last && r.several() {
		r.s.sessions.Put(ctx, access.RoleKey, string(now.Role))
		r.s.sessions.Put(ctx, access.RegionKey, string(now.Region))
	}
	return now
}

// chosen tells whether the account has chosen one of its places in this session.
func (r *request) chosen() bool { return r.s.sessions.Exists(r.Request.Context(), access.RegionKey) }

// several tells whether the account has more than one place to act in.
func (r *request) several() bool {
	return len(r.duties) > 1 || len(r.duties) == 1 && r.duties[0].Wide()
}

// place is where an account has something to do.
type place struct {
	journal.Duty
	Name  string // short
	To    string // the page to go to
	Other bool   // whether the account acts there in another role than here
}

// places are where the account acts: its duties, and of one that is done village by village each village. Pages lead from one place to the
// same page of another.
func (r *request) places(v *journal.View, page string) (list []place) {
	if !r.several() {
		return nil
	}
	for _, d := range r.duties {
		var all []office.Division
		if d.Wide() {
			all = office.Divisions(v, d.Region, region.Village)
		} else if at, err := office.DivisionOf(v, d.Region); err == nil {
			all = []office.Division{at}
		}
		for _, x := range all {
			p := place{Duty: journal.Duty{Role: d.Role, Region: x.Code}, Name: x.Short(), To: page + string(x.Code)}
			if p.Other = !r.who.As(d.Role); p.Other {
				p.To = "/today/" + string(x.Code) + "?as=" + string(d.Role)
			}
			list = append(list, p)
		}
	}
	return list
}

// samePage is the page of a menu that a page belongs to, without its place: where the way to another place leads.
func samePage(menu []link, active string) string {
	for _, l := range menu {
		if l.Active == active && l.ofPlace() {
			return l.To
		}
	}
	return "/today/"
}

// boardRow is a place on the board of an account that acts in several.
type boardRow struct {
	place
	Tasks  int
	Warned int
	Income money.Yuan     // of the year as far as it has come, as the policy measures it; of a village
	Shell  income.Verdict // of the last year that is over
	Judged bool           // whether it is a village with a year to judge
	Enters bool           // whether its books are entered by the account
}

// boardPage is what the page villages shows.
type boardPage struct {
	List  []boardRow
	Year  int
	Today journal.Date
}

var _ = page[boardPage]("villages")

// villageBoard shows somebody who acts in several places what waits in each.
func villageBoard(r *request) error {
	if !r.several() {
		return errNoPage
	}
	body := boardPage{}
	var places []place
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		body.Today, body.Year = v.Today(), v.Today().Year()
		places = r.places(v, "/today/")
		return nil
	}); err != nil {
		return err
	}
	for _, p := range places {
		row := boardRow{place: p}
		if err := r.s.ledger.Read(r.who.On(p.Duty), func(v *journal.View) error { return row.fill(v, body.Year) }); err != nil {
			return err
		}
		body.List = append(body.List, row)
	}
	return r.show(http.StatusOK, "villages", "villages", "", func(_ *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("各村")
		return body, nil
	})
}

// fill finds what waits in a place.
func (b *boardRow) fill(v *journal.View, year int) error {
	tasks, err := tasksOf(v, v.Who())
	if err != nil {
		return err
	}
	warned, err := report.Warnings(v, b.Region, false)
	if err != nil {
		return err
	}
	b.Tasks, b.Warned, b.Enters = len(tasks), len(warned), v.Who().May("RecordIncome")
	if b.Region.Level() != region.Village {
		return nil
	}
	now, err := report.VerdictOf(v, b.Region, year)
	if err != nil {
		return err
	}
	b.Income, b.Judged = now.Measure, true
	b.Shell, err = report.VerdictOf(v, b.Region, year-1)
	return err
}
