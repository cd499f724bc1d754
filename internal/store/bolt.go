package store

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

type bolt struct{ db *bbolt.DB }

// Open opens the bbolt file at path, and makes it where there is none. It does not wait for another process: ErrLocked
// comes at once.
func Open(path string) (Store, error) { return open(path, false) }

// OpenScratch opens a file whose content need not outlive the process: it is not synced.
func OpenScratch(path string) (Store, error) { return open(path, true) }

func open(path string, scratch bool) (Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: 50 * time.Millisecond, FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, NoSync: scratch,
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return bolt{db}, nil
}

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

func (b bolt) Close() error { return b.db.Close() }

func (b bolt) View(f func(Reader) error) error {
	return b.db.View(func(tx *bbolt.Tx) (err error) {
		defer recoverCorrupt(&err)
		return f(boltReader{tx})
	})
}

func (b bolt) Update(f func(*Tx) error) error {
	return b.db.Update(func(btx *bbolt.Tx) (err error) {
		defer recoverCorrupt(&err)
		tx := newTx(boltReader{btx})
		if err := f(tx); err != nil {
			return err
		}
		return flush(btx, tx)
	})
}

// flush writes what is pending, bucket by bucket, in key order.
func flush(btx *bbolt.Tx, tx *Tx) error {
	names := make([]string, 0, len(tx.pending))
	for name := range tx.pending {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		bucket, err := btx.CreateBucketIfNotExists([]byte(name))
		if err != nil {
			return err
		}
		bucket.FillPercent = 0.9 // most keys arrive in order, at the end of their place
		tx.pending[name].Scan(func(k string, v []byte) bool {
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
	err = b.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			if k, _ := bucket.Cursor().First(); k != nil {
				names = append(names, string(name))
			}
			return nil
		})
	})
	return names, err
}

type boltReader struct{ tx *bbolt.Tx }

func (r boltReader) Get(bucket, key string) []byte {
	b := r.tx.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	return b.Get([]byte(key))
}

func (r boltReader) Last(bucket, to string) string {
	b := r.tx.Bucket([]byte(bucket))
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
		b := r.tx.Bucket([]byte(bucket))
		if b == nil {
			return
		}
		c := b.Cursor()
		for k, v := c.Seek([]byte(from)); k != nil; k, v = c.Next() {
			key := string(k)
			if to != "" && strings.Compare(key, to) >= 0 || !yield(key, v) {
				return
			}
		}
	}
}
