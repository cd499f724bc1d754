package dividend_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// frozen is a cooperative that anything may happen to, and what was noted of it.
type frozen struct {
	*booktest.Books
	entity     string
	classes    []string
	holders    []string
	plans      []string
	movements  []int // numbers of entries that moved shares, or quantified something
	quantified []int
	lines      []string // of income
	covers     []int
}

// Whatever is entered, before, between and after plans, on whatever day, in whatever order: what a submitted plan gives each holder is,
// worked out anew, to the 分 what was frozen. What would change it is refused.
func TestFrozenFiguresStay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := &frozen{Books: booktest.New(t)}
		f.entity = f.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果蔬合作社", Founded: "2020-01-01",
			Kind: register.SpecialisedCooperative, Reserve: booktest.Rate("10")})[0]
		f.classes = f.Record("kj-yuxin",
			&register.OpenShareClass{Entity: f.entity, Name: "资金股", Kind: register.CashShare, Unit: register.ShareUnit, Price: booktest.Rate("10")},
			&register.OpenShareClass{Entity: f.entity, Name: "劳龄股", Kind: register.LabourShare, Unit: register.ShareUnit})
		for i := range 4 {
			h := booktest.Household(booktest.Yuxin, 400+i)
			if i%2 == 0 {
				h.Marks = []string{"脱贫户"}
			}
			f.holders = append(f.holders, f.Record("kj-yuxin", h)[0])
			f.Record("kj-yuxin", &register.IssueShares{Class: f.classes[0], Holder: f.holders[i], Quantity: booktest.Units("40"),
				Date: "2023-01-01"}, &dividend.RecordTrade{Entity: f.entity, Holder: f.holders[i], Date: "2025-02-01", Amount: booktest.Yuan("300")})
		}
		f.Record("kj-yuxin", &register.ChangeCharter{Entity: f.entity, WithdrawalCap: booktest.Rate("100"), DisclosureDays: "0", Resolution: "1",
			OwnDays: rapid.Bool().Draw(rt, "own days")},
			&income.RecordIncome{Book: f.entity, Item: "operating", Date: "2025-03-01", Amount: booktest.Yuan("20000")})
		for range rapid.IntRange(8, 40).Draw(rt, "steps") {
			f.step(rt)
		}
		differing := 0
		if _, _, err := dividend.Refigure(f.Store(), func(d dividend.Difference) { differing++; rt.Errorf("%v", d) }); err != nil ||
			differing > 0 {
			rt.Fatalf("%d figures differ, %v", differing, err)
		}
		f.checkBooks(rt)
		f.checkPayouts(rt)
		if _, err := booktest.Verify(f.Books); err != nil {
			rt.Fatal(err)
		}
	})
}

// checkBooks finds the equity's columns adding up in every year, nothing below nothing, and the members' reserve shares within the reserve.
func (f *frozen) checkBooks(rt *rapid.T) {
	f.See("yixian", func(v *journal.View) {
		for year := 2024; year <= 2026; year++ {
			x, err := dividend.EquityOf(v, f.entity, year)
			if err != nil {
				rt.Fatal(err)
			}
			sum := x.Opening
			for _, row := range x.Rows {
				sum.Capital, sum.Special, sum.Reserve, sum.Undistributed = sum.Capital+row.Capital, sum.Special+row.Special,
					sum.Reserve+row.Reserve, sum.Undistributed+row.Undistributed
			}
			if sum != x.Closing || x.Closing.Special < 0 || x.Closing.Capital < 0 {
				rt.Fatalf("%d: rows come to %+v, closing is %+v", year, sum, x.Closing)
			}
		}
		standing, _, _ := income.Standings(v, f.entity)
		special := money.Yuan(0)
		for _, s := range standing {
			if s.Sum < 0 {
				rt.Fatalf("%s in %s is %s", s.Source, s.Account, s.Sum)
			}
			if s.Account == income.SpecialAccount {
				special += s.Sum
			}
		}
		var shares money.Yuan
		accounts, _ := dividend.MemberAccounts(v, f.entity, v.Today())
		for _, m := range accounts {
			shares += m.Subsidy
		}
		if shares > special {
			rt.Fatalf("the members have %s of grants, the special fund %s", shares, special)
		}
	})
}

