package server

import (
	"html/template"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/picture"
	"github.com/sanbian/ledger/internal/region"
)

// pictures are those of a summary; nil ones are not drawn.
type pictures struct {
	Wall    []wallBlock
	Shells  *picture.Picture // by year
	Tiers   *picture.Picture // villages of each tier by year
	Changes *picture.Picture // of the places below, by the measure
	Items   *picture.Picture // income by year
	Trend   *picture.Picture // of the measure of one village
	Map     schematic        // of the places below
}

// wallBlock is the part of the village wall that a place next below has.
type wallBlock struct {
	Place   report.Summary
	Picture template.HTML
}

// The cells of a wall: how many stand side by side, and their size. A city has all its villages on one screen.
const (
	cellsAcross, cellSize         = 10, 16
	cityCellsAcross, cityCellSize = 23, 9
)

func (r *request) pictures(of *report.Report) (p pictures) {
	if of.Place.Code.Level() == region.Village {
		p.Trend = r.villageTrend(of)
		return p
	}
	if of.Period.Quarter() == 0 {
		p.Wall = r.wall(of)
		p.Shells, p.Tiers = r.shellBars(of), r.tierStacks(of)
		p.Map = r.schematic(of)
	}
	f, _ := report.FigureNamed("measure")
	if of.Period.Quarter() != 0 {
		f, _ = report.FigureNamed("operating_gain")
	}
	var changes []picture.Bar
	for _, c := range of.Children {
		n := f.Of(c.Summary) - f.Of(c.With)
		if c.Seat || n == 0 {
			continue
		}
		changes = append(changes, picture.Bar{Label: c.Place.Short(), N: n, Value: wanSigned(n), Exact: signed(f.Unit, n), Class: f.Tone(n),
			To:    cellOf(f, c).Asked,
			Title: r.say.T("%s:%s %s 元", c.Place.Short(), r.say.T(string(f.Called(of.Policy, of.Mixed))), signed(f.Unit, n))})
	}
	if len(changes) > 0 {
		p.Changes = picture.Changes(r.say.T("各地%s的增减", r.say.T(string(f.Called(of.Policy, of.Mixed)))),
			[2]string{r.say.T("地区"), r.say.T("增减(元)")}, changes)
	}
	if of.Period.Quarter() == 0 {
		p.Items = r.itemStacks(of)
	}
	return p
}

// wall lays the villages out by the places next below the region.
func (r *request) wall(of *report.Report) (blocks []wallBlock) {
	across, size, villages := cellsAcross, cellSize, of.Villages
	if of.Place.Code.Level() < region.County {
		across, size = cityCellsAcross, cityCellSize
	}
	for _, c := range of.Children {
		var cells []picture.Cell
		for len(villages) > 0 && c.Place.Code.Contains(villages[0].Place.Code) {
			cells, villages = append(cells, r.cell(of, villages[0])), villages[1:]
		}
		if len(cells) > 0 {
			blocks = append(blocks, wallBlock{c.Summary, picture.Wall(c.Place.Short(), across, size, cells)})
		}
	}
	return blocks
}

func (r *request) cell(of *report.Report, x *report.Judged) picture.Cell {
	c := picture.Cell{To: "/summary/" + string(x.Place.Code) + "?year=" + strconv.Itoa(of.Year), Crossed: x.Verdict.Shell}
	said := x.Verdict.Measure.Wan()
	switch v := x.Verdict; {
	case v.Unknown:
		c.Class, said = "tn", r.say.T("未录入")
	case v.Open:
		c.Class = "to"
	default:
		c.Class = "t" + strconv.Itoa(v.Tier)
	}
	c.Title = x.Place.Short() + " " + said
	return c
}

// shownYears is how many years a picture goes back.
const shownYears = 10

func lastYears[T any](list []T) []T { return list[max(0, len(list)-shownYears):] }

func (r *request) shellBars(of *report.Report) *picture.Picture {
	var bars []picture.Bar
	for _, y := range lastYears(of.Trend) {
		year := strconv.Itoa(y.Year)
		b := picture.Bar{Label: year, Value: strconv.Itoa(y.Shells), N: int64(y.Shells), To: "/shells/" + string(of.Place.Code) + "?year=" + year,
			Title: r.say.T("%s 年空壳村 %s 个", year, strconv.Itoa(y.Shells))}
		if y.Year == of.Year {
			b.Class = "now"
		}
		bars = append(bars, b)
	}
	if len(bars) == 0 {
		return nil
	}
	return picture.Bars(r.say.T("空壳村逐年"), [2]string{r.say.T("年度"), r.say.T("空壳村")}, bars)
}

func (r *request) tierStacks(of *report.Report) *picture.Picture {
	if of.Mixed || len(of.Trend) == 0 {
		return nil
	}
	var stacks []picture.Stack
	var signs []picture.Sign
	for i, t := range of.Policy.Tiers {
		signs = append(signs, picture.Sign{Class: "t" + strconv.Itoa(i), Label: r.say.T(t.Name)})
	}
	signs = append(signs, picture.Sign{Class: "tn", Label: r.say.T("未录入")})
	for _, y := range lastYears(of.Trend) {
		if !y.Alike { // other groups
			continue
		}
		year := strconv.Itoa(y.Year)
		s := picture.Stack{Label: year, To: "/summary/" + string(of.Place.Code) + "?year=" + year, Title: r.say.T("%s 年", year)}
		all := 0
		for i, n := range append(y.Tiers[:len(of.Policy.Tiers):len(of.Policy.Tiers)], y.Unknown) {
			s.Parts = append(s.Parts, picture.Part{N: int64(n), Said: strconv.Itoa(n),
				Title: r.say.T("%s 年%s:%s 个村", year, signs[i].Label, strconv.Itoa(n))})
			all += n
		}
		s.Sum = strconv.Itoa(all)
		stacks = append(stacks, s)
	}
	return picture.Stacks(r.say.T("各档的村逐年"), r.say.T("年度"), r.say.T("合计"), signs, stacks)
}

