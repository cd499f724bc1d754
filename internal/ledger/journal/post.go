package journal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// The sizes the posting queue keeps to.
const (
	// MaxEntries is the most entries one posting may hold.
	MaxEntries = 400_000
	// MaxFaults is how many refusals a posting collects before it stops looking for more.
	MaxFaults = 100
	// maxWaiting is how many postings may wait for the committer.
	maxWaiting = 1024
	// commitEntries is how many entries of waiting postings the committer takes into one transaction.
	commitEntries = 10_000
)

// Posting is a list of entries that are taken all together or not at all.
type Posting struct {
	Entries []Entry
	// Source, where it is given, yields the entries in place of Entries: long lists need not be in memory all at once. It must yield the same
	// ones each time. Request must then be a digest of what it yields.
	Source iter.Seq[Entry]
	Count  int // of Source
	// Request is a key of the sender's choice. The same account posting the same thing with the same key posts it once,
	// however often it is sent; with other content it is a Conflict. "" asks for nothing.
	Request string
	// DryRun checks everything and writes nothing.
	DryRun bool
	// Progress, where it is given, counts the entries that have been checked.
	Progress *atomic.Int64
}

// chain is where a posting's request key is kept: with its last entry, of a source with its first.
func (p Posting) chain() string {
	if len(p.Entries) > 0 {
		return chainOf(p.Entries[len(p.Entries)-1])
	}
	for first := range p.Source {
		return chainOf(first)
	}
	return ""
}

// Receipt tells what a posting became.
type Receipt struct {
	Ranges []Range  // the journal records, by chain
	IDs    []string // of each entry of Entries, what it made or changed
	Again  bool     // whether it had been posted before; nothing was written this time
}

// Count is how many entries the posting had.
func (r Receipt) Count() (n uint64) {
	for _, run := range r.Ranges {
		n += run.Last - run.First + 1
	}
	return n
}

type pending struct {
	who     Actor
	posting Posting
	digest  []byte
	prepare func(Entry) error // of entries that come from a source and have not been prepared yet
	keep    func(Record)      // is told each record that has been checked
	receipt Receipt
	err     error
	done    chan struct{}
}

// Post checks the entries against the books as they stand, in order, and writes all of them durably, or none. It returns
// when they are on disk. Refusals are Faults with the row of each entry when there are several entries.
func (l *Ledger) Post(who Actor, p Posting) (Receipt, error) {
	given := p.Source == nil
	if given {
		p.Source, p.Count = slices.Values(p.Entries), len(p.Entries)
	}
	if p.Count == 0 {
		return Receipt{}, Wrong("", "", "没有要记的分录")
	}
	if p.Count > MaxEntries {
		return Receipt{}, Refuse(TooLarge, "", p.Count, "一次最多 %s 条分录,这里有 %s 条", strconv.Itoa(MaxEntries), strconv.Itoa(p.Count))
	}
	w := &pending{who: who, posting: p, done: make(chan struct{})}
	if p.Request != "" {
		if utf8.RuneCountInString(p.Request) > MaxText || !plainText(p.Request) {
			return Receipt{}, Wrong("request", "", "请求编号太长,或含有不可见的字符或乱码")
		}
		w.digest = l.key.Digest(seal.Request, p.Request)
		if given {
			w.digest = l.requestDigest(p.Entries)
		}
	}
	var f Faults
	if given {
		for i, e := range p.Entries {
			if f.collect(i, p.Count, l.prepare(e)); len(f) >= MaxFaults {
				break
			}
		}
	} else {
		w.prepare = l.prepare
	}
	// Entries with a bad number cannot be posted, but the others may be bad too: the person is told of all at once.
	if len(f) > 0 && p.Count > 1 {
		w.posting.DryRun = true
	} else if len(f) > 0 {
		return Receipt{}, f
	}
	if w.posting.DryRun { // nobody waits for what is only tried
		if err := l.kept.View(func(r store.Reader) error {
			w.receipt, w.err = l.postSafely(store.Try(r), w)
			return nil
		}); err != nil {
			return Receipt{}, err
		}
	} else if !l.enqueue(w) {
		return Receipt{}, Refuse(Unavailable, "", "", "台账正在关闭;请稍后再试")
	} else {
		<-w.done
	}
	if len(f) > 0 {
		f = append(f, All(w.err)...)
		slices.SortStableFunc(f, func(a, b *Error) int { return cmp.Compare(a.Row, b.Row) })
		return Receipt{}, f[:min(len(f), MaxFaults)]
	}
	return w.receipt, w.err
}

