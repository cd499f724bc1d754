package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A key that others can read is refused in words, and so is one that a copy of the data folder would take along.
func TestKeyIsGuarded(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes there")
	}
	s := newShell(t)
	s.fails("不能放在数据文件夹里", "", "account", "add", "admin", "--role", "administrator", "--region", "000000000000",
		"--key", s.data+"/inside.key")
	s.must("correct horse\n", "account", "add", "admin", "--role", "administrator", "--region", "000000000000")
	for _, mode := range []os.FileMode{0o644, 0o640, 0o602} {
		if err := os.Chmod(s.data+".key", mode); err != nil {
			t.Fatal(err)
		}
		s.fails("chmod 600", "correct horse\n", "account", "password", "admin")
	}
	if err := os.Chmod(s.data+".key", 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("", "verify")
}

// Papers lie sealed: nothing of them is read in the data folder, a changed one is found without the key, and with it the content is
// looked at.
func TestPapersAreSealed(t *testing.T) {
	s := newShell(t)
	s.begin()
	line := s.lineOfIncome()
	s.must("%PDF-1.7 11010519491231002X\n%%EOF\n", "attach", "-", "--to", line, "--name", "单据.pdf", "--account", "kj")
	var file string
	if err := filepath.WalkDir(filepath.Join(s.data, "papers"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			file = path
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte("PDF")) || bytes.Contains(b, []byte("110105")) {
		t.Error("the paper can be read")
	}
	if out := s.must("", "verify"); !bytes.Contains([]byte(out), []byte("1 份附件的内容与日志里的摘要相符")) {
		t.Errorf("with the key: %s", out)
	}
	if out := s.must("", "verify", "--key", s.data+".none"); !bytes.Contains([]byte(out), []byte("没有密钥,内容没有打开看")) {
		t.Errorf("without the key: %s", out)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("已被改动", "", "verify", "--key", s.data+".none")
	s.fails("已被改动", "", "verify")
}

// lineOfIncome records a line and returns its id.
func (s *shell) lineOfIncome() string {
	s.Helper()
	s.must("", "import", "income", s.file("日期,项目,金额\n2025-05-20,经营收入,100\n"), "--village", village, "--account", "kj")
	return village + "Y2025N00001"
}
