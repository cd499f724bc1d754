package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Every mistake can be put right by an entry that names it, and counts and sums follow.
func TestMistakesAreReversed(t *testing.T) {
	b := newBooks(t)
	entity, population, _, holders := b.cooperative("kj-yuxin", yuxin, 2)
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("5000")})

	// Shares issued to the wrong household.
	r, err := b.Post(b.actor("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&register.IssueShares{Class: population,
		Holder: holders[0], Quantity: units("7"), Date: "2025-01-01"}}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := int(r.Ranges[0].First)
	b.post("kj-yuxin", &register.ReverseMovement{Class: population, Holder: holders[0], Movement: wrong, Reason: "写错户"})
	b.refused("kj-yuxin", journal.Conflict, "movement", &register.ReverseMovement{Class: population, Holder: holders[0], Movement: wrong,
		Reason: "又"})
	b.read("kj-yuxin", func(v *journal.View) {
		hold, _ := register.HoldingsOf(v, holders[0])
		c, _ := register.ShareClassOf(v, population)
		events, _ := register.HoldingEvents(v, population, holders[0])
		if hold[0].Quantity != units("1") || c.Issued != units("3") || len(events) != 3 || events[2].Reverses != uint64(wrong) {
			t.Errorf("holds %s of %s, events %+v", hold[0].Quantity, c.Issued, events)
		}
	})

	// A household whose only shares are taken back is no shareholder any more, but its history stays.
	events := func() []register.HoldingEvent {
		var list []register.HoldingEvent
		b.read("kj-yuxin", func(v *journal.View) {
			hold, _ := register.HoldingsOf(v, holders[1])
			for _, h := range hold {
				e, _ := register.HoldingEvents(v, h.Class.ID, holders[1])
				list = append(list, e...)
			}
		})
		return list
	}
	for _, e := range events() {
		b.post("kj-yuxin", &register.ReverseMovement{Class: e.Class.ID, Holder: holders[1], Movement: int(e.Entry), Reason: "不是本村人"})
	}
	if n := len(events()); n != 4 {
		t.Errorf("%d events are left of four", n)
	}
	b.read("yixian", func(v *journal.View) {
		sums, _ := report.ReportOf(v, region.Code(yuxin), 2025)
		if sums.Shareholders != 1 || sums.People != 1 {
			t.Errorf("%d shareholders, %d people", sums.Shareholders, sums.People)
		}
	})

	// A household registered with the wrong number and size.
	b.post("kj-yuxin", &register.CorrectShareholder{Holder: holders[0], IDNo: residentID(900), People: 6, Reason: "身份证抄错"})
	b.post("kj-yuxin", household(yuxin, 0)) // the number that was wrong is free again
	b.post("kj-yuxin", &register.CorrectShareholder{Holder: holders[0], Marks: []string{"脱贫户"}, Reason: "认定"},
		&register.CorrectShareholder{Holder: holders[0], Clear: []string{"marks", "phone"}, Reason: "取消"})
	b.refused("kj-yuxin", journal.Invalid, "clear", &register.CorrectShareholder{Holder: holders[0], Clear: []string{"name"}, Reason: "取消"})
	b.read("kj-yuxin", func(v *journal.View) {
		if s, _ := register.ShareholderOf(v, holders[0]); len(s.Marks) != 0 || register.Masked(v, s).Phone != "" {
			t.Errorf("marks %v and phone %q are not cleared", s.Marks, register.Masked(v, s).Phone)
		}
	})
	b.read("yixian", func(v *journal.View) {
		if sums, _ := report.ReportOf(v, region.Code(yuxin), 2025); sums.People != 6 {
			t.Errorf("%d people", sums.People)
		}
		if list, _, _ := register.FindShareholders(v, region.Code(yuxin), residentID(900), "", 9); len(list) != 1 || list[0].ID != holders[0] {
			t.Errorf("found by the right number: %+v", list)
		}
	})

	// A payout marked paid that the bank sent back.
	id := b.post("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: rate("100")}}})[0]
	b.post("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.post("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.disclosed(id)
	b.post("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	b.post("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "银行退回"})
	b.refused("kj-yuxin", journal.Conflict, "holders.0", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "又"})
	b.read("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, id); d.Paid != 0 || d.PaidCount != 0 || d.Outstanding() != d.Due {
			t.Errorf("after the reversal: %+v", d)
		}
	})
	b.post("kj-yuxin", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:1], Reason: "卡已注销"})

	// A line under an item that the form of the open years no longer has.
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "contracting", Date: "2023-06-01", Amount: yuan("300")})
	b.post("sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2023})
	b.post("kj-yuxin", &income.ReverseIncome{Income: yuxin + "Y2023N00001", Date: "2026-01-05", Reason: "重复"})
	b.read("yixian", func(v *journal.View) {
		if s, _ := income.StatementOf(v, yuxin, 2026); s.Operating != yuan("-300") {
			t.Errorf("operating income after the reversal %s", s.Operating)
		}
	})
	b.verify()
}

