package register

import (
	"maps"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Movement is one change of what a shareholder holds of a class. Its key is class, holder, business date and the number of
// the entry that made it, so that a register as of any date is one scan.
type Movement struct {
	_        struct{} `cbor:",toarray"`
	Quantity money.Quantity
	Cause    string        // kind of the entry
	Reverses uint64        // journal number of the entry whose movement this takes back, or 0
	Why      TransferCause // of a transfer
}

var (
	movements = journal.Folded[Movement]("movement")
	holdings  = journal.Folded[money.Quantity]("holding") // class and holder → what is held, by all that is known
)

// MovementTable holds the movements, by MovementKey.
var MovementTable = movements.Readable()

// HoldingTable holds what is held, by class and holder, by all that is known.
var HoldingTable = holdings.Readable()

// MovementKey is the key of a movement: class, holder, business date, number of the entry in the county's chain.
type MovementKey string

func movementKeyOf(class, holder string, on journal.Date, seq uint64) string {
	return class + holder + on.Key() + journal.SeqKey(seq)
}

// parts are the holder in the key, and what stands behind.
func (k MovementKey) parts() (holder, behind string) {
	_, rest := journal.ClassID.Cut(string(k))
	return journal.HolderID.Cut(rest)
}

// Holder is the id of the shareholder whose holding moved.
func (k MovementKey) Holder() string {
	holder, _ := k.parts()
	return holder
}

// Day is the business date as 20251209.
func (k MovementKey) Day() string {
	_, behind := k.parts()
	return behind[:8]
}

// Date is the business date.
func (k MovementKey) Date() journal.Date {
	d := k.Day()
	return journal.Date(d[:4] + "-" + d[4:6] + "-" + d[6:])
}

// Entry is the number of the entry in the chain of the county.
func (k MovementKey) Entry() uint64 {
	_, seq := journal.CutSeq(string(k))
	return seq
}

// held finds the classes a holder has or had shares of: holder and class, no value.
var held = journal.FoldedSet("held")

// IssueShares gives new shares of a class to a shareholder.
type IssueShares struct {
	Class      string         `cbor:"1,keyasint" json:"class"`
	Holder     string         `cbor:"2,keyasint" json:"holder"`
	Quantity   money.Quantity `cbor:"3,keyasint" json:"quantity"`
	Date       journal.Date   `cbor:"4,keyasint" json:"date"`
	Resolution string         `cbor:"5,keyasint,omitempty" json:"resolution"`
	// IDNo names a holder registered in the entity's own village by ID number, where Holder is empty.
	IDNo string `cbor:"-" json:"id_no"`
	// Name, where it is given, must be the holder's: a list that names people by number says so when it has the wrong one.
	Name string `cbor:"-" json:"name"`
	// First refuses the issue where the holder has, or once had, shares of the class.
	First bool `cbor:"-" json:"first"`
}

var _ = journal.Register(&IssueShares{}, journal.Kind{
	Label: "配股", Roles: []journal.Role{journal.Accountant}, Event: true,
	Hints: map[string]string{
		"name":     "给了就必须与登记的相同",
		"quantity": "至多四位小数",
		"first":    "true 则只在还没有这种股时配",
	},
})

// Place is the village of the entity that issues the shares.
func (e *IssueShares) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *IssueShares) Subject() string { return e.Holder }

func (e *IssueShares) Check(c *journal.Checking) error {
	var f journal.Faults
	if e.Quantity <= 0 {
		f.Invalid("quantity", e.Quantity, "股数 %s 必须大于 0", e.Quantity.String())
	}
	journal.CheckDate(c, &f, "date", e.Date)
	class, err := classOf(c, e.Class)
	if err != nil {
		f = append(f, journal.All(err)...)
	} else if class.Issued+e.Quantity > 9*money.MaxQuantity {
		f.Invalid("quantity", e.Quantity, "加上这一笔,这种股份的总数太大")
	}
	if e.Holder == "" && e.IDNo != "" {
		holder, ok := numbered(c, e.Place(), c.Digests(seal.ResidentID, ident.Clean(e.IDNo)))
		if !ok {
			f.Add(journal.NotFound, "id_no", ident.Mask(e.IDNo), "本村没有登记身份证号为 %s 的股东", ident.Mask(e.IDNo))
			return f.Err()
		}
		e.Holder = holder
	}
	if err == nil {
		checkStatic(c, &f, class, e.Date)
	}
	CheckHolderOf(c, &f, e.Place(), "holder", e.Holder)
	checkFrozen(c, &f, e.Class, e.Date, Lot{e.Holder, e.Quantity})
	checkOther(c, &f, e.Class, "holder", e.Holder)
	checkHolderCap(c, &f, class, "quantity", e.Holder, e.Quantity, e.Quantity)
	resolution.Name(c, &f, &e.Resolution, journal.EntityID.In(e.Class), resolution.Shares)
	if s, ok := shareholders.Get(c, e.Holder); ok && e.Name != "" && !s.Called(e.Name) {
		f.Add(journal.Conflict, "name", e.Name, "这个身份证号登记的是%s,不是%s", s.Name, e.Name)
	}
	if e.First && held.Has(c, e.Holder+e.Class) {
		has, _ := holdings.Get(c, e.Class+e.Holder)
		f.Add(journal.Conflict, "quantity", e.Quantity, "这一户已有或曾有这种股,现持有 %s", has.String())
	}
	return f.Err()
}

