package server

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/contract/:id", contractShow),
	post("/contract/:id/receive", contractReceive),
	post("/contract/:id/link", contractLink),
	post("/contract/:id/unlink", contractUnlink),
	post("/contract/:id/end", contractEnd),
	post("/contract/:id/remit", contractRemit),
	post("/contract/:id/reverse", contractReverse),
	post("/contract/:id/correct", contractCorrect),
	get("/contract/:id/change", contractChangeForm),
	post("/contract/:id/change", contractChange),
	get("/contracts/:place/new", contractNew),
	post("/contracts/:place/new", contractRecord),
)

// contractPage is what the page contract shows.
type contractPage struct {
	S        income.ContractState
	Place    region.Code
	Keeper   string // whose contract it is
	Receipts []income.Income
	Linkable []income.Income
	Forms    forms
	May      acts
	Papers   int
	Ahead    money.Yuan
	Open     money.Yuan
	Item     string // what a receipt is booked under
	Kinds    []option
	Assets   []option
}

var _ = page[contractPage]("contract")

// maxLinkable is how many lines a contract's page offers to link.
const maxLinkable = 30

func contractShow(r *request) error { return r.showContract(http.StatusOK, forms{}) }

// showContract shows a contract: its terms, what is due and received, and what may be done about it.
func (r *request) showContract(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "contract", "contracts", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		s, err := income.ContractStateOf(v, id)
		if err != nil {
			return nil, err
		}
		body := contractPage{S: s, Place: placeOf(id), Forms: typed, Ahead: s.Ahead(), Open: s.Owed()}
		fr.Title = r.say.T("合同 %s", s.Called())
		if body.Keeper, err = register.KeeperOf(v, s.Book()); err != nil {
			return nil, err
		}
		if body.Receipts, err = income.Receipts(v, id); err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		body.Papers = len(papers)
		if body.May, err = r.mayContract(v, s.Contract); err != nil {
			return nil, err
		}
		if body.May.Has("RecordIncome") {
			if body.Linkable, err = income.Linkable(v, s.Contract, maxLinkable); err != nil {
				return nil, err
			}
		}
		if body.Item, _, err = income.ReceiptItem(v, s.Contract, v.Today().Year()); err != nil {
			return nil, err
		}
		typed.start("RecordIncome", receiptOf(s, v.Today())...)
		typed.start("RemitRent", "date", string(v.Today()))
		typed.start("CorrectContract", "party", s.Party, "thing", s.Thing, "kind", string(s.Kind), "asset", string(s.Asset), "number", s.Number,
			"note", s.Note)
		body.Kinds, body.Assets = labelled(r, income.ContractKinds()), labelled(r, income.Assets())
		return body, nil
	})
}

// orNothing is an amount as a form has it, "" for none.
func orNothing(y money.Yuan) string {
	if y == 0 {
		return ""
	}
	return y.String()
}

// receiptOf begins the form that books a receipt: of what is due next, today.
func receiptOf(s income.ContractState, today journal.Date) []string {
	start := []string{"date", string(today), "near", string(today), "party", s.Party}
	if s.Next != nil {
		start = append(start, "amount", s.Next.Open().String())
		if s.Next.Long() {
			start = append(start, "for_from", string(s.Next.From), "for_to", string(s.Next.To))
		}
	}
	return start
}

// mayContract asks what the reader may do about a contract.
func (r *request) mayContract(v *journal.View, k income.Contract) (acts, error) {
	all, err := r.may(v, map[string]any{"contract": k.ID}, "ChangeContract", "EndContract", "RemitRent", "CorrectContract")
	if err != nil {
		return nil, err
	}
	books, err := r.may(v, map[string]any{"book": k.Book()}, "RecordIncome")
	maps.Copy(all, books)
	return all, err
}

