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

// task is something that waits for the person who is signed in.
type task struct {
	Tag  journal.Label
	Tone string // of the tag
	Plan plan.Distribution
	Name string // of the entity
	What string
}

// tasksOf lists what waits for an actor: an accountant's plans to submit, mend or pay, a reviewer's plans to look at.
func tasksOf(v *journal.View, who journal.Actor) (list []task, err error) {
	if who.Role != journal.Accountant && who.Role != journal.Reviewer {
		return nil, nil
	}
	plans, err := dividend.Distributions(v, who.Region, 0, nil)
	for _, d := range plans {
		t := task{Tag: d.Label(), Plan: d, Tone: toneOf(d)}
		switch {
		case who.Role == journal.Reviewer && d.State == plan.Submitted:
			t.What = "请审核"
		case who.Role == journal.Accountant && d.State == plan.Draft:
			t.What = "核对每户金额后提交"
		case who.Role == journal.Accountant && d.State == plan.Returned:
			t.What = "按退回的原因修改"
		case who.Role == journal.Accountant && d.State == plan.Approved && d.FailCount > 0:
			t.What = "有付款失败的户"
		case who.Role == journal.Accountant && d.State == plan.Approved && d.From == "":
			t.What = "请公示"
		case who.Role == journal.Accountant && d.State == plan.Approved && !d.Settled():
			t.What = "还有待付的户"
		case who.Role == journal.Accountant && d.State == plan.Approved:
			t.What = "已付清,请办结"
		default:
			continue
		}
		e, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return nil, err
		}
		t.Name = e.Name
		list = append(list, t)
	}
	return list, err
}

// toneOf is the colour of a plan's state; its word says the same.
func toneOf(d plan.Distribution) string {
	switch {
	case d.State == plan.Returned || d.InForce() && d.FailCount > 0:
		return "bad"
	case d.Settled():
		return "good"
	case d.State == plan.Voided:
		return ""
	case d.State == plan.Draft:
		return "info"
	}
	return "wait"
}

func today(r *request) error {
	switch r.who.Role {
	case journal.Official:
		return r.done("/summary/"+string(r.who.Region), "")
	case journal.Administrator:
		return r.done("/accounts", "")
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
		body := map[string]any{"Tasks": tasks, "Place": at, "Today": v.Today(), "Waiting": waiting}
		if r.who.Region.Level() == region.Village {
			year := report.LatestYear(v, r.who.Region)
			sums, err := report.ReportOf(v, r.who.Region, year)
			if err != nil {
				return nil, err
			}
			body["Report"] = sums
			thisYear, err := report.ReportOf(v, r.who.Region, v.Today().Year())
			if err != nil {
				return nil, err
			}
			body["ThisYear"] = thisYear
		}
		return body, nil
	})
}
