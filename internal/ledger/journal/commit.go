package journal

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// commit is the committer: it takes whatever waits, posts it in one transaction and answers everybody, again and again. Nobody waits for
// a timer, and a refused posting is taken back without its neighbours. While a long posting is under way, others take turns with its
// bites.
func (l *Ledger) commit() {
	defer close(l.done)
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for {
		if l.under != nil && l.under.staged {
			select {
			case first, more := <-l.queue:
				if !more {
					l.finish()
					return
				}
				l.take(first)
			default:
			}
			l.bite()
			continue
		}
		select {
		case <-again.C:
			l.unstick()
			l.impatient()
		case err := <-l.under.done():
			l.staged(err)
		case first, more := <-l.queue:
			if !more {
				l.finish()
				return
			}
			l.take(first)
		}
	}
}

// take posts what was taken from the queue, with what waits behind it.
func (l *Ledger) take(first *pending) {
	first.began = time.Now()
	if first.long() {
		l.begin(first)
		return
	}
	batch, long := l.waiting(first)
	l.together(batch)
	if long != nil {
		l.begin(long)
	}
}

// together posts a batch and answers it, but for what waits for a long posting.
func (l *Ledger) together(batch []*pending) {
	if l.unstick() {
		l.postTogether(batch)
	} else {
		for _, w := range batch {
			w.err = errStuck
		}
	}
	for _, w := range batch {
		if w.err == errBusy {
			l.under.parked = append(l.under.parked, w)
			continue
		}
		close(w.done)
	}
}

// unstick tries again to finish what a disk refused in the middle of a long posting, and tells whether nothing is left of it.
func (l *Ledger) unstick() bool {
	if !l.stuck.Load() {
		return true
	}
	if err := l.finishLong(); err != nil {
		return false
	}
	slog.Info("a long posting that the disk had refused is finished")
	l.stuck.Store(false)
	return true
}

// Stuck tells whether nothing can be posted until the disk has room again.
func (l *Ledger) Stuck() bool { return l.stuck.Load() }