// contractReceive books what was received by a contract.
func contractReceive(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	var k income.Contract
	f := map[string]any{"contract": id, "date": r.typedDay(values, "date", "near"), "amount": typedSum(values, "amount")}
	for _, name := range []string{"party", "voucher", "note", "for_from", "for_to"} {
		f[name] = strings.TrimSpace(values.Get(name))
	}
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		if k, err = income.ContractOf(v, id); err != nil {
			return err
		}
		year := v.Today().Year()
		if d, err := journal.ParseDate(f["date"].(string)); err == nil {
			year = d.Year()
		}
		item, nature, err := income.ReceiptItem(v, k, year)
		f["book"], f["item"], f["nature"] = k.Book(), item, string(nature)
		return err
	}); err != nil {
		return err
	}
	c := change{kind: "RecordIncome", names: []string{"date", "amount", "party", "voucher", "note", "for_from", "for_to"},
		show: r.showContract}
	if _, err := r.post("RecordIncome", f, values.Get(requestKey)); err != nil {
		return r.refuse(c, values, err)
	}
	if values.Get("list") != "" {
		return r.done("/contracts/"+string(placeOf(id)), "received")
	}
	return r.done("/contract/"+id, "received")
}

// typedSum is an amount as it is typed at a desk, worked out; what cannot be read stays.
func typedSum(values url.Values, name string) string {
	if sum, err := money.Reckon(values.Get(name)); err == nil {
		return sum.String()
	}
	return values.Get(name)
}

func contractLink(r *request) error { return r.link(r.Param("id"), "linked") }

func contractUnlink(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		if err := r.permitted(v, "EndContract", map[string]any{"contract": r.Param("id")}); err != nil {
			return err
		}
		line, err := income.IncomeOf(v, values.Get("income"))
		if err == nil && line.Contract != r.Param("id") {
			err = &journal.Error{Code: journal.NotFound, Text: "这一笔不是这份合同的"}
		}
		return err
	}); err != nil {
		return err
	}
	return r.link("", "unlinked")
}

// link says by which contract a line was received, or by none.
func (r *request) link(contract, done string) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.change(change{kind: "LinkIncome", fields: map[string]any{"income": values.Get("income"), "contract": contract},
		show: r.showContract, to: "/contract/" + r.Param("id"), done: done})
}

func contractEnd(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.change(change{kind: "EndContract", fields: map[string]any{"contract": r.Param("id"), "date": r.typedDay(values, "date", ""),
		"reason": values.Get("reason"), "resolution": values.Get("resolution")}, names: []string{"date", "reason", "resolution"},
		show: r.showContract, to: "/contract/" + r.Param("id"), done: "contract-ended"})
}

func contractRemit(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.change(change{kind: "RemitRent", fields: map[string]any{"contract": r.Param("id"), "date": r.typedDay(values, "date", ""),
		"amount": typedSum(values, "amount"), "reason": values.Get("reason"), "resolution": values.Get("resolution")},
		names: []string{"date", "amount", "reason", "resolution"}, show: r.showContract, to: "/contract/" + r.Param("id"), done: "remitted"})
}

// contractReverse takes back what was done last.
func contractReverse(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.change(change{kind: "ReverseContract", fields: map[string]any{"contract": r.Param("id"), "act": values.Get("act"),
		"reason": values.Get("reason")}, names: []string{"reason"}, show: r.showContract, to: "/contract/" + r.Param("id"), done: "act-reversed"})
}

// contractCorrect mends what was written wrong.
func contractCorrect(r *request) error {
	return r.change(change{kind: "CorrectContract", about: map[string]any{"contract": r.Param("id")},
		names: []string{"party", "thing", "kind", "asset", "number", "note", "reason"}, show: r.showContract, to: "/contract/" + r.Param("id"),
		done: "corrected"})
}

// contractEditPage is what the page contract_edit shows: the form of a new contract, or of new terms.
type contractEditPage struct {
	Place    region.Code
	Contract *income.Contract // whose terms are changed, nil for a new one
	Form     *form
	Books    []option
	Kinds    []option
	Assets   []option
	Pays     []option
	Items    []option
	Parties  []string
	Rows     []int // of steps and of sums that are agreed one by one
	Detailed bool  // whether anything that is folded away is filled in or wrong
}

var _ = page[contractEditPage]("contract_edit")

// termRows are the least rows of steps, and of sums agreed one by one, that a form has.
const termRows = 6

// termRowsIn is how many rows of either a form has filled in.
func termRowsIn(values url.Values) (rows int) {
	for name, value := range values {
		parts := strings.Split(name, ".")
		if len(parts) == 3 && (parts[0] == "steps" || parts[0] == "dues") && value[0] != "" {
			if n, err := strconv.Atoi(parts[1]); err == nil && n < income.MaxDues {
				rows = max(rows, n+1)
			}
		}
	}
	return rows
}

