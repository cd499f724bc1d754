package dividend_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// Every rule gives what a pocket calculator gives, and says how.
func TestComponents(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts func(cash, land string, h []string) []plan.Component
		want  string // what the four holders get
		says  string // of the second holder's part
	}{
		{"a rate per share", func(cash, _ string, _ []string) []plan.Component {
			return []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("1.005")}}
		}, "10.05 20.10 30.15 40.20", "20 × 1.005 元 = 20.1 元 → 20.10 元"},
		{"a pool over a class", func(_, land string, _ []string) []plan.Component {
			return []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("100")}}
		}, "28.57 28.57 28.57 14.29", "资金池 100.00 元 × 本户 3 ÷ 全体 10.5"},
		{"a pool over all classes", func(_, _ string, _ []string) []plan.Component {
			return []plan.Component{{Rule: plan.PoolOver, Pool: booktest.Yuan("110.50")}}
		}, "13.00 23.00 33.00 41.50", "本户 23 ÷ 全体 110.5"},
		{"a guaranteed sum per 亩", func(_, land string, _ []string) []plan.Component {
			return []plan.Component{{Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("510")}}
		}, "1530.00 1530.00 1530.00 765.00", "3 × 510.00 元"},
		{"a guaranteed percentage of the contribution, by the class's price", func(cash, _ string, _ []string) []plan.Component {
			return []plan.Component{{Class: cash, Rule: plan.GuaranteePercent, Rate: booktest.Rate("5")}}
		}, "50.00 100.00 150.00 200.00", "入股额 2,000.00 × 5.00% = 100 元"},
		{"what is left above the guarantee, 40 to 30 to 30", func(_, land string, h []string) []plan.Component {
			return []plan.Component{
				{Class: land, Rule: plan.Excess, Pool: booktest.Yuan("9355.01"), Members: booktest.Rate("40"), Collective: booktest.Rate("30"),
					Managers:     booktest.Rate("30"),
					ToCollective: h[3], ToManagers: []string{h[0], h[1]}},
				{Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("510")},
			}
		}, "2587.15 2587.15 1987.14 2193.57", "9,355.01 元 − 已分 5,355.00 元 = 超出 4,000.01 元:成员 1,600.01 元、集体 1,200.00 元、管理人员 1,200.00 元"},
		{"a fixed sum for marked households", func(_, _ string, _ []string) []plan.Component {
			return []plan.Component{{Rule: plan.FixedSum, Rate: booktest.Rate("600"), Mark: "脱贫户"}}
		}, "0 600.00 0 0", "标记“脱贫户”的户每户 600.00 元"},
		{"a fixed sum for chosen households", func(_, _ string, h []string) []plan.Component {
			return []plan.Component{{Rule: plan.FixedSum, Rate: booktest.Rate("600"), Holders: []string{h[2], h[1]}}}
		}, "0 600.00 600.00 0", "选定的户每户 600.00 元"},
		{"patronage by amount", func(_, _ string, _ []string) []plan.Component {
			return []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan("1000")}}
		}, "333.33 666.67 0 0", "资金池 1,000.00 元 × 本户 200.00 ÷ 全体 300.00"},
		{"patronage by volume", func(_, _ string, _ []string) []plan.Component {
			return []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan("1000"), Measure: plan.MeasureVolume}}
		}, "750.00 250.00 0 0", "本户 1 ÷ 全体 4"},
		{"a pool by member accounts", func(_, _ string, _ []string) []plan.Component {
			return []plan.Component{{Rule: plan.ByAccount, Pool: booktest.Yuan("1040")}}
		}, "101.00 201.00 301.00 437.00", "本户 2,010.00 ÷ 全体 10,400.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, cash, land, holders := b.Farm(register.Enterprise, "100000")
			b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-05-01", Amount: booktest.Yuan("100"),
				Volume: booktest.Units("3")},
				&dividend.RecordTrade{Entity: entity, Holder: holders[1], Date: "2025-05-01", Amount: booktest.Yuan("250"),
					Volume: booktest.Units("1")},
				&dividend.RecordTrade{Entity: entity, Holder: holders[1], Date: "2025-05-02", Amount: booktest.Yuan("-50"), Reason: "退货"},
				&dividend.RecordTrade{Entity: entity, Date: "2025-05-02", Amount: booktest.Yuan("999")})
			if strings.Contains(c.name, "accounts") {
				b.Record("kj-yuxin", &dividend.QuantifySubsidy{Entity: entity, Date: "2025-05-03", Amount: booktest.Yuan("40"), Source: "县财政"},
					&register.RecordContribution{Class: cash, Holder: holders[3], Kind: register.OwnFunds, Value: booktest.Yuan("360"),
						Shares: booktest.Units("3.6"),
						Date:   "2025-05-04"})
			}
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
				Components: c.parts(cash, land, holders)})[0]
			b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
			b.See("yixian", func(v *journal.View) {
				d, _ := dividend.Distribution(v, id)
				var got []string
				var sum money.Yuan
				for _, h := range holders {
					p, err := dividend.PayoutOf(v, id, h)
					if err != nil {
						got = append(got, "0")
						continue
					}
					got = append(got, p.Due.String())
					sum += p.Due
				}
				if strings.Join(got, " ") != c.want || sum != d.Due {
					t.Errorf("got %v, together %s of %s; want %s", got, sum, d.Due, c.want)
				}
				why, err := dividend.Explain(v, d, holders[1])
				if err != nil {
					t.Fatal(err)
				}
				var said []string
				for _, w := range why {
					for _, l := range w.Lines {
						said = append(said, l.Error())
					}
				}
				if !strings.Contains(strings.Join(said, "\n"), c.says) {
					t.Errorf("it is explained as %q, want %q", said, c.says)
				}
			})
			b.Verified()
		})
	}
}

// Shares count for the days they have been in, and take them along to whoever holds them on the record date; nothing counts after it. A
// charter may count each holder's own days instead: then a movement's own day is the receiver's, and who has left is paid for theirs.
func TestDaysHeld(t *testing.T) {
	for _, c := range []struct {
		name           string
		own            bool
		weight, amount string // of the buyer of 30 shares, who had 10, after 182 days
		seller         string // what the seller of all gets; "" for nothing
	}{
		{"the shares' days", false, "14600", "146.00", ""},
		{"each holder's own", true, "9140", "91.40", "54.60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			entity, cash, _, holders := b.Farm(register.Enterprise, "100000")
			b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, OwnDays: c.own, Resolution: "1"})
			// 183 of 365 days
			b.Record("kj-yuxin", &register.TransferShares{Class: cash, From: holders[2],
				To: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("30")}}, Date: "2025-07-02", Cause: register.Sale})
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", CarryOdd: true,
				Resolution: "2025-07", Components: []plan.Component{
					{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("3.65"), Days: true},
					{Class: cash, Rule: plan.PoolOver, Pool: booktest.Yuan("99.99"), Days: true}}})[0]
			b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
			b.See("yixian", func(v *journal.View) {
				p, err := dividend.PayoutOf(v, id, holders[0])
				if err != nil || p.Parts[0].Weight != booktest.Units(c.weight) || p.Parts[0].Amount != booktest.Yuan(c.amount) ||
					p.Parts[0].Quantity != booktest.Units("40") {
					t.Errorf("the buyer gets %+v, %v", p, err)
				}
				p, err = dividend.PayoutOf(v, id, holders[2])
				if c.seller == "" && err == nil || c.seller != "" && (err != nil || p.Parts[0].Amount != booktest.Yuan(c.seller)) {
					t.Errorf("who sold all before the record date: %+v, %v", p, err)
				}
				d, _ := dividend.Distribution(v, id)
				var sum money.Yuan
				list, _, _ := dividend.Payouts(v, id, "", 9, func(dividend.Payout) bool { return true })
				for _, p := range list {
					sum += p.Parts[1].Amount
				}
				if sum != d.Totals[1].Amount || d.Totals[1].Weight != booktest.Units("36500") ||
					sum+money.Yuan(d.Totals[1].Odd) != booktest.Yuan("99.99") {
					t.Errorf("the pool gives %s and carries %d 分 forward: %+v", sum, d.Totals[1].Odd, d.Totals[1])
				}
			})
			b.Verified()
		})
	}
}

