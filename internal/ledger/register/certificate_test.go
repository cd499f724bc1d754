package register_test

import (
	"testing"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/office"
	"github.com/sanbian/ledger/internal/ledger/register"
	"github.com/sanbian/ledger/internal/store"
)

// alike is a village of another county whose code ends as that of 育新村.
const alike = "210726102216"

// Certificates of two villages whose codes end alike have numbers of their own. The short numbers of those given out before numbers carried
// the whole code stay valid until they are reissued; one that several villages have leads to a holder only with the place that is printed
// on
// it, and one that was replaced to nobody.
func TestCertificatesAreUnique(t *testing.T) {
	b := booktest.New(t)
	if _, err := b.Post(journal.Console, journal.Posting{Entries: []journal.Entry{
		&office.NameDivision{Code: "210726102000", Name: "八道壕镇"}, &office.NameDivision{Code: alike, Name: "同尾村民委员会"},
		&office.AddAccount{Name: "kj-alike", Role: journal.Accountant, Region: alike, Hash: "h"},
	}}); err != nil {
		t.Fatal(err)
	}
	one := b.Record("kj-yuxin", booktest.Household(booktest.Yuxin, 1))[0]
	two := b.Record("kj-alike", booktest.Household(alike, 2))[0]
	number := func(id string) (certificate, code string) {
		if err := b.Read(journal.Console, func(v *journal.View) error {
			s, err := register.ShareholderOf(v, id)
			certificate, code = s.Certificate(), register.CheckCode(v, s)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return certificate, code
	}
	leads := func(certificate, code, place, village string) {
		t.Helper()
		c, err := register.CheckCertificate(b.Ledger, certificate, code, place)
		if err != nil || string(c.Village.Code) != village {
			t.Errorf("%s at %q: %s, %v; want %s", certificate, place, c.Village.Code, err, village)
		}
	}
	fails := func(certificate, code, place string, want journal.Code) {
		t.Helper()
		if _, err := register.CheckCertificate(b.Ledger, certificate, code, place); !booktest.CodeIs(err, want) {
			t.Errorf("%s at %q: %v, want %s", certificate, place, err, want)
		}
	}
	for id, village := range map[string]string{one: booktest.Yuxin, two: alike} {
		certificate, code := number(id)
		if certificate != village+"00001" {
			t.Errorf("certificate %s", certificate)
		}
		leads(certificate, code, "", village)
		asBefore(t, b, id)
	}
	short, code := number(one)
	if other, same := number(two); short != "10221600001" || other != short || same != code {
		t.Errorf("older certificates %s and %s", short, other)
	}
	fails(short, code, "", journal.Conflict)
	leads(short, code, "义县", booktest.Yuxin)
	leads(short, code, " 黑山县 ", alike)
	leads(short, code, "同尾村", alike)
	fails(short, code, "凌海市", journal.NotFound)
	fails(booktest.Yuxin+"00001", code, "", journal.NotFound)

	b.Record("kj-alike", &register.ReissueCertificate{Holder: two, Date: "2026-03-01", Reason: "遗失"})
	certificate, again := number(two)
	if certificate != alike+"00001-1" {
		t.Errorf("reissued: %s", certificate)
	}
	leads(certificate, again, "", alike)
	leads(short, code, "", booktest.Yuxin) // the other is replaced
	b.See("yixian", func(v *journal.View) {
		if id, err := register.ResolveHolder(v, booktest.Yuxin, short); err != nil || id != one {
			t.Errorf("found by the short number: %s, %v", id, err)
		}
	})
	if err := b.Read(journal.Console, func(v *journal.View) error { // what was lost still says whose it was
		_, err := register.ResolveHolder(v, alike, short)
		return err
	}); err != nil {
		t.Error(err)
	}
}

// asBefore makes a shareholder one that was registered before numbers carried the whole code.
func asBefore(t *testing.T, b *booktest.Books, id string) {
	t.Helper()
	table := store.Table[register.Shareholder]("shareholder")
	if err := b.Store().Update(func(tx *store.Tx) error {
		s, _ := table.Get(tx, id)
		s.Whole = 0
		table.Put(tx, id, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
