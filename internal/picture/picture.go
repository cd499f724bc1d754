// Package picture draws figures as SVG, each with the table of what it shows: bars, stacks, falls, changes, walls. Colours are classes of
// the one style sheet, so that dark pages and paper have theirs. It knows shapes, and no farming.
package picture

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Picture is a drawing, with what its colours mean and the table of what it shows.
type Picture struct {
	SVG    template.HTML
	Legend []Sign
	Heads  []string // of the table's columns, the first over the labels; none where the page has the table elsewhere
	Rows   []Row
}

// Sign is what a colour of a picture means.
type Sign struct{ Class, Label string }

// Row is a line of a picture's table.
type Row struct {
	Label, To string
	Cells     []string
}

// Bar is one of a row of bars.
type Bar struct {
	Label string // what it is of, beneath it
	Value string // how much, as people read it, above it
	Exact string // how much to the last digit, in the table; "" where that is Value
	N     int64  // how high it is
	To    string // the address that it leads to, "" for none
	Title string // all of it in words
	Class string // of the style sheet
}

// drawing is a picture under way.
type drawing struct{ strings.Builder }

func (d *drawing) put(format string, args ...any) { fmt.Fprintf(&d.Builder, format, args...) }

// begin opens a picture of a size with its name for those who cannot see it.
func (d *drawing) begin(class, name string, width, height int) {
	d.put(`<svg class="chart %s" width="%d" height="%d" viewBox="0 0 %d %d" role="group" aria-label="%s">`, class, width, height, width,
		height,
		html.EscapeString(name))
}

func (d *drawing) end() template.HTML {
	d.put(`</svg>`)
	return template.HTML(d.String()) // every text in it has been escaped
}

// link puts what is drawn inside it into a link, where there is an address.
func (d *drawing) link(to, title string, draw func()) {
	if to != "" {
		d.put(`<a href="%s"><title>%s</title>`, html.EscapeString(to), html.EscapeString(title))
	}
	draw()
	if to != "" {
		d.put(`</a>`)
	}
}

func (d *drawing) rect(class string, x, y, width, height int64, title string) {
	d.put(`<rect%s x="%d" y="%d" width="%d" height="%d" rx="2">`, classed(class), x, y, width, height)
	if title != "" {
		d.put(`<title>%s</title>`, html.EscapeString(title))
	}
	d.put(`</rect>`)
}

func (d *drawing) text(class string, x, y int64, text string) {
	d.put(`<text%s x="%d" y="%d">%s</text>`, classed(class), x, y, html.EscapeString(text))
}

func (d *drawing) line(x1, y1, x2, y2 int64) {
	d.put(`<line x1="%d" y1="%d" x2="%d" y2="%d"></line>`, x1, y1, x2, y2)
}

func classed(class string) string {
	if class == "" {
		return ""
	}
	return ` class="` + class + `"`
}

// The measures of upright bars, in the units of the drawing: how far they stand apart, how wide they are, how high the highest is, and what
// is above it and beneath.
const (
	step, wide  = 56, 38
	high        = 110
	above, foot = 22, 22
)

// scale gives the height of a number, of those of which the largest is most; what is not nothing shows.
func scale(n, most, high int64) int64 {
	if n == 0 || most == 0 {
		return 0
	}
	return max(1, n*high/most)
}

// breadth is about how broad a text is: characters as broad as they are high count twice.
func breadth(text string, letter int) (sum int) {
	for _, r := range text {
		if sum += letter; r > 0x2e80 {
			sum += letter - 1
		}
	}
	return sum
}

// rows are the table of bars.
func rows(list []Bar) (rows []Row) {
	for _, b := range list {
		exact := b.Exact
		if exact == "" {
			exact = b.Value
		}
		rows = append(rows, Row{b.Label, b.To, []string{exact}})
	}
	return rows
}

