// Package resolution keeps what members' meetings and councils resolved: who, when, about what, by how many; and judges whether the law
// lets that body decide it so.
package resolution

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Body is who resolved.
type Body string

// The bodies.
const (
	Assembly        Body = "assembly"        // 成员大会
	Representatives Body = "representatives" // 成员代表大会
	Council         Body = "council"         // 理事会
)

// Bodies lists all bodies.
func Bodies() []Body { return []Body{Assembly, Representatives, Council} }

// Label names the body in Chinese.
func (b Body) Label() journal.Label {
	switch b {
	case Assembly:
		return "成员大会"
	case Representatives:
		return "成员代表大会"
	case Council:
		return "理事会"
	}
	return journal.Label(b)
}

// Subject is what is resolved on.
type Subject string

// The subjects, and in the table below who may decide them.
const (
	Charter      Subject = "charter"      // 章程
	Membership   Subject = "membership"   // 成员身份
	Shares       Subject = "shares"       // 量化方案、股权设置和调整
	Compensation Subject = "compensation" // 土地补偿费等的分配
	Merger       Subject = "merger"       // 合并、分立、解散
	Outsiders    Subject = "outsiders"    // 非成员分享收益
	Distribution Subject = "distribution" // 年度收益分配方案
	Fund         Subject = "fund"         // 提取和使用公积公益金
	Contribution Subject = "contribution" // 入股、投资
	Withdrawal   Subject = "withdrawal"   // 有偿退出、流转
	Other        Subject = "other"
)

// rule says who may decide a subject in a collective. All need two thirds of all; Outsiders three quarters.
//
// 农村集体经济组织法 art. 15, 26–28: what the members' assembly alone decides, what representatives may.
type rule struct {
	subject Subject
	label   journal.Label
	bodies  []Body
}

var (
	alone  = []Body{Assembly}
	either = []Body{Assembly, Representatives}
	anyOne = []Body{Assembly, Representatives, Council}
	rules  = []rule{
		{Charter, "章程", alone}, {Membership, "成员身份", alone}, {Shares, "股权量化、设置和调整", alone}, {Compensation, "土地补偿费分配", alone},
		{Merger, "合并、分立、解散", alone}, {Outsiders, "非成员分享收益", alone}, {Distribution, "收益分配方案", either}, {Fund, "公积公益金", either},
		{Contribution, "入股和投资", anyOne}, {Withdrawal, "退出和流转", anyOne}, {Other, "其他", anyOne},
	}
)

// Subjects lists all subjects.
func Subjects() (list []Subject) {
	for _, r := range rules {
		list = append(list, r.subject)
	}
	return list
}

func ruleOf(s Subject) (rule, bool) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.subject == s })
	if i < 0 {
		return rule{}, false
	}
	return rules[i], true
}

// Label names the subject in Chinese.
func (s Subject) Label() journal.Label {
	if r, ok := ruleOf(s); ok {
		return r.label
	}
	return journal.Label(s)
}

// Called names the subject.
func (s Subject) Called() string { return string(s.Label()) }

// Resolution is what was resolved, with the figures where they are given.
type Resolution struct {
	ID       string       `cbor:"1,keyasint"`
	Body     Body         `cbor:"2,keyasint"`
	Date     journal.Date `cbor:"3,keyasint"`
	Notice   journal.Date `cbor:"4,keyasint,omitempty"` // the day the meeting was called
	Subjects []Subject    `cbor:"5,keyasint"`
	Title    string       `cbor:"6,keyasint,omitempty"`
	Number   string       `cbor:"7,keyasint,omitempty"`  // as the minutes have it: 2026-03
	Entitled int          `cbor:"8,keyasint,omitempty"`  // all members of full capacity, or all representatives
	Present  int          `cbor:"9,keyasint,omitempty"`  // of these
	For      int          `cbor:"10,keyasint,omitempty"` // who agreed; of a specialised cooperative the votes
	Against  int          `cbor:"11,keyasint,omitempty"`
	Votes    int          `cbor:"12,keyasint,omitempty"` // all votes of a specialised cooperative; Entitled where there are no additional ones
	Opened   journal.Date `cbor:"13,keyasint,omitempty"` // from this day on plan and accounts lay open to the members
	Entry    uint64       `cbor:"14,keyasint"`
}

// Of is the id of the entity or village whose body resolved.
func (r Resolution) Of() string { return journal.ResolutionID.Parent(r.ID) }

// Called is how people call it: the number of the minutes, or the ledger's own.
func (r Resolution) Called() string {
	if r.Number != "" {
		return r.Number
	}
	return NumberOf(r.ID)
}

// NumberOf is the ledger's own number of a resolution: 2026-003.
func NumberOf(id string) string {
	return strconv.Itoa(journal.ResolutionID.Year(id)) + "-" + journal.ResolutionID.Digits(id)
}

// Village is the place of whoever resolved.
func (r Resolution) Village() region.Code { return journal.PlaceOf(r.ID) }

