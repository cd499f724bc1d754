package server

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	post("/class/:id/reopen", classReopen),
	post("/shareholder/:id/release", pledgeRelease),
	post("/shareholder/:id/certificate", certificateReissue),
	get("/shareholder/:id/move/:event", moveForm),
	post("/shareholder/:id/move/:event", move),
	post("/entity/:id/charter", charterChange),
	post("/entity/:id/reserve", reserveChange),
	post("/entity/:id/correct", entityCorrect),
	post("/entity/:id/dissolve", entityDissolve),
	post("/entity/:id/undissolve", dissolutionReverse),
	post("/class/:id/close", classClose),
)

// moveRows is how many receivers the form of a transfer begins with, and how many more it makes room for when asked.
const moveRows = 3

// everyClass asks for all that somebody holds, of every class, to go to one receiver: as when households merge, or there is one heir.
const everyClass = "*"

// event is one thing that can be done with a shareholder's shares, and the fields its form has.
type event struct {
	Name     string
	Label    journal.Label
	Kind     string // of the entry
	To       bool   // whether it names receivers
	Hint     string
	Paid     bool
	Pledge   bool
	Negative bool // whether its quantity may be negative
	Until    bool // whether it names a last day, and no day of its own
}

var events = []event{
	{Name: "transfer", Label: register.Sale.Label(), Kind: "TransferShares", To: true},
	{Name: "gift", Label: register.Gift.Label(), Kind: "TransferShares", To: true},
	{Name: "inheritance", Label: register.Inheritance.Label(), Kind: "TransferShares", To: true,
		Hint: "有几个继承人就填几行,股数各填各的;所有股份按份额一次分的,用“死亡登记”"},
	{Name: "split", Label: register.HouseSplit.Label(), Kind: "TransferShares", To: true, Hint: "先把分出的户登记为股东"},
	{Name: "merger", Label: register.HouseMerger.Label(), Kind: "TransferShares", To: true},
	{Name: "withdraw", Label: "有偿退出", Kind: "WithdrawShares", Paid: true, Hint: "股份退给经营主体;每年的上限由章程规定"},
	{Name: "term", Label: "约定到期", Kind: "EndHolding", Until: true, Hint: "离开集体、约定保留一段时间权利的:持有到哪一天,第二天起不再持有"},
	{Name: "pledge", Label: "质押", Kind: "PledgeShares", Pledge: true, Hint: "质押的股份不能动,分红照发"},
	{Name: "adjust", Label: "调整", Kind: "AdjustShares", Negative: true, Hint: "按成员大会决议增减;减少填负数,例如 -1"},
}

func eventNamed(name string) (event, error) {
	for _, e := range events {
		if e.Name == name {
			return e, nil
		}
	}
	return event{}, errNoPage
}

func moveForm(r *request) error {
	return r.showMove(http.StatusOK, newForm("date", string(journal.DateOf(r.now())), "class", r.Query("class")))
}

// movePage is what the page move shows.
type movePage struct {
	S       register.Shareholder
	Event   event
	Events  []event
	Form    *form
	Classes []option
	Rows    []int
	Left    []option // the household's members who are no members of a collective any more, for whose shares a term may be set
}

var _ = page[movePage]("move")

func (r *request) showMove(code int, f *form) error {
	id := r.Param("id")
	e, err := eventNamed(r.Param("event"))
	if err != nil {
		return err
	}
	return r.show(code, "move", "shareholders", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		s, err := register.ShareholderOf(v, id)
		if err != nil {
			return nil, err
		}
		if err := r.must(v, "CorrectShareholder", map[string]any{"holder": id}); err != nil {
			return nil, err
		}
		hold, err := register.HoldingsOf(v, id)
		if err != nil {
			return nil, err
		}
		var choices []option
		for _, h := range hold {
			if entity, err := register.EntityOf(v, h.Class.Entity()); err == nil { // also of what is gone by now: the day may be an earlier one
				choices = append(choices, option{Value: h.Class.ID, Label: r.say.T("%s %s(现有 %s %s)", entity.Name, h.Class.Name, h.Quantity.Grouped(),
					h.Class.Unit.Label())})
			}
		}
		if e.To && len(choices) > 1 {
			choices = append(choices, option{Value: everyClass, Label: r.say.T("持有的全部股份,都给一个人(不填数量)")})
		}
		var left []option
		if e.Until {
			list, err := register.LeftOf(v, id)
			if err != nil {
				return nil, err
			}
			for _, m := range list {
				left = append(left, option{Value: m.ID, Label: r.say.T("%s(%s %s)", m.Name, string(m.Lost), m.LossLabel())})
			}
		}
		fr.Title = r.say.T(string(e.Label))
		rows := max(moveRows, rowsOf(f.Values))
		if f.Get("more") != "" {
			rows += moveRows
		}
		return movePage{S: s, Event: e, Events: events, Form: f, Classes: choices, Rows: count(rows), Left: left}, nil
	})
}

