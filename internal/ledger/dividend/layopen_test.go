package dividend_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

// drafted is a draft of a pool of 100 over three holders of 1, 2 and 3 shares, whose resolution is still to come.
func drafted(b *booktest.Books, kind register.EntityKind) (entity, class, id string, holders []string) {
	entity, class, _, holders = b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	book, part := booktest.Yuxin, plan.Component{Class: class, Rule: plan.PoolOver, Pool: yuan("100")}
	if kind == register.SpecialisedCooperative {
		entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "果品合作社", Kind: kind})[0]
		class = b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.YuanUnit,
			Price: booktest.Rate("1")})[0]
		b.Record("kj-yuxin", &register.IssueShares{Class: class, Holder: holders[0], Quantity: booktest.Units("5"), Date: "2024-01-01"})
		b.Record("kj-yuxin", &dividend.RecordTrade{Entity: entity, Holder: holders[0], Date: "2025-05-01", Amount: yuan("50")})
		book, part = entity, plan.Component{Rule: plan.Patronage, Pool: yuan("700")}
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: book, Item: "operating", Date: "2025-05-01", Amount: yuan("1000")})
	id = b.Record("kj-yuxin", &dividend.DraftDistribution{Entity: entity, Year: 2025, RecordDate: "2025-12-31",
		Components: []plan.Component{part}})[0]
	return entity, class, id, holders
}

// A draft lies open for ten days before the meeting, of a specialised cooperative for fifteen; whether fewer are a warning or a refusal is
// the county's. The resolution is given with the submission.
func TestLyingOpenBeforeTheMeeting(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   register.EntityKind
		met    journal.Date // the draft lies open from 2026-03-01
		enough bool
	}{
		{"ten days of a collective", register.StockCooperative, "2026-03-11", true},
		{"nine", register.StockCooperative, "2026-03-10", false},
		{"fourteen of a specialised cooperative", register.SpecialisedCooperative, "2026-03-15", false},
		{"fifteen", register.SpecialisedCooperative, "2026-03-16", true},
		{"before it lay open", register.StockCooperative, "2026-02-20", false},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				b := booktest.New(t)
				entity, _, id, _ := drafted(b, c.kind)
				b.Record("kj-yuxin", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
				b.Time = b.Time.AddDate(0, 1, 0)
				b.Record("kj-yuxin", &resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: c.met, Notice: "2026-01-01",
					Opened: "2026-01-01", Number: "2026-7", Subjects: []resolution.Subject{resolution.Distribution}, Entitled: 3, Present: 3, For: 3})
				if strict {
					b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "resolution_check", Value: "refuse", From: "2026-01-01",
						Reason: "1"})
				}
				b.Refuses("kj-yuxin", journal.Invalid, "resolution", &dividend.SubmitDistribution{Distribution: id})
				submit := &dividend.SubmitDistribution{Distribution: id, Resolution: "2026-7"}
				if strict && !c.enough {
					b.Refuses("kj-yuxin", journal.Conflict, "resolution", submit)
					return
				}
				receipt, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{submit}, DryRun: true})
				asked := false
				for _, d := range receipt.Doubts {
					asked = asked || strings.Contains(d.Text, "才公开")
				}
				if err != nil || asked == c.enough {
					t.Errorf("asked %v: %v %v", asked, receipt.Doubts, err)
				}
			})
		}
	}
}

// What is submitted is compared with what lay open, holder by holder, whatever changed it; a plan that is put right lies open again.
func TestWhatDiffersFromWhatLayOpenIsListed(t *testing.T) {
	b := booktest.New(t)
	_, class, id, holders := drafted(b, register.StockCooperative)
	b.Refuses("kj-yuxin", journal.Invalid, "from", &dividend.LayOpen{Distribution: id, From: "2026-02-28"}) // before it was drafted
	b.Record("kj-yuxin", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
	changed := func() (list []dividend.Changed) {
		b.See("yixian", func(v *journal.View) {
			var err error
			if list, err = dividend.ChangedSince(v, mustPlan(v, id)); err != nil {
				t.Fatal(err)
			}
		})
		return list
	}
	if list := changed(); len(list) != 0 {
		t.Fatalf("nothing has changed: %v", list)
	}
	b.Record("kj-yuxin", &register.TransferShares{Class: class, From: holders[0],
		To:   []register.Lot{{Holder: holders[1], Quantity: booktest.Units("1")}},
		Date: "2025-06-01", Cause: register.Gift})
	want := []dividend.Changed{{Holder: holders[0], Was: yuan("16.67"), WasNet: yuan("16.67"), Gone: true},
		{Holder: holders[1], Was: yuan("33.33"), Is: yuan("50"),
			WasNet: yuan("33.33"), IsNet: yuan("50")}}
	if list := changed(); len(list) != 2 || list[0] != want[0] || list[1] != want[1] {
		t.Fatalf("%v, want %v", list, want)
	}
	receipt, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{
		&dividend.SubmitDistribution{Distribution: id, Resolution: "2026-7"}}})
	if err != nil || !strings.Contains(receipt.Doubts.Error(), "2 户的金额不同") {
		t.Fatalf("%v %v", err, receipt.Doubts)
	}
	b.See("yixian", func(v *journal.View) {
		if d := mustPlan(v, id); d.Resolution != "2026-7" || d.Open.Due != yuan("100") || d.Open.Holders != 3 {
			t.Errorf("%+v", d)
		}
	})
	if list := changed(); len(list) != 2 {
		t.Errorf("after submission %v", list)
	}
	b.Record("sh-qilihe", &dividend.ReturnDistribution{Distribution: id, Reason: "x"})
	b.Refuses("kj-yuxin", journal.Conflict, "distribution", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
	b.Record("kj-yuxin", &dividend.ReviseDistribution{Distribution: id, RecordDate: "2025-12-31", Resolution: "2026-7",
		Components: []plan.Component{{Class: class, Rule: plan.PoolOver, Pool: yuan("50")}}})
	b.Record("kj-yuxin", &dividend.LayOpen{Distribution: id, From: "2026-03-01"})
	if list := changed(); len(list) != 0 {
		t.Errorf("it lies open as it is now: %v", list)
	}
	b.Verified()
}
