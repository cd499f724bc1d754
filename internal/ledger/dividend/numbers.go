package dividend

import (
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Full returns a shareholder's numbers in the clear, masked where the leave does not cover the shareholder.
func Full(v *journal.View, s register.Shareholder, leave register.Revealed) register.Numbers {
	own := leave.Of == s.ID || leave.Of == string(s.Village())
	n := register.Open(v, s)
	switch {
	case own:
		return n
	case journal.DistributionID.Is(leave.Of) && isPaid(v, leave.Of, s.ID):
		return register.Numbers{ID: n.ID, Phone: ident.Mask(n.Phone), Card: n.Card} // what a payment needs
	}
	return register.Masked(v, s)
}
