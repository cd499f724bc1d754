package register_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
)

// lives is a plain model of a village with two collectives: what moved of which class, who died, who is a member where.
type lives struct {
	moves   []lifeMove
	deaths  []lifeDeath
	members []lifeMember
	heads   []int // by holder, which person the household is named for
}

// lifeMove is one entry's movements of one class, by holder; from a day on.
type lifeMove struct {
	class, day, entry int
	by                map[int]money.Quantity
	estate, void      bool
	of                int // of an estate, whose
}

type lifeDeath struct {
	holder, day, entry, was int
	followed, void          bool
}

type lifeMember struct {
	id                 string
	person, collective int
	from, lost, entry  int // lost is -1 where it was not; entry is that of the loss
	void               bool
}

const (
	lifeDays    = 24
	lifeHolders = 4
)

func (l *lives) held(class, holder, day int) (sum money.Quantity) {
	for _, m := range l.moves {
		if m.class == class && m.day <= day && !m.void {
			sum += m.by[holder]
		}
	}
	return sum
}

// free is the least that is held on any day from a day on.
func (l *lives) free(class, holder, day int) money.Quantity {
	least := l.held(class, holder, day)
	for d := day; d <= lifeDays; d++ {
		least = min(least, l.held(class, holder, d))
	}
	return least
}

// died tells of the last death in a household that stands, and whether nobody followed.
func (l *lives) died(holder int) (last *lifeDeath, estate bool) {
	for i := range l.deaths {
		if d := &l.deaths[i]; d.holder == holder && !d.void {
			last, estate = d, !d.followed
		}
	}
	return last, estate
}

// thirds divides what is free by 1/3 and 2/3, by largest remainder, ties to the smaller holder.
func thirds(q money.Quantity, one, two int) map[int]money.Quantity {
	a, b := q/3, 2*q/3
	switch left := q - a - b; {
	case left == 0:
	case q%3 == 1: // remainders 1/3 and 2/3
		b++
	default: // 2/3 and 1/3
		a++
	}
	return map[int]money.Quantity{one: a, two: b}
}

// Random histories of deaths, estates, terms, members coming and going in two collectives, backdated and taken back: the ledger takes and
// refuses what a plain model does, and as of every day says what the model says.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := booktest.New(t)
		l := &lives{}
		var collectives, classes []string
		for _, e := range []*register.RegisterEntity{
			{Village: booktest.Yuxin, Name: "育新村股份经济合作社", Kind: register.StockCooperative},
			{Village: booktest.Yuxin, Name: "三组集体经济组织", Kind: register.GroupCollective, Group: "三组"},
		} {
			collectives = append(collectives, b.Record("kj-yuxin", e)[0])
			classes = append(classes, b.Record("kj-yuxin", &register.OpenShareClass{Entity: collectives[len(collectives)-1],
				Kind: register.PopulationShare, Unit: register.ShareUnit})[0])
		}
		var holders []string
		for i := range lifeHolders {
			h := booktest.Household(booktest.Yuxin, i)
			h.People, h.IDNo = 1, booktest.ResidentID(i)
			holders, l.heads = append(holders, b.Record("kj-yuxin", h)[0]), append(l.heads, i)
		}
		people := lifeHolders // who follow have numbers of their own
		post := func(want bool, e journal.Entry) (entry int, id string, ok bool) {
			r, err := b.Post(b.As("kj-yuxin"), journal.Posting{Entries: []journal.Entry{e}})
			if (err == nil) != want {
				rt.Fatalf("%T %+v: %v; the model says %v", e, e, err, want)
			}
			if err != nil {
				return 0, "", false
			}
			return int(r.Ranges[0].First), r.IDs[0], true
		}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			h, k := rapid.IntRange(0, lifeHolders-1).Draw(rt, "holder"), rapid.IntRange(0, 1).Draw(rt, "collective")
			day := rapid.IntRange(0, lifeDays-1).Draw(rt, "day")
			q := money.Quantity(rapid.IntRange(1, 9).Draw(rt, "quantity")) * 3333
			switch rapid.SampledFrom([]string{"issue", "issue", "term", "transfer", "death", "estate", "estate", "undeath", "unmove", "confirm",
				"confirm", "lose", "back"}).Draw(rt, "what") {
			case "issue":
				if n, _, ok := post(true, &register.IssueShares{Class: classes[k], Holder: holders[h], Quantity: q, Date: dayOf(day)}); ok {
					l.moves = append(l.moves, lifeMove{class: k, day: day, entry: n, by: map[int]money.Quantity{h: q}})
				}
			case "term":
				if n, _, ok := post(q <= l.free(k, h, day+1), &register.EndHolding{Class: classes[k], Holder: holders[h], Quantity: q,
					Until: dayOf(day), Resolution: "1"}); ok {
					l.moves = append(l.moves, lifeMove{class: k, day: day + 1, entry: n, by: map[int]money.Quantity{h: -q}})
				}
			case "transfer":
				to := (h + 1) % lifeHolders
				if n, _, ok := post(q <= l.free(k, h, day), &register.TransferShares{Class: classes[k], From: holders[h], Date: dayOf(day),
					Cause: register.Gift, To: []register.Lot{{Holder: holders[to], Quantity: q}}}); ok {
					l.moves = append(l.moves, lifeMove{class: k, day: day, entry: n, by: map[int]money.Quantity{h: -q, to: q}})
				}
			case "death":
				l.death(rt, b, post, holders, h, day, &people)
			case "estate":
				l.estate(post, holders, h, day)
			case "undeath":
				l.undeath(rt, post, holders)
			case "unmove":
				l.unmove(rt, post, classes, holders)
			case "confirm":
				p := l.heads[h]
				want := !slices.ContainsFunc(l.members, func(m lifeMember) bool {
					return !m.void && m.person == p && m.collective == k && (m.lost < 0 || m.lost >= day)
				})
				if _, id, ok := post(want, &register.ConfirmMember{Collective: collectives[k], Name: "测试", IDNo: booktest.ResidentID(p),
					Date: dayOf(day)}); ok {
					l.members = append(l.members, lifeMember{id: id, person: p, collective: k, from: day, lost: -1})
				}
			case "lose", "back":
				l.memberMoves(rt, post, day)
			}
		}
		l.compare(rt, b, collectives, classes, holders)
		if _, err := booktest.Verify(b); err != nil {
			rt.Fatal(err)
		}
	})
}

