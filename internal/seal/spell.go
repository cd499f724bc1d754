package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// A key on paper is groups of six digits: anybody can read them out and type them, on whatever keyboard. Each group is sixteen bits in
// five digits and a check digit (ISO 7064, MOD 11,10) that counts the group's place, too; the last group is a sum of all. One key is its
// suite, its 32 bytes and a zero.
const (
	groupDigits = 6
	spelled     = 1 + secretSize + 1   // bytes
	groups      = spelled/2 + 1        // of one key
	keyDigits   = groups * groupDigits // of one key
	groupsALine = 6
)

// Spell writes the keys of a ring for paper, newest first: a line of groups each.
func (k *Key) Spell() (lines []string) {
	for _, one := range k.keys {
		b := append([]byte{byte(one.suite)}, one.secret...)
		b = append(b, 0)
		sum := sha256.Sum256(b)
		b = append(b, sum[:2]...)
		var line strings.Builder
		for i := range groups {
			digits := fmt.Sprintf("%05d", binary.BigEndian.Uint16(b[2*i:]))
			if fmt.Fprintf(&line, "%s%c", digits, checkDigit(i, digits)); (i+1)%groupsALine == 0 {
				lines = append(lines, line.String())
				line.Reset()
				continue
			}
			line.WriteByte(' ')
		}
	}
	return lines
}

// checkDigit is that of a group at a place.
func checkDigit(place int, digits string) byte {
	p := 10
	for _, c := range fmt.Sprintf("%02d%s", place, digits) {
		if p = (p + int(c-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return byte('0' + (11-p)%10)
}

// SpellError says which group of a key on paper is not right.
type SpellError struct {
	Key, Group int // from 1
	Text       string
}

func (e *SpellError) Error() string {
	return fmt.Sprintf("key %d, group %d: %q", e.Key, e.Group, e.Text)
}

// ReadSpelled reads what Spell wrote; *SpellError where a group is not right, ErrKey where groups are missing or too many.
func ReadSpelled(text string) (*Key, error) {
	var digits strings.Builder
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case c >= '\uff10' && c <= '\uff19': // full width, as an input method may type them
			digits.WriteRune(c - '\uff10' + '0')
		case strings.ContainsRune(" \t\r\n-,\u3000\uff0c", c):
		default:
			return nil, fmt.Errorf("%w: %q is no digit", ErrKey, c)
		}
	}
	all := digits.String()
	var file strings.Builder
	for n := 0; n*keyDigits < len(all); n++ {
		own := all[n*keyDigits : min(len(all), (n+1)*keyDigits)]
		var b []byte
		for i := 0; i*groupDigits < len(own); i++ {
			group := own[i*groupDigits : min(len(own), (i+1)*groupDigits)]
			var value int
			if _, err := fmt.Sscanf(group, "%5d", &value); err != nil || len(group) != groupDigits || value > 0xFFFF ||
				checkDigit(i, group[:groupDigits-1]) != group[groupDigits-1] {
				return nil, &SpellError{n + 1, i + 1, group}
			}
			b = binary.BigEndian.AppendUint16(b, uint16(value))
		}
		if len(own) != keyDigits {
			return nil, fmt.Errorf("%w: %d groups of %d", ErrKey, len(own)/groupDigits, groups)
		}
		sum := sha256.Sum256(b[:spelled])
		if string(sum[:2]) != string(b[spelled:]) || b[spelled-1] != 0 {
			return nil, &SpellError{n + 1, groups, own[len(own)-groupDigits:]}
		}
		fmt.Fprintf(&file, "%s%d %x\n", header, b[0], b[1:1+secretSize])
	}
	return Read(file.String())
}
