package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// posted posts an entry, which the ledger may refuse, and returns its number in the journal.
func posted(b *booktest.Books, e journal.Entry) (seq int, ok bool) {
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
	if err != nil {
		return 0, false
	}
	return int(r.Ranges[0].First), true
}

// What is in the reserve does not become a dividend by way of a loss: whatever is entered after it made good one, no more can be given out
// than was earned, and the reserve never holds less than nothing.
func TestReserveIsNoDetour(t *testing.T) {
	line := func(item string, on journal.Date, amount string) *income.RecordIncome {
		return &income.RecordIncome{Book: booktest.Yuxin, Item: item, Date: on, Amount: yuan(amount)}
	}
	opening := func(amount string, on journal.Date) *income.ReceiveFund {
		return &income.ReceiveFund{Book: booktest.Yuxin, Source: income.OpeningReserve, Date: on, Amount: yuan(amount), Note: "移交清册"}
	}
	cover := func(amount string, on journal.Date) *dividend.CoverLoss {
		return &dividend.CoverLoss{Book: booktest.Yuxin, Date: on, Amount: yuan(amount), Resolution: "9"}
	}
	aside := func(amount string) *income.SetAside {
		return &income.SetAside{Book: booktest.Yuxin, Year: 2024, Fund: income.ReserveFund, Amount: yuan(amount), Resolution: "1"}
	}
	first := func(year string) string { return booktest.Yuxin + "Y" + year + "N00001" }
	for _, c := range []struct {
		name    string
		entries []journal.Entry
		refused string // the kind of the last entry, where that is refused
	}{
		{"the loss is earned back", []journal.Entry{opening("200", "2025-01-01"), line("operating_cost", "2025-02-01", "200"),
			cover("200", "2025-03-01"), line("operating", "2025-11-01", "1000")}, ""},
		{"the expense is taken back", []journal.Entry{opening("200", "2025-01-01"), line("operating_cost", "2025-02-01", "200"),
			cover("200", "2025-03-01"), &income.ReverseIncome{Income: first("2025"), Reason: "x"}}, ""},
		{"the same loss is made good in an earlier year",
			[]journal.Entry{opening("1000", "2023-01-01"), line("operating_cost", "2024-02-01", "100"),
				cover("100", "2026-02-01"), cover("100", "2024-12-31")}, ""},
		{"the same reserve is used in an earlier year", []journal.Entry{opening("100", "2023-01-01"),
			line("operating_cost", "2024-02-01", "1000"),
			cover("100", "2026-02-01"), cover("100", "2024-12-31")}, "CoverLoss"},
		{"the opening reserve is taken back", []journal.Entry{opening("200", "2025-01-01"), line("operating_cost", "2025-02-01", "200"),
			cover("200", "2025-03-01"), &income.ReverseFund{Line: booktest.Yuxin + "F20250001", Reason: "x"}}, "ReverseFund"},
		{"an opening reserve twice", []journal.Entry{opening("200", "2025-01-01"), opening("1", "2025-01-01")}, "ReceiveFund"},
		{"an opening reserve of a later year", []journal.Entry{line("operating", "2024-02-01", "1"), opening("200", "2025-01-01")},
			"ReceiveFund"},
		{"what was set aside is given back", []journal.Entry{line("operating", "2024-02-01", "1000"),
			line("operating_cost", "2025-02-01", "2000"),
			aside("500"), cover("500", "2025-12-31"), aside("0")}, "SetAside"},
		{"what it was set aside of is taken back", []journal.Entry{line("operating", "2024-02-01", "1000"),
			line("operating_cost", "2025-02-01", "2000"), aside("500"), cover("500", "2025-12-31"),
			&income.ReverseIncome{Income: first("2024"), Reason: "x"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			for i, e := range c.entries {
				_, ok := posted(b, e)
				if last := i+1 == len(c.entries); ok != !(last && c.refused == journal.KindOf(e)) {
					t.Fatalf("%s, entry %d: taken is %v", journal.KindOf(e), i+1, ok)
				}
			}
			var earned money.Yuan
			for year := 2023; year <= 2026; year++ {
				s := statementOf(b, booktest.Yuxin, year)
				if earned += s.Gain; s.Distributable > max(0, earned) && s.Distributable > s.Gain || s.Held < 0 {
					t.Errorf("%d: %s distributable of %s earned, the reserve holds %s", year, s.Distributable, earned, s.Held)
				}
			}
			b.Verified()
		})
	}
}

// membersParts are a cooperative of three equal members with a reserve of 360 of 2023, a loss of 2024 and a grant of 300.
func membersParts(b *booktest.Books) (entity string, holders []string) {
	entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬合作社", Kind: register.SpecialisedCooperative,
		Founded: "2020-01-01", Reserve: booktest.Rate("10")})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("10")})[0]
	for i := range 3 {
		h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 300+i))[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units("100"), Date: "2022-01-01"})
		holders = append(holders, h)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2023-05-01", Amount: yuan("3600")},
		&income.RecordIncome{Book: entity, Item: "operating_cost", Date: "2024-05-01", Amount: yuan("10000")},
		&dividend.QuantifySubsidy{Entity: entity, Grant: dividend.StateGrant, Date: "2024-03-01", Amount: yuan("300"), Source: "x"})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2023})
	return entity, holders
}

