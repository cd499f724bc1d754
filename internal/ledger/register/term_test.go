package register_test

import (
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
)

// Rights kept until a day are held through it: everything that tells of today says so before and after, whatever it reads.
func TestHoldingWithAnEnd(t *testing.T) {
	b := booktest.New(t)
	_, population, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3) // population 1, 2, 3; land 3, 3, 3 or the like
	var before int
	b.See("kj-yuxin", func(v *journal.View) {
		r, err := report.ReportOf(v, booktest.Yuxin, 2026)
		if err != nil {
			t.Fatal(err)
		}
		before = r.Shareholders
	})
	term := func(class string, q money.Quantity, until string) *register.EndHolding {
		return &register.EndHolding{Class: class, Holder: holders[1], Quantity: q, Until: journal.Date(until), Resolution: "2026-02"}
	}
	today := journal.DateOf(b.Time)
	end := string(today.Plus(10))
	for _, c := range []struct {
		name, field string
		code        journal.Code
		entry       *register.EndHolding
	}{
		{"more than there is", "quantity", journal.Conflict, term(population, booktest.Units("2.5"), end)},
		{"none", "quantity", journal.Invalid, term(population, 0, end)},
		{"no day", "until", journal.Invalid, term(population, booktest.Units("1"), "")},
		{"no resolution", "resolution", journal.Invalid, &register.EndHolding{Class: population, Holder: holders[1],
			Quantity: booktest.Units("1"), Until: today.Plus(10)}},
		{"a member who is none", "member", journal.NotFound, &register.EndHolding{Class: population, Holder: holders[1], Resolution: "1",
			Quantity: booktest.Units("1"), Until: today.Plus(10), Member: booktest.Yuxin + "E001M00009"}},
	} {
		t.Run(c.name, func(t *testing.T) { b.Refuses("kj-yuxin", c.code, c.field, c.entry) })
	}
	var landHeld money.Quantity
	b.See("kj-yuxin", func(v *journal.View) { landHeld, _ = register.HeldNow(v, land, holders[1]) })
	b.Record("kj-yuxin", term(population, booktest.Units("2"), end), term(land, landHeld, end))
	// What ends is still the holder's, and cannot be given away for longer.
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.quantity", &register.TransferShares{Class: population, From: holders[1], Date: today,
		To: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("1")}}, Cause: register.Sale})

	for _, c := range []struct {
		name    string
		after   int // days from now
		holds   string
		issued  string
		holders int
	}{
		{"today", 0, "2", "6", before},
		{"on the last day", 10, "2", "6", before},
		{"the day after", 11, "0", "4", before - 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			was := b.Time
			defer func() { b.Time = was }()
			b.Time = b.Time.Add(time.Duration(c.after) * 24 * time.Hour)
			b.See("kj-yuxin", func(v *journal.View) {
				want := booktest.Units(c.holds)
				if q, err := register.HeldNow(v, population, holders[1]); err != nil || q != want {
					t.Errorf("held now %s: %v", q, err)
				}
				var listed money.Quantity
				list, _, _ := register.Holders(v, population, "", 10)
				for _, h := range list {
					if h.Holder == holders[1] {
						listed = h.Quantity
					}
				}
				on, _ := register.RegisterOn(v, population, journal.DateOf(b.Time))
				if len(on) != len(list) || listed != want {
					t.Errorf("listed %s of %d holders, the register has %d", listed, len(list), len(on))
				}
				paged, next, _ := register.Holders(v, population, "", 1)
				for next != "" {
					var more []register.Holding
					more, next, _ = register.Holders(v, population, next, 1)
					paged = append(paged, more...)
				}
				if len(paged) != len(list) {
					t.Errorf("%d holders page by page, %d at once", len(paged), len(list))
				}
				class, _ := register.ShareClassOf(v, population)
				if class.Issued != booktest.Units(c.issued) {
					t.Errorf("issued %s", class.Issued)
				}
				standing, _ := register.StandingOf(v, holders[1])
				if (len(standing) > 0) != (want > 0) {
					t.Errorf("the certificate says %v", standing)
				}
				for _, h := range standing {
					if h.Class.ID == population && (h.End.Until != journal.Date(end) || h.End.Quantity != want) {
						t.Errorf("the end is %v", h.End)
					}
				}
				r, _ := report.ReportOf(v, booktest.Yuxin, 2026)
				if r.Shareholders != c.holders {
					t.Errorf("%d shareholders counted", r.Shareholders)
				}
			})
		})
	}

	// Taken back before its day, the holding goes on as if there had been no term.
	var entry int
	b.See("kj-yuxin", func(v *journal.View) {
		list, _ := register.HoldingEvents(v, population, holders[1])
		entry = int(list[len(list)-1].Entry)
	})
	b.Record("kj-yuxin", &register.ReverseMovement{Class: population, Holder: holders[1], Movement: entry, Reason: "记错了人"})
	b.Time = b.Time.Add(20 * 24 * time.Hour)
	b.See("kj-yuxin", func(v *journal.View) {
		if q, _ := register.HeldNow(v, population, holders[1]); q != booktest.Units("2") {
			t.Errorf("after the reversal %s is held", q)
		}
	})
	if _, err := booktest.Verify(b); err != nil {
		t.Error(err)
	}
}

