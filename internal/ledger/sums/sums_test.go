package sums_test

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// noted is a row of a table for these tests: it adds to a flow, to what stands under a name, and to a stock from a year on.
type noted struct {
	Place region.Code `cbor:"1,keyasint"`
	Party string      `cbor:"2,keyasint"`
	Date  string      `cbor:"3,keyasint"`
	N     int         `cbor:"4,keyasint"`
}

var (
	flow  = sums.NewFlow("X")
	stock = sums.NewStock("Z")
	kept  = sums.CountPlaces("kept")
	notes = sums.Folded("testnote", func(_ store.Reader, _ string, n noted, to *sums.Adding) {
		quarter := sums.QuarterOf(journal.Date(n.Date))
		year := sums.YearOf(quarter.Year())
		to.Flow(flow, n.Place, quarter, "sum", int64(n.N))
		to.Flow(flow, n.Place, year, "sum", int64(n.N))
		to.Part(flow, n.Place, n.Party, year, "sum", int64(n.N))
		to.Stock(stock, n.Place, quarter.Year(), kept, int64(n.N))
	})
)

// TestNote puts such a row, or takes it away.
type TestNote struct {
	At    region.Code `cbor:"1,keyasint" json:"at"`
	Key   string      `cbor:"2,keyasint" json:"key"`
	Party string      `cbor:"3,keyasint" json:"party"`
	Date  string      `cbor:"4,keyasint" json:"date"`
	N     int         `cbor:"5,keyasint" json:"n"`
	Gone  bool        `cbor:"6,keyasint" json:"gone"`
}

var _ = journal.Register(&TestNote{}, journal.Kind{Label: "试记", Roles: []journal.Role{journal.Administrator}})

func (e *TestNote) Place() region.Code            { return e.At }
func (e *TestNote) Subject() string               { return string(e.At) }
func (e *TestNote) Check(*journal.Checking) error { return nil }
func (e *TestNote) Apply(a *journal.Applying) {
	if e.Gone {
		notes.Delete(a, string(e.At)+e.Key)
	} else {
		notes.Put(a, string(e.At)+e.Key, noted{e.At, e.Party, e.Date, e.N})
	}
}

// Whatever rows are put, changed and taken away again, the sums of every place are those of the rows that are left; what verify folds anew
// is the same.
func TestSumsAreOfTheirRows(t *testing.T) {
	places := []region.Code{booktest.Yuxin, booktest.Kaizhou, booktest.Elsewhere, "210727102000"}
	above := append([]region.Code{"210727002000", "210727000000"}, places...)
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		rows := map[string]noted{}
		for range rapid.IntRange(1, 30).Draw(rt, "entries") {
			e := &TestNote{At: rapid.SampledFrom(places).Draw(rt, "place"), Key: strconv.Itoa(rapid.IntRange(0, 3).Draw(rt, "key")),
				Party: rapid.SampledFrom([]string{"", "甲", "甲乙"}).Draw(rt, "party"),
				Date:  rapid.SampledFrom([]string{"2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01", "2025-10-01"}).Draw(rt, "date"),
				N:     rapid.IntRange(-2, 3).Draw(rt, "n"), Gone: rapid.IntRange(0, 3).Draw(rt, "gone") == 0}
			b.Record("admin", e)
			if delete(rows, string(e.At)+e.Key); !e.Gone {
				rows[string(e.At)+e.Key] = noted{e.At, e.Party, e.Date, e.N}
			}
		}
		sum := func(fits func(noted) bool) (n int64) {
			for _, row := range rows {
				if fits(row) {
					n += int64(row.N)
				}
			}
			return n
		}
		if err := b.Store().View(func(r store.Reader) error {
			for _, place := range above {
				within := func(n noted) bool { return place.Contains(n.Place) }
				for _, period := range []sums.Period{"2023", "2024", "2025", "2024Q1", "2024Q2", "2024Q3", "2023Q4", "2024Q1-2", "2024Q1-3"} {
					in := func(n noted) bool { return n.Date >= string(period.First()) && n.Date <= string(period.Last()) }
					if got, want := flow.Of(r, place, period).Of("sum"), sum(func(n noted) bool { return within(n) && in(n) }); got != want {
						rt.Errorf("%s %s: %d, the rows come to %d", place, period, got, want)
					}
					if got, want := flow.OwnOf(r, place, period).Of("sum"), sum(func(n noted) bool {
						return n.Place == place && place.Level() < region.Village && in(n)
					}); got != want {
						rt.Errorf("%s %s, its own: %d, the rows come to %d", place, period, got, want)
					}
					for _, party := range []string{"", "甲", "甲乙"} {
						want := sum(func(n noted) bool { return within(n) && in(n) && n.Party == party })
						if got := flow.PartOf(r, place, party, period).Of("sum"); period.Quarter() == 0 && got != want {
							rt.Errorf("%s %s of %q: %d, the rows come to %d", place, period, party, got, want)
						}
					}
				}
				for year := 2022; year <= 2026; year++ {
					until := func(n noted) bool { return within(n) && n.Date <= string(journal.YearEnd(year)) }
					if got, want := stock.Of(r, place).At(kept, year), sum(until); got != want {
						rt.Errorf("%s at the end of %d: %d, the rows come to %d", place, year, got, want)
					}
					some := int64(0)
					for _, village := range places {
						if village.HasCollective() && place.Contains(village) &&
							sum(func(n noted) bool { return n.Place == village && until(n) }) > 0 {
							some++
						}
					}
					if got := stock.Of(r, place).At(sums.Places(kept), year); got != some {
						rt.Errorf("%s at the end of %d: %d villages have any, it is %d", place, year, got, some)
					}
				}
			}
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		b.Verified()
	})
}
