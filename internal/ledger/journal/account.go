package journal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Role is what an account is for.
type Role string

// The roles. Who enters does not approve (村账乡代管), who reads does not write.
const (
	Accountant    Role = "accountant"    // enters a village's books
	Reviewer      Role = "reviewer"      // checks and approves a township's villages
	Official      Role = "official"      // reads a county or city
	Administrator Role = "administrator" // divisions and accounts; no books
	Auditor       Role = "auditor"       // reads all of a region, its journal and the log of who came in; writes nothing
	Supervisor    Role = "supervisor"    // 监事会、民主理财小组: reads one village's books and papers; writes nothing
	// Anybody is whoever comes to the public page without an account: no account has this role.
	Anybody Role = "anybody"
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{Accountant, Reviewer, Official, Administrator, Auditor, Supervisor}
}

// Label names the role in Chinese.
func (r Role) Label() Label {
	switch r {
	case Accountant:
		return "村会计"
	case Reviewer:
		return "镇级审核"
	case Official:
		return "县市查阅"
	case Administrator:
		return "管理员"
	case Auditor:
		return "审计"
	case Supervisor:
		return "村务监督"
	case Anybody:
		return "来访的人"
	}
	return Label(r)
}

// Actor is who does something: an account with its role and region.
type Actor struct {
	Account string
	Role    Role
	Region  region.Code
	// ByConsole says that the ledger's own machine acts for the account, whose password was not given: records say so, and what only its
	// person may decide is refused.
	ByConsole bool
	// Home is the region of the account's first duty, to which its own password and layouts belong wherever it acts.
	Home region.Code
}

// Duty is what an account is for somewhere. A person may have several: the books of two villages, the review of a township.
type Duty struct {
	Role   Role        `cbor:"1,keyasint" json:"role"`
	Region region.Code `cbor:"2,keyasint" json:"region"`
}

// Covers tells whether a duty is the one, or reaches farther: of the same role, and in a region around it.
func (d Duty) Covers(other Duty) bool { return d.Role == other.Role && d.Region.Contains(other.Region) }

// In is a duty as it is done at a place: who enters books enters one village's at a time, whichever else are theirs.
func (d Duty) In(place region.Code) Duty {
	if d.Role == Accountant && place.Level() == region.Village && d.Region.Contains(place) {
		d.Region = place
	}
	return d
}

// DutyAt chooses the duty in which somebody acts at a place: the last one, where it reaches there and its role is the one asked for; else
// one of their duties that does. Where none reaches there, or no place is meant, it stays the last one, or the first duty.
func DutyAt(duties []Duty, last Duty, role Role, at region.Code) Duty {
	now := duties[0]
	if slices.ContainsFunc(duties, func(d Duty) bool { return d.Covers(last) }) {
		now = last
	}
	if at == "" {
		return now
	}
	role = cmp.Or(role, now.Role)
	reaches := func(d Duty) bool { return d.Region.Contains(at) }
	if i := slices.IndexFunc(duties, func(d Duty) bool { return d.Role == role && reaches(d) }); i >= 0 {
		now = duties[i]
	} else if i := slices.IndexFunc(duties, reaches); i >= 0 && !reaches(now) {
		now = duties[i]
	}
	return now.In(at)
}

// As tells whether the actor acts in a role.
func (a Actor) As(role Role) bool { return a.Role == role }

// Wide tells whether a duty is done in one village at a time, and there may be several.
func (d Duty) Wide() bool { return d.Role == Accountant && d.Region.Level() != region.Village }

// Duty is what the actor does and where.
func (a Actor) Duty() Duty { return Duty{a.Role, a.Region} }

// On is the actor in another of the account's duties.
func (a Actor) On(d Duty) Actor {
	a.Role, a.Region = d.Role, d.Region
	return a
}

// NeedsMarks tells whether the actor's work needs to know which households are marked as poor or otherwise in need.
func (a Actor) NeedsMarks() bool { return a.NeedsChildren() || a.Role == Official }

// NeedsChildren tells whether the actor's work needs to know children by their names: who keeps the register and who checks it does.
func (a Actor) NeedsChildren() bool {
	return a.Role == Accountant || a.Role == Reviewer || a == Console
}

// MayReadLog refuses whoever may not read who came in and what was refused: all but auditors, and the console.
func (a Actor) MayReadLog() error {
	if a.Role != Auditor && a != Console {
		return Barred("只有审计能看访问日志")
	}
	return nil
}

// Console is whoever may run commands on the ledger's own machine: an administrator of everything. The first account is
// made by it.
var Console = Actor{Account: "", Role: Administrator, Region: region.Country}