// A term that follows on a lost membership takes its day from there.
func TestTermOfALostMembership(t *testing.T) {
	b := booktest.New(t)
	coop, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	member := b.Record("kj-yuxin", &register.ConfirmMember{Collective: coop, Name: "测试甲", IDNo: booktest.ResidentID(0), Date: "2025-01-10"})[0]
	term := func(until journal.Date) *register.EndHolding {
		return &register.EndHolding{Class: population, Holder: holders[0], Quantity: booktest.Units("1"), Until: until, Member: member,
			Resolution: "1"}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "member", term("2027-01-31"))
	b.Record("kj-yuxin", &register.LoseMembership{Member: member, Date: "2026-01-31", Cause: "office", Until: "2027-01-31"})
	b.Refuses("kj-yuxin", journal.Invalid, "until", term("2027-02-28"))
	b.Record("kj-yuxin", term(""))
	b.See("kj-yuxin", func(v *journal.View) {
		for day, want := range map[journal.Date]int{"2027-01-31": 2, "2027-02-01": 1} {
			if list, _ := register.RegisterOn(v, population, day); len(list) != want {
				t.Errorf("on %s %d hold: %v", day, len(list), list)
			}
		}
	})
}

// A county's cap refuses what is transferred or issued above it; what comes by inheritance, or because there are fewer shares in all, is
// asked
// about.
func TestHolderCap(t *testing.T) {
	b := booktest.New(t)
	_, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 4) // population 1, 2, 3, 4
	entity := journal.EntityID.In(population)
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, WithdrawalCap: booktest.Rate("100"), Resolution: "1"})
	b.Refuses("yixian", journal.Invalid, "value", &office.ChangeSetting{Region: "210727000000", Setting: "holder_cap", Value: "120",
		From: "2026-01-01", Reason: "文件"})
	b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "holder_cap", Value: "40", From: "2026-01-01", Reason: "文件"})
	give := func(cause register.TransferCause, q string) journal.Entry {
		return &register.TransferShares{Class: population, From: holders[0], Date: "2026-01-10", Cause: cause,
			To: []register.Lot{{Holder: holders[3], Quantity: booktest.Units(q)}}}
	}
	doubts := func(e journal.Entry) []*journal.Error {
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}, Careful: true})
		if err != nil {
			return journal.All(err)
		}
		return r.Doubts
	}
	b.Refuses("kj-yuxin", journal.Conflict, "to.0.quantity", give(register.Sale, "0.5")) // 4.5 of 10
	b.Refuses("kj-yuxin", journal.Conflict, "quantity", &register.IssueShares{Class: population, Holder: holders[3],
		Quantity: booktest.Units("0.5"), Date: "2026-01-10"})
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[2], Quantity: booktest.Units("1"),
		Date: "2026-01-10"}) // 4 of 11
	if d := doubts(give(register.Inheritance, "1")); len(d) == 0 || d[0].Code != journal.Doubtful {
		t.Errorf("an inheritance above the cap is not asked about: %v", d)
	}
	if d := doubts(&register.WithdrawShares{Class: population, Holder: holders[1], Quantity: booktest.Units("2"), Paid: booktest.Yuan("1"),
		Date: "2026-01-11"}); len(d) == 0 || !booktest.HasText(d[0], "超过县里规定的上限") {
		t.Errorf("a shrinking total is not asked about: %v", d)
	}
}

// While a collective has fewer holders than its county's cap needs, the first shares can be issued.
func TestHolderCapLeavesTheFirst(t *testing.T) {
	b := booktest.New(t)
	b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "holder_cap", Value: "3", From: "2026-01-01", Reason: "文件"})
	_, population, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 5)
	b.Record("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[0], Quantity: booktest.Units("9"), Date: "2026-01-10"})
}

// A county's floor for the reserve stands above the charter.
func TestReserveFloor(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "reserve_floor", Value: "30", From: "2026-01-01", Reason: "文件"})
	change := func(rate string) journal.Entry {
		return &register.ChangeReserve{Entity: entity, Reserve: booktest.Rate(rate), From: 2026, Resolution: "1"}
	}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "reserve", change("29.99")); !booktest.HasText(e, "低于县里规定的 30.00%") {
		t.Error(e)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1000")})
	draft := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "1",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: booktest.Rate("10")}}})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "entity", &dividend.SubmitDistribution{Distribution: draft})
	b.Record("kj-yuxin", &register.ChangeReserve{Entity: entity, Reserve: booktest.Rate("30"), From: 2025, Resolution: "1"},
		&dividend.SubmitDistribution{Distribution: draft})
	b.Record("kj-yuxin", change("30"))
	b.Refuses("kj-yuxin", journal.Conflict, "reserve", &register.RegisterEntity{Village: booktest.Yuxin, Name: "经济社",
		Kind: register.GroupCollective, Group: "一组", Reserve: booktest.Rate("10")})
}
