package store

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func open2(t testing.TB) Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Whatever is put, deleted, marked and taken back, a transaction reads like a plain map, and so does the store after it.
func TestTransactionsReadLikeAMap(t *testing.T) {
	s := open2(t)
	model := map[string]string{}
	rapid.Check(t, func(rt *rapid.T) {
		fail := rapid.Bool().Draw(rt, "fail")
		after := maps.Clone(model)
		err := s.Update(func(tx *Tx) error {
			back, marked := tx.Mark(), maps.Clone(after)
			for range rapid.IntRange(0, 30).Draw(rt, "steps") {
				key := fmt.Sprintf("%02d", rapid.IntRange(0, 40).Draw(rt, "key"))
				switch rapid.IntRange(0, 5).Draw(rt, "what") {
				case 0, 1, 2:
					after[key] = fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "value"))
					tx.Put("b", key, []byte(after[key]))
				case 3:
					delete(after, key)
					tx.Delete("b", key)
				case 4:
					back, marked = tx.Mark(), maps.Clone(after)
				case 5:
					back()
					back = tx.Mark()
					after = maps.Clone(marked)
				}
				same(rt, tx, after, key)
			}
			if fail {
				return errors.New("no")
			}
			return nil
		})
		if (err != nil) != fail {
			rt.Fatal(err)
		}
		if !fail {
			model = after
		}
		if err := s.View(func(r Reader) error { same(rt, r, model, "20"); return nil }); err != nil {
			rt.Fatal(err)
		}
	})
}

func same(t *rapid.T, r Reader, model map[string]string, from string) {
	var got, want []string
	for k, v := range r.Scan("b", from, "35") {
		got = append(got, k+"="+string(v))
	}
	for _, k := range slices.Sorted(maps.Keys(model)) {
		if k >= from && k < "35" {
			want = append(want, k+"="+model[k])
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("scan from %s: %v, want %v", from, got, want)
	}
	for _, to := range []string{from, ""} {
		last := ""
		for k := range model {
			if k > last && (to == "" || k < to) {
				last = k
			}
		}
		if k := r.Last("b", to); k != last {
			t.Fatalf("last below %q: %q, want %q", to, k, last)
		}
	}
	if v := r.Get("b", from); string(v) != model[from] {
		t.Fatalf("get %s: %q, want %q", from, v, model[from])
	}
}

func TestLockedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := Open(path); !errors.Is(err, ErrLocked) {
		t.Errorf("a second opening: %v", err)
	}
}

func TestUnreadableRecordIsAnError(t *testing.T) {
	s := open2(t)
	table := Table[struct {
		A string `cbor:"1,keyasint"`
	}]("t")
	if err := s.Update(func(tx *Tx) error { tx.Put("t", "k", []byte{0xff}); return nil }); err != nil {
		t.Fatal(err)
	}
	err := s.View(func(r Reader) error { table.Get(r, "k"); return nil })
	var corrupt *ErrCorrupt
	if !errors.As(err, &corrupt) || corrupt.Key != "k" {
		t.Errorf("%v", err)
	}
}

func TestPrefixEnd(t *testing.T) {
	for in, want := range map[string]string{"210727": "210728", "a\xff": "b", "": "", "\xff": ""} {
		if got := PrefixEnd(in); got != want {
			t.Errorf("PrefixEnd(%q) = %q, want %q", in, got, want)
		}
	}
}
