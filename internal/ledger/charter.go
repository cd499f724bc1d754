package ledger

import (
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// ChangeCharter sets what an entity's charter says about its register. What is left empty is set to nothing: no freeze, no paid withdrawal.
type ChangeCharter struct {
	Entity        string     `cbor:"1,keyasint" json:"entity"`
	FrozenFrom    Date       `cbor:"2,keyasint,omitempty" json:"frozen_from"`    // from this day on no shares are added or taken away
	WithdrawalCap money.Rate `cbor:"3,keyasint,omitempty" json:"withdrawal_cap"` // per cent of a class that may be withdrawn in a year
	Resolution    string     `cbor:"4,keyasint" json:"resolution"`
}

// Place is the entity's village.
func (e *ChangeCharter) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *ChangeCharter) Subject() string { return e.Entity }

func (e *ChangeCharter) roles() []Role { return []Role{Accountant} }

func (e *ChangeCharter) check(c *checking) error {
	if !entities.Has(c, e.Entity) {
		return notFound("entity", e.Entity, "没有编号为 %s 的经营主体", e.Entity)
	}
	var f Faults
	if e.WithdrawalCap < 0 || e.WithdrawalCap > 100_000_000 {
		f.invalid("withdrawal_cap", e.WithdrawalCap, "有偿退出上限 %s 不在 0 到 100 之间", e.WithdrawalCap.String())
	}
	if e.Resolution == "" {
		f.invalid("resolution", "", "修改章程要写明决议编号")
	}
	return f.err()
}

func (e *ChangeCharter) apply(a *applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.FrozenFrom, entity.WithdrawalCap = e.FrozenFrom, e.WithdrawalCap
	entities.Put(a.Tx, e.Entity, entity)
}
