package report

import (
	"cmp"
	"slices"
	"strings"

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
	version, err := registersVersion(v, place)
	if err != nil {
		return nil, err
	}
	return journal.Memo(v, "largest "+string(place), version, func() []Concentration { return concentrations(v, books, place) }), nil
}

// registersVersion differs whenever the registers of a place's counties may, or the day does.
func registersVersion(v *journal.View, place region.Code) (string, error) {
	return versionOf(v, place, "registers", changesRegisters)
}

// versionOf differs whenever an entry of a sort, called by its name, has come in any of a place's counties, or the day is another.
func versionOf(v *journal.View, place region.Code, sort string, is func(kind string) bool) (string, error) {
	version := string(v.Today())
	for _, county := range counties(v, place) {
		seq, err := v.LastOf(county, sort, is)
		if err != nil {
			return "", err
		}
		version += journal.SeqKey(seq)
	}
	return version, nil
}

// changesRegisters tells whether entries of a kind may change who holds what, or what is put in for it: those of the room of registers, and
// those of others that say so.
func changesRegisters(kind string) bool {
	k, _ := journal.KindNamed(kind)
	return k.Holdings || journal.RoomOf(kind) == "register"
}

// holding is what one holder has of one unit, in a place.
type holding struct {
	holder    string
	sum, most money.Quantity
	entity    string
	entities  int
}

// and adds what a holder has of one more entity.
func (h *holding) and(o holding) {
	h.sum, h.entities = h.sum+o.sum, h.entities+o.entities
	if o.most > h.most || o.most == h.most && o.entity < h.entity {
		h.most, h.entity = o.most, o.entity
	}
}

// holdings collects what holders have, village by village: nearly all of them hold where they live, and nowhere else.
type holdings struct {
	place   region.Code
	same    map[string]string                     // of registrations of one holder all but the first, with the first
	local   map[register.Unit]map[string]*holding // of the village that is read, by holder
	entity  string
	classes map[unitOf]*holding // of the entity that is read
	twice   map[string]bool     // holders who are registered more than once
	all     map[register.Unit][]holding
	abroad  map[register.Unit]map[string]*holding // of who holds elsewhere, too, or is registered more than once
	issued  map[issue]money.Quantity
}

// unitOf is what a holder has of a unit.
type unitOf struct {
	unit   register.Unit
	holder string
}

// issue is what an entity has out of a unit.
type issue struct {
	unit   register.Unit
	entity string
}

// entityEnds puts what was read of an entity to its holders.
func (h *holdings) entityEnds() {
	for key, x := range h.classes {
		of := h.local[key.unit]
		if of == nil {
			of = map[string]*holding{}
			h.local[key.unit] = of
		}
		if of[key.holder] == nil {
			of[key.holder] = &holding{holder: x.holder}
		}
		x.most, x.entity, x.entities = x.sum, h.entity, 1
		of[key.holder].and(*x)
	}
	clear(h.classes)
}

// villageEnds puts what was read of a village to all.
func (h *holdings) villageEnds(village region.Code) {
	for unit, of := range h.local {
		for key, x := range of {
			if !h.twice[key] && journal.PlaceOf(key) == village {
				h.all[unit] = append(h.all[unit], *x)
				continue
			}
			if h.abroad[unit] == nil {
				h.abroad[unit] = map[string]*holding{}
			}
			if at := h.abroad[unit][key]; at != nil {
				at.and(*x)
			} else {
				h.abroad[unit][key] = x
			}
		}
		clear(of)
	}
}

// ofWhom is the key of a holder, who may be registered more than once: the first registration. shown is the one to be named: the first,
// where it lies in the place; whoever may read the place may not know it else.
func (h *holdings) ofWhom(holder string) (key, shown string) {
	first, again := h.same[holder]
	switch {
	case !again:
		return holder, holder
	case h.place.Contains(journal.PlaceOf(first)):
		return first, first
	}
	return first, holder
}

// of are all holders of a unit, who holds most in front.
func (h *holdings) of(unit register.Unit) []holding {
	list, abroad := h.all[unit], h.abroad[unit]
	for i := range list {
		if x := abroad[list[i].holder]; x != nil {
			list[i].and(*x)
			delete(abroad, list[i].holder)
		}
	}
	for _, x := range abroad {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b holding) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.holder, b.holder))
	})
	return list
}

func concentrations(v *journal.View, r store.Reader, place region.Code) (list []Concentration) {
	h := &holdings{place: place, twice: map[string]bool{},
		same: register.SamePerson(v, r, counties(v, place)), local: map[register.Unit]map[string]*holding{},
		classes: map[unitOf]*holding{}, all: map[register.Unit][]holding{}, abroad: map[register.Unit]map[string]*holding{},
		issued: map[issue]money.Quantity{}}
	for _, first := range h.same {
		h.twice[first] = true
	}
	classes := map[string]issue{}
	for id, c := range register.ClassTable.Scan(r, place.Prefix()) {
		if e, _ := register.EntityTable.Get(r, c.Entity()); e.Dissolved == "" {
			classes[strings.Clone(id)] = issue{c.Unit, c.Entity()}
		}
	}
	var village region.Code
	for key, q := range register.HeldToday(r, place, v.Today()) {
		class, holder := journal.ClassID.Cut(key)
		at, ok := classes[class]
		if !ok || q <= 0 {
			continue
		}
		if at.entity != h.entity {
			h.entityEnds()
			h.entity = at.entity
		}
		if in := journal.PlaceOf(class); in != village {
			h.villageEnds(village)
			village = region.Code(strings.Clone(string(in)))
		}
		h.issued[at] += q
		key, shown := h.ofWhom(holder)
		of := unitOf{at.unit, key}
		if h.classes[of] == nil {
			h.classes[of] = &holding{holder: shown}
		}
		h.classes[of].sum += q
	}
	h.entityEnds()
	h.villageEnds(village)
	for _, unit := range register.Units() {
		of := h.of(unit)
		if len(of) == 0 {
			continue
		}
		c := Concentration{Unit: unit, Holders: len(of), Tenth: (len(of) + 9) / 10}
		for i, x := range of {
			if c.All += x.sum; i < c.Tenth {
				c.Most += x.sum
			}
		}
		for _, x := range of[:min(len(of), mostLarge)] {
			s, _ := register.ShareholderTable.Get(r, x.holder)
			c.Largest = append(c.Largest, Large{Holder: x.holder, Name: s.Name, Kind: s.Kind, Quantity: x.sum, Entities: x.entities,
				Entity: x.entity, Most: x.most, Issued: h.issued[issue{unit, x.entity}]})
		}
		list = append(list, c)
	}
	return list
}
