package register

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/sums"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// What the registers of a place come to at the end of a year is kept: shareholders and the people of their households, members of
// collectives, entities and what was put into them. Of a quarter it is what was put in.
var (
	holderSums  = sums.NewStock("h")
	rollSums    = sums.NewStock("m")
	entitySums  = sums.NewStock("e")
	capitalFlow = sums.NewFlow("c")
)

// The figures, as they are called where they are kept.
const (
	holdersFigure    = "holders"
	householdsFigure = "households"
	peopleFigure     = "people"
	membersFigure    = "members"
	capitalFigure    = "capital" // 分
	areaFigure       = "area"    // ten-thousandths of a 亩
	entriesFigure    = "contributions"
)

var entitiesFigure = sums.CountPlaces("entities")

// addTo is what a shareholder adds to the sums of its home.
func (s Shareholder) addTo(to *sums.Adding) {
	n := int64(1)
	for _, year := range s.Years {
		to.Stock(holderSums, s.Village(), year, holdersFigure, n)
		to.Stock(holderSums, s.Village(), year, peopleFigure, n*int64(s.People))
		if s.Kind == Household {
			to.Stock(holderSums, s.Village(), year, householdsFigure, n)
			for _, mark := range s.Marks {
				to.Stock(holderSums, s.Village(), year, markSign+mark, n)
			}
		}
		n = -n
	}
}

// markSign stands before a mark in the name of the figure of households that have it.
const markSign = "#"

// MarkedIn are how many households of a place within a county that held shares at the end of a year have each mark today; whoever is
// registered there more than once counts once.
func MarkedIn(r store.Reader, place region.Code, year int, coming Coming) map[string]int {
	row, marked := holderSums.Of(r, place), map[string]int{}
	for _, f := range row.Figures {
		if mark, ok := strings.CutPrefix(f.Name, markSign); ok && f.Year <= year {
			marked[strings.Clone(mark)] += int(f.N)
		}
	}
	for id, now := range coming {
		if s, _ := shareholders.Get(r, id); s.Kind == Household && place.Contains(s.Village()) && now != s.HeldAt(year) {
			for _, mark := range s.Marks {
				if now {
					marked[mark]++
				} else {
					marked[mark]--
				}
			}
		}
	}
	if place.Level() < region.Village {
		for _, twins := range doubles(r, place) {
			held := slices.DeleteFunc(twins, func(t Shareholder) bool { return !coming.HeldAt(t, year) })
			for mark, n := range markedAgain(held, func(s Shareholder) string { return s.ID }) {
				marked[mark] -= n
			}
		}
	}
	return marked
}

// MarkedAcross are by how much several counties' marked households together are more than they are, since some are registered in more than
// one.
func MarkedAcross(v *journal.View, r store.Reader, counties []region.Code, year int,
	coming func(county region.Code) Coming) map[string]int {
	more := map[string]int{}
	for _, ids := range across(v, r, counties) {
		var held []Shareholder
		for _, id := range ids {
			if s, _ := shareholders.Get(r, id); coming(s.Village().Cut(region.County)).HeldAt(s, year) {
				held = append(held, s)
			}
		}
		for mark, n := range markedAgain(held, func(s Shareholder) string { return s.Village().Chain() }) {
			more[mark] += n
		}
	}
	return more
}

// markedAgain is, mark by mark, in how many places but one households that are one are counted with it.
func markedAgain(same []Shareholder, in func(Shareholder) string) map[string]int {
	again, seen := map[string]int{}, map[[2]string]bool{}
	for _, s := range same {
		if s.Kind != Household {
			continue
		}
		for _, mark := range s.Marks {
			key := [2]string{mark, in(s)}
			if seen[key] {
				continue
			}
			seen[key] = true
			if _, had := again[mark]; had {
				again[mark]++
			} else {
				again[mark] = 0
			}
		}
	}
	return again
}

// HeldAt tells whether any shares were held at the end of a year.
func (s Shareholder) HeldAt(year int) (held bool) {
	for _, y := range s.Years {
		if y <= year {
			held = !held
		}
	}
	return held
}

