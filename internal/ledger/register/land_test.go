package register_test

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// landBooks is a cooperative with three households and a class that counts 亩.
func landBooks(t *testing.T, b *booktest.Books) (class string, holders []string) {
	t.Helper()
	_, _, class, holders = b.Cooperative("kj-yuxin", booktest.Yuxin, 3)
	return class, holders
}

// The codes of contractor and plot in the tests are of 育新村, group 01.
const (
	contractor = booktest.Yuxin + "010007"
	plotCode   = booktest.Yuxin + "0100012"
)

// Codes are checked where they have the shape of codes, and brought to one spelling; free text stays free.
func TestLandCodes(t *testing.T) {
	b := booktest.New(t)
	class, holders := landBooks(t, b)
	in := func(change func(*register.RecordContribution)) *register.RecordContribution {
		e := &register.RecordContribution{Class: class, Holder: holders[0], Kind: register.Farmland, Area: booktest.Units("1"),
			Value: booktest.Yuan("100"), Shares: booktest.Units("1"), Date: "2025-03-01"}
		change(e)
		return e
	}
	for _, c := range []struct {
		name, field, says string
		change            func(*register.RecordContribution)
	}{
		{"a letter that is none", "certificate", "J(家庭承包)或 Q", func(e *register.RecordContribution) { e.Certificate = contractor + "X" }},
		{"a contractor of no number", "contract", "顺序码全是 0", func(e *register.RecordContribution) { e.Contract = booktest.Yuxin + "010000J" }},
		{"a plot of no number", "plot", "顺序码全是 0", func(e *register.RecordContribution) { e.Plot = booktest.Yuxin + "0100000" }},
		{"a kind that is none", "land_kind", "GB/T 21010", func(e *register.RecordContribution) { e.Land = "9999" }},
		{"land of money", "land_kind", "只有资源入股", func(e *register.RecordContribution) {
			e.Kind, e.Area, e.Plot = register.OwnFunds, 0,
				plotCode
		}},
		{"more than the whole", "whole_area", "比整块的", func(e *register.RecordContribution) { e.Whole = booktest.Units("0.5") }},
		{"longer than the certificate", "until", "入股到 2050-12-31,权证只到 2027-12-31", func(e *register.RecordContribution) {
			e.Until, e.Term = "2050-12-31", "2027-12-31"
		}},
		{"of a certificate that is over", "certificate_until", "到期", func(e *register.RecordContribution) { e.Term = "2024-12-31" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{in(c.change)}})
			all := journal.All(err)
			if len(all) == 0 || all[0].Field != c.field || !booktest.HasText(all[0], c.says) {
				t.Errorf("refused with %v", err)
			}
		})
	}
	for _, c := range []struct {
		name   string
		doubts string // "" where nothing is asked
		change func(*register.RecordContribution)
		want   string // the certificate as it is kept
	}{
		{"a certificate", "", func(e *register.RecordContribution) { e.Certificate = contractor[:14] + " 0001j" }, contractor[:14] + "0001J"},
		{"without its letter", "少了末位的", func(e *register.RecordContribution) { e.Certificate = contractor[:14] + "0002" },
			contractor[:14] + "0002"},
		{"free text", "", func(e *register.RecordContribution) { e.Certificate = "义农地承包权(2017)第 00312 号" }, "义农地承包权(2017)第 00312 号"},
		{"of a place that is not on the map", "不在区划表里", func(e *register.RecordContribution) { e.Certificate = "990101001200010003J" },
			"990101001200010003J"},
		{"a plot of another group", "发包方是", func(e *register.RecordContribution) {
			e.Certificate, e.Plot = contractor[:14]+"0003J", booktest.Yuxin+"0200001"
		}, contractor[:14] + "0003J"},
		{"a plot with a digit too few", "地块编码是 19 位", func(e *register.RecordContribution) { e.Plot = plotCode[:18] }, ""},
		{"forest where farmland is said", "请核对", func(e *register.RecordContribution) { e.Land = "0301" }, ""},
		{"an orchard", "", func(e *register.RecordContribution) { e.Land = "果园" }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{in(c.change)}})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Doubts) > 0 != (c.doubts != "") || c.doubts != "" && !booktest.HasText(r.Doubts[0], c.doubts) {
				t.Errorf("asked %v", r.Doubts)
			}
			b.See("kj-yuxin", func(v *journal.View) {
				list, _, _ := register.Contributions(v, journal.EntityID.In(class), "2025", "", "", 100)
				if got := list[len(list)-1].Certificate; got != c.want {
					t.Errorf("kept as %s", got)
				}
			})
		})
	}
	if _, err := booktest.Verify(b); err != nil {
		t.Error(err)
	}
}

