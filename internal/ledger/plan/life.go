package plan

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Stage is a line of the table of a distribution's life: where it stands, what may be done there, and who has to do something. Steps, the
// work list, buttons and labels read it.
type Stage struct {
	is    func(Distribution) bool
	Label journal.Label
	Tone  string          // the colour of the label, whose word says the same: info, wait, good, bad or none
	Who   journal.Role    // who has to do something, "" where nobody has
	Do    journal.Label   // what
	Acts  []string        // the kinds of entries that belong here, for whom their kinds say; the ledger may refuse one for other reasons
	Ahead []journal.Label // the steps still to come, the next one first
	Paid  bool            // whether payment is behind it
}

// Payment is the step that takes its time: it is told with how many have been paid.
const Payment journal.Label = "发放"

// The steps ahead of a plan that has not been approved.
var (
	toSubmit  = []journal.Label{"提交", "审核", "公示", Payment, "办结"}
	toApprove = toSubmit[1:]
	toDisplay = toSubmit[2:]
	toPay     = toSubmit[3:]
	toClose   = toSubmit[4:]
)

// What may be done about payouts while some are due, and at any time after.
var paying = []string{
	"RaiseObjection", "AnswerObjection", "ConfirmPayouts", "FailPayouts", "HoldPayouts", "ReleasePayout", "MakeBatch", "ReversePayouts",
	"ReserveUnclaimed", "VoidDistribution", "CorrectPayout",
}

// life is the table, from the top: the first line that fits says where a distribution stands.
var life = []Stage{
	{
		is: func(d Distribution) bool {
			return d.State == Draft && d.Open != nil && d.Open.Entry > d.Drafted().Entry
		},
		Label: "会前公开", Tone: "info", Who: journal.Accountant, Do: "开会通过后写明决议,提交", Ahead: toSubmit,
		Acts: []string{"ReviseDistribution", "DeductPayout", "SubmitDistribution", "VoidDistribution"},
	},
	{
		is: in(Draft), Label: "草稿", Tone: "info", Who: journal.Accountant, Do: "核对每户金额后提交", Ahead: toSubmit,
		Acts: []string{"ReviseDistribution", "DeductPayout", "LayOpen", "SubmitDistribution", "VoidDistribution"},
	},
	{
		is: in(Submitted), Label: "待审核", Tone: "wait", Who: journal.Reviewer, Do: "请审核", Ahead: toApprove,
		Acts: []string{"ApproveDistribution", "ReturnDistribution", "VoidDistribution"},
	},
	{
		is: in(Returned), Label: "已退回", Tone: "bad", Who: journal.Accountant, Do: "按退回的原因修改", Ahead: toSubmit,
		Acts: []string{"ReviseDistribution", "DeductPayout", "VoidDistribution"},
	},
	{is: in(Voided), Label: "已作废", Acts: []string{"DraftDistribution"}},
	{
		is: func(d Distribution) bool { return d.State == Closed && d.ReservedCount > 0 }, Label: "已办结", Tone: "good",
		Acts: []string{"ConfirmPayouts", "ReversePayouts", "DraftDistribution", "CorrectPayout"},
	},
	{is: in(Closed), Label: "已办结", Tone: "good", Acts: []string{"ReversePayouts", "DraftDistribution", "CorrectPayout"}},
	{
		is:    func(d Distribution) bool { return d.From == "" && d.FailCount > 0 }, // before display was asked for
		Label: "发放中", Tone: "bad", Who: journal.Accountant, Do: "有付款失败的户", Ahead: toDisplay, Acts: []string{"DiscloseDistribution"},
	},
	{
		is:    func(d Distribution) bool { return d.FailCount > 0 },
		Label: "发放中", Tone: "bad", Who: journal.Accountant, Do: "有付款失败的户", Ahead: toPay, Acts: paying,
	},
	{
		is:    func(d Distribution) bool { return d.From == "" && d.PaidCount+d.SentCount > 0 && !d.Settled() }, // before display was asked for
		Label: "发放中", Tone: "wait", Who: journal.Accountant, Do: "请公示", Ahead: toDisplay, Acts: []string{"DiscloseDistribution"},
	},
	{
		is:    func(d Distribution) bool { return d.From == "" && d.Settled() },
		Label: "结清", Tone: "good", Who: journal.Accountant, Do: "请公示", Ahead: toDisplay,
		Acts: []string{"DiscloseDistribution", "CloseDistribution"},
	},
	{
		is:    func(d Distribution) bool { return d.From == "" },
		Label: "待公示", Tone: "wait", Who: journal.Accountant, Do: "请公示", Ahead: toDisplay,
		Acts: []string{"DiscloseDistribution", "VoidDistribution"},
	},
	{
		is: Distribution.Settled, Label: "结清", Tone: "good", Who: journal.Accountant, Do: "已付清,请办结", Ahead: toClose, Paid: true,
		Acts: append([]string{"CloseDistribution"}, paying...),
	},
	{
		is:    func(d Distribution) bool { return d.PaidCount+d.SentCount > 0 },
		Label: "发放中", Tone: "wait", Who: journal.Accountant, Do: "还有待付的户", Ahead: toPay, Acts: paying,
	},
	{
		is:    func(Distribution) bool { return true },
		Label: "已公示,待发放", Tone: "wait", Who: journal.Accountant, Do: "还有待付的户", Ahead: toPay, Acts: paying,
	},
}

