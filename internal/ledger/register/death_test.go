package register_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// family is a household of four, with ID numbers from n on: the householder, wife, son and mother.
func family(n int) *register.RegisterShareholder {
	h := booktest.Household(booktest.Yuxin, n)
	h.People = 4
	h.Members = []register.Member{
		{Name: "测试妻", Relation: "妻", IDNo: booktest.ResidentID(n + 10_000)},
		{Name: "测试子", Relation: "子", IDNo: booktest.ResidentID(n + 3_020_000)},
		{Name: "测试母", Relation: "母"},
	}
	return h
}

// A household whose householder dies goes on under another; nobody is left out, nothing of what it holds changes.
func TestDeathOfAHouseholder(t *testing.T) {
	b := booktest.New(t)
	_, population, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	id := b.Record("kj-yuxin", family(100))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: id, Quantity: booktest.Units("4"), Date: "2025-01-01"})
	death := func(change func(*register.RecordDeath)) *register.RecordDeath {
		e := &register.RecordDeath{Holder: id, Date: "2026-02-10", Head: "测试妻"}
		change(e)
		return e
	}
	for _, c := range []struct {
		name, field string
		code        journal.Code
		change      func(*register.RecordDeath)
	}{
		{"nobody follows", "head", journal.Invalid, func(e *register.RecordDeath) { e.Head = "" }},
		{"the number of who follows is not known", "head_id_no", journal.Invalid, func(e *register.RecordDeath) { e.Head = "测试母" }},
		{"a stranger without a number", "head_id_no", journal.Invalid, func(e *register.RecordDeath) { e.Head = "外人" }},
		{"another's number", "head_id_no", journal.Conflict, func(e *register.RecordDeath) { e.HeadIDNo = booktest.ResidentID(3_020_100) }},
		{"a number of another household", "head_id_no", journal.Conflict,
			func(e *register.RecordDeath) { e.Head, e.HeadIDNo = "外人", booktest.ResidentID(0) }},
		{"a day to come", "date", journal.Invalid, func(e *register.RecordDeath) { e.Date = "2027-01-01" }},
		{"before birth", "date", journal.Invalid, func(e *register.RecordDeath) { e.Name, e.Head, e.Date = "测试子", "", "1949-10-02" }},
		{"a member who is none", "name", journal.NotFound, func(e *register.RecordDeath) { e.Name, e.Head = "没有这人", "" }},
		{"a member's death makes nobody householder", "head", journal.Invalid, func(e *register.RecordDeath) { e.Name = "测试子" }},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, death(c.change)) })
	}
	before := shareholder(t, b, id)
	r := post(t, b, death(func(*register.RecordDeath) {}))
	s := shareholder(t, b, id)
	if s.Name != "测试妻" || s.People != 3 || s.Relatives() != "测试子(子)、测试母" || s.Late == nil || s.Late.Name != before.Name || s.Late.Estate {
		t.Errorf("the household is %+v: %s", s, s.Relatives())
	}
	b.See("kj-yuxin", func(v *journal.View) {
		if q, _ := register.HeldNow(v, population, id); q != booktest.Units("4") {
			t.Errorf("it holds %s", q)
		}
		if found, ok := register.Registered(v, booktest.Yuxin, booktest.ResidentID(10_100)); !ok || found.ID != id {
			t.Error("the new householder is not found by number")
		}
		if _, ok := register.Registered(v, booktest.Yuxin, booktest.ResidentID(100)); ok {
			t.Error("the dead is found as a householder")
		}
	})
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: id, Bank: "农业银行", Card: booktest.CardNo(9)})
	if shareholder(t, b, id).Late != nil {
		t.Error("the new householder's account takes no payment")
	}
	undo := &register.ReverseDeath{Holder: id, Death: int(r), Reason: "登记错了人"}
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &register.ReverseDeath{Holder: id, Death: int(r)})
	b.Refuses("kj-yuxin", journal.NotFound, "death", &register.ReverseDeath{Holder: id, Death: 1, Reason: "x"})
	b.Record("kj-yuxin", undo)
	after := shareholder(t, b, id)
	if after.Name != before.Name || after.People != 4 || after.Relatives() != before.Relatives() || after.Late != nil {
		t.Errorf("after the reversal: %+v", after)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "death", undo)
	if _, err := booktest.Verify(b); err != nil {
		t.Error(err)
	}
}

