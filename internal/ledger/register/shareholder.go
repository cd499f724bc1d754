// Package register knows who holds what: entities and their charters, share classes, shareholders and members, holdings and their
// movements, pledges, contributions, certificates; and finds them.
package register

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
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
	Card     seal.Box   `cbor:"9,keyasint,omitempty"`
	Held     int        `cbor:"10,keyasint,omitempty"` // share classes of which any shares are held now
	Entry    uint64     `cbor:"11,keyasint,omitempty"`
	Reissued int        `cbor:"12,keyasint,omitempty"` // how often the certificate was reissued
	Members  []Member   `cbor:"13,keyasint,omitempty"` // of a household, besides the householder
	Payee    uint64     `cbor:"14,keyasint,omitempty"` // the entry that last put right the name or card that a bank pays to
	// Whole says from which reissue on the certificate's number carries the whole division code, counted from 1 for the first certificate;
	// 0 where none does yet.
	Whole int `cbor:"15,keyasint,omitempty"`
}

// Village is the shareholder's home.
func (s Shareholder) Village() region.Code { return journal.PlaceOf(s.ID) }

var (
	shareholders = journal.Folded[Shareholder]("shareholder")
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
}

var _ = journal.Register(&RegisterShareholder{}, journal.Kind{
	Label: "登记股东", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"kind":          "household/person/collective/entity/outside",
		"card":          "银行卡号",
		"members.id_no": "户主以外的成员",
	},
})

// maxPeople is the most members one household may have.
const maxPeople = 50

// Place is the shareholder's home village.
func (e *RegisterShareholder) Place() region.Code { return e.Village }

// Subject is the shareholder's id.
func (e *RegisterShareholder) Subject() string { return e.ID }

// Prepare checks the numbers and digests those that are looked for.
func (e *RegisterShareholder) Prepare(k *seal.Key) error {
	var f journal.Faults
	e.Name = ident.Name(e.Name)
	if e.Kind == "" {
		e.Kind = Household
	}
	if !slices.Contains(HolderKinds(), e.Kind) {
		return journal.Wrong("kind", e.Kind, "没有“%s”这种股东", string(e.Kind))
	}
	if e.IDNo = checkIDNo(&f, e.Kind, e.IDNo); e.IDNo == "" && e.Kind.Personal() && len(f) == 0 {
		f.Invalid("id_no", "", "请填写户主或本人的身份证号")
	}
	e.Phone = checkPhone(&f, e.Phone)
	e.Card = checkCard(&f, e.Card)
	e.Members = prepareMembers(&f, k, e.Name, e.Members)
	if len(f) > 0 {
		return f
	}
	e.IDBox = k.Find(seal.ResidentID, e.IDNo)
	return nil
}

// Seal seals the numbers.
func (e *RegisterShareholder) Seal(k *seal.Key) {
	e.IDBox = k.Close(seal.ResidentID, e.IDNo, e.IDBox)
	e.PhoneBox, e.CardBox = k.SealOnly(seal.Phone, e.Phone), k.SealOnly(seal.BankCard, e.Card)
	closeMembers(k, e.Members)
}

// Personal tells whether the party is known by a resident ID, not by a credit code.
func (k HolderKind) Personal() bool { return k == Household || k == Person }

// checkIDNo cleans and checks the number that a kind of holder is known by.
func checkIDNo(f *journal.Faults, kind HolderKind, number string) string {
	number = ident.Clean(number)
	if number == "" {
		return ""
	}
	if kind == Outside && ident.ResidentID(number) == nil { // an investor from elsewhere may be a person
		return number
	}
	if kind.Personal() {
		if err := ident.ResidentID(number); err != nil {
			f.Invalid("id_no", number, "身份证号 %s 不对:%s", number, identReason(err))
		}
	} else if err := ident.CreditCode(number); err != nil {
		f.Invalid("id_no", number, "统一社会信用代码 %s 不对:%s", number, identReason(err))
	}
	return number
}

func checkPhone(f *journal.Faults, phone string) string {
	phone = ident.Clean(phone)
	if err := ident.Phone(phone); phone != "" && err != nil {
		f.Invalid("phone", phone, "电话 %s 不对:%s", phone, identReason(err))
	}
	return phone
}

