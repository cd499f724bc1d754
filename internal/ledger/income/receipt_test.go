package income_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
)

// Whatever is booked, linked, reversed, moved and let off: a contract has received what its standing lines come to, and its receipts are
// these lines.
func TestReceiptsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		defer b.Close()
		var contracts []string
		for _, thing := range []string{"鱼塘", "门市"} {
			contracts = append(contracts, b.Record("kj-yuxin", &income.RecordContract{Book: booktest.Yuxin, Kind: income.Lease, Asset: income.Other,
				Thing: thing, Party: "测试户", From: "2025-01-01", To: "2030-12-31", Rent: booktest.Yuan("1000")})[0])
		}
		type known struct {
			amount   money.Yuan
			contract string
			item     string
			stands   bool
		}
		lines := map[string]*known{}
		var ids []string
		add := func(id string, k known) { lines[id], ids = &k, append(ids, id) }
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			step := rapid.IntRange(0, 4).Draw(rt, "step")
			if len(ids) == 0 {
				step = 0
			}
			if step == 0 {
				k := known{money.Yuan(rapid.IntRange(1, 9000_00).Draw(rt, "amount")), rapid.SampledFrom(append(contracts, "")).Draw(rt, "by"),
					"operating", true}
				add(b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-02-01", Amount: k.amount,
					Contract: k.contract})[0], k)
				continue
			}
			id := rapid.SampledFrom(ids).Draw(rt, "line")
			k := lines[id]
			if !k.stands {
				continue
			}
			switch step {
			case 1:
				b.Record("kj-yuxin", &income.ReverseIncome{Income: id, Reason: "x"})
				k.stands = false
			case 2:
				to := map[string]string{"operating": "investment", "investment": "operating"}[k.item]
				b.Record("kj-yuxin", &income.MoveIncome{Income: id, Item: to, Date: "2026-02-20", Reason: "x"})
				k.stands = false
				b.See("kj-yuxin", func(v *journal.View) {
					all, err := income.Incomes(v, booktest.Yuxin, 2026, "")
					if err != nil {
						rt.Fatal(err)
					}
					add(all[len(all)-1].ID, known{k.amount, k.contract, to, true})
				})
			case 3:
				to := rapid.SampledFrom(contracts).Draw(rt, "to")
				if k.contract == "" {
					b.Record("kj-yuxin", &income.LinkIncome{Income: id, Contract: to})
					k.contract = to
				} else {
					b.Refuses("kj-yuxin", journal.Conflict, "income", &income.LinkIncome{Income: id, Contract: to})
				}
			case 4:
				if k.contract != "" {
					b.Record("kj-yuxin", &income.LinkIncome{Income: id})
					k.contract = ""
				}
			}
		}
		for _, contract := range contracts {
			var want money.Yuan
			var of []string
			for _, id := range ids {
				if k := lines[id]; k.stands && k.contract == contract {
					want, of = want+k.amount, append(of, id)
				}
			}
			slices.Sort(of)
			b.See("kj-yuxin", func(v *journal.View) {
				c, err := income.ContractOf(v, contract)
				if err != nil || c.Received != want {
					rt.Fatalf("%s has received %s, its lines come to %s (%v)", contract, c.Received, want, err)
				}
				got, err := income.Receipts(v, contract)
				if err != nil || !slices.EqualFunc(got, of, func(i income.Income, id string) bool { return i.ID == id }) {
					rt.Fatalf("the receipts of %s are %v, not %v (%v)", contract, got, of, err)
				}
			})
		}
		b.Verified()
	})
}

