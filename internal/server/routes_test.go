package server_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/server"
)

// parameter is a part of a route's path that the reader fills.
var parameter = regexp.MustCompile(`[:*]\w+`)

// own fills a route's path with what 育新村 has.
func own(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return parameter.ReplaceAllStringFunc(path, func(name string) string {
		if name == ":id" || first == "contributions" { // what is put in is recorded with its entity
			if id, ok := map[string]string{
				"class": coop + "C01", "shareholder": yuxin + "H00001", "distribution": thePlan, "batch": thePlan + "T01", "paper": coop + "P001",
				"contract": yuxin + "K0002", "income": yuxin + "Y2025N00001", "upload": "1", "membership": coop + "M00001",
				"resolution": coop + "R2026001",
			}[first]; ok {
				return id
			}
			return coop
		}
		return map[string]string{
			":place": yuxin, ":book": yuxin, ":of": coop, ":holder": yuxin + "H00001", "*ref": yuxin + "H00001", ":event": "transfer",
			":kind": "payouts", ":what": "shareholders.csv", ":chain": "210727", ":seq": "1", ":version": "1", "*file": "/x.css",
		}[name]
	})
}

// anybodys routes are open without signing in; those of everybody who has signed in belong to no region.
var (
	anybodys = []string{"/static/:version/*file", "/healthz", "/readyz", "/login", "/login/second", "/logout", "/language", "/check",
		"/public", "/public/:place", "/public/:place/plan/:id", "/public/:place/plan/:id/mine", "/public/:place/plan/:id/object",
		"/public/:place/statement/:book", "/public/seals", "/public/seals/:name", "/public/seals/:name/text"}
	everybodys = []string{"/", "/password", "/reading", "/sessions/end", "/find", "/second", "/second/drop"}
)

// Every route asks who comes: without a sign-in it leads to the sign-in, and somebody of another township gets nothing of this village.
func TestEveryRouteHasItsReaders(t *testing.T) {
	s := newSite(t)
	nobody, elsewhere := s.nobody(), s.as("sh-210727002")
	for _, route := range server.Routes() {
		method, path := route[0], route[1]
		if slices.Contains(anybodys, path) {
			continue
		}
		try := func(c *client) (int, string) {
			if method == http.MethodPost {
				return c.post(own(path), nil)
			}
			return c.get(own(path))
		}
		switch code, to := try(nobody); {
		case method == http.MethodGet && (code != http.StatusSeeOther || !strings.HasPrefix(to, "/login")):
			t.Errorf("%s %s without signing in: %d %.100s", method, path, code, to)
		case method == http.MethodPost && code != http.StatusUnauthorized:
			t.Errorf("%s %s without signing in: %d", method, path, code)
		}
		if slices.Contains(everybodys, path) {
			continue
		}
		if code, body := try(elsewhere); code != http.StatusForbidden && code != http.StatusNotFound {
			t.Errorf("%s %s by a reviewer of another township: %d %.200s", method, path, code, body)
		}
	}
}

// notEmpty are the posts that are not tried with an empty form: some need no field, and asking for whole numbers leaves a trace in the
// journal.
var notEmpty = []string{
	"/logout", "/language", "/password", "/second/drop", "/distribution/:id/payouts.csv", "/distribution/:id/payouts.xlsx",
	"/shareholder/:id/held", "/shareholders/:place/shareholders.csv", "/shareholders/:place/shareholders.xlsx",
	"/distribution/:id/paper/:kind",
}

// Garbage in an address or an empty form is answered with a page that says so, never with a fault of the program, and writes nothing.
func TestEveryRouteTakesGarbage(t *testing.T) {
	s := newSite(t)
	_, before := s.as("yixian").get("/journal/210727")
	for _, who := range []string{"yuxin", "qilihe", "yixian", "admin"} {
		c := s.as(who)
		for _, garbage := range []string{"", "x", "%FF", coop[:len(coop)-2], coop + "C0", thePlan[:len(thePlan)-1], yuxin + "H00000",
			strings.Repeat("9", 300), "21"} {
			for _, route := range server.Routes() {
				method, path := route[0], route[1]
				if strings.HasPrefix(path, "/static") || method == http.MethodPost && slices.Contains(notEmpty, path) {
					continue
				}
				at := own(path)
				if garbage != "" {
					at = parameter.ReplaceAllString(path, garbage)
				}
				ask, _ := http.NewRequest(method, c.url+at, nil)
				if garbage != "" && method == http.MethodGet {
					ask.URL.RawQuery = "year=" + garbage + "&on=" + garbage + "&after=" + garbage + "&open=" + garbage + "&q=" + garbage
				}
				code, body := c.do(ask)
				if code >= 500 {
					t.Errorf("%s %s?%s by %s: %d", method, at, ask.URL.RawQuery, who, code)
				}
				if method == http.MethodPost && code < 400 {
					t.Errorf("%s %s by %s, an empty form: %d %.200s", method, at, who, code, body)
				}
			}
		}
	}
	if _, after := s.as("yixian").get("/journal/210727"); after != before {
		t.Error("something was written")
	}
}

