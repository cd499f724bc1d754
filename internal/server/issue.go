package server

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

var _ = on(
	get("/entity/:id/issue", issueForm),
	post("/entity/:id/issue", issue),
)

// issueForm shows the shareholders of a village as a grid: a row a shareholder, a column a share class, an input each.
func issueForm(r *request) error { return r.showIssue(http.StatusOK, nil) }

// issuePage is what the page issue shows.
type issuePage struct {
	E       register.Entity
	Classes []register.ShareClass
	List    []register.Shareholder
	Next    string
	Held    map[string]string
	Form    *form
	Q       string
}

var _ = page[issuePage]("issue")

func (r *request) showIssue(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "issue", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		if err := r.must(v, "IssueShares", map[string]any{"class": journal.ClassID.Front(id)}); err != nil {
			return nil, err
		}
		classes, err := register.ShareClasses(v, id)
		if err != nil {
			return nil, err
		}
		list, next, err := register.FindShareholders(v, e.Village(), r.Query("q"), r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		held := map[string]string{}
		for _, s := range list {
			hold, err := register.HoldingsOf(v, s.ID)
			if err != nil {
				return nil, err
			}
			for _, h := range hold {
				if h.Quantity != 0 {
					held[s.ID+h.Class.ID] = h.Quantity.Grouped()
				}
			}
		}
		if f == nil {
			f = newForm("date", string(v.Today()))
		}
		fr.Title = r.say.T("%s 配股", e.Name)
		f.of("IssueShares")
		return issuePage{E: e, Classes: classes, List: list, Next: next, Held: held, Form: f, Q: r.Query("q")}, nil
	})
}

// issue posts the filled inputs of the grid, all or nothing. An input's name is class and holder.
func issue(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	var entries []journal.Entry
	var names []string // of the input each entry came from
	var faults journal.Faults
	for _, name := range slices.Sorted(inputs(values)) {
		class, holder, _ := strings.Cut(strings.TrimPrefix(name, "q."), ".")
		e, err := journal.Decode("IssueShares", map[string]any{
			"class": class, "holder": holder, "quantity": values.Get(name), "date": values.Get("date"), "resolution": values.Get("resolution"),
		})
		if err != nil {
			for _, f := range journal.All(err) {
				faults = append(faults, atInput(f, name))
			}
			continue
		}
		entries, names = append(entries, e), append(names, name)
	}
	if len(faults) == 0 {
		if len(entries) == 0 {
			faults = journal.Faults{{Code: journal.Invalid, Text: "请至少填一户的股数"}}
		} else if _, err = r.s.ledger.Post(r.who, r.posting(entries, values.Get(requestKey))); err != nil {
			if !refused(err) {
				return err
			}
			for _, f := range journal.All(err) {
				faults = append(faults, atInput(f, names[max(f.Row, 1)-1]))
			}
		}
	}
	if len(faults) > 0 {
		return r.showIssue(status[faults[0].Code], again(values, faults, append(slices.Collect(inputs(values)), "date", "resolution")...))
	}
	return r.done("/entity/"+url.PathEscape(r.Param("id")), "issued")
}

// inputs yields the names of the grid's filled inputs.
func inputs(values url.Values) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range values {
			if strings.HasPrefix(name, "q.") && strings.TrimSpace(values.Get(name)) != "" && !yield(name) {
				return
			}
		}
	}
}

// atInput puts a fault of an entry at the input it came from; one about the date stays at the date.
func atInput(f *journal.Error, name string) *journal.Error {
	f.Row = 0
	if f.Code != journal.Doubtful && f.Field != "date" && f.Field != requestKey {
		f.Field = name
	}
	return f
}
