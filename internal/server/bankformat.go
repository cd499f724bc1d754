package server

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/bankformats/:place", bankFormats),
	post("/bankformats/:place/example", bankExample).upTo(maxUpload),
	get("/bankformats/:place/edit", bankFormatEdit),
	post("/bankformats/:place/keep", bankFormatKeep),
	post("/bankformats/:place/drop", bankFormatDrop),
	get("/batch/:id/look", batchLook),
)

// bankFormatsPage is what the page bankformats shows.
type bankFormatsPage struct {
	Place region.Code
	List  []keptFormat
	Form  *form
	May   acts
}

// keptFormat is a format, and where it comes from.
type keptFormat struct {
	dividend.BankFormat
	Shows []string // what stands in each column
	Where string   // the place that keeps it; "" for those that come with the program
	Own   bool     // whether this place keeps it
}

var _ = page[bankFormatsPage]("bankformats")

func bankFormats(r *request) error { return r.showBankFormats(http.StatusOK, newForm()) }

// showBankFormats lists the formats that a place may use, with the form that makes one from a bank's example.
func (r *request) showBankFormats(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "bankformats", "distributions", place, func(v *journal.View, fr *frame) (any, error) {
		body := bankFormatsPage{Place: place, Form: f}
		kept, err := dividend.BankFormats(v, place)
		if err != nil {
			return nil, err
		}
		for _, k := range kept {
			body.List = append(body.List, keptFormat{k.BankFormat, r.columnNames(k.BankFormat), v.Called(string(k.Region)), k.Region == place})
		}
		for _, x := range r.s.banks {
			body.List = append(body.List, keptFormat{BankFormat: x, Shows: r.columnNames(x)})
		}
		if body.May, err = r.may(v, map[string]any{"region": string(place), "format": anyFormat}, "KeepBankFormat"); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("银行格式")
		return body, nil
	})
}

// anyFormat is a format that may be kept, to ask whether one may.
var anyFormat = map[string]any{"name": "x", "encoding": "utf-8", "separator": ",", "columns": []any{map[string]any{"value": "card"}}}

// bankFormatPage is what the page bankformat shows: a format as a form, beside the example that it was made from.
type bankFormatPage struct {
	Place     region.Code
	Form      *form
	Format    dividend.BankFormat
	Parts     []formatPart
	Encodings []option
	Ends      []option
	Example   [][]string
}

// formatPart is a line of a format: its fields, and the values that they may have.
type formatPart struct {
	Key    string
	Label  journal.Label
	Fields []formatField
	Values []option
}

type formatField struct {
	Name string
	Open bool // an example has something there, and nothing of it was kept
	dividend.BankField
}

var _ = page[bankFormatPage]("bankformat")

// shownExample is how many lines of an example the page shows.
const shownExample = 8

// moreFields is how many empty fields a form of a format offers besides.
const moreFields = 3

// showBankFormat shows a format as a form.
func (r *request) showBankFormat(code int, place region.Code, format dividend.BankFormat, example [][]string, f *form) error {
	return r.show(code, "bankformat", "distributions", place, func(v *journal.View, fr *frame) (any, error) {
		if err := r.must(v, "KeepBankFormat", map[string]any{"region": string(place), "format": anyFormat}); err != nil {
			return nil, err
		}
		f.of("KeepBankFormat")
		values := func(list []string) (options []option) {
			options = append(options, option{Label: r.say.T("不要这一格")})
			for _, value := range list {
				options = append(options, option{Value: value, Label: r.say.T(string(dividend.ValueLabel(value)))})
			}
			return options
		}
		part := func(key string, label journal.Label, fields []dividend.BankField, names []string) formatPart {
			p := formatPart{Key: key, Label: label, Values: values(names)}
			for i := range len(fields) + moreFields {
				x := formatField{Name: key + "." + strconv.Itoa(i)}
				if i < len(fields) {
					if x.BankField = fields[i]; x.Value == "" {
						x.Value = "fixed"
					}
					x.Open = example != nil && x.Value == "fixed" && x.Fixed == ""
				}
				p.Fields = append(p.Fields, x)
			}
			return p
		}
		fr.Title = r.say.T("银行格式")
		return bankFormatPage{Place: place, Form: f, Format: format, Example: example[:min(len(example), shownExample)],
			Parts: []formatPart{part("h", "首行(没有就不填)", format.Header, dividend.SumValues), part("c", "每笔一行", format.Columns, dividend.RowValues),
				part("t", "末行(没有就不填)", format.Trailer, dividend.SumValues)},
			Encodings: []option{{Value: "gbk", Label: "GBK"}, {Value: "gb18030", Label: "GB18030"}, {Value: "utf-8", Label: "UTF-8"},
				{Value: "xlsx", Label: "XLSX"}},
			Ends: []option{{Value: "", Label: "CR LF"}, {Value: "lf", Label: "LF"}}}, nil
	})
}

// bankExample makes a format from a bank's example, for a person to put right and keep.
func bankExample(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	if err := r.mustNow("KeepBankFormat", map[string]any{"region": string(place), "format": anyFormat}); err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	file, name, err := r.pasted(values.Get("paste"))
	if err == nil {
		defer file.Close()
		var content []byte
		if content, err = io.ReadAll(file); err == nil {
			var x *exchange.Example
			if x, err = exchange.ReadExample(content, values.Get("widths")); err == nil {
				if x.Format.Name = values.Get("name"); x.Format.Name == "" {
					x.Format.Name = name
				}
				return r.showBankFormat(http.StatusOK, place, x.Format, x.Lines, newForm())
			}
		}
	}
	if !refused(err) {
		return err
	}
	return r.showBankFormats(http.StatusUnprocessableEntity, again(values, err, "file", "name", "widths"))
}

