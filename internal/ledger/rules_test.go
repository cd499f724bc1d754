package ledger_test

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// samples has one good entry of every kind, in an order in which all can be posted, with the account that may post it. The ids are those
// that the ledger gives out.
func samples() []struct {
	account string
	entry   journal.Entry
} {
	const e = yuxin + "E001"
	const c, h, d = e + "C01", yuxin + "H00001", e + "D202501"
	part := []plan.Component{{Class: c, Rule: plan.RatePerUnit, Rate: rate("10")}}
	return []struct {
		account string
		entry   journal.Entry
	}{
		{"admin", &office.NameDivision{Code: "210727102217", Name: "上坎子村民委员会"}},
		{"admin", &office.AddAccount{Name: "kj-new", Role: journal.Accountant, Region: yuxin, Hash: "h"}},
		{"admin", &office.SetPassword{Account: "kj-new", Home: yuxin, Hash: "h2"}},
		{"admin", &office.CloseAccount{Account: "kj-new", Home: yuxin}},
		{"kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "合作社", Kind: register.StockCooperative}},
		{"kj-yuxin", &register.OpenShareClass{Entity: e, Kind: register.PopulationShare, Unit: register.ShareUnit}},
		{"kj-yuxin", household(yuxin, 1)},
		{"kj-yuxin", &register.ChangeBankCard{Holder: h, Bank: "农业银行", Card: cardNo(5)}},
		{"kj-yuxin", &register.RevealNumbers{Of: h, Reason: "核对"}},
		{"kj-yuxin", &register.CorrectShareholder{Holder: h, Name: "测试户甲", IDNo: residentID(77), People: 4, Phone: "13800138000",
			Marks: []string{"脱贫户"}, Reason: "登记时写错"}},
		{"kj-yuxin", &register.IssueShares{Class: c, Holder: h, Quantity: units("9"), Date: "2020-01-01"}},
		{"kj-yuxin", &register.ReverseMovement{Class: c, Holder: h, Movement: 22, Reason: "股数写错"}},
		{"kj-yuxin", &register.IssueShares{Class: c, Holder: h, Quantity: units("3"), Date: "2020-01-01"}},
		{"kj-yuxin", household(yuxin, 2)},
		{"kj-yuxin", &register.TransferShares{Class: c, From: h, To: []register.Lot{{Holder: yuxin + "H00002", Quantity: units("1")}},
			Date: "2021-01-01", Cause: register.Gift}},
		{"kj-yuxin", &register.PledgeShares{Class: c, Holder: h, Quantity: units("1"), Date: "2021-02-01", Pledgee: "农商银行"}},
		{"kj-yuxin", &register.ReleasePledge{Class: c, Holder: h, Pledge: 27, Date: "2021-03-01"}},
		{"kj-yuxin", &register.AdjustShares{Class: c, Changes: []register.Lot{{Holder: h, Quantity: units("1")}}, Date: "2021-04-01",
			Resolution: "2021-01"}},
		{"kj-yuxin", &register.RecordContribution{Class: c, Holder: h, Kind: register.Farmland, Area: units("4.5"), Value: yuan("9000"),
			Shares: units("1"), Date: "2021-05-01"}},
		{"kj-yuxin", &register.ChangeCharter{Entity: e, FrozenFrom: "2022-01-01", WithdrawalCap: rate("50"), DisclosureDays: "0",
			Resolution: "2021-02"}},
		{"kj-yuxin", &register.WithdrawShares{Class: c, Holder: h, Quantity: units("1"), Date: "2022-05-01", Paid: yuan("100")}},
		{"kj-yuxin", &register.ReissueCertificate{Holder: h, Date: "2022-06-01", Reason: "遗失"}},
		{"kj-yuxin", &income.BringForward{Book: yuxin, Year: 2025, Amount: yuan("50")}},
		{"kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1000")}},
		{"kj-yuxin", &income.ReverseIncome{Income: yuxin + "Y2025N00001", Reason: "记错"}},
		{"kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("2000")}},
		{"sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2024}},
		{"kj-yuxin", &income.SetAside{Book: yuxin, Year: 2025, Fund: income.ReserveFund, Amount: yuan("100"), Resolution: "2025-05"}},
		{"kj-yuxin", &dividend.RecordTrade{Entity: e, Holder: h, Date: "2025-07-01", Amount: yuan("100")}},
		{"kj-yuxin", &dividend.QuantifySubsidy{Entity: e, Date: "2025-08-01", Amount: yuan("100"), Source: "县农业农村局"}},
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
		{"kj-yuxin", &dividend.DraftDistribution{Entity: e, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &dividend.ReverseQuantified{Entity: e, Quantified: 41, Reason: "来源写错"}},
		{"sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2025}},
		{"kj-yuxin", &dividend.QuantifyReserve{Entity: e, Year: 2025, Date: "2025-12-31", Resolution: "2025-06"}},
		{"kj-yuxin", &dividend.VoidDistribution{Distribution: e + "D202502", Reason: "不分了"}},
		{"kj-yuxin", &register.CloseShareClass{Class: c, Date: "2026-02-01", Resolution: "2026-01"}},
		{"kj-yuxin", &register.ReopenShareClass{Class: c, Resolution: "2026-01"}},
		{"kj-yuxin", &register.ListMembers{Holder: h, Members: []register.Member{{Name: "测试成员", Relation: "妻", IDNo: residentID(901)}}}},
		{"kj-yuxin", &register.ChangeReserve{Entity: e, Reserve: rate("20"), From: 2026, Resolution: "2026-01"}},
		{"kj-yuxin", &register.CorrectEntity{Entity: e, Representative: "测试人", Reason: "换届"}},
		{"kj-yuxin", &paper.AttachPaper{To: e, Digest: samplePaper, Name: "决议.pdf"}},
		{"kj-yuxin", &register.DissolveEntity{Entity: e, Date: "2026-02-02", Resolution: "2026-02"}},
		{"kj-yuxin", &register.ReverseDissolution{Entity: e, Reason: "点错了"}},
	}
}

// samplePaper is the digest of the one paper that the books of tests keep.
var samplePaper = fmt.Sprintf("%x", sha256.Sum256([]byte("%PDF-%%EOF")))

// Every kind of entry is refused outside its role and outside its region, and taken inside.
func TestEveryEntryHasItsRoleAndRegion(t *testing.T) {
	b := newBooks(t)
	strangers := map[string]string{"kj-yuxin": "kj-kaizhou", "sh-qilihe": "sh-chengguan", "admin": "admin-heishan"}
	if _, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&office.AddAccount{Name: "admin-heishan", Role: journal.Administrator, Region: region.MustParse("210726"), Hash: "h"}}}); err != nil {
		t.Fatal(err)
	}
	wrongRole := map[string]string{"kj-yuxin": "sh-qilihe", "sh-qilihe": "kj-yuxin", "admin": "yixian"}
	seen := map[string]bool{}
	for i, s := range samples() {
		kind := journal.KindOf(s.entry)
		seen[kind] = true
		for why, account := range map[string]string{"another region": strangers[s.account], "another role": wrongRole[s.account],
			"an official": "yixian"} {
			if _, err := b.Post(b.actor(account), journal.Posting{Entries: []journal.Entry{samples()[i].entry}}); !codeIs(err, journal.Forbidden) {
				t.Errorf("%s by %s (%s): %v", kind, account, why, err)
			}
		}
		b.post(s.account, samples()[i].entry)
	}
	for _, kind := range journal.Kinds() {
		if !seen[kind] {
			t.Errorf("no sample of %s", kind)
		}
		if journal.KindLabel(kind) == journal.Label(kind) {
			t.Errorf("%s has no Chinese name", kind)
		}
		k, _ := journal.KindNamed(kind)
		hints := maps.Clone(k.Hints)
		for _, f := range k.Fields() {
			if f.Label == "" || string(f.Label) == f.Name || strings.HasSuffix(f.Name, "."+string(f.Label)) {
				t.Errorf("the field %s of %s has no word", f.Name, kind)
			}
			delete(hints, f.Name)
		}
		for name := range hints {
			t.Errorf("%s has a hint for a field %s, which it has not", kind, name)
		}
	}
	b.verify()
}

