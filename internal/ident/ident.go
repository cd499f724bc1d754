// Package ident checks and masks the numbers that name people, organisations and their bank cards.
package ident

import (
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// What can be wrong with a number. The ledger turns them into sentences for the person who typed it.
var (
	ErrLength = errors.New("wrong length")
	ErrSymbol = errors.New("symbol that is not allowed")
	ErrBirth  = errors.New("birth date does not exist")
	ErrRegion = errors.New("province does not exist")
	ErrCheck  = errors.New("check digit does not match")
)

// Clean writes a number in its one spelling: plain, without what is wrapped around it to keep it text and the blanks and hyphens people
// group digits with, and with letters raised.
func Clean(s string) string {
	return settled(Unwrapped(Plain(s)), func(s string) string { // what stood between hyphens may have been wrapped, too
		return Unwrapped(without(strings.ToUpper(Plain(s)), func(r rune) bool { return unicode.IsSpace(r) || hyphen(r) }))
	})
}

// settled spells a text until it stays: what is left out or raised may bring marks to letters that they make one character with.
func settled(s string, spell func(string) string) string {
	for {
		next := spell(s)
		if next == s {
			return s
		}
		s = next
	}
}

// without leaves characters out.
func without(s string, out func(rune) bool) string {
	if !strings.ContainsFunc(s, out) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if out(r) {
			return -1
		}
		return r
	}, s)
}

// HasNumber tells whether a text has a number in it that may be somebody's, an ID's, a card's, a telephone's: six digits in a row, whatever
// they are grouped with.
func HasNumber(s string) bool {
	return sixDigits.MatchString(without(Plain(s), func(r rune) bool { return unicode.IsSpace(r) || hyphen(r) }))
}

var sixDigits = regexp.MustCompile(`\d{6}`)

// hyphen tells whether a character is one of the hyphens and dashes, or the minus sign.
func hyphen(r rune) bool { return r == '-' || r == '\u2212' || unicode.Is(unicode.Pd, r) }

// Unwrapped takes away what people and programs wrap around a text so that a spreadsheet keeps it text: an apostrophe before it, a formula
// of it (="0123"), quotation marks around it. Blanks around it go, too.
func Unwrapped(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "="); ok && len(rest) > 1 && rest[0] == '"' {
		s = rest
	}
	for _, pair := range [][2]string{{`"`, `"`}, {"“", "”"}, {"'", "'"}, {"‘", "’"}} {
		if rest, ok := strings.CutPrefix(s, pair[0]); ok {
			if inner, ok := strings.CutSuffix(rest, pair[1]); ok && !strings.Contains(inner, pair[0]) && !strings.Contains(inner, pair[1]) {
				return Unwrapped(inner)
			}
		}
	}
	for _, mark := range []string{"'", "‘", "’", "`", "´"} {
		if rest, ok := strings.CutPrefix(s, mark); ok && rest != "" && !strings.Contains(rest, mark) {
			return Unwrapped(rest)
		}
	}
	return s
}

// Narrow narrows full-width characters. Most texts have none, and files bring hundreds of thousands.
func Narrow(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r == '\u3000' || r >= '\uff00' && r <= '\uffef' }) {
		return width.Fold.String(s)
	}
	return s
}

// Name writes a name in its one spelling: plain, with one kind of dot between the parts of a name, and without the blanks that lists put
// into short Chinese names to make them as wide as the others (王 强).
func Name(s string) string { return settled(s, name) }

func name(s string) string {
	s = Plain(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r == '.' || r == '。' || strings.ContainsRune(dots, r) }) {
		s = dotted(s)
	}
	if !strings.ContainsFunc(s, unicode.IsSpace) {
		return s
	}
	words := strings.Fields(s)
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			before, _ := utf8.DecodeLastRuneInString(words[i-1])
			after, _ := utf8.DecodeRuneInString(word)
			if !unicode.Is(unicode.Han, before) && !unicode.Is(unicode.Han, after) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(word)
	}
	return b.String()
}

// dots are the characters that Unicode's table of confusables (UTS 39) has for the middle dot.
const dots = "\u0387\u1427\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\uff65\ua78f\U00010101"

