package plan

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Rule is how a component of a distribution is worked out.
type Rule string

// The rules.
const (
	RatePerUnit Rule = "rate" // a fixed sum per share or 亩, each holder's amount rounded half up to the 分
	PoolOver    Rule = "pool" // a sum divided over all units, by largest remainder

	Guarantee        Rule = "guarantee"         // 保底: a guaranteed sum per share or 亩
	GuaranteePercent Rule = "guarantee_percent" // 保底: a percentage of what the holder contributed
	Excess           Rule = "excess"            // what is left above the guarantees, split among members, collective and managers
	Patronage        Rule = "patronage"         // a sum divided by the members' trade with the cooperative
	ByAccount        Rule = "account"           // a sum divided by the members' accounts: capital, reserves, subsidies
	FixedSum         Rule = "fixed"             // a fixed sum for each chosen household
)

// Label names the rule in Chinese.
func (r Rule) Label() journal.Label {
	switch r {
	case RatePerUnit:
		return "定额"
	case PoolOver:
		return "资金池"
	case Guarantee:
		return "保底"
	case GuaranteePercent:
		return "按入股额保底"
	case Excess:
		return "超出保底的部分"
	case Patronage:
		return "按交易量(额)返还"
	case ByAccount:
		return "按成员账户"
	case FixedSum:
		return "每户定额"
	}
	return journal.Label(r)
}

// Rules lists all rules.
func Rules() []Rule {
	return []Rule{RatePerUnit, PoolOver, Guarantee, GuaranteePercent, Excess, Patronage, ByAccount, FixedSum}
}

// Pooled rules divide one sum over all weights; the others give each holder a sum of its own.
func (r Rule) Pooled() bool { return r == PoolOver || r == Excess || r == Patronage || r == ByAccount }

// Guarantee rules come before any share of an excess.
func (r Rule) Guarantee() bool { return r == Guarantee || r == GuaranteePercent }

// Classed rules are about a share class; a pool or an excess may be over all classes of the entity.
func (r Rule) Classed() bool { return r == RatePerUnit || r.Guarantee() }

// ReadsAll tells whether a component's figures follow from the registers of all classes of the entity.
func (p Component) ReadsAll() bool {
	return p.Class == "" && (p.Rule == PoolOver || p.Rule == Excess || p.Rule == ByAccount || p.Rule == FixedSum && p.Mark != "")
}

// Component is one part of a distribution: who takes part, by what, and the sum.
type Component struct {
	Class string     `cbor:"1,keyasint,omitempty" json:"class"` // "" for all classes, or where the rule is about none
	Rule  Rule       `cbor:"2,keyasint" json:"rule"`
	Rate  money.Rate `cbor:"3,keyasint,omitempty" json:"rate"` // yuan per unit or household; per cent of the contribution
	// Pool is the sum that is divided; of an excess what the guarantees are taken from; where it is 0, all that may be
	// distributed, less the plan's other components.
	Pool money.Yuan `cbor:"4,keyasint,omitempty" json:"pool"`
	// Days weighs each holding by the days it was held in the plan's year, up to the record date.
	Days    bool     `cbor:"5,keyasint,omitempty" json:"days"`
	Mark    string   `cbor:"6,keyasint,omitempty" json:"mark"`       // of a fixed sum: whose households it is for
	Holders []string `cbor:"7,keyasint,omitempty" json:"recipients"` // of a fixed sum: the households by name, where no mark chooses them
	Measure Measure  `cbor:"8,keyasint,omitempty" json:"measure"`    // of patronage: amount (yuan) or volume
	// Members, Collective and Managers are the percentages of an excess, 100 together; ToCollective and ToManagers who gets the latter two.
	Members      money.Rate `cbor:"9,keyasint,omitempty" json:"members"`
	Collective   money.Rate `cbor:"10,keyasint,omitempty" json:"collective"`
	Managers     money.Rate `cbor:"11,keyasint,omitempty" json:"managers"`
	ToCollective string     `cbor:"12,keyasint,omitempty" json:"to_collective"`
	ToManagers   []string   `cbor:"13,keyasint,omitempty" json:"to_managers"`
}

// State is where a distribution stands in its life.
type State string

// The states. What is paid is told by the sums, not by a state of its own.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Approved  State = "approved"
	Voided    State = "voided"
	Closed    State = "closed" // everything has been paid and the plan is put away
)

