package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"regexp"
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
func (b Books) WriteCounty(ctx context.Context, place region.Code, to Target, recipients []age.Recipient, key *seal.Key) (c CountyFile,
	n journal.Verified, err error) {
	s, err := newSealing(recipients)
	if err != nil {
		return c, n, err
	}
	w := &summing{Writer: to, sum: sha256.New(), ctx: ctx}
	if err := s.to(w, func(plain io.Writer) error {
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
	}); err != nil {
		return c, n, err
	}
	again, err := to.Again()
	if err != nil {
		return c, n, err
	}
	defer again.Close()
	sum := sha256.New()
	found, err := OpenCounty(io.TeeReader(again, sum), s.own)
	if err != nil {
		return c, n, err
	}
	defer found.Close()
	if !bytes.Equal(sum.Sum(nil), w.sum.Sum(nil)) {
		return c, n, fmt.Errorf("%w: what is read back is not what was written", ErrBackup)
	}
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

// OpenCounty unpacks a county's file into a folder for temporary files.
func OpenCounty(from io.Reader, identities []age.Identity) (c *County, err error) {
	dir, err := os.MkdirTemp("", "county-")
	if err != nil {
		return nil, err
	}
	c = &County{dir: dir}
	found, err := unpackAll(from, identities, countyName, func(name string, content io.Reader) error {
		switch {
		case name == countyName:
			if err := json.NewDecoder(content).Decode(&c.CountyFile); err != nil {
				return err
			}
			if err := ofVersion(c.Version); err != nil {
				return err
			}
			if _, err := region.Parse(c.Chain); err != nil || len(c.Chain) != 6 || c.Region().Level() != region.County {
				return fmt.Errorf("%w: %q is no county", ErrBackup, c.Chain)
			}
			return nil
		case name == missingName:
			return json.NewDecoder(content).Decode(&c.Missing)
		case recordsFile.MatchString(name), isPaper(name):
			return unpack(filepath.Join(dir, filepath.FromSlash(name)), content, func(int64) {})
		}
		return fmt.Errorf("%w: it has a %q", ErrBackup, name)
	})
	if err == nil {
		err = havePapers(c.Papers, c.Missing, found)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
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
			records := cbor.NewDecoder(f)
			for {
				var b []byte
				err := records.Decode(&b)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					err = errors.Join(ErrBackup, err)
				}
				if n++; n > c.Seq {
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

// Paper is the file of a paper as it lies; fs.ErrNotExist where it was missing.
func (c *County) Paper(p Paper) ([]byte, error) {
	content, err := os.ReadFile(filepath.Join(c.dir, papersName+p.Digest))
	if err == nil && !p.is(content) {
		return nil, fmt.Errorf("%w: the paper %s", ErrBackup, p.Digest)
	}
	return content, err
}

// Arriving brings a county into books: those in From go on in Into, an empty store, with the county.
type Arriving struct {
	From     store.Store
	Into     store.Store
	Other    map[string]string // names for accounts whose own are others' in these books
	Same     map[string]bool   // accounts of other chains that are the ones of their names here
	Suite    seal.Suite        // of a chain that begins
	Key      *seal.Key         // opens the numbers of both; nil where they stay sealed
	Now      time.Time
	Tmp      string // for temporary files
	Progress func(step Step, done, all int64)
}

// ErrMixed says that a county's records do not fit to books.
var ErrMixed = errors.New("the county does not fit")

// Into brings the county in, and verifies what came of it.
func (c *County) Into(a Arriving) (n journal.Verified, err error) {
	var list []journal.Rebuilt
	if err := a.From.View(func(r store.Reader) error {
		b, err := c.As(r, a.Other, a.Same)
		if err != nil {
			return err
		}
		done := int64(0)
		rebuild := journal.Rebuilding{From: r, Into: a.Into, Progress: func(n int) { done += int64(n); a.Progress(Rebuilding, done, 0) },
			More: journal.Coming{Brought: b, Records: c.Records(), Entry: office.Bring(b), Suite: a.Suite, At: a.Now, Into: r}}
		list, err = rebuild.Run()
		return err
	}); err != nil {
		return n, err
	}
	for _, chain := range list {
		if chain.Why != "" {
			return n, fmt.Errorf("%w: record %d of %s %s", ErrMixed, chain.Seq+1, chain.Chain, chain.Why)
		}
	}
	if err := c.NoteBrought(a.Into); err != nil {
		return n, err
	}
	a.Progress(Verifying, 0, 0)
	return Verify(a.Into, a.Tmp, a.Key)
}

// alone brings the county into books that have nothing else, and verifies them and its papers.
func (c *County) alone(now time.Time) (n journal.Verified, err error) {
	for _, p := range c.Papers {
		if _, err := c.Paper(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return n, err
		}
	}
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
	return c.Into(Arriving{From: from, Into: into, Suite: seal.International, Now: now, Tmp: c.dir, Progress: func(Step, int64, int64) {}})
}
