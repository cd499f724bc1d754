// Package store keeps ordered keys in transactions: a small interface, its bbolt engine, and typed tables over it. It knows no farming.
package store

import (
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/tidwall/btree"
)

// ErrLocked says that another process has the store open.
var ErrLocked = errors.New("store is in use by another process")

// Reader reads one consistent snapshot. Byte slices it gives out live only as long as the transaction.
type Reader interface {
	// Get returns the value of a key, or nil.
	Get(bucket, key string) []byte
	// Scan yields the keys from (inclusive) up to to (exclusive; "" for no end) in order.
	Scan(bucket, from, to string) iter.Seq2[string, []byte]
	// Last returns the last key below to (exclusive; "" for no end), "" where there is none.
	Last(bucket, to string) string
}

// Store is an ordered key-value store with snapshot reads and one writer at a time.
type Store interface {
	// View runs f on a snapshot of what has been committed.
	View(f func(Reader) error) error
	// Update runs f and makes what it wrote durable, all of it or, when f returns an error, nothing.
	Update(f func(*Tx) error) error
	// Copy writes the file as it stands while others read and write: it gives begin a snapshot and the bytes that the copy will have, and then
	// writes the same snapshot to what that returned.
	Copy(begin func(r Reader, size int64) (io.Writer, error)) error
	// Stats tells how large the file is and how much of it is free.
	Stats() Stats
	// Buckets lists the buckets that hold anything.
	Buckets() ([]string, error)
	Close() error
}

// Stats is what a store's file takes, in bytes, and how much of that its next writes take first.
type Stats struct{ Size, Free int64 }

// Tx is a writing transaction. Writes are held back in key order and reach the engine in one sorted pass at commit: the engine
// is many times faster that way, and a part of the work can be taken back (Mark, Back) without giving up the rest.
type Tx struct {
	base    Reader
	pending map[string]*btree.Map[string, []byte] // a nil value is a deletion
}

func newTx(base Reader) *Tx {
	return &Tx{base, map[string]*btree.Map[string, []byte]{}}
}

// Try begins a transaction over a snapshot that is never committed: it shows what writing would come to.
func Try(r Reader) *Tx { return newTx(r) }

// Get sees what this transaction has written.
func (tx *Tx) Get(bucket, key string) []byte {
	if m := tx.pending[bucket]; m != nil {
		if v, ok := m.Get(key); ok {
			return v
		}
	}
	return tx.base.Get(bucket, key)
}

// Put sets a key. The value is kept, not copied.
func (tx *Tx) Put(bucket, key string, value []byte) { tx.set(bucket, key, value) }

// Delete removes a key; one that is not there is no error.
func (tx *Tx) Delete(bucket, key string) { tx.set(bucket, key, nil) }

func (tx *Tx) set(bucket, key string, value []byte) {
	m := tx.pending[bucket]
	if m == nil {
		m = &btree.Map[string, []byte]{}
		tx.pending[bucket] = m
	}
	m.Set(key, value)
}

// Scan sees what this transaction has written. Nothing may be written while it runs.
func (tx *Tx) Scan(bucket, from, to string) iter.Seq2[string, []byte] {
	m := tx.pending[bucket]
	if m == nil {
		return tx.base.Scan(bucket, from, to)
	}
	return func(yield func(string, []byte) bool) {
		own := m.Iter()
		more := own.Seek(from)
		inRange := func() bool { return more && (to == "" || own.Key() < to) }
		emit := func() bool {
			k, v := own.Key(), own.Value()
			more = own.Next()
			return v == nil || yield(k, v)
		}
		for k, v := range tx.base.Scan(bucket, from, to) {
			for inRange() && own.Key() < k {
				if !emit() {
					return
				}
			}
			if inRange() && own.Key() == k {
				if !emit() {
					return
				}
			} else if !yield(k, v) {
				return
			}
		}
		for inRange() {
			if !emit() {
				return
			}
		}
	}
}

// Last sees what this transaction has written.
func (tx *Tx) Last(bucket, to string) string {
	m := tx.pending[bucket]
	if m == nil {
		return tx.base.Last(bucket, to)
	}
	for {
		last, deleted := tx.base.Last(bucket, to), false
		see := func(k string, v []byte) bool {
			if (to == "" || k < to) && k >= last {
				last, deleted = k, v == nil
			}
			return k >= to && to != ""
		}
		if to == "" {
			m.Reverse(see)
		} else {
			m.Descend(to, see)
		}
		if !deleted {
			return last
		}
		to = last
	}
}

// Mark remembers the transaction as it stands. It costs next to nothing: the copies share what they do not change.
func (tx *Tx) Mark() (back func()) {
	marked := make(map[string]*btree.Map[string, []byte], len(tx.pending))
	for b, m := range tx.pending {
		marked[b] = m.Copy()
	}
	return func() { tx.pending = marked }
}

// PrefixEnd returns the smallest string above every string with the prefix p.
func PrefixEnd(p string) string {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] < 0xff {
			return p[:i] + string([]byte{p[i] + 1})
		}
	}
	return ""
}

// After returns the smallest string above s: the place to go on from after a page that ended with s.
func After(s string) string { return strings.Clone(s) + "\x00" }
