package console

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"time"
)

// ErrAlone says that no server holds a data folder.
var ErrAlone = errors.New("no server holds the folder")

// ErrBroken says that the server went away in the middle of a command: what it had posted by then is posted.
var ErrBroken = errors.New("the server went away in the middle of the command")

// Call has the server that holds a data folder run a command, and serves it at the desk; ok tells whether it did what it should. It returns
// ErrAlone where there is no such server.
func Call(folder string, at Desk, args []string) (ok bool, err error) {
	network, token, address, found := address(folder)
	if !found {
		return false, ErrAlone
	}
	c, err := net.DialTimeout(network, address, 5*time.Second)
	if err != nil {
		return false, ErrAlone // one that was killed left its file behind
	}
	defer c.Close()
	w := newWire(c)
	if err := w.say(message{Do: begin, Name: token, Args: args}); err != nil {
		return false, ErrAlone
	}
	d := desk{Desk: at, args: args, reading: map[int]io.ReadCloser{}, writing: map[int]File{}}
	defer d.leave()
	for {
		m, err := w.hear()
		if err != nil {
			return false, ErrBroken
		}
		switch m.Do {
		case done:
			return m.OK, nil
		case out:
			_, err = at.Out().Write(m.Data)
		case remark:
			_, err = at.Err().Write(m.Data)
		default:
			err = w.say(d.answer(m))
		}
		if err != nil {
			return false, err
		}
	}
}

// desk does for the server what it asks.
type desk struct {
	Desk
	args    []string // what was typed: no other file is opened or written
	reading map[int]io.ReadCloser
	writing map[int]File
	last    int
}

func (d *desk) answer(m message) message {
	var a message
	if (m.Do == open || m.Do == create) && !d.typed(m.Name) {
		return a.failed(fs.ErrPermission)
	}
	switch m.Do {
	case open:
		f, err := d.Open(m.Name)
		if err != nil {
			return a.failed(err)
		}
		d.last++
		d.reading[d.last], a.ID = f, d.last
	case create:
		f, err := d.Create(m.Name)
		if err != nil {
			return a.failed(err)
		}
		d.last++
		d.writing[d.last], a.ID = f, d.last
	case read:
		f := d.reading[m.ID]
		if f == nil || m.Size > most {
			return a.failed(errors.ErrUnsupported)
		}
		b := make([]byte, m.Size)
		n, err := f.Read(b)
		a.Data = b[:n]
		if a.OK = errors.Is(err, io.EOF); !a.OK {
			return a.failed(err)
		}
	case shut:
		if f := d.reading[m.ID]; f != nil {
			delete(d.reading, m.ID)
			return a.failed(f.Close())
		}
	case write, again, keep, drop:
		f := d.writing[m.ID]
		if f == nil {
			return a.failed(errors.ErrUnsupported)
		}
		switch m.Do {
		case again:
			written, err := f.Again()
			if err != nil {
				return a.failed(err)
			}
			d.last++
			d.reading[d.last], a.ID = written, d.last
			return a
		case write:
			_, err := f.Write(m.Data)
			return a.failed(err)
		case keep:
			return a.failed(f.Keep())
		}
		delete(d.writing, m.ID)
		return a.failed(f.Drop())
	case secret:
		line, asked, err := d.Secret(m.Name, m.OK)
		a.Data, a.OK = []byte(line), asked
		return a.failed(err)
	default:
		return a.failed(errors.ErrUnsupported)
	}
	return a
}

// typed tells whether a name is among what was typed, by itself or behind a flag. Whoever holds the folder is not trusted with more.
func (d *desk) typed(name string) bool {
	return name == "-" || slices.ContainsFunc(d.args, func(arg string) bool {
		return arg == name || strings.HasPrefix(arg, "-") && strings.HasSuffix(arg, "="+name) ||
			strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && len(arg) > 2 && arg[2:] == name
	})
}

// leave throws away what was not kept.
func (d *desk) leave() {
	for _, f := range d.reading {
		_ = f.Close()
	}
	for _, f := range d.writing {
		_ = f.Drop()
	}
}
