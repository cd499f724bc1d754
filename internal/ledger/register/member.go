package register

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Member is one person of a household besides the householder, as the share register lists them (量化到人、确权到户).
type Member struct {
	Name     string   `cbor:"1,keyasint" json:"name"`
	Relation string   `cbor:"2,keyasint,omitempty" json:"relation"` // to the householder: 妻, 子 …
	IDNo     string   `cbor:"-" json:"id_no"`
	Box      seal.Box `cbor:"3,keyasint,omitempty" json:"-"`
}

// Relatives names a household's members besides the householder, with their relation, as the share register writes them: 李四(妻)、王五(子).
func (s Shareholder) Relatives() string { return MembersInWords(s.Members) }

// MembersInWords names members with what is said of them, the relation and the ID number: 李四(妻 210727…)、王五.
func MembersInWords(list []Member) string {
	var words []string
	for _, m := range list {
		if rest := strings.TrimSpace(m.Relation + " " + strings.ReplaceAll(m.IDNo, " ", "")); rest != "" {
			m.Name += "(" + rest + ")"
		}
		words = append(words, m.Name)
	}
	return strings.Join(words, "、")
}

// memberNamed returns the first member whose name contains a text or begins with its pinyin initials, "" when there is none.
func (s Shareholder) memberNamed(text string) string {
	for _, m := range s.Members {
		if strings.Contains(m.Name, text) || initials(m.Name, text) {
			return m.Name
		}
	}
	return ""
}

// Found tells by which of its members a search for a text found a household; "" where its own name says it.
func (s Shareholder) Found(text string) string {
	if text = ident.Name(text); text == "" || strings.Contains(s.Name, text) || initials(s.Name, text) {
		return ""
	}
	return s.memberNamed(text)
}

// byMember finds the household that a person is listed in: village and keyed digest of the ID number → shareholder.
var byMember = journal.FoldedIndex("by_member")

// householders are the words by which lists name the householder; such a line is no further member.
const householders = "户主 本人"

// prepareMembers brings the members' names and numbers to one spelling, digests the numbers, and leaves out the householder, who stands on
// the register by name.
func prepareMembers(k *seal.Key, householder string, list []Member) (kept []Member) {
	for _, m := range list {
		m.Name, m.Relation = ident.Name(m.Name), Relation(m.Relation)
		if isHouseholder(m, householder) {
			continue
		}
		m.IDNo = ident.Clean(m.IDNo)
		m.Box = k.Find(seal.ResidentID, m.IDNo)
		kept = append(kept, m)
	}
	return kept
}

// memberBoxes tells of the ID numbers of a household's members: they are the household's, which one of them may lead some day.
func memberBoxes(each func(journal.Boxed), household string, list []Member) {
	for i, m := range list {
		each(journal.Boxed{Purpose: seal.ResidentID, Owner: household, Text: m.IDNo, Box: &list[i].Box})
	}
}

// isHouseholder tells whether a line of a list means the householder, by name and by what it says of the relation.
func isHouseholder(m Member, householder string) bool {
	return m.Name == householder && (m.Relation == "" || MeansHouseholder(m.Relation))
}

// MeansHouseholder tells whether a word for a person's relation to the householder means the householder.
func MeansHouseholder(relation string) bool {
	return slices.Contains(strings.Fields(householders), Relation(relation))
}

// checkMembers refuses more members than a household has, and people who stand on the village's register elsewhere.
func checkMembers(c *journal.Checking, f *journal.Faults, village region.Code, holder, own string, list []Member) {
	if len(list) >= MaxPeople {
		f.Invalid("members", len(list), "一户最多 %s 人", strconv.Itoa(MaxPeople))
	}
	seen, named := map[string]bool{own: own != ""}, map[string]bool{}
	for i, m := range list {
		at := "members." + strconv.Itoa(i) + "."
		if m.Name == "" {
			f.Invalid(at+"name", "", "请填写成员姓名")
		} else if named[m.Name] && m.Box.Empty() {
			f.Invalid(at+"name", m.Name, "成员%s在这一户里写了两次;是同名的两个人,请写身份证号", m.Name)
		}
		named[m.Name] = true
		if _, known := relationWords[m.Relation]; !known && m.Relation != "" {
			f.Invalid(at+"relation", m.Relation, "不认识关系“%s”;可写 配偶、子、女、儿媳、父、母、孙子、其他亲属 等", m.Relation)
		} else if m.Relation == "" && m.Box.Empty() {
			f.Invalid(at+"relation", "", "请写明成员%s与户主的关系,例如 配偶、子", m.Name)
		}
		if m.Box.Empty() {
			continue
		}
		checkPersonID(c, f, at+"id_no", "", m.IDNo)
		number := string(m.Box.Digest)
		at += "id_no"
		if id, ok := byNumber.Find(c, string(village), m.Box.Digest); ok {
			other, _ := shareholders.Get(c, id)
			f.Add(journal.Conflict, at, ident.Mask(m.IDNo), "成员%s的身份证号本村已登记为户主:%s(%s)", m.Name, other.Name, id)
		} else if id, ok := byMember.Find(c, string(village), m.Box.Digest); ok && id != holder {
			other, _ := shareholders.Get(c, id)
			f.Add(journal.Conflict, at, ident.Mask(m.IDNo), "成员%s已经在%s(%s)户里;请先从那一户去掉", m.Name, other.Name, id)
		} else if seen[number] {
			f.Invalid(at, ident.Mask(m.IDNo), "成员%s的身份证号在这一户里写了两次", m.Name)
		}
		seen[number] = true
	}
}

