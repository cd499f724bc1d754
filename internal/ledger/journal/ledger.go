// Package journal is the kernel of the ledger: entries and their kinds, ids, dates, refusals and actors; posting, the chained journal,
// folding and verifying. It knows that there are entries, not what they mean.
package journal

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Ledger is the one way into the books (Post) and the one way out (Read).
type Ledger struct {
	kept    store.Store
	key     *seal.Key
	suite   seal.Suite // of chains that begin now
	papers  Papers
	engine  Engine
	last    map[string]lastRecord // the committer's own
	chained chained               // the same
	clock   func() time.Time
	queue   chan *pending
	done    chan struct{}

	watcher atomic.Pointer[Watcher]
	memos   memos
	closing sync.RWMutex // held for reading while a posting is handed over
	closed  bool
	stuck   atomic.Bool // see errStuck
	under   *underway   // the long posting under way, nil for none; the committer's own
	longs   []*pending  // those that wait for it; the same
}

// ErrWrongKey says that the books were sealed with another key.
var ErrWrongKey = errors.New("the books were sealed with another key")

// FormatError says that the books are in another format: a newer program wrote them, or Migrate has not made them anew.
type FormatError struct{ Have, Want string }

func (e *FormatError) Error() string {
	return "the books are in format " + strconv.Quote(e.Have) + ", this program reads " + strconv.Quote(e.Want)
}

// meta holds what belongs to this file rather than to the books; it is not folded from the journal.
const (
	meta        = "meta"
	metaKey     = "key-check"
	metaDemo    = "demo"
	metaVersion = "version"
	metaKeys    = "keys"    // the ids of all keys that have sealed
	metaUnbound = "unbound" // and a chain: the number of its last record whose boxes may be bound to no owner
)

// ErrOlderKey says that a key file does not have the key that has replaced the one in it.
var ErrOlderKey = errors.New("the books' key has been changed since")

// Fits tells whether a key is the one that the books in a store were begun with, and has what replaced it: nil, ErrWrongKey or ErrOlderKey.
func Fits(s store.Store, key *seal.Key) error {
	return s.View(func(r store.Reader) error {
		if !bytes.Equal(r.Get(meta, metaKey), key.Check()) {
			return ErrWrongKey
		}
		for used := r.Get(meta, metaKeys); len(used) > 0; used = used[len(seal.ID{}):] {
			if len(used) < len(seal.ID{}) || key.SuiteOf(seal.ID(used[:len(seal.ID{})])) == 0 {
				return ErrOlderKey
			}
		}
		return nil
	})
}

// NoteKeys notes that a key has been changed: from now on the books open with it alone.
func NoteKeys(s store.Store, key *seal.Key) error {
	return s.Update(func(tx *store.Tx) error { tx.Put(meta, metaKeys, idsOf(key)); return nil })
}

// idsOf is what is noted of the keys that seal: an older key file does no more.
func idsOf(key *seal.Key) (used []byte) {
	for _, id := range key.IDs() {
		used = append(used, id[:]...)
	}
	return used
}

// bound tells up to which record of each chain boxes may be bound to no owner: an older program sealed them so.
func bound(r store.Reader) map[string]uint64 {
	list := map[string]uint64{}
	for key, b := range r.Scan(meta, metaUnbound, store.PrefixEnd(metaUnbound)) {
		list[strings.Clone(key[len(metaUnbound):])], _ = strconv.ParseUint(string(b), 10, 64)
	}
	for key, a := range arrived.Scan(r, "") {
		chain, _ := CutSeq(key)
		list[strings.Clone(chain)] = max(list[chain], a.Unbound)
	}
	return list
}

// Open opens the books in a store with the key that seals their personal numbers. The clock gives posting times and decides what is
// "today". ErrWrongKey is returned when the key is not the one the books were begun with, ErrOlderKey when it has been replaced since.
func Open(s store.Store, key *seal.Key, clock func() time.Time) (*Ledger, error) {
	return OpenOver(file{}, s, key, clock)
}

