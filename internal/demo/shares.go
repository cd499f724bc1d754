package demo

import (
	"fmt"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// sharedOut shows how income is given out besides the plain plan: a company that three villages' collectives hold together, tax withheld
// and a sum deducted, patronage by product, alternatives of which one lies open, and what nobody came for.
func (f *filler) sharedOut() {
	host := f.village[31]
	company, plan := "", ""
	f.on(1, 10, func() { company = f.company(host, f.village[40], f.village[49]) })
	f.on(1, 11, func() {
		plan = f.taxed(company, host)
		f.post(checker(host), &dividend.ApproveDistribution{Distribution: plan})
	})
	f.on(1, 12, func() { f.post(keeper(host), &dividend.DiscloseDistribution{Distribution: plan, From: "2026-01-12"}) })
	f.on(1, 22, func() { f.pay(keeper(host), plan, -1, 0) })
	f.on(2, 23, func() { f.orchard(host) })
}

// company is an enterprise of a village that its own collective, two other villages' and some households hold together.
func (f *filler) company(host region.Code, others ...region.Code) string {
	who := keeper(host)
	id := f.post(who, &register.RegisterEntity{Village: host, Name: "义县联村设施农业有限公司(演示)", Kind: register.Enterprise,
		CreditCode: creditCode("91", 31), Founded: "2022-05-10", Representative: f.person()})[0]
	class := f.post(who, &register.OpenShareClass{Entity: id, Name: "资金股", Kind: register.CashShare, Unit: register.ShareUnit,
		Price: 100_000_000})[0]
	holders := f.post(who, &register.RegisterShareholder{Village: host, Kind: register.Collective, Name: "本村集体经济组织(演示)"})
	for i, v := range others {
		holders = append(holders, f.post(who, &register.RegisterShareholder{Village: host, Kind: register.Collective,
			Name: fmt.Sprintf("联营村集体经济组织 %d(演示)", i+1), CollectiveOf: string(v)})...)
	}
	for n := range 4 {
		holders = append(holders, fmt.Sprintf("%sH%05d", host, n+1))
	}
	for i, h := range holders {
		shares := money.Quantity([]int{500, 500, 500, 20, 20, 15, 10}[i] * 10_000)
		f.post(who, &register.IssueShares{Class: class, Holder: h, Quantity: shares, Date: "2022-06-01"})
	}
	f.post(who, &income.RecordIncome{Book: id, Item: "operating", Date: "2025-10-20", Amount: 286_000_00, Party: "蔬菜加工厂(演示)"})
	return id
}

// taxed is a plan of a company that withholds the persons' tax, and deducts from one of them what was agreed.
func (f *filler) taxed(company string, host region.Code) string {
	id := f.post(keeper(host), &dividend.DraftDistribution{Entity: company, Year: last, RecordDate: "2025-12-31", Resolution: "2026-01(演示)",
		TaxRate: 20_000_000, Components: []plan.Component{{Class: company + "C01", Rule: plan.PoolOver, Pool: 187_800_00}}})[0]
	f.post(keeper(host), &dividend.DeductPayout{Distribution: id, Holder: string(host) + "H00002", Amount: 120_00,
		Reason: "代收灌溉水费,本人同意(演示)"}, &dividend.SubmitDistribution{Distribution: id})
	return id
}

// orchard is a specialised cooperative that gives back by product, to those who were members to its meeting: a draft.
func (f *filler) orchard(v region.Code) {
	who := keeper(v)
	id := f.post(who, &register.RegisterEntity{Village: v, Name: "义县果品专业合作社(演示)", Kind: register.SpecialisedCooperative,
		CreditCode: creditCode("93", 31), Founded: "2021-03-08", Representative: f.person(), Reserve: 10_000_000})[0]
	class := f.post(who, &register.OpenShareClass{Entity: id, Kind: register.CashShare, Unit: register.YuanUnit, Price: 1_000_000})[0]
	list := []journal.Entry{&income.RecordIncome{Book: id, Item: "operating", Date: "2025-11-02", Amount: 38_000_00, Party: "水果批发市场(演示)"}}
	for n := range 8 {
		h := fmt.Sprintf("%sH%05d", v, n+1)
		list = append(list, &register.IssueShares{Class: class, Holder: h, Quantity: 2_000_0000, Date: "2021-04-01"})
		for _, of := range []struct{ product, unit string }{{"苹果", "斤"}, {"梨", "箱"}} {
			list = append(list, &dividend.RecordTrade{Entity: id, Holder: h, Date: "2025-10-12", Product: of.product, Unit: of.unit,
				Volume: money.Quantity((200 + f.rng.IntN(3000)) * 10_000), Amount: money.Yuan((600 + f.rng.IntN(6000)) * 100)})
		}
	}
	f.post(who, list...)
	f.post(who, &dividend.DraftDistribution{Entity: id, Year: last, RecordDate: "2025-12-31", Components: []plan.Component{
		{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "苹果", Unit: "斤", Rate: 600_000, MemberFrom: "2025-01-01",
			MemberTo: "2026-02-20"},
		{Rule: plan.Patronage, Measure: plan.MeasureVolume, Product: "梨", Unit: "箱", Pool: 16_000_00}}})
}

// alternatives drafts two more plans beside a village's draft, and lays the first open before the meeting.
func (f *filler) alternatives(v region.Code, id string) {
	var d plan.Distribution
	if f.err == nil {
		f.err = f.Read(journal.Console, func(view *journal.View) (err error) {
			d, err = dividend.Distribution(view, id)
			return err
		})
	}
	for _, percent := range []money.Rate{90_000_000, 110_000_000} {
		f.post(keeper(v), &dividend.DraftDistribution{Entity: d.Entity, Year: d.Year, RecordDate: d.RecordDate,
			Components: dividend.Scaled(d, d.Year, percent)})
	}
	f.post(keeper(v), &dividend.LayOpen{Distribution: id, From: journal.DateOf(f.clock.now)})
	f.post(visitor, &dividend.LeaveObjection{Distribution: id, By: "村民(演示)", Text: "去年流转的土地没有算进土地股(演示)"})
}

// unclaimed takes what one of those could not be paid into the reserve, by resolution.
func (f *filler) unclaimed(v region.Code, id string) {
	var holders []string
	if f.err == nil {
		f.err = f.Read(journal.Console, func(view *journal.View) error {
			list, _, err := dividend.Payouts(view, id, "", 1, func(p dividend.Payout) bool { return p.State == dividend.Failed })
			for _, p := range list {
				holders = append(holders, p.Holder)
			}
			return err
		})
	}
	f.post(keeper(v), &dividend.ReserveUnclaimed{Distribution: id, Holders: holders, Date: journal.DateOf(f.clock.now),
		Resolution: "2026-04(演示)"})
}
