package main

import (
	"os"
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
