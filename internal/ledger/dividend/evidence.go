package dividend

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
)

// How a finding stands: it keeps to the rule, somebody should look, or it breaks the rule.
const (
	Keeps Standing = iota
	Look
	Breaks
)

// Standing is how a finding stands.
type Standing int

// standing is how a finding stands that keeps to the rule, or else as it is said.
func standing(keeps bool, or Standing) Standing {
	if keeps {
		return Keeps
	}
	return or
}

// Label names it in Chinese, with a mark that does without colour.
func (s Standing) Label() journal.Label {
	return [...]journal.Label{"✓ 合规", "! 请看", "✗ 不符"}[s]
}

// Tone is its colour.
func (s Standing) Tone() string { return [...]string{"good", "wait", "bad"}[s] }

// Finding is one thing that whoever reviews a plan is told: how it stands, in words, by which rule, and the page where more is seen.
type Finding struct {
	Standing
	Said  *journal.Error
	Basis journal.Label // law and article, or the charter
	Page  string
}

// Evidence is what a plan that waits for review is decided by.
type Evidence struct {
	Findings []Finding
	Years    []ReviewedYear // the two years before, as far as anything was distributed, and the plan last
	Largest  []LargestLine
}

// ReviewedYear is what an entity distributed in a year: yuan in all, holders who got anything, the one in the middle and the one with most.
type ReviewedYear struct {
	Year         int
	Due          money.Yuan
	Holders      int
	Median, Most money.Yuan
}

// LargestLine is one of those who get most by a plan, with what they got the year before.
type LargestLine struct {
	Holder, Name string
	Due, Was     money.Yuan
}

// largest is how many of those who get most are told.
const largest = 5

// EvidenceOf gathers what a submitted plan is decided by.
func EvidenceOf(v *journal.View, d plan.Distribution) (x Evidence, err error) {
	entity, err := register.EntityOf(v, d.Entity)
	if err != nil {
		return x, err
	}
	gets, _, err := GetsBy(v, d)
	if err != nil {
		return x, err
	}
	if x.Findings, err = findingsOf(v, d, entity, gets); err != nil {
		return x, err
	}
	var before map[string]money.Yuan
	for year := d.Year - 2; year < d.Year; year++ {
		if before, err = gotIn(v, d, year); err != nil {
			return x, err
		}
		if len(before) > 0 {
			x.Years = append(x.Years, reviewedYear(year, before))
		}
	}
	x.Years = append(x.Years, reviewedYear(d.Year, gets))
	most := slices.SortedFunc(maps.Keys(gets), func(a, b string) int { return cmp.Or(cmp.Compare(gets[b], gets[a]), cmp.Compare(a, b)) })
	for _, h := range most[:min(len(most), largest)] {
		s, err := ShareholderOf(v, d, h)
		if err != nil {
			return x, err
		}
		x.Largest = append(x.Largest, LargestLine{h, s.Name, gets[h], before[h]})
	}
	return x, nil
}

// gotIn is what each holder got of an entity's plans of a year that are in force, of the same kind as a plan.
func gotIn(v *journal.View, d plan.Distribution, year int) (map[string]money.Yuan, error) {
	plans, err := Distributions(v, d.Village(), year, func(o plan.Distribution) bool {
		return o.Entity == d.Entity && o.InForce() && (o.Fund == "") == (d.Fund == "")
	})
	if err != nil {
		return nil, err
	}
	sum := map[string]money.Yuan{}
	for _, o := range plans {
		gets, _, err := GetsBy(v, o)
		if err != nil {
			return nil, err
		}
		for h, amount := range gets {
			sum[h] += amount
		}
	}
	return sum, nil
}

func reviewedYear(year int, gets map[string]money.Yuan) ReviewedYear {
	y := ReviewedYear{Year: year}
	var list []money.Yuan
	for _, amount := range gets {
		if y.Due += amount; amount > 0 {
			list = append(list, amount)
		}
	}
	slices.Sort(list)
	if y.Holders = len(list); y.Holders > 0 {
		y.Median, y.Most = list[(len(list)-1)/2], list[len(list)-1]
	}
	return y
}