// checkFrozen refuses movements of a class that would change what a submitted plan stands on: the register of its record date, or who was a
// member in its year.
func checkFrozen(c *journal.Checking, f *journal.Faults, class string, on journal.Date, lots ...Lot) {
	if !journal.ClassID.Is(class) || on == "" {
		return
	}
	before := len(*f)
	if plan.Guard(c, f, "date", on, plan.Balances, class, on); len(*f) > before {
		return
	}
	GuardMembers(c, f, "date", on, journal.EntityID.In(class), on, lots...)
}

// GuardMembers refuses movements of an entity's shares on a day, of all its classes together, that would change whom a submitted plan
// counts as members.
func GuardMembers(c *journal.Checking, f *journal.Faults, field string, value any, entity string, on journal.Date, lots ...Lot) {
	by := map[string]money.Quantity{}
	for _, lot := range lots {
		by[lot.Holder] += lot.Quantity
	}
	for _, d := range plan.Undercutting(c, plan.Membership, entity, on) {
		for _, holder := range slices.Sorted(maps.Keys(by)) {
			if changesMembers(c, d, holder, by[holder], on) {
				plan.Refuse(c, f, field, value, d, plan.Membership, on)
				return
			}
		}
	}
}

func (e *IssueShares) Apply(a *journal.Applying) {
	resolution.Rest(a, e.Resolution)
	move(a, e.Class, e.Holder, e.Date, Movement{Quantity: e.Quantity, Cause: "IssueShares"})
	issued(a, e.Class, e.Quantity)
}

// ReverseMovement takes back a wrong movement of a class, named by its number in the journal, from the day it was dated on: an issue or a
// contribution, a transfer, a withdrawal, an adjustment. What it gave must still be there.
type ReverseMovement struct {
	Class    string       `cbor:"1,keyasint" json:"class"`
	Holder   string       `cbor:"2,keyasint" json:"holder"`   // one of those it moved shares of
	Movement int          `cbor:"3,keyasint" json:"movement"` // its journal number in the county's chain
	Reason   string       `cbor:"4,keyasint" json:"reason"`
	Date     journal.Date `cbor:"6,keyasint" json:"-"`
	// Contribution is what the shares were issued for, taken back with them; "" where they were for nothing.
	Contribution string `cbor:"7,keyasint,omitempty" json:"-"`
	Back         []Lot  `cbor:"8,keyasint" json:"-"` // how each holding changes
}

var _ = journal.Register(&ReverseMovement{}, journal.Kind{
	Label: "冲销股份变动", Roles: []journal.Role{journal.Accountant}, Event: true,
	Note: "从它的日期起冲销 / takes back an issue, contribution, transfer, withdrawal or adjustment",
	Hints: map[string]string{
		"movement": "那次配股、入股、流转、退出或调整的日志号",
	},
})

// Place is the village of the entity whose shares were moved.
func (e *ReverseMovement) Place() region.Code { return journal.PlaceOf(e.Class) }

// Subject is the holder's id.
func (e *ReverseMovement) Subject() string { return e.Holder }

func (e *ReverseMovement) Check(c *journal.Checking) error {
	if e.Reason == "" {
		return journal.Wrong("reason", "", "请写明冲销的原因")
	}
	if _, err := classOf(c, e.Class); err != nil {
		return err
	}
	if err := checkHolder(c, "holder", e.Holder); err != nil {
		return err
	}
	e.Back, e.Contribution = nil, ""
	found := false
	for k, m := range movements.Scan(c, e.Class) {
		if m.Reverses == uint64(e.Movement) && e.Movement > 0 {
			return journal.Clash("movement", e.Movement, "第 %s 号变动已经冲销", strconv.Itoa(e.Movement))
		}
		if at := MovementKey(k); at.Entry() == uint64(e.Movement) && m.Reverses == 0 {
			if err := checkNotRetired(m.Cause, e.Movement); err != nil {
				return err
			}
			e.Date, e.Back = at.Date(), append(e.Back, Lot{Holder: at.Holder(), Quantity: -m.Quantity})
			found = found || at.Holder() == e.Holder
		}
	}
	if !found {
		return journal.Missing("movement", e.Movement, "股东 %s 的这种股份没有第 %s 号变动", e.Holder, strconv.Itoa(e.Movement))
	}
	for id, b := range contributions.Scan(c, journal.EntityID.In(e.Class)) {
		if b.Entry == uint64(e.Movement) {
			e.Contribution = id
		}
	}
	var f journal.Faults
	for _, lot := range e.Back {
		if s, _ := shareholders.Get(c, lot.Holder); s.Locked != 0 {
			f = append(f, journal.All(s.checkLocked("holder"))...)
		}
		if lot.Quantity < 0 {
			checkFree(c, &f, e.Class, lot.Holder, "movement", e.Date, -lot.Quantity)
		}
	}
	checkFrozen(c, &f, e.Class, e.Date, e.Back...)
	return f.Err()
}

