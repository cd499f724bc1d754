package ledger_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// What is put in issues its shares and shows in the transformation of its year and of every region around it; what is taken back shows nowhere but in
// the history.
func TestTransformation(t *testing.T) {
	b := newBooks(t)
	_, _, land, holders := b.cooperative("kj-yuxin", yuxin, 3)
	put := func(holder int, kind ledger.ContributionKind, area, value, shares, date string) ledger.Entry {
		e := &ledger.RecordContribution{Class: land, Holder: holders[holder], Kind: kind, Value: yuan(value), Shares: units(shares), Date: ledger.Date(date)}
		if area != "" {
			e.Area = units(area)
		}
		return e
	}
	b.post("kj-yuxin", put(0, ledger.Farmland, "4.5", "9000", "4.5", "2024-05-01"), put(1, ledger.Farmland, "7.23", "14460.50", "7.23", "2025-05-01"),
		put(2, ledger.OwnFunds, "", "5000", "5", "2025-06-01"))
	wrong, err := b.Post(b.actor("kj-yuxin"), ledger.Posting{Entries: []ledger.Entry{put(2, ledger.Forest, "100", "1000000", "100", "2025-07-01")}})
	if err != nil {
		t.Fatal(err)
	}
	b.post("kj-yuxin", &ledger.ReverseIssue{Class: land, Holder: holders[2], Issue: int(wrong.Ranges[0].First), Reason: "不是他的林地"})
	for _, place := range []string{yuxin, "210727102", "210727", "2107"} {
		by := "yixian"
		if place == "2107" {
			by = ""
		}
		who := ledger.Console
		if by != "" {
			who = b.actor(by)
		}
		if err := b.Read(who, func(v *ledger.View) error {
			got, err := v.Transformation(region.MustParse(place), 2025)
			if err != nil {
				return err
			}
			farm, forest, own := got.Kinds[0], got.Kinds[1], got.Kinds[8]
			if farm.Area != units("11.73") || farm.AreaBefore != units("4.5") || farm.Value != yuan("23460.50") || farm.Count != 2 || forest.Count != 0 || own.Value != yuan("5000") {
				t.Errorf("%s: farmland %+v, forest %+v, own funds %+v", place, farm, forest, own)
			}
			var sum money.Yuan
			for _, k := range got.Kinds {
				sum += k.Value
			}
			if sum != got.Value || got.Value != yuan("28460.50") || got.Before != yuan("9000") || got.Shareholders != 3 || got.Holders[ledger.Household] != 3 || len(got.Classes) != 2 {
				t.Errorf("%s: %+v", place, got)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	b.read("kj-yuxin", func(v *ledger.View) {
		hold, _ := v.HoldingsOf(holders[2])
		if hold[1].Quantity != units("3.02")+units("5") {
			t.Errorf("the third household holds %s of the land class", hold[1].Quantity)
		}
		if list, _, _ := v.Contributions(yuxin, 2025, ledger.Farmland, "", 9); len(list) != 2 || list[0].Shares != units("4.5") {
			t.Errorf("farmland put in: %+v", list)
		}
	})
	for _, c := range []struct {
		name, field, says string
		entry             ledger.Entry
	}{
		{"land without an area", "area", "面积", put(0, ledger.Farmland, "", "1", "1", "2025-01-01")},
		{"an area with three decimals", "area", "两位小数", put(0, ledger.Farmland, "1.234", "1", "1", "2025-01-01")},
		{"money with an area", "area", "只有资源", put(0, ledger.OwnFunds, "1", "1", "1", "2025-01-01")},
		{"worth nothing", "value", "作价", put(0, ledger.Labour, "", "0", "1", "2025-01-01")},
		{"for no shares", "shares", "大于 0", put(0, ledger.Labour, "", "1", "0", "2025-01-01")},
		{"of a kind that is none", "kind", "没有", put(0, "gold", "", "1", "1", "2025-01-01")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := b.refused("kj-yuxin", ledger.Invalid, c.field, c.entry); !hasText(e, c.says) {
				t.Errorf("it says %v", e)
			}
		})
	}
	b.verify()
}
