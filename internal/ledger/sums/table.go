package sums

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// Table is a table whose rows are summed up as they are written: what a row adds to the sums follows from the row, so that writing another
// in its place takes away what that one added.
type Table[T any] struct {
	store.Table[T]
	adds func(r store.Reader, key string, row T, to *Adding)
}

// Folded is a table that the journal is folded into, with what each of its rows adds to the sums. adds may read what never changes.
func Folded[T any](name string, adds func(r store.Reader, key string, row T, to *Adding)) Table[T] {
	return Table[T]{journal.Folded[T](name), adds}
}

// Put stores a record and what it adds.
func (t Table[T]) Put(a *journal.Applying, key string, row T) {
	if old, ok := t.Get(a, key); ok {
		t.Replace(a, key, &old, row)
	} else {
		t.Replace(a, key, nil, row)
	}
}

// Replace is Put of a record in the place of one that is known, nil where there is none.
func (t Table[T]) Replace(a *journal.Applying, key string, old *T, row T) {
	var to Adding
	if old != nil {
		t.adds(a, key, *old, &to)
		to.negate()
	}
	t.adds(a, key, row, &to)
	t.Table.Put(a.Tx, key, row)
	to.apply(a)
}

// Delete removes a record and what it added.
func (t Table[T]) Delete(a *journal.Applying, key string) {
	var to Adding
	if old, ok := t.Get(a, key); ok {
		t.adds(a, key, old, &to)
		to.negate()
	}
	t.Table.Delete(a.Tx, key)
	to.apply(a)
}
