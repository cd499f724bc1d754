package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"os"
	"strings"
)

// A store's file as bbolt lays it out (go.etcd.io/bbolt, internal/common), read page by page without the engine, which trusts what it maps:
// before the engine would go through all of a file that may be damaged, and to save what can be read of one that is.
const (
	pageHead    = 16 // number u64, flags u16, count u16, overflow u32
	metaSize    = 64 // magic u32, version u32, page size u32, flags u32, root and sequence u64, free list u64, high water u64, transaction u64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	noFreeList  = ^uint64(0)
	elementSize = 16

	branchPage = 1
	leafPage   = 2
	freePage   = 16
	bucketLeaf = 1 // in a leaf element's flags: the value is a bucket
)

// head is what one of a file's two head pages says; the newer whole one counts.
type head struct{ size, root, free, high, tx uint64 }

// readHeads reads the head pages of a file. Both are nil of an empty one.
func readHeads(f io.ReaderAt) (list [2]*head) {
	for i, size := range []uint64{0, 4096} {
		b := make([]byte, pageHead+metaSize+8)
		if i == 1 && list[0] != nil {
			size = list[0].size
		}
		for ; ; size *= 2 { // where the first is damaged, the second lies behind a page of unknown size
			if _, err := f.ReadAt(b, int64(size)*int64(i)); err != nil {
				break
			}
			if h := parseHead(b[pageHead:]); h != nil {
				list[i] = h
			}
			if list[i] != nil || i == 0 || size >= 65536 {
				break
			}
		}
	}
	return list
}

func parseHead(b []byte) *head {
	le := binary.LittleEndian
	h := &head{size: uint64(le.Uint32(b[8:])), root: le.Uint64(b[16:]), free: le.Uint64(b[32:]), high: le.Uint64(b[40:]),
		tx: le.Uint64(b[48:])}
	if le.Uint32(b) != metaMagic || le.Uint32(b[4:]) != metaVersion || le.Uint64(b[56:]) != sumOf(b) || h.size < 512 {
		return nil
	}
	return h
}

// sumOf is the sum that a head page ends with.
func sumOf(b []byte) uint64 {
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	return sum.Sum64()
}

// Wreck is a store's file that is read page by page, without the engine and without its lock: whatever can be read is, and what cannot is
// told and passed over. It is a Reader.
type Wreck struct {
	f    *os.File
	path string
	head
	OneHead bool // only one of the two head pages is whole: what was written last may be missing
	buckets map[string][]byte

	// Damaged is told what cannot be read, again each time that it is met.
	Damaged func(*ErrDamaged)
}

// OpenWreck opens a file for reading what can be read of it; *ErrDamaged where nothing can.
func OpenWreck(path string) (*Wreck, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	w := &Wreck{f: f, path: path, Damaged: func(*ErrDamaged) {}, buckets: map[string][]byte{}}
	heads := readHeads(f)
	one, other := heads[0], heads[1]
	switch {
	case one == nil && other == nil:
		return nil, errors.Join(&ErrDamaged{File: path, Reason: "neither of its head pages can be read"}, f.Close())
	case one == nil || other != nil && other.tx > one.tx:
		w.head = *other
	default:
		w.head = *one
	}
	w.OneHead = one == nil || other == nil
	return w, nil
}

// Close closes the file.
func (w *Wreck) Close() error { return w.f.Close() }

// Unchanged tells whether nothing has been written to the file since it was opened.
func (w *Wreck) Unchanged() bool {
	now, err := OpenWreck(w.path)
	if err != nil {
		return false
	}
	defer now.Close()
	return now.head == w.head
}

// cut finds a file that is shorter than its head says.
func (w *Wreck) cut() *ErrDamaged {
	st, err := w.f.Stat()
	if want := int64(w.high * w.size); err == nil && st.Size() < want {
		return &ErrDamaged{File: w.path, Reason: fmt.Sprintf("the file is cut: %d bytes of %d are left", st.Size(), want)}
	}
	return nil
}

