package journal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/store"
)

// Verify finds a history that somebody with the file has chained anew: an entry by an account that was not for its place or is no
// account, that was closed by then, a time that falls; and what is in the file and belongs to nothing.
func TestVerifyKnowsWhoCouldPost(t *testing.T) {
	b := booktest.New(t)
	line := func(day string) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(day), Amount: 100}
	}
	b.Record("kj-yuxin", line("2026-02-01"))
	b.Record("admin", &office.SetAccount{Account: "kj-kaizhou", Home: booktest.Kaizhou, Person: "测试",
		More: []journal.Duty{{Role: journal.Accountant, Region: booktest.Elsewhere}}})
	b.Time = b.Time.Add(time.Hour)
	b.Record("kj-kaizhou", &income.RecordIncome{Book: booktest.Kaizhou, Item: "operating", Date: "2026-02-02", Amount: 100})
	b.Record("admin", &office.CloseAccount{Account: "kj-kaizhou", Home: booktest.Kaizhou})
	b.Time = b.Time.Add(time.Hour)
	b.Record("kj-yuxin", line("2026-02-03"))
	b.Verified()
	nothing := func(*journal.Record, journal.Entry) {}
	last := func(change func(rec *journal.Record)) func(*journal.Record, journal.Entry) {
		return func(rec *journal.Record, e journal.Entry) {
			if x, ok := e.(*income.RecordIncome); ok && x.Date == "2026-02-03" {
				change(rec)
			}
		}
	}
	put := func(bucket, key string) func(f *booktest.Books) {
		return func(f *booktest.Books) {
			if err := f.Store().Update(func(tx *store.Tx) error { tx.Put(bucket, key, []byte("x")); return nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*journal.Record, journal.Entry)
		after  func(f *booktest.Books)
		says   string
	}{
		"nothing":              {change: nothing},
		"another's village":    {change: last(func(rec *journal.Record) { rec.By = "sh-chengguan" }), says: "posted by sh-chengguan"},
		"no account":           {change: last(func(rec *journal.Record) { rec.By = "nobody" }), says: "posted by nobody"},
		"closed by then":       {change: last(func(rec *journal.Record) { rec.By = "kj-kaizhou" }), says: "posted by kj-kaizhou"},
		"another of its roles": {change: last(func(rec *journal.Record) { rec.Role = journal.Reviewer }), says: "may not post"},
		"an earlier time":      {change: last(func(rec *journal.Record) { rec.At -= 3 * 3600_000 }), says: "from before"},
		"a strange table":      {change: nothing, after: put("strange", "a"), says: "no table of this program"},
		"a strange note":       {change: nothing, after: put("meta", "strange"), says: "nothing that this program notes"},
	} {
		f := b.Forged(c.change)
		if c.after != nil {
			c.after(f)
		}
		_, err := f.VerifyWith(nil)
		var found *journal.Finding
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (!errors.As(err, &found) || !strings.Contains(found.Error(), c.says)):
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
