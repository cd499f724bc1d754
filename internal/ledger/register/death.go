package register

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Late says that whoever a shareholder is named for, and paid to, has died: nothing more is paid to that account. It goes when the
// household names an account of its new householder.
type Late struct {
	Name   string       `cbor:"1,keyasint"`
	Date   journal.Date `cbor:"2,keyasint"` // of death
	Entry  uint64       `cbor:"3,keyasint"`
	Estate bool         `cbor:"4,keyasint,omitempty"` // nobody followed: what was the dead's goes to heirs
}

// Death is the death of a person who stands on the register: a householder, a single shareholder or one of a household.
type Death struct {
	Holder      string       `cbor:"1,keyasint"`
	Name        string       `cbor:"2,keyasint"`
	Date        journal.Date `cbor:"3,keyasint"`
	Certificate string       `cbor:"4,keyasint,omitempty"` // number of the certificate of death
	Head        string       `cbor:"5,keyasint,omitempty"` // name of the householder who followed
	Of          bool         `cbor:"6,keyasint,omitempty"` // whether the householder died
	Void        uint64       `cbor:"7,keyasint,omitempty"` // the entry that took it back
	Entry       uint64       `cbor:"8,keyasint"`
	Memberships []string     `cbor:"9,keyasint,omitempty"`
	// What the register said before, for the entry that takes the death back.
	Was        identity     `cbor:"10,keyasint"`
	WasMembers []Member     `cbor:"11,keyasint,omitempty"`
	WasPaper   ident.IDKind `cbor:"12,keyasint,omitempty"`
	WasPeople  int          `cbor:"13,keyasint,omitempty"`
	WasLate    *Late        `cbor:"14,keyasint,omitempty"`
}

// identity is whom a shareholder is named for.
type identity struct {
	_    struct{} `cbor:",toarray"`
	Name string
	IDNo seal.Box
}

// deaths: the household and the number of the entry.
var deaths = journal.Folded[Death]("death")