// Buckets lists those that can be read.
func (w *Wreck) Buckets() (names []string) {
	w.buckets = map[string][]byte{}
	walk := walking{Wreck: w, yield: func(k, v []byte, flags uint32) bool {
		if flags&bucketLeaf != 0 && len(v) >= 16 {
			names = append(names, string(k))
			w.buckets[string(k)] = bytes.Clone(v)
		}
		return true
	}}
	walk.below(w.root, nil)
	return names
}

// Scan yields the keys from one up to another ("" for no end), in order, as far as they can be read.
func (w *Wreck) Scan(bucket, from, to string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if len(w.buckets) == 0 {
			w.Buckets()
		}
		inside := w.buckets[bucket]
		if inside == nil {
			return
		}
		walk := walking{Wreck: w, table: bucket, from: from, to: to, yield: func(k, v []byte, _ uint32) bool { return yield(string(k), v) }}
		walk.bucket(inside)
	}
}

// Get returns the value of a key, or nil.
func (w *Wreck) Get(bucket, key string) []byte {
	for k, v := range w.Scan(bucket, key, After(key)) {
		if k == key {
			return v
		}
	}
	return nil
}

// Last returns the last key below to ("" for no end), "" where there is none.
func (w *Wreck) Last(bucket, to string) (last string) {
	for k := range w.Scan(bucket, "", to) {
		last = k
	}
	return last
}

// whole reads a page with those that it goes on in.
func (w *Wreck) whole(number uint64) ([]byte, error) {
	bad := func(reason string, args ...any) ([]byte, error) {
		return nil, &ErrDamaged{File: w.path, Page: number, Reason: fmt.Sprintf(reason, args...)}
	}
	if number < 2 || number >= w.high {
		return bad("is no page of the file")
	}
	b := make([]byte, w.size)
	if _, err := w.f.ReadAt(b, int64(number*w.size)); err != nil {
		return bad("cannot be read: %v", err)
	}
	if at := binary.LittleEndian.Uint64(b); at != number {
		return bad("says that it is page %d", at)
	}
	if more := uint64(binary.LittleEndian.Uint32(b[12:])); more > 0 {
		if number+more >= w.high {
			return bad("goes on beyond the end of the file")
		}
		b = append(b, make([]byte, more*w.size)...)
		if _, err := w.f.ReadAt(b[w.size:], int64((number+1)*w.size)); err != nil {
			return bad("cannot be read: %v", err)
		}
	}
	return b, nil
}

// freeList returns the numbers of the pages that the engine may write to.
func (w *Wreck) freeList() ([]uint64, error) {
	b, err := w.whole(w.free)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	count, list := uint64(le.Uint16(b[10:])), b[pageHead:]
	if count == 0xFFFF && len(list) >= 8 {
		count, list = le.Uint64(list), list[8:]
	}
	bad := &ErrDamaged{File: w.path, Page: w.free, Reason: "the list of free pages is not one"}
	if le.Uint16(b[8:]) != freePage || count > uint64(len(list)/8) {
		return nil, bad
	}
	free, last := make([]uint64, count), uint64(1)
	for i := range free {
		free[i] = le.Uint64(list[8*i:])
		if free[i] <= last || free[i] >= w.high {
			return nil, bad
		}
		last = free[i]
	}
	return free, nil
}

// branches looks at the pages that lead to others. The engine follows them without looking: one that leads back to where it came from would
// keep it for ever. It returns the tables that must not be touched, and why; *ErrDamaged where even they are not found. All leaves of a
// tree are equally deep, so that only its branches need be read: one page in two hundred.
func (w *Wreck) branches() (bad map[string]*ErrDamaged, err error) {
	seen := make([]bool, w.high)
	if d := w.tree("", w.root, seen); d != nil {
		return nil, d
	}
	var first *ErrDamaged
	was := w.Damaged
	w.Damaged = func(d *ErrDamaged) { first = cmp.Or(first, d) }
	names := w.Buckets()
	w.Damaged = was
	if first != nil {
		return nil, first
	}
	bad = map[string]*ErrDamaged{}
	for _, name := range names {
		if root := binary.LittleEndian.Uint64(w.buckets[name]); root != 0 {
			if d := w.tree(name, root, seen); d != nil {
				bad[name] = d
			}
		}
	}
	return bad, nil
}