// dotted writes the dot between the parts of a name as the middle dot; a full stop only where it stands between ideographs, as keyboards
// write it.
func dotted(s string) string {
	text := []rune(s)
	at := func(i, by int) rune { // the next that is no blank
		for i += by; i >= 0 && i < len(text); i += by {
			if !unicode.IsSpace(text[i]) {
				return text[i]
			}
		}
		return 0
	}
	for i, r := range text { // only a full stop looks around: as far as the next one, so a long text takes no longer than it is
		if strings.ContainsRune(dots, r) || (r == '.' || r == '。') && unicode.Is(unicode.Han, at(i, -1)) && unicode.Is(unicode.Han, at(i, 1)) {
			text[i] = '·'
		}
	}
	return string(text)
}

// provinces are the first two digits of resident IDs: the provincial codes of GB/T 2260 and those of residence permits.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

// ResidentID checks an 18-character resident identity number (GB 11643-1999): 17 digits with a real birth date, and a
// check character by ISO 7064 MOD 11-2. The number must be clean.
func ResidentID(s string) error {
	if len(s) != 18 {
		return ErrLength
	}
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return ErrSymbol
		}
	}
	if !strings.Contains(provinces, s[:2]+" ") {
		return ErrRegion
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil || s[6:8] < "18" {
		return ErrBirth
	}
	if s != CompleteResidentID(s[:17]) {
		return ErrCheck
	}
	return nil
}

// CompleteResidentID puts the check character behind the first 17 digits of a resident ID.
func CompleteResidentID(front string) string {
	sum := 0
	for i, w := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += w * int(front[i]-'0')
	}
	return front + string("10X98765432"[sum%11])
}

// Born returns the birth date in a valid resident ID, as 19491231.
func Born(id string) string { return id[6:14] }

const creditSymbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode checks an 18-character unified social credit code (GB 32100-2015). The code must be clean.
func CreditCode(s string) error {
	if len(s) != 18 {
		return ErrLength
	}
	for i := range 17 {
		if strings.IndexByte(creditSymbols, s[i]) < 0 {
			return ErrSymbol
		}
	}
	if s != CompleteCreditCode(s[:17]) {
		return ErrCheck
	}
	return nil
}

// CompleteCreditCode puts the check character behind the first 17 of a credit code.
func CompleteCreditCode(front string) string {
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(creditSymbols, front[i]) * weight
		weight = weight * 3 % 31
	}
	return front + string(creditSymbols[(31-sum%31)%31])
}

// BankCard checks a card number of 16 to 19 digits by the Luhn formula (ISO/IEC 7812-1). The number must be clean.
func BankCard(s string) error {
	if len(s) < 16 || len(s) > 19 {
		return ErrLength
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return ErrSymbol
		}
	}
	if s != CompleteBankCard(s[:len(s)-1]) {
		return ErrCheck
	}
	return nil
}

// CompleteBankCard puts the check digit behind the digits of a card number.
func CompleteBankCard(front string) string {
	sum := 0
	for i := range len(front) {
		d := int(front[len(front)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return front + string(rune('0'+(10-sum%10)%10))
}

// Phone checks a mainland mobile number (11 digits from 13 to 19) or a landline with its area code (10 to 12 digits from 0).
// The number must be clean.
func Phone(s string) error {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return ErrSymbol
		}
	}
	mobile := len(s) == 11 && s[0] == '1' && s[1] >= '3'
	landline := len(s) >= 10 && len(s) <= 12 && s[0] == '0'
	if !mobile && !landline {
		return ErrLength
	}
	return nil
}

// MaskAll masks what in a text may be somebody's number: runs of as many digits as those of people and accounts have, and phones. Codes of
// places, which are shorter, stay.
func MaskAll(text string) string {
	return personal.ReplaceAllStringFunc(text, func(run string) string {
		if len(run) > 14 || len(run) == 11 && run[0] == '1' {
			return Mask(run)
		}
		return run
	})
}

var personal = regexp.MustCompile(`[0-9]+[Xx]?`)

// Mask keeps the first and last few characters of a number and hides the rest: enough to recognise, too little to use.
func Mask(s string) string {
	switch n := len(s); {
	case n == 0:
		return ""
	case n < 9:
		return "****"
	case n < 14:
		return s[:3] + "****" + s[n-4:]
	default:
		return s[:4] + " **** " + s[n-4:]
	}
}
