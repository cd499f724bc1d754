package income

import "github.com/sanbian/ledger/internal/ledger/journal"

func init() {
	journal.Register(&BringForward{}, &SetAside{}, &RecordIncome{}, &ReverseIncome{})
}
