package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Warning is something that somebody should look into, and why.
type Warning struct {
	*office.Warning
	Village region.Code
	Of      string         // what it is about: a contract, a plan, a line, or the village's year
	Said    *journal.Error // why, with its figures
	Aside   *office.Aside  // set aside until a day; nil where it is not
	Hidden  bool           // it was set aside here, or above
}

// Page is the address of the page about it.
func (w Warning) Page() string {
	if w.Warning == warnUnclosed {
		return "/year/" + string(w.Village) + "/close?year=" + strconv.Itoa(journal.YearID.Year(w.Of))
	}
	return journal.PageOf(w.Of)
}

// count is a bound of days, years or times.
func count(name, label, hint, standard string) *office.Setting {
	return office.Describe(office.Setting{Name: name, Label: journal.Label(label), Hint: journal.Label(hint), Default: standard,
		Wrong: office.WrongCount})
}

// The sorts of warnings, in the order in which they are shown, each with the bound that an office may move.
var (
	warnSlipped = office.Warn(office.Warning{Name: "slipped", Label: "返空", Tone: "bad", Rule: "上年还达标、最近一个过完的年度又低于标准的村"})
	warnSecond  = office.Warn(office.Warning{Name: "second", Label: "连年空壳", Tone: "bad", Rule: "连着几个过完的年度都低于标准的村",
		Bound: count("warn_shell_years", "连续几年空壳要提醒", "年数", "2")})
	warnOver = office.Warn(office.Warning{Name: "overspent", Label: "超分", Tone: "bad", Rule: "分红比可分配收益多的年度"})
	warnLate = office.Warn(office.Warning{Name: "contract_overdue", Label: "合同欠缴", Tone: "bad", Rule: "合同到了日子没有收到款",
		Bound: count("warn_overdue", "合同欠缴多少天要提醒", "天数", "1")})
	warnEnding = office.Warn(office.Warning{Name: "contract_ending", Label: "合同到期", Tone: "wait", Rule: "合同快到期,或刚到期没有续签",
		Bound: income.Expiring})
	warnFailed = office.Warn(office.Warning{Name: "failed", Label: "付款失败", Tone: "bad", Rule: "付款失败、还没有改好重付的分红"})
	warnUnpaid = office.Warn(office.Warning{Name: "unpaid", Label: "未付", Tone: "wait", Rule: "能付了很久还没有付完的分红",
		Bound: count("warn_unpaid", "能付多少天没付完要提醒", "天数,从公示期满的第二天算起", "30")})
	warnObjection = office.Warn(office.Warning{Name: "objection", Label: "异议", Tone: "bad", Rule: "对公示的分红有异议,没有答复",
		Bound: count("warn_objection", "异议多少天没答复要提醒", "天数", "3")})
	warnWaiting = office.Warn(office.Warning{Name: "waiting", Label: "待审、待公示", Tone: "wait", Rule: "提交了没有审核、或审核了没有公示的分红方案",
		Bound: count("warn_waiting", "方案等多少天要提醒", "天数", "7")})
	warnUnclosed = office.Warn(office.Warning{Name: "unclosed", Label: "未结账", Tone: "wait", Rule: "过了结账的日子还没有结账的年度",
		Bound: office.Describe(office.Setting{Name: "warn_close_by", Label: "上年的账最晚哪天结", Default: "03-31", Hint: "月-日,例如 03-31",
			Wrong: wrongMonthDay})})
	warnSilent = office.Warn(office.Warning{Name: "silent", Label: "沉默", Tone: "info", Rule: "一个季度里没有录入过任何内容的村",
		Bound: count("warn_silent", "新季度开始多少天以后才看本季度", "天数;以前看上一季度", "30")})
	warnPayer = office.Warn(office.Warning{Name: "one_payer", Label: "单一", Tone: "wait", Rule: "最近一个过完的年度,经营性收入过半来自一家的村",
		Bound: office.Describe(office.Setting{Name: "warn_one_payer", Label: "一家占经营性收入百分之几要提醒", Default: "50", Hint: "高于它才提醒",
			Wrong: office.WrongPercent})})
	warnOnce = office.Warn(office.Warning{Name: "one_off", Label: "一次性", Tone: "wait",
		Rule: "最近一个过完的年度,经营性收入过半来自上年没有付过、又没有合同的对方",
		Bound: office.Describe(office.Setting{Name: "warn_one_off", Label: "一次性收入占百分之几要提醒", Default: "50", Hint: "高于它才提醒",
			Wrong: office.WrongPercent})})
	warnLarge = office.Warn(office.Warning{Name: "large", Label: "大额", Tone: "info", Rule: "今年的一笔,比这本账前两年同一项目最大的一笔还大许多倍",
		Bound: count("warn_large", "大过以前最大一笔的几倍要提醒", "倍数", "5")})
)

