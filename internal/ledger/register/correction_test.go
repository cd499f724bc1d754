package register_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// One high id that somebody asked for does not end a village's numbering.
func TestNumbersPassedOver(t *testing.T) {
	b := booktest.New(t)
	high := booktest.Household(booktest.Yuxin, 1)
	high.ID = booktest.Yuxin + "H99999"
	b.Record("kj-yuxin", high)
	for n := 2; n < 5; n++ {
		if id := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, n))[0]; id != fmt.Sprintf("%sH%05d", booktest.Yuxin, n-1) {
			t.Errorf("the next shareholder is %s", id)
		}
	}
}

// An entity's particulars are put right, or brought up to date, without touching what is not named.
func TestEntityCorrected(t *testing.T) {
	b := booktest.New(t)
	coop, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	b.Record("kj-yuxin", &register.CorrectEntity{Entity: coop, Representative: "测试人甲", Reason: "换届"})
	b.Record("kj-yuxin", &register.CorrectEntity{Entity: coop, Name: "育新村股份经济合作社", CreditCode: "91350100m000100y43", Founded: "2018-12-31",
		Reason: "登记时写错"})
	b.See("yixian", func(v *journal.View) {
		e, err := register.EntityOf(v, coop)
		if err != nil || e.Representative != "测试人甲" || e.Name != "育新村股份经济合作社" || e.CreditCode != "91350100M000100Y43" ||
			e.Founded != "2018-12-31" {
			t.Errorf("%+v, %v", e, err)
		}
	})
	b.Verified()
}

// A shareholder is found by part of the name, by pinyin initials in any reading, by the last digits of ID or certificate.
func TestFindingShareholders(t *testing.T) {
	b := booktest.New(t)
	for i, name := range []string{"张三丰", "曾国民", "欧阳娜", "张三"} {
		h := booktest.Household(booktest.Yuxin, 100+i)
		h.Name = name
		h.People = 2
		h.Members = []register.Member{{Name: "家 属" + string(rune('甲'+i)), IDNo: booktest.ResidentID(200 + i)}}
		b.Record("kj-yuxin", h)
	}
	for text, want := range map[string]string{
		"家属甲": "张三丰", " 张 三　丰": "张三丰", "js": "张三丰 曾国民 欧阳娜 张三", booktest.ResidentID(203): "张三", booktest.ResidentID(202)[14:]: "欧阳娜",
		"１０２２１６００００２": "曾国民",
		"三丰":          "张三丰", "zsf": "张三丰", "ZS": "张三丰 张三", "z": "张三丰 曾国民 张三", "cgm": "曾国民", "oyn": "欧阳娜", "zsfx": "", "xyz": "",
		booktest.ResidentID(101): "曾国民", booktest.ResidentID(101)[14:]: "曾国民", strings.ToLower(booktest.ResidentID(102))[13:]: "欧阳娜",
		"00003": "欧阳娜", "": "张三丰 曾国民 欧阳娜 张三",
	} {
		b.See("kj-yuxin", func(v *journal.View) {
			list, _, err := register.FindShareholders(v, booktest.Yuxin, text, "", 9)
			var got []string
			for _, s := range list {
				got = append(got, s.Name)
			}
			if strings.Join(got, " ") != want || err != nil {
				t.Errorf("%q finds %v, want %q", text, got, want)
			}
		})
	}
}

