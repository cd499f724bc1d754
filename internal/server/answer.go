package server

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/picture"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/questions/:place", questions),
	get("/given/:place", given),
	get("/payees/:place", payees),
	get("/largest/:place", largest),
	get("/silent/:place", silent),
	get("/rows/:place", figureRows),
)

// questionsPage is what the page questions shows: what officials ask, each with its answer and the way to it.
type questionsPage struct {
	Place office.Division
	Year  int
	Years []int
	List  []question
}

// question is one with its answer, "" where only its page has it.
type question struct {
	Text   journal.Label
	Answer string
	To     string
}

var _ = page[questionsPage]("questions")

func questions(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "questions", "questions", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		if r.Query("year") == "" && of.Running > 0 { // what can be answered is of a year that is over
			if of, err = report.ReportOf(v, place, of.Year-1); err != nil {
				return nil, err
			}
		}
		body := questionsPage{Place: of.Place, Year: of.Year, Years: yearsUpTo(of.Trend, v.Today(), of.Year)}
		body.List, err = r.answers(v, of)
		f.Title = r.say.T("%s %s 年,常问的几件事", of.Place.Short(), strconv.Itoa(of.Year))
		return body, err
	})
}

// answers are the questions about a report's place with their answers.
func (r *request) answers(v *journal.View, of *report.Report) (list []question, err error) {
	at, query := string(of.Place.Code), "?"+queryOf("year", of.Year)
	measure, _ := report.FigureNamed("measure")
	ask := func(text journal.Label, to, answer string) { list = append(list, question{text, answer, to}) }

	running := ""
	if of.Running > 0 {
		running = r.say.T("%s 年还没有过完", strconv.Itoa(of.Year))
	}
	worst := question{Text: "下级哪个地区变差最多", To: "/why/" + at + query, Answer: running}
	for _, c := range of.Sorted("measure.change") {
		if n := measure.Of(c.Summary) - measure.Of(c.With); n < 0 && worst.Answer == "" {
			worst.Answer, worst.To = r.say.T("%s,%s 元", c.Place.Short(), signed(report.Yuan, n)), cellOf(measure, c).Asked
		}
	}
	if worst.Answer == "" {
		worst.Answer = r.say.T("没有变差的")
	}
	if of.Place.Code.Level() < region.Village {
		list = append(list, worst)
	}
	why := running
	if change := measure.Of(of.Summary) - measure.Of(of.With); why == "" {
		why = r.say.T("%s %s 元", r.say.T(string(measure.Called(of.Policy, of.Mixed))), cmp.Or(signed(report.Yuan, change), "0"))
	}
	ask("为什么变了", "/why/"+at+query, why)
	if err := r.answerPayouts(v, of, ask); err != nil {
		return nil, err
	}
	quarter := sums.QuarterOf(v.Today())
	_, quiet, err := report.EnteredIn(v, of.Place.Code, quarter, 1, true)
	if err != nil {
		return nil, err
	}
	ask("这个季度哪些村没有录入", "/silent/"+at, r.say.T("%s:%s 个村", r.called(quarter), strconv.Itoa(len(quiet))))
	largest, err := r.largestSaid(v, of.Place.Code)
	if err != nil {
		return nil, err
	}
	ask("谁持股最多", "/largest/"+at, largest)
	line, found, err := of.LargestLine()
	if err != nil {
		return nil, err
	}
	if found {
		ask("最大的一笔钱从哪里来", journal.LineID.Page(line.ID),
			strings.TrimSpace(r.say.T("%s %s %s,%s 元", placeIn(v, journal.PlaceOf(line.ID), of.Place.Code),
				string(line.Date), cmp.Or(line.Party, r.say.T("没有写对方")), line.Amount.Grouped())))
	}
	payers, _ := of.Parties()
	if len(payers) > 0 {
		ask("谁付的钱最多", "/party/"+at+"?"+queryOf("year", of.Year, "name", payers[0].Name),
			r.say.T("%s,全年 %s 元", payers[0].Name, report.Yuan.Text(payers[0].Now)))
	}
	near := question{Text: "哪个空壳村离标准最近", To: "/shells/" + at + query + "&show=near", Answer: cmp.Or(running, r.say.T("没有空壳村"))}
	if list := of.Chosen(report.VillageChoiceNamed("near")); len(list) > 0 {
		x := list[0]
		near.Answer = r.say.T("%s,还差 %s 元", x.Place.Short(), x.Verdict.Short.Grouped())
		if running != "" {
			near.Answer = running + r.say.T(";") + r.say.T("现在离标准最近的是%s", near.Answer)
		}
	}
	if of.Unrecorded > 0 {
		near.Answer = r.say.T("%s;%s 个村未录入,不作判定", near.Answer, strconv.Itoa(of.Unrecorded))
	}
	list = append(list, near)
	ask("哪些村变化最大", "/shells/"+at+query+"&show=changed", cmp.Or(running, r.changedSaid(of)))
	return list, nil
}

