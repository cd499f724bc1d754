package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"fmt"
	"slices"
)

// sealedFile begins a file that is sealed. The form of its boxes follows, the key's id unless the form is 1, the nonce, and the ciphertext
// with its tag.
const sealedFile = "sanbian sealed file\x00"

var errClosedFile = fmt.Errorf("%w: the file does not open", ErrKey)

// SealFile seals the content of a file with the newest key. The same content is always sealed the same, so that its seal can be known by a
// digest: the nonce is drawn from the content, with a key of its own, and is never used for another.
func (k *Key) SealFile(content []byte) []byte {
	one := k.newest()
	h := hmac.New(one.suite.newHash(), one.digest)
	h.Write([]byte(sealedFile))
	h.Write(content)
	b := make([]byte, 0, len(sealedFile)+boundHead+len(content)+tagSize)
	b = append(append(append(b, sealedFile...), one.suite.form()), one.id[:]...)
	bound := slices.Clone(b)
	b = append(b, h.Sum(nil)[:nonceSize]...)
	return one.files.Seal(b, b[len(b)-nonceSize:], content, bound)
}

// OpenFile returns the content of a sealed file; ErrKey where it was sealed with a key that is not here, or is damaged.
func (k *Key) OpenFile(sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(sealedFile))
	switch {
	case !ok || len(rest) < unboundHead:
		return nil, fmt.Errorf("%w: no sealed file, or cut short", ErrKey)
	case rest[0] == unboundForm:
		content, ok := k.openUnnamed(func(one *single) cipher.AEAD { return one.files }, rest, []byte(sealedFile))
		if !ok {
			return nil, errClosedFile
		}
		return content, nil
	case len(rest) < boundHead:
		return nil, fmt.Errorf("%w: the file is cut short", ErrKey)
	}
	one, err := k.of(rest[0], rest[1:1+idSize])
	if err != nil {
		return nil, err
	}
	content, err := one.files.Open(nil, rest[1+idSize:boundHead], rest[boundHead:], sealed[:len(sealedFile)+1+idSize])
	if err != nil {
		return nil, errClosedFile
	}
	return content, nil
}
