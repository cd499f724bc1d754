package sheet

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// withPrivate decodes GB 18030 with the two-byte codes that the library leaves out: they get the codes of the private use area that GBK
// gave them, and ident.Plain writes those by the standard of 2022 where it has them. What stays private spoils its cell and not the file.
func withPrivate(b []byte) ([]byte, error) {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	var out bytes.Buffer
	private, all := 0, 0
	for len(b) > 0 {
		n := 1
		if b[0] >= 0x81 && len(b) > 1 {
			if n = 2; b[1] >= '0' && b[1] <= '9' {
				n = min(4, len(b))
			}
		}
		text := b[:n]
		if n > 1 {
			decoder.Reset()
			var err error
			if text, _, err = transform.Bytes(decoder, b[:n]); err != nil {
				return nil, err
			}
		} else if b[0] >= 0x80 {
			return nil, errNoText
		}
		if r, _ := utf8.DecodeRune(text); n > 1 && r == utf8.RuneError {
			if r = gbkPrivate(b[0], b[1]); n != 2 || r == 0 {
				return nil, errNoText
			}
			private++
			text = utf8.AppendRune(nil, r)
		}
		out.Write(text)
		b = b[n:]
		all++
	}
	if private > all/10+maxPrivate { // text has a few
		return nil, errNoText
	}
	return out.Bytes(), nil
}

var errNoText = errors.New("no text in GB 18030")

// maxPrivate is how many private codes even a short text may have.
const maxPrivate = 8

// gbkPrivate is the code of the private use area that GBK has for two bytes; 0 for two that are no code at all.
func gbkPrivate(lead, trail byte) rune {
	if lead < 0x81 || lead == 0xff || trail < 0x40 || trail == 0x7f || trail == 0xff {
		return 0
	}
	l, t := rune(lead), rune(trail)
	column := t - 0x40 // of the rows that leave out 7F
	if t > 0x7f {
		column--
	}
	switch {
	case l == 0xfe && t >= 0x50 && t <= 0xa0:
		return 0xe815 + column - 0x10
	case l == 0xa6 && t >= 0xd9 && t <= 0xdf:
		return 0xe78d + t - 0xd9
	case l == 0xa6 && (t == 0xec || t == 0xed):
		return 0xe794 + t - 0xec
	case l == 0xa6 && t == 0xf3:
		return 0xe796
	case l == 0xa8 && t == 0xbc:
		return 0xe7c7
	case l >= 0xaa && l <= 0xaf && t >= 0xa1:
		return 0xe000 + (l-0xaa)*94 + t - 0xa1
	case l >= 0xf8 && t >= 0xa1:
		return 0xe234 + (l-0xf8)*94 + t - 0xa1
	case l >= 0xa1 && l <= 0xa7 && t <= 0xa0:
		return 0xe4c6 + (l-0xa1)*96 + column
	}
	return 0xf8ff // left free by the standard
}
