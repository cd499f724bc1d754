package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// At a place lie the backups, what came of each, the papers of all of them, and the archive of the journal.
const (
	backupsName = "backups"
	sealsName   = "seals"
	suffix      = ".sanbian"
	doneSuffix  = ".json"
	stamp       = "20060102T150405Z"
)

// Keep says how many backups stay: one of each of so many days, weeks and months, the newest of each. Those of the last day, and the newest
// that was verified, always stay.
type Keep struct{ Days, Weeks, Months int }

// ParseKeep reads days, weeks and months, as in 14,8,24.
func ParseKeep(text string) (k Keep, err error) {
	if n, err := fmt.Sscanf(text, "%d,%d,%d", &k.Days, &k.Weeks, &k.Months); err != nil || n != 3 || min(k.Days, k.Weeks, k.Months) < 0 ||
		k.Days+k.Weeks+k.Months == 0 || fmt.Sprintf("%d,%d,%d", k.Days, k.Weeks, k.Months) != text {
		return Keep{}, fmt.Errorf("%q is not three numbers", text)
	}
	return k, nil
}

// Plan is what an office has decided about its backups.
type Plan struct {
	At                Place
	Recipients        []age.Recipient // none for backups that are not encrypted
	journal.TimeOfDay                 // when one is made
	Keep              Keep
}

// Keeper makes backups of books at their time, and archives their journal minute by minute.
type Keeper struct {
	books Books
	at    Place
	plan  Plan
	tmp   string
	seal  sealing

	making    sync.Mutex // one at a time
	archiving sync.Mutex
	archived  map[string]uint64 // by chain, up to which record; nil until it has been looked up
	short     map[string]int    // segments that are not full

	asked chan struct{} // by somebody, for a backup now
	mu    sync.Mutex
	state State
}

// State is how backups stand.
type State struct {
	Place    string
	Running  bool
	Last     *Backup   // the newest that was verified
	Failed   string    // why the newest attempt failed, "" where it did not
	FailedAt time.Time // when
	Archived time.Time // when the archive last had everything
	Lagging  string    // why the archive is behind, "" where it is not
	Next     time.Time
}

// Backup is one that lies at a place.
type Backup struct {
	Name    string    `json:"name"`
	Made    time.Time `json:"made"` // the moment that it is of
	Bytes   int64     `json:"bytes"`
	Records int       `json:"records"` // of all chains
	Papers  int       `json:"papers"`
	Missing int       `json:"missing,omitempty"` // papers that were not there
	Sum     string    `json:"sum"`               // SHA-256, hexadecimal
	// Fault says why it is not to be relied on; "" where it was read back and verified.
	Fault string `json:"fault,omitempty"`
}

// NewKeeper keeps the books by a plan; temporary files lie in tmp.
func NewKeeper(b Books, p Plan, tmp string) (*Keeper, error) {
	s, err := newSealing(p.Recipients)
	if err != nil {
		return nil, err
	}
	return &Keeper{books: b, at: p.At, plan: p, tmp: tmp, seal: s, asked: make(chan struct{}, 1), state: State{Place: p.At.String()}}, nil
}

// put keeps what f writes under a name.
func (k *Keeper) put(ctx context.Context, name string, f func(io.Writer) error) error {
	_, err := k.putSummed(ctx, name, f)
	return err
}

func (k *Keeper) putSummed(ctx context.Context, name string, f func(io.Writer) error) (*summing, error) {
	from, to := io.Pipe()
	w := &summing{Writer: to, sum: sha256.New(), ctx: ctx}
	written := make(chan error, 1)
	go func() {
		err := k.seal.to(w, f)
		to.CloseWithError(err)
		written <- err
	}()
	err := k.at.Put(ctx, name, from)
	from.CloseWithError(err) // so that the writer ends where nobody reads on
	return w, errors.Join(err, <-written)
}

