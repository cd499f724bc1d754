package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// FileName is the file in a data folder that says how to reach the server that holds it: network, address and token, of mode 0600.
const FileName = "console"

// longestSocket is how long a socket's path may be: systems take about a hundred bytes.
const longestSocket = 90

// Run runs a command whose person sits at a desk. It ends with its context, when they leave.
type Run func(ctx context.Context, at Desk, args []string) error

// Server takes commands for books that it holds. Whoever may read the file in their folder may give them: that is who may read the folder.
type Server struct {
	listener net.Listener
	folder   string
	made     string // the folder of the socket, where one had to be made
	token    string
	run      Run
	stop     context.CancelFunc
	ctx      context.Context
	working  sync.WaitGroup
}

// Serve opens the console of a data folder. A socket lies in the folder itself or, where its path would be too long or the disk has none,
// in a short one; where the system has none at all, a port of this machine alone is opened.
func Serve(folder string, run Run) (*Server, error) {
	s := &Server{folder: folder, run: run, token: rand.Text()}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.listen(); err != nil {
		return nil, err
	}
	at := s.listener.Addr()
	said := at.Network() + " " + s.token + " " + at.String() + "\n" // the address last: a path may have spaces
	name := filepath.Join(folder, FileName)
	err := os.WriteFile(name+".new", []byte(said), 0o600)
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return nil, errors.Join(err, s.listener.Close())
	}
	go s.accept()
	return s, nil
}

func (s *Server) listen() (err error) {
	own, err := filepath.Abs(filepath.Join(s.folder, FileName+".sock"))
	if err != nil {
		return err
	}
	if len(own) < longestSocket {
		_ = os.Remove(own) // left by a server that was killed: nobody else holds the folder
		if s.socket(own) == nil {
			return nil
		}
	}
	for _, place := range []string{os.Getenv("RUNTIME_DIRECTORY"), os.Getenv("XDG_RUNTIME_DIR"), "/run", "/tmp"} {
		if place == "" {
			continue
		}
		made, err := os.MkdirTemp(place, "sanbian-") // mode 0700
		if err != nil {
			continue
		}
		if s.socket(filepath.Join(made, "s")) == nil {
			s.made = made
			return nil
		}
		_ = os.Remove(made)
	}
	s.listener, err = net.Listen("tcp", "127.0.0.1:0")
	return err
}

func (s *Server) socket(path string) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	s.listener = l
	return nil
}

// Close takes no more commands, and waits for those under way, at most so long: then their desks are left.
func (s *Server) Close(patience time.Duration) error {
	err := errors.Join(s.listener.Close(), os.Remove(filepath.Join(s.folder, FileName)))
	if s.made != "" {
		err = errors.Join(err, os.RemoveAll(s.made))
	}
	gone := make(chan struct{})
	go func() { s.working.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(patience):
		s.stop()
		<-gone
	}
	s.stop()
	return err
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return // closed
		}
		s.working.Go(func() { s.talk(c) })
	}
}

// talk runs the command of one desk.
func (s *Server) talk(c net.Conn) {
	defer c.Close()
	w := newWire(c)
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	first, err := w.hear()
	if err != nil || first.Do != begin || subtle.ConstantTimeCompare([]byte(first.Name), []byte(s.token)) != 1 {
		return
	}
	_ = c.SetReadDeadline(time.Time{})
	ctx, leave := context.WithCancel(s.ctx)
	defer leave()
	context.AfterFunc(ctx, func() { c.Close() })
	at := &far{wire: w, answers: make(chan message), gone: ctx.Done()}
	go func() { // what the desk answers, until it leaves
		defer leave()
		for {
			m, err := w.hear()
			if err != nil {
				return
			}
			select {
			case at.answers <- m:
			case <-ctx.Done():
				return
			}
		}
	}()
	err = s.safely(ctx, at, first.Args)
	_ = w.say(message{Do: done, OK: err == nil})
}

