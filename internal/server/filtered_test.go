package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// A list goes out as its page shows it: with the same filters, and no others.
func TestExportsAsFiltered(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	official := s.as("yixian")
	rows := func(path string) []string {
		t.Helper()
		who := c
		if !strings.Contains(path, yuxin) {
			who = official
		}
		code, text := who.get(path)
		if code != http.StatusOK {
			t.Fatalf("%s: %d %.200s", path, code, text)
		}
		return strings.Split(strings.TrimSpace(text), "\r\n")[1:]
	}
	for _, x := range []struct{ list, at, filter, has string }{
		{"shareholders", yuxin, "q=唐芹林", "唐芹林"}, {"contributions", yuxin, "year=2026&kind=relief", "衔接帮扶资金"},
		{"income", yuxin, "year=2025&book=" + yuxin + "E001&item=operating_cost", "农资供应商"},
		{"distributions", "210727", "year=2025&show=failed", "发放中"},
		{"resolutions", yuxin, "of=" + coop, "育新果蔬专业合作社"}, {"payouts", coop + "D202501", "show=failed", "失败"},
		{"payees", "210727", "year=2025&show=failed", "失败"}, {"payees", "210727", "year=2025&mark=低保户", "低保户"},
	} {
		t.Run(x.list, func(t *testing.T) {
			base := "/export/" + x.list + ".csv/" + x.at + "?as=raw"
			all, some := rows(base+"&year=2025"), rows(base+"&"+x.filter)
			if len(some) == 0 || len(some) >= len(all) {
				t.Fatalf("%d rows of %d", len(some), len(all))
			}
			for _, row := range some {
				if !strings.Contains(row, x.has) {
					t.Errorf("%q does not belong to %s", row, x.filter)
				}
			}
		})
	}
	if _, page := c.get("/shareholders/" + yuxin + "?q=唐芹林"); !strings.Contains(page, "shareholders.csv?q=%E5%94%90%E8%8A%B9%E6%9E%97") {
		t.Error("the page's own button forgets what is searched")
	}
	for path, want := range map[string]string{
		"/summary/210727?year=2025&show=items&sort=income.change": "compared.csv?period=2025&amp;show=items&amp;sort=income.change&amp;with=2024",
		"/why/210727?year=2025&figure=paid":                       "why.csv?figure=paid&amp;with=2024&amp;year=2025",
		"/payees/210727?show=held&mark=脱贫户":                       "payees.csv?mark=%E8%84%B1%E8%B4%AB%E6%88%B7&amp;show=held",
		"/shells/210727?year=2025&show=better":                    "villages.csv?show=better&amp;with=2024&amp;year=2025",
	} {
		if _, page := official.get(path); !strings.Contains(strings.ReplaceAll(page, "/210727000000", ""), want) {
			t.Errorf("%s: its own button forgets what is shown", path)
		}
	}
	if _, page := c.get("/distribution/" + coop + "D202501?show=failed"); !strings.Contains(page, "payouts.xlsx?show=failed") {
		t.Error("the plan's button forgets which payouts are shown")
	}
}
