package dividend

import (
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/store"
)

// people looks shareholders up once each: several rules about one plan ask about all of its holders.
type people func(id string) register.Shareholder

func peopleOf(r store.Reader) people {
	known := map[string]register.Shareholder{}
	return func(id string) register.Shareholder {
		s, ok := known[id]
		if !ok {
			s, _ = register.ShareholderTable.Get(r, id)
			known[id] = s
		}
		return s
	}
}
