package booktest

import (
	"crypto/sha256"
	"fmt"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

// Samples has one good entry of every kind, in an order in which all can be posted, with the account that may post it. The ids are those
// that the ledger gives out.
func Samples() []struct {
	Account string
	Entry   journal.Entry
} {
	const e = Yuxin + "E001"
	const c, h, d = e + "C01", Yuxin + "H00001", e + "D202501"
	part := []plan.Component{{Class: c, Rule: plan.RatePerUnit, Rate: Rate("10")}}
	return []struct {
		Account string
		Entry   journal.Entry
	}{
		{"admin", &office.NameDivision{Code: "210727102217", Name: "上坎子村民委员会"}},
		{"admin", &office.AddAccount{Name: "kj-new", Role: journal.Accountant, Region: Yuxin, Hash: "h"}},
		{"admin", &office.SetPassword{Account: "kj-new", Home: Yuxin, Hash: "h2"}},
		{"admin", &office.CloseAccount{Account: "kj-new", Home: Yuxin}},
		{"kj-yuxin", &register.RegisterEntity{Village: Yuxin, Name: "合作社", Kind: register.StockCooperative}},
		{"kj-yuxin", &register.OpenShareClass{Entity: e, Kind: register.PopulationShare, Unit: register.ShareUnit}},
		{"kj-yuxin", Household(Yuxin, 1)},
		{"kj-yuxin", &register.ChangeBankCard{Holder: h, Bank: "农业银行", Card: CardNo(5)}},
		{"kj-yuxin", &register.RevealNumbers{Of: h, Reason: "核对"}},
		{"kj-yuxin", &register.CorrectShareholder{Holder: h, Name: "测试户甲", IDNo: ResidentID(77), People: 4, Phone: "13800138000",
			Marks: []string{"脱贫户"}, Reason: "登记时写错"}},
		{"kj-yuxin", &register.IssueShares{Class: c, Holder: h, Quantity: Units("9"), Date: "2020-01-01"}},
		{"kj-yuxin", &register.ReverseMovement{Class: c, Holder: h, Movement: 22, Reason: "股数写错"}},
		{"kj-yuxin", &register.IssueShares{Class: c, Holder: h, Quantity: Units("3"), Date: "2020-01-01"}},
		{"kj-yuxin", Household(Yuxin, 2)},
		{"kj-yuxin", &register.TransferShares{Class: c, From: h, To: []register.Lot{{Holder: Yuxin + "H00002", Quantity: Units("1")}},
			Date: "2021-01-01", Cause: register.Gift}},
		{"kj-yuxin", &register.PledgeShares{Class: c, Holder: h, Quantity: Units("1"), Date: "2021-02-01", Pledgee: "农商银行"}},
		{"kj-yuxin", &register.ReleasePledge{Class: c, Holder: h, Pledge: 27, Date: "2021-03-01"}},
		{"kj-yuxin", &register.AdjustShares{Class: c, Changes: []register.Lot{{Holder: h, Quantity: Units("1")}}, Date: "2021-04-01",
			Resolution: "2021-01"}},
		{"kj-yuxin", &register.RecordContribution{Class: c, Holder: h, Kind: register.Farmland, Area: Units("4.5"), Value: Yuan("9000"),
			Shares: Units("1"), Date: "2021-05-01"}},
		{"kj-yuxin", &register.ChangeCharter{Entity: e, FrozenFrom: "2022-01-01", WithdrawalCap: Rate("50"), DisclosureDays: "0",
			Resolution: "2021-02"}},
		{"kj-yuxin", &register.WithdrawShares{Class: c, Holder: h, Quantity: Units("1"), Date: "2022-05-01", Paid: Yuan("100")}},
		{"kj-yuxin", &register.ReissueCertificate{Holder: h, Date: "2022-06-01", Reason: "遗失"}},
		{"kj-yuxin", &income.BringForward{Book: Yuxin, Year: 2025, Amount: Yuan("50")}},
		{"kj-yuxin", &income.RecordIncome{Book: Yuxin, Item: "operating", Date: "2025-06-01", Amount: Yuan("1000")}},
		{"kj-yuxin", &income.ReverseIncome{Income: Yuxin + "Y2025N00001", Reason: "记错"}},
		{"kj-yuxin", &income.RecordIncome{Book: Yuxin, Item: "operating", Date: "2025-06-01", Amount: Yuan("2000")}},
		{"sh-qilihe", &office.CloseYear{Village: Yuxin, Year: 2024}},
		{"kj-yuxin", &income.SetAside{Book: Yuxin, Year: 2025, Fund: income.ReserveFund, Amount: Yuan("100"), Resolution: "2025-05"}},
		{"kj-yuxin", &dividend.RecordTrade{Entity: e, Holder: h, Date: "2025-07-01", Amount: Yuan("100")}},
		{"kj-yuxin", &dividend.QuantifySubsidy{Entity: e, Date: "2025-08-01", Amount: Yuan("100"), Source: "县农业农村局"}},
		{"kj-yuxin", Household(Yuxin, 3)},
		{"kj-yuxin", &register.IssueShares{Class: c, Holder: Yuxin + "H00003", Quantity: Units("1"), Date: "2021-01-01"}},
		{"kj-yuxin", &register.RecordDeath{Holder: Yuxin + "H00003", Date: "2026-02-01", Certificate: "2026-3", Head: "测试新户主",
			HeadIDNo: ResidentID(903)}},
		{"kj-yuxin", &register.DivideEstate{Holder: Yuxin + "H00003", Heirs: []register.HeirPart{{Holder: h, Part: "1/3"},
			{Holder: Yuxin + "H00003", Part: "2/3"}}, Date: "2026-02-02", Basis: "公证书 1 号"}},
		{"kj-yuxin", &register.ReverseMovement{Class: c, Holder: h, Movement: 45, Reason: "份额写错"}},
		{"kj-yuxin", &register.ReverseDeath{Holder: Yuxin + "H00003", Death: 44, Reason: "登记错了人"}},
		{"kj-yuxin", &dividend.DraftDistribution{Entity: e, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &dividend.ReviseDistribution{Distribution: d, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &dividend.SubmitDistribution{Distribution: d}},
		{"sh-qilihe", &dividend.ReturnDistribution{Distribution: d, Reason: "缺决议"}},
		{"kj-yuxin", &dividend.ReviseDistribution{Distribution: d, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &dividend.SubmitDistribution{Distribution: d}},
		{"sh-qilihe", &dividend.ApproveDistribution{Distribution: d}},
		{"kj-yuxin", &dividend.DiscloseDistribution{Distribution: d, From: "2026-03-01"}},
		{"kj-yuxin", &dividend.RaiseObjection{Distribution: d, By: "测试户", Date: "2026-03-01", Text: "股数不对"}},
		{"kj-yuxin", &dividend.AnswerObjection{Distribution: d, Objection: 1, Answer: "已核对"}},
		{"kj-yuxin", &dividend.FailPayouts{Distribution: d, Date: "2026-03-01", Holders: []string{h}, Reason: "户名不符"}},
		{"kj-yuxin", &dividend.ReversePayouts{Distribution: d, Holders: []string{h}, Reason: "银行已改正"}},
		{"kj-yuxin", &dividend.HoldPayouts{Distribution: d, Holders: []string{h}, Reason: "户主去世"}},
		{"kj-yuxin", &dividend.ReleasePayout{Distribution: d, Holder: h, Reason: "公证书"}},
		{"kj-yuxin", &dividend.MakeBatch{Distribution: d, Date: "2026-03-01"}},
		{"kj-yuxin", &dividend.SettleBatch{Batch: d + "T01", Date: "2026-03-01",
			Results: []dividend.BatchResult{{Line: 1, State: dividend.Paid}}}},
		{"kj-yuxin", &dividend.RecallBatch{Batch: d + "T01", Reason: "银行没有回"}},
		{"kj-yuxin", &dividend.ConfirmPayouts{Distribution: d, Date: "2026-03-01", All: true}},
		{"kj-yuxin", &dividend.CloseDistribution{Distribution: d}},
		{"kj-yuxin", &dividend.CorrectPayout{Distribution: d, Holder: h, Right: Yuan("1"), Date: "2026-03-01", Reason: "股数登记错了"}},
		{"kj-yuxin", &dividend.DraftDistribution{Entity: e, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &dividend.ReverseQuantified{Entity: e, Quantified: 41, Reason: "来源写错"}},
		{"sh-qilihe", &office.CloseYear{Village: Yuxin, Year: 2025}},
		{"kj-yuxin", &dividend.QuantifyReserve{Entity: e, Year: 2025, Date: "2025-12-31", Resolution: "2025-06"}},
		{"kj-yuxin", &dividend.VoidDistribution{Distribution: e + "D202502", Reason: "不分了"}},
		{"kj-yuxin", &resolution.RecordResolution{Of: e, Body: resolution.Assembly, Date: "2026-01-20", Notice: "2026-01-08",
			Subjects: []resolution.Subject{resolution.Shares, resolution.Charter}, Number: "2026-01", Entitled: 90, Present: 80, For: 75,
			Against: 3}},
		{"yixian", &office.ChangeSetting{Region: "210727000000", Setting: "resolution_check", Value: "warn", From: "2026-01-01",
			Reason: "义县农发 1 号"}},
		{"kj-yuxin", &register.ConfirmMember{Collective: e, Name: "测试成员", IDNo: ResidentID(902), Date: "2026-01-20", Resolution: "2026-01"}},
		{"kj-yuxin", &register.LoseMembership{Member: e + "M00001", Date: "2026-02-01", Cause: "office", Until: "2028-01-31"}},
		{"kj-yuxin", &register.ReverseMembership{Member: e + "M00001", Reason: "聘任制"}},
		{"kj-yuxin", &register.EndHolding{Class: c, Holder: h, Quantity: Units("1"), Until: "2028-12-31", Resolution: "2026-01"}},
		{"kj-yuxin", &register.RegisterEntity{Village: Yuxin, Name: "果蔬专业合作社", Kind: register.SpecialisedCooperative}},
		{"kj-yuxin", &register.OpenShareClass{Entity: Yuxin + "E002", Kind: register.PopulationShare, Unit: register.ShareUnit,
			Price: Rate("10")}},
		{"kj-yuxin", &register.IssueShares{Class: Yuxin + "E002C01", Holder: h, Quantity: Units("3"), Date: "2024-01-01"}},
		{"kj-yuxin", &dividend.ApplyToLeave{Entity: Yuxin + "E002", Holder: h, Date: "2025-09-30"}},
		{"kj-yuxin", &dividend.SettleLeaving{Entity: Yuxin + "E002", Holder: h, Date: "2026-02-01"}},
		{"kj-yuxin", &dividend.PayLeaving{Entity: Yuxin + "E002", Holder: h, Installment: 1, Date: "2026-02-01"}},
		{"kj-yuxin", &dividend.ReverseLeaving{Entity: Yuxin + "E002", Holder: h, Step: 84, Reason: "没有付成"}},
		{"kj-yuxin", &register.CloseShareClass{Class: c, Date: "2026-02-01", Resolution: "2026-01"}},
		{"kj-yuxin", &register.ReopenShareClass{Class: c, Resolution: "2026-01"}},
		{"kj-yuxin", &register.ListMembers{Holder: h, Members: []register.Member{{Name: "测试成员", Relation: "妻", IDNo: ResidentID(901)}}}},
		{"kj-yuxin", &register.ChangeReserve{Entity: e, Reserve: Rate("20"), From: 2026, Resolution: "2026-01"}},
		{"kj-yuxin", &register.CorrectEntity{Entity: e, Representative: "测试人", Reason: "换届"}},
		{"kj-yuxin", &paper.AttachPaper{To: e, Digest: SamplePaper, Name: "决议.pdf"}},
		{"kj-yuxin", &register.DissolveEntity{Entity: e, Date: "2026-02-02", Resolution: "2026-02"}},
		{"kj-yuxin", &register.ReverseDissolution{Entity: e, Reason: "点错了"}},
		{"kj-yuxin", &income.RecordIncome{Book: Yuxin, Item: "other_income", Date: "2026-02-01", Amount: Yuan("500"), Note: "征地补偿"}},
		{"kj-yuxin", &income.MoveIncome{Income: Yuxin + "Y2026N00001", Date: "2026-02-02", Source: income.LandCompensation, Reason: "不是收益"}},
		{"kj-yuxin", &income.ReceiveFund{Book: Yuxin, Source: income.StateFunds, Date: "2026-02-02", Amount: Yuan("300"), Party: "县财政局"}},
		{"kj-yuxin", &income.UseFund{Book: Yuxin, Source: income.StateFunds, Account: income.PayableAccount, To: income.ReserveAccount,
			Date: "2026-02-03", Amount: Yuan("100"), Note: "水渠建成"}},
		{"kj-yuxin", &income.ReverseFund{Line: Yuxin + "F20260003", Reason: "还没有验收"}},
		{"kj-yuxin", &income.ReceiveFund{Book: Yuxin + "E002", Source: income.OpeningReserve, Date: "2026-02-01", Amount: Yuan("80"),
			Note: "移交清册"}},
		{"kj-yuxin", &income.RecordIncome{Book: Yuxin + "E002", Item: "finance_cost", Date: "2026-02-01", Amount: Yuan("60")}},
		{"kj-yuxin", &dividend.CoverLoss{Book: Yuxin + "E002", Date: "2026-02-03", Amount: Yuan("50"), Resolution: "2026-03"}},
		{"kj-yuxin", &dividend.ReverseCover{Book: Yuxin + "E002", Cover: 101, Reason: "决议没有通过"}},
		{"yixian", &income.SetForm{Region: "210727000000", Body: income.CollectiveBody, From: 2026, Table: "村会02表", Title: "收益及收益分配表",
			Source: "义县农发 2 号", Lines: []income.FormLine{{Number: 1, Text: "经营收入", Fills: "operating"},
				{Number: 2, Sign: "减", Text: "支出", Fills: "operating_cost+management"}, {Number: 3, Text: "净收益", Fills: "gain", Formula: "1-2"},
				{Number: 4, Sign: "加", Text: "年初未分配收益", Fills: "opening"}, {Number: 5, Text: "年末未分配收益", Fills: "closing", Formula: "3+4"}}}},
		{"kj-yuxin", &dividend.ReversePayouts{Distribution: d, Holders: []string{h}, Reason: "退票"}},
		{"kj-yuxin", &dividend.ReserveUnclaimed{Distribution: d, Holders: []string{h}, Date: "2026-03-01", Resolution: "2026-01"}},
		{"kj-yuxin", &dividend.DraftDistribution{Entity: Yuxin + "E002", Year: 2025, RecordDate: "2025-12-31",
			Components: []plan.Component{{Class: Yuxin + "E002C01", Rule: plan.PoolOver, Pool: Yuan("10")}}}},
		{"kj-yuxin", &dividend.DeductPayout{Distribution: Yuxin + "E002D202501", Holder: h, Amount: Yuan("1"), Reason: "代收水费"}},
		{"kj-yuxin", &dividend.LayOpen{Distribution: Yuxin + "E002D202501", From: "2026-03-01"}},
		{"kj-yuxin", &dividend.KeepBankFormat{Region: Yuxin, Format: dividend.BankFormat{Name: "农商行", Encoding: "gbk", Separator: "|",
			Columns: []dividend.BankField{{Heading: "账号", Value: "card"}, {Heading: "金额", Value: "amount", Width: 12, Right: true}}}}},
		{"kj-yuxin", &dividend.DropBankFormat{Region: Yuxin, Name: "农商行"}},
		{"kj-yuxin", &office.RememberLayout{Account: "kj-yuxin", Home: Yuxin, File: "income", Layout: "0123456789abcdef0123456789abcdef",
			Headings: []office.HeadingIs{{Heading: "租金额", Column: "amount"}, {Heading: "村小组", Column: "-"}},
			Words:    []office.WordMeans{{Column: "item", Word: "租金", Means: "经营收入"}}}},
		{"yixian", &income.SetPolicy{Region: "210727000000", From: 2025, Measure: income.Gross(), Bound: Yuan("100000"), Above: true,
			Received: true,
			Alone:    true, Tiers: []income.Tier{{Name: "没有收益"}, {Name: "不足 10 万", From: 1}, {Name: "10 万以上", From: Yuan("100000")}}, Silent: 2025,
			Base: 2025, Basis: "义县农发 3 号", Reason: "补定"}},
		{"kj-yuxin", &income.RulePayer{Book: Yuxin, Party: "县供电公司", Item: "management"}},
		{"sh-qilihe", &office.CloseYear{Village: Kaizhou, Year: 2024}},
		{"yixian", &office.ReopenYear{Village: Kaizhou, Year: 2023, Later: []int{2024}, Reason: "审计要求补记"}},
	}
}

// SamplePaper is the digest of the one paper that the books of tests keep.
var SamplePaper = fmt.Sprintf("%x", sha256.Sum256([]byte("%PDF-%%EOF")))
