package journal

import (
	"errors"
	"strconv"
)

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

// or is the number of days, or another where it was left open.
func (d Days) Or(other int) int {
	if n, err := strconv.Atoi(string(d)); err == nil {
		return n
	}
	return other
}
