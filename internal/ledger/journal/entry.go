package journal

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Entry is one thing that happened, named for it: RecordIncome, ApproveDistribution. Every change to the books is one.
//
// A kind keeps its meaning for ever: its name and its integer field keys stand in journals. A changed rule is a new kind.
type Entry interface {
	// Place is the region whose books the entry changes; "" when what it names cannot be a place.
	Place() region.Code
	// Subject is the id of what the entry makes or changes. It may be decided by Check.
	Subject() string
	// Check refuses the entry or decides what the books decide (numbers given out, figures) and fills it in. It is given a copy: what somebody
	// posted stays as it was, and can be tried again.
	Check(c *Checking) error
	// Apply changes the tables as the entry says. It reads no clock and refuses nothing: it runs again at every fold.
	Apply(a *Applying)
}

// numbered entries carry personal numbers or hashes. Before they are queued these are looked at in the clear and digested: a check finds by
// the digest.
type numbered interface {
	Prepare(k *seal.Key) error
}

// boxing entries hold boxes. The ledger seals what is to be in them last of all, from what the check decided.
type boxing interface {
	Boxes(each func(Boxed))
}

// Boxed is a box of an entry: what it is for, whose it is, and what is to be sealed into it.
type Boxed struct {
	Purpose seal.Purpose
	Owner   string // the id, or the account, that the box is bound to
	Text    string // "" where the box was taken over from the books, and of an entry that was read from the journal
	Box     *seal.Box
}

// sealBoxes seals an entry's boxes. What the entry takes over from the books must open as its owner's; what an older program sealed is
// bound to the owner now.
func sealBoxes(k *seal.Key, e Entry) (err error) {
	holds, ok := e.(boxing)
	if !ok {
		return nil
	}
	holds.Boxes(func(b Boxed) {
		text := b.Text
		if text == "" {
			kept, wrong := k.Open(b.Purpose, b.Owner, *b.Box)
			if wrong != nil {
				err = Refuse(Unavailable, "", b.Owner, "%s登记的号码打不开,不是本人的或已损坏;请不要付款,请管理员用 sanbian verify --numbers 查明", b.Owner)
			}
			if b.Box.Unbound() {
				text = kept
			}
		}
		*b.Box = k.Close(b.Purpose, b.Owner, text, *b.Box)
	})
	return err
}

// Known finds the digest that the books know a number by, among those that it may have, newest first; nil where they do not know it. The
// place is that of the entry that brings it: what is known nearest to it counts.
type Known func(c *Checking, place region.Code, number string, digests [][]byte) []byte

var knownBy = map[seal.Purpose]Known{}

// KnownBy says how numbers of a purpose are found. A number keeps the digest that it was first known by, also when the key has been changed
// since: so it stays one number in all indexes and sums.
func KnownBy(p seal.Purpose, known Known) { knownBy[p] = known }

// recognize gives the numbers of an entry the digests that the books know them by.
func (c *Checking) recognize(e Entry) {
	holds, ok := e.(boxing)
	if !ok || !c.key.Changed() {
		return
	}
	holds.Boxes(func(b Boxed) {
		known := knownBy[b.Purpose]
		if known == nil || b.Text == "" || b.Box.Digest == nil {
			return
		}
		number := ident.Clean(b.Text)
		if digest := known(c, e.Place(), number, c.key.Digests(b.Purpose, number)); digest != nil {
			b.Box.Digest = digest
		}
	})
}

// Checking is what a check may know.
type Checking struct {
	*store.Tx
	Who   Actor
	Asked bool // somebody only asks whether the entry would be taken: work that takes long is left to the posting
	now   time.Time
	key   *seal.Key

	doubts Faults         // about the entry that is being checked
	once   map[string]any // what checks of one posting look up once
}

// Doubt notes what may be right and has to be looked at again: it refuses nothing. Forms ask, uploads and commands say it.
func (c *Checking) Doubt(field string, value any, text string, args ...any) {
	c.doubts.Add(Doubtful, field, value, text, args...)
}

// Once looks something up once for all entries of a posting: what old books make costly to find, and no entry of the posting changes.
func Once[T any](c *Checking, what string, look func() T) T {
	if found, ok := c.once[what]; ok {
		return found.(T)
	}
	if c.once == nil {
		c.once = map[string]any{}
	}
	found := look()
	c.once[what] = found
	return found
}

// Open opens an owner's box.
func (c *Checking) Open(p seal.Purpose, owner string, b seal.Box) (string, error) {
	return c.key.Open(p, owner, b)
}

// Digests are those that a number may be found by, newest first.
func (c *Checking) Digests(p seal.Purpose, text string) [][]byte { return c.key.Digests(p, text) }

// Today is the business date of the posting.
func (c *Checking) Today() Date { return DateOf(c.now) }

// Applying is what an apply may know: the tables, and what the journal says of the entry.
type Applying struct {
	*store.Tx
	chain string
	Seq   uint64
	By    string
	at    time.Time

	foreign bool // the record came from another ledger
}

// Decode makes an entry of a kind from named fields: text from a form or a cell, JSON values from a script. Every field that
// cannot be read is a fault of its own. A field the kind does not have is refused.
func Decode(kind string, fields map[string]any) (Entry, error) {
	e := New(kind)
	if e == nil {
		return nil, Wrong("entry", kind, "没有名为“%s”的分录", kind)
	}
	var f Faults
	decodeStruct(reflect.ValueOf(e).Elem(), fields, "", &f)
	return e, f.Err()
}

