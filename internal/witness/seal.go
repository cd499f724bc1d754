// Package witness signs where the journal ends, day by day, so that anybody can hold a later copy of the books against it: history that has
// been written anew since ends otherwise, and nobody without the key can sign that.
package witness

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Seal says where the chains of books ended at a moment. Its text is
//
//	sanbian-seal 1
//	made 2026-03-01T09:30:00Z
//	digest SHA-256 of all that follows the empty line
//	key ID ALGORITHM PUBLIC
//	signature SIGNATURE
//
//	210727 24416 HASH
//
// with a line for each chain. What is signed are the first four lines, each with its line feed. Without a signature, as verify prints them,
// the lines of chains alone are a seal, too, which is worth as much as where it was kept.
type Seal struct {
	Made      time.Time
	Chains    []journal.ChainEnd
	Signature seal.Signature // none: Algorithm is ""
}

// first begins the text of a seal.
const first = "sanbian-seal 1"

// Make makes the seal of the books of a snapshot.
func Make(r store.Reader, key *seal.Key, now time.Time) (s Seal, err error) {
	s.Made, s.Chains = now.UTC().Truncate(time.Second), journal.Ends(r)
	unsigned, err := key.Sign(nil) // whose name stands in what is signed
	if err != nil {
		return s, err
	}
	s.Signature = unsigned
	s.Signature, err = key.Sign([]byte(s.signed()))
	return s, err
}

// lines are those of the chains.
func (s Seal) lines() string {
	var b strings.Builder
	for _, c := range s.Chains {
		fmt.Fprintf(&b, "%s %d %s\n", c.Chain, c.Seq, c.Hash)
	}
	return b.String()
}

// signed is what is signed.
func (s Seal) signed() string {
	return fmt.Sprintf("%s\nmade %s\ndigest %x\nkey %s\n", first, s.Made.Format(time.RFC3339), sha256.Sum256([]byte(s.lines())),
		s.Signature.Who())
}

// Head is the seal without its chains: it is signed as it stands, and holds all of them by their digest.
func (s Seal) Head() string {
	return s.signed() + "signature " + base64.StdEncoding.EncodeToString(s.Signature.Bytes) + "\n"
}

// Text is the seal as it is kept, printed and published.
func (s Seal) Text() string { return s.Head() + "\n" + s.lines() }

// ErrSeal says that a text is no seal.
var ErrSeal = errors.New("this is no seal")

// end is a line of a chain.
var end = regexp.MustCompile(`^(\d{6}) ([1-9]\d{0,18}) ([0-9a-f]{64})$`)

// Read reads the text of a seal; or of chain ends that somebody has noted, among whatever else verify printed. ErrSeal is returned of a
// text that is neither, seal.ErrSignature of a seal that its signature is not of.
func Read(text string) (s Seal, err error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	head := map[string]string{}
	isSigned := strings.HasPrefix(text, first+"\n")
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		if e := end.FindStringSubmatch(lines.Text()); e != nil {
			seq, err := strconv.ParseUint(e[2], 10, 64)
			if err != nil {
				return s, ErrSeal
			}
			s.Chains = append(s.Chains, journal.ChainEnd{Chain: e[1], Seq: seq, Hash: e[3]})
			continue
		}
		name, value, _ := strings.Cut(lines.Text(), " ")
		head[name] = value
	}
	if err := lines.Err(); err != nil || len(s.Chains) == 0 {
		return s, ErrSeal
	}
	if !isSigned {
		return s, nil
	}
	if s.Made, err = time.Parse(time.RFC3339, head["made"]); err != nil {
		return s, ErrSeal
	}
	if s.Signature, err = seal.ReadSignature(head["key"], head["signature"]); err != nil {
		return s, err
	}
	if s.Text() != text { // nothing is added, left out or put elsewhere
		return s, seal.ErrSignature
	}
	return s, s.Signature.Signed([]byte(s.signed()))
}

// IsSigned tells whether anybody has signed it.
func (s Seal) IsSigned() bool { return s.Signature.Algorithm != "" }

// PublicText is the public half of the key that signed, in base64: what is printed, and later compared.
func (s Seal) PublicText() string { return base64.StdEncoding.EncodeToString(s.Signature.Public) }

// Compare looks whether books have what a seal says: each record that was the last of its chain then, and no chain is gone. What is not
// so is returned as a *journal.Finding. A seal of the ledger that a county came from is compared with that county's chain only; "" is all.
func (s Seal) Compare(r store.Reader, only string) error {
	for _, e := range s.Chains {
		if only != "" && e.Chain != only {
			continue
		}
		hash, err := journal.HashAt(r, e.Chain, e.Seq)
		switch {
		case err != nil:
			return err
		case hash == "":
			return &journal.Finding{Chain: e.Chain, Seq: e.Seq, Reason: "was there when the seal was made, and is not now"}
		case hash != e.Hash:
			return &journal.Finding{Chain: e.Chain, Seq: e.Seq, Reason: "is not the one that the seal tells: what stands there was written anew"}
		}
	}
	return nil
}
