package register_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

// A member is a person, confirmed and lost on a day each, with what the law has for causes.
func TestMembersByPerson(t *testing.T) {
	b := booktest.New(t)
	coop, _, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	firm := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "公司", Kind: register.Enterprise})[0]
	confirm := func(n int) *register.ConfirmMember {
		return &register.ConfirmMember{Collective: coop, Name: "测试甲", IDNo: booktest.ResidentID(n), Date: "2025-01-10"}
	}
	id := b.Record("kj-yuxin", confirm(0))[0] // the first household's own number
	for _, c := range []struct {
		name, field string
		code        journal.Code
		change      func(*register.ConfirmMember)
	}{
		{"twice", "id_no", journal.Conflict, func(e *register.ConfirmMember) { *e = *confirm(0) }},
		{"no number", "id_no", journal.Invalid, func(e *register.ConfirmMember) { e.IDNo = "" }},
		{"a wrong number", "id_no", journal.Invalid, func(e *register.ConfirmMember) { e.IDNo = "210799196001010010" }},
		{"of an enterprise", "collective", journal.Conflict, func(e *register.ConfirmMember) { e.Collective = firm }},
		{"before birth", "date", journal.Invalid, func(e *register.ConfirmMember) { e.Date = "1950-01-01" }},
		{"not yet", "date", journal.Invalid, func(e *register.ConfirmMember) { e.Date = "2027-01-01" }},
		{"in another way", "how", journal.Invalid, func(e *register.ConfirmMember) { e.How = "gift" }},
		{"a relation that is none", "relation", journal.Invalid, func(e *register.ConfirmMember) { e.Relation = "朋友" }},
		{"another village's household", "household", journal.NotFound,
			func(e *register.ConfirmMember) { e.Household = booktest.Kaizhou + "H00001" }},
	} {
		e := confirm(50_000)
		e.IDNo = ident.CompleteResidentID("21079919960101" + "123")
		c.change(e)
		if err := b.Refuses("kj-yuxin", c.code, c.field, e); err == nil {
			t.Errorf("%s is taken", c.name)
		}
	}
	b.See("yixian", func(v *journal.View) {
		if m, err := register.MembershipOf(v, id); err != nil || m.Household != holders[0] || m.Relation != "户主" {
			t.Errorf("not linked to the household: %+v %v", m, err)
		}
	})
	for cause, says := range map[string]string{"study": "第十八条", "prison": "第十八条", "marriage": "第十八条", "x": "没有“x”这种原因", "": "请选"} {
		err := b.Refuses("kj-yuxin", journal.Invalid, "cause", &register.LoseMembership{Member: id, Date: "2026-01-05", Cause: cause})
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", cause, err)
		}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "until", &register.LoseMembership{Member: id, Date: "2026-01-05", Cause: "death",
		Until: "2027-01-05"})
	b.Refuses("kj-yuxin", journal.Invalid, "date", &register.LoseMembership{Member: id, Date: "2025-01-09", Cause: "office"})
	b.Record("kj-yuxin", &register.LoseMembership{Member: id, Date: "2026-01-05", Cause: "office", Until: "2028-01-04"})
	count := func(on journal.Date, want int) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			if n, _, err := register.RollCount(v, coop, on); n != want || err != nil {
				t.Errorf("on %s %d members, want %d (%v)", on, n, want, err)
			}
		})
	}
	count("2025-01-09", 0)
	count("2025-01-10", 1)
	count("2026-01-05", 1) // still on the day of the cause
	count("2026-01-06", 0)
	b.Refuses("kj-yuxin", journal.Conflict, "member", &register.LoseMembership{Member: id, Date: "2026-01-06", Cause: "office"})
	b.Record("kj-yuxin", &register.ReverseMembership{Member: id, Reason: "聘任制"})
	count("2026-02-01", 1)
	b.Record("kj-yuxin", &register.ReverseMembership{Member: id, Reason: "登记错"})
	count("2026-02-01", 0)
	b.Refuses("kj-yuxin", journal.NotFound, "member", &register.ReverseMembership{Member: id, Reason: "x"})
	b.Record("kj-yuxin", confirm(0))
	count("2026-02-01", 1)
	b.Verified()
}