// A specialised cooperative gives back at least sixty per cent by trade, all rounds of the year together; a first round need only leave
// enough for it. The second round takes the first one's guarantees into account.
func TestSixtyPercent(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Farm(register.SpecialisedCooperative, "10000")
	b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-05-01", Amount: booktest.Yuan("100")})
	draft := func(interim bool, parts ...plan.Component) string {
		return b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Interim: interim,
			Resolution: "2025-07", Components: parts})[0]
	}
	greedy := draft(true, plan.Component{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("4000.01")})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: greedy}); !booktest.HasText(e,
		"最多还能返还 5,999.99 元") {
		t.Errorf("a first round that leaves too little: %v", e)
	}
	first := draft(true, plan.Component{Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("200")}) // 2,100 yuan
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: first})
	short := draft(false, plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("5999.99")},
		plan.Component{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("100")})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: short}); !booktest.HasText(e,
		"第四十四条") ||
		!booktest.HasText(e, "至少返还 6,000.00 元") {
		t.Errorf("it says %v", e)
	}
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: short, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{
			{Rule: plan.Patronage, Pool: booktest.Yuan("6000")},
			{Class: land, Rule: plan.Excess, Pool: booktest.Yuan("2200"), Members: booktest.Rate("100")}}})
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: short})
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, short); d.Totals[1].Excess != booktest.Yuan("100") || d.Totals[1].Amount != booktest.Yuan("100") {
			t.Errorf("above the first round's guarantees: %+v", d.Totals[1])
		}
	})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-06-01",
		Amount: booktest.Yuan("1")}); !booktest.HasText(e, short) {
		t.Errorf("trade behind a submitted plan: %v", e)
	}
	b.Verified()
}

// What a plan cannot do without, and what is refused.
func TestPlanFaults(t *testing.T) {
	b := booktest.New(t)
	entity, cash, land, holders := b.Farm(register.Enterprise, "1000")
	excess := plan.Component{Class: land, Rule: plan.Excess, Pool: booktest.Yuan("100"), Members: booktest.Rate("40"),
		Collective: booktest.Rate("30"),
		Managers:   booktest.Rate("30"), ToCollective: holders[3], ToManagers: holders[:1]}
	with := func(change func(*plan.Component)) plan.Component { c := excess; change(&c); return c }
	for _, c := range []struct {
		name, field string
		code        journal.Code
		part        plan.Component
	}{
		{"a rule that is none", "components.0.rule", journal.Invalid, plan.Component{Rule: "luck", Pool: booktest.Yuan("1")}},
		{"a guarantee of no class", "components.0.class", journal.Invalid, plan.Component{Rule: plan.Guarantee, Rate: booktest.Rate("1")}},
		{"percentages that come to 101", "components.0.members", journal.Invalid,
			with(func(c *plan.Component) { c.Members = booktest.Rate("41") })},
		{"a collective nobody named", "components.0.to_collective", journal.Invalid, with(func(c *plan.Component) { c.ToCollective = "" })},
		{"no managers", "components.0.to_managers", journal.Invalid, with(func(c *plan.Component) { c.ToManagers = nil })},
		{"a manager twice", "components.0.to_managers", journal.Invalid,
			with(func(c *plan.Component) { c.ToManagers = []string{holders[0], holders[0]} })},
		{"a fixed sum for nobody", "components.0.mark", journal.Invalid, plan.Component{Rule: plan.FixedSum, Rate: booktest.Rate("1")}},
		{"a fixed sum for a mark and a list", "components.0.mark", journal.Invalid,
			plan.Component{Rule: plan.FixedSum, Rate: booktest.Rate("1"), Mark: "脱贫户", Holders: holders[:1]}},
		{"a fixed sum for a stranger", "components.0.recipients.0", journal.NotFound,
			plan.Component{Rule: plan.FixedSum, Rate: booktest.Rate("1"), Holders: []string{booktest.Yuxin + "H99999"}}},
		{"patronage by weight", "components.0.measure", journal.Invalid, plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("1"),
			Measure: "weight"}},
		{"patronage by days held", "components.0.days", journal.Invalid,
			plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("1"), Days: true}},
		{"patronage of nothing", "components.0.pool", journal.Invalid, plan.Component{Rule: plan.Patronage}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.Refuses("kj-yuxin", c.code, c.field, &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30",
				Resolution: "2025-07", Components: []plan.Component{c.part}})
		})
	}
	for _, c := range []struct {
		name, field, says string
		parts             []plan.Component
	}{
		{"more than there is", "components", "多出", []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("11")}}},
		{"nobody traded", "components.0.rule", "没有记成员的交易", []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan("1")}}},
		{"nobody is marked so", "components.0.mark", "低保户", []plan.Component{{Rule: plan.FixedSum, Rate: booktest.Rate("1"), Mark: "低保户"}}},
		{"nothing above the guarantee", "components.0.pool", "没有超出保底",
			[]plan.Component{excess, {Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("10")}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
				Components: c.parts})[0]
			if e := b.Refuses("kj-yuxin", journal.Conflict, c.field, &dividend.SubmitDistribution{Distribution: id}); !booktest.HasText(e, c.says) {
				t.Errorf("it says %v", e)
			}
		})
	}
	b.Verified()
}

