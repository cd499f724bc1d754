package server

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// planRow is a distribution in a list.
type planRow struct {
	ledger.Distribution
	Name string // of the entity
	Tone string
}

func planRows(v *ledger.View, plans []ledger.Distribution) (rows []planRow) {
	for _, d := range plans {
		name := d.Entity
		if e, err := v.Entity(d.Entity); err == nil {
			name = e.Name
		}
		rows = append(rows, planRow{d, name, toneOf(d)})
	}
	return rows
}

func distributionList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	show := r.Query("show")
	return r.show(http.StatusOK, "distributions", "distributions", place, func(v *ledger.View, f *frame) (any, error) {
		plans, err := v.Distributions(place, r.year(), func(d ledger.Distribution) bool {
			switch show {
			case "approved":
				return d.InForce()
			case "failed":
				return d.FailCount > 0
			case "waiting":
				return d.State == ledger.Submitted
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		var sum ledger.Summary
		for _, d := range plans {
			if d.InForce() {
				sum.Held, sum.HeldCount = sum.Held+d.Held, sum.HeldCount+d.HeldCount
				sum.Due, sum.Paid, sum.Failed = sum.Due+d.Due, sum.Paid+d.Paid, sum.Failed+d.Failed
				sum.DueCount, sum.PaidCount, sum.FailCount = sum.DueCount+d.Holders, sum.PaidCount+d.PaidCount, sum.FailCount+d.FailCount
			}
		}
		f.Title = r.say.T("分红")
		body := map[string]any{"Plans": planRows(v, plans), "Place": place, "Year": r.year(), "Show": show, "Sum": sum, "Write": r.writes(place)}
		if r.writes(place) {
			if body["Entities"], _, err = v.Entities(place, "", maxLines); err != nil {
				return nil, err
			}
		}
		return body, nil
	})
}

func distributionForm(r *request) error { return r.showDistributionForm(http.StatusOK, nil) }

// showDistributionForm shows the form of a new plan for an entity.
func (r *request) showDistributionForm(code int, f *form) error {
	return r.showPlanForm(code, r.Param("id"), nil, f)
}

// showPlanForm shows a plan's form: of a new one for an entity, or of one to revise.
func (r *request) showPlanForm(code int, entity string, d *ledger.Distribution, f *form) error {
	return r.show(code, "distribution_edit", "distributions", placeOf(entity), func(v *ledger.View, fr *frame) (any, error) {
		e, err := v.Entity(entity)
		if err != nil {
			return nil, err
		}
		if !r.writes(e.Village()) {
			return nil, &ledger.Error{Code: ledger.Forbidden, Text: "只有本村会计能起草分红"}
		}
		classes, err := v.ShareClasses(entity)
		if err != nil {
			return nil, err
		}
		choices := []option{{Value: "", Label: r.say.T("全部股份(或不按股份)")}}
		for _, c := range classes {
			choices = append(choices, option{Value: c.ID, Label: r.say.T("%s(共 %s %s)", c.Name, c.Issued.Grouped(), c.Unit.Label())})
		}
		if f == nil {
			f = startPlan(v, e, classes, d)
		}
		year, _ := strconv.Atoi(f.Get("year"))
		s, err := v.Statement(e.Book(), year)
		if ledger.CodeOf(err) == ledger.Invalid && err != nil { // the fault stands at the field; the figures are the latest year's
			s, err = v.Statement(e.Book(), v.LatestYear(e.Village()))
		}
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s 分红方案", e.Name)
		rows := max(len(classes), 2)
		for f.Values.Has("class." + strconv.Itoa(rows)) {
			rows++
		}
		return map[string]any{
			"E": e, "Form": f, "S": s, "Classes": choices, "Rows": count(rows + 1), "D": d,
			"Rules": r.ruleOptions(), "Measures": []option{{Value: "amount", Label: r.say.T("交易额")}, {Value: "volume", Label: r.say.T("交易量")}}, "Cooperative": e.Kind == ledger.SpecialisedCooperative,
		}, nil
	})
}

// ruleOptions are the ways to divide, with what the sum means in each.
func (r *request) ruleOptions() []option {
	return []option{
		{Value: string(ledger.RatePerUnit), Label: r.say.T("定额:每股(亩)多少元")},
		{Value: string(ledger.PoolOver), Label: r.say.T("资金池:总额按股分")},
		{Value: string(ledger.Guarantee), Label: r.say.T("保底:每股(亩)多少元")},
		{Value: string(ledger.GuaranteePercent), Label: r.say.T("保底:入股额的百分之几")},
		{Value: string(ledger.Excess), Label: r.say.T("超出保底的部分,按比例分成")},
		{Value: string(ledger.Patronage), Label: r.say.T("按交易量(额)返还:总额")},
		{Value: string(ledger.ByAccount), Label: r.say.T("按成员账户份额分:总额")},
		{Value: string(ledger.FixedSum), Label: r.say.T("每户定额:选定的户每户多少元")},
	}
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// startPlan fills a plan's form: with the plan to revise, or with the last year's end and every class.
func startPlan(v *ledger.View, e ledger.Entity, classes []ledger.ShareClass, d *ledger.Distribution) *form {
	if d == nil {
		year := v.Today().Year()
		if years := v.Years(e.Book()); len(years) > 0 {
			year = years[len(years)-1]
		}
		f := newForm("year", strconv.Itoa(year), "record_date", string(min(ledger.Date(strconv.Itoa(year)+"-12-31"), v.Today())))
		for i, c := range classes {
			f.Values.Set("class."+strconv.Itoa(i), c.ID)
		}
		return f
	}
	f := newForm("year", strconv.Itoa(d.Year), "record_date", string(d.RecordDate), "resolution", d.Resolution)
	for i, c := range d.Components {
		at := "." + strconv.Itoa(i)
		f.Values.Set("class"+at, c.Class)
		f.Values.Set("rule"+at, string(c.Rule))
		rate := func(name string, n money.Rate) {
			if text, _ := n.MarshalText(); n != 0 {
				f.Values.Set(name+at, string(text))
			}
		}
		rate("sum", c.Rate)
		if c.Pool != 0 {
			f.Values.Set("sum"+at, c.Pool.String())
		}
		rate("members", c.Members)
		rate("collective", c.Collective)
		rate("managers", c.Managers)
		for name, text := range map[string]string{"mark": c.Mark, "measure": string(c.Measure), "recipients": strings.Join(c.Holders, "、"), "to_collective": c.ToCollective, "to_managers": strings.Join(c.ToManagers, "、")} {
			f.Values.Set(name+at, text)
		}
		if c.Days {
			f.Values.Set("days"+at, "true")
		}
	}
	if d.CarryOdd {
		f.Values.Set("carry_odd", "true")
	}
	if d.Interim {
		f.Values.Set("interim", "true")
	}
	return f
}

// planFields turns a plan's form into the fields of its entry. A row without a sum is left out; back leads from the entry's
// fields to the form's. People are named as they are known: by certificate, ID number or full name.
func (r *request) planFields(village region.Code, values url.Values) (f map[string]any, back map[string]string, err error) {
	f = map[string]any{"record_date": values.Get("record_date"), "resolution": values.Get("resolution"), "carry_odd": values.Get("carry_odd"), "interim": values.Get("interim")}
	back = map[string]string{"record_date": "record_date", "resolution": "resolution", "year": "year", "components": "sum.0"}
	parts := []any{}
	var faults ledger.Faults
	for i := 0; values.Has("class." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		rule, sum := ledger.Rule(values.Get("rule"+at)), strings.TrimSpace(values.Get("sum"+at))
		if sum == "" && (rule != ledger.Excess || values.Get("members"+at)+values.Get("collective"+at)+values.Get("managers"+at) == "") {
			continue
		}
		part := map[string]any{"class": values.Get("class" + at), "rule": string(rule), "days": values.Get("days" + at), "mark": values.Get("mark" + at), "measure": values.Get("measure" + at)}
		switch rule {
		case ledger.PoolOver, ledger.Excess, ledger.Patronage, ledger.ByAccount:
			part["pool"] = sum
		default:
			part["rate"] = sum
		}
		if rule == ledger.Excess {
			for _, name := range []string{"members", "collective", "managers"} {
				part[name] = values.Get(name + at)
			}
		}
		to := "components." + strconv.Itoa(len(parts)) + "."
		for _, name := range []string{"recipients", "to_collective", "to_managers"} {
			find := r.people
			if name == "to_collective" {
				find = r.person
			}
			ids, wrong := find(village, values.Get(name+at), name+at)
			faults = append(faults, wrong...)
			if part[name] = ids; name == "to_collective" && len(ids) > 0 {
				part[name] = ids[0]
			} else if name == "to_collective" {
				part[name] = ""
			}
			for k := range ids {
				back[to+name+"."+strconv.Itoa(k)] = name + at
			}
			back[to+name] = name + at
		}
		back[to+"class"], back[to+"rule"], back[to+"rate"], back[to+"pool"] = "class"+at, "rule"+at, "sum"+at, "sum"+at
		for _, name := range []string{"mark", "measure", "members", "collective", "managers"} {
			back[to+name] = name + at
		}
		parts = append(parts, part)
	}
	f["components"] = parts
	if len(faults) > 0 {
		return nil, back, faults
	}
	return f, back, nil
}

// gone tells whether a refusal says that what the page itself is about is not there; other things that are not found are faults of the form.
func gone(err error, field string) bool {
	all := ledger.All(err)
	return len(all) > 0 && all[0].Code == ledger.NotFound && all[0].Field == field
}

// person finds the one shareholder that a field names, nobody where it is empty.
func (r *request) person(village region.Code, text, field string) (ids []any, faults ledger.Faults) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var id string
	err := r.s.ledger.Read(r.who, func(v *ledger.View) (err error) {
		id, err = v.ResolveHolder(village, text)
		return err
	})
	if err != nil {
		for _, e := range ledger.All(err) {
			e.Field = field
			faults = append(faults, e)
		}
		return nil, faults
	}
	return []any{id}, nil
}

// people finds the shareholders that a field names, one behind the other.
func (r *request) people(village region.Code, text, field string) (ids []any, faults ledger.Faults) {
	for _, who := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("、,,;;\n", c) }) {
		found, wrong := r.person(village, who, field)
		ids, faults = append(ids, found...), append(faults, wrong...)
	}
	return ids, faults
}

