package register

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ContributionKind is what was put into an entity for shares: the transformation itself (资源变资产、资金变股金).
type ContributionKind string

// The kinds: land and what stands on it, and money by its source, labour and technology.
const (
	Farmland      ContributionKind = "farmland"   // 耕地
	Forest        ContributionKind = "forest"     // 林地
	Pond          ContributionKind = "pond"       // 水面
	House         ContributionKind = "house"      // 闲置房屋
	OtherResource ContributionKind = "resource"   // other land or assets
	FiscalFunds   ContributionKind = "fiscal"     // 财政资金
	ReliefFunds   ContributionKind = "relief"     // 扶贫(衔接)资金
	VillageFunds  ContributionKind = "collective" // 村集体资金
	OwnFunds      ContributionKind = "own"        // 农户自筹
	Labour        ContributionKind = "labour"     // 劳力
	Technology    ContributionKind = "technology" // 技术
)

// ContributionKinds lists all kinds, resources first.
func ContributionKinds() []ContributionKind {
	return []ContributionKind{Farmland, Forest, Pond, House, OtherResource, FiscalFunds, ReliefFunds, VillageFunds, OwnFunds, Labour,
		Technology}
}

// Label names the kind in Chinese.
func (k ContributionKind) Label() journal.Label {
	switch k {
	case Farmland:
		return "耕地"
	case Forest:
		return "林地"
	case Pond:
		return "水面"
	case House:
		return "闲置房屋"
	case OtherResource:
		return "其他资源"
	case FiscalFunds:
		return "财政资金"
	case ReliefFunds:
		return "衔接帮扶资金"
	case VillageFunds:
		return "村集体资金"
	case OwnFunds:
		return "农户自筹资金"
	case Labour:
		return "劳力"
	case Technology:
		return "技术"
	}
	return journal.Label(k)
}

func (k ContributionKind) Called() string { return string(k.Label()) }

// Group is the transformation a kind belongs to.
func (k ContributionKind) Group() journal.Label {
	switch k {
	case Farmland, Forest, Pond, House, OtherResource:
		return "资源变资产"
	case FiscalFunds, ReliefFunds, VillageFunds, OwnFunds:
		return "资金变股金"
	}
	return "劳力和技术"
}

// Landed kinds are counted in 亩 as well as in yuan.
func (k ContributionKind) Landed() bool { return k == Farmland || k == Forest || k == Pond }

// Contribution is one thing put in, and the shares issued for it.
type Contribution struct {
	ID          string           `cbor:"1,keyasint"`
	Kind        ContributionKind `cbor:"2,keyasint"`
	Holder      string           `cbor:"3,keyasint"`
	Class       string           `cbor:"4,keyasint"`
	Shares      money.Quantity   `cbor:"5,keyasint"`
	Area        money.Quantity   `cbor:"6,keyasint,omitempty"` // 亩
	Value       money.Yuan       `cbor:"7,keyasint"`           // valuation of a resource, amount of funds
	Certificate string           `cbor:"8,keyasint,omitempty"` // of the right to the land
	Until       journal.Date     `cbor:"9,keyasint,omitempty"` // end of the term
	Date        journal.Date     `cbor:"10,keyasint"`
	Resolution  string           `cbor:"11,keyasint,omitempty"`
	Note        string           `cbor:"12,keyasint,omitempty"`
	Entry       uint64           `cbor:"13,keyasint"`
	Reversed    uint64           `cbor:"14,keyasint,omitempty"` // the entry that took it back, or 0
	From        journal.Date     `cbor:"15,keyasint,omitempty"` // begin of the term
	Contract    string           `cbor:"16,keyasint,omitempty"` // code of the contract of the land, GB/T 35958
	Plot        string           `cbor:"17,keyasint,omitempty"` // code of the plot
	Whole       money.Quantity   `cbor:"18,keyasint,omitempty"` // 亩 of the whole plot, or of the certificate where no plot is named
	Term        journal.Date     `cbor:"19,keyasint,omitempty"` // end of the certificate's term
	Land        string           `cbor:"20,keyasint,omitempty"` // kind of land: code of GB/T 21010, or the group as it is filed
	Indexed     bool             `cbor:"21,keyasint,omitempty"` // found by plot and certificate
}

