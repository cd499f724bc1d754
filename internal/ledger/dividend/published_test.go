package dividend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Plans as newspapers and villages have published them, with what they say was paid.
func TestPublishedPlans(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   register.EntityKind
		year   int
		class  register.OpenShareClass
		held   []string // by a household each
		put    string   // yuan contributed by the first holder instead of an issue
		gain   string
		rounds [][]plan.Component // their classes are filled in where they are ".", their recipients by number
		want   string             // of each round
	}{
		{name: "西南行村 2020: 534 shares of assets at 1,000 yuan", kind: register.StockCooperative, year: 2020, held: []string{"500", "34"},
			class: register.OpenShareClass{Kind: register.PopulationShare, Unit: register.ShareUnit}, gain: "600000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.RatePerUnit, Rate: booktest.Rate("1000")}}}, want: "500000.00 34000.00 = 534000.00"},
		{name: "每股 32 元", kind: register.StockCooperative, year: 2025, held: []string{"1", "3", "1.5"},
			class: register.OpenShareClass{Kind: register.PopulationShare, Unit: register.ShareUnit}, gain: "1000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.RatePerUnit, Rate: booktest.Rate("32")}}}, want: "32.00 96.00 48.00 = 176.00"},
		{name: "15 亩 at 1.2 million yuan, 5 % guaranteed", kind: register.Enterprise, year: 2025, held: []string{"15"}, put: "1200000",
			class: register.OpenShareClass{Kind: register.LandShare, Unit: register.MuUnit}, gain: "100000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.GuaranteePercent, Rate: booktest.Rate("5")}}}, want: "60000.00 = 60000.00"},
		{name: "保底 510 元/亩 and 30 % of what is left", kind: register.Enterprise, year: 2025, held: []string{"6", "4"},
			class: register.OpenShareClass{Kind: register.LandShare, Unit: register.MuUnit}, gain: "10000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.Guarantee, Rate: booktest.Rate("510")},
				{Class: ".", Rule: plan.Excess, Members: booktest.Rate("30")}}}, want: "3942.00 2628.00 = 6570.00"},
		{name: "above 800 yuan a 亩: 40 % members, 30 % collective, 30 % managers", kind: register.FamilyFarm, year: 2025,
			held: []string{"6", "4", "0", "0"}, class: register.OpenShareClass{Kind: register.LandShare, Unit: register.MuUnit}, gain: "18000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.Guarantee, Rate: booktest.Rate("800")},
				{Class: ".", Rule: plan.Excess, Members: booktest.Rate("40"), Collective: booktest.Rate("30"), Managers: booktest.Rate("30"),
					ToCollective: "2", ToManagers: []string{"3"}}}}, want: "7200.00 4800.00 3000.00 3000.00 = 18000.00"},
		{name: "a fixed sum for each poor household, before the law", kind: register.StockCooperative, year: 2020, held: []string{"1", "1"},
			class: register.OpenShareClass{Kind: register.PopulationShare, Unit: register.ShareUnit}, gain: "1000",
			rounds: [][]plan.Component{{{Rule: plan.FixedSum, Rate: booktest.Rate("600"), Holders: []string{"1"}}}}, want: "0.00 600.00 = 600.00"},
		{name: "two rounds: a guarantee a 亩 in the season, so much a 亩 after the books close", kind: register.Enterprise, year: 2025,
			held: []string{"15.5", "20"}, class: register.OpenShareClass{Kind: register.LandShare, Unit: register.MuUnit}, gain: "40000",
			rounds: [][]plan.Component{{{Class: ".", Rule: plan.Guarantee, Rate: booktest.Rate("350")}},
				{{Class: ".", Rule: plan.Excess, Members: booktest.Rate("100")}}},
			want: "5425.00 7000.00 = 12425.00; 12039.79 15535.21 = 27575.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "经营主体", Kind: c.kind})[0]
			c.class.Entity = entity
			class := b.Record("kj-yuxin", &c.class)[0]
			var holders []string
			for n, sum := range c.held {
				who := booktest.Household(booktest.Yuxin, n)
				if c.rounds[0][len(c.rounds[0])-1].ToCollective == fmt.Sprint(n) {
					who = &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Collective, Name: "村集体"}
				}
				h := b.Record("kj-yuxin", who)[0]
				holders = append(holders, h)
				switch {
				case c.put != "":
					b.Record("kj-yuxin", &register.RecordContribution{Class: class, Holder: h, Kind: register.Farmland, Area: booktest.Units(sum),
						Value: yuan(c.put), Shares: booktest.Units(sum), Date: "2019-01-01"})
				case sum != "0":
					b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units(sum), Date: "2019-01-01"})
				}
			}
			e, year := register.Entity{ID: entity, Kind: c.kind}, journal.Number(c.year, 4)
			b.Record("kj-yuxin", &income.RecordIncome{Book: e.Book(), Item: "operating", Date: journal.Date(year + "-06-01"), Amount: yuan(c.gain)})
			var got []string
			for i, parts := range c.rounds {
				got = append(got, paidBy(b, entity, class, c.year, parts, holders, i+1 < len(c.rounds)))
			}
			if said := strings.Join(got, "; "); said != c.want {
				t.Errorf("%s, want %s", said, c.want)
			}
			b.Verified()
		})
	}
}

// paidBy submits a round and tells what each holder gets, and what that comes to.
func paidBy(b *booktest.Books, entity, class string, year int, parts []plan.Component, holders []string, interim bool) (said string) {
	for i := range parts {
		p := &parts[i]
		if p.Class == "." {
			p.Class = class
		}
		for _, to := range [][]string{p.Holders, p.ToManagers} {
			for k, n := range to {
				to[k] = holders[n[0]-'0']
			}
		}
		if p.ToCollective != "" {
			p.ToCollective = holders[p.ToCollective[0]-'0']
		}
	}
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: year, RecordDate: journal.YearEnd(year), Resolution: "1",
		Components: parts, Interim: interim})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		for _, h := range holders {
			p, _ := dividend.PayoutOf(v, id, h)
			said += p.Due.String() + " "
		}
		said += "= " + mustPlan(v, id).Due.String()
	})
	return said
}

// As at 舍烹村, where eight villages’ collectives hold one company for a fixed sum a year: the parts are income of each village, and
// add up to what the company pays.
func TestVillagesHoldOneCompany(t *testing.T) {
	x := jointly(t) // four villages, two counties: a pool of 1,000.01 in parts of 1 to 4
	x.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: x.plan, Date: journal.DateOf(x.Time), All: true})
	sum := yuan("0")
	for _, village := range x.villages {
		got, _ := x.earned(village, 2026)
		sum += got
	}
	x.See("yixian", func(v *journal.View) {
		if d := mustPlan(v, x.plan); sum != d.Paid {
			t.Errorf("the villages have %s, the company paid %s", sum, d.Paid)
		}
	})
}
