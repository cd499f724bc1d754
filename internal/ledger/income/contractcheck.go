package income

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ContractCheck is one of the things that counties look for when they clean up contracts.
type ContractCheck struct {
	Name  string // in addresses
	Label journal.Label
	Tone  string
}

// ContractChecks are all checks, the most pressing first.
var ContractChecks = []ContractCheck{
	{"overdue", "欠缴", "bad"}, {"expiring", "快到期", "wait"}, {"expired", "到期没有续签", "wait"}, {"term", "超过法定期限", "bad"},
	{"resolution", "没有决议", "wait"}, {"paper", "没有合同扫描件", "wait"}, {"prepaid", "预收以后年度的", "info"}, {"low", "低于平均", "wait"},
	{"many", "一家占多份", "info"},
}

// Concern is what a check found about a contract, in words.
type Concern struct {
	ContractCheck
	Said *journal.Error
}

// Brief is what a list says of it: for how long, where that is what matters; nil where the check's name says all.
func (c Concern) Brief() *journal.Error {
	switch c.Name {
	case "overdue":
		return &journal.Error{Text: "欠缴 %s 天", Args: c.Said.Args[1:]}
	case "expiring", "expired", "prepaid":
		return c.Said
	}
	return nil
}

// ContractState is a contract as it stands on a day.
type ContractState struct {
	Contract
	Day      journal.Date
	Terms    Terms      // of the day
	Rent     money.Yuan // of the year that the day is in, after its rises
	PerMu    money.Yuan // of it; 0 where it is not counted in 亩
	All      []Due
	Overdue  money.Yuan
	Since    journal.Date // the oldest open sum was due then
	Next     *Due         // the next to be received: overdue or not; nil when nothing is
	Concerns []Concern
}

// State is where a contract is in its life, with its tone.
func (s ContractState) State() ContractCheck {
	switch {
	case s.Void != "":
		return ContractCheck{"void", "已作废", "bad"}
	case s.Ended != "" && s.Ended < s.Day:
		return ContractCheck{"ended", "已终止", ""}
	case s.Until() < s.Day:
		return ContractCheck{"over", "已到期", ""}
	case s.Contract.Terms[0].From > s.Day:
		return ContractCheck{"ahead", "还没开始", ""}
	}
	return ContractCheck{"runs", "在履行", "good"}
}

// Running tells whether it is in force on the day.
func (s ContractState) Running() bool { return s.Runs(s.Day) }

// Late is for how many days the oldest open sum has been due.
func (s ContractState) Late() int { return s.Day.DayNumber() - s.Since.DayNumber() }

// Has tells whether a check found something.
func (s ContractState) Has(check string) bool {
	return slices.ContainsFunc(s.Concerns, func(c Concern) bool { return c.Name == check })
}

// DueIn is what becomes due in a year, and what of it is paid.
func (s ContractState) DueIn(year int) (due, paid money.Yuan) {
	for _, d := range s.All {
		if d.Date.Year() == year {
			due, paid = due+d.Amount, paid+d.Paid
		}
	}
	return due, paid
}

// The bounds of the checks, which a county may move. Expiring is how many days before its end a contract is said to end.
var (
	Expiring = office.Describe(office.Setting{Name: "contract_expiring", Label: "合同到期前多少天提醒", Default: "90", Hint: "天数",
		Wrong: office.WrongCount})
	manyOf = office.Describe(office.Setting{Name: "contract_many", Label: "一家有几份合同算多", Default: "3", Hint: "一个村里同一个对方在履行的合同份数",
		Wrong: office.WrongCount})
	lowRent = office.Describe(office.Setting{Name: "contract_low", Label: "每亩低于本村平均的百分之几要提醒", Default: "100",
		Hint: "100 是低于平均就提醒;80 是不到平均的八成才提醒", Wrong: office.WrongPercent})
)

// ContractStateOf is a contract as it stands today, with what the checks find. A void one is in no list, and is checked for nothing.
func ContractStateOf(v *journal.View, id string) (ContractState, error) {
	k, err := ContractOf(v, id)
	if err != nil {
		return ContractState{}, err
	}
	s := asItStands(k, v.Today())
	if s.owe(); k.Void != "" {
		return s, nil
	}
	books, err := v.At(journal.PlaceOf(id))
	if err != nil {
		return s, err
	}
	bounds := boundsOf(books, journal.PlaceOf(id), s.Day)
	err = EachContract(v, string(journal.PlaceOf(id)), func(k Contract) error {
		bounds.count(asItStands(k, s.Day))
		return nil
	})
	s.check(books, bounds)
	return s, err
}

