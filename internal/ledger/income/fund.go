package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
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
)

// Sources lists all sources.
func Sources() []Source {
	return []Source{LandCompensation, RightsSale, LandQuota, AssetSale, Donated, StateFunds, OpeningReserve}
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
}

// Book is the village or entity whose book the line stands in.
func (l FundLine) Book() string { return journal.FundID.Parent(l.ID) }

// fundLines holds them by id: the book, the year and a number.
var fundLines = journal.Folded[FundLine]("fund_line")

func init() {
	journal.NamedBy(journal.FundID, fundLines, func(store.Reader, FundLine) string { return "" })
}

// NextFund is the id of the next fund line of a book in a year.
func NextFund(r store.Reader, book string, year int) (string, error) {
	front := journal.FundID.Dated(book, year)
	last := 0
	for id := range fundLines.Scan(r, front) {
		last = journal.FundID.Number(id)
	}
	if last >= journal.FundID.Most() {
		return "", journal.Clash("book", book, "这本账 %s 年的专项资金已满 %s 笔", strconv.Itoa(year), strconv.Itoa(journal.FundID.Most()))
	}
	return journal.FundID.ID(front, last+1), nil
}

// BookOf is the book that a fund line, given by its id, stands in.
func BookOf(id string) string { return journal.FundID.Parent(id) }

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

// FundBalance is what stands of some money in an account of a book, all accounts where it is "", in yuan.
func FundBalance(r store.Reader, book string, s Source, in Account) (sum money.Yuan) {
	for _, l := range fundLines.Scan(r, journal.FundID.Front(book)) {
		if l.Source == s && (in == "" || l.Account == in) {
			sum += l.Amount
		}
	}
	return sum
}

// FundLeft is what of some money is not taken by plans that give it out, from their submission on; and one of these plans.
func FundLeft(r store.Reader, book string, s Source) (left money.Yuan, taken plan.Distribution) {
	left = FundBalance(r, book, s, "")
	for _, d := range plan.DistributionTable.Scan(r, string(journal.PlaceOf(book))) {
		if d.Book == book && d.Fund == string(s) && d.Committed() {
			left, taken = left-d.Due, d
		}
	}
	return left, taken
}

// checkLeft refuses to take out of a fund what does not stand there, or what a plan has taken.
func checkLeft(c *journal.Checking, f *journal.Faults, field string, l FundLine, out money.Yuan) {
	if has := FundBalance(c, l.Book(), l.Source, l.Account); out > has {
		f.Add(journal.Conflict, field, out, "%s里的%s只有 %s 元", l.Account.Label(), l.Source.Label(), has.Grouped())
	} else if left, d := FundLeft(c, l.Book(), l.Source); d.ID != "" && out > left {
		f.Add(journal.Conflict, field, out, "%s已由 %s 年的分配方案(%s)用去 %s 元,只剩 %s 元", l.Source.Label(), strconv.Itoa(d.Year), d.ID, d.Due.Grouped(),
			left.Grouped())
	}
}

// ReceiveFund books money that is no income: it raises no gain, and nothing of it is distributable.
type ReceiveFund struct {
	Book    string       `cbor:"1,keyasint" json:"book"`
	Source  Source       `cbor:"2,keyasint" json:"source"`
	Account Account      `cbor:"3,keyasint,omitempty" json:"account"` // the usual one of the source where empty
	Date    journal.Date `cbor:"4,keyasint" json:"date"`
	Amount  money.Yuan   `cbor:"5,keyasint" json:"amount"`
	Party   string       `cbor:"6,keyasint,omitempty" json:"party"`
	Voucher string       `cbor:"7,keyasint,omitempty" json:"voucher"`
	Note    string       `cbor:"8,keyasint,omitempty" json:"note"`
	ID      string       `cbor:"9,keyasint" json:"-"`
}

var _ = journal.Register(&ReceiveFund{}, journal.Kind{
	Label: "记专项资金", Roles: []journal.Role{journal.Accountant},
	Note:  "土地补偿费、出让和处置收入、捐赠、形成资产的补助不是收益,不能分红 / no income, never distributable",
	Hints: map[string]string{"book": "村代码或经营主体编号", "source": sourceHint, "account": "reserve 公积公益金/payable 专项应付款;留空按来源"},
})

const sourceHint = "land_compensation/rights_sale/land_quota/asset_sale/donation/state/opening"

// Place is the village of the book.
func (e *ReceiveFund) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the id of the fund line.
func (e *ReceiveFund) Subject() string { return e.ID }

