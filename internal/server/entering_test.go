package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A book opens on the calendar's year, takes days and amounts as they are typed, goes on from the line before, and asks about one that is
// there already.
func TestEntering(t *testing.T) {
	s := newSite(t) // 2026-03-01
	c := s.as("yuxin")
	at := "/income/" + yuxin
	_, page := c.get(at)
	for _, want := range []string{`value="2026-03-01"`, `name="near"`, `value="operating"`, `data-reads="amount"`, `<datalist id="parties">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if strings.Contains(page, `value="contracting"`) && strings.Contains(page, `<optgroup label="收入">`+"\n"+`  <option value="contracting"`) {
		t.Error("an item of another year is offered")
	}
	post := func(fields ...string) (string, int) {
		form := url.Values{"near": {"2026-02-10"}}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Add(fields[i], fields[i+1])
		}
		code, to := c.post(at, form)
		return to, code
	}
	to, code := post("item", "operating", "date", "9", "amount", "1200+350", "party", "录入测试甲", "voucher", "记-099")
	if code != http.StatusSeeOther || !strings.Contains(to, "entered=") {
		t.Fatalf("%d %s", code, to)
	}
	_, page = c.get(to)
	for _, want := range []string{"1,550.00", "2026-02-09", `value="记-100"`, `<option value="录入测试甲">`, "今天记的", `autofocus`} {
		if !strings.Contains(page, want) {
			t.Errorf("after the first line there is no %s", want)
		}
	}
	to, code = post("item", "operating", "date", "2-9", "amount", "0.155万", "party", "录入测试甲", "voucher", "记-099")
	if code != http.StatusConflict || !strings.Contains(to, "日期、金额、对方和凭证都一样") {
		t.Errorf("the same line again: %d", code)
	}
	heard := regexp.MustCompile(`name="heard" value="([^"]+)"`).FindStringSubmatch(to)
	if heard == nil {
		t.Fatal("nothing to answer")
	}
	if _, code = post("item", "operating", "date", "2-9", "amount", "1550", "party", "录入测试甲", "voucher", "记-099", "heard",
		heard[1]); code != http.StatusSeeOther {
		t.Errorf("the same line, meant: %d", code)
	}
	for name, x := range map[string]struct {
		fields []string
		says   string
	}{
		"a day that is none":      {[]string{"item", "operating", "date", "31", "amount", "1"}, "31"},
		"a day that is to come":   {[]string{"item", "operating", "date", "3-25", "amount", "1"}, "2026-03-25"},
		"half a sum":              {[]string{"item", "operating", "date", "1", "amount", "1200+"}, "金额"},
		"a third of a 分":          {[]string{"item", "operating", "date", "1", "amount", "0.001*5"}, "0.001*5"},
		"an item of another year": {[]string{"item", "contracting", "nature", "", "date", "1", "amount", "5"}, "发包及上交收入"},
	} {
		if body, code := post(x.fields...); code != http.StatusUnprocessableEntity || !strings.Contains(body, x.says) {
			t.Errorf("%s: %d", name, code)
		}
	}
	for query, n := range map[string]string{"q=录入测试": "2 笔,收入 3,100.00 元,支出 0.00 元", "amount=0.155万": "2 笔", "q=记-099&from=2-10": "0 笔",
		"from=2-9&to=2-9":     "2 笔",
		"item=subsidy&q=录入测试": "0 笔"} {
		if _, page := c.get(at + "?year=2026&" + query); !strings.Contains(page, n) {
			t.Errorf("%s does not find %s", query, n)
		}
	}
	for _, query := range []string{"from=x", "amount=zz"} {
		if _, page := c.get(at + "?year=2026&" + query); !strings.Contains(page, "<span class=\"fault\">“"+query[strings.Index(query, "=")+1:]) ||
			strings.Contains(page, "笔,收入 0") {
			t.Errorf("%s cannot be looked for, and nothing says so", query)
		}
	}
	for _, near := range []string{"zzz", "99", ""} {
		if code, page := c.get("/reading?date=5&near=" + near); code != http.StatusOK || page != "" {
			t.Errorf("beside %q: %d %q", near, code, page)
		}
	}
	if _, page := c.get("/export/income.csv/" + yuxin + "?year=2026&q=" + url.QueryEscape("录入测试")); strings.Count(page, "录入测试甲") != 2 ||
		strings.Count(page, "\n") != 3 {
		t.Errorf("the export of what is looked for: %s", page)
	}
	if _, page := c.get("/reading?near=2026-02-09&date=25"); page != "2026-02-25" {
		t.Errorf("25 is read as %q", page)
	}
}

