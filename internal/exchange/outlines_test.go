package exchange_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// feature is a feature of a map: its properties and its geometry.
func feature(properties, geometry string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":` + geometry + `}`
}

func mapFile(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

const square = `{"type":"Polygon","coordinates":[[[121.1,41.5,7],[121.3,41.5],[121.3,41.6],[121.1,41.6],[121.1,41.5]]]}`

// wiggly is a line around a middle with so many points.
func wiggly(lon, lat float64, points int) string {
	var list []string
	for i := range points {
		at := 2 * math.Pi * float64(i) / float64(points)
		far := 0.1 + 0.02*math.Sin(40*at) + 0.003*math.Sin(900*at)
		list = append(list, fmt.Sprintf("[%.7f,%.7f]", lon+far*math.Cos(at), lat+far*math.Sin(at)))
	}
	return `{"type":"Polygon","coordinates":[[` + strings.Join(append(list, list[0]), ",") + `]]}`
}

// A map is read by codes and by names; what it does not say clearly is refused in words, and what nobody knows is told.
func TestOutlines(t *testing.T) {
	l := booktest.New(t).Ledger
	for _, c := range []struct {
		name, file string
		within     region.Code
		want       string // codes, each with how many rings and how many points they have
		unknown    string
		fault      string
	}{
		{"by its code as a number", mapFile(feature(`"adcode":210727,"name":"别的"`, square)), "210700000000", "210727000000:1:4", "", ""},
		{"by its code of nine digits", mapFile(feature(`"XZQDM":"210727102"`, square)), "210727000000", "210727102000:1:4", "", ""},
		{"by its name", mapFile(feature(`"NAME":"七里河镇"`, square)), "210727000000", "210727102000:1:4", "", ""},
		{"by its name where its code is another numbering's", mapFile(feature(`"gb":"156999999","名称":"七里河镇"`, square)), "210727000000",
			"210727102000:1:4", "", ""},
		{"in two features", mapFile(feature(`"name":"七里河镇"`, square), feature(`"name":"七里河镇"`, wiggly(121.2, 41.4, 50))), "210727000000",
			"210727102000:2:", "", ""},
		{"with a bend too small to be seen", mapFile(feature(`"name":"七里河镇"`,
			`{"type":"Polygon","coordinates":[[[121,41],[121.5,41.0000001],[122,41],[122,42],[121,42],[121,41]]]}`)), "210727000000",
			"210727102000:1:4", "", ""},
		{"with so many bends that they are too much", mapFile(feature(`"name":"七里河镇"`, wiggly(121.2, 41.4, 20000))), "210727000000",
			"210727102000:1:", "", ""},
		{"with what is not among the divisions", mapFile(feature(`"name":"七里河镇"`, square), feature(`"name":"火星镇"`, square),
			feature(`"name":"河"`, `{"type":"LineString","coordinates":[[121,41],[122,42]]}`), feature(``, square)), "210727000000",
			"210727102000:1:4", "火星镇 河 #4", ""},
		{"of another county", mapFile(feature(`"code":"210727102"`, square)), "210782000000", "", "", "没有一个图形对得上"},
		{"in metres", mapFile(feature(`"name":"七里河镇"`,
			`{"type":"Polygon","coordinates":[[[40512345,4591234],[40522345,4591234],[40522345,4601234],
			[40512345,4591234]]]}`)), "210727000000", "", "", "不是经纬度"},
		{"without any area", mapFile(feature(`"name":"七里河镇"`, `{"type":"Polygon","coordinates":[[[121,41],[122,42],[121,41]]]}`)),
			"210727000000", "",
			"", "没有面积"},
		{"no map", `{"type":"Topology"}`, "210727000000", "", "", "不是 GeoJSON"},
		{"cut off", mapFile(feature(`"name":"七里河镇"`, square))[:90], "210727000000", "", "", "不是 GeoJSON"},
		{"empty", "", "210727000000", "", "", "不是 GeoJSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var read *exchange.Outlines
			err := l.Read(journal.Actor{Account: "admin"}, func(v *journal.View) (err error) {
				read, err = exchange.ReadOutlines([]byte(c.file), v, c.within)
				return err
			})
			if c.fault != "" {
				if journal.CodeOf(err) != journal.Invalid || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range read.Entries {
				o, points := e.(*office.OutlinePlace), 0
				for _, ring := range o.Rings {
					points += len(ring.Path) / 2
				}
				got = append(got, fmt.Sprintf("%s:%d:%d", o.Code, len(o.Rings), points))
			}
			if s := strings.Join(got, " "); !strings.HasPrefix(s, c.want) || c.want[len(c.want)-1] != ':' && s != c.want {
				t.Errorf("%s, want %s", s, c.want)
			}
			if s := strings.Join(read.Unknown, " "); s != c.unknown {
				t.Errorf("unknown %q, want %q", s, c.unknown)
			}
			if _, err := l.Post(journal.Actor{Account: "admin"}, journal.Posting{Entries: read.Entries}); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever a map holds, it is refused in words or gives outlines that can be posted.
func FuzzOutlines(f *testing.F) {
	l := booktest.New(f).Ledger
	for _, geometry := range []string{square, wiggly(121.2, 41.4, 12), `{"type":"GeometryCollection","geometries":[` + square + `]}`,
		`{"type":"MultiPolygon","coordinates":[[[[121,41],[122,41],[122,42]]],[[[1e300,0],[0,1e300],[0,0]],[[0,0],[0,0]]]]}`} {
		f.Add([]byte(mapFile(feature(`"name":"七里河镇"`, geometry), feature(`"code":210727`, geometry))))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var read *exchange.Outlines
		err := l.Read(journal.Actor{Account: "admin"}, func(v *journal.View) (err error) {
			read, err = exchange.ReadOutlines(b, v, "210700000000")
			return err
		})
		if err != nil {
			if journal.CodeOf(err) != journal.Invalid {
				t.Errorf("%v", err)
			}
			return
		}
		if _, err := l.Post(journal.Actor{Account: "admin"}, journal.Posting{Entries: read.Entries, DryRun: true}); err != nil {
			t.Errorf("%q gives outlines that are refused: %v", b, err)
		}
	})
}