// Nothing can be read outside one's region.
func TestEveryQueryHasItsRegion(t *testing.T) {
	b := newBooks(t)
	for i, s := range samples() {
		b.post(s.account, samples()[i].entry)
	}
	const e = yuxin + "E001"
	v := region.Code(yuxin)
	for name, query := range map[string]func(*journal.View) error{
		"Entity":         func(q *journal.View) error { _, err := register.EntityOf(q, e); return err },
		"PapersOf":       func(q *journal.View) error { _, err := paper.PapersOf(q, e); return err },
		"Paper":          func(q *journal.View) error { _, err := paper.PaperOf(q, e+"P001"); return err },
		"Duplicates":     func(q *journal.View) error { _, err := register.Duplicates(q, v, 9); return err },
		"Trades":         func(q *journal.View) error { _, _, err := dividend.Trades(q, e, 2025, "", "", 9); return err },
		"MemberAccounts": func(q *journal.View) error { _, err := dividend.MemberAccounts(q, e, "2025-12-31"); return err },
		"AccountLines": func(q *journal.View) error {
			_, err := dividend.AccountLines(q, e, yuxin+"H00001", "2025-12-31")
			return err
		},
		"Spread": func(q *journal.View) error { _, err := income.Spread(q, yuxin, 2025); return err },
		"Batch":  func(q *journal.View) error { _, err := dividend.BatchOf(q, e+"D202501T01"); return err },
		"PaidElse": func(q *journal.View) error {
			_, err := dividend.PaidElse(q, plan.Distribution{ID: e + "D202501", Entity: e, Year: 2025}, yuxin+"H00001")
			return err
		},
		"Batches":  func(q *journal.View) error { _, err := dividend.Batches(q, e+"D202501"); return err },
		"Sendable": func(q *journal.View) error { _, err := dividend.SendableOf(q, e+"D202501"); return err },
		"EachBatchLine": func(q *journal.View) error {
			return dividend.EachBatchLine(q, e+"D202501T01", register.Revealed{}, func(dividend.NumberedLine) error { return nil })
		},
		"Entities":     func(q *journal.View) error { _, _, err := register.Entities(q, v, "", 9); return err },
		"EntityCount":  func(q *journal.View) error { _, err := register.EntityCount(q, v); return err },
		"ShareClass":   func(q *journal.View) error { _, err := register.ShareClassOf(q, e+"C01"); return err },
		"ShareClasses": func(q *journal.View) error { _, err := register.ShareClasses(q, e); return err },
		"Holders":      func(q *journal.View) error { _, _, err := register.Holders(q, e+"C01", "", 9); return err },
		"HoldingsOf":   func(q *journal.View) error { _, err := register.HoldingsOf(q, yuxin+"H00001"); return err },
		"HoldingEvents": func(q *journal.View) error {
			_, err := register.HoldingEvents(q, e+"C01", yuxin+"H00001")
			return err
		},
		"Shareholder":      func(q *journal.View) error { _, err := register.ShareholderOf(q, yuxin+"H00001"); return err },
		"FindShareholders": func(q *journal.View) error { _, _, err := register.FindShareholders(q, v, "", "", 9); return err },
		"HolderOf": func(q *journal.View) error {
			_, err := register.HolderOf(q, register.ShareClass{ID: e + "C01"}, yuxin+"H00001")
			return err
		},
		"ShareholderOf": func(q *journal.View) error {
			_, err := dividend.ShareholderOf(q, plan.Distribution{ID: e + "D202501"}, yuxin+"H00001")
			return err
		},
		"Incomes": func(q *journal.View) error { _, err := income.Incomes(q, yuxin, 2025, ""); return err },
		"EachIncome": func(q *journal.View) error {
			return income.EachIncome(q, v, 2025, func(income.Income) error { return nil })
		},
		"Income":        func(q *journal.View) error { _, err := income.IncomeOf(q, yuxin+"Y2025N00001"); return err },
		"Statement":     func(q *journal.View) error { _, err := income.StatementOf(q, yuxin, 2025); return err },
		"Distribution":  func(q *journal.View) error { _, err := dividend.Distribution(q, e+"D202501"); return err },
		"Distributions": func(q *journal.View) error { _, err := dividend.Distributions(q, v, 2025, nil); return err },
		"Preview": func(q *journal.View) error {
			_, _, _, err := dividend.Preview(q, plan.Distribution{ID: e + "D202501"})
			return err
		},
		"Payouts": func(q *journal.View) error {
			_, _, err := dividend.Payouts(q, e+"D202501", "", 9, func(dividend.Payout) bool { return true })
			return err
		},
		"Explain": func(q *journal.View) error {
			_, err := dividend.Explain(q, plan.Distribution{ID: e + "D202501"}, "")
			return err
		},
		"RegisterOn": func(q *journal.View) error { _, err := register.RegisterOn(q, e+"C01", "2025-01-01"); return err },
		"PledgedBy": func(q *journal.View) error {
			_, err := register.PledgedBy(q, yuxin+"H00001", "2025-01-01")
			return err
		},
		"PledgedOn":     func(q *journal.View) error { _, err := register.PledgedOn(q, e+"C01", "2025-01-01"); return err },
		"PledgesOf":     func(q *journal.View) error { _, err := register.PledgesOf(q, yuxin+"H00001"); return err },
		"ResolveHolder": func(q *journal.View) error { _, err := register.ResolveHolder(q, v, yuxin+"H00001"); return err },
		"Contributions": func(q *journal.View) error {
			_, _, err := register.Contributions(q, e, 2025, "", "", 9)
			return err
		},
		"ContributionSum": func(q *journal.View) error { _, err := report.ContributionSum(q, e, 2025, ""); return err },
		"Stakeholders":    func(q *journal.View) error { _, _, err := report.Stakeholders(q, v, 2025, "", 0, 9); return err },
		"ClassStakes": func(q *journal.View) error {
			_, err := report.ClassStakes(q, v, 2025, register.LandShare, register.MuUnit)
			return err
		},
		"Transformation": func(q *journal.View) error { _, err := report.TransformationOf(q, v, 2025); return err },
		"Received":       func(q *journal.View) error { _, err := dividend.Received(q, yuxin+"H00001"); return err },
		"Report":         func(q *journal.View) error { _, err := report.ReportOf(q, v, 2025); return err },
		"Journal":        func(q *journal.View) error { _, _, err := q.Journal(v, "", 9); return err },
		"JournalEntry":   func(q *journal.View) error { _, err := q.JournalEntry("210727", 20); return err },
		"Accounts":       func(q *journal.View) error { _, err := q.Accounts(v); return err },
	} {
		for _, account := range []string{"kj-kaizhou", "sh-chengguan"} {
			if err := b.Read(b.actor(account), query); !codeIs(err, journal.Forbidden) {
				t.Errorf("%s by %s: %v", name, account, err)
			}
		}
		if err := b.Read(b.actor("yixian"), query); name != "Accounts" && err != nil {
			t.Errorf("%s by the county's official: %v", name, err)
		}
	}
}

