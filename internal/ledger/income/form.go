package income

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Body is what kind of body keeps a book: each has a form of its own.
type Body string

// The bodies.
const (
	CollectiveBody  Body = "collective"  // 农村集体经济组织
	SpecialisedBody Body = "specialised" // 农民专业合作社
	PlainBody       Body = "plain"       // enterprises and family farms: a list of sums, no official form
)

// Bodies lists all bodies.
func Bodies() []Body { return []Body{CollectiveBody, SpecialisedBody, PlainBody} }

// Label names the body in Chinese.
func (b Body) Label() journal.Label {
	switch b {
	case CollectiveBody:
		return "农村集体经济组织"
	case SpecialisedBody:
		return "农民专业合作社"
	case PlainBody:
		return "企业和家庭农场"
	}
	return journal.Label(b)
}

// Form is a statement of gains and their distribution as a rule prints it: for a kind of body and some years.
type Form struct {
	Name      string     `cbor:"1,keyasint,omitempty"` // of the program's own
	Body      Body       `cbor:"2,keyasint,omitempty"`
	From      int        `cbor:"3,keyasint"`
	To        int        `cbor:"4,keyasint"`           // both inclusive
	Table     string     `cbor:"5,keyasint,omitempty"` // 表号; a form without one prints no 行次
	Title     string     `cbor:"6,keyasint"`
	Source    string     `cbor:"7,keyasint,omitempty"` // the rule that prints it
	Unchecked bool       `cbor:"8,keyasint,omitempty"` // not yet compared with the rule's own text
	Lines     []FormLine `cbor:"9,keyasint"`
	first     bool       // what programs showed before there were forms
}

// FormLine is a line of a form. What is booked or worked out fills it; or it is worked out of lines above it.
type FormLine struct {
	Number  int    `cbor:"1,keyasint" json:"number"`         // 行次
	Sign    string `cbor:"2,keyasint,omitempty" json:"sign"` // 加 or 减, as printed before the text
	Text    string `cbor:"3,keyasint" json:"text"`
	Fills   string `cbor:"4,keyasint,omitempty" json:"fills"`   // codes of items and figures, joined by +; of a formula the total it is
	Formula string `cbor:"5,keyasint,omitempty" json:"formula"` // of numbers of lines: 1+2+3-6-7
	Account string `cbor:"6,keyasint,omitempty" json:"account"` // 科目编号
}

// Figure is what is not booked under an item, but worked out, and fills a line.
type Figure struct {
	Code  string
	Label journal.Label
	sign  int // what it does to what is left at the year's end
}

// The figures, and the totals that a line with a formula may be.
const (
	openingFigure    = "opening"
	releasedFigure   = "released"
	reserveFigure    = "reserve"
	welfareFigure    = "welfare"
	outsideFigure    = "outside"
	membersFigure    = "members"
	otherFigure      = "other_uses"
	returnedFigure   = "returned"
	capitalFigure    = "capital"
	operatingTotal   = "operating_gain"
	gainTotal        = "gain"
	distributedTotal = "distributable"
	closingTotal     = "closing"
)

// Figures are all figures. What a form has no line for stands on one of its own.
var Figures = []Figure{
	{openingFigure, "年初未分配收益", 1}, {releasedFigure, "其他转入", 1}, {reserveFigure, "提取公积公益金", -1}, {welfareFigure, "提取福利费", -1},
	{outsideFigure, "外来投资分利", -1}, {membersFigure, "成员分配", -1}, {otherFigure, "其他分配", -1}, {returnedFigure, "盈余返还", -1},
	{capitalFigure, "转为成员出资", -1},
}

// Totals are what a line with a formula may be.
var Totals = []Figure{{operatingTotal, "经营收益", 0}, {gainTotal, "本年收益", 0}, {distributedTotal, "可分配收益", 0}, {closingTotal, "年末未分配收益", 0}}

//go:embed forms.csv
var formTable []byte

// ownForms are those that the program brings along.
var ownForms = readForms()

func readForms() (list []Form) {
	r := csv.NewReader(bytes.NewReader(formTable))
	r.Comment, r.FieldsPerRecord = '#', -1
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			panic("forms.csv: " + s)
		}
		return n
	}
	for _, r := range rows {
		if r[0] == "form" {
			list = append(list, Form{Name: r[1], Body: Body(r[2]), From: number(r[3]), To: number(r[4]), Table: r[5], Title: r[6],
				Source: r[7], first: r[8] == "yes", Unchecked: r[9] == "yes"})
			continue
		}
		f := &list[len(list)-1]
		f.Lines = append(f.Lines, FormLine{Number: number(r[0]), Sign: r[1], Text: r[2], Fills: r[3], Formula: r[4], Account: r[5]})
	}
	return list
}

// OwnForms lists the forms that the program brings along for what bodies book today.
func OwnForms() []Form {
	return slices.DeleteFunc(slices.Clone(ownForms), func(f Form) bool { return f.first })
}

// Upto is a year that the form is of: its last one, or that it began with where it has no end.
func (f Form) Upto() int {
	if f.To == LastYear {
		return f.From
	}
	return f.To
}

