package report

import (
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Where the places next below an office's lie on its schematic map: whoever knows the place writes it down, roughly as they lie. No
// outlines come with the program.
var tileSetting = office.Describe(office.Setting{Name: "map_tiles", Label: "示意图上各地的位置",
	Hint:  "照方位一排一排写地名,排与排之间用 / 隔开,同一排的用空格隔开,空着的写一个点,例如 甲镇 . 乙镇/丙乡 丁镇",
	Wrong: wrongTiles})

// mostTiles is the most tiles side by side, and the most rows.
const mostTiles = 20

// wrongTiles says what is wrong with how somebody has laid out places.
func wrongTiles(value string) (text string, args []any) {
	seen := map[string]bool{}
	rows := strings.Split(value, "/")
	if len(rows) > mostTiles {
		return "最多 20 排", nil
	}
	for _, row := range rows {
		names := strings.Fields(row)
		if len(names) > mostTiles {
			return "一排最多 20 个", nil
		}
		for _, name := range names {
			if name != "." && seen[name] {
				return "“%s”写了两次", []any{name}
			}
			seen[name] = true
		}
	}
	return "", nil
}

// Tile is a place next below a report's, and where it lies on the map, from the upper left corner.
type Tile struct {
	Compared
	X, Y    int
	Outline office.Outline // where its bounds run, where the office has loaded that
}

// Tiles lays out the places next below a report's: as its office has written, or in rows in the order of their codes where it has not.
// unknown are names that it wrote and that are none of theirs; what it has not placed stands in a last row.
func (r *Report) Tiles() (tiles []Tile, unknown []string, written bool) {
	var places []Compared
	for _, c := range r.Children {
		if !c.Seat && c.Villages > 0 {
			places = append(places, c)
		}
	}
	if r.Place.Code.Level() > region.County || len(places) == 0 {
		return nil, nil, false
	}
	placed := map[region.Code]bool{}
	rows := strings.Split(tileSetting.On(r.judge.books, r.Place.Code, r.judge.Today()), "/")
	for y, row := range rows {
		for x, name := range strings.Fields(row) {
			i := slices.IndexFunc(places, func(c Compared) bool { return name == c.Place.Name || name == c.Place.Short() })
			if i >= 0 {
				tiles, placed[places[i].Place.Code] = append(tiles, r.tile(places[i], x, y)), true
			} else if name != "." {
				unknown = append(unknown, name)
			}
		}
	}
	if len(tiles) == 0 { // what an office above has written is about others
		unknown = nil
	}
	across, n, below := 6, 0, len(rows)
	if len(tiles) == 0 {
		below = 0
	}
	for _, c := range places {
		if !placed[c.Place.Code] {
			tiles, n = append(tiles, r.tile(c, n%across, below+n/across)), n+1
		}
	}
	return tiles, unknown, len(placed) > 0
}

func (r *Report) tile(c Compared, x, y int) Tile {
	outline, _ := office.OutlineOf(r.judge.View, c.Place.Code)
	return Tile{c, x, y, outline}
}

// Average is the measure of a place's villages on the average, of those that keep a book here, by which its tile is in a tier; 0 of none.
// It is rounded to the 分 that is not above it.
func (s Summary) Average() money.Yuan {
	n := money.Yuan(s.Villages - s.Unrecorded)
	if n <= 0 {
		return 0
	}
	if s.Measure < 0 {
		return -((-s.Measure + n - 1) / n)
	}
	return s.Measure / n
}
