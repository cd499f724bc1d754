package plan

import (
	"github.com/sanbian/ledger/internal/money"
)

// ComponentTotal is what a component comes to: all units that take part, and the sum.
type ComponentTotal struct {
	_       struct{} `cbor:",toarray"`
	Units   money.Quantity
	Weight  money.Quantity
	Pool    money.Yuan // what was divided over the weights: the pool, with what a first round gave of it; or the members' share of an excess
	Amount  money.Yuan
	Holders int
	Odd     int // the odd 分 that a pool left after every exact share was cut down: given to the largest remainders, or carried forward
	Excess  money.Yuan
	Base    money.Yuan // of an excess: what the guarantees were taken from
}
