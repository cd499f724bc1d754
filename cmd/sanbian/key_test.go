package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/access"
	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// oneHousehold is a posting of a household that no books of the tests have.
func oneHousehold() string {
	return fmt.Sprintf(`{"entry":"RegisterShareholder","village":"210727102216","kind":"household","name":"测试户","id_no":"%s","people":2,`+
		`"card":"%s","bank":"农商银行"}`, booktest.ResidentID(4321), booktest.CardNo(4321))
}

// opened runs f on the file of the books.
func (s *shell) opened(f func(db store.Store)) {
	s.Helper()
	db, err := store.Open(filepath.Join(s.data, "sanbian.db"))
	if err != nil {
		s.Fatal(err)
	}
	f(db)
	if err := db.Close(); err != nil {
		s.Fatal(err)
	}
}

// A key is changed by a command: what was sealed before opens, what comes after is the new key's, the older key file opens the books no
// more, and each half of a change that a stopped machine leaves is finished at the next opening.
func TestKeyChange(t *testing.T) {
	s := newShell(t)
	s.begin()
	s.must(string(s.read("testdata/village.jsonl")), "post", "--account", "kj")
	s.must(oneHousehold(), "post", "--account", "kj")
	old := s.read(s.data + ".key")
	before := s.must("", "export", "shareholders", "--account", "kj")
	if out := s.must("", "key", "show"); strings.Count(out, "international") != 1 {
		t.Errorf("key show: %s", out)
	}
	s.must("", "key", "change")
	out := s.must("", "key", "show")
	if strings.Count(out, "international") != 2 {
		t.Errorf("key show after the change: %s", out)
	}
	if again := s.must(string(s.read("testdata/village.jsonl")), "post", "--account", "kj"); !strings.Contains(again, "以前已经记过") {
		t.Errorf("the same posting again: %s", again)
	}
	if after := s.must("", "export", "shareholders", "--account", "kj"); after != before || !strings.Contains(after, booktest.CardNo(4321)) {
		t.Errorf("the register after the change:\n%s\nbefore\n%s", after, before)
	}
	if out := s.must("", "verify", "--numbers"); !strings.Contains(out, "打开了") {
		t.Errorf("verify: %s", out)
	}
	changed := s.read(s.data + ".key")
	s.write(s.data+".key", old)
	s.fails("是换密钥以前的", "", "export", "shareholders", "--account", "kj")
	s.write(s.data+".key", changed)
	s.must("", "export", "shareholders", "--account", "kj")

	half, err := seal.Read(string(changed))
	if err != nil {
		t.Fatal(err)
	}
	if half, err = half.Replaced(); err != nil {
		t.Fatal(err)
	}
	s.write(s.data+".key", []byte(half.Text())) // the file was there, the books did not know yet
	s.must("", "export", "shareholders", "--account", "kj")
	s.write(s.data+".key", changed)
	s.fails("是换密钥以前的", "", "export", "shareholders", "--account", "kj")
}

func (s *shell) write(file string, text []byte) {
	s.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		s.Fatal(err)
	}
}

// The key may come from a command, as of a device; then there is no file of it, and nothing of it in the data folder.
func TestKeyFromACommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the test's command is cat")
	}
	s := newShell(t)
	line := s.must("", "key", "new", "--suite", "national")
	if k, err := seal.Read(line); err != nil || k.Suite() != seal.National {
		t.Fatalf("key new: %v", err)
	}
	device := s.file(line)
	from := []string{"--key-command", "cat " + device}
	s.must("", append([]string{"import", "divisions", "testdata/divisions.csv", "--city", "锦州市"}, from...)...)
	s.must("", append([]string{"export", "entities"}, from...)...)
	if _, err := os.Stat(s.data + ".key"); err == nil {
		t.Error("a key file was made all the same")
	}
	if out := s.must("", append([]string{"verify", "--numbers"}, from...)...); !strings.Contains(out, "打开了") {
		t.Errorf("verify: %s", out)
	}
	s.fails("找不到密钥文件", "", "export", "entities")
	s.fails("没有给出密钥", "", "export", "entities", "--key-command", "cat "+device+".missing")
	s.fails("不是三变台账的密钥", "", "export", "entities", "--key-command", "echo hello")
	s.fails("key new", "", append([]string{"key", "change"}, from...)...)
	s.must("", append([]string{"demo", "--suite", "national"}, from...)...) // leaves books that have begun as they are
	s.fails("不能改成", "", append([]string{"demo", "--suite", "international"}, from...)...)
	s.fails("没有“sm9”", "", "key", "new", "--suite", "sm9")
}

// Books that an older program wrote keep their boxes, which are bound to nobody, and the log of who came in. From the upgrade on no such
// box can be put in: verify finds one without the key.
func TestOldBoxesStayOld(t *testing.T) {
	s := older(t, "format5", "books")
	const chain = "210727"
	was := 0
	s.opened(func(db store.Store) { was, _ = access.VerifyLog(db) })
	s.must("", "verify") // upgrades, and logs nothing
	s.opened(func(db store.Store) {
		if n, err := access.VerifyLog(db); err != nil || n != was || n == 0 {
			t.Errorf("the log has %d records, %v; %d before", n, err, was)
		}
	})
	s.must(oneHousehold(), "post", "--account", "kj")
	s.must("", "verify", "--numbers")
	var boxes []seal.Box
	var last string
	find := func(f func(k string, rec *journal.Record, e *register.RegisterShareholder) bool) {
		s.opened(func(db store.Store) {
			if err := db.Update(func(tx *store.Tx) error {
				for k, stored := range tx.Scan("journal", chain, store.PrefixEnd(chain)) {
					var rec journal.Record
					if err := store.Decode(stored, &rec); err != nil {
						return err
					}
					if rec.Kind != "RegisterShareholder" {
						continue
					}
					e := &register.RegisterShareholder{}
					if err := store.Decode(rec.Body, e); err != nil {
						return err
					}
					if k = strings.Clone(k); f(k, &rec, e) {
						rec.Body = store.Encode(e)
						tx.Put("journal", k, bytes.Clone(store.Encode(rec)))
						return nil
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
	find(func(k string, _ *journal.Record, e *register.RegisterShareholder) bool {
		boxes, last = append(boxes, e.CardBox), k
		return false
	})
	if len(boxes) < 3 || !boxes[0].Unbound() || boxes[len(boxes)-1].Unbound() {
		t.Fatalf("boxes: %d", len(boxes))
	}
	find(func(k string, _ *journal.Record, e *register.RegisterShareholder) bool {
		e.CardBox = boxes[0]
		return k == last
	})
	s.fails("bound to no owner", "", "verify")
}

// A scan that was kept before a change of the key stays as it lies: kept again, its seal is still the one that the journal knows.
func TestPapersAfterAKeyChange(t *testing.T) {
	s := newShell(t)
	s.begin()
	s.must(string(s.read("testdata/village.jsonl")), "post", "--account", "kj")
	s.must(oneHousehold(), "post", "--account", "kj")
	scan := s.file("%PDF-1.4\nscan\n%%EOF\n")
	attach := []string{"attach", scan, "--to", village + "H00001", "--account", "kj"}
	s.must("", attach...)
	s.must("", "key", "change")
	attach[3] = village + "E001"
	s.must("", attach...)
	if out := s.must("", "verify"); !strings.Contains(out, "2 份附件") {
		t.Errorf("verify: %s", out)
	}
}