// checkPayouts finds what each plan is due, withholds, deducts and has in the reserve to be what its payouts come to, and that in the
// reserve to be what the book has there for those who have not come.
func (f *frozen) checkPayouts(rt *rapid.T) {
	f.See("yixian", func(v *journal.View) {
		var kept money.Yuan
		for _, id := range f.plans {
			d, err := dividend.Distribution(v, id)
			if err != nil {
				rt.Fatal(err)
			}
			if !d.Committed() {
				continue
			}
			var sum plan.Distribution
			if _, err := dividend.EachPayout(v, id, func(p dividend.Payout) {
				sum.Due, sum.Tax, sum.Deducted = sum.Due+p.Due, sum.Tax+p.Tax, sum.Deducted+p.Deducted
				if p.State == dividend.Reserved {
					sum.Reserved += p.Due
				}
				if p.Net() < 0 || p.Tax < 0 {
					rt.Fatalf("%s pays %s %s", id, p.Holder, p.Net())
				}
			}); err != nil {
				rt.Fatal(err)
			}
			if sum.Due != d.Due || sum.Tax != d.Tax || sum.Deducted != d.Deducted || sum.Reserved != d.Reserved {
				rt.Fatalf("%s: payouts come to %s %s %s %s, the plan to %s %s %s %s", id, sum.Due, sum.Tax, sum.Deducted, sum.Reserved, d.Due, d.Tax,
					d.Deducted, d.Reserved)
			}
			kept += d.Reserved
		}
		list, _, _ := income.Standings(v, f.entity)
		for _, s := range list {
			if s.Source == income.UnclaimedDividend {
				kept -= s.Sum
			}
		}
		if kept != 0 {
			rt.Fatalf("the plans and the reserve differ by %s", kept)
		}
	})
}

// try posts an entry as whoever may; the ledger may refuse it.
func (f *frozen) try(rt *rapid.T, account string, e journal.Entry) (seq int, id string, ok bool) {
	r, err := f.Post(f.As(account), journal.Posting{Entries: []journal.Entry{e}})
	switch {
	case err != nil && len(journal.All(err)) == 0:
		rt.Fatal(err)
	case err != nil:
		return 0, "", false
	}
	return int(r.Ranges[0].First), r.IDs[0], true
}