// What the ledger refuses, and where it says the fault is.
func TestRefusals(t *testing.T) {
	b := newBooks(t)
	coop, population, land, holders := b.cooperative("kj-yuxin", yuxin, 3)
	farm := b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "家庭农场", Kind: register.FamilyFarm})[0]
	b.post("sh-qilihe", &office.CloseYear{Village: yuxin, Year: 2024})
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1000")})
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("50")})
	b.post("kj-yuxin", &income.ReverseIncome{Income: yuxin + "Y2025N00002", Reason: "记错"})
	twin, badID, badCard, badPhone, crowd, nobody := household(yuxin, 1), household(yuxin, 50), household(yuxin, 51), household(yuxin, 52),
		household(yuxin, 53), household(yuxin, 54)
	badID.IDNo = badID.IDNo[:17] + "Y"
	badCard.Card += "1"
	badPhone.Phone = "123"
	crowd.People = 51
	nobody.Name = ""
	neighbour := b.post("kj-kaizhou", household(kaizhou, 60))[0]
	booked := func(change func(*income.RecordIncome)) journal.Entry {
		e := &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1")}
		change(e)
		return e
	}
	issue := func(change func(*register.IssueShares)) journal.Entry {
		e := &register.IssueShares{Class: land, Holder: holders[0], Quantity: units("1"), Date: "2025-06-01"}
		change(e)
		return e
	}
	draft := func(change func(*dividend.DraftDistribution)) journal.Entry {
		e := &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: yuan("10")}}}
		change(e)
		return e
	}
	for _, c := range []struct {
		name  string
		code  journal.Code
		field string
		entry journal.Entry
	}{
		{"an ID number with a wrong check character", journal.Invalid, "id_no", badID},
		{"a card that fails Luhn", journal.Invalid, "card", badCard},
		{"a phone of three digits", journal.Invalid, "phone", badPhone},
		{"a household of 51", journal.Invalid, "people", crowd},
		{"a shareholder without a name", journal.Invalid, "name", nobody},
		{"an ID number registered already", journal.Conflict, "id_no", twin},
		{"a credit code with a wrong check character", journal.Invalid, "credit_code",
			&register.RegisterEntity{Village: yuxin, Name: "乙", Kind: register.Enterprise, CreditCode: "91350100M000100Y44"}},
		{"a second stock cooperative", journal.Conflict, "kind", &register.RegisterEntity{Village: yuxin, Name: "乙",
			Kind: register.StockCooperative}},
		{"a name that is taken", journal.Conflict, "name", &register.RegisterEntity{Village: yuxin, Name: "家庭农场", Kind: register.FamilyFarm}},
		{"an entity that is founded tomorrow", journal.Invalid, "founded", &register.RegisterEntity{Village: yuxin, Name: "乙",
			Kind: register.FamilyFarm, Founded: "2026-03-02"}},
		{"an id of another village", journal.Invalid, "id", &register.RegisterEntity{ID: kaizhou + "E001", Village: yuxin, Name: "乙",
			Kind: register.FamilyFarm}},
		{"an id that is taken", journal.Conflict, "id", &register.RegisterEntity{ID: farm, Village: yuxin, Name: "乙", Kind: register.FamilyFarm}},
		{"a class twice", journal.Conflict, "name", &register.OpenShareClass{Entity: coop, Kind: register.LandShare, Unit: register.MuUnit}},
		{"a class of no entity", journal.NotFound, "entity", &register.OpenShareClass{Entity: yuxin + "E009", Kind: register.LandShare,
			Unit: register.MuUnit}},
		{"shares of no class", journal.NotFound, "class", issue(func(e *register.IssueShares) { e.Class = coop + "C09" })},
		{"shares to nobody", journal.NotFound, "holder", issue(func(e *register.IssueShares) { e.Holder = yuxin + "H99999" })},
		{"shares to an ID number nobody has", journal.NotFound, "id_no",
			issue(func(e *register.IssueShares) { e.Holder, e.IDNo = "", residentID(999) })},
		{"shares to a household of a village that is not the accountant's", journal.Conflict, "holder",
			issue(func(e *register.IssueShares) { e.Holder = neighbour })},
		{"shares to an ID number under another name", journal.Conflict, "name",
			issue(func(e *register.IssueShares) { e.Holder, e.IDNo, e.Name = "", residentID(0), "别人" })},
		{"shares that were never issued taken back", journal.NotFound, "movement",
			&register.ReverseMovement{Class: land, Holder: holders[0], Movement: 1, Reason: "错"}},
		{"a correction of an entity without a reason", journal.Invalid, "reason", &register.CorrectEntity{Entity: coop, Name: "乙"}},
		{"a correction of nothing of an entity", journal.Invalid, "name", &register.CorrectEntity{Entity: coop, Reason: "错"}},
		{"a correction of an entity that is not there", journal.NotFound, "entity",
			&register.CorrectEntity{Entity: yuxin + "E999", Name: "乙", Reason: "错"}},
		{"a correction to a credit code that is none", journal.Invalid, "credit_code",
			&register.CorrectEntity{Entity: coop, CreditCode: "N22107270000000019", Reason: "错"}},
		{"a founding after the first shares", journal.Invalid, "founded", &register.CorrectEntity{Entity: coop, Founded: "2026-02-28",
			Reason: "错"}},
		{"a reserve over 100", journal.Invalid, "reserve", &register.ChangeReserve{Entity: coop, Reserve: rate("100.1"), From: 2026,
			Resolution: "1"}},
		{"a reserve without a resolution", journal.Invalid, "resolution", &register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2026}},
		{"a reserve from the year after next", journal.Invalid, "from_year",
			&register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2028, Resolution: "1"}},
		{"a correction to a name that is taken", journal.Conflict, "name", &register.CorrectEntity{Entity: coop, Name: "家庭农场", Reason: "错"}},
		{"a reserve of a closed year", journal.Conflict, "from_year", &register.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2024,
			Resolution: "1"}},
		{"a correction of nothing", journal.Invalid, "name", &register.CorrectShareholder{Holder: holders[0], Reason: "错"}},
		{"a correction to another's ID number", journal.Conflict, "id_no", &register.CorrectShareholder{Holder: holders[0], IDNo: residentID(1),
			Reason: "错"}},
		{"a correction to an ID number of somebody unborn", journal.Invalid, "id_no",
			&register.CorrectShareholder{Holder: holders[0], IDNo: "210799209901010013", Reason: "错"}},
		{"shares from before the entity was founded", journal.Invalid, "date", issue(func(e *register.IssueShares) { e.Date = "2018-12-31" })},
		{"whole numbers for no reason", journal.Invalid, "reason", &register.RevealNumbers{Of: holders[0]}},
		{"no shares", journal.Invalid, "quantity", issue(func(e *register.IssueShares) { e.Quantity = 0 })},
		{"less than no shares", journal.Invalid, "quantity", issue(func(e *register.IssueShares) { e.Quantity = -1 })},
		{"shares from tomorrow on", journal.Invalid, "date", issue(func(e *register.IssueShares) { e.Date = "2026-03-02" })},
		{"an amount of nothing", journal.Invalid, "amount", booked(func(e *income.RecordIncome) { e.Amount = 0 })},
		{"a negative amount", journal.Invalid, "amount", booked(func(e *income.RecordIncome) { e.Amount = -1 })},
		{"a date in a closed year", journal.Conflict, "date", booked(func(e *income.RecordIncome) { e.Date = "2024-12-31" })},
		{"no date", journal.Invalid, "date", booked(func(e *income.RecordIncome) { e.Date = "" })},
		{"an item of the old form in a new year", journal.Invalid, "item", booked(func(e *income.RecordIncome) { e.Item = "contracting" })},
		{"an item that does not exist", journal.Invalid, "item", booked(func(e *income.RecordIncome) { e.Item = "lottery" })},
		{"the book of a stock cooperative, which is the village's", journal.Invalid, "book",
			booked(func(e *income.RecordIncome) { e.Book = coop })},
		{"a book of nobody", journal.NotFound, "book", booked(func(e *income.RecordIncome) { e.Book = yuxin + "E077" })},
		{"a line reversed twice", journal.Conflict, "income", &income.ReverseIncome{Income: yuxin + "Y2025N00002", Reason: "又"}},
		{"a reversal of a reversal", journal.Conflict, "income", &income.ReverseIncome{Income: yuxin + "Y2025N00003", Reason: "又"}},
		{"a reversal without a reason", journal.Invalid, "reason", &income.ReverseIncome{Income: yuxin + "Y2025N00001"}},
		{"a reversal dated before the line", journal.Invalid, "date", &income.ReverseIncome{Income: yuxin + "Y2025N00001", Date: "2025-05-31",
			Reason: "错"}},
		{"a plan without parts", journal.Invalid, "components", draft(func(e *dividend.DraftDistribution) { e.Components = nil })},
		{"a plan over another entity's class", journal.Invalid, "components.0.class",
			draft(func(e *dividend.DraftDistribution) { e.Components[0].Class = farm + "C01" })},
		{"a pool of nothing", journal.Invalid, "components.0.pool", draft(func(e *dividend.DraftDistribution) { e.Components[0].Pool = 0 })},
		{"a rate of nothing", journal.Invalid, "components.0.rate",
			draft(func(e *dividend.DraftDistribution) { e.Components[0].Rule = plan.RatePerUnit })},
		{"a record date two years later", journal.Invalid, "record_date",
			draft(func(e *dividend.DraftDistribution) { e.RecordDate = "2027-01-01" })},
		{"a distribution that is not there", journal.NotFound, "distribution", &dividend.SubmitDistribution{Distribution: coop + "D202599"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := b.refused("kj-yuxin", c.code, c.field, c.entry)
			if e.Text == "" {
				t.Error("it does not say why")
			}
		})
	}
	b.refused("sh-qilihe", journal.Invalid, "year", &office.CloseYear{Village: yuxin, Year: 2026})
	b.refused("sh-qilihe", journal.Conflict, "year", &office.CloseYear{Village: yuxin, Year: 2024})
	b.refused("admin", journal.Invalid, "code", &office.NameDivision{Code: "210727999201", Name: "无镇村"})
	b.refused("admin", journal.Conflict, "account", &office.CloseAccount{Account: "admin", Home: "210700000000"})
	b.refused("kj-yuxin", journal.Forbidden, "", &office.SetPassword{Account: "kj-kaizhou", Home: kaizhou, Hash: "h"})
	_ = population
	b.verify()
}