func (m Membership) addTo(to *sums.Adding) {
	if m.Void != 0 {
		return
	}
	to.Stock(rollSums, m.Village(), m.Confirmed.Year(), membersFigure, 1)
	if m.Lost != "" {
		to.Stock(rollSums, m.Village(), m.Lost.Plus(1).Year(), membersFigure, -1)
	}
}

func (e Entity) addTo(to *sums.Adding) {
	since := e.Registered
	if e.Founded != "" {
		since = e.Founded.Year()
	}
	to.Stock(entitySums, e.Village(), since, entitiesFigure, 1)
	if e.Dissolved != "" {
		to.Stock(entitySums, e.Village(), e.Dissolved.Year(), entitiesFigure, -1)
	}
}

func (b Contribution) addTo(to *sums.Adding) {
	if b.Reversed != 0 {
		return
	}
	place := journal.PlaceOf(b.ID)
	for name, n := range map[string]int64{capitalFigure: int64(b.Value), areaFigure: int64(b.Area), entriesFigure: 1} {
		to.Stock(entitySums, place, b.Date.Year(), name, n)
		to.Flow(capitalFlow, place, sums.QuarterOf(b.Date), name, n)
	}
}

// heldSince are the years of yearsHeld after shares came to a holder in a year, where they follow from what they were: most came, and stay.
func heldSince(r store.Reader, s Shareholder, class string, year int, by Movement) (list []int, follows bool) {
	if by.Quantity <= 0 || len(s.Years) > 1 {
		return nil, false
	}
	if e, _ := entities.Get(r, journal.EntityID.In(class)); e.Dissolved != "" {
		return nil, false
	}
	if len(s.Years) == 1 {
		year = min(year, s.Years[0])
	}
	return []int{year}, true
}

// yearsHeld are the years from whose end on a shareholder held any shares of entities that stood, none any more, some again: by all that is
// known.
func yearsHeld(r store.Reader, holder string) (list []int) {
	var by []map[int]money.Quantity // class by class, what it became more or less by in a year
	gone := map[int]int{}           // of these, the year in which its entity was dissolved
	years := map[int]bool{}
	for k := range held.Each(r, holder) {
		_, class := journal.HolderID.Cut(k)
		sum := map[int]money.Quantity{}
		for key, m := range movements.Scan(r, class+holder) {
			year := MovementKey(key).Date().Year()
			sum[year] += m.Quantity
			years[year] = true
		}
		if e, _ := entities.Get(r, journal.EntityID.In(class)); e.Dissolved != "" {
			gone[len(by)] = e.Dissolved.Year()
			years[e.Dissolved.Year()] = true
		}
		by = append(by, sum)
	}
	holds := make([]money.Quantity, len(by))
	had := false
	for _, year := range slices.Sorted(maps.Keys(years)) {
		has := false
		for i, sum := range by {
			holds[i] += sum[year]
			dissolved := gone[i]
			has = has || holds[i] > 0 && (dissolved == 0 || year < dissolved)
		}
		if has != had {
			list, had = append(list, year), has
		}
	}
	return list
}

// recount works out anew when the holders of an entity's shares held any: it was dissolved, or is not after all.
func recount(a *journal.Applying, entity string) {
	holders := map[string]bool{}
	for k := range movements.Scan(a, journal.ClassID.Front(entity)) {
		holders[MovementKey(k).Holder()] = true
	}
	for _, holder := range slices.Sorted(maps.Keys(holders)) {
		s, _ := shareholders.Get(a, holder)
		s.Years = yearsHeld(a, holder)
		keepShareholder(a, s)
	}
}

// One shareholder may be registered in several villages of a county, by one number. numbers holds each registration, by the county's chain,
// the keyed digest of its number and its id; doubled the numbers that several have.
var (
	numbers = journal.FoldedSet("number")
	doubled = journal.FoldedSet("doubled")
)

func init() {
	journal.NewIn(4, string(numbers))
	journal.NewIn(4, string(doubled))
	journal.GrownIn(4, shareholders.Table, func(s Shareholder) Shareholder {
		s.Years = nil
		return s
	})
	journal.GrownIn(4, entities.Table, func(e Entity) Entity {
		e.Registered = 0
		return e
	})
}

