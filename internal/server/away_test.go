package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

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
	accountant := s.as("yuxin")
	if code, _ := accountant.post(line, form("away-1")); code != http.StatusSeeOther {
		t.Fatalf("before: %d", code)
	}
	if _, err := s.books.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.HandOverCounty{County: "210727000000",
		To: "锦州市"}}}); err != nil {
		t.Fatal(err)
	}
	if code, page := accountant.post(line, form("away-2")); code != http.StatusConflict || !strings.Contains(page, "已经移交到别处") {
		t.Errorf("posting afterwards: %d", code)
	}
	if code, page := accountant.get(line); code != http.StatusOK || !strings.Contains(page, "away-1") || !strings.Contains(page, "这里只能查阅") {
		t.Errorf("reading afterwards: %d", code)
	}
	if code, page := s.as("jinzhou").get(far); code != http.StatusOK || strings.Contains(page, "这里只能查阅") {
		t.Errorf("another county: %d", code)
	}
}
