package exchange

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// Outlines are what a map file (GeoJSON, RFC 7946) says of where places' bounds run.
type Outlines struct {
	Entries []journal.Entry // one for each place, made so simple that a page can carry it
	Unknown []string        // what else the file draws: the features' names as they stand in it
}

// MaxOutlines is the largest map file that is read, in bytes: a county's townships take a few hundred thousand.
const MaxOutlines = 8 << 20

// What maps call the properties that say which place a feature is, in small letters.
var outlineCodeWords = []string{"code", "adcode", "区划代码", "代码", "xzqdm", "id", "gb", "pac"}

var outlineNameWords = []string{"name", "名称", "xzqmc", "乡镇", "乡镇名称", "县", "县名称", "地名"}

// ReadOutlines reads a map of counties or townships in a region. Features are matched by code or by name.
func ReadOutlines(content []byte, v *journal.View, within region.Code) (*Outlines, error) {
	wrong := func(text string, args ...any) error {
		return &journal.Error{Code: journal.Invalid, Field: "file", Text: text, Args: args}
	}
	if len(content) > MaxOutlines {
		return nil, wrong("文件超过 %s MB;请先把轮廓化简,或只留本县的", strconv.Itoa(MaxOutlines>>20))
	}
	file, err := geojson.UnmarshalFeatureCollection(content)
	if err != nil || len(file.Features) == 0 {
		return nil, wrong("这不是 GeoJSON 地图,或里面没有图形(FeatureCollection)")
	}
	places := append(office.Divisions(v, within, region.County), office.Divisions(v, within, region.Township)...)
	areas, out := map[region.Code]orb.MultiPolygon{}, &Outlines{}
	for i, x := range file.Features {
		area := polygonsOf(x.Geometry)
		name := featureName(x, i)
		if len(area) == 0 {
			out.Unknown = append(out.Unknown, name)
			continue
		}
		if b := area.Bound(); b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 {
			return nil, wrong("“%s”的坐标不是经纬度;请导出成经纬度(WGS 84 或 CGCS 2000)的 GeoJSON", name)
		}
		switch found := matching(x, places); len(found) {
		case 0:
			out.Unknown = append(out.Unknown, name)
		case 1:
			areas[found[0]] = append(areas[found[0]], area...)
		default:
			return nil, wrong("叫“%s”的地方有几个:%s、%s;请在图形的属性里写区划代码(code)", name, string(found[0]), string(found[1]))
		}
	}
	if len(areas) == 0 {
		return nil, wrong("没有一个图形对得上区划表里的县或乡镇;图形的属性里要有名称(name)或区划代码(code)")
	}
	var all orb.MultiPolygon
	for _, area := range areas {
		all = append(all, area...)
	}
	whole := all.Bound()
	size := max(whole.Max[0]-whole.Min[0], whole.Max[1]-whole.Min[1])
	for code, area := range areas {
		rings := simple(area, size/drawnAcross)
		if len(rings) == 0 {
			return nil, wrong("“%s”的图形没有面积", string(code))
		}
		out.Entries = append(out.Entries, &office.OutlinePlace{Code: code, Rings: rings})
	}
	slices.SortFunc(out.Entries, func(a, b journal.Entry) int { return cmp.Compare(a.Subject(), b.Subject()) })
	return out, nil
}

// drawnAcross is about how many points of a screen a map is drawn across: what is smaller does not show.
const drawnAcross = 800

func polygonsOf(g orb.Geometry) (area orb.MultiPolygon) {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	case orb.Collection:
		for _, part := range g {
			area = append(area, polygonsOf(part)...)
		}
	}
	return area
}

// featureName is what a map calls its feature, or which one it is, counted from 1.
func featureName(x *geojson.Feature, i int) string {
	for _, name := range propertiesOf(x, outlineNameWords) {
		return name
	}
	return "#" + strconv.Itoa(i+1)
}

// propertiesOf lists a feature's properties of some names as text.
func propertiesOf(x *geojson.Feature, names []string) (list []string) {
	for _, name := range names {
		for key, value := range x.Properties {
			if !strings.EqualFold(key, name) {
				continue
			}
			switch value := value.(type) {
			case string:
				list = append(list, strings.TrimSpace(value))
			case float64:
				list = append(list, strconv.FormatFloat(value, 'f', -1, 64))
			}
		}
	}
	return list
}

// matching are the places that a feature may be: the one of its code, else those of its name.
func matching(x *geojson.Feature, places []office.Division) (found []region.Code) {
	for _, text := range propertiesOf(x, outlineCodeWords) {
		code, err := region.Parse(text)
		if err != nil {
			continue
		}
		for _, p := range places {
			if p.Code == code {
				return []region.Code{code}
			}
		}
	}
	for _, text := range propertiesOf(x, outlineNameWords) {
		for _, p := range places {
			if text != "" && (text == p.Name || text == p.Short()) {
				found = append(found, p.Code)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// mostRings is how many rings an outline has at most: the largest.
const mostRings = 40

// simple leaves out what is too small to be seen, and then as much as it must for a place's outline to be short enough. It looks at each
// point beside its neighbours alone, so that two places' common bounds stay one line.
func simple(area orb.MultiPolygon, small float64) (rings []office.Ring) {
	var lines []orb.Ring
	for _, polygon := range area {
		for _, line := range polygon {
			if planar.Area(line) != 0 {
				lines = append(lines, simplify.VisvalingamThreshold(small*small/2).Ring(line.Clone()))
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b orb.Ring) int { return cmp.Compare(math.Abs(planar.Area(b)), math.Abs(planar.Area(a))) })
	points := 0
	for i, line := range lines {
		if i == mostRings || i > 0 && math.Abs(planar.Area(line)) < small*small {
			lines = lines[:i]
			break
		}
		points += len(line)
	}
	for _, line := range lines {
		if points > office.MaxOutline {
			line = simplify.VisvalingamKeep(4 + len(line)*(office.MaxOutline-5*len(lines))/points).Ring(line)
		}
		if line.Closed() { // the last point is the first
			line = line[:len(line)-1]
		}
		var path []int
		for _, p := range line {
			path = append(path, int(math.Round(p[0]*1e5)), int(math.Round(p[1]*1e5)))
		}
		rings = append(rings, office.Ring{Path: path})
	}
	return rings
}
