package report

import (
	"cmp"
	"slices"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/store"
)

// Transformed is what of one kind had been put in by the end of a year, and by the end of the year before.
type Transformed struct {
	Kind             register.ContributionKind
	Count            int
	Area, AreaBefore money.Quantity // 亩
	Value, Before    money.Yuan
	Ended            int            // of Count, those whose term was over by the end of the year
	EndedArea        money.Quantity // of Area, 亩
}

// Counted is a number at the end of a year, and at the end of the year before.
type Counted struct{ Now, Before int }

func (c *Counted) add(at atEnd, n int) {
	if at&now != 0 {
		c.Now += n
	}
	if at&before != 0 {
		c.Before += n
	}
}

// atEnd tells of a holder at which of the two years' ends shares were held.
type atEnd byte

const (
	now atEnd = 1 << iota
	before
)

// Transformation is how far the three transformations had come in a region by the end of a year: resources put in, funds put in, and who
// held shares of the region's entities. Households and persons are counted once, however many holdings they have.
type Transformation struct {
	Place         office.Division
	Year          int
	Kinds         []Transformed // every kind, in the order of ContributionKinds
	Value, Before money.Yuan
	Area          money.Quantity
	Holders       map[register.HolderKind]Counted
	Shareholders  Counted
	People        Counted // distinct persons: by ID number where it is known, else as many as the household says it has
	Classes       []ClassSum
	Children      []*Transformation // of the places next below; who holds shares in several of them is counted in each

	kinds   map[register.ContributionKind]int
	classes map[string]*ClassSum
	holders map[string]atEnd
	persons map[[16]byte]atEnd // by digest

	seat bool // the row of a township's own collective

	registered map[[16]byte]atEnd // of shareholders' own numbers, by digest
}

// within tells whether a shareholder's home is in the place; of a township's own collective it is the township itself.
func (t *Transformation) within(home region.Code) bool {
	return home == t.Place.Code || !t.seat && t.Place.Code.Contains(home)
}

// ClassSum is what the share classes of one kind and unit came to, and the capital contributed for them.
type ClassSum struct {
	Kind                   register.ClassKind
	Unit                   register.Unit
	Count                  int // classes that had shares out
	Issued, IssuedBefore   money.Quantity
	Capital, CapitalBefore money.Yuan
}

func newTransformation(place office.Division, year int) *Transformation {
	t := &Transformation{Place: place, Year: year, Holders: map[register.HolderKind]Counted{}, kinds: map[register.ContributionKind]int{},
		classes: map[string]*ClassSum{},
		holders: map[string]atEnd{}, persons: map[[16]byte]atEnd{}, registered: map[[16]byte]atEnd{}}
	for i, k := range register.ContributionKinds() {
		t.kinds[k] = i
		t.Kinds = append(t.Kinds, Transformed{Kind: k})
	}
	return t
}

func (t *Transformation) class(c register.ShareClass) *ClassSum {
	key := string(c.Kind) + " " + string(c.Unit)
	if t.classes[key] == nil {
		t.classes[key] = &ClassSum{Kind: c.Kind, Unit: c.Unit}
	}
	return t.classes[key]
}

func (t *Transformation) contribute(b register.Contribution, c register.ShareClass, today journal.Date) {
	k, sum := &t.Kinds[t.kinds[b.Kind]], t.class(c)
	if b.Date.Year() < t.Year {
		k.AreaBefore, k.Before, t.Before = k.AreaBefore+b.Area, k.Before+b.Value, t.Before+b.Value
		sum.CapitalBefore += b.Value
	}
	if b.Date.Year() <= t.Year {
		k.Count, k.Area, k.Value = k.Count+1, k.Area+b.Area, k.Value+b.Value
		t.Area, t.Value = t.Area+b.Area, t.Value+b.Value
		sum.Capital += b.Value
		if b.Until != "" && b.Until < min(journal.YearEnd(t.Year), today) {
			k.Ended, k.EndedArea = k.Ended+1, k.EndedArea+b.Area
		}
	}
}

