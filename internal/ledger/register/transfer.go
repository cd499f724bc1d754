package register

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// TransferCause is why shares go from one shareholder to others without their number changing.
type TransferCause string

// The causes.
const (
	Sale        TransferCause = "transfer"    // 转让
	Gift        TransferCause = "gift"        // 赠与
	Inheritance TransferCause = "inheritance" // 继承, to one heir or several
	HouseSplit  TransferCause = "split"       // 分户
	HouseMerger TransferCause = "merger"      // 并户
)

// TransferCauses lists all causes.
func TransferCauses() []TransferCause {
	return []TransferCause{Sale, Gift, Inheritance, HouseSplit, HouseMerger}
}

// Label names the cause in Chinese.
func (t TransferCause) Label() journal.Label {
	switch t {
	case Sale:
		return "转让"
	case Gift:
		return "赠与"
	case Inheritance:
		return "继承"
	case HouseSplit:
		return "分户"
	case HouseMerger:
		return "并户"
	}
	return journal.Label(t)
}

// Lot is how many shares one shareholder gets.
type Lot struct {
	Holder   string         `cbor:"1,keyasint" json:"holder"`
	Quantity money.Quantity `cbor:"2,keyasint" json:"quantity"`
}

// maxLots is the most shareholders one movement may go to.
const maxLots = 50

// TransferShares moves shares of a class from one shareholder to others: sold, given, inherited, or along with a household that splits or
// merges. The class has as many shares after it as before.
type TransferShares struct {
	Class      string        `cbor:"1,keyasint" json:"class"`
	From       string        `cbor:"2,keyasint" json:"from"`
	To         []Lot         `cbor:"3,keyasint" json:"to"`
	Date       journal.Date  `cbor:"4,keyasint" json:"date"`
	Cause      TransferCause `cbor:"5,keyasint" json:"cause"`
	Resolution string        `cbor:"6,keyasint,omitempty" json:"resolution"`
}

var _ = journal.Register(&TransferShares{}, journal.Kind{
	Label: "股份流转", Roles: []journal.Role{journal.Accountant}, Event: true,
	Hints: map[string]string{
		"to.holder": "一个或几个接收人",
		"cause":     "transfer/gift/inheritance/split/merger",
	},
})

// Place is the village of the entity whose shares move.
func (e *TransferShares) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the shareholder the shares come from.
func (e *TransferShares) Subject() string { return e.From }

func (e *TransferShares) Check(c *journal.Checking) error {
	var f journal.Faults
	if !slices.Contains(TransferCauses(), e.Cause) {
		f.Invalid("cause", e.Cause, "没有“%s”这种变动;可用 transfer、gift、inheritance、split、merger", string(e.Cause))
	}
	checkMovement(c, &f, e.Class, e.From, "from", e.Date, append(slices.Clone(e.To), Lot{e.From, -sumOf(e.To)})...)
	if class, _ := classes.Get(c, e.Class); class.Bound && (e.Cause == Sale || e.Cause == Gift) {
		f.Add(journal.Conflict, "class", e.Class, "%s按章程不能%s,只能继承或随户分合", class.Name, e.Cause.Label())
	}
	resolution.Name(c, &f, &e.Resolution, journal.EntityID.In(e.Class), "")
	if len(e.To) == 0 || len(e.To) > maxLots {
		f.Invalid("to", len(e.To), "要有 1 到 %s 个接收人", strconv.Itoa(maxLots))
		return f
	}
	var sum money.Quantity
	seen := map[string]bool{e.From: true}
	for i, lot := range e.To {
		at := "to." + strconv.Itoa(i) + "."
		if lot.Quantity <= 0 {
			f.Invalid(at+"quantity", lot.Quantity, "股数 %s 必须大于 0", lot.Quantity.String())
		}
		if seen[lot.Holder] {
			f.Invalid(at+"holder", lot.Holder, "股东 %s 写了两次,或就是转出的一方", lot.Holder)
		}
		seen[lot.Holder] = true
		CheckHolderOf(c, &f, e.Place(), at+"holder", lot.Holder)
		checkOther(c, &f, e.Class, at+"holder", lot.Holder)
		sum += lot.Quantity
	}
	if len(f) > 0 {
		return f
	}
	checkFree(c, &f, e.Class, e.From, "to.0.quantity", e.Date, sum)
	class, _ := classes.Get(c, e.Class)
	for i, lot := range e.To {
		at := "to." + strconv.Itoa(i) + ".quantity"
		if e.Cause == Inheritance || e.Cause == HouseMerger {
			doubtHolderCap(c, class, at, lot.Holder, lot.Quantity, 0)
		} else {
			checkHolderCap(c, &f, class, at, lot.Holder, lot.Quantity, 0)
		}
	}
	return f.Err()
}

