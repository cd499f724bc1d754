package register

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// How is by what somebody became a member of a collective.
type How string

// The ways (农村集体经济组织法 art. 11, 12).
const (
	AtFirst   How = "initial"   // 初始确认
	ByBirth   How = "birth"     // 成员生育
	Adopted   How = "adoption"  // 成员收养
	Married   How = "marriage"  // 结婚
	Resettled How = "migration" // 政策性移民
	Otherwise How = "other"     // 章程规定的其他情形
)

// Hows lists all ways.
func Hows() []How { return []How{AtFirst, ByBirth, Adopted, Married, Resettled, Otherwise} }

// Label names the way in Chinese.
func (h How) Label() journal.Label {
	switch h {
	case AtFirst:
		return "初始确认"
	case ByBirth:
		return "成员生育"
	case Adopted:
		return "成员收养"
	case Married:
		return "结婚"
	case Resettled:
		return "政策性移民"
	case Otherwise:
		return "章程规定的其他情形"
	}
	return journal.Label(h)
}

// Called names the way.
func (h How) Called() string { return string(h.Label()) }

// Loss is why membership is lost, with the article of the law that says so; or why it is not.
type Loss struct {
	Name    string
	Label   journal.Label
	Article string
	Never   bool // it is no reason
}

// losses are the causes of art. 16 and 17, and what art. 18 says is none.
var losses = []Loss{
	{"death", "死亡", "17", false},
	{"citizenship", "丧失中国国籍", "17", false},
	{"elsewhere", "取得其他集体的成员身份", "17", false},
	{"office", "成为公务员(聘任制除外)", "17", false},
	{"charter", "法律法规和章程规定的其他情形", "17", false},
	{"voluntary", "自愿退出", "16", false},
	{"study", "就学", "18", true},
	{"service", "服役", "18", true},
	{"work", "务工", "18", true},
	{"trade", "经商", "18", true},
	{"divorce", "离婚", "18", true},
	{"widowhood", "丧偶", "18", true},
	{"prison", "服刑", "18", true},
	{"marriage", "结婚而没有取得其他集体的成员身份", "18", true},
}

// The causes that rules ask for: that of the dead, and the one that another collective follows on.
const (
	deathCause     = "death"
	elsewhereCause = "elsewhere"
)

// Losses lists the causes that there are.
func Losses() []Loss {
	return slices.DeleteFunc(slices.Clone(losses), func(l Loss) bool { return l.Never })
}

// LossNamed is a cause by its name, and whether the list has it.
func LossNamed(name string) (Loss, bool) {
	i := slices.IndexFunc(losses, func(l Loss) bool { return l.Name == name })
	if i < 0 {
		return Loss{}, false
	}
	return losses[i], true
}

// Membership is a person's in a collective (成员名册). It is another list than the shareholders': persons, not households.
type Membership struct {
	ID         string       `cbor:"1,keyasint"`
	Name       string       `cbor:"2,keyasint"`
	Paper      ident.IDKind `cbor:"3,keyasint,omitempty"` // "" for a resident ID
	IDNo       seal.Box     `cbor:"4,keyasint"`
	Household  string       `cbor:"5,keyasint,omitempty"` // shareholder id of the household, "" where it is not on the register
	Relation   string       `cbor:"6,keyasint,omitempty"` // to the householder
	Confirmed  journal.Date `cbor:"7,keyasint"`
	How        How          `cbor:"8,keyasint"`
	Resolution string       `cbor:"9,keyasint,omitempty"`
	Lost       journal.Date `cbor:"10,keyasint,omitempty"` // the day of the cause: a member still on it, no more from the next day on
	Cause      string       `cbor:"11,keyasint,omitempty"`
	Until      journal.Date `cbor:"12,keyasint,omitempty"` // rights kept through this day (art. 16, 17)
	LostBy     uint64       `cbor:"13,keyasint,omitempty"`
	Void       uint64       `cbor:"14,keyasint,omitempty"` // the entry that took the confirmation back
	Entry      uint64       `cbor:"15,keyasint"`
}

// Collective is the id of the collective.
func (m Membership) Collective() string { return journal.MembershipID.Parent(m.ID) }

// Village is the place of the collective.
func (m Membership) Village() region.Code { return journal.PlaceOf(m.ID) }

// On tells whether the person was a member on a day.
func (m Membership) On(day journal.Date) bool {
	return m.Void == 0 && m.Confirmed <= day && (m.Lost == "" || day <= m.Lost)
}