// safely keeps a bug of one command from ending the server.
func (s *Server) safely(ctx context.Context, at Desk, args []string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("command panicked", "err", p, "stack", string(debug.Stack()))
			fmt.Fprintln(at.Err(), p)
			err = errors.New("panic")
		}
	}()
	return s.run(ctx, at, args)
}

// far is the desk at the other end of a connection.
type far struct {
	*wire
	answers chan message
	gone    <-chan struct{}
	asking  sync.Mutex
}

// errLeft says that whoever gave the command has left.
var errLeft = errors.New("the command's terminal is gone")

// ask has the desk answer.
func (d *far) ask(m message) (message, error) {
	d.asking.Lock()
	defer d.asking.Unlock()
	if err := d.say(m); err != nil {
		return message{}, err
	}
	select {
	case a := <-d.answers:
		return a, a.err()
	case <-d.gone:
		return message{}, errLeft
	}
}

func (d *far) Open(name string) (io.ReadCloser, error) {
	a, err := d.ask(message{Do: open, Name: name})
	if err != nil {
		return nil, err
	}
	return &farFile{desk: d, id: a.ID}, nil
}

func (d *far) Create(name string) (File, error) {
	a, err := d.ask(message{Do: create, Name: name})
	if err != nil {
		return nil, err
	}
	return &farFile{desk: d, id: a.ID}, nil
}

func (d *far) Secret(prompt string, piped bool) (string, bool, error) {
	a, err := d.ask(message{Do: secret, Name: prompt, OK: piped})
	return string(a.Data), a.OK, err
}

func (d *far) Out() io.Writer { return saying{d.wire, out} }
func (d *far) Err() io.Writer { return saying{d.wire, remark} }

// saying is a writer whose text goes to the desk.
type saying struct {
	*wire
	what string
}

func (s saying) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		part := b[:min(len(b), most)]
		if err := s.say(message{Do: s.what, Data: part}); err != nil {
			return n, err
		}
		n, b = n+len(part), b[len(part):]
	}
	return n, nil
}

// farFile is a file at the desk.
type farFile struct {
	desk  *far
	id    int
	ended bool
}

func (f *farFile) Read(b []byte) (int, error) {
	if f.ended {
		return 0, io.EOF
	}
	a, err := f.desk.ask(message{Do: read, ID: f.id, Size: min(len(b), most)})
	if err != nil {
		return 0, err
	}
	f.ended = a.OK
	n := copy(b, a.Data)
	if n == 0 && f.ended {
		return 0, io.EOF
	}
	return n, nil
}

func (f *farFile) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		part := b[:min(len(b), most)]
		if _, err := f.desk.ask(message{Do: write, ID: f.id, Data: part}); err != nil {
			return n, err
		}
		n, b = n+len(part), b[len(part):]
	}
	return n, nil
}

// Again reads what was written.
func (f *farFile) Again() (io.ReadCloser, error) {
	a, err := f.desk.ask(message{Do: again, ID: f.id})
	if err != nil {
		return nil, err
	}
	return &farFile{desk: f.desk, id: a.ID}, nil
}

func (f *farFile) Close() error { _, err := f.desk.ask(message{Do: shut, ID: f.id}); return err }
func (f *farFile) Keep() error  { _, err := f.desk.ask(message{Do: keep, ID: f.id}); return err }
func (f *farFile) Drop() error  { _, err := f.desk.ask(message{Do: drop, ID: f.id}); return err }

// address reads what a data folder says of its server.
func address(folder string) (network, token, at string, ok bool) {
	text, err := os.ReadFile(filepath.Join(folder, FileName))
	if err != nil {
		return "", "", "", false
	}
	said := strings.SplitN(strings.TrimRight(string(text), "\n"), " ", 3)
	if len(said) != 3 {
		return "", "", "", false
	}
	return said[0], said[1], said[2], true
}
