package dividend

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// membersOnlyFrom is the first year whose gain a collective gives out by quantified shares alone: the law came into force on 2025-05-01,
// before
// that year was given out.
const membersOnlyFrom = 2025

// checkMembersOnly refuses what a collective may not give out of its gain: its members get by their quantified shares and nothing else
// (农村集体经济组织法 art. 42). What is guaranteed on money put in is no distribution to members, and stands on the line for outside investment; the
// collective's own part of an excess stays in its book.
func checkMembersOnly(f *journal.Faults, entity register.Entity, year int, fund string, list []plan.Component) {
	if !entity.Kind.Collective() || year < membersOnlyFrom || fund != "" {
		return
	}
	for i, part := range list {
		at := "components." + strconv.Itoa(i) + "."
		switch {
		case part.Rule == plan.FixedSum, part.Rule == plan.Patronage, part.Rule == plan.ByAccount:
			f.Add(journal.Conflict, at+"rule", part.Rule, "农村集体经济组织法第四十二条:%s 年起集体的收益只按量化的份额分给成员,不能用“%s”;给选定农户的补助请记公益支出",
				strconv.Itoa(membersOnlyFrom), part.Rule.Label())
		case part.Rule == plan.Excess && part.Managers > 0:
			f.Add(journal.Conflict, at+"managers", part.Managers, "农村集体经济组织法第四十二条:%s 年起集体的收益只按量化的份额分给成员;给管理人员的报酬请记管理费用",
				strconv.Itoa(membersOnlyFrom))
		}
	}
}
