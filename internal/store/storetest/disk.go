// Package storetest gives tests a disk that fails: under a store's file it refuses writes, takes half of one, loses its power, and shows
// what would lie there then.
package storetest

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"go.etcd.io/bbolt"

	"github.com/sanbian/ledger/internal/store"
)

// Fault is what becomes of a write.
type Fault int

// The faults.
const (
	None     Fault = iota
	Refused        // nothing is written: EIO
	Full           // nothing is written: ENOSPC
	Short          // a part is written, then ENOSPC
	Unsynced       // it is written, and the syncing after it fails: EIO
	Cut            // the power fails: nothing is written from here on
	Late           // it is written, and the power fails before the syncing
)

// Disk is under a store's file. What was written since the last syncing may be on it or not when the power fails.
type Disk struct {
	mu      sync.Mutex
	next    func(head bool) Fault
	file    *os.File
	durable []byte // what lies on it for certain
	pending []write
	done    bool // the last write was a head page, and was synced
	dead    bool
}

type write struct {
	at int64
	b  []byte
}

// Under puts a disk under a store that has just been opened.
func Under(t testing.TB, s store.Store, path string) *Disk {
	t.Helper()
	durable, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	d := &Disk{file: file, durable: durable}
	// The engine writes through a function of its own, which it does not let anybody replace.
	db := (*bbolt.DB)(reflect.ValueOf(s).FieldByName("db").UnsafePointer())
	hook := reflect.ValueOf(db).Elem().FieldByName("ops").FieldByName("writeAt")
	*(*func([]byte, int64) (int, error))(unsafe.Pointer(hook.UnsafeAddr())) = d.write
	return d
}

// Arm has somebody decide what becomes of each write from now on; head tells that it is that of a head page, by which a transaction is
// done. nil leaves the disk in order.
func (d *Disk) Arm(next func(head bool) Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next = next
}

var errPower = errors.New("the power has failed")

// write is one of the engine: of pages, which it then syncs, and of a head page, which it syncs again.
func (d *Disk) write(b []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return 0, errPower
	}
	head := at < int64(2*os.Getpagesize())
	if head || d.done { // all before it has been synced
		d.settle(len(d.pending))
	}
	d.done = false
	fault := None
	if d.next != nil {
		fault = d.next(head)
	}
	switch fault {
	case Refused:
		return 0, syscall.EIO
	case Full:
		return 0, syscall.ENOSPC
	case Cut:
		d.dead = true
		return 0, errPower
	case Short:
		n, err := d.put(b[:len(b)/2/512*512], at)
		return n, errors.Join(err, syscall.ENOSPC)
	}
	n, err := d.put(b, at)
	switch fault {
	case Unsynced:
		return n, errors.Join(err, syscall.EIO)
	case Late:
		d.dead = true
		return n, errPower
	}
	d.done = head
	return n, err
}

func (d *Disk) put(b []byte, at int64) (int, error) {
	d.pending = append(d.pending, write{at, append([]byte(nil), b...)})
	return d.file.WriteAt(b, at)
}

// settle puts the first writes that are pending where they stay.
func (d *Disk) settle(n int) {
	for _, w := range d.pending[:n] {
		d.durable = over(d.durable, w)
	}
	d.pending = d.pending[n:]
}

func over(on []byte, w write) []byte {
	if need := int(w.at) + len(w.b); need > len(on) {
		on = append(on, make([]byte, need-len(on))...)
	}
	copy(on[w.at:], w.b)
	return on
}

// Dead tells whether the power has failed.
func (d *Disk) Dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// Left writes what lies on the disk after the power has failed: all that was synced, and of the rest some sectors.
func (d *Disk) Left(random *rand.Rand, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	if d.done {
		d.settle(len(d.pending))
	}
	for _, w := range d.pending {
		for from := 0; from < len(w.b); from += 512 {
			if random.IntN(2) == 0 {
				d.durable = over(d.durable, write{w.at + int64(from), w.b[from:min(from+512, len(w.b))]})
			}
		}
	}
	d.pending = nil
	if end, err := d.file.Seek(0, io.SeekEnd); err != nil {
		return err
	} else if int(end) > len(d.durable) { // growing is synced at once
		d.durable = append(d.durable, make([]byte, int(end)-len(d.durable))...)
	}
	return os.WriteFile(path, d.durable, 0o600)
}