func (f *frozen) step(rt *rapid.T) {
	h := rapid.SampledFrom(f.holders).Draw(rt, "holder")
	other := rapid.SampledFrom(f.holders).Draw(rt, "other")
	class := rapid.SampledFrom(f.classes).Draw(rt, "class")
	day := journal.Date(fmt.Sprintf("%d-%02d-%02d", rapid.IntRange(2024, 2025).Draw(rt, "year"), rapid.IntRange(1, 12).Draw(rt, "month"),
		rapid.IntRange(1, 28).Draw(rt, "day")))
	q := money.Quantity(rapid.IntRange(1, 500).Draw(rt, "quantity")) * 1_0000
	moved := func(e journal.Entry) {
		if n, _, ok := f.try(rt, "kj-yuxin", e); ok {
			f.movements = append(f.movements, n)
		}
	}
	switch rapid.SampledFrom([]string{"issue", "issue", "contribute", "transfer", "transfer", "withdraw", "adjust", "term", "reverse",
		"trade", "trade",
		"subsidy", "unquantify", "plan", "plan", "submit", "submit", "approve", "return", "void", "marks", "charter", "expense", "opening",
		"death", "estate", "grant", "fund", "loss", "cover", "uncover", "move", "capital", "capital", "capital", "capital", "unpay",
		"close"}).Draw(rt, "what") {
	case "issue":
		moved(&register.IssueShares{Class: class, Holder: h, Quantity: q, Date: day})
	case "contribute":
		moved(&register.RecordContribution{Class: class, Holder: h, Kind: register.Technology, Value: money.Yuan(q) + 7, Shares: q, Date: day,
			Resolution: "1"})
	case "transfer":
		moved(&register.TransferShares{Class: class, From: h, To: []register.Lot{{Holder: other, Quantity: q}}, Date: day, Cause: register.Sale})
	case "withdraw":
		moved(&register.WithdrawShares{Class: class, Holder: h, Quantity: q, Date: day, Paid: booktest.Yuan("1"), Resolution: "1"})
	case "adjust":
		moved(&register.AdjustShares{Class: class, Changes: []register.Lot{{Holder: h, Quantity: -q}, {Holder: other, Quantity: q}}, Date: day,
			Resolution: "1"})
	case "term":
		moved(&register.EndHolding{Class: class, Holder: h, Quantity: q, Until: day, Resolution: "1"})
	case "reverse":
		if len(f.movements) > 0 {
			f.try(rt, "kj-yuxin", &register.ReverseMovement{Class: class, Holder: h, Reason: "记错",
				Movement: rapid.SampledFrom(f.movements).Draw(rt, "movement")})
		}
	case "trade":
		trade := &dividend.RecordTrade{Entity: f.entity, Holder: h, Date: day, Amount: money.Yuan(q), Volume: q}
		if rapid.Bool().Draw(rt, "product") {
			trade.Product, trade.Unit = "苹果", rapid.SampledFrom([]string{"斤", "", "箱"}).Draw(rt, "unit")
		}
		f.try(rt, "kj-yuxin", trade)
	case "subsidy":
		if n, _, ok := f.try(rt, "kj-yuxin", &dividend.QuantifySubsidy{Entity: f.entity, Date: day, Amount: booktest.Yuan("100"),
			Source: "x"}); ok {
			f.quantified = append(f.quantified, n)
		}
	case "unquantify":
		if len(f.quantified) > 0 {
			f.try(rt, "kj-yuxin", &dividend.ReverseQuantified{Entity: f.entity, Reason: "记错",
				Quantified: rapid.SampledFrom(f.quantified).Draw(rt, "quantified")})
		}
	case "marks":
		f.try(rt, "kj-yuxin", &register.CorrectShareholder{Holder: h, Marks: []string{rapid.SampledFrom([]string{"脱贫户", "低保户"}).Draw(rt, "mark")},
			Reason: "核对"})
	case "charter":
		f.try(rt, "kj-yuxin", &register.ChangeCharter{Entity: f.entity, OwnDays: rapid.Bool().Draw(rt, "own days"),
			WithdrawalCap:  booktest.Rate("100"),
			DisclosureDays: "0", Resolution: "2"})
	case "expense":
		f.try(rt, "kj-yuxin", &income.RecordIncome{Book: f.entity, Item: "management", Date: day, Amount: money.Yuan(q)})
	case "opening":
		f.try(rt, "kj-yuxin", &income.BringForward{Book: f.entity, Year: 2024, Amount: money.Yuan(q)})
	case "death":
		f.try(rt, "kj-yuxin", &register.RecordDeath{Holder: h, Date: day})
	case "estate":
		moved(&register.DivideEstate{Holder: h, Heirs: []register.HeirPart{{Holder: other, Part: "1"}}, Date: day, Basis: "x"})
	case "grant", "fund", "loss", "cover", "uncover", "move", "close":
		f.booked(rt, day, q)
	case "capital", "unpay":
		f.paid(rt, h, day)
	default:
		f.planned(rt, class, day)
	}
}

