package ident

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain writes a text in its one spelling: without what nobody sees, narrow where it is full-width, and each character by the code that
// Unicode and GB 18030-2022 have for it. Line ends and other blanks stay.
func Plain(s string) string {
	if plain(s) {
		return s
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		if unicode.Is(unicode.Co, r) { // it may stand for a radical
			r = onRecord(formerly, r)
		}
		if r >= firstRadical && r <= lastStroke {
			r = onRecord(radicals, r)
		}
		return r
	}, Narrow(s)))
}

// The codes between which the radicals and strokes of CJK stand.
const firstRadical, lastStroke = 0x2e80, 0x31ef

// OneLine is Plain with what stood on several lines on one, without blanks around it: a cell that was wrapped by hand.
func OneLine(s string) string {
	s = strings.TrimSpace(Plain(s))
	if !strings.ContainsAny(s, lineEnds) {
		return s
	}
	lines := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(lineEnds, r) })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), " ")
}

// lineEnds are the blanks by which a text goes on below, or in the next column.
const lineEnds = "\n\r\t\v\f\u0085\u2028\u2029"

// plain tells whether a text is plain for sure: ASCII, and the common ideographs and punctuation. Files bring hundreds of thousands.
func plain(s string) bool {
	for _, r := range s {
		if r >= 0x80 && (r < 0x4e00 || r > 0x9fa5) && r != '、' && r != '。' && r != '·' {
			return false
		}
	}
	return true
}

// onRecord finds a character in runs of codes; what is not there stays as it is.
func onRecord(runs map[rune]string, r rune) rune {
	for first, run := range runs {
		if at := int(r - first); at >= 0 && at < len(run) {
			for _, to := range run {
				if at == 0 {
					return to
				}
				at--
			}
		}
	}
	return r
}

// unseen tells whether a character shows nothing: format characters, and what Unicode has as default ignorable. Controls are garbage and
// stay, to be refused.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Private tells whether a text has characters of no standard's: a font's own, which no other machine shows.
func Private(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Co, r) })
}
