package register_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

// Somebody with the file, and without the key, exchanges the sealed accounts of two households and makes journal and tables agree again:
// nobody is paid by it, and verify finds it where the key is at hand. So it is with a number that is put under another's digest.
func TestExchangedBoxes(t *testing.T) {
	b := booktest.New(t)
	b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	const one, two = booktest.Yuxin + "H00001", booktest.Yuxin + "H00002"
	boxes := map[string]*register.RegisterShareholder{}
	b.Forged(func(_ *journal.Record, e journal.Entry) {
		if r, ok := e.(*register.RegisterShareholder); ok {
			boxes[r.ID] = r
		}
	})
	if len(boxes) != 3 || b.Verified().Opened < 9 {
		t.Fatal("the books hold no boxes")
	}
	for name, change := range map[string]func(r *register.RegisterShareholder){
		"accounts": func(r *register.RegisterShareholder) {
			r.CardBox = boxes[map[string]string{one: two, two: one}[r.ID]].CardBox
		},
		"what is sealed of an account": func(r *register.RegisterShareholder) {
			r.CardBox.Sealed = boxes[map[string]string{one: two, two: one}[r.ID]].CardBox.Sealed
		},
		"a number's digest": func(r *register.RegisterShareholder) {
			r.IDBox.Digest = boxes[map[string]string{one: two, two: one}[r.ID]].IDBox.Digest
		},
		"the account and the phone": func(r *register.RegisterShareholder) { r.CardBox.Sealed = r.PhoneBox.Sealed },
	} {
		f := b.Forged(func(_ *journal.Record, e journal.Entry) {
			if r, ok := e.(*register.RegisterShareholder); ok && (r.ID == one || r.ID == two) {
				change(r)
			}
		})
		if _, err := f.VerifyWith(nil); err != nil {
			t.Errorf("%s: it was to be made so that journal and tables agree: %v", name, err)
		}
		var found *journal.Finding
		if _, err := booktest.Verify(f); !errors.As(err, &found) || found.Chain != "210727" || !strings.Contains(found.Reason, "of "+one) {
			t.Errorf("%s: %v", name, err)
		}
		f.See("kj-yuxin", func(v *journal.View) {
			s, _ := register.ShareholderOf(v, one)
			if n := register.Masked(v, s); strings.Contains(name, "account") && n.Card != ident.Mask("?") {
				t.Errorf("%s: the page shows %+v", name, n)
			}
		})
	}
	if _, err := booktest.Verify(b.Forged(func(*journal.Record, journal.Entry) {})); err != nil {
		t.Errorf("nothing changed: %v", err)
	}
}

