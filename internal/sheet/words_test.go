package sheet

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Units in headings: what stands in front of them is the heading, and what cannot be turned into the column's unit is refused.
func TestUnitsInHeadings(t *testing.T) {
	money := Column{Name: "amount", Headings: []string{"金额"}, Number: true, Unit: Yuan}
	area := Column{Name: "area", Headings: []string{"面积"}, Number: true, Unit: Mu}
	shares := Column{Name: "shares", Headings: []string{"股数"}, Number: true, Unit: Counted}
	for heading, want := range map[string]string{
		"金额": "1", "金额(元)": "1", "金额(万元)": "10000", "金额〔万元〕": "10000", "金额[千元]": "1000", "金额/万元": "10000", "金额:万元": "10000", "金额万元": "10000",
		"金额(含税)(万元)": "10000", "金额(以万元计)": "10000", "金额(RMB万元)": "10000", "金额(10000元)": "10000", "金额(w)": "10000", "金额(仟元)": "1000",
		"金额(分)":     "0.01",
		"金额(单位:万元)": "10000", "金额(百万元)": "1000000", "金额(含税)": "1", "金额(小写)": "1", "金额(人民币)": "1", "金额(万)": "10000",
		"金额(美元)": "refused", "金额(美金)": "refused", "金额(元/亩)": "refused", "金额(万元/年)": "refused", "金额(每人)": "refused", "金额(元)(万元)": "refused",
		"金额(USD)": "refused",
		"金额(亩)":   "refused", "面积(公顷)": "15", "面积(平方米)": "0.0015", "面积(㎡)": "0.0015", "面积(亩)": "1", "面积(垧)": "refused", "面积(分)": "0.1",
		"面积(元)": "refused",
		"股数(股)": "1", "股数(万股)": "10000", "股数(亩)": "1", "股数(平方丈)": "refused",
	} {
		m := newMatcher([]Column{money, area, shares}, Layout{})
		m.among([]string{heading})
		name, u, _, ok := m.find([]string{heading}, "")
		if !ok {
			t.Errorf("%s is no heading", heading)
			continue
		}
		column := map[string]Column{"amount": money, "area": area, "shares": shares}[name]
		s, _, _, fault := scaleOf(column, ofLand(column, heading, u), nil)
		got := "1"
		switch {
		case fault != nil:
			got = "refused"
		case s.is:
			got = s.by.String()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", heading, got, want)
		}
	}
}

