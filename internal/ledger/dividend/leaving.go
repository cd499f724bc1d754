package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Leaving is a member's leaving a specialised cooperative (退社, 农民专业合作社法 art. 25, 28): notice, the end of the accounting year, the account
// settled with its part of losses once the books are closed, paid in one sum or over years.
type Leaving struct {
	Entity  string       `cbor:"1,keyasint"`
	Holder  string       `cbor:"2,keyasint"`
	Applied journal.Date `cbor:"3,keyasint"`
	Year    int          `cbor:"4,keyasint"` // the member leaves at its end
	Reason  string       `cbor:"5,keyasint,omitempty"`
	Last    uint64       `cbor:"6,keyasint"`           // the entry of the last step, which alone can be taken back
	Void    uint64       `cbor:"7,keyasint,omitempty"` // the entry that took the application back
	Entry   uint64       `cbor:"8,keyasint"`           // of the application
	Settled *Settlement  `cbor:"9,keyasint,omitempty"`
}

// Settlement is what a leaving member's account comes to, in yuan.
type Settlement struct {
	Date         journal.Date  `cbor:"1,keyasint"`
	Capital      money.Yuan    `cbor:"2,keyasint"`           // paid in
	InKind       money.Yuan    `cbor:"3,keyasint,omitempty"` // of it land, which goes back itself
	Reserve      money.Yuan    `cbor:"4,keyasint,omitempty"`
	Subsidy      money.Yuan    `cbor:"5,keyasint,omitempty"` // stays, and is quantified over those who remain
	Loss         money.Yuan    `cbor:"6,keyasint,omitempty"` // the member's part, by capital and reserve share
	Paid         money.Yuan    `cbor:"7,keyasint"`           // in all
	Installments []Installment `cbor:"8,keyasint"`
	Out          []RetiredLot  `cbor:"9,keyasint,omitempty"`
	Parts        []Allotment   `cbor:"10,keyasint,omitempty"` // of the subsidies, to those who remain
	Entry        uint64        `cbor:"11,keyasint,omitempty"`
	Turned       money.Yuan    `cbor:"12,keyasint,omitempty"` // of the capital, what was surplus before
	Donated      money.Yuan    `cbor:"13,keyasint,omitempty"` // of the subsidies, what came by donations
	Gifts        []Allotment   `cbor:"14,keyasint,omitempty"` // of these, to those who remain; Parts is of the state's
	Borne        bool          `cbor:"15,keyasint,omitempty"` // the book's loss is less by the member's part
}

// Installment is a part of what a leaving member is paid.
type Installment struct {
	Due    journal.Date `cbor:"1,keyasint"`
	Amount money.Yuan   `cbor:"2,keyasint"`
	Paid   journal.Date `cbor:"3,keyasint,omitempty"`
	Entry  uint64       `cbor:"4,keyasint,omitempty"`
}

// RetiredLot is how many shares of a class a leaving member gave back.
type RetiredLot struct {
	_        struct{} `cbor:",toarray"`
	Class    string
	Quantity money.Quantity
}

// leavings: entity, holder and the number of the application.
var leavings = journal.Folded[Leaving]("leaving")

func (l Leaving) key() string { return l.Entity + l.Holder + journal.SeqKey(l.Entry) }

// Open tells whether the leaving is under way or done, and not taken back.
func (l Leaving) Open() bool { return l.Void == 0 }

// PaidSum is what has been paid of the settlement.
func (s Settlement) PaidSum() (sum money.Yuan) {
	for _, i := range s.Installments {
		if i.Paid != "" {
			sum += i.Amount
		}
	}
	return sum
}

// leavingOf finds a member's leaving that stands, the last one.
func leavingOf(r store.Reader, entity, holder string) (last Leaving, ok bool) {
	for _, l := range leavings.Scan(r, entity+holder) {
		if l.Open() {
			last, ok = l, true
		}
	}
	return last, ok
}

