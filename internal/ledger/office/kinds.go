package office

import "github.com/sanbian/ledger/internal/ledger/journal"

func init() {
	journal.Register(&AddAccount{}, &SetPassword{}, &CloseAccount{}, &NameDivision{}, &CloseYear{})
}
