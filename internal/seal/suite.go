package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite names the algorithms that books are sealed and chained with: chosen when they are begun, noted in their key and in the first record
// of each chain.
type Suite byte

// The suites. They are part of key files and of boxes, and never change.
const (
	International Suite = 1 // AES-256-GCM, HMAC-SHA-256, SHA-256
	National      Suite = 2 // SM4-GCM (GB/T 32907), HMAC-SM3, SM3 (GB/T 32905)
)

// suiteNames are how commands and records name the suites.
var suiteNames = map[Suite]string{International: "international", National: "national"}

// String is the name of the suite in commands.
func (s Suite) String() string { return suiteNames[s] }

// SuiteNamed is the suite that a command names; "" is the international one.
func SuiteNamed(name string) (Suite, error) {
	if name == "" {
		return International, nil
	}
	for s, is := range suiteNames {
		if is == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("%w: no suite is called %q", ErrKey, name)
}

// form is that of the suite's boxes.
func (s Suite) form() byte {
	if s == National {
		return boundNationally
	}
	return boundForm
}

// newHash makes the suite's hash.
func (s Suite) newHash() func() hash.Hash {
	if s == National {
		return sm3.New
	}
	return sha256.New
}

// aead makes the suite's sealer from a key's 32 bytes, of which SM4 takes 16.
func (s Suite) aead(key []byte) (cipher.AEAD, error) {
	var block cipher.Block
	var err error
	if s == National {
		block, err = sm4.NewCipher(key[:16])
	} else {
		block, err = aes.NewCipher(key)
	}
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// HashSize is how many bytes either suite's hash has.
const HashSize = 32

// Hash is the suite's hash of content.
func (s Suite) Hash(content []byte) [HashSize]byte {
	if s == National {
		return sm3.Sum(content)
	}
	return sha256.Sum256(content)
}

// sm3Name is what the first record of a chain says of its hash; nothing of SHA-256, as records from before there were two.
const sm3Name = "sm3"

// HashName is what is noted of the suite's hash: "" for SHA-256.
func (s Suite) HashName() string {
	if s == National {
		return sm3Name
	}
	return ""
}

// HashLabel is how pages call the suite's hash.
func (s Suite) HashLabel() string {
	if s == National {
		return "SM3"
	}
	return "SHA-256"
}

// Hashed is the suite whose hash a record names; ErrKey for one that this program does not know.
func Hashed(name string) (Suite, error) {
	switch name {
	case "":
		return International, nil
	case sm3Name:
		return National, nil
	}
	return 0, fmt.Errorf("%w: unknown hash %q", ErrKey, name)
}
