package income

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// ContractKind is what a contract is: how a collective's property brings it income.
type ContractKind string

// The kinds.
const (
	Letting ContractKind = "letting" // 承包
	Lease   ContractKind = "lease"   // 租赁
	Joint   ContractKind = "joint"   // 合作经营
	Stake   ContractKind = "stake"   // 入股分红
)

// ContractKinds lists all kinds.
func ContractKinds() []ContractKind { return []ContractKind{Letting, Lease, Joint, Stake} }

// Label names the kind in Chinese.
func (k ContractKind) Label() journal.Label {
	switch k {
	case Letting:
		return "承包"
	case Lease:
		return "租赁"
	case Joint:
		return "合作经营"
	case Stake:
		return "入股分红"
	}
	return journal.Label(k)
}

// nature is what a receipt is, where a year's form asks that of what is let out.
func (k ContractKind) nature() Nature {
	if k == Letting || k == Lease {
		return Rent
	}
	return HandedUp
}

// Asset is what a contract is about.
type Asset string

// The assets.
const (
	Farmland  Asset = "farmland"
	Waste     Asset = "waste" // 四荒: hills, gullies, slopes and beaches that lie waste
	Woodland  Asset = "woodland"
	Grassland Asset = "grassland"
	Water     Asset = "water"
	Building  Asset = "building"
	Equipment Asset = "equipment"
	Shares    Asset = "shares"
	Other     Asset = "other"
)

// assets are the assets with their labels and the most years that a contract about one may run, 0 for no bound of years.
//
// 四荒 50 years: 国务院办公厅 国办发〔1999〕102号; woodland 70, grassland 50: 农村土地承包法 art. 21. Farmland ends with the round of contracting.
// What else is leased, 20 years: 民法典 art. 705.
var assets = []assetKind{
	{Farmland, "耕地", 0, true}, {Waste, "四荒地", 50, true}, {Woodland, "林地", 70, true}, {Grassland, "草地", 50, true},
	{Water, "水面", 0, true}, {Building, "房屋厂房", 0, false}, {Equipment, "设备设施", 0, false}, {Shares, "股权", 0, false},
	{Other, "其他", 0, true},
}

type assetKind struct {
	asset Asset
	label journal.Label
	most  int
	land  bool // its rent is looked at for each 亩
}

// kind is what is known of the asset; of one that there is not, that it is called so.
func (a Asset) kind() assetKind {
	if i := slices.IndexFunc(assets, func(k assetKind) bool { return k.asset == a }); i >= 0 {
		return assets[i]
	}
	return assetKind{label: journal.Label(a)}
}

// Assets lists all assets.
func Assets() (list []Asset) {
	for _, a := range assets {
		list = append(list, a.asset)
	}
	return list
}

// Label names the asset in Chinese.
func (a Asset) Label() journal.Label { return a.kind().label }

// Called names the asset.
func (a Asset) Called() string { return string(a.Label()) }

// Contract is a contract by which a village or a cooperative has income, as it stands.
type Contract struct {
	ID     string       `cbor:"1,keyasint"`
	Kind   ContractKind `cbor:"2,keyasint"`
	Asset  Asset        `cbor:"3,keyasint"`
	Thing  string       `cbor:"4,keyasint"` // what exactly: 村东鱼塘
	Party  string       `cbor:"5,keyasint"`
	Number string       `cbor:"6,keyasint,omitempty"` // as the paper has it
	Item   string       `cbor:"7,keyasint"`           // what its receipts are booked under
	Note   string       `cbor:"8,keyasint,omitempty"`
	// Terms are what was agreed, and what was agreed later on: each holds from its first day to the day before the next one's.
	Terms []Terms `cbor:"9,keyasint"`
	// Ended is the last day of one that was ended early; "" of others.
	Ended    journal.Date `cbor:"10,keyasint,omitempty"`
	Why      string       `cbor:"11,keyasint,omitempty"` // it was ended
	Received money.Yuan   `cbor:"12,keyasint,omitempty"` // by lines that stand
	Remitted money.Yuan   `cbor:"13,keyasint,omitempty"` // of what was due, by agreement
	Entry    uint64       `cbor:"14,keyasint"`
	// Acts are what was done about it since it was recorded and stands, one after the other: the last can be taken back.
	Acts []ContractAct `cbor:"15,keyasint,omitempty"`
	Void string        `cbor:"16,keyasint,omitempty"` // why it was recorded by mistake; "" of others
}

