package exchange_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// batch makes a batch of three payouts, one to somebody whose name GBK does not have.
func batch(t *testing.T) (*booktest.Books, string) {
	b := booktest.New(t)
	entity, land, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	b.Record("kj-yuxin", &register.CorrectShareholder{Holder: holders[1], Name: "王𠮷", Reason: "写错"})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-06-01", Amount: booktest.Yuan("1000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2024, RecordDate: "2024-12-31", Resolution: "2025-1",
		Components: []plan.Component{{Class: land, Rule: plan.RatePerUnit, Rate: booktest.Rate("10")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	return b, b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: journal.DateOf(b.Time)})[0]
}

// Formats of each kind, as golden files: what a bank gets is what its description says, byte by byte.
func TestBankFiles(t *testing.T) {
	b, id := batch(t)
	field := func(heading, value string) dividend.BankField {
		return dividend.BankField{Heading: heading, Value: value}
	}
	for name, f := range map[string]dividend.BankFormat{
		"fixed": {Encoding: "gbk", LineEnd: "lf", Agreement: "XY01", Payer: "0709060104001",
			Header: []dividend.BankField{{Fixed: "H", Width: 1}, {Value: "count", Width: 6, Fill: "0", Right: true},
				{Value: "sum_fen", Width: 12, Fill: "0", Right: true},
				{Value: "payer", Width: 20}, {Value: "agreement", Width: 8}, {Value: "date8", Width: 8}},
			Columns: []dividend.BankField{{Fixed: "D", Width: 1}, {Value: "line", Width: 6, Fill: "0", Right: true}, {Value: "card", Width: 20},
				{Value: "name", Width: 30},
				{Value: "fen", Width: 12, Fill: "0", Right: true}, {Value: "purpose", Width: 20}},
			Trailer: []dividend.BankField{{Fixed: "T", Width: 1}, {Value: "count", Width: 6, Fill: "0", Right: true}}},
		"tagged": {Encoding: "gb18030", Separator: "|", Bare: true, Headings: true, Own: "农业",
			Columns: []dividend.BankField{{Heading: "标志", Fixed: "D"}, field("户名", "name"), field("证件号", "id_no"), field("账号", "card"),
				{Heading: "账户种类", Value: "account_kind", Fixed: "卡/折/户"}, {Heading: "行别", Value: "own", Fixed: "本行/他行"}, field("金额", "amount"),
				{Heading: "币种", Fixed: "CNY"}, {Heading: "用途", Value: "purpose", Limit: 30}}},
		"tabs": {Encoding: "utf-8", Separator: dividend.Tab,
			Columns: []dividend.BankField{field("", "card"), field("", "name"), field("", "amount"), field("", "purpose")}},
	} {
		t.Run(name, func(t *testing.T) {
			f.Name = name
			if err := f.Check(); err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			b.See("kj-yuxin", func(v *journal.View) {
				file, err := exchange.MakeBankFile(v, id, f, register.Revealed{})
				if err != nil {
					t.Fatal(err)
				}
				if wants := f.Encoding == "gbk"; (len(file.Doubts) > 0) != wants {
					t.Errorf("doubts: %v", file.Doubts)
				}
				if err := file.Send(&got); err != nil {
					t.Fatal(err)
				}
			})
			golden := filepath.Join("testdata", "bank-"+name+".txt")
			want, err := os.ReadFile(golden)
			if os.Getenv("UPDATE") != "" {
				err = os.WriteFile(golden, got.Bytes(), 0o600)
				want = got.Bytes()
			}
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%q\nwant\n%q", got.String(), want)
			}
		})
	}
}

