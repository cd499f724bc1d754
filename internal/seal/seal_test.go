package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func newFile(t *testing.T) (*Key, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "k.key")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func TestSealAndOpen(t *testing.T) {
	k, path := newFile(t)
	const id = "11010519491231002X"
	box := k.Seal(ResidentID, id)
	if bytes.Contains(box.Sealed, []byte(id[:6])) {
		t.Error("the number can be read in the box")
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(ResidentID, box); err != nil || got != id {
		t.Errorf("opened %q, %v", got, err)
	}
	if !bytes.Equal(box.Digest, again.Digest(ResidentID, id)) {
		t.Error("the digest does not find the number")
	}
	if bytes.Equal(k.Seal(ResidentID, id).Sealed, box.Sealed) {
		t.Error("two boxes of one number look alike")
	}
	if _, err := again.Open(BankCard, box); !errors.Is(err, ErrKey) {
		t.Errorf("an ID number opened as a bank card: %v", err)
	}
	other, _ := newFile(t)
	if _, err := other.Open(ResidentID, box); !errors.Is(err, ErrKey) {
		t.Errorf("another key opened the box: %v", err)
	}
	if bytes.Equal(other.Check(), k.Check()) {
		t.Error("two keys have one check value")
	}
	box.Sealed[len(box.Sealed)-1] ^= 1
	if _, err := k.Open(ResidentID, box); !errors.Is(err, ErrKey) {
		t.Errorf("a changed box opened: %v", err)
	}
	if got, err := k.Open(Phone, k.Seal(Phone, "")); got != "" || err != nil {
		t.Errorf("nothing sealed opened as %q, %v", got, err)
	}
}

// A file is sealed the same each time, opens with its key alone, and shows nothing of its content.
func TestSealedFiles(t *testing.T) {
	k, _ := newFile(t)
	other, _ := newFile(t)
	content := []byte("%PDF- 11010519491231002X %%EOF")
	sealed := k.SealFile(content)
	marked := func(b []byte) bool { return bytes.HasPrefix(b, []byte(sealedFile)) }
	if !marked(sealed) || marked(content) || bytes.Contains(sealed, content[6:12]) || !bytes.Equal(sealed, k.SealFile(content)) {
		t.Error("not sealed, or not the same each time")
	}
	if got, err := k.OpenFile(sealed); err != nil || !bytes.Equal(got, content) {
		t.Errorf("opened %q, %v", got, err)
	}
	if bytes.Equal(k.SealFile([]byte("another"))[20:33], sealed[20:33]) {
		t.Error("two contents have one nonce")
	}
	for name, b := range map[string][]byte{"cut": sealed[:len(sealed)-1], "empty": nil, "open": content, "short": sealed[:25],
		"changed": append(bytes.Clone(sealed[:40]), append([]byte{sealed[40] ^ 1}, sealed[41:]...)...)} {
		if _, err := k.OpenFile(b); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := other.OpenFile(sealed); !errors.Is(err, ErrKey) {
		t.Errorf("another key opened it: %v", err)
	}
}

func TestKeyFile(t *testing.T) {
	_, path := newFile(t)
	if st, _ := os.Stat(path); runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing key was replaced: %v", err)
	}
	if _, err := Load(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	for name, content := range map[string]string{"empty": "", "short": "sanbian-key 1 00ff", "foreign": "-----BEGIN KEY-----"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); !errors.Is(err, ErrKey) {
			t.Errorf("%s file: %v", name, err)
		}
	}
}