// leftSince names a member who was settled after an entry, "" where there is none.
func leftSince(c *journal.Checking, entity string, entry uint64) string {
	for _, l := range leavings.Scan(c, entity) {
		if l.Open() && l.Settled != nil && l.Settled.Entry > entry {
			s, _ := register.ShareholderTable.Get(c, l.Holder)
			return s.Name
		}
	}
	return ""
}

// ApplyToLeave notes that a member of a specialised cooperative has given notice. The member stays one until the account is settled.
type ApplyToLeave struct {
	Entity string       `cbor:"1,keyasint" json:"entity"`
	Holder string       `cbor:"2,keyasint" json:"holder"`
	Date   journal.Date `cbor:"3,keyasint" json:"date"`
	Reason string       `cbor:"4,keyasint,omitempty" json:"reason"`
	Year   int          `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&ApplyToLeave{}, journal.Kind{
	Label: "退社申请", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.(*ApplyToLeave).Entity },
	Note: "农民专业合作社成员提前三个月(单位六个月)书面提出,年底终止 / notice three months, bodies six, before the year's end",
})

// Place is the village of the cooperative.
func (e *ApplyToLeave) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the member's id.
func (e *ApplyToLeave) Subject() string { return e.Holder }

func (e *ApplyToLeave) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	register.CheckActive(&f, entity, c.Today())
	if entity.Kind != register.SpecialisedCooperative {
		f.Add(journal.Conflict, "entity", e.Entity, "%s是%s,退社只在农民专业合作社", entity.Name, entity.Kind.Label())
	}
	journal.CheckDate(c, &f, "date", e.Date)
	s, ok := register.ShareholderTable.Get(c, e.Holder)
	switch _, leaving := leavingOf(c, e.Entity, e.Holder); {
	case !ok:
		f.Add(journal.NotFound, "holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	case !isMember(c, e.Entity, e.Holder):
		f.Add(journal.Conflict, "holder", e.Holder, "%s不是%s的成员:没有它的股份", s.Name, entity.Name)
	case leaving:
		f.Add(journal.Conflict, "holder", e.Holder, "%s已经申请退社", s.Name)
	}
	if len(f) > 0 {
		return f
	}
	if e.Year = entity.LeavesAt(s, e.Date); e.Year > e.Date.Year() {
		c.Doubt("date", e.Date, "%s 提出,来不及在 %s 年底退社:要到 %s 年底", string(e.Date), strconv.Itoa(e.Date.Year()), strconv.Itoa(e.Year))
	}
	return nil
}

// isMember tells whether somebody holds any shares of an entity, by all that is known.
func isMember(r store.Reader, entity, holder string) bool {
	for id := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		if register.HoldsOf(r, id, holder) != 0 {
			return true
		}
	}
	return false
}

func (e *ApplyToLeave) Apply(a *journal.Applying) {
	l := Leaving{Entity: e.Entity, Holder: e.Holder, Applied: e.Date, Year: e.Year, Reason: e.Reason, Last: a.Seq, Entry: a.Seq}
	leavings.Put(a.Tx, l.key(), l)
}

// lots are the shares that a settlement takes out, of all classes; with 1 as they are given back.
func (s Settlement) lots(holder string, sign money.Quantity) (list []register.Lot) {
	for _, out := range s.Out {
		list = append(list, register.Lot{Holder: holder, Quantity: sign * out.Quantity})
	}
	return list
}

// SettleLeaving settles a leaving member's account once the books of the year are closed: capital and reserve share less the member's part
// of what the cooperative has lost, in proportion to them. The part of state grants and donations stays, and is quantified equally over
// those who remain. With it the membership ends.
type SettleLeaving struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Holder     string       `cbor:"2,keyasint" json:"holder"`
	Date       journal.Date `cbor:"3,keyasint" json:"date"`
	Resolution string       `cbor:"4,keyasint,omitempty" json:"resolution"`
	Settled    Settlement   `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&SettleLeaving{}, journal.Kind{
	Label: "退社结算", Holdings: true, Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.(*SettleLeaving).Entity },
	Note: "结账以后,退还出资额和公积金份额,分担亏损 / after the books close: capital and reserve share less losses",
})