// move posts an event. Receivers are named as people know them: by certificate, ID number, shareholder id or full name.
func move(r *request) error {
	e, err := eventNamed(r.Param("event"))
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	if values.Get("more") != "" { // nothing is posted: the form comes back with more rows
		return r.showMove(http.StatusOK, again(values, nil))
	}
	id := r.Param("id")
	f := map[string]any{"class": values.Get("class"), "date": values.Get("date")}
	shown := []string{"class", "date", "resolution", "quantity", "paid", "pledgee", "contract", "until", "member"}
	back := map[string]string{}
	var faults journal.Faults
	switch {
	case e.To && values.Get("class") == everyClass:
		return r.moveEvery(e, id, values)
	case e.To:
		f["from"], f["cause"], f["resolution"] = id, e.Name, values.Get("resolution")
		lots, rows, names, err := r.receivers(placeOf(id), valuesOf(values, "who."), valuesOf(values, "quantity."))
		if err != nil {
			return err
		}
		faults = names
		f["to"] = lots
		for i := range rowsOf(values) {
			at := strconv.Itoa(i)
			shown = append(shown, "who."+at, "quantity."+at)
		}
		for k, row := range rows {
			lot, at := "to."+strconv.Itoa(k), strconv.Itoa(row)
			back[lot+".holder"], back[lot+".quantity"] = "who."+at, "quantity."+at
		}
		back["to"] = "who.0"
	case e.Negative:
		f["changes"] = []any{map[string]any{"holder": id, "quantity": values.Get("quantity")}}
		f["resolution"] = values.Get("resolution")
		back["changes.0.quantity"] = "quantity"
	default:
		f["holder"], f["quantity"] = id, values.Get("quantity")
		if e.Paid {
			f["paid"], f["resolution"] = values.Get("paid"), values.Get("resolution")
		}
		if e.Until {
			delete(f, "date")
			f["until"], f["member"], f["resolution"] = values.Get("until"), values.Get("member"), values.Get("resolution")
		}
		if e.Pledge {
			f["pledgee"], f["contract"] = values.Get("pledgee"), values.Get("contract")
		}
	}
	if values.Get("class") == "" {
		faults = append(faults, &journal.Error{Code: journal.Invalid, Field: "class", Text: "请选一种股份"})
	}
	if len(faults) == 0 {
		if _, err = r.post(e.Kind, f, values.Get(requestKey)); err == nil {
			return r.done("/shareholder/"+id, "moved")
		}
		if !refused(err) {
			return err
		}
		faults = journal.All(backToForm(err, back))
	}
	return r.showMove(status[faults[0].Code], again(values, faults, shown...))
}

// moveEvery gives all that somebody holds now to the one receiver whom the form names.
func (r *request) moveEvery(e event, id string, values url.Values) error {
	holders, faults := r.person(placeOf(id), values.Get("who.0"), "who.0")
	switch {
	case len(faults) > 0:
	case len(holders) == 0:
		faults = append(faults, &journal.Error{Code: journal.Invalid, Field: "who.0", Text: "请写明给谁"})
	case strings.Join(valuesOf(values, "who.")[1:], "")+strings.Join(valuesOf(values, "quantity."), "") != "":
		faults = append(faults, &journal.Error{Code: journal.Invalid, Field: "class", Text: "全部股份只给第一行的人,不填数量;分给几个人的请一种股份一种股份地记"})
	}
	var list []map[string]any
	if len(faults) == 0 {
		if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
			hold, err := register.HoldingsOf(v, id)
			for _, h := range hold {
				if h.Quantity > 0 {
					list = append(list, map[string]any{
						"class": h.Class.ID, "from": id, "cause": e.Name, "date": values.Get("date"), "resolution": values.Get("resolution"),
						"to": []any{map[string]any{"holder": holders[0], "quantity": h.Quantity.String()}},
					})
				}
			}
			return err
		}); err != nil {
			return err
		}
		_, err := r.postAll(e.Kind, list, values.Get(requestKey))
		if err == nil {
			return r.done("/shareholder/"+id, "moved")
		}
		if !refused(err) {
			return err
		}
		faults = journal.All(backToForm(err, map[string]string{"to.0.holder": "who.0", "to.0.quantity": "class"}))
	}
	return r.showMove(status[faults[0].Code], again(values, faults, "class", "date", "who.0"))
}

