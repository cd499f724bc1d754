package register

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
)

// most is the most that one holder may have of a collective's shares, in per cent of those of the unit: 3 % where 浙江 says so (art. 30).
var most = office.Describe(office.Setting{
	Name: "holder_cap", Label: "一个股东最多持有", Default: "",
	Hint:  "占集体经济组织同一单位全部股份的百分之几,例如 3;留空就是不限。转让、配股超过的不让记,继承、并户、总数减少造成的只提醒",
	Wrong: office.WrongPercent,
})

// overCap tells in the words of a refusal that a holder would have more of a collective's shares than the county allows, once it has got so
// many more and there are so many more in all; "" where it would not. The collective itself is not capped, and no one while there are
// fewer holders than the cap needs.
func overCap(c *journal.Checking, class ShareClass, holder string, gets, grows money.Quantity) (text string, args []any) {
	entity, ok := entities.Get(c, class.Entity())
	limit := most.PercentOn(c, journal.PlaceOf(class.ID), c.Today())
	s, _ := shareholders.Get(c, holder)
	if !ok || limit == 0 || !entity.Kind.Collective() || s.Kind == Collective {
		return "", nil
	}
	mine, all := gets, grows
	holders, need := map[string]bool{holder: true}, int((100_000_000+limit-1)/limit)
	for id, other := range classes.Scan(c, journal.ClassID.Front(entity.ID)) {
		if other.Unit != class.Unit {
			continue
		}
		has, _ := holdings.Get(c, id+holder)
		mine, all = mine+has, all+other.Issued
		for k := range holdings.Scan(c, id) {
			if len(holders) >= need {
				break
			}
			_, h := journal.ClassID.Cut(k)
			holders[h] = true
		}
	}
	share := mine.Decimal().Shift(2)
	if len(holders) < need || !share.GreaterThan(all.Decimal().Mul(limit.Decimal())) {
		return "", nil
	}
	return "%s会有 %s 里的 %s %s,超过县里规定的 %s%%", []any{s.Name, all.Grouped(), mine.Grouped(), class.Unit.Label(), limit.String()}
}

// checkHolderCap refuses what adds to a holding above the cap; the field is that of the number of shares.
func checkHolderCap(c *journal.Checking, f *journal.Faults, class ShareClass, field, holder string, gets, grows money.Quantity) {
	if text, args := overCap(c, class, holder, gets, grows); text != "" {
		f.Add(journal.Conflict, field, gets, text, args...)
	}
}

// doubtHolderCap asks about a holding above the cap that may be: by inheritance, or where households merge.
func doubtHolderCap(c *journal.Checking, class ShareClass, field, holder string, gets, grows money.Quantity) {
	if text, args := overCap(c, class, holder, gets, grows); text != "" {
		c.Doubt(field, gets, text, args...)
	}
}

// doubtShrunk asks about the holders who pass the cap because there are fewer shares in all.
func doubtShrunk(c *journal.Checking, class ShareClass, field string, grows money.Quantity) {
	if most.PercentOn(c, journal.PlaceOf(class.ID), c.Today()) == 0 {
		return
	}
	passed, first := 0, ""
	for k := range holdings.Scan(c, class.ID) {
		_, holder := journal.ClassID.Cut(k)
		before, _ := overCap(c, class, holder, 0, 0)
		if after, _ := overCap(c, class, holder, 0, grows); before == "" && after != "" {
			if passed++; first == "" {
				s, _ := shareholders.Get(c, holder)
				first = s.Name
			}
		}
	}
	if passed > 0 {
		c.Doubt(field, grows, "总数减少以后,%s等 %s 户超过县里规定的上限", first, strconv.Itoa(passed))
	}
}
