package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

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

// MemberAccount is a member's account with a specialised cooperative (成员账户, 农民专业合作社法 art. 43): what was paid in, the member's part of the
// reserves and of subsidies and donations, and the year's trade.
type MemberAccount struct {
	Holder  string
	Capital money.Yuan // paid in: by the classes' price, or by what was contributed
	Reserve money.Yuan // quantified part of the reserves
	Subsidy money.Yuan // quantified part of state subsidies and donations; never transferable
}

// Balance is what the rest of the surplus is distributed by (art. 44).
func (m MemberAccount) Balance() money.Yuan { return m.Capital + m.Reserve + m.Subsidy }

// Since returns what has come to an account since an earlier day.
func (m MemberAccount) Since(old MemberAccount) MemberAccount {
	return MemberAccount{Holder: m.Holder, Capital: m.Capital - old.Capital, Reserve: m.Reserve - old.Reserve,
		Subsidy: m.Subsidy - old.Subsidy}
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
	Leaving  bool   `cbor:"8,keyasint,omitempty"` // by a member's leaving, taken back with it alone
}

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
	contributed := map[uint64]money.Yuan{}
	for _, b := range register.ContributionTable.Scan(r, journal.ContributionID.Front(class.Entity())) {
		if b.Class == class.ID && b.Reversed == 0 {
			contributed[b.Entry] = b.Value
		}
	}
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

// stakeEvent is one movement of a class's shares that was not reversed.
type stakeEvent struct {
	Holder string
	At     register.MovementKey
	register.Movement
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
		if e.Cause == "IssueShares" || e.Cause == "RecordContribution" {
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
			switch {
			case l.Date > on:
			case l.Subsidy:
				m.Subsidy += l.Amount
			default:
				m.Reserve += l.Amount
			}
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b MemberAccount) int { return cmp.Compare(a.Holder, b.Holder) })
	return list
}

// allot divides a sum by weights, by largest remainder.
func allot(sum money.Yuan, weights []money.Weight) (list []Allotment, err error) {
	parts, err := money.Apportion(sum, weights)
	for i, p := range parts {
		if p.Amount != 0 {
			list = append(list, Allotment{Holder: weights[i].Key, Amount: p.Amount})
		}
	}
	return list, err
}

// QuantifyReserve divides a closed year's reserve among the members' accounts: by their trade of the year; by their capital where nobody
// traded; equally where none was paid in.
type QuantifyReserve struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Year       int          `cbor:"2,keyasint" json:"year"`
	Resolution string       `cbor:"3,keyasint" json:"resolution"`
	Date       journal.Date `cbor:"4,keyasint" json:"date"`
	Parts      []Allotment  `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&QuantifyReserve{}, journal.Kind{
	Label: "量化公积金", Roles: []journal.Role{journal.Accountant},
	Note: "当年公积金按交易额分到成员账户 / by trade into the members' accounts",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
})

// Place is the village of the entity.
func (e *QuantifyReserve) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *QuantifyReserve) Subject() string { return e.Entity }

func (e *QuantifyReserve) Check(c *journal.Checking) error {
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Fund)
	if e.Year < 1949 || e.Year > c.Today().Year() {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
	if len(f) > 0 {
		return f
	}
	if _, closed := office.ClosedFrom(c, e.Place(), e.Year); !closed {
		return journal.Clash("year", e.Year, "%s 年还没有结账,公积金还会变;请结账以后再量化", strconv.Itoa(e.Year))
	}
	if plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date); len(f) > 0 {
		return f
	}
	var done money.Yuan
	for _, l := range accountLines.Scan(c, e.Entity) {
		if !l.Subsidy && l.Year == e.Year {
			done += l.Amount
		}
	}
	if done != 0 {
		return journal.Clash("year", e.Year, "%s 年的公积金已经量化到成员账户", strconv.Itoa(e.Year))
	}
	sum := income.StatementIn(c, entity.Book(), e.Year).Reserve
	if sum <= 0 {
		return journal.Clash("year", e.Year, "%s 年没有提取公积金,没有可量化的", strconv.Itoa(e.Year))
	}
	var weights []money.Weight
	var traded money.Yuan
	end := journal.YearEnd(e.Year) // who has left by then has no account to hold it
	for _, t := range tradeOf(c, e.Entity, end, end, end) {
		weights = append(weights, money.Weight{Key: t.Holder, Amount: money.Quantity(t.Amount)})
		traded += t.Amount
	}
	if traded == 0 {
		weights = nil
		var capital money.Yuan
		for _, m := range memberAccounts(c, e.Entity, e.Date) {
			weights = append(weights, money.Weight{Key: m.Holder, Amount: money.Quantity(m.Capital)})
			capital += m.Capital
		}
		for i := range weights {
			if capital == 0 {
				weights[i].Amount = 1
			}
		}
	}
	if e.Parts, err = allot(sum, weights); err != nil {
		return journal.Clash("entity", e.Entity, "还没有成员,没有可量化的账户")
	}
	return nil
}

func (e *QuantifyReserve) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	for _, p := range e.Parts {
		accountLines.Put(a.Tx, e.Entity+p.Holder+journal.SeqKey(a.Seq), AccountLine{Year: e.Year, Date: e.Date, Amount: p.Amount,
			Source: e.Resolution, Entry: a.Seq})
	}
}

// QuantifySubsidy divides a state subsidy or donation equally among the accounts of those who are members on a day.
type QuantifySubsidy struct {
	Entity     string       `cbor:"1,keyasint" json:"entity"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Amount     money.Yuan   `cbor:"3,keyasint" json:"amount"`
	Source     string       `cbor:"4,keyasint" json:"source"`
	Resolution string       `cbor:"5,keyasint,omitempty" json:"resolution"`
	Parts      []Allotment  `cbor:"6,keyasint" json:"-"`
}

