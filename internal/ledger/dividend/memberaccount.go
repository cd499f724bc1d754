package dividend

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// MemberAccount is a member's account with a specialised cooperative (成员账户, 农民专业合作社法 art. 43): what was paid in, the member's part of the
// reserves and of subsidies and donations, and the year's trade.
type MemberAccount struct {
	Holder  string
	Capital money.Yuan // paid in: by the classes' price, or by what was contributed; with what was surplus before
	Turned  money.Yuan // of the capital, what was surplus before
	Reserve money.Yuan // quantified part of the reserves
	Subsidy money.Yuan // quantified part of state subsidies and donations; never transferable
	Donated money.Yuan // of it, what came by donations
}

// Balance is what the rest of the surplus is distributed by (art. 44).
func (m MemberAccount) Balance() money.Yuan { return m.Capital + m.Reserve + m.Subsidy }

// Since returns what has come to an account since an earlier day.
func (m MemberAccount) Since(old MemberAccount) MemberAccount {
	return MemberAccount{Holder: m.Holder, Capital: m.Capital - old.Capital, Turned: m.Turned - old.Turned, Reserve: m.Reserve - old.Reserve,
		Subsidy: m.Subsidy - old.Subsidy, Donated: m.Donated - old.Donated}
}

// AccountLine is one quantified part in a member's account.
type AccountLine struct {
	Subsidy bool         `cbor:"1,keyasint,omitempty"` // of a subsidy, not of the reserves
	Year    int          `cbor:"2,keyasint"`
	Date    journal.Date `cbor:"3,keyasint"`
	Amount  money.Yuan   `cbor:"4,keyasint"`
	Source  string       `cbor:"5,keyasint,omitempty"`
	Entry   uint64       `cbor:"6,keyasint"`
	// Reverses is the entry whose line this one takes back, or 0.
	Reverses uint64 `cbor:"7,keyasint,omitempty"`
	Leaving  bool   `cbor:"8,keyasint,omitempty"`  // by a member's leaving, taken back with it alone
	Donation bool   `cbor:"9,keyasint,omitempty"`  // of a subsidy: a donation, not the state's
	Capital  bool   `cbor:"10,keyasint,omitempty"` // surplus that became capital, with the payout that it was (art. 44)
	Cover    bool   `cbor:"11,keyasint,omitempty"` // of the reserves, what made good losses
}

// Quantified tells whether a quantification divided it: what goes with a leaving, a payout or a loss made good is taken back with that.
func (l AccountLine) Quantified() bool { return !l.Leaving && !l.Capital && !l.Cover }

var accountLines = journal.Folded[AccountLine]("account_line")

// Allotment is a holder's part of something that is divided.
type Allotment struct {
	_      struct{} `cbor:",toarray"`
	Holder string
	Amount money.Yuan
}

// stakeWorth is what a holder's shares of a class stand for, in 分: at the end of a day, and times the days it stood in a period.
type stakeWorth struct{ value, days money.Yuan }

// worthOf works out what each holder's shares of a class stand for: units × price where the class has one; else what was contributed for
// them, which goes along with the shares when they move and leaves with those that are withdrawn.
func worthOf(r store.Reader, class register.ShareClass, on, from, to journal.Date) map[string]stakeWorth {
	events := stakeEvents(r, class, on)
	if class.Price != 0 {
		return pricedWorth(events, class.Price.Decimal(), from, to)
	}
	contributed := contributedTo(r, class.Entity())
	l := stakeLedger{from: from, to: to, worth: map[string]stakeWorth{}, held: map[string]money.Quantity{}}
	for i := 0; i < len(events); {
		n := i + 1
		for n < len(events) && events[n].At.Day() == events[i].At.Day() && events[n].At.Entry() == events[i].At.Entry() {
			n++
		}
		l.move(events[i:n], contributed[events[i].At.Entry()])
		i = n
	}
	return l.worth
}

// contributedTo is what was contributed to an entity and stands, by the entry that recorded it.
func contributedTo(r store.Reader, entity string) map[uint64]money.Yuan {
	sums := map[uint64]money.Yuan{}
	for _, b := range register.ContributionTable.Scan(r, journal.ContributionID.Front(entity)) {
		if b.Reversed == 0 {
			sums[b.Entry] = b.Value
		}
	}
	return sums
}

// stakeEvent is one movement of a class's shares that was not reversed.
type stakeEvent struct {
	Holder string
	At     register.MovementKey
	register.Movement
}

// fromOutside tells whether the shares were newly issued, not another holder's before.
func (e stakeEvent) fromOutside() bool {
	return e.Cause == "IssueShares" || e.Cause == "RecordContribution"
}

// stakeEvents lists the movements of a class up to a day. By day; of a day first what comes from outside, since a day is judged by its end;
// then by entry, and of one entry what leaves before what arrives.
func stakeEvents(r store.Reader, class register.ShareClass, on journal.Date) (events []stakeEvent) {
	reversed := register.ReversedIn(r, class.ID)
	for k, m := range register.MovementTable.Scan(r, class.ID) {
		if at := register.MovementKey(k); at.Date() <= on && m.Reverses == 0 && !reversed[at.Entry()] {
			events = append(events, stakeEvent{at.Holder(), at, m})
		}
	}
	outside := func(e stakeEvent) int {
		if e.fromOutside() {
			return 0
		}
		return 1
	}
	slices.SortFunc(events, func(a, b stakeEvent) int {
		return cmp.Or(cmp.Compare(a.At.Day(), b.At.Day()), cmp.Compare(outside(a), outside(b)), cmp.Compare(a.At.Entry(), b.At.Entry()),
			cmp.Compare(a.Quantity, b.Quantity), cmp.Compare(a.Holder, b.Holder))
	})
	return events
}

