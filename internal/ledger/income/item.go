package income

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
)

// Item is what income or expense is booked under. Which of them a book has in a year is told by the form of its body (see Form).
type Item struct {
	Code      string
	Label     journal.Label
	Expense   bool
	Operating bool   // whether it counts into the measure of the empty-shell policy
	From, To  int    // by the first rule: years of effect, both inclusive
	Successor string // by the first rule: code of the item that took its place after To, "" where none did
}

// Called names the item.
func (it Item) Called() string { return string(it.Label) }

// The first rule, by which entries without parts of their own are divided over years for ever: one list of items for all bodies. It is
// never changed; what came later stands in laterItems, and in the forms.
//
//go:embed items.csv
var itemTable []byte

// Items are all items there are, in the order of statements.
var Items = slices.Concat(readItems(), laterItems)

// laterItems are those that the first rule did not know.
var laterItems = []Item{
	{Code: "tax_refund", Label: "农业税附加返还收入", From: 1900, To: LastYear},
	{Code: "finance_cost", Label: "财务费用", Expense: true, Operating: true, From: 1900, To: LastYear},
}

func readItems() (list []Item) {
	rows, err := csv.NewReader(bytes.NewReader(itemTable)).ReadAll()
	if err != nil {
		panic(err) // the table is part of the program
	}
	for _, r := range rows[1:] {
		from, err1 := strconv.Atoi(r[4])
		to, err2 := strconv.Atoi(r[5])
		if err1 != nil || err2 != nil {
			panic("items.csv: " + r[0])
		}
		list = append(list, Item{r[0], journal.Label(r[1]), r[2] == "expense", r[3] == "yes", from, to, r[6]})
	}
	return list
}

// ItemNamed returns the item with a code.
func ItemNamed(code string) (Item, bool) {
	for _, it := range Items {
		if it.Code == code {
			return it, true
		}
	}
	return Item{}, false
}

// signed is what an amount of the item does to the year's gain.
func (it Item) signed() int {
	if it.Expense {
		return -1
	}
	return 1
}