func (e *ReceiveFund) Check(c *journal.Checking) (err error) {
	var f journal.Faults
	if CheckBook(c, &f, e.Book); len(f) > 0 {
		return f
	}
	checkAmount(&f, e.Amount)
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if e.Account = checkSource(c, &f, e.Book, e.Source, e.Account); len(f) > 0 {
		return f
	}
	e.ID, err = NextFund(c, e.Book, e.Date.Year())
	return err
}

func checkAmount(f *journal.Faults, amount money.Yuan) {
	if amount == 0 {
		f.Invalid("amount", "", "请填写金额,例如 36000.56")
	} else if amount < 0 {
		f.Invalid("amount", amount, "金额 %s 必须大于 0", amount.String())
	}
}

// checkSource refuses money that a body does not keep apart, or an account that it may not stand in, and says which one it is.
func checkSource(c *journal.Checking, f *journal.Faults, book string, s Source, in Account) Account {
	body := BodyOf(c, book)
	of := accountsOf(body, s)
	switch {
	case !slices.Contains(Sources(), s):
		f.Invalid("source", s, "没有“%s”这种来源;可用 %s", string(s), sourceHint)
	case len(of) == 0:
		f.Invalid("source", s, "%s的账里没有“%s”这一项,请按它自己的规矩记收支", body.Label(), s.Label())
	case in != "" && !slices.Contains(of, in):
		f.Invalid("account", in, "%s不能记在“%s”;可用 %s", s.Label(), in.Label(), journal.Labels(of))
	case in == "":
		return of[0]
	}
	return in
}

func (e *ReceiveFund) Apply(a *journal.Applying) {
	BookFund(a, FundLine{ID: e.ID, Source: e.Source, Account: e.Account, Date: e.Date, Amount: e.Amount, Party: e.Party, Voucher: e.Voucher,
		Note: e.Note})
}

// UseFund takes money out of a fund: for what it was given for, or into the reserve once it has become an asset of the body's own.
type UseFund struct {
	Book       string       `cbor:"1,keyasint" json:"book"`
	Source     Source       `cbor:"2,keyasint" json:"source"`
	Account    Account      `cbor:"3,keyasint" json:"account"`
	To         Account      `cbor:"4,keyasint,omitempty" json:"to_account"` // "" for spent
	Date       journal.Date `cbor:"5,keyasint" json:"date"`
	Amount     money.Yuan   `cbor:"6,keyasint" json:"amount"`
	Party      string       `cbor:"7,keyasint,omitempty" json:"party"`
	Voucher    string       `cbor:"8,keyasint,omitempty" json:"voucher"`
	Note       string       `cbor:"9,keyasint" json:"note"`
	Resolution string       `cbor:"10,keyasint,omitempty" json:"resolution"`
	ID         string       `cbor:"11,keyasint" json:"-"`
}

var _ = journal.Register(&UseFund{}, journal.Kind{
	Label: "使用专项资金", Roles: []journal.Role{journal.Accountant},
	Note: "按用途支出,或形成资产后转公积公益金 / spent for its purpose, or moved to the reserve",
	Hints: map[string]string{
		"book": "村代码或经营主体编号", "source": sourceHint, "account": "reserve/payable", "to_account": "留空为支出;reserve 转公积公益金",
		"note": "用在哪里", "resolution": "从公积公益金支出的、用土地补偿费的要有",
	},
})

// Place is the village of the book.
func (e *UseFund) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the id of the fund line.
func (e *UseFund) Subject() string { return e.ID }

