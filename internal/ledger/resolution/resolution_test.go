package resolution_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/ledger/resolution"
)

// What the law has of a resolution, and where one falls short of it.
func TestFindings(t *testing.T) {
	collective, cooperative := resolution.Organisation{}, resolution.Organisation{Votes: true}
	good := resolution.Resolution{ID: "210727102216R2026001", Body: resolution.Assembly, Date: "2026-03-15", Notice: "2026-03-05",
		Opened: "2026-03-05", Entitled: 90, Present: 60, For: 60}
	with := func(change func(*resolution.Resolution)) resolution.Resolution {
		r := good
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		org  resolution.Organisation
		r    resolution.Resolution
		on   resolution.Subject
		want string // fields that are found, "" for none
	}{
		{"exactly two thirds, exactly ten days", collective, good, resolution.Distribution, ""},
		{"one vote less", collective, with(func(r *resolution.Resolution) { r.For = 59 }), resolution.Fund, "for"},
		{"one person less", collective, with(func(r *resolution.Resolution) { r.Present, r.For = 59, 59 }), resolution.Fund, "present for"},
		{"nine days of notice", collective, with(func(r *resolution.Resolution) { r.Notice = "2026-03-06" }), resolution.Charter, "notice"},
		{"no day of notice", collective, with(func(r *resolution.Resolution) { r.Notice = "" }), resolution.Charter, "notice"},
		{"a charter by representatives", collective, with(func(r *resolution.Resolution) { r.Body = resolution.Representatives }),
			resolution.Charter,
			"body"},
		{"a plan by representatives", collective, with(func(r *resolution.Resolution) { r.Body = resolution.Representatives }),
			resolution.Distribution, ""},
		{"a plan by the council", collective, with(func(r *resolution.Resolution) { r.Body = resolution.Council }), resolution.Distribution,
			"body"},
		{"a contribution by the council", collective, with(func(r *resolution.Resolution) { r.Body = resolution.Council }),
			resolution.Contribution, ""},
		{"a plan that lay open nine days", collective, with(func(r *resolution.Resolution) { r.Opened = "2026-03-06" }),
			resolution.Distribution, "opened"},
		{"no figures", collective, with(func(r *resolution.Resolution) { r.Entitled, r.Present, r.For = 0, 0, 0 }), resolution.Fund, "entitled"},
		{"outsiders by two thirds", collective, good, resolution.Outsiders, "for"},
		{"outsiders by three quarters", collective, with(func(r *resolution.Resolution) { r.Present, r.For = 68, 68 }), resolution.Outsiders, ""},
		{"a cooperative's plan by half", cooperative, with(func(r *resolution.Resolution) { r.For, r.Opened = 45, "2026-02-28" }),
			resolution.Distribution, "for"},
		{"by one more", cooperative, with(func(r *resolution.Resolution) { r.For, r.Opened = 46, "2026-02-28" }), resolution.Distribution, ""},
		{"with additional votes", cooperative, with(func(r *resolution.Resolution) { r.For, r.Votes = 46, 100 }), resolution.Fund, "for"},
		{"a cooperative's plan that lay open ten days", cooperative, good, resolution.Distribution, "opened"},
		{"a cooperative's charter by half", cooperative, with(func(r *resolution.Resolution) { r.For = 46 }), resolution.Charter, "for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var fields []string
			for _, f := range c.r.Findings(c.org, c.on) {
				fields = append(fields, f.Field)
			}
			if got := strings.Join(fields, " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A resolution is entered once and named by its number; what falls short is asked about, and refused where the county says so. A text that
// names none stays a number only.
func TestNaming(t *testing.T) {
	b := booktest.New(t)
	entity, heads, _, holders := b.Cooperative("kj-yuxin", booktest.Yuxin, 1)
	record := &resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: "2026-02-20", Notice: "2026-02-01",
		Subjects: []resolution.Subject{resolution.Shares}, Number: "2026-03", Entitled: 30, Present: 25, For: 25}
	id := b.Record("kj-yuxin", record)[0]
	b.Refuses("kj-yuxin", journal.Conflict, "number", record)
	b.Refuses("kj-yuxin", journal.Invalid, "present", &resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: "2026-02-20",
		Subjects: []resolution.Subject{resolution.Shares}, Entitled: 30, Present: 31})
	b.Refuses("kj-yuxin", journal.Invalid, "for", &resolution.RecordResolution{Of: entity, Body: resolution.Assembly, Date: "2026-02-20",
		Subjects: []resolution.Subject{resolution.Shares}, Entitled: 30, Present: 20, For: 15, Against: 6})
	adjust := func(text string) *register.AdjustShares {
		return &register.AdjustShares{Class: heads, Changes: []register.Lot{{Holder: holders[0], Quantity: 10_000}}, Date: "2026-02-21",
			Resolution: text}
	}
	doubts := func(e journal.Entry) string {
		t.Helper()
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Doubts.Error()
	}
	for _, text := range []string{id, "2026-03", "2026-001", "决议七"} {
		if said := doubts(adjust(text)); said != "" {
			t.Errorf("%s: %s", text, said)
		}
	}
	b.See("yixian", func(v *journal.View) {
		if resting, _ := resolution.RestingOn(v, id); len(resting) != 3 {
			t.Errorf("%d entries rest on it, want 3", len(resting))
		}
		if got := resolution.Said(v, id) + resolution.Said(v, "决议七"); got != "2026-03决议七" {
			t.Errorf("said %s", got)
		}
	})
	aside := &income.SetAside{Book: booktest.Yuxin, Year: 2026, Fund: income.ReserveFund, Resolution: id}
	if said := doubts(aside); !strings.Contains(said, "议的是股权量化、设置和调整,不是公积公益金") {
		t.Errorf("another subject: %q", said)
	}
	other := b.Record("kj-yuxin", &register.RegisterEntity{Village: booktest.Yuxin, Name: "别的社", Kind: register.SpecialisedCooperative})[0]
	b.Refuses("kj-yuxin", journal.Conflict, "resolution", &register.ChangeCharter{Entity: other, Resolution: id})
	b.Refuses("kj-yuxin", journal.NotFound, "resolution", adjust(entity+"R2026009"))
	b.Record("yixian", &office.ChangeSetting{Region: "210727000000", Setting: "resolution_check", Value: "refuse", From: "2026-03-01",
		Reason: "文件"})
	b.Refuses("kj-yuxin", journal.Conflict, "resolution", aside)
	b.Refuses("kj-yuxin", journal.Conflict, "resolution", adjust("决议七"))
	b.Record("kj-yuxin", adjust("2026-03"))
	b.Verified()
}

// What the nearest office has said last, from a day that has come, is what holds; nobody else may say it.
func TestSettings(t *testing.T) {
	b := booktest.New(t)
	b.Record("admin", &office.AddAccount{Name: "jinzhou", Role: journal.Official, Region: "210700000000", Hash: "h"})
	s := office.SettingNamed("resolution_check")
	now := func(want string) {
		t.Helper()
		b.See("yixian", func(v *journal.View) {
			if got, err := office.InForce(v, booktest.Yuxin, s); got != want || err != nil {
				t.Errorf("%s %v, want %s", got, err, want)
			}
		})
	}
	set := func(place, value, from string) *office.ChangeSetting {
		return &office.ChangeSetting{Region: journal.RegionOf(place), Setting: s.Name, Value: value, From: journal.Date(from), Reason: "文件"}
	}
	now("warn")
	b.Record("jinzhou", set("2107", "refuse", "2026-01-01"))
	now("refuse")
	b.Record("yixian", set("210727", "warn", "2026-02-01"))
	now("warn")
	b.Record("yixian", set("210727", "refuse", "2026-04-01")) // not yet
	now("warn")
	b.Refuses("yixian", journal.Forbidden, "", set("2107", "warn", "2026-01-01"))
	b.Refuses("jinzhou", journal.Invalid, "value", set("2107", "perhaps", "2026-01-01"))
	b.Refuses("jinzhou", journal.Invalid, "setting", &office.ChangeSetting{Region: "210700000000", Setting: "x", From: "2026-01-01",
		Reason: "x"})
	b.Refuses("jinzhou", journal.Invalid, "region", &office.ChangeSetting{Region: booktest.Yuxin, Setting: s.Name, Value: "warn",
		From:   "2026-01-01",
		Reason: "x"})
	b.Verified()
}
