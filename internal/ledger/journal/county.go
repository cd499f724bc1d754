package journal

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// A county's books may go to another ledger: its chain goes over as it is, and is folded there. What the records do not say themselves goes
// with them: what the accounts of other chains were that have signed them, and whether names of accounts are others' there.
//
// An apply writes what its own chain says. What came from elsewhere is said in the chain of the whole country, which is folded before all
// others: there stand how far a chain has come from elsewhere, and what these books call its accounts. The fold reads that, no apply does.
var (
	handed  = Folded[uint64]("handed")  // county's chain → the record that handed its books over to another ledger
	arrived = Folded[uint64]("brought") // county's chain → the last of its records that came from another ledger
	called  = Folded[string]("called")  // nameKey → what these books call the account
	guests  = Folded[Guest]("guest")    // guestKey → who it was
)

// countryChain is the chain of what is said of the whole ledger.
var countryChain = region.Country.Chain()

func nameKey(chain, name string, upto uint64) string { return chain + name + "\x00" + SeqKey(upto) }

func guestKey(name, chain string) string { return name + "\x00" + chain }

// Guest is an account of another chain than the county's, in the books that the county came from: that of a higher office, or a neighbour.
type Guest struct {
	Name  string  `cbor:"1,keyasint" json:"name"`
	Names []Named `cbor:"2,keyasint,omitempty" json:"names,omitempty"`
	Stood []Stood `cbor:"3,keyasint" json:"stood"`
	Until int64   `cbor:"4,keyasint" json:"until"` // the time of the last record that came, Unix milliseconds
	// Same says that it is the account of that name here.
	Same bool `cbor:"5,keyasint,omitempty" json:"same,omitempty"`
}

// Renamed says that up to a record of a chain an account's name is another one here.
type Renamed struct {
	Name string `cbor:"1,keyasint" json:"name"`
	Upto uint64 `cbor:"2,keyasint" json:"upto"`
	As   string `cbor:"3,keyasint" json:"as"`
}

// Brought tells which records came from another ledger: those of a chain behind From, up to Seq, whose hash is Hash, hexadecimal.
type Brought struct {
	Chain  string
	From   uint64
	Seq    uint64
	Hash   string
	Called []Renamed
	Guests []Guest
}

// bringing entries bring a county's records, and say what goes with them.
type bringing interface{ Brings() Brought }

// KeepBrought stores what an entry of the country's chain says of records from another ledger.
func KeepBrought(a *Applying, b Brought) {
	arrived.Put(a.Tx, b.Chain, b.Seq)
	for _, n := range b.Called {
		called.Put(a.Tx, nameKey(b.Chain, n.Name, n.Upto), n.As)
	}
	for _, g := range b.Guests {
		guests.Put(a.Tx, guestKey(g.Name, b.Chain), g)
	}
}

// KeepHanded stores that the entry hands its county's books over.
func KeepHanded(a *Applying) { handed.Put(a.Tx, a.chain, a.Seq) }

// HandedOver tells which record handed a county's books over to another ledger; 0 while they are kept here.
func HandedOver(r store.Reader, place region.Code) uint64 {
	at, ok := handed.Get(r, place.Chain())
	if !ok {
		return 0
	}
	if back, _ := arrived.Get(r, place.Chain()); back >= at {
		return 0
	}
	return at
}

// HandedOver tells which record handed a county's books over to another ledger; 0 while they are kept here.
func (v *View) HandedOver(place region.Code) uint64 { return HandedOver(v.books, place) }

// here refuses what would go on with books that are kept elsewhere now.
func here(r store.Reader, place region.Code) error {
	if at := HandedOver(r, place); at > 0 {
		return Clash("", place, "%s 的账已经移交到别处(日志 %s 第 %s 号),这里只能查阅;请到现在记账的地方去记", string(place.Cut(region.County)),
			place.Chain(), fmt.Sprint(at))
	}
	return nil
}

// naming entries are about an account, and give its name.
type naming interface{ AccountName() *string }

// nameHere is what these books call an account that a record names.
func nameHere(r store.Reader, chain string, seq uint64, name string) string {
	if name == "" {
		return ""
	}
	front := chain + name + "\x00"
	for _, as := range called.Range(r, front+SeqKey(seq), store.PrefixEnd(front)) {
		return as
	}
	return name
}

