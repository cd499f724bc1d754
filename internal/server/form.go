package server

import (
	"cmp"
	"crypto/rand"
	"maps"
	"net/url"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// form is a form as it is shown: what was typed, what is wrong with each field, and the key that makes its posting happen once.
type form struct {
	Kind    string // of the entries it posts: their fields say what those of the form are called; "" where the page says it
	Values  url.Values
	Faults  map[string]*journal.Error // by field
	Others  journal.Faults            // those about no field of the form
	Doubts  journal.Faults            // what has to be looked at again and answered
	Heard   []string                  // doubts that have been answered
	Request string
	Next    string // the field to type into first, where the form is one of many to fill in
	Seen    string // the version of what the form acts on when its page was made; "" where the form says nothing of it
}

// newForm begins a form with values to start from: name, value, name, value …
func newForm(start ...string) *form {
	f := &form{Values: url.Values{}, Faults: map[string]*journal.Error{}, Request: rand.Text()}
	for i := 0; i+1 < len(start); i += 2 {
		f.Values.Set(start[i], start[i+1])
	}
	return f
}

// aside tells the fault of a field that the form does not show with the others.
func (f *form) aside(name string) {
	if e := f.Faults[name]; e != nil {
		f.Others = append(f.Others, e)
		delete(f.Faults, name)
	}
}

// of says which kind of entries the form posts.
func (f *form) of(kind string) *form {
	f.Kind = kind
	return f
}

// again shows a form that was refused, with everything as it was typed; names are the fields the form shows, where their faults go. It
// keeps its key: nothing was posted with it, or just this was.
func again(values url.Values, err error, names ...string) *form {
	f := &form{Values: values, Faults: map[string]*journal.Error{}, Request: values.Get(requestKey), Heard: values[heardKey],
		Seen: values.Get(seenKey)}
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	for _, e := range journal.All(err) {
		if e.Field == seenKey { // told: what is typed now is typed over what the page shows
			f.Seen = ""
		}
		if e.Field == requestKey { // the key has been used for something else: a new one lets the form be posted
			f.Request = rand.Text()
		}
		first := f.Faults[e.Field]
		switch {
		case e.Code == journal.Doubtful:
			f.Doubts = append(f.Doubts, e)
		case !known[e.Field], e.Field == seenKey, first != nil && first.Text != e.Text:
			f.Others = append(f.Others, e)
		case first == nil: // one wrong field of a form may be refused once for every row of its file
			f.Faults[e.Field] = e
		}
	}
	return f
}

// typedNames are the names of what was typed into a form that hides nothing but its key: its faults go there.
func typedNames(values url.Values) []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(values)),
		func(name string) bool { return name == requestKey || name == heardKey || name == "next" })
}

// forms are those of a page that has several, each named for the entry it posts: what was refused stays as it was typed in its own form
// alone.
type forms map[string]*form

// Of returns the form that posts one of some kinds of entries, a new one where nothing has been typed.
func (f forms) Of(kinds ...string) *form {
	for _, kind := range kinds {
		if f[kind] != nil {
			return f[kind].of(kind)
		}
	}
	return newForm().of(kinds[0])
}

// start gives a form values to start from, unless it comes back as it was typed.
func (f forms) start(kind string, start ...string) {
	if f[kind] == nil {
		f[kind] = newForm(start...)
	}
}

// see makes the forms of some kinds say what their page showed. One that comes back was typed over what it showed first, and says so until
// its reader has been told what has changed.
func (f forms) see(seen string, kinds ...string) {
	for _, kind := range kinds {
		f.start(kind)
		f[kind].Seen = cmp.Or(f[kind].Seen, seen)
	}
}

// Others are the forms with faults that no field shows.
func (f forms) Others() (list []*form) {
	for _, kind := range slices.Sorted(maps.Keys(f)) {
		if one := f[kind]; len(one.Others) > 0 {
			list = append(list, one.of(kind))
		}
	}
	return list
}

// change is what one of the forms of such a page posts.
type change struct {
	kind   string
	fields map[string]any    // of the entry, nil for those of the form
	about  map[string]any    // what the page is about; joins the fields
	names  []string          // the form's fields, where faults are shown
	back   map[string]string // the form's names of fields whose entry calls them otherwise
	show   func(code int, typed forms) error
	to     string // the page to go on to
	done   string // what to say there
}

// change posts an entry; refused, its page is shown again with the form as it was typed.
func (r *request) change(c change) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if c.fields == nil {
		c.fields = fields(values)
	}
	maps.Copy(c.fields, c.about)
	if _, err := r.post(c.kind, c.fields, values.Get(requestKey)); err != nil {
		return r.refuse(c, values, err)
	}
	return r.done(c.to, c.done)
}

// refuse shows a change's page again with what was refused.
func (r *request) refuse(c change, values url.Values, err error) error {
	if !refused(err) {
		return err
	}
	return c.show(status[journal.CodeOf(err)], forms{c.kind: again(values, backToForm(err, c.back), c.names...)})
}

// backToForm renames the fields of refusals to those of the form.
func backToForm(err error, back map[string]string) error {
	all := journal.All(err)
	for _, e := range all {
		if name, ok := back[e.Field]; ok {
			e.Field = name
		}
	}
	return all
}

// refused tells whether an error is one that a form shows; others go to the error page.
func refused(err error) bool {
	all := journal.All(err)
	return len(all) > 0 && all[0].Code != journal.Forbidden
}

// Tried tells whether the form was refused, and stands open again.
func (f *form) Tried() bool { return len(f.Faults)+len(f.Others)+len(f.Doubts) > 0 }

// Get returns what a field holds.
func (f *form) Get(name string) string { return f.Values.Get(name) }

// Has tells whether a value was chosen among a field's.
func (f *form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }
