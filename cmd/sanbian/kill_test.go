package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// runMe makes the test binary run a command instead: its arguments, a line each.
const runMe = "SANBIAN_RUN_ME"

// howOften is how many times a program is killed: in the long mode more often.
func howOften(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("SANBIAN_KILLS")); err == nil {
		return n
	}
	return 50
}

// Killed at any moment, while clients post, files are imported, backups are made and one is restored, the books open again with all that
// was acknowledged, once; a backup that was called done has all that had been acknowledged when it was asked for; of a restoring that was
// killed nothing has the folder's name.
func TestKills(t *testing.T) {
	if args := os.Getenv(runMe); args != "" {
		o := &options{}
		c := o.command()
		c.SetArgs(strings.Split(args, "\n"))
		if err := c.Execute(); err != nil {
			t.Fatal(err)
		}
		return
	}
	k := &killing{shell: newShell(t), random: rand.New(rand.NewPCG(rand.Uint64(), 0)), sent: map[string]bool{}}
	k.begin()
	k.must("correct horse battery\n", "account", "add", "kills", "--role", "accountant", "--region", village, "--keep")
	k.dir = t.TempDir()
	k.jar, _ = cookiejar.New(nil)
	times := howOften(t)
	for round := range times {
		k.round(round)
		k.must("", "verify")
		if round%10 == 9 || round == times-1 {
			k.check(k.data, k.sent)
		}
	}
	if len(k.sent) < 3*times || k.backups < times/12 || k.restores == 0 {
		t.Errorf("too little was under way: %d entries, %d backups, %d restorings", len(k.sent), k.backups, k.restores)
	}
	t.Logf("%d kills, %d entries, %d backups, %d restorings that were not cut short", times, len(k.sent), k.backups, k.restores)
}

// killing is what has been acknowledged so far.
type killing struct {
	*shell
	dir    string
	random *rand.Rand

	jar               http.CookieJar // sessions outlive kills, too
	mu                sync.Mutex
	sent              map[string]bool // vouchers: true where it was acknowledged, false where nobody knows
	backups, restores int
	n                 int
}

func (k *killing) note(voucher string, acknowledged bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent[voucher] = k.sent[voucher] || acknowledged
}

// known are the vouchers that have been acknowledged by now.
func (k *killing) known() map[string]bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := map[string]bool{}
	for voucher, is := range k.sent {
		if is {
			list[voucher] = true
		}
	}
	return list
}

// next is a voucher that nobody has used.
func (k *killing) next() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	return fmt.Sprintf("k%07d", k.n)
}

// round serves, has all things done at once, and kills at some acknowledgement.
func (k *killing) round(round int) {
	place := filepath.Join(k.dir, "place")
	process, address := beginServing(k.T, k.data, "--backup", place)
	k.signIn(address)
	acknowledged, left := make(chan bool, 10_000), make(chan bool)
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() { k.post(address, acknowledged, left) })
	}
	working.Go(func() { k.importLines(round) })
	made := filepath.Join(k.dir, fmt.Sprintf("backup%d", round))
	had := k.known()
	whole := false
	working.Go(func() { _, whole = (&shell{T: k.T, data: k.data, beside: true}).run("", "backup", made) })
	into, restore := k.restoring(round)
	for range 1 + k.random.IntN(30) {
		<-acknowledged
	}
	if err := process.Process.Kill(); err != nil {
		k.Fatal(err)
	}
	close(left)
	_ = process.Wait()
	if restore != nil {
		_ = restore.Process.Kill()
		_ = restore.Wait()
		if _, err := os.Stat(into); err == nil {
			k.restores++
			(&shell{T: k.T, data: into}).must("", "verify")
		}
	}
	working.Wait()
	if _, err := os.Stat(made); err != nil && whole {
		k.Errorf("a backup that was called done is not there: %v", err)
	} else if err == nil { // also one of which nobody could be told any more
		whole = true
	}
	if whole {
		k.backups++
	}
	if whole && k.backups%5 == 1 {
		back := &shell{T: k.T, data: filepath.Join(k.dir, "back", strconv.Itoa(round))}
		back.must("", "restore", made)
		if err := os.WriteFile(back.data+".key", k.read(k.data+".key"), 0o600); err != nil {
			k.Fatal(err)
		}
		k.check(back.data, had)
	}
}

