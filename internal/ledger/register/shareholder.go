// Package register knows who holds what: entities and their charters, share classes, shareholders and members, holdings and their
// movements, pledges, contributions, certificates; and finds them.
package register

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// HolderKind is what kind of party holds shares.
type HolderKind string

// The kinds.
const (
	Household  HolderKind = "household"  // 户, the usual one
	Person     HolderKind = "person"     // 个人
	Collective HolderKind = "collective" // 村集体
	Company    HolderKind = "entity"     // another entity
	Outside    HolderKind = "outside"    // 外来投资者
)

// HolderKinds lists all kinds.
func HolderKinds() []HolderKind {
	return []HolderKind{Household, Person, Collective, Company, Outside}
}

// Label names the kind in Chinese.
func (k HolderKind) Label() journal.Label {
	switch k {
	case Household:
		return "农户"
	case Person:
		return "个人"
	case Collective:
		return "村集体"
	case Company:
		return "经营主体"
	case Outside:
		return "外来投资者"
	}
	return journal.Label(k)
}

// Shareholder is a party that may hold shares: usually a household, named for its householder.
type Shareholder struct {
	ID       string     `cbor:"1,keyasint,omitempty"`
	Kind     HolderKind `cbor:"2,keyasint,omitempty"`
	Name     string     `cbor:"3,keyasint,omitempty"`
	People   int        `cbor:"4,keyasint,omitempty"` // members of a household, 1 for a person, 0 for others
	Marks    []string   `cbor:"5,keyasint,omitempty"` // 脱贫户, 监测户, 低保户 …
	Bank     string     `cbor:"6,keyasint,omitempty"`
	IDNo     seal.Box   `cbor:"7,keyasint,omitempty"` // resident ID of the householder or person, credit code of an organisation
	Phone    seal.Box   `cbor:"8,keyasint,omitempty"`
	Card     seal.Box   `cbor:"9,keyasint,omitempty"`  // the number of the account to pay to
	Held     int        `cbor:"10,keyasint,omitempty"` // share classes of which any shares are held now
	Entry    uint64     `cbor:"11,keyasint,omitempty"`
	Reissued int        `cbor:"12,keyasint,omitempty"` // how often the certificate was reissued
	Members  []Member   `cbor:"13,keyasint,omitempty"` // of a household, besides the householder
	Payee    uint64     `cbor:"14,keyasint,omitempty"` // the entry that last put right the name or card that a bank pays to
	// Whole says from which reissue on the certificate's number carries the whole division code, counted from 1 for the first certificate;
	// 0 where none does yet.
	Whole int `cbor:"15,keyasint,omitempty"`
	// Account is what kind of account Card is the number of, "" of a card's.
	Account ident.AccountKind `cbor:"16,keyasint,omitempty"`
	Branch  string            `cbor:"17,keyasint,omitempty"` // of the bank, of a unit account
	Paper   ident.IDKind      `cbor:"18,keyasint,omitempty"` // what IDNo is the number of, of persons; "" of a resident ID
	Late    *Late             `cbor:"19,keyasint,omitempty"` // whoever is paid to has died; nil where not
	// Of is the collective that an organisation is: a village's code or a collective's id; "" where that was not said.
	Of string `cbor:"20,keyasint,omitempty"`
	// Years are those from whose end on any shares were held, none, some again: see yearsHeld.
	Years []int `cbor:"21,keyasint,omitempty"`
	// Locked is the entry that locked the numbers, 0 where they are not: see LockNumbers.
	Locked uint64 `cbor:"22,keyasint,omitempty"`
}

// Village is the shareholder's home.
func (s Shareholder) Village() region.Code { return journal.PlaceOf(s.ID) }

// human tells whether the shareholder is a person or a household, not an organisation; of an investor from elsewhere the paper tells.
func (s Shareholder) human() bool {
	return s.Kind.Personal() || s.Kind == Outside && s.Paper != ""
}

var (
	shareholders = sums.Folded("shareholder", func(_ store.Reader, _ string, s Shareholder, to *sums.Adding) { s.addTo(to) })
	byNumber     = journal.FoldedIndex("by_number") // village and keyed digest of the ID number → shareholder
)

// ShareholderTable holds the shareholders, by id.
var ShareholderTable = shareholders.Readable()