// ContractAct is a change, an end or a remission of a contract.
type ContractAct struct {
	Kind   string        `cbor:"1,keyasint"` // of the entry
	Amount money.Yuan    `cbor:"2,keyasint,omitempty"`
	Date   journal.Date  `cbor:"3,keyasint,omitempty"`
	Reason string        `cbor:"4,keyasint,omitempty"`
	Stamp  journal.Stamp `cbor:"5,keyasint"`
}

var (
	contracts = journal.Folded[Contract]("contract")
	// receipts: the contract and the line that it was received by.
	receipts = journal.FoldedSet("receipt")
)

// Book is the book that the contract's receipts stand in.
func (c Contract) Book() string { return journal.ContractID.Parent(c.ID) }

// Called is how people call it.
func (c Contract) Called() string { return c.Party + " " + c.Thing }

// Last are the terms that were agreed last.
func (c Contract) Last() Terms { return c.Terms[len(c.Terms)-1] }

// On are the terms that hold on a day: the first before they begin, the last when they are over.
func (c Contract) On(day journal.Date) Terms {
	t := c.Terms[0]
	for _, x := range c.Terms[1:] {
		if x.From <= day {
			t = x
		}
	}
	return t
}

// EndOf is the last day on which the terms of a number hold.
func (c Contract) EndOf(number int) journal.Date {
	if number+1 < len(c.Terms) {
		return min(c.Terms[number].To, c.Terms[number+1].From.Plus(-1))
	}
	return c.Until()
}

// Until is the last day of the contract.
func (c Contract) Until() journal.Date {
	if c.Ended != "" {
		return c.Ended
	}
	return c.Last().To
}

// Runs tells whether the contract is in force on a day.
func (c Contract) Runs(day journal.Date) bool { return c.Terms[0].From <= day && day <= c.Until() }

// RecordContract records a contract of a village or cooperative: who pays what for what, and when.
type RecordContract struct {
	Book       string         `cbor:"1,keyasint" json:"book"`
	Kind       ContractKind   `cbor:"2,keyasint" json:"kind"`
	Asset      Asset          `cbor:"3,keyasint" json:"asset"`
	Thing      string         `cbor:"4,keyasint" json:"thing"`
	Party      string         `cbor:"5,keyasint" json:"party"`
	Number     string         `cbor:"6,keyasint,omitempty" json:"number"`
	Item       string         `cbor:"7,keyasint,omitempty" json:"item"`
	From       journal.Date   `cbor:"8,keyasint" json:"from_day"`
	To         journal.Date   `cbor:"9,keyasint" json:"to_day"`
	Area       money.Quantity `cbor:"10,keyasint,omitempty" json:"area"`
	Rent       money.Yuan     `cbor:"11,keyasint,omitempty" json:"rent"`
	Every      int            `cbor:"12,keyasint,omitempty" json:"every"`
	Once       bool           `cbor:"13,keyasint,omitempty" json:"once"`
	First      journal.Date   `cbor:"14,keyasint,omitempty" json:"first_due"`
	RiseYears  int            `cbor:"15,keyasint,omitempty" json:"rise_years"`
	Rise       money.Rate     `cbor:"16,keyasint,omitempty" json:"rise"`
	RiseBy     money.Yuan     `cbor:"17,keyasint,omitempty" json:"rise_by"`
	Steps      []RentStep     `cbor:"18,keyasint,omitempty" json:"steps"`
	InKind     string         `cbor:"19,keyasint,omitempty" json:"in_kind"`
	Deposit    money.Yuan     `cbor:"20,keyasint,omitempty" json:"deposit"`
	Dues       []FixedDue     `cbor:"21,keyasint,omitempty" json:"dues"`
	Resolution string         `cbor:"22,keyasint,omitempty" json:"resolution"`
	Note       string         `cbor:"23,keyasint,omitempty" json:"note"`
	ID         string         `cbor:"24,keyasint" json:"-"`
}

