package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/entity/:id/distribute", distributionForm),
	post("/entity/:id/distribute", distributionDraft),
	get("/distribution/:id/revise", distributionReviseForm),
	post("/distribution/:id/revise", distributionRevise),
)

func distributionForm(r *request) error { return r.showDistributionForm(http.StatusOK, nil) }

// showDistributionForm shows the form of a new plan for an entity.
func (r *request) showDistributionForm(code int, f *form) error {
	return r.showPlanForm(code, r.Param("id"), nil, f)
}

// distributionEditPage is what the page distribution_edit shows.
type distributionEditPage struct {
	E           register.Entity
	Form        *form
	S           income.Statement
	Classes     []option
	Rows        []int
	D           *plan.Distribution
	Rules       []option
	Measures    []option
	Cooperative bool
	Products    []dividend.Traded // of the year, to choose from
	// Funds are what may be given out, where a collective has more than a year's gain; Compensation what is left of its land compensation.
	Funds        []option
	Compensation money.Yuan
	TaxGroups    []option
	Fixed        bool // whether fixed sums and managers' parts may be given
}

var _ = page[distributionEditPage]("distribution_edit")

// showPlanForm shows a plan's form: of a new one for an entity, or of one to revise.
func (r *request) showPlanForm(code int, entity string, d *plan.Distribution, f *form) error {
	return r.show(code, "distribution_edit", "distributions", placeOf(entity), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, entity)
		if err != nil {
			return nil, err
		}
		if err := r.must(v, "DraftDistribution", map[string]any{"entity": entity}); err != nil {
			return nil, err
		}
		classes, err := register.ShareClasses(v, entity)
		if err != nil {
			return nil, err
		}
		choices := []option{{Value: "", Label: r.say.T("全部股份(或不按股份)")}}
		for _, c := range classes {
			choices = append(choices, option{Value: c.ID, Label: r.say.T("%s(共 %s %s)", c.Name, c.Issued.Grouped(), c.Unit.Label())})
		}
		if f == nil {
			if f, err = startPlan(v, e, classes, d, r.Query("like")); err != nil {
				return nil, err
			}
			if d != nil {
				f.Seen = strconv.FormatUint(d.LastStep(), 10)
			}
		}
		year, _ := strconv.Atoi(f.Get("year"))
		s, err := income.StatementOf(v, e.Book(), year)
		if journal.CodeOf(err) == journal.Invalid && err != nil { // the fault stands at the field; the figures are the latest year's
			s, err = income.StatementOf(v, e.Book(), report.LatestYear(v, e.Village()))
		}
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s 分红方案", e.Name)
		f.of("DraftDistribution")
		rows := max(len(classes), 2)
		for f.Values.Has("class." + strconv.Itoa(rows)) {
			rows++
		}
		left, err := dividend.Free(v, plan.Distribution{ID: e.ID + "D", Book: e.Book(), Fund: string(income.LandCompensation)})
		if err != nil {
			return nil, err
		}
		products, err := dividend.Products(v, e.ID, s.Year)
		if err != nil {
			return nil, err
		}
		var funds []option
		if d == nil && e.Kind.Collective() {
			funds = []option{{Label: r.say.T("当年收益")}, {Value: string(income.LandCompensation), Label: r.say.T("土地补偿费(另作方案)")}}
		}
		var groups []option
		for _, g := range plan.TaxGroups() {
			groups = append(groups, option{Value: string(g), Label: r.say.T(string(g.Label()))})
		}
		return distributionEditPage{
			TaxGroups: groups,
			Funds:     funds, Compensation: left,
			E: e, Form: f, S: s, Classes: choices, Rows: count(rows + 1), D: d,
			Rules: r.ruleOptions(e, s.Year, left > 0, f), Fixed: left > 0 || !dividend.MembersOnly(e, s.Year),
			Measures:    []option{{Value: "amount", Label: r.say.T("交易额")}, {Value: "volume", Label: r.say.T("交易量")}},
			Cooperative: e.KeepsAccounts(), Products: products,
		}, nil
	})
}

// patronageRate is what the form calls patronage with a rate: the sum means something else.
const patronageRate = "patronage_rate"

