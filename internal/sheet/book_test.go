package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// groups are the columns of the workbooks that LibreOffice saved: a register with two levels of headings on a sheet for each group.
var groupColumns = []Column{
	{Name: "name", Headings: []string{"户主"}, Required: true, Called: true}, {Name: "id_no", Headings: []string{"身份证号"}, Required: true},
	{Name: "people", Headings: []string{"家庭人数"}, Number: true, Unit: People},
	{Name: "land", Headings: []string{"土地股"}, Number: true, Unit: Mu}, {Name: "cash", Headings: []string{"资金股"}, Number: true, Unit: Shares},
	{Name: "value", Headings: []string{"入股金额"}, Number: true, Unit: Yuan}, {Name: "date", Headings: []string{"日期"}, Date: true},
	{Name: "note", Headings: []string{"备注"}, Free: true}, {Name: "aside", Headings: []string{"序号"}, Aside: true},
}

// said writes down what a table has: its rows with their faults, then what a person has to say.
func said(t *Table) string {
	var b strings.Builder
	for i, r := range t.Rows {
		fmt.Fprint(&b, t.Place(r.Number))
		for k, c := range r.Cells {
			if !IsAside(t.Columns[k]) {
				fmt.Fprint(&b, "/", c)
			}
		}
		for _, f := range t.Faults(i) {
			fmt.Fprintf(&b, " !%s %s", f.Column, f.Error())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// What LibreOffice saved says the same in either kind of workbook: types, days, units, formulas' results, merged headings, what is hidden.
func TestWorkbooks(t *testing.T) {
	const first = `6/王䶮/210727196001010019/2/4.5/10/12500/2026-03-05/
7/李二/21072719600202002X/3/4.73/15/25000/2026-03-06/李二户
8/赵三𠮷/210727196003030035/4/4.96/20/37500/2026-03-07/换行 备注
9////14.19////
`
	for _, name := range []string{"three-groups.xlsx", "three-groups.xls"} {
		t.Run(name, func(t *testing.T) {
			b := opened(t, name)
			if got := fmt.Sprint(b.Sheets); got != "[{一组 false false} {二组 false false} {去年 true false}]" {
				t.Fatalf("sheets %s", got)
			}
			all, err := b.Table(groupColumns, Layout{})
			if err != nil {
				t.Fatal(err)
			}
			if !all.Choose || len(all.Sheets) != 2 || len(all.Unread) != 1 || all.Hidden != 2 || len(all.Missing) != 0 {
				t.Errorf("it asks for sheets %v, leaves %v unread, %d hidden", all.Sheets, all.Unread, all.Hidden)
			}
			one, err := b.Table(groupColumns, Layout{Sheets: []string{"一组"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := said(one); got != first {
				t.Errorf("read\n%s\nwant\n%s", got, first)
			}
			if one.Hidden != 1 || one.Unit("value") != "万元" || one.Heading["cash"] != "股权设置 资金股" {
				t.Errorf("%d hidden, value in %s, heading %q", one.Hidden, one.Unit("value"), one.Heading["cash"])
			}
			var passed []string
			for _, p := range one.Passed {
				passed = append(passed, fmt.Sprint(p.Number, p.Why))
			}
			if got := strings.Join(passed, " "); got != "1标题 2标题 5分组标题" {
				t.Errorf("passed over %q", got)
			}
			without, err := b.Table(groupColumns, Layout{Sheets: []string{"一组"}, Hidden: SkipHidden})
			if err != nil {
				t.Fatal(err)
			}
			if len(without.Rows) != 3 || without.Hidden != 0 {
				t.Errorf("without what is hidden there are %d rows", len(without.Rows))
			}
			two, err := b.Table(groupColumns, Layout{Sheets: []string{"二组", "去年"}})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"6(二组)/王䶮/", "!id_no", "只记得住 15 位", "!people TRUE", "!land 是公式的错误值 #DIV/0!", "!value 这一格是百分数 50%",
				"7(去年)/李二"} {
				if got := said(two); !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
		})
	}
	var e *Error
	if _, err := Open(bytes.NewReader(file(t, "three-groups.ods"))); !errors.As(err, &e) || !strings.Contains(e.Error(), "ODS") {
		t.Errorf("an OpenDocument file: %v", err)
	}
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func opened(t testing.TB, name string) *Book {
	t.Helper()
	b, err := Open(bytes.NewReader(file(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
