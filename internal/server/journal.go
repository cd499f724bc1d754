package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/journal/:place", journalShow),
	get("/entry/:chain/:seq", entryShow),
)

// journalPage is what the page journal shows.
type journalPage struct {
	List  []*journal.JournalEntry
	Next  string
	Place region.Code
}

var _ = page[journalPage]("journal")

func journalShow(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "journal", "journal", place, func(v *journal.View, f *frame) (any, error) {
		list, next, err := v.Journal(place, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("日志")
		return journalPage{List: list, Next: next, Place: place}, nil
	})
}

// entryPage is what the page entry shows.
type entryPage struct {
	J       *journal.JournalEntry
	Fields  []report.Particular
	Subject string
}

var _ = page[entryPage]("entry")

func entryShow(r *request) error {
	seq, err := strconv.ParseUint(r.Param("seq"), 10, 64)
	if err != nil {
		return errNoPage
	}
	return r.show(http.StatusOK, "entry", "journal", placeOf(r.Param("chain")), func(v *journal.View, f *frame) (any, error) {
		j, err := v.JournalEntry(r.Param("chain"), seq)
		if err != nil {
			return nil, err
		}
		f.Crumbs = crumbsOf(v, j.Place)
		f.Title = r.say.T(string(journal.KindLabel(j.Kind)))
		return entryPage{J: j, Fields: report.Particulars(v, j.Entry), Subject: journal.PageAbout(j.Entry)}, nil
	})
}
