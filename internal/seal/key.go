package seal

import (
	"bytes"
	"cmp"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Key seals and opens: a key, and those that it has replaced. The newest seals; what an older one sealed stays readable. It is safe for
// use by many goroutines.
type Key struct {
	keys []*single // newest first, at least one
}

// single is one key with what is drawn from it.
type single struct {
	suite  Suite
	secret []byte
	id     ID
	boxes  cipher.AEAD
	files  cipher.AEAD
	digest []byte
	check  []byte
}

const idSize = 4

// ID names a key without giving anything of it away.
type ID [idSize]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

func (k *Key) newest() *single { return k.keys[0] }

// of finds the key that a box or a file names, behind its form.
func (k *Key) of(form byte, id []byte) (*single, error) {
	for _, one := range k.keys {
		if one.suite.form() == form && bytes.Equal(one.id[:], id) {
			return one, nil
		}
	}
	return nil, fmt.Errorf("%w: sealed with key %x, which the key file does not have", ErrKey, id)
}

// Suite is that of the newest key.
func (k *Key) Suite() Suite { return k.newest().suite }

// IDs are those of all keys, newest first.
func (k *Key) IDs() (list []ID) {
	for _, one := range k.keys {
		list = append(list, one.id)
	}
	return list
}

// SuiteOf is the suite of the key with an id, 0 where there is none.
func (k *Key) SuiteOf(id ID) Suite {
	for _, one := range k.keys {
		if one.id == id {
			return one.suite
		}
	}
	return 0
}

// Changed tells whether the key has replaced another.
func (k *Key) Changed() bool { return len(k.keys) > 1 }

// Check returns a value that tells the key that books were begun with from another without giving anything away about it.
func (k *Key) Check() []byte { return k.keys[len(k.keys)-1].check }

// header begins each line of a key file; the suite's number and the key in hexadecimal follow. The newest key stands first.
const header = "sanbian-key "

const secretSize = 32

// New makes a key of a suite; nothing keeps it.
func New(suite Suite) (*Key, error) {
	secret := make([]byte, secretSize)
	rand.Read(secret) // never fails since Go 1.24
	one, err := newSingle(suite, secret)
	if err != nil {
		return nil, err
	}
	return &Key{[]*single{one}}, nil
}

// Replaced returns a new key of the same suite, which has replaced this one.
func (k *Key) Replaced() (*Key, error) {
	for {
		next, err := New(k.Suite())
		if err != nil {
			return nil, err
		}
		if k.SuiteOf(next.newest().id) == 0 { // ids are short
			return &Key{append(next.keys, k.keys...)}, nil
		}
	}
}

// Joined returns the key with those of another that it lacks: what they sealed is opened, too. Books are known by the oldest key and sealed
// by the newest, so the others stand between; where there is one alone, a new one replaces it. ErrKey where two are told apart by nothing.
func (k *Key) Joined(other *Key) (_ *Key, err error) {
	var lacking []*single
	for _, one := range other.keys {
		switch i := slices.IndexFunc(k.keys, func(own *single) bool { return own.id == one.id }); {
		case i < 0:
			lacking = append(lacking, one)
		case !bytes.Equal(k.keys[i].secret, one.secret):
			return nil, fmt.Errorf("%w: two keys have the id %s", ErrKey, one.id)
		}
	}
	if len(lacking) == 0 {
		return k, nil
	}
	if len(k.keys) == 1 {
		if k, err = k.Replaced(); err != nil {
			return nil, err
		}
	}
	last := len(k.keys) - 1
	return &Key{slices.Concat(k.keys[:last], lacking, k.keys[last:])}, nil
}

// Text is what a key file holds: a secret.
func (k *Key) Text() string {
	var b strings.Builder
	for _, one := range k.keys {
		fmt.Fprintf(&b, "%s%d %x\n", header, one.suite, one.secret)
	}
	return b.String()
}

// Read reads the text of a key file; ErrKey where it is none.
func Read(text string) (*Key, error) {
	k := &Key{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		rest, ok := strings.CutPrefix(line, header)
		suite, digits, _ := strings.Cut(rest, " ")
		secret, err := hex.DecodeString(digits)
		if !ok || err != nil || len(secret) != secretSize || suite != "1" && suite != "2" {
			return nil, fmt.Errorf("%w: line %d is no key", ErrKey, len(k.keys)+1)
		}
		one, err := newSingle(Suite(suite[0]-'0'), secret)
		if err != nil {
			return nil, err
		}
		if k.SuiteOf(one.id) != 0 {
			return nil, fmt.Errorf("%w: line %d is the same key again", ErrKey, len(k.keys)+1)
		}
		k.keys = append(k.keys, one)
	}
	if len(k.keys) == 0 {
		return nil, fmt.Errorf("%w: no key in it", ErrKey)
	}
	return k, nil
}

// Create makes a new key file with mode 0600 and returns its key. It never replaces a file.
func Create(path string, suite Suite) (*Key, error) {
	k, err := New(suite)
	if err != nil {
		return nil, err
	}
	return k, k.Save(path)
}

// Save makes a key file with mode 0600. It never replaces a file.
func (k *Key) Save(path string) error { return write(path, os.O_EXCL, k.Text()) }

// Replace puts a key file in the place of one, whole at any moment.
func (k *Key) Replace(path string) error {
	path, err := filepath.EvalSymlinks(path) // it may stand on a stick
	if err != nil {
		return err
	}
	next := path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a machine that stopped
		return err
	}
	if err := write(next, os.O_EXCL, k.Text()); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	syncFolder(path)
	return nil
}

func write(path string, how int, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		syncFolder(path)
	}
	return err
}

// syncFolder makes the name of a file last; Windows cannot sync a folder.
func syncFolder(path string) {
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		dir.Sync()
		dir.Close()
	}
}

// Load reads a key file. A missing one gives fs.ErrNotExist, a damaged one ErrKey.
func Load(path string) (*Key, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	k, err := Read(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s is not a sanbian key file: %w", path, err)
	}
	return k, nil
}

// Exists tells whether there is a file at path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func newSingle(suite Suite, secret []byte) (*single, error) {
	derive := func(use string) []byte {
		b, err := hkdf.Key(suite.newHash(), secret, nil, "sanbian "+use, 32)
		if err != nil {
			panic(err) // only for lengths that no hash of ours can give
		}
		return b
	}
	boxes, err := suite.aead(derive("seal"))
	files, other := suite.aead(derive("files"))
	if err = cmp.Or(err, other); err != nil {
		return nil, err
	}
	return &single{suite: suite, secret: secret, id: ID(derive("id")[:idSize]), boxes: boxes, files: files, digest: derive("digest"),
		check: derive("check")[:16]}, nil
}
