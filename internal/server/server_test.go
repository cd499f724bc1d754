package server_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

const (
	yuxin   = "210727102216"
	coop    = yuxin + "E001"
	thePlan = coop + "D202501"
)

// site is the demonstration, served.
type site struct {
	*testing.T
	url   string
	books *journal.Ledger
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteAt(t, "")
}

// newSiteAt serves the demonstration; its certificates lead to a public address.
func newSiteAt(t *testing.T, public string) *site {
	t.Helper()
	return newSiteOn(t, public, time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing))
}

// newSiteOn serves the demonstration at a time.
func newSiteOn(t *testing.T, public string, now time.Time) *site {
	t.Helper()
	return newSiteWith(t, now, func(*journal.Ledger, store.Store, *store.Files) server.Options { return server.Options{Public: public} })
}

// newSiteWith serves the demonstration at a time with options.
func newSiteWith(t *testing.T, now time.Time, options func(*journal.Ledger, store.Store, *store.Files) server.Options) *site {
	t.Helper()
	s, key := demotest.Open(t)
	l, err := journal.Open(s, key, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	files := store.OpenFiles(filepath.Join(t.TempDir(), "papers"), key)
	l.KeepPapers(files)
	h, err := server.New(l, files, exchange.BankFormats(), options(l, s, files))
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.Close(); l.Close(); s.Close() })
	return &site{t, srv.URL, l}
}

// client is a browser without a picture.
type client struct {
	*site
	*http.Client
}