// A plan goes from draft to settled, its sums add up at every step, and nobody does what is another's.
func TestDistributionLife(t *testing.T) {
	b := newBooks(t)
	entity, population, land, holders := b.cooperative("kj-yuxin", yuxin, 7)
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("5000")})
	id := b.post("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
		Components: []plan.Component{
			{Class: land, Rule: plan.PoolOver, Pool: yuan("100.01")}, {Class: population, Rule: plan.RatePerUnit, Rate: rate("400")}}})[0]
	if e := b.refused("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: id}); !hasText(e, "多出") {
		t.Errorf("more than distributable: %v", e)
	}
	parts := []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: yuan("100.01")},
		{Class: population, Rule: plan.RatePerUnit, Rate: rate("32.005")}}
	b.post("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2025-07", Components: parts})
	// A movement on the record date counts, one on the day after does not.
	b.post("kj-yuxin", &register.IssueShares{Class: population, Holder: holders[0], Quantity: units("1"), Date: "2025-11-30"},
		&register.IssueShares{Class: population, Holder: holders[1], Quantity: units("1"), Date: "2025-12-01"})
	var before []dividend.Figure
	b.read("yixian", func(v *journal.View) {
		d, _ := dividend.Distribution(v, id)
		before, _, _, _ = dividend.Preview(v, d)
	})
	if got := before[0].Parts[1].Quantity; got != units("2") {
		t.Errorf("the first holder takes part with %s population shares", got)
	}
	if got := before[1].Parts[1].Quantity; got != units("2") {
		t.Errorf("the second holder takes part with %s population shares", got)
	}
	b.post("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.refused("kj-yuxin", journal.Conflict, "distribution", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30",
		Resolution: "2025-07", Components: parts})
	b.refused("kj-yuxin", journal.Conflict, "distribution", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-01", All: true})
	b.refused("kj-yuxin", journal.Conflict, "date", &register.IssueShares{Class: land, Holder: holders[0], Quantity: units("1"),
		Date: "2025-11-30"})
	b.post("kj-yuxin", &register.IssueShares{Class: land, Holder: holders[0], Quantity: units("100"), Date: "2025-12-01"})
	b.post("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.disclosed(id)
	check := func(paid, failed int) {
		t.Helper()
		b.read("yixian", func(v *journal.View) {
			d, _ := dividend.Distribution(v, id)
			list, _, _ := dividend.Payouts(v, id, "", 100, func(dividend.Payout) bool { return true })
			var due, p, f money.Yuan
			for i, line := range list {
				due += line.Due
				switch line.State {
				case dividend.Paid:
					p += line.Due
				case dividend.Failed:
					f += line.Due
				}
				if fmt.Sprint(line.Parts) != fmt.Sprint(before[i].Parts) {
					t.Errorf("%s was to get %v and gets %v", line.Holder, before[i].Parts, line.Parts)
				}
				why, err := dividend.Explain(v, d, line.Holder)
				if err != nil {
					t.Fatal(err)
				}
				for k, w := range why {
					if w.Amount != line.Parts[k].Amount {
						t.Errorf("%s gets %s, explained as %+v", line.Holder, line.Parts[k].Amount, w)
					}
				}
			}
			if due != d.Due || p != d.Paid || f != d.Failed || d.Paid+d.Failed+d.Outstanding() != d.Due || d.PaidCount != paid ||
				d.FailCount != failed {
				t.Errorf("due %s paid %s failed %s; the plan says %+v", due, p, f, d)
			}
		})
	}
	check(0, 0)
	b.post("kj-yuxin", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2], Reason: "户名不符"})
	check(0, 2)
	b.post("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	check(5, 2)
	b.refused("kj-yuxin", journal.Conflict, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4]})
	b.refused("kj-yuxin", journal.Conflict, "holders.0", &dividend.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4],
		Reason: "晚了"})
	b.refused("kj-yuxin", journal.Invalid, "holders.1", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09",
		Holders: []string{holders[0], holders[0]}})
	b.refused("kj-yuxin", journal.NotFound, "holders.0", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09",
		Holders: []string{yuxin + "H00099"}})
	b.refused("kj-yuxin", journal.Conflict, "date", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-07", Holders: holders[:1]})
	b.post("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2]})
	check(7, 0)
	b.read("yixian", func(v *journal.View) {
		if d, _ := dividend.Distribution(v, id); !d.Settled() || d.Label() != "结清" {
			t.Errorf("all is paid, but the plan is %s", d.Label())
		}
		if s, _ := income.StatementOf(v, yuxin, 2025); s.Distributable != yuan("5000")-s.Distributed || s.Distributed == 0 {
			t.Errorf("distributed %s, still distributable %s", s.Distributed, s.Distributable)
		}
	})
	b.verify()
}

// Losses of earlier years are made good first, the reserve comes out of what is left, and what a later year has given out cannot be given
// out again for an earlier one.
func TestStatement(t *testing.T) {
	b := newBooks(t)
	coop := b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "公司", Kind: register.Enterprise, Reserve: rate("10")})[0]
	for _, l := range []struct{ item, date, amount string }{
		{"operating", "2022-05-01", "100"}, {"operating_cost", "2022-05-01", "400"}, {"operating", "2023-05-01", "200"},
		{"operating", "2024-05-01", "1000"},
	} {
		b.post("kj-yuxin", &income.RecordIncome{Book: coop, Item: l.item, Date: journal.Date(l.date), Amount: yuan(l.amount)})
	}
	b.read("yixian", func(v *journal.View) {
		for _, c := range []struct {
			year                                  int
			opening, gain, reserve, distributable string
		}{
			{2022, "0", "-300", "0", "-300"}, {2023, "-300", "200", "0", "-100"}, {2024, "-100", "1000", "90", "810"},
			{2025, "810", "0", "0", "810"},
		} {
			s, err := income.StatementOf(v, coop, c.year)
			if err != nil || s.Opening != yuan(c.opening) || s.Gain != yuan(c.gain) || s.Reserve != yuan(c.reserve) ||
				s.Distributable != yuan(c.distributable) {
				t.Errorf("%d: opening %s gain %s reserve %s distributable %s, %v; want %+v", c.year, s.Opening, s.Gain, s.Reserve, s.Distributable,
					err, c)
			}
		}
	})
	class := b.post("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holder := b.post("kj-yuxin", household(yuxin, 1))[0]
	b.post("kj-yuxin", &register.IssueShares{Class: class, Holder: holder, Quantity: units("1"), Date: "2022-01-01"})
	give := func(year int, sum string) string {
		return b.post("kj-yuxin", &dividend.DraftDistribution{Entity: coop, Year: year, RecordDate: journal.Date(fmt.Sprintf("%d-12-31", year)),
			Resolution: "2025-07", Components: []plan.Component{
				{Class: class, Rule: plan.PoolOver, Pool: yuan(sum)}}})[0]
	}
	b.post("kj-yuxin", &dividend.SubmitDistribution{Distribution: give(2025, "800")})
	b.refused("kj-yuxin", journal.Conflict, "components", &dividend.SubmitDistribution{Distribution: give(2024, "10.01")})
	b.post("kj-yuxin", &dividend.SubmitDistribution{Distribution: give(2024, "10")})
	b.verify()
}

