package register

import (
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// EntityKind is what kind of entity issues shares.
type EntityKind string

// The four kinds.
const (
	StockCooperative       EntityKind = "stock_cooperative"       // 村股份经济合作社: the village collective's own organisation
	SpecialisedCooperative EntityKind = "specialised_cooperative" // 农民专业合作社
	Enterprise             EntityKind = "enterprise"              // 企业
	FamilyFarm             EntityKind = "family_farm"             // 家庭农场
)

// EntityKinds lists all kinds.
func EntityKinds() []EntityKind {
	return []EntityKind{StockCooperative, SpecialisedCooperative, Enterprise, FamilyFarm}
}

// Label names the kind in Chinese.
func (k EntityKind) Label() journal.Label {
	switch k {
	case StockCooperative:
		return "村股份经济合作社"
	case SpecialisedCooperative:
		return "农民专业合作社"
	case Enterprise:
		return "企业"
	case FamilyFarm:
		return "家庭农场"
	}
	return journal.Label(k)
}

// Entity is an organisation that issues shares.
type Entity struct {
	ID             string       `cbor:"1,keyasint,omitempty"`
	Name           string       `cbor:"2,keyasint,omitempty"`
	Kind           EntityKind   `cbor:"3,keyasint,omitempty"`
	CreditCode     string       `cbor:"4,keyasint,omitempty"` // unified social credit code, "" where there is none yet
	Founded        journal.Date `cbor:"5,keyasint,omitempty"`
	Representative string       `cbor:"6,keyasint,omitempty"`
	Reserves       []Reserve    `cbor:"7,keyasint,omitempty"` // 公积公益金 by the charter, in order of the years it holds from
	Classes        int          `cbor:"8,keyasint,omitempty"` // share classes opened so far
	Entry          uint64       `cbor:"9,keyasint,omitempty"`
	FrozenFrom     journal.Date `cbor:"11,keyasint,omitempty"` // by the charter: from this day on no shares are added or taken away
	WithdrawalCap  money.Rate   `cbor:"12,keyasint,omitempty"` // by the charter: per cent of a class that may be withdrawn in a year
	Contributions  int          `cbor:"13,keyasint,omitempty"` // number of the last contribution
	Dissolved      journal.Date `cbor:"14,keyasint,omitempty"` // from this day on it issues and distributes nothing
	// by the charter: how long a plan is disclosed before it may be paid; 7 where it is empty
	DisclosureDays journal.Days `cbor:"15,keyasint,omitempty"`
}

// Village is the place the entity belongs to.
func (e Entity) Village() region.Code { return journal.PlaceOf(e.ID) }

// Book is where the entity's income and expense are kept. A stock cooperative is the village collective's own organisation, so its book is
// the village's; every other entity has one of its own.
func (e Entity) Book() string {
	if e.Kind == StockCooperative {
		return string(e.Village())
	}
	return e.ID
}

var entities = journal.Folded[Entity]("entity")

// EntityTable holds the entities, by id.
var EntityTable = entities.Readable()

// tally counts what a village has given numbers to, and its shareholders.
type tally struct {
	Entities     int    `cbor:"1,keyasint,omitempty"`
	LastHolder   int    `cbor:"2,keyasint,omitempty"`
	Registered   int    `cbor:"3,keyasint,omitempty"` // shareholders on the register, with or without shares
	Holders      int    `cbor:"4,keyasint,omitempty"` // shareholders who hold any shares
	People       int    `cbor:"5,keyasint,omitempty"` // people in the households that hold any shares
	Stock        string `cbor:"6,keyasint,omitempty"` // id of the village's stock cooperative
	LastEntityNo int    `cbor:"7,keyasint,omitempty"`
}

var tallies = journal.Folded[tally]("tally")

// TallyTable holds what is counted of a village, by its code.
var TallyTable = tallies.Readable()

// RegisterEntity puts an entity on the ledger.
type RegisterEntity struct {
	ID             string       `cbor:"1,keyasint" json:"id"`
	Village        region.Code  `cbor:"2,keyasint" json:"village"`
	Name           string       `cbor:"3,keyasint" json:"name"`
	Kind           EntityKind   `cbor:"4,keyasint" json:"kind"`
	CreditCode     string       `cbor:"5,keyasint,omitempty" json:"credit_code"`
	Founded        journal.Date `cbor:"6,keyasint,omitempty" json:"founded"`
	Representative string       `cbor:"7,keyasint,omitempty" json:"representative"`
	Reserve        money.Rate   `cbor:"8,keyasint,omitempty" json:"reserve"`
	ReserveFrom    int          `cbor:"9,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&RegisterEntity{}, journal.Kind{
	Label: "登记经营主体", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"kind": "stock_cooperative/specialised_cooperative/enterprise/family_farm",
	},
})

// Place is the entity's village.
func (e *RegisterEntity) Place() region.Code { return e.Village }

// Subject is the entity's id.
func (e *RegisterEntity) Subject() string { return e.ID }

func (e *RegisterEntity) Check(c *journal.Checking) error {
	var f journal.Faults
	office.CheckVillage(c, &f, "village", e.Village)
	if e.Name == "" {
		f.Invalid("name", "", "请填写名称")
	}
	if !slices.Contains(EntityKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "没有“%s”这种经营主体", string(e.Kind))
	}
	e.CreditCode = checkCreditCode(&f, e.CreditCode)
	checkFounded(c, &f, e.Founded)
	checkReserve(&f, e.Reserve)
	if len(f) > 0 {
		return f
	}
	t, _ := tallies.Get(c, string(e.Village))
	if e.Kind == StockCooperative && t.Stock != "" {
		return journal.Clash("kind", e.Kind, "本村已有村股份经济合作社(%s);一村只有一个", t.Stock)
	}
	if err := checkSingular(c, e.Village, e.Name, e.CreditCode, ""); err != nil {
		return err
	}
	var err error
	if e.ID, err = journal.EntityID.Give(e.ID, journal.EntityID.Front(string(e.Village)), t.LastEntityNo,
		func(id string) bool { return entities.Has(c, id) }); err != nil {
		return err
	}
	e.ReserveFrom = reserveFrom(c, e)
	return nil
}

func (e *RegisterEntity) Apply(a *journal.Applying) {
	t, _ := tallies.Get(a, string(e.Village))
	t.Entities++
	t.LastEntityNo = max(t.LastEntityNo, journal.EntityID.Number(e.ID))
	if e.Kind == StockCooperative {
		t.Stock = e.ID
	}
	tallies.Put(a.Tx, string(e.Village), t)
	entities.Put(a.Tx, e.ID, Entity{
		ID: e.ID, Name: e.Name, Kind: e.Kind, CreditCode: e.CreditCode, Founded: e.Founded,
		Representative: e.Representative, Reserves: []Reserve{{From: e.ReserveFrom, Rate: e.Reserve}}, Entry: a.Seq,
	})
}

// checkCreditCode refuses a unified social credit code that is none, and returns it without what people put between its characters.
func checkCreditCode(f *journal.Faults, code string) string {
	code = ident.Clean(code)
	if code == "" {
		return code
	}
	if err := ident.CreditCode(code); err != nil {
		f.Invalid("credit_code", code, "统一社会信用代码 %s 不对:%s", code, identReason(err))
	}
	return code
}

func checkFounded(c *journal.Checking, f *journal.Faults, founded journal.Date) {
	if founded > c.Today() {
		f.Invalid("founded", founded, "成立日期 %s 还没有到", string(founded))
	}
}

// checkSingular refuses a name or a credit code that another entity of the village has; self is the entity's own id.
func checkSingular(c *journal.Checking, village region.Code, name, code, self string) error {
	for _, other := range entities.Scan(c, string(village)) {
		switch {
		case other.ID == self:
		case other.Name == name:
			return journal.Clash("name", name, "本村已有同名的经营主体(%s)", other.ID)
		case code != "" && other.CreditCode == code:
			return journal.Clash("credit_code", code, "信用代码 %s 已由%s使用", code, other.Name)
		}
	}
	return nil
}

// identReason says in Chinese what is wrong with a number.
func identReason(err error) journal.Label {
	switch err {
	case ident.ErrLength:
		return "位数不对"
	case ident.ErrSymbol:
		return "有不允许的字符"
	case ident.ErrBirth:
		return "其中的出生日期不存在"
	case ident.ErrRegion:
		return "前两位不是省级代码"
	case ident.ErrCheck:
		return "校验位不符,请对照证件核对每一位"
	}
	return journal.Label(err.Error())
}

// KeepsAccounts tells whether the entity keeps an account for each member, as a specialised cooperative does (合作社法 43).
func (e Entity) KeepsAccounts() bool { return e.Kind == SpecialisedCooperative }

// EntityOf returns an entity by its id.
func EntityOf(v *journal.View, id string) (Entity, error) {
	return journal.Find(v, EntityTable, id, noEntity(id))
}

// EntityOfIn finds an entity, or says that there is none.
func EntityOfIn(r store.Reader, id string) (Entity, error) {
	e, ok := entities.Get(r, id)
	if !ok {
		return e, noEntity(id)
	}
	return e, nil
}

func noEntity(id string) error {
	return journal.Missing("entity", id, "没有编号为 %s 的经营主体", id)
}

// Entities lists the entities of a region in order of their ids, up to limit, from after on.
func Entities(v *journal.View, place region.Code, after string, limit int) (list []Entity, next string, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, "", err
	}
	return store.Page(books, entities, place.Prefix(), after, limit, func(Entity) bool { return true })
}

// EntityCount tells how many entities of each kind a region has.
func EntityCount(v *journal.View, place region.Code) (map[EntityKind]int, error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	n := map[EntityKind]int{}
	for _, e := range entities.Scan(books, place.Prefix()) {
		n[e.Kind]++
	}
	return n, nil
}
