package journal

import (
	"log/slog"

	"github.com/sanbian/ledger/internal/store"
)

// bite is the most entries that one transaction of a long posting journals; longer is how many a posting has to have to be journalled so:
// staging writes everything twice.
var (
	bite   = 10_000
	longer = 50_000
)

// long tells whether a posting is journalled in bites.
func (w *pending) long() bool { return w.posting.Count > longer && !w.given }

// metaLong tells of the long posting under way, from when all of it is staged until all of it is journalled.
const metaLong = "long"

type longPosting struct {
	_      struct{} `cbor:",toarray"`
	Ranges []Range  // what it has become so far
}

// postLong posts a posting from a source alone. Only the committer calls it, so nothing else changes the books meanwhile.
func (l *Ledger) postLong(w *pending) (receipt Receipt, err error) {
	var records [][]byte
	try := *w
	try.posting.DryRun = true
	try.keep = func(rec Record) { records = append(records, store.Encode(&rec)) }
	if err := l.kept.View(func(r store.Reader) error {
		receipt, err = l.postSafely(l.step(store.Try(r), false), &try)
		return err
	}); err != nil || receipt.Again {
		err, _ = Troubled(err)
		return receipt, err
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
		return Receipt{}, unwritten(err)
	}
	if receipt.Ranges, err = l.journalStaged(); err != nil {
		slog.Error("a long posting is staged but not journalled; it will be as soon as the disk takes it", "err", err)
		l.stuck.Store(true)
		return Receipt{}, errStuck
	}
	return receipt, nil
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

// journalStaged journals what is staged, a bite at a time, and returns the records it has become.
func (l *Ledger) journalStaged() (ranges []Range, err error) {
	defer func() {
		if err != nil {
			l.forget()
		}
	}()
	for more := true; more; {
		if err := l.kept.Update(func(tx *store.Tx) error {
			var long longPosting
			if b := tx.Get(meta, metaLong); b != nil {
				if err := store.Decode(b, &long); err != nil {
					return err
				}
			}
			s, ends := l.step(tx, true), map[string]*head{}
			records := l.engine.Take(tx, bite)
			for _, b := range records {
				var rec Record
				if err := store.Decode(b, &rec); err != nil {
					return err
				}
				e, err := decodeEntry(&rec)
				if err != nil {
					return err
				}
				s.add(ends, &long.Ranges, &rec, e)
			}
			ranges = long.Ranges
			if more = len(records) == bite; more {
				tx.Put(meta, metaLong, store.Encode(long))
			} else {
				tx.Delete(meta, metaLong)
			}
			return l.engine.Append(tx, s.runs)
		}); err != nil {
			return nil, err
		}
	}
	return ranges, nil
}

// ShortBites makes long postings of such that tests can afford, until the returned function is called.
func ShortBites(entries int) (back func()) {
	b, l := bite, longer
	bite, longer = entries, 2*entries
	return func() { bite, longer = b, l }
}