// The members' parts never come to more than the reserve holds, and their grants to what stands in the special fund, in whatever order the
// reserve is quantified, used and members leave.
func TestMembersPartsStayWithinTheReserve(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps func(b *booktest.Books, entity string, holders []string)
	}{
		{"used, then quantified", func(b *booktest.Books, entity string, _ []string) {
			b.Record("kj-yuxin", &dividend.CoverLoss{Book: entity, Date: "2024-12-31", Amount: yuan("300"), Resolution: "9"},
				&dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2025-01-01", Resolution: "1"})
		}},
		{"all of it used, then quantified", func(b *booktest.Books, entity string, _ []string) {
			b.Record("kj-yuxin", &dividend.CoverLoss{Book: entity, Date: "2024-12-31", Amount: yuan("360"), Resolution: "9"})
			b.Refuses("kj-yuxin", journal.Conflict, "year", &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2025-01-01",
				Resolution: "1"})
		}},
		{"quantified on a day after it was used", func(b *booktest.Books, entity string, _ []string) {
			b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2025-01-01", Resolution: "1"},
				&dividend.CoverLoss{Book: entity, Date: "2024-12-31", Amount: yuan("360"), Resolution: "9"})
		}},
		{"quantified, used, the quantification taken back", func(b *booktest.Books, entity string, _ []string) {
			seq, _ := posted(b, &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2024-01-01", Resolution: "1"})
			b.Record("kj-yuxin", &dividend.CoverLoss{Book: entity, Date: "2024-12-31", Amount: yuan("300"), Resolution: "9"})
			b.Refuses("kj-yuxin", journal.Conflict, "quantified", &dividend.ReverseQuantified{Entity: entity, Quantified: seq, Reason: "x"})
		}},
		{"a member gives all shares away", func(b *booktest.Books, entity string, holders []string) {
			b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2024-01-01", Resolution: "1"},
				&register.TransferShares{Class: entity + "C01", From: holders[0], To: []register.Lot{{Holder: holders[1],
					Quantity: booktest.Units("100")}}, Date: "2024-06-01", Cause: register.Inheritance},
				&dividend.CoverLoss{Book: entity, Date: "2024-12-31", Amount: yuan("360"), Resolution: "9"})
		}},
		{"two leave with a loss, the first settlement cannot be taken back", func(b *booktest.Books, entity string, holders []string) {
			b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2023, Date: "2024-01-01", Resolution: "1"},
				&income.RecordIncome{Book: entity, Item: "operating", Date: "2025-05-01", Amount: yuan("6160")})
			for _, h := range holders[:2] {
				b.Record("kj-yuxin", &dividend.ApplyToLeave{Entity: entity, Holder: h, Date: "2025-09-01"})
			}
			b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
			b.Refuses("kj-yuxin", journal.Invalid, "date", &dividend.SettleLeaving{Entity: entity, Holder: holders[0], Date: "2023-12-31"})
			seq, _ := posted(b, &dividend.SettleLeaving{Entity: entity, Holder: holders[0], Date: "2026-01-05"})
			b.Record("kj-yuxin", &dividend.SettleLeaving{Entity: entity, Holder: holders[1], Date: "2026-01-06"})
			b.Refuses("kj-yuxin", journal.Conflict, "step", &dividend.ReverseLeaving{Entity: entity, Holder: holders[0], Step: seq, Reason: "x"})
			b.Refuses("kj-yuxin", journal.Conflict, "date", &dividend.QuantifySubsidy{Entity: entity, Grant: dividend.StateGrant, Date: "2026-01-05",
				Amount: yuan("9"), Source: "x"})
			b.See("yixian", func(v *journal.View) {
				s, _ := income.StatementOf(v, entity, 2025)
				one, _, _ := dividend.LeavingOf(v, entity, holders[0])
				two, _, _ := dividend.LeavingOf(v, entity, holders[1])
				if one.Settled.Loss != two.Settled.Loss || one.Settled.Loss != -s.Closing/3 {
					t.Errorf("of a loss of %s they bear %s and %s", -s.Closing, one.Settled.Loss, two.Settled.Loss)
				}
				if now, _ := income.StatementOf(v, entity, 2026); now.Closing != s.Closing+one.Settled.Loss+two.Settled.Loss {
					t.Errorf("%s of the loss stands open", now.Closing)
				}
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, holders := membersParts(b)
			c.steps(b, entity, holders)
			b.See("yixian", func(v *journal.View) {
				x, err := dividend.EquityOf(v, entity, 2026)
				if err != nil {
					t.Fatal(err)
				}
				var reserve, subsidy money.Yuan
				for _, m := range accountsOf(v, entity) {
					if reserve, subsidy = reserve+m.Reserve, subsidy+m.Subsidy; m.Reserve < 0 || m.Subsidy < 0 {
						t.Errorf("an account below nothing: %+v", m)
					}
				}
				if reserve > x.Closing.Reserve || subsidy != x.Closing.Special {
					t.Errorf("parts of %s and %s, the reserve holds %s, the special fund %s", reserve, subsidy, x.Closing.Reserve, x.Closing.Special)
				}
			})
			b.Verified()
		})
	}
}

// What became capital of a closed year is not taken back in it; the village's own share that became capital is no income of it.
func TestCapitalOfClosedYears(t *testing.T) {
	b := booktest.New(t)
	_, id, holders := cooperativeYear(t, b)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:1], Capital: true})
	b.Time = b.Time.AddDate(1, 0, 0)
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2026})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "x"})
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "x", Date: "2027-02-01"})
	b.Verified()
}
