package exchange

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/sheet"
)

// sumWords are the words by which a line of sums begins; signedWords those by which the cells of a line for people do.
const (
	sumWords    = "合计 总计 小计 累计 大写 本页小计 本页合计 本月合计 本年合计"
	signedWords = "制表 填表 填报 审核 复核 审批 经办 会计 出纳 负责人 备注 村委会 日期 共"
)

// begins tells whether a cell begins with one of some words.
func begins(cell, words string) bool {
	cell = strings.ReplaceAll(cell, " ", "")
	return slices.ContainsFunc(strings.Fields(words), func(word string) bool { return strings.HasPrefix(cell, word) })
}

// firstCell is what a row begins with, "" of an empty one.
func firstCell(row sheet.Row) string { return cmp.Or(row.Cells...) }

// isSum tells whether a cell begins a line of sums: 合计, 一组小计, 全村总计:.
func isSum(cell string) bool {
	if begins(cell, sumWords) {
		return true
	}
	cell = strings.TrimRight(strings.ReplaceAll(cell, " ", ""), "::")
	return slices.ContainsFunc(strings.Fields("合计 小计 总计"), func(end string) bool { return strings.HasSuffix(cell, end) })
}

// passed tells whether a row is a sum, or has nothing in the columns that every row needs: lines to number, to sign.
func (u *Upload) passed(row sheet.Row, l *list) bool {
	if u.left[row.Number] {
		return true
	}
	first := firstCell(row)
	footer := !slices.ContainsFunc(row.Cells, func(cell string) bool { return cell != "" && !begins(cell, signedWords) })
	if isSum(first) || footer && first != "" {
		return true
	}
	if len(sharesOf(u, row)) > 0 { // whoever it is about
		return false
	}
	for _, c := range l.columns {
		if cell := u.Table.Get(row, c.Name); cell != "" && (c.Required || slices.Contains(l.keys, c.Name)) {
			return isSum(cell)
		}
	}
	return true
}