// LossLabel names why the membership was lost, "" where it was not.
func (m Membership) LossLabel() journal.Label {
	l, _ := LossNamed(m.Cause)
	return l.Label
}

var (
	memberships = sums.Folded("membership", func(_ store.Reader, _ string, m Membership, to *sums.Adding) { m.addTo(to) })
	// byPerson finds a person's memberships: the county's chain, the keyed digest of the ID number and the membership's id → that id.
	byPerson = journal.Folded[string]("by_person")
	// rollEnds holds the number of the last member that a collective has confirmed.
	rollEnds = journal.Folded[int]("roll_end")
)

// MembershipTable holds the members, by id.
var MembershipTable = memberships.Readable()

func init() {
	journal.NamedBy(journal.MembershipID, memberships.Table, func(_ store.Reader, m Membership) string { return m.Name })
}

// ConfirmMember puts a person on the list of a collective's members.
type ConfirmMember struct {
	Collective string       `cbor:"1,keyasint" json:"collective"`
	Name       string       `cbor:"2,keyasint" json:"name"`
	IDNo       string       `cbor:"-" json:"id_no"`
	IDKind     ident.IDKind `cbor:"3,keyasint,omitempty" json:"id_kind"`
	Household  string       `cbor:"4,keyasint,omitempty" json:"household"`
	Relation   string       `cbor:"5,keyasint,omitempty" json:"relation"`
	Date       journal.Date `cbor:"6,keyasint" json:"date"`
	How        How          `cbor:"7,keyasint" json:"how"`
	Resolution string       `cbor:"8,keyasint,omitempty" json:"resolution"`
	IDBox      seal.Box     `cbor:"9,keyasint" json:"-"`
	ID         string       `cbor:"10,keyasint" json:"-"`
}

var _ = journal.Register(&ConfirmMember{}, journal.Kind{
	Label: "确认成员", Roles: []journal.Role{journal.Accountant}, Event: true,
	Hints: map[string]string{
		"how":       "initial/birth/adoption/marriage/migration/other",
		"household": "股东编号;留空时按身份证号找",
		"id_kind":   "resident/residence_permit/permanent_resident/passport,留空照号码判断",
	},
})

// Place is the village, or township, of the collective.
func (e *ConfirmMember) Place() region.Code { return journal.PlaceOf(e.Collective) }

// Subject is the membership's id.
func (e *ConfirmMember) Subject() string { return e.ID }

// Prepare brings name and number to one spelling and digests the number.
func (e *ConfirmMember) Prepare(k *seal.Key) error {
	e.Name, e.Relation, e.IDNo = ident.Name(e.Name), Relation(e.Relation), ident.Clean(e.IDNo)
	e.IDBox = k.Find(seal.ResidentID, e.IDNo)
	return nil
}

// Boxes tells of the number.
func (e *ConfirmMember) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.ResidentID, Owner: e.ID, Text: e.IDNo, Box: &e.IDBox})
}

func (e *ConfirmMember) Check(c *journal.Checking) error {
	var f journal.Faults
	if entity, err := EntityOfIn(c, e.Collective); err != nil {
		return journal.Missing("collective", e.Collective, "没有编号为 %s 的经营主体", e.Collective)
	} else if CheckActive(&f, entity, e.Date); !entity.Kind.Collective() {
		f.Add(journal.Conflict, "collective", e.Collective, "%s是%s,成员名册只有农村集体经济组织才有", entity.Name, entity.Kind.Label())
	}
	if e.Name == "" {
		f.Invalid("name", "", "请填写姓名")
	}
	if e.IDNo == "" {
		f.Invalid("id_no", "", "请填写证件号")
	}
	if e.IDKind != "" && !slices.Contains(ident.IDKinds(), e.IDKind) {
		f.Invalid("id_kind", e.IDKind, "没有“%s”这种证件;可用 resident、residence_permit、permanent_resident、passport", string(e.IDKind))
	} else {
		e.IDKind = checkPersonID(c, &f, "id_no", e.IDKind, e.IDNo)
	}
	if _, known := relationWords[e.Relation]; !known && e.Relation != "" {
		f.Invalid("relation", e.Relation, "不认识关系“%s”;可写 配偶、子、女、儿媳、父、母、孙子、其他亲属 等", e.Relation)
	}
	if e.How == "" {
		e.How = AtFirst
	} else if !slices.Contains(Hows(), e.How) {
		f.Invalid("how", e.How, "没有“%s”这种确认;可用 %s", string(e.How), journal.Labels(Hows()))
	}
	journal.CheckDate(c, &f, "date", e.Date)
	if born := ident.BornOn(e.IDNo); ident.PersonID(e.IDKind, e.IDNo) == nil && born > e.Date.Key() && e.Date != "" {
		f.Invalid("date", e.Date, "确认日期 %s 早于证件号里的出生日期", string(e.Date))
	}
	resolution.Name(c, &f, &e.Resolution, e.Collective, resolution.Membership)
	e.link(c, &f)
	if len(f) > 0 {
		return f
	}
	for _, m := range memberOf(c, e.Place().Chain(), e.IDBox.Digest) {
		if m.Collective() == e.Collective && (m.Lost == "" || m.Lost >= e.Date) {
			return journal.Clash("id_no", ident.Mask(e.IDNo), "%s已经是这个集体的成员(%s)", m.Name, m.ID)
		}
	}
	e.pointOut(c)
	last, _ := rollEnds.Get(c, e.Collective)
	var err error
	e.ID, err = journal.MembershipID.Give("", journal.MembershipID.Front(e.Collective), last,
		func(id string) bool { return memberships.Has(c, id) })
	return err
}

