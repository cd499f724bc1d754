package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/metrics"
)

// What is posted, refused, tried and shown is counted, and nothing of what it says.
func TestMetrics(t *testing.T) {
	b := booktest.New(t)
	at, _ := backup.OpenPlace(t.TempDir())
	keeper, err := backup.NewKeeper(backup.Books{Store: b.Store(), Now: b.Clock}, backup.Plan{At: at}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := metrics.New(b.Ledger, b.Store(), keeper, b.Clock)
	line := func(item string) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: item, Date: "2026-02-01", Amount: booktest.Yuan("12.34"), Party: "秘密"}
	}
	b.Record("kj-yuxin", line("operating"), line("operating"))
	b.Refuses("kj-yuxin", journal.Invalid, "item", line("gold"))
	b.Refuses("kj-kaizhou", journal.Forbidden, "", line("operating"))
	if _, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{line("operating")}, DryRun: true}); err != nil {
		t.Fatal(err)
	}
	m.Page("/income/:book", 200, 3*time.Millisecond)
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	text := answer.Body.String()
	for _, want := range []string{`sanbian_posts_total{result="taken"} 1`, `sanbian_posts_total{result="invalid"} 1`,
		`sanbian_posts_total{result="forbidden"} 1`, "sanbian_entries_total 2\n", "sanbian_queue_length 0", "sanbian_stuck 0",
		`sanbian_page_seconds_count{route="/income/:book",status="200"} 1`, `sanbian_journal_end{chain="210727"} `,
		"sanbian_backup_age_seconds -1",
		"sanbian_post_wait_seconds_count 3", "sanbian_commit_seconds_count ", "go_memstats_alloc_bytes "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, "秘密") || strings.Contains(text, "store_bytes 0\n") {
		t.Error("it tells too much, or too little")
	}
}
