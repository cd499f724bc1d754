package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

const publicOne = "/public/" + yuxin + "/plan/" + thePlan

// shown is a certificate with the end of its holder's ID number.
func (s *site) shown(holder string) (number, end, name string) {
	s.see("yuxin", func(v *journal.View) {
		h, err := register.ShareholderOf(v, holder)
		if err != nil {
			s.Fatal(err)
		}
		id := register.Masked(v, h).ID
		number, end, name = h.Certificate(), id[len(id)-4:], h.Name
	})
	return number, end, name
}

// laidOpen is a plan that lies open before its meeting, with an objection that somebody has left.
func (s *site) laidOpen() (id string) {
	s.see("yixian", func(v *journal.View) {
		list, err := dividend.Distributions(v, "210727000000", 0, func(d plan.Distribution) bool { return d.LiesOpen() && d.Unanswered() > 0 })
		if err != nil || len(list) == 0 {
			s.Fatal("nothing lies open: ", err)
		}
		id = list[0].ID
	})
	return id
}

// Anybody sees the plans that are public, and of them nobody's whole name, no number and no id; everything else is as if it were not there.
func TestPublicPages(t *testing.T) {
	s := newSite(t)
	c := s.nobody()
	open := s.laidOpen()
	openVillage := open[:12]
	var draft string
	s.see("yixian", func(v *journal.View) {
		list, err := dividend.Distributions(v, "210727000000", 0, func(d plan.Distribution) bool { return !d.IsPublic() })
		if err != nil || len(list) == 0 {
			t.Fatal("every plan is public: ", err)
		}
		draft = list[0].ID
	})
	_, _, name := s.shown(yuxin + "H00003")
	public := []string{"/public/210727000000", "/public/210727102000", "/public/" + yuxin, publicOne,
		"/public/" + openVillage + "/plan/" + open,
		"/public/" + yuxin + "/statement/" + yuxin + "?year=2024"}
	for _, path := range public {
		code, body := c.get(path)
		if code != http.StatusOK || strings.Contains(body, name) || strings.Contains(body, yuxin+"H0") || len(body) > 24<<10 ||
			regexp.MustCompile(`[0-9]{4} \*{4} [0-9X]{4}`).MatchString(body) {
			t.Errorf("%s: %d, %d bytes", path, code, len(body))
		}
	}
	for _, path := range []string{"/public/" + draft[:12] + "/plan/" + draft, "/public/" + yuxin + "/plan/" + coop + "D209901",
		"/public/210726000000",
		"/public/210700000000", "/public/210727102217/plan/" + thePlan, "/public/" + yuxin + "/statement/" + yuxin + "?year=2026",
		"/public/" + yuxin + "/statement/" + yuxin + "E999?year=2024", "/public/x", "/public/" + yuxin + "/plan/x"} {
		for who, reader := range map[string]*client{"nobody": c, "an official": s.as("yixian")} {
			if code, _ := reader.get(path); code != http.StatusNotFound {
				t.Errorf("%s for %s: %d", path, who, code)
			}
		}
	}
	// the county closes them
	official := s.as("yixian")
	if code, body := official.post("/settings/210727000000", url.Values{"setting": {"public_page"}, "value": {"off"},
		"from_day": {"2026-03-01"},
		"reason":   {"试"}}); code != http.StatusSeeOther {
		t.Fatalf("closing: %d %s", code, faultsIn(body))
	}
	for _, path := range public {
		if code, _ := c.get(path); code != http.StatusNotFound {
			t.Errorf("%s after it was closed: %d", path, code)
		}
	}
	number, end, _ := s.shown(yuxin + "H00003")
	for _, path := range []string{"/mine", "/object"} {
		if code, _ := c.post(publicOne+path, url.Values{"no": {number}, "end": {end}, "by": {"x"}, "text": {"x"}}); code != http.StatusNotFound {
			t.Errorf("%s after it was closed: %d", path, code)
		}
	}
}

