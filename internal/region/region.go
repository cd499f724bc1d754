// Package region knows the division codes of the National Bureau of Statistics: which place a code names and which places lie in it.
package region

import (
	"fmt"
	"strings"
)

// Code is a canonical 12-digit division code: province 2, city 2, county 2, township 3, village 3 digits.
// A larger region has zeros in the places of the smaller ones. The zero value names nothing.
type Code string

// Country contains every other region.
const Country Code = "000000000000"

// Level says how far down the map a code reaches.
type Level int

// The levels of the map, from the country down to the village.
const (
	CountryLevel Level = iota
	Province
	City
	County
	Township
	Village
)

// digits[l] is the number of significant digits of a code of level l.
var digits = [...]int{0, 2, 4, 6, 9, 12}

// Parse reads a code of 2, 4, 6, 9 or 12 digits; shorter ones are padded with zeros.
func Parse(s string) (Code, error) {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", fmt.Errorf("division code %q: only digits are allowed", s)
		}
	}
	switch len(s) {
	case 2, 4, 6, 9, 12:
	default:
		return "", fmt.Errorf("division code %q: has %d digits, must have 2, 4, 6, 9 or 12", s, len(s))
	}
	c := Code(s + "000000000000"[len(s):])
	// A gap (a village without a township) names no place, but 000 is a real township position
	// only together with a zero village.
	for l := Province; l < Village; l++ {
		if strings.Trim(string(c[digits[l-1]:digits[l]]), "0") == "" && strings.Trim(string(c[digits[l]:]), "0") != "" {
			return "", fmt.Errorf("division code %q: level %d is empty although a lower level is named", s, l)
		}
	}
	return c, nil
}

// MustParse is Parse for codes written in the program itself.
func MustParse(s string) Code {
	c, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

// Level tells which level of the map the code names.
func (c Code) Level() Level {
	for l := Village; l > CountryLevel; l-- {
		if strings.Trim(string(c[digits[l-1]:digits[l]]), "0") != "" {
			return l
		}
	}
	return CountryLevel
}

// Prefix returns the significant digits: every key of a place inside c begins with them.
func (c Code) Prefix() string { return string(c[:digits[c.Level()]]) }

// Contains tells whether d is c or lies inside it.
func (c Code) Contains(d Code) bool {
	return len(c) == 12 && len(d) == 12 && strings.HasPrefix(string(d), c.Prefix())
}

// Parent returns the next larger region; the country is its own parent.
func (c Code) Parent() Code {
	l := c.Level()
	if l == CountryLevel {
		return c
	}
	return c.Cut(l - 1)
}

// Cut returns the region of the level l that c lies in, or c itself when it is no smaller than that.
func (c Code) Cut(l Level) Code {
	if c.Level() <= l {
		return c
	}
	return Code(string(c[:digits[l]]) + string(Country[digits[l]:]))
}

// Local is what a code has behind that of its county: the digits of township and village.
func (c Code) Local() string { return string(c[digits[County]:]) }

// Chain names the journal that records what happens in c: its county's, or that of the larger region itself. Six digits.
func (c Code) Chain() string { return string(c[:6]) }

// HasCollective tells whether a village-level code names a village with a collective of its own (村民委员会, 200–399, and
// units like it, 500–599), not an urban community (001–199, 400–499).
func (c Code) HasCollective() bool {
	k := c[9]
	return c.Level() == Village && (k == '2' || k == '3' || k == '5')
}

// UnmarshalText reads what Parse reads.
func (c *Code) UnmarshalText(b []byte) (err error) { *c, err = Parse(string(b)); return err }
