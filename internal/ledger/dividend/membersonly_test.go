package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// From 2025 on a collective gives out by its members' quantified shares and nothing else; before, and elsewhere, it is as it was
// (农村集体经济组织法 art. 42).
func TestCollectivesGiveToMembersOnly(t *testing.T) {
	b := booktest.New(t)
	coop, class, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	farm := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "大地公司", Kind: register.Enterprise})[0]
	cash := b.Record("kj-yuxin", &register.OpenShareClass{Entity: farm, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	capital := b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("10")})[0]
	fixed := plan.Component{Rule: plan.FixedSum, Rate: booktest.Rate("10"), Holders: holders[:1]}
	managers := func(of string) plan.Component {
		return plan.Component{Class: of, Rule: plan.Excess, Pool: yuan("100"), Members: booktest.Rate("70"), Managers: booktest.Rate("30"),
			ToManagers: holders[:1]}
	}
	for _, c := range []struct {
		name   string
		entity string
		year   int
		part   plan.Component
		field  string // "" where it is taken
	}{
		{"a pool over quantified shares", coop, 2025, plan.Component{Class: class, Rule: plan.PoolOver, Pool: yuan("10")}, ""},
		{"a rate per 亩", coop, 2025, plan.Component{Class: land, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")}, ""},
		{"a guarantee on money put in", coop, 2025, plan.Component{Class: capital, Rule: plan.GuaranteePercent, Rate: booktest.Rate("5")}, ""},
		{"an excess over the members", coop, 2025, plan.Component{Class: class, Rule: plan.Excess, Pool: yuan("100"),
			Members: booktest.Rate("60")}, ""},
		{"a fixed sum for chosen households", coop, 2025, fixed, "components.0.rule"},
		{"the same of the year before the law", coop, 2024, fixed, ""},
		{"an excess for managers", coop, 2025, managers(class), "components.0.managers"},
		{"the same of the year before the law", coop, 2024, managers(class), ""},
		{"by trade", coop, 2025, plan.Component{Rule: plan.Patronage, Pool: yuan("10")}, "components.0.rule"},
		{"by accounts", coop, 2025, plan.Component{Rule: plan.ByAccount, Pool: yuan("10")}, "components.0.rule"},
		{"a fixed sum of an enterprise", farm, 2025, fixed, ""},
		{"an excess for an enterprise's managers", farm, 2025, managers(cash), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &dividend.DraftDistribution{Entity: c.entity, Year: c.year, RecordDate: journal.YearEnd(c.year), Resolution: "1",
				Components: []plan.Component{c.part}}
			if c.field == "" {
				b.Record("kj-yuxin", e)
			} else if f := b.Refuses("kj-yuxin", journal.Conflict, c.field, e); !booktest.HasText(f, "第四十二条") {
				t.Errorf("refused without the article: %v", f)
			}
		})
	}
}
