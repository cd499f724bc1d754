package server_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// While one brings a file as large as they may be, another large one is told to come again before any of it is kept; small ones go on, and
// so does everybody when the first has gone.
func TestUploadsAreLetIn(t *testing.T) {
	s := newSite(t)
	first, second := s.as("yuxin"), s.as("daiguan")
	stalled, write := io.Pipe()
	req, _ := http.NewRequest(http.MethodPost, s.url+"/upload/"+yuxin, stalled)
	req.ContentLength = 32 << 20
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if res, err := first.Do(req); err == nil {
			res.Body.Close()
		}
	}()
	if _, err := write.Write([]byte("--x\r\n")); err != nil {
		t.Fatal(err)
	}
	bring := func(size int) int {
		t.Helper()
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		_ = m.WriteField("kind", "income")
		w, _ := m.CreateFormFile("file", "x.csv")
		_, _ = w.Write([]byte("日期,项目,金额\n" + strings.Repeat("x", size)))
		m.Close()
		req, _ := http.NewRequest(http.MethodPost, s.url+"/upload/"+yuxin, &body)
		req.Header.Set("Content-Type", m.FormDataContentType())
		code, _ := second.do(req)
		return code
	}
	code := 0
	for range 50 { // until the first has come so far
		if code = bring(20 << 20); code == http.StatusServiceUnavailable {
			break
		}
	}
	if code != http.StatusServiceUnavailable {
		t.Errorf("a second large file beside the first: %d", code)
	}
	if code := bring(100); code == http.StatusServiceUnavailable {
		t.Error("a small file beside a large one was not let in")
	}
	write.CloseWithError(io.ErrClosedPipe)
	<-gone
	for range 50 {
		if code = bring(20 << 20); code != http.StatusServiceUnavailable {
			return
		}
	}
	t.Errorf("after the first has gone: %d", code)
}