// RecordDeath notes that somebody on the register has died. A household gets the householder who follows; its shares run on. From then on
// nothing is paid to the dead's account. It is taken whatever its date: it changes no figure, only who may be paid.
type RecordDeath struct {
	Holder      string       `cbor:"1,keyasint" json:"holder"`
	Name        string       `cbor:"2,keyasint,omitempty" json:"name"` // of the dead, the householder where it is left out
	Date        journal.Date `cbor:"3,keyasint" json:"date"`
	Certificate string       `cbor:"4,keyasint,omitempty" json:"certificate"`
	Head        string       `cbor:"5,keyasint,omitempty" json:"head"` // who follows as householder, by name
	HeadIDNo    string       `cbor:"-" json:"head_id_no"`              // where the register does not have it
	HeadBox     seal.Box     `cbor:"6,keyasint,omitempty" json:"-"`
	HeadPaper   ident.IDKind `cbor:"7,keyasint,omitempty" json:"-"`
	Members     []Member     `cbor:"8,keyasint,omitempty" json:"-"` // who is left in the household, besides its householder
	Of          bool         `cbor:"9,keyasint,omitempty" json:"-"` // the householder, or the single shareholder, has died
	Memberships []string     `cbor:"10,keyasint,omitempty" json:"-"`
	Seen        string       `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see Shareholder.Version
}

var _ = journal.Register(&RecordDeath{}, journal.Kind{
	Label: "登记死亡", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "死者的账号不再付款;户里换户主,股份照旧 / nothing more is paid to the dead's account; the household gets a new householder",
	Hints: map[string]string{
		"name":        "死者的姓名,留空是户主本人",
		"certificate": "死亡证明的编号,扫描件另附",
		"head":        "死者是户主、户里还有人时必填",
		"head_id_no":  "新户主的身份证号登记里没有时填写",
	},
})

// Place is the shareholder's home village.
func (e *RecordDeath) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *RecordDeath) Subject() string { return e.Holder }

// Prepare brings names and the number to one spelling and digests the number.
func (e *RecordDeath) Prepare(k *seal.Key) error {
	e.Name, e.Head, e.HeadIDNo = ident.Name(e.Name), ident.Name(e.Head), ident.Clean(e.HeadIDNo)
	e.HeadBox = k.Find(seal.ResidentID, e.HeadIDNo)
	return nil
}

// Boxes tells of the numbers of who follows and of who is left.
func (e *RecordDeath) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.ResidentID, Owner: e.Holder, Text: e.HeadIDNo, Box: &e.HeadBox})
	memberBoxes(each, e.Holder, e.Members)
}

func (e *RecordDeath) Check(c *journal.Checking) error {
	s, err := seenHolder(c, e.Holder, e.Seen)
	if err != nil {
		return err
	}
	var f journal.Faults
	switch {
	case !s.human():
		f.Add(journal.Conflict, "holder", e.Holder, "%s是%s,不是人", s.Name, s.Kind.Label())
	case s.Late != nil && s.Late.Estate:
		f.Add(journal.Conflict, "holder", e.Holder, "%s已登记于 %s 死亡", s.Name, string(s.Late.Date))
	}
	journal.CheckDate(c, &f, "date", e.Date)
	e.Members, e.Of, e.Memberships = slices.Clone(s.Members), false, nil
	box := s.IDNo
	if e.Name == "" || s.Called(e.Name) {
		e.Of = true
		e.follow(c, &f, s)
	} else if at := e.member(&f); at >= 0 {
		box = e.Members[at].Box
		e.Members = slices.Delete(e.Members, at, at+1)
		if e.Head != "" || e.HeadIDNo != "" {
			f.Invalid("head", e.Head, "死者不是户主,不换户主")
		}
	}
	if number, err := c.Open(seal.ResidentID, s.ID, box); err == nil && e.Date != "" && ident.BornOn(number) > e.Date.Key() {
		f.Invalid("date", e.Date, "日期 %s 早于证件号里的出生日期", string(e.Date))
	}
	for _, m := range memberOf(c, e.Place().Chain(), box.Digest) {
		if m.Lost == "" && c.Who.Region.Contains(m.Village()) {
			e.Memberships = append(e.Memberships, m.ID)
		}
	}
	return f.Err()
}

// member finds the dead among the household's members.
func (e *RecordDeath) member(f *journal.Faults) int {
	named := func(m Member) bool { return m.Name == e.Name }
	at := slices.IndexFunc(e.Members, named)
	if at < 0 {
		f.Add(journal.NotFound, "name", e.Name, "这一户没有名叫%s的成员", e.Name)
	} else if slices.ContainsFunc(e.Members[at+1:], named) {
		f.Add(journal.Conflict, "name", e.Name, "这一户有两个%s;请先在成员里改好名字", e.Name)
		return -1
	}
	return at
}

// follow makes a member the householder.
func (e *RecordDeath) follow(c *journal.Checking, f *journal.Faults, s Shareholder) {
	if e.Head == "" {
		if len(e.Members) > 0 {
			f.Invalid("head", "", "户主去世,户里还有 %s;请写新户主", s.Relatives())
		} else if e.HeadIDNo != "" {
			f.Invalid("head", "", "请写新户主的姓名")
		} else if s.People > 1 {
			c.Doubt("head", "", "这一户登记有 %s 人;户里还有人的请写新户主,没有的股份由继承人继承", strconv.Itoa(s.People))
		}
		return
	}
	if s.Kind != Household {
		f.Invalid("head", e.Head, "%s是%s,没有户主可换;股份由继承人继承", s.Name, s.Kind.Label())
		return
	}
	known := seal.Box{}
	if at := slices.IndexFunc(e.Members, func(m Member) bool { return m.Name == e.Head }); at >= 0 {
		known = e.Members[at].Box
		spouse := relationCodes[e.Members[at].Relation]/10 == 1
		e.Members = slices.Delete(e.Members, at, at+1)
		for i, m := range e.Members {
			if !spouse || !descendant(m.Relation) {
				e.Members[i].Relation = "" // it was to the dead; to whom follows it is not known
			}
		}
	}
	switch {
	case e.HeadIDNo == "" && known.Empty():
		f.Invalid("head_id_no", "", "登记里没有%s的身份证号,请填写", e.Head)
	case e.HeadIDNo == "":
		e.HeadBox = known
		number, _ := c.Open(seal.ResidentID, s.ID, known)
		e.HeadPaper = paperOf(number)
	case !known.Empty() && !bytes.Equal(known.Digest, e.HeadBox.Digest):
		f.Add(journal.Conflict, "head_id_no", ident.Mask(e.HeadIDNo), "%s登记的是另一个身份证号", e.Head)
	default:
		e.HeadPaper = checkPersonID(c, f, "head_id_no", "", e.HeadIDNo)
		if err := checkTwin(c, s.Village(), e.HeadBox, e.HeadIDNo, s.ID); err != nil {
			for _, x := range journal.All(err) {
				x.Field = "head_id_no"
				*f = append(*f, x)
			}
		}
	}
}

// paperOf is what kind of paper a person's number on the register is of.
func paperOf(number string) ident.IDKind {
	for _, k := range ident.IDKinds() {
		if ident.PersonID(k, number) == nil {
			return k
		}
	}
	return ""
}

// descendant tells whether a relation is of a child or grandchild, by its code in GB/T 4761.
func descendant(relation string) bool {
	code := relationCodes[relation]
	return code >= 20 && code < 50
}

func (e *RecordDeath) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	d := Death{
		Holder: s.ID, Name: e.Name, Date: e.Date, Certificate: e.Certificate, Head: e.Head, Of: e.Of, Entry: a.Seq, Memberships: e.Memberships,
		Was: identity{Name: s.Name, IDNo: s.IDNo}, WasMembers: s.Members, WasPaper: s.Paper, WasPeople: s.People, WasLate: s.Late,
	}
	if e.Of {
		d.Name = s.Name
		s.Late = &Late{Name: s.Name, Date: e.Date, Entry: a.Seq, Estate: e.Head == ""}
	}
	deaths.Put(a.Tx, s.ID+journal.SeqKey(a.Seq), d)
	s.become(a, e)
	for _, id := range e.Memberships {
		m, _ := memberships.Get(a, id)
		m.Lost, m.Cause, m.LostBy = e.Date, deathCause, a.Seq
		memberships.Put(a, id, m)
	}
	keepShareholder(a, s)
}

// become makes of a household what is left of it.
func (s *Shareholder) become(a *journal.Applying, e *RecordDeath) {
	if s.Kind != Household {
		return
	}
	fewer := 1
	if e.Of && e.Head == "" {
		fewer = 0 // the household stands in the dead's name until its heirs have what was its
	}
	enlist(a, s, e.Members)
	if e.Head != "" {
		s.rename(a, identity{Name: e.Head, IDNo: e.HeadBox}, e.HeadPaper)
	}
	people := max(1, s.People-fewer)
	if len(s.Members) > 0 {
		people = len(s.Members) + 1
	}
	setPeople(a, s, people)
}

// rename names a shareholder for somebody else, and keeps the index of numbers.
func (s *Shareholder) rename(a *journal.Applying, to identity, paper ident.IDKind) {
	village := string(s.Village())
	byNumber.Remove(a.Tx, village, s.IDNo.Digest)
	byNumber.Enter(a.Tx, village, to.IDNo.Digest, s.ID)
	s.Name, s.IDNo, s.Paper = to.Name, to.IDNo, paper
}

// ReverseDeath takes back a death that was entered wrongly, named by its number in the journal: the register is as it was before.
type ReverseDeath struct {
	Holder string `cbor:"1,keyasint" json:"holder"`
	Death  int    `cbor:"2,keyasint" json:"death"` // its journal number in the county's chain
	Reason string `cbor:"3,keyasint" json:"reason"`
}

var _ = journal.Register(&ReverseDeath{}, journal.Kind{
	Label: "冲销死亡登记", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "户主、成员、账号恢复原样 / householder, members and account are as before",
	Hints: map[string]string{
		"death": "登记死亡的日志号",
	},
})

// Place is the shareholder's home village.
func (e *ReverseDeath) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *ReverseDeath) Subject() string { return e.Holder }

func (e *ReverseDeath) key() string { return e.Holder + journal.SeqKey(uint64(max(e.Death, 0))) }

func (e *ReverseDeath) Check(c *journal.Checking) error {
	d, ok := deaths.Get(c, e.key())
	switch {
	case !ok:
		return journal.Missing("death", e.Death, "没有第 %s 号死亡登记", strconv.Itoa(e.Death))
	case d.Void != 0:
		return journal.Clash("death", e.Death, "第 %s 号死亡登记已经冲销", strconv.Itoa(e.Death))
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明冲销的原因")
	}
	s, _ := shareholders.Get(c, e.Holder)
	for k, other := range deaths.Scan(c, e.Holder) {
		if k > e.key() && other.Void == 0 {
			f.Add(journal.Conflict, "death", e.Death, "后来还登记了%s死亡(第 %s 号);请先冲销那一笔", other.Name, strconv.FormatUint(other.Entry, 10))
		}
	}
	if undone(c, s.ID, s.Village(), d.WasMembers, d.Was.IDNo) {
		f.Add(journal.Conflict, "death", e.Death, "%s户里的人后来又登记在别处;请先从那里去掉", s.Name)
	}
	for k := range held.Each(c, e.Holder) {
		_, class := journal.HolderID.Cut(k)
		reversed := ReversedIn(c, class)
		for at, m := range movements.Scan(c, class+e.Holder) {
			if seq := MovementKey(at).Entry(); m.Cause == "DivideEstate" && m.Quantity < 0 && m.Reverses == 0 && !reversed[seq] && seq > d.Entry {
				f.Add(journal.Conflict, "death", e.Death, "遗产已经分了(第 %s 号);请先冲销那次股份变动", strconv.FormatUint(seq, 10))
				return f
			}
		}
	}
	return f.Err()
}

// undone tells whether a number of a household that is to be put back stands on the village's register elsewhere by now.
func undone(c *journal.Checking, holder string, village region.Code, members []Member, head seal.Box) bool {
	boxes := []seal.Box{head}
	for _, m := range members {
		boxes = append(boxes, m.Box)
	}
	for _, box := range boxes {
		for _, index := range []store.Index{byNumber, byMember} {
			if box.Empty() {
				continue
			}
			if id, ok := index.Find(c, string(village), box.Digest); ok && id != holder {
				return true
			}
		}
	}
	return false
}

func (e *ReverseDeath) Apply(a *journal.Applying) {
	d, _ := deaths.Get(a, e.key())
	d.Void = a.Seq
	deaths.Put(a.Tx, e.key(), d)
	s, _ := shareholders.Get(a, e.Holder)
	if s.Late != nil && s.Late.Entry == d.Entry {
		s.Late = d.WasLate
	}
	if s.Kind == Household {
		enlist(a, &s, nil)
		s.rename(a, d.Was, d.WasPaper)
		enlist(a, &s, d.WasMembers)
		setPeople(a, &s, d.WasPeople)
	}
	for _, id := range d.Memberships {
		if m, _ := memberships.Get(a, id); m.LostBy == d.Entry {
			m.Lost, m.Cause, m.LostBy = "", "", 0
			memberships.Put(a, id, m)
		}
	}
	keepShareholder(a, s)
}

// Deaths lists the deaths entered of a shareholder, in the order of their records, those that were taken back among them.
func Deaths(v *journal.View, holder string) (list []Death, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	for _, d := range deaths.Scan(books, holder) {
		list = append(list, d)
	}
	return list, nil
}
