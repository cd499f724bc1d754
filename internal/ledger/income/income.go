// Package income keeps the books of collectives and entities: lines, items and forms by year, statements, what is set aside, the
// empty-shell policy.
package income

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Item is a line of the statement of gains and their distribution (收益及收益分配表) that income or expense is booked under. Which
// items there are depends on the year: the form in force since 2024 (财会〔2023〕14号) differs from the one before.
type Item struct {
	Code      string
	Label     journal.Label
	Expense   bool
	Operating bool   // whether it counts into 经营收益
	From, To  int    // years of effect, both inclusive
	Successor string // code of the item that took its place after To, "" where none did
}

func (it Item) Called() string { return string(it.Label) }

//go:embed items.csv
var itemTable []byte

// Items are all items of all forms, in the order of the statement.
var Items = readItems()

func readItems() (list []Item) {
	rows, err := csv.NewReader(bytes.NewReader(itemTable)).ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	for _, r := range rows[1:] {
		from, err1 := strconv.Atoi(r[4])
		to, err2 := strconv.Atoi(r[5])
		if err1 != nil || err2 != nil {
			panic("items.csv: " + r[0])
		}
		list = append(list, Item{r[0], journal.Label(r[1]), r[2] == "expense", r[3] == "yes", from, to, r[6]})
	}
	return list
}

// ItemsOf returns the items in force in a year.
func ItemsOf(year int) (list []Item) {
	for _, it := range Items {
		if it.From <= year && year <= it.To {
			list = append(list, it)
		}
	}
	return list
}

// ItemNamed returns the item with a code.
func ItemNamed(code string) (Item, bool) {
	for _, it := range Items {
		if it.Code == code {
			return it, true
		}
	}
	return Item{}, false
}

// Income is one line of income or expense in a book.
type Income struct {
	ID         string       `cbor:"1,keyasint"`
	Item       string       `cbor:"2,keyasint"`
	Date       journal.Date `cbor:"3,keyasint"`
	Amount     money.Yuan   `cbor:"4,keyasint"` // negative in a reversal
	Party      string       `cbor:"5,keyasint,omitempty"`
	Voucher    string       `cbor:"6,keyasint,omitempty"`
	Note       string       `cbor:"7,keyasint,omitempty"`
	Reverses   string       `cbor:"8,keyasint,omitempty"` // id of the line this one takes back
	ReversedBy string       `cbor:"9,keyasint,omitempty"`
	By         string       `cbor:"10,keyasint,omitempty"`
	Entry      uint64       `cbor:"11,keyasint"`
	Years      int          `cbor:"12,keyasint,omitempty"` // of a lump sum: how many years it is for, from its date's on
	Payout     string       `cbor:"13,keyasint,omitempty"` // of a dividend on collective shares: distribution and holder
}

// Book is the village or entity whose book the line stands in.
func (i Income) Book() string { return journal.YearID.Parent(journal.LineID.Parent(i.ID)) }

// LineNumber is the number of a line, given by its id, in its book and year.
func LineNumber(id string) string { return journal.LineID.Digits(id) }

// LineYear is the year of a line given by its id.
func LineYear(id string) int { return journal.YearID.Year(journal.LineID.Parent(id)) }

// BookYear is what a book's lines of one year add up to.
type BookYear struct {
	Last  int                   `cbor:"1,keyasint"` // number of the last line
	Items map[string]money.Yuan `cbor:"2,keyasint"` // by item code
}

var (
	incomes = journal.Folded[Income]("income")
	totals  = journal.Folded[BookYear]("total")    // book and year
	spreads = journal.Folded[money.Yuan]("spread") // book, year and id of a line of another year → what of it belongs to this one
)

// TotalTable holds what the lines of a book add up to, by YearID.
var TotalTable = totals.Readable()

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
}

var _ = journal.Register(&RecordIncome{}, journal.Kind{
	Label: "记收支", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"book":  "村代码或经营主体编号",
		"years": "一次收几年的,各年平均摊入 / a lump sum for several years is spread over them",
	},
})

// Place is the village of the book.
func (e *RecordIncome) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the line's id.
func (e *RecordIncome) Subject() string { return e.ID }

func (e *RecordIncome) Check(c *journal.Checking) error {
	var f journal.Faults
	checkBook(c, &f, e.Book)
	item, ok := ItemNamed(e.Item)
	var items []Item
	for _, it := range Items {
		if y := e.Date.Year(); y >= it.From && y <= it.To {
			items = append(items, it)
		}
	}
	switch year := e.Date.Year(); {
	case !ok:
		f.Invalid("item", e.Item, "没有“%s”这个收支项目;可用 %s", e.Item, journal.Labels(items))
	case year != 0 && (year < item.From || year > item.To):
		f.Invalid("item", e.Item, "%s 年的报表没有“%s”这个项目", strconv.Itoa(year), item.Label)
	}
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
	if len(f) > 0 {
		return f
	}
	return e.number(c)
}

// MaxLinesOfYear is the most lines that a book has in a year: the digits of their numbers.
const MaxLinesOfYear = 99_999

// maxSpread is the most years that a lump sum may be for: the term of a land right (农村土地承包法 art. 21, woodland).
const maxSpread = 70

// yearPart is what of a line belongs to a year, under the item that the year's form has for it.
type yearPart struct {
	year   int
	item   string
	amount money.Yuan
}

// parts divides a line over the years it is for: equally, the odd 分 to the first years. A reversal takes back in its own year what lies in
// earlier ones.
func (i Income) parts() (list []yearPart) {
	years := max(i.Years, 1)
	first := i.Date.Year()
	if i.Reverses != "" {
		first = LineYear(i.Reverses)
	}
	sum, sign := i.Amount, money.Yuan(1)
	if sum < 0 {
		sum, sign = -sum, -1
	}
	for k := range years {
		part := sum / money.Yuan(years)
		if money.Yuan(k) < sum%money.Yuan(years) {
			part++
		}
		p := yearPart{max(first+k, i.Date.Year()), i.Item, sign * part}
		if item, _ := ItemNamed(i.Item); p.year > item.To {
			p.item = item.Successor
		}
		if n := len(list); n > 0 && list[n-1].year == p.year {
			list[n-1].amount += p.amount
		} else {
			list = append(list, p)
		}
	}
	return list
}

func (e *RecordIncome) number(c *journal.Checking) error {
	t, _ := totals.Get(c, journal.YearID.Dated(e.Book, e.Date.Year()))
	if t.Last >= MaxLinesOfYear {
		return journal.Clash("book", e.Book, "这本账 %s 年已满 99999 笔", strconv.Itoa(e.Date.Year()))
	}
	e.ID = nextLine(c, e.Book, e.Date.Year())
	return nil
}

func (e *RecordIncome) Apply(a *journal.Applying) {
	Book(a, Income{
		ID: e.ID, Item: e.Item, Date: e.Date, Amount: e.Amount, Party: e.Party, Voucher: e.Voucher, Note: e.Note,
		By: a.By, Entry: a.Seq, Years: e.Years,
	})
}

// Book puts a line into its book and into the sums of its year.
func Book(a *journal.Applying, line Income) {
	incomes.Put(a.Tx, line.ID, line)
	for _, p := range line.parts() {
		key := journal.YearID.Dated(line.Book(), p.year)
		t, _ := totals.Get(a, key)
		if t.Items == nil {
			t.Items = map[string]money.Yuan{}
		}
		t.Items[p.item] += p.amount
		if p.year == line.Date.Year() {
			t.Last = max(t.Last, journal.LineID.Number(line.ID))
		} else {
			spreads.Put(a.Tx, key+line.ID, p.amount)
		}
		totals.Put(a.Tx, key, t)
	}
}

// LineOf is the id of a line of a book in a year by its number.
func LineOf(book string, year, number int) string {
	return journal.LineID.ID(journal.LineID.Front(journal.YearID.Dated(book, year)), number)
}

// nextLine is the id of the next line of a book in a year.
func nextLine(r store.Reader, book string, year int) string {
	t, _ := totals.Get(r, journal.YearID.Dated(book, year))
	return LineOf(book, year, t.Last+1)
}

// SpreadLine is what of another year's lump sum belongs to a year.
type SpreadLine struct {
	Income
	Part money.Yuan
}