// A holder sees the own line by certificate and the end of the ID number; whoever guesses is slowed, for each certificate and address, and
// is not told which of the two was wrong.
func TestOwnLine(t *testing.T) {
	s := newSite(t)
	c := s.nobody()
	number, end, name := s.shown(yuxin + "H00003")
	code, body := c.post(publicOne+"/mine", url.Values{"no": {number}, "end": {strings.ToLower(end)}})
	if code != http.StatusOK || !strings.Contains(body, "您这一户") || !strings.Contains(body, "2,159.26") || strings.Contains(body, name) {
		t.Errorf("the own line: %d %s", code, faultsIn(body))
	}
	_, unknown := c.post(publicOne+"/mine", url.Values{"no": {"21072710221699999"}, "end": {end}})
	_, wrong := c.post(publicOne+"/mine", url.Values{"no": {number}, "end": {"0000"}})
	if faultsIn(unknown) != faultsIn(wrong) || faultsIn(wrong) == "" || strings.Contains(wrong, "您这一户") {
		t.Errorf("an unknown certificate: %s; a wrong end: %s", faultsIn(unknown), faultsIn(wrong))
	}
	slow := 0
	for i := range 10 {
		if code, _ := s.nobody().post(publicOne+"/mine", url.Values{"no": {number}, "end": {fmt.Sprintf("%04d",
			i)}}); code == http.StatusServiceUnavailable {
			slow++
		}
	}
	if slow < 4 {
		t.Errorf("of ten guesses %d were slowed", slow)
	}
	if code, _ := c.post(publicOne+"/mine", url.Values{"no": {number}, "end": {end}}); code != http.StatusServiceUnavailable {
		t.Errorf("the right end among guesses: %d", code)
	}
	other, otherEnd, _ := s.shown(yuxin + "H00004")
	if code, _ := c.post(publicOne+"/mine", url.Values{"no": {other}, "end": {otherEnd}}); code != http.StatusOK {
		t.Errorf("another holder: %d", code)
	}
}

// However a certificate's number is typed it is the same certificate, also one that was reissued; and its tries are counted together.
func TestCertificateInEverySpelling(t *testing.T) {
	s := newSite(t)
	if code, body := s.as("yuxin").post("/shareholder/"+yuxin+"H00005/certificate", url.Values{"date": {"2026-02-20"},
		"reason": {"遗失"}}); code != http.StatusSeeOther {
		t.Fatalf("reissuing: %d %s", code, faultsIn(body))
	}
	number, end, _ := s.shown(yuxin + "H00005")
	if !strings.HasSuffix(number, "-1") {
		t.Fatalf("the reissued certificate is %s", number)
	}
	wide := strings.NewReplacer("2", "\uff12", "-", "\uff0d").Replace(number)
	for _, typed := range []string{number, " " + number[:6] + " " + number[6:], wide} {
		if code, body := s.nobody().post(publicOne+"/mine", url.Values{"no": {typed}, "end": {end}}); code != http.StatusOK {
			t.Errorf("%q: %d %s", typed, code, faultsIn(body))
		}
	}
	looked := 0
	for i := range 12 { // another spelling each time
		typed := number[:i+1] + " " + number[i+1:]
		if code, _ := s.nobody().post(publicOne+"/mine", url.Values{"no": {typed}, "end": {"0000"}}); code != http.StatusServiceUnavailable {
			looked++
		}
	}
	if looked != 6 {
		t.Errorf("%d guesses were looked at", looked)
	}
}

