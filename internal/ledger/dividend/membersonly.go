package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
)

// membersOnlyFrom is the first year whose gain a collective gives out by quantified shares alone: the law came into force on 2025-05-01,
// before that year was given out.
const membersOnlyFrom = 2025

// MembersOnly tells whether an entity gives out its gain of a year by quantified shares alone.
func MembersOnly(entity register.Entity, year int) bool {
	return entity.Kind.Collective() && year >= membersOnlyFrom
}

// Offers tells whether an entity may divide its gain of a year by a rule: by trade and accounts only who keeps members' accounts.
func Offers(entity register.Entity, year int, rule plan.Rule) bool {
	switch rule {
	case plan.Patronage, plan.ByAccount:
		return entity.KeepsAccounts()
	case plan.FixedSum:
		return !MembersOnly(entity, year)
	}
	return true
}

// checkMembersOnly refuses what a collective may not give out of its gain: its members get by their quantified shares and nothing else
// (农村集体经济组织法 art. 42). What is guaranteed on money put in is no distribution to members, and stands on the line for outside investment; the
// collective's own part of an excess stays in its book.
func checkMembersOnly(c *journal.Checking, f *journal.Faults, entity register.Entity, year int, fund string, list []plan.Component) {
	if !MembersOnly(entity, year) || fund != "" {
		return
	}
	for i, part := range list {
		at := "components." + strconv.Itoa(i) + "."
		switch {
		case !Offers(entity, year, part.Rule):
			f.Add(journal.Conflict, at+"rule", part.Rule, "农村集体经济组织法第四十二条:%s 年起集体的收益只按量化的份额分给成员,不能用“%s”;给选定农户的补助请记公益支出",
				strconv.Itoa(membersOnlyFrom), part.Rule.Label())
		case !part.Rule.Guarantee() && overCapital(c, entity.ID, part.Class):
			f.Add(journal.Conflict, at+"class", part.Class, "农村集体经济组织法第四十二条:%s 年起集体的收益只按量化的份额分给成员;出资的股份(资金股)不是量化的份额,只能定保底,请另写一项保底",
				strconv.Itoa(membersOnlyFrom))
		case part.Rule == plan.Excess && part.Managers > 0:
			f.Add(journal.Conflict, at+"managers", part.Managers, "农村集体经济组织法第四十二条:%s 年起集体的收益只按量化的份额分给成员;给管理人员的报酬请记管理费用",
				strconv.Itoa(membersOnlyFrom))
		}
	}
}

// overCapital tells whether a component is over shares for money put in: its class is one, or it is over all and one of them is.
func overCapital(c *journal.Checking, entity, of string) bool {
	for id, class := range register.ClassTable.Scan(c, journal.ClassID.Front(entity)) {
		if class.Kind == register.CashShare && (of == "" || of == id) {
			return true
		}
	}
	return false
}

// checkOutsiders refuses to let whoever is no member share in a collective's gain, unless three quarters of all members have agreed
// (农村集体经济组织法 art. 15). What is guaranteed on money put in is no share of it. A county cannot make this a warning.
func checkOutsiders(c *journal.Checking, of people, entity register.Entity, d plan.Distribution, figures []Figure,
	added map[string]money.Yuan) error {
	if !MembersOnly(entity, d.Year) || d.Fund != "" {
		return nil
	}
	invested := investedIn(c, d)
	outsider := register.Outsiders(c, c.Open, d.Entity, d.RecordDate)
	for _, x := range figures {
		s := of(x.Holder)
		if !shares(x, invested) && added[x.Holder] <= 0 || !outsider(s) {
			continue
		}
		if !resolution.Passed(c, d.Entity, resolution.Outsiders) {
			return journal.Clash("distribution", s.Name, "农村集体经济组织法第十五条:%s不是本集体的成员,要成员大会全体成员四分之三以上同意才能分享收益;请先登记议题是“%s”的决议", s.Name,
				resolution.Outsiders.Label())
		}
		return nil
	}
	return nil
}

// investedIn tells of each of a plan's components whether it is guaranteed on money put in, and so no share of the gain.
func investedIn(c *journal.Checking, d plan.Distribution) (list []bool) {
	for _, part := range d.Components {
		class, _ := register.ClassTable.Get(c, part.Class)
		list = append(list, part.Rule.Guarantee() && class.Kind == register.CashShare)
	}
	return list
}

// shares tells whether a holder gets anything of a plan besides what is guaranteed on money put in.
func shares(x Figure, invested []bool) bool {
	for i, part := range x.Parts {
		if part.Amount > 0 && !invested[i] {
			return true
		}
	}
	return false
}
