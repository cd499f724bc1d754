package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/web"
)

var _ = on(get("/summary/:place", summary))

// yearsUpTo lists the years a summary can be asked for, newest first.
func yearsUpTo(trend []report.YearCount, today journal.Date, chosen int) []int {
	years := []int{today.Year(), chosen}
	for _, y := range trend {
		years = append(years, y.Year)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	slices.Reverse(years)
	return years
}

// report reads a region's report of the year or quarter asked for, or of the latest year, beside the one asked for, or the one before.
func (r *request) report(v *journal.View, place region.Code) (*report.Report, error) {
	period, with, err := report.Asked(v, place, r.Query("year"), r.Query("with"))
	if err != nil {
		return nil, err
	}
	return report.Beside(v, place, period, with)
}

// yearReport is report for pages that have whole years alone: of a quarter its year.
func (r *request) yearReport(v *journal.View, place region.Code) (*report.Report, error) {
	period, with, err := report.Asked(v, place, r.Query("year"), r.Query("with"))
	if err != nil {
		return nil, err
	}
	if period.Quarter() != 0 {
		if period, with = sums.YearOf(period.Year()), sums.YearOf(with.Year()); with == period {
			with = period.Before()
		}
	}
	return report.Beside(v, place, period, with)
}

// summaryPage is what the page summary shows.
type summaryPage struct {
	R         *report.Report
	Periods   []option
	With      []option
	Village   bool
	Held      string     // as of when shareholders are counted
	Last      int        // empty shells of the year beside, -1 where none is known
	Base      int        // and of the policy's base line
	Same      string     // of one that runs, the summary of what is over of it beside the same part of another year
	Outside   money.Yuan // of the operating gain, what is no village's
	Pictures  pictures
	Table     comparison
	Matrix    *matrix // in place of the table
	Sort      string  // by which figure
	Payers    []report.Party
	Payees    []report.Party
	MayClose  bool
	Statement *income.Sheet // of a village
	Entities  []register.Entity
	Plans     []planRow
	Warned    []report.WarningCount // today, of a place larger than a village
	Old       int                   // of how many villages they are as they were up to a minute ago
	Closed    *journal.Stamp        // nil while the year is open
	// Collectives are those of a village that has several, each with its book.
	Collectives []collectiveRow
}

// collectiveRow is one of the collectives whose books make a village's figure.
type collectiveRow struct {
	Name, Book string
	Operating  money.Yuan
}

var _ = page[summaryPage]("summary")

func summary(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "summary", "summary", place, func(v *journal.View, f *frame) (any, error) {
		sums, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("%s %s汇总", sums.Place.Short(), r.called(sums.Period))
		body := summaryPage{
			R: sums, Village: place.Level() == region.Village, Last: shellsIn(sums, sums.With.Year), Base: shellsIn(sums, sums.Policy.Base),
			Periods: r.periods(v, sums), Held: r.say.T("现时持股"),
			Same: samePart(v, sums),
		}
		body.With = slices.DeleteFunc(slices.Clone(body.Periods), func(o option) bool { return !comparable(o.Value, sums.Period) })
		if sums.Year < v.Today().Year() {
			body.Held = r.say.T("%s 年末持股", strconv.Itoa(sums.Year))
		}
		if err := r.compare(sums, &body); err != nil {
			return nil, err
		}
		body.Pictures, body.Sort = r.pictures(sums), r.Query("sort")
		body.Outside = sums.Outside()
		if sums.Period.Quarter() == 0 {
			body.Payers, body.Payees = sums.Parties()
		}
		if body.Village {
			if err := villageBody(v, place, sums, &body); err != nil {
				return nil, err
			}
			may, err := r.may(v, map[string]any{"village": string(place), "year": strconv.Itoa(sums.Year)}, "CloseYear")
			if err != nil {
				return nil, err
			}
			body.MayClose = may.Can("CloseYear")
			return body, nil
		}
		body.Warned, body.Old, err = sums.Warnings(v)
		return body, err
	})
}

// comparable tells whether a year or quarter can stand beside another: of the same sort, and not the same.
func comparable(text string, period sums.Period) bool {
	p := sums.Period(text)
	if p.Several() || period.Several() {
		return p != period && p == period.In(p.Year())
	}
	return p != period && (p.Quarter() == 0) == (period.Quarter() == 0)
}

// called names a year or quarter.
func (r *request) called(p sums.Period) string { return periodCalled(r.say, p) }

func periodCalled(say web.Translator, p sums.Period) string {
	switch q := p.Quarter(); {
	case p.Several() && q == 2:
		return say.T("%s 年上半年", strconv.Itoa(p.Year()))
	case p.Several():
		return say.T("%s 年前三季度", strconv.Itoa(p.Year()))
	case q != 0:
		return say.T("%s 年第 %s 季度", strconv.Itoa(p.Year()), strconv.Itoa(q))
	}
	return say.T("%s 年", strconv.Itoa(p.Year()))
}

