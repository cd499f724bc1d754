package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"filippo.io/age"
	"github.com/fxamacker/cbor/v2"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// A county's file is packed as a backup is, and holds one county: what goes with its records first (county.json), its records
// (records/000001 and on, CBOR byte strings one behind another), its papers, and the sums.
const (
	countyName  = "county.json"
	recordsName = "records/"
)

var recordsFile = regexp.MustCompile("^" + recordsName + `\d{6}$`)

// CountyFile says what a county's file holds.
type CountyFile struct {
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	journal.County
	Keys    []string `json:"keys"` // the ids of the keys that sealed where it comes from, newest first
	Papers  []Paper  `json:"papers,omitempty"`
	Missing []string `json:"-"` // papers that were not there, or damaged
}

// Region is the county.
func (c CountyFile) Region() region.Code { return region.MustParse(c.Chain) }

// WriteCounty writes a county's file, reads it back, and brings it into books of its own that are verified. The key says by what numbers
// are sealed; it does not go along.
func (b Books) WriteCounty(ctx context.Context, place region.Code, to Target, recipients []age.Recipient, key *seal.Key,
	tmp string) (c CountyFile, n journal.Verified, err error) {
	w, s, again, err := write(ctx, to, recipients, func(plain io.Writer) error {
		small, err := squeezed(plain)
		if err != nil {
			return err
		}
		if err := b.Store.View(func(r store.Reader) error {
			c, err = b.writeCounty(small, r, place, key)
			return err
		}); err != nil {
			return err
		}
		return small.Close()
	})
	if err != nil {
		return c, n, err
	}
	defer again.Close()
	var found *County
	if err := w.same(again, func(again io.Reader) (err error) {
		found, err = OpenCounty(again, s.own, tmp)
		return err
	}); err != nil {
		if found != nil {
			err = errors.Join(err, found.Close())
		}
		return c, n, err
	}
	defer found.Close()
	n, err = found.alone(b.Now())
	if err != nil {
		err = errors.Join(ErrBooks, err)
	}
	return c, n, err
}

// writeCounty packs a county as a snapshot has it.
func (b Books) writeCounty(to io.Writer, r store.Reader, place region.Code, key *seal.Key) (c CountyFile, err error) {
	c = CountyFile{Version: version, Made: b.Now().UTC().Truncate(time.Second)}
	if c.County, err = journal.CountyOf(r, place); err != nil {
		return c, err
	}
	for _, d := range office.Around(r, place) {
		c.Above, c.Names = append(c.Above, d.Code), append(c.Names, d.Name)
	}
	for _, id := range key.IDs() {
		c.Keys = append(c.Keys, id.String())
	}
	for _, p := range paper.Contents(r, place) {
		c.Papers = append(c.Papers, b.lying(p))
	}
	w := &sumWriter{Writer: tar.NewWriter(to), sums: map[string]string{}}
	text, err := json.MarshalIndent(c, "", " ")
	if err = errors.Join(err, w.add(countyName, text)); err != nil {
		return c, err
	}
	if err := writeRecords(w, r, c.Chain); err != nil {
		return c, err
	}
	if c.Missing, err = b.writePapers(w, c.Papers, w.addPaper); err != nil {
		return c, err
	}
	return c, errors.Join(w.end(), w.Close())
}

// writeRecords packs a chain, so many records to a file.
func writeRecords(w *sumWriter, r store.Reader, chain string) error {
	var run bytes.Buffer
	files := 0
	flush := func() error {
		files++
		err := w.add(fmt.Sprintf("%s%06d", recordsName, files), run.Bytes())
		run.Reset()
		return err
	}
	for seq, stored := range journal.Stored(r, chain, 0) {
		b, err := cbor.Marshal(stored)
		if err != nil {
			return err
		}
		if run.Write(b); seq%segmentRecords == 0 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if run.Len() == 0 {
		return nil
	}
	return flush()
}

// County is a county's file that has been unpacked, and whose sums are right.
type County struct {
	CountyFile
	dir string
}

// The most that is read of what has no size of its own, in bytes: whoever made the file may mean no good.
const (
	mostSaid   = 64 << 20
	mostRecord = 64 << 20
	mostPaper  = paper.MaxPaper + 1<<10
)

// OpenCounty unpacks a county's file into a folder for temporary files, "" for the system's, and holds what it says against its records.
func OpenCounty(from io.Reader, identities []age.Identity, tmp string) (c *County, err error) {
	dir, err := os.MkdirTemp(tmp, "county-")
	if err != nil {
		return nil, err
	}
	c = &County{dir: dir}
	found, err := unpackAll(from, identities, countyName, c.unpack)
	if err == nil {
		err = havePapers(c.Papers, c.Missing, found)
	}
	if err == nil {
		err = c.Read(c.Records())
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// unpack takes one file of a county's.
func (c *County) unpack(name string, content io.Reader) error {
	switch {
	case name == countyName:
		if err := json.NewDecoder(&bounded{content, mostSaid}).Decode(&c.CountyFile); err != nil {
			return err
		}
		if err := ofVersion(c.Version); err != nil {
			return err
		}
		if _, err := region.Parse(c.Chain); err != nil || len(c.Chain) != 6 || c.Region().Level() != region.County {
			return fmt.Errorf("%w: %q is no county", ErrBackup, c.Chain)
		}
		if slices.ContainsFunc(c.Papers, func(p Paper) bool { return !store.IsDigest(p.Digest) }) {
			return fmt.Errorf("%w: it names a paper by what is no digest", ErrBackup)
		}
		return nil
	case name == missingName:
		return json.NewDecoder(&bounded{content, mostSaid}).Decode(&c.Missing)
	case recordsFile.MatchString(name):
		return unpack(filepath.Join(c.dir, filepath.FromSlash(name)), content, func(int64) {})
	case isPaper(name) && slices.ContainsFunc(c.Papers, func(p Paper) bool { return papersName+p.Digest == name }):
		return unpack(filepath.Join(c.dir, filepath.FromSlash(name)), &bounded{content, mostPaper}, func(int64) {})
	}
	return fmt.Errorf("%w: it has a %q", ErrBackup, name)
}

// bounded reads no more than so many bytes; what has more is no backup.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("%w: a file in it is larger than any", ErrBackup)
	}
	return n, err
}

// Close throws what was unpacked away.
func (c *County) Close() error { return os.RemoveAll(c.dir) }

// Records yields the county's records as they are stored.
func (c *County) Records() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		n := uint64(0)
		for file := 1; n < c.Seq; file++ {
			f, err := os.Open(filepath.Join(c.dir, fmt.Sprintf("%s%06d", recordsName, file)))
			if err != nil {
				yield(nil, fmt.Errorf("%w: it ends before record %d", ErrBackup, c.Seq))
				return
			}
			records := bufio.NewReader(f)
			for {
				b, err := readString(records)
				if errors.Is(err, io.EOF) {
					break
				}
				if n++; err == nil && n > c.Seq {
					err = fmt.Errorf("%w: it goes on behind record %d", ErrBackup, c.Seq)
				}
				if !yield(b, err) || err != nil {
					f.Close()
					return
				}
			}
			f.Close()
		}
	}
}

