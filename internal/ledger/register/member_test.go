package register_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// A household's members are people who stand nowhere else on the village's register.
func TestMembers(t *testing.T) {
	b := booktest.New(t)
	_, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	wife := register.Member{Name: "王妻", Relation: "妻", IDNo: booktest.ResidentID(901)}
	b.Record("kj-yuxin", &register.ListMembers{Holder: holders[0], Members: []register.Member{wife, {Name: "王子", Relation: "子"}}})
	with := func(m ...register.Member) *register.ListMembers {
		return &register.ListMembers{Holder: holders[1], Members: m}
	}
	counted := booktest.Household(booktest.Yuxin, 40)
	counted.Members, counted.People = []register.Member{{Name: "甲"}}, 4
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		entry journal.Entry
	}{
		{"listed in another household", journal.Conflict, "members.0.id_no", with(wife)},
		{"a householder of another", journal.Conflict, "members.0.id_no", with(register.Member{Name: "李", IDNo: booktest.ResidentID(2)})},
		{"a wrong ID number", journal.Invalid, "members.1.id_no", with(register.Member{Name: "甲"},
			register.Member{Name: "乙", IDNo: "210799196001010011"})},
		{"twice", journal.Invalid, "members.1.id_no", with(register.Member{Name: "甲", IDNo: booktest.ResidentID(902)},
			register.Member{Name: "乙", IDNo: booktest.ResidentID(902)})},
		{"without a name", journal.Invalid, "members.0.name", with(register.Member{Relation: "妻"})},
		{"a list changed for no reason", journal.Invalid, "reason", &register.ListMembers{Holder: holders[0], Members: []register.Member{wife}}},
		{"a member registered as a household", journal.Conflict, "id_no",
			func() journal.Entry {
				h := booktest.Household(booktest.Yuxin, 41)
				h.IDNo = booktest.ResidentID(901)
				return h
			}()},
		{"a household whose number of people is another", journal.Invalid, "people", counted},
		{"nobody's", journal.NotFound, "holder", &register.ListMembers{Holder: booktest.Yuxin + "H99999"}},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, c.entry) })
	}
	// After a split the wife has a household of her own.
	b.Record("kj-yuxin", &register.ListMembers{Holder: holders[0], Members: []register.Member{{Name: "王子", Relation: "子"}}, Reason: "分户"})
	own := booktest.Household(booktest.Yuxin, 42)
	own.IDNo = booktest.ResidentID(901)
	b.Record("kj-yuxin", own)
	b.See("kj-yuxin", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, holders[0])
		if s.People != 2 || len(s.Members) != 1 {
			t.Errorf("%d people, members %+v", s.People, s.Members)
		}
	})
	b.Verified()
}

// A class's price, or the area where it counts 亩, says how many shares there are for what is put in; only a resolution may say otherwise. A
// closed class can be opened again.
func TestContributionPrice(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	cash := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("100"), Reward: plan.GuaranteePercent, RewardRate: booktest.Rate("5")})[0]
	put := func(class string, kind register.ContributionKind, area, value, shares, resolution string) journal.Entry {
		return &register.RecordContribution{Class: class, Holder: holders[0], Kind: kind, Area: booktest.Units(area), Value: booktest.Yuan(value),
			Shares: booktest.Units(shares), Date: "2025-01-01", Resolution: resolution}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "shares", put(cash, register.OwnFunds, "0", "9000", "80", ""))
	b.Refuses("kj-yuxin", journal.Conflict, "shares", put(land, register.Farmland, "4.5", "9000", "4", ""))
	b.Record("kj-yuxin", put(cash, register.OwnFunds, "0", "9000", "90", ""), put(cash, register.OwnFunds, "0", "9000", "80", "2025-01"),
		put(land, register.Farmland, "4.5", "9000", "4.5", ""))
	b.Refuses("kj-yuxin", journal.Invalid, "reward_rate", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare,
		Unit: register.ShareUnit, Reward: plan.Guarantee})
	b.Refuses("kj-yuxin", journal.Invalid, "reward", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare,
		Unit: register.ShareUnit, Reward: "luck"})

	b.Refuses("kj-yuxin", journal.Conflict, "class", &register.ReopenShareClass{Class: cash, Resolution: "2026-02"})
	b.Record("kj-yuxin", &register.CloseShareClass{Class: cash, Date: "2026-01-01", Resolution: "2026-01"})
	late := &register.IssueShares{Class: cash, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2026-01-02"}
	b.Refuses("kj-yuxin", journal.Conflict, "class", late)
	b.Record("kj-yuxin", &register.ReopenShareClass{Class: cash, Resolution: "2026-02"}, late)
	b.Verified()
}
