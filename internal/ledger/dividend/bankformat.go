package dividend

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// BankFormat is how a bank wants its file of payouts: data, not code, so that an office can add its own bank's. There is no public
// standard; what it can say is what differs between the banks' own descriptions.
type BankFormat struct {
	Name      string      `cbor:"1,keyasint" json:"name"`
	Encoding  string      `cbor:"2,keyasint" json:"encoding"`                        // utf-8, gb18030, gbk or xlsx
	Separator string      `cbor:"3,keyasint,omitempty" json:"separator,omitempty"`   // of a text file's fields; "" for fixed widths
	Headings  bool        `cbor:"4,keyasint,omitempty" json:"headings,omitempty"`    // whether a line names the columns
	Header    []BankField `cbor:"5,keyasint,omitempty" json:"header,omitempty"`      // of a line before the columns, or none
	Columns   []BankField `cbor:"6,keyasint" json:"columns"`                         // of a line for each payout
	Trailer   []BankField `cbor:"7,keyasint,omitempty" json:"trailer,omitempty"`     // of a line behind the payouts, or none
	LineEnd   string      `cbor:"8,keyasint,omitempty" json:"line_end,omitempty"`    // lf; "" for CR LF
	Rows      int         `cbor:"9,keyasint,omitempty" json:"rows,omitempty"`        // the most payouts of one file; 0 for any number
	File      string      `cbor:"10,keyasint,omitempty" json:"file,omitempty"`       // the file's name: DF{payer}_{date8}_{n}.txt
	Bare      bool        `cbor:"11,keyasint,omitempty" json:"bare,omitempty"`       // fields are never put into quotes
	Payer     string      `cbor:"12,keyasint,omitempty" json:"payer,omitempty"`      // the account that pays
	PayerName string      `cbor:"13,keyasint,omitempty" json:"payer_name,omitempty"` // whose it is
	Agreement string      `cbor:"14,keyasint,omitempty" json:"agreement,omitempty"`  // the number of the agreement with the bank
	Own       string      `cbor:"15,keyasint,omitempty" json:"own,omitempty"`        // the bank: its own accounts are told from others'
}

// BankField is one field of a line: a value of the payout's or the file's, or a fixed text.
type BankField struct {
	Heading string `cbor:"1,keyasint,omitempty" json:"heading,omitempty"`
	Value   string `cbor:"2,keyasint,omitempty" json:"value,omitempty"`    // one of RowValues or SumValues; "" for the fixed text
	Fixed   string `cbor:"3,keyasint,omitempty" json:"fixed,omitempty"`    // the text; of a value with kinds, the words for them: 银行卡/存折/单位账户
	Width   int    `cbor:"4,keyasint,omitempty" json:"width,omitempty"`    // bytes that it is filled up to; 0 for its own length
	Fill    string `cbor:"5,keyasint,omitempty" json:"fill,omitempty"`     // what it is filled up with; "" for blanks
	Right   bool   `cbor:"6,keyasint,omitempty" json:"to_right,omitempty"` // set to the right edge, filled up in front
	Limit   int    `cbor:"7,keyasint,omitempty" json:"limit,omitempty"`    // the most bytes that it may have; 0 for any number
}

// The values that fields may have: of a payout, and of the file as a whole.
var (
	fileValues = []string{"date", "date8", "payer", "payer_name", "agreement", "purpose", "fixed"}
	RowValues  = append([]string{"line", "name", "card", "amount", "fen", "bank", "id_no", "account_kind", "branch", "branch_code", "own"},
		fileValues...)
	SumValues = append([]string{"batch", "count", "sum", "sum_fen", "n"}, fileValues...)
)

// UnmarshalJSON reads a field as an object, as a heading with a value, or as a value alone.
func (f *BankField) UnmarshalJSON(b []byte) error {
	*f = BankField{}
	switch {
	case bytes.HasPrefix(b, []byte(`"`)):
		return json.Unmarshal(b, &f.Value)
	case bytes.HasPrefix(b, []byte(`[`)):
		var pair [2]string
		err := json.Unmarshal(b, &pair)
		f.Heading, f.Value = pair[0], pair[1]
		return err
	}
	type plain BankField
	in := json.NewDecoder(bytes.NewReader(b))
	in.DisallowUnknownFields()
	return in.Decode((*plain)(f))
}

