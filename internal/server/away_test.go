package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

// In a county whose books were handed over everything is read as before, pages say so, and nothing is posted; other counties go on.
func TestHandedOverCounty(t *testing.T) {
	s := newSite(t)
	const line, far = "/income/210727102216", "/summary/210726"
	form := func(voucher string) url.Values {
		return url.Values{"item": {"operating"}, "date": {"2025-12-20"}, "amount": {"12"}, "party": {"甲"}, "voucher": {voucher},
			"request": {voucher}}
	}
	accountant, reader := s.as("yuxin"), s.as("jinzhou")
	if code, _ := accountant.post(line, form("away-1")); code != http.StatusSeeOther {
		t.Fatalf("before: %d", code)
	}
	if _, err := s.books.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.HandOverCounty{County: "210727000000",
		To: "锦州市"}}}); err != nil {
		t.Fatal(err)
	}
	if code, to := accountant.post(line, form("away-2")); code != http.StatusForbidden || !strings.Contains(to, "随全县的账移交给锦州市了") {
		t.Errorf("posting afterwards: %d %s", code, to)
	}
	if code, page := s.nobody().post("/login", url.Values{"account": {"yuxin"},
		"password": {demo.Password}}); code != http.StatusUnauthorized ||
		!strings.Contains(page, "随全县的账移交到别处了") {
		t.Errorf("signing in afterwards: %d", code)
	}
	if _, page := s.nobody().post("/login", url.Values{"account": {"yuxin"}, "password": {"not the password"}}); strings.Contains(page, "移交") {
		t.Error("whoever does not know the password is told")
	}
	if code, page := reader.get(line + "?year=2025"); code != http.StatusOK || !strings.Contains(page, "away-1") || !strings.Contains(page,
		"这里只能查阅") {
		t.Errorf("reading afterwards: %d %v %v", code, strings.Contains(page, "away-1"), strings.Contains(page, "这里只能查阅"))
	}
	if code, page := s.as("jinzhou").get(far); code != http.StatusOK || strings.Contains(page, "这里只能查阅") {
		t.Errorf("another county: %d", code)
	}
}