// keepShareholder stores a shareholder, and who has the same number.
func keepShareholder(a *journal.Applying, s Shareholder) {
	old, ok := shareholders.Get(a, s.ID)
	if !ok || !bytes.Equal(old.IDNo.Digest, s.IDNo.Digest) {
		if chain := s.Village().Chain(); len(s.IDNo.Digest) > 0 {
			number := chain + string(s.IDNo.Digest)
			if numbers.Any(a, number) {
				doubled.Add(a.Tx, number)
			}
			numbers.Add(a.Tx, number+s.ID)
		}
		if chain := s.Village().Chain(); len(old.IDNo.Digest) > 0 {
			number := chain + string(old.IDNo.Digest)
			numbers.Remove(a.Tx, number+s.ID)
			left := 0
			for range numbers.Each(a, number) {
				left++
			}
			if left < 2 {
				doubled.Remove(a.Tx, number)
			}
		}
	}
	if !ok {
		shareholders.Replace(a, s.ID, nil, s)
		return
	}
	shareholders.Replace(a, s.ID, &old, s)
}

// HolderSums are a place's shareholders at the end of a year. Whoever has one number in several villages is counted once in each of them,
// and once in what holds them all.
type HolderSums struct {
	Shareholders, Households, People, Members int
	Entities, Reformed                        int // entities that stood; villages that had any
	Capital                                   money.Yuan
	Area                                      money.Quantity // 亩
	Contributions                             int
}

// And are the sums of two places together.
func (s HolderSums) And(o HolderSums) HolderSums {
	return HolderSums{s.Shareholders + o.Shareholders, s.Households + o.Households, s.People + o.People, s.Members + o.Members,
		s.Entities + o.Entities,
		s.Reformed + o.Reformed, s.Capital + o.Capital, s.Area + o.Area, s.Contributions + o.Contributions}
}

// SumsIn are those of a place within a county, and of all places in it, at the end of a year; with what is to come, today.
func SumsIn(r store.Reader, place region.Code, year int, coming Coming) HolderSums {
	sum := sumsAt(holderSums.Of(r, place), rollSums.Of(r, place), entitySums.Of(r, place), year).
		And(coming.counted(r, year, place.Contains))
	if place.Level() == region.Village {
		return sum
	}
	for _, twins := range doubles(r, place) {
		sum = sum.without(twins, year, coming)
	}
	return sum
}

// OwnSumsIn are what of a township's is its own collective's.
func OwnSumsIn(r store.Reader, place region.Code, year int, coming Coming) HolderSums {
	return sumsAt(holderSums.OwnOf(r, place), rollSums.OwnOf(r, place), entitySums.OwnOf(r, place), year).
		And(coming.counted(r, year, func(home region.Code) bool { return home == place }))
}

func sumsAt(holders, roll, entities sums.Row, year int) HolderSums {
	return HolderSums{
		Shareholders: int(holders.At(holdersFigure, year)), Households: int(holders.At(householdsFigure, year)),
		People:   int(holders.At(peopleFigure, year)),
		Members:  int(roll.At(membersFigure, year)),
		Entities: int(entities.At(entitiesFigure, year)), Reformed: int(entities.At(sums.Places(entitiesFigure), year)),
		Capital: money.Yuan(entities.At(capitalFigure, year)), Area: money.Quantity(entities.At(areaFigure, year)),
		Contributions: int(entities.At(entriesFigure, year)),
	}
}

// CountedOnce are by how much several counties' shareholders together are less than their sum, since some are registered in more than
// one: each is counted once.
func CountedOnce(v *journal.View, r store.Reader, counties []region.Code, year int,
	coming func(county region.Code) Coming) (sum HolderSums) {
	for _, ids := range across(v, r, counties) {
		var first []Shareholder // in each county who is counted there
		for i, id := range ids {
			if s, _ := shareholders.Get(r, id); coming(s.Village().Cut(region.County)).HeldAt(s, year) && (i == 0 || len(first) == 0 ||
				first[len(first)-1].Village().Chain() != s.Village().Chain()) {
				first = append(first, s)
			}
		}
		for i := 1; i < len(first); i++ {
			sum = sum.And(first[i].counted(-1))
		}
	}
	return sum
}

