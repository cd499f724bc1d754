package server

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/picture"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(get("/why/:place", why), get("/party/:place", partyShow))

// whyPage is what the page why shows: what a figure of a place changed by, and what made it.
type whyPage struct {
	W       *report.Why
	Years   []option
	With    []option               // the years to have beside it
	Towns   map[region.Code]string // of the villages named: where they lie
	Figures []option
	Fall    template.HTML
	Trend   *picture.Picture
	Percent string // by how much it changed, of what it was; "" where it was nothing
	Said    []saying
	R       *report.Report
	Same    string // the summary of what is over of it
	Without int    // the year of the two in which no book has a line, 0 where both have
}

// saying is a piece of an answer in words, with the page of what it tells of.
type saying struct{ Text, To string }

var _ = page[whyPage]("why")

func why(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "why", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		year, with := of.Year, of.With.Year
		figure, err := report.FigureAsked(r.Query("figure"))
		if err != nil {
			return nil, err
		}
		w, err := of.Why(figure)
		if err != nil {
			return nil, err
		}
		body := whyPage{W: w, Percent: percentChange(w.Now, w.Then),
			R: of, Same: samePart(v, of), Said: r.inWords(w)}
		for _, s := range []report.Summary{of.With, of.Summary} {
			if w.OfBooks() && s.Recorded == 0 && s.Income == 0 && s.Expense == 0 {
				body.Without = s.Year
			}
		}
		years := yearsUpTo(of.Trend, v.Today(), year)
		if !slices.Contains(years, with) {
			years = append(years, with)
		}
		for _, y := range years {
			body.Years = append(body.Years, option{Value: strconv.Itoa(y), Label: r.called(sums.YearOf(y))})
		}
		body.With = slices.DeleteFunc(slices.Clone(body.Years), func(o option) bool { return o.Value == strconv.Itoa(year) })
		body.Figures = r.figureChoices(of)
		if !slices.ContainsFunc(body.Figures, func(o option) bool { return o.Value == figure.Name }) {
			label := r.say.T(string(w.CalledFully()))
			if figure.By != "" {
				label = r.say.T(string(figure.By)) + label
			}
			body.Figures = append(body.Figures, option{Value: figure.Name, Label: label})
		}
		body.Towns = map[region.Code]string{}
		for _, p := range w.Villages {
			body.Towns[p.Place.Code] = placeIn(v, p.Place.Code.Parent(), place)
		}
		body.Fall, body.Trend = r.fall(w), r.whyTrend(w)
		f.Title = r.whyTitle(w)
		return body, nil
	})
}

// saidItems is how many items an answer in words names.
const saidItems = 3

// inWords says what made a change: the items that changed it most, the party, the village.
func (r *request) inWords(w *report.Why) (list []saying) {
	u := w.Figure.Unit
	add := func(to, text string, args ...any) { list = append(list, saying{r.say.T(text, args...), to}) }
	for _, p := range w.Items[:min(saidItems, len(w.Items))] {
		switch n := p.Now - p.Then; {
		case n > 0:
			add(bookPage(w.Summary, p.Name), "%s多了 %s 元", r.say.T(string(p.Label)), u.Text(n))
		case n < 0:
			add(bookPage(w.Summary, p.Name), "%s少了 %s 元", r.say.T(string(p.Label)), u.Text(-n))
		}
	}
	for _, p := range w.Kinds[:min(saidItems, len(w.Kinds))] {
		if p.Change() != 0 {
			add("/given/"+string(w.Place.Code)+"?"+queryOf("year", w.Year), "%s %s", r.say.T(string(p.Label)), signed(u, p.Change()))
		}
	}
	if len(w.Parties) > 0 && w.Parties[0].Name != "" && w.Parties[0].Change() != 0 {
		p := w.Parties[0]
		add(address("/party/"+string(w.Place.Code), queryOf("year", w.Year, "with", w.With.Year, "name", p.Name)),
			"对方里变化最大的是%s,%s 元", p.Name, signed(u, p.Change()))
	}
	if p := w.Worst; p != nil {
		add("/why/"+string(p.Place.Code)+"?"+queryOf("year", w.Year, "with", w.With.Year, "figure", w.Figure.Name),
			"变差最多的村是%s,%s", p.Place.Short(), signed(u, p.Change()))
	}
	if w.All > 1 && w.Figure.Worse != 0 && w.Change() != 0 {
		add("", "%s 个村里 %s 个变差", grouped(w.All), grouped(w.Worsened))
	}
	fell, rose := 0, 0
	for _, t := range w.Turned {
		if t.Now.Shell {
			fell++
		} else {
			rose++
		}
	}
	if w.ShowsTurned() && fell > 0 {
		add("", "%s 个村成了空壳", grouped(fell))
	}
	if w.ShowsTurned() && rose > 0 {
		add("", "%s 个村不再是空壳", grouped(rose))
	}
	return list
}

// whyTitle is the question, with the answer in it.
func (r *request) whyTitle(w *report.Why) string {
	what, year := r.say.T(string(w.CalledFully())), strconv.Itoa(w.Year)
	if w.Figure.By != "" {
		what = r.say.T(string(w.Figure.By)) + what
	}
	switch n := w.Change(); {
	case n > 0:
		return r.say.T("%s %s 年%s为什么多了 %s", w.Place.Short(), year, what, r.amount(w.Figure.Unit, n))
	case n < 0:
		return r.say.T("%s %s 年%s为什么少了 %s", w.Place.Short(), year, what, r.amount(w.Figure.Unit, -n))
	}
	return r.say.T("%s %s 年%s没有变", w.Place.Short(), year, what)
}