// inOurNames gives a record's account, and its entry, the names that these books have for them. What is stored stays as it is.
func inOurNames(r store.Reader, chain string, rec *Record, e Entry) Entry {
	if upto, ok := arrived.Get(r, chain); !ok || rec.Seq > upto {
		return e
	}
	was := rec.By
	rec.By = nameHere(r, chain, rec.Seq, was)
	if rec.Request != nil { // a request key begins with the chain of the posting and its account
		front, key := rec.Request.Key[:len(chain)], rec.Request.Key[len(chain):]
		if sent, ok := strings.CutPrefix(key, was+"\x00"); ok {
			rec.Request.Key = front + rec.By + "\x00" + sent
		}
	}
	if n, ok := e.(naming); ok {
		if as := nameHere(r, chain, rec.Seq, *n.AccountName()); as != *n.AccountName() {
			e = copyOf(e)
			*e.(naming).AccountName() = as
		}
	}
	return e
}

// openOwn opens a box of an account's: where it came with a county, and has another name here, what was sealed there is bound to the old
// one.
func openOwn(r store.Reader, key *seal.Key, p seal.Purpose, a Account, b seal.Box) (text string, err error) {
	if text, err = key.Open(p, a.Name, b); err == nil {
		return text, nil
	}
	chain := a.Region.Chain()
	for k, as := range called.Scan(r, chain) {
		if front, _ := CutSeq(k); as == a.Name {
			if text, wrong := key.Open(p, strings.TrimSuffix(front[len(chain):], "\x00"), b); wrong == nil {
				return text, nil
			}
		}
	}
	return "", err
}

// came tells whether a record came from another ledger, and who its account was there.
func came(r store.Reader, chain string, rec *Record) (g Guest, ok bool) {
	if upto, has := arrived.Get(r, chain); !has || rec.Seq > upto {
		return g, false
	}
	return guests.Get(r, guestKey(rec.By, chain))
}

// guestCalled is the name at a moment of the person of an account of other books; "" where it was none.
func guestCalled(r store.Reader, account string, at int64) string {
	for _, g := range guests.Scan(r, account+"\x00") {
		if at <= g.Until && !g.Same {
			return Account{Name: account, Names: g.Names}.personAt(at)
		}
	}
	return ""
}

// County is what goes with a county's records to another ledger.
type County struct {
	Chain   string        `json:"chain"`
	Seq     uint64        `json:"seq"`
	Hash    string        `json:"hash"`              // of the last record, hexadecimal
	Handed  bool          `json:"handed,omitempty"`  // nothing more is posted where it comes from
	Demo    bool          `json:"demo,omitempty"`    // of a demonstration
	Unbound uint64        `json:"unbound,omitempty"` // the last record whose boxes may be bound to no owner
	Own     []OwnAccount  `json:"accounts,omitempty"`
	Guests  []Guest       `json:"guests,omitempty"`
	Called  []Renamed     `json:"called,omitempty"` // where the books that it comes from call accounts otherwise than its records do
	Above   []region.Code `json:"above,omitempty"`  // the regions around it that the books know
	Names   []string      `json:"names,omitempty"`  // what they are called
}

// OwnAccount is an account of the county's own chain.
type OwnAccount struct {
	Name  string `json:"name"`
	Since int64  `json:"since"` // Unix milliseconds
}

// ErrUnderway says that a long posting is not journalled to its end: nobody knows yet where the chain ends.
var ErrUnderway = errors.New("a long posting is under way")

// CountyOf tells what goes with a county's records as the books stand.
func CountyOf(r store.Reader, place region.Code) (c County, err error) {
	c.Chain, c.Demo = place.Chain(), DemoOf(r)
	if r.Get(meta, metaLong) != nil {
		return c, ErrUnderway
	}
	h, ok := heads.Get(r, c.Chain)
	if !ok || place.Level() != region.County {
		return c, Missing("", place, "%s 不是有账的县", string(place))
	}
	c.Seq, c.Hash, c.Handed, c.Unbound = h.Seq, fmt.Sprintf("%x", h.Hash), HandedOver(r, place) > 0, bound(r)[c.Chain]
	named, until := map[string]bool{}, int64(0)
	for _, b := range Stored(r, c.Chain, 0) {
		var rec Record
		if err := store.Decode(b, &rec); err != nil {
			return c, err
		}
		named[nameHere(r, c.Chain, rec.Seq, rec.By)], until = true, rec.At
	}
	delete(named, "")
	for name, a := range accounts.Scan(r, "") {
		if a.Region.Chain() != c.Chain {
			continue
		}
		delete(named, name)
		stood, err := standings(r, name)
		if err != nil {
			return c, err
		}
		c.Own = append(c.Own, OwnAccount{strings.Clone(name), stood[0].At})
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		g := Guest{Name: name, Until: until}
		if a, ok := accounts.Get(r, name); ok {
			g.Names = a.Names
			if g.Stood, err = standings(r, name); err != nil {
				return c, err
			}
		}
		if was, ok := guests.Get(r, guestKey(name, c.Chain)); ok { // from books before these
			if g.Stood = append(slices.Clone(was.Stood), g.Stood...); len(g.Names) == 0 {
				g.Names = was.Names
			}
		}
		if len(g.Stood) == 0 {
			return c, &Finding{Chain: c.Chain, Seq: c.Seq, Reason: "or a record before it names the account " + name + ", which nobody made"}
		}
		c.Guests = append(c.Guests, g)
	}
	for key, as := range called.Scan(r, c.Chain) {
		front, upto := CutSeq(key)
		c.Called = append(c.Called, Renamed{Name: strings.Clone(strings.TrimSuffix(front[len(c.Chain):], "\x00")), Upto: upto, As: as})
	}
	return c, nil
}

