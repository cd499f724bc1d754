package ledger

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Part is what one component gives one holder.
type Part struct {
	_        struct{} `cbor:",toarray"`
	Quantity money.Quantity
	Amount   money.Yuan
}

// Figure is what one holder is to get: a part for each component, in the components' order.
type Figure struct {
	_      struct{} `cbor:",toarray"`
	Holder string
	Parts  []Part
}

// Due is the sum of the parts.
func (f Figure) Due() (sum money.Yuan) {
	for _, p := range f.Parts {
		sum += p.Amount
	}
	return sum
}

// ComponentTotal is what a component comes to: all units that take part, and the sum.
type ComponentTotal struct {
	_       struct{} `cbor:",toarray"`
	Units   money.Quantity
	Amount  money.Yuan
	Holders int
	Odd     int // the odd 分 that a pool left after every exact share was cut down, given to the largest remainders
}

// figures works out what every holder gets under a plan, in order of the holders' ids.
func figures(r store.Reader, d Distribution) ([]Figure, []ComponentTotal, error) {
	var list []Figure
	totals := make([]ComponentTotal, len(d.Components))
	for i, part := range d.Components {
		at := "components." + strconv.Itoa(i) + "."
		stakes := registerOf(r, part.Class, d.RecordDate)
		stakes = slices.DeleteFunc(stakes, func(s stake) bool { return s.quantity == 0 })
		if len(stakes) == 0 {
			return nil, nil, conflict(at+"class", part.Class, "登记日 %s 没有人持有 %s 的股份", string(d.RecordDate), part.Class)
		}
		if len(stakes) > maxHolders {
			return nil, nil, refuse(TooLarge, at+"class", len(stakes), "一次分红最多 %s 户", strconv.Itoa(maxHolders))
		}
		amounts := make([]money.Yuan, len(stakes))
		t := &totals[i]
		t.Holders = len(stakes)
		switch part.Rule {
		case RatePerUnit:
			for k, s := range stakes {
				var err error
				if amounts[k], _, err = part.Rate.Times(s.quantity); err != nil {
					return nil, nil, conflict(at+"rate", part.Rate, "每股(亩)%s 元太大:股东 %s 的一项超过 %s 元", part.Rate.String(), s.holder, money.MaxYuan.Grouped())
				}
				t.Amount += amounts[k]
			}
		case PoolOver:
			weights := make([]money.Weight, len(stakes))
			for k, s := range stakes {
				weights[k] = money.Weight{Key: s.holder, Amount: s.quantity}
			}
			parts, err := money.Apportion(part.Pool, weights)
			if err != nil {
				return nil, nil, conflict(at+"pool", part.Pool, "资金池 %s 元分不下去:总股数为 0 或太大", part.Pool.Grouped())
			}
			for k, p := range parts {
				amounts[k] = p.Amount
				if p.Odd {
					t.Odd++
				}
			}
			t.Amount = part.Pool
		}
		for _, s := range stakes {
			t.Units += s.quantity
		}
		list = mergeFigures(list, stakes, amounts, i, len(d.Components))
	}
	return list, totals, nil
}

// mergeFigures adds a component's amounts to figures; both are in order of the holders' ids.
func mergeFigures(list []Figure, stakes []stake, amounts []money.Yuan, component, components int) []Figure {
	backing := make([]Part, 0, len(stakes)*components)
	merged := make([]Figure, 0, max(len(list), len(stakes)))
	k := 0
	for _, f := range list {
		for k < len(stakes) && stakes[k].holder < f.Holder {
			merged, backing = appendFigure(merged, backing, stakes[k], amounts[k], component, components)
			k++
		}
		if k < len(stakes) && stakes[k].holder == f.Holder {
			f.Parts[component] = Part{Quantity: stakes[k].quantity, Amount: amounts[k]}
			k++
		}
		merged = append(merged, f)
	}
	for ; k < len(stakes); k++ {
		merged, backing = appendFigure(merged, backing, stakes[k], amounts[k], component, components)
	}
	return merged
}

// appendFigure makes a new holder's figure; its parts lie in one backing array with all others, which is large enough.
func appendFigure(list []Figure, backing []Part, s stake, amount money.Yuan, component, components int) ([]Figure, []Part) {
	n := len(backing)
	backing = backing[:n+components]
	parts := backing[n : n+components : n+components]
	parts[component] = Part{Quantity: s.quantity, Amount: amount}
	return append(list, Figure{Holder: s.holder, Parts: parts}), backing
}

// Preview works out a draft's figures as they would be frozen now, and their sum.
func (v *View) Preview(d Distribution) (list []Figure, totals []ComponentTotal, due money.Yuan, err error) {
	if err := v.within(d.Village()); err != nil {
		return nil, nil, 0, err
	}
	list, totals, err = figures(v, d)
	for _, t := range totals {
		due += t.Amount
	}
	return list, totals, due, err
}

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
			_, e.Exact, _ = c.Rate.Times(e.Quantity)
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
