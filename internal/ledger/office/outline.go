package office

import (
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/region"
)

// Ring is a closed line on the map: longitude and latitude of its points by turns, in hundred-thousandths of a degree (about a metre).
type Ring struct {
	Path []int `cbor:"1,keyasint" json:"path"`
}

// Outline is where a place's bounds run, by the map that its office has loaded; of rings that lie in one another the inner ones are holes.
type Outline struct {
	Rings []Ring `cbor:"1,keyasint,omitempty"`
}

var outlines = journal.Folded[Outline]("outline")

// outlined are the outlines for reading: like names of places they are no secret.
var outlined = journal.CommonOf(outlines.Readable())

// MaxOutline is the most points of one place's outline; whoever reads a map makes it so simple.
const MaxOutline = 400

// OutlinePlace says where a county's or a township's bounds run, or takes that back where it brings no ring. No outlines come with the
// program: an office loads a map that it may show.
type OutlinePlace struct {
	Code  region.Code `cbor:"1,keyasint" json:"code"`
	Rings []Ring      `cbor:"2,keyasint,omitempty" json:"rings"`
}

var _ = journal.Register(&OutlinePlace{}, journal.Kind{
	Label: "载入轮廓", Roles: []journal.Role{journal.Administrator},
	Note:  "一般从 GeoJSON 文件载入(页面“地图轮廓”);再载入就换掉,没有环就是去掉 / usually from a GeoJSON file on a page; without rings it is taken away",
	Hints: map[string]string{"rings.path": "经度、纬度轮流写,单位是十万分之一度"},
})

// Place is the division itself.
func (e *OutlinePlace) Place() region.Code { return e.Code }

// Subject is the division's code.
func (e *OutlinePlace) Subject() string { return string(e.Code) }

func (e *OutlinePlace) Check(c *journal.Checking) error {
	var f journal.Faults
	switch level := e.Code.Level(); {
	case level != region.County && level != region.Township:
		f.Invalid("code", e.Code, "%s 不是县或乡镇的代码;轮廓只画到乡镇", string(e.Code))
	case !divisions.Has(c, string(e.Code)):
		f.Invalid("code", e.Code, "区划表里没有 %s", string(e.Code))
	}
	points := 0
	for i, ring := range e.Rings {
		field := "rings." + strconv.Itoa(i) + ".path"
		if n := len(ring.Path); n%2 != 0 || n < 6 {
			f.Invalid(field, strconv.Itoa(n), "一圈有 %s 个数;要成对,至少三个点", strconv.Itoa(n))
		}
		points += len(ring.Path) / 2
		for j, n := range ring.Path {
			if most := 9_000_000 * (2 - j%2); n < -most || n > most { // 180° east or west, 90° north or south
				f.Invalid(field, strconv.Itoa(n), "%s 超出了经纬度", strconv.Itoa(n))
				break
			}
		}
	}
	if points > MaxOutline {
		f.Invalid("rings", strconv.Itoa(points), "轮廓有 %s 个点,最多 %s 个", strconv.Itoa(points), strconv.Itoa(MaxOutline))
	}
	return f.Err()
}

func (e *OutlinePlace) Apply(a *journal.Applying) {
	if len(e.Rings) == 0 {
		outlines.Delete(a.Tx, string(e.Code))
		return
	}
	outlines.Put(a.Tx, string(e.Code), Outline{Rings: e.Rings})
}

// OutlineOf returns where a place's bounds run, and whether its office has loaded that.
func OutlineOf(v *journal.View, place region.Code) (Outline, bool) {
	return outlined.Get(v, string(place))
}
