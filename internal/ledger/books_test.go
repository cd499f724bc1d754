package ledger_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/dividend"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

// The places of the tests: two villages of one township, one of another township, one of another county.
const (
	yuxin     = "210727102216"
	kaizhou   = "210727102215"
	elsewhere = "210727002201"
	faraway   = "210726001201"
)

// books are a ledger of a test with accounts of every role, on a clock that the test moves.
type books struct {
	testing.TB
	*journal.Ledger
	path string
	now  time.Time
}

func (b *books) clock() time.Time { return b.now }

// newBooks opens an empty ledger in a folder of its own, names the places and adds the accounts.
func newBooks(t testing.TB) *books {
	t.Helper()
	b := &books{TB: t, path: filepath.Join(t.TempDir(), "sanbian.db"), now: time.Date(2026, 3, 1, 9, 0, 0, 0, journal.Beijing)}
	key, err := seal.Create(b.path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(b.path)
	if err != nil {
		t.Fatal(err)
	}
	b.Ledger, err = journal.Open(s, key, b.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Ledger.Close(); s.Close() })
	var setup []journal.Entry
	for _, d := range []struct{ code, name string }{
		{"2107", "锦州市"}, {"210727", "义县"}, {"210726", "黑山县"}, {"210727102", "七里河镇"}, {"210727002", "城关街道"}, {"210726001", "黑山街道"},
		{yuxin, "育新村民委员会"}, {kaizhou, "开州村民委员会"}, {elsewhere, "关帝庙村民委员会"}, {faraway, "远村民委员会"},
	} {
		setup = append(setup, &office.NameDivision{Code: region.MustParse(d.code), Name: d.name})
	}
	for _, a := range []struct {
		name, place string
		role        journal.Role
	}{
		{"kj-yuxin", yuxin, journal.Accountant}, {"kj-kaizhou", kaizhou, journal.Accountant}, {"sh-qilihe", "210727102", journal.Reviewer},
		{"sh-chengguan", "210727002", journal.Reviewer}, {"yixian", "210727", journal.Official}, {"admin", "2107", journal.Administrator},
	} {
		setup = append(setup, &office.AddAccount{Name: a.name, Role: a.role, Region: region.MustParse(a.place), Hash: "hash of " + a.name})
	}
	if _, err := b.Post(journal.Console, journal.Posting{Entries: setup}); err != nil {
		t.Fatal(err)
	}
	b.KeepPapers(keep{samplePaper: []byte("%PDF-%%EOF")})
	return b
}

func (b *books) actor(name string) journal.Actor {
	b.Helper()
	who, err := b.Actor(name)
	if err != nil {
		b.Fatal(err)
	}
	return who
}

// post posts entries that must be taken, and returns the ids of what they made.
func (b *books) post(account string, entries ...journal.Entry) []string {
	b.Helper()
	receipt, err := b.Post(b.actor(account), journal.Posting{Entries: entries})
	if err != nil {
		b.Fatal(err)
	}
	return receipt.IDs
}

// refused posts entries that must be refused with a code and a field.
func (b *books) refused(account string, code journal.Code, field string, entries ...journal.Entry) *journal.Error {
	b.Helper()
	_, err := b.Post(b.actor(account), journal.Posting{Entries: entries})
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

// verify folds the journal and fails the test when the tables differ.
func (b *books) verify() journal.Verified {
	b.Helper()
	n, err := verify(b)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func verify(b *books) (journal.Verified, error) {
	scratch, err := store.OpenScratch(filepath.Join(b.TempDir(), "scratch.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer scratch.Close()
	return journal.Verify(b.Store(), scratch)
}

// read runs f on a view that must be readable.
func (b *books) read(account string, f func(v *journal.View)) {
	b.Helper()
	if err := b.Read(b.actor(account), func(v *journal.View) error { f(v); return nil }); err != nil {
		b.Fatal(err)
	}
}

func yuan(s string) money.Yuan {
	y, err := money.ParseYuan(s)
	if err != nil {
		panic(err)
	}
	return y
}

func units(s string) money.Quantity {
	q, err := money.ParseQuantity(s)
	if err != nil {
		panic(err)
	}
	return q
}

func rate(s string) money.Rate {
	r, err := money.ParseRate(s)
	if err != nil {
		panic(err)
	}
	return r
}

// residentID makes a valid number of the unused region 210799, different for every n.
func residentID(n int) string {
	return ident.CompleteResidentID(fmt.Sprintf("210799%04d%02d%02d%03d", 1940+n/1000/300%60, 1+n/1000%12, 1+n/1000/12%25, n%1000))
}

// cardNo makes a valid card number, different for every n.
func cardNo(n int) string { return ident.CompleteBankCard(fmt.Sprintf("629999%012d", n)) }

func household(village string, n int) *register.RegisterShareholder {
	return &register.RegisterShareholder{
		Village: region.MustParse(village), Kind: register.Household, Name: fmt.Sprintf("测试户%05d", n), IDNo: residentID(n), People: 1 + n%5,
		Phone: fmt.Sprintf("139%08d", n), Bank: "农商银行", Card: cardNo(n),
	}
}

// cooperative registers a village's stock cooperative with a population and a land class and some households that hold both.
func (b *books) cooperative(account, village string, households int) (entity, population, land string, holders []string) {
	b.Helper()
	entity = b.post(account, &register.RegisterEntity{
		Village: region.MustParse(village), Name: "股份经济合作社", Kind: register.StockCooperative, Founded: "2019-01-01",
	})[0]
	ids := b.post(account,
		&register.OpenShareClass{Entity: entity, Kind: register.PopulationShare, Unit: register.ShareUnit},
		&register.OpenShareClass{Entity: entity, Kind: register.LandShare, Unit: register.MuUnit})
	population, land = ids[0], ids[1]
	var families, issue []journal.Entry
	for n := range households {
		families = append(families, household(village, n))
	}
	if households == 0 {
		return entity, population, land, nil
	}
	holders = b.post(account, families...)
	for n, h := range holders {
		issue = append(issue,
			&register.IssueShares{Class: population, Holder: h, Quantity: units(fmt.Sprint(1 + n%5)), Date: "2019-01-01"},
			&register.IssueShares{Class: land, Holder: h, Quantity: units(fmt.Sprintf("%d.%02d", 1+n%7, n%100)), Date: "2019-01-01"})
	}
	b.post(account, issue...)
	return entity, population, land, holders
}

// disclosed discloses an approved plan for the week that charters ask for, and lets it pass.
func (b *books) disclosed(id string) {
	b.Helper()
	b.post("kj-yuxin", &dividend.DiscloseDistribution{Distribution: id, From: journal.DateOf(b.now)})
	b.now = b.now.AddDate(0, 0, 8)
}

func hasText(err error, part string) bool { return err != nil && strings.Contains(err.Error(), part) }

func codeIs(err error, code journal.Code) bool { return err != nil && journal.CodeOf(err) == code }
