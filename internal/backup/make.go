package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Done tells what a backup that has been read back came to.
type Done struct {
	Manifest
	Bytes    int64 // of the backup
	Verified journal.Verified
}

// sealing encrypts for recipients where there are any, and for an identity that is forgotten with the process: what was written is read
// back and opened before it is called done.
type sealing struct {
	recipients []age.Recipient
	own        []age.Identity
}

func newSealing(recipients []age.Recipient) (s sealing, err error) {
	if len(recipients) == 0 {
		return s, nil
	}
	own, err := age.GenerateX25519Identity()
	if err != nil {
		return s, err
	}
	s.recipients = append(append(s.recipients, recipients...), own.Recipient())
	s.own = []age.Identity{own}
	return s, nil
}

// to has f write through the encryption.
func (s sealing) to(w io.Writer, f func(io.Writer) error) error {
	if len(s.recipients) == 0 {
		return f(w)
	}
	sealed, err := age.Encrypt(w, s.recipients...)
	if err != nil {
		return err
	}
	return errors.Join(f(sealed), sealed.Close())
}

// Target is a file that is written once, and read back before it is kept.
type Target interface {
	io.Writer
	// Again reads what was written.
	Again() (io.ReadCloser, error)
}

// Write writes a whole backup with its papers, reads it back and verifies it in a folder for temporary files.
func (b Books) Write(ctx context.Context, to Target, recipients []age.Recipient, tmp string) (d Done, err error) {
	w, s, again, err := write(ctx, to, recipients, func(plain io.Writer) (err error) {
		d.Manifest, err = b.writeCopy(plain, false, nil)
		return err
	})
	if err != nil {
		return d, err
	}
	defer again.Close()
	d.Bytes = w.n
	d.Verified, err = check(again, w, s.own, d.Manifest, tmp)
	return d, err
}

// write has somebody write to a target, encrypted for recipients, and begins to read it again.
func write(ctx context.Context, to Target, recipients []age.Recipient, f func(io.Writer) error) (w *summing, s sealing, again io.ReadCloser,
	err error) {
	if s, err = newSealing(recipients); err != nil {
		return nil, s, nil, err
	}
	w = &summing{Writer: to, sum: sha256.New(), ctx: ctx}
	if err = s.to(w, f); err == nil {
		again, err = to.Again()
	}
	return w, s, again, err
}

// summing counts and sums what is written, until its context ends.
type summing struct {
	io.Writer
	ctx context.Context
	sum hash.Hash
	n   int64
}

func (s *summing) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.Writer.Write(b)
	s.sum.Write(b[:n])
	s.n += int64(n)
	return n, err
}

// same has somebody read what was written again, and looks whether it is byte for byte that.
func (s *summing) same(again io.Reader, read func(io.Reader) error) error {
	sum := sha256.New()
	tee := io.TeeReader(again, sum)
	if err := read(tee); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, tee); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), s.sum.Sum(nil)) {
		return fmt.Errorf("%w: what is read back is not what was written", ErrBackup)
	}
	return nil
}

// ErrBooks says that a backup is a true copy of books that are not in order themselves.
var ErrBooks = errors.New("the books themselves are not in order")

// check reads a backup back: byte for byte what was written, and books that verify.
func check(again io.Reader, written *summing, own []age.Identity, m Manifest, tmp string) (n journal.Verified, err error) {
	dir, err := os.MkdirTemp(tmp, "backup-")
	if err != nil {
		return n, err
	}
	defer os.RemoveAll(dir)
	var found Manifest
	if err := written.same(again, func(again io.Reader) (err error) {
		found, err = readCopy(again, own, dir, func(int64, int64) {})
		return err
	}); err != nil {
		return n, err
	}
	n, err = verifyUnpacked(dir, found)
	if err != nil {
		return n, errors.Join(ErrBooks, err)
	}
	if !sameEnds(n.Chains, m.Chains) {
		return n, fmt.Errorf("%w: its chains do not end as the books did", ErrBackup)
	}
	return n, nil
}

// verifyUnpacked verifies the books of a folder, and the papers that lie there.
func verifyUnpacked(dir string, m Manifest) (n journal.Verified, err error) {
	file := filepath.Join(dir, booksName)
	if err := store.CheckFile(file); err != nil {
		return n, err
	}
	if !m.Beside {
		for _, p := range m.Papers {
			content, err := os.ReadFile(filepath.Join(dir, "papers", p.Digest[:2], p.Digest))
			if errors.Is(err, os.ErrNotExist) {
				continue // missing then, as the backup tells
			}
			if err != nil {
				return n, err
			}
			if !p.is(content) {
				return n, fmt.Errorf("%w: the paper %s", ErrBackup, p.Digest)
			}
		}
	}
	s, err := store.OpenScratch(file)
	if err != nil {
		return n, err
	}
	n, err = Verify(s, dir, nil)
	return n, errors.Join(err, s.Close())
}

// Verify is journal.Verify with its scratch in a folder for temporary files.
func Verify(s store.Store, tmp string, key *seal.Key) (n journal.Verified, err error) {
	dir, err := os.MkdirTemp(tmp, "verify-")
	if err != nil {
		return n, err
	}
	defer os.RemoveAll(dir)
	scratch, err := store.OpenScratch(filepath.Join(dir, "scratch.db"))
	if err != nil {
		return n, err
	}
	n, err = journal.Verify(s, scratch, key)
	return n, errors.Join(err, scratch.Close())
}

// sameEnds tells whether chains end where they should.
func sameEnds(a, b []journal.ChainEnd) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// sumHex is a sum as it is noted.
func sumHex(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
