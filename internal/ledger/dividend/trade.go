package dividend

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Trade is one line of trade between a cooperative and a member, or with a non-member, which is booked apart
// (农民专业合作社法 art. 40).
type Trade struct {
	Holder  string         `cbor:"1,keyasint,omitempty"` // "" for a non-member
	Year    int            `cbor:"2,keyasint"`
	Date    journal.Date   `cbor:"3,keyasint"`
	Product string         `cbor:"4,keyasint,omitempty"`
	Volume  money.Quantity `cbor:"5,keyasint,omitempty"`
	Amount  money.Yuan     `cbor:"6,keyasint,omitempty"`
	Entry   uint64         `cbor:"7,keyasint"`
	Reason  string         `cbor:"8,keyasint,omitempty"` // of a line that takes another back
	Unit    string         `cbor:"9,keyasint,omitempty"` // what the volume is counted in: 斤, where that was said
}

var (
	trades     = journal.Folded[Trade]("trade")
	tradeUnits = journal.Folded[tradeUnit]("trade_unit") // entity, year and product → what its volume is counted in, where that was said
)

// nonMember stands for whoever is no member in keys of trade.
const nonMember = "000000000000-00000"

// tradeSum is what a holder's trade of a year comes to.
type tradeSum struct {
	Holder string
	Volume money.Quantity
	Amount money.Yuan
}

func (t tradeSum) weight(m plan.Measure) money.Quantity {
	if m == plan.MeasureVolume {
		return t.Volume
	}
	return money.Quantity(t.Amount)
}

// tradeOf sums up the trade that a component gives back by, in the year of a period, up to the end of a day, in order of the holders' ids:
// of those who held any of the entity's shares in the period, and were members as long as the component asks; what others traded gives no
// patronage (农民专业合作社法 art. 40, 44).
func tradeOf(r store.Reader, entity string, part plan.Component, from, to, upTo journal.Date) (list []tradeSum) {
	members := register.MembersFor(r, entity, part, from, to)
	for _, t := range trades.Scan(r, journal.YearID.Dated(entity, from.Year())) {
		if !members[t.Holder] || t.Date > upTo || part.Product != "" && t.Product != part.Product {
			continue
		}
		if n := len(list); n == 0 || list[n-1].Holder != t.Holder {
			list = append(list, tradeSum{Holder: t.Holder})
		}
		s := &list[len(list)-1]
		s.Volume, s.Amount = s.Volume+t.Volume, s.Amount+t.Amount
	}
	return list
}

// RecordTrade records what a member traded with the cooperative; without a holder, what non-members did.
type RecordTrade struct {
	Entity  string         `cbor:"1,keyasint" json:"entity"`
	Holder  string         `cbor:"2,keyasint,omitempty" json:"holder"`
	Date    journal.Date   `cbor:"3,keyasint" json:"date"`
	Product string         `cbor:"4,keyasint,omitempty" json:"product"`
	Volume  money.Quantity `cbor:"5,keyasint,omitempty" json:"volume"`
	Amount  money.Yuan     `cbor:"6,keyasint,omitempty" json:"amount"`
	Reason  string         `cbor:"7,keyasint,omitempty" json:"reason"` // when the sums are negative: what they take back
	// Unit is what the volume is counted in; a product has one in a year.
	Unit string `cbor:"8,keyasint,omitempty" json:"product_unit,omitempty"`
}

var _ = journal.Register(&RecordTrade{}, journal.Kind{
	Label: "记成员交易", Roles: []journal.Role{journal.Accountant},
	Note: "记错的写负数,并写原因",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
	Hints: map[string]string{
		"holder":       "留空为非成员",
		"product_unit": "交易量的单位,一种产品一年用一个",
	},
})

// Place is the village of the entity.
func (e *RecordTrade) Place() region.Code { return journal.PlaceOf(e.Entity) }

// Subject is the entity's id.
func (e *RecordTrade) Subject() string { return e.Entity }

