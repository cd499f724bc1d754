package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// SubmitDistribution sends a plan for review. It freezes the figures: what every holder is to get, as the register stood at the
// end of the record date. Later movements do not change them.
type SubmitDistribution struct {
	Distribution string                `cbor:"1,keyasint" json:"distribution"`
	Figures      []Figure              `cbor:"2,keyasint" json:"-"`
	Totals       []plan.ComponentTotal `cbor:"3,keyasint" json:"-"`
	Due          money.Yuan            `cbor:"4,keyasint" json:"-"`
	Days         int                   `cbor:"5,keyasint" json:"-"` // how long it is to be disclosed, by the charter as it stands
	StandsOn     []plan.Ground         `cbor:"6,keyasint,omitempty" json:"-"`
	Rules        int                   `cbor:"7,keyasint,omitempty" json:"-"` // by which the figures are worked out; absent for the first
	Copied       plan.Copied           `cbor:"8,keyasint,omitempty" json:"-"`
	Settling     []plan.Settling       `cbor:"9,keyasint,omitempty" json:"-"`
	Kept         []Allotment           `cbor:"10,keyasint,omitempty" json:"-"` // what stays in the book, by holder
	// Resolution is what the meeting resolved after the plan had lain open; absent, the one that the plan names.
	Resolution string `cbor:"11,keyasint,omitempty" json:"resolution,omitempty"`
	// Charges are what is withheld and deducted, by holder.
	Charges []Charge `cbor:"12,keyasint,omitempty" json:"-"`
	Seen    int      `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&SubmitDistribution{}, journal.Kind{
	Label: "提交分红", Roles: []journal.Role{journal.Accountant},
	Note:  "每户金额在此定下 / freezes every holder's amount",
	Hints: map[string]string{"resolution": "会上通过的决议;留空按方案里写的"},
})

// Boxes tells of the numbers of who is taxed.
func (e *SubmitDistribution) Boxes(each func(journal.Boxed)) { chargeBoxes(each, e.Charges) }

// Place is the entity's village.
func (e *SubmitDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *SubmitDistribution) Subject() string { return e.Distribution }

func (e *SubmitDistribution) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Draft)
	if err != nil {
		return err
	}
	if d.RecordDate > c.Today() {
		return journal.Clash("record_date", d.RecordDate, "登记日 %s 还没有到,股东名册还会变;请到那天以后提交", string(d.RecordDate))
	}
	var f journal.Faults
	if e.checkOpened(c, &f, d); len(f) > 0 {
		return f
	}
	resolved := cmp.Or(e.Resolution, d.Resolution)
	if d.Fund != "" && resolved != "" && !journal.ResolutionID.Is(resolved) { // the whole assembly's alone: art. 26(10), 28
		return journal.Clash("resolution", resolved, "分配土地补偿费要先登记成员大会的决议,再在方案里写它的编号;“%s”没有登记过", resolved)
	}
	if resolved == "" {
		return journal.Wrong("resolution", "", "方案没有写决议编号;请写明成员(代表)大会的决议")
	}
	if _, closed := office.ClosedFrom(c, d.Village(), d.Year); closed && d.Interim {
		return journal.Clash("interim", d.Year, "%s 年已经结账,不再是初次分红;请修改方案", strconv.Itoa(d.Year))
	}
	entity, err := register.EntityOfIn(c, d.Entity)
	if err != nil {
		return err
	}
	register.CheckActive(&f, entity, c.Today())
	if register.CheckReserveFloor(c, &f, entity, d.Year); len(f) > 0 {
		return f
	}
	checkMembersOnly(c, &f, entity, d.Year, d.Fund, d.Components) // of drafts that an older program took
	checkLateRound(c, &f, d)
	if c.Asked || len(f) > 0 {
		return f.Err()
	}
	if err := checkMemberDays(c, d); err != nil {
		return err
	}
	e.StandsOn = plan.GroundsOf(c, d, plan.Distribution.Committed)
	e.Rules = latestRules
	if e.Figures, e.Totals, e.Copied, err = figures(c, d); err != nil {
		return err
	}
	who := peopleOf(c)
	e.Due = 0
	for _, t := range e.Totals {
		e.Due += t.Amount
	}
	e.Kept = kept(c, c.Open, who, d, e.Figures)
	for _, k := range e.Kept {
		e.Due -= k.Amount
	}
	gets := dues(e.Figures, e.Kept)
	doubtOdd(c, who, d, gets)
	parts := e.Due // what the components come to, before what is settled of earlier plans
	if parts > 0 {
		e.settle(c, d)
	}
	if parts == 0 {
		return journal.Clash("components", e.Due, "方案合计是 0 元,没有可分的")
	}
	if err := checkOutsiders(c, who, entity, d, e.Figures, adjustments(e.Settling)); err != nil {
		return err
	}
	if err := e.charge(c, who, d); err != nil {
		return err
	}
	e.doubtChanged(c, d, gets)
	doubtAgain(c, d)
	e.Days = entity.DisclosureFor()
	if err := checkEnough(c, d, e.Due); err != nil || d.Fund != "" {
		return err
	}
	return checkPatronage(c, d, e.Totals, parts, free(c, d)-parts, plan.Distribution.Committed)
}

// charge works out what of the sums, with what is settled of earlier plans, is not paid out.
func (e *SubmitDistribution) charge(c *journal.Checking, who people, d plan.Distribution) (err error) {
	due := dues(e.Figures, e.Kept)
	for holder, sum := range adjustments(e.Settling) {
		due[holder] += sum
	}
	e.Charges, err = charges(c, c.Open, who, d, sortedHolders(due), due)
	return err
}

// settle takes up what was corrected of earlier plans.
func (e *SubmitDistribution) settle(c *journal.Checking, d plan.Distribution) {
	e.Settling = settling(c, d, dues(e.Figures, e.Kept))
	for holder, sum := range adjustments(e.Settling) {
		e.Due += sum
		if !slices.ContainsFunc(e.Figures, func(f Figure) bool { return f.Holder == holder }) { // who has nothing by this plan itself
			e.Figures = append(e.Figures, Figure{Holder: holder, Parts: make([]Part, len(d.Components))})
		}
	}
	slices.SortFunc(e.Figures, func(a, b Figure) int { return cmp.Compare(a.Holder, b.Holder) })
}

// checkLateRound refuses a round that another plan of the year would have taken in, had it been there.
func checkLateRound(c *journal.Checking, f *journal.Faults, d plan.Distribution) {
	for _, other := range plan.DistributionTable.Scan(c, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID != d.ID && other.Committed() && d.Precedes(other) {
			f.Add(journal.Conflict, "distribution", d.ID, "%s 年分红 %s 已经提交或审核,这一次要排在它前面;请先作废它,再按先后提交", strconv.Itoa(d.Year), other.ID)
			return
		}
	}
}

func (e *SubmitDistribution) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.Resolution = cmp.Or(e.Resolution, d.Resolution)
	d.StandsOn, d.Rules, d.Copied, d.Settling = e.StandsOn, e.Rules, e.Copied, e.Settling
	takeUp(a, d, 1)
	adjusted := adjustments(e.Settling)
	d.State, d.Totals, d.Due, d.Holders, d.Days = plan.Submitted, e.Totals, e.Due, len(e.Figures), e.Days
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Submitted})
	stays := byHolder(e.Kept)
	for _, k := range e.Kept {
		d.Kept += k.Amount
	}
	charged := map[string]Charge{}
	for _, x := range e.Charges {
		charged[x.Holder], d.Tax, d.Deducted = x, d.Tax+x.Tax, d.Deducted+x.Deducted
	}
	var sum money.Yuan
	for _, f := range e.Figures {
		due := f.Due() + adjusted[f.Holder] - stays[f.Holder]
		if sum += due; due == 0 && e.Rules >= shareRules {
			d.Nothing++
		}
		x := charged[f.Holder]
		payouts.Put(a, d.ID+f.Holder, Payout{Holder: f.Holder, Parts: f.Parts, Due: due, Adjust: adjusted[f.Holder], Kept: stays[f.Holder],
			Tax: x.Tax, Deducted: x.Deducted, Because: x.Reason, Payees: x.Payees})
	}
	if sum != e.Due {
		panic("distribution " + d.ID + ": payouts add up to " + sum.String() + ", not to " + e.Due.String())
	}
	plan.Keep(a, d)
}

// ReturnDistribution sends a submitted plan back with a reason. Its figures are thrown away.
type ReturnDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Reason       string `cbor:"2,keyasint" json:"reason"`
	Seen         int    `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&ReturnDistribution{}, journal.Kind{
	Label: "退回分红", Roles: []journal.Role{journal.Reviewer}, Personal: true,
})

