package access

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/store"
)

// What sign-in may refuse.
var (
	ErrWrong = errors.New("account or password is wrong")
	ErrWait  = errors.New("too many wrong passwords")
	ErrBusy  = errors.New("too many are signing in at once")
	ErrAway  = errors.New("the account went to another ledger with its county") // whoever knows its password is told
)

// limit is how many wrong passwords are looked at before the next has to wait, and for how long: counted from the last that was looked at.
type limit struct {
	wrong int
	pause time.Duration
}

// An account is slowed where somebody guesses from one address; and, but for the addresses that it has signed in from, so that nobody keeps
// somebody else out, from everywhere together, and with all the accounts that an address tries.
var (
	ofPair    = limit{8, 5 * time.Minute}
	ofAccount = limit{100, time.Hour}
	ofAddress = limit{60, 10 * time.Minute}
)

// The most rows that are kept of wrong passwords, those tried last; and of addresses that accounts have signed in from.
const maxRows = 10_000

// Few hashes are worked out at once, since each takes 64 MiB; few wait for it, of one address fewer still.
const (
	hashesAtOnce = 2
	mostWaiting  = 24
	waitingFrom  = 6
)

// tries are the wrong passwords of a pair, an account or an address since there was a pause, and when the last was.
type tries struct {
	_     struct{} `cbor:",toarray"`
	Count int
	Last  int64 // Unix seconds
}

// doorTable keeps them beside the journal, so that a restart forgives nobody: under "p" with the account and the address, "a" with the
// account, "f" with the address, and under "k" when an account signed in from an address last; under "s" the wrong codes of an account's
// second step, under "t" and "r" the codes and recovery codes that were used; under "c", "g", "o" and "w" tries on the public page.
var doorTable = store.Table[tries]("door")

// Door checks passwords. It slows down guessing, and bounds what strangers may make it do.
type Door struct {
	ledger *journal.Ledger
	slots  chan struct{}

	mu      sync.Mutex
	rows    map[string]tries // as doorTable has them, and what is being looked at
	waiting int
	from    map[string]int // of those that wait or are looked at, by address
}

// dummy is the hash that a password is compared with where there is no account: that takes as long.
var dummy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("no account has this password", hashing) })

// NewDoor makes a door to a ledger.
func NewDoor(l *journal.Ledger) (*Door, error) {
	d := &Door{ledger: l, slots: make(chan struct{}, hashesAtOnce), rows: map[string]tries{}, from: map[string]int{}}
	if _, err := dummy(); err != nil {
		return nil, err
	}
	return d, l.Store().View(func(r store.Reader) error {
		for key, row := range doorTable.Scan(r, "") {
			d.rows[strings.Clone(key)] = row
		}
		return nil
	})
}

// guess is one try: the rows that count it, with their limits.
type guess map[string]limit

func (d *Door) guessOf(name, from string) guess {
	if name == "" {
		return guess{"f" + from: ofAddress}
	}
	g := guess{"p" + name + "\x00" + from: ofPair}
	if _, known := d.rows["k"+name+"\x00"+from]; !known {
		g["a"+name], g["f"+from] = ofAccount, ofAddress
	}
	return g
}

// try counts an attempt before it is looked at, so that many at once cannot slip through; it tells whether there were too many.
func (d *Door) try(g guess, now time.Time) (ok bool) {
	for key, most := range g {
		row := d.rows[key]
		if now.Unix()-row.Last < int64(most.pause.Seconds()) && row.Count >= most.wrong {
			return false
		}
	}
	for key, most := range g {
		row := d.rows[key]
		if now.Unix()-row.Last >= int64(most.pause.Seconds()) {
			row.Count = 0
		}
		row.Count++
		row.Last = now.Unix()
		d.rows[key] = row
	}
	return true
}

