package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// WantedPayouts says which payouts of a place are looked for. What is empty narrows nothing.
type WantedPayouts struct {
	Year int
	Paid sums.Period         // the quarter in which it was paid, or the first ones of a year
	Show string              // failed, held, outstanding or paid, as sums have it; any other shows all
	Kind register.HolderKind // what the holder was when the plan was approved
	Mark string              // a mark that the household had then
}

// Check refuses states, kinds and years that there are not, and marks to whoever need not know them.
func (w WantedPayouts) Check(v *journal.View) error {
	if w.Show != "all" && payoutStateNamed(w.Show).name != w.Show {
		return journal.Wrong("show", w.Show, "没有“%s”这一种", w.Show)
	}
	if w.Kind != "" && !slices.Contains(register.HolderKinds(), w.Kind) {
		return journal.Wrong("kind", string(w.Kind), "没有“%s”这种股东", string(w.Kind))
	}
	if w.Mark != "" && !v.Who().NeedsMarks() {
		return journal.Barred("哪些户有什么标记是敏感信息,您的职责不需要看")
	}
	if w.Paid != "" && w.Year != 0 {
		return journal.Wrong("year", w.Year, "按季度看付款时不能再选方案的年度")
	}
	if w.Year < 0 || w.Year > v.Today().Year()+1 {
		return journal.Wrong("year", w.Year, "年度 %s 不对", strconv.Itoa(w.Year))
	}
	return nil
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

// Waits tells whether the payout is not made yet, so that its days count.
func (r PayoutRow) Waits() bool { return r.State != Paid }

// MaxAged is the most payouts that are put into the order of their age.
const MaxAged = 5_000

// PayoutRows lists payouts of a place's plans in force that are looked for: in order of their plans and holders, from after on, next being
// where those after the limit begin; or, with aged, the oldest first. Of more than MaxAged those that come first by their plans are put
// into the order of their age; next is not "" then.
func PayoutRows(v *journal.View, place region.Code, w WantedPayouts, after string, limit int, aged bool) (list []PayoutRow, next string,
	err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, "", err
	}
	if aged {
		limit = MaxAged
	}
	if err := w.Check(v); err != nil {
		return nil, "", err
	}
	full, of := false, payoutStateNamed(w.Show)
	narrow := of.name != ""
	for at := range plansAt(v, books, place, w) {
		if village := string(at); after != "" && village < after[:min(len(village), len(after))] {
			continue
		}
		for id, d := range plan.DistributionTable.Scan(books, journal.EntityID.Front(string(at))) {
			if d.Fund != "" || !d.InForce() || w.Year != 0 && d.Year != w.Year || after != "" && id < after[:min(len(id), len(after))] {
				continue
			}
			left := of.count(d.Sums()) // as many of the plan's payouts are in the state: no more need be looked for
			if narrow && left == 0 {
				continue
			}
			for key, p := range payouts.Scan(books, d.ID) {
				if narrow && left == 0 {
					break
				}
				if of.of(p) && p.State != Passed {
					left--
				}
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
				break
			}
		}
		if full {
			next = list[limit-1].Key()
			break
		}
	}
	if aged {
		slices.SortStableFunc(list, func(a, b PayoutRow) int { return cmp.Compare(b.Days, a.Days) })
	}
	return list, next, nil
}

// Of is how many payouts of those that are looked for sums have, and what they come to.
func (w WantedPayouts) Of(s plan.Sums) (count int, sum money.Yuan) {
	of := payoutStateNamed(w.Show)
	return of.count(s), of.sum(s)
}

func (w WantedPayouts) has(p Payout) bool {
	return p.State != Passed && payoutStateNamed(w.Show).of(p) && (w.Paid == "" || p.State == Paid && w.Paid.Has(p.Date)) &&
		(w.Kind == "" || p.Of == w.Kind) && (w.Mark == "" || slices.Contains(p.Marks, w.Mark))
}

// payoutState is a state as sums have it: which payouts are in it, how many a plan has and what they come to.
type payoutState struct {
	name  string
	kept  bool // in the sums of payouts, under its name; what is outstanding is the rest
	of    func(Payout) bool
	count func(plan.Sums) int
	sum   func(plan.Sums) money.Yuan
}

// payoutStates are those that payouts are looked for in; the last is all.
var payoutStates = []payoutState{
	{"failed", true, func(p Payout) bool { return p.State == Failed },
		func(s plan.Sums) int { return s.FailCount }, func(s plan.Sums) money.Yuan { return s.Failed }},
	{"held", true, func(p Payout) bool { return p.State == Held || p.State == Reserved },
		func(s plan.Sums) int { return s.HeldCount }, func(s plan.Sums) money.Yuan { return s.Held }},
	{"outstanding", false, func(p Payout) bool { return (p.State == Due || p.State == Sent) && p.Due != 0 },
		func(s plan.Sums) int { return s.DueCount - s.PaidCount - s.FailCount - s.HeldCount }, plan.Sums.Outstanding},
	{"paid", true, func(p Payout) bool { return p.State == Paid },
		func(s plan.Sums) int { return s.PaidCount }, func(s plan.Sums) money.Yuan { return s.Paid }},
	{"", false, func(Payout) bool { return true },
		func(s plan.Sums) int { return s.DueCount }, func(s plan.Sums) money.Yuan { return s.Due }},
}

func payoutStateNamed(name string) payoutState {
	if i := slices.IndexFunc(payoutStates, func(s payoutState) bool { return s.name == name }); i >= 0 {
		return payoutStates[i]
	}
	return payoutStates[len(payoutStates)-1]
}

func rowOf(v *journal.View, r store.Reader, d plan.Distribution, p Payout) PayoutRow {
	row := PayoutRow{Payout: p.told(), Plan: d, Since: p.Date}
	row.Holder, _ = register.ShareholderTable.Get(r, p.Holder)
	if !v.Who().NeedsMarks() {
		row.Marks = nil
	}
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
		for y := v.Today().Year(); y >= OldestPlans; y-- {
			years = append(years, y)
		}
	}
	of := payoutStateNamed(w.Show)
	some := func(at region.Code) bool {
		return slices.ContainsFunc(years, func(y int) bool { s := plan.SumsIn(r, at, y); return of.count(s) > 0 || of.sum(s) != 0 })
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

// OldestPlans is the first year that plans are looked for in, where no year is named.
const OldestPlans = 2000