// objected is what waits where somebody has objected: the accountant answers, and the reviewer sees that it is done.
var objected = Stage{Label: "有异议", Tone: "bad", Do: "有异议没有答复"}

// answerDue tells whether an objection waits for an answer that can still be given.
func (d Distribution) answerDue() bool { return d.Unanswered() > 0 && d.Answerable() }

// Tasks are what waits for a role about the distribution.
func (d Distribution) Tasks(role journal.Role) (list []Stage) {
	if stage := d.Stage(); stage.Who == role {
		list = append(list, stage)
	}
	if d.answerDue() && HasTasks(role) {
		list = append(list, objected)
	}
	return list
}

// Acts are the kinds of entries that may be posted about the distribution where it stands: an answer, too, where somebody has objected
// before it is paid.
func (d Distribution) Acts() []string {
	const answer = "AnswerObjection"
	acts := d.Stage().Acts
	if d.answerDue() && !slices.Contains(acts, answer) {
		acts = append(slices.Clone(acts), answer)
	}
	return acts
}

// HasTasks tells whether a role ever has to do something about a distribution.
func HasTasks(role journal.Role) bool {
	return slices.ContainsFunc(life, func(s Stage) bool { return s.Who == role })
}

func in(s State) func(Distribution) bool { return func(d Distribution) bool { return d.State == s } }

// Stage is where the distribution stands.
func (d Distribution) Stage() Stage {
	for _, s := range life {
		if s.is(d) {
			return s
		}
	}
	panic("the last line of the table fits everything")
}

// Label names where the distribution stands, in Chinese.
func (d Distribution) Label() journal.Label { return d.Stage().Label }

// Tone is the colour of where it stands.
func (d Distribution) Tone() string { return d.Stage().Tone }

// Steps that are no states of their own.
const (
	LaidOpenStep State = "laid_open" // before the meeting
	Disclosed    State = "disclosed"
	Reopened     State = "reopened" // a payment was reversed after the plan had been closed
)

// done is what each step is called once it has been taken.
var done = map[State]journal.Label{
	Draft: "草稿", LaidOpenStep: "会前公开", Submitted: "已提交", Returned: "已退回", Approved: "已审核", Voided: "已作废", Disclosed: "公示", Closed: "办结",
	Reopened: "重新发放",
}

// Label names the step once it has been taken, in Chinese.
func (s Step) Label() journal.Label { return done[s.State] }
