package office

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ident"
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
	// Person is the name of whoever it is for: it stands under what they do. Phone is where the office reaches them.
	Person   string         `cbor:"6,keyasint,omitempty" json:"person,omitempty"`
	Phone    string         `cbor:"-" json:"phone,omitempty"`
	PhoneBox *seal.Box      `cbor:"7,keyasint,omitempty" json:"-"`
	More     []journal.Duty `cbor:"8,keyasint,omitempty" json:"duties,omitempty"` // duties beside the first
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

// AccountName is where the account's name stands.
func (e *AddAccount) AccountName() *string { return &e.Name }

// Prepare refuses an account without a password.
func (e *AddAccount) Prepare(*seal.Key) error {
	if e.Hash == "" {
		return journal.Wrong("password", "", "账号只能用 sanbian account add 或管理页面添加,密码不进文件")
	}
	return nil
}

// Boxes tells of the hash of the password, and the phone.
func (e *AddAccount) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.Password, Owner: e.Name, Text: e.Hash, Box: &e.Sealed})
	phoneBox(each, e.Name, e.Phone, &e.PhoneBox)
}

// phoneBox tells of an account's phone, where there is one.
func phoneBox(each func(journal.Boxed), account, phone string, box **seal.Box) {
	if phone != "" {
		*box = &seal.Box{}
	}
	if *box != nil {
		each(journal.Boxed{Purpose: seal.Phone, Owner: account, Text: phone, Box: *box})
	}
}

// Claims is the account's name: it is given out once in all chains.
func (e *AddAccount) Claims() []string { return []string{"account " + e.Name} }

func (e *AddAccount) Check(c *journal.Checking) error {
	var f journal.Faults
	if !IsAccountName(e.Name) {
		f.Invalid("name", e.Name, "账号名要 2 到 32 个汉字、字母、数字或 . _ -")
	}
	checkDuty(c, &f, "", journal.Duty{Role: e.Role, Region: e.Region})
	checkPerson(&f, &e.Person, &e.Phone)
	checkDuties(c, &f, e.Role, e.Region, e.More)
	if journal.AccountTable.Has(c, e.Name) {
		f.Add(journal.Conflict, "name", e.Name, "账号“%s”已经有了", e.Name)
	} else if journal.IsGuest(c, e.Name) {
		f.Add(journal.Conflict, "name", e.Name, "转来的账里有“%s”签的字,是原处的另一个账号;请换一个名字", e.Name)
	}
	return f.Err()
}

func (e *AddAccount) Apply(a *journal.Applying) {
	journal.KeepAccount(a, journal.Account{Name: e.Name, Role: e.Role, Region: e.Region, Hash: e.Sealed, Since: a.Seq, Entry: a.Seq,
		First: e.First, More: e.More, Names: namedNow(a, nil, e.Person), Phone: e.PhoneBox})
}

// namedNow are a person's names with the one that they have now.
func namedNow(a *journal.Applying, names []journal.Named, person string) []journal.Named {
	if len(names) == 0 && person == "" || len(names) > 0 && names[len(names)-1].Person == person {
		return names
	}
	return append(slices.Clone(names), journal.Named{Since: a.Stamp().At, Person: person})
}

// checkDuty refuses a duty that no account can have; field is where its fields stand in the entry, with a dot behind it.
func checkDuty(c *journal.Checking, f *journal.Faults, field string, d journal.Duty) {
	if !slices.Contains(journal.Roles(), d.Role) {
		f.Invalid(field+"role", d.Role, "没有“%s”这种角色;可用 accountant、reviewer、official、administrator、auditor、supervisor", string(d.Role))
	}
	if d.Role == journal.Accountant && d.Region.Level() < region.Township {
		f.Invalid(field+"region", d.Region, "会计的地区要到村或乡镇,%s 太大", string(d.Region))
	}
	if d.Role == journal.Supervisor && d.Region.Level() != region.Village {
		f.Invalid(field+"region", d.Region, "村务监督的地区是一个村,%s 不是", string(d.Region))
	}
	if d.Region.Level() > region.CountryLevel && !divisions.Has(c, string(d.Region)) {
		f.Invalid(field+"region", d.Region, "区划表里没有 %s;请先导入区划", string(d.Region))
	}
}

