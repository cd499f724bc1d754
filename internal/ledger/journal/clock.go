package journal

import (
	"strconv"
	"time"

	"github.com/sanbian/ledger/internal/store"
)

// metaClock is the last time that somebody said that the machine's clock is right, in Unix milliseconds.
const metaClock = "clock"

// longestGap is how far a clock may be past all that the books know of before somebody is asked whether it is right: what is posted by a
// clock that runs ahead keeps everybody from posting by a right one.
const longestGap = 365 * 24 * time.Hour

// DoubtfulClock tells whether a time is so far past the last record of books, and past the last time that somebody vouched for a clock,
// that it may be wrong; last is that time. Of a demonstration, and of books without a record, nothing is doubted.
func DoubtfulClock(s store.Store, now time.Time) (last time.Time, doubtful bool, err error) {
	err = s.View(func(r store.Reader) error {
		if DemoOf(r) {
			return nil
		}
		for chain, h := range heads.Scan(r, "") {
			for _, b := range Stored(r, chain, h.Seq-1) {
				at, err := TimeOf(b)
				if err != nil {
					return err
				}
				if at.After(last) {
					last = at
				}
				break
			}
		}
		if ms, err := strconv.ParseInt(string(r.Get(meta, metaClock)), 10, 64); err == nil && time.UnixMilli(ms).After(last) {
			last = time.UnixMilli(ms)
		}
		return nil
	})
	return last, err == nil && !last.IsZero() && now.Sub(last) > longestGap, err
}

// VouchForClock notes that somebody has said that the clock is right now.
func VouchForClock(s store.Store, now time.Time) error {
	return s.Update(func(tx *store.Tx) error {
		tx.Put(meta, metaClock, []byte(strconv.FormatInt(now.UnixMilli(), 10)))
		return nil
	})
}
