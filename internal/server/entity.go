package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/entities/:place", entityList),
	get("/entities/:place/new", entityForm),
	post("/entities/:place/new", entityRegister),
	get("/entity/:id", entityShow),
	post("/entity/:id", classOpen),
	get("/class/:id", classShow),
)

// entitiesPage is what the page entities shows.
type entitiesPage struct {
	List   []register.Entity
	Next   string
	Place  region.Code
	Counts map[register.EntityKind]int
	Kinds  []register.EntityKind
	Names  map[region.Code]string
	May    acts
}

var _ = page[entitiesPage]("entities")

func entityList(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "entities", "entities", place, func(v *journal.View, f *frame) (any, error) {
		list, next, err := register.Entities(v, place, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		counts, err := register.EntityCount(v, place)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"village": string(place)}, "RegisterEntity")
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("经营主体")
		return entitiesPage{
			List: list, Next: next, Place: place, Counts: counts, Kinds: register.EntityKinds(), Names: villagesOf(v, list),
			May: may,
		}, nil
	})
}

// villagesOf names the villages that things of a list belong to.
func villagesOf[T interface{ Village() region.Code }](v *journal.View, list []T) map[region.Code]string {
	names := map[region.Code]string{}
	for _, x := range list {
		if d, err := office.DivisionOf(v, x.Village()); err == nil {
			names[x.Village()] = d.Short()
		}
	}
	return names
}

func entityForm(r *request) error { return r.showEntityForm(http.StatusOK, newForm("reserve", "10")) }

// entityNewPage is what the page entity_new shows.
type entityNewPage struct {
	Form  *form
	Place region.Code
	Kinds []option
}

var _ = page[entityNewPage]("entity_new")

func (r *request) showEntityForm(code int, f *form) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(code, "entity_new", "entities", place, func(v *journal.View, fr *frame) (any, error) {
		if err := r.must(v, "RegisterEntity", map[string]any{"village": string(place)}); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("登记经营主体")
		f.of("RegisterEntity")
		return entityNewPage{Form: f, Place: place, Kinds: labelled(r, register.KindsAt(place))}, nil
	})
}

// labelled makes choices of the values of a domain type.
func labelled[T interface {
	~string
	Label() journal.Label
}](r *request, values []T) (list []option) {
	for _, v := range values {
		list = append(list, option{Value: string(v), Label: r.say.T(string(v.Label()))})
	}
	return list
}

func entityRegister(r *request) error {
	values, err := r.form()
	if err != nil {
		return err
	}
	f := fields(values)
	f["village"] = r.Param("place")
	receipt, err := r.post("RegisterEntity", f, values.Get(requestKey))
	if err != nil {
		if !refused(err) {
			return err
		}
		return r.showEntityForm(status[journal.CodeOf(err)], again(values, err, typedNames(values)...))
	}
	return r.done("/entity/"+receipt.IDs[0], "registered")
}

func entityShow(r *request) error { return r.showEntity(http.StatusOK, r.Param("id"), forms{}) }

// entityPage is what the page entity shows.
type entityPage struct {
	Leaves     bool     // whether members leave it by notice
	OwnDays    []option // whose days plans by days count
	E          register.Entity
	Classes    []classRow
	Plans      []planRow
	S          income.Statement
	Forms      forms
	May        acts
	Reserve    money.Rate
	ClassKinds []option
	Units      []option
	Papers     int
	Rewards    []option
	Issues     bool // whether shares of any class can be issued
}

// classRow is a share class with what may be done about it.
type classRow struct {
	register.ShareClass
	acts
}

var _ = page[entityPage]("entity")

// showEntity shows an entity's page with a form that was refused, where one was.
func (r *request) showEntity(code int, id string, typed forms) error {
	return r.show(code, "entity", "entities", placeOf(id), func(v *journal.View, fr *frame) (any, error) {
		e, err := register.EntityOf(v, id)
		if err != nil {
			return nil, err
		}
		classes, err := register.ShareClasses(v, id)
		if err != nil {
			return nil, err
		}
		plans, err := dividend.Distributions(v, e.Village(), 0, func(d plan.Distribution) bool { return d.Entity == id })
		if err != nil {
			return nil, err
		}
		years := income.Years(v, e.Book())
		year := v.Today().Year()
		if len(years) > 0 {
			year = years[len(years)-1]
		}
		s, err := income.StatementOf(v, e.Book(), year)
		if err != nil {
			return nil, err
		}
		capText := ""
		if e.WithdrawalCap != 0 {
			b, err := e.WithdrawalCap.MarshalText()
			if err != nil {
				return nil, err
			}
			capText = string(b)
		}
		papers, err := paper.PapersOf(v, id)
		if err != nil {
			return nil, err
		}
		may, err := r.may(v, map[string]any{"entity": id}, "DraftDistribution", "OpenShareClass", "ChangeCharter", "ChangeReserve",
			"CorrectEntity", "DissolveEntity", "ReverseDissolution")
		if err != nil {
			return nil, err
		}
		rows, issues, err := r.classRows(v, classes)
		if err != nil {
			return nil, err
		}
		// What a charter leaves empty is set to nothing: the form begins with it as it stands.
		typed.start("ChangeCharter", "frozen_from", string(e.FrozenFrom), "withdrawal_cap", capText, "disclosure_days", string(e.DisclosureDays),
			"leave_notice", orEmpty(e.LeaveNotice), "leave_years", orEmpty(e.LeaveYears),
			"own_days", ownDays(e))
		typed.start("ChangeReserve", "from_year", strconv.Itoa(v.Today().Year()))
		fr.Title = e.Name
		return entityPage{
			E: e, Leaves: e.Kind == register.SpecialisedCooperative, Classes: rows,
			OwnDays: []option{{Value: "", Label: r.say.T("算股份的天数,随股份转移")}, {Value: "true", Label: r.say.T("算各户自己的天数,中途转出的也得")}}, Issues: issues,
			Plans: planRows(v, plans), S: s, Forms: typed,
			May:        may,
			Reserve:    e.ReserveIn(v.Today().Year()),
			ClassKinds: labelled(r, register.ClassKinds()), Units: labelled(r, register.Units()), Papers: len(papers),
			Rewards: append([]option{{Label: r.say.T("每年另定")}}, labelled(r, register.Rewards())...),
		}, nil
	})
}

