package journal

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// Date is a business date of the local calendar, "2025-12-09". Dates compare as strings. The zero value is no date.
type Date string

// Beijing is the time zone that business dates are counted in. It is fixed, so that no machine needs a zone database.
var Beijing = time.FixedZone("CST", 8*60*60)

var separators = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "")

var errDate = errors.New("not a date")

// ParseDate reads the spellings that people use: 2025-12-09, 2025/12/9, 2025.12.9, 2025年12月9日 and 20251209.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if len(s) == 8 && !strings.ContainsAny(s, "-/.") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := strings.Split(separators.Replace(s), "-")
	if len(parts) != 3 || len(parts[0]) != 4 {
		return "", errDate
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 || v <= 0 {
			return "", errDate
		}
		n[i] = v
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if t.Year() != n[0] || int(t.Month()) != n[1] || t.Day() != n[2] {
		return "", errDate
	}
	return Date(t.Format(time.DateOnly)), nil
}

// DateNear reads a day as people type it beside one that they have just typed: 25 is that day of its month, 11-25 and 11月25日 are days of
// its year; what ParseDate reads is read so.
func DateNear(s string, near Date) (Date, error) {
	s = width.Fold.String(strings.TrimSpace(s))
	short := strings.TrimSuffix(s, "号")
	parts := strings.Split(separators.Replace(short), "-")
	beside, err := ParseDate(string(near))
	near = beside
	switch {
	case err != nil:
	case len(parts) == 1 && len(short) <= 2+len("日"):
		return ParseDate(string(near)[:len("2006-01-")] + parts[0])
	case len(parts) == 2 && len(parts[0]) <= 2:
		return ParseDate(string(near)[:len("2006-")] + parts[0] + "-" + parts[1])
	}
	return ParseDate(s)
}

// DateOf returns the local calendar's date of an instant.
func DateOf(t time.Time) Date { return Date(t.In(Beijing).Format(time.DateOnly)) }

// YearEnd is the last day of a year.
func YearEnd(year int) Date { return Date(Number(year, 4) + "-12-31") }

// Year returns the year of the date, 0 for no date.
func (d Date) Year() int {
	if len(d) < 4 {
		return 0
	}
	y, _ := strconv.Atoi(string(d[:4]))
	return y
}

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) (err error) { *d, err = ParseDate(string(b)); return err }

// DayNumber counts days since 1970-01-01; 0 for no date.
func (d Date) DayNumber() int {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return int(t.Unix() / 86400)
}

// PlusYears is the date so many years later; of a 29 February the 28th where the year has none.
func (d Date) PlusYears(years int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	later := t.AddDate(years, 0, 0)
	if later.Day() != t.Day() {
		later = later.AddDate(0, 0, -later.Day())
	}
	return Date(later.Format(time.DateOnly))
}

// PlusMonths is the date so many months later; where the month has no such day, its last.
func (d Date) PlusMonths(months int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	later := t.AddDate(0, months, 0)
	if later.Day() != t.Day() {
		later = later.AddDate(0, 0, -later.Day())
	}
	return Date(later.Format(time.DateOnly))
}

// OfNextMonth is a day of the month after the date's; "" for no date.
func (d Date) OfNextMonth(day int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Date(time.Date(t.Year(), t.Month()+1, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Plus is the date so many days later.
func (d Date) Plus(days int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// Key prints a date for use inside keys: 20251209.
func (d Date) Key() string { return strings.ReplaceAll(string(d), "-", "") }

// CheckDate refuses a business date that is missing, not yet come, or before the People's Republic.
func CheckDate(c *Checking, f *Faults, field string, d Date) {
	switch {
	case d == "":
		f.Invalid(field, "", "请填写日期,例如 2025-12-09")
	case d < "1949-10-01":
		f.Invalid(field, d, "日期 %s 太早", string(d))
	case d > c.Today():
		f.Invalid(field, d, "日期 %s 还没有到;今天是 %s", string(d), string(c.Today()))
	}
}

// Days is a number of days that may be left open, "".
type Days string

// UnmarshalText reads a whole number of at most three digits.
func (d *Days) UnmarshalText(b []byte) error {
	if n, err := strconv.Atoi(string(b)); err != nil || n < 0 || n > 365 {
		return errDays
	}
	*d = Days(b)
	return nil
}

var errDays = errors.New("not a number of days")

// Or is the number of days, or another where it was left open.
func (d Days) Or(other int) int {
	if n, err := strconv.Atoi(string(d)); err == nil {
		return n
	}
	return other
}
