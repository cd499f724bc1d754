package dividend

import (
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Equity is what belongs to the members of a specialised cooperative, in yuan, by the columns of the statement of its changes
// (成员权益变动表, 会农社03表, 财会〔2021〕37号).
type Equity struct {
	Capital       money.Yuan // 股金
	Special       money.Yuan // 专项基金
	Premium       money.Yuan // 资本公积: nothing is booked there
	Reserve       money.Yuan // 盈余公积
	Undistributed money.Yuan // 未分配盈余
}

// EquityForm is the statement's 表号.
const EquityForm = "会农社03表"

// Sum is all of it.
func (e Equity) Sum() money.Yuan {
	return e.Capital + e.Special + e.Premium + e.Reserve + e.Undistributed
}

func (e Equity) plus(o Equity) Equity {
	return Equity{e.Capital + o.Capital, e.Special + o.Special, e.Premium + o.Premium, e.Reserve + o.Reserve,
		e.Undistributed + o.Undistributed}
}

// EquityRow is a cause of changes.
type EquityRow struct {
	Label journal.Label
	Less  bool // 本年减少
	Equity
}

// EquityChange is what has changed members' equity in a year: what was there, the causes, and what is there then.
type EquityChange struct {
	Year             int
	Opening, Closing Equity
	Rows             []EquityRow
}

// EquityOf works out how the members' equity of a specialised cooperative changed in a year, up to today where it is not over.
func EquityOf(v *journal.View, entity string, year int) (x EquityChange, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return x, err
	}
	e, err := register.EntityOfIn(books, entity)
	if err != nil {
		return x, err
	}
	if e.Kind != register.SpecialisedCooperative {
		return x, journal.Clash("entity", entity, "成员权益变动表只有农民专业合作社有,%s是%s", e.Name, e.Kind.Label())
	}
	if err := income.CheckYear(v, year); err != nil {
		return x, err
	}
	return equityOf(books, e, year, min(journal.YearEnd(year), v.Today())), nil
}

func equityOf(r store.Reader, e register.Entity, year int, end journal.Date) EquityChange {
	before := journal.YearEnd(year - 1)
	s := income.StatementIn(r, e.Book(), year)
	x := EquityChange{Year: year, Opening: equityAt(r, e, before, year-1), Closing: equityAt(r, e, end, year)}
	x.Opening.Undistributed, x.Closing.Undistributed = s.Opening, s.Closing
	add := func(label journal.Label, less bool, by Equity) {
		if by != (Equity{}) {
			x.Rows = append(x.Rows, EquityRow{label, less, by})
		}
	}
	in := func(on journal.Date) bool { return on > before && on <= end }
	var turned, gone Equity
	for _, l := range accountLines.Scan(r, e.ID) {
		if l.Capital && !l.Leaving && in(l.Date) {
			turned.Capital += l.Amount
		}
	}
	for _, l := range leavings.Scan(r, e.ID) {
		if l.Open() && l.Settled != nil && in(l.Settled.Date) {
			gone = gone.plus(Equity{Capital: -l.Settled.Capital, Reserve: -l.Settled.Reserve})
		}
	}
	paid := Equity{Capital: paidIn(r, e.ID, before, end)}
	grants, gifts := specialIn(r, e, before, end)
	add("成员入股", false, paid)
	add("国家财政直接补助", false, Equity{Special: grants})
	add("他人捐赠", false, Equity{Special: gifts})
	add("本年盈余", false, Equity{Undistributed: s.Gain})
	add("提取盈余公积", false, Equity{Reserve: s.Reserve, Undistributed: -s.Reserve})
	add("转为成员出资", false, turned) // out of what was due: the year that gave it out shows it as given out
	add("期初结存", false, Equity{Reserve: s.Opened})
	covered := s.Covered()
	add("公积弥补亏损", false, Equity{Reserve: -covered, Undistributed: covered})
	add("未领的分红转入", false, Equity{Reserve: unclaimedIn(r, e.Book(), before, end)})
	add("退社成员分担亏损", false, Equity{Undistributed: s.Borne})
	add("盈余返还", true, Equity{Undistributed: -(s.Uses.Returned + s.Uses.TradeCapital)})
	add("剩余盈余分配", true, Equity{Undistributed: -(s.Uses.Sum() - s.Uses.Returned - s.Uses.TradeCapital)})
	add("提取福利费", true, Equity{Undistributed: -s.Welfare})
	add("成员退社", true, gone)
	sum := x.Opening
	for _, row := range x.Rows {
		sum = sum.plus(row.Equity)
	}
	add("股份退出和调整", true, Equity{Capital: x.Closing.Capital - sum.Capital}) // what is left: withdrawn, adjusted, sold back
	return x
}

// equityAt is the members' equity at the end of a day, the last of a year or of what has passed of it; without what is undistributed.
func equityAt(r store.Reader, e register.Entity, on journal.Date, year int) (x Equity) {
	for _, m := range everyAccount(r, e.ID, on) {
		x.Capital += m.Capital
	}
	grants, gifts := specialIn(r, e, "", on)
	x.Special = grants + gifts
	x.Reserve = income.StatementIn(r, e.Book(), year).Held + unclaimedIn(r, e.Book(), "", on)
	for _, l := range leavings.Scan(r, e.ID) {
		if l.Open() && l.Settled != nil && l.Settled.Date <= on {
			x.Reserve -= l.Settled.Reserve
		}
	}
	return x
}

// paidIn is what members paid in or contributed after a day up to another one.
func paidIn(r store.Reader, entity string, after, upTo journal.Date) (sum money.Yuan) {
	contributed := contributedTo(r, entity)
	for _, class := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		var units money.Quantity
		for _, m := range stakeEvents(r, class, upTo) {
			if m.At.Date() <= after || !m.fromOutside() {
				continue
			}
			if units += m.Quantity; class.Price == 0 {
				sum += contributed[m.At.Entry()]
			}
		}
		sum += money.FromDecimal(class.Price.Decimal().Mul(units.Decimal()))
	}
	return sum
}

// specialIn is what came into the special fund after a day up to another one: the state's, and donations. Older programs booked nothing
// there; what they quantified as a subsidy counts as the state's.
func specialIn(r store.Reader, e register.Entity, after, upTo journal.Date) (grants, gifts money.Yuan) {
	booked := map[uint64]bool{}
	for _, l := range income.FundsIn(r, e.Book(), income.SpecialAccount) {
		booked[l.Entry] = true
		switch {
		case l.Date <= after || l.Date > upTo:
		case l.Source == income.Donated:
			gifts += l.Amount
		default:
			grants += l.Amount
		}
	}
	for _, l := range accountLines.Scan(r, e.ID) {
		if l.Subsidy && l.Quantified() && !booked[l.Entry] && l.Date > after && l.Date <= upTo {
			grants += l.Amount
		}
	}
	return grants, gifts
}
