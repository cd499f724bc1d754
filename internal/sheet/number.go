package sheet

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// exact reads a plain decimal number.
func exact(s string) (decimal.Decimal, bool) {
	if s == "" || len(s) > 64 || strings.Trim(s, "0123456789.-+") != "" {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil
}

// plainDigits tells whether a cell is a number as programs take it, with nothing to think about.
func plainDigits(s string) bool {
	dot := false
	for i := range len(s) {
		switch {
		case s[i] == '.' && !dot && i > 0 && i+1 < len(s):
			dot = true
		case s[i] < '0' || s[i] > '9':
			return false
		}
	}
	return s != "" && len(s) < 20 && (s[0] != '0' || len(s) == 1 || s[1] == '.')
}

var (
	grouped = regexp.MustCompile(`^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$`)
	byMyria = regexp.MustCompile(`^[-+]?\d{1,4}(,\d{4})+(\.\d*)?$`)
	// Programs write 1.5E7, 1.5e+07 or 1.5E-4. A spreadsheet's 1.23E+07 is what fitted into the cell: the rest of the digits is gone.
	scientific = regexp.MustCompile(`^[-+]?\d+(\.\d+)?[eE][-+]?\d{1,2}$`)
	shortened  = regexp.MustCompile(`^[-+]?\d(\.\d{0,5})?E[-+]\d\d$`)
	spaced     = regexp.MustCompile(`^[-+]? ?\d{1,3}( \d{3})+(\.\d*)?$`)
	cutGroup   = regexp.MustCompile(`^0\d\d(\.\d+)?$`)
)

// nothingWords are how people write that there is none.
const nothingWords = " - -- --- — —— / \\ 无 暂无 没有 空 "

// signed takes away what people write around what is below zero, and tells whether something was there.
func signed(cell string) (bare string, below bool) {
	bare = cell
	for _, sign := range strings.Fields("负 红字 △ ▲ -红字") {
		if rest, ok := strings.CutPrefix(bare, sign); ok && rest != "" {
			bare, below = strings.TrimSpace(rest), true
			break
		}
	}
	for _, pair := range []string{"[]", "()"} {
		if inner, ok := strings.CutPrefix(bare, pair[:1]); ok && strings.HasSuffix(inner, pair[1:]) {
			bare, below = strings.TrimSpace(strings.TrimSuffix(inner, pair[1:])), true
		}
	}
	return bare, below
}

// numberIn reads a cell of numbers as people and programs write them: with a currency sign, groups of digits, in brackets or with a sign
// behind for what is below zero, with its unit behind. It gives the number as a plain decimal, in the unit that is written beside it.
func numberIn(cell string) (text string, u unit, fault *Error) {
	if plainDigits(cell) {
		return cell, u, nil
	}
	if strings.Contains(nothingWords, " "+cell+" ") {
		return "", u, nil
	}
	bare, below := signed(strings.TrimSpace(cell))
	bare = strings.TrimSpace(strings.TrimLeft(bare, "¥$ "))
	lower := strings.ToLower(bare)
	for _, sign := range strings.Fields("人民币 rmb cny ¥") {
		if strings.HasPrefix(lower, sign) {
			bare = strings.TrimSpace(bare[len(sign):])
			break
		}
	}
	if strings.HasPrefix(strings.TrimSpace(cell), "$") {
		return "", u, &Error{Text: "“%s”是外币;请换算成人民币元", Args: []any{cell}}
	}
	digits := bare
	if i := strings.LastIndexAny(bare, "0123456789."); i >= 0 && i+1 < len(bare) {
		tail := strings.TrimSpace(bare[i+1:])
		switch found, ok := readUnit(tail); {
		case tail == "-":
			digits, below = bare[:i+1], !below
		case ok:
			digits, u = strings.TrimSpace(bare[:i+1]), found
		}
	}
	minus := strings.HasPrefix(digits, "−") || strings.HasPrefix(digits, "－") || strings.HasPrefix(digits, "–")
	if minus {
		digits = "-" + strings.TrimLeft(digits, "−－–")
	}
	if strings.HasPrefix(digits, "-¥") {
		digits = "-" + strings.TrimPrefix(digits, "-¥")
	}
	if strings.Contains(digits, " ") {
		if !spaced.MatchString(digits) {
			return cell, unit{}, nil
		}
		digits = strings.ReplaceAll(digits, " ", "")
	}
	switch {
	case shortened.MatchString(digits):
		return "", u, &Error{Text: "“%s”是电子表格缩短了显示的数,后面的位数已经丢了;请把这一列的格式改为数值再另存", Args: []any{cell}}
	case scientific.MatchString(digits):
		digits = plainNumber(digits)
	case strings.Contains(digits, ","):
		if !grouped.MatchString(digits) && !byMyria.MatchString(digits) {
			return "", u, &Error{Text: "“%s”里逗号的位置不对;请写成 36000.56 这样的数", Args: []any{cell}}
		}
		digits = strings.ReplaceAll(digits, ",", "")
	case cutGroup.MatchString(digits):
		return "", u, &Error{Text: "“%s”像是一个数被逗号切开后的后半截;请去掉千分位的逗号,或给这个数加引号", Args: []any{cell}}
	}
	if strings.HasPrefix(digits, ".") {
		digits = "0" + digits
	}
	digits = strings.TrimSuffix(digits, ".")
	d, ok := exact(digits)
	if !ok {
		return cell, unit{}, nil // no number: whoever uses it says so
	}
	if below {
		d = d.Abs().Neg()
		digits = d.String()
	}
	return strings.TrimPrefix(digits, "+"), u, nil
}