// itemStacks draws income by item over the years.
func (r *request) itemStacks(of *report.Report) *picture.Picture {
	var stacks []picture.Stack
	var signs []picture.Sign
	for i, it := range incomeItems {
		signs = append(signs, picture.Sign{Class: "i" + strconv.Itoa(i), Label: r.say.T(string(it.Label))})
	}
	for _, s := range of.Past(shownYears) {
		year := strconv.Itoa(s.Year)
		stack := picture.Stack{Label: year, To: "/income/" + string(of.Place.Code) + "?year=" + year, Title: r.say.T("%s 年", year)}
		var sum money.Yuan
		for i, it := range incomeItems {
			n := s.Items[it.Code]
			sum += n
			stack.Parts = append(stack.Parts, picture.Part{N: int64(n), Said: n.Grouped(),
				Title: r.say.T("%s 年%s %s 元", year, signs[i].Label, n.Grouped())})
		}
		stack.Sum = sum.Grouped()
		stacks = append(stacks, stack)
	}
	return picture.Stacks(r.say.T("收入按项目逐年"), r.say.T("年度"), r.say.T("合计(元)"), signs, stacks)
}

// incomeItems are the items of income, in the order of their classes on pictures.
var incomeItems = slices.DeleteFunc(slices.Clone(income.Items), func(it income.Item) bool { return it.Expense })

// villageTrend draws what a village came to by its policy's measure, year by year.
func (r *request) villageTrend(of *report.Report) *picture.Picture {
	var bars []picture.Bar
	for _, s := range of.Past(shownYears) {
		year := strconv.Itoa(s.Year)
		b := picture.Bar{Label: year, Value: s.Verdict.Measure.Wan(), Exact: s.Verdict.Measure.Grouped(), N: int64(s.Verdict.Measure),
			Class: "t4", To: "/summary/" + string(of.Place.Code) + "?year=" + year, Title: year + " " + r.say.Refusal(s.Verdict.Reason())}
		switch {
		case s.Verdict.Shell:
			b.Class = "t0"
		case s.Verdict.Open:
			b.Class = "to"
		}
		bars = append(bars, b)
	}
	if len(bars) == 0 {
		return nil
	}
	called := r.say.T(string(of.Policy.Named()))
	return picture.Bars(r.say.T("%s逐年", called), [2]string{r.say.T("年度"), r.say.T("%s(元)", called)}, bars)
}

// wanSigned is by how much something changed, in ten thousand yuan.
func wanSigned(n int64) string {
	if n < 0 {
		return "−" + money.Yuan(-n).Wan()
	}
	return "+" + money.Yuan(n).Wan()
}

// schematic is the map of the places below: by the outlines that their office has loaded, by where it has written that they lie, or in rows
// by their codes.
type schematic struct {
	Picture *picture.Picture
	Written bool     // whether their office has said where they lie
	Unknown []string // names that it wrote and that are none of theirs
	Outside []string // places that a loaded map leaves out
	Outline bool     // whether there is a loaded map
}

// schematic draws the map: a place by its villages' average, crossed where it has empty shells.
func (r *request) schematic(of *report.Report) (m schematic) {
	places, unknown, written := of.Tiles()
	m.Unknown, m.Written = unknown, written
	var tiles []picture.Tile
	var shapes []picture.Shape
	drawn := &picture.Picture{Heads: []string{r.say.T("地区"), r.say.T("村"), r.say.T("村均(元)"), r.say.T("空壳村")}}
	for _, t := range places {
		tile := picture.Tile{X: t.X, Y: t.Y, Label: t.Place.Short(), Value: r.say.T("%s 万", t.Average().Wan()), Crossed: t.Shells > 0,
			To: "/summary/" + string(t.Place.Code) + "?year=" + strconv.Itoa(of.Year), Class: "t" + strconv.Itoa(of.Policy.TierOf(t.Average())),
			Title: r.say.T("%s:村均 %s 元,空壳村 %s 个", t.Place.Short(), t.Average().Grouped(), strconv.Itoa(t.Shells))}
		switch {
		case t.Unrecorded == t.Villages:
			tile.Class, tile.Value = "tn", r.say.T("未录入")
		case t.Running > 0:
			tile.Class = "to"
		}
		drawn.Rows = append(drawn.Rows, picture.Row{Label: tile.Label, To: tile.To,
			Cells: []string{strconv.Itoa(t.Villages), t.Average().Grouped(), strconv.Itoa(t.Shells)}})
		tiles = append(tiles, tile)
		value := t.Average().Wan()
		if tile.Class == "tn" {
			value = tile.Value
		}
		if len(t.Outline.Rings) == 0 {
			m.Outside = append(m.Outside, tile.Label)
			continue
		}
		shapes = append(shapes, picture.Shape{Rings: ringsOf(t.Outline), Label: tile.Label, Value: value, Crossed: tile.Crossed, To: tile.To,
			Title: tile.Title, Class: tile.Class})
	}
	switch {
	case len(shapes) > 0:
		m.Outline, drawn.SVG, m.Picture = true, picture.Map(r.say.T("示意图"), shapes), drawn
	case len(tiles) > 0:
		drawn.SVG, m.Picture = picture.Tiles(r.say.T("示意图"), tiles), drawn
	}
	return m
}

func ringsOf(o office.Outline) (rings [][]int) {
	for _, ring := range o.Rings {
		rings = append(rings, ring.Path)
	}
	return rings
}
