package paper

import "github.com/sanbian/ledger/internal/ledger/journal"

func init() {
	journal.Register(&AttachPaper{})
}
