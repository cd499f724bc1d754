package ledger

import (
	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/money"
)

// Explanation is the arithmetic of what one component gives one holder.
type Explanation struct {
	Component Component
	Class     ShareClass
	Quantity  money.Quantity
	Units     money.Quantity  // of all holders that take part
	Exact     decimal.Decimal // yuan, before rounding
	Floor     money.Yuan      // the exact share cut down to the 分
	Rank      int             // of the holder's remainder among all; 0 when nothing remained
	Odd       int             // the odd 分 given out, one each, to the largest remainders
	Holders   int
	Amount    money.Yuan
}

// Explain works out again, from the frozen quantities or from the register of a draft, how a holder's amounts come about. The
// figures are those of the distribution: what Explain finds otherwise would be an error of the ledger.
func (v *View) Explain(d Distribution, holder string) (list []Explanation, err error) {
	var all []Figure
	var sums []ComponentTotal
	if d.Totals != nil {
		sums = d.Totals
		rows, _, err := v.Payouts(d.ID, "", maxHolders, func(Payout) bool { return true })
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all = append(all, Figure{Holder: p.Holder, Parts: p.Parts})
		}
	} else if all, sums, _, err = v.Preview(d); err != nil {
		return nil, err
	}
	for i, c := range d.Components {
		e := Explanation{Component: c, Units: sums[i].Units, Odd: sums[i].Odd, Holders: sums[i].Holders}
		if e.Class, err = v.ShareClass(c.Class); err != nil {
			return nil, err
		}
		var weights []money.Weight
		at := -1
		for _, f := range all {
			if f.Parts[i].Quantity == 0 {
				continue
			}
			if f.Holder == holder {
				at = len(weights)
				e.Quantity, e.Amount = f.Parts[i].Quantity, f.Parts[i].Amount
			}
			weights = append(weights, money.Weight{Key: f.Holder, Amount: f.Parts[i].Quantity})
		}
		if at < 0 {
			continue
		}
		switch c.Rule {
		case RatePerUnit:
			_, e.Exact = c.Rate.Times(e.Quantity)
		case PoolOver:
			parts, err := money.Apportion(c.Pool, weights)
			if err != nil {
				return nil, err
			}
			e.Exact, e.Floor, e.Rank = money.ExactShare(c.Pool, e.Quantity, e.Units), parts[at].Floor, parts[at].Rank
		}
		list = append(list, e)
	}
	return list, nil
}
