package demo

import (
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

// apart shows what is no income: land compensation with a plan of its own, a grant and a donation in a cooperative's special fund, a line
// that was booked in the wrong place and moved, one that is still suspected; losses made good from the reserve, and surplus that became
// capital.
func (f *filler) apart(coop, group, planned string) {
	f.post("yuxin",
		&dividend.QuantifySubsidy{Entity: coop, Grant: dividend.StateGrant, Date: "2026-02-26", Amount: 128_000_00, Source: "县财政局(演示)",
			Voucher: "0212"},
		&dividend.QuantifySubsidy{Entity: coop, Grant: dividend.DonationGrant, Date: "2026-02-26", Amount: 6_400_00, Source: "帮扶企业(演示)",
			Voucher: "0213"},
		&income.ReceiveFund{Book: group, Source: income.OpeningReserve, Date: "2025-08-01", Amount: 8_000_00, Note: "建账时的公积公益金(演示)"},
		&income.RecordIncome{Book: group, Item: "other_expense", Date: "2025-12-10", Amount: 25_000_00, Party: "水毁修复(演示)"},
		&dividend.CoverLoss{Book: group, Date: "2025-12-31", Amount: 5_000_00, Resolution: "2026-02(演示)"})
	f.post("yuxin", &dividend.ConfirmPayouts{Distribution: planned, Date: "2026-02-26", Holders: f.due(planned, 20, 3), Capital: true})
	f.files()
	f.compensation(f.stock[f.village[4]])
	v := f.village[13]
	line := f.post(keeper(v), &income.RecordIncome{Book: string(v), Item: "other_income", Date: "2025-06-18", Amount: 30_000_00,
		Party: "乡贤(演示)", Note: "修路捐款"})[0]
	f.post(keeper(v), &income.MoveIncome{Income: line, Date: "2025-12-30", Source: income.Donated, Reason: "捐款不是收益(演示)"})
	v = f.village[22]
	f.post(keeper(v), &income.RecordIncome{Book: string(v), Item: "other_income", Date: "2025-08-06", Amount: 56_000_00, Party: "高速公路项目部(演示)",
		Note: "占地补偿款"})
}

// files are what an accountant has said of files: how a bank wants its own, and what headings of the village's list of rents mean.
func (f *filler) files() {
	f.post("yuxin",
		&dividend.KeepBankFormat{Region: yuxin, Format: dividend.BankFormat{Name: "农商行代发(演示)", Encoding: "gbk", Separator: "|", Bare: true,
			Rows: 500,
			File: "DF{agreement}_{date8}_{n}.txt", Agreement: "YS0001", Payer: "070906010400000001", PayerName: "育新果蔬合作社(演示)",
			Header: []dividend.BankField{{Fixed: "H"}, {Value: "agreement"}, {Value: "payer"}, {Value: "count"}, {Value: "sum"}, {Value: "date8"}},
			Columns: []dividend.BankField{{Heading: "标志", Fixed: "D"}, {Heading: "序号", Value: "line", Width: 6, Fill: "0", Right: true},
				{Heading: "户名", Value: "name", Limit: 60}, {Heading: "证件号", Value: "id_no"}, {Heading: "账号", Value: "card"},
				{Heading: "账户类别", Value: "account_kind", Fixed: "卡/折/户"}, {Heading: "金额", Value: "amount"}, {Heading: "币种", Fixed: "CNY"},
				{Heading: "摘要", Value: "purpose", Limit: 40}},
			Trailer: []dividend.BankField{{Fixed: "T"}, {Value: "count"}, {Value: "sum_fen"}}}},
		&office.RememberLayout{Account: "yuxin", Home: yuxin, File: "income", Layout: rentsLayout,
			Headings: []office.HeadingIs{{Heading: "交租人", Column: "party"}, {Heading: "租金额", Column: "amount"}},
			Words:    []office.WordMeans{{Column: "item", Word: "租金", Means: "经营收入"}}},
		&income.RulePayer{Book: string(yuxin), Party: "县供电公司(演示)", Item: "management"})
	f.post("yixian", &income.SetPolicy{Region: county, From: 2026, Measure: income.Gross(), Bound: 70_000_00, Base: 2019,
		Basis: "县里从 2026 年起的标准(演示)"})
}

// rentsLayout is the digest of the headings 日期, 项目, 租金额, 交租人.
const rentsLayout = "48336a021869de788ff8cec37d341157"

// compensation gives out land compensation by a plan of its own, under a resolution of the whole members' assembly.
func (f *filler) compensation(entity string) {
	v := journal.PlaceOf(entity)
	if entity == "" {
		return
	}
	f.post(keeper(v), &income.ReceiveFund{Book: string(v), Source: income.LandCompensation, Date: "2025-09-10", Amount: 480_000_00,
		Party: "县自然资源局(演示)", Note: "省道改线征地"},
		&resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: "2026-02-20", Notice: "2026-02-05", Number: "2026-03",
			Subjects: []resolution.Subject{resolution.Compensation}, Title: "土地补偿费分配方案(演示)", Entitled: 210, Present: 180, For: 171})
	id := f.post(keeper(v), &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "2026-03",
		Fund: string(income.LandCompensation), Components: []plan.Component{{Class: entity + "C01", Rule: plan.PoolOver, Pool: 360_000_00}}})[0]
	f.post(keeper(v), &dividend.SubmitDistribution{Distribution: id})
	f.post(checker(v), &dividend.ApproveDistribution{Distribution: id})
}

// due are so many of the holders that a plan still owes, behind the first few of them.
func (f *filler) due(id string, skip, n int) (holders []string) {
	if f.err == nil {
		f.err = f.Read(journal.Console, func(v *journal.View) error {
			list, _, err := dividend.Payouts(v, id, "", skip+n, func(p dividend.Payout) bool { return p.State == dividend.Due })
			for _, p := range list[min(skip, len(list)):] {
				holders = append(holders, p.Holder)
			}
			return err
		})
	}
	return holders
}
