// Package plan knows a distribution as it stands: its parts, its state and its sums. Register and income read it, so that they do not
// undercut it.
package plan

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// State is where a distribution stands in its life.
type State string

// The states. What is paid is told by the sums, not by a state of its own: see life.
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
	Held       money.Yuan       `cbor:"17,keyasint,omitempty"` // with what lies in the reserve
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
	StandsOn   []Ground         `cbor:"28,keyasint,omitempty"` // noted at submission; see Grounds
	Rules      int              `cbor:"29,keyasint,omitempty"` // by which the figures were worked out; 0 for the first
	Copied     Copied           `cbor:"30,keyasint,omitempty"` // at submission
	Nothing    int              `cbor:"31,keyasint,omitempty"` // payouts of 0.00, which are settled by being nothing
	Settling   []Settling       `cbor:"32,keyasint,omitempty"` // what it deducts and adds for earlier plans
	Fund       string           `cbor:"33,keyasint,omitempty"` // gives out what stands in a fund, not a year's gain: what money it is
	// Capital is what of Due became members' capital instead of being paid; CapitalTrade what of that was by trade.
	Capital      money.Yuan `cbor:"34,keyasint,omitempty"`
	CapitalTrade money.Yuan `cbor:"35,keyasint,omitempty"`
	// Kept is what falls on the collective's own shares, whose book it is that gives it out: it stays there, and is no part of Due.
	Kept money.Yuan `cbor:"36,keyasint,omitempty"`
	// Open is how the plan lay open to the members before their meeting, nil where it did not.
	Open *LaidOpen `cbor:"37,keyasint,omitempty"`
	// Withholding is the tax that is withheld, nil where none is; Tax what that comes to, and Deducted what is deducted for reasons: both are
	// part of Due and not paid out.
	Withholding *Withholding `cbor:"38,keyasint,omitempty"`
	Tax         money.Yuan   `cbor:"39,keyasint,omitempty"`
	Deducted    money.Yuan   `cbor:"40,keyasint,omitempty"`
	// Reserved is what of Held lies in the reserve, because nobody came for it.
	Reserved      money.Yuan `cbor:"41,keyasint,omitempty"`
	ReservedCount int        `cbor:"42,keyasint,omitempty"`
	Left          []Left     `cbor:"43,keyasint,omitempty"` // which of the objections were left on the public page
}

// LaidOpen is a plan as it lay open before the meeting.
type LaidOpen struct {
	From       journal.Date `cbor:"1,keyasint"`
	Entry      uint64       `cbor:"2,keyasint"`
	RecordDate journal.Date `cbor:"3,keyasint"`
	Components []Component  `cbor:"4,keyasint"`
	Holders    int          `cbor:"5,keyasint"`
	Due        money.Yuan   `cbor:"6,keyasint"`
	Off        money.Yuan   `cbor:"7,keyasint,omitempty"` // what of Due tax and deductions take off
}

// LiesOpen tells whether a draft lies open before the meeting as it stands: it has not been changed since.
func (d Distribution) LiesOpen() bool {
	return d.State == Draft && d.Open != nil && d.Open.Entry > d.Drafted().Entry
}

// Drafted is the step that drafted or last revised the plan.
func (d Distribution) Drafted() (last Step) {
	for _, s := range d.Steps {
		if s.State == Draft {
			last = s
		}
	}
	return last
}

// Shown tells whether a list of plans that shows some has the plan: waiting, approved, failed; all where nothing is said.
func (d Distribution) Shown(show string) bool {
	switch show {
	case "approved":
		return d.InForce()
	case "failed":
		return d.InForce() && d.FailCount > 0
	case "waiting":
		return d.Waits()
	}
	return true
}

// LastStep is the journal number of the last thing that happened to the plan as a whole: whoever acts on it has seen it so.
func (d Distribution) LastStep() uint64 {
	if len(d.Steps) == 0 {
		return 0
	}
	return d.Steps[len(d.Steps)-1].Entry
}

// Settling is what a plan deducts from a holder, below zero, or adds, for an earlier plan that was corrected.
type Settling struct {
	_      struct{} `cbor:",toarray"`
	Entry  uint64   // of the correction
	Holder string
	Amount money.Yuan
}

// Copied is what a plan took of the books that has no day, and may change after it: worked out anew, its figures are the same.
type Copied struct {
	Free    money.Yuan `cbor:"1,keyasint,omitempty"` // yuan that could be distributed before it, where a component takes what is left
	Marked  [][]string `cbor:"2,keyasint,omitempty"` // by component, the households that a mark chose
	OwnDays bool       `cbor:"3,keyasint,omitempty"` // by the charter: each holder's own days count, and those who left are paid for theirs
}

// Step is one thing that happened to a distribution.
type Step struct {
	_ struct{} `cbor:",toarray"`
	journal.Stamp
	State  State
	Reason string
}

// Called names what the plan gives out: a dividend, or money that stands apart, which is none.
func (d Distribution) Called() journal.Label {
	if d.Fund != "" {
		return "土地补偿费"
	}
	return "分红"
}