// Figures too large to count are refused before they can do harm.
func TestAmountsBeyondCounting(t *testing.T) {
	b := newBooks(t)
	entity, population, _, holders := b.cooperative("kj-yuxin", yuxin, 2)
	b.post("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[0], Quantity: units("999999999"), Date: "2025-01-01"})
	id := b.post("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: rate("99999999")}}})[0]
	b.refused("kj-yuxin", journal.Conflict, "components.0.rate", &dividend.SubmitDistribution{Distribution: id})
	for _, year := range []int{-5, 0, 1900, 2028, 99_999_999} {
		if err := b.Read(b.actor("yixian"), func(v *journal.View) error {
			_,
				err := income.StatementOf(v, yuxin, year)
			return err
		}); !codeIs(err, journal.Invalid) {
			t.Errorf("the statement of %d: %v", year, err)
		}
		if err := b.Read(b.actor("yixian"), func(v *journal.View) error {
			_,
				err := report.ReportOf(v, "210727000000", year)
			return err
		}); !codeIs(err, journal.Invalid) {
			t.Errorf("the report of %d: %v", year, err)
		}
	}
}

// A plan that gives nobody anything is refused.
func TestNothingToDistribute(t *testing.T) {
	b := newBooks(t)
	entity, population, _, _ := b.cooperative("kj-yuxin", yuxin, 2)
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("5000")})
	id := b.post("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: 1}}})[0]
	b.refused("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id})
}

// One high id that somebody asked for does not end a village's numbering.
func TestNumbersPassedOver(t *testing.T) {
	b := newBooks(t)
	high := household(yuxin, 1)
	high.ID = yuxin + "H99999"
	b.post("kj-yuxin", high)
	for n := 2; n < 5; n++ {
		if id := b.post("kj-yuxin", household(yuxin, n))[0]; id != fmt.Sprintf("%sH%05d", yuxin, n-1) {
			t.Errorf("the next shareholder is %s", id)
		}
	}
}

// A cooperative registered late does not change statements of years that are closed or distributed.
func TestReserveOfALateRegistration(t *testing.T) {
	b := newBooks(t)
	for _, year := range []string{"2023", "2024", "2025"} {
		b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: journal.Date(year + "-06-01"), Amount: yuan("100")})
	}
	b.post("sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2023})
	b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "合作社", Kind: register.StockCooperative, Founded: "2019-01-01",
		Reserve: rate("10")})
	b.read("yixian", func(v *journal.View) {
		for year, want := range map[int]string{2023: "0", 2024: "10", 2025: "10"} {
			if s, _ := income.StatementOf(v, yuxin, year); s.Reserve != yuan(want) {
				t.Errorf("%d: a reserve of %s, want %s", year, s.Reserve, want)
			}
		}
	})
}

