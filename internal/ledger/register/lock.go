package register

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// LockNumbers locks the numbers of a shareholder who holds nothing any more: the journal keeps them, since records of money are kept
// (会计档案管理办法 art. 14), and nobody sees or uses them (个人信息保护法 art. 47: where deletion is not possible, everything but storing and
// protecting ends).
type LockNumbers struct {
	Holder string `cbor:"1,keyasint" json:"holder"`
	Reason string `cbor:"2,keyasint" json:"reason"`
}

// UnlockNumbers takes a lock away, as when the shareholder comes back.
type UnlockNumbers struct {
	Holder string `cbor:"1,keyasint" json:"holder"`
	Reason string `cbor:"2,keyasint" json:"reason"`
}

var (
	_ = journal.Register(&LockNumbers{}, journal.Kind{
		Label: "封存号码", Roles: []journal.Role{journal.Accountant},
		Note: "不再持股、没有欠款的;封存后谁也看不到 / of who holds nothing and is owed nothing; nobody sees them then",
	})
	_ = journal.Register(&UnlockNumbers{}, journal.Kind{
		Label: "解除号码封存", Roles: []journal.Role{journal.Accountant},
	})
)

// Place is the shareholder's home village.
func (e *LockNumbers) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *LockNumbers) Subject() string { return e.Holder }

// Place is the shareholder's home village.
func (e *UnlockNumbers) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *UnlockNumbers) Subject() string { return e.Holder }

// owed tells whether anything is still to be paid to a shareholder; the room of payouts says it (OwedBy).
var owed = func(store.Reader, string) bool { return false }

// OwedBy says how it is found out whether anything is still to be paid to a shareholder.
func OwedBy(find func(r store.Reader, holder string) bool) { owed = find }

func (e *LockNumbers) Check(c *journal.Checking) error {
	s, err := seenHolder(c, e.Holder, "")
	if err != nil {
		return err
	}
	var f journal.Faults
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么封存,例如 已退出多年")
	}
	switch {
	case s.Held > 0:
		f.Add(journal.Conflict, "holder", s.Name, "%s还持有股份,号码还要用", s.Name)
	case owed(c, s.ID):
		f.Add(journal.Conflict, "holder", s.Name, "还有应付给%s的款,号码还要用", s.Name)
	case s.IDNo.Empty() && s.Phone.Empty() && s.Card.Empty() && len(s.Members) == 0:
		f.Add(journal.Conflict, "holder", s.Name, "%s没有登记号码", s.Name)
	}
	for _, m := range memberships.Scan(c, string(s.Village())) {
		if m.Household == s.ID && m.On(c.Today()) {
			f.Add(journal.Conflict, "holder", s.Name, "%s还在成员名册上", m.Name)
			break
		}
	}
	return f.Err()
}

func (e *LockNumbers) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.Locked = a.Seq
	keepShareholder(a, s)
}

func (e *UnlockNumbers) Check(c *journal.Checking) error {
	s, ok := shareholders.Get(c, e.Holder)
	switch {
	case !ok:
		return journal.Missing("holder", e.Holder, "没有编号为 %s 的股东", e.Holder)
	case s.Locked == 0:
		return journal.Clash("holder", s.Name, "%s的号码没有封存", s.Name)
	case e.Reason == "":
		return journal.Wrong("reason", "", "请写明为什么解除封存,例如 重新入股")
	}
	return nil
}

func (e *UnlockNumbers) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.Locked = 0
	keepShareholder(a, s)
}

// EverHeld tells whether a holder has ever had shares of an entity.
func EverHeld(r store.Reader, entity, holder string) bool {
	for class := range classes.Scan(r, journal.ClassID.Front(entity)) {
		for range movements.Scan(r, class+holder) {
			return true
		}
	}
	return false
}

// checkLocked refuses to do anything with a shareholder whose numbers are locked.
func (s Shareholder) checkLocked(field string) error {
	if s.Locked == 0 {
		return nil
	}
	return journal.Clash(field, s.Name, "%s的号码已经封存(第 %s 号);确要再用,先解除封存", s.Name, strconv.FormatUint(s.Locked, 10))
}
