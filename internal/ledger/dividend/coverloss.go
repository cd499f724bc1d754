package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// CoverLoss makes good a book's losses out of its reserve, by resolution: the statement's 其他转入. Only what was set aside of gains may be
// used; what is no income would become distributable by a detour. A specialised cooperative uses first what is not quantified; what goes
// beyond is taken from the members' parts, in proportion to them.
type CoverLoss struct {
	Book       string       `cbor:"1,keyasint" json:"book"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Amount     money.Yuan   `cbor:"3,keyasint" json:"amount"`
	Resolution string       `cbor:"4,keyasint" json:"resolution"`
	Parts      []Allotment  `cbor:"5,keyasint,omitempty" json:"-"` // of the members' reserve shares
	Entity     string       `cbor:"6,keyasint,omitempty" json:"-"` // whose members they are: of a village's book its stock cooperative's
}

var _ = journal.Register(&CoverLoss{}, journal.Kind{
	Label: "公积弥补亏损", Roles: []journal.Role{journal.Accountant},
	Note: "报表上是其他转入 / the statement's other transfers",
	Page: func(e journal.Entry) string { return statementPage(e.(*CoverLoss).Book, e.(*CoverLoss).Date.Year()) },
	Hints: map[string]string{
		"book": "村代码或经营主体编号",
	},
})

// statementPage is the address of a book's statement of a year.
func statementPage(book string, year int) string {
	return "/statement/" + book + "?year=" + strconv.Itoa(year)
}

// Place is the village of the book.
func (e *CoverLoss) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the book.
func (e *CoverLoss) Subject() string { return e.Book }

func (e *CoverLoss) Check(c *journal.Checking) error {
	var f journal.Faults
	income.CheckBook(c, &f, e.Book)
	income.CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if e.Amount <= 0 {
		f.Invalid("amount", e.Amount, "金额 %s 必须大于 0", e.Amount.String())
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	if resolution.Name(c, &f, &e.Resolution, e.Book, resolution.Fund); len(f) > 0 {
		return f
	}
	year := e.Date.Year()
	if open := income.StatementIn(c, e.Book, year).Uncovered(); e.Amount > open {
		return journal.Clash("amount", e.Amount, "%s 年还没有弥补的亏损是 %s 元,不能多转", strconv.Itoa(year), max(0, open).Grouped())
	}
	e.Entity, e.Parts = income.OwnerOf(c, e.Book).ID, nil
	left := income.Reserved(c, e.Book, year, c.Today().Year()) - leftWith(c, e.Entity)
	if e.Amount > left {
		return journal.Clash("amount", e.Amount, "从收益里提取的公积公益金还有 %s 元;土地补偿费等专项资金不能用来弥补亏损", max(0, left).Grouped())
	}
	if e.Entity == "" {
		return nil
	}
	var shares money.Yuan
	var weights []money.Weight
	for _, m := range everyAccount(c, e.Entity, c.Today()) { // with what was quantified since
		if m.Reserve > 0 {
			weights, shares = append(weights, money.Weight{Key: m.Holder, Amount: money.Quantity(m.Reserve)}), shares+m.Reserve
		}
	}
	if over := shares - (left - e.Amount); over > 0 && shares > 0 {
		if plan.Guard(c, &f, "date", e.Date, plan.Accounts, e.Entity, e.Date); len(f) > 0 {
			return f
		}
		e.Parts, _ = allot(min(over, shares), weights)
	}
	return nil
}

// leftWith is what of a cooperative's reserve went with members who left.
func leftWith(r store.Reader, entity string) (sum money.Yuan) {
	if entity == "" {
		return 0
	}
	for _, l := range leavings.Scan(r, entity) {
		if l.Open() && l.Settled != nil {
			sum += l.Settled.Reserve
		}
	}
	return sum
}

func (e *CoverLoss) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	income.BookRelease(a, e.Book, income.Release{Date: e.Date, Amount: e.Amount, Resolution: e.Resolution})
	for _, p := range e.Parts {
		accountLines.Put(a.Tx, e.Entity+p.Holder+journal.SeqKey(a.Seq), AccountLine{Year: e.Date.Year(), Date: e.Date, Amount: -p.Amount,
			Source: e.Resolution, Entry: a.Seq, Cover: true})
	}
}

// ReverseCover takes back that losses were made good from the reserve, named by the number of that entry in the journal.
type ReverseCover struct {
	Book   string       `cbor:"1,keyasint" json:"book"`
	Cover  int          `cbor:"2,keyasint" json:"cover"`
	Reason string       `cbor:"3,keyasint" json:"reason"`
	Date   journal.Date `cbor:"4,keyasint" json:"-"` // of the entry that is taken back
	Amount money.Yuan   `cbor:"5,keyasint" json:"-"`
	Entity string       `cbor:"6,keyasint,omitempty" json:"-"` // whose members' parts come back
}

var _ = journal.Register(&ReverseCover{}, journal.Kind{
	Label: "冲销弥补亏损", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string {
		return statementPage(e.(*ReverseCover).Book, e.(*ReverseCover).Date.Year())
	},
	Hints: map[string]string{"cover": "那次弥补的日志号"},
})

// Place is the village of the book.
func (e *ReverseCover) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the book.
func (e *ReverseCover) Subject() string { return e.Book }

func (e *ReverseCover) Check(c *journal.Checking) error {
	var f journal.Faults
	if income.CheckBook(c, &f, e.Book); len(f) > 0 {
		return f
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	e.Date = ""
	for _, x := range income.ReleasesIn(c, e.Book, c.Today().Year()) {
		switch of := uint64(max(0, e.Cover)); {
		case x.Reverses == of && of != 0:
			f.Add(journal.Conflict, "cover", e.Cover, "第 %s 号已经冲销", strconv.Itoa(e.Cover))
			return f
		case x.Entry == of && x.Reverses == 0 && !x.Borne:
			e.Date, e.Amount = x.Date, x.Amount
		}
	}
	if e.Date == "" {
		f.Add(journal.NotFound, "cover", e.Cover, "没有第 %s 号弥补", strconv.Itoa(e.Cover))
		return f
	}
	income.CheckBookDate(c, &f, e.Place(), "cover", e.Date)
	if e.Entity = income.OwnerOf(c, e.Book).ID; e.Entity == "" {
		return f.Err()
	}
	for _, l := range accountLines.Scan(c, e.Entity) {
		if l.Entry != uint64(e.Cover) || !l.Cover {
			continue
		}
		plan.Guard(c, &f, "cover", e.Cover, plan.Accounts, e.Entity, e.Date)
		if name := leftSince(c, e.Entity, uint64(e.Cover)); name != "" {
			f.Add(journal.Conflict, "cover", e.Cover, "第 %s 号以后%s已经退社结算;请先冲销那次结算", strconv.Itoa(e.Cover), name)
		}
		break
	}
	return f.Err()
}

func (e *ReverseCover) Apply(a *journal.Applying) {
	income.BookRelease(a, e.Book, income.Release{Date: e.Date, Amount: -e.Amount, Reason: e.Reason, Reverses: uint64(e.Cover)})
	if e.Entity != "" {
		takeBackLines(a, e.Entity, uint64(e.Cover), e.Reason)
	}
}
