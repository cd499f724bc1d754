package register

import (
	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// ClassSetup is how a class of an entity stands on a day, as the form of an entity's share classes has it (股权设置登记表).
type ClassSetup struct {
	Class      ShareClass
	Quantity   money.Quantity
	Part       decimal.Decimal // per cent of all shares of the unit, to two decimals
	Holders    int
	People     int            // in the households that hold
	Collective money.Quantity // held by the collective itself
	Resolution string         // by which it was opened, id or text
}

// SetupOf lists an entity's classes as they stood at the end of a day.
func SetupOf(v *journal.View, entity string, on journal.Date) (list []ClassSetup, err error) {
	classes, err := ShareClasses(v, entity)
	if err != nil {
		return nil, err
	}
	all := map[Unit]money.Quantity{}
	for _, c := range classes {
		x := ClassSetup{Class: c}
		held, err := RegisterOn(v, c.ID, on)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			s, err := HolderOf(v, c, h.Holder)
			if err != nil {
				return nil, err
			}
			x.Quantity, x.Holders, x.People = x.Quantity+h.Quantity, x.Holders+1, x.People+s.People
			if s.Kind == Collective {
				x.Collective += h.Quantity
			}
		}
		j, err := v.JournalEntry(journal.PlaceOf(entity).Chain(), c.Entry)
		if err != nil {
			return nil, err
		}
		if opened, ok := j.Entry.(*OpenShareClass); ok {
			x.Resolution = opened.Resolution
		}
		all[c.Unit] += x.Quantity
		list = append(list, x)
	}
	for i := range list {
		if sum := all[list[i].Class.Unit]; sum != 0 {
			list[i].Part = list[i].Quantity.Decimal().Shift(2).DivRound(sum.Decimal(), 2)
		}
	}
	return list, nil
}