// Entity is the id of the entity it was put into.
func (b Contribution) Entity() string { return journal.EntityID.In(b.ID) }

var contributions = sums.Folded("contribution", func(_ store.Reader, _ string, b Contribution, to *sums.Adding) { b.addTo(to) })

// ContributionTable holds the contributions, by id.
var ContributionTable = contributions.Readable()

// RecordContribution records what a shareholder puts into an entity and issues the shares for it.
type RecordContribution struct {
	Class       string           `cbor:"1,keyasint" json:"class"`
	Holder      string           `cbor:"2,keyasint" json:"holder"`
	Kind        ContributionKind `cbor:"3,keyasint" json:"kind"`
	Area        money.Quantity   `cbor:"4,keyasint,omitempty" json:"area"`
	Value       money.Yuan       `cbor:"5,keyasint" json:"value"`
	Shares      money.Quantity   `cbor:"6,keyasint" json:"shares"`
	Certificate string           `cbor:"7,keyasint,omitempty" json:"certificate"`
	Until       journal.Date     `cbor:"8,keyasint,omitempty" json:"until"`
	Date        journal.Date     `cbor:"9,keyasint" json:"date"`
	Resolution  string           `cbor:"10,keyasint,omitempty" json:"resolution"`
	Note        string           `cbor:"11,keyasint,omitempty" json:"note"`
	ID          string           `cbor:"12,keyasint" json:"-"`
	From        journal.Date     `cbor:"13,keyasint,omitempty" json:"from"`
	Contract    string           `cbor:"14,keyasint,omitempty" json:"contract,omitempty"`
	Plot        string           `cbor:"15,keyasint,omitempty" json:"plot,omitempty"`
	Whole       money.Quantity   `cbor:"16,keyasint,omitempty" json:"whole_area,omitempty"`
	Term        journal.Date     `cbor:"17,keyasint,omitempty" json:"certificate_until,omitempty"`
	Land        string           `cbor:"18,keyasint,omitempty" json:"land_kind,omitempty"`
	// Indexed says that it is found by plot and certificate; absent of those entered before they were.
	Indexed bool `cbor:"19,keyasint,omitempty" json:"-"`
}

var _ = journal.Register(&RecordContribution{}, journal.Kind{
	Label: "入股", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "同时配股 / issues the shares too",
	Hints: map[string]string{
		"kind":              "farmland/forest/pond/house/resource/fiscal/relief/collective/own/labour/technology",
		"contract":          "承包合同编码,18 位加 J 或 Q",
		"plot":              "地块编码,19 位",
		"whole_area":        "整块地的面积(亩),一块地分几份入股时填",
		"certificate_until": "权证的到期日",
		"land_kind":         "GB/T 21010 的代码、名称或大类",
	},
})

// Place is the village of the entity.
func (e *RecordContribution) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the contribution's id.
func (e *RecordContribution) Subject() string { return e.ID }

func (e *RecordContribution) Check(c *journal.Checking) error {
	var f journal.Faults
	if !slices.Contains(ContributionKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "没有“%s”这种入股;可用 %s", string(e.Kind), journal.Labels(ContributionKinds()))
	}
	issue := IssueShares{Class: e.Class, Holder: e.Holder, Quantity: e.Shares, Date: e.Date}
	for _, fault := range journal.All(issue.Check(c)) {
		if fault.Field == "quantity" {
			fault.Field = "shares"
		}
		f = append(f, fault)
	}
	if e.Value <= 0 {
		f.Invalid("value", e.Value, "请填写作价或金额,例如 36000.56")
	}
	switch {
	case e.Kind.Landed() && e.Area <= 0:
		f.Invalid("area", e.Area, "%s入股要写明面积(亩),例如 4.5", e.Kind.Label())
	case e.Area < 0:
		f.Invalid("area", e.Area, "面积 %s 亩不能小于 0", e.Area.String())
	case e.Area > 0 && slices.Contains(ContributionKinds(), e.Kind) && e.Kind.Group() != Farmland.Group():
		f.Invalid("area", e.Area, "只有资源入股才写面积")
	}
	if e.Area%100 != 0 { // measured in square metres, or a slip
		c.Doubt("area", e.Area.String(), "面积 %s 亩比 0.01 亩还细;请核对", e.Area.String())
	}
	e.Indexed = e.Plot != "" || e.Certificate != ""
	e.checkLand(c, &f)
	if e.Until != "" && (e.Until <= e.Date || e.Until <= e.From) {
		f.Invalid("until", e.Until, "期限 %s 早于入股日期或起始日", string(e.Until))
	}
	if class, ok := classes.Get(c, e.Class); ok {
		e.checkPrice(&f, class)
	}
	resolution.Name(c, &f, &e.Resolution, journal.EntityID.In(e.Class), resolution.Contribution)
	if len(f) > 0 {
		return f
	}
	front := journal.ContributionID.Front(journal.EntityID.In(e.Class))
	last := 0
	if entity, ok := entities.Get(c, journal.EntityID.In(e.Class)); ok {
		last = entity.Contributions
	}
	var err error
	e.ID, err = journal.ContributionID.Give("", front, last, func(id string) bool { return contributions.Has(c, id) })
	return err
}

