package server

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// calendar draws what contracts make due in a year: a column a month, a box a sum, the boxes laid into as few rows as they need.
type calendar struct {
	Year   int
	Months []calendarMonth
	Boxes  []calendarBox
	Height int
	Today  int // where the line of today stands, 0 in another year
	Foot   int // where its word stands
	Day    string
	More   int // sums that have no room
}

// calendarMonth is a column's line and the place of its heading.
type calendarMonth struct{ Number, Line, Head int }

// calendarBox is a sum that is due.
type calendarBox struct {
	X, Y, Width, TextX, TextY int
	Tone                      string
	Text                      string
	Contract                  string
}

// The sizes of the calendar, in its own units: a month is as wide as half a sum's words.
const (
	monthWidth  = 84
	rowHeight   = 30
	calendarTop = 26
	calendarMax = 12 // rows
)

// calendarOf lays out the sums that contracts make due in the year that a day lies in.
func calendarOf(all []income.ContractState, today journal.Date, say func(string, ...any) string) calendar {
	c := calendar{Year: today.Year()}
	for m := range 12 {
		c.Months = append(c.Months, calendarMonth{m + 1, m * monthWidth, m*monthWidth + monthWidth/2})
	}
	at := func(d journal.Date) int {
		first := journal.YearBegin(d.Year())
		return (d.DayNumber() - first.DayNumber()) * 12 * monthWidth / 366
	}
	type sum struct {
		income.Due
		of *income.ContractState
	}
	var sums []sum
	for i := range all {
		for _, d := range all[i].All {
			if d.Date.Year() == c.Year {
				sums = append(sums, sum{d, &all[i]})
			}
		}
	}
	slices.SortStableFunc(sums, func(a, b sum) int { return a.Date.DayNumber() - b.Date.DayNumber() })
	var ends []int // of the rows
	for _, s := range sums {
		box := calendarBox{Contract: s.of.ID}
		box.Text, box.Tone = saySum(s.Due, s.of.Thing, today, say)
		box.Width = widthOf(box.Text)
		box.X = min(at(s.Date), 12*monthWidth-box.Width)
		row := slices.IndexFunc(ends, func(end int) bool { return end+4 <= box.X })
		if row < 0 {
			if len(ends) == calendarMax {
				c.More++
				continue
			}
			row, ends = len(ends), append(ends, 0)
		}
		ends[row] = box.X + box.Width
		box.Y = calendarTop + row*rowHeight
		box.TextX, box.TextY = box.X+8, box.Y+17
		c.Boxes = append(c.Boxes, box)
	}
	c.Height = calendarTop + max(1, len(ends))*rowHeight + 20
	c.Today, c.Day, c.Foot = at(today), string(today)[5:], c.Height-4
	return c
}

// saySum is what a box says, and its tone.
func saySum(d income.Due, thing string, today journal.Date, say func(string, ...any) string) (text, tone string) {
	if short := []rune(thing); len(short) > 8 {
		thing = string(short[:7]) + "…"
	}
	amount := shortSum(d.Amount)
	switch {
	case d.Open() <= 0:
		return say("%s %s 已收", thing, amount), "good"
	case d.Late(today):
		return say("%s %s 欠 %s 天", thing, shortSum(d.Open()), strconv.Itoa(today.DayNumber()-d.Date.DayNumber())), "bad"
	case d.Date <= today.Plus(soonDue):
		return say("%s %s %s 到期", thing, shortSum(d.Open()), string(d.Date)[5:]), "wait"
	}
	return thing + " " + shortSum(d.Open()), "rest"
}

// shortSum is an amount without empty 分.
func shortSum(y money.Yuan) string {
	text := y.Grouped()
	if y%100 == 0 {
		text = text[:len(text)-len(".00")]
	}
	return text
}

// widthOf is how wide a box is for its words.
func widthOf(text string) int {
	width := 16
	for _, r := range text {
		if r < 0x2e80 {
			width += 8
		} else {
			width += 14
		}
	}
	return width
}
