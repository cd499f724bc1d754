package server

import (
	"net/http"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

var _ = on(
	post("/distribution/:id/open", distributionStep("LayOpen")),
	get("/distribution/:id/oddities", distributionOddities),
	get("/distribution/:id/changes", distributionChanges),
)

// beforeReview is what a plan's page shows of the time before it is reviewed: how it lies open, what differs from that, what is odd.
type beforeReview struct {
	Days     int          // how many days the law lets it lie open before the meeting
	Earliest journal.Date // the first day on which the meeting may be
	Changes  []changedLine
	More     int // changes that the page does not list
	Odd      int // oddities in all
	Revised  bool
}

// changedLine is what of a holder differs from what lay open.
type changedLine struct {
	dividend.Changed
	Name string
}

// maxChanges is how many changes a plan's own page lists.
const maxChanges = 20

// beforeReviewOf tells of the time before a plan is reviewed; the oddities of a draft are put into the form that submits it.
func (r *request) beforeReviewOf(v *journal.View, e register.Entity, body *distributionPage) (x beforeReview, err error) {
	d := body.D
	x.Days = resolution.OpenDays(e.Kind == register.SpecialisedCooperative)
	if d.Open != nil {
		x.Earliest = d.Open.From.Plus(x.Days)
		x.Revised = d.Totals == nil && !d.LiesOpen()
	}
	if body.Problem != nil { // what it would give cannot be worked out
		return x, nil
	}
	changes, err := changesOf(v, d)
	if err != nil {
		return x, err
	}
	if x.Changes = changes; len(changes) > maxChanges {
		x.Changes, x.More = changes[:maxChanges], len(changes)-maxChanges
	}
	if d.InForce() || d.GivenUp() {
		return x, nil
	}
	now, _, err := dividend.GetsBy(v, d)
	if err != nil {
		return x, err
	}
	list, doubts, err := dividend.Oddities(v, d, now)
	x.Odd = len(list)
	if f := body.Forms.Of("SubmitDistribution"); body.Preview && len(f.Doubts)+len(f.Heard) == 0 {
		f.Doubts = doubts
	}
	return x, err
}

func changesOf(v *journal.View, d plan.Distribution) (list []changedLine, err error) {
	all, err := dividend.ChangedSince(v, d)
	for _, x := range all {
		s, err := dividend.ShareholderOf(v, d, x.Holder)
		if err != nil {
			return nil, err
		}
		list = append(list, changedLine{x, s.Name})
	}
	return list, err
}

// cutList is a page of a list that is worked out whole, from a place in it on, and the place where the next one begins.
func cutList[T any](list []T, after string) (page []T, next string) {
	from, _ := strconv.Atoi(after)
	list = list[min(max(from, 0), len(list)):]
	if len(list) > pageSize {
		return list[:pageSize], strconv.Itoa(max(from, 0) + pageSize)
	}
	return list, ""
}

// odditiesPage is what the page oddities shows.
type odditiesPage struct {
	D    plan.Distribution
	E    register.Entity
	List []dividend.Oddity
	Next string
}

var _ = page[odditiesPage]("oddities")

// distributionOddities lists all that is odd about a plan.
func distributionOddities(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "oddities", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		body := odditiesPage{}
		var err error
		if body.D, err = dividend.Distribution(v, id); err != nil {
			return nil, err
		}
		if body.E, err = register.EntityOf(v, body.D.Entity); err != nil {
			return nil, err
		}
		now, _, err := dividend.GetsBy(v, body.D)
		if err != nil {
			return nil, err
		}
		list, _, err := dividend.Oddities(v, body.D, now)
		body.List, body.Next = cutList(list, r.Query("after"))
		fr.Title = r.say.T("要核对的")
		return body, err
	})
}

// changesPage is what the page changes shows.
type changesPage struct {
	D    plan.Distribution
	E    register.Entity
	List []changedLine
	Next string
	Then []planPart // as it lay open
	Now  []planPart
}

var _ = page[changesPage]("changes")

// distributionChanges lists what of a plan differs from what lay open before the meeting.
func distributionChanges(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "changes", "distributions", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		body := changesPage{}
		var err error
		if body.D, err = dividend.Distribution(v, id); err != nil {
			return nil, err
		}
		if body.D.Open == nil {
			return nil, errNoPage
		}
		if body.E, err = register.EntityOf(v, body.D.Entity); err != nil {
			return nil, err
		}
		list, err := changesOf(v, body.D)
		if err != nil {
			return nil, err
		}
		body.List, body.Next = cutList(list, r.Query("after"))
		then := body.D
		then.Components, then.Totals = body.D.Open.Components, nil
		if body.Then, err = partsOf(v, then); err != nil {
			return nil, err
		}
		body.Now, err = partsOf(v, body.D)
		fr.Title = r.say.T("与会前公开的不同")
		return body, err
	})
}

// versionView is a version of a plan beside the plan as it stands.
type versionView struct {
	*dividend.Version
	By      string
	Then    []planPart
	Changes []changedLine
	All     int // changes in all, of which the page lists the first
}

// review adds what a plan that waits for review is decided by; and, where somebody has decided about another version than stands here, what
// has changed since.
func (r *request) review(v *journal.View, body *distributionPage) error {
	d := body.D
	body.DueNow = d.Outstanding() - d.Sent
	if decided := body.Forms.Of("ApproveDistribution", "ReturnDistribution").Get("seen"); decided != "" {
		seen, _ := strconv.ParseUint(decided, 10, 64)
		version, err := dividend.VersionAt(v, d, seen)
		if err == nil && seen != d.LastStep() {
			body.Seen, err = r.versionView(v, d, version)
		}
		if err != nil {
			return err
		}
	}
	if !d.Waits() {
		return nil
	}
	evidence, err := dividend.EvidenceOf(v, d)
	if err != nil {
		return err
	}
	body.Evidence = &evidence
	last, err := dividend.LastReturned(v, d)
	if err != nil {
		return err
	}
	body.Returned, err = r.versionView(v, d, last)
	return err
}

func (r *request) versionView(v *journal.View, d plan.Distribution, version *dividend.Version) (*versionView, error) {
	if version == nil {
		return nil, nil
	}
	x := &versionView{Version: version, By: v.By(version.Returned)}
	then := d
	then.Components, then.Totals = version.Components, version.Totals
	var err error
	if x.Then, err = partsOf(v, then); err != nil {
		return nil, err
	}
	if d.GivenUp() {
		return x, nil
	}
	all, err := version.Since(v, d)
	if err != nil {
		return nil, err
	}
	x.All = len(all)
	for _, c := range all[:min(len(all), maxChanges)] {
		s, err := dividend.ShareholderOf(v, d, c.Holder)
		if err != nil {
			return nil, err
		}
		x.Changes = append(x.Changes, changedLine{c, s.Name})
	}
	return x, nil
}
