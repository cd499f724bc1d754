package server

import (
	"net/http"
	"net/url"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

var _ = on(
	get("/members/:id/leave/:holder", leavingShow),
	post("/members/:id/leave/:holder/apply", leavingApply),
	post("/members/:id/leave/:holder/settle", leavingSettle),
	post("/members/:id/leave/:holder/pay", leavingPay),
	post("/members/:id/leave/:holder/back", leavingBack),
)

// leavingPage is what the page leaving shows.
type leavingPage struct {
	E     register.Entity
	S     register.Shareholder
	L     dividend.Leaving
	Open  bool // whether the member leaves, or has left
	Gone  bool // whether the account is settled
	Out   []register.Holding
	Rows  []installmentRow
	Forms forms
	May   acts
	Next  int // the first installment that is not paid, from 1; 0 where there is none
	Today journal.Date
}

// installmentRow is an installment with its number, from 1.
type installmentRow struct {
	dividend.Installment
	N int
}

var _ = page[leavingPage]("leaving")

func leavingShow(r *request) error { return r.showLeaving(http.StatusOK, forms{}) }

// showLeaving shows how far a member's leaving has come, with the form of the next step; printed it is the settlement.
func (r *request) showLeaving(code int, typed forms) error {
	id, holder := r.Param("id"), r.Param("holder")
	return r.show(code, "leaving", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		s, err := register.MemberOf(v, id, holder)
		if err != nil {
			return nil, err
		}
		l, open, err := dividend.LeavingOf(v, id, holder)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"entity": id, "holder": holder}, "ApplyToLeave", "SettleLeaving", "PayLeaving", "ReverseLeaving")
		if err != nil {
			return nil, err
		}
		for _, kind := range []string{"ApplyToLeave", "SettleLeaving", "PayLeaving"} {
			typed.start(kind, "date", string(v.Today()))
		}
		body := leavingPage{E: e, S: s, L: l, Open: open, Gone: l.Settled != nil, Forms: typed, May: may, Today: v.Today()}
		if l.Settled != nil {
			for _, out := range l.Settled.Out {
				class, err := register.ShareClassOf(v, out.Class)
				if err != nil {
					return nil, err
				}
				body.Out = append(body.Out, register.Holding{Class: class, Holder: holder, Quantity: out.Quantity})
			}
			for n, i := range l.Settled.Installments {
				body.Rows = append(body.Rows, installmentRow{i, n + 1})
				if i.Paid == "" && body.Next == 0 {
					body.Next = n + 1
				}
			}
		}
		fr.Title = r.say.T("%s 退社", s.Name)
		return body, nil
	})
}

func leavingApply(r *request) error  { return r.changeLeaving("ApplyToLeave", "applied") }
func leavingSettle(r *request) error { return r.changeLeaving("SettleLeaving", "settled-leaving") }
func leavingPay(r *request) error    { return r.changeLeaving("PayLeaving", "confirmed") }
func leavingBack(r *request) error   { return r.changeLeaving("ReverseLeaving", "reversed") }

// changeLeaving posts a step of a member's leaving.
func (r *request) changeLeaving(kind, done string) error {
	id, holder := r.Param("id"), r.Param("holder")
	return r.change(change{
		kind: kind, about: map[string]any{"entity": id, "holder": holder}, names: []string{"date", "reason", "resolution", "installment", "step"},
		show: r.showLeaving, to: "/members/" + url.PathEscape(id) + "/leave/" + url.PathEscape(holder), done: done,
	})
}
