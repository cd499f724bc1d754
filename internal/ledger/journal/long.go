package journal

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// bite is the most entries that one transaction of a long posting journals: others wait for no more than that. longer is how many a posting
// has to have to be journalled so: staging writes everything twice.
var (
	bite   = 2_000
	longer = 4_000
)

// long tells whether a posting is journalled in bites.
func (w *pending) long() bool { return w.posting.Count > longer && !w.given }

// metaLong tells of the long posting under way, from when all of it is staged until all of it is journalled.
const metaLong = "long"

type longPosting struct {
	_      struct{} `cbor:",toarray"`
	Ranges []Range  // what it has become so far
}

// underway is a long posting. It is checked over a snapshot, and staged, beside the committer; then the committer journals it bite by
// bite, and others take turns. Whoever posts about a place that it touches waits until it is done, so that what was decided of it stays
// as it was checked.
type underway struct {
	w       *pending
	receipt Receipt
	ready   chan error // told once, when all of it is staged, or why it is not
	staged  bool
	parked  []*pending // others' postings that wait for it
}

// done is told when the checking is over; nil of none, which is never told.
func (u *underway) done() <-chan error {
	if u == nil {
		return nil
	}
	return u.ready
}

// errBusy says that a posting has to wait for a long one. Nobody but the committer sees it.
var errBusy = errors.New("a long posting touches the same place")

// touches tells whether a place is one that a long posting touches, or lies above or below one.
func (u *underway) touches(place region.Code) bool {
	if u == nil || len(place) != 12 {
		return false
	}
	if u.w.alone {
		return true
	}
	if u.w.places[place] {
		return true
	}
	for place.Level() > region.CountryLevel {
		if place = place.Parent(); u.w.own[place] {
			return true
		}
	}
	return false
}

// touched notes the places that a long posting is about, and those above them. What reaches further is posted alone.
func (w *pending) touched() {
	w.own, w.places = map[region.Code]bool{}, map[region.Code]bool{}
	for e := range w.posting.Source {
		_, leads := e.(leading) // to whatever place
		if w.alone = w.alone || leads || len(claimsOf(e)) > 0; w.alone {
			return
		}
		place := e.Place()
		if len(place) != 12 || w.own[place] {
			continue
		}
		w.own[place] = true
		for w.places[place] = true; place.Level() > region.CountryLevel; w.places[place] = true {
			place = place.Parent()
		}
	}
}

// begin begins a long posting, or has it wait for the one that is under way.
func (l *Ledger) begin(w *pending) {
	if l.under != nil {
		l.longs = append(l.longs, w)
		return
	}
	if !l.unstick() {
		w.err = errStuck
		close(w.done)
		return
	}
	u := &underway{w: w, ready: make(chan error, 1)}
	l.under = u
	opened := make(chan struct{})
	go func() { u.ready <- l.prepareLong(u, sync.OnceFunc(func() { close(opened) })) }()
	<-opened // from here on nobody else posts about its places
}

// prepareLong checks a long posting over a snapshot, which it tells when it has it, and stages what it comes to.
func (l *Ledger) prepareLong(u *underway, opened func()) (err error) {
	defer opened()
	var records [][]byte
	try := *u.w
	try.keep = func(rec Record) { records = append(records, store.Encode(&rec)) }
	if err := l.kept.View(func(r store.Reader) error {
		opened()
		u.receipt, err = l.postSafely(l.step(store.Try(r), false), &try)
		return err
	}); err != nil || u.receipt.Again {
		err, _ = Troubled(err)
		return err
	}
	err = l.engine.Stage(l.kept, records)
	if err == nil {
		if err = l.kept.Update(func(tx *store.Tx) error {
			tx.Put(meta, metaLong, store.Encode(longPosting{}))
			return nil
		}); err != nil && l.engine.Unstage(l.kept) != nil {
			l.stuck.Store(true) // what is staged and not promised must not meet the next long posting
		}
	}
	if err != nil {
		slog.Error("commit failed", "err", err)
		return unwritten(err)
	}
	return nil
}

// staged goes on with a long posting that has been checked.
func (l *Ledger) staged(err error) {
	u := l.under
	if u.w.receipt, u.w.err = u.receipt, err; err != nil || u.receipt.Again {
		l.over()
		return
	}
	u.staged = true
}

// bite journals one bite of the long posting under way.
func (l *Ledger) bite() {
	l.impatient()
	ranges, more, err := l.journalBite()
	if err != nil {
		slog.Error("a long posting is staged but not journalled; it will be as soon as the disk takes it", "err", err)
		l.stuck.Store(true)
		l.under.w.receipt, l.under.w.err = Receipt{}, errStuck
		l.over()
	} else if !more {
		l.under.w.receipt.Ranges = ranges
		l.over()
	}
}

