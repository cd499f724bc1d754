package register

import (
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ClassKind is what a share class stands for.
type ClassKind string

// The kinds seen in published village plans.
const (
	PopulationShare ClassKind = "population" // 人口股, per member
	LandShare       ClassKind = "land"       // 土地股, counted in 亩
	CashShare       ClassKind = "cash"       // 资金股
	LabourShare     ClassKind = "labour"     // 劳龄股, years of labour
	SkillShare      ClassKind = "skill"      // 技术/管理股
	ReliefShare     ClassKind = "relief"     // 扶贫/帮扶股
	CollectiveShare ClassKind = "collective" // 集体股
)

// ClassKinds lists all kinds.
func ClassKinds() []ClassKind {
	return []ClassKind{PopulationShare, LandShare, CashShare, LabourShare, SkillShare, ReliefShare, CollectiveShare}
}

// Label names the kind in Chinese.
func (k ClassKind) Label() journal.Label {
	switch k {
	case PopulationShare:
		return "人口股"
	case LandShare:
		return "土地股"
	case CashShare:
		return "资金股"
	case LabourShare:
		return "劳龄股"
	case SkillShare:
		return "技术管理股"
	case ReliefShare:
		return "帮扶股"
	case CollectiveShare:
		return "集体股"
	}
	return journal.Label(k)
}

// Unit is what one share of a class counts.
type Unit string

// The units.
const (
	ShareUnit Unit = "share" // 股
	MuUnit    Unit = "mu"    // 亩, 1/15 hectare
	YuanUnit  Unit = "yuan"  // 元 of contribution
)

// Units lists all units.
func Units() []Unit { return []Unit{ShareUnit, MuUnit, YuanUnit} }

// Label names the unit in Chinese.
func (u Unit) Label() journal.Label {
	switch u {
	case ShareUnit:
		return "股"
	case MuUnit:
		return "亩"
	case YuanUnit:
		return "元"
	}
	return journal.Label(u)
}

// Each names one of the unit, as in a price for each.
func (u Unit) Each() journal.Label {
	switch u {
	case ShareUnit:
		return "股|每"
	case MuUnit:
		return "亩|每"
	case YuanUnit:
		return "元|每"
	}
	return u.Label()
}

// ShareClass is one kind of share that an entity issues.
type ShareClass struct {
	ID     string         `cbor:"1,keyasint,omitempty"`
	Name   string         `cbor:"2,keyasint,omitempty"`
	Kind   ClassKind      `cbor:"3,keyasint,omitempty"`
	Unit   Unit           `cbor:"4,keyasint,omitempty"`
	Issued money.Quantity `cbor:"5,keyasint,omitempty"` // all shares of the class in holders' hands, by all that is known
	Entry  uint64         `cbor:"6,keyasint,omitempty"`
	Price  money.Rate     `cbor:"7,keyasint,omitempty"` // yuan per unit at issue; 0 where shares were not sold
	Bound  bool           `cbor:"8,keyasint,omitempty"` // shares cannot be sold or given away, only inherited or split along with a household
	Closed journal.Date   `cbor:"9,keyasint,omitempty"` // from this day on no shares are issued
	// Reward is how the class is usually rewarded, "" where that is decided each year; RewardRate is what the rule needs: yuan per unit, or
	// per cent of the contribution. Plans begin with it.
	Reward     plan.Rule  `cbor:"10,keyasint,omitempty"`
	RewardRate money.Rate `cbor:"11,keyasint,omitempty"`
}

// Entity is the id of the entity that issues the class.
func (s ShareClass) Entity() string { return journal.EntityID.In(s.ID) }

var classes = journal.Folded[ShareClass]("class")

// ClassTable holds the share classes, by id.
var ClassTable = classes.Readable()

// OpenShareClass opens a share class of an entity.
type OpenShareClass struct {
	ID     string    `cbor:"1,keyasint" json:"id"`
	Entity string    `cbor:"2,keyasint" json:"entity"`
	Name   string    `cbor:"3,keyasint" json:"name"`
	Kind   ClassKind `cbor:"4,keyasint" json:"kind"`
	Unit   Unit      `cbor:"5,keyasint" json:"unit"`
	// Price is yuan per unit at issue; 0 where shares are not sold.
	Price money.Rate `cbor:"6,keyasint,omitempty" json:"price"`
	// Bound shares cannot be sold or given away, only inherited or moved along with a household.
	Bound bool `cbor:"7,keyasint,omitempty" json:"bound"`
	// Reward is how the class is usually rewarded, and RewardRate the sum or percentage that goes with it.
	Reward     plan.Rule  `cbor:"8,keyasint,omitempty" json:"reward"`
	RewardRate money.Rate `cbor:"9,keyasint,omitempty" json:"reward_rate"`
	Resolution string     `cbor:"10,keyasint,omitempty" json:"resolution,omitempty"`
}

var _ = journal.Register(&OpenShareClass{}, journal.Kind{
	Label: "设立股份", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{
		"kind":        "population/land/cash/labour/skill/relief/collective",
		"unit":        "share/mu/yuan",
		"bound":       "true 则不得转让",
		"reward":      "回报方式 rate/pool/guarantee/guarantee_percent",
		"reward_rate": "每单位元或百分数",
	},
})

// Place is the entity's village.
func (e *OpenShareClass) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the class's id.
func (e *OpenShareClass) Subject() string { return e.ID }

func (e *OpenShareClass) Check(c *journal.Checking) error {
	var f journal.Faults
	e.Name = ident.Name(e.Name)
	if !slices.Contains(ClassKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "没有“%s”这种股份", string(e.Kind))
	}
	if !slices.Contains(Units(), e.Unit) {
		f.Invalid("unit", e.Unit, "没有“%s”这种单位;可用 share、mu、yuan", string(e.Unit))
	}
	if e.Name == "" {
		e.Name = string(e.Kind.Label())
	}
	if e.Price < 0 {
		f.Invalid("price", e.Price, "每股价格 %s 不能小于 0", e.Price.String())
	}
	checkReward(&f, e.Reward, e.RewardRate)
	entity, ok := entities.Get(c, e.Entity)
	if !ok {
		f.Add(journal.NotFound, "entity", e.Entity, "没有编号为 %s 的经营主体", e.Entity)
	}
	CheckActive(&f, entity, c.Today())
	resolution.Name(c, &f, &e.Resolution, e.Entity, resolution.Shares)
	if len(f) > 0 {
		return f
	}
	for _, other := range classes.Scan(c, journal.ClassID.Front(e.Entity)) {
		if other.Name == e.Name {
			return journal.Clash("name", e.Name, "%s已有名为“%s”的股份(%s)", entity.Name, e.Name, other.ID)
		}
	}
	var err error
	e.ID, err = journal.ClassID.Give(e.ID, journal.ClassID.Front(e.Entity), entity.Classes, func(id string) bool { return classes.Has(c, id) })
	return err
}