// By is whoever resolved, as a view may see it.
func (r Resolution) By(v *journal.View) string {
	books, err := v.At(r.Village())
	if err != nil {
		return ""
	}
	o, _ := known(books, v.Open, r.Of())
	return o.Name
}

// FindingsOf tells how a resolution falls short of the law, subject by subject, to whoever may read it.
func FindingsOf(v *journal.View, r Resolution) (list journal.Faults, err error) {
	books, err := v.At(r.Village())
	if err != nil {
		return nil, err
	}
	o, _ := known(books, v.Open, r.Of())
	said := map[string]bool{}
	for _, s := range r.Subjects {
		for _, d := range r.Findings(o, s) {
			if !said[d.Said()] {
				said[d.Said()] = true
				list = append(list, d)
			}
		}
	}
	return list, nil
}

// Organisation is what this room has to know of whoever resolves; the room that keeps organisations says it (Known).
type Organisation struct {
	Name   string
	Book   string                                 // those with one book are one
	Votes  bool                                   // a specialised cooperative, whose resolutions count votes
	People func(on journal.Date) (n int, ok bool) // members of full capacity on a day, where they are listed
}

var known func(r store.Reader, open seal.Opener, id string) (Organisation, bool)

// Known says how what has to be known of an organisation is found by its id; members' ages stand in their numbers.
func Known(find func(r store.Reader, open seal.Opener, id string) (Organisation, bool)) { known = find }

var (
	resolutions = journal.Folded[Resolution]("resolution")
	cited       = journal.FoldedSet("cited") // resolution, and the number of the record that rests on it
)

func init() {
	journal.NamedBy(journal.ResolutionID, resolutions, func(_ store.Reader, r Resolution) string { return r.Called() })
}

// RecordResolution enters a resolution once; contributions, plans and the others then name it.
type RecordResolution struct {
	Of       string       `cbor:"1,keyasint" json:"of"`
	Body     Body         `cbor:"2,keyasint" json:"body"`
	Date     journal.Date `cbor:"3,keyasint" json:"date"`
	Notice   journal.Date `cbor:"4,keyasint,omitempty" json:"notice"`
	Subjects []Subject    `cbor:"5,keyasint" json:"subjects"`
	Title    string       `cbor:"6,keyasint,omitempty" json:"title"`
	Number   string       `cbor:"7,keyasint,omitempty" json:"number"`
	Entitled int          `cbor:"8,keyasint,omitempty" json:"entitled"`
	Present  int          `cbor:"9,keyasint,omitempty" json:"present"`
	For      int          `cbor:"10,keyasint,omitempty" json:"for"`
	Against  int          `cbor:"11,keyasint,omitempty" json:"against"`
	Votes    int          `cbor:"12,keyasint,omitempty" json:"votes"`
	Opened   journal.Date `cbor:"13,keyasint,omitempty" json:"opened"`
	ID       string       `cbor:"14,keyasint" json:"id"`
}

var _ = journal.Register(&RecordResolution{}, journal.Kind{
	Label: "登记决议", Roles: []journal.Role{journal.Accountant},
	Note: "登记一次,以后的分录写它的编号 / entered once; entries name it",
	Hints: map[string]string{
		"of":       "经营主体或村的编号",
		"body":     "assembly/representatives/council",
		"subjects": "charter/membership/shares/compensation/merger/outsiders/distribution/fund/contribution/withdrawal/other,可以几样",
		"entitled": "全体成员(有完全民事行为能力的)或全体代表",
		"votes":    "专业合作社的全部表决票数,没有附加票的留空",
		"opened":   "分配方案和年度账目从哪天起交成员查看",
	},
})

// Place is the village of whoever resolved.
func (e *RecordResolution) Place() region.Code { return journal.PlaceOf(e.Of) }

// Subject is the resolution's id.
func (e *RecordResolution) Subject() string { return e.ID }

