package register

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// EntityKind is what kind of entity issues shares.
type EntityKind string

// The kinds. The first four are rural collectives (农村集体经济组织法 art. 2), of a group, a village or a township; a stock cooperative is the
// village's.
const (
	StockCooperative       EntityKind = "stock_cooperative"       // 村股份经济合作社: the village collective's own organisation
	VillageCollective      EntityKind = "village_collective"      // 村级集体经济组织
	GroupCollective        EntityKind = "group_collective"        // 组级集体经济组织
	TownshipCollective     EntityKind = "township_collective"     // 乡镇级集体经济组织
	SpecialisedCooperative EntityKind = "specialised_cooperative" // 农民专业合作社
	Enterprise             EntityKind = "enterprise"              // 企业
	FamilyFarm             EntityKind = "family_farm"             // 家庭农场
)

// EntityKinds lists all kinds.
func EntityKinds() []EntityKind {
	return []EntityKind{StockCooperative, SpecialisedCooperative, Enterprise, FamilyFarm, VillageCollective, GroupCollective,
		TownshipCollective}
}

// KindsAt lists the kinds that belong to a place: a township's collective to the township, all others to a village.
func KindsAt(place region.Code) []EntityKind {
	return slices.DeleteFunc(EntityKinds(), func(k EntityKind) bool {
		return (k == TownshipCollective) != (place.Level() == region.Township)
	})
}

// Collective tells whether entities of the kind are rural collectives.
func (k EntityKind) Collective() bool {
	return k == StockCooperative || k == VillageCollective || k == GroupCollective || k == TownshipCollective
}

// front is what the credit code of a collective of the kind begins with (农经发〔2018〕4号), "" of others.
func (k EntityKind) front() string {
	return map[EntityKind]string{GroupCollective: "N1", VillageCollective: "N2", StockCooperative: "N2", TownshipCollective: "N3"}[k]
}

// Label names the kind in Chinese.
func (k EntityKind) Label() journal.Label {
	switch k {
	case StockCooperative:
		return "村股份经济合作社"
	case VillageCollective:
		return "村级集体经济组织"
	case GroupCollective:
		return "组级集体经济组织"
	case TownshipCollective:
		return "乡镇级集体经济组织"
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
	OwnBook        bool         `cbor:"16,keyasint,omitempty"` // a village's second collective: the village's book is the first one's
	Group          string       `cbor:"17,keyasint,omitempty"` // of a group's collective, the group: 三组
	LeaveNotice    int          `cbor:"18,keyasint,omitempty"` // by the charter: months; the law's where it is 0
	LeaveYears     int          `cbor:"19,keyasint,omitempty"` // by the charter: over how many years who leaves is paid
	OwnDays        bool         `cbor:"20,keyasint,omitempty"` // by the charter: plans by days count each holder's own, also of those who left
	Registered     int          `cbor:"21,keyasint,omitempty"` // the year in which it was registered
}

// Village is the place the entity belongs to.
func (e Entity) Village() region.Code { return journal.PlaceOf(e.ID) }

// Book is where the entity's income and expense are kept. A stock cooperative, or another collective of the village, is the village's own
// organisation, so its book is the village's; every other entity, also a second collective, has one of its own.
func (e Entity) Book() string {
	if (e.Kind == StockCooperative || e.Kind == VillageCollective) && !e.OwnBook {
		return string(e.Village())
	}
	return e.ID
}

var entities = sums.Folded("entity", func(_ store.Reader, _ string, e Entity, to *sums.Adding) { e.addTo(to) })

// EntityTable holds the entities, by id.
var EntityTable = entities.Readable()

// tally counts what a village has given numbers to, and its shareholders.
type tally struct {
	Entities     int    `cbor:"1,keyasint,omitempty"`
	LastHolder   int    `cbor:"2,keyasint,omitempty"`
	Registered   int    `cbor:"3,keyasint,omitempty"` // shareholders on the register, with or without shares
	Holders      int    `cbor:"4,keyasint,omitempty"` // shareholders who hold any shares
	People       int    `cbor:"5,keyasint,omitempty"` // people in the households that hold any shares
	Stock        string `cbor:"6,keyasint,omitempty"` // id of the collective whose book is the village's
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
	OwnBook        bool         `cbor:"10,keyasint,omitempty" json:"-"`
	Group          string       `cbor:"11,keyasint,omitempty" json:"group,omitempty"`
	Resolution     string       `cbor:"12,keyasint,omitempty" json:"resolution,omitempty"`
}

var _ = journal.Register(&RegisterEntity{}, journal.Kind{
	Label: "登记经营主体", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"kind":  "stock_cooperative/specialised_cooperative/enterprise/family_farm/village_collective/group_collective/township_collective",
		"group": "组级的写哪个组,例如 三组",
	},
})

// Place is the entity's village.
func (e *RegisterEntity) Place() region.Code { return e.Village }

// Subject is the entity's id.
func (e *RegisterEntity) Subject() string { return e.ID }