// bankFormatEdit shows a format that there is as a form, to be changed or kept under another name.
func bankFormatEdit(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	var format dividend.BankFormat
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		list, err := exchange.FormatsFor(v, place, r.s.banks)
		if err != nil {
			return err
		}
		for _, f := range list {
			if f.Name == r.Query("name") {
				format = f
				return nil
			}
		}
		return &journal.Error{Code: journal.NotFound, Text: "没有这种银行格式"}
	}); err != nil {
		return err
	}
	return r.showBankFormat(http.StatusOK, place, format, nil, newForm())
}

// typedFormat reads a format from its form.
func typedFormat(values url.Values) (dividend.BankFormat, error) {
	var faults journal.Faults
	number := func(name string) int {
		text := values.Get(name)
		n, err := strconv.Atoi(text)
		if text != "" && (err != nil || n < 0) {
			faults = append(faults, &journal.Error{Code: journal.Invalid, Field: name, Value: text, Text: "“%s”不是数", Args: []any{text}})
		}
		return n
	}
	fields := func(key string) (list []dividend.BankField) {
		for i := 0; i < 2*maxFormatFields; i++ {
			at := key + "." + strconv.Itoa(i)
			if values.Get(at+".value") == "" {
				continue
			}
			list = append(list, dividend.BankField{Heading: values.Get(at + ".heading"), Value: values.Get(at + ".value"),
				Fixed: values.Get(at + ".fixed"), Width: number(at + ".width"), Fill: values.Get(at + ".fill"),
				Right: values.Get(at+".right") != "", Limit: number(at + ".limit")})
		}
		return list
	}
	separator := values.Get("separator")
	if separator == "\\t" || separator == "\t" {
		separator = dividend.Tab
	}
	f := dividend.BankFormat{Name: values.Get("name"), Encoding: values.Get("encoding"), Separator: separator,
		Headings: values.Get("headings") != "", Header: fields("h"), Columns: fields("c"), Trailer: fields("t"), LineEnd: values.Get("line_end"),
		Rows: number("rows"), File: values.Get("file"), Bare: values.Get("bare") != "", Payer: values.Get("payer"),
		PayerName: values.Get("payer_name"), Agreement: values.Get("agreement"), Own: values.Get("own")}
	if f.Encoding == "xlsx" {
		f.Separator = ""
	}
	if len(faults) > 0 {
		return f, faults
	}
	return f, nil
}

// maxFormatFields is the most fields of a line that a form is read for.
const maxFormatFields = 64

// bankFormatKeep keeps a format.
func bankFormatKeep(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	format, err := typedFormat(values)
	if err == nil {
		_, err = r.s.ledger.Post(r.who, journal.Posting{Entries: []journal.Entry{&dividend.KeepBankFormat{Region: place, Format: format}},
			Request: values.Get(requestKey)})
	}
	if err == nil {
		return r.done("/bankformats/"+string(place), "format-kept")
	}
	if !refused(err) {
		return err
	}
	return r.showBankFormat(status[journal.CodeOf(err)], place, format, nil, again(values, err, "name"))
}

// bankFormatDrop ends the use of a format.
func bankFormatDrop(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.change(change{
		kind: "DropBankFormat", about: map[string]any{"region": string(place)}, names: []string{"name"}, to: "/bankformats/" + string(place),
		done: "format-dropped", show: func(code int, typed forms) error { return r.showBankFormats(code, typed.Of("DropBankFormat")) },
	})
}

// batchLookPage is what the page batch_look shows.
type batchLookPage struct {
	Batch   dividend.Batch
	Format  dividend.BankFormat
	Formats []option
	File    *exchange.BankFile
	Shown   []exchange.BankLine
	Heads   []string
	More    int
	Faults  journal.Faults
}

var _ = page[batchLookPage]("batch_look")

// shownLines is how many lines of a bank's file the page shows.
const shownLines = 30

// columnNames are what a format's columns are called: by their headings, or by what stands in them.
func (r *request) columnNames(f dividend.BankFormat) (list []string) {
	for _, c := range f.Columns {
		list = append(list, cmp.Or(c.Heading, r.say.T(string(dividend.ValueLabel(cmp.Or(c.Value, "fixed"))))))
	}
	return list
}

// batchLook shows what a format makes of a batch, before it is sent: with card and ID numbers masked.
func batchLook(r *request) error {
	id := r.Param("id")
	format, err := r.bankFormat(id, r.Query("format"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "batch_look", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		b, err := dividend.BatchOf(v, id)
		if err != nil {
			return nil, err
		}
		body := batchLookPage{Batch: b, Format: format, Heads: r.columnNames(format)}
		list, err := exchange.FormatsFor(v, placeOf(id), r.s.banks)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			body.Formats = append(body.Formats, option{Value: x.Name, Label: x.Name})
		}
		body.File, err = exchange.MakeBankFile(v, id, format, register.Revealed{})
		if body.Faults = journal.All(err); err != nil && len(body.Faults) == 0 {
			return nil, err
		}
		if body.File != nil {
			lines := body.File.Lines[0]
			body.Shown = lines[:min(len(lines), shownLines)]
			body.More = len(lines) - len(body.Shown)
		}
		fr.Title = r.say.T("给银行的文件")
		return body, nil
	})
}