// backToForm renames the fields of refusals to those of the form.
func backToForm(err error, back map[string]string) error {
	all := ledger.All(err)
	for _, e := range all {
		if name, ok := back[e.Field]; ok {
			e.Field = name
		}
	}
	return all
}

func distributionDraft(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f, back, err := r.planFields(placeOf(r.Param("id")), values)
	var receipt ledger.Receipt
	if err == nil {
		f["entity"], f["year"] = r.Param("id"), values.Get("year")
		receipt, err = r.post("DraftDistribution", f, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) || gone(err, "entity") {
			return err
		}
		return r.showDistributionForm(status[ledger.CodeOf(err)], again(values, backToForm(err, back), slices.Collect(maps.Values(back))...))
	}
	return r.done("/distribution/"+receipt.IDs[0], "drafted")
}

func distributionReviseForm(r *request) error { return r.showRevise(http.StatusOK, nil) }

func (r *request) showRevise(code int, f *form) error {
	var d ledger.Distribution
	if err := r.s.ledger.Read(r.who, func(v *ledger.View) (err error) {
		d, err = v.Distribution(r.Param("id"))
		return err
	}); err != nil {
		return err
	}
	return r.showPlanForm(code, d.Entity, &d, f)
}

func distributionRevise(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f, back, err := r.planFields(placeOf(r.Param("id")), values)
	if err == nil {
		f["distribution"] = r.Param("id")
		_, err = r.post("ReviseDistribution", f, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) || gone(err, "distribution") {
			return err
		}
		return r.showRevise(status[ledger.CodeOf(err)], again(values, backToForm(err, back), slices.Collect(maps.Values(back))...))
	}
	return r.done("/distribution/"+r.Param("id"), "revised")
}