func (e *RecordResolution) Check(c *journal.Checking) error {
	org, ok := known(c, c.Open, e.Of)
	if !ok {
		return journal.Missing("of", e.Of, "没有编号为 %s 的经营主体或村", e.Of)
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	if !slices.Contains(Bodies(), e.Body) {
		f.Invalid("body", e.Body, "没有“%s”这种会议;可用 assembly、representatives、council", string(e.Body))
	}
	e.checkSubjects(&f)
	for name, day := range map[string]journal.Date{"notice": e.Notice, "opened": e.Opened} {
		if day > e.Date {
			f.Invalid(name, day, "日期 %s 在会议那天 %s 以后", string(day), string(e.Date))
		}
	}
	e.checkFigures(&f, org)
	if len(f) > 0 {
		return f
	}
	last := 0
	front := journal.ResolutionID.Dated(e.Of, e.Date.Year())
	for id, other := range resolutions.Scan(c, journal.ResolutionID.Front(e.Of)) {
		if e.Number != "" && other.Number == e.Number {
			return journal.Clash("number", e.Number, "编号 %s 的决议已经登记过(%s)", e.Number, id)
		}
		if journal.ResolutionID.Year(id) == e.Date.Year() {
			last = journal.ResolutionID.Number(id)
		}
	}
	var err error
	if e.ID, err = journal.ResolutionID.Give(e.ID, front, last, func(id string) bool { return resolutions.Has(c, id) }); err != nil {
		return err
	}
	for _, s := range e.Subjects {
		for _, d := range e.resolution().Findings(org, s) {
			c.Doubt(d.Field, d.Value, d.Text, d.Args...)
		}
	}
	if n, ok := listed(org, e.Date); ok && e.Body == Assembly && e.Entitled != 0 && e.Entitled != n {
		c.Doubt("entitled", e.Entitled, "写的应到是 %s 人,成员名册上那天有完全民事行为能力的是 %s 人", strconv.Itoa(e.Entitled), strconv.Itoa(n))
	}
	return nil
}

func listed(org Organisation, on journal.Date) (int, bool) {
	if org.People == nil {
		return 0, false
	}
	return org.People(on)
}

func (e *RecordResolution) checkSubjects(f *journal.Faults) {
	if len(e.Subjects) == 0 {
		f.Invalid("subjects", "", "请选决议的是什么事")
	}
	for i, s := range e.Subjects {
		if _, ok := ruleOf(s); !ok {
			f.Invalid("subjects", s, "没有“%s”这种议题;可用 %s", string(s), journal.Labels(Subjects()))
		} else if slices.Contains(e.Subjects[:i], s) {
			f.Invalid("subjects", s, "议题“%s”写了两次", s.Label())
		}
	}
}

// maxEntitled bounds figures that no meeting has.
const maxEntitled = 1_000_000

// checkFigures refuses figures that cannot be.
func (e *RecordResolution) checkFigures(f *journal.Faults, org Organisation) {
	for name, n := range map[string]int{"entitled": e.Entitled, "present": e.Present, "for": e.For, "against": e.Against, "votes": e.Votes} {
		if n < 0 || n > maxEntitled {
			f.Invalid(name, n, "数字 %s 不对", strconv.Itoa(n))
		}
	}
	if e.Entitled != 0 && e.Present > e.Entitled {
		f.Invalid("present", e.Present, "实到 %s 人,比应到的 %s 人还多", strconv.Itoa(e.Present), strconv.Itoa(e.Entitled))
	}
	switch most := e.Present; {
	case !org.Votes && e.Votes != 0:
		f.Invalid("votes", e.Votes, "集体的决议一人一票,不另写票数")
	case org.Votes && e.Votes != 0 && e.Entitled != 0 && (e.Votes < e.Entitled || 5*e.Votes > 6*e.Entitled):
		f.Invalid("votes", e.Votes, "全部表决票是 %s,基本票 %s;附加票合计不超过基本票的百分之二十(农民专业合作社法第二十二条)", strconv.Itoa(e.Votes), strconv.Itoa(e.Entitled))
	case org.Votes && e.Votes > e.Entitled:
		most += e.Votes - e.Entitled
		fallthrough
	default:
		if most > 0 && e.For+e.Against > most {
			f.Invalid("for", e.For, "赞成 %s、反对 %s,合起来比到会的还多", strconv.Itoa(e.For), strconv.Itoa(e.Against))
		}
	}
}

// resolution is the resolution that the entry enters.
func (e *RecordResolution) resolution() Resolution {
	return Resolution{ID: e.ID, Body: e.Body, Date: e.Date, Notice: e.Notice, Subjects: e.Subjects, Title: e.Title, Number: e.Number,
		Entitled: e.Entitled, Present: e.Present, For: e.For, Against: e.Against, Votes: e.Votes, Opened: e.Opened}
}

func (e *RecordResolution) Apply(a *journal.Applying) {
	r := e.resolution()
	r.Entry = a.Seq
	resolutions.Put(a.Tx, e.ID, r)
}

// ByID returns a resolution by its id.
func ByID(v *journal.View, id string) (Resolution, error) {
	return journal.Find(v, resolutions.Readable(), id, journal.Missing("resolution", id, "没有编号为 %s 的决议", id))
}

// In lists the resolutions of a region, newest first, up to limit.
func In(v *journal.View, place region.Code, limit int) (list []Resolution, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for _, r := range resolutions.Scan(books, place.Prefix()) {
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b Resolution) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.ID, a.ID)) })
	return list[:min(limit, len(list))], nil
}

// Said is what an entry's text of a resolution tells a person: of a recorded one its number, else the text.
func Said(v *journal.View, text string) string { return cmp.Or(v.Called(text), text) }

// RestingOn lists the numbers of the records that name a resolution, in the chain of its county.
func RestingOn(v *journal.View, id string) (list []uint64, err error) {
	books, err := v.At(journal.PlaceOf(id))
	if err != nil {
		return nil, err
	}
	for key := range cited.Each(books, id) {
		_, seq := journal.CutSeq(key)
		list = append(list, seq)
	}
	return list, nil
}
