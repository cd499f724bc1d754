package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
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
		{"a rate on money put in", coop, 2025, plan.Component{Class: capital, Rule: plan.RatePerUnit, Rate: booktest.Rate("5")},
			"components.0.class"},
		{"a pool over all classes, money put in among them", coop, 2025, plan.Component{Rule: plan.PoolOver, Pool: yuan("5")},
			"components.0.class"},
		{"the same rate of the year before the law", coop, 2024, plan.Component{Class: capital, Rule: plan.RatePerUnit,
			Rate: booktest.Rate("5")}, ""},
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

// Whoever is no member shares in a collective's gain only where three quarters of all members have agreed (农村集体经济组织法 art. 15); what is
// guaranteed on money put in is no share, heirs keep what they inherited, and no county can make a warning of it.
func TestOutsidersNeedThreeQuarters(t *testing.T) {
	agreed := func(votes int, subject resolution.Subject, body resolution.Body) *resolution.RecordResolution {
		return &resolution.RecordResolution{Body: body, Date: "2026-02-01", Notice: "2026-01-01", Opened: "2026-01-01",
			Subjects: []resolution.Subject{subject}, Entitled: 100, Present: 90, For: votes}
	}
	for _, c := range []struct {
		name    string
		year    int
		part    plan.Component // its class is filled in
		cash    bool           // of the class of money put in
		agreed  *resolution.RecordResolution
		inherit bool
		lost    string // a member of the village loses membership so, and has kept no right
		refused bool
	}{
		{name: "a pool, nobody asked", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")}, refused: true},
		{name: "seventy-four of a hundred", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")},
			agreed: agreed(74, resolution.Outsiders, resolution.Assembly), refused: true},
		{name: "seventy-five of a hundred", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")},
			agreed: agreed(75, resolution.Outsiders, resolution.Assembly)},
		{name: "seventy-five representatives", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")},
			agreed: agreed(75, resolution.Outsiders, resolution.Representatives), refused: true},
		{name: "seventy-five on the plan", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")},
			agreed: agreed(75, resolution.Distribution, resolution.Assembly), refused: true},
		{name: "the year before the law", year: 2024, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")}},
		{name: "a guarantee on money put in", year: 2025, part: plan.Component{Rule: plan.Guarantee, Rate: booktest.Rate("1")}, cash: true},
		{name: "a guarantee on quantified shares", year: 2025, part: plan.Component{Rule: plan.Guarantee, Rate: booktest.Rate("1")},
			refused: true},
		{name: "a household that membership elsewhere has taken", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")},
			lost: "elsewhere", refused: true},
		{name: "a household whose member has died", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")}, lost: "death"},
		{name: "an heir from outside", year: 2025, part: plan.Component{Rule: plan.PoolOver, Pool: yuan("100")}, inherit: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			coop, class, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
			outsider := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside, Name: "外来的"})[0]
			if c.cash {
				class = b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit,
					Price: booktest.Rate("1")})[0]
			}
			if c.lost != "" {
				member := b.Record("kj-yuxin", &register.ConfirmMember{Collective: coop, Name: "测试成员", IDNo: booktest.ResidentID(901),
					Household: holders[0], Relation: "子", Date: "2020-01-01", How: register.AtFirst, Resolution: "1"})[0]
				b.Record("kj-yuxin", &register.LoseMembership{Member: member, Date: "2024-06-01", Cause: c.lost, Resolution: "1"})
			} else if c.inherit {
				b.Record("kj-yuxin", &register.TransferShares{Class: class, From: holders[0], To: []register.Lot{{Holder: outsider,
					Quantity: booktest.Units("1")}}, Date: "2024-01-02", Cause: register.Inheritance})
			} else {
				b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: outsider, Quantity: booktest.Units("10"), Date: "2024-01-02"})
			}
			b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating",
				Date:   journal.Date(journal.Number(c.year, 4) + "-05-01"),
				Amount: yuan("1000")})
			if c.agreed != nil {
				c.agreed.Of = coop
				b.Record("kj-yuxin", c.agreed)
			}
			c.part.Class = class
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: c.year, RecordDate: journal.YearEnd(c.year), Resolution: "1",
				Components: []plan.Component{c.part}})[0]
			submit := &dividend.SubmitDistribution{Distribution: id}
			if !c.refused {
				b.Record("kj-yuxin", submit)
			} else if f := b.Refuses("kj-yuxin", journal.Conflict, "distribution", submit); !booktest.HasText(f, "第十五条") {
				t.Errorf("refused without the article: %v", f)
			}
		})
	}
}