// A line is taken back and booked again in one step, or neither.
func TestRebooking(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, to := c.post("/income/"+yuxin, url.Values{"item": {"operating"}, "date": {"2026-02-09"}, "amount": {"100"}, "party": {"重记测试"},
		"voucher": {"9-1"}})
	id := regexp.MustCompile(`entered=(\w+)`).FindStringSubmatch(to)[1]
	_, page := c.get("/income/" + yuxin + "/reverse/" + id)
	if !strings.Contains(page, `name="new.amount"`) || !strings.Contains(page, `value="100.00"`) {
		t.Fatalf("the form is not filled in: %.300s", page)
	}
	rebook := "/income/" + yuxin + "/rebook/" + id
	line := func(fields ...string) url.Values {
		form := url.Values{"date": {"2026-02-10"}, "reason": {"金额录错"}, "new.near": {"2026-02-10"}, "new.date": {"9"}, "new.item": {"operating"},
			"new.amount": {"1000"}, "new.party": {"重记测试"}, "new.voucher": {"9-1"}}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return form
	}
	for name, x := range map[string]struct {
		form url.Values
		says string
	}{
		"no reason":          {line("reason", ""), "请写明冲销的原因"},
		"no amount":          {line("new.amount", "0"), "请填写金额"},
		"a day to come":      {line("new.date", "2026-12-01"), "2026-12-01"},
		"before the line":    {line("date", "2026-02-01"), "早于"},
		"an item of no form": {line("new.item", "x"), "没有“x”"},
	} {
		if code, body := c.post(rebook, x.form); code != http.StatusUnprocessableEntity || !strings.Contains(body, x.says) {
			t.Errorf("%s: %d", name, code)
		}
	}
	if _, page := c.get("/income/" + yuxin + "?year=2026&q=重记测试"); !strings.Contains(page, "1 笔,收入 100.00 元") {
		t.Error("a refusal left something behind")
	}
	if code, to := c.post(rebook, line()); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, to)
	}
	if _, page := c.get("/income/" + yuxin + "?year=2026&q=重记测试"); !strings.Contains(page, "3 笔,收入 1,000.00 元") {
		t.Error("not booked again")
	}
	if code, _ := c.post(rebook, line()); code != http.StatusConflict {
		t.Errorf("taken back twice: %d", code)
	}
	if code, _ := s.as("kj-210727002").post(rebook, line()); code != http.StatusForbidden {
		t.Errorf("by another village's accountant: %d", code)
	}
}

