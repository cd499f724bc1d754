package access

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// The log tells who came in, who was not let in, what was refused, and what was carried out of the books. It stands beside the journal,
// which has what was entered. Each record is chained to the one before; the oldest go when they have been kept as long as the office says,
// at least as long as 网络安全法 art. 21(3) asks: six months.

// Doing is what a record of the log tells.
type Doing string

// What is logged.
const (
	SignedIn   Doing = "sign-in"
	NotLetIn   Doing = "no-entry" // a wrong password, or too many of them
	SignedOut  Doing = "sign-out"
	Refused    Doing = "refused" // a page or form of another region or role
	Exported   Doing = "export"
	Revealed   Doing = "reveal"
	ByConsole  Doing = "console"
	NewAccount Doing = "account" // an account was made, closed, or given a password
	LookedUp   Doing = "look-up" // a line of one's own, or somebody's guess at it, on the public page
	Objected   Doing = "object"  // an objection was left there
	BackedUp   Doing = "backup"  // somebody asked for a backup
)

// Doings lists all there are.
func Doings() []Doing {
	return []Doing{SignedIn, NotLetIn, SignedOut, Refused, Exported, Revealed, ByConsole, NewAccount, LookedUp, Objected, BackedUp}
}

// Label names it in Chinese.
func (d Doing) Label() journal.Label {
	return map[Doing]journal.Label{SignedIn: "登录", NotLetIn: "没登进来", SignedOut: "退出登录", Refused: "被拒绝", Exported: "导出", Revealed: "看完整号码",
		ByConsole: "本机命令", NewAccount: "动账号", LookedUp: "公开页查一行", Objected: "公开页留异议", BackedUp: "要备份"}[d]
}

// Entry is what is to be logged. None of its texts holds a personal number.
type Entry struct {
	Doing   Doing
	Account string      // "" of a stranger: what strangers type may be a password
	Region  region.Code // of the account, "" of a stranger
	From    string      // the address, "" of the console
	Object  string      // what it was about: a page, a file
	Result  string      // how it ended
}

// Record is an entry of the log as it is kept.
type Record struct {
	_      struct{} `cbor:",toarray"`
	At     int64    // Unix milliseconds
	Entry  Entry
	Alike  int    // how many alike came in the minute before it that are not kept one by one
	Before []byte // the hash of the record before
	Number uint64 `cbor:"-"`
}

// Time is when it happened, in local time.
func (r Record) Time() time.Time { return time.UnixMilli(r.At).In(journal.Beijing) }

const (
	logTable = "log"     // by number
	logBase  = "logbase" // where the kept part begins: the number and hash of the last record that has gone
	logHash  = "hash"    // beside it: by which hash the log is chained
)

func init() { journal.Carry(logTable, logBase) }

// Log is the log of a ledger. It is safe for use by many goroutines.
type Log struct {
	Store store.Store
	Clock func() time.Time
	Suite seal.Suite    // whose hash chains a log that begins
	Keep  time.Duration // how long records are kept; LeastKept where it is less

	mu    sync.Mutex
	alike map[Entry]alike
}

// LeastKept is how long records are kept at least.
const LeastKept = 184 * 24 * time.Hour

// mostAlike records of one kind are kept of a minute one by one; mostGone go at once when they have been kept long enough.
const (
	mostAlike = 5
	mostGone  = 100
)

// alike counts records of one kind in a minute.
type alike struct {
	minute     int64
	kept, left int
}

// LogOf is the log of a ledger.
func LogOf(l *journal.Ledger, clock func() time.Time, keep time.Duration) *Log {
	return &Log{Store: l.Store(), Clock: clock, Suite: l.Suite(), Keep: max(keep, LeastKept), alike: map[Entry]alike{}}
}

// Add logs an entry. Of many alike in a minute only the first are kept one by one; the next one says how many there were.
func (l *Log) Add(e Entry) error {
	now := l.Clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.alike) > maxRows {
		clear(l.alike)
	}
	a, minute := l.alike[e], now.Unix()/60
	left := 0
	if a.minute != minute {
		left, a = a.left, alike{minute: minute}
	}
	if a.kept == mostAlike {
		a.left++
		l.alike[e] = a
		return nil
	}
	a.kept++
	l.alike[e] = a
	return l.Store.Update(func(tx *store.Tx) error { return l.append(tx, Record{At: now.UnixMilli(), Entry: e, Alike: left}) })
}