// tree looks at the branches of one tree, level by level.
func (w *Wreck) tree(table string, root uint64, seen []bool) *ErrDamaged {
	level := []uint64{root}
	for branching := true; branching; {
		var below []uint64
		for i, number := range level {
			d := &ErrDamaged{File: w.path, Page: number, Table: table}
			if number < 2 || number >= w.high || seen[number] {
				d.Reason = "is no page of the file that belongs here"
				return d
			}
			seen[number] = true
			if !branching {
				continue
			}
			b, err := w.whole(number)
			if errors.As(err, &d) {
				d.Table = table
				return d
			}
			if i == 0 && binary.LittleEndian.Uint16(b[8:]) == leafPage {
				branching = false
				continue
			}
			children, ok := childrenOf(b)
			if !ok {
				d.Reason = "does not say where to go on"
				return d
			}
			below = append(below, children...)
		}
		level = below
	}
	return nil
}

// childrenOf are the pages that a branch leads to.
func childrenOf(b []byte) (list []uint64, ok bool) {
	le := binary.LittleEndian
	count := int(le.Uint16(b[10:]))
	if le.Uint16(b[8:]) != branchPage || count == 0 || pageHead+count*elementSize > len(b) {
		return nil, false
	}
	var last []byte
	for i := range count {
		at := pageHead + i*elementSize
		k, ok := part(b, at+int(le.Uint32(b[at:])), le.Uint32(b[at+4:]))
		if !ok || i > 0 && bytes.Compare(k, last) <= 0 {
			return nil, false
		}
		last, list = k, append(list, le.Uint64(b[at+8:]))
	}
	return list, true
}