// Make makes a backup now, reads it back and verifies it, and throws away those that the plan does not keep.
func (k *Keeper) Make(ctx context.Context) (b Backup, err error) {
	if !k.making.TryLock() {
		return b, ErrMaking
	}
	defer k.making.Unlock()
	select {
	case <-k.asked: // this is the one that was asked for
	default:
	}
	k.change(func(s *State) { s.Running = true })
	verified := false
	defer func() {
		k.change(func(s *State) {
			s.Running = false
			if s.Failed = ""; err != nil {
				s.Failed, s.FailedAt = err.Error(), k.books.Now()
			}
			if verified { // also where older ones could not be thrown away
				s.Last = &b
			}
		})
		if err != nil {
			slog.Error("backup failed", "place", k.at.String(), "err", err)
		} else {
			slog.Info("backup made and verified", "place", k.at.String(), "name", b.Name, "bytes", b.Bytes, "records", b.Records)
		}
	}()
	papers, err := k.kept(ctx)
	if err != nil {
		return b, err
	}
	name := path.Join(backupsName, k.books.Now().UTC().Format(stamp)+suffix)
	var m Manifest
	w, err := k.putSummed(ctx, name, func(to io.Writer) (err error) {
		m, err = k.books.writeCopy(to, true, func(p Paper, content []byte) error {
			if papers[p.Digest] {
				return nil
			}
			papers[p.Digest] = true
			return k.put(ctx, papersName+p.Digest, func(to io.Writer) error { _, err := to.Write(content); return err })
		})
		return err
	})
	if err != nil {
		return b, err
	}
	b = Backup{Name: name, Made: m.Made, Bytes: w.n, Papers: len(m.Papers) - len(m.Missing), Missing: len(m.Missing), Sum: sumHex(w.sum)}
	for _, c := range m.Chains {
		b.Records += int(c.Seq)
	}
	again, err := k.at.Get(ctx, name)
	if err != nil {
		return b, err
	}
	_, err = check(again, w, k.seal.own, m, k.tmp)
	if err = errors.Join(err, again.Close()); err != nil {
		b.Fault = err.Error()
	}
	text, noted := json.MarshalIndent(b, "", " ")
	if noted == nil {
		noted = k.at.Put(ctx, name+doneSuffix, bytes.NewReader(text))
	}
	if err = errors.Join(err, noted); err != nil {
		return b, errors.Join(err, k.thin(ctx))
	}
	verified = true
	return b, errors.Join(k.putSeals(ctx), k.thin(ctx))
}

// putSeals keeps the days' seals at the place, too: beside the books alone they would go with them.
func (k *Keeper) putSeals(ctx context.Context) error {
	if k.books.Seals == "" {
		return nil
	}
	there, err := k.at.List(ctx, sealsName)
	if err != nil {
		return err
	}
	own, err := os.ReadDir(k.books.Seals)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range own {
		name := path.Join(sealsName, e.Name())
		if slices.ContainsFunc(there, func(x Kept) bool { return x.Name == name }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(k.books.Seals, e.Name()))
		if err != nil {
			return err
		}
		if err := k.at.Put(ctx, name, bytes.NewReader(text)); err != nil {
			return err
		}
	}
	return nil
}

// Ask asks for a backup now. It does not wait for it; asking again before it is made is asking once.
func (k *Keeper) Ask() {
	select {
	case k.asked <- struct{}{}:
		k.change(func(s *State) { s.Running = true })
	default:
	}
}

// ErrMaking says that a backup is being made already.
var ErrMaking = errors.New("a backup is being made already")

// kept are the digests of the papers that the place has.
func (k *Keeper) kept(ctx context.Context) (map[string]bool, error) {
	list, err := k.at.List(ctx, strings.TrimSuffix(papersName, "/"))
	have := map[string]bool{}
	for _, p := range list {
		have[path.Base(p.Name)] = true
	}
	return have, err
}

// Backups lists those that lie at a place, newest first. One that nothing was noted of was never finished.
func Backups(ctx context.Context, at Place) (list []Backup, err error) {
	kept, err := at.List(ctx, backupsName)
	if err != nil {
		return nil, err
	}
	for _, one := range kept {
		if !strings.HasSuffix(one.Name, suffix) {
			continue
		}
		b := Backup{Name: one.Name, Bytes: one.Size, Fault: "it was never read back"}
		b.Made, _ = time.Parse(stamp, strings.TrimSuffix(path.Base(one.Name), suffix))
		if slices.ContainsFunc(kept, func(x Kept) bool { return x.Name == one.Name+doneSuffix }) {
			f, err := at.Get(ctx, one.Name+doneSuffix)
			if err != nil {
				return nil, err
			}
			var noted Backup
			if err := errors.Join(json.NewDecoder(f).Decode(&noted), f.Close()); err == nil && noted.Name == one.Name {
				b = noted
			}
		}
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b Backup) int { return strings.Compare(b.Name, a.Name) })
	return list, nil
}

