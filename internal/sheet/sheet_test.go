package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// read makes a table of a file as lists do: it fails where somebody has to say something first.
func read(r io.Reader, columns []Column) (*Table, error) {
	b, err := Open(r)
	if err != nil {
		return nil, err
	}
	t, err := b.Table(columns, Layout{})
	if err != nil {
		return nil, err
	}
	for _, h := range t.Heads {
		if h.Fault != nil {
			return nil, h.Fault
		}
		if h.Open() {
			return nil, wrong(0, "不认识表头“%s”", h.Text)
		}
	}
	for i := range t.Rows {
		for _, e := range t.Faults(i) {
			return nil, e
		}
	}
	if len(t.Missing) > 0 {
		return nil, wrong(0, "缺少“%s”一列", t.Missing[0])
	}
	return t, nil
}

var columns = []Column{
	{Name: "name", Headings: []string{"户主", "姓名"}, Required: true},
	{Name: "id_no", Headings: []string{"身份证号"}},
	{Name: "land", Headings: []string{"土地股"}, Number: true, Unit: Mu},
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
		{"characters that GBK had elsewhere", "\xbb\xa7\xd6\xf7\n\xcd\xf5\xfe\x9f\xa8\xbc\xfe\x59\n", "2:王䶮ḿ龴//", ""},
		{"a character of one's own", "\xbb\xa7\xd6\xf7\n\xcd\xf5\xaa\xa1\xbb\xa7\xd6\xf7\n", "2:王\ue000户主//", ""},
		{"lines in a cell", "户主,身份证号\n\"王\n一\",1\n王二,2\n", "2:王 一/1/ 3:王二/2/", ""},
		{"what keeps a number text", "户主,身份证号\n王一,\"=\"\"0123\"\"\"\n王二,'0123\n", "2:王一/0123/ 3:王二/0123/", ""},
		{"semicolons, another heading, a unit", "姓名;土地股(亩)\n王一;3.5\n", "2:王一//3.5", ""},
		{"full-width digits and stray blanks", "户 主 ,身份证号\n 王一 , 123 \n", "2:王一/123/", ""},
		{"Chinese punctuation stays", "户主\n王、一\n", "2:王、一//", ""},
		{"empty lines between rows keep the line numbers", "户主\n\n王一\n\n王二\n", "3:王一// 5:王二//", ""},
		{"a long number with the tab we wrote behind it", "户主,身份证号\n王一,\"6212\t\"\n", "2:王一/6212/", ""},
		{"a title above the headings", "育新村股东名册,\n制表:会计,2025 年\n户主,身份证号\n王一,1\n", "4:王一/1/", ""},
		{"an unknown heading", "户主,体重\n王一,3\n", "", "不认识表头“体重”"},
		{"a heading twice", "户主,姓名\n王一,王一\n", "", "是同一列"},
		{"a required column missing", "身份证号\n1\n", "", "缺少“户主”"},
		{"more cells than headings", "户主\n王一,多\n", "", "比表头多出一格“多”"},
		{"only headings", "户主\n", "", "没有数据行"},
		{"nothing", "", "", "文件是空的"},
		{"a broken workbook", "PK\x03\x04xxxx", "", "不是完好的 XLSX"},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10\x80", "", "不是表格"},
		{"a web page", "\ufeff  <HTML><body>", "", "网页"},
		{"a web page in UTF-16", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "", "网页"},
		{"a workbook of 2003", "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "", "2003 版"},
		{"JSON", "{\"rows\": []}", "", "JSON"},
		{"an archive", "Rar!\x1a\x07", "", "压缩包"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "不是完好的 XLS"},
		{"neither UTF-8 nor GB18030", "户主\n\xff\xff\n", "", "编码"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := read(strings.NewReader(c.file), columns)
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
				got = append(got, string(rune('0'+r.Number))+":"+table.Get(r, "name")+"/"+table.Get(r, "id_no")+"/"+table.Get(r, "land"))
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
	table, err := read(f, columns)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range table.Rows {
		got = append(got, fmt.Sprintf("%d:%s/%s/%s", r.Number, table.Get(r, "name"), table.Get(r, "id_no"), table.Get(r, "land")))
	}
	if s := strings.Join(got, " "); s != "3:王一/210799196001010013/4.5 4:李二/210799196002020029/7.23 5:合计//11.73" {
		t.Errorf("read %q", s)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
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
		if got := guarded(Text(in).text); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// What is written as text reads back as the same text.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"王一", "=1+1", "'=1", "6212260200012345678", "a\"b,c", "０１"} {
		f.Add(s)
	}
	free := []Column{{Name: "name", Headings: []string{"户主"}, Required: true}, {Name: "note", Headings: []string{"说明"}, Free: true}}
	f.Fuzz(func(t *testing.T, s string) {
		want := clean(strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || r == 0xfffd {
				return -1
			}
			return r
		}, s), ""))
		if want == "" || strings.HasPrefix(want, "'") || broken.MatchString(want) {
			return
		}
		for _, format := range Formats() {
			if format == GB18030 && !strings.Contains(want, "\ufffd") &&
				strings.ContainsFunc(want, func(r rune) bool { return r >= 0xe000 && r < 0xf900 || r > 0xffff }) {
				continue // private and rare characters: what GB18030 makes of them depends on its edition
			}
			var b bytes.Buffer
			w := NewWriter(To{W: &b, Format: format}, "户主", "说明")
			w.Row(Text("x"), Text(want))
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if format == CSV {
				cell := strings.TrimSuffix(strings.Split(b.String(), "\r\n")[1], "\r\n")[2:]
				if strings.ContainsAny(strings.TrimPrefix(cell, "\"")[:1], formulaStart) {
					t.Errorf("%q would run as a formula", cell)
				}
			}
			table, err := read(&b, free)
			if err != nil {
				t.Fatal(err)
			}
			if got := table.Get(table.Rows[0], "note"); got != want {
				t.Errorf("%s: wrote %q, read %q", format, want, got)
			}
		}
	})
}

