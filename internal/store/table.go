package store

import (
	"fmt"
	"iter"

	"github.com/fxamacker/cbor/v2"
)

var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	// Unknown fields are refused: a record of a newer program must not lose what an older one does not know.
	decoding = must(cbor.DecOptions{ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxArrayElements: 1 << 27}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Encode writes v in CBOR's core deterministic encoding (RFC 8949, 4.2.1): the same value always gives the same bytes.
func Encode(v any) []byte { return must(encoding.Marshal(v)) }

// Decode reads what Encode wrote.
func Decode(b []byte, v any) error { return decoding.Unmarshal(b, v) }

// Table is a bucket of records of one type.
type Table[T any] string

// ErrCorrupt says that a stored record cannot be read.
type ErrCorrupt struct {
	Bucket, Key string
	Err         error
}

func (e *ErrCorrupt) Error() string {
	return fmt.Sprintf("record %q in table %q cannot be read: %v", e.Key, e.Bucket, e.Err)
}

func (t Table[T]) decode(key string, b []byte) (v T) {
	if err := Decode(b, &v); err != nil {
		panic(&ErrCorrupt{string(t), key, err})
	}
	return v
}

// Get returns the record with the key, and whether there is one.
func (t Table[T]) Get(r Reader, key string) (v T, ok bool) {
	b := r.Get(string(t), key)
	if b == nil {
		return v, false
	}
	return t.decode(key, b), true
}

// Has tells whether there is a record with the key.
func (t Table[T]) Has(r Reader, key string) bool { return r.Get(string(t), key) != nil }

// Put stores a record.
func (t Table[T]) Put(tx *Tx, key string, v T) { tx.Put(string(t), key, Encode(v)) }

// Delete removes a record.
func (t Table[T]) Delete(tx *Tx, key string) { tx.Delete(string(t), key) }

// Scan yields the records whose keys begin with the prefix, in key order.
func (t Table[T]) Scan(r Reader, prefix string) iter.Seq2[string, T] {
	return t.Range(r, prefix, PrefixEnd(prefix))
}

// Range yields the records from a key up to another, in key order.
func (t Table[T]) Range(r Reader, from, to string) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for k, b := range r.Scan(string(t), from, to) {
			if !yield(k, t.decode(k, b)) {
				return
			}
		}
	}
}

// Readable is a table as rooms see it that do not own it: they may read it, and change it only through the functions of the room that does.
type Readable[T any] struct{ of Table[T] }

// Readable gives the table for reading.
func (t Table[T]) Readable() Readable[T] { return Readable[T]{t} }

// Get returns the record with the key, and whether there is one.
func (t Readable[T]) Get(r Reader, key string) (v T, ok bool) { return t.of.Get(r, key) }

// Has tells whether there is a record with the key.
func (t Readable[T]) Has(r Reader, key string) bool { return t.of.Has(r, key) }

// Scan yields the records whose keys begin with the prefix, in key order.
func (t Readable[T]) Scan(r Reader, prefix string) iter.Seq2[string, T] { return t.of.Scan(r, prefix) }

// Range yields the records from a key up to another, in key order.
func (t Readable[T]) Range(r Reader, from, to string) iter.Seq2[string, T] {
	return t.of.Range(r, from, to)
}

// Page reads up to limit records that fit, from after on; next is the key to go on after, "" at the end.
func Page[T any](r Reader, t Table[T], prefix, after string, limit int, fits func(T) bool) (list []T, next string, err error) {
	from := prefix
	if after != "" {
		from = max(prefix, After(after))
	}
	last := ""
	for k, rec := range t.Range(r, from, PrefixEnd(prefix)) {
		if !fits(rec) {
			continue
		}
		if len(list) == limit {
			return list, last, nil
		}
		list, last = append(list, rec), k
	}
	return list, "", nil
}
