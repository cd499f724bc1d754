package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/paper"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Restoring brings books back into a new folder.
type Restoring struct {
	From       io.Reader // a backup
	Identities []age.Identity
	Place      Place // of the archive, and of papers that do not lie in the backup; nil for none
	AsItWas    bool  // without the archive
	Partial    bool  // also where the archive cannot be read to its end

	Until time.Time // what was posted later is left out; zero for all there is
	Chain string    // with Seq: all up to this record of this chain, and of others what was posted by then
	Seq   uint64

	Into string // the folder, which must not be there, or be empty
	// Progress is told what is being done, and how far it is.
	Progress func(step Step, done, all int64)
}

// Step is what a restoring is doing.
type Step int

// The steps.
const (
	Unpacking  Step = iota // bytes
	Rebuilding             // records
	Verifying              // no numbers
	Fetching               // papers
)

// Restored tells what came of it.
type Restored struct {
	Manifest
	Verified journal.Verified
	Chains   []journal.Rebuilt // where the journal was folded anew: up to a moment, or with an archive
	Lost     []string          // papers that are nowhere to be found
}

// ErrPartial says that the archive cannot be read to its end.
var ErrPartial = errors.New("the archive is not whole")

// ErrThere says that something lies where books were to be brought back to.
var ErrThere = errors.New("the folder is not empty")

// Run restores: it unpacks and verifies in a folder beside the one that is asked for, which gets its name at the end.
func (o Restoring) Run(ctx context.Context) (r Restored, err error) {
	if list, err := os.ReadDir(o.Into); err == nil && len(list) > 0 {
		return r, ErrThere
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	parent, err := filepath.Abs(o.Into)
	if err != nil {
		return r, err
	}
	parent = filepath.Dir(parent)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return r, err
	}
	dir, err := os.MkdirTemp(parent, ".restoring-") // mode 0700
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	r.Manifest, err = readCopy(contextReader{ctx, o.From}, o.Identities, dir, func(n, all int64) { o.Progress(Unpacking, n, all) })
	if err != nil {
		return r, err
	}
	o.Progress(Verifying, 0, 0)
	if r.Verified, err = verifyUnpacked(dir, r.Manifest); err != nil {
		return r, err
	}
	if !sameEnds(r.Verified.Chains, r.Manifest.Chains) {
		return r, fmt.Errorf("%w: its chains do not end as it tells", ErrBackup)
	}
	if o.Place != nil && !o.AsItWas || !o.Until.IsZero() || o.Chain != "" {
		if err := o.rebuild(ctx, dir, &r); err != nil {
			return r, err
		}
		for _, c := range r.Chains {
			if c.Why != "" && !o.Partial {
				return r, fmt.Errorf("%w: %s after record %d: %s", ErrPartial, c.Chain, c.Seq, c.Why)
			}
		}
	}
	if err := o.fetch(ctx, dir, &r); err != nil {
		return r, err
	}
	if err := os.Remove(o.Into); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty folder
		return r, err
	}
	if err := os.Rename(dir, o.Into); err != nil {
		return r, err
	}
	store.SyncFolder(parent)
	return r, nil
}

// fetch gets the papers that the books name and that do not lie in the backup.
func (o Restoring) fetch(ctx context.Context, dir string, r *Restored) error {
	s, err := store.OpenScratch(filepath.Join(dir, booksName))
	if err != nil {
		return err
	}
	var list []paper.Content
	if err := errors.Join(s.View(func(books store.Reader) error { list = paper.Contents(books, region.Country); return nil }),
		s.Close()); err != nil {
		return err
	}
	for i, c := range list {
		name := filepath.Join(dir, "papers", c.Digest[:2], c.Digest)
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if i%100 == 0 {
			o.Progress(Fetching, int64(i), int64(len(list)))
		}
		err := o.paper(ctx, c, name)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrBackup) || errors.Is(err, ErrEncrypted) {
			r.Lost = append(r.Lost, c.Digest)
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (o Restoring) paper(ctx context.Context, p paper.Content, name string) error {
	if o.Place == nil {
		return fs.ErrNotExist
	}
	f, err := o.Place.Get(ctx, papersName+p.Digest)
	if err != nil {
		return err
	}
	defer f.Close()
	plain, err := opened(f, o.Identities)
	if err != nil {
		return err
	}
	content, err := io.ReadAll(plain)
	if err != nil {
		return errors.Join(ErrBackup, err)
	}
	if !isOf(p, content) {
		return fmt.Errorf("%w: the paper %s", ErrBackup, p.Digest)
	}
	return unpack(name, strings.NewReader(string(content)), func(int64) {})
}

// rebuild folds the journal anew up to where it is wanted, with what the archive has behind the backup's.
func (o Restoring) rebuild(ctx context.Context, dir string, r *Restored) error {
	file, made, short := filepath.Join(dir, booksName), filepath.Join(dir, booksName+".new"), map[string]bool{}
	from, err := store.OpenScratch(file)
	if err != nil {
		return err
	}
	b := journal.Rebuilding{Until: o.Until, Last: map[string]uint64{}}
	if o.Place != nil && !o.AsItWas {
		b.More = OpenArchive(ctx, o.Place, o.Identities)
	}
	if err := from.View(func(snapshot store.Reader) (err error) {
		if b.From = snapshot; o.Chain != "" {
			if b.Until, err = o.timeOf(b); err != nil {
				return err
			}
			b.Last[o.Chain] = o.Seq
		}
		for range 1000 { // what spans chains may have to be left out step by step
			done, all := int64(0), int64(0)
			for _, end := range r.Manifest.Chains {
				all += int64(end.Seq)
			}
			b.Progress = func(n int) { done += int64(n); o.Progress(Rebuilding, done, all) }
			if b.Into, err = store.Open(made); err != nil {
				return err
			}
			r.Chains, err = b.Run()
			err = errors.Join(err, b.Into.Close())
			var torn *journal.Torn
			if !errors.As(err, &torn) {
				return err
			}
			if torn.Short != "" {
				short[torn.Short] = true
			}
			b.Last[torn.Chain] = torn.Seq - 1
			if err := store.Remove(made); err != nil {
				return err
			}
		}
		return errors.New("no end was found that keeps together what belongs together")
	}); err != nil {
		return errors.Join(err, from.Close())
	}
	if err := errors.Join(from.Close(), store.Remove(file), store.Rename(made, file)); err != nil {
		return err
	}
	for i, c := range r.Chains {
		if c.Chain == o.Chain && c.Seq < o.Seq && b.Last[o.Chain] == o.Seq {
			return ErrNoRecord // it came with a county, later than it was posted
		}
		if short[c.Chain] {
			r.Chains[i].Why = "it came from another ledger, and the archive has not all of it"
		}
	}
	o.Progress(Verifying, 0, 0)
	s, err := store.Open(file)
	if err != nil {
		return err
	}
	r.Verified, err = Verify(s, dir, nil)
	return errors.Join(err, s.Close())
}

// ErrNoRecord says that neither a backup nor its archive has the record up to which somebody wants the books.
var ErrNoRecord = errors.New("no such record")

// timeOf is when the record was posted that everything is wanted up to.
func (o Restoring) timeOf(b journal.Rebuilding) (time.Time, error) {
	for _, stored := range journal.Stored(b.From, o.Chain, o.Seq-1) {
		return journal.TimeOf(stored)
	}
	if b.More != nil {
		for stored, err := range b.More.After(o.Chain, o.Seq-1) {
			if err != nil {
				return time.Time{}, err
			}
			return journal.TimeOf(stored)
		}
	}
	return time.Time{}, ErrNoRecord
}
