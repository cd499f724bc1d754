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
func (w *pending) long() bool { return w.posting.Count > longer && w.prepare != nil }

// stagedBucket holds the checked records of the long posting under way, by their place in it; they have no place in a chain yet.
const stagedBucket = "staged"

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
		receipt, err = l.postSafely(store.Try(r), &try)
		return err
	}); err != nil || receipt.Again {
		return receipt, err
	}
	unavailable := func(err error) (Receipt, error) {
		slog.Error("commit failed", "err", err)
		return Receipt{}, Refuse(Unavailable, "", "", "没有写入磁盘:%s", err.Error())
	}
	if err := clearStaged(l.kept); err != nil {
		return unavailable(err)
	}
	for from := 0; from < len(records); from += bite {
		part := records[from:min(from+bite, len(records))]
		if err := l.kept.Update(func(tx *store.Tx) error {
			for i, b := range part {
				tx.Put(stagedBucket, Number(from+i, 12), b)
			}
			if from+len(part) == len(records) {
				tx.Put(meta, metaLong, store.Encode(longPosting{}))
			}
			return nil
		}); err != nil {
			if left := clearStaged(l.kept); left != nil {
				l.stuck = true // what is staged and not whole must not meet the next long posting
			}
			return unavailable(err)
		}
	}
	if receipt.Ranges, err = journalStaged(l.kept); err != nil {
		slog.Error("a long posting is staged but not journalled; it will be when the books are opened again", "err", err)
		l.stuck = true
		return Receipt{}, errStuck
	}
	return receipt, nil
}

// errStuck is what everybody is told between a disk's refusal in the middle of a long posting and the next opening of the books.
var errStuck = Refuse(Unavailable, "", "", "磁盘写不进去,一批长的分录写到一半;请检查磁盘后重新启动程序,启动时会先把它写完,在那以前不再收新的分录")

// clearStaged throws away what was staged of a long posting that was never whole.
func clearStaged(s store.Store) error {
	for any := true; any; {
		if err := s.View(func(r store.Reader) error {
			any = false
			for range r.Scan(stagedBucket, "", "") {
				any = true
				break
			}
			return nil
		}); err != nil || !any {
			return err
		}
		if err := s.Update(func(tx *store.Tx) error {
			tx.Delete(meta, metaLong)
			takeStaged(tx)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// finishLong finishes a long posting that was interrupted after all of it had been staged, and clears away one that was not.
func finishLong(s store.Store) error {
	ready := false
	if err := s.View(func(r store.Reader) error {
		ready = r.Get(meta, metaLong) != nil
		return nil
	}); err != nil {
		return err
	}
	if !ready {
		return clearStaged(s)
	}
	_, err := journalStaged(s)
	return err
}

// takeStaged takes the next bite of staged records out of their bucket.
func takeStaged(tx *store.Tx) (records [][]byte) {
	var keys []string
	for k, b := range tx.Scan(stagedBucket, "", "") {
		if len(keys) == bite {
			break
		}
		keys, records = append(keys, k), append(records, b)
	}
	for _, k := range keys {
		tx.Delete(stagedBucket, k)
	}
	return records
}

// journalStaged journals what is staged, a bite at a time, and returns the records it has become.
func journalStaged(s store.Store) (ranges []Range, err error) {
	for more := true; more; {
		if err := s.Update(func(tx *store.Tx) error {
			var long longPosting
			if b := tx.Get(meta, metaLong); b != nil {
				if err := store.Decode(b, &long); err != nil {
					return err
				}
			}
			records, ends := takeStaged(tx), map[string]*head{}
			for _, b := range records {
				var rec Record
				if err := store.Decode(b, &rec); err != nil {
					return err
				}
				e, err := decodeEntry(&rec)
				if err != nil {
					return err
				}
				journalled(tx, ends, &long.Ranges, &rec, e, true)
			}
			ranges = long.Ranges
			if more = len(records) == bite; more {
				tx.Put(meta, metaLong, store.Encode(long))
			} else {
				tx.Delete(meta, metaLong)
			}
			return nil
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
