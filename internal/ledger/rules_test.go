package ledger_test

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// samples has one good entry of every kind, in an order in which all can be posted, with the account that may post it. The ids are those that the
// ledger gives out.
func samples() []struct {
	account string
	entry   ledger.Entry
} {
	const e = yuxin + "E001"
	const c, h, d = e + "C01", yuxin + "H00001", e + "D202501"
	part := []ledger.Component{{Class: c, Rule: ledger.RatePerUnit, Rate: rate("10")}}
	return []struct {
		account string
		entry   ledger.Entry
	}{
		{"admin", &ledger.NameDivision{Code: "210727102217", Name: "上坎子村民委员会"}},
		{"admin", &ledger.AddAccount{Name: "kj-new", Role: ledger.Accountant, Region: yuxin, Hash: "h"}},
		{"admin", &ledger.SetPassword{Account: "kj-new", Home: yuxin, Hash: "h2"}},
		{"admin", &ledger.CloseAccount{Account: "kj-new", Home: yuxin}},
		{"kj-yuxin", &ledger.RegisterEntity{Village: yuxin, Name: "合作社", Kind: ledger.StockCooperative}},
		{"kj-yuxin", &ledger.OpenShareClass{Entity: e, Kind: ledger.PopulationShare, Unit: ledger.ShareUnit}},
		{"kj-yuxin", household(yuxin, 1)},
		{"kj-yuxin", &ledger.ChangeBankCard{Holder: h, Bank: "农业银行", Card: cardNo(5)}},
		{"kj-yuxin", &ledger.RevealNumbers{Of: h, Reason: "核对"}},
		{"kj-yuxin", &ledger.CorrectShareholder{Holder: h, Name: "测试户甲", IDNo: residentID(77), People: 4, Phone: "13800138000", Marks: []string{"脱贫户"}, Reason: "登记时写错"}},
		{"kj-yuxin", &ledger.IssueShares{Class: c, Holder: h, Quantity: units("9"), Date: "2020-01-01"}},
		{"kj-yuxin", &ledger.ReverseMovement{Class: c, Holder: h, Movement: 22, Reason: "股数写错"}},
		{"kj-yuxin", &ledger.IssueShares{Class: c, Holder: h, Quantity: units("3"), Date: "2020-01-01"}},
		{"kj-yuxin", household(yuxin, 2)},
		{"kj-yuxin", &ledger.TransferShares{Class: c, From: h, To: []ledger.Lot{{Holder: yuxin + "H00002", Quantity: units("1")}}, Date: "2021-01-01", Cause: ledger.Gift}},
		{"kj-yuxin", &ledger.PledgeShares{Class: c, Holder: h, Quantity: units("1"), Date: "2021-02-01", Pledgee: "农商银行"}},
		{"kj-yuxin", &ledger.ReleasePledge{Class: c, Holder: h, Pledge: 27, Date: "2021-03-01"}},
		{"kj-yuxin", &ledger.AdjustShares{Class: c, Changes: []ledger.Lot{{Holder: h, Quantity: units("1")}}, Date: "2021-04-01", Resolution: "2021-01"}},
		{"kj-yuxin", &ledger.RecordContribution{Class: c, Holder: h, Kind: ledger.Farmland, Area: units("4.5"), Value: yuan("9000"), Shares: units("1"), Date: "2021-05-01"}},
		{"kj-yuxin", &ledger.ChangeCharter{Entity: e, FrozenFrom: "2022-01-01", WithdrawalCap: rate("50"), DisclosureDays: "0", Resolution: "2021-02"}},
		{"kj-yuxin", &ledger.WithdrawShares{Class: c, Holder: h, Quantity: units("1"), Date: "2022-05-01", Paid: yuan("100")}},
		{"kj-yuxin", &ledger.ReissueCertificate{Holder: h, Date: "2022-06-01", Reason: "遗失"}},
		{"kj-yuxin", &ledger.BringForward{Book: yuxin, Year: 2025, Amount: yuan("50")}},
		{"kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1000")}},
		{"kj-yuxin", &ledger.ReverseIncome{Income: yuxin + "Y2025N00001", Reason: "记错"}},
		{"kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("2000")}},
		{"sh-qilihe", &ledger.CloseYear{Village: yuxin, Year: 2024}},
		{"kj-yuxin", &ledger.SetAside{Book: yuxin, Year: 2025, Fund: ledger.ReserveFund, Amount: yuan("100"), Resolution: "2025-05"}},
		{"kj-yuxin", &ledger.RecordTrade{Entity: e, Holder: h, Date: "2025-07-01", Amount: yuan("100")}},
		{"kj-yuxin", &ledger.QuantifySubsidy{Entity: e, Date: "2025-08-01", Amount: yuan("100"), Source: "县农业农村局"}},
		{"kj-yuxin", &ledger.DraftDistribution{Entity: e, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &ledger.ReviseDistribution{Distribution: d, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &ledger.SubmitDistribution{Distribution: d}},
		{"sh-qilihe", &ledger.ReturnDistribution{Distribution: d, Reason: "缺决议"}},
		{"kj-yuxin", &ledger.ReviseDistribution{Distribution: d, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &ledger.SubmitDistribution{Distribution: d}},
		{"sh-qilihe", &ledger.ApproveDistribution{Distribution: d}},
		{"kj-yuxin", &ledger.DiscloseDistribution{Distribution: d, From: "2026-03-01"}},
		{"kj-yuxin", &ledger.RaiseObjection{Distribution: d, By: "测试户", Date: "2026-03-01", Text: "股数不对"}},
		{"kj-yuxin", &ledger.AnswerObjection{Distribution: d, Objection: 1, Answer: "已核对"}},
		{"kj-yuxin", &ledger.FailPayouts{Distribution: d, Date: "2026-03-01", Holders: []string{h}, Reason: "户名不符"}},
		{"kj-yuxin", &ledger.ReversePayouts{Distribution: d, Holders: []string{h}, Reason: "银行已改正"}},
		{"kj-yuxin", &ledger.HoldPayouts{Distribution: d, Holders: []string{h}, Reason: "户主去世"}},
		{"kj-yuxin", &ledger.ReleasePayout{Distribution: d, Holder: h, Reason: "公证书"}},
		{"kj-yuxin", &ledger.MakeBatch{Distribution: d, Date: "2026-03-01"}},
		{"kj-yuxin", &ledger.SettleBatch{Batch: d + "T01", Date: "2026-03-01", Results: []ledger.BatchResult{{Line: 1, State: ledger.Paid}}}},
		{"kj-yuxin", &ledger.RecallBatch{Batch: d + "T01", Reason: "银行没有回"}},
		{"kj-yuxin", &ledger.ConfirmPayouts{Distribution: d, Date: "2026-03-01", All: true}},
		{"kj-yuxin", &ledger.CloseDistribution{Distribution: d}},
		{"kj-yuxin", &ledger.DraftDistribution{Entity: e, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: part}},
		{"kj-yuxin", &ledger.ReverseQuantified{Entity: e, Quantified: 41, Reason: "来源写错"}},
		{"sh-qilihe", &ledger.CloseYear{Village: yuxin, Year: 2025}},
		{"kj-yuxin", &ledger.QuantifyReserve{Entity: e, Year: 2025, Date: "2025-12-31", Resolution: "2025-06"}},
		{"kj-yuxin", &ledger.VoidDistribution{Distribution: e + "D202502", Reason: "不分了"}},
		{"kj-yuxin", &ledger.CloseShareClass{Class: c, Date: "2026-02-01", Resolution: "2026-01"}},
		{"kj-yuxin", &ledger.ReopenShareClass{Class: c, Resolution: "2026-01"}},
		{"kj-yuxin", &ledger.ListMembers{Holder: h, Members: []ledger.Member{{Name: "测试成员", Relation: "妻", IDNo: residentID(901)}}}},
		{"kj-yuxin", &ledger.ChangeReserve{Entity: e, Reserve: rate("20"), From: 2026, Resolution: "2026-01"}},
		{"kj-yuxin", &ledger.CorrectEntity{Entity: e, Representative: "测试人", Reason: "换届"}},
		{"kj-yuxin", &ledger.AttachPaper{To: e, Digest: samplePaper, Name: "决议.pdf"}},
		{"kj-yuxin", &ledger.DissolveEntity{Entity: e, Date: "2026-02-02", Resolution: "2026-02"}},
		{"kj-yuxin", &ledger.ReverseDissolution{Entity: e, Reason: "点错了"}},
	}
}

// samplePaper is the digest of the one paper that the books of tests keep.
var samplePaper = fmt.Sprintf("%x", sha256.Sum256([]byte("%PDF-%%EOF")))

// Every kind of entry is refused outside its role and outside its region, and taken inside.
func TestEveryEntryHasItsRoleAndRegion(t *testing.T) {
	b := newBooks(t)
	strangers := map[string]string{"kj-yuxin": "kj-kaizhou", "sh-qilihe": "sh-chengguan", "admin": "admin-heishan"}
	if _, err := b.Post(ledger.Console, ledger.Posting{Entries: []ledger.Entry{
		&ledger.AddAccount{Name: "admin-heishan", Role: ledger.Administrator, Region: region.MustParse("210726"), Hash: "h"}}}); err != nil {
		t.Fatal(err)
	}
	wrongRole := map[string]string{"kj-yuxin": "sh-qilihe", "sh-qilihe": "kj-yuxin", "admin": "yixian"}
	seen := map[string]bool{}
	for i, s := range samples() {
		kind := ledger.KindOf(s.entry)
		seen[kind] = true
		for why, account := range map[string]string{"another region": strangers[s.account], "another role": wrongRole[s.account], "an official": "yixian"} {
			if _, err := b.Post(b.actor(account), ledger.Posting{Entries: []ledger.Entry{samples()[i].entry}}); !codeIs(err, ledger.Forbidden) {
				t.Errorf("%s by %s (%s): %v", kind, account, why, err)
			}
		}
		b.post(s.account, samples()[i].entry)
	}
	for _, kind := range ledger.Kinds() {
		if !seen[kind] {
			t.Errorf("no sample of %s", kind)
		}
		if ledger.KindLabel(kind) == ledger.Label(kind) {
			t.Errorf("%s has no Chinese name", kind)
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
	for name, query := range map[string]func(*ledger.View) error{
		"Entity":         func(q *ledger.View) error { _, err := q.Entity(e); return err },
		"PapersOf":       func(q *ledger.View) error { _, err := q.PapersOf(e); return err },
		"Paper":          func(q *ledger.View) error { _, err := q.Paper(e + "P001"); return err },
		"Duplicates":     func(q *ledger.View) error { _, err := q.Duplicates(v, 9); return err },
		"Trades":         func(q *ledger.View) error { _, _, err := q.Trades(e, 2025, "", "", 9); return err },
		"MemberAccounts": func(q *ledger.View) error { _, err := q.MemberAccounts(e, "2025-12-31"); return err },
		"AccountLines":   func(q *ledger.View) error { _, err := q.AccountLines(e, yuxin+"H00001", "2025-12-31"); return err },
		"Spread":         func(q *ledger.View) error { _, err := q.Spread(yuxin, 2025); return err },
		"Batch":          func(q *ledger.View) error { _, err := q.Batch(e + "D202501T01"); return err },
		"PaidElse": func(q *ledger.View) error {
			_, err := q.PaidElse(ledger.Distribution{ID: e + "D202501", Entity: e, Year: 2025}, yuxin+"H00001")
			return err
		},
		"Batches":  func(q *ledger.View) error { _, err := q.Batches(e + "D202501"); return err },
		"Sendable": func(q *ledger.View) error { _, err := q.Sendable(e + "D202501"); return err },
		"EachBatchLine": func(q *ledger.View) error {
			return q.EachBatchLine(e+"D202501T01", ledger.Revealed{}, func(ledger.NumberedLine) error { return nil })
		},
		"Entities":         func(q *ledger.View) error { _, _, err := q.Entities(v, "", 9); return err },
		"EntityCount":      func(q *ledger.View) error { _, err := q.EntityCount(v); return err },
		"ShareClass":       func(q *ledger.View) error { _, err := q.ShareClass(e + "C01"); return err },
		"ShareClasses":     func(q *ledger.View) error { _, err := q.ShareClasses(e); return err },
		"Holders":          func(q *ledger.View) error { _, _, err := q.Holders(e+"C01", "", 9); return err },
		"HoldingsOf":       func(q *ledger.View) error { _, err := q.HoldingsOf(yuxin + "H00001"); return err },
		"HoldingEvents":    func(q *ledger.View) error { _, err := q.HoldingEvents(e+"C01", yuxin+"H00001"); return err },
		"Shareholder":      func(q *ledger.View) error { _, err := q.Shareholder(yuxin + "H00001"); return err },
		"FindShareholders": func(q *ledger.View) error { _, _, err := q.FindShareholders(v, "", "", 9); return err },
		"HolderOf": func(q *ledger.View) error {
			_, err := q.HolderOf(ledger.ShareClass{ID: e + "C01"}, yuxin+"H00001")
			return err
		},
		"ShareholderOf": func(q *ledger.View) error {
			_, err := q.ShareholderOf(ledger.Distribution{ID: e + "D202501"}, yuxin+"H00001")
			return err
		},
		"Incomes":       func(q *ledger.View) error { _, err := q.Incomes(yuxin, 2025, ""); return err },
		"EachIncome":    func(q *ledger.View) error { return q.EachIncome(v, 2025, func(ledger.Income) error { return nil }) },
		"Income":        func(q *ledger.View) error { _, err := q.Income(yuxin + "Y2025N00001"); return err },
		"Statement":     func(q *ledger.View) error { _, err := q.Statement(yuxin, 2025); return err },
		"Distribution":  func(q *ledger.View) error { _, err := q.Distribution(e + "D202501"); return err },
		"Distributions": func(q *ledger.View) error { _, err := q.Distributions(v, 2025, nil); return err },
		"Preview": func(q *ledger.View) error {
			_, _, _, err := q.Preview(ledger.Distribution{ID: e + "D202501"})
			return err
		},
		"Payouts": func(q *ledger.View) error {
			_, _, err := q.Payouts(e+"D202501", "", 9, func(ledger.Payout) bool { return true })
			return err
		},
		"Explain": func(q *ledger.View) error {
			_, err := q.Explain(ledger.Distribution{ID: e + "D202501"}, "")
			return err
		},
		"RegisterOn":      func(q *ledger.View) error { _, err := q.RegisterOn(e+"C01", "2025-01-01"); return err },
		"PledgedBy":       func(q *ledger.View) error { _, err := q.PledgedBy(yuxin+"H00001", "2025-01-01"); return err },
		"PledgedOn":       func(q *ledger.View) error { _, err := q.PledgedOn(e+"C01", "2025-01-01"); return err },
		"PledgesOf":       func(q *ledger.View) error { _, err := q.PledgesOf(yuxin + "H00001"); return err },
		"ResolveHolder":   func(q *ledger.View) error { _, err := q.ResolveHolder(v, yuxin+"H00001"); return err },
		"Contributions":   func(q *ledger.View) error { _, _, err := q.Contributions(e, 2025, "", "", 9); return err },
		"ContributionSum": func(q *ledger.View) error { _, err := q.ContributionSum(e, 2025, ""); return err },
		"Stakeholders":    func(q *ledger.View) error { _, _, err := q.Stakeholders(v, 2025, "", 0, 9); return err },
		"ClassStakes": func(q *ledger.View) error {
			_, err := q.ClassStakes(v, 2025, ledger.LandShare, ledger.MuUnit)
			return err
		},
		"Transformation": func(q *ledger.View) error { _, err := q.Transformation(v, 2025); return err },
		"Received":       func(q *ledger.View) error { _, err := q.Received(yuxin + "H00001"); return err },
		"Report":         func(q *ledger.View) error { _, err := q.Report(v, 2025); return err },
		"Journal":        func(q *ledger.View) error { _, _, err := q.Journal(v, "", 9); return err },
		"JournalEntry":   func(q *ledger.View) error { _, err := q.JournalEntry("210727", 20); return err },
		"Accounts":       func(q *ledger.View) error { _, err := q.Accounts(v); return err },
	} {
		for _, account := range []string{"kj-kaizhou", "sh-chengguan"} {
			if err := b.Read(b.actor(account), query); !codeIs(err, ledger.Forbidden) {
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
	farm := b.post("kj-yuxin", &ledger.RegisterEntity{Village: yuxin, Name: "家庭农场", Kind: ledger.FamilyFarm})[0]
	b.post("sh-qilihe", &ledger.CloseYear{Village: yuxin, Year: 2024})
	b.post("kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1000")})
	b.post("kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("50")})
	b.post("kj-yuxin", &ledger.ReverseIncome{Income: yuxin + "Y2025N00002", Reason: "记错"})
	twin, badID, badCard, badPhone, crowd, nobody := household(yuxin, 1), household(yuxin, 50), household(yuxin, 51), household(yuxin, 52), household(yuxin, 53), household(yuxin, 54)
	badID.IDNo = badID.IDNo[:17] + "Y"
	badCard.Card += "1"
	badPhone.Phone = "123"
	crowd.People = 51
	nobody.Name = ""
	neighbour := b.post("kj-kaizhou", household(kaizhou, 60))[0]
	income := func(change func(*ledger.RecordIncome)) ledger.Entry {
		e := &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("1")}
		change(e)
		return e
	}
	issue := func(change func(*ledger.IssueShares)) ledger.Entry {
		e := &ledger.IssueShares{Class: land, Holder: holders[0], Quantity: units("1"), Date: "2025-06-01"}
		change(e)
		return e
	}
	draft := func(change func(*ledger.DraftDistribution)) ledger.Entry {
		e := &ledger.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: []ledger.Component{{Class: land, Rule: ledger.PoolOver, Pool: yuan("10")}}}
		change(e)
		return e
	}
	for _, c := range []struct {
		name  string
		code  ledger.Code
		field string
		entry ledger.Entry
	}{
		{"an ID number with a wrong check character", ledger.Invalid, "id_no", badID},
		{"a card that fails Luhn", ledger.Invalid, "card", badCard},
		{"a phone of three digits", ledger.Invalid, "phone", badPhone},
		{"a household of 51", ledger.Invalid, "people", crowd},
		{"a shareholder without a name", ledger.Invalid, "name", nobody},
		{"an ID number registered already", ledger.Conflict, "id_no", twin},
		{"a credit code with a wrong check character", ledger.Invalid, "credit_code", &ledger.RegisterEntity{Village: yuxin, Name: "乙", Kind: ledger.Enterprise, CreditCode: "91350100M000100Y44"}},
		{"a second stock cooperative", ledger.Conflict, "kind", &ledger.RegisterEntity{Village: yuxin, Name: "乙", Kind: ledger.StockCooperative}},
		{"a name that is taken", ledger.Conflict, "name", &ledger.RegisterEntity{Village: yuxin, Name: "家庭农场", Kind: ledger.FamilyFarm}},
		{"an entity that is founded tomorrow", ledger.Invalid, "founded", &ledger.RegisterEntity{Village: yuxin, Name: "乙", Kind: ledger.FamilyFarm, Founded: "2026-03-02"}},
		{"an id of another village", ledger.Invalid, "id", &ledger.RegisterEntity{ID: kaizhou + "E001", Village: yuxin, Name: "乙", Kind: ledger.FamilyFarm}},
		{"an id that is taken", ledger.Conflict, "id", &ledger.RegisterEntity{ID: farm, Village: yuxin, Name: "乙", Kind: ledger.FamilyFarm}},
		{"a class twice", ledger.Conflict, "name", &ledger.OpenShareClass{Entity: coop, Kind: ledger.LandShare, Unit: ledger.MuUnit}},
		{"a class of no entity", ledger.NotFound, "entity", &ledger.OpenShareClass{Entity: yuxin + "E009", Kind: ledger.LandShare, Unit: ledger.MuUnit}},
		{"shares of no class", ledger.NotFound, "class", issue(func(e *ledger.IssueShares) { e.Class = coop + "C09" })},
		{"shares to nobody", ledger.NotFound, "holder", issue(func(e *ledger.IssueShares) { e.Holder = yuxin + "H99999" })},
		{"shares to an ID number nobody has", ledger.NotFound, "id_no", issue(func(e *ledger.IssueShares) { e.Holder, e.IDNo = "", residentID(999) })},
		{"shares to a household of a village that is not the accountant's", ledger.Conflict, "holder", issue(func(e *ledger.IssueShares) { e.Holder = neighbour })},
		{"shares to an ID number under another name", ledger.Conflict, "name", issue(func(e *ledger.IssueShares) { e.Holder, e.IDNo, e.Name = "", residentID(0), "别人" })},
		{"shares that were never issued taken back", ledger.NotFound, "movement", &ledger.ReverseMovement{Class: land, Holder: holders[0], Movement: 1, Reason: "错"}},
		{"a correction of an entity without a reason", ledger.Invalid, "reason", &ledger.CorrectEntity{Entity: coop, Name: "乙"}},
		{"a correction of nothing of an entity", ledger.Invalid, "name", &ledger.CorrectEntity{Entity: coop, Reason: "错"}},
		{"a correction of an entity that is not there", ledger.NotFound, "entity", &ledger.CorrectEntity{Entity: yuxin + "E999", Name: "乙", Reason: "错"}},
		{"a correction to a credit code that is none", ledger.Invalid, "credit_code", &ledger.CorrectEntity{Entity: coop, CreditCode: "N22107270000000019", Reason: "错"}},
		{"a founding after the first shares", ledger.Invalid, "founded", &ledger.CorrectEntity{Entity: coop, Founded: "2026-02-28", Reason: "错"}},
		{"a reserve over 100", ledger.Invalid, "reserve", &ledger.ChangeReserve{Entity: coop, Reserve: rate("100.1"), From: 2026, Resolution: "1"}},
		{"a reserve without a resolution", ledger.Invalid, "resolution", &ledger.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2026}},
		{"a reserve from the year after next", ledger.Invalid, "from_year", &ledger.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2028, Resolution: "1"}},
		{"a correction to a name that is taken", ledger.Conflict, "name", &ledger.CorrectEntity{Entity: coop, Name: "家庭农场", Reason: "错"}},
		{"a reserve of a closed year", ledger.Conflict, "from_year", &ledger.ChangeReserve{Entity: coop, Reserve: rate("5"), From: 2024, Resolution: "1"}},
		{"a correction of nothing", ledger.Invalid, "name", &ledger.CorrectShareholder{Holder: holders[0], Reason: "错"}},
		{"a correction to another's ID number", ledger.Conflict, "id_no", &ledger.CorrectShareholder{Holder: holders[0], IDNo: residentID(1), Reason: "错"}},
		{"a correction to an ID number of somebody unborn", ledger.Invalid, "id_no", &ledger.CorrectShareholder{Holder: holders[0], IDNo: "210799209901010013", Reason: "错"}},
		{"shares from before the entity was founded", ledger.Invalid, "date", issue(func(e *ledger.IssueShares) { e.Date = "2018-12-31" })},
		{"whole numbers for no reason", ledger.Invalid, "reason", &ledger.RevealNumbers{Of: holders[0]}},
		{"no shares", ledger.Invalid, "quantity", issue(func(e *ledger.IssueShares) { e.Quantity = 0 })},
		{"less than no shares", ledger.Invalid, "quantity", issue(func(e *ledger.IssueShares) { e.Quantity = -1 })},
		{"shares from tomorrow on", ledger.Invalid, "date", issue(func(e *ledger.IssueShares) { e.Date = "2026-03-02" })},
		{"an amount of nothing", ledger.Invalid, "amount", income(func(e *ledger.RecordIncome) { e.Amount = 0 })},
		{"a negative amount", ledger.Invalid, "amount", income(func(e *ledger.RecordIncome) { e.Amount = -1 })},
		{"a date in a closed year", ledger.Conflict, "date", income(func(e *ledger.RecordIncome) { e.Date = "2024-12-31" })},
		{"no date", ledger.Invalid, "date", income(func(e *ledger.RecordIncome) { e.Date = "" })},
		{"an item of the old form in a new year", ledger.Invalid, "item", income(func(e *ledger.RecordIncome) { e.Item = "contracting" })},
		{"an item that does not exist", ledger.Invalid, "item", income(func(e *ledger.RecordIncome) { e.Item = "lottery" })},
		{"the book of a stock cooperative, which is the village's", ledger.Invalid, "book", income(func(e *ledger.RecordIncome) { e.Book = coop })},
		{"a book of nobody", ledger.NotFound, "book", income(func(e *ledger.RecordIncome) { e.Book = yuxin + "E077" })},
		{"a line reversed twice", ledger.Conflict, "income", &ledger.ReverseIncome{Income: yuxin + "Y2025N00002", Reason: "又"}},
		{"a reversal of a reversal", ledger.Conflict, "income", &ledger.ReverseIncome{Income: yuxin + "Y2025N00003", Reason: "又"}},
		{"a reversal without a reason", ledger.Invalid, "reason", &ledger.ReverseIncome{Income: yuxin + "Y2025N00001"}},
		{"a reversal dated before the line", ledger.Invalid, "date", &ledger.ReverseIncome{Income: yuxin + "Y2025N00001", Date: "2025-05-31", Reason: "错"}},
		{"a plan without parts", ledger.Invalid, "components", draft(func(e *ledger.DraftDistribution) { e.Components = nil })},
		{"a plan over another entity's class", ledger.Invalid, "components.0.class", draft(func(e *ledger.DraftDistribution) { e.Components[0].Class = farm + "C01" })},
		{"a pool of nothing", ledger.Invalid, "components.0.pool", draft(func(e *ledger.DraftDistribution) { e.Components[0].Pool = 0 })},
		{"a rate of nothing", ledger.Invalid, "components.0.rate", draft(func(e *ledger.DraftDistribution) { e.Components[0].Rule = ledger.RatePerUnit })},
		{"a record date two years later", ledger.Invalid, "record_date", draft(func(e *ledger.DraftDistribution) { e.RecordDate = "2027-01-01" })},
		{"a distribution that is not there", ledger.NotFound, "distribution", &ledger.SubmitDistribution{Distribution: coop + "D202599"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := b.refused("kj-yuxin", c.code, c.field, c.entry)
			if e.Text == "" {
				t.Error("it does not say why")
			}
		})
	}
	b.refused("sh-qilihe", ledger.Invalid, "year", &ledger.CloseYear{Village: yuxin, Year: 2026})
	b.refused("sh-qilihe", ledger.Conflict, "year", &ledger.CloseYear{Village: yuxin, Year: 2024})
	b.refused("admin", ledger.Invalid, "code", &ledger.NameDivision{Code: "210727999201", Name: "无镇村"})
	b.refused("admin", ledger.Conflict, "account", &ledger.CloseAccount{Account: "admin", Home: "210700000000"})
	b.refused("kj-yuxin", ledger.Forbidden, "", &ledger.SetPassword{Account: "kj-kaizhou", Home: kaizhou, Hash: "h"})
	_ = population
	b.verify()
}

// A plan goes from draft to settled, its sums add up at every step, and nobody does what is another's.
func TestDistributionLife(t *testing.T) {
	b := newBooks(t)
	entity, population, land, holders := b.cooperative("kj-yuxin", yuxin, 7)
	b.post("kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("5000")})
	id := b.post("kj-yuxin", &ledger.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07", Components: []ledger.Component{
		{Class: land, Rule: ledger.PoolOver, Pool: yuan("100.01")}, {Class: population, Rule: ledger.RatePerUnit, Rate: rate("400")}}})[0]
	if e := b.refused("kj-yuxin", ledger.Conflict, "components", &ledger.SubmitDistribution{Distribution: id}); !hasText(e, "多出") {
		t.Errorf("more than distributable: %v", e)
	}
	plan := []ledger.Component{{Class: land, Rule: ledger.PoolOver, Pool: yuan("100.01")}, {Class: population, Rule: ledger.RatePerUnit, Rate: rate("32.005")}}
	b.post("kj-yuxin", &ledger.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2025-07", Components: plan})
	// A movement on the record date counts, one on the day after does not.
	b.post("kj-yuxin", &ledger.IssueShares{Class: population, Holder: holders[0], Quantity: units("1"), Date: "2025-11-30"},
		&ledger.IssueShares{Class: population, Holder: holders[1], Quantity: units("1"), Date: "2025-12-01"})
	var before []ledger.Figure
	b.read("yixian", func(v *ledger.View) {
		d, _ := v.Distribution(id)
		before, _, _, _ = v.Preview(d)
	})
	if got := before[0].Parts[1].Quantity; got != units("2") {
		t.Errorf("the first holder takes part with %s population shares", got)
	}
	if got := before[1].Parts[1].Quantity; got != units("2") {
		t.Errorf("the second holder takes part with %s population shares", got)
	}
	b.post("kj-yuxin", &ledger.SubmitDistribution{Distribution: id})
	b.refused("kj-yuxin", ledger.Conflict, "distribution", &ledger.ReviseDistribution{Distribution: id, RecordDate: "2025-11-30", Resolution: "2025-07", Components: plan})
	b.refused("kj-yuxin", ledger.Conflict, "distribution", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-01", All: true})
	b.refused("kj-yuxin", ledger.Conflict, "date", &ledger.IssueShares{Class: land, Holder: holders[0], Quantity: units("1"), Date: "2025-11-30"})
	b.post("kj-yuxin", &ledger.IssueShares{Class: land, Holder: holders[0], Quantity: units("100"), Date: "2025-12-01"})
	b.post("sh-qilihe", &ledger.ApproveDistribution{Distribution: id})
	b.disclosed(id)
	check := func(paid, failed int) {
		t.Helper()
		b.read("yixian", func(v *ledger.View) {
			d, _ := v.Distribution(id)
			list, _, _ := v.Payouts(id, "", 100, func(ledger.Payout) bool { return true })
			var due, p, f money.Yuan
			for i, line := range list {
				due += line.Due
				switch line.State {
				case ledger.Paid:
					p += line.Due
				case ledger.Failed:
					f += line.Due
				}
				if fmt.Sprint(line.Parts) != fmt.Sprint(before[i].Parts) {
					t.Errorf("%s was to get %v and gets %v", line.Holder, before[i].Parts, line.Parts)
				}
				why, err := v.Explain(d, line.Holder)
				if err != nil {
					t.Fatal(err)
				}
				for k, w := range why {
					if w.Amount != line.Parts[k].Amount {
						t.Errorf("%s gets %s, explained as %+v", line.Holder, line.Parts[k].Amount, w)
					}
				}
			}
			if due != d.Due || p != d.Paid || f != d.Failed || d.Paid+d.Failed+d.Outstanding() != d.Due || d.PaidCount != paid || d.FailCount != failed {
				t.Errorf("due %s paid %s failed %s; the plan says %+v", due, p, f, d)
			}
		})
	}
	check(0, 0)
	b.post("kj-yuxin", &ledger.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2], Reason: "户名不符"})
	check(0, 2)
	b.post("kj-yuxin", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-09", All: true})
	check(5, 2)
	b.refused("kj-yuxin", ledger.Conflict, "holders.0", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4]})
	b.refused("kj-yuxin", ledger.Conflict, "holders.0", &ledger.FailPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[3:4], Reason: "晚了"})
	b.refused("kj-yuxin", ledger.Invalid, "holders.1", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: []string{holders[0], holders[0]}})
	b.refused("kj-yuxin", ledger.NotFound, "holders.0", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: []string{yuxin + "H00099"}})
	b.refused("kj-yuxin", ledger.Conflict, "date", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-07", Holders: holders[:1]})
	b.post("kj-yuxin", &ledger.ConfirmPayouts{Distribution: id, Date: "2026-03-09", Holders: holders[:2]})
	check(7, 0)
	b.read("yixian", func(v *ledger.View) {
		if d, _ := v.Distribution(id); !d.Settled() || d.Label() != "结清" {
			t.Errorf("all is paid, but the plan is %s", d.Label())
		}
		if s, _ := v.Statement(yuxin, 2025); s.Distributable != yuan("5000")-s.Distributed || s.Distributed == 0 {
			t.Errorf("distributed %s, still distributable %s", s.Distributed, s.Distributable)
		}
	})
	b.verify()
}

