package register

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/resolution"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

func init() {
	journal.NamedBy(journal.EntityID, entities.Table, func(_ store.Reader, e Entity) string { return e.Name })
	journal.NamedBy(journal.ClassID, classes, func(_ store.Reader, c ShareClass) string { return c.Name })
	journal.NamedBy(journal.HolderID, shareholders.Table, func(_ store.Reader, s Shareholder) string { return s.Name })
	journal.NamedBy(journal.ContributionID, contributions.Table,
		func(r store.Reader, c Contribution) string { return entityName(r, c.Entity()) })
	resolution.Known(organisation)
	// A distribution is called by the entity whose gain it gives out; which distributions there are the room of plans knows.
	journal.DistributionID.CalledBy(func(r store.Reader, id string) string { return entityName(r, journal.EntityID.In(id)) })
}

func entityName(r store.Reader, id string) string {
	e, _ := entities.Get(r, id)
	return e.Name
}

// organisation is what has to be known of whoever resolves: an entity, or a village's own collective.
func organisation(r store.Reader, open seal.Opener, id string) (o resolution.Organisation, ok bool) {
	if journal.EntityID.Is(id) {
		e, ok := entities.Get(r, id)
		return resolution.Organisation{
			Name: e.Name, Book: e.Book(), Votes: e.Kind == SpecialisedCooperative,
			People: func(on journal.Date) (int, bool) {
				members, grown := rollCount(r, open, id, on)
				return grown, members > 0
			},
		}, ok
	}
	if !journal.VillageID.Is(id) {
		return o, false
	}
	d, ok := office.DivisionTable.Get(r, id)
	return resolution.Organisation{Name: d.Short(), Book: id}, ok
}
