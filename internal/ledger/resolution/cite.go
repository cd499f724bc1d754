package resolution

import (
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
)

// strict decides what a county makes of a resolution that the law would not have passed so.
var strict = office.Describe(office.Setting{
	Name: "resolution_check", Label: "决议不合规定时", Default: "warn",
	Hint: "会议、到会、赞成、通知和公开天数不合规定,或只写编号没有登记的:提醒照记,还是不让记",
	Choices: []office.Choice{
		{Value: "warn", Label: "提醒,照记"},
		{Value: "refuse", Label: "不让记"},
	},
})

// The days of the law.
const (
	noticeDays    = 10 // of a meeting: 农村集体经济组织法 art. 27
	openDays      = 10 // plan and accounts before the meeting: art. 46
	openDaysVotes = 15 // of a specialised cooperative: 农民专业合作社法 art. 40
)

// Findings tells how a resolution falls short of the law for what is to rest on it, in the words of a refusal each; nothing where it does
// not. What is not given cannot be judged, and is told too.
func (r Resolution) Findings(org Organisation, on Subject) (list journal.Faults) {
	add := func(field, text string, args ...any) { list.Add(journal.Doubtful, field, r.Called(), text, args...) }
	rule, ok := ruleOf(on)
	if !ok {
		return nil
	}
	if !org.Votes && !slices.Contains(rule.bodies, r.Body) {
		add("body", "“%s”要由%s决定,决议 %s 是%s的(农村集体经济组织法第二十六条、第二十八条)", rule.label, rule.bodies[0].Label(), r.Called(), r.Body.Label())
	}
	if r.Body == Council {
		return list
	}
	switch {
	case r.Notice == "":
		add("notice", "决议 %s 没有写通知日期,不知道是不是提前十天通知的", r.Called())
	case r.Date.DayNumber()-r.Notice.DayNumber() < noticeDays && !org.Votes:
		add("notice", "决议 %s 的会议 %s 才通知、%s 开会,不满十天", r.Called(), string(r.Notice), string(r.Date))
	}
	if on == Distribution {
		r.findOpen(org, add)
	}
	r.findVotes(org, on, add)
	return list
}

// findOpen tells whether plan and accounts lay open long enough before the meeting.
func (r Resolution) findOpen(org Organisation, add func(field, text string, args ...any)) {
	days := OpenDays(org.Votes)
	switch {
	case r.Opened == "":
		add("opened", "决议 %s 没有写方案和账目从哪天起公开;会前要公开 %s 天", r.Called(), strconv.Itoa(days))
	case r.Date.DayNumber()-r.Opened.DayNumber() < days:
		add("opened", "方案和账目 %s 才公开,到 %s 开会不满 %s 天", string(r.Opened), string(r.Date), strconv.Itoa(days))
	}
}

// OpenDays is how many days plan and accounts lie open before the meeting; votes tells of a specialised cooperative.
func OpenDays(votes bool) int {
	if votes {
		return openDaysVotes
	}
	return openDays
}

// findVotes tells whether enough were there and agreed.
//
// A collective: two thirds of all members or representatives are there, and two thirds of all agree (art. 26–28); three quarters of all,
// where those who are no members are to share (art. 15). A specialised cooperative: two thirds of the members are there, more than half of
// all votes agree, two thirds of all votes on charter and merger (农民专业合作社法 art. 30).
func (r Resolution) findVotes(org Organisation, on Subject, add func(field, text string, args ...any)) {
	if r.Entitled == 0 || r.Present == 0 || r.For == 0 {
		add("entitled", "决议 %s 没有写全应到、实到和赞成的人数,不知道够不够", r.Called())
		return
	}
	if 3*r.Present < 2*r.Entitled {
		add("present", "决议 %s 应到 %s 人,实到 %s 人,不到三分之二", r.Called(), strconv.Itoa(r.Entitled), strconv.Itoa(r.Present))
	}
	all, enough, words := r.Entitled, 3*r.For >= 2*r.Entitled, journal.Label("三分之二")
	switch {
	case org.Votes:
		all = max(r.Votes, r.Entitled)
		if enough = 2*r.For > all; on == Charter || on == Merger {
			enough = 3*r.For >= 2*all
		} else {
			words = "半数"
		}
	case on == Outsiders:
		enough, words = 4*r.For >= 3*r.Entitled, "四分之三"
	}
	if !enough {
		add("for", "决议 %s 赞成 %s,全体是 %s,不到%s", r.Called(), strconv.Itoa(r.For), strconv.Itoa(all), words)
	}
}

