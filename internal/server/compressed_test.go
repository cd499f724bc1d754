package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Pages and lists go out compressed to whoever takes it, whole and as they are to others; a workbook, which is compressed already, does
// not.
func TestCompressed(t *testing.T) {
	c := newSite(t).as("yixian")
	get := func(path, takes string) (*http.Response, string) {
		ask, err := http.NewRequest(http.MethodGet, c.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		ask.Header.Set("Accept-Encoding", takes)
		answer, err := c.Do(ask)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	for _, path := range []string{"/summary/210727000000?year=2025", "/export/summary.csv/210727000000?year=2025"} {
		_, plain := get(path, "identity")
		answer, small := get(path, "gzip")
		if answer.Header.Get("Content-Encoding") != "gzip" || len(small) > len(plain)/2 {
			t.Errorf("%s goes out as %q, %d of %d bytes", path, answer.Header.Get("Content-Encoding"), len(small), len(plain))
			continue
		}
		unpacked, err := gzip.NewReader(strings.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(unpacked)
		if err != nil || string(whole) != plain {
			t.Errorf("%s is another when it is compressed: %d of %d bytes (%v)", path, len(whole), len(plain), err)
		}
	}
	if answer, _ := get("/export/summary.xlsx/210727000000?year=2025", "gzip"); answer.Header.Get("Content-Encoding") != "" {
		t.Error("a workbook is compressed again")
	}
}
