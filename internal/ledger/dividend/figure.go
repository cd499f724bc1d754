package dividend

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Part is what one component gives one holder.
type Part struct {
	_        struct{} `cbor:",toarray"`
	Quantity money.Quantity
	Weight   money.Quantity // what decides: the units, units × days, 分 of contribution or trade, …
	Amount   money.Yuan
	Extra    money.Yuan // of Amount, what came by the collective's or a manager's share of an excess
}

// Figure is what one holder is to get: a part for each component, in the components' order.
type Figure struct {
	_      struct{} `cbor:",toarray"`
	Holder string
	Parts  []Part
}

// Due is the sum of the parts.
func (f Figure) Due() (sum money.Yuan) {
	for _, p := range f.Parts {
		sum += p.Amount
	}
	return sum
}

// claim is one holder's claim on a component.
type claim struct {
	holder string
	units  money.Quantity
	weight money.Quantity
}

// planning works out a plan's figures. The books are read as of the record date; the same books give the same figures in any order and on
// any machine.
type planning struct {
	store.Reader
	d          plan.Distribution
	period     int        // days of the plan's year up to the record date
	guaranteed money.Yuan // what this plan's guarantees come to
	earlier    money.Yuan // and those of the year's plans that stand already, with what these gave of an excess
	others     money.Yuan // what this plan's components but the excess come to, guarantees too
	free       money.Yuan // what may still be distributed of the year, after those that stand
	rules      int
	copied     plan.Copied // what the plan has taken, or takes, of the books that has no day
	rounds     []string    // of a plan that was submitted: those of its year that it counted
	anew       bool        // the plan was submitted: what it copied counts, not what the books say now
}

// planningOf begins to work a plan out.
func planningOf(r store.Reader, d plan.Distribution) *planning {
	from, to := d.Period()
	p := &planning{Reader: r, d: d, period: to.DayNumber() - from.DayNumber() + 1, rules: rulesOf(d)}
	if p.anew = p.rules >= shareRules && len(d.StandsOn) > 0; p.anew {
		p.copied = d.Copied
	} else if p.rules >= shareRules {
		entity, _ := register.EntityTable.Get(r, d.Entity)
		p.copied = plan.Copied{OwnDays: entity.OwnDays}
	}
	if d.Committed() {
		for _, g := range d.Grounds(r) {
			if g.What == plan.Round {
				p.rounds = append(p.rounds, g.Of)
			}
		}
	}
	return p
}

// figures works out what every holder gets under a plan, in order of the holders' ids, and what of the books it took that has no day.
func figures(r store.Reader, d plan.Distribution) ([]Figure, []plan.ComponentTotal, plan.Copied, error) {
	p := planningOf(r, d)
	for _, other := range plan.DistributionTable.Scan(r, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if other.ID != d.ID && p.counts(other) {
			for i, c := range other.Components {
				if c.Rule.Guarantee() || c.Rule == plan.Excess {
					p.earlier += other.Totals[i].Amount
				}
			}
		}
	}
	byHolder := map[string][]Part{}
	totals := make([]plan.ComponentTotal, len(d.Components))
	// What is left above the guarantees can be shared only when those are known.
	for _, excess := range []bool{false, true} {
		for i, part := range d.Components {
			if (part.Rule == plan.Excess) != excess {
				continue
			}
			if excess && p.free == 0 {
				if p.free = p.copied.Free; !p.anew {
					p.free = income.StatementIn(r, d.Book, d.Year).Distributable
					p.copied.Free = p.free
				}
			}
			if err := p.component(i, part, &totals[i], byHolder); err != nil {
				return nil, nil, p.copied, err
			}
			if part.Rule.Guarantee() {
				p.guaranteed += totals[i].Amount
			}
			p.others += totals[i].Amount
		}
	}
	list := make([]Figure, 0, len(byHolder))
	for _, h := range slices.Sorted(maps.Keys(byHolder)) {
		list = append(list, Figure{Holder: h, Parts: byHolder[h]})
	}
	if len(list) > maxHolders {
		return nil, nil, p.copied, journal.Refuse(journal.TooLarge, "components", len(list), "一次分红最多 %s 户", strconv.Itoa(maxHolders))
	}
	return list, totals, p.copied, nil
}