func shareholder(t *testing.T, b *booktest.Books, id string) (s register.Shareholder) {
	t.Helper()
	b.See("kj-yuxin", func(v *journal.View) {
		var err error
		if s, err = register.ShareholderOf(v, id); err != nil {
			t.Fatal(err)
		}
	})
	return s
}

// post records an entry and returns its number in the journal.
func post(t *testing.T, b *booktest.Books, e journal.Entry) uint64 {
	t.Helper()
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
	if err != nil {
		t.Fatalf("%T: %v", e, err)
	}
	return r.Ranges[0].First
}

// A person on the roll of members is a member no more from the death on, and again when it is taken back.
func TestDeathOfAMember(t *testing.T) {
	b := booktest.New(t)
	coop, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	id := b.Record("kj-yuxin", family(100))[0]
	member := b.Record("kj-yuxin", &register.ConfirmMember{Collective: coop, Name: "测试子", IDNo: booktest.ResidentID(3_020_100),
		Date: "2025-01-10"})[0]
	r := post(t, b, &register.RecordDeath{Holder: id, Name: "测试子", Date: "2026-02-10"})
	membership := func() (m register.Membership) {
		b.See("kj-yuxin", func(v *journal.View) { m, _ = register.MembershipOf(v, member) })
		return m
	}
	if m := membership(); m.On("2026-02-11") || !m.On("2026-02-10") || m.Cause != "death" {
		t.Errorf("the membership is %+v", m)
	}
	if s := shareholder(t, b, id); s.People != 3 || s.Late != nil {
		t.Errorf("the household is %+v", s)
	}
	b.Record("kj-yuxin", &register.ReverseDeath{Holder: id, Death: int(r), Reason: "记错"})
	if m := membership(); !m.On("2026-03-01") {
		t.Errorf("the membership is %+v", m)
	}
}