// link finds the household that the person is listed in, where none is named.
func (e *ConfirmMember) link(c *journal.Checking, f *journal.Faults) {
	village := string(e.Place())
	if e.Household == "" && len(e.IDBox.Digest) > 0 {
		for _, index := range []store.Index{byNumber, byMember} {
			if id, ok := index.Find(c, village, e.IDBox.Digest); ok && e.Household == "" {
				e.Household = id
			}
		}
	}
	if e.Household == "" {
		return
	}
	s, ok := shareholders.Get(c, e.Household)
	switch {
	case !ok:
		f.Add(journal.NotFound, "household", e.Household, "没有编号为 %s 的股东", e.Household)
		return
	case s.Locked != 0:
		*f = append(*f, journal.All(s.checkLocked("household"))...)
		return
	case s.Village() != e.Place() || s.Kind != Household && s.Kind != Person:
		f.Add(journal.Conflict, "household", e.Household, "%s不是本村的户", s.Name)
		return
	}
	if e.Relation != "" {
		return
	}
	if string(s.IDNo.Digest) == string(e.IDBox.Digest) {
		e.Relation = relationWords["户主"]
	}
	for _, m := range s.Members {
		if len(m.Box.Digest) > 0 && string(m.Box.Digest) == string(e.IDBox.Digest) {
			e.Relation = m.Relation
		}
	}
}

// counties are the chains that there are: those of the counties on the map.
func counties(c *journal.Checking) []string {
	return journal.Once(c, "counties", func() (list []string) {
		for _, d := range office.DivisionTable.Scan(c, "") {
			if d.Code.Level() == region.County {
				list = append(list, d.Code.Chain())
			}
		}
		return list
	})
}

// memberOf lists a person's memberships in the books of one county, but those that were taken back.
func memberOf(r store.Reader, chain string, digest []byte) (list []Membership) {
	if len(digest) == 0 {
		return nil
	}
	for _, id := range byPerson.Scan(r, chain+string(digest)) {
		if m, ok := memberships.Get(r, id); ok && m.Void == 0 {
			list = append(list, m)
		}
	}
	return list
}

// nested tells whether two collectives stand in one line of places, on different levels: a group, its village, its township. They do not
// exclude each other.
func nested(r store.Reader, a, b string) bool {
	one, _ := entities.Get(r, a)
	other, _ := entities.Get(r, b)
	if level(one.Kind) == level(other.Kind) {
		return false
	}
	return one.Village().Contains(other.Village()) || other.Village().Contains(one.Village())
}

func level(k EntityKind) string { return k.front() }

// clashes tells whether two memberships are one too many: at one time, in collectives that exclude each other. One that was lost for
// another collective makes room on the very day.
func clashes(r store.Reader, a, b Membership) bool {
	if a.ID == b.ID || a.Void != 0 || b.Void != 0 || nested(r, a.Collective(), b.Collective()) {
		return false
	}
	ends := func(x, y Membership) bool { // x is over when y begins
		return x.Lost != "" && (x.Lost < y.Confirmed || x.Lost == y.Confirmed && x.Cause == elsewhereCause)
	}
	return !ends(a, b) && !ends(b, a)
}

