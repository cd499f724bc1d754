package office

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// SetSecondFactor gives an account a second step of signing in: one-time codes by RFC 6238, from a secret that its person's device has, and
// recovery codes for a device that is lost. Home is the account's region, which the entry belongs to.
type SetSecondFactor struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
	Secret  string      `cbor:"-" json:"-"`
	Codes   [][]byte    `cbor:"-" json:"-"` // SHA-256 of each recovery code
	Sealed  seal.Box    `cbor:"3,keyasint" json:"-"`
	Hashes  [][]byte    `cbor:"4,keyasint" json:"-"`
}

var _ = journal.Register(&SetSecondFactor{}, journal.Kind{
	Label: "设第二步验证", Roles: journal.Roles(), Personal: true, Own: true,
	Note: "只能在页面上设 / on a page alone",
})

// Place is the account's region.
func (e *SetSecondFactor) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *SetSecondFactor) Subject() string { return e.Account }

// AccountName is where the account's name stands.
func (e *SetSecondFactor) AccountName() *string { return &e.Account }

// Prepare refuses one without a secret.
func (e *SetSecondFactor) Prepare(*seal.Key) error {
	if e.Secret == "" || len(e.Codes) == 0 {
		return journal.Wrong("account", "", "第二步验证只能在页面上设")
	}
	return nil
}

// Boxes tells of the secret.
func (e *SetSecondFactor) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.SecondStep, Owner: e.Account, Text: e.Secret, Box: &e.Sealed})
}

func (e *SetSecondFactor) Check(c *journal.Checking) error {
	if e.Account != c.Who.Account {
		return journal.Barred("第二步验证只能本人设")
	}
	e.Hashes = e.Codes
	return checkAccount(c, e.Account, e.Home)
}

func (e *SetSecondFactor) Apply(a *journal.Applying) {
	account, _ := journal.AccountTable.Get(a, e.Account)
	account.Second, account.Recovery = &e.Sealed, e.Hashes
	journal.KeepAccount(a, account)
}

// DropSecondFactor takes the second step off an account: its person, who has signed in by it, or the administrator for a device that is
// lost.
type DropSecondFactor struct {
	Account string      `cbor:"1,keyasint" json:"account"`
	Home    region.Code `cbor:"2,keyasint" json:"home"`
}

var _ = journal.Register(&DropSecondFactor{}, journal.Kind{Label: "取消第二步验证", Roles: journal.Roles(), Personal: true, Own: true})

// Place is the account's region.
func (e *DropSecondFactor) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *DropSecondFactor) Subject() string { return e.Account }

// AccountName is where the account's name stands.
func (e *DropSecondFactor) AccountName() *string { return &e.Account }

func (e *DropSecondFactor) Check(c *journal.Checking) error {
	if e.Account != c.Who.Account && c.Who.Role != journal.Administrator {
		return journal.Barred("只有本人和管理员能取消第二步验证")
	}
	if err := checkAccount(c, e.Account, e.Home); err != nil {
		return err
	}
	if a, _ := journal.AccountTable.Get(c, e.Account); a.Second == nil {
		return journal.Clash("account", e.Account, "账号“%s”没有设第二步验证", e.Account)
	}
	return nil
}

func (e *DropSecondFactor) Apply(a *journal.Applying) {
	account, _ := journal.AccountTable.Get(a, e.Account)
	account.Second, account.Recovery = nil, nil
	journal.KeepAccount(a, account)
}

// RequireSecondFactor says for a region which roles' accounts have to have a second step; it takes the place of what was said before.
type RequireSecondFactor struct {
	Region region.Code    `cbor:"1,keyasint" json:"region"`
	Roles  []journal.Role `cbor:"2,keyasint,omitempty" json:"roles"`
}

var _ = journal.Register(&RequireSecondFactor{}, journal.Kind{Label: "要求第二步验证", Roles: []journal.Role{journal.Administrator}})

// Required is what a region's administrator asks for.
type Required struct {
	Roles []journal.Role `cbor:"1,keyasint,omitempty"`
}

var required = journal.Folded[Required]("required")

var requiredCommon = journal.CommonOf(required.Readable())

// Place is the region.
func (e *RequireSecondFactor) Place() region.Code { return e.Region }

// Subject is the region.
func (e *RequireSecondFactor) Subject() string { return string(e.Region) }

func (e *RequireSecondFactor) Check(*journal.Checking) error {
	var f journal.Faults
	for _, role := range e.Roles {
		if !slices.Contains(journal.Roles(), role) {
			f.Invalid("roles", role, "没有“%s”这种角色;可用 accountant、reviewer、official、administrator、auditor、supervisor", string(role))
		}
	}
	return f.Err()
}

func (e *RequireSecondFactor) Apply(a *journal.Applying) {
	if len(e.Roles) == 0 {
		required.Delete(a.Tx, string(e.Region))
		return
	}
	required.Put(a.Tx, string(e.Region), Required{Roles: e.Roles})
}

// NeedsSecond tells whether an account has to have a second step: by its own region or one that it lies in.
func NeedsSecond(v *journal.View, who journal.Actor) bool {
	for level := region.CountryLevel; level <= who.Region.Level(); level++ {
		if slices.Contains(RequiredIn(v, who.Region.Cut(level)), who.Role) {
			return true
		}
	}
	return false
}

// RequiredIn are the roles whose accounts have to have a second step, as a region itself has said.
func RequiredIn(v *journal.View, place region.Code) []journal.Role {
	r, _ := requiredCommon.Get(v, string(place))
	return r.Roles
}