// samePart is the address of a summary of what is over of the year that runs, beside the same part of another year: "" in its first
// quarter.
func samePart(v *journal.View, of *report.Report) string {
	over := sums.QuarterOf(v.Today()).Quarter() - 1
	if over == 0 || of.Year != v.Today().Year() || of.Period.Quarter() != 0 {
		return ""
	}
	return "/summary/" + string(of.Place.Code) + "?" + queryOf("year", sums.FirstQuarters(of.Year, over), "with", of.With.Year)
}

// shownQuarters is of how many years, with the one that runs, a summary offers the quarters.
const shownQuarters = 3

// periods are the years and quarters that a report can be asked for, newest first.
func (r *request) periods(v *journal.View, of *report.Report) (list []option) {
	today := v.Today()
	for _, year := range yearsUpTo(of.Trend, today, of.Year) {
		y := sums.YearOf(year)
		list = append(list, option{Value: string(y), Label: r.called(y)})
		if year <= today.Year()-shownQuarters {
			continue
		}
		for n := 3; n > 1; n-- {
			if q := sums.FirstQuarters(year, n); q.Last() <= today {
				list = append(list, option{Value: string(q), Label: r.called(q)})
			}
		}
		for q := sums.QuarterOf(journal.YearEnd(year)); q.Year() == year; q = q.Previous() {
			if q <= sums.QuarterOf(today) {
				list = append(list, option{Value: string(q), Label: r.called(q)})
			}
		}
	}
	for _, p := range []sums.Period{of.Period, of.With.Period} {
		if !slices.ContainsFunc(list, func(o option) bool { return o.Value == string(p) }) {
			list = append(list, option{Value: string(p), Label: r.called(p)})
		}
	}
	return list
}

// shellsIn is the count of empty shells of a year, -1 when there is none.
func shellsIn(r *report.Report, year int) int {
	for _, y := range r.Trend {
		if y.Year == year {
			return y.Shells
		}
	}
	return -1
}

// comparison is the table of the places next below a region, by a group of figures, each beside what it was.
type comparison struct {
	Tabs    []tab
	Group   report.Group
	Columns []column
	Rows    []comparisonRow
	Sum     comparisonRow
	Query   string        // as exports ask for it
	Share   *report.Share // by which sums of money are divided, nil for none
	Shares  []tab
}

// tab is a way to look at a page.
type tab struct {
	To     string
	Text   journal.Label
	Active bool
}

// column is a figure with the addresses that put the rows into its order, the worst first, or the other way round where they are.
type column struct {
	report.Figure
	Called         journal.Label
	Sort, ByChange string
	Sorted         string // "", "value" or "change"
}

// Has tells whether the table has a figure.
func (t comparison) Has(name string) bool {
	return slices.ContainsFunc(t.Columns, func(c column) bool { return c.Name == name })
}

// Wide tells whether the table needs a sheet across.
func (t comparison) Wide() bool { return len(t.Columns) > widest }

// widest is how many figures go on a sheet of paper upright.
const widest = 8

type comparisonRow struct {
	report.Compared
	Cells []comparisonCell
}

type comparisonCell struct {
	Label               journal.Label
	Text, To            string
	Unit                string // of what stands alone
	Change, Tone, Asked string // Asked is the address that says why it changed
}

// matrix is a figure of the places next below over five years.
type matrix struct {
	Figure  report.Figure
	Choices []option
	Years   []int
	Rows    []matrixRow
}

// matrixRow is a place with a figure year by year, each with the page of what makes it.
type matrixRow struct {
	report.Summary
	All   bool // the region itself
	Cells []comparisonCell
}

// with is the page's address with other values in its query; "" takes one out.
func (r *request) with(pairs ...string) string {
	return changed(r.Request.URL.String(), append(pairs, "done", "")...)
}

// compare fills in the table of the places below: by a group of figures, or one figure over five years.
func (r *request) compare(of *report.Report, body *summaryPage) error {
	t := comparison{Group: report.GroupNamed(r.Query("show"), of), Share: report.ShareNamed(r.Query("per")),
		Query: queryOf("year", of.Year, "period", of.Period, "with", of.With.Period, "show", r.Query("show"), "sort", r.Query("sort"),
			"per", r.Query("per"))}
	if of.Period.Quarter() != 0 { // of quarters nobody counts holders
		t.Share = nil
	}
	five := r.Query("show") == report.FiveYears && of.Period.Quarter() == 0
	for _, g := range report.Groups {
		if of.Period.Quarter() != 0 && len(g.Figures(of)) < 2 {
			continue
		}
		t.Tabs = append(t.Tabs, tab{r.with("show", g.Name, "sort", ""), g.Label, g.Name == t.Group.Name && !five})
	}
	if of.Period.Quarter() == 0 {
		t.Tabs = append(t.Tabs, tab{r.with("show", report.FiveYears, "sort", ""), "五年对照", five})
	}
	if five {
		m, err := r.matrix(of)
		if err != nil {
			return err
		}
		body.Matrix = m
		t.Query = queryOf("year", of.Year, "show", report.FiveYears, "figure", body.Matrix.Figure.Name)
		body.Table = t
		return nil
	}
	if of.Period.Quarter() == 0 && !five && len(t.Group.Shared(of, &report.Shares[0])) > 0 {
		t.Shares = append(t.Shares, tab{r.with("per", "", "sort", ""), "合计", t.Share == nil})
		for i := range report.Shares {
			s := &report.Shares[i]
			t.Shares = append(t.Shares, tab{r.with("per", s.Name, "sort", ""), s.Label, t.Share == s})
		}
	} else {
		t.Share = nil
	}
	for _, f := range t.Group.Shared(of, t.Share) {
		c := column{Figure: f, Called: f.In(of.Period, of.Policy, of.Mixed),
			Sort: r.with("sort", f.Name), ByChange: r.with("sort", f.Name+".change")}
		switch r.Query("sort") {
		case f.Name:
			c.Sort, c.Sorted = r.with("sort", "-"+f.Name), "value"
		case f.Name + ".change":
			c.ByChange, c.Sorted = r.with("sort", "-"+f.Name+".change"), "change"
		case "-" + f.Name:
			c.Sorted = "value"
		case "-" + f.Name + ".change":
			c.Sorted = "change"
		}
		t.Columns = append(t.Columns, c)
	}
	t.fill(of, of.Sorted(r.Query("sort")))
	body.Table = t
	return nil
}

