// Package seal keeps personal numbers secret: resident IDs, bank cards and phones are sealed before they reach the journal
// and found again by keyed digest. The keys lie in a file beside the data, never in it.
package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
)

// Purpose is what a sealed text is. It is bound into the box: a bank card cannot be passed off as a phone number.
type Purpose string

// The purposes in use. They are part of stored boxes and never change.
const (
	ResidentID Purpose = "resident-id"
	BankCard   Purpose = "bank-card"
	Phone      Purpose = "phone"
	Password   Purpose = "password-hash"
	SecondStep Purpose = "second-step"
	Request    Purpose = "request"
	Paper      Purpose = "certificate"
)

// unbound is what a box of form 1 says of its purpose: in those the secret of a second step was sealed as a password is.
func (p Purpose) unbound() []byte {
	if p == SecondStep {
		p = Password
	}
	return []byte(p)
}

// The forms of a box: its first byte. A box of form 1 is bound to its purpose alone, so that it could be put in the place of another's;
// those from then on name their key, and are bound to suite, key, purpose and owner.
const (
	unboundForm     = 1 // nonce, ciphertext with tag
	boundForm       = 2 // key id, nonce, ciphertext with tag, of the international suite
	boundNationally = 3 // the same of the national suite
	nonceSize       = 12
	tagSize         = 16
	boundHead       = 1 + idSize + nonceSize
	unboundHead     = 1 + nonceSize
)

// Box is a sealed text. The zero Box holds nothing.
type Box struct {
	_      struct{} `cbor:",toarray"`
	Sealed []byte   // form, what the form says
	Digest []byte   // finds equal texts of the same purpose; nil where nothing looks for them
}

// DigestSize is how many bytes a digest has.
const DigestSize = 16

// Empty tells whether the box holds nothing.
func (b Box) Empty() bool { return len(b.Sealed)+len(b.Digest) == 0 }

// Unbound tells whether the box holds a text and is bound to no owner, as older programs sealed: such a box proves nothing of whose the
// text is.
func (b Box) Unbound() bool { return len(b.Sealed) > 0 && b.Sealed[0] == unboundForm }

// ErrKey says that a key file or a box is not what it should be.
var ErrKey = errors.New("key does not fit")

// Opener opens a box of an owner.
type Opener func(p Purpose, owner string, b Box) (string, error)

// Find returns a box that is found by its digest and holds nothing yet: what a check works with before anything is sealed.
func (k *Key) Find(p Purpose, text string) Box {
	if text == "" {
		return Box{}
	}
	return Box{Digest: k.Digest(p, text)}
}

// Close seals an owner's text with the newest key, into a box that is found by a digest, or by none; an empty text leaves the box as it is.
// The owner is the id, or the account, whose the text is: nobody else's box opens in its place.
func (k *Key) Close(p Purpose, owner, text string, found Box) Box {
	if text == "" {
		return found
	}
	one := k.newest()
	b := make([]byte, boundHead, boundHead+len(text)+tagSize)
	b[0] = one.suite.form()
	copy(b[1:], one.id[:])
	rand.Read(b[1+idSize : boundHead]) // never fails since Go 1.24
	nonce := b[1+idSize : boundHead]
	return Box{Sealed: one.boxes.Seal(b, nonce, []byte(text), binding(b[:1+idSize], p, owner)), Digest: found.Digest}
}

// binding is what a box is bound to: form and key id, purpose, owner.
func binding(head []byte, p Purpose, owner string) []byte {
	b := make([]byte, 0, len(head)+1+len(p)+len(owner))
	b = append(append(b, head...), byte(len(p)))
	return append(append(b, p...), owner...)
}

// Open returns the text of an owner's box; "" for an empty one, ErrKey when key, purpose or owner is another. The owner of a box that is
// bound to none is not asked.
func (k *Key) Open(p Purpose, owner string, b Box) (string, error) {
	if b.Empty() {
		return "", nil
	}
	if b.Unbound() {
		return k.openUnbound(p, b)
	}
	if len(b.Sealed) < boundHead+tagSize {
		return "", fmt.Errorf("%w: unknown form of a box, or cut short", ErrKey)
	}
	one, err := k.of(b.Sealed[0], b.Sealed[1:1+idSize])
	if err != nil {
		return "", err
	}
	text, err := one.boxes.Open(nil, b.Sealed[1+idSize:boundHead], b.Sealed[boundHead:], binding(b.Sealed[:1+idSize], p, owner))
	if err != nil {
		return "", fmt.Errorf("%w: %s does not open", ErrKey, p)
	}
	return string(text), nil
}

// openUnbound opens a box that does not name its key.
func (k *Key) openUnbound(p Purpose, b Box) (string, error) {
	if len(b.Sealed) < unboundHead+tagSize {
		return "", fmt.Errorf("%w: the box is cut short", ErrKey)
	}
	text, ok := k.openUnnamed(func(one *single) cipher.AEAD { return one.boxes }, b.Sealed, p.unbound())
	if !ok {
		return "", fmt.Errorf("%w: %s does not open", ErrKey, p)
	}
	return string(text), nil
}

// openUnnamed opens what is of form 1 and does not name its key: form, nonce, ciphertext with tag.
func (k *Key) openUnnamed(by func(*single) cipher.AEAD, sealed, bound []byte) (text []byte, ok bool) {
	for _, one := range slices.Backward(k.keys) { // the oldest sealed it
		if one.suite != International {
			continue
		}
		if text, err := by(one).Open(nil, sealed[1:unboundHead], sealed[unboundHead:], bound); err == nil {
			return text, true
		}
	}
	return nil, false
}

// Digest returns the 16 bytes by which an equal text of the same purpose is found: those of the newest key.
func (k *Key) Digest(p Purpose, text string) []byte { return k.newest().find(p, text) }

// Digests are those by which a text may be found: of each key, newest first.
func (k *Key) Digests(p Purpose, text string) (list [][]byte) {
	for _, one := range k.keys {
		list = append(list, one.find(p, text))
	}
	return list
}

// Finds tells whether a digest is a text's, by one of the keys.
func (k *Key) Finds(p Purpose, text string, digest []byte) bool {
	return slices.ContainsFunc(k.keys, func(one *single) bool { return bytes.Equal(one.find(p, text), digest) })
}

func (s *single) find(p Purpose, text string) []byte {
	h := hmac.New(s.suite.newHash(), s.digest)
	h.Write([]byte(p))
	h.Write([]byte{0})
	h.Write([]byte(text))
	return h.Sum(nil)[:DigestSize]
}
