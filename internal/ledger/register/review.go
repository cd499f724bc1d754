package register

import (
	"iter"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// reviewSetting has the township look at what changes a village's register.
var reviewSetting = office.Describe(office.Setting{Name: "register_review", Label: "登记由镇复核",
	Hint:    "股东、持股、成员的登记和变动照常生效,由镇级审核事后复核;有没复核的,分红方案不能审核通过",
	Choices: []office.Choice{{Value: "off", Label: "不复核"}, {Value: "on", Label: "要复核"}}, Default: "off"})

// Review is how far a township has looked at what changed a village's register, and what it asks about.
type Review struct {
	Through  uint64        `cbor:"1,keyasint,omitempty"` // number of the last record that was found right, with all before it
	By       journal.Stamp `cbor:"2,keyasint"`           // who found that
	Question string        `cbor:"3,keyasint,omitempty"` // what was last asked, "" where nothing was
	About    uint64        `cbor:"7,keyasint,omitempty"` // the last record that the question is about
	Asked    journal.Stamp `cbor:"4,keyasint"`
	Answer   string        `cbor:"5,keyasint,omitempty"` // the accountant's, "" while there is none
	Answered journal.Stamp `cbor:"6,keyasint"`
}

// Asks tells whether the township waits for the accountant's answer.
func (r Review) Asks() bool { return r.Question != "" && r.Answer == "" }

// reviews are those of villages, by their codes.
var reviews = journal.Folded[Review]("register_review")

func init() { journal.NewIn(6, string(reviews)) }

// ReviewRegister says that the changes of a village's register through a record are right, or asks about them. They have taken effect
// before.
type ReviewRegister struct {
	Village  region.Code `cbor:"1,keyasint" json:"village"`
	Through  int         `cbor:"2,keyasint" json:"through"`
	Question string      `cbor:"3,keyasint,omitempty" json:"question,omitempty"` // "" where all is right
}

// AnswerReview answers what the township has asked about a village's register.
type AnswerReview struct {
	Village region.Code `cbor:"1,keyasint" json:"village"`
	Answer  string      `cbor:"2,keyasint" json:"answer"`
}

func reviewPage(e journal.Entry) string { return "/registered/" + string(e.Place()) }

var (
	_ = journal.Register(&ReviewRegister{}, journal.Kind{
		Label: "复核登记", Roles: []journal.Role{journal.Reviewer}, Personal: true, Page: reviewPage,
		Note: "到第几号为止都对;不对的写明问题 / right through that record; or what is not",
	})
	_ = journal.Register(&AnswerReview{}, journal.Kind{
		Label: "答复登记复核", Roles: []journal.Role{journal.Accountant}, Page: reviewPage,
	})
)

// Place is the village.
func (e *ReviewRegister) Place() region.Code { return e.Village }

// Subject is the village.
func (e *ReviewRegister) Subject() string { return string(e.Village) }

// Place is the village.
func (e *AnswerReview) Place() region.Code { return e.Village }

// Subject is the village.
func (e *AnswerReview) Subject() string { return string(e.Village) }

func (e *ReviewRegister) Check(c *journal.Checking) error {
	was, _ := reviews.Get(c, string(e.Village))
	waiting := slices.Collect(unreviewed(c, e.Village, c.Today()))
	last := uint64(0)
	for _, seq := range waiting {
		if seq <= uint64(max(e.Through, 0)) {
			last = seq
		}
	}
	e.Question = ident.OneLine(e.Question)
	switch {
	case len(waiting) == 0:
		return journal.Clash("village", e.Village, "没有等着复核的登记")
	case last == 0 || e.Through < 0:
		return journal.Wrong("through", e.Through, "第 %s 号以前没有等着复核的登记,从第 %s 号起", strconv.Itoa(e.Through),
			strconv.FormatUint(waiting[0], 10))
	case was.Asks():
		return journal.Clash("question", e.Question, "上一个问题还没有答复")
	case ident.HasNumber(e.Question):
		return journal.Wrong("question", "", "问题里不要写号码")
	}
	e.Through = int(last) // what comes later has not been seen
	return nil
}

func (e *ReviewRegister) Apply(a *journal.Applying) {
	r, _ := reviews.Get(a, string(e.Village))
	if e.Question != "" {
		r.Question, r.About, r.Asked, r.Answer, r.Answered = e.Question, uint64(e.Through), a.Stamp(), "", journal.Stamp{}
	} else {
		r.Through, r.By = uint64(e.Through), a.Stamp()
	}
	reviews.Put(a.Tx, string(e.Village), r)
}

func (e *AnswerReview) Check(c *journal.Checking) error {
	was, _ := reviews.Get(c, string(e.Village))
	e.Answer = ident.OneLine(e.Answer)
	switch {
	case was.Question == "":
		return journal.Clash("village", e.Village, "镇里没有问什么")
	case was.Answer != "":
		return journal.Clash("village", e.Village, "已经答复过了;镇里还没有再看")
	case e.Answer == "":
		return journal.Wrong("answer", "", "请写怎么改的,或为什么没有错")
	case ident.HasNumber(e.Answer):
		return journal.Wrong("answer", "", "答复里不要写号码")
	}
	return nil
}

func (e *AnswerReview) Apply(a *journal.Applying) {
	r, _ := reviews.Get(a, string(e.Village))
	r.Answer, r.Answered = e.Answer, a.Stamp()
	reviews.Put(a.Tx, string(e.Village), r)
}

// unreviewed yields the numbers of a village's records that wait for the township: what has changed the register since the county wants
// that looked at, and behind what has been found right.
func unreviewed(r store.Reader, village region.Code, today journal.Date) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		if reviewSetting.On(r, village, today) != "on" {
			return
		}
		done, _ := reviews.Get(r, string(village))
		wanted := map[journal.Date]bool{} // by the day on which it was posted
		for seq, day := range journal.EventsAfter(r, village, done.Through) {
			if _, known := wanted[day]; !known {
				wanted[day] = reviewSetting.On(r, village, day) == "on"
			}
			if wanted[day] && !yield(seq) {
				return
			}
		}
	}
}

