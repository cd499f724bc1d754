package journal

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

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
	// What stands for a chain or a key may be any bytes where a page is damaged: they must not reach a terminal as they are.
	return strings.ToValidUTF8(fmt.Sprintf("journal %s, record %d: %s", f.Chain, f.Seq, f.Reason), "?")
}

// Verified counts what verify went through, and says where each chain ends: noted down elsewhere, the ends show later whether a chain was
// cut or written anew.
type Verified struct {
	Records, Keys int
	Opened        int // boxes that were opened, where a key was given
	Unbound       int // boxes of records from before boxes were bound to their owners
	Fallen        int // records of older programs whose time is before their predecessor's
	Staged        int // records of a long posting that was interrupted: they are journalled when the books are opened next
	Chains        []ChainEnd
}

// ChainEnd is the last record of a chain.
type ChainEnd struct {
	Chain string
	Seq   uint64
	Hash  string // hexadecimal
}

// Verify walks every chain of the journal in s, folds it into scratch, and compares the tables of both, key by key and byte
// for byte; it asks of each record whether its account could post it at its time, and looks for what is in the file and belongs to
// nothing. It needs no key; with one, that fits, it opens every box as its owner's. The first difference is returned as a *Finding.
func Verify(s, scratch store.Store, key *seal.Key) (n Verified, err error) {
	return VerifyOver(file{}, s, scratch, key)
}

// VerifyOver is Verify of books whose journal an engine keeps.
func VerifyOver(e Engine, s, scratch store.Store, key *seal.Key) (n Verified, err error) {
	buckets, err := s.Buckets()
	if err != nil {
		return n, err
	}
	err = s.View(func(r store.Reader) error {
		if err := n.beside(r, buckets); err != nil {
			return err
		}
		if err := refold(e, r, scratch, key, &n); err != nil {
			return err
		}
		tables := Tables()
		if e == (file{}) { // another engine keeps its claims itself
			tables = append(tables, string(claimed))
		}
		return scratch.View(func(folded store.Reader) error { return compare(tables, r, folded, &n) })
	})
	return n, err
}

// beside looks at what is in the file and no table: nothing but what the program itself puts there.
func (n *Verified) beside(r store.Reader, buckets []string) error {
	known := slices.Concat(Tables(), []string{meta, journalBucket, stagedBucket, string(claimed)}, carried, others)
	for _, name := range buckets {
		if !slices.Contains(known, name) {
			return &Finding{Table: name, Reason: "is no table of this program"}
		}
	}
	for key := range r.Scan(meta, "", "") {
		if !slices.Contains([]string{metaKey, metaDemo, metaVersion, metaKeys, metaLong, metaClock}, key) && !strings.HasPrefix(key,
			metaUnbound) {
			return &Finding{Table: meta, Key: key, Reason: "is nothing that this program notes"}
		}
	}
	for range r.Scan(stagedBucket, "", "") {
		n.Staged++
	}
	return nil
}

// foldBite is how many records go into one transaction of a fold.
const foldBite = 5000

