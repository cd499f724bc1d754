package report

import (
	"slices"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

// Closing is what somebody should see before a village's year is closed.
type Closing struct {
	Village region.Code
	Year    int
	Books   []ClosingBook
	Drafts  []plan.Distribution // of the year, neither submitted nor given up
	Waiting []plan.Distribution // submitted, and not approved
	Objects []plan.Distribution // with objections that nobody has answered
	Unpaid  []plan.Distribution // approved, and not paid out
	Earlier []int               // years before that have lines and are not closed: they are closed with this one
}

// ClosingBook is a book of the village in the year.
type ClosingBook struct {
	Book, Name      string
	Lines           int
	Income, Expense money.Yuan
	Distributable   money.Yuan
	Bare            int // lines with neither a voucher's number nor a paper
	Short           money.Yuan
}

// Clear tells whether nothing of it waits for anybody.
func (c Closing) Clear() bool {
	return len(c.Earlier)+len(c.Drafts)+len(c.Waiting)+len(c.Objects)+len(c.Unpaid) == 0 &&
		!slices.ContainsFunc(c.Books, func(b ClosingBook) bool { return b.Bare > 0 || b.Short > 0 })
}

// ClosingOf looks through a village's year.
func ClosingOf(v *journal.View, village region.Code, year int) (c Closing, err error) {
	c = Closing{Village: village, Year: year}
	if _, err = v.At(village); err != nil {
		return c, err
	}
	if err = income.CheckYear(v, year); err != nil {
		return c, err
	}
	entities, _, err := register.Entities(v, village, "", journal.MaxEntries)
	if err != nil {
		return c, err
	}
	books := []ClosingBook{{Book: string(village)}}
	for _, e := range entities {
		if e.Book() == e.ID && e.Village() == village { // a township closes the books of its own collective
			books = append(books, ClosingBook{Book: e.ID, Name: e.Name})
		}
	}
	for _, b := range books {
		if err = b.look(v, year); err != nil {
			return c, err
		}
		if b.Lines > 0 || b.Income != 0 || b.Expense != 0 || b.Short > 0 || b.Book == string(village) {
			c.Books = append(c.Books, b)
		}
	}
	for _, b := range books {
		for _, y := range income.Years(v, b.Book) {
			if _, closed := office.Closed(v, village, y); y < year && !closed && !slices.Contains(c.Earlier, y) {
				c.Earlier = append(c.Earlier, y)
			}
		}
	}
	slices.Sort(c.Earlier)
	plans, err := dividend.Distributions(v, village, year, nil)
	for _, d := range plans {
		switch {
		case d.GivenUp() || d.Village() != village:
			continue
		case d.Waits():
			c.Waiting = append(c.Waiting, d)
		case !d.InForce():
			c.Drafts = append(c.Drafts, d)
		case !d.Settled():
			c.Unpaid = append(c.Unpaid, d)
		}
		if d.OpenObjections() > 0 {
			c.Objects = append(c.Objects, d)
		}
	}
	return c, err
}

// look adds up a book's year.
func (b *ClosingBook) look(v *journal.View, year int) error {
	lines, err := income.Incomes(v, b.Book, year, "")
	if err != nil {
		return err
	}
	for _, l := range lines {
		if b.Lines++; l.Voucher != "" || l.Payout != "" || !l.Stands() {
			continue
		}
		papers, err := paper.PapersOf(v, l.ID)
		if err != nil {
			return err
		}
		if len(papers) == 0 {
			b.Bare++
		}
	}
	s, err := income.StatementOf(v, b.Book, year)
	b.Income, b.Expense, b.Distributable, b.Short = s.Income, s.Expense, s.Distributable, s.Short()
	return err
}
