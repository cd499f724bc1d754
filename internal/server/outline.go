package server

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/picture"
	"github.com/sanbian/ledger/internal/region"
)

var _ = on(
	get("/outlines", outlineList),
	post("/outlines", outlineLoad).upTo(exchange.MaxOutlines+1<<20),
	post("/outlines/drop", outlineDrop),
)

func outlineList(r *request) error { return r.showOutlines(http.StatusOK, newForm()) }

// outlinesPage is what the page outlines shows: the maps that are loaded, by the place whose parts they show.
type outlinesPage struct {
	Form *form
	Maps []loadedMap
}

type loadedMap struct {
	Of      office.Division
	Picture template.HTML
	Without []string // the places that it leaves out
}

var _ = page[outlinesPage]("outlines")

func (r *request) showOutlines(code int, f *form) error {
	return r.show(code, "outlines", "outlines", r.who.Region, func(v *journal.View, fr *frame) (any, error) {
		if err := r.permitted(v, "OutlinePlace", map[string]any{"code": string(r.who.Region)}); err != nil {
			return nil, err
		}
		fr.Title = r.say.T("地图轮廓")
		f.of("OutlinePlace")
		body := outlinesPage{Form: f}
		for _, of := range outlinedBy(v, r.who.Region) {
			m := loadedMap{Of: of}
			var shapes []picture.Shape
			for _, p := range office.Children(v, of.Code) {
				if o, ok := office.OutlineOf(v, p.Code); ok {
					shapes = append(shapes, picture.Shape{Rings: ringsOf(o), Label: p.Short(), Class: "tn"})
				} else {
					m.Without = append(m.Without, p.Short())
				}
			}
			if len(shapes) > 0 {
				m.Picture = picture.Map(r.say.T("%s的轮廓", of.Short()), shapes)
				body.Maps = append(body.Maps, m)
			}
		}
		return body, nil
	})
}

// outlinedBy are the places whose parts an administrator may load a map of.
func outlinedBy(v *journal.View, within region.Code) []office.Division {
	list := office.Divisions(v, within, region.City)
	return append(list, office.Divisions(v, within, region.County)...)
}

// mayOutline refuses whoever may not load maps at all.
func (r *request) mayOutline() error {
	return r.s.ledger.Read(r.who, func(v *journal.View) error {
		return r.permitted(v, "OutlinePlace", map[string]any{"code": string(r.who.Region)})
	})
}

// outlineLoad reads a map file and posts what it says of the administrator's places.
func outlineLoad(r *request) error {
	if err := r.mayOutline(); err != nil { // before anything is read
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	refuse := func(err error) error {
		if !refused(err) {
			return err
		}
		return r.showOutlines(status[journal.CodeOf(err)], again(values, err, "file"))
	}
	name, content, err := r.brought(exchange.MaxOutlines + 1)
	if err != nil {
		return err
	}
	if name == "" {
		return refuse(&journal.Error{Code: journal.Invalid, Field: "file", Text: "请选一个文件"})
	}
	var read *exchange.Outlines
	if err := r.s.ledger.Read(r.who, func(v *journal.View) (err error) {
		read, err = exchange.ReadOutlines(content, v, r.who.Region)
		return err
	}); err != nil {
		return refuse(err)
	}
	if len(read.Unknown) > 0 && values.Get("skip") == "" {
		return refuse(&journal.Error{Code: journal.Invalid, Field: "file", Value: strings.Join(read.Unknown, " "),
			Text: "区划表里没有:%s;请改文件里的名称或代码,或者勾上“略过认不得的”", Args: []any{strings.Join(read.Unknown, "、")}})
	}
	if _, err := r.s.ledger.Post(r.who, r.posting(read.Entries, values.Get(requestKey))); err != nil {
		return refuse(err)
	}
	return r.done("/outlines", "outlined")
}

// outlineDrop takes a map away again.
func outlineDrop(r *request) error {
	if err := r.mayOutline(); err != nil { // before anything is read
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	of, err := region.Parse(values.Get("of"))
	if err != nil {
		return &journal.Error{Code: journal.Invalid, Field: "of", Text: "地区代码 %s 不对", Args: []any{values.Get("of")}}
	}
	var list []map[string]any
	if err := r.s.ledger.Read(r.who, func(v *journal.View) error {
		for _, p := range office.Children(v, of) {
			if _, ok := office.OutlineOf(v, p.Code); ok {
				list = append(list, map[string]any{"code": string(p.Code)})
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if len(list) > 0 {
		if _, err := r.postAll("OutlinePlace", list, values.Get(requestKey)); err != nil {
			return err
		}
	}
	return r.done("/outlines", "outlines-dropped")
}
