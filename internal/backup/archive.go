package backup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/fxamacker/cbor/v2"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/store"
)

// The archive of the journal lies at a place as segments: journal/CHAIN/FIRST-LAST-HASH.zst is a run of stored records, CBOR byte strings
// one behind another, compressed and perhaps encrypted like a backup; HASH begins the hash of the last. Segments may overlap; a record is
// the same wherever it stands.
const journalName = "journal"

// segmentRecords is the most records of one segment, and how many short ones have to be there before they are put together.
var (
	segmentRecords = uint64(10_000)
	shortSegments  = 200
)

// segment is a run of records at a place.
type segment struct {
	name        string
	chain       string
	first, last uint64
	hash        string // what the hash of the last begins with
}

// hashSize is how much of a hash stands in a segment's name, in hexadecimal.
const hashSize = 16

func (s segment) called() string {
	return fmt.Sprintf("%s/%s/%012d-%012d-%s.zst", journalName, s.chain, s.first, s.last, s.hash)
}

// segments lists those of a chain, in order; "" is all chains'.
func segments(ctx context.Context, at Place, chain string) (list []segment, err error) {
	kept, err := at.List(ctx, path.Join(journalName, chain))
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		parts := strings.Split(k.Name, "/")
		if len(parts) != 3 {
			continue
		}
		run := strings.Split(strings.TrimSuffix(parts[2], ".zst"), "-")
		if len(run) != 3 {
			continue
		}
		from, err1 := strconv.ParseUint(run[0], 10, 64)
		to, err2 := strconv.ParseUint(run[1], 10, 64)
		s := segment{k.Name, parts[1], from, to, run[2]}
		if err1 == nil && err2 == nil && from > 0 && from <= to && k.Name == s.called() {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b segment) int {
		if a.chain != b.chain {
			return strings.Compare(a.chain, b.chain)
		}
		if a.first != b.first {
			return int(a.first) - int(b.first)
		}
		return int(b.last) - int(a.last) // the longest first
	})
	return list, nil
}

