package store

import "iter"

// Index finds what stands somewhere by a digest of something it has: a place and a keyed digest lead to an id. Digests of one index have
// one length, so that a place's part of it is one range of keys.
type Index struct{ ids Table[string] }

// NewIndex is the index that a bucket holds.
func NewIndex(bucket string) Index { return Index{Table[string](bucket)} }

// Find returns what a digest stands for in a place, and whether it stands for anything.
func (x Index) Find(r Reader, place string, digest []byte) (id string, ok bool) {
	return x.ids.Get(r, place+string(digest))
}

// Enter makes a digest stand for an id in a place.
func (x Index) Enter(tx *Tx, place string, digest []byte, id string) {
	x.ids.Put(tx, place+string(digest), id)
}

// Remove forgets a digest in a place.
func (x Index) Remove(tx *Tx, place string, digest []byte) { x.ids.Delete(tx, place+string(digest)) }

// Each yields the keys, each a place with a digest behind it, and the ids of all places that begin with a prefix, in key order.
func (x Index) Each(r Reader, prefix string) iter.Seq2[string, string] { return x.ids.Scan(r, prefix) }

// Set is a bucket whose keys alone say something.
type Set string

// Add puts a key into the set.
func (s Set) Add(tx *Tx, key string) { tx.Put(string(s), key, []byte{1}) }

// Remove takes a key out of the set.
func (s Set) Remove(tx *Tx, key string) { tx.Delete(string(s), key) }

// Has tells whether a key is in the set.
func (s Set) Has(r Reader, key string) bool { return r.Get(string(s), key) != nil }

// Any tells whether a key with a prefix is in the set.
func (s Set) Any(r Reader, prefix string) bool {
	for range s.Each(r, prefix) {
		return true
	}
	return false
}

// Each yields the keys that begin with a prefix, in order.
func (s Set) Each(r Reader, prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range r.Scan(string(s), prefix, PrefixEnd(prefix)) {
			if !yield(k) {
				return
			}
		}
	}
}
