package backup_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	room "github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/store/storetest"
)

// Histories of entries of all kinds, on a disk that refuses writes, is full, loses its power in the middle of a sector, and says that it
// failed when it did not; with restarts, postings that are sent again until they are answered, long ones, and backups at a place whose
// files are cut short: the books have what was acknowledged, once and in that order, as plain Go remembers it.
//
// SANBIAN_SIMULATE=500 tries so many histories; SANBIAN_SEED repeats one.
func TestSimulation(t *testing.T) {
	first, count := rand.Uint64(), 3
	if n, err := strconv.Atoi(os.Getenv("SANBIAN_SIMULATE")); err == nil {
		count = n
	}
	if seed, err := strconv.ParseUint(os.Getenv("SANBIAN_SEED"), 10, 64); err == nil {
		first, count = seed, 1
	}
	total := map[string]int{}
	for i := range count {
		seed := first + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			sim := newSimulation(t, seed)
			sim.run()
			for what, n := range sim.met {
				total[what] += n
			}
		})
	}
	t.Logf("%d histories from seed %d: %v", count, first, total)
	for _, what := range []string{"restart", "power cut", "sent again", "known already"} {
		if total[what] == 0 && count > 1 {
			t.Errorf("there was no %s in all of them", what)
		}
	}
}

// simulation is one history, and what plain Go knows of it.
type simulation struct {
	*testing.T
	random *rand.Rand
	dir    string
	path   string
	images int
	now    time.Time
	key    *seal.Key

	store store.Store
	disk  *storetest.Disk
	books *journal.Ledger
	files *store.Files
	place *badPlace

	taken []taken               // in order
	ends  map[string]uint64     // of the chains
	sums  map[string]money.Yuan // of the far village, by item
	lines []string              // of the far village, that may be reversed
	what  map[string]farLine    // by id
	met   map[string]int        // what happened, for the log
}

// taken is a posting that was acknowledged.
type taken struct {
	account, request string
	place            region.Code
	ranges           []journal.Range
	kinds            []string // of its records, where it is not long
	entries          func() journal.Posting
}

type farLine struct {
	item   string
	amount money.Yuan
}

func newSimulation(t *testing.T, seed uint64) *simulation {
	t.Helper()
	s := &simulation{T: t, random: rand.New(rand.NewPCG(seed, 1)), dir: t.TempDir(), now: time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing),
		ends: map[string]uint64{}, sums: map[string]money.Yuan{}, what: map[string]farLine{}, met: map[string]int{}}
	var err error
	if s.key, err = seal.New(seal.International); err != nil {
		t.Fatal(err)
	}
	s.files = store.OpenFiles(filepath.Join(s.dir, "papers"), s.key)
	if digest, err := s.files.Keep([]byte("%PDF-%%EOF")); err != nil || digest != booktest.SamplePaper {
		t.Fatal(digest, err)
	}
	at, err := backup.OpenPlace(filepath.Join(s.dir, "place"))
	if err != nil {
		t.Fatal(err)
	}
	s.place = &badPlace{Place: at, random: rand.New(rand.NewPCG(seed, 2))}
	s.path = filepath.Join(s.dir, "books-0")
	s.open()
	t.Cleanup(s.close)
	return s
}

func (s *simulation) clock() time.Time { return s.now }

func (s *simulation) open() {
	s.Helper()
	var err error
	if s.store, err = store.Open(s.path); err != nil {
		s.Fatal(err)
	}
	s.disk = storetest.Under(s, s.store, s.path)
	if s.books, err = journal.Open(s.store, s.key, s.clock); err != nil {
		s.Fatal(err)
	}
	s.books.KeepPapers(s.files)
}

func (s *simulation) close() {
	s.Helper()
	s.disk.Arm(nil)
	s.books.Close()
	if err := s.store.Close(); err != nil {
		s.Fatal(err)
	}
}

// restart closes the books and opens them again.
func (s *simulation) restart() {
	s.Helper()
	s.met["restart"]++
	s.close()
	s.open()
}

