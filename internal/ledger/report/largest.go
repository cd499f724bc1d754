package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Large is a holder with much of a place's shares: of one unit together, since others cannot be added.
type Large struct {
	Holder   string
	Name     string
	Kind     register.HolderKind
	Quantity money.Quantity
	Entities int
	Entity   string         // where it has most, and of that
	Most     money.Quantity // what it has there
	Issued   money.Quantity // of all that the entity has out
}

// Part is how much of the entity's shares of the unit it holds, in hundredths of a per cent, rounded down.
func (l Large) Part() int { return hundredths(l.Most, l.Issued) }

// Concentration is how the shares of a unit lie in a place: who holds most of them, and what the largest tenth of all holders has.
type Concentration struct {
	Unit    register.Unit
	Holders int
	All     money.Quantity
	Tenth   int            // holders
	Most    money.Quantity // what they hold
	Largest []Large
}

// Part is what the largest tenth holds, in hundredths of a per cent, rounded down.
func (c Concentration) Part() int { return hundredths(c.Most, c.All) }

// hundredths is a quantity in hundredths of a per cent of another, rounded down.
func hundredths(part, whole money.Quantity) int {
	if whole <= 0 {
		return 0
	}
	return int(part.Decimal().Shift(4).Div(whole.Decimal()).IntPart())
}

// mostLarge is the most holders that are named.
const mostLarge = 50

// ConcentrationsOf is how the shares of a place's entities lie today, unit by unit. A holder who is registered in several villages is one:
// the one that is registered first.
func ConcentrationsOf(v *journal.View, place region.Code) ([]Concentration, error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	version := ""
	for _, county := range counties(v, place) {
		version += journal.SeqKey(v.End(county))
	}
	version += string(v.Today())
	return journal.Memo(v, "largest "+string(place), version, func() []Concentration { return concentrations(v, books, place) }), nil
}

func concentrations(v *journal.View, r store.Reader, place region.Code) []Concentration {
	type holding struct {
		sum, most money.Quantity
		entity    string
		entities  int
	}
	type issue struct {
		unit   register.Unit
		entity string
	}
	classes, issued := map[string]issue{}, map[issue]money.Quantity{}
	for id, c := range register.ClassTable.Scan(r, place.Prefix()) {
		if e, _ := register.EntityTable.Get(r, c.Entity()); e.Dissolved == "" {
			at := issue{c.Unit, c.Entity()}
			classes[id] = at
		}
	}
	same := register.SamePerson(v, r, counties(v, place))
	held := map[register.Unit]map[string]map[string]money.Quantity{} // by unit, holder and entity
	for key, q := range register.HeldToday(r, place, v.Today()) {
		class, holder := journal.ClassID.Cut(key)
		at, ok := classes[class]
		if !ok || q <= 0 {
			continue
		}
		issued[at] += q
		if first, ok := same[holder]; ok {
			holder = first
		}
		if held[at.unit] == nil {
			held[at.unit] = map[string]map[string]money.Quantity{}
		}
		if held[at.unit][holder] == nil {
			held[at.unit][holder] = map[string]money.Quantity{}
		}
		held[at.unit][holder][at.entity] += q
	}
	var list []Concentration
	for _, unit := range slices.Sorted(maps.Keys(held)) {
		c := Concentration{Unit: unit, Holders: len(held[unit])}
		for holder, by := range held[unit] {
			x := holding{entities: len(by)}
			for _, entity := range slices.Sorted(maps.Keys(by)) {
				if q := by[entity]; q > x.most {
					x.most, x.entity = q, entity
				}
				x.sum += by[entity]
			}
			c.All += x.sum
			c.Largest = append(c.Largest, Large{Holder: holder, Quantity: x.sum, Entities: x.entities, Entity: x.entity, Most: x.most,
				Issued: issued[issue{unit, x.entity}]})
		}
		slices.SortFunc(c.Largest, func(a, b Large) int {
			return cmp.Or(cmp.Compare(b.Quantity, a.Quantity), cmp.Compare(a.Holder, b.Holder))
		})
		c.Tenth = (c.Holders + 9) / 10
		for _, l := range c.Largest[:c.Tenth] {
			c.Most += l.Quantity
		}
		c.Largest = slices.Clone(c.Largest[:min(len(c.Largest), mostLarge)])
		for i := range c.Largest {
			s, _ := register.ShareholderTable.Get(r, c.Largest[i].Holder)
			c.Largest[i].Name, c.Largest[i].Kind = s.Name, s.Kind
		}
		list = append(list, c)
	}
	return list
}