// Newest is the first of a list, newest first, that was verified; nil where none was.
func Newest(list []Backup) *Backup {
	if i := slices.IndexFunc(list, func(b Backup) bool { return b.Fault == "" }); i >= 0 {
		return &list[i]
	}
	return nil
}

// thin throws away what the plan does not keep. Papers stay: they are kept once for all, and older backups name them.
func (k *Keeper) thin(ctx context.Context) error {
	list, err := Backups(ctx, k.at)
	if err != nil {
		return err
	}
	stays := k.plan.Keep.chosen(list)
	for _, b := range list {
		if !stays[b.Name] {
			err = errors.Join(err, k.at.Delete(ctx, b.Name), k.at.Delete(ctx, b.Name+doneSuffix))
		}
	}
	return err
}

// chosen are the backups that stay of a list, newest first: of each day, week and month the newest that is in order. Of those that are
// not the two newest stay for a week, for whoever looks into it.
func (k Keep) chosen(list []Backup) map[string]bool {
	stays := map[string]bool{}
	days, weeks, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	whole, faulty := false, 0
	for _, b := range list {
		age := list[0].Made.Sub(b.Made)
		if b.Fault != "" {
			faulty++
			stays[b.Name] = faulty <= 2 && age < 7*24*time.Hour
			continue
		}
		if age < 24*time.Hour {
			stays[b.Name] = true
		}
		local := b.Made.In(journal.Beijing)
		year, week := local.ISOWeek()
		take := func(have map[string]bool, of string, most int) {
			if !have[of] && len(have) < most {
				have[of], stays[b.Name] = true, true
			}
		}
		take(days, local.Format(time.DateOnly), k.Days)
		take(weeks, fmt.Sprint(year, "-", week), k.Weeks)
		take(months, local.Format("2006-01"), k.Months)
		if !whole {
			whole, stays[b.Name] = true, true
		}
	}
	return stays
}

// State is how backups stand now.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

func (k *Keeper) change(f func(*State)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f(&k.state)
}

// Backups lists those of the keeper's place, newest first.
func (k *Keeper) Backups(ctx context.Context) ([]Backup, error) { return Backups(ctx, k.at) }

// Archiving archives what there is, and notes how that stands.
func (k *Keeper) archiveNoted(ctx context.Context) {
	began := k.books.Now()
	err := k.Archive(ctx)
	k.change(func(s *State) {
		if err == nil {
			s.Archived, s.Lagging = began, ""
			return
		}
		if s.Lagging == "" {
			slog.Error("archiving the journal failed", "place", k.at.String(), "err", err)
		}
		s.Lagging = err.Error()
	})
}

// missed tells whether a backup was due and has not been made.
func (k *Keeper) missed(last *Backup, now time.Time) bool {
	if last == nil {
		return true
	}
	return k.plan.Missed(last.Made, now)
}

// Run archives every minute and makes backups when they are due, until its context ends. A backup that failed is tried again within the
// hour.
func (k *Keeper) Run(ctx context.Context, minute <-chan time.Time) {
	if list, err := k.Backups(ctx); err == nil {
		k.change(func(s *State) { s.Last = Newest(list) })
	} else if !errors.Is(err, fs.ErrNotExist) {
		k.change(func(s *State) { s.Failed, s.FailedAt = err.Error(), k.books.Now() })
	}
	k.archiveNoted(ctx)
	var tried time.Time
	for {
		now, state := k.books.Now(), k.State()
		if k.missed(state.Last, now) && now.Sub(tried) >= time.Hour {
			tried = now
			_, _ = k.Make(ctx) // what came of it is noted
		}
		k.change(func(s *State) { s.Next = k.plan.Next(now) })
		select {
		case <-ctx.Done():
			// what has been posted since goes along: the place is often another disk, and this one may never come back
			last, leave := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			k.archiveNoted(last)
			leave()
			return
		case <-k.asked:
			tried = now
			_, _ = k.Make(ctx)
		case <-minute:
			k.archiveNoted(ctx)
		}
	}
}