// enlist keeps the index of members with a household's list.
func enlist(a *journal.Applying, s *Shareholder, list []Member) {
	village := string(s.Village())
	for _, m := range s.Members {
		if !m.Box.Empty() {
			byMember.Remove(a.Tx, village, m.Box.Digest)
		}
	}
	for _, m := range list {
		if !m.Box.Empty() {
			byMember.Enter(a.Tx, village, m.Box.Digest, s.ID)
		}
	}
	s.Members = list
}

// setPeople changes how many people a household has, and the village's count with it.
func setPeople(a *journal.Applying, s *Shareholder, people int) {
	if s.Held > 0 {
		t, _ := tallies.Get(a, string(s.Village()))
		t.People += people - s.People
		tallies.Put(a.Tx, string(s.Village()), t)
	}
	s.People = people
}

// ListMembers says who belongs to a household besides the householder; the list takes the place of the one before, which the journal keeps.
type ListMembers struct {
	Holder  string   `cbor:"1,keyasint" json:"holder"`
	Members []Member `cbor:"2,keyasint" json:"members"`
	Reason  string   `cbor:"3,keyasint,omitempty" json:"reason"`
	Seen    string   `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see Shareholder.Version
}

var _ = journal.Register(&ListMembers{}, journal.Kind{
	Label: "登记家庭成员", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "整份替换 / replaces the list",
	Hints: map[string]string{
		"reason": "已有成员时必写",
	},
})

// Place is the household's village.
func (e *ListMembers) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the household's id.
func (e *ListMembers) Subject() string { return e.Holder }

// Prepare brings names and numbers to one spelling and digests the numbers.
func (e *ListMembers) Prepare(k *seal.Key) error {
	e.Members = prepareMembers(k, "", e.Members)
	return nil
}

// Boxes tells of the members' numbers.
func (e *ListMembers) Boxes(each func(journal.Boxed)) { memberBoxes(each, e.Holder, e.Members) }

func (e *ListMembers) Check(c *journal.Checking) error {
	s, err := seenHolder(c, e.Holder, e.Seen)
	if err != nil {
		return err
	}
	var f journal.Faults
	if s.Kind != Household {
		f.Invalid("holder", s.Kind, "只有农户有家庭成员")
	}
	if len(s.Members) > 0 && e.Reason == "" {
		f.Invalid("reason", "", "请写明成员变动的原因,例如 出生、嫁入、分户")
	}
	e.Members = slices.DeleteFunc(e.Members, func(m Member) bool { return isHouseholder(m, s.Name) })
	for i, m := range e.Members { // a number that is not given again stays
		for _, old := range s.Members {
			if m.Box.Empty() && old.Name == m.Name {
				e.Members[i].Box = old.Box
			}
		}
	}
	checkMembers(c, &f, s.Village(), s.ID, string(s.IDNo.Digest), e.Members)
	if err := f.Err(); err != nil {
		return err
	}
	if slices.EqualFunc(e.Members, s.Members, func(a, b Member) bool {
		return a.Name == b.Name && a.Relation == b.Relation && bytes.Equal(a.Box.Digest, b.Box.Digest)
	}) {
		return journal.Clash("members", "", "成员名单和登记的一样,没有要改的")
	}
	return nil
}

func (e *ListMembers) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	enlist(a, &s, e.Members)
	setPeople(a, &s, len(e.Members)+1)
	keepShareholder(a, s)
}

// MaskedMembers returns a household's members with their ID numbers as pages may show them; whole ones where the leave covers the
// household.
func MaskedMembers(v *journal.View, s Shareholder, leave Revealed) (list []Member) {
	for _, m := range s.Members {
		number, err := v.Open(seal.ResidentID, s.ID, m.Box)
		if err != nil || s.Locked != 0 && number != "" {
			number = "?"
		}
		if m.IDNo = number; !leave.Covers(s.ID) && !leave.Covers(string(s.Village())) {
			m.IDNo = ident.Mask(number)
		}
		list = append(list, m)
	}
	return list
}

// Registered returns the shareholder of a village with an ID number or credit code, and whether there is one.
func Registered(v *journal.View, village region.Code, number string) (Shareholder, bool) {
	books, err := v.At(village)
	if err != nil {
		return Shareholder{}, false
	}
	id, ok := numbered(books, village, v.Digests(seal.ResidentID, ident.Clean(number)))
	if !ok {
		return Shareholder{}, false
	}
	return shareholders.Get(books, id)
}

// Differs lists the fields in which a new registration says something else of a shareholder than the books; what it leaves empty says
// nothing.
func Differs(v *journal.View, s Shareholder, e *RegisterShareholder) (list []string) {
	if v.Within(s.Village()) != nil {
		return nil
	}
	numbers := open(v, s)
	differs := func(given, has string) bool { return given != "" && ident.Clean(given) != ident.Clean(has) }
	for name, is := range map[string]bool{
		"people": s.Kind == Household && e.People != 0 && e.People != s.People, "phone": e.Phone != "" && ident.Clean(e.Phone) != numbers.Phone,
		"bank": e.Bank != "" && ident.Name(e.Bank) != ident.Name(s.Bank),
		"card": differs(e.Card, numbers.Card), "account": differs(e.Account, numbers.Card),
		"account_kind": e.AccountKind != "" && e.AccountKind != s.AccountKind(), "branch": e.Branch != "" &&
			ident.Name(e.Branch) != ident.Name(s.Branch),
		"marks":   len(e.Marks) > 0 && !sameWords(e.Marks, s.Marks),
		"kind":    e.Kind != "" && e.Kind != s.Kind,
		"members": len(e.Members) > 0 && !sameWords(namesOf(e.Members, s.Name), namesOf(s.Members, s.Name)),
	} {
		if is {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// sameWords tells whether two lists hold the same words in any order.
func sameWords(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// namesOf are the members' names, without the householder's.
func namesOf(list []Member, householder string) (names []string) {
	for _, m := range list {
		if ident.Name(m.Name) != ident.Name(householder) {
			names = append(names, ident.Name(m.Name))
		}
	}
	return names
}

// SameNumber lists the shareholders in other villages of the actor's region, within the city, who have a shareholder's ID number.
func SameNumber(v *journal.View, s Shareholder) (list []Shareholder, err error) {
	for _, d := range office.Seats(v, s.Village().Cut(region.City)) {
		books, err := v.At(d.Code)
		if err != nil || d.Code == s.Village() || s.IDNo.Empty() {
			continue
		}
		if id, ok := byNumber.Find(books, string(d.Code), s.IDNo.Digest); ok {
			other, _ := shareholders.Get(books, id)
			list = append(list, other)
		}
	}
	return list, nil
}

// Twin is one of several registrations of an ID number.
type Twin struct {
	Shareholder
	Member string // the household's member who has the number, "" for the shareholder itself
}

// Twins are the registrations in several villages that have one ID number.
type Twins struct {
	Number string // masked
	Of     []Twin
}

// Duplicates lists the ID numbers that stand on the registers of several villages of a region, as a shareholder's or as a member's, in the
// order of the first registration's id, up to limit.
func Duplicates(v *journal.View, place region.Code, limit int) (list []Twins, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	each := func(f func(digest [16]byte, id string)) {
		for _, index := range []store.Index{byNumber, byMember} {
			for k, id := range index.Each(books, place.Prefix()) {
				_, digest := journal.VillageID.Cut(k)
				f([16]byte([]byte(digest)), id)
			}
		}
	}
	several := map[[16]byte]bool{} // a city has a million numbers: the ids of those that stand alone need not be kept
	each(func(digest [16]byte, _ string) { _, seen := several[digest]; several[digest] = seen })
	ids := map[[16]byte][]string{}
	each(func(digest [16]byte, id string) {
		if several[digest] {
			ids[digest] = append(ids[digest], id)
		}
	})
	for _, of := range ids {
		slices.Sort(of)
	}
	first := slices.SortedFunc(maps.Keys(ids), func(a, b [16]byte) int {
		return cmp.Or(cmp.Compare(ids[a][0], ids[b][0]),
			bytes.Compare(a[:], b[:]))
	})
	for _, digest := range first[:min(limit, len(first))] {
		var t Twins
		for _, id := range ids[digest] {
			s, _ := shareholders.Get(books, id)
			twin, number := Twin{Shareholder: s}, open(v, s).ID
			for _, m := range s.Members {
				if string(m.Box.Digest) == string(digest[:]) {
					twin.Member = m.Name
					if number, _ = v.Open(seal.ResidentID, s.ID, m.Box); s.Locked != 0 {
						number = "?"
					}
				}
			}
			t.Number, t.Of = ident.Mask(number), append(t.Of, twin)
		}
		list = append(list, t)
	}
	return list, nil
}
