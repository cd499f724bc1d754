package journal

import (
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
}

var accounts = Folded[Account]("account")

// AccountTable holds the accounts, by name.
var AccountTable = accounts.Readable()

// KeepAccount stores an account as an entry leaves it.
func KeepAccount(a *Applying, account Account) { accounts.Put(a.Tx, account.Name, account) }

// actorOf returns the actor behind an account as the books stand now.
func actorOf(r store.Reader, name string) (Actor, error) {
	a, ok := accounts.Get(r, name)
	if !ok || a.Closed {
		return Actor{}, Barred("账号“%s”不存在或已停用", name)
	}
	return Actor{Account: a.Name, Role: a.Role, Region: a.Region}, nil
}

// Actor returns the actor behind an account; Forbidden when there is no such account or it is closed.
func (l *Ledger) Actor(name string) (who Actor, err error) {
	err = l.kept.View(func(r store.Reader) error {
		who, err = actorOf(r, name)
		return err
	})
	return who, err
}

// Credential is what signing in to an open account needs.
type Credential struct {
	Actor Actor
	Hash  string // of the password
	Since uint64 // journal number of the entry that set the password: a session from before it is over
	First bool   // the password is to be changed before anything else
	// Second is the secret of the second step, "" where there is none; Recovery are hashes of its recovery codes.
	Second   string
	Recovery [][]byte
}

// Credential returns that of an open account; Forbidden when there is no such account or it is closed.
func (l *Ledger) Credential(name string) (c Credential, err error) {
	err = l.kept.View(func(r store.Reader) error {
		if c.Actor, err = actorOf(r, name); err != nil {
			return err
		}
		a, _ := accounts.Get(r, name)
		c.Since, c.First, c.Recovery = a.Since, a.First, a.Recovery
		if a.Second != nil {
			if c.Second, err = l.key.Open(seal.Password, *a.Second); err != nil {
				return err
			}
		}
		c.Hash, err = l.key.Open(seal.Password, a.Hash)
		return err
	})
	return c, err
}

// HasAccounts tells whether any account has been made.
func (l *Ledger) HasAccounts() (has bool, err error) {
	err = l.kept.View(func(r store.Reader) error {
		for range accounts.Scan(r, "") {
			has = true
			break
		}
		return nil
	})
	return has, err
}

// Accounts lists the accounts of a region, by region and name, without their passwords. Only an administrator may see them.
func (v *View) Accounts(place region.Code) (list []Account, err error) {
	if v.who.Role != Administrator {
		return nil, Barred("只有管理员能看账号")
	}
	if !v.who.Region.Contains(place) {
		return nil, Barred("您的账号不能查阅 %s", string(place))
	}
	for _, a := range accounts.Scan(v.books, "") {
		if place.Contains(a.Region) {
			a.Hash = seal.Box{}
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
