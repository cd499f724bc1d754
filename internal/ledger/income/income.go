// Package income keeps the books of collectives and entities: lines, items and forms by year, statements, what is set aside, the
// empty-shell policy.
package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// RecordIncome books one receipt or expense of a village collective or an entity.
type RecordIncome struct {
	Book    string       `cbor:"1,keyasint" json:"book"` // village code, or entity id
	Item    string       `cbor:"2,keyasint" json:"item"`
	Date    journal.Date `cbor:"3,keyasint" json:"date"`
	Amount  money.Yuan   `cbor:"4,keyasint" json:"amount"`
	Party   string       `cbor:"5,keyasint,omitempty" json:"party"`
	Voucher string       `cbor:"6,keyasint,omitempty" json:"voucher"`
	Note    string       `cbor:"7,keyasint,omitempty" json:"note"`
	ID      string       `cbor:"8,keyasint" json:"-"`
	// Years is how many years a lump sum is for, from its date's on: each year's statement counts its part (rent for five years is no income
	// of one).
	Years int `cbor:"9,keyasint,omitempty" json:"years"`
	// Nature says of what comes in for what is let out (发包及上交收入), and belongs to years from 2024 on, whether it is rent or a profit handed
	// up.
	Nature Nature     `cbor:"10,keyasint,omitempty" json:"nature,omitempty"`
	Under  string     `cbor:"11,keyasint,omitempty" json:"-"` // the item it is booked under, where that is not the one asked for
	Parts  []YearPart `cbor:"12,keyasint,omitempty" json:"-"`
	// Contract is the one that it is received by.
	Contract string `cbor:"13,keyasint,omitempty" json:"contract,omitempty"`
	// From and To are what it is for, in place of Years: each calendar year's statement counts its part, by months where the time is whole
	// months, else by days. What is for years before its date counts in its date's.
	From journal.Date `cbor:"14,keyasint,omitempty" json:"for_from,omitempty"`
	To   journal.Date `cbor:"15,keyasint,omitempty" json:"for_to,omitempty"`
}

var _ = journal.Register(&RecordIncome{}, journal.Kind{
	Label: "记收支", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"book":     "村代码或经营主体编号",
		"years":    "一次收几年的,各年平均摊入 / a lump sum for several years is spread over them",
		"contract": "由哪份合同收来的", "for_from": "所属时段,与年数只写一种", "for_to": "时段的最后一天",
		"nature": "发包及上交收入从 2024 年起分:rent 租金(经营收入)/profit 上交利润(投资收益)",
	},
})

// Place is the village of the book.
func (e *RecordIncome) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the line's id.
func (e *RecordIncome) Subject() string { return e.ID }

func (e *RecordIncome) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckBook(c, &f, e.Book)
	forms := &bookForms{Reader: c, book: e.Book}
	item := e.checkItem(c, &f, forms)
	if e.Amount == 0 {
		f.Invalid("amount", "", "请填写金额,例如 36000.56")
	} else if e.Amount < 0 {
		f.Invalid("amount", e.Amount, "金额 %s 必须大于 0;记错的账请用冲销", e.Amount.String())
	}
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if brought, ok := openings.Get(c, e.Book); ok && e.Date != "" && e.Date.Year() < brought.Year {
		f.Add(journal.Conflict, "date", e.Date, "这本账从 %s 年的期初余额记起,以前的收支已经在余额里", strconv.Itoa(brought.Year))
	}
	switch {
	case e.Years < 0 || e.Years > maxSpread:
		f.Invalid("years", e.Years, "年数 %s 不在 1 到 %s 之间", strconv.Itoa(e.Years), strconv.Itoa(maxSpread))
	case e.Years == 1:
		e.Years = 0
	case e.Years > 1 && item.Expense:
		f.Invalid("years", e.Years, "只有收入可以分年摊入")
	}
	if e.Date != "" && len(f) == 0 {
		e.checkTime(&f, item)
	}
	if e.Contract != "" {
		checkReceipt(c, &f, e.line(), e.Book, e.Contract)
	}
	if len(f) > 0 {
		return f
	}
	doubtKind(c, e)
	doubtTooMuch(c, e)
	doubtReceived(c, e)
	var err error
	if e.ID, err = freeLines(c, e.Book, e.Date.Year(), 1); err != nil {
		return err
	}
	doubtSame(c, e)
	e.Parts = e.line().divided(forms)
	return nil
}

