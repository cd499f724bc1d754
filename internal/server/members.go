package server

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger"
	"github.com/sanbian/ledger/internal/money"
)

func membersShow(r *request) error {
	return r.showMembers(http.StatusOK, newForm("date", string(ledger.DateOf(r.now()))))
}

// memberLine is a member's account with the year's trade.
type memberLine struct {
	ledger.MemberAccount
	Name   string
	Trade  money.Yuan
	Volume money.Quantity
}

// showMembers shows the accounts of a cooperative's members (成员账户) and the year's trade, with the forms that add to them.
func (r *request) showMembers(code int, f *form) error {
	id := r.Param("id")
	return r.show(code, "members", "entities", placeOf(id), func(v *ledger.View, fr *frame) (any, error) {
		e, err := v.Entity(id)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			if year = r.bookYear(v, e.Book(), nil); r.Request.Method == http.MethodPost {
				year = r.bookYear(v, e.Book(), f)
			}
		}
		lines, outside, err := membersOf(v, e, year)
		if err != nil {
			return nil, err
		}
		var sum memberLine
		for _, l := range lines {
			sum.Capital, sum.Reserve, sum.Subsidy, sum.Trade, sum.Volume = sum.Capital+l.Capital, sum.Reserve+l.Reserve, sum.Subsidy+l.Subsidy, sum.Trade+l.Trade, sum.Volume+l.Volume
		}
		next, after := "", r.Query("after")
		from, found := slices.BinarySearchFunc(lines, after, func(l memberLine, k string) int { return cmp.Compare(l.Holder, k) })
		if found {
			from++
		}
		members := len(lines)
		if lines = lines[from:]; len(lines) > pageSize {
			lines = lines[:pageSize]
			next = lines[pageSize-1].Holder
		}
		fr.Title = r.say.T("%s 成员账户", e.Name)
		return map[string]any{
			"E": e, "Year": year, "Years": bookYears(v, e.Book(), year), "Lines": lines, "Next": next, "Sum": sum, "Members": members, "Outside": outside, "Form": f, "Write": r.writes(e.Village()),
		}, nil
	})
}

// membersOf joins the members' accounts at the end of a year with their trade in it; trade with non-members is a sum of its own.
func membersOf(v *ledger.View, e ledger.Entity, year int) (list []memberLine, outside money.Yuan, err error) {
	on := min(ledger.Date(strconv.Itoa(year)+"-12-31"), v.Today())
	accounts, err := v.MemberAccounts(e.ID, on)
	if err != nil {
		return nil, 0, err
	}
	byHolder := map[string]*memberLine{}
	for _, m := range accounts {
		list = append(list, memberLine{MemberAccount: m})
	}
	trade, _, err := v.Trades(e.ID, year, "", "", ledger.MaxEntries)
	if err != nil {
		return nil, 0, err
	}
	for i := range list {
		byHolder[list[i].Holder] = &list[i]
	}
	others := map[string]*memberLine{} // who traded without holding shares now
	for _, t := range trade {
		line := byHolder[t.Holder]
		switch {
		case t.Holder == "":
			outside += t.Amount
			continue
		case line == nil:
			if line = others[t.Holder]; line == nil {
				line = &memberLine{MemberAccount: ledger.MemberAccount{Holder: t.Holder}}
				others[t.Holder] = line
			}
		}
		line.Trade, line.Volume = line.Trade+t.Amount, line.Volume+t.Volume
	}
	for _, line := range others {
		list = append(list, *line)
	}
	slices.SortFunc(list, func(a, b memberLine) int { return cmp.Compare(a.Holder, b.Holder) })
	for i := range list {
		s, err := v.MemberOf(e.ID, list[i].Holder)
		if list[i].Name = s.Name; err != nil { // somebody of another village who only traded
			list[i].Name = list[i].Holder
		}
	}
	return list, outside, nil
}

func tradeRecord(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	delete(f, "who")
	var refusal error
	if who := strings.TrimSpace(values.Get("who")); who != "" {
		ids, faults := r.person(placeOf(r.Param("id")), who, "who")
		if len(faults) > 0 {
			refusal = faults
		} else {
			f["holder"] = ids[0]
		}
	}
	return r.changeMembers("RecordTrade", f, values.Get(requestKey), "traded", refusal, again(values, nil), "who", "date", "product", "volume", "amount", "reason")
}

func reserveQuantify(r *request) error {
	return r.quantify("QuantifyReserve", "year", "date", "resolution")
}

func subsidyQuantify(r *request) error {
	return r.quantify("QuantifySubsidy", "amount", "source", "date", "resolution")
}

func quantifiedReverse(r *request) error {
	return r.quantify("ReverseQuantified", "quantified", "reason")
}

func (r *request) quantify(kind string, names ...string) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f, done := fields(values), "quantified"
	if kind == "ReverseQuantified" {
		done = "taken-off"
		f["quantified"] = strings.Trim(values.Get("quantified"), "第号 ") // as the account writes it
	}
	return r.changeMembers(kind, f, values.Get(requestKey), done, nil, again(values, nil), names...)
}

// changeMembers posts one of the forms of the members' page.
func (r *request) changeMembers(kind string, f map[string]any, key, done string, err error, typed *form, names ...string) error {
	f["entity"] = r.Param("id")
	if err == nil {
		_, err = r.post(kind, f, key)
	}
	if err != nil {
		if !refused(err) {
			return err
		}
		err = backToForm(err, map[string]string{"holder": "who"})
		return r.showMembers(status[ledger.CodeOf(err)], again(typed.Values, err, names...))
	}
	return r.done("/members/"+r.Param("id"), done)
}

// memberAccount prints one member's account.
func memberAccount(r *request) error {
	id, holder := r.Param("id"), r.Param("holder")
	return r.show(http.StatusOK, "member", "entities", placeOf(id), func(v *ledger.View, fr *frame) (any, error) {
		e, err := v.Entity(id)
		if err != nil {
			return nil, err
		}
		s, err := v.Shareholder(holder)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			year = r.bookYear(v, e.Book(), nil)
		}
		accounts, err := v.MemberAccounts(id, min(ledger.Date(strconv.Itoa(year)+"-12-31"), v.Today()))
		if err != nil {
			return nil, err
		}
		account := ledger.MemberAccount{Holder: holder}
		for _, m := range accounts {
			if m.Holder == holder {
				account = m
			}
		}
		lines, err := v.AccountLines(id, holder)
		if err != nil {
			return nil, err
		}
		trade, _, err := v.Trades(id, year, holder, "", maxLines)
		if err != nil {
			return nil, err
		}
		var sum money.Yuan
		for _, t := range trade {
			sum += t.Amount
		}
		received, err := v.Received(holder)
		if err != nil {
			return nil, err
		}
		received = slices.DeleteFunc(received, func(p ledger.ReceivedPayout) bool { return p.Distribution.Entity != id || !p.Distribution.InForce() })
		fr.Title = r.say.T("成员账户 %s", s.Name)
		return map[string]any{"E": e, "S": s, "Year": year, "Years": bookYears(v, e.Book(), year), "Account": account, "Lines": lines, "Trade": trade, "TradeSum": sum, "Received": received, "Today": v.Today()}, nil
	})
}
