package report_test

import (
	"maps"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Who is registered in two villages and holds of one entity by both is one holder of it, called as the place that asks may know; what is
// remembered goes when shares move.
func TestLargestHolderIsOnePerson(t *testing.T) {
	b := booktest.New(t)
	_, class, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2) // the first of them has the number of the first elsewhere
	there := b.Record("kj-kaizhou", booktest.Household(booktest.Kaizhou, 0))[0]
	b.Record("admin", &office.AddAccount{Name: "kj-town", Role: journal.Accountant, Region: "210727102000", Hash: "h"})
	give := func(holder, n string) {
		b.Record("kj-town", &register.IssueShares{Class: class, Holder: holder, Quantity: booktest.Units(n), Date: "2024-01-01"})
	}
	give(there, "100")
	largest := func(by string, place region.Code) report.Large {
		t.Helper()
		var l report.Large
		b.See(by, func(v *journal.View) {
			list, err := report.ConcentrationsOf(v, place)
			if err != nil || len(list) == 0 {
				t.Fatal(list, err)
			}
			l = list[0].Largest[0]
		})
		return l
	}
	var own money.Quantity
	b.See("yixian", func(v *journal.View) {
		list, _ := register.HoldingsOf(v, holders[0])
		own = list[0].Quantity
	})
	for _, c := range []struct {
		by, called string
		place      region.Code
	}{{"yixian", there, "210727000000"}, {"kj-yuxin", holders[0], booktest.Yuxin}} {
		l := largest(c.by, c.place)
		if l.Holder != c.called && l.Holder != there || l.Entities != 1 || l.Most != own+booktest.Units("100") || l.Quantity != l.Most {
			t.Errorf("%s: %+v, which holds %s and 100", c.place, l, own)
		}
	}
	give(holders[1], "500")
	if l := largest("yixian", "210727000000"); l.Holder != holders[1] {
		t.Errorf("after more shares were issued it is %+v", l)
	}
}

// The largest line is one that stands, also when it is taken back in another year; a year in which nothing but a mistake was booked, taken
// back later, begins no book for those that follow.
func TestLinesThatWereTakenBack(t *testing.T) {
	b := booktest.New(t)
	line := func(date, amount string) string {
		return b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: journal.Date(date),
			Amount: booktest.Yuan(amount)})[0]
	}
	wrong := line("2020-06-01", "900")
	right := line("2020-07-01", "100")
	for _, c := range []struct {
		reverses, want string
	}{{"", wrong}, {wrong, right}, {right, ""}} {
		if c.reverses != "" {
			b.Record("kj-yuxin", &income.ReverseIncome{Income: c.reverses, Reason: "年度写错", Date: "2026-01-10"})
		}
		b.See("yixian", func(v *journal.View) {
			r, err := report.ReportOf(v, "210727000000", 2020)
			if err != nil {
				t.Fatal(err)
			}
			l, found, err := r.LargestLine()
			if err != nil || l.ID != c.want || found != (c.want != "") {
				t.Errorf("without %q the largest line is %q, want %q (%v)", c.reverses, l.ID, c.want, err)
			}
		})
	}
	line("2025-06-01", "80000")
	b.See("yixian", func(v *journal.View) {
		for year, known := range map[int]bool{2022: false, 2025: true} {
			r, err := report.ReportOf(v, region.Code(booktest.Yuxin), year)
			if err != nil || r.Verdict.Unknown == known {
				t.Errorf("%d: %+v, %v", year, r.Verdict, err)
			}
		}
	})
}

// Members are counted by collective as by village, on the last day of membership and from the first.
func TestMembersByCollective(t *testing.T) {
	b := booktest.New(t)
	coop, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	for i, from := range []journal.Date{"2025-12-31", "2026-01-01", "2020-01-01"} {
		b.Record("kj-yuxin", &register.ConfirmMember{Collective: coop, Name: "测试员", IDNo: booktest.ResidentID(700 + i), Date: from})
	}
	b.Record("kj-yuxin", &register.LoseMembership{Member: coop + "M00003", Date: "2025-12-31", Cause: "elsewhere"})
	b.See("yixian", func(v *journal.View) {
		r, err := report.ReportOf(v, region.Code(booktest.Yuxin), 2025)
		if err != nil {
			t.Fatal(err)
		}
		members, _ := report.FigureNamed("members")
		rows, twice := r.Rows(members)
		if len(rows) != 1 || rows[0].N != members.Of(r.Summary) || rows[0].N != 2 || twice != [2]int64{} {
			t.Errorf("%d members, by collective %+v (%v)", members.Of(r.Summary), rows, twice)
		}
	})
}