// The most that a format may have.
const (
	maxFields = 64
	maxFill   = 512
)

// Tab is how a format names the tab as its separator: blanks alone are no text.
const Tab = "tab"

// Between is what separates the fields of a text file, "" where they have fixed widths.
func (f BankFormat) Between() string {
	if f.Separator == Tab {
		return "\t"
	}
	return f.Separator
}

// Check tells what is wrong with a format: one that cannot be written.
func (f BankFormat) Check() error {
	wrong := func(text string, args ...any) error {
		return &journal.Error{Code: journal.Invalid, Field: "format", Value: f.Name, Text: "银行格式“%s”不对:%s",
			Args: []any{f.Name, &journal.Error{Text: text, Args: args}}}
	}
	switch {
	case f.Name == "" || len(f.Columns) == 0:
		return wrong("要有名称,每笔至少一格")
	case !slices.Contains([]string{"utf-8", "gb18030", "gbk", "xlsx"}, f.Encoding):
		return wrong("没有编码“%s”;可用 utf-8、gb18030、gbk、xlsx", f.Encoding)
	case utf8.RuneCountInString(f.Separator) > 1 && f.Separator != Tab, strings.ContainsAny(f.Separator, "\"\r\n"):
		return wrong("分隔符“%s”要是一个字,不能是引号;制表符写 tab", f.Separator)
	case f.LineEnd != "" && f.LineEnd != "lf" && f.LineEnd != "crlf":
		return wrong("行尾“%s”要是 lf,或不写", f.LineEnd)
	case f.Rows < 0 || f.Rows > journal.MaxEntries:
		return wrong("每份的笔数要在 0 到 %s 之间", strconv.Itoa(journal.MaxEntries))
	case f.Encoding == "xlsx" && len(f.Header)+len(f.Trailer) > 0:
		return wrong("XLSX 没有首行和末行;请去掉")
	}
	for _, part := range []struct {
		label  journal.Label
		fields []BankField
		values []string
	}{{"每笔一行", f.Columns, RowValues}, {"首行", f.Header, SumValues}, {"末行", f.Trailer, SumValues}} {
		if len(part.fields) > maxFields {
			return wrong("%s最多 %s 格", part.label, strconv.Itoa(maxFields))
		}
		for i, x := range part.fields {
			if e := x.check(f.Separator == "" && f.Encoding != "xlsx", part.values); e != nil {
				return wrong("%s第 %s 格:%s", part.label, strconv.Itoa(i+1), e)
			}
		}
	}
	return nil
}

// check tells what is wrong with a field of a line that may have these values, of fixed widths or not.
func (x BankField) check(fixed bool, values []string) *journal.Error {
	most := strconv.Itoa(maxFill)
	switch {
	case x.Value != "" && !slices.Contains(values, x.Value):
		return &journal.Error{Text: "这里没有“%s”", Args: []any{x.Value}}
	case fixed && x.Width == 0:
		return &journal.Error{Text: "没有分隔符,要写宽度"}
	case x.Width < 0 || x.Width > maxFill || len(x.Fixed) > maxFill || x.Limit < 0:
		return &journal.Error{Text: "宽度和固定文字不能超过 %s 字节", Args: []any{most}}
	case len(x.Fill) > 1:
		return &journal.Error{Text: "补足用的“%s”要是一个字节", Args: []any{x.Fill}}
	case strings.ContainsAny(x.Heading+x.Fixed, "\r\n"):
		return &journal.Error{Text: "表头和固定文字里不能换行"}
	}
	return nil
}

// KeepBankFormat keeps a bank's format for a place: a village, a township, or an office's whole region. One of the same name is replaced.
type KeepBankFormat struct {
	Region region.Code `cbor:"1,keyasint" json:"region"`
	Format BankFormat  `cbor:"2,keyasint" json:"format"`
}