// A withdrawal, a transfer or an adjustment that should not have been is taken back whole: shares, what was contributed for them, and the
// year's cap.
func TestMovementsAreReversed(t *testing.T) {
	b := booktest.New(t)
	entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "合作社", Kind: register.SpecialisedCooperative})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holders := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 0), booktest.Household(booktest.Yuxin, 1),
		booktest.Household(booktest.Yuxin, 2))
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, WithdrawalCap: booktest.Rate("10"), Resolution: "1"})
	b.Record("kj-yuxin", &register.RecordContribution{Class: class, Holder: holders[0], Kind: register.OwnFunds, Value: booktest.Yuan("1000"),
		Shares: booktest.Units("10"), Date: "2024-01-01"})
	seqOf := func(e journal.Entry) int {
		t.Helper()
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		return int(r.Ranges[0].First)
	}
	capital := func(want ...string) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			accounts, err := dividend.MemberAccounts(v, entity, "2025-12-31")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]money.Yuan{}
			for _, m := range accounts {
				got[m.Holder] = m.Capital
			}
			for i, w := range want {
				if got[holders[i]] != booktest.Yuan(w) {
					t.Errorf("holder %d has a capital of %s, want %s", i, got[holders[i]], w)
				}
			}
		})
	}
	for range 2 { // the cap is free again after each
		gone := seqOf(&register.WithdrawShares{Class: class, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2025-02-01",
			Paid: booktest.Yuan("100")})
		capital("900")
		b.Record("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[0], Movement: gone, Reason: "没有退"})
		capital("1000")
	}
	given := seqOf(&register.TransferShares{Class: class, From: holders[0],
		To:    []register.Lot{{Holder: holders[1], Quantity: booktest.Units("3")}, {Holder: holders[2], Quantity: booktest.Units("1")}},
		Date:  "2025-03-01",
		Cause: register.Gift})
	capital("600", "300", "100")
	onward := seqOf(&register.TransferShares{Class: class, From: holders[1],
		To:   []register.Lot{{Holder: holders[2], Quantity: booktest.Units("3")}},
		Date: "2025-04-01", Cause: register.Sale})
	back := &register.ReverseMovement{Class: class, Holder: holders[2], Movement: given, Reason: "写错人"}
	b.Refuses("kj-yuxin", journal.Conflict, "movement", back) // holder 1 has sold on what came
	b.Record("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[1], Movement: onward, Reason: "写错人"})
	capital("600", "300", "100")
	b.Record("kj-yuxin", back)
	capital("1000", "0", "0")
	b.Refuses("kj-yuxin", journal.Conflict, "movement", &register.ReverseMovement{Class: class, Holder: holders[0], Movement: given,
		Reason: "又"})
	changed := seqOf(&register.AdjustShares{Class: class, Changes: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("-4")},
		{Holder: holders[1], Quantity: booktest.Units("2")}}, Date: "2025-05-01", Resolution: "2"})
	b.Refuses("kj-yuxin", journal.NotFound, "movement", &register.ReverseMovement{Class: class, Holder: holders[2], Movement: changed,
		Reason: "不在其中"})
	b.Record("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[1], Movement: changed, Reason: "没有决议"})
	capital("1000", "0")
	b.See("yixian", func(v *journal.View) {
		if c, _ := register.ShareClassOf(v, class); c.Issued != booktest.Units("10") {
			t.Errorf("%s issued", c.Issued)
		}
	})
	b.Verified()
}

// A listed member may follow a householder who has died, without being taken off the list first; a list may name the householder.
func TestMemberFollowsTheHouseholder(t *testing.T) {
	b := booktest.New(t)
	h := b.Record("kj-yuxin", &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Household, Name: "测试甲",
		IDNo:   booktest.ResidentID(1),
		People: 1})[0]
	b.Record("kj-yuxin", &register.ListMembers{Holder: h, Members: []register.Member{{Name: "测试甲", Relation: "户主"},
		{Name: "测试乙", Relation: "妻", IDNo: booktest.ResidentID(2)}, {Name: "测试丙", Relation: "子"}}})
	household := func(name string, people, members int) {
		t.Helper()
		b.See("kj-yuxin", func(v *journal.View) {
			if s, _ := register.ShareholderOf(v, h); s.Name != name || s.People != people || len(s.Members) != members {
				t.Errorf("%s with %d people, members %+v", s.Name, s.People, s.Members)
			}
		})
	}
	household("测试甲", 3, 2)
	b.Record("kj-yuxin", &register.CorrectShareholder{Holder: h, Name: "测试乙", IDNo: booktest.ResidentID(2), Reason: "户主去世,由妻继任"})
	household("测试乙", 2, 1)
	b.Verified()
}

// An investor from elsewhere is an organisation or a person, and known by the number of either.
func TestOutsideInvestors(t *testing.T) {
	b := booktest.New(t)
	outside := func(name, number string) *register.RegisterShareholder {
		return &register.RegisterShareholder{Village: booktest.Yuxin, Kind: register.Outside, Name: name, IDNo: number}
	}
	b.Record("kj-yuxin", outside("义县测试公司", "91350100M000100Y43"), outside("测试人", booktest.ResidentID(1)))
	if e := b.Refuses("kj-yuxin", journal.Invalid, "id_no", outside("测试乙", "110101199003070012")); !booktest.HasText(e, "统一社会信用代码") {
		t.Errorf("a number that is neither: %v", e)
	}
	b.See("kj-yuxin", func(v *journal.View) {
		for id, want := range map[string]string{booktest.Yuxin + "H00001": "义县测试公司", booktest.Yuxin + "H00002": "测*人"} {
			if s, err := register.ShareholderOf(v, id); err != nil || s.MaskedName() != want {
				t.Errorf("%s in public, want %s (%v)", s.MaskedName(), want, err)
			}
		}
	})
}