// findingsOf looks at a submitted plan point by point; gets is what each holder gets by it.
func findingsOf(v *journal.View, d plan.Distribution, entity register.Entity, gets map[string]money.Yuan) (list []Finding, err error) {
	add := func(s Standing, basis journal.Label, page, text string, args ...any) {
		list = append(list, Finding{s, &journal.Error{Text: text, Args: args}, basis, page})
	}
	special := entity.Kind == register.SpecialisedCooperative
	left, err := Free(v, d)
	if err != nil {
		return nil, err
	}
	add(standing(left >= 0, Breaks), lawOf(entity), "/statement/"+d.Book+"?year="+strconv.Itoa(d.Year),
		"可分配 %s 元,这个方案应付 %s 元,分后还剩 %s 元", (left + d.Due).Grouped(), d.Due.Grouped(), left.Grouped())
	if d.Fund == "" {
		s, err := income.StatementOf(v, d.Book, d.Year)
		if err != nil {
			return nil, err
		}
		add(standing(s.Reserve >= s.Charter, Breaks), "章程", "", "先弥补以前的亏损 %s 元,公积公益金 %s%% 已提取 %s 元",
			max(0, -s.Opening).Grouped(), entity.ReserveIn(d.Year).String(), s.Reserve.Grouped())
	}
	refusal := v.Allows(&ApproveDistribution{Distribution: d.ID}) // what the posting would say, by the rules themselves
	if special && d.Fund == "" {
		if all := journal.All(refusal); len(all) > 0 && all[0].Field == "components" {
			list = append(list, Finding{Breaks, all[0], "农民专业合作社法第四十四条", ""})
		} else {
			add(Keeps, "农民专业合作社法第四十四条", "", "按交易量(额)返还 %s 元,不低于可分配盈余的百分之六十",
				patronageOf(d.Components, d.Totals).Grouped())
		}
	}
	if err := findMeeting(v, d, special, add); err != nil {
		return nil, err
	}
	if err := findPeople(v, d, gets, add); err != nil {
		return nil, err
	}
	papers, err := paper.PapersOf(v, d.ID)
	if err != nil {
		return nil, err
	}
	add(standing(len(papers) > 0, Look), "", "/papers/"+d.ID, "方案的附件 %s 份", strconv.Itoa(len(papers)))
	looked, err := register.UnreviewedOf(v, d.Village())
	if err != nil {
		return nil, err
	}
	if n := len(looked.Waiting); looked.Wanted {
		add(standing(n == 0, Breaks), "县里的规定", "/registered/"+string(d.Village()), "没有复核的登记 %s 笔", strconv.Itoa(n))
	}
	if n := d.Unanswered(); n > 0 {
		add(Look, "", "/distribution/"+d.ID+"#objections", "%s 条异议没有答复", strconv.Itoa(n))
	}
	return list, nil
}

// lawOf is what says what an entity may distribute: of its gain after losses and reserve.
func lawOf(e register.Entity) journal.Label {
	switch {
	case e.Kind.Collective():
		return "农村集体经济组织法第四十二条"
	case e.Kind == register.SpecialisedCooperative:
		return "农民专业合作社法第四十四条"
	}
	return "章程"
}

// adder adds a finding.
type adder func(s Standing, basis journal.Label, page, text string, args ...any)

// findMeeting looks at how the plan was resolved, and how it lay open before that.
func findMeeting(v *journal.View, d plan.Distribution, special bool, add adder) error {
	basis := journal.Label("农村集体经济组织法第四十六条")
	if special {
		basis = "农民专业合作社法第四十条"
	}
	if !journal.ResolutionID.Is(d.Resolution) {
		add(Look, "", "", "决议只有编号 %s,没有登记:到会和表决的人数看不到", d.Resolution)
	} else {
		r, err := resolution.ByID(v, d.Resolution)
		if err != nil {
			return err
		}
		found, err := resolution.FindingsOf(v, r)
		if err != nil {
			return err
		}
		page := "/resolution/" + r.ID
		for _, f := range found {
			add(Breaks, "", page, f.Text, f.Args...)
		}
		if len(found) == 0 {
			add(Keeps, "", page, "决议 %s:应到 %s,实到 %s,同意 %s", r.Called(), strconv.Itoa(r.Entitled), strconv.Itoa(r.Present), strconv.Itoa(r.For))
		}
		if d.Open != nil {
			days, least := r.Date.DayNumber()-d.Open.From.DayNumber(), resolution.OpenDays(special)
			add(standing(days >= least, Breaks), basis, "", "方案会前公开 %s 天(%s 至 %s),要 %s 天",
				strconv.Itoa(days), string(d.Open.From), string(r.Date), strconv.Itoa(least))
		}
	}
	if d.Open == nil {
		return nil
	}
	changed, err := ChangedSince(v, d)
	if len(changed) > 0 {
		add(Look, basis, "/distribution/"+d.ID+"/changes", "与会前公开的不同:%s 户", strconv.Itoa(len(changed)))
	}
	return err
}

