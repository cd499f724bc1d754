package income

import (
	"cmp"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// MoveIncome moves a line that was booked in the wrong place to where it belongs: out of income altogether, into a fund; or under another
// item. It is dated in an open year, and where that is a later one, shown there as correction of the earlier: the closed year stays.
type MoveIncome struct {
	Income  string       `cbor:"1,keyasint" json:"income"`
	Date    journal.Date `cbor:"2,keyasint" json:"date"`
	Source  Source       `cbor:"3,keyasint,omitempty" json:"source"`  // to a fund: what money it is
	Account Account      `cbor:"4,keyasint,omitempty" json:"account"` // and where it stands
	Item    string       `cbor:"5,keyasint,omitempty" json:"item"`    // or to another item
	Reason  string       `cbor:"6,keyasint" json:"reason"`
	ID      string       `cbor:"7,keyasint" json:"-"`           // of the line that takes it away
	Fund    string       `cbor:"8,keyasint,omitempty" json:"-"` // of the fund line
	Was     string       `cbor:"9,keyasint" json:"-"`           // the item it was booked under
	Amount  money.Yuan   `cbor:"10,keyasint" json:"-"`
	Parts   []YearPart   `cbor:"11,keyasint" json:"-"` // of what takes it away
	// Again is the line under the other item, and Added how it belongs to years.
	Again string     `cbor:"12,keyasint,omitempty" json:"-"`
	Added []YearPart `cbor:"13,keyasint,omitempty" json:"-"`
	// Years is for how many the sum is, where it was booked for several; entries of older programs do not say it.
	Years int `cbor:"14,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&MoveIncome{}, journal.Kind{
	Label: "更正收支", Roles: []journal.Role{journal.Accountant},
	Note: "记错地方的移到专项资金或另一个项目;结过账的年度不动,在开着的年度更正 / moves a line to a fund or another item",
	Hints: map[string]string{
		"source": sourceHint, "item": "或移到另一个收支项目", "account": "reserve/payable;留空按来源",
		"date": "没有结账的年度里的一天",
	},
})

// Place is the village of the book.
func (e *MoveIncome) Place() region.Code { return journal.PlaceOf(e.Income) }

// Subject is the line that is moved.
func (e *MoveIncome) Subject() string { return e.Income }

func (e *MoveIncome) Check(c *journal.Checking) error {
	wrong, err := standing(c, e.Income)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	if e.Date != "" && e.Date < wrong.Date {
		f.Invalid("date", e.Date, "更正日期 %s 早于原来的 %s", string(e.Date), string(wrong.Date))
	}
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	e.checkTarget(c, &f, wrong)
	if len(f) > 0 {
		return f
	}
	e.Was, e.Amount, e.Parts, e.Years = wrong.Item, wrong.Amount, wrong.undone(c, e.Date), wrong.Years
	doubtGivenOut(c, wrong, e.Date)
	if e.ID, err = freeLines(c, wrong.Book(), e.Date.Year(), 2); err != nil {
		return err
	}
	if e.Again, e.Added, e.Fund = "", nil, ""; e.Source != "" {
		e.Fund, err = NextFund(c, wrong.Book(), e.Date.Year(), 1)
		return err
	}
	e.Again = LineOf(wrong.Book(), e.Date.Year(), journal.LineID.Number(e.ID)+1)
	for _, p := range e.Parts { // each year gets back what was taken from it, under the other item, as its form has that
		e.Added = append(e.Added, YearPart{Year: p.Year, Item: itemIn(formIn(c, wrong.Book(), p.Year), e.Item, ""), Amount: -p.Amount, Of: p.Of})
	}
	return nil
}

// doubtGivenOut asks about moving what plans have given out already.
func doubtGivenOut(c *journal.Checking, wrong Income, on journal.Date) {
	for year := wrong.Date.Year(); year <= on.Year(); year++ {
		if s := StatementIn(c, wrong.Book(), year); s.Distributed > 0 {
			c.Doubt("income", wrong.ID, "%s 年的收益已经分过 %s 元;移出以后不够的,要由以后年度的收益补", strconv.Itoa(year), s.Distributed.Grouped())
			return
		}
	}
}

// checkTarget refuses a move to nowhere, to where the line is, or to what the book does not have.
func (e *MoveIncome) checkTarget(c *journal.Checking, f *journal.Faults, wrong Income) {
	was, _ := ItemNamed(wrong.Item)
	if (e.Source == "") == (e.Item == "") {
		f.Invalid("source", "", "请选移到哪里:一种专项资金,或另一个收支项目,两者选一")
		return
	}
	if e.Source != "" {
		if was.Expense {
			f.Invalid("source", e.Source, "支出不能移到专项资金;用专项资金付的,请冲销后在专项资金页记使用")
		}
		if e.Source == OpeningReserve {
			f.Invalid("source", e.Source, "期初结存不是收进来的,请选别的来源")
		}
		e.Account = checkSource(c, f, wrong.Book(), e.Source, e.Account)
		return
	}
	item, ok := ItemNamed(e.Item)
	form := formIn(c, wrong.Book(), e.Date.Year())
	switch {
	case !ok || !form.Has(e.Item):
		f.Invalid("item", e.Item, "%s 年的报表没有“%s”这个项目;可用 %s", strconv.Itoa(e.Date.Year()), cmp.Or(item.Label, journal.Label(e.Item)),
			journal.Labels(form.Items()))
	case item.Expense != was.Expense:
		f.Invalid("item", e.Item, "收入不能移成支出,支出不能移成收入;请冲销后重新记")
	case e.Item == wrong.Item:
		f.Invalid("item", e.Item, "这一笔已经在“%s”", item.Label)
	}
	e.Account = ""
}

func (e *MoveIncome) Apply(a *journal.Applying) {
	wrong := markReversed(a, e.Income, e.ID)
	Book(a, Income{
		ID: e.ID, Item: e.Parts[0].Item, Date: e.Date, Amount: -e.Amount, Party: wrong.Party, Note: e.Reason, Reverses: e.Income, By: a.By,
		Entry: a.Seq, Parts: e.Parts, Moved: true,
	})
	if e.Fund != "" {
		BookFund(a, FundLine{ID: e.Fund, Source: e.Source, Account: e.Account, Date: e.Date, Amount: e.Amount, Party: wrong.Party, Note: e.Reason,
			Income: e.Income})
		return
	}
	Book(a, Income{ID: e.Again, Item: e.Added[0].Item, Date: e.Date, Amount: e.Amount, Party: wrong.Party, Voucher: wrong.Voucher,
		Note: e.Reason, By: a.By, Entry: a.Seq, Moved: true, Parts: e.Added, Contract: wrong.Contract, Years: e.Years, From: wrong.From,
		To: wrong.To})
}
