package office_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
)

func TestAdministratorsReadNoBooks(t *testing.T) {
	b := booktest.New(t)
	b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	for name, query := range map[string]func(*journal.View) error{
		"report": func(v *journal.View) error { _, err := report.ReportOf(v, "210727000000", 2025); return err },
		"shareholders": func(v *journal.View) error {
			_, _, err := register.FindShareholders(v, booktest.Yuxin, "", "", 9)
			return err
		},
		"journal": func(v *journal.View) error { _, _, err := v.Journal(booktest.Yuxin, "", 9); return err },
	} {
		if err := b.Read(b.As("admin"), query); !booktest.CodeIs(err, journal.Forbidden) {
			t.Errorf("%s by an administrator: %v", name, err)
		}
	}
	if err := b.Read(b.As("admin"), func(v *journal.View) error { _, err := v.Accounts("210700000000"); return err }); err != nil {
		t.Errorf("accounts by an administrator: %v", err)
	}
}