// termHints are what the fields of terms take.
func termHints(more map[string]string) map[string]string {
	hints := map[string]string{
		"every": "隔几个月付一次:1、3、6、12;留空为每年 / months from one payment to the next", "once": "true 为一次付清",
		"first_due": "留空为开始那天", "rise_years": "每几年涨一次", "rise": "涨百分之几,例如 5", "rise_by": "或每次涨多少元",
		"rent": "第一年的;实物的写折价", "in_kind": "例如 稻谷 500 斤", "resolution": "决议的编号或会议记录的文号", "dues.date": "一笔一笔约定的,写了就只按这些收",
	}
	maps.Copy(hints, more)
	return hints
}

var _ = journal.Register(&RecordContract{}, journal.Kind{
	Label: "登记合同", Roles: []journal.Role{journal.Accountant},
	Hints: termHints(map[string]string{
		"book": "村代码或经营主体编号", "kind": "letting 承包/lease 租赁/joint 合作经营/stake 入股分红",
		"asset": "farmland/waste/woodland/grassland/water/building/equipment/shares/other",
		"item":  "收到的钱记什么项目;留空按合同的种类",
	}),
})

// Place is the village of the book.
func (e *RecordContract) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the contract's id.
func (e *RecordContract) Subject() string { return e.ID }

func (e *RecordContract) terms() Terms {
	return Terms{From: e.From, To: e.To, Area: e.Area, Rent: e.Rent, Every: e.Every, Once: e.Once, First: e.First, RiseYears: e.RiseYears,
		Rise: e.Rise, RiseBy: e.RiseBy, Steps: e.Steps, InKind: e.InKind, Deposit: e.Deposit, Dues: e.Dues, Resolution: e.Resolution}
}

func (e *RecordContract) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckBook(c, &f, e.Book)
	if !slices.Contains(ContractKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "合同种类“%s”不对;请选承包、租赁、合作经营或入股分红", string(e.Kind))
	}
	if !slices.Contains(Assets(), e.Asset) {
		f.Invalid("asset", e.Asset, "没有“%s”这种标的;可用 %s", string(e.Asset), journal.Labels(Assets()))
	}
	if e.Thing == "" {
		f.Invalid("thing", "", "请写明是什么,例如 村东鱼塘")
	}
	if ident.Name(e.Party) == "" {
		f.Invalid("party", "", "请写明对方")
	}
	e.terms().check(&f, e.Kind, e.Asset)
	e.checkItem(c, &f)
	resolution.Name(c, &f, &e.Resolution, e.Book, "")
	if len(f) > 0 {
		return f
	}
	return e.number(c)
}

// checkItem finds the item that receipts are booked under: the one asked for, or what the kind of contract gives in the book.
func (e *RecordContract) checkItem(c *journal.Checking, f *journal.Faults) {
	if journal.PlaceOf(e.Book) == "" {
		return
	}
	form := formIn(c, e.Book, c.Today().Year())
	if e.Item == "" {
		e.Item = defaultItem(form, BodyOf(c, e.Book), e.Kind)
	}
	checkReceiptItem(f, form, e.Item)
}

// checkReceiptItem refuses what receipts cannot be booked under.
func checkReceiptItem(f *journal.Faults, form Form, code string) {
	if item, ok := ItemNamed(code); !ok || item.Expense || !form.Has(code) {
		received := slices.DeleteFunc(form.Items(), func(it Item) bool { return it.Expense })
		f.Invalid("item", code, "“%s”不是收入项目;可用 %s", code, journal.Labels(received))
	}
}