// amount is a figure as titles say it: large sums in ten thousand yuan.
func (r *request) amount(u report.Unit, n int64) string {
	switch {
	case u == report.Yuan && n >= 1_000_000:
		return r.say.T("%s 万元", money.Yuan(n).Wan())
	case u == report.Yuan:
		return r.say.T("%s 元", u.Text(n))
	case u == report.Mu:
		return r.say.T("%s 亩", u.Text(n))
	}
	return u.Text(n)
}

// percentChange is by how many per cent something changed, rounded half up to a tenth.
func percentChange(now, then int64) string {
	if then <= 0 {
		return ""
	}
	sign, n := "+", now-then
	if n < 0 {
		sign, n = "−", -n
	}
	tenths := (2000*n + then) / (2 * then)
	return sign + strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + "%"
}

func sizeOf(n int64) int64 { return max(n, -n) }

// shownSteps is how many changes a fall shows one by one.
const shownSteps = 6

// fall draws how the figure of one year became that of the other: by item, or by kind of holder, or by place.
func (r *request) fall(w *report.Why) template.HTML {
	say := func(n int64) string {
		if w.Figure.Unit == report.Yuan {
			return wanSigned(n)
		}
		return signed(w.Figure.Unit, n)
	}
	var steps []picture.Bar
	rest := w.Change()
	add := func(label, to string, n int64) {
		if n == 0 || len(steps) == shownSteps {
			return
		}
		rest -= n
		steps = append(steps, picture.Bar{Label: label, N: n, Value: say(n), Class: w.Figure.Tone(n), To: to, Title: label + " " + say(n)})
	}
	if w.Figure.Each { // steps of an average do not add up
		return ""
	}
	query := "?" + queryOf("year", w.Year, "with", w.With.Year, "figure", w.Figure.Name)
	for _, p := range append(slices.Clone(w.Items), w.Kinds...) {
		to := ""
		if len(w.Items) > 0 {
			to = bookPage(w.Summary, p.Name)
		}
		add(r.say.T(string(p.Label)), to, p.Change())
	}
	if len(steps) == 0 {
		places := slices.Clone(w.Places)
		slices.SortStableFunc(places, func(a, b report.Place) int { return cmp.Compare(sizeOf(b.Change()), sizeOf(a.Change())) })
		for _, p := range places {
			if p.Seat {
				add(p.Place.Short(), "", p.Change())
				continue
			}
			add(p.Place.Short(), "/why/"+string(p.Place.Code)+query, p.Change())
		}
	}
	if len(steps) == 0 {
		return ""
	}
	if rest != 0 {
		steps = append(steps, picture.Bar{Label: r.say.T("其他|变化"), N: rest, Value: say(rest), Class: w.Figure.Tone(rest), Title: say(rest)})
	}
	end := func(year int, n int64) picture.Bar {
		value := w.Figure.Unit.Text(n)
		if w.Figure.Unit == report.Yuan {
			value = money.Yuan(n).Wan()
		}
		return picture.Bar{Label: r.called(sums.YearOf(year)), N: n, Value: value, Class: "t4", Title: value}
	}
	return picture.Fall(r.say.T("从 %s 年到 %s 年的增减", strconv.Itoa(w.With.Year), strconv.Itoa(w.Year)), end(w.With.Year, w.Then), steps,
		end(w.Year, w.Now))
}

// whyTrend draws the figure over the years.
func (r *request) whyTrend(w *report.Why) *picture.Picture {
	var bars []picture.Bar
	for i, n := range w.Trend {
		year, value := strconv.Itoa(w.Years[i]), w.Figure.Unit.Text(n)
		if w.Figure.Unit == report.Yuan && !w.Figure.Each {
			value = money.Yuan(n).Wan()
		}
		b := picture.Bar{Label: year, Value: value, Exact: w.Figure.Unit.Text(n), N: n, Class: "t3", Title: year + " " + value,
			To: "/summary/" + string(w.Place.Code) + "?year=" + year}
		if w.Years[i] == w.Year {
			b.Class = "t5"
		}
		bars = append(bars, b)
	}
	called := r.say.T(string(w.Called()))
	head := called
	if sign := w.Figure.Unit.Sign(); sign != "" {
		head += "(" + r.say.T(sign) + ")"
	}
	return picture.Bars(r.say.T("%s逐年", called), [2]string{r.say.T("年度"), head}, bars)
}

// partyPage is what the page party shows: what one party paid to the collectives of a place, and was paid, down to the books.
type partyPage struct {
	Name       string
	Place      office.Division
	Year, With int
	Years      []int
	Rows       []report.PartyRow
	Next       string
	Sum        report.PartyRow
	Towns      map[region.Code]string // of villages: where they lie
}

var _ = page[partyPage]("party")

// partyRowPage is the page of what makes a row: the lines of a book, or what each book of a village has.
func partyRowPage(row report.PartyRow, name string, year, with int) string {
	if row.Book != "" {
		return address("/income/"+row.Book, queryOf("year", year, "party", name))
	}
	return address("/party/"+string(row.Place.Code), queryOf("year", year, "with", with, "name", name))
}

func partyShow(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "party", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		body := partyPage{Name: r.Query("name"), Place: of.Place, Year: of.Year, With: of.With.Year,
			Years: yearsUpTo(of.Trend, v.Today(), of.Year)}
		rows, sum, err := report.PartyRows(v, place, body.Name, body.Year, body.With)
		body.Sum = sum
		body.Rows, body.Next = cutList(rows, r.Query("after"))
		body.Towns = map[region.Code]string{}
		for _, row := range body.Rows {
			body.Towns[row.Place.Code] = placeIn(v, row.Place.Code.Parent(), place)
		}
		f.Title = body.Name
		if f.Title == "" {
			f.Title = r.say.T("没有写对方的收支")
		}
		return body, err
	})
}
