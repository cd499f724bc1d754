package dividend

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/store"
)

// ShareholderOf returns who takes part in a distribution: is paid by it, or has ever held shares of its classes. Whoever may see the
// distribution may see them, also those whose home is another village.
func ShareholderOf(v *journal.View, d plan.Distribution, holder string) (register.Shareholder, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return register.Shareholder{}, err
	}
	takesPart := journal.PlaceOf(holder) == d.Village() || isPaid(books, d.ID, holder)
	for _, c := range d.Components {
		for range register.MovementTable.Scan(books, c.Class+holder) {
			takesPart = true
			break
		}
	}
	return register.SeenFrom(v, d.Village(), holder, takesPart)
}

// isPaid tells whether a distribution pays a holder, be it as an heir.
func isPaid(r store.Reader, distribution, holder string) bool {
	for range payouts.Scan(r, distribution+holder) {
		return true
	}
	return false
}
