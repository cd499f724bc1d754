package journal

import (
	"crypto/sha256"
	"time"

	"github.com/sanbian/ledger/internal/store"
)

// leading entries bring about others, which stand behind them in the same posting, in the chains of their own places: a payment becomes the
// income of a village elsewhere. What follows is all decided by the leading entry's check and follows from its body alone, given the chain
// and the number that it has got; each names them. Every chain folds by itself, and verify compares the two.
type leading interface {
	Follow(chain string, seq uint64) []Entry
}

// brought entries are of a kind that Follows.
type brought interface {
	// Cause is the chain and the number of the entry that brought this one about.
	Cause() (chain string, seq uint64)
}

// lead posts what an entry brings about behind it.
func (s *step) lead(ends map[string]*head, ranges *[]Range, by Record, e Entry, now time.Time) error {
	first, ok := e.(leading)
	if !ok {
		return nil
	}
	for _, next := range first.Follow(by.Place.Chain(), by.Seq) {
		if s.busy.touches(next.Place()) {
			return errBusy
		}
		if err := here(s.Tx, next.Place()); err != nil {
			return err
		}
		chain := next.Place().Chain()
		if s.end(ends, chain).Seq == 0 {
			return Clash("", next.Place(), "%s 的账不在这里,不能跟着记一笔", string(next.Place()))
		}
		at, err := s.timeFor(chain, s.end(ends, chain), now)
		if err != nil {
			return err
		}
		rec := Record{At: at.UnixMilli(), By: by.By, Role: by.Role, Kind: KindOf(next), Place: next.Place(), Body: store.Encode(next),
			Console: by.Console}
		s.add(ends, ranges, &rec, next)
	}
	return nil
}

// pairs is what verify has seen of entries that bring about others: what is still to be met, by chain and body.
type pairs map[string]pair

type pair struct {
	chain, other string // of the record, and the one where the other one stands
	seq          uint64
	followed     bool // it was brought about; else it brings about
}

func pairKey(chain, kind string, body []byte) string {
	sum := sha256.Sum256(body)
	return chain + kind + string(sum[:])
}

// see notes a record, and strikes out what meets.
func (p pairs) see(chain string, rec *Record, e Entry) {
	meet := func(key string, one pair) {
		if was, ok := p[key]; ok && was.followed != one.followed {
			delete(p, key)
			return
		}
		p[key] = one
	}
	if first, ok := e.(leading); ok {
		for _, next := range first.Follow(chain, rec.Seq) {
			to := next.Place().Chain()
			meet(pairKey(to, KindOf(next), store.Encode(next)), pair{chain: chain, other: to, seq: rec.Seq})
		}
	}
	if last, ok := e.(brought); ok {
		from, _ := last.Cause()
		meet(pairKey(chain, rec.Kind, rec.Body), pair{chain: chain, other: from, seq: rec.Seq, followed: true})
	}
}

// alone is what met nothing although the chain where the other one has to stand is there: a county's books kept on their own say nothing of
// others', and one that is away goes on elsewhere.
func (p pairs) alone(ends []ChainEnd, away func(chain string) bool) *Finding {
	kept := map[string]bool{}
	for _, end := range ends {
		kept[end.Chain] = true
	}
	var first *Finding
	for _, one := range p {
		if !kept[one.other] || away != nil && away(one.other) {
			continue
		}
		if first != nil && (first.Chain < one.chain || first.Chain == one.chain && first.Seq < one.seq) {
			continue
		}
		reason := "brings about an entry in " + one.other + " that does not stand there"
		if one.followed {
			reason = "was brought about by no entry of " + one.other
		}
		first = &Finding{Chain: one.chain, Seq: one.seq, Reason: reason}
	}
	return first
}
