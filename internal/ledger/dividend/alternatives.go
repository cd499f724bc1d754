package dividend

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// MaxAlternatives is how many drafts of a year an assembly is shown side by side.
const MaxAlternatives = 5

// Alternative is a draft as an assembly compares it with others: what it costs, what is left, what who gets.
type Alternative struct {
	Plan    plan.Distribution
	Due     money.Yuan
	Left    money.Yuan // of what may be distributed, once it is given out
	Holders int
	Typical Gets      // the median household by what it gets, of an even number the lower; collectives and entities are not counted
	Kinds   []KindSum // in the order of the kinds
	Problem *journal.Error
}

// Gets is what a holder gets.
type Gets struct {
	Holder string
	Name   string
	Due    money.Yuan
}

// KindSum is what the holders of a kind get.
type KindSum struct {
	Kind        register.HolderKind
	Holders     int
	Sum         money.Yuan
	Least, Most money.Yuan
}

// Of is what the holders of a kind get, nothing where there are none.
func (x Alternative) Of(kind register.HolderKind) KindSum {
	for _, k := range x.Kinds {
		if k.Kind == kind {
			return k
		}
	}
	return KindSum{Kind: kind}
}

// Alternatives compares an entity's drafts of a year, the newest MaxAlternatives of them in the order of their numbers; more says how many
// there are besides.
func Alternatives(v *journal.View, entity string, year int) (list []Alternative, more int, err error) {
	plans, err := draftsOf(v, entity, year)
	if err != nil {
		return nil, 0, err
	}
	if more = len(plans) - MaxAlternatives; more > 0 {
		plans = plans[more:]
	}
	for _, d := range plans {
		x, err := AlternativeOf(v, d)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, x)
	}
	return list, max(more, 0), nil
}

// DraftYear is the newest year that an entity has drafts of, 0 where it has none.
func DraftYear(v *journal.View, entity string) (year int, err error) {
	plans, err := draftsOf(v, entity, 0)
	for _, d := range plans {
		year = max(year, d.Year)
	}
	return year, err
}

// draftsOf lists an entity's drafts in the order of their numbers, of one year where it is not 0.
func draftsOf(v *journal.View, entity string, year int) ([]plan.Distribution, error) {
	return Distributions(v, journal.PlaceOf(entity), year, func(d plan.Distribution) bool {
		return d.Entity == entity && d.Fund == "" && (d.State == plan.Draft || d.State == plan.Returned)
	})
}

// AlternativeOf is what a plan gives to whom: a draft, or one that was frozen.
func AlternativeOf(v *journal.View, d plan.Distribution) (x Alternative, err error) {
	x.Plan = d
	gets, _, err := GetsBy(v, d)
	if all := journal.All(err); len(all) > 0 {
		x.Problem = all[0]
		return x, nil
	} else if err != nil {
		return x, err
	}
	books, err := v.At(d.Village())
	if err != nil {
		return x, err
	}
	byKind := map[register.HolderKind][]Gets{}
	var families []Gets
	for _, h := range sortedHolders(gets) {
		s, _ := register.ShareholderTable.Get(books, h)
		one := Gets{h, s.Name, gets[h]}
		x.Holders, x.Due = x.Holders+1, x.Due+one.Due
		if byKind[s.Kind] = append(byKind[s.Kind], one); s.Kind.Personal() {
			families = append(families, one)
		}
	}
	x.Typical = middle(families)
	for _, kind := range register.HolderKinds() {
		if some := byKind[kind]; len(some) > 0 {
			middle(some) // puts them in order
			k := KindSum{Kind: kind, Holders: len(some), Least: some[0].Due, Most: some[len(some)-1].Due}
			for _, one := range some {
				k.Sum += one.Due
			}
			x.Kinds = append(x.Kinds, k)
		}
	}
	x.Left = free(books, d)
	if !d.Committed() {
		x.Left -= x.Due
	}
	return x, nil
}

// middle puts holders in the order of what they get, and returns the median one, of an even number the lower.
func middle(list []Gets) Gets {
	slices.SortStableFunc(list, func(a, b Gets) int { return cmp.Compare(a.Due, b.Due) })
	if len(list) == 0 {
		return Gets{}
	}
	return list[(len(list)-1)/2]
}

// Model is the plan that alternatives of a year are drafted from: of the newest year before that has one in force the last, a final one
// before
// a first round; the zero plan where there is none.
func Model(v *journal.View, entity string, year int) (model plan.Distribution, err error) {
	plans, err := Distributions(v, journal.PlaceOf(entity), 0, func(d plan.Distribution) bool {
		return d.Entity == entity && d.InForce() && d.Fund == "" && d.Year < year
	})
	for _, d := range plans {
		if d.Year > model.Year || d.Year == model.Year && (model.Interim && !d.Interim || model.Interim == d.Interim && d.ID > model.ID) {
			model = d
		}
	}
	return model, err
}

// Scaled are a plan's parts for a year with their sums and rates at so many per cent of what they are, each rounded half up. What an excess
// is split by stays.
func Scaled(d plan.Distribution, year int, percent money.Rate) (list []plan.Component) {
	for _, c := range d.Components {
		if c = c.Later(year - d.Year); c.Rule != plan.Excess {
			c.Pool = c.Pool.Percent(percent)
			c.Rate = money.Rate(decimal.NewFromInt(int64(c.Rate)).Mul(percent.Decimal()).Shift(-2).Round(0).IntPart())
		}
		list = append(list, c)
	}
	return list
}