// state tells one state of the file from another, and a damaged free list from a whole one.
func (w *Wreck) state() string {
	sum := sha256.New()
	fmt.Fprintln(sum, w.head)
	if w.free != noFreeList {
		if b, err := w.whole(w.free); err == nil {
			sum.Write(b)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// used walks all that is in use, and marks its pages.
func (w *Wreck) used() []bool {
	used := make([]bool, w.high)
	through := func(table string) walking {
		return walking{Wreck: w, table: table, seen: used, yield: func(_, _ []byte, _ uint32) bool { return true }}
	}
	for _, name := range w.Buckets() {
		walk := through(name)
		walk.bucket(w.buckets[name])
	}
	top := through("")
	top.below(w.root, nil)
	return used
}

// collisions looks for pages that are in use and listed as free.
func (w *Wreck) collisions(free []uint64, used []bool) error {
	for _, page := range append([]uint64{w.free}, free...) {
		if used[page] {
			return &ErrDamaged{File: w.path, Page: page, Reason: "is in use and listed as free"}
		}
		used[page] = true // nor may the list name itself
	}
	return nil
}

// CheckFile goes through all pages of a store's file and returns the first damage as an *ErrDamaged. It finds what is not as the engine
// lays pages out; what stands in a record is not looked at.
func CheckFile(path string) error {
	w, err := OpenWreck(path)
	if err != nil {
		return err
	}
	defer w.Close()
	first := w.cut()
	if first != nil {
		return first
	}
	w.Damaged = func(d *ErrDamaged) { first = cmp.Or(first, d) }
	used := w.used()
	switch {
	case first != nil:
		return first
	case w.free == noFreeList:
		return nil
	}
	free, err := w.freeList()
	if err != nil {
		return err
	}
	return w.collisions(free, used)
}

// walking is one way through a tree of pages.
type walking struct {
	*Wreck
	table, from, to string
	last            []byte // the key before, for the order
	seen            []bool // pages, so that none is walked twice
	yield           func(k, v []byte, flags uint32) bool
}

// bucket walks a whole bucket, by what stands under its name.
func (w *walking) bucket(inside []byte) {
	if root := binary.LittleEndian.Uint64(inside); root != 0 {
		w.below(root, nil)
	} else if len(inside) > 16+pageHead { // a small bucket lies in its name's value
		w.page(0, inside[16:], nil)
	}
}

func (w *walking) bad(page uint64, reason string, args ...any) bool {
	w.Damaged(&ErrDamaged{File: w.path, Page: page, Table: w.table, Key: string(w.last), Reason: fmt.Sprintf(reason, args...)})
	return true
}

// below walks what stands below a page, all of it below a limit (nil for none); false where the yield wants no more.
func (w *walking) below(number uint64, limit []byte) bool {
	if w.seen == nil {
		w.seen = make([]bool, w.high)
	}
	if number < 2 || number >= w.high || w.seen[number] {
		return w.bad(number, "is no page of the file that belongs here")
	}
	w.seen[number] = true
	b, err := w.whole(number)
	var damaged *ErrDamaged
	if errors.As(err, &damaged) {
		return w.bad(number, "%s", damaged.Reason)
	}
	for i := range len(b)/int(w.size) - 1 {
		w.seen[number+1+uint64(i)] = true
	}
	return w.page(number, b, limit)
}

// page walks one page, b with all that belongs to it.
func (w *walking) page(number uint64, b, limit []byte) bool {
	le := binary.LittleEndian
	flags, count := le.Uint16(b[8:]), int(le.Uint16(b[10:]))
	if flags != branchPage && flags != leafPage || flags == branchPage && count == 0 {
		return w.bad(number, "is neither a branch nor a leaf")
	}
	if pageHead+count*elementSize > len(b) {
		return w.bad(number, "says that it has %d elements", count)
	}
	keyAt := func(i int) (k []byte, end int, ok bool) { // of an element, and where it ends
		at := pageHead + i*elementSize
		e, size := b[at:at+elementSize], uint32(0)
		if flags == branchPage {
			at, size = at+int(le.Uint32(e)), le.Uint32(e[4:])
		} else {
			at, size = at+int(le.Uint32(e[4:])), le.Uint32(e[8:])
		}
		k, ok = part(b, at, size)
		return k, at + len(k), ok
	}
	for i := range count {
		e := b[pageHead+i*elementSize:]
		k, end, ok := keyAt(i)
		next, bounded := limit, limit != nil
		if i+1 < count {
			if after, _, ok := keyAt(i + 1); ok && bytes.Compare(after, w.last) > 0 {
				next, bounded = after, true
			}
		}
		if !ok || bounded && bytes.Compare(k, next) >= 0 || w.last != nil && bytes.Compare(k, w.last) < 0 && (i > 0 || flags == leafPage) {
			w.bad(number, "element %d is out of place", i)
			continue
		}
		if flags == branchPage {
			if w.to != "" && i > 0 && string(k) >= w.to {
				return true
			}
			if bounded && string(next) <= w.from { // all that is below stands before
				continue
			}
			if !w.below(le.Uint64(e[8:]), next) {
				return false
			}
			continue
		}
		v, whole := part(b, end, le.Uint32(e[12:]))
		if !whole || w.last != nil && bytes.Equal(k, w.last) {
			w.bad(number, "element %d is out of place", i)
			continue
		}
		w.last = append(w.last[:0], k...)
		if string(k) < w.from {
			continue
		}
		if w.to != "" && strings.Compare(string(k), w.to) >= 0 {
			return false
		}
		if !w.yield(k, v, le.Uint32(e)) {
			return false
		}
	}
	return true
}

func part(b []byte, at int, size uint32) ([]byte, bool) {
	if at < pageHead || at+int(size) > len(b) {
		return nil, false
	}
	return b[at : at+int(size)], true
}