// pricedWorth is what shares of a class with a price are worth.
func pricedWorth(events []stakeEvent, price decimal.Decimal, from, to journal.Date) map[string]stakeWorth {
	units, days := map[string]money.Quantity{}, map[string]money.Quantity{}
	for _, e := range events {
		units[e.Holder] += e.Quantity
		if first := max(e.At.Date(), from); first <= to {
			days[e.Holder] += e.Quantity * money.Quantity(to.DayNumber()-first.DayNumber()+1)
		}
	}
	worth := map[string]stakeWorth{}
	for h, q := range units {
		worth[h] = stakeWorth{money.FromDecimal(price.Mul(q.Decimal())), money.FromDecimal(price.Mul(days[h].Decimal()))}
	}
	return worth
}

// stakeLedger follows what each holder put in, as shares of a class without a price go from hand to hand.
type stakeLedger struct {
	from, to journal.Date
	worth    map[string]stakeWorth
	held     map[string]money.Quantity
}

func (l *stakeLedger) add(e stakeEvent, value money.Yuan) {
	w := l.worth[e.Holder]
	w.value += value
	if first := max(e.At.Date(), l.from); first <= l.to {
		w.days += value * money.Yuan(l.to.DayNumber()-first.DayNumber()+1)
	}
	l.worth[e.Holder] = w
	l.held[e.Holder] += e.Quantity
}

// move follows one entry: what leaves takes its part of the holder's worth along; who gets it gets that, or what was contributed.
func (l *stakeLedger) move(events []stakeEvent, contributed money.Yuan) {
	var leaving money.Yuan
	var left, arrived money.Quantity
	var arrivals []money.Weight
	for _, e := range events {
		if e.Quantity > 0 {
			arrivals, arrived = append(arrivals, money.Weight{Key: e.Holder, Amount: e.Quantity}), arrived+e.Quantity
			continue
		}
		value := money.Yuan(0)
		if has := l.held[e.Holder]; has > 0 {
			value = proportion(l.worth[e.Holder].value, min(-e.Quantity, has), has)
		}
		l.add(e, -value)
		leaving, left = leaving+value, left-e.Quantity
	}
	if arrived < left { // part of it went out of the class
		leaving = proportion(leaving, arrived, left)
	}
	parts, _ := money.Apportion(leaving, arrivals)
	k := 0
	for _, e := range events {
		if e.Quantity <= 0 {
			continue
		}
		value := contributed
		if leaving > 0 {
			value = parts[k].Amount
		}
		l.add(e, value)
		k++
	}
}

// proportion is value × part ÷ whole, rounded to the 分.
func proportion(value money.Yuan, part, whole money.Quantity) money.Yuan {
	if whole == 0 {
		return 0
	}
	return money.FromDecimal(value.Decimal().Mul(part.Decimal()).DivRound(whole.Decimal(), 10))
}

// memberAccounts works out the accounts of an entity's shareholders at the end of a day, in order of their ids.
func memberAccounts(r store.Reader, entity string, on journal.Date) (list []MemberAccount) {
	capital := map[string]money.Yuan{}
	for id, class := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		worth := worthOf(r, class, on, "", "")
		for _, s := range register.RegisterOf(r, id, on) {
			if s.Quantity != 0 {
				capital[s.Holder] += worth[s.Holder].value
			}
		}
	}
	for h, sum := range capital {
		m := MemberAccount{Holder: h, Capital: sum}
		for _, l := range accountLines.Scan(r, entity+h) {
			if l.Date <= on {
				m.add(l)
			}
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b MemberAccount) int { return cmp.Compare(a.Holder, b.Holder) })
	return list
}

// add adds a line to the part of the account that it belongs to.
func (m *MemberAccount) add(l AccountLine) {
	switch {
	case l.Capital:
		m.Capital, m.Turned = m.Capital+l.Amount, m.Turned+l.Amount
	case l.Subsidy:
		if m.Subsidy += l.Amount; l.Donation {
			m.Donated += l.Amount
		}
	default:
		m.Reserve += l.Amount
	}
}

// everyAccount is memberAccounts with those in which something stands though their holders have no shares any more.
func everyAccount(r store.Reader, entity string, on journal.Date) []MemberAccount {
	list := memberAccounts(r, entity, on)
	others := map[string]*MemberAccount{}
	for k, l := range accountLines.Scan(r, entity) {
		holder, _ := journal.HolderID.Cut(k[len(entity):])
		_, held := slices.BinarySearchFunc(list, holder, func(m MemberAccount, h string) int { return cmp.Compare(m.Holder, h) })
		if held || l.Date > on {
			continue
		}
		if others[holder] == nil {
			others[holder] = &MemberAccount{Holder: holder}
		}
		others[holder].add(l)
	}
	for _, m := range others {
		if m.Balance() != 0 {
			list = append(list, *m)
		}
	}
	slices.SortFunc(list, func(a, b MemberAccount) int { return cmp.Compare(a.Holder, b.Holder) })
	return list
}

// MemberAccounts lists the accounts of an entity's members at the end of a day, and those in which something stands though their holders
// have no shares any more.
func MemberAccounts(v *journal.View, entity string, on journal.Date) ([]MemberAccount, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	return everyAccount(books, entity, on), nil
}

// AccountLines lists the quantified parts in a member's account up to the end of a day.
func AccountLines(v *journal.View, entity, holder string, on journal.Date) (list []AccountLine, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	for _, l := range accountLines.Scan(books, entity+holder) {
		if l.Date <= on {
			list = append(list, l)
		}
	}
	return list, nil
}
