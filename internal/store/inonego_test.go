package store_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/sanbian/ledger/internal/store"
)

// What is written in one go is there when the file is opened again, also where it ended in an error, which is told.
func TestInOneGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	table := store.Table[string]("t")
	put := func(k string) error {
		return s.Update(func(tx *store.Tx) error { table.Put(tx, k, "v"); return nil })
	}
	broken := errors.New("broken")
	if err := store.InOneGo(s, func() error { return errors.Join(put("a"), put("b"), broken) }); !errors.Is(err, broken) {
		t.Errorf("told %v", err)
	}
	if err := errors.Join(put("c"), s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.View(func(r store.Reader) error {
		for _, k := range []string{"a", "b", "c"} {
			if !table.Has(r, k) {
				t.Errorf("%s is lost", k)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
