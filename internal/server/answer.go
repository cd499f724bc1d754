package server

import (
	"html/template"
	"net/http"
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
		of, err := r.report(v, place)
		if err != nil {
			return nil, err
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

	of.Sort("measure.change")
	worst := question{Text: "下级哪个地区变差最多", To: "/why/" + at + query}
	for _, c := range of.Children {
		if n := measure.Of(c.Summary) - measure.Of(c.With); n < 0 && worst.Answer == "" {
			worst.Answer, worst.To = r.say.T("%s,%s 元", c.Place.Short(), signed(report.Yuan, n)), cellOf(measure, c).Asked
		}
	}
	if worst.Answer == "" {
		worst.Answer = r.say.T("没有变差的")
	}
	list = append(list, worst)
	change := measure.Of(of.Summary) - measure.Of(of.With)
	ask("为什么变了", "/why/"+at+query, r.say.T("%s %s 元", r.say.T(string(measure.Called(of.Policy, of.Mixed))), signed(report.Yuan, change)))
	if err := r.answerPayouts(v, of, ask); err != nil {
		return nil, err
	}
	quarter := sums.QuarterOf(v.Today())
	_, quiet, err := report.EnteredIn(v, of.Place.Code, quarter, 1, true)
	if err != nil {
		return nil, err
	}
	ask("这个季度哪些村没有录入", "/silent/"+at, r.say.T("%s:%s 个村", r.called(quarter), strconv.Itoa(len(quiet))))
	ask("谁持股最多", "/largest/"+at, "")
	payers, _ := of.Parties()
	if len(payers) > 0 {
		ask("最大的一笔钱从哪里来", "/party/"+at+"?"+queryOf("year", of.Year, "name", payers[0].Name),
			r.say.T("%s,%s 元", payers[0].Name, report.Yuan.Text(payers[0].Now)))
	}
	near := question{Text: "哪个空壳村离标准最近", To: "/shells/" + at + query + "&show=near", Answer: r.say.T("没有空壳村")}
	var short money.Yuan
	for _, x := range of.Villages {
		if x.Verdict.Shell && (short == 0 || x.Verdict.Short < short) {
			short = x.Verdict.Short
			near.Answer = r.say.T("%s,还差 %s 元", x.Place.Short(), short.Grouped())
		}
	}
	list = append(list, near)
	ask("哪些村变化最大", "/shells/"+at+query+"&show=worse", "")
	return list, nil
}

// answerPayouts answers what is asked about payouts.
func (r *request) answerPayouts(v *journal.View, of *report.Report, ask func(text journal.Label, to, answer string)) error {
	at := string(of.Place.Code)
	_, marks, _, err := report.GivenTo(v, of.Place.Code, of.Year)
	if err != nil {
		return err
	}
	answer := r.say.T("没有带标记的户")
	if len(marks) > 0 && marks[0].Now.DueCount > 0 {
		g := marks[0]
		answer = r.say.T("%s %s 笔,应付 %s 元,已付 %s 元", g.Mark, grouped(g.Now.DueCount), g.Now.Due.Grouped(), g.Now.Paid.Grouped())
	}
	ask("脱贫户等各种户得了多少", "/given/"+at+"?"+queryOf("year", of.Year), answer)
	failed, _, err := dividend.PayoutRows(v, of.Place.Code, dividend.WantedPayouts{Show: "failed"}, "", 1, true)
	if err != nil {
		return err
	}
	answer = r.say.T("没有失败的")
	if len(failed) > 0 {
		answer = r.say.T("%s 笔,最早的已 %s 天", grouped(len(failed)), strconv.Itoa(failed[0].Days))
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
	Bands        template.HTML // households by what they get
}

var _ = page[givenPage]("given")

func given(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "given", "questions", place, func(v *journal.View, f *frame) (any, error) {
		of, err := r.report(v, place)
		if err != nil {
			return nil, err
		}
		body := givenPage{Place: of.Place, Year: of.Year, Years: yearsUpTo(of.Trend, v.Today(), of.Year)}
		body.Kinds, body.Marks, body.All, err = report.GivenTo(v, place, of.Year)
		body.Bands = r.bands(body.Kinds)
		f.Title = r.say.T("%s %s 年分红给了谁", of.Place.Short(), strconv.Itoa(of.Year))
		return body, err
	})
}

// bands draws how many payouts households get of what size.
func (r *request) bands(kinds []report.Given) template.HTML {
	for _, g := range kinds {
		if g.Kind != register.Household {
			continue
		}
		var bars []picture.Bar
		for i, n := range g.Bands {
			from := strings.TrimSuffix(dividend.Bands[i].Grouped(), ".00")
			label := r.say.T("%s 元起", from)
			if i == 0 {
				label = r.say.T("不足 %s", strings.TrimSuffix(dividend.Bands[1].Grouped(), ".00"))
			}
			bars = append(bars, picture.Bar{Label: label, Value: grouped(n), N: int64(n), Class: "t3", Title: label + " " + grouped(n)})
		}
		return picture.Bars(r.say.T("农户的分红多大一笔"), bars)
	}
	return ""
}

// payeesPage is what the page payees shows: payouts, person by person.
type payeesPage struct {
	Place  office.Division
	Wanted dividend.WantedPayouts
	Rows   []dividend.PayoutRow
	Next   string
	Tabs   []tab
	Years  []option
	Kinds  []option
	Marks  []option
	Aged   bool // the oldest first, all counted and added up
	Sum    money.Yuan
	Count  int
	Names  map[string]string // of entities
}

var _ = page[payeesPage]("payees")

// payeeTabs are the states that payouts are looked for in, the first where nothing is said.
var payeeTabs = []struct {
	show string
	text journal.Label
}{{"failed", "失败|付款"}, {"outstanding", "待付|付款"}, {"held", "暂缓|付款"}, {"paid", "已付|分红"}, {"all", "全部|付款"}}

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
			Mark: r.Query("mark")}, Names: map[string]string{}, Years: []option{{Label: r.say.T("全部年度")}}, Kinds: []option{{Label: r.say.T("全部股东")}},
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
		var all []dividend.PayoutRow
		if all, _, err = dividend.PayoutRows(v, b.Place.Code, b.Wanted, "", 0, true); err != nil {
			return err
		}
		for _, p := range all {
			b.Sum, b.Count = b.Sum+p.Due, b.Count+1
		}
		b.Rows, b.Next = cutList(all, after)
	} else if b.Rows, b.Next, err = dividend.PayoutRows(v, b.Place.Code, b.Wanted, after, pageSize, false); err != nil {
		return err
	}
	for _, p := range b.Rows {
		if e, err := register.EntityOf(v, p.Plan.Entity); err == nil {
			b.Names[e.ID] = e.Name
		}
	}
	return nil
}

// largestPage is what the page largest shows: who holds most.
type largestPage struct {
	Place office.Division
	List  []report.Concentration
	Names map[string]string // of entities
}

var _ = page[largestPage]("largest")

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
		for _, c := range body.List {
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

// shownEntered is how many quarters the page silent shows.
const shownEntered = 6

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
		var ok bool
		if body.Quarter, ok = sums.ParsePeriod(r.Query("quarter")); !ok || body.Quarter.Quarter() == 0 {
			body.Quarter = today
		}
		var rows []report.Entered
		if body.Quarters, rows, err = report.EnteredIn(v, place, body.Quarter, shownEntered, !body.All); err != nil {
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