// counts tells whether another plan of the year stood when this one was worked out: now, or when it was submitted.
func (p *planning) counts(other plan.Distribution) bool {
	if !p.d.Committed() {
		return other.Committed()
	}
	return slices.Contains(p.rounds, other.ID)
}

// component adds what one component gives to the holders' parts.
func (p *planning) component(i int, c plan.Component, t *plan.ComponentTotal, byHolder map[string][]Part) error {
	at := "components." + strconv.Itoa(i) + "."
	list, err := p.claims(at, i, c)
	if err != nil {
		return err
	}
	part := func(holder string) *Part {
		if byHolder[holder] == nil {
			byHolder[holder] = make([]Part, len(p.d.Components))
		}
		return &byHolder[holder][i]
	}
	var amounts []money.Yuan
	if c.Pooled() {
		if t.Pool = c.Pool; c.Rule == plan.Excess {
			if t.Pool, err = p.share(at, c, t, part); err != nil {
				return err
			}
		}
		if list, amounts, err = p.divide(at, i, c, t, list); err != nil {
			return err
		}
	} else {
		amounts = make([]money.Yuan, len(list))
		for k, x := range list {
			sum, days := p.times(c, x)
			if sum.GreaterThan(money.MaxYuan.Decimal().Mul(decimal.NewFromInt(days))) {
				return journal.Clash(at+"rate", c.Rate, "每股(亩)%s 元太大:股东 %s 的一项超过 %s 元", c.Rate.String(), x.holder, money.MaxYuan.Grouped())
			}
			amounts[k] = money.Quotient(sum, days)
		}
		got := p.givenBack(i, c) // what a first round gave is part of the year's
		for k, x := range list {
			amounts[k] = max(0, amounts[k]-got[x.holder])
		}
	}
	t.Holders = len(list)
	for k, x := range list {
		t.Units, t.Weight = t.Units+x.units, t.Weight+x.weight
		to := part(x.holder)
		to.Quantity, to.Weight, to.Amount = x.units, x.weight, to.Amount+amounts[k]
		t.Amount += amounts[k]
	}
	return nil
}

// divide divides a component's pool over the claims. What a first round has given back by trade is part of the year's: the pool and it are
// divided together, and everybody gets what is missing. Whoever has more already keeps it, and takes no part.
func (p *planning) divide(at string, i int, c plan.Component, t *plan.ComponentTotal, list []claim) (in []claim, amounts []money.Yuan,
	err error) {
	got := p.givenBack(i, c)
	pool := t.Pool
	for in = list; ; {
		t.Pool, t.Odd = pool, 0
		weights := make([]money.Weight, len(in))
		for k, x := range in {
			weights[k] = money.Weight{Key: x.holder, Amount: x.weight}
			t.Pool += got[x.holder]
		}
		parts, err := money.Apportion(t.Pool, weights)
		if err != nil {
			return nil, nil, journal.Clash(at+"pool", t.Pool, "资金池 %s 元分不下去:总股数为 0 或太大", t.Pool.Grouped())
		}
		var rest []claim
		amounts = amounts[:0]
		for k, x := range parts {
			amount := x.Amount
			if p.d.CarryOdd {
				amount = x.Floor
			}
			if x.Odd {
				t.Odd++
			}
			if amount -= got[in[k].holder]; amount >= 0 {
				rest, amounts = append(rest, in[k]), append(amounts, amount)
			}
		}
		if len(rest) == len(in) {
			return in, amounts, nil
		}
		in = rest
	}
}

// givenBack is what the year's first rounds have given each holder by trade, where a component settles the year by the same measure.
func (p *planning) givenBack(at int, c plan.Component) map[string]money.Yuan {
	if c.Rule != plan.Patronage || p.d.Interim || p.settled(at, c) {
		return nil
	}
	got := map[string]money.Yuan{}
	for _, other := range plan.DistributionTable.Scan(p, journal.DistributionID.Dated(p.d.Entity, p.d.Year)) {
		if other.ID == p.d.ID || !other.Interim || !p.counts(other) {
			continue
		}
		for i, o := range other.Components {
			if !c.SameTrade(o) {
				continue
			}
			for _, x := range payouts.Scan(p, other.ID) {
				got[x.Holder] += x.Part(i).Amount
			}
		}
	}
	return got
}

