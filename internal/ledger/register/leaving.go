package register

import (
	"strconv"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// What the law says of leaving a specialised cooperative where its charter says nothing: a member gives notice three months before the end
// of the accounting year, a firm or other body six (农民专业合作社法 art. 25).
const (
	leaveNotice     = 3
	leaveNoticeFirm = 6
	maxLeaveYears   = 10
)

// LeavesAt is the year at whose end a member leaves who gives notice on a day: the first whose last day is at least the notice away,
// counted
// in calendar months back from it.
func (e Entity) LeavesAt(s Shareholder, notice journal.Date) int {
	months := max(leaveNotice, e.LeaveNotice)
	if !s.human() {
		months = max(leaveNoticeFirm, e.LeaveNotice)
	}
	year := notice.Year()
	last := time.Date(year, time.Month(13-months), 0, 0, 0, 0, 0, time.UTC) // the last day of the month so many before December
	if string(notice) > last.Format(time.DateOnly) {
		year++
	}
	return year
}

// PaidOver is over how many years the charter has a leaving member paid.
func (e Entity) PaidOver() int { return max(1, e.LeaveYears) }

// CheckRetiring refuses to take all that a leaving member holds of a class out on a day, and tells how much that is.
func CheckRetiring(c *journal.Checking, f *journal.Faults, class ShareClass, holder string, on journal.Date) money.Quantity {
	q, _ := holdings.Get(c, class.ID+holder)
	if q != 0 {
		checkFrozen(c, f, class.ID, on, Lot{holder, -q})
		checkFree(c, f, class.ID, holder, "holder", on, q)
	}
	return q
}

// Retire takes a leaving member's shares of a class out, from a day on.
func Retire(a *journal.Applying, class, holder string, on journal.Date, q money.Quantity) {
	move(a, class, holder, on, Movement{Quantity: -q, Cause: retired})
	issued(a, class, -q)
}

// Restore gives back what an entry took out when a member left.
func Restore(a *journal.Applying, class, holder string, on journal.Date, q money.Quantity, entry uint64) {
	move(a, class, holder, on, Movement{Quantity: q, Cause: "ReverseLeaving", Reverses: entry})
	issued(a, class, q)
}

// retired is the cause of movements by which members leave.
const retired = "SettleLeaving"

// checkNotRetired refuses to take back a movement that is a part of a member's leaving.
func checkNotRetired(cause string, movement int) error {
	if cause != retired {
		return nil
	}
	return journal.Clash("movement", movement, "第 %s 号是退社结算;请在退社那里冲销", strconv.Itoa(movement))
}