// mostDuties is how many duties a person may have beside the first: the villages of the largest township, and some.
const mostDuties = 100

// checkDuties refuses duties beside the first that cannot go with it, or with each other: who enters books does not review, audit or watch
// over them, and who keeps accounts has nothing to do with books (会计法 art. 35: 稽核 is not the accountant's).
func checkDuties(c *journal.Checking, f *journal.Faults, role journal.Role, home region.Code, more []journal.Duty) {
	if len(more) > mostDuties {
		f.Invalid("duties", strconv.Itoa(len(more)), "一个账号最多再有 %s 项职责", strconv.Itoa(mostDuties))
		return
	}
	all := append([]journal.Duty{{Role: role, Region: home}}, more...)
	for i, d := range more {
		field := "duties." + strconv.Itoa(i) + "."
		checkDuty(c, f, field, d)
		if c.Who.Role == journal.Administrator && !c.Who.Region.Contains(d.Region) {
			f.Add(journal.Forbidden, field+"region", d.Region, "您的账号管不到 %s", string(d.Region))
		}
		for _, other := range all[:i+1] {
			near := d.Region.Contains(other.Region) || other.Region.Contains(d.Region)
			reads := d.Role == journal.Official || other.Role == journal.Official
			enters := (d.Role == journal.Accountant) != (other.Role == journal.Accountant) && !reads
			switch {
			case d.Role == other.Role && near:
				f.Add(journal.Conflict, field+"region", d.Region, "%s的职责在 %s 已经有了", d.Role.Label(), string(other.Region))
			case (d.Role == journal.Administrator) != (other.Role == journal.Administrator):
				f.Add(journal.Conflict, field+"role", d.Role, "管理员只管账号,不能兼%s:请另开一个账号", theOther(d.Role, other.Role).Label())
			case near && enters:
				f.Add(journal.Conflict, field+"role", d.Role, "同一个地区的账,记账的人不能兼%s", theOther(d.Role, other.Role).Label())
			default:
				continue
			}
			break
		}
	}
}

// theOther is which of two roles is not the administrator's or the accountant's.
func theOther(a, b journal.Role) journal.Role {
	if a == journal.Administrator || a == journal.Accountant {
		return b
	}
	return a
}

// RoleNamed finds the role that a text names, by its id or as pages call it.
func RoleNamed(field, text string) (journal.Role, error) {
	named := strings.ToLower(ident.Name(text))
	for _, role := range journal.Roles() {
		if named == string(role) || named == string(role.Label()) {
			return role, nil
		}
	}
	return "", journal.Wrong(field, text, "没有“%s”这种角色;请写 村会计、镇级审核 这样的名称", text)
}

// DutiesNamed reads duties as people write them: one on each line, first the role, then the region by its name or code; within is where
// regions are looked for.
func DutiesNamed(v *journal.View, within region.Code, field, text string) (list []journal.Duty, err error) {
	var f journal.Faults
	for line := range strings.Lines(text) {
		if line = ident.OneLine(line); line == "" {
			continue
		}
		said, where, _ := strings.Cut(line, " ")
		d := journal.Duty{}
		if d.Role, err = RoleNamed(field, said); err != nil || where == "" {
			f.Invalid(field, line, "“%s”要先写角色再写地区,中间空一格,例如 %s 育新村", line, string(journal.Accountant.Label()))
			continue
		}
		if d.Region, err = PlaceNamed(v, within, field, where); err != nil {
			f = append(f, journal.All(err)...)
			continue
		}
		list = append(list, d)
	}
	return list, f.Err()
}

