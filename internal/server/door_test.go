package server_test

import (
	"github.com/pquerna/otp/totp"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
)

// The first password is somebody else's choice: nothing goes before it is changed, on any page, in any form; an account cannot have its own
// set by the administrator's page.
func TestFirstPassword(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	for _, weak := range []string{"12345678", "password", "        ", "sanbian1", "official9", "yixian2026"} {
		if code, _ := admin.post("/accounts", url.Values{"name": {"official9"}, "role": {"official"}, "region": {"210727"},
			"password": {weak}}); code != http.StatusUnprocessableEntity {
			t.Errorf("%q is a password: %d", weak, code)
		}
	}
	if code, _ := admin.post("/accounts", url.Values{"name": {"official9"}, "role": {"official"}, "region": {"210727"},
		"password": {demo.Password}}); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	c := s.as("official9")
	for _, path := range []string{"/", "/summary/210727", "/export/summary.csv/210727?year=2025", "/outlines"} {
		if code, to := c.get(path); code != http.StatusSeeOther || to != "/password" {
			t.Errorf("%s before the change: %d %.100s", path, code, to)
		}
	}
	if code, _ := c.post("/settings/210727", url.Values{"setting": {"map_tiles"}, "value": {"甲"}}); code != http.StatusForbidden {
		t.Errorf("a form before the change: %d", code)
	}
	if code, page := c.get("/password"); code != http.StatusOK || !strings.Contains(page, "别人设的") {
		t.Errorf("%d %.200s", code, page)
	}
	if code, _ := c.post("/password", url.Values{"old": {demo.Password},
		"password": {demo.Password}}); code != http.StatusUnprocessableEntity {
		t.Errorf("the same again: %d", code)
	}
	if code, to := c.post("/password", url.Values{"old": {demo.Password}, "password": {"only I know it"}}); code != http.StatusSeeOther ||
		!strings.HasPrefix(to, "/?") {
		t.Errorf("%d %s", code, to)
	}
	if code, _ := c.get("/summary/210727"); code != http.StatusOK {
		t.Errorf("after the change: %d", code)
	}
	if code, page := admin.post("/accounts/password", url.Values{"account": {"admin"}, "password": {"another horse"}}); code != 422 ||
		!strings.Contains(page, "我的账号") {
		t.Errorf("the administrator's own password without the old one: %d", code)
	}
}

