package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Source is what money it is that is no income (财会〔2004〕12号; 财会〔2021〕37号; 农村集体经济组织法 art. 26, 28): it is kept apart, and nothing of it is
// distributable.
type Source string

// The sources.
const (
	LandCompensation Source = "land_compensation" // 土地补偿费: given out, if at all, by a plan of its own
	RightsSale       Source = "rights_sale"       // 出让、拍卖使用权
	LandQuota        Source = "land_quota"        // 土地指标款
	AssetSale        Source = "asset_sale"        // 处置集体资产
	Donated          Source = "donation"          // 捐赠
	StateFunds       Source = "state"             // 财政补助形成资产、指定用途的
	OpeningReserve   Source = "opening"           // what of the reserve was there when the ledger took over the book
	// UnclaimedDividend is what of dividends nobody came for, by resolution in the reserve: it stays theirs.
	UnclaimedDividend Source = "unclaimed"
)

// Sources lists all sources.
func Sources() []Source {
	return []Source{LandCompensation, RightsSale, LandQuota, AssetSale, Donated, StateFunds, OpeningReserve, UnclaimedDividend}
}

// Label names the source in Chinese.
func (s Source) Label() journal.Label {
	switch s {
	case LandCompensation:
		return "土地补偿费"
	case RightsSale:
		return "出让使用权收入"
	case LandQuota:
		return "土地指标款"
	case AssetSale:
		return "处置集体资产收入"
	case Donated:
		return "捐赠"
	case StateFunds:
		return "财政补助形成资产"
	case OpeningReserve:
		return "期初结存"
	case UnclaimedDividend:
		return "未领的分红"
	}
	return journal.Label(s)
}

// Called names the source.
func (s Source) Called() string { return string(s.Label()) }

// Account is where such money stands in a book.
type Account string

// The accounts.
const (
	ReserveAccount Account = "reserve" // 公积公益金; of a specialised cooperative 盈余公积
	PayableAccount Account = "payable" // 专项应付款: for a purpose, not yet an asset of the body's own
	SpecialAccount Account = "special" // 专项基金, of a specialised cooperative: quantified equally to its members' accounts
)

// Label names the account in Chinese.
func (a Account) Label() journal.Label {
	switch a {
	case ReserveAccount:
		return "公积公益金"
	case PayableAccount:
		return "专项应付款"
	case SpecialAccount:
		return "专项基金"
	}
	return journal.Label(a)
}

// Called names the account.
func (a Account) Called() string { return string(a.Label()) }

// accountsOf are the accounts that a source may stand in by an entry of the book's own, the usual one first. The grants and donations of a
// specialised cooperative come into its special fund with their quantification (dividend.QuantifySubsidy); what is for a purpose, or was
// moved out of income, stands in 专项应付款 until then.
func accountsOf(body Body, s Source) []Account {
	switch {
	case s == UnclaimedDividend: // it comes and goes with its payouts
		return nil
	case body == SpecialisedBody && (s == StateFunds || s == Donated):
		return []Account{PayableAccount}
	case body == SpecialisedBody && s == OpeningReserve:
		return []Account{ReserveAccount}
	case body != CollectiveBody:
		return nil
	case s == StateFunds:
		return []Account{PayableAccount, ReserveAccount}
	case s == OpeningReserve:
		return []Account{ReserveAccount}
	}
	return []Account{ReserveAccount, PayableAccount}
}

// SourcesOf lists what a body may book apart.
func SourcesOf(body Body) []Source {
	return slices.DeleteFunc(Sources(), func(s Source) bool { return len(accountsOf(body, s)) == 0 })
}

