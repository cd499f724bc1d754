package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// explained tells of every payout of books how it came about.
func explained(t *testing.T, s *shell) string {
	t.Helper()
	key, err := seal.Load(s.data + ".key")
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(filepath.Join(s.data, "sanbian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l, err := journal.Open(db, key, func() time.Time { return time.Date(2026, 6, 1, 9, 0, 0, 0, journal.Beijing) })
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	who, err := l.Actor("xian")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := l.Read(who, func(v *journal.View) error {
		plans, err := dividend.Distributions(v, "210727102216", 0, nil)
		for _, d := range plans {
			out.WriteString(d.ID + " " + string(d.State) + " " + d.Due.String() + "\n")
			list, _, err := dividend.Payouts(v, d.ID, "", 1000, func(dividend.Payout) bool { return true })
			if err != nil {
				return err
			}
			for _, p := range list {
				out.WriteString("  " + p.Ref() + " " + string(p.State) + " " + p.Due.String() + "\n")
				why, err := dividend.Explain(v, d, p.Holder)
				if err != nil {
					return err
				}
				for _, w := range why {
					for _, line := range w.Lines {
						out.WriteString("    " + line.Error() + "\n")
					}
				}
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
