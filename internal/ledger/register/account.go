package register

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// byAccount finds who is paid to an account: the county's chain, the keyed digest of the number, and the shareholder. Accounts entered by
// older programs have no digest and are not in it.
var byAccount = journal.FoldedSet("by_account")

func accountKey(chain string, digest []byte, holder string) string {
	return chain + string(digest) + holder
}

// ChangeBankCard gives a shareholder another account to be paid to, as when the bank refused the old one.
type ChangeBankCard struct {
	Holder  string   `cbor:"1,keyasint" json:"holder"`
	Bank    string   `cbor:"2,keyasint,omitempty" json:"bank"`
	Card    string   `cbor:"-" json:"card"`
	CardBox seal.Box `cbor:"3,keyasint" json:"-"`
	// Account and the others are as in RegisterShareholder.
	Account     string            `cbor:"-" json:"account,omitempty"`
	AccountKind ident.AccountKind `cbor:"4,keyasint,omitempty" json:"account_kind,omitempty"`
	Branch      string            `cbor:"5,keyasint,omitempty" json:"branch,omitempty"`
	Seen        string            `cbor:"20,keyasint,omitempty" json:"seen,omitempty"` // see Shareholder.Version
}

var _ = journal.Register(&ChangeBankCard{}, journal.Kind{
	Label: "更换银行卡", Roles: []journal.Role{journal.Accountant}, Event: true,
	Hints: map[string]string{
		"card":         "银行卡号",
		"account":      "卡号、存折号或单位账号",
		"account_kind": "card/passbook/unit,留空照号码判断",
		"branch":       "单位账户的开户网点",
	},
})

// Place is the shareholder's home village.
func (e *ChangeBankCard) Place() region.Code { return journal.PlaceOf(e.Holder) }

// Subject is the shareholder's id.
func (e *ChangeBankCard) Subject() string { return e.Holder }

// Prepare brings the number to one spelling and digests it.
func (e *ChangeBankCard) Prepare(k *seal.Key) error {
	e.CardBox = prepareAccount(k, &e.Card, &e.Account)
	return nil
}

// Boxes tells of the number.
func (e *ChangeBankCard) Boxes(each func(journal.Boxed)) {
	each(journal.Boxed{Purpose: seal.BankCard, Owner: e.Holder, Text: cmp.Or(e.Card, e.Account), Box: &e.CardBox})
}

func (e *ChangeBankCard) Check(c *journal.Checking) error {
	s, err := seenHolder(c, e.Holder, e.Seen)
	if err != nil {
		return err
	}
	if s.Late != nil && s.Late.Estate {
		return journal.Clash("holder", e.Holder, "%s已于 %s 死亡,没有人接着当户主;款由继承人领取:在方案里暂缓,解除时写明继承人", s.Name, string(s.Late.Date))
	}
	to := payee{
		card: e.Card, account: e.Account, said: e.AccountKind, bank: e.Bank, branch: e.Branch, box: e.CardBox,
		body: s.body(c.Open), village: s.Village(), self: s.ID, idNo: s.IDNo.Digest,
	}
	var f journal.Faults
	number, field := to.number()
	if number == "" {
		f.Invalid("account", "", "请填写新的卡号或账号")
	}
	if e.AccountKind = to.check(c, &f); len(f) > 0 {
		return f
	}
	if old, err := c.Open(seal.BankCard, s.ID, s.Card); err == nil && old == number && s.Bank == e.Bank && s.Branch == e.Branch &&
		s.Account == e.AccountKind {
		return journal.Clash(field, ident.Mask(number), "登记的就是这个账号,没有要换的;银行自己的原因付不出去的,请在方案里冲销失败再报盘")
	}
	return nil
}

func (e *ChangeBankCard) Apply(a *journal.Applying) {
	s, _ := shareholders.Get(a, e.Holder)
	s.payTo(a, e.CardBox, e.AccountKind, e.Bank, e.Branch)
	s.Payee, s.Late = a.Seq, nil
	keepShareholder(a, s)
}

// payTo changes where a shareholder is paid to, and keeps the index.
func (s *Shareholder) payTo(a *journal.Applying, box seal.Box, kind ident.AccountKind, bank, branch string) {
	chain := s.Village().Chain()
	if s.Card.Digest != nil {
		byAccount.Remove(a.Tx, accountKey(chain, s.Card.Digest, s.ID))
	}
	if box.Digest != nil {
		byAccount.Add(a.Tx, accountKey(chain, box.Digest, s.ID))
	}
	s.Card, s.Account, s.Bank, s.Branch = box, kind, bank, branch
}

// AccountKind is what kind of account the shareholder is paid to: a card where nothing was said, "" where there is none.
func (s Shareholder) AccountKind() ident.AccountKind {
	if s.Account == "" && !s.Card.Empty() {
		return ident.Card
	}
	return s.Account
}

