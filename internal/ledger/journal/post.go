package journal

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"iter"
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
	// Older are the keys by which the same may have been posted before: those that a since replaced key made of it.
	Older []string
	// DryRun checks everything and writes nothing.
	DryRun bool
	// Careful refuses the posting, as Doubtful, where there is a doubt that is not among Heard: those that whoever posts has read and
	// answered, as Said tells them.
	Careful bool
	Heard   []string
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
	Doubts Faults   // what was taken and should be looked at again; at most MaxFaults
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
	digests [][]byte     // of what is posted, by each key, newest first
	given   bool         // as a list: its entries have been copied and prepared; those of a source have not
	keep    func(Record) // is told each record that has been checked
	receipt Receipt
	err     error
	done    chan struct{}

	own, places map[region.Code]bool // of a long posting: the places that it touches; with those above them
	alone       bool                 // it touches all

	came, began time.Time // by the machine's own clock: into the queue, and out of it
}

// Post checks the entries against the books as they stand, in order, and writes all of them durably, or none. It returns
// when they are on disk. Refusals are Faults with the row of each entry when there are several entries.
func (l *Ledger) Post(who Actor, p Posting) (_ Receipt, err error) {
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
	w := &pending{who: who, posting: p, given: given, done: make(chan struct{}), came: time.Now()}
	w.began = w.came
	if w.long() && !p.DryRun {
		w.touched()
	}
	if !p.DryRun {
		defer func() { l.watched(w, err) }()
	}
	if p.Request != "" {
		if utf8.RuneCountInString(p.Request) > MaxText || !plainText(p.Request) {
			return Receipt{}, Wrong("request", "", "请求编号太长,或含有不可见的字符或乱码")
		}
		if given {
			w.digests = l.requestDigests(p.Entries)
		}
	}
	var f Faults
	if given {
		ready := make([]Entry, len(p.Entries))
		for i, e := range p.Entries {
			ready[i] = copyOf(e)
			if len(f) < MaxFaults {
				f.collect(i, p.Count, l.prepare(ready[i]))
			}
		}
		w.posting.Entries, w.posting.Source = ready, slices.Values(ready)
	}
	// Entries with a bad number cannot be posted, but the others may be bad too: the person is told of all at once.
	if len(f) > 0 && p.Count > 1 {
		w.posting.DryRun = true
	} else if len(f) > 0 {
		return Receipt{}, f
	}
	if w.posting.DryRun { // nobody waits for what is only tried
		if err := l.kept.View(func(r store.Reader) error {
			w.receipt, w.err = l.postSafely(l.step(store.Try(r), false), w)
			return nil
		}); err != nil {
			told, _ := Troubled(err)
			return Receipt{}, told
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

// prepare does what an entry needs before it is checked: numbers are looked at and digested, a paper's content is looked at.
func (l *Ledger) prepare(e Entry) error {
	switch e := e.(type) {
	case numbered:
		return e.Prepare(l.key)
	case looking:
		return e.Look(l.papers)
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

// requestDigests tell equal postings from different ones. They are keyed, since entries hold personal numbers in the clear here.
func (l *Ledger) requestDigests(entries []Entry) [][]byte {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(KindOf(e)))
		b, err := json.Marshal(e)
		if err != nil {
			panic(err) // entries are plain structs
		}
		h.Write(b)
	}
	return l.key.Digests(seal.Request, string(h.Sum(nil)))
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
	k := kinds[KindOf(e)]
	if k.Follows {
		return Barred("“%s”只随另一笔分录一起记,不能单独记", k.Label)
	}
	if !permits(k, who.Role) {
		return Barred("%s不能做“%s”", who.Role.Label(), k.Label)
	}
	if own := k.Own && place == who.Home && e.Subject() == who.Account; !own && !who.Region.Contains(place) {
		return Barred("您的账号管不到 %s", string(place))
	}
	if k.Personal && who.ByConsole {
		return Barred("“%s”要账号本人做:请用 --password-file 给出密码,或在页面上做", k.Label)
	}
	return nil
}

func permits(k Kind, role Role) bool { return slices.Contains(k.Roles, role) }

// Posted returns what an account's posting with a request key became, and whether there was one; place is that of its last entry; of a
// posting from a source of its first.
func (v *View) Posted(place region.Code, request string) (Receipt, bool) {
	if v.Within(place) != nil {
		return Receipt{}, false
	}
	old, ok := requests.Get(v.books, place.Chain()+v.who.Account+"\x00"+request)
	return Receipt{Ranges: old.Ranges, Again: true}, ok
}
