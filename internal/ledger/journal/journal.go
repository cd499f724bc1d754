package journal

import (
	"fmt"
	"iter"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Record is one entry as the journal keeps it. There is one chain of records for each county (and one for each larger region that
// has entries of its own); a record holds the hash of the one before it, so none can be changed, removed or put in
// between without breaking all that follow.
type Record struct {
	Seq     uint64      `cbor:"1,keyasint"`
	Prev    []byte      `cbor:"2,keyasint"` // hash of the record before, as stored; empty for the first
	At      int64       `cbor:"3,keyasint"` // posting time, Unix milliseconds UTC
	By      string      `cbor:"4,keyasint"` // account; "" for the console of the ledger's own machine
	Role    Role        `cbor:"5,keyasint"`
	Kind    string      `cbor:"6,keyasint"`
	Place   region.Code `cbor:"7,keyasint"`
	Body    rawBody     `cbor:"8,keyasint"`
	Request *request    `cbor:"9,keyasint,omitempty"` // on the last record of a posting that came with a request key
	// Console says that the ledger's own machine posted for the account without its password; absent where its person did, and in records
	// of programs that did not ask.
	Console bool `cbor:"10,keyasint,omitempty"`
	// Hash names what the records of the chain are chained by, on the first of them; absent for SHA-256.
	Hash string `cbor:"11,keyasint,omitempty"`
}

// chained remembers by which hash each chain is chained.
type chained map[string]seal.Suite

// of asks the first record of a chain; of one that has none yet nothing is known.
func (c chained) of(e Engine, r store.Reader, chain string) (seal.Suite, error) {
	if suite, ok := c[chain]; ok {
		return suite, nil
	}
	for _, b := range e.Read(r, chain, 1) {
		var first Record
		if err := store.Decode(b, &first); err != nil {
			return 0, err
		}
		suite, err := seal.Hashed(first.Hash)
		if err == nil {
			c[chain] = suite
		}
		return suite, err
	}
	return 0, nil
}

// Nobody is who posted a record that names no account: the ledger's own machine, or somebody on the public page.
func (r Record) Nobody() Label {
	if r.Role == Anybody {
		return Anybody.Label()
	}
	return "本机"
}

// hasher hashes the records of chains that are gone through from their beginnings, one after another.
type hasher struct{ by seal.Suite }

// hash is that of a record; the first of a chain says by what.
func (h *hasher) hash(chain string, rec *Record, stored []byte) (sum [seal.HashSize]byte, err error) {
	if rec.Seq == 1 {
		if h.by, err = seal.Hashed(rec.Hash); err != nil {
			return sum, &Finding{Chain: chain, Seq: rec.Seq, Reason: err.Error()}
		}
	}
	return h.by.Hash(stored), nil
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

var (
	heads    = store.Table[head]("head")
	requests = store.Table[request]("request")
)

// entriesOf finds the records about a place: village code and sequence number, no value.
const entriesOf = store.Set("entries_of")

// events finds the records about a place that change a register: village code and sequence number → the day of the posting.
const events = store.Table[Date]("event")

// EventsAfter yields the records about a place, behind one of its chain, that change a register, with the days on which they were posted.
func EventsAfter(r store.Reader, place region.Code, seq uint64) iter.Seq2[uint64, Date] {
	return func(yield func(uint64, Date) bool) {
		for key, day := range events.Range(r, string(place)+SeqKey(seq+1), store.PrefixEnd(string(place))) {
			if _, at := CutSeq(key); !yield(at, day) {
				return
			}
		}
	}
}

// SeqKey prints the number of a record for use inside keys.
func SeqKey(seq uint64) string { return Number(int(seq), 12) }

// fold applies one stored record, which may have come from another ledger, to tables. It is the only way anything is ever written to them.
func fold(tx *store.Tx, chain string, rec *Record, e Entry, hash [32]byte, came bool) {
	e.Apply(&Applying{Tx: tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At), foreign: came})
	entriesOf.Add(tx, string(rec.Place)+SeqKey(rec.Seq))
	if kinds[rec.Kind].Event {
		events.Put(tx, string(rec.Place)+SeqKey(rec.Seq), DateOf(time.UnixMilli(rec.At)))
	}
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

	HashedBy string // SHA-256 or SM3
}

// Time returns when it was posted, in local time.
func (j *JournalEntry) Time() time.Time { return time.UnixMilli(j.At).In(Beijing) }

// FirstSince is the number of the first record of a place's chain that was posted on a day or later; one more than the last where none was.
// Times of a chain do not fall. It says nothing of what the records are about.
func (v *View) FirstSince(place region.Code, day Date) (uint64, error) {
	chain := place.Chain()
	low, high := uint64(1), v.End(place)+1
	for low < high {
		middle := (low + high) / 2
		var rec Record
		for _, b := range v.engine.Read(v.books, chain, middle) {
			if err := store.Decode(b, &rec); err != nil {
				return 0, err
			}
			break
		}
		if DateOf(time.UnixMilli(rec.At)) < day {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// PostedSince tells whether anything has been posted about a village since a record of its chain, but for entries that tell nothing of it.
func (v *View) PostedSince(village region.Code, seq uint64) bool {
	return v.posted(village, string(village)+SeqKey(seq), store.PrefixEnd(string(village)))
}

// PostedBetween is PostedSince up to another record, which is not looked at.
func (v *View) PostedBetween(village region.Code, seq, end uint64) bool {
	return v.posted(village, string(village)+SeqKey(seq), string(village)+SeqKey(end))
}

func (v *View) posted(village region.Code, from, to string) bool {
	for key := range v.books.Scan(string(entriesOf), from, to) {
		at, err := strconv.ParseUint(key[VillageID.digits:], 10, 64)
		if err != nil {
			continue
		}
		for _, b := range v.engine.Read(v.books, village.Chain(), at) {
			var rec Record
			if store.Decode(b, &rec) == nil && !kinds[rec.Kind].Aside {
				return true
			}
			break
		}
	}
	return false
}

// AboutSince lists the places that the records of a county's chain after one are about, each once, and tells whether it could: of more than
// so many it says nothing.
func (v *View) AboutSince(county region.Code, seq uint64, most int) (places []region.Code, ok bool, err error) {
	end := v.End(county)
	if end > seq+uint64(most) {
		return nil, false, nil
	}
	seen := map[region.Code]bool{}
	for at, b := range v.engine.Read(v.books, county.Chain(), seq+1) {
		var rec Record
		if err := store.Decode(b, &rec); err != nil {
			return nil, false, err
		}
		if !seen[rec.Place] {
			seen[rec.Place] = true
			places = append(places, rec.Place)
		}
		if at >= end {
			break
		}
	}
	return places, true, nil
}

// lastOf is what is known of a chain: of the records up to one the last that is of some sort.
type lastOf struct{ end, seq uint64 }

// mostLooked is the most records that are looked through for the last of a sort; of more it is taken that they had one.
const mostLooked = 20_000

// LastOf is the number of the last record of a county's chain whose kind is of a sort, by the sort's name; or a later one where nobody has
// asked for so long that finding it would take longer than what hangs on it. It says nothing of what the record is about.
func (v *View) LastOf(county region.Code, sort string, is func(kind string) bool) (uint64, error) {
	key, end := "last of "+sort+" "+string(county), v.End(county)
	known, _ := Recall[lastOf](v, key)
	switch {
	case known.end == end:
		return known.seq, nil
	case known.end > end || end-known.end > mostLooked: // a look that began before another, or nobody knows
		if known.end < end {
			Remember(v, key, lastOf{end, end})
		}
		return end, nil
	}
	for at, b := range v.engine.Read(v.books, county.Chain(), known.end+1) {
		var rec Record
		if err := store.Decode(b, &rec); err != nil {
			return 0, err
		}
		if is(rec.Kind) {
			known.seq = at
		}
		if known.end = at; at >= end {
			break
		}
	}
	known.end = end
	Remember(v, key, known)
	return known.seq, nil
}

// RoomOf is the last part of the name of the package that a kind of entries lies in.
func RoomOf(kind string) string {
	e := New(kind)
	if e == nil {
		return ""
	}
	return path.Base(reflect.TypeOf(e).Elem().PkgPath())
}

// LastAbout is the number of the last record about a place itself, in its chain; 0 where there is none.
func (v *View) LastAbout(place region.Code) uint64 {
	key := v.books.Last(string(entriesOf), store.PrefixEnd(string(place)))
	if !strings.HasPrefix(key, string(place)) {
		return 0
	}
	_, seq := CutSeq(key)
	return seq
}

// JournalEntry returns the record of a chain with a sequence number.
func (v *View) JournalEntry(chain string, seq uint64) (*JournalEntry, error) {
	if len(chain) != 6 {
		return nil, Missing("", chain, "没有日志 %s", chain)
	}
	var b []byte
	if seq <= v.End(region.Code(chain+"000000")) {
		for _, b = range v.engine.Read(v.books, chain, seq) {
			break
		}
	}
	if b == nil || seq == 0 {
		return nil, Missing("", seq, "日志 %s 没有第 %s 号分录", chain, fmt.Sprint(seq))
	}
	j := &JournalEntry{Chain: chain}
	if err := store.Decode(b, &j.Record); err != nil {
		return nil, err
	}
	if err := v.Within(j.Place); err != nil {
		return nil, err
	}
	by, err := chained{}.of(v.engine, v.books, chain)
	if err != nil {
		return nil, err
	}
	j.Hash, j.HashedBy = fmt.Sprintf("%x", by.Hash(b)), by.HashLabel()
	if j.Entry, err = decodeEntry(&j.Record); err == nil && foreign(v.books, chain, seq) {
		j.Entry = inOurNames(v.books, chain, &j.Record, j.Entry)
	}
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
		chain, seq := CutSeq(at)
		j, err := v.JournalEntry(chain, seq)
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
				if after != "" {
					last, at := CutSeq(after)
					if chain < last {
						continue
					}
					if chain == last {
						seq = min(seq, max(at, 1)-1)
					}
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
		for k := range entriesOf.Each(v.books, place.Prefix()) {
			if at := PlaceOf(k).Chain() + k[VillageID.digits:]; after == "" || at < after {
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
