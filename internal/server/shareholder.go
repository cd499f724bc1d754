package server

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/report"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	post("/find", find),
	get("/shareholders/:place", shareholderList),
	get("/shareholders/:place/new", shareholderForm),
	post("/shareholders/:place/new", shareholderRegister),
	get("/duplicates/:place", duplicates),
	post("/shareholder/:id/members", membersList),
	get("/shareholder/:id", shareholderShow),
	post("/shareholder/:id/reveal", shareholderReveal),
	post("/shareholder/:id/held", shareholderHeld),
	post("/shareholder/:id/card", cardChange),
	post("/shareholder/:id/correct", shareholderCorrect),
	post("/shareholder/:id/reverse", movementReverse),
	post("/shareholder/:id/lock", numbersLock),
	post("/shareholder/:id/unlock", numbersUnlock),
)

// find leads to the list in which somebody looks for a text: no number of a person's comes to stand in an address.
func find(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	if values.Get("to") == "" {
		return &journal.Error{Code: journal.Invalid, Field: "to", Text: "请在列表的页面上查找"}
	}
	var q string
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		q = register.Sought(v, strings.TrimSpace(values.Get("q")))
		return nil
	}); err != nil {
		return err
	}
	return r.done(changed(local(values.Get("to")), "q", q, "after", ""), "")
}

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
	None    map[string]bool // who holds nothing today
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
		numbers, none := map[string]register.Numbers{}, map[string]bool{}
		for _, s := range list {
			numbers[s.ID], none[s.ID] = register.Masked(v, s), !register.HoldsNow(v, s)
		}
		may, err := r.may(v, map[string]any{"village": string(place)}, "RegisterShareholder")
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("股东")
		return shareholdersPage{
			List: list, Next: next, Place: place, Q: r.Query("q"), R: sums, Names: villagesOf(v, list), Numbers: numbers,
			May:     may,
			Village: place.Level() == region.Village, None: none,
		}, nil
	})
}

func shareholderForm(r *request) error {
	return r.showShareholderForm(http.StatusOK, newForm("people", "1"))
}

// shareholderNewPage is what the page shareholder_new shows.
type shareholderNewPage struct {
	Form             *form
	Place            region.Code
	Kinds            []option
	Papers, Accounts []option
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
		return shareholderNewPage{Form: f, Place: place, Kinds: labelled(r, register.HolderKinds()), Papers: r.papers(),
			Accounts: r.accounts()}, nil
	})
}

// papers and accounts are the choices of a person's paper and of an account's kind; nothing chosen leaves it to the number.
func (r *request) papers() []option {
	list := []option{{Label: r.say.T("照号码判断")}}
	for _, k := range ident.IDKinds() {
		list = append(list, option{Value: string(k), Label: r.say.T(string(register.PaperLabel(k)))})
	}
	return list
}

func (r *request) accounts() []option {
	list := []option{{Label: r.say.T("照号码判断")}}
	for _, k := range ident.AccountKinds() {
		list = append(list, option{Value: string(k), Label: r.say.T(string(register.AccountLabel(k)))})
	}
	return list
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
	return r.showShareholder(http.StatusOK, forms{}, register.Revealed{}, false)
}

// shareholderPage is what the page shareholder shows.
type shareholderPage struct {
	S register.Shareholder
	// CollectiveOf is which collective it is said to be, "" where that was not said.
	CollectiveOf string
	Numbers      register.Numbers
	Whole        bool
	Holdings     []register.Holding
	Events       []movementLine
	Entities     map[string]string
	Received     []dividend.ReceivedPayout
	Forms        forms
	May          acts
	Pledges      []pledgeRow
	Moves        bool // whether anything that is held can be moved
	Pledged      map[string]money.Quantity
	Acts         []event
	Papers       int
	Elsewhere    []registration
	Members      []register.Member
	Family       []familyRow
	Account      journal.Label // what kind of account the shareholder is paid to, "" where there is none
	Relations    []string
	IDKinds      []option
	Accounts     []option
	Held         *held // on the print of all that is held about a person
}

var _ = page[shareholderPage]("shareholder")

