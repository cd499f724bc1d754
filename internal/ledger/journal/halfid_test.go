package journal_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Entries that name half an id are refused, whatever the prefix finds.
func TestHalfIDs(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	b.Record("kj-yuxin", &dividend.QuantifySubsidy{Entity: entity, Date: "2025-05-01", Amount: booktest.Yuan("9"), Source: "县财政"})
	var issue, quantified int
	b.See("kj-yuxin", func(v *journal.View) {
		events, _ := register.HoldingEvents(v, cash, holders[0])
		issue = int(events[0].Entry)
		lines, _ := dividend.AccountLines(v, entity, holders[0], "2025-12-31")
		quantified = int(lines[0].Entry)
	})
	b.Refuses("kj-yuxin", journal.NotFound, "holder", &register.ReverseMovement{Class: cash, Holder: booktest.Yuxin, Movement: issue,
		Reason: "错"})
	b.Refuses("kj-yuxin", journal.NotFound, "class", &register.ReverseMovement{Class: entity, Holder: "C01" + holders[0], Movement: issue,
		Reason: "错"})
	b.Refuses("kj-yuxin", journal.NotFound, "entity", &dividend.ReverseQuantified{Entity: entity + holders[0], Quantified: quantified,
		Reason: "错"})
	b.Record("kj-yuxin", &dividend.ReverseQuantified{Entity: entity, Quantified: quantified, Reason: "错"})
	b.Refuses("kj-yuxin", journal.Conflict, "quantified", &dividend.ReverseQuantified{Entity: entity, Quantified: quantified, Reason: "又"})
	b.Verified()
}
