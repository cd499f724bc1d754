package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/sanbian/ledger/internal/ledger/booktest"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/seal"
	"github.com/sanbian/ledger/internal/store"
)

const anIncome = `{"entry":"RecordIncome","book":"` + village + `","item":"operating",` +
	`"date":"2025-12-01","amount":"12.34","party":"丙","voucher":"x1"}`

// county is a ledger with one county, in which an account of a higher office has acted and to which a paper belongs.
func countyBooks(t *testing.T) *shell {
	t.Helper()
	s := newShell(t)
	s.filled()
	s.must("correct horse\n", "account", "add", "kj2", "--role", "accountant", "--region", village, "--account", "admin")
	s.must("", "post", "testdata/village.jsonl", "--account", "kj")
	s.must("", "attach", s.file("%PDF-1.4 章程 %%EOF"), "--to", village+"E001", "--account", "kj")
	return s
}

// cityBooks is a ledger of the city above it, whose accounts have some of the same names.
func cityBooks(t *testing.T) *shell {
	t.Helper()
	s := newShell(t)
	s.must(`{"entry":"NameDivision","code":"210700000000","name":"锦州市"}`, "post")
	for name, role := range map[string]string{"admin": "administrator", "kj": "official", "shi": "official"} {
		s.must("another horse\n", "account", "add", name, "--role", role, "--region", "2107")
	}
	return s
}

// see reads the books as the console does.
func (s *shell) see(f func(*journal.View) error) {
	s.Helper()
	s.opened(func(db store.Store) {
		key, err := seal.Load(s.data + ".key")
		if err != nil {
			s.Fatal(err)
		}
		l, err := journal.Open(db, key, time.Now)
		if err != nil {
			s.Fatal(err)
		}
		defer l.Close()
		if err := l.Read(journal.Console, f); err != nil {
			s.Fatal(err)
		}
	})
}

// whoPosted is the account, and the person's name, that stands under a record of the county.
func (s *shell) whoPosted(seq uint64) (account, signed string) {
	s.Helper()
	s.see(func(v *journal.View) error {
		j, err := v.JournalEntry("210727", seq)
		if err == nil {
			account, signed = j.By, v.Signed(j.By, j.Time())
		}
		return err
	})
	return account, signed
}

// seqBy is the number of the last record of the county that an account has posted there.
func (s *shell) seqBy(account string) (seq uint64) {
	s.Helper()
	s.opened(func(db store.Store) {
		if err := db.View(func(r store.Reader) error {
			for at, b := range journal.Stored(r, "210727", 0) {
				var rec journal.Record
				if err := store.Decode(b, &rec); err != nil {
					return err
				}
				if rec.By == account {
					seq = at
				}
			}
			return nil
		}); err != nil {
			s.Fatal(err)
		}
	})
	if seq == 0 {
		s.Fatalf("%s has posted nothing", account)
	}
	return seq
}

