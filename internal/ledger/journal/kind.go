package journal

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/store"
)

// Kind describes a kind of entries. It is registered beside the entry's type; forms, uploads, the journal's pages, the posting and the
// reference read it.
type Kind struct {
	Name  string // of the entry's type, as it stands in journals
	Label Label
	Roles []Role // who may post it
	// Follows says that it is never posted by itself: only as what another entry brings about, in another place's chain too, by whoever may
	// post that one.
	Follows bool
	// Personal says that the account's person alone may post it, with the password: a review, a closing.
	Personal bool
	// Own says that everybody may post it about their own account, whose region is not where they act.
	Own bool
	// Event says that it changes a register: a reviewer may have to look at it afterwards, where the county wants that.
	Event bool
	// Holdings says that it changes who holds what, though that is another room's: what is remembered of the registers is so until then.
	Holdings bool
	// Aside says that it tells nothing new of the place that it is about: somebody looked at something, set it aside, or asked from outside.
	Aside bool
	Note  string // what whoever writes one by hand should know
	// Page is the address of the page about what an entry made or changed; nil where that is the page about its subject.
	Page func(Entry) string
	// Hints say what a field takes, by its JSON name, where its word does not say it.
	Hints map[string]string

	entry reflect.Type
}

// Field describes one field of a kind that whoever posts it may fill.
type Field struct {
	Name string // JSON name; of a list's fields with the list's name before it: components.rate
	Word
	Hint string
}

// Word is what fields of one name are called, with the unit they count in where there is one (元, 亩, 百分数), and an example of what stands
// in them.
type Word struct {
	Label   Label // "金额(元)"
	Example string
}

var (
	kinds  = map[string]Kind{}
	words  = map[string]Word{}
	folded = []string{string(entriesOf), string(events), "head", "request"}
)

// Register makes a kind of entries known. Two of one name refuse to start.
func Register(e Entry, k Kind) Kind {
	k.entry = reflect.TypeOf(e).Elem()
	k.Name = k.entry.Name()
	if _, ok := kinds[k.Name]; ok {
		panic("two kinds of entries are called " + k.Name)
	}
	if k.Label == "" || len(k.Roles) == 0 {
		panic("the kind " + k.Name + " has no label, or nobody may post it")
	}
	kinds[k.Name] = k
	return k
}

// Words gives the words for fields, by their JSON names, or by "Type.name" where a name means something else there. Where the posting fills
// a field, it has its Go name. A word is given once.
func Words(list map[string]Word) {
	for name, w := range list {
		if _, ok := words[name]; ok {
			panic("two words for the field " + name)
		}
		words[name] = w
	}
}

// WordFor is the word for a field of a type: by the type's name and its own where one name has several meanings, else by its own.
func WordFor(of, name string) Word {
	if w, ok := words[of+"."+name]; ok {
		return w
	}
	if w, ok := words[name]; ok {
		return w
	}
	return Word{Label: Label(name)}
}

// Folded is a table that the journal is folded into; verify compares it. Two of one name refuse to start.
func Folded[T any](name string) store.Table[T] {
	foldInto(name)
	return store.Table[T](name)
}

// FoldedSet is Folded of a bucket whose keys alone say something.
func FoldedSet(name string) store.Set {
	foldInto(name)
	return store.Set(name)
}

// FoldedIndex is Folded of an index.
func FoldedIndex(name string) store.Index {
	foldInto(name)
	return store.NewIndex(name)
}

func foldInto(name string) {
	if slices.Contains(folded, name) {
		panic("two tables are called " + name)
	}
	folded = append(folded, name)
}

// Tables lists the tables that the journal is folded into.
func Tables() []string { return slices.Sorted(slices.Values(folded)) }

// Kinds lists the names of all entry kinds.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// KindNamed returns the description of a kind, and whether there is one.
func KindNamed(name string) (Kind, bool) {
	k, ok := kinds[name]
	return k, ok
}

// KindLabel names an entry kind in Chinese.
func KindLabel(kind string) Label {
	if k, ok := kinds[kind]; ok {
		return k.Label
	}
	return Label(kind)
}

// KindOf returns the name of an entry's kind.
func KindOf(e Entry) string { return reflect.TypeOf(e).Elem().Name() }

// PageAbout is the address of the page about what an entry made or changed, "" where there is none.
func PageAbout(e Entry) string {
	if k := kinds[KindOf(e)]; k.Page != nil {
		return k.Page(e)
	}
	return PageOf(e.Subject())
}

// New returns an empty entry of a kind, or nil when there is none of that name.
func New(kind string) Entry {
	k, ok := kinds[kind]
	if !ok {
		return nil
	}
	return reflect.New(k.entry).Interface().(Entry)
}

// Fields lists the fields that whoever posts an entry of the kind may fill; those of a list with the list's name before them.
func (k Kind) Fields() []Field {
	var walk func(t reflect.Type, prefix string) []Field
	walk = func(t reflect.Type, prefix string) (list []Field) {
		for i := range t.NumField() {
			f := t.Field(i)
			name := NameOf(f)
			if name == "" || name == "-" {
				continue
			}
			if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
				list = append(list, walk(f.Type.Elem(), prefix+name+".")...)
				continue
			}
			w := WordFor(t.Name(), name)
			if w.Example == "" {
				w.Example = exampleOf(f.Type)
			}
			list = append(list, Field{Name: prefix + name, Word: w, Hint: k.Hints[prefix+name]})
		}
		return list
	}
	return walk(k.entry, "")
}

// FieldLabel is what the kind calls a field of a refusal: "rate" as well as "components.1.rate", the row of a list counted from 1.
func (k Kind) FieldLabel(name string) Label {
	t, label := k.entry, Label("")
	for _, part := range strings.Split(name, ".") {
		if row, err := strconv.Atoi(part); err == nil {
			label += Label(" " + strconv.Itoa(row+1) + " ")
			continue
		}
		label += WordFor(t.Name(), part).Label
		for i := range t.NumField() {
			if f := t.Field(i); NameOf(f) == part && f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
				t = f.Type.Elem()
				break
			}
		}
	}
	return label
}

// exampleOf is what a value of a type looks like, "" where that says nothing.
func exampleOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[money.Yuan]():
		return "36000.56"
	case reflect.TypeFor[money.Quantity]():
		return "1.5"
	case reflect.TypeFor[money.Rate]():
		return "0.0325"
	case reflect.TypeFor[Date]():
		return "2025-12-09"
	}
	if t.Kind() == reflect.Bool {
		return "true"
	}
	return ""
}
