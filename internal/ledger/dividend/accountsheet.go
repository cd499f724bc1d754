package dividend

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// SheetLine is a line of a member's account as the rules print it (成员账户, 财会〔2021〕37号): a balance, or what changed it.
type SheetLine struct {
	N        int
	Date     journal.Date
	Text     journal.Label
	Relief   money.Yuan // 成员出资: from poverty-relief assets that were given to households
	Other    money.Yuan // 成员出资: from other sources
	Reserve  money.Yuan // 公积金份额
	State    money.Yuan // 国家财政直接补助形成财产量化份额
	Donated  money.Yuan // 他人捐赠形成财产量化份额
	Product  string
	Volume   money.Quantity // 交易量
	Trade    money.Yuan     // 交易额
	Returned money.Yuan     // 盈余返还金额
	Rest     money.Yuan     // 剩余盈余分配金额
	Entry    uint64         // 0 of a balance
}

// Balance tells whether the line is what stands there, not what changed it or a sum of trade.
func (l SheetLine) Balance() bool { return l.Entry == 0 && l.Date != "" }

// Account is a member's account of a year on the official form: the balance at its beginning, what changed it, and the balance at its end
// with the year's trade and what was given out.
type Account struct {
	Holder           string
	Opening, Closing SheetLine
	Lines            []SheetLine
	Products         []SheetLine // the year's trade by product; volumes of different ones are not added
}

// accountBook is what the accounts of a cooperative's members in a year are worked out of, read once for all of them.
type accountBook struct {
	store.Reader
	entity      string
	year        int
	before, end journal.Date
	classes     []register.ShareClass
	events      map[string]map[journal.Date]stakeEvent // by holder: the last movement of a day in the year
	relief      map[string][]register.Contribution     // by holder
	worth       map[journal.Date]map[string]money.Yuan // of the shares at the end of a day, by holder
}

func openAccounts(r store.Reader, entity string, year int, today journal.Date) *accountBook {
	b := &accountBook{Reader: r, entity: entity, year: year, before: journal.YearEnd(year - 1), end: min(journal.YearEnd(year), today),
		events: map[string]map[journal.Date]stakeEvent{}, relief: map[string][]register.Contribution{},
		worth: map[journal.Date]map[string]money.Yuan{}}
	for _, class := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		b.classes = append(b.classes, class)
		for _, e := range stakeEvents(r, class, b.end) {
			if e.At.Date() <= b.before {
				continue
			}
			if b.events[e.Holder] == nil {
				b.events[e.Holder] = map[journal.Date]stakeEvent{}
			}
			b.events[e.Holder][e.At.Date()] = e
		}
	}
	for _, x := range register.ContributionTable.Scan(r, journal.ContributionID.Front(entity)) {
		if x.Kind == register.ReliefFunds && x.Reversed == 0 {
			b.relief[x.Holder] = append(b.relief[x.Holder], x)
		}
	}
	return b
}

// capital is what a member's shares stand for at the end of a day, apart what came of relief funds.
func (b *accountBook) capital(holder string, on journal.Date) (relief, other money.Yuan) {
	if b.worth[on] == nil {
		b.worth[on] = map[string]money.Yuan{}
		for _, class := range b.classes {
			for h, w := range worthOf(b, class, on, "", "") {
				b.worth[on][h] += w.value
			}
		}
	}
	other = b.worth[on][holder]
	for _, x := range b.relief[holder] {
		if x.Date <= on {
			relief += x.Value
		}
	}
	relief = min(relief, other)
	return relief, other - relief
}

// of is one member's account.
func (b *accountBook) of(holder string) Account {
	x := Account{Holder: holder, Opening: b.balance(holder, b.before), Closing: b.balance(holder, b.end)}
	x.Opening.Text, x.Closing.Text = "年初余额", "年末余额"
	x.Lines = slices.Concat(b.capitalLines(holder), b.quantifiedLines(holder), b.tradeLines(holder), b.payoutLines(holder))
	slices.SortStableFunc(x.Lines, func(a, b SheetLine) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Entry, b.Entry)) })
	products := map[string]*SheetLine{}
	for i := range x.Lines {
		l := &x.Lines[i]
		l.N = i + 1
		x.Closing.Trade += l.Trade
		x.Closing.Returned, x.Closing.Rest = x.Closing.Returned+l.Returned, x.Closing.Rest+l.Rest
		if l.Text != traded {
			continue
		}
		if products[l.Product] == nil {
			products[l.Product] = &SheetLine{Text: "本年交易", Product: l.Product}
		}
		p := products[l.Product]
		p.Volume, p.Trade = p.Volume+l.Volume, p.Trade+l.Trade
	}
	for _, name := range slices.Sorted(maps.Keys(products)) {
		x.Products = append(x.Products, *products[name])
	}
	return x
}

