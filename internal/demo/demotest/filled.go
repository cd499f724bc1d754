// Package demotest gives tests the demonstration, filled in once for all of them. Only tests import it.
package demotest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// filled is the demonstration's file and key.
var filled = sync.OnceValues(func() ([]byte, *seal.Key) {
	dir, err := os.MkdirTemp("", "sanbian-test-")
	must(err)
	defer os.RemoveAll(dir)
	key, err := seal.Create(filepath.Join(dir, "key"))
	must(err)
	s, err := store.Open(filepath.Join(dir, "db"))
	must(err)
	clock := &demo.Clock{}
	l, err := journal.Open(s, key, clock.Now)
	must(err)
	must(demo.Fill(l, clock))
	l.Close()
	must(s.Close())
	file, err := os.ReadFile(filepath.Join(dir, "db"))
	must(err)
	return file, key
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Open opens a copy of the demonstration of the test's own, with its key. Whoever opens it closes it.
func Open(t testing.TB) (store.Store, *seal.Key) {
	t.Helper()
	file, key := filled()
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s, key
}