func (e *OpenShareClass) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	entity, _ := entities.Get(a, e.Entity)
	entity.Classes = max(entity.Classes, journal.ClassID.Number(e.ID))
	entities.Put(a, e.Entity, entity)
	classes.Put(a.Tx, e.ID, ShareClass{ID: e.ID, Name: e.Name, Kind: e.Kind, Unit: e.Unit, Price: e.Price, Bound: e.Bound, Reward: e.Reward,
		RewardRate: e.RewardRate, Entry: a.Seq})
}

// CloseShareClass ends the issuing of a class. Shares that are out stay, move and earn; a class is never deleted.
type CloseShareClass struct {
	Class      string       `cbor:"1,keyasint" json:"class"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Resolution string       `cbor:"3,keyasint" json:"resolution"`
}

var _ = journal.Register(&CloseShareClass{}, journal.Kind{
	Label: "停止配股", Roles: []journal.Role{journal.Accountant},
	Note: "不再配股,已配的照旧 / issues no more",
})

// Place is the entity's village.
func (e *CloseShareClass) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the class's id.
func (e *CloseShareClass) Subject() string { return e.Class }

func (e *CloseShareClass) Check(c *journal.Checking) error {
	class, err := classOf(c, e.Class)
	if err != nil {
		return err
	}
	var f journal.Faults
	if class.Closed != "" {
		f.Add(journal.Conflict, "class", e.Class, "%s已于 %s 停止配股", class.Name, string(class.Closed))
	}
	journal.CheckDate(c, &f, "date", e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "停止配股要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, class.Entity(), resolution.Shares)
	for k, m := range movements.Scan(c, e.Class) {
		day := MovementKey(k).Date()
		if (m.Cause == "IssueShares" || m.Cause == "RecordContribution") && e.Date != "" && day >= e.Date {
			f.Invalid("date", e.Date, "%s 还配过股;停止配股的日期要在那以后", string(day))
			break
		}
	}
	return f.Err()
}

func (e *CloseShareClass) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	class, _ := classes.Get(a, e.Class)
	class.Closed = e.Date
	classes.Put(a.Tx, e.Class, class)
}

// ReopenShareClass lets a class that was closed issue shares again.
type ReopenShareClass struct {
	Class      string `cbor:"1,keyasint" json:"class"`
	Resolution string `cbor:"2,keyasint" json:"resolution"`
}

var _ = journal.Register(&ReopenShareClass{}, journal.Kind{
	Label: "恢复配股", Roles: []journal.Role{journal.Accountant},
})

// Place is the entity's village.
func (e *ReopenShareClass) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the class's id.
func (e *ReopenShareClass) Subject() string { return e.Class }

func (e *ReopenShareClass) Check(c *journal.Checking) error {
	class, err := classOf(c, e.Class)
	if err != nil {
		return err
	}
	var f journal.Faults
	if class.Closed == "" {
		f.Add(journal.Conflict, "class", e.Class, "%s没有停止配股", class.Name)
	}
	if e.Resolution == "" {
		f.Invalid("resolution", "", "请填写决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, class.Entity(), resolution.Shares)
	entity, err := EntityOfIn(c, class.Entity())
	if err != nil {
		return err
	}
	CheckActive(&f, entity, c.Today())
	return f.Err()
}

func (e *ReopenShareClass) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	class, _ := classes.Get(a, e.Class)
	class.Closed = ""
	classes.Put(a.Tx, e.Class, class)
}

// Rewards lists the rules that a class may be rewarded by from year to year.
func Rewards() []plan.Rule {
	return []plan.Rule{plan.RatePerUnit, plan.PoolOver, plan.Guarantee, plan.GuaranteePercent}
}

// checkReward refuses a reward that no class has, or whose sum is missing.
func checkReward(f *journal.Faults, rule plan.Rule, rate money.Rate) {
	switch {
	case rule == "":
		if rate != 0 {
			f.Invalid("reward", "", "写了回报的数额,请选回报的方式")
		}
	case !slices.Contains(Rewards(), rule):
		f.Invalid("reward", rule, "没有“%s”这种回报方式", string(rule))
	case rule == plan.PoolOver && rate != 0:
		f.Invalid("reward_rate", rate, "资金池每年定总额,这里不填数额")
	case rule != plan.PoolOver && rate <= 0:
		f.Invalid("reward_rate", rate, "请填写回报的数额,例如 510")
	}
}

// ShareClassOf returns a class by its id, with what is out today.
func ShareClassOf(v *journal.View, id string) (ShareClass, error) {
	s, err := journal.Find(v, ClassTable, id, noClass(id))
	if books, e := v.At(journal.PlaceOf(id)); err == nil && e == nil {
		s.Issued -= toCome(books, id, v.Today())
	}
	return s, err
}

// classOf finds a class, or says that there is none.
func classOf(r store.Reader, id string) (ShareClass, error) {
	s, ok := classes.Get(r, id)
	if !ok {
		return s, noClass(id)
	}
	return s, nil
}

func noClass(id string) error {
	return journal.Missing("class", id, "没有编号为 %s 的股份", id)
}

// ClassAndEntity returns a class by its id, and the entity that issues it.
func ClassAndEntity(v *journal.View, id string) (ShareClass, Entity, error) {
	s, err := ShareClassOf(v, id)
	if err != nil {
		return s, Entity{}, err
	}
	e, err := EntityOf(v, s.Entity())
	return s, e, err
}

// ShareClasses lists the classes of an entity, with what is out today.
func ShareClasses(v *journal.View, entity string) (list []ShareClass, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	for _, s := range classes.Scan(books, journal.ClassID.Front(entity)) {
		s.Issued -= toCome(books, s.ID, v.Today())
		list = append(list, s)
	}
	return list, nil
}