// Bars draws bars side by side, those of what is less than nothing below a line; heads are those of its table: what the bars are of, and
// what they count.
func Bars(name string, heads [2]string, list []Bar) *Picture {
	var d drawing
	var most, least int64
	step := step // wider where numbers would run into each other
	for _, b := range list {
		most, least = max(most, b.N), min(least, b.N)
		step = max(step, breadth(b.Value, 7)+6, breadth(b.Label, 6)+8)
	}
	d.begin("bars", name, max(1, len(list))*step, above+high+foot)
	// What is below the line has its part of the height; the numbers of bars below stand above the line.
	below := scale(-least, most-least, high)
	zero := above + high - below
	for i, b := range list {
		x, middle := int64(i*step+(step-wide)/2), int64(i*step+step/2)
		up, down := scale(max(0, b.N), most, high-below), scale(max(0, -b.N), -least, below)
		d.link(b.To, b.Title, func() {
			d.rect(b.Class, x, zero-up, wide, up+down, b.Title)
			d.text("", middle, zero-up-6, b.Value)
			d.text("soft", middle, above+high+16, b.Label)
		})
	}
	d.line(0, zero, int64(len(list)*step), zero)
	return &Picture{SVG: d.end(), Heads: heads[:], Rows: rows(list)}
}

// Stack is a bar of parts that add up, the first at its foot, one for each sign of the picture.
type Stack struct {
	Label, To, Title string
	Sum              string // of its parts, in the table; "" where there is none
	Parts            []Part
}

// Part is one of a stack's parts. What is less than nothing is in the table and not in the drawing.
type Part struct {
	N           int64
	Said, Title string // how much, and all of it in words
}

// Stacks draws stacks side by side, all by one measure, in the colours of their signs. of is what the stacks are of, and sum the head of
// their sums, "" where they have none. Signs of which no stack has anything are left out.
func Stacks(name, of, sum string, signs []Sign, list []Stack) *Picture {
	p := &Picture{Heads: []string{of}}
	var shown []int
	for i, sign := range signs {
		if slices.ContainsFunc(list, func(s Stack) bool { return s.Parts[i].N != 0 }) {
			shown, p.Legend, p.Heads = append(shown, i), append(p.Legend, sign), append(p.Heads, sign.Label)
		}
	}
	if sum != "" {
		p.Heads = append(p.Heads, sum)
	}
	for _, s := range list {
		row := Row{Label: s.Label, To: s.To}
		for _, i := range shown {
			row.Cells = append(row.Cells, s.Parts[i].Said)
		}
		if sum != "" {
			row.Cells = append(row.Cells, s.Sum)
		}
		p.Rows = append(p.Rows, row)
	}
	p.SVG = stacks(name, signs, list)
	return p
}

func stacks(name string, signs []Sign, list []Stack) template.HTML {
	var d drawing
	d.begin("stacks", name, max(1, len(list))*step, above+high+foot)
	var most int64
	for _, s := range list {
		most = max(most, s.sum())
	}
	for i, s := range list {
		x := int64(i*step) + (step-wide)/2
		d.link(s.To, s.Title, func() {
			var so int64
			for i, p := range s.Parts {
				if p.N <= 0 {
					continue
				}
				from, to := scale(so, most, high), scale(so+p.N, most, high)
				so += p.N
				d.rect(signs[i].Class, x, above+high-to, wide, max(1, to-from), p.Title)
			}
			d.text("soft", int64(i*step)+step/2, above+high+16, s.Label)
		})
	}
	d.line(0, above+high, int64(len(list)*step), above+high)
	return d.end()
}

func (s Stack) sum() (n int64) {
	for _, p := range s.Parts {
		n += max(0, p.N)
	}
	return n
}

