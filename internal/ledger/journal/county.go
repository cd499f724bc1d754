package journal

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
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
	handed  = Folded[handing]("handed")  // county's chain → the record that handed its books over to another ledger
	arrived = Folded[arrival]("arrived") // county's chain, and the last of the records that came from another ledger
	called  = Folded[string]("called")   // nameKey → what these books call the account
	guests  = Folded[Guest]("guest")     // guestKey → who it was
)

type handing struct {
	_   struct{} `cbor:",toarray"`
	Seq uint64
	To  string
}

type arrival struct {
	_       struct{} `cbor:",toarray"`
	From    uint64   // the last record before those that came
	Entry   uint64   // the record of the country's chain that says so
	Unbound uint64   // the last record whose boxes may be bound to no owner
}

// countryChain is the chain of what is said of the whole ledger.
var countryChain = region.Country.Chain()

func nameKey(chain, name string, upto uint64) string { return chain + name + "\x00" + SeqKey(upto) }

func guestKey(name, chain string) string { return name + "\x00" + chain }

// Guest is an account of another chain than the county's, in the books that the county came from: that of a higher office, or a neighbour.
type Guest struct {
	Name  string    `cbor:"1,keyasint" json:"name"`
	Names []Named   `cbor:"2,keyasint,omitempty" json:"names,omitempty"`
	Stood [][]Stood `cbor:"3,keyasint" json:"stood"` // what it was for, in each of the ledgers that the county has been in
	Until int64     `cbor:"4,keyasint" json:"until"` // the time of the last record that came, Unix milliseconds
	// Same says that it is the account of that name here.
	Same bool `cbor:"5,keyasint,omitempty" json:"same,omitempty"`
}

// Renamed says that up to a record of a chain an account's name is another one here.
type Renamed struct {
	Name string `cbor:"1,keyasint" json:"name"`
	Upto uint64 `cbor:"2,keyasint" json:"upto"`
	As   string `cbor:"3,keyasint" json:"as"`
}

// Brought tells which records came from another ledger: those of a chain behind From, up to Seq, whose hash is Hash, hexadecimal; and what
// they do not say themselves.
type Brought struct {
	Chain   string    `cbor:"1,keyasint" json:"chain"`
	From    uint64    `cbor:"2,keyasint,omitempty" json:"from,omitempty"`
	Seq     uint64    `cbor:"3,keyasint" json:"seq"`
	Hash    string    `cbor:"4,keyasint" json:"hash"`
	Unbound uint64    `cbor:"5,keyasint,omitempty" json:"unbound,omitempty"` // the last record whose boxes may be bound to no owner
	Called  []Renamed `cbor:"6,keyasint,omitempty" json:"called,omitempty"`
	Guests  []Guest   `cbor:"7,keyasint,omitempty" json:"guests,omitempty"`
}

// bringing entries bring a county's records, and say what goes with them.
type bringing interface{ Brings() Brought }

// KeepBrought stores what an entry of the country's chain says of records from another ledger.
func KeepBrought(a *Applying, b Brought) {
	arrived.Put(a.Tx, b.Chain+SeqKey(b.Seq), arrival{From: b.From, Entry: a.Seq, Unbound: b.Unbound})
	for _, n := range b.Called {
		called.Put(a.Tx, nameKey(b.Chain, n.Name, n.Upto), n.As)
	}
	for _, g := range b.Guests {
		guests.Put(a.Tx, guestKey(g.Name, b.Chain), g)
	}
}

// KeepHanded stores that the entry hands its county's books over to somebody.
func KeepHanded(a *Applying, to string) { handed.Put(a.Tx, a.chain, handing{Seq: a.Seq, To: to}) }

// HandedOver tells which record handed the books of a place's county over to another ledger, and to whom; 0 while they are kept here.
func HandedOver(r store.Reader, place region.Code) (seq uint64, to string) {
	chain := place.Chain()
	h, ok := handed.Get(r, chain)
	if !ok {
		return 0, ""
	}
	for range arrived.Range(r, chain+SeqKey(h.Seq), store.PrefixEnd(chain)) { // they came back
		return 0, ""
	}
	return h.Seq, h.To
}

