package journal

import (
	"errors"
	"iter"

	"github.com/sanbian/ledger/internal/store"
)

// Engine keeps the chains of the journal. The bbolt file that the tables lie in is the one there is; where a county's chain is to live in
// a replicated engine, that engine stands here, and every node folds what it reads into its own tables.
//
// Nothing that is decided about an entry is decided here: a run holds records as they are stored for ever.
type Engine interface {
	// Append puts runs behind their chains' ends, all in one step, or refuses all of them with ErrBehind. An engine in the file of the tables
	// writes into tx; one elsewhere must have kept the runs when it returns.
	Append(tx *store.Tx, runs []*Run) error
	// Read yields the records of a chain from a number on, as stored.
	Read(r store.Reader, chain string, from uint64) iter.Seq2[uint64, []byte]
	// All yields all records, chain by chain, from a key on: that of a record is its chain's and SeqKey of its number. Whatever else lies
	// among them is yielded, too, so that verify finds it.
	All(r store.Reader, from string) iter.Seq2[string, []byte]
	// Ends tells the number of the last record of each chain.
	Ends(r store.Reader) map[string]uint64
	// Stage keeps the checked records of a posting too long for one step until they are taken; all of them, or an error. They were checked
	// against the books as they stand: until all have been taken nobody else may post about the places that they are about.
	Stage(s store.Store, records [][]byte) error
	// Take takes up to limit staged records, in order. They are gone when the transaction is kept, and with it the Append of what they became;
	// an engine elsewhere forgets them with that Append, and not before.
	Take(tx *store.Tx, limit int) (records [][]byte)
	// Unstage throws away what is staged.
	Unstage(s store.Store) error
}

// Run is an unbroken run of records for one chain.
type Run struct {
	Chain   string
	After   uint64 // the number of the record that the first follows, 0 at the beginning of a chain
	Records [][]byte
	Claims  []string // names that are given out once, whatever the chain
}

// ErrBehind says that a chain has gone on, or a name has been claimed, since the runs were made: what has come must be folded first, and
// the postings tried again.
var ErrBehind = errors.New("the chain has gone on")

// claiming entries give out names that must be unique beyond their chain.
type claiming interface{ Claims() []string }

func claimsOf(e Entry) []string {
	if c, ok := e.(claiming); ok {
		return c.Claims()
	}
	return nil
}

// file is the engine in the tables' own file.
type file struct{}

const (
	journalBucket = "journal" // chain and number → record
	stagedBucket  = "staged"  // place in the posting → record without a place in a chain
)

// claimed names the chain in which each claimed name was given out. It is made anew from the journal when that is folded
// into new tables.
var claimed = store.Table[string]("claim")

func (file) Append(tx *store.Tx, runs []*Run) error {
	for _, run := range runs {
		behind := run.After > 0 && tx.Get(journalBucket, run.Chain+SeqKey(run.After)) == nil
		if behind || tx.Get(journalBucket, run.Chain+SeqKey(run.After+1)) != nil {
			return ErrBehind
		}
		for i, b := range run.Records {
			tx.Put(journalBucket, run.Chain+SeqKey(run.After+1+uint64(i)), b)
		}
		for _, name := range run.Claims {
			if claimed.Has(tx, name) {
				return ErrBehind
			}
			claimed.Put(tx, name, run.Chain)
		}
	}
	return nil
}

func (file) Read(r store.Reader, chain string, from uint64) iter.Seq2[uint64, []byte] {
	return func(yield func(uint64, []byte) bool) {
		for _, b := range r.Scan(journalBucket, chain+SeqKey(from), store.PrefixEnd(chain)) {
			if !yield(from, b) {
				return
			}
			from++
		}
	}
}

func (file) All(r store.Reader, from string) iter.Seq2[string, []byte] {
	return r.Scan(journalBucket, from, "")
}

func (file) Ends(r store.Reader) map[string]uint64 {
	ends := map[string]uint64{}
	for chain, h := range heads.Scan(r, "") {
		ends[chain] = h.Seq
	}
	return ends
}

func (e file) Stage(s store.Store, records [][]byte) error {
	if err := e.Unstage(s); err != nil {
		return err
	}
	for from := 0; from < len(records); from += bite {
		if err := s.Update(func(tx *store.Tx) error {
			for i, b := range records[from:min(from+bite, len(records))] {
				tx.Put(stagedBucket, Number(from+i, 12), b)
			}
			return nil
		}); err != nil {
			return errors.Join(err, e.Unstage(s))
		}
	}
	return nil
}

func (file) Take(tx *store.Tx, limit int) (records [][]byte) {
	var keys []string
	for k, b := range tx.Scan(stagedBucket, "", "") {
		if len(keys) == limit {
			break
		}
		keys, records = append(keys, k), append(records, b)
	}
	for _, k := range keys {
		tx.Delete(stagedBucket, k)
	}
	return records
}

func (e file) Unstage(s store.Store) error {
	for left := true; left; {
		if err := s.View(func(r store.Reader) error {
			left = false
			for range r.Scan(stagedBucket, "", "") {
				left = true
				break
			}
			return nil
		}); err != nil || !left {
			return err
		}
		if err := s.Update(func(tx *store.Tx) error { e.Take(tx, bite); return nil }); err != nil {
			return err
		}
	}
	return nil
}
