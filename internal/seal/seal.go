// Package seal keeps personal numbers secret: resident IDs, bank cards and phones are sealed before they reach the journal
// and found again by keyed digest. The key lives in a file beside the data, never in it.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Suite names the algorithms a box was sealed with, so that an office which must use the national ones (SM4, SM3) can,
// and old boxes still open.
type Suite byte

// AES256GCM seals with AES-256-GCM and finds by HMAC-SHA-256 cut to 16 bytes; both keys are drawn from the file's key by HKDF.
const AES256GCM Suite = 1

// Purpose is what a sealed text is. It is bound into the box: a bank card cannot be passed off as a phone number.
type Purpose string

// The purposes in use. They are part of stored boxes and never change.
const (
	ResidentID Purpose = "resident-id"
	BankCard   Purpose = "bank-card"
	Phone      Purpose = "phone"
	Password   Purpose = "password-hash"
	Request    Purpose = "request"
	Paper      Purpose = "certificate"
)

// Box is a sealed text. The zero Box holds nothing.
type Box struct {
	_      struct{} `cbor:",toarray"`
	Sealed []byte   // suite, nonce, ciphertext with tag
	Digest []byte   // finds equal texts of the same purpose; nil where nothing looks for them
}

// DigestSize is how many bytes a digest has.
const DigestSize = 16

// Empty tells whether the box holds nothing.
func (b Box) Empty() bool { return len(b.Sealed)+len(b.Digest) == 0 }

// ErrKey says that a key file or a box is not what it should be.
var ErrKey = errors.New("key does not fit")

// Key seals and opens. It is safe for use by many goroutines.
type Key struct {
	aead   cipher.AEAD
	files  cipher.AEAD
	digest []byte
	check  []byte
}

const header = "sanbian-key 1 "

// Create makes a new key file with mode 0600 and returns its key. It never replaces a file.
func Create(path string) (*Key, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails since Go 1.24
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(f, "%s%x\n", header, secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil { // the name must last too; Windows cannot sync a folder
		dir.Sync()
		dir.Close()
	}
	return newKey(secret)
}

// Load reads a key file. A missing one gives fs.ErrNotExist, a damaged one ErrKey.
func Load(path string) (*Key, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, ok := bytes.CutPrefix(bytes.TrimSpace(b), []byte(header))
	secret, err := hex.DecodeString(string(text))
	if !ok || err != nil || len(secret) != 32 {
		return nil, fmt.Errorf("%w: %s is not a sanbian key file", ErrKey, path)
	}
	return newKey(secret)
}

// Exists tells whether there is a file at path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func newKey(secret []byte) (*Key, error) {
	derive := func(use string) []byte {
		b, err := hkdf.Key(sha256.New, secret, nil, "sanbian "+use, 32)
		if err != nil {
			panic(err) // only for lengths that SHA-256 cannot give
		}
		return b
	}
	sealer := func(use string) (cipher.AEAD, error) {
		block, err := aes.NewCipher(derive(use))
		if err != nil {
			return nil, err
		}
		return cipher.NewGCM(block)
	}
	aead, err := sealer("seal")
	if err != nil {
		return nil, err
	}
	files, err := sealer("files")
	if err != nil {
		return nil, err
	}
	return &Key{aead, files, derive("digest"), derive("check")[:16]}, nil
}

// Check returns a value that tells this key from another without giving anything away about it.
func (k *Key) Check() []byte { return k.check }

// Seal seals a text for a purpose, with the digest that finds it. An empty text gives an empty box.
func (k *Key) Seal(p Purpose, text string) Box {
	if text == "" {
		return Box{}
	}
	return Box{Sealed: k.SealOnly(p, text).Sealed, Digest: k.Digest(p, text)}
}

// Find returns a box that is found by its digest and holds nothing yet: what a check works with before anything is sealed.
func (k *Key) Find(p Purpose, text string) Box {
	if text == "" {
		return Box{}
	}
	return Box{Digest: k.Digest(p, text)}
}

// Close seals a text into the box that is found by its digest; an empty text leaves the box as it is.
func (k *Key) Close(p Purpose, text string, found Box) Box {
	if text == "" {
		return found
	}
	return Box{Sealed: k.SealOnly(p, text).Sealed, Digest: found.Digest}
}

// SealOnly seals a text that nothing needs to find again.
func (k *Key) SealOnly(p Purpose, text string) Box {
	if text == "" {
		return Box{}
	}
	b := make([]byte, 1+12, 1+12+len(text)+16)
	b[0] = byte(AES256GCM)
	rand.Read(b[1:13])
	return Box{Sealed: k.aead.Seal(b, b[1:13], []byte(text), []byte(p))}
}

// Open returns the text of a box; "" for an empty one, ErrKey when the key or the purpose is another.
func (k *Key) Open(p Purpose, b Box) (string, error) {
	if b.Empty() {
		return "", nil
	}
	if len(b.Sealed) < 13 || Suite(b.Sealed[0]) != AES256GCM {
		return "", fmt.Errorf("%w: unknown cipher suite, or cut short", ErrKey)
	}
	text, err := k.aead.Open(nil, b.Sealed[1:13], b.Sealed[13:], []byte(p))
	if err != nil {
		return "", fmt.Errorf("%w: %s does not open", ErrKey, p)
	}
	return string(text), nil
}

// Digest returns the 16 bytes by which an equal text of the same purpose is found.
func (k *Key) Digest(p Purpose, text string) []byte {
	h := hmac.New(sha256.New, k.digest)
	h.Write([]byte(p))
	h.Write([]byte{0})
	h.Write([]byte(text))
	return h.Sum(nil)[:DigestSize]
}
