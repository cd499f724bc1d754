package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
)

// see reads the books as an account.
func (s *site) see(account string, f func(v *journal.View)) {
	s.Helper()
	who, err := s.books.Actor(account)
	if err == nil {
		err = s.books.Read(who, func(v *journal.View) error { f(v); return nil })
	}
	if err != nil {
		s.Fatal(err)
	}
}

// faultsIn are what a page says is wrong.
func faultsIn(body string) string {
	return strings.Join(regexp.MustCompile(`(?s)<(?:p|span) class="fault"[^>]*>.*?</`).FindAllString(body, -1), "\n")
}

// Other villages of the demonstration: of 育新村's township, of another, and of a third.
const (
	beside    = "210727102217"
	elsewhere = "210727001001"
	faraway   = "210727104200"
)

// Who keeps a township's villages finds them on a board, and in each of them every page of a village's own accountant; the address decides
// which one it is, so two windows do not mix them up.
func TestTownshipAccountant(t *testing.T) {
	s := newSite(t)
	c, own := s.as("daiguan"), s.as("yuxin")
	if code, to := c.get("/"); code != http.StatusSeeOther || to != "/villages" {
		t.Fatalf("the first page is %d %s", code, to)
	}
	_, body := c.get("/villages")
	for _, want := range []string{"育新村", "/income/" + yuxin, "/today/" + yuxin, "开州村"} {
		if !strings.Contains(body, want) {
			t.Errorf("the board has no %s", want)
		}
	}
	forms := regexp.MustCompile(`<form[^>]*action="([^"]*)"`)
	for _, path := range []string{"/today/" + yuxin, "/income/" + yuxin, "/shareholders/" + yuxin, "/distributions/" + yuxin,
		"/entities/" + yuxin, "/contracts/" + yuxin,
		"/resolutions/" + yuxin, "/distribution/" + thePlan, "/entity/" + coop, "/statement/" + yuxin,
		"/shareholders/" + yuxin + "/new"} {
		mine, theirs := path, strings.Replace(path, "/today/"+yuxin, "/", 1)
		code, body := c.get(mine)
		codeOwn, bodyOwn := own.get(theirs)
		if code != http.StatusOK || codeOwn != http.StatusOK {
			t.Errorf("%s: %d, for the village's own %d", path, code, codeOwn)
			continue
		}
		if got, want := forms.FindAllString(body, -1), forms.FindAllString(bodyOwn, -1); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s has other forms than for the village's own accountant:\n%s\n— %s", path, got, want)
		}
	}
	// another village in between, in another window
	if code, _ := c.get("/income/" + beside); code != http.StatusOK {
		t.Fatalf("the other village: %d", code)
	}
	code, to := c.post("/income/"+yuxin, url.Values{"item": {"operating"}, "date": {"2026-02-20"}, "amount": {"12.34"}, "request": {"once"}})
	if code != http.StatusSeeOther || !strings.Contains(to, yuxin) {
		t.Errorf("a line for the first village: %d %.200s", code, to)
	}
	// what is the account's own is done from any village
	_, page := c.get("/second")
	secret := regexp.MustCompile(`<code>([A-Z2-7]+)</code>`).FindStringSubmatch(page)
	if secret == nil {
		t.Fatal("no secret for a second step")
	}
	now, err := totp.GenerateCode(secret[1], s.books.Now())
	if err != nil {
		t.Fatal(err)
	}
	if code, body := c.post("/second", url.Values{"code": {now}}); code != http.StatusOK {
		t.Errorf("a second step: %d %s", code, faultsIn(body))
	}
	if code, _ := c.get("/income/" + elsewhere); code != http.StatusForbidden {
		t.Errorf("a village of another township: %d", code)
	}
	if code, _ := c.get("/today/" + elsewhere); code != http.StatusForbidden {
		t.Errorf("the day of a village of another township: %d", code)
	}
}

