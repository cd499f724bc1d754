package office_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

// A closed year is opened again by the county alone, with a reason, and every later one with it, by name; those before stay closed.
func TestReopening(t *testing.T) {
	b := booktest.New(t)
	line := func(date string) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(date), Amount: 100}
	}
	reopen := func(year int, reason string, later ...int) *office.ReopenYear {
		return &office.ReopenYear{Village: booktest.Yuxin, Year: year, Later: later, Reason: reason}
	}
	b.Refuses("yixian", journal.Conflict, "year", reopen(2024, "x"))
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2023})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	b.Refuses("kj-yuxin", journal.Conflict, "date", line("2022-05-01"))
	b.Refuses("yixian", journal.Conflict, "later", reopen(2022, "x", 2023, 2024))
	b.Refuses("yixian", journal.Conflict, "later", reopen(2022, "x"))
	b.Refuses("yixian", journal.Invalid, "year", reopen(-2_000_000_000, "x"))
	b.Refuses("yixian", journal.Invalid, "reason", reopen(2022, " ", 2023, 2024, 2025))
	b.Refuses("sh-qilihe", journal.Forbidden, "", reopen(2022, "x", 2023, 2024, 2025))
	b.Refuses("kj-yuxin", journal.Forbidden, "", reopen(2025, "x"))
	b.Record("yixian", reopen(2025, "审计要求补记"))
	b.Record("kj-yuxin", line("2025-05-01"))
	b.Refuses("kj-yuxin", journal.Conflict, "date", line("2024-05-01")) // closed with 2025, and not opened
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	b.Record("yixian", reopen(2022, "审计要求补记", 2023, 2024, 2025))
	b.Record("kj-yuxin", line("2022-05-01"), line("2025-05-02"))
	b.Refuses("kj-yuxin", journal.Conflict, "date", line("2021-05-01"))
	b.Refuses("yixian", journal.Conflict, "year", reopen(2022, "x"))
	b.Verified()
}