// Losses of earlier years are made good first, the reserve comes out of what is left, and what a later year has given out cannot be given out
// again for an earlier one.
func TestStatement(t *testing.T) {
	b := newBooks(t)
	coop := b.post("kj-yuxin", &ledger.RegisterEntity{Village: yuxin, Name: "公司", Kind: ledger.Enterprise, Reserve: rate("10")})[0]
	for _, l := range []struct{ item, date, amount string }{
		{"operating", "2022-05-01", "100"}, {"operating_cost", "2022-05-01", "400"}, {"operating", "2023-05-01", "200"}, {"operating", "2024-05-01", "1000"},
	} {
		b.post("kj-yuxin", &ledger.RecordIncome{Book: coop, Item: l.item, Date: ledger.Date(l.date), Amount: yuan(l.amount)})
	}
	b.read("yixian", func(v *ledger.View) {
		for _, c := range []struct {
			year                                  int
			opening, gain, reserve, distributable string
		}{
			{2022, "0", "-300", "0", "-300"}, {2023, "-300", "200", "0", "-100"}, {2024, "-100", "1000", "90", "810"}, {2025, "810", "0", "0", "810"},
		} {
			s, err := v.Statement(coop, c.year)
			if err != nil || s.Opening != yuan(c.opening) || s.Gain != yuan(c.gain) || s.Reserve != yuan(c.reserve) || s.Distributable != yuan(c.distributable) {
				t.Errorf("%d: opening %s gain %s reserve %s distributable %s, %v; want %+v", c.year, s.Opening, s.Gain, s.Reserve, s.Distributable, err, c)
			}
		}
	})
	class := b.post("kj-yuxin", &ledger.OpenShareClass{Entity: coop, Kind: ledger.CashShare, Unit: ledger.ShareUnit})[0]
	holder := b.post("kj-yuxin", household(yuxin, 1))[0]
	b.post("kj-yuxin", &ledger.IssueShares{Class: class, Holder: holder, Quantity: units("1"), Date: "2022-01-01"})
	give := func(year int, sum string) string {
		return b.post("kj-yuxin", &ledger.DraftDistribution{Entity: coop, Year: year, RecordDate: ledger.Date(fmt.Sprintf("%d-12-31", year)), Resolution: "2025-07", Components: []ledger.Component{
			{Class: class, Rule: ledger.PoolOver, Pool: yuan(sum)}}})[0]
	}
	b.post("kj-yuxin", &ledger.SubmitDistribution{Distribution: give(2025, "800")})
	b.refused("kj-yuxin", ledger.Conflict, "components", &ledger.SubmitDistribution{Distribution: give(2024, "10.01")})
	b.post("kj-yuxin", &ledger.SubmitDistribution{Distribution: give(2024, "10")})
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
	coop := b.post("kj-yuxin", &ledger.RegisterEntity{Village: yuxin, Name: "农场", Kind: ledger.FamilyFarm, Founded: "2010-01-01"})[0]
	class := b.post("kj-yuxin", &ledger.OpenShareClass{Entity: coop, Kind: ledger.CashShare, Unit: ledger.ShareUnit})[0]
	holder := b.post("kj-yuxin", household(yuxin, 1))[0]
	b.post("kj-yuxin", &ledger.IssueShares{Class: class, Holder: holder, Quantity: units("1"), Date: "2011-01-01"},
		&ledger.BringForward{Book: coop, Year: 2012, Amount: yuan(given["年初未分配收益"])})
	for _, it := range ledger.ItemsOf(2012) {
		if given[string(it.Label)] == "" {
			t.Fatalf("the table has no %s", it.Label)
		}
		b.post("kj-yuxin", &ledger.RecordIncome{Book: coop, Item: it.Code, Date: "2012-12-31", Amount: yuan(given[string(it.Label)])})
	}
	b.post("kj-yuxin", &ledger.SetAside{Book: coop, Year: 2012, Fund: ledger.ReserveFund, Amount: yuan(given["公积公益金"]), Resolution: "2012-1"},
		&ledger.SetAside{Book: coop, Year: 2012, Fund: ledger.WelfareFund, Amount: yuan(given["福利费"]), Resolution: "2012-1"},
		&ledger.DraftDistribution{Entity: coop, Year: 2012, RecordDate: "2012-12-31", Resolution: "2025-07", Components: []ledger.Component{{Class: class, Rule: ledger.PoolOver, Pool: yuan(given["农户分配"])}}},
		&ledger.SubmitDistribution{Distribution: coop + "D201201"})
	b.refused("kj-yuxin", ledger.Conflict, "year", &ledger.SetAside{Book: coop, Year: 2012, Fund: ledger.ReserveFund, Amount: yuan("8"), Resolution: "2012-2"})
	b.refused("kj-yuxin", ledger.Conflict, "year", &ledger.BringForward{Book: coop, Year: 2012, Amount: yuan("16")})
	b.read("yixian", func(v *ledger.View) {
		s, _ := v.Statement(coop, 2012)
		for name, got := range map[string]money.Yuan{"总收入": s.Income, "总支出": s.Expense, "经营收益": s.Operating, "本年收益": s.Gain, "可分配收益": s.BeforeDistribution(), "年末未分配收益": s.Closing} {
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
			v := ledger.DefaultPolicy.Judge(ledger.Statement{Year: c.year, Operating: yuan(c.operating)}, c.recorded, 2026)
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
	b.post("kj-yuxin", &ledger.RecordIncome{Book: yuxin, Item: "subsidy", Date: "2025-06-01", Amount: yuan("900000")},
		&ledger.RecordIncome{Book: yuxin, Item: "operating", Date: "2025-06-01", Amount: yuan("49999.99")})
	b.post("kj-kaizhou", &ledger.RecordIncome{Book: kaizhou, Item: "operating", Date: "2025-06-01", Amount: yuan("60000.02")},
		&ledger.RecordIncome{Book: kaizhou, Item: "management", Date: "2025-06-01", Amount: yuan("0.02")})
	b.read("yixian", func(v *ledger.View) {
		r, err := v.Report("210727000000", 2025)
		if err != nil {
			t.Fatal(err)
		}
		if r.Summary.Villages != 3 || r.Shells != 2 || r.Unrecorded != 1 || r.Operating != yuan("109999.99") || r.Subsidy != yuan("900000") || r.Shareholders != 4 || r.People != 1+2+3+4 {
			t.Errorf("%+v", r.Summary)
		}
		var children, lines money.Yuan
		for _, c := range r.Children {
			children += c.Operating
		}
		if err := v.EachIncome("210727000000", 2025, func(l ledger.Income) error {
			it, _ := ledger.ItemNamed(l.Item)
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
