package dividend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// company is an enterprise with a household of three, a person, an investor from outside who is a person, a company and the village
// collective as holders of one share each: what a rate gives each is the rate.
func company(b *booktest.Books) (class string, holders []string) {
	entity := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "大地公司", Kind: register.Enterprise})[0]
	class = b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: booktest.Rate("1")})[0]
	family := booktest.Household(booktest.Yuxin, 1)
	family.People = 3
	family.Members = []register.Member{{Name: "测试妻", Relation: "妻", IDNo: booktest.ResidentID(801)}, {Name: "测试子", Relation: "子",
		IDNo: booktest.ResidentID(802)}}
	person := booktest.Household(booktest.Yuxin, 2)
	person.Kind, person.People = register.Person, 1
	for _, e := range []*register.RegisterShareholder{family, person,
		{Village: booktest.Yuxin, Kind: register.Outside, Name: "测试外人", IDNo: booktest.ResidentID(803)},
		{Village: booktest.Yuxin, Kind: register.Company, Name: "测试商贸公司"}, {Village: booktest.Yuxin, Kind: register.Collective, Name: "育新村集体"}} {
		h := b.Record("kj-yuxin", e)[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: h, Quantity: booktest.Units("1"), Date: "2024-01-01"})
		holders = append(holders, h)
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2025-05-01", Amount: yuan("100000")})
	return class, holders
}

