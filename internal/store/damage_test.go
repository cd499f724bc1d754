package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// filled makes a store's file that has every kind of page: branches, leaves, values over several pages, small buckets, a free list.
func filled(t *testing.T) (path string, content []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		if err := s.Update(func(tx *Tx) error {
			for i := range 3000 {
				tx.Put("many", fmt.Sprintf("key %05d", i), []byte(strings.Repeat("v", 40+round)))
			}
			tx.Put("large", "a", bytes.Repeat([]byte("x"), 20_000))
			tx.Put("large", "b", bytes.Repeat([]byte("y"), 9_000))
			tx.Put("small", "one", []byte("1"))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h := readHeads(bytes.NewReader(content))
	return path, content[:max(h[0].high, h[1].high)*h[0].size] // without what the engine has set aside
}

// bear opens a file, reads all of it and writes to it. It returns what was said; a panic or a fault ends the test.
func bear(t *testing.T, path string) (err error) {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, bucket := range []string{"many", "large", "small"} {
		err = errors.Join(err, s.View(func(r Reader) error {
			r.Last(bucket, "")
			for k := range r.Scan(bucket, "", "") {
				_ = r.Get(bucket, k)
			}
			return nil
		}))
		err = errors.Join(err, s.Update(func(tx *Tx) error {
			tx.Put(bucket, "key 01500", []byte("written anew"))
			tx.Delete(bucket, "key 02000")
			return nil
		}))
	}
	return err
}

// inUse are the pages that a file's trees are made of.
func inUse(w *Wreck) (list []int) {
	for _, root := range append([]uint64{w.root}, roots(w)...) {
		walk := walking{Wreck: w, yield: func(_, _ []byte, _ uint32) bool { return true }}
		walk.below(root, nil)
		for p, seen := range walk.seen {
			if _, err := w.whole(uint64(p)); seen && err == nil {
				list = append(list, p)
			}
		}
	}
	slices.Sort(list)
	return list
}

func roots(w *Wreck) (list []uint64) {
	w.Buckets()
	for _, b := range w.buckets {
		if root := binary.LittleEndian.Uint64(b); root != 0 {
			list = append(list, root)
		}
	}
	return list
}

// Whatever is damaged in a file is told as an error that names it, never by a panic or a fault; a file that nothing is said of is whole but
// for what no page can know: a bit flipped inside a key or a value.
func TestDamageIsAnError(t *testing.T) {
	path, whole := filled(t)
	spoil := func(name string, must bool, f func(b []byte) []byte) {
		t.Helper()
		if err := os.WriteFile(path, f(bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		checked := CheckFile(path)
		err := bear(t, path)
		var damaged *ErrDamaged
		if (must || err != nil) && !errors.As(err, &damaged) {
			t.Errorf("%s: %v", name, err)
		}
		if must && checked == nil {
			t.Errorf("%s: nothing was found page by page", name)
		}
		if damaged != nil && (damaged.File != path || damaged.Reason == "") {
			t.Errorf("%s: %#v names no place", name, damaged)
		}
	}
	heads := readHeads(bytes.NewReader(whole))
	newest := heads[0]
	if heads[1].tx > newest.tx {
		newest = heads[1]
	}
	size := int(newest.size)
	w, err := OpenWreck(path)
	if err != nil {
		t.Fatal(err)
	}
	var branch, leaf, long int
	for _, p := range inUse(w) {
		at := whole[p*size:]
		switch flags, more := binary.LittleEndian.Uint16(at[8:]), binary.LittleEndian.Uint32(at[12:]); {
		case flags == branchPage:
			branch = p
		case flags == leafPage && more > 0:
			long = p
		case flags == leafPage && binary.LittleEndian.Uint16(at[10:]) > 20:
			leaf = p
		}
	}
	used := inUse(w)
	w.Close()
	if branch == 0 || leaf == 0 || long == 0 || newest.free == noFreeList {
		t.Fatalf("no such pages: %d %d %d", branch, leaf, long)
	}
	flip := func(at int, bit byte) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= bit; return b }
	}
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	spoil("cut to a page", true, cut(size))
	spoil("cut to half", true, cut(int(newest.high)/2*size))
	spoil("cut by the last page in use", true, cut((int(newest.high)-1)*size))
	spoil("both heads", true, func(b []byte) []byte { b[40] ^= 1; b[size+40] ^= 1; return b })
	spoil("no store at all", true, func([]byte) []byte { return bytes.Repeat([]byte("text "), 5000) })
	spoil("the root's count", true, flip(int(newest.root)*size+11, 1))
	spoil("the root's number", true, flip(int(newest.root)*size, 1))
	spoil("a branch's kind", true, flip(branch*size+8, 2))
	spoil("a branch's child", true, flip(branch*size+pageHead+8, 4))
	spoil("a branch's child, far away", true, flip(branch*size+pageHead+13, 4))
	spoil("a branch's count", true, flip(branch*size+11, 2))
	spoil("a leaf's kind", true, flip(leaf*size+8, 1))
	spoil("where a leaf's key stands", true, flip(leaf*size+pageHead+7, 64))
	spoil("a leaf of zeros", true, func(b []byte) []byte { clear(b[leaf*size : (leaf+1)*size]); return b })
	spoil("the size of a value", true, flip(leaf*size+pageHead+15, 64))
	spoil("the length of a long leaf", false, flip(long*size+13, 64))
	if err := os.WriteFile(path, flip(int(newest.free)*size+8, 1)(bytes.Clone(whole)), 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *ErrDamaged
	if err := bear(t, path); !errors.As(err, &damaged) {
		t.Errorf("the free list: %v", err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 120 {
		at, bit := used[random.IntN(len(used))]*size+random.IntN(size), byte(1)<<random.IntN(8)
		spoil(fmt.Sprintf("page %d, byte %d, bit %d", at/size, at%size, bit), false, flip(at, bit))
	}
}

// A file of an older program, which kept no free list, is looked through before the engine does, and opens as it stands.
func TestFilesWithoutAFreeList(t *testing.T) {
	path, whole := filled(t)
	old := bytes.Clone(whole)
	heads := readHeads(bytes.NewReader(whole))
	for i, h := range heads { // as bbolt writes a head where free lists are not kept
		b := old[i*int(h.size)+pageHead:]
		binary.LittleEndian.PutUint64(b[32:], noFreeList)
		binary.LittleEndian.PutUint64(b[56:], sumOf(b))
	}
	newest := heads[0]
	if heads[1].tx > newest.tx {
		newest = heads[1]
	}
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := bear(t, path); err != nil {
		t.Error(err)
	}
	old[int(newest.root)*int(newest.size)+11] ^= 1
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *ErrDamaged
	if err := bear(t, path); !errors.As(err, &damaged) || damaged.Page != newest.root {
		t.Errorf("%v", err)
	}
}

// What can be read of a damaged file is: all but the page that is not there.
func TestWrecksAreReadOn(t *testing.T) {
	path, whole := filled(t)
	w, err := OpenWreck(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	w.Damaged = func(d *ErrDamaged) { t.Error(d) }
	for _, bucket := range w.Buckets() {
		for k, v := range w.Scan(bucket, "", "") {
			all[bucket+k] = string(v)
		}
	}
	if len(all) != 3003 || all["smallone"] != "1" || len(all["largea"]) != 20_000 {
		t.Fatalf("%d keys", len(all))
	}
	if v := w.Get("many", "key 01234"); string(v) != all["manykey 01234"] || w.Last("many", "key 01234") != "key 01233" {
		t.Errorf("%q", v)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(whole, []byte("key 01234"+strings.Repeat("v", 42))) // the page in use: no older one has such a value
	clear(whole[at/4096*4096 : at/4096*4096+4096])
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if w, err = OpenWreck(path); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	told, left := 0, 0
	w.Damaged = func(*ErrDamaged) { told++ }
	for k, v := range w.Scan("many", "", "") {
		if left++; all["many"+k] != string(v) {
			t.Errorf("%s is %q", k, v)
		}
	}
	if told == 0 || left < 2800 || left > 2990 {
		t.Errorf("%d keys are left of 3000, %d damages told", left, told)
	}
}
