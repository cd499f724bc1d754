package office_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
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

// A place is meant by its code or its name; where several have the name, by those above it, too.
func TestPlaceNamed(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.NameDivision{Code: "210727002300", Name: "育新村民委员会"}) // another of the name, in 城关街道
	if err := b.Read(journal.Console, func(v *journal.View) error {
		for text, want := range map[string]region.Code{"210727": "210727000000", "210727102216": booktest.Yuxin, "义县": "210727000000",
			"七里河镇": "210727102000", "开州村": booktest.Kaizhou, "开州村民委员会": booktest.Kaizhou, "七里河镇 育新村": booktest.Yuxin,
			" 义县  七里河镇 育新村 ": booktest.Yuxin, "城关街道 育新村": "210727002300", "育新村": "", "火星村": "", "": "", "黑山县 育新村": ""} {
			got, err := office.PlaceNamed(v, "210700000000", "region", text)
			if got != want || (err != nil) != (want == "") {
				t.Errorf("%q is %s, %v; want %s", text, got, err, want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
