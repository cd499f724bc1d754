package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// china is the time that days are counted in.
var china = time.FixedZone("China", 8*60*60)

var (
	zoned   = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[-+]\d{2}:?(?:\d{2})?)(?:\s*[A-Z]{3,4})?$`)
	inFront = regexp.MustCompile(`^(\d{4})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,2})\s*[日号]?(.*)$`)
	eight   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(\d{6}|\s.*)?$`)
	// what may stand behind a day: a day of the week, a time of day
	afterDay = regexp.MustCompile(`^[\s,,T(]*((星期|周|礼拜)[一二三四五六日天])?[\s)]*(` +
		`(上午|下午|早上|早晨|凌晨|中午|晚上|晚|AM|PM|am|pm)?` +
		`\s*\d{1,2}\s*([::时点]\s*\d{0,2}\s*(分|半)?\s*([:：]?\s*\d{1,2}(\.\d+)?\s*秒?)?)\s*(AM|PM|am|pm)?)?\s*((星期|周)[一二三四五六日天])?$`)
)

var (
	dateSpelling = strings.NewReplacer("–", "-", "—", "-", "·", ".", "、", "-")
	weekday      = regexp.MustCompile(`^(星期|周|礼拜)[一二三四五六日天]\s*[,,]?|[(\s,,]*(星期|周|礼拜)[一二三四五六日天][)]?`)
)

// layouts are the other ways in which programs write days.
var layouts = []string{"Mon Jan _2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 MST 2006", "Jan 2, 2006", "Jan 2, 2006 3:04:05 PM",
	"2-Jan-2006", "02-Jan-2006",
	"2 Jan 2006", "2006-Jan-02", "January 2, 2006", "Mon, 02 Jan 2006 15:04:05 MST", "Mon, 02 Jan 2006 15:04:05 -0700"}

// readDate writes a day as 2026-03-05, however people and programs write it; what is no day stays as it is. Days are China's: an instant in
// another zone is on the day that it is there.
func readDate(cell string) string {
	text := strings.TrimSpace(cell)
	text = dateSpelling.Replace(text)
	if m := zoned.FindStringSubmatch(text); m != nil {
		seconds, zone := m[3], m[4]
		if seconds == "" {
			seconds = ":00"
		}
		if zone = strings.ReplaceAll(zone, ":", ""); len(zone) == 3 {
			zone += "00"
		}
		if t, err := time.Parse("2006-01-02T15:04:05.999999999Z0700", m[1]+"T"+m[2]+seconds+zone); err == nil {
			return t.In(china).Format(time.DateOnly)
		}
	}
	text = strings.TrimSpace(weekday.ReplaceAllString(text, ""))
	if strings.ContainsAny(text, "〇○零一二三四五六七八九十") && strings.Contains(text, "年") {
		text = arabicDate(text)
	}
	for _, r := range []*regexp.Regexp{inFront, eight} {
		m := r.FindStringSubmatch(text)
		if m == nil || r == inFront && !afterDay.MatchString(m[4]) || r == eight && m[4] != "" && !clock.MatchString(m[4]) {
			continue
		}
		if day, ok := dayOf(m[1], m[2], m[3]); ok {
			return day
		}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return cell
}

// clock is the time of day behind eight digits of a day.
var clock = regexp.MustCompile(`^(\d{6}|\s+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)$`)

func dayOf(year, month, day string) (string, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.Year() == y && int(t.Month()) == m && t.Day() == d
}

// arabicDate writes the Chinese numerals of a day as digits: 二〇二六年三月十五日.
func arabicDate(text string) string {
	year, rest, ok := strings.Cut(text, "年")
	if !ok {
		return text
	}
	digits := strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八",
		"8", "九", "9")
	month, day, ok := strings.Cut(rest, "月")
	if !ok {
		return text
	}
	day = strings.TrimRight(day, "日号")
	ten := func(s string) string { // 十, 十五, 二十, 三十一
		before, after, ok := strings.Cut(s, "十")
		if !ok {
			return digits.Replace(s)
		}
		if before == "" {
			before = "一"
		}
		if after == "" {
			after = "零"
		}
		return digits.Replace(before + after)
	}
	return digits.Replace(year) + "-" + ten(month) + "-" + ten(day)
}

// dateIn reads a cell of days: a spreadsheet's number of a day, or a day as it is written.
func dateIn(c cell, date func(float64) (string, bool)) string {
	if c.kind == dated {
		return c.text
	}
	if n, err := strconv.ParseFloat(c.text, 64); err == nil && n >= firstDay && n < lastDay {
		if day, ok := date(n); ok {
			return day
		}
	}
	return readDate(c.text)
}

// Numbers from 1927 to 2064 are days; eight digits (20251209) are a date as people write it.
const firstDay, lastDay = 10_000, 60_000
