package income

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// term is one line that a formula adds or takes away.
type term struct {
	line  int
	minus bool
}

// terms reads a formula: numbers of lines with + and − between them. It returns false where it is none.
func terms(formula string) (list []term, ok bool) {
	minus, digits, spaced := false, "", false
	for _, c := range formula + "+" {
		switch {
		case c >= '0' && c <= '9' && !spaced:
			digits += string(c)
		case c == '+' || c == '-' || c == '\u2212' || c == '\uff0d' || c == '\uff0b': // also as a spreadsheet or a Chinese keyboard writes them
			n, err := strconv.Atoi(digits)
			if err != nil {
				return nil, false
			}
			list = append(list, term{n, minus})
			minus, digits = c == '-' || c == '\u2212' || c == '\uff0d', ""
			spaced = false
		case c == ' ':
			spaced = digits != ""
		default:
			return nil, false
		}
	}
	return list, true
}

// Row is a line of a form with its sums.
type Row struct {
	FormLine
	Now, Before money.Yuan
	Corrected   money.Yuan // of Now, what corrects earlier years
	Old         bool       // no line of the form: booked by an older one, counted as it was until it is moved
	Past        bool       // and only the year before has it
}

// twoYears are the sums of a year and of the one before.
type twoYears [2]money.Yuan

func (s twoYears) plus(o twoYears, sign money.Yuan) twoYears {
	return twoYears{s[0] + sign*o[0], s[1] + sign*o[1]}
}

// Fill fills the form with the sums of a year and of the one before, whatever form that had. What has sums but no line of the form stands
// on a line of its own, above the first total that it counts into.
func (f Form) Fill(now, before map[string]money.Yuan) (rows []Row) {
	old := f.leftOver(now, before)
	printed, clean := map[int]twoYears{}, map[int]twoYears{} // of the lines so far: as printed, and without what has no line
	above := map[string]bool{}
	for _, l := range f.Lines {
		var value, without twoYears
		for _, code := range l.Codes() {
			value = value.plus(twoYears{now[code], before[code]}, 1)
		}
		without = value
		if l.Formula != "" {
			list, _ := terms(l.Formula)
			for _, t := range list {
				sign := money.Yuan(1)
				if t.minus {
					sign = -1
				}
				value, without = value.plus(printed[t.line], sign), without.plus(clean[t.line], sign)
			}
		}
		if l.total() != "" { // however it is worked out, what has no line counts once
			value = without
			for _, x := range old {
				if !slices.Contains(x.into, l.total()) {
					continue
				}
				sign := money.Yuan(1)
				if x.Sign == minusSign {
					sign = -1
				}
				if value = value.plus(twoYears{x.Now, x.Before}, sign); !above[x.Fills] {
					above[x.Fills] = true
					rows = append(rows, x.Row)
				}
			}
		}
		printed[l.Number], clean[l.Number] = value, without
		rows = append(rows, Row{FormLine: l, Now: value[0], Before: value[1]})
	}
	return rows
}

// The signs of lines, as printed before their text.
const (
	plusSign  = "加"
	minusSign = "减"
)

// oldRow is what has no line of the form, with the totals that it counts into.
type oldRow struct {
	Row
	into []string
}

// leftOver is what has sums but no line: operating items count into the operating gain, where the form has one, and all that follows; other
// items into the year's gain; what is brought forward into what is distributable; what is set aside or given out only into what is left.
func (f Form) leftOver(now, before map[string]money.Yuan) (list []oldRow) {
	add := func(code string, label journal.Label, sign int, into ...string) {
		if now[code] == 0 && before[code] == 0 || f.Has(code) {
			return
		}
		row := oldRow{Row{FormLine: FormLine{Text: string(label), Fills: code, Sign: plusSign}, Now: now[code], Before: before[code], Old: true,
			Past: now[code] == 0}, into}
		if sign < 0 {
			row.Sign = minusSign
		}
		list = append(list, row)
	}
	for _, it := range Items {
		into := []string{gainTotal, distributedTotal, closingTotal}
		if it.Operating {
			into = append(into, operatingTotal)
		}
		add(it.Code, it.Label, it.signed(), into...)
	}
	for _, x := range Figures {
		if x.sign > 0 {
			add(x.Code, x.Label, x.sign, distributedTotal, closingTotal)
		} else {
			add(x.Code, x.Label, x.sign, closingTotal)
		}
	}
	return list
}
