package report

import (
	"reflect"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// Particular is one thing that an entry says, as a person reads it.
type Particular struct {
	Name  journal.Label
	ID    string        // where the value names something that has an id
	Value string        // of an id, what it is called, "" where that is not known or out of reach
	Word  journal.Label // in place of Value: a word of the domain
	Box   bool          // sealed: a personal number or a password's hash
	Rows  [][]Particular
	More  int // rows that are left out
}

// maxParticulars is how many rows of a list are read out: a distribution's figures have a page of their own.
const maxParticulars = 50

// Particulars reads out what an entry says, in the order of its fields; what it leaves open is left out.
func Particulars(v *journal.View, e journal.Entry) []Particular {
	return particulars(v, reflect.ValueOf(e).Elem())
}

func particulars(v *journal.View, of reflect.Value) (list []Particular) {
	t := of.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Tag.Get("cbor") == "-" || of.Field(i).IsZero() {
			continue
		}
		name := journal.NameOf(f)
		if name == "" || name == "-" {
			name = f.Name
		}
		p := Particular{Name: journal.WordFor(t.Name(), name).Label}
		if p.Name == "" { // a mark for the program, which says nothing of the world
			continue
		}
		if private(v, t, name) {
			p.Box = true
			list = append(list, p)
			continue
		}
		if read(v, &p, name, of.Field(i)); p.ID != "" || p.Value != "" || p.Word != "" || p.Box || p.Rows != nil {
			list = append(list, p)
		}
	}
	return list
}

// private tells whether a field is kept from the reader: marks of need, and the names of members of households and collectives, among whom
// are children.
func private(v *journal.View, of reflect.Type, name string) bool {
	who := v.Who()
	member := of == reflect.TypeFor[register.Member]() || of == reflect.TypeFor[register.ConfirmMember]() ||
		of == reflect.TypeFor[register.RecordDeath]()
	return (name == "marks" || name == "mark") && !who.NeedsMarks() || member && (name == "name" || name == "head") && !who.NeedsChildren()
}

// read fills in what a field holds.
func read(v *journal.View, p *Particular, name string, value reflect.Value) {
	switch x := value.Interface().(type) {
	case seal.Box:
		p.Box = !x.Empty()
	case *seal.Box:
		p.Box = x != nil
	case interface{ Label() journal.Label }:
		p.Word = x.Label()
	case money.Yuan:
		p.Value = x.Grouped()
	case money.Quantity:
		p.Value = x.Grouped()
	case money.Rate:
		p.Value = x.String()
	case region.Code:
		p.ID, p.Value = string(x), v.Called(string(x))
	case bool:
		p.Word = "是"
	case string:
		if name == "item" || name == "Item" {
			it, _ := income.ItemNamed(x)
			p.Word = it.Label
			return
		}
		if p.Value = x; journal.PlaceOf(x) != "" && (!journal.VillageID.Is(x) || name == "book" || name == "of") {
			p.ID, p.Value = x, v.Called(x)
		}
	default:
		switch value.Kind() {
		case reflect.String:
			p.Value = value.String()
		case reflect.Int:
			p.Value = strconv.FormatInt(value.Int(), 10)
		case reflect.Uint64:
			p.Value = strconv.FormatUint(value.Uint(), 10)
		case reflect.Pointer:
			p.Rows = [][]Particular{particulars(v, value.Elem())}
		case reflect.Slice:
			for i := range min(value.Len(), maxParticulars) {
				if item := value.Index(i); item.Kind() == reflect.Struct {
					p.Rows = append(p.Rows, particulars(v, item))
				} else {
					var one Particular
					read(v, &one, name, item)
					p.Rows = append(p.Rows, []Particular{one})
				}
			}
			p.More = value.Len() - len(p.Rows)
		}
	}
}