// rowsOf is how many numbered rows a form has: one more than the highest number. No form has more rows than fields.
func rowsOf(values url.Values) (n int) {
	for name := range values {
		if at, ok := strings.CutPrefix(name, "who."); ok {
			if k, err := strconv.Atoi(at); err == nil && k < len(values) {
				n = max(n, k+1)
			}
		}
	}
	return n
}

// valuesOf reads a field of a form's numbered rows.
func valuesOf(values url.Values, prefix string) (list []string) {
	for i := range rowsOf(values) {
		list = append(list, strings.TrimSpace(values.Get(prefix+strconv.Itoa(i))))
	}
	return list
}

// receivers turns the rows of a transfer into its lots; rows says which row of the form each lot came from. Empty rows are passed over.
func (r *request) receivers(place region.Code, who, quantities []string) (lots []any, rows []int, faults journal.Faults, err error) {
	err = r.s.ledger.Read(r.who, func(v *journal.View) error {
		for i := range who {
			if who[i] == "" && quantities[i] == "" {
				continue
			}
			holder, err := register.ResolveHolder(v, place, who[i])
			for _, f := range journal.All(err) {
				f.Field = "who." + strconv.Itoa(i)
				faults = append(faults, f)
			}
			if err != nil && journal.All(err) == nil {
				return err
			}
			lots, rows = append(lots, map[string]any{"holder": holder, "quantity": quantities[i]}), append(rows, i)
		}
		return nil
	})
	return lots, rows, faults, err
}

func pledgeRelease(r *request) error {
	return r.changeShareholder("ReleasePledge", "released")
}

func certificateReissue(r *request) error {
	return r.changeShareholder("ReissueCertificate", "reissued", "date", "reason")
}

func charterChange(r *request) error {
	return r.changeEntity("ChangeCharter", "charter", "frozen_from", "withdrawal_cap", "disclosure_days", "leave_notice", "leave_years",
		"own_days",
		"resolution")
}

func reserveChange(r *request) error {
	return r.changeEntity("ChangeReserve", "charter", "reserve", "from_year", "resolution")
}

func entityCorrect(r *request) error {
	return r.changeEntity("CorrectEntity", "corrected", "name", "credit_code", "founded", "representative", "reason")
}

func entityDissolve(r *request) error { return r.changeEntity("DissolveEntity", "dissolved") }

func dissolutionReverse(r *request) error { return r.changeEntity("ReverseDissolution", "undissolved") }

// changeEntity posts one of the forms of an entity's page; names are its fields. Faults of the folded forms are told at the top of the
// page.
func (r *request) changeEntity(kind, done string, names ...string) error {
	id := r.Param("id")
	return r.change(change{kind: kind, about: map[string]any{"entity": id}, names: names, show: r.entityAgain(id),
		to: "/entity/" + url.PathEscape(id), done: done})
}

func (r *request) entityAgain(id string) func(int, forms) error {
	return func(code int, typed forms) error { return r.showEntity(code, id, typed) }
}

func classClose(r *request) error { return r.changeClass("CloseShareClass", "class-closed") }

func classReopen(r *request) error { return r.changeClass("ReopenShareClass", "class-reopened") }

// changeClass posts one of the small forms about a class, which stand on the page of its entity.
func (r *request) changeClass(kind, done string) error {
	id := r.Param("id")
	entity := cmp.Or(journal.EntityID.In(id), id)
	return r.change(change{kind: kind, about: map[string]any{"class": id}, show: r.entityAgain(entity),
		to: "/entity/" + url.PathEscape(entity), done: done})
}