// A dividend on the village's collective shares becomes its investment income once, linked both ways, and goes with the payment that is
// reversed.
func TestCollectiveDividend(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2.5")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	gained := func() (sum money.Yuan, lines []income.Income, p dividend.Payout) {
		b.See("yixian", func(v *journal.View) {
			lines, _ = income.Incomes(v, booktest.Yuxin, 2026, "")
			s, _ := income.StatementOf(v, booktest.Yuxin, 2026)
			p, _ = dividend.PayoutOf(v, id, holders[3])
			sum = s.Operating
		})
		return sum, lines, p
	}
	if sum, _, _ := gained(); sum != 0 {
		t.Errorf("income of %s before anything is paid", sum)
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	sum, lines, p := gained()
	if sum != booktest.Yuan("100") || len(lines) != 1 || lines[0].Item != "investment" || lines[0].Payout != id+holders[3] ||
		p.Income != lines[0].ID {
		t.Errorf("income %s, lines %+v, payout %+v", sum, lines, p)
	}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "income", &income.ReverseIncome{Income: lines[0].ID, Reason: "错"}); !booktest.HasText(e,
		"一起冲销") {
		t.Errorf("reversed alone: %v", e)
	}
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[3:4], Reason: "银行退回"})
	if sum, lines, p := gained(); sum != 0 || len(lines) != 2 || lines[1].Reverses != lines[0].ID || p.Income != "" {
		t.Errorf("after the reversal %s, %+v, %+v", sum, lines, p)
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4]})
	if sum, lines, _ := gained(); sum != booktest.Yuan("100") || len(lines) != 3 {
		t.Errorf("paid again: %s in %d lines", sum, len(lines))
	}
	b.Verified()
}

// A plan is paid when it has been disclosed for its days and every objection is answered; it is closed when all is paid, and voided only
// while nothing is.
func TestDisclosure(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2")}}})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.DiscloseDistribution{Distribution: id, From: "2026-03-01"})
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, DisclosureDays: "0", Resolution: "2026-1"}) // what was approved stays so
	pay := &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-01", All: true}
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", pay)
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.RaiseObjection{Distribution: id, By: "甲", Date: "2026-03-01", Text: "早"})
	b.Refuses("kj-yuxin", journal.Invalid, "from", &dividend.DiscloseDistribution{Distribution: id, From: "2026-02-28"})
	b.Record("kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: "2026-03-01"})
	b.Refuses("kj-yuxin", journal.Conflict, "from", &dividend.DiscloseDistribution{Distribution: id, From: "2026-03-01"})
	b.Record("kj-yuxin", &dividend.RaiseObjection{Distribution: id, By: "甲", Date: "2026-03-01", Text: "股数不对"})
	b.Time = b.Time.AddDate(0, 0, 7)
	b.Refuses("kj-yuxin", journal.Conflict, "date", &dividend.MakeBatch{Distribution: id, Date: "2026-03-07"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.MakeBatch{Distribution: id, Date: "2026-03-08"})
	b.Refuses("kj-yuxin", journal.NotFound, "objection", &dividend.AnswerObjection{Distribution: id, Objection: 2, Answer: "已核对"})
	b.Record("kj-yuxin", &dividend.AnswerObjection{Distribution: id, Objection: 1, Answer: "已核对"})
	b.Refuses("kj-yuxin", journal.Conflict, "objection", &dividend.AnswerObjection{Distribution: id, Objection: 1, Answer: "又"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.CloseDistribution{Distribution: id})

	batch := b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: "2026-03-08"})[0]
	if e := b.Refuses("kj-yuxin", journal.Conflict, "distribution",
		&dividend.VoidDistribution{Distribution: id, Reason: "不分了"}); !booktest.HasText(e,
		"报盘 4 笔") {
		t.Errorf("voided with a batch at the bank: %v", e)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-08", Holders: holders[:1]})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.HoldPayouts{Distribution: id, Holders: holders[:1], Reason: "争议"})
	b.Refuses("kj-yuxin", journal.Conflict, "bank", &dividend.MakeBatch{Distribution: id, Date: "2026-03-08"})
	b.Record("kj-yuxin", &dividend.RecallBatch{Batch: batch, Reason: "格式不对"})
	b.Refuses("kj-yuxin", journal.Conflict, "batch", &dividend.SettleBatch{Batch: batch, Date: "2026-03-08",
		Results: []dividend.BatchResult{{Line: 1, State: dividend.Paid}}})
	b.Record("kj-yuxin", &dividend.VoidDistribution{Distribution: id, Reason: "重新议定"})
	b.See("yixian", func(v *journal.View) {
		if s, _ := income.StatementOf(v, entity, 2025); s.Distributable != booktest.Yuan("1000") {
			t.Errorf("after voiding %s may be distributed", s.Distributable)
		}
	})
	b.Verified()
}

// What the law and the books ask of a plan's neighbours: an open excess takes off everything else of the plan and nothing twice; a
// backdated issue is refused behind a pool over all classes; a stock cooperative's own collective shares are no income of the book that
// pays them; what is closed can be taken up again.
func TestPlansAndTheirNeighbours(t *testing.T) {
	b := booktest.New(t)
	entity, cash, land, holders := b.Farm(register.Enterprise, "10000")
	submit := func(entity string, parts ...plan.Component) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: parts})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	submit(entity, plan.Component{Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("200")}) // 2,100
	rest := submit(entity, plan.Component{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")},
		plan.Component{Rule: plan.Excess, Members: booktest.Rate("100")})
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, rest); d.Totals[1].Excess != booktest.Yuan("7800") || d.Due != booktest.Yuan("7900") {
			t.Errorf("10,000 less 2,100 less 100 leave %s, together %s", d.Totals[1].Excess, d.Due)
		}
		if s, _ := income.StatementOf(v, entity, 2025); s.Distributable != 0 {
			t.Errorf("%s is left", s.Distributable)
		}
	})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date",
		&register.IssueShares{Class: land, Holder: holders[0], Quantity: booktest.Units("1000"),
			Date: "2025-01-01"}); !booktest.HasText(e, entity) {
		t.Errorf("it says %v", e)
	}

	coop := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "股份社", Kind: register.StockCooperative})[0]
	class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CollectiveShare, Unit: register.ShareUnit})[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: holders[3], Quantity: booktest.Units("1"), Date: "2025-01-01"},
		&register.IssueShares{Class: class, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2025-01-01"},
		&income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-05-01", Amount: booktest.Yuan("600")})
	own := submit(coop, plan.Component{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("300")})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: own})
	b.Disclosed(own)
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: own, Date: "2026-03-09", All: true},
		&dividend.CloseDistribution{Distribution: own})
	b.See("yixian", func(v *journal.View) {
		if s, _ := income.StatementOf(v, booktest.Yuxin, 2026); s.Operating != 0 {
			t.Errorf("the village earns %s of what it gave out", s.Operating)
		}
		d, _ := dividend.Distribution(v, own)
		if s, _ := income.StatementOf(v, booktest.Yuxin, 2025); d.Kept != booktest.Yuan("300") || s.Distributed != booktest.Yuan("300") ||
			s.Closing != booktest.Yuan("300") {
			t.Errorf("what falls on its own shares: kept %s, %s given out, %s left in the book", d.Kept, s.Distributed, s.Closing)
		}
		why, err := dividend.Explain(v, d, holders[3])
		if n := len(why); err != nil || n == 0 || !strings.Contains(why[n-1].Lines[0].Error(), "留在本账") {
			t.Errorf("explained as %v, %v", why, err)
		}
	})
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: own, Holders: holders[:1], Reason: "银行退回"})
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, own); d.State != plan.Approved || d.Outstanding() != booktest.Yuan("300") {
			t.Errorf("taken up again: %+v", d)
		}
	})
	b.Verified()
}

