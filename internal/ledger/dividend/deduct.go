package dividend

import (
	"maps"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// DeductPayout deducts a sum from what a draft is to pay a holder, for a reason; it takes the place of what was deducted before, and 0
// takes that back. It is reviewed with the plan.
type DeductPayout struct {
	Distribution string     `cbor:"1,keyasint" json:"distribution"`
	Holder       string     `cbor:"2,keyasint" json:"holder"`
	Amount       money.Yuan `cbor:"3,keyasint,omitempty" json:"amount"`
	Reason       string     `cbor:"4,keyasint" json:"reason"`
}

var _ = journal.Register(&DeductPayout{}, journal.Kind{
	Label: "扣款", Roles: []journal.Role{journal.Accountant},
	Note: "写在草稿里,随方案审核;0 为取消 / on a draft, reviewed with it; 0 takes it back",
	Page: func(e journal.Entry) string { return "/distribution/" + e.(*DeductPayout).Distribution },
	Hints: map[string]string{
		"reason": "扣什么,例如 代收水费,本人同意",
	},
})

// Place is the entity's village.
func (e *DeductPayout) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *DeductPayout) Subject() string { return e.Distribution }

func (e *DeductPayout) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Draft, plan.Returned)
	if err != nil {
		return err
	}
	var f journal.Faults
	switch {
	case e.Amount < 0:
		f.Invalid("amount", e.Amount, "金额 %s 不能小于 0", e.Amount.String())
	case e.Amount == 0 && !deductions.Has(c, d.ID+e.Holder) && e.Holder != "":
		f.Invalid("amount", "", "请填写金额,例如 36000.56")
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明扣款的原因")
	}
	if register.CheckHolderOf(c, &f, d.Village(), "holder", e.Holder); !c.Asked && len(f) == 0 && e.Amount > 0 &&
		len(deductionsOf(c, d.ID)) >= maxDeductions {
		f.Add(journal.Conflict, "distribution", d.ID, "一个方案的扣款太多")
	}
	return f.Err()
}

// maxDeductions is the most holders of one plan from whom something is deducted.
const maxDeductions = 10_000

// Deduction is what a draft deducts from a holder.
type Deduction struct {
	Holder string     `cbor:"1,keyasint"`
	Amount money.Yuan `cbor:"2,keyasint"`
	Reason string     `cbor:"3,keyasint"`
	Entry  uint64     `cbor:"4,keyasint"`
}

// deductions: the distribution and the holder.
var deductions = journal.Folded[Deduction]("deduction")

func (e *DeductPayout) Apply(a *journal.Applying) {
	if e.Amount == 0 {
		deductions.Delete(a.Tx, e.Distribution+e.Holder)
		return
	}
	deductions.Put(a.Tx, e.Distribution+e.Holder, Deduction{Holder: e.Holder, Amount: e.Amount, Reason: e.Reason, Entry: a.Seq})
}

// deductionsOf are what a plan deducts, by holder.
func deductionsOf(r store.Reader, distribution string) map[string]Deduction {
	byHolder := map[string]Deduction{}
	for _, k := range deductions.Scan(r, distribution) {
		byHolder[k.Holder] = k
	}
	return byHolder
}

// Deductions lists what a plan deducts, in order of the holders' ids.
func Deductions(v *journal.View, distribution string) (list []Deduction, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return nil, err
	}
	for _, k := range deductions.Scan(books, distribution) {
		list = append(list, k)
	}
	return list, nil
}

// sortedHolders are the holders of sums, in order of their ids.
func sortedHolders(sums map[string]money.Yuan) []string { return slices.Sorted(maps.Keys(sums)) }