// An estate is divided by fractions over every class and entity in one step; what does not divide goes by largest remainder of 0.0001, ties
// to the smaller number.
func TestEstate(t *testing.T) {
	b := booktest.New(t)
	_, population, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 4)
	second := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬合作社", Kind: register.SpecialisedCooperative})[0]
	cash := b.Record("kj-yuxin", &register.OpenShareClass{Entity: second, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	single := booktest.Household(booktest.Yuxin, 200)
	single.Kind, single.People = register.Person, 1
	dead := b.Record("kj-yuxin", single)[0]
	for class, q := range map[string]string{population: "1", land: "7.23", cash: "100.0001"} {
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: dead, Quantity: booktest.Units(q), Date: "2025-01-01"})
	}
	b.Record("kj-yuxin", &register.PledgeShares{Class: cash, Holder: dead, Quantity: booktest.Units("40"), Date: "2025-06-01",
		Pledgee: "农商银行"})
	estate := func(change func(*register.DivideEstate)) *register.DivideEstate {
		e := &register.DivideEstate{Holder: dead, Date: "2026-02-20", Basis: "公证书 2026 第 12 号", Heirs: []register.HeirPart{
			{Holder: holders[2], Part: "1/3"}, {Holder: holders[0], Part: "三分之一"}, {Holder: holders[1], Part: "1/3"}}}
		change(e)
		return e
	}
	as := func(*register.DivideEstate) {}
	b.Refuses("kj-yuxin", journal.Conflict, "holder", estate(as)) // nobody has died
	r := post(t, b, &register.RecordDeath{Holder: dead, Date: "2026-02-10"})
	if s := shareholder(t, b, dead); s.Late == nil || !s.Late.Estate {
		t.Fatalf("%+v", s)
	}
	for _, c := range []struct {
		name, field string
		code        journal.Code
		change      func(*register.DivideEstate)
	}{
		{"before the death", "date", journal.Invalid, func(e *register.DivideEstate) { e.Date = "2026-02-09" }},
		{"on nothing", "basis", journal.Invalid, func(e *register.DivideEstate) { e.Basis = "" }},
		{"less than all", "heirs", journal.Invalid, func(e *register.DivideEstate) { e.Heirs[0].Part = "1/4" }},
		{"more than all", "heirs", journal.Invalid, func(e *register.DivideEstate) { e.Heirs[0].Part = "1/2" }},
		{"a part that is none", "heirs.1.part", journal.Invalid, func(e *register.DivideEstate) { e.Heirs[1].Part = "一些" }},
		{"one twice", "heirs.1.holder", journal.Invalid, func(e *register.DivideEstate) { e.Heirs[1].Holder = e.Heirs[0].Holder }},
		{"to the dead", "heirs.0.holder", journal.Invalid, func(e *register.DivideEstate) { e.Heirs[0].Holder = dead }},
		{"to nobody", "heirs.0.holder", journal.NotFound, func(e *register.DivideEstate) { e.Heirs[0].Holder = booktest.Yuxin + "H00999" }},
		{"to none", "heirs", journal.Invalid, func(e *register.DivideEstate) { e.Heirs = nil }},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, estate(c.change)) })
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holder", &register.ChangeBankCard{Holder: dead, Card: booktest.CardNo(7)})
	before := map[string]money.Quantity{}
	held := func(class, holder string) (q money.Quantity) {
		b.See("kj-yuxin", func(v *journal.View) { q, _ = register.HeldNow(v, class, holder) })
		return q
	}
	for _, class := range []string{population, land, cash} {
		for _, h := range holders[:3] {
			before[class+h] = held(class, h)
		}
	}
	seq := post(t, b, estate(as))
	for _, c := range []struct {
		class string
		got   [3]string // by holder number
		left  string
	}{
		{population, [3]string{"0.3334", "0.3333", "0.3333"}, "0"},
		{land, [3]string{"2.41", "2.41", "2.41"}, "0"},
		{cash, [3]string{"20.0001", "20", "20"}, "40"}, // 60.0001 are free
	} {
		for i, h := range holders[:3] {
			if got := held(c.class, h) - before[c.class+h]; got != booktest.Units(c.got[i]) {
				t.Errorf("of %s holder %d got %s, want %s", c.class, i, got, c.got[i])
			}
		}
		if left := held(c.class, dead); left != booktest.Units(c.left) {
			t.Errorf("of %s %s stays, want %s", c.class, left, c.left)
		}
	}
	// A death on which an estate was divided is not taken back before the movements are.
	b.Refuses("kj-yuxin", journal.Conflict, "death", &register.ReverseDeath{Holder: dead, Death: int(r), Reason: "记错"})
	for _, class := range []string{population, land, cash} {
		b.Record("kj-yuxin", &register.ReverseMovement{Class: class, Holder: dead, Movement: int(seq), Reason: "份额写错"})
	}
	b.Record("kj-yuxin", &register.ReverseDeath{Holder: dead, Death: int(r), Reason: "记错"})
	if held(cash, dead) != booktest.Units("100.0001") || shareholder(t, b, dead).Late != nil {
		t.Error("the reversals did not put everything back")
	}
	if _, err := booktest.Verify(b); err != nil {
		t.Error(err)
	}
}

// A household may keep a part of the estate under its new householder.
func TestEstateOfAHousehold(t *testing.T) {
	b := booktest.New(t)
	_, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	id := b.Record("kj-yuxin", family(100))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: id, Quantity: booktest.Units("4"), Date: "2025-01-01"},
		&register.RecordDeath{Holder: id, Date: "2026-02-10", Head: "测试妻"},
		&register.DivideEstate{Holder: id, Date: "2026-02-10", Basis: "协议", Heirs: []register.HeirPart{{Holder: id, Part: "3/4"},
			{Holder: holders[0], Part: "25%"}}})
	b.See("kj-yuxin", func(v *journal.View) {
		if q, _ := register.HeldNow(v, population, id); q != booktest.Units("3") {
			t.Errorf("the household keeps %s", q)
		}
	})
}