// chainSize is the length of a chain's name, which keys begin with.
const chainSize = 6

// SamePerson tells of every registration but the first of whoever is registered more than once in counties which the first is.
func SamePerson(v *journal.View, r store.Reader, counties []region.Code) map[string]string {
	first := map[string]string{}
	for _, county := range counties {
		for _, twins := range doubles(r, county) {
			for _, t := range twins[1:] {
				first[t.ID] = twins[0].ID
			}
		}
	}
	for _, ids := range across(v, r, counties) {
		for _, id := range ids[1:] {
			first[id] = ids[0]
		}
	}
	return first
}

// across are the numbers that are registered in more than one county: of each all its registrations, in the order of their ids.
func across(v *journal.View, r store.Reader, counties []region.Code) [][]string {
	if len(counties) < 2 {
		return nil
	}
	version := ""
	for _, county := range counties {
		version += journal.SeqKey(holderSums.ChangedIn(v, county))
	}
	return journal.Memo(v, "across "+string(counties[0])+string(counties[len(counties)-1]), version, func() [][]string {
		return findAcross(v, r, counties)
	})
}

func findAcross(v *journal.View, r store.Reader, counties []region.Code) (list [][]string) {
	type found struct {
		digest uint64 // of the number, the first of it
		county int
	}
	var all []found
	for i, county := range counties {
		chain := county.Chain()
		for _, digest := range journal.Memo(v, "numbers "+string(county), holderSums.ChangedIn(v, county), func() (list []uint64) {
			for k := range numbers.Each(r, chain) {
				if n := binary.BigEndian.Uint64([]byte(k[len(chain):])); len(list) == 0 || list[len(list)-1] != n {
					list = append(list, n)
				}
			}
			return list
		}) {
			all = append(all, found{digest, i})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(a.digest, b.digest), cmp.Compare(a.county, b.county)) })
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end].digest == all[i].digest {
			end++
		}
		if end-i > 1 {
			by := map[string][]string{} // by the whole digest
			for _, x := range all[i:end] {
				front := counties[x.county].Chain() + string(binary.BigEndian.AppendUint64(nil, x.digest))
				for k := range numbers.Each(r, front) {
					digest, id := k[chainSize:chainSize+seal.DigestSize], k[chainSize+seal.DigestSize:]
					by[strings.Clone(digest)] = append(by[digest], strings.Clone(id))
				}
			}
			for _, digest := range slices.Sorted(maps.Keys(by)) {
				if ids := by[digest]; journal.PlaceOf(ids[0]).Chain() != journal.PlaceOf(ids[len(ids)-1]).Chain() {
					list = append(list, ids)
				}
			}
		}
		i = end
	}
	return list
}

// doubles are the shareholders of a place within a county who are registered there more than once, with all their registrations.
func doubles(r store.Reader, place region.Code) (list [][]Shareholder) {
	for number := range doubled.Each(r, place.Chain()) {
		var same []Shareholder
		for k := range numbers.Each(r, number) {
			if id := k[len(number):]; place.Contains(journal.PlaceOf(id)) {
				s, _ := shareholders.Get(r, id)
				same = append(same, s)
			}
		}
		if len(same) > 1 {
			list = append(list, same)
		}
	}
	return list
}

// without leaves of several registrations of one shareholder the first that held anything.
func (s HolderSums) without(twins []Shareholder, year int, coming Coming) HolderSums {
	seen := false
	for _, t := range twins {
		if !coming.HeldAt(t, year) {
			continue
		}
		if seen {
			s = s.And(t.counted(-1))
		}
		seen = true
	}
	return s
}

// CapitalIn is what was put into the entities of a place within a county in a quarter, in yuan.
func CapitalIn(r store.Reader, place region.Code, quarter sums.Period) money.Yuan {
	return money.Yuan(capitalFlow.Of(r, place, quarter).Of(capitalFigure))
}

// OwnCapitalIn is what of a township's was put into its own collective.
func OwnCapitalIn(r store.Reader, place region.Code, quarter sums.Period) money.Yuan {
	return money.Yuan(capitalFlow.OwnOf(r, place, quarter).Of(capitalFigure))
}