// checkTime refuses a time that the sum cannot be for.
func (e *RecordIncome) checkTime(f *journal.Faults, item Item) {
	if e.From == "" && e.To == "" {
		return
	}
	switch {
	case e.From == "":
		f.Invalid("for_from", "", "写了时段的最后一天,也请写从哪天起")
	case e.To == "":
		f.Invalid("for_to", "", "写了时段从哪天起,也请写到哪天为止")
	case e.To < e.From:
		f.Invalid("for_to", e.To, "时段到 %s 为止,早于开始的 %s", string(e.To), string(e.From))
	case e.To > e.From.PlusYears(maxSpread):
		f.Invalid("for_to", e.To, "时段最长 %s 年", strconv.Itoa(maxSpread))
	case e.From < e.Date.PlusYears(-maxSpread) || e.From > e.Date.PlusYears(maxSpread):
		f.Invalid("for_from", e.From, "时段从 %s 起,离记账日期太远", string(e.From))
	case e.Years > 1:
		f.Invalid("years", e.Years, "写了时段,就不再写年数")
	case item.Expense:
		f.Invalid("for_from", e.From, "只有收入可以分年摊入")
	}
}

// doubtTooMuch asks about a receipt of more than its contract still makes due.
func doubtTooMuch(c *journal.Checking, e *RecordIncome) {
	k, ok := contracts.Get(c, e.Contract)
	if !ok {
		return
	}
	if open := k.Owed(); len(k.Dues()) > 0 && e.Amount > open {
		c.Doubt("amount", e.Amount, "这份合同未收的一共 %s 元,这一笔是 %s 元", open.Grouped(), e.Amount.Grouped())
	}
}

// doubtReceived asks about a dividend that the payment of another village's entity has booked already.
func doubtReceived(c *journal.Checking, e *RecordIncome) {
	if e.Item != "investment" {
		return
	}
	for _, line := range incomes.Scan(c, journal.YearID.Dated(e.Book, e.Date.Year())) {
		if line.Payout != "" && line.Amount == e.Amount && line.ReversedBy == "" {
			c.Doubt("amount", e.Amount, "%s 已经有一笔 %s 元的分红(%s),是%s付款时自动记的;不是同一笔才再记", string(line.Date), line.Amount.Grouped(), line.ID, line.Party)
			return
		}
	}
}

// checkItem refuses an item that the form of the book and year has no line for, and finds the one that what is let out belongs to.
func (e *RecordIncome) checkItem(c *journal.Checking, f *journal.Faults, forms *bookForms) Item {
	item, ok := ItemNamed(e.Item)
	year := e.Date.Year()
	if e.Nature != "" && (e.Nature != Rent && e.Nature != HandedUp || e.Item != contracting) {
		f.Invalid("nature", e.Nature, "性质写 rent(租金)或 profit(上交利润),只有发包及上交收入才写")
	}
	if e.Item == contracting && BodyOf(c, e.Book) != CollectiveBody && year != 0 { // others let out nothing of a collective's
		refuseItem(f, forms.in(year), e, item)
		return item
	}
	if !ok {
		f.Invalid("item", e.Item, "没有“%s”这个收支项目;可用 %s", e.Item, journal.Labels(forms.in(year).Items()))
		return item
	}
	if year == 0 {
		return item
	}
	if e.Item == contracting && e.Nature == "" {
		if !e.checkNature(c, f, forms) {
			return item
		}
	}
	form := forms.in(year)
	e.Under = ""
	if under := itemIn(form, e.Item, e.Nature); e.Item == contracting && under != contracting {
		e.Under = under
	}
	if !form.Has(cmp.Or(e.Under, e.Item)) {
		refuseItem(f, form, e, item)
	}
	return item
}

// checkNature asks what comes in for what is let out, where a year's form has no line for it: before 2024 what was received for several
// years is taken for rent unless it says otherwise.
func (e *RecordIncome) checkNature(c *journal.Checking, f *journal.Faults, forms *bookForms) bool {
	year := e.Date.Year()
	for y := range max(min(max(e.Years, e.To.Year()-year+1), maxSpread), 1) {
		switch {
		case forms.in(year + y).Has(contracting):
			continue
		case y > 0:
			c.Doubt("nature", "", "摊到 %s 年的没有写明是租金还是上交的利润,按租金记入经营收入", strconv.Itoa(year+y))
			return true
		}
		f.Invalid("nature", "", "%s 年的报表没有“%s”:请写明是租金(记入经营收入)还是上交的利润(记入投资收益)", strconv.Itoa(year),
			journal.Label("发包及上交收入"))
		return false
	}
	return true
}