// Distribution is a plan to give out a year's gain, and how far it has come. Its sums always add up: Due is Paid, Failed and what
// is outstanding together.
type Distribution struct {
	ID         string           `cbor:"1,keyasint"`
	Entity     string           `cbor:"2,keyasint"`
	Book       string           `cbor:"3,keyasint"` // the book whose gain is given out
	Year       int              `cbor:"4,keyasint"`
	RecordDate journal.Date     `cbor:"5,keyasint"`
	Resolution string           `cbor:"6,keyasint,omitempty"`
	Components []Component      `cbor:"7,keyasint"`
	State      State            `cbor:"8,keyasint"`
	Totals     []ComponentTotal `cbor:"9,keyasint,omitempty"` // frozen at submission
	Due        money.Yuan       `cbor:"10,keyasint,omitempty"`
	Holders    int              `cbor:"11,keyasint,omitempty"`
	Paid       money.Yuan       `cbor:"12,keyasint,omitempty"`
	PaidCount  int              `cbor:"13,keyasint,omitempty"`
	Failed     money.Yuan       `cbor:"14,keyasint,omitempty"`
	FailCount  int              `cbor:"15,keyasint,omitempty"`
	Steps      []Step           `cbor:"16,keyasint,omitempty"`
	Held       money.Yuan       `cbor:"17,keyasint,omitempty"`
	HeldCount  int              `cbor:"18,keyasint,omitempty"`
	Sent       money.Yuan       `cbor:"19,keyasint,omitempty"` // of what is outstanding: sums that lie with a bank
	SentCount  int              `cbor:"20,keyasint,omitempty"`
	CarryOdd   bool             `cbor:"21,keyasint,omitempty"` // the odd 分 of pools are carried forward instead of apportioned
	Interim    bool             `cbor:"22,keyasint,omitempty"` // 初次分红: a first round, before the books close
	From       journal.Date     `cbor:"23,keyasint,omitempty"` // disclosed from this day
	Until      journal.Date     `cbor:"24,keyasint,omitempty"` // to this one, both inclusive
	Objections []Objection      `cbor:"25,keyasint,omitempty"`
	Batches    int              `cbor:"26,keyasint,omitempty"` // number of the last bank batch
	Days       int              `cbor:"27,keyasint,omitempty"` // how long it is to be disclosed: the charter's days when it was submitted
}

// Step is one thing that happened to a distribution.
type Step struct {
	_ struct{} `cbor:",toarray"`
	journal.Stamp
	State  State
	Reason string
}

// Village is the place of the distributing entity.
func (d Distribution) Village() region.Code { return journal.PlaceOf(d.ID) }

// Outstanding is what is due and neither paid, failed nor held.
func (d Distribution) Outstanding() money.Yuan { return d.Due - d.Paid - d.Failed - d.Held }

// OutstandingCount is the number of payouts neither paid, failed nor held.
func (d Distribution) OutstandingCount() int {
	return d.Holders - d.PaidCount - d.FailCount - d.HeldCount
}

// DueCount is the number of payouts that wait to be paid and do not lie with a bank.
func (d Distribution) DueCount() int { return d.OutstandingCount() - d.SentCount }

// InForce tells whether the distribution has been approved: its sums are due.
func (d Distribution) InForce() bool { return d.State == Approved || d.State == Closed }

// Settled tells whether everything due has been paid.
func (d Distribution) Settled() bool { return d.InForce() && d.Paid == d.Due }

// Committed distributions take from what is distributable.
func (d Distribution) Committed() bool { return d.State == Submitted || d.InForce() }

// Label names where the distribution stands, in Chinese.
func (d Distribution) Label() journal.Label {
	switch {
	case d.State == Draft:
		return "草稿"
	case d.State == Submitted:
		return "待审核"
	case d.State == Returned:
		return "已退回"
	case d.State == Voided:
		return "已作废"
	case d.State == Closed:
		return "已办结"
	case d.Settled():
		return "结清"
	case d.PaidCount+d.FailCount+d.SentCount > 0:
		return "发放中"
	case d.From == "":
		return "待公示"
	}
	return "已公示,待发放"
}

var distributions = journal.Folded[Distribution]("distribution")

// DistributionTable holds the distributions, by id.
var DistributionTable = distributions.Readable()

// Keep stores a distribution as an entry leaves it. A bug is stopped before it reaches the books: nothing is paid twice.
func Keep(a *journal.Applying, d Distribution) {
	if d.Outstanding() < d.Sent || d.OutstandingCount() < d.SentCount || d.Sent < 0 || d.Paid < 0 || d.Failed < 0 || d.Held < 0 {
		panic("distribution " + d.ID + ": more paid, failed, held and sent than due")
	}
	distributions.Put(a.Tx, d.ID, d)
}

func init() { journal.DistributionID.Named(distributions.Has, nil) }

// PaidOrFailed is what is paid or failed.
func (d Distribution) PaidOrFailed() money.Yuan { return d.Paid + d.Failed }