// A charter's percentage changes from a year on; finished years and submitted distributions keep what they were worked out by.
func TestReserveChangesFromAYearOn(t *testing.T) {
	b := newBooks(t)
	coop := b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "合作社", Kind: register.StockCooperative, Founded: "2019-01-01",
		Reserve: rate("10")})[0]
	for _, year := range []string{"2023", "2024", "2025"} {
		b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: journal.Date(year + "-06-01"), Amount: yuan("100")})
	}
	reserves := func(want ...string) {
		t.Helper()
		b.read("yixian", func(v *journal.View) {
			for i, year := range []int{2023, 2024, 2025} {
				if s, _ := income.StatementOf(v, yuxin, year); s.Reserve != yuan(want[i]) {
					t.Errorf("%d: a reserve of %s, want %s", year, s.Reserve, want[i])
				}
			}
		})
	}
	b.post("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: rate("20"), From: 2025, Resolution: "2025-1"})
	reserves("10", "10", "20")
	// what was to begin later is superseded
	b.post("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: 0, From: 2024, Resolution: "2025-2"})
	reserves("10", "0", "0")
	b.post("sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2024})
	b.refused("kj-yuxin", journal.Conflict, "from_year", &register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2024,
		Resolution: "2025-3"})

	class := b.post("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.PopulationShare, Unit: register.ShareUnit})[0]
	h := b.post("kj-yuxin", household(yuxin, 1))[0]
	b.post("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: units("1"), Date: "2020-01-01"})
	drafted := b.post("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: rate("10")}}})[0]
	b.post("kj-yuxin", &dividend.SubmitDistribution{Distribution: drafted})
	b.refused("kj-yuxin", journal.Conflict, "from_year", &register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2025,
		Resolution: "2025-4"})
	b.post("kj-yuxin", &register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2026, Resolution: "2025-5"})
	reserves("10", "0", "0")
	b.verify()
}

// An entity's particulars are put right, or brought up to date, without touching what is not named.
func TestEntityCorrected(t *testing.T) {
	b := newBooks(t)
	coop, _, _, _ := b.cooperative("kj-yuxin", yuxin, 1)
	b.post("kj-yuxin", &register.CorrectEntity{Entity: coop, Representative: "测试人甲", Reason: "换届"})
	b.post("kj-yuxin", &register.CorrectEntity{Entity: coop, Name: "育新村股份经济合作社", CreditCode: "91350100m000100y43", Founded: "2018-12-31",
		Reason: "登记时写错"})
	b.read("yixian", func(v *journal.View) {
		e, err := register.EntityOf(v, coop)
		if err != nil || e.Representative != "测试人甲" || e.Name != "育新村股份经济合作社" || e.CreditCode != "91350100M000100Y43" ||
			e.Founded != "2018-12-31" {
			t.Errorf("%+v, %v", e, err)
		}
	})
	b.verify()
}

// What is not text never reaches the journal, whichever way it comes.
func TestOnlyTextReachesTheJournal(t *testing.T) {
	b := newBooks(t)
	h := b.post("kj-yuxin", household(yuxin, 1))[0]
	who := b.actor("kj-yuxin")
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}, Request: "x\xff"}); !codeIs(err, journal.Invalid) {
		t.Errorf("a request key that is no text: %v", err)
	}
	if _, err := register.Reveal(b.Ledger, who, h, "\xff"); !codeIs(err, journal.Invalid) {
		t.Errorf("a reason that is no text: %v", err)
	}
	for _, text := range []string{"a\x00b", "\xff", string(make([]rune, 300))} {
		if _, err := journal.Decode("RecordIncome", map[string]any{"note": text}); !codeIs(err, journal.Invalid) {
			t.Errorf("the note %q: %v", text, err)
		}
	}
	b.verify()
}

