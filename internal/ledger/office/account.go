package office

import (
	"regexp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// AddAccount opens an account. Its password comes hashed, from the room that knows passwords.
type AddAccount struct {
	Name   string       `cbor:"1,keyasint" json:"name"`
	Role   journal.Role `cbor:"2,keyasint" json:"role"`
	Region region.Code  `cbor:"3,keyasint" json:"region"`
	Hash   string       `cbor:"-" json:"-"`
	Sealed seal.Box     `cbor:"4,keyasint" json:"-"`
	First  bool         `cbor:"5,keyasint,omitempty" json:"first,omitempty"` // the password is to be changed at the first sign-in
}

var _ = journal.Register(&AddAccount{}, journal.Kind{
	Label: "添加账号", Roles: []journal.Role{journal.Administrator},
	Note: "密码不进文件,请用 `account add` / use `account add`",
})

var accountName = regexp.MustCompile(`^[\p{Han}a-zA-Z0-9._-]{2,32}$`)

// IsAccountName tells whether an account can have a name.
func IsAccountName(name string) bool { return accountName.MatchString(name) }

// Place is the account's region.
func (e *AddAccount) Place() region.Code { return e.Region }

// Subject is the account's name.
func (e *AddAccount) Subject() string { return e.Name }

// Prepare refuses an account without a password.
func (e *AddAccount) Prepare(*seal.Key) error {
	if e.Hash == "" {
		return journal.Wrong("password", "", "账号只能用 sanbian account add 或管理页面添加,密码不进文件")
	}
	return nil
}

// Seal seals the hash of the password.
func (e *AddAccount) Seal(k *seal.Key) { e.Sealed = k.SealOnly(seal.Password, e.Hash) }

// Claims is the account's name: it is given out once in all chains.
func (e *AddAccount) Claims() []string { return []string{"account " + e.Name} }

func (e *AddAccount) Check(c *journal.Checking) error {
	var f journal.Faults
	if !IsAccountName(e.Name) {
		f.Invalid("name", e.Name, "账号名要 2 到 32 个汉字、字母、数字或 . _ -")
	}
	if !slices.Contains(journal.Roles(), e.Role) {
		f.Invalid("role", e.Role, "没有“%s”这种角色;可用 accountant、reviewer、official、administrator、auditor、supervisor", string(e.Role))
	}
	if e.Role == journal.Accountant && e.Region.Level() < region.Township {
		f.Invalid("region", e.Region, "会计的地区要到村或乡镇,%s 太大", string(e.Region))
	}
	if e.Role == journal.Supervisor && e.Region.Level() != region.Village {
		f.Invalid("region", e.Region, "村务监督的地区是一个村,%s 不是", string(e.Region))
	}
	if e.Region.Level() > region.CountryLevel && !divisions.Has(c, string(e.Region)) {
		f.Invalid("region", e.Region, "区划表里没有 %s;请先导入区划", string(e.Region))
	}
	if journal.AccountTable.Has(c, e.Name) {
		f.Add(journal.Conflict, "name", e.Name, "账号“%s”已经有了", e.Name)
	}
	return f.Err()
}

func (e *AddAccount) Apply(a *journal.Applying) {
	journal.KeepAccount(a, journal.Account{Name: e.Name, Role: e.Role, Region: e.Region, Hash: e.Sealed, Since: a.Seq, Entry: a.Seq,
		First: e.First})
}

// SetPassword replaces an account's password. Home is the account's region, which the entry belongs to.
type SetPassword struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
	Hash    string      `cbor:"-" json:"-"`
	Sealed  seal.Box    `cbor:"3,keyasint" json:"-"`
	First   bool        `cbor:"4,keyasint,omitempty" json:"first,omitempty"` // it is to be changed at the next sign-in
}

var _ = journal.Register(&SetPassword{}, journal.Kind{
	Label: "设置密码", Roles: journal.Roles(),
	Note: "密码用 sanbian account password 设置 / by sanbian account password",
})

// Place is the account's region.
func (e *SetPassword) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *SetPassword) Subject() string { return e.Account }

// Prepare refuses an empty password.
func (e *SetPassword) Prepare(*seal.Key) error {
	if e.Hash == "" {
		return journal.Wrong("password", "", "密码只能用 sanbian account password 或页面设置,不进文件")
	}
	return nil
}

// Seal seals the hash of the password.
func (e *SetPassword) Seal(k *seal.Key) { e.Sealed = k.SealOnly(seal.Password, e.Hash) }

func (e *SetPassword) Check(c *journal.Checking) error {
	if e.Account != c.Who.Account && c.Who.Role != journal.Administrator {
		return journal.Barred("只有管理员能改别人的密码")
	}
	return checkAccount(c, e.Account, e.Home)
}

// checkAccount refuses an account that is not there, is closed, or belongs to another region.
func checkAccount(c *journal.Checking, name string, home region.Code) error {
	switch a, ok := journal.AccountTable.Get(c, name); {
	case !ok || a.Region != home:
		return journal.Missing("account", name, "%s 没有账号“%s”", string(home), name)
	case a.Closed:
		return journal.Clash("account", name, "账号“%s”已停用", name)
	}
	return nil
}

func (e *SetPassword) Apply(a *journal.Applying) {
	account, _ := journal.AccountTable.Get(a, e.Account)
	account.Hash, account.Since, account.First = e.Sealed, a.Seq, e.First
	journal.KeepAccount(a, account)
}

// CloseAccount ends an account: it can no longer sign in or post. Its name is not given out again.
type CloseAccount struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
}

var _ = journal.Register(&CloseAccount{}, journal.Kind{
	Label: "停用账号", Roles: []journal.Role{journal.Administrator},
})

// Place is the account's region.
func (e *CloseAccount) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *CloseAccount) Subject() string { return e.Account }

func (e *CloseAccount) Check(c *journal.Checking) error {
	if e.Account == c.Who.Account {
		return journal.Clash("account", e.Account, "不能停用自己的账号")
	}
	return checkAccount(c, e.Account, e.Home)
}

func (e *CloseAccount) Apply(a *journal.Applying) {
	account, _ := journal.AccountTable.Get(a, e.Account)
	account.Closed = true
	journal.KeepAccount(a, account)
}
