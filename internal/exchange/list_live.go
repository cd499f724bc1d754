package exchange

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/sheet"
)

// WriteLive writes the payouts of a submitted plan as a workbook that works every amount out again: the pools and rates stand above, each
// holder's weights beside, and what a formula does not give (the odd 分, a manager's share) in a column of its own. ID and account numbers
// are not in it.
func WriteLive(to sheet.To, v *journal.View, id string, say func(*journal.Error) string) error {
	d, err := dividend.Distribution(v, id)
	if err != nil {
		return err
	}
	if err := hasFigures(d); err != nil {
		return err
	}
	rules, err := dividend.ArithmeticOf(v, d)
	if err != nil {
		return err
	}
	entity, err := register.EntityOf(v, d.Entity)
	if err != nil {
		return err
	}
	var rows []dividend.Payout
	if err := eachPage(func(after string) (string, error) {
		page, next, err := dividend.Payouts(v, id, after, pageRows, func(p dividend.Payout) bool { return p.From == "" })
		rows = append(rows, page...)
		return next, err
	}); err != nil {
		return err
	}
	x := &live{plan: d, rules: rules, first: len(rules) + 4, last: len(rules) + 3 + len(rows)}
	for _, a := range rules {
		name := string(a.Component.Counted())
		if class, err := register.ShareClassOf(v, a.Component.Class); a.Component.Class != "" && err == nil {
			name = class.Name + name
		}
		x.names = append(x.names, name)
	}
	to.Above = x.above(entity.Name, say)
	out := sheet.NewWriter(to, x.headings()...)
	defer out.Abort()
	for i, p := range rows {
		s, err := dividend.ShareholderOf(v, d, p.Holder)
		if err != nil {
			return err
		}
		out.Row(x.row(i, s.Name, s.Certificate(), p)...)
	}
	out.Total(x.total(rows)...)
	return out.Close()
}

// live is a workbook of payouts while it is written. Its first rows tell the rules, a row each; then come the headings and the holders.
type live struct {
	plan        plan.Distribution
	rules       []dividend.Arithmetic
	names       []string // of what each of them weighs
	first, last int      // rows of the holders
}

const (
	before  = 3 // columns in front of the first component: number, name, certificate
	perRule = 3 // columns of a component: weight, amount, what the formula does not give
)

// cellAt names a cell by its row and its column from 0.
func cellAt(row, column int) string { return sheet.ColumnName(column) + strconv.Itoa(row) }

func (x *live) above(entity string, say func(*journal.Error) string) (rows [][]sheet.Cell) {
	rows = append(rows, sheet.Texts(entity+" "+strconv.Itoa(x.plan.Year)+" 年"+string(x.plan.Called())),
		sheet.Texts("规则", "资金池或每一份(元)", "权数合计"))
	for i, a := range x.rules {
		column := before + i*perRule
		given := sheet.Number(x.factor(i).String())
		if a.Component.Pooled() {
			given = sheet.Amount(a.Pool.String())
		}
		total := x.weight(i, x.plan.Totals[i].Weight).String()
		rows = append(rows, []sheet.Cell{sheet.Text(say(a.Words)), given,
			sheet.Formula(total, "SUM("+cellAt(x.first, column)+":"+cellAt(x.last, column)+")")})
	}
	return rows
}

func (x *live) headings() []string {
	list := []string{"序号", "户主", "股权证号"}
	for i := range x.rules {
		n := strconv.Itoa(i + 1)
		list = append(list, strings.TrimSpace("权数"+n+" "+x.names[i]), "金额"+n+"(元)", "尾差"+n+"(元)")
	}
	return append(list, "其他(元)", "应付(元)", "代扣税(元)", "扣款(元)", "实付(元)")
}

// row is a holder's row: what its formulas give is what the plan says.
func (x *live) row(i int, name, certificate string, p dividend.Payout) []sheet.Cell {
	at := x.first + i
	cells := []sheet.Cell{sheet.Number(strconv.Itoa(i + 1)), sheet.Text(name), sheet.Text(certificate)}
	sum, adding := money.Yuan(0), ""
	for k, a := range x.rules {
		column := before + k*perRule
		part := dividend.Part{}
		if k < len(p.Parts) {
			part = p.Parts[k]
		}
		weight, given, total := cellAt(at, column), "$B$"+strconv.Itoa(k+3), "$C$"+strconv.Itoa(k+3)
		formula := "ROUND(" + weight + "*" + given + ",2)"
		if a.Component.Pooled() {
			formula = "IF(" + total + "=0,0,ROUNDDOWN(ROUND(" + given + "*" + weight + "/" + total + ",6),2))"
		}
		gives := x.gives(k, part)
		odd := part.Amount - gives
		cells = append(cells, sheet.Number(x.weight(k, part.Weight).String()), sheet.Formula(gives.String(), formula), sheet.Amount(odd.String()))
		adding += cellAt(at, column+1) + "+" + cellAt(at, column+2) + "+"
		sum += part.Amount
	}
	other := before + len(x.rules)*perRule
	due, tax, off := cellAt(at, other+1), cellAt(at, other+2), cellAt(at, other+3)
	return append(cells, sheet.Amount((p.Due - sum).String()), sheet.Formula(p.Due.String(), adding+cellAt(at, other)),
		sheet.Amount(p.Tax.String()),
		sheet.Amount(p.Deducted.String()), sheet.Formula(p.Net().String(), due+"-"+tax+"-"+off))
}

// gives is what a spreadsheet makes of a holder's formula, in its binary numbers: what it does not give stands beside.
func (x *live) gives(k int, part dividend.Part) money.Yuan {
	a := x.rules[k]
	weight := number64(x.weight(k, part.Weight))
	if !a.Component.Pooled() {
		return money.FromDecimal(decimal.NewFromFloat(math.Round(weight*number64(x.factor(k))*100) / 100))
	}
	total := number64(x.weight(k, x.plan.Totals[k].Weight))
	if total == 0 {
		return 0
	}
	exact := math.Round(number64(a.Pool.Decimal())*weight/total*1e6) / 1e6
	return money.FromDecimal(decimal.NewFromFloat(exact).Truncate(2))
}

// weight is a weight of a component in what it counts: units, units × days, or yuan.
func (x *live) weight(k int, w money.Quantity) decimal.Decimal {
	if x.rules[k].Component.WeighsYuan() {
		return money.Yuan(w).Decimal()
	}
	return w.Decimal()
}

// factor is what a component gives for one of these.
func (x *live) factor(k int) decimal.Decimal {
	if x.rules[k].Component.WeighsYuan() {
		return x.rules[k].Factor.Shift(-2) // it is for 10,000 分
	}
	return x.rules[k].Factor
}

func number64(d decimal.Decimal) float64 { f, _ := d.Float64(); return f }

// total is the last row: the sums of the columns.
func (x *live) total(rows []dividend.Payout) []sheet.Cell {
	cells := []sheet.Cell{sheet.Text("合计"), sheet.Text(""), sheet.Text("")}
	sums := make([]decimal.Decimal, len(x.rules)*perRule+5)
	for i, p := range rows {
		for k, c := range x.row(i, "", "", p)[before:] {
			if n, ok := c.Decimal(); ok {
				sums[k] = sums[k].Add(n)
			}
		}
	}
	for k, sum := range sums {
		column := before + k
		cells = append(cells, sheet.Formula(sum.String(), "SUM("+cellAt(x.first, column)+":"+cellAt(x.last, column)+")"))
	}
	return cells
}