// Positions in the journal that somebody made up lead nowhere, and harm nothing.
func TestJournalPages(t *testing.T) {
	b := newBooks(t)
	b.cooperative("kj-yuxin", yuxin, 20)
	for _, place := range []region.Code{"210727000000", "210727102000", yuxin} {
		seen, after := 0, ""
		last := uint64(1 << 62)
		b.read("yixian", func(v *journal.View) {
			for {
				list, next, err := v.Journal(place, after, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, j := range list {
					if j.Seq >= last {
						t.Errorf("%s: record %d comes after %d", place, j.Seq, last)
					}
					last = j.Seq
					seen++
				}
				if after = next; next == "" {
					return
				}
			}
		})
		if seen < 60 {
			t.Errorf("%s: %d records", place, seen)
		}
		for _, bad := range []string{"x", "210727", "210727000000000000", "999999000000000001"} {
			if err := b.Read(b.actor("yixian"), func(v *journal.View) error { _, _, err := v.Journal(place, bad, 7); return err }); err != nil &&
				!codeIs(err, journal.NotFound) {
				t.Errorf("after %q: %v", bad, err)
			}
		}
	}
}

// A shareholder is found by part of the name, by pinyin initials in any reading, by the last digits of ID or certificate.
func TestFindingShareholders(t *testing.T) {
	b := newBooks(t)
	for i, name := range []string{"张三丰", "曾国民", "欧阳娜", "张三"} {
		h := household(yuxin, 100+i)
		h.Name = name
		h.People = 2
		h.Members = []register.Member{{Name: "家 属" + string(rune('甲'+i)), IDNo: residentID(200 + i)}}
		b.post("kj-yuxin", h)
	}
	for text, want := range map[string]string{
		"家属甲": "张三丰", " 张 三　丰": "张三丰", "js": "张三丰 曾国民 欧阳娜 张三", residentID(203): "张三", residentID(202)[14:]: "欧阳娜", "１０２２１６００００２": "曾国民",
		"三丰": "张三丰", "zsf": "张三丰", "ZS": "张三丰 张三", "z": "张三丰 曾国民 张三", "cgm": "曾国民", "oyn": "欧阳娜", "zsfx": "", "xyz": "",
		residentID(101): "曾国民", residentID(101)[14:]: "曾国民", strings.ToLower(residentID(102))[13:]: "欧阳娜", "00003": "欧阳娜", "": "张三丰 曾国民 欧阳娜 张三",
	} {
		b.read("kj-yuxin", func(v *journal.View) {
			list, _, err := register.FindShareholders(v, yuxin, text, "", 9)
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

func TestAdministratorsReadNoBooks(t *testing.T) {
	b := newBooks(t)
	b.cooperative("kj-yuxin", yuxin, 1)
	for name, query := range map[string]func(*journal.View) error{
		"report": func(v *journal.View) error { _, err := report.ReportOf(v, "210727000000", 2025); return err },
		"shareholders": func(v *journal.View) error {
			_, _, err := register.FindShareholders(v, yuxin, "", "", 9)
			return err
		},
		"journal": func(v *journal.View) error { _, _, err := v.Journal(yuxin, "", 9); return err },
	} {
		if err := b.Read(b.actor("admin"), query); !codeIs(err, journal.Forbidden) {
			t.Errorf("%s by an administrator: %v", name, err)
		}
	}
	if err := b.Read(b.actor("admin"), func(v *journal.View) error { _, err := v.Accounts("210700000000"); return err }); err != nil {
		t.Errorf("accounts by an administrator: %v", err)
	}
}

func TestPostingAfterClose(t *testing.T) {
	b := newBooks(t)
	who := b.actor("kj-yuxin")
	b.Ledger.Close()
	b.Ledger.Close()
	if _, err := b.Post(who, journal.Posting{Entries: []journal.Entry{oneYuan()}}); !codeIs(err, journal.Unavailable) {
		t.Errorf("%v", err)
	}
}

// Every field of every entry has a name of its own for whoever reads the journal, and a value that a person can read.
func TestEntriesReadOut(t *testing.T) {
	b := newBooks(t)
	for _, s := range samples() {
		b.post(s.account, s.entry)
	}
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	b.read("yixian", func(v *journal.View) {
		read := map[string]bool{}
		list, _, err := v.Journal("210727000000", "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		var walk func(kind string, list []report.Particular)
		walk = func(kind string, list []report.Particular) {
			for _, p := range list {
				if p.Name != "" && !han(string(p.Name)) || p.Word != "" && !han(string(p.Word)) {
					t.Errorf("%s reads out as %s %q", kind, p.Name, p.Word)
				}
				for _, r := range p.Rows {
					walk(kind, r)
				}
			}
		}
		for _, j := range list {
			read[j.Kind] = true
			said := report.Particulars(v, j.Entry)
			if len(said) == 0 {
				t.Errorf("%s says nothing", j.Kind)
			}
			walk(j.Kind, said)
			if j.Kind == "IssueShares" && (said[0].Value != "人口股" || said[0].ID == "") {
				t.Errorf("the class reads out as %+v", said[0])
			}
		}
		for _, s := range samples() {
			if k := journal.KindOf(s.entry); !read[k] {
				t.Errorf("no %s in the journal", k)
			}
		}
	})
}

// A withdrawal, a transfer or an adjustment that should not have been is taken back whole: shares, what was contributed for them, and the
// year's cap.
func TestMovementsAreReversed(t *testing.T) {
	b := newBooks(t)
	entity := b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "合作社", Kind: register.SpecialisedCooperative})[0]
	class := b.post("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holders := b.post("kj-yuxin", household(yuxin, 0), household(yuxin, 1), household(yuxin, 2))
	b.post("kj-yuxin", &register.ChangeCharter{Entity: entity, WithdrawalCap: rate("10"), Resolution: "1"})
	b.post("kj-yuxin", &register.RecordContribution{Class: class, Holder: holders[0], Kind: register.OwnFunds, Value: yuan("1000"),
		Shares: units("10"), Date: "2024-01-01"})
	seqOf := func(e journal.Entry) int {
		t.Helper()
		r, err := b.Post(b.actor("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		return int(r.Ranges[0].First)
	}
	capital := func(want ...string) {
		t.Helper()
		b.read("yixian", func(v *journal.View) {
			accounts, err := dividend.MemberAccounts(v, entity, "2025-12-31")
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]money.Yuan{}
			for _, m := range accounts {
				got[m.Holder] = m.Capital
			}
			for i, w := range want {
				if got[holders[i]] != yuan(w) {
					t.Errorf("holder %d has a capital of %s, want %s", i, got[holders[i]], w)
				}
			}
		})
	}
	for range 2 { // the cap is free again after each
		gone := seqOf(&register.WithdrawShares{Class: class, Holder: holders[0], Quantity: units("1"), Date: "2025-02-01", Paid: yuan("100")})
		capital("900")
		b.post("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[0], Movement: gone, Reason: "没有退"})
		capital("1000")
	}
	given := seqOf(&register.TransferShares{Class: class, From: holders[0],
		To: []register.Lot{{Holder: holders[1], Quantity: units("3")}, {Holder: holders[2], Quantity: units("1")}}, Date: "2025-03-01",
		Cause: register.Gift})
	capital("600", "300", "100")
	onward := seqOf(&register.TransferShares{Class: class, From: holders[1], To: []register.Lot{{Holder: holders[2], Quantity: units("3")}},
		Date: "2025-04-01", Cause: register.Sale})
	back := &register.ReverseMovement{Class: class, Holder: holders[2], Movement: given, Reason: "写错人"}
	b.refused("kj-yuxin", journal.Conflict, "movement", back) // holder 1 has sold on what came
	b.post("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[1], Movement: onward, Reason: "写错人"})
	capital("600", "300", "100")
	b.post("kj-yuxin", back)
	capital("1000", "0", "0")
	b.refused("kj-yuxin", journal.Conflict, "movement", &register.ReverseMovement{Class: class, Holder: holders[0], Movement: given,
		Reason: "又"})
	changed := seqOf(&register.AdjustShares{Class: class, Changes: []register.Lot{{Holder: holders[0], Quantity: units("-4")},
		{Holder: holders[1], Quantity: units("2")}}, Date: "2025-05-01", Resolution: "2"})
	b.refused("kj-yuxin", journal.NotFound, "movement", &register.ReverseMovement{Class: class, Holder: holders[2], Movement: changed,
		Reason: "不在其中"})
	b.post("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[1], Movement: changed, Reason: "没有决议"})
	capital("1000", "0")
	b.read("yixian", func(v *journal.View) {
		if c, _ := register.ShareClassOf(v, class); c.Issued != units("10") {
			t.Errorf("%s issued", c.Issued)
		}
	})
	b.verify()
}

// A listed member may follow a householder who has died, without being taken off the list first; a list may name the householder.
func TestMemberFollowsTheHouseholder(t *testing.T) {
	b := newBooks(t)
	h := b.post("kj-yuxin", &register.RegisterShareholder{Village: yuxin, Kind: register.Household, Name: "测试甲", IDNo: residentID(1),
		People: 1})[0]
	b.post("kj-yuxin", &register.ListMembers{Holder: h, Members: []register.Member{{Name: "测试甲", Relation: "户主"},
		{Name: "测试乙", Relation: "妻", IDNo: residentID(2)}, {Name: "测试丙", Relation: "子"}}})
	household := func(name string, people, members int) {
		t.Helper()
		b.read("kj-yuxin", func(v *journal.View) {
			if s, _ := register.ShareholderOf(v, h); s.Name != name || s.People != people || len(s.Members) != members {
				t.Errorf("%s with %d people, members %+v", s.Name, s.People, s.Members)
			}
		})
	}
	household("测试甲", 3, 2)
	b.post("kj-yuxin", &register.CorrectShareholder{Holder: h, Name: "测试乙", IDNo: residentID(2), Reason: "户主去世,由妻继任"})
	household("测试乙", 2, 1)
	b.verify()
}

// An investor from elsewhere is an organisation or a person, and known by the number of either.
func TestOutsideInvestors(t *testing.T) {
	b := newBooks(t)
	outside := func(name, number string) *register.RegisterShareholder {
		return &register.RegisterShareholder{Village: yuxin, Kind: register.Outside, Name: name, IDNo: number}
	}
	b.post("kj-yuxin", outside("义县测试公司", "91350100M000100Y43"), outside("测试人", residentID(1)))
	if e := b.refused("kj-yuxin", journal.Invalid, "id_no", outside("测试乙", "110101199003070012")); !hasText(e, "统一社会信用代码") {
		t.Errorf("a number that is neither: %v", e)
	}
	b.read("kj-yuxin", func(v *journal.View) {
		for id, want := range map[string]string{yuxin + "H00001": "义县测试公司", yuxin + "H00002": "测*人"} {
			if s, err := register.ShareholderOf(v, id); err != nil || s.MaskedName() != want {
				t.Errorf("%s in public, want %s (%v)", s.MaskedName(), want, err)
			}
		}
	})
}