// Areas as villages say them: 亩, 分 and 厘 in one.
func TestAreasInParts(t *testing.T) {
	for cell, want := range map[string]string{
		"3亩2分": "3.2亩", "1亩5分": "1.5亩", "3亩2分5厘": "3.25亩", "3 亩 2 分地": "3.2亩", "12.5亩": "12.5亩", "3亩12分": "3亩12分", "2分": "2分", "3亩5厘": "3.05亩",
		"三亩": "三亩",
	} {
		if got := inMu(cell); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
	columns := []Column{{Name: "name", Headings: []string{"户主"}, Required: true},
		{Name: "area", Headings: []string{"面积"}, Number: true, Unit: Mu}}
	book, err := Open(strings.NewReader("户主,面积\n王,3亩2分\n李,5分\n赵,0.8\n单位:元\n"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := book.Table(columns, Layout{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, r := range table.Rows {
		got = append(got, table.Get(r, "area"))
		if f := table.Faults(i); len(f) > 0 {
			t.Errorf("row %d: %v", i, f)
		}
	}
	if s := strings.Join(got, " "); s != "3.2 0.5 0.8" || strings.Join(table.Idle, " ") != "元" || len(table.Loose) > 0 {
		t.Errorf("read as %s; units %v %v", s, table.Idle, table.Loose)
	}
}

// What lines outside a table say of its units.
func TestUnitsOutside(t *testing.T) {
	for text, want := range map[string]string{
		"单位:万元": "万元", "单位:人、股": "人 股", "单位 : 亩 万元": "亩 万元", "金额单位:人民币万元": "人民币万元", "(单位:万元)": "万元", "单位为万元": "万元", "计量单位:元/亩": "元 亩",
		"单位 万元": "万元", "【单位】万元": "万元", "单位:面积亩、金额万元": "面积亩 金额万元", "UNIT: 万元": "万元", "币种:美元": "美元", "以万元为单位": "万元", "2025年收支表(万元)": "万元",
		"万元":       "万元",
		"填报单位:育新村": "", "单位:元宝村": "", "育新村收入12万元": "", "百万元村名册": "", "制表单位负责人:张三": "",
	} {
		var got []string
		for _, u := range unitsSaid(text) {
			got = append(got, u.text)
		}
		if s := strings.Join(got, " "); strings.NewReplacer("面积", "", "金额", "").Replace(s) != strings.NewReplacer("面积", "", "金额",
			"").Replace(want) {
			t.Errorf("%q says %q, want %q", text, s, want)
		}
	}
}

// Days as people and programs write them.
func TestDates(t *testing.T) {
	for _, text := range strings.Split(`2026-03-05T07:30:00+08:00|2026年3月5号|2026/3/5 上午8:30|`+
		`2026-03-04T16:00:00Z|2026.3.5|20260305|20260305083000|2026-03-05 00:00:00.0|`+
		`2026年03月05日 08时30分|二〇二六年三月五日|2026-3-5 星期四|2026年3月5日(周四)|星期四,2026年3月5日|5-Mar-2026|Thu Mar 05 08:30:00 CST 2026|2026-03-04 23:00:00Z|`+
		`2026-03-05 08:30:00+08|2026–03–05|2026·3·5|2026年3月5日|2026-03-05 8:30 AM`, "|") {
		if got := readDate(text); got != "2026-03-05" {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	for _, text := range []string{"2026-02-30", "3/5/2026", "2026年3月", "3月5日", "26.3.5", "2026-03-05x", "去年"} {
		if got := readDate(text); got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// Numbers as people and programs write them.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"1200.5": "1200.5", "1,200.50": "1200.50", "¥1,200.50元": "1200.50", "(1,200.00)": "-1200", "1,200-": "-1200", "-1200": "-1200",
		"红字12.5": "-12.5", "△12.5": "-12.5",
		"1.23456785E7": "12345678.5", "5.0E-4": "0.0005", "1.5e+07": "15000000", ".5": "0.5", "5.": "5", "人民币1200元整": "1200",
		"1 200.50": "1200.50", "-": "", "无": "", "1,2345": "12345",
		"(-500)": "-500", "△-500": "-500", "100 / 200": "100 / 200", "2 3": "2 3", "1.23E+07": "refused", "1,2,3": "refused",
		"1.200,50": "refused", "$12": "refused", "000": "refused", "abc": "abc",
	} {
		got, _, fault := numberIn(text)
		if fault != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

// Whatever amount a person writes in whatever unit, the sum that is read is the sum that is meant.
func TestUnitsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(1, 1_000_000_000_00).Draw(t, "fen")
		power := rapid.SampledFrom([]int{0, 2, 3, 4, 6, 8}).Draw(t, "power")
		word := map[int]string{0: "元", 2: "百元", 3: "千元", 4: "万元", 6: "百万元", 8: "亿元"}[power]
		digits := fmt.Sprintf("%0*d", power+3, fen)
		text := strings.TrimLeft(digits[:len(digits)-power-2], "0")
		if text == "" {
			text = "0"
		}
		text += "." + digits[len(digits)-power-2:]
		table, err := read(strings.NewReader("户主,金额("+word+")\n王一,"+text+"\n"), []Column{{Name: "name", Headings: []string{"户主"}, Required: true},
			{Name: "amount", Headings: []string{"金额"}, Number: true, Unit: Yuan}})
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("%d.%02d", fen/100, fen%100)
		if got, _ := exact(table.Rows[0].Cells[1]); got.StringFixed(2) != want {
			t.Fatalf("%s%s is read as %s, want %s", text, word, got, want)
		}
	})
}

// What a person types into a column whose heading has a unit of its own is in the unit that the table shows; a cell that comes back as it
// was is left alone.
func TestMendedCells(t *testing.T) {
	b, err := Open(strings.NewReader("户主,金额(万元)\n王一,3.6\n李二,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := b.Table([]Column{{Name: "name", Headings: []string{"户主"}, Required: true},
		{Name: "amount", Headings: []string{"金额"}, Number: true, Unit: Yuan}}, Layout{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ typed, want string }{{"36000", "36000"}, {"37000", "37000"}, {"37000", "37000"}, {"4万元", "40000"}} {
		if table.Set(0, 1, x.typed); table.Rows[0].Cells[1] != x.want {
			t.Errorf("%s became %s, want %s", x.typed, table.Rows[0].Cells[1], x.want)
		}
	}
	if table.Counts("amount") != Yuan {
		t.Error("nothing says what the numbers are in")
	}
}
