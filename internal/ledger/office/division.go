// Package office knows the map of places, the accounts and what each may do, and the years that are closed.
package office

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Division is a place on the map with its name.
type Division struct {
	Code region.Code `cbor:"1,keyasint,omitempty"`
	Name string      `cbor:"2,keyasint,omitempty"`
}

// Short is the name as people say it: 育新村 for 育新村民委员会.
func (d Division) Short() string {
	for _, end := range []string{"民委员会", "委会", "居民委员会", "居委会"} {
		if s, ok := strings.CutSuffix(d.Name, "村"+end); ok && s != "" {
			return s + "村"
		}
	}
	for _, end := range []string{"居民委员会", "居委会"} {
		if s, ok := strings.CutSuffix(d.Name, end); ok && s != "" {
			return s
		}
	}
	return d.Name
}

var divisions = sums.Folded("division", func(_ store.Reader, key string, _ Division,
	to *sums.Adding) {
	to.Touch(mapSums, region.Code(key))
})

// mapSums tell when the map of a county last changed.
var mapSums = sums.NewStock("v")

// DivisionTable holds the places on the map, by code.
var DivisionTable = divisions.Readable()

// NameDivision puts a place on the map, or gives one that is there another name.
type NameDivision struct {
	Code region.Code `cbor:"1,keyasint" json:"code"`
	Name string      `cbor:"2,keyasint" json:"name"`
}

var _ = journal.Register(&NameDivision{}, journal.Kind{
	Label: "登记区划", Roles: []journal.Role{journal.Administrator},
})

// Place is the division itself.
func (e *NameDivision) Place() region.Code { return e.Code }

// Subject is the division's code.
func (e *NameDivision) Subject() string { return string(e.Code) }

func (e *NameDivision) Check(c *journal.Checking) error {
	var f journal.Faults
	if e.Name == "" {
		f.Invalid("name", "", "请填写区划名称")
	}
	// A village needs its township on the map and a township its county; a county may be the top of a map.
	if e.Code.Level() > region.County && !divisions.Has(c, string(e.Code.Parent())) {
		f.Invalid("code", e.Code, "%s 的上级 %s 不在区划表里", string(e.Code), string(e.Code.Parent()))
	}
	return f.Err()
}

func (e *NameDivision) Apply(a *journal.Applying) {
	divisions.Put(a, string(e.Code), Division{Code: e.Code, Name: e.Name})
}

// mapped is the map for reading.
var mapped = journal.CommonOf(DivisionTable)

// DivisionOf returns a place by its code. Names of places are no secret: every account may read them.
func DivisionOf(v *journal.View, code region.Code) (Division, error) {
	d, ok := mapped.Get(v, string(code))
	if !ok {
		if code == region.Country {
			return Division{Code: code, Name: "全部"}, nil
		}
		return Division{}, journal.Missing("code", code, "区划表里没有 %s", string(code))
	}
	return d, nil
}

// Path returns the places from the largest on the map down to code.
func Path(v *journal.View, code region.Code) (path []Division) {
	for l := region.Province; l <= code.Level(); l++ {
		if d, ok := mapped.Get(v, string(code.Cut(l))); ok {
			path = append(path, d)
		}
	}
	return path
}

// Called tells whether somebody means a place by a name: its own, that of one it lies in, or a code.
func Called(v *journal.View, code region.Code, name string) bool {
	name = strings.TrimSpace(name)
	for _, d := range Path(v, code) {
		if name == d.Name || name == d.Short() || name == d.Code.Prefix() || name == string(d.Code) {
			return true
		}
	}
	return false
}

