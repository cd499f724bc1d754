package server_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
)

// fieldFolder holds files as they come from the field, and what is to become of each.
const fieldFolder = "../exchange/testdata/field"

// field is a file of the field.
type field struct {
	ID, File, Rule     string
	Kind, Entity, Date string
	Sheets             []string
	Refused            string
	Says               []string
	List               string
	Has, Lacks, Holds  []string
}

// readField reads the files and what is to become of them, and the entries that come before.
func readField(t *testing.T) (village, batch string, setup []string, cases []field) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fieldFolder, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Village, Batch string
		Setup          []string
		Cases          []field
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all.Village, all.Batch, all.Setup, all.Cases
}

// The files of the field come in by the pages as they should: read right, or refused with what is wrong.
func TestFieldByPage(t *testing.T) {
	s := newSiteOn(t, "", time.Date(2026, 11, 25, 9, 0, 0, 0, journal.Beijing))
	c := s.as("yuxin")
	village, batch, setup, cases := readField(t)
	for _, e := range setup {
		u, err := exchange.ReadEntries(strings.NewReader(e))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Post(s.books, journal.Actor{Account: "yuxin"}, []string{""}, false, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range cases {
		t.Run(x.ID+" "+x.Rule, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(fieldFolder, x.File))
			if err != nil {
				t.Fatal(err)
			}
			path, form := "/upload/"+village, map[string]string{"kind": x.Kind, "entity": x.Entity, "date": x.Date}
			if x.Kind == "results" {
				path, form = "/batch/"+batch+"/result", map[string]string{"date": "2026-11-25"}
			}
			_, page, at := c.send(path, string(content), form)
			if len(x.Sheets) > 0 && at != "" {
				c.post(at+"/layout", url.Values{"sheet": x.Sheets})
				_, page = c.settled(at)
			}
			for _, want := range append(x.Says, x.Refused) {
				if !strings.Contains(page, want) {
					t.Errorf("%q is missing in %.3000s", want, page[strings.Index(page, "<main"):])
				}
			}
			if strings.HasPrefix(at, "/upload") {
				c.post(at+"/post", nil)
				_, page = c.settled(at)
			}
			if done := strings.Contains(page, "全部记入了") || strings.Contains(page, "银行结果") || strings.Contains(page,
				"没有新的要记"); done != (x.Refused == "") {
				t.Errorf("recorded: %v; %.2000s", done, page[strings.Index(page, "<main"):])
			}
			if x.List == "" {
				return
			}
			_, list := c.get("/export/" + x.List + ".csv/" + village + "?as=raw&year=2026")
			_, held := c.get("/export/holdings.csv/" + village + "?as=raw")
			for _, want := range x.Has {
				if !strings.Contains(list, want) {
					t.Errorf("%q is not in the list %s: %.500s", want, x.List, list[max(0, len(list)-500):])
				}
			}
			for _, want := range x.Holds {
				name, shares, _ := strings.Cut(want, " ")
				if !regexp.MustCompile("," + name + `,\d+,` + regexp.QuoteMeta(shares) + ",").MatchString(held) {
					t.Errorf("nobody holds %q: %.500s", want, held[max(0, len(held)-500):])
				}
			}
			for _, not := range x.Lacks {
				if strings.Contains(list, not) {
					t.Errorf("%q is in the list %s", not, x.List)
				}
			}
		})
	}
}

// Whoever approves a plan approves what the page showed: one that was sent back and changed meanwhile is to be looked at again.
func TestStaleApproval(t *testing.T) {
	s := newSite(t)
	reviewer := s.as("qilihe")
	draft := journal.Posting{Entries: []journal.Entry{&dividend.DraftDistribution{Entity: coop, Year: 2026, RecordDate: "2026-02-28",
		Resolution: "2026-9", Interim: true,
		Components: []plan.Component{{Class: coop + "C02", Rule: plan.RatePerUnit, Rate: 1_000_000}}}}}
	receipt, err := s.books.Post(journal.Actor{Account: "yuxin"}, draft)
	if err != nil {
		t.Fatal(err)
	}
	at := "/distribution/" + receipt.IDs[0]
	seen := func(page, form string) string {
		t.Helper()
		_, rest, _ := strings.Cut(page, `action="`+at+form+`"`)
		m := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(rest)
		if m == nil {
			t.Fatalf("the form %s says nothing of what was seen: %.300s", form, rest)
		}
		return m[1]
	}
	step := func(e journal.Entry, who string) {
		t.Helper()
		if _, err := s.books.Post(journal.Actor{Account: who}, journal.Posting{Entries: []journal.Entry{e}}); err != nil {
			t.Fatal(err)
		}
	}
	id := receipt.IDs[0]
	step(&dividend.SubmitDistribution{Distribution: id}, "yuxin")
	_, page := reviewer.get(at)
	old := seen(page, "/approve")
	step(&dividend.ReturnDistribution{Distribution: id, Reason: "再算"}, "qilihe")
	step(&dividend.ReviseDistribution{Distribution: id, RecordDate: "2026-02-28", Resolution: "2026-9", Interim: true,
		Components: []plan.Component{{Class: coop + "C02", Rule: plan.RatePerUnit, Rate: 2_000_000}}}, "yuxin")
	step(&dividend.SubmitDistribution{Distribution: id}, "yuxin")
	if code, page := reviewer.post(at+"/approve", url.Values{"seen": {old}}); code != 409 || !strings.Contains(page, "方案在您打开以后改过") {
		t.Errorf("a plan that nobody looked at was approved: %d %.300s", code, page)
	}
	_, page = reviewer.get(at)
	if code, page := reviewer.post(at+"/approve", url.Values{"seen": {seen(page, "/approve")}}); code != 303 {
		t.Errorf("the plan as it was seen: %d %.300s", code, page)
	}
}
