package exchange_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/sheet"
)

// A bank's answer is recorded on the days that it says, asked about where nothing of it can be compared, and read without headings, too.
func TestAnswersOfBanks(t *testing.T) {
	b, id := batch(t)
	var lines []dividend.NumberedLine
	b.See("kj-yuxin", func(v *journal.View) {
		if err := dividend.EachBatchLine(v, id, register.Revealed{},
			func(l dividend.NumberedLine) error { lines = append(lines, l); return nil }); err != nil {
			t.Fatal(err)
		}
	})
	today := journal.DateOf(b.Time)
	fill := func(s string) string {
		for i, l := range lines {
			n := string(rune('1' + i))
			s = strings.NewReplacer("NAME"+n, l.Name, "SUM"+n, l.Amount.String(), "TODAY", string(today)).Replace(s)
		}
		return s
	}
	for _, x := range []struct {
		name, file   string
		columns      map[string]string
		doubt, fault string
		days         int // entries: one for each day
	}{
		{name: "no day of its own", file: "序号,户名,结果\n1,NAME1,成功\n2,NAME2,成功\n", days: 1},
		{name: "the day that was typed", file: "序号,户名,结果,入账日期\n1,NAME1,成功,TODAY\n", days: 1},
		{name: "another day", file: "序号,户名,结果,入账日期\n1,NAME1,成功,2030-01-02\n2,NAME2,成功,20300102\n", doubt: "银行写的日期是 2030-01-02", days: 1},
		{name: "two days", file: "序号,户名,结果,记账日期\n1,NAME1,成功,2030-01-02\n2,NAME2,失败,TODAY\n", doubt: "银行写的日期是 2030-01-02", days: 2},
		{name: "a day that is none", file: "序号,户名,结果,入账日期\n1,NAME1,成功,2030-02-31\n", fault: "2030-02-31"},
		{name: "two columns of days", file: "序号,户名,结果,入账日期,交易日期\n1,NAME1,成功,TODAY,TODAY\n", fault: "请选一个略过"},
		{name: "one of them left out", file: "序号,户名,结果,入账日期,交易日期\n1,NAME1,成功,TODAY,2030-01-02\n",
			columns: map[string]string{"交易日期": sheet.Leave}, days: 1},
		{name: "two columns of one name, one left out", file: "序号,户名,结果,日期,日期\n1,NAME1,成功,TODAY,2030-01-02\n",
			columns: map[string]string{"日期 (E)": sheet.Leave}, days: 1},
		{name: "numbers and results alone", file: "序号,结果\n1,成功\n", doubt: "没有户名、账号或金额可以核对", days: 1},
		{name: "no headings", file: "H|YS0001|2|SUM1\nD|1|NAME1|SUM1|0000|成功\nD|2|NAME2|SUM2|0000|成功\nT|2|x|x|x|\n", fault: "没有找到表头"},
		{name: "no headings, the columns said", file: "H|YS0001|2|SUM1\nD|1|NAME1|SUM1|0000|成功\nD|2|NAME2|SUM2|0000|成功\nT|2|x\n",
			columns: map[string]string{"A 列": sheet.Leave, "B 列": "line", "C 列": "name", "D 列": "amount", "E 列": sheet.Leave, "F 列": "state"},
			days:    1},
	} {
		t.Run(x.name, func(t *testing.T) {
			b.See("kj-yuxin", func(v *journal.View) {
				u, err := exchange.Read(strings.NewReader(fill(x.file)), v, exchange.Purpose{Kind: exchange.Results, Village: v.Who().Region, Batch: id,
					Date: string(today)}, sheet.Layout{Columns: x.columns})
				if err != nil {
					t.Fatal(err)
				}
				if len(u.Faults) > 0 && x.fault == "" {
					t.Logf("%+v", u.Table.Heads)
				}
				if said := u.Faults.Error(); x.fault == "" && said != "" || !strings.Contains(said, x.fault) {
					t.Errorf("faults %q, want %q", said, x.fault)
				}
				if said := u.Doubts.Error(); x.doubt == "" && said != "" || !strings.Contains(said, x.doubt) {
					t.Errorf("doubts %q, want %q", said, x.doubt)
				}
				if x.fault == "" && u.Entries != x.days {
					t.Errorf("%d entries, want %d", u.Entries, x.days)
				}
			})
		})
	}
}