// With another key in its place, everything that is found by a number is found as before, and a number stays one number.
func TestNumbersAfterAKeyChange(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("kj-yuxin", &register.ListMembers{Holder: holders[0], Reason: "登记", Members: []register.Member{
		{Name: "测试妻", Relation: "妻", IDNo: booktest.ResidentID(500)}}})
	b.Record("kj-yuxin", &register.ConfirmMember{Collective: entity, Name: "测试员", IDNo: booktest.ResidentID(600), Date: "2020-01-01"})
	paper := ""
	b.See("kj-yuxin", func(v *journal.View) {
		s, _ := register.ShareholderOf(v, holders[0])
		paper = register.CheckCode(v, s)
	})
	certificate := booktest.Yuxin + "00001"
	again := journal.Posting{Request: "form 1", Entries: []journal.Entry{booktest.Household(booktest.Kaizhou, 50)}}
	first, err := b.Post(b.As("kj-kaizhou"), again)
	if err != nil {
		t.Fatal(err)
	}
	keys := b.RequestKeys([]byte("a file"))
	source := func(requests []string) journal.Posting {
		return journal.Posting{Request: requests[0], Older: requests[1:], Count: 1, Source: func(yield func(journal.Entry) bool) {
			yield(booktest.Household(booktest.Kaizhou, 51))
		}}
	}
	if _, err := b.Post(b.As("kj-kaizhou"), source(keys)); err != nil {
		t.Fatal(err)
	}

	b.ChangeKey()
	b.ChangeKey()

	if r, err := b.Post(b.As("kj-kaizhou"), again); err != nil || !r.Again || r.IDs[0] != first.IDs[0] {
		t.Errorf("the same form again: %+v, %v", r, err)
	}
	if r, err := b.Post(b.As("kj-kaizhou"), source(b.RequestKeys([]byte("a file")))); err != nil || !r.Again {
		t.Errorf("the same file again: %+v, %v", r, err)
	}
	other := booktest.Household(booktest.Kaizhou, 52)
	if _, err := b.Post(b.As("kj-kaizhou"), journal.Posting{Request: "form 1", Entries: []journal.Entry{other}}); !booktest.CodeIs(err,
		journal.Conflict) {
		t.Errorf("another form with the same key: %v", err)
	}
	checked, err := register.CheckCertificate(b.Ledger, certificate, paper, "")
	if err != nil || checked.Number != certificate {
		t.Errorf("a certificate that was printed before: %+v, %v", checked, err)
	}
	if _, err := register.CheckCertificate(b.Ledger, certificate, strings.Repeat("A", 10), ""); err == nil {
		t.Error("any code will do")
	}

	b.Refuses("kj-yuxin", journal.Conflict, "id_no", booktest.Household(booktest.Yuxin, 1)) // registered before
	member := booktest.Household(booktest.Yuxin, 3)
	member.IDNo = booktest.ResidentID(500)
	b.Refuses("kj-yuxin", journal.Conflict, "id_no", member) // a member of a household before
	b.Refuses("kj-yuxin", journal.Conflict, "id_no",
		&register.ConfirmMember{Collective: entity, Name: "测试员", IDNo: booktest.ResidentID(600), Date: "2021-01-01"})
	shared := booktest.Household(booktest.Yuxin, 4)
	shared.Card = booktest.CardNo(1)
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{shared}})
	if err != nil || len(r.Doubts) == 0 || !strings.Contains(r.Doubts[0].Error(), "一个账号付两户") {
		t.Errorf("an account of before, for another household: %v, %v", r.Doubts, err)
	}
	b.Record("kj-yuxin", &register.IssueShares{Class: class, IDNo: booktest.ResidentID(1), Quantity: booktest.Units("1"), Date: "2026-01-01"})
	twin := booktest.Household(booktest.Kaizhou, 1) // the same person in another village
	b.Record("kj-kaizhou", twin)
	b.See("yixian", func(v *journal.View) {
		for what, number := range map[string]string{"before": booktest.ResidentID(1), "a member": booktest.ResidentID(500),
			"since": booktest.ResidentID(4)} {
			list, _, err := register.FindShareholders(v, booktest.Yuxin, number, "", 9)
			if err != nil || len(list) != 1 {
				t.Errorf("sought by a number of %s: %v, %v", what, list, err)
			}
		}
		if s, ok := register.Registered(v, booktest.Yuxin, booktest.ResidentID(1)); !ok || s.ID != holders[1] {
			t.Errorf("registered: %+v", s)
		}
		if m, ok := register.MemberNumbered(v, entity, booktest.ResidentID(600)); !ok || m.Name != "测试员" {
			t.Errorf("member: %+v", m)
		}
		list, err := register.Duplicates(v, region.MustParse("210727"), 9)
		if err != nil || len(list) != 1 || list[0].Number != ident.Mask(booktest.ResidentID(1)) {
			t.Errorf("one person in two villages: %+v, %v", list, err)
		}
		accounts, err := register.SharedAccounts(v, region.MustParse("210727"), 9)
		if err != nil || len(accounts) == 0 || len(accounts[0].Of) < 2 {
			t.Errorf("one account of two households: %+v, %v", accounts, err)
		}
	})
	if n := b.Verified(); n.Opened == 0 {
		t.Error("no box was opened")
	}
}

// What is known of a number nearest to where it is entered counts: another county that knows it by a newer digest changes nothing in the
// village whose household has it.
func TestNumbersKnownInTwoCounties(t *testing.T) {
	b := booktest.New(t)
	_, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	b.Record("kj-yuxin", &register.ListMembers{Holder: holders[0], Reason: "登记", Members: []register.Member{
		{Name: "测试妻", Relation: "妻", IDNo: booktest.ResidentID(500)}}})
	b.ChangeKey()
	if _, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{&office.AddAccount{Name: "kj-yuan",
		Role: journal.Accountant, Region: booktest.Faraway, Hash: "h"}}}); err != nil {
		t.Fatal(err)
	}
	far := booktest.Household(booktest.Faraway, 1)
	far.IDNo = booktest.ResidentID(500)
	b.Record("kj-yuan", far)
	own := booktest.Household(booktest.Yuxin, 2)
	own.IDNo = booktest.ResidentID(500)
	b.Refuses("kj-yuxin", journal.Conflict, "id_no", own)
	b.Record("kj-yuxin", &register.RecordDeath{Holder: holders[0], Date: "2026-01-05", Head: "测试妻", HeadIDNo: booktest.ResidentID(500)})
	b.Verified()
}