// What the checks find, each by itself, on 2026-03-01.
func TestContractChecks(t *testing.T) {
	type terms = income.RecordContract
	for _, c := range []struct {
		name   string
		change func(*terms)
		paid   string
		others []func(*terms)
		want   string
	}{
		{name: "nothing but what every new one lacks", change: func(*terms) {}, want: "resolution paper"},
		{name: "a resolution is named", change: func(e *terms) { e.Resolution = "2026-01" }, want: "paper"},
		{name: "due yesterday", change: func(e *terms) { e.First = "2026-02-28" }, want: "overdue resolution paper"},
		{name: "due yesterday, and paid", change: func(e *terms) { e.First = "2026-02-28" }, paid: "1000", want: "resolution paper"},
		{name: "due yesterday, and paid but for a 分", change: func(e *terms) { e.First = "2026-02-28" }, paid: "999.99",
			want: "overdue resolution paper"},
		{name: "due today", change: func(e *terms) { e.First = "2026-03-01" }, want: "resolution paper"},
		{name: "ends in ninety days", change: func(e *terms) { e.To = "2026-05-30" }, want: "expiring resolution paper"},
		{name: "ends in ninety-one days", change: func(e *terms) { e.To = "2026-05-31" }, want: "resolution paper"},
		{name: "ended two months ago", change: func(e *terms) { e.From, e.To, e.Rent, e.InKind = "2025-01-01", "2025-12-31", 0, "稻谷" },
			want: "expired"},
		{name: "farmland beyond the round", change: func(e *terms) { e.To = "2029-01-01" }, want: "term resolution paper"},
		{name: "farmland to the round's end", change: func(e *terms) { e.To = "2028-12-31" }, want: "resolution paper"},
		{name: "waste land for fifty years", change: func(e *terms) { e.Asset, e.To = income.Waste, "2076-02-29" }, want: "resolution paper"},
		{name: "waste land for a day more", change: func(e *terms) { e.Asset, e.To = income.Waste, "2076-03-02" }, want: "term resolution paper"},
		{name: "a shop for twenty years", change: func(e *terms) { e.Kind, e.Asset, e.To = income.Lease, income.Building, "2046-02-28" },
			want: "resolution paper"},
		{name: "a shop for longer", change: func(e *terms) { e.Kind, e.Asset, e.To = income.Lease, income.Building, "2046-12-31" },
			want: "term resolution paper"},
		{name: "paid for two years", change: func(*terms) {}, paid: "2000", want: "resolution paper prepaid"},
		{name: "paid for one", change: func(*terms) {}, paid: "1000", want: "resolution paper"},
		{name: "below the average", change: func(*terms) {}, others: []func(*terms){func(e *terms) { e.Rent += 1 }},
			want: "resolution paper low"},
		{name: "at the average", change: func(*terms) {}, others: []func(*terms){func(*terms) {}}, want: "resolution paper"},
		{name: "below one in kind only", change: func(*terms) {}, others: []func(*terms){func(e *terms) { e.Rent, e.InKind = e.Rent*2, "稻谷" }},
			want: "resolution paper"},
		{name: "one party with three", change: func(*terms) {}, others: []func(*terms){func(e *terms) { e.Party = "测试户" },
			func(e *terms) { e.Party = "测试户" }}, want: "resolution paper many"},
		{name: "one party with three, one of them not begun", change: func(*terms) {}, others: []func(*terms){func(e *terms) { e.Party = "测试户" },
			func(e *terms) { e.Party, e.From, e.First = "测试户", "2026-03-02", "" }}, want: "resolution paper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "farmland_round_end", Value: "2028-12-31", From: "2020-01-01",
				Reason: "本轮"})
			record := func(thing, party string, change func(*terms)) string {
				e := &terms{Book: booktest.Yuxin, Kind: income.Letting, Asset: income.Farmland, Thing: thing, Party: party, From: "2026-03-01",
					To: "2028-02-29", Rent: booktest.Yuan("1000"), Area: booktest.Units("10"), First: "2026-03-01"}
				change(e)
				return b.Record("kj-yuxin", e)[0]
			}
			id := record("地", "测试户", c.change)
			for i, change := range c.others {
				record("另一块地"+strconv.Itoa(i), "另一户"+strconv.Itoa(i), change)
			}
			if c.paid != "" {
				b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2026-03-01", Amount: booktest.Yuan(c.paid),
					Contract: id})
			}
			b.See("yixian", func(v *journal.View) {
				s, err := income.ContractStateOf(v, id)
				var got []string
				for _, x := range s.Concerns {
					got = append(got, x.Name)
				}
				if found := strings.Join(got, " "); err != nil || found != c.want {
					t.Errorf("found %q, want %q (%v)", found, c.want, err)
				}
			})
		})
	}
}
