package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/unclaimed/:place", unclaimed),
	get("/unclaimed/:place/paper", unclaimedNotice),
	post("/distribution/:id/reserve", distributionStep("ReserveUnclaimed")),
)

// unclaimedPage is what the page unclaimed shows, and the notice that is put up.
type unclaimedPage struct {
	Place office.Division
	Days  int // at least so many unpaid
	Ages  []option
	Lines []unclaimedLine
	Next  string
	Count int
	Sum   money.Yuan
	Today journal.Date
}

// Village tells whether it is of one village, where a notice is put up.
func (p unclaimedPage) Village() bool { return p.Place.Code.Level() == region.Village }

// unclaimedLine is what somebody is due and has not got.
type unclaimedLine struct {
	dividend.Unclaimed
	Name    string // on the notice masked
	Entity  string
	Village string
}

var (
	_ = page[unclaimedPage]("unclaimed")
	_ = page[unclaimedPage]("unclaimed_notice")
)

// monthUnpaid is after how many days what is unpaid is looked at, where nothing else is asked for.
const monthUnpaid = 30

func unclaimed(r *request) error {
	return r.showUnclaimed("unclaimed", func(l *unclaimedLine) { l.Name = l.Holder.Name })
}

// unclaimedNotice is what is put up in the village: names are masked.
func unclaimedNotice(r *request) error {
	if place, err := r.place("place"); err != nil || place.Level() != region.Village {
		return errNoPage
	}
	return r.showUnclaimed("unclaimed_notice", func(l *unclaimedLine) { l.Name = l.Holder.MaskedName() })
}

// showUnclaimed shows what plans of a region have not been able to pay.
func (r *request) showUnclaimed(name string, named func(*unclaimedLine)) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, name, "distributions", place, func(v *journal.View, fr *frame) (any, error) {
		body := unclaimedPage{Days: monthUnpaid, Today: v.Today()}
		if days, err := strconv.Atoi(r.Query("days")); err == nil && days >= 0 {
			body.Days = days
		}
		for _, days := range []int{0, monthUnpaid, 90, 365} {
			body.Ages = append(body.Ages, option{Value: strconv.Itoa(days), Label: r.say.T("满 %s 天", strconv.Itoa(days))})
		}
		body.Ages[0].Label = r.say.T("全部")
		if body.Place, err = office.DivisionOf(v, place); err != nil {
			return nil, err
		}
		if body.Lines, err = unclaimedLines(v, place, body.Days, named); err != nil {
			return nil, err
		}
		if name == "unclaimed_notice" { // organisations are told otherwise
			body.Lines = slices.DeleteFunc(body.Lines, func(l unclaimedLine) bool { return !l.Holder.Kind.Personal() })
		}
		for _, l := range body.Lines {
			body.Count, body.Sum = body.Count+1, body.Sum+l.Payout.Net()
		}
		fr.Title = r.say.T("没有领的分红")
		if name == "unclaimed" {
			body.Lines, body.Next = cutList(body.Lines, r.Query("after"))
		} else if len(body.Lines) > maxPrinted {
			return nil, &journal.Error{Code: journal.TooLarge, Text: "名册超过 %s 户;请按方案或按村打印,或导出 CSV 打印", Args: []any{strconv.Itoa(maxPrinted)}}
		}
		return body, nil
	})
}

func unclaimedLines(v *journal.View, place region.Code, days int, named func(*unclaimedLine)) (list []unclaimedLine, err error) {
	entities, villages := map[string]string{}, map[region.Code]string{}
	err = dividend.UnclaimedIn(v, place, days, func(u dividend.Unclaimed) error {
		if entities[u.Plan.Entity] == "" {
			e, err := register.EntityOf(v, u.Plan.Entity)
			if err != nil {
				return err
			}
			d, err := office.DivisionOf(v, e.Village())
			if err != nil {
				return err
			}
			entities[e.ID], villages[e.Village()] = e.Name, d.Short()
		}
		l := unclaimedLine{Unclaimed: u, Entity: entities[u.Plan.Entity], Village: villages[u.Plan.Village()]}
		named(&l)
		list = append(list, l)
		return nil
	})
	return list, err
}
