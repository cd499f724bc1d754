package register

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Pledge is shares that secure a loan (质押): they stay with their holder and earn, but cannot be moved until they are released. Its key is
// class, holder and the journal number of the pledge.
type Pledge struct {
	Class    string         `cbor:"1,keyasint"`
	Holder   string         `cbor:"2,keyasint"`
	Quantity money.Quantity `cbor:"3,keyasint"`
	From     journal.Date   `cbor:"4,keyasint"`
	Until    journal.Date   `cbor:"5,keyasint,omitempty"` // the day of release, from which on they are free
	Pledgee  string         `cbor:"6,keyasint"`           // the bank
	Contract string         `cbor:"7,keyasint,omitempty"`
	Entry    uint64         `cbor:"8,keyasint"`
}

var pledges = journal.Folded[Pledge]("pledge")

// PledgeShares pledges shares to a lender.
type PledgeShares struct {
	Class    string         `cbor:"1,keyasint" json:"class"`
	Holder   string         `cbor:"2,keyasint" json:"holder"`
	Quantity money.Quantity `cbor:"3,keyasint" json:"quantity"`
	Date     journal.Date   `cbor:"4,keyasint" json:"date"`
	Pledgee  string         `cbor:"5,keyasint" json:"pledgee"`
	Contract string         `cbor:"6,keyasint,omitempty" json:"contract"`
}

var _ = journal.Register(&PledgeShares{}, journal.Kind{
	Label: "质押", Roles: []journal.Role{journal.Accountant}, Event: true,
})

// Place is the village of the entity whose shares are pledged.
func (e *PledgeShares) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *PledgeShares) Subject() string { return e.Holder }

func (e *PledgeShares) Check(c *journal.Checking) error {
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	checkClass(c, &f, e.Class, e.Date)
	CheckHolderOf(c, &f, e.Place(), "holder", e.Holder)
	if e.Quantity <= 0 {
		f.Invalid("quantity", e.Quantity, "股数 %s 必须大于 0", e.Quantity.String())
	}
	if e.Pledgee == "" {
		f.Invalid("pledgee", "", "请填写质权人,例如 县农商银行")
	}
	if len(f) == 0 {
		checkFree(c, &f, e.Class, e.Holder, "quantity", e.Date, e.Quantity)
	}
	return f.Err()
}

func (e *PledgeShares) Apply(a *journal.Applying) {
	pledges.Put(a.Tx, e.Class+e.Holder+journal.SeqKey(a.Seq), Pledge{
		Class: e.Class, Holder: e.Holder, Quantity: e.Quantity, From: e.Date, Pledgee: e.Pledgee, Contract: e.Contract, Entry: a.Seq,
	})
}

// ReleasePledge ends a pledge, named by its number in the journal.
type ReleasePledge struct {
	Class  string       `cbor:"1,keyasint" json:"class"`
	Holder string       `cbor:"2,keyasint" json:"holder"`
	Pledge int          `cbor:"3,keyasint" json:"pledge"`
	Date   journal.Date `cbor:"4,keyasint" json:"date"`
}

var _ = journal.Register(&ReleasePledge{}, journal.Kind{
	Label: "解除质押", Roles: []journal.Role{journal.Accountant}, Event: true,
})

// Place is the village of the entity whose shares are pledged.
func (e *ReleasePledge) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *ReleasePledge) Subject() string { return e.Holder }

func (e *ReleasePledge) key() string {
	return e.Class + e.Holder + journal.SeqKey(uint64(max(e.Pledge, 0)))
}

func (e *ReleasePledge) Check(c *journal.Checking) error {
	p, ok := pledges.Get(c, e.key())
	switch {
	case !ok:
		return journal.Missing("pledge", e.Pledge, "没有第 %s 号质押", strconv.Itoa(e.Pledge))
	case p.Until != "":
		return journal.Clash("pledge", e.Pledge, "第 %s 号质押已于 %s 解除", strconv.Itoa(e.Pledge), string(p.Until))
	}
	var f journal.Faults
	if journal.CheckDate(c, &f, "date", e.Date); e.Date != "" && e.Date < p.From {
		f.Invalid("date", e.Date, "解除日期 %s 早于质押的 %s", string(e.Date), string(p.From))
	}
	return f.Err()
}

