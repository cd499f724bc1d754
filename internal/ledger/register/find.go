package register

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// ResolveHolder finds the one shareholder of a village that a person means: by id, certificate number, whole ID number or full name.
// NotFound is returned for nobody, Conflict for a name that several have.
func ResolveHolder(v *journal.View, village region.Code, who string) (string, error) {
	books, err := v.At(village)
	if err != nil {
		return "", err
	}
	who = ident.Name(who)
	if number := ident.Clean(who); ident.PersonID("", number) == nil || ident.CreditCode(number) == nil {
		if id, ok := numbered(books, village, v.Digests(seal.ResidentID, number)); ok {
			return id, nil
		}
		return "", journal.Missing("holder", ident.Mask(number), "本村没有登记身份证号为 %s 的股东", ident.Mask(number))
	}
	var found []string
	for _, s := range shareholders.Scan(books, string(village)) {
		switch {
		// also by the number of a certificate that was lost
		case who == s.ID || s.hasCertificate(who):
			return s.ID, nil
		case s.Called(who):
			found = append(found, s.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", journal.Missing("holder", who, "本村没有“%s”这个股东;请写股权证号、身份证号或全名", who)
	case 1:
		return found[0], nil
	}
	return "", journal.Clash("holder", who, "本村有 %s 个“%s”;请写股权证号或身份证号", strconv.Itoa(len(found)), who)
}

// Called tells whether a name is the shareholder's, however either is written.
func (s Shareholder) Called(name string) bool { return ident.Name(s.Name) == ident.Name(name) }

// FindShareholders lists the shareholders of a region whose name, or a member's, contains a text or begins with its pinyin initials (zsf
// finds 张三丰), whose id or certificate number contains it, or whose ID number, or a member's, is it or ends with it; up to limit, from after
// on. An empty text finds all.
func FindShareholders(v *journal.View, place region.Code, text, after string, limit int) (list []Shareholder, next string, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, "", err
	}
	text = ident.Name(Sought(v, text))
	number := soughtNumber(text)
	has := func(b seal.Box) bool { return len(b.Digest) > 0 && slices.Contains(number, string(b.Digest)) }
	tail := strings.ToUpper(text)
	digits := len(tail) >= minTail && strings.Trim(tail[:len(tail)-1], "0123456789") == "" && strings.Trim(tail, "0123456789X") == ""
	// told tells whether the reader may know whose number a box is: nobody finds a child by asking for what is not shown.
	told := func(s Shareholder, b seal.Box) bool { return v.Who().NeedsChildren() || !isChild(v, s.ID, b) }
	list, next, err = store.Page(books, shareholders.Table, place.Prefix(), after, limit, func(s Shareholder) bool {
		switch {
		case text == "" || strings.Contains(ident.Name(s.Name), text) && told(s, s.IDNo) ||
			strings.Contains(s.ID, text) || strings.Contains(s.Certificate(), text):
			return true
		case number != nil:
			return s.Locked == 0 && (has(s.IDNo) || slices.ContainsFunc(s.Members, func(m Member) bool { return has(m.Box) && told(s, m.Box) }))
		case digits:
			return s.Locked == 0 && (strings.HasSuffix(open(v, s).ID, tail) || slices.ContainsFunc(s.Members, func(m Member) bool {
				id, err := v.Open(seal.ResidentID, s.ID, m.Box)
				return err == nil && strings.HasSuffix(id, tail) && told(s, m.Box)
			}))
		}
		return initials(s.Name, text) && told(s, s.IDNo) || s.memberNamed(text) != "" && discreet(v, s).memberNamed(text) != ""
	})
	for i := range list {
		list[i] = discreet(v, list[i])
	}
	return list, next, err
}

// numbered finds the shareholder of a village who is known by one of several digests.
func numbered(r store.Reader, village region.Code, digests [][]byte) (id string, ok bool) {
	for _, digest := range digests {
		if id, ok = byNumber.Find(r, string(village), digest); ok {
			break
		}
	}
	return id, ok
}

// Sought is what stands in an address for a text that somebody looks for: a number that may be a person's as its keyed digests, any other
// text as it is. FindShareholders takes both.
func Sought(v *journal.View, text string) string {
	if clean := ident.Clean(ident.Name(text)); len(clean) >= leastNumber && strings.Trim(clean[:len(clean)-1], "0123456789") == "" {
		return soughtSign + hex.EncodeToString(slices.Concat(v.Digests(seal.ResidentID, clean)...))
	}
	return text
}

// soughtSign stands before a digest in the place of a number; leastNumber is the least digits of a number that may be a person's.
const (
	soughtSign  = "#"
	leastNumber = 15
)

// soughtNumber are the digests that a text stands for, nil where it stands for none.
func soughtNumber(text string) (digests []string) {
	digest, ok := strings.CutPrefix(text, soughtSign)
	b, err := hex.DecodeString(digest)
	if !ok || err != nil {
		return nil
	}
	for one := range slices.Chunk(b, seal.DigestSize) {
		digests = append(digests, string(one))
	}
	return digests
}

// SoughtByNumber tells whether somebody looks for a number.
func SoughtByNumber(text string) bool { return soughtNumber(text) != nil }

// minTail is the fewest last digits of an ID number that find its owner.
const minTail = 4

var letters = pinyin.Args{Style: pinyin.FirstLetter, Heteronym: true}

// initials tells whether a name begins with characters that are read with these first letters, in any of their readings.
func initials(name, typed string) bool {
	typed = strings.ToLower(typed)
	runes := []rune(name)
	if typed == "" || len(typed) > len(runes) || strings.Trim(typed, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	for i := range len(typed) {
		if !slices.Contains(pinyin.SinglePinyin(runes[i], letters), typed[i:i+1]) {
			return false
		}
	}
	return true
}
