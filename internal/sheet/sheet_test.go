package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var columns = []Column{
	{Name: "name", Headings: []string{"户主", "姓名"}, Required: true},
	{Name: "id_no", Headings: []string{"身份证号"}},
	{Name: "land", Headings: []string{"土地股"}},
}

func gb(s string) string {
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return b
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, file, want, fault string }{
		{"plain UTF-8", "户主,身份证号\n王一,11010519491231002X\n", "2:王一/11010519491231002X/", ""},
		{"a byte order mark, CR LF, quotes", "\ufeff户主,身份证号\r\n\"王,一\",1\r\n", "2:王,一/1/", ""},
		{"GB18030", gb("姓名,身份证号\n王一,1\n"), "2:王一/1/", ""},
		{"semicolons, another heading, a unit", "姓名;土地股(亩)\n王一;3.5\n", "2:王一//3.5", ""},
		{"full-width digits and stray blanks", "户 主 ,身份证号\n 王一 , 123 \n", "2:王一/123/", ""},
		{"Chinese punctuation stays", "户主\n王、一\n", "2:王、一//", ""},
		{"empty lines between rows keep the line numbers", "户主\n\n王一\n\n王二\n", "3:王一// 5:王二//", ""},
		{"a long number with the tab we wrote behind it", "户主,身份证号\n王一,\"6212\t\"\n", "2:王一/6212/", ""},
		{"a title above the headings", "育新村股东名册,\n制表:会计,2025 年\n户主,身份证号\n王一,1\n", "4:王一/1/", ""},
		{"an unknown heading", "户主,体重\n王一,3\n", "", "不认识表头“体重”"},
		{"a heading twice", "户主,姓名\n王一,王一\n", "", "是同一列"},
		{"a required column missing", "身份证号\n1\n", "", "缺少“户主”"},
		{"more cells than headings", "户主\n王一,多\n", "", "第 2 行比表头多出一格“多”"},
		{"only headings", "户主\n", "", "没有数据行"},
		{"nothing", "", "", "文件是空的"},
		{"a broken workbook", "PK\x03\x04xxxx", "", "不是完好的 XLSX"},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10\x80", "", "编码"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Read(strings.NewReader(c.file), columns, nil)
			if c.fault != "" {
				var e *Error
				if !errors.As(err, &e) || !strings.Contains(e.Error(), c.fault) {
					t.Fatalf("error %v, want one with %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range table.Rows {
				got = append(got, string(rune('0'+r.Number))+":"+r.Cells["name"]+"/"+r.Cells["id_no"]+"/"+r.Cells["land"])
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("read %q, want %q", s, c.want)
			}
		})
	}
}

// A workbook that LibreOffice wrote: ID and card numbers as text, shares as numbers, a title above the headings, a sum below.
func TestReadWorkbook(t *testing.T) {
	f, err := os.Open("testdata/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := Read(f, columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range table.Rows {
		got = append(got, fmt.Sprintf("%d:%s/%s/%s", r.Number, r.Cells["name"], r.Cells["id_no"], r.Cells["land"]))
	}
	if s := strings.Join(got, " "); s != "3:王一/210799196001010013/4.5 4:李二/210799196002020029/7.23 5:合计//11.73" {
		t.Errorf("read %q", s)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]Cell{
		"王一":                  "王一",
		"=HYPERLINK(\"x\")":   "'=HYPERLINK(\"x\")",
		"+86":                 "'+86",
		"-王":                  "'-王",
		"@SUM(A1)":            "'@SUM(A1)",
		"\t=1":                " =1",
		"6212260200012345678": "6212260200012345678\t",
		"11010519491231002X":  "11010519491231002X\t",
		"0107":                "0107\t",
		"3-4":                 "3-4\t",
		"":                    "",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// What is written as text reads back as the same text.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"王一", "=1+1", "'=1", "6212260200012345678", "a\"b,c", "０１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := clean(strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == 0xfffd {
				return -1
			}
			return r
		}, s), ""))
		if want == "" || strings.HasPrefix(want, "'") {
			return
		}
		var b bytes.Buffer
		w := NewWriter(&b, "户主", "身份证号")
		w.Row(Text("x"), Text(want))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		cell := strings.TrimSuffix(strings.Split(b.String(), "\r\n")[1], "\r\n")[2:]
		if strings.ContainsAny(strings.TrimPrefix(cell, "\"")[:1], formulaStart) {
			t.Errorf("%q would run as a formula", cell)
		}
		table, err := Read(&b, columns, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Rows[0].Cells["id_no"]; got != want {
			t.Errorf("wrote %q, read %q", want, got)
		}
	})
}

// No file, however broken, makes the reader fail in another way than with an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte("户主,身份证号\n王一,1\n"))
	f.Add([]byte(gb("姓名\n王一\n")))
	f.Add([]byte("\"\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := Read(bytes.NewReader(b), columns, nil)
		if err == nil && len(table.Rows) == 0 {
			t.Error("no rows and no error")
		}
	})
}
