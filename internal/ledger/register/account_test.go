package register_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Where the kind of an account is said its rule holds; where it is not, the number, the field and the holder tell.
func TestAccountsToPayTo(t *testing.T) {
	b := booktest.New(t)
	const passbook, unit = "210727100101012345", "0709-0601-0400-12345"
	for i, c := range []struct {
		name          string
		kind          register.HolderKind
		card, account string
		said          ident.AccountKind
		is            ident.AccountKind // what it becomes; "" where it is refused
		says          string            // a doubt, or the refusal
	}{
		{"a card as a card", register.Household, booktest.CardNo(1), "", "", ident.Card, ""},
		{"a card under 账号", register.Household, "", booktest.CardNo(2), "", ident.Card, ""},
		{"a card grouped by hyphens", register.Household, "", "6299-9900-0000-0000-038", "", ident.Card, ""},
		{"a passbook under 银行卡号", register.Household, passbook, "", "", "", "校验位不符"},
		{"a passbook under 账号", register.Household, "", passbook, "", ident.Passbook, "记为存折"},
		{"a passbook that is said to be one", register.Person, "", "210727100101012346", ident.Passbook, ident.Passbook, ""},
		{"a passbook said to be a card", register.Household, "", passbook, ident.Card, "", "校验位不符"},
		{"a mistyped card", register.Household, "", "6299990000000000013", "", ident.Passbook, "像是银行卡号打错了"},
		{"nine digits", register.Household, "", "123456789", "", "", "位数不对"},
		{"another kind", register.Household, "", passbook, "cheque", "", "没有“cheque”这种账户"},
		{"two numbers", register.Household, booktest.CardNo(3), passbook, "", "", "各写了一个"},
		{"a kind without a number", register.Household, "", "", ident.Card, "", "请填写账号"},
		{"a collective's unit account", register.Collective, "", unit, "", ident.Unit, ""},
		{"a collective's unit account under 银行卡号", register.Collective, "2107-0000-01", "", "", ident.Unit, ""},
		{"a collective's personal card", register.Collective, booktest.CardNo(4), "", "", "", "个人银行卡"},
		{"a collective's card that is said to be one", register.Collective, booktest.CardNo(4), "", ident.Card, "", "不能进银行卡"},
		{"a collective's passbook", register.Collective, "", passbook, ident.Passbook, "", "不能进存折"},
		{"a unit account whose number would be a card's", register.Company, "", booktest.CardNo(5), ident.Unit, ident.Unit, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := booktest.Household(booktest.Yuxin, 100+i)
			e.Kind, e.Card, e.Account, e.AccountKind = c.kind, c.card, c.account, c.said
			if !c.kind.Personal() {
				e.IDNo = ""
			}
			receipt, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
			if c.is == "" {
				if !booktest.HasText(err, c.says) {
					t.Errorf("%v, want %s", err, c.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if said := receipt.Doubts.Error(); (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
				t.Errorf("doubts %q, want %q", said, c.says)
			}
			b.See("yixian", func(v *journal.View) {
				if s, _ := register.ShareholderOf(v, receipt.IDs[0]); s.AccountKind() != c.is {
					t.Errorf("is %q, want %q", s.AccountKind(), c.is)
				}
			})
		})
	}
	b.Refuses("kj-yuxin", journal.Invalid, "bank", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Collective,
		Name: "无开户行", Account: unit})
	b.Verified()
}

// An account of two households is pointed out wherever in the county the other is, by name to those who may see it; one person in two
// villages may have one account.
func TestSharedAccounts(t *testing.T) {
	b := booktest.New(t)
	doubts := func(account string, e journal.Entry) string {
		t.Helper()
		r, err := b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Doubts.Error()
	}
	one, same := booktest.Household(booktest.Yuxin, 1), booktest.Household(booktest.Kaizhou, 1)
	two, three := booktest.Household(booktest.Yuxin, 2), booktest.Household(booktest.Kaizhou, 3)
	two.Card, three.Card = one.Card, one.Card
	first := b.Record("kj-yuxin", one)[0]
	if said := doubts("kj-kaizhou", same); said != "" {
		t.Errorf("the same person elsewhere: %s", said)
	}
	if said := doubts("kj-yuxin", two); !strings.Contains(said, "测试户00001") {
		t.Errorf("in the village: %q", said)
	}
	if said := doubts("kj-kaizhou", three); strings.Contains(said, "测试户00002") || said == "" {
		t.Errorf("in another village: %q", said)
	}
	b.See("yixian", func(v *journal.View) {
		list, err := register.SharedAccounts(v, "210727000000", 9)
		if err != nil || len(list) != 1 || len(list[0].Of) != 3 {
			t.Errorf("%+v %v", list, err)
		}
	})
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: first, Bank: "农商银行", Card: booktest.CardNo(9)})
	four := booktest.Household(booktest.Yuxin, 4)
	four.Card = booktest.CardNo(9)
	if said := doubts("kj-yuxin", four); !strings.Contains(said, "测试户00001") {
		t.Errorf("after a change: %q", said)
	}
	b.Verified()
}

// Every fault of a registration is told at once.
func TestFaultsComeTogether(t *testing.T) {
	b := booktest.New(t)
	_, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&register.RegisterShareholder{
		Village: booktest.Yuxin, Kind: register.Household, IDNo: "123", Phone: "1", Card: "2", People: 99,
		Members: []register.Member{{Name: "测试成员", Relation: "朋友"}},
	}}})
	fields := map[string]bool{}
	for _, f := range journal.All(err) {
		fields[f.Field] = true
	}
	for _, want := range []string{"name", "id_no", "phone", "card", "people", "members.0.relation"} {
		if !fields[want] {
			t.Errorf("%s is not told: %v", want, err)
		}
	}
}
