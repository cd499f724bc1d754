package money

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"
)

var (
	// reckoned is a sum of terms, each a number or several multiplied, with 万, 千 or 百 behind: 3万, 1200+350, 12*400.50-30.
	reckoned = regexp.MustCompile(`^` + factor + `([-+*×xX]` + factor + `)*$`)
	// thousands is a number whose digits are grouped by commas as they should be.
	thousands = regexp.MustCompile(`\b\d{1,3}(,\d{3})+\b`)
	operator  = regexp.MustCompile(`[-+*×xX]`)
)

const factor = `\d{1,13}(\.\d{1,6})?[亿万千百]?`

// scales are the words that stand behind a number, by the power of ten they are.
var scales = map[string]int32{"亿": 8, "万": 4, "千": 3, "百": 2}

// maxReckoned is the longest text that is worked out, in bytes.
const maxReckoned = 200

// Reckon reads an amount as people type it at a desk: what ParseYuan reads, and besides 3万, 1200+350, 12*400. It must come out in whole
// 分; its errors are ParseYuan's.
func Reckon(text string) (Yuan, error) {
	plain := strings.NewReplacer(" ", "", "元", "", "¥", "").Replace(width.Fold.String(strings.TrimSpace(text)))
	plain = thousands.ReplaceAllStringFunc(plain, func(n string) string { return strings.ReplaceAll(n, ",", "") })
	if len(plain) > maxReckoned || !reckoned.MatchString(plain) {
		return ParseYuan(text)
	}
	sum, term, sign := decimal.Zero, decimal.NewFromInt(1), int64(1)
	at := 0
	for _, next := range append(operator.FindAllStringIndex(plain, -1), []int{len(plain), len(plain)}) {
		number, by := plain[at:next[0]], int32(0)
		for word, power := range scales {
			if bare, ok := strings.CutSuffix(number, word); ok {
				number, by = bare, power
			}
		}
		term = term.Mul(decimal.RequireFromString(number).Shift(by))
		if at = next[1]; next[0] == len(plain) || strings.ContainsAny(plain[next[0]:next[1]], "+-") {
			sum = sum.Add(term.Mul(decimal.NewFromInt(sign)))
			if term, sign = decimal.NewFromInt(1), 1; next[0] < len(plain) && plain[next[0]] == '-' {
				sign = -1
			}
		}
	}
	return ParseYuan(sum.String())
}