// cut takes the power from the disk, and opens what is left on it.
func (s *simulation) cut() {
	s.Helper()
	s.met["power cut"]++
	s.images++
	left := filepath.Join(s.dir, fmt.Sprint("books-", s.images))
	if err := s.disk.Left(s.random, left); err != nil {
		s.Fatal(err)
	}
	s.close()
	if err := store.Remove(s.path); err != nil {
		s.Fatal(err)
	}
	s.path = left
	s.open()
}

// arm has something happen to one of the next writes; a full disk stays so for some of them.
func (s *simulation) arm() {
	at, fault := s.random.IntN(12), []storetest.Fault{storetest.Refused, storetest.Full, storetest.Short, storetest.Unsynced, storetest.Cut,
		storetest.Late}[s.random.IntN(6)]
	last, n := at, -1
	if fault == storetest.Full {
		last += s.random.IntN(8)
	}
	atHead := s.random.IntN(3) == 0
	s.disk.Arm(func(head bool) storetest.Fault {
		if atHead && !head {
			return storetest.None
		}
		if n++; n < at || n > last {
			return storetest.None
		}
		return fault
	})
}

// post posts until it is taken, and remembers it.
func (s *simulation) post(account string, request string, entries func() journal.Posting) journal.Receipt {
	s.Helper()
	s.now = s.now.Add(time.Second)
	for range 100 {
		p := entries()
		p.Request = request
		r, err := s.books.Post(s.as(account), p)
		switch {
		case err == nil:
			if r.Again {
				s.met["known already"]++
			}
			s.remember(account, request, entries, p, r)
			return r
		case !booktest.CodeIs(err, journal.Unavailable):
			s.Fatalf("%s by %s: %v", request, account, err)
		}
		s.met["sent again"]++
		if s.disk.Dead() {
			s.cut()
		}
	}
	s.Fatalf("%s is never taken", request)
	return journal.Receipt{}
}

func (s *simulation) as(account string) journal.Actor {
	s.Helper()
	if account == "" {
		return journal.Console
	}
	if len(account) > len(booktest.Visitor) && account[:len(booktest.Visitor)] == booktest.Visitor {
		return journal.Visitor(region.MustParse(account[len(booktest.Visitor):]))
	}
	who, err := s.books.Actor(account)
	if err != nil {
		s.Fatal(err)
	}
	return who
}

func (s *simulation) remember(account, request string, entries func() journal.Posting, p journal.Posting, r journal.Receipt) {
	s.Helper()
	one := taken{account: account, request: request, entries: entries, ranges: r.Ranges}
	for _, run := range r.Ranges {
		if run.First != s.ends[run.Chain]+1 {
			s.Fatalf("%s became %v; chain %s ended with %d", request, r.Ranges, run.Chain, s.ends[run.Chain])
		}
		s.ends[run.Chain] = run.Last
	}
	for _, e := range p.Entries {
		one.place = e.Place()
		one.kinds = append(one.kinds, journal.KindOf(e))
	}
	s.taken = append(s.taken, one)
}

// run tells one history.
func (s *simulation) run() {
	s.post("", "setup", func() journal.Posting {
		return journal.Posting{Entries: append(booktest.Setup(), &room.AddAccount{Name: "kj-far", Role: journal.Accountant,
			Region: booktest.Faraway,
			Hash:   "h"})}
	})
	samples := booktest.Samples()
	long := s.random.IntN(len(samples))
	for i, sample := range samples {
		if s.random.IntN(3) == 0 {
			s.arm()
		}
		s.post(sample.Account, fmt.Sprint("sample ", i), func() journal.Posting {
			return journal.Posting{Entries: []journal.Entry{booktest.Samples()[i].Entry}}
		})
		s.aside(i)
		if i == long {
			s.long()
		}
	}
	s.look(true)
	s.brought()
}

// aside is what happens beside the samples: in another county, to the machine, to the backups.
func (s *simulation) aside(i int) {
	s.Helper()
	switch s.random.IntN(20) {
	case 0, 1, 2, 3:
		s.income(i)
	case 4:
		s.reverse(i)
	case 5:
		s.again()
	case 6:
		s.restart()
	case 7:
		s.cut()
	case 8:
		s.disk.Arm(nil)
		s.look(s.random.IntN(4) == 0)
	case 9:
		s.backup()
	}
}

