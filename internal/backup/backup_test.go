package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// office is books with papers, and what backs them up.
type office struct {
	*booktest.Books
	files *store.Files
	dir   string // the data folder's papers
}

func newOffice(t *testing.T) *office {
	t.Helper()
	b := booktest.New(t)
	key, err := seal.Load(b.Path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Books: b, dir: filepath.Join(t.TempDir(), "papers")}
	o.files = store.OpenFiles(o.dir, key)
	b.KeepPapers(o.files)
	entity, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	for i := range 3 {
		o.attach(entity, fmt.Sprintf("%%PDF-1.7 决议 %d %%%%EOF", i))
	}
	return o
}

func (o *office) attach(to, content string) (digest string) {
	o.Helper()
	digest, err := o.files.Keep([]byte(content))
	if err != nil {
		o.Fatal(err)
	}
	o.Record("kj-yuxin", &paper.AttachPaper{To: to, Digest: digest, Name: "决议.pdf"})
	return digest
}

func (o *office) line(amount string) {
	o.Helper()
	o.Time = o.Time.Add(time.Minute)
	o.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan(amount)})
}

func (o *office) backed() backup.Books {
	return backup.Books{Store: o.Store(), Files: o.files, Now: o.Clock}
}

func (o *office) keeper(at backup.Place, to ...age.Recipient) *backup.Keeper {
	o.Helper()
	k, err := backup.NewKeeper(o.backed(), backup.Plan{At: at, Recipients: to, TimeOfDay: journal.TimeOfDay{Hour: 2, Min: 30},
		Keep: backup.Keep{Days: 3, Weeks: 2,
			Months: 2}}, o.TempDir())
	if err != nil {
		o.Fatal(err)
	}
	return k
}

// ends are where the chains of the office's books end, as verify says.
func (o *office) ends() []journal.ChainEnd { return o.Verified().Chains }

// target is a file in memory.
type target struct{ bytes.Buffer }

func (t *target) Again() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(t.Bytes())), nil }

