package journal

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// The formats that a store may be in. A format is what the tables are; the journal is read whatever its age.
//
//	2  the first that was kept
//	3  names given out once are claimed
//	4  sums of places are kept, and what they follow from in shareholders, entities and payouts
//	5  payouts of a plan that was voided are in no sum
//	6  boxes are bound to their owners; what changes a register is listed
const (
	oldest = 2
	format = 6
)

// bindingBoxes is the format from which on boxes are bound to their owners.
const bindingBoxes = 6

// carried are the tables that are no part of the books and go along when those are folded anew.
var carried []string

// Carry says of tables that do not follow from the journal that they outlast a change of the format.
func Carry(tables ...string) { carried = append(carried, tables...) }

// others are the tables that are no part of the books and begin anew when those are folded.
var others []string

// Beside says of tables that they stand in the same file and have nothing to do with the books.
func Beside(tables ...string) { others = append(others, tables...) }

// change is what a format changed in a table: both gives what is the same of a row before and after, nil where nothing is.
type change struct {
	format int
	both   func([]byte) []byte
}

var changes = map[string][]change{string(events): {{format: 6}}}

// NewIn says that formats before one did not have a table, or had other rows in it.
func NewIn(format int, name string) { changes[name] = append(changes[name], change{format: format}) }

// GrownIn says of a table that its rows became others in a format, and what of a row stayed the same.
func GrownIn[T any](format int, t store.Table[T], both func(T) T) {
	changes[string(t)] = append(changes[string(t)], change{format, func(b []byte) []byte {
		var row T
		if err := store.Decode(b, &row); err != nil {
			return b
		}
		return store.Encode(both(row))
	}})
}

// FormatOf returns the format of the books in a store, 0 where none have begun; a *FormatError for one that is no number.
func FormatOf(s store.Store) (f int, err error) {
	err = s.View(func(r store.Reader) error {
		version := string(r.Get(meta, metaVersion))
		if r.Get(meta, metaKey) == nil {
			return unfinished(r)
		}
		if f, err = strconv.Atoi(version); err != nil {
			err = &FormatError{Have: version, Want: strconv.Itoa(format)}
		}
		return err
	})
	return f, err
}

// unfinished refuses a store that holds records and does not say of which books: a program was stopped while it made it.
func unfinished(r store.Reader) error {
	for range r.Scan(journalBucket, "", "") {
		return &FormatError{Want: strconv.Itoa(format)}
	}
	return nil
}

// Older tells whether the books are in a format that Migrate reads.
func Older(f int) bool { return f >= oldest && f < format }

// Migrate folds the books of an older format anew from their journal into an empty store. What was staged of a long posting that was to be
// journalled is journalled there. The journal must verify: the first fault is returned as a *Finding, and the empty store is of no use
// then. Signed-in people sign in again. Progress is told how many of so many records are done.
func Migrate(old, into store.Store, progress func(done, all int)) error {
	return old.View(func(r store.Reader) error {
		have, _ := strconv.Atoi(string(r.Get(meta, metaVersion)))
		if !Older(have) {
			return &FormatError{Have: string(r.Get(meta, metaVersion)), Want: strconv.Itoa(format)}
		}
		all := 0
		for _, h := range heads.Scan(r, "") {
			all += int(h.Seq)
		}
		m := migration{into: into, have: have, progress: func(done int) { progress(done, all) }}
		if err := m.chains(r); err != nil {
			return err
		}
		if err := m.staged(r); err != nil {
			return err
		}
		return into.Update(func(tx *store.Tx) error {
			takeAlong(tx, r, have)
			return nil
		})
	})
}

