package income

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// ChangeContract agrees a contract's terms anew from a day on. From the day after its last on, that prolongs it.
type ChangeContract struct {
	Contract   string         `cbor:"1,keyasint" json:"contract"`
	From       journal.Date   `cbor:"2,keyasint" json:"from_day"`
	To         journal.Date   `cbor:"3,keyasint" json:"to_day"`
	Area       money.Quantity `cbor:"4,keyasint,omitempty" json:"area"`
	Rent       money.Yuan     `cbor:"5,keyasint,omitempty" json:"rent"`
	Every      int            `cbor:"6,keyasint,omitempty" json:"every"`
	Once       bool           `cbor:"7,keyasint,omitempty" json:"once"`
	First      journal.Date   `cbor:"8,keyasint,omitempty" json:"first_due"`
	RiseYears  int            `cbor:"9,keyasint,omitempty" json:"rise_years"`
	Rise       money.Rate     `cbor:"10,keyasint,omitempty" json:"rise"`
	RiseBy     money.Yuan     `cbor:"11,keyasint,omitempty" json:"rise_by"`
	Steps      []RentStep     `cbor:"12,keyasint,omitempty" json:"steps"`
	InKind     string         `cbor:"13,keyasint,omitempty" json:"in_kind"`
	Deposit    money.Yuan     `cbor:"14,keyasint,omitempty" json:"deposit"`
	Dues       []FixedDue     `cbor:"15,keyasint,omitempty" json:"dues"`
	Resolution string         `cbor:"16,keyasint,omitempty" json:"resolution"`
	Reason     string         `cbor:"17,keyasint" json:"reason"`
}

var _ = journal.Register(&ChangeContract{}, journal.Kind{
	Label: "变更或续签合同", Roles: []journal.Role{journal.Accountant},
	Note:  "从变更那天起按新的约定;从到期的第二天起就是续签 / new terms from a day on; from the day after the last they prolong it",
	Hints: termHints(nil),
})

// Place is the village of the book.
func (e *ChangeContract) Place() region.Code { return journal.PlaceOf(e.Contract) }

// Subject is the contract.
func (e *ChangeContract) Subject() string { return e.Contract }

func (e *ChangeContract) terms() Terms {
	return Terms{From: e.From, To: e.To, Area: e.Area, Rent: e.Rent, Every: e.Every, Once: e.Once, First: e.First, RiseYears: e.RiseYears,
		Rise: e.Rise, RiseBy: e.RiseBy, Steps: e.Steps, InKind: e.InKind, Deposit: e.Deposit, Dues: e.Dues, Resolution: e.Resolution,
		Reason: e.Reason}
}

func (e *ChangeContract) Check(c *journal.Checking) error {
	k, err := contractIn(c, e.Contract)
	if err != nil {
		return err
	}
	if k.Ended != "" {
		return journal.Clash("contract", e.Contract, "这份合同 %s 已提前终止", string(k.Ended))
	}
	var f journal.Faults
	last := k.Last()
	switch {
	case e.From != "" && e.From <= last.From:
		f.Add(journal.Conflict, "from_day", e.From, "%s 起已经有约定;新的要从更晚的一天起", string(last.From))
	case e.From != "" && e.From > last.To.Plus(1):
		f.Add(journal.Conflict, "from_day", e.From, "合同 %s 到期;续签从 %s 起,中间断开的请另登记一份", string(last.To), string(last.To.Plus(1)))
	}
	e.terms().check(&f, k.Kind, k.Asset)
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么变更,例如 到期续签")
	}
	resolution.Name(c, &f, &e.Resolution, k.Book(), "")
	return f.Err()
}

func (e *ChangeContract) Apply(a *journal.Applying) {
	k, _ := contracts.Get(a, e.Contract)
	t := e.terms()
	t.Entry = a.Seq
	k.Terms = append(k.Terms, t)
	k.act(a, "ChangeContract", 0, e.From, e.Reason)
	contracts.Put(a.Tx, k.ID, k)
	resolution.Rest(a, e.Resolution)
}

// EndContract ends a contract before its day. What fell due until then stays due; how sums for several years were spread stays as it is,
// and what is paid back is booked.
type EndContract struct {
	Contract   string       `cbor:"1,keyasint" json:"contract"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"` // the last day
	Reason     string       `cbor:"3,keyasint" json:"reason"`
	Resolution string       `cbor:"4,keyasint,omitempty" json:"resolution"`
}

var _ = journal.Register(&EndContract{}, journal.Kind{
	Label: "提前终止合同", Roles: []journal.Role{journal.Accountant},
	Hints: map[string]string{"date": "合同的最后一天"},
})

// Place is the village of the book.
func (e *EndContract) Place() region.Code { return journal.PlaceOf(e.Contract) }