// changedSaid names the villages that changed most for the worse and for the better.
func (r *request) changedSaid(of *report.Report) string {
	var said []string
	for _, c := range []struct {
		choice string
		text   string
	}{{"worse", "变差最多的是%s,%s 元"}, {"better", "变好最多的是%s,%s 元"}} {
		if list := of.Chosen(report.VillageChoiceNamed(c.choice)); len(list) > 0 {
			said = append(said, r.say.T(c.text, list[0].Place.Short(), signed(report.Yuan, int64(list[0].Change()))))
		}
	}
	if len(said) == 0 {
		return r.say.T("没有变化")
	}
	return strings.Join(said, r.say.T(";"))
}

// largestSaid names who holds most, unit by unit.
func (r *request) largestSaid(v *journal.View, place region.Code) (string, error) {
	list, err := report.ConcentrationsOf(v, place)
	if err != nil {
		return "", err
	}
	var said []string
	for _, c := range list {
		l := c.Largest[0]
		said = append(said, r.say.T("%s %s %s,占%s的 %s", l.Name, l.Quantity.Grouped(), r.say.T(string(c.Unit.Label())), v.Called(l.Entity),
			hundredths(l.Part())))
	}
	if len(said) == 0 {
		return r.say.T("还没有股份"), nil
	}
	return strings.Join(said, r.say.T(";")), nil
}

// shownMarks is of how many marks the answer tells.
const shownMarks = 3

// answerPayouts answers what is asked about payouts.
func (r *request) answerPayouts(v *journal.View, of *report.Report, ask func(text journal.Label, to, answer string)) error {
	at := string(of.Place.Code)
	_, marks, _, err := report.GivenTo(v, of.Place.Code, of.Year)
	if err != nil {
		return err
	}
	answer := r.say.T("没有带标记的户")
	if !v.Who().NeedsMarks() {
		answer = r.say.T("哪些户有什么标记是敏感信息,您的职责不需要看")
	}
	var said []string
	for _, g := range marks {
		switch {
		case len(said) == shownMarks:
		case g.Now.DueCount > 0:
			said = append(said, r.say.T("%s %s 笔,应付 %s 元,已付 %s 元", g.Mark, grouped(g.Now.DueCount), g.Now.Due.Grouped(), g.Now.Paid.Grouped()))
		case g.Today > 0:
			said = append(said, r.say.T("%s %s 户,这一年没有分红", g.Mark, grouped(g.Today)))
		}
	}
	if len(said) > 0 {
		answer = strings.Join(said, r.say.T(";"))
	}
	ask("脱贫户等各种户得了多少", "/given/"+at+"?"+queryOf("year", of.Year), answer)
	failed, err := report.FailedIn(v, of.Place.Code)
	if err != nil {
		return err
	}
	answer = r.say.T("没有失败的")
	if failed.Count > 0 {
		answer = r.say.T("%s 笔", grouped(failed.Count))
	}
	if failed.Count > 0 && failed.Days >= 0 {
		answer = r.say.T("%s 笔,最早的已 %s 天", grouped(failed.Count), strconv.Itoa(failed.Days))
	}
	ask("银行退回的是谁的,多久了", "/payees/"+at+"?show=failed", answer)
	return nil
}

// givenPage is what the page given shows: what payouts came to by kind of holder and by mark.
type givenPage struct {
	Place        office.Division
	Year         int
	Years        []int
	Kinds, Marks []report.Given
	All          report.Given
	S            report.Summary
	Each, Head   int64            // 分: what a household and a person got on the average
	Bands        *picture.Picture // households by what they get
}

var _ = page[givenPage]("given")

func given(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "given", "questions", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.yearReport(v, place)
		if err != nil {
			return nil, err
		}
		body := givenPage{Place: of.Place, Year: of.Year, Years: yearsUpTo(of.Trend, v.Today(), of.Year)}
		body.Kinds, body.Marks, body.All, err = report.GivenTo(v, place, of.Year)
		body.Bands, body.S = r.bands(body.Kinds), of.Summary
		each, _ := report.FigureNamed("per_household")
		head, _ := report.FigureNamed("per_person")
		body.Each, body.Head = each.Of(of.Summary), head.Of(of.Summary)
		f.Title = r.say.T("%s %s 年分红给了谁", of.Place.Short(), strconv.Itoa(of.Year))
		return body, err
	})
}

