package exchange

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/sheet"
)

// same tells whether the books have what an entry of a list would record already, and counts it as found: a list that comes again with a
// row more adds that row alone. What really happened twice in the same way stands twice in the list, or is sent with Purpose.Repeat. A list
// whose rows have no dates of their own is compared without.
func (u *Upload) same(v *journal.View, row sheet.Row, e journal.Entry) bool {
	if u.Purpose.Repeat {
		return false
	}
	wanted := ""
	switch e := e.(type) {
	case *income.RecordIncome:
		wanted = u.sameIncome(v, e)
	case *income.RecordContract:
		if wanted = u.sameContract(v, e); u.have[wanted] > 0 && u.named["terms "+wanted] != sameKey(e.Area, e.Rent, cmp.Or(e.Every, 12), e.Once,
			e.RiseYears, e.Rise, e.RiseBy) {
			u.doubt(row, "rent", "台账里已有这份合同,但约定的面积、金额或付法不一样;改了的请到那份合同的页上变更")
		}
	case *dividend.RecordTrade:
		wanted = u.sameTrade(v, e)
	case *register.RecordContribution:
		wanted = u.sameContribution(v, e)
	default:
		return false
	}
	if u.have[wanted] == 0 {
		if first := u.named["line "+wanted]; first != "" {
			u.doubt(row, "", "与第 %s 行一模一样;是同一笔就请去掉一行", first)
		} else {
			u.named["line "+wanted] = u.Table.Place(row.Number)
		}
		return false
	}
	u.have[wanted]--
	return true
}

// once loads what the books have of something, the first time that it is asked for.
func (u *Upload) once(what string, load func()) {
	if _, ok := u.have["loaded "+what]; !ok {
		u.have["loaded "+what] = 1
		load()
	}
}

// dated is a day where the list has days, else none.
func (u *Upload) dated(d journal.Date) journal.Date {
	if !slices.Contains(u.Table.Columns, "date") {
		return ""
	}
	return d
}

// sameKey is what two of the same have in common.
func sameKey(parts ...any) string { return fmt.Sprintln(parts...) }

func (u *Upload) sameIncome(v *journal.View, e *income.RecordIncome) string {
	u.once(e.Book+string(e.Date)[:min(4, len(e.Date))], func() {
		lines, _ := income.Incomes(v, e.Book, e.Date.Year(), "")
		for _, l := range lines {
			if l.Stands() {
				u.have[sameKey(l.Item, l.Date, l.Amount, l.Party, l.Voucher, l.Years, l.From, l.To)]++
			}
		}
	})
	years := e.Years
	if years == 1 {
		years = 0 // as the books write it
	}
	return sameKey(e.Item, e.Date, e.Amount, e.Party, e.Voucher, years, e.From, e.To)
}

func (u *Upload) sameContract(v *journal.View, e *income.RecordContract) string {
	u.once("contracts of "+e.Book, func() {
		_ = income.EachContract(v, e.Book, func(k income.Contract) error { // whoever may not read it is refused by the posting
			if t := k.Terms[0]; k.Void == "" {
				ends := []journal.Date{t.To, k.Until()} // as it was agreed, and as lists write it
				for _, to := range slices.Compact(ends) {
					key := sameKey(k.Book(), k.Party, k.Thing, t.From, to)
					u.have[key]++
					u.named["terms "+key] = sameKey(t.Area, t.Rent, t.Months(), t.Once, t.RiseYears, t.Rise, t.RiseBy)
				}
			}
			return nil
		})
	})
	return sameKey(e.Book, e.Party, e.Thing, e.From, e.To)
}

func (u *Upload) sameTrade(v *journal.View, e *dividend.RecordTrade) string {
	u.once(e.Entity+string(e.Date)[:min(4, len(e.Date))], func() {
		lines, _, _ := dividend.Trades(v, e.Entity, e.Date.Year(), "", "", journal.MaxEntries)
		back := map[string]int{} // taken back: on whichever day
		for _, l := range lines {
			if l.Amount < 0 || l.Volume < 0 {
				back[sameKey(l.Holder, l.Product, -l.Volume, -l.Amount)]++
			}
		}
		for _, l := range lines {
			if k := sameKey(l.Holder, l.Product, l.Volume, l.Amount); back[k] > 0 {
				back[k]--
				continue
			}
			u.have[sameKey(l.Holder, u.dated(l.Date), l.Product, l.Volume, l.Amount)]++
		}
	})
	return sameKey(e.Holder, u.dated(e.Date), e.Product, e.Volume, e.Amount)
}

func (u *Upload) sameContribution(v *journal.View, e *register.RecordContribution) string {
	u.once(u.Purpose.Entity, func() {
		lines, _, _ := register.Contributions(v, u.Purpose.Entity, sums.YearOf(v.Today().Year()), "", "", journal.MaxEntries)
		for _, b := range lines {
			if b.Reversed == 0 {
				u.have[sameKey(b.Holder, b.Kind, b.Class, u.dated(b.Date), b.Area, b.Value, b.Shares)]++
			}
		}
	})
	return sameKey(e.Holder, e.Kind, e.Class, u.dated(e.Date), e.Area, e.Value, e.Shares)
}
