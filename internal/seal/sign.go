package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
)

// Signature is what a key says of a text: anybody who knows the key's public half can tell that nobody else said it. Its algorithm is
// Ed25519 (RFC 8032) or, in the national suite, SM2 with SM3 and the usual id (GB/T 32918.2).
type Signature struct {
	Key       ID
	Algorithm string // ed25519 or sm2
	Public    []byte // the public half: 32 bytes, or an uncompressed point
	Bytes     []byte // 64 bytes, or ASN.1
}

// The names of the algorithms.
const (
	byEd25519 = "ed25519"
	bySM2     = "sm2"
)

// signing are the bytes that a key's private half is drawn from.
func (one *single) signing(size int) []byte {
	b, err := hkdf.Key(one.suite.newHash(), one.secret, nil, "sanbian sign", size)
	if err != nil {
		panic(err) // only for lengths that no hash of ours can give
	}
	return b
}

// sm2Key is the key's private half for SM2: a number between 1 and the order less two, drawn evenly but for what nobody can tell.
func (one *single) sm2Key() (*sm2.PrivateKey, error) {
	n := new(big.Int).Sub(sm2.P256().Params().N, big.NewInt(2))
	d := new(big.Int).SetBytes(one.signing(48))
	return sm2.NewPrivateKeyFromInt(d.Add(d.Mod(d, n), big.NewInt(1)))
}

// Sign signs a text with the newest key. The entropy of SM2's signatures comes from the system.
func (k *Key) Sign(text []byte) (s Signature, err error) {
	one := k.newest()
	s.Key = one.id
	if s.Algorithm, s.Public, err = one.public(); err != nil {
		return s, err
	}
	if one.suite != National {
		s.Bytes = ed25519.Sign(ed25519.NewKeyFromSeed(one.signing(ed25519.SeedSize)), text)
		return s, nil
	}
	private, err := one.sm2Key()
	if err == nil {
		s.Bytes, err = private.SignWithSM2(rand.Reader, nil, text)
	}
	return s, err
}

// public is a key's public half.
func (one *single) public() (algorithm string, public []byte, err error) {
	if one.suite != National {
		return byEd25519, ed25519.NewKeyFromSeed(one.signing(ed25519.SeedSize)).Public().(ed25519.PublicKey), nil
	}
	private, err := one.sm2Key()
	if err != nil {
		return "", nil, err
	}
	public = append(make([]byte, 0, 65), 4) // an uncompressed point: its coordinates follow
	public = append(public, private.X.FillBytes(make([]byte, 32))...)
	return bySM2, append(public, private.Y.FillBytes(make([]byte, 32))...), nil
}

// Own tells whether a signature names the public half of one of the ring's keys.
func (k *Key) Own(s Signature) bool {
	for _, one := range k.keys {
		if one.id == s.Key {
			algorithm, public, err := one.public()
			return err == nil && algorithm == s.Algorithm && string(public) == string(s.Public)
		}
	}
	return false
}

// ErrSignature says that a signature is not that of its text.
var ErrSignature = errors.New("the signature is not that of the text")

// Signed tells whether a text is what a signature's public half has signed: nil or ErrSignature.
func (s Signature) Signed(text []byte) error {
	switch s.Algorithm {
	case byEd25519:
		if len(s.Public) == ed25519.PublicKeySize && ed25519.Verify(s.Public, text, s.Bytes) {
			return nil
		}
	case bySM2:
		if public, err := sm2.NewPublicKey(s.Public); err == nil && sm2.VerifyASN1WithSM2(public, nil, text, s.Bytes) {
			return nil
		}
	}
	return ErrSignature
}

// Who writes the key's id, its algorithm and its public half, in base64.
func (s Signature) Who() string {
	return s.Key.String() + " " + s.Algorithm + " " + base64.StdEncoding.EncodeToString(s.Public)
}

// ReadSignature reads what Who wrote, and the signature in base64.
func ReadSignature(who, bytes string) (s Signature, err error) {
	parts := strings.Fields(who)
	if len(parts) != 3 {
		return s, ErrSignature
	}
	var id []byte
	if _, err := fmt.Sscanf(parts[0], "%x", &id); err != nil || len(id) != idSize {
		return s, ErrSignature
	}
	s.Key, s.Algorithm = ID(id), parts[1]
	if s.Public, err = base64.StdEncoding.DecodeString(parts[2]); err != nil {
		return s, ErrSignature
	}
	if s.Bytes, err = base64.StdEncoding.DecodeString(bytes); err != nil {
		return s, ErrSignature
	}
	return s, nil
}
