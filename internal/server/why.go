package server

import (
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
)

var _ = on(get("/why/:place", why), get("/party/:place", partyShow))

// whyPage is what the page why shows: what a figure of a place changed by, and what made it.
type whyPage struct {
	W       *report.Why
	Years   []option
	Figures []option
	Fall    template.HTML
	Trend   template.HTML
	Percent string // by how much it changed, of what it was; "" where it was nothing
	Up      []report.Part
	Down    []report.Part
}

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
		figure, ok := report.FigureNamed(r.Query("figure"))
		if !ok {
			figure, _ = report.FigureNamed("measure")
		}
		w, err := of.Why(figure)
		if err != nil {
			return nil, err
		}
		body := whyPage{W: w, Percent: percentChange(w.Now, w.Then)}
		years := yearsUpTo(of.Trend, v.Today(), year)
		if !slices.Contains(years, with) {
			years = append(years, with)
		}
		for _, y := range years {
			body.Years = append(body.Years, option{Value: strconv.Itoa(y), Label: r.called(sums.YearOf(y))})
		}
		for _, g := range report.Figures {
			body.Figures = append(body.Figures, option{Value: g.Name, Label: r.say.T(string(g.Label))})
		}
		if it := figure.Item(); it != "" {
			body.Figures = append(body.Figures, option{Value: it, Label: r.say.T(string(figure.Label))})
		}
		for _, p := range w.Items {
			if p.Change() > 0 {
				body.Up = append(body.Up, p)
			} else if p.Change() < 0 {
				body.Down = append(body.Down, p)
			}
		}
		body.Fall, body.Trend = r.fall(w), r.whyTrend(w)
		f.Title = r.whyTitle(w)
		return body, nil
	})
}

// whyTitle is the question, with the answer in it.
func (r *request) whyTitle(w *report.Why) string {
	what, year := r.say.T(string(w.Called())), strconv.Itoa(w.Year)
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

// percentChange is by how many per cent something changed, to a tenth.
func percentChange(now, then int64) string {
	if then <= 0 {
		return ""
	}
	tenths := (now - then) * 1000 / then
	sign := "+"
	if tenths < 0 {
		sign, tenths = "−", -tenths
	}
	return sign + strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + "%"
}

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
		for _, p := range w.Places {
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

// whyTrend draws the figure over the years, where it is never below zero.
func (r *request) whyTrend(w *report.Why) template.HTML {
	var bars []picture.Bar
	for i, n := range w.Trend {
		if n < 0 {
			return ""
		}
		year, value := strconv.Itoa(w.Years[i]), w.Figure.Unit.Text(n)
		if w.Figure.Unit == report.Yuan {
			value = money.Yuan(n).Wan()
		}
		b := picture.Bar{Label: year, Value: value, N: n, Class: "t3", Title: year + " " + value,
			To: "/summary/" + string(w.Place.Code) + "?year=" + year}
		if w.Years[i] == w.Year {
			b.Class = "t5"
		}
		bars = append(bars, b)
	}
	return picture.Bars(r.say.T("%s逐年", r.say.T(string(w.Called()))), bars)
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
		f.Title = body.Name
		if f.Title == "" {
			f.Title = r.say.T("没有写对方的收支")
		}
		return body, err
	})
}
