package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The doctor says what is in order, and of what is not what to do: of books with a backup nothing, of lost, damaged and unkept ones what
// it is.
func TestDoctor(t *testing.T) {
	s := newShell(t)
	s.beside = true
	s.begin()
	place := filepath.Join(t.TempDir(), "place")
	s.fails("不知道备份在哪里", "", "doctor")
	process, _ := beginServing(t, s.data, "--backup", place)
	for began := time.Now(); !strings.Contains(s.must("", "backups", place), "读回核对过"); { // the first is made at once
		if time.Since(began) > time.Minute {
			t.Fatal("no backup was made")
		}
	}
	if out := s.must("", "doctor", "--backup", place); strings.Contains(out, "! ") || !strings.Contains(out, "服务开着") ||
		!strings.Contains(out, "张封条") {
		t.Error(out)
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()
	if out := s.must("", "doctor", "--backup", place); !strings.Contains(out, "没有服务开着") || !strings.Contains(out, "每一页的结构都对") {
		t.Error(out)
	}
	s.fails("里没有核对过的备份", "", "doctor", "--backup", t.TempDir())
	file, key := filepath.Join(s.data, "sanbian.db"), s.data+".key"
	was := s.read(file)
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	s.fails("找不到密钥文件", "", "doctor", "--backup", place)
	if err := os.Rename(key+".away", key); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, was[:3*4096], 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("sanbian rebuild", "", "doctor", "--backup", place)
	if err := os.Truncate(file, 0); err != nil {
		t.Fatal(err)
	}
	s.fails("台账丢了", "", "doctor", "--backup", place)
}
