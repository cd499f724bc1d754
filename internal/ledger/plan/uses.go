package plan

import "github.com/sanbian/ledger/internal/money"

// Uses is what distributions give out, in yuan, by the lines that the statements have for it.
type Uses struct {
	Members  money.Yuan // 农户分配、向成员分配; of a specialised cooperative 剩余盈余分配
	Outside  money.Yuan // 外来投资分利: what is guaranteed on capital that was put in
	Other    money.Yuan // to the collective and to managers, of an excess
	Returned money.Yuan // 盈余返还, by trade
	Capital  money.Yuan // 转为成员出资: what was not paid but became members' capital
	// TradeCapital is what of Capital was given back by trade.
	TradeCapital money.Yuan
}

// Sum is all of it.
func (u Uses) Sum() money.Yuan { return u.Members + u.Outside + u.Other + u.Returned + u.Capital }

// And adds what others give out.
func (u Uses) And(o Uses) Uses {
	return Uses{Members: u.Members + o.Members, Outside: u.Outside + o.Outside, Other: u.Other + o.Other, Returned: u.Returned + o.Returned,
		Capital: u.Capital + o.Capital, TradeCapital: u.TradeCapital + o.TradeCapital}
}

// Of is what stands on the line of a figure, by its code in forms.
func (u Uses) Of(code string) money.Yuan {
	return map[string]money.Yuan{"members": u.Members, "outside": u.Outside, "other_uses": u.Other, "returned": u.Returned,
		"capital": u.Capital}[code]
}
