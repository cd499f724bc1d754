package dividend

import (
	"maps"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Correction is what a paid plan gave a holder too much, below zero, or too little: the entity's next plan deducts or adds it.
type Correction struct {
	Distribution string       `cbor:"1,keyasint"`
	Holder       string       `cbor:"2,keyasint"`
	Right        money.Yuan   `cbor:"3,keyasint"` // what it should have been in all
	Amount       money.Yuan   `cbor:"4,keyasint"`
	Left         money.Yuan   `cbor:"5,keyasint,omitempty"` // of Amount, what no plan has taken up
	Reason       string       `cbor:"6,keyasint"`
	Date         journal.Date `cbor:"7,keyasint"`
	Entry        uint64       `cbor:"8,keyasint"`
}

// corrections: the entity and the number of the entry.
var corrections = journal.Folded[Correction]("correction")

// CorrectPayout puts right what a plan gave a holder, once something has been paid by it: the frozen figure stays as it is, the difference
// is deducted or added by the entity's next plan. While nothing is paid the plan is voided instead.
type CorrectPayout struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	Holder       string       `cbor:"2,keyasint" json:"holder"`
	Right        money.Yuan   `cbor:"3,keyasint,omitempty" json:"right"`
	Date         journal.Date `cbor:"4,keyasint" json:"date"`
	Reason       string       `cbor:"5,keyasint" json:"reason"`
	Amount       money.Yuan   `cbor:"6,keyasint" json:"-"`
}

var _ = journal.Register(&CorrectPayout{}, journal.Kind{
	Label: "更正分红金额", Roles: []journal.Role{journal.Accountant},
	Note: "定下的金额不改,差额在下一次分红里扣或补 / the frozen figure stays; the next plan deducts or adds the difference",
	Page: func(e journal.Entry) string { return "/distribution/" + e.(*CorrectPayout).Distribution },
	Hints: map[string]string{
		"right": "这一户这次一共应得多少",
	},
})

// Place is the entity's village.
func (e *CorrectPayout) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *CorrectPayout) Subject() string { return e.Distribution }