// Subject is the contract.
func (e *EndContract) Subject() string { return e.Contract }

func (e *EndContract) Check(c *journal.Checking) error {
	k, err := contractIn(c, e.Contract)
	if err != nil {
		return err
	}
	if k.Ended != "" {
		return journal.Clash("contract", e.Contract, "这份合同 %s 已提前终止", string(k.Ended))
	}
	var f journal.Faults
	switch first, last := k.Terms[0], k.Last(); {
	case e.Date == "":
		f.Invalid("date", "", "请填写合同的最后一天")
	case e.Date < first.From:
		f.Invalid("date", e.Date, "终止日 %s 早于合同开始的 %s", string(e.Date), string(first.From))
	case e.Date >= last.To:
		f.Invalid("date", e.Date, "合同 %s 就到期,不是提前终止", string(last.To))
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么终止")
	}
	resolution.Name(c, &f, &e.Resolution, k.Book(), "")
	return f.Err()
}

func (e *EndContract) Apply(a *journal.Applying) {
	k, _ := contracts.Get(a, e.Contract)
	k.Ended, k.Why = e.Date, e.Reason
	k.act(a, "EndContract", 0, e.Date, e.Reason)
	contracts.Put(a.Tx, k.ID, k)
	resolution.Rest(a, e.Resolution)
}

// RemitRent lets off what a contract makes due: after a bad harvest, or what nobody will ever pay. The oldest open sums are let off first.
type RemitRent struct {
	Contract   string       `cbor:"1,keyasint" json:"contract"`
	Date       journal.Date `cbor:"2,keyasint" json:"date"`
	Amount     money.Yuan   `cbor:"3,keyasint" json:"amount"`
	Reason     string       `cbor:"4,keyasint" json:"reason"`
	Resolution string       `cbor:"5,keyasint,omitempty" json:"resolution"`
}

var _ = journal.Register(&RemitRent{}, journal.Kind{
	Label: "减免合同款", Roles: []journal.Role{journal.Accountant},
	Note: "先减最早欠的 / the oldest open sums are let off first",
})

// Place is the village of the book.
func (e *RemitRent) Place() region.Code { return journal.PlaceOf(e.Contract) }

// Subject is the contract.
func (e *RemitRent) Subject() string { return e.Contract }

func (e *RemitRent) Check(c *journal.Checking) error {
	k, err := contractIn(c, e.Contract)
	if err != nil {
		return err
	}
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	open := k.Owed()
	switch {
	case e.Amount <= 0:
		f.Invalid("amount", e.Amount, "减免的金额要大于 0")
	case e.Amount > open:
		f.Invalid("amount", e.Amount, "这份合同未收的一共 %s 元,不能减免 %s 元", open.Grouped(), e.Amount.Grouped())
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么减免")
	}
	resolution.Name(c, &f, &e.Resolution, k.Book(), "")
	return f.Err()
}

func (e *RemitRent) Apply(a *journal.Applying) {
	k, _ := contracts.Get(a, e.Contract)
	k.Remitted += e.Amount
	k.act(a, "RemitRent", e.Amount, e.Date, e.Reason)
	contracts.Put(a.Tx, k.ID, k)
	resolution.Rest(a, e.Resolution)
}

// contractIn finds a contract that something can be done about.
func contractIn(c *journal.Checking, id string) (Contract, error) {
	k, ok := contracts.Get(c, id)
	switch {
	case !ok:
		return k, journal.Missing("contract", id, "没有编号为 %s 的合同", id)
	case k.Void != "":
		return k, journal.Clash("contract", id, "这份合同已作废:%s", k.Void)
	}
	return k, nil
}

// act notes what was done about the contract.
func (c *Contract) act(a *journal.Applying, kind string, amount money.Yuan, on journal.Date, reason string) {
	c.Acts = append(c.Acts, ContractAct{Kind: kind, Amount: amount, Date: on, Reason: reason, Stamp: a.Stamp()})
}

// ReverseContract takes back what was done last about a contract: its change, its end, a remission. Where nothing was, and nothing
// received, the contract itself is void: it was recorded by mistake.
type ReverseContract struct {
	Contract string `cbor:"1,keyasint" json:"contract"`
	Act      int    `cbor:"2,keyasint" json:"act"` // the number of its record
	Reason   string `cbor:"3,keyasint" json:"reason"`
}

var _ = journal.Register(&ReverseContract{}, journal.Kind{
	Label: "撤销合同上的一步", Roles: []journal.Role{journal.Accountant},
	Note:  "只能撤销最后一步;什么都没做过、也没收过款的合同可以整份作废 / the last step only; an untouched contract as a whole",
	Hints: map[string]string{"act": "那一步的日志号"},
})

