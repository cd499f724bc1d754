package income

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// RulePayer says under which item a book has what comes from a party, or goes to it: its form and its files take the item where nothing
// else is said. It changes no line.
type RulePayer struct {
	Book  string `cbor:"1,keyasint" json:"book"`
	Party string `cbor:"2,keyasint" json:"party"`
	Item  string `cbor:"3,keyasint,omitempty" json:"item"` // "" ends the rule
}

var _ = journal.Register(&RulePayer{}, journal.Kind{
	Label: "定对方记什么项目", Roles: []journal.Role{journal.Accountant},
	Note: "以后这个对方的收支默认记这个项目;项目留空是取消 / what a party's lines are booked under by default; no item ends it",
	Page: func(e journal.Entry) string { return "/income/" + e.(*RulePayer).Book },
})

// PayerRule is what a book has of a party.
type PayerRule struct {
	Party string `cbor:"1,keyasint"`
	Item  string `cbor:"2,keyasint"`
}

// payerRules: the book and the party.
var payerRules = journal.Folded[PayerRule]("payer")

func payerKey(book, party string) string { return book + "\x00" + ident.Name(party) }

// Place is the village of the book.
func (e *RulePayer) Place() region.Code { return journal.PlaceOf(e.Book) }

// Subject is the book.
func (e *RulePayer) Subject() string { return e.Book }

func (e *RulePayer) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckBook(c, &f, e.Book)
	if ident.Name(e.Party) == "" {
		f.Invalid("party", "", "请写明对方")
	}
	if form := formIn(c, e.Book, c.Today().Year()); e.Item != "" && !form.Has(e.Item) {
		f.Invalid("item", e.Item, "%s 年的报表没有“%s”这个项目;可用 %s", strconv.Itoa(c.Today().Year()), e.Item, journal.Labels(form.Items()))
	}
	if e.Item == "" && !payerRules.Has(c, payerKey(e.Book, e.Party)) {
		f.Add(journal.NotFound, "party", e.Party, "“%s”没有定过项目", e.Party)
	}
	return f.Err()
}

func (e *RulePayer) Apply(a *journal.Applying) {
	key := payerKey(e.Book, e.Party)
	if e.Item == "" {
		payerRules.Delete(a.Tx, key)
		return
	}
	payerRules.Put(a.Tx, key, PayerRule{e.Party, e.Item})
}

// ItemOf is the item that a book has for a party, "" where it has none.
func ItemOf(v *journal.View, book, party string) string {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return ""
	}
	if ident.Name(party) == "" {
		return ""
	}
	rule, _ := payerRules.Get(books, payerKey(book, party))
	return rule.Item
}

// PayerRules are what a book has of its parties, by their names.
func PayerRules(v *journal.View, book string) (list []PayerRule, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	for _, rule := range payerRules.Scan(books, book+"\x00") {
		list = append(list, rule)
	}
	return list, nil
}

// Misfits are the lines of a party that stand under another item than one, on the same side, in years that are open and whose form has it:
// what a rule would move, at most so many.
func Misfits(v *journal.View, book, party, item string, most int) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(book))
	if err != nil {
		return nil, err
	}
	to, _ := ItemNamed(item)
	forms := &bookForms{Reader: books, book: book}
	name, closed := ident.Name(party), map[int]bool{}
	for _, i := range incomes.Scan(books, journal.YearID.Front(book)) {
		was, _ := ItemNamed(i.Item)
		if i.Item == item || was.Expense != to.Expense || !i.Stands() || i.Payout != "" ||
			ident.Name(i.Party) != name {
			continue
		}
		year := i.Date.Year()
		if _, known := closed[year]; !known {
			_, closed[year] = office.ClosedFrom(books, journal.PlaceOf(book), year)
		}
		if closed[year] || !forms.in(i.Date.Year()).Has(item) {
			continue
		}
		if list = append(list, i); len(list) == most {
			break
		}
	}
	return list, nil
}