// Place is the entity's village.
func (e *ReturnDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ReturnDistribution) Subject() string { return e.Distribution }

func (e *ReturnDistribution) Check(c *journal.Checking) error {
	if _, err := seenInState(c, e.Distribution, e.Seen, plan.Submitted); err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明退回的原因")
	}
	plan.Guard(c, &f, "distribution", e.Distribution, plan.Round, e.Distribution, "")
	return f.Err()
}

func (e *ReturnDistribution) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	unfreeze(a, &d)
	d.State = plan.Returned
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Returned, Reason: e.Reason})
	plan.Keep(a, d)
}

// unfreeze throws away a plan's figures.
func unfreeze(a *journal.Applying, d *plan.Distribution) {
	var keys []string
	for k := range payouts.Scan(a, d.ID) {
		keys = append(keys, k)
	}
	for _, k := range keys {
		payouts.Delete(a, k)
	}
	d.Totals, d.Due, d.Holders, d.Failed, d.FailCount, d.Held, d.HeldCount = nil, 0, 0, 0, 0, 0, 0
	takeUp(a, *d, -1)
	d.StandsOn, d.Rules, d.Copied, d.Nothing, d.Settling, d.Kept = nil, 0, plan.Copied{}, 0, nil, 0
	d.Tax, d.Deducted = 0, 0
}

