package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/distributions/:place/paper/:kind", plansPaper),
	get("/distribution/:id/paper/:kind", planPaper),
	post("/distribution/:id/paper/:kind", planPaper),
)

// paperLine is a payout on a printed list.
type paperLine struct {
	N       int
	Payout  dividend.Payout
	Holder  register.Shareholder
	Name    string // masked on the list that is put up in the village
	From    string // the name of whom it is inherited from
	Numbers register.Numbers
	Way     dividend.Way
}

// paperPage is one sheet of a printed list, with its own sum.
type paperPage struct {
	N     int
	Lines []paperLine
	Sum   money.Yuan
	Net   money.Yuan // what is paid of it
}

// linesPerPage fit on a sheet of A4 across.
const linesPerPage = 22

// printed are the lists of a plan that go to paper: 发放明细表, 签名表 for cash, 公示表.
var printed = map[string]journal.Label{"payouts": "分红发放明细表", "signature": "分红签名发放表", "notice": "分红公示表",
	"open": "分红方案会前公开表"}

// printedApart are the same lists of plans that give out land compensation, which is no dividend.
var printedApart = map[string]journal.Label{"payouts": "土地补偿费发放明细表", "signature": "土地补偿费签名发放表", "notice": "土地补偿费分配公示表",
	"open": "土地补偿费分配方案会前公开表"}

// laidOpen is the list that lies open before the meeting.
const laidOpen = "open"

// paperPlan is a plan on paper.
type paperPlan struct {
	D       plan.Distribution
	Heading journal.Label
	E       register.Entity
	Place   office.Division
	Parts   []planPart
	Compact bool // too many components for a column each
	Pages   []paperPage
	Count   int
	Sum     money.Yuan
	Net     money.Yuan
	Charged bool // whether less is paid than is due
}

// maxColumns is how many components have columns of their own on paper; chargedColumns are those for tax, deductions and what is paid.
const (
	maxColumns     = 4
	chargedColumns = 3
)

// planPaper shows a plan's payouts for printing. Posted by an accountant the list of payouts has whole numbers, and the journal notes it;
// what is put up in the village never has.
func planPaper(r *request) error {
	id, kind := r.Param("id"), r.Param("kind")
	var leave register.Revealed
	var err error
	if r.Request.Method == http.MethodPost && kind == "payouts" {
		if leave, err = r.reveal(id, r.say.T("打印发放明细")); err != nil {
			return err
		}
	}
	return r.showPaper(kind, placeOf(id), "/distribution/"+id, leave, func(v *journal.View) ([]plan.Distribution, error) {
		d, err := dividend.Distribution(v, id)
		switch {
		case err != nil:
		case kind == laidOpen && d.Open == nil:
			err = &journal.Error{Code: journal.Conflict, Text: "方案没有会前公开过,没有可打印的"}
		case kind == laidOpen: // as it lay open, whatever became of it
			d.RecordDate, d.Components, d.Totals, d.Resolution = d.Open.RecordDate, d.Open.Components, nil, ""
		case d.Totals == nil:
			err = &journal.Error{Code: journal.Conflict, Text: "方案还没有提交,没有可打印的"}
		}
		return []plan.Distribution{d}, err
	})
}

// plansPaper shows the payouts of all plans in force of a place and year, plan by plan.
func plansPaper(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	year := r.year()
	return r.showPaper(r.Param("kind"), place, "/distributions/"+string(place)+"?year="+strconv.Itoa(year), register.Revealed{},
		func(v *journal.View) ([]plan.Distribution, error) {
			return dividend.Distributions(v, place, year, plan.Distribution.InForce)
		})
}

// planPaperPage is what the page plan_paper shows.
type planPaperPage struct {
	Plans   []paperPlan
	Sum     money.Yuan
	Count   int
	Kind    string
	Heading journal.Label
	Today   journal.Date
	Back    string
	All     bool
	Show    string // the payouts that the list is narrowed to
}

var _ = page[planPaperPage]("plan_paper")

// showPaper shows plans for printing; back is where the reader came from.
func (r *request) showPaper(kind string, place region.Code, back string, leave register.Revealed,
	plans func(*journal.View) ([]plan.Distribution, error)) error {
	title, ok := printed[kind]
	if !ok || kind == laidOpen && strings.HasPrefix(back, "/distributions/") {
		return errNoPage
	}
	return r.show(http.StatusOK, "plan_paper", "distributions", place, func(v *journal.View, f *frame) (any, error) {
		list, err := plans(v)
		if err != nil {
			return nil, err
		}
		var papers []paperPlan
		var sum money.Yuan
		rows := 0
		for _, d := range list {
			p, err := paperOf(v, d, kind, leave, onPaper(kind, r.Query("show"), r.Query("all") != ""), maxPrinted-rows)
			if err != nil {
				return nil, err
			}
			rows, sum = rows+p.Count, sum+p.Sum
			papers = append(papers, p)
		}
		f.Title = r.say.T(string(title))
		return planPaperPage{Plans: papers, Sum: sum, Count: rows, Kind: kind, Heading: title, Today: v.Today(), Back: back,
			All: r.Query("all") != "", Show: r.shown(kind)}, nil
	})
}