// RegisterShareholder puts a shareholder on a village's register.
type RegisterShareholder struct {
	ID       string      `cbor:"1,keyasint" json:"id"`
	Village  region.Code `cbor:"2,keyasint" json:"village"`
	Kind     HolderKind  `cbor:"3,keyasint" json:"kind"`
	Name     string      `cbor:"4,keyasint" json:"name"`
	IDNo     string      `cbor:"-" json:"id_no"`
	People   int         `cbor:"5,keyasint,omitempty" json:"people"`
	Phone    string      `cbor:"-" json:"phone"`
	Bank     string      `cbor:"6,keyasint,omitempty" json:"bank"`
	Card     string      `cbor:"-" json:"card"`
	Marks    []string    `cbor:"7,keyasint,omitempty" json:"marks"`
	IDBox    seal.Box    `cbor:"8,keyasint" json:"-"`
	PhoneBox seal.Box    `cbor:"9,keyasint" json:"-"`
	CardBox  seal.Box    `cbor:"10,keyasint" json:"-"`
	Members  []Member    `cbor:"11,keyasint,omitempty" json:"members"`
	// Whole says that the certificate's number carries the whole division code; absent of those registered before numbers did.
	Whole bool `cbor:"12,keyasint,omitempty" json:"-"`
	// Account is a number whose kind AccountKind says, or the number itself tells; Card one that is said to be a card's. One of the two.
	Account     string            `cbor:"-" json:"account,omitempty"`
	AccountKind ident.AccountKind `cbor:"13,keyasint,omitempty" json:"account_kind,omitempty"`
	Branch      string            `cbor:"14,keyasint,omitempty" json:"branch,omitempty"`
	IDKind      ident.IDKind      `cbor:"15,keyasint,omitempty" json:"id_kind,omitempty"`
	// CollectiveOf says which collective an organisation is, of another village too: what is paid to it is income of that one's book.
	CollectiveOf string `cbor:"16,keyasint,omitempty" json:"collective_of,omitempty"`
}

var _ = journal.Register(&RegisterShareholder{}, journal.Kind{
	Label: "登记股东", Roles: []journal.Role{journal.Accountant}, Event: true,
	Hints: map[string]string{
		"kind":          "household/person/collective/entity/outside",
		"card":          "银行卡号",
		"account":       "卡号、存折号或单位账号",
		"account_kind":  "card/passbook/unit,留空照号码判断",
		"branch":        "单位账户的开户网点",
		"id_kind":       "resident/residence_permit/permanent_resident/passport,留空照号码判断",
		"members.id_no": "户主以外的成员",
		"collective_of": "单位是哪个集体:村代码或集体的编号,外村的也行",
	},
})

// MaxPeople is the most members one household may have.
const MaxPeople = 50

// Place is the shareholder's home village.
func (e *RegisterShareholder) Place() region.Code { return e.Village }

// Subject is the shareholder's id.
func (e *RegisterShareholder) Subject() string { return e.ID }

// Prepare brings names and numbers to one spelling, and digests those that are looked for.
func (e *RegisterShareholder) Prepare(k *seal.Key) error {
	e.Name, e.Bank, e.Branch = ident.Name(e.Name), ident.Name(e.Bank), ident.Name(e.Branch)
	if e.Kind == "" {
		e.Kind = Household
	}
	e.IDNo, e.Phone = ident.Clean(e.IDNo), ident.Clean(e.Phone)
	e.IDBox = k.Find(seal.ResidentID, e.IDNo)
	e.CardBox = prepareAccount(k, &e.Card, &e.Account)
	e.Members = prepareMembers(k, e.Name, e.Members)
	return nil
}

// Boxes tells of the numbers.
func (e *RegisterShareholder) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.ResidentID, Owner: e.ID, Text: e.IDNo, Box: &e.IDBox})
	each(journal.Boxed{Purpose: seal.Phone, Owner: e.ID, Text: e.Phone, Box: &e.PhoneBox})
	each(journal.Boxed{Purpose: seal.BankCard, Owner: e.ID, Text: cmp.Or(e.Card, e.Account), Box: &e.CardBox})
	memberBoxes(each, e.ID, e.Members)
}

// Personal tells whether the party is known by a resident ID, not by a credit code.
func (k HolderKind) Personal() bool { return k == Household || k == Person }