func (e *ReverseMovement) Apply(a *journal.Applying) {
	var sum money.Quantity
	for _, lot := range e.Back {
		move(a, e.Class, lot.Holder, e.Date, Movement{Quantity: lot.Quantity, Cause: "ReverseMovement", Reverses: uint64(e.Movement)})
		sum += lot.Quantity
	}
	issued(a, e.Class, sum)
	if b, ok := contributions.Get(a, e.Contribution); ok {
		b.Reversed = a.Seq
		contributions.Put(a, b.ID, b)
	}
}

// move changes what a holder holds of a class, from a date on, and keeps the counts of shareholders that follow from it. The counts are of
// all that is known, also of what is dated on a day to come (term.go).
func move(a *journal.Applying, class, holder string, on journal.Date, by Movement) {
	movements.Put(a.Tx, movementKeyOf(class, holder, on, a.Seq), by)
	if on > journal.DateOf(a.Stamp().Time()) {
		later.Put(a.Tx, movementKeyOf(class, holder, on, a.Seq), by.Quantity)
	}
	before, had := holdings.Get(a, class+holder)
	after := before + by.Quantity
	if after != 0 {
		holdings.Put(a.Tx, class+holder, after)
	} else {
		holdings.Delete(a.Tx, class+holder)
	}
	step := 0
	switch {
	case had && after == 0:
		step = -1
	case !had && after != 0:
		step = 1
		held.Add(a.Tx, holder+class)
	}
	s, _ := shareholders.Get(a, holder)
	was := s
	years, follows := heldSince(a, s, class, on.Year(), by)
	if !follows {
		years = yearsHeld(a, holder)
	}
	if step == 0 && slices.Equal(s.Years, years) {
		return
	}
	s.Held, s.Years = s.Held+step, years
	shareholders.Replace(a, holder, &was, s)
	if first := s.Held == 1 && step == 1; first || s.Held == 0 && step == -1 {
		village, _ := journal.VillageID.Cut(holder)
		t, _ := tallies.Get(a, village)
		t.Holders += step
		t.People += step * s.People
		tallies.Put(a.Tx, village, t)
	}
}

// Holding is what a shareholder holds of a class. Registers as of a day also say which movement was the last to change it.
type Holding struct {
	Class    ShareClass
	Holder   string
	Quantity money.Quantity
	Since    journal.Date
	Cause    string
	Why      TransferCause // of a transfer
	Entry    uint64
	End      End // the first that is known
}

// Stake is what one holder holds of a class whose register is being read, and the movement that was the last to change it.
type Stake struct {
	Holder   string
	Quantity money.Quantity
	last     MovementKey
	cause    string
	why      TransferCause
}

// RegisterOf reads who held a class at the end of a day, in order of the holders' ids. A movement dated that day counts. Each movement is
// told to those who ask.
func RegisterOf(r store.Reader, class string, on journal.Date, tell ...func(*Stake, MovementKey, Movement)) (list []Stake) {
	day := on.Key()
	for k, m := range movements.Scan(r, class) {
		at := MovementKey(k)
		if at.Day() > day {
			continue
		}
		holder := at.Holder()
		if n := len(list); n == 0 || list[n-1].Holder != holder {
			list = append(list, Stake{Holder: holder})
		}
		s := &list[len(list)-1]
		s.Quantity += m.Quantity
		s.last, s.cause, s.why = at, m.Cause, m.Why
		for _, f := range tell {
			f(s, at, m)
		}
	}
	return list
}

// Holders lists what the holders of a class hold today, in order of their ids, up to limit, from after on.
func Holders(v *journal.View, class string, after string, limit int) (list []Holding, next string, err error) {
	books, err := v.At(journal.PlaceOf(class))
	if err != nil {
		return nil, "", err
	}
	s, err := classOf(books, class)
	if err != nil {
		return nil, "", err
	}
	from, last := class, ""
	if after != "" {
		from = max(class, store.After(after))
	}
	for k, q := range heldNow(books, class, from, v.Today()) {
		if len(list) == limit {
			return list, last, nil
		}
		_, holder := journal.ClassID.Cut(k)
		list, last = append(list, Holding{Class: s, Holder: holder, Quantity: q}), k
	}
	return list, "", nil
}

