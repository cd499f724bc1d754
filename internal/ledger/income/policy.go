package income

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Policy says when a village counts as an empty shell (空壳村). No law says it for the whole country: a county or a city does. Its measure
// is a formula of its own, whatever the form of a year's statement prints as 经营收益.
type Policy struct {
	Region region.Code `cbor:"1,keyasint"` // whose it is; "" for the program's own
	From   int         `cbor:"2,keyasint"` // the first year that it judges
	// Measure are the items that are counted, with their signs.
	Measure []Term     `cbor:"3,keyasint"`
	Bound   money.Yuan `cbor:"4,keyasint"` // a village below it is an empty shell
	// Above says that the bound itself is not enough.
	Above bool `cbor:"5,keyasint,omitempty"`
	// Received counts a sum for several years in the year in which it came in; else each year has its part.
	Received bool `cbor:"6,keyasint,omitempty"`
	// Alone leaves out the books of groups' collectives and other collectives of the village.
	Alone bool `cbor:"7,keyasint,omitempty"`
	// Tiers group villages by their measure, from the lowest up.
	Tiers []Tier `cbor:"8,keyasint"`
	// Silent is the year from which a village without any line counts as one with nothing, even where it has never had a line; 0 for none.
	Silent int `cbor:"9,keyasint,omitempty"`
	// Base is the year that later ones are compared with, 0 for none.
	Base  int           `cbor:"10,keyasint,omitempty"`
	Basis string        `cbor:"11,keyasint,omitempty"` // the document that says so
	Stamp journal.Stamp `cbor:"12,keyasint"`
	// End says that the office has none of its own from here on: the one above it holds again.
	End bool `cbor:"13,keyasint,omitempty"`
}

// Term is an item that a measure counts.
type Term struct {
	Item  string `cbor:"1,keyasint" json:"item"`
	Minus bool   `cbor:"2,keyasint,omitempty" json:"minus"`
}

// Tier is a group of villages: those whose measure is at its bound or more (含下不含上), up to the next one's.
type Tier struct {
	Name string     `cbor:"1,keyasint" json:"name"`
	From money.Yuan `cbor:"2,keyasint" json:"from"` // the lowest tier has all below the second's, whatever its own bound
}

// Net and Gross are the measures that texts name: net operating gain (经营收益) of the statistics of village collectives, and what comes in
// (经营性收入) alone.
func Net() []Term   { return termsOf(func(it Item) bool { return it.Operating }) }
func Gross() []Term { return termsOf(func(it Item) bool { return it.Operating && !it.Expense }) }

func termsOf(which func(Item) bool) (list []Term) {
	for _, it := range Items {
		if which(it) {
			list = append(list, Term{it.Code, it.Expense})
		}
	}
	return list
}

// DefaultPolicy holds where no office has set one, and before the first that one has set: a village is an empty shell while its
// collectives' net operating income (经营收益) of the year is under 50,000 yuan. Subsidies and windfalls do not count. The tiers are the six
// groups of the Ministry's statistics of village collectives.
var DefaultPolicy = Policy{From: FirstYear, Measure: Net(), Bound: 50_000_00, Tiers: []Tier{{"没有收益", 0}, {"不足 5 万", 1},
	{"5–10 万", 50_000_00}, {"10–50 万", 100_000_00}, {"50–100 万", 500_000_00}, {"100 万以上", 1_000_000_00}}}

// policies: the office, and the first year.
var policies = journal.Folded[Policy]("policy")

func policyKey(place region.Code, from int) string { return string(place) + journal.Number(from, 4) }

// SetPolicy sets what an empty shell is, for a county, a city or a province and for years from one on, until the next that the same office
// sets. A past year keeps its own: it is set where none was set for it, and what was set is replaced only by an entry that names it and
// gives the reason; nor does a nearer office change a past year that one above it has set.
type SetPolicy struct {
	Region   region.Code `cbor:"1,keyasint" json:"region"`
	From     int         `cbor:"2,keyasint" json:"from_year"`
	Measure  []Term      `cbor:"3,keyasint" json:"measure"`
	Bound    money.Yuan  `cbor:"4,keyasint" json:"bound"`
	Above    bool        `cbor:"5,keyasint,omitempty" json:"above"`
	Received bool        `cbor:"6,keyasint,omitempty" json:"received"`
	Alone    bool        `cbor:"7,keyasint,omitempty" json:"alone"`
	Tiers    []Tier      `cbor:"8,keyasint,omitempty" json:"tiers"`
	Silent   int         `cbor:"9,keyasint,omitempty" json:"silent_from"`
	Base     int         `cbor:"10,keyasint,omitempty" json:"base_year"`
	Basis    string      `cbor:"11,keyasint,omitempty" json:"basis"`
	Replaces int         `cbor:"12,keyasint,omitempty" json:"replaces"` // the first year of the policy that it takes the place of
	Reason   string      `cbor:"13,keyasint,omitempty" json:"reason"`
	// End ends what the office has set: from the year on the one above it holds again. Measure and bound are left out.
	End bool `cbor:"14,keyasint,omitempty" json:"end"`
}

