package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/register"
)

var _ = on(
	get("/shareholder/:id/death", deathShow),
	post("/shareholder/:id/death", deathRecord).upTo(paper.MaxPaper+1<<20),
	post("/shareholder/:id/undeath", deathReverse),
	post("/shareholder/:id/estate", estateDivide),
)

// heirRows is how many heirs the form of an estate begins with.
const heirRows = 4

// deathPage is what the page death shows.
type deathPage struct {
	S        register.Shareholder
	Deaths   []register.Death
	People   []option // who may have died
	Heads    []string // who may follow as householder
	Holdings []register.Holding
	Entities map[string]string
	Forms    forms
	May      acts
	Heirs    []int
	Papers   int
	Open     bool // whether a death stands, so that an estate can be divided
	Most     int
}

var _ = page[deathPage]("death")

func deathShow(r *request) error { return r.showDeath(http.StatusOK, forms{}) }

// showDeath shows what has been entered of deaths in a household, and the forms: the death, and how what was the dead's is divided.
func (r *request) showDeath(code int, typed forms) error {
	id := r.Param("id")
	return r.show(code, "death", "shareholders", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		s, err := register.ShareholderOf(v, id)
		if err != nil {
			return nil, err
		}
		if err := r.must(v, "RecordDeath", map[string]any{"holder": id}); err != nil {
			return nil, err
		}
		list, err := register.Deaths(v, id)
		if err != nil {
			return nil, err
		}
		hold, err := register.StandingOf(v, id)
		if err != nil {
			return nil, err
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"holder": id}, "RecordDeath", "ReverseDeath", "DivideEstate", "ChangeBankCard")
		if err != nil {
			return nil, err
		}
		body := deathPage{S: s, Deaths: list, Holdings: hold, Entities: entityNames(v, hold), Forms: typed, May: may, Papers: len(papers),
			Most: paper.MaxPaper >> 20}
		body.People = append(body.People, option{Value: "", Label: s.Name})
		for _, m := range s.Members {
			body.People = append(body.People, option{Value: m.Name, Label: strings.TrimSpace(m.Name + " " + m.Relation)})
			body.Heads = append(body.Heads, m.Name)
		}
		for _, d := range list {
			body.Open = body.Open || d.Void == 0
		}
		typed.start("RecordDeath", "date", "")
		typed.see(s.Version(), "RecordDeath")
		typed.start("DivideEstate", "date", string(v.Today()))
		rows := max(heirRows, rowsOf(typed.Of("DivideEstate").Values))
		body.Heirs = count(rows)
		fr.Title = r.say.T("%s 死亡登记", s.Name)
		return body, nil
	})
}

// deathRecord enters a death, and with it the scanned certificate, where the form brings one.
func deathRecord(r *request) error {
	id := r.Param("id")
	if err := r.mustNow("RecordDeath", map[string]any{"holder": id}); err != nil { // before anything is written
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	refuse := func(err error) error {
		return r.refuse(change{kind: "RecordDeath", names: []string{"name", "date", "certificate", "head", "head_id_no", "file"},
			back: map[string]string{"digest": "file"}, show: r.showDeath}, values, err)
	}
	name, digest, err := r.keep("")
	if err != nil {
		return refuse(err)
	}
	f := map[string]any{"holder": id}
	for _, field := range []string{"name", "date", "certificate", "head", "head_id_no", "seen"} {
		f[field] = values.Get(field)
	}
	list := []typedEntry{{"RecordDeath", f}}
	if digest != "" {
		list = append(list, typedEntry{"AttachPaper", map[string]any{"to": id, "digest": digest, "name": name,
			"note": "死亡证明" + values.Get("certificate")}})
	}
	if _, err := r.postTogether(list, values.Get(requestKey)); err != nil {
		return refuse(err)
	}
	return r.done("/shareholder/"+url.PathEscape(id)+"/death", "death")
}

func deathReverse(r *request) error {
	id := r.Param("id")
	return r.change(change{kind: "ReverseDeath", about: map[string]any{"holder": id}, names: []string{"death", "reason"}, show: r.showDeath,
		to: "/shareholder/" + url.PathEscape(id), done: "reversed"})
}

// estateDivide posts how an estate is divided. Heirs are named as people know them: by certificate, ID number, shareholder id or full name.
func estateDivide(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	id := r.Param("id")
	heirs, faults := []any{}, journal.Faults(nil)
	names, back := []string{"date", "basis", "heirs"}, map[string]string{}
	for i := range rowsOf(values) {
		at := "." + strconv.Itoa(i)
		names = append(names, "who"+at, "part"+at)
		who, part := ident.Name(values.Get("who"+at)), values.Get("part"+at)
		if who == "" && part == "" {
			continue
		}
		holders, wrong := r.person(placeOf(id), who, "who"+at)
		if faults = append(faults, wrong...); len(holders) == 0 {
			if len(wrong) == 0 {
				faults = append(faults, &journal.Error{Code: journal.Invalid, Field: "who" + at, Text: "请写明继承人"})
			}
			continue
		}
		to := "heirs." + strconv.Itoa(len(heirs)) + "."
		back[to+"holder"], back[to+"part"] = "who"+at, "part"+at
		heirs = append(heirs, map[string]any{"holder": holders[0], "part": part})
	}
	c := change{kind: "DivideEstate", names: names, back: back, show: r.showDeath, done: "moved", to: "/shareholder/" + url.PathEscape(id),
		fields: map[string]any{"holder": id, "heirs": heirs, "date": values.Get("date"), "basis": values.Get("basis")}}
	if len(faults) > 0 {
		return r.refuse(c, values, faults)
	}
	return r.change(c)
}