// A person in two collectives is found across counties; who confirms is told the county alone, its officials have the list. Collectives one
// above the other do not exclude each other; one lost for another makes room on the day.
func TestOnePersonInTwoCollectives(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "kj-far", Role: journal.Accountant, Region: booktest.Faraway, Hash: "h"})
	here, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 0)
	far, _, _, _ := b.Cooperative("kj-far", booktest.Faraway, 0)
	groups := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "三组集体", Kind: register.GroupCollective,
		Group: "三组"},
		&register.RegisterEntity{Village: booktest.Yuxin, Name: "四组集体", Kind: register.GroupCollective, Group: "四组"})
	confirm := func(account, collective string, n int, on journal.Date) (id, doubts string) {
		t.Helper()
		r, err := b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{&register.ConfirmMember{Collective: collective, Name: "测试甲",
			IDNo: booktest.ResidentID(n), Date: on}}})
		if err != nil {
			t.Fatal(err)
		}
		return r.IDs[0], r.Doubts.Error()
	}
	_, said := confirm("kj-far", far, 1, "2025-01-01")
	if said != "" {
		t.Errorf("the first: %s", said)
	}
	_, said = confirm("kj-yuxin", here, 1, "2025-06-01")
	if !strings.Contains(said, "黑山县") || strings.Contains(said, "远村") {
		t.Errorf("in another county: %q", said)
	}
	if _, said = confirm("kj-yuxin", groups[0], 1, "2025-06-01"); !strings.Contains(said, "黑山县") {
		t.Errorf("a group's: %q", said)
	}
	b.See("yixian", func(v *journal.View) {
		list, err := register.DoubleMembers(v, "210727000000", 9)
		if err != nil || len(list) != 2 || list[0].Elsewhere.Short() != "远村" {
			t.Errorf("%+v %v", list, err)
		}
	})
	if err := b.Read(b.As("kj-yuxin"), func(v *journal.View) error {
		_, err := register.DoubleMembers(v, booktest.Yuxin, 9)
		return err
	}); !booktest.CodeIs(err, journal.Forbidden) {
		t.Errorf("the accountant reads the list: %v", err)
	}
	_, _ = confirm("kj-yuxin", here, 2, "2025-06-01")
	if _, said = confirm("kj-yuxin", groups[0], 2, "2025-06-01"); said != "" {
		t.Errorf("village and group: %s", said)
	}
	if _, said = confirm("kj-yuxin", groups[1], 2, "2025-06-01"); said == "" {
		t.Error("two groups exclude each other")
	}
	old, _ := confirm("kj-far", far, 3, "2025-01-01")
	b.Record("kj-far", &register.LoseMembership{Member: old, Date: "2025-09-01", Cause: "elsewhere"})
	if _, said = confirm("kj-yuxin", here, 3, "2025-09-01"); said != "" {
		t.Errorf("lost for this one: %s", said)
	}
	old, _ = confirm("kj-far", far, 4, "2025-01-01")
	b.Record("kj-far", &register.LoseMembership{Member: old, Date: "2025-09-01", Cause: "voluntary"})
	if _, said = confirm("kj-yuxin", here, 4, "2025-09-01"); said == "" {
		t.Error("a member through the day of leaving")
	}
	b.Verified()
}

// An assembly's number of the entitled is held against the list of members of its day.
func TestEntitledByTheRoll(t *testing.T) {
	b := booktest.New(t)
	coop, _, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 0)
	child := ident.CompleteResidentID("21079920200101" + "123")
	b.Record("kj-yuxin",
		&register.ConfirmMember{Collective: coop, Name: "甲", IDNo: booktest.ResidentID(1), Date: "2025-01-01"},
		&register.ConfirmMember{Collective: coop, Name: "乙", IDNo: booktest.ResidentID(2), Date: "2025-01-01"},
		&register.ConfirmMember{Collective: coop, Name: "丙", IDNo: child, Date: "2025-01-01", How: register.ByBirth})
	record := func(entitled int) string {
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{DryRun: true, Entries: []journal.Entry{&resolution.RecordResolution{Of: coop,
			Body: resolution.Assembly, Date: "2026-02-01", Notice: "2026-01-01", Subjects: []resolution.Subject{resolution.Fund}, Entitled: entitled,
			Present: entitled, For: entitled}}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Doubts.Error()
	}
	if said := record(2); said != "" {
		t.Errorf("as many as there are: %s", said)
	}
	if said := record(3); !strings.Contains(said, "成员名册上那天有完全民事行为能力的是 2 人") {
		t.Errorf("a child counted: %q", said)
	}
}