// OpenOver is Open of books whose journal an engine keeps that need not be the file of the tables.
func OpenOver(e Engine, s store.Store, key *seal.Key, clock func() time.Time) (*Ledger, error) {
	var check, ver, keys []byte
	if err := s.View(func(r store.Reader) error {
		check, ver, keys = bytes.Clone(r.Get(meta, metaKey)), bytes.Clone(r.Get(meta, metaVersion)), bytes.Clone(r.Get(meta, metaKeys))
		return nil
	}); err != nil {
		return nil, err
	}
	switch {
	case check == nil:
		if err := s.View(unfinished); err != nil {
			return nil, err
		}
		if err := s.Update(func(tx *store.Tx) error {
			tx.Put(meta, metaKey, key.Check())
			tx.Put(meta, metaVersion, []byte(strconv.Itoa(format)))
			return nil
		}); err != nil {
			return nil, err
		}
	case string(ver) != strconv.Itoa(format):
		return nil, &FormatError{Have: string(ver), Want: strconv.Itoa(format)}
	default:
		if err := Fits(s, key); err != nil {
			return nil, err
		}
	}
	if !bytes.Equal(keys, idsOf(key)) { // begun, upgraded, or changed while nobody could note it
		if err := NoteKeys(s, key); err != nil {
			return nil, err
		}
	}
	if err := s.View(func(r store.Reader) error { return whole(e, r) }); err != nil {
		return nil, err
	}
	l := &Ledger{kept: s, key: key, suite: key.Suite(), engine: e, last: map[string]lastRecord{}, chained: chained{}, clock: clock,
		queue: make(chan *pending, maxWaiting), done: make(chan struct{})}
	if err := l.catchUp(); err != nil {
		return nil, err
	}
	if err := l.finishLong(); err != nil {
		return nil, err
	}
	go l.commit()
	return l, nil
}

// whole looks at the end of each chain: the record that the tables know as the last has to be there, and be the one that they know. It
// finds
// books that have lost one of the two; what else may be wrong Verify finds.
func whole(e Engine, r store.Reader) error {
	any := false
	for chain, h := range heads.Scan(r, "") {
		any = true
		by, err := chained{}.of(e, r, chain)
		if err != nil {
			return err
		}
		var last []byte
		for _, last = range e.Read(r, chain, h.Seq) {
			break
		}
		if hash := by.Hash(last); !bytes.Equal(hash[:], h.Hash) {
			return &Finding{Chain: chain, Seq: h.Seq, Reason: "is the last that the tables know, and is not there or another one"}
		}
	}
	if !any && e == (file{}) {
		for key := range e.All(r, "") {
			return &Finding{Chain: key[:min(len(key), 6)], Seq: 1, Reason: "stands in the journal, of which the tables know nothing"}
		}
	}
	return nil
}

// Begun tells whether a store holds books already, sealed with some key.
func Begun(s store.Store) (begun bool, err error) {
	err = s.View(func(r store.Reader) error {
		begun = r.Get(meta, metaKey) != nil
		return nil
	})
	return begun, err
}

// Close stops taking postings and waits for those under way. The store stays open. Closing twice is no error.
func (l *Ledger) Close() {
	l.closing.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.closing.Unlock()
	<-l.done
}

// RequestKeys make request keys of content: of each key, newest first. They are keyed, since content may hold personal numbers and request
// keys stand in the journal. What is posted now goes by the first; it may have been posted before by another.
func (l *Ledger) RequestKeys(content []byte) (list []string) {
	for _, digest := range l.key.Digests(seal.Request, string(content)) {
		list = append(list, fmt.Sprintf("%x", digest))
	}
	return list
}

// Digests are those that a text may be known by, newest first.
func (l *Ledger) Digests(p seal.Purpose, text string) [][]byte { return l.key.Digests(p, text) }

// MarkDemo notes that these books are a demonstration; every page then says so.
func (l *Ledger) MarkDemo() error {
	return MarkDemo(l.kept)
}

// MarkDemo is that of the books in a store.
func MarkDemo(s store.Store) error {
	return s.Update(func(tx *store.Tx) error {
		tx.Put(meta, metaDemo, []byte{1})
		return nil
	})
}

// Suite is the one of the books' newest key.
func (l *Ledger) Suite() seal.Suite { return l.suite }

// Now is the ledger's time.
func (l *Ledger) Now() time.Time { return l.clock() }

// View is one consistent snapshot of the books, as far as an actor may see them.
type View struct {
	books  store.Reader
	engine Engine
	who    Actor
	key    *seal.Key
	now    time.Time
	memos  *memos
	named  sync.Map // accounts by name, as far as somebody asked who they are
}