func (l *Log) append(tx *store.Tx, r Record) error {
	number, hash, err := lastOf(tx)
	if err != nil {
		return err
	}
	if number == 0 {
		tx.Put(logBase, logHash, []byte(l.Suite.HashName()))
	}
	by, err := chainedBy(tx)
	if err != nil {
		return err
	}
	r.Before = hash
	tx.Put(logTable, logKey(number+1), store.Encode(r))
	var gone []string
	var base []byte
	for key, b := range tx.Scan(logTable, "", "") {
		var old Record
		if err := store.Decode(b, &old); err != nil || r.At-old.At <= l.Keep.Milliseconds() || len(gone) == mostGone {
			break
		}
		gone = append(gone, string([]byte(key)))
		sum := by.Hash(b)
		base = append([]byte(key), sum[:]...)
	}
	for _, key := range gone {
		tx.Delete(logTable, key)
	}
	if base != nil {
		tx.Put(logBase, logBase, base)
	}
	return nil
}

func logKey(number uint64) string { return string(binary.BigEndian.AppendUint64(nil, number)) }

// chainedBy is the suite whose hash chains the log.
func chainedBy(r store.Reader) (seal.Suite, error) {
	return seal.Hashed(string(r.Get(logBase, logHash)))
}

// lastOf is the number and hash of the last record.
func lastOf(r store.Reader) (number uint64, hash []byte, err error) {
	if key := r.Last(logTable, ""); key != "" {
		by, err := chainedBy(r)
		if err != nil {
			return 0, nil, err
		}
		sum := by.Hash(r.Get(logTable, key))
		return binary.BigEndian.Uint64([]byte(key)), sum[:], nil
	}
	number, hash = baseOf(r)
	return number, hash, nil
}

func baseOf(r store.Reader) (number uint64, hash []byte) {
	b := r.Get(logBase, logBase)
	if len(b) < 8 {
		return 0, nil
	}
	return binary.BigEndian.Uint64(b[:8]), slices.Clone(b[8:])
}

// Wanted says which records are looked for. What is empty narrows nothing.
type Wanted struct {
	Doing   Doing
	Account string
	From    journal.Date // and
	To      journal.Date
}

// Read lists what an auditor may see, the last first, from before a number on (0 for the last), at most so many: what accounts of its
// region did, and what strangers tried. next is where more begins, 0 for none. Forbidden to any other role.
func (l *Log) Read(who journal.Actor, w Wanted, before uint64, limit int) (list []Record, next uint64, err error) {
	if err := who.MayReadLog(); err != nil {
		return nil, 0, err
	}
	err = l.Store.View(func(r store.Reader) error {
		number, _, err := lastOf(r)
		if err != nil {
			return err
		}
		if before != 0 {
			number = min(number, before-1)
		}
		first, _ := baseOf(r)
		for ; number > first; number-- {
			b := r.Get(logTable, logKey(number))
			if b == nil {
				continue
			}
			var x Record
			if err := store.Decode(b, &x); err != nil {
				return err
			}
			day := journal.DateOf(x.Time())
			if w.From != "" && day < w.From {
				return nil
			}
			if x.Entry.Region != "" && !who.Region.Contains(x.Entry.Region) || w.Doing != "" && x.Entry.Doing != w.Doing ||
				w.Account != "" && x.Entry.Account != w.Account || w.To != "" && day > w.To {
				continue
			}
			if len(list) == limit {
				next = list[limit-1].Number
				return nil
			}
			x.Number = number
			list = append(list, x)
		}
		return nil
	})
	return list, next, err
}

// LogFault says where the log is not what it should be.
type LogFault struct {
	Number uint64
	Reason string
}

func (f *LogFault) Error() string { return fmt.Sprintf("log record %d %s", f.Number, f.Reason) }

// VerifyLog walks the log's chain; it tells how many records there are, and the first fault as a *LogFault.
func VerifyLog(s store.Store) (records int, err error) {
	err = s.View(func(r store.Reader) error {
		number, hash := baseOf(r)
		by, err := chainedBy(r)
		if err != nil {
			return &LogFault{number, "is chained by a hash that is not known"}
		}
		for key, b := range r.Scan(logTable, "", "") {
			if number++; key != logKey(number) {
				return &LogFault{number, "is missing"}
			}
			var x Record
			if err := store.Decode(b, &x); err != nil {
				return &LogFault{number, "cannot be read"}
			}
			if !bytes.Equal(x.Before, hash) {
				return &LogFault{number, "does not follow the one before"}
			}
			sum := by.Hash(b)
			hash = sum[:]
			records++
		}
		return nil
	})
	return records, err
}
