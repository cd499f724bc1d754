// Package demotest gives tests the demonstration, filled in once for all of them. Only tests import it.
package demotest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/sanbian/ledger/internal/demo"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

// filling is what the demonstration is kept in.
type filling struct {
	file, closed, keyFile []byte // closed lies beside the file, and says that it was closed in order
	key                   *seal.Key
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
	must(demo.FillHashed(l, clock, func() (string, error) {
		return argon2id.CreateHash(demo.Password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	}))
	l.Close()
	must(s.Close())
	file, err := os.ReadFile(filepath.Join(dir, "db"))
	must(err)
	closed, err := os.ReadFile(filepath.Join(dir, "db.closed"))
	must(err)
	keyFile, err := os.ReadFile(filepath.Join(dir, "key"))
	must(err)
	return filling{file, closed, keyFile, key}
})

// Folder puts a copy of the demonstration where commands keep their books: the file into a folder, the key beside it.
func Folder(t testing.TB, data, file string) {
	t.Helper()
	d := filled()
	must(os.MkdirAll(data, 0o700))
	d.copy(filepath.Join(data, file))
	must(os.WriteFile(data+".key", d.keyFile, 0o600))
}

// copy writes the file, as it was closed.
func (d filling) copy(path string) {
	must(os.WriteFile(path, d.file, 0o600))
	must(os.WriteFile(path+".closed", d.closed, 0o600))
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
	d.copy(path)
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s, d.key
}
