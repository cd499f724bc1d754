package server_test

import (
	"html"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
	"github.com/sanbian/ledger/internal/witness"
)

// Anybody reads the newest seal and earlier ones, and takes their text along as it was signed; what is no seal's name is no page.
func TestSealsPage(t *testing.T) {
	folder := witness.Folder(filepath.Join(t.TempDir(), "seals"))
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	var names []string
	s := newSiteWith(t, now, func(_ *journal.Ledger, kept store.Store, _ *store.Files) server.Options {
		key, err := seal.New(seal.International)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			_, name, err := witness.Daily{Store: kept, Key: key, Folder: folder, Now: func() time.Time { return now.AddDate(0, 0, i) }}.Make()
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return server.Options{Seals: folder}
	})
	c := s.nobody()
	code, page := c.get("/public/seals")
	if code != http.StatusOK || !strings.Contains(page, "2026-03-03 09:00") || !strings.Contains(page, "义县") || !strings.Contains(page,
		names[0]) {
		t.Errorf("%d %.500s", code, page)
	}
	if code, page := c.get("/public/seals/" + names[0]); code != http.StatusOK || !strings.Contains(page, "2026-03-01 09:00") {
		t.Errorf("%d %.300s", code, page)
	}
	code, text := c.get("/public/seals/" + names[2] + "/text")
	read, err := witness.Read(text)
	if code != http.StatusOK || err != nil || !read.IsSigned() || !strings.Contains(html.UnescapeString(page), read.PublicText()) {
		t.Errorf("%d, %v", code, err)
	}
	for _, name := range []string{"x", "20260301T010000Z", "19990101T010000Z.txt", "..%2Fsanbian.db"} {
		for _, path := range []string{"", "/text"} {
			if code, _ := c.get("/public/seals/" + name + path); code != http.StatusNotFound {
				t.Errorf("%s%s: %d", name, path, code)
			}
		}
	}
	if code, _ := newSite(t).nobody().get("/public/seals"); code != http.StatusNotFound {
		t.Errorf("without any: %d", code)
	}
}
