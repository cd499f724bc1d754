// Package booktest gives tests a ledger with places, accounts and, where they ask for it, entities with households, on a clock that the
// test moves; and a sample of every kind of entry. Only tests import it.
package booktest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/store"
)

// The places of the tests: two villages of one township, one of another township, one of another county.
const (
	Yuxin     = "210727102216"
	Kaizhou   = "210727102215"
	Elsewhere = "210727002201"
	Faraway   = "210726001201"
)

// Books are a ledger of a test with accounts of every role, on a clock that the test moves.
type Books struct {
	testing.TB
	*journal.Ledger
	Path string
	Time time.Time

	looking atomic.Bool
	key     *seal.Key
}

// Clock is the time that the test has set.
func (b *Books) Clock() time.Time { return b.Time }

// New opens an empty ledger in a folder of its own, names the places and adds the accounts.
func New(t testing.TB) *Books {
	t.Helper()
	b := &Books{TB: t, Path: filepath.Join(t.TempDir(), "sanbian.db"), Time: time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)}
	key, err := sealtest.Create(b.Path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	b.key = key
	s, err := store.Open(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	b.Ledger, err = journal.Open(s, key, b.Clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Ledger.Close(); s.Close() })
	if _, err := b.Post(journal.Console, journal.Posting{Entries: Setup()}); err != nil {
		t.Fatal(err)
	}
	b.KeepPapers(Keep{SamplePaper: []byte("%PDF-%%EOF")})
	return b
}

// Setup names the places of the tests and adds an account of every role.
func Setup() (setup []journal.Entry) {
	for _, d := range []struct{ Code, Name string }{
		{"2107", "锦州市"}, {"210727", "义县"}, {"210726", "黑山县"}, {"210727102", "七里河镇"}, {"210727002", "城关街道"}, {"210726001", "黑山街道"},
		{Yuxin, "育新村民委员会"}, {Kaizhou, "开州村民委员会"}, {Elsewhere, "关帝庙村民委员会"}, {Faraway, "远村民委员会"},
	} {
		setup = append(setup, &office.NameDivision{Code: region.MustParse(d.Code), Name: d.Name})
	}
	for _, a := range []struct {
		Name, Place string
		Role        journal.Role
	}{
		{"kj-yuxin", Yuxin, journal.Accountant}, {"kj-kaizhou", Kaizhou, journal.Accountant}, {"sh-qilihe", "210727102", journal.Reviewer},
		{"sh-chengguan", "210727002", journal.Reviewer}, {"yixian", "210727", journal.Official}, {"admin", "2107", journal.Administrator},
	} {
		setup = append(setup, &office.AddAccount{Name: a.Name, Role: a.Role, Region: region.MustParse(a.Place), Hash: "hash of " + a.Name})
	}
	return setup
}

// Visitor with a division code behind it is whoever looks at the public page of a place.
const Visitor = "visitor "

// As is the actor behind an account.
func (b *Books) As(name string) journal.Actor {
	b.Helper()
	if place, ok := strings.CutPrefix(name, Visitor); ok {
		return journal.Visitor(region.MustParse(place))
	}
	who, err := b.Actor(name)
	if err != nil {
		b.Fatal(err)
	}
	return who
}

// Record posts entries that must be taken, and returns the ids of what they made.
func (b *Books) Record(account string, entries ...journal.Entry) []string {
	b.Helper()
	receipt, err := b.Post(b.As(account), journal.Posting{Entries: entries})
	if err != nil {
		b.Fatal(err)
	}
	return receipt.IDs
}

// Refuses posts entries that must be refused with a code and a field.
func (b *Books) Refuses(account string, code journal.Code, field string, entries ...journal.Entry) *journal.Error {
	b.Helper()
	_, err := b.Post(b.As(account), journal.Posting{Entries: entries})
	all := journal.All(err)
	if len(all) == 0 {
		b.Fatalf("taken, or failed otherwise: %v", err)
	}
	for _, e := range all {
		if e.Code == code && e.Field == field {
			return e
		}
	}
	b.Fatalf("refused with %v; want %s at %q", err, code, field)
	return nil
}

// ChangeKey gives the books another key in the place of theirs, as somebody does who stops the program for it.
func (b *Books) ChangeKey() {
	b.Helper()
	next, err := b.key.Replaced()
	if err != nil {
		b.Fatal(err)
	}
	s := b.Store()
	b.Ledger.Close()
	if b.Ledger, err = journal.Open(s, next, b.Clock); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(b.Ledger.Close)
	b.key = next
}