// The older form's exam table in testdata: each result the table names comes out of its items.
func TestStatementExam(t *testing.T) {
	f, err := os.Open("../money/testdata/distribution.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var given, want map[string]string
	for _, r := range rows {
		if r[0] == "townships-statement" {
			given, want = pairs(r[2]), pairs(r[3])
		}
	}
	if len(given) == 0 {
		t.Fatal("the exam table is gone")
	}
	b := newBooks(t)
	coop := b.post("kj-yuxin", &register.RegisterEntity{Village: yuxin, Name: "农场", Kind: register.FamilyFarm, Founded: "2010-01-01"})[0]
	class := b.post("kj-yuxin", &register.OpenShareClass{Entity: coop, Kind: register.CashShare, Unit: register.ShareUnit})[0]
	holder := b.post("kj-yuxin", household(yuxin, 1))[0]
	b.post("kj-yuxin", &register.IssueShares{Class: class, Holder: holder, Quantity: units("1"), Date: "2011-01-01"},
		&income.BringForward{Book: coop, Year: 2012, Amount: yuan(given["年初未分配收益"])})
	for _, it := range income.ItemsOf(2012) {
		if given[string(it.Label)] == "" {
			t.Fatalf("the table has no %s", it.Label)
		}
		b.post("kj-yuxin", &income.RecordIncome{Book: coop, Item: it.Code, Date: "2012-12-31", Amount: yuan(given[string(it.Label)])})
	}
	b.post("kj-yuxin", &income.SetAside{Book: coop, Year: 2012, Fund: income.ReserveFund, Amount: yuan(given["公积公益金"]), Resolution: "2012-1"},
		&income.SetAside{Book: coop, Year: 2012, Fund: income.WelfareFund, Amount: yuan(given["福利费"]), Resolution: "2012-1"},
		&dividend.DraftDistribution{Entity: coop, Year: 2012, RecordDate: "2012-12-31", Resolution: "2025-07",
			Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: yuan(given["农户分配"])}}},
		&dividend.SubmitDistribution{Distribution: coop + "D201201"})
	b.refused("kj-yuxin", journal.Conflict, "year", &income.SetAside{Book: coop, Year: 2012, Fund: income.ReserveFund, Amount: yuan("8"),
		Resolution: "2012-2"})
	b.refused("kj-yuxin", journal.Conflict, "year", &income.BringForward{Book: coop, Year: 2012, Amount: yuan("16")})
	b.read("yixian", func(v *journal.View) {
		s, _ := income.StatementOf(v, coop, 2012)
		for name, got := range map[string]money.Yuan{"总收入": s.Income, "总支出": s.Expense, "经营收益": s.Operating, "本年收益": s.Gain,
			"可分配收益": s.BeforeDistribution(), "年末未分配收益": s.Closing} {
			if got != yuan(want[name]) {
				t.Errorf("%s is %s, the table says %s", name, got, want[name])
			}
		}
	})
}

