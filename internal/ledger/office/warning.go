package office

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Warning is a sort of things that somebody should look into. It stands beside the rule that finds it; pages, lists and SetWarningAside
// read its description.
type Warning struct {
	Name  string
	Label journal.Label
	Tone  string
	Rule  journal.Label // what it finds, in a sentence
	Bound *Setting      // the bound that an office may move; nil where there is none to move
}

var warnings []*Warning

// Warn makes a sort of warnings known, in the order in which they are shown. Two of one name refuse to start.
func Warn(w Warning) *Warning {
	if WarningNamed(w.Name) != nil {
		panic("two warnings are called " + w.Name)
	}
	warnings = append(warnings, &w)
	return &w
}

// Warnings lists the sorts of warnings.
func Warnings() []*Warning { return warnings }

// WarningNamed is the sort with a name, nil where there is none.
func WarningNamed(name string) *Warning {
	if i := slices.IndexFunc(warnings, func(w *Warning) bool { return w.Name == name }); i >= 0 {
		return warnings[i]
	}
	return nil
}

// SetWarningAside keeps a warning out of the lists until a day: somebody has looked into it. From that day on it is there again, where what
// it says still is so.
type SetWarningAside struct {
	Warning string       `cbor:"1,keyasint" json:"warning"`
	Of      string       `cbor:"2,keyasint" json:"of"` // what it is about, or the village
	Until   journal.Date `cbor:"3,keyasint" json:"until"`
	Reason  string       `cbor:"4,keyasint" json:"reason"`
	// Level is that of whoever sets it aside: offices above see it as before.
	Level region.Level `cbor:"5,keyasint" json:"-"`
}

var _ = journal.Register(&SetWarningAside{}, journal.Kind{
	Label: "搁置提醒", Aside: true, Roles: []journal.Role{journal.Accountant, journal.Reviewer, journal.Official},
	Note:  "到那一天还没有解决的又会提醒;上级照样看得到;写今天就是取消 / until a day; offices above still see it; today takes it back",
	Page:  func(e journal.Entry) string { return "/warnings/" + string(e.Place()) + "?show=aside" },
	Hints: map[string]string{"warning": "哪一种提醒", "of": "合同、分红、收支或年度的编号,或村代码", "until": "搁置到哪一天,最长一年"},
})

// Aside is that a warning was set aside.
type Aside struct {
	Until  journal.Date  `cbor:"1,keyasint"`
	Reason string        `cbor:"2,keyasint"`
	Stamp  journal.Stamp `cbor:"3,keyasint"`
	Level  region.Level  `cbor:"4,keyasint"`
}

// Hides tells whether it keeps the warning out of the list of a place: that of whoever set it aside, and those below.
func (a *Aside) Hides(place region.Code) bool { return a != nil && a.Level <= place.Level() }

// asides: what the warning is about, and its name.
var asides = journal.Folded[Aside]("aside")

func asideKey(of, warning string) string { return of + "\x00" + warning }

// longestAside is the most days that a warning is set aside.
const longestAside = 366

// Place is the village of what the warning is about.
func (e *SetWarningAside) Place() region.Code { return journal.PlaceOf(e.Of) }

// Subject is what the warning is about.
func (e *SetWarningAside) Subject() string { return e.Of }

func (e *SetWarningAside) Check(c *journal.Checking) error {
	var f journal.Faults
	if WarningNamed(e.Warning) == nil {
		f.Invalid("warning", e.Warning, "没有“%s”这种提醒", e.Warning)
	}
	switch form := journal.FormOf(e.Of); {
	case form == journal.YearID && (journal.YearID.Year(e.Of) < 1949 || journal.YearID.Year(e.Of) > c.Today().Year()):
		f.Add(journal.NotFound, "of", e.Of, "没有这个编号")
	case form == journal.VillageID || form == journal.YearID:
		CheckVillage(c, &f, "of", journal.PlaceOf(e.Of))
	case form == nil || !journal.Exists(c, e.Of, form):
		f.Add(journal.NotFound, "of", e.Of, "没有这个编号")
	}
	switch {
	case e.Until == "":
		f.Invalid("until", "", "请填写搁置到哪一天")
	case e.Until <= c.Today() && !asides.Has(c, asideKey(e.Of, e.Warning)):
		f.Invalid("until", e.Until, "搁置到的日期 %s 要晚于今天", string(e.Until))
	case e.Until.DayNumber()-c.Today().DayNumber() > longestAside:
		f.Invalid("until", e.Until, "最长搁置 %s 天", strconv.Itoa(longestAside))
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明为什么搁置")
	}
	e.Level = c.Who.Region.Level()
	return f.Err()
}

func (e *SetWarningAside) Apply(a *journal.Applying) {
	asides.Put(a.Tx, asideKey(e.Of, e.Warning), Aside{e.Until, e.Reason, a.Stamp(), e.Level})
}

// AsideOf tells that a warning is set aside on a day, nil where it is not.
func AsideOf(r store.Reader, of, warning string, day journal.Date) *Aside {
	if x, ok := asides.Get(r, asideKey(of, warning)); ok && day < x.Until {
		return &x
	}
	return nil
}