func (e *RecordTrade) Check(c *journal.Checking) error {
	var f journal.Faults
	entity, err := register.EntityOfIn(c, e.Entity)
	if err != nil {
		return err
	}
	if e.Holder != "" {
		register.CheckHolderOf(c, &f, e.Place(), "holder", e.Holder)
	}
	income.CheckBookDate(c, &f, e.Place(), "date", e.Date)
	switch {
	case e.Amount == 0 && e.Volume == 0:
		f.Invalid("amount", "", "请填写交易额或交易量")
	case (e.Amount < 0 || e.Volume < 0) && e.Reason == "":
		f.Invalid("reason", "", "冲减交易要写明原因")
	case e.Amount > 0 && e.Volume < 0 || e.Amount < 0 && e.Volume > 0:
		f.Invalid("volume", e.Volume, "交易额和交易量一正一负;冲减时两样都写负数")
	}
	if e.checkUnit(c, &f); len(f) > 0 {
		return f
	}
	year := e.Date.Year()
	sum := tradeSum{Amount: e.Amount, Volume: e.Volume}
	for _, t := range trades.Scan(c, journal.YearID.Dated(e.Entity, year)+e.key()) {
		sum.Amount, sum.Volume = sum.Amount+t.Amount, sum.Volume+t.Volume
	}
	if sum.Amount < 0 || sum.Volume < 0 {
		f.Add(journal.Conflict, "amount", e.Amount, "冲减以后 %s 年的交易会小于 0", strconv.Itoa(year))
	}
	if e.Holder != "" { // what non-members traded gives nothing back
		for _, d := range plan.Undercutting(c, plan.Traded, e.Entity, e.Date) {
			if d.Year == year {
				plan.Refuse(c, &f, "date", e.Date, d, plan.Traded, e.Date)
			}
		}
	}
	register.CheckActive(&f, entity, e.Date)
	return f.Err()
}

// checkUnit refuses a second unit for a product in a year: volumes in two units cannot be added up.
func (e *RecordTrade) checkUnit(c *journal.Checking, f *journal.Faults) {
	if e.Unit == "" || e.Date == "" {
		return
	}
	if unit, ok := unitOf(c, e.Entity, e.Date.Year(), e.Product); ok && unit != e.Unit {
		f.Add(journal.Conflict, "product_unit", e.Unit, "%s 年“%s”已经按“%s”记,不能再按“%s”;请折算成一个单位", strconv.Itoa(e.Date.Year()), e.Product, unit,
			e.Unit)
	}
}

// key stands for who traded in keys.
func (e *RecordTrade) key() string { return cmp.Or(e.Holder, nonMember) }

func (e *RecordTrade) Apply(a *journal.Applying) {
	trades.Put(a.Tx, journal.YearID.Dated(e.Entity, e.Date.Year())+e.key()+journal.SeqKey(a.Seq), Trade{
		Holder: e.Holder, Year: e.Date.Year(), Date: e.Date, Product: e.Product, Volume: e.Volume, Amount: e.Amount, Entry: a.Seq,
		Reason: e.Reason, Unit: e.Unit,
	})
	key := journal.YearID.Dated(e.Entity, e.Date.Year()) + e.Product
	of, said := tradeUnits.Get(a, key)
	if of.Volume += e.Volume; e.Unit != "" {
		of.Unit = e.Unit
	}
	switch {
	case of.Unit == "":
	case said && of.Volume == 0: // all of it was taken back: it may be counted otherwise
		tradeUnits.Delete(a.Tx, key)
	default:
		tradeUnits.Put(a.Tx, key, of)
	}
}

// tradeUnit is what the volume of a product is counted in, and how much of it there is since that was said.
type tradeUnit struct {
	_      struct{} `cbor:",toarray"`
	Unit   string
	Volume money.Quantity
}

// unitOf is what the volume of a product is counted in, in a year, where that was said.
func unitOf(r store.Reader, entity string, year int, product string) (string, bool) {
	of, ok := tradeUnits.Get(r, journal.YearID.Dated(entity, year)+product)
	return of.Unit, ok
}

// Traded is a product that members traded in a year, and what its volume is counted in.
type Traded struct{ Product, Unit string }

// Products are the products traded with an entity in a year, by name.
func Products(v *journal.View, entity string, year int) (list []Traded, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, err
	}
	for _, t := range trades.Scan(books, journal.YearID.Dated(entity, year)) {
		if t.Product != "" && !slices.ContainsFunc(list, func(o Traded) bool { return o.Product == t.Product }) {
			unit, _ := unitOf(books, entity, year, t.Product)
			list = append(list, Traded{t.Product, unit})
		}
	}
	slices.SortFunc(list, func(a, b Traded) int { return cmp.Compare(a.Product, b.Product) })
	return list, nil
}

// Trades lists the trade with an entity in a year, of one holder when it is not "", up to limit, from after on.
func Trades(v *journal.View, entity string, year int, holder, after string, limit int) (list []Trade, next string, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, "", err
	}
	return store.Page(books, trades, journal.YearID.Dated(entity, year)+holder, after, limit, func(Trade) bool { return true })
}
