package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// What is put in issues its shares and shows in the transformation of its year and of every region around it; what is taken back shows
// nowhere but in the history.
func TestTransformation(t *testing.T) {
	b := booktest.New(t)
	_, _, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	put := func(holder int, kind register.ContributionKind, area, value, shares, date string) journal.Entry {
		e := &register.RecordContribution{Class: land, Holder: holders[holder], Kind: kind, Value: booktest.Yuan(value),
			Shares: booktest.Units(shares),
			Date:   journal.Date(date)}
		if area != "" {
			e.Area = booktest.Units(area)
		}
		return e
	}
	b.Record("kj-yuxin", put(0, register.Farmland, "4.5", "9000", "4.5", "2024-05-01"),
		put(1, register.Farmland, "7.23", "14460.50", "7.23", "2025-05-01"),
		put(2, register.OwnFunds, "", "5000", "5", "2025-06-01"))
	wrong, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{put(2, register.Forest, "100", "1000000", "100",
		"2025-07-01")}})
	if err != nil {
		t.Fatal(err)
	}
	b.Record("kj-yuxin", &register.ReverseMovement{Class: land, Holder: holders[2], Movement: int(wrong.Ranges[0].First), Reason: "不是他的林地"})
	for _, place := range []string{booktest.Yuxin, "210727102", "210727", "2107"} {
		by := "yixian"
		if place == "2107" {
			by = ""
		}
		who := journal.Console
		if by != "" {
			who = b.As(by)
		}
		if err := b.Read(who, func(v *journal.View) error {
			got, err := report.TransformationOf(v, region.MustParse(place), 2025)
			if err != nil {
				return err
			}
			farm, forest, own := got.Kinds[0], got.Kinds[1], got.Kinds[8]
			if farm.Area != booktest.Units("11.73") || farm.AreaBefore != booktest.Units("4.5") || farm.Value != booktest.Yuan("23460.50") ||
				farm.Count != 2 ||
				forest.Count != 0 || own.Value != booktest.Yuan("5000") {
				t.Errorf("%s: farmland %+v, forest %+v, own funds %+v", place, farm, forest, own)
			}
			var sum money.Yuan
			for _, k := range got.Kinds {
				sum += k.Value
			}
			if sum != got.Value || got.Value != booktest.Yuan("28460.50") || got.Before != booktest.Yuan("9000") || got.Shareholders.Now != 3 ||
				got.Holders[register.Household].Now != 3 || got.People.Now != 6 || len(got.Classes) != 2 {
				t.Errorf("%s: %+v", place, got)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	b.See("kj-yuxin", func(v *journal.View) {
		hold, _ := register.HoldingsOf(v, holders[2])
		if hold[1].Quantity != booktest.Units("3.02")+booktest.Units("5") {
			t.Errorf("the third household holds %s of the land class", hold[1].Quantity)
		}
		if list, _, _ := register.Contributions(v, booktest.Yuxin, "2025", register.Farmland, "", 9); len(list) != 2 ||
			list[0].Shares != booktest.Units("4.5") {
			t.Errorf("farmland put in: %+v", list)
		}
	})
	for _, c := range []struct {
		name, field, says string
		entry             journal.Entry
	}{
		{"land without an area", "area", "面积", put(0, register.Farmland, "", "1", "1", "2025-01-01")},
		{"money with an area", "area", "只有资源", put(0, register.OwnFunds, "1", "1", "1", "2025-01-01")},
		{"worth nothing", "value", "作价", put(0, register.Labour, "", "0", "1", "2025-01-01")},
		{"for no shares", "shares", "大于 0", put(0, register.Labour, "", "1", "0", "2025-01-01")},
		{"of a kind that is none", "kind", "没有", put(0, "gold", "", "1", "1", "2025-01-01")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := b.Refuses("kj-yuxin", journal.Invalid, c.field, c.entry); !booktest.HasText(e, c.says) {
				t.Errorf("it says %v", e)
			}
		})
	}
	b.Verified()
}

// A person who holds in several villages and classes is one person; what was held at the end of a year is what that year shows.
func TestDistinctPersons(t *testing.T) {
	b := booktest.New(t)
	_, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	_, shares, _, there := b.Cooperative("kj-kaizhou", booktest.Kaizhou, 1) // the same person as the first of the other village
	late := b.Record("kj-kaizhou", booktest.Household(booktest.Kaizhou, 5))[0]
	b.Record("kj-kaizhou", &register.IssueShares{Class: shares, Holder: late, Quantity: booktest.Units("2"), Date: "2025-02-01"})
	b.Record("kj-yuxin", &register.ListMembers{Holder: holders[1],
		Members: []register.Member{{Name: "李妻", Relation: "妻", IDNo: booktest.ResidentID(900)}, {Name: "李子", Relation: "子"}}})
	for _, c := range []struct {
		name, place          string
		year                 int
		shareholders, people report.Counted
	}{
		{"a village", booktest.Yuxin, 2025, report.Counted{Now: 2, Before: 2}, report.Counted{Now: 4, Before: 4}},
		{"both villages", "210727102", 2025, report.Counted{Now: 3, Before: 2}, report.Counted{Now: 5, Before: 4}},
		{"both, the year before", "210727102", 2024, report.Counted{Now: 2, Before: 2}, report.Counted{Now: 4, Before: 4}},
		{"both, before all", "210727102", 2018, report.Counted{}, report.Counted{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.See("yixian", func(v *journal.View) {
				got, err := report.TransformationOf(v, region.MustParse(c.place), c.year)
				if err != nil {
					t.Fatal(err)
				}
				if got.Shareholders != c.shareholders || got.People != c.people {
					t.Errorf("%+v shareholders, %+v people", got.Shareholders, got.People)
				}
				for _, child := range got.Children {
					alone, err := report.TransformationOf(v, child.Place.Code, c.year)
					if err != nil {
						t.Fatal(err)
					}
					if alone.People != child.People || alone.Shareholders != child.Shareholders || alone.Value != child.Value ||
						!slices.Equal(alone.Classes, child.Classes) {
						t.Errorf("%s alone %+v, as a part %+v", child.Place.Name, alone, child)
					}
				}
			})
		})
	}
	b.Record("kj-kaizhou", &register.ListMembers{Holder: late,
		Members: []register.Member{{Name: "李妻", Relation: "女", IDNo: booktest.ResidentID(900)},
			{Name: "孙", IDNo: booktest.ResidentID(901)}}})
	b.See("yixian", func(v *journal.View) { // one is a member of two households
		twins, err := register.Duplicates(v, "210727000000", 9)
		if err != nil || len(twins) != 2 || twins[1].Of[0].Member != "李妻" || twins[1].Of[1].Member != "李妻" ||
			!strings.HasSuffix(booktest.ResidentID(900), twins[1].Number[len(twins[1].Number)-4:]) {
			t.Errorf("duplicates %+v, %v", twins, err)
		}
	})
	b.Record("kj-kaizhou", &register.ListMembers{Holder: late, Members: []register.Member{{Name: "孙", IDNo: booktest.ResidentID(901)}},
		Reason: "嫁出"})
	b.See("yixian", func(v *journal.View) {
		if twins, err := register.Duplicates(v, "210727000000", 9); err != nil || len(twins) != 1 || len(twins[0].Of) != 2 {
			t.Errorf("duplicates %+v, %v", twins, err)
		}
		s, _ := register.ShareholderOf(v, there[0])
		if same, err := register.SameNumber(v, s); err != nil || len(same) != 1 || same[0].ID != holders[0] {
			t.Errorf("the same number: %+v, %v", same, err)
		}
	})
	b.See("kj-kaizhou", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, there[0])
		if same, err := register.SameNumber(v, s); err != nil || len(same) != 0 {
			t.Errorf("an accountant sees another village's: %+v, %v", same, err)
		}
	})
	b.Verified()
}