// readString reads a CBOR byte string, io.EOF where there is no other.
func readString(from *bufio.Reader) ([]byte, error) {
	var head [9]byte
	if _, err := io.ReadFull(from, head[:1]); err != nil {
		return nil, err
	}
	size := uint64(head[0] & 0x1f)
	if kind := head[0] >> 5; kind != 2 || size > 26 {
		return nil, fmt.Errorf("%w: what stands for a record is none", ErrBackup)
	}
	if size >= 24 {
		long := head[1 : 1+1<<(size-24)]
		if _, err := io.ReadFull(from, long); err != nil {
			return nil, errors.Join(ErrBackup, io.ErrUnexpectedEOF)
		}
		size = 0
		for _, b := range long {
			size = size<<8 | uint64(b)
		}
	}
	if size > mostRecord {
		return nil, fmt.Errorf("%w: a record is larger than any", ErrBackup)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(from, b); err != nil {
		return nil, errors.Join(ErrBackup, io.ErrUnexpectedEOF)
	}
	return b, nil
}

// Paper is the file of a paper as it lies; fs.ErrNotExist where it was missing.
func (c *County) Paper(digest string) ([]byte, error) {
	if !store.IsDigest(digest) {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(filepath.Join(c.dir, papersName+digest))
}

// Arriving brings a county into books: those in From go on in Into, an empty store, with the county.
type Arriving struct {
	From, Into store.Store
	Names      journal.Naming // as Decide has left it
	Suite      seal.Suite     // of a chain that begins
	Now        time.Time
	Progress   func(step Step, done, all int64)
}

// ErrMixed says that a county's records do not fit to books.
var ErrMixed = errors.New("the county does not fit")

// Into brings the county in. What came of it is still to be verified.
func (c *County) Into(a Arriving) error {
	var list []journal.Rebuilt
	if err := a.From.View(func(r store.Reader) (err error) {
		all := int64(c.Seq)
		for _, end := range journal.Ends(r) {
			if end.Chain != c.Chain {
				all += int64(end.Seq)
			}
		}
		done := int64(0)
		entry := &office.BringCounty{Brought: c.As(r, &a.Names)}
		rebuild := journal.Rebuilding{From: r, Into: a.Into, Progress: func(n int) { done += int64(n); a.Progress(Rebuilding, done, all) },
			More: journal.Coming{County: &c.County, Records: c.Records(), Entry: entry, Suite: a.Suite, At: a.Now, Into: r}}
		list, err = rebuild.Run()
		return err
	}); err != nil {
		return err
	}
	for _, chain := range list {
		if chain.Why != "" {
			return fmt.Errorf("%w: record %d of %s %s", ErrMixed, chain.Seq+1, chain.Chain, chain.Why)
		}
	}
	return a.Into.View(c.havePapersOf)
}

// havePapersOf looks whether all papers that the records name have come, but for those that are said to be missing.
func (c *County) havePapersOf(r store.Reader) error {
	for _, content := range paper.Contents(r, c.Region()) {
		file, err := c.Paper(content.Digest)
		if errors.Is(err, fs.ErrNotExist) && slices.Contains(c.Missing, content.Digest) {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil && !isOf(content, file) {
			return fmt.Errorf("%w: the paper %s is not the one that the records name, or not there", ErrMixed, content.Digest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// alone brings the county into books that have nothing else, and verifies them.
func (c *County) alone(now time.Time) (n journal.Verified, err error) {
	from, err := store.OpenScratch(filepath.Join(c.dir, "none.db"))
	if err != nil {
		return n, err
	}
	defer from.Close()
	into, err := store.OpenScratch(filepath.Join(c.dir, "alone.db"))
	if err != nil {
		return n, err
	}
	defer into.Close()
	a := Arriving{From: from, Into: into, Suite: seal.International, Now: now, Progress: func(Step, int64, int64) {}}
	if err := from.View(func(r store.Reader) error { _, err := a.Names.Decide(r, &c.County); return err }); err != nil {
		return n, err
	}
	if err := c.Into(a); err != nil {
		return n, err
	}
	return Verify(into, c.dir, nil)
}
