package server

import (
	"net/http"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/", today),
)

// task is something that waits for the person who is signed in: a plan, or a village's register.
type task struct {
	To    string // the page where it is done
	Name  string // of the entity, or of the village
	Year  int    // of a plan
	Tone  string
	Label journal.Label
	Do    journal.Label
	Plan  *plan.Distribution // with figures; nil where there are none
}

// tasksOf lists what waits for an actor: an accountant's plans to submit, mend or pay, a reviewer's plans to look at; changes of
// registers to look at, and what was asked about them.
func tasksOf(v *journal.View, who journal.Actor) (list []task, err error) {
	if !plan.HasTasks(who.Role) {
		return nil, nil
	}
	due, err := register.ReviewsDue(v, who.Region, who.Role)
	if err != nil {
		return nil, err
	}
	for _, d := range due {
		t := task{To: "/registered/" + string(d.Code), Name: d.Short(), Tone: "wait", Label: "登记待复核", Do: "复核登记"}
		if d.Asked {
			t.Tone, t.Label, t.Do = "bad", "镇里有疑问", "答复登记复核"
		}
		list = append(list, t)
	}
	plans, err := dividend.Distributions(v, who.Region, 0, nil)
	for _, d := range plans {
		for _, stage := range d.Tasks(who.Role) {
			e, err := register.EntityOf(v, d.Entity)
			if err != nil {
				return nil, err
			}
			t := task{To: "/distribution/" + d.ID, Name: e.Name, Year: d.Year, Tone: stage.Tone, Label: stage.Label, Do: stage.Do}
			if len(d.Totals) > 0 {
				t.Plan = &d
			}
			list = append(list, t)
		}
	}
	return list, err
}

// todayPage is what the page today shows.
type todayPage struct {
	Tasks    []task
	Place    office.Division
	Today    journal.Date
	Waiting  []parkedFile
	Report   *report.Report
	ThisYear *report.Report
	Warned   []report.Warning      // of a village: what its accountant should look into
	More     int                   // that are not listed
	Counts   []report.WarningCount // of a larger place
}

// shownWarnings is how many warnings the day's page lists.
const shownWarnings = 12

var _ = page[todayPage]("today")

func today(r *request) error {
	at := r.Param("place")
	if at != "" && at != string(r.who.Region) {
		return journal.Barred("您的账号管不到 %s", at)
	}
	if at == "" && r.several() && !r.chosen() {
		return r.done("/villages", "")
	}
	if first := menus[r.who.Role][0]; first.To != "/" {
		return r.done(first.At(r.who), "")
	}
	waiting := r.waiting() // files to come back to
	return r.show(http.StatusOK, "today", "today", r.who.Region, func(v *journal.View, f *frame) (any, error) {
		f.Title = r.say.T("今日")
		tasks, err := tasksOf(v, r.who)
		if err != nil {
			return nil, err
		}
		at, err := office.DivisionOf(v, r.who.Region)
		if err != nil {
			return nil, err
		}
		body := todayPage{Tasks: tasks, Place: at, Today: v.Today(), Waiting: waiting}
		warned, err := report.Warnings(v, r.who.Region, false)
		if err != nil {
			return nil, err
		}
		if body.Counts = report.CountOf(warned); r.who.Region.Level() == region.Village {
			body.Warned, body.More = warned[:min(len(warned), shownWarnings)], max(0, len(warned)-shownWarnings)
		}
		if r.who.Region.Level() == region.Village {
			year := report.LatestYear(v, r.who.Region)
			sums, err := report.ReportOf(v, r.who.Region, year)
			if err != nil {
				return nil, err
			}
			body.Report = sums
			thisYear, err := report.ReportOf(v, r.who.Region, v.Today().Year())
			if err != nil {
				return nil, err
			}
			body.ThisYear = thisYear
		}
		return body, nil
	})
}
