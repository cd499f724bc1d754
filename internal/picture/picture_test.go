package picture_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/picture"
)

var update = flag.Bool("update", false, "write the golden files anew")

var years = [2]string{"年度", "空壳村"}

// tiers are stacks of three colours, of which one never occurs.
func tiers() *picture.Picture {
	return picture.Stacks("各档", "年度", "合计", []picture.Sign{{Class: "t0", Label: "没有"}, {Class: "t1", Label: "不足 5 万"}, {Class: "t2",
		Label: "5 万起"}},
		[]picture.Stack{
			{Label: "2024", To: "/x", Title: "2024", Sum: "10", Parts: []picture.Part{{N: 3, Said: "3", Title: "三"}, {Said: "0"}, {N: 7,
				Said: "7"}}},
			{Label: "2025", Sum: "9", Parts: []picture.Part{{N: -1, Said: "−1"}, {Said: "0"}, {N: 10, Said: "10"}}}})
}

// drawn are pictures of every sort, the edges of each among them: nothing at all, below zero, signs that markup uses.
func drawn() map[string]template.HTML {
	return map[string]template.HTML{
		"bars": picture.Bars("空壳村逐年", years, []picture.Bar{{Label: "2023", Value: "9", N: 9, To: "/shells/x?year=2023&a=1", Title: "2023 年 9 个"},
			{Label: "2024", Value: "0", Title: "没有"}, {Label: "2025", Value: "1", N: 1, Class: "now"}}).SVG,
		"bars-none": picture.Bars("没有", years, nil).SVG,
		"bars-below-zero": picture.Bars("收益", years, []picture.Bar{{Label: "2023", Value: "3.00", N: 300}, {Label: "2024", Value: "−1.00",
			N: -100},
			{Label: "2025", Value: "0"}}).SVG,
		"stacks": tiers().SVG,
		"fall": picture.Fall("增减", picture.Bar{Label: "2024", Value: "384.2", N: 3842, Class: "t4"},
			[]picture.Bar{{Label: "经营收入", Value: "+61.5", N: 615, Class: "better"},
				{Label: "管理费用", Value: "−54.7", N: -547, Class: "worse", To: "/x"}},
			picture.Bar{Label: "2025", Value: "391.0", N: 3910, Class: "t4"}),
		"fall-below-zero": picture.Fall("增减", picture.Bar{Label: "2024", N: 10, Value: "10"},
			[]picture.Bar{{Label: "<支出>", N: -40, Value: "−40"}},
			picture.Bar{Label: "2025", N: -30, Value: "−30"}),
		"changes": picture.Changes("各地", [2]string{"地区", "增减(元)"}, []picture.Bar{{Label: "头台镇", Value: "+1.0", N: 100, Class: "better"},
			{Label: "“甲&乙”村", Value: "−0.5", N: -50, Class: "worse", To: "/why/x?a=1&b=2", Title: "少了"}, {Label: "没有变", Value: "0"}}).SVG,
		"wall": picture.Wall("各村", 2, 16, []picture.Cell{{To: "/a", Title: "甲村 1.00", Class: "t3"},
			{To: "/b", Title: "乙村 0.10", Class: "t0", Crossed: true}, {To: "/c", Title: "丙村 未录入", Class: "tn"}}),
		"tiles": picture.Tiles("示意图", []picture.Tile{{X: 1, Label: "甲镇", Value: "8.21 万", To: "/x?a=1&b=2", Title: "甲镇", Class: "t3"},
			{Y: 1, Label: "<乙>", Value: "0.10 万", Class: "t0", Crossed: true}}),
		"map": picture.Map("示意图", []picture.Shape{
			{Rings: [][]int{{12100000, 4150000, 12120000, 4150000, 12120000, 4170000, 12100000, 4170000}, {12105000, 4155000, 12110000, 4155000,
				12110000,
				4160000}}, Label: "甲镇", Value: "8.21 万", To: "/x?a=1&b=2", Title: "甲镇", Class: "t3"},
			{Rings: [][]int{{12120000, 4150000, 12140000, 4150000, 12130000, 4170000}}, Label: "<乙>", Value: "0.10 万", Class: "t0", Crossed: true},
			{Label: "没有轮廓"}}),
		"map-point": picture.Map("一点", []picture.Shape{{Rings: [][]int{{1, 1, 1, 1, 1, 1}}, Label: "点"}}),
		"map-none":  picture.Map("没有", nil),
		"wall-none": picture.Wall("没有", 2, 16, nil),
	}
}

// A picture is drawn as it was.
func TestPictures(t *testing.T) {
	for name, got := range drawn() {
		file := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
}

// What a picture shows stands in its table to the last digit, what is less than nothing, too; colours that never occur are left out.
func TestTablesBehindPictures(t *testing.T) {
	bars := picture.Bars("收益", [2]string{"年度", "元"}, []picture.Bar{{Label: "2024", Value: "1.23", Exact: "12,345.67", N: 1234567, To: "/x"},
		{Label: "2025", Value: "0"}})
	for _, x := range []struct {
		of   *picture.Picture
		want string
	}{
		{bars, "[年度 元] [{2024 /x [12,345.67]} {2025  [0]}] []"},
		{tiers(), "[年度 没有 5 万起 合计] [{2024 /x [3 7 10]} {2025  [−1 10 9]}] [{t0 没有} {t2 5 万起}]"},
	} {
		if got := fmt.Sprint(x.of.Heads, x.of.Rows, x.of.Legend); got != x.want {
			t.Errorf("%s\nwant\n%s", got, x.want)
		}
	}
}

// Whatever is drawn is well-formed, has no style of its own, and shows everything that is not nothing.
func TestPicturesAreWellFormed(t *testing.T) {
	for name, got := range drawn() {
		d := xml.NewDecoder(strings.NewReader(string(got)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, got)
			}
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if a.Name.Local == "style" || a.Name.Local == "fill" || strings.HasPrefix(a.Value, "-") && a.Name.Local == "height" {
						t.Errorf("%s: %s has %s=%q", name, e.Name.Local, a.Name.Local, a.Value)
					}
				}
			}
		}
	}
	if got := string(drawn()["bars"]); strings.Count(got, "<rect") != 3 || !strings.Contains(got, `height="0"`) {
		t.Errorf("what is nothing is drawn as something: %s", got)
	}
}
