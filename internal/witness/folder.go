package witness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// Folder is where seals lie, a file each, named by when it was made. Names are for whoever looks; what is in a file is signed.
type Folder string

// named is the name of a seal's file.
var named = regexp.MustCompile(`^\d{8}T\d{6}Z\.txt$`)

const (
	stamp  = "20060102T150405Z"
	suffix = ".txt"
)

// Keep writes a seal durably and returns its name. One that is there already stays as it is.
func (f Folder) Keep(s Seal) (name string, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return "", err
	}
	name = s.Made.UTC().Format(stamp) + suffix
	path := filepath.Join(string(f), name)
	if _, err := os.Stat(path); err == nil {
		return name, nil
	}
	return name, store.WriteFile(path, strings.NewReader(s.Text())) // half a seal would look like a forged one
}

// List names the seals that are kept, newest first.
func (f Folder) List() (names []string, err error) {
	list, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range list {
		if named.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, nil
}

// Read reads a seal by its name: fs.ErrNotExist where there is none, and what Read refuses.
func (f Folder) Read(name string) (Seal, error) {
	if !named.MatchString(name) {
		return Seal{}, fmt.Errorf("%q: %w", name, fs.ErrNotExist)
	}
	text, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		return Seal{}, err
	}
	return Read(string(text))
}

// MadeAt is when the seal with a name was made.
func MadeAt(name string) (t time.Time) {
	t, _ = time.Parse(stamp+suffix, name)
	return t
}

// Daily makes the day's seal.
type Daily struct {
	Store  store.Store
	Key    *seal.Key
	Folder Folder
	journal.TimeOfDay
	Now func() time.Time
}

// Make makes a seal now and keeps it; books without a record have none.
func (d Daily) Make() (s Seal, name string, err error) {
	if err := d.Store.View(func(r store.Reader) (err error) {
		if len(journal.Ends(r)) > 0 {
			s, err = Make(r, d.Key, d.Now())
		}
		return err
	}); err != nil || !s.IsSigned() {
		return s, "", err
	}
	name, err = d.Folder.Keep(s)
	return s, name, err
}

// due tells whether the last seal is from before the last time of day that one was due.
func (d Daily) due() (bool, error) {
	list, err := d.Folder.List()
	if err != nil || len(list) == 0 {
		return err == nil, err
	}
	return d.Missed(MadeAt(list[0]), d.Now()), nil
}

// Run makes a seal each day, looking every minute whether it is due, until its context ends. One that a machine was off for is made at
// once.
func (d Daily) Run(ctx context.Context, minute <-chan time.Time) {
	for {
		due, err := d.due()
		if err == nil && due {
			_, _, err = d.Make()
		}
		if err != nil {
			slog.Error("the day's seal was not made", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-minute:
		}
	}
}