// Name finds the resolution that an entry names in a field: by its id, or by the number that its minutes have; the text then becomes the
// id. It refuses one that is not there or is another organisation's. What the law would have had otherwise is asked about, or refused where
// the county says so; then a number that is not recorded is refused, too.
func Name(c *journal.Checking, f *journal.Faults, text *string, of string, on Subject) {
	NameOpened(c, f, text, of, on, "")
}

// NameOpened is Name where the ledger itself knows from which day on what is resolved lay open to the members, whatever the minutes say.
func NameOpened(c *journal.Checking, f *journal.Faults, text *string, of string, on Subject, opened journal.Date) {
	if *text == "" {
		return
	}
	org, ok := known(c, c.Open, of)
	if !ok {
		return // what it is of is refused already
	}
	refuse := strict.On(c, journal.PlaceOf(of), c.Today()) == "refuse"
	id := *text
	if !journal.ResolutionID.Is(id) {
		if id = numbered(c, of, org.Book, *text); id == "" {
			if refuse {
				f.Add(journal.Conflict, "resolution", *text, "没有登记过编号为 %s 的决议;本县要求先登记决议,再写它的编号", *text)
			}
			return
		}
	}
	r, ok := resolutions.Get(c, id)
	if !ok || journal.PlaceOf(id) != journal.PlaceOf(of) { // what another village resolved is nobody's business here
		f.Add(journal.NotFound, "resolution", id, "没有编号为 %s 的决议", id)
		return
	}
	if other, _ := known(c, c.Open, r.Of()); other.Book != org.Book {
		f.Add(journal.Conflict, "resolution", id, "决议 %s 是%s的,不是%s的", r.Called(), other.Name, org.Name)
		return
	}
	*text = id
	if opened != "" {
		r.Opened = opened
	}
	found := r.Findings(org, on)
	if on != "" && !slices.Contains(r.Subjects, on) {
		found.Add(journal.Doubtful, "subjects", id, "决议 %s 议的是%s,不是%s", r.Called(), journal.Label(journal.Labels(r.Subjects)), on.Label())
	}
	for _, d := range found {
		if refuse {
			f.Add(journal.Conflict, "resolution", id, d.Text, d.Args...)
		} else {
			c.Doubt("resolution", id, d.Text, d.Args...)
		}
	}
}

// Passed tells whether an organisation has resolved on a subject by the body and the majority that the law asks for: what no county can
// make a warning of.
func Passed(c *journal.Checking, of string, on Subject) bool {
	org, ok := known(c, c.Open, of)
	if !ok {
		return false
	}
	for _, parent := range []string{of, org.Book} {
		for _, r := range resolutions.Scan(c, journal.ResolutionID.Front(parent)) {
			if !slices.Contains(r.Subjects, on) {
				continue
			}
			if !slices.ContainsFunc(r.Findings(org, on), func(f *journal.Error) bool { return f.Field != "notice" && f.Field != "opened" }) {
				return true
			}
		}
	}
	return false
}

// numbered finds the resolution of an organisation whose minutes have a number, "" where there is none.
func numbered(c *journal.Checking, of, book, number string) string {
	for _, parent := range []string{of, book} {
		for id, r := range resolutions.Scan(c, journal.ResolutionID.Front(parent)) {
			if r.Number == number || NumberOf(id) == number {
				return id
			}
		}
	}
	return ""
}

// Rest notes that the record being applied rests on a resolution, where it names a recorded one.
func Rest(a *journal.Applying, text string) {
	if journal.ResolutionID.Is(text) {
		cited.Add(a.Tx, text+journal.SeqKey(a.Seq))
	}
}