func (e *CorrectPayout) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved, plan.Closed)
	if err != nil {
		return err
	}
	var f journal.Faults
	if d.PaidCount == 0 {
		f.Add(journal.Conflict, "distribution", d.ID, "这个方案还没有付过;请作废它,改好再提交")
	}
	if e.Right < 0 {
		f.Invalid("right", e.Right, "金额 %s 不能小于 0", e.Right.String())
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	if journal.CheckDate(c, &f, "date", e.Date); e.Date != "" && e.Date < d.RecordDate {
		f.Invalid("date", e.Date, "日期 %s 早于登记日 %s", string(e.Date), string(d.RecordDate))
	}
	if !register.ShareholderTable.Has(c, e.Holder) {
		f.Add(journal.NotFound, "holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	}
	if len(f) > 0 {
		return f
	}
	p, had := payouts.Get(c, d.ID+e.Holder) // none where the plan left the holder out
	if _, held := register.HoldersOn(c, d.Entity, d.RecordDate)[e.Holder]; !had && !held {
		return journal.Clash("holder", e.Holder, "%s没有持有过%s的股份,这个方案里没有可更正的", nameOf(c, e.Holder), nameOfEntity(c, d.Entity))
	}
	given := p.Due + p.Passed - p.Adjust
	for _, k := range corrections.Scan(c, d.Entity) {
		if k.Distribution == d.ID && k.Holder == e.Holder {
			given += k.Amount
		}
	}
	if e.Amount = e.Right - given; e.Amount == 0 {
		return journal.Clash("right", e.Right, "这一户现在算来就是 %s 元,没有差额", e.Right.Grouped())
	}
	return nil
}

func (e *CorrectPayout) Apply(a *journal.Applying) {
	entity := journal.EntityID.In(e.Distribution)
	corrections.Put(a.Tx, entity+journal.SeqKey(a.Seq), Correction{Distribution: e.Distribution, Holder: e.Holder, Right: e.Right,
		Amount: e.Amount, Left: e.Amount, Reason: e.Reason, Date: e.Date, Entry: a.Seq})
}

// settling works out what a plan deducts and adds of the corrections that are open: a deduction makes no payout negative, what exceeds it
// stays open; additions come to no more than was deducted, the earlier first.
func settling(r store.Reader, d plan.Distribution, due map[string]money.Yuan) (list []plan.Settling) {
	due = maps.Clone(due)
	var deducted money.Yuan
	take := func(k Correction, sum money.Yuan) {
		if sum != 0 {
			list = append(list, plan.Settling{Entry: k.Entry, Holder: k.Holder, Amount: sum})
		}
	}
	same := func(k Correction) bool { // money of one sort only is set off against each other
		other, _ := plan.DistributionTable.Get(r, k.Distribution)
		return other.Fund == d.Fund
	}
	for _, k := range corrections.Scan(r, d.Entity) {
		if k.Left < 0 && same(k) {
			sum := min(-k.Left, due[k.Holder])
			due[k.Holder], deducted = due[k.Holder]-sum, deducted+sum
			take(k, -sum)
		}
	}
	for _, k := range corrections.Scan(r, d.Entity) {
		if k.Left > 0 && same(k) {
			sum := min(k.Left, deducted)
			deducted -= sum
			take(k, sum)
		}
	}
	return list
}

// nameOfEntity is what an entity is called.
func nameOfEntity(r store.Reader, id string) string {
	e, _ := register.EntityTable.Get(r, id)
	return e.Name
}

// takeUp notes in the corrections what a plan has taken up of them; with -1 it gives that back.
func takeUp(a *journal.Applying, d plan.Distribution, sign money.Yuan) {
	for _, s := range d.Settling {
		key := d.Entity + journal.SeqKey(s.Entry)
		k, _ := corrections.Get(a, key)
		k.Left -= sign * s.Amount
		corrections.Put(a.Tx, key, k)
	}
}

// adjustments are what a plan deducts and adds, by holder.
func adjustments(list []plan.Settling) map[string]money.Yuan {
	sums := map[string]money.Yuan{}
	for _, s := range list {
		sums[s.Holder] += s.Amount
	}
	return sums
}

// Corrections lists what was corrected of an entity's plans, in the order of the entries; of one plan where it is not "".
func Corrections(v *journal.View, entity, distribution string) (list []Correction, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	for _, k := range corrections.Scan(books, entity) {
		if distribution == "" || k.Distribution == distribution {
			list = append(list, k)
		}
	}
	return list, nil
}

// explainSettling tells what a plan has deducted from a holder or added, and by which corrections.
func explainSettling(v *journal.View, d plan.Distribution, holder string) (lines []*journal.Error, err error) {
	list, err := Corrections(v, d.Entity, "")
	if err != nil {
		return nil, err
	}
	for _, s := range d.Settling {
		if s.Holder != holder {
			continue
		}
		for _, k := range list {
			if k.Entry == s.Entry {
				lines = append(lines, journal.Say("分红 %s 应得 %s 元,差 %s 元(第 %s 号更正),这次算 %s 元", k.Distribution, k.Right.Grouped(), k.Amount.Grouped(),
					strconv.FormatUint(k.Entry, 10), s.Amount.Grouped()))
			}
		}
	}
	return lines, nil
}

// droppable are the corrections of a plan that is to be void; it refuses where another plan has taken one up.
func droppable(r store.Reader, d plan.Distribution) (entries []uint64, err error) {
	for _, k := range corrections.Scan(r, d.Entity) {
		switch {
		case k.Distribution != d.ID:
		case k.Left != k.Amount:
			return nil, journal.Clash("distribution", d.ID, "%s在这个方案里多得或少得的,已经由后来的方案扣了或补了;请先作废那个方案", nameOf(r, k.Holder))
		case k.Left != 0:
			entries = append(entries, k.Entry)
		}
	}
	return entries, nil
}

// drop leaves nothing of corrections to be taken up.
func drop(a *journal.Applying, entity string, entries []uint64) {
	for _, entry := range entries {
		key := entity + journal.SeqKey(entry)
		k, _ := corrections.Get(a, key)
		k.Left = 0
		corrections.Put(a.Tx, key, k)
	}
}
