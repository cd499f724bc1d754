package register

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// CorrectShareholder puts right what was registered wrongly: a field that is given replaces what stood there, one that is empty leaves it.
// The journal keeps what it was.
type CorrectShareholder struct {
	Holder   string       `cbor:"1,keyasint" json:"holder"`
	Name     string       `cbor:"2,keyasint,omitempty" json:"name"`
	IDNo     string       `cbor:"-" json:"id_no"`
	People   int          `cbor:"3,keyasint,omitempty" json:"people"`
	Phone    string       `cbor:"-" json:"phone"`
	Marks    []string     `cbor:"4,keyasint,omitempty" json:"marks"`
	Reason   string       `cbor:"5,keyasint" json:"reason"`
	Clear    []string     `cbor:"8,keyasint,omitempty" json:"clear"` // "marks", "phone": what stood there goes
	IDBox    seal.Box     `cbor:"6,keyasint" json:"-"`
	PhoneBox seal.Box     `cbor:"7,keyasint" json:"-"`
	IDKind   ident.IDKind `cbor:"9,keyasint,omitempty" json:"id_kind,omitempty"`
	// CollectiveOf is as in RegisterShareholder.
	CollectiveOf string `cbor:"10,keyasint,omitempty" json:"collective_of,omitempty"`
	Seen         string `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see Shareholder.Version
}

var _ = journal.Register(&CorrectShareholder{}, journal.Kind{
	Label: "更正股东资料", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "只填要改的 / only what changes",
	Hints: map[string]string{
		"clear":         "要清空的:marks、phone、collective_of",
		"collective_of": "是哪个集体:村代码或集体的编号",
	},
})

// Place is the shareholder's home village.
func (e *CorrectShareholder) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *CorrectShareholder) Subject() string { return e.Holder }

// Prepare brings the numbers to one spelling and digests those that are looked for.
func (e *CorrectShareholder) Prepare(k *seal.Key) error {
	e.Name, e.Phone, e.IDNo = ident.Name(e.Name), ident.Clean(e.Phone), ident.Clean(e.IDNo)
	e.IDBox = k.Find(seal.ResidentID, e.IDNo)
	return nil
}

// Boxes tells of the numbers.
func (e *CorrectShareholder) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.ResidentID, Owner: e.Holder, Text: e.IDNo, Box: &e.IDBox})
	each(journal.Boxed{Purpose: seal.Phone, Owner: e.Holder, Text: e.Phone, Box: &e.PhoneBox})
}

func (e *CorrectShareholder) Check(c *journal.Checking) error {
	s, err := seenHolder(c, e.Holder, e.Seen)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	if e.Name == "" && e.IDNo == "" && e.People == 0 && e.Phone == "" && len(e.Marks) == 0 && len(e.Clear) == 0 &&
		e.CollectiveOf == "" {
		f.Invalid("name", "", "请填写要更正的内容")
	}
	for _, what := range e.Clear {
		if what != "marks" && what != "phone" && what != "collective_of" {
			f.Invalid("clear", what, "只能清空 marks(标记)、phone(电话)或 collective_of(是哪个集体)")
		}
	}
	checkPeople(&f, e.People)
	switch {
	case e.People != 0 && s.Kind != Household:
		f.Invalid("people", e.People, "只有农户有家庭人数")
	case e.People != 0 && len(s.Members) > 0:
		f.Invalid("people", e.People, "这一户列有成员,人数由成员得出;请修改成员")
	}
	checkPhone(&f, e.Phone)
	checkCollectiveOf(c, &f, s.Kind, e.CollectiveOf)
	if e.IDNo != "" {
		e.IDKind = checkIDNo(c, &f, s.Kind, e.IDKind, e.IDNo)
	} else if e.IDKind != "" {
		f.Invalid("id_no", "", "写了证件类型,请填写证件号")
	}
	if len(f) > 0 {
		return f
	}
	return checkTwin(c, s.Village(), e.IDBox, e.IDNo, s.ID)
}

func (e *CorrectShareholder) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	if e.Name != "" {
		s.Name, s.Payee = e.Name, a.Seq
	}
	if !e.IDBox.Empty() {
		village := string(s.Village())
		byNumber.Remove(a.Tx, village, s.IDNo.Digest)
		byNumber.Enter(a.Tx, village, e.IDBox.Digest, s.ID)
		s.IDNo, s.Paper = e.IDBox, e.IDKind
		successor := func(m Member) bool { return string(m.Box.Digest) == string(e.IDBox.Digest) }
		if slices.ContainsFunc(s.Members, successor) { // a listed member follows the householder
			enlist(a, &s, slices.DeleteFunc(slices.Clone(s.Members), successor))
			setPeople(a, &s, len(s.Members)+1)
		}
	}
	if e.People != 0 {
		setPeople(a, &s, e.People)
	}
	if !e.PhoneBox.Empty() || slices.Contains(e.Clear, "phone") {
		s.Phone = e.PhoneBox
	}
	if len(e.Marks) > 0 || slices.Contains(e.Clear, "marks") {
		s.Marks = e.Marks
	}
	if s.Of = cmp.Or(e.CollectiveOf, s.Of); slices.Contains(e.Clear, "collective_of") {
		s.Of = ""
	}
	keepShareholder(a, s)
}

// CorrectEntity puts right what was registered of an entity, or what has changed since, such as its representative: a field that is given
// replaces what stood there, one that is empty leaves it. The journal keeps what it was.
type CorrectEntity struct {
	Entity         string       `cbor:"1,keyasint" json:"entity"`
	Name           string       `cbor:"2,keyasint,omitempty" json:"name"`
	CreditCode     string       `cbor:"3,keyasint,omitempty" json:"credit_code"`
	Founded        journal.Date `cbor:"4,keyasint,omitempty" json:"founded"`
	Representative string       `cbor:"5,keyasint,omitempty" json:"representative"`
	Reason         string       `cbor:"6,keyasint" json:"reason"`
}

var _ = journal.Register(&CorrectEntity{}, journal.Kind{
	Label: "更正经营主体资料", Roles: []journal.Role{journal.Accountant},
	Note: "只填要改的 / only what changes",
	Hints: map[string]string{
		"representative": "换届也用它",
	},
})

// Place is the entity's village.
func (e *CorrectEntity) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *CorrectEntity) Subject() string { return e.Entity }

func (e *CorrectEntity) Check(c *journal.Checking) error {
	entity, err := EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	if e.CreditCode = checkCreditCode(&f, e.CreditCode); e.Name == "" && e.CreditCode == "" && e.Founded == "" && e.Representative == "" {
		f.Invalid("name", "", "请填写要更正的内容")
	}
	checkFounded(c, &f, e.Founded)
	if e.Founded != "" {
		if first := firstMovement(c, journal.ClassID.Front(entity.ID)); first != "" && e.Founded > first {
			f.Invalid("founded", e.Founded, "成立日期 %s 晚于第一次配股的 %s", string(e.Founded), string(first))
		}
	}
	if len(f) > 0 {
		return f
	}
	return checkSingular(c, entity.Village(), e.Name, e.CreditCode, entity.ID)
}

func (e *CorrectEntity) Apply(a *journal.Applying) {
	entity, _ := entities.Get(a, e.Entity)
	entity.Name, entity.CreditCode = cmp.Or(e.Name, entity.Name), cmp.Or(e.CreditCode, entity.CreditCode)
	entity.Founded, entity.Representative = cmp.Or(e.Founded, entity.Founded), cmp.Or(e.Representative, entity.Representative)
	entities.Put(a, e.Entity, entity)
}
