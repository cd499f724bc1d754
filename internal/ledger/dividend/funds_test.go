package dividend_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/money"
)

func yuan(s string) money.Yuan { return booktest.Yuan(s) }

func statementOf(b *booktest.Books, book string, year int) (s income.Statement) {
	b.See("yixian", func(v *journal.View) { s, _ = income.StatementOf(v, book, year) })
	return s
}

// Land compensation has a plan of its own: it touches no gain, comes out of what stands in the fund alone, and what it has taken cannot be
// used or taken back under it.
func TestLandCompensationHasItsOwnPlan(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: yuan("900")},
		&income.ReceiveFund{Book: booktest.Yuxin, Source: income.LandCompensation, Date: "2025-05-01", Amount: yuan("600")})
	assembly := b.Record("kj-yuxin", &resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: "2026-02-20", Number: "2026-3",
		Subjects: []resolution.Subject{resolution.Compensation}, Entitled: 3, Present: 3, For: 3})[0]
	draft := func(fund string, parts ...plan.Component) *dividend.DraftDistribution {
		return &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "2025-9", Fund: fund,
			Components: parts}
	}
	pool := func(sum string) plan.Component {
		return plan.Component{Class: class, Rule: plan.PoolOver, Pool: yuan(sum)}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "fund_of", draft("donation", pool("1")))
	b.Refuses("kj-yuxin", journal.Invalid, "components.0.rule", draft("land_compensation",
		plan.Component{Class: class, Rule: plan.Excess, Pool: yuan("9"), Members: booktest.Rate("100")}))
	b.Refuses("kj-yuxin", journal.Invalid, "interim", func() *dividend.DraftDistribution {
		e := draft("land_compensation", pool("1"))
		e.Interim = true
		return e
	}())
	farm := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "农场", Kind: register.FamilyFarm})[0]
	b.Refuses("kj-yuxin", journal.Invalid, "fund_of", &dividend.DraftDistribution{Entity: farm, Year: 2025, RecordDate: "2025-12-31",
		Resolution: "1", Fund: "land_compensation", Components: []plan.Component{{Rule: plan.PoolOver, Pool: 1}}})

	over := draft("land_compensation", pool("600.01"))
	over.Resolution = assembly
	id := b.Record("kj-yuxin", over)[0]
	b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id})
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-12-31", Resolution: "2025-9",
		Components: []plan.Component{pool("500")}})
	b.Refuses("kj-yuxin", journal.Conflict, "resolution", &dividend.SubmitDistribution{Distribution: id}) // no assembly of that number
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-12-31", Resolution: "2026-3",
		Components: []plan.Component{pool("500")}}, &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	if s := statementOf(b, booktest.Yuxin, 2025); s.Distributed != 0 || s.Distributable != yuan("900")-s.Reserve {
		t.Errorf("the year's gain: %s given out, %s left", s.Distributed, s.Distributable)
	}
	use := &income.UseFund{Book: booktest.Yuxin, Source: income.LandCompensation, Account: income.ReserveAccount, Date: "2025-06-01",
		Amount: yuan("100.01"), Note: "安置", Resolution: "2025-8"}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "amount", use); !booktest.HasText(e, id) {
		t.Errorf("refused without naming the plan: %v", e)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "line", &income.ReverseFund{Line: booktest.Yuxin + "F20250001", Reason: "x"})
	b.Disclosed(id)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	// A plan of the year's gain stands beside it, and is as free as before.
	other := b.Record("kj-yuxin", draft("", pool("100")))[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: other})
	if s := statementOf(b, booktest.Yuxin, 2025); s.Distributed != yuan("100") || len(holders) != 3 {
		t.Errorf("given out of the gain: %s", s.Distributed)
	}
	b.Verified()
}

