package register_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

// The township finds right what there is, not what comes; a question stands until it is answered; what waits goes on waiting when the
// county says the same again, and what came while the county did not want it looked at never waits.
func TestReviewOfTheRegister(t *testing.T) {
	b := booktest.New(t)
	n := 0
	change := func() {
		n++
		b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 60+n))
	}
	wants := func(value string) {
		b.Record("yixian", &office.ChangeSetting{Region: region.MustParse("210727"), Setting: "register_review", Value: value,
			From: journal.DateOf(b.Time), Reason: "规定"})
	}
	waiting := func(want int) {
		t.Helper()
		b.See("sh-qilihe", func(v *journal.View) {
			if u, err := register.UnreviewedOf(v, booktest.Yuxin); err != nil || len(u.Waiting) != want {
				t.Errorf("%d wait, want %d (%v)", len(u.Waiting), want, err)
			}
		})
	}
	right := &register.ReviewRegister{Village: booktest.Yuxin, Through: 999_999_999}
	change()
	b.Refuses("sh-qilihe", journal.Conflict, "village", right) // the county does not want it
	b.Time = b.Time.AddDate(0, 0, 1)
	wants("on")
	waiting(0) // that was the day before
	change()
	waiting(1)
	b.Record("sh-qilihe", right)
	waiting(0)
	change() // not covered by a number that no record had
	waiting(1)
	b.Refuses("sh-chengguan", journal.Forbidden, "", right)
	b.Refuses("kj-yuxin", journal.Forbidden, "", right)

	b.Record("sh-qilihe", &register.ReviewRegister{Village: booktest.Yuxin, Through: 999_999_999, Question: "哪一户"})
	b.Refuses("sh-qilihe", journal.Conflict, "question", right)
	b.Record("kj-yuxin", &register.AnswerReview{Village: booktest.Yuxin, Answer: "新来的"})
	b.Record("sh-qilihe", right)
	waiting(0)

	change()
	b.Time = b.Time.AddDate(0, 0, 2)
	wants("on") // again
	waiting(1)
	b.Time = b.Time.AddDate(0, 0, 1)
	wants("off")
	waiting(0)
	change()
	b.Time = b.Time.AddDate(0, 0, 1)
	wants("on")
	waiting(1) // the one from before; not that of the day without
	b.Verified()
}
