package server

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/distributions/:place", distributionList),
	get("/distribution/:id", distributionShow),
	post("/distribution/:id/submit", distributionStep("SubmitDistribution")),
	post("/distribution/:id/return", distributionStep("ReturnDistribution")),
	post("/distribution/:id/approve", distributionStep("ApproveDistribution")),
	post("/distribution/:id/void", distributionStep("VoidDistribution")),
	post("/distribution/:id/confirm", distributionStep("ConfirmPayouts")),
	post("/distribution/:id/fail", distributionStep("FailPayouts")),
	post("/distribution/:id/reverse", distributionStep("ReversePayouts")),
	post("/distribution/:id/correct", payoutCorrect),
	post("/distribution/:id/deduct", payoutDeduct),
	post("/distribution/:id/hold", distributionStep("HoldPayouts")),
	post("/distribution/:id/disclose", distributionStep("DiscloseDistribution")),
	post("/distribution/:id/object", distributionStep("RaiseObjection")),
	post("/distribution/:id/answer", distributionStep("AnswerObjection")),
	post("/distribution/:id/close", distributionStep("CloseDistribution")),
)

// planRow is a distribution in a list.
type planRow struct {
	plan.Distribution
	Name string // of the entity
}

func planRows(v *journal.View, plans []plan.Distribution) (rows []planRow) {
	for _, d := range plans {
		name := d.Entity
		if e, err := register.EntityOf(v, d.Entity); err == nil {
			name = e.Name
		}
		rows = append(rows, planRow{d, name})
	}
	return rows
}

// distributionsPage is what the page distributions shows.
type distributionsPage struct {
	Plans  []planRow
	Place  region.Code
	Year   int
	Show   string
	Sum    plan.Sums
	Count  int
	Next   string
	Drafts []register.Entity
}

var _ = page[distributionsPage]("distributions")

func distributionList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	show := r.Query("show")
	return r.show(http.StatusOK, "distributions", "distributions", place, func(v *journal.View, f *frame) (any, error) {
		plans, err := dividend.Distributions(v, place, r.year(), func(d plan.Distribution) bool { return d.Shown(show) })
		if err != nil {
			return nil, err
		}
		var sum plan.Sums
		for _, d := range plans {
			sum = sum.And(d.Sums())
		}
		f.Title = r.say.T("分红")
		body := distributionsPage{Place: place, Year: r.year(), Show: show, Sum: sum, Count: len(plans)}
		plans, body.Next = cutList(plans, r.Query("after"))
		body.Plans = planRows(v, plans)
		if place.Level() == region.Village && r.who.May("DraftDistribution") {
			if body.Drafts, err = r.mayDraft(v, place); err != nil {
				return nil, err
			}
		}
		return body, nil
	})
}

// mayDraft lists the entities of a village that a plan can be drafted for.
func (r *request) mayDraft(v *journal.View, place region.Code) (list []register.Entity, err error) {
	all, _, err := register.Entities(v, place, "", maxLines)
	for _, e := range all {
		may, err := r.may(v, map[string]any{"entity": e.ID}, "DraftDistribution")
		if err != nil {
			return nil, err
		}
		if e.Classes > 0 && may.Can("DraftDistribution") {
			list = append(list, e)
		}
	}
	return list, err
}

func distributionShow(r *request) error {
	return r.showDistribution(http.StatusOK, forms{})
}

// distributionPage is what the page distribution shows.
type distributionPage struct {
	All            *form
	May            acts
	Reveals        bool
	Chosen         *form
	Batches        []dividend.Batch
	Sendable       dividend.Sendable
	Banks          []option
	Papers         int
	Others         []plan.Distribution
	DisclosureDays int
	Disclosing     bool
	D              plan.Distribution
	E              register.Entity
	S              income.Statement
	Parts          []planPart
	Forms          forms
	Show           string
	Open           string
	Steps          []stepView
	Today          journal.Date
	Q              string
	Totals         []plan.ComponentTotal
	Due            money.Yuan
	Kept           money.Yuan // what falls on the collective's own shares, and stays in the book
	Holders        int
	Problem        *journal.Error
	Preview        bool
	Lines          []planLine
	Next           string
	Corrections    []correctionLine // of this plan, and those of earlier ones that it takes up
	Free           money.Yuan       // what may still be given out, of the year's gain or of the fund
	Cooperative    bool             // whether what is due may become members' capital
	Before         beforeReview
	Reserves       bool // whether what nobody comes for may go to a reserve
	Charged        bool // whether less is paid than is due
	Tax, Deducted  money.Yuan
	Deductions     []deductionLine    // of a draft
	Evidence       *dividend.Evidence // of a plan that waits for review
	Returned       *versionView       // the version that was returned last, beside a plan that waits again
	Seen           *versionView       // the version that somebody decided about who had not seen this one
	DueNow         money.Yuan         // what a payment of all that is due comes to
}

