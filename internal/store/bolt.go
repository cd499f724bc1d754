package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

type bolt struct {
	db  *bbolt.DB
	bad map[string]*ErrDamaged // tables that must not be touched
}

// mapped is how much of the address space is set aside for a file, in bytes: where its mapping must grow, the engine waits for whoever
// reads and lets nobody else in meanwhile, and a reader may take minutes. It costs nothing where the system maps more than there is.
func mapped() int {
	if runtime.GOOS == "windows" { // which would make the file as long
		return 0
	}
	return 1 << 36
}

// Open opens the bbolt file at path, and makes it where there is none. It does not wait for another process: ErrLocked
// comes at once. *ErrDamaged is returned of a file that is cut, or whose head or free list cannot be read; what else of it is damaged
// is told by the transaction that meets it.
func Open(path string) (Store, error) { return open(path, false) }

// OpenScratch opens a file whose content need not outlive the process: it is not synced.
func OpenScratch(path string) (Store, error) { return open(path, true) }

func open(path string, scratch bool) (_ Store, err error) {
	if InUse(path) { // a file that is being written to must not be looked at
		return nil, ErrLocked
	}
	bad, err := openable(path)
	if err != nil {
		return nil, err
	}
	defer guarded(&spot{file: path}, &err)()
	options := &bbolt.Options{Timeout: 50 * time.Millisecond, FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, NoSync: scratch,
		InitialMmapSize: mapped()}
	db, err := bbolt.Open(path, 0o600, options)
	if errors.Is(err, syscall.ENOMEM) { // the address space is limited
		options.InitialMmapSize = 0
		db, err = bbolt.Open(path, 0o600, options)
	}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, &ErrDamaged{File: path, Reason: err.Error()}
	case err != nil:
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	// The free list is written with every commit: a file opens without being read through, and a commit that fails finds its way back. A file
	// of an older program stays as it is until something is written.
	db.NoFreelistSync = false
	return bolt{db, bad}, nil
}

// InUse tells whether another program has a store's file open.
func InUse(path string) bool {
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return false
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: 50 * time.Millisecond}) // reads no more than the heads
	if err == nil {
		db.Close()
	}
	return errors.Is(err, bolterrors.ErrTimeout)
}

// openable looks at a file before the engine does, which would not survive some of what it may meet, and returns the tables that must not
// be touched.
func openable(path string) (bad map[string]*ErrDamaged, err error) {
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return nil, nil // new, or the engine says why not
	}
	w, err := OpenWreck(path)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if cut := w.cut(); cut != nil {
		return nil, cut
	}
	if w.OneHead {
		slog.Warn("one of the two head pages of the file is damaged; what was posted last may be missing", "file", path)
	}
	if w.free == noFreeList { // of an older program: the engine is about to go through all of it
		return nil, CheckFile(path)
	}
	free, err := w.freeList()
	if err != nil {
		return nil, err
	}
	if closed, err := os.ReadFile(path + closedSuffix); err != nil || string(closed) != w.state() {
		if err := w.collisions(free, w.used()); err != nil {
			return nil, err
		}
	}
	if bad, err = w.branches(); err != nil {
		return nil, err
	}
	for _, d := range bad {
		slog.Error("the file is damaged; what needs this table is refused", "file", path, "place", d.Place())
	}
	return bad, nil
}

// closedSuffix names the file beside a store's that says how it was closed. A free list that is damaged might give away pages in use: it is
// believed where it is as it was left, else compared with what is in use, which takes as long as reading the file.
const closedSuffix = ".closed"

// InOneGo runs something whose postings need not outlive a power cut one by one, as when books that nobody has used yet are filled: the
// file is synced once, at the end.
func InOneGo(s Store, f func() error) error {
	b, ok := s.(bolt)
	if !ok {
		return f()
	}
	b.db.NoSync = true
	err := f()
	b.db.NoSync = false
	return errors.Join(err, b.db.Sync())
}

func (b bolt) Close() error {
	path, scratch := b.db.Path(), b.db.NoSync
	if err := b.db.Close(); err != nil || scratch {
		return err
	}
	w, err := OpenWreck(path)
	if err != nil {
		return err
	}
	defer w.Close()
	if w.free == noFreeList { // nothing has been written
		return nil
	}
	// Where this is lost, or another program has opened the file since, the next opening takes longer.
	_ = os.WriteFile(path+closedSuffix, []byte(w.state()), 0o600)
	return nil
}

// Remove removes a closed store's file with what lies beside it; one that is not there is no error.
func Remove(path string) error {
	var errs error
	for _, name := range []string{path, path + closedSuffix} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// Rename gives a closed store's file another name, with what lies beside it.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if err := os.Rename(from+closedSuffix, to+closedSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (b bolt) View(f func(Reader) error) (err error) {
	at := &spot{file: b.db.Path()}
	defer guarded(at, &err)()
	return b.db.View(func(tx *bbolt.Tx) error { return f(boltReader{tx, at, b.bad}) })
}

