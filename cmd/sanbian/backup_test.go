package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/sanbian/ledger/internal/ledger/booktest"
)

// verified is what verify says of where the books' chains end.
func (s *shell) verified() string {
	s.Helper()
	var ends []string
	for line := range strings.Lines(s.must("", "verify")) {
		if parts := strings.Fields(line); len(parts) == 3 && len(parts[2]) == 64 {
			ends = append(ends, line)
		}
	}
	return strings.Join(ends, "")
}

// filled are small books with tables of many pages.
func (s *shell) filled() {
	s.Helper()
	s.begin()
	var text strings.Builder
	text.WriteString("日期,项目,金额,对方,凭证号\n")
	for i := range 2000 {
		fmt.Fprintf(&text, "2025-11-01,经营收入,%d.50,乙,v%05d\n", 1+i, i)
	}
	s.must("", "import", "income", s.file(text.String()), "--village", village, "--account", "kj")
	s.must(`{"entry":"RegisterShareholder","village":"`+village+`","kind":"household","name":"测试户","people":"2","id_no":"`+
		booktest.ResidentID(1)+`"}`, "post", "--account", "kj")
}

// A backup made beside a server, and its key from paper, are the books again in a folder of their own; nothing that is there is written
// over.
func TestBackupAndRestore(t *testing.T) {
	s := newShell(t)
	s.beside = true
	s.filled()
	process, _ := beginServing(t, s.data)
	file := filepath.Join(t.TempDir(), "books.sanbian")
	if out := s.must("", "backup", file); !strings.Contains(out, "读回来核对无误") {
		t.Error(out)
	}
	words := s.must("", "key", "words")
	ends := s.verified()
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()

	r := newShell(t)
	if out := r.must("", "restore", file); !strings.Contains(out, "还差密钥") || !strings.Contains(out, ends) {
		t.Error(out)
	}
	r.fails("里已经有东西", "", "restore", file)
	r.fails("找不到密钥文件", "", "export", "entities")
	groups := strings.Join(strings.Split(words, "\n")[1:4], "\n")
	wrong := []byte(groups)
	wrong[9] = '0' + (wrong[9]-'0'+1)%10
	r.fails("第 1 把的第 2 组", string(wrong), "key", "restore")
	r.must(groups, "key", "restore")
	r.fails("已经在了", groups, "key", "restore")
	if out := r.must("", "verify", "--numbers"); !strings.Contains(out, ends) || !strings.Contains(out, "个封好的号码") {
		t.Error(out)
	}
	r2 := newShell(t)
	r2.fails("不是三变台账的备份", "", "restore", "backup_test.go")
	r2.fails("打不开", "", "restore", file+".not")
	r2.fails("都没有这一号分录", "", "restore", file, "--number", "210727:99999999")
	r.fails("不是时刻", "", "restore", file, "--to", "tomorrow")
	r.fails("请写成 210727:1234", "", "restore", file, "--number", "1234")
	r.fails("不能写", "", "backup", filepath.Join(file, "below"))
	r.fails("不是 age 公钥", "", "backup", file, "--recipient", "somebody")
	if out := r.must("", "backups", t.TempDir()); !strings.Contains(out, "里没有备份") {
		t.Error(out)
	}
}