func (e *ReleasePledge) Apply(a *journal.Applying) {
	p, _ := pledges.Get(a, e.key())
	p.Until = e.Date
	pledges.Put(a.Tx, e.key(), p)
}

// freeFrom is the fewest shares of a class that a holder has unpledged on any day from a day on: so many can go that day without leaving
// less than nothing, or less than what is pledged, on any later one.
func freeFrom(r store.Reader, class, holder string, on journal.Date) money.Quantity {
	days := map[string]money.Quantity{} // by date key, the change of what is free
	for k, m := range movements.Scan(r, class+holder) {
		days[MovementKey(k).Day()] += m.Quantity
	}
	for _, p := range pledges.Scan(r, class+holder) {
		if p.Until != p.From {
			days[p.From.Key()] -= p.Quantity
			if p.Until != "" {
				days[p.Until.Key()] += p.Quantity
			}
		}
	}
	day := on.Key()
	var now money.Quantity
	var later []string
	for k, by := range days {
		if k <= day {
			now += by
		} else {
			later = append(later, k)
		}
	}
	lowest := now
	for _, k := range slices.Sorted(slices.Values(later)) {
		now += days[k]
		lowest = min(lowest, now)
	}
	return lowest
}

// checkFree refuses to take more shares from a holder, from a day on, than are there and unpledged on every day after it.
func checkFree(c *journal.Checking, f *journal.Faults, class, holder, field string, on journal.Date, quantity money.Quantity) {
	free := freeFrom(c, class, holder, on)
	if quantity <= free {
		return
	}
	s, _ := shareholders.Get(c, holder)
	for _, p := range pledges.Scan(c, class+holder) {
		if p.Until == "" || p.Until > on {
			f.Add(journal.Conflict, field, quantity, "%s自 %s 起能动的只有 %s(质押给%s的 %s 和以后转出的不算),不够 %s", s.Name, string(on), max(free, 0).Grouped(),
				p.Pledgee, p.Quantity.Grouped(), quantity.Grouped())
			return
		}
	}
	f.Add(journal.Conflict, field, quantity, "%s自 %s 起能动的只有 %s(以后转出的不算),不够 %s", s.Name, string(on), max(free, 0).Grouped(), quantity.Grouped())
}

// holds tells whether the shares are pledged at the end of a day.
func (p Pledge) holds(on journal.Date) bool { return p.From <= on && (p.Until == "" || on < p.Until) }

// PledgedBy returns how many shares of each class a holder has pledged at the end of a day.
func PledgedBy(v *journal.View, holder string, on journal.Date) (map[string]money.Quantity, error) {
	list, err := PledgesOf(v, holder)
	sums := map[string]money.Quantity{}
	for _, p := range list {
		if p.holds(on) {
			sums[p.Class] += p.Quantity
		}
	}
	return sums, err
}

// PledgedOn returns how many shares of a class each holder had pledged at the end of a day.
func PledgedOn(v *journal.View, class string, on journal.Date) (map[string]money.Quantity, error) {
	books, err := v.At(journal.PlaceOf(class))
	if err != nil {
		return nil, err
	}
	sums := map[string]money.Quantity{}
	for _, p := range pledges.Scan(books, class) {
		if p.holds(on) {
			sums[p.Holder] += p.Quantity
		}
	}
	return sums, nil
}

// PledgesOf lists a shareholder's pledges, released ones too.
func PledgesOf(v *journal.View, holder string) (list []Pledge, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	hold, err := HoldingsOf(v, holder)
	if err != nil {
		return nil, err
	}
	for _, h := range hold {
		for _, p := range pledges.Scan(books, h.Class.ID+holder) {
			list = append(list, p)
		}
	}
	return list, nil
}