// Net is what is paid of what is due.
func (p distributionPage) Net() money.Yuan { return p.Due - p.Tax - p.Deducted }

var _ = page[distributionPage]("distribution")

// showDistribution shows a plan as far as it has come, with a form that was refused, where one was.
func (r *request) showDistribution(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "distribution", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		d, err := dividend.Distribution(v, id)
		if err != nil {
			return nil, err
		}
		e, err := register.EntityOf(v, d.Entity)
		if err != nil {
			return nil, err
		}
		s, err := income.StatementOf(v, d.Book, d.Year)
		if err != nil {
			return nil, err
		}
		parts, err := partsOf(v, d)
		if err != nil {
			return nil, err
		}
		for _, kind := range []string{"MakeBatch", "RaiseObjection", "CorrectPayout"} {
			typed.start(kind, "date", string(v.Today()))
		}
		all, chosen := newForm("date", string(v.Today())),
			typed.Of("ConfirmPayouts", "FailPayouts", "HoldPayouts", "ReversePayouts", "ReserveUnclaimed")
		if chosen.Get("all") != "" {
			all, chosen = chosen, newForm()
		}
		may, err := r.mayPlan(v, d)
		if err != nil {
			return nil, err
		}
		body := distributionPage{
			All: all, May: may, Reveals: r.who.May("RevealNumbers"), Chosen: chosen, DisclosureDays: d.Days, Disclosing: d.OnDisplay(v.Today()),
			D: d, E: e, S: s, Parts: parts, Forms: typed, Show: r.Query("show"), Open: r.Query("open"), Steps: stepsOf(v, d), Today: v.Today(),
			Q: r.Query("q"), Cooperative: e.Kind == register.SpecialisedCooperative,
			Reserves: e.Kind.Collective() || e.Kind == register.SpecialisedCooperative,
		}
		if err := r.aroundPlan(v, &body); err != nil {
			return nil, err
		}
		if err := r.planBody(v, d, &body); err != nil {
			return nil, err
		}
		typed.start("SubmitDistribution", "resolution", resolution.Said(v, d.Resolution))
		typed.start("LayOpen", "from", string(v.Today()))
		typed.see(strconv.FormatUint(d.LastStep(), 10), "SubmitDistribution", "LayOpen", "ReturnDistribution", "ApproveDistribution",
			"VoidDistribution",
			"DiscloseDistribution")
		if err := r.review(v, &body); err != nil {
			return nil, err
		}
		if body.Before, err = r.beforeReviewOf(v, e, &body); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s %s 年%s", e.Name, strconv.Itoa(d.Year), d.Called())
		return body, nil
	})
}

// aroundPlan adds what stands around a plan: how it is being paid, its papers, the year's other plans, what was corrected and is deducted,
// what may still be given out.
func (r *request) aroundPlan(v *journal.View, body *distributionPage) (err error) {
	d := body.D
	if body.Batches, err = dividend.Batches(v, d.ID); err != nil {
		return err
	}
	if body.Sendable, err = dividend.SendableOf(v, d.ID); err != nil {
		return err
	}
	body.Banks = r.bankOptions(body.Sendable)
	papers, err := paper.PapersOf(v, d.ID)
	if err != nil {
		return err
	}
	body.Papers = len(papers)
	if body.Others, err = dividend.Distributions(v, d.Village(), d.Year, func(o plan.Distribution) bool {
		return o.Entity == d.Entity && o.ID != d.ID && o.InForce()
	}); err != nil {
		return err
	}
	if body.Corrections, err = correctionsOf(v, d); err != nil {
		return err
	}
	if d.Totals == nil {
		if body.Deductions, err = deductionsOf(v, d); err != nil {
			return err
		}
	}
	body.Free, err = dividend.Free(v, d)
	return err
}

