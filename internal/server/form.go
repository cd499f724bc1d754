package server

import (
	"crypto/rand"
	"net/url"

	"github.com/sanbian/ledger/internal/ledger"
)

// form is a form as it is shown: what was typed, what is wrong with each field, and the key that makes its posting happen once.
type form struct {
	Values  url.Values
	Faults  map[string]*ledger.Error // by field
	Others  ledger.Faults            // those about no field of the form
	Request string
}

// newForm begins a form with values to start from: name, value, name, value …
func newForm(start ...string) *form {
	f := &form{Values: url.Values{}, Faults: map[string]*ledger.Error{}, Request: rand.Text()}
	for i := 0; i+1 < len(start); i += 2 {
		f.Values.Set(start[i], start[i+1])
	}
	return f
}

// again shows a form that was refused, with everything as it was typed; names are the fields the form shows, where their faults go. It keeps
// its key: nothing was posted with it, or just this was.
func again(values url.Values, err error, names ...string) *form {
	f := &form{Values: values, Faults: map[string]*ledger.Error{}, Request: values.Get(requestKey)}
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	for _, e := range ledger.All(err) {
		if e.Field == requestKey { // the key has been used for something else: a new one lets the form be posted
			f.Request = rand.Text()
		}
		first := f.Faults[e.Field]
		switch {
		case !known[e.Field], first != nil && first.Text != e.Text:
			f.Others = append(f.Others, e)
		case first == nil: // one wrong field of a form may be refused once for every row of its file
			f.Faults[e.Field] = e
		}
	}
	return f
}

// refused tells whether an error is one that a form shows; others go to the error page.
func refused(err error) bool {
	all := ledger.All(err)
	return len(all) > 0 && all[0].Code != ledger.Forbidden
}

// Get returns what a field holds.
func (f *form) Get(name string) string { return f.Values.Get(name) }