// covers tells whether the form is that of a body in a year.
func (f Form) covers(body Body, year int) bool {
	return (f.Body == body || f.first) && f.From <= year && year <= f.To
}

// ownForm is the program's form of a body in a year: the first ones are those shown before each body had its own.
func ownForm(body Body, year int, first bool) Form {
	for _, f := range ownForms {
		if f.first == first && f.covers(body, year) {
			return f
		}
	}
	return Form{}
}

// BodyOf is what kind of body keeps a book.
func BodyOf(r store.Reader, book string) Body {
	if journal.VillageID.Is(book) {
		return CollectiveBody
	}
	e, _ := register.EntityTable.Get(r, book)
	switch {
	case e.Kind.Collective():
		return CollectiveBody
	case e.Kind == register.SpecialisedCooperative:
		return SpecialisedBody
	}
	return PlainBody
}

// BodyFor is what kind of body keeps a book, for whoever may read it.
func BodyFor(v *journal.View, book string) (Body, error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return "", err
	}
	return BodyOf(books, book), nil
}

// formIn is the form of a book in a year: the last one that the nearest office has set, else the program's own. A closed year keeps the
// form that it was closed under.
func formIn(r store.Reader, book string, year int) Form {
	place := journal.PlaceOf(book)
	by, closed := office.ClosedUnder(r, place, year)
	if closed && by.Forms == 0 {
		return ownForm(CollectiveBody, year, true)
	}
	return formBy(r, place, BodyOf(r, book), year, func(x setForm) bool { return !closed || x.before(by) })
}

// bookForms finds the forms of one book; asked again about the same year it has looked already.
type bookForms struct {
	store.Reader
	book string
	year int
	form Form
}

func (b *bookForms) in(year int) Form {
	if b.form.Lines == nil || b.year != year {
		b.year, b.form = year, formIn(b, b.book, year)
	}
	return b.form
}

// openForm is the form of a kind of body in a year that is not closed.
func openForm(r store.Reader, place region.Code, body Body, year int) Form {
	return formBy(r, place, body, year, func(setForm) bool { return true })
}

func formBy(r store.Reader, place region.Code, body Body, year int, fits func(setForm) bool) Form {
	for level := region.County; level >= region.Province && place != ""; level-- {
		if f, ok := lastSet(r, place.Cut(level), body, year, fits); ok {
			return f
		}
	}
	return ownForm(body, year, false)
}

// FormFor is the form of a kind of body in a place for a year that is not closed.
func FormFor(v *journal.View, place region.Code, body Body, year int) (Form, error) {
	books, err := v.At(place)
	if err != nil {
		return Form{}, err
	}
	return openForm(books, place, body, year), nil
}

// FormOf is the form of a book in a year, for whoever may read the book.
func FormOf(v *journal.View, book string, year int) (Form, error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return Form{}, err
	}
	return formIn(books, book, year), nil
}

// Codes are the items and figures that fill the line, none of a line with a formula.
func (l FormLine) Codes() []string {
	if l.Formula != "" || l.Fills == "" {
		return nil
	}
	return strings.Split(l.Fills, "+")
}

// Item is the one item that fills the line, "" where none or several do.
func (l FormLine) Item() string {
	if codes := l.Codes(); len(codes) == 1 {
		if _, ok := ItemNamed(codes[0]); ok {
			return codes[0]
		}
	}
	return ""
}

// Gives is what of a plan's uses stands on the line.
func (l FormLine) Gives(u plan.Uses) (sum money.Yuan) {
	for _, code := range l.Codes() {
		sum += u.Of(code)
	}
	return sum
}

// Several are the items that fill the line, where it is more than one.
func (l FormLine) Several() (list []Item) {
	for _, code := range l.Codes() {
		if it, ok := ItemNamed(code); ok {
			list = append(list, it)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// Has tells whether an item or figure fills a line of the form.
func (f Form) Has(code string) bool {
	for _, l := range f.Lines { // every line that is booked asks: no list is made
		if l.Formula != "" {
			continue
		}
		for filled := range strings.SplitSeq(l.Fills, "+") {
			if filled == code {
				return code != ""
			}
		}
	}
	return false
}

// ItemAt is the one item that stands under an account code (科目编号), or under the text of a line; "" where none does, or several do.
func (f Form) ItemAt(text string) (code string) {
	for _, l := range f.Lines {
		if l.Item() == "" || l.Account != text && l.Text != text {
			continue
		}
		if code != "" {
			return ""
		}
		code = l.Item()
	}
	return code
}

// AccountOf is the account code (科目编号) of an item on the form, "" where it has none.
func (f Form) AccountOf(item string) string {
	for _, l := range f.Lines {
		if slices.Contains(l.Codes(), item) {
			return l.Account
		}
	}
	return ""
}

// Items are the items that the form's lines are filled with, in the order of its lines.
func (f Form) Items() (list []Item) {
	for _, l := range f.Lines {
		for _, code := range l.Codes() {
			if it, ok := ItemNamed(code); ok {
				list = append(list, it)
			}
		}
	}
	return list
}

// total is what a line with a formula is: its code, "" of others.
func (l FormLine) total() string {
	if l.Formula == "" {
		return ""
	}
	return l.Fills
}
