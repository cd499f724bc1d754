package register

import (
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

func init() {
	journal.KnownBy(seal.ResidentID, personKnown)
	journal.KnownBy(seal.BankCard, accountKnown)
}

// personKnown looks for a person's number: in the village, then in its county, on registers, rolls and among members, then on the
// registers and rolls of other counties.
func personKnown(c *journal.Checking, place region.Code, _ string, digests [][]byte) []byte {
	stands := func(in func(digest []byte) bool) []byte {
		for _, digest := range digests {
			if in(digest) {
				return digest
			}
		}
		return nil
	}
	inVillage := func(village string) func(digest []byte) bool {
		return func(digest []byte) bool {
			_, head := byNumber.Find(c, village, digest)
			_, member := byMember.Find(c, village, digest)
			return head || member
		}
	}
	inCounty := func(chain string) func(digest []byte) bool {
		return func(digest []byte) bool {
			return numbers.Any(c, chain+string(digest)) || len(memberOf(c, chain, digest)) > 0
		}
	}
	if digest := stands(inVillage(string(place))); digest != nil {
		return digest
	}
	if digest := stands(inCounty(place.Chain())); digest != nil {
		return digest
	}
	villages := journal.Once(c, "villages of "+place.Chain(), func() (list []string) {
		for code := range office.DivisionTable.Scan(c, place.Cut(region.County).Prefix()) {
			list = append(list, strings.Clone(code))
		}
		return list
	})
	for _, village := range villages {
		if digest := stands(inVillage(village)); digest != nil {
			return digest
		}
	}
	for _, chain := range counties(c) {
		if digest := stands(inCounty(chain)); digest != nil {
			return digest
		}
	}
	return nil
}

// accountKnown looks for an account: in the county, also among the village's that older programs gave no digest and queries take for the
// oldest key's, then in others.
func accountKnown(c *journal.Checking, place region.Code, number string, digests [][]byte) []byte {
	for _, chain := range append([]string{place.Chain()}, counties(c)...) {
		for _, digest := range digests {
			if byAccount.Any(c, accountKey(chain, digest, "")) {
				return digest
			}
		}
		if chain == place.Chain() && len(oldAccounts(c, place)[number]) > 0 {
			return digests[len(digests)-1]
		}
	}
	return nil
}
