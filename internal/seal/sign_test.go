package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/sanbian/ledger/internal/seal"
)

// What a key has signed is known to be its own by the public half alone, also when the key has been replaced since; another text, another
// key's public half and a changed signature are not.
func TestSigning(t *testing.T) {
	text := []byte("210727 24416 cd15910ecb4f795f\n")
	for _, suite := range []seal.Suite{seal.International, seal.National} {
		key, err := seal.New(suite)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := seal.New(suite)
		for range 20 { // SM2 signs anew each time
			s, err := key.Sign(text)
			if err != nil {
				t.Fatal(err)
			}
			read, err := seal.ReadSignature(s.Who(), base64.StdEncoding.EncodeToString(s.Bytes))
			if err != nil || read.Signed(text) != nil || !key.Own(read) || other.Own(read) {
				t.Fatalf("%v: %v, %v", suite, err, read.Signed(text))
			}
			if err := read.Signed(append(bytes.Clone(text), ' ')); !errors.Is(err, seal.ErrSignature) {
				t.Errorf("%v: another text: %v", suite, err)
			}
			forged, _ := other.Sign(text)
			forged.Key = s.Key // says that it is the key's
			if key.Own(forged) {
				t.Errorf("%v: another's public half is taken for the key's own", suite)
			}
			changed := s
			changed.Bytes = bytes.Clone(s.Bytes)
			changed.Bytes[len(changed.Bytes)/2] ^= 1
			if changed.Signed(text) == nil {
				t.Errorf("%v: a changed signature", suite)
			}
		}
		next, err := key.Replaced()
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := key.Sign(text); !next.Own(s) {
			t.Errorf("%v: what was signed before the key was changed is nobody's", suite)
		}
		again, err := seal.Read(key.Text())
		if err != nil {
			t.Fatal(err)
		}
		one, _ := key.Sign(text)
		two, _ := again.Sign(text)
		if !bytes.Equal(one.Public, two.Public) {
			t.Errorf("%v: the public half changes with each reading of the key", suite)
		}
	}
	for _, who := range []string{"", "x ed25519 AA==", "84cb97e4 ed25519", "84cb97e4 ed25519 %%%"} {
		if _, err := seal.ReadSignature(who, "AA=="); err == nil {
			t.Errorf("%q is read", who)
		}
	}
	if (seal.Signature{Algorithm: "none"}).Signed(text) == nil {
		t.Error("nothing signs")
	}
}
