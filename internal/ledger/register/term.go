package register

import (
	"iter"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// EndHolding says that shares are kept through a day and no longer, as of who left a collective and keeps rights for a term
// (农村集体经济组织法 art. 16, 17). The end is a movement of the day after, written at once: whoever reads the register as of a day needs
// no clock. From then on the shares are in nobody's hands. ReverseMovement takes it back.
type EndHolding struct {
	Class    string         `cbor:"1,keyasint" json:"class"`
	Holder   string         `cbor:"2,keyasint" json:"holder"`
	Quantity money.Quantity `cbor:"3,keyasint" json:"quantity"`
	// Until is the last day on which they are held; the day that a named membership keeps its rights through, where it is left out.
	Until      journal.Date `cbor:"4,keyasint" json:"until"`
	Member     string       `cbor:"5,keyasint,omitempty" json:"member"` // membership that was lost, "" where there is none on the roll
	Resolution string       `cbor:"6,keyasint" json:"resolution"`
}

var _ = journal.Register(&EndHolding{}, journal.Kind{
	Label: "约定到期", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "持有到哪一天为止,第二天起不再算 / shares are held through a day and no longer",
	Hints: map[string]string{
		"until":  "持有到这一天,第二天起不再持有;可以是以后的日期",
		"member": "丧失了成员身份的成员编号,可不填",
	},
})

// Place is the village of the entity whose shares they are.
func (e *EndHolding) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *EndHolding) Subject() string { return e.Holder }

func (e *EndHolding) Check(c *journal.Checking) error {
	var f journal.Faults
	checkClass(c, &f, e.Class, c.Today())
	CheckHolderOf(c, &f, e.Place(), "holder", e.Holder)
	if e.Quantity <= 0 {
		f.Invalid("quantity", e.Quantity, "股数 %s 必须大于 0", e.Quantity.String())
	}
	if e.Member != "" {
		e.checkMember(c, &f)
	}
	switch {
	case e.Until == "":
		f.Invalid("until", "", "请填写持有到哪一天,例如 2030-12-31")
	case e.Until < "1949-10-01":
		f.Invalid("until", e.Until, "日期 %s 太早", string(e.Until))
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "约定到期要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, journal.EntityID.In(e.Class), resolution.Membership)
	if len(f) > 0 {
		return f
	}
	checkFrozen(c, &f, e.Class, e.end(), Lot{e.Holder, -e.Quantity})
	checkFree(c, &f, e.Class, e.Holder, "quantity", e.end(), e.Quantity)
	return f.Err()
}

// end is the day from which on the shares are not held.
func (e *EndHolding) end() journal.Date { return e.Until.Plus(1) }

func (e *EndHolding) checkMember(c *journal.Checking, f *journal.Faults) {
	m, err := membershipIn(c, e.Member)
	switch {
	case err != nil:
		*f = append(*f, journal.All(err)...)
	case m.Collective() != journal.EntityID.In(e.Class):
		f.Add(journal.Conflict, "member", e.Member, "%s不是这个集体的成员", m.Name)
	case m.Lost == "":
		f.Add(journal.Conflict, "member", e.Member, "%s还是成员;请先记丧失成员身份", m.Name)
	case e.Until == "":
		e.Until = m.Until
	case m.Until != "" && e.Until != m.Until:
		f.Invalid("until", e.Until, "%s的权利约定保留到 %s,不是 %s", m.Name, string(m.Until), string(e.Until))
	}
}

func (e *EndHolding) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	move(a, e.Class, e.Holder, e.end(), Movement{Quantity: -e.Quantity, Cause: "EndHolding"})
	issued(a, e.Class, -e.Quantity)
}

// later holds the movements that were dated on a day still to come when they were recorded, by MovementKey. What is kept as held, issued
// and counted takes them in at once; who asks for today leaves those out whose day has not come.
var later = journal.Folded[money.Quantity]("later")

// comingOf are the movements under a prefix whose day is after a day.
func comingOf(r store.Reader, prefix string, today journal.Date) iter.Seq2[MovementKey, money.Quantity] {
	return func(yield func(MovementKey, money.Quantity) bool) {
		for k, q := range later.Scan(r, prefix) {
			if at := MovementKey(k); at.Date() > today && !yield(at, q) {
				return
			}
		}
	}
}

// toCome adds up the movements under a prefix, class or class and holder, whose day is after a day.
func toCome(r store.Reader, prefix string, today journal.Date) (sum money.Quantity) {
	for _, q := range comingOf(r, prefix, today) {
		sum += q
	}
	return sum
}

