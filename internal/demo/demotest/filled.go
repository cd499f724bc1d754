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
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

// filling is what the demonstration is kept in.
type filling struct {
	file, keyFile []byte
	key           *seal.Key
}

// filled is the demonstration's file and key.
var filled = sync.OnceValue(func() filling {
	dir, err := os.MkdirTemp("", "sanbian-test-")
	must(err)
	defer os.RemoveAll(dir)
	key, err := sealtest.Create(filepath.Join(dir, "key"))
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
	keyFile, err := os.ReadFile(filepath.Join(dir, "key"))
	must(err)
	return filling{file, keyFile, key}
})

// Folder puts a copy of the demonstration where commands keep their books: the file into a folder, the key beside it.
func Folder(t testing.TB, data, file string) {
	t.Helper()
	d := filled()
	must(os.MkdirAll(data, 0o700))
	must(os.WriteFile(filepath.Join(data, file), d.file, 0o600))
	must(os.WriteFile(data+".key", d.keyFile, 0o600))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Open opens a copy of the demonstration of the test's own, with its key. Whoever opens it closes it.
func Open(t testing.TB) (store.Store, *seal.Key) {
	t.Helper()
	d := filled()
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, d.file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s, d.key
}