// What was contributed goes along with the shares: to who buys them, and away with those that are withdrawn; a class with a price counts by
// that.
func TestWorthOfShares(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Farm(register.Enterprise, "100000")
	b.Record("kj-yuxin", &register.ChangeCharter{Entity: entity, WithdrawalCap: booktest.Rate("100"), Resolution: "1"})
	skill := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare, Unit: register.ShareUnit})[0]
	b.Record("kj-yuxin", &register.RecordContribution{Class: skill, Holder: holders[0], Kind: register.Technology,
		Value:  booktest.Yuan("10000"),
		Shares: booktest.Units("100"), Date: "2024-12-31"},
		&register.TransferShares{Class: skill, From: holders[0], To: []register.Lot{{Holder: holders[1], Quantity: booktest.Units("33")},
			{Holder: holders[2], Quantity: booktest.Units("33")}}, Date: "2025-07-02", Cause: register.Inheritance},
		&register.TransferShares{Class: skill, From: holders[0], To: []register.Lot{{Holder: holders[1], Quantity: booktest.Units("33")}},
			Date: "2025-07-03", Cause: register.Sale},
		&register.WithdrawShares{Class: skill, Holder: holders[2], Quantity: booktest.Units("3"), Date: "2025-07-04", Paid: booktest.Yuan("1"),
			Resolution: "2"})
	_ = land
	b.See("yixian", func(v *journal.View) {
		accounts, err := dividend.MemberAccounts(v, entity, "2025-07-03")
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"100", "6600", "3300", "0"} {
			if got := accounts[i].Capital - booktest.Yuan(fmt.Sprint(1000*(i+1))); got != booktest.Yuan(want) {
				t.Errorf("the shares of holder %d stand for %s, want %s", i, got, want)
			}
		}
		accounts, _ = dividend.MemberAccounts(v, entity, "2025-07-04")
		if got := accounts[2].Capital - booktest.Yuan("3000"); got != booktest.Yuan("3000") {
			t.Errorf("after the withdrawal %s", got)
		}
	})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "2025-07",
		Components: []plan.Component{{Class: skill, Rule: plan.GuaranteePercent, Rate: booktest.Rate("3.65"), Days: true}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		p, err := dividend.PayoutOf(v, id, holders[0]) // of 10,000 one share of 100 is left, in since the year began
		if err != nil || p.Due != booktest.Yuan("3.65") {
			t.Errorf("%+v, %v", p, err)
		}
	})
	b.Verified()
}

// However shares move, backdated and on one day, what was contributed is neither lost nor made: the holders' worths add up to it, less what
// left.
func TestWorthIsKept(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "公司", Kind: register.Enterprise,
			Founded: "2019-01-01"})[0]
		class := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.SkillShare, Unit: register.ShareUnit})[0]
		holders := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 0), booktest.Household(booktest.Yuxin, 1),
			booktest.Household(booktest.Yuxin, 2))
		var put money.Yuan
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			on := journal.Date(fmt.Sprintf("2025-01-%02d", rapid.IntRange(1, 4).Draw(rt, "day")))
			h := rapid.SampledFrom(holders).Draw(rt, "holder")
			q := money.Quantity(rapid.Int64Range(1, 30).Draw(rt, "quantity")) * 10_000
			if rapid.Bool().Draw(rt, "contribute") {
				value := money.Yuan(rapid.Int64Range(1, 100_00).Draw(rt, "value"))
				b.Record("kj-yuxin", &register.RecordContribution{Class: class, Holder: h, Kind: register.Technology, Value: value, Shares: q,
					Date: on})
				put += value
			} else if to := rapid.SampledFrom(holders).Draw(rt, "to"); to != h {
				_, _ = b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{ // refused where there is not enough
					&register.TransferShares{Class: class, From: h, To: []register.Lot{{Holder: to, Quantity: q}}, Date: on, Cause: register.Sale}}})
			}
		}
		b.See("kj-yuxin", func(v *journal.View) {
			accounts, err := dividend.MemberAccounts(v, entity, "2025-12-31")
			if err != nil {
				rt.Fatal(err)
			}
			var sum money.Yuan
			for _, m := range accounts {
				if sum += m.Capital; m.Capital < 0 {
					rt.Errorf("%s has %s", m.Holder, m.Capital)
				}
			}
			if sum != put {
				rt.Errorf("%s was put in, the accounts say %s", put, sum)
			}
		})
	})
}

// A held payout goes to heirs, and each of them is paid once; sums that do not come to it are refused.
func TestHeirs(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	release := func(heirs ...dividend.Heir) *dividend.ReleasePayout {
		return &dividend.ReleasePayout{Distribution: id, Holder: holders[2], Heirs: heirs, Reason: "公证书"}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "holder", release())
	b.Record("kj-yuxin", &dividend.HoldPayouts{Distribution: id, Holders: holders[2:3], Reason: "户主去世"})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[2:3]})
	b.Refuses("kj-yuxin", journal.Invalid, "heirs", release(dividend.Heir{Holder: holders[0], Amount: booktest.Yuan("59.99")}))
	b.Refuses("kj-yuxin", journal.Invalid, "heirs.1.holder", release(dividend.Heir{Holder: holders[0], Amount: booktest.Yuan("30")},
		dividend.Heir{Holder: holders[0], Amount: booktest.Yuan("30")}))
	b.Refuses("kj-yuxin", journal.NotFound, "heirs.0.holder",
		release(dividend.Heir{Holder: booktest.Yuxin + "H99999", Amount: booktest.Yuan("60")}))
	b.Refuses("kj-yuxin", journal.Invalid, "heirs.0.holder", release(dividend.Heir{Holder: holders[2], Amount: booktest.Yuan("60")}))
	b.Record("kj-yuxin", release(dividend.Heir{Holder: holders[0], Amount: booktest.Yuan("20.01")},
		dividend.Heir{Holder: holders[1], Amount: booktest.Yuan("39.99")}))
	b.Refuses("kj-yuxin", journal.Conflict, "holder", release())
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: []string{holders[0] + "/" + holders[2]}})
	b.Refuses("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09",
		Holders: []string{holders[0] + "/" + holders[2]}})
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true},
		&dividend.CloseDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, id)
		if d.State != plan.Closed || d.Paid != booktest.Yuan("200") || d.PaidCount != 5 || d.Holders != 5 {
			t.Errorf("closed as %+v", d)
		}
		got, _ := dividend.Received(v, holders[0])
		if len(got) != 2 || got[1].From != holders[2] {
			t.Errorf("the heir received %+v", got)
		}
	})
	b.Verified()
}

// change gives a holder another account: a card, the collective one of a unit.
func change(holder string, step int) *register.ChangeBankCard {
	if journal.HolderID.Number(holder) == 4 {
		return &register.ChangeBankCard{Holder: holder, Bank: "农业银行", Account: fmt.Sprint("2107-", 700+step)}
	}
	return &register.ChangeBankCard{Holder: holder, Bank: "农业银行", Card: booktest.CardNo(700 + step)}
}