// An encrypted backup, and an encrypted key, open with their identity alone.
func TestEncryptedBackup(t *testing.T) {
	s := newShell(t)
	s.filled()
	me, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, key, identity := filepath.Join(dir, "books"), filepath.Join(dir, "key"), filepath.Join(dir, "identity")
	if err := os.WriteFile(identity, []byte(me.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("", "backup", file, "--recipient", me.Recipient().String())
	s.must("", "key", "backup", key, "--recipient", me.Recipient().String())
	if bytes.Contains(s.read(key), []byte("sanbian-key")) {
		t.Error("the key lies open")
	}
	r := newShell(t)
	r.fails("是加密的", "", "restore", file)
	r.fails("是加密的", "", "key", "restore", key)
	r.must("", "restore", file, "--identity", identity)
	r.must("", "key", "restore", key, "--identity", identity)
	if r.verified() != s.verified() {
		t.Error("other books")
	}
	r.must("", "export", "entities")
}

// The tables are made anew from the journal of a damaged file; where the journal itself is damaged the archive fills it, and without one
// nothing is given up that nobody has said may be lost. An empty or a missing file is never begun anew.
func TestRebuild(t *testing.T) {
	s := newShell(t)
	s.filled()
	ends, file, place := s.verified(), filepath.Join(s.data, "sanbian.db"), filepath.Join(t.TempDir(), "place")
	process, _ := beginServing(t, s.data, "--backup", place) // archives before it takes anybody
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Fatal(err)
	}
	whole := s.read(file)
	spoil := func(change func(b []byte)) {
		t.Helper()
		b := bytes.Clone(whole)
		change(b)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zero := func(table string, n int) func(b []byte) {
		return func(b []byte) { p := leafOf(t, b, table, n); clear(b[p*4096 : (p+1)*4096]) }
	}
	for name, c := range map[string]struct {
		change          func(b []byte)
		verify, rebuild string // what is said; rebuild "" where it mends everything by itself
	}{
		"a table":       {zero("income", 7), "有损坏", ""},
		"the journal":   {zero("journal", 60), "有损坏", "日志读不全"},
		"all the roots": {func(b []byte) { p := rootOf(b); clear(b[p*4096 : (p+1)*4096]) }, "有损坏", "不知道后面还有没有"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shell{T: t, data: s.data}
			spoil(c.change)
			if out, ok := s.run("", "verify"); ok && c.verify != "" || !strings.Contains(out, c.verify) {
				t.Errorf("verify: %v, %s", ok, out)
			}
			if c.rebuild != "" {
				s.fails(c.rebuild, "", "rebuild")
				args := []string{"rebuild", "--archive", place}
				if strings.Contains(c.rebuild, "不知道") { // the archive may be behind: somebody has to say so
					args = append(args, "--partial")
				}
				s.must("", args...)
			} else {
				s.must("", "rebuild")
			}
			if out := s.must("", "verify", "--numbers"); !strings.Contains(out, ends) {
				t.Error("other books")
			}
		})
	}
	spoil(zero("journal", 60))
	if out := s.must("", "rebuild", "--partial"); !strings.Contains(out, "日志 210727 读到第") || !strings.Contains(out, "核对无误") {
		t.Error(out)
	}
	for name, lose := range map[string]func() error{
		"empty":   func() error { return os.Truncate(file, 0) },
		"missing": func() error { return os.Remove(file) },
	} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		if out, ok := s.run("", "account", "add", "admin", "--role", "administrator", "--region", "000000000000"); ok ||
			!strings.Contains(out, "台账丢了") {
			t.Errorf("%s: %v, %s", name, ok, out)
		}
	}
}

// rootOf is the page of the root, by the newer head.
func rootOf(b []byte) int {
	le := binary.LittleEndian
	at := 16
	if le.Uint64(b[4096+64:]) > le.Uint64(b[64:]) {
		at += 4096
	}
	return int(le.Uint64(b[at+16:]))
}

// leafOf is the page of the n-th leaf of a table.
func leafOf(t *testing.T, b []byte, table string, n int) int {
	t.Helper()
	le := binary.LittleEndian
	var leaves []int
	var walk func(page int, look func(k, v []byte))
	walk = func(page int, look func(k, v []byte)) {
		p := b[page*4096:]
		leaf := le.Uint16(p[8:]) == 2
		if leaf {
			leaves = append(leaves, page)
		}
		for i := range int(le.Uint16(p[10:])) {
			e := p[16+16*i:]
			if !leaf {
				walk(int(le.Uint64(e[8:])), look)
			} else if look != nil {
				pos, size := le.Uint32(e[4:]), le.Uint32(e[8:])
				look(e[pos:pos+size], e[pos+size:])
			}
		}
	}
	root := 0
	walk(rootOf(b), func(k, v []byte) {
		if string(k) == table {
			root = int(le.Uint64(v))
		}
	})
	if root == 0 {
		t.Fatalf("no table %s", table)
	}
	leaves = nil
	walk(root, nil)
	if n >= len(leaves) {
		t.Fatalf("%s has %d leaves", table, len(leaves))
	}
	return leaves[n]
}
