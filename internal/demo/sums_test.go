package demo_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Every figure of a place, in any year or quarter, is found again by adding up the rows behind it: books, lines, plans, payouts, registers.
func TestFiguresAddUp(t *testing.T) {
	s, key := demotest.Open(t)
	defer s.Close()
	l, err := journal.Open(s, key, func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing) })
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	who, err := l.Actor("jinzhou")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Read(who, func(v *journal.View) error {
		places := []office.Division{}
		for _, level := range []region.Level{region.City, region.County, region.Township, region.Village} {
			places = append(places, office.Divisions(v, "210700000000", level)...)
		}
		places = slices.DeleteFunc(places, func(d office.Division) bool { // the demonstration is of one county
			return d.Code.Level() > region.County && !region.Code("210727000000").Contains(d.Code)
		})
		rapid.Check(t, func(rt *rapid.T) {
			at := rapid.SampledFrom(places).Draw(rt, "place")
			year := rapid.IntRange(2018, 2026).Draw(rt, "year")
			r, err := report.ReportOf(v, at.Code, year)
			if err != nil {
				rt.Fatal(err)
			}
			f := found{T: rt, View: v, place: at.Code, year: year}
			f.booked(r)
			f.registered(r)
			f.given(r)
			f.quarter(rapid.IntRange(1, 6).Draw(rt, "quarter, or the first two or three"))
			f.why(rapid.SampledFrom(report.Figures).Draw(rt, "figure"))
			f.rows(r)
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// found adds up rows.
type found struct {
	*rapid.T
	*journal.View
	place region.Code
	year  int
}

func (f found) same(what string, got, want any) {
	if got != want {
		f.Errorf("%s %d, %s: %v, the rows come to %v", f.place, f.year, what, got, want)
	}
}

func (f found) must(err error) {
	if err != nil {
		f.Fatal(err)
	}
}

// books are those of a place's collectives.
func (f found) books() (list []string) {
	for _, d := range office.Divisions(f.View, f.place, region.Village) {
		list = append(list, string(d.Code))
	}
	entities, _, err := register.Entities(f.View, f.place, "", journal.MaxEntries)
	f.must(err)
	for _, e := range entities {
		if e.Kind.Collective() && e.Book() == e.ID {
			list = append(list, e.ID)
		}
	}
	return list
}

func (f found) booked(r *report.Report) {
	items := map[string]money.Yuan{}
	for _, book := range f.books() {
		s, err := income.StatementOf(f.View, book, f.year)
		f.must(err)
		for item, n := range s.Items {
			items[item] += n
		}
	}
	for _, it := range income.Items {
		f.same(it.Code, r.Books.Items[it.Code], items[it.Code])
	}
	shells, measure := 0, money.Yuan(0)
	for _, d := range office.Divisions(f.View, f.place, region.Village) {
		if d.Code.HasCollective() {
			x, err := report.VerdictOf(f.View, d.Code, f.year)
			f.must(err)
			if measure += x.Measure; x.Shell {
				shells++
			}
		}
	}
	f.same("shells", r.Shells, shells)
	f.same("measure", r.Measure, measure)
}

func (f found) registered(r *report.Report) {
	x, err := report.TransformationOf(f.View, f.place, f.year)
	f.must(err)
	f.same("shareholders", r.Shareholders, x.Shareholders.Now)
	f.same("households", r.Households, x.Holders[register.Household].Now)
	f.same("capital", r.Capital, x.Value)
	f.same("area", r.Area, x.Area)
	members := 0
	entities, _, err := register.Entities(f.View, f.place, "", journal.MaxEntries)
	f.must(err)
	for _, e := range entities {
		if e.Kind.Collective() {
			list, _, err := register.Roll(f.View, e.ID, "", journal.YearEnd(f.year), "", journal.MaxEntries)
			f.must(err)
			for _, m := range list {
				if m.On(journal.YearEnd(f.year)) {
					members++
				}
			}
		}
	}
	f.same("members", r.Members, members)
}

func (f found) given(r *report.Report) {
	plans, err := dividend.Distributions(f.View, f.place, f.year, nil)
	f.must(err)
	var sum, byKind plan.Sums
	for _, d := range plans {
		sum = sum.And(d.Sums())
		if !d.InForce() || d.Fund != "" {
			continue
		}
		_, err := dividend.EachPayout(f.View, d.ID, func(p dividend.Payout) {
			if p.State == dividend.Passed {
				return
			}
			if byKind.Due, byKind.DueCount = byKind.Due+p.Due, byKind.DueCount+1; p.State == dividend.Paid {
				byKind.Paid, byKind.PaidCount = byKind.Paid+p.Due, byKind.PaidCount+1
			}
		})
		f.must(err)
	}
	f.same("plans", r.Sums, sum)
	f.same("payouts due", r.Due, byKind.Due)
	f.same("payouts", r.DueCount, byKind.DueCount)
	f.same("payouts paid", r.Paid, byKind.Paid)
	kinds, _, all, err := report.GivenTo(f.View, f.place, f.year)
	f.must(err)
	f.same("payouts by kind", all.Now.Due, r.Due)
	banded := 0
	for _, g := range kinds {
		for _, n := range g.Bands {
			banded += n
		}
	}
	f.same("payouts by their amounts", banded, byKind.DueCount)
}

func (f found) quarter(n int) {
	q := sums.YearOf(f.year) + sums.Period("Q"+strconv.Itoa(n))
	if n > 4 {
		q = sums.FirstQuarters(f.year, n-3)
	}
	if q.First() > f.Today() {
		return
	}
	r, err := report.Beside(f.View, f.place, q, q.Before())
	f.must(err)
	items, own := map[string]money.Yuan{}, f.books()
	f.must(income.EachIncome(f.View, f.place, f.year, func(i income.Income) error {
		if q.Has(i.Date) && slices.Contains(own, i.Book()) {
			items[i.Item] += i.Amount
		}
		return nil
	}))
	for _, it := range income.Items {
		f.same(string(q)+" "+it.Code, r.Books.Items[it.Code], items[it.Code])
	}
	var paid money.Yuan
	plans, err := dividend.Distributions(f.View, f.place, 0, func(d plan.Distribution) bool { return d.InForce() && d.Fund == "" })
	f.must(err)
	for _, d := range plans {
		_, err := dividend.EachPayout(f.View, d.ID, func(p dividend.Payout) {
			if p.State == dividend.Paid && q.Has(p.Date) {
				paid += p.Due
			}
		})
		f.must(err)
	}
	f.same(string(q)+" paid", r.Paid, paid)
	f.rows(r)
}

// rows adds up the rows of every figure that a report has.
func (f found) rows(r *report.Report) {
	for _, figure := range report.Figures {
		if figure.Each || r.Period.Quarter() != 0 && !figure.Flow {
			continue
		}
		rows, twice := r.Rows(figure)
		sum, then := -twice[0], -twice[1]
		for _, row := range rows {
			sum, then = sum+row.N, then+row.Then
		}
		if len(rows) > 0 {
			f.same(string(r.Period)+" rows of "+figure.Name, sum, figure.Of(r.Summary))
			f.same(string(r.Period)+" rows of "+figure.Name+" beside", then, figure.Of(r.With))
		}
		if twice != [2]int64{} && !slices.Contains([]string{"shareholders", "households", "people"}, figure.Name) { // counted once
			f.Errorf("%s %s: %d of %s twice", f.place, r.Period, twice, figure.Name)
		}
	}
}

// why adds up what a change was taken apart into: items, parties, kinds of holders and places each come to all of it.
func (f found) why(figure report.Figure) {
	r, err := report.ReportOf(f.View, f.place, f.year)
	f.must(err)
	w, err := r.Why(figure)
	f.must(err)
	var items, parties, kinds, places int64
	for _, p := range w.Items {
		items += p.Change()
	}
	for _, p := range w.Parties {
		parties += p.Change()
	}
	for _, p := range w.Kinds {
		kinds += p.Change()
	}
	for _, p := range w.Places {
		places += p.Change()
	}
	places -= w.TwiceChange()
	for _, p := range w.Parties {
		if p.Beyond && !w.Policies[0].Received && !w.Policies[1].Received && !w.Policies[0].Alone && !w.Policies[1].Alone {
			f.Errorf("%s %d %s: %+v is no party's", f.place, f.year, figure.Name, p)
		}
	}
	if !figure.Each {
		if len(w.Items) > 0 {
			f.same("why by item", items, w.Change())
			f.same("why by party", parties, w.Change())
		}
		if len(w.Kinds) > 0 {
			f.same("why by kind", kinds, w.Change())
		}
		if f.place.Level() < region.Village {
			f.same("why by place, "+figure.Name, places, w.Change())
		}
	}
}