var link = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// Every link on every page leads somewhere its reader may go, and an export takes the year and the day of the page with it.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	s := newSite(t)
	for _, who := range []string{"yuxin", "qilihe", "yixian", "admin"} {
		c := s.as(who)
		seen, shapes := map[string]bool{}, map[string]int{}
		todo := []string{"/accounts"}
		if who != "admin" {
			todo = []string{"/transformation/" + yuxin + "?year=2024", "/summary/" + yuxin + "?year=2024", "/income/" + yuxin + "?year=2024",
				"/distributions/" + yuxin + "?year=2024", "/class/" + coop + "C01?on=2020-01-01"}
		}
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			code, body := c.get(at)
			if code == http.StatusSeeOther { // the day's page of who has none of his own
				code, body = c.get(body)
			}
			if code != http.StatusOK {
				t.Errorf("%s reads %s: %d %.200s", who, at, code, body)
				continue
			}
			page, _ := url.Parse(at)
			if !strings.Contains(body, "</html>") {
				continue
			}
			for _, m := range link.FindAllStringSubmatch(body, -1) {
				to := html.UnescapeString(m[1])
				target, err := url.Parse(to)
				if err != nil {
					t.Fatalf("%s: %s: %v", at, to, err)
				}
				if strings.HasPrefix(to, "/export/") {
					for _, kept := range []string{"year", "on"} {
						if page.Query().Get(kept) != "" && target.Query().Get(kept) != page.Query().Get(kept) && strings.Contains(to, lastPart(page.Path)) {
							t.Errorf("%s: the export %s forgets %s=%s", at, to, kept, page.Query().Get(kept))
						}
					}
				}
				shape := digits.ReplaceAllString(target.Path, "0")
				for _, k := range slices.Sorted(maps.Keys(target.Query())) {
					shape += "&" + k
				}
				enough := 3
				if strings.Contains(shape, ".xlsx") { // they lead where the CSV beside them leads; a county's are large
					enough = map[bool]int{true: 1}[who == "yuxin"]
				}
				if !seen[to] && shapes[shape] < enough {
					seen[to] = true
					shapes[shape]++
					todo = append(todo, to)
				}
			}
		}
		if len(seen) < 30 && who != "admin" {
			t.Errorf("%s followed %d links only", who, len(seen))
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// Every list goes out as CSV and XLSX under its headings, of a region and of one thing, to whoever may read the place and to nobody else.
func TestEveryListGoesOut(t *testing.T) {
	s := newSite(t)
	mine, elsewhere := s.as("yuxin"), s.as("sh-210727002")
	things := map[*journal.Form]string{journal.EntityID: coop, journal.ClassID: coop + "C01", journal.DistributionID: thePlan}
	for _, l := range exchange.Lists() {
		var of []string
		if l.Region {
			of = append(of, yuxin)
		}
		if l.Of != nil {
			of = append(of, things[l.Of])
		}
		for _, id := range of {
			for _, extension := range []string{".csv", ".xlsx"} {
				at := "/export/" + l.Name + extension + "/" + id
				code, body := mine.get(at)
				under := "\ufeff"
				if l.Above != nil { // rows above the headings, as official forms have
					under = "\r\n"
				}
				if code != http.StatusOK || extension == ".csv" && !strings.Contains(body, under+strings.Join(l.Headings, ",")+"\r\n") {
					t.Errorf("%s: %d %.100s", at, code, body)
				}
				if code, body := elsewhere.get(at); code != http.StatusForbidden {
					t.Errorf("%s by a reviewer of another township: %d %.100s", at, code, body)
				}
			}
		}
	}
}

// An address that leaves out what it is about leads nowhere.
func TestAddressesNameSomething(t *testing.T) {
	c := newSite(t).as("yuxin")
	for _, path := range []string{"/distribution//payouts.csv", "/distribution//paper/payouts", "/alternatives//", "/unclaimed//paper"} {
		if code, body := c.get(path); code != http.StatusNotFound && code != http.StatusMovedPermanently {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}