// NameOf is the JSON name of an entry's field, "" or "-" of one that whoever posts does not fill. A field that a kind got later carries
// omitempty: what was posted without it has the digest that it had.
func NameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// fieldNames are the JSON names of a type's fields that may be filled, by their place; "" for the others. Looked up once for each type:
// files bring hundreds of thousands of entries.
func fieldNames(t reflect.Type) []string {
	if names, ok := fieldNamesOf.Load(t); ok {
		return names.([]string)
	}
	names := make([]string, t.NumField())
	for i := range names {
		if name := NameOf(t.Field(i)); name != "-" {
			names[i] = name
		}
	}
	fieldNamesOf.Store(t, names)
	return names
}

var fieldNamesOf sync.Map

func decodeStruct(v reflect.Value, fields map[string]any, path string, f *Faults) {
	names, known := fieldNames(v.Type()), 0
	for i, name := range names {
		if name == "" {
			continue
		}
		given, ok := fields[name]
		if ok {
			known++
		}
		if given != nil {
			decodeValue(v.Field(i), given, path+name, f)
		}
	}
	if known == len(fields) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(names, name) {
			f.Invalid(path+name, fields[name], "这种分录没有“%s”这一项", name)
		}
	}
}

// decodeList reads a list: one of JSON, or words with signs between them.
func decodeList(v reflect.Value, given any, path string, f *Faults) {
	list, ok := given.([]any)
	if !ok {
		if text, isText := given.(string); isText {
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;、,;\n", r) }) {
				list = append(list, word)
			}
		} else {
			f.Invalid(path, given, "这里应当是一列值")
			return
		}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, item := range list {
		decodeValue(v.Index(i), item, path+"."+strconv.Itoa(i), f)
	}
}

func decodeValue(v reflect.Value, given any, path string, f *Faults) {
	if v.Kind() == reflect.Slice {
		decodeList(v, given, path, f)
		return
	}
	if v.Kind() == reflect.Struct {
		fields, ok := given.(map[string]any)
		if !ok {
			f.Invalid(path, given, "这里应当是一组带名字的值")
			return
		}
		decodeStruct(v, fields, path+".", f)
		return
	}
	if b, ok := given.(bool); ok && v.Kind() == reflect.Bool {
		v.SetBool(b)
		return
	}
	text, ok := given.(string)
	if !ok {
		if n, isNumber := given.(fmt.Stringer); isNumber { // json.Number keeps the digits as they were written
			text = n.String()
		} else {
			f.Invalid(path, given, "这里应当是文字或数字")
			return
		}
	}
	text = ident.OneLine(text)
	if text == "" {
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			explain(v.Addr().Interface(), path, text, err, f)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if !plainText(text) {
			f.Invalid(path, strings.ToValidUTF8(text, "?"), "含有不可见的字符或乱码")
			return
		}
		if ident.Private(text) {
			f.Invalid(path, text, "“%s”里有自造的字,换一台电脑就显示不出,银行也认不得;请改成字库里有的字", text)
			return
		}
		if n := utf8.RuneCountInString(text); n > MaxText {
			f.Invalid(path, string([]rune(text)[:20])+"…", "有 %s 个字,太长;最多 %s 个字", strconv.Itoa(n), strconv.Itoa(MaxText))
			return
		}
		v.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			f.Invalid(path, text, "“%s”不是整数", text)
			return
		}
		v.SetInt(int64(n))
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil && text != "on" {
			f.Invalid(path, text, "“%s”不是“是”或“否”", text)
			return
		}
		v.SetBool(b || text == "on")
	default:
		panic("entry field of a kind that nothing decodes: " + v.Type().String())
	}
}

// MaxText is the longest text a field takes, in characters.
const MaxText = 200

// plainText tells whether a text is UTF-8 without control characters: nothing else may reach the journal, where it stays.
func plainText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd })
}

// explain says why a typed value could not be read, and what one looks like.
func explain(target any, path, text string, err error, f *Faults) {
	if len(text) > 60 {
		text = text[:60] + "…"
	}
	text = strings.ToValidUTF8(text, "?")
	switch target.(type) {
	case *money.Yuan:
		switch {
		case errors.Is(err, money.ErrPlaces):
			f.Invalid(path, text, "%s 的小数超过两位;金额只到分,例如 36000.56", text)
		case errors.Is(err, money.ErrTooLarge):
			f.Invalid(path, text, "%s 太大;一笔最多 %s 元", text, money.MaxYuan.Grouped())
		default:
			f.Invalid(path, text, "“%s”不是金额;请写成 36000.56 这样的数", text)
		}
	case *money.Quantity:
		switch {
		case errors.Is(err, money.ErrPlaces):
			f.Invalid(path, text, "%s 的小数超过四位;例如 1.5", text)
		case errors.Is(err, money.ErrTooLarge):
			f.Invalid(path, text, "%s 太大;最多 %s", text, money.MaxQuantity.Grouped())
		default:
			f.Invalid(path, text, "“%s”不是数量;请写成 1.5 这样的数", text)
		}
	case *money.Rate:
		if errors.Is(err, money.ErrTooLarge) {
			f.Invalid(path, text, "%s 太大", text)
			return
		}
		f.Invalid(path, text, "“%s”不是单价或比例;最多六位小数,例如 320 或 0.0325", text)
	case *Days:
		f.Invalid(path, text, "“%s”不是天数;请写 0 到 365 的整数", text)
	case *Date:
		f.Invalid(path, text, "“%s”不是日期;请写成 2025-12-09", text)
	default:
		f.Invalid(path, text, "“%s”不能用在这里", text)
	}
}
