package income

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// setForm is a form that an office has set for its place.
type setForm struct {
	Form  Form          `cbor:"1,keyasint"`
	Stamp journal.Stamp `cbor:"2,keyasint"`
	Level region.Level  `cbor:"3,keyasint"` // of the office
}

// before tells whether the form was set before a year was closed: by their order in the county's chain; a city's and a province's stand in
// others, and go by the time.
func (x setForm) before(by office.Closing) bool {
	if x.Level == region.County {
		return x.Stamp.Entry < by.Entry
	}
	return x.Stamp.At < by.At
}

// setForms: the place, the body and the number of the record.
var setForms = journal.Folded[setForm]("form")

func formFront(place region.Code, body Body) string { return string(place) + string(body) + "\x00" }

// lastSet is the last form that a place's office has set for a body and year, of those that fit.
func lastSet(r store.Reader, place region.Code, body Body, year int, fits func(setForm) bool) (last Form, ok bool) {
	for _, x := range setForms.Scan(r, formFront(place, body)) {
		if x.Form.covers(body, year) && fits(x) {
			last, ok = x.Form, true
		}
	}
	return last, ok
}

// SetForm sets the form of a kind of body for a county, a city or a province: the whole of it, in the place of the program's own. It holds
// for every year that is open, and those that are closed later.
type SetForm struct {
	Region region.Code `cbor:"1,keyasint" json:"region"`
	Body   Body        `cbor:"2,keyasint" json:"body"`
	From   int         `cbor:"3,keyasint" json:"from_year"`
	To     int         `cbor:"4,keyasint,omitempty" json:"to_year"` // 0 for ever on
	Table  string      `cbor:"5,keyasint,omitempty" json:"table"`
	Title  string      `cbor:"6,keyasint" json:"title"`
	Source string      `cbor:"7,keyasint" json:"source"`
	Lines  []FormLine  `cbor:"8,keyasint" json:"lines"`
	// Unchecked says that the form has not been compared with the rule's own text.
	Unchecked bool `cbor:"9,keyasint,omitempty" json:"unchecked,omitempty"`
}

var _ = journal.Register(&SetForm{}, journal.Kind{
	Label: "更改报表格式", Roles: []journal.Role{journal.Official},
	Note: "整张表一起给出;已结账的年度不变 / the whole form; closed years keep theirs",
	Page: func(e journal.Entry) string { return "/forms/" + string(e.Place()) },
	Hints: map[string]string{
		"region":        "县或市的代码",
		"body":          "collective 农村集体经济组织/specialised 农民专业合作社/plain 企业和家庭农场",
		"to_year":       "留空一直有效",
		"source":        "例如 财会〔2023〕14号",
		"lines.fills":   "收支项目或分配数的代码,几个用 + 连;有公式的写是哪个合计",
		"lines.formula": "行次加减,例如 1+2-3",
		"unchecked":     "true 为还没有与原文核对",
		"lines.sign":    "加(+)/减(-)/空",
	},
})

// Place is the place that the form is for.
func (e *SetForm) Place() region.Code { return e.Region }

// Subject is the place.
func (e *SetForm) Subject() string { return string(e.Region) }

// maxFormLines is the most lines that a form has.
const maxFormLines = 60

// The first year that a book can have, and the one up to which a form holds that names none.
const (
	FirstYear = office.FirstYear
	LastYear  = 9999
)

func (e *SetForm) Check(c *journal.Checking) error {
	var f journal.Faults
	office.CheckOffice(c, &f, e.Region)
	if !slices.Contains(Bodies(), e.Body) {
		f.Invalid("body", e.Body, "没有“%s”这类主体;可用 %s", string(e.Body), "collective、specialised、plain")
	}
	if e.From < FirstYear || e.From > c.Today().Year()+1 {
		f.Invalid("from_year", e.From, "年度 %s 不对", strconv.Itoa(e.From))
	}
	if e.To != 0 && e.To < e.From {
		f.Invalid("to_year", e.To, "到 %s 年早于从 %s 年", strconv.Itoa(e.To), strconv.Itoa(e.From))
	}
	if e.Title == "" {
		f.Invalid("title", "", "请填写表名,例如 收益及收益分配表")
	}
	if e.Source == "" {
		f.Invalid("source", "", "请写明依据,例如 文件号")
	}
	if n := len(e.Lines); n > maxFormLines {
		f.Invalid("lines", n, "一张表最多 %s 行", strconv.Itoa(maxFormLines))
		return f
	}
	for i, l := range e.Lines {
		switch l.Sign {
		case "+":
			e.Lines[i].Sign = plusSign
		case "-":
			e.Lines[i].Sign = minusSign
		}
	}
	checkLines(&f, e.Lines)
	if len(f) == 0 {
		e.form().checkSums(&f)
	}
	return f.Err()
}

// form is the form as it will be kept.
func (e *SetForm) form() Form {
	f := Form{Body: e.Body, From: e.From, To: e.To, Table: e.Table, Title: e.Title, Source: e.Source, Lines: e.Lines,
		Unchecked: e.Unchecked}
	if f.To == 0 {
		f.To = LastYear
	}
	return f
}

func (e *SetForm) Apply(a *journal.Applying) {
	setForms.Put(a.Tx, formFront(e.Region, e.Body)+journal.SeqKey(a.Seq), setForm{Form: e.form(), Stamp: a.Stamp(), Level: e.Region.Level()})
}

