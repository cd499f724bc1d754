package office

import (
	"regexp"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
)

// RememberLayout keeps what an account has said of the files that come to it in one layout: which columns their headings are, and what
// their words mean. It replaces what was kept for that layout before. No book changes by it.
type RememberLayout struct {
	Account  string      `cbor:"1,keyasint" json:"account"`
	Home     region.Code `cbor:"2,keyasint" json:"home"`
	File     string      `cbor:"3,keyasint" json:"file"`   // the kind of file, as commands name it
	Layout   string      `cbor:"4,keyasint" json:"layout"` // a digest of the headings
	Headings []HeadingIs `cbor:"5,keyasint,omitempty" json:"headings"`
	Words    []WordMeans `cbor:"6,keyasint,omitempty" json:"words"`
}

// HeadingIs says which column a heading is: its name, or "-" for one that is passed over.
type HeadingIs struct {
	Heading string `cbor:"1,keyasint" json:"heading"`
	Column  string `cbor:"2,keyasint" json:"column"`
}

// WordMeans says what a word in a column means.
type WordMeans struct {
	Column string `cbor:"1,keyasint" json:"column"`
	Word   string `cbor:"2,keyasint" json:"word"`
	Means  string `cbor:"3,keyasint" json:"means"`
}

var _ = journal.Register(&RememberLayout{}, journal.Kind{
	Label: "记住表格的排列", Roles: []journal.Role{journal.Accountant, journal.Official, journal.Administrator},
	Own: true, Note: "上传时说过的列和词,下次同样的表格照办 / what was said of a file's columns and words, for the next of its layout",
	Page: func(journal.Entry) string { return "" },
	Hints: map[string]string{
		"file":   "文件的种类,如 income",
		"layout": "表头的摘要",
	},
})

// remembered: the account, the kind of file and the layout.
var remembered = journal.Folded[RememberLayout]("layout")

func layoutKey(account, file, layout string) string { return account + "\x00" + file + "\x00" + layout }

// The most that is kept of a layout, and the longest texts in it.
const (
	maxRemembered = 256
	maxSaid       = 200
)

// Rememberable tells whether a text may be kept with a layout: short, and with no number of a person's.
func Rememberable(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= maxSaid && !ident.HasNumber(text)
}

// Place is the account's region.
func (e *RememberLayout) Place() region.Code { return e.Home }

// Subject is the account's name.
func (e *RememberLayout) Subject() string { return e.Account }

// AccountName is where the account's name stands.
func (e *RememberLayout) AccountName() *string { return &e.Account }

func (e *RememberLayout) Check(c *journal.Checking) error {
	if e.Account != c.Who.Account {
		return journal.Barred("只能记自己的")
	}
	if err := checkAccount(c, e.Account, e.Home); err != nil {
		return err
	}
	var f journal.Faults
	if !Rememberable(e.File) {
		f.Invalid("file", e.File, "请写明文件的种类")
	}
	if len(e.Layout) != 32 {
		f.Invalid("layout", e.Layout, "表头的摘要要 32 位")
	}
	if len(e.Headings)+len(e.Words) > maxRemembered {
		f.Invalid("headings", "", "要记的太多")
	}
	for _, h := range e.Headings {
		if !Rememberable(h.Heading) || h.Column != "-" && !Rememberable(h.Column) && !classColumn.MatchString(h.Column) {
			f.Invalid("headings", h.Heading, "“%s”不能记住:太长,或里面有号码", h.Heading)
		}
	}
	for _, w := range e.Words {
		if !Rememberable(w.Word) || !Rememberable(w.Means) || !Rememberable(w.Column) {
			f.Invalid("words", w.Word, "“%s”不能记住:太长,或里面有号码", w.Word)
		}
	}
	return f.Err()
}

// classColumn is the column of a share class, which has the class's id in its name.
var classColumn = regexp.MustCompile(`^class:\d{12}E\d{3,}C\d{2,}$`)

func (e *RememberLayout) Apply(a *journal.Applying) {
	remembered.Put(a.Tx, layoutKey(e.Account, e.File, e.Layout), *e)
}

// LayoutRemembered returns what an account has said of files of a kind in a layout.
func LayoutRemembered(v *journal.View, file, layout string) (RememberLayout, bool) {
	books, err := v.At(v.Who().Region)
	if err != nil || v.Who().Account == "" {
		return RememberLayout{}, false
	}
	return remembered.Get(books, layoutKey(v.Who().Account, file, layout))
}
