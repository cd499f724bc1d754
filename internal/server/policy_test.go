package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An official tries a policy on the years that are over, sets it, and the verdicts of the years that it names are by it; nobody else sets
// one.
func TestPolicyPage(t *testing.T) {
	s := newSite(t) // 2026-03-01
	c := s.as("yixian")
	const at = "/policy/210727000000"
	form := func(fields ...string) url.Values {
		f := url.Values{"from_year": {"2026"}, "bound": {"10万"}, "m.operating": {"plus"}, "m.contracting": {"plus"}, "m.investment": {"plus"},
			"basis": {"义县农发 3 号"}}
		for i := 0; i+1 < len(fields); i += 2 {
			f.Set(fields[i], fields[i+1])
		}
		return f
	}
	_, page := c.get(at)
	if !strings.Contains(page, "程序默认") || !strings.Contains(page, "县里从 2026 年起的标准") || !strings.Contains(page, `name="m.operating"`) {
		t.Errorf("the page: %.300s", page)
	}
	if _, page = c.get(at + "?try=1&" + form().Encode()); !strings.Contains(page, "试算:经营性收入,标准 100,000.00 元") ||
		!strings.Contains(page, "没有保存") || !strings.Contains(page, "判定会变的村") {
		t.Errorf("the trial: %.300s", page)
	}
	if _, page = c.get(at + "?try=1&" + form("bound", "x").Encode()); strings.Contains(page, "试算:") {
		t.Error("a trial without a bound")
	}
	if _, page = c.get("/shells/210727?year=2025"); !strings.Contains(page, "经营收益不足 50,000.00 元") {
		t.Error("the trial has changed something")
	}
	for name, x := range map[string]struct {
		form url.Values
		says string
	}{
		"no bound":                 {form("bound", ""), "标准"},
		"nothing that counts":      {url.Values{"from_year": {"2026"}, "bound": {"1"}}, "请选至少一个"},
		"a year far ahead":         {form("from_year", "2030"), "2030"},
		"tiers that do not rise":   {form("tier.0", "低", "tier_from.0", "0", "tier.1", "高", "tier_from.1", "0"), "起点要高于上一档"},
		"an end of what is none":   {form("from_year", "2025", "reason", "x", "end", "true"), "没有自己定的标准"},
		"in place of what is none": {form("replaces", "2020", "reason", "x"), "请写明代替 2026 年起的"},
	} {
		if code, body := c.post(at, x.form); code < 400 || !strings.Contains(body, x.says) {
			t.Errorf("%s: %d", name, code)
		}
	}
	for _, who := range []string{"yuxin", "qilihe"} { // whoever may not set one may try
		if _, page := s.as(who).get("/policy/210727102216?try=1&bound=200000&m.operating=plus"); !strings.Contains(page, "试算:") {
			t.Errorf("%s tries, and sees nothing", who)
		}
		if _, page := s.as(who).get("/policy/210727102216?try=1&bound=0&m.operating=plus"); !strings.Contains(page, "标准要大于 0 元") {
			t.Errorf("%s tries what is none, and is told nothing", who)
		}
	}
	for _, who := range []string{"yuxin", "qilihe", "jinzhou", "admin"} {
		if code, _ := s.as(who).post(at, form()); code != http.StatusForbidden && code != http.StatusUnprocessableEntity {
			t.Errorf("set by %s: %d", who, code)
		}
	}
	if code, body := c.post(at, form("from_year", "2025")); code != http.StatusUnprocessableEntity || !strings.Contains(body, "2025 年已经过完") {
		t.Errorf("a past year without a reason: %d", code)
	}
	if code, to := c.post(at, form("from_year", "2025", "reason", "文件今年才到")); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, to)
	}
	if _, page = c.get("/shells/210727?year=2025"); !strings.Contains(page, "经营性收入不足 100,000.00 元") {
		t.Error("the policy does not judge")
	}
	if _, page = c.get("/shells/210727?year=2024"); !strings.Contains(page, "经营收益不足 50,000.00 元") {
		t.Error("a year before it is judged by it")
	}
	if code, body := c.post(at, form("from_year", "2025", "bound", "1")); code != http.StatusConflict || !strings.Contains(body,
		"代替 2025 年起") {
		t.Errorf("a past year set again: %d", code)
	}
	if code, _ := c.post(at, form("from_year", "2025", "bound", "1", "replaces", "2025", "reason", "写错了")); code != http.StatusSeeOther {
		t.Errorf("by name and with a reason: %d", code)
	}
}