// over answers the long posting that was under way, posts what waited for it, and begins the next.
func (l *Ledger) over() {
	u := l.under
	l.under = nil
	close(u.w.done)
	for parked := u.parked; len(parked) > 0; {
		n := min(len(parked), commitEntries)
		l.together(parked[:n])
		parked = parked[n:]
	}
	for l.under == nil && len(l.longs) > 0 { // one that is refused at once is not the last
		next := l.longs[0]
		l.longs = l.longs[1:]
		l.begin(next)
	}
}

// finish ends what is under way when the ledger is closed.
func (l *Ledger) finish() {
	for l.under != nil {
		if l.under.staged {
			l.bite()
		} else {
			l.staged(<-l.under.ready)
		}
	}
}

// patience is how long a posting waits for a long one before its person is told.
var patience = 20 * time.Second

// impatient tells those who have waited long enough.
func (l *Ledger) impatient() {
	if l.under == nil {
		return
	}
	l.under.parked = slices.DeleteFunc(l.under.parked, func(w *pending) bool {
		if time.Since(w.came) < patience {
			return false
		}
		w.err = Refuse(Unavailable, "", "", "这个地方正在记一批 %s 行的上传,这一笔没有记;请过一会儿再提交", strconv.Itoa(l.under.w.posting.Count))
		close(w.done)
		return true
	})
}

// errStuck is what everybody is told between a disk's refusal in the middle of a long posting and its finishing.
var errStuck = Refuse(Unavailable, "", "", "磁盘写不进去,一批长的分录写到一半;请管理员检查磁盘、腾出地方,之后会自己接着写完,在那以前不收新的分录")

// finishLong finishes a long posting that was interrupted after all of it had been staged, and clears away one that was not.
func (l *Ledger) finishLong() error {
	ready := false
	if err := l.kept.View(func(r store.Reader) error {
		ready = r.Get(meta, metaLong) != nil
		return nil
	}); err != nil {
		return err
	}
	if !ready {
		return l.engine.Unstage(l.kept)
	}
	_, err := l.journalStaged()
	return err
}

// journalStaged journals all that is staged, and returns the records it has become.
func (l *Ledger) journalStaged() (ranges []Range, err error) {
	for more := true; more && err == nil; {
		ranges, more, err = l.journalBite()
	}
	return ranges, err
}

// journalBite journals a bite of what is staged, again where somebody else has appended to the same chain meanwhile. It returns the
// records that all of it has become so far, and whether there is more.
func (l *Ledger) journalBite() (ranges []Range, more bool, err error) {
	for range maxTries {
		if ranges, more, err = l.tryBite(); !errors.Is(err, ErrBehind) {
			break
		}
		if behind := l.catchUp(); behind != nil {
			return nil, false, behind
		}
	}
	return ranges, more, err
}

func (l *Ledger) tryBite() (ranges []Range, more bool, err error) {
	defer func() {
		if err != nil {
			l.forget()
		}
	}()
	err = l.kept.Update(func(tx *store.Tx) error {
		var long longPosting
		if b := tx.Get(meta, metaLong); b != nil {
			if err := store.Decode(b, &long); err != nil {
				return err
			}
		}
		s, ends := l.step(tx, true), map[string]*head{}
		s.late = true
		records := l.engine.Take(tx, bite)
		led := map[string]bool{} // what the records before have brought about
		for _, b := range records {
			if err := s.addStaged(ends, &long.Ranges, b, led); err != nil {
				return err
			}
		}
		ranges = long.Ranges
		if more = len(records) == bite; more {
			tx.Put(meta, metaLong, store.Encode(long))
		} else {
			tx.Delete(meta, metaLong)
		}
		return l.engine.Append(tx, s.runs)
	})
	return ranges, more && err == nil, err
}

// addStaged adds a staged record. Others may have posted since it was checked: it is posted now, not before them, and what it brings
// about names the number that it has got.
func (s *step) addStaged(ends map[string]*head, ranges *[]Range, stored []byte, led map[string]bool) error {
	var rec Record
	if err := store.Decode(stored, &rec); err != nil {
		return err
	}
	chain := rec.Place.Chain()
	if led[pairKey(chain, rec.Kind, rec.Body)] { // older programs staged these, too
		return nil
	}
	e, err := decodeEntry(&rec)
	if err != nil {
		return err
	}
	at, err := s.timeFor(chain, s.end(ends, chain), time.UnixMilli(rec.At))
	if err != nil {
		return err
	}
	rec.At = at.UnixMilli()
	s.add(ends, ranges, &rec, e)
	if first, ok := e.(leading); ok {
		for _, next := range first.Follow(chain, rec.Seq) {
			led[pairKey(next.Place().Chain(), KindOf(next), store.Encode(next))] = true
		}
	}
	return s.lead(ends, ranges, rec, e, at)
}

// Impatient has nobody wait for a long posting, until the returned function is called.
func Impatient() (back func()) {
	p := patience
	patience = 0
	return func() { patience = p }
}

// ShortBites makes long postings of such that tests can afford, until the returned function is called.
func ShortBites(entries int) (back func()) {
	b, l := bite, longer
	bite, longer = entries, 2*entries
	return func() { bite, longer = b, l }
}