type lifePost func(want bool, e journal.Entry) (entry int, id string, ok bool)

func (l *lives) death(rt *rapid.T, b *booktest.Books, post lifePost, holders []string, h, day int, people *int) {
	_, estate := l.died(h)
	e := &register.RecordDeath{Holder: holders[h], Date: dayOf(day)}
	followed := rapid.Bool().Draw(rt, "followed")
	if followed {
		e.Head, e.HeadIDNo = fmt.Sprintf("测试后%d", *people), booktest.ResidentID(*people)
	}
	n, _, ok := post(!estate, e)
	if !ok {
		return
	}
	for i := range l.members {
		if m := &l.members[i]; !m.void && m.person == l.heads[h] && m.lost < 0 {
			m.lost, m.entry = day, n
		}
	}
	l.deaths = append(l.deaths, lifeDeath{holder: h, day: day, entry: n, was: l.heads[h], followed: followed})
	if followed {
		l.heads[h] = *people
		*people++
	}
}

func (l *lives) estate(post lifePost, holders []string, h, day int) {
	one, two := (h+1)%lifeHolders, (h+2)%lifeHolders
	want, latest := false, -1
	for _, d := range l.deaths {
		if d.holder == h && !d.void {
			want, latest = true, max(latest, d.day)
		}
	}
	want = want && day >= latest
	for _, heir := range []int{one, two} {
		_, estate := l.died(heir)
		want = want && !estate
	}
	got := map[int]map[int]money.Quantity{}
	for class := range 2 {
		if q := l.free(class, h, day); q > 0 {
			got[class] = thirds(q, one, two)
		}
	}
	n, _, ok := post(want && len(got) > 0, &register.DivideEstate{Holder: holders[h], Date: dayOf(day), Basis: "公证书",
		Heirs: []register.HeirPart{
			{Holder: holders[one], Part: "1/3"}, {Holder: holders[two], Part: "2/3"}}})
	if !ok {
		return
	}
	for class, by := range got {
		by[h] = -by[one] - by[two]
		l.moves = append(l.moves, lifeMove{class: class, day: day, entry: n, by: by, estate: true, of: h})
	}
}

