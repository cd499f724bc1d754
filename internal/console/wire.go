package console

import (
	"errors"
	"io"
	"io/fs"
	"sync"
	"syscall"

	"github.com/fxamacker/cbor/v2"
)

// What is said on the wire, one CBOR item after another. The server asks one thing at a time, and the desk answers it.
type message struct {
	Do   string   `cbor:"1,keyasint,omitempty"`
	Name string   `cbor:"2,keyasint,omitempty"`
	Data []byte   `cbor:"3,keyasint,omitempty"`
	Args []string `cbor:"4,keyasint,omitempty"`
	ID   int      `cbor:"5,keyasint,omitempty"` // of an open file
	Size int      `cbor:"6,keyasint,omitempty"`
	OK   bool     `cbor:"7,keyasint,omitempty"`
	Err  string   `cbor:"8,keyasint,omitempty"`
	Is   string   `cbor:"9,keyasint,omitempty"` // what kind of error Err is
}

const (
	begin  = "begin"  // desk: Name the token, Args the command
	out    = "out"    // server: Data
	remark = "remark" // server: Data
	open   = "open"   // server: Name; desk: ID
	read   = "read"   // server: ID, Size; desk: Data, OK at the end
	shut   = "shut"   // server: ID
	create = "create" // server: Name; desk: ID
	write  = "write"  // server: ID, Data
	again  = "again"  // server: ID; desk: ID
	keep   = "keep"   // server: ID
	drop   = "drop"   // server: ID
	secret = "secret" // server: Name the prompt, OK for piped; desk: Data, OK for asked
	done   = "done"   // server: OK where the command has done what it should
)

// most is how many bytes of a file one message carries.
const most = 256 << 10

// wire is one end of a connection.
type wire struct {
	io.Closer
	in  *cbor.Decoder
	out *cbor.Encoder
	mu  sync.Mutex // of out
}

func newWire(c io.ReadWriteCloser) *wire {
	return &wire{Closer: c, in: cbor.NewDecoder(c), out: cbor.NewEncoder(c)}
}

func (w *wire) say(m message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Encode(m)
}

func (w *wire) hear() (m message, err error) {
	err = w.in.Decode(&m)
	return m, err
}

// kinds are the errors of files that mean the same at both ends.
var kinds = map[string]error{"missing": fs.ErrNotExist, "barred": fs.ErrPermission, "full": syscall.ENOSPC, "read-only": syscall.EROFS,
	"failing": syscall.EIO}

// failed puts an error into a message.
func (m message) failed(err error) message {
	if err == nil {
		return m
	}
	m.Err = err.Error()
	for name, kind := range kinds {
		if errors.Is(err, kind) {
			m.Is = name
		}
	}
	return m
}

// farError is an error at the other end.
type farError struct {
	text string
	kind error
}

func (e *farError) Error() string { return e.text }
func (e *farError) Unwrap() error { return e.kind }

func (m message) err() error {
	if m.Err == "" {
		return nil
	}
	return &farError{m.Err, kinds[m.Is]}
}