// prepare does what an entry needs before it is queued: numbers are checked and sealed, a paper's content is looked at.
func (l *Ledger) prepare(e Entry) error {
	switch e := e.(type) {
	case sealing:
		return e.Seal(l.key)
	case looking:
		return e.Look(l.Papers)
	}
	return nil
}

// looking entries are about a paper whose content is looked at.
type looking interface {
	Look(Papers) error
}

// enqueue hands a posting to the committer; it tells whether the ledger still takes any.
func (l *Ledger) enqueue(w *pending) bool {
	l.closing.RLock()
	defer l.closing.RUnlock()
	if l.closed {
		return false
	}
	l.queue <- w
	return true
}

// requestDigest tells equal postings from different ones. It is keyed, since entries hold personal numbers in the clear here.
func (l *Ledger) requestDigest(entries []Entry) []byte {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(KindOf(e)))
		b, err := json.Marshal(e)
		if err != nil {
			panic(err) // entries are plain structs
		}
		h.Write(b)
	}
	return l.key.Digest(seal.Request, string(h.Sum(nil)))
}

// collect notes why the i-th of n entries is refused, with its row.
func (f *Faults) collect(i, n int, err error) {
	if err == nil {
		return
	}
	all := All(err)
	if all == nil {
		all = Faults{{Code: Unavailable, Text: "%s", Args: []any{err.Error()}}}
	}
	for _, e := range all {
		if n > 1 && e.Row == 0 {
			e.Row = i + 1
		}
		*f = append(*f, e)
	}
}

// commit is the committer: it takes whatever waits, posts it in one transaction and answers everybody, again and again. Nobody
// waits for a timer, and a refused posting is taken back without its neighbours.
func (l *Ledger) commit() {
	defer close(l.done)
	for first := range l.queue {
		if l.stuck {
			first.err = errStuck
			close(first.done)
			continue
		}
		if first.long() {
			first.receipt, first.err = l.postLong(first)
			close(first.done)
			continue
		}
		batch, size := []*pending{first}, first.posting.Count
		var long *pending // is posted alone, after the batch
	drain:
		for size < commitEntries {
			select {
			case w, ok := <-l.queue:
				if !ok {
					break drain
				}
				if w.long() {
					long = w
					break drain
				}
				batch, size = append(batch, w), size+w.posting.Count
			default:
				break drain
			}
		}
		if err := l.kept.Update(func(tx *store.Tx) error {
			for _, w := range batch {
				back := tx.Mark()
				if w.receipt, w.err = l.postSafely(tx, w); w.err != nil {
					back()
				}
			}
			return nil
		}); err != nil {
			slog.Error("commit failed", "err", err)
			for _, w := range batch {
				w.receipt, w.err = Receipt{}, Refuse(Unavailable, "", "", "没有写入磁盘:%s", err.Error())
			}
		}
		for _, w := range batch {
			close(w.done)
		}
		if long != nil && l.stuck {
			long.err = errStuck
			close(long.done)
		} else if long != nil {
			long.receipt, long.err = l.postLong(long)
			close(long.done)
		}
	}
}

// postSafely keeps a bug, or a record that cannot be read, to the posting that met it: its neighbours and the ledger go on.
func (l *Ledger) postSafely(tx *store.Tx, w *pending) (r Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("posting panicked", "err", p, "stack", string(debug.Stack()))
			r, err = Receipt{}, Refuse(Unavailable, "", "", "程序出错了,这一笔没有记;请告诉管理员")
		}
	}()
	return l.post(tx, w)
}