// ContractStates are the contracts of a region as they stand today, with what the checks find: village by village.
func ContractStates(v *journal.View, of string) (list []ContractState, err error) {
	books, err := v.At(journal.RegionOf(of))
	if err != nil {
		return nil, err
	}
	day := v.Today()
	begin := 0
	village := func() {
		if begin < len(list) {
			checkVillage(books, list[begin:], day)
		}
		begin = len(list)
	}
	err = EachContract(v, of, func(k Contract) error {
		if k.Void != "" {
			return nil
		}
		if begin < len(list) && journal.PlaceOf(list[begin].ID) != journal.PlaceOf(k.ID) {
			village()
		}
		s := asItStands(k, day)
		s.owe()
		list = append(list, s)
		return nil
	})
	village()
	return list, err
}

// byArea tells whether it is a money rent of so many 亩.
func (s *ContractState) byArea() bool {
	return s.Asset.kind().land && s.Terms.Area > 0 && s.Rent > 0 && s.Terms.InKind == ""
}

// asItStands is a contract on a day, without what it makes due.
func asItStands(k Contract, day journal.Date) ContractState {
	s := ContractState{Contract: k, Day: day, Terms: k.On(day)}
	s.Rent = s.Terms.RentOn(day)
	if s.byArea() {
		s.PerMu = rents{s.Rent, s.Terms.Area}.perMu()
	}
	return s
}

// owe works out what it makes due, and what of that is overdue.
func (s *ContractState) owe() {
	s.All = s.Dues()
	for i, d := range s.All {
		if d.Open() <= 0 {
			continue
		}
		if s.Next == nil {
			s.Next = &s.All[i]
		}
		if d.Late(s.Day) {
			if s.Overdue += d.Open(); s.Since == "" {
				s.Since = d.Date
			}
		}
	}
}

// RentOn is the rent of the year that a day lies in.
func (t Terms) RentOn(day journal.Date) money.Yuan {
	rent := t.Rent
	for y := 1; t.RiseYears > 0 && y <= maxTerm && t.From.PlusMonths(12*y) <= min(day, t.To); y++ {
		if y%t.RiseYears == 0 {
			rent = t.risen(rent)
		}
	}
	for _, s := range t.Steps {
		if s.From <= day {
			rent = s.Rent
		}
	}
	return rent
}

// checkVillage looks through the contracts of one village.
func checkVillage(r store.Reader, list []ContractState, day journal.Date) {
	bounds := boundsOf(r, journal.PlaceOf(list[0].ID), day)
	for _, s := range list {
		bounds.count(s)
	}
	for i := range list {
		list[i].check(r, bounds)
	}
}

// boundsOf are the bounds that hold for a village.
func boundsOf(r store.Reader, place region.Code, day journal.Date) *checkBounds {
	number := func(s *office.Setting) int { n, _ := strconv.Atoi(s.On(r, place, day)); return n }
	return &checkBounds{ahead: number(Expiring), many: number(manyOf), low: lowRent.PercentOn(r, place, day),
		round: journal.Date(roundEnds.On(r, place, day)), parties: map[string]int{}}
}

// count adds a contract in force to what those of the village come to.
func (b *checkBounds) count(s ContractState) {
	if !s.Running() || s.Void != "" {
		return
	}
	b.parties[ident.Name(s.Party)]++
	b.rents.add(s)
}

func rankOf(check string) int {
	return slices.IndexFunc(ContractChecks, func(c ContractCheck) bool { return c.Name == check })
}

// checkBounds are what the contracts of a village are held to, and what they come to.
type checkBounds struct {
	ahead, many int
	low         money.Rate
	round       journal.Date
	parties     map[string]int // contracts in force of each party
	rents       rents
}

// rents are money rents of so many 亩, added up.
type rents struct {
	sum  money.Yuan
	area money.Quantity
}

// add adds a contract in force that has one.
func (r *rents) add(s ContractState) {
	if s.Running() && s.byArea() {
		r.sum, r.area = r.sum+s.Rent, r.area+s.Terms.Area
	}
}

// perMu is what they come to for each 亩, 0 for none.
func (r rents) perMu() money.Yuan {
	if r.area == 0 {
		return 0
	}
	return money.FromDecimal(r.sum.Decimal().DivRound(r.area.Decimal(), 4))
}

// find notes what a check found.
func (s *ContractState) find(check, text string, args ...any) {
	s.Concerns = append(s.Concerns, Concern{ContractChecks[rankOf(check)],
		&journal.Error{Code: journal.Doubtful, Text: text, Args: args}})
}