// A county goes to another ledger with its records, papers and accounts: nothing more is posted where it comes from; its numbers open there
// with the key that sealed them; names that are others' there are asked about, and its people sign in by their new ones with their own
// passwords.
func TestCountyGoesToAnotherLedger(t *testing.T) {
	a := countyBooks(t)
	file := filepath.Join(t.TempDir(), "yixian.county")
	byKj, byAdmin := a.seqBy("kj"), a.seqBy("admin")
	if out := a.must("", "county", "out", "210727", file); !strings.Contains(out, "4 个本县账号,1 个外面的账号,1 份附件") ||
		!strings.Contains(out, "没有移交") {
		t.Error(out)
	}
	a.must(anIncome, "post", "--account", "kj")
	a.must("", "county", "out", "210727", file, "--hand-over", "锦州市台账")
	a.must("", "county", "out", "210727", file, "--hand-over", "锦州市台账") // the file once more
	a.fails("随全县的账移交给锦州市台账", strings.ReplaceAll(anIncome, "x1", "x9"), "post", "--account", "kj")
	a.fails("已经移交给锦州市台账", "correct horse\n", "account", "add", "neu", "--role", "official", "--region", "210727")
	a.fails("不是县的代码", "", "county", "out", "2107", file)
	a.fails("不是有账的县", "", "county", "out", "210799", file)
	a.verified()

	b := cityBooks(t)
	before := b.verified()
	theirs := a.data + ".key"
	b.fails("--their-key", "", "county", "in", file, "--rename", "kj=kj-yi", "--rename", "admin=admin-yi")
	b.fails("有 2 个账号重名", "", "county", "in", file, "--their-key", theirs)
	b.fails("账号“kj”在这里是kj,转来的账里也有一个", "", "county", "in", file, "--their-key", theirs, "--same", "admin")
	for flag, says := range map[string]string{"--rename=nobody=somebody": "--rename “nobody=somebody”不对", "--rename=kj=x": "新名“x”不对",
		"--rename=kj=shi": "已经有人用了", "--rename=kj=sh": "已经有人用了", "--same=kj": "--same “kj”不对", "--rename=kj": "旧名=新名"} {
		b.fails(says, "", "county", "in", file, "--their-key", theirs, flag)
	}
	cut := filepath.Join(t.TempDir(), "cut")
	whole := a.read(file)
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	b.fails("不是全县账的文件,或已损坏", "", "county", "in", cut, "--their-key", theirs)
	if b.verified() != before {
		t.Error("what was refused has left something")
	}
	b.must("", "county", "in", file, "--their-key", theirs, "--rename", "kj=kj-yi", "--rename", "admin=admin-yi")
	b.fails("已经有 210727 的账", "", "county", "in", file, "--their-key", theirs)
	if out := b.must("", "verify", "--numbers"); !strings.Contains(out, "1 份附件的内容") || !strings.Contains(out, "个封好的号码") {
		t.Error(out)
	}
	if account, signed := b.whoPosted(byKj); account != "kj-yi" || signed != "kj-yi" {
		t.Errorf("record %d is %s's, %s", byKj, account, signed)
	}
	if account, _ := b.whoPosted(byAdmin); account != "admin-yi" {
		t.Errorf("record %d is %s's", byAdmin, account)
	}
	b.fails("账号或密码不对", anIncome, "post", "--account", "kj-yi", "--password-file", b.file("another horse\n"))
	b.must(strings.ReplaceAll(anIncome, "x1", "x2"), "post", "--account", "kj-yi", "--password-file", b.file("correct horse\n"))
	b.fails("县市查阅不能做", anIncome, "post", "--account", "kj", "--password-file", b.file("another horse\n"))
	b.must("third horse\n", "account", "password", "kj-yi")
	b.must(strings.ReplaceAll(anIncome, "x1", "x3"), "post", "--account", "kj-yi", "--password-file", b.file("third horse\n"))
	b.verified()

	// Back in the first ledger they have their own names again; in a third one those of the second.
	b.must("", "county", "out", "210727", file, "--hand-over", "义县")
	a.must("", "county", "in", file, "--their-key", b.data+".key")
	if account, _ := a.whoPosted(byKj); account != "kj" {
		t.Errorf("back in the first ledger record %d is %s's", byKj, account)
	}
	if account, _ := a.whoPosted(b.seqBy("kj-yi")); account != "kj" {
		t.Errorf("what was posted meanwhile is %s's", account)
	}
	a.must(strings.ReplaceAll(anIncome, "x1", "x5"), "post", "--account", "kj", "--password-file", a.file("third horse\n"))
	a.must("", "verify", "--numbers")
	c := newShell(t)
	c.must("", "county", "in", file, "--their-key", b.data+".key")
	if account, _ := c.whoPosted(byKj); account != "kj-yi" {
		t.Errorf("in the third ledger record %d is %s's", byKj, account)
	}
	c.must(strings.ReplaceAll(anIncome, "x1", "x4"), "post", "--account", "kj-yi", "--password-file", c.file("third horse\n"))
	c.fails("是原处的另一个账号", "a third horse\n", "account", "add", "admin-yi", "--role", "administrator", "--region", "00")
	c.must("", "verify", "--numbers")
}

// What an account of the county was for in other counties of the ledger that it comes from, it is not where it goes.
func TestDutiesElsewhereStayBehind(t *testing.T) {
	a := countyBooks(t)
	a.must(`{"entry":"NameDivision","code":"210726000000","name":"黑山县"}`, "post")
	a.must("correct horse\n", "account", "add", "both", "--role", "accountant", "--region", village, "--duty", "县市查阅 210726")
	file := filepath.Join(t.TempDir(), "county")
	a.must("", "county", "out", "210727", file)
	b := newShell(t)
	if out := b.must("", "county", "in", file, "--their-key", a.data+".key"); !strings.Contains(out, "both") || !strings.Contains(out,
		"在本县以外,这里没有带来") {
		t.Error(out)
	}
	b.fails("管不到", "", "export", "income", "--account", "both", "--at", "210726", "--year", "2025")
	b.must("", "verify", "--numbers")
}

// A county that was handed over comes back with what was posted since; encrypted on its way, as its key is.
func TestCountyComesBack(t *testing.T) {
	a := countyBooks(t)
	me, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, key, identity := filepath.Join(dir, "county"), filepath.Join(dir, "key"), a.file(me.String()+"\n")
	a.must("", "county", "out", "210727", file, "--hand-over", "义县", "--recipient", me.Recipient().String())
	a.must("", "key", "backup", key, "--recipient", me.Recipient().String())
	b := newShell(t)
	b.fails("是加密的", "", "county", "in", file, "--their-key", a.data+".key")
	b.must("", "county", "in", file, "--their-key", key, "--identity", identity)
	b.must(anIncome, "post", "--account", "kj", "--password-file", b.file("correct horse\n"))
	b.must("", "key", "change")
	b.must(`{"entry":"RegisterShareholder","village":"`+village+`","kind":"household","name":"又一户","people":"2",`+
		`"id_no":"`+booktest.ResidentID(2)+`"}`, "post", "--account", "kj")
	b.must("", "county", "out", "210727", file, "--hand-over", "锦州市")
	a.fails("--their-key", "", "county", "in", file)
	a.must("", "county", "in", file, "--their-key", b.data+".key")
	a.must(strings.ReplaceAll(anIncome, "x1", "x5"), "post", "--account", "kj", "--password-file", a.file("correct horse\n"))
	a.must("", "verify", "--numbers")
}
