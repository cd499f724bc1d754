package exchange

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/sheet"
)

// Kind is a kind of file that comes in.
type Kind string

// The kinds.
const (
	Divisions     Kind = "divisions"     // names of a region, a row a village
	Shareholders  Kind = "shareholders"  // the register: who is on it, and how many shares each has
	Holdings      Kind = "holdings"      // more shares for shareholders who are on the register
	Contributions Kind = "contributions" // what was put in, and the shares for it
	Income        Kind = "income"        // lines of income and expense
	Contracts     Kind = "contracts"     // contracts of a village or an entity
	Trade         Kind = "trade"         // what members traded with the cooperative
	Roll          Kind = "roll"          // the members of a collective, by person
	Results       Kind = "results"       // what became of a batch's payments, as the bank says
)

// VillageKinds lists the kinds that are about one village.
func VillageKinds() []Kind {
	return []Kind{Shareholders, Holdings, Contributions, Income, Contracts, Trade, Roll}
}

// Shares tells whether a file of the kind may have a column for each share class.
func (k Kind) Shares() bool { return k == Shareholders || k == Holdings }

// Label names the kind in Chinese.
func (k Kind) Label() journal.Label {
	switch k {
	case Shareholders:
		return "登记股东,有股份列的同时配股"
	case Holdings:
		return "给已登记的股东配股"
	case Contributions:
		return "记入股"
	case Income:
		return "记收支"
	case Contracts:
		return "登记合同"
	case Trade:
		return "记成员交易"
	case Roll:
		return "确认集体成员"
	case Results:
		return "银行的结果"
	}
	return journal.Label(k)
}

// Active is the part of the menu that pages about files of a kind belong to.
func (k Kind) Active() string {
	switch k {
	case Results:
		return "distributions"
	case Contracts:
		return "contracts"
	}
	return "shareholders"
}

// Purpose says what the rows of a file are for.
type Purpose struct {
	Kind       Kind
	Village    region.Code
	Entity     string // whose shares the rows are about; for income whose book, the village's own where it is ""
	Date       string // business date of what has none in its row
	Resolution string
	Batch      string `json:",omitempty"` // of results: the batch; Date is the day of payment
	City       string // of divisions: the city's name, where the file leaves it out
	Repeat     bool   // record also what the books have already in the same words
}

// list is how the rows of a kind of file are read.
type list struct {
	columns []sheet.Column
	keys    []string              // a row without any of these or of the required columns has nothing to say
	words   map[string]vocabulary // of columns that have words of the ledger's own: which ones, and how others are read
	// facts asks the books about a row, and notes what in it does not fit them.
	facts func(u *Upload, v *journal.View, row sheet.Row) facts
	// row makes the row's entries, from the row and the facts alone.
	row func(u *Upload, row sheet.Row, f facts) []fields
}

var lists map[Kind]*list

func init() {
	lists = map[Kind]*list{
		Divisions:    {columns: divisionColumns, facts: divisionFacts, row: divisionRow},
		Shareholders: {columns: shareholderColumns, words: shareholderWords, facts: shareholderFacts, row: shareholderRow},
		Holdings:     {columns: shareholderColumns, keys: []string{"id_no"}, words: shareholderWords, facts: holdingFacts, row: holdingRow},
		Contributions: {columns: contributionColumns, keys: []string{"name", "id_no"}, words: contributionWords, facts: contributionFacts,
			row: contributionRow},
		Trade:     {columns: tradeColumns, keys: []string{"name", "id_no", "amount", "volume"}, facts: tradeFacts, row: tradeRow},
		Roll:      {columns: rollColumns, words: rollWords, facts: rollFacts, row: rollRow},
		Contracts: {columns: contractColumns, words: contractWords, facts: contractFacts, row: contractRow},
		Income:    {columns: incomeColumns, keys: []string{"received", "spent"}, words: incomeWords, facts: incomeFacts, row: incomeRow},
		Results:   {columns: resultColumns, words: resultWords},
	}
}

// Columns are the columns that a file of a kind may have. Files of shareholders and holdings may have others headed with the names of share
// classes.
func Columns(k Kind) []sheet.Column {
	if l := lists[k]; l != nil {
		return l.columns
	}
	return nil
}

// list returns how the purpose's rows are read, and the columns that its file may have: those of the kind, and one for each share class.
func (p Purpose) list(v *journal.View) (*list, []sheet.Column, error) {
	l, ok := lists[p.Kind]
	if !ok {
		return nil, nil, &journal.Error{Code: journal.Invalid, Field: "kind", Value: string(p.Kind), Text: "没有“%s”这种文件",
			Args: []any{string(p.Kind)}}
	}
	if p.Kind == Results {
		_, err := dividend.BatchOf(v, p.Batch)
		return l, l.columns, err
	}
	var classes []register.ShareClass
	if p.Entity != "" && p.Kind != Income && p.Kind != Contracts && p.Kind != Trade && p.Kind != Roll {
		var err error
		if classes, err = register.ShareClasses(v, p.Entity); err != nil {
			return nil, nil, err
		}
		if journal.PlaceOf(p.Entity) != p.Village || len(classes) == 0 {
			return nil, nil, &journal.Error{Code: journal.NotFound, Field: "entity", Value: p.Entity, Text: "本村没有编号为 %s 而且设立了股份的经营主体",
				Args: []any{p.Entity}}
		}
	}
	if p.Entity == "" && (p.Kind == Holdings || p.Kind == Contributions || p.Kind == Trade || p.Kind == Roll) {
		return nil, nil, &journal.Error{Code: journal.Invalid, Field: "entity", Text: "请选按哪个主体"}
	}
	if !p.Kind.Shares() {
		return l, l.columns, nil
	}
	columns := slices.Clone(l.columns)
	for _, c := range classes {
		unit := string(c.Unit.Label())
		columns = append(columns, sheet.Column{Name: "class:" + c.ID, Number: true, Unit: unit,
			Headings: classHeadings(c.Name)})
	}
	return l, columns, nil
}

// classWords are what lists write behind a share class's name.
const classWords = "股数 数量 数 份 份数 份额"

// classHeadings are the headings that mean a share class.
func classHeadings(name string) []string {
	list := []string{name}
	for _, word := range strings.Fields(classWords) {
		list = append(list, name+word)
	}
	return list
}
