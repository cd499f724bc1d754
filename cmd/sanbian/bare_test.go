package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/ledger/booktest"
)

// serveMe is set for the process that TestNothingBare kills: the data folder that it serves.
const serveMe = "SANBIAN_SERVE_ME"

// beginServing serves a data folder from a process of its own, and tells its address.
func beginServing(t *testing.T, data string, more ...string) (process *exec.Cmd, address string) {
	t.Helper()
	process = exec.Command(os.Args[0], "-test.run=^TestNothingBare$")
	process.Env = append(os.Environ(), serveMe+"="+data, serveMe+"_MORE="+strings.Join(more, "\n"))
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill() }) // also where the test fails
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(lines.Text()); address != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return process, address
		}
	}
	t.Fatal("it does not serve")
	return nil, ""
}

// bareIn finds the first of some numbers in a file, "" where there is none.
func bareIn(text []byte, numbers map[string]bool) string {
	for start := 0; start < len(text); start++ {
		end := start
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == 'X') {
			end++
		}
		for at := start; at < end; at++ {
			for _, size := range []int{11, 18, 19} { // phones, resident IDs, cards
				if at+size <= end && numbers[string(text[at:at+size])] {
					return string(text[at : at+size])
				}
			}
		}
		start = end
	}
	return ""
}

// Killed in the middle of uploads, posts, exports and scans, the program leaves no personal number bare: not in the data folder, nor in
// what it had spooled there, nor in its logs.
func TestNothingBare(t *testing.T) {
	if data := os.Getenv(serveMe); data != "" {
		o := &options{}
		c := o.command()
		args := []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--request-log", data + ".log"}
		if more := os.Getenv(serveMe + "_MORE"); more != "" {
			args = append(args, strings.Split(more, "\n")...)
		}
		c.SetArgs(args)
		o.data = data // as main does before a command
		if err := o.ownTemp(); err != nil {
			t.Fatal(err)
		}
		if err := c.Execute(); err != nil {
			t.Fatal(err)
		}
		return
	}
	data := filepath.Join(t.TempDir(), "data")
	demotest.Folder(t, data, "sanbian.db")
	numbers := map[string]bool{}
	household := func(n int) (id, phone, card string) {
		id, phone, card = booktest.ResidentID(n), fmt.Sprintf("139%08d", n), booktest.CardNo(n)
		numbers[id], numbers[phone], numbers[card] = true, true, true
		return id, phone, card
	}
	const village = "210727102216"
	done := 0
	for round := range 4 {
		process, address := beginServing(t, data)
		jar, _ := cookiejar.New(nil)
		browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		send := func(path, kind string, body io.Reader) {
			res, err := browser.Post(address+path, kind, body)
			if err != nil {
				return // killed
			}
			if _, err := io.Copy(io.Discard, res.Body); err == nil && res.StatusCode < 400 {
				done++
			}
			res.Body.Close()
		}
		form := func(path string, values url.Values) {
			send(path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
		}
		form("/login", url.Values{"account": {"yuxin"}, "password": {demo.Password}})
		var list, scan bytes.Buffer
		list.WriteString("户主,身份证号,电话,银行卡号,开户行\n")
		for n := range 1500 {
			id, phone, card := household(100_000*(round+1) + n)
			fmt.Fprintf(&list, "测试户%d,%s,%s,%s,农商银行\n", n, id, phone, card)
		}
		attach := multipart.NewWriter(&scan)
		attached, _ := attach.CreateFormFile("file", "scan.pdf")
		id, _, _ := household(100_000*(round+1) + 5000)
		fmt.Fprintf(attached, "%%PDF-1.4\n%s\n%%%%EOF\n", id)
		attach.Close()
		var working sync.WaitGroup
		working.Go(func() {
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			_ = w.WriteField("kind", "shareholders")
			file, _ := w.CreateFormFile("file", "a.csv")
			_, _ = file.Write(list.Bytes())
			w.Close()
			send("/upload/"+village, w.FormDataContentType(), &body)
		})
		working.Go(func() {
			send("/papers/"+village+"H00001", attach.FormDataContentType(), bytes.NewReader(scan.Bytes()))
		})
		working.Go(func() { form("/shareholders/"+village+"/shareholders.csv", url.Values{"reason": {"核对"}}) })
		id, phone, card := household(100_000*(round+1) + 6000)
		form("/shareholders/"+village+"/new", url.Values{"kind": {"household"}, "name": {"测试户"}, "id_no": {id}, "phone": {phone},
			"account": {card}, "bank": {"农商银行"}, "people": {"2"}})
		form("/shareholders/"+village+"?q="+id, nil)
		if round%2 == 0 {
			working.Wait() // what has all come in is looked at, too
		}
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait()
		working.Wait()
		looked := 0
		if err := filepath.WalkDir(filepath.Dir(data), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() { // of a socket nothing can be read
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			looked++
			if number := bareIn(text, numbers); number != "" {
				t.Errorf("round %d: %s stands bare in %s", round, number, path)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if looked < 3 {
			t.Errorf("only %d files were looked at", looked)
		}
	}
	if done < 12 {
		t.Errorf("only %d of what was sent was taken", done)
	}
	if found := bareIn([]byte("x"+booktest.ResidentID(100_000)+","), numbers); found == "" {
		t.Error("the search finds nothing")
	}
	s := newShell(t)
	s.data = data
	s.must("", "verify", "--numbers")
}