// One person has several duties, each with its region; each page is shown in the one that reaches it, and none lends the other its rights.
func TestSeveralDuties(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	code, body := admin.post("/accounts", url.Values{"name": {"duo"}, "person": {"测试 两任"}, "role": {"reviewer"}, "region": {"七里河镇"},
		"password": {demo.Password}, "duties": {"村会计 " + elsewhere + "\nsupervisor " + faraway}})
	if code != http.StatusSeeOther {
		t.Fatalf("the account: %d %s", code, faultsIn(body))
	}
	c := s.asNew("duo")
	for path, want := range map[string]int{
		"/distribution/" + thePlan: http.StatusOK, "/income/" + elsewhere: http.StatusOK, "/income/" + faraway: http.StatusOK,
		"/income/210727001200": http.StatusForbidden, "/summary/210727": http.StatusForbidden,
	} {
		if code, _ := c.get(path); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
	line := url.Values{"item": {"operating"}, "date": {"2026-02-20"}, "amount": {"1"}}
	for at, want := range map[string]int{elsewhere: http.StatusSeeOther, yuxin: http.StatusForbidden, faraway: http.StatusForbidden} {
		if code, _ := c.post("/income/"+at, line); code != want {
			t.Errorf("entering for %s: %d, want %d", at, code, want)
		}
	}
	s.see("yixian", func(v *journal.View) {
		list, _, _ := v.Journal(elsewhere, "", 1)
		if j := list[0]; j.By != "duo" || j.Role != journal.Accountant || v.Signed(j.By, j.Time()) != "测试两任" {
			t.Errorf("the line is signed by %s as %s", v.Signed(j.By, j.Time()), j.Role)
		}
	})
	// who reviews a place does not enter its books, and accounts are kept by nobody who has to do with books
	for duties, want := range map[string]string{"村会计 七里河镇 育新村": "不能兼镇级审核", "管理员 义县": "管理员只管账号", "镇级审核 七里河镇 育新村": "已经有了",
		"会计科 义县": "要先写角色", "村会计 没有的村": "没有的村"} {
		code, body := admin.post("/accounts/set", url.Values{"account": {"duo"}, "home": {"210727102000"}, "person": {"测试两任"},
			"duties": {duties}})
		if code < 400 || !strings.Contains(body, want) {
			t.Errorf("%q: %d, without %s", duties, code, want)
		}
	}
	// a duty that is taken away is gone at once
	if code, body := admin.post("/accounts/set", url.Values{"account": {"duo"}, "home": {"210727102000"},
		"person": {"测试丙"}}); code != http.StatusSeeOther {
		t.Fatalf("taking duties away: %d %s", code, faultsIn(body))
	}
	if code, _ := c.post("/income/"+elsewhere, line); code != http.StatusForbidden {
		t.Errorf("entering after the duty was taken away: %d", code)
	}
	s.see("yixian", func(v *journal.View) { // what was signed keeps the name of its time
		list, _, _ := v.Journal(elsewhere, "", 1)
		if got := v.Signed("duo", list[0].Time()); got != "测试两任" {
			t.Errorf("the line is now signed by %s", got)
		}
	})
}

// A list of accounts is added whole or not at all; each person's slip stands on the page that answers, and nowhere else.
func TestAccountsFromAList(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	code, body := admin.post("/accounts/list", url.Values{"paste": {"账号\t姓名\t角色\t地区\t电话\n" +
		"kj-a\t测试甲\t村会计\t七里河镇 育新村\t13800000001\n\t测试乙\t镇级审核\t七里河镇\t"}})
	if code != http.StatusOK {
		t.Fatalf("%d %s", code, faultsIn(body))
	}
	slips := regexp.MustCompile(`<b class="mono">([a-z2-7]{12})</b>`).FindAllStringSubmatch(body, -1)
	if len(slips) != 2 {
		t.Fatalf("%d slips", len(slips))
	}
	again := url.Values{"paste": {"kj-a\t测试甲\t村会计\t七里河镇 育新村"}, "request": {"sent twice"}}
	for range 2 { // nobody is shown a password that is none
		if code, body := admin.post("/accounts/list", again); code != http.StatusConflict || strings.Contains(body, "mono") {
			t.Errorf("a list with an account that is there: %d", code)
		}
	}
	if code, _ := s.nobody().post("/login", url.Values{"account": {"测试乙"}, "password": {slips[1][1]}}); code != http.StatusSeeOther {
		t.Errorf("signing in by the slip: %d", code)
	}
	for paste, want := range map[string]string{
		"": "请选一个文件",
		"账号\t姓名\t角色\t地区\nkj-c\t丙\t村会计\t七里河镇 育新村\nkj-d\t丁\t村长\t育新村": "第 3 行",
		"kj-c\t丙\t村会计\t不存在村": "第 1 行",
		"kj-c\t丙\t村会计\t七里河镇 育新村\nkj-c\t丁\t村会计\t七里河镇 育新村": "第 2 行",
		"kj-a\t丙\t村会计\t七里河镇 育新村":                         "已经有了",
		strings.Repeat("x\tx\t村会计\t七里河镇 育新村\n", 101):     "最多添加 100",
	} {
		code, body := admin.post("/accounts/list", url.Values{"paste": {paste}})
		if code < 400 || !strings.Contains(faultsIn(body), want) {
			t.Errorf("%.20q: %d %s", paste, code, faultsIn(body))
		}
	}
	for _, name := range []string{"kj-c", "kj-d"} {
		if _, err := s.books.Actor(name); err == nil {
			t.Errorf("half a list was added: %s", name)
		}
	}
	if code, _ := s.as("yuxin").get("/accounts/list"); code != http.StatusForbidden {
		t.Errorf("for an accountant: %d", code)
	}
}