func pairs(s string) map[string]string {
	m := map[string]string{}
	for _, p := range strings.Split(s, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(p), " "); ok {
			m[name] = value
		}
	}
	return m
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name      string
		operating string
		recorded  bool
		year      int
		shell     bool
		tier      int
		reason    string
	}{
		{"nothing recorded in a year that is over", "0", false, 2025, true, 0, "没有任何收支记录"},
		{"nothing recorded yet this year", "0", false, 2026, false, 0, "还没有收支记录"},
		{"a loss", "-10", true, 2025, true, 0, "还差 50,010.00 元"},
		{"one 分 short", "49999.99", true, 2025, true, 0, "还差 0.01 元"},
		{"exactly the threshold", "50000", true, 2025, false, 2, "达到 50,000.00 元"},
		{"100,000", "100000", true, 2025, false, 3, "达到"},
		{"half a million", "500000", true, 2025, false, 4, "达到"},
		{"a million", "1000000", true, 2025, false, 5, "达到"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := income.DefaultPolicy.Judge(income.Statement{Year: c.year, Operating: yuan(c.operating)}, c.recorded, 2026)
			if v.Shell != c.shell || v.Tier != c.tier || !hasText(v.Reason(), c.reason) {
				t.Errorf("%+v: %v", v, v.Reason())
			}
		})
	}
}

