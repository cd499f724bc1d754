package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A year is closed after its list has been seen, by the reviewer; the county opens it again with a reason, and every later one by name.
func TestClosingAndReopening(t *testing.T) {
	s := newSite(t) // 2026-03-01
	reviewer, official, accountant := s.as("qilihe"), s.as("yixian"), s.as("yuxin")
	at := "/year/" + yuxin
	_, page := reviewer.get(at + "/close?year=2025")
	for _, want := range []string{"先看这些", "还没有付清", "可分配(元)", `name="seen"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the list has no %s", want)
		}
	}
	if _, page := accountant.get(at + "/close?year=2025"); !strings.Contains(page, "先看这些") || strings.Contains(page, `name="seen"`) {
		t.Error("the accountant's list")
	}
	if code, body := reviewer.post(at+"/close", url.Values{"year": {"2025"}}); code != http.StatusUnprocessableEntity ||
		!strings.Contains(body, "打上勾再结") {
		t.Errorf("closed without a look: %d", code)
	}
	if code, to := reviewer.post(at+"/close", url.Values{"year": {"2025"}, "seen": {"true"}}); code != http.StatusSeeOther {
		t.Fatalf("%d %.200s", code, to)
	}
	if _, page := accountant.get("/income/" + yuxin + "?year=2025"); strings.Contains(page, `data-reads="amount"`) ||
		!strings.Contains(page, "去记今年的账") {
		t.Error("a closed year has a form")
	}
	if code, _ := reviewer.post(at+"/close", url.Values{"year": {"2025"}, "seen": {"true"}}); code != http.StatusConflict {
		t.Errorf("closed twice: %d", code)
	}
	if _, page := official.get(at + "/close?year=2024"); !strings.Contains(page, `name="later"`) || !strings.Contains(page, `value="2025"`) {
		t.Errorf("the form that opens 2024")
	}
	for name, form := range map[string]url.Values{
		"no reason":           {"year": {"2024"}, "later": {"2025"}},
		"not each named":      {"year": {"2024"}, "reason": {"审计"}},
		"a year that is open": {"year": {"2026"}, "reason": {"审计"}},
	} {
		if code, _ := official.post(at+"/reopen", form); code != http.StatusUnprocessableEntity && code != http.StatusConflict {
			t.Errorf("%s: %d", name, code)
		}
	}
	whole := url.Values{"year": {"2024"}, "later": {"2025"}, "reason": {"审计要求补记"}}
	for name, c := range map[string]*client{"reviewer": reviewer, "accountant": accountant, "administrator": s.as("admin")} {
		if code, _ := c.post(at+"/reopen", whole); code != http.StatusForbidden {
			t.Errorf("opened by the %s: %d", name, code)
		}
	}
	if code, to := official.post(at+"/reopen", whole); code != http.StatusSeeOther {
		t.Fatalf("%d %.200s", code, to)
	}
	if code, _ := accountant.post("/income/"+yuxin, url.Values{"item": {"operating"}, "date": {"2025-12-31"},
		"amount": {"1"}}); code != http.StatusSeeOther {
		t.Errorf("an entry of the year that is open again: %d", code)
	}
}