// ApproveDistribution lets a submitted plan be paid. Whoever submitted it cannot approve it.
type ApproveDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Seen         int    `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&ApproveDistribution{}, journal.Kind{
	Label: "审核分红", Roles: []journal.Role{journal.Reviewer}, Personal: true,
})

// Place is the entity's village.
func (e *ApproveDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *ApproveDistribution) Subject() string { return e.Distribution }

func (e *ApproveDistribution) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Submitted)
	if err != nil {
		return err
	}
	if d.Steps[len(d.Steps)-1].By == c.Who.Account {
		return journal.Barred("提交人不能审核自己提交的方案")
	}
	if err := register.CheckReviewed(c, "distribution", d.Village()); err != nil {
		return err
	}
	// The books may have changed since: income reversed, another plan submitted.
	left := free(c, d)
	if left < 0 && d.Fund != "" {
		return journal.Clash("distribution", d.ID, "提交以后专项资金有变,土地补偿费差 %s 元;请退回", (-left).Grouped())
	}
	if left < 0 {
		return journal.Clash("distribution", d.ID, "提交以后收支有变,%s 年可分配的已不够,差 %s 元;请退回", strconv.Itoa(d.Year), (-left).Grouped())
	}
	if d.Fund != "" {
		return nil
	}
	counts := plan.Distribution.InForce // what another plan gives back counts when it is sure
	if d.Interim {
		counts = plan.Distribution.Committed // or would be free again
	}
	return checkPatronage(c, d, d.Totals, d.Due, left, counts)
}

func (e *ApproveDistribution) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.State = plan.Approved
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Approved})
	countIn(a, d)
	plan.Keep(a, d)
}

// VoidDistribution gives up a plan of which nothing has been paid and nothing lies with a bank.
type VoidDistribution struct {
	Distribution string `cbor:"1,keyasint" json:"distribution"`
	Reason       string `cbor:"2,keyasint" json:"reason"`
	// Dropped are the entries that corrected the plan: of what was never kept nothing is deducted or added any more.
	Dropped []uint64 `cbor:"3,keyasint,omitempty" json:"-"`
	Seen    int      `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&VoidDistribution{}, journal.Kind{
	Label: "作废分红", Roles: []journal.Role{journal.Accountant},
	Note: "没有付过、没有报盘的才能作废 / while nothing is paid or sent",
})

// Place is the entity's village.
func (e *VoidDistribution) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *VoidDistribution) Subject() string { return e.Distribution }

func (e *VoidDistribution) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Draft, plan.Returned, plan.Submitted, plan.Approved)
	if err == nil && d.PaidCount+d.SentCount > 0 {
		err = journal.Clash("distribution", d.ID, "已付 %s 笔、报盘 %s 笔,不能作废;请先冲销付款、撤回批次", strconv.Itoa(d.PaidCount), strconv.Itoa(d.SentCount))
	}
	if err == nil && d.ReservedCount > 0 {
		err = journal.Clash("distribution", d.ID, "有 %s 笔没人领的转在公积金里,不能作废;请先冲销,转回待付", strconv.Itoa(d.ReservedCount))
	}
	if err == nil && d.Committed() {
		var f journal.Faults
		plan.Guard(c, &f, "distribution", d.ID, plan.Round, d.ID, "")
		err = f.Err()
	}
	if err == nil && d.InForce() {
		err = checkNeeded(c, d)
	}
	if err == nil && e.Reason == "" {
		err = journal.Wrong("reason", "", "请写明作废的原因")
	}
	if err == nil {
		e.Dropped, err = droppable(c, d)
	}
	return err
}

// checkNeeded refuses to give up a plan without which another would no longer keep to the law.
func checkNeeded(c *journal.Checking, d plan.Distribution) error {
	// Another plan may stand only because this one gives back enough by trade; not a first round, which has the sum of this one left for it.
	free := income.StatementIn(c, d.Book, d.Year).Distributable
	for _, other := range plan.DistributionTable.Scan(c, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID == d.ID || !other.InForce() || other.Interim {
			continue
		}
		without := func(o plan.Distribution) bool { return o.ID != d.ID && o.InForce() }
		if err := checkPatronage(c, other, other.Totals, other.Due, free, without); err != nil {
			return journal.Clash("distribution", d.ID, "没有这个方案,%s 按交易量(额)返还的就不够法定的百分之六十;请先作废 %s", other.ID, other.ID)
		}
	}
	return nil
}

func (e *VoidDistribution) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	if d.Committed() {
		takeUp(a, d, -1)
	}
	drop(a, d.Entity, e.Dropped)
	if d.InForce() {
		countOut(a, d)
	}
	d.State = plan.Voided
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.Voided, Reason: e.Reason})
	plan.Keep(a, d)
}