// No file, however broken, makes the reader fail in another way than with an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte("户主,身份证号\n王一,1\n"))
	f.Add([]byte(gb("姓名\n王一\n")))
	f.Add([]byte("\"\n"))
	for _, name := range []string{"testdata/libreoffice.xlsx", "testdata/ours-saved-by-libreoffice.xlsx", "testdata/three-groups.xlsx",
		"testdata/three-groups.xls"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := read(bytes.NewReader(b), columns)
		if err == nil && len(table.Rows) == 0 {
			t.Error("no rows and no error")
		}
	})
}

// what a payout list needs to keep through any spreadsheet: long numbers, leading zeros, texts that look like formulas, exact amounts,
// dates.
var precious = [][]Cell{
	{Text("王一"), Text("11010519491231002X"), Text("6212260200012345678"), Text("007"), Amount("1234567890.12"), Number("0.0001"),
		Date("2025-12-09"), Text("=1+1")},
	{Text("=HYPERLINK(\"x\")"), Text("210727196001010013"), Text("6299990000000000012"), Text("1-2"), Amount("0.10"), Number("7.23"),
		Date("2024-02-29"), Text("+86")},
	{Text("𠮷野、测试"), Text(""), Text("622848000000000000"), Text("2025/1/1"), Amount("-0.01"), Number("15"), Date(""), Text("@x")},
}

var preciousColumns = []Column{
	{Name: "name", Headings: []string{"户主"}, Required: true}, {Name: "id", Headings: []string{"身份证号"}},
	{Name: "card", Headings: []string{"银行卡号"}},
	{Name: "code", Headings: []string{"编号"}}, {Name: "amount", Headings: []string{"金额(元)"}, Number: true, Unit: Yuan, Signed: true},
	{Name: "shares", Headings: []string{"股数"}, Number: true, Unit: Shares},
	{Name: "date", Headings: []string{"日期"}, Date: true}, {Name: "note", Headings: []string{"说明"}},
}

func names(columns []Column) (list []string) {
	for _, c := range columns {
		list = append(list, c.Headings[0])
	}
	return list
}

func writePrecious(t *testing.T, format Format) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(To{W: &b, Format: format}, names(preciousColumns)...)
	for _, row := range precious {
		w.Row(row...)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checkPrecious(t *testing.T, b []byte) {
	t.Helper()
	table, err := read(bytes.NewReader(b), preciousColumns)
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != len(precious) {
		t.Fatalf("%d rows, want %d", len(table.Rows), len(precious))
	}
	for i, row := range table.Rows {
		for k, want := range precious[i] {
			got := row.Cells[k]
			if want.kind == amountCell || want.kind == numberCell { // 0.10 may come back as 0.1
				g, w := decimal.RequireFromString(got), decimal.RequireFromString(want.text)
				if !g.Equal(w) {
					t.Errorf("row %d, %s: %s, want %s", i, preciousColumns[k].Name, got, want.text)
				}
			} else if got != want.text {
				t.Errorf("row %d, %s: %q, want %q", i, preciousColumns[k].Name, got, want.text)
			}
		}
	}
}

// The same rows always give the same bytes: two exports can be compared.
func TestSameBytes(t *testing.T) {
	for _, format := range Formats() {
		first := writePrecious(t, format)
		for range 5 { // map order is another at each try
			if !bytes.Equal(first, writePrecious(t, format)) {
				t.Errorf("%s: the same rows gave other bytes", format)
				break
			}
		}
	}
}

// Our files lose nothing: read back as we wrote them, as LibreOffice saved them once (a file kept here), and, where it is installed, as it
// saves them now.
func TestNothingIsLost(t *testing.T) {
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) { checkPrecious(t, writePrecious(t, format)) })
	}
	t.Run("saved by LibreOffice", func(t *testing.T) {
		b, err := os.ReadFile("testdata/ours-saved-by-libreoffice.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		checkPrecious(t, b)
	})
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no LibreOffice here")
	}
	for _, format := range []Format{XLSX, CSV} {
		for _, to := range []string{"xlsx", "ods:xlsx"} {
			t.Run(string(format)+" through LibreOffice as "+to, func(t *testing.T) {
				dir := t.TempDir()
				name := filepath.Join(dir, "ours."+format.Extension())
				if err := os.WriteFile(name, writePrecious(t, format), 0o600); err != nil {
					t.Fatal(err)
				}
				for step, kind := range strings.Split(to, ":") {
					out := filepath.Join(dir, fmt.Sprint(step))
					args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless"}
					if strings.HasSuffix(name, ".csv") {
						args = append(args, "--infilter=CSV:44,34,76,1")
					}
					cmd := exec.Command(office, append(args, "--convert-to", kind, "--outdir", out, name)...)
					if said, err := cmd.CombinedOutput(); err != nil {
						t.Fatalf("%v: %s", err, said)
					}
					name = filepath.Join(out, "ours."+kind)
				}
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				checkPrecious(t, b)
			})
		}
	}
}