// What a city's measure changed by is taken apart by each county's own policy: items and parties add up, and nobody is named whose money no
// village's measure counts.
func TestWhyByEachCountysPolicy(t *testing.T) {
	b := booktest.New(t)
	group := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "育新村三组", Kind: register.GroupCollective,
		Group: "三组", Founded: "2020-01-01"})[0]
	b.Record("yixian", &income.SetPolicy{Region: "210727000000", From: 2024, Alone: true, Bound: booktest.Yuan("50000"),
		Measure: []income.Term{{Item: "operating"}, {Item: "subsidy"}, {Item: "management", Minus: true}}, Basis: "县里定的", Reason: "试"})
	line := func(book, item, party, date, amount string) {
		b.Record("kj-yuxin", &income.RecordIncome{Book: book, Item: item, Party: party, Date: journal.Date(date), Amount: booktest.Yuan(amount)})
	}
	line(booktest.Yuxin, "operating", "甲", "2024-05-01", "1000")
	line(booktest.Yuxin, "operating", "甲", "2025-05-01", "700")
	line(booktest.Yuxin, "subsidy", "县财政", "2025-06-01", "5000")
	line(booktest.Yuxin, "investment", "丙", "2025-06-01", "9000") // counts in no measure here
	line(booktest.Yuxin, "management", "村委", "2025-07-01", "40")
	line(group, "operating", "乙", "2025-08-01", "600") // another book
	if err := b.Read(journal.Console, func(v *journal.View) error {
		for _, place := range []region.Code{"210700000000", "210727000000", booktest.Yuxin} {
			r, err := report.ReportOf(v, place, 2025)
			if err != nil {
				return err
			}
			measure, _ := report.FigureNamed("measure")
			w, err := r.Why(measure)
			if err != nil {
				return err
			}
			if w.Change() != 4660_00 {
				t.Errorf("%s changed by %d", place, w.Change())
			}
			items, parties := map[string]int64{}, map[string]int64{}
			for _, p := range w.Items {
				items[p.Name] += p.Change()
			}
			for _, p := range w.Parties {
				parties[p.Name] += p.Change()
			}
			if len(items) != 3 || items["operating"] != -300_00 || items["subsidy"] != 5000_00 || items["management"] != -40_00 {
				t.Errorf("%s by item: %v", place, items)
			}
			if len(parties) != 3 || parties["甲"] != -300_00 || parties["县财政"] != 5000_00 || parties["村委"] != -40_00 {
				t.Errorf("%s by party: %v", place, parties)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// A marked household that is registered in two villages is one where both are, and has the marks of either.
func TestMarkedOnce(t *testing.T) {
	b := booktest.New(t)
	for _, c := range []struct {
		account, village string
		marks            []string
	}{{"kj-yuxin", booktest.Yuxin, []string{"低保户"}}, {"kj-kaizhou", booktest.Kaizhou, []string{"低保户", "监测户"}}} {
		_, class, _, _ := b.Cooperative(c.account, c.village, 0)
		same := booktest.Household(c.village, 0) // of the same number
		same.Marks = c.marks
		holder := b.Record(c.account, same)[0]
		b.Record(c.account, &register.IssueShares{Class: class, Holder: holder, Quantity: booktest.Units("1"), Date: "2024-01-01"})
	}
	b.See("yixian", func(v *journal.View) {
		for place, want := range map[region.Code]map[string]int{"210727102000": {"低保户": 1, "监测户": 1}, "210727000000": {"低保户": 1, "监测户": 1},
			region.Code(booktest.Yuxin): {"低保户": 1}, region.Code(booktest.Kaizhou): {"低保户": 1, "监测户": 1}} {
			_, marks, _, err := report.GivenTo(v, place, 2025)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, g := range marks {
				if g.Today != 0 {
					got[g.Mark] = g.Today
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s: %v, want %v", place, got, want)
			}
		}
	})
}
