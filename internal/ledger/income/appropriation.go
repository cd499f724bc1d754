package income

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// opening is what a book brings forward into the first year that the ledger keeps.
type opening struct {
	_      struct{} `cbor:",toarray"`
	Year   int
	Amount money.Yuan // negative for losses
	Entry  uint64
}

var openings = journal.Folded[opening]("opening")

// BringForward says what gain was undistributed, or what loss not made good, when the ledger took over a book.
type BringForward struct {
	Book   string     `cbor:"1,keyasint" json:"book"`
	Year   int        `cbor:"2,keyasint" json:"year"`   // the first year kept
	Amount money.Yuan `cbor:"3,keyasint" json:"amount"` // negative for losses
	Note   string     `cbor:"4,keyasint,omitempty" json:"note"`
}

var _ = journal.Register(&BringForward{}, journal.Kind{
	Label: "结转期初", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string {
		return "/statement/" + e.(*BringForward).Book + "?year=" + strconv.Itoa(e.(*BringForward).Year)
	},
	Hints: map[string]string{
		"year":   "有账的第一年",
		"amount": "年初未分配收益,亏损写负数",
	},
})

// Place is the village of the book.
func (e *BringForward) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the book.
func (e *BringForward) Subject() string { return e.Book }

func (e *BringForward) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckBook(c, &f, e.Book)
	if e.Year < 1949 || e.Year > c.Today().Year() {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
		return f
	}
	for k, t := range totals.Range(c, journal.YearID.Front(e.Book), journal.YearID.Dated(e.Book, e.Year)) {
		if len(t.Items) > 0 {
			f.Add(journal.Conflict, "year", e.Year, "这本账 %s 年已有收支,期初余额只能结转到有账的第一年", strconv.Itoa(journal.YearID.Year(k)))
			break
		}
	}
	first := e.Year
	if old, ok := openings.Get(c, e.Book); ok {
		first = min(first, old.Year)
	}
	if year, closed := office.ClosedFrom(c, e.Place(), first); closed {
		f.Add(journal.Conflict, "year", e.Year, "%s 年已结账,不能再改期初", strconv.Itoa(year))
	}
	plan.Guard(c, &f, "year", e.Year, plan.Funds, e.Book, journal.YearEnd(first))
	return f.Err()
}

func (e *BringForward) Apply(a *journal.Applying) {
	openings.Put(a.Tx, e.Book, opening{Year: e.Year, Amount: e.Amount, Entry: a.Seq})
}

// Fund is what a year's gain is set aside for.
type Fund string

// The funds.
const (
	ReserveFund Fund = "reserve" // 公积公益金
	WelfareFund Fund = "welfare" // 福利费, an item of the form before 2024
)

// setAside is what was set aside of a book's gain of a year by resolution.
type setAside struct {
	_       struct{} `cbor:",toarray"`
	Reserve money.Yuan
	Welfare money.Yuan
	ByHand  bool // whether the reserve was resolved, not computed by the charter's percentage
	Entry   uint64
}

var setAsides = journal.Folded[setAside]("set_aside")

// SetAside sets part of a year's gain aside by resolution: as reserve, in place of what the charter's percentage gives and no less than
// that; or for welfare.
type SetAside struct {
	Book       string     `cbor:"1,keyasint" json:"book"`
	Year       int        `cbor:"2,keyasint" json:"year"`
	Fund       Fund       `cbor:"3,keyasint" json:"fund"`
	Amount     money.Yuan `cbor:"4,keyasint" json:"amount"`
	Resolution string     `cbor:"5,keyasint" json:"resolution"`
}

var _ = journal.Register(&SetAside{}, journal.Kind{
	Label: "提取公积公益金", Roles: []journal.Role{journal.Accountant},
	Page: func(e journal.Entry) string {
		return "/statement/" + e.(*SetAside).Book + "?year=" + strconv.Itoa(e.(*SetAside).Year)
	},
	Hints: map[string]string{
		"fund": "reserve 公积公益金(不少于章程的)/welfare 福利费(2023 年及以前)",
	},
})

// Place is the village of the book.
func (e *SetAside) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the book.
func (e *SetAside) Subject() string { return e.Book }

func (e *SetAside) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckBook(c, &f, e.Book)
	if e.Year < 1949 || e.Year > c.Today().Year() {
		f.Invalid("year", e.Year, "年度 %s 不对", strconv.Itoa(e.Year))
	}
	if e.Amount < 0 {
		f.Invalid("amount", e.Amount, "金额 %s 不能小于 0", e.Amount.String())
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, e.Book, resolution.Fund)
	switch {
	case e.Fund != ReserveFund && e.Fund != WelfareFund:
		f.Invalid("fund", e.Fund, "提取的用途写 reserve(公积公益金)或 welfare(福利费)")
	case e.Fund == WelfareFund && !formIn(c, e.Book, e.Year).Has(welfareFigure):
		f.Invalid("fund", e.Fund, "%s 年的报表没有“%s”这个项目", strconv.Itoa(e.Year), journal.Label("福利费"))
	}
	if year, closed := office.ClosedFrom(c, e.Place(), e.Year); closed {
		f.Add(journal.Conflict, "year", e.Year, "%s 年已结账,不能再提取", strconv.Itoa(year))
	}
	plan.Guard(c, &f, "year", e.Year, plan.Funds, e.Book, journal.YearEnd(e.Year))
	if len(f) > 0 {
		return f
	}
	s := StatementIn(c, e.Book, e.Year)
	old := s.Reserve
	if e.Fund == WelfareFund {
		old = s.Welfare
	} else if e.Amount < s.Charter {
		return journal.Clash("amount", e.Amount, "章程规定提取 %s 元,不能少提", s.Charter.Grouped())
	}
	if room := s.Closing + old; e.Amount > room {
		return journal.Clash("amount", e.Amount, "可提取的只有 %s 元", room.Grouped())
	}
	if e.Fund == ReserveFund {
		checkReserve(c, &f, "amount", e.Book, e.Year, old-e.Amount)
	}
	return f.Err()
}

func (e *SetAside) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	key := journal.YearID.Dated(e.Book, e.Year)
	s, _ := setAsides.Get(a, key)
	if e.Fund == WelfareFund {
		s.Welfare = e.Amount
	} else {
		s.Reserve, s.ByHand = e.Amount, true
	}
	s.Entry = a.Seq
	setAsides.Put(a.Tx, key, s)
}

// OpenedIn is the year that a book's opening balance is brought forward into: nothing is booked before it. 0 where there is none.
func OpenedIn(r store.Reader, book string) int {
	brought, _ := openings.Get(r, book)
	return brought.Year
}