// SignIn returns the credential of the account whose name and password are given, tried from an address; ErrWrong, ErrWait after too many
// wrong tries, ErrBusy where too many try at once; or the context's error, when whoever tried has left. An account that is not there or is
// closed takes as long as a wrong password, and is told the same.
func (d *Door) SignIn(ctx context.Context, name, password, from string) (journal.Credential, error) {
	if !office.IsAccountName(name) { // looked for nowhere, kept nowhere
		name = ""
	}
	if err := d.enter(name, from); err != nil {
		return journal.Credential{}, err
	}
	defer d.leave(from)
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		d.forget(name, from)
		return journal.Credential{}, ctx.Err()
	}
	defer func() { <-d.slots }()
	c, err := d.ledger.Credential(name)
	known := err == nil
	if !known && journal.CodeOf(err) != journal.Forbidden {
		d.forget(name, from)
		return journal.Credential{}, err
	}
	if !known {
		c.Hash, _ = dummy() // made when the door was
	}
	if len(password) > 4*MaxPassword { // bytes: none has so many
		password = ""
	}
	match, err := argon2id.ComparePasswordAndHash(password, c.Hash)
	if err != nil {
		d.forget(name, from)
		return journal.Credential{}, err
	}
	if !known || !match {
		return journal.Credential{}, cmp.Or(d.keep(name, from, false), ErrWrong)
	}
	if c.Away != "" {
		return journal.Credential{}, cmp.Or(d.keep(name, from, true), ErrAway)
	}
	return c, d.keep(name, from, true)
}

// enter takes a place among those that wait, and counts the try.
func (d *Door) enter(name, from string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting >= mostWaiting || d.from[from] >= waitingFrom {
		return ErrBusy
	}
	if !d.try(d.guessOf(name, from), d.ledger.Now()) {
		return ErrWait
	}
	d.waiting++
	d.from[from]++
	return nil
}

func (d *Door) leave(from string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting--
	if d.from[from]--; d.from[from] == 0 {
		delete(d.from, from)
	}
}

// forget takes back a try that nobody has looked at.
func (d *Door) forget(name, from string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key := range d.guessOf(name, from) {
		if row := d.rows[key]; row.Count > 1 {
			row.Count--
			d.rows[key] = row
		} else {
			delete(d.rows, key)
		}
	}
}

// keep writes down what a try came to: of a right password that the pair starts anew, and where it came from.
func (d *Door) keep(name, from string, right bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	put, gone := map[string]tries{}, []string{}
	for key := range d.guessOf(name, from) {
		put[key] = d.rows[key]
	}
	if right {
		pair, address, known := "p"+name+"\x00"+from, "f"+from, "k"+name+"\x00"+from
		gone = append(gone, pair, "a"+name)
		if row, counted := put[address]; counted && row.Count > 1 { // only wrong ones count
			row.Count--
			put[address] = row
		} else if counted {
			gone = append(gone, address)
		}
		put[known] = tries{Count: 1, Last: d.ledger.Now().Unix()}
	}
	for _, key := range gone {
		delete(put, key)
		delete(d.rows, key)
	}
	for key, row := range put {
		d.rows[key] = row
	}
	gone = append(gone, d.tooMany()...)
	maps.DeleteFunc(put, func(key string, _ tries) bool { return slices.Contains(gone, key) })
	return d.write(put, gone)
}

// write keeps rows beside the journal, and takes others out.
func (d *Door) write(put map[string]tries, gone []string) error {
	return d.ledger.Store().Update(func(tx *store.Tx) error {
		for _, key := range gone {
			doorTable.Delete(tx, key)
		}
		for _, key := range slices.Sorted(maps.Keys(put)) {
			doorTable.Put(tx, key, put[key])
		}
		return nil
	})
}

// tooMany drops the oldest rows where there are too many: made-up names must not fill the store. It tells which.
func (d *Door) tooMany() (gone []string) {
	if len(d.rows) <= maxRows {
		return nil
	}
	public := func(key string) int { // what strangers try on the public page goes before what keeps the door
		if strings.IndexByte("cgow", key[0]) >= 0 {
			return 0
		}
		return 1
	}
	keys := slices.SortedFunc(maps.Keys(d.rows), func(a, b string) int {
		return cmp.Or(public(a)-public(b), cmp.Compare(d.rows[a].Last, d.rows[b].Last), cmp.Compare(a, b))
	})
	keys = slices.DeleteFunc(keys, func(key string) bool { return key[0] == 'r' }) // what was used stays used
	gone = keys[:max(0, len(keys)-maxRows*9/10)]
	for _, key := range gone {
		delete(d.rows, key)
	}
	return gone
}