// restoring begins to bring the last backup of the place back, in a program of its own.
func (k *killing) restoring(round int) (into string, c *exec.Cmd) {
	list, _ := filepath.Glob(filepath.Join(k.dir, "place", "backups", "*.json"))
	if len(list) == 0 || round%4 > 0 {
		return "", nil
	}
	into = filepath.Join(k.dir, "restored", strconv.Itoa(round))
	c = exec.Command(os.Args[0], "-test.run=^TestKills$")
	c.Env = append(os.Environ(), runMe+"="+strings.Join([]string{"restore", strings.TrimSuffix(list[len(list)-1], ".json"), "--data", into},
		"\n"))
	if err := c.Start(); err != nil {
		k.Fatal(err)
	}
	return into, c
}

// send posts a form as the account that is signed in.
func (k *killing) send(address string, form url.Values) (int, error) {
	browser := &http.Client{Jar: k.jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.PostForm(address, form)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// signIn signs in where the session is not that of an earlier server.
func (k *killing) signIn(address string) {
	if at, _ := url.Parse(address); len(k.jar.Cookies(at)) > 0 {
		return
	}
	code, err := k.send(address+"/login", url.Values{"account": {"kills"}, "password": {"correct horse battery"}})
	if err != nil || code != http.StatusSeeOther {
		k.Fatalf("sign-in: %d, %v", code, err)
	}
}

// post records lines, one after another, until the server is gone.
func (k *killing) post(address string, acknowledged, left chan bool) {
	for {
		voucher := k.next()
		for range 2 { // the second time is a double click
			code, err := k.send(address+"/income/"+village, url.Values{"item": {"operating"}, "date": {"2025-12-01"}, "amount": {"1.23"},
				"party":   {"甲"},
				"voucher": {voucher}, "request": {voucher}})
			k.note(voucher, err == nil && code == http.StatusSeeOther)
			if err != nil {
				return
			}
			if code != http.StatusSeeOther {
				k.Errorf("%s: %d", voucher, code)
				return
			}
		}
		select {
		case acknowledged <- true:
		case <-left:
			return
		}
	}
}

// importLines imports a file by the console of the server.
func (k *killing) importLines(round int) {
	var text strings.Builder
	text.WriteString("日期,项目,金额,对方,凭证号\n")
	var list []string
	for range 40 {
		list = append(list, k.next())
		fmt.Fprintf(&text, "2025-11-01,经营收入,4.56,乙,%s\n", list[len(list)-1])
	}
	name := filepath.Join(k.dir, fmt.Sprintf("import%d.csv", round))
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		k.Error(err)
		return
	}
	_, ok := (&shell{T: k.T, data: k.data, beside: true}).run("", "import", "income", name, "--village", village, "--account", "kills")
	for _, voucher := range list {
		k.note(voucher, ok)
	}
}

// check looks whether books have each acknowledged line once, and none twice.
func (k *killing) check(data string, sent map[string]bool) {
	k.Helper()
	out := (&shell{T: k.T, data: data}).must("", "export", "income", "--account", "kills", "--year", "2025", "--format", "raw")
	count := map[string]int{}
	for line := range strings.Lines(out) {
		for _, cell := range strings.Split(line, ",") {
			if len(cell) == 8 && cell[0] == 'k' {
				count[cell]++
			}
		}
	}
	for voucher, acknowledged := range sent {
		if n := count[voucher]; n > 1 || acknowledged && n != 1 {
			k.Errorf("%s, acknowledged %v, is there %d times", voucher, acknowledged, n)
		}
	}
	if _, err := os.Stat(filepath.Join(data, "console")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		k.Error(err)
	}
}