// Place is the village of the cooperative.
func (e *SettleLeaving) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the member's id.
func (e *SettleLeaving) Subject() string { return e.Holder }

func (e *SettleLeaving) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	l, ok := leavingOf(c, e.Entity, e.Holder)
	if !ok {
		return journal.Clash("holder", e.Holder, "%s没有申请退社;请先记退社申请", nameOf(c, e.Holder))
	} else if l.Settled != nil {
		return journal.Clash("holder", e.Holder, "%s的退社已于 %s 结算", nameOf(c, e.Holder), string(l.Settled.Date))
	}
	var f journal.Faults
	year := strconv.Itoa(l.Year)
	if journal.CheckDate(c, &f, "date", e.Date); e.Date != "" && e.Date <= journal.YearEnd(l.Year) {
		f.Invalid("date", e.Date, "到 %s 年底才退社;结算日期要在那以后", year)
	}
	if _, closed := office.ClosedFrom(c, e.Place(), l.Year); !closed {
		f.Add(journal.Conflict, "date", e.Date, "%s 年还没有结账,亏损还会变;请结账以后再结算", year)
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Withdrawal)
	plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date)
	for _, line := range accountLines.Scan(c, e.Entity+e.Holder) {
		if e.Date != "" && line.Date > e.Date {
			f.Invalid("date", e.Date, "%s的账户在 %s 还有变动;结算日期要在那以后", nameOf(c, e.Holder), string(line.Date))
			break
		}
	}
	if len(f) > 0 {
		return f
	}
	e.Settled = Settlement{Date: e.Date}
	e.settle(c, &f, entity, l)
	return f.Err()
}

// settle works the account out.
func (e *SettleLeaving) settle(c *journal.Checking, f *journal.Faults, entity register.Entity, l Leaving) {
	s := &e.Settled
	var weights, rest []money.Weight
	var mine MemberAccount
	for _, m := range memberAccounts(c, e.Entity, e.Date) {
		weights = append(weights, money.Weight{Key: m.Holder, Amount: money.Quantity(max(0, m.Capital+m.Reserve))})
		if m.Holder == e.Holder {
			mine = m
		} else {
			rest = append(rest, money.Weight{Key: m.Holder, Amount: 1})
		}
	}
	s.Capital, s.Reserve, s.Subsidy, s.Turned, s.Donated = mine.Capital, mine.Reserve, mine.Subsidy, mine.Turned, mine.Donated
	for id, class := range register.ClassTable.Scan(c, journal.ClassID.Front(e.Entity)) {
		q := register.CheckRetiring(c, f, class, e.Holder, e.Date)
		if q == 0 {
			continue
		}
		s.Out = append(s.Out, RetiredLot{Class: id, Quantity: q})
		if class.Kind == register.LandShare {
			s.InKind += worthOf(c, class, e.Date, "", "")[e.Holder].value
		}
	}
	register.GuardMembers(c, f, "date", e.Date, e.Entity, e.Date, s.lots(e.Holder, -1)...)
	lost := max(0, -income.StatementIn(c, entity.Book(), l.Year).Closing)
	for _, other := range leavings.Scan(c, e.Entity) { // who left with the same year has borne a part already, and weighs no more
		if other.Open() && other.Year == l.Year && other.Settled != nil {
			lost = max(0, lost-other.Settled.Loss)
		}
	}
	if lost > 0 {
		parts, _ := money.Apportion(lost, weights)
		for i, p := range parts {
			if weights[i].Key == e.Holder {
				s.Loss = p.Amount
			}
		}
	}
	if s.Borne = s.Loss > 0; s.Borne {
		income.CheckBookDate(c, f, e.Place(), "date", e.Date)
	}
	s.Paid = max(0, s.Capital-s.InKind+s.Reserve-s.Loss)
	if short := s.Loss - (s.Capital - s.InKind + s.Reserve); short > 0 {
		c.Doubt("holder", nameOf(c, e.Holder), "分担的亏损比退还的多 %s 元,不退钱", short.Grouped())
	}
	if s.Subsidy > 0 {
		var err error
		if s.Parts, err = allot(s.Subsidy-s.Donated, rest); err == nil {
			s.Gifts, err = allot(s.Donated, rest)
		}
		if err != nil {
			f.Add(journal.Conflict, "entity", e.Entity, "没有别的成员,补助份额没有人接着量化;合作社请走注销")
		}
	}
	s.Installments = installments(s.Paid, entity.PaidOver(), e.Date)
}