// Fall draws how one sum became another: bars for both, and between them a step up or down for each change.
func Fall(name string, from Bar, changes []Bar, to Bar) template.HTML {
	const wide = 58
	var d drawing
	all, step := append(append([]Bar{from}, changes...), to), 84
	for _, b := range all {
		step = max(step, breadth(b.Label, 6)+8)
	}
	d.begin("fall", name, len(all)*step, above+high+foot)
	low, top, at := min(0, from.N, to.N), max(0, from.N, to.N), from.N
	for _, c := range changes {
		at += c.N
		low, top = min(low, at), max(top, at)
	}
	y := func(n int64) int64 {
		if top == low {
			return above + high
		}
		return above + (top-n)*high/(top-low)
	}
	at = 0
	for i, b := range all {
		x, middle, begin := int64(i*step+(step-wide)/2), int64(i*step+step/2), at
		if i == 0 || i == len(all)-1 {
			begin, at = 0, b.N
		} else {
			at += b.N
		}
		up, down := min(y(begin), y(at)), max(y(begin), y(at))
		d.link(b.To, b.Title, func() {
			d.rect(b.Class, x, up, wide, max(1, down-up), b.Title)
			d.text("", middle, up-6, b.Value)
			d.text("soft", middle, above+high+16, b.Label)
		})
	}
	d.line(0, y(0), int64(len(all)*step), y(0))
	return d.end()
}

// Changes draws a row for each thing that became more or less, to the right or to the left of a line. heads are those of its table.
func Changes(name string, heads [2]string, list []Bar) *Picture {
	const row, label, value, half = 24, 108, 84, 120
	const middle, width = label + value + half, label + 2*(value+half)
	var d drawing
	d.begin("changes", name, width, max(1, len(list))*row)
	var most int64
	for _, b := range list {
		most = max(most, b.N, -b.N)
	}
	for i, b := range list {
		y, h := int64(i*row), scale(max(b.N, -b.N), most, half)
		d.link(b.To, b.Title, func() {
			d.text("head", label-6, y+16, b.Label)
			if b.N < 0 {
				d.rect(b.Class, middle-h, y+5, h, row-10, b.Title)
				d.text("before", middle-h-5, y+16, b.Value)
			} else {
				d.rect(b.Class, middle, y+5, h, row-10, b.Title)
				d.text("behind", middle+h+5, y+16, b.Value)
			}
		})
	}
	d.line(middle, 0, middle, int64(max(1, len(list))*row))
	return &Picture{SVG: d.end(), Heads: heads[:], Rows: rows(list)}
}

// Cell is one of a wall's.
type Cell struct {
	To, Title, Class string
	Crossed          bool // what stands out, also where there is no colour
}

// Wall draws cells in rows of so many, one beside the other: all of a place at a glance.
func Wall(name string, across, size int, cells []Cell) template.HTML {
	const gap = 3
	var d drawing
	rows := (len(cells) + across - 1) / across
	width, height := min(across, max(1, len(cells)))*(size+gap)-gap, rows*(size+gap)-gap
	d.put(`<svg class="wall" width="%d" height="%d" viewBox="0 0 %d %d" role="group" aria-label="%s">`, width, max(1, height), width,
		max(1, height), html.EscapeString(name))
	for i, c := range cells {
		x, y := i%across*(size+gap), i/across*(size+gap)
		d.put(`<a href="%s"><title>%s</title><path class="%s" d="M%d %dh%dv%dh-%dz"></path>`, html.EscapeString(c.To),
			html.EscapeString(c.Title), c.Class, x, y, size, size, size)
		if c.Crossed {
			in := size / 4
			d.put(`<path class="cross" d="M%d %dl%d %dm0 -%dl-%d %d"></path>`, x+in, y+in, size-2*in, size-2*in, size-2*in, size-2*in, size-2*in)
		}
		d.put(`</a>`)
	}
	return d.end()
}

// Tile is a place on a schematic map, counted from the upper left corner.
type Tile struct {
	X, Y                           int
	Label, Value, To, Title, Class string
	Crossed                        bool
}

