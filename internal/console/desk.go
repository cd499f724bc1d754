// Package console lets commands run beside a server that holds the books: what is typed goes to it by a socket, and what it says comes
// back. The command's files and terminal stay with whoever typed it.
package console

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
)

// Desk is where a command's person sits: their files and their terminal.
type Desk interface {
	// Open opens a file for reading; "-" is the standard input.
	Open(name string) (io.ReadCloser, error)
	// Create begins a file, of mode 0600, that has its name only when it is kept. One that is there is replaced.
	Create(name string) (File, error)
	// Secret asks for a line that nobody else should see: at a terminal without showing it, else the next line of the standard input where
	// piped is set. It tells whether there was anybody to ask.
	Secret(prompt string, piped bool) (line string, asked bool, err error)
	// Out and Err take what the command says.
	Out() io.Writer
	Err() io.Writer
}

// File is one being written.
type File interface {
	io.Writer
	// Again reads what has been written so far.
	Again() (io.ReadCloser, error)
	// Keep makes the file last and gives it its name.
	Keep() error
	// Drop throws away what was written; after Keep it does nothing.
	Drop() error
}

// Here is the desk of this process.
type Here struct {
	In          io.Reader
	Output, Log io.Writer

	lines *bufio.Reader
}

// Out is where results go.
func (h *Here) Out() io.Writer { return h.Output }

// Err is where remarks go.
func (h *Here) Err() io.Writer { return h.Log }

// Open opens a file, or the standard input for "-".
func (h *Here) Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(h.In), nil
	}
	return os.Open(name)
}

// Secret asks at the terminal, or reads a line.
func (h *Here) Secret(prompt string, piped bool) (string, bool, error) {
	if in, ok := h.In.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(h.Log, prompt)
		typed, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(h.Log)
		return string(typed), true, err
	}
	if !piped {
		return "", false, nil
	}
	if h.lines == nil {
		h.lines = bufio.NewReader(h.In)
	}
	line, err := h.lines.ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), true, err
}

// Create begins a file beside its later name.
func (h *Here) Create(name string) (File, error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".sanbian-*") // mode 0600: it may hold whole numbers
	if err != nil {
		return nil, err
	}
	return &hereFile{File: f, name: name}, nil
}

type hereFile struct {
	*os.File
	name string
	kept bool
}

func (f *hereFile) Again() (io.ReadCloser, error) {
	if err := f.Sync(); err != nil {
		return nil, err
	}
	return os.Open(f.File.Name())
}

func (f *hereFile) Keep() error {
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	f.kept = err == nil
	return err
}

func (f *hereFile) Drop() error {
	if f.kept {
		return nil
	}
	_ = f.Close() // it may have been by Keep
	f.kept = true
	return os.Remove(f.File.Name())
}