// longestName is the most characters of a person's name (minority names written in Chinese are the longest).
const longestName = 40

// checkPerson spells the name and the phone of an account's person, and refuses what is none.
func checkPerson(f *journal.Faults, person, phone *string) {
	if *person = ident.Name(*person); utf8.RuneCountInString(*person) > longestName {
		f.Invalid("person", *person, "姓名最多 %s 个字", strconv.Itoa(longestName))
	}
	if ident.HasNumber(*person) {
		f.Invalid("person", "", "姓名里不要写号码")
	}
	if *phone = ident.Clean(*phone); *phone != "" && ident.Phone(*phone) != nil {
		f.Invalid("phone", *phone, "电话 %s 不对:手机 11 位,座机带区号", *phone)
	}
}

// SetAccount says anew whose an account is and what it is for beside its first duty: the person's name and phone, and the other duties.
type SetAccount struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
	Person  string      `cbor:"3,keyasint,omitempty" json:"person,omitempty"`
	// Phone replaces the one that is kept; empty, that one stays.
	Phone    string         `cbor:"-" json:"phone,omitempty"`
	PhoneBox *seal.Box      `cbor:"4,keyasint,omitempty" json:"-"`
	More     []journal.Duty `cbor:"5,keyasint,omitempty" json:"duties,omitempty"`
}

var _ = journal.Register(&SetAccount{}, journal.Kind{
	Label: "更改账号", Roles: []journal.Role{journal.Administrator},
	Note: "姓名和其他职责以这里写的为准,没写的就是没有 / replaces the name and the further duties",
})

// Place is the account's region.
func (e *SetAccount) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *SetAccount) Subject() string { return e.Account }

// AccountName is where the account's name stands.
func (e *SetAccount) AccountName() *string { return &e.Account }

// Boxes tells of the phone.
func (e *SetAccount) Boxes(each func(journal.Boxed)) { phoneBox(each, e.Account, e.Phone, &e.PhoneBox) }

func (e *SetAccount) Check(c *journal.Checking) error {
	if err := checkAccount(c, e.Account, e.Home); err != nil {
		return err
	}
	var f journal.Faults
	account, _ := journal.AccountTable.Get(c, e.Account)
	checkPerson(&f, &e.Person, &e.Phone)
	checkDuties(c, &f, account.Role, account.Region, e.More)
	for _, d := range account.More { // somebody else's to take away
		if !c.Who.Region.Contains(d.Region) && !slices.Contains(e.More, d) {
			f.Add(journal.Forbidden, "duties", d.Region, "%s 的职责不在您的地区,不能取消", string(d.Region))
		}
	}
	return f.Err()
}

func (e *SetAccount) Apply(a *journal.Applying) {
	account, _ := journal.AccountTable.Get(a, e.Account)
	account.More, account.Cut, account.Names = e.More, nil, namedNow(a, account.Names, e.Person)
	if e.PhoneBox != nil {
		account.Phone = e.PhoneBox
	}
	journal.KeepAccount(a, account)
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
	Label: "设置密码", Roles: journal.Roles(), Own: true,
	Note: "密码用 sanbian account password 设置 / by sanbian account password",
})

// Place is the account's region.
func (e *SetPassword) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *SetPassword) Subject() string { return e.Account }

// AccountName is where the account's name stands.
func (e *SetPassword) AccountName() *string { return &e.Account }

// Prepare refuses an empty password.
func (e *SetPassword) Prepare(*seal.Key) error {
	if e.Hash == "" {
		return journal.Wrong("password", "", "密码只能用 sanbian account password 或页面设置,不进文件")
	}
	return nil
}

// Boxes tells of the hash of the password.
func (e *SetPassword) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.Password, Owner: e.Account, Text: e.Hash, Box: &e.Sealed})
}

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

// AccountName is where the account's name stands.
func (e *CloseAccount) AccountName() *string { return &e.Account }

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
