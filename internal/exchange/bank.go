package exchange

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

// BankFormat is how a bank wants its file of payouts: data, not code, so that an office can add its own bank's.
type BankFormat struct {
	Name      string      `json:"name"`
	Encoding  string      `json:"encoding"`  // utf-8, gb18030 or xlsx
	Separator string      `json:"separator"` // of the two that are text
	Headings  bool        `json:"headings"`  // whether the first line names the columns
	Header    []string    `json:"header"`    // values of a line before the columns, or none
	Columns   [][2]string `json:"columns"`   // heading and value
	Trailer   []string    `json:"trailer"`   // values of a line behind the rows, or none
}

//go:embed bankformats.json
var bankFormats []byte

// BankFormats are the formats that come with the program.
func BankFormats() []BankFormat {
	list, err := ReadBankFormats(bankFormats)
	if err != nil {
		panic(err) // they are part of the program
	}
	return list
}

// The values that columns, header and trailer may have.
var (
	rowValues = []string{"line", "name", "card", "amount", "fen", "bank", "purpose"}
	sumValues = []string{"batch", "date", "count", "sum", "sum_fen"}
)

// ReadBankFormats reads a list of formats, and refuses one that cannot be written.
func ReadBankFormats(text []byte) (list []BankFormat, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&list); err != nil {
		return nil, &journal.Error{Code: journal.Invalid, Text: "银行格式文件不是完好的 JSON:%s", Args: []any{err.Error()}}
	}
	for _, f := range list {
		wrong := func(what string) error {
			return &journal.Error{Code: journal.Invalid, Text: "银行格式“%s”不对:%s", Args: []any{f.Name, what}}
		}
		switch {
		case f.Name == "" || len(f.Columns) == 0:
			return nil, wrong("name, columns")
		case !slices.Contains([]string{"utf-8", "gb18030", "xlsx"}, f.Encoding):
			return nil, wrong("encoding " + f.Encoding)
		case f.Encoding != "xlsx" && utf8.RuneCountInString(f.Separator) != 1:
			return nil, wrong("separator " + f.Separator)
		case f.Encoding == "xlsx" && len(f.Header)+len(f.Trailer) > 0:
			return nil, wrong("header, trailer")
		}
		for _, c := range f.Columns {
			if !slices.Contains(rowValues, c[1]) {
				return nil, wrong("columns " + c[1])
			}
		}
		for _, v := range append(slices.Clone(f.Header), f.Trailer...) {
			if !slices.Contains(sumValues, v) {
				return nil, wrong("header, trailer " + v)
			}
		}
	}
	return list, nil
}

// File is what kind of file the format makes.
func (f BankFormat) File() sheet.Format {
	switch f.Encoding {
	case "xlsx":
		return sheet.XLSX
	case "gb18030":
		return sheet.GB18030
	}
	return sheet.Raw
}

// WriteBatch writes a batch as a bank wants it. Card numbers are whole where the leave covers the distribution.
func WriteBatch(w io.Writer, v *journal.View, id string, f BankFormat, leave register.Revealed) error {
	b, err := dividend.BatchOf(v, id)
	if err != nil {
		return err
	}
	if b.Recalled != "" { // its payouts may lie in another batch
		return &journal.Error{Code: journal.Conflict, Field: "batch", Value: id, Text: "批次 %s 已经撤回,不能再报给银行", Args: []any{id}}
	}
	d, err := dividend.Distribution(v, b.Distribution())
	if err != nil {
		return err
	}
	sums := map[string]string{"batch": b.ID, "date": string(b.Date), "count": strconv.Itoa(b.Count), "sum": b.Sum.String(),
		"sum_fen": strconv.FormatInt(int64(b.Sum), 10)}
	row := func(l dividend.NumberedLine) map[string]string {
		return map[string]string{
			"line": strconv.Itoa(l.Number), "name": l.Name, "card": l.CardNo, "amount": l.Amount.String(),
			"fen":  strconv.FormatInt(int64(l.Amount), 10),
			"bank": l.Bank, "purpose": string(d.Called()) + " " + b.ID,
		}
	}
	to := sheet.To{W: w, Format: f.File(), Plain: true}
	if f.Separator != "" {
		to.Separator, _ = utf8.DecodeRuneInString(f.Separator)
	}
	var heads []string
	if f.Headings || to.Format == sheet.XLSX {
		for _, c := range f.Columns {
			heads = append(heads, c[0])
		}
	}
	sumsOf := func(names []string) (cells []string) {
		for _, n := range names {
			cells = append(cells, sums[n])
		}
		return cells
	}
	first := sumsOf(f.Header)
	if len(first) == 0 {
		first, heads = heads, nil
	}
	out := sheet.NewWriter(to, first...)
	defer out.Abort()
	out.Row(sheet.Texts(heads...)...)
	err = dividend.EachBatchLine(v, id, leave, func(l dividend.NumberedLine) error {
		values := row(l)
		var cells []sheet.Cell
		for _, c := range f.Columns {
			switch text := values[c[1]]; c[1] {
			case "amount":
				cells = append(cells, sheet.Amount(text))
			case "line", "fen":
				cells = append(cells, sheet.Number(text))
			default:
				cells = append(cells, sheet.Text(text))
			}
		}
		out.Row(cells...)
		return nil
	})
	if err != nil {
		return err
	}
	out.Row(sheet.Texts(sumsOf(f.Trailer)...)...)
	return out.Close()
}