func (e *TransferShares) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	var sum money.Quantity
	for _, lot := range e.To {
		sum += lot.Quantity
		move(a, e.Class, lot.Holder, e.Date, Movement{Quantity: lot.Quantity, Cause: "TransferShares", Why: e.Cause})
	}
	move(a, e.Class, e.From, e.Date, Movement{Quantity: -sum, Cause: "TransferShares", Why: e.Cause})
}

// checkMovement refuses a movement without a class, a holder or a date, and one that would change what a plan stands on.
func checkMovement(c *journal.Checking, f *journal.Faults, class, holder, field string, on journal.Date, lots ...Lot) {
	journal.CheckDate(c, f, "date", on)
	checkFrozen(c, f, class, on, lots...)
	checkClass(c, f, class, on)
	CheckHolderOf(c, f, journal.PlaceOf(class), field, holder)
}

// checkClass refuses a class that is not there, or whose entity was dissolved by a day.
func checkClass(c *journal.Checking, f *journal.Faults, class string, on journal.Date) {
	s, ok := classes.Get(c, class)
	if !ok {
		f.Add(journal.NotFound, "class", class, "没有编号为 %s 的股份", class)
		return
	}
	e, _ := entities.Get(c, s.Entity())
	CheckActive(f, e, on)
}

// checkOther refuses to give an entity shares of its own.
func checkOther(c *journal.Checking, f *journal.Faults, class, field, holder string) {
	s, _ := shareholders.Get(c, holder)
	if s.Kind.Personal() || s.IDNo.Empty() || journal.EntityID.In(class) == "" {
		return
	}
	if e, ok := entities.Get(c, journal.EntityID.In(class)); ok && e.CreditCode != "" &&
		slices.ContainsFunc(c.Digests(seal.ResidentID, e.CreditCode), func(d []byte) bool { return bytes.Equal(d, s.IDNo.Digest) }) {
		f.Add(journal.Conflict, field, s.Name, "%s就是发股的%s自己,不能持有自己的股份", s.Name, e.Name)
	}
}

// CheckHolderOf refuses a holder who is not there, or whose home the actor's account does not reach.
func CheckHolderOf(c *journal.Checking, f *journal.Faults, place region.Code, field, holder string) {
	if err := checkHolder(c, field, holder); err != nil {
		*f = append(*f, journal.All(err)...)
	} else if home := journal.PlaceOf(holder); home.Chain() != place.Chain() || !c.Who.Region.Contains(home) {
		f.Add(journal.Conflict, field, holder, "股东 %s 不归您的账号管;请先在本村登记为外来投资者", holder)
	}
}

// WithdrawShares gives shares back to the entity for money (有偿退出). The charter says how much of a class may go in a year.
type WithdrawShares struct {
	Class      string         `cbor:"1,keyasint" json:"class"`
	Holder     string         `cbor:"2,keyasint" json:"holder"`
	Quantity   money.Quantity `cbor:"3,keyasint" json:"quantity"`
	Date       journal.Date   `cbor:"4,keyasint" json:"date"`
	Paid       money.Yuan     `cbor:"5,keyasint,omitempty" json:"paid"` // yuan, in all
	Resolution string         `cbor:"6,keyasint,omitempty" json:"resolution"`
}

var _ = journal.Register(&WithdrawShares{}, journal.Kind{
	Label: "有偿退出", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note:  "每年上限由章程定 / capped by the charter",
	Hints: map[string]string{},
})

// Place is the village of the entity that takes the shares back.
func (e *WithdrawShares) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *WithdrawShares) Subject() string { return e.Holder }