// Place is the village of the book.
func (e *ReverseContract) Place() region.Code { return journal.PlaceOf(e.Contract) }

// Subject is the contract.
func (e *ReverseContract) Subject() string { return e.Contract }

func (e *ReverseContract) Check(c *journal.Checking) error {
	k, err := contractIn(c, e.Contract)
	if err != nil {
		return err
	}
	var f journal.Faults
	switch last := k.LastAct(); {
	case uint64(e.Act) != last:
		f.Add(journal.Conflict, "act", e.Act, "只能撤销这份合同的最后一步(日志第 %s 号)", strconv.FormatUint(last, 10))
	case last == k.Entry && receipts.Any(c, k.ID):
		f.Add(journal.Conflict, "contract", e.Contract, "这份合同收过款,不能作废;请先把收到的各笔与它分开")
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么撤销")
	}
	return f.Err()
}

// LastAct is the number of the record of what was done last: the contract's own where nothing was since.
func (c Contract) LastAct() uint64 {
	if n := len(c.Acts); n > 0 {
		return c.Acts[n-1].Stamp.Entry
	}
	return c.Entry
}

func (e *ReverseContract) Apply(a *journal.Applying) {
	k, _ := contracts.Get(a, e.Contract)
	if n := len(k.Acts); n == 0 {
		k.Void = e.Reason
	} else {
		switch act := k.Acts[n-1]; act.Kind {
		case "ChangeContract":
			k.Terms = k.Terms[:len(k.Terms)-1]
		case "EndContract":
			k.Ended, k.Why = "", ""
		case "RemitRent":
			k.Remitted -= act.Amount
		}
		k.Acts = k.Acts[:n-1]
	}
	contracts.Put(a.Tx, k.ID, k)
}

// CorrectContract mends what was written wrong in a contract: with whom, about what, its number. What is left out stays. A wrong sum or day
// is mended by recording the contract anew.
type CorrectContract struct {
	Contract string       `cbor:"1,keyasint" json:"contract"`
	Kind     ContractKind `cbor:"2,keyasint,omitempty" json:"kind"`
	Asset    Asset        `cbor:"3,keyasint,omitempty" json:"asset"`
	Thing    string       `cbor:"4,keyasint,omitempty" json:"thing"`
	Party    string       `cbor:"5,keyasint,omitempty" json:"party"`
	Number   string       `cbor:"6,keyasint,omitempty" json:"number"`
	Item     string       `cbor:"7,keyasint,omitempty" json:"item"`
	Note     string       `cbor:"8,keyasint,omitempty" json:"note"`
	Reason   string       `cbor:"9,keyasint" json:"reason"`
}

var _ = journal.Register(&CorrectContract{}, journal.Kind{
	Label: "更正合同", Roles: []journal.Role{journal.Accountant},
	Note: "写错的对方、标的、编号;留空的不变。金额和期限写错的,作废了重新登记 / what is left out stays",
})

// Place is the village of the book.
func (e *CorrectContract) Place() region.Code { return journal.PlaceOf(e.Contract) }

// Subject is the contract.
func (e *CorrectContract) Subject() string { return e.Contract }

func (e *CorrectContract) Check(c *journal.Checking) error {
	k, err := contractIn(c, e.Contract)
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Kind != "" && !slices.Contains(ContractKinds(), e.Kind) {
		f.Invalid("kind", e.Kind, "合同种类“%s”不对;请选承包、租赁、合作经营或入股分红", string(e.Kind))
	}
	if e.Asset != "" && !slices.Contains(Assets(), e.Asset) {
		f.Invalid("asset", e.Asset, "没有“%s”这种标的;可用 %s", string(e.Asset), journal.Labels(Assets()))
	}
	if e.Item != "" {
		checkReceiptItem(&f, formIn(c, k.Book(), c.Today().Year()), e.Item)
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明更正的原因")
	}
	return f.Err()
}

func (e *CorrectContract) Apply(a *journal.Applying) {
	k, _ := contracts.Get(a, e.Contract)
	k.Kind, k.Asset, k.Thing = cmp.Or(e.Kind, k.Kind), cmp.Or(e.Asset, k.Asset), cmp.Or(e.Thing, k.Thing)
	k.Party, k.Number, k.Item, k.Note = cmp.Or(e.Party, k.Party), cmp.Or(e.Number, k.Number), cmp.Or(e.Item, k.Item), cmp.Or(e.Note, k.Note)
	contracts.Put(a.Tx, k.ID, k)
}

// NumberIn is how the books call a contract by its number.
func (c Contract) NumberIn() string {
	if c.Number != "" {
		return c.Number
	}
	return strconv.Itoa(journal.ContractID.Number(c.ID))
}
