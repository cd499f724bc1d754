package income

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// LinkIncome says by which contract a line that stands in the book was received, or that it was by none.
type LinkIncome struct {
	Income   string `cbor:"1,keyasint" json:"income"`
	Contract string `cbor:"2,keyasint,omitempty" json:"contract"`
}

var _ = journal.Register(&LinkIncome{}, journal.Kind{
	Label: "收入对上合同", Roles: []journal.Role{journal.Accountant},
	Note: "合同留空是取消 / no contract takes the link away",
	Page: func(e journal.Entry) string {
		if k := e.(*LinkIncome).Contract; k != "" {
			return journal.PageOf(k)
		}
		return journal.PageOf(e.(*LinkIncome).Income)
	},
	Hints: map[string]string{"income": "收支的编号"},
})

// Place is the village of the book.
func (e *LinkIncome) Place() region.Code { return journal.PlaceOf(e.Income) }

// Subject is the line.
func (e *LinkIncome) Subject() string { return e.Income }

func (e *LinkIncome) Check(c *journal.Checking) error {
	line, ok := incomes.Get(c, e.Income)
	switch {
	case !ok:
		return journal.Missing("income", e.Income, "没有编号为 %s 的收支", e.Income)
	case !line.Stands():
		return journal.Clash("income", e.Income, "第 %s 号已冲销,对不上合同", LineNumber(e.Income))
	case line.Contract == e.Contract && e.Contract == "":
		return journal.Clash("income", e.Income, "第 %s 号没有对过合同", LineNumber(e.Income))
	case line.Contract == e.Contract:
		return journal.Clash("income", e.Income, "第 %s 号已经对上这份合同", LineNumber(e.Income))
	case line.Contract != "" && e.Contract != "":
		return journal.Clash("income", e.Income, "第 %s 号已经对上合同 %s;请先取消", LineNumber(e.Income), journal.ContractID.Digits(line.Contract))
	}
	var f journal.Faults
	if e.Contract != "" {
		checkReceipt(c, &f, line, line.Book(), e.Contract)
	}
	return f.Err()
}

func (e *LinkIncome) Apply(a *journal.Applying) {
	line, _ := incomes.Get(a, e.Income)
	credit(a, line, -1)
	line.Contract = e.Contract
	credit(a, line, 1)
	incomes.Put(a, line.ID, line)
}

// checkReceipt refuses a contract that a line cannot have been received by.
func checkReceipt(c *journal.Checking, f *journal.Faults, line Income, book, contract string) {
	k, ok := contracts.Get(c, contract)
	if !ok {
		f.Add(journal.NotFound, "contract", contract, "没有编号为 %s 的合同", contract)
		return
	}
	if k.Book() != book {
		f.Add(journal.Conflict, "contract", contract, "合同 %s 是另一本账的", journal.ContractID.Digits(contract))
	}
	switch item, _ := ItemNamed(line.Item); {
	case k.Void != "":
		f.Add(journal.Conflict, "contract", contract, "这份合同已作废:%s", k.Void)
	case item.Expense:
		f.Add(journal.Conflict, "contract", contract, "支出不是合同收来的;退回的款照记支出")
	case line.Item == "subsidy":
		f.Add(journal.Conflict, "contract", contract, "“%s”不是合同收来的", item.Label)
	}
	if line.Date < k.Terms[0].From.PlusYears(-2) {
		f.Add(journal.Conflict, "contract", contract, "合同从 %s 起,这一笔 %s 就收了", string(k.Terms[0].From), string(line.Date))
	}
}

// credit holds a line that stands against its contract, or takes it back.
func credit(a *journal.Applying, line Income, sign money.Yuan) {
	if line.Contract == "" {
		return
	}
	k, ok := contracts.Get(a, line.Contract)
	if !ok {
		return
	}
	k.Received += sign * line.Amount
	contracts.Put(a.Tx, k.ID, k)
	if key := k.ID + line.ID; sign > 0 {
		receipts.Add(a.Tx, key)
	} else {
		receipts.Remove(a.Tx, key)
	}
}

// Receipts lists the lines by which a contract was paid, by their ids.
func Receipts(v *journal.View, contract string) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(contract))
	if err != nil {
		return nil, err
	}
	for key := range receipts.Each(books, contract) {
		if line, ok := incomes.Get(books, key[len(contract):]); ok {
			list = append(list, line)
		}
	}
	return list, nil
}

// ReceiptItem is what a receipt of the contract is booked under in a year, with its nature where the year's form asks that.
func ReceiptItem(v *journal.View, k Contract, year int) (item string, nature Nature, err error) {
	books, err := v.At(journal.PlaceOf(k.ID))
	if err != nil {
		return "", "", err
	}
	form := formIn(books, k.Book(), year)
	if item = k.Item; !form.Has(item) {
		item = defaultItem(form, BodyOf(books, k.Book()), k.Kind)
	}
	if item == contracting {
		nature = k.Kind.nature()
	}
	return item, nature, nil
}

// Linkable lists the lines of a contract's book that may have been received by it, and are by none: those of its party first, the latest
// before older ones, at most so many.
func Linkable(v *journal.View, k Contract, most int) (list []Income, err error) {
	books, err := v.At(journal.PlaceOf(k.ID))
	if err != nil {
		return nil, err
	}
	var others []Income
	for _, year := range Years(v, k.Book()) {
		for i := range backwards(books, k.Book(), year) {
			if item, _ := ItemNamed(i.Item); i.Contract != "" || !i.Stands() || item.Expense ||
				i.Date < k.Terms[0].From.PlusYears(-2) {
				continue
			}
			if ident.Name(i.Party) == ident.Name(k.Party) {
				list = append(list, i)
			} else if len(others) < most {
				others = append(others, i)
			}
		}
	}
	newest := func(a, b Income) int { return cmp.Compare(b.Date, a.Date) }
	slices.SortStableFunc(list, newest)
	slices.SortStableFunc(others, newest)
	list = append(list, others...)
	return list[:min(len(list), most)], nil
}
