package dividend

import (
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// What payouts come to is kept by what their holders are, and by their marks: of a year what its plans give, of a quarter what was paid in
// it. A household with two marks stands under both.
var payoutSums = sums.NewFlow("y")

// markSign stands before a mark, where others are kinds of holders.
const markSign = "#"

func init() {
	journal.GrownIn(4, payouts.Table, Payout.uncounted)
	journal.GrownIn(5, payouts.Table, Payout.uncounted) // those of voided plans
}

// uncounted is the payout as it is in no sum.
func (p Payout) uncounted() Payout {
	p.Of, p.Marks = "", nil
	return p
}

// countIn has a plan's payouts counted from its approval on, as what their holders are now.
func countIn(a *journal.Applying, d plan.Distribution) {
	if d.Fund != "" { // no dividend
		return
	}
	eachPut(a, d, func(p Payout) Payout {
		s, _ := register.ShareholderTable.Get(a, p.Holder)
		p.Of, p.Marks = s.Kind, s.Marks
		return p
	})
}

// countOut has a plan's payouts counted no more: it was voided.
func countOut(a *journal.Applying, d plan.Distribution) { eachPut(a, d, Payout.uncounted) }

// eachPut changes all payouts of a plan.
func eachPut(a *journal.Applying, d plan.Distribution, to func(Payout) Payout) {
	list := map[string]Payout{}
	var keys []string
	for k, p := range payouts.Scan(a, d.ID) {
		keys = append(keys, strings.Clone(k))
		list[keys[len(keys)-1]] = p
	}
	for _, k := range keys {
		payouts.Put(a, k, to(list[k]))
	}
}

// addTo is what a payout adds to the sums of its entity's place; its key begins with the distribution's id.
func (p Payout) addTo(key string, to *sums.Adding) {
	if p.Of == "" || p.State == Passed {
		return
	}
	id, _ := journal.DistributionID.Cut(key)
	place, year := journal.PlaceOf(id), sums.YearOf(journal.DistributionID.Year(id))
	parts := []string{string(p.Of)}
	for _, mark := range p.Marks {
		parts = append(parts, markSign+mark)
	}
	to.Part(payoutSums, place, parts[0], year, bandFigure(bandOf(p.Due)), 1)
	for _, part := range parts {
		to.Part(payoutSums, place, part, year, "due", int64(p.Due))
		to.Part(payoutSums, place, part, year, "due_n", 1)
		for _, state := range payoutStates {
			if !state.kept || !state.of(p) {
				continue
			}
			periods := []sums.Period{year}
			if p.State == Paid {
				periods = append(periods, sums.QuarterOf(p.Date))
			}
			for _, period := range periods {
				to.Part(payoutSums, place, part, period, state.name, int64(p.Due))
				to.Part(payoutSums, place, part, period, state.name+"_n", 1)
			}
		}
	}
}

// Bands are the sums from which on the groups begin by which payouts are counted; what is exactly there is in the higher one. They stand in
// what is kept: others are a new format.
var Bands = [...]money.Yuan{0, 100_00, 500_00, 1_000_00, 5_000_00, 10_000_00}

func bandOf(due money.Yuan) (band int) {
	for i, from := range Bands {
		if due >= from {
			band = i
		}
	}
	return band
}

func bandFigure(band int) string { return "band" + strconv.Itoa(band) }

// PayoutSum is what payouts to holders of one kind, or with one mark, come to. Money is before tax and deductions.
type PayoutSum struct {
	Kind register.HolderKind // "" of a mark
	Mark string
	plan.Sums
	Bands [len(Bands)]int // of a kind, how many payouts of the year are in each group of amounts
}

// sumsOf are the sums of a row.
func sumsOf(row sums.Row) plan.Sums {
	n := func(name string) int { return int(row.Of(name)) }
	yuan := func(name string) money.Yuan { return money.Yuan(row.Of(name)) }
	return plan.Sums{Due: yuan("due"), Paid: yuan("paid"), Failed: yuan("failed"), Held: yuan("held"), DueCount: n("due_n"),
		PaidCount: n("paid_n"), FailCount: n("failed_n"), HeldCount: n("held_n")}
}

// PaidIn is what was paid in a quarter in a place within a county, and in all places in it.
func PaidIn(r store.Reader, place region.Code, quarter sums.Period) (s plan.Sums) {
	for _, kind := range register.HolderKinds() {
		s = s.And(sumsOf(payoutSums.PartOf(r, place, string(kind), quarter)))
	}
	return s
}

// OwnPaidIn is what of a township's its own collective paid.
func OwnPaidIn(r store.Reader, place region.Code, quarter sums.Period) (s plan.Sums) {
	for _, kind := range register.HolderKinds() {
		s = s.And(sumsOf(payoutSums.OwnPartOf(r, place, string(kind), quarter)))
	}
	return s
}

// GivenIn is what a year's plans of a place within a county, and of all places in it, give to households.
func GivenIn(r store.Reader, place region.Code, year sums.Period) plan.Sums {
	return sumsOf(payoutSums.PartOf(r, place, string(register.Household), year))
}

// OwnGivenIn is what of a township's its own collective gives.
func OwnGivenIn(r store.Reader, place region.Code, year sums.Period) plan.Sums {
	return sumsOf(payoutSums.OwnPartOf(r, place, string(register.Household), year))
}

// PayoutSums lists what payouts of a place within a county, and of all places in it, come to in a period: by kind of holder, then by mark.
// Kinds add up to all; marks do not: a household may have several, or none.
func PayoutSums(r store.Reader, place region.Code, period sums.Period) (list []PayoutSum) {
	byKind := map[register.HolderKind]PayoutSum{}
	var marks []PayoutSum
	for part, row := range payoutSums.Parts(r, place, period) {
		s := PayoutSum{Sums: sumsOf(row)}
		if mark, ok := strings.CutPrefix(part, markSign); ok {
			s.Mark = strings.Clone(mark)
			marks = append(marks, s)
		} else {
			s.Kind = register.HolderKind(strings.Clone(part))
			for i := range s.Bands {
				s.Bands[i] = int(row.Of(bandFigure(i)))
			}
			byKind[s.Kind] = s
		}
	}
	for _, kind := range register.HolderKinds() {
		if s, ok := byKind[kind]; ok {
			list = append(list, s)
		}
	}
	return append(list, marks...)
}
