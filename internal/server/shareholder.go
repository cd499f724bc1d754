package server

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/shareholders/:place", shareholderList),
	get("/shareholders/:place/new", shareholderForm),
	post("/shareholders/:place/new", shareholderRegister),
	get("/duplicates/:place", duplicates),
	post("/shareholder/:id/members", membersList),
	get("/shareholder/:id", shareholderShow),
	post("/shareholder/:id/reveal", shareholderReveal),
	post("/shareholder/:id/card", cardChange),
	post("/shareholder/:id/correct", shareholderCorrect),
	post("/shareholder/:id/reverse", movementReverse),
)

// shareholdersPage is what the page shareholders shows.
type shareholdersPage struct {
	List    []register.Shareholder
	Next    string
	Place   region.Code
	Q       string
	R       *report.Report
	Names   map[region.Code]string
	Numbers map[string]register.Numbers
	May     acts
	Village bool
}

var _ = page[shareholdersPage]("shareholders")

func shareholderList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "shareholders", "shareholders", place, func(v *journal.View, f *frame) (any, error) {
		list, next, err := register.FindShareholders(v, place, r.Query("q"), r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		sums, err := report.ReportOf(v, place, v.Today().Year())
		if err != nil {
			return nil, err
		}
		numbers := map[string]register.Numbers{}
		for _, s := range list {
			numbers[s.ID] = register.Masked(v, s)
		}
		may, err := r.may(v, map[string]any{"village": string(place)}, "RegisterShareholder")
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("股东")
		return shareholdersPage{
			List: list, Next: next, Place: place, Q: r.Query("q"), R: sums, Names: villagesOf(v, list), Numbers: numbers,
			May:     may,
			Village: place.Level() == region.Village,
		}, nil
	})
}

func shareholderForm(r *request) error {
	return r.showShareholderForm(http.StatusOK, newForm("people", "1"))
}

// shareholderNewPage is what the page shareholder_new shows.
type shareholderNewPage struct {
	Form  *form
	Place region.Code
	Kinds []option
}

var _ = page[shareholderNewPage]("shareholder_new")

func (r *request) showShareholderForm(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "shareholder_new", "shareholders", place, func(v *journal.View, fr *frame) (any, error) {
		if err := r.must(v, "RegisterShareholder", map[string]any{"village": string(place)}); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("登记股东")
		f.of("RegisterShareholder")
		return shareholderNewPage{Form: f, Place: place, Kinds: labelled(r, register.HolderKinds())}, nil
	})
}

func shareholderRegister(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["village"] = r.Param("place")
	delete(f, "next")
	receipt, err := r.post("RegisterShareholder", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showShareholderForm(status[journal.CodeOf(err)], again(values, err, typedNames(values)...))
	}
	if values.Get("next") == "another" {
		return r.done("/shareholders/"+r.Param("place")+"/new", "registered")
	}
	return r.done("/shareholder/"+receipt.IDs[0], "registered")
}

func shareholderShow(r *request) error {
	return r.showShareholder(http.StatusOK, forms{}, register.Revealed{})
}

// shareholderPage is what the page shareholder shows.
type shareholderPage struct {
	S         register.Shareholder
	Numbers   register.Numbers
	Whole     bool
	Holdings  []register.Holding
	Events    []movementLine
	Entities  map[string]string
	Received  []dividend.ReceivedPayout
	Forms     forms
	May       acts
	Pledges   []pledgeRow
	Moves     bool // whether anything that is held can be moved
	Pledged   map[string]money.Quantity
	Acts      []event
	Papers    int
	Elsewhere []registration
	Members   []register.Member
}

var _ = page[shareholderPage]("shareholder")

