package sheet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numberFormat is how a cell shows its number, as far as that says what the number is.
type numberFormat struct {
	kind   cellIs // numeric, dated or percent
	time   bool   // of dated: the time of day alone
	digits int    // of a number shown with zeros in front: how many digits
	unit   string // what is written behind the number
}

// days are the formats that every spreadsheet has for days and times, by ECMA-376 part 1, 18.8.30, and those of Chinese ones.
var days = []int{14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}

// times are those for times of day.
var times = []int{18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}

var general = regexp.MustCompile(`通用格式`)

// readFormat reads a number format by its code, or by its number where it has none.
func readFormat(id int, code string) (f numberFormat) {
	f.kind = numeric
	switch {
	case code == "" && (id == 9 || id == 10):
		f.kind = percent
	case code == "" && slices.Contains(days, id):
		f.kind = dated
	case code == "" && slices.Contains(times, id):
		f.kind, f.time = dated, true
	}
	if code == "" {
		return f
	}
	code, _, _ = strings.Cut(general.ReplaceAllString(code, "General"), ";") // of what is above zero
	bare, quoted := unquoted(code)
	lower := strings.ToLower(bare)
	switch {
	case strings.Contains(lower, "general"):
	case strings.ContainsRune(bare, '%'):
		f.kind = percent
	case strings.ContainsAny(lower, "yd") || strings.Contains(lower, "aaa"):
		f.kind = dated
	case strings.ContainsAny(lower, "hs"):
		f.kind, f.time = dated, true
	case strings.Contains(lower, "m") && !strings.ContainsAny(lower, "0#?"):
		f.kind = dated
	case strings.Trim(bare, "0") == "" && len(bare) > 1:
		f.digits = len(bare)
	}
	// 0.00"万元" shows the number with its unit; 0!.0,"万" shows it in another unit than it is stored in
	if f.kind == numeric && !strings.HasSuffix(strings.TrimRight(bare, " _)"), ",") {
		if u, ok := readUnit(quoted); ok && !u.none() && !strings.ContainsAny(quoted, ".,") {
			f.unit = strings.Trim(strings.TrimSpace(quoted), "()")
		}
	}
	return f
}

// unquoted parts a format's code from the texts in it.
func unquoted(code string) (bare, quoted string) {
	var b, q strings.Builder
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
				q.WriteRune(runes[i])
			}
		case '\\', '!':
			if i++; i < len(runes) {
				q.WriteRune(runes[i])
			}
		case '_', '*': // the room of a character, and one that fills
			i++
		case '[': // a colour, a language, a currency, hours that go on
			end := slices.Index(runes[i:], ']')
			if end < 0 {
				return b.String(), q.String()
			}
			if sign, is := strings.CutPrefix(string(runes[i+1:i+end]), "$"); is {
				sign, _, _ = strings.Cut(sign, "-")
				q.WriteString(sign)
			}
			if inner := strings.ToLower(string(runes[i+1 : i+end])); inner == "h" || inner == "m" || inner == "s" || inner == "hh" {
				b.WriteString("h")
			}
			i += end
		default:
			if r > 0x7f { // written without quotes
				q.WriteRune(r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String(), q.String()
}

// cell makes a cell of a stored number.
func (f numberFormat) cell(value string, date func(float64) (string, bool)) cell {
	switch f.kind {
	case dated:
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err == nil && !f.time {
			if day, ok := date(n); ok {
				return cell{day, dated}
			}
		}
		return cell{value, dated}
	case percent:
		return cell{percentOf(value), percent}
	}
	text := plainNumber(value)
	if f.digits > len(text) && strings.Trim(text, "0123456789") == "" {
		text = strings.Repeat("0", f.digits-len(text)) + text
	}
	return cell{text + f.unit, numeric}
}

// percentOf writes a number as its cell shows it, by the hundred.
func percentOf(value string) string {
	if d, ok := exact(plainNumber(value)); ok {
		return d.Shift(2).String() + "%"
	}
	return value
}

// Days are counted from 1899-12-30, by programs that began on another computer from 1904-01-01.
func date1900(serial float64) (string, bool) { return dayAfter(1899, 12, 30, serial) }
func date1904(serial float64) (string, bool) { return dayAfter(1904, 1, 1, serial) }

func dayAfter(year int, month time.Month, day int, serial float64) (string, bool) {
	whole := math.Floor(serial + 0.5/86400) // to the second
	if whole < 60 || whole > 2_958_465 {    // the first days are counted in two ways; the last is in 9999
		return "", false
	}
	return time.Date(year, month, day+int(whole), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}