// check notes what the checks find, the most pressing first.
func (s *ContractState) check(r store.Reader, b *checkBounds) {
	s.checkTime(b)
	if s.Running() {
		s.checkTerms(b)
		if !paper.Any(r, s.ID) {
			s.find("paper", "没有合同的扫描件")
		}
	}
	slices.SortStableFunc(s.Concerns, func(a, b Concern) int { return rankOf(a.Name) - rankOf(b.Name) })
}

// checkTime looks at what is overdue, and at the end.
func (s *ContractState) checkTime(b *checkBounds) {
	if s.Overdue > 0 {
		s.find("overdue", "欠 %s 元,最早的已 %s 天", s.Overdue.Grouped(), strconv.Itoa(s.Late()))
	}
	if left := s.Until().DayNumber() - s.Day.DayNumber(); s.Ended == "" && left < 0 && -left <= b.ahead {
		s.find("expired", "%s 天前到期,没有续签", strconv.Itoa(-left))
	} else if s.Ended == "" && left >= 0 && left <= b.ahead && s.Running() {
		s.find("expiring", "%s 天后到期", strconv.Itoa(left))
	}
}

// checkTerms looks at a contract in force.
func (s *ContractState) checkTerms(b *checkBounds) {
	if text, args := s.beyondLaw(b.round); text != "" {
		s.find("term", text, args...)
	}
	if s.Terms.Resolution == "" {
		s.find("resolution", "没有写决议")
	}
	if to := s.paidTo(); to > s.Day.PlusYears(1) {
		s.find("prepaid", "已经预收到 %s", string(to))
	}
	if s.byArea() {
		// rent ÷ area below low % of rents ÷ areas, without dividing
		mine := s.Rent.Decimal().Mul(b.rents.area.Decimal()).Shift(2)
		if all := b.rents.sum.Decimal().Mul(s.Terms.Area.Decimal()).Mul(b.low.Decimal()); mine.LessThan(all) {
			s.find("low", "每亩 %s 元,低于本村平均的 %s 元", s.PerMu.Grouped(), b.rents.perMu().Grouped())
		}
	}
	if n := b.parties[ident.Name(s.Party)]; n >= b.many {
		s.find("many", "%s在本村有 %s 份合同", s.Party, strconv.Itoa(n))
	}
}

// paidTo is the last day that has been paid for, "" where none has.
func (s *ContractState) paidTo() (to journal.Date) {
	for _, d := range s.All {
		if d.Open() == 0 && d.Remitted == 0 {
			to = max(to, d.To, d.Date)
		}
	}
	return to
}

// begun is when the time began that the law bounds: with the contract, or the last time it was prolonged after its end.
func (c Contract) begun() journal.Date {
	from := c.Terms[0].From
	for i, t := range c.Terms[1:] {
		if t.From > c.Terms[i].To {
			from = t.From
		}
	}
	return from
}

// beyondLaw says that the contract runs longer than the law lets one of its kind, "" where it does not.
func (s *ContractState) beyondLaw(round journal.Date) (text string, args []any) {
	if s.Asset == Farmland {
		if round != "" && s.Last().To > round {
			return "到期日晚于本轮耕地承包的 %s", []any{string(round)}
		}
		return "", nil
	}
	most := s.Asset.kind().most
	if most == 0 && s.Kind == Lease && s.Asset != Shares {
		most = 20
	}
	if most != 0 && s.Last().To.Plus(-1) >= s.begun().PlusYears(most) {
		return "期限超过 %s 年", []any{strconv.Itoa(most)}
	}
	return "", nil
}

// Average is what a region's money rents in force come to a year for each 亩, 0 where none is counted in 亩.
func Average(list []ContractState) money.Yuan {
	var all rents
	for _, s := range list {
		all.add(s)
	}
	return all.perMu()
}

// WantedContracts says which contracts are looked for.
type WantedContracts struct {
	Show string // a check; "running", "over", "all"; "" for those in force and those with something wrong
	Text string // in the party, the thing, the number
}

// Has tells whether a contract is looked for.
func (w WantedContracts) Has(s ContractState) bool {
	bare := func(in string) string { return strings.Join(strings.Fields(strings.ToLower(ident.Plain(in))), "") }
	text := bare(w.Text)
	said := func(in string) bool { return strings.Contains(bare(in), text) }
	if text != "" && !said(s.Party) && !said(s.Thing) && !said(s.Number) && !said(s.ID) {
		return false
	}
	switch w.Show {
	case "all":
		return true
	case "running":
		return s.Running()
	case "over":
		return s.Until() < s.Day
	case "":
		return s.Until() >= s.Day || len(s.Concerns) > 0 || text != ""
	}
	return s.Has(w.Show)
}