// An objection from the public page waits for the accountant and is seen by the reviewer; a holder's stops payment until it is answered, a
// stranger's does not; neither says more than is good.
func TestPublicObjection(t *testing.T) {
	s := newSite(t)
	c := s.nobody()
	open := s.laidOpen()
	at := "/public/" + open[:12] + "/plan/" + open
	for field, form := range map[string]url.Values{
		"请写姓名":   {"by": {""}, "text": {"少算了"}},
		"请写明异议":  {"by": {"张三"}, "text": {"  "}},
		"最多 200": {"by": {"张三"}, "text": {strings.Repeat("长", 201)}},
		"不要写身份证": {"by": {"张三"}, "text": {"我的号是 11010519491231002X"}},
	} {
		if code, body := c.post(publicOne+"/object", form); code < 400 || !strings.Contains(faultsIn(body), field) {
			t.Errorf("%s: %d %s", field, code, faultsIn(body))
		}
		s = newSite(t) // each from the beginning: tries are counted
		c = s.nobody()
	}
	if code, to := c.post(at+"/object", url.Values{"by": {"李四"}, "text": {"名单里没有我家"}}); code != http.StatusSeeOther || !strings.Contains(to,
		"left=2") {
		t.Fatalf("a stranger's objection: %d %s", code, to)
	}
	if _, body := c.get(at + "?left=2"); !strings.Contains(body, "第 2 条") || strings.Contains(body, "李四") || strings.Contains(body, "没有我家") {
		t.Error("what a stranger left stands on the public page")
	}
	number, end, _ := s.shown(yuxin + "H00003")
	if code, body := c.post(publicOne+"/object", url.Values{"by": {"谢家"}, "text": {"土地少算"}, "no": {number},
		"end": {"0000"}}); code != http.StatusNotFound ||
		!strings.Contains(faultsIn(body), "不相符") {
		t.Errorf("with a wrong certificate: %d", code)
	}
	if code, to := c.post(publicOne+"/object", url.Values{"by": {"谢家"}, "text": {"土地少算"}, "no": {number},
		"end": {end}}); code != http.StatusSeeOther {
		t.Fatalf("a holder's objection: %d %.100s", code, to)
	}
	s.see("yuxin", func(v *journal.View) {
		d, err := dividend.Distribution(v, thePlan)
		if err != nil || d.OpenObjections() != 1 || d.Unanswered() != 1 || d.Left[0].Holder != yuxin+"H00003" {
			t.Errorf("%+v, %v", d.Objections, err)
		}
	})
	for _, who := range []string{"yuxin", "qilihe"} {
		if _, body := s.as(who).get("/today/" + map[string]string{"yuxin": yuxin, "qilihe": "210727102000"}[who]); !strings.Contains(body,
			"有异议没有答复") {
			t.Errorf("%s is not told", who)
		}
	}
	accountant := s.as("yuxin")
	pay := url.Values{"date": {"2026-03-01"}, "all": {"true"}}
	if code, body := accountant.post("/distribution/"+thePlan+"/confirm", pay); code != http.StatusConflict || !strings.Contains(body,
		"异议没有答复") {
		t.Errorf("paying before the answer: %d %s", code, faultsIn(body))
	}
	if code, body := accountant.post("/distribution/"+thePlan+"/answer", url.Values{"objection": {"1"},
		"answer": {"已重新丈量,没有少"}}); code != http.StatusSeeOther {
		t.Fatalf("the answer: %d %s", code, faultsIn(body))
	}
	if _, body := accountant.post("/distribution/"+thePlan+"/confirm", pay); strings.Contains(body, "异议没有答复") {
		t.Errorf("paying after the answer: %s", faultsIn(body))
	}
	if _, body := c.get(publicOne); !strings.Contains(body, "已重新丈量") {
		t.Error("the answer is not public")
	}
	flood := 0
	for i := range 8 {
		if code, _ := s.nobody().post(at+"/object", url.Values{"by": {"甲"}, "text": {fmt.Sprint("再说一遍 ",
			i)}}); code == http.StatusServiceUnavailable {
			flood++
		}
	}
	if flood < 5 {
		t.Errorf("of eight more from one address %d were slowed", flood)
	}
	if code, _ := s.as("yuxin").post("/public/"+yuxin+"/plan/"+thePlan+"/object", url.Values{"by": {"x"},
		"text": {"x"}}); code == http.StatusSeeOther {
		t.Error("slowed only until one signs in")
	}
}