var _ = journal.Register(&SetPolicy{}, journal.Kind{
	Label: "定空壳村的标准", Roles: []journal.Role{journal.Official},
	Note: "已判过的年度不变;要改以前的,写明代替哪一年起的标准和原因 / a past year keeps its own unless the entry names what it replaces",
	Page: func(e journal.Entry) string { return "/policy/" + string(e.Place()) },
	Hints: map[string]string{
		"region": "县或市的代码", "bound": "例如 50000", "above": "true 为正好等于标准仍算空壳",
		"received": "true 为一次收几年的算在收到的那一年", "alone": "true 为不算小组等其他集体的账",
		"end": "true 为从这一年起不再自己定,照上级的", "silent_from": "从哪年起没有记账的村按没有收入算", "base_year": "与哪一年比", "basis": "依据的文件",
		"replaces": "代替从哪年起的标准", "measure.minus": "true 为减去", "tiers.from": "这一档从多少元起,含",
	},
})

// Place is the place that the policy is for.
func (e *SetPolicy) Place() region.Code { return e.Region }

// Subject is the place.
func (e *SetPolicy) Subject() string { return string(e.Region) }

// MaxTiers is the most groups that a policy has: what the wall of villages has shades for.
const MaxTiers = 6

func (e *SetPolicy) Check(c *journal.Checking) error {
	if c.Who.Role == journal.Official && c.Who.Region != e.Region {
		return journal.Barred("空壳村的标准由各级自己定")
	}
	var f journal.Faults
	office.CheckOffice(c, &f, e.Region)
	thisYear := c.Today().Year()
	if f = append(f, e.Wrong(thisYear)...); len(f) > 0 {
		return f
	}
	before, set := ownPolicy(c, e.Region, e.From)
	switch {
	case e.End && !set:
		f.Add(journal.Conflict, "end", e.From, "%s 年没有自己定的标准", strconv.Itoa(e.From))
	case set && (e.From < thisYear || before.From == e.From) && e.Replaces != before.From:
		f.Add(journal.Conflict, "replaces", e.Replaces, "%s 年已按从 %s 年起的标准判定;要改,请写明代替 %s 年起的,并说明原因", strconv.Itoa(e.From),
			strconv.Itoa(before.From), strconv.Itoa(before.From))
	case e.Replaces != 0 && (!set || before.From != e.Replaces):
		f.Add(journal.NotFound, "replaces", e.Replaces, "没有从 %s 年起、管着 %s 年的标准可以代替", strconv.Itoa(e.Replaces), strconv.Itoa(e.From))
	case e.Replaces != 0 && strings.TrimSpace(e.Reason) == "":
		f.Invalid("reason", "", "请写明为什么要改已经定下的标准")
	case e.From < thisYear && strings.TrimSpace(e.Reason) == "":
		f.Invalid("reason", "", "%s 年已经过完,请写明为什么现在才定", strconv.Itoa(e.From))
	default:
		e.checkPast(c, &f)
	}
	return f.Err()
}

// checkPast refuses what would change a past year that an office above has set, up to the next year that this office has set itself.
func (e *SetPolicy) checkPast(c *journal.Checking, f *journal.Faults) {
	for year := e.From; year < c.Today().Year(); year++ {
		own, set := ownPolicy(c, e.Region, year)
		if set && own.From > e.From {
			return
		}
		if above := PolicyIn(c, e.Region, year); !set && above.Region != "" {
			f.Add(journal.Conflict, "from_year", e.From, "%s 年已按上级从 %s 年起的标准判定,只有定它的能改", strconv.Itoa(year),
				strconv.Itoa(above.From))
			return
		}
	}
}

// Wrong tells what is wrong with the entry by itself, in a year.
func (e *SetPolicy) Wrong(thisYear int) (f journal.Faults) {
	if e.From < FirstYear || e.From > thisYear+1 {
		f.Invalid("from_year", e.From, "年度 %s 不对;最早 %s,最晚 %s", strconv.Itoa(e.From), strconv.Itoa(FirstYear), strconv.Itoa(thisYear+1))
	}
	if e.End {
		return f
	}
	e.checkMeasure(&f)
	if e.Bound <= 0 {
		f.Invalid("bound", e.Bound, "标准要大于 0 元")
	}
	e.checkTiers(&f)
	for _, x := range []struct {
		name string
		year int
	}{{"silent_from", e.Silent}, {"base_year", e.Base}} {
		if x.year != 0 && (x.year < FirstYear || x.year > thisYear) {
			f.Invalid(x.name, x.year, "年度 %s 不对", strconv.Itoa(x.year))
		}
	}
	return f
}

