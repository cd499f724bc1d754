package ledger_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/seal"
)

// fillBoxes puts a box, each another, wherever an entry has room for one, and counts them.
func fillBoxes(v reflect.Value, n *int) {
	if v.Type() == reflect.TypeFor[seal.Box]() {
		*n++
		v.Set(reflect.ValueOf(seal.Box{Digest: fmt.Append(nil, *n)}))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if holdsBoxes(v.Type().Elem(), map[reflect.Type]bool{}) {
			v.Set(reflect.New(v.Type().Elem()))
			fillBoxes(v.Elem(), n)
		}
	case reflect.Slice:
		if holdsBoxes(v.Type().Elem(), map[reflect.Type]bool{}) {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fillBoxes(v.Index(0), n)
			fillBoxes(v.Index(1), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillBoxes(v.Field(i), n)
			}
		}
	}
}

func holdsBoxes(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == reflect.TypeFor[seal.Box]() {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holdsBoxes(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsBoxes(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

// Every kind that has room for boxes tells of each of them, so that the ledger seals it and verify opens it.
func TestEveryBoxIsToldOf(t *testing.T) {
	kinds := 0
	for _, kind := range journal.Kinds() {
		e, n := journal.New(kind), 0
		if fillBoxes(reflect.ValueOf(e).Elem(), &n); n == 0 {
			continue
		}
		kinds++
		holds, ok := e.(interface{ Boxes(func(journal.Boxed)) })
		if !ok {
			t.Errorf("%s has %d boxes and tells of none", kind, n)
			continue
		}
		told := map[string]bool{}
		holds.Boxes(func(b journal.Boxed) {
			if b.Purpose == "" || b.Box == nil {
				t.Errorf("%s tells of a box without a purpose", kind)
			}
			told[string(b.Box.Digest)] = true
		})
		if len(told) != n {
			t.Errorf("%s has %d boxes and tells of %d", kind, n, len(told))
		}
	}
	if kinds < 10 {
		t.Errorf("only %d kinds with boxes", kinds)
	}
}

// An account that somebody has exchanged in the file goes into no file for a bank: nothing is sent.
func TestExchangedAccountsAreNotPaid(t *testing.T) {
	b := booktest.New(t)
	entity, class, _, h := b.Cooperative("kj-yuxin", booktest.Yuxin, 2)
	b.Record("kj-yuxin", &income.RecordIncome{Book: booktest.Yuxin, Item: "operating", Date: "2025-06-01", Amount: booktest.Yuan("1000")})
	id := b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31", Resolution: "1",
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: booktest.Yuan("100")}}})[0]
	b.Record("kj-yuxin", &dividend.SubmitDistribution{Distribution: id})
	b.Record("sh-qilihe", &dividend.ApproveDistribution{Distribution: id})
	b.Disclosed(id)
	cards := map[string]seal.Box{}
	look := func(_ *journal.Record, e journal.Entry) {
		if r, ok := e.(*register.RegisterShareholder); ok {
			cards[r.ID] = r.CardBox
		}
	}
	b.Forged(look)
	f := b.Forged(func(_ *journal.Record, e journal.Entry) {
		if r, ok := e.(*register.RegisterShareholder); ok {
			r.CardBox = cards[map[string]string{h[0]: h[1], h[1]: h[0]}[r.ID]]
		}
	})
	make := &dividend.MakeBatch{Distribution: id, Date: journal.DateOf(b.Time)}
	if err := f.Refuses("kj-yuxin", journal.Unavailable, "", make); !strings.Contains(err.Error(), h[0]) && !strings.Contains(err.Error(),
		h[1]) {
		t.Errorf("refused with %v", err)
	}
	b.Record("kj-yuxin", make)
	b.Verified()
}