// HandedOver is that of the view's books.
func (v *View) HandedOver(place region.Code) (seq uint64, to string) {
	return HandedOver(v.books, place)
}

// Keeps tells whether the books of a place's county are kept here: they are there, and have not been handed over.
func (c *Checking) Keeps(place region.Code) bool {
	at, _ := HandedOver(c, place)
	return at == 0 && heads.Has(c, place.Chain())
}

// isPlace tells whether a code could be a place's: what somebody sends may be anything.
func isPlace(code region.Code) bool {
	whole, err := region.Parse(string(code))
	return err == nil && whole == code
}

// here refuses what would go on with books that are kept elsewhere now.
func here(r store.Reader, place region.Code) error {
	if at, to := HandedOver(r, place); at > 0 {
		return Clash("", place, "%s 的账已经移交给%s(日志 %s 第 %s 号),这里只能查阅;请到那里去记", string(place.Cut(region.County)), to, place.Chain(),
			fmt.Sprint(at))
	}
	return nil
}

// foreign tells whether a record came from another ledger.
func foreign(r store.Reader, chain string, seq uint64) bool {
	for _, a := range arrived.Range(r, chain+SeqKey(seq), store.PrefixEnd(chain)) {
		return a.From < seq
	}
	return false
}

// short finds a record of the country's chain that says that others came of which the books lack some.
func short(r store.Reader) *Torn {
	for key, a := range arrived.Scan(r, "") {
		chain, seq := CutSeq(key)
		if h, _ := heads.Get(r, chain); h.Seq < seq {
			return &Torn{Chain: countryChain, Seq: a.Entry, Short: strings.Clone(chain)}
		}
	}
	return nil
}