// bands draws how many payouts households get of what size.
func (r *request) bands(kinds []report.Given) *picture.Picture {
	for _, g := range kinds {
		if g.Kind != register.Household {
			continue
		}
		var bars []picture.Bar
		for i, n := range g.Bands {
			from := strings.TrimSuffix(dividend.Bands[i].Grouped(), ".00")
			label := r.say.T("%s 起", from)
			if i == 0 {
				label = r.say.T("不足 %s", strings.TrimSuffix(dividend.Bands[1].Grouped(), ".00"))
			}
			bars = append(bars, picture.Bar{Label: label, Value: grouped(n), N: int64(n), Class: "t3", Title: label + " " + grouped(n)})
		}
		return picture.Bars(r.say.T("农户的分红多大一笔"), [2]string{r.say.T("一笔多少(元)"), r.say.T("笔数")}, bars)
	}
	return nil
}

// payeesPage is what the page payees shows: payouts, person by person.
type payeesPage struct {
	Place   office.Division
	Wanted  dividend.WantedPayouts
	Rows    []dividend.PayoutRow
	Next    string
	Tabs    []tab
	Years   []option
	Kinds   []option
	Marks   []option
	Aged    bool // the oldest first
	Cut     bool // as far as they can be put into that order
	Ordered int  // how many that are
	Sum     money.Yuan
	Count   int
	Counted bool              // whether these two are known
	Names   map[string]string // of entities
	Places  map[string]string // of plans: the township and village
}

var _ = page[payeesPage]("payees")

// payeeTabs are the states that payouts are looked for in, the first where nothing is said.
var payeeTabs = []payeeTab{{"failed", "失败|付款"}, {"outstanding", "待付|付款"}, {"held", "暂缓|付款"}, {"paid", "已付|分红"}, {"all", "全部|付款"}}

type payeeTab struct {
	show string
	text journal.Label
}

func payees(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "payees", "questions", place, func(v *journal.View, f *frame) (any, error) {
		at, err := office.DivisionOf(v, place)
		if err != nil {
			return nil, err
		}
		of, err := report.ReportOf(v, place, v.Today().Year())
		if err != nil {
			return nil, err
		}
		body := payeesPage{Place: at, Wanted: dividend.WantedPayouts{Year: r.year(), Show: r.Query("show"),
			Kind: register.HolderKind(r.Query("kind")),
			Mark: r.Query("mark")}, Names: map[string]string{}, Places: map[string]string{},
			Years: []option{{Label: r.say.T("全部年度")}}, Kinds: []option{{Label: r.say.T("全部股东")}},
			Marks: []option{{Label: r.say.T("全部标记")}}}
		for _, y := range yearsUpTo(of.Trend, v.Today(), of.Year) {
			body.Years = append(body.Years, option{Value: strconv.Itoa(y), Label: r.called(sums.YearOf(y))})
		}
		for _, k := range register.HolderKinds() {
			body.Kinds = append(body.Kinds, option{Value: string(k), Label: r.say.T(string(k.Label()))})
		}
		marks, err := report.Marks(v, place)
		if err != nil {
			return nil, err
		}
		for _, m := range marks {
			body.Marks = append(body.Marks, option{Value: m, Label: m})
		}
		if body.Wanted.Show == "" {
			body.Wanted.Show = payeeTabs[0].show
		}
		if text := r.Query("quarter"); text != "" {
			if body.Wanted.Paid, err = report.AskedPart(v, text); err != nil {
				return nil, err
			}
			body.Wanted.Year = 0 // whichever year's plan it is of
		}
		if err := body.Wanted.Check(v); err != nil {
			return nil, err
		}
		for _, t := range payeeTabs {
			body.Tabs = append(body.Tabs, tab{r.with("show", t.show, "after", ""), t.text, t.show == body.Wanted.Show})
		}
		f.Title = r.say.T("%s的分红付款,逐人", at.Short())
		return body, body.fill(v, r.Query("after"))
	})
}

// fill finds the payouts that are asked for: what failed or is held back with the oldest first.
func (b *payeesPage) fill(v *journal.View, after string) (err error) {
	b.Aged = b.Wanted.Show == "failed" || b.Wanted.Show == "held"
	if b.Aged {
		all, next, err := dividend.PayoutRows(v, b.Place.Code, b.Wanted, "", 0, true)
		if err != nil {
			return err
		}
		b.Ordered = len(all)
		b.Cut = next != ""
		b.Rows, b.Next = cutList(all, after)
	} else if b.Rows, b.Next, err = dividend.PayoutRows(v, b.Place.Code, b.Wanted, after, pageSize, false); err != nil {
		return err
	}
	for _, p := range b.Rows {
		if e, err := register.EntityOf(v, p.Plan.Entity); err == nil {
			b.Names[e.ID] = e.Name
		}
		b.Places[p.Plan.ID] = placeIn(v, p.Plan.Village(), b.Place.Code)
	}
	b.Count, b.Sum, b.Counted, err = report.PayoutsWanted(v, b.Place.Code, b.Wanted)
	return err
}

