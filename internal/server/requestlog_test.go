package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/demo/demotest"
	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

// lines takes a log's lines.
type lines struct {
	sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(b)
}

// Every request has a line with an id that its answer has, too; no line has an address with an id in it, a name, or anything that was
// typed.
func TestRequestLog(t *testing.T) {
	st, key := demotest.Open(t)
	l, err := journal.Open(st, key, func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing) })
	if err != nil {
		t.Fatal(err)
	}
	var log lines
	h, err := server.New(l, store.OpenFiles(filepath.Join(t.TempDir(), "papers"), key), exchange.BankFormats(), server.Options{Requests: &log})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.Close(); l.Close(); st.Close() })
	s := &site{t, srv.URL, l}
	c := s.as("yuxin")
	c.get("/shareholder/" + yuxin + "H00003?q=11010519491231002X")
	c.post("/find", url.Values{"q": {"11010519491231002X"}, "to": {"/shareholders/" + yuxin}})
	c.get("/nowhere/11010519491231002X")
	res, err := c.Get(srv.URL + "/distribution/" + thePlan)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	srv.Close() // waits for the last request, whose line is written when its answer has been sent
	log.Lock()
	text := log.String()
	log.Unlock()
	if regexp.MustCompile(`1101051949|H00003|sanbian-demo|谢`).MatchString(text) {
		t.Errorf("the log says too much: %s", text)
	}
	known := false
	for line := range strings.Lines(text) {
		var x struct {
			ID, Method, Route, Account, From, Time string
			Status                                 int
		}
		if err := json.Unmarshal([]byte(line), &x); err != nil || x.ID == "" || x.Status == 0 || x.From == "" || x.Time == "" {
			t.Errorf("a line is %s", line)
		}
		known = known || x.ID == res.Header.Get("X-Request-Id") && x.Route == "/distribution/:id" && x.Account == "yuxin" &&
			x.Status == http.StatusOK
	}
	if !known || strings.Count(text, "\n") < 5 {
		t.Errorf("the answer's id is not in the log: %s", text)
	}
}
