package ledger_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

// Every kind of entry is refused outside its role and outside its region, and taken inside.
func TestEveryEntryHasItsRoleAndRegion(t *testing.T) {
	b := booktest.New(t)
	strangers := map[string]string{"kj-yuxin": "kj-kaizhou", "sh-qilihe": "sh-chengguan", "admin": "admin-heishan", "yixian": "heishan",
		booktest.Visitor + "210727": booktest.Visitor + "210726"}
	if _, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&office.AddAccount{Name: "admin-heishan", Role: journal.Administrator, Region: region.MustParse("210726"), Hash: "h"},
		&office.AddAccount{Name: "heishan", Role: journal.Official, Region: region.MustParse("210726"), Hash: "h"}}}); err != nil {
		t.Fatal(err)
	}
	wrongRole := map[string]string{"kj-yuxin": "sh-qilihe", "sh-qilihe": "kj-yuxin", "admin": "yixian", "yixian": "kj-yuxin",
		booktest.Visitor + "210727": "sh-qilihe"}
	seen := map[string]bool{}
	for i, s := range booktest.Samples() {
		kind := journal.KindOf(s.Entry)
		seen[kind] = true
		k, _ := journal.KindNamed(kind)
		for why, account := range map[string]string{"another region": strangers[s.Account], "another role": wrongRole[s.Account],
			"an official": map[bool]string{true: "kj-yuxin", false: "yixian"}[s.Account == "yixian"]} {
			if why != "another region" && slices.Contains(k.Roles, b.As(account).Role) { // the kind is for several: one that it is not for
				others := []string{"admin", "yixian", "sh-qilihe", "kj-yuxin"}
				at := slices.IndexFunc(others, func(o string) bool { return !slices.Contains(k.Roles, b.As(o).Role) })
				if at < 0 {
					continue // everybody's
				}
				account = others[at]
			}
			if _, err := b.Post(b.As(account), journal.Posting{Entries: []journal.Entry{booktest.Samples()[i].Entry}}); !booktest.CodeIs(err,
				journal.Forbidden) {
				t.Errorf("%s by %s (%s): %v", kind, account, why, err)
			}
		}
		b.Record(s.Account, booktest.Samples()[i].Entry)
	}
	for _, kind := range journal.Kinds() {
		k, _ := journal.KindNamed(kind)
		if !seen[kind] && !k.Follows {
			t.Errorf("no sample of %s", kind)
		}
		if journal.KindLabel(kind) == journal.Label(kind) {
			t.Errorf("%s has no Chinese name", kind)
		}
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
	b.Verified()
}