// checkPrice refuses shares that do not follow from the class's price, or from the area where the class counts 亩; a resolution may have
// agreed on others.
func (e *RecordContribution) checkPrice(f *journal.Faults, class ShareClass) {
	if e.Resolution != "" || e.Shares <= 0 {
		return
	}
	if class.Price > 0 {
		if value, _, err := class.Price.Times(e.Shares); err == nil && value != e.Value {
			f.Add(journal.Conflict, "shares", e.Shares, "%s 股 × 每股 %s 元是 %s 元,不是 %s 元;按决议另定的请填决议编号",
				e.Shares.String(), class.Price.String(), value.Grouped(), e.Value.Grouped())
		}
	}
	if class.Unit == MuUnit && e.Kind.Landed() && e.Area != e.Shares {
		f.Add(journal.Conflict, "shares", e.Shares, "这种股按亩计,面积是 %s 亩,配股写的是 %s;按决议另定的请填决议编号", e.Area.String(), e.Shares.String())
	}
}

func (e *RecordContribution) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	entity, _ := entities.Get(a, journal.EntityID.In(e.ID))
	entity.Contributions = max(entity.Contributions, journal.ContributionID.Number(e.ID))
	entities.Put(a, entity.ID, entity)
	move(a, e.Class, e.Holder, e.Date, Movement{Quantity: e.Shares, Cause: "RecordContribution"})
	issued(a, e.Class, e.Shares)
	b := Contribution{
		ID: e.ID, Kind: e.Kind, Holder: e.Holder, Class: e.Class, Shares: e.Shares, Area: e.Area, Value: e.Value, Certificate: e.Certificate,
		From: e.From, Until: e.Until,
		Date: e.Date, Resolution: e.Resolution, Note: e.Note, Entry: a.Seq,
		Contract: e.Contract, Plot: e.Plot, Whole: e.Whole, Term: e.Term, Land: e.Land, Indexed: e.Indexed,
	}
	contributions.Put(a, e.ID, b)
	b.index(a)
}

// Contributions lists what was put into the entities of a region up to the end of a year, or in a quarter, of one kind when it is not "",
// those taken back too, up to limit, from after on.
func Contributions(v *journal.View, place string, of sums.Period, kind ContributionKind, after string, limit int) (list []Contribution,
	next string, err error) {
	books, err := v.At(journal.PlaceOf(place))
	if err != nil {
		return nil, "", err
	}
	prefix, fits := Contributed(place, of, kind)
	return store.Page(books, contributions.Table, prefix, after, limit, fits)
}

// Contributed tells where the contributions of an entity or a region stand, and which of them are meant.
func Contributed(place string, of sums.Period, kind ContributionKind) (prefix string, fits func(Contribution) bool) {
	if prefix = place; journal.VillageID.Is(place) {
		prefix = journal.PlaceOf(place).Prefix()
	}
	return prefix, func(b Contribution) bool {
		return b.Date <= of.Last() && (of.Quarter() == 0 || b.Date >= of.First()) && (kind == "" || b.Kind == kind)
	}
}