// PlaceNamed finds the place in a region that somebody means by its code or its name, with names of larger places before it where there are
// several: 育新村, 七里河镇 育新村. Invalid where there is none; Conflict where there are several, naming them.
func PlaceNamed(v *journal.View, within region.Code, field, text string) (region.Code, error) {
	words := strings.Fields(text)
	if len(words) == 1 {
		if code, err := region.Parse(words[0]); err == nil {
			return code, nil
		}
	}
	var found []region.Code
	for level := region.Province; level <= region.Village && len(words) > 0; level++ {
		for _, d := range Divisions(v, within, level) {
			last := words[len(words)-1]
			if last != d.Name && last != d.Short() {
				continue
			}
			if !slices.ContainsFunc(words[:len(words)-1], func(word string) bool { return !Called(v, d.Code, word) }) {
				found = append(found, d.Code)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", journal.Wrong(field, text, "区划表里没有“%s”;请写地名或区划代码", text)
	case 1:
		return found[0], nil
	}
	var paths []string
	for _, code := range found[:min(len(found), 5)] {
		var names []string
		for _, d := range Path(v, code) {
			names = append(names, d.Short())
		}
		paths = append(paths, strings.Join(names, " ")+"("+string(code)+")")
	}
	return "", journal.Clash(field, text, "叫“%s”的地方有几个:%s;请在前面加上乡镇或县的名字", text, strings.Join(paths, "、"))
}

// mapOf are the county and the places in it, in code order: shared by all who ask.
func mapOf(v *journal.View, county region.Code) []Division {
	return journal.Memo(v, "map "+string(county), MapChanged(v, county), func() (list []Division) {
		for _, d := range mapped.Scan(v, county.Prefix()) {
			list = append(list, d)
		}
		return list
	})
}

// MapChanged is the number of the record that last changed the map of a county.
func MapChanged(v *journal.View, county region.Code) uint64 { return mapSums.ChangedIn(v, county) }

// Divisions lists all places in a region of one level, in code order.
func Divisions(v *journal.View, within region.Code, level region.Level) (list []Division) {
	if within.Level() >= region.County {
		for _, d := range mapOf(v, within.Cut(region.County)) {
			if d.Code.Level() == level && within.Contains(d.Code) {
				list = append(list, d)
			}
		}
		return list
	}
	if level > region.County {
		for _, county := range Divisions(v, within, region.County) {
			list = append(list, Divisions(v, county.Code, level)...)
		}
		return list
	}
	from, end := within.Prefix(), store.PrefixEnd(within.Prefix())
	for more := true; more; { // what lies in a place of the level is passed over
		more = false
		for k, d := range mapped.Range(v, from, end) {
			if more, from = true, store.After(k); d.Code.Level() == level {
				list, from = append(list, d), store.PrefixEnd(d.Code.Prefix())
			}
			break
		}
	}
	return list
}

// Children lists the places next below a region on the map: of a county its townships; of the country, where no province or
// city is named, the counties.
func Children(v *journal.View, of region.Code) []Division {
	for l := of.Level() + 1; l <= region.Village; l++ {
		if list := Divisions(v, of, l); len(list) > 0 {
			return list
		}
	}
	return nil
}

// Seats lists the places of a region that may keep a register: its villages, and its townships, which may have a collective of their own.
func Seats(v *journal.View, within region.Code) (list []Division) {
	for _, d := range mapped.Scan(v, within.Prefix()) {
		if d.Code.Level() >= region.Township {
			list = append(list, d)
		}
	}
	return list
}

// CheckVillage refuses a code that names no village on the map.
func CheckVillage(r store.Reader, f *journal.Faults, field string, code region.Code) {
	switch {
	case code == "":
		f.Invalid(field, "", "请填写村的 12 位区划代码")
	case code.Level() != region.Village:
		f.Invalid(field, code, "%s 不是村一级的区划代码", string(code))
	case !divisions.Has(r, string(code)):
		f.Invalid(field, code, "区划表里没有 %s", string(code))
	}
}

func init() {
	journal.NamedBy(journal.VillageID, divisions.Table, func(_ store.Reader, d Division) string { return d.Short() })
}

// HasDivision tells whether the table of divisions has a place.
func HasDivision(r store.Reader, place region.Code) bool { return divisions.Has(r, string(place)) }
