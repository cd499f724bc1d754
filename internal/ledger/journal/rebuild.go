package journal

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Ends tells where the chains of books end, as their tables know it.
func Ends(r store.Reader) (list []ChainEnd) {
	for chain, h := range heads.Scan(r, "") {
		list = append(list, ChainEnd{Chain: strings.Clone(chain), Seq: h.Seq, Hash: fmt.Sprintf("%x", h.Hash)})
	}
	return list
}

// Stored yields the records of a chain after one, as they are stored.
func Stored(r store.Reader, chain string, after uint64) iter.Seq2[uint64, []byte] {
	return file{}.Read(r, chain, after+1)
}

// TellsEnds tells whether a table says how long chains are, or has what is still to come into them: where it is damaged, nobody knows
// what is lost. "" is that of the tables.
func TellsEnds(table string) bool {
	return slices.Contains([]string{"", string(heads), stagedBucket, meta}, table)
}

// HashAt is the hash of a record of a chain, hexadecimal; "" where it is not there.
func HashAt(r store.Reader, chain string, seq uint64) (string, error) {
	by, err := chained{}.of(file{}, r, chain)
	if err != nil {
		return "", err
	}
	for at, b := range Stored(r, chain, seq-1) {
		if at == seq {
			return fmt.Sprintf("%x", by.Hash(b)), nil
		}
		break
	}
	return "", nil
}

// TimeOf is when a stored record was posted.
func TimeOf(stored []byte) (time.Time, error) {
	var rec Record
	err := store.Decode(stored, &rec)
	return time.UnixMilli(rec.At), err
}

// Source is where records of chains stand that books may lack: an archive.
type Source interface {
	// Chains lists those that it has.
	Chains() ([]string, error)
	// After yields the records of a chain that follow one, in order and without a gap, as far as it has them.
	After(chain string, seq uint64) iter.Seq2[[]byte, error]
}

// Rebuilding makes books anew from a journal.
type Rebuilding struct {
	From store.Reader // the journal, and what is no part of it; it may be a *store.Wreck
	More Source       // what From lacks; nil for nothing
	Into store.Store  // an empty store

	Until time.Time         // records posted later are left out; zero for none
	Last  map[string]uint64 // the last record of each chain that is taken; chains that are not in it are taken whole

	Progress func(done int)

	before map[string]uint64 // of chains that came from another ledger later than wanted: the last record that was there before
}

// Rebuilt is what has become of a chain.
type Rebuilt struct {
	Chain string
	Seq   uint64 // the last record that was taken
	Known uint64 // the last that the tables or the archive knew of; 0 where neither did
	Why   string // it ends there, where something is lost; "" where it was meant to
}

