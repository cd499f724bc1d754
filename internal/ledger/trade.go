package ledger

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Measure is what of a member's trade counts.
type Measure string

// The measures.
const (
	MeasureAmount Measure = "amount" // 交易额, yuan
	MeasureVolume Measure = "volume" // 交易量, in the product's unit
)

// Trade is one line of trade between a cooperative and a member, or with a non-member, which is booked apart
// (农民专业合作社法 art. 40).
type Trade struct {
	Holder  string         `cbor:"1,keyasint,omitempty"` // "" for a non-member
	Year    int            `cbor:"2,keyasint"`
	Date    Date           `cbor:"3,keyasint"`
	Product string         `cbor:"4,keyasint,omitempty"`
	Volume  money.Quantity `cbor:"5,keyasint,omitempty"`
	Amount  money.Yuan     `cbor:"6,keyasint,omitempty"`
	Entry   uint64         `cbor:"7,keyasint"`
	Reason  string         `cbor:"8,keyasint,omitempty"` // of a line that takes another back
}

var trades = store.Table[Trade]("trade") // entity, year, holder and number of the entry

// nonMember stands for whoever is no member in keys of trade.
const nonMember = "000000000000-00000"

// tradeSum is what a holder's trade of a year comes to.
type tradeSum struct {
	Holder string
	Volume money.Quantity
	Amount money.Yuan
}

func (t tradeSum) weight(m Measure) money.Quantity {
	if m == MeasureVolume {
		return t.Volume
	}
	return money.Quantity(t.Amount)
}

// tradeOf sums up the members' trade with an entity in the year of a period, up to the end of a day, in order of the holders' ids. Members are those who held
// any of its shares in the period; what others traded gives no patronage (农民专业合作社法 art. 40, 44).
func tradeOf(r store.Reader, entity string, from, to, upTo Date) (list []tradeSum) {
	members := membersIn(r, entity, from, to)
	for _, t := range trades.Scan(r, entity+yearKey(from.Year())) {
		if !members[t.Holder] || t.Date > upTo {
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

// membersIn are those who held any shares of an entity on some day of a period.
func membersIn(r store.Reader, entity string, from, to Date) map[string]bool {
	members := map[string]bool{}
	for id := range classes.Scan(r, entity+"C") {
		holder := ""
		var held money.Quantity
		for k, m := range movements.Scan(r, id) { // by holder, and of each by day
			at := movementKey(k)
			if at.holder() != holder {
				holder, held = at.holder(), 0
			}
			if at.date() > to {
				continue
			}
			if at.date() >= from && held > 0 { // held until this day
				members[holder] = true
			}
			if held += m.Quantity; held > 0 && at.date() >= from {
				members[holder] = true
			}
		}
		for _, s := range registerOf(r, id, to) {
			if s.quantity > 0 {
				members[s.holder] = true
			}
		}
	}
	return members
}

// RecordTrade records what a member traded with the cooperative; without a holder, what non-members did.
type RecordTrade struct {
	Entity  string         `cbor:"1,keyasint" json:"entity"`
	Holder  string         `cbor:"2,keyasint,omitempty" json:"holder"`
	Date    Date           `cbor:"3,keyasint" json:"date"`
	Product string         `cbor:"4,keyasint,omitempty" json:"product"`
	Volume  money.Quantity `cbor:"5,keyasint,omitempty" json:"volume"`
	Amount  money.Yuan     `cbor:"6,keyasint,omitempty" json:"amount"`
	Reason  string         `cbor:"7,keyasint,omitempty" json:"reason"` // when the sums are negative: what they take back
}

// Place is the village of the entity.
func (e *RecordTrade) Place() region.Code { return placeOf(e.Entity) }

// Subject is the entity's id.
func (e *RecordTrade) Subject() string { return e.Entity }

func (e *RecordTrade) roles() []Role { return []Role{Accountant} }

func (e *RecordTrade) check(c *checking) error {
	var f Faults
	entity, err := entityOf(c, e.Entity)
	if err != nil {
		return err
	}
	if e.Holder != "" {
		checkHolderOf(c, &f, e.Place(), "holder", e.Holder)
	}
	checkBookDate(c, &f, e.Place(), "date", e.Date)
	switch {
	case e.Amount == 0 && e.Volume == 0:
		f.invalid("amount", "", "请填写交易额或交易量")
	case (e.Amount < 0 || e.Volume < 0) && e.Reason == "":
		f.invalid("reason", "", "冲减交易要写明原因")
	case e.Amount > 0 && e.Volume < 0 || e.Amount < 0 && e.Volume > 0:
		f.invalid("volume", e.Volume, "交易额和交易量一正一负;冲减时两样都写负数")
	}
	if len(f) > 0 {
		return f
	}
	year := e.Date.Year()
	sum := tradeSum{Amount: e.Amount, Volume: e.Volume}
	for _, t := range trades.Scan(c, e.Entity+yearKey(year)+e.key()) {
		sum.Amount, sum.Volume = sum.Amount+t.Amount, sum.Volume+t.Volume
	}
	if sum.Amount < 0 || sum.Volume < 0 {
		f.add(Conflict, "amount", e.Amount, "冲减以后 %s 年的交易会小于 0", strconv.Itoa(year))
	}
	for _, d := range distributions.Scan(c, e.Entity+"D"+number(year, 4)) {
		if used := !d.Interim || e.Date <= d.RecordDate; used && e.Holder != "" && d.committed() && slices.ContainsFunc(d.Components, func(p Component) bool { return p.Rule == Patronage }) {
			f.add(Conflict, "date", e.Date, "这一天的交易已经用于分红 %s,不能再改", d.ID)
		}
	}
	checkActive(&f, entity, e.Date)
	return f.err()
}

// key stands for who traded in keys.
func (e *RecordTrade) key() string { return cmp.Or(e.Holder, nonMember) }

func (e *RecordTrade) apply(a *applying) {
	trades.Put(a.Tx, e.Entity+yearKey(e.Date.Year())+e.key()+seqKey(a.seq), Trade{
		Holder: e.Holder, Year: e.Date.Year(), Date: e.Date, Product: e.Product, Volume: e.Volume, Amount: e.Amount, Entry: a.seq, Reason: e.Reason,
	})
}

// Trades lists the trade with an entity in a year, of one holder when it is not "", up to limit, from after on.
func (v *View) Trades(entity string, year int, holder, after string, limit int) (list []Trade, next string, err error) {
	if err := v.within(placeOf(entity)); err != nil {
		return nil, "", err
	}
	return page(v, trades, entity+yearKey(year)+holder, after, limit, func(Trade) bool { return true })
}