// waiting takes the postings that wait behind the first, as many as one transaction takes; a long one is posted alone, after them.
func (l *Ledger) waiting(first *pending) (batch []*pending, long *pending) {
	batch, size := []*pending{first}, first.posting.Count
	for size < commitEntries {
		select {
		case w, ok := <-l.queue:
			if !ok {
				return batch, nil
			}
			if w.began = time.Now(); w.long() {
				return batch, w
			}
			batch, size = append(batch, w), size+w.posting.Count
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// maxTries is how often postings are tried while others append to the same chains, and longestWait how long one at the most waits before
// the next try: two that append at once would keep getting in each other's way if neither stepped aside for a moment, each for another.
const (
	maxTries    = 30
	longestWait = 50 * time.Millisecond
)

// postTogether posts a batch in one transaction. Where the engine says that a chain has gone on, what has come is folded and all are tried
// again.
func (l *Ledger) postTogether(batch []*pending) {
	defer l.committed(len(batch), time.Now())
	var err error
	var runs []*Run
	for try := range maxTries {
		if try > 1 {
			time.Sleep(rand.N(min(longestWait, time.Duration(try)*2*time.Millisecond)))
		}
		err = l.kept.Update(func(tx *store.Tx) error {
			s := l.step(tx, true)
			s.busy = l.under
			for _, w := range batch {
				back := s.mark()
				if w.receipt, w.err = l.postSafely(s, w); w.err != nil {
					back()
				}
			}
			runs = s.runs
			return l.engine.Append(tx, runs)
		})
		if !errors.Is(err, ErrBehind) {
			break
		}
		l.forget() // what was tried is not what came
		if err = l.catchUp(); err != nil {
			break
		}
		err = ErrBehind
	}
	if err != nil {
		l.forget()
		slog.Error("commit failed", "err", err)
		if store.TroubleOf(err) == store.Damaged && len(batch) > 1 { // whoever meets the damage: the others go on
			for _, w := range batch {
				l.postTogether([]*pending{w})
			}
			return
		}
		there := l.there(runs)
		if there && l.kept.Update(func(*store.Tx) error { return nil }) == nil { // the next transaction's syncing is this one's, too
			slog.Info("what the disk had refused to confirm is written")
			return
		}
		for _, w := range batch {
			if w.err != nil {
				continue // refused before anything was written
			}
			if w.receipt, w.err = (Receipt{}), unwritten(err); there {
				w.err = Refuse(Unavailable, "", "", "磁盘出错,这一笔可能已经写入,也可能没有;请管理员检查磁盘,再交一次同一张表单:写入了的不会记两遍")
			}
		}
	}
}

// there tells whether the books have what a disk refused to confirm: where the syncing fails after the last page of a transaction has been
// written, whoever reads sees it, and nobody knows whether it lasts.
func (l *Ledger) there(runs []*Run) (is bool) {
	if l.engine != (file{}) || len(runs) == 0 {
		return false
	}
	err := l.kept.View(func(r store.Reader) error {
		for _, run := range runs {
			last := len(run.Records)
			if !bytes.Equal(r.Get(journalBucket, run.Chain+SeqKey(run.After+uint64(last))), run.Records[last-1]) {
				return nil
			}
		}
		is = true
		return nil
	})
	return err == nil && is
}

// forget forgets what the committer knows of the chains' ends.
func (l *Ledger) forget() {
	clear(l.last)
	clear(l.chained)
}

// catchUp folds the records that the engine has and the tables do not know yet.
func (l *Ledger) catchUp() error {
	for more := true; more; {
		more = false
		if err := l.kept.Update(func(tx *store.Tx) error {
			n := 0
			ends := l.engine.Ends(tx)
			for _, chain := range slices.Sorted(maps.Keys(ends)) { // the country's first: see county.go
				end := ends[chain]
				h, _ := heads.Get(tx, chain)
				by, err := l.chained.of(l.engine, tx, chain)
				if err != nil {
					return err
				}
				for seq, b := range l.engine.Read(tx, chain, h.Seq+1) {
					if n++; seq > end || n > foldBite {
						more = n > foldBite
						break
					}
					rec, err := following(chain, seq, h.Hash, b)
					if err != nil {
						return err
					}
					hash := by.Hash(b)
					if _, _, err := foldChecked(tx, chain, rec, hash); err != nil {
						return err
					}
					h.Hash = hash[:]
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// step is a transaction in the making: the tables as they will be, and the runs of records that make them so.
type step struct {
	*store.Tx
	engine Engine
	keep   bool // whether there will be runs; what is only tried needs the tables that checks read, not the journal and its indexes
	runs   []*Run
	last   map[string]lastRecord

	suite   seal.Suite // of chains that begin now
	chained chained
	late    bool      // what is added was checked a while ago: others may have posted since
	busy    *underway // whose places nobody else may post about; nil for none
}

// lastRecord says when the last record of a chain was posted, while the chain ends there.
type lastRecord struct {
	seq uint64
	at  int64
}

// step begins a step of the committer, or one that is only tried.
func (l *Ledger) step(tx *store.Tx, keep bool) *step {
	s := &step{Tx: tx, engine: l.engine, keep: keep, last: l.last, suite: l.suite, chained: l.chained}
	if !keep { // the ledger's own are the committer's
		s.last, s.chained = map[string]lastRecord{}, chained{}
	}
	return s
}

// mark remembers the step as it stands.
func (s *step) mark() (back func()) {
	tx, runs := s.Mark(), make([]Run, len(s.runs))
	for i, run := range s.runs {
		runs[i] = *run
	}
	return func() {
		tx()
		s.runs = s.runs[:len(runs)]
		for i := range runs {
			*s.runs[i] = runs[i]
		}
	}
}

// run is the run of a chain that the step appends to, nil where it has appended nothing yet.
func (s *step) run(chain string) *Run {
	if i := slices.IndexFunc(s.runs, func(r *Run) bool { return r.Chain == chain }); i >= 0 {
		return s.runs[i]
	}
	return nil
}

// record returns a stored record, also one that the step has made.
func (s *step) record(chain string, seq uint64) (*Record, error) {
	var b []byte
	if run := s.run(chain); run != nil && seq > run.After {
		b = run.Records[seq-run.After-1]
	} else {
		for _, b = range s.engine.Read(s.Tx, chain, seq) {
			break
		}
	}
	rec := &Record{}
	if err := store.Decode(b, rec); err != nil {
		return nil, errors.New("journal record " + chain + SeqKey(seq) + ": " + err.Error())
	}
	return rec, nil
}

// maxBack is how far a clock may have been set back without anything being refused.
const maxBack = 5 * time.Minute

// timeFor is the time of the next record of a chain: now, but never before its predecessor's. A clock that was set back by more than
// maxBack is refused: the dates of what follows would be wrong.
func (s *step) timeFor(chain string, end *head, now time.Time) (time.Time, error) {
	last := s.last[chain]
	if last.seq != end.Seq {
		rec, err := s.record(chain, end.Seq)
		if err != nil {
			return now, err
		}
		last = lastRecord{end.Seq, rec.At}
		s.last[chain] = last
	}
	before := time.UnixMilli(last.at)
	switch {
	case now.UnixMilli() >= last.at:
		return now, nil
	case before.Sub(now) <= maxBack || s.late:
		return before, nil
	}
	return now, Refuse(Unavailable, "", "", "电脑的时钟是 %s,比上一笔分录的 %s 早;请先校正时钟", now.In(Beijing).Format(time.DateTime),
		before.In(Beijing).Format(time.DateTime))
}

// end is where a chain ends: ends are those that a posting knows already.
func (s *step) end(ends map[string]*head, chain string) *head {
	end := ends[chain]
	if end == nil {
		h, _ := heads.Get(s.Tx, chain)
		end = &h
		ends[chain] = end
	}
	return end
}

// add gives a record its place at the end of its chain and folds it into the tables. Ends are the ends of the chains as far as the posting
// knows them, ranges what it has become so far.
func (s *step) add(ends map[string]*head, ranges *[]Range, rec *Record, e Entry) {
	chain := rec.Place.Chain()
	end := s.end(ends, chain)
	rec.Seq, rec.Prev = end.Seq+1, end.Hash
	if rec.Seq == 1 {
		rec.Hash, s.chained[chain] = s.suite.HashName(), s.suite
	}
	by, err := s.chained.of(s.engine, s.Tx, chain)
	if err != nil {
		panic(err) // the first record cannot be read: the posting is refused, its neighbours go on
	}
	at := len(*ranges) - 1
	for at >= 0 && (*ranges)[at].Chain != chain {
		at--
	}
	if at < 0 || (*ranges)[at].Last+1 != rec.Seq { // its first, or the first behind what others have posted meanwhile
		at = len(*ranges)
		*ranges = append(*ranges, Range{Chain: chain, First: rec.Seq})
	}
	(*ranges)[at].Last = rec.Seq
	if rec.Request != nil {
		rec.Request.Ranges = *ranges
	}
	b := store.Encode(rec)
	hash := by.Hash(b)
	end.Seq, end.Hash = rec.Seq, hash[:]
	s.last[chain] = lastRecord{rec.Seq, rec.At}
	if !s.keep {
		e.Apply(&Applying{Tx: s.Tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At)})
		return
	}
	run := s.run(chain)
	if run == nil {
		run = &Run{Chain: chain, After: rec.Seq - 1}
		s.runs = append(s.runs, run)
	}
	run.Records, run.Claims = append(run.Records, b), append(run.Claims, claimsOf(e)...)
	fold(s.Tx, chain, rec, e, hash, false)
}

// postSafely keeps a bug, or a record that cannot be read, to the posting that met it: its neighbours and the ledger go on.
func (l *Ledger) postSafely(s *step, w *pending) (r Receipt, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *store.ErrDamaged, *store.ErrCorrupt:
			slog.Error("posting met damage", "err", p)
			r = Receipt{}
			err, _ = Troubled(p.(error))
		default:
			slog.Error("posting panicked", "err", p, "stack", string(debug.Stack()))
			r, err = Receipt{}, Refuse(Unavailable, "", "", "程序出错了,这一笔没有记;请告诉管理员")
		}
	}()
	return l.post(s, w)
}

// post writes one posting into the step. What it wrote before a refusal is for the caller to take back.
func (l *Ledger) post(s *step, w *pending) (Receipt, error) {
	who := w.who
	if who != Console && who.Role != Anybody {
		var err error
		if who, err = onDuty(s, who); err != nil {
			return Receipt{}, err
		}
	}
	p, key := w.posting, ""
	if p.Request != "" {
		key = p.chain() + who.Account + "\x00" + p.Request
		if r, ok, err := s.again(l.key, w, who); ok || err != nil {
			return r, err
		}
	}
	now := l.clock()
	c := &Checking{Tx: s.Tx, Who: who, key: l.key}
	var f Faults
	var receipt Receipt
	ends := map[string]*head{}
	i := -1
	for given := range p.Source {
		i++
		if p.Progress != nil {
			p.Progress.Add(1)
		}
		if s.busy.touches(given.Place()) {
			return Receipt{}, errBusy
		}
		if place := given.Place(); isPlace(place) {
			if err := here(s.Tx, place); err != nil && permit(who, given) == nil { // said once, of all that comes
				return Receipt{}, err
			}
		}
		e, err := l.decide(s, c, copyOf(given), ends, now, !w.given)
		if err != nil {
			if f.collect(i, p.Count, err); len(f) >= MaxFaults {
				break
			}
			continue
		}
		rec := Record{At: c.now.UnixMilli(), By: who.Account, Role: who.Role, Kind: KindOf(e), Place: e.Place(), Body: store.Encode(e),
			Console: who.ByConsole}
		if i == p.Count-1 && key != "" {
			rec.Request = &request{Key: key, Digest: w.content(l.key, p.Request)[0]}
		}
		if w.keep != nil {
			w.keep(rec)
		}
		s.add(ends, &receipt.Ranges, &rec, e)
		if err := s.lead(ends, &receipt.Ranges, rec, e, now); err != nil {
			return Receipt{}, err
		}
		if w.given { // nobody asks for the ids of a long list
			receipt.IDs = append(receipt.IDs, e.Subject())
		}
		if len(receipt.Doubts) < MaxFaults {
			receipt.Doubts.collect(i, p.Count, c.doubts.Err())
		}
	}
	if p.Careful && len(f) == 0 {
		f = receipt.Doubts.unheard(p.Heard)
	}
	return receipt, f.Err()
}

// content are the digests of what is posted, newest first: of the entries of a list, of a long source what its request key is made of.
func (w *pending) content(key *seal.Key, request string) [][]byte {
	if w.given {
		return w.digests
	}
	return key.Digests(seal.Request, request)
}

// again finds what the account posted before by the posting's request key, or by one that an older key made of the same content.
func (s *step) again(key *seal.Key, w *pending, who Actor) (r Receipt, ok bool, err error) {
	for _, request := range append([]string{w.posting.Request}, w.posting.Older...) {
		old, ok := requests.Get(s, w.posting.chain()+who.Account+"\x00"+request)
		if !ok {
			continue
		}
		if !slices.ContainsFunc(w.content(key, request), func(d []byte) bool { return bytes.Equal(old.Digest, d) }) {
			return r, true, Clash("request", request, "这张表单已经用来记过另一笔;请重新打开页面再填")
		}
		r, err = s.postedBefore(old.Ranges)
		return r, true, err
	}
	return r, false, nil
}

// decide checks an entry and fills in what is decided: last of all its boxes, from what the check decided.
func (l *Ledger) decide(s *step, c *Checking, e Entry, ends map[string]*head, now time.Time, prepare bool) (Entry, error) {
	if prepare {
		if err := l.prepare(e); err != nil {
			return nil, err
		}
	}
	if err := permit(c.Who, e); err != nil {
		return nil, err
	}
	var err error
	chain := e.Place().Chain()
	if c.now, err = s.timeFor(chain, s.end(ends, chain), now); err != nil {
		return nil, err
	}
	c.doubts = nil
	c.recognize(e)
	if err := e.Check(c); err != nil {
		return nil, err
	}
	return e, sealBoxes(l.key, e)
}

// postedBefore gives the receipt of a posting that is in the journal already.
func (s *step) postedBefore(ranges []Range) (Receipt, error) {
	r := Receipt{Ranges: ranges, Again: true}
	for _, run := range ranges {
		for seq := run.First; seq <= run.Last; seq++ {
			rec, err := s.record(run.Chain, seq)
			if err != nil {
				return r, err
			}
			if kinds[rec.Kind].Follows { // nobody posted it
				continue
			}
			e, err := decodeEntry(rec)
			if err != nil {
				return r, err
			}
			r.IDs = append(r.IDs, e.Subject())
		}
	}
	return r, nil
}

// following reads a stored record and refuses one that does not stand where it should: behind the record with a hash.
func following(chain string, seq uint64, prev, stored []byte) (*Record, error) {
	rec := &Record{}
	switch err := store.Decode(stored, rec); {
	case err != nil:
		return nil, &Finding{Chain: chain, Seq: seq, Reason: "cannot be read: " + err.Error()}
	case seq > 1 && rec.Hash != "":
		return nil, &Finding{Chain: chain, Seq: seq, Reason: "names a hash, which only the first record of a chain does"}
	case rec.Seq != seq:
		return nil, &Finding{Chain: chain, Seq: seq, Reason: "is missing or out of place; found " + strconv.FormatUint(rec.Seq, 10)}
	case !bytes.Equal(rec.Prev, prev):
		return nil, &Finding{Chain: chain, Seq: seq, Reason: "does not follow the record before it: one of the two was changed"}
	}
	return rec, nil
}