// Run rebuilds. Every record is checked as verify checks it; a chain is taken up to the first record that cannot be read or does not follow
// from the one before it, and what is lost of it is told. Notes and logs of the file go along as far as they can be read.
func (b Rebuilding) Run() (list []Rebuilt, err error) {
	chains := map[string]bool{}
	for key := range b.From.Scan(string(heads), "", "") {
		chains[strings.Clone(key)] = true
	}
	for at := ""; ; { // also those that the tables do not know of
		next := ""
		for key := range b.From.Scan(journalBucket, at, "") {
			next = key
			break
		}
		if len(next) < 6 {
			break
		}
		chains[strings.Clone(next[:6])] = true
		at = store.PrefixEnd(next[:6])
	}
	if b.More != nil {
		more, err := b.More.Chains()
		if err != nil {
			return nil, err
		}
		for _, chain := range more {
			chains[chain] = true
		}
	}
	met := pairs{}
	b.before = map[string]uint64{}
	for _, chain := range slices.Sorted(maps.Keys(chains)) {
		r, err := b.chain(chain, met)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	lost := slices.ContainsFunc(list, func(r Rebuilt) bool { return r.Why != "" })
	if err := b.notes(lost); err != nil {
		return nil, err
	}
	var ends []ChainEnd
	for _, r := range list {
		if r.Seq > 0 {
			ends = append(ends, ChainEnd{Chain: r.Chain, Seq: r.Seq})
		}
	}
	var torn *Torn
	if err := b.Into.View(func(r store.Reader) error { torn = short(r); return nil }); err != nil {
		return nil, err
	}
	if torn != nil {
		return list, torn
	}
	// Where somebody chose an end, what spans two chains may stand on both sides of it.
	alone := met.alone(ends, nil)
	if alone != nil && (!b.Until.IsZero() || len(b.Last) > 0) {
		return list, &Torn{Chain: alone.Chain, Seq: alone.Seq}
	}
	return list, nil
}

// Torn says that the end that was chosen keeps a record whose other half, in another chain, lies behind it: the chain has to end before.
type Torn struct {
	Chain string
	Seq   uint64
	Short string // it says that records of this chain came from another ledger, which are not all there
}

func (t *Torn) Error() string {
	if t.Short != "" {
		return fmt.Sprintf("record %d of %s says that records of %s came from another ledger, and they are not all there", t.Seq, t.Chain,
			t.Short)
	}
	return fmt.Sprintf("record %d of %s is one of two that belong together, and the other is left out", t.Seq, t.Chain)
}

// chain takes one chain, from where it stands or from the archive.
func (b Rebuilding) chain(chain string, met pairs) (r Rebuilt, err error) {
	r.Chain = chain
	func() { // a head that cannot be read says nothing
		defer func() { _ = recover() }()
		if h, ok := heads.Get(b.From, chain); ok {
			r.Known = h.Seq
		}
	}()
	records := b.records(chain)
	var by hasher
	var prev []byte
	ended := false
	for !ended {
		count := 0
		if err := b.Into.Update(func(tx *store.Tx) error {
			for count < foldBite {
				stored, why := records.next(r.Seq+1, prev)
				if stored == nil {
					r.Why, ended = why, true
					return nil
				}
				rec, err := following(chain, r.Seq+1, prev, stored)
				if err != nil {
					return err // next has looked
				}
				if b.beyond(chain, rec) {
					ended = true
					return b.notYet(records, chain, by, stored, rec)
				}
				hash, err := by.hash(chain, rec, stored)
				if err != nil {
					return err
				}
				back := tx.Mark()
				e, ours, err := foldChecked(tx, chain, rec, hash)
				if err != nil {
					back()
					r.Why, ended = err.Error(), true
					return nil
				}
				met.see(chain, rec, e)
				if err := (file{}).Append(tx, []*Run{{Chain: chain, After: r.Seq, Records: [][]byte{slices.Clone(stored)},
					Claims: claimsOf(ours)}}); errors.Is(err, ErrBehind) {
					back()
					r.Why, ended = "gives out a name that has been given out", true
					return nil
				} else if err != nil {
					return err
				}
				prev, r.Seq = hash[:], r.Seq+1
				count++
			}
			return nil
		}); err != nil {
			return r, err
		}
		if b.Progress != nil {
			b.Progress(count)
		}
	}
	records.close()
	r.Known = max(r.Known, records.known)
	if r.Why == "" && r.Known > r.Seq && b.Until.IsZero() && len(b.Last) == 0 {
		r.Why = "is not there"
	}
	return r, nil
}

// beyond tells whether a record lies behind the end that was chosen.
func (b Rebuilding) beyond(chain string, rec *Record) bool {
	if last, ok := b.before[chain]; ok && rec.Seq > last {
		return true
	}
	last, ok := b.Last[chain]
	return ok && rec.Seq > last || !b.Until.IsZero() && time.UnixMilli(rec.At).After(b.Until)
}

// notYet notes, from the first record of the country's chain that is left out on, which chains came from another ledger later: their
// records are older than that.
func (b Rebuilding) notYet(records *recordsOf, chain string, by hasher, stored []byte, rec *Record) error {
	if chain != countryChain {
		return nil
	}
	for stored != nil {
		e, err := decodeEntry(rec)
		if err != nil {
			return err
		}
		if says, ok := e.(bringing); ok {
			come := says.Brings()
			if _, known := b.before[come.Chain]; !known {
				b.before[come.Chain] = come.From
			}
		}
		hash, err := by.hash(chain, rec, stored)
		if err != nil {
			return err
		}
		seq := rec.Seq + 1
		if stored, _ = records.next(seq, hash[:]); stored == nil {
			break
		}
		if rec, err = following(chain, seq, hash[:], stored); err != nil {
			return err
		}
	}
	return nil
}

// recordsOf gives the records of a chain one by one, from the books as long as they have them, and from the archive where they do not.
type recordsOf struct {
	chain string
	own   func() (string, []byte, bool)
	stop  func()
	key   string // of the record of the books that comes next, and that record
	held  []byte
	more  func(chain string, seq uint64) iter.Seq2[[]byte, error]
	far   func() ([]byte, error, bool)
	halt  func()
	known uint64 // the last record that was seen
}

func (b Rebuilding) records(chain string) *recordsOf {
	r := &recordsOf{chain: chain}
	r.own, r.stop = iter.Pull2(b.From.Scan(journalBucket, chain, store.PrefixEnd(chain)))
	if b.More != nil {
		r.more = b.More.After
	}
	return r
}

func (r *recordsOf) close() {
	for { // how far the books go on behind what was lost
		key, _, ok := r.own()
		if !ok {
			break
		}
		r.see(key)
	}
	r.stop()
	if r.halt != nil {
		r.halt()
	}
}

func (r *recordsOf) see(key string) {
	if len(key) == len(r.chain)+12 {
		_, seq := CutSeq(key)
		r.known = max(r.known, seq)
	}
}

// next returns the record with a number that follows the one before it, nil where there is none, and why there is none where one should be.
func (r *recordsOf) next(seq uint64, prev []byte) (stored []byte, why string) {
	want := r.chain + SeqKey(seq)
	for r.key < want {
		key, b, ok := r.own()
		if !ok {
			r.key, r.held = "\xff", nil
			break
		}
		r.key, r.held = strings.Clone(key), slices.Clone(b)
		r.see(r.key)
	}
	if r.key == want {
		err := r.follows(seq, prev, r.held)
		if err == nil {
			return r.held, ""
		}
		why = err.Error()
	} else if r.key != "\xff" {
		why = "is not there"
	}
	if r.more == nil {
		return nil, why
	}
	if r.far == nil { // from here on the archive goes along
		r.far, r.halt = iter.Pull2(r.more(r.chain, seq-1))
	}
	for {
		b, err, ok := r.far()
		if !ok {
			r.halt()
			r.more = nil
			return nil, why
		}
		if err != nil {
			return nil, err.Error()
		}
		var rec Record
		if err := store.Decode(b, &rec); err != nil {
			return nil, err.Error()
		}
		r.known = max(r.known, rec.Seq)
		if rec.Seq < seq { // the books had it
			continue
		}
		if err := r.follows(seq, prev, b); err != nil {
			return nil, "in the archive: " + err.Error()
		}
		return b, ""
	}
}

func (r *recordsOf) follows(seq uint64, prev, stored []byte) error {
	rec, err := following(r.chain, seq, prev, stored)
	if err == nil {
		_, err = decodeEntry(rec)
	}
	var found *Finding
	if errors.As(err, &found) {
		return errors.New(found.Reason)
	}
	return err
}

// notes takes along what is no part of the journal.
func (b Rebuilding) notes(lost bool) error {
	have := format
	if n, err := strconv.Atoi(string(b.From.Get(meta, metaVersion))); err == nil {
		have = n
	}
	whole := !lost && b.More == nil && b.Until.IsZero() && len(b.Last) == 0
	return b.Into.Update(func(tx *store.Tx) error {
		takeAlong(tx, b.From, have)
		if long := b.From.Get(meta, metaLong); long != nil && whole && have == format {
			// A long posting under way goes on; an archive, or an end that was chosen, knows better.
			tx.Put(meta, metaLong, slices.Clone(long))
			for key, v := range b.From.Scan(stagedBucket, "", "") {
				tx.Put(stagedBucket, strings.Clone(key), slices.Clone(v))
			}
		}
		return nil
	})
}

// NoteKey notes whose key seals the books, where that has been lost.
func NoteKey(s store.Store, key *seal.Key) error {
	begun, err := Begun(s)
	if err != nil || begun {
		return err
	}
	return s.Update(func(tx *store.Tx) error { tx.Put(meta, metaKey, key.Check()); return nil })
}
