package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// An accountant records a contract, books what comes by one click and what came before by linking it, changes and ends it: each page says
// how it stands then.
func TestContracts(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	form := url.Values{"party": {"合同测试甲"}, "thing": {"测试鱼塘"}, "kind": {"letting"}, "asset": {"water"}, "from_day": {"2025-01-01"},
		"to_day": {"2026-12-31"}, "area": {"10"}, "rent": {"1.2万"}, "pay": {"6"}}
	code, to := c.post("/contracts/"+yuxin+"/new", form)
	if code != http.StatusSeeOther {
		t.Fatalf("%d %s", code, to)
	}
	at := regexp.MustCompile(`/contract/\w+`).FindString(to)
	says := func(when string, want ...string) {
		t.Helper()
		_, page := c.get(at)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s the page does not say %s: %s", when, w, page[strings.Index(page, "<main"):])
			}
		}
	}
	says("recorded,", "欠 18,000.00 元,最早的已 424 天", "没有写决议", "每 6 个月一付", "每亩 1,200.00 元")
	do := func(path string, fields ...string) {
		t.Helper()
		form := url.Values{}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		if code, to := c.post(at+path, form); code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, code, to[max(0, strings.Index(to, "<main")):])
		}
	}
	do("/receive", "date", "2026-02-03", "amount", "1.8万", "party", "合同测试甲", "voucher", "9-9")
	says("paid,", "已收 18,000.00 元,未收 6,000.00 元", "收齐")
	_, book := c.get("/income/" + yuxin + "?year=2026&q=合同测试甲")
	line := regexp.MustCompile(`<tr id="(` + yuxin + `Y2026N\d+)">`).FindStringSubmatch(book)
	if line == nil || !strings.Contains(book, `href="`+at+`"`) {
		t.Fatalf("the book has no line of it: %s", book)
	}
	do("/unlink", "income", line[1])
	says("unlinked,", "已收 0.00 元", "是这份合同的")
	do("/link", "income", line[1])
	says("linked,", "已收 18,000.00 元")
	if code, page := c.post(at+"/link", url.Values{"income": {line[1]}}); code != http.StatusConflict || !strings.Contains(page, "已经对上这份合同") {
		t.Errorf("linked twice: %d", code)
	}
	// taken back and booked again, it stays the contract's
	_, page := c.get("/income/" + yuxin + "/reverse/" + line[1])
	again := url.Values{"reason": {"记错"}, "date": {"2026-02-03"}}
	for _, m := range regexp.MustCompile(`name="(new\.[a-z_]+)"[^>]*? value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		again.Set(m[1], m[2])
	}
	again.Set("new.item", "operating")
	again.Set("new.amount", "17000")
	if code, to := c.post("/income/"+yuxin+"/rebook/"+line[1], again); code != http.StatusSeeOther {
		t.Fatalf("rebooked: %d %s", code, to)
	}
	says("rebooked,", "已收 17,000.00 元,未收 7,000.00 元")
	do("/remit", "date", "2026-03-01", "amount", "1000", "reason", "旱灾")
	says("let off,", "减免 1,000.00 元", "未收 6,000.00 元")
	do("/change", "from_day", "2027-01-01", "to_day", "2028-12-31", "area", "10", "rent", "15000", "pay", "12", "reason", "到期续签")
	says("prolonged,", "2025-01-01 至 2028-12-31", "历次约定", "未收 36,000.00 元")
	do("/end", "date", "2027-06-30", "reason", "协商解除")
	says("ended,", "提前终止:协商解除", "未收 13,500.00 元") // 6,000, and half a year of 15,000
	act := func() string {
		_, page := c.get(at)
		return regexp.MustCompile(`name="act" value="(\d+)"`).FindStringSubmatch(page)[1]
	}
	do("/reverse", "act", act(), "reason", "没有谈成")
	says("not ended,", "未收 36,000.00 元")
	do("/reverse", "act", act(), "reason", "没有续签")
	says("not prolonged,", "未收 6,000.00 元", "2025-01-01 至 2026-12-31")
	do("/reverse", "act", act(), "reason", "没有减免")
	says("not let off,", "未收 7,000.00 元", "作废这份合同")
	if code, page := c.post(at+"/reverse", url.Values{"act": {act()}, "reason": {"x"}}); code != http.StatusConflict ||
		!strings.Contains(page, "收过款") {
		t.Errorf("void though it was paid: %d", code)
	}
	do("/correct", "party", "合同测试改", "reason", "名字写错")
	says("corrected,", "合同测试改 · 测试鱼塘")
	for _, m := range regexp.MustCompile(`name="income" value="(\w+)"><button class="plain"`).FindAllStringSubmatch(second(c.get(at)), -1) {
		do("/unlink", "income", m[1])
	}
	do("/reverse", "act", act(), "reason", "登记错了")
	says("void,", "已作废")
	if _, page := c.get("/contracts/" + yuxin + "?show=all"); strings.Contains(page, "合同测试改") {
		t.Error("a void contract is in the list")
	}
}

func second(_ int, page string) string { return page }

// A change that says nothing of later rents and sums agreed one by one leaves them as they are: they stand in its form.
func TestChangedTermsKeepTheRest(t *testing.T) {
	c := newSite(t).as("yuxin")
	for name, more := range map[string]url.Values{
		"steps": {"rent": {"1000"}, "pay": {"12"}, "steps.0.from_day": {"2029-01-01"}, "steps.0.rent": {"2000"}},
		"rises": {"rent": {"1000"}, "pay": {"12"}, "rise_years": {"3"}, "rise": {"5%"}},
		"dues":  {"dues.0.date": {"2027-06-30"}, "dues.0.amount": {"3000"}, "dues.1.date": {"2028-06-30"}, "dues.1.amount": {"4000"}},
	} {
		form := url.Values{"party": {"变更测试" + name}, "thing": {"地"}, "kind": {"letting"}, "asset": {"farmland"}, "from_day": {"2022-01-01"},
			"to_day": {"2031-12-31"}}
		for k, v := range more {
			form[k] = v
		}
		code, to := c.post("/contracts/"+yuxin+"/new", form)
		if code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", name, code, to[max(0, strings.Index(to, "<main")):])
		}
		at := regexp.MustCompile(`/contract/\w+`).FindString(to)
		dues := regexp.MustCompile(`<td class="num" data-l="应收">[\d,.]+</td>`)
		before := dues.FindAllString(second(c.get(at)), -1)
		change := url.Values{"reason": {"押金改了"}}
		inputs := regexp.MustCompile(`<input [^>]*name="([a-z_.0-9]+)"[^>]*? value="([^"]*)"`)
		for _, m := range inputs.FindAllStringSubmatch(second(c.get(at+"/change")), -1) {
			change.Set(m[1], m[2])
		}
		change.Set("pay", "12")
		change.Set("from_day", "2027-01-01")
		change.Set("deposit", "500")
		if name == "dues" {
			change.Set("rent", "")
		}
		change.Set("reason", "押金改了")
		if code, page := c.post(at+"/change", change); code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", name, code, page[max(0, strings.Index(page, "<main")):])
		}
		if after := dues.FindAllString(second(c.get(at)), -1); strings.Join(after, "") != strings.Join(before, "") || len(before) == 0 {
			t.Errorf("%s: due before %v, after %v", name, before, after)
		}
	}
}

