package income_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
)

// Figures too large to count are refused before they can do harm.
func TestAmountsBeyondCounting(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[0], Quantity: booktest.Units("999999999"),
		Date: "2025-01-01"})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("99999999")}}})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "components.0.rate", &dividend.SubmitDistribution{Distribution: id})
	for _, year := range []int{-5, 0, 1900, 2028, 99_999_999} {
		if err := b.Read(b.As("yixian"), func(v *journal.View) error {
			_,
				err := income.StatementOf(v, booktest.Yuxin, year)
			return err
		}); !booktest.CodeIs(err, journal.Invalid) {
			t.Errorf("the statement of %d: %v", year, err)
		}
		if err := b.Read(b.As("yixian"), func(v *journal.View) error {
			_,
				err := report.ReportOf(v, "210727000000", year)
			return err
		}); !booktest.CodeIs(err, journal.Invalid) {
			t.Errorf("the report of %d: %v", year, err)
		}
	}
}

// A cooperative registered late does not change statements of years that are closed or distributed.
func TestReserveOfALateRegistration(t *testing.T) {
	b := booktest.New(t)
	for _, year := range []string{"2023", "2024", "2025"} {
		b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(year + "-06-01"),
			Amount: booktest.Yuan("100")})
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2023})
	b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.StockCooperative, Founded: "2019-01-01",
		Reserve: booktest.Rate("10")})
	b.See("yixian", func(v *journal.View) {
		for year, want := range map[int]string{2023: "0", 2024: "10", 2025: "10"} {
			if s, _ := income.StatementOf(v, booktest.Yuxin, year); s.Reserve != booktest.Yuan(want) {
				t.Errorf("%d: a reserve of %s, want %s", year, s.Reserve, want)
			}
		}
	})
}

// A charter's percentage changes from a year on; finished years and submitted distributions keep what they were worked out by.
func TestReserveChangesFromAYearOn(t *testing.T) {
	b := booktest.New(t)
	coop := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.StockCooperative,
		Founded: "2019-01-01",
		Reserve: booktest.Rate("10")})[0]
	for _, year := range []string{"2023", "2024", "2025"} {
		b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(year + "-06-01"),
			Amount: booktest.Yuan("100")})
	}
	reserves := func(want ...string) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			for i, year := range []int{2023, 2024, 2025} {
				if s, _ := income.StatementOf(v, booktest.Yuxin, year); s.Reserve != booktest.Yuan(want[i]) {
					t.Errorf("%d: a reserve of %s, want %s", year, s.Reserve, want[i])
				}
			}
		})
	}
	b.Record("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("20"), From: 2025, Resolution: "2025-1"})
	reserves("10", "10", "20")
	// what was to begin later is superseded
	b.Record("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: 0, From: 2024, Resolution: "2025-2"})
	reserves("10", "0", "0")
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Refuses("kj-yuxin", journal.Conflict, "from_year", &register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2024,
		Resolution: "2025-3"})

	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.PopulationShare, Unit: register.ShareUnit})[0]
	h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units("1"), Date: "2020-01-01"})
	drafted := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("10")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: drafted})
	b.Refuses("kj-yuxin", journal.Conflict, "from_year", &register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2025,
		Resolution: "2025-4"})
	b.Record("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2026, Resolution: "2025-5"})
	reserves("10", "0", "0")
	b.Verified()
}