// Tax is withheld where the plan says so: of persons, each rounded half up on its own, never of organisations; deductions come after it.
// Due, tax, deduction and net add up, holder by holder and in all, and the bank is sent the net.
func TestTaxAndDeductions(t *testing.T) {
	for _, c := range []struct {
		name   string
		rate   string // per share
		plan   dividend.DraftDistribution
		deduct map[int]string
		want   string // tax of the five
		net    string
	}{
		{name: "off by default", rate: "100.03", want: "0.00 0.00 0.00 0.00 0.00", net: "100.03 100.03 100.03 100.03 100.03"},
		{name: "of all persons, rounded half up", rate: "100.03", plan: dividend.DraftDistribution{TaxRate: booktest.Rate("20")},
			want: "20.01 20.01 20.01 0.00 0.00", net: "80.02 80.02 80.02 100.03 100.03"},
		{name: "by person: three parts of 33.35, 33.34, 33.34 each taxed alone", rate: "100.03",
			plan: dividend.DraftDistribution{TaxRate: booktest.Rate("20"), TaxByPerson: true},
			want: "20.01 20.01 20.01 0.00 0.00", net: "80.02 80.02 80.02 100.03 100.03"},
		{name: "by person: three of 0.02 round to nothing, one of 0.06 does not", rate: "0.06",
			plan: dividend.DraftDistribution{TaxRate: booktest.Rate("20"), TaxByPerson: true},
			want: "0.00 0.01 0.01 0.00 0.00", net: "0.06 0.05 0.05 0.06 0.06"},
		{name: "of those who are named", rate: "50", plan: dividend.DraftDistribution{TaxRate: booktest.Rate("10"), TaxOf: plan.OfNamed,
			TaxHolders: []string{"1", "2"}}, want: "0.00 5.00 5.00 0.00 0.00", net: "50.00 45.00 45.00 50.00 50.00"},
		{name: "deductions of what tax leaves", rate: "50", plan: dividend.DraftDistribution{TaxRate: booktest.Rate("20")},
			deduct: map[int]string{0: "40", 3: "7.5"}, want: "10.00 10.00 10.00 0.00 0.00", net: "0.00 40.00 40.00 42.50 50.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := booktest.New(t)
			class, h := company(b)
			for i, n := range c.plan.TaxHolders {
				c.plan.TaxHolders[i] = h[n[0]-'0']
			}
			id := draftTaxed(b, class, c.rate, c.plan)
			for n, sum := range c.deduct {
				b.Record("kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: h[n], Amount: yuan(sum), Reason: "代收水费"})
			}
			b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
			b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
			b.Disclosed(id)
			b.See("yixian", func(v *journal.View) {
				var tax, net []string
				var sum, withheld money.Yuan
				for _, x := range h {
					p, _ := dividend.PayoutOf(v, id, x)
					tax, net, sum = append(tax, p.Tax.String()), append(net, p.Net().String()), sum+p.Net()
				}
				d := mustPlan(v, id)
				if err := dividend.Withheld(v, []plan.Distribution{d}, 0, nil, func(l dividend.TaxLine) error {
					withheld += l.Tax
					if l.Until() != "" {
						t.Errorf("%s is to be paid in before it is withheld", l.Name)
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				if strings.Join(tax, " ") != c.want || strings.Join(net, " ") != c.net || sum != d.Net() || withheld != d.Tax {
					t.Errorf("tax %v, net %v; the plan withholds %s, its list %s, and pays %s of %s", tax, net, d.Tax, withheld, d.Net(), d.Due)
				}
				list, err := dividend.Explain(v, d, h[0])
				var lines money.Yuan
				for _, x := range list {
					lines += x.Amount
				}
				if p, _ := dividend.PayoutOf(v, id, h[0]); err != nil || lines != p.Net() {
					t.Errorf("explained as %s: %v", lines, err)
				}
			})
			b.Record("kj-yuxin", &dividend.MakeBatch{Distribution: id, Date: journal.DateOf(b.Time)})
			b.See("yixian", func(v *journal.View) {
				batch, _ := dividend.BatchOf(v, id+"T01")
				var sum money.Yuan
				for _, x := range h[:2] { // who has an account
					p, _ := dividend.PayoutOf(v, id, x)
					sum += p.Net()
				}
				if batch.Sum != sum {
					t.Errorf("the bank is sent %s, want %s", batch.Sum, sum)
				}
			})
			b.Verified()
		})
	}
}

// draftTaxed drafts a plan of a rate per share that withholds as another draft says.
func draftTaxed(b *booktest.Books, class, rate string, as dividend.DraftDistribution) string {
	as.Entity, as.Year, as.RecordDate, as.Resolution = journal.EntityID.In(class), 2025, "2025-12-31", "1"
	as.Components = []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate(rate)}}
	return b.Record("kj-yuxin", &as)[0]
}

// What is withheld or deducted wrongly is refused, with its field; what passes to heirs is taxed as they are; what has tax in it does not
// become capital as a whole; and what is sent back takes its tax along.
func TestTaxIsRefusedAndGoesAlong(t *testing.T) {
	b := booktest.New(t)
	class, h := company(b)
	for field, as := range map[string]dividend.DraftDistribution{
		"tax_rate": {TaxRate: booktest.Rate("100.1")}, "tax_of": {TaxRate: booktest.Rate("20"), TaxOf: "x"},
		"tax_rate ":   {TaxOf: plan.OfPersons, TaxByPerson: true},
		"tax_holders": {TaxRate: booktest.Rate("20"), TaxOf: plan.OfNamed}, "tax_holders.1": {TaxRate: booktest.Rate("20"), TaxOf: plan.OfNamed,
			TaxHolders: []string{h[0], h[0]}},
	} {
		as.Entity, as.Year, as.RecordDate, as.Resolution = journal.EntityID.In(class), 2025, "2025-12-31", "1"
		as.Components = []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")}}
		b.Refuses("kj-yuxin", journal.Invalid, strings.TrimSpace(field), &as)
	}
	for field, as := range map[string]dividend.DraftDistribution{ // a company has no members, and organisations pay their own
		"tax_of":        {TaxRate: booktest.Rate("20"), TaxOf: plan.OfOutside},
		"tax_holders.0": {TaxRate: booktest.Rate("20"), TaxOf: plan.OfNamed, TaxHolders: []string{h[3]}}} {
		as.Entity, as.Year, as.RecordDate, as.Resolution = journal.EntityID.In(class), 2025, "2025-12-31", "1"
		as.Components = []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("1")}}
		b.Refuses("kj-yuxin", journal.Invalid, field, &as)
	}
	id := draftTaxed(b, class, "100", dividend.DraftDistribution{TaxRate: booktest.Rate("20")})
	b.Refuses("kj-yuxin", journal.Invalid, "reason", &dividend.DeductPayout{Distribution: id, Holder: h[0], Amount: 1})
	b.Refuses("kj-yuxin", journal.Invalid, "amount", &dividend.DeductPayout{Distribution: id, Holder: h[0], Reason: "x"})
	b.Record("kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: h[0], Amount: yuan("80.01"), Reason: "水费"})
	if f := b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.SubmitDistribution{Distribution: id}); !booktest.HasText(f,
		"不够扣") {
		t.Errorf("%v", f)
	}
	b.Record("kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: h[0], Amount: yuan("10"), Reason: "水费"})
	stranger := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 50))[0]
	b.Record("kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: stranger, Amount: yuan("1"), Reason: "水费"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.SubmitDistribution{Distribution: id})
	b.Record("kj-yuxin", &dividend.DeductPayout{Distribution: id, Holder: stranger, Reason: "写错了"},
		&dividend.SubmitDistribution{Distribution: id})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.DeductPayout{Distribution: id, Holder: h[0], Amount: 1, Reason: "x"})
	sums := func() string {
		said := ""
		b.See("yixian", func(v *journal.View) {
			d := mustPlan(v, id)
			said = fmt.Sprintf("%s %s %s %s", d.Due, d.Tax, d.Deducted, d.Net())
		})
		return said
	}
	if got := sums(); got != "500.00 60.00 10.00 430.00" {
		t.Errorf("due, tax, deducted, net: %s", got)
	}
	b.Record("sh-qilihe", &dividend.ReturnDistribution{Distribution: id, Reason: "x"})
	if got := sums(); got != "0.00 0.00 0.00 0.00" {
		t.Errorf("sent back: %s", got)
	}
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-12-31", Resolution: "1",
		TaxRate:    booktest.Rate("20"),
		Components: []plan.Component{{Class: class, Rule: plan.RatePerUnit, Rate: booktest.Rate("100")}}},
		&dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	b.Record("kj-yuxin", &dividend.HoldPayouts{Distribution: id, Holders: []string{h[0]}, Reason: "户主去世"},
		&dividend.ReleasePayout{Distribution: id, Holder: h[0], Reason: "公证", Heirs: []dividend.Heir{{Holder: h[1], Amount: yuan("33.33")},
			{Holder: h[3], Amount: yuan("66.67")}}}) // the company pays its own tax
	if got := sums(); got != "500.00 46.67 10.00 443.33" {
		t.Errorf("with heirs: %s", got)
	}
	b.Record("kj-yuxin", &dividend.ConfirmPayouts{Distribution: id, Date: journal.DateOf(b.Time), All: true})
	b.See("yixian", func(v *journal.View) {
		var tax money.Yuan
		if err := dividend.Withheld(v, []plan.Distribution{mustPlan(v, id)}, 2026, nil, func(l dividend.TaxLine) error {
			if tax += l.Tax; l.Until() != "2026-04-15" || !strings.Contains(l.ID, "*") {
				t.Errorf("%s %s has to be paid in by %s", l.Name, l.ID, l.Until())
			}
			return nil
		}); err != nil || tax != yuan("46.67") {
			t.Errorf("%s: %v", tax, err)
		}
	})
	b.Verified()
}
