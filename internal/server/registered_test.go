package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Where the county wants it, the township looks at what changes a village's register: it waits on the reviewer's page, no plan is approved
// meanwhile, what is asked is answered, and what came after the page was made waits for the next look.
func TestRegisterReview(t *testing.T) {
	s := newSite(t)
	accountant, reviewer, county := s.as("daiguan"), s.as("qilihe"), s.as("yixian")
	const village = "210727102213"
	const at, holder = "/registered/" + village, "/shareholder/" + village + "H00001"
	must := func(c *client, path string, form url.Values, want int) string {
		t.Helper()
		code, page := c.post(path, form)
		if code != want {
			t.Fatalf("%s: %d, want %d: %s", path, code, want, faultsIn(page))
		}
		return page
	}
	correct := func(phone string) {
		t.Helper()
		must(accountant, holder+"/correct", url.Values{"phone": {phone}, "reason": {"换号"}}, http.StatusSeeOther)
	}
	shows := func(c *client, path, text string, want bool) string {
		t.Helper()
		_, page := c.get(path)
		if strings.Contains(page, text) != want {
			t.Errorf("%s shows %q: %v, want %v", path, text, !want, want)
		}
		return page
	}
	correct("13800138001")
	shows(reviewer, at, "县里没有要求复核登记", true)
	shows(reviewer, "/", "登记待复核", false)
	must(county, "/settings/210727000000", url.Values{"setting": {"register_review"}, "value": {"on"}, "from_day": {"2026-03-01"},
		"reason": {"县里的规定"}}, http.StatusSeeOther)
	shows(reviewer, "/", "登记待复核", true) // the correction is of that day, too
	page := shows(reviewer, at, "更正股东资料", true)
	through := regexp.MustCompile(`name="through" value="(\d+)"`).FindStringSubmatch(page)[1]
	if strings.Contains(page, "13800138001") {
		t.Error("the page shows a number")
	}
	shows(accountant, at, `name="through"`, false)
	must(accountant, at+"/review", url.Values{"through": {through}}, http.StatusForbidden)
	must(county, at+"/review", url.Values{"through": {through}}, http.StatusForbidden)

	correct("13800138002") // after the page was made
	must(reviewer, at+"/review", url.Values{"through": {through}, "question": {"电话 13800138001 是谁的"}}, http.StatusUnprocessableEntity)
	must(reviewer, at+"/review", url.Values{"through": {"1"}}, http.StatusUnprocessableEntity)
	must(reviewer, at+"/review", url.Values{"through": {through}, "question": {"为什么换号"}}, http.StatusSeeOther)
	shows(reviewer, "/", "登记待复核", false) // it waits for the village
	shows(accountant, "/today/"+village, "镇里有疑问", true)
	must(accountant, at+"/answer", url.Values{"answer": {""}}, http.StatusUnprocessableEntity)
	must(accountant, at+"/answer", url.Values{"answer": {"本人换了手机"}}, http.StatusSeeOther)
	must(accountant, at+"/answer", url.Values{"answer": {"再答一次"}}, http.StatusConflict)
	shows(accountant, "/today/"+village, "镇里有疑问", false)
	shows(reviewer, at, "本人换了手机", true)
	must(reviewer, at+"/review", url.Values{"through": {through}}, http.StatusSeeOther)
	page = shows(reviewer, at, "更正股东资料", true) // the one that came after
	last := regexp.MustCompile(`name="through" value="(\d+)"`).FindStringSubmatch(page)[1]
	if last == through {
		t.Error("the same record waits again")
	}

	const plan = "/distribution/" + village + "E001D202501"
	shows(reviewer, plan, "没有复核的登记 1 笔", true)
	page = must(reviewer, plan+"/approve", url.Values{}, http.StatusConflict)
	if !strings.Contains(page, "没有复核") {
		t.Errorf("refused with %s", faultsIn(page))
	}
	must(reviewer, at+"/review", url.Values{"through": {last}}, http.StatusSeeOther)
	shows(reviewer, at, "都复核过了", true)
	must(reviewer, plan+"/approve", url.Values{}, http.StatusSeeOther)
}