func (e *SetPolicy) checkMeasure(f *journal.Faults) {
	if len(e.Measure) == 0 {
		f.Invalid("measure", "", "请选至少一个算进去的收支项目")
	}
	seen := map[string]bool{}
	for _, t := range e.Measure {
		switch _, ok := ItemNamed(t.Item); {
		case !ok:
			f.Invalid("measure", t.Item, "没有“%s”这个收支项目", t.Item)
		case seen[t.Item]:
			f.Invalid("measure", t.Item, "“%s”写了两次", t.Item)
		}
		seen[t.Item] = true
	}
}

func (e *SetPolicy) checkTiers(f *journal.Faults) {
	if len(e.Tiers) > MaxTiers {
		f.Invalid("tiers", len(e.Tiers), "最多分 %s 档", strconv.Itoa(MaxTiers))
	}
	for i, t := range e.Tiers {
		if t.Name == "" || i > 0 && t.From <= e.Tiers[i-1].From {
			f.Invalid("tiers", t.Name, "第 %s 档要有名称,起点要高于上一档", strconv.Itoa(i+1))
		}
	}
}

func (e *SetPolicy) Apply(a *journal.Applying) {
	p := e.Policy()
	p.Stamp = a.Stamp()
	policies.Put(a.Tx, policyKey(e.Region, e.From), p)
}

// Policy is what the entry sets, to be tried before it is.
func (e *SetPolicy) Policy() Policy {
	p := Policy{Region: e.Region, From: e.From, Measure: e.Measure, Bound: e.Bound, Above: e.Above, Received: e.Received, Alone: e.Alone,
		Tiers: e.Tiers, Silent: e.Silent, Base: e.Base, Basis: e.Basis, End: e.End}
	if len(p.Tiers) == 0 {
		p.Tiers = DefaultPolicy.Tiers
	}
	return p
}

// ownPolicy is what an office itself has set for a year.
func ownPolicy(r store.Reader, place region.Code, year int) (last Policy, ok bool) {
	for _, p := range policies.Scan(r, string(place)) {
		if p.From <= year {
			last, ok = p, !p.End
		}
	}
	return last, ok
}

// PolicyIn is the policy that judges a place's villages in a year: the nearest office's, the program's where none has set one for it.
func PolicyIn(r store.Reader, place region.Code, year int) Policy {
	for level := min(place.Level(), region.County); level >= region.Province; level-- {
		if p, ok := ownPolicy(r, place.Cut(level), year); ok {
			return p
		}
	}
	return DefaultPolicy
}

// PoliciesOf are those that hold for a place, each with the first year for which it does, the latest first.
func PoliciesOf(v *journal.View, place region.Code) (list []Policy, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	last := Policy{}
	for year := FirstYear; year <= v.Today().Year()+1; year++ {
		p := PolicyIn(books, place, year)
		if year == FirstYear || p.Region != last.Region || p.From != last.From {
			last = p
			p.From = year
			list = append(list, p)
		}
	}
	slices.Reverse(list)
	return list, nil
}

// Of is what the measure makes of a year's sums, without what corrects earlier years.
func (p Policy) Of(b BookYear) (sum money.Yuan) {
	for _, t := range p.Measure {
		amount := b.Items[t.Item] - b.Corrected[t.Item]
		if t.Minus {
			amount = -amount
		}
		sum += amount
	}
	return sum
}

// Counts tells whether the measure has an item.
func (p Policy) Counts(item string) bool {
	return slices.ContainsFunc(p.Measure, func(t Term) bool { return t.Item == item })
}

// Reached tells whether a sum is enough.
func (p Policy) Reached(sum money.Yuan) bool { return sum > p.Bound || sum == p.Bound && !p.Above }

// TierOf is the number of the tier of a sum, from 0 for the lowest.
func (p Policy) TierOf(sum money.Yuan) (tier int) {
	for i, t := range p.Tiers {
		if i > 0 && sum >= t.From {
			tier = i
		}
	}
	return tier
}

// Named names the measure: what texts call it, or what it counts.
func (p Policy) Named() journal.Label {
	same := func(o []Term) bool {
		return len(o) == len(p.Measure) && !slices.ContainsFunc(o, func(t Term) bool { return !slices.Contains(p.Measure, t) })
	}
	switch {
	case same(Net()):
		return "经营收益"
	case same(Gross()):
		return "经营性收入"
	}
	return "自定的收益"
}

// And are the sums of two books, or of two kinds, together.
func (b BookYear) And(o BookYear) BookYear {
	sum := BookYear{Items: map[string]money.Yuan{}, Corrected: map[string]money.Yuan{}}
	for _, x := range []BookYear{b, o} {
		for item, amount := range x.Items {
			sum.Items[item] += amount
		}
		for item, amount := range x.Corrected {
			sum.Corrected[item] += amount
		}
	}
	return sum
}
