package dividend

import (
	"cmp"
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
}

var trades = journal.Folded[Trade]("trade")

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

// tradeOf sums up the members' trade with an entity in the year of a period, up to the end of a day, in order of the holders' ids. Members
// are those who held any of its shares in the period; what others traded gives no patronage (农民专业合作社法 art. 40, 44).
func tradeOf(r store.Reader, entity string, from, to, upTo journal.Date) (list []tradeSum) {
	members := membersIn(r, entity, from, to)
	for _, t := range trades.Scan(r, journal.YearID.Dated(entity, from.Year())) {
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
func membersIn(r store.Reader, entity string, from, to journal.Date) map[string]bool {
	members := map[string]bool{}
	for id := range register.ClassTable.Scan(r, journal.ClassID.Front(entity)) {
		holder := ""
		var held money.Quantity
		for k, m := range register.MovementTable.Scan(r, id) { // by holder, and of each by day
			at := register.MovementKey(k)
			if at.Holder() != holder {
				holder, held = at.Holder(), 0
			}
			if at.Date() > to {
				continue
			}
			if at.Date() >= from && held > 0 { // held until this day
				members[holder] = true
			}
			if held += m.Quantity; held > 0 && at.Date() >= from {
				members[holder] = true
			}
		}
		for _, s := range register.RegisterOf(r, id, to) {
			if s.Quantity > 0 {
				members[s.Holder] = true
			}
		}
	}
	return members
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
}

var _ = journal.Register(&RecordTrade{}, journal.Kind{
	Label: "记成员交易", Roles: []journal.Role{journal.Accountant},
	Note: "记错的写负数,并写原因",
	Page: func(e journal.Entry) string { return "/members/" + e.Subject() },
	Hints: map[string]string{
		"holder": "留空为非成员",
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
	if len(f) > 0 {
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

// key stands for who traded in keys.
func (e *RecordTrade) key() string { return cmp.Or(e.Holder, nonMember) }

func (e *RecordTrade) Apply(a *journal.Applying) {
	trades.Put(a.Tx, journal.YearID.Dated(e.Entity, e.Date.Year())+e.key()+journal.SeqKey(a.Seq), Trade{
		Holder: e.Holder, Year: e.Date.Year(), Date: e.Date, Product: e.Product, Volume: e.Volume, Amount: e.Amount, Entry: a.Seq,
		Reason: e.Reason,
	})
}

// Trades lists the trade with an entity in a year, of one holder when it is not "", up to limit, from after on.
func Trades(v *journal.View, entity string, year int, holder, after string, limit int) (list []Trade, next string, err error) {
	books, err := v.At(journal.PlaceOf(entity))
	if err != nil {
		return nil, "", err
	}
	return store.Page(books, trades, journal.YearID.Dated(entity, year)+holder, after, limit, func(Trade) bool { return true })
}