func (s *simulation) income(i int) {
	s.Helper()
	item := []string{"operating", "subsidy", "management"}[s.random.IntN(3)]
	amount := money.Yuan(s.random.Int64N(1e9) + 1)
	id := s.post("kj-far", fmt.Sprint("income ", i), func() journal.Posting {
		return journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: booktest.Faraway, Item: item, Date: "2026-02-10",
			Amount: amount}}}
	}).IDs[0]
	s.sums[item] += amount
	s.lines, s.what[id] = append(s.lines, id), farLine{item, amount}
}

func (s *simulation) reverse(i int) {
	s.Helper()
	if len(s.lines) == 0 {
		return
	}
	at := s.random.IntN(len(s.lines))
	id := s.lines[at]
	s.lines = slices.Delete(s.lines, at, at+1)
	s.post("kj-far", fmt.Sprint("reversal ", i), func() journal.Posting {
		return journal.Posting{Entries: []journal.Entry{&income.ReverseIncome{Income: id, Reason: "记错"}}}
	})
	s.sums[s.what[id].item] -= s.what[id].amount
}

// again sends something once more that was taken, and something else under its name.
func (s *simulation) again() {
	s.Helper()
	s.disk.Arm(nil)
	was := s.taken[s.random.IntN(len(s.taken))]
	if was.account == "" { // the setup, whose accounts are there
		return
	}
	p := was.entries()
	p.Request = was.request
	r, err := s.books.Post(s.as(was.account), p)
	if err != nil || !r.Again || !reflect.DeepEqual(r.Ranges, was.ranges) {
		s.Fatalf("%s again: %+v, %v; it was %v", was.request, r, err, was.ranges)
	}
	s.met["known already"]++
	if was.place.Level() != region.Village || len(was.kinds) != 1 {
		return
	}
	if _, err := s.books.Post(s.as(was.account), journal.Posting{Request: was.request, Entries: []journal.Entry{&income.RecordIncome{
		Book: string(was.place), Item: "operating", Date: "2026-02-10", Amount: 7}}}); !booktest.CodeIs(err, journal.Conflict) {
		s.Fatalf("something else as %s: %v", was.request, err)
	}
}

// long is a posting of more entries than one transaction takes.
func (s *simulation) long() {
	s.Helper()
	const rows = 4_100
	s.arm()
	s.post("kj-far", "long", func() journal.Posting {
		return journal.Posting{Count: rows, Source: func(yield func(journal.Entry) bool) {
			for n := range rows {
				if !yield(&income.RecordIncome{Book: booktest.Faraway, Item: "operating", Date: "2026-02-11", Amount: money.Yuan(n + 1)}) {
					return
				}
			}
		}}
	})
	s.sums["operating"] += rows * (rows + 1) / 2
}

// look compares the books with what plain Go remembers.
func (s *simulation) look(verify bool) {
	s.Helper()
	ends := map[string]uint64{}
	if err := s.store.View(func(r store.Reader) error {
		for _, end := range journal.Ends(r) {
			ends[end.Chain] = end.Seq
		}
		return nil
	}); err != nil {
		s.Fatal(err)
	}
	if !maps.Equal(ends, s.ends) {
		s.Fatalf("the chains end with %v; what was acknowledged with %v", ends, s.ends)
	}
	if err := s.books.Read(journal.Console, func(v *journal.View) error {
		for _, one := range s.taken {
			if err := compareTaken(v, one); err != nil {
				return err
			}
		}
		of, err := income.StatementOf(v, booktest.Faraway, 2026)
		if err != nil {
			return err
		}
		for item, want := range s.sums {
			if got := of.Items[item]; got != want {
				return fmt.Errorf("%s of the far village: %s; what was acknowledged comes to %s", item, got, want)
			}
		}
		return nil
	}); err != nil {
		s.Fatal(err)
	}
	if !verify {
		return
	}
	if _, err := backup.Verify(s.store, s.dir, s.key); err != nil {
		s.Fatal(err)
	}
}