// ruleOptions are the ways to divide that the law has for an entity in a year, with what the sum means in each; land compensation may be
// given out by fixed sums.
func (r *request) ruleOptions(e register.Entity, year int, compensation bool, f *form) []option {
	all := []option{
		{Value: string(plan.RatePerUnit), Label: r.say.T("定额:每股(亩)多少元")},
		{Value: string(plan.PoolOver), Label: r.say.T("资金池:总额按股分")},
		{Value: string(plan.Guarantee), Label: r.say.T("保底:每股(亩)多少元")},
		{Value: string(plan.GuaranteePercent), Label: r.say.T("保底:入股额的百分之几")},
		{Value: string(plan.Excess), Label: r.say.T("超出保底的部分,按比例分成")},
		{Value: string(plan.Patronage), Label: r.say.T("按交易量(额)返还:总额")},
		{Value: patronageRate, Label: r.say.T("按交易量返还每单位多少元,按交易额返还百分之几")},
		{Value: string(plan.ByAccount), Label: r.say.T("按成员账户份额分:总额")},
		{Value: string(plan.FixedSum), Label: r.say.T("每户定额:选定的户每户多少元")},
	}
	chosen := func(rule string) bool { // in a plan that is done again, or was typed
		for name := range f.Values {
			if strings.HasPrefix(name, "rule.") && f.Values.Get(name) == rule {
				return true
			}
		}
		return false
	}
	return slices.DeleteFunc(all, func(o option) bool {
		rule := plan.Rule(o.Value)
		if rule == patronageRate {
			rule = plan.Patronage
		}
		return !chosen(o.Value) && !dividend.Offers(e, year, rule) && !(compensation && rule == plan.FixedSum)
	})
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// startPlan fills a plan's form: with the plan to revise, or with the last year's end and either every class or what another plan of the
// entity did.
func startPlan(v *journal.View, e register.Entity, classes []register.ShareClass, d *plan.Distribution, like string) (*form, error) {
	if d != nil {
		return formOf(*d), nil
	}
	year := v.Today().Year()
	if years := income.Years(v, e.Book()); len(years) > 0 {
		year = years[len(years)-1]
	}
	f := newForm()
	if like != "" {
		model, err := dividend.Distribution(v, like)
		if err != nil {
			return nil, err
		}
		if model.Entity != e.ID {
			return nil, errNoPage
		}
		if model.GivenUp() { // it is put right, not done again
			return formOf(model), nil
		}
		again := model
		again.Components = slices.Clone(model.Components)
		for i, c := range again.Components {
			again.Components[i] = c.Later(year - model.Year)
		}
		f = formOf(again)
		f.Values.Del("resolution")
	} else {
		for i, c := range classes {
			f.Values.Set("class."+strconv.Itoa(i), c.ID)
		}
	}
	rate, err := dividend.TaxRateFor(v, e.ID)
	if err != nil {
		return nil, err
	}
	if rate > 0 && like == "" {
		f.Values.Set("tax_rate", rate.String())
	}
	f.Values.Set("year", strconv.Itoa(year))
	f.Values.Set("record_date", string(min(journal.YearEnd(year), v.Today())))
	return f, nil
}

// formOf is the form that a plan could have been typed in.
func formOf(d plan.Distribution) *form {
	f := newForm("year", strconv.Itoa(d.Year), "record_date", string(d.RecordDate), "resolution", d.Resolution)
	for i, c := range d.Components {
		at := "." + strconv.Itoa(i)
		f.Values.Set("class"+at, c.Class)
		if f.Values.Set("rule"+at, string(c.Rule)); c.Rule == plan.Patronage && c.Rate > 0 {
			f.Values.Set("rule"+at, patronageRate)
		}
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
		for name, text := range map[string]string{"mark": c.Mark, "measure": string(c.Measure), "recipients": strings.Join(c.Holders, "、"),
			"product": c.Product, "product_unit": c.Unit, "member_from": string(c.MemberFrom), "member_to": string(c.MemberTo),
			"to_collective": c.ToCollective, "to_managers": strings.Join(c.ToManagers, "、")} {
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
	f.Values.Set("fund_of", d.Fund)
	if w := d.Withholding; w != nil {
		f.Values.Set("tax_rate", w.Rate.String())
		f.Values.Set("tax_of", string(w.Of))
		f.Values.Set("tax_holders", strings.Join(w.Holders, "、"))
		if w.ByPerson {
			f.Values.Set("tax_by_person", "true")
		}
	}
	return f
}

// partFields are the fields of a part of a plan that stand in its form as they are.
var partFields = []string{"days", "mark", "measure", "product", "product_unit", "member_from", "member_to"}

// planFields turns a plan's form into the fields of its entry. A row without a sum is left out; back leads from the entry's
// fields to the form's. People are named as they are known: by certificate, ID number or full name.
func (r *request) planFields(village region.Code, values url.Values) (f map[string]any, back map[string]string, err error) {
	f = map[string]any{"record_date": values.Get("record_date"), "resolution": values.Get("resolution"), "carry_odd": values.Get("carry_odd"),
		"interim": values.Get("interim")}
	for _, name := range []string{"tax_rate", "tax_of", "tax_by_person"} {
		if text := values.Get(name); text != "" { // older forms do not have them
			f[name] = text
		}
	}
	back = map[string]string{"tax_rate": "tax_rate", "tax_of": "tax_of", "tax_holders": "tax_holders", "tax_by_person": "tax_by_person",
		"record_date": "record_date", "resolution": "resolution", "year": "year", "components": "sum.0",
		"fund_of": "fund_of"}
	parts := []any{}
	var faults journal.Faults
	for i := 0; values.Has("class." + strconv.Itoa(i)); i++ {
		at := "." + strconv.Itoa(i)
		rule, sum := plan.Rule(values.Get("rule"+at)), strings.TrimSpace(values.Get("sum"+at))
		if sum == "" && (rule != plan.Excess || values.Get("members"+at)+values.Get("collective"+at)+values.Get("managers"+at) == "") {
			continue
		}
		part := map[string]any{"class": values.Get("class" + at), "rule": string(rule)}
		for _, name := range partFields {
			part[name], back["components."+strconv.Itoa(len(parts))+"."+name] = values.Get(name+at), name+at
		}
		switch rule {
		case patronageRate:
			part["rule"], part["rate"] = string(plan.Patronage), sum
		case plan.PoolOver, plan.Excess, plan.Patronage, plan.ByAccount:
			part["pool"] = sum
		default:
			part["rate"] = sum
		}
		if rule == plan.Excess {
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
		for _, name := range []string{"members", "collective", "managers"} {
			back[to+name] = name + at
		}
		parts = append(parts, part)
	}
	f["components"] = parts
	taxed, wrong := r.people(village, values.Get("tax_holders"), "tax_holders")
	if faults = append(faults, wrong...); len(taxed) > 0 {
		f["tax_holders"] = taxed
	}
	for k := range taxed {
		back["tax_holders."+strconv.Itoa(k)] = "tax_holders"
	}
	if len(faults) > 0 {
		return nil, back, faults
	}
	return f, back, nil
}

// gone tells whether a refusal says that what the page itself is about is not there; other things that are not found are faults of the
// form.
func gone(err error, field string) bool {
	all := journal.All(err)
	return len(all) > 0 && all[0].Code == journal.NotFound && all[0].Field == field
}

// person finds the one shareholder that a field names, nobody where it is empty.
func (r *request) person(village region.Code, text, field string) (ids []any, faults journal.Faults) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var id string
	err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		id, err = register.ResolveHolder(v, village, text)
		return err
	})
	if err != nil {
		for _, e := range journal.All(err) {
			e.Field = field
			faults = append(faults, e)
		}
		return nil, faults
	}
	return []any{id}, nil
}

// people finds the shareholders that a field names, one behind the other.
func (r *request) people(village region.Code, text, field string) (ids []any, faults journal.Faults) {
	for _, who := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("、,,;;\n", c) }) {
		found, wrong := r.person(village, who, field)
		ids, faults = append(ids, found...), append(faults, wrong...)
	}
	return ids, faults
}