// fill makes the rows of the table from its columns.
func (t *comparison) fill(of *report.Report, places []report.Compared) {
	for _, c := range places {
		t.Rows = append(t.Rows, t.row(c))
	}
	t.Sum = t.row(of.Compared)
}

func (t comparison) row(c report.Compared) comparisonRow {
	row := comparisonRow{Compared: c}
	for _, f := range t.Columns {
		cell := cellOf(f.Figure, c)
		cell.Label = f.Called
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// cellOf is a figure of a place beside what it was.
func cellOf(f report.Figure, c report.Compared) comparisonCell {
	change := f.Of(c.Summary) - f.Of(c.With)
	cell := comparisonCell{Label: f.Label, Text: f.Unit.Text(f.Of(c.Summary)), To: f.Page(c.Summary), Change: signed(f.Unit, change),
		Tone: f.Tone(change)}
	if change != 0 && c.Period.Quarter() == 0 && !c.Seat {
		cell.Asked = "/why/" + string(c.Place.Code) + "?" + queryOf("year", c.Year, "with", c.With.Year, "figure", f.Name)
	}
	return cell
}

// signed prints by how much something changed, "" where it did not.
func signed(u report.Unit, n int64) string {
	switch {
	case n > 0:
		return "+" + u.Text(n)
	case n < 0:
		return "−" + u.Text(-n)
	}
	return ""
}

// figureChoices are the figures that a report has, group by group.
func (r *request) figureChoices(of *report.Report) (list []option) {
	for _, g := range report.Groups {
		for _, f := range g.Figures(of) {
			if !slices.ContainsFunc(list, func(o option) bool { return o.Value == f.Name }) {
				list = append(list, option{Value: f.Name, Label: r.say.T(string(f.CalledFully(of.Policy, of.Mixed))), Group: r.say.T(string(g.Label))})
			}
		}
	}
	return list
}

func (r *request) matrix(of *report.Report) (*matrix, error) {
	f, err := report.FigureAsked(r.Query("figure"))
	if err != nil {
		return nil, err
	}
	m := &matrix{Figure: f, Choices: r.figureChoices(of)}
	years, rows := of.Matrix(f)
	m.Years = years
	for i, x := range rows {
		row := matrixRow{Summary: x.Summary, All: i == len(rows)-1}
		for k, s := range x.Summaries {
			cell := comparisonCell{Text: f.Unit.Text(f.Of(s)), To: f.Page(s)}
			if k > 0 {
				cell = cellOf(f, report.Compared{Summary: s, With: x.Summaries[k-1]})
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

// villageBody adds what only a village's summary shows: its statement, entities and distributions.
func villageBody(v *journal.View, place region.Code, sums *report.Report, body *summaryPage) error {
	s, err := income.SheetOf(v, string(place), sums.Year)
	if err != nil {
		return err
	}
	entities, _, err := register.Entities(v, place, "", pageSize)
	if err != nil {
		return err
	}
	plans, err := dividend.Distributions(v, place, sums.Year, nil)
	if err != nil {
		return err
	}
	stamp, closed := office.Closed(v, place, sums.Year)
	body.Statement, body.Entities, body.Plans = &s, entities, planRows(v, plans)
	for _, e := range entities {
		if !e.Kind.Collective() || e.Book() != e.ID {
			continue
		}
		own, err := income.StatementOf(v, e.ID, sums.Year)
		if err != nil {
			return err
		}
		if body.Collectives == nil {
			body.Collectives = []collectiveRow{{sums.Place.Short(), string(place), s.Now.Operating}}
		}
		body.Collectives = append(body.Collectives, collectiveRow{e.Name, e.ID, own.Operating})
	}
	if closed {
		body.Closed = &stamp
	}
	return nil
}