func (e *UseFund) Check(c *journal.Checking) (err error) {
	var f journal.Faults
	if CheckBook(c, &f, e.Book); len(f) > 0 {
		return f
	}
	body := BodyOf(c, e.Book)
	checkAmount(&f, e.Amount)
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if e.Account != PayableAccount || e.Source == OpeningReserve {
		checkSource(c, &f, e.Book, e.Source, e.Account)
	}
	switch {
	case e.Note == "":
		f.Invalid("note", "", "请写明用在哪里")
	case e.Source == OpeningReserve:
		f.Invalid("source", e.Source, "结存的公积公益金用来弥补亏损,请用“公积弥补亏损”")
	case e.To != "" && (e.To != ReserveAccount || e.Account != PayableAccount || body != CollectiveBody):
		f.Invalid("to_account", e.To, "只能从专项应付款转公积公益金;合作社的转专项基金,在成员账户页量化")
	}
	on := resolution.Fund
	if e.Source == LandCompensation {
		on = resolution.Compensation
	}
	if e.To == "" && e.Resolution == "" && (e.Account == ReserveAccount || e.Source == LandCompensation) {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	if resolution.Name(c, &f, &e.Resolution, e.Book, on); len(f) > 0 {
		return f
	}
	if e.ID, err = NextFund(c, e.Book, e.Date.Year()); err != nil {
		return err
	}
	if e.To == "" {
		checkLeft(c, &f, "amount", FundLine{ID: e.ID, Source: e.Source, Account: e.Account}, e.Amount)
	} else if has := FundBalance(c, e.Book, e.Source, e.Account); e.Amount > has {
		f.Add(journal.Conflict, "amount", e.Amount, "%s里的%s只有 %s 元", e.Account.Label(), e.Source.Label(), has.Grouped())
	}
	return f.Err()
}

func (e *UseFund) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	out := FundLine{ID: e.ID, Source: e.Source, Account: e.Account, Date: e.Date, Amount: -e.Amount, Party: e.Party, Voucher: e.Voucher,
		Note: e.Note, Resolution: e.Resolution}
	if e.To != "" {
		out.Pair = NextOf(out.ID)
		BookFund(a, FundLine{ID: out.Pair, Source: e.Source, Account: e.To, Date: e.Date, Amount: e.Amount, Party: e.Party, Voucher: e.Voucher,
			Note: e.Note, Resolution: e.Resolution, Pair: out.ID})
	}
	BookFund(a, out)
}

// ReverseFund takes back a fund line by one of the opposite amount (红字冲销), with the line of the other account where there is one.
type ReverseFund struct {
	Line   string       `cbor:"1,keyasint" json:"line"`
	Date   journal.Date `cbor:"2,keyasint" json:"date"` // the wrong line's own date when empty
	Reason string       `cbor:"3,keyasint" json:"reason"`
	ID     string       `cbor:"4,keyasint" json:"-"`
}

var _ = journal.Register(&ReverseFund{}, journal.Kind{
	Label: "冲销专项资金", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{"date": "默认原日期"},
})

// Place is the village of the book.
func (e *ReverseFund) Place() region.Code { return journal.PlaceOf(e.Line) }

// Subject is the id of the reversing line.
func (e *ReverseFund) Subject() string { return e.ID }

func (e *ReverseFund) Check(c *journal.Checking) (err error) {
	wrong, ok := fundLines.Get(c, e.Line)
	switch {
	case !ok:
		return journal.Missing("line", e.Line, "没有编号为 %s 的专项资金", e.Line)
	case wrong.ReversedBy != "":
		return journal.Clash("line", e.Line, "这一笔已由 %s 冲销", wrong.ReversedBy)
	case wrong.Reverses != "":
		return journal.Clash("line", e.Line, "这一笔本身是冲销,不能再冲销;请重新记一笔")
	case wrong.Quantified:
		return journal.Clash("line", e.Line, "这一笔是随量化记的,冲销那次量化时会一起冲销")
	}
	var f journal.Faults
	if e.Date = cmp.Or(e.Date, wrong.Date); e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	if e.Date < wrong.Date {
		f.Invalid("date", e.Date, "冲销日期 %s 早于原来的 %s", string(e.Date), string(wrong.Date))
	}
	if CheckBookDate(c, &f, e.Place(), "date", e.Date); len(f) > 0 {
		return f
	}
	for _, l := range wrong.withPair(c) {
		if l.Amount > 0 {
			checkLeft(c, &f, "line", l, l.Amount)
		}
	}
	if len(f) > 0 {
		return f
	}
	e.ID, err = NextFund(c, wrong.Book(), e.Date.Year())
	return err
}

// withPair is the line, and that of the other account where there is one.
func (l FundLine) withPair(r store.Reader) []FundLine {
	list := []FundLine{l}
	if pair, ok := fundLines.Get(r, l.Pair); ok {
		list = append(list, pair)
	}
	return list
}

func (e *ReverseFund) Apply(a *journal.Applying) {
	wrong, _ := fundLines.Get(a, e.Line)
	TakeBackFunds(a, wrong.withPair(a), e.ID, e.Reason, e.Date)
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

// FundOf returns a fund line by its id.
func FundOf(v *journal.View, id string) (FundLine, error) {
	return journal.Find(v, fundLines.Readable(), id, journal.Missing("line", id, "没有编号为 %s 的专项资金", id))
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
	for _, s := range Sources() {
		for _, in := range []Account{ReserveAccount, PayableAccount, SpecialAccount} {
			if sum := FundBalance(books, book, s, in); sum != 0 {
				list = append(list, Standing{s, in, sum})
			}
		}
	}
	left, _ := FundLeft(books, book, LandCompensation)
	return list, FundBalance(books, book, LandCompensation, "") - left, nil
}
