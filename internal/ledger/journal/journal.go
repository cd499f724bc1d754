package journal

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Record is one entry as the journal keeps it. There is one chain of records for each county (and one for each larger region that
// has entries of its own); a record holds the hash of the one before it, so none can be changed, removed or put in
// between without breaking all that follow.
type Record struct {
	Seq     uint64      `cbor:"1,keyasint"`
	Prev    []byte      `cbor:"2,keyasint"` // SHA-256 of the record before, as stored; empty for the first
	At      int64       `cbor:"3,keyasint"` // posting time, Unix milliseconds UTC
	By      string      `cbor:"4,keyasint"` // account; "" for the console of the ledger's own machine
	Role    Role        `cbor:"5,keyasint"`
	Kind    string      `cbor:"6,keyasint"`
	Place   region.Code `cbor:"7,keyasint"`
	Body    rawBody     `cbor:"8,keyasint"`
	Request *request    `cbor:"9,keyasint,omitempty"` // on the last record of a posting that came with a request key
}

type rawBody []byte

// request remembers a posting by the key its sender gave it, so that sending it again does not post it again.
type request struct {
	_      struct{} `cbor:",toarray"`
	Key    string   // account and the sender's key
	Digest []byte   // keyed digest of what was posted
	Ranges []Range  // the records it made
}

// Range is an unbroken run of records of one chain.
type Range struct {
	_           struct{} `cbor:",toarray"`
	Chain       string
	First, Last uint64
}

type head struct {
	_    struct{} `cbor:",toarray"`
	Seq  uint64
	Hash []byte
}

const journalBucket = "journal"

var (
	heads    = store.Table[head]("head")
	requests = store.Table[request]("request")
)

// entriesOf finds the records about a place: village code and sequence number, no value.
const entriesOf = "entries_of"

// SeqKey prints the number of a record for use inside keys.
func SeqKey(seq uint64) string { return Number(int(seq), 12) }

// fold applies one stored record to tables. It is the only way anything is ever written to them.
func fold(tx *store.Tx, chain string, rec *Record, e Entry, hash [32]byte) {
	e.Apply(&Applying{Tx: tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At)})
	tx.Put(entriesOf, string(rec.Place)+SeqKey(rec.Seq), []byte{1})
	if rec.Request != nil {
		requests.Put(tx, rec.Request.Key, *rec.Request)
	}
	heads.Put(tx, chain, head{Seq: rec.Seq, Hash: hash[:]})
}

func decodeEntry(rec *Record) (Entry, error) {
	e := New(rec.Kind)
	if e == nil {
		return nil, fmt.Errorf("journal record %d is of kind %q, which this program does not know", rec.Seq, rec.Kind)
	}
	return e, store.Decode(rec.Body, e)
}

// JournalEntry is a record with its entry, for reading.
type JournalEntry struct {
	Record
	Chain string
	Hash  string // of this record, hexadecimal
	Entry Entry
}

// Time returns when it was posted, in local time.
func (j *JournalEntry) Time() time.Time { return time.UnixMilli(j.At).In(Beijing) }

// JournalEntry returns the record of a chain with a sequence number.
func (v *View) JournalEntry(chain string, seq uint64) (*JournalEntry, error) {
	if len(chain) != 6 {
		return nil, Missing("", chain, "没有日志 %s", chain)
	}
	b := v.books.Get(journalBucket, chain+SeqKey(seq))
	if b == nil {
		return nil, Missing("", seq, "日志 %s 没有第 %s 号分录", chain, fmt.Sprint(seq))
	}
	j := &JournalEntry{Chain: chain}
	if err := store.Decode(b, &j.Record); err != nil {
		return nil, err
	}
	if err := v.Within(j.Place); err != nil {
		return nil, err
	}
	j.Hash = fmt.Sprintf("%x", sha256.Sum256(b))
	var err error
	j.Entry, err = decodeEntry(&j.Record)
	return j, err
}

// End is the number of the last record in the journal of a place.
func (v *View) End(place region.Code) uint64 {
	h, _ := heads.Get(v.books, place.Chain())
	return h.Seq
}

// Journal returns up to limit records about places in a region, newest first, chain by chain where there are several. Reading goes on
// after the position returned as next; "" begins and ends.
func (v *View) Journal(place region.Code, after string, limit int) (list []*JournalEntry, next string, err error) {
	if err := v.Within(place); err != nil {
		return nil, "", err
	}
	if after != "" && !isPosition(after) {
		return nil, "", Missing("after", after, "没有这个页面")
	}
	for at := range v.positions(place, after) {
		if len(list) == limit {
			return list, next, nil
		}
		seq, _ := strconv.ParseUint(at[6:], 10, 64)
		j, err := v.JournalEntry(at[:6], seq)
		if err != nil {
			return nil, "", err
		}
		list, next = append(list, j), at
	}
	return list, "", nil
}

// isPosition tells whether a text is the number of a chain and that of a record in it.
func isPosition(s string) bool { return len(s) == 6+12 && strings.Trim(s, "0123456789") == "" }

// positions yields chain and number of the records about places in a region, newest first in each chain, from below after on.
func (v *View) positions(place region.Code, after string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if place.Level() <= region.County { // whole chains
			for chain, h := range heads.Scan(v.books, place.Prefix()) {
				seq := h.Seq
				if after != "" && chain < after[:6] {
					continue
				}
				if after != "" && chain == after[:6] {
					at, _ := strconv.ParseUint(after[6:], 10, 64)
					seq = min(seq, max(at, 1)-1)
				}
				for ; seq > 0; seq-- {
					if !yield(chain + SeqKey(seq)) {
						return
					}
				}
			}
			return
		}
		var found []string
		for k := range v.books.Scan(entriesOf, place.Prefix(), store.PrefixEnd(place.Prefix())) {
			if at := k[:6] + k[12:]; after == "" || at < after {
				found = append(found, at)
			}
		}
		slices.Sort(found)
		for _, at := range slices.Backward(found) {
			if !yield(at) {
				return
			}
		}
	}
}

