package journal

import (
	"reflect"
	"strings"

	"github.com/sanbian/ledger/internal/store"
)

// Allows tells whether whoever the view is for may post an entry as the books stand: nil, or the refusal that posting it would give. The
// entry may be half filled: what is said about a field that is left open does not count, so an entry that only names what it is about asks
// whether that can be done at all. What takes long, as all figures of a plan do and the law's rules about them, is left to the posting; so
// are personal numbers, contents of papers and the clock.
func (v *View) Allows(e Entry) error {
	if err := permit(v.who, e); err != nil {
		return err
	}
	if err := here(v.books, e.Place()); err != nil {
		return err
	}
	open := openFields(e)
	c := &Checking{Tx: store.Try(v.books), Who: v.who, Asked: true, now: v.now, key: v.key}
	err := copyOf(e).Check(c)
	all := All(err)
	if all == nil {
		return err
	}
	var f Faults
	for _, fault := range all {
		if root, _, _ := strings.Cut(fault.Field, "."); !open[root] {
			f = append(f, fault)
		}
	}
	return f.Err()
}

// Permits tells whether the role and region of whoever the view is for reach an entry, whatever the books say.
func (v *View) Permits(e Entry) error { return permit(v.who, e) }

// May tells whether an actor's role may post a kind of entries somewhere.
func (a Actor) May(kind string) bool {
	k, ok := kinds[kind]
	return ok && !k.Follows && permits(k, a.Role)
}

// openFields are the fields of an entry, by their JSON names, that nothing has been written into.
func openFields(e Entry) map[string]bool {
	v, open := reflect.ValueOf(e).Elem(), map[string]bool{}
	for i, name := range fieldNames(v.Type()) {
		if name != "" && v.Field(i).IsZero() {
			open[name] = true
		}
	}
	return open
}