// settled tells whether what first rounds gave is taken off already: by an earlier part of the plan, or by a final one that stands.
func (p *planning) settled(at int, c plan.Component) bool {
	if p.rules < tradeRules {
		return false
	}
	if slices.ContainsFunc(p.d.Components[:at], c.SameTrade) {
		return true
	}
	for _, other := range plan.DistributionTable.Scan(p, journal.DistributionID.Dated(p.d.Entity, p.d.Year)) {
		if other.ID != p.d.ID && !other.Interim && p.counts(other) && slices.ContainsFunc(other.Components, c.SameTrade) {
			return true
		}
	}
	return false
}

// times is what a rule that gives each holder a sum of its own comes to, exactly: so many yuan divided by so many days.
func (p *planning) times(c plan.Component, x claim) (sum decimal.Decimal, days int64) {
	sum = c.Rate.Decimal()
	switch c.Rule {
	case plan.GuaranteePercent: // the weight is in 分
		sum = sum.Mul(money.Yuan(x.weight).Decimal()).Shift(-2)
	case plan.FixedSum:
	case plan.Patronage:
		if c.Measure != plan.MeasureVolume { // per cent of what is in 分
			return sum.Mul(money.Yuan(x.weight).Decimal()).Shift(-2), 1
		}
		sum = sum.Mul(x.weight.Decimal())
	default:
		sum = sum.Mul(x.weight.Decimal())
	}
	if c.Days {
		return sum, int64(p.period)
	}
	return sum, 1
}

// share divides what is left above the guarantees among members, collective and managers, gives the latter two theirs, and returns the
// members' pool.
func (p *planning) share(at string, c plan.Component, t *plan.ComponentTotal, part func(string) *Part) (money.Yuan, error) {
	t.Base = p.free
	t.Excess = p.free - p.others // what stands already has been taken from what is free
	if c.Pool != 0 {
		t.Base = c.Pool
		t.Excess = c.Pool - p.earlier - p.guaranteed
	}
	if t.Excess <= 0 {
		return 0, journal.Clash(at+"pool", t.Excess, "保底已用 %s 元,没有超出保底的部分可分;去掉这一项再提交", (p.earlier + p.guaranteed).Grouped())
	}
	members, collective, managers, _ := c.SplitExcess(t.Excess, p.rules)
	give := func(holder string, sum money.Yuan) {
		to := part(holder)
		to.Amount, to.Extra, t.Amount = to.Amount+sum, to.Extra+sum, t.Amount+sum
	}
	if collective > 0 {
		give(c.ToCollective, collective)
	}
	if managers > 0 {
		var equal []money.Weight
		for _, h := range c.ToManagers {
			equal = append(equal, money.Weight{Key: h, Amount: 1})
		}
		parts, err := money.Apportion(managers, equal)
		if err != nil {
			return 0, journal.Clash(at+"to_managers", "", "请写明管理人员")
		}
		for k, x := range parts {
			if p.d.CarryOdd {
				x.Amount = x.Floor
			}
			give(c.ToManagers[k], x.Amount)
		}
	}
	return members, nil
}