// defaultItem is what receipts of a kind of contract are booked under: rents as what is let out, what is shared as a profit.
func defaultItem(form Form, body Body, kind ContractKind) string {
	item := contracting
	if body != CollectiveBody {
		item = "operating"
	}
	item = itemIn(form, item, kind.nature())
	if kind == Stake && form.Has("investment") {
		item = "investment"
	}
	if !form.Has(item) {
		return "operating"
	}
	return item
}

// number gives the contract its number, and asks about one that is there already.
func (e *RecordContract) number(c *journal.Checking) error {
	type known struct {
		last int
		same map[string]string
	}
	key := func(party, thing string, from, to journal.Date) string {
		return strings.Join([]string{ident.Name(party), ident.Clean(thing), string(from), string(to)}, "\x00")
	}
	front := journal.ContractID.Front(e.Book)
	k := journal.Once(c, "contracts of "+front, func() *known { // with those of the posting, as they come
		k := &known{same: map[string]string{}}
		for id, x := range contracts.Scan(c, front) {
			if k.last = journal.ContractID.Number(id); x.Void != "" {
				continue
			}
			for _, to := range []journal.Date{x.Terms[0].To, x.Until()} {
				k.same[key(x.Party, x.Thing, x.Terms[0].From, to)] = id
			}
		}
		return k
	})
	mine := key(e.Party, e.Thing, e.From, e.To)
	if id := k.same[mine]; id != "" {
		c.Doubt("party", e.Party, "已经登记过与%s的同一份合同(%s);不是同一份才再记", e.Party, journal.ContractID.Digits(id))
	}
	if k.last >= journal.ContractID.Most() {
		return journal.Clash("book", e.Book, "这本账的合同已满 %s 份", strconv.Itoa(journal.ContractID.Most()))
	}
	k.last++
	e.ID = journal.ContractID.ID(front, k.last)
	k.same[mine] = e.ID
	return nil
}

func (e *RecordContract) Apply(a *journal.Applying) {
	t := e.terms()
	t.Entry = a.Seq
	contracts.Put(a.Tx, e.ID, Contract{ID: e.ID, Kind: e.Kind, Asset: e.Asset, Thing: e.Thing, Party: e.Party, Number: e.Number, Item: e.Item,
		Note: e.Note, Terms: []Terms{t}, Entry: a.Seq})
	resolution.Rest(a, e.Resolution)
}

// ContractOf returns a contract by its id.
func ContractOf(v *journal.View, id string) (Contract, error) {
	return journal.Find(v, contracts.Readable(), id, journal.Missing("contract", id, "没有编号为 %s 的合同", id))
}

// EachContract calls f for every contract of a region, or of the book whose id is given, in the order of their ids.
func EachContract(v *journal.View, of string, f func(Contract) error) error {
	books, err := v.At(journal.RegionOf(of))
	if err != nil {
		return err
	}
	front := of
	if journal.IsRegion(of) {
		front = journal.RegionOf(of).Prefix()
	}
	for _, c := range contracts.Scan(books, front) {
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

// RoundEnds is the day on which a county's contracts of farmland end, "" where it has not said so.
var roundEnds = office.Describe(office.Setting{
	Name: "farmland_round_end", Label: "耕地承包到哪一天为止", Hint: "本轮承包的最后一天,例如 2027-12-31;耕地的合同到期晚于它的会提醒。留空不查",
	Wrong: wrongDay,
})

func wrongDay(value string) (text string, args []any) {
	if value == "" {
		return "", nil
	}
	if _, err := journal.ParseDate(value); err != nil {
		return "“%s”不是日期;请写成 2025-12-09", []any{value}
	}
	return "", nil
}

func init() {
	journal.NamedBy(journal.ContractID, contracts, func(_ store.Reader, c Contract) string { return c.Called() })
}
