package report_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
)

// A village's figure is the sum of its collectives', also for the verdict; a township's own collective is in no village's sum and stands in
// a row of its own; all rows together are the total.
func TestCollectivesOfThreeLevels(t *testing.T) {
	b := booktest.New(t)
	const township = "210727102000"
	b.Record("admin", &office.AddAccount{Name: "kj-zhen", Role: journal.Accountant, Region: township, Hash: "h"})
	first, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	ids := b.Record("kj-yuxin",
		&register.RegisterEntity{Village: booktest.Yuxin, Name: "育新村三组集体经济组织", Kind: register.GroupCollective, Group: "三组"},
		&register.RegisterEntity{Village: booktest.Yuxin, Name: "育新村第二集体", Kind: register.VillageCollective},
		&register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬公司", Kind: register.Enterprise})
	town := b.Record("kj-zhen", &register.RegisterEntity{Village: township, Name: "七里河镇集体经济组织", Kind: register.TownshipCollective})[0]
	if !strings.HasPrefix(town, township) {
		t.Errorf("the township's id is %s", town)
	}
	b.Refuses("kj-yuxin", journal.Forbidden, "", &register.RegisterEntity{Village: township, Name: "x", Kind: register.TownshipCollective})
	b.Refuses("kj-zhen", journal.Invalid, "kind", &register.RegisterEntity{Village: township, Name: "x", Kind: register.Enterprise})
	b.Refuses("kj-yuxin", journal.Invalid, "village", &register.RegisterEntity{Village: booktest.Yuxin, Name: "x",
		Kind: register.TownshipCollective})
	b.Refuses("kj-yuxin", journal.Invalid, "group", &register.RegisterEntity{Village: booktest.Yuxin, Name: "x",
		Kind: register.GroupCollective})
	b.Refuses("kj-yuxin", journal.Invalid, "book", &income.RecordIncome{Book: first, Item: "operating", Date: "2025-06-01", Amount: 1})
	book := func(account, id, amount string) {
		b.Record(account, &income.RecordIncome{Book: id, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan(amount)})
	}
	book("kj-yuxin", booktest.Yuxin, "20000")
	book("kj-yuxin", ids[0], "29999.99")
	book("kj-yuxin", ids[2], "70000") // no collective
	verdict := func(shell bool, operating string) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			r, err := report.ReportOf(v, booktest.Yuxin, 2025)
			if err != nil || r.Verdict.Shell != shell || r.Operating != booktest.Yuan(operating) || r.Verdict.Measure != r.Operating {
				t.Errorf("%v %+v, want shell %v, %s", err, r.Verdict, shell, operating)
			}
		})
	}
	verdict(true, "49999.99")
	book("kj-yuxin", ids[1], "0.01")
	verdict(false, "50000")
	book("kj-zhen", town, "300000")
	member := booktest.Household(township, 50)
	holder := b.Record("kj-zhen", member)[0]
	class := b.Record("kj-zhen", &register.OpenShareClass{Entity: town, Kind: register.PopulationShare, Unit: register.ShareUnit})[0]
	b.Record("kj-zhen", &register.IssueShares{Class: class, Holder: holder, Quantity: 10_000, Date: "2025-01-01"})
	for _, place := range []string{township, "210727000000"} {
		b.See("yixian", func(v *journal.View) {
			r, err := report.ReportOf(v, journal.RegionOf(place), 2025)
			if err != nil {
				t.Fatal(err)
			}
			var sum, seats report.Summary
			for _, c := range r.Children {
				sum.Operating, sum.Shareholders = sum.Operating+c.Operating, sum.Shareholders+c.Shareholders
				if c.Seat {
					seats.Operating += c.Operating
				}
			}
			if sum.Operating != r.Operating || sum.Shareholders != r.Shareholders || r.Operating != booktest.Yuan("350000") || r.Shareholders != 2 {
				t.Errorf("%s: rows %s %d, total %s %d", place, sum.Operating, sum.Shareholders, r.Operating, r.Shareholders)
			}
			if own := place == township; own != (seats.Operating == booktest.Yuan("300000")) {
				t.Errorf("%s: its own row has %s", place, seats.Operating)
			}
			if r.Summary.Shells != 0 || r.Summary.Unrecorded+1 != r.Summary.Villages { // what nobody recorded is no verdict
				t.Errorf("%s: %d of %d are shells", place, r.Summary.Shells, r.Summary.Villages)
			}
			x, err := report.TransformationOf(v, journal.RegionOf(place), 2025)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, c := range x.Children {
				n += c.Shareholders.Now
			}
			if n != x.Shareholders.Now || n != 2 {
				t.Errorf("%s: shareholders of the rows %d, in all %d", place, n, x.Shareholders.Now)
			}
		})
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: township, Year: 2025})
	b.Refuses("kj-zhen", journal.Conflict, "date", &income.RecordIncome{Book: town, Item: "operating", Date: "2025-06-01", Amount: 1})
	b.Verified()
}

// A collective founded since May 2025 says in its name what and where it is; its code begins as its level's do. Older ones stay as they
// are.
func TestNamesOfCollectives(t *testing.T) {
	b := booktest.New(t)
	doubts := func(e *register.RegisterEntity) string {
		t.Helper()
		e.Village = booktest.Yuxin
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}, DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		return r.Doubts.Error()
	}
	for _, c := range []struct {
		name string
		e    register.RegisterEntity
		want string
	}{
		{"an older name", register.RegisterEntity{Name: "股份合作社", Kind: register.StockCooperative, Founded: "2025-04-30"}, ""},
		{"without the word", register.RegisterEntity{Name: "义县七里河镇育新村合作社", Kind: register.VillageCollective, Founded: "2025-05-01"}, "字样"},
		{"without the place", register.RegisterEntity{Name: "新集体经济组织", Kind: register.VillageCollective, Founded: "2025-05-01"}, "没有“育新”"},
		{"as the law has it", register.RegisterEntity{Name: "义县七里河镇育新村集体经济组织", Kind: register.VillageCollective, Founded: "2025-05-01"}, ""},
		{"a group's without the group", register.RegisterEntity{Name: "育新村集体经济组织", Kind: register.GroupCollective, Group: "三组",
			Founded: "2025-05-01"}, "没有“三组”"},
		{"an enterprise's", register.RegisterEntity{Name: "x", Kind: register.Enterprise, Founded: "2025-05-01"}, ""},
	} {
		if got := doubts(&c.e); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
