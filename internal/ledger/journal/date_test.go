package journal

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Days as people type them beside one another.
func TestDateNear(t *testing.T) {
	for _, c := range []struct {
		text string
		near Date
		want Date // "" for what is no day
	}{
		{"25", "2026-11-03", "2026-11-25"}, {"3", "2026-11-25", "2026-11-03"}, {"25日", "2026-11-03", "2026-11-25"},
		{"25号", "2026-11-03", "2026-11-25"},
		{"11-25", "2026-01-03", "2026-11-25"}, {"1/5", "2025-12-31", "2025-01-05"}, {"11月25日", "2026-01-03", "2026-11-25"},
		{"1.5", "2026-03-01", "2026-01-05"},
		{"2025-12-09", "2026-11-03", "2025-12-09"}, {"20251209", "2026-11-03", "2025-12-09"}, {"2025年12月9日", "2026-11-03", "2025-12-09"},
		{"31", "2026-11-03", ""}, {"13-01", "2026-11-03", ""}, {"0", "2026-11-03", ""}, {"", "2026-11-03", ""}, {"abc", "2026-11-03", ""},
		{"25", "", ""}, {"11-25", "", ""}, {"5", "zzz", ""}, {"5", "99", ""}, {"１１-２５", "2026-01-03", "2026-11-25"},
	} {
		got, err := DateNear(c.text, c.near)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q beside %s: %s %v, want %s", c.text, c.near, got, err, c.want)
		}
	}
}

// Days, months and years are counted as the calendar of time counts them.
func TestDatesAgreeWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on := time.Date(rapid.IntRange(1600, 2400).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			rapid.IntRange(1, 31).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		d := Date(on.Format(time.DateOnly))
		if want := int(on.Unix()) / 86400; on.Unix() >= 0 && d.DayNumber() != want {
			t.Fatalf("%s is day %d, not %d", d, d.DayNumber(), want)
		}
		days := rapid.IntRange(-40_000, 40_000).Draw(t, "days")
		later := d.Plus(days)
		if want := on.AddDate(0, 0, days).Format(time.DateOnly); string(later) != want || later.DayNumber()-d.DayNumber() != days {
			t.Fatalf("%s and %d days are %s, not %s", d, days, later, want)
		}
		months := rapid.IntRange(-1200, 1200).Draw(t, "months")
		first := time.Date(on.Year(), on.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		want := first.AddDate(0, 0, min(on.Day(), first.AddDate(0, 1, -1).Day())-1)
		if got := d.PlusMonths(months); string(got) != want.Format(time.DateOnly) {
			t.Fatalf("%s and %d months are %s, not %s", d, months, got, want.Format(time.DateOnly))
		}
	})
	for _, wrong := range []Date{"", "2025-02-29", "2025-13-01", "2025-1-01", "20250101", "2025-00-10"} {
		if wrong.DayNumber() != 0 || wrong.Plus(1) != wrong || wrong.PlusMonths(1) != wrong {
			t.Errorf("%q is counted as a date", wrong)
		}
	}
}
