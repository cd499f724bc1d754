package report_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
)

// Every field of every entry has a name of its own for whoever reads the journal, and a value that a person can read.
func TestEntriesReadOut(t *testing.T) {
	b := booktest.New(t)
	for _, s := range booktest.Samples() {
		b.Record(s.Account, s.Entry)
	}
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	if err := b.Read(journal.Console, func(v *journal.View) error {
		read := map[string]bool{}
		list, _, err := v.Journal("210700000000", "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		var walk func(kind string, list []report.Particular)
		walk = func(kind string, list []report.Particular) {
			for _, p := range list {
				if p.Name != "" && !han(string(p.Name)) || p.Word != "" && !han(string(p.Word)) {
					t.Errorf("%s reads out as %s %q", kind, p.Name, p.Word)
				}
				for _, r := range p.Rows {
					walk(kind, r)
				}
			}
		}
		for _, j := range list {
			read[j.Kind] = true
			said := report.Particulars(v, j.Entry)
			if len(said) == 0 {
				t.Errorf("%s says nothing", j.Kind)
			}
			walk(j.Kind, said)
			if j.Kind == "IssueShares" && (said[0].Value != "人口股" || said[0].ID == "") {
				t.Errorf("the class reads out as %+v", said[0])
			}
		}
		for _, s := range booktest.Samples() {
			if k := journal.KindOf(s.Entry); !read[k] {
				t.Errorf("no %s in the journal", k)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