// Forged are the books as somebody with the file, and without the key, would write them anew: each record of the journal as change leaves
// it, chained again, and the tables folded from that.
func (b *Books) Forged(change func(rec *journal.Record, e journal.Entry)) *Books {
	b.Helper()
	f := &Books{TB: b.TB, Path: filepath.Join(b.TempDir(), "forged.db"), Time: b.Time, key: b.key}
	into, err := store.Open(f.Path)
	if err != nil {
		b.Fatal(err)
	}
	type end struct {
		_    struct{} `cbor:",toarray"`
		Seq  uint64
		Hash []byte
	}
	ends := map[string]end{}
	if err := b.Store().View(func(r store.Reader) error {
		return into.Update(func(tx *store.Tx) error {
			for k, v := range r.Scan("meta", "", "") {
				tx.Put("meta", strings.Clone(k), bytes.Clone(v))
			}
			chain, prev := "", []byte(nil)
			for k, stored := range r.Scan("journal", "", "") {
				var rec journal.Record
				if err := store.Decode(stored, &rec); err != nil {
					return err
				}
				e := journal.New(rec.Kind)
				if err := store.Decode(rec.Body, e); err != nil {
					return err
				}
				if change(&rec, e); k[:6] != chain {
					chain, prev = strings.Clone(k[:6]), nil
				}
				rec.Body, rec.Prev = store.Encode(e), prev
				anew := store.Encode(rec)
				hash := b.key.Suite().Hash(anew)
				prev, ends[chain] = hash[:], end{Seq: rec.Seq, Hash: hash[:]}
				tx.Put("journal", strings.Clone(k), anew)
			}
			return nil
		})
	}); err != nil {
		b.Fatal(err)
	}
	folded, err := store.OpenScratch(filepath.Join(b.TempDir(), "folded.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer folded.Close()
	_, _ = journal.Verify(into, folded, nil) // folds all, and then finds that the tables are not there
	if err := folded.View(func(r store.Reader) error {
		return into.Update(func(tx *store.Tx) error {
			for _, table := range append(journal.Tables(), "claim") {
				for k, v := range r.Scan(table, "", "") {
					tx.Put(table, strings.Clone(k), bytes.Clone(v))
				}
			}
			for chain, end := range ends { // also where the fold found out early
				tx.Put("head", chain, store.Encode(end))
			}
			return nil
		})
	}); err != nil {
		b.Fatal(err)
	}
	if f.Ledger, err = journal.Open(into, b.key, b.Clock); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Ledger.Close(); into.Close() })
	return f
}