// takeAlong takes what is no part of the journal from books of a format: what is noted of them, and what outlasts a change of the format.
func takeAlong(tx *store.Tx, r store.Reader, have int) {
	for _, key := range []string{metaKey, metaDemo, metaKeys, metaClock} {
		if b := r.Get(meta, key); b != nil {
			tx.Put(meta, key, slices.Clone(b))
		}
	}
	if have < bindingBoxes { // the numbers of what was posted by then
		for chain, h := range heads.Scan(tx, "") {
			tx.Put(meta, metaUnbound+chain, []byte(strconv.FormatUint(h.Seq, 10)))
		}
	} else {
		for chain, seq := range bound(r) {
			tx.Put(meta, metaUnbound+chain, []byte(strconv.FormatUint(seq, 10)))
		}
	}
	for _, table := range carried {
		for key, b := range r.Scan(table, "", "") {
			tx.Put(table, strings.Clone(key), slices.Clone(b))
		}
	}
	tx.Put(meta, metaVersion, []byte(strconv.Itoa(format)))
}

// migration is one under way.
type migration struct {
	into     store.Store
	have     int // the format
	progress func(done int)
	done     int
}

// chains copies every chain as far as it goes, and refuses one that is not as long as the tables know it.
func (m *migration) chains(r store.Reader) error {
	ends, by := map[string]head{}, hasher{}
	if err := eachBite(file{}, r, func(tx *store.Tx, chain string, seq uint64, stored []byte) error {
		rec, err := following(chain, seq, ends[chain].Hash, stored)
		if err != nil {
			return err
		}
		hash, err := by.hash(chain, rec, stored)
		if err != nil {
			return err
		}
		_, ours, err := foldChecked(tx, chain, rec, hash)
		if err != nil {
			return err
		}
		ends[chain] = head{Seq: seq, Hash: hash[:]}
		m.done++
		return file{}.Append(tx, []*Run{{Chain: chain, After: seq - 1, Records: [][]byte{slices.Clone(stored)}, Claims: claimsOf(ours)}})
	}, m.into, func() { m.progress(m.done) }); err != nil {
		return err
	}
	for chain, h := range heads.Scan(r, "") {
		if at := ends[chain]; at.Seq != h.Seq || string(at.Hash) != string(h.Hash) {
			return &Finding{Chain: chain, Seq: h.Seq, Reason: "is the last the tables know; the journal ends with " + strconv.FormatUint(at.Seq, 10)}
		}
	}
	// Where the tables of the older format differ from what the journal gives, somebody must look before it is too late.
	return m.into.View(func(folded store.Reader) error {
		var had []string
		for _, name := range Tables() {
			if !slices.ContainsFunc(changes[name], func(c change) bool { return c.format > m.have && c.both == nil }) {
				had = append(had, name)
			}
		}
		return compare(had, unchanged{r, m.have}, unchanged{folded, m.have}, &Verified{})
	})
}

// unchanged reads of tables what no format after one has changed.
type unchanged struct {
	store.Reader
	since int
}

func (u unchanged) Scan(table, from, to string) iter.Seq2[string, []byte] {
	all := changes[table]
	if len(all) == 0 {
		return u.Reader.Scan(table, from, to)
	}
	return func(yield func(string, []byte) bool) {
		for k, b := range u.Reader.Scan(table, from, to) {
			for _, c := range all {
				if c.format > u.since && c.both != nil {
					b = c.both(b)
				}
			}
			if !yield(k, b) {
				return
			}
		}
	}
}

// staged journals what is staged of a long posting that an older program was to finish.
func (m *migration) staged(r store.Reader) error {
	b := r.Get(meta, metaLong)
	if b == nil {
		return nil
	}
	var records [][]byte
	for _, rec := range r.Scan(stagedBucket, "", "") {
		records = append(records, slices.Clone(rec))
	}
	l := &Ledger{kept: m.into, suite: seal.International, engine: file{}, last: map[string]lastRecord{}, chained: chained{}}
	if err := l.engine.Stage(m.into, records); err != nil {
		return err
	}
	if err := m.into.Update(func(tx *store.Tx) error { tx.Put(meta, metaLong, slices.Clone(b)); return nil }); err != nil {
		return err
	}
	_, err := l.journalStaged()
	return err
}