// Spread lists the lines of other years of which a part belongs to a year of a book.
func Spread(v *journal.View, book string, year int) (list []SpreadLine, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	key := journal.YearID.Dated(book, year)
	for k, part := range spreads.Scan(books, key) {
		line, _ := incomes.Get(books, strings.TrimPrefix(k, key))
		list = append(list, SpreadLine{line, part})
	}
	return list, nil
}

// checkBook refuses what is neither a village's book nor that of an entity with a book of its own.
func checkBook(c *journal.Checking, f *journal.Faults, id string) {
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
	wrong, ok := incomes.Get(c, e.Income)
	switch {
	case !ok:
		return journal.Missing("income", e.Income, "没有编号为 %s 的收支", e.Income)
	case wrong.ReversedBy != "":
		return journal.Clash("income", e.Income, "这一笔已由 %s 冲销", wrong.ReversedBy)
	case wrong.Payout != "":
		return journal.Clash("income", e.Income, "这一笔是分红 %s 的集体股分红,冲销那笔付款时会一起冲销", plannedBy(wrong.Payout))
	case wrong.Reverses != "":
		return journal.Clash("income", e.Income, "这一笔本身是冲销,不能再冲销;请重新记一笔")
	}
	if e.Date == "" {
		e.Date = wrong.Date
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	if e.Date < wrong.Date {
		f.Invalid("date", e.Date, "冲销日期 %s 早于原来的 %s", string(e.Date), string(wrong.Date))
	}
	CheckBookDate(c, &f, e.Place(), "date", e.Date)
	if len(f) > 0 {
		return f
	}
	e.Item, e.Amount, e.Party, e.Years = wrong.Item, -wrong.Amount, wrong.Party, wrong.Years
	// A line of a closed year is reversed in an open one, whose form may have another item in its place.
	if item, _ := ItemNamed(wrong.Item); e.Date.Year() > item.To {
		e.Item = item.Successor
	}
	as := RecordIncome{Book: wrong.Book(), Date: e.Date}
	err := as.number(c)
	e.ID = as.ID
	return err
}

func (e *ReverseIncome) Apply(a *journal.Applying) {
	markReversed(a, e.Income, e.ID)
	Book(a, Income{
		ID: e.ID, Item: e.Item, Date: e.Date, Amount: e.Amount, Party: e.Party, Note: e.Reason, Reverses: e.Income, By: a.By, Entry: a.Seq,
		Years: e.Years,
	})
}

// plannedBy is the distribution that a payout, named by distribution and holder, belongs to.
func plannedBy(payout string) string {
	id, _ := journal.DistributionID.Cut(payout)
	return id
}

// markReversed notes on a line which other takes it back, and returns it.
func markReversed(a *journal.Applying, id, by string) Income {
	line, _ := incomes.Get(a, id)
	line.ReversedBy = by
	incomes.Put(a.Tx, id, line)
	return line
}

// TakeBack books the reversal of a dividend on the village's collective shares: its payment was taken back.
func TakeBack(a *journal.Applying, of, id, reason string, on journal.Date) {
	wrong := markReversed(a, of, id)
	Book(a, Income{
		ID: id, Item: wrong.Item, Date: cmp.Or(on, wrong.Date), Amount: -wrong.Amount, Party: wrong.Party, Note: reason, Reverses: of, By: a.By,
		Entry: a.Seq, Payout: wrong.Payout,
	})
}

// Incomes lists a book's lines of a year, in the order they were booked; only those of one item when it is not "".
func Incomes(v *journal.View, book string, year int, item string) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	for _, line := range incomes.Scan(books, journal.YearID.Dated(book, year)) {
		if item == "" || line.Item == item {
			list = append(list, line)
		}
	}
	return list, nil
}

// EachIncome calls f for every line of a year in a region: villages in code order, their own book first, then their entities'.
func EachIncome(v *journal.View, place region.Code, year int, f func(Income) error) error {
	books, err := v.At(place)
	if err != nil {
		return err
	}
	for _, line := range incomes.Scan(books, place.Prefix()) {
		if line.Date.Year() == year {
			if err := f(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// IncomeOf returns a line by its id.
func IncomeOf(v *journal.View, id string) (Income, error) {
	return journal.Find(v, incomes.Readable(), id, journal.Missing("income", id, "没有编号为 %s 的收支", id))
}

func init() {
	journal.NamedBy(journal.LineID, incomes, func(store.Reader, Income) string { return "" })
}
