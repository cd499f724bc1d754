package report

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/sums"
)

// ContributionSum adds up what Contributions lists, without those taken back.
func ContributionSum(v *journal.View, place string, of sums.Period, kind register.ContributionKind) (sum Transformed, err error) {
	sum.Kind = kind
	books, err := v.At(journal.PlaceOf(place))
	if err != nil {
		return sum, err
	}
	prefix, fits := register.Contributed(place, of, kind)
	for _, b := range register.ContributionTable.Scan(books, prefix) {
		if fits(b) && b.Reversed == 0 {
			sum.Count, sum.Area, sum.Value = sum.Count+1, sum.Area+b.Area, sum.Value+b.Value
		}
	}
	return sum, nil
}