// compareTaken looks for a posting in the journal where it was said to be.
func compareTaken(v *journal.View, one taken) error {
	kinds := one.kinds
	for _, run := range one.ranges {
		for seq := run.First; seq <= run.Last && len(kinds) > 0; seq++ {
			j, err := v.JournalEntry(run.Chain, seq)
			if err != nil {
				return err
			}
			if at := slices.Index(kinds, j.Kind); at >= 0 {
				kinds = slices.Delete(slices.Clone(kinds), at, at+1)
			}
		}
	}
	if len(kinds) > 0 {
		return fmt.Errorf("%s is said to be %v, where there is no %v", one.request, one.ranges, kinds)
	}
	return nil
}

// backup makes a backup at the bad place, and archives; both may fail. One that is made can be brought back, or is refused where the place
// reads badly: less than all is never given for all.
func (s *simulation) backup() {
	s.Helper()
	s.place.bad = s.random.IntN(2) == 0
	defer func() { s.place.bad = false }()
	k, err := s.keeper()
	if err != nil {
		s.met["no backup"]++
		return
	}
	if _, err := k.Make(s.Context()); err != nil {
		s.met["no backup"]++
	}
	if err := k.Archive(s.Context()); err != nil {
		s.met["no archive"]++
	}
	s.restore()
}

func (s *simulation) keeper() (*backup.Keeper, error) {
	return backup.NewKeeper(backup.Books{Store: s.store, Files: s.files, Now: s.clock}, backup.Plan{At: s.place,
		TimeOfDay: journal.TimeOfDay{Hour: 2},
		Keep:      backup.Keep{Days: 3}}, s.dir)
}

// restore brings the newest backup back with what the archive has behind it, and tells where its chains end; nil where it is refused.
func (s *simulation) restore() map[string]uint64 {
	s.Helper()
	list, err := backup.Backups(s.Context(), s.place)
	if err != nil || len(list) == 0 {
		return nil
	}
	f, err := s.place.Get(s.Context(), list[0].Name)
	if err != nil {
		return nil
	}
	defer f.Close()
	into := filepath.Join(s.dir, "restored")
	done, err := backup.Restoring{From: f, Place: s.place, Into: into, Progress: func(backup.Step, int64, int64) {}}.Run(s.Context())
	if err != nil {
		s.met["no restoring"]++
		return nil
	}
	s.met["restored"]++
	if err := os.RemoveAll(into); err != nil {
		s.Fatal(err)
	}
	ends := map[string]uint64{}
	for _, end := range done.Verified.Chains {
		ends[end.Chain] = end.Seq
		if end.Seq > s.ends[end.Chain] {
			s.Fatalf("the backup has more of %s than was acknowledged: %d, %d", end.Chain, end.Seq, s.ends[end.Chain])
		}
	}
	return ends
}

// brought makes a backup, posts some more, archives that, and brings all of it back.
func (s *simulation) brought() {
	s.Helper()
	s.disk.Arm(nil)
	k, err := s.keeper()
	if err != nil {
		s.Fatal(err)
	}
	if _, err := k.Make(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.income(-1)
	s.restart()
	if k, err = s.keeper(); err != nil {
		s.Fatal(err)
	}
	if err := k.Archive(s.Context()); err != nil {
		s.Fatal(err)
	}
	if ends := s.restore(); !maps.Equal(ends, s.ends) {
		s.Fatalf("brought back: %v; acknowledged: %v", ends, s.ends)
	}
}

// badPlace is a place that now and then refuses a file, or gives or takes a part of one.
type badPlace struct {
	backup.Place
	random *rand.Rand
	bad    bool
}

var errPlace = errors.New("the place does not answer")

func (p *badPlace) fails() bool { return p.bad && p.random.IntN(6) == 0 }

func (p *badPlace) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if p.fails() {
		return nil, errPlace
	}
	f, err := p.Place.Get(ctx, name)
	if err != nil || !p.fails() {
		return f, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(f, p.random.Int64N(4096)), f}, nil
}

func (p *badPlace) Put(ctx context.Context, name string, from io.Reader) error {
	if p.fails() {
		return errPlace
	}
	if p.fails() {
		from = io.MultiReader(io.LimitReader(from, p.random.Int64N(4096)), &failing{})
	}
	return p.Place.Put(ctx, name, from)
}