// Any mix of batches, results, failures, cash, holds, releases and reversals keeps the sums: due is paid, failed, held and outstanding
// together, what lies with banks is part of what is outstanding, and each payout is in the state that the plain model says.
func TestAnyMixOfPayments(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		b.Cooperative("kj-yuxin", booktest.Yuxin, 0)
		entity, cash, land, holders := b.Farm(register.Enterprise, "100000")
		var parts []plan.Component
		for range rapid.IntRange(1, 4).Draw(rt, "components") {
			c := plan.Component{Class: rapid.SampledFrom([]string{cash, land, ""}).Draw(rt, "class"), Rule: plan.PoolOver,
				Pool: money.Yuan(rapid.Int64Range(1, 500_000).Draw(rt, "pool")), Days: rapid.Bool().Draw(rt, "days")}
			if c.Class != "" && rapid.Bool().Draw(rt, "rate") {
				c.Rule, c.Pool, c.Rate = plan.RatePerUnit, 0, money.Rate(rapid.Int64Range(1, 99_999_999).Draw(rt, "sum"))
			}
			parts = append(parts, c)
		}
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30",
			CarryOdd: rapid.Bool().Draw(rt, "carry"), Resolution: "2025-07", Components: parts})[0]
		submit := journal.Posting{Entries: []journal.Entry{&dividend.SubmitDistribution{Distribution: id}}}
		if _, err := b.Post(b.As("kj-yuxin"), submit); err != nil {
			rt.Skip("nothing to give out")
		}
		b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
		b.Disclosed(id)
		model := map[string]dividend.PayoutState{} // by ref
		due := map[string]money.Yuan{}
		var totals money.Yuan
		b.See("yixian", func(v *journal.View) {
			d, _ := dividend.Distribution(v, id)
			for i := range parts {
				totals += d.Totals[i].Amount
				if parts[i].Rule == plan.PoolOver && !d.CarryOdd && d.Totals[i].Amount != parts[i].Pool {
					rt.Errorf("a pool of %s gives %s", parts[i].Pool, d.Totals[i].Amount)
				}
			}
			list, _, _ := dividend.Payouts(v, id, "", 99, func(dividend.Payout) bool { return true })
			for _, p := range list {
				model[p.Ref()], due[p.Ref()] = p.State, p.Due
				if want := (map[bool]dividend.PayoutState{true: dividend.Nothing})[p.Due == 0]; p.State != want {
					rt.Errorf("%s of %s is %q", p.Ref(), p.Due, p.State)
				}
			}
			if d.Due != totals {
				rt.Errorf("due %s, components %s", d.Due, totals)
			}
		})
		try := func(e journal.Entry) (string, bool) {
			r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
			if err != nil && len(journal.All(err)) == 0 {
				rt.Fatal(err)
			}
			if err != nil {
				return "", false
			}
			return r.IDs[0], true
		}
		batches := map[string][]string{} // the refs of each batch's lines that have no result
		step := 0
		// when a payout went to the bank or was noted as failed; when a holder's card was changed
		sent, changed := map[string]int{}, map[string]int{}
		mended := func(ref string) bool {
			holder, _, _ := strings.Cut(ref, "/")
			return changed[holder] > sent[ref]
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			refs := make([]string, 0, len(model))
			for ref := range model {
				refs = append(refs, ref)
			}
			slices.Sort(refs)
			step++
			ref := rapid.SampledFrom(refs).Draw(rt, "ref")
			in := func(states ...dividend.PayoutState) bool { return slices.Contains(states, model[ref]) }
			set := func(done bool, to dividend.PayoutState, may bool) {
				if done != may {
					rt.Fatalf("%s in state %q: done %v, should be %v", ref, model[ref], done, may)
				}
				if done {
					model[ref] = to
				}
			}
			const on = "2026-03-09"
			one := []string{ref}
			switch rapid.IntRange(0, 8).Draw(rt, "act") {
			case 0:
				_, ok := try(&dividend.ConfirmPayouts{Distribution: id, Date: on, Holders: one})
				set(ok, dividend.Paid, in(dividend.Due, dividend.Failed))
			case 1:
				_, ok := try(&dividend.FailPayouts{Distribution: id, Date: on, Holders: one, Reason: "户名不符"})
				if set(ok, dividend.Failed, in(dividend.Due)); ok {
					sent[ref] = step
				}
			case 8:
				holder, _, _ := strings.Cut(ref, "/")
				if _, ok := try(change(holder, step)); !ok {
					rt.Fatal("a card cannot be changed")
				}
				if _, ok := try(change(holder, step)); ok {
					rt.Fatal("a card is changed to itself")
				}
				changed[holder] = step
			case 2:
				_, ok := try(&dividend.ReversePayouts{Distribution: id, Holders: one, Reason: "退回"})
				set(ok, dividend.Due, in(dividend.Paid, dividend.Failed))
			case 3:
				_, ok := try(&dividend.HoldPayouts{Distribution: id, Holders: one, Reason: "争议"})
				set(ok, dividend.Held, in(dividend.Due, dividend.Failed))
			case 4:
				_, ok := try(&dividend.ReleasePayout{Distribution: id, Holder: ref, Reason: "调解"})
				set(ok, dividend.Due, in(dividend.Held))
			case 5:
				heir := rapid.SampledFrom(holders).Draw(rt, "heir")
				_, ok := try(&dividend.ReleasePayout{Distribution: id, Holder: ref, Heirs: []dividend.Heir{{Holder: heir, Amount: due[ref]}},
					Reason: "公证"})
				may := in(dividend.Held) && heir != strings.Split(ref, "/")[0] && due[ref] > 0 && model[heir+"/"+ref] == "" && due[heir+"/"+ref] == 0
				if set(ok, dividend.Passed, may); ok {
					model[heir+"/"+ref], due[heir+"/"+ref], due[ref] = dividend.Due, due[ref], 0
				}
			case 6:
				batch, ok := try(&dividend.MakeBatch{Distribution: id, Date: on})
				for _, r := range refs {
					if s := model[r]; ok && (s == dividend.Due || s == dividend.Failed && mended(r)) && due[r] > 0 {
						model[r], sent[r] = dividend.Sent, step
						batches[batch] = append(batches[batch], r)
					}
				}
			case 7:
				for batch, lines := range batches {
					if len(lines) == 0 {
						continue
					}
					if rapid.Bool().Draw(rt, "recall") {
						if _, ok := try(&dividend.RecallBatch{Batch: batch, Reason: "银行没有回"}); !ok {
							rt.Fatal("a batch cannot be recalled")
						}
						for _, r := range lines {
							model[r] = dividend.Due
						}
						delete(batches, batch)
						break
					}
					var results []dividend.BatchResult
					for i, r := range lines {
						state := rapid.SampledFrom([]dividend.PayoutState{dividend.Paid, dividend.Failed}).Draw(rt, "result")
						results = append(results, dividend.BatchResult{Line: i + 1, State: state, Reason: "户名不符"})
						model[r] = state
					}
					if _, ok := try(&dividend.SettleBatch{Batch: batch, Date: on, Results: results}); !ok {
						rt.Fatal("a batch cannot be settled")
					}
					if _, ok := try(&dividend.SettleBatch{Batch: batch, Date: on, Results: results}); ok {
						rt.Fatal("a batch is settled twice")
					}
					delete(batches, batch)
					break
				}
			}
			b.See("yixian", func(v *journal.View) {
				d, _ := dividend.Distribution(v, id)
				sums := map[dividend.PayoutState]money.Yuan{}
				list, _, _ := dividend.Payouts(v, id, "", 99, func(dividend.Payout) bool { return true })
				for _, p := range list {
					sums[p.State] += p.Due
					if p.State != model[p.Ref()] || p.Due != due[p.Ref()] {
						rt.Fatalf("%s is %q with %s, the model says %q with %s", p.Ref(), p.State, p.Due, model[p.Ref()], due[p.Ref()])
					}
				}
				if d.Due != totals || sums[dividend.Paid] != d.Paid || sums[dividend.Failed] != d.Failed || sums[dividend.Held] != d.Held ||
					sums[dividend.Sent] != d.Sent ||
					sums[dividend.Due]+sums[dividend.Sent] != d.Outstanding() || d.Paid+d.Failed+d.Held+d.Outstanding() != d.Due {
					rt.Fatalf("sums %v, the plan says %+v", sums, d)
				}
				made, _ := dividend.Batches(v, id)
				for _, x := range made {
					lines := map[dividend.PayoutState]money.Yuan{}
					if err := dividend.EachBatchLine(v, x.ID, register.Revealed{}, func(l dividend.NumberedLine) error {
						lines[l.State] += l.Amount
						if p, _ := dividend.PayoutOf(v, id, l.Ref); l.State == dividend.Paid &&
							(p.State != dividend.Paid || p.Batch != x.ID || p.Line != l.Number) {
							rt.Fatalf("line %d of %s is paid, its payout %+v", l.Number, x.ID, p)
						}
						return nil
					}); err != nil {
						rt.Fatal(err)
					}
					if lines[dividend.Paid] != x.Paid || lines[dividend.Failed] != x.Failed || x.Recalled == "" && lines[dividend.Due] != x.Back {
						rt.Fatalf("the lines of %s come to %v, the batch says %+v", x.ID, lines, x)
					}
				}
			})
		}
		b.Verified()
	})
}