// Losses are made good from what was set aside of gains, and from nothing else; the reserve's percentage is of what is left after them.
func TestLossesAreMadeGood(t *testing.T) {
	b := booktest.New(t)
	b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "股份社", Kind: register.StockCooperative,
		Reserve: booktest.Rate("10"),
		Founded: "2020-01-01"},
		&income.ReceiveFund{Book: booktest.Yuxin, Source: income.LandCompensation, Date: "2023-05-01", Amount: yuan("100000")},
		&income.ReceiveFund{Book: booktest.Yuxin, Source: income.OpeningReserve, Date: "2023-05-01", Amount: yuan("200"), Note: "移交清册"},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2023-05-01", Amount: yuan("1000")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating_cost", Date: "2024-05-01", Amount: yuan("1500")},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: yuan("800")})
	// 2023: 1,000, of it 100 set aside; 2024: 900 − 1,500 = −600 stands open.
	cover := func(amount string, on journal.Date) *dividend.CoverLoss {
		return &dividend.CoverLoss{Book: booktest.Yuxin, Date: on, Amount: yuan(amount), Resolution: "2024-9"}
	}
	b.Refuses("kj-yuxin", journal.Invalid, "resolution", &dividend.CoverLoss{Book: booktest.Yuxin, Date: "2024-12-31", Amount: 1})
	b.Refuses("kj-yuxin", journal.Invalid, "amount", cover("0", "2024-12-31"))
	b.Refuses("kj-yuxin", journal.Conflict, "amount", cover("1", "2023-12-31"))      // no loss
	b.Refuses("kj-yuxin", journal.Conflict, "amount", cover("600.01", "2024-12-31")) // more than the loss
	b.Refuses("kj-yuxin", journal.Conflict, "amount", cover("300.01", "2024-12-31")) // more than the reserve holds
	b.Record("kj-yuxin", cover("300", "2024-12-31"))
	s := statementOf(b, booktest.Yuxin, 2024)
	if s.Released != yuan("300") || s.Closing != yuan("-300") || s.BeforeDistribution() != yuan("-300") {
		t.Errorf("2024: %+v", s)
	}
	if s := statementOf(b, booktest.Yuxin, 2025); s.Charter != yuan("50") || s.Distributable != yuan("450") {
		t.Errorf("2025: the reserve is %s, %s distributable", s.Charter, s.Distributable)
	}
	b.Refuses("kj-yuxin", journal.NotFound, "cover", &dividend.ReverseCover{Book: booktest.Yuxin, Cover: 1, Reason: "x"})
	var seq uint64
	b.See("yixian", func(v *journal.View) {
		list, _ := income.Releases(v, booktest.Yuxin, 2024)
		seq = list[0].Entry
	})
	b.Record("kj-yuxin", &dividend.ReverseCover{Book: booktest.Yuxin, Cover: int(seq), Reason: "决议没有通过"})
	b.Refuses("kj-yuxin", journal.Conflict, "cover", &dividend.ReverseCover{Book: booktest.Yuxin, Cover: int(seq), Reason: "x"})
	if s := statementOf(b, booktest.Yuxin, 2024); s.Released != 0 || s.Closing != yuan("-600") {
		t.Errorf("taken back: %+v", s)
	}
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Refuses("kj-yuxin", journal.Conflict, "date", cover("1", "2024-12-31"))
	b.Verified()
}

