package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
)

// The log has who came in, who was not let in, what was refused, what was exported and whose numbers were looked at; the auditor reads it,
// and nobody's number stands in it.
func TestLogOfTheSite(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	if code, _ := admin.post("/accounts", url.Values{"name": {"jiandu2"}, "role": {"supervisor"}, "region": {"七里河镇"},
		"password": {demo.Password}}); code != http.StatusUnprocessableEntity {
		t.Errorf("a supervisor of a township: %d", code)
	}
	yuxinSite := s.as("yuxin")
	s.nobody().post("/login", url.Values{"account": {"yuxin"}, "password": {"210799196001010011"}})
	s.nobody().post("/login", url.Values{"account": {"my-password-typed-here"}, "password": {"x"}})
	yuxinSite.get("/summary/210727002")
	yuxinSite.get("/export/shareholders.csv/" + yuxin)
	yuxinSite.post("/shareholder/"+yuxin+"H00001/reveal", url.Values{"reason": {"核对 210799196001010011"}})
	yuxinSite.post("/logout", nil)
	auditor := s.as("shenji")
	_, page := auditor.get("/log")
	for _, want := range []string{"登录", "没登进来", "退出登录", "被拒绝", "导出", "看完整号码", "yuxin", "陌生人", "/summary/:place", "127.0.0.1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the log has no %q", want)
		}
	}
	for _, never := range []string{"210799196001010011", "my-password-typed-here"} {
		if strings.Contains(page, never) {
			t.Errorf("%s stands in the log", never)
		}
	}
	if _, file := auditor.get("/log.csv?account=yuxin"); !strings.Contains(file, "看完整号码") || strings.Contains(file, "陌生人") {
		t.Errorf("the file has\n%s", file)
	}
	if code, _ := auditor.get("/log?from=gestern"); code != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none: %d", code)
	}
	for _, who := range []string{"admin", "yixian", "qilihe", "yuxin"} {
		for _, path := range []string{"/log", "/log.csv", "/log.xlsx"} {
			if code, _ := s.as(who).get(path); code != http.StatusForbidden {
				t.Errorf("%s reads %s: %d", who, path, code)
			}
		}
	}
}

// Auditors and supervisors read what is in their region, with masked numbers, and write nothing: no form, no whole number.
func TestReadersWriteNothing(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	for name, place := range map[string]string{"auditor": "210727", "supervisor": yuxin} {
		if code, _ := admin.post("/accounts", url.Values{"name": {"new-" + name}, "role": {name}, "region": {place},
			"password": {demo.Password}}); code != http.StatusSeeOther {
			t.Fatal(name, code)
		}
		c := s.asNew("new-" + name)
		for _, path := range []string{"/summary/" + yuxin, "/income/" + yuxin, "/shareholders/" + yuxin, "/shareholder/" + yuxin + "H00001",
			"/distributions/" + yuxin, "/distribution/" + thePlan, "/entities/" + yuxin, "/contracts/" + yuxin, "/resolutions/" + yuxin,
			"/papers/" + coop, "/journal/" + yuxin, "/transformation/" + yuxin, "/statement/" + yuxin} {
			if code, page := c.get(path); code != http.StatusOK {
				t.Errorf("%s at %s: %d %.200s", name, path, code, page)
			}
		}
		for _, path := range []string{"/summary/210726", "/income/210702002001", "/accounts", "/outlines"} {
			if code, _ := c.get(path); code != http.StatusForbidden {
				t.Errorf("%s at %s: %d", name, path, code)
			}
		}
		for path, form := range map[string]url.Values{
			"/income/" + yuxin:                             {"item": {"operating"}, "date": {"2026-02-01"}, "amount": {"1"}},
			"/shareholder/" + yuxin + "H00001/reveal":      {"reason": {"x"}},
			"/shareholders/" + yuxin + "/shareholders.csv": {},
			"/distribution/" + thePlan + "/approve":        {},
			"/year/" + yuxin + "/close":                    {"year": {"2025"}},
			"/settings/210727":                             {"setting": {"map_tiles"}, "value": {"甲"}},
			"/distribution/" + thePlan + "/payouts.csv":    {},
			"/policy/210727":                               {"from_year": {"2025"}},
			"/accounts": {"name": {"x2"}, "role": {"official"}, "region": {"210727"},
				"password": {"correct horse"}},
			"/warnings/" + yuxin:                   {"warning": {"silent"}, "of": {yuxin}, "until": {"2026-06-30"}, "reason": {"x"}},
			"/resolutions/" + yuxin:                {"of": {coop}, "body": {"assembly"}, "date": {"2026-02-01"}, "subjects": {"fund"}},
			"/contract/" + yuxin + "K0002/receive": {"date": {"2026-02-01"}, "amount": {"1"}},
		} {
			if code, page := c.post(path, form); code != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d %.200s", name, path, code, page)
			}
		}
	}
}
