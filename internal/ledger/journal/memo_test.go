package journal_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
)

// What somebody keeps asking for is worked out once, however much else is; another version is worked out anew; and no more is kept than may
// be.
func TestMemo(t *testing.T) {
	b := booktest.New(t)
	made := map[string]int{}
	ask := func(v *journal.View, key string, version int) int {
		return journal.Memo(v, key, version, func() int { made[key]++; return version })
	}
	b.See("yixian", func(v *journal.View) {
		for i := range 50_000 {
			ask(v, fmt.Sprint("seldom ", i), 1)
			if i%1000 == 0 {
				ask(v, "often", 1)
			}
		}
		if made["often"] != 1 {
			t.Errorf("what is asked for often was worked out %d times", made["often"])
		}
		if ask(v, "seldom 0", 1); made["seldom 0"] != 2 {
			t.Errorf("what nobody asked for was kept: made %d times", made["seldom 0"])
		}
		if got := ask(v, "often", 2); got != 2 || made["often"] != 2 {
			t.Errorf("another version gave %d, made %d times", got, made["often"])
		}
		if got, ok := journal.Recall[int](v, "often"); !ok || got != 2 {
			t.Errorf("recalled %d, %v", got, ok)
		}
	})
}

// The last record of a sort is the one that reading all of them finds, whenever somebody asks.
func TestLastOf(t *testing.T) {
	b := booktest.New(t)
	dice := rand.New(rand.NewPCG(1, 2))
	const county region.Code = "210727000000"
	is := func(kind string) bool { return kind == "RegisterShareholder" }
	for n := range 200 {
		if dice.IntN(4) == 0 {
			b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, n))
		} else {
			b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1")})
		}
		if dice.IntN(3) > 0 {
			continue
		}
		b.See("yixian", func(v *journal.View) {
			list, _, err := v.Journal(county, "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			var want uint64
			for _, j := range list {
				if is(j.Kind) {
					want = max(want, j.Seq)
				}
			}
			if got, err := v.LastOf(county, "households", is); err != nil || got != want {
				t.Fatalf("after %d records the last is %d, want %d (%v)", len(list), got, want, err)
			}
		})
	}
}