func (b bolt) Update(f func(*Tx) error) (err error) {
	btx, err := b.db.Begin(true)
	if err != nil {
		return err
	}
	at := &spot{file: b.db.Path()}
	defer func() { // not the engine's own Update, whose way back reads what may be damaged and keeps its lock where it cannot
		if back := btx.Rollback(); back != nil && !errors.Is(back, bolterrors.ErrTxClosed) {
			err = errors.Join(err, back)
		}
	}()
	defer guarded(at, &err)()
	tx := newTx(boltReader{btx, at, b.bad})
	if err := f(tx); err != nil {
		return err
	}
	if err := b.flush(btx, tx, at); err != nil {
		return err
	}
	return btx.Commit()
}

func (b bolt) Copy(begin func(r Reader, size int64) (io.Writer, error)) (err error) {
	at := &spot{file: b.db.Path()}
	defer guarded(at, &err)()
	return b.db.View(func(tx *bbolt.Tx) error {
		w, err := begin(boltReader{tx, at, b.bad}, tx.Size())
		if err != nil {
			return err
		}
		_, err = tx.WriteTo(w)
		return err
	})
}

func (b bolt) Stats() (s Stats) {
	_ = b.View(func(r Reader) error { s.Size = r.(boltReader).tx.Size(); return nil })
	s.Free = int64(b.db.Stats().FreePageN) * int64(b.db.Info().PageSize)
	return s
}

// flush writes what is pending, bucket by bucket, in key order.
func (b bolt) flush(btx *bbolt.Tx, tx *Tx, at *spot) error {
	names := make([]string, 0, len(tx.pending))
	for name := range tx.pending {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if d := b.bad[name]; d != nil {
			return d
		}
		bucket, err := btx.CreateBucketIfNotExists([]byte(name))
		if err != nil {
			return err
		}
		bucket.FillPercent = 0.9 // most keys arrive in order, at the end of their place
		at.table = name
		tx.pending[name].Scan(func(k string, v []byte) bool {
			at.key = k
			if v == nil {
				err = bucket.Delete([]byte(k))
			} else {
				err = bucket.Put([]byte(k), v)
			}
			return err == nil
		})
		if err != nil {
			return err
		}
		delete(tx.pending, name) // the engine has it now: two copies of a large transaction would be one too many
	}
	return nil
}

func (b bolt) Buckets() (names []string, err error) {
	at := &spot{file: b.db.Path()}
	defer guarded(at, &err)()
	err = b.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			at.table = string(name)
			if d := b.bad[at.table]; d != nil {
				return d
			}
			if k, _ := bucket.Cursor().First(); k != nil {
				names = append(names, string(name))
			}
			return nil
		})
	})
	return names, err
}

type boltReader struct {
	tx  *bbolt.Tx
	at  *spot
	bad map[string]*ErrDamaged
}

// bucket is where something is about to be read, nil where there is none.
func (r boltReader) bucket(name, key string) *bbolt.Bucket {
	r.at.table, r.at.key = name, key
	if d := r.bad[name]; d != nil {
		panic(d)
	}
	return r.tx.Bucket([]byte(name))
}

// whole looks at what the engine found. It believes what a page says of a value's size: one that reaches beyond what is mapped faults here,
// where its place is known.
func (r boltReader) whole(b []byte) []byte {
	if len(b) > 0 {
		r.at.end = b[len(b)-1]
	}
	return b
}

func (r boltReader) Get(bucket, key string) []byte {
	defer r.at.tripped()
	b := r.bucket(bucket, key)
	if b == nil {
		return nil
	}
	return r.whole(b.Get([]byte(key)))
}

func (r boltReader) Last(bucket, to string) string {
	defer r.at.tripped()
	b := r.bucket(bucket, to)
	if b == nil {
		return ""
	}
	c := b.Cursor()
	var k []byte
	if to != "" {
		if k, _ = c.Seek([]byte(to)); k != nil {
			k, _ = c.Prev()
			return string(k)
		}
	}
	k, _ = c.Last()
	return string(k)
}

func (r boltReader) Scan(bucket, from, to string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		defer r.at.tripped()
		b := r.bucket(bucket, from)
		if b == nil {
			return
		}
		c, last := b.Cursor(), ""
		for k, v := c.Seek([]byte(from)); k != nil; k, v = c.Next() {
			key := string(k)
			if last != "" && key <= last || key < from {
				panic(r.at.damaged("keys are out of order"))
			}
			last, r.at.table, r.at.key = key, bucket, key
			if to != "" && strings.Compare(key, to) >= 0 || !yield(key, r.whole(v)) {
				return
			}
		}
	}
}