// segment keeps a run of records of a chain as the books have it. Whoever writes it reads the books itself, in a snapshot of its own:
// what reading meets is the error of that.
func (k *Keeper) segment(ctx context.Context, chain string, first, last uint64) (name string, err error) {
	s := segment{chain: chain, first: first, last: last}
	if err := k.books.Store.View(func(r store.Reader) error {
		hash, err := journal.HashAt(r, chain, last)
		if err == nil && hash == "" {
			err = fmt.Errorf("record %d of %s is not there", last, chain)
		}
		s.hash = hash[:min(hashSize, len(hash))]
		return err
	}); err != nil {
		return "", err
	}
	return s.called(), k.put(ctx, s.called(), func(to io.Writer) error {
		small, err := squeezed(to)
		if err != nil {
			return err
		}
		records := cbor.NewEncoder(small)
		if err := k.books.Store.View(func(r store.Reader) error {
			for seq, b := range journal.Stored(r, chain, first-1) {
				if seq > last {
					break
				}
				if err := records.Encode(b); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		return small.Close()
	})
}

// Archive brings the archive up to what the books have now.
func (k *Keeper) Archive(ctx context.Context) error {
	k.archiving.Lock()
	defer k.archiving.Unlock()
	if k.archived == nil { // what earlier programs have left there
		list, err := segments(ctx, k.at, "")
		if err != nil {
			return err
		}
		archived, short := map[string]uint64{}, map[string]int{}
		for _, s := range list {
			if err := k.books.Store.View(func(r store.Reader) error {
				hash, err := journal.HashAt(r, s.chain, s.last)
				if err == nil && (hash == "" || !strings.HasPrefix(hash, s.hash)) {
					err = fmt.Errorf("%w: record %d of %s is another one in the books, or not there", ErrOthers, s.last, s.chain)
				}
				return err
			}); err != nil {
				return err
			}
			if s.first <= archived[s.chain]+1 { // behind a gap it is written again
				archived[s.chain] = max(archived[s.chain], s.last)
			}
			if s.last-s.first+1 < segmentRecords {
				short[s.chain]++
			}
		}
		k.archived, k.short = archived, short
	}
	var ends []journal.ChainEnd
	if err := k.books.Store.View(func(r store.Reader) error { ends = journal.Ends(r); return nil }); err != nil {
		return err
	}
	for _, end := range ends {
		for k.archived[end.Chain] < end.Seq {
			first := k.archived[end.Chain] + 1
			last := min(end.Seq, (first-1)/segmentRecords*segmentRecords+segmentRecords)
			if _, err := k.segment(ctx, end.Chain, first, last); err != nil {
				return err
			}
			k.archived[end.Chain] = last
			if last-first+1 < segmentRecords {
				k.short[end.Chain]++
			}
		}
		if k.short[end.Chain] >= shortSegments {
			if err := k.merge(ctx, end.Chain); err != nil {
				return err
			}
		}
	}
	return nil
}

// ErrOthers says that an archive is of other books, or knows more than these do.
var ErrOthers = errors.New("the archive is not these books'")

// merge puts the short segments of a chain together: they are written anew from the journal, which does not change.
func (k *Keeper) merge(ctx context.Context, chain string) error {
	list, err := segments(ctx, k.at, chain)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	end := k.archived[chain]
	for first := uint64(1); first <= end; first += segmentRecords {
		last := min(end, first+segmentRecords-1)
		if i := slices.IndexFunc(list, func(s segment) bool { return s.first == first && s.last == last }); i >= 0 {
			keep[list[i].name] = true
			continue
		}
		name, err := k.segment(ctx, chain, first, last)
		if err != nil {
			return err
		}
		keep[name] = true
	}
	for _, s := range list {
		if !keep[s.name] {
			if err := k.at.Delete(ctx, s.name); err != nil {
				return err
			}
		}
	}
	k.short[chain] = 1
	return nil
}

// archive reads what a Keeper has archived.
type archive struct {
	ctx        context.Context
	at         Place
	identities []age.Identity
}

// OpenArchive reads the journal that lies at a place.
func OpenArchive(ctx context.Context, at Place, identities []age.Identity) journal.Source {
	return &archive{ctx, at, identities}
}

// Chains lists those that are archived.
func (a *archive) Chains() (list []string, err error) {
	all, err := segments(a.ctx, a.at, "")
	for _, s := range all {
		if !slices.Contains(list, s.chain) {
			list = append(list, s.chain)
		}
	}
	return list, err
}

// After yields the records of a chain after one, as far as there is no gap.
func (a *archive) After(chain string, seq uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		list, err := segments(a.ctx, a.at, chain)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, s := range list {
			if s.last <= seq {
				continue
			}
			if s.first > seq+1 {
				yield(nil, fmt.Errorf("%w: record %d of %s is not in the archive, though later ones are", ErrBackup, seq+1, chain))
				return
			}
			at := s.first
			for b, err := range a.read(s) {
				if err != nil {
					yield(nil, fmt.Errorf("%s: %w", s.name, err))
					return
				}
				if at++; at-1 <= seq {
					continue
				}
				if !yield(b, nil) {
					return
				}
				seq = at - 1
			}
		}
	}
}

// read yields the records of a segment.
func (a *archive) read(s segment) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		f, err := a.at.Get(a.ctx, s.name)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		plain, err := opened(f, a.identities)
		if err != nil {
			yield(nil, err)
			return
		}
		small, err := unsqueezed(plain)
		if err != nil {
			yield(nil, err)
			return
		}
		defer small.Close()
		records := bufio.NewReader(small)
		for range s.last - s.first + 1 {
			b, err := readString(records)
			if err != nil {
				yield(nil, errors.Join(ErrBackup, err))
				return
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}
