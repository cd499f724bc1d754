package plan

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Objection is what somebody has against a disclosed plan, and what was answered.
type Objection struct {
	_        struct{} `cbor:",toarray"`
	By       string
	Date     journal.Date
	Text     string
	Entry    uint64
	Answer   string // "" while it is open
	Answered uint64 // the entry that answered it
}

// OpenObjections counts the objections that nobody has answered.
func (d Distribution) OpenObjections() (n int) {
	for _, o := range d.Objections {
		if o.Answered == 0 {
			n++
		}
	}
	return n
}
