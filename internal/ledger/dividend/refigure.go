package dividend

import (
	"fmt"

	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// A Difference is a plan whose frozen figures are not what its books give now, worked out by its own rules.
type Difference struct {
	Plan         plan.Distribution
	Holder       string // "" where the plan cannot be worked out
	Frozen, Anew money.Yuan
	Err          error
}

func (d Difference) Error() string {
	if d.Err != nil {
		return fmt.Sprintf("%s cannot be worked out: %v", d.Plan.ID, d.Err)
	}
	return fmt.Sprintf("%s gives %s %s, worked out anew %s", d.Plan.ID, d.Holder, d.Frozen, d.Anew)
}

// Refigure works out anew every plan that is submitted, approved or closed, as its figures were worked out at submission, and compares each
// part of each holder. Plans of older programs that took of the books what has no day (a mark, all that was left) were not told it, and are
// counted apart: they cannot be compared.
func Refigure(s store.Store, differs func(Difference)) (compared, untold int, err error) {
	err = s.View(func(r store.Reader) error {
		for _, d := range plan.DistributionTable.Scan(r, "") {
			switch {
			case !d.Committed():
				continue
			case len(d.StandsOn) == 0 && takesUntold(d):
				untold++
				continue
			}
			compared++
			refigure(r, d, differs)
		}
		return nil
	})
	return compared, untold, err
}

// takesUntold tells whether a plan's figures follow from something that has no day.
func takesUntold(d plan.Distribution) bool {
	for _, c := range d.Components {
		if c.Mark != "" || c.Rule == plan.Excess && c.Pool == 0 {
			return true
		}
	}
	return false
}

func refigure(r store.Reader, d plan.Distribution, differs func(Difference)) {
	list, _, _, err := figures(r, d)
	if err != nil {
		differs(Difference{Plan: d, Err: err})
		return
	}
	anew := map[string][]Part{}
	for _, f := range list {
		anew[f.Holder] = f.Parts
	}
	for _, p := range payouts.Scan(r, d.ID) {
		if p.From != "" {
			continue
		}
		parts := anew[p.Holder]
		delete(anew, p.Holder)
		for i, part := range p.Parts {
			now := Part{}
			if i < len(parts) {
				now = parts[i]
			}
			if now != part {
				differs(Difference{Plan: d, Holder: p.Holder, Frozen: part.Amount, Anew: now.Amount})
				break
			}
		}
	}
	for holder, parts := range anew {
		differs(Difference{Plan: d, Holder: holder, Anew: Figure{Parts: parts}.Due()})
	}
}
