package dividend

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// oddChange decides from which difference from last year on a holder's sum has to be looked at again.
var oddChange = office.Describe(office.Setting{
	Name: "odd_change", Label: "与上年相差多少要核对", Default: "50",
	Hint:  "百分数:一户的分红比上年多或少超过这么多的,提交前要逐项打勾核对;上年没有分到的、上年有今年没有的也列出;留空就都不比",
	Wrong: office.WrongPercent,
})

// Oddity is what looks odd about what a holder is to get: it may be right, and has to be looked at again before the plan is submitted.
type Oddity struct {
	Sort   OddSort
	Holder string
	Name   string
	Due    money.Yuan
	Was    money.Yuan     // of a change: what the holder got last year
	With   string         // of an account: whose it is, too
	Late   *register.Late // who has died
}

// OddSort is a sort of oddities.
type OddSort string

// The sorts, in the order in which they are told.
const (
	OddDead      OddSort = "dead"       // the account's owner has died
	OddLeft      OddSort = "left"       // holds no shares any more
	OddTwice     OddSort = "twice"      // the account is another holder's, too
	OddNoAccount OddSort = "no_account" // nothing to pay to
	OddZero      OddSort = "zero"       // gets 0.00
	OddChange    OddSort = "change"     // differs from last year by more than the office's bound
	OddNew       OddSort = "new"        // got nothing last year
	OddGone      OddSort = "gone"       // got something last year, and nothing now
)

// OddSorts lists the sorts in the order in which they are told.
func OddSorts() []OddSort {
	return []OddSort{OddDead, OddLeft, OddTwice, OddNoAccount, OddZero, OddChange, OddNew, OddGone}
}

// Label names the sort in Chinese.
func (s OddSort) Label() journal.Label {
	switch s {
	case OddDead:
		return "收款人已死亡"
	case OddLeft:
		return "现在已没有股份"
	case OddTwice:
		return "同一个账号两户用"
	case OddNoAccount:
		return "没有登记账号"
	case OddZero:
		return "应付 0.00 元"
	case OddChange:
		return "比上年变化大"
	case OddNew:
		return "上年没有分到"
	case OddGone:
		return "上年有,今年没有"
	}
	return journal.Label(s)
}

// Said tells what is odd.
func (o Oddity) Said() *journal.Error {
	due := o.Due.Grouped()
	switch o.Sort {
	case OddLeft:
		return journal.Say("%s现在已没有股份,按登记日的名册应付 %s 元", o.Name, due)
	case OddTwice:
		return journal.Say("%s应付 %s 元,账号和%s是同一个", o.Name, due, o.With)
	case OddNoAccount:
		return journal.Say("%s应付 %s 元,没有登记账号", o.Name, due)
	case OddZero:
		return journal.Say("%s应付 0.00 元", o.Name)
	case OddChange:
		return journal.Say("%s应付 %s 元,上年是 %s 元", o.Name, due, o.Was.Grouped())
	case OddNew:
		return journal.Say("%s应付 %s 元,上年没有分到", o.Name, due)
	case OddGone:
		return journal.Say("%s上年分到 %s 元,今年没有", o.Name, o.Was.Grouped())
	}
	return late(o.Late, due)
}

// accountOf is what tells a holder's account from others: the digest of its number; of one that an older program sealed the digest is
// worked out from the number, by the oldest key. "" where there is none.
func accountOf(k keyed, s register.Shareholder) string {
	if s.Card.Digest != nil {
		return string(s.Card.Digest)
	}
	number, err := k.Open(seal.BankCard, s.ID, s.Card)
	if number = ident.Clean(number); err != nil || number == "" {
		return ""
	}
	all := k.Digests(seal.BankCard, number)
	return string(all[len(all)-1])
}

// keyed opens boxes and digests numbers: a check or a view.
type keyed interface {
	Open(seal.Purpose, string, seal.Box) (string, error)
	Digests(seal.Purpose, string) [][]byte
}

