package exchange_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanbian/ledger/internal/exchange"
	"github.com/sanbian/ledger/internal/ident"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/seal/sealtest"
	"github.com/sanbian/ledger/internal/sheet"
	"github.com/sanbian/ledger/internal/store"
)

// A file of 50,000 households, from its bytes to the disk: read, decoded, checked, sealed, journalled, indexed. The floor is the reading
// and decoding alone.
func BenchmarkShareholderFile(b *testing.B) {
	const rows = 50_000
	var file strings.Builder
	file.WriteString("户主,身份证号,家庭人数,电话,开户行,标记\n")
	for n := range rows {
		fmt.Fprintf(&file, "测试户%05d,%s,%d,139%08d,农商银行,\n", n, residentID(n), 1+n%5, n)
	}
	for b.Loop() {
		l := open(b)
		start := time.Now()
		var u *exchange.Upload
		if err := l.Read(journal.Actor{Account: "kj", Role: journal.Accountant, Region: "210727102216"}, func(v *journal.View) (err error) {
			u, err = exchange.Read(strings.NewReader(file.String()), v, exchange.Purpose{Kind: exchange.Shareholders, Village: "210727102216"},
				sheet.Layout{})
			return err
		}); err != nil {
			b.Fatal(err)
		}
		read := time.Since(start)
		if _, err := u.Post(l, journal.Actor{Account: "kj"}, []string{""}, false, nil); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		b.ReportMetric(rows/took.Seconds(), "rows/s")
		b.ReportMetric(took.Seconds()/read.Seconds(), "x-reading")
		b.ReportMetric(0, "ns/op")
	}
}

func open(b testing.TB) *journal.Ledger {
	b.Helper()
	dir := b.TempDir()
	key, err := sealtest.Create(filepath.Join(dir, "key"))
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(filepath.Join(dir, "db"))
	if err != nil {
		b.Fatal(err)
	}
	l, err := journal.Open(s, key, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close(); s.Close() })
	if _, err := l.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&office.NameDivision{Code: "210727000000", Name: "义县"}, &office.NameDivision{Code: "210727102000", Name: "七里河镇"},
		&office.NameDivision{Code: "210727102216", Name: "育新村民委员会"}, &office.AddAccount{Name: "kj", Role: journal.Accountant,
			Region: "210727102216", Hash: "h"},
	}}); err != nil {
		b.Fatal(err)
	}
	return l
}

// residentID makes a valid number of the unused region 210799, different for every n below 18 million.
func residentID(n int) string {
	return ident.CompleteResidentID(fmt.Sprintf("210799%04d%02d%02d%03d", 1940+n/300_000, 1+n/1000%12, 1+n/12_000%25, n%1000))
}