// refuseItem says which items the form has instead, and where state money of a cooperative goes.
func refuseItem(f *journal.Faults, form Form, e *RecordIncome, item Item) {
	year := strconv.Itoa(e.Date.Year())
	if form.Body == SpecialisedBody && e.Item == "subsidy" {
		f.Invalid("item", e.Item, "农民专业合作社 %s 年的报表没有“%s”:国家补助形成的财产和捐赠记入专项基金,平均量化到成员账户", year, item.Label)
		return
	}
	f.Invalid("item", e.Item, "%s 年的报表没有“%s”这个项目;可用 %s", year, item.Label, journal.Labels(form.Items()))
}

// line is the line that the entry books.
func (e *RecordIncome) line() Income {
	return Income{
		ID: e.ID, Item: cmp.Or(e.Under, e.Item), Date: e.Date, Amount: e.Amount, Party: e.Party, Voucher: e.Voucher, Note: e.Note,
		Years: e.Years, Parts: e.Parts, Nature: e.Nature, Contract: e.Contract, From: e.From, To: e.To,
	}
}

// MaxLinesOfYear is the most lines that a book has in a year: the digits of their numbers.
const MaxLinesOfYear = 99_999

// maxSpread is the most years that a lump sum may be for: the term of a land right (农村土地承包法 art. 21, woodland).
const maxSpread = 70

// freeLines is the id of the next line of a book in a year, where that has room for so many more.
func freeLines(r store.Reader, book string, year, lines int) (string, error) {
	t, _ := totals.Get(r, journal.YearID.Dated(book, year))
	if t.Last+lines > MaxLinesOfYear {
		return "", journal.Clash("book", book, "这本账 %s 年已满 99999 笔", strconv.Itoa(year))
	}
	return LineOf(book, year, t.Last+1), nil
}

func (e *RecordIncome) Apply(a *journal.Applying) {
	line := e.line()
	line.By, line.Entry = a.By, a.Seq
	Book(a, line)
}

// CheckBook refuses what is neither a village's book nor that of an entity with a book of its own.
func CheckBook(c *journal.Checking, f *journal.Faults, id string) {
	if journal.VillageID.Is(id) {
		office.CheckVillage(c, f, "book", journal.PlaceOf(id))
		return
	}
	switch e, ok := register.EntityTable.Get(c, id); {
	case !ok:
		f.Add(journal.NotFound, "book", id, "没有编号为 %s 的账;应当是村的区划代码或经营主体的编号", id)
	case e.Book() != id:
		f.Invalid("book", id, "%s的收支记在村集体账 %s", e.Name, e.Book())
	}
}

// CheckBookDate refuses a missing or future date, and one in a year that its village has closed.
func CheckBookDate(c *journal.Checking, f *journal.Faults, village region.Code, field string, d journal.Date) {
	before := len(*f)
	journal.CheckDate(c, f, field, d)
	if len(*f) > before {
		return
	}
	if year, closed := office.ClosedFrom(c, village, d.Year()); closed {
		f.Add(journal.Conflict, field, d, "%s 年已结账,不再收 %s 的账;请用未结账年度的日期", strconv.Itoa(year), string(d))
	}
}