// shown names the payouts that a list of a kind is narrowed to; "" for all.
func (r *request) shown(kind string) string {
	show := r.Query("show")
	if kind != "payouts" || show == "" || show == "all" {
		return ""
	}
	if show == "due" {
		return r.say.T(string(dividend.Due.Label()))
	}
	return r.say.T(string(dividend.PayoutState(show).Label()))
}

// onPaper tells whether a payout stands on a kind of list; show narrows the list of payouts as the plan's page does, all asks the sheet to
// sign for what has been paid already, too.
func onPaper(kind, show string, all bool) func(dividend.Payout) bool {
	return func(p dividend.Payout) bool {
		switch kind {
		case "notice": // as it was approved; heirs are nobody's business
			return p.From == ""
		case "signature": // what is to be paid in cash: what was paid must not be paid again
			return p.InCash(all)
		}
		return p.Shown(show)
	}
}

// onList are the payouts that stand on a kind of list, at most so many; before the meeting what lay open.
func onList(v *journal.View, d plan.Distribution, kind string, which func(dividend.Payout) bool, most int) (list []dividend.Payout,
	err error) {
	if kind != laidOpen {
		list, _, err = dividend.Payouts(v, d.ID, "", most, which)
		return list, err
	}
	shown, err := dividend.LaidOpen(v, d.ID)
	for _, x := range shown[:min(most, len(shown))] {
		list = append(list, dividend.Payout{Holder: x.Holder, Parts: x.Parts, Due: x.Due})
	}
	return list, err
}

func paperOf(v *journal.View, d plan.Distribution, kind string, leave register.Revealed, which func(dividend.Payout) bool,
	most int) (x paperPlan, err error) {
	if x.D, x.Heading = d, printed[kind]; d.Fund != "" {
		x.Heading = printedApart[kind]
	}
	if x.E, err = register.EntityOf(v, d.Entity); err != nil {
		return x, err
	}
	if x.Place, err = office.DivisionOf(v, d.Village()); err != nil {
		return x, err
	}
	if x.Parts, err = partsFor(v, journal.Actor{}, d); err != nil {
		return x, err
	}
	columns := maxColumns
	if x.Charged = d.Charged() && kind != laidOpen; x.Charged {
		columns -= chargedColumns - 1
	}
	x.Compact = len(x.Parts) > columns
	list, err := onList(v, d, kind, which, most+1)
	if err != nil {
		return x, err
	}
	if len(list) > most {
		return x, &journal.Error{Code: journal.TooLarge, Text: "名册超过 %s 户;请按方案或按村打印,或导出 CSV 打印", Args: []any{strconv.Itoa(maxPrinted)}}
	}
	perPage := linesPerPage
	if kind == "notice" || kind == laidOpen { // the rules stand above the first lines
		perPage = max(linesPerPage-2-len(x.Parts), linesPerPage/2)
	}
	if x.Compact { // what each component gave takes lines
		perPage = max(perPage/2, 1)
	}
	x.Count = len(list)
	for i, p := range list {
		if i%perPage == 0 {
			x.Pages = append(x.Pages, paperPage{N: len(x.Pages) + 1})
		}
		s, err := dividend.ShareholderOf(v, d, p.Holder)
		if err != nil {
			return x, err
		}
		if kind == "notice" {
			p.Due, p.Deducted = p.Due+p.Passed, p.Deducted+p.PassedOff
		}
		line := paperLine{N: i + 1, Payout: p, Holder: s, Name: s.Name, Numbers: dividend.Full(v, s, leave), Way: dividend.WayOf(v, p, s, leave)}
		if kind == "notice" || kind == laidOpen {
			line.Name = s.MaskedName()
		}
		if p.From != "" {
			from, err := dividend.ShareholderOf(v, d, p.Left())
			if err != nil {
				return x, err
			}
			line.From = from.Name
		}
		page := &x.Pages[len(x.Pages)-1]
		page.Lines = append(page.Lines, line)
		page.Sum, page.Net = page.Sum+p.Due, page.Net+p.Net()
		x.Sum, x.Net = x.Sum+p.Due, x.Net+p.Net()
	}
	return x, nil
}
