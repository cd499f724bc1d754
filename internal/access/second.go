package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

// ErrCode says that a one-time code is wrong, or has been used.
var ErrCode = errors.New("one-time code is wrong")

// SecretFor is a secret for one-time codes of an account, with the address that devices read from a picture: the one that was made before,
// or a new one where that is "".
func SecretFor(account, before string) (secret, address string, err error) {
	o := totp.GenerateOpts{Issuer: "Sanbian Ledger", AccountName: account}
	if before != "" {
		if o.Secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(before); err != nil {
			return "", "", err
		}
	}
	key, err := totp.Generate(o)
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// recoveryCodes is how many an account gets.
const recoveryCodes = 8

// SetSecond gives an account a second step, once its device has shown that it knows the secret; it returns the recovery codes, which are
// shown once. ErrCode where the code is not the device's.
func SetSecond(l *journal.Ledger, who journal.Actor, secret, code string) (codes []string, err error) {
	if ok, err := totp.ValidateCustom(plainCode(code), secret, l.Now(), totpOptions); err != nil || !ok {
		return nil, ErrCode
	}
	var hashes [][]byte
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:10])
		codes, hashes = append(codes, text[:5]+"-"+text[5:]), append(hashes, hashOf(text))
	}
	_, err = l.Post(who, journal.Posting{Entries: []journal.Entry{&office.SetSecondFactor{Account: who.Account, Home: who.Home,
		Secret: secret, Codes: hashes}}})
	return codes, err
}

var totpOptions = totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// plainCode is a code as it is compared: people type blanks and lines between.
func plainCode(code string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, code))
}

func hashOf(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

// Second checks the second step of an account whose password was right: by a one-time code or a recovery code, each good once. ErrCode
// where it is wrong, ErrWait after too many wrong ones.
func (d *Door) Second(c journal.Credential, code string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, name := d.ledger.Now(), c.Actor.Account
	g := guess{"s" + name: ofPair}
	if !d.try(g, now) {
		return ErrWait
	}
	row, key := d.rows["s"+name], d.accepted(c, plainCode(code), now)
	if key == "" {
		return errors.Join(d.write(map[string]tries{"s" + name: row}, nil), ErrCode)
	}
	delete(d.rows, "s"+name)
	used := tries{Count: 1, Last: now.Unix()}
	d.rows[key] = used
	return d.write(map[string]tries{key: used}, []string{"s" + name})
}

// accepted is the row that says that a code was used, "" where the code is wrong or was used before.
func (d *Door) accepted(c journal.Credential, code string, now time.Time) string {
	name := c.Actor.Account
	for step := range 3 { // the one that runs, the one before, the one after
		at := now.Add(time.Duration(step-1) * 30 * time.Second)
		exact := totpOptions
		exact.Skew = 0
		if ok, err := totp.ValidateCustom(code, c.Second, at, exact); err == nil && ok {
			key := "t" + name + "\x00" + at.UTC().Truncate(30*time.Second).Format("20060102150405")
			if _, used := d.rows[key]; used {
				return ""
			}
			return key
		}
	}
	hash := hashOf(code)
	for _, known := range c.Recovery {
		if string(known) == string(hash) {
			key := "r" + name + "\x00" + string(hash)
			if _, used := d.rows[key]; used {
				return ""
			}
			return key
		}
	}
	return ""
}
