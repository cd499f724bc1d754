package ledger

import (
	"regexp"
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
)

// Roles lists all roles.
func Roles() []Role { return []Role{Accountant, Reviewer, Official, Administrator} }

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
	}
	return Label(r)
}

// Actor is who does something: an account with its role and region.
type Actor struct {
	Account string
	Role    Role
	Region  region.Code
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
}

var accounts = store.Table[Account]("account")

// AddAccount opens an account. Its password comes hashed, from the room that knows passwords.
type AddAccount struct {
	Name   string      `cbor:"1,keyasint" json:"name"`
	Role   Role        `cbor:"2,keyasint" json:"role"`
	Region region.Code `cbor:"3,keyasint" json:"region"`
	Hash   string      `cbor:"-" json:"-"`
	Sealed seal.Box    `cbor:"4,keyasint" json:"-"`
}

var accountName = regexp.MustCompile(`^[\p{Han}a-zA-Z0-9._-]{2,32}$`)

// Place is the account's region.
func (e *AddAccount) Place() region.Code { return e.Region }

// Subject is the account's name.
func (e *AddAccount) Subject() string { return e.Name }

func (e *AddAccount) roles() []Role { return []Role{Administrator} }

func (e *AddAccount) seal(k *seal.Key) error {
	if e.Hash == "" {
		return invalid("password", "", "账号只能用 sanbian account add 或管理页面添加,密码不进文件")
	}
	e.Sealed = k.SealOnly(seal.Password, e.Hash)
	return nil
}

func (e *AddAccount) check(c *checking) error {
	var f Faults
	if !accountName.MatchString(e.Name) {
		f.invalid("name", e.Name, "账号名要 2 到 32 个汉字、字母、数字或 . _ -")
	}
	if !slices.Contains(Roles(), e.Role) {
		f.invalid("role", e.Role, "没有“%s”这种角色;可用 accountant、reviewer、official、administrator", string(e.Role))
	}
	if e.Role == Accountant && e.Region.Level() < region.Township {
		f.invalid("region", e.Region, "会计的地区要到村或乡镇,%s 太大", string(e.Region))
	}
	if e.Region.Level() > region.CountryLevel && !divisions.Has(c, string(e.Region)) {
		f.invalid("region", e.Region, "区划表里没有 %s;请先导入区划", string(e.Region))
	}
	if accounts.Has(c, e.Name) {
		f.add(Conflict, "name", e.Name, "账号“%s”已经有了", e.Name)
	}
	return f.err()
}

func (e *AddAccount) apply(a *applying) {
	accounts.Put(a.Tx, e.Name, Account{Name: e.Name, Role: e.Role, Region: e.Region, Hash: e.Sealed, Since: a.seq, Entry: a.seq})
}

// SetPassword replaces an account's password. Home is the account's region, which the entry belongs to.
type SetPassword struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
	Hash    string      `cbor:"-" json:"-"`
	Sealed  seal.Box    `cbor:"3,keyasint" json:"-"`
}

// Place is the account's region.
func (e *SetPassword) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *SetPassword) Subject() string { return e.Account }

func (e *SetPassword) roles() []Role { return Roles() }

func (e *SetPassword) seal(k *seal.Key) error {
	if e.Hash == "" {
		return invalid("password", "", "密码只能用 sanbian account password 或页面设置,不进文件")
	}
	e.Sealed = k.SealOnly(seal.Password, e.Hash)
	return nil
}

func (e *SetPassword) check(c *checking) error {
	if e.Account != c.who.Account && c.who.Role != Administrator {
		return forbidden("只有管理员能改别人的密码")
	}
	return checkAccount(c, e.Account, e.Home)
}

// checkAccount refuses an account that is not there, is closed, or belongs to another region.
func checkAccount(c *checking, name string, home region.Code) error {
	switch a, ok := accounts.Get(c, name); {
	case !ok || a.Region != home:
		return notFound("account", name, "%s 没有账号“%s”", string(home), name)
	case a.Closed:
		return conflict("account", name, "账号“%s”已停用", name)
	}
	return nil
}

func (e *SetPassword) apply(a *applying) {
	account, _ := accounts.Get(a, e.Account)
	account.Hash, account.Since = e.Sealed, a.seq
	accounts.Put(a.Tx, e.Account, account)
}

// CloseAccount ends an account: it can no longer sign in or post. Its name is not given out again.
type CloseAccount struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
}

// Place is the account's region.
func (e *CloseAccount) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *CloseAccount) Subject() string { return e.Account }

func (e *CloseAccount) roles() []Role { return []Role{Administrator} }

func (e *CloseAccount) check(c *checking) error {
	if e.Account == c.who.Account {
		return conflict("account", e.Account, "不能停用自己的账号")
	}
	return checkAccount(c, e.Account, e.Home)
}

func (e *CloseAccount) apply(a *applying) {
	account, _ := accounts.Get(a, e.Account)
	account.Closed = true
	accounts.Put(a.Tx, e.Account, account)
}

// actorOf returns the actor behind an account as the books stand now.
func actorOf(r store.Reader, name string) (Actor, error) {
	a, ok := accounts.Get(r, name)
	if !ok || a.Closed {
		return Actor{}, forbidden("账号“%s”不存在或已停用", name)
	}
	return Actor{a.Name, a.Role, a.Region}, nil
}

// Actor returns the actor behind an account; Forbidden when there is no such account or it is closed.
func (l *Ledger) Actor(name string) (who Actor, err error) {
	err = l.store.View(func(r store.Reader) error {
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
}

// Credential returns that of an open account; Forbidden when there is no such account or it is closed.
func (l *Ledger) Credential(name string) (c Credential, err error) {
	err = l.store.View(func(r store.Reader) error {
		if c.Actor, err = actorOf(r, name); err != nil {
			return err
		}
		a, _ := accounts.Get(r, name)
		c.Since = a.Since
		c.Hash, err = l.key.Open(seal.Password, a.Hash)
		return err
	})
	return c, err
}

// HasAccounts tells whether any account has been made.
func (l *Ledger) HasAccounts() (has bool, err error) {
	err = l.store.View(func(r store.Reader) error {
		for range accounts.Scan(r, "") {
			has = true
			break
		}
		return nil
	})
	return has, err
}

// Accounts lists the accounts of a region, by name. Only an administrator may see them.
func (v *View) Accounts(place region.Code) (list []Account, err error) {
	if v.who.Role != Administrator {
		return nil, forbidden("只有管理员能看账号")
	}
	if !v.who.Region.Contains(place) {
		return nil, forbidden("您的账号不能查阅 %s", string(place))
	}
	for _, a := range accounts.Scan(v, "") {
		if place.Contains(a.Region) {
			a.Hash = seal.Box{}
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

// MayEnter refuses readers who may not enter records of what an id names.
func (v *View) MayEnter(id string) error {
	if err := v.within(placeOf(id)); err != nil {
		return err
	}
	if v.who.Role != Accountant {
		return forbidden("只有本村会计能在这里登记")
	}
	return nil
}

func (a *applying) stamp() Stamp { return Stamp{By: a.by, At: a.at.UnixMilli(), Entry: a.seq} }

// Time returns when the step was posted, in local time.
func (s Stamp) Time() time.Time { return time.UnixMilli(s.At).In(Beijing) }
