package ident

import (
	"math/big"
	"strconv"
	"strings"
)

// chineseDigits are the numbers of parts as people write them.
const chineseDigits = "一二三四五六七八九十"

// Part reads a part of a whole: 1/3, 三分之一, 25%, 0.25, 1 or 全部.
func Part(text string) (*big.Rat, bool) {
	text = strings.NewReplacer(" ", "", "⁄", "/", "两", "二").Replace(Narrow(strings.TrimSpace(text)))
	if text == "全部" {
		text = "1"
	}
	if below, above, ok := strings.Cut(text, "分之"); ok {
		number := func(s string) string {
			if i := strings.Index(chineseDigits, s); s != "" && i >= 0 && i%3 == 0 && len(s) == 3 {
				return strconv.Itoa(i/3 + 1)
			}
			return s
		}
		text = number(above) + "/" + number(below)
	}
	percent := strings.HasSuffix(text, "%")
	text = strings.TrimSuffix(text, "%")
	const longest = 20
	if len(text) > longest || strings.Trim(text, "0123456789./") != "" || strings.Contains(text, "/") && strings.Contains(text, ".") {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, false
	}
	if percent {
		r.Quo(r, big.NewRat(100, 1))
	}
	return r, r.Sign() > 0 && r.Cmp(big.NewRat(1, 1)) <= 0
}
