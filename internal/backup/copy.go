package backup

import (
	"archive/tar"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// A backup is a tar archive, compressed with zstd and, where somebody asks for it, encrypted with age (age-encryption.org/v1):
//
//	manifest.json   what it is of, first
//	sanbian.db      the books as they stood at one moment
//	papers/DIGEST   the scans that the books name, sealed as they lie; in a backup without them they lie at the place, once for all backups
//	missing.json    those of them that were not there or damaged, where there are any
//	sums.json       the SHA-256 of each of these, last
const (
	manifestName = "manifest.json"
	booksName    = "sanbian.db"
	papersName   = "papers/"
	missingName  = "missing.json"
	sumsName     = "sums.json"

	version = 1
)

// Manifest is what a backup says of itself.
type Manifest struct {
	Version int                `json:"version"`
	Made    time.Time          `json:"made"`
	Demo    bool               `json:"demo,omitempty"`
	Size    int64              `json:"size"` // of the books, in bytes
	Chains  []journal.ChainEnd `json:"chains"`
	Papers  []Paper            `json:"papers,omitempty"`
	Beside  bool               `json:"beside,omitempty"` // the papers lie at the place

	// Missing are the papers that were not there, or damaged, when the backup was made.
	Missing []string `json:"-"`
}

// Paper is a scan that the books name.
type Paper struct {
	Digest string `json:"digest"`           // of its content, SHA-256 in hexadecimal
	Sealed string `json:"sealed,omitempty"` // of the file as it lies, "" of one that lies open
}

// Books are what is backed up.
type Books struct {
	Store store.Store
	Files *store.Files // of scanned papers
	Now   func() time.Time
	Seals string // the folder of the days' seals, which go along to the place; "" for none
}

// squeezed compresses what is written: with little memory, since the server goes on meanwhile.
func squeezed(to io.Writer) (*zstd.Encoder, error) {
	return zstd.NewWriter(to, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
}

// unsqueezed reads what was compressed; what is none is ErrBackup.
func unsqueezed(from io.Reader) (*zstd.Decoder, error) {
	small, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return nil, errors.Join(ErrBackup, err)
	}
	return small, nil
}

// writeCopy writes a backup of the books; with beside without their papers, which keep is told of.
func (b Books) writeCopy(to io.Writer, beside bool, keep func(Paper, []byte) error) (m Manifest, err error) {
	small, err := squeezed(to)
	if err != nil {
		return m, err
	}
	w := &sumWriter{Writer: tar.NewWriter(small), sums: map[string]string{}}
	err = b.Store.Copy(func(r store.Reader, size int64) (io.Writer, error) {
		m = Manifest{Version: version, Made: b.Now().UTC().Truncate(time.Second), Size: size, Chains: journal.Ends(r), Demo: journal.DemoOf(r),
			Beside: beside}
		for _, c := range paper.Contents(r, region.Country) {
			m.Papers = append(m.Papers, b.lying(c))
		}
		text, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			return nil, err
		}
		if err := w.add(manifestName, text); err != nil {
			return nil, err
		}
		return w.begin(booksName, size)
	})
	if err != nil {
		return m, err
	}
	if !beside {
		keep = w.addPaper
	}
	if m.Missing, err = b.writePapers(w, m.Papers, keep); err != nil {
		return m, err
	}
	if err := w.end(); err != nil {
		return m, err
	}
	return m, errors.Join(w.Close(), small.Close())
}

// writePapers packs scans, or keeps them elsewhere, and those that are missing by their names.
func (b Books) writePapers(w *sumWriter, papers []Paper, keep func(Paper, []byte) error) (missing []string, err error) {
	for _, p := range papers {
		content, whole := b.paper(p)
		if !whole {
			missing = append(missing, p.Digest)
			continue
		}
		if err := keep(p, content); err != nil {
			return missing, err
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(missing)
	return missing, errors.Join(err, w.add(missingName, text))
}

// lying is the scan as it lies: counties that came from other ledgers may have sealed the same one with other keys.
func (b Books) lying(c paper.Content) Paper {
	for _, sealed := range c.Seals[1:] {
		if b.Files.Check(c.Digest, sealed) == nil {
			return Paper{c.Digest, sealed}
		}
	}
	return Paper{c.Digest, c.Seals[0]}
}

// paper reads a scan as it lies, and tells whether it is the one that was kept.
func (b Books) paper(p Paper) (content []byte, whole bool) {
	content, err := b.Files.Raw(p.Digest)
	return content, err == nil && p.is(content)
}

// is tells whether a file is the paper's.
func (p Paper) is(content []byte) bool {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]) == cmp.Or(p.Sealed, p.Digest)
}

// isOf tells whether a file is a content's as it lies, by whichever key it was sealed.
func isOf(c paper.Content, file []byte) bool {
	return slices.ContainsFunc(c.Seals, func(sealed string) bool { return Paper{c.Digest, sealed}.is(file) })
}

// sumWriter is a tar archive that remembers what is in it.
type sumWriter struct {
	*tar.Writer
	sums map[string]string
	name string
	sum  hash.Hash
}

// begin begins a file of the archive.
func (w *sumWriter) begin(name string, size int64) (io.Writer, error) {
	w.finish()
	w.name, w.sum = name, sha256.New()
	if err := w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600}); err != nil {
		return nil, err
	}
	return io.MultiWriter(w.Writer, w.sum), nil
}

func (w *sumWriter) finish() {
	if w.name != "" {
		w.sums[w.name] = hex.EncodeToString(w.sum.Sum(nil))
	}
}

func (w *sumWriter) add(name string, content []byte) error {
	to, err := w.begin(name, int64(len(content)))
	if err == nil {
		_, err = to.Write(content)
	}
	return err
}

