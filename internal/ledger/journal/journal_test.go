package journal_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

// What is not text never reaches the journal, whichever way it comes.
func TestOnlyTextReachesTheJournal(t *testing.T) {
	b := booktest.New(t)
	h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	who := b.As("kj-yuxin")
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, Request: "x\xff"}); !booktest.CodeIs(err, journal.Invalid) {
		t.Errorf("a request key that is no text: %v", err)
	}
	if _, err := register.Reveal(b.Ledger, who, h, "\xff"); !booktest.CodeIs(err, journal.Invalid) {
		t.Errorf("a reason that is no text: %v", err)
	}
	for _, text := range []string{"a\x00b", "\xff", string(make([]rune, 300))} {
		if _, err := journal.Decode("RecordIncome", map[string]any{"note": text}); !booktest.CodeIs(err, journal.Invalid) {
			t.Errorf("the note %q: %v", text, err)
		}
	}
	b.Verified()
}

// Positions in the journal that somebody made up lead nowhere, and harm nothing.
func TestJournalPages(t *testing.T) {
	b := booktest.New(t)
	b.Cooperative("kj-yuxin", booktest.Yuxin, 20)
	for _, place := range []region.Code{"210727000000", "210727102000", booktest.Yuxin} {
		seen, after := 0, ""
		last := uint64(1 << 62)
		b.See("yixian", func(v *journal.View) {
			for {
				list, next, err := v.Journal(place, after, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, j := range list {
					if j.Seq >= last {
						t.Errorf("%s: record %d comes after %d", place, j.Seq, last)
					}
					last = j.Seq
					seen++
				}
				if after = next; next == "" {
					return
				}
			}
		})
		if seen < 60 {
			t.Errorf("%s: %d records", place, seen)
		}
		for _, bad := range []string{"x", "210727", "210727000000000000", "999999000000000001"} {
			if err := b.Read(b.As("yixian"), func(v *journal.View) error { _, _, err := v.Journal(place, bad, 7); return err }); err != nil &&
				!booktest.CodeIs(err, journal.NotFound) {
				t.Errorf("after %q: %v", bad, err)
			}
		}
	}
}

func TestPostingAfterClose(t *testing.T) {
	b := booktest.New(t)
	who := b.As("kj-yuxin")
	b.Ledger.Close()
	b.Ledger.Close()
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}}); !booktest.CodeIs(err, journal.Unavailable) {
		t.Errorf("%v", err)
	}
}