// wrongMonthDay says what is wrong with a day of the year.
func wrongMonthDay(value string) (text string, args []any) {
	if _, err := journal.ParseDate("2023-" + value); err != nil || len(value) != len("03-31") {
		return "“%s”不行;请写成两位的月和日,例如 03-31", []any{value}
	}
	return "", nil
}

// watch holds what warnings are made from.
type watch struct {
	*journal.View
	books    store.Reader
	place    region.Code
	today    journal.Date
	year     int // the last that is over
	judge    *judging
	own      []string // collectives of the place with a book of their own
	list     []Warning
	lines    map[string][]income.Income
	parties  map[string]bool   // with a contract
	party    map[string]string // with whom contracts are, by their ids
	quarters map[quarterOf]uint64
	bounds   map[boundOf]string
}

// boundOf is a sort's bound in a county.
type boundOf struct {
	sort   *office.Warning
	county region.Code
}

// Warnings are what somebody should look into in a place, by sort and village; with what was set aside where that is asked for.
func Warnings(v *journal.View, place region.Code, aside bool) ([]Warning, error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	var list []Warning
	anew := math.MaxInt
	if _, err = eachWarning(v, place, judgingOf(v, books), &anew, func(x Warning) {
		if aside || !x.Hidden {
			list = append(list, x)
		}
	}); err != nil {
		return nil, err
	}
	order := map[*office.Warning]int{}
	for i, sort := range office.Warnings() {
		order[sort] = i
	}
	slices.SortFunc(list, func(a, b Warning) int {
		return cmp.Or(order[a.Warning]-order[b.Warning], cmp.Compare(a.Village, b.Village), cmp.Compare(a.Of, b.Of))
	})
	return list, nil
}

// The most villages of which a summary works out the warnings anew, and how old those of the others may be while more have changed than
// that:
// a page that everybody looks at is not kept waiting by everybody's postings. In the quiet of an office nothing is ever old.
const (
	summaryAnew = 16
	summaryOld  = time.Minute
)

// Warnings counts those of the report's place by their sorts, without what was set aside; and tells of how many villages they are as they
// were up to a minute ago, because so many have changed since.
func (r *Report) Warnings(v *journal.View) (counts []WarningCount, old int, err error) {
	c, anew := counting{}, summaryAnew
	old, err = eachWarning(v, r.Place.Code, r.judge, &anew, func(x Warning) {
		if !x.Hidden {
			c.add(x)
		}
	})
	return c.counts(), old, err
}

// countyWarnings are those of a county's villages and townships: worked out on a day, from the records of its chain up to one, and from the
// last ones about the larger places that it lies in, whose settings and policies hold. Shared, nobody changes it.
type countyWarnings struct {
	day   journal.Date
	above [region.County]uint64
	end   uint64
	seen  time.Time // when it was looked at
	lists map[region.Code][]Warning
	old   map[region.Code]time.Time // of those that something was entered about since: when they were last right
}

// mostNew is the most records that are looked through for what they are about; where there are more, all is worked out anew.
const mostNew = 20_000

