package server

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/roll/:id", rollShow),
	post("/roll/:id", rollConfirm),
	get("/roll/:id/print", rollPaper),
	get("/membership/:id", membershipShow),
	post("/membership/:id/lose", membershipLose),
	post("/membership/:id/reverse", membershipReverse),
	get("/doubles/:place", doubles),
)

// rollLine is a member as lists show one.
type rollLine struct {
	register.Membership
	N      int
	Number string // masked
	House  string // the householder's name
}

// rollLines shows members with their households.
func rollLines(v *journal.View, list []register.Membership, from int) (lines []rollLine, err error) {
	for i, m := range list {
		line := rollLine{Membership: m, N: from + i, Number: m.MaskedID(v, register.Revealed{})}
		if m.Household != "" {
			s, err := register.ShareholderOf(v, m.Household)
			if err != nil {
				return nil, err
			}
			line.House = s.Name
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// rollPage is what the page roll shows.
type rollPage struct {
	E         register.Entity
	List      []rollLine
	Next      string
	Q, On     string
	Today     journal.Date
	Count     int
	Grown     int
	Form      *form
	May       acts
	IDKinds   []option
	Hows      []option
	Relations []string
}

var _ = page[rollPage]("roll")

func rollShow(r *request) error { return r.showRoll(http.StatusOK, newForm()) }

// dayAsked reads the day that a list is asked for, today where none is.
func (r *request) dayAsked(v *journal.View) (journal.Date, error) {
	text := r.Query("on")
	if text == "" {
		return v.Today(), nil
	}
	return dayNamed(text)
}

// dayNamed reads the day that an address names.
func dayNamed(text string) (journal.Date, error) {
	day, err := journal.ParseDate(text)
	if err != nil {
		return "", journal.Wrong("on", text, "“%s”不是日期;请写成 2025-12-09", text)
	}
	return day, nil
}

func (r *request) showRoll(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "roll", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		on, err := r.dayAsked(v)
		if err != nil {
			return nil, err
		}
		body := rollPage{E: e, Q: r.Query("q"), On: string(on), Today: v.Today(), Form: f.of("ConfirmMember"), IDKinds: r.papers(),
			Hows: labelled(r, register.Hows()), Relations: register.Relations()}
		list, next, err := register.Roll(v, id, body.Q, on, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		if body.List, err = rollLines(v, list, 1); err != nil {
			return nil, err
		}
		body.Next = next
		if body.Count, body.Grown, err = register.RollCount(v, id, on); err != nil {
			return nil, err
		}
		if body.May, err = r.may(v, map[string]any{"collective": id}, "ConfirmMember"); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s 成员名册", e.Name)
		return body, nil
	})
}

func rollConfirm(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["collective"] = r.Param("id")
	if _, err := r.post("ConfirmMember", f, values.Get(requestKey)); err != nil {
		if !refused(err) {
			return err
		}
		return r.showRoll(status[journal.CodeOf(err)], again(values, err, typedNames(values)...))
	}
	return r.done("/roll/"+url.PathEscape(r.Param("id")), "member-confirmed")
}

// rollPaperPage is what the page roll_paper shows.
type rollPaperPage struct {
	E     register.Entity
	On    string
	Pages []rollSheet
	Count int
	Today journal.Date
}

// rollSheet is one sheet of the printed list of members.
type rollSheet struct {
	N     int
	Lines []rollLine
}

var _ = page[rollPaperPage]("roll_paper")

// rollPaper shows the list of members for printing, as it is filed with township and county (农村集体经济组织法 art. 12).
func rollPaper(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "roll_paper", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		on, err := r.dayAsked(v)
		if err != nil {
			return nil, err
		}
		list, more, err := register.Roll(v, id, "", on, "", maxPrinted)
		if err != nil {
			return nil, err
		}
		if more != "" {
			return nil, &journal.Error{Code: journal.TooLarge, Text: "名册超过 %s 人,请导出 CSV 打印", Args: []any{strconv.Itoa(maxPrinted)}}
		}
		lines, err := rollLines(v, list, 1)
		if err != nil {
			return nil, err
		}
		body := rollPaperPage{E: e, On: string(on), Count: len(lines), Today: v.Today()}
		for at := 0; at == 0 || at < len(lines); at += linesPerPage {
			body.Pages = append(body.Pages, rollSheet{len(body.Pages) + 1, lines[at:min(len(lines), at+linesPerPage)]})
		}
		fr.Title = r.say.T("成员名册")
		return body, nil
	})
}

// membershipPage is what the page membership shows.
type membershipPage struct {
	M      register.Membership
	E      register.Entity
	Number string
	House  string
	Papers int
	Forms  forms
	May    acts
	Causes []option
}

var _ = page[membershipPage]("membership")

func membershipShow(r *request) error { return r.showMembership(http.StatusOK, forms{}) }

func (r *request) showMembership(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "membership", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		m, err := register.MembershipOf(v, id)
		if err != nil {
			return nil, err
		}
		e, err := register.EntityOf(v, m.Collective())
		if err != nil {
			return nil, err
		}
		lines, err := rollLines(v, []register.Membership{m}, 1)
		if err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"member": id}, "LoseMembership", "ReverseMembership")
		if err != nil {
			return nil, err
		}
		body := membershipPage{M: m, E: e, Number: lines[0].Number, House: lines[0].House, Papers: len(papers), Forms: typed, May: may}
		for _, l := range register.Losses() {
			body.Causes = append(body.Causes, option{Value: l.Name, Label: r.say.T("%s(第 %s 条)", l.Label, l.Article)})
		}
		fr.Title = m.Name
		return body, nil
	})
}

func membershipLose(r *request) error    { return r.changeMembership("LoseMembership", "member-lost") }
func membershipReverse(r *request) error { return r.changeMembership("ReverseMembership", "reversed") }

// changeMembership posts one of the forms of a member's page.
func (r *request) changeMembership(kind, done string) error {
	id := r.Param("id")
	return r.change(change{
		kind: kind, about: map[string]any{"member": id}, names: []string{"date", "cause", "until", "resolution", "note", "reason"},
		to: "/membership/" + url.PathEscape(id), done: done, show: r.showMembership,
	})
}

// doublesPage is what the page doubles shows.
type doublesPage struct {
	Place region.Code
	List  []doubleRow
}

// doubleRow is a person in two collectives.
type doubleRow struct {
	register.Double
	Number string
}

var _ = page[doublesPage]("doubles")

// doubles lists who is a member of two collectives: for officials of a county or more.
func doubles(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "doubles", "doubles", place, func(v *journal.View, fr *frame) (any, error) {
		list, err := register.DoubleMembers(v, place, maxLines)
		if err != nil {
			return nil, err
		}
		body := doublesPage{Place: place}
		for _, d := range list {
			body.List = append(body.List, doubleRow{d, d.Member.MaskedID(v, register.Revealed{})})
		}
		fr.Title = r.say.T("一人两处成员")
		return body, nil
	})
}