// Visitor is whoever looks at the public page of a place. What a place makes public is decided by the queries for it.
func Visitor(place region.Code) Actor { return Actor{Role: Anybody, Region: place} }

// Account is a person's way in.
type Account struct {
	Name   string      `cbor:"1,keyasint,omitempty"`
	Role   Role        `cbor:"2,keyasint,omitempty"`
	Region region.Code `cbor:"3,keyasint,omitempty"`
	Hash   seal.Box    `cbor:"4,keyasint,omitempty"` // the sealed argon2id hash of the password
	Closed bool        `cbor:"5,keyasint,omitempty"`
	Entry  uint64      `cbor:"6,keyasint,omitempty"`
	Since  uint64      `cbor:"7,keyasint,omitempty"` // the entry that set the password
	First  bool        `cbor:"8,keyasint,omitempty"` // the password is somebody else's choice, and is to be changed
	// Second is the sealed secret of the second step of signing in, Recovery the hashes of the codes for a device that is lost.
	Second   *seal.Box `cbor:"9,keyasint,omitempty"`
	Recovery [][]byte  `cbor:"10,keyasint,omitempty"`
	More     []Duty    `cbor:"11,keyasint,omitempty"` // duties beside the first, which Role and Region are
	Names    []Named   `cbor:"12,keyasint,omitempty"` // the person's name, and those from before, oldest first
	Phone    *seal.Box `cbor:"13,keyasint,omitempty"`
	// Cut are the duties outside its county that it had in the books that the county came from: here it has them not.
	Cut []Duty `cbor:"14,keyasint,omitempty"`
}

// Named is a person's name from a moment on: what was signed before keeps the name of its time.
type Named struct {
	_      struct{} `cbor:",toarray"`
	Since  int64    // Unix milliseconds, UTC
	Person string
}

// Duties lists what an account is for, its first duty first.
func (a Account) Duties() []Duty { return append([]Duty{{a.Role, a.Region}}, a.More...) }

// actor is whoever the account belongs to, in its first duty.
func (a Account) actor() Actor {
	return Actor{Account: a.Name, Role: a.Role, Region: a.Region, Home: a.Region}
}

// Person is the name of whoever the account belongs to, "" where none was given.
func (a Account) Person() string {
	if len(a.Names) == 0 {
		return ""
	}
	return a.Names[len(a.Names)-1].Person
}

// Called is how the account's person is named among people: by the account where no name was given.
func (a Account) Called() string { return cmp.Or(a.Person(), a.Name) }

// personAt is the person's name at a moment; the first one for what was done before it was given.
func (a Account) personAt(at int64) string {
	name := ""
	for i, n := range a.Names {
		if i == 0 || n.Since < at {
			name = n.Person
		}
	}
	return cmp.Or(name, a.Name)
}

// Signed names who did something at a moment: the person's name of that time; the account where it has none, "" for the machine's console.
func (v *View) Signed(account string, at time.Time) string {
	if account == "" {
		return ""
	}
	if name := guestCalled(v.books, account, at.UnixMilli()); name != "" {
		return name
	}
	kept, ok := v.named.Load(account)
	if !ok {
		a, _ := accounts.Get(v.books, account)
		a.Name = account
		kept, _ = v.named.LoadOrStore(account, a)
	}
	return kept.(Account).personAt(at.UnixMilli())
}

// By names who did a step.
func (v *View) By(s Stamp) string { return v.Signed(s.By, s.Time()) }

var accounts = Folded[Account]("account")

// AccountTable holds the accounts, by name.
var AccountTable = accounts.Readable()

// KeepAccount stores an account as an entry leaves it.
func KeepAccount(a *Applying, account Account) {
	if a.foreign { // what it is for in other counties is said by these books alone
		was, _ := accounts.Get(a.Tx, account.Name)
		in, out := within(a.chain, account.More)
		_, kept := within(a.chain, was.More)
		account.More = append(in, kept...)
		for _, d := range out {
			if !slices.Contains(kept, d) {
				account.Cut = append(slices.Clone(account.Cut), d)
			}
		}
	}
	accounts.Put(a.Tx, account.Name, account)
}

// unclosed returns an account that is not closed, wherever it is used now.
func unclosed(r store.Reader, name string) (Account, error) {
	a, ok := accounts.Get(r, name)
	if !ok || a.Closed {
		return Account{}, Barred("账号“%s”不存在或已停用", name)
	}
	return a, nil
}

// openAccount returns an account that is used here, as the books stand now.
func openAccount(r store.Reader, name string) (Account, error) {
	a, err := unclosed(r, name)
	if err != nil {
		return a, err
	}
	if at, to := HandedOver(r, a.Region); at > 0 {
		return Account{}, Barred("账号“%s”随全县的账移交给%s了,请到那里去用", name, to)
	}
	return a, nil
}

