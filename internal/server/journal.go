package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger"
)

func journal(r *request) error {
	place, err := r.place("place")
	if err != nil {
		return err
	}
	return r.show(http.StatusOK, "journal", "journal", place, func(v *ledger.View, f *frame) (any, error) {
		list, next, err := v.Journal(place, r.Query("after"), pageSize)
		if err != nil {
			return nil, err
		}
		f.Title = r.say.T("日志")
		return map[string]any{"List": list, "Next": next, "Place": place}, nil
	})
}

// entryField is a field of an entry as it is shown.
type entryField struct{ Name, Value string }

func entryShow(r *request) error {
	seq, err := strconv.ParseUint(r.Param("seq"), 10, 64)
	if err != nil {
		return &ledger.Error{Code: ledger.NotFound, Text: "没有这个页面"}
	}
	return r.show(http.StatusOK, "entry", "journal", placeOf(r.Param("chain")), func(v *ledger.View, f *frame) (any, error) {
		j, err := v.JournalEntry(r.Param("chain"), seq)
		if err != nil {
			return nil, err
		}
		f.Crumbs = v.Path(j.Place)
		f.Title = r.say.T(string(ledger.KindLabel(j.Kind)))
		return map[string]any{"J": j, "Fields": fieldsOf(j.Entry), "Subject": linkOf(j.Entry)}, nil
	})
}

// fieldsOf lists an entry's fields for reading: numbers and hashes are sealed and stay so; long lists are cut.
func fieldsOf(e ledger.Entry) (list []entryField) {
	v := reflect.ValueOf(e).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Tag.Get("cbor") == "-" || v.Field(i).IsZero() {
			continue
		}
		name := f.Tag.Get("json")
		if name == "-" {
			name = f.Name
		}
		value := v.Field(i)
		if value.Kind() == reflect.Struct {
			list = append(list, entryField{name, "••••••"})
			continue
		}
		b, err := json.Marshal(value.Interface())
		if err != nil {
			continue
		}
		text := string(b)
		if unquoted, err := strconv.Unquote(text); err == nil {
			text = unquoted
		}
		if r := []rune(text); len(r) > 2000 {
			text = string(r[:2000]) + "…"
		}
		list = append(list, entryField{name, text})
	}
	return list
}

// linkOf is the page about what an entry made or changed, "" when there is none.
func linkOf(e ledger.Entry) string {
	id := e.Subject()
	switch e := e.(type) {
	case *ledger.RegisterEntity:
		return "/entity/" + id
	case *ledger.OpenShareClass, *ledger.CloseShareClass:
		return "/class/" + id
	case *ledger.ChangeCharter, *ledger.DissolveEntity:
		return "/entity/" + id
	case *ledger.RegisterShareholder, *ledger.CorrectShareholder, *ledger.ChangeBankCard, *ledger.ReverseIssue:
		return "/shareholder/" + id
	case *ledger.RecordContribution:
		return "/contributions/" + id[:16]
	case *ledger.IssueShares:
		return "/class/" + e.Class
	case *ledger.RecordIncome:
		return lineLink(id) + "#" + id
	case *ledger.ReverseIncome:
		return lineLink(id) + "#" + id
	case *ledger.CloseYear:
		return "/summary/" + string(e.Village) + "?year=" + strconv.Itoa(e.Year)
	case *ledger.DraftDistribution, *ledger.ReviseDistribution, *ledger.SubmitDistribution, *ledger.ReturnDistribution, *ledger.ApproveDistribution,
		*ledger.VoidDistribution, *ledger.ConfirmPayouts, *ledger.FailPayouts, *ledger.ReversePayouts:
		return "/distribution/" + id
	}
	return ""
}