// Read runs f on a snapshot of the books for an actor.
func (l *Ledger) Read(who Actor, f func(*View) error) error {
	err := l.kept.View(func(r store.Reader) error {
		return f(&View{books: r, engine: l.engine, who: who, key: l.key, now: l.clock(), memos: &l.memos})
	})
	told, is := Troubled(err)
	if is {
		slog.Error("reading failed", "err", err)
	}
	return told
}

// Who is the actor that the view is for.
func (v *View) Who() Actor { return v.who }

// Today is the business date of the view.
func (v *View) Today() Date { return DateOf(v.now) }

// Now is the time of the view.
func (v *View) Now() time.Time { return v.now }

// Demo tells whether these books are a demonstration.
func (v *View) Demo() bool { return v.books.Get(meta, metaDemo) != nil }

// Within refuses places outside the actor's region, and everything in the books to administrators: they keep accounts.
func (v *View) Within(place region.Code) error {
	if v.who.Role == Administrator && v.who != Console {
		return Barred("管理员只管账号,不能查阅账目")
	}
	if place == "" {
		return Missing("", "", "没有这个编号")
	}
	if !v.who.Region.Contains(place) {
		return Barred("您的账号不能查阅 %s", string(place))
	}
	return nil
}

// Keeps refuses all but the administrators of everything that these books have: what concerns the whole file is theirs.
func (v *View) Keeps() error {
	if v.who == Console {
		return nil
	}
	if v.who.Role != Administrator {
		return Barred("备份只有管理员能看")
	}
	for chain := range heads.Scan(v.books, "") {
		if place, err := region.Parse(chain); err != nil || !v.who.Region.Contains(place) {
			return Barred("备份是全部地区的,只有管全部地区的管理员能看")
		}
	}
	return nil
}

// At gives the tables to whoever may read a place; queries get at them in no other way. What it refuses is what Within does.
func (v *View) At(place region.Code) (store.Reader, error) {
	if err := v.Within(place); err != nil {
		return nil, err
	}
	return v.books, nil
}

// Find returns what a table keeps under an id, or a key that begins with one, to whoever may read its place; missing is the refusal where
// there is nothing.
func Find[T any](v *View, t store.Readable[T], id string, missing error) (thing T, err error) {
	place := PlaceOf(id)
	if place == "" {
		return thing, missing
	}
	books, err := v.At(place)
	if err != nil {
		return thing, err
	}
	thing, ok := t.Get(books, id)
	if !ok {
		return thing, missing
	}
	return thing, nil
}

// Common is a table of what is nobody's in particular, as the divisions are: every view reads it.
type Common[T any] struct{ of store.Readable[T] }

// CommonOf makes a table one that every view reads.
func CommonOf[T any](t store.Readable[T]) Common[T] { return Common[T]{t} }

// Get returns the record with the key, and whether there is one.
func (t Common[T]) Get(v *View, key string) (T, bool) { return t.of.Get(v.books, key) }

// Range yields the records from a key up to another, in key order.
func (t Common[T]) Range(v *View, from, to string) iter.Seq2[string, T] {
	return t.of.Range(v.books, from, to)
}

// Scan yields the records whose keys begin with the prefix, in key order.
func (t Common[T]) Scan(v *View, prefix string) iter.Seq2[string, T] {
	return t.of.Scan(v.books, prefix)
}

// Open opens an owner's box, of a record that the view has read.
func (v *View) Open(p seal.Purpose, owner string, b seal.Box) (string, error) {
	return v.key.Open(p, owner, b)
}

// Digests are those that a number may be found by, newest first.
func (v *View) Digests(p seal.Purpose, text string) [][]byte { return v.key.Digests(p, text) }

// Digest is what is made of a text now, such as a certificate's code: that of the newest key.
func (v *View) Digest(p seal.Purpose, text string) []byte { return v.key.Digest(p, text) }

// Store gives the room for what must be stored but is no part of the books: sessions.
func (l *Ledger) Store() store.Store { return l.kept }

// DemoOf tells whether the books of a snapshot are a demonstration.
func DemoOf(r store.Reader) bool { return r.Get(meta, metaDemo) != nil }

// IsDemo tells whether these books are a demonstration.
func (l *Ledger) IsDemo() (is bool, err error) {
	err = l.kept.View(func(r store.Reader) error {
		is = r.Get(meta, metaDemo) != nil
		return nil
	})
	return is, err
}
