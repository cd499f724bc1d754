package dividend

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// LayOpen notes that a draft lies open to the members before their meeting, from a day on, with the figures as they are shown
// (农村集体经济组织法 art. 46: ten days; 农民专业合作社法 art. 40: fifteen). What is submitted afterwards is compared with them.
type LayOpen struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	From         journal.Date `cbor:"2,keyasint" json:"from"`
	Shown        []Figure     `cbor:"3,keyasint" json:"-"`
	Kept         []Allotment  `cbor:"4,keyasint,omitempty" json:"-"`               // what of them stays in the book, by holder
	Charges      []Charge     `cbor:"5,keyasint,omitempty" json:"-"`               // what of them is withheld and deducted, by holder
	Seen         int          `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see seenInState
}

var _ = journal.Register(&LayOpen{}, journal.Kind{
	Label: "会前公开", Roles: []journal.Role{journal.Accountant},
	Note: "开会以前交成员查看,集体 10 天,专业合作社 15 天;提交时列出与公开的不同 / shown to the members before they meet",
})

// Boxes tells of the numbers of who is taxed.
func (e *LayOpen) Boxes(each func(journal.Boxed)) { chargeBoxes(each, e.Charges) }

// Place is the entity's village.
func (e *LayOpen) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *LayOpen) Subject() string { return e.Distribution }

func (e *LayOpen) Check(c *journal.Checking) error {
	d, err := seenInState(c, e.Distribution, e.Seen, plan.Draft)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "from", e.From)
	if drafted := journal.DateOf(d.Drafted().Time()); e.From != "" && e.From < drafted {
		f.Invalid("from", e.From, "日期 %s 早于方案起草或最后修改的 %s", string(e.From), string(drafted))
	}
	if d.LiesOpen() {
		f.Add(journal.Conflict, "distribution", d.ID, "这个方案已经从 %s 起公开;改了方案才重新公开", string(d.Open.From))
	}
	if c.Asked || len(f) > 0 {
		return f.Err()
	}
	if e.Shown, _, _, err = figures(c, d); err != nil {
		return err
	}
	who := peopleOf(c)
	e.Kept = kept(c, c.Open, who, d, e.Shown)
	due := dues(e.Shown, e.Kept)
	e.Charges, err = charges(c, c.Open, who, d, sortedHolders(due), due)
	return err
}

func (e *LayOpen) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	var old []string
	for k := range shown.Scan(a, d.ID) {
		old = append(old, k)
	}
	for _, k := range old {
		shown.Delete(a.Tx, k)
	}
	open := plan.LaidOpen{From: e.From, Entry: a.Seq, RecordDate: d.RecordDate, Components: d.Components, Holders: len(e.Shown)}
	stays, charged := byHolder(e.Kept), map[string]Charge{}
	for _, x := range e.Charges {
		charged[x.Holder] = x
	}
	for _, x := range e.Shown {
		due, off := x.Due()-stays[x.Holder], charged[x.Holder]
		open.Due, open.Off = open.Due+due, open.Off+off.Tax+off.Deducted
		shown.Put(a.Tx, d.ID+x.Holder, Shown{Holder: x.Holder, Parts: x.Parts, Due: due, Tax: off.Tax, Deducted: off.Deducted})
	}
	d.Open = &open
	d.Steps = append(d.Steps, plan.Step{Stamp: a.Stamp(), State: plan.LaidOpenStep})
	plan.Keep(a, d)
}

// Shown is what a plan that lay open showed of one holder.
type Shown struct {
	Holder string     `cbor:"1,keyasint"`
	Parts  []Part     `cbor:"2,keyasint"`
	Due    money.Yuan `cbor:"3,keyasint"`
	// Tax and Deducted are what of Due is not paid out.
	Tax      money.Yuan `cbor:"4,keyasint,omitempty"`
	Deducted money.Yuan `cbor:"5,keyasint,omitempty"`
}

// shown: the distribution and the holder, as it lay open last.
var shown = journal.Folded[Shown]("shown")

// byHolder are sums by holder.
func byHolder(list []Allotment) map[string]money.Yuan {
	sums := map[string]money.Yuan{}
	for _, k := range list {
		sums[k.Holder] += k.Amount
	}
	return sums
}

// LaidOpen lists what a plan showed when it lay open, in order of the holders' ids.
func LaidOpen(v *journal.View, distribution string) (list []Shown, err error) {
	books, err := v.At(journal.PlaceOf(distribution))
	if err != nil {
		return nil, err
	}
	for _, x := range shown.Scan(books, distribution) {
		list = append(list, x)
	}
	return list, nil
}

// Changed is what of a holder differs from what lay open before the meeting.
type Changed struct {
	Holder    string
	Was, Is   money.Yuan // due
	WasNet    money.Yuan // paid out of it
	IsNet     money.Yuan
	New, Gone bool // not among those shown, or no longer among those who get anything
}

// ChangedSince lists what of a plan, as it stands, differs from what lay open; none of one that did not. Is what it comes to now is worked
// out anew for a draft.
func ChangedSince(v *journal.View, d plan.Distribution) ([]Changed, error) {
	books, err := v.At(d.Village())
	if err != nil || d.Open == nil || d.GivenUp() {
		return nil, err
	}
	now, taken, err := GetsBy(v, d)
	if err != nil {
		return nil, err
	}
	return changedFrom(books, d, now, taken), nil
}

// GetsBy is what each holder gets by a plan, before what is settled of earlier ones, and what of it is taken off by tax and deductions:
// worked out for a draft, as it was frozen for others.
func GetsBy(v *journal.View, d plan.Distribution) (gets, taken map[string]money.Yuan, err error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, nil, err
	}
	gets, taken = map[string]money.Yuan{}, map[string]money.Yuan{}
	if d.Totals == nil {
		list, _, _, err := figures(books, d)
		if err != nil {
			return nil, nil, err
		}
		who := peopleOf(books)
		gets = dues(list, kept(books, v.Open, who, d, list))
		off, err := charges(books, v.Open, who, d, sortedHolders(gets), gets)
		for _, x := range off {
			taken[x.Holder] = x.Tax + x.Deducted
		}
		return gets, taken, err
	}
	for _, p := range payouts.Scan(books, d.ID) {
		if p.From == "" {
			gets[p.Holder] = p.Due + p.Passed - p.Adjust
			taken[p.Holder] = p.Tax + p.Deducted + p.PassedOff
		}
	}
	return gets, taken, nil
}

// dues are what figures come to for each holder, without what stays in the book.
func dues(list []Figure, stay []Allotment) map[string]money.Yuan {
	sums := map[string]money.Yuan{}
	for _, x := range list {
		sums[x.Holder] = x.Due()
	}
	for _, k := range stay {
		sums[k.Holder] -= k.Amount
	}
	return sums
}

// changedFrom compares sums with what lay open, in order of the holders' ids.
func changedFrom(r store.Reader, d plan.Distribution, now, taken map[string]money.Yuan) (list []Changed) {
	was := map[string]money.Yuan{}
	for _, x := range shown.Scan(r, d.ID) {
		was[x.Holder] = x.Due
		net := x.Due - x.Tax - x.Deducted
		if is, ok := now[x.Holder]; is != x.Due || !ok || is-taken[x.Holder] != net {
			list = append(list, Changed{Holder: x.Holder, Was: x.Due, Is: is, WasNet: net, IsNet: is - taken[x.Holder], Gone: !ok})
		}
	}
	for _, h := range slices.Sorted(maps.Keys(now)) {
		if _, ok := was[h]; !ok {
			list = append(list, Changed{Holder: h, Is: now[h], IsNet: now[h] - taken[h], New: true})
		}
	}
	slices.SortFunc(list, func(a, b Changed) int { return cmp.Compare(a.Holder, b.Holder) })
	return list
}

// checkOpened finds the resolution that a plan is submitted with, where one is named or the plan lay open; and asks, or refuses where the
// county says so, whether the plan lay open for as many days before the meeting as the law has.
func (e *SubmitDistribution) checkOpened(c *journal.Checking, f *journal.Faults, d plan.Distribution) {
	from := journal.Date("")
	if d.Open != nil {
		from = d.Open.From
	}
	if e.Resolution == "" && d.Open != nil {
		e.Resolution = d.Resolution
	}
	if e.Resolution != "" {
		resolution.NameOpened(c, f, &e.Resolution, d.Entity, resolvedOn(d.Fund), from)
	}
	doubtOpened(c, d, cmp.Or(e.Resolution, d.Resolution))
}

// doubtOpened asks about a plan of a collective or a specialised cooperative whose resolution is but a number: whether it lay open before
// the meeting, and for long enough, nobody can tell.
func doubtOpened(c *journal.Checking, d plan.Distribution, resolved string) {
	entity, _ := register.EntityTable.Get(c, d.Entity)
	if journal.ResolutionID.Is(resolved) || !entity.Kind.Collective() && entity.Kind != register.SpecialisedCooperative {
		return
	}
	days := resolution.OpenDays(entity.Kind == register.SpecialisedCooperative)
	switch {
	case d.Open == nil:
		c.Doubt("resolution", resolved, "方案没有会前公开,决议也没有登记:会前要交成员查看 %s 天", strconv.Itoa(days))
	case c.Today().DayNumber()-d.Open.From.DayNumber() < days:
		c.Doubt("resolution", resolved, "方案 %s 才公开,到今天不满 %s 天;决议没有登记,不知道哪天开的会", string(d.Open.From), strconv.Itoa(days))
	}
}

// doubtAgain asks about a second plan of a year that is not a round of its own: it may be another alternative of one that stands.
func doubtAgain(c *journal.Checking, d plan.Distribution) {
	for _, o := range plan.DistributionTable.Scan(c, journal.DistributionID.Dated(d.Entity, d.Year)) {
		if o.ID != d.ID && o.Committed() && o.Fund == d.Fund && o.Interim == d.Interim {
			c.Doubt("distribution", d.ID, "%s 年已经有一个方案 %s 提交或审核,应付 %s 元;这是再分一次,不是它的另一个备选?", strconv.Itoa(d.Year), o.ID, o.Due.Grouped())
			return
		}
	}
}

// doubtChanged asks about what differs from what lay open.
func (e *SubmitDistribution) doubtChanged(c *journal.Checking, d plan.Distribution, now map[string]money.Yuan) {
	if d.Open == nil {
		return
	}
	taken := map[string]money.Yuan{}
	for _, x := range e.Charges {
		taken[x.Holder] = x.Tax + x.Deducted
	}
	if list := changedFrom(c, d, now, taken); len(list) > 0 {
		var diff money.Yuan
		for _, x := range list {
			diff += x.Is - x.Was
		}
		c.Doubt("distribution", d.ID, "与 %s 起公开的相比,%s 户的金额不同,合计差 %s 元;要按会上通过的改,不同之处会列在方案里", string(d.Open.From),
			strconv.Itoa(len(list)), diff.Grouped())
	}
}