// eachWarning calls f for those of a place, in no order: of at most so many villages worked out anew where others are known that are not
// old; old tells of how many those are.
func eachWarning(v *journal.View, place region.Code, judge *judging, anew *int, f func(Warning)) (old int, err error) {
	w := &watch{View: v, books: judge.books, today: v.Today(), year: v.Today().Year() - 1, lines: map[string][]income.Income{},
		bounds: map[boundOf]string{}, judge: judge, quarters: map[quarterOf]uint64{}}
	for _, at := range keptOf(v, place) {
		key := "warnings " + string(at)
		known, _ := journal.Recall[*countyWarnings](v, key)
		of, err := w.county(at, known, anew)
		if err != nil {
			return 0, err
		}
		if of != known {
			journal.Remember(v, key, of)
		}
		old += len(of.old)
		for _, found := range of.lists {
			for _, x := range found {
				x.Hidden = x.Aside.Hides(place)
				f(x)
			}
		}
	}
	return old, nil
}

// county are the warnings of a county, or of a place in one, as they are known or worked out anew where something was entered since.
func (w *watch) county(place region.Code, known *countyWarnings, anew *int) (*countyWarnings, error) {
	county := place.Cut(region.County)
	of := &countyWarnings{day: w.today, end: w.End(county), seen: w.Now(), lists: map[region.Code][]Warning{},
		old: map[region.Code]time.Time{}}
	for level := range of.above {
		of.above[level] = w.LastAbout(county.Cut(region.Level(level)))
	}
	dirty := map[region.Code]bool{}
	all := known == nil || known.day != of.day || known.above != of.above
	switch {
	case all:
	case known.end >= of.end && len(known.old) == 0: // a look that began a moment before another has what that one found
		of.end, of.lists = known.end, known.lists
		return of, nil
	default:
		about, ok, err := w.AboutSince(county, known.end, mostNew)
		if err != nil {
			return nil, err
		}
		all = !ok
		for _, at := range about {
			dirty[at] = true
			all = all || at.Level() < region.Village && at.Level() != region.Township
		}
	}
	for _, d := range office.Seats(w.View, place) {
		since, waits := time.Time{}, false
		if !all {
			since, waits = known.old[d.Code]
			if !waits && !dirty[d.Code] && !dirty[d.Code.Cut(region.Township)] {
				of.lists[d.Code] = known.lists[d.Code]
				continue
			}
			if !waits {
				since = known.seen
			}
			if *anew <= 0 && of.seen.Sub(since) < summaryOld {
				of.lists[d.Code], of.old[d.Code] = known.lists[d.Code], since
				continue
			}
		}
		*anew--
		found, err := w.at(d.Code)
		if err != nil {
			return nil, err
		}
		of.lists[d.Code] = found
	}
	return of, nil
}

// at are the warnings of one village, or of a township for its own collective.
func (w *watch) at(place region.Code) ([]Warning, error) {
	w.place, w.list, w.own, w.parties, w.party = place, nil, nil, map[string]bool{}, map[string]string{}
	for id, e := range register.EntityTable.Scan(w.books, journal.EntityID.Front(string(place))) {
		if e.Kind.Collective() && e.Book() == id {
			w.own = append(w.own, id)
		}
	}
	find := []func() error{w.contracts, w.villages, w.plans}
	if place.Level() < region.Village {
		if len(w.own) == 0 {
			return nil, nil
		}
		find = []func() error{w.contracts, func() error { return w.keeping(place, w.own) }, w.plans}
	}
	for _, f := range find {
		if err := f(); err != nil {
			return nil, err
		}
	}
	return w.list, nil
}

// find notes a warning.
func (w *watch) find(sort *office.Warning, of, text string, args ...any) {
	aside := office.AsideOf(w.books, of, sort.Name, w.today)
	w.list = append(w.list, Warning{Warning: sort, Village: journal.PlaceOf(of), Of: of, Said: &journal.Error{Text: text, Args: args},
		Aside: aside})
}

// bound is the number that an office has set for a sort of warnings in a village.
func (w *watch) bound(sort *office.Warning, village region.Code) int {
	n, _ := strconv.Atoi(w.said(sort, village))
	return n
}

// said is the bound of a sort in a village, as its office has said it.
func (w *watch) said(sort *office.Warning, village region.Code) string {
	key := boundOf{sort, village.Cut(region.County)}
	value, ok := w.bounds[key]
	if !ok {
		value = sort.Bound.On(w.books, village, w.today)
		w.bounds[key] = value
	}
	return value
}

