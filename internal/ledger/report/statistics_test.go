package report_test

import (
	"strings"
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
		n, wan := map[string]int64{}, map[string]int64{}
		for _, l := range s.Lines {
			n[l.Line], wan[l.Line] = l.N, l.Wan
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
		formulas := ""
		for _, l := range s.Lines {
			if len(l.Of) == 0 {
				continue
			}
			formulas += l.Line + "=" + l.Formula() + " "
			var inYuan, inWan int64
			for _, part := range l.Of {
				sign := int64(1)
				if strings.HasPrefix(part, "−") {
					sign, part = -1, strings.TrimPrefix(part, "−")
				}
				inYuan, inWan = inYuan+sign*n[part], inWan+sign*wan[part]
			}
			if l.N != inYuan || l.Wan != inWan {
				t.Errorf("%s=%s does not hold: %d is not %d, or in 万元 %d not %d", l.Line, l.Formula(), l.N, inYuan, l.Wan, inWan)
			}
		}
		if want := "7=1+2+3−4−5 11=7+8+9−10 14=11+12+13 15=16+17+18+19+20 21=14−15 22=23+24 25=26+27+28 "; formulas != want {
			t.Errorf("the formulas are %s, want %s", formulas, want)
		}
		for line, want := range map[string]int64{"1": 6_00, "8": 50, "10": 10, "11": 5_50, "22": 0} { // 5,000.50 is 0.50, 1,000.01 is 0.10
			if wan[line] != want {
				t.Errorf("line %s in 万元 is %d, want %d", line, wan[line], want)
			}
		}
		if s.Villages != 3 || s.Missing != 1 {
			t.Errorf("%d villages, %d without a line", s.Villages, s.Missing)
		}
	})
}
