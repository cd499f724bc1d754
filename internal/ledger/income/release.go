package income

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Release is what of the reserve made good losses of a year: the statement's 其他转入. One that takes another back is negative.
type Release struct {
	Date       journal.Date `cbor:"1,keyasint"`
	Amount     money.Yuan   `cbor:"2,keyasint"`
	Resolution string       `cbor:"3,keyasint,omitempty"`
	Reason     string       `cbor:"4,keyasint,omitempty"`
	Reverses   uint64       `cbor:"5,keyasint,omitempty"` // the entry whose release this one takes back
	Entry      uint64       `cbor:"6,keyasint"`
	Borne      bool         `cbor:"7,keyasint,omitempty"` // not from the reserve: a member who left bore it (农民专业合作社法 art. 28)
}

// releases: book, year and the number of the record.
var releases = journal.Folded[Release]("release")

// BookRelease puts a release into its book.
func BookRelease(a *journal.Applying, book string, x Release) {
	x.Entry = a.Seq
	releases.Put(a.Tx, journal.YearID.Dated(book, x.Date.Year())+journal.SeqKey(a.Seq), x)
}

// ReleasesIn lists a book's releases up to the end of a year, in the order of years and records.
func ReleasesIn(r store.Reader, book string, upTo int) (list []Release) {
	for _, x := range releases.Range(r, journal.YearID.Front(book), journal.YearID.Dated(book, upTo+1)) {
		list = append(list, x)
	}
	return list
}

// Releases lists a book's releases of a year to whoever may read it.
func Releases(v *journal.View, book string, year int) (list []Release, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	for _, x := range releases.Scan(books, journal.YearID.Dated(book, year)) {
		list = append(list, x)
	}
	return list, nil
}

// releasesByYear are what was taken out of a book's reserve for losses, and what members who left bore of them.
func releasesByYear(r store.Reader, book string) (released, borne map[int]money.Yuan) {
	released, borne = map[int]money.Yuan{}, map[int]money.Yuan{}
	for _, x := range releases.Scan(r, journal.YearID.Front(book)) {
		if x.Borne {
			borne[x.Date.Year()] += x.Amount
		} else {
			released[x.Date.Year()] += x.Amount
		}
	}
	return released, borne
}

// openingReserves are what was in a book's reserve when the ledger took it over, by the year it is booked in.
func openingReserves(r store.Reader, book string) map[int]money.Yuan {
	sums := map[int]money.Yuan{}
	for _, l := range FundsIn(r, book, ReserveAccount) {
		if l.Source == OpeningReserve {
			sums[l.Date.Year()] += l.Amount
		}
	}
	return sums
}

// Reserved is what of a book's reserve may make good losses in a year: what was there when the ledger took over, and was set aside of the
// years before, less what has made good losses up to a later year. Land compensation and whatever else is no income stays out: it would
// become distributable by a detour.
func Reserved(r store.Reader, book string, year, upTo int) money.Yuan {
	left := money.MaxYuan
	for _, s := range statements(r, book, OwnerOf(r, book), max(year, upTo)) {
		if s.Year >= year { // a year's own reserve is set aside of what is left after its losses
			left = min(left, s.Held-s.Reserve)
		}
	}
	return left
}

// checkReserve refuses to make a book's reserve smaller by a sum from a year on, where it then no longer holds what has made good losses.
func checkReserve(c *journal.Checking, f *journal.Faults, field, book string, year int, less money.Yuan) {
	for _, s := range statements(c, book, OwnerOf(c, book), c.Today().Year()) {
		if s.Year >= year && less > 0 && s.Held-less < 0 {
			f.Add(journal.Conflict, field, less, "这笔公积公益金里有 %s 元已在 %s 年用来弥补亏损;请先冲销那次弥补", (less - s.Held).Grouped(), strconv.Itoa(s.Year))
			return
		}
	}
}

// Covered is what of the reserve made good losses.
func (s Statement) Covered() money.Yuan { return s.Released - s.Borne }

// Excess tells that more was taken out of the reserve than there is a loss for, or than it holds.
func (s Statement) Excess() bool { return s.Booked > s.Covered() }

// Uncovered is what of the losses of a book stands open in a year: those brought forward, or with the year's own.
func (s Statement) Uncovered() money.Yuan { return max(0, -s.Opening, -s.Opening-s.Gain) - s.Released }

// usesOf is what a plan gives out, by the lines that statements have for it. What is guaranteed on money put into a collective is no
// distribution to members, but the line for outside investment.
func usesOf(r store.Reader, d plan.Distribution) (u plan.Uses) {
	entity, _ := register.EntityTable.Get(r, d.Entity)
	for i, c := range d.Components {
		if i >= len(d.Totals) {
			break
		}
		t := d.Totals[i]
		class, _ := register.ClassTable.Get(r, c.Class)
		switch {
		case c.Rule == plan.Patronage:
			u.Returned += t.Amount
		case c.Rule.Guarantee() && entity.Kind.Collective() && class.Kind == register.CashShare:
			u.Outside += t.Amount
		case c.Rule == plan.Excess:
			_, collective, managers, _ := c.SplitExcess(t.Excess, d.Rules)
			u.Other += collective + managers
		}
	}
	u.Returned, u.Capital, u.TradeCapital = u.Returned-d.CapitalTrade, d.Capital, d.CapitalTrade
	u.Members = d.Due - u.Sum() // with what was deducted and added for earlier plans
	return u
}

// UsesOf is what a plan gives out, to whoever may read its books.
func UsesOf(v *journal.View, d plan.Distribution) (plan.Uses, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return plan.Uses{}, err
	}
	return usesOf(books, d), nil
}
