package income

import (
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

// Reserved is what of a book's reserve may make good losses in a year: what was there when the ledger took over, and was set aside of the
// years before, less what has made good losses at any time. Land compensation and whatever else is no income stays out: it would become
// distributable by a detour.
func Reserved(r store.Reader, book string, year int) (sum money.Yuan) {
	sum = FundBalance(r, book, OpeningReserve, ReserveAccount)
	for _, s := range statements(r, book, ownerOf(r, book), year) {
		if s.Year < year {
			sum += s.Reserve
		}
		sum -= s.Released
	}
	return sum
}

// ReserveAt is what a book's reserve holds of gains at the end of a day in a year: what was there when the ledger took over, what was set
// aside, less what made good losses.
func ReserveAt(r store.Reader, book string, year int, on journal.Date) (sum money.Yuan) {
	for _, l := range FundsIn(r, book, ReserveAccount) {
		if l.Source == OpeningReserve && l.Date <= on {
			sum += l.Amount
		}
	}
	for _, s := range statements(r, book, ownerOf(r, book), year) {
		if s.Year <= year {
			sum += s.Reserve - s.Released
		}
	}
	return sum
}

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
	u.Returned, u.Capital = u.Returned-d.CapitalTrade, d.Capital
	u.Members = d.Due - u.Sum() // with what was deducted and added for earlier plans
	return u
}