// Verified folds the journal and fails the test when the tables differ.
func (b *Books) Verified() journal.Verified {
	b.Helper()
	n, err := Verify(b)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// Verify folds the journal, compares the tables and opens every box.
func Verify(b *Books) (journal.Verified, error) { return b.VerifyWith(b.key) }

// VerifyWith is Verify with a key, or with none.
func (b *Books) VerifyWith(key *seal.Key) (journal.Verified, error) {
	scratch, err := store.OpenScratch(filepath.Join(b.TempDir(), "scratch.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer scratch.Close()
	return journal.Verify(b.Store(), scratch, key)
}

// Post posts as the ledger does. A test that posts inside See would wait for ever as soon as the store has to grow: it fails at once.
func (b *Books) Post(who journal.Actor, p journal.Posting) (journal.Receipt, error) {
	b.Helper()
	if b.looking.Load() {
		b.Fatal("posts inside See: the store cannot grow while somebody looks")
	}
	return b.Ledger.Post(who, p)
}

// See runs f on a view that must be readable.
func (b *Books) See(account string, f func(v *journal.View)) {
	b.Helper()
	b.looking.Store(true)
	defer b.looking.Store(false)
	if err := b.Read(b.As(account), func(v *journal.View) error { f(v); return nil }); err != nil {
		b.Fatal(err)
	}
}

// Yuan reads an amount that the test knows to be one.
func Yuan(s string) money.Yuan {
	y, err := money.ParseYuan(s)
	if err != nil {
		panic(err)
	}
	return y
}

// Units reads a quantity that the test knows to be one.
func Units(s string) money.Quantity {
	q, err := money.ParseQuantity(s)
	if err != nil {
		panic(err)
	}
	return q
}

// Rate reads a rate that the test knows to be one.
func Rate(s string) money.Rate {
	r, err := money.ParseRate(s)
	if err != nil {
		panic(err)
	}
	return r
}

// ResidentID makes a valid number of the unused region 210799, different for every n.
func ResidentID(n int) string {
	return ident.CompleteResidentID(fmt.Sprintf("210799%04d%02d%02d%03d", 1940+n/1000/300%60, 1+n/1000%12, 1+n/1000/12%25, n%1000))
}

// CardNo makes a valid card number, different for every n.
func CardNo(n int) string { return ident.CompleteBankCard(fmt.Sprintf("629999%012d", n)) }

// Household is a household of a village, another for every n.
func Household(village string, n int) *register.RegisterShareholder {
	return &register.RegisterShareholder{
		Village: region.MustParse(village), Kind: register.Household, Name: fmt.Sprintf("测试户%05d", n), IDNo: ResidentID(n), People: 1 + n%5,
		Phone: fmt.Sprintf("139%08d", n), Bank: "农商银行", Card: CardNo(n),
	}
}

// Cooperative registers a village's stock cooperative with a population and a land class and some households that hold both.
func (b *Books) Cooperative(account, village string, households int) (entity, population, land string, holders []string) {
	b.Helper()
	entity = b.Record(account, &register.RegisterEntity{
		Village: region.MustParse(village), Name: "股份经济合作社", Kind: register.StockCooperative, Founded: "2019-01-01",
	})[0]
	ids := b.Record(account,
		&register.OpenShareClass{Entity: entity, Kind: register.PopulationShare, Unit: register.ShareUnit},
		&register.OpenShareClass{Entity: entity, Kind: register.LandShare, Unit: register.MuUnit})
	population, land = ids[0], ids[1]
	var families, issue []journal.Entry
	for n := range households {
		families = append(families, Household(village, n))
	}
	if households == 0 {
		return entity, population, land, nil
	}
	holders = b.Record(account, families...)
	for n, h := range holders {
		issue = append(issue,
			&register.IssueShares{Class: population, Holder: h, Quantity: Units(fmt.Sprint(1 + n%5)), Date: "2019-01-01"},
			&register.IssueShares{Class: land, Holder: h, Quantity: Units(fmt.Sprintf("%d.%02d", 1+n%7, n%100)), Date: "2019-01-01"})
	}
	b.Record(account, issue...)
	return entity, population, land, holders
}

// Disclosed discloses an approved plan for the week that charters ask for, and lets it pass.
func (b *Books) Disclosed(id string) {
	b.Helper()
	b.Record("kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: journal.DateOf(b.Time)})
	b.Time = b.Time.AddDate(0, 0, 8)
}

// HasText tells whether a refusal has a text in it.
func HasText(err error, part string) bool { return err != nil && strings.Contains(err.Error(), part) }

// CodeIs tells whether a refusal has a code.
func CodeIs(err error, code journal.Code) bool { return err != nil && journal.CodeOf(err) == code }

// Query measures a query, and under it a read of the bytes that it cannot do without: of the tables, by prefix.
func (books *Books) Query(b *testing.B, query func(v *journal.View) error, tables map[string]string) {
	who := books.As("yixian")
	var took, under time.Duration
	n := 0
	for b.Loop() {
		n++
		start := time.Now()
		if err := books.Read(who, query); err != nil {
			b.Fatal(err)
		}
		took += time.Since(start)
		start = time.Now()
		if err := books.Store().View(func(r store.Reader) error {
			for table, prefix := range tables {
				for range r.Scan(table, prefix, store.PrefixEnd(prefix)) {
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		under += time.Since(start)
	}
	b.ReportMetric(took.Seconds()*1000/float64(n), "ms/query")
	b.ReportMetric(took.Seconds()/under.Seconds(), "x-floor")
}

// Keep is a place for papers in memory.
type Keep map[string][]byte

// Open gives the content with a digest; none is sealed.
func (k Keep) Open(digest string) ([]byte, string, error) {
	b, ok := k[digest]
	if !ok {
		return nil, "", fs.ErrNotExist
	}
	if fmt.Sprintf("%x", sha256.Sum256(b)) != digest {
		return nil, "", errors.New("changed")
	}
	return b, "", nil
}

// Farm registers an enterprise with a priced cash class and a land class, three households and a village collective that hold both, and a
// year's gain.
func (b *Books) Farm(kind register.EntityKind, gain string) (entity, cash, land string, holders []string) {
	b.Helper()
	entity = b.Record("kj-yuxin", &register.RegisterEntity{Village: Yuxin, Name: "果蔬公司", Kind: kind, Founded: "2019-01-01"})[0]
	ids := b.Record("kj-yuxin", &register.OpenShareClass{Entity: entity, Kind: register.CashShare, Unit: register.ShareUnit,
		Price: Rate("100")},
		&register.OpenShareClass{Entity: entity, Kind: register.LandShare, Unit: register.MuUnit})
	cash, land = ids[0], ids[1]
	one, two, three := Household(Yuxin, 0), Household(Yuxin, 1), Household(Yuxin, 2)
	two.Marks = []string{"脱贫户"}
	holders = b.Record("kj-yuxin", one, two, three, &register.RegisterShareholder{Village: Yuxin, Kind: register.Collective, Name: "育新村村集体",
		Bank: "农商银行", Account: "2107-0777-0000-16"})
	for i, h := range holders {
		b.Record("kj-yuxin", &register.IssueShares{Class: cash, Holder: h, Quantity: Units(fmt.Sprint(10 * (i + 1))), Date: "2019-01-01"},
			&register.IssueShares{Class: land, Holder: h, Quantity: Units([]string{"3", "3", "3", "1.5"}[i]), Date: "2019-01-01"})
	}
	b.Record("kj-yuxin", &income.RecordIncome{Book: entity, Item: "operating", Date: "2025-06-01", Amount: Yuan(gain)})
	return entity, cash, land, holders
}

// Lines counts a book's lines of 2026 and what they come to.
func (b *Books) Lines() (n int, sum string) {
	b.See("yixian", func(v *journal.View) {
		list, err := income.Incomes(v, Yuxin, 2026, "")
		if err != nil {
			b.Fatal(err)
		}
		s, _ := income.StatementOf(v, Yuxin, 2026)
		n, sum = len(list), s.Gain.String()
	})
	return n, sum
}
