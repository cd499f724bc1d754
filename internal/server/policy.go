package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/policy/:place", policyShow),
	post("/policy/:place", policySet),
)

// policyPage is what the page policy shows: the policies that hold for a place, one that is tried, and the form that tries and sets.
type policyPage struct {
	Place    region.Code
	List     []policyRow
	Form     *form
	Items    []income.Item
	Signs    []option
	TierRows []int
	May      acts
	Trials   []report.Trial // nil where nothing is tried
	Tried    income.Policy
	Year     int // whose changes are listed
	Changes  []policyChange
	More     int
}

// policyRow is a policy that holds from a year on.
type policyRow struct {
	income.Policy
	Whose string // the office; "" for the program's own
}

// policyChange is a village that would be judged otherwise.
type policyChange struct {
	report.Change
	Name, Town string
}

// maxPolicyChanges is how many such villages the page lists.
const maxPolicyChanges = 200

var _ = page[policyPage]("policy")

func policyShow(r *request) error { return r.showPolicy(http.StatusOK, nil) }

// policyFields are the plain fields of the form, as the entry calls them.
var policyFields = []string{"from_year", "bound", "above", "received", "alone", "silent_from", "base_year", "basis", "replaces", "reason",
	"end"}

// showPolicy shows the policies of a place; where the address says one, what it would have made of the years that are over.
func (r *request) showPolicy(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "policy", "shells", place, func(v *journal.View, fr *frame) (any, error) {
		body := policyPage{Place: place, Items: income.Items, Signs: []option{{"", r.say.T("不算"), ""}, {"plus", "+", ""}, {"minus", "−", ""}}}
		for i := range income.MaxTiers {
			body.TierRows = append(body.TierRows, i)
		}
		list, err := income.PoliciesOf(v, place)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			row := policyRow{Policy: p}
			if p.Region != "" {
				row.Whose = v.Called(string(p.Region))
			}
			body.List = append(body.List, row)
		}
		if body.May, err = r.may(v, map[string]any{"region": string(place)}, "SetPolicy"); err != nil {
			return nil, err
		}
		if body.Form = f; f == nil {
			year := v.Today().Year()
			at := slices.IndexFunc(list, func(p income.Policy) bool { return p.From <= year })
			body.Form = policyForm(list[at], year)
			if r.Query("try") != "" {
				if err := r.tryPolicy(v, &body); err != nil {
					return nil, err
				}
			}
		}
		for _, name := range []string{"above", "received", "alone", "end"} { // boxes to tick show no fault
			body.Form.aside(name)
		}
		body.Form.of("SetPolicy")
		fr.Title = r.say.T("空壳村的标准")
		return body, nil
	})
}

// policyForm begins the form with a policy.
func policyForm(p income.Policy, year int) *form {
	yes := map[bool]string{true: "true"}
	f := newForm("from_year", strconv.Itoa(year), "bound", p.Bound.String(), "above", yes[p.Above], "received", yes[p.Received], "alone",
		yes[p.Alone])
	if p.Silent != 0 {
		f.Values.Set("silent_from", strconv.Itoa(p.Silent))
	}
	if p.Base != 0 {
		f.Values.Set("base_year", strconv.Itoa(p.Base))
	}
	for _, t := range p.Measure {
		f.Values.Set("m."+t.Item, map[bool]string{true: "minus", false: "plus"}[t.Minus])
	}
	for i, t := range p.Tiers {
		f.Values.Set("tier."+strconv.Itoa(i), t.Name)
		f.Values.Set("tier_from."+strconv.Itoa(i), t.From.String())
	}
	return f
}

// typedPolicy turns what was typed into the fields of the entry.
func typedPolicy(place string, values url.Values) map[string]any {
	f := map[string]any{"region": place}
	for _, name := range policyFields {
		if text := strings.TrimSpace(values.Get(name)); text != "" {
			f[name] = text
		}
	}
	f["bound"] = typedSum(values, "bound")
	var measure, tiers []any
	for _, it := range income.Items {
		switch values.Get("m." + it.Code) {
		case "plus":
			measure = append(measure, map[string]any{"item": it.Code})
		case "minus":
			measure = append(measure, map[string]any{"item": it.Code, "minus": "true"})
		}
	}
	for i := range income.MaxTiers {
		name, from := values.Get("tier."+strconv.Itoa(i)), typedSum(values, "tier_from."+strconv.Itoa(i))
		if name != "" || from != "" {
			tiers = append(tiers, map[string]any{"name": name, "from": from})
		}
	}
	f["measure"], f["tiers"] = measure, tiers
	return f
}

// tryPolicy judges the years that are over by what the address says.
func (r *request) tryPolicy(v *journal.View, body *policyPage) error {
	values := r.Request.URL.Query()
	values.Del("end")
	if body.Form.Values = values; values.Get("from_year") == "" { // whoever may not set one is not asked
		values.Set("from_year", strconv.Itoa(v.Today().Year()))
	}
	e, err := journal.Decode("SetPolicy", typedPolicy(string(body.Place), values))
	if err == nil {
		err = e.(*income.SetPolicy).Wrong(v.Today().Year()).Err()
	}
	if err != nil {
		*body.Form = *again(values, err, policyFields...)
		if !body.May.Can("SetPolicy") {
			for _, name := range []string{"from_year", "basis", "base_year", "replaces", "reason"} {
				body.Form.aside(name)
			}
		}
		return nil
	}
	body.Tried = e.(*income.SetPolicy).Policy()
	if body.Trials, err = report.Try(v, body.Place, body.Tried); err != nil {
		return err
	}
	body.Year = r.year()
	for _, t := range body.Trials {
		if body.Year == 0 && len(t.Changes) > 0 {
			body.Year = t.Year
		}
		if t.Year != body.Year {
			continue
		}
		for _, c := range t.Changes[:min(len(t.Changes), maxPolicyChanges)] {
			x := policyChange{Change: c, Name: v.Called(string(c.Village))}
			if d, err := office.DivisionOf(v, c.Village.Parent()); err == nil {
				x.Town = d.Name
			}
			body.Changes = append(body.Changes, x)
		}
		body.More = len(t.Changes) - len(body.Changes)
	}
	return nil
}

func policySet(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if _, err := r.post("SetPolicy", typedPolicy(r.Param("place"), values), values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showPolicy(status[journal.CodeOf(err)], again(values, err, policyFields...))
	}
	return r.done("/policy/"+r.Param("place"), "set")
}
