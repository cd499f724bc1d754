package dividend

import (
	"cmp"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Elsewhere is the line of income that a payment to another village's collective becomes in that village's book, or that is taken back
// there with it. It stands in the payment, and as an entry of its own in that village's chain.
type Elsewhere struct {
	Ref    string       `cbor:"1,keyasint"` // of the payout
	Line   string       `cbor:"2,keyasint"` // "" where that village's books are not kept here
	Date   journal.Date `cbor:"3,keyasint"` // in that village's book: the first open day, where its year is closed
	Amount money.Yuan   `cbor:"4,keyasint"`
	Item   string       `cbor:"5,keyasint"`
	Payer  string       `cbor:"6,keyasint"`           // the name of the entity that pays
	Paid   journal.Date `cbor:"7,keyasint,omitempty"` // the day of the payment, where Date is a later year's
	Of     string       `cbor:"8,keyasint,omitempty"` // the line that is taken back
}

// elsewhere decides what payments to other villages' collectives become in their books, or what is taken back there. Money that stands
// apart is no income of shares.
func elsewhere(c *journal.Checking, d plan.Distribution, refs []string, on journal.Date, back bool) (list []Elsewhere, err error) {
	if d.Fund != "" {
		return nil, nil
	}
	entity, _ := register.EntityTable.Get(c, d.Entity)
	last, all := map[string]int{}, register.CollectivesOf(c, c.Open)
	for _, ref := range refs {
		p, _ := payouts.Get(c, d.ID+ref)
		x := Elsewhere{Ref: ref, Amount: p.Due, Item: p.dividendItem(), Payer: entity.Name, Date: on}
		book := ""
		if back {
			if !p.elsewhere(d) {
				continue
			}
			book = income.BookOf(p.Income)
			x.Of = p.Income
			if !keptHere(c, ref, book) {
				list = append(list, x)
				continue
			}
			was, _ := income.LineIn(c, p.Income)
			x.Amount, x.Date = -p.Due, cmp.Or(on, p.Date)
			x.Date = max(x.Date, was.Date)
		} else {
			s, _ := register.ShareholderTable.Get(c, p.Holder)
			if book = all.BookOf(s); book == "" || book == string(d.Village()) || book == d.Book || p.Due == 0 || !keptHere(c, ref, book) {
				continue
			}
		}
		if paid := x.Date; paid != "" {
			if x.Date = firstOpen(c, book, paid); x.Date != paid {
				x.Paid = paid
			}
		}
		year := journal.YearID.Dated(book, x.Date.Year())
		if _, ok := last[year]; !ok {
			t, _ := income.TotalTable.Get(c, year)
			last[year] = t.Last
		}
		if last[year]++; last[year] > income.MaxLinesOfYear {
			return nil, journal.Clash("holders", ref, "这本账 %s 年已满 99999 笔", strconv.Itoa(x.Date.Year()))
		}
		x.Line = income.LineOf(book, x.Date.Year(), last[year])
		list = append(list, x)
	}
	return list, nil
}

// keptHere tells whether the book of another village is kept in this ledger; where its county's went to another one, somebody has to
// enter there what would have followed.
func keptHere(c *journal.Checking, ref, book string) bool {
	if c.Keeps(journal.PlaceOf(book)) {
		return true
	}
	c.Doubt("holders", ref, "%s 的账不在这里,那边的收入不会跟着记;请告诉那里的会计记一笔", book)
	return false
}

// elsewhere tells whether a payout has become the income of another book than the paying village's own.
func (p Payout) elsewhere(d plan.Distribution) bool {
	return p.Income != "" && income.BookOf(p.Income) != string(d.Village())
}

// firstOpen is the first day from a day on that a book is open for: after the years that are closed, and not before the one that its
// opening
// balance stands for.
func firstOpen(r store.Reader, book string, on journal.Date) journal.Date {
	first := on.Year()
	if closed, ok := office.LastClosedOf(r, journal.PlaceOf(book)); ok {
		first = max(first, closed+1)
	}
	if first = max(first, income.OpenedIn(r, book)); first > on.Year() {
		return journal.Date(journal.Number(first, 4) + "-01-01")
	}
	return on
}

// link notes in payouts which lines they have become elsewhere, or that these are taken back.
func link(a *journal.Applying, id string, list []Elsewhere) {
	for _, x := range list {
		p, _ := payouts.Get(a, id+x.Ref)
		if p.Income = x.Line; x.Of != "" { // also where nothing follows, in books that are kept elsewhere
			p.Income = ""
		}
		payouts.Put(a, id+x.Ref, p)
	}
}

// follow are the entries in other villages' chains that a payment, or what takes it back, brings about.
func follow(distribution string, list []Elsewhere, reason, chain string, seq uint64) (entries []journal.Entry) {
	for _, x := range list {
		if x.Line == "" {
			continue
		}
		if x.Of != "" {
			entries = append(entries, &TakeBackDividend{Line: x.Line, Of: x.Of, Date: x.Date, Amount: x.Amount, Reason: reason,
				Payout: distribution + x.Ref,
				Paid:   x.Paid, Chain: chain, Number: seq})
			continue
		}
		entries = append(entries, &ReceiveDividend{Line: x.Line, Item: x.Item, Date: x.Date, Amount: x.Amount, Payer: x.Payer,
			Payout: distribution + x.Ref, Paid: x.Paid, Chain: chain, Number: seq})
	}
	return entries
}

// ReceiveDividend books what an entity of another village has paid to a village's collective on its shares. It stands in the receiving
// village's chain, follows from the payment, and is taken back with it.
type ReceiveDividend struct {
	Line   string       `cbor:"1,keyasint" json:"-"`
	Item   string       `cbor:"2,keyasint" json:"-"`
	Date   journal.Date `cbor:"3,keyasint" json:"-"`
	Amount money.Yuan   `cbor:"4,keyasint" json:"-"`
	Payer  string       `cbor:"5,keyasint" json:"-"`
	Payout string       `cbor:"6,keyasint" json:"-"`           // the distribution and the payout
	Paid   journal.Date `cbor:"7,keyasint,omitempty" json:"-"` // the day of the payment, where that year is closed here
	Chain  string       `cbor:"8,keyasint" json:"-"`           // of the payment
	Number uint64       `cbor:"9,keyasint" json:"-"`           // of the payment, in that chain
}

var _ = journal.Register(&ReceiveDividend{}, journal.Kind{
	Label: "收到外村分红", Roles: []journal.Role{journal.Accountant}, Follows: true,
	Note: "外村的经营主体付给本村集体股份的分红,随付款一起记 / follows from the payment; not posted by itself",
	Page: func(e journal.Entry) string { return journal.LineID.Page(e.Subject()) },
})

// Place is the receiving village.
func (e *ReceiveDividend) Place() region.Code { return journal.PlaceOf(e.Line) }

// Subject is the line's id.
func (e *ReceiveDividend) Subject() string { return e.Line }

// Cause is the payment.
func (e *ReceiveDividend) Cause() (chain string, seq uint64) { return e.Chain, e.Number }

// Check is the payment's.
func (e *ReceiveDividend) Check(*journal.Checking) error { return nil }

func (e *ReceiveDividend) Apply(a *journal.Applying) {
	line := income.Income{ID: e.Line, Item: e.Item, Date: e.Date, Amount: e.Amount, Party: e.Payer,
		Note: journal.DistributionID.In(e.Payout), By: a.By,
		Entry: a.Seq, Payout: e.Payout, Paid: e.Paid}
	if e.Paid != "" { // what came in a closed year corrects it
		line.Parts = []income.YearPart{{Year: e.Date.Year(), Item: e.Item, Amount: e.Amount, Of: e.Paid.Year()}}
	}
	income.Book(a, line)
}

// TakeBackDividend takes back in a village's book what a payment of another village's entity brought: the payment was taken back.
type TakeBackDividend struct {
	Line   string       `cbor:"1,keyasint" json:"-"`
	Of     string       `cbor:"2,keyasint" json:"-"`
	Date   journal.Date `cbor:"3,keyasint" json:"-"`
	Amount money.Yuan   `cbor:"4,keyasint" json:"-"` // below zero; for whoever reads this chain alone
	Reason string       `cbor:"5,keyasint" json:"-"`
	Payout string       `cbor:"6,keyasint" json:"-"`
	Paid   journal.Date `cbor:"7,keyasint,omitempty" json:"-"` // the day of the payment's end, where that year is closed here
	Chain  string       `cbor:"8,keyasint" json:"-"`
	Number uint64       `cbor:"9,keyasint" json:"-"`
}

var _ = journal.Register(&TakeBackDividend{}, journal.Kind{
	Label: "外村分红冲销", Roles: []journal.Role{journal.Accountant}, Follows: true,
	Note: "外村的付款冲销了,随那笔冲销一起记 / follows from the reversal of the payment; not posted by itself",
	Page: func(e journal.Entry) string { return journal.LineID.Page(e.Subject()) },
})

// Place is the village whose book the line stands in.
func (e *TakeBackDividend) Place() region.Code { return journal.PlaceOf(e.Line) }

// Subject is the line's id.
func (e *TakeBackDividend) Subject() string { return e.Line }

// Cause is the entry that took the payment back.
func (e *TakeBackDividend) Cause() (chain string, seq uint64) { return e.Chain, e.Number }

// Check is that of the entry that took the payment back.
func (e *TakeBackDividend) Check(*journal.Checking) error { return nil }

func (e *TakeBackDividend) Apply(a *journal.Applying) {
	income.TakeBack(a, e.Of, e.Line, e.Reason, e.Date, e.Paid, true)
}
