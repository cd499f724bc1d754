package server

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// planLine is one holder's line of a plan: frozen as a payout, or worked out from the register for a draft.
type planLine struct {
	Holder register.Shareholder
	Way    dividend.Way
	dividend.Payout
	From string                    // the name of whom it is inherited from
	Year []dividend.ReceivedPayout // when the line is open: what the year's other distributions of the entity gave
	Why  []dividend.Explanation    // when the line is open
}

// planPart is one component of a plan as a page shows it.
type planPart struct {
	plan.Component
	Text  *journal.Error // its rule in words
	Names string         // whom it names: of a fixed sum, or of an excess
	Head  string         // over its column
	Unit  journal.Label
	Total *plan.ComponentTotal
	Rules int // that the figures are worked out by
}

// ExcessSaid tells how an excess came about and was split.
func (p planPart) ExcessSaid() *journal.Error { return p.ExcessInWords(*p.Total, p.Rules) }

// maxNamed is how many shareholders a component names beside its rule.
const maxNamed = 8

// partsOf are the components of a plan as whoever looks may read them.
func partsOf(v *journal.View, d plan.Distribution) ([]planPart, error) {
	return partsFor(v, v.Who(), d)
}

// partsFor are the components of a plan as somebody else may read them, whom a paper is for.
func partsFor(v *journal.View, reader journal.Actor, d plan.Distribution) (list []planPart, err error) {
	days, err := dividend.DaysOf(v, d)
	if err != nil {
		return nil, err
	}
	for i, c := range d.Components {
		c = c.Told(reader)
		p := planPart{Component: c, Text: &journal.Error{}, Rules: max(1, d.Rules)}
		class := register.ShareClass{Name: "", Unit: register.ShareUnit}
		if c.Class != "" {
			if class, err = register.ShareClassOf(v, c.Class); err != nil {
				return nil, err
			}
		}
		p.Text, p.Head, p.Unit = dividend.InWords(c, class, days), class.Name, class.Unit.Label()
		if d.Totals != nil {
			p.Total = &d.Totals[i]
		}
		named := append(slices.Clone(c.Holders), c.ToManagers...)
		if c.ToCollective != "" {
			named = append([]string{c.ToCollective}, named...)
		}
		var names []string
		for _, h := range named[:min(len(named), maxNamed)] {
			s, err := dividend.ShareholderOf(v, d, h)
			if err != nil {
				return nil, err
			}
			names = append(names, s.Name)
		}
		if p.Names = strings.Join(names, "、"); len(named) > maxNamed {
			p.Names += "…"
		}
		list = append(list, p)
	}
	return list, nil
}

// deductionLine is what a draft deducts from a holder.
type deductionLine struct {
	dividend.Deduction
	Name string
}

// deductionsOf lists what a draft deducts.
func deductionsOf(v *journal.View, d plan.Distribution) (list []deductionLine, err error) {
	all, err := dividend.Deductions(v, d.ID)
	for _, k := range all {
		s, err := dividend.ShareholderOf(v, d, k.Holder)
		if err != nil {
			return nil, err
		}
		list = append(list, deductionLine{k, s.Name})
	}
	return list, err
}

// correctionLine is what was corrected of a plan.
type correctionLine struct {
	dividend.Correction
	Name  string
	Taken money.Yuan // what this plan deducts or adds of it; 0 where it is of this plan itself
}

// correctionsOf lists what was corrected of a plan, and what it takes up of others.
func correctionsOf(v *journal.View, d plan.Distribution) (list []correctionLine, err error) {
	all, err := dividend.Corrections(v, d.Entity, "")
	if err != nil {
		return nil, err
	}
	taken := map[uint64]money.Yuan{}
	for _, s := range d.Settling {
		taken[s.Entry] = s.Amount
	}
	for _, k := range all {
		if k.Distribution != d.ID && taken[k.Entry] == 0 {
			continue
		}
		s, err := dividend.ShareholderOf(v, d, k.Holder)
		if err != nil {
			return nil, err
		}
		list = append(list, correctionLine{k, s.Name, taken[k.Entry]})
	}
	return list, nil
}

