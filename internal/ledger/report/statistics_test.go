package report_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

// The statistics hold their own formulas, put a village at the bound of a group into the higher one, and leave out who has no book.
func TestStatistics(t *testing.T) {
	b := booktest.New(t)
	line := func(account, village, item, amount string) {
		b.Record(account, &income.RecordIncome{Book: village, Item: item, Date: "2023-06-01", Amount: booktest.Yuan(amount)})
	}
	line("kj-yuxin", booktest.Yuxin, "operating", "60000")
	line("kj-yuxin", booktest.Yuxin, "management", "10000") // 50,000 of operating gain: 含下不含上
	line("kj-yuxin", booktest.Yuxin, "subsidy", "5000.50")
	line("kj-kaizhou", booktest.Kaizhou, "contracting", "1000")
	line("kj-kaizhou", booktest.Kaizhou, "other_expense", "1000.01")
	b.See("yixian", func(v *journal.View) {
		s, err := report.StatisticsOf(v, region.Code("210727000000"), 2023)
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int64{}
		for _, l := range s.Lines {
			n[l.Line] = l.N
		}
		for _, c := range []struct {
			line string
			want int64
		}{{"1", 60_000_00}, {"2", 1_000_00}, {"5", 10_000_00}, {"7", 51_000_00}, {"8", 5_000_50}, {"10", 1_000_01}, {"11", 55_000_49},
			{"22", 2}, {"23", 1}, {"24", 1}, {"25", 2}, {"26", 1}, {"27", 1}, {"28", 0}} {
			if n[c.line] != c.want {
				t.Errorf("line %s is %d, want %d", c.line, n[c.line], c.want)
			}
		}
		for _, holds := range []struct {
			formula string
			ok      bool
		}{{"7=1+2+3-4-5", n["7"] == n["1"]+n["2"]+n["3"]-n["4"]-n["5"]}, {"11=7+8+9-10", n["11"] == n["7"]+n["8"]+n["9"]-n["10"]},
			{"14=11+12+13", n["14"] == n["11"]+n["12"]+n["13"]}, {"21=14-15", n["21"] == n["14"]-n["15"]},
			{"22=23+24", n["22"] == n["23"]+n["24"]}, {"25=26+27+28", n["25"] == n["26"]+n["27"]+n["28"]}} {
			if !holds.ok {
				t.Errorf("%s does not hold: %v", holds.formula, n)
			}
		}
		if s.Villages != 3 || s.Missing != 1 {
			t.Errorf("%d villages, %d without a line", s.Villages, s.Missing)
		}
	})
}
