package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger"
)

func uploadForm(r *request) error {
	return r.showUpload(http.StatusOK, newForm("date", string(ledger.DateOf(r.now()))), nil, "")
}

// showUpload shows the form of an upload, with each bad row of the file that was just refused, or what a check of it found.
func (r *request) showUpload(code int, f *form, faults ledger.Faults, found string) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	if !r.writes(place) {
		return &ledger.Error{Code: ledger.Forbidden, Text: "只有本村会计能在这里登记"}
	}
	return r.show(code, "upload", "shareholders", place, func(v *ledger.View, fr *frame) (any, error) {
		entities, _, err := v.Entities(place, "", maxLines)
		if err != nil {
			return nil, err
		}
		choices := []option{{Value: "", Label: r.say.T("不配股,只登记")}}
		for _, e := range entities {
			classes, err := v.ShareClasses(e.ID)
			if err != nil {
				return nil, err
			}
			var names []string
			for _, c := range classes {
				names = append(names, c.Name)
			}
			if len(names) > 0 {
				choices = append(choices, option{Value: e.ID, Label: e.Name + "(" + strings.Join(names, "、") + ")"})
			}
		}
		fr.Title = r.say.T("上传股东名单")
		return map[string]any{
			"Form": f, "Place": place, "Found": found, "Entities": choices, "Faults": faults, "Columns": exchange.ShareholderColumns, "Most": ledger.MaxFaults,
			"Modes": []option{{Value: "", Label: r.say.T("登记新股东")}, {Value: "known", Label: r.say.T("股东已登记,只配股")}},
		}, nil
	})
}

func upload(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	u, err := r.takeUpload(exchange.ShareholderFile{
		Village: place, Known: values.Get("mode") == "known", Entity: values.Get("entity"), Date: values.Get("date"), Resolution: values.Get("resolution"),
	}, values.Get(requestKey), values.Get("check") == "only")
	if err == nil && values.Get("check") == "only" {
		return r.showChecked(values, u)
	}
	if err == nil {
		return r.done("/shareholders/"+string(place), "uploaded")
	}
	if !refused(err) {
		return err
	}
	shown := again(values, err, "file", "entity", "date")
	return r.showUpload(status[ledger.CodeOf(err)], shown, shown.Others, "")
}

// takeUpload reads the file and posts what it says, all or nothing.
func (r *request) takeUpload(f exchange.ShareholderFile, key string, dryRun bool) (*exchange.Upload, error) {
	header, err := r.FormFile("file")
	if err != nil {
		return nil, &ledger.Error{Code: ledger.Invalid, Field: "file", Text: "请选一个文件"}
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if f.Entity != "" {
		if err := r.s.ledger.Read(r.who, func(v *ledger.View) error {
			f.Classes, err = v.ShareClasses(f.Entity)
			return err
		}); err != nil {
			return nil, err
		}
	}
	u, err := exchange.ReadShareholders(file, f)
	if err != nil {
		return nil, err
	}
	_, err = u.Post(r.s.ledger, r.who, key, dryRun)
	return u, err
}

// showChecked says what a file that was only checked would record. The form keeps everything but the file, which browsers do not give back.
func (r *request) showChecked(values url.Values, u *exchange.Upload) error {
	registered, issued := 0, 0
	for _, e := range u.Entries {
		switch e.(type) {
		case *ledger.RegisterShareholder:
			registered++
		case *ledger.IssueShares:
			issued++
		}
	}
	found := r.say.T("检查通过,没有写入:%s 行,登记 %s 个股东,配股 %s 笔。选同一个文件再点上传即可记入。",
		strconv.Itoa(u.Rows), strconv.Itoa(registered), strconv.Itoa(issued))
	return r.showUpload(http.StatusOK, again(values, nil), nil, found)
}