// ReverseIncome takes back a wrong line by a line of the same item and the opposite amount (红字冲销). Both stay in the book.
type ReverseIncome struct {
	Income string       `cbor:"1,keyasint" json:"income"`
	Date   journal.Date `cbor:"2,keyasint" json:"date"` // the wrong line's own date when empty
	Reason string       `cbor:"3,keyasint" json:"reason"`
	ID     string       `cbor:"4,keyasint" json:"-"`
	Item   string       `cbor:"5,keyasint" json:"-"`
	Amount money.Yuan   `cbor:"6,keyasint" json:"-"`
	Party  string       `cbor:"7,keyasint,omitempty" json:"-"`
	Years  int          `cbor:"8,keyasint,omitempty" json:"-"`
	Parts  []YearPart   `cbor:"9,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&ReverseIncome{}, journal.Kind{
	Label: "冲销收支", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"date": "默认原日期",
	},
})

// Place is the village of the book.
func (e *ReverseIncome) Place() region.Code { return journal.PlaceOf(e.Income) }

// Subject is the id of the reversing line.
func (e *ReverseIncome) Subject() string { return e.ID }

func (e *ReverseIncome) Check(c *journal.Checking) error {
	wrong, err := standing(c, e.Income)
	if err != nil {
		return err
	}
	e.Date = cmp.Or(e.Date, wrong.Date)
	var f journal.Faults
	if checkReversal(c, &f, e.Place(), e.Reason, e.Date, wrong.Date); len(f) > 0 {
		return f
	}
	doubtCovered(c, wrong, e.Date)
	e.Amount, e.Party, e.Years = -wrong.Amount, wrong.Party, wrong.Years
	// A line of a closed year is reversed in an open one, whose form may have another item in its place.
	e.Parts = wrong.undone(c, e.Date)
	e.Item = e.Parts[0].Item
	if e.ID, err = freeLines(c, wrong.Book(), e.Date.Year(), 1); err != nil {
		return err
	}
	if slices.Equal(e.Parts, e.line().firstParts()) {
		e.Parts = nil
	}
	return nil
}

// checkReversal refuses a reversal without a reason, before what it takes back, or in a year that is closed.
func checkReversal(c *journal.Checking, f *journal.Faults, place region.Code, reason string, on, was journal.Date) {
	if reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	if on < was {
		f.Invalid("date", on, "冲销日期 %s 早于原来的 %s", string(on), string(was))
	}
	CheckBookDate(c, f, place, "date", on)
}

// standing finds a line that may be taken back or moved: it stands, and is neither a reversal nor a dividend, which goes with its payment.
func standing(c *journal.Checking, id string) (Income, error) {
	line, ok := incomes.Get(c, id)
	switch {
	case !ok:
		return line, journal.Missing("income", id, "没有编号为 %s 的收支", id)
	case line.ReversedBy != "":
		return line, journal.Clash("income", id, "这一笔已由 %s 冲销", line.ReversedBy)
	case line.Payout != "":
		return line, journal.Clash("income", id, "这一笔是分红 %s 的集体股分红,冲销那笔付款时会一起冲销", plannedBy(line.Payout))
	case line.Moved && line.Reverses != "":
		return line, journal.Clash("income", id, "这一笔是更正移出的,不能冲销;移到哪里,就在哪里冲销")
	case line.Reverses != "":
		return line, journal.Clash("income", id, "这一笔本身是冲销,不能再冲销;请重新记一笔")
	}
	return line, nil
}

// doubtCovered asks about an expense of an earlier year that is taken back in a later one, where its loss was made good from the reserve:
// what comes back belongs there.
func doubtCovered(c *journal.Checking, wrong Income, on journal.Date) {
	item, _ := ItemNamed(wrong.Item)
	if !item.Expense || on.Year() == wrong.Date.Year() {
		return
	}
	released, _ := releasesByYear(c, wrong.Book())
	for year := wrong.Date.Year(); year <= on.Year(); year++ {
		if sum := released[year]; sum > 0 {
			c.Doubt("income", wrong.ID, "%s 年用公积公益金弥补过亏损 %s 元;冲销这笔支出以后,多补的应当按决议提回公积公益金", strconv.Itoa(year), sum.Grouped())
			return
		}
	}
}

// line is the line that takes the wrong one back.
func (e *ReverseIncome) line() Income {
	return Income{ID: e.ID, Item: e.Item, Date: e.Date, Amount: e.Amount, Party: e.Party, Note: e.Reason, Reverses: e.Income, Years: e.Years,
		Parts: e.Parts}
}

func (e *ReverseIncome) Apply(a *journal.Applying) {
	markReversed(a, e.Income, e.ID)
	line := e.line()
	line.By, line.Entry = a.By, a.Seq
	Book(a, line)
}

// plannedBy is the distribution that a payout, named by distribution and holder, belongs to.
func plannedBy(payout string) string {
	id, _ := journal.DistributionID.Cut(payout)
	return id
}

// TakeBack books the reversal of a dividend on the village's collective shares: its payment was taken back. late says that it lies in a
// later year than the payment, which it then corrects; entries of older programs do not say it. paid is the day on which the money came
// back, where that year is closed.
func TakeBack(a *journal.Applying, of, id, reason string, on, paid journal.Date, late bool) {
	wrong := markReversed(a, of, id)
	back := Income{
		ID: id, Item: wrong.Item, Date: cmp.Or(on, wrong.Date), Amount: -wrong.Amount, Party: wrong.Party, Note: reason, Reverses: of, By: a.By,
		Entry: a.Seq, Payout: wrong.Payout, Paid: paid,
	}
	corrects := 0
	if late && back.Date.Year() > wrong.Date.Year() {
		corrects = wrong.Date.Year()
	}
	if wrong.Paid != "" { // it corrected an earlier year itself
		corrects = wrong.Paid.Year()
	}
	if corrects != 0 {
		back.Parts = []YearPart{{Year: back.Date.Year(), Item: back.Item, Amount: back.Amount, Of: corrects}}
	}
	Book(a, back)
}
