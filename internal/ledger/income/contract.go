package income

import (
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
var assets = []struct {
	asset Asset
	label journal.Label
	most  int
	land  bool
}{
	{Farmland, "耕地", 0, true}, {Waste, "四荒地", 50, true}, {Woodland, "林地", 70, true}, {Grassland, "草地", 50, true},
	{Water, "水面", 0, true}, {Building, "房屋厂房", 0, false}, {Equipment, "设备设施", 0, false}, {Shares, "股权", 0, false},
	{Other, "其他", 0, true},
}

// Assets lists all assets.
func Assets() (list []Asset) {
	for _, a := range assets {
		list = append(list, a.asset)
	}
	return list
}

// Label names the asset in Chinese.
func (a Asset) Label() journal.Label {
	for _, x := range assets {
		if x.asset == a {
			return x.label
		}
	}
	return journal.Label(a)
}

// Called names the asset.
func (a Asset) Called() string { return string(a.Label()) }

// Land tells whether the asset's rent is looked at for each 亩.
func (a Asset) Land() bool {
	for _, x := range assets {
		if x.asset == a {
			return x.land
		}
	}
	return false
}

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

// Terms are the terms of a contract from a day on.
type Terms struct {
	From journal.Date   `cbor:"1,keyasint"`
	To   journal.Date   `cbor:"2,keyasint"`           // the last day
	Area money.Quantity `cbor:"3,keyasint,omitempty"` // 亩; 0 where it is not counted so
	Rent money.Yuan     `cbor:"4,keyasint,omitempty"` // yuan of a year, at first; 0 where only what is earned is shared
	// Every is after how many months it is due again, 0 for 12; Once says that all is due at once.
	Every int          `cbor:"5,keyasint,omitempty"`
	Once  bool         `cbor:"6,keyasint,omitempty"`
	First journal.Date `cbor:"7,keyasint,omitempty"` // when it is first due; From where it is ""
	// The rent rises every RiseYears years, by Rise per cent or by RiseBy yuan.
	RiseYears  int        `cbor:"8,keyasint,omitempty"`
	Rise       money.Rate `cbor:"9,keyasint,omitempty"`
	RiseBy     money.Yuan `cbor:"10,keyasint,omitempty"`
	Steps      []RentStep `cbor:"11,keyasint,omitempty"`
	InKind     string     `cbor:"12,keyasint,omitempty"` // what is paid in kind: 稻谷 500 斤; Rent is its worth then
	Deposit    money.Yuan `cbor:"13,keyasint,omitempty"`
	Dues       []FixedDue `cbor:"14,keyasint,omitempty"` // agreed one by one: then these alone are due
	Resolution string     `cbor:"15,keyasint,omitempty"`
	Reason     string     `cbor:"16,keyasint,omitempty"` // why it was changed
	Entry      uint64     `cbor:"17,keyasint"`
}

// RentStep is a year's rent from a day on.
type RentStep struct {
	From journal.Date `cbor:"1,keyasint" json:"from_day"`
	Rent money.Yuan   `cbor:"2,keyasint" json:"rent"`
}

// FixedDue is a sum that is due on a day.
type FixedDue struct {
	Date   journal.Date `cbor:"1,keyasint" json:"date"`
	Amount money.Yuan   `cbor:"2,keyasint" json:"amount"`
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
	for name, hint := range more {
		hints[name] = hint
	}
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

// check tells what is wrong with terms by themselves.
func (t Terms) check(f *journal.Faults, kind ContractKind, asset Asset) {
	switch {
	case t.From == "":
		f.Invalid("from_day", "", "请填写从哪天起")
	case t.From < "1949-10-01":
		f.Invalid("from_day", t.From, "日期 %s 太早", string(t.From))
	case t.From > "2099-12-31":
		f.Invalid("from_day", t.From, "日期 %s 太晚", string(t.From))
	}
	switch {
	case t.To == "":
		f.Invalid("to_day", "", "请填写到哪天为止")
	case t.To < t.From:
		f.Invalid("to_day", t.To, "到期日 %s 早于开始的 %s", string(t.To), string(t.From))
	case t.From != "" && t.To >= t.From.PlusYears(maxTerm):
		f.Invalid("to_day", t.To, "期限超过 %s 年", strconv.Itoa(maxTerm))
	}
	if t.Area < 0 {
		f.Invalid("area", t.Area, "面积不能小于 0")
	} else if t.Area > 0 && (asset == Equipment || asset == Shares) {
		f.Invalid("area", t.Area, "“%s”不按亩算;请写在说明里", asset.Label())
	}
	switch {
	case t.Rent < 0:
		f.Invalid("rent", t.Rent, "每年的金额不能小于 0")
	case t.Rent > 0 && len(t.Dues) > 0:
		f.Invalid("rent", t.Rent, "写了约定的各笔,就不再写每年的金额")
	case t.Rent == 0 && len(t.Dues) == 0 && t.InKind == "" && (kind == Letting || kind == Lease):
		f.Invalid("rent", "", "请填写每年多少元;%s要有约定的金额", kind.Label())
	}
	if t.Every < 0 || t.Every > maxTerm*12 {
		f.Invalid("every", t.Every, "隔 %s 个月付一次不对;例如 12、6、3、1", strconv.Itoa(t.Every))
	} else if t.Every > 0 && t.Once {
		f.Invalid("every", t.Every, "一次付清的不写隔几个月付")
	}
	if t.First != "" && (t.First < t.From.PlusYears(-2) || t.First > t.To.PlusYears(2)) {
		f.Invalid("first_due", t.First, "第一次付款 %s 离合同的期限太远", string(t.First))
	}
	if months := 12 * (t.To.Year() - t.From.Year() + 1); !t.Once && t.Every >= 0 && months/t.Months() > maxPayments {
		f.Invalid("every", t.Every, "要付的次数超过 %s 次;请隔久一点付一次", strconv.Itoa(maxPayments))
	}
	if t.Deposit < 0 {
		f.Invalid("deposit", t.Deposit, "押金不能小于 0")
	}
	t.checkSteps(f)
}

// maxPayments is the most times that a contract is paid: fifty years by the month.
const maxPayments = 600

// maxTerm is the most years that a contract may be written for: what law allows is a check of its own, and says more.
const maxTerm = 120

func (t Terms) checkSteps(f *journal.Faults) {
	rises := t.Rise != 0 || t.RiseBy != 0
	switch {
	case t.RiseYears < 0 || t.RiseYears > maxTerm:
		f.Invalid("rise_years", t.RiseYears, "每 %s 年涨一次不对", strconv.Itoa(t.RiseYears))
	case t.RiseYears > 0 && !rises:
		f.Invalid("rise", "", "请填写每 %s 年涨百分之几,或涨多少元", strconv.Itoa(t.RiseYears))
	case rises && t.RiseYears == 0:
		f.Invalid("rise_years", "", "请填写每几年涨一次")
	}
	if t.Rise != 0 && t.RiseBy != 0 {
		f.Invalid("rise_by", t.RiseBy, "涨百分之几和涨多少元只写一个")
	}
	switch {
	case t.Rise < 0 || t.Rise > 100_000_000:
		f.Invalid("rise", t.Rise, "涨幅 %s%% 不对;例如 5", t.Rise.String())
	case t.RiseBy < 0:
		f.Invalid("rise_by", t.RiseBy, "每次涨的金额不能小于 0;往下降的请写以后各时段")
	case t.RiseYears > 0 && t.RentOn(t.To) >= money.MaxYuan:
		f.Invalid("rise", t.Rise, "照这样涨,到 %s 每年要超过 %s 元", string(t.To), money.MaxYuan.Grouped())
	}
	if len(t.Steps) > 0 && rises {
		f.Invalid("steps", len(t.Steps), "写了每几年涨,就不再写各时段的金额")
	}
	for i, s := range t.Steps {
		at := "steps." + strconv.Itoa(i)
		switch {
		case s.From == "":
			f.Invalid(at+".from_day", "", "请填写从哪天起")
		case s.From <= t.From || s.From > t.To || i > 0 && s.From <= t.Steps[i-1].From:
			f.Invalid(at+".from_day", s.From, "日期 %s 要在合同期限之内,一个比一个晚", string(s.From))
		}
		if s.Rent <= 0 {
			f.Invalid(at+".rent", s.Rent, "请填写从这天起每年多少元")
		}
	}
	for i, d := range t.Dues {
		at := "dues." + strconv.Itoa(i)
		if d.Date == "" {
			f.Invalid(at+".date", "", "请填写应收的日期")
		} else if i > 0 && d.Date < t.Dues[i-1].Date || d.Date < t.From.PlusYears(-2) || d.Date > t.To.PlusYears(2) {
			f.Invalid(at+".date", d.Date, "应收日期“%s”不对;按先后写,不能离合同的期限太远", string(d.Date))
		}
		if d.Amount <= 0 {
			f.Invalid(at+".amount", d.Amount, "金额要大于 0")
		}
	}
	if len(t.Dues) > MaxDues || len(t.Steps) > MaxDues {
		f.Invalid("dues", len(t.Dues), "最多写 %s 笔", strconv.Itoa(MaxDues))
	}
}

// MaxDues is the most sums that a contract agrees one by one.
const MaxDues = 240

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
