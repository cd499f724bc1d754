package dividend_test

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Histories that went wrong once: entries in order; a line that begins with "rev> " is the reviewer's.
//
//go:embed testdata/history/*.jsonl
var histories embed.FS

// play posts a history and returns what the last entry was refused with; every other one must be taken.
func play(t *testing.T, b *booktest.Books, name string) (last error) {
	t.Helper()
	content, err := histories.ReadFile(path.Join("testdata/history", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		if last != nil {
			t.Fatalf("line %d: %v", n-1, last)
		}
		text, reviewer := strings.CutPrefix(lines.Text(), "rev> ")
		if strings.TrimSpace(text) == "" {
			continue
		}
		var fields map[string]any
		from := json.NewDecoder(strings.NewReader(text))
		from.UseNumber()
		if err := from.Decode(&fields); err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		kind := fields["entry"].(string)
		delete(fields, "entry")
		e, err := journal.Decode(kind, fields)
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		account := "kj-yuxin"
		if reviewer {
			account = "sh-qilihe"
		}
		_, last = b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{e}})
	}
	return last
}

// What a submitted plan stands on is not changed under it: the last entry of each history is refused, naming the plan.
func TestNothingUnderAFrozenFigureMoves(t *testing.T) {
	for name, says := range map[string]string{
		"accounts": "210727102216E001D202501", "membership": "210727102216E001D202501", "first-after": "210727102216E001D202501",
		"first-void": "210727102216E001D202502", "guarantee-void": "210727102216E001D202502",
	} {
		t.Run(name, func(t *testing.T) {
			b := booktest.New(t)
			all := journal.All(play(t, b, name))
			if len(all) == 0 || all[0].Code != journal.Conflict || !booktest.HasText(all[0], says) {
				t.Errorf("refused with %v", all)
			}
			b.Verified()
		})
	}
}