// post writes one posting into the transaction. What it wrote before a refusal is for the caller to take back.
func (l *Ledger) post(tx *store.Tx, w *pending) (Receipt, error) {
	who := w.who
	if who != Console {
		var err error
		if who, err = actorOf(tx, who.Account); err != nil { // the account may have been closed since it was looked up
			return Receipt{}, err
		}
	}
	p, key := w.posting, ""
	if p.Request != "" {
		key = p.chain() + who.Account + "\x00" + p.Request
		if old, ok := requests.Get(tx, key); ok {
			if !bytes.Equal(old.Digest, w.digest) {
				return Receipt{}, Clash("request", p.Request, "这张表单已经用来记过另一笔;请重新打开页面再填")
			}
			return postedBefore(tx, old.Ranges)
		}
	}
	now := l.clock()
	c := &Checking{Tx: tx, Who: who, now: now, Key: l.key}
	var f Faults
	var receipt Receipt
	ends := map[string]*head{}
	i := -1
	for e := range p.Source {
		i++
		if p.Progress != nil {
			p.Progress.Add(1)
		}
		err := error(nil)
		if w.prepare != nil {
			err = w.prepare(e)
		}
		if err == nil {
			err = permit(who, e)
		}
		if err == nil {
			err = e.Check(c)
		}
		if err != nil {
			if f.collect(i, p.Count, err); len(f) >= MaxFaults {
				break
			}
			continue
		}
		rec := Record{At: now.UnixMilli(), By: who.Account, Role: who.Role, Kind: KindOf(e), Place: e.Place(), Body: store.Encode(e)}
		if i == p.Count-1 && key != "" {
			rec.Request = &request{Key: key, Digest: w.digest}
		}
		if w.keep != nil {
			w.keep(rec)
		}
		journalled(tx, ends, &receipt.Ranges, &rec, e, !p.DryRun)
		if w.prepare == nil { // nobody asks for the ids of a long list
			receipt.IDs = append(receipt.IDs, e.Subject())
		}
	}
	return receipt, f.Err()
}

// journalled gives a record its place at the end of its chain, writes it there when it is to be kept, and folds it into the tables. Ends
// are the ends of the chains as far as they are known, ranges what the posting has become so far.
func journalled(tx *store.Tx, ends map[string]*head, ranges *[]Range, rec *Record, e Entry, keep bool) {
	chain := rec.Place.Chain()
	end := ends[chain]
	if end == nil {
		h, _ := heads.Get(tx, chain)
		end = &h
		ends[chain] = end
	}
	rec.Seq, rec.Prev = end.Seq+1, end.Hash
	at := slices.IndexFunc(*ranges, func(r Range) bool { return r.Chain == chain })
	if at < 0 {
		at = len(*ranges)
		*ranges = append(*ranges, Range{Chain: chain, First: rec.Seq})
	}
	(*ranges)[at].Last = rec.Seq
	if rec.Request != nil {
		rec.Request.Ranges = *ranges
	}
	b := store.Encode(rec)
	hash := sha256.Sum256(b)
	end.Seq, end.Hash = rec.Seq, hash[:]
	if !keep { // what is only tried needs the tables that checks read, not the journal and its indexes
		e.Apply(&Applying{Tx: tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At)})
		return
	}
	tx.Put(journalBucket, chain+SeqKey(rec.Seq), b)
	fold(tx, chain, rec, e, hash)
}

// chainOf is the chain an entry goes to, "" when it names no place.
func chainOf(e Entry) string {
	if place := e.Place(); place != "" {
		return place.Chain()
	}
	return ""
}

// permit refuses entries outside the actor's role and region.
func permit(who Actor, e Entry) error {
	place := e.Place()
	if place == "" {
		return Wrong("", "", "分录没有写明地方:编号要以 12 位区划代码开头")
	}
	if k := kinds[KindOf(e)]; !slices.Contains(k.Roles, who.Role) {
		return Barred("%s不能做“%s”", who.Role.Label(), k.Label)
	}
	if !who.Region.Contains(place) {
		return Barred("您的账号管不到 %s", string(place))
	}
	return nil
}

// Posted returns what an account's posting with a request key became, and whether there was one; place is that of its last entry; of a
// posting from a source of its first.
func (v *View) Posted(place region.Code, request string) (Receipt, bool) {
	if v.Within(place) != nil {
		return Receipt{}, false
	}
	old, ok := requests.Get(v.books, place.Chain()+v.who.Account+"\x00"+request)
	return Receipt{Ranges: old.Ranges, Again: true}, ok
}

// postedBefore gives the receipt of a posting that is in the journal already.
func postedBefore(tx *store.Tx, ranges []Range) (Receipt, error) {
	r := Receipt{Ranges: ranges, Again: true}
	for _, run := range ranges {
		for k, b := range tx.Scan(journalBucket, run.Chain+SeqKey(run.First), run.Chain+SeqKey(run.Last+1)) {
			var rec Record
			if err := store.Decode(b, &rec); err != nil {
				return r, errors.New("journal record " + k + ": " + err.Error())
			}
			e, err := decodeEntry(&rec)
			if err != nil {
				return r, err
			}
			r.IDs = append(r.IDs, e.Subject())
		}
	}
	return r, nil
}