func contractNew(r *request) error        { return r.showContractEdit(http.StatusOK, nil) }
func contractChangeForm(r *request) error { return r.showContractEdit(http.StatusOK, nil) }

// showContractEdit shows the form that records a contract, or that changes the one of the address.
func (r *request) showContractEdit(code int, f *form) error {
	id, place := r.Param("id"), placeOf(r.Param("id"))
	if id == "" {
		var err error
		if place, err = r.place("place"); err != nil {
			return err
		}
	}
	return r.show(code, "contract_edit", "contracts", place, func(v *journal.View, fr *frame) (any, error) {
		body := contractEditPage{Place: place, Form: f, Pays: r.pays()}
		if id == "" {
			fr.Title = r.say.T("登记合同")
			if err := r.newContract(v, &body); err != nil {
				return nil, err
			}
		} else {
			k, err := income.ContractOf(v, id)
			if err != nil {
				return nil, err
			}
			fr.Title = r.say.T("变更或续签合同")
			if err := r.permitted(v, "ChangeContract", map[string]any{"contract": id}); err != nil {
				return nil, err
			}
			if body.Contract = &k; f == nil {
				body.Form = changedTerms(k, v.Today())
			}
			body.Form.of("ChangeContract")
		}
		for name, value := range body.Form.Values {
			folded := strings.HasPrefix(name, "steps.") || strings.HasPrefix(name, "dues.") || strings.HasPrefix(name, "rise")
			body.Detailed = body.Detailed || folded && value[0] != ""
		}
		for i := range max(termRows, termRowsIn(body.Form.Values)+2) {
			body.Rows = append(body.Rows, i)
		}
		return body, nil
	})
}

// newContract fills in what the form of a new contract offers.
func (r *request) newContract(v *journal.View, body *contractEditPage) (err error) {
	if body.Form == nil {
		body.Form = newForm("book", cmp.Or(r.Query("book"), string(body.Place)), "pay", "12")
	}
	book := body.Form.of("RecordContract").Get("book")
	if placeOf(book) != body.Place {
		book = string(body.Place)
	}
	if err = r.permitted(v, "RecordContract", map[string]any{"book": book}); err != nil {
		return err
	}
	if body.Place.Level() != region.Village {
		return errNoPage
	}
	if body.Books, err = r.booksOf(v, body.Place); err != nil {
		return err
	}
	body.Kinds, body.Assets = labelled(r, income.ContractKinds()), labelled(r, income.Assets())
	body.Items = []option{{Label: r.say.T("按合同种类")}}
	items, err := r.itemOptions(v, book, v.Today().Year())
	for _, o := range items {
		if it, _ := income.ItemNamed(o.Value); !it.Expense {
			o.Group = ""
			body.Items = append(body.Items, o)
		}
	}
	if err != nil {
		return err
	}
	body.Parties, err = income.Parties(v, book, v.Today().Year(), maxParties)
	return err
}

// pays are how often a contract is paid.
func (r *request) pays() (list []option) {
	for _, p := range income.Pays {
		value := strconv.Itoa(p.Every)
		if p.Once {
			value = "once"
		}
		list = append(list, option{Value: value, Label: r.say.T(string(p.Label))})
	}
	return list
}

