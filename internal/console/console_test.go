package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serve opens a console in a folder that runs a command.
func serve(t *testing.T, folder string, run Run) *Server {
	t.Helper()
	s, err := Serve(folder, run)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(0) })
	return s
}

// call gives a command at a desk whose standard input is a text.
func call(folder, input string, args ...string) (said, remarks string, ok bool, err error) {
	var out, log bytes.Buffer
	ok, err = Call(folder, &Here{In: strings.NewReader(input), Output: &out, Log: &log}, args)
	return out.String(), log.String(), ok, err
}

// A command reads and writes the files of whoever gave it, asks them, and says what came of it; files that were not kept are gone.
func TestCommands(t *testing.T) {
	folder := t.TempDir()
	long := strings.Repeat("a line of a file that takes many messages\n", 50_000)
	name, made, dropped := filepath.Join(folder, "in"), filepath.Join(folder, "made"), filepath.Join(folder, "dropped")
	if err := os.WriteFile(name, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, folder, func(_ context.Context, at Desk, args []string) error {
		line, asked, err := at.Secret("password: ", true)
		if err != nil || !asked || line != "first line" {
			return fmt.Errorf("asked: %q, %v, %v", line, asked, err)
		}
		if _, asked, err := at.Secret("password: ", false); asked || err != nil {
			return fmt.Errorf("asked where nobody sits: %v, %v", asked, err)
		}
		f, err := at.Open(args[0])
		if err != nil {
			return err
		}
		text, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil || string(text) != long {
			return fmt.Errorf("read %d bytes, %v", len(text), err)
		}
		if _, err := at.Open(args[0] + ".not"); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("a missing file: %v", err)
		}
		if _, err := at.Open(args[0] + ".another"); !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("a file that was not typed: %v", err)
		}
		for _, to := range []string{args[1], strings.TrimPrefix(args[2], "--to=")} {
			w, err := at.Create(to)
			if err != nil {
				return err
			}
			if _, err := w.Write(text); err != nil {
				return err
			}
			if to == args[1] {
				if err := errors.Join(w.Keep(), w.Drop()); err != nil {
					return err
				}
			}
		}
		fmt.Fprint(at.Out(), long)
		fmt.Fprintln(at.Err(), "a remark")
		return nil
	})
	out, remarks, ok, err := call(folder, "first line\nrest", name, made, "--to="+dropped, name+".not")
	if err != nil || !ok || out != long || remarks != "a remark\n" {
		t.Fatalf("%v, %v: %d bytes said, %q", ok, err, len(out), remarks)
	}
	if text, err := os.ReadFile(made); err != nil || string(text) != long {
		t.Errorf("made: %d bytes, %v", len(text), err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".sanbian-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := os.Stat(dropped); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was not kept: %v", err)
	}
	if st, err := os.Stat(filepath.Join(folder, FileName)); err != nil || runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("the console's file: %v, %v", st.Mode(), err)
	}
}

// What fails says so; a bug of one command ends neither the server nor other commands.
func TestFailing(t *testing.T) {
	folder := t.TempDir()
	serve(t, folder, func(_ context.Context, at Desk, args []string) error {
		if args[0] == "bug" {
			panic("a bug")
		}
		fmt.Fprintln(at.Err(), "refused")
		return errors.New("refused")
	})
	for range 2 {
		if _, remarks, ok, err := call(folder, "", "bug"); ok || err != nil || !strings.Contains(remarks, "a bug") {
			t.Errorf("%v, %v, %q", ok, err, remarks)
		}
		if _, remarks, ok, err := call(folder, "", "no"); ok || err != nil || remarks != "refused\n" {
			t.Errorf("%v, %v, %q", ok, err, remarks)
		}
	}
}

// A folder that no server holds, one whose server was killed, and one that is closed are nobody's; only who knows the token is heard.
func TestNobodyThere(t *testing.T) {
	folder := t.TempDir()
	if _, _, _, err := call(folder, ""); !errors.Is(err, ErrAlone) {
		t.Error(err)
	}
	name := filepath.Join(folder, FileName)
	if err := os.WriteFile(name, []byte("unix token "+filepath.Join(folder, "killed.sock")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := call(folder, ""); !errors.Is(err, ErrAlone) {
		t.Error(err)
	}
	s := serve(t, folder, func(context.Context, Desk, []string) error { t.Error("ran"); return nil })
	if err := os.WriteFile(name, []byte(s.listener.Addr().Network()+" wrong "+s.listener.Addr().String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := call(folder, ""); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
	if err := s.Close(0); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := call(folder, ""); !errors.Is(err, ErrAlone) {
		t.Error(err)
	}
}

// A path too long for a socket gets one in a short folder, which is gone when the server is.
func TestLongFolders(t *testing.T) {
	folder := filepath.Join(t.TempDir(), strings.Repeat("long", 20), strings.Repeat("name", 20))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s := serve(t, folder, func(_ context.Context, at Desk, _ []string) error { fmt.Fprint(at.Out(), "here"); return nil })
	if out, _, ok, err := call(folder, ""); !ok || err != nil || out != "here" {
		t.Errorf("%q, %v, %v", out, ok, err)
	}
	if s.made == "" {
		t.Fatal("no short folder")
	}
	if err := s.Close(time.Second); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.made); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v", s.made, err)
	}
}

// A command ends when its person leaves, and when the server has waited long enough for it.
func TestLeaving(t *testing.T) {
	folder := t.TempDir()
	began, ended := make(chan bool), make(chan error)
	run := func(ctx context.Context, _ Desk, _ []string) error {
		began <- true
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}
	s := serve(t, folder, run)
	network, token, at, _ := address(folder)
	c, err := net.Dial(network, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := newWire(c).say(message{Do: begin, Name: token}); err != nil {
		t.Fatal(err)
	}
	<-began
	c.Close()
	if err := <-ended; err == nil {
		t.Error("went on")
	}
	done := make(chan bool)
	go func() {
		_, _, ok, err := call(folder, "")
		done <- ok && err == nil
	}()
	<-began
	go s.Close(0)
	if err := <-ended; err == nil {
		t.Error("went on")
	}
	if <-done {
		t.Error("a command that was cut short is told as done")
	}
}
