package money

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"
)

// Weight is one party's claim on a pool. Key is the party's stable number: it breaks ties, so that the order of a list
// never decides who is paid.
type Weight struct {
	Key    string
	Amount Quantity
}

// Part is what one party gets of a pool, and why.
type Part struct {
	Amount Yuan // Floor, and one 分 more when Odd
	Floor  Yuan // the exact share cut down to the 分
	Rank   int  // the place of this party's remainder among all, from 1; 0 when nothing remained
	Odd    bool // whether one of the odd 分 went here
}

// Apportion divides a pool over weights by largest remainder (Hamilton's method): every party first gets its exact share
// cut down to the 分, then the 分 left over go one each to the largest remainders, ties to the smaller key. The parts
// stand in the order of the weights and add up to the pool. A weight of zero gets nothing.
//
// ErrNotNumber is returned for a negative pool or weight and for a pool with nobody to take it, ErrOverflow when
// the weights do not add up in 64 bits.
func Apportion(pool Yuan, weights []Weight) ([]Part, error) {
	var total uint64
	for _, w := range weights {
		if w.Amount < 0 {
			return nil, ErrNotNumber
		}
		var carry uint64
		if total, carry = bits.Add64(total, uint64(w.Amount), 0); carry != 0 {
			return nil, ErrOverflow
		}
	}
	parts := make([]Part, len(weights))
	if pool == 0 {
		return parts, nil
	}
	if pool < 0 || total == 0 {
		return nil, ErrNotNumber
	}
	type remainder struct {
		part int
		left uint64
	}
	var rest []remainder
	odd := pool
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(pool), uint64(w.Amount)) // hi < total, for w.Amount <= total and pool < 2^63
		whole, left := bits.Div64(hi, lo, total)
		parts[i] = Part{Amount: Yuan(whole), Floor: Yuan(whole)}
		odd -= Yuan(whole)
		if left > 0 {
			rest = append(rest, remainder{i, left})
		}
	}
	slices.SortFunc(rest, func(a, b remainder) int {
		return cmp.Or(cmp.Compare(b.left, a.left), cmp.Compare(weights[a.part].Key, weights[b.part].Key))
	})
	for rank, r := range rest {
		p := &parts[r.part]
		p.Rank = rank + 1
		if Yuan(rank) < odd {
			p.Odd = true
			p.Amount++
		}
	}
	return parts, nil
}

// ExactShare returns pool × own ÷ total in yuan to ten decimals, for showing beside the rounded amount.
func ExactShare(pool Yuan, own, total Quantity) decimal.Decimal {
	if total == 0 {
		return decimal.Zero
	}
	return pool.Decimal().Mul(own.Decimal()).DivRound(total.Decimal(), 10)
}
