package server

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(get("/withholding/:place", withholding))

// withholdingPage is what the page withholding shows.
type withholdingPage struct {
	Place  region.Code
	Year   int
	Years  []int
	Plan   string // of one plan alone, "" for what a region paid in a year
	Months []taxMonth
	Lines  []taxLine
	Next   string
	Sum    taxMonth
}

// taxMonth is what was withheld in a month, and by which day it has to be paid in.
type taxMonth struct {
	Month  string // 2026-03, "" of what is not paid yet
	People int
	Income money.Yuan
	Tax    money.Yuan
	Until  journal.Date
}

func (m *taxMonth) add(l dividend.TaxLine) {
	m.People, m.Income, m.Tax, m.Until = m.People+1, m.Income+l.Income, m.Tax+l.Tax, l.Until()
}

// taxLine is a person's line with the name of who pays.
type taxLine struct {
	dividend.TaxLine
	Entity string
}

var _ = page[withholdingPage]("withholding")

// withholding lists the tax withheld of dividends, month by month and person by person: of a plan, or of what a region paid in a year.
func withholding(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "withholding", "distributions", place, func(v *journal.View, fr *frame) (any, error) {
		body := withholdingPage{Place: place, Plan: r.Query("plan"), Year: r.year()}
		if body.Year == 0 {
			body.Year = v.Today().Year()
		}
		for y := v.Today().Year(); y > v.Today().Year()-10; y-- {
			body.Years = append(body.Years, y)
		}
		plans, err := dividend.Taxing(v, place, body.Plan)
		if err != nil {
			return nil, err
		}
		year := body.Year
		if body.Plan != "" { // all of it, paid or not
			year = 0
		} else if err := income.CheckYear(v, year); err != nil {
			return nil, err
		}
		var lines []taxLine
		names := map[string]string{}
		if err := dividend.Withheld(v, plans, year, nil, func(l dividend.TaxLine) error {
			if names[l.Plan.Entity] == "" {
				e, err := register.EntityOf(v, l.Plan.Entity)
				if err != nil {
					return err
				}
				names[e.ID] = e.Name
			}
			lines = append(lines, taxLine{l, names[l.Plan.Entity]})
			body.month(l)
			return nil
		}); err != nil {
			return nil, err
		}
		slices.SortFunc(body.Months, func(a, b taxMonth) int { return cmp.Compare(a.Month, b.Month) })
		body.Lines, body.Next = cutList(lines, r.Query("after"))
		fr.Title = r.say.T("代扣个人所得税")
		return body, nil
	})
}

// month adds a line to the sum of its month, and to the whole.
func (p *withholdingPage) month(l dividend.TaxLine) {
	p.Sum.add(l)
	name := ""
	if on := l.PaidOn(); on != "" {
		name = string(on[:len("2026-03")])
	}
	i := slices.IndexFunc(p.Months, func(m taxMonth) bool { return m.Month == name })
	if i < 0 {
		i = len(p.Months)
		p.Months = append(p.Months, taxMonth{Month: name})
	}
	p.Months[i].add(l)
}
