package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

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
	e.Account = checkSource(c, &f, e.Book, e.Source, e.Account)
	if e.Source == OpeningReserve && len(f) == 0 {
		e.checkOpening(c, &f)
	}
	if len(f) > 0 {
		return f
	}
	e.ID, err = NextFund(c, e.Book, e.Date.Year(), 1)
	return err
}

// checkOpening refuses a second opening balance of the reserve, one that does not say what it is by, and one that is dated after the book
// was taken over: in its first year, or in the first one that is still open. It is the one sum of the reserve that no gain has to explain.
func (e *ReceiveFund) checkOpening(c *journal.Checking, f *journal.Faults) {
	if opened := openingReserves(c, e.Book); len(opened) > 0 {
		for year, sum := range opened {
			if sum != 0 {
				f.Add(journal.Conflict, "source", e.Source, "这本账的期初公积公益金已在 %s 年记过;记错的请先冲销", strconv.Itoa(year))
				return
			}
		}
	}
	if e.Note == "" {
		f.Invalid("note", "", "请写明期初结存的依据,例如 移交清册")
	}
	first := e.Date.Year()
	for k := range totals.Range(c, journal.YearID.Front(e.Book), journal.YearID.Dated(e.Book, first)) {
		first = journal.YearID.Year(k)
		break
	}
	if brought, ok := openings.Get(c, e.Book); ok {
		first = min(first, brought.Year)
	}
	if closed, ok := office.LastClosedOf(c, e.Place()); ok {
		first = max(first, closed+1)
	}
	if e.Date.Year() > first {
		f.Invalid("date", e.Date, "期初结存要记在建账的那一年,或没有结账的第一年:%s 年", strconv.Itoa(first))
	}
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
	if e.Account == "" { // it has to be said where it comes out of
		f.Invalid("account", "", "请写明从哪里出:reserve 公积公益金,或 payable 专项应付款")
	} else {
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
	if e.ID, err = NextFund(c, e.Book, e.Date.Year(), 2); err != nil {
		return err
	}
	if e.To == "" {
		checkLeft(c, &f, "amount", FundLine{ID: e.ID, Source: e.Source, Account: e.Account, Date: e.Date}, e.Amount)
	} else {
		CheckStands(c, &f, "amount", e.Book, e.Source, e.Account, e.Date, e.Amount)
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
	case wrong.Plan != "":
		return journal.Clash("line", e.Line, "这一笔是 %s 未领的分红,付款或转回待付时会一起记", wrong.Plan)
	case wrong.Quantified:
		return journal.Clash("line", e.Line, "这一笔是随量化记的,冲销那次量化时会一起冲销")
	}
	var f journal.Faults
	e.Date = cmp.Or(e.Date, wrong.Date)
	if checkReversal(c, &f, e.Place(), e.Reason, e.Date, wrong.Date); len(f) > 0 {
		return f
	}
	lines := wrong.withPair(c)
	for _, l := range lines {
		if l.Date = e.Date; l.Amount > 0 && len(lines) > 1 { // what goes back to the other account is as much
			CheckStands(c, &f, "line", l.Book(), l.Source, l.Account, e.Date, l.Amount)
		} else if l.Amount > 0 {
			checkLeft(c, &f, "line", l, l.Amount)
		}
	}
	if wrong.Income != "" {
		c.Doubt("line", e.Line, "这一笔是从收支更正来的:冲销以后两边都没有这笔钱,是收入的请再记一笔")
	}
	if wrong.Source == OpeningReserve {
		checkReserve(c, &f, "line", wrong.Book(), e.Date.Year(), wrong.Amount)
	}
	if len(f) > 0 {
		return f
	}
	e.ID, err = NextFund(c, wrong.Book(), e.Date.Year(), len(lines))
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
