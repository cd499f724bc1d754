package income_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// A line just like one that stands is asked about, also within one posting; what was taken back, or differs in any of the four, is not.
func TestSameLines(t *testing.T) {
	line := func(date, amount, party, voucher string) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(date), Amount: booktest.Yuan(amount),
			Party:   party,
			Voucher: voucher}
	}
	b := booktest.New(t)
	first := b.Record("kj-yuxin", line("2025-05-01", "100", "李四", "记-1"))[0]
	asked := func(entries ...journal.Entry) int {
		t.Helper()
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: entries, DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, d := range r.Doubts {
			if strings.Contains(d.Text, "都一样的") {
				n++
			}
		}
		return n
	}
	if n := asked(line("2025-05-01", "100", " 李 四", "记－1")); n != 1 {
		t.Errorf("the same in another spelling: %d", n)
	}
	if n := asked(line("2025-05-02", "100", "李四", "记-1"), line("2025-05-01", "100.01", "李四", "记-1"), line("2025-05-01", "100", "王五", "记-1"),
		line("2025-05-01", "100", "李四", "记-2")); n != 0 {
		t.Errorf("others: %d", n)
	}
	if n := asked(line("2025-06-01", "7", "赵六", ""), line("2025-06-01", "7", "赵六", "")); n != 1 {
		t.Errorf("twice in one posting: %d", n)
	}
	b.Record("kj-yuxin", &income.ReverseIncome{Income: first, Date: "2025-05-03", Reason: "x"})
	if n := asked(line("2025-05-01", "100", "李四", "记-1")); n != 0 {
		t.Errorf("what was taken back: %d", n)
	}
}