// standings is what an account of these books was for, since when, in order.
func standings(r store.Reader, name string) (list []Stood, err error) {
	a, _ := accounts.Get(r, name)
	chain := a.Region.Chain()
	tx, who := store.Try(r), signers{of: map[string][]Stood{}}
	for _, b := range Stored(r, chain, 0) {
		rec := &Record{}
		if err := store.Decode(b, rec); err != nil {
			return nil, err
		}
		if k := kinds[rec.Kind]; !k.Own && !slices.Contains(k.Roles, Administrator) {
			continue
		}
		e, err := decodeEntry(rec)
		if err != nil {
			return nil, err
		}
		e = inOurNames(r, chain, rec, e)
		if n, ok := e.(naming); ok && *n.AccountName() == name {
			e.Apply(&Applying{Tx: tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At)})
			who.note(tx, rec, name)
		}
	}
	if len(who.of[name]) == 0 {
		return nil, fmt.Errorf("no record of %s made the account %s", chain, name)
	}
	return who.of[name], nil
}

// What keeps a county out of books.
var (
	ErrThereAlready = errors.New("the books have the county already")
	ErrNotOurs      = errors.New("the county is not the one that went from these books")
	ErrDemo         = errors.New("a demonstration and other books do not go together")
)

// Fits refuses a county that cannot come into books: ErrThereAlready, ErrNotOurs, ErrDemo or ErrUnderway. One that was handed over may come
// back, as it went and with what was posted since.
func (c County) Fits(r store.Reader) error {
	if r.Get(meta, metaLong) != nil {
		return ErrUnderway
	}
	if DemoOf(r) != c.Demo {
		return ErrDemo
	}
	h, ok := heads.Get(r, c.Chain)
	if !ok {
		return nil
	}
	if HandedOver(r, region.MustParse(c.Chain)) == 0 {
		return ErrThereAlready
	}
	for _, n := range c.Called {
		if as, _ := called.Get(r, nameKey(c.Chain, n.Name, n.Upto)); as != n.As {
			return ErrNotOurs
		}
	}
	if c.Seq < h.Seq {
		return ErrNotOurs
	}
	return nil // whether the records follow is seen as they are folded
}

// Clashing is an account's name that is another's in the books that a county comes into.
type Clashing struct {
	Name string
	Own  bool   // it is the county's own: both go on, so one needs another name
	Here string // who it is in these books
}

// Clashes lists the accounts of a county whose names are others' in books, as far as nobody can tell that they are the same.
func (c County) Clashes(r store.Reader) (list []Clashing, err error) {
	same := func(name string, since int64, own bool) (is bool, here string, err error) {
		if a, ok := accounts.Get(r, name); ok {
			stood, err := standings(r, name)
			if err != nil {
				return false, "", err
			}
			return !own && stood[0].At == since || a.Region.Chain() == c.Chain, a.Called(), nil
		}
		for _, g := range guests.Scan(r, name+"\x00") {
			if g.Stood[0].At != since {
				return false, Account{Name: name, Names: g.Names}.Called(), nil
			}
		}
		return true, "", nil
	}
	for _, own := range c.Own {
		is, here, err := same(own.Name, own.Since, true)
		if err != nil {
			return nil, err
		}
		if !is {
			list = append(list, Clashing{own.Name, true, here})
		}
	}
	for _, g := range c.Guests {
		is, here, err := same(g.Name, g.Stood[0].At, false)
		if err != nil {
			return nil, err
		}
		if !is {
			list = append(list, Clashing{g.Name, false, here})
		}
	}
	return list, nil
}