// changedTerms begins the form that changes a contract: with what is agreed from today on, or prolonged where that ends soon. What was
// agreed for later stands in it, too: what nobody touches stays as it was.
func changedTerms(k income.Contract, today journal.Date) *form {
	t := k.Last()
	from, to, prolonged := max(today, t.From.Plus(1)), t.To, false
	if t.To <= today.Plus(180) {
		from, prolonged = t.To.Plus(1), true
		to = from.PlusMonths(monthsOf(t)).Plus(-1)
	}
	f := newForm("from_day", string(from), "to_day", string(to), "pay", strconv.Itoa(t.Months()), "rent", orNothing(t.RentOn(min(from, t.To))),
		"in_kind", t.InKind, "deposit", orNothing(t.Deposit))
	if t.Once {
		f.Values.Set("pay", "once")
	}
	if t.Area > 0 {
		f.Values.Set("area", t.Area.String())
	}
	if prolonged && t.RiseYears > 0 {
		f.Values.Set("rise_years", strconv.Itoa(t.RiseYears))
		if f.Values.Set("rise_by", orNothing(t.RiseBy)); t.Rise != 0 {
			f.Values.Set("rise", t.Rise.String())
		}
	} else if !prolonged {
		f.Values.Set("resolution", t.Resolution)
		for i, s := range t.RentsAfter(from) {
			at := "steps." + strconv.Itoa(i) + "."
			f.Values.Set(at+"from_day", string(s.From))
			f.Values.Set(at+"rent", s.Rent.String())
		}
	}
	n := 0
	for _, d := range t.Sums() {
		switch {
		case d.Date >= from && len(t.Dues) > 0:
			at := "dues." + strconv.Itoa(n) + "."
			f.Values.Set(at+"date", string(d.Date))
			f.Values.Set(at+"amount", d.Amount.String())
			n++
		case d.From == from && len(t.Dues) == 0:
			f.Values.Set("first_due", string(d.Date))
		}
	}
	return f
}

// monthsOf is how many months terms run, rounded up to whole ones.
func monthsOf(t income.Terms) (months int) {
	for months = 1; t.From.PlusMonths(months).Plus(-1) < t.To && months < 12*200; months++ {
	}
	return months
}

// termFields are the fields of terms in their forms, as their entries call them.
var termFields = []string{"from_day", "to_day", "area", "rent", "first_due", "rise_years", "rise", "rise_by", "in_kind", "deposit",
	"resolution"}

// typedTerms turns what was typed into the fields of an entry's terms.
func (r *request) typedTerms(values url.Values, more ...string) map[string]any {
	f := map[string]any{}
	for _, name := range append(more, termFields...) {
		if text := strings.TrimSpace(values.Get(name)); text != "" {
			f[name] = text
		}
	}
	if text, ok := f["rise"].(string); ok {
		f["rise"] = strings.TrimRight(text, "%％ ")
	}
	for _, name := range []string{"rent", "rise_by", "deposit"} {
		if _, ok := f[name]; ok {
			f[name] = typedSum(values, name)
		}
	}
	switch pay := values.Get("pay"); pay {
	case "once":
		f["once"] = "true"
	default:
		f["every"] = pay
	}
	list := func(name, day, sum string) (rows []any) {
		for i := range termRowsIn(values) {
			at := name + "." + strconv.Itoa(i) + "."
			if values.Get(at+day) != "" || values.Get(at+sum) != "" {
				rows = append(rows, map[string]any{day: values.Get(at + day), sum: typedSum(values, at+sum)})
			}
		}
		return rows
	}
	if rows := list("steps", "from_day", "rent"); rows != nil {
		f["steps"] = rows
	}
	if rows := list("dues", "date", "amount"); rows != nil {
		f["dues"] = rows
	}
	return f
}

// termNames are the names of the form's fields, where faults go.
func termNames(values url.Values, more ...string) []string {
	names := append(more, termFields...)
	for i := range termRowsIn(values) {
		n := strconv.Itoa(i)
		names = append(names, "steps."+n+".from_day", "steps."+n+".rent", "dues."+n+".date", "dues."+n+".amount")
	}
	return names
}

func contractRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	own := []string{"book", "kind", "asset", "thing", "party", "number", "item", "note"}
	f := r.typedTerms(values, own...)
	if book := values.Get("book"); book == "" || placeOf(book) != placeOf(r.Param("place")) {
		f["book"] = r.Param("place")
	}
	receipt, err := r.post("RecordContract", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showContractEdit(status[journal.CodeOf(err)], again(values, backToForm(err, payBack), termNames(values, own...)...))
	}
	return r.done("/contract/"+receipt.IDs[0], "contracted")
}

// payBack is what the form calls the fields of how often a contract is paid.
var payBack = map[string]string{"every": "pay", "once": "pay"}

func contractChange(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := r.typedTerms(values, "reason")
	f["contract"] = r.Param("id")
	if _, err := r.post("ChangeContract", f, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showContractEdit(status[journal.CodeOf(err)], again(values, backToForm(err, payBack), termNames(values, "reason")...))
	}
	return r.done("/contract/"+r.Param("id"), "contract-changed")
}