// Tiles draws a schematic map: a tile for each place, where it lies among the others.
func Tiles(name string, list []Tile) template.HTML {
	const width, height, gap = 92, 46, 4
	var d drawing
	right, low := 1, 1
	for _, t := range list {
		right, low = max(right, t.X+1), max(low, t.Y+1)
	}
	d.begin("tiles", name, right*(width+gap)-gap, low*(height+gap)-gap)
	for _, t := range list {
		x, y := int64(t.X*(width+gap)), int64(t.Y*(height+gap))
		d.link(t.To, t.Title, func() {
			d.rect(t.Class, x, y, width, height, "")
			d.rect("label", x+3, y+6, width-6, height-12, "")
			d.text("", x+width/2, y+21, t.Label)
			d.text("soft", x+width/2, y+35, t.Value)
			if t.Crossed {
				d.put(`<path class="cross" d="M%d %dl8 8m0 -8l-8 8"></path>`, x+width-13, y+7)
			}
		})
	}
	return d.end()
}

// Shape is a place on a map.
type Shape struct {
	Rings                          [][]int // longitude and latitude by turns, in hundred-thousandths of a degree
	Label, Value, To, Title, Class string
	Crossed                        bool
}

// Map draws shapes where they lie, north above.
func Map(name string, list []Shape) template.HTML {
	const most = 640 // of its height and width
	west, south, east, north := math.MaxInt, math.MaxInt, math.MinInt, math.MinInt
	for _, s := range list {
		for _, ring := range s.Rings {
			for i := 0; i+1 < len(ring); i += 2 {
				west, east, south, north = min(west, ring[i]), max(east, ring[i]), min(south, ring[i+1]), max(north, ring[i+1])
			}
		}
	}
	if west > east {
		return ""
	}
	// A degree of longitude is shorter than one of latitude by the cosine of where it lies: here in thousandths.
	narrow := int64(1000 * math.Cos(float64(south+north)/2/1e5*math.Pi/180))
	long := max(int64(east-west)*narrow/1000, int64(north-south), 1)
	at := func(lon, lat int) (x, y int64) {
		return int64(lon-west) * narrow / 1000 * most / long, int64(north-lat) * most / long
	}
	width, height := at(east, south)
	var d drawing
	d.begin("map", name, int(width)+2, int(height)+2)
	for _, s := range list {
		d.link(s.To, s.Title, func() {
			d.put(`<path%s d="`, classed(s.Class))
			for _, ring := range s.Rings {
				d.ring(ring, at)
			}
			d.put(`"></path>`)
		})
	}
	for _, s := range list { // above all shapes
		if len(s.Rings) == 0 {
			continue
		}
		x, y := at(middle(s.Rings[0]))
		d.text("", x, y, s.Label)
		if s.Value != "" {
			d.text("soft", x, y+15, s.Value)
		}
		if s.Crossed {
			d.put(`<path class="cross" d="M%d %dl8 8m0 -8l-8 8"></path>`, x-4, y-23)
		}
	}
	return d.end()
}

// ring draws a closed line, from point to point by how far they are apart.
func (d *drawing) ring(ring []int, at func(lon, lat int) (x, y int64)) {
	var x, y int64
	for i := 0; i+1 < len(ring); i += 2 {
		nx, ny := at(ring[i], ring[i+1])
		if i == 0 {
			d.put("M%d %dl", nx, ny)
		} else {
			d.put("%d %d ", nx-x, ny-y)
		}
		x, y = nx, ny
	}
	d.put("z")
}

// middle is the middle of a ring's area, or of its first point where it has none.
func middle(ring []int) (lon, lat int) {
	var area, x, y float64
	n := len(ring) / 2
	for i := range n {
		j := (i + 1) % n
		// From the first point on: the numbers stay small.
		ax, ay, bx, by := float64(ring[2*i]-ring[0]), float64(ring[2*i+1]-ring[1]), float64(ring[2*j]-ring[0]), float64(ring[2*j+1]-ring[1])
		cross := ax*by - bx*ay
		area, x, y = area+cross, x+(ax+bx)*cross, y+(ay+by)*cross
	}
	if area == 0 {
		return ring[0], ring[1]
	}
	return ring[0] + int(math.Round(x/(3*area))), ring[1] + int(math.Round(y/(3*area)))
}