func distributionShow(r *request) error {
	return r.showDistribution(http.StatusOK, newForm("date", string(ledger.DateOf(r.now()))))
}

// planLine is one holder's line of a plan: frozen as a payout, or worked out from the register for a draft.
type planLine struct {
	Holder ledger.Shareholder
	Card   string
	ledger.Payout
	From string                  // the name of whom it is inherited from
	Year []ledger.ReceivedPayout // when the line is open: what the year's other distributions of the entity gave
	Why  []ledger.Explanation    // when the line is open
}

func (r *request) showDistribution(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "distribution", "distributions", placeOf(id), func(v *ledger.View, fr *frame) (any, error) {
		d, err := v.Distribution(id)
		if err != nil {
			return nil, err
		}
		e, err := v.Entity(d.Entity)
		if err != nil {
			return nil, err
		}
		s, err := v.Statement(d.Book, d.Year)
		if err != nil {
			return nil, err
		}
		parts, err := partsOf(v, d)
		if err != nil {
			return nil, err
		}
		batches, err := v.Batches(id)
		if err != nil {
			return nil, err
		}
		banks, waiting, err := v.BanksOf(id)
		if err != nil {
			return nil, err
		}
		papers, err := v.PapersOf(id)
		if err != nil {
			return nil, err
		}
		others, err := v.Distributions(d.Village(), d.Year, func(o ledger.Distribution) bool { return o.Entity == d.Entity && o.ID != d.ID && o.InForce() })
		if err != nil {
			return nil, err
		}
		body := map[string]any{
			"Batches": batches, "Banks": banks, "Waiting": waiting, "Papers": len(papers), "Others": others, "DisclosureDays": e.DisclosureFor(), "Disclosing": d.From != "" && v.Today() <= d.Until,
			"D": d, "E": e, "S": s, "Tone": toneOf(d), "Parts": parts, "Form": f, "Show": r.Query("show"), "Open": r.Query("open"), "Steps": stepsOf(d),
			"Enter": r.writes(d.Village()), "Review": r.who.Role == ledger.Reviewer, "Today": v.Today(), "Q": r.Query("q"),
		}
		if err := r.planBody(v, d, body); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s %s 年分红", e.Name, strconv.Itoa(d.Year))
		return body, nil
	})
}