// checkIDNo refuses a clean number that the kind of holder cannot have, and decides what kind of paper a person's is of.
func checkIDNo(c *journal.Checking, f *journal.Faults, kind HolderKind, said ident.IDKind, number string) ident.IDKind {
	if said != "" && !slices.Contains(ident.IDKinds(), said) {
		f.Invalid("id_kind", said, "没有“%s”这种证件;可用 resident、residence_permit、permanent_resident、passport", string(said))
		return ""
	}
	// an investor from elsewhere may be a person
	if person := kind.Personal() || kind == Outside && (said != "" || ident.PersonID("", number) == nil); person {
		return checkPersonID(c, f, "id_no", said, number)
	}
	if err := ident.CreditCode(number); number != "" && err != nil {
		f.Invalid("id_no", number, "统一社会信用代码 %s 不对:%s", number, identReason(err))
	}
	return ""
}

// checkPersonID refuses a clean number that no person has, and decides what kind of paper it is of where that is not said; "" is a
// resident ID's.
func checkPersonID(c *journal.Checking, f *journal.Faults, field string, said ident.IDKind, number string) ident.IDKind {
	if number == "" {
		return ""
	}
	kind := cmp.Or(said, ident.KindOfID(number))
	if err := ident.PersonID(kind, number); err != nil {
		f.Invalid(field, number, "%s号 %s 不对:%s", PaperLabel(kind), number, identReason(err))
	} else if ident.BornOn(number) > c.Today().Key() {
		f.Invalid(field, number, "%s号 %s 不对:%s", PaperLabel(kind), number, journal.Label("其中的出生日期还没有到"))
	}
	if kind == ident.ResidentCard { // as before papers were told
		return ""
	}
	return kind
}

// PaperLabel names in Chinese a kind of paper that shows who a person is.
func PaperLabel(k ident.IDKind) journal.Label {
	switch k {
	case ident.ResidencePermit:
		return "港澳台居民居住证"
	case ident.PermanentResident:
		return "外国人永久居留身份证"
	case ident.Passport:
		return "护照"
	}
	return "身份证"
}

func checkPhone(f *journal.Faults, phone string) {
	if err := ident.Phone(phone); phone != "" && err != nil {
		f.Invalid("phone", phone, "电话 %s 不对:%s", phone, identReason(err))
	}
}

// checkHome refuses a place that keeps no register: a village does, and a township that has a collective of its own.
func checkHome(c *journal.Checking, f *journal.Faults, home region.Code) {
	if home == "" || home.Level() != region.Township {
		office.CheckVillage(c, f, "village", home)
	} else if t, _ := tallies.Get(c, string(home)); t.Entities == 0 {
		f.Add(journal.Conflict, "village", home, "%s 没有乡镇级集体经济组织,股东请登记在村", string(home))
	}
}

// checkPeople refuses a size that no household has.
func checkPeople(f *journal.Faults, people int) {
	if people < 0 || people > MaxPeople {
		f.Invalid("people", people, "家庭人数 %s 不在 1 到 %s 之间", strconv.Itoa(people), strconv.Itoa(MaxPeople))
	}
}

// checkTwin refuses an ID number that another shareholder of the village has.
func checkTwin(c *journal.Checking, village region.Code, box seal.Box, number, self string) error {
	if box.Empty() {
		return nil
	}
	if id, ok := byNumber.Find(c, string(village), box.Digest); ok && id != self {
		other, _ := shareholders.Get(c, id)
		return journal.Clash("id_no", ident.Mask(number), "这个身份证号本村已登记:%s(%s)", other.Name, id)
	}
	if id, ok := byMember.Find(c, string(village), box.Digest); ok && id != self {
		other, _ := shareholders.Get(c, id)
		return journal.Clash("id_no", ident.Mask(number), "这个身份证号是%s(%s)户的成员;分户的请先从那一户的成员里去掉", other.Name, id)
	}
	return nil
}