// Taken tells whether an account's name is somebody's in books, or in the county itself.
func (c County) Taken(r store.Reader, name string) bool {
	for range guests.Scan(r, name+"\x00") {
		return true
	}
	return accounts.Has(r, name) || slices.ContainsFunc(c.Own, func(o OwnAccount) bool { return o.Name == name }) ||
		slices.ContainsFunc(c.Guests, func(g Guest) bool { return g.Name == name }) ||
		slices.ContainsFunc(c.Called, func(n Renamed) bool { return n.Name == name })
}

// As is what books say of a county's records when they come: with other names for accounts, and those that are the same as accounts here.
func (c County) As(r store.Reader, other map[string]string, same map[string]bool) (b Brought, err error) {
	b = Brought{Chain: c.Chain, Seq: c.Seq, Hash: c.Hash}
	if h, ok := heads.Get(r, c.Chain); ok {
		b.From = h.Seq
	}
	final := func(name string) string {
		if as, ok := other[name]; ok {
			return as
		}
		return name
	}
	for _, n := range c.Called { // by what the books that it comes from call them
		b.Called = append(b.Called, Renamed{n.Name, n.Upto, final(n.As)})
	}
	for _, name := range slices.Sorted(maps.Keys(other)) {
		b.Called = append(b.Called, Renamed{name, c.Seq, other[name]})
	}
	for _, g := range c.Guests {
		g.Name, g.Same = final(g.Name), same[g.Name] || other[g.Name] == "" && accounts.Has(r, g.Name)
		b.Guests = append(b.Guests, g)
	}
	return b, nil
}

// Coming are a county's records on their way into books, for a Rebuilding as what those lack.
type Coming struct {
	Brought
	Records iter.Seq2[[]byte, error] // of the whole chain, as stored, in order
	Entry   Entry                    // says that they come, in the country's chain
	Suite   seal.Suite               // of that chain where it begins
	At      time.Time
	Into    store.Reader
}

// Chains lists the two.
func (c Coming) Chains() ([]string, error) { return []string{countryChain, c.Chain}, nil }

// After yields the records of the county's chain, and the one of the country's that brings them.
func (c Coming) After(chain string, seq uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		switch chain {
		case countryChain:
			h, _ := heads.Get(c.Into, chain)
			if seq > h.Seq {
				return
			}
			at := c.At
			for _, b := range Stored(c.Into, chain, max(h.Seq, 1)-1) {
				if last, err := TimeOf(b); err == nil && last.After(at) {
					at = last
				}
			}
			rec := Record{Seq: h.Seq + 1, Prev: h.Hash, At: at.UnixMilli(), Role: Administrator, Kind: KindOf(c.Entry), Place: c.Entry.Place(),
				Body: store.Encode(c.Entry)}
			if rec.Seq == 1 {
				rec.Hash = c.Suite.HashName()
			}
			yield(store.Encode(rec), nil)
		case c.Chain:
			n := uint64(0)
			for b, err := range c.Records {
				if n++; err == nil && n <= seq {
					continue
				}
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
	}
}

// NoteBrought notes of new books what goes with a county's records and stands in no chain.
func (c County) NoteBrought(s store.Store) error {
	return s.Update(func(tx *store.Tx) error {
		if c.Unbound > 0 {
			tx.Put(meta, metaUnbound+c.Chain, fmt.Append(nil, c.Unbound))
		}
		return nil
	})
}

// broughtEnds is what verify has still to meet of what records say that others came with: a chain's record by its hash.
type broughtEnds map[string]Brought

// see notes what a record says of others, and looks whether it is one itself that another speaks of.
func (b broughtEnds) see(chain string, seq uint64, hash [seal.HashSize]byte, e Entry) (reason string) {
	if says, ok := e.(bringing); ok {
		b[says.Brings().Chain+SeqKey(says.Brings().Seq)] = says.Brings()
	}
	key := chain + SeqKey(seq)
	want, ok := b[key]
	if !ok {
		return ""
	}
	delete(b, key)
	if want.Hash != fmt.Sprintf("%x", hash) {
		return "is not the one that was brought from another ledger"
	}
	return ""
}

// left is what was met nowhere.
func (b broughtEnds) left() *Finding {
	for _, key := range slices.Sorted(maps.Keys(b)) {
		return &Finding{Chain: b[key].Chain, Seq: b[key].Seq, Reason: "was brought from another ledger, and is not there"}
	}
	return nil
}
