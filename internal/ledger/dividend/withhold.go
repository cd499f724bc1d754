package dividend

import (
	"maps"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// taxRate is the rate that forms of new plans offer.
var taxRate = office.Describe(office.Setting{
	Name: "dividend_tax", Label: "分红代扣个人所得税", Default: "",
	Hint:  "百分数,例如 20;新方案照这个填好,可以改;留空就不代扣。从哪天起,管那天以后起草的方案",
	Wrong: office.WrongPercent,
})

// TaxRateFor is the rate that the office of a place has for new plans today, 0 where tax is not withheld.
func TaxRateFor(v *journal.View, id string) (money.Rate, error) {
	value, err := office.InForce(v, journal.PlaceOf(id), taxRate)
	if err != nil || value == "" {
		return 0, err
	}
	return money.ParseRate(value)
}

// WithholdingItem is what the tax law calls what is taxed (个人所得税法 art. 2). What is withheld stands in 应交税费 until it is paid in.
const WithholdingItem journal.Label = "利息、股息、红利所得"

// Charge is what of a holder's sum is not paid out: tax withheld, and what is deducted for a reason.
type Charge struct {
	Holder   string     `cbor:"1,keyasint"`
	Tax      money.Yuan `cbor:"2,keyasint,omitempty"`
	Deducted money.Yuan `cbor:"3,keyasint,omitempty"`
	Reason   string     `cbor:"4,keyasint,omitempty"`
	Payees   []Payee    `cbor:"5,keyasint,omitempty"` // where each person of a household is taxed alone
}

// Payee is a person of a household with the part that is taxed.
type Payee struct {
	_      struct{} `cbor:",toarray"`
	Name   string
	Paper  ident.IDKind
	IDNo   seal.Box
	Income money.Yuan
	Tax    money.Yuan
}

// chargeBoxes tells of the numbers of the persons of households who are taxed alone.
func chargeBoxes(each func(journal.Boxed), list []Charge) {
	for _, c := range list {
		for i := range c.Payees {
			each(journal.Boxed{Purpose: seal.ResidentID, Owner: c.Holder, Box: &c.Payees[i].IDNo})
		}
	}
}

// withheld is how a plan's entry says what it withholds.
type withheld struct {
	rate     money.Rate
	of       plan.TaxOf
	holders  []string
	byPerson bool
}

// rule is what the plan keeps of it, nil where it withholds nothing.
func (w withheld) rule() *plan.Withholding {
	if w.rate == 0 {
		return nil
	}
	return &plan.Withholding{Rate: w.rate, Of: w.of, Holders: w.holders, ByPerson: w.byPerson}
}

// check refuses a rate that is none, and a group that does not fit what is named.
func (w withheld) check(c *journal.Checking, f *journal.Faults, entity string) {
	switch {
	case w.rate < 0 || w.rate > 100_000_000:
		f.Invalid("tax_rate", w.rate, "税率 %s 不在 0 到 100 之间", w.rate.String())
	case w.rate == 0 && (w.of != "" || len(w.holders) > 0 || w.byPerson):
		f.Invalid("tax_rate", "", "写了代扣谁的税,请写税率,例如 20")
	}
	if !slices.Contains(plan.TaxGroups(), w.of) {
		f.Invalid("tax_of", w.of, "没有“%s”这一类;留空、nonmember 或 named", string(w.of))
	} else if e, _ := register.EntityTable.Get(c, entity); w.of == plan.OfOutside && !e.Kind.Collective() {
		f.Invalid("tax_of", w.of, "只有集体经济组织分成员和非成员;%s是%s,请列出要代扣的股东", e.Name, e.Kind.Label())
	} else if (w.of == plan.OfNamed) != (len(w.holders) > 0) {
		f.Invalid("tax_holders", "", "请列出要代扣的股东;代扣全部或非成员的,不用列")
	}
	for i, h := range w.holders {
		at := "tax_holders." + strconv.Itoa(i)
		if register.CheckHolderOf(c, f, journal.PlaceOf(entity), at, h); slices.Contains(w.holders[:i], h) {
			f.Invalid(at, h, "股东 %s 写了两次", h)
		} else if s, ok := register.ShareholderTable.Get(c, h); ok && !s.IsPerson(c.Open) {
			f.Invalid(at, s.Name, "%s不是个人,自己申报缴税,不代扣", s.Name)
		}
	}
}

// charging works out what is not paid out of what a plan gives.
type charging struct {
	store.Reader
	d        plan.Distribution
	open     seal.Opener
	outsider func(register.Shareholder) bool
}

func chargingOf(r store.Reader, open seal.Opener, d plan.Distribution) *charging {
	x := &charging{Reader: r, d: d, open: open}
	if d.Withholding != nil && d.Withholding.Of == plan.OfOutside {
		x.outsider = register.Outsiders(r, open, d.Entity, d.RecordDate)
	}
	return x
}

// taxed tells whether the plan withholds tax of a holder.
func (x *charging) taxed(s register.Shareholder) bool {
	rule := x.d.Withholding
	switch {
	case rule == nil || !s.IsPerson(x.open):
		return false
	case rule.Of == plan.OfOutside:
		return x.outsider(s)
	case rule.Of == plan.OfNamed:
		return slices.Contains(rule.Holders, s.ID)
	}
	return true
}

// tax is the tax on a sum of a holder: of the householder, or of each person of the household for an equal part, the odd 分 to the first;
// each person's is rounded half up on its own.
func (x *charging) tax(s register.Shareholder, sum money.Yuan, parted bool) (tax money.Yuan, payees []Payee, err error) {
	if sum <= 0 || !x.taxed(s) {
		return 0, nil, nil
	}
	if !parted || !x.d.Withholding.ByPerson || s.Kind != register.Household {
		return sum.Percent(x.d.Withholding.Rate), nil, nil
	}
	if s.People > 0 && len(s.Members)+1 != s.People {
		return 0, nil, journal.Clash("tax_by_person", s.Name, "%s户登记 %s 人,列出的家庭成员连户主是 %s 人;按人代扣税款要先补齐家庭成员", s.Name,
			strconv.Itoa(s.People), strconv.Itoa(len(s.Members)+1))
	}
	payees = append(payees, Payee{Name: s.Name, Paper: s.Paper, IDNo: s.IDNo})
	for _, m := range s.Members {
		payees = append(payees, Payee{Name: m.Name, IDNo: m.Box})
	}
	n := money.Yuan(len(payees))
	for i := range payees {
		p := &payees[i]
		if p.Income = sum / n; money.Yuan(i) < sum%n {
			p.Income++
		}
		p.Tax = p.Income.Percent(x.d.Withholding.Rate)
		tax += p.Tax
	}
	return tax, payees, nil
}

// charges works out what of each holder's sum is not paid out, in order of the holders' ids.
func charges(r store.Reader, open seal.Opener, of people, d plan.Distribution, holders []string, due map[string]money.Yuan) (list []Charge,
	err error) {
	x, left := chargingOf(r, open, d), deductionsOf(r, d.ID)
	for _, h := range holders {
		c := Charge{Holder: h}
		if d.Withholding != nil {
			if c.Tax, c.Payees, err = x.tax(of(h), due[h], true); err != nil {
				return nil, err
			}
		}
		if k, ok := left[h]; ok {
			delete(left, h)
			if c.Deducted, c.Reason = k.Amount, k.Reason; c.Tax+c.Deducted > due[h] {
				return nil, journal.Clash("distribution", nameOf(r, h), "%s应付 %s 元,代扣税 %s 元以后不够扣 %s 元(%s);请改扣款", nameOf(r, h), due[h].Grouped(),
					c.Tax.Grouped(), c.Deducted.Grouped(), c.Reason)
			}
		}
		if c.Tax+c.Deducted > 0 {
			list = append(list, c)
		}
	}
	for _, h := range slices.Sorted(maps.Keys(left)) {
		k := left[h]
		return nil, journal.Clash("distribution", nameOf(r, h), "%s这次没有应付的,不能扣 %s 元(%s);请去掉这笔扣款", nameOf(r, h), k.Amount.Grouped(), k.Reason)
	}
	return list, nil
}

// Charges works out what of each holder's sum a draft would not pay out, by holder.
func Charges(v *journal.View, d plan.Distribution, due map[string]money.Yuan) (map[string]Charge, error) {
	books, err := v.At(d.Village())
	if err != nil {
		return nil, err
	}
	list, err := charges(books, v.Open, peopleOf(books), d, sortedHolders(due), due)
	byHolder := map[string]Charge{}
	for _, c := range list {
		byHolder[c.Holder] = c
	}
	return byHolder, err
}

// explainCharges tells what of a payout is not paid out.
func explainCharges(d plan.Distribution, p Payout) (lines []*journal.Error) {
	switch {
	case p.Tax == 0:
	case len(p.Payees) > 0:
		for _, one := range p.Payees {
			lines = append(lines, journal.Say("代扣个人所得税(%s):%s 元 × %s%% = %s 元", one.Name, one.Income.Grouped(), d.Withholding.Rate.String(),
				one.Tax.Grouped()))
		}
	default:
		lines = append(lines, journal.Say("代扣个人所得税:%s 元 × %s%% = %s 元", p.Due.Grouped(), d.Withholding.Rate.String(), p.Tax.Grouped()))
	}
	if p.Deducted > 0 {
		lines = append(lines, journal.Say("扣款 %s 元:%s", p.Deducted.Grouped(), p.Because))
	}
	if p.Tax+p.Deducted > 0 {
		lines = append(lines, journal.Say("实付 = %s − %s − %s = %s 元", p.Due.Grouped(), p.Tax.Grouped(), p.Deducted.Grouped(), p.Net().Grouped()))
	}
	return lines
}

// TaxLine is one person's line of the withholding list.
type TaxLine struct {
	Plan   plan.Distribution
	Holder register.Shareholder
	Payout Payout
	Name   string
	Paper  ident.IDKind
	ID     string // masked where the leave does not cover the plan
	Income money.Yuan
	Tax    money.Yuan
}

// PaidOn is the day of the payment, "" while nothing is paid.
func (l TaxLine) PaidOn() journal.Date {
	if l.Payout.State != Paid {
		return ""
	}
	return l.Payout.Date
}

// Until is the day by which the tax withheld has to be paid in: the 15th of the month after the payment (个人所得税法 art. 14); "" while
// nothing is paid.
func (l TaxLine) Until() journal.Date {
	const day = 15
	return l.PaidOn().OfNextMonth(day)
}

// Taxing lists the plans that withhold tax: the one with an id, or those of a region in force, of whatever year, where it is "".
func Taxing(v *journal.View, place region.Code, id string) ([]plan.Distribution, error) {
	if id != "" {
		d, err := Distribution(v, id)
		return []plan.Distribution{d}, err
	}
	return Distributions(v, place, 0, func(d plan.Distribution) bool { return d.InForce() && d.Withholding != nil })
}

// Withheld goes through what plans withhold of each person, in order of the plans and holders: of one plan all of it; of a region what was
// paid in a year.
func Withheld(v *journal.View, plans []plan.Distribution, year int, leave map[string]register.Revealed, f func(TaxLine) error) error {
	for _, d := range plans {
		if d.Withholding == nil || !d.InForce() {
			continue
		}
		var taxed []Payout
		if _, err := EachPayout(v, d.ID, func(p Payout) {
			if p.Tax > 0 && (year == 0 || p.State == Paid && p.Date.Year() == year) {
				taxed = append(taxed, p)
			}
		}); err != nil {
			return err
		}
		for _, p := range taxed {
			s, err := ShareholderOf(v, d, p.Holder)
			if err != nil {
				return err
			}
			people := p.Payees
			if len(people) == 0 {
				people = []Payee{{Name: s.Name, Paper: s.Paper, IDNo: s.IDNo, Income: p.Due, Tax: p.Tax}}
			}
			for _, one := range people {
				number, err := v.Open(seal.ResidentID, p.Holder, one.IDNo)
				if err != nil {
					number = "?"
				}
				if !leave[d.ID].Covers(d.ID) || s.Locked != 0 {
					number = ident.Mask(number)
				}
				if err := f(TaxLine{Plan: d, Holder: s, Payout: p, Name: one.Name, Paper: one.Paper, ID: number, Income: one.Income,
					Tax: one.Tax}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