// odd looks for what is odd about what a plan gives each holder, in order of the sorts and the holders' ids.
func odd(r store.Reader, k keyed, of people, today journal.Date, d plan.Distribution, now map[string]money.Yuan) (list []Oddity) {
	bySort := map[OddSort][]Oddity{}
	note := func(sort OddSort, s register.Shareholder, due money.Yuan, more ...func(*Oddity)) {
		o := Oddity{Sort: sort, Holder: s.ID, Name: s.Name, Due: due}
		for _, add := range more {
			add(&o)
		}
		bySort[sort] = append(bySort[sort], o)
	}
	was := lastYears(r, d)
	year, bound := ofYear(r, d, now), oddChange.PercentOn(r, d.Village(), today)
	holds := register.HoldersOn(r, d.Entity, today)
	accounts := map[string]string{} // what tells the account → who had it first
	for _, h := range slices.Sorted(maps.Keys(now)) {
		due, s := now[h], of(h)
		if due == 0 {
			note(OddZero, s, due)
			continue
		}
		if s.Late != nil {
			note(OddDead, s, due, func(o *Oddity) { o.Late = s.Late })
		}
		if has, ever := holds[h]; ever && !has {
			note(OddLeft, s, due)
		}
		account := accountOf(k, s)
		if first := accounts[account]; account == "" {
			note(OddNoAccount, s, due)
		} else if first != "" {
			note(OddTwice, s, due, func(o *Oddity) { o.With = nameOf(r, first) })
		} else {
			accounts[account] = h
		}
		before, ok := was[h]
		switch change := max(year[h]-before, before-year[h]); {
		case len(was) == 0 || bound == 0:
		case !ok || before == 0:
			note(OddNew, s, due)
		case change.Decimal().Shift(2).GreaterThan(before.Decimal().Mul(bound.Decimal())):
			note(OddChange, s, year[h], func(o *Oddity) { o.Was = before })
		}
	}
	if bound != 0 {
		for _, h := range slices.Sorted(maps.Keys(was)) {
			if _, ok := now[h]; !ok && was[h] > 0 {
				note(OddGone, of(h), 0, func(o *Oddity) { o.Was = was[h] })
			}
		}
	}
	for _, sort := range OddSorts() {
		list = append(list, bySort[sort]...)
	}
	return list
}

// lastYears is what each holder got by the entity's plans of the year before that are in force: first rounds are compared with first
// rounds, a final one with all of the year.
func lastYears(r store.Reader, d plan.Distribution) map[string]money.Yuan {
	was := map[string]money.Yuan{}
	for _, o := range plan.DistributionTable.Scan(r, journal.DistributionID.Dated(d.Entity, d.Year-1)) {
		if !o.InForce() || o.Fund != d.Fund || d.Interim && !o.Interim {
			continue
		}
		for _, p := range payouts.Scan(r, o.ID) {
			if p.From == "" {
				was[p.Holder] += p.Due + p.Passed - p.Adjust
			}
		}
	}
	return was
}

// ofYear are a plan's sums, of a final one with what the year's other committed plans give.
func ofYear(r store.Reader, d plan.Distribution, now map[string]money.Yuan) map[string]money.Yuan {
	all := maps.Clone(now)
	if d.Interim {
		return all
	}
	for _, o := range plan.DistributionTable.Scan(r, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if o.ID == d.ID || !o.Committed() || o.Fund != d.Fund {
			continue
		}
		for _, p := range payouts.Scan(r, o.ID) {
			if _, ok := now[p.Holder]; ok && p.From == "" {
				all[p.Holder] += p.Due + p.Passed - p.Adjust
			}
		}
	}
	return all
}

// The oddities of a sort are told one by one up to oddEach; of more than these it is told how many there are, with oddNamed names.
const (
	oddEach  = 10
	oddNamed = 5
)

// oddDoubts are the oddities as they have to be answered.
func oddDoubts(list []Oddity) (doubts journal.Faults) {
	bySort := map[OddSort][]Oddity{}
	for _, o := range list {
		bySort[o.Sort] = append(bySort[o.Sort], o)
	}
	for _, sort := range OddSorts() {
		some := bySort[sort]
		if len(some) > oddEach {
			var names []string
			for _, o := range some[:oddNamed] {
				names = append(names, o.Name)
			}
			doubts.Add(journal.Doubtful, "distribution", string(sort), "%s:%s 户,%s等", sort.Label(), strconv.Itoa(len(some)),
				strings.Join(names, "、"))
			continue
		}
		for _, o := range some {
			said := o.Said()
			doubts.Add(journal.Doubtful, "distribution", o.Holder, said.Text, said.Args...)
		}
	}
	return doubts
}

// Oddities lists what is odd about a plan as it stands, and as what has to be answered before it is submitted; now are what each holder
// gets by it.
func Oddities(v *journal.View, d plan.Distribution, now map[string]money.Yuan) (list []Oddity, doubts journal.Faults, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, nil, err
	}
	list = odd(books, v, peopleOf(books), v.Today(), d, now)
	return list, oddDoubts(list), nil
}

// doubtOdd asks about what is odd.
func doubtOdd(c *journal.Checking, of people, d plan.Distribution, now map[string]money.Yuan) {
	for _, f := range oddDoubts(odd(c, c, of, c.Today(), d, now)) {
		c.Doubt(f.Field, f.Value, f.Text, f.Args...)
	}
}