func distributionDraft(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f, back, err := r.planFields(placeOf(r.Param("id")), values)
	var receipt journal.Receipt
	if err == nil {
		f["entity"], f["year"], f["fund_of"] = r.Param("id"), values.Get("year"), values.Get("fund_of")
		receipt, err = r.post("DraftDistribution", f, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) || gone(err, "entity") {
			return err
		}
		return r.showDistributionForm(status[journal.CodeOf(err)], again(values, backToForm(err, back), slices.Collect(maps.Values(back))...))
	}
	return r.done("/distribution/"+receipt.IDs[0], "drafted")
}

func distributionReviseForm(r *request) error { return r.showRevise(http.StatusOK, nil) }

func (r *request) showRevise(code int, f *form) error {
	var d plan.Distribution
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		d, err = dividend.Distribution(v, r.Param("id"))
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
		f["distribution"], f["seen"] = r.Param("id"), values.Get("seen")
		_, err = r.post("ReviseDistribution", f, values.Get(requestKey))
	}
	if err != nil {
		if !refused(err) || gone(err, "distribution") {
			return err
		}
		typed := again(values, backToForm(err, back), slices.Collect(maps.Values(back))...)
		typed.Seen = values.Get("seen") // what was typed was typed over that plan
		return r.showRevise(status[journal.CodeOf(err)], typed)
	}
	return r.done("/distribution/"+r.Param("id"), "revised")
}
