package office

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Setting is something that an office decides for its place, from a day on. It stands beside the rule that reads it; pages, the reference
// and ChangeSetting read its description.
type Setting struct {
	Name    string
	Label   journal.Label
	Hint    journal.Label
	Choices []Choice                                     // the values there are; none where any that Wrong does not refuse will do
	Default string                                       // what holds where no office has said anything
	Wrong   func(value string) (text string, args []any) // what is wrong with a value, "" where nothing is
}

// Choice is a value of a setting and what it is called.
type Choice struct {
	Value string
	Label journal.Label
}

var settings []*Setting

// Describe makes a setting known. Two of one name refuse to start.
func Describe(s Setting) *Setting {
	if SettingNamed(s.Name) != nil {
		panic("two settings are called " + s.Name)
	}
	settings = append(settings, &s)
	return &s
}

// Settings lists the settings, by name.
func Settings() []*Setting {
	return slices.SortedFunc(slices.Values(settings), func(a, b *Setting) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

// SettingNamed is the setting with a name, nil where there is none.
func SettingNamed(name string) *Setting {
	for _, s := range settings {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Said is what a value of the setting is called; the value itself where it has no name.
func (s *Setting) Said(value string) journal.Label {
	for _, c := range s.Choices {
		if c.Value == value {
			return c.Label
		}
	}
	return journal.Label(value)
}

// Ruling is what an office said of a setting, and from which day on.
type Ruling struct {
	Setting string        `cbor:"1,keyasint"`
	Value   string        `cbor:"2,keyasint"`
	From    journal.Date  `cbor:"3,keyasint"`
	Reason  string        `cbor:"4,keyasint,omitempty"`
	Stamp   journal.Stamp `cbor:"5,keyasint"`
}

// rulings: the place, the setting's name, the day and the number of the record.
var rulings = journal.Folded[Ruling]("ruling")

func rulingFront(place region.Code, name string) string { return string(place) + name + "\x00" }

// ChangeSetting sets something for a county, a city or a province from a day on. What the nearest office says holds for a village: its
// county's word before its city's.
type ChangeSetting struct {
	Region  region.Code  `cbor:"1,keyasint" json:"region"`
	Setting string       `cbor:"2,keyasint" json:"setting"`
	Value   string       `cbor:"3,keyasint,omitempty" json:"value"`
	From    journal.Date `cbor:"4,keyasint" json:"from_day"`
	Reason  string       `cbor:"5,keyasint" json:"reason"`
}

var _ = journal.Register(&ChangeSetting{}, journal.Kind{
	Label: "更改设置", Roles: []journal.Role{journal.Official},
	Note: "县、市定自己地方的规矩;有日期,以前的不改 / what a county or city decides for its place, from a day on",
	Page: func(e journal.Entry) string { return "/settings/" + string(e.Place()) },
	Hints: map[string]string{
		"region": "县或市的代码",
		"value":  "设置的值",
	},
})

// Place is the place that the setting is for.
func (e *ChangeSetting) Place() region.Code { return e.Region }

// Subject is the place.
func (e *ChangeSetting) Subject() string { return string(e.Region) }

func (e *ChangeSetting) Check(c *journal.Checking) error {
	var f journal.Faults
	CheckOffice(c, &f, e.Region)
	switch {
	case e.From == "":
		f.Invalid("from_day", "", "请填写从哪一天起,例如 2026-01-01")
	case e.From < "1949-10-01":
		f.Invalid("from_day", e.From, "日期 %s 太早", string(e.From))
	}
	if e.Reason == "" {
		f.Invalid("reason", "", "请写明依据,例如 文件号")
	}
	s := SettingNamed(e.Setting)
	if s == nil {
		f.Invalid("setting", e.Setting, "没有名为“%s”的设置", e.Setting)
		return f
	}
	if len(s.Choices) > 0 && !slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.Value == e.Value }) {
		f.Invalid("value", e.Value, "“%s”不能是“%s”", s.Label, e.Value)
	}
	if s.Wrong != nil {
		if text, args := s.Wrong(e.Value); text != "" {
			f.Invalid("value", e.Value, text, args...)
		}
	}
	return f.Err()
}

// CheckOffice refuses a place that has no office to set anything for it: a county, a city and a province have one.
func CheckOffice(c *journal.Checking, f *journal.Faults, place region.Code) {
	if level := place.Level(); level != region.County && level != region.City && level != region.Province {
		f.Invalid("region", place, "设置只由县、市或省定,%s 不是", string(place))
	} else if !divisions.Has(c, string(place)) {
		f.Invalid("region", place, "区划表里没有 %s", string(place))
	}
}

func (e *ChangeSetting) Apply(a *journal.Applying) {
	rulings.Put(a.Tx, rulingFront(e.Region, e.Setting)+e.From.Key()+journal.SeqKey(a.Seq),
		Ruling{Setting: e.Setting, Value: e.Value, From: e.From, Reason: e.Reason, Stamp: a.Stamp()})
}

// On is what the setting is for a place on a day: what the nearest office has said last, its default where none has.
func (s *Setting) On(r store.Reader, place region.Code, day journal.Date) string {
	if place == "" { // what is asked about names no place, and is refused for that
		return s.Default
	}
	for level := min(place.Level(), region.County); level >= region.Province; level-- {
		value, found := "", false
		for _, x := range rulings.Scan(r, rulingFront(place.Cut(level), s.Name)) {
			if x.From <= day {
				value, found = x.Value, true
			}
		}
		if found {
			return value
		}
	}
	return s.Default
}

// WrongPercent says what is wrong with the value of a setting that is a percentage, or left open.
func WrongPercent(value string) (text string, args []any) {
	if value == "" {
		return "", nil
	}
	if rate, err := money.ParseRate(value); err != nil || rate <= 0 || rate > 100_000_000 {
		return "“%s”不行;请写大于 0、不超过 100 的数,不带百分号,例如 3,或留空", []any{value}
	}
	return "", nil
}

// WrongCount says what is wrong with the value of a setting that is a number of days, years or times.
func WrongCount(value string) (text string, args []any) {
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 9999 {
		return "“%s”不行;请写 1 到 9999 的整数", []any{value}
	}
	return "", nil
}

// PercentOn is On of a setting that is a percentage, 0 where nothing is set.
func (s *Setting) PercentOn(r store.Reader, place region.Code, day journal.Date) money.Rate {
	rate, _ := money.ParseRate(s.On(r, place, day))
	return rate
}

// Rulings lists what a place's office has said of a setting, in the order of days.
func Rulings(v *journal.View, place region.Code, s *Setting) (list []Ruling, err error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	for _, x := range rulings.Scan(books, rulingFront(place, s.Name)) {
		list = append(list, x)
	}
	return list, nil
}

// InForce is what a setting is for a place today. What offices set is no secret: whoever may see the place may read it.
func InForce(v *journal.View, place region.Code, s *Setting) (string, error) {
	books, err := v.At(place)
	if err != nil {
		return "", err
	}
	return s.On(books, place, v.Today()), nil
}