// AccountOf is a member's account of a year, up to today where it is not over.
func AccountOf(v *journal.View, entity, holder string, year int) (Account, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return Account{}, err
	}
	return openAccounts(books, entity, year, v.Today()).of(holder), nil
}

// EachAccount calls f for the account of everybody who had one in a year, in the order of their ids.
func EachAccount(v *journal.View, entity string, year int, f func(Account) error) error {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return err
	}
	b := openAccounts(books, entity, year, v.Today())
	holders := map[string]bool{}
	for _, m := range slices.Concat(everyAccount(books, entity, b.before), everyAccount(books, entity, b.end)) {
		holders[m.Holder] = true
	}
	for _, t := range trades.Scan(books, journal.YearID.Dated(entity, year)) {
		holders[t.Holder] = t.Holder != ""
	}
	for _, h := range slices.Sorted(maps.Keys(holders)) {
		if !holders[h] {
			continue
		}
		if err := f(b.of(h)); err != nil {
			return err
		}
	}
	return nil
}

// balance is what stands in a member's account at the end of a day.
func (b *accountBook) balance(holder string, on journal.Date) SheetLine {
	l := SheetLine{Date: on}
	l.Relief, l.Other = b.capital(holder, on)
	for _, a := range accountLines.Scan(b, b.entity+holder) {
		if a.Date <= on {
			l.take(a)
		}
	}
	return l
}

// take puts what lines of the account come to into the columns that they belong to.
func (l *SheetLine) take(lines ...AccountLine) {
	var m MemberAccount
	for _, a := range lines {
		m.add(a)
	}
	l.Other, l.Reserve, l.State, l.Donated = l.Other+m.Turned, l.Reserve+m.Reserve, l.State+m.Subsidy-m.Donated, l.Donated+m.Donated
}

// Account is the balance without the columns of the form.
func (l SheetLine) Account() MemberAccount {
	return MemberAccount{Capital: l.Relief + l.Other, Reserve: l.Reserve, Subsidy: l.State + l.Donated, Donated: l.Donated}
}

// capitalLines are the changes of a member's capital, one a day.
func (b *accountBook) capitalLines(holder string) (list []SheetLine) {
	for day, e := range b.events[holder] {
		l := SheetLine{Date: day, Text: journal.KindLabel(e.Cause), Entry: e.At.Entry()}
		l.Relief, l.Other = b.capital(holder, day)
		relief, other := b.capital(holder, day.Plus(-1))
		if l.Relief, l.Other = l.Relief-relief, l.Other-other; l.Relief != 0 || l.Other != 0 {
			list = append(list, l)
		}
	}
	return list
}

// quantifiedLines are the parts that came into the account, or went.
func (b *accountBook) quantifiedLines(holder string) (list []SheetLine) {
	for _, a := range accountLines.Scan(b, b.entity+holder) {
		if a.Date <= b.before || a.Date > b.end {
			continue
		}
		l := SheetLine{Date: a.Date, Text: a.Label(), Entry: a.Entry}
		l.take(a)
		list = append(list, l)
	}
	return list
}

// Label tells what changed the account.
func (l AccountLine) Label() journal.Label {
	switch {
	case l.Leaving:
		return "退社结算"
	case l.Capital:
		return "盈余转为出资"
	case l.Cover:
		return "公积弥补亏损"
	case l.Donation:
		return "量化捐赠"
	case l.Subsidy:
		return "量化补助"
	}
	return "量化公积金"
}

// traded is what a line of trade is called.
const traded journal.Label = "交易"

// tradeLines are the member's trade of the year.
func (b *accountBook) tradeLines(holder string) (list []SheetLine) {
	for _, t := range trades.Scan(b, journal.YearID.Dated(b.entity, b.year)+holder) {
		if t.Date <= b.end {
			list = append(list, SheetLine{Date: t.Date, Text: traded, Product: t.Product, Volume: t.Volume, Trade: t.Amount, Entry: t.Entry})
		}
	}
	return list
}

// payoutLines are what was given out to the member: by trade, and of the rest.
func (b *accountBook) payoutLines(holder string) (list []SheetLine) {
	for _, d := range plan.DistributionTable.Scan(b, journal.DistributionID.Front(b.entity)) {
		if !d.InForce() || d.Fund != "" {
			continue
		}
		for _, p := range payouts.Scan(b, d.ID+holder) {
			if p.State != Paid || p.Date <= b.before || p.Date > b.end {
				continue
			}
			l := SheetLine{Date: p.Date, Text: "分红", Returned: byTrade(d, p), Entry: p.Entry}
			l.Rest = p.Due - l.Returned
			list = append(list, l)
		}
	}
	return list
}