// bankOptions are the ways in which payouts can go to banks.
func (r *request) bankOptions(can dividend.Sendable) (list []option) {
	all := 0
	for _, bank := range can.Banks {
		o := option{Value: bank, Label: bank + " " + strconv.Itoa(can.Count[bank])}
		if bank == "" {
			o = option{Value: unnamedBank, Label: r.say.T("没写开户行") + " " + strconv.Itoa(can.Count[bank])}
		}
		list, all = append(list, o), all+can.Count[bank]
	}
	if len(list) > 1 {
		list = append([]option{
			{Value: eachBank, Label: r.say.T("每家银行一个文件(%s 个)", strconv.Itoa(len(list)))},
			{Value: oneFile, Label: r.say.T("合成一个文件(%s 笔)", strconv.Itoa(all))},
		}, list...)
	}
	return list
}

// stepView is one step of a plan's life as it is drawn.
type stepView struct {
	Label  journal.Label
	State  string // done, now or ""
	Note   string
	By     string
	Entry  uint64
	Chain  string
	Reason string
}

// stepsOf draws the life of a plan: what has happened, and what is still to come.
func stepsOf(v *journal.View, d plan.Distribution) (list []stepView) {
	for _, s := range d.Steps {
		step := stepView{Label: s.Label(), State: "done", Note: s.Time().Format("2006-01-02"), By: v.By(s.Stamp), Entry: s.Entry,
			Chain: d.Village().Chain(), Reason: s.Reason}
		if s.State == plan.Disclosed {
			if step.Reason = string(d.From); d.Until > d.From {
				step.Reason += "–" + string(d.Until)
			}
		}
		list = append(list, step)
	}
	stage := d.Stage()
	paid := fmt.Sprintf("%d/%d", d.PaidCount, d.Holders)
	if stage.Paid {
		list = append(list, stepView{Label: plan.Payment, State: "done", Note: paid})
	}
	for i, label := range stage.Ahead {
		step := stepView{Label: label}
		if i == 0 {
			step.State = "now"
		}
		if label == plan.Payment && step.State == "now" {
			step.Note = paid
		}
		list = append(list, step)
	}
	return list
}

// distributionStep posts one step of a plan's life, or marks payouts.
func distributionStep(kind string) handler {
	k, _ := journal.KindNamed(kind)
	fields := k.Fields()
	return func(r *request) error {
		values, err := r.form()
		if err != nil {
			return err
		}
		f := map[string]any{"distribution": r.Param("id")}
		for _, field := range fields {
			switch name := field.Name; {
			case name == "holders":
				var list []any
				for _, h := range values["holders"] {
					list = append(list, h)
				}
				f[name] = list
			case name != "distribution" && values.Has(name):
				f[name] = values.Get(name)
			}
		}
		return r.change(change{
			kind: kind, fields: f, names: []string{"from", "reason", "by", "date", "text", "holders", "resolution"}, show: r.showDistribution,
			to: "/distribution/" + r.Param("id"), done: stepDone[kind],
		})
	}
}

// payoutDeduct deducts a sum from what a draft is to pay somebody, who is named as people know them.
func payoutDeduct(r *request) error {
	return r.aboutPayout("DeductPayout", "deducted", "who", "amount", "reason")
}

// payoutCorrect puts right what a paid plan gave somebody, who is named as people know them.
func payoutCorrect(r *request) error {
	return r.aboutPayout("CorrectPayout", "corrected", "who", "right", "date", "reason")
}

// aboutPayout posts what concerns one holder's payout, who is named as people know them.
func (r *request) aboutPayout(kind, done string, names ...string) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	c := change{kind: kind, names: names, back: map[string]string{"holder": "who"}, show: r.showDistribution, to: "/distribution/" + id,
		done:   done,
		fields: map[string]any{"distribution": id}}
	for _, name := range names[1:] {
		c.fields[name] = values.Get(name)
	}
	holders, faults := r.person(placeOf(id), values.Get("who"), "who")
	if len(faults) > 0 {
		return r.refuse(c, values, faults)
	}
	if len(holders) > 0 {
		c.fields["holder"] = holders[0]
	}
	return r.change(c)
}

var stepDone = map[string]string{
	"LayOpen": "laid-open", "ReserveUnclaimed": "reserved",
	"SubmitDistribution": "submitted", "ReturnDistribution": "returned", "ApproveDistribution": "approved", "VoidDistribution": "voided",
	"DiscloseDistribution": "disclosed", "RaiseObjection": "objected", "AnswerObjection": "answered", "CloseDistribution": "plan-closed",
	"HoldPayouts":    "held",
	"ReleasePayout":  "held-released",
	"ConfirmPayouts": "confirmed", "FailPayouts": "failed", "ReversePayouts": "taken-back",
}
