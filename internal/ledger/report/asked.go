package report

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

// Asked reads the year or quarter that somebody asks a report of, 2025 or 2025Q3, and the one to have beside it: "" is the latest year that
// the place has, and the same part of the year before. A year is set beside a year and a quarter beside a quarter, whatever part of it is
// named. What is neither, and a time that has not begun, is refused.
func Asked(v *journal.View, place region.Code, text, beside string) (period, with sums.Period, err error) {
	if text == "" {
		period = sums.YearOf(LatestYear(v, place))
	} else if period, err = askedOf(v, "year", text); err != nil {
		return "", "", err
	}
	with = period.Before()
	if beside != "" {
		other, err := askedOf(v, "with", beside)
		if err != nil {
			return "", "", err
		}
		switch {
		case period.Quarter() == 0:
			other = sums.YearOf(other.Year())
		case other.Quarter() == 0 || period.Several() || other.Several(): // the same part of that year
			other = period.In(other.Year())
		}
		if other != period {
			with = other
		}
	}
	return period, with, nil
}

// FigureAsked is the figure that somebody asks for by its name; "" is the measure.
func FigureAsked(name string) (Figure, error) {
	if name == "" {
		name = "measure"
	}
	f, ok := FigureNamed(name)
	if !ok {
		return f, journal.Wrong("figure", name, "没有“%s”这一项", name)
	}
	return f, nil
}

func askedOf(v *journal.View, field, text string) (sums.Period, error) {
	p, ok := sums.ParsePeriod(text)
	if !ok {
		return "", journal.Wrong(field, text, "“%s”不是年度,也不是季度;请写成 2025、2025Q3,或 2025Q1-3", text)
	}
	return p, checkPeriod(v, field, p)
}

// checkPeriod refuses a time of which no book can tell; the year before the first that can is there to be set beside it.
func checkPeriod(v *journal.View, field string, p sums.Period) error {
	if p.Year() < income.FirstYear-1 || p.Year() > v.Today().Year()+1 {
		return journal.Wrong(field, string(p), "年度 %s 不对", strconv.Itoa(p.Year()))
	}
	if p.Quarter() != 0 && p.First() > v.Today() {
		return journal.Wrong(field, string(p), "%s 还没有开始;今天是 %s", string(p), string(v.Today()))
	}
	return nil
}

// AskedPart reads the quarter, or the first quarters of a year, that somebody asks for.
func AskedPart(v *journal.View, text string) (sums.Period, error) {
	p, err := askedOf(v, "quarter", text)
	if err == nil && p.Quarter() == 0 {
		err = journal.Wrong("quarter", text, "“%s”不是季度;请写成 2025Q3", text)
	}
	return p, err
}

// AskedQuarter reads the quarter that somebody asks for: "" is the one that runs.
func AskedQuarter(v *journal.View, text string) (sums.Period, error) {
	if text == "" {
		return sums.QuarterOf(v.Today()), nil
	}
	p, err := AskedPart(v, text)
	if err == nil && p.Several() {
		err = journal.Wrong("quarter", text, "“%s”不是季度;请写成 2025Q3", text)
	}
	return p, err
}