// restore brings a backup back and returns the ends of its chains; what it has is verified, byte for byte.
func restore(t *testing.T, r backup.Restoring) (backup.Restored, error) {
	t.Helper()
	r.Into, r.Progress = filepath.Join(t.TempDir(), "books"), func(backup.Step, int64, int64) {}
	done, err := r.Run(t.Context())
	if err != nil {
		if _, there := os.Stat(r.Into); there == nil {
			t.Error("a folder is left of what failed")
		}
		return done, err
	}
	s, err := store.Open(filepath.Join(r.Into, "sanbian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n, err := backup.Verify(s, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(n.Chains, done.Verified.Chains) {
		t.Error("the folder is not what was told")
	}
	var named []paper.Content
	if err := s.View(func(r store.Reader) error { named = paper.Contents(r, region.Country); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, p := range named {
		_, err := os.Stat(filepath.Join(r.Into, "papers", p.Digest[:2], p.Digest))
		if lost := slices.Contains(done.Lost, p.Digest); (err != nil) != lost {
			t.Errorf("paper %s: %v, lost %v", p.Digest, err, lost)
		}
	}
	return done, nil
}

// bucket opens a place in an S3 store that lives as long as the test.
func bucket(t *testing.T) backup.Place {
	t.Helper()
	kept := s3mem.New()
	if err := kept.CreateBucket("books"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(kept).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	at, err := backup.OpenPlace("s3+http://" + strings.TrimPrefix(server.URL, "http://") + "/books/county")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A backup is the books as they stood, with their papers, whatever is posted meanwhile and afterwards; one that is cut, damaged or of
// something else is refused, and nothing is left of it.
func TestOneFile(t *testing.T) {
	o := newOffice(t)
	o.line("1")
	want := o.ends()
	var to target
	d, err := o.backed().Write(t.Context(), &to, nil, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.line("2")
	if !slices.Equal(d.Chains, want) || len(d.Papers) != 3 || len(d.Missing) > 0 || d.Bytes != int64(to.Len()) {
		t.Errorf("%+v", d)
	}
	done, err := restore(t, backup.Restoring{From: bytes.NewReader(to.Bytes())})
	if err != nil || !slices.Equal(done.Verified.Chains, want) || len(done.Lost) > 0 {
		t.Errorf("%v: %+v", err, done)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":             func(b []byte) []byte { return b[:len(b)/2] },
		"cut by a little": func(b []byte) []byte { return b[:len(b)-9] },
		"a flipped bit":   func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		"empty":           func([]byte) []byte { return nil },
		"something else":  func([]byte) []byte { return []byte("PK\x03\x04 a text that is no backup at all") },
	} {
		if _, err := restore(t, backup.Restoring{From: bytes.NewReader(spoil(bytes.Clone(to.Bytes())))}); !errors.Is(err, backup.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "something"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := backup.Restoring{From: &to, Into: full, Progress: func(backup.Step, int64, int64) {}}
	if _, err := r.Run(t.Context()); !errors.Is(err, backup.ErrThere) {
		t.Errorf("into a folder that is not empty: %v", err)
	}
}

// A backup whose target lies is not called done, nor is one of books that are not in order.
func TestReadBack(t *testing.T) {
	o := newOffice(t)
	if _, err := o.backed().Write(t.Context(), &lying{}, nil, t.TempDir()); !errors.Is(err, backup.ErrBackup) {
		t.Errorf("a target that lies: %v", err)
	}
	if err := o.Store().Update(func(tx *store.Tx) error { tx.Put("holding", "210727", []byte{1}); return nil }); err != nil {
		t.Fatal(err)
	}
	var to target
	var found *journal.Finding
	if _, err := o.backed().Write(t.Context(), &to, nil, t.TempDir()); !errors.Is(err, backup.ErrBooks) || !errors.As(err, &found) {
		t.Errorf("books that are not in order: %v", err)
	}
}

// lying gives other bytes back than were written.
type lying struct{ target }

func (l *lying) Again() (io.ReadCloser, error) {
	b := bytes.Clone(l.Bytes())
	b[len(b)-1] ^= 1
	return io.NopCloser(bytes.NewReader(b)), nil
}

// What is encrypted opens with its identity and with no other, and holds nothing in the clear.
func TestEncrypted(t *testing.T) {
	o := newOffice(t)
	me, _ := age.GenerateX25519Identity()
	other, _ := age.GenerateX25519Identity()
	var to target
	if _, err := o.backed().Write(t.Context(), &to, []age.Recipient{me.Recipient()}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for _, identities := range [][]age.Identity{nil, {other}} {
		if _, err := restore(t, backup.Restoring{From: bytes.NewReader(to.Bytes()), Identities: identities}); !errors.Is(err,
			backup.ErrEncrypted) {
			t.Errorf("%v", err)
		}
	}
	done, err := restore(t, backup.Restoring{From: bytes.NewReader(to.Bytes()), Identities: []age.Identity{me}})
	if err != nil || !slices.Equal(done.Verified.Chains, o.ends()) {
		t.Errorf("%v", err)
	}
}

// A paper that is gone or changed when the backup is made is told of; the others are kept.
func TestMissingPapers(t *testing.T) {
	o := newOffice(t)
	gone := o.attach(booktest.Yuxin+"E001", "%PDF-1.7 a %%EOF")
	if err := os.Remove(filepath.Join(o.dir, gone[:2], gone)); err != nil {
		t.Fatal(err)
	}
	changed := o.attach(booktest.Yuxin+"E001", "%PDF-1.7 b %%EOF")
	if err := os.WriteFile(filepath.Join(o.dir, changed[:2], changed), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	var to target
	d, err := o.backed().Write(t.Context(), &to, nil, t.TempDir())
	want := []string{gone, changed}
	slices.Sort(want)
	slices.Sort(d.Missing)
	if err != nil || !slices.Equal(d.Missing, want) {
		t.Fatalf("%v: missing %v", err, d.Missing)
	}
	done, err := restore(t, backup.Restoring{From: &to})
	slices.Sort(done.Lost)
	if err != nil || !slices.Equal(done.Lost, want) {
		t.Errorf("%v: lost %v", err, done.Lost)
	}
}

// At a place, papers lie once for all backups; the archive goes on behind each of them, minute by minute, and brings back any moment.
func TestPlaces(t *testing.T) {
	me, _ := age.GenerateX25519Identity()
	for name, at := range map[string]func(t *testing.T) backup.Place{
		"a folder": func(t *testing.T) backup.Place {
			at, _ := backup.OpenPlace(filepath.Join(t.TempDir(), "backups"))
			return at
		},
		"a bucket": bucket,
	} {
		for _, to := range [][]age.Recipient{nil, {me.Recipient()}} {
			t.Run(fmt.Sprint(name, ", encrypted ", len(to) > 0), func(t *testing.T) { testPlace(t, at(t), me, to) })
		}
	}
}

func testPlace(t *testing.T, at backup.Place, me age.Identity, to []age.Recipient) {
	o, ctx := newOffice(t), t.Context()
	k := o.keeper(at, to...)
	first, err := k.Make(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o.attach(booktest.Yuxin+"E001", "%PDF-1.7 later %%EOF")
	moments := map[time.Time][]journal.ChainEnd{}
	for i := range 6 {
		o.line(fmt.Sprint(i + 1))
		if i != 3 { // a minute in which the place could not be reached
			if err := k.Archive(ctx); err != nil {
				t.Fatal(err)
			}
		}
		moments[o.Time] = o.ends()
	}
	second, err := k.Make(ctx)
	if err != nil || first.Name == second.Name || second.Papers != 4 {
		t.Fatalf("%v: %+v", err, second)
	}
	if papers, err := at.List(ctx, "papers"); err != nil || len(papers) != 4 {
		t.Errorf("%d papers, %v", len(papers), err)
	}
	if list, err := backup.Backups(ctx, at); err != nil || len(list) != 2 || list[0] != second || list[1] != first {
		t.Errorf("%v: %+v", err, list)
	}
	get := func(b backup.Backup, change func(*backup.Restoring)) (backup.Restored, error) {
		f, err := at.Get(ctx, b.Name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := backup.Restoring{From: f, Place: at, Identities: []age.Identity{me}}
		change(&r)
		return restore(t, r)
	}
	for _, b := range []backup.Backup{first, second} {
		done, err := get(b, func(*backup.Restoring) {})
		if err != nil || !slices.Equal(done.Verified.Chains, o.ends()) || len(done.Lost) > 0 {
			t.Errorf("%s to the end: %v, %+v", b.Name, err, done.Chains)
		}
		for moment, want := range moments {
			done, err := get(b, func(r *backup.Restoring) { r.Until = moment })
			if err != nil || !slices.Equal(done.Verified.Chains, want) {
				t.Errorf("%s to %s: %v", b.Name, moment, err)
			}
			own := want[slices.IndexFunc(want, func(e journal.ChainEnd) bool { return e.Chain == "210727" })]
			done, err = get(b, func(r *backup.Restoring) { r.Chain, r.Seq = own.Chain, own.Seq })
			if err != nil || !slices.Equal(done.Verified.Chains, want) {
				t.Errorf("%s to record %d: %v", b.Name, own.Seq, err)
			}
		}
	}
	if _, err := get(first, func(r *backup.Restoring) { r.Chain, r.Seq = "210727", 99_999 }); !errors.Is(err, backup.ErrNoRecord) {
		t.Errorf("a record that is not there: %v", err)
	}
	if done, err := get(first, func(r *backup.Restoring) { r.AsItWas = true }); err != nil || done.Verified.Records != first.Records {
		t.Errorf("as it was: %v, %d of %d", err, done.Verified.Records, first.Records)
	}
	// Another program goes on where this one stopped, and refuses the archive of other books.
	o.line("99")
	if err := o.keeper(at, to...).Archive(ctx); err != nil {
		t.Error(err)
	}
	stranger := newOffice(t)
	stranger.line("1")
	if err := stranger.keeper(at, to...).Archive(ctx); !errors.Is(err, backup.ErrOthers) {
		t.Errorf("other books: %v", err)
	}
}

// Segments that have become many are put together, and nothing is lost by it.
func TestMerging(t *testing.T) {
	defer backup.SmallSegments(20, 5)()
	o := newOffice(t)
	at, _ := backup.OpenPlace(t.TempDir())
	k := o.keeper(at)
	if _, err := k.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	most := 0
	for i := range 60 {
		o.line(fmt.Sprint(i + 1))
		if err := k.Archive(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := at.List(t.Context(), "journal/210727")
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, len(list))
	}
	end := o.ends()[slices.IndexFunc(o.ends(), func(e journal.ChainEnd) bool { return e.Chain == "210727" })]
	if most > int(end.Seq)/20+1+5 {
		t.Errorf("%d segments of %d records", most, end.Seq)
	}
	count := uint64(0)
	for _, err := range backup.OpenArchive(t.Context(), at, nil).After("210727", 0) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	if count != end.Seq {
		t.Errorf("%d of %d records", count, end.Seq)
	}
}

// Of each day, week and month the newest stays that is in order; the newest of all that is in order stays whatever was decided.
func TestKeeping(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.ParseInLocation(time.DateTime, text, journal.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	var list []backup.Backup
	for at := day("2026-03-31 02:30:00"); at.After(day("2025-12-01 00:00:00")); at = at.AddDate(0, 0, -1) {
		list = append(list, backup.Backup{Name: at.Format(time.DateTime), Made: at})
	}
	list[0].Fault, list[9].Fault = "damaged", "damaged"
	var stay []string
	for name, stays := range backup.Chosen(backup.Keep{Days: 3, Weeks: 2, Months: 4}, list) {
		if stays {
			stay = append(stay, name[:10])
		}
	}
	slices.Sort(stay)
	if want := []string{"2025-12-31", "2026-01-31", "2026-02-28", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"}; !slices.Equal(stay,
		want) {
		t.Errorf("stay %v, want %v", stay, want)
	}
	if stays := backup.Chosen(backup.Keep{}, list); !stays[list[1].Name] {
		t.Error("the newest that is in order does not stay")
	}
	for _, text := range []string{"", "1", "1,2", "0,0,0", "-1,2,3", "1,2,3,4", "a,b,c", "1, 2,3"} {
		if k, err := backup.ParseKeep(text); err == nil {
			t.Errorf("%q is %+v", text, k)
		}
	}
}

// broken is a place that takes nothing for a while.
type broken struct {
	backup.Place
	down atomic.Bool
}

func (b *broken) Put(ctx context.Context, name string, from io.Reader) error {
	if b.down.Load() {
		return errors.New("the line is down")
	}
	return b.Place.Put(ctx, name, from)
}

// A server archives every minute and backs up when it is due; what fails is told, and tried again.
func TestRunning(t *testing.T) {
	o := newOffice(t)
	folder := t.TempDir()
	at, _ := backup.OpenPlace(folder)
	place := &broken{Place: at}
	place.down.Store(true)
	var mu sync.Mutex
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, journal.Beijing)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	k, err := backup.NewKeeper(backup.Books{Store: o.Store(), Files: o.files, Now: clock}, backup.Plan{At: place,
		TimeOfDay: journal.TimeOfDay{Hour: 2, Min: 30},
		Keep:      backup.Keep{Days: 3}}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	minute, ended := make(chan time.Time), make(chan bool)
	go func() { k.Run(ctx, minute); close(ended) }()
	tick := func(d time.Duration) {
		mu.Lock()
		now = now.Add(d)
		mu.Unlock()
		minute <- clock()
		minute <- clock() // taken when the first is done
	}
	tick(0)
	if s := k.State(); s.Lagging == "" || s.Failed == "" || s.Last != nil {
		t.Fatalf("a line that is down: %+v", s)
	}
	place.down.Store(false)
	tick(time.Minute)
	if s := k.State(); s.Lagging != "" || s.Archived.IsZero() || s.Failed == "" {
		t.Errorf("the line is back: %+v", s)
	}
	tick(time.Hour) // 03:01
	s := k.State()
	if s.Failed != "" || s.Last == nil || s.Next != time.Date(2026, 3, 3, 2, 30, 0, 0, journal.Beijing) {
		t.Fatalf("an hour later: %+v", s)
	}
	made := s.Last.Name
	tick(time.Hour)
	if k.State().Last.Name != made {
		t.Error("made before it was due")
	}
	tick(24 * time.Hour)
	if k.State().Last.Name == made {
		t.Error("not made when it was due")
	}
	stop()
	<-ended
	if left, _ := filepath.Glob(filepath.Join(folder, "*", ".new-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	again := o.keeper(at)
	list, err := again.Backups(t.Context())
	if err != nil || len(list) != 2 {
		t.Errorf("%d backups, %v", len(list), err)
	}
}

// Names at a place stay within it, what is not there is told so, and nothing half written has a name.
func TestPlaceItself(t *testing.T) {
	folder := t.TempDir()
	inFolder, _ := backup.OpenPlace(folder)
	for name, at := range map[string]backup.Place{"folder": inFolder, "bucket": bucket(t)} {
		ctx := t.Context()
		if _, err := at.Get(ctx, "a/b"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if err := at.Put(ctx, "a/b", strings.NewReader("text")); err != nil {
			t.Error(err)
		}
		if err := at.Put(ctx, "a/half", io.MultiReader(strings.NewReader("te"), &failing{})); err == nil {
			t.Error("half a file was kept")
		}
		list, err := at.List(ctx, "a")
		if err != nil || len(list) != 1 || list[0].Name != "a/b" || list[0].Size != 4 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
		if err := errors.Join(at.Delete(ctx, "a/b"), at.Delete(ctx, "a/b")); err != nil {
			t.Error(err)
		}
		if list, err := at.List(ctx, "none"); err != nil || len(list) > 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	if _, err := backup.OpenPlace("s3://host-without-a-bucket"); err == nil {
		t.Error("a bucket without a name")
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, errors.New("the stick was pulled out") }