// onDuty is an actor as the books stand now, in the first duty where none is said; it refuses one whose account has been closed, or has
// lost the duty, since it was looked up.
func onDuty(r store.Reader, who Actor) (Actor, error) {
	a, err := openAccount(r, who.Account)
	if err != nil {
		return who, err
	}
	if who.Home = a.Region; who.Role == "" {
		who.Role, who.Region = a.Role, a.Region
	}
	if !slices.ContainsFunc(a.Duties(), func(d Duty) bool { return d.Covers(who.Duty()) }) {
		return who, Barred("账号“%s”在 %s 不再是%s", who.Account, string(who.Region), who.Role.Label())
	}
	return who, nil
}

// Actor returns the actor behind an account in its first duty; Forbidden when there is no such account or it is closed.
func (l *Ledger) Actor(name string) (who Actor, err error) { return l.ActorAt(name, "") }

// ActorAt returns the actor behind an account in the first of its duties that reaches a place.
func (l *Ledger) ActorAt(name string, place region.Code) (who Actor, err error) {
	err = l.kept.View(func(r store.Reader) error {
		a, err := openAccount(r, name)
		if err != nil {
			return err
		}
		for _, d := range a.Duties() {
			if place == "" || d.Region.Contains(place) {
				who = a.actor().On(d)
				return nil
			}
		}
		return Barred("账号“%s”管不到 %s", name, string(place))
	})
	return who, err
}

// Credential is what signing in to an open account needs.
type Credential struct {
	Actor  Actor  // in the first duty
	Duties []Duty // all of them
	Person string // what the account's person is called
	Hash   string // of the password
	Since  uint64 // journal number of the entry that set the password: a session from before it is over
	First  bool   // the password is to be changed before anything else
	// Second is the secret of the second step, "" where there is none; Recovery are hashes of its recovery codes.
	Second   string
	Recovery [][]byte
	Away     string // to whom its county was handed over: it is used there now; "" for an account that is used here
}

// Credential returns that of an open account; Forbidden when there is no such account or it is closed.
func (l *Ledger) Credential(name string) (c Credential, err error) {
	err = l.kept.View(func(r store.Reader) error {
		a, err := unclosed(r, name)
		if err != nil {
			return err
		}
		_, c.Away = HandedOver(r, a.Region)
		c.Actor, c.Duties, c.Person = a.actor(), a.Duties(), a.Called()
		c.Since, c.First, c.Recovery = a.Since, a.First, a.Recovery
		if a.Second != nil {
			if c.Second, err = openOwn(r, l.key, seal.SecondStep, a, *a.Second); err != nil {
				return err
			}
		}
		c.Hash, err = openOwn(r, l.key, seal.Password, a, a.Hash)
		return err
	})
	return c, err
}

// HasEntries tells whether anything has been posted.
func (l *Ledger) HasEntries() (bool, error) { return l.holds(string(heads)) }

// HasAccounts tells whether any account has been made.
func (l *Ledger) HasAccounts() (bool, error) { return l.holds(string(accounts)) }

// holds tells whether there is anything in a table.
func (l *Ledger) holds(table string) (has bool, err error) {
	err = l.kept.View(func(r store.Reader) error {
		has = r.Last(table, "") != ""
		return nil
	})
	return has, err
}

// Accounts lists the accounts whose first duty is in a region, by region and name, without their passwords and phones. Only an
// administrator may see them.
func (v *View) Accounts(place region.Code) (list []Account, err error) {
	if v.who.Role != Administrator {
		return nil, Barred("只有管理员能看账号")
	}
	if !v.who.Region.Contains(place) {
		return nil, Barred("您的账号不能查阅 %s", string(place))
	}
	for _, a := range accounts.Scan(v.books, "") {
		if place.Contains(a.Region) {
			a.Hash, a.Phone = seal.Box{}, nil
			if a.Recovery = nil; a.Second != nil {
				a.Second = &seal.Box{}
			}
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Account) int { return strings.Compare(string(a.Region)+a.Name, string(b.Region)+b.Name) })
	return list, nil
}

// Stamp says who did a step, when, and in which entry.
type Stamp struct {
	_     struct{} `cbor:",toarray"`
	By    string
	At    int64 // Unix milliseconds, UTC
	Entry uint64
}

// Stamp is that of the entry being applied.
func (a *Applying) Stamp() Stamp { return Stamp{By: a.By, At: a.at.UnixMilli(), Entry: a.Seq} }

// Time returns when the step was posted, in local time.
func (s Stamp) Time() time.Time { return time.UnixMilli(s.At).In(Beijing) }
