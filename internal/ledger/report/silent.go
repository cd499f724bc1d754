package report

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

// ShownQuarters is how many quarters lists of villages by what was entered go back, with the last.
const ShownQuarters = 6

// Entered tells of a village in which of several quarters anything was entered about it: posted, whatever it is dated.
type Entered struct {
	Place office.Division
	In    []bool
}

// Silent tells whether nothing was in the last of the quarters.
func (e Entered) Silent() bool { return !e.In[len(e.In)-1] }

// EnteredIn tells of every village with a collective in a place, or of those alone for which the last quarter is silent, in which of so
// many quarters up to one anything was entered. That a warning was set aside says nothing of the village.
func EnteredIn(v *journal.View, place region.Code, last sums.Period, quarters int, silent bool) (of []sums.Period, list []Entered,
	err error) {
	if err := v.Within(place); err != nil {
		return nil, nil, err
	}
	for q := last; len(of) < quarters; q = q.Previous() {
		of = append([]sums.Period{q}, of...)
	}
	bounds := map[string][]uint64{} // by chain, the first record of each quarter, and of the one after the last
	for _, d := range office.Divisions(v, place, region.Village) {
		if !d.Code.HasCollective() {
			continue
		}
		from, ok := bounds[d.Code.Chain()]
		if !ok {
			for _, q := range of {
				seq, err := v.FirstSince(d.Code, q.First())
				if err != nil {
					return nil, nil, err
				}
				from = append(from, seq)
			}
			end, err := v.FirstSince(d.Code, last.Last().Plus(1))
			if err != nil {
				return nil, nil, err
			}
			from = append(from, end)
			bounds[d.Code.Chain()] = from
		}
		e := Entered{Place: d, In: make([]bool, len(of))}
		n := len(of) - 1
		if e.In[n] = v.PostedBetween(d.Code, from[n], from[n+1]); silent && e.In[n] {
			continue
		}
		for i := range n {
			e.In[i] = v.PostedBetween(d.Code, from[i], from[i+1])
		}
		list = append(list, e)
	}
	return of, list, nil
}