func (e *WithdrawShares) Check(c *journal.Checking) error {
	var f journal.Faults
	checkMovement(c, &f, e.Class, e.Holder, "holder", e.Date, Lot{e.Holder, -e.Quantity})
	if e.Quantity <= 0 {
		f.Invalid("quantity", e.Quantity, "股数 %s 必须大于 0", e.Quantity.String())
	}
	resolution.Name(c, &f, &e.Resolution, journal.EntityID.In(e.Class), resolution.Withdrawal)
	if e.Paid <= 0 {
		f.Invalid("paid", e.Paid, "有偿退出要写明付给的金额,大于 0;无偿的请用“调整”")
	}
	if len(f) > 0 {
		return f
	}
	checkFree(c, &f, e.Class, e.Holder, "quantity", e.Date, e.Quantity)
	class, _ := classes.Get(c, e.Class)
	entity, _ := entities.Get(c, class.Entity())
	year := e.Date.Year()
	base, gone := withdrawable(c, e.Class, e.Date)
	if entity.WithdrawalCap == 0 {
		f.Add(journal.Conflict, "class", e.Class, "%s的章程没有允许有偿退出", entity.Name)
		return f
	}
	most := money.Quantity(base.Decimal().Mul(entity.WithdrawalCap.Decimal()).Shift(-2).Shift(4).IntPart())
	if gone+e.Quantity > most {
		f.Add(journal.Conflict, "quantity", e.Quantity, "章程规定有偿退出每年不超过 %s%%,即 %s 年最多 %s;已退 %s",
			entity.WithdrawalCap.String(), strconv.Itoa(year), most.Grouped(), gone.Grouped())
	}
	doubtShrunk(c, class, "quantity", -e.Quantity)
	return f.Err()
}

// lastMovement is the latest business date, up to a day, on which anything moved in an entity's classes whose ids begin with a prefix.
func lastMovement(r store.Reader, prefix string, today journal.Date) (last journal.Date) {
	for k := range r.Scan(string(movements), prefix, store.PrefixEnd(prefix)) {
		if d := MovementKey(k).Date(); d <= today {
			last = max(last, d)
		}
	}
	return last
}

// firstMovement is the earliest such day, "" where nothing has moved.
func firstMovement(r store.Reader, prefix string) (first journal.Date) {
	for k := range r.Scan(string(movements), prefix, store.PrefixEnd(prefix)) {
		if d := MovementKey(k).Date(); first == "" || d < first {
			first = d
		}
	}
	return first
}

// ReversedIn are the numbers of a class's movements that were taken back.
func ReversedIn(r store.Reader, class string) map[uint64]bool {
	list := map[uint64]bool{}
	for _, m := range movements.Scan(r, class) {
		if m.Reverses != 0 {
			list[m.Reverses] = true
		}
	}
	return list
}

// withdrawable counts the units that a year's cap on withdrawals is of, and those withdrawn in the year. The cap is of what was out at the
// beginning of the year, or at most on a day before the year's first withdrawal, be it the one on a day that is asked about.
func withdrawable(c *journal.Checking, class string, on journal.Date) (base, gone money.Quantity) {
	year := strconv.Itoa(on.Year())
	first, byDay := on.Key(), map[string]money.Quantity{}
	reversed := ReversedIn(c, class)
	for k, m := range movements.Scan(c, class) {
		at := MovementKey(k)
		if m.Reverses != 0 || reversed[at.Entry()] {
			continue
		}
		day := at.Day()
		if day < year {
			base += m.Quantity
			continue
		}
		byDay[day] += m.Quantity
		if m.Cause == "WithdrawShares" && day[:4] == year {
			gone, first = gone-m.Quantity, min(first, day)
		}
	}
	out := base
	for _, day := range slices.Sorted(maps.Keys(byDay)) {
		if day >= first {
			break
		}
		out += byDay[day]
		base = max(base, out)
	}
	return base, gone
}

func (e *WithdrawShares) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	move(a, e.Class, e.Holder, e.Date, Movement{Quantity: -e.Quantity, Cause: "WithdrawShares"})
	issued(a, e.Class, -e.Quantity)
}