// Village is the place of the distributing entity.
func (d Distribution) Village() region.Code { return journal.PlaceOf(d.ID) }

// Outstanding is what is due and neither paid, failed nor held.
func (d Distribution) Outstanding() money.Yuan { return d.Due - d.Paid - d.Failed - d.Held }

// OutstandingCount is the number of payouts neither paid, failed nor held, without those of 0.00.
func (d Distribution) OutstandingCount() int {
	return d.Holders - d.Nothing - d.PaidCount - d.FailCount - d.HeldCount
}

// DueCount is the number of payouts that wait to be paid and do not lie with a bank.
func (d Distribution) DueCount() int { return d.OutstandingCount() - d.SentCount }

// InForce tells whether the distribution has been approved: its sums are due.
func (d Distribution) InForce() bool { return d.State == Approved || d.State == Closed }

// Paying tells whether the distribution is approved and not put away: its payouts tell how far it has come.
func (d Distribution) Paying() bool { return d.State == Approved }

// GivenUp tells whether the distribution is void: nothing is paid by it.
func (d Distribution) GivenUp() bool { return d.State == Voided }

// Settled tells whether everything due has been paid, or lies in the reserve for who comes later.
func (d Distribution) Settled() bool { return d.InForce() && d.Paid+d.Reserved == d.Due }

// OnHoldCount is the number of payouts that are held back and do not lie in the reserve.
func (d Distribution) OnHoldCount() int { return d.HeldCount - d.ReservedCount }

// Waits tells whether the distribution waits for review.
func (d Distribution) Waits() bool { return d.State == Submitted }

// OnDisplay tells whether the distribution is on display at the end of a day, so that nothing is paid yet.
func (d Distribution) OnDisplay(on journal.Date) bool { return d.From != "" && on <= d.Until }

// Committed distributions take from what is distributable.
func (d Distribution) Committed() bool { return d.State == Submitted || d.InForce() }

var distributions = sums.Folded("distribution", func(_ store.Reader, _ string, d Distribution, to *sums.Adding) { d.addTo(to) })

// DistributionTable holds the distributions, by id.
var DistributionTable = distributions.Readable()

// Keep stores a distribution as an entry leaves it. A bug is stopped before it reaches the books: nothing is paid twice.
func Keep(a *journal.Applying, d Distribution) {
	if d.Outstanding() < d.Sent || d.OutstandingCount() < d.SentCount || d.Sent < 0 || d.Paid < 0 || d.Failed < 0 ||
		d.Held < d.Reserved || d.Reserved < 0 {
		panic("distribution " + d.ID + ": more paid, failed, held and sent than due")
	}
	distributions.Put(a, d.ID, d)
}

func init() { journal.DistributionID.Named(distributions.Has, nil) }

// PaidOrFailed is what is paid or failed.
func (d Distribution) PaidOrFailed() money.Yuan { return d.Paid + d.Failed }

// Objection is what somebody has against a disclosed plan, and what was answered.
type Objection struct {
	_        struct{} `cbor:",toarray"`
	By       string
	Date     journal.Date
	Text     string
	Entry    uint64
	Answer   string // "" while it is open
	Answered uint64 // the entry that answered it
}

// Left says of an objection, by its entry, that it was left on the public page, and whose certificate was shown; "" where nobody's was.
type Left struct {
	_      struct{} `cbor:",toarray"`
	Entry  uint64
	Holder string
}

// LeftBy tells of an objection whether it was left on the public page, and by whom; nil where the village recorded it.
func (d Distribution) LeftBy(o Objection) *Left {
	for i := range d.Left {
		if d.Left[i].Entry == o.Entry {
			return &d.Left[i]
		}
	}
	return nil
}

// holds tells whether an unanswered objection stands in the way of payment: one that the village has recorded, or that a holder has left.
// What is left by somebody unknown is to be answered, too, but stops nothing, or strangers could stop everything.
func (d Distribution) holds(o Objection) bool {
	left := d.LeftBy(o)
	return o.Answered == 0 && (left == nil || left.Holder != "")
}

// OpenObjections counts the objections that stand in the way of payment.
func (d Distribution) OpenObjections() int { return d.count(d.holds) }

// Unanswered counts the objections that nobody has answered.
func (d Distribution) Unanswered() int {
	return d.count(func(o Objection) bool { return o.Answered == 0 })
}

func (d Distribution) count(which func(Objection) bool) (n int) {
	for _, o := range d.Objections {
		if which(o) {
			n++
		}
	}
	return n
}

// IsPublic tells whether the plan is one that a village shows: it lies open before the meeting, is on display, or has been.
func (d Distribution) IsPublic() bool { return (d.Open != nil || d.From != "") && !d.GivenUp() }

// Answerable tells whether objections to the plan can be answered: from when it lies open until it is put away.
func (d Distribution) Answerable() bool { return d.IsPublic() && d.State != Closed }