// showShareholder shows a shareholder's page with a form that was refused, where one was, and with whole numbers where there is leave.
func (r *request) showShareholder(code int, typed forms, leave register.Revealed) error {
	id := r.Param("id")
	return r.show(code, "shareholder", "shareholders", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		s, err := register.ShareholderOf(v, id)
		if err != nil {
			return nil, err
		}
		hold, err := register.HoldingsOf(v, id)
		if err != nil {
			return nil, err
		}
		var history []movementLine
		for _, h := range hold {
			list, err := register.HoldingEvents(v, h.Class.ID, id)
			if err != nil {
				return nil, err
			}
			for _, e := range list {
				names, basis, err := register.With(v, e, id)
				if err != nil {
					return nil, err
				}
				history = append(history, movementLine{HoldingEvent: e, With: strings.Join(names, "、"), Basis: basis})
			}
		}
		slices.SortStableFunc(history, func(a, b movementLine) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Entry, b.Entry)) })
		bound, err := register.PledgedBy(v, id, v.Today())
		if err != nil {
			return nil, err
		}
		pledged, err := register.PledgesOf(v, id)
		if err != nil {
			return nil, err
		}
		received, err := dividend.Received(v, id)
		if err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		elsewhere, err := r.elsewhere(v, s)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"holder": id}, "CorrectShareholder", "ReissueCertificate", "ChangeBankCard", "ListMembers")
		if err != nil {
			return nil, err
		}
		if may["RevealNumbers"], err = r.mayOne(v, "RevealNumbers", map[string]any{"of": id}); err != nil {
			return nil, err
		}
		moves, pledges, err := r.mayMove(v, hold, pledged)
		if err != nil {
			return nil, err
		}
		if err := r.mayUndo(v, id, history); err != nil {
			return nil, err
		}
		members := register.MaskedMembers(v, s, leave)
		// The list begins as it stands, numbers only when they are shown.
		typed.start("ListMembers", "members", memberLines(members, leave != register.Revealed{}))
		fr.Title = s.Name
		return shareholderPage{
			S: s, Numbers: dividend.Full(v, s, leave), Whole: leave != register.Revealed{}, Holdings: hold, Events: history,
			Entities: entityNames(v, hold), Received: received,
			Forms: typed, May: may, Pledges: pledges, Moves: moves, Pledged: bound, Acts: events, Papers: len(papers),
			Elsewhere: elsewhere, Members: members,
		}, nil
	})
}

// mayUndo asks of each movement of a holder whether it can be reversed.
func (r *request) mayUndo(v *journal.View, id string, history []movementLine) error {
	reversed := map[uint64]bool{}
	for _, e := range history {
		reversed[e.Reverses] = true
	}
	for i := range history {
		e := &history[i]
		undo, err := r.may(v, map[string]any{"class": e.Class.ID, "holder": id, "movement": strconv.FormatUint(e.Entry, 10)}, "ReverseMovement")
		if err != nil {
			return err
		}
		e.Undo = undo.Has("ReverseMovement") && e.Cause != "ReverseMovement" && !reversed[e.Entry]
	}
	return nil
}

// pledgeRow is a pledge with what may be done about it.
type pledgeRow struct {
	register.Pledge
	acts
}

// mayMove asks whether anything that is held can be moved, and which pledges can be released.
func (r *request) mayMove(v *journal.View, hold []register.Holding, pledged []register.Pledge) (moves bool, rows []pledgeRow, err error) {
	for _, h := range hold {
		a, err := r.mayOne(v, "TransferShares", map[string]any{"class": h.Class.ID, "from": h.Holder})
		if err != nil {
			return false, nil, err
		}
		moves = moves || a != nil
	}
	for _, p := range pledged {
		may, err := r.may(v, map[string]any{"class": p.Class}, "ReleasePledge")
		if err != nil {
			return false, nil, err
		}
		rows = append(rows, pledgeRow{p, may})
	}
	return moves, rows, nil
}

// movementLine is one movement of somebody's shares.
type movementLine struct {
	register.HoldingEvent
	With  string // names of those whom the shares went to, or came from
	Basis string // resolution
	Undo  bool   // whether it can be reversed
}

// registration is what somebody holds and has received under another registration.
type registration struct {
	register.Shareholder
	Place    string
	Holdings []register.Holding
	Entities map[string]string
	Payouts  int
	Due      money.Yuan // of distributions in force
	Paid     money.Yuan
}