// A village living on subsidies is an empty shell, and the sums of a report are those of its villages and of the entries behind them.
func TestReport(t *testing.T) {
	b := newBooks(t)
	b.cooperative("kj-yuxin", yuxin, 4)
	b.post("kj-yuxin", &income.RecordIncome{Book: yuxin, Item: "subsidy", Date: "2025-06-01", Amount: yuan("900000")},
		&income.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("49999.99")})
	b.post("kj-kaizhou", &income.RecordIncome{Book: kaizhou, Item: "operating", Date: "2025-06-01", Amount: yuan("60000.02")},
		&income.RecordIncome{Book: kaizhou, Item: "management", Date: "2025-06-01", Amount: yuan("0.02")})
	b.read("yixian", func(v *journal.View) {
		r, err := report.ReportOf(v, "210727000000", 2025)
		if err != nil {
			t.Fatal(err)
		}
		if r.Summary.Villages != 3 || r.Shells != 2 || r.Unrecorded != 1 || r.Operating != yuan("109999.99") || r.Subsidy != yuan("900000") ||
			r.Shareholders != 4 || r.People != 1+2+3+4 {
			t.Errorf("%+v", r.Summary)
		}
		var children, lines money.Yuan
		for _, c := range r.Children {
			children += c.Operating
		}
		if err := income.EachIncome(v, "210727000000", 2025, func(l income.Income) error {
			it, _ := income.ItemNamed(l.Item)
			switch {
			case it.Operating && it.Expense:
				lines -= l.Amount
			case it.Operating:
				lines += l.Amount
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if children != r.Operating || lines != r.Operating {
			t.Errorf("townships %s, entries %s, county %s", children, lines, r.Operating)
		}
		for _, s := range r.Villages {
			if s.Place.Code == yuxin && (!s.Verdict.Shell || !hasText(s.Verdict.Reason(), "补助 900,000.00 元不计入")) {
				t.Errorf("the village on subsidies: %v", s.Verdict.Reason())
			}
		}
	})
}