// A plan goes for review with the resolution that it rests on; a first round belongs to a year that is still open.
func TestPlansRestOnAResolution(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, _ := b.Farm(register.Enterprise, "1000")
	parts := []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")}}
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Components: parts})[0]
	b.Refuses("kj-yuxin", journal.Invalid, "resolution", &dividend.SubmitDistribution{Distribution: id})
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2025-07", Interim: true,
		Components: parts})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	b.Refuses("kj-yuxin", journal.Conflict, "interim", &dividend.SubmitDistribution{Distribution: id})
}

// Who is no member gets no patronage and no part of the reserves, whatever was traded; who was one for a part of the year does.
func TestPatronageIsTheMembers(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.SpecialisedCooperative, "1000")
	b.Record("kj-yuxin", &income.SetAside{Book: entity, Year: 2025, Fund: income.ReserveFund, Amount: booktest.Yuan("90"),
		Resolution: "2025-08"})
	stranger := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 9))[0]
	late := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 10))[0]
	b.Record("kj-yuxin", &register.IssueShares{Class: cash, Holder: late, Quantity: booktest.Units("5"), Date: "2025-03-01"},
		&register.TransferShares{Class: cash, From: late, To: []register.Lot{{Holder: holders[0], Quantity: booktest.Units("5")}},
			Date:  "2025-08-01",
			Cause: register.Sale})
	for i, h := range []string{holders[0], stranger, late} {
		b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: h, Date: "2025-05-01",
			Amount: booktest.Yuan(fmt.Sprint(100 * (i + 1)))})
	}
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan("800")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.See("yixian", func(v *journal.View) {
		got := map[string]string{}
		list, _, _ := dividend.Payouts(v, id, "", 99, func(dividend.Payout) bool { return true })
		for _, p := range list {
			got[p.Holder] = p.Due.String()
		}
		if len(got) != 2 || got[holders[0]] != "200.00" || got[late] != "600.00" {
			t.Errorf("patronage goes %v", got)
		}
	})
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025})
	b.Record("kj-yuxin", &dividend.QuantifyReserve{Entity: entity, Year: 2025, Date: "2025-12-31", Resolution: "2025-09"})
	b.See("yixian", func(v *journal.View) {
		accounts, err := dividend.MemberAccounts(v, entity, "2025-12-31")
		var sum money.Yuan
		for _, m := range accounts {
			sum += m.Reserve
		}
		if err != nil || sum != booktest.Yuan("90") { // who has left has no account for it
			t.Errorf("the accounts hold %s of the reserves, %v", sum, err)
		}
	})
	b.Verified()
}

// What was paid keeps the card that it was paid to; what is taken back stands so in its batch, and the entry that takes it back names the
// one that paid.
func TestBatchesKeepWhatWasSent(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: holders[2], Card: booktest.CardNo(600)}) // a card of no bank
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("2")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	day := journal.DateOf(b.Time)
	b.See("yixian", func(v *journal.View) {
		if can, err := dividend.SendableOf(v, id); err != nil || !slices.Equal(can.Banks, []string{"", "农商银行"}) || can.Count[""] != 1 ||
			can.Count["农商银行"] != 3 {
			t.Errorf("can be sent: %+v, %v", can, err)
		}
	})
	b.Refuses("kj-yuxin", journal.Invalid, "unnamed", &dividend.MakeBatch{Distribution: id, Bank: "农商银行", Unnamed: true, Date: day})
	unnamed := b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Unnamed: true, Date: day})[0]
	named := b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Bank: "农商银行", Date: day})[0]
	b.Record("kj-yuxin", &dividend.SettleBatch{Batch: unnamed, Date: day,
		Results: []dividend.BatchResult{{Line: 1, State: dividend.Failed, Reason: "户名不符"}}})
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{&dividend.SettleBatch{Batch: named, Date: day,
		Results: []dividend.BatchResult{{Line: 1, State: dividend.Paid}, {Line: 2, State: dividend.Paid}, {Line: 3, State: dividend.Paid}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if e := b.Refuses("kj-yuxin", journal.Conflict, "bank", &dividend.MakeBatch{Distribution: id, Date: day}); !booktest.HasText(e,
		"先改正户名或换卡") {
		t.Errorf("a failed payout that nobody mended is sent again: %v", e)
	}
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: holders[0], Bank: "农业银行", Card: booktest.CardNo(601)})
	b.See("kj-yuxin", func(v *journal.View) {
		p, _ := dividend.PayoutOf(v, id, holders[0])
		s, _ := register.ShareholderOf(v, holders[0])
		if way := dividend.WayOf(v, p, s, register.Revealed{}); way.Batch != named || way.Line != 1 || way.Bank != "农商银行" ||
			way.Card[len(way.Card)-4:] != booktest.CardNo(0)[15:] {
			t.Errorf("paid to %+v", way)
		}
	})
	b.Record("kj-yuxin", &dividend.ReversePayouts{Distribution: id, Holders: holders[:1], Reason: "退汇"})
	b.See("yixian", func(v *journal.View) {
		x, _ := dividend.BatchOf(v, named)
		if x.Paid != booktest.Yuan("120") || x.Back != booktest.Yuan("20") || x.PaidCnt != 2 || x.BackCnt != 1 || x.Open() != 0 {
			t.Errorf("the batch after a reversal: %+v", x)
		}
		list, _, _ := v.Journal(booktest.Yuxin, "", 1)
		if e := list[0].Entry.(*dividend.ReversePayouts); len(e.Taken) != 1 || e.Taken[0] != r.Ranges[0].First {
			t.Errorf("it takes back %v, not %d", e.Taken, r.Ranges[0].First)
		}
	})
	b.Record("kj-yuxin", &register.CorrectShareholder{Holder: holders[2], Name: "测试户改名", Reason: "与银行一致"})
	b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: day}) // both go again
	b.Verified()
}