// eachBite goes through all stored records, a transaction of into for each bite of them.
func eachBite(e Engine, r store.Reader, f func(tx *store.Tx, chain string, seq uint64, stored []byte) error, into store.Store,
	bitten func()) error {
	chain, from := "", ""
	seq := uint64(0)
	for {
		count := 0
		err := into.Update(func(tx *store.Tx) error {
			for k, b := range e.All(r, from) {
				if count == foldBite {
					return nil
				}
				count++
				from = store.After(k)
				if len(k) < 6 {
					return &Finding{Chain: k, Reason: "is no journal key"}
				}
				if k[:6] != chain {
					chain, seq = k[:6], 0
				}
				seq++
				if k != chain+SeqKey(seq) {
					return &Finding{Chain: chain, Seq: seq, Reason: "is missing or out of place; found " + k}
				}
				if err := f(tx, chain, seq, b); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			bitten()
		}
		if err != nil || count < foldBite {
			return err
		}
	}
}

func refold(e Engine, r store.Reader, scratch store.Store, key *seal.Key, n *Verified) error {
	var prev []byte
	var by hasher
	met, ends, unbound, who := pairs{}, broughtEnds{}, bound(r), signers{of: map[string][]Stood{}}
	last := int64(0) // the time of the record before
	err := eachBite(e, r, func(tx *store.Tx, chain string, seq uint64, stored []byte) error {
		if seq == 1 {
			prev, last, n.Chains = nil, 0, append(n.Chains, ChainEnd{Chain: chain})
		}
		rec, err := following(chain, seq, prev, stored)
		if err != nil {
			return err
		}
		hash, err := by.hash(chain, rec, stored)
		if err != nil {
			return err
		}
		prev = hash[:]
		entry, ours, err := foldChecked(tx, chain, rec, hash)
		if err != nil {
			return err
		}
		if reason := ends.see(chain, seq, hash, entry); reason != "" {
			return &Finding{Chain: chain, Seq: seq, Reason: reason}
		}
		if rec.At < last && seq > unbound[chain] {
			return &Finding{Chain: chain, Seq: seq, Reason: "is from before the record before it"}
		} else if rec.At < last {
			n.Fallen++
		}
		last = rec.At
		who.see(tx, chain, rec, ours)
		if reason := n.look(entry, key, seq <= unbound[chain]); reason != "" {
			return &Finding{Chain: chain, Seq: seq, Reason: reason}
		}
		for _, name := range claimsOf(ours) {
			claimed.Put(tx, name, chain)
		}
		met.see(chain, rec, entry)
		n.Records++
		n.Chains[len(n.Chains)-1].Seq, n.Chains[len(n.Chains)-1].Hash = seq, fmt.Sprintf("%x", hash)
		return nil
	}, scratch, func() {})
	if err != nil {
		return err
	}
	if alone := met.alone(n.Chains, func(chain string) (away bool) {
		_ = scratch.View(func(folded store.Reader) error {
			at, _ := HandedOver(folded, region.Code(chain))
			away = at > 0
			return nil
		})
		return away
	}); alone != nil {
		return alone
	}
	if left := ends.left(); left != nil {
		return left
	}
	if stranger := who.stranger(); stranger != nil {
		return stranger
	}
	return nil
}

// look looks at an entry's boxes, and opens them where there is a key; old tells that they may be bound to no owner. It says what is wrong.
func (n *Verified) look(e Entry, key *seal.Key, old bool) (reason string) {
	holds, ok := e.(boxing)
	if !ok {
		return ""
	}
	holds.Boxes(func(b Boxed) {
		switch {
		case b.Box.Empty() || reason != "":
			return
		case b.Box.Unbound() && !old:
			reason = "holds a " + string(b.Purpose) + " that is bound to no owner, as no record after the upgrade does"
			return
		case b.Box.Unbound():
			n.Unbound++
		}
		if key == nil {
			return
		}
		text, err := key.Open(b.Purpose, b.Owner, *b.Box)
		switch {
		case err != nil:
			reason = "holds a " + string(b.Purpose) + " that is not that of " + b.Owner + ": " + err.Error()
		case b.Box.Digest != nil && !key.Finds(b.Purpose, ident.Clean(text), b.Box.Digest):
			reason = "holds a " + string(b.Purpose) + " of " + b.Owner + " under another number's digest"
		}
		n.Opened++
	})
	return reason
}

// foldChecked folds a record after looking at what posting would not have let through: another place or chain, a role that may not post the
// kind. It gives the entry as it stands in the record, and as these books name its account; the record's account is named so, too.
func foldChecked(tx *store.Tx, chain string, rec *Record, hash [32]byte) (e, ours Entry, err error) {
	wrong := func(reason string) error { return &Finding{Chain: chain, Seq: rec.Seq, Reason: reason} }
	defer func() {
		if p := recover(); p != nil { // a record no program of ours has written
			err = wrong(fmt.Sprint("cannot be applied: ", p))
		}
	}()
	e, err = decodeEntry(rec)
	switch {
	case err != nil:
		return nil, nil, wrong(err.Error())
	case e.Place() == "" || e.Place() != rec.Place:
		return nil, nil, wrong("is filed under " + string(rec.Place) + " but is about " + string(e.Place()))
	case rec.Place.Chain() != chain:
		return nil, nil, wrong("belongs to chain " + rec.Place.Chain())
	case !permits(kinds[rec.Kind], rec.Role):
		return nil, nil, wrong("was posted by a " + string(rec.Role) + ", who may not post " + rec.Kind)
	case here(tx, rec.Place) != nil:
		return nil, nil, wrong("was posted after the county's books had been handed over")
	}
	came := foreign(tx, chain, rec.Seq)
	if ours = e; came {
		ours = inOurNames(tx, chain, rec, e)
	}
	if reason := astray(tx, rec.Place, ours); reason != "" {
		return nil, nil, wrong(reason)
	}
	fold(tx, chain, rec, ours, hash, came)
	return e, ours, nil
}

func compare(tables []string, live, folded store.Reader, n *Verified) error {
	for _, table := range tables {
		next, stop := iter.Pull2(folded.Scan(table, "", ""))
		defer stop()
		k, v, ok := next()
		for lk, lv := range live.Scan(table, "", "") {
			if table != string(claimed) {
				n.Keys++
			}
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