func (e *RegisterShareholder) Check(c *journal.Checking) error {
	var f journal.Faults
	checkHome(c, &f, e.Village)
	if e.Name == "" {
		f.Invalid("name", "", "请填写户主姓名或名称")
	}
	if !slices.Contains(HolderKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "没有“%s”这种股东", string(e.Kind))
		return f
	}
	if e.IDNo == "" && e.Kind.Personal() {
		f.Invalid("id_no", "", "请填写户主或本人的身份证号")
	}
	e.IDKind = checkIDNo(c, &f, e.Kind, e.IDKind, e.IDNo)
	checkPhone(&f, e.Phone)
	checkCollectiveOf(c, &f, e.Kind, e.CollectiveOf)
	e.AccountKind = e.payTo().check(c, &f)
	switch e.Kind {
	case Household:
		switch listed := len(e.Members) + 1; {
		case e.People == 0:
			e.People = listed
		case listed > 1 && e.People != listed:
			f.Invalid("people", e.People, "家庭人数写的是 %s,列出的成员加户主是 %s 人", strconv.Itoa(e.People), strconv.Itoa(listed))
		}
		checkPeople(&f, e.People)
		checkMembers(c, &f, e.Village, "", string(e.IDBox.Digest), e.Members)
	case Person:
		e.People = 1
	default:
		e.People = 0
	}
	if e.Kind != Household && len(e.Members) > 0 {
		f.Invalid("members", len(e.Members), "只有农户有家庭成员")
	}
	if len(f) > 0 {
		return f
	}
	if err := checkTwin(c, e.Village, e.IDBox, e.IDNo, ""); err != nil {
		return err
	}
	if e.IDBox.Empty() {
		for id, other := range shareholders.Scan(c, string(e.Village)) {
			if other.Name == e.Name {
				return journal.Clash("name", e.Name, "本村已登记“%s”(%s);不是同一个的,请填写信用代码或身份证号来区分", e.Name, id)
			}
		}
	}
	e.Whole = true
	t, _ := tallies.Get(c, string(e.Village))
	var err error
	e.ID, err = journal.HolderID.Give(e.ID, journal.HolderID.Front(string(e.Village)), t.LastHolder,
		func(id string) bool { return shareholders.Has(c, id) })
	return err
}

func (e *RegisterShareholder) Apply(a *journal.Applying) {
	t, _ := tallies.Get(a, string(e.Village))
	t.Registered++
	t.LastHolder = max(t.LastHolder, journal.HolderID.Number(e.ID))
	tallies.Put(a.Tx, string(e.Village), t)
	if !e.IDBox.Empty() {
		byNumber.Enter(a.Tx, string(e.Village), e.IDBox.Digest, e.ID)
	}
	s := Shareholder{
		ID: e.ID, Kind: e.Kind, Name: e.Name, People: e.People, Marks: e.Marks,
		IDNo: e.IDBox, Phone: e.PhoneBox, Entry: a.Seq, Paper: e.IDKind, Of: e.CollectiveOf,
	}
	s.payTo(a, e.CardBox, e.AccountKind, e.Bank, e.Branch)
	if e.Whole {
		s.Whole = 1
	}
	enlist(a, &s, e.Members)
	keepShareholder(a, s)
}

// checkHolder refuses an id that is no shareholder's.
func checkHolder(c *journal.Checking, field, id string) error {
	s, ok := shareholders.Get(c, id)
	if !ok {
		return journal.Missing(field, id, "没有编号为 %s 的股东", id)
	}
	return s.checkLocked(field)
}

// ShareholderOf returns a shareholder by id.
func ShareholderOf(v *journal.View, id string) (Shareholder, error) {
	s, err := journal.Find(v, shareholders.Readable(), id, journal.Missing("holder", id, "没有编号为 %s 的股东", id))
	if err != nil {
		return s, err
	}
	return discreet(v, s), nil
}

// MemberOf returns who holds, or once held, shares of any class of an entity. Whoever may see the entity may see its members.
func MemberOf(v *journal.View, entity, holder string) (Shareholder, error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return Shareholder{}, err
	}
	takesPart := journal.PlaceOf(holder) == journal.PlaceOf(entity)
	return SeenFrom(v, journal.PlaceOf(entity), holder, takesPart || held.Any(books, holder+entity))
}

// HolderOf returns who holds, or once held, shares of a class. Whoever may see the class may see its holders, also those whose home is
// another village.
func HolderOf(v *journal.View, c ShareClass, holder string) (Shareholder, error) {
	books, err := v.At(journal.PlaceOf(c.ID))
	if err != nil {
		return Shareholder{}, err
	}
	return SeenFrom(v, journal.PlaceOf(c.ID), holder, held.Has(books, holder+c.ID))
}

// SeenFrom returns a shareholder as whoever may see a place may see one who takes part in what happens there, wherever the home is.
func SeenFrom(v *journal.View, place region.Code, holder string, takesPart bool) (Shareholder, error) {
	books, err := v.At(place)
	if err != nil {
		return Shareholder{}, err
	}
	s, ok := shareholders.Get(books, holder)
	if !ok || !takesPart {
		return s, journal.Missing("holder", holder, "没有编号为 %s 的股东", holder)
	}
	return discreet(v, s), nil
}
