// Package money counts exactly: yuan to the 分, shares to the ten-thousandth, and pools apportioned so that the parts add up.
package money

import (
	"errors"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// What can be wrong with an amount, a quantity or a rate that somebody typed.
var (
	ErrEmpty     = errors.New("empty")
	ErrNotNumber = errors.New("not a plain decimal number")
	ErrPlaces    = errors.New("too many decimal places")
	ErrTooLarge  = errors.New("too large")
	ErrOverflow  = errors.New("sum is too large to count")
)

// Yuan is an amount of money in whole 分 (1/100 yuan). It is an integer, so sums are exact in any order; what could leave
// the 分 (a rate, a percentage) is worked out on decimals and rounded once.
type Yuan int64

// MaxYuan is the largest amount that one entry may name or a rate may come to: 9,999,999,999.99 yuan. Nine million of them still add up
// in 64 bits.
const MaxYuan Yuan = 999_999_999_999

// ParseYuan reads an amount in yuan such as "36000", "-1,284.60", "￥12.5" or "100元". Exponents, three decimals and amounts above
// MaxYuan are refused.
func ParseYuan(s string) (Yuan, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s), "¥"), "￥"), "元")
	n, err := parseScaled(s, 2, int64(MaxYuan))
	return Yuan(n), err
}

// FromDecimal rounds an amount in yuan half away from zero to the 分.
func FromDecimal(d decimal.Decimal) Yuan { return Yuan(d.Shift(2).Round(0).IntPart()) }

// Quotient rounds a ÷ b yuan half away from zero to the 分: once, whatever the digits of the quotient. b is positive.
func Quotient(a decimal.Decimal, b int64) Yuan {
	by := decimal.NewFromInt(b)
	cut, rest := a.QuoRem(by, 2) // rest is what is left of a after the whole 分
	sum := FromDecimal(cut)
	if rest.Abs().Shift(2).Mul(decimal.NewFromInt(2)).GreaterThanOrEqual(by) {
		return sum + Yuan(a.Sign())
	}
	return sum
}

// Decimal returns the amount in yuan.
func (y Yuan) Decimal() decimal.Decimal { return decimal.New(int64(y), -2) }

// String prints the amount in yuan with two decimals and no grouping: "-1284.60".
func (y Yuan) String() string { return string(appendScaled(nil, int64(y), 2, false, true)) }

// Grouped prints the amount for people: "-1,284.60".
func (y Yuan) Grouped() string { return string(appendScaled(nil, int64(y), 2, true, true)) }

// Wan prints the amount in 万元 (10,000 yuan), rounded to two decimals, for headlines whose exact amount is a click away.
func (y Yuan) Wan() string { return string(appendScaled(nil, y.Hundreds(), 2, true, true)) }

// Hundreds is the amount in hundreds of yuan, which are hundredths of 万元, rounded half away from zero.
func (y Yuan) Hundreds() int64 { return y.Decimal().Shift(-2).Round(0).IntPart() }

// Percent returns p per cent of the amount, rounded half away from zero to the 分.
func (y Yuan) Percent(p Rate) Yuan { return FromDecimal(y.Decimal().Mul(p.Decimal()).Shift(-2)) }

// MarshalText writes the amount as String does: JSON and forms carry amounts as text, never as a binary number.
func (y Yuan) MarshalText() ([]byte, error) { return []byte(y.String()), nil }

// UnmarshalText reads what ParseYuan reads.
func (y *Yuan) UnmarshalText(b []byte) (err error) { *y, err = ParseYuan(string(b)); return err }

// Quantity counts shares, 亩 or contributed yuan of a share class, in ten-thousandths of one unit.
type Quantity int64

// MaxQuantity is the most that one entry may name: 999,999,999.9999 units. 900,000 of them still add up in 64 bits.
const MaxQuantity Quantity = 9_999_999_999_999

// ParseQuantity reads a quantity with up to four decimals, such as "1.5" or "1,180.35".
func ParseQuantity(s string) (Quantity, error) {
	n, err := parseScaled(strings.TrimSpace(s), 4, int64(MaxQuantity))
	return Quantity(n), err
}

// Decimal returns the quantity in units.
func (q Quantity) Decimal() decimal.Decimal { return decimal.New(int64(q), -4) }