// What does not fit is refused with its line, more payouts than a file takes make several, and names follow their pattern.
func TestBankFileBounds(t *testing.T) {
	b, id := batch(t)
	b.See("kj-yuxin", func(v *journal.View) {
		columns := []dividend.BankField{{Heading: "账号", Value: "card"}, {Heading: "户名", Value: "name", Limit: 5}}
		_, err := exchange.MakeBankFile(v, id, dividend.BankFormat{Name: "x", Encoding: "gbk", Separator: ",", Columns: columns},
			register.Revealed{})
		if all := journal.All(err); len(all) == 0 || all[0].Row == 0 || all[0].Field != "户名" {
			t.Errorf("a name that is too long: %v", err)
		}
		f := dividend.BankFormat{Name: "x", Encoding: "gb18030", Separator: ",", Columns: columns[:1], Rows: 2,
			File: "DF{payer}_{date8}_{n}.txt", Payer: "07/09"}
		file, err := exchange.MakeBankFile(v, id, f, register.Revealed{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(file.Names, " "); got != "DF07_09_20260309_1.txt DF07_09_20260309_2.txt" {
			t.Errorf("names %s", got)
		}
		var sent bytes.Buffer
		if err := file.Send(&sent); err != nil {
			t.Fatal(err)
		}
		if z, err := zip.NewReader(bytes.NewReader(sent.Bytes()), int64(sent.Len())); err != nil || len(z.File) != 2 {
			t.Errorf("the archive: %v", err)
		}
	})
}

// A bank's example is taken for the format that makes such files.
func TestBankExamples(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	numbers := "622202000000000001200010000\n622202000000000002000002050\n"
	for _, x := range []struct{ name, widths, file, want string }{
		{"headings and commas", "", gbk("序号,收款人账号,收款人户名,交易金额,币种,附言\r\n" +
			"1,6222020000000000012,张三,100.00,CNY,2025年分红\r\n2,6222020000000000020,李四,20.50,CNY,2025年分红\r\n"),
			"gbk , headings crlf: 序号=line 收款人账号=card 收款人户名=name 交易金额=amount 币种=CNY 附言=purpose"},
		{"tags, a header and a trailer", "", "H|20260122|2|120.50\nD|1|6222020000000000012|张三|100.00\nD|2|6222020000000000020|李四|20.50\nT|2\n",
			"utf-8 | lf: H date8 count sum / =D =line =card =name =amount / T count"},
		{"fen, filled up with zeros", "", "6222020000000000012\t张三\t000000010000\n6222020000000000020\t李四\t000000002050\n",
			"utf-8 tab lf: =card =name =fen(12 0 right)"},
		{"a number in two parts that stands in every line", "", "D|6228 4800|张三|100.00\nD|6228 4800|李四|20.50\n",
			"utf-8 | lf: =D =fixed =name =amount"},
		{"fixed widths", "4 30 20,12", gbk("H20260122\r\n0001张三                          6222020000000000012 000000100.00\r\n" +
			"0002欧阳小明                      6222020000000000020 000000020.50\r\n"),
			"gbk  crlf: fixed / =line(4 0 right) =name(30) =card(20) =amount(12 0 right)"},
		{"one ID in every line, a word of what for, a bank, a number of a branch, and a number that is no sum", "",
			"H|1234567890|2|300.00|1.00\n" +
				"D|210727197001011000|6222020000000000012|张三|100.00|分红|农业银行|103221000012\n" +
				"D|210727197001011000|6222020000000000020|李四|200.00|分红|农业银行|103221000012\nT|2|30000\n",
			"utf-8 | lf: H fixed count sum 1.00 / =D =id_no =card =name =amount =purpose =bank =branch_code / T count sum_fen"},
		{"widths, and a line of headings alone", "6 6", gbk("序号  户名  \r\n"), "gbk  headings crlf: 序号=line(6) 户名=name(6)"},
		{"no separator", "", numbers, ""},
		{"widths of another file", "19 9", numbers, ""},
		{"a width that is none", "19 x", numbers, ""},
		{"a character cut in two", "3 24", gbk("张三    6222020000000000012\n李四    6222020000000000020\n"), ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			e, err := exchange.ReadExample([]byte(x.file), x.widths)
			if x.want == "" {
				if journal.CodeOf(err) != journal.Invalid {
					t.Errorf("taken: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			f := e.Format
			said := f.Encoding + " " + f.Separator
			if f.Headings {
				said += " headings"
			}
			if f.LineEnd == "" {
				said += " crlf"
			} else {
				said += " " + f.LineEnd
			}
			said += ":"
			list := func(fields []dividend.BankField, heading bool) {
				for _, c := range fields {
					value := c.Value
					if value == "" || value == "fixed" && c.Fixed != "" {
						value = c.Fixed
					}
					if c.Width > 0 {
						end := map[bool]string{true: " right"}[c.Right]
						value += "(" + strings.TrimSpace(strconv.Itoa(c.Width)+" "+c.Fill) + end + ")"
					}
					if said += " "; heading {
						said += c.Heading + "="
					}
					said += value
				}
			}
			if len(f.Header) > 0 {
				list(f.Header, false)
				said += " /"
			}
			list(f.Columns, true)
			if len(f.Trailer) > 0 {
				said += " /"
				list(f.Trailer, false)
			}
			if said != x.want {
				t.Errorf("taken for %q, want %q", said, x.want)
			}
		})
	}
}

// Whatever a bank's example, a list of formats or a file of entries holds, reading it ends in an answer or in an error that says why.
func FuzzSmallFiles(f *testing.F) {
	for _, s := range []string{"H|20260122|2|120.50\nD|1|6222020000000000012|张三|100.00\nD|2|6222020000000000020|李四|20.50\nT|2\n",
		"户名,账号\n张三,6222\n",
		`[{"name":"a","encoding":"gbk","separator":"tab","columns":[["a","name"],{"value":"fen","width":12}]}]`,
		`{"entry":"RecordIncome","amount":"1"}` + "\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if x, err := exchange.ReadExample(b, ""); err == nil && len(x.Format.Columns) == 0 {
			t.Error("an example without columns")
		}
		if x, err := exchange.ReadExample(b, "3 7"); err == nil && len(x.Format.Columns) == 0 {
			t.Error("an example of widths without columns")
		}
		if n := len(b); n > 2 { // widths that take the first line apart
			line, _, _ := bytes.Cut(b, []byte("\n"))
			_, _ = exchange.ReadExample(b, "1 "+strconv.Itoa(max(1, len(bytes.TrimRight(line, "\r"))-1)))
		}
		if list, err := exchange.ReadBankFormats(b); err == nil {
			for _, x := range list {
				if x.Check() != nil {
					t.Errorf("%q is taken and cannot be written", b)
				}
			}
		}
		if u, err := exchange.ReadEntries(bytes.NewReader(b)); err == nil && u.Entries == 0 && len(u.Faults) == 0 {
			t.Error("no entries and no error")
		}
	})
}