// AccountLabel names a kind of account in Chinese.
func AccountLabel(k ident.AccountKind) journal.Label {
	return map[ident.AccountKind]journal.Label{ident.Card: "银行卡", ident.Passbook: "存折", ident.Unit: "单位账户"}[k]
}

// body tells whether the shareholder is an organisation: its money may not lie in an account in a person's name. Of an investor from
// elsewhere the number tells.
func (s Shareholder) body(open seal.Opener) bool {
	if s.Of != "" {
		return true
	}
	if s.Kind != Outside || s.Paper != "" {
		return isBody(s.Kind, s.Paper, "")
	}
	number, err := open(seal.ResidentID, s.ID, s.IDNo)
	return err == nil && isBody(s.Kind, "", number)
}

// IsPerson tells whether a shareholder is a household or a person, also one from elsewhere whose number is a person's.
func (s Shareholder) IsPerson(open seal.Opener) bool {
	if s.Of != "" {
		return false
	}
	if s.Kind != Outside || s.Paper != "" {
		return s.human()
	}
	number, err := open(seal.ResidentID, s.ID, s.IDNo)
	return err == nil && ident.PersonID("", number) == nil
}

func isBody(kind HolderKind, paper ident.IDKind, number string) bool {
	return kind == Collective || kind == Company || kind == Outside && paper == "" && ident.CreditCode(number) == nil
}

// payee is where an entry says that somebody is paid to.
type payee struct {
	card, account string // clean; one of the two
	said          ident.AccountKind
	bank, branch  string
	box           seal.Box
	body          bool
	village       region.Code
	self          string // id of the shareholder, "" for a new one
	idNo          []byte // digest of the shareholder's number
}

func (e *RegisterShareholder) payTo() payee {
	return payee{
		card: e.Card, account: e.Account, said: e.AccountKind, bank: e.Bank, branch: e.Branch, box: e.CardBox,
		body: e.CollectiveOf != "" || isBody(e.Kind, e.IDKind, e.IDNo), village: e.Village, idNo: e.IDBox.Digest,
	}
}

// number is the number that is given, and the field it is given in.
func (p payee) number() (number, field string) {
	if p.card != "" {
		return p.card, "card"
	}
	return p.account, "account"
}

// prepareAccount brings the number of an account to one spelling and digests it; hyphens do not tell two accounts apart.
func prepareAccount(k *seal.Key, card, account *string) seal.Box {
	*card, *account = ident.CleanAccount(*card), ident.CleanAccount(*account)
	if ident.BankCard(ident.Clean(*card)) == nil {
		*card = ident.Clean(*card)
	}
	if ident.BankCard(ident.Clean(*account)) == nil {
		*account = ident.Clean(*account)
	}
	return k.Find(seal.BankCard, ident.Clean(cmp.Or(*card, *account)))
}

// check refuses an account that its kind's rule does, or that the holder may not have, and decides the kind where it is not said; "" is a
// card's.
//
// A number said to be a card's must pass the card's check. One of which nothing is said is a card where it passes, else a passbook, which
// is asked about. An organisation has a unit account (农村集体经济组织法 art. 44: collective money may not lie in a personal account).
func (p payee) check(c *journal.Checking, f *journal.Faults) ident.AccountKind {
	number, field := p.number()
	kind := p.said
	switch card := ident.Account(ident.Card, number) == nil; {
	case p.card != "" && p.account != "" && p.card != p.account:
		f.Invalid("account", p.account, "银行卡号和账号各写了一个,不知道付到哪一个;请只写一个")
		return kind
	case number == "":
		if p.said != "" {
			f.Invalid("account", "", "写了账户类别,请填写账号")
		}
		return ""
	case p.said != "" && !slices.Contains(ident.AccountKinds(), p.said):
		f.Invalid("account_kind", p.said, "没有“%s”这种账户;可用 card、passbook、unit", string(p.said))
		return kind
	case p.said == "" && card && p.body:
		f.Invalid(field, number, "%s 是个人银行卡的号码;集体和单位的钱要进单位账户,不能进个人账户(农村集体经济组织法第四十四条)。确是单位账户的,请把账户类别写成“单位账户”", number)
		return kind
	case p.said == "" && card:
		kind = ident.Card
	case p.said == "" && p.body:
		kind = ident.Unit
	case p.said == "" && p.card != "":
		kind = ident.Card
	case p.said == "":
		kind = ident.Passbook
	}
	if p.body && kind != ident.Unit {
		f.Invalid("account_kind", kind, "集体和单位的钱要进单位账户,不能进%s(农村集体经济组织法第四十四条)", AccountLabel(kind))
		return kind
	}
	if err := ident.Account(kind, number); err != nil {
		f.Invalid(field, number, "%s号 %s 不对:%s", AccountLabel(kind), number, identReason(err))
		return kind
	}
	switch {
	case kind == ident.Unit && p.bank == "" && p.branch == "":
		f.Invalid("bank", "", "单位账户要写明开户行和网点,例如 农业银行义县支行")
	case p.said == "" && kind == ident.Passbook && strings.HasPrefix(number, "62") && len(number) >= 16 && len(number) <= 19:
		c.Doubt(field, ident.Mask(number), "账号 %s 像是银行卡号打错了(校验位不符);请对照卡片核对每一位。确是存折的,记为存折", ident.Mask(number))
	case p.said == "" && kind == ident.Passbook:
		c.Doubt(field, ident.Mask(number), "账号 %s 不是银行卡号(校验位不符),记为存折;请对照存折核对每一位", ident.Mask(number))
	}
	p.pointOut(c, field, number)
	if kind == ident.Card { // as before kinds were told
		return ""
	}
	return kind
}

