package store

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
)

// ErrDamaged says that a store's file is damaged: somewhere its pages are not what the engine wrote.
type ErrDamaged struct {
	File   string
	Page   uint64 // its number, where it is known
	Table  string // the one that was read, "" for none in particular
	Key    string // the last one that was read there, or asked for
	Reason string
}

func (e *ErrDamaged) Error() string { return fmt.Sprintf("%s is damaged: %s", e.File, e.Place()) }

// Place tells where the damage is and what it is, in technical words.
func (e *ErrDamaged) Place() string {
	var at []string
	if e.Page > 0 {
		at = append(at, fmt.Sprintf("page %d", e.Page))
	}
	if e.Table != "" {
		at = append(at, fmt.Sprintf("table %q", e.Table))
	}
	if e.Key != "" {
		at = append(at, fmt.Sprintf("near key %.80q", e.Key))
	}
	return strings.Join(append(at, e.Reason), ", ")
}

// spot is where a transaction is reading: where the engine trips over something, this is all that is known of the place.
type spot struct {
	file, table, key string
	end              byte // of the value that was read last
}

func (s *spot) damaged(reason string) *ErrDamaged {
	return &ErrDamaged{File: s.file, Table: s.table, Key: s.key, Reason: reason}
}

// guarded is deferred by whoever calls the engine. It turns what damage makes of it, a fault of memory or a failed assertion, into the
// error
// of the transaction that met it; a bug of anybody else stays a panic. What it returns is deferred, too:
//
//	defer guarded(at, &err)()
func guarded(at *spot, err *error) (after func()) {
	was := debug.SetPanicOnFault(true) // pages are mapped memory: one that is not there must not end the process
	return func() {
		debug.SetPanicOnFault(was)
		switch e := recover().(type) {
		case nil:
		case *ErrCorrupt:
			*err = e
		case *ErrDamaged:
			*err = e
		default:
			if !isFault(e) && !inEngine() {
				panic(e)
			}
			*err = at.damaged(fmt.Sprint(e))
		}
	}
}

// tripped is deferred around reading: what the engine trips over becomes an *ErrDamaged that names the place, whoever recovers it.
func (s *spot) tripped() {
	if p := recover(); p != nil {
		if _, told := p.(*ErrDamaged); !told && (isFault(p) || inEngine()) {
			panic(s.damaged(fmt.Sprint(p)))
		}
		panic(p)
	}
}

// Trouble sorts errors of a store by what somebody can do about them.
type Trouble int

// The troubles.
const (
	NoTrouble Trouble = iota // none, or none of the store's
	Damaged                  // *ErrDamaged or *ErrCorrupt
	Full                     // no room on the disk
	ReadOnly                 // the disk takes nothing
	Failing                  // the disk cannot be read or written
)

// TroubleOf tells what an error of a store means.
func TroubleOf(err error) Trouble {
	var damaged *ErrDamaged
	var corrupt *ErrCorrupt
	switch {
	case errors.As(err, &damaged), errors.As(err, &corrupt):
		return Damaged
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), isFull(err):
		return Full
	case errors.Is(err, syscall.EROFS):
		return ReadOnly
	case errors.Is(err, syscall.EIO):
		return Failing
	}
	return NoTrouble
}

// isFault tells whether a panic is memory that could not be read. Only such faults have addresses.
func isFault(p any) bool {
	_, ok := p.(interface{ Addr() uintptr })
	return ok
}

// inEngine tells whether the panic that is being recovered came from the engine's own code.
func inEngine() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicked := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicked = true
		case panicked && !strings.HasPrefix(f.Function, "runtime."):
			return strings.HasPrefix(f.Function, "go.etcd.io/bbolt")
		}
		if !more {
			return false
		}
	}
}