// cooperativeYear is a specialised cooperative with three members of 1,000, 2,000 and 3,000 yuan, its year 2024 closed with a tenth of a
// gain of 3,600 set aside and quantified, and a plan of 2025 approved and disclosed: 600 by trade, 200 by the accounts.
func cooperativeYear(t *testing.T, b *booktest.Books) (entity, id string, holders []string) {
	t.Helper()
	entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬合作社", Kind: register.SpecialisedCooperative,
		Founded: "2020-01-01", Reserve: booktest.Rate("10")})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("10")})[0]
	for i, q := range []string{"100", "200", "300"} {
		h := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 300+i))[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units(q), Date: "2022-01-01"},
			&dividend.RecordTrade{Entity: entity, Holder: h, Date: "2025-07-01", Amount: yuan(q), Product: "西红柿"})
		holders = append(holders, h)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2024-05-01", Amount: yuan("3600")})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2024, Date: "2025-02-01", Resolution: "1"},
		&dividend.QuantifySubsidy{Entity: entity, Grant: dividend.StateGrant, Date: "2025-03-01", Amount: yuan("900"), Source: "县农业农村局"},
		&dividend.QuantifySubsidy{Entity: entity, Grant: dividend.DonationGrant, Date: "2025-04-01", Amount: yuan("300"), Source: "企业捐赠"},
		&income.RecordIncome{Book: entity, Item: "operating", Date: "2025-05-01", Amount: yuan("1000")})
	id = b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "2025-7",
		Components: []plan.Component{{Rule: plan.Patronage, Pool: yuan("600")}, {Rule: plan.ByAccount, Pool: yuan("200")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	return entity, id, holders
}

// A grant or donation of a cooperative raises no gain: it stands in the special fund, and as much in its members' accounts, equally.
func TestGrantsGoIntoTheSpecialFund(t *testing.T) {
	b := booktest.New(t)
	entity, _, holders := cooperativeYear(t, b)
	if s := statementOf(b, entity, 2025); s.Gain != yuan("1000") || s.Distributable != yuan("3340") {
		t.Errorf("gain %s, %s distributable", s.Gain, s.Distributable)
	}
	b.Refuses("kj-yuxin", journal.Invalid, "item", &income.RecordIncome{Book: entity, Item: "subsidy", Date: "2025-06-01", Amount: 1})
	b.Refuses("kj-yuxin", journal.Invalid, "grant", &dividend.QuantifySubsidy{Entity: entity, Grant: "loan", Date: "2026-02-01", Amount: 3,
		Source: "x"})
	grant := func(amount string) *dividend.QuantifySubsidy {
		return &dividend.QuantifySubsidy{Entity: entity, Grant: dividend.StateGrant, Payable: true, Date: "2026-02-01", Amount: yuan(amount),
			Source: "县财政局"}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "amount", grant("0.01"))
	b.Record("kj-yuxin", &income.ReceiveFund{Book: entity, Source: income.StateFunds, Date: "2026-01-15", Amount: yuan("90")}, grant("60"))
	b.See("yixian", func(v *journal.View) {
		list, _, _ := income.Standings(v, entity)
		want := []income.Standing{{Source: income.Donated, Account: income.SpecialAccount, Sum: yuan("300")},
			{Source: income.StateFunds, Account: income.PayableAccount, Sum: yuan("30")},
			{Source: income.StateFunds, Account: income.SpecialAccount, Sum: yuan("960")}}
		if len(list) != len(want) || list[0] != want[0] || list[1] != want[1] || list[2] != want[2] {
			t.Errorf("stands %+v", list)
		}
		for _, m := range accountsOf(v, entity) {
			if m.Subsidy != yuan("420") || m.Donated != yuan("100") {
				t.Errorf("%s has %s, of it %s donated", m.Holder, m.Subsidy, m.Donated)
			}
		}
	})
	lines, _ := linesOf(b, entity, holders[0])
	b.Record("kj-yuxin", &dividend.ReverseQuantified{Entity: entity, Quantified: int(lines[len(lines)-1].Entry), Reason: "没有验收"})
	b.See("yixian", func(v *journal.View) {
		if list, _, _ := income.Standings(v, entity); list[1].Sum != yuan("90") || list[2].Sum != yuan("900") {
			t.Errorf("taken back, stands %+v", list)
		}
	})
	b.Verified()
}

func accountsOf(v *journal.View, entity string) []dividend.MemberAccount {
	list, _ := dividend.MemberAccounts(v, entity, v.Today())
	return list
}

func linesOf(b *booktest.Books, entity, holder string) (list []dividend.AccountLine, err error) {
	b.See("yixian", func(v *journal.View) { list, err = dividend.AccountLines(v, entity, holder, v.Today()) })
	return list, err
}

// What is due may become the member's capital instead of being paid: it counts as given out, stands in the account, and goes back when it
// is taken back.
func TestSurplusBecomesCapital(t *testing.T) {
	b := booktest.New(t)
	entity, id, holders := cooperativeYear(t, b)
	turn := func(holders ...string) *dividend.ConfirmPayouts {
		return &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders, Capital: true}
	}
	farmed := booktest.New(t)
	farm, _, _, fh := farmed.Farm(register.Enterprise, "500")
	fid := farmed.Record("kj-yuxin", &dividend.DraftDistribution{Entity: farm, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: []plan.Component{{Rule: plan.PoolOver, Class: farm + "C01", Pool: yuan("100")}}})[0]
	farmed.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: fid})
	farmed.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: fid})
	farmed.Disclosed(fid)
	farmed.Refuses("kj-yuxin", journal.Invalid, "capital", &dividend.ConfirmPayouts{Distribution: fid, Date: "2026-03-09", Holders: fh[:1],
		Capital: true})

	b.Refuses("kj-yuxin", journal.Invalid, "resolution", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:1],
		Resolution: "9"})
	b.Record("kj-yuxin", turn(holders[0], holders[1]), &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	var due, trade money.Yuan
	b.See("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, id)
		list, _, _ := dividend.Payouts(v, id, "", 10, func(dividend.Payout) bool { return true })
		for _, p := range list[:2] {
			due, trade = due+p.Due, trade+p.Part(0).Amount
			if m := accountOf(v, entity, p.Holder); m.Turned != p.Due {
				t.Errorf("%s: %s turned into capital, %s due", p.Holder, m.Turned, p.Due)
			}
		}
		if d.Capital != due || d.CapitalTrade != trade || !d.Settled() {
			t.Errorf("the plan has %s, by trade %s, want %s and %s", d.Capital, d.CapitalTrade, due, trade)
		}
	})
	x := statementOf(b, entity, 2025)
	if x.Uses.Capital != due || x.Uses.Returned != yuan("600")-trade || x.Uses.Sum() != yuan("800") {
		t.Errorf("lines 17 to 19: %+v", x.Uses)
	}
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "本人不同意"})
	b.See("yixian", func(v *journal.View) {
		if m := accountOf(v, entity, holders[0]); m.Turned != 0 || m.Capital != yuan("1000") {
			t.Errorf("taken back, %s stays", m.Turned)
		}
	})
	// Who shares by the accounts later stands on it.
	next := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2026, RecordDate: "2026-03-09", Resolution: "2026-7",
		Interim:    true,
		Components: []plan.Component{{Rule: plan.ByAccount, Pool: yuan("10")}}})[0]
	b.Time = b.Time.AddDate(0, 1, 0)
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2026-03-09", Amount: yuan("1000")},
		&dividend.SubmitDistribution{Distribution: next})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ReversePayouts{Distribution: id, Holders: holders[1:2],
		Reason: "x"}); !booktest.HasText(e, next) {
		t.Errorf("refused without naming the plan: %v", e)
	}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date", turn(holders[0])); !booktest.HasText(e, next) {
		t.Errorf("refused without naming the plan: %v", e)
	}
	b.Verified()
}

