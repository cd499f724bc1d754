package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
	"github.com/sanbian/ledger/internal/ledger/register"
)

// Children's names and numbers, and marks of need, are shown to those whose work needs them, and to nobody else: not on pages, in lists, in
// files, or in the journal.
func TestSensitiveData(t *testing.T) {
	s := newSite(t)
	accountant := s.as("yuxin")
	child, mother := residentIDBorn("20200517", 7), residentIDBorn("19850517", 8)
	if code, body := accountant.post("/shareholders/"+yuxin+"/new", url.Values{"name": {"测试户主"}, "id_no": {residentIDBorn("19840101", 9)},
		"marks": {"低保户"}, "kind": {"household"}}); code != http.StatusSeeOther {
		t.Fatalf("registering: %d %s", code, faultsIn(body))
	}
	_, list := accountant.get("/shareholders/" + yuxin + "?q=测试户主")
	at := strings.Index(list, "/shareholder/"+yuxin+"H")
	holder := list[at+len("/shareholder/") : at+len("/shareholder/")+len(yuxin)+6]
	if code, body := accountant.post("/shareholder/"+holder+"/members", url.Values{"members.0.name": {"测试母亲"}, "members.0.relation": {"妻"},
		"members.0.id_no": {mother},
		"members.1.name":  {"小满满"}, "members.1.relation": {"女"}, "members.1.id_no": {child}}); code != http.StatusSeeOther {
		t.Fatalf("members: %d %s", code, faultsIn(body))
	}
	who, err := s.books.Actor("yuxin")
	if err != nil {
		t.Fatal(err)
	}
	roll, fixed := yuxin+"E002", &dividend.DraftDistribution{Entity: yuxin + "E001", Year: 2026, RecordDate: "2026-03-01",
		Components: []plan.Component{{Rule: plan.FixedSum, Rate: 100_0000, Mark: "低保户"}}}
	posted, err := s.books.Post(who, journal.Posting{Entries: []journal.Entry{&register.ConfirmMember{Collective: roll, Name: "小满满",
		IDNo: child, Household: holder, Relation: "女", Date: "2021-01-01"}, fixed}})
	if err != nil {
		t.Fatal(err)
	}
	member, planned := posted.IDs[0], posted.IDs[1]
	pages := []string{"/shareholder/" + holder, "/shareholders/" + yuxin + "?q=测试户主", "/export/shareholders.csv/" + yuxin,
		"/journal/" + yuxin, "/export/journal.csv/" + yuxin, "/roll/" + roll + "?on=2025-12-31", "/roll/" + roll + "?q=小满满",
		"/roll/" + roll + "/print",
		"/membership/" + member, "/export/roll.csv/" + roll, "/distribution/" + planned, "/export/distributions.csv/" + yuxin}
	for who, sees := range map[string]struct{ child, mark bool }{"yuxin": {true, true}, "daiguan": {true, true}, "qilihe": {true, true},
		"yixian": {false, true}, "shenji": {false, false}, "jiandu": {false, false}} {
		c := s.as(who)
		for _, path := range pages {
			code, body := c.get(path)
			if code == http.StatusForbidden {
				continue // not this role's at all
			}
			if code != http.StatusOK {
				t.Errorf("%s for %s: %d", path, who, code)
			}
			if got := strings.Contains(strings.ReplaceAll(body, `value="小满满"`, ""), "小满满"); got && !sees.child {
				t.Errorf("%s shows %s the child", path, who)
			} else if !got && sees.child && path == pages[0] {
				t.Errorf("%s keeps the child from %s", path, who)
			}
			if strings.Contains(body, child[len(child)-4:]) && !sees.child && path == pages[0] {
				t.Errorf("%s shows %s the end of the child's number", path, who)
			}
			if got := strings.Contains(body, "低保户"); got && !sees.mark && path != pages[3] || !got && sees.mark && path == pages[0] {
				t.Errorf("%s and the mark, for %s: %v", path, who, got)
			}
		}
	}
	if code, _ := s.as("shenji").get("/payees/210727?mark=脱贫户"); code != http.StatusForbidden {
		t.Errorf("who has a mark, for an auditor: %d", code)
	}
}

// Whoever asks what is held about them is printed all of it, whole numbers and who has looked at them; that they asked stands in the
// journal, and nobody but the accountant prints it.
func TestAllThatIsHeld(t *testing.T) {
	s := newSite(t)
	c := s.as("yuxin")
	at := "/shareholder/" + yuxin + "H00003"
	if code, _ := c.post(at+"/reveal", url.Values{"reason": {"核对账号"}}); code != http.StatusOK {
		t.Fatalf("looking: %d", code)
	}
	code, body := c.post(at+"/held", nil)
	for _, want := range []string{"谢成永", "谁看过完整号码", "核对账号", "本人查询自己的信息", "周春燕", "股份变动", "关于您的全部信息"} {
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("the print is %d, without %s", code, want)
		}
	}
	if strings.Contains(body, "2107 **** ") {
		t.Error("the numbers are masked")
	}
	for _, who := range []string{"qilihe", "yixian", "shenji", "jiandu"} {
		if code, _ := s.as(who).post(at+"/held", nil); code != http.StatusForbidden {
			t.Errorf("by %s: %d", who, code)
		}
	}
}

// residentIDBorn is the ID number of somebody born on a day.
func residentIDBorn(day string, n int) string {
	return ident.CompleteResidentID(fmt.Sprintf("210799%s%03d", day, n))
}
