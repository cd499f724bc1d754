package server

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
)

// act is something that the reader may do about what a page shows.
type act struct {
	Why *journal.Error // why it cannot be done now, in the ledger's words; nil where it can
}

// acts are what the reader may do, by the kind of the entry that does it. What role or region forbids is not among them.
type acts map[string]*act

// Has tells whether the reader's role and region allow it, be it now or not.
func (a acts) Has(kind string) bool { return a[kind] != nil }

// Can tells whether it can be done now.
func (a acts) Can(kind string) bool { return a[kind] != nil && a[kind].Why == nil }

// may asks the ledger what the reader may do about something: about are the fields that name it.
func (r *request) may(v *journal.View, about map[string]any, kinds ...string) (acts, error) {
	list := acts{}
	for _, kind := range kinds {
		a, err := r.mayOne(v, kind, about)
		if err != nil {
			return nil, err
		}
		if a != nil {
			list[kind] = a
		}
	}
	return list, nil
}

// mayOne is may of one kind: nil where role or region forbids it.
func (r *request) mayOne(v *journal.View, kind string, about map[string]any) (*act, error) {
	e, err := journal.Decode(kind, about)
	if err != nil || v.Permits(e) != nil {
		return nil, err
	}
	a := &act{}
	if err := v.Allows(e); err != nil {
		all := journal.All(err)
		if all == nil {
			return nil, err
		}
		a.Why = all[0]
	}
	return a, nil
}

// mayPlan asks what the reader may do about a plan where it stands.
func (r *request) mayPlan(v *journal.View, d plan.Distribution) (acts, error) {
	all := acts{}
	for _, kind := range d.Acts() {
		about := map[string]any{"distribution": d.ID}
		if kind == "DraftDistribution" { // another one like it
			about = map[string]any{"entity": d.Entity}
		}
		list, err := r.may(v, about, kind)
		if err != nil {
			return nil, err
		}
		if list.Has(kind) {
			all[kind] = list[kind]
		}
	}
	return all, nil
}

// must refuses whoever may not do something in a place at all, before a form is shown or a file is taken. What the books as they stand
// refuse is for the posting to say, beside what was typed.
func (r *request) must(v *journal.View, kind string, about map[string]any) error {
	e, err := journal.Decode(kind, about)
	if err != nil {
		return err
	}
	if err := v.Permits(e); err != nil {
		return err
	}
	switch err := v.Allows(e); {
	case journal.CodeOf(err) == journal.Forbidden, journal.CodeOf(err) == journal.Invalid && len(journal.All(err)) > 0:
		return err
	}
	return nil
}

// mustNow is must for what shows no page.
func (r *request) mustNow(kind string, about map[string]any) error {
	return r.s.ledger.Read(r.who, func(v *journal.View) error { return r.must(v, kind, about) })
}

// permitted refuses whoever may not do something in a place at all, before a page with its form is shown.
func (r *request) permitted(v *journal.View, kind string, about map[string]any) error {
	e, err := journal.Decode(kind, about)
	if err != nil {
		return err
	}
	return v.Permits(e)
}
