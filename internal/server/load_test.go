package server_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

// posters is how many clients post while pages are looked at.
const posters = 64

// cityPages are what an official looks at, with the city at full size.
var cityPages = []string{
	"/summary/210700000000", "/summary/210700000000?show=items&sort=income.change", "/summary/210727000000", "/summary/210727102000",
	"/summary/210727102216", "/why/210727000000", "/questions/210727000000", "/shells/210700000000?show=worse", "/given/210700000000",
	"/income/210727102216", "/questions/210700000000", "/largest/210700000000",
	"/transformation/210700000000", "/payees/210700000000?year=2025",
	"/summary/210727000000?year=2026Q1-3", "/why/210700000000?figure=paid&year=2025",
}

// BenchmarkCity tells how long pages of the city take, at the median, while so many clients post, each its next entry as soon as the last
// is
// on disk; and beside it, in the same run, without anybody posting. It posts into the folder that SANBIAN_CITY names, which sanbian demo
// --city has filled: give it a copy.
//
//	SANBIAN_CITY=folder go test ./internal/server -run XXX -bench City -benchtime 1x
func BenchmarkCity(b *testing.B) {
	folder := os.Getenv("SANBIAN_CITY")
	if folder == "" {
		b.Skip("SANBIAN_CITY names no folder")
	}
	key, err := seal.Load(folder + ".key")
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(filepath.Join(folder, "sanbian.db"))
	if err != nil {
		b.Fatal(err)
	}
	l, err := journal.Open(s, key, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	h, err := server.New(l, store.OpenFiles(filepath.Join(b.TempDir(), "papers"), key), exchange.BankFormats(), server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(h)
	b.Cleanup(func() { srv.Close(); l.Close(); s.Close() })
	t := &testing.T{}
	c := (&site{t, srv.URL, l}).nobody()
	if code, _ := c.post("/login", url.Values{"account": {"jinzhou"}, "password": {demo.Password}}); code != 303 {
		b.Fatal(code)
	}
	look := func() (all []time.Duration) {
		for range 8 {
			for _, page := range cityPages {
				begun := time.Now()
				if code, _ := c.get(page); code != 200 {
					b.Fatal(page, code)
				}
				all = append(all, time.Since(begun))
			}
		}
		return all
	}
	for b.Loop() {
		look() // what is worked out once
		quiet := look()
		stop, posted := post(b, l)
		busy := look()
		stop()
		for i, page := range cityPages {
			var q, w []time.Duration
			for at := i; at < len(quiet); at += len(cityPages) {
				q, w = append(q, quiet[at]), append(w, busy[at])
			}
			b.Logf("%-60s quiet %6.1f ms, while %d post %6.1f ms", page, ms(q), posters, ms(w))
		}
		b.ReportMetric(ms(quiet), "ms-quiet")
		b.ReportMetric(ms(busy), "ms-busy")
		b.ReportMetric(ms(busy)/ms(quiet), "busy/quiet")
		b.ReportMetric(ms(*posted), "ms-post")
		b.ReportMetric(float64(len(*posted)), "posts")
	}
}

// ms is a median in milliseconds.
func ms(list []time.Duration) float64 {
	list = slices.Sorted(slices.Values(list))
	return float64(list[len(list)/2].Microseconds()) / 1000
}

// post has clients post lines of income about villages all over the city until it is stopped, and tells how long each took.
func post(b *testing.B, l *journal.Ledger) (stop func(), took *[]time.Duration) {
	type place struct {
		village region.Code
		who     journal.Actor
	}
	var villages []region.Code
	if err := l.Read(journal.Console, func(v *journal.View) error {
		for _, d := range office.Divisions(v, "210700000000", region.Village) {
			if d.Code.HasCollective() {
				villages = append(villages, d.Code)
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	var places []place
	for _, village := range villages {
		if who, err := l.Actor("kj-" + village.Cut(region.Township).Prefix()); err == nil { // a few townships have none
			places = append(places, place{village, who})
		}
	}
	var (
		done    atomic.Bool
		working sync.WaitGroup
		lock    sync.Mutex
		n       atomic.Int64
	)
	took = &[]time.Duration{}
	for range posters {
		working.Go(func() {
			for !done.Load() {
				i := n.Add(1)
				at := places[int(i*7919)%len(places)]
				begun := time.Now()
				if _, err := l.Post(at.who, journal.Posting{Entries: []journal.Entry{&income.RecordIncome{Book: string(at.village), Item: "operating",
					Date: journal.DateOf(begun), Amount: money.Yuan(100 + i), Voucher: fmt.Sprint("试", i)}}}); err != nil {
					b.Error(err)
					return
				}
				lock.Lock()
				*took = append(*took, time.Since(begun))
				lock.Unlock()
			}
		})
	}
	for n.Load() < 10*posters { // all of them are at it
		runtime.Gosched()
	}
	return func() { done.Store(true); working.Wait() }, took
}
