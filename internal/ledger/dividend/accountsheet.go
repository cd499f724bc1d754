package dividend

import (
	"cmp"
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

// Account is a member's account of a year on the official form: the balance at its beginning, what changed it, and the balance at its end
// with the year's trade and what was given out.
type Account struct {
	Opening, Closing SheetLine
	Lines            []SheetLine
}

// AccountOf is a member's account of a year, up to today where it is not over.
func AccountOf(v *journal.View, entity, holder string, year int) (x Account, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return x, err
	}
	before, end := journal.YearEnd(year-1), min(journal.YearEnd(year), v.Today())
	x.Opening, x.Closing = balanceOf(books, entity, holder, before), balanceOf(books, entity, holder, end)
	x.Opening.Text, x.Closing.Text = "年初余额", "年末余额"
	x.Lines = slices.Concat(capitalLines(books, entity, holder, before, end), quantifiedLines(books, entity, holder, before, end),
		tradeLines(books, entity, holder, year, end), payoutLines(books, entity, holder, before, end))
	slices.SortStableFunc(x.Lines, func(a, b SheetLine) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Entry, b.Entry)) })
	for i := range x.Lines {
		l := &x.Lines[i]
		l.N = i + 1
		x.Closing.Volume, x.Closing.Trade = x.Closing.Volume+l.Volume, x.Closing.Trade+l.Trade
		x.Closing.Returned, x.Closing.Rest = x.Closing.Returned+l.Returned, x.Closing.Rest+l.Rest
	}
	return x, nil
}

// balanceOf is what stands in a member's account at the end of a day.
func balanceOf(r store.Reader, entity, holder string, on journal.Date) SheetLine {
	l := SheetLine{Date: on}
	l.Relief, l.Other = capitalOf(r, entity, holder, on)
	for _, a := range accountLines.Scan(r, entity+holder) {
		if a.Date <= on {
			l.add(a)
		}
	}
	return l
}

// add adds a quantified part to the column that it belongs to.
func (l *SheetLine) add(a AccountLine) {
	switch {
	case a.Capital:
		l.Other += a.Amount
	case a.Donation:
		l.Donated += a.Amount
	case a.Subsidy:
		l.State += a.Amount
	default:
		l.Reserve += a.Amount
	}
}

// capitalOf is what a member's shares stand for at the end of a day, apart what came of relief funds.
func capitalOf(r store.Reader, entity, holder string, on journal.Date) (relief, other money.Yuan) {
	for _, class := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		other += worthOf(r, class, on, "", "")[holder].value
	}
	for _, b := range register.ContributionTable.Scan(r, journal.ContributionID.Front(entity)) {
		if b.Holder == holder && b.Kind == register.ReliefFunds && b.Reversed == 0 && b.Date <= on {
			relief += b.Value
		}
	}
	relief = min(relief, other)
	return relief, other - relief
}

// capitalLines are the changes of a member's capital, one a day.
func capitalLines(r store.Reader, entity, holder string, after, upTo journal.Date) (list []SheetLine) {
	days := map[journal.Date]stakeEvent{}
	for _, class := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		for _, e := range stakeEvents(r, class, upTo) {
			if e.Holder == holder && e.At.Date() > after {
				days[e.At.Date()] = e
			}
		}
	}
	for day, e := range days {
		l := SheetLine{Date: day, Text: journal.KindLabel(e.Cause), Entry: e.At.Entry()}
		l.Relief, l.Other = capitalOf(r, entity, holder, day)
		relief, other := capitalOf(r, entity, holder, day.Plus(-1))
		if l.Relief, l.Other = l.Relief-relief, l.Other-other; l.Relief != 0 || l.Other != 0 {
			list = append(list, l)
		}
	}
	return list
}

// quantifiedLines are the parts that came into the account, or went.
func quantifiedLines(r store.Reader, entity, holder string, after, upTo journal.Date) (list []SheetLine) {
	for _, a := range accountLines.Scan(r, entity+holder) {
		if a.Date <= after || a.Date > upTo {
			continue
		}
		l := SheetLine{Date: a.Date, Text: a.Label(), Entry: a.Entry}
		l.add(a)
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

// tradeLines are the member's trade of a year.
func tradeLines(r store.Reader, entity, holder string, year int, upTo journal.Date) (list []SheetLine) {
	for _, t := range trades.Scan(r, journal.YearID.Dated(entity, year)+holder) {
		if t.Date <= upTo {
			list = append(list, SheetLine{Date: t.Date, Text: "交易", Product: t.Product, Volume: t.Volume, Trade: t.Amount, Entry: t.Entry})
		}
	}
	return list
}

// payoutLines are what was given out to the member: by trade, and of the rest.
func payoutLines(r store.Reader, entity, holder string, after, upTo journal.Date) (list []SheetLine) {
	for _, d := range plan.DistributionTable.Scan(r, journal.DistributionID.Front(entity)) {
		if !d.InForce() || d.Fund != "" {
			continue
		}
		for _, p := range payouts.Scan(r, d.ID+holder) {
			if p.State != Paid || p.Date <= after || p.Date > upTo {
				continue
			}
			l := SheetLine{Date: p.Date, Text: "分红", Returned: byTrade(d, p), Entry: p.Entry}
			l.Rest = p.Due - l.Returned
			list = append(list, l)
		}
	}
	return list
}

// YearSums are what the official columns of all members' accounts have beside their balances, by holder: what of the capital came of relief
// funds, and what was given out in the year.
func YearSums(v *journal.View, entity string, year int) (map[string]SheetLine, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	before, end := journal.YearEnd(year-1), min(journal.YearEnd(year), v.Today())
	sums := map[string]SheetLine{}
	for _, b := range register.ContributionTable.Scan(books, journal.ContributionID.Front(entity)) {
		if b.Kind == register.ReliefFunds && b.Reversed == 0 && b.Date <= end {
			l := sums[b.Holder]
			l.Relief += b.Value
			sums[b.Holder] = l
		}
	}
	for _, d := range plan.DistributionTable.Scan(books, journal.DistributionID.Front(entity)) {
		if !d.InForce() || d.Fund != "" {
			continue
		}
		for _, p := range payouts.Scan(books, d.ID) {
			if p.State == Paid && p.Date > before && p.Date <= end {
				l, trade := sums[p.Holder], byTrade(d, p)
				l.Returned, l.Rest = l.Returned+trade, l.Rest+p.Due-trade
				sums[p.Holder] = l
			}
		}
	}
	return sums, nil
}