func (e *RegisterEntity) Check(c *journal.Checking) error {
	var f journal.Faults
	e.checkPlace(c, &f)
	e.Name = ident.Name(e.Name)
	if e.Name == "" {
		f.Invalid("name", "", "请填写名称")
	}
	if !slices.Contains(EntityKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "没有“%s”这种经营主体", string(e.Kind))
	}
	if e.Group = ident.Name(e.Group); e.Kind == GroupCollective && e.Group == "" {
		f.Invalid("group", "", "组级集体经济组织要写是哪个组,例如 三组")
	} else if e.Kind != GroupCollective && e.Group != "" {
		f.Invalid("group", e.Group, "只有组级集体经济组织才写组")
	}
	e.CreditCode = checkCreditCode(&f, e.CreditCode)
	checkFounded(c, &f, e.Founded)
	checkReserve(c, &f, e.Kind, string(e.Village), e.Reserve)
	if len(f) > 0 {
		return f
	}
	t, _ := tallies.Get(c, string(e.Village))
	if e.Kind == StockCooperative && t.Stock != "" {
		return journal.Clash("kind", e.Kind, "本村已有村股份经济合作社(%s);一村只有一个", t.Stock)
	}
	e.OwnBook = e.Kind == VillageCollective && t.Stock != ""
	if err := checkSingular(c, e.Village, e.Name, e.CreditCode, ""); err != nil {
		return err
	}
	var err error
	if e.ID, err = journal.EntityID.Give(e.ID, journal.EntityID.Front(string(e.Village)), t.LastEntityNo,
		func(id string) bool { return entities.Has(c, id) }); err != nil {
		return err
	}
	e.ReserveFrom = reserveFrom(c, e)
	resolution.Name(c, &f, &e.Resolution, string(e.Village), resolution.Charter)
	e.doubt(c)
	return f.Err()
}

// checkPlace refuses a place that entities of the kind do not belong to.
func (e *RegisterEntity) checkPlace(c *journal.Checking, f *journal.Faults) {
	switch township := e.Village.Level() == region.Township; {
	case e.Village == "" || !township && e.Kind != TownshipCollective:
		office.CheckVillage(c, f, "village", e.Village)
	case !township:
		f.Invalid("village", e.Village, "乡镇级集体经济组织登记在乡镇,%s 不是乡镇的区划代码", string(e.Village))
	case e.Kind != TownshipCollective && e.Kind != "":
		f.Invalid("kind", e.Kind, "在乡镇只登记乡镇级集体经济组织;%s请登记在村", e.Kind.Label())
	case !office.DivisionTable.Has(c, string(e.Village)):
		f.Invalid("village", e.Village, "区划表里没有 %s", string(e.Village))
	}
}

// namedSince is the day from which on a new collective's name has to say what it is and where (农村集体经济组织法 art. 21, 66).
const namedSince = "2025-05-01"

// doubt asks about a collective whose name or code is not as the law has it; older names stay valid while the certificate is (art. 65).
func (e *RegisterEntity) doubt(c *journal.Checking) {
	if !e.Kind.Collective() {
		return
	}
	if front := e.Kind.front(); e.CreditCode != "" && e.CreditCode[:2] != front {
		c.Doubt("credit_code", e.CreditCode, "%s的信用代码以 %s 开头,写的是 %s", e.Kind.Label(), front, e.CreditCode)
	}
	if e.Founded < namedSince {
		return
	}
	if !strings.Contains(e.Name, "集体经济组织") {
		c.Doubt("name", e.Name, "2025 年 5 月 1 日以后成立的,名称要有“集体经济组织”字样(农村集体经济组织法第二十一条)")
	}
	d, _ := office.DivisionTable.Get(c, string(e.Village))
	place := strings.TrimSuffix(d.Short(), "村")
	if e.Kind == GroupCollective {
		place = e.Group
	}
	if !strings.Contains(e.Name, place) {
		c.Doubt("name", e.Name, "名称要有所在地的名字,“%s”里没有“%s”(农村集体经济组织法第二十一条)", e.Name, place)
	}
}

func (e *RegisterEntity) Apply(a *journal.Applying) {
	t, _ := tallies.Get(a, string(e.Village))
	t.Entities++
	t.LastEntityNo = max(t.LastEntityNo, journal.EntityID.Number(e.ID))
	entity := Entity{
		ID: e.ID, Name: e.Name, Kind: e.Kind, CreditCode: e.CreditCode, Founded: e.Founded,
		Representative: e.Representative, Reserves: []Reserve{{From: e.ReserveFrom, Rate: e.Reserve}}, Entry: a.Seq, OwnBook: e.OwnBook,
		Group: e.Group, Registered: a.Stamp().Time().Year(),
	}
	if entity.Book() == string(e.Village) {
		t.Stock = e.ID
	}
	resolution.Rest(a, e.Resolution)
	tallies.Put(a.Tx, string(e.Village), t)
	entities.Put(a, e.ID, entity)
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

// KeeperOf is the name of who keeps a book: the entity whose it is; of a village's own its collective organisation, or the village by its
// name where none is registered.
func KeeperOf(v *journal.View, book string) (string, error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return "", err
	}
	id := book
	if journal.VillageID.Is(book) {
		t, _ := tallies.Get(books, book)
		if id = t.Stock; id == "" {
			d, err := office.DivisionOf(v, journal.PlaceOf(book))
			return d.Name, err
		}
	}
	return entityName(books, id), nil
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
	return store.Page(books, entities.Table, place.Prefix(), after, limit, func(Entity) bool { return true })
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