// booked does something with the books that is no ordinary income.
func (f *frozen) booked(rt *rapid.T, day journal.Date, q money.Quantity) {
	switch rapid.SampledFrom([]string{"grant", "fund", "loss", "cover", "uncover", "move", "close"}).Draw(rt, "book") {
	case "grant":
		if n, _, ok := f.try(rt, "kj-yuxin", &dividend.QuantifySubsidy{Entity: f.entity, Date: day, Amount: money.Yuan(q), Source: "x",
			Grant:   rapid.SampledFrom([]dividend.Grant{dividend.StateGrant, dividend.DonationGrant}).Draw(rt, "grant"),
			Payable: rapid.Bool().Draw(rt, "payable")}); ok {
			f.quantified = append(f.quantified, n)
		}
	case "fund":
		f.try(rt, "kj-yuxin", &income.ReceiveFund{Book: f.entity, Date: day, Amount: money.Yuan(q), Note: "x",
			Source: rapid.SampledFrom([]income.Source{income.StateFunds, income.OpeningReserve}).Draw(rt, "source")})
	case "loss":
		if _, id, ok := f.try(rt, "kj-yuxin", &income.RecordIncome{Book: f.entity, Item: "operating_cost", Date: day,
			Amount: 50 * money.Yuan(q)}); ok {
			f.lines = append(f.lines, id)
		}
		if _, id, ok := f.try(rt, "kj-yuxin", &income.RecordIncome{Book: f.entity, Item: "other_income", Date: day, Amount: money.Yuan(q)}); ok {
			f.lines = append(f.lines, id)
		}
	case "cover":
		if n, _, ok := f.try(rt, "kj-yuxin", &dividend.CoverLoss{Book: f.entity, Date: day, Amount: money.Yuan(q) / 100, Resolution: "1"}); ok {
			f.covers = append(f.covers, n)
		}
	case "uncover":
		if len(f.covers) > 0 {
			f.try(rt, "kj-yuxin", &dividend.ReverseCover{Book: f.entity, Cover: rapid.SampledFrom(f.covers).Draw(rt, "cover"), Reason: "x"})
		}
	case "move":
		if len(f.lines) > 0 {
			f.try(rt, "kj-yuxin", &income.MoveIncome{Income: rapid.SampledFrom(f.lines).Draw(rt, "line"), Date: day, Source: income.StateFunds,
				Reason: "x"})
		}
	case "close":
		f.try(rt, "sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
		if rapid.Bool().Draw(rt, "reopened") { // what is posted then is held to what was frozen as ever
			f.try(rt, "yixian", &office.ReopenYear{Village: booktest.Yuxin, Year: 2024, Reason: "x"})
		}
		f.try(rt, "kj-yuxin", &dividend.QuantifyReserve{Entity: f.entity, Year: 2024, Date: day, Resolution: "1"})
	}
}

// paid makes capital of what a plan gives a holder, or takes a payment back.
func (f *frozen) paid(rt *rapid.T, h string, day journal.Date) {
	if len(f.plans) == 0 {
		return
	}
	id := rapid.SampledFrom(f.plans).Draw(rt, "plan")
	switch rapid.IntRange(0, 5).Draw(rt, "back") {
	case 0:
		f.try(rt, "kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: []string{h}, Reason: "x"})
		return
	case 1:
		f.try(rt, "kj-yuxin", &dividend.ReserveUnclaimed{Distribution: id, Holders: []string{h}, Date: "2026-03-01", Resolution: "1"})
		f.try(rt, "kj-yuxin", &dividend.CloseDistribution{Distribution: id})
		return
	case 2:
		f.try(rt, "kj-yuxin", &dividend.HoldPayouts{Distribution: id, Holders: []string{h}, Reason: "x"})
		heir := rapid.SampledFrom(f.holders).Draw(rt, "heir")
		var p dividend.Payout
		var err error
		f.See("yixian", func(v *journal.View) { p, err = dividend.PayoutOf(v, id, h) })
		if err == nil {
			f.try(rt, "kj-yuxin", &dividend.ReleasePayout{Distribution: id, Holder: h, Reason: "x",
				Heirs: []dividend.Heir{{Holder: heir, Amount: p.Due}}})
		}
		return
	}
	f.try(rt, "kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: "2026-03-01"})
	f.try(rt, "kj-yuxin", &dividend.ConfirmPayouts{Distribution: id,
		Date:    rapid.SampledFrom([]journal.Date{"2026-03-01", day}).Draw(rt, "paid"),
		Holders: []string{h}, Capital: rapid.Bool().Draw(rt, "capital")})
}

// planned does something with plans: a new one, or the next step of one that there is.
func (f *frozen) planned(rt *rapid.T, class string, day journal.Date) {
	pool := money.Yuan(rapid.IntRange(1, 2_000_00).Draw(rt, "pool"))
	days := rapid.Bool().Draw(rt, "days")
	if len(f.plans) == 0 || rapid.IntRange(0, 2).Draw(rt, "new") == 0 {
		interim := rapid.Bool().Draw(rt, "interim")
		parts := []plan.Component{{Rule: plan.Patronage, Pool: pool}}
		if !interim { // as much as the law wants of what is left
			parts[0].Pool = booktest.Yuan(rapid.SampledFrom([]string{"12000", "11000", "9000", "3000"}).Draw(rt, "patronage"))
		}
		for _, part := range []plan.Component{
			{Class: class, Rule: plan.PoolOver, Pool: pool, Days: days}, {Rule: plan.PoolOver, Pool: pool, Days: days},
			{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("0.03"), Days: days},
			{Class: class, Rule: plan.GuaranteePercent, Rate: booktest.Rate("1.5"), Days: days},
			{Class: class, Rule: plan.Guarantee, Rate: booktest.Rate("0.02")}, {Rule: plan.ByAccount, Pool: pool},
			{Rule: plan.FixedSum, Rate: booktest.Rate("5"), Mark: "脱贫户"}, {Rule: plan.Excess, Pool: 20 * pool, Members: booktest.Rate("90")},
			{Class: class, Rule: plan.Excess, Members: booktest.Rate("3.7")},
		} {
			if rapid.IntRange(0, 3).Draw(rt, "part") == 0 {
				parts = append(parts, part)
			}
		}
		if rapid.Bool().Draw(rt, "by product") {
			parts[0] = plan.Component{Rule: plan.Patronage, Rate: booktest.Rate("40")}
			if rapid.Bool().Draw(rt, "volume") {
				parts[0] = plan.Component{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "苹果", Rate: booktest.Rate("30")}
			}
			parts[0].MemberFrom = rapid.SampledFrom([]journal.Date{"", "2025-02-01", day}).Draw(rt, "member from")
			parts[0].MemberTo = rapid.SampledFrom([]journal.Date{"", "2026-02-01", "2025-12-31"}).Draw(rt, "member to")
		}
		tax := money.Rate(rapid.SampledFrom([]int{0, 20_000_000, 3_333_333}).Draw(rt, "tax"))
		if day.Year() < 2025 {
			day = journal.Date("2025" + string(day)[4:])
		}
		if _, id, ok := f.try(rt, "kj-yuxin", &dividend.DraftDistribution{Entity: f.entity, Year: 2025, RecordDate: day, Interim: interim,
			Resolution: "1", Components: parts, TaxRate: tax, TaxByPerson: tax > 0 && rapid.Bool().Draw(rt, "by person")}); ok {
			f.plans = append(f.plans, id)
			if rapid.Bool().Draw(rt, "deduct") {
				f.try(rt, "kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: f.holders[0], Amount: 1_23, Reason: "x"})
			}
			if rapid.Bool().Draw(rt, "open") {
				f.try(rt, "kj-yuxin", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
			}
			f.try(rt, "kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		}
		return
	}
	id := rapid.SampledFrom(f.plans).Draw(rt, "plan")
	switch rapid.SampledFrom([]string{"submit", "approve", "approve", "approve", "return", "void"}).Draw(rt, "step") {
	case "submit":
		f.try(rt, "kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	case "approve":
		f.try(rt, "sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	case "return":
		f.try(rt, "sh-qilihe", &dividend.ReturnDistribution{Distribution: id, Reason: "核对"})
	case "void":
		f.try(rt, "kj-yuxin", &dividend.VoidDistribution{Distribution: id, Reason: "不分了"})
	}
}