var _ = journal.Register(&KeepBankFormat{}, journal.Kind{
	Label: "保存银行格式", Roles: []journal.Role{journal.Accountant, journal.Official},
	Note: "银行报盘文件的格式 / the format of a bank's file",
	Page: func(e journal.Entry) string { return "/bankformats/" + string(e.Place()) },
})

// Place is the place that the format is for.
func (e *KeepBankFormat) Place() region.Code { return e.Region }

// Subject is the place.
func (e *KeepBankFormat) Subject() string { return string(e.Region) }

func (e *KeepBankFormat) Check(c *journal.Checking) error {
	if err := keepsFormats(c, e.Region); err != nil {
		return err
	}
	var f journal.Faults
	if !office.HasDivision(c, e.Region) {
		f.Invalid("region", e.Region, "区划表里没有 %s", string(e.Region))
	}
	if err := e.Format.Check(); err != nil {
		f = append(f, journal.All(err)...)
	}
	return f.Err()
}

// keepsFormats refuses whoever does not keep the formats of a place: a village's and a township's are its accountant's, a county's and what
// is above it its office's.
func keepsFormats(c *journal.Checking, place region.Code) error {
	if (c.Who.Role == journal.Official) != (place.Level() <= region.County) {
		return journal.Barred("村、乡镇的银行格式由会计保存,县、市的由县、市保存")
	}
	return nil
}

func (e *KeepBankFormat) Apply(a *journal.Applying) {
	bankFormats.Put(a.Tx, formatKey(e.Region, e.Format.Name), e.Format)
}

// DropBankFormat ends the use of a format that a place keeps.
type DropBankFormat struct {
	Region region.Code `cbor:"1,keyasint" json:"region"`
	Name   string      `cbor:"2,keyasint" json:"name"`
}

var _ = journal.Register(&DropBankFormat{}, journal.Kind{
	Label: "停用银行格式", Roles: []journal.Role{journal.Accountant, journal.Official},
	Page: func(e journal.Entry) string { return "/bankformats/" + string(e.Place()) },
})

// Place is the place that the format is for.
func (e *DropBankFormat) Place() region.Code { return e.Region }

// Subject is the place.
func (e *DropBankFormat) Subject() string { return string(e.Region) }

func (e *DropBankFormat) Check(c *journal.Checking) error {
	if err := keepsFormats(c, e.Region); err != nil {
		return err
	}
	if !bankFormats.Has(c, formatKey(e.Region, e.Name)) {
		return journal.Missing("name", e.Name, "这里没有名为“%s”的银行格式", e.Name)
	}
	return nil
}

func (e *DropBankFormat) Apply(a *journal.Applying) {
	bankFormats.Delete(a.Tx, formatKey(e.Region, e.Name))
}

// bankFormats: the place and the format's name.
var bankFormats = journal.Folded[BankFormat]("bank_format")

func formatKey(place region.Code, name string) string { return string(place) + name }

// KeptFormat is a format and the place that keeps it.
type KeptFormat struct {
	Region region.Code
	BankFormat
}

// BankFormats lists the formats that may be used for a place: its own, then those of the places that it lies in, the nearest first.
func BankFormats(v *journal.View, place region.Code) (list []KeptFormat, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for level := place.Level(); level >= region.Province; level-- {
		at := place.Cut(level)
		for _, f := range bankFormats.Scan(books, string(at)) {
			list = append(list, KeptFormat{at, f})
		}
	}
	return list, nil
}

// ValueLabel names a value that a field of a bank's file may have.
func ValueLabel(value string) journal.Label {
	return map[string]journal.Label{
		"line": "序号", "name": "户名", "card": "账号", "amount": "金额(元)", "fen": "金额(分)", "bank": "开户行", "id_no": "身份证号",
		"account_kind": "账户类别", "branch": "开户网点", "branch_code": "行号(12 位)", "own": "本行还是他行", "date": "日期 2026-01-05",
		"date8": "日期 20260105", "payer": "付款账号", "payer_name": "付款户名", "agreement": "协议号", "purpose": "用途", "fixed": "固定文字",
		"batch": "批次编号", "count": "笔数", "sum": "合计(元)", "sum_fen": "合计(分)", "n": "第几份",
	}[value]
}
