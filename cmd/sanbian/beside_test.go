package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sanbian/ledger/internal/demo/demotest"
)

// While a server holds the books, commands go to it: what they read and write lies where they were typed, what they post is posted, and
// what they may not do is said. Those that need the folder for themselves say so.
func TestCommandsBesideAServer(t *testing.T) {
	s := newShell(t)
	s.beside = true
	demotest.Folder(t, s.data, "sanbian.db")
	process, _ := beginServing(t, s.data)
	ends := s.must("", "verify", "--numbers")
	file := filepath.Join(t.TempDir(), "income.csv")
	s.must("", "export", "income", "--account", "yuxin", "-o", file)
	text := s.read(file)
	if out := s.must("", "export", "income", "--account", "yuxin"); out != string(text) || !strings.Contains(out, "育新村") {
		t.Errorf("%d bytes on the screen, %d in the file", len(out), len(text))
	}
	entry := `{"entry":"RecordIncome","book":"210727102216","item":"operating","date":"2026-02-01","amount":"12.34","party":"甲"}`
	if out := s.must(entry, "post", "--account", "yuxin"); !strings.Contains(out, "已记 1 条分录") {
		t.Error(out)
	}
	s.fails("没有名为", `{"entry":"Nothing"}`, "post", "--account", "yuxin")
	s.fails("打不开", "", "import", "income", file+".not", "--village", "210727102216", "--account", "yuxin")
	s.must("correct horse battery\n", "account", "add", "shenji-2", "--role", "auditor", "--region", "210727000000")
	if s.must("", "verify") == ends {
		t.Error("nothing was posted")
	}
	s.fails("正由另一个 sanbian 使用", "", "key", "change")
	s.fails("no such", "", "no such command")
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.data, "console*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat(filepath.Join(s.data, "sanbian.db.closed")); err != nil {
		t.Error(err)
	}
	if out := s.must("", "verify"); !strings.Contains(out, "核对无误") { // by itself again
		t.Error(out)
	}
}