// FundLine is one movement of money that is no income.
type FundLine struct {
	ID         string       `cbor:"1,keyasint"`
	Source     Source       `cbor:"2,keyasint"`
	Account    Account      `cbor:"3,keyasint"`
	Date       journal.Date `cbor:"4,keyasint"`
	Amount     money.Yuan   `cbor:"5,keyasint"` // negative for what goes out
	Party      string       `cbor:"6,keyasint,omitempty"`
	Voucher    string       `cbor:"7,keyasint,omitempty"`
	Note       string       `cbor:"8,keyasint,omitempty"`
	Reverses   string       `cbor:"9,keyasint,omitempty"`
	ReversedBy string       `cbor:"10,keyasint,omitempty"`
	Income     string       `cbor:"11,keyasint,omitempty"` // the line of income that it was moved from
	Pair       string       `cbor:"12,keyasint,omitempty"` // the line of the other account, of what goes from one to another
	Resolution string       `cbor:"13,keyasint,omitempty"`
	By         string       `cbor:"14,keyasint"`
	Entry      uint64       `cbor:"15,keyasint"`
	Quantified bool         `cbor:"16,keyasint,omitempty"` // with a quantification, taken back with it alone
	Plan       string       `cbor:"17,keyasint,omitempty"` // the distribution whose unclaimed payouts it is, with which alone it goes
}

// Book is the village or entity whose book the line stands in.
func (l FundLine) Book() string { return BookOfFund(l.ID) }

// BookOfFund is the book that a fund line, given by its id, stands in.
func BookOfFund(id string) string { return journal.FundID.Parent(id) }

// fundLines holds them by id: the book, the year and a number.
var fundLines = journal.Folded[FundLine]("fund_line")

func init() {
	journal.NamedBy(journal.FundID, fundLines, func(store.Reader, FundLine) string { return "" })
}

// NextFund is the id of the next fund line of a book in a year, with room for so many lines from it on.
func NextFund(r store.Reader, book string, year, lines int) (string, error) {
	front := journal.FundID.Dated(book, year)
	last := 0
	for id := range fundLines.Scan(r, front) {
		last = journal.FundID.Number(id)
	}
	if last+lines > journal.FundID.Most() {
		return "", journal.Clash("book", book, "这本账 %s 年的专项资金已满 %s 笔", strconv.Itoa(year), strconv.Itoa(journal.FundID.Most()))
	}
	return journal.FundID.ID(front, last+1), nil
}

// FundNumber is the number of a fund line, given by its id, in its book and year.
func FundNumber(id string) string { return journal.FundID.Digits(id) }

// NextOf is the id that follows another one of a book and year.
func NextOf(id string) string {
	front := id[:len(id)-len(journal.FundID.Digits(id))]
	return journal.FundID.ID(front, journal.FundID.Number(id)+1)
}

// BookFund puts a fund line into its book.
func BookFund(a *journal.Applying, l FundLine) {
	l.By, l.Entry = a.By, a.Seq
	fundLines.Put(a.Tx, l.ID, l)
}

// FundLeft is what of some money is not taken by plans that give it out, from their submission on; and one of these plans.
func FundLeft(r store.Reader, book string, s Source) (left money.Yuan, taken plan.Distribution) {
	for _, l := range fundLines.Scan(r, journal.FundID.Front(book)) {
		if l.Source == s {
			left += l.Amount
		}
	}
	for _, d := range plan.DistributionTable.Scan(r, string(journal.PlaceOf(book))) {
		if d.Book == book && d.Fund == string(s) && d.Committed() {
			left, taken = left-d.Due, d
		}
	}
	return left, taken
}

// FundFrom is the least that stands of some money in an account of a book at the end of a day or of any day after it: what may be taken out
// on that day.
func FundFrom(r store.Reader, book string, s Source, in Account, on journal.Date) money.Yuan {
	var lines []FundLine
	for _, l := range FundsIn(r, book, in) {
		if l.Source == s {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b FundLine) int { return cmp.Compare(a.Date, b.Date) })
	var sum, least money.Yuan
	for i, l := range lines {
		sum += l.Amount
		last := i+1 == len(lines) || lines[i+1].Date != l.Date // of its day
		if l.Date <= on || last && sum < least {
			least = sum
		}
	}
	return least
}