// RegisterOn lists who held a class at the end of a day, and how much, in order of the holders' ids.
func RegisterOn(v *journal.View, class string, on journal.Date) (list []Holding, err error) {
	books, err := v.At(journal.PlaceOf(class))
	if err != nil {
		return nil, err
	}
	s, err := classOf(books, class)
	if err != nil {
		return nil, err
	}
	ends := endsOf(books, class, "", on)
	for _, h := range RegisterOf(books, class, on) {
		if h.Quantity != 0 {
			list = append(list, Holding{s, h.Holder, h.Quantity, h.last.Date(), h.cause, h.why, h.last.Entry(), ends[h.Holder]})
		}
	}
	return list, nil
}

// CauseLabel names in Chinese what last changed the holding.
func (h Holding) CauseLabel() journal.Label {
	if h.Why != "" {
		return h.Why.Label()
	}
	return journal.KindLabel(h.Cause)
}

// StandingOf lists what a shareholder holds now of entities that still stand: what a certificate says.
func StandingOf(v *journal.View, holder string) (list []Holding, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	all, err := HoldingsOf(v, holder)
	for _, h := range all {
		if e, _ := entities.Get(books, h.Class.Entity()); h.Quantity != 0 && e.Dissolved == "" {
			list = append(list, h)
		}
	}
	return list, err
}

// HoldingsOf lists what a shareholder holds today, in every entity; a class of which nothing is left is listed with none.
func HoldingsOf(v *journal.View, holder string) (list []Holding, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	for k := range held.Each(books, holder) {
		_, id := journal.HolderID.Cut(k)
		class, _ := classes.Get(books, id)
		q, _ := holdings.Get(books, class.ID+holder)
		list = append(list, Holding{Class: class, Holder: holder, Quantity: q - toCome(books, class.ID+holder, v.Today()),
			End: endsOf(books, class.ID, holder, v.Today())[holder]})
	}
	return list, nil
}

// HoldsOf is what a holder holds of a class, by all that is known.
func HoldsOf(r store.Reader, class, holder string) money.Quantity {
	q, _ := holdings.Get(r, class+holder)
	return q
}

// HeldNow returns what a holder holds of a class today.
func HeldNow(v *journal.View, class, holder string) (money.Quantity, error) {
	books, err := v.At(journal.PlaceOf(class))
	if err != nil {
		return 0, err
	}
	q, _ := holdings.Get(books, class+holder)
	return q - toCome(books, class+holder, v.Today()), nil
}

// HoldingEvent is one line of a shareholder's history in a class.
type HoldingEvent struct {
	Class ShareClass
	Movement
	Date  journal.Date
	Entry uint64
}

// OnPaper tells whether the movement rests on a paper of the heirs', not on a resolution.
func (e HoldingEvent) OnPaper() bool { return e.Cause == "DivideEstate" }

// With tells of a movement of a holder's shares between whom they went, by name, and on which resolution or contract it rests.
func With(v *journal.View, e HoldingEvent, holder string) (names []string, basis string, err error) {
	books, err := v.At(journal.PlaceOf(e.Class.ID))
	if err != nil { // another village's entity: that village's journal says it
		return nil, "", nil
	}
	j, err := v.JournalEntry(journal.PlaceOf(e.Class.ID).Chain(), e.Entry)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	switch t := j.Entry.(type) {
	case *TransferShares:
		if basis = t.Resolution; t.From != holder {
			ids = []string{t.From}
			break
		}
		for _, lot := range t.To {
			ids = append(ids, lot.Holder)
		}
	case *IssueShares:
		basis = t.Resolution
	case *RecordContribution:
		basis = t.Resolution
	case *WithdrawShares:
		basis = t.Resolution
	case *AdjustShares:
		basis = t.Resolution
	case *EndHolding:
		basis = t.Resolution
	case *DivideEstate:
		basis, ids = t.Basis, t.others(e.Class.ID, holder)
	}
	for _, id := range ids {
		s, _ := shareholders.Get(books, id)
		names = append(names, s.Name)
	}
	return names, basis, nil
}

// HoldingEvents lists the movements that made up a shareholder's holding of a class.
func HoldingEvents(v *journal.View, class, holder string) (list []HoldingEvent, err error) {
	books, err := v.At(journal.PlaceOf(holder))
	if err != nil {
		return nil, err
	}
	s, err := classOf(books, class)
	if err != nil {
		return nil, err
	}
	for k, m := range movements.Scan(books, class+holder) {
		at := MovementKey(k)
		list = append(list, HoldingEvent{s, m, at.Date(), at.Entry()})
	}
	return list, nil
}