// elsewhere are the registrations of a shareholder's ID number in other villages, as far as the reader may see them.
func (r *request) elsewhere(v *journal.View, s register.Shareholder) (list []registration, err error) {
	same, err := register.SameNumber(v, s)
	if err != nil {
		return nil, err
	}
	for _, o := range same {
		d, err := office.DivisionOf(v, o.Village())
		if err != nil {
			return nil, err
		}
		one := registration{Shareholder: o, Place: d.Short()}
		if one.Holdings, err = register.HoldingsOf(v, o.ID); err != nil {
			return nil, err
		}
		one.Entities = entityNames(v, one.Holdings)
		received, err := dividend.Received(v, o.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range received {
			if !p.Distribution.InForce() || p.IsPassed() {
				continue
			}
			one.Payouts, one.Due = one.Payouts+1, one.Due+p.Due
			if p.IsPaid() {
				one.Paid += p.Due
			}
		}
		list = append(list, one)
	}
	return list, nil
}

// shareholderReveal shows the numbers in full, after noting it in the journal. The page is the answer to the post: it has no address of
// its own that somebody could come back to.
func shareholderReveal(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	leave, err := register.Reveal(r.s.ledger, r.who, r.Param("id"), values.Get("reason"))
	if err != nil {
		return err
	}
	return r.showShareholder(http.StatusOK, forms{}, leave)
}

func shareholderCorrect(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.changeShareholder("CorrectShareholder", "corrected", typedNames(values)...)
}

func movementReverse(r *request) error {
	return r.changeShareholder("ReverseMovement", "movement-reversed")
}

func cardChange(r *request) error {
	return r.changeShareholder("ChangeBankCard", "card", "bank", "card")
}

// changeShareholder posts one of the forms of a shareholder's page; names are its fields.
func (r *request) changeShareholder(kind, done string, names ...string) error {
	return r.change(r.aboutShareholder(kind, done, names...))
}

func (r *request) aboutShareholder(kind, done string, names ...string) change {
	id := r.Param("id")
	return change{
		kind: kind, about: map[string]any{"holder": id}, names: names, to: "/shareholder/" + url.PathEscape(id), done: done,
		show: func(code int, typed forms) error { return r.showShareholder(code, typed, register.Revealed{}) },
	}
}

// memberLines tells a household's members as the form takes them, a line each: name, relation, ID number.
func memberLines(list []register.Member, numbers bool) string {
	var lines []string
	for _, m := range list {
		line := m.Name + " " + m.Relation
		if numbers {
			line += " " + m.IDNo
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// membersList takes a household's members, a line each.
func membersList(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	list := []any{}
	for line := range strings.Lines(values.Get("members")) {
		m := map[string]any{}
		for i, word := range strings.Fields(line) {
			switch {
			case i == 0:
				m["name"] = word
			case strings.ContainsAny(word, "0123456789"):
				m["id_no"] = word
			default:
				m["relation"] = word
			}
		}
		if len(m) > 0 {
			list = append(list, m)
		}
	}
	c := r.aboutShareholder("ListMembers", "members", "members", "reason")
	c.fields, c.back = map[string]any{"members": list, "reason": values.Get("reason")}, map[string]string{}
	for i := range list {
		for _, name := range []string{"", ".name", ".relation", ".id_no"} {
			c.back["members."+strconv.Itoa(i)+name] = "members"
		}
	}
	return r.change(c)
}

// duplicatesPage is what the page duplicates shows.
type duplicatesPage struct {
	List  []register.Twins
	Names map[region.Code]string
	Place region.Code
}

var _ = page[duplicatesPage]("duplicates")

// duplicates lists the ID numbers that stand on the registers of several villages of a region.
func duplicates(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "duplicates", "shareholders", place, func(v *journal.View, f *frame) (any, error) {
		list, err := register.Duplicates(v, place, maxLines)
		if err != nil {
			return nil, err
		}
		names := map[region.Code]string{}
		for _, t := range list {
			maps.Copy(names, villagesOf(v, t.Of))
		}
		f.Title = r.say.T("同一身份证号在几个村")
		return duplicatesPage{List: list, Names: names, Place: place}, nil
	})
}