// A rule for a party is made from a line: it shows what it would move before it does, moves what is ticked, and holds for the form and for
// files afterwards.
func TestItemsOfParties(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	at := "/income/" + yuxin
	var ids []string
	for _, item := range []string{"management", "operating_cost", "operating_cost"} {
		_, to := c.post(at, url.Values{"item": {item}, "date": {"2026-02-09"}, "amount": {"100"}, "party": {"规则电站"}, "voucher": {"8-" + item}})
		if m := regexp.MustCompile(`entered=(\w+)`).FindStringSubmatch(to); m != nil {
			ids = append(ids, m[1])
		} else if m := regexp.MustCompile(`name="heard" value="([^"]+)"`).FindStringSubmatch(to); m != nil {
			_, to = c.post(at, url.Values{"item": {item}, "date": {"2026-02-09"}, "amount": {"100"}, "party": {"规则电站"}, "voucher": {"8-" + item},
				"heard": {m[1]}})
			ids = append(ids, regexp.MustCompile(`entered=(\w+)`).FindStringSubmatch(to)[1])
		}
	}
	rule := at + "/payer/" + ids[0]
	_, page := c.get(rule)
	if strings.Count(page, `name="line"`) != 2 || !strings.Contains(page, ids[1]) || !strings.Contains(page, ids[2]) {
		t.Fatalf("what it would move: %.300s", page)
	}
	if _, page := c.get(rule + "?item=operating_cost"); strings.Count(page, `name="line"`) != 1 || !strings.Contains(page, ids[0]) {
		t.Error("what another item would move")
	}
	for name, form := range map[string]url.Values{
		"an item that is none": {"item": {"x"}}, "a line that is none": {"item": {"management"}, "line": {yuxin + "Y2026N99999"}},
		"an end of nothing": {"item": {"management"}, "end": {"1"}},
	} {
		if code, _ := c.post(rule, form); code < 400 {
			t.Errorf("%s: %d", name, code)
		}
	}
	if code, to := c.post(rule, url.Values{"item": {"management"}, "line": {ids[1]}}); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, to)
	}
	_, page = c.get(at + "?year=2026&q=规则电站&item=management")
	if !strings.Contains(page, "2 笔,收入 0.00 元,支出 200.00 元") || !strings.Contains(page, `<option value="规则电站" data-item="management">`) {
		t.Error("the ticked line has not moved, or the form does not know the rule")
	}
	_, page, _ = c.send("/upload/"+yuxin, "日期,项目,金额,对方\n2026-02-10,,55,规则电站\n", map[string]string{"kind": "income"})
	if !strings.Contains(page, "检查通过") {
		t.Errorf("a row without an item: %.300s", page)
	}
	for _, who := range []string{"kj-210727002", "qilihe", "yixian", "admin"} {
		if code, _ := s.as(who).post(rule, url.Values{"item": {"management"}}); code != http.StatusForbidden {
			t.Errorf("by %s: %d", who, code)
		}
	}
	if code, body := c.post(rule, url.Values{"item": {"management"},
		"line": {yuxin + "Y2025N00001"}}); code != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "不是这个对方的") {
		t.Errorf("a line of another party: %d", code)
	}
	if code, _ := c.post(rule, url.Values{"item": {"management"}, "end": {"1"}}); code != http.StatusSeeOther {
		t.Errorf("ended: %d", code)
	}
}

// A book of more lines than one page shows is gone through page by page, also from a page that a link to one of them has opened.
func TestPagesOfBooks(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	var file strings.Builder
	file.WriteString("日期,项目,金额,对方,凭证号\n")
	for i := range 250 {
		fmt.Fprintf(&file, "2026-02-01,管理费用,%d,翻页测试,7-%d\n", i+1, i)
	}
	_, _, at := c.send("/upload/"+yuxin, file.String(), map[string]string{"kind": "income"})
	c.post(at+"/post", nil)
	if _, body := c.settled(at); !strings.Contains(body, "全部记入了") {
		t.Fatalf("posting: %.300s", body)
	}
	row := regexp.MustCompile(`<tr id="(\w+)">`)
	next := regexp.MustCompile(`href="([^"]*after=[^"]*)"`)
	for _, start := range []string{"/income/" + yuxin + "?year=2026&q=翻页测试",
		"/income/" + yuxin + "?year=2026&q=翻页测试&at=" + yuxin + "Y2026N00250"} {
		seen := map[string]bool{}
		for to, pages := start, 0; to != "" && pages < 5; pages++ {
			_, page := c.get(to)
			for _, m := range row.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Fatalf("%s stands on two pages", m[1])
				}
				seen[m[1]] = true
			}
			to = ""
			if m := next.FindStringSubmatch(page); m != nil {
				to = strings.ReplaceAll(m[1], "&amp;", "&")
			}
		}
		if len(seen) != 250 {
			t.Errorf("%s: %d lines on all pages", start, len(seen))
		}
	}
	_, page := c.get("/income/" + yuxin + "?year=2026&at=" + yuxin + "Y2026N00003")
	if !strings.Contains(page, `<tr id="`+yuxin+`Y2026N00003">`) {
		t.Error("the page that a link opens has not the line")
	}
	if !strings.Contains(page, "250 笔,收入 0.00 元,支出 31,375.00 元") {
		t.Error("the day's sums")
	}
}