// checkBorn refuses a resident ID whose owner is not born yet.
func checkBorn(c *journal.Checking, f *journal.Faults, number string) {
	if ident.ResidentID(number) == nil && ident.Born(number) > c.Today().Key() {
		f.Invalid("id_no", number, "身份证号 %s 不对:%s", number, journal.Label("其中的出生日期还没有到"))
	}
}

// checkPeople refuses a size that no household has.
func checkPeople(f *journal.Faults, people int) {
	if people < 0 || people > maxPeople {
		f.Invalid("people", people, "家庭人数 %s 不在 1 到 %s 之间", strconv.Itoa(people), strconv.Itoa(maxPeople))
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

func checkCard(f *journal.Faults, card string) string {
	card = ident.Clean(card)
	if err := ident.BankCard(card); card != "" && err != nil {
		f.Invalid("card", card, "银行卡号 %s 不对:%s", card, identReason(err))
	}
	return card
}

func (e *RegisterShareholder) Check(c *journal.Checking) error {
	var f journal.Faults
	office.CheckVillage(c, &f, "village", e.Village)
	if e.Name == "" {
		f.Invalid("name", "", "请填写户主姓名或名称")
	}
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
	checkBorn(c, &f, e.IDNo)
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
		ID: e.ID, Kind: e.Kind, Name: e.Name, People: e.People, Marks: e.Marks, Bank: e.Bank,
		IDNo: e.IDBox, Phone: e.PhoneBox, Card: e.CardBox, Entry: a.Seq,
	}
	if e.Whole {
		s.Whole = 1
	}
	enlist(a, &s, e.Members)
	shareholders.Put(a.Tx, e.ID, s)
}

// ChangeBankCard gives a shareholder another bank card, as when the bank refused the old one.
type ChangeBankCard struct {
	Holder  string   `cbor:"1,keyasint" json:"holder"`
	Bank    string   `cbor:"2,keyasint,omitempty" json:"bank"`
	Card    string   `cbor:"-" json:"card"`
	CardBox seal.Box `cbor:"3,keyasint" json:"-"`
}

var _ = journal.Register(&ChangeBankCard{}, journal.Kind{
	Label: "更换银行卡", Roles: []journal.Role{journal.Accountant},
})

// Place is the shareholder's home village.
func (e *ChangeBankCard) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *ChangeBankCard) Subject() string { return e.Holder }

// Prepare checks the card number.
func (e *ChangeBankCard) Prepare(k *seal.Key) error {
	var f journal.Faults
	if e.Card = checkCard(&f, e.Card); e.Card == "" {
		f.Invalid("card", "", "请填写新的银行卡号")
	}
	return f.Err()
}

// Seal seals the card number.
func (e *ChangeBankCard) Seal(k *seal.Key) { e.CardBox = k.SealOnly(seal.BankCard, e.Card) }

func (e *ChangeBankCard) Check(c *journal.Checking) error {
	s, ok := shareholders.Get(c, e.Holder)
	if !ok {
		return journal.Missing("holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	}
	if card, err := c.Open(seal.BankCard, s.Card); err == nil && card == e.Card && s.Bank == e.Bank {
		return journal.Clash("card", ident.Mask(e.Card), "登记的就是这张卡,没有要换的;银行自己的原因付不出去的,请在方案里冲销失败再报盘")
	}
	return nil
}

// checkHolder refuses an id that is no shareholder's.
func checkHolder(c *journal.Checking, field, id string) error {
	if !shareholders.Has(c, id) {
		return journal.Missing(field, id, "没有编号为 %s 的股东", id)
	}
	return nil
}

func (e *ChangeBankCard) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.Bank, s.Card, s.Payee = e.Bank, e.CardBox, a.Seq
	shareholders.Put(a.Tx, e.Holder, s)
}

// ShareholderOf returns a shareholder by id.
func ShareholderOf(v *journal.View, id string) (Shareholder, error) {
	return journal.Find(v, shareholders.Readable(), id, journal.Missing("holder", id, "没有编号为 %s 的股东", id))
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
	return s, nil
}
