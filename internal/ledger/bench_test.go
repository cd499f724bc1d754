package ledger_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// dump reads every key and value of a store, by bucket.
func dump(b *testing.B, s store.Store) map[string][][2][]byte {
	all := map[string][][2][]byte{}
	names, err := s.Buckets()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.View(func(r store.Reader) error {
		for _, name := range names {
			for k, v := range r.Scan(name, "", "") {
				all[name] = append(all[name], [2][]byte{[]byte(k), append([]byte(nil), v...)})
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return all
}

// newKeys keeps what stands in after and not, or not so, in before: the bytes that the work between them wrote.
func newKeys(before, after map[string][][2][]byte) map[string][][2][]byte {
	written := map[string][][2][]byte{}
	for name, rows := range after {
		old := map[string]string{}
		for _, kv := range before[name] {
			old[string(kv[0])] = string(kv[1])
		}
		for _, kv := range rows {
			if v, ok := old[string(kv[0])]; !ok || v != string(kv[1]) {
				written[name] = append(written[name], kv)
			}
		}
	}
	return written
}

// floor has raw bbolt put the bytes into an empty file, durably, in one transaction.
func floor(b *testing.B, written map[string][][2][]byte) time.Duration {
	db := rawBolt(b)
	start := time.Now()
	if err := db.Update(func(tx *bbolt.Tx) error {
		for name, rows := range written {
			bucket, err := tx.CreateBucketIfNotExists([]byte(name))
			if err != nil {
				return err
			}
			for _, kv := range rows {
				if err := bucket.Put(kv[0], kv[1]); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func rawBolt(b *testing.B) *bbolt.DB {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 1 << 28, // as large as it will get
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

func reportRate(b *testing.B, n int, took, floor time.Duration, unit string) {
	b.ReportMetric(float64(n)/took.Seconds(), unit+"/s")
	b.ReportMetric(took.Seconds()/floor.Seconds(), "x-floor")
	b.ReportMetric(0, "ns/op")
}

// Durable posts by so many clients, each waiting for its own acknowledgement before the next. The floor is raw bbolt putting records
// of the same size from as many clients through db.Batch.
func BenchmarkPost(b *testing.B) {
	for _, clients := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			for b.Loop() {
				total := 250 * min(clients, 64)
				books := booktest.New(b)
				who := books.As("kj-yuxin")
				took := together(clients, total, func(i int) {
					if _, err := books.Post(who, journal.Posting{Entries: []journal.Entry{&income.RecordIncome{
						Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: booktest.Yuan("1284.60"), Party: "大棚承包户", Voucher: fmt.Sprint(i),
					}}}); err != nil {
						b.Error(err)
					}
				})
				db := rawBolt(b)
				value := make([]byte, 420) // a post's journal record, line, sums, index and chain end
				under := together(clients, total, func(i int) {
					put := db.Batch
					if clients == 1 {
						put = db.Update
					}
					if err := put(func(tx *bbolt.Tx) error {
						bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
						if err != nil {
							return err
						}
						return bucket.Put([]byte(fmt.Sprintf("%012d", i)), value)
					}); err != nil {
						b.Error(err)
					}
				})
				reportRate(b, total, took, under, "posts")
			}
		})
	}
}

// together runs f total times from so many clients and returns how long all took.
func together(clients, total int, f func(i int)) time.Duration {
	var wg sync.WaitGroup
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			for i := c; i < total; i += clients {
				f(i)
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// An upload of 50,000 households: checked, sealed, journalled, indexed.
func BenchmarkUpload(b *testing.B) {
	const rows = 50_000
	for b.Loop() {
		books := booktest.New(b)
		before := dump(b, books.Store())
		entries := make([]journal.Entry, rows)
		for i := range entries {
			entries[i] = booktest.Household(booktest.Yuxin, i)
		}
		who := books.As("kj-yuxin")
		start := time.Now()
		if _, err := books.Post(who, journal.Posting{Entries: entries}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		reportRate(b, rows, took, floor(b, newKeys(before, dump(b, books.Store()))), "rows")
	}
}

// A distribution over 50,000 holders: the register as of the record date, apportioned, journalled, a payout each.
func BenchmarkDistribution(b *testing.B) {
	const holders = 50_000
	for b.Loop() {
		books := booktest.New(b)
		entity, _, land, _ := books.Cooperative("kj-yuxin", booktest.Yuxin, holders)
		books.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01",
			Amount: booktest.Yuan("9000000")})
		id := books.Record("kj-yuxin", &dividend.DraftDistribution{
			Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("1234567.89")}},
		})[0]
		before := dump(b, books.Store())
		who := books.As("kj-yuxin")
		start := time.Now()
		if _, err := books.Post(who, journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		reportRate(b, holders, took, floor(b, newKeys(before, dump(b, books.Store()))), "payouts")
	}
}

// The summary of a county of 240 villages with eight years of books. The floor reads the same tables' bytes.
func BenchmarkCountySummary(b *testing.B) {
	books := booktest.New(b)
	var places, lines []journal.Entry
	for n := range 240 {
		code := fmt.Sprintf("2107271%02d2%02d", 10+n/15, n%15)
		if n%15 == 0 {
			places = append(places, &office.NameDivision{Code: region.MustParse(code[:9]), Name: "镇"})
		}
		places = append(places, &office.NameDivision{Code: region.MustParse(code), Name: "村民委员会"})
	}
	if _, err := books.Post(books.As("admin"), journal.Posting{Entries: places}); err != nil {
		b.Fatal(err)
	}
	for town := 110; town < 126; town++ {
		account := fmt.Sprintf("kj-%d", town)
		if _, err := books.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
			&office.AddAccount{Name: account, Role: journal.Accountant, Region: region.MustParse(fmt.Sprintf("210727%d", town)),
				Hash: "h"}}}); err != nil {
			b.Fatal(err)
		}
		lines = nil
		for n := range 15 {
			for y := 2018; y < 2026; y++ {
				for _, item := range []string{"operating", "investment", "subsidy", "management"} {
					lines = append(lines, &income.RecordIncome{
						Book: fmt.Sprintf("210727%d2%02d", town, n), Item: item, Date: journal.Date(fmt.Sprintf("%d-06-01", y)),
						Amount: booktest.Yuan("70000"),
					})
				}
			}
		}
		books.Record(account, lines...)
	}
	books.Query(b, func(v *journal.View) error { _, err := report.ReportOf(v, "210727000000", 2025); return err },
		map[string]string{"division": "210727", "tally": "210727", "total": "210727", "distribution": "210727"})
}

// The three transformations of a county with 100,000 shareholders in two villages who hold two classes each, and the register of one class
// as of a day. The floor reads the same tables' bytes.
func BenchmarkTransformation(b *testing.B) {
	books := booktest.New(b)
	_, _, land, holders := books.Cooperative("kj-yuxin", booktest.Yuxin, 50_000)
	books.Cooperative("kj-kaizhou", booktest.Kaizhou, 50_000)
	var put []journal.Entry
	for i, h := range holders {
		put = append(put, &register.RecordContribution{Class: land, Holder: h, Kind: register.Farmland, Area: booktest.Units("1.5"),
			Value:  booktest.Yuan("3000"),
			Shares: booktest.Units("1.5"), Date: journal.Date(fmt.Sprintf("20%02d-05-01", 20+i%5))})
	}
	books.Record("kj-yuxin", put...)
	for _, c := range []struct {
		name   string
		query  func(v *journal.View) error
		tables map[string]string
	}{
		{"county", func(v *journal.View) error {
			_, err := report.TransformationOf(v, "210727000000", 2025)
			return err
		},
			map[string]string{"movement": "210727", "shareholder": "210727", "contribution": "210727", "class": "210727"}},
		{"register", func(v *journal.View) error { _, err := register.RegisterOn(v, land, "2022-12-31"); return err },
			map[string]string{"movement": land}},
	} {
		b.Run(c.name, func(b *testing.B) { books.Query(b, c.query, c.tables) })
	}
}