// waits tells whether anything of a village's register waits for the township.
func waits(r store.Reader, village region.Code, today journal.Date) bool {
	for range unreviewed(r, village, today) {
		return true
	}
	return false
}

// CheckReviewed refuses what has to wait until the township has looked at what changed a village's register.
func CheckReviewed(c *journal.Checking, field string, village region.Code) error {
	if n := len(slices.Collect(unreviewed(c, village, c.Today()))); n > 0 {
		return journal.Clash(field, village, "本村还有 %s 笔登记没有复核;请先复核", strconv.Itoa(n))
	}
	return nil
}

// Unreviewed is what of a village's register waits for the township.
type Unreviewed struct {
	Review
	Wanted  bool // whether the county wants changes looked at
	Waiting []uint64
}

// UnreviewedOf tells what of a village's register waits for the township.
func UnreviewedOf(v *journal.View, village region.Code) (u Unreviewed, err error) {
	books, err := v.At(village)
	if err != nil {
		return u, err
	}
	u.Review, _ = reviews.Get(books, string(village))
	u.Wanted = reviewSetting.On(books, village, v.Today()) == "on"
	u.Waiting = slices.Collect(unreviewed(books, village, v.Today()))
	return u, nil
}

// ReviewDue is a place whose register waits for somebody: changes for a reviewer, or, where the township asked about them, an accountant's
// answer.
type ReviewDue struct {
	office.Division
	Asked bool
}

// ReviewsDue lists what of a region waits for somebody in a role, in order of the places' codes.
func ReviewsDue(v *journal.View, place region.Code, role journal.Role) (list []ReviewDue, err error) {
	books, err := v.At(place)
	if err != nil || role != journal.Reviewer && role != journal.Accountant {
		return nil, err
	}
	for _, d := range office.Seats(v, place) {
		review, _ := reviews.Get(books, string(d.Code))
		asked := review.Asks()
		if role == journal.Accountant && asked || role == journal.Reviewer && !asked && waits(books, d.Code, v.Today()) {
			list = append(list, ReviewDue{d, asked})
		}
	}
	return list, nil
}