// CheckStands refuses to take out of an account what does not stand there from a day on.
func CheckStands(c *journal.Checking, f *journal.Faults, field, book string, s Source, in Account, on journal.Date, out money.Yuan) {
	if has := FundFrom(c, book, s, in, on); out > has {
		f.Add(journal.Conflict, field, out, "%s里的%s从 %s 起只有 %s 元", in.Label(), s.Label(), string(on), has.Grouped())
	}
}

// checkLeft refuses to spend what does not stand in a fund, or what a plan has taken.
func checkLeft(c *journal.Checking, f *journal.Faults, field string, l FundLine, out money.Yuan) {
	if CheckStands(c, f, field, l.Book(), l.Source, l.Account, l.Date, out); len(*f) > 0 {
		return
	}
	if left, d := FundLeft(c, l.Book(), l.Source); d.ID != "" && out > left {
		f.Add(journal.Conflict, field, out, "%s已由 %s 年的分配方案(%s)用去 %s 元,只剩 %s 元", l.Source.Label(), strconv.Itoa(d.Year), d.ID, d.Due.Grouped(),
			left.Grouped())
	}
}

// TakeBackFunds books the reversal of fund lines, numbered from an id on.
func TakeBackFunds(a *journal.Applying, lines []FundLine, id, reason string, on journal.Date) {
	pair := ""
	for i, l := range lines {
		if i > 0 {
			id, pair = NextOf(id), id
		} else if len(lines) > 1 {
			pair = NextOf(id)
		}
		back := FundLine{ID: id, Source: l.Source, Account: l.Account, Date: on, Amount: -l.Amount, Party: l.Party, Note: reason, Reverses: l.ID,
			Pair: pair, Quantified: l.Quantified}
		l.ReversedBy = id
		fundLines.Put(a.Tx, l.ID, l)
		BookFund(a, back)
	}
}

// FundsOf lists the fund lines that an entry booked.
func FundsOf(r store.Reader, book string, entry uint64) (list []FundLine) {
	for _, l := range fundLines.Scan(r, journal.FundID.Front(book)) {
		if l.Entry == entry {
			list = append(list, l)
		}
	}
	return list
}

// FundsIn lists the lines of one account of a book, in the order of years and numbers.
func FundsIn(r store.Reader, book string, in Account) (list []FundLine) {
	for _, l := range fundLines.Scan(r, journal.FundID.Front(book)) {
		if l.Account == in {
			list = append(list, l)
		}
	}
	return list
}

// Funds lists a book's fund lines in the order of years and numbers; of one year where it is not 0.
func Funds(v *journal.View, book string, year int) (list []FundLine, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	front := journal.FundID.Front(book)
	if year != 0 {
		front = journal.FundID.Dated(book, year)
	}
	for _, l := range fundLines.Scan(books, front) {
		list = append(list, l)
	}
	return list, nil
}

// EachFund calls f for every fund line of a year in a region, in the order of their books.
func EachFund(v *journal.View, place region.Code, year int, f func(FundLine) error) error {
	books, err := v.At(place)
	if err != nil {
		return err
	}
	for id, l := range fundLines.Scan(books, place.Prefix()) {
		if journal.FundID.Year(id) == year {
			if err := f(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// Standing is what stands of some money in an account of a book.
type Standing struct {
	Source  Source
	Account Account
	Sum     money.Yuan
}

// Standings lists what stands in a book's funds, and what of the land compensation plans have taken.
func Standings(v *journal.View, book string) (list []Standing, taken money.Yuan, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, 0, err
	}
	sums := map[Standing]money.Yuan{}
	var land money.Yuan
	for _, l := range fundLines.Scan(books, journal.FundID.Front(book)) {
		if sums[Standing{Source: l.Source, Account: l.Account}] += l.Amount; l.Source == LandCompensation {
			land += l.Amount
		}
	}
	for _, s := range Sources() {
		for _, in := range []Account{ReserveAccount, PayableAccount, SpecialAccount} {
			if sum := sums[Standing{Source: s, Account: in}]; sum != 0 {
				list = append(list, Standing{s, in, sum})
			}
		}
	}
	left, _ := FundLeft(books, book, LandCompensation)
	return list, land - left, nil
}
