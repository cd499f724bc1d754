package ledger

import (
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// CorrectShareholder puts right what was registered wrongly: a field that is given replaces what stood there, one that is empty leaves it.
// The journal keeps what it was.
type CorrectShareholder struct {
	Holder   string   `cbor:"1,keyasint" json:"holder"`
	Name     string   `cbor:"2,keyasint,omitempty" json:"name"`
	IDNo     string   `cbor:"-" json:"id_no"`
	People   int      `cbor:"3,keyasint,omitempty" json:"people"`
	Phone    string   `cbor:"-" json:"phone"`
	Marks    []string `cbor:"4,keyasint,omitempty" json:"marks"`
	Reason   string   `cbor:"5,keyasint" json:"reason"`
	Clear    []string `cbor:"8,keyasint,omitempty" json:"clear"` // "marks", "phone": what stood there goes
	IDBox    seal.Box `cbor:"6,keyasint" json:"-"`
	PhoneBox seal.Box `cbor:"7,keyasint" json:"-"`
}

// Place is the shareholder's home village.
func (e *CorrectShareholder) Place() region.Code { return placeOf(e.Holder) }

// Subject is the shareholder's id.
func (e *CorrectShareholder) Subject() string { return e.Holder }

func (e *CorrectShareholder) roles() []Role { return []Role{Accountant} }

func (e *CorrectShareholder) seal(k *seal.Key) error {
	var f Faults
	e.Phone = checkPhone(&f, e.Phone)
	e.IDNo = ident.Clean(e.IDNo)
	e.IDBox, e.PhoneBox = k.Seal(seal.ResidentID, e.IDNo), k.SealOnly(seal.Phone, e.Phone)
	return f.err()
}

func (e *CorrectShareholder) check(c *checking) error {
	s, ok := shareholders.Get(c, e.Holder)
	if !ok {
		return notFound("holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	}
	var f Faults
	if e.Reason == "" {
		f.invalid("reason", "", "请写明更正的原因")
	}
	if e.Name == "" && e.IDNo == "" && e.People == 0 && e.Phone == "" && len(e.Marks) == 0 && len(e.Clear) == 0 {
		f.invalid("name", "", "请填写要更正的内容")
	}
	for _, what := range e.Clear {
		if what != "marks" && what != "phone" {
			f.invalid("clear", what, "只能清空 marks(标记)或 phone(电话)")
		}
	}
	checkPeople(&f, e.People)
	switch {
	case e.People != 0 && s.Kind != Household:
		f.invalid("people", e.People, "只有农户有家庭人数")
	case e.People != 0 && len(s.Members) > 0:
		f.invalid("people", e.People, "这一户列有成员,人数由成员得出;请修改成员")
	}
	if checkIDNo(&f, s.Kind, e.IDNo); len(f) == 0 {
		checkBorn(c, &f, s.Kind, e.IDNo)
	}
	if len(f) > 0 {
		return f
	}
	return checkTwin(c, s.Village(), e.IDBox, e.IDNo, s.ID)
}

func (e *CorrectShareholder) apply(a *applying) {
	s, _ := shareholders.Get(a, e.Holder)
	if e.Name != "" {
		s.Name = e.Name
	}
	if !e.IDBox.Empty() {
		village := string(s.Village())
		byNumber.Delete(a.Tx, village+string(s.IDNo.Digest))
		byNumber.Put(a.Tx, village+string(e.IDBox.Digest), s.ID)
		s.IDNo = e.IDBox
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
	shareholders.Put(a.Tx, s.ID, s)
}
