package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// sealedFile begins a file that is sealed; the suite's byte, the nonce and the ciphertext with its tag follow.
const sealedFile = "sanbian sealed file\x00"

// SealFile seals the content of a file. The same content is always sealed the same, so that its seal can be known by a digest: the nonce is
// drawn from the content, with a key of its own, and is never used for another.
func (k *Key) SealFile(content []byte) []byte {
	h := hmac.New(sha256.New, k.digest)
	h.Write([]byte(sealedFile))
	h.Write(content)
	b := make([]byte, 0, len(sealedFile)+1+12+len(content)+16)
	b = append(b, sealedFile...)
	b = append(b, byte(AES256GCM))
	b = append(b, h.Sum(nil)[:12]...)
	return k.files.Seal(b, b[len(b)-12:], content, []byte(sealedFile))
}

// OpenFile returns the content of a sealed file; ErrKey where it was sealed with another key, or is damaged.
func (k *Key) OpenFile(sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(sealedFile))
	if !ok || len(rest) < 1+12 || Suite(rest[0]) != AES256GCM {
		return nil, fmt.Errorf("%w: no sealed file, or cut short", ErrKey)
	}
	content, err := k.files.Open(nil, rest[1:13], rest[13:], []byte(sealedFile))
	if err != nil {
		return nil, fmt.Errorf("%w: the file does not open", ErrKey)
	}
	return content, nil
}
