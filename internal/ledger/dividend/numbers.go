package dividend

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Full returns a shareholder's numbers in the clear, masked where the leave does not cover the shareholder.
func Full(v *journal.View, s register.Shareholder, leave register.Revealed) register.Numbers {
	return register.Full(v, s, leave, func(distribution string) bool {
		books, err := v.At(journal.PlaceOf(distribution))
		return err == nil && isPaid(books, distribution, s.ID)
	})
}
