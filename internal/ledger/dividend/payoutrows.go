package dividend

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// WantedPayouts says which payouts of a place are looked for. What is empty narrows nothing.
type WantedPayouts struct {
	Year int
	Show string              // failed, held, outstanding or paid, as sums have it; any other shows all
	Kind register.HolderKind // what the holder was when the plan was approved
	Mark string              // a mark that the household had then
}

// PayoutRow is a payout of a plan in force, with whose it is and how long it has been as it is.
type PayoutRow struct {
	Payout
	Plan   plan.Distribution
	Holder register.Shareholder
	Since  journal.Date // when it failed or was paid, or could first be paid; "" while it cannot be
	Days   int          // from then to today
}

// Key names the payout: what comes after it is the next page.
func (r PayoutRow) Key() string { return r.Plan.ID + r.Ref() }

// MaxAged is the most payouts that are put into the order of their age.
const MaxAged = 5_000

// PayoutRows lists payouts of a place's plans in force that are looked for: in order of their plans and holders, from after on; or, with
// aged, the oldest first, at most MaxAged of them.
func PayoutRows(v *journal.View, place region.Code, w WantedPayouts, after string, limit int, aged bool) (list []PayoutRow, next string,
	err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, "", err
	}
	if aged {
		limit = MaxAged
	}
	full := false
	for at := range plansAt(v, books, place, w) {
		if village := string(at); after != "" && village < after[:min(len(village), len(after))] {
			continue
		}
		for id, d := range plan.DistributionTable.Scan(books, journal.EntityID.Front(string(at))) {
			if d.Fund != "" || !d.InForce() || w.Year != 0 && d.Year != w.Year || after != "" && id < after[:min(len(id), len(after))] {
				continue
			}
			for key, p := range payouts.Scan(books, d.ID) {
				if key <= after && after != "" || !w.has(p) {
					continue
				}
				if len(list) == limit {
					full = true
					break
				}
				list = append(list, rowOf(v, books, d, p))
			}
			if full {
				return list, list[limit-1].Key(), nil
			}
		}
	}
	if aged {
		slices.SortStableFunc(list, func(a, b PayoutRow) int { return cmp.Compare(b.Days, a.Days) })
	}
	return list, "", nil
}

func (w WantedPayouts) has(p Payout) bool {
	return p.State != Passed && w.shows(p) && (w.Kind == "" || p.Of == w.Kind) && (w.Mark == "" || slices.Contains(p.Marks, w.Mark))
}

// shows tells whether a payout is one of those that the sums call so.
func (w WantedPayouts) shows(p Payout) bool {
	switch w.Show {
	case "failed":
		return p.State == Failed
	case "held":
		return p.State == Held || p.State == Reserved
	case "outstanding":
		return (p.State == Due || p.State == Sent) && p.Due != 0
	case "paid":
		return p.State == Paid
	}
	return true
}

func rowOf(v *journal.View, r store.Reader, d plan.Distribution, p Payout) PayoutRow {
	row := PayoutRow{Payout: p.told(), Plan: d, Since: p.Date}
	row.Holder, _ = register.ShareholderTable.Get(r, p.Holder)
	if p.Date == "" && d.Until != "" && d.Until < v.Today() {
		row.Since = d.Until.Plus(1)
	}
	if row.Since != "" {
		row.Days = v.Today().DayNumber() - row.Since.DayNumber()
	}
	return row
}

// plansAt yields the villages of a place, and its townships for their own collectives, whose plans have any of what is looked for, by what
// is kept of them: in the order of their codes.
func plansAt(v *journal.View, r store.Reader, place region.Code, w WantedPayouts) func(func(region.Code) bool) {
	years := []int{w.Year}
	if w.Year == 0 {
		years = years[:0]
		for y := v.Today().Year(); y >= oldestPlans; y-- {
			years = append(years, y)
		}
	}
	has := func(s plan.Sums) bool {
		switch w.Show {
		case "failed":
			return s.FailCount > 0
		case "held":
			return s.HeldCount > 0
		case "outstanding":
			return s.Outstanding() != 0
		case "paid":
			return s.PaidCount > 0
		}
		return s.DueCount > 0
	}
	some := func(at region.Code) bool {
		return slices.ContainsFunc(years, func(y int) bool { return has(plan.SumsIn(r, at, y)) })
	}
	return func(yield func(region.Code) bool) {
		var visit func(at region.Code) bool
		visit = func(at region.Code) bool {
			if at.Level() >= region.County && !some(at) {
				return true
			}
			if at.Level() >= region.Township && !yield(at) {
				return false
			}
			for _, d := range office.Children(v, at) {
				if !visit(d.Code) {
					return false
				}
			}
			return true
		}
		visit(place)
	}
}

// oldestPlans is the first year that plans are looked for in, where no year is named.
const oldestPlans = 2000