func accountOf(v *journal.View, entity, holder string) (found dividend.MemberAccount) {
	for _, m := range accountsOf(v, entity) {
		if m.Holder == holder {
			found = m
		}
	}
	return found
}

// The statement of changes of members' equity adds up in every column, whatever happened in the year; so does a member's account.
func TestEquityAddsUp(t *testing.T) {
	b := booktest.New(t)
	entity, id, holders := cooperativeYear(t, b)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2], Capital: true},
		&dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true},
		&register.ChangeCharter{Entity: entity, WithdrawalCap: booktest.Rate("50"), Resolution: "2"},
		&register.WithdrawShares{Class: entity + "C01", Holder: holders[2], Quantity: booktest.Units("10"), Date: "2026-02-01",
			Paid: yuan("100")},
		&income.RecordIncome{Book: entity, Item: "operating_cost", Date: "2026-02-01", Amount: yuan("4000")},
		&income.ReceiveFund{Book: entity, Source: income.OpeningReserve, Date: "2025-01-01", Amount: yuan("50"), Note: "移交清册"})
	s := statementOf(b, entity, 2026)
	b.Record("kj-yuxin", &dividend.CoverLoss{Book: entity, Date: "2026-03-09", Amount: yuan("400"), Resolution: "2026-1"})
	for year, want := range map[int]string{2024: "9600.00", 2025: "11050.00"} {
		b.See("yixian", func(v *journal.View) {
			x, err := dividend.EquityOf(v, entity, year)
			if err != nil {
				t.Fatal(err)
			}
			sum := x.Opening
			for _, row := range x.Rows {
				sum.Capital, sum.Special, sum.Reserve, sum.Undistributed = sum.Capital+row.Capital, sum.Special+row.Special,
					sum.Reserve+row.Reserve, sum.Undistributed+row.Undistributed
			}
			if sum != x.Closing || x.Closing.Sum().String() != want {
				t.Errorf("%d: rows come to %+v, closing is %+v (%s)", year, sum, x.Closing, x.Closing.Sum())
			}
		})
	}
	b.See("yixian", func(v *journal.View) {
		last, _ := dividend.EquityOf(v, entity, 2025)
		x, _ := dividend.EquityOf(v, entity, 2026)
		if last.Closing != x.Opening || x.Closing.Reserve != yuan("110") || x.Closing.Special != yuan("1200") || s.Gain != yuan("-4000") {
			t.Errorf("2026: %+v after %+v", x, last.Closing)
		}
		var reserve money.Yuan
		for _, m := range accountsOf(v, entity) {
			reserve += m.Reserve
		}
		if reserve != yuan("110") { // 360 were quantified; 510 less 400 is left of the reserve
			t.Errorf("the members' reserve shares come to %s", reserve)
		}
		for _, year := range []int{2025, 2026} {
			for _, h := range holders {
				a, err := dividend.AccountOf(v, entity, h, year)
				if err != nil {
					t.Fatal(err)
				}
				sum := a.Opening
				for _, l := range a.Lines {
					sum.Other, sum.Reserve, sum.State, sum.Donated = sum.Other+l.Other, sum.Reserve+l.Reserve, sum.State+l.State, sum.Donated+l.Donated
				}
				if sum.Other != a.Closing.Other || sum.Reserve != a.Closing.Reserve || sum.State != a.Closing.State ||
					sum.Donated != a.Closing.Donated {
					t.Errorf("%d %s: lines come to %+v, closing is %+v", year, h, sum, a.Closing)
				}
				if year == 2026 && (a.Closing.Returned == 0 || a.Closing.Rest == 0) || year == 2025 && a.Closing.Trade == 0 {
					t.Errorf("%d %s: %+v", year, h, a.Closing)
				}
			}
		}
	})
	b.Refuses("kj-yuxin", journal.NotFound, "book", &dividend.CoverLoss{Book: booktest.Yuxin + "E077", Date: "2026-03-09", Amount: 1,
		Resolution: "1"})
	b.Verified()
}
