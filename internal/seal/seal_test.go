package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// suites runs a test with each.
func suites(t *testing.T, f func(t *testing.T, suite Suite)) {
	for _, suite := range []Suite{International, National} {
		t.Run(suite.String(), func(t *testing.T) { f(t, suite) })
	}
}

func newFile(t *testing.T, suite Suite) (*Key, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "k.key")
	k, err := Create(path, suite)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func replaced(t *testing.T, k *Key) *Key {
	t.Helper()
	next, err := k.Replaced()
	if err != nil {
		t.Fatal(err)
	}
	return next
}

const (
	id    = "11010519491231002X"
	owner = "210727102216H000001"
)

// sealed is a box as the ledger makes it.
func sealed(k *Key, p Purpose, owner, text string) Box {
	return k.Close(p, owner, text, k.Find(p, text))
}

func TestSealAndOpen(t *testing.T) {
	suites(t, func(t *testing.T, suite Suite) {
		k, path := newFile(t, suite)
		box := sealed(k, ResidentID, owner, id)
		if bytes.Contains(box.Sealed, []byte(id[:6])) || box.Unbound() {
			t.Error("the number can be read in the box, or it is bound to nobody")
		}
		again, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Open(ResidentID, owner, box); err != nil || got != id {
			t.Errorf("opened %q, %v", got, err)
		}
		if !bytes.Equal(box.Digest, again.Digest(ResidentID, id)) || !again.Finds(ResidentID, id, box.Digest) {
			t.Error("the digest does not find the number")
		}
		if bytes.Equal(sealed(k, ResidentID, owner, id).Sealed, box.Sealed) {
			t.Error("two boxes of one number look alike")
		}
		other, _ := newFile(t, suite)
		if bytes.Equal(other.Check(), k.Check()) || other.IDs()[0] == k.IDs()[0] {
			t.Error("two keys have one check value, or one id")
		}
		if box := sealed(k, Phone, owner, ""); !box.Empty() {
			t.Error("something was sealed of nothing")
		}
		if got, err := k.Open(Phone, owner, Box{}); got != "" || err != nil {
			t.Errorf("nothing sealed opened as %q, %v", got, err)
		}
		if found := k.Find(ResidentID, id); !bytes.Equal(k.Close(ResidentID, owner, "", found).Digest, found.Digest) {
			t.Error("a box lost its digest when nothing was to be sealed into it")
		}
		wrong := map[string]func() (string, error){
			"another purpose": func() (string, error) { return k.Open(BankCard, owner, box) },
			"another owner":   func() (string, error) { return k.Open(ResidentID, owner[:18]+"2", box) },
			"no owner":        func() (string, error) { return k.Open(ResidentID, "", box) },
			"another key":     func() (string, error) { return other.Open(ResidentID, owner, box) },
			"purpose and owner run together": func() (string, error) {
				return k.Open(ResidentID+"2", owner[1:], box)
			},
		}
		for at := range box.Sealed { // also the form: a bound box cannot be passed off as an older one
			wrong["changed at "+string(rune('A'+at))] = func() (string, error) {
				b := Box{Sealed: bytes.Clone(box.Sealed)}
				b.Sealed[at] ^= 3
				return k.Open(ResidentID, owner, b)
			}
		}
		for n := range box.Sealed {
			wrong["cut to "+string(rune('A'+n))] = func() (string, error) {
				return k.Open(ResidentID, owner, Box{Sealed: box.Sealed[:n], Digest: box.Digest})
			}
		}
		for name, open := range wrong {
			if got, err := open(); !errors.Is(err, ErrKey) {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	})
}

// unboundBox is a box, and unboundFile a file, as programs sealed that bound neither to an owner or key.
func unboundBox(k *Key, p Purpose, text string) Box {
	nonce := bytes.Repeat([]byte{7}, nonceSize)
	return Box{Sealed: k.keys[0].boxes.Seal(append([]byte{unboundForm}, nonce...), nonce, []byte(text), []byte(p))}
}

func unboundFile(k *Key, content []byte) []byte {
	nonce := bytes.Repeat([]byte{8}, nonceSize)
	return k.keys[0].files.Seal(append(append([]byte(sealedFile), unboundForm), nonce...), nonce, content, []byte(sealedFile))
}

// What older programs sealed opens, whoever's it is said to be, and says of itself that it is bound to nobody.
func TestUnboundBoxes(t *testing.T) {
	k, _ := newFile(t, International)
	box, file := unboundBox(k, ResidentID, id), unboundFile(k, []byte("a scan"))
	for name, k := range map[string]*Key{"the key": k, "one that replaced it": replaced(t, k)} {
		if got, err := k.Open(ResidentID, owner, box); err != nil || got != id || !box.Unbound() {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if _, err := k.Open(BankCard, owner, box); !errors.Is(err, ErrKey) {
			t.Errorf("%s opened it for another purpose: %v", name, err)
		}
		if got, err := k.Open(SecondStep, "", unboundBox(&Key{k.keys[len(k.keys)-1:]}, Password, "secret")); err != nil || got != "secret" {
			t.Errorf("%s: the secret of a second step: %q, %v", name, got, err)
		}
		if got, err := k.OpenFile(file); err != nil || string(got) != "a scan" {
			t.Errorf("%s: the file: %q, %v", name, got, err)
		}
	}
	national, _ := newFile(t, National)
	if _, err := national.Open(ResidentID, owner, box); !errors.Is(err, ErrKey) {
		t.Errorf("another suite opened it: %v", err)
	}
}

// A key that replaces another opens and finds what that one sealed; what it seals itself the older one does not open.
func TestReplacedKey(t *testing.T) {
	suites(t, func(t *testing.T, suite Suite) {
		first, path := newFile(t, suite)
		old, oldFile := sealed(first, ResidentID, owner, id), first.SealFile([]byte("a scan"))
		second := replaced(t, replaced(t, first))
		if err := second.Replace(path); err != nil {
			t.Fatal(err)
		}
		second, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if !second.Changed() || first.Changed() || len(second.IDs()) != 3 || !bytes.Equal(second.Check(), first.Check()) ||
			second.Suite() != suite {
			t.Error("the key file does not have the keys, or the books would not know it again")
		}
		if got, err := second.Open(ResidentID, owner, old); err != nil || got != id {
			t.Errorf("an old box: %q, %v", got, err)
		}
		if got, err := second.OpenFile(oldFile); err != nil || string(got) != "a scan" {
			t.Errorf("an old file: %q, %v", got, err)
		}
		next := sealed(second, ResidentID, owner, id)
		if _, err := first.Open(ResidentID, owner, next); !errors.Is(err, ErrKey) {
			t.Errorf("the older key opened a new box: %v", err)
		}
		if _, err := first.OpenFile(second.SealFile([]byte("a scan"))); !errors.Is(err, ErrKey) {
			t.Errorf("the older key opened a new file: %v", err)
		}
		digests := second.Digests(ResidentID, id)
		if len(digests) != 3 || !bytes.Equal(digests[0], next.Digest) || !bytes.Equal(digests[2], old.Digest) || !second.Finds(ResidentID, id,
			old.Digest) {
			t.Error("not found by each key, newest first")
		}
	})
}

// A file is sealed the same each time, opens with its key alone, and shows nothing of its content.
func TestSealedFiles(t *testing.T) {
	suites(t, func(t *testing.T, suite Suite) {
		k, _ := newFile(t, suite)
		other, _ := newFile(t, suite)
		content := []byte("%PDF- 11010519491231002X %%EOF")
		sealed := k.SealFile(content)
		marked := func(b []byte) bool { return bytes.HasPrefix(b, []byte(sealedFile)) }
		if !marked(sealed) || marked(content) || bytes.Contains(sealed, content[6:12]) || !bytes.Equal(sealed, k.SealFile(content)) {
			t.Error("not sealed, or not the same each time")
		}
		if got, err := k.OpenFile(sealed); err != nil || !bytes.Equal(got, content) {
			t.Errorf("opened %q, %v", got, err)
		}
		nonce := func(b []byte) []byte { return b[len(sealedFile)+1+idSize:][:nonceSize] }
		if bytes.Equal(nonce(k.SealFile([]byte("another"))), nonce(sealed)) {
			t.Error("two contents have one nonce")
		}
		wrong := map[string][]byte{"cut": sealed[:len(sealed)-1], "empty": nil, "open": content, "short": sealed[:25],
			"shorter": sealed[:len(sealedFile)+boundHead-1]}
		for _, at := range []int{len(sealedFile), len(sealedFile) + 1, len(sealedFile) + 1 + idSize, len(sealed) - 1} {
			b := bytes.Clone(sealed)
			b[at] ^= 3
			wrong["changed at "+string(rune('A'+at))] = b
		}
		for name, b := range wrong {
			if _, err := k.OpenFile(b); !errors.Is(err, ErrKey) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := other.OpenFile(sealed); !errors.Is(err, ErrKey) {
			t.Errorf("another key opened it: %v", err)
		}
	})
}

func TestKeyFile(t *testing.T) {
	k, path := newFile(t, National)
	if st, _ := os.Stat(path); runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
	if _, err := Create(path, National); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing key was replaced: %v", err)
	}
	if err := replaced(t, k).Replace(path); err != nil {
		t.Fatal(err)
	}
	if st, _ := os.Stat(path); runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("mode of the one that replaced it %v", st.Mode())
	}
	if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
		t.Errorf("left beside it: %v", left)
	}
	stick := filepath.Join(t.TempDir(), "stick")
	if err := os.Symlink(path, stick); err == nil { // where the system has such
		if err := os.WriteFile(path+".new", []byte("left by a machine that stopped"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := replaced(t, k).Replace(stick); err != nil {
			t.Fatal(err)
		}
		link, _ := os.Lstat(stick)
		if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 || link.Mode()&os.ModeSymlink == 0 {
			t.Errorf("mode %v behind %v", st.Mode(), link.Mode())
		}
	}
	if _, err := Load(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	for name, content := range map[string]string{"empty": "", "short": "sanbian-key 1 00ff", "foreign": "-----BEGIN KEY-----",
		"of no suite": strings.Replace(k.Text(), "key 2", "key 3", 1), "twice the same": k.Text() + k.Text(),
		"no suite": "sanbian-key " + k.Text()[14:]} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); !errors.Is(err, ErrKey) {
			t.Errorf("%s file: %v", name, err)
		}
	}
}

// The national suite gives what the standards' examples give: GB/T 32905 A.1 for SM3.
func TestNationalStandards(t *testing.T) {
	sum := National.Hash([]byte("abc"))
	if want := "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"; hex.EncodeToString(sum[:]) != want {
		t.Errorf("SM3 of abc: %x", sum)
	}
	for _, suite := range []Suite{International, National} {
		if got, err := Hashed(suite.HashName()); err != nil || got != suite {
			t.Errorf("%s: %v, %v", suite, got, err)
		}
		if got, err := SuiteNamed(suite.String()); err != nil || got != suite {
			t.Errorf("%s: %v, %v", suite, got, err)
		}
	}
	if _, err := Hashed("md5"); !errors.Is(err, ErrKey) {
		t.Errorf("an unknown hash: %v", err)
	}
}

// BenchmarkSuites shows what each suite costs for a number that is sealed, opened and found, and for a record that is chained, as a ratio
// to AES-GCM on the same 18 bytes.
func BenchmarkSuites(b *testing.B) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	bare, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	floor := func(n int) {
		nonce, out := make([]byte, nonceSize), make([]byte, 0, 64)
		for range n {
			out = bare.Seal(out[:0], nonce, []byte(id), nil)
		}
	}
	for _, suite := range []Suite{International, National} {
		k, err := New(suite)
		if err != nil {
			b.Fatal(err)
		}
		box, record := sealed(k, ResidentID, owner, id), bytes.Repeat([]byte("record "), 60)
		for name, f := range map[string]func(){
			"seal":  func() { k.Close(ResidentID, owner, id, Box{}) },
			"open":  func() { k.Open(ResidentID, owner, box) },
			"find":  func() { k.Digest(ResidentID, id) },
			"chain": func() { suite.Hash(record) },
		} {
			b.Run(suite.String()+"/"+name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					f()
					n++
				}
				took := b.Elapsed()
				start := time.Now()
				floor(n)
				b.ReportMetric(float64(took)/float64(time.Since(start)), "x-floor")
			})
		}
	}
}
