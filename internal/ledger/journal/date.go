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

// TimeOfDay is when something is done each day.
type TimeOfDay struct{ Hour, Min int }

// Next is when it is due after a moment.
func (d TimeOfDay) Next(after time.Time) time.Time {
	local := after.In(Beijing)
	due := time.Date(local.Year(), local.Month(), local.Day(), d.Hour, d.Min, 0, 0, Beijing)
	if !due.After(after) {
		due = due.AddDate(0, 0, 1)
	}
	return due
}

// Missed tells whether it has been due since it was done last: the machine was off. Zero is never; what was done in the future was done
// by a wrong clock.
func (d TimeOfDay) Missed(last, now time.Time) bool {
	return last.IsZero() || last.After(now) || !d.Next(last).After(now)
}

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

// YearBegin is the first day of a year.
func YearBegin(year int) Date { return Date(Number(year, 4) + "-01-01") }

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

// Month returns the month of the date from 1, 0 for no date.
func (d Date) Month() int {
	_, m, _, ok := d.civil()
	if !ok {
		return 0
	}
	return m
}

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) (err error) { *d, err = ParseDate(string(b)); return err }

// civil are the year, the month and the day of a date, and whether it is one. Lists of contracts work out hundreds of thousands of days:
// this and the two below are worth not going through time.Time.
func (d Date) civil() (y, m, day int, ok bool) {
	if len(d) != len(time.DateOnly) || d[4] != '-' || d[7] != '-' {
		return 0, 0, 0, false
	}
	for i := range len(d) {
		if i != 4 && i != 7 && (d[i] < '0' || d[i] > '9') {
			return 0, 0, 0, false
		}
	}
	digit := func(i int) int { return int(d[i] - '0') }
	y, m, day = digit(0)*1000+digit(1)*100+digit(2)*10+digit(3), digit(5)*10+digit(6), digit(8)*10+digit(9)
	return y, m, day, m >= 1 && m <= 12 && day >= 1 && day <= monthDays(y, m)
}

// monthDays is how many days a month has.
func monthDays(y, m int) int {
	if m == 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
}

// dateOf writes a date; what lies outside the years 1 to 9999 becomes the first or the last day of these, and nothing goes round.
func dateOf(y, m, day int) Date {
	if y < 1 {
		y, m, day = 1, 1, 1
	} else if y > 9999 {
		y, m, day = 9999, 12, 31
	}
	b := [...]byte{byte(y/1000%10) + '0', byte(y/100%10) + '0', byte(y/10%10) + '0', byte(y%10) + '0', '-', byte(m/10) + '0', byte(m%10) + '0',
		'-', byte(day/10) + '0', byte(day%10) + '0'}
	return Date(b[:])
}

// DayNumber counts days since 1970-01-01; 0 for no date.
func (d Date) DayNumber() int {
	y, m, day, ok := d.civil()
	if !ok {
		return 0
	}
	if m <= 2 { // years that begin with March: a leap day is the last
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day - 1 - 719_468
}

// Plus is the date so many days later.
func (d Date) Plus(days int) Date {
	y, m, day, ok := d.civil()
	if !ok {
		return d
	}
	if day += days; day >= 1 && day <= 28 { // within the month, without more ado
		return dateOf(y, m, day)
	}
	t := time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
	return dateOf(t.Year(), int(t.Month()), t.Day())
}

// PlusYears is the date so many years later; of a 29 February the 28th where the year has none.
func (d Date) PlusYears(years int) Date { return d.PlusMonths(12 * years) }

// PlusMonths is the date so many months later; where the month has no such day, its last.
func (d Date) PlusMonths(months int) Date {
	y, m, day, ok := d.civil()
	if !ok {
		return d
	}
	n := max(12, 12*y+m-1+months)
	y, m = n/12, n%12+1
	return dateOf(y, m, min(day, monthDays(y, m)))
}

// OfNextMonth is a day of the month after the date's; "" for no date.
func (d Date) OfNextMonth(day int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Date(time.Date(t.Year(), t.Month()+1, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
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
