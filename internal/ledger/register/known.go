package register

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

func init() {
	journal.KnownBy(seal.ResidentID, personKnown)
	journal.KnownBy(seal.BankCard, accountKnown)
}

// personKnown tells whether a person's number stands in the books under a digest: in a village's register, on any county's, or on a roll;
// of members of households those of the county.
func personKnown(c *journal.Checking, place region.Code, digest []byte) bool {
	if _, ok := byNumber.Find(c, string(place), digest); ok {
		return true
	}
	for _, chain := range counties(c) {
		if numbers.Any(c, chain+string(digest)) || len(memberOf(c, chain, digest)) > 0 {
			return true
		}
	}
	villages := journal.Once(c, "villages of "+place.Chain(), func() (list []string) {
		for code := range office.DivisionTable.Scan(c, place.Cut(region.County).Prefix()) {
			list = append(list, code)
		}
		return list
	})
	for _, village := range villages {
		if _, ok := byMember.Find(c, village, digest); ok {
			return true
		}
	}
	return false
}

// accountKnown tells whether an account stands in any county's register under a digest.
func accountKnown(c *journal.Checking, _ region.Code, digest []byte) bool {
	for _, chain := range counties(c) {
		if byAccount.Any(c, accountKey(chain, digest, "")) {
			return true
		}
	}
	return false
}
