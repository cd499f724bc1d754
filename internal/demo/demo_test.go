package demo_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

// fill fills a demonstration into a folder and opens it as the program would.
func fill(t testing.TB, path string) (*journal.Ledger, store.Store) {
	t.Helper()
	return filled(t, path, "2026-03-01", func(l *journal.Ledger, clock *demo.Clock) error {
		return errors.Join(demo.Fill(l, clock), demo.Fill(l, clock)) // a second filling does nothing
	})
}

// filled fills books into a folder and opens them on a day.
func filled(t testing.TB, path, day string, fill func(*journal.Ledger, *demo.Clock) error) (*journal.Ledger, store.Store) {
	t.Helper()
	key, err := sealtest.Create(path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	clock := &demo.Clock{}
	l, err := journal.Open(s, key, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.InOneGo(s, func() error { return fill(l, clock) }); err != nil {
		t.Fatal(err)
	}
	l.Close()
	on, err := time.ParseInLocation(time.DateOnly, day, journal.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	l, err = journal.Open(s, key, func() time.Time { return on.Add(9 * time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); s.Close() })
	return l, s
}

func TestFill(t *testing.T) {
	dir := t.TempDir()
	l, s := fill(t, filepath.Join(dir, "a.db"))
	who, err := l.Actor("yixian")
	if err != nil {
		t.Fatal(err)
	}
	var recorded string
	if err := l.Read(who, func(v *journal.View) error {
		if !v.Demo() {
			t.Error("the books do not say that they are a demonstration")
		}
		county := region.MustParse("210727")
		if y := report.LatestYear(v, county); y != 2025 {
			t.Errorf("the summary opens with %d", y)
		}
		r, err := report.ReportOf(v, county, 2025)
		if err != nil {
			return err
		}
		if r.Summary.Villages != 239 || r.Shareholders < 2000 || r.Paid == 0 || r.Failed == 0 || r.Waiting == 0 {
			t.Errorf("summary %+v", r.Summary)
		}
		var counts []int
		for _, y := range r.Trend {
			counts = append(counts, y.Shells)
		}
		if len(counts) < 7 || counts[0] < 50 || counts[6] != 0 {
			t.Errorf("empty shells by year: %v", counts)
		}
		for i := 1; i < len(counts); i++ {
			if counts[i] > counts[i-1] {
				t.Errorf("empty shells rise: %v", counts)
			}
		}
		kinds, err := register.EntityCount(v, county)
		if err != nil {
			return err
		}
		for k, least := range map[register.EntityKind]int{register.StockCooperative: 3, register.SpecialisedCooperative: 3,
			register.Enterprise: 3,
			register.FamilyFarm: 3, register.GroupCollective: 1, register.TownshipCollective: 1} {
			if kinds[k] < least {
				t.Errorf("only %d of %s", kinds[k], k)
			}
		}
		states := map[journal.Label]int{}
		list, err := dividend.Distributions(v, county, 2025, nil)
		if err != nil {
			return err
		}
		for _, d := range list {
			states[d.Label()]++
		}
		for _, want := range []journal.Label{"草稿", "待审核", "已退回", "已作废", "已公示,待发放", "发放中", "结清"} {
			if states[want] == 0 {
				t.Errorf("no distribution is %s: %v", want, states)
			}
		}
		j, _, err := v.Journal(county, "", 1)
		recorded = j[0].Kind
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if recorded == "" {
		t.Error("no journal")
	}
	scratch, err := store.OpenScratch(filepath.Join(dir, "scratch"))
	if err != nil {
		t.Fatal(err)
	}
	defer scratch.Close()
	key, err := seal.Load(filepath.Join(dir, "a.db.key"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := journal.Verify(s, scratch, key); err != nil || n.Records < 15000 || n.Opened < 3000 || n.Unbound > 0 {
		t.Errorf("verify: %+v, %v", n, err)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		fill(b, filepath.Join(b.TempDir(), "a.db"))
	}
}
