package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Files is a folder of files that are named by their content's SHA-256, so none can be changed without being found out.
type Files struct{ dir string }

// OpenFiles uses a folder, which is made when the first file is kept.
func OpenFiles(dir string) *Files { return &Files{dir} }

// ErrChanged says that a file's content is no longer what its name says.
var ErrChanged = errors.New("the file has been changed or damaged")

func (f *Files) path(digest string) string { return filepath.Join(f.dir, digest[:2], digest) }

// shapedDigest tells whether a text is a SHA-256 in lower-case hexadecimal: nothing else becomes part of a path.
func shapedDigest(digest string) bool {
	b, err := hex.DecodeString(digest)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == digest
}

// Keep writes content durably under its digest and returns that. Keeping the same content again changes nothing.
func (f *Files) Keep(content []byte) (digest string, err error) {
	sum := sha256.Sum256(content)
	digest = hex.EncodeToString(sum[:])
	path := f.path(digest)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return digest, nil
	}
	_, missing := os.Stat(filepath.Dir(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	SyncFolder(filepath.Dir(path))
	if missing != nil { // the folder's own name, and that of the one above it, may be new
		SyncFolder(f.dir)
		SyncFolder(filepath.Dir(f.dir))
	}
	return digest, nil
}

// SyncFolder makes the names in a folder last. Windows cannot sync one, and need not.
func SyncFolder(path string) {
	if dir, err := os.Open(path); err == nil {
		dir.Sync()
		dir.Close()
	}
}

// Open returns the content of a digest: fs.ErrNotExist when it is not kept here, ErrChanged when it no longer has that digest.
func (f *Files) Open(digest string) ([]byte, error) {
	if !shapedDigest(digest) {
		return nil, fmt.Errorf("%q is no digest: %w", digest, fs.ErrNotExist)
	}
	b, err := os.ReadFile(f.path(digest))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != digest {
		return nil, ErrChanged
	}
	return b, nil
}
