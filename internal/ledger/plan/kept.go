package plan

import (
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// placeSums are what the distributions of a place's entities come to, by the year they are of.
var placeSums = sums.NewFlow("d")

// Sums are what distributions come to. Those of land compensation are no dividend: they are Apart.
type Sums struct {
	Due, Paid, Failed, Held                   money.Yuan
	DueCount, PaidCount, FailCount, HeldCount int // payouts
	Apart                                     money.Yuan
	Waiting                                   int // distributions that wait for review
	Plans                                     int // in force
}

// Sums is what a distribution comes to: nothing but that it waits, before it is in force.
func (d Distribution) Sums() (s Sums) {
	switch {
	case d.Waits():
		s.Waiting = 1
	case d.InForce() && d.Fund != "":
		s.Apart = d.Due
	case d.InForce():
		s = Sums{Due: d.Due, Paid: d.Paid, Failed: d.Failed, Held: d.Held, DueCount: d.Holders, PaidCount: d.PaidCount,
			FailCount: d.FailCount, HeldCount: d.HeldCount, Plans: 1}
	}
	return s
}

// money and counts are the figures by the names under which they are kept.
func (s *Sums) money() map[string]*money.Yuan {
	return map[string]*money.Yuan{"due": &s.Due, "paid": &s.Paid, "failed": &s.Failed, "held": &s.Held, "apart": &s.Apart}
}

func (s *Sums) counts() map[string]*int {
	return map[string]*int{"due_n": &s.DueCount, "paid_n": &s.PaidCount, "failed_n": &s.FailCount, "held_n": &s.HeldCount,
		"waiting": &s.Waiting, "plans": &s.Plans}
}

// And are the sums of two places together.
func (s Sums) And(o Sums) Sums {
	other := o.money()
	for name, n := range s.money() {
		*n += *other[name]
	}
	counts := o.counts()
	for name, n := range s.counts() {
		*n += *counts[name]
	}
	return s
}

// Outstanding is what is due and neither paid, failed nor held.
func (s Sums) Outstanding() money.Yuan { return s.Due - s.Paid - s.Failed - s.Held }

// PaidOrFailed is what is paid or failed.
func (s Sums) PaidOrFailed() money.Yuan { return s.Paid + s.Failed }

// addTo is what a distribution adds to the sums of its place.
func (d Distribution) addTo(to *sums.Adding) {
	s, year := d.Sums(), sums.YearOf(d.Year)
	for name, n := range s.money() {
		to.Flow(placeSums, d.Village(), year, name, int64(*n))
	}
	for name, n := range s.counts() {
		to.Flow(placeSums, d.Village(), year, name, int64(*n))
	}
}

func sumsOf(row sums.Row) (s Sums) {
	for name, n := range s.money() {
		*n = money.Yuan(row.Of(name))
	}
	for name, n := range s.counts() {
		*n = int(row.Of(name))
	}
	return s
}

// SumsIn is what the distributions of a year come to in a place within a county, and in all places in it.
func SumsIn(r store.Reader, place region.Code, year int) Sums {
	return sumsOf(placeSums.Of(r, place, sums.YearOf(year)))
}

// OwnSumsIn is what of a township's is its own collective's.
func OwnSumsIn(r store.Reader, place region.Code, year int) Sums {
	return sumsOf(placeSums.OwnOf(r, place, sums.YearOf(year)))
}
