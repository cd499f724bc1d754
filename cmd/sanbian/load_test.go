package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/region"
)

// Many clients at once, who post and read for a while: each posting that was acknowledged is there once, and the program's memory stays
// what it was. SANBIAN_LOAD=10m goes on for so long, with 256 clients; else for a moment, with few.
func TestManyClients(t *testing.T) {
	clients, lasting := 24, 3*time.Second
	if d, err := time.ParseDuration(os.Getenv("SANBIAN_LOAD")); err == nil {
		clients, lasting = 256, d
	}
	s := newShell(t)
	demotest.Folder(t, s.data, "sanbian.db")
	villages := s.villages()
	process, address := beginServing(t, s.data)
	var working sync.WaitGroup
	all := make([]loadClient, clients)
	for i := range all {
		all[i] = loadClient{T: t, address: address, village: villages[i%len(villages)], name: fmt.Sprintf("c%03d", i), random: rand.New(
			rand.NewPCG(uint64(i), 0))}
		working.Go(all[i].signIn)
	}
	working.Wait()
	end := time.Now().Add(lasting)
	for i := range all {
		working.Go(func() { all[i].work(end) })
	}
	memory := anonymous(t, process, end)
	working.Wait()
	stop(t, process)
	posted, read, waits := 0, 0, []time.Duration{}
	for i := range all {
		posted, read, waits = posted+all[i].posted, read+all[i].pages, append(waits, all[i].waits...)
	}
	if posted < clients {
		t.Fatalf("%d clients have posted %d entries", clients, posted)
	}
	slices.Sort(waits)
	t.Logf("%d clients, %s: %d posted, %d pages read; a posting takes %s, one in a hundred %s; memory in KB: %v", clients, lasting, posted,
		read, waits[len(waits)/2], waits[len(waits)*99/100], memory)
	// The second half, when all has been used once.
	if half := memory[len(memory)/2:]; len(half) > 10 && slices.Max(half) > slices.Min(half)*3/2 {
		t.Errorf("the memory does not stay what it was: %v KB", memory)
	}
	out := s.must("", "export", "income", "--account", "yixian", "--year", "2026", "--format", "raw")
	lines := strings.Count(out, "load-")
	if lines != posted {
		t.Errorf("%d lines are there; %d were acknowledged", lines, posted)
	}
	s.must("", "verify")
}

// villages are those of the demonstration's county that keep books which are open.
func (s *shell) villages() (list []string) {
	s.Helper()
	s.see(func(v *journal.View) error {
		for _, d := range office.Divisions(v, "210727000000", region.Village) {
			if _, closed := office.Closed(v, d.Code, 2026); !closed && d.Code.HasCollective() {
				list = append(list, string(d.Code))
			}
		}
		return nil
	})
	return list
}

// stop ends a server as a service manager does.
func stop(t *testing.T, process *exec.Cmd) {
	t.Helper()
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()
}

// anonymous is the memory of a process that is not the file's, in KB, as it goes on until a time; none where the system does not tell.
func anonymous(t *testing.T, process *exec.Cmd, end time.Time) (list []int) {
	t.Helper()
	every := max(time.Until(end)/60, time.Second)
	for tick := time.NewTicker(every); time.Now().Before(end); <-tick.C {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Process.Pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) == 3 && words[0] == "RssAnon:" {
				n, _ := strconv.Atoi(words[1])
				list = append(list, n)
			}
		}
	}
	return list
}

// loadClient posts and reads by turns.
type loadClient struct {
	*testing.T
	address, village, name string
	browser                *http.Client
	random                 *rand.Rand
	posted, pages          int
	waits                  []time.Duration
}

// signIn signs in: so many at once are told to come again.
func (c *loadClient) signIn() {
	jar, _ := cookiejar.New(nil)
	c.browser = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for code := http.StatusServiceUnavailable; code != http.StatusSeeOther; {
		code = c.read(c.browser.PostForm(c.address+"/login", url.Values{"account": {"kj-" + c.village[:9]},
			"password": {demo.Password}}))
		if code != http.StatusSeeOther && code != http.StatusServiceUnavailable {
			c.Errorf("sign-in: %d", code)
			return
		}
	}
}

// read reads an answer to its end.
func (c *loadClient) read(res *http.Response, err error) int {
	if err != nil {
		c.Error(err)
		return 0
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res.StatusCode
}

func (c *loadClient) work(end time.Time) {
	pages := []string{"/income/" + c.village + "?year=2026", "/statement/" + c.village + "?year=2026", "/summary/" + c.village,
		"/journal/" + c.village}
	for time.Now().Before(end) {
		voucher := fmt.Sprintf("load-%s-%06d", c.name, c.posted)
		began := time.Now()
		if code := c.read(c.browser.PostForm(c.address+"/income/"+c.village, url.Values{"item": {"operating"},
			"date":   {fmt.Sprintf("2026-%02d-%02d", 1+c.random.IntN(10), 1+c.random.IntN(28))},
			"amount": {fmt.Sprintf("%d.%02d", c.random.IntN(100_000), c.random.IntN(100))}, "party": {"甲"}, "voucher": {voucher},
			"request": {voucher}})); code != http.StatusSeeOther {
			c.Errorf("%s: %d", voucher, code)
			return
		}
		c.waits = append(c.waits, time.Since(began))
		c.posted++
		page := pages[c.random.IntN(len(pages))]
		if code := c.read(c.browser.Get(c.address + page)); code != http.StatusOK {
			c.Errorf("%s: %d", page, code)
			return
		}
		c.pages++
	}
}
