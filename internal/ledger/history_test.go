package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// model is the books as plain Go keeps them.
type model struct {
	lines  []modelLine
	issues []modelIssue
	closed map[int]bool
}

type modelLine struct {
	id, item, date string
	amount         money.Yuan
	reversed       bool
}

type modelIssue struct {
	holder   int
	date     string
	quantity money.Quantity
}

// heldOn is what each holder had at the end of a day.
func (m *model) heldOn(date string) map[int]money.Quantity {
	held := map[int]money.Quantity{}
	for _, i := range m.issues {
		if i.date <= date {
			held[i.holder] += i.quantity
		}
	}
	return held
}

// Random histories of entries, good and bad, leave the ledger as they leave the model: sums by year and item, the register as of any day,
// and what each holder gets; and the journal folds into the same tables.
func TestRandomHistories(t *testing.T) {
	dates := rapid.Map(rapid.IntRange(0, 6*12*28-1), func(n int) string {
		return fmt.Sprintf("%d-%02d-%02d", 2020+n/336, 1+n/28%12, 1+n%28)
	})
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		entity, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 5)
		class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit})[0]
		m := &model{closed: map[int]bool{}}
		items := []string{"operating", "investment", "subsidy", "management", "operating_cost"}
		id := "" // of what was posted last
		post := func(e journal.Entry) error {
			account := "kj-yuxin"
			if _, ok := e.(*office.CloseYear); ok {
				account = "sh-qilihe"
			}
			r, err := b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{e}})
			id = strings.Join(r.IDs, "")
			return err
		}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			date := dates.Draw(rt, "date")
			year := journal.Date(date).Year()
			switch rapid.SampledFrom([]string{"income", "income", "reverse", "issue", "issue", "close"}).Draw(rt, "what") {
			case "income":
				e := &income.RecordIncome{Book: booktest.Yuxin, Item: rapid.SampledFrom(items).Draw(rt, "item"), Date: journal.Date(date),
					Amount: money.Yuan(rapid.Int64Range(-10, 1e9).Draw(rt, "amount"))}
				if err := post(e); (err == nil) != (e.Amount > 0 && !m.closed[year]) {
					rt.Fatalf("%+v in closed %v: %v", e, m.closed, err)
				} else if err == nil {
					m.lines = append(m.lines, modelLine{id, e.Item, date, e.Amount, false})
				}
			case "reverse":
				if len(m.lines) == 0 {
					continue
				}
				l := &m.lines[rapid.IntRange(0, len(m.lines)-1).Draw(rt, "line")]
				e := &income.ReverseIncome{Income: l.id, Reason: "记错"}
				if err := post(e); (err == nil) != (!l.reversed && !m.closed[journal.Date(l.date).Year()]) {
					rt.Fatalf("reverse %+v: %v", l, err)
				} else if err == nil {
					l.reversed = true
					m.lines = append(m.lines, modelLine{id, l.item, l.date, -l.amount, true})
				}
			case "issue":
				h := rapid.IntRange(0, 4).Draw(rt, "holder")
				e := &register.IssueShares{Class: class, Holder: holders[h],
					Quantity: money.Quantity(rapid.Int64Range(-5, 50_0000).Draw(rt, "quantity")), Date: journal.Date(date)}
				if err := post(e); (err == nil) != (e.Quantity > 0) {
					rt.Fatalf("%+v: %v", e, err)
				} else if err == nil {
					m.issues = append(m.issues, modelIssue{h, date, e.Quantity})
				}
			case "close":
				if err := post(&office.CloseYear{Village: booktest.Yuxin, Year: year}); (err == nil) == m.closed[year] {
					rt.Fatalf("close %d, closed %v: %v", year, m.closed, err)
				}
				for y := 2020; y <= year; y++ { // and all before it
					m.closed[y] = true
				}
			}
		}
		year := rapid.IntRange(2020, 2025).Draw(rt, "year")
		compareBooks(rt, b, m, year)
		compareRegister(rt, b, m, entity, class, holders, dates.Draw(rt, "record date"))
		if _, err := booktest.Verify(b); err != nil {
			rt.Fatal(err)
		}
	})
}

func compareBooks(t *rapid.T, b *booktest.Books, m *model, year int) {
	b.See("yixian", func(v *journal.View) {
		s, err := income.StatementOf(v, booktest.Yuxin, year)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range income.Items {
			var want money.Yuan
			for _, l := range m.lines {
				if l.item == item.Code && journal.Date(l.date).Year() == year {
					want += l.amount
				}
			}
			if got := s.Items[item.Code]; got != want {
				t.Fatalf("%d %s: %s, the model has %s", year, item.Code, got, want)
			}
		}
	})
}

// compareRegister drafts a plan on a record date: who takes part, with how much, and that a pool over them adds up.
func compareRegister(t *rapid.T, b *booktest.Books, m *model, entity, class string, holders []string, date string) {
	held := m.heldOn(date)
	pool := money.Yuan(12345)
	d := plan.Distribution{ID: entity + "D202500", Entity: entity, RecordDate: journal.Date(date),
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: pool}}}
	b.See("yixian", func(v *journal.View) {
		figures, _, due, err := dividend.Preview(v, d)
		if len(held) == 0 {
			if !booktest.CodeIs(err, journal.Conflict) {
				t.Fatalf("nobody holds anything on %s: %v", date, err)
			}
			return
		}
		if err != nil || due != pool || len(figures) != len(held) {
			t.Fatalf("%d holders on %s, the model has %d; due %s, %v", len(figures), date, len(held), due, err)
		}
		var sum money.Yuan
		for _, f := range figures {
			sum += f.Due()
			for i, h := range holders {
				if h == f.Holder && f.Parts[0].Quantity != held[i] {
					t.Fatalf("holder %d had %s on %s, the model has %s", i, f.Parts[0].Quantity, date, held[i])
				}
			}
		}
		if sum != pool {
			t.Fatalf("the parts add up to %s", sum)
		}
	})
}
