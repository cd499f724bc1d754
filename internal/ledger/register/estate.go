package register

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// HeirPart is which part of an estate an heir gets.
type HeirPart struct {
	Holder string `cbor:"1,keyasint" json:"holder"`
	Part   string `cbor:"2,keyasint" json:"part"` // 1/3, 三分之一, 0.25 or 25%
}

// EstateLots are an estate's shares of one class, as the heirs get them.
type EstateLots struct {
	Class string `cbor:"1,keyasint"`
	Lots  []Lot  `cbor:"2,keyasint"`
}

// DivideEstate gives what a dead shareholder held, of every class and entity, to the heirs by their parts in one step. What does not divide
// goes by largest remainder of 0.0001, ties to the smaller number of holders. Shares that are pledged, or held for a term, stay.
type DivideEstate struct {
	Holder string       `cbor:"1,keyasint" json:"holder"`
	Heirs  []HeirPart   `cbor:"2,keyasint" json:"heirs"`
	Date   journal.Date `cbor:"3,keyasint" json:"date"`
	Basis  string       `cbor:"4,keyasint" json:"basis"` // certificate of the notary, agreement, judgment
	Estate []EstateLots `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&DivideEstate{}, journal.Kind{
	Label: "分割遗产", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "所有经营主体的股份一次按份额继承 / shares of every entity, divided by the heirs' parts in one step",
	Hints: map[string]string{
		"heirs.part": "例如 1/3、25%;各份相加等于 1",
		"basis":      "公证书、协议或判决书的编号",
	},
})

// Place is the dead's home village.
func (e *DivideEstate) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the dead's id.
func (e *DivideEstate) Subject() string { return e.Holder }

func (e *DivideEstate) Check(c *journal.Checking) error {
	s, ok := shareholders.Get(c, e.Holder)
	if !ok {
		return journal.Missing("holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	}
	var f journal.Faults
	var died journal.Date
	for _, d := range deaths.Scan(c, e.Holder) {
		if d.Void == 0 {
			died = max(died, d.Date)
		}
	}
	if died == "" {
		f.Add(journal.Conflict, "holder", e.Holder, "%s户没有登记死亡;请先登记死亡", s.Name)
	}
	if journal.CheckDate(c, &f, "date", e.Date); e.Date != "" && e.Date < died {
		f.Invalid("date", e.Date, "日期 %s 早于死亡的 %s", string(e.Date), string(died))
	}
	if e.Basis == "" {
		f.Invalid("basis", "", "请写明依据,例如 公证书 2026 第 12 号、继承人协议")
	}
	weights := e.weights(c, &f, s)
	if len(f) > 0 {
		return f
	}
	e.Estate = nil
	for k := range held.Each(c, e.Holder) {
		_, id := journal.HolderID.Cut(k)
		e.divide(c, &f, s, id, weights)
	}
	lots := map[string][]Lot{} // of each entity, all its classes together
	for _, of := range e.Estate {
		entity := journal.EntityID.In(of.Class)
		lots[entity] = append(append(lots[entity], of.Lots...), Lot{s.ID, -sumOf(of.Lots)})
	}
	for _, entity := range slices.Sorted(maps.Keys(lots)) {
		GuardMembers(c, &f, "date", e.Date, entity, e.Date, lots[entity]...)
	}
	if len(f) == 0 && len(e.Estate) == 0 {
		f.Add(journal.Conflict, "holder", e.Holder, "%s没有可以继承的股份", s.Name)
	}
	return f.Err()
}

// weights reads the heirs' parts, brought to one denominator.
func (e *DivideEstate) weights(c *journal.Checking, f *journal.Faults, s Shareholder) (list []money.Weight) {
	if len(e.Heirs) == 0 || len(e.Heirs) > maxLots {
		f.Invalid("heirs", len(e.Heirs), "要有 1 到 %s 个继承人", strconv.Itoa(maxLots))
		return nil
	}
	sum, all := new(big.Rat), big.NewInt(1)
	parts := make([]*big.Rat, len(e.Heirs))
	for i, h := range e.Heirs {
		at := "heirs." + strconv.Itoa(i) + "."
		if slices.ContainsFunc(e.Heirs[:i], func(o HeirPart) bool { return o.Holder == h.Holder }) {
			f.Invalid(at+"holder", h.Holder, "继承人 %s 写了两次", h.Holder)
		}
		if h.Holder == s.ID && s.Late != nil && s.Late.Estate {
			f.Invalid(at+"holder", h.Holder, "%s就是死者自己", s.Name)
		} else if h.Holder != s.ID {
			CheckHolderOf(c, f, e.Place(), at+"holder", h.Holder)
		}
		if o, ok := shareholders.Get(c, h.Holder); ok && o.ID != s.ID && o.Late != nil && o.Late.Estate {
			f.Add(journal.Conflict, at+"holder", h.Holder, "%s也已死亡", o.Name)
		}
		part, ok := ident.Part(h.Part)
		if !ok {
			f.Invalid(at+"part", h.Part, "份额“%s”看不懂;请写 1/3、三分之一、25%% 或 0.25", h.Part)
			continue
		}
		parts[i] = part
		sum.Add(sum, part)
		all.Mul(all, new(big.Int).Div(part.Denom(), new(big.Int).GCD(nil, nil, all, part.Denom())))
	}
	if len(*f) == 0 && sum.Cmp(big.NewRat(1, 1)) != 0 {
		f.Invalid("heirs", sum.RatString(), "各继承人的份额相加是 %s,不是 1", sum.RatString())
	}
	for i, p := range parts {
		if len(*f) > 0 {
			return nil
		}
		n := new(big.Int).Mul(p.Num(), new(big.Int).Div(all, p.Denom()))
		if !all.IsInt64() || !n.IsInt64() {
			f.Invalid("heirs", len(e.Heirs), "份额的分母太多,请先通分")
			return nil
		}
		list = append(list, money.Weight{Key: e.Heirs[i].Holder, Amount: money.Quantity(n.Int64())})
	}
	return list
}

// divide works out who gets how many shares of one class.
func (e *DivideEstate) divide(c *journal.Checking, f *journal.Faults, s Shareholder, id string, weights []money.Weight) {
	class, _ := classes.Get(c, id)
	entity, _ := entities.Get(c, class.Entity())
	if entity.Dissolved != "" && e.Date >= entity.Dissolved {
		return
	}
	has, _ := holdings.Get(c, id+s.ID)
	has -= toCome(c, id+s.ID, e.Date)
	free := max(0, freeFrom(c, id, s.ID, e.Date))
	switch {
	case has == 0 && free == 0:
		return
	case !c.Who.Region.Contains(journal.PlaceOf(id)):
		c.Doubt("holder", s.Name, "%s在%s还有 %s %s,由那里的会计记继承", s.Name, entity.Name, has.Grouped(), class.Unit.Label())
		return
	case free < has:
		c.Doubt("holder", s.Name, "%s的%s%s还有 %s 质押着或约定了到期,不能动,留在原名下", s.Name, entity.Name, class.Name, (has - free).Grouped())
	}
	if free == 0 {
		return
	}
	parts, err := money.Apportion(money.Yuan(free), weights) // in 0.0001 of a share
	if err != nil {
		f.Invalid("heirs", len(weights), "份额的分母太多,请先通分")
		return
	}
	of := EstateLots{Class: id}
	for i, p := range parts {
		heir := e.Heirs[i].Holder
		if p.Amount == 0 || heir == s.ID {
			continue
		}
		checkOther(c, f, id, "heirs."+strconv.Itoa(i)+".holder", heir)
		doubtHolderCap(c, class, "heirs."+strconv.Itoa(i)+".part", heir, money.Quantity(p.Amount), 0)
		of.Lots = append(of.Lots, Lot{Holder: heir, Quantity: money.Quantity(p.Amount)})
	}
	checkFrozen(c, f, id, e.Date, append(slices.Clone(of.Lots), Lot{s.ID, -sumOf(of.Lots)})...)
	if slices.SortFunc(of.Lots, func(a, b Lot) int { return cmp.Compare(a.Holder, b.Holder) }); len(of.Lots) > 0 {
		e.Estate = append(e.Estate, of)
	}
}

func sumOf(lots []Lot) (sum money.Quantity) {
	for _, l := range lots {
		sum += l.Quantity
	}
	return sum
}

func (e *DivideEstate) Apply(a *journal.Applying) {
	for _, of := range e.Estate {
		for _, lot := range of.Lots {
			move(a, of.Class, lot.Holder, e.Date, Movement{Quantity: lot.Quantity, Cause: "DivideEstate", Why: Inheritance})
		}
		move(a, of.Class, e.Holder, e.Date, Movement{Quantity: -sumOf(of.Lots), Cause: "DivideEstate", Why: Inheritance})
	}
}

// others are between whom and a holder shares of a class went.
func (e *DivideEstate) others(class, holder string) (ids []string) {
	if holder != e.Holder {
		return []string{e.Holder}
	}
	for _, of := range e.Estate {
		for _, lot := range of.Lots {
			if of.Class == class {
				ids = append(ids, lot.Holder)
			}
		}
	}
	return ids
}
