package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// older lays out books that an older program wrote, from testdata/FORMAT/NAME.db.gz, as a data folder with its key.
func older(t *testing.T, format, name string) *shell {
	t.Helper()
	s := newShell(t)
	from := filepath.Join("testdata", format)
	packed, err := os.Open(filepath.Join(from, name+".db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	db, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{filepath.Join(s.data, "sanbian.db"): db, s.data + ".key": s.read(filepath.Join(from, "books.key"))}
	for _, paper := range []string{"%PDF-1.7\n%%EOF\n", "%PDF-%%EOF"} { // the one scan of these books: until format 3, and after
		digest := fmt.Sprintf("%x", sha256.Sum256([]byte(paper)))
		files[filepath.Join(s.data, "papers", digest[:2], digest)] = []byte(paper)
	}
	for file, content := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *shell) read(file string) []byte {
	s.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		s.Fatal(err)
	}
	return b
}

// Books in which an older program has posted every kind of entry open with every figure as it was, and what was posted with it and is sent
// again is known for posted before. Each folder of testdata named format… was written by the last program of that format: books and the
// ends of their chains, a posting, the exports of the official xian; from the third on with plans in every state, and how their payouts
// were explained.
func TestOlderBooks(t *testing.T) {
	formats, err := filepath.Glob("testdata/format*")
	if err != nil || len(formats) == 0 {
		t.Fatal("no older books", err)
	}
	const entity = village + "E002"
	more := map[string][]string{
		"statement": {"--year", "2025", "--place", village}, "members": {"--entity", entity, "--year", "2025"},
		"trade":    {"--entity", entity, "--year", "2025"},
		"register": {"--class", village + "E001C01", "--on", "2024-01-01"}, "shareholders": nil, "holdings": nil, "entities": nil, "journal": nil,
	}
	for _, dir := range formats {
		format := filepath.Base(dir)
		t.Run(format, func(t *testing.T) {
			s := older(t, format, "books")
			exports, err := filepath.Glob(filepath.Join(dir, "exports", "*.csv"))
			if err != nil || len(exports) == 0 {
				t.Fatal("no exports", err)
			}
			for _, file := range exports {
				what := strings.TrimSuffix(filepath.Base(file), ".csv")
				args, ok := more[what]
				if !ok {
					args = []string{"--year", "2025"}
				}
				who := []string{"--account", "xian"}
				if what == "journal" { // of which an official no longer sees the names of a household's members
					who = []string{"--place", "210727"}
				}
				got := s.must("", slices.Concat([]string{"export", what, "--format", "raw"}, who, args)...)
				if want := string(s.read(file)); !widened(t, got, want) {
					t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
				}
			}
			again := s.must(string(s.read(filepath.Join(dir, "posted.jsonl"))), "post", "--account", "kj")
			if !strings.Contains(again, "以前已经记过") {
				t.Errorf("the same posting again: %s", again)
			}
			if out := s.must("", "verify", "--numbers"); !sameEnds(out, string(s.read(filepath.Join(dir, "books.ends")))) || !strings.Contains(out,
				"另有") {
				t.Errorf("verify says\n%s", out)
			}
			if _, err := os.Stat(filepath.Join(dir, "explained.txt")); err == nil {
				if out := explained(t, s); out != string(s.read(filepath.Join(dir, "explained.txt"))) {
					t.Errorf("payouts are explained so:\n%s", out)
				}
				if out := s.must("", "verify", "--figures"); !strings.Contains(out, "重算无误") {
					t.Errorf("worked out anew:\n%s", out)
				}
			}
			seen := map[string]bool{}
			for line := range strings.Lines(s.must("", "export", "journal", "--format", "raw")) {
				if cells := strings.Split(line, ","); len(cells) > 4 {
					seen[cells[4]] = true
				}
			}
			for kind := range strings.FieldsSeq(string(s.read(filepath.Join(dir, "kinds.txt")))) { // those that the program had
				if label := string(journal.KindLabel(kind)); !seen[label] {
					t.Errorf("no %s (%s) in these books", kind, label)
				}
			}
		})
	}
}

// Books of format 4 counted payouts of plans that were voided after they had been approved: opened, they count them no more.
func TestVoidedPlansOfFormat4(t *testing.T) {
	s := older(t, "format4", "books")
	given := s.must("", "export", "given", "--account", "xian", "--format", "raw", "--year", "2025")
	if !strings.Contains(given, "合计,,2025,,6,350.00,") {
		t.Errorf("given\n%s", given)
	}
}

// keptRows finds how many rows of tables were compared: a newer program keeps more of them.
var keptRows = regexp.MustCompile(`\d+ 项账表记录`)

// aboutNumbers finds what a newer program says of sealed numbers.
var aboutNumbers = regexp.MustCompile(`(?m)^.*个?封好的号码.*\n|^另有.*\n`)

// sameEnds tells whether verify says of the journal what it said before.
func sameEnds(got, want string) bool {
	return keptRows.ReplaceAllString(aboutNumbers.ReplaceAllString(got, ""), "") == keptRows.ReplaceAllString(want, "")
}

// widened tells whether an export is what it was, but for columns that have been added behind.
func widened(t *testing.T, got, want string) bool {
	read := func(text string) [][]string {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	g, w := read(got), read(want)
	return slices.EqualFunc(g, w, func(g, w []string) bool { return len(g) >= len(w) && slices.Equal(g[:len(w)], w) })
}

// A long posting that an older program had staged and not journalled when it was ended is finished at opening, as that program would have.
func TestOlderStagedPosting(t *testing.T) {
	s := older(t, "format2", "staged")
	s.must("", "export", "entities")
	if out := s.must("", "verify"); !sameEnds(out, string(s.read("testdata/format2/staged.ends"))) {
		t.Errorf("verify says\n%s", out)
	}
}

// What older books were stays beside what they have become. Books whose journal does not verify are not made anew and stay as they are; so
// do those of a newer program, which are refused by their format.
func TestMigrationKeepsWhatWas(t *testing.T) {
	s := older(t, "format2", "books")
	file, kept := filepath.Join(s.data, "sanbian.db"), filepath.Join(s.data, "sanbian.db.format2")
	was := s.read(file)
	if err := os.WriteFile(file+".new", []byte("left by a program that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("", "verify")
	if !bytes.Equal(s.read(kept), was) {
		t.Error("the old file is not as it was")
	}
	s.must("", "verify")
	if left, _ := filepath.Glob(file + "*"); len(left) != 3 { // and what says how it was closed
		t.Errorf("files: %v", left)
	}

	s = older(t, "format2", "books")
	change := func(bucket, key string, f func([]byte) []byte) {
		t.Helper()
		db, err := store.Open(filepath.Join(s.data, "sanbian.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.Update(func(tx *store.Tx) error { tx.Put(bucket, key, f(bytes.Clone(tx.Get(bucket, key)))); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	number := "210727" + journal.SeqKey(9)
	change("journal", number, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	s.fails("没有重建", "", "verify")
	change("journal", number, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	const account = "admin"
	change("account", account, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	s.fails("没有重建", "", "verify") // a table that does not follow from the journal
	change("account", account, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	key := s.read(filepath.Join("testdata", "format2", "books.key"))
	change("meta", "key-check", func([]byte) []byte { return nil })
	s.fails("格式", "", "verify") // as a program leaves it that is killed in the middle
	change("meta", "key-check", func([]byte) []byte { return keyCheck(t, key) })
	change("meta", "version", func([]byte) []byte { return []byte("99") })
	s.fails("99", "", "export", "entities")
	change("meta", "version", func([]byte) []byte { return []byte("2") })
	if out := s.must("", "verify"); !sameEnds(out, string(s.read("testdata/format2/books.ends"))) {
		t.Errorf("mended, verify says\n%s", out)
	}
}

// keyCheck is what books keep of the key that a file holds.
func keyCheck(t *testing.T, file []byte) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := seal.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return key.Check()
}