// contracts warns of those that are overdue or end.
func (w *watch) contracts() error {
	states, err := income.ContractStates(w.View, string(w.place))
	village := w.place
	for _, s := range states {
		if journal.PlaceOf(s.ID) != w.place { // of a township those of its own collective
			continue
		}
		w.party[s.ID] = s.Party
		if s.Contract.Terms[0].From <= journal.YearEnd(w.year) && s.Until() > journal.YearEnd(w.year-1) { // in any part of the year
			w.parties[partyKey(s.Party)] = true
		}
		if s.Overdue > 0 && s.Late() >= w.bound(warnLate, village) {
			w.find(warnLate, s.ID, "%s欠 %s 元,最早的已 %s 天", s.Called(), s.Overdue.Grouped(), strconv.Itoa(s.Late()))
		}
		for _, c := range s.Concerns {
			switch c.Name {
			case "expiring":
				w.find(warnEnding, s.ID, "%s %s 到期", s.Called(), string(s.Until()))
			case "expired":
				w.find(warnEnding, s.ID, "%s %s 已到期,没有续签", s.Called(), string(s.Until()))
			}
		}
	}
	return err
}

// plans warns of distributions that wait for somebody, and of years that gave out more than they had.
func (w *watch) plans() error {
	given := map[string]bool{}
	for _, d := range plan.DistributionTable.Scan(w.books, journal.EntityID.Front(string(w.place))) {
		w.plan(d)
		if key := journal.YearID.Dated(d.Book, d.Year); d.InForce() && d.Fund == "" && d.Year >= w.year-1 && !given[key] {
			given[key] = true
			s, err := income.StatementOf(w.View, d.Book, d.Year)
			if err != nil {
				return err
			}
			if s.Short() > 0 {
				w.find(warnOver, key, "%s 年的分红比可分配收益多出 %s 元", strconv.Itoa(d.Year), s.Short().Grouped())
			}
		}
	}
	return nil
}

// payable is the first day on which a distribution could be paid: after its display, and after the last objection was answered; "" while it
// cannot be.
func (w *watch) payable(d plan.Distribution) journal.Date {
	if !d.Paying() || d.Until == "" || d.OpenObjections() > 0 {
		return ""
	}
	day := d.Until.Plus(1)
	for _, o := range d.Objections {
		if j, err := w.JournalEntry(d.Village().Chain(), o.Answered); err == nil {
			day = max(day, journal.DateOf(j.Time()))
		}
	}
	return day
}

// plan warns of one distribution.
func (w *watch) plan(d plan.Distribution) {
	village := d.Village()
	name := w.Called(d.Entity)
	since := func(day journal.Date) int { return w.today.DayNumber() - day.DayNumber() }
	say := func(sort *office.Warning, days int, text string, args ...any) {
		if days >= w.bound(sort, village) {
			w.find(sort, d.ID, text, append([]any{name, strconv.Itoa(d.Year)}, args...)...)
		}
	}
	if d.InForce() && d.FailCount > 0 {
		w.find(warnFailed, d.ID, "%s %s 年的分红有 %s 户付款失败,共 %s 元", name, strconv.Itoa(d.Year), strconv.Itoa(d.FailCount), d.Failed.Grouped())
	}
	if payable := w.payable(d); payable != "" && d.Outstanding() > 0 {
		days := since(payable)
		say(warnUnpaid, days, "%s %s 年的分红能付已 %s 天,还有 %s 户、%s 元没有付", strconv.Itoa(days), strconv.Itoa(d.OutstandingCount()),
			d.Outstanding().Grouped())
	}
	for _, o := range d.Objections {
		if o.Answered == 0 && !d.GivenUp() {
			say(warnObjection, since(o.Date), "%s %s 年的分红有异议,%s 提出,没有答复", string(o.Date))
			break
		}
	}
	if len(d.Steps) == 0 {
		return
	}
	days := since(journal.DateOf(d.Steps[len(d.Steps)-1].Time()))
	switch {
	case d.Waits():
		say(warnWaiting, days, "%s %s 年的分红方案提交已 %s 天,没有审核", strconv.Itoa(days))
	case d.Paying() && d.From == "":
		say(warnWaiting, days, "%s %s 年的分红方案审核通过已 %s 天,没有公示", strconv.Itoa(days))
	}
}
