package exchange

import (
	"reflect"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/sheet"
)

// recall puts to a layout what the account has said of files of this layout before; what is said now stays.
func (u *Upload) recall(v *journal.View, layout sheet.Layout) (sheet.Layout, bool) {
	before, ok := office.LayoutRemembered(v, string(u.Purpose.Kind), u.layout)
	if !ok {
		return layout, false
	}
	with := layout.With()
	for _, h := range before.Headings {
		if _, said := with.Columns[h.Heading]; !said {
			with.Columns[h.Heading] = h.Column
		}
	}
	for _, w := range before.Words {
		if _, said := with.Words[w.Column][w.Word]; !said {
			with.Means(w.Column, w.Word, w.Means)
		}
	}
	return with, true
}

// Remember is the entry that keeps what has been said of the file's columns and words, for the next file of its layout; nil where nothing
// new has been said. What could be somebody's number is not kept.
func (u *Upload) Remember(v *journal.View) journal.Entry {
	if u.Table == nil || v.Who().Account == "" {
		return nil
	}
	e := &office.RememberLayout{Account: v.Who().Account, Home: v.Who().Home, File: string(u.Purpose.Kind), Layout: u.layout}
	for _, heading := range sortedKeys(u.Layout.Columns) {
		if office.Rememberable(heading) {
			e.Headings = append(e.Headings, office.HeadingIs{Heading: heading, Column: u.Layout.Columns[heading]})
		}
	}
	for _, column := range u.Table.Columns {
		for _, word := range sortedKeys(u.Layout.Words[column]) {
			if means := u.Layout.Words[column][word]; office.Rememberable(word) && office.Rememberable(means) {
				e.Words = append(e.Words, office.WordMeans{Column: column, Word: word, Means: means})
			}
		}
	}
	before, known := office.LayoutRemembered(v, e.File, e.Layout)
	if len(e.Headings)+len(e.Words) == 0 && !known || known && reflect.DeepEqual(before, *e) {
		return nil
	}
	return e
}

// Release lets go of the file: what it became is posted.
func (u *Upload) Release() {
	if u.file = nil; u.Table != nil {
		u.Table.Release()
	}
}

// Keep posts what Remember says.
func (u *Upload) Keep(l *journal.Ledger, who journal.Actor) error {
	var e journal.Entry
	if err := l.Read(who, func(v *journal.View) error { e = u.Remember(v); return nil }); err != nil || e == nil {
		return err
	}
	_, err := l.Post(who, journal.Posting{Entries: []journal.Entry{e}})
	return err
}