// HeldToday yields what is held in a place today, by class and holder, in their order.
func HeldToday(r store.Reader, place region.Code, today journal.Date) iter.Seq2[string, money.Quantity] {
	return heldNow(r, place.Prefix(), "", today)
}

// heldNow reads what the holders of the classes with a prefix hold on a day from which on nothing is known but the movements to come, by
// class and holder in their order, from a key on.
func heldNow(r store.Reader, prefix, from string, today journal.Date) iter.Seq2[string, money.Quantity] {
	coming, only := map[string]money.Quantity{}, []string(nil) // the holders of whom nothing is left once all days have come
	for at, q := range comingOf(r, prefix, today) {
		class, _ := journal.ClassID.Cut(string(at))
		k := class + at.Holder()
		if _, seen := coming[k]; !seen && k >= from && !holdings.Has(r, k) {
			only = append(only, k)
		}
		coming[k] += q
	}
	return func(yield func(string, money.Quantity) bool) {
		tell := func(k string, q money.Quantity) bool { return q == 0 || yield(k, q) }
		for k, q := range holdings.Range(r, max(from, prefix), store.PrefixEnd(prefix)) {
			for ; len(only) > 0 && only[0] < k; only = only[1:] {
				if !tell(only[0], -coming[only[0]]) {
					return
				}
			}
			if !tell(k, q-coming[k]) {
				return
			}
		}
		for _, k := range only {
			if !tell(k, -coming[k]) {
				return
			}
		}
	}
}

// HoldsNow tells whether a shareholder holds any shares today.
func HoldsNow(v *journal.View, s Shareholder) bool {
	if s.Held > 0 {
		return true
	}
	list, err := HoldingsOf(v, s.ID)
	for _, h := range list {
		if h.Quantity != 0 {
			return err == nil
		}
	}
	return false
}

// End is when a part of a holding ends, and how much.
type End struct {
	Quantity money.Quantity
	Until    journal.Date // the last day, "" where no end is known
}

// endsOf are the first ends after a day of what is held of a class, by holder; of one holder where one is named.
func endsOf(r store.Reader, class, holder string, on journal.Date) map[string]End {
	first := map[string]End{}
	var reversed map[uint64]bool
	for k, m := range movements.Scan(r, class+holder) {
		at := MovementKey(k)
		if m.Cause != "EndHolding" || at.Date() <= on {
			continue
		}
		if reversed == nil {
			reversed = ReversedIn(r, class)
		}
		if _, seen := first[at.Holder()]; !seen && !reversed[at.Entry()] {
			first[at.Holder()] = End{-m.Quantity, at.Date().Plus(-1)}
		}
	}
	return first
}

// Coming tells of shareholders of whom something that they hold ends or begins on a day to come whether they hold anything today. Nothing
// of it holds for the ends of years that are over: there it is nil.
type Coming map[string]bool

// ComingIn is what is to come in a county.
func ComingIn(r store.Reader, county region.Code, today journal.Date) Coming {
	c := Coming{}
	for at := range comingOf(r, county.Chain(), today) {
		id := at.Holder()
		if _, known := c[id]; !known {
			c[strings.Clone(id)] = holdsOn(r, id, today)
		}
	}
	return c
}

// HeldAt tells whether a shareholder held any shares at the end of a year; where something is to come, today.
func (c Coming) HeldAt(s Shareholder, year int) bool {
	if now, known := c[s.ID]; known {
		return now
	}
	return s.HeldAt(year)
}

// counted is by how much the shareholders of a place are more, or less, than the sums of the year's end say.
func (c Coming) counted(r store.Reader, year int, in func(home region.Code) bool) (sum HolderSums) {
	for id, now := range c {
		if !in(journal.PlaceOf(id)) {
			continue
		}
		s, _ := shareholders.Get(r, id)
		if then := s.HeldAt(year); now && !then {
			sum = sum.And(s.counted(1))
		} else if then && !now {
			sum = sum.And(s.counted(-1))
		}
	}
	return sum
}

// holdsOn tells whether a shareholder holds any shares on a day that is not before today.
func holdsOn(r store.Reader, holder string, today journal.Date) bool {
	for k := range held.Each(r, holder) {
		_, class := journal.HolderID.Cut(k)
		if e, _ := entities.Get(r, journal.EntityID.In(class)); e.Dissolved != "" && e.Dissolved <= today {
			continue
		}
		if q, _ := holdings.Get(r, class+holder); q-toCome(r, class+holder, today) > 0 {
			return true
		}
	}
	return false
}

// counted is what n registrations like this add to a place's shareholders.
func (s Shareholder) counted(n int) HolderSums {
	sums := HolderSums{Shareholders: n, People: n * s.People}
	if s.Kind == Household {
		sums.Households = n
	}
	return sums
}
