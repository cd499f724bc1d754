package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/backup"
	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/server"
	"github.com/sanbian/ledger/internal/store"
)

// Whoever keeps all of the books sees how their backups stand and asks for one; nobody else does, nor the administrator of a county.
func TestBackupsPage(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)
	place := filepath.Join(t.TempDir(), "place")
	var keeper *backup.Keeper
	s := newSiteWith(t, now, func(l *journal.Ledger, kept store.Store, files *store.Files) server.Options {
		at, err := backup.OpenPlace(place)
		if err != nil {
			t.Fatal(err)
		}
		keeper, err = backup.NewKeeper(backup.Books{Store: kept, Files: files, Now: func() time.Time { return now }},
			backup.Plan{At: at, TimeOfDay: journal.TimeOfDay{Hour: 2, Min: 30}, Keep: backup.Keep{Days: 3}}, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return server.Options{Backups: keeper}
	})
	admin := s.as("admin")
	if code, page := admin.get("/backups"); code != http.StatusOK || !strings.Contains(page, "还没有备份") || !strings.Contains(page, place) {
		t.Errorf("%d %.300s", code, page)
	}
	if _, page := admin.get("/accounts"); !strings.Contains(page, `href="/backups"`) {
		t.Error("the menu does not lead there")
	}
	if code, to := admin.post("/backups", nil); code != http.StatusSeeOther || to != "/backups?done=backup" {
		t.Fatalf("%d %.200s", code, to)
	}
	if _, page := admin.get("/backups"); !strings.Contains(page, "正在备份") {
		t.Error("nothing says that a backup is being made")
	}
	ctx, stop := context.WithCancel(t.Context())
	minute, ended := make(chan time.Time), make(chan bool)
	go func() { keeper.Run(ctx, minute); close(ended) }()
	minute <- now // what was asked for, or was due, has been made
	minute <- now
	stop()
	<-ended
	_, page := admin.get("/backups")
	if strings.Contains(page, "正在备份") || strings.Count(page, "读回核对过") < 2 || !strings.Contains(page, "2026-03-02 02:30") {
		t.Errorf("%.2000s", page)
	}
	for _, who := range []string{"yuxin", "qilihe", "yixian", "shenji"} {
		c := s.as(who)
		if code, _ := c.get("/backups"); code != http.StatusForbidden {
			t.Errorf("%s: %d", who, code)
		}
		if code, _ := c.post("/backups", nil); code != http.StatusForbidden {
			t.Errorf("%s asks for one: %d", who, code)
		}
	}
	if code, page := admin.post("/accounts", url.Values{"name": {"yixian-admin"}, "role": {"administrator"}, "region": {"义县"},
		"person": {"甲"}, "password": {demo.Password}}); code != http.StatusSeeOther && code != http.StatusOK {
		t.Fatalf("%d %.500s", code, page)
	}
	county := s.asNew("yixian-admin")
	if code, _ := county.get("/backups"); code != http.StatusForbidden {
		t.Errorf("a county's administrator: %d", code)
	}
	if _, page := county.get("/accounts"); strings.Contains(page, `href="/backups"`) {
		t.Error("a county's administrator is led there")
	}
}

// Without a place for backups the page says so, and how to have one.
func TestNoBackups(t *testing.T) {
	admin := newSite(t).as("admin")
	if code, page := admin.get("/backups"); code != http.StatusOK || !strings.Contains(page, "没有设备份的地方") {
		t.Errorf("%d %.300s", code, page)
	}
	if code, page := admin.post("/backups", url.Values{}); code != http.StatusConflict || !strings.Contains(page, "sanbian backup") {
		t.Errorf("%d %.300s", code, page)
	}
}

// The program is ready while all that it needs is in order, and says what is not without saying why: anybody may ask.
func TestReady(t *testing.T) {
	var fails atomic.Bool
	s := newSiteWith(t, time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing), func(*journal.Ledger, store.Store, *store.Files) server.Options {
		return server.Options{Checks: []server.Check{{Name: "disk", Do: func() error {
			if fails.Load() {
				return errors.New("/secret/path is full")
			}
			return nil
		}}}}
	})
	fails.Store(true)
	if code, said := s.nobody().get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(said, `"disk":"failing"`) ||
		!strings.Contains(said, `"committer":"ok"`) || strings.Contains(said, "secret") {
		t.Errorf("%d %s", code, said)
	}
	if code, said := s.nobody().get("/healthz"); code != http.StatusOK || said != "ok\n" {
		t.Errorf("%d %s", code, said)
	}
	if code, said := newSite(t).nobody().get("/readyz"); code != http.StatusOK || !strings.Contains(said, `"books":"ok"`) {
		t.Errorf("%d %s", code, said)
	}
}
