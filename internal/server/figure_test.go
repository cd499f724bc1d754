package server_test

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
)

// A figure leads to a page that says the same figure: of random places, years and quarters.
func TestFiguresAreOnTheirPages(t *testing.T) {
	s := newSite(t)
	c := s.as("jinzhou")
	dice := rand.New(rand.NewPCG(16, 16))
	places := []region.Code{"210700000000", "210727000000", "210727102000", "210727102216", "210727102213", "210727205000", "210727205208"}
	periods := []sums.Period{"2025", "2024", "2026", "2025Q4", "2026Q1", "2025Q1-3", "2026Q1-2"}
	for _, place := range places {
		for _, period := range periods {
			var pages [][3]string
			if err := s.books.Read(journal.Console, func(v *journal.View) error {
				r, err := report.Beside(v, place, period, period.Before())
				if err != nil {
					return err
				}
				for _, g := range report.Groups {
					for _, f := range g.Figures(r) {
						if place.Level() == region.Village && (f.Name == "recorded" || f.Name == "reformed") { // the books themselves
							continue
						}
						if n := f.Of(r.Summary); n != 0 && (period.Quarter() == 0 || dice.IntN(2) == 0) {
							pages = append(pages, [3]string{f.Name, f.Page(r.Summary), f.Unit.Text(n)})
						}
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for _, p := range pages {
				code, body := c.get(p[1])
				if code != 200 || !regexp.MustCompile(`(^|[^0-9,.])`+regexp.QuoteMeta(p[2])+`([^0-9,.]|$)`).MatchString(body) {
					t.Errorf("%s %s, %s: %s (%d) does not say %s", place, period, p[0], p[1], code, p[2])
				}
			}
		}
	}
}