// planPart is one component of a plan as a page shows it.
type planPart struct {
	ledger.Component
	Text  *ledger.Error // its rule in words
	Head  string        // over its column
	Unit  ledger.Label
	Total *ledger.ComponentTotal
}

func partsOf(v *ledger.View, d ledger.Distribution) (list []planPart, err error) {
	for i, c := range d.Components {
		p := planPart{Component: c, Text: &ledger.Error{}}
		class := ledger.ShareClass{Name: "", Unit: ledger.ShareUnit}
		if c.Class != "" {
			if class, err = v.ShareClass(c.Class); err != nil {
				return nil, err
			}
		}
		p.Text, p.Head, p.Unit = c.InWords(class), class.Name, class.Unit.Label()
		if d.Totals != nil {
			p.Total = &d.Totals[i]
		}
		list = append(list, p)
	}
	return list, nil
}

// planBody adds the lines of a plan, a page of them, and its sums. A draft whose figures cannot be worked out says why.
func (r *request) planBody(v *ledger.View, d ledger.Distribution, body map[string]any) error {
	var lines []planLine
	var next string
	body["Totals"], body["Due"], body["Holders"] = d.Totals, d.Due, d.Holders
	if d.Totals == nil && d.State != ledger.Voided {
		figures, totals, due, err := v.Preview(d)
		if all := ledger.All(err); len(all) > 0 {
			body["Problem"] = all[0]
			return nil
		}
		if err != nil {
			return err
		}
		body["Totals"], body["Due"], body["Holders"], body["Preview"] = totals, due, len(figures), true
		from, _ := slices.BinarySearchFunc(figures, r.Query("after")+"\x00", func(f ledger.Figure, k string) int { return strings.Compare(f.Holder, k) })
		for _, f := range figures[from:] {
			if len(lines) == pageSize {
				next = lines[pageSize-1].Payout.Holder
				break
			}
			lines = append(lines, planLine{Payout: ledger.Payout{Holder: f.Holder, Parts: f.Parts, Due: f.Due()}})
		}
	} else {
		show := r.Query("show")
		list, after, err := v.Payouts(d.ID, r.Query("after"), pageSize, func(p ledger.Payout) bool {
			switch show {
			case "paid", "failed", "sent", "held":
				return string(p.State) == show
			case "due":
				return p.State == ledger.Due
			}
			return true
		})
		if err != nil {
			return err
		}
		next = after
		for _, p := range list {
			lines = append(lines, planLine{Payout: p})
		}
	}
	for i := range lines {
		l := &lines[i]
		s, err := v.ShareholderOf(d, l.Payout.Holder)
		if err != nil {
			return err
		}
		l.Holder, l.Card = s, v.Masked(s).Card
		if l.Payout.From != "" {
			from, err := v.ShareholderOf(d, l.Payout.From)
			if err != nil {
				return err
			}
			l.From = from.Name
		}
		if l.Payout.Holder == r.Query("open") && l.Payout.From == "" {
			if l.Why, err = v.Explain(d, l.Payout.Holder); err != nil {
				return err
			}
			if l.Year, err = v.PaidElse(d, l.Payout.Holder); err != nil {
				return err
			}
		}
	}
	body["Lines"], body["Next"] = lines, next
	return nil
}

