package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Two accountants have one household open: what the second changes over something that the first has changed since is refused with what
// that
// was, and everything typed stays; sent again from the page as it is now it is taken. Nothing else that changes in the village is in the
// way.
func TestHouseholdsChangedByTwo(t *testing.T) {
	s := newSite(t)
	first, second := s.as("yuxin"), s.as("daiguan")
	const at = "/shareholder/210727102216H00001"
	version := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)
	seen := func(page string) string {
		m := version.FindStringSubmatch(page)
		if m == nil {
			t.Fatal("the page does not say which version it shows")
		}
		return m[1]
	}
	_, page := second.get(at)
	was := seen(page)
	if code, page := first.post(at+"/correct", url.Values{"phone": {"13800138001"}, "reason": {"换号"},
		"seen": {was}}); code != http.StatusSeeOther {
		t.Fatalf("%d %s", code, faultsIn(page))
	}
	// a form that comes back for another fault still says what was seen
	if code, page := second.post(at+"/correct", url.Values{"people": {"abc"}, "reason": {"x"},
		"seen": {was}}); code != 422 || !strings.Contains(page, was) {
		t.Errorf("%d, what was seen is forgotten", code)
	}
	for path, typed := range map[string]url.Values{
		"/correct": {"phone": {"13800138002"}, "reason": {"换号"}},
		"/card":    {"bank": {"农业银行"}, "account": {"6222020409000012346"}},
		"/members": {"members.0.name": {"测试甲"}, "members.0.relation": {"子"}, "reason": {"登记"}},
		"/death":   {"date": {"2026-01-05"}, "name": {""}},
	} {
		typed.Set("seen", was)
		code, page := second.post(at+path, typed)
		if code != http.StatusConflict || !strings.Contains(page, "的电话有人改过") || strings.Contains(page, "的姓名有人改过") {
			t.Errorf("%s: %d %s", path, code, faultsIn(page))
		}
		for name := range typed {
			if value := typed.Get(name); name != "seen" && value != "" && !strings.Contains(page, value) {
				t.Errorf("%s: what was typed as %s is gone", path, name)
			}
		}
		if path == "/correct" {
			typed.Set("seen", seen(page))
			if code, page := second.post(at+path, typed); code != http.StatusSeeOther {
				t.Errorf("%s seen: %d %s", path, code, faultsIn(page))
			}
			was = typed.Get("seen") // which the first change was in, the second is not
		}
	}
}