// showShareholder shows a shareholder's page with a form that was refused, where one was, and with whole numbers where there is leave.
func (r *request) showShareholder(code int, typed forms, leave register.Revealed, all bool) error {
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
		history, err := historyOf(v, hold, id)
		if err != nil {
			return nil, err
		}
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
		may, err := r.may(v, map[string]any{"holder": id}, "CorrectShareholder", "ReissueCertificate", "ChangeBankCard", "ListMembers",
			"RecordDeath", "LockNumbers", "UnlockNumbers")
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
		typed.see(s.Version(), "CorrectShareholder", "ChangeBankCard", "ListMembers")
		members := register.MaskedMembers(v, s, leave)
		family := familyRows(typed.Of("ListMembers"), members, leave != register.Revealed{})
		fr.Title = s.Name
		var held *held
		if all {
			if held, err = heldOf(v, s); err != nil {
				return nil, err
			}
		}
		return shareholderPage{
			Held:         held,
			CollectiveOf: collectiveSaid(v, s.Of),
			S:            s, Numbers: dividend.Full(v, s, leave), Whole: leave != register.Revealed{}, Holdings: hold, Events: history,
			Entities: entityNames(v, hold), Received: received,
			Forms: typed, May: may, Pledges: pledges, Moves: moves, Pledged: bound, Acts: events, Papers: len(papers),
			Elsewhere: elsewhere, Members: members, Family: family, Account: register.AccountLabel(s.AccountKind()),
			Relations: register.Relations(), IDKinds: r.papers(), Accounts: r.accounts(),
		}, nil
	})
}

// historyOf are the movements of what somebody holds and has held, by their days.
func historyOf(v *journal.View, hold []register.Holding, id string) (history []movementLine, err error) {
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
	return history, nil
}

// collectiveSaid names the place of a collective that a shareholder is, with its code or id.
func collectiveSaid(v *journal.View, of string) string {
	if of == "" {
		return ""
	}
	d, err := office.DivisionOf(v, placeOf(of))
	if err != nil {
		return of
	}
	return d.Short() + " " + of
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
	leave, err := r.reveal(r.Param("id"), values.Get("reason"))
	if err != nil {
		return err
	}
	return r.showShareholder(http.StatusOK, forms{}, leave, false)
}

// held is what the books hold of a person besides what the person's page always shows.
type held struct {
	Contributions []register.Contribution
	Looked        []looked
	Today         journal.Date
}

// looked is when somebody looked at a person's whole numbers, and why.
type looked struct{ By, Day, Reason string }

// shareholderHeld shows all that is held about a person, for printing: whoever asks for it has a right to it (个人信息保护法 art. 45). That it
// was asked for stands in the journal.
func shareholderHeld(r *request) error {
	leave, err := r.reveal(r.Param("id"), r.say.T("本人查询自己的信息"))
	if err != nil {
		return err
	}
	return r.showShareholder(http.StatusOK, forms{}, leave, true)
}