// pointOut asks about a person who is a member of another collective in any book that this program holds. Who confirms is told the county
// alone; place and name are for the county's officials (DoubleMembers).
func (e *ConfirmMember) pointOut(c *journal.Checking) {
	own := Membership{ID: journal.MembershipID.ID(journal.MembershipID.Front(e.Collective), 0), Confirmed: e.Date}
	for _, chain := range counties(c) {
		for _, m := range memberOf(c, chain, e.IDBox.Digest) {
			if m.Collective() == e.Collective || !clashes(c, own, m) {
				continue
			}
			d, _ := office.DivisionTable.Get(c, string(m.Village().Cut(region.County)))
			c.Doubt("id_no", ident.Mask(e.IDNo), "%s在%s已是另一个集体的成员;一人只能是一个集体的成员,请核对(姓名和地方由县里查)", e.Name, cmp.Or(d.Name, chain))
			return
		}
	}
}

func (e *ConfirmMember) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	last, _ := rollEnds.Get(a, e.Collective)
	rollEnds.Put(a.Tx, e.Collective, max(last, journal.MembershipID.Number(e.ID)))
	memberships.Put(a, e.ID, Membership{
		ID: e.ID, Name: e.Name, Paper: e.IDKind, IDNo: e.IDBox, Household: e.Household, Relation: e.Relation, Confirmed: e.Date, How: e.How,
		Resolution: e.Resolution, Entry: a.Seq,
	})
	byPerson.Put(a.Tx, e.Place().Chain()+string(e.IDBox.Digest)+e.ID, e.ID)
}