// Of a plot, and under a certificate, no more is put in than there is; where nobody has said how much that is, twice is asked about. What
// has
// ended or was taken back is free again.
func TestLandTwice(t *testing.T) {
	b := booktest.New(t)
	class, holders := landBooks(t, b)
	n := 0
	in := func(area string, change func(*register.RecordContribution)) *register.RecordContribution {
		e := &register.RecordContribution{Class: class, Holder: holders[n%3], Kind: register.Farmland, Area: booktest.Units(area),
			Value: booktest.Yuan("100"), Shares: booktest.Units(area), Date: "2025-03-01"}
		n++
		change(e)
		return e
	}
	post := func(e *register.RecordContribution) (doubts string, err error) {
		r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
		for _, d := range r.Doubts {
			doubts += d.Text
		}
		return doubts, err
	}
	plot := func(e *register.RecordContribution) { e.Plot = plotCode }
	whole := func(e *register.RecordContribution) { e.Plot, e.Whole = plotCode, booktest.Units("5") }
	if d, err := post(in("2", whole)); d != "" || err != nil {
		t.Fatal(d, err)
	}
	if d, err := post(in("3", plot)); d != "" || err != nil { // the rest of the whole
		t.Fatal(d, err)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "plot", in("0.01", plot))
	paper := func(e *register.RecordContribution) { e.Certificate = "义农证 12" }
	if d, err := post(in("1", paper)); d != "" || err != nil {
		t.Fatal(d, err)
	}
	if d, err := post(in("1", paper)); !strings.Contains(d, "不能入股两次") || err != nil {
		t.Errorf("asked %q, %v", d, err)
	}
	// Two plots of one certificate are two plots.
	for _, at := range []string{"3", "4"} {
		if d, err := post(in("1", func(e *register.RecordContribution) {
			e.Certificate, e.Plot = contractor+"J", plotCode[:18]+at
		})); d != "" || err != nil {
			t.Errorf("plot %s: asked %q, %v", at, d, err)
		}
	}
	// A term that is over makes room; so does a reversal.
	past := func(e *register.RecordContribution) {
		e.Plot, e.Whole, e.Date, e.Until = plotCode[:18]+"5", booktest.Units("1"), "2020-01-01", "2022-12-31"
	}
	if _, err := post(in("1", past)); err != nil {
		t.Fatal(err)
	}
	now := func(e *register.RecordContribution) { e.Plot, e.Whole = plotCode[:18]+"5", booktest.Units("1") }
	r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{in("1", now)}})
	if err != nil {
		t.Fatal(err)
	}
	b.Refuses("kj-yuxin", journal.Conflict, "plot", in("1", now))
	b.Record("kj-yuxin", &register.ReverseMovement{Class: class, Holder: holders[(n-2)%3], Movement: int(r.Ranges[0].First), Reason: "记错"})
	if _, err := post(in("1", now)); err != nil {
		t.Errorf("after the reversal: %v", err)
	}
}

// The certificate's term holds for every contribution under it, whoever wrote it.
func TestLandTerm(t *testing.T) {
	b := booktest.New(t)
	class, holders := landBooks(t, b)
	in := func(until, term journal.Date, plot string) *register.RecordContribution {
		return &register.RecordContribution{Class: class, Holder: holders[0], Kind: register.Farmland, Area: booktest.Units("1"),
			Value: booktest.Yuan("100"), Shares: booktest.Units("1"), Date: "2025-03-01", Certificate: contractor + "J", Until: until, Term: term,
			Plot: plotCode[:18] + plot}
	}
	b.Record("kj-yuxin", in("2027-12-31", "2027-12-31", "1")) // as long as the certificate
	if e := b.Refuses("kj-yuxin", journal.Conflict, "until", in("2028-01-01", "", "2")); !booktest.HasText(e, "2027-12-31") {
		t.Error(e)
	}
	b.Record("kj-yuxin", in("2027-12-30", "", "2"))
}

// Land is filed by the groups of GB/T 21010: by what was said of it, else by what was put in.
func TestLandByKind(t *testing.T) {
	b := booktest.New(t)
	class, holders := landBooks(t, b)
	for _, x := range []struct {
		kind       register.ContributionKind
		area, land string
	}{{register.Farmland, "1.5", ""}, {register.Farmland, "2", "0103 旱地"}, {register.Farmland, "3", "0201"}, {register.Pond, "1", ""},
		{register.OtherResource, "4", ""}, {register.OtherResource, "5", "宅基地"}} {
		b.Record("kj-yuxin", &register.RecordContribution{Class: class, Holder: holders[0], Kind: x.kind, Area: booktest.Units(x.area),
			Value: booktest.Yuan("100"), Shares: booktest.Units("1"), Date: "2025-03-01", Land: x.land, Resolution: "1"})
	}
	b.Record("kj-yuxin", &register.RecordContribution{Class: class, Holder: holders[0], Kind: register.OwnFunds, Value: booktest.Yuan("100"),
		Shares: booktest.Units("1"), Date: "2025-03-01", Resolution: "1"})
	b.See("kj-yuxin", func(v *journal.View) {
		list, err := register.LandByKind(v, booktest.Yuxin, "2025-12-31")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, string(s.Filed)+" "+s.Area.String())
		}
		if want := "耕地 3.5,园地 3,宅基地 5,其他农用地 1,没有写地类 4"; strings.Join(got, ",") != want {
			t.Errorf("filed %s, want %s", strings.Join(got, ","), want)
		}
		if early, _ := register.LandByKind(v, booktest.Yuxin, "2025-02-28"); len(early) != 0 {
			t.Errorf("before: %v", early)
		}
	})
}