// Nothing can be read outside one's region.
func TestEveryQueryHasItsRegion(t *testing.T) {
	b := booktest.New(t)
	for i, s := range booktest.Samples() {
		b.Record(s.Account, booktest.Samples()[i].Entry)
	}
	const e = booktest.Yuxin + "E001"
	v := region.Code(booktest.Yuxin)
	for name, query := range map[string]func(*journal.View) error{
		"PublicPlans": func(q *journal.View) error { _, err := dividend.PublicPlans(q, v); return err },
		"PublicPlan":  func(q *journal.View) error { _, err := dividend.PublicPlan(q, e+"D202501"); return err },
		"PublicLines": func(q *journal.View) error {
			_, err := dividend.PublicLines(q, plan.Distribution{ID: e + "D202501", Entity: e}, 0, 9)
			return err
		},
		"Entity":         func(q *journal.View) error { _, err := register.EntityOf(q, e); return err },
		"PapersOf":       func(q *journal.View) error { _, err := paper.PapersOf(q, e); return err },
		"Paper":          func(q *journal.View) error { _, err := paper.PaperOf(q, e+"P001"); return err },
		"Duplicates":     func(q *journal.View) error { _, err := register.Duplicates(q, v, 9); return err },
		"Trades":         func(q *journal.View) error { _, _, err := dividend.Trades(q, e, 2025, "", "", 9); return err },
		"MemberAccounts": func(q *journal.View) error { _, err := dividend.MemberAccounts(q, e, "2025-12-31"); return err },
		"AccountLines": func(q *journal.View) error {
			_, err := dividend.AccountLines(q, e, booktest.Yuxin+"H00001", "2025-12-31")
			return err
		},
		"Spread": func(q *journal.View) error { _, err := income.Spread(q, booktest.Yuxin, 2025); return err },
		"Batch":  func(q *journal.View) error { _, err := dividend.BatchOf(q, e+"D202501T01"); return err },
		"PaidElse": func(q *journal.View) error {
			_, err := dividend.PaidElse(q, plan.Distribution{ID: e + "D202501", Entity: e, Year: 2025}, booktest.Yuxin+"H00001")
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
		"HoldingsOf":   func(q *journal.View) error { _, err := register.HoldingsOf(q, booktest.Yuxin+"H00001"); return err },
		"HoldingEvents": func(q *journal.View) error {
			_, err := register.HoldingEvents(q, e+"C01", booktest.Yuxin+"H00001")
			return err
		},
		"Shareholder":      func(q *journal.View) error { _, err := register.ShareholderOf(q, booktest.Yuxin+"H00001"); return err },
		"FindShareholders": func(q *journal.View) error { _, _, err := register.FindShareholders(q, v, "", "", 9); return err },
		"HolderOf": func(q *journal.View) error {
			_, err := register.HolderOf(q, register.ShareClass{ID: e + "C01"}, booktest.Yuxin+"H00001")
			return err
		},
		"ShareholderOf": func(q *journal.View) error {
			_, err := dividend.ShareholderOf(q, plan.Distribution{ID: e + "D202501"}, booktest.Yuxin+"H00001")
			return err
		},
		"Contract": func(q *journal.View) error { _, err := income.ContractOf(q, booktest.Yuxin+"K0001"); return err },
		"EachContract": func(q *journal.View) error {
			return income.EachContract(q, booktest.Yuxin, func(income.Contract) error { return nil })
		},
		"ContractStates": func(q *journal.View) error { _, err := income.ContractStates(q, booktest.Yuxin); return err },
		"ContractState":  func(q *journal.View) error { _, err := income.ContractStateOf(q, booktest.Yuxin+"K0001"); return err },
		"Receipts":       func(q *journal.View) error { _, err := income.Receipts(q, booktest.Yuxin+"K0001"); return err },
		"Linkable": func(q *journal.View) error {
			_, err := income.Linkable(q, income.Contract{ID: booktest.Yuxin + "K0001", Terms: []income.Terms{{From: "2020-01-01"}}}, 9)
			return err
		},
		"ReceiptItem": func(q *journal.View) error {
			_, _, err := income.ReceiptItem(q, income.Contract{ID: booktest.Yuxin + "K0001"}, 2026)
			return err
		},
		"Warnings": func(q *journal.View) error { _, err := report.Warnings(q, v, true); return err },
		"Expected": func(q *journal.View) error { _, err := report.ExpectedOf(q, v); return err },
		"Incomes":  func(q *journal.View) error { _, err := income.Incomes(q, booktest.Yuxin, 2025, ""); return err },
		"EachIncome": func(q *journal.View) error {
			return income.EachIncome(q, v, 2025, func(income.Income) error { return nil })
		},
		"Income":        func(q *journal.View) error { _, err := income.IncomeOf(q, booktest.Yuxin+"Y2025N00001"); return err },
		"Statement":     func(q *journal.View) error { _, err := income.StatementOf(q, booktest.Yuxin, 2025); return err },
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
			_, err := register.PledgedBy(q, booktest.Yuxin+"H00001", "2025-01-01")
			return err
		},
		"PledgedOn": func(q *journal.View) error { _, err := register.PledgedOn(q, e+"C01", "2025-01-01"); return err },
		"PledgesOf": func(q *journal.View) error { _, err := register.PledgesOf(q, booktest.Yuxin+"H00001"); return err },
		"ResolveHolder": func(q *journal.View) error {
			_, err := register.ResolveHolder(q, v, booktest.Yuxin+"H00001")
			return err
		},
		"Contributions": func(q *journal.View) error {
			_, _, err := register.Contributions(q, e, "2025", "", "", 9)
			return err
		},
		"ContributionSum": func(q *journal.View) error { _, err := report.ContributionSum(q, e, "2025", ""); return err },
		"Stakeholders":    func(q *journal.View) error { _, _, err := report.Stakeholders(q, v, 2025, "", 0, 9); return err },
		"ClassStakes": func(q *journal.View) error {
			_, err := report.ClassStakes(q, v, 2025, register.LandShare, register.MuUnit)
			return err
		},
		"Transformation": func(q *journal.View) error { _, err := report.TransformationOf(q, v, 2025); return err },
		"Received":       func(q *journal.View) error { _, err := dividend.Received(q, booktest.Yuxin+"H00001"); return err },
		"Why": func(q *journal.View) error {
			r, err := report.ReportOf(q, v, 2025)
			if err == nil {
				f, _ := report.FigureNamed("measure")
				_, err = r.Why(f)
			}
			return err
		},
		"GivenTo": func(q *journal.View) error { _, _, _, err := report.GivenTo(q, v, 2025); return err },
		"Marks":   func(q *journal.View) error { _, err := report.Marks(q, v); return err },
		"Failed":  func(q *journal.View) error { _, err := report.FailedIn(q, v); return err },
		"PayoutsWanted": func(q *journal.View) error {
			_, _, _, err := report.PayoutsWanted(q, v, dividend.WantedPayouts{})
			return err
		},
		"Largest": func(q *journal.View) error { _, err := report.ConcentrationsOf(q, v); return err },
		"Parties": func(q *journal.View) error { _, err := report.AllParties(q, v, 2025); return err },
		"Entered": func(q *journal.View) error {
			_, _, err := report.EnteredIn(q, v, "2025Q1", 1, false)
			return err
		},
		"PayoutRows": func(q *journal.View) error {
			_, _, err := dividend.PayoutRows(q, v, dividend.WantedPayouts{}, "", 9, false)
			return err
		},
		"PartyRows":    func(q *journal.View) error { _, _, err := report.PartyRows(q, v, "x", 2025, 2024); return err },
		"Beside":       func(q *journal.View) error { _, err := report.Beside(q, v, "2025Q1", "2024Q1"); return err },
		"Report":       func(q *journal.View) error { _, err := report.ReportOf(q, v, 2025); return err },
		"Journal":      func(q *journal.View) error { _, _, err := q.Journal(v, "", 9); return err },
		"JournalEntry": func(q *journal.View) error { _, err := q.JournalEntry("210727", 20); return err },
		"Accounts":     func(q *journal.View) error { _, err := q.Accounts(v); return err },
	} {
		for _, account := range []string{"kj-kaizhou", "sh-chengguan"} {
			if err := b.Read(b.As(account), query); !booktest.CodeIs(err, journal.Forbidden) {
				t.Errorf("%s by %s: %v", name, account, err)
			}
		}
		if err := b.Read(b.As("yixian"), query); name != "Accounts" && err != nil {
			t.Errorf("%s by the county's official: %v", name, err)
		}
	}
}

