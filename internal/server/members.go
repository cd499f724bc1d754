package server

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

var _ = on(
	get("/members/:id", membersShow),
	post("/members/:id/trade", tradeRecord),
	post("/members/:id/reserve", reserveQuantify),
	post("/members/:id/back", quantifiedReverse),
	post("/members/:id/subsidy", subsidyQuantify),
	get("/members/:id/account/:holder", memberAccount),
	get("/equity/:id", equityShow),
)

func membersShow(r *request) error {
	return r.showMembers(http.StatusOK, forms{})
}

// memberLine is a member's account with the year's trade.
type memberLine struct {
	dividend.MemberAccount
	Name   string
	Gone   bool // traded without holding shares at the year's end
	Trade  money.Yuan
	Volume money.Quantity
}

// membersPage is what the page members shows.
type membersPage struct {
	E       register.Entity
	Year    int
	Years   []int
	Lines   []memberLine
	Next    string
	Sum     memberLine
	Members int
	Outside money.Yuan
	Forms   forms
	May     acts
	Leaving []leavingLine
	Grants  []option // of a specialised cooperative: what it was given
	Payable []option
}

// leavingLine is a member who leaves, or has left.
type leavingLine struct {
	dividend.Leaving
	Name string
}

// leavingLines lists who leaves a cooperative.
func leavingLines(v *journal.View, entity string) (list []leavingLine, err error) {
	all, err := dividend.Leavings(v, entity)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		s, err := register.MemberOf(v, entity, l.Holder)
		if err != nil {
			return nil, err
		}
		list = append(list, leavingLine{l, s.Name})
	}
	return list, nil
}

var _ = page[membersPage]("members")

// showMembers shows the accounts of a cooperative's members (成员账户) and the year's trade, with the forms that add to them.
func (r *request) showMembers(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "members", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			if year = r.bookYear(v, e.Book(), nil); r.Request.Method == http.MethodPost {
				year = r.bookYear(v, e.Book(), typed.Of("RecordTrade", "QuantifyReserve", "QuantifySubsidy"))
			}
		}
		lines, outside, err := membersOf(v, e, year)
		if err != nil {
			return nil, err
		}
		var sum memberLine
		for _, l := range lines {
			sum.Capital, sum.Reserve, sum.Subsidy, sum.Trade, sum.Volume = sum.Capital+l.Capital, sum.Reserve+l.Reserve, sum.Subsidy+l.Subsidy,
				sum.Trade+l.Trade, sum.Volume+l.Volume
		}
		next, after := "", r.Query("after")
		from, found := slices.BinarySearchFunc(lines, after, func(l memberLine, k string) int { return cmp.Compare(l.Holder, k) })
		if found {
			from++
		}
		members := 0
		for _, l := range lines {
			if !l.Gone {
				members++
			}
		}
		if lines = lines[from:]; len(lines) > pageSize {
			lines = lines[:pageSize]
			next = lines[pageSize-1].Holder
		}
		may, err := r.may(v, map[string]any{"entity": id}, "RecordTrade", "QuantifyReserve", "QuantifySubsidy", "ReverseQuantified")
		if err != nil {
			return nil, err
		}
		for _, kind := range []string{"RecordTrade", "QuantifyReserve", "QuantifySubsidy"} {
			typed.start(kind, "date", string(v.Today()), "year", strconv.Itoa(year))
		}
		leaving, err := leavingLines(v, id)
		if err != nil {
			return nil, err
		}
		fr.Title = r.say.T("%s 成员账户", e.Name)
		var grants, payable []option
		if e.Kind == register.SpecialisedCooperative {
			for _, g := range []dividend.Grant{dividend.StateGrant, dividend.DonationGrant} {
				grants = append(grants, option{Value: string(g), Label: r.say.T(string(g.Label()))})
			}
			payable = []option{{Label: r.say.T("新收到的")}, {Value: "true", Label: r.say.T("从专项应付款转入")}}
		}
		return membersPage{Grants: grants, Payable: payable,

			E: e, Year: year, Years: bookYears(v, e.Book(), year), Lines: lines, Next: next, Sum: sum, Members: members,
			Outside: outside, Forms: typed, May: may, Leaving: leaving,
		}, nil
	})
}