// count adds a holder's household and persons, and returns what of them was not counted before: an ID number or credit code that is
// registered in several villages is one shareholder.
func (t *Transformation) count(s register.Shareholder) (holders, people Counted) {
	at := t.holders[s.ID]
	if at == 0 {
		return holders, people
	}
	fresh := at
	if digest := s.IDNo.Digest; len(digest) == 16 {
		key := [16]byte(digest)
		fresh = at &^ t.registered[key]
		t.registered[key] |= at
	}
	holders.add(fresh, 1)
	kind := t.Holders[s.Kind]
	kind.add(fresh, 1)
	t.Holders[s.Kind] = kind
	t.Shareholders.add(fresh, 1)
	if !s.Kind.Personal() {
		return holders, people
	}
	named := 0
	for _, digest := range append([][]byte{s.IDNo.Digest}, digests(s.Members)...) {
		if len(digest) == 16 {
			named++
			key := [16]byte(digest)
			people.add(at&^t.persons[key], 1)
			t.persons[key] |= at
		}
	}
	people.add(at, max(0, s.People-named))
	t.People.Now, t.People.Before = t.People.Now+people.Now, t.People.Before+people.Before
	return holders, people
}

func digests(list []register.Member) (d [][]byte) {
	for _, m := range list {
		d = append(d, m.Box.Digest)
	}
	return d
}

// TransformationOf sums up a region, and each place next below it, to the end of a year, of the one that runs today: one pass over the
// contributions, one over the movements of shares and one over the shareholders, once for as long as no register changes. It is shared,
// nobody changes it.
func TransformationOf(v *journal.View, place region.Code, year int) (*Transformation, error) {
	books, at, err := reportable(v, place, year)
	if err != nil {
		return nil, err
	}
	version, err := registersVersion(v, place)
	if err != nil {
		return nil, err
	}
	for _, county := range counties(v, place) {
		version += journal.SeqKey(office.MapChanged(v, county))
	}
	return journal.Memo(v, "transformation "+journal.YearID.Dated(string(place), year), version, func() *Transformation {
		return transformation(v, books, at, year)
	}), nil
}

func transformation(v *journal.View, books store.Reader, at office.Division, year int) *Transformation {
	place := at.Code
	t := newTransformation(at, year)
	below := map[region.Code]*Transformation{}
	var level region.Level
	for _, d := range office.Children(v, place) {
		c := newTransformation(d, year)
		level = d.Code.Level()
		below[d.Code] = c
		t.Children = append(t.Children, c)
	}
	if seats, _ := collectives(books, place); place.Level() == region.Township && seats[place] != "" { // its own collective is in no village
		c := newTransformation(office.Division{Code: place, Name: seats[place]}, year)
		c.seat, below[place] = true, c
		t.Children = append(t.Children, c)
	}
	each := func(id string, f func(*Transformation)) {
		f(t)
		if c := below[journal.PlaceOf(id).Cut(level)]; len(below) > 0 && c != nil {
			f(c)
		}
	}
	byID := map[string]register.ShareClass{}
	for id, c := range register.ClassTable.Scan(books, place.Prefix()) {
		byID[id] = c
	}
	for id, b := range register.ContributionTable.Scan(books, place.Prefix()) {
		if b.Reversed == 0 {
			each(id, func(t *Transformation) { t.contribute(b, byID[b.Class], v.Today()) })
		}
	}
	away := map[string][]*Transformation{} // the places in which a holder from elsewhere holds shares
	stakes(books, place, year, v.Today(), func(class string, holders map[string]atEnd, sum ClassSum) {
		each(class, func(t *Transformation) {
			c := t.class(byID[class])
			if sum.Issued != 0 {
				c.Count++
			}
			c.Issued, c.IssuedBefore = c.Issued+sum.Issued, c.IssuedBefore+sum.IssuedBefore
			for h, at := range holders {
				if t.holders[h] == 0 && !t.within(journal.PlaceOf(h)) {
					away[h] = append(away[h], t)
				}
				t.holders[h] |= at
			}
		})
	})
	for _, s := range register.ShareholderTable.Scan(books, place.Prefix()) {
		t.count(s)
		if home := below[s.Village().Cut(level)]; home != nil {
			home.count(s)
		}
	}
	for h, places := range away {
		s, _ := register.ShareholderTable.Get(books, h)
		for _, t := range places {
			t.count(s)
		}
	}
	for _, t := range append([]*Transformation{t}, t.Children...) {
		t.finish()
	}
	return t
}

func (t *Transformation) finish() {
	for _, s := range t.classes {
		t.Classes = append(t.Classes, *s)
	}
	slices.SortFunc(t.Classes, func(a, b ClassSum) int {
		return cmp.Or(cmp.Compare(slices.Index(register.ClassKinds(), a.Kind), slices.Index(register.ClassKinds(), b.Kind)),
			cmp.Compare(a.Unit, b.Unit))
	})
	t.kinds, t.classes, t.holders, t.persons, t.registered = nil, nil, nil, nil, nil
}