// pointOut asks about an account that another household of the county is paid to.
func (p payee) pointOut(c *journal.Checking, field, number string) {
	chain := p.village.Chain()
	ids := slices.Clone(oldAccounts(c, p.village)[ident.Clean(number)])
	for key := range byAccount.Each(c, accountKey(chain, p.box.Digest, "")) {
		ids = append(ids, key[len(chain)+len(p.box.Digest):])
	}
	near := func(id string) bool { return c.Who.Region.Contains(journal.PlaceOf(id)) }
	slices.SortStableFunc(ids, func(a, b string) int { // those whose name may be said first
		switch {
		case near(a) == near(b):
			return 0
		case near(a):
			return -1
		}
		return 1
	})
	for _, id := range ids {
		s, ok := shareholders.Get(c, id)
		switch open, err := c.Open(seal.BankCard, s.ID, s.Card); {
		case !ok || id == p.self || s.Locked != 0 || err != nil || ident.Clean(open) != ident.Clean(number):
		case p.body && s.body(c.Open), len(p.idNo) > 0 && string(s.IDNo.Digest) == string(p.idNo): // the same one in another village
		case near(id):
			c.Doubt(field, ident.Mask(number), "账号 %s 也是%s(%s)的;一个账号付两户,请核对", ident.Mask(number), s.Name, s.Certificate())
			return
		default:
			c.Doubt(field, ident.Mask(number), "账号 %s 也是本县另一个村一户的;一个账号付两户,请核对", ident.Mask(number))
			return
		}
	}
}

// oldAccounts is undigested, looked up once for a posting.
func oldAccounts(c *journal.Checking, village region.Code) map[string][]string {
	return journal.Once(c, "accounts of old "+string(village), func() map[string][]string { return undigested(c, village) })
}

// undigested are the shareholders of a village whose accounts older programs entered, by the number.
func undigested(c *journal.Checking, village region.Code) map[string][]string {
	list := map[string][]string{}
	for id, s := range shareholders.Scan(c, string(village)) {
		if s.Card.Digest != nil || s.Card.Empty() {
			continue
		}
		if number, err := c.Open(seal.BankCard, s.ID, s.Card); err == nil {
			list[ident.Clean(number)] = append(list[ident.Clean(number)], id)
		}
	}
	return list
}

// Shared are the shareholders of a region who are paid to one account.
type Shared struct {
	Number string // masked
	Of     []Shareholder
}

// SharedAccounts lists the accounts of a region that several households or persons are paid to, in the order of the first one's id, up to
// limit. One person who is registered in several villages is one.
func SharedAccounts(v *journal.View, place region.Code, limit int) (list []Shared, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	type seen struct {
		first string
		at    int // in the list, from 1
	}
	known := map[[16]byte]seen{}
	for id, s := range shareholders.Scan(books, place.Prefix()) {
		if s.Card.Empty() || s.Locked != 0 {
			continue
		}
		digest := s.Card.Digest
		if digest == nil {
			number, err := v.Open(seal.BankCard, s.ID, s.Card)
			if err != nil {
				continue
			}
			all := v.Digests(seal.BankCard, ident.Clean(number)) // what had no digest yet was sealed with the oldest key
			digest = all[len(all)-1]
		}
		key := [16]byte(digest)
		k, ok := known[key]
		if !ok {
			known[key] = seen{first: id}
			continue
		}
		first, _ := shareholders.Get(books, k.first)
		if first.body(v.Open) && s.body(v.Open) || len(s.IDNo.Digest) > 0 && string(first.IDNo.Digest) == string(s.IDNo.Digest) {
			continue
		}
		if k.at == 0 {
			if len(list) == limit {
				continue
			}
			list = append(list, Shared{Number: Masked(v, first).Card, Of: []Shareholder{first}})
			k.at = len(list)
			known[key] = k
		}
		list[k.at-1].Of = append(list[k.at-1].Of, s)
	}
	slices.SortFunc(list, func(a, b Shared) int { return cmp.Compare(a.Of[0].ID, b.Of[0].ID) })
	return list, nil
}