// A year of two rounds by trade: the first counts the trade up to its record date, what comes later goes on being recorded, and the second
// counts it all. An excess with a stated sum gives in the second round what the first has left of it.
func TestTwoRounds(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Farm(register.SpecialisedCooperative, "10000")
	trade := func(holder int, date, amount string) journal.Entry {
		return &dividend.RecordTrade{Entity: entity, Holder: holders[holder], Date: journal.Date(date), Amount: booktest.Yuan(amount)}
	}
	round := func(interim bool, record string, parts ...plan.Component) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: journal.Date(record), Interim: interim,
			Resolution: "2025-07", Components: parts})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	b.Record("kj-yuxin", trade(0, "2025-03-01", "100"), trade(1, "2025-03-01", "300"), trade(2, "2025-12-15", "600"))
	excess := plan.Component{Class: land, Rule: plan.Excess, Pool: booktest.Yuan("200"), Members: booktest.Rate("100")}
	first := round(true, "2025-06-30", plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("1000")},
		plan.Component{Class: land, Rule: plan.Guarantee, Rate: booktest.Rate("10")}, excess)
	if e := b.Refuses("kj-yuxin", journal.Conflict, "date", trade(0, "2025-06-30", "1")); !booktest.HasText(e, first) {
		t.Errorf("trade that the first round has counted: %v", e)
	}
	b.Record("kj-yuxin", trade(0, "2025-09-01", "500"))
	excess.Pool = booktest.Yuan("300")
	second := round(false, "2025-11-30", plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("6000")}, excess)
	b.See("yixian", func(v *journal.View) {
		for id, want := range map[string][]string{first: {"250.00", "750.00", "0.00"}, second: {"2550.00", "650.00", "2800.00"}} {
			for i, w := range want {
				p, _ := dividend.PayoutOf(v, id, holders[i])
				if got := p.Part(0).Amount.String(); got != w {
					t.Errorf("%s: holder %d gets %s by trade, want %s", id, i+1, got, w)
				}
			}
		}
		d, _ := dividend.Distribution(v, second)
		said := ""
		why, err := dividend.Explain(v, d, holders[1])
		for _, l := range why[0].Lines {
			said += l.Error() + "\n"
		}
		if err != nil || !strings.Contains(said, "资金池 7,000.00 元 × 本户 300.00 ÷ 全体 1,500.00 = 1400 元") ||
			!strings.Contains(said, "全年应返还 1,400.00 元 − 初次已返还 750.00 元 = 650.00 元") {
			t.Errorf("explained as %s, %v", said, err)
		}
		if d, _ := dividend.Distribution(v, first); d.Totals[2].Amount != booktest.Yuan("95") { // 200 less the guarantee of 105
			t.Errorf("the first round's excess: %+v", d.Totals[2])
		}
		if d, _ := dividend.Distribution(v, second); d.Totals[1].Amount != booktest.Yuan("100") { // 300 less what the first gave
			t.Errorf("the second round's excess: %+v", d.Totals[1])
		}
	})
	b.Verified()
}

// Who got more in the first round than the year's trade gives keeps it; the rest is divided among the others.
func TestFirstRoundGaveTooMuch(t *testing.T) {
	b := booktest.New(t)
	entity, _, _, holders := b.Farm(register.SpecialisedCooperative, "1100")
	trade := func(holder int, date, amount string) {
		b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[holder], Date: journal.Date(date),
			Amount: booktest.Yuan(amount)})
	}
	round := func(interim bool, pool string) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-06-30", Interim: interim,
			Resolution: "2025-07", Components: []plan.Component{{Rule: plan.Patronage, Pool: booktest.Yuan(pool)}}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	trade(0, "2025-03-01", "900")
	trade(1, "2025-03-01", "100")
	round(true, "900")
	trade(1, "2025-09-01", "900")
	trade(2, "2025-09-01", "500")
	second := round(false, "200") // all three: 1,100 by 900, 1,000 and 500 would be 380.77 to the first, who has 810
	b.See("yixian", func(v *journal.View) {
		if _, err := dividend.PayoutOf(v, second, holders[0]); err == nil {
			t.Error("who has too much already gets a payout")
		}
		for i, want := range map[int]string{1: "103.33", 2: "96.67"} { // 290 by 1,000 and 500 is 193.33 and 96.67; the first of them has 90
			if p, _ := dividend.PayoutOf(v, second, holders[i]); p.Due != booktest.Yuan(want) {
				t.Errorf("holder %d gets %s, want %s", i+1, p.Due, want)
			}
		}
	})
	b.Verified()
}

// The sixty per cent by trade must be there when a plan is approved, and stay there: it cannot be borrowed from a plan that is given up.
func TestSixtyPercentStay(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Farm(register.SpecialisedCooperative, "1000")
	b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-05-01", Amount: booktest.Yuan("100")})
	draft := func(part plan.Component) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: []plan.Component{part}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	byTrade, byLand := draft(plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("600")}),
		draft(plan.Component{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("400")})
	b.Refuses("sh-qilihe", journal.Conflict, "components", &dividend.ApproveDistribution{Distribution: byLand})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: byTrade}, &dividend.ApproveDistribution{Distribution: byLand})
	if e := b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.VoidDistribution{Distribution: byTrade,
		Reason: "不分了"}); !booktest.HasText(e, byLand) {
		t.Errorf("it says %v", e)
	}
	b.Record("kj-yuxin", &dividend.VoidDistribution{Distribution: byLand, Reason: "不分了"},
		&dividend.VoidDistribution{Distribution: byTrade, Reason: "不分了"})
	b.See("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, byTrade); d.Due != booktest.Yuan("600") || len(d.Totals) != 1 {
			t.Errorf("the figures of a plan that was given up: %+v", d)
		}
	})
	b.Verified()
}

// A first round asks only that enough is left for the sixty per cent: neither its approval nor the voiding of the final round waits for the
// other.
func TestSixtyPercentOfTwoRounds(t *testing.T) {
	b := booktest.New(t)
	entity, _, land, holders := b.Farm(register.SpecialisedCooperative, "1000")
	b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-05-01", Amount: booktest.Yuan("100")})
	draft := func(interim bool, part plan.Component) string {
		id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-06-30", Interim: interim,
			Resolution: "2025-07", Components: []plan.Component{part}})[0]
		b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
		return id
	}
	first, final := draft(true, plan.Component{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("400")}),
		draft(false, plan.Component{Rule: plan.Patronage, Pool: booktest.Yuan("600")})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: first}, &dividend.ApproveDistribution{Distribution: final})
	b.Record("kj-yuxin", &dividend.VoidDistribution{Distribution: final, Reason: "重做"})
	b.Refuses("kj-yuxin", journal.Conflict, "components",
		&dividend.SubmitDistribution{Distribution: b.Record("kj-yuxin", &dividend.DraftDistribution{
			Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-08",
			Components: []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("1")}}})[0]})
	b.Verified()
}