// planBody adds the lines of a plan, a page of them, and its sums. A draft whose figures cannot be worked out says why.
func (r *request) planBody(v *journal.View, d plan.Distribution, body *distributionPage) (err error) {
	body.Totals, body.Due, body.Holders, body.Kept = d.Totals, d.Due, d.Holders, d.Kept
	body.Tax, body.Deducted, body.Charged = d.Tax, d.Deducted, d.Charged()
	if d.Totals == nil && !d.GivenUp() {
		body.Lines, body.Next, err = r.draftLines(v, d, body)
	} else {
		body.Lines, body.Next, err = r.paidLines(v, d)
	}
	if err != nil {
		return err
	}
	for i := range body.Lines {
		if err := r.describeLine(v, d, &body.Lines[i]); err != nil {
			return err
		}
	}
	return nil
}

// draftLines are what a draft would give, worked out as the books stand.
func (r *request) draftLines(v *journal.View, d plan.Distribution, body *distributionPage) (lines []planLine, next string, err error) {
	figures, totals, due, err := dividend.Preview(v, d)
	if all := journal.All(err); len(all) > 0 {
		body.Problem = all[0]
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	body.Totals, body.Due, body.Holders, body.Preview = totals, due, len(figures), true
	stay, err := dividend.Kept(v, d, figures)
	if err != nil {
		return nil, "", err
	}
	sums := map[string]money.Yuan{}
	for _, f := range figures {
		sums[f.Holder] = f.Due() - stay[f.Holder]
		body.Kept += stay[f.Holder]
	}
	charges, err := dividend.Charges(v, d, sums)
	if all := journal.All(err); len(all) > 0 {
		body.Problem = all[0]
	} else if err != nil {
		return nil, "", err
	}
	for _, c := range charges {
		body.Tax, body.Deducted = body.Tax+c.Tax, body.Deducted+c.Deducted
	}
	body.Charged = d.Withholding != nil || len(body.Deductions) > 0
	from, _ := slices.BinarySearchFunc(figures, r.Query("after")+"\x00",
		func(f dividend.Figure, k string) int { return strings.Compare(f.Holder, k) })
	for _, f := range figures[from:] {
		if len(lines) == pageSize {
			return lines, lines[pageSize-1].Payout.Holder, nil
		}
		c := charges[f.Holder]
		lines = append(lines, planLine{Payout: dividend.Payout{Holder: f.Holder, Parts: f.Parts, Due: sums[f.Holder], Kept: stay[f.Holder],
			Tax: c.Tax, Deducted: c.Deducted, Because: c.Reason, Payees: c.Payees}})
	}
	return lines, "", nil
}

// paidLines are a plan's payouts that stand as the page was asked for.
func (r *request) paidLines(v *journal.View, d plan.Distribution) (lines []planLine, next string, err error) {
	show := r.Query("show")
	list, next, err := dividend.Payouts(v, d.ID, r.Query("after"), pageSize, func(p dividend.Payout) bool { return p.Shown(show) })
	for _, p := range list {
		lines = append(lines, planLine{Payout: p})
	}
	return lines, next, err
}

// describeLine adds to a line who it is, how it is paid, and of the one that is open why it is so much.
func (r *request) describeLine(v *journal.View, d plan.Distribution, l *planLine) error {
	s, err := dividend.ShareholderOf(v, d, l.Payout.Holder)
	if err != nil {
		return err
	}
	l.Holder, l.Way = s, dividend.WayOf(v, l.Payout, s, register.Revealed{})
	if l.Payout.From != "" {
		from, err := dividend.ShareholderOf(v, d, l.Payout.Left())
		if err != nil {
			return err
		}
		l.From = from.Name
	}
	if l.Payout.Holder != r.Query("open") || l.Payout.From != "" {
		return nil
	}
	if l.Why, err = dividend.Explain(v, d, l.Payout.Holder); err != nil {
		return err
	}
	l.Year, err = dividend.PaidElse(v, d, l.Payout.Holder)
	return err
}
