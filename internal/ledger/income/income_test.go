package income_test

import (
	"fmt"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
)

// Rent for several years at once is counted a year at a time; taken back in a later year it is taken back from there on.
func TestLumpSum(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "contracting", Date: "2022-05-01", Amount: booktest.Yuan("100"),
		Years: 3})
	operating := func(year int) (sum money.Yuan, parts int) {
		b.See("yixian", func(v *journal.View) {
			s, _ := income.StatementOf(v, booktest.Yuxin, year)
			spread, _ := income.Spread(v, booktest.Yuxin, year)
			sum, parts = s.Operating, len(spread)
			if report.LatestYear(v, "210727102216") > 2026 {
				t.Error("a year that has not come yet counts as recorded")
			}
		})
		return sum, parts
	}
	// 2024 under the item that took contracting's place
	for year, want := range map[int]string{2021: "0", 2022: "33.34", 2023: "33.33", 2024: "33.33", 2025: "0"} {
		if got, _ := operating(year); got != booktest.Yuan(want) {
			t.Errorf("%d counts %s, want %s", year, got, want)
		}
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2022})
	b.Record("kj-yuxin", &income.ReverseIncome{Income: booktest.Yuxin + "Y2022N00001", Date: "2023-06-01", Reason: "合同解除"})
	for year, want := range map[int]string{2022: "33.34", 2023: "-33.34", 2024: "0", 2025: "0"} {
		if got, _ := operating(year); got != booktest.Yuan(want) {
			t.Errorf("after the reversal %d counts %s, want %s", year, got, want)
		}
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-01-05", Amount: booktest.Yuan("7000"),
		Years: 70})
	if sum, parts := operating(2027); sum != booktest.Yuan("100") || parts != 1 {
		t.Errorf("next year counts %s of %d lump sums", sum, parts)
	}
	b.Refuses("kj-yuxin", journal.Invalid, "years", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-01-05",
		Amount: booktest.Yuan("1"), Years: 71})
	b.Refuses("kj-yuxin", journal.Invalid, "years", &income.RecordIncome{Book: booktest.Yuxin, Item: "management", Date: "2026-01-05",
		Amount: booktest.Yuan("1"), Years: 2})
	b.Verified()
}

// A closed year stays as it is: no earlier line, no lump sum, no opening and no fund changes it, and what was set aside is never less than
// the charter's part.
func TestClosedYearsStay(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "股份社", Kind: register.StockCooperative,
		Reserve: booktest.Rate("10")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("100")},
		&income.SetAside{Book: booktest.Yuxin, Year: 2025, Fund: income.ReserveFund, Amount: booktest.Yuan("11"), Resolution: "1"},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("9900")})
	reserve := func() (s income.Statement) {
		b.See("yixian", func(v *journal.View) { s, _ = income.StatementOf(v, booktest.Yuxin, 2025) })
		return s
	}
	if s := reserve(); s.Reserve != booktest.Yuan("1000") {
		t.Errorf("reserve %s of a gain of %s", s.Reserve, s.Gain)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "year", &dividend.QuantifyReserve{Entity: booktest.Yuxin + "E001", Year: 2025, Date: "2026-01-01",
		Resolution: "2"})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	before := reserve()
	for field, e := range map[string]journal.Entry{
		"date": &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2024-05-01", Amount: booktest.Yuan("3"), Years: 3},
		"year": &income.SetAside{Book: booktest.Yuxin, Year: 2025, Fund: income.ReserveFund, Amount: booktest.Yuan("2000"), Resolution: "1"},
	} {
		b.Refuses("kj-yuxin", journal.Conflict, field, e)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "year", &income.BringForward{Book: booktest.Yuxin, Year: 2024, Amount: booktest.Yuan("5")})
	b.Refuses("sh-qilihe", journal.Conflict, "year", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	if after := reserve(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("a closed year changed: %+v", after)
	}
	b.Verified()
}

func TestNothingBeforeTheOpening(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &income.BringForward{Book: booktest.Yuxin, Year: 2022, Amount: booktest.Yuan("-1000")})
	b.Refuses("kj-yuxin", journal.Conflict, "date", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2021-12-31",
		Amount: booktest.Yuan("1")})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2022-01-01", Amount: booktest.Yuan("1")})
}