// Who claims another address is taken for no other: no proxy is trusted that is not named.
func TestForwardedAddressesAreNotBelieved(t *testing.T) {
	s := newSite(t)
	for i := range 12 {
		req, _ := http.NewRequest(http.MethodPost, s.url+"/login", strings.NewReader(url.Values{"account": {"jinzhou"},
			"password": {"wrong"}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-For", "10.1.2."+string(rune('0'+i%10)))
		req.Header.Set("X-Real-IP", "10.1.3."+string(rune('0'+i%10)))
		_, page := s.nobody().do(req)
		if waits := strings.Contains(page, "请等五分钟再试"); waits != (i >= 8) {
			t.Errorf("guess %d waits: %v", i+1, waits)
		}
	}
}

// A session is listed where its person sees it, ends alone or with all others, and is gone with the browser.
func TestSessionsOfOnesOwn(t *testing.T) {
	s := newSite(t)
	here, there := s.as("yuxin"), s.as("yuxin")
	_, page := here.get("/password")
	numbers := regexp.MustCompile(`name="number" value="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(numbers) != 1 || strings.Count(page, ">这里<") != 1 {
		t.Fatalf("%d others\n%s", len(numbers), page)
	}
	if code, _ := s.as("qilihe").post("/sessions/end", url.Values{"number": {numbers[0][1]}}); code != http.StatusSeeOther {
		t.Errorf("%d", code)
	}
	if code, _ := there.get("/today"); code == http.StatusSeeOther {
		t.Error("somebody else has ended the session")
	}
	if code, _ := here.post("/sessions/end", url.Values{"number": {numbers[0][1]}}); code != http.StatusSeeOther {
		t.Errorf("%d", code)
	}
	if _, to := there.get("/"); !strings.HasPrefix(to, "/login") {
		t.Errorf("signed out from elsewhere it goes on: %.100s", to)
	}
	third := s.as("yuxin")
	if code, _ := here.post("/sessions/end", url.Values{"all": {"true"}}); code != http.StatusSeeOther {
		t.Errorf("%d", code)
	}
	for name, c := range map[string]*client{"here": here, "the third": third} {
		if _, to := c.get("/"); !strings.HasPrefix(to, "/login") {
			t.Errorf("%s goes on: %.100s", name, to)
		}
	}
	resp, err := http.Post(s.url+"/login", "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"account": {"yuxin"}, "password": {demo.Password}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for _, cookie := range resp.Request.Response.Cookies() {
		if cookie.Name == "sanbian" && (cookie.MaxAge != 0 || !cookie.Expires.IsZero() || !cookie.HttpOnly) {
			t.Errorf("the cookie outlives the browser: %v", cookie)
		}
	}
}

// What was typed when the session had ended is not lost: its person signs in on the spot and sends it on, once.
func TestTypedFormOutlivesTheSession(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	form := url.Values{"item": {"operating"}, "date": {"2026-02-01"}, "amount": {"77.77"}, "note": {"第一行 <b> \"引号\""},
		"request": {"key of this form"}}
	if code, _ := c.post("/logout", nil); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	code, page := c.post("/income/"+yuxin, form)
	if code != http.StatusUnauthorized || !strings.Contains(page, "接着提交") {
		t.Fatalf("%d %.300s", code, page)
	}
	signIn := hidden(page)
	signIn.Set("account", "yuxin")
	signIn.Set("password", "wrong")
	if code, page = c.post("/login", signIn); code != http.StatusUnauthorized || hidden(page).Get("carry-to") != "/income/"+yuxin {
		t.Errorf("after a wrong password: %d, carried to %q", code, hidden(page).Get("carry-to"))
	}
	signIn.Set("password", demo.Password)
	if code, page = c.post("/login", signIn); code != http.StatusOK || !strings.Contains(page, `action="/income/`+yuxin+`"`) {
		t.Fatalf("%d %.300s", code, page)
	}
	again := hidden(page)
	if again.Encode() != form.Encode() {
		t.Errorf("sent on is %v, typed was %v", again, form)
	}
	for range 2 {
		if code, to := c.post("/income/"+yuxin, again); code != http.StatusSeeOther {
			t.Errorf("%d %.200s", code, to)
		}
	}
	_, page = c.get("/export/income.csv/" + yuxin + "?year=2026&amount=77.77")
	if n := strings.Count(page, "77.77"); n != 1 {
		t.Errorf("recorded %d times", n)
	}
	// A form is carried to this site alone, and not one that is too long.
	if _, page := s.nobody().post("/login", url.Values{"account": {"yuxin"}, "password": {demo.Password},
		"carry-to":    {"https://evil.example/"},
		"carry-field": {"a"}, "carry-value": {"b"}}); strings.Contains(page, "evil.example") {
		t.Error("a form is carried away")
	}
	long := url.Values{"paste": {strings.Repeat("x", 600<<10)}, "kind": {"income"}}
	if code, page := s.nobody().post("/upload/"+yuxin, long); code != http.StatusUnauthorized || len(page) > 100<<10 ||
		!strings.Contains(page, "重新登录") {
		t.Errorf("a long form: %d, %d bytes", code, len(page))
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// hidden are the hidden fields of a page's forms but those of its frame.
func hidden(page string) url.Values {
	values := url.Values{}
	_, page, _ = strings.Cut(page, `class="signin card"`)
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		values.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return values
}

// Who looks for somebody by the ID number finds the same as by the name, and the number stands in no address.
func TestNumbersStandInNoAddress(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	number := residentID(401)
	if code, page := c.post("/shareholders/"+yuxin+"/new", url.Values{"kind": {"household"}, "name": {"测试寻"}, "id_no": {number},
		"people": {"1"}}); code != http.StatusSeeOther {
		t.Fatalf("%d %.300s", code, page)
	}
	for _, typed := range []string{number, " " + number[:6] + " " + number[6:14] + " " + number[14:], strings.ToLower(number)} {
		code, to := c.post("/find", url.Values{"to": {"/shareholders/" + yuxin}, "q": {typed}})
		if code != http.StatusSeeOther || strings.Contains(to, number[6:14]) {
			t.Fatalf("%q leads to %d %s", typed, code, to)
		}
		if _, page := c.get(to); !strings.Contains(page, "测试寻") || strings.Count(page, `href="/shareholder/`) != 1 {
			t.Errorf("%q is not found", typed)
		}
	}
	if _, to := c.post("/find", url.Values{"to": {"/shareholders/" + yuxin},
		"q": {"测试寻"}}); to != "/shareholders/"+yuxin+"?q="+url.QueryEscape("测试寻") {
		t.Errorf("a name leads to %s", to)
	}
	if _, to := c.post("/find", url.Values{"to": {"https://evil.example/"}, "q": {"x"}}); !strings.HasPrefix(to, "/?") {
		t.Errorf("led away to %s", to)
	}
}

// Whoever has a second step comes in by the password and a code, not by either alone; what was typed goes through both; the administrator
// takes it off where a device is lost.
func TestSecondStepAtTheDoor(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	_, page := c.get("/second")
	found := regexp.MustCompile(`<code>([A-Z2-7]{16,})</code>`).FindStringSubmatch(page)
	if found == nil || !strings.Contains(page, `<svg class="qr"`) {
		t.Fatalf("no secret is shown\n%s", page)
	}
	if _, page := c.get("/second"); !strings.Contains(page, found[1]) {
		t.Error("looked at again it is another secret")
	}
	code := func() string {
		text, err := totp.GenerateCode(found[1], s.books.Now())
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if code, _ := c.post("/second", url.Values{"code": {"000000"}}); code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code sets it: %d", code)
	}
	status, page := c.post("/second", url.Values{"code": {code()}})
	recovery := regexp.MustCompile(`<code>([a-z2-7]{5}-[a-z2-7]{5})</code>`).FindAllStringSubmatch(page, -1)
	if status != http.StatusOK || len(recovery) != 8 {
		t.Fatalf("%d, %d recovery codes", status, len(recovery))
	}
	password := url.Values{"account": {"yuxin"}, "password": {demo.Password}, "carry-to": {"/income/" + yuxin},
		"carry-field": {"amount"}, "carry-value": {"5.55"}}
	n := s.nobody()
	if status, page := n.post("/login", password); status != http.StatusOK || !strings.Contains(page, `action="/login/second"`) {
		t.Fatalf("%d %.300s", status, page)
	}
	if _, to := n.get("/"); !strings.HasPrefix(to, "/login") {
		t.Errorf("the password alone lets in: %.100s", to)
	}
	if status, page := s.nobody().post("/login/second", url.Values{"code": {code()}}); status != http.StatusUnauthorized ||
		!strings.Contains(page, `name="password"`) {
		t.Errorf("a code alone: %d", status)
	}
	form := hidden(page)
	form.Set("code", "000000")
	if status, _ := n.post("/login/second", form); status != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d", status)
	}
	_, page = n.post("/login", password)
	form = hidden(page)
	form.Set("code", recovery[0][1])
	if status, page := n.post("/login/second", form); status != http.StatusOK || hidden(page).Get("amount") != "5.55" {
		t.Errorf("%d, carried is %v", status, hidden(page))
	}
	if status, _ := n.get("/today"); status == http.StatusSeeOther {
		t.Error("both steps done, it is not let in")
	}
	admin := s.as("admin")
	if _, page := admin.get("/accounts"); strings.Contains(page, found[1]) || !strings.Contains(page, "有第二步") {
		t.Error("the administrator's list does not tell of it")
	}
	if status, _ := admin.post("/accounts/second", url.Values{"account": {"yuxin"}, "home": {yuxin}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	s.as("yuxin") // by the password alone again
	if status, _ := admin.post("/accounts/require", url.Values{"region": {"210700000000"}, "roles": {"reviewer",
		"auditor"}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	if _, page := admin.get("/accounts"); strings.Count(page, " checked>") != 2 {
		t.Error("what is required is not shown")
	}
	if status, _ := s.as("qilihe").get("/summary/210727102"); status != http.StatusOK { // a demonstration's accounts need none
		t.Errorf("%d", status)
	}
}