// String prints the quantity without grouping or needless zeros: "1180.35".
func (q Quantity) String() string { return string(appendScaled(nil, int64(q), 4, false, false)) }

// Grouped prints the quantity for people: "1,180.35".
func (q Quantity) Grouped() string { return string(appendScaled(nil, int64(q), 4, true, false)) }

// MarshalText writes the quantity as String does.
func (q Quantity) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads what ParseQuantity reads.
func (q *Quantity) UnmarshalText(b []byte) (err error) {
	*q, err = ParseQuantity(string(b))
	return err
}

// Rate is a price, a dividend in yuan per unit, or a percentage, in millionths.
type Rate int64

// ParseRate reads a rate with up to six decimals, at most 99,999,999.
func ParseRate(s string) (Rate, error) {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s), "¥"), "￥")
	n, err := parseScaled(s, 6, 99_999_999_000_000)
	return Rate(n), err
}

// Decimal returns the rate itself.
func (r Rate) Decimal() decimal.Decimal { return decimal.New(int64(r), -6) }

// Times returns rate × quantity in yuan: rounded half away from zero to the 分, and exact. ErrTooLarge is returned for more than MaxYuan.
func (r Rate) Times(q Quantity) (Yuan, decimal.Decimal, error) {
	exact := r.Decimal().Mul(q.Decimal())
	if exact.Abs().GreaterThan(MaxYuan.Decimal()) {
		return 0, exact, ErrTooLarge
	}
	return FromDecimal(exact), exact, nil
}

// String prints the rate with at least two decimals: "320.00", "0.0325".
func (r Rate) String() string {
	if r%10_000 == 0 {
		return string(appendScaled(nil, int64(r/10_000), 2, true, true))
	}
	return string(appendScaled(nil, int64(r), 6, true, false))
}

// MarshalText writes the rate without grouping.
func (r Rate) MarshalText() ([]byte, error) { return appendScaled(nil, int64(r), 6, false, false), nil }

// UnmarshalText reads what ParseRate reads.
func (r *Rate) UnmarshalText(b []byte) (err error) { *r, err = ParseRate(string(b)); return err }

// parseScaled reads a plain decimal number as an integer count of 10^-places.
func parseScaled(s string, places int32, limit int64) (int64, error) {
	if s == "" {
		return 0, ErrEmpty
	}
	plain, ok := ungroup(s)
	if !ok {
		return 0, ErrNotNumber
	}
	if len(plain) > 40 {
		return 0, ErrTooLarge
	}
	d, err := decimal.NewFromString(plain)
	if err != nil {
		return 0, ErrNotNumber
	}
	d = d.Shift(places)
	if !d.IsInteger() {
		return 0, ErrPlaces
	}
	if d.Abs().GreaterThan(decimal.New(limit, 0)) {
		return 0, ErrTooLarge
	}
	return d.IntPart(), nil
}

// ungroup checks that s is [+-]digits[.digits] and takes out commas, which must stand before groups of three digits.
func ungroup(s string) (string, bool) {
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) > 1 {
		return "", false
	}
	whole, fraction, dot := strings.Cut(body, ".")
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if !allDigits(g) || len(groups) > 1 && (len(g) != 3 && i > 0 || len(g) > 3) {
			return "", false
		}
	}
	if dot && !allDigits(fraction) {
		return "", false
	}
	return strings.ReplaceAll(s, ",", ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// appendScaled prints n × 10^-places, with commas between thousands when grouped, and with all decimals when full.
func appendScaled(b []byte, n int64, places int, grouped, full bool) []byte {
	u := uint64(n)
	if n < 0 {
		b, u = append(b, '-'), -u
	}
	s := strconv.FormatUint(u, 10)
	if len(s) <= places {
		s = strings.Repeat("0", places+1-len(s)) + s
	}
	whole, fraction := s[:len(s)-places], s[len(s)-places:]
	for i := range len(whole) {
		if grouped && i > 0 && (len(whole)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, whole[i])
	}
	if !full {
		fraction = strings.TrimRight(fraction, "0")
	}
	if fraction != "" {
		b = append(append(b, '.'), fraction...)
	}
	return b
}
