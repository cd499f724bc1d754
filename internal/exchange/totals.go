package exchange

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/sheet"
)

// totalled are the kinds of files whose sums are the sums of their rows; a list of income and expense may end with the difference.
var totalled = []Kind{Shareholders, Holdings, Contributions, Trade}

// running adds up the columns of numbers of a file's rows: all so far, and those since the last line of sums.
type running struct {
	all, since []decimal.Decimal
	unknown    []bool // columns with a cell that is no number
}

func (u *Upload) newRunning() *running {
	if !slices.Contains(totalled, u.Purpose.Kind) {
		return nil
	}
	n := len(u.Table.Columns)
	return &running{make([]decimal.Decimal, n), make([]decimal.Decimal, n), make([]bool, n)}
}

func number(cell string) (decimal.Decimal, error) {
	return decimal.NewFromString(strings.ReplaceAll(cell, ",", ""))
}

// add adds a row of data.
func (t *running) add(u *Upload, row sheet.Row) {
	if t == nil {
		return
	}
	for i, cell := range row.Cells {
		if cell == "" || !u.Table.IsNumber(u.Table.Columns[i]) {
			continue
		}
		n, err := number(cell)
		if err != nil {
			t.unknown[i] = true
			continue
		}
		t.all[i], t.since[i] = t.all[i].Add(n), t.since[i].Add(n)
	}
}

// across points out a row whose own sum is not that of its shares.
func (u *Upload) across(row sheet.Row) {
	said, err := number(u.Table.Get(row, "total"))
	if err != nil {
		return
	}
	sum, classes := decimal.Zero, 0
	for i, column := range u.Table.Columns {
		if !strings.HasPrefix(column, "class:") {
			continue
		}
		classes++
		n, err := number(row.Cells[i])
		if row.Cells[i] != "" && err != nil {
			return
		}
		sum = sum.Add(n)
	}
	if classes > 0 && !sum.Equal(said) {
		u.doubt(row, "total", "%s写的是 %s,这一行各种股加起来是 %s;请核对", u.headed("total"), said.String(), sum.String())
	}
}

// check refuses a line of sums that are not those of the rows above it, all or since the line of sums before: rows may have been lost on
// the way.
func (t *running) check(u *Upload, row sheet.Row) (wrong bool) {
	first := firstCell(row)
	if t == nil || !begins(first, "合计 总计 小计") {
		return false
	}
	for i, cell := range row.Cells {
		n, err := number(cell)
		if column := u.Table.Columns[i]; err == nil && u.Table.IsNumber(column) && !t.unknown[i] && !n.Equal(t.all[i]) && !n.Equal(t.since[i]) {
			u.wrong(row, journal.Conflict, column, "%s写的是 %s,前面各行加起来是 %s;请核对是不是漏了行,或去掉这一行", first, cell, t.all[i].String())
			wrong = true
		}
	}
	clear(t.since)
	return wrong
}

// hasFigures refuses a plan that has not been submitted: nobody's figures stand yet.
func hasFigures(d plan.Distribution) error {
	if d.Totals == nil {
		return &journal.Error{Code: journal.Conflict, Text: "方案提交以后才有各户的数"}
	}
	return nil
}