// within are the duties that lie in a county: what an account was for in other counties of the books that it came from, it is not here.
func within(chain string, duties []Duty) (in, out []Duty) {
	county := region.MustParse(chain)
	for _, d := range duties {
		if county.Contains(d.Region) {
			in = append(in, d)
		} else {
			out = append(out, d)
		}
	}
	return in, out
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

// inOurNames gives a record from another ledger, and its entry, the names that these books have for accounts. What is stored stays as it
// is.
func inOurNames(r store.Reader, chain string, rec *Record, e Entry) Entry {
	was := rec.By
	rec.By = nameHere(r, chain, rec.Seq, was)
	if rec.Request != nil { // a request key begins with the chain of the posting and its account
		front := rec.Request.Key[:min(len(chain), len(rec.Request.Key))]
		if sent, ok := strings.CutPrefix(rec.Request.Key[len(front):], was+"\x00"); ok {
			rec.Request.Key = front + rec.By + "\x00" + sent
		} else {
			rec.Request = nil
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

// astray tells what is wrong about the account that an entry is about: its chain is where all of an account's entries stand, from the one
// that makes it on.
func astray(r store.Reader, place region.Code, e Entry) (reason string) {
	n, ok := e.(naming)
	if !ok {
		return ""
	}
	name := *n.AccountName()
	a, there := accounts.Get(r, name)
	switch makes := len(claimsOf(e)) > 0; {
	case makes && there:
		return "makes the account " + name + ", which is there"
	case !makes && (!there || a.Region != place):
		return "is about the account " + name + ", which is none of " + string(place)
	}
	return ""
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

// guestOf is the account of other books that signed a record which came from there.
func guestOf(r store.Reader, chain string, rec *Record) (g Guest, ok bool) {
	if !foreign(r, chain, rec.Seq) {
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

// IsGuest tells whether an account of other books has signed what came from there under a name.
func IsGuest(r store.Reader, name string) bool {
	for range guests.Scan(r, name+"\x00") {
		return true
	}
	return false
}

// County is what goes with a county's records to another ledger. Whoever gets it believes of it only what the records do not say.
type County struct {
	Brought               // Called is what the books that it comes from call accounts otherwise than its records do
	Handed  bool          `json:"handed,omitempty"` // nothing more is posted where it comes from
	Demo    bool          `json:"demo,omitempty"`   // of a demonstration
	Above   []region.Code `json:"above,omitempty"`  // the regions around it that the books know
	Names   []string      `json:"names,omitempty"`  // what they are called

	own    []ownAccount      // by the records
	signed map[string]uint64 // the last record that each account has signed
	last   int64             // the time of the last record
}

// ownAccount is an account of the county's own chain, as the books that it comes from call it.
type ownAccount struct {
	name  string
	since int64  // Unix milliseconds
	made  uint64 // by this record
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
	away, _ := HandedOver(r, place)
	c.Seq, c.Hash, c.Handed, c.Unbound = h.Seq, fmt.Sprintf("%x", h.Hash), away > 0, bound(r)[c.Chain]
	for key, as := range called.Scan(r, c.Chain) {
		front, upto := CutSeq(key)
		c.Called = append(c.Called, Renamed{Name: strings.Clone(strings.TrimSuffix(front[len(c.Chain):], "\x00")), Upto: upto, As: as})
	}
	names, err := c.read(func(yield func([]byte, error) bool) {
		for _, b := range Stored(r, c.Chain, 0) {
			if !yield(b, nil) {
				return
			}
		}
	})
	if err != nil {
		return c, err
	}
	all := histories{r: r}
	for _, name := range names {
		g := Guest{Name: name, Until: c.last}
		if was, ok := guests.Get(r, guestKey(name, c.Chain)); ok { // from books before these
			g.Stood, g.Names = was.Stood, was.Names
		}
		if a, ok := accounts.Get(r, name); ok {
			stood, err := all.of(name, a.Region.Chain())
			if err != nil {
				return c, err
			}
			g.Stood = slices.DeleteFunc(slices.Clone(g.Stood), func(was []Stood) bool { return sameAccount(was, stood) })
			g.Stood, g.Names = append(g.Stood, stood), a.Names
		}
		if len(g.Stood) == 0 {
			return c, &Finding{Chain: c.Chain, Seq: c.Seq, Reason: "or a record before it names the account " + name + ", which nobody made"}
		}
		c.Guests = append(c.Guests, g)
	}
	return c, nil
}

// here is what the books that a county comes from call an account that a record names.
func (c *County) here(seq uint64, name string) string {
	found := Renamed{As: name}
	for _, n := range c.Called {
		if n.Name == name && n.Upto >= seq && (found.Upto == 0 || n.Upto < found.Upto) {
			found = n
		}
	}
	return found.As
}

// read goes through the county's records for its own accounts and its last time, and returns the names of others that have signed.
func (c *County) read(records iter.Seq2[[]byte, error]) (named []string, err error) {
	c.own, c.signed, c.last = nil, map[string]uint64{}, 0
	for b, err := range records {
		if err != nil {
			return nil, err
		}
		var rec Record
		if err := store.Decode(b, &rec); err != nil {
			return nil, &Finding{Chain: c.Chain, Seq: rec.Seq, Reason: "cannot be read: " + err.Error()}
		}
		if !isName(rec.By) {
			return nil, &Finding{Chain: c.Chain, Seq: rec.Seq, Reason: "is signed by what is no account's name"}
		}
		c.signed[c.here(rec.Seq, rec.By)], c.last = rec.Seq, max(c.last, rec.At)
		if !slices.Contains(kinds[rec.Kind].Roles, Administrator) {
			continue
		}
		e, err := decodeEntry(&rec)
		if err != nil {
			return nil, &Finding{Chain: c.Chain, Seq: rec.Seq, Reason: err.Error()}
		}
		n, ok := e.(naming)
		if !ok {
			continue
		}
		if !isName(*n.AccountName()) {
			return nil, &Finding{Chain: c.Chain, Seq: rec.Seq, Reason: "is about what is no account's name"}
		}
		if len(claimsOf(e)) > 0 {
			c.own = append(c.own, ownAccount{c.here(rec.Seq, *n.AccountName()), rec.At, rec.Seq})
		}
	}
	for name := range c.signed {
		if name != "" && !slices.ContainsFunc(c.own, func(own ownAccount) bool { return own.name == name }) {
			named = append(named, name)
		}
	}
	slices.Sort(named)
	return named, nil
}

// isName tells whether a text may be an account's name, as far as keys of tables go.
func isName(name string) bool { return plainText(name) && len(name) <= MaxText }

// sameAccount tells whether two histories are one account's: the same record of the same chain made it at the same moment.
func sameAccount(a, b []Stood) bool {
	return a[0].Entry == b[0].Entry && a[0].At == b[0].At && a[0].Home == b[0].Home
}

// ErrCounty says that what goes with a county's records does not fit to them.
var ErrCounty = errors.New("what goes with the county's records does not fit to them")

// Read reads the records of a county that has come, and holds what goes with them against them: ErrCounty.
func (c *County) Read(records iter.Seq2[[]byte, error]) error {
	names, err := c.read(records)
	if err != nil {
		return err
	}
	known := map[string]Guest{}
	for _, n := range c.Called {
		if n.Upto > c.Seq || !isName(n.Name) || !isName(n.As) {
			return fmt.Errorf("%w: another name of %q", ErrCounty, n.Name)
		}
	}
	if c.Unbound > c.Seq {
		return fmt.Errorf("%w: the end of what is bound to no owner", ErrCounty)
	}
	for _, g := range c.Guests {
		if known[g.Name] = g; len(g.Stood) == 0 || slices.ContainsFunc(g.Stood, func(s []Stood) bool { return len(s) == 0 }) {
			return fmt.Errorf("%w: nothing is said of the account %s", ErrCounty, g.Name)
		}
	}
	c.Guests = nil
	for _, name := range names {
		g, ok := known[name]
		if !ok {
			return fmt.Errorf("%w: nothing is said of the account %s", ErrCounty, name)
		}
		g.Until, g.Same = c.last, false
		c.Guests = append(c.Guests, g)
	}
	if len(c.Above) != len(c.Names) {
		return fmt.Errorf("%w: the regions around it", ErrCounty)
	}
	for i, above := range c.Above {
		if level := above.Level(); level < region.Province || level >= region.County || !above.Contains(region.MustParse(c.Chain)) ||
			c.Names[i] == "" {
			return fmt.Errorf("%w: the regions around it", ErrCounty)
		}
	}
	return nil
}

// Accounts is how many accounts the county has of its own.
func (c *County) Accounts() int { return len(c.own) }

// histories are what the accounts of books were for, read chain by chain as somebody asks.
type histories struct {
	r     store.Reader
	known map[string]map[string][]Stood // by chain and name
}

// in is that of all accounts of a chain.
func (h *histories) in(chain string) (map[string][]Stood, error) {
	if of, ok := h.known[chain]; ok {
		return of, nil
	}
	tx, who := store.Try(h.r), signers{of: map[string][]Stood{}}
	for _, b := range Stored(h.r, chain, 0) {
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
		came := foreign(h.r, chain, rec.Seq)
		if came {
			e = inOurNames(h.r, chain, rec, e)
		}
		if n, ok := e.(naming); ok {
			e.Apply(&Applying{Tx: tx, chain: chain, Seq: rec.Seq, By: rec.By, at: time.UnixMilli(rec.At), foreign: came})
			who.note(tx, rec, *n.AccountName())
		}
	}
	if h.known == nil {
		h.known = map[string]map[string][]Stood{}
	}
	h.known[chain] = who.of
	return who.of, nil
}

// of is that of one account.
func (h *histories) of(name, chain string) ([]Stood, error) {
	of, err := h.in(chain)
	if err == nil && len(of[name]) == 0 {
		err = &Finding{Chain: chain, Reason: "no record made the account " + name}
	}
	return of[name], err
}

// made finds the account of a chain that a record of it made at a moment; "" for none.
func (h *histories) made(chain string, entry uint64, at int64) (string, error) {
	of, err := h.in(chain)
	for name, stood := range of {
		if stood[0].Entry == entry && stood[0].At == at {
			return name, err
		}
	}
	return "", err
}

// What keeps a county out of books.
var (
	ErrThereAlready = errors.New("the books have the county already")
	ErrNotOurs      = errors.New("the county is not the one that went from these books")
	ErrDemo         = errors.New("a demonstration and other books do not go together")
	ErrAhead        = errors.New("the county has records from later than now")
)

// Fits refuses a county that cannot come into books now: ErrThereAlready, ErrNotOurs, ErrDemo, ErrAhead or ErrUnderway. One that was
// handed over may come back, as it went and with what was posted since.
func (c *County) Fits(r store.Reader, now time.Time) error {
	if r.Get(meta, metaLong) != nil {
		return ErrUnderway
	}
	h, ok := heads.Get(r, c.Chain)
	away, _ := HandedOver(r, region.MustParse(c.Chain))
	switch {
	case DemoOf(r) != c.Demo:
		return ErrDemo
	case ok && away == 0:
		return ErrThereAlready
	case c.Seq < h.Seq:
		return ErrNotOurs
	case c.last > now.Add(maxBack).UnixMilli():
		return ErrAhead
	}
	return nil // whether the records follow is seen as they are folded
}

// Returns tells whether a county comes back as it went: nothing has been posted since.
func (c *County) Returns(r store.Reader) bool {
	h, _ := heads.Get(r, c.Chain)
	return h.Seq == c.Seq
}

// Clashing is an account's name that is another's in the books that a county comes into.
type Clashing struct {
	Name string
	Own  bool   // it is the county's own
	Here string // who it is in these books
	Same bool   // it may be the same person's
}

// Naming is what becomes of the names of a county's accounts in books.
type Naming struct {
	Other map[string]string // the names that somebody chose, by those of the books that the county comes from
	Same  map[string]bool   // those of other chains that somebody says are the accounts of that name here

	final map[string]string
	same  map[string]bool
}

// Decide finds out what the accounts of a county are called in books: one that is there, by when and where it was made, keeps the name that
// it has there. It lists those whose names are others' there, and of which nothing was said.
func (n *Naming) Decide(r store.Reader, c *County) (list []Clashing, err error) {
	n.final, n.same = map[string]string{}, map[string]bool{}
	h, _ := heads.Get(r, c.Chain)
	all := histories{r: r}
	for _, own := range c.own {
		if own.made <= h.Seq { // it was here before
			name, err := all.made(c.Chain, own.made, own.since)
			if err != nil {
				return nil, err
			}
			if name != "" {
				n.final[own.name] = name
				continue
			}
		}
		if name := guestMade(r, c.Chain, own.made, own.since); name != "" { // it has signed in a county that came before this one
			n.final[own.name] = name
			continue
		}
		if x := n.clash(r, own.name); x != nil {
			x.Own, x.Same = true, false
			list = append(list, *x)
		}
	}
	for _, g := range c.Guests {
		name, same, err := n.knownAs(r, &all, g)
		if err != nil {
			return nil, err
		}
		switch {
		case n.Other[g.Name] == "" && name != "" && (!same || c.signed[g.Name] <= h.Seq || n.Same[g.Name]):
			n.final[g.Name], n.same[g.Name] = name, same
		case n.Other[g.Name] == "" && name != "": // whoever made the file says so
			list = append(list, Clashing{Name: g.Name, Here: name, Same: true})
		case n.Same[g.Name]:
			n.final[g.Name], n.same[g.Name] = g.Name, true
		default:
			if x := n.clash(r, g.Name); x != nil {
				list = append(list, *x)
			}
		}
	}
	return list, nil
}

// knownAs is the name that books have for a guest already, and whether it is an account's there.
func (n *Naming) knownAs(r store.Reader, all *histories, g Guest) (name string, same bool, err error) {
	for _, stood := range g.Stood {
		chain := stood[0].Home.Chain()
		if name, err = all.made(chain, stood[0].Entry, stood[0].At); err != nil {
			return "", false, err
		}
		if a, _ := accounts.Get(r, name); name != "" && a.Region == stood[0].Home {
			return name, true, nil
		}
		if name = guestMade(r, chain, stood[0].Entry, stood[0].At); name != "" {
			return name, accounts.Has(r, name), nil
		}
	}
	return "", false, nil
}

// guestMade is the name of the guest whom a record of a chain made at a moment; "" for none.
func guestMade(r store.Reader, chain string, entry uint64, at int64) string {
	for _, g := range guests.Scan(r, "") {
		for _, stood := range g.Stood {
			if stood[0].Home.Chain() == chain && stood[0].Entry == entry && stood[0].At == at {
				return g.Name
			}
		}
	}
	return ""
}

// clash gives a name that is nobody's in books, or the one that somebody chose; else it tells whose it is.
func (n *Naming) clash(r store.Reader, name string) *Clashing {
	if as := n.Other[name]; as != "" {
		n.final[name] = as
		return nil
	}
	if a, ok := accounts.Get(r, name); ok {
		return &Clashing{Name: name, Here: a.Called(), Same: true}
	}
	for _, g := range guests.Scan(r, name+"\x00") {
		return &Clashing{Name: name, Here: Account{Name: name, Names: g.Names}.Called()}
	}
	n.final[name] = name
	return nil
}

// Taken tells whether a name is somebody's in books, or in the county itself.
func (c *County) Taken(r store.Reader, name string) bool {
	return accounts.Has(r, name) || IsGuest(r, name) || slices.ContainsFunc(c.own, func(o ownAccount) bool { return o.name == name }) ||
		slices.ContainsFunc(c.Guests, func(g Guest) bool { return g.Name == name }) ||
		slices.ContainsFunc(c.Called, func(n Renamed) bool { return n.Name == name })
}

// As is what books say of a county's records when they come, by what was decided about the names.
func (c *County) As(r store.Reader, n *Naming) Brought {
	b := c.Brought
	h, _ := heads.Get(r, c.Chain)
	b.From, b.Called, b.Guests = h.Seq, nil, nil
	for _, was := range c.Called { // by what the books that it comes from call them; what was here before is called as it was
		if was.Upto > b.From {
			b.Called = append(b.Called, Renamed{was.Name, was.Upto, cmp.Or(n.final[was.As], was.As)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.final)) {
		if n.final[name] == name {
			continue
		}
		if b.From > 0 {
			b.Called = append(b.Called, Renamed{name, b.From, nameHere(r, c.Chain, b.From, name)})
		}
		b.Called = append(b.Called, Renamed{name, c.Seq, n.final[name]})
	}
	for _, g := range c.Guests {
		g.Name, g.Same = n.final[g.Name], n.same[g.Name]
		b.Guests = append(b.Guests, g)
	}
	return b
}

// Coming are a county's records on their way into books, for a Rebuilding as what those lack.
type Coming struct {
	County  *County
	Records iter.Seq2[[]byte, error] // of the whole chain, as stored, in order
	Entry   Entry                    // says that they come, in the country's chain
	Suite   seal.Suite               // of that chain where it begins
	At      time.Time
	Into    store.Reader
}

// Chains lists the two.
func (c Coming) Chains() ([]string, error) { return []string{countryChain, c.County.Chain}, nil }

// After yields the records of the county's chain, and the one of the country's that brings them.
func (c Coming) After(chain string, seq uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		switch chain {
		case countryChain:
			h, _ := heads.Get(c.Into, chain)
			if seq > h.Seq {
				return
			}
			at := max(c.At.UnixMilli(), c.County.last) // behind all that came
			for _, b := range Stored(c.Into, chain, max(h.Seq, 1)-1) {
				if last, err := TimeOf(b); err == nil {
					at = max(at, last.UnixMilli())
				}
			}
			rec := Record{Seq: h.Seq + 1, Prev: h.Hash, At: at, Role: Administrator, Kind: KindOf(c.Entry), Place: c.Entry.Place(),
				Body: store.Encode(c.Entry)}
			if rec.Seq == 1 {
				rec.Hash = c.Suite.HashName()
			}
			yield(store.Encode(rec), nil)
		case c.County.Chain:
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

// Begin begins books in an empty store as Open does, with a key that is kept elsewhere.
func Begin(s store.Store, key *seal.Key, demo bool) error {
	return s.Update(func(tx *store.Tx) error {
		tx.Put(meta, metaKey, key.Check())
		tx.Put(meta, metaVersion, []byte(strconv.Itoa(format)))
		tx.Put(meta, metaKeys, idsOf(key))
		if demo {
			tx.Put(meta, metaDemo, []byte{1})
		}
		return nil
	})
}

// Cut lists the accounts of a county that had duties outside of it where they came from, which they have not here.
func Cut(r store.Reader, chain string) (list []Account) {
	for _, a := range accounts.Scan(r, "") {
		if a.Region.Chain() == chain && len(a.Cut) > 0 {
			list = append(list, Account{Name: a.Name, Cut: a.Cut, Names: a.Names})
		}
	}
	return list
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