// installments divides a sum over years, the first on a day, the odd 分 to the earlier ones.
func installments(sum money.Yuan, years int, from journal.Date) (list []Installment) {
	if sum == 0 {
		return nil
	}
	var weights []money.Weight
	for i := range years {
		weights = append(weights, money.Weight{Key: journal.Number(i, 2), Amount: 1})
	}
	parts, _ := money.Apportion(sum, weights)
	for i, p := range parts {
		list = append(list, Installment{Due: from.PlusYears(i), Amount: p.Amount})
	}
	return list
}

func nameOf(r store.Reader, holder string) string {
	s, _ := register.ShareholderTable.Get(r, holder)
	return s.Name
}

func (e *SettleLeaving) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	l, _ := leavingOf(a, e.Entity, e.Holder)
	settled := e.Settled
	settled.Entry = a.Seq
	l.Settled, l.Last = &settled, a.Seq
	leavings.Put(a.Tx, l.key(), l)
	for _, out := range settled.Out {
		register.Retire(a, out.Class, e.Holder, settled.Date, out.Quantity)
	}
	settled.book(a, l, 1, settled.Date)
}

// book writes what the settlement does to the members' accounts; with -1 it takes that back.
func (s Settlement) book(a *journal.Applying, l Leaving, sign money.Yuan, on journal.Date) {
	// Beside the line of the reserves, of one entry: subsidies, donations, capital that was surplus.
	put := func(holder, beside string, amount money.Yuan) {
		if amount == 0 {
			return
		}
		line := AccountLine{Year: l.Year, Date: on, Amount: sign * amount, Entry: a.Seq, Leaving: true}
		line.Subsidy, line.Donation, line.Capital = beside == "S" || beside == "D", beside == "D", beside == "C"
		accountLines.Put(a.Tx, l.Entity+holder+beside+journal.SeqKey(a.Seq), line)
	}
	if s.Borne {
		income.BookRelease(a, l.Entity, income.Release{Date: on, Amount: sign * s.Loss, Borne: true, Reason: l.Reason})
	}
	put(l.Holder, "", -s.Reserve)
	put(l.Holder, "S", -(s.Subsidy - s.Donated))
	put(l.Holder, "D", -s.Donated)
	put(l.Holder, "C", -s.Turned)
	for _, p := range s.Parts {
		put(p.Holder, "S", p.Amount)
	}
	for _, p := range s.Gifts {
		put(p.Holder, "D", p.Amount)
	}
}

// Leavings lists the members who leave, or have left, an entity, in the order of their ids and applications.
func Leavings(v *journal.View, entity string) (list []Leaving, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	for _, l := range leavings.Scan(books, entity) {
		if l.Open() {
			list = append(list, l)
		}
	}
	return list, nil
}

// LeavingOf is a member's leaving of an entity that stands, and whether there is one.
func LeavingOf(v *journal.View, entity, holder string) (Leaving, bool, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return Leaving{}, false, err
	}
	l, ok := leavingOf(books, entity, holder)
	return l, ok, nil
}