// heldOf gathers what a person brought in, and who looked at the whole numbers.
func heldOf(v *journal.View, s register.Shareholder) (*held, error) {
	x := &held{Today: v.Today()}
	village := string(s.Village())
	shown := map[string]bool{s.ID: true, village: true} // what numbers were looked at of, the person's among them
	received, err := dividend.Received(v, s.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range received {
		shown[p.Distribution.ID] = true
	}
	for after := ""; ; {
		list, next, err := register.Contributions(v, village, sums.YearOf(x.Today.Year()), "", after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.Holder == s.ID {
				x.Contributions = append(x.Contributions, c)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	for after := ""; ; {
		list, next, err := v.Journal(s.Village(), after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, j := range list {
			if e, ok := j.Entry.(*register.RevealNumbers); ok && shown[e.Of] {
				x.Looked = append(x.Looked, looked{v.Signed(j.By, j.Time()), j.Time().Format("2006-01-02"), e.Reason})
			}
		}
		if after = next; after == "" {
			return x, nil
		}
	}
}

func shareholderCorrect(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	return r.changeShareholder("CorrectShareholder", "corrected", typedNames(values)...)
}

func numbersLock(r *request) error {
	return r.changeShareholder("LockNumbers", "numbers-locked", "reason")
}

func numbersUnlock(r *request) error {
	return r.changeShareholder("UnlockNumbers", "numbers-unlocked", "reason")
}

func movementReverse(r *request) error {
	return r.changeShareholder("ReverseMovement", "movement-reversed")
}

func cardChange(r *request) error {
	return r.changeShareholder("ChangeBankCard", "card", "bank", "account", "account_kind", "branch", "seen")
}

// changeShareholder posts one of the forms of a shareholder's page; names are its fields.
func (r *request) changeShareholder(kind, done string, names ...string) error {
	return r.change(r.aboutShareholder(kind, done, names...))
}

func (r *request) aboutShareholder(kind, done string, names ...string) change {
	id := r.Param("id")
	return change{
		kind: kind, about: map[string]any{"holder": id}, names: names, to: "/shareholder/" + url.PathEscape(id), done: done,
		show: func(code int, typed forms) error { return r.showShareholder(code, typed, register.Revealed{}, false) },
	}
}

// familyRow is a row of the form that lists a household's members.
type familyRow struct {
	At                   string // begins the names of its inputs
	Name, Relation, IDNo string
	Faults               map[string]*journal.Error // by the end of the input's name
}

// moreRows is how many empty rows the form has behind those that are listed.
const moreRows = 3

// familyRows are the rows as they were typed, or else as the register has them, numbers only when they are shown.
func familyRows(f *form, members []register.Member, numbers bool) (rows []familyRow) {
	typed, last := len(f.Values) > 0, len(members)+moreRows
	for i := range register.MaxPeople {
		if f.Values.Has("members." + strconv.Itoa(i) + ".name") {
			last = max(last, i+1)
		}
	}
	for i := range last {
		row := familyRow{At: "members." + strconv.Itoa(i) + ".", Faults: map[string]*journal.Error{}}
		if typed {
			row.Name, row.Relation, row.IDNo = f.Get(row.At+"name"), f.Get(row.At+"relation"), f.Get(row.At+"id_no")
		} else if i < len(members) {
			if row.Name, row.Relation = members[i].Name, members[i].Relation; numbers {
				row.IDNo = members[i].IDNo
			}
		}
		for _, end := range []string{"name", "relation", "id_no"} {
			row.Faults[end] = f.Faults[row.At+end]
		}
		rows = append(rows, row)
	}
	return rows
}

// membersList takes a household's members, a row each; an empty row is none.
func membersList(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	list := []any{}
	c := r.aboutShareholder("ListMembers", "members", "members", "reason")
	c.back = map[string]string{}
	for i := range register.MaxPeople {
		at, m := "members."+strconv.Itoa(i)+".", map[string]any{}
		for _, end := range []string{"name", "relation", "id_no"} {
			if text := strings.TrimSpace(values.Get(at + end)); text != "" {
				m[end] = text
			}
			c.names = append(c.names, at+end)
		}
		if len(m) == 0 {
			continue
		}
		for _, end := range []string{"name", "relation", "id_no"} { // empty rows are left out of the entry
			c.back["members."+strconv.Itoa(len(list))+"."+end] = at + end
		}
		list = append(list, m)
	}
	c.fields = map[string]any{"members": list, "reason": values.Get("reason"), "seen": values.Get("seen")}
	return r.change(c)
}

// duplicatesPage is what the page duplicates shows.
type duplicatesPage struct {
	List   []register.Twins
	Shared []register.Shared // accounts of several households
	Names  map[region.Code]string
	Place  region.Code
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
		shared, err := register.SharedAccounts(v, place, maxLines)
		if err != nil {
			return nil, err
		}
		names := map[region.Code]string{}
		for _, t := range list {
			maps.Copy(names, villagesOf(v, t.Of))
		}
		for _, s := range shared {
			maps.Copy(names, villagesOf(v, s.Of))
		}
		f.Title = r.say.T("重复的号码")
		return duplicatesPage{List: list, Shared: shared, Names: names, Place: place}, nil
	})
}