// stepView is one step of a plan's life as it is drawn.
type stepView struct {
	Label  ledger.Label
	State  string // done, now or ""
	Note   string
	By     string
	Entry  uint64
	Chain  string
	Reason string
}

// stepsOf draws the life of a plan: what has happened, and what is still to come.
func stepsOf(d ledger.Distribution) (list []stepView) {
	labels := map[ledger.State]ledger.Label{
		ledger.Draft: "草稿", ledger.Submitted: "已提交", ledger.Returned: "已退回", ledger.Approved: "已审核", ledger.Voided: "已作废", "disclosed": "公示", ledger.Closed: "办结", "reopened": "重新发放",
	}
	for _, s := range d.Steps {
		step := stepView{Label: labels[s.State], State: "done", Note: s.Time().Format("2006-01-02"), By: s.By, Entry: s.Entry, Chain: d.Village().Chain(), Reason: s.Reason}
		if s.State == "disclosed" {
			if step.Reason = string(d.From); d.Until > d.From {
				step.Reason += "–" + string(d.Until)
			}
		}
		list = append(list, step)
	}
	ahead := map[ledger.State][]ledger.Label{
		ledger.Draft: {"提交", "审核", "公示", "发放", "办结"}, ledger.Returned: {"提交", "审核", "公示", "发放", "办结"}, ledger.Submitted: {"审核", "公示", "发放", "办结"},
	}[d.State]
	if d.State == ledger.Approved {
		paid := fmt.Sprintf("%d/%d", d.PaidCount, d.Holders)
		if d.From == "" {
			ahead = []ledger.Label{"公示", "发放", "办结"}
		} else if d.Settled() {
			list = append(list, stepView{Label: "发放", State: "done", Note: paid})
			ahead = []ledger.Label{"办结"}
		} else {
			list = append(list, stepView{Label: "发放", State: "now", Note: paid}, stepView{Label: "办结"})
		}
	}
	for i, label := range ahead {
		step := stepView{Label: label}
		if i == 0 {
			step.State = "now"
		}
		list = append(list, step)
	}
	return list
}

// distributionStep posts one step of a plan's life, or marks payouts.
func distributionStep(kind string) handler {
	return func(r *request) error {
		values, err := r.form()
		if err != nil {
			return err
		}
		f := map[string]any{"distribution": r.Param("id")}
		for _, name := range ledger.FieldNames(kind) {
			switch {
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
		if _, err = r.post(kind, f, values.Get(requestKey)); err != nil {
			if !refused(err) || ledger.CodeOf(err) == ledger.NotFound {
				return err
			}
			return r.showDistribution(status[ledger.CodeOf(err)], again(values, err))
		}
		return r.done("/distribution/"+r.Param("id"), stepDone[kind])
	}
}

var stepDone = map[string]string{
	"SubmitDistribution": "submitted", "ReturnDistribution": "returned", "ApproveDistribution": "approved", "VoidDistribution": "voided",
	"DiscloseDistribution": "disclosed", "RaiseObjection": "objected", "AnswerObjection": "answered", "CloseDistribution": "plan-closed", "HoldPayouts": "held",
	"ReleasePayout": "held-released", "MakeBatch": "batched",
	"ConfirmPayouts": "confirmed", "FailPayouts": "failed", "ReversePayouts": "taken-back",
}