var _ = journal.Register(&QuantifySubsidy{}, journal.Kind{
	Label: "量化补助", Roles: []journal.Role{journal.Accountant},
	Note: "平均分到成员账户 / equally into the members' accounts",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
})

// Place is the village of the entity.
func (e *QuantifySubsidy) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *QuantifySubsidy) Subject() string { return e.Entity }

func (e *QuantifySubsidy) Check(c *journal.Checking) error {
	if _, err := register.EntityOfIn(c, e.Entity); err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Amount <= 0 {
		f.Invalid("amount", e.Amount, "请填写金额,例如 36000.56")
	}
	if e.Source == "" {
		f.Invalid("source", "", "请写明补助或捐赠的来源")
	}
	plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date)
	if len(f) > 0 {
		return f
	}
	var weights []money.Weight
	for _, m := range memberAccounts(c, e.Entity, e.Date) {
		weights = append(weights, money.Weight{Key: m.Holder, Amount: 1})
	}
	var err error
	if e.Parts, err = allot(e.Amount, weights); err != nil {
		return journal.Clash("entity", e.Entity, "还没有成员,没有可量化的账户")
	}
	return nil
}

func (e *QuantifySubsidy) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	for _, p := range e.Parts {
		accountLines.Put(a.Tx, e.Entity+p.Holder+journal.SeqKey(a.Seq), AccountLine{
			Subsidy: true, Year: e.Date.Year(), Date: e.Date, Amount: p.Amount, Source: e.Source, Entry: a.Seq,
		})
	}
}

// ReverseQuantified takes back what one entry divided among the members' accounts, named by its number in the journal.
type ReverseQuantified struct {
	Entity     string `cbor:"1,keyasint" json:"entity"`
	Quantified int    `cbor:"2,keyasint" json:"quantified"`
	Reason     string `cbor:"3,keyasint" json:"reason"`
}

var _ = journal.Register(&ReverseQuantified{}, journal.Kind{
	Label: "冲销量化", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
	Hints: map[string]string{
		"quantified": "那次量化的日志号",
	},
})

// Place is the village of the entity.
func (e *ReverseQuantified) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *ReverseQuantified) Subject() string { return e.Entity }

func (e *ReverseQuantified) Check(c *journal.Checking) error {
	if _, err := register.EntityOfIn(c, e.Entity); err != nil {
		return err
	}
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明冲销的原因")
	}
	found, on := false, journal.Date("")
	for _, l := range accountLines.Scan(c, e.Entity) {
		if l.Reverses == uint64(e.Quantified) && e.Quantified > 0 {
			return journal.Clash("quantified", e.Quantified, "第 %s 号已经冲销", strconv.Itoa(e.Quantified))
		}
		if l.Entry == uint64(e.Quantified) && l.Reverses == 0 && !l.Leaving {
			found, on = true, l.Date
		}
	}
	if name := leftSince(c, e.Entity, uint64(e.Quantified)); found && name != "" {
		return journal.Clash("quantified", e.Quantified, "第 %s 号量化以后%s已经退社结算;请先冲销那次结算", strconv.Itoa(e.Quantified), name)
	}
	if e.Quantified == 0 {
		return journal.Wrong("quantified", "", "请填写那次量化的日志号")
	}
	if !found {
		return journal.Missing("quantified", e.Quantified, "没有第 %s 号量化", strconv.Itoa(e.Quantified))
	}
	var f journal.Faults
	plan.Guard(c, &f, "quantified", e.Quantified, plan.Accounts, e.Entity, on)
	return f.Err()
}

func (e *ReverseQuantified) Apply(a *journal.Applying) {
	var keys []string
	var back []AccountLine
	for k, l := range accountLines.Scan(a, e.Entity) {
		if l.Entry == uint64(e.Quantified) {
			l.Amount, l.Source, l.Entry, l.Reverses = -l.Amount, e.Reason, a.Seq, l.Entry
			front, _ := journal.CutSeq(k)
			keys, back = append(keys, front+journal.SeqKey(a.Seq)), append(back, l)
		}
	}
	for i, k := range keys {
		accountLines.Put(a.Tx, k, back[i])
	}
}

// MemberAccounts lists the accounts of an entity's members at the end of a day.
func MemberAccounts(v *journal.View, entity string, on journal.Date) ([]MemberAccount, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	return memberAccounts(books, entity, on), nil
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
