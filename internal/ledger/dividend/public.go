package dividend

import (
	"iter"
	"strconv"
	"unicode/utf8"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// publicSetting lets villages' plans be looked at without an account.
var publicSetting = office.Describe(office.Setting{Name: "public_page", Label: "网上公开",
	Hint:    "会前公开、公示和以后的分红方案,不登录也能看:姓名遮住,本人凭股权证号和身份证后四位核对自己的一行,可以留下异议",
	Choices: []office.Choice{{Value: "off", Label: "不开"}, {Value: "on", Label: "开"}}, Default: "off"})

// opened tells whether a county shows its villages' plans to anybody.
func opened(r store.Reader, place region.Code, on journal.Date) bool {
	return publicSetting.On(r, place, on) == "on"
}

// PublicCounties lists the counties that show their villages' plans to anybody.
func PublicCounties(v *journal.View) (list []office.Division, err error) {
	books, err := v.At(region.Country)
	for _, d := range office.Divisions(v, region.Country, region.County) {
		if opened(books, d.Code, v.Today()) {
			list = append(list, d)
		}
	}
	return list, err
}

// PublicPlans lists the plans of a place that anybody may look at, newest year first; NotFound where its county shows none.
func PublicPlans(v *journal.View, place region.Code) ([]plan.Distribution, error) {
	books, err := v.At(place)
	if err != nil {
		return nil, err
	}
	if place.Level() < region.County || !opened(books, place, v.Today()) {
		return nil, journal.Missing("", place, "这里没有网上公开;请到村里看公开栏")
	}
	return Distributions(v, place, 0, plan.Distribution.IsPublic)
}

// PublicPlan is a plan that anybody may look at; NotFound for every other, be there one or not.
func PublicPlan(v *journal.View, id string) (d plan.Distribution, err error) {
	place := journal.PlaceOf(id)
	missing := journal.Missing("distribution", id, "没有公开的分红方案 %s", id)
	books, err := v.At(place)
	if err != nil {
		return d, err
	}
	if !opened(books, place, v.Today()) {
		return d, missing
	}
	if d, err = Distribution(v, id); err != nil || !d.IsPublic() {
		return d, missing
	}
	return d, nil
}

// PublicLine is a holder's line of a plan as anybody sees it.
type PublicLine struct {
	Holder string // the id, which pages do not show
	Name   string // masked; of an organisation whole
	Parts  []Part
	Due    money.Yuan
	Net    money.Yuan
	State  PayoutState // of a plan that is being paid
	Date   journal.Date
}

// publicLines goes through a plan's lines as it lies open, or as they were frozen, in the order of the holders' ids; without names.
func publicLines(books store.Reader, d plan.Distribution) iter.Seq[PublicLine] {
	return func(yield func(PublicLine) bool) {
		if d.Totals == nil {
			for _, x := range shown.Scan(books, d.ID) {
				if !yield(PublicLine{Holder: x.Holder, Parts: x.Parts, Due: x.Due, Net: x.Due - x.Tax - x.Deducted}) {
					return
				}
			}
			return
		}
		for _, p := range payouts.Scan(books, d.ID) {
			p = p.told()
			if !yield(PublicLine{Holder: p.Holder, Parts: p.Parts, Due: p.Due, Net: p.Net(), State: p.State, Date: p.Date}) {
				return
			}
		}
	}
}

// PublicLines are so many of a plan's lines, behind so many.
func PublicLines(v *journal.View, d plan.Distribution, behind, most int) ([]PublicLine, error) {
	at := 0
	return publicThat(v, d, func(PublicLine) bool { at++; return at > behind && at <= behind+most })
}

// PublicLineOf is one holder's line; NotFound where the plan has none of theirs.
func PublicLineOf(v *journal.View, d plan.Distribution, holder string) (PublicLine, error) {
	list, err := publicThat(v, d, func(x PublicLine) bool { return x.Holder == holder })
	if err == nil && len(list) == 0 {
		err = journal.Missing("no", holder, "这个方案里没有这一户;有疑问请留下异议")
	}
	if err != nil {
		return PublicLine{}, err
	}
	return list[0], nil
}

func publicThat(v *journal.View, d plan.Distribution, fits func(PublicLine) bool) (list []PublicLine, err error) {
	books, err := v.At(journal.PlaceOf(d.ID))
	if err != nil {
		return nil, err
	}
	for x := range publicLines(books, d) {
		if !fits(x) {
			continue
		}
		s, err := ShareholderOf(v, d, x.Holder)
		if err != nil {
			return nil, err
		}
		x.Name = s.MaskedName()
		list = append(list, x)
	}
	return list, nil
}

// LeaveObjection notes what somebody has left against a plan on the public page: a holder, whose certificate was shown, or a stranger.
type LeaveObjection struct {
	Distribution string       `cbor:"1,keyasint" json:"distribution"`
	By           string       `cbor:"2,keyasint" json:"by"`
	Date         journal.Date `cbor:"3,keyasint" json:"-"`
	Text         string       `cbor:"4,keyasint" json:"text"`
	Holder       string       `cbor:"5,keyasint,omitempty" json:"holder,omitempty"`
}

var _ = journal.Register(&LeaveObjection{}, journal.Kind{
	Label: "网上留下异议", Aside: true, Roles: []journal.Role{journal.Anybody},
	Note:  "只在公开页面上记 / recorded on the public page only",
	Hints: map[string]string{"by": "谁"},
})

// mostUnanswered is how many objections to one plan may wait for an answer before no more can be left.
const mostUnanswered = 20

// Place is the entity's village.
func (e *LeaveObjection) Place() region.Code { return journal.PlaceOf(e.Distribution) }

// Subject is the distribution's id.
func (e *LeaveObjection) Subject() string { return e.Distribution }

func (e *LeaveObjection) Check(c *journal.Checking) error {
	d, ok := plan.DistributionTable.Get(c, e.Distribution)
	if !ok || !d.Answerable() || !opened(c, e.Place(), c.Today()) {
		return journal.Missing("distribution", e.Distribution, "没有公开的分红方案 %s", e.Distribution)
	}
	var f journal.Faults
	if e.By = ident.Name(e.By); e.By == "" || utf8.RuneCountInString(e.By) > 40 {
		f.Invalid("by", e.By, "请写姓名,最多 40 个字")
	}
	if e.Text = ident.OneLine(e.Text); e.Text == "" {
		f.Invalid("text", "", "请写明异议的内容")
	}
	if ident.HasNumber(e.Text) || ident.HasNumber(e.By) {
		f.Invalid("text", "", "请不要写身份证号、银行卡号或电话;会计看得到您是哪一户")
	}
	if d.Unanswered() >= mostUnanswered || len(d.Objections) >= maxObjections {
		f.Add(journal.Conflict, "distribution", d.ID, "这个方案已有 %s 条异议等答复;请到村里当面提", strconv.Itoa(d.Unanswered()))
	}
	e.Date = c.Today()
	return f.Err()
}

func (e *LeaveObjection) Apply(a *journal.Applying) {
	d, _ := plan.DistributionTable.Get(a, e.Distribution)
	d.Objections = append(d.Objections, plan.Objection{By: e.By, Date: e.Date, Text: e.Text, Entry: a.Seq})
	d.Left = append(d.Left, plan.Left{Entry: a.Seq, Holder: e.Holder})
	plan.Keep(a, d)
}