func (s *site) nobody() *client {
	jar, _ := cookiejar.New(nil)
	return &client{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (s *site) as(account string) *client {
	s.Helper()
	c := s.nobody()
	if code, _ := c.post("/login", url.Values{"account": {account}, "password": {demo.Password}}); code != http.StatusSeeOther {
		s.Fatalf("sign-in of %s: %d", account, code)
	}
	return c
}

// asNew signs in with an account that has just been made, whose password has to be changed first.
func (s *site) asNew(account string) *client {
	s.Helper()
	c := s.as(account)
	if code, to := c.get("/"); code != http.StatusSeeOther || to != "/password" {
		s.Fatalf("a new account goes on with its first password: %d %.100s", code, to)
	}
	if code, _ := c.post("/password", url.Values{"old": {demo.Password}, "password": {"only I know it"}}); code != http.StatusSeeOther {
		s.Fatalf("change of the first password of %s: %d", account, code)
	}
	return c
}

func (c *client) do(req *http.Request) (int, string) {
	c.Helper()
	res, err := c.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	if loc := res.Header.Get("Location"); loc != "" {
		return res.StatusCode, loc
	}
	return res.StatusCode, string(b)
}

func (c *client) get(path string) (int, string) {
	c.Helper()
	req, _ := http.NewRequest(http.MethodGet, c.url+path, nil)
	return c.do(req)
}

func (c *client) post(path string, form url.Values) (int, string) {
	c.Helper()
	req, _ := http.NewRequest(http.MethodPost, c.url+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

// pages of the demonstration that somebody who may see 育新村 can open.
var pages = []string{
	"/summary/" + yuxin, "/shells/" + yuxin, "/income/" + yuxin, "/income/" + coop, "/entities/" + yuxin, "/entity/" + coop,
	"/class/" + coop + "C01", "/class/" + coop + "C01?on=2020-01-01", "/class/" + coop + "C01/register",
	"/class/" + coop + "C01/register?on=2019-01-01", "/shareholder/" + yuxin + "H00001/certificate",
	"/shareholders/" + yuxin, "/shareholder/" + yuxin + "H00001", "/distributions/" + yuxin, "/distribution/" + thePlan,
	"/distribution/" + thePlan + "?open=" + yuxin + "H00002", "/withholding/" + yuxin, "/alternatives/" + coop, "/unclaimed/" + yuxin,
	"/unclaimed/" + yuxin + "/paper", "/distribution/" + thePlan + "/oddities",
	"/journal/" + yuxin, "/transformation/" + yuxin, "/contributions/" + yuxin, "/contributions/" + coop,
	"/distribution/" + thePlan + "/payouts.csv", "/export/shareholders.csv/" + yuxin, "/export/members.xlsx/" + coop,
	"/export/trade.csv/" + coop + "?year=2025", "/export/contributions.csv/" + coop, "/export/holdings.csv/" + yuxin,
	"/export/income.csv/" + yuxin,
	"/export/summary.csv/" + yuxin, "/export/entities.xlsx/" + yuxin, "/export/contributions.xlsx/" + yuxin,
	"/export/transformation.xlsx/" + yuxin, "/export/distributions.xlsx/" + yuxin, "/export/statement.xlsx/" + yuxin,
	"/export/payouts.xlsx/" + yuxin, "/export/register.xlsx/" + coop + "C01", "/distribution/" + thePlan + "/payouts.xlsx",
	"/distribution/" + thePlan + "/payouts.csv?as=gb18030", "/statement/" + yuxin, "/statement/" + coop, "/members/" + coop,
	"/members/" + coop + "/account/" + yuxin + "H00001", "/batch/" + thePlan + "T01", "/papers/" + coop, "/duplicates/" + yuxin,
	"/distribution/" + thePlan + "/paper/payouts", "/distribution/" + thePlan + "/paper/signature",
	"/distribution/" + thePlan + "/paper/notice", "/income/" + yuxin + "/reverse/" + yuxin + "Y2025N00001",
}

// forms are the pages only the village's accountant may open.
var forms = []string{
	"/entities/" + yuxin + "/new", "/shareholders/" + yuxin + "/new", "/upload/" + yuxin, "/entity/" + coop + "/issue",
	"/entity/" + coop + "/distribute",
	"/shareholder/" + yuxin + "H00001/move/transfer", "/shareholder/" + yuxin + "H00001/move/withdraw",
	"/shareholder/" + yuxin + "H00001/move/pledge",
	"/shareholder/" + yuxin + "H00001/move/adjust", "/distribution/" + thePlan + "/release/" + yuxin + "H00001",
}

func TestPagesAndTheirReaders(t *testing.T) {
	s := newSite(t)
	accountant, reviewer, official, admin := s.as("yuxin"), s.as("qilihe"), s.as("yixian"), s.as("admin")
	for _, p := range pages {
		for who, c := range map[string]*client{"accountant": accountant, "reviewer": reviewer, "official": official} {
			if code, body := c.get(p); code != http.StatusOK {
				t.Errorf("%s by the %s: %d %s", p, who, code, body)
			}
		}
	}
	for _, p := range forms {
		if code, body := accountant.get(p); code != http.StatusOK {
			t.Errorf("%s by the accountant: %d %s", p, code, body)
		}
		for who, c := range map[string]*client{"reviewer": reviewer, "official": official} {
			if code, _ := c.get(p); code != http.StatusForbidden {
				t.Errorf("%s by %s: %d", p, who, code)
			}
		}
	}
	if code, _ := admin.get("/accounts"); code != http.StatusOK {
		t.Errorf("accounts by the administrator: %d", code)
	}
	for who, c := range map[string]*client{"accountant": accountant, "reviewer": reviewer, "official": official} {
		if code, _ := c.get("/accounts"); code != http.StatusForbidden {
			t.Errorf("accounts by the %s: %d", who, code)
		}
	}
}

// othersForms are posted by anybody, by whoever has signed in, or by reviewers.
var othersForms = []string{"/registered/:place/review", "/login", "/logout", "/language", "/password", "/sessions/end", "/find", "/second",
	"/second/drop",
	"/login/second", "/year/:place/close",
	"/year/:place/reopen",
	"/distribution/:id/approve",
	"/distribution/:id/return", "/public/:place/plan/:id/mine", "/public/:place/plan/:id/object", "/settings/:place", "/forms/:place/edit",
	"/policy/:place", "/warnings/:place"}

// A map that the administrator loads is drawn on the summary until it is taken away; what it draws besides is told before anything is kept.
func TestMapOutlines(t *testing.T) {
	s := newSite(t)
	admin, official := s.as("admin"), s.as("yixian")
	shape := func(name string) string {
		return `{"type":"Feature","properties":{"name":"` + name + `"},"geometry":` +
			`{"type":"Polygon","coordinates":[[[121.1,41.5],[121.3,41.5],[121.2,41.6],[121.1,41.5]]]}}`
	}
	file := `{"type":"FeatureCollection","features":[` + shape("七里河镇") + "," + shape("火星镇") + `]}`
	drawn := func() bool {
		_, page := official.get("/summary/210727")
		return strings.Contains(page, `class="chart map"`)
	}
	if code, page, _ := admin.send("/outlines", file, nil); code != http.StatusUnprocessableEntity || !strings.Contains(page,
		"区划表里没有:火星镇") || drawn() {
		t.Errorf("%d %.300s", code, page)
	}
	if code, page, _ := admin.send("/outlines", file, map[string]string{"skip": "true"}); code != http.StatusOK || !strings.Contains(page,
		"地图已载入") ||
		!strings.Contains(page, "图上没有") || !drawn() {
		t.Errorf("%d %.300s", code, page)
	}
	if code, page, _ := admin.send("/outlines", "", nil); code != http.StatusUnprocessableEntity || !strings.Contains(page, "请选一个文件") {
		t.Errorf("%d %.300s", code, page)
	}
	if code, _ := admin.post("/outlines/drop", url.Values{"of": {"210727"}}); code != http.StatusSeeOther || drawn() {
		t.Errorf("%d; drawn: %v", code, drawn())
	}
	if code, _ := official.get("/outlines"); code != http.StatusForbidden {
		t.Errorf("an official looks at the maps that are loaded: %d", code)
	}
}

// The village wall has every village in every order of the table beside it.
func TestWallInEveryOrder(t *testing.T) {
	official := newSite(t).as("yixian")
	cells := func(sort string) int {
		_, page := official.get("/summary/210727?year=2025&sort=" + sort)
		_, wall, _ := strings.Cut(page, `<div class="walls">`)
		wall, _, _ = strings.Cut(wall, `</p>`)
		return strings.Count(wall, "<path")
	}
	all := cells("")
	if all < 200 {
		t.Fatalf("%d villages", all)
	}
	for _, sort := range []string{"measure", "-measure", "shells.change", "nothing"} {
		if n := cells(sort); n != all {
			t.Errorf("sorted by %s: %d of %d", sort, n, all)
		}
	}
}

// Every form posted by somebody who may not is refused, and nothing is written.
func TestFormsAndTheirWriters(t *testing.T) {
	s := newSite(t)
	reviewer, official, accountant := s.as("qilihe"), s.as("yixian"), s.as("yuxin")
	_, before := official.get("/journal/210727")
	tried := map[string]url.Values{
		"/income/" + yuxin: {"item": {"operating"}, "date": {"2026-02-01"}, "amount": {"1"}},
		"/income/" + yuxin + "/reverse/" + yuxin + "Y2025N00001": {"reason": {"x"}},
		"/income/" + yuxin + "/rebook/" + yuxin + "Y2025N00001":  {"reason": {"x"}, "date": {"2025-12-31"}},
		"/income/" + yuxin + "/payer/" + yuxin + "Y2025N00001":   {"item": {"operating"}},
		"/entities/" + yuxin + "/new":                            {"name": {"x"}, "kind": {"enterprise"}},
		"/contracts/" + yuxin + "/new": {"party": {"x"}, "thing": {"x"}, "kind": {"letting"}, "asset": {"other"}, "from_day": {"2026-01-01"},
			"to_day": {"2026-12-31"}, "rent": {"1"}},
		"/contract/" + yuxin + "K0002/receive": {"date": {"2026-02-01"}, "amount": {"1"}},
		"/contract/" + yuxin + "K0002/link":    {"income": {yuxin + "Y2025N00001"}},
		"/contract/" + yuxin + "K0002/unlink":  {"income": {yuxin + "Y2025N00001"}},
		"/contract/" + yuxin + "K0002/reverse": {"act": {"1"}, "reason": {"x"}},
		"/contract/" + yuxin + "K0002/correct": {"party": {"x"}, "reason": {"x"}},
		"/contract/" + yuxin + "K0002/end":     {"date": {"2026-03-01"}, "reason": {"x"}},
		"/contract/" + yuxin + "K0002/remit":   {"date": {"2026-03-01"}, "amount": {"1"}, "reason": {"x"}},
		"/contract/" + yuxin + "K0002/change":  {"from_day": {"2027-01-01"}, "to_day": {"2027-12-31"}, "rent": {"1"}, "reason": {"x"}},
		"/entity/" + coop:                      {"kind": {"skill"}, "unit": {"share"}},
		"/entity/" + coop + "/issue": {"date": {"2026-02-01"},
			"q." + coop + "C01." + yuxin + "H00001": {"1"}},
		"/entity/" + coop + "/distribute": {"year": {"2025"}, "record_date": {"2025-12-31"},
			"class.0": {coop + "C01"}, "rule.0": {"rate"}, "sum.0": {"1"}},
		"/shareholders/" + yuxin + "/shareholders.csv":  {},
		"/shareholders/" + yuxin + "/shareholders.xlsx": {},
		"/shareholders/" + yuxin + "/new":               {"name": {"x"}, "id_no": {"11010519491231002X"}},
		"/shareholder/" + yuxin + "H00001/reveal":       {},
		"/shareholder/" + yuxin + "H00001/held":         {},
		"/class/" + coop + "C01/close":                  {"date": {"2026-02-01"}, "resolution": {"1"}},
		"/entity/" + coop + "/charter":                  {"resolution": {"1"}},
		"/entity/" + coop + "/dissolve":                 {"date": {"2026-02-01"}, "resolution": {"1"}},
		"/shareholder/" + yuxin + "H00001/correct":      {"name": {"x"}, "reason": {"x"}},
		"/shareholder/" + yuxin + "H00001/certificate":  {"date": {"2026-02-01"}, "reason": {"x"}},
		"/distribution/" + thePlan + "/reverse":         {"holders": {yuxin + "H00001"}, "reason": {"x"}},
		"/contributions/" + coop: {"who": {yuxin + "H00001"}, "kind": {"own"},
			"value": {"1"}, "class": {coop + "C01"}, "shares": {"1"}, "date": {"2026-02-01"}},
		"/shareholder/" + yuxin + "H00001/card": {"card": {"6222020000000000000"}},
		"/distribution/" + thePlan + "/confirm": {"date": {"2026-03-01"}, "all": {"true"}},
		"/distribution/" + thePlan + "/fail": {"date": {"2026-03-01"}, "holders": {yuxin + "H00100"},
			"reason": {"x"}},
		"/distribution/" + thePlan + "/payouts.csv":   {},
		"/distribution/" + thePlan + "/payouts.xlsx":  {},
		"/distribution/" + thePlan + "/paper/payouts": {},
		"/distribution/" + thePlan + "/disclose":      {"from": {"2026-03-01"}},
		"/alternatives/" + coop:                       {"record_date": {"2026-03-01"}, "percent.0": {"100"}},
		"/distribution/" + thePlan + "/reserve":       {"holders": {yuxin + "H00001"}, "date": {"2026-03-01"}, "resolution": {"1"}},
		"/distribution/" + thePlan + "/open":          {"from": {"2026-03-01"}},
		"/distribution/" + thePlan + "/deduct":        {"who": {yuxin + "H00001"}, "amount": {"1"}, "reason": {"x"}},
		"/distribution/" + thePlan + "/object":        {"by": {"x"}, "date": {"2026-03-01"}, "text": {"x"}},
		"/distribution/" + thePlan + "/answer":        {"objection": {"1"}, "answer": {"x"}},
		"/distribution/" + thePlan + "/close":         {},
		"/distribution/" + thePlan + "/hold":          {"holders": {yuxin + "H00001"}, "reason": {"x"}},
		"/distribution/" + thePlan + "/correct": {"who": {yuxin + "H00001"}, "right": {"1"}, "date": {"2026-03-01"},
			"reason": {"x"}},
		"/distribution/" + thePlan + "/batch":                       {"date": {"2026-03-01"}},
		"/distribution/" + thePlan + "/release/" + yuxin + "H00001": {"reason": {"x"}},
		"/batch/" + thePlan + "T01/file":                            {"format": {"0"}},
		"/batch/" + thePlan + "T01/result":                          {"date": {"2026-03-01"}, "paste": {"序号,结果\n3,成功\n"}},
		"/batch/" + thePlan + "T01/recall":                          {"reason": {"x"}},
		"/statement/" + yuxin + "/aside": {"year": {"2026"}, "fund": {"reserve"}, "amount": {"1"},
			"resolution": {"1"}},
		"/statement/" + yuxin + "/opening": {"year": {"2015"}, "amount": {"1"}},
		"/statement/" + yuxin + "/cover":   {"date": {"2026-02-01"}, "amount": {"1"}, "resolution": {"1"}},
		"/statement/" + yuxin + "/uncover": {"cover": {"1"}, "reason": {"x"}},
		"/funds/" + yuxin + "/receive":     {"source": {"donation"}, "date": {"2026-02-01"}, "amount": {"1"}},
		"/funds/" + yuxin + "/use": {"source": {"donation"}, "account": {"reserve"}, "date": {"2026-02-01"}, "amount": {"1"},
			"note": {"x"}, "resolution": {"1"}},
		"/funds/" + yuxin + "/reverse":                        {"line": {yuxin + "F20260001"}, "reason": {"x"}},
		"/income/" + yuxin + "/move/" + yuxin + "Y2025N00001": {"date": {"2026-02-01"}, "source": {"donation"}, "reason": {"x"}},
		"/members/" + coop + "/trade": {"who": {yuxin + "H00001"}, "date": {"2026-03-01"},
			"amount": {"1"}},
		"/members/" + coop + "/reserve": {"year": {"2025"}, "date": {"2026-03-01"},
			"resolution": {"1"}},
		"/members/" + coop + "/back": {"quantified": {"1"}, "reason": {"x"}},
		"/members/" + coop + "/subsidy": {"amount": {"1"}, "source": {"x"},
			"date": {"2026-03-01"}},
		"/shareholder/" + yuxin + "H00001/members": {"members": {"x"}},
		"/class/" + coop + "C01/reopen":            {"resolution": {"1"}},
		"/roll/" + coop:                            {"name": {"x"}, "id_no": {residentID(9)}, "date": {"2026-02-01"}},
		"/shareholder/" + yuxin + "H00001/death":   {"date": {"2026-02-01"}, "head": {"测试新"}},
		"/shareholder/" + yuxin + "H00001/undeath": {"death": {"1"}, "reason": {"x"}},
		"/shareholder/" + yuxin + "H00001/estate": {"date": {"2026-02-01"}, "basis": {"x"}, "who.0": {yuxin + "H00002"},
			"part.0": {"1"}},
		"/members/" + coop + "/leave/" + yuxin + "H00001/apply":  {"date": {"2026-02-01"}},
		"/members/" + coop + "/leave/" + yuxin + "H00001/settle": {"date": {"2026-02-01"}},
		"/members/" + coop + "/leave/" + yuxin + "H00001/pay":    {"date": {"2026-02-01"}, "installment": {"1"}},
		"/members/" + coop + "/leave/" + yuxin + "H00001/back":   {"step": {"1"}, "reason": {"x"}},
		"/membership/" + coop + "M00001/lose":                    {"cause": {"office"}, "date": {"2026-02-01"}},
		"/membership/" + coop + "M00001/reverse":                 {"reason": {"x"}},
		"/upload/" + yuxin: {"paste": {"户主,身份证号\nx,11010519491231002X\n"},
			"kind": {"shareholders"}},
		"/papers/" + coop:       {},
		"/outlines":             {},
		"/accounts/second":      {"account": {"yuxin"}, "home": {yuxin}},
		"/accounts/require":     {"region": {"210727"}, "roles": {"official"}},
		"/outlines/drop":        {"of": {"210727"}},
		"/resolutions/" + yuxin: {"of": {coop}, "body": {"assembly"}, "date": {"2026-02-01"}, "subjects": {"fund"}},
		"/accounts": {"name": {"xx"}, "role": {"official"},
			"region": {"210727"}, "password": {"12345678"}},
		"/accounts/close":                 {"account": {"yuxin"}, "home": {yuxin}},
		"/accounts/password":              {"account": {"yuxin"}, "password": {"password two"}},
		"/entity/" + coop + "/correct":    {"name": {"x"}, "reason": {"x"}},
		"/entity/" + coop + "/undissolve": {"reason": {"x"}},
		"/entity/" + coop + "/reserve": {"reserve": {"7"}, "from_year": {"2026"},
			"resolution": {"1"}},
		"/registered/" + yuxin + "/answer":        {"answer": {"x"}},
		"/shareholder/" + yuxin + "H00001/lock":   {"reason": {"x"}},
		"/shareholder/" + yuxin + "H00001/unlock": {"reason": {"x"}},
		"/shareholder/" + yuxin + "H00001/reverse": {"class": {coop + "C01"}, "movement": {"1"},
			"reason": {"x"}},
		"/shareholder/" + yuxin + "H00001/release": {"class": {coop + "C01"}, "pledge": {"1"},
			"date": {"2026-03-01"}},
		"/shareholder/" + yuxin + "H00001/move/transfer": {"class": {coop + "C01"}, "date": {"2026-03-01"},
			"who.0": {yuxin + "H00002"}, "quantity.0": {"0.1"}},
		"/distribution/" + thePlan + "/revise": {"year": {"2025"}, "record_date": {"2025-12-31"},
			"class.0": {coop + "C01"}, "rule.0": {"rate"}, "sum.0": {"1"}},
		"/distribution/" + thePlan + "/submit":                                          {"resolution": {"1"}},
		"/distribution/" + thePlan + "/void":                                            {"reason": {"x"}},
		"/distribution/" + thePlan + "/release/" + yuxin + "H00002/" + yuxin + "H00001": {"reason": {"x"}},
		"/upload/" + yuxin + "/1/mend":                                                  {"c.0.1": {"x"}},
		"/bankformats/" + yuxin + "/example":                                            {"paste": {"户名,账号,金额\nx,1,2\n"}},
		"/bankformats/" + yuxin + "/keep": {"name": {"x"}, "encoding": {"utf-8"},
			"separator": {","}, "c.0.value": {"card"}},
		"/bankformats/" + yuxin + "/drop": {"name": {"x"}},
		"/accounts/set":                   {"account": {"yuxin"}, "home": {yuxin}},
		"/accounts/list":                  {"paste": {"x\tx\t村会计\t七里河镇"}},
		"/upload/" + yuxin + "/1/layout":  {"h.体重": {"-"}},
		"/upload/" + yuxin + "/1/post":    {},
		"/upload/" + yuxin + "/1/drop":    {},
		"/backups":                        {},
	}
	for _, route := range server.Routes() {
		if _, ok := tried[own(route[1])]; !ok && route[0] == http.MethodPost && !slices.Contains(othersForms, route[1]) {
			t.Errorf("%s is not tried", route[1])
		}
	}
	for path, form := range tried {
		for who, c := range map[string]*client{"reviewer": reviewer, "official": official} {
			if code, body := c.post(path, form); code != http.StatusForbidden {
				t.Errorf("%s by the %s: %d %s", path, who, code, body)
			}
		}
	}
	if code, _ := accountant.post("/distribution/"+thePlan+"/approve", nil); code != http.StatusForbidden {
		t.Errorf("the accountant approves: %d", code)
	}
	if code, _ := accountant.post("/year/"+yuxin+"/close", url.Values{"year": {"2025"}}); code != http.StatusForbidden {
		t.Errorf("the accountant closes a year: %d", code)
	}
	if _, after := official.get("/journal/210727"); after != before {
		t.Error("something was written")
	}
}

func TestBadRequests(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	for _, x := range []struct {
		name   string
		code   int
		method string
		path   string
		header map[string]string
		body   string
		says   string
	}{
		{"a year no book can have", 422, "GET", "/income/" + yuxin + "?year=99999999", nil, "", "年度 99999999 不对"},
		{"a year before any", 422, "GET", "/summary/" + yuxin + "?year=-5", nil, "", "“-5”不是年度"},
		{"a position that is none", 404, "GET", "/journal/" + yuxin + "?after=x", nil, "", "没有这个页面"},
		{"a journal record that is none", 404, "GET", "/entry/210727/0", nil, "", "没有第 0 号"},
		{"an id of garbage", 404, "GET", "/class/x", nil, "", "没有编号为"},
		{"another village's form", 403, "GET", "/shareholders/210727102217/new", nil, "", "您的账号管不到"},
		{"a book with blanks in its name", 404, "POST", "/income/" + yuxin + "%20x", nil, "item=operating&date=2026-02-01&amount=1", "没有编号为"},
		{"a reason that is no text", 422, "POST", "/shareholder/" + yuxin + "H00001/reveal", nil, "reason=%ff", "乱码"},
		{"a missing page", 404, "GET", "/nothing", nil, "", "没有这个页面"},
		{"a place that is none", 404, "GET", "/summary/21x", nil, "", "地区代码 21x 不对"},
		{"a village that is not there", 404, "GET", "/entity/" + yuxin + "E999", nil, "", "没有编号为"},
		{"a method the page has not", 405, "DELETE", "/login", nil, "", "不能这样访问"},
		{"a form of another site", 403, "POST", "/income/" + yuxin, map[string]string{"Sec-Fetch-Site": "cross-site"}, "amount=1",
			"不是从本台账的页面提交的"},
		{"a form of another site, by an old browser", 403, "POST", "/income/" + yuxin, map[string]string{"Origin": "http://evil.example"},
			"amount=1", "不是从本台账的页面提交的"},
		{"a body over the limit", 413, "POST", "/income/" + yuxin, nil, "note=" + strings.Repeat("x", 5<<20), "最多 4 MB"},
		{"an amount with three decimals", 422, "POST", "/income/" + yuxin, nil, "item=operating&date=2026-02-01&amount=36000.555&party=大棚户",
			"小数超过两位"},
		{"a closed year", 409, "POST", "/income/" + yuxin, nil, "item=operating&date=2024-02-01&amount=1", "2024 年已结账"},
		{"an unknown field", 422, "POST", "/income/" + yuxin, nil, "item=operating&date=2026-02-01&amount=1&colour=7", "没有“colour”这一项"},
		{"a posting without a session", 401, "POST", "/income/" + yuxin, map[string]string{"Cookie": "sanbian=x"}, "amount=1", "登录"},
	} {
		t.Run(x.name, func(t *testing.T) {
			req, _ := http.NewRequest(x.method, s.url+x.path, strings.NewReader(x.body))
			if x.method == "POST" {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			by := c
			if x.header["Cookie"] != "" {
				by = s.nobody()
			}
			for k, v := range x.header {
				req.Header.Set(k, v)
			}
			code, body := by.do(req)
			if code != x.code || !strings.Contains(body, x.says) || !strings.Contains(body, "</html>") {
				t.Errorf("%d, want %d with %q:\n%.600s", code, x.code, x.says, body)
			}
			if x.name == "an amount with three decimals" && (!strings.Contains(body, `value="36000.555"`) ||
				!strings.Contains(body, `value="大棚户"`)) {
				t.Error("what was typed is gone")
			}
		})
	}
	res, err := c.Get(s.url + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
}

var requestField = regexp.MustCompile(`name="request" value="(\w+)"`)

// A double click, or a press of the browser's back button and another, books once.
func TestAFormIsTakenOnce(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, page := c.get("/income/" + yuxin + "?year=2026")
	key := requestField.FindStringSubmatch(page)[1]
	form := url.Values{"request": {key}, "item": {"operating"}, "date": {"2026-02-01"}, "amount": {"777.77"}}
	for range 2 {
		if code, to := c.post("/income/"+yuxin, form); code != http.StatusSeeOther {
			t.Fatalf("%d %s", code, to)
		}
	}
	form.Set("amount", "888.88")
	code, body := c.post("/income/"+yuxin, form)
	if code != http.StatusConflict || !strings.Contains(body, "已经用来记过另一笔") {
		t.Errorf("the same form with another amount: %d %.400s", code, body)
	}
	form.Set("request", requestField.FindStringSubmatch(body)[1])
	if code, _ := c.post("/income/"+yuxin, form); code != http.StatusSeeOther {
		t.Errorf("the form that came back: %d", code)
	}
	if _, page = c.get("/income/" + yuxin + "?year=2026&amount=777.77"); !strings.Contains(page, "1 笔,收入 777.77 元") {
		t.Errorf("777.77 was not booked once")
	}
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	c := s.nobody()
	code, body := c.post("/login", url.Values{"account": {"yuxin"}, "password": {"wrong"}})
	if code != http.StatusUnauthorized || !strings.Contains(body, "账号或密码不对") || strings.Contains(body, `value="wrong"`) {
		t.Errorf("a wrong password: %d", code)
	}
	for next, want := range map[string]string{"/income/" + yuxin: "/income/" + yuxin, "//evil.example": "/", "/\t/evil.example": "/",
		"https://evil.example": "/", "/\\evil.example": "/", "": "/"} {
		if code, to := s.nobody().post("/login", url.Values{"account": {"yuxin"}, "password": {demo.Password},
			"next": {next}}); code != http.StatusSeeOther || to != want {
			t.Errorf("next %q leads to %q (%d)", next, to, code)
		}
	}
	c = s.as("yuxin")
	if code, _ := c.get("/"); code != http.StatusOK {
		t.Errorf("signed in: %d", code)
	}
	if code, _ := c.post("/password", url.Values{"old": {"wrong"}, "password": {"new password"}}); code != http.StatusUnprocessableEntity {
		t.Errorf("a password changed without the old one: %d", code)
	}
	if code, _ := c.post("/password", url.Values{"old": {demo.Password}, "password": {"new password"}}); code != http.StatusSeeOther {
		t.Errorf("change of password: %d", code)
	}
	if code, _ := c.post("/logout", nil); code != http.StatusSeeOther {
		t.Errorf("sign-out: %d", code)
	}
	if code, to := c.get("/"); code != http.StatusSeeOther || !strings.HasPrefix(to, "/login") {
		t.Errorf("after the sign-out: %d %s", code, to)
	}
	if code, _ := s.nobody().post("/login", url.Values{"account": {"yuxin"}, "password": {"new password"}}); code != http.StatusSeeOther {
		t.Errorf("the new password: %d", code)
	}
}

func TestAccountsPage(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	add := url.Values{"name": {"新会计"}, "role": {"accountant"}, "region": {"210727102217"}, "password": {demo.Password}}
	if code, body := admin.post("/accounts", url.Values{"name": {"新会计"}, "role": {"accountant"}, "region": {"21072"},
		"password": {"x"}}); code != 422 || !strings.Contains(body, "区划表里没有“21072”") {
		t.Errorf("a bad region: %d", code)
	}
	if code, _ := admin.post("/accounts", add); code != http.StatusSeeOther {
		t.Fatalf("%d", code)
	}
	c := s.asNew("新会计")
	if code, _ := c.get("/income/210727102217"); code != http.StatusOK {
		t.Errorf("the new accountant's own village: %d", code)
	}
	if code, body := admin.post("/accounts/password", url.Values{"account": {"新会计"}, "password": {"short"}}); code != 422 ||
		!strings.Contains(body, "至少要 8 个字符") {
		t.Errorf("a short password set: %d", code)
	}
	if code, _ := admin.post("/accounts/password", url.Values{"account": {"新会计"}, "password": {"password two"}}); code != http.StatusSeeOther {
		t.Errorf("a password set: %d", code)
	}
	if code, _ := c.get("/income/210727102217"); code != http.StatusSeeOther {
		t.Errorf("a session from before the new password still reads: %d", code)
	}
	if code, _ := c.post("/login", url.Values{"account": {"新会计"}, "password": {"password two"}}); code != http.StatusSeeOther {
		t.Errorf("the new password: %d", code)
	}
	if code, _ := s.as("yixian").post("/accounts/password",
		url.Values{"account": {"yuxin"}, "password": {"password two"}}); code != http.StatusForbidden {
		t.Errorf("an official sets a password: %d", code)
	}
	if code, _ := admin.post("/accounts/close", url.Values{"account": {"新会计"}, "home": {"210727102217"}}); code != http.StatusSeeOther {
		t.Fatalf("%d", code)
	}
	if code, _ := c.get("/income/210727102217"); code != http.StatusSeeOther {
		t.Errorf("a closed account still reads: %d", code)
	}
}

// An official's export has masked numbers; the accountant's has whole ones, and leaves a trace.
func TestPayoutExport(t *testing.T) {
	s := newSite(t)
	rows := func(code int, body string) [][]string {
		t.Helper()
		list, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if code != http.StatusOK || err != nil || len(list) < 100 {
			t.Fatalf("%d, %d rows, %v", code, len(list), err)
		}
		return list
	}
	masked := rows(s.as("yixian").get("/distribution/" + thePlan + "/payouts.csv"))
	accountant := s.as("yuxin")
	whole := rows(accountant.post("/distribution/"+thePlan+"/payouts.csv", nil))
	due := slices.IndexFunc(whole, func(row []string) bool { return row[13] == "待付" })
	if !strings.Contains(masked[due][6], "****") || !strings.Contains(masked[due][11], "****") || strings.Contains(whole[due][6], "*") ||
		len(strings.TrimSpace(whole[due][6])) != 18 || len(strings.TrimSpace(whole[due][11])) != 19 {
		t.Errorf("masked %q, whole %q", masked[due], whole[due])
	}
	if whole[1][13] != "已付" || whole[1][12] != "直接付" || whole[1][11] != "" { // paid by hand: to no card
		t.Errorf("paid directly: %q", whole[1])
	}
	if _, body := accountant.get("/journal/" + yuxin); !strings.Contains(body, "查看完整号码") {
		t.Error("the journal does not say that numbers were taken out")
	}
}

// An accountant takes the village's register out whole, and finds all of it known when it comes back.
func TestRegisterExport(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	code, file := c.post("/shareholders/"+yuxin+"/shareholders.csv", nil)
	if code != http.StatusOK || strings.Contains(file, "****") || strings.Count(file, "\n") != 1+129 {
		t.Fatalf("%d, %.300s", code, file)
	}
	if _, page := c.get("/journal/" + yuxin); !strings.Contains(page, "查看完整号码") {
		t.Error("the journal does not say that numbers were taken out")
	}
	if _, page, _ := c.send("/upload/"+yuxin, file, map[string]string{"kind": "shareholders"}); !strings.Contains(page, "没有要记的") {
		t.Errorf("the same register again: %.2000s", page[strings.Index(page, "<main"):])
	}
}

// send uploads a file or a pasted block, and follows to the page that shows what it comes to.
func (c *client) send(path, content string, fields map[string]string) (code int, body, at string) {
	c.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	if content != "" {
		f, _ := w.CreateFormFile("file", "a.csv")
		_, _ = f.Write([]byte(content))
	}
	w.Close()
	req, _ := http.NewRequest(http.MethodPost, c.url+path, &form)
	req.Header.Set("Content-Type", w.FormDataContentType())
	resp, err := c.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusSeeOther {
		return resp.StatusCode, string(text), ""
	}
	at = resp.Header.Get("Location")
	code, body = c.settled(at)
	return code, body, at
}

// settled gets a page again for as long as it says that it is still at work.
func (c *client) settled(at string) (code int, body string) {
	for {
		if code, body = c.get(at); !strings.Contains(body, `http-equiv="refresh"`) {
			return code, body
		}
	}
}

func TestUpload(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	const to = "/upload/" + yuxin
	kind := map[string]string{"kind": "shareholders"}
	_, before := c.get("/journal/" + yuxin)
	var file strings.Builder
	file.WriteString("户主,身份证号\n")
	for i := range 3000 {
		file.WriteString("测试户," + residentID(i) + "\n")
	}
	good := file.String()
	code, body, at := c.send(to, good+"坏行,210799196001010010\n", kind)
	if code != 200 || !strings.Contains(body, "3002") || !strings.Contains(body, "210799196001010010") || !strings.Contains(body, "校验位不符") ||
		!strings.Contains(body, "一行也没有记") {
		t.Errorf("a bad row after 3,000 good ones: %d %.300s", code, body)
	}
	if _, marked := c.get(at + "/marked.csv"); !strings.Contains(marked, "原因") ||
		!strings.Contains(marked, "坏行,210799196001010010\t,\"身份证号 210799196001010010 不对:") {
		t.Errorf("the marked copy: %.200s", marked[max(0, len(marked)-200):])
	}
	if code, _ := s.as("kj-210727002").get(at); code != http.StatusForbidden {
		t.Errorf("another village's accountant sees the file: %d", code)
	}
	for name, x := range map[string]struct {
		content, says string
		code          int
	}{
		"no rows": {"户主,身份证号\n", "没有数据行", 422}, "an ID number of three digits": {"户主,身份证号\n王,123\n李,456\n", "位数不对", 200},
		"an unknown heading":                     {"户主,身份证号,体重\n王,1,2\n", "不认识表头“体重”", 200},
		"the same person twice":                  {"户主,身份证号\n王," + residentID(1) + "\n李," + residentID(1) + "\n", "与第 2 行重复", 200},
		"a number that lost its digits":          {"户主,身份证号\n王,2.10727E+17\n", "只记得住 15 位", 200},
		"a number rounded":                       {"户主,身份证号\n王,210727196001010000\n", "只记得住 15 位", 200},
		"a file that only looks like a workbook": {"PK\x03\x04rubbish", "不是完好的 XLSX", 422},
		"not a text":                             {"\x89PNG\r\n\x1a\n\x00\xff\xfe", "不是表格", 422},
		"nothing at all":                         {"", "请选一个文件", 422},
	} {
		if code, body, at := c.send(to, x.content, kind); code != x.code || !strings.Contains(body, x.says) {
			t.Errorf("%s: %d %.300s", name, code, body)
		} else if at != "" {
			c.post(at+"/post", nil)
		}
	}
	if _, after := c.get("/journal/" + yuxin); after != before {
		t.Error("a refused file left something behind")
	}
	_, body, at = c.send(to, "", map[string]string{"kind": "shareholders",
		"paste": strings.ReplaceAll(good, ",", "\t") + "坏行\t210799196001010010\n"})
	if !strings.Contains(body, "c.3000.1") {
		t.Fatalf("the pasted block's bad cell cannot be mended: %.300s", body)
	}
	c.post(at+"/mend", url.Values{"c.3000.1": {"210799196001010013"}, "c.9999.1": {"x"}, "c.x.1": {"x"}})
	if _, body = c.settled(at); !strings.Contains(body, "检查通过") {
		t.Fatalf("after mending: %.300s", body)
	}
	c.post(at+"/post", nil)
	if _, body = c.settled(at); !strings.Contains(body, "全部记入了") {
		t.Fatalf("posting: %.300s", body)
	}
	_, once := c.get("/journal/" + yuxin)
	if _, body, _ = c.send(to, good+"坏行,210799196001010013\n", kind); !strings.Contains(body, "没有要记的") {
		t.Errorf("the same rows again: %.300s", body)
	}
	if _, body, _ = c.send(to, good, kind); !strings.Contains(body, "没有要记的") {
		t.Errorf("most of the same rows again: %.300s", body)
	}
	if _, again := c.get("/journal/" + yuxin); again != once {
		t.Error("what was uploaded twice happened twice")
	}
	if code, body, _ := c.send(to, strings.Repeat("x", 33<<20), nil); code != http.StatusRequestEntityTooLarge ||
		!strings.Contains(body, "最多 32 MB") {
		t.Errorf("33 MB: %d", code)
	}
}

// Three files of an account wait for its yes; a fourth is refused, and none of the three is lost. What nobody waits for makes room.
func TestUploadsWait(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	const to = "/upload/" + yuxin
	kind := map[string]string{"kind": "shareholders"}
	var at []string
	for i := range 3 {
		_, body, where := c.send(to, "户主,身份证号\n等候户,"+residentID(60+i)+"\n", kind)
		if !strings.Contains(body, "检查通过") {
			t.Fatalf("upload %d: %.300s", i, body)
		}
		at = append(at, where)
	}
	fourth := "户主,身份证号\n等候户," + residentID(63) + "\n"
	if code, body, _ := c.send(to, fourth, kind); code != http.StatusConflict || !strings.Contains(body, "已有 3 份上传还没有记入") {
		t.Errorf("a fourth upload: %d %.300s", code, body)
	}
	for _, where := range at {
		if code, _ := c.get(where); code != http.StatusOK {
			t.Errorf("%s is gone: %d", where, code)
		}
	}
	c.post(at[1]+"/post", nil)
	if _, body := c.settled(at[1]); !strings.Contains(body, "全部记入了") {
		t.Fatalf("posting: %.300s", body)
	}
	if _, body, _ := c.send(to, fourth, kind); !strings.Contains(body, "检查通过") {
		t.Errorf("a fourth upload after one was posted: %.300s", body)
	}
	for i, want := range []int{http.StatusOK, http.StatusNotFound, http.StatusOK} {
		if code, _ := c.get(at[i]); code != want {
			t.Errorf("upload %d: %d", i, code)
		}
	}
}

// Two windows show a file: what the second says was said of another state of it and is not done, what the first said is.
func TestUploadInTwoWindows(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, first, at := c.send("/upload/"+yuxin, "户主,身份证号,体重\n两窗户,"+residentID(70)+",1\n", map[string]string{"kind": "shareholders"})
	if !strings.Contains(first, `name="seen" value="0"`) || !strings.Contains(first, `name="h.体重"`) {
		t.Fatalf("the form: %.300s", first)
	}
	c.post(at+"/layout", url.Values{"seen": {"0"}, "h.体重": {"-"}})
	if _, body := c.settled(at); !strings.Contains(body, "检查通过") {
		t.Fatalf("the first window: %.300s", body)
	}
	for _, to := range []string{"/layout", "/mend", "/post"} {
		c.post(at+to, url.Values{"seen": {"0"}, "h.体重": {"phone"}, "c.0.0": {"别的户"}})
		if _, body := c.settled(at); !strings.Contains(body, "在另一个窗口里改过") || !strings.Contains(body, "两窗户") ||
			!strings.Contains(body, "检查通过") {
			t.Errorf("the second window's %s: %.300s", to, body)
		}
	}
	c.post(at+"/post", url.Values{"seen": {"1"}})
	if _, body := c.settled(at); !strings.Contains(body, "全部记入了") || strings.Contains(body, "另一个窗口") {
		t.Errorf("posting what is seen: %.300s", body)
	}
}

// Shares, contributions and income come in by file too; a number that is in the books already is not booked again, another is refused.
// utf16le writes a text as spreadsheets write "Unicode text".
func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestUploadKinds(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	first := map[string]string{"kind": "income", "date": "2026-01-01"}
	_, _, at := c.send("/upload/"+yuxin, "日期,项目,金额,对方\n2026-01-03,经营收入,77,\n", first)
	c.post(at+"/post", nil)
	if _, body := c.settled(at); !strings.Contains(body, "全部记入了") {
		t.Fatalf("posting: %.300s", body)
	}
	if code, _ := c.post("/income/"+yuxin+"/reverse/"+yuxin+"Y2026N00003", url.Values{"reason": {"记错"}}); code != http.StatusSeeOther {
		t.Fatalf("reversing: %d", code)
	}
	const to = "/upload/" + yuxin
	head := "户主,身份证号,资金股\n"
	for _, x := range []struct {
		name, content, says string
		fields              map[string]string
	}{
		{"a register with shares", head + "传一," + residentID(1) + ",3\n传二," + residentID(2) + ",4\n合计,,7\n", "要记入的行</span><strong>2",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"a register that lost a row", head + "传四," + residentID(4) + ",3\n合计,,7\n", "合计写的是 7,前面各行加起来是 3",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"the register of another village", "村,户主,身份证号\n杨千台村,传四," + residentID(4) + "\n", "这一行是杨千台村的,这里是育新村",
			map[string]string{"kind": "shareholders"}},
		{"rows with another village's numbers", "股东编号,户主,身份证号\n210727102217H00001,传四," + residentID(4) + "\n", "是别的村的,这里是育新村",
			map[string]string{"kind": "shareholders"}},
		{"the register with one more", head + "传一," + residentID(1) + ",3\n传三," + residentID(3) + ",1\n", "不再记</span><strong>1",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"the register with other shares", head + "传一," + residentID(1) + ",5\n", "已持有 3,文件写的是 5",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"the register with another bank", "户主,身份证号,开户行\n传一," + residentID(1) + ",别的银行\n", "登记的不是这个",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"the register with no shares for somebody who has some", head + "传一," + residentID(1) + ",0\n", "文件写的是 0",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"more shares", head + "传一," + residentID(1) + ",2\n", "要记入的行</span><strong>1", map[string]string{"kind": "holdings", "entity": coop}},
		{"the same shares again on the same day", head + "传一," + residentID(1) + ",2\n", "没有要记的",
			map[string]string{"kind": "holdings", "entity": coop}},
		{"the same shares on another day", "户主,身份证号,资金股股数,配股日期\n传一," + residentID(1) + ",2,2026.1.15\n传二," + residentID(2) + ",-,\n",
			"要记入的行</span><strong>1", map[string]string{"kind": "holdings", "entity": coop}},
		{"shares for the wrong name", head + "传二," + residentID(1) + ",2\n", "不是传二", map[string]string{"kind": "holdings", "entity": coop}},
		{"contributions", "姓名,种类,面积(亩),金额(元),股份,股数,入股日期\n传一,耕地,4.5,9000,土地股,4.5,2026年2月1日\n", "要记入的行</span><strong>1",
			map[string]string{"kind": "contributions", "entity": coop}},
		{"a contribution of a stranger", "姓名,种类,金额,股份,股数\n无此人,耕地,9000,土地股,4.5\n", "没有“无此人”这个股东",
			map[string]string{"kind": "contributions", "entity": coop}},
		{"contributions to no entity", "姓名,种类,金额,股份,股数\n传一,耕地,9000,土地股,4.5\n", "请选按哪个主体", map[string]string{"kind": "contributions"}},
		{"a list with a row for every person", "户号,户主姓名,姓名,与户主关系,性别,身份证号,银行帐号,资金股(股)\n1,名 册,名册,户主,男," + residentID(40) + ",,1股\n,,册妻,妻,女," +
			residentID(41) + ",,1\n,,册子,子,男," + residentID(42) + ",,1 股\n2,册二,册二,户主,男," + residentID(43) + ",,1\n", "要记入的行</span><strong>4",
			map[string]string{"kind": "shareholders", "entity": coop}},
		{"the list again", "户主,与户主关系,身份证号,资金股\n名册,户主," + residentID(40) + ",1\n册妻,妻," + residentID(41) + ",1\n册子,子," + residentID(42) + ",1\n",
			"没有要记的", map[string]string{"kind": "shareholders", "entity": coop}},
		{"the list with a bad member", "户主,与户主关系,身份证号\n册三,户主," + residentID(44) + "\n册三妻,妻,210799196001010010\n", "210799196001010010",
			map[string]string{"kind": "shareholders"}},
		{"a member before any householder", "户主,与户主关系,身份证号\n册四妻,妻," + residentID(45) + "\n册四,户主," + residentID(46) + "\n", "册四妻前面没有户主的一行",
			map[string]string{"kind": "shareholders"}},
		{"the members of who is registered", "户主,与户主关系,身份证号\n传一,户主," + residentID(1) + "\n传一妻,妻," + residentID(47) + "\n",
			"登记的是 1 人,文件列出的连户主是 2 人", map[string]string{"kind": "shareholders"}},
		{"contributions in other words", "姓名,入股方式,入股亩数,评估价(元),股权类型,折股数,入股时间,脾气\n传 二,承包地,1.5亩,3000元,土地股,1.5,2026.2.2,好\n", "不认识表头“脾气”",
			map[string]string{"kind": "contributions", "entity": coop}},
		{"contributions in other words, without what is no word", "姓名,入股方式,入股亩数,评估价(元),股权类型,折股数,入股时间\n传 二,承包地,1.5亩,¥3000元,土地股,1.5,2026.2.2\n",
			"要记入的行</span><strong>1", map[string]string{"kind": "contributions", "entity": coop}},
		{"income", "日期,项目,金额,对方\n2026/2/1,经营收入,1234.5,大棚承包户\n45992,经营支出,0.01,供电公司\n", "要记入的行</span><strong>2",
			map[string]string{"kind": "income"}},
		{"income with a row more, a sum and a signature",
			"日期,项目,金额,对方\n2026/2/1,经营收入,1234.5,大棚承包户\n2026-02-01 00:00:00,经营收入,1234.5,大棚承包户\n本页合计:,,2469,\n合计(大写),贰仟元,,\n制表:某某,,审核:某,\n",
			"不再记</span><strong>1", map[string]string{"kind": "income"}},
		{"income of which all is there", "日期,项目,金额,对方\n2026/2/1,经营收入,1234.5,大棚承包户\n2026/2/1,经营收入,1234.5,大棚承包户\n", "没有要记的",
			map[string]string{"kind": "income"}},
		{"the same once more, as it is meant", "日期,项目,金额,对方\n2026/2/1,经营收入,1234.5,大棚承包户\n", "要记入的行</span><strong>1",
			map[string]string{"kind": "income", "repeat": "true"}},
		{"what was reversed since, sent again", "日期,项目,金额,对方\n2026-01-03,经营收入,77,\n", "要记入的行</span><strong>1",
			map[string]string{"kind": "income"}},
		{"the same contribution, saved otherwise", "姓名,种类,面积(亩),金额(元),股份,股数,入股日期\n传一,耕地,4.50,9000.00,土地股,4.5,2026-02-01\n", "没有要记的",
			map[string]string{"kind": "contributions", "entity": coop}},
		{"trade", "成员,日期,品名,交易量,交易额\n传一,2026-02-03,黄瓜,10,25\n,2026-02-03,黄瓜,1,2.5\n", "要记入的行</span><strong>2",
			map[string]string{"kind": "trade", "entity": coop}},
		{"trade taken back", "成员,日期,品名,交易额,冲减原因\n传一,2026-02-04,黄瓜,-5,退货\n", "要记入的行</span><strong>1",
			map[string]string{"kind": "trade", "entity": coop}},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 XLSX", map[string]string{"kind": "income"}},
		{"Unicode text", "\xff\xfe" + utf16le("日期\t项目\t金额\n2026/2/5\t经营收入\t8\n"), "要记入的行</span><strong>1", map[string]string{"kind": "income"}},
		{"income under an item that is none", "日期,项目,金额\n2026/2/1,外快,1\n", "没有“外快”", map[string]string{"kind": "income"}},
		{"of a kind that is none", head, "没有“gold”这种文件", map[string]string{"kind": "gold"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.fields["date"] = "2026-01-01"
			_, body, at := c.send(to, x.content, x.fields)
			if !strings.Contains(body, x.says) {
				t.Errorf("it says %.2500s", body[strings.Index(body, "<main"):])
			}
			if at != "" && strings.Contains(body, "检查通过") {
				c.post(at+"/post", nil)
				if _, body := c.settled(at); !strings.Contains(body, "全部记入了") {
					t.Errorf("posting says %.1500s", body[strings.Index(body, "<main"):])
				}
			}
		})
	}
}

// A scanned paper is kept with its digest; nothing else than a PDF, JPEG or PNG is, and nobody outside reads it.
func TestPapers(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	const of = "/papers/" + coop
	if code, body, _ := c.send(of, "PK\x03\x04", nil); code != 422 || !strings.Contains(body, "不是 PDF、JPEG 或 PNG") {
		t.Errorf("a text as a paper: %d %.300s", code, body)
	}
	if code, body, _ := c.send(of, "%PDF-1.7 决", nil); code != 422 || !strings.Contains(body, "不完整") {
		t.Errorf("a PDF that was cut off: %d %.300s", code, body)
	}
	if code, _, _ := c.send(of, "%PDF-"+strings.Repeat(" ", paper.MaxPaper), nil); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a paper of more than 10 MB: %d", code)
	}
	if code, body, _ := c.send(of, "%PDF-1.7 决议 %%EOF", map[string]string{"name": "决议.pdf"}); code != 200 || !strings.Contains(body, "附件已存入") {
		t.Errorf("a PDF: %d %.300s", code, body)
	}
	if code, body := c.get("/paper/" + coop + "P001"); code != 200 || body != "%PDF-1.7 决议 %%EOF" {
		t.Errorf("opened: %d %q", code, body)
	}
	other := s.as("kj-210727002")
	for _, path := range []string{of, "/paper/" + coop + "P001"} {
		if code, _ := other.get(path); code != http.StatusForbidden {
			t.Errorf("%s by another village's accountant: %d", path, code)
		}
	}
	if code, _, _ := other.send(of, "%PDF-1.7 %%EOF", nil); code != http.StatusForbidden {
		t.Errorf("attached by another village's accountant: %d", code)
	}
	if code, _, _ := s.as("yixian").send(of, "%PDF-1.7 %%EOF", nil); code != http.StatusForbidden {
		t.Errorf("attached by an official: %d", code)
	}
}

func residentID(n int) string {
	return ident.CompleteResidentID(fmt.Sprintf("2107991970%02d15%03d", 1+n/1000%4, n%1000))
}

// Shares are given, inherited by several, pledged and released through the pages; a receiver nobody knows and too many shares are refused
// at their fields.
func TestMovements(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	const from, class = yuxin + "H00001", coop + "C01"
	held := func(holder string) string {
		t.Helper()
		_, page := c.get("/class/" + class + "?on=2026-03-01")
		m := regexp.MustCompile(`/shareholder/` + holder + `">[^<]*</a></td><td[^>]*>[^<]*</td><td[^>]*>([^<]*)<`).FindStringSubmatch(page)
		if m == nil {
			return "0"
		}
		return m[1]
	}
	const certificate = "21072710221600002"
	before := held(from)
	move := func(event string, form url.Values) (int, string) {
		form.Set("class", class)
		return c.post("/shareholder/"+from+"/move/"+event, form)
	}
	if code, body := move("gift", url.Values{"date": {"2026-02-01"}, "who.0": {"没有这个人"}, "quantity.0": {"0.1"}}); code != 404 ||
		!strings.Contains(body, `本村没有“没有这个人”这个股东`) || !strings.Contains(body, `value="0.1"`) {
		t.Errorf("to nobody: %d", code)
	}
	if code, body := move("gift", url.Values{"date": {"2026-02-01"}, "who.0": {certificate}, "quantity.0": {"99999"}}); code != 409 ||
		!strings.Contains(body, "能动的只有 "+before) {
		t.Errorf("too many: %d", code)
	}
	if code, body := move("gift", url.Values{"date": {"2025-11-30"}, "who.0": {certificate}, "quantity.0": {"0.1"}}); code != 409 ||
		!strings.Contains(body, thePlan) {
		t.Errorf("on a frozen record date: %d", code)
	}
	if code, body := move("inheritance", url.Values{"date": {"2026-02-01"}, "who.0": {certificate}, "quantity.0": {"0.1"},
		"who.3": {yuxin + "H00003"}, "quantity.3": {"0.2"}}); code != http.StatusSeeOther {
		t.Fatalf("inheritance by two: %d %.300s", code, body)
	}
	if _, page := c.get("/shareholder/" + yuxin + "H00003"); !strings.Contains(page, "<td>继承</td>") {
		t.Error("the second heir, two rows below the first, got nothing")
	}
	if after := held(from); after == before {
		t.Errorf("after the inheritance %s still holds %s", from, after)
	}
	if code, body := move("pledge", url.Values{"date": {"2026-02-02"}, "quantity": {held(from)},
		"pledgee": {"县农商银行"}}); code != http.StatusSeeOther {
		t.Fatalf("pledge: %d %.300s", code, body)
	}
	if code, body := move("transfer", url.Values{"date": {"2026-02-03"}, "who.0": {certificate}, "quantity.0": {"0.1"}}); code != 409 ||
		!strings.Contains(body, "能动的只有 0") {
		t.Errorf("pledged shares move: %d", code)
	}
	_, page := c.get("/shareholder/" + from)
	entry := regexp.MustCompile(`name="pledge" value="(\d+)"`).FindStringSubmatch(page)
	if entry == nil {
		t.Fatal("the page shows no pledge to release")
	}
	if code, _ := c.post("/shareholder/"+from+"/release", url.Values{"class": {class}, "pledge": {entry[1]},
		"date": {"2026-02-20"}}); code != http.StatusSeeOther {
		t.Errorf("release: %d", code)
	}
	if code, _ := c.post("/shareholder/"+from+"/certificate", url.Values{"date": {"2026-02-20"},
		"reason": {"遗失"}}); code != http.StatusSeeOther {
		t.Errorf("certificate: %d", code)
	}
	if _, page = c.get("/shareholder/" + from); !strings.Contains(page, "21072710221600001-1") || !strings.Contains(page, "2026-02-20") {
		t.Error("the page shows neither the new certificate nor the release")
	}
	if code, body := move("withdraw", url.Values{"date": {"2026-02-21"}, "quantity": {"0.01"}, "paid": {"10"}}); code != 409 ||
		!strings.Contains(body, "没有允许有偿退出") {
		t.Errorf("withdrawal without leave of the charter: %d", code)
	}
	if code, _ := c.post("/entity/"+coop+"/charter", url.Values{"withdrawal_cap": {"5"}, "frozen_from": {"2026-01-01"},
		"resolution": {"2026-1"}}); code != http.StatusSeeOther {
		t.Errorf("charter: %d", code)
	}
	if code, body := move("withdraw", url.Values{"date": {"2026-02-21"}, "quantity": {"0.01"}, "paid": {"10"}}); code != http.StatusSeeOther {
		t.Errorf("withdrawal: %d %.300s", code, body)
	}
	if code, body := move("adjust", url.Values{"date": {"2026-02-22"}, "quantity": {"-0.01"}, "resolution": {"2026-2"}}); code != 409 ||
		!strings.Contains(body, "股权固化") {
		t.Errorf("adjustment of a frozen register: %d", code)
	}
	if code, body := c.post("/class/"+class+"/close", url.Values{"date": {"2026-02-25"}}); code != 422 || !strings.Contains(body, "决议编号") {
		t.Errorf("a class closed without a resolution: %d", code)
	}
	if code, to := c.post("/class/"+class+"/close", url.Values{"date": {"2026-02-25"},
		"resolution": {"2026-3"}}); code != http.StatusSeeOther || !strings.HasPrefix(to, "/entity/"+coop) {
		t.Errorf("a class closed: %d %s", code, to)
	}
	if code, body := c.post("/entity/"+coop+"/dissolve", url.Values{"date": {"2026-02-26"}, "resolution": {"2026-4"}}); code != 409 ||
		!strings.Contains(body, "还没有结清") {
		t.Errorf("dissolved with payouts outstanding: %d", code)
	}
	if code, page := c.get("/class/" + class + "?on=2026-03-01&after=" + yuxin + "H00100"); code != 200 ||
		!strings.Contains(page, yuxin+"H00101") || strings.Contains(page, yuxin+"H00100\"") {
		t.Errorf("the second page of a register as of a day: %d", code)
	}
	for _, who := range []string{"qilihe", "yixian"} {
		if code, _ := s.as(who).post("/shareholder/"+from+"/move/pledge", url.Values{"class": {class}, "date": {"2026-02-22"},
			"quantity": {"0.01"}, "pledgee": {"x"}}); code != http.StatusForbidden {
			t.Errorf("a pledge by %s: %d", who, code)
		}
	}
	if _, file := c.get("/export/register.csv/" + class + "?on=2026-01-31"); !strings.Contains(file, "截至日") || !strings.Contains(file, from) {
		t.Error("the register as of a day is not in the export")
	}
}

// What is put in is recorded through the page with its shares, and refused at its fields.
func TestContributions(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	form := url.Values{"who": {"21072710221600001"}, "kind": {"technology"}, "value": {"5432.10"}, "class": {coop + "C01"}, "shares": {"2.5"},
		"date": {"2026-02-01"}}
	if code, body := c.post("/contributions/"+coop, form); code != http.StatusSeeOther {
		t.Fatalf("%d %.400s", code, body)
	}
	form.Set("kind", "farmland")
	if code, body := c.post("/contributions/"+coop, form); code != 422 || !strings.Contains(body, "耕地入股要写明面积") ||
		!strings.Contains(body, `value="5432.10"`) {
		t.Errorf("land without an area: %d", code)
	}
	form.Set("who", "查无此人")
	if code, body := c.post("/contributions/"+coop, form); code != 404 || !strings.Contains(body, "本村没有“查无此人”这个股东") {
		t.Errorf("nobody: %d", code)
	}
	if code, body := s.as("yixian").get("/transformation/210727?year=2026"); code != 200 || !strings.Contains(body, "5,432.10") {
		t.Errorf("the county's transformation: %d", code)
	}
}

// A printed certificate can be checked by anybody who holds it, and by nobody who only guesses; a lost one is worth nothing after its
// reissue.
func TestCertificate(t *testing.T) {
	s := newSite(t)
	c, nobody := s.as("yuxin"), s.nobody()
	const holder = "/shareholder/" + yuxin + "H00001"
	code := func() string {
		t.Helper()
		_, page := c.get(holder + "/certificate")
		m := regexp.MustCompile(`class="code">(\w{10})<`).FindStringSubmatch(page)
		if m == nil || !strings.Contains(page, "<path d=\"M") {
			t.Fatalf("no code or no picture on the certificate:\n%.800s", page)
		}
		return m[1]
	}
	first := code()
	if status, page := nobody.get("/check?no=21072710221600001&code=" + strings.ToLower(first)); status != 200 ||
		!strings.Contains(page, "股权证有效") || !strings.Contains(page, "育新果蔬专业合作社") {
		t.Errorf("the right code: %d", status)
	}
	for _, bad := range []string{"no=21072710221600002&code=" + first, "no=21072710221600001&code=AAAAAAAAAA", "no=21072710221600001&code=",
		"no=x&code=" + first, "no=%ff&code=%ff"} {
		if status, page := nobody.get("/check?" + bad); status != 404 || !strings.Contains(page, "没有这样的股权证") || strings.Contains(page, "果蔬") {
			t.Errorf("%s: %d", bad, status)
		}
	}
	c.post(holder+"/certificate", url.Values{"date": {"2026-02-20"}, "reason": {"遗失"}})
	if status, _ := nobody.get("/check?no=21072710221600001&code=" + first); status != 404 {
		t.Errorf("a certificate that was lost and replaced is still valid: %d", status)
	}
	if status, _ := nobody.get("/check?no=21072710221600001-1&code=" + code()); status != 200 {
		t.Errorf("the new certificate: %d", status)
	}
}

// heardBox is the box by which a form answers what it was asked.
var heardBox = regexp.MustCompile(`type="checkbox" name="heard" value="([^"]*)"`)

// A plan's payouts go to the banks in a batch for each, in one for all, or for those whose bank nobody wrote down.
func TestBatchesForBanks(t *testing.T) {
	for _, c := range []struct {
		name, bank string
		batches    int
	}{{"each", "*", 2}, {"one for all", "+", 1}, {"a bank", "农业银行", 1}} {
		t.Run(c.name, func(t *testing.T) {
			a := newSite(t).as("yuxin")
			_, page := a.get("/distribution/" + thePlan)
			before := strings.Count(page, `<a href="/batch/`)
			form := url.Values{"bank": {c.bank}, "date": {"2026-03-01"}}
			code, to := a.post("/distribution/"+thePlan+"/batch", form)
			if code != http.StatusConflict || !strings.Contains(to, "死亡") { // two have died: what is due to them stays here
				t.Fatalf("not asked about the dead: %d %.300s", code, to)
			}
			for _, m := range heardBox.FindAllStringSubmatch(to, -1) {
				form.Add("heard", html.UnescapeString(m[1]))
			}
			if code, to = a.post("/distribution/"+thePlan+"/batch", form); code != http.StatusSeeOther {
				t.Fatalf("%d %.300s", code, to)
			}
			_, page = a.get("/distribution/" + thePlan)
			if got := strings.Count(page, `<a href="/batch/`) - before; got != c.batches {
				t.Errorf("%d batches, want %d", got, c.batches)
			}
			if code, page := a.post("/distribution/"+thePlan+"/batch", form); code != http.StatusConflict || !strings.Contains(page, "没有") {
				t.Errorf("once more: %d", code)
			}
		})
	}
	a := newSite(t).as("yuxin")
	for bank, want := range map[string]int{"-": http.StatusConflict, "没有的银行": http.StatusConflict} {
		if code, _ := a.post("/distribution/"+thePlan+"/batch", url.Values{"bank": {bank}, "date": {"2026-03-01"}}); code != want {
			t.Errorf("for %s: %d", bank, code)
		}
	}
	if code, page := a.post("/distribution/"+thePlan+"/batch",
		url.Values{"bank": {"+"}, "date": {"2026-13-01"}}); code != http.StatusUnprocessableEntity ||
		!strings.Contains(page, `value="2026-13-01"`) {
		t.Errorf("on no day: %d", code)
	}
}

// A plan that was voided can be drafted anew as it was, and nobody's plan serves another entity.
func TestDraftLikeAnother(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, at := c.post("/entity/"+coop+"/distribute", url.Values{"year": {"2025"}, "record_date": {"2025-11-30"}, "resolution": {"2026-9"},
		"class.0": {coop + "C01"}, "rule.0": {"pool"}, "sum.0": {"123.45"}, "days.0": {"true"}})
	id := strings.TrimPrefix(strings.Split(at, "?")[0], "/distribution/")
	if code, body := c.post("/distribution/"+id+"/void", url.Values{"reason": {"日期写错"}}); code != http.StatusSeeOther {
		t.Fatalf("%s: %d %.300s", at, code, body)
	}
	if _, page := c.get("/distribution/" + id); !strings.Contains(page, "照此起草") {
		t.Error("the voided plan does not offer it")
	}
	_, page := c.get("/entity/" + coop + "/distribute?like=" + id)
	for _, want := range []string{`value="2025-11-30"`, `value="2026-9"`, `value="123.45"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if code, _ := c.get("/entity/" + coop + "/distribute?like=" + yuxin + "E002D202501"); code != http.StatusNotFound {
		t.Errorf("like a plan that is not: %d", code)
	}
}

// What is booked after a plan was submitted can leave it uncovered: the plan and the year's statement say so.
func TestUncoveredPlan(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	pages := []string{"/statement/" + coop + "?year=2025", "/distribution/" + thePlan}
	for _, p := range pages {
		if _, page := c.get(p); strings.Contains(page, "比可分配收益多出") {
			t.Errorf("%s: uncovered already", p)
		}
	}
	if code, body := c.post("/income/"+coop+"/reverse/"+coop+"Y2025N00001",
		url.Values{"reason": {"重记"}, "date": {"2025-12-31"}}); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, body)
	}
	for _, p := range pages {
		if _, page := c.get(p); !strings.Contains(page, "比可分配收益多出") {
			t.Errorf("%s does not say that more is distributed than there is", p)
		}
	}
}

// Whatever number of heirs the form has rows for are taken; more rows can be asked for.
func TestManyHeirs(t *testing.T) {
	c := newSite(t).as("yuxin")
	const at = "/shareholder/" + yuxin + "H00001/move/inheritance"
	form := url.Values{"class": {coop + "C01"}, "date": {"2026-02-01"}, "more": {"1"}}
	for i := range 6 {
		form.Set(fmt.Sprint("who.", i), fmt.Sprint(yuxin, "H0000", i+2))
		form.Set(fmt.Sprint("quantity.", i), "0.1")
	}
	code, page := c.post(at, form)
	if code != http.StatusOK || !strings.Contains(page, `name="who.8"`) || !strings.Contains(page, `value="`+yuxin+`H00007"`) {
		t.Fatalf("more rows: %d", code)
	}
	form.Del("more")
	form.Set("who.8", yuxin+"H00009")
	for i := 6; i < 8; i++ {
		form.Set(fmt.Sprint("who.", i), "")
		form.Set(fmt.Sprint("quantity.", i), "")
	}
	form.Set("quantity.8", "0.2")
	if code, page := c.post(at, form); code != http.StatusSeeOther {
		t.Fatalf("seven heirs: %d %.300s", code, page)
	}
	_, page = c.get("/shareholder/" + yuxin + "H00009")
	if !strings.Contains(page, "0.2") || !strings.Contains(page, "唐芹林") {
		t.Error("the seventh heir's page does not name the movement and its giver")
	}
}

// Households that merge bring all they hold in one step, or nothing of it.
func TestMovingEverything(t *testing.T) {
	c := newSite(t).as("yuxin")
	const from, at = "/shareholder/" + yuxin + "H00001", "/shareholder/" + yuxin + "H00001/move/merger"
	form := url.Values{"class": {"*"}, "date": {"2026-02-01"}, "who.0": {yuxin + "H00002"}, "quantity.0": {""}, "who.1": {""},
		"quantity.1": {""}}
	with := func(name, value string) url.Values {
		f := maps.Clone(form)
		f.Set(name, value)
		return f
	}
	for name, x := range map[string]struct {
		form url.Values
		code int
		says string
	}{
		"with a number":           {with("quantity.0", "1"), 422, "不填数量"},
		"to two":                  {with("who.1", yuxin+"H00003"), 422, "只给第一行的人"},
		"to nobody":               {with("who.0", ""), 422, "请写明给谁"},
		"to somebody unknown":     {with("who.0", "查无此人"), 404, "没有“查无此人”"},
		"to itself":               {with("who.0", yuxin+"H00001"), 422, "转出的一方"},
		"on a frozen record date": {with("date", "2025-11-01"), 409, thePlan},
	} {
		if code, page := c.post(at, x.form); code != x.code || !strings.Contains(page, x.says) {
			t.Errorf("%s: %d %.200s", name, code, page)
		}
	}
	if code, page := c.post(at, form); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, page)
	}
	if _, page := c.get(from); strings.Count(page, "并户</td>") != 2 {
		t.Error("not both classes have moved")
	}
	if _, page := c.get("/class/" + coop + "C02?on=2026-02-01"); strings.Contains(page, from+`"`) {
		t.Error("the merged household still holds shares")
	}
}

// The codes on certificates lead to the address that the office gave, wherever they are printed.
func TestCertificatesLeadToThePublicAddress(t *testing.T) {
	s := newSiteAt(t, "https://sanbian.example:8443/")
	if _, page := s.as("yuxin").get("/shareholder/" + yuxin + "H00001/certificate"); !strings.Contains(page,
		"https://sanbian.example:8443/check") || strings.Contains(page, s.url) {
		t.Error("the certificate leads elsewhere")
	}
	for _, bad := range []string{"sanbian.example", "ftp://sanbian.example", "https://sanbian.example/check", "https://", "::"} {
		if _, err := server.New(nil, nil, nil, server.Options{Public: bad}); journal.CodeOf(err) != journal.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Both languages render every page without an error, and the English one says nothing in Chinese but names and numbers of the books.
func TestEnglish(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	if code, _ := c.post("/language", url.Values{"to": {"en"}, "back": {"/"}}); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	for _, p := range append(append([]string{"/", "/password"}, pages...), forms...) {
		code, body := c.get(p)
		if code != http.StatusOK || strings.Contains(body, "%!") && !strings.Contains(p, ".xlsx") {
			t.Errorf("%s: %d", p, code)
		}
	}
	if _, body := c.get("/"); !strings.Contains(body, `lang="en"`) || !strings.Contains(body, "Waiting for you") {
		t.Error("the page is not in English")
	}
}

// A shareholder's page shows what the same person holds and has received under other registrations, to those whose region reaches so far.
func TestOnePersonInTwoVillages(t *testing.T) {
	s := newSite(t)
	const neighbour = "210727102217"
	if code, _ := s.as("admin").post("/accounts", url.Values{"name": {"neighbour"}, "role": {"accountant"}, "region": {neighbour},
		"password": {demo.Password}}); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	register := func(c *client, village, name string) (path string) {
		t.Helper()
		code, path := c.post("/shareholders/"+village+"/new", url.Values{
			"kind": {"household"}, "name": {name}, "id_no": {ident.CompleteResidentID("21072719620305414")}, "people": {"2"},
		})
		if code != http.StatusSeeOther {
			t.Fatal(code, path)
		}
		path, _, _ = strings.Cut(path, "?")
		return path
	}
	home := s.as("yuxin")
	here := register(home, yuxin, "测试户本村")
	there := register(s.asNew("neighbour"), neighbour, "测试户邻村")
	if code, at := home.post("/entity/"+coop+"/issue", url.Values{"date": {"2026-02-01"}, "q." + coop + "C01." +
		strings.TrimPrefix(here, "/shareholder/"): {"7.25"}}); code != http.StatusSeeOther {
		t.Fatal(code, at)
	}
	_, page := s.as("yixian").get(there)
	for _, want := range []string{"在别处的登记", "测试户本村", here, "育新果蔬专业合作社", "7.25 亩"} {
		if !strings.Contains(page, want) {
			t.Errorf("the official does not read %q", want)
		}
	}
	if _, page := home.get(here); strings.Contains(page, "测试户邻村") || strings.Contains(page, "在别处的登记") {
		t.Error("the accountant reads of another village's register")
	}
}

// A page with several forms shows the refused one as it was typed, its fault beside its field, and leaves the others as they were.
func TestRefusedFormsStayAsTyped(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	for _, x := range []struct {
		name, path string
		form       url.Values
		want       []string
		not        string
	}{
		{"a charter", "/entity/" + coop + "/charter", url.Values{"withdrawal_cap": {"500"}, "disclosure_days": {"3"}, "resolution": {"决议甲"}},
			[]string{`name="withdrawal_cap" type="text" value="500"`, `name="disclosure_days" type="text" value="3"`, "不在 0 到 100 之间",
				`value="决议甲"`}, ""},
		{"a reserve", "/entity/" + coop + "/reserve", url.Values{"reserve": {"7"}, "from_year": {"2024"}, "resolution": {"决议乙"}},
			[]string{`name="reserve" type="text" value="7"`, "2024 年已结账", `value="决议乙"`}, `name="disclosure_days" type="text" value="3"`},
		{"a correction", "/entity/" + coop + "/correct", url.Values{"representative": {"测试人"}, "credit_code": {"123"}, "reason": {"换届"}},
			[]string{`value="测试人"`, "统一社会信用代码 123 不对", `value="换届"`}, `name="name" type="text" value="测试人"`},
		{"a card", "/shareholder/" + yuxin + "H00001/card", url.Values{"bank": {"农商银行甲"}, "account": {"123"}},
			[]string{`value="农商银行甲"`, `name="account" type="text" value="123"`, "位数不对"}, ""},
		{"an amount set aside", "/statement/" + yuxin + "/aside", url.Values{"year": {"2026"}, "fund": {"reserve"}, "amount": {"-3"},
			"resolution": {"决议丙"}},
			[]string{`value="-3"`, `value="决议丙"`}, `value="-3" inputmode="decimal" autocomplete="off" required><span class="hint">`},
		{"a subsidy", "/members/" + coop + "/subsidy", url.Values{"amount": {"0"}, "source": {"县农业农村局"}, "date": {"2026-03-01"}},
			[]string{`value="县农业农村局"`, `name="amount" type="text" value="0"`}, ""},
		{"a failed payout without a reason", "/distribution/" + thePlan + "/fail",
			url.Values{"holders": {yuxin + "H00100"}, "date": {"2026-02-28"}},
			[]string{`value="` + yuxin + `H00100" checked`, `name="date" type="text" value="2026-02-28"`}, ""},
	} {
		code, page := c.post(x.path, x.form)
		if code < 400 || code >= 500 {
			t.Errorf("%s: %d", x.name, code)
		}
		for _, want := range x.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s", x.name, want)
			}
		}
		if x.not != "" && strings.Contains(page, x.not) {
			t.Errorf("%s: the page has %s", x.name, x.not)
		}
	}
}

// What was done before is said once: not above the refusal of the next form, which has the same address. And what is printed of a
// demonstration says that it is one.
func TestNoticesAndMarks(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	if _, page := c.get("/shareholders/" + yuxin + "/new?done=registered"); !strings.Contains(page, "已登记</p>") {
		t.Error("nothing says that it was done")
	}
	code, page := c.post("/shareholders/"+yuxin+"/new?done=registered", url.Values{"kind": {"household"}, "name": {"测试户"}, "id_no": {"1"}})
	if code != http.StatusUnprocessableEntity || strings.Contains(page, "已登记</p>") {
		t.Errorf("a refused form: %d, with the notice of what was done before", code)
	}
	if _, page := c.get("/shareholder/" + yuxin + "H00001/certificate"); !strings.Contains(page, `<p class="demo printed">演示数据,不是真的</p>`) {
		t.Error("a certificate of the demonstration does not say so in print")
	}
}

// What can be right and should be looked at again is asked about once: ticked, it is recorded.
func TestDoubtsAreAsked(t *testing.T) {
	c := newSite(t).as("yuxin")
	form := url.Values{"bank": {"农信社"}, "account": {"210727100101019876"}, "request": {"one"}}
	const to = "/shareholder/" + yuxin + "H00001/card"
	code, page := c.post(to, form)
	const doubt = "account: 账号 2107 **** 9876 不是银行卡号(校验位不符),记为存折;请对照存折核对每一位"
	if code != http.StatusConflict || !strings.Contains(page, `name="heard" value="`+doubt+`">`) ||
		!strings.Contains(page, `name="account" type="text" value="210727100101019876"`) {
		t.Fatalf("not asked: %d %.1500s", code, page)
	}
	form.Set("heard", "something else")
	if code, _ = c.post(to, form); code != http.StatusConflict {
		t.Errorf("another answer was taken: %d", code)
	}
	form.Set("heard", doubt)
	if code, _ = c.post(to, form); code != http.StatusSeeOther {
		t.Errorf("answered: %d", code)
	}
	if _, page = c.get("/shareholder/" + yuxin + "H00001"); !strings.Contains(page, "<dt>存折</dt>") {
		t.Error("the page does not say that it is a passbook")
	}
	_, page, at := c.send("/upload/"+yuxin, "户主,身份证号,一折通\n测试户,"+residentID(7)+",210727100101019876\n",
		map[string]string{"kind": "shareholders"})
	if !strings.Contains(page, "一个账号付两户") || !strings.Contains(page, "要核对的") {
		t.Errorf("the file's doubts: %.2000s", page)
	}
	c.post(at+"/post", nil)
	if _, page = c.settled(at); !strings.Contains(page, "全部记入了") {
		t.Errorf("posting: %.300s", page)
	}
	if _, page = c.get("/duplicates/" + yuxin); !strings.Contains(page, "2107 **** 9876") || !strings.Contains(page, "测试户") {
		t.Errorf("the list of shared accounts: %.500s", page)
	}
}

// A household's members are rows: each fault stands at its cell, an empty row is none.
func TestFamilyRows(t *testing.T) {
	c := newSite(t).as("yuxin")
	const to = "/shareholder/" + yuxin + "H00002/members"
	form := url.Values{"members.0.name": {"乱七八糟"}, "members.2.name": {"李四"}, "members.2.relation": {"朋友"}, "members.3.name": {"王五"},
		"members.3.relation": {"10"}, "members.4.name": {"王五"}, "members.4.relation": {"妻"}}
	code, page := c.post(to, form)
	for _, want := range []string{"请写明成员乱七八糟与户主的关系", "不认识关系“朋友”", "成员王五在这一户里写了两次", `name="members.2.relation" value="朋友"`} {
		if code != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("%d, no %s", code, want)
		}
	}
	form = url.Values{"members.3.name": {"王五"}, "members.3.relation": {"10"}}
	if code, _ = c.post(to, form); code != http.StatusSeeOther {
		t.Errorf("taken: %d", code)
	}
	if _, page = c.get("/shareholder/" + yuxin + "H00002"); !strings.Contains(page, `name="members.0.relation" value="配偶"`) {
		t.Error("the code of a relation is not read")
	}
}

// A resolution is recorded once with what falls short of it, named by its number, and leads to what rests on it; what the county sets
// decides whether another goes through.
func TestResolutionsAndSettings(t *testing.T) {
	s := newSite(t)
	c, county := s.as("yuxin"), s.as("yixian")
	form := url.Values{"of": {coop}, "body": {"council"}, "date": {"2026-02-20"}, "number": {"2026-09"},
		"subjects": {"charter", "contribution"},
		"entitled": {"128"}, "present": {"100"}, "for": {"90"}}
	code, page := c.post("/resolutions/"+yuxin, form)
	if code != http.StatusSeeOther { // a specialised cooperative's council: the law of collectives says nothing of it
		t.Fatalf("recording: %d %.500s", code, page)
	}
	form.Set("number", "2026-10")
	form.Set("body", "assembly")
	code, page = c.post("/resolutions/"+yuxin, form)
	if code != http.StatusConflict || !strings.Contains(page, "没有写通知日期") || !strings.Contains(page, `value="contribution" checked`) {
		t.Errorf("a meeting without notice: %d %.1500s", code, page)
	}
	form.Set("notice", "2026-02-01")
	if code, page = c.post("/resolutions/"+yuxin, form); code != http.StatusSeeOther {
		t.Errorf("with notice: %d %.500s", code, page)
	}
	contribution := url.Values{"who": {yuxin + "H00001"}, "kind": {"own"}, "value": {"100"}, "class": {coop + "C02"}, "shares": {"1"},
		"date": {"2026-02-21"}, "resolution": {"2026-10"}}
	if code, page = c.post("/contributions/"+coop, contribution); code != http.StatusSeeOther {
		t.Errorf("a contribution: %d %.800s", code, page)
	}
	_, list := c.get("/resolutions/" + yuxin)
	at := regexp.MustCompile(`/resolution/`+coop+`R2026\d{3}`).FindAllString(list, -1)
	if len(at) < 2 || !strings.Contains(list, "2026-10") {
		t.Fatalf("the list: %v", at)
	}
	if _, page = c.get(at[0]); !strings.Contains(page, "入股") || !strings.Contains(page, "人数、通知和公开都合规定") {
		t.Errorf("what rests on it: %.1500s", page)
	}
	if _, page = c.get("/shareholder/" + yuxin + "H00001"); !strings.Contains(page, at[0]) || !strings.Contains(page,
		`<datalist id="resolutions">`) {
		t.Error("the shareholder's page does not lead to it")
	}
	setting := url.Values{"setting": {"resolution_check"}, "value": {"refuse"}, "from_day": {"2026-01-01"}, "reason": {"义县农发 1 号"}}
	for account, want := range map[string]int{"yuxin": http.StatusForbidden, "qilihe": http.StatusForbidden, "jinzhou": http.StatusSeeOther} {
		if code, _ := s.as(account).post("/settings/210727000000", setting); code != want {
			t.Errorf("%s sets the county's: %d, want %d", account, code, want)
		}
	}
	if code, page := county.post("/settings/210727000000", url.Values{"setting": {"resolution_check"}, "value": {"x"}}); code != 422 ||
		!strings.Contains(page, "不能是“x”") {
		t.Errorf("a wrong value: %d", code)
	}
	if _, page = county.get("/settings/210727000000"); !strings.Contains(page, `<span class="tag">不让记</span>`) {
		t.Errorf("the settings: %.800s", page)
	}
	contribution.Set("resolution", "没登记的")
	if code, page = c.post("/contributions/"+coop, contribution); code != http.StatusConflict || !strings.Contains(page, "本县要求先登记决议") {
		t.Errorf("a number only: %d", code)
	}
}

// A list of members is pasted; somebody who is a member elsewhere is pointed out by the county alone, and the county has the list. A loss
// has its cause and day.
func TestRollOfMembers(t *testing.T) {
	s := newSite(t)
	c, county := s.as("yuxin"), s.as("yixian")
	group := regexp.MustCompile(yuxin+`E\d{3}`).FindAllString(func() string { _, list := c.get("/entities/" + yuxin); return list }(), -1)
	roll := ""
	for _, id := range group {
		if _, page := c.get("/roll/" + id); strings.Contains(page, "三组") {
			roll = id
		}
	}
	if roll == "" {
		t.Fatal("no group's collective")
	}
	_, page, at := c.send("/upload/"+yuxin, "姓名\t身份证号\t与户主关系\t确认日期\t确认方式\n测试甲\t"+residentID(901)+"\t户主\t2026-01-10\t初始确认\n测试乙\t"+
		residentID(902)+"\t10\t2026-01-10\t嫁入\n", map[string]string{"kind": "roll", "entity": roll})
	if !strings.Contains(page, "检查通过") {
		t.Fatalf("the list: %.1500s", page)
	}
	c.post(at+"/post", nil)
	if _, page = c.settled(at); !strings.Contains(page, "全部记入了") {
		t.Fatalf("posting: %.300s", page)
	}
	_, page = c.get("/roll/" + roll + "?q=测试")
	if !strings.Contains(page, "测试甲") || !strings.Contains(page, "配偶") || !strings.Contains(page, "结婚") {
		t.Errorf("the roll: %.1500s", page)
	}
	member := regexp.MustCompile(`/membership/` + roll + `M\d{5}`).FindString(page)
	if code, page := c.post(member+"/lose", url.Values{"cause": {"study"}, "date": {"2026-02-01"}}); code != 422 || !strings.Contains(page,
		"第十八条") {
		t.Errorf("lost by study: %d", code)
	}
	if code, _ := c.post(member+"/lose", url.Values{"cause": {"office"}, "date": {"2026-02-01"},
		"until": {"2028-01-31"}}); code != http.StatusSeeOther {
		t.Errorf("lost by office: %d", code)
	}
	if _, page = c.get(member); !strings.Contains(page, "2028-01-31") {
		t.Error("the member's page does not say until when rights are kept")
	}
	if _, page = c.get("/roll/" + roll + "/print"); !strings.Contains(page, "测试乙") || strings.Contains(page, "测试甲") {
		t.Error("the printed list is not that of today")
	}
	if code, _ := c.get("/doubles/210727000000"); code != http.StatusForbidden {
		t.Errorf("the accountant reads who is in two collectives: %d", code)
	}
	if _, page = county.get("/doubles/210727000000"); !strings.Contains(page, "另一处") {
		t.Errorf("nobody is in two collectives: %.500s", page)
	}
	if code, _ := s.as("sh-210727002").get("/roll/" + roll); code != http.StatusForbidden {
		t.Errorf("another township reads the roll: %d", code)
	}
}