func (l *lives) undeath(rt *rapid.T, post lifePost, holders []string) {
	if len(l.deaths) == 0 {
		return
	}
	i := rapid.IntRange(0, len(l.deaths)-1).Draw(rt, "death")
	d := &l.deaths[i]
	want := !d.void
	for _, later := range l.deaths[i+1:] {
		want = want && (later.void || later.holder != d.holder)
	}
	for _, m := range l.moves {
		want = want && !(m.estate && !m.void && m.of == d.holder && m.entry > d.entry)
	}
	if _, _, ok := post(want, &register.ReverseDeath{Holder: holders[d.holder], Death: d.entry, Reason: "记错"}); !ok {
		return
	}
	d.void, l.heads[d.holder] = true, d.was
	for i := range l.members {
		if m := &l.members[i]; m.lost >= 0 && m.entry == d.entry {
			m.lost, m.entry = -1, 0
		}
	}
}

func (l *lives) unmove(rt *rapid.T, post lifePost, classes, holders []string) {
	if len(l.moves) == 0 {
		return
	}
	m := &l.moves[rapid.IntRange(0, len(l.moves)-1).Draw(rt, "movement")]
	want, one := !m.void, 0
	for holder, by := range m.by {
		want, one = want && by <= l.free(m.class, holder, m.day), holder
	}
	if _, _, ok := post(want, &register.ReverseMovement{Class: classes[m.class], Holder: holders[one], Movement: m.entry, Reason: "记错"}); ok {
		m.void = true
	}
}

// memberMoves takes a membership away on a day, or takes back what was entered of it.
func (l *lives) memberMoves(rt *rapid.T, post lifePost, day int) {
	if len(l.members) == 0 {
		return
	}
	m := &l.members[rapid.IntRange(0, len(l.members)-1).Draw(rt, "member")]
	if rapid.Bool().Draw(rt, "lose") {
		if n, _, ok := post(!m.void && m.lost < 0 && day >= m.from,
			&register.LoseMembership{Member: m.id, Date: dayOf(day), Cause: "office"}); ok {
			m.lost, m.entry = day, n
		}
		return
	}
	if _, _, ok := post(!m.void, &register.ReverseMembership{Member: m.id, Reason: "记错"}); !ok {
		return
	}
	if m.lost >= 0 {
		m.lost, m.entry = -1, 0
	} else {
		m.void = true
	}
}

// compare looks at every day, and at what pages say of today.
func (l *lives) compare(t *rapid.T, b *booktest.Books, collectives, classes, holders []string) {
	b.See("yixian", func(v *journal.View) {
		for day := range lifeDays + 1 {
			for k := range classes {
				got := map[string]money.Quantity{}
				list, err := register.RegisterOn(v, classes[k], dayOf(day))
				if err != nil {
					t.Fatal(err)
				}
				for _, h := range list {
					got[h.Holder] = h.Quantity
				}
				for i, h := range holders {
					if want := l.held(k, i, day); got[h] != want || want < 0 {
						t.Fatalf("on day %d holder %d has %s of class %d, the model %s", day, i, got[h], k, want)
					}
				}
				members := map[string]bool{}
				roll, _, err := register.Roll(v, collectives[k], "", dayOf(day), "", 100)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range roll {
					members[m.ID] = true
				}
				want := map[string]bool{}
				for _, m := range l.members {
					if m.collective == k && !m.void && m.from <= day && (m.lost < 0 || day <= m.lost) {
						want[m.id] = true
					}
				}
				if !maps.Equal(members, want) {
					t.Fatalf("on day %d the members of %d are %v, the model's %v", day, k, members, want)
				}
			}
		}
		for i, h := range holders {
			s, err := register.ShareholderOf(v, h)
			if err != nil {
				t.Fatal(err)
			}
			last, estate := l.died(i)
			if (s.Late != nil) != (last != nil) || s.Late != nil && (s.Late.Estate != estate || s.Late.Date != dayOf(last.day)) {
				t.Fatalf("holder %d: %+v, the model %+v", i, s.Late, last)
			}
			if found, ok := register.Registered(v, booktest.Yuxin, booktest.ResidentID(l.heads[i])); !ok || found.ID != h {
				t.Fatalf("holder %d is not found by the number of person %d", i, l.heads[i])
			}
		}
	})
}
