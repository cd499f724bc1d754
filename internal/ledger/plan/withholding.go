package plan

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// Withholding is the tax that a plan withholds of what it pays (个人所得税法 art. 2, 3, 6, 9: interest and dividends, a part of each payment,
// nothing deducted before). Many places collect none: a plan without it withholds nothing.
type Withholding struct {
	Rate    money.Rate `cbor:"1,keyasint"` // per cent
	Of      TaxOf      `cbor:"2,keyasint,omitempty"`
	Holders []string   `cbor:"3,keyasint,omitempty"` // of Named ones
	// ByPerson divides what a household gets equally among its people, because the shares are quantified to persons: each is taxed alone.
	// Otherwise the householder is the payee.
	ByPerson bool `cbor:"4,keyasint,omitempty"`
}

// TaxOf is of whom tax is withheld: of persons always; organisations pay theirs themselves.
type TaxOf string

// The groups.
const (
	OfPersons TaxOf = ""          // all persons and households
	OfOutside TaxOf = "nonmember" // those who are no members of a collective
	OfNamed   TaxOf = "named"     // those who are named
)

// TaxGroups lists the groups.
func TaxGroups() []TaxOf { return []TaxOf{OfPersons, OfOutside, OfNamed} }

// Label names the group in Chinese.
func (t TaxOf) Label() journal.Label {
	switch t {
	case OfOutside:
		return "只有非成员的个人"
	case OfNamed:
		return "只有列出的股东"
	}
	return "全部农户和个人"
}

// Charged tells whether a plan withholds tax or deducts anything: what is paid is then less than what is due.
func (d Distribution) Charged() bool { return d.Withholding != nil || d.Deducted != 0 }

// Net is what is paid out of Due.
func (d Distribution) Net() money.Yuan { return d.Due - d.Tax - d.Deducted }