// Every figure of the transformation opens a list that adds up to it, wherever its holders live and whatever they hold.
func TestTransformationOpens(t *testing.T) {
	b := booktest.New(t)
	_, _, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 4)
	b.Cooperative("kj-kaizhou", booktest.Kaizhou, 3) // the first of them are the same persons
	b.Record("kj-yuxin",
		&register.RecordContribution{Class: land, Holder: holders[0], Kind: register.Farmland, Area: booktest.Units("4.5"),
			Value:  booktest.Yuan("9000"),
			Shares: booktest.Units("4.5"), Date: "2024-05-01", Until: "2025-04-30"},
		&register.RecordContribution{Class: land, Holder: holders[1], Kind: register.Farmland, Area: booktest.Units("2"),
			Value:  booktest.Yuan("4000"),
			Shares: booktest.Units("2"), Date: "2025-05-01", Until: "2030-04-30"},
		&register.ListMembers{Holder: holders[1], Members: []register.Member{{Name: "李妻", Relation: "妻", IDNo: booktest.ResidentID(900)}}})
	b.See("yixian", func(v *journal.View) {
		for _, place := range []region.Code{booktest.Yuxin, "210727102000", "210727000000"} {
			for _, year := range []int{2018, 2024, 2025} {
				got, err := report.TransformationOf(v, place, year)
				if err != nil {
					t.Fatal(err)
				}
				var people report.Counted
				for _, kind := range append(register.HolderKinds(), "") {
					want := got.Holders[kind]
					if kind == "" {
						want = got.Shareholders
					}
					var have report.Counted
					for from, all := 0, (report.StakeSums{Lines: 1}); from < all.Lines; from += 2 { // page by page
						var list []report.Stakeholder
						if list, all, err = report.Stakeholders(v, place, year, kind, from, 2); err != nil {
							t.Fatal(err)
						}
						for _, s := range list {
							have.Now, have.Before = have.Now+s.Holders.Now, have.Before+s.Holders.Before
							if kind == "" {
								people.Now, people.Before = people.Now+s.Persons.Now, people.Before+s.Persons.Before
							}
						}
					}
					if have != want {
						t.Errorf("%s %d: %d %s listed, %d counted", place, year, have, kind, want)
					}
				}
				if people != got.People {
					t.Errorf("%s %d: %d people listed, %d counted", place, year, people, got.People)
				}
				for _, c := range got.Classes {
					list, err := report.ClassStakes(v, place, year, c.Kind, c.Unit)
					if err != nil {
						t.Fatal(err)
					}
					sum := report.ClassSum{Kind: c.Kind, Unit: c.Unit}
					for _, s := range list {
						if s.Issued != 0 {
							sum.Count++
						}
						sum.Issued, sum.IssuedBefore = sum.Issued+s.Issued, sum.IssuedBefore+s.IssuedBefore
						sum.Capital, sum.CapitalBefore = sum.Capital+s.Capital, sum.CapitalBefore+s.CapitalBefore
					}
					if sum != c {
						t.Errorf("%s %d: classes listed %+v, counted %+v", place, year, sum, c)
					}
				}
				for _, k := range got.Kinds {
					if sum, err := report.ContributionSum(v, string(place), sums.YearOf(year),
						k.Kind); err != nil || sum.Count != k.Count || sum.Area != k.Area ||
						sum.Value != k.Value {
						t.Errorf("%s %d: contributions listed %+v, counted %+v, %v", place, year, sum, k, err)
					}
				}
				if farm := got.Kinds[0]; year == 2025 && (farm.Ended != 1 || farm.EndedArea != booktest.Units("4.5")) {
					t.Errorf("past their term: %+v", farm)
				}
			}
		}
	})
}