// classRows asks what the reader may do about each class, and whether shares of any can be issued.
func (r *request) classRows(v *journal.View, classes []register.ShareClass) (rows []classRow, issues bool, err error) {
	for _, c := range classes {
		may, err := r.may(v, map[string]any{"class": c.ID}, "IssueShares", "CloseShareClass", "ReopenShareClass")
		if err != nil {
			return nil, false, err
		}
		rows, issues = append(rows, classRow{c, may}), issues || may.Can("IssueShares")
	}
	return rows, issues, nil
}

func classOpen(r *request) error {
	return r.changeEntity("OpenShareClass", "opened", "name", "kind", "unit", "price", "reward", "reward_rate")
}

// entityNames are the names of the entities that holdings are in, by id; those of places the reader may not see are left out.
func entityNames(v *journal.View, hold []register.Holding) map[string]string {
	names := map[string]string{}
	for _, h := range hold {
		if e, err := register.EntityOf(v, h.Class.Entity()); err == nil {
			names[e.ID] = e.Name
		}
	}
	return names
}

// pageOf cuts a page out of a register: what comes after a holder.
func pageOf(list []register.Holding, after string) (page []register.Holding, next string) {
	from, found := slices.BinarySearchFunc(list, after,
		func(h register.Holding, holder string) int { return strings.Compare(h.Holder, holder) })
	if found {
		from++
	}
	if list = list[from:]; len(list) <= pageSize {
		return list, ""
	}
	return list[:pageSize], list[pageSize-1].Holder
}

// ownDays is the charter's choice as its form has it.
func ownDays(e register.Entity) string {
	if e.OwnDays {
		return "true"
	}
	return ""
}

// orEmpty is a number as a form begins with it, empty where nothing is set.
func orEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// registerOn reads a class's register as of a day that somebody typed.
func registerOn(v *journal.View, class, on string) (list []register.Holding, sum money.Quantity, err error) {
	day, err := dayNamed(on)
	if err != nil {
		return nil, 0, err
	}
	if day > v.Today() {
		return nil, 0, &journal.Error{Code: journal.Invalid, Field: "on", Text: "日期 %s 还没有到;今天是 %s", Args: []any{string(day), string(v.Today())}}
	}
	list, err = register.RegisterOn(v, class, day)
	for _, h := range list {
		sum += h.Quantity
	}
	return list, sum, err
}

// classPage is what the page class shows.
type classPage struct {
	Class   register.ShareClass
	E       register.Entity
	List    []register.Holding
	Next    string
	Holders map[string]register.Shareholder
	May     acts
	On      string
	Sum     money.Quantity
	Today   journal.Date
}

var _ = page[classPage]("class")

func classShow(r *request) error {
	id := r.Param("id")
	return r.show(http.StatusOK, "class", "entities", placeOf(id), func(v *journal.View, f *frame) (any, error) {
		class, e, err := register.ClassAndEntity(v, id)
		if err != nil {
			return nil, err
		}
		list, next, err := register.Holders(v, id, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		sum, on := class.Issued, r.Query("on")
		if on != "" {
			if list, sum, err = registerOn(v, id, on); err != nil {
				return nil, err
			}
			list, next = pageOf(list, r.Query("after"))
		}
		holders := map[string]register.Shareholder{}
		for _, h := range list {
			if holders[h.Holder], err = register.HolderOf(v, class, h.Holder); err != nil {
				return nil, err
			}
		}
		may, err := r.may(v, map[string]any{"class": id}, "IssueShares")
		if err != nil {
			return nil, err
		}
		f.Title = e.Name + " " + class.Name
		return classPage{Class: class, E: e, List: list, Next: next, Holders: holders, May: may, On: on,
			Sum: sum, Today: v.Today()}, nil
	})
}