// Finding is the first thing verify found wrong.
type Finding struct {
	Chain  string // the journal's chain, or ""
	Seq    uint64 // the record, or 0
	Table  string // the table, or ""
	Key    string
	Reason string
}

func (f *Finding) Error() string {
	if f.Table != "" {
		return fmt.Sprintf("table %s, key %q: %s", f.Table, f.Key, f.Reason)
	}
	return fmt.Sprintf("journal %s, record %d: %s", f.Chain, f.Seq, f.Reason)
}

// Verified counts what verify went through, and says where each chain ends: noted down elsewhere, the ends show later whether a chain was
// cut or written anew.
type Verified struct {
	Records, Keys int
	Chains        []ChainEnd
}

// ChainEnd is the last record of a chain.
type ChainEnd struct {
	Chain string
	Seq   uint64
	Hash  string // hexadecimal
}

// Verify walks every chain of the journal in s, folds it into scratch, and compares the tables of both, key by key and byte
// for byte. It needs no key. The first difference is returned as a *Finding.
func Verify(s, scratch store.Store) (n Verified, err error) {
	err = s.View(func(r store.Reader) error {
		if err := refold(r, scratch, &n); err != nil {
			return err
		}
		return scratch.View(func(folded store.Reader) error { return compare(r, folded, &n) })
	})
	return n, err
}

// foldBite is how many records go into one transaction of a fold.
const foldBite = 5000

func refold(r store.Reader, scratch store.Store, n *Verified) error {
	chain, prev := "", []byte(nil)
	seq := uint64(0)
	from := ""
	for {
		count := 0
		err := scratch.Update(func(tx *store.Tx) error {
			for k, b := range r.Scan(journalBucket, from, "") {
				if count == foldBite {
					return nil
				}
				count++
				from = store.After(k)
				if len(k) < 6 {
					return &Finding{Chain: k, Reason: "is no journal key"}
				}
				if k[:6] != chain {
					chain, prev, seq = k[:6], nil, 0
					n.Chains = append(n.Chains, ChainEnd{Chain: chain})
				}
				seq++
				var rec Record
				if err := store.Decode(b, &rec); err != nil {
					return &Finding{Chain: chain, Seq: seq, Reason: "cannot be read: " + err.Error()}
				}
				if k != chain+SeqKey(seq) || rec.Seq != seq {
					return &Finding{Chain: chain, Seq: seq, Reason: "is missing or out of place; found " + k}
				}
				if !bytes.Equal(rec.Prev, prev) {
					return &Finding{Chain: chain, Seq: seq, Reason: "does not follow the record before it: one of the two was changed"}
				}
				hash := sha256.Sum256(b)
				prev = hash[:]
				if err := foldChecked(tx, chain, &rec, hash); err != nil {
					return err
				}
				n.Records++
				n.Chains[len(n.Chains)-1].Seq, n.Chains[len(n.Chains)-1].Hash = seq, fmt.Sprintf("%x", hash)
			}
			return nil
		})
		if err != nil || count < foldBite {
			return err
		}
	}
}

// foldChecked folds a record after looking at what posting would not have let through: another place or chain, a role that may not post the
// kind.
func foldChecked(tx *store.Tx, chain string, rec *Record, hash [32]byte) (err error) {
	wrong := func(reason string) error { return &Finding{Chain: chain, Seq: rec.Seq, Reason: reason} }
	defer func() {
		if p := recover(); p != nil { // a record no program of ours has written
			err = wrong(fmt.Sprint("cannot be applied: ", p))
		}
	}()
	e, err := decodeEntry(rec)
	switch {
	case err != nil:
		return wrong(err.Error())
	case e.Place() == "" || e.Place() != rec.Place:
		return wrong("is filed under " + string(rec.Place) + " but is about " + string(e.Place()))
	case rec.Place.Chain() != chain:
		return wrong("belongs to chain " + rec.Place.Chain())
	case !slices.Contains(kinds[rec.Kind].Roles, rec.Role):
		return wrong("was posted by a " + string(rec.Role) + ", who may not post " + rec.Kind)
	}
	fold(tx, chain, rec, e, hash)
	return nil
}

func compare(live, folded store.Reader, n *Verified) error {
	for _, table := range Tables() {
		next, stop := iter.Pull2(folded.Scan(table, "", ""))
		defer stop()
		k, v, ok := next()
		for lk, lv := range live.Scan(table, "", "") {
			n.Keys++
			switch {
			case !ok || lk < k:
				return &Finding{Table: table, Key: lk, Reason: "stands in the table but does not follow from the journal"}
			case lk > k:
				return &Finding{Table: table, Key: k, Reason: "follows from the journal but is missing in the table"}
			case !bytes.Equal(lv, v):
				return &Finding{Table: table, Key: k, Reason: fmt.Sprintf("differs from what the journal gives: %d bytes in the table, %d folded",
					len(lv), len(v))}
			}
			k, v, ok = next()
		}
		if ok {
			return &Finding{Table: table, Key: k, Reason: "follows from the journal but is missing in the table"}
		}
	}
	return nil
}