// membersOf joins the members' accounts at the end of a year with their trade in it; trade with non-members is a sum of its own.
func membersOf(v *journal.View, e register.Entity, year int) (list []memberLine, outside money.Yuan, err error) {
	on := min(journal.YearEnd(year), v.Today())
	accounts, err := dividend.MemberAccounts(v, e.ID, on)
	if err != nil {
		return nil, 0, err
	}
	byHolder := map[string]*memberLine{}
	for _, m := range accounts {
		list = append(list, memberLine{MemberAccount: m})
	}
	trade, _, err := dividend.Trades(v, e.ID, year, "", "", journal.MaxEntries)
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
				line = &memberLine{MemberAccount: dividend.MemberAccount{Holder: t.Holder}, Gone: true}
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
		s, err := register.MemberOf(v, e.ID, list[i].Holder)
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
	c := r.aboutMembers("RecordTrade", "traded", "who", "date", "product", "volume", "product_unit", "amount", "reason")
	c.fields = fields(values)
	delete(c.fields, "who")
	if who := strings.TrimSpace(values.Get("who")); who != "" {
		ids, faults := r.person(placeOf(r.Param("id")), who, "who")
		if len(faults) > 0 {
			return r.refuse(c, values, faults)
		}
		c.fields["holder"] = ids[0]
	}
	return r.change(c)
}

func reserveQuantify(r *request) error {
	return r.change(r.aboutMembers("QuantifyReserve", "quantified", "year", "date", "resolution"))
}

func subsidyQuantify(r *request) error {
	return r.change(r.aboutMembers("QuantifySubsidy", "quantified", "grant", "payable", "amount", "source", "voucher", "date", "resolution"))
}

func quantifiedReverse(r *request) error {
	c := r.aboutMembers("ReverseQuantified", "taken-off", "quantified", "reason")
	// the number as the account writes it
	c.fields = map[string]any{"quantified": strings.Trim(r.PostForm("quantified"), "第号 "), "reason": r.PostForm("reason")}
	return r.change(c)
}

// aboutMembers is a form of the members' page.
func (r *request) aboutMembers(kind, done string, names ...string) change {
	id := r.Param("id")
	return change{
		kind: kind, about: map[string]any{"entity": id}, names: names, back: map[string]string{"holder": "who"}, show: r.showMembers,
		to: "/members/" + id, done: done,
	}
}

// accountRow is a balance, or what has changed it.
type accountRow struct {
	Head string
	dividend.MemberAccount
}

// accountPayout is what a member gets of a plan, with the plan's components.
type accountPayout struct {
	dividend.ReceivedPayout
	Components []planPart
}

// memberPage is what the page member shows.
type memberPage struct {
	E        register.Entity
	S        register.Shareholder
	Year     int
	Years    []int
	Rows     []accountRow
	Account  dividend.Account
	Received []accountPayout
	Today    journal.Date
	Leaves   bool // whether members leave the entity by notice
}

var _ = page[memberPage]("member")

// memberAccount prints one member's account.
func memberAccount(r *request) error {
	id, holder := r.Param("id"), r.Param("holder")
	return r.show(http.StatusOK, "member", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		s, err := register.ShareholderOf(v, holder)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			year = r.bookYear(v, e.Book(), nil)
		}
		account, err := dividend.AccountOf(v, id, holder, year)
		if err != nil {
			return nil, err
		}
		opening, closing := account.Opening.Account(), account.Closing.Account()
		received, err := dividend.Received(v, holder)
		if err != nil {
			return nil, err
		}
		var payouts []accountPayout
		for _, p := range received {
			if p.Distribution.Entity != id || p.Distribution.Fund != "" || !p.Distribution.InForce() || p.Distribution.Year > year {
				continue
			}
			parts, err := partsOf(v, p.Distribution)
			if err != nil {
				return nil, err
			}
			payouts = append(payouts, accountPayout{p, parts})
		}
		fr.Title = r.say.T("成员账户 %s", s.Name)
		return memberPage{E: e, S: s, Year: year, Years: bookYears(v, e.Book(), year), Rows: []accountRow{
			{r.say.T("%s 年初", strconv.Itoa(year)), opening}, {r.say.T("本年增减"), closing.Since(opening)},
			{r.say.T("%s 年末", strconv.Itoa(year)), closing},
		}, Account: account, Received: payouts, Today: v.Today(),
			Leaves: e.Kind == register.SpecialisedCooperative}, nil
	})
}

// equityPage is what the page equity shows.
type equityPage struct {
	E     register.Entity
	X     dividend.EquityChange
	Years []int
	Table string // 表号
	Today journal.Date
}

var _ = page[equityPage]("equity")

// equityShow shows how a cooperative's members' equity changed in a year (成员权益变动表).
func equityShow(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "equity", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		year := r.year()
		if year == 0 {
			year = r.bookYear(v, e.Book(), nil)
		}
		x, err := dividend.EquityOf(v, id, year)
		fr.Title = r.say.T("%s %s 年成员权益变动表", e.Name, strconv.Itoa(year))
		return equityPage{E: e, X: x, Years: bookYears(v, e.Book(), year), Table: dividend.EquityForm, Today: v.Today()}, err
	})
}