// findPeople looks at who cannot be paid as things stand, and at what is odd.
func findPeople(v *journal.View, d plan.Distribution, gets map[string]money.Yuan, add adder) error {
	books, err := v.At(d.Village())
	if err != nil {
		return err
	}
	var without, late int
	var withoutDue, lateDue money.Yuan
	for _, p := range payouts.Scan(books, d.ID) {
		s, _ := register.ShareholderTable.Get(books, p.Holder)
		_, card, _ := sendable(books, p, s)
		switch {
		case p.Net() == 0:
		case s.Late != nil:
			late, lateDue = late+1, lateDue+p.Net()
		case !card:
			without, withoutDue = without+1, withoutDue+p.Net()
		}
	}
	if without > 0 {
		add(Look, "", "/export/payouts.xlsx/"+string(d.Village()), "%s 户没有收款账户,应付 %s 元", strconv.Itoa(without), withoutDue.Grouped())
	} else {
		add(Keeps, "", "", "各户都有收款账户")
	}
	if late > 0 {
		add(Look, "", "", "%s 户户主已故,尚未继承,应付 %s 元:可以先审核,发放时暂缓这几户", strconv.Itoa(late), lateDue.Grouped())
	}
	odd, _, err := Oddities(v, d, gets)
	if len(odd) > 0 {
		add(Look, "", "/distribution/"+d.ID+"/oddities", "%s 处与上年或别的户不一样,要核对", strconv.Itoa(len(odd)))
	}
	return err
}

// Version is a plan as it was submitted once.
type Version struct {
	Submitted  journal.Stamp
	Returned   journal.Stamp // the zero stamp where it was not
	Reason     string        // why it was returned
	Components []plan.Component
	Totals     []plan.ComponentTotal
	Due        money.Yuan
	gets       map[string]money.Yuan
}

// VersionAt is a plan as one of its steps submitted it, named by the step's entry; nil where that step submitted nothing.
func VersionAt(v *journal.View, d plan.Distribution, entry uint64) (*Version, error) {
	at := slices.IndexFunc(d.Steps, func(s plan.Step) bool { return s.Entry == entry && s.State == plan.Submitted })
	if at < 0 {
		return nil, nil
	}
	x := &Version{Submitted: d.Steps[at].Stamp, gets: map[string]money.Yuan{}}
	j, err := v.JournalEntry(d.Village().Chain(), entry)
	if err != nil {
		return nil, err
	}
	e, ok := j.Entry.(*SubmitDistribution)
	if !ok {
		return nil, nil
	}
	x.Totals, x.Due = e.Totals, e.Due
	stays := byHolder(e.Kept)
	for _, f := range e.Figures {
		x.gets[f.Holder] = f.Due() - stays[f.Holder]
	}
	for _, s := range slices.Backward(d.Steps[:at]) { // the draft that was submitted
		if s.State != plan.Draft {
			continue
		}
		draft, err := v.JournalEntry(d.Village().Chain(), s.Entry)
		if err != nil {
			return nil, err
		}
		switch e := draft.Entry.(type) {
		case *DraftDistribution:
			x.Components = e.Components
		case *ReviseDistribution:
			x.Components = e.Components
		}
		break
	}
	if at+1 < len(d.Steps) && d.Steps[at+1].State == plan.Returned {
		x.Returned, x.Reason = d.Steps[at+1].Stamp, d.Steps[at+1].Reason
	}
	return x, nil
}

// LastReturned is the version of a submitted plan that was returned last, nil where none was.
func LastReturned(v *journal.View, d plan.Distribution) (*Version, error) {
	for i, s := range slices.Backward(d.Steps) {
		if s.State == plan.Returned && i > 0 {
			return VersionAt(v, d, d.Steps[i-1].Entry)
		}
	}
	return nil, nil
}

// Since lists what of the holders' sums differs from a version, as the plan stands now.
func (x *Version) Since(v *journal.View, d plan.Distribution) (list []Changed, err error) {
	now, _, err := GetsBy(v, d)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(x.gets)
	maps.Copy(all, now)
	for _, h := range slices.Sorted(maps.Keys(all)) {
		was, had := x.gets[h]
		is, has := now[h]
		if was != is || had != has {
			list = append(list, Changed{Holder: h, Was: was, Is: is, WasNet: was, IsNet: is, New: !had, Gone: !has})
		}
	}
	return list, nil
}