// What the ledger refuses, and where it says the fault is.
func TestRefusals(t *testing.T) {
	b := booktest.New(t)
	coop, population, land, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	farm := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "家庭农场", Kind: register.FamilyFarm})[0]
	b.Record("sh-qilihe", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1000")})
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("50")})
	b.Record("kj-yuxin", &income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00002", Reason: "记错"})
	twin, badID, badCard, badPhone, crowd, nobody := booktest.Household(booktest.Yuxin, 1), booktest.Household(booktest.Yuxin, 50),
		booktest.Household(booktest.Yuxin, 51), booktest.Household(booktest.Yuxin, 52),
		booktest.Household(booktest.Yuxin, 53), booktest.Household(booktest.Yuxin, 54)
	badID.IDNo = badID.IDNo[:17] + "Y"
	badCard.Card += "1"
	badPhone.Phone = "123"
	crowd.People = 51
	nobody.Name = ""
	neighbour := b.Record("kj-kaizhou", booktest.Household(booktest.Kaizhou, 60))[0]
	booked := func(change func(*income.RecordIncome)) journal.Entry {
		e := &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1")}
		change(e)
		return e
	}
	issue := func(change func(*register.IssueShares)) journal.Entry {
		e := &register.IssueShares{Class: land, Holder: holders[0], Quantity: booktest.Units("1"), Date: "2025-06-01"}
		change(e)
		return e
	}
	draft := func(change func(*dividend.DraftDistribution)) journal.Entry {
		e := &dividend.DraftDistribution{Entity: coop, Year: 2025, RecordDate: "2025-11-30", Resolution: "2025-07",
			Components: []plan.Component{{Class: land, Rule: plan.PoolOver, Pool: booktest.Yuan("10")}}}
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
			&register.RegisterEntity{Village: booktest.Yuxin, Name: "乙", Kind: register.Enterprise, CreditCode: "91350100M000100Y44"}},
		{"a second stock cooperative", journal.Conflict, "kind", &register.RegisterEntity{Village: booktest.Yuxin, Name: "乙",
			Kind: register.StockCooperative}},
		{"a name that is taken", journal.Conflict, "name",
			&register.RegisterEntity{Village: booktest.Yuxin, Name: "家庭农场", Kind: register.FamilyFarm}},
		{"an entity that is founded tomorrow", journal.Invalid, "founded", &register.RegisterEntity{Village: booktest.Yuxin, Name: "乙",
			Kind: register.FamilyFarm, Founded: "2026-03-02"}},
		{"an id of another village", journal.Invalid, "id",
			&register.RegisterEntity{ID: booktest.Kaizhou + "E001", Village: booktest.Yuxin, Name: "乙",
				Kind: register.FamilyFarm}},
		{"an id that is taken", journal.Conflict, "id", &register.RegisterEntity{ID: farm, Village: booktest.Yuxin, Name: "乙",
			Kind: register.FamilyFarm}},
		{"a class twice", journal.Conflict, "name", &register.OpenShareClass{Entity: coop, Kind: register.LandShare, Unit: register.MuUnit}},
		{"a class of no entity", journal.NotFound, "entity", &register.OpenShareClass{Entity: booktest.Yuxin + "E009", Kind: register.LandShare,
			Unit: register.MuUnit}},
		{"shares of no class", journal.NotFound, "class", issue(func(e *register.IssueShares) { e.Class = coop + "C09" })},
		{"shares to nobody", journal.NotFound, "holder", issue(func(e *register.IssueShares) { e.Holder = booktest.Yuxin + "H99999" })},
		{"shares to an ID number nobody has", journal.NotFound, "id_no",
			issue(func(e *register.IssueShares) { e.Holder, e.IDNo = "", booktest.ResidentID(999) })},
		{"shares to a household of a village that is not the accountant's", journal.Conflict, "holder",
			issue(func(e *register.IssueShares) { e.Holder = neighbour })},
		{"shares to an ID number under another name", journal.Conflict, "name",
			issue(func(e *register.IssueShares) { e.Holder, e.IDNo, e.Name = "", booktest.ResidentID(0), "别人" })},
		{"shares that were never issued taken back", journal.NotFound, "movement",
			&register.ReverseMovement{Class: land, Holder: holders[0], Movement: 1, Reason: "错"}},
		{"a correction of an entity without a reason", journal.Invalid, "reason", &register.CorrectEntity{Entity: coop, Name: "乙"}},
		{"a correction of nothing of an entity", journal.Invalid, "name", &register.CorrectEntity{Entity: coop, Reason: "错"}},
		{"a correction of an entity that is not there", journal.NotFound, "entity",
			&register.CorrectEntity{Entity: booktest.Yuxin + "E999", Name: "乙", Reason: "错"}},
		{"a correction to a credit code that is none", journal.Invalid, "credit_code",
			&register.CorrectEntity{Entity: coop, CreditCode: "N22107270000000019", Reason: "错"}},
		{"a founding after the first shares", journal.Invalid, "founded", &register.CorrectEntity{Entity: coop, Founded: "2026-02-28",
			Reason: "错"}},
		{"a reserve over 100", journal.Invalid, "reserve", &register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("100.1"), From: 2026,
			Resolution: "1"}},
		{"a reserve without a resolution", journal.Invalid, "resolution",
			&register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2026}},
		{"a reserve from the year after next", journal.Invalid, "from_year",
			&register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2028, Resolution: "1"}},
		{"a correction to a name that is taken", journal.Conflict, "name", &register.CorrectEntity{Entity: coop, Name: "家庭农场", Reason: "错"}},
		{"a reserve of a closed year", journal.Conflict, "from_year",
			&register.ChangeReserve{Entity: coop, Reserve: booktest.Rate("5"), From: 2024,
				Resolution: "1"}},
		{"a correction of nothing", journal.Invalid, "name", &register.CorrectShareholder{Holder: holders[0], Reason: "错"}},
		{"a correction to another's ID number", journal.Conflict, "id_no",
			&register.CorrectShareholder{Holder: holders[0], IDNo: booktest.ResidentID(1),
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
		{"an item of the old form in a new year, which does not say what it is", journal.Invalid, "nature",
			booked(func(e *income.RecordIncome) { e.Item = "contracting" })},
		{"an item of another form", journal.Invalid, "item", booked(func(e *income.RecordIncome) { e.Item = "tax_refund" })},
		{"an item that does not exist", journal.Invalid, "item", booked(func(e *income.RecordIncome) { e.Item = "lottery" })},
		{"the book of a stock cooperative, which is the village's", journal.Invalid, "book",
			booked(func(e *income.RecordIncome) { e.Book = coop })},
		{"a book of nobody", journal.NotFound, "book", booked(func(e *income.RecordIncome) { e.Book = booktest.Yuxin + "E077" })},
		{"a line reversed twice", journal.Conflict, "income", &income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00002", Reason: "又"}},
		{"a reversal of a reversal", journal.Conflict, "income", &income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00003", Reason: "又"}},
		{"a reversal without a reason", journal.Invalid, "reason", &income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00001"}},
		{"a reversal dated before the line", journal.Invalid, "date",
			&income.ReverseIncome{Income: booktest.Yuxin + "Y2025N00001", Date: "2025-05-31",
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
			e := b.Refuses("kj-yuxin", c.code, c.field, c.entry)
			if e.Text == "" {
				t.Error("it does not say why")
			}
		})
	}
	b.Refuses("sh-qilihe", journal.Invalid, "year", &office.CloseYear{Village: booktest.Yuxin, Year: 2026})
	b.Refuses("sh-qilihe", journal.Conflict, "year", &office.CloseYear{Village: booktest.Yuxin, Year: 2024})
	b.Refuses("admin", journal.Invalid, "code", &office.NameDivision{Code: "210727999201", Name: "无镇村"})
	b.Refuses("admin", journal.Conflict, "account", &office.CloseAccount{Account: "admin", Home: "210700000000"})
	b.Refuses("kj-yuxin", journal.Forbidden, "", &office.SetPassword{Account: "kj-kaizhou", Home: booktest.Kaizhou, Hash: "h"})
	_ = population
	b.Verified()
}
