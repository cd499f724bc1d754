package exchange

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/sheet"
)

// sumWords are the words by which a line of sums begins; signedWords those by which the cells of a line for people do.
const (
	sumWords    = "合计 共计 总数 总计 小计 累计 大写 本页小计 本页合计 本月合计 本年合计"
	signedWords = "制表 填表 填报 审核 复核 审批 经办 会计 出纳 负责人 备注 村委会 日期 共 村会计 村主任 村书记 签字 盖章 签章 监督 组长 法定代表人 主管 统计 时间 填报 截止 报表 领导 理事长 监事"
)

// begins tells whether a cell begins with one of some words.
func begins(cell, words string) bool {
	cell = strings.ReplaceAll(cell, " ", "")
	return slices.ContainsFunc(strings.Fields(words), func(word string) bool { return strings.HasPrefix(cell, word) })
}

// firstCell is what a row begins with, "" of an empty one.
func firstCell(row sheet.Row) string { return cmp.Or(row.Cells...) }

// ledgerSums are the lines of sums that a book of accounts has, and those of programs.
var ledgerSums = regexp.MustCompile(`^(本[日周月季年页]|上[年月页])?(合计|累计|小计|结转|余额)|^(承前页|过次页|转下页|期初|期末|月结|年结)|^共\d+[户人笔行]|^(?i)(sub)?total$`)

// isSum tells whether a cell begins a line of sums: 合计, 一组小计, 全村总计:.
func isSum(cell string) bool {
	if begins(cell, sumWords) || ledgerSums.MatchString(strings.ReplaceAll(cell, " ", "")) {
		return true
	}
	cell = strings.TrimRight(strings.ReplaceAll(cell, " ", ""), ":")
	return slices.ContainsFunc(strings.Fields("合计 小计 总计 共计 累计"), func(end string) bool { return strings.HasSuffix(cell, end) })
}

// passed tells whether a row is a sum, or has nothing in the columns that every row needs: lines to number, to sign.
func (u *Upload) passed(row sheet.Row, l *list) bool {
	if u.left[row.Number] {
		return true
	}
	if row.Run || u.complete(row, l) {
		return false
	}
	first := firstCell(row)
	footer := !slices.ContainsFunc(row.Cells, func(cell string) bool { return cell != "" && !begins(cell, signedWords) })
	if isSum(first) || footer && first != "" || sheet.IsGroupTitle(first) && onlyNumbers(u.Table, row) {
		return true
	}
	if len(sharesOf(u, row)) > 0 { // whoever it is about
		return false
	}
	said := false
	for _, c := range l.columns {
		if cell := u.Table.Get(row, c.Name); cell != "" && (c.Required || slices.Contains(l.keys, c.Name)) {
			if said = true; isSum(cell) { // 2026-03-31, 本月合计
				return true
			}
		}
	}
	return !said && !slices.ContainsFunc(strings.Fields(tellingColumns), func(c string) bool { return u.Table.Get(row, c) != "" })
}

// tellingColumns are those that make a row somebody's, whatever else is missing in it.
const tellingColumns = "phone card account members relation member certificate plot contract"

// onlyNumbers tells whether a row has nothing but numbers behind its first cell.
func onlyNumbers(t *sheet.Table, row sheet.Row) bool {
	first := true
	for i, cell := range row.Cells {
		if cell != "" && !first && !t.IsNumber(t.Columns[i]) {
			return false
		}
		first = first && cell == ""
	}
	return true
}

// complete tells whether a row has all that every row needs: it is data, whatever its first cell says.
func (u *Upload) complete(row sheet.Row, l *list) bool {
	keyed := len(l.keys) == 0
	for _, c := range l.columns {
		cell := u.Table.Get(row, c.Name)
		if c.Required && (cell == "" || isSum(cell)) {
			return false
		}
		keyed = keyed || cell != "" && slices.Contains(l.keys, c.Name)
	}
	return keyed
}