// LoseMembership notes that somebody is no member any more: from the day after the cause.
type LoseMembership struct {
	Member     string       `cbor:"1,keyasint" json:"member"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Cause      string       `cbor:"3,keyasint" json:"cause"`
	Until      journal.Date `cbor:"4,keyasint,omitempty" json:"until"` // rights kept through this day
	Resolution string       `cbor:"5,keyasint,omitempty" json:"resolution"`
	Note       string       `cbor:"6,keyasint,omitempty" json:"note"`
}

var _ = journal.Register(&LoseMembership{}, journal.Kind{
	Label: "丧失成员身份", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "就学、服役、务工、经商、离婚、丧偶、服刑都不丧失 / study, service, work, trade, divorce, widowhood, prison take it from nobody",
	Hints: map[string]string{
		"cause": "death/citizenship/elsewhere/office/charter/voluntary",
		"until": "约定保留权利到哪一天(第十六、十七条)",
	},
})

// Place is the village of the collective.
func (e *LoseMembership) Place() region.Code { return journal.PlaceOf(e.Member) }

// Subject is the membership's id.
func (e *LoseMembership) Subject() string { return e.Member }

func (e *LoseMembership) Check(c *journal.Checking) error {
	m, err := membershipIn(c, e.Member)
	if err != nil {
		return err
	}
	var f journal.Faults
	if m.Lost != "" {
		f.Add(journal.Conflict, "member", e.Member, "%s已于 %s 丧失成员身份(%s)", m.Name, string(m.Lost), m.LossLabel())
	}
	switch l, ok := LossNamed(e.Cause); {
	case e.Cause == "":
		f.Invalid("cause", "", "请选丧失的原因")
	case !ok:
		f.Invalid("cause", e.Cause, "没有“%s”这种原因;可用 death、citizenship、elsewhere、office、charter、voluntary", e.Cause)
	case l.Never:
		f.Invalid("cause", e.Cause, "%s不丧失成员身份(农村集体经济组织法第十八条)", l.Label)
	}
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Date != "" && e.Date < m.Confirmed {
		f.Invalid("date", e.Date, "日期 %s 早于确认成员的 %s", string(e.Date), string(m.Confirmed))
	}
	switch {
	case e.Until == "":
	case e.Cause == deathCause:
		f.Invalid("until", e.Until, "死亡的不保留权利;股份由继承人继承")
	case e.Until <= e.Date:
		f.Invalid("until", e.Until, "权利保留到的 %s 要在丧失那天 %s 以后", string(e.Until), string(e.Date))
	}
	resolution.Name(c, &f, &e.Resolution, m.Collective(), resolution.Membership)
	return f.Err()
}

func (e *LoseMembership) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	m, _ := memberships.Get(a, e.Member)
	m.Lost, m.Cause, m.Until, m.LostBy = e.Date, e.Cause, e.Until, a.Seq
	memberships.Put(a, m.ID, m)
}

// ReverseMembership takes back what was entered wrongly: the loss, where there is one; else the confirmation.
type ReverseMembership struct {
	Member string `cbor:"1,keyasint" json:"member"`
	Reason string `cbor:"2,keyasint" json:"reason"`
	Entry  uint64 `cbor:"3,keyasint" json:"-"` // the record that it takes back
}

var _ = journal.Register(&ReverseMembership{}, journal.Kind{
	Label: "冲销成员身份", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "有丧失的冲销丧失,没有的冲销确认 / the loss where there is one, else the confirmation",
})

// Place is the village of the collective.
func (e *ReverseMembership) Place() region.Code { return journal.PlaceOf(e.Member) }

// Subject is the membership's id.
func (e *ReverseMembership) Subject() string { return e.Member }

func (e *ReverseMembership) Check(c *journal.Checking) error {
	m, err := membershipIn(c, e.Member)
	if err != nil {
		return err
	}
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明冲销的原因")
	}
	e.Entry = cmp.Or(m.LostBy, m.Entry)
	return nil
}

func (e *ReverseMembership) Apply(a *journal.Applying) {
	m, _ := memberships.Get(a, e.Member)
	if m.LostBy != 0 {
		m.Lost, m.Cause, m.Until, m.LostBy = "", "", "", 0
	} else {
		m.Void = a.Seq
		byPerson.Delete(a.Tx, m.Village().Chain()+string(m.IDNo.Digest)+m.ID)
	}
	memberships.Put(a, m.ID, m)
}

// membershipIn finds a membership that has not been taken back.
func membershipIn(r store.Reader, id string) (Membership, error) {
	m, ok := memberships.Get(r, id)
	if !ok || m.Void != 0 {
		return m, noMembership(id)
	}
	return m, nil
}

func noMembership(id string) error {
	return journal.Missing("member", id, "没有编号为 %s 的成员", id)
}

// MembershipOf returns a membership by its id.
func MembershipOf(v *journal.View, id string) (Membership, error) {
	m, err := journal.Find(v, MembershipTable, id, noMembership(id))
	return discreetMember(v, m), err
}

// Roll lists the members of a collective: those of a day, or all there ever were where it is ""; whose name or household's contains a text
// or begins with its initials; in order of their numbers, up to limit, from after on.
func Roll(v *journal.View, collective, text string, on journal.Date, after string, limit int) (list []Membership, next string, err error) {
	books, err := v.At(journal.PlaceOf(collective))
	if err != nil {
		return nil, "", err
	}
	text = ident.Name(text)
	list, next, err = store.Page(books, memberships.Table, journal.MembershipID.Front(collective), after, limit, func(m Membership) bool {
		if m.Void != 0 || on != "" && !m.On(on) {
			return false
		}
		if text == "" {
			return true
		}
		name := discreetMember(v, m).Name // whoever may not read a name does not find it by asking for it
		return strings.Contains(name, text) || initials(name, text)
	})
	for i := range list {
		list[i] = discreetMember(v, list[i])
	}
	return list, next, err
}

// LeftOf lists those of a household who were members of collectives of its village and are no more.
func LeftOf(v *journal.View, household string) (list []Membership, err error) {
	home := journal.PlaceOf(household)
	books, err := v.At(home)
	if err != nil {
		return nil, err
	}
	for _, m := range memberships.Scan(books, string(home)) {
		if m.Household == household && m.Lost != "" && m.Void == 0 {
			list = append(list, discreetMember(v, m))
		}
	}
	return list, nil
}

// MemberNumbered is the member of a collective today who has an ID number, and whether there is one.
func MemberNumbered(v *journal.View, collective, number string) (Membership, bool) {
	books, err := v.At(journal.PlaceOf(collective))
	if err != nil || number == "" {
		return Membership{}, false
	}
	for _, digest := range v.Digests(seal.ResidentID, ident.Clean(number)) {
		for _, m := range memberOf(books, journal.PlaceOf(collective).Chain(), digest) {
			if m.Collective() == collective && m.On(v.Today()) {
				return discreetMember(v, m), true
			}
		}
	}
	return Membership{}, false
}

// RollCount counts a collective's members of a day, and those of them who are of full capacity: eighteen or older, where the number tells.
func RollCount(v *journal.View, collective string, on journal.Date) (members, grown int, err error) {
	books, err := v.At(journal.PlaceOf(collective))
	if err != nil {
		return 0, 0, err
	}
	members, grown = rollCount(books, v.Open, collective, on)
	return members, grown, nil
}

// RollSize is how many members a collective had on days.
type RollSize struct {
	Collective, Name string
	Members          []int
}

// RollSizes are those of a village's collectives that have members on any of the days.
func RollSizes(r store.Reader, village region.Code, days ...journal.Date) (list []RollSize) {
	for id, e := range EntityTable.Scan(r, journal.EntityID.Front(string(village))) {
		size := RollSize{Collective: strings.Clone(id), Name: e.Name, Members: make([]int, len(days))}
		for _, m := range memberships.Scan(r, journal.MembershipID.Front(id)) {
			for i, day := range days {
				if m.On(day) {
					size.Members[i]++
				}
			}
		}
		if slices.Max(append(size.Members, 0)) > 0 {
			list = append(list, size)
		}
	}
	return list
}

// fullAge is from which birthday on a person is of full civil capacity (民法典 art. 17, 18).
const fullAge = 18

func rollCount(r store.Reader, open seal.Opener, collective string, on journal.Date) (members, grown int) {
	for _, m := range memberships.Scan(r, journal.MembershipID.Front(collective)) {
		if !m.On(on) {
			continue
		}
		members++
		number, err := open(seal.ResidentID, m.ID, m.IDNo)
		born := ""
		if err == nil && m.Paper != ident.Passport {
			born = ident.BornOn(number)
		}
		if born == "" || journal.Number(on.Year()-fullAge, 4)+on.Key()[4:] >= born {
			grown++
		}
	}
	return members, grown
}

// MaskedID is a member's number as pages may show it; whole where the leave covers the place.
func (m Membership) MaskedID(v *journal.View, leave Revealed) string {
	number, err := v.Open(seal.ResidentID, m.ID, m.IDNo)
	locked := false
	if books, err := v.At(m.Village()); err == nil && m.Household != "" {
		s, _ := shareholders.Get(books, m.Household)
		locked = s.Locked != 0
	}
	switch {
	case err != nil:
		return "?"
	case locked:
		return ident.Mask("?")
	case leave.Covers(string(m.Village())):
		return number
	}
	return ident.Mask(number)
}

// Double is a member of a region's collective who is a member of another one too.
type Double struct {
	Member, Other       Membership
	Collective, Another string          // their names
	Place, Elsewhere    office.Division // where they are
}

var (
	everyMembership = journal.CommonOf(MembershipTable)
	everyPerson     = journal.CommonOf(byPerson.Readable())
	everyEntity     = journal.CommonOf(EntityTable)
)

// DoubleMembers lists the members of a region's collectives who are members of another collective in any book that this program holds, up
// to limit. It tells places and names of other counties, too, and is for officials of a county or more.
func DoubleMembers(v *journal.View, place region.Code, limit int) (list []Double, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	if place.Level() > region.County || v.Who().Role == journal.Accountant {
		return nil, journal.Barred("一人两处成员的名单由县里查")
	}
	var chains []string
	for _, d := range office.Divisions(v, region.Country, region.County) {
		chains = append(chains, d.Code.Chain())
	}
	for _, m := range memberships.Scan(books, place.Prefix()) {
		for _, chain := range chains {
			for _, id := range everyPerson.Scan(v, chain+string(m.IDNo.Digest)) {
				other, ok := everyMembership.Get(v, id)
				if !ok || !clashes(books, m, other) {
					continue
				}
				if place.Contains(other.Village()) && other.ID < m.ID { // told from the other side
					continue
				}
				if len(list) == limit {
					return list, nil
				}
				one, _ := everyEntity.Get(v, m.Collective())
				another, _ := everyEntity.Get(v, other.Collective())
				x := Double{Member: discreetMember(v, m), Other: discreetMember(v, other), Collective: one.Name, Another: another.Name}
				if x.Place, err = office.DivisionOf(v, m.Village()); err != nil {
					return nil, err
				}
				if x.Elsewhere, err = office.DivisionOf(v, other.Village()); err != nil {
					return nil, err
				}
				list = append(list, x)
			}
		}
	}
	return list, nil
}