// What cannot be is refused at its field, with everything as it was typed.
func TestContractRefusals(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	right := func() url.Values {
		return url.Values{"party": {"合同测试乙"}, "thing": {"测试门市"}, "kind": {"lease"}, "asset": {"building"}, "from_day": {"2026-01-01"},
			"to_day": {"2030-12-31"}, "rent": {"8000"}, "pay": {"12"}}
	}
	for _, x := range []struct{ name, field, value, says string }{
		{"nobody", "party", "", "请写明对方"},
		{"nothing", "thing", "", "请写明是什么"},
		{"an end before its beginning", "to_day", "2025-12-31", "早于开始的"},
		{"no day", "from_day", "13-45", "不是日期"},
		{"no rent", "rent", "", "租赁要有约定的金额"},
		{"a rise without its years", "rise", "5", "请填写每几年涨一次"},
		{"two rises", "rise_by", "100", "只写一个"},
		{"a step outside", "steps.0.from_day", "2040-01-01", "要在合同期限之内"},
		{"a sum of nothing", "dues.0.date", "2026-06-01", "金额要大于 0"},
		{"days at the end of the calendar", "from_day", "9870-01-01", "太晚"},
		{"a rise without bounds", "rise", "1000", "例如 5"},
		{"a falling rise", "rise_by", "-9", "不能小于 0"},
		{"a step without its sum", "steps.0.from_day", "2028-01-01", "每年多少元"},
		{"a resolution of another village", "resolution", "210727102215R2026001", "没有编号为"},
	} {
		t.Run(x.name, func(t *testing.T) {
			form := right()
			form.Set(x.field, x.value)
			if strings.HasPrefix(x.field, "rise") && x.value != "5" {
				form.Set("rise_years", "2")
			}
			if x.value == "100" {
				form.Set("rise", "5")
			}
			code, page := c.post("/contracts/"+yuxin+"/new", form)
			if code != http.StatusUnprocessableEntity && code != http.StatusConflict && code != http.StatusNotFound || !strings.Contains(page,
				x.says) ||
				!strings.Contains(page, "测试门市") && x.field != "thing" {
				t.Errorf("%d %s", code, page[max(0, strings.Index(page, "<main")):])
			}
			if fault := `id="fault-` + x.field + `"`; !strings.Contains(x.field, ".") && !strings.Contains(page, fault) && x.field != "rise" {
				t.Errorf("the fault does not stand at %s", x.field)
			}
		})
	}
}

// The list narrows by what a check found and by words, and goes out so.
func TestContractList(t *testing.T) {
	s := newSite(t)
	c := s.as("yixian")
	_, page := c.get("/contracts/210727000000?show=term")
	if strings.Count(page, "<tr id=") != 1 || !strings.Contains(page, "荒山经营户") {
		t.Errorf("longer than the law allows: %s", page)
	}
	_, file := c.get("/export/contracts.csv/210727000000?show=term")
	if strings.Count(strings.TrimSpace(file), "\n") != 1 || !strings.Contains(file, "期限超过 50 年") {
		t.Errorf("the export of it: %s", file)
	}
	if _, page := c.get("/contracts/" + yuxin + "?q=鱼塘"); strings.Count(page, "<tr id=") != 1 {
		t.Error("looked for by its thing, it is not alone")
	}
}