// What is paid is covered by the books as they stand; what went wrong in the paying can be put right.
func TestPayingWhatIsThere(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, holders := b.Farm(register.Enterprise, "1000")
	line := b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "other_income", Date: "2025-07-01", Amount: booktest.Yuan("500")})[0]
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{
			{Class: cash, Rule: plan.RatePerUnit, Rate: booktest.Rate("12")}}})[0] // 1,200 yuan
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	const on = "2026-03-09"
	b.Record("kj-yuxin", &income.ReverseIncome{Income: line, Reason: "不是本社的"})
	confirm := func(refs ...string) journal.Entry {
		return &dividend.ConfirmPayouts{Distribution: id, Date: on, Holders: refs}
	}
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", confirm(holders[0]))
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.MakeBatch{Distribution: id, Date: on})
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "other_income", Date: "2025-07-01", Amount: booktest.Yuan("500")})

	// A card that was changed while the batch lay with the bank is another than the one that failed.
	batch := b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Bank: "农商银行", Date: on})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "card", &register.ChangeBankCard{Holder: holders[0], Bank: "农商银行", Card: booktest.CardNo(0)})
	b.Record("kj-yuxin", &register.ChangeBankCard{Holder: holders[0], Bank: "建设银行", Card: booktest.CardNo(500)})
	b.Record("kj-yuxin", &dividend.SettleBatch{Batch: batch, Date: on,
		Results: []dividend.BatchResult{{Line: 1, State: dividend.Failed, Reason: "账户已销户"}, {Line: 2, State: dividend.Failed, Reason: "账户已销户"},
			{Line: 3, State: dividend.Failed, Reason: "账户已销户"}, {Line: 4, State: dividend.Failed, Reason: "账户已销户"}}})
	b.See("kj-yuxin", func(v *journal.View) {
		p, _ := dividend.PayoutOf(v, id, holders[0])
		s, _ := register.ShareholderOf(v, holders[0])
		if w := dividend.WayOf(v, p, s, register.Revealed{}); w.Batch != batch || w.Bank != "农商银行" || w.Line != 1 {
			t.Errorf("the failed payout went %+v", w)
		}
	})
	again := b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: on})[0]
	b.See("kj-yuxin", func(v *journal.View) {
		if x, _ := dividend.BatchOf(v, again); x.Count != 1 {
			t.Errorf("the next batch has %d lines, want the one whose card was changed", x.Count)
		}
	})
	b.Record("kj-yuxin", &dividend.RecallBatch{Batch: again, Reason: "改付现金"})

	// Heirs who were named wrongly give way to others, or to the holder again.
	b.Record("kj-yuxin", &dividend.HoldPayouts{Distribution: id, Holders: holders[:1], Reason: "户主去世"},
		&dividend.ReleasePayout{Distribution: id, Holder: holders[0], Reason: "公证",
			Heirs: []dividend.Heir{{Holder: holders[1], Amount: booktest.Yuan("100")}, {Holder: holders[3], Amount: booktest.Yuan("20")}}},
		&dividend.HoldPayouts{Distribution: id, Holders: []string{holders[1] + "/" + holders[0]}, Reason: "继承人写错"},
		&dividend.ReleasePayout{Distribution: id, Holder: holders[1] + "/" + holders[0], Reason: "更正",
			Heirs: []dividend.Heir{{Holder: holders[2], Amount: booktest.Yuan("60")}, {Holder: holders[0], Amount: booktest.Yuan("40")}}})
	chain := holders[1] + "/" + holders[0]
	b.Record("kj-yuxin", confirm(holders[2]+"/"+chain, holders[0]+"/"+chain, holders[3]+"/"+holders[0]))
	b.See("kj-yuxin", func(v *journal.View) {
		p, _ := dividend.PayoutOf(v, id, holders[2]+"/"+chain)
		if p.Left() != holders[1] || p.State != dividend.Paid {
			t.Errorf("the heir's heir: %+v", p)
		}
		// What falls to the collective as an heir is no income of its shares.
		p, _ = dividend.PayoutOf(v, id, holders[3]+"/"+holders[0])
		lines, _ := income.Incomes(v, booktest.Yuxin, 2026, "")
		if len(lines) != 1 || lines[0].ID != p.Income || lines[0].Item != "other_income" || lines[0].Amount != booktest.Yuan("20") {
			t.Errorf("the collective's inheritance is booked as %+v", lines)
		}
	})

	b.Record("kj-yuxin", &dividend.RaiseObjection{Distribution: id, By: "村民", Date: on, Text: "少算"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", confirm(holders[1]))
	b.Record("kj-yuxin", &dividend.AnswerObjection{Distribution: id, Objection: 1, Answer: "已核对"}, confirm(holders[1], holders[2], holders[3]),
		&dividend.RaiseObjection{Distribution: id, By: "村民", Date: on, Text: "还是少算"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.CloseDistribution{Distribution: id})
	b.Record("kj-yuxin", &dividend.AnswerObjection{Distribution: id, Objection: 2, Answer: "已再核对"},
		&dividend.CloseDistribution{Distribution: id})
	b.Verified()
}

// What a later closed year has lost cannot be given out for an earlier one; before the opening balance there are no lines.
func TestLaterLosses(t *testing.T) {
	b := booktest.New(t)
	entity, cash, _, _ := b.Farm(register.Enterprise, "10000")
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating_cost", Date: "2026-01-05", Amount: booktest.Yuan("12000")})
	year := func(n int) (s income.Statement) {
		b.See("yixian", func(v *journal.View) { s, _ = income.StatementOf(v, entity, n) })
		return s
	}
	resolved := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-06",
		Components: []plan.Component{{Class: cash, Rule: plan.PoolOver, Pool: booktest.Yuan("1")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: resolved})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: resolved})
	b.Disclosed(resolved)
	if got := year(2025).Distributable; got != booktest.Yuan("9999") {
		t.Errorf("while the later year is open %s can be distributed", got)
	}
	b.Time = time.Date(2027, 1, 10, 9, 0, 0, 0, journal.Beijing)
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2025}, &office.CloseYear{Village: booktest.Yuxin, Year: 2026})
	if got := year(2025).Distributable; got != booktest.Yuan("-2001") {
		t.Errorf("after the loss %s can be distributed", got)
	}
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: cash, Rule: plan.PoolOver, Pool: booktest.Yuan("1")}}})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id})
	// resolved before the loss, it is a debt
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: resolved, Date: "2027-01-09", All: true})
}

// A plan that gives nobody anything is refused.
func TestNothingToDistribute(t *testing.T) {
	b := booktest.New(t)
	entity, population, _, _ := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("5000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{{Class: population, Rule: plan.RatePerUnit, Rate: 1}}})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id})
}
