package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var seenField = regexp.MustCompile(`name="seen" value="([0-9]+)"`)

// A reviewer decides by the evidence, about the plan as it was seen: what was changed meanwhile is shown beside it and is decided anew.
func TestReviewWithTheEvidence(t *testing.T) {
	s := newSite(t)
	const waiting = "210727102213E001D202501"
	reviewer, accountant := s.as("qilihe"), s.as("daiguan")
	_, page := reviewer.get("/distribution/" + waiting)
	for _, want := range []string{"逐条核对", "✓ 合规", "农村集体经济组织法第四十二条", "! 请看", "决议只有编号", "放在一起看", "得的最多的", "中间一户"} {
		if !strings.Contains(page, want) {
			t.Errorf("the evidence has no %s", want)
		}
	}
	seen := seenField.FindStringSubmatch(page)
	if seen == nil {
		t.Fatal("the page does not say what was seen")
	}
	other := s.as("qilihe") // the same reviewer in another window
	if code, body := other.post("/distribution/"+waiting+"/return", url.Values{"reason": {"人口股偏高"},
		"seen": seen[1:]}); code != http.StatusSeeOther {
		t.Fatalf("returning: %d %s", code, faultsIn(body))
	}
	if code, body := accountant.post("/distribution/"+waiting+"/revise", url.Values{"year": {"2025"}, "record_date": {"2025-11-30"},
		"resolution": {"2025-03"}, "class.0": {"210727102213E001C02"}, "rule.0": {"pool"}, "sum.0": {"111540.49"},
		"class.1": {"210727102213E001C01"}, "rule.1": {"rate"}, "sum.1": {"280"}}); code != http.StatusSeeOther {
		t.Fatalf("revising: %d %s", code, faultsIn(body))
	}
	if code, body := submit(accountant, waiting); code != http.StatusSeeOther {
		t.Fatalf("submitting again: %d %s", code, faultsIn(body))
	}
	code, body := reviewer.post("/distribution/"+waiting+"/approve", url.Values{"seen": seen[1:]})
	if code != http.StatusConflict || !strings.Contains(body, "您打开以后方案改过") || !strings.Contains(body, "293.00") ||
		!strings.Contains(body, "280.00") || !strings.Contains(body, "户的金额不同") {
		t.Errorf("approving what was not seen: %d %s", code, faultsIn(body))
	}
	_, page = reviewer.get("/distribution/" + waiting)
	if !strings.Contains(page, "与退回的那一版比") || !strings.Contains(page, "人口股偏高") || strings.Contains(page, "您打开以后方案改过") {
		t.Error("the version that was returned is not beside the new one")
	}
	if code, body := reviewer.post("/distribution/"+waiting+"/approve", url.Values{"seen": seenField.FindStringSubmatch(page)[1:]}); code !=
		http.StatusSeeOther {
		t.Errorf("approving what was seen: %d %s", code, faultsIn(body))
	}
}

// submit submits a plan, answering whatever is asked.
func submit(c *client, id string) (code int, body string) {
	_, page := c.get("/distribution/" + id)
	form := url.Values{"resolution": {"2025-03"}, "seen": seenField.FindStringSubmatch(page)[1:]}
	for range 3 {
		if code, body = c.post("/distribution/"+id+"/submit", form); code != http.StatusConflict {
			break
		}
		for _, doubt := range regexp.MustCompile(`name="heard" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			form.Add("heard", strings.NewReplacer("&#34;", `"`, "&amp;", "&", "&#39;", "'", "&#43;", "+").Replace(doubt[1]))
		}
	}
	return code, body
}

// Who pays all that is due pays what was seen to be due, not what has become due since.
func TestPayingWhatWasSeen(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, page := c.get("/distribution/" + thePlan)
	due := regexp.MustCompile(`name="seen_due" value="([0-9.]+)"`).FindStringSubmatch(page)
	if due == nil {
		t.Fatal("the page does not say what is due")
	}
	if code, body := c.post("/distribution/"+thePlan+"/hold", url.Values{"holders": {yuxin + "H00100"}, "date": {"2026-03-01"},
		"reason": {"试"}}); code != http.StatusSeeOther {
		t.Fatalf("holding back: %d %s", code, faultsIn(body))
	}
	code, body := c.post("/distribution/"+thePlan+"/confirm", url.Values{"all": {"true"}, "date": {"2026-03-01"}, "seen_due": due[1:]})
	if code != http.StatusConflict || !strings.Contains(body, "您打开时待付") {
		t.Errorf("paying after one was held back: %d %s", code, faultsIn(body))
	}
}