// issued changes the number of shares of a class in holders' hands.
func issued(a *journal.Applying, id string, by money.Quantity) {
	class, _ := classes.Get(a, id)
	class.Issued += by
	classes.Put(a.Tx, id, class)
}

// AdjustShares changes holdings of a class under a resolution of the members, as when a register that is adjusted yearly follows births and
// deaths.
type AdjustShares struct {
	Class      string       `cbor:"1,keyasint" json:"class"`
	Changes    []Lot        `cbor:"2,keyasint" json:"changes"` // quantities may be negative
	Date       journal.Date `cbor:"3,keyasint" json:"date"`
	Resolution string       `cbor:"4,keyasint" json:"resolution"`
}

var _ = journal.Register(&AdjustShares{}, journal.Kind{
	Label: "调整股份", Roles: []journal.Role{journal.Accountant}, Event: true,
})

// Place is the village of the entity.
func (e *AdjustShares) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the class.
func (e *AdjustShares) Subject() string { return e.Class }

func (e *AdjustShares) Check(c *journal.Checking) error {
	var f journal.Faults
	journal.CheckDate(c, &f, "date", e.Date)
	checkFrozen(c, &f, e.Class, e.Date, e.Changes...)
	class, ok := classes.Get(c, e.Class)
	if !ok {
		f.Add(journal.NotFound, "class", e.Class, "没有编号为 %s 的股份", e.Class)
		return f
	}
	checkStatic(c, &f, class, e.Date)
	if e.Resolution == "" {
		f.Invalid("resolution", "", "调整股份要写明决议编号")
	}
	resolution.Name(c, &f, &e.Resolution, class.Entity(), resolution.Shares)
	if len(e.Changes) == 0 {
		f.Invalid("changes", "", "请至少填一户的股数")
	}
	seen := map[string]bool{}
	var sum money.Quantity
	for i, lot := range e.Changes {
		at := "changes." + strconv.Itoa(i) + "."
		if lot.Quantity == 0 {
			f.Invalid(at+"quantity", lot.Quantity, "调整的股数不能是 0")
		}
		if seen[lot.Holder] {
			f.Invalid(at+"holder", lot.Holder, "股东 %s 写了两次", lot.Holder)
		}
		seen[lot.Holder] = true
		before := len(f)
		checkOther(c, &f, e.Class, at+"holder", lot.Holder)
		if CheckHolderOf(c, &f, e.Place(), at+"holder", lot.Holder); len(f) == before && lot.Quantity < 0 {
			checkFree(c, &f, e.Class, lot.Holder, at+"quantity", e.Date, -lot.Quantity)
		}
		sum += lot.Quantity
	}
	for i, lot := range e.Changes {
		if lot.Quantity > 0 {
			checkHolderCap(c, &f, class, "changes."+strconv.Itoa(i)+".quantity", lot.Holder, lot.Quantity, sum)
		}
	}
	if sum < 0 {
		doubtShrunk(c, class, "changes.0.quantity", sum)
	}
	return f.Err()
}

func (e *AdjustShares) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	var sum money.Quantity
	for _, lot := range e.Changes {
		move(a, e.Class, lot.Holder, e.Date, Movement{Quantity: lot.Quantity, Cause: "AdjustShares"})
		sum += lot.Quantity
	}
	issued(a, e.Class, sum)
}

// checkStatic refuses to add or take away shares of a class that is closed or whose entity is dissolved, and from the day on that the
// charter freezes the register (增人不增股、减人不减股).
func checkStatic(c *journal.Checking, f *journal.Faults, class ShareClass, on journal.Date) {
	if class.Closed != "" && on >= class.Closed {
		f.Add(journal.Conflict, "class", class.ID, "%s已于 %s 停止配股", class.Name, string(class.Closed))
	}
	e, _ := entities.Get(c, class.Entity())
	CheckActive(f, e, on)
	if e.Founded != "" && on < e.Founded {
		f.Invalid("date", on, "日期 %s 早于%s成立的 %s", string(on), e.Name, string(e.Founded))
	}
	if e.FrozenFrom != "" && on >= e.FrozenFrom {
		f.Add(journal.Conflict, "date", on, "%s的章程规定自 %s 起股权固化(增人不增股、减人不减股),不再配股或调整", e.Name, string(e.FrozenFrom))
	}
}