// placeIn names a place as far as that says more than the place that a page is of: the township and the village of a county's page.
func placeIn(v *journal.View, at, of region.Code) string {
	name := ""
	for level := max(of.Level()+1, region.County); level <= at.Level(); level++ {
		if d, err := office.DivisionOf(v, at.Cut(level)); err == nil {
			name += d.Short()
		}
	}
	return name
}

// largestPage is what the page largest shows: who holds most.
type largestPage struct {
	Place office.Division
	List  []report.Concentration
	Names map[string]string // of entities
}

var _ = page[largestPage]("largest")

// shownLargest is how many holders the page names; exports have more.
const shownLargest = 20

func largest(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "largest", "questions", place, func(v *journal.View, f *frame) (any, error) {
		at, err := office.DivisionOf(v, place)
		if err != nil {
			return nil, err
		}
		body := largestPage{Place: at, Names: map[string]string{}}
		if body.List, err = report.ConcentrationsOf(v, place); err != nil {
			return nil, err
		}
		body.List = slices.Clone(body.List) // of what is shared
		for i, c := range body.List {
			c.Largest = c.Largest[:min(len(c.Largest), shownLargest)]
			body.List[i] = c
			for _, l := range c.Largest {
				if e, err := register.EntityOf(v, l.Entity); err == nil {
					body.Names[e.ID] = e.Name
				}
			}
		}
		f.Title = r.say.T("%s谁持股最多", at.Short())
		return body, nil
	})
}

// hundredths prints hundredths of a per cent.
func hundredths(n int) string { return money.Yuan(n).String() + "%" }

// silentPage is what the page silent shows: villages by the quarters in which anything was entered about them.
type silentPage struct {
	Place    office.Division
	Quarter  sums.Period
	Quarters []sums.Period
	Choices  []option
	All      bool // with those that entered something
	Rows     []report.Entered
	Towns    map[region.Code]string
	Count    int
	Next     string
}

var _ = page[silentPage]("silent")

func silent(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "silent", "questions", place, func(v *journal.View, f *frame) (any, error) {
		at, err := office.DivisionOf(v, place)
		if err != nil {
			return nil, err
		}
		body := silentPage{Place: at, All: r.Query("show") == "all", Towns: map[region.Code]string{}}
		today := sums.QuarterOf(v.Today())
		for q := today; len(body.Choices) < 4*shownQuarters; q = q.Previous() {
			body.Choices = append(body.Choices, option{Value: string(q), Label: r.called(q)})
		}
		if body.Quarter, err = report.AskedQuarter(v, r.Query("quarter")); err != nil {
			return nil, err
		}
		var rows []report.Entered
		if body.Quarters, rows, err = report.EnteredIn(v, place, body.Quarter, report.ShownQuarters, !body.All); err != nil {
			return nil, err
		}
		for _, x := range rows {
			if x.Silent() {
				body.Count++
			}
		}
		body.Rows, body.Next = cutList(rows, r.Query("after"))
		for _, x := range body.Rows {
			if d, err := office.DivisionOf(v, x.Place.Code.Parent()); err == nil {
				body.Towns[x.Place.Code] = d.Name
			}
		}
		f.Title = r.say.T("%s %s没有录入的村", at.Short(), r.called(body.Quarter))
		return body, nil
	})
}

// payeesOf is the page of the payouts to holders of a kind, or with a mark.
func payeesOf(place region.Code, year int, show string, g report.Given) string {
	return "/payees/" + string(place) + "?" + queryOf("year", year, "show", show, "kind", g.Kind, "mark", g.Mark)
}

// rowsPage is what the page rows shows: what makes one figure of a place, row by row.
type rowsPage struct {
	R      *report.Report
	Figure report.Figure
	Called journal.Label
	Rows   []report.Row
	Twice  [2]int64 // what several rows count, and the place once: in the year, and in what stands beside
	Now    int64
	Then   int64
}

var _ = page[rowsPage]("rows")

func figureRows(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "rows", "summary", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		figure, err := report.FigureAsked(r.Query("figure"))
		if err != nil {
			return nil, err
		}
		if of.Period.Quarter() != 0 && !figure.Flow {
			return nil, journal.Wrong("figure", figure.Name, "季度里没有“%s”,请看年度", r.say.T(string(figure.Label)))
		}
		body := rowsPage{R: of, Figure: figure, Called: figure.Called(of.Policy, of.Mixed), Now: figure.Of(of.Summary), Then: figure.Of(of.With)}
		body.Rows, body.Twice = of.Rows(figure)
		f.Title = r.say.T("%s %s%s", of.Place.Short(), r.called(of.Period), r.say.T(string(body.Called)))
		return body, nil
	})
}
