package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Files is a folder of files that are named by their content's SHA-256, so none can be changed without being found out. Contents are
// sealed; those that older programs kept lie open.
type Files struct {
	dir    string
	sealer Sealer
}

// Sealer seals contents, the same each time, and opens them.
type Sealer interface {
	SealFile(content []byte) []byte
	OpenFile(sealed []byte) ([]byte, error)
}

// OpenFiles uses a folder, which is made when the first file is kept. Without a sealer nothing can be kept, and what is sealed not opened.
func OpenFiles(dir string, sealer Sealer) *Files { return &Files{dir, sealer} }

// ErrChanged says that a file's content is no longer what its name says.
var ErrChanged = errors.New("the file has been changed or damaged")

func (f *Files) path(digest string) string { return filepath.Join(f.dir, digest[:2], digest) }

// IsDigest tells whether a text is a SHA-256 in lower-case hexadecimal: nothing else becomes part of a path.
func IsDigest(digest string) bool {
	b, err := hex.DecodeString(digest)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == digest
}

// digestOf is a content's SHA-256, in hexadecimal.
func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Keep seals content and writes it durably under its digest, which it returns. Keeping the same content again changes nothing.
func (f *Files) Keep(content []byte) (digest string, err error) {
	digest = digestOf(content)
	sealed := f.sealer.SealFile(content)
	// What is whole stays as it lies, with whatever key: its seal stands in the journal.
	if old, err := os.ReadFile(f.path(digest)); err == nil {
		if bytes.Equal(old, content) {
			return digest, nil
		}
		if was, err := f.sealer.OpenFile(old); err == nil && bytes.Equal(was, content) {
			return digest, nil
		}
	}
	return digest, f.KeepRaw(digest, sealed)
}

// KeepRaw writes what lies under a digest, as it lies elsewhere, durably.
func (f *Files) KeepRaw(digest string, sealed []byte) error {
	if !IsDigest(digest) {
		return fmt.Errorf("%q is no digest: %w", digest, fs.ErrNotExist)
	}
	path := f.path(digest)
	_, missing := os.Stat(filepath.Dir(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := WriteFile(path, bytes.NewReader(sealed)); err != nil {
		return err
	}
	if missing != nil { // the folder's own name, and that of the one above it, may be new
		SyncFolder(f.dir)
		SyncFolder(filepath.Dir(f.dir))
	}
	return nil
}

// WriteFile puts a file of mode 0600 under a name, whole and lasting, or none: what had the name before has it until then.
func WriteFile(path string, content io.Reader) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(tmp, content)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	SyncFolder(filepath.Dir(path))
	return nil
}

// SyncFolder makes the names in a folder last. Windows cannot sync one, and need not.
func SyncFolder(path string) {
	if dir, err := os.Open(path); err == nil {
		dir.Sync()
		dir.Close()
	}
}

// Open returns the content of a digest, and the digest of the file as it lies sealed, "" where it lies open: fs.ErrNotExist when it is not
// kept here, ErrChanged when it no longer has that digest or does not open.
func (f *Files) Open(digest string) (content []byte, sealed string, err error) {
	b, err := f.read(digest)
	if err != nil {
		return nil, "", err
	}
	if digestOf(b) == digest {
		return b, "", nil
	}
	if content, err = f.sealer.OpenFile(b); err != nil || digestOf(content) != digest {
		return nil, "", ErrChanged
	}
	return content, digestOf(b), nil
}

// Check looks at the file of a digest without opening it: it is the one whose seal has one of several digests, or lies open where that is
// "".
func (f *Files) Check(digest string, seals ...string) error {
	b, err := f.read(digest)
	if err != nil {
		return err
	}
	sum := digestOf(b)
	if !slices.ContainsFunc(seals, func(sealed string) bool { return sum == cmp.Or(sealed, digest) }) {
		return ErrChanged
	}
	return nil
}

// Has tells whether a file lies under a digest, whatever is in it.
func (f *Files) Has(digest string) bool {
	if !IsDigest(digest) {
		return false
	}
	_, err := os.Stat(f.path(digest))
	return err == nil
}

// Raw returns the file of a digest as it lies; fs.ErrNotExist when it is not kept here.
func (f *Files) Raw(digest string) ([]byte, error) { return f.read(digest) }

func (f *Files) read(digest string) ([]byte, error) {
	if !IsDigest(digest) {
		return nil, fmt.Errorf("%q is no digest: %w", digest, fs.ErrNotExist)
	}
	return os.ReadFile(f.path(digest))
}