func (w *sumWriter) addPaper(p Paper, content []byte) error {
	return w.add(papersName+p.Digest, content)
}

func (w *sumWriter) end() error {
	w.finish()
	w.name = ""
	text, err := json.MarshalIndent(w.sums, "", " ")
	if err != nil {
		return err
	}
	return w.add(sumsName, text)
}

// ErrBackup says that a file is no backup, or has been damaged.
var ErrBackup = errors.New("the file is no backup, or damaged")

// ErrEncrypted says that a backup is encrypted, and that no identity was given that opens it.
var ErrEncrypted = errors.New("the backup is encrypted")

// errCut is what ErrBackup says of one that ends too early.
var errCut = fmt.Errorf("%w: it is cut", ErrBackup)

// ageMagic begins what age encrypts.
const ageMagic = "age-encryption.org/"

// opened reads what may be encrypted.
func opened(from io.Reader, identities []age.Identity) (io.Reader, error) {
	head := make([]byte, len(ageMagic))
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(ErrBackup, err)
	}
	from = io.MultiReader(strings.NewReader(string(head[:n])), from)
	if string(head[:n]) != ageMagic {
		return from, nil
	}
	if len(identities) == 0 {
		return nil, ErrEncrypted
	}
	plain, err := age.Decrypt(from, identities...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, ErrEncrypted
	}
	return plain, err
}

// readCopy unpacks a backup into a folder that is there: the books under their name, the papers where they lie in a data folder. All sums
// are compared.
func readCopy(from io.Reader, identities []age.Identity, into string, progress func(done, all int64)) (m Manifest, err error) {
	found, err := unpackAll(from, identities, manifestName, func(name string, content io.Reader) error {
		switch {
		case name == manifestName:
			if err := json.NewDecoder(content).Decode(&m); err != nil {
				return err
			}
			return ofVersion(m.Version)
		case name == booksName:
			return unpack(filepath.Join(into, booksName), content, func(n int64) { progress(n, m.Size) })
		case isPaper(name):
			digest := name[len(papersName):]
			return unpack(filepath.Join(into, "papers", digest[:2], digest), content, func(int64) {})
		case name == missingName:
			return json.NewDecoder(content).Decode(&m.Missing)
		}
		return fmt.Errorf("%w: it has a %q", ErrBackup, name)
	})
	if err != nil {
		return m, err
	}
	if found[booksName] == "" {
		return m, fmt.Errorf("%w: it has other files than it tells", ErrBackup)
	}
	if m.Beside {
		return m, nil
	}
	return m, havePapers(m.Papers, m.Missing, found)
}

// ofVersion refuses what another program has packed.
func ofVersion(v int) error {
	if v != version {
		return fmt.Errorf("%w: it is of version %d, this program reads %d", ErrBackup, v, version)
	}
	return nil
}

// isPaper tells whether a name is a scan's.
func isPaper(name string) bool {
	digest, ok := strings.CutPrefix(name, papersName)
	return ok && store.IsDigest(digest)
}

// unpackAll gives each file of an archive, which begins with one of a name, to somebody, and compares the sums at its end with what was
// read: of all files, by name.
func unpackAll(from io.Reader, identities []age.Identity, first string, f func(name string, content io.Reader) error) (map[string]string,
	error) {
	plain, err := opened(from, identities)
	if err != nil {
		return nil, err
	}
	small, err := unsqueezed(plain)
	if err != nil {
		return nil, err
	}
	defer small.Close()
	sums, archive := map[string]string{}, tar.NewReader(small)
	for {
		h, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, errCut
		case err != nil:
			return nil, errors.Join(ErrBackup, err)
		case (len(sums) == 0) != (h.Name == first) || h.Typeflag != tar.TypeReg:
			return nil, ErrBackup
		}
		sum := sha256.New()
		content := io.TeeReader(archive, sum)
		if h.Name == sumsName {
			var told map[string]string
			if err := json.NewDecoder(&bounded{content, mostSaid}).Decode(&told); err != nil {
				return nil, errors.Join(ErrBackup, err)
			}
			return sums, compareSums(told, sums)
		}
		if err := f(h.Name, content); err != nil {
			if store.TroubleOf(err) == store.NoTrouble {
				err = errors.Join(ErrBackup, err)
			}
			return nil, err
		}
		if _, err := io.Copy(io.Discard, content); err != nil {
			return nil, errors.Join(ErrBackup, err)
		}
		sums[h.Name] = sumHex(sum)
	}
}

// compareSums finds what is not as it was written, and what was not written.
func compareSums(told, found map[string]string) error {
	for name, sum := range told {
		if found[name] != sum {
			return fmt.Errorf("%w: %s is not as it was written", ErrBackup, name)
		}
	}
	if len(told) != len(found) {
		return fmt.Errorf("%w: it has other files than it tells", ErrBackup)
	}
	return nil
}

// havePapers finds a paper that should be there.
func havePapers(papers []Paper, missing []string, found map[string]string) error {
	for _, p := range papers {
		if found[papersName+p.Digest] == "" && !slices.Contains(missing, p.Digest) {
			return fmt.Errorf("%w: the paper %s is missing", ErrBackup, p.Digest)
		}
	}
	return nil
}

// unpack writes a file, of mode 0600.
func unpack(name string, from io.Reader, progress func(int64)) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, &counting{from, 0, progress})
	return errors.Join(err, f.Sync(), f.Close())
}

// counting tells how much has been read, every few megabytes.
type counting struct {
	io.Reader
	n    int64
	told func(int64)
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	before := c.n
	if c.n += int64(n); c.n>>24 != before>>24 {
		c.told(c.n)
	}
	return n, err
}