// claims lists who takes part in a component and with what, in order of the holders' ids.
func (p *planning) claims(at string, i int, c plan.Component) (list []claim, err error) {
	switch c.Rule {
	case plan.Patronage:
		from, to := p.d.Period()
		upTo := journal.YearEnd(p.d.Year) // the year's trade, whatever day decides who holds shares
		if p.d.Interim {
			upTo = to
		}
		if err := p.oneUnit(at, c); err != nil {
			return nil, err
		}
		for _, t := range tradeOf(p, p.d.Entity, c, from, to, upTo) {
			if w := t.weight(c.Measure); w > 0 {
				list = append(list, claim{t.Holder, w, w})
			}
		}
		if len(list) == 0 && (c.Product != "" || c.MemberTo+c.MemberFrom != "") {
			return nil, journal.Clash(at+"product", c.Product, "%s 年没有符合条件的成员交易;请核对品名“%s”和成员的日期", strconv.Itoa(p.d.Year), c.Product)
		}
		if len(list) == 0 {
			return nil, journal.Clash(at+"rule", c.Rule, "%s 年没有记成员的交易;请先记入或上传交易量(额)", strconv.Itoa(p.d.Year))
		}
	case plan.ByAccount:
		for _, m := range memberAccounts(p, p.d.Entity, p.d.RecordDate) {
			if sum := m.Balance(); sum > 0 {
				list = append(list, claim{m.Holder, money.Quantity(sum), money.Quantity(sum)})
			}
		}
		if len(list) == 0 {
			return nil, journal.Clash(at+"rule", c.Rule, "登记日 %s 成员账户上没有份额", string(p.d.RecordDate))
		}
	case plan.FixedSum:
		return p.chosen(at, i, c)
	default:
		if list, err = p.units(c); err == nil && len(list) == 0 {
			err = journal.Clash(at+"class", c.Class, "登记日 %s 没有人持有 %s 的股份", string(p.d.RecordDate), cmp.Or(c.Class, p.d.Entity))
		}
	}
	return list, err
}

// units lists the holders of a component's class, or of all classes of the entity, with their units, and what weighs: units × days where
// days count, the contribution in 分 where that does.
func (p *planning) units(c plan.Component) ([]claim, error) {
	of := []string{c.Class}
	if c.Class == "" {
		of = nil
		for id := range register.ClassTable.Scan(p, journal.ClassID.Front(p.d.Entity)) {
			of = append(of, id)
		}
	}
	from, to := p.d.Period()
	if err := p.oneMeasure(of); err != nil {
		return nil, err
	}
	sum := map[string]*claim{}
	var holders []string
	for _, id := range of {
		class, _ := register.ClassTable.Get(p, id)
		var worth map[string]stakeWorth
		if c.Rule == plan.GuaranteePercent {
			worth = worthOf(p, class, p.d.RecordDate, from, to)
		}
		days := map[string]money.Quantity{} // units × days of each holder
		stakes := register.RegisterOf(p, id, p.d.RecordDate, func(s *register.Stake, at register.MovementKey, m register.Movement) {
			if first := max(at.Date(), from); first <= to {
				days[s.Holder] += m.Quantity * money.Quantity(to.DayNumber()-first.DayNumber()+1)
			}
		})
		if c.Days && p.rules >= shareRules && !p.copied.OwnDays {
			lots := lotsOf(p, class, p.d.RecordDate)
			worth = map[string]stakeWorth{}
			for h, list := range lots {
				units, value := dayWeight(list, class, from, to)
				days[h], worth[h] = units, stakeWorth{days: value}
			}
		}
		left := c.Days && p.rules >= shareRules && p.copied.OwnDays // who left has days, too
		for _, s := range stakes {
			if s.Quantity == 0 && !(left && days[s.Holder] > 0) {
				continue
			}
			x := sum[s.Holder]
			if x == nil {
				x = &claim{holder: s.Holder}
				sum[s.Holder] = x
				holders = append(holders, s.Holder)
			}
			x.units += s.Quantity
			switch {
			case c.Rule == plan.GuaranteePercent && c.Days:
				x.weight += money.Quantity(worth[s.Holder].days)
			case c.Rule == plan.GuaranteePercent:
				x.weight += money.Quantity(worth[s.Holder].value)
			case c.Days:
				x.weight += days[s.Holder]
			default:
				x.weight += s.Quantity
			}
		}
	}
	slices.Sort(holders)
	list := make([]claim, 0, len(holders))
	for _, h := range holders {
		if x := *sum[h]; x.weight > 0 {
			list = append(list, x)
		}
	}
	return list, nil
}

