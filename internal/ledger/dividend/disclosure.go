package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/region"
)

// DiscloseDistribution notes that an approved plan is shown in the village, from a day on and for as long as the charter says (公示). It may
// be paid when that is over.
type DiscloseDistribution struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	From         journal.Date `cbor:"2,keyasint" json:"from"`
	Until        journal.Date `cbor:"3,keyasint" json:"-"`                         // inclusive
	Seen         int          `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&DiscloseDistribution{}, journal.Kind{
	Label: "公示分红", Roles: []journal.Role{journal.Accountant},
	Note: "期满次日起才能发放 / to be paid from the day after its days on display",
})

// Place is the entity's village.
func (e *DiscloseDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *DiscloseDistribution) Subject() string { return e.Distribution }

func (e *DiscloseDistribution) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "from", e.From)
	if approved := journal.DateOf(d.Steps[len(d.Steps)-1].Time()); d.From == "" && e.From != "" && e.From < approved {
		f.Invalid("from", e.From, "日期 %s 早于审核通过的 %s", string(e.From), string(approved))
	}
	if d.From != "" {
		f.Add(journal.Conflict, "from", e.From, "已经从 %s 起公示", string(d.From))
	}
	if len(f) > 0 {
		return f
	}
	e.Until = e.From.Plus(d.Days - 1)
	return nil
}

func (e *DiscloseDistribution) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.From, d.Until = e.From, e.Until
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Disclosed})
	plan.Keep(a, d)
}

// checkPayable refuses payment of a plan that has not been disclosed for as long as the charter says, or that somebody objects to.
func checkPayable(c *journal.Checking, f *journal.Faults, d plan.Distribution, on journal.Date) {
	switch {
	case d.From == "":
		f.Add(journal.Conflict, "distribution", d.ID, "方案还没有公示;公示期满才能发放")
	case on < d.From:
		f.Add(journal.Conflict, "date", on, "从 %s 起才公示,不能在那以前发放", string(d.From))
	case on <= d.Until:
		f.Add(journal.Conflict, "date", on, "公示到 %s 止,从次日起才能发放", string(d.Until))
	case d.OpenObjections() > 0:
		f.Add(journal.Conflict, "distribution", d.ID, "还有 %s 条异议没有答复;答复以后才能发放", strconv.Itoa(d.OpenObjections()))
	}
}

// RaiseObjection notes what somebody has against a disclosed plan.
type RaiseObjection struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	By           string       `cbor:"2,keyasint" json:"by"`
	Date         journal.Date `cbor:"3,keyasint" json:"date"`
	Text         string       `cbor:"4,keyasint" json:"text"`
}

var _ = journal.Register(&RaiseObjection{}, journal.Kind{
	Label: "提出异议", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"by": "谁",
	},
})

// Place is the entity's village.
func (e *RaiseObjection) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *RaiseObjection) Subject() string { return e.Distribution }

// maxObjections is the most objections to one plan.
const maxObjections = 500

func (e *RaiseObjection) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if e.By == "" {
		f.Invalid("by", "", "请写明谁提出的")
	}
	if e.Text == "" {
		f.Invalid("text", "", "请写明异议的内容")
	}
	switch {
	case d.From == "":
		f.Add(journal.Conflict, "distribution", d.ID, "方案还没有公示")
	case e.Date < d.From:
		f.Add(journal.Conflict, "date", e.Date, "方案还没有公示")
	}
	if len(d.Objections) >= maxObjections {
		f.Add(journal.Conflict, "distribution", d.ID, "一个方案最多 %s 条异议", strconv.Itoa(maxObjections))
	}
	return f.Err()
}

func (e *RaiseObjection) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.Objections = append(d.Objections, plan.Objection{By: e.By, Date: e.Date, Text: e.Text, Entry: a.Seq})
	plan.Keep(a, d)
}

// AnswerObjection answers an objection, named by its number in the plan, from 1.
type AnswerObjection struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Objection    int    `cbor:"2,keyasint" json:"objection"`
	Answer       string `cbor:"3,keyasint" json:"answer"`
}

var _ = journal.Register(&AnswerObjection{}, journal.Kind{
	Label: "答复异议", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *AnswerObjection) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *AnswerObjection) Subject() string { return e.Distribution }

func (e *AnswerObjection) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Draft, plan.Returned, plan.Submitted, plan.Approved)
	if err != nil {
		return err
	}
	switch {
	case e.Answer == "":
		return journal.Wrong("answer", "", "请写明答复")
	case e.Objection < 1 || e.Objection > len(d.Objections):
		return journal.Missing("objection", e.Objection, "没有第 %s 条异议", strconv.Itoa(e.Objection))
	case d.Objections[e.Objection-1].Answered != 0:
		return journal.Clash("objection", e.Objection, "第 %s 条异议已经答复", strconv.Itoa(e.Objection))
	}
	return nil
}

func (e *AnswerObjection) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	o := &d.Objections[e.Objection-1]
	o.Answer, o.Answered = e.Answer, a.Seq
	plan.Keep(a, d)
}

// CloseDistribution puts away a plan of which everything has been paid.
type CloseDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
}

var _ = journal.Register(&CloseDistribution{}, journal.Kind{
	Label: "办结分红", Roles: []journal.Role{journal.Accountant},
	Note: "付清以后 / when all is paid",
})

// Place is the entity's village.
func (e *CloseDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *CloseDistribution) Subject() string { return e.Distribution }

func (e *CloseDistribution) Check(c *journal.Checking) error {
	d, err := inState(c, e.Distribution, plan.Approved)
	if err != nil {
		return err
	}
	if !d.Settled() {
		return journal.Clash("distribution", d.ID, "还有 %s 元没有付清(失败 %s 元,暂缓 %s 元),不能办结",
			(d.Due - d.Paid - d.Reserved).Grouped(), d.Failed.Grouped(), (d.Held - d.Reserved).Grouped())
	}
	if n := d.OpenObjections(); n > 0 {
		return journal.Clash("distribution", d.ID, "还有 %s 条异议没有答复,不能办结", strconv.Itoa(n))
	}
	return nil
}

func (e *CloseDistribution) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.State = plan.Closed
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Closed})
	plan.Keep(a, d)
}