// checkLines refuses lines that cannot be read: a number used twice, something filled in twice, a formula of lines that do not stand above.
func checkLines(f *journal.Faults, lines []FormLine) {
	above, filled := map[int]bool{}, map[string]bool{}
	once := func(at, code string) {
		if filled[code] {
			f.Invalid(at+"fills", code, "“%s”已经填在上面的一行", code)
		}
		filled[code] = true
	}
	for i, l := range lines {
		at := "lines." + strconv.Itoa(i) + "."
		if l.Number < 1 || above[l.Number] {
			f.Invalid(at+"number", l.Number, "行次 %s 不对或用了两次", strconv.Itoa(l.Number))
		}
		if l.Text == "" {
			f.Invalid(at+"text", "", "请填写这一行的名称")
		}
		if l.Sign != "" && l.Sign != plusSign && l.Sign != minusSign {
			f.Invalid(at+"sign", l.Sign, "“%s”不对;写 加(+)、减(-) 或空着", l.Sign)
		}
		switch list, ok := terms(l.Formula); {
		case l.Formula == "" && l.Fills == "":
			f.Invalid(at+"fills", "", "这一行没有写填什么,也没有公式")
		case l.Formula == "":
			for _, code := range l.Codes() {
				if once(at, code); !isCode(code) {
					f.Invalid(at+"fills", code, "没有“%s”这个收支项目或分配数;可用 %s", code, strings.Join(codes(), "、"))
				}
			}
		case !ok:
			f.Invalid(at+"formula", l.Formula, "公式“%s”看不懂;写行次的加减,例如 1+2-3", l.Formula)
		default:
			for _, t := range list {
				if !above[t.line] {
					f.Invalid(at+"formula", l.Formula, "公式里的第 %s 行不在这一行上面", strconv.Itoa(t.line))
				}
			}
			if l.Fills != "" {
				if once(at, l.Fills); !slices.ContainsFunc(Totals, func(x Figure) bool { return x.Code == l.Fills }) {
					f.Invalid(at+"fills", l.Fills, "没有“%s”这个合计;可用 %s", l.Fills, strings.Join(codesOf(Totals), "、"))
				}
			}
		}
		above[l.Number] = true
	}
	for _, x := range []Figure{Totals[1], Totals[3]} { // the ledger has to know the year's gain, and what is left at its end
		if !filled[x.Code] {
			f.Invalid("lines", x.Code, "缺“%s”(%s)一行", x.Label, x.Code)
		}
	}
}

func isCode(code string) bool { return slices.Contains(codes(), code) }

// codes are what may fill a line: items and figures.
func codes() (list []string) {
	for _, it := range Items {
		list = append(list, it.Code)
	}
	return append(list, codesOf(Figures)...)
}

func codesOf(list []Figure) (codes []string) {
	for _, x := range list {
		codes = append(codes, x.Code)
	}
	return codes
}

// checkSums refuses a form whose totals are not what the ledger works out from the same sums: each item and figure is tried alone, also
// what the form has no line for. Whether 可分配 comes before or after what is set aside, the form may say.
func (f Form) checkSums(faults *journal.Faults) {
	try := func(code string, label journal.Label, gain, distributable, closing money.Yuan) {
		want := map[string]money.Yuan{gainTotal: gain, distributedTotal: distributable, closingTotal: closing}
		for _, row := range f.Fill(map[string]money.Yuan{code: 1}, nil) {
			sum, known := want[row.total()]
			if !known || row.Now == sum || row.total() == distributedTotal && closing < 0 && gain == 0 && row.Now == closing {
				continue
			}
			i := slices.IndexFunc(f.Lines, func(l FormLine) bool { return l.Number == row.Number })
			faults.Invalid("lines."+strconv.Itoa(i)+".formula", row.Formula, "按这个公式,%s 1 元在“%s”里算成 %s 元,应当是 %s 元", label, row.Text,
				strconv.Itoa(int(row.Now)), strconv.Itoa(int(sum)))
		}
	}
	for _, it := range Items {
		sign := money.Yuan(it.signed())
		try(it.Code, it.Label, sign, sign, sign)
	}
	for _, x := range Figures {
		try(x.Code, x.Label, 0, money.Yuan(max(0, x.sign)), money.Yuan(x.sign))
	}
}

// SetForms lists the forms that a place's office has set, in the order they were set.
func SetForms(v *journal.View, place region.Code) (list []Form, stamps []journal.Stamp, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, nil, err
	}
	for _, body := range Bodies() {
		for _, x := range setForms.Scan(books, formFront(place, body)) {
			list, stamps = append(list, x.Form), append(stamps, x.Stamp)
		}
	}
	return list, stamps, nil
}

// FormsInForce lists the forms of all bodies in a place for years that are not closed: of each body the one before, and the one of today.
func FormsInForce(v *journal.View, place region.Code) (list []Form, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for _, body := range Bodies() {
		last := Form{}
		for y := firstTermYear; y <= v.Today().Year(); y++ {
			if f := openForm(books, place, body, y); f.From != last.From || f.Source != last.Source || len(f.Lines) != len(last.Lines) {
				list, last = append(list, f), f
			}
		}
	}
	return list, nil
}

// firstTermYear is the first year whose form is shown.
const firstTermYear = 2015