// oneUnit refuses to give back by volumes that are counted in several units, or in another one than the component says.
func (p *planning) oneUnit(at string, c plan.Component) error {
	if c.Measure != plan.MeasureVolume || p.anew { // of a plan that was submitted it was asked then
		return nil
	}
	year := journal.YearID.Dated(p.d.Entity, p.d.Year)
	first, of := "", ""
	for key, u := range tradeUnits.Scan(p, year) {
		unit := u.Unit
		product := strings.TrimPrefix(key, year)
		if c.Product != "" && c.Product != product {
			continue
		}
		switch {
		case c.Unit != "" && c.Unit != unit:
			return journal.Clash(at+"product_unit", c.Unit, "%s 年“%s”的交易量按“%s”记,不是“%s”", strconv.Itoa(p.d.Year), product, unit, c.Unit)
		case first != "" && first != unit:
			return journal.Clash(at+"product", c.Product, "“%s”按%s记、“%s”按%s记,交易量不能加在一起分;请一种产品写一项", of, first, product, unit)
		}
		first, of = unit, product
	}
	return nil
}

// oneMeasure refuses to add yuan of contribution to shares or 亩.
func (p *planning) oneMeasure(of []string) error {
	yuan, other := false, false
	for _, id := range of {
		class, _ := register.ClassTable.Get(p, id)
		yuan, other = yuan || class.Unit == register.YuanUnit, other || class.Unit != register.YuanUnit
	}
	if yuan && other {
		return journal.Clash("components", p.d.Entity, "按元计的股份不能和按股、按亩计的合在一起分;请一种股份写一项")
	}
	return nil
}

// chosen lists the households that a fixed sum goes to: those named, or those of the entity's shareholders on the record date who carry a
// mark.
func (p *planning) chosen(at string, i int, c plan.Component) (list []claim, err error) {
	const one = 10_000 // of a quantity
	named := c.Holders
	if p.anew && i < len(p.copied.Marked) {
		named = append(named, p.copied.Marked[i]...)
	}
	if len(named) > 0 {
		for _, h := range slices.Sorted(slices.Values(named)) {
			list = append(list, claim{h, one, one})
		}
		return list, nil
	}
	holders := map[string]bool{}
	for id := range register.ClassTable.Scan(p, journal.ClassID.Front(p.d.Entity)) {
		for _, s := range register.RegisterOf(p, id, p.d.RecordDate) {
			holders[s.Holder] = holders[s.Holder] || s.Quantity > 0
		}
	}
	for _, h := range slices.Sorted(maps.Keys(holders)) {
		if s, _ := register.ShareholderTable.Get(p, h); holders[h] && slices.Contains(s.Marks, c.Mark) {
			list = append(list, claim{h, one, one})
			if p.rules >= shareRules {
				for len(p.copied.Marked) <= i {
					p.copied.Marked = append(p.copied.Marked, nil)
				}
				p.copied.Marked[i] = append(p.copied.Marked[i], h)
			}
		}
	}
	if len(list) == 0 {
		return nil, journal.Clash(at+"mark", c.Mark, "登记日 %s 的股东里没有标记为“%s”的户", string(p.d.RecordDate), c.Mark)
	}
	return list, nil
}

// Preview works out a draft's figures as they would be frozen now, and their sum.
func Preview(v *journal.View, d plan.Distribution) (list []Figure, totals []plan.ComponentTotal, due money.Yuan, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, nil, 0, err
	}
	list, totals, _, err = figures(books, d)
	for _, t := range totals {
		due += t.Amount
	}
	for _, k := range kept(books, v.Open, peopleOf(books), d, list) {
		due -= k.Amount
	}
	return list, totals, due, err
}

// kept is what of a plan's figures stays in the book that it is given out of: what falls on the collective's own shares in its own stock
// cooperative. It would give to itself what it has, and earn by it.
func kept(r store.Reader, open seal.Opener, of people, d plan.Distribution, list []Figure) (stay []Allotment) {
	all := register.CollectivesOf(r, open)
	for _, f := range list {
		s := of(f.Holder)
		if book := all.BookOf(s); book != "" && book == d.Book && f.Due() != 0 {
			stay = append(stay, Allotment{Holder: f.Holder, Amount: f.Due()})
		}
	}
	return stay
}

// Kept is what of a draft's figures would stay in the book, by holder.
func Kept(v *journal.View, d plan.Distribution, list []Figure) (map[string]money.Yuan, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, err
	}
	stay := map[string]money.Yuan{}
	for _, k := range kept(books, v.Open, peopleOf(books), d, list) {
		stay[k.Holder] = k.Amount
	}
	return stay, nil
}
